// The matrix under the arrow keys.
import { expect, test } from '../../site.ts';

test('arrows lead from cell to cell, over those that are empty', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/matrix');
  const first = page.locator('.matrix__cell').first();
  await first.focus();
  const row = (await first.getAttribute('id'))!.split('-')[1];
  await visitor.presses('ArrowRight');
  const right = page.locator('.matrix__cell:focus');
  await expect(right).toHaveId(new RegExp(`^c-${row}-`));
  await visitor.presses('ArrowLeft');
  await expect(first).toBeFocused();
  await visitor.presses('ArrowDown');
  await expect(first).not.toBeFocused();
  await visitor.presses('Enter');
  await expect(page).toHaveURL(/\/fr\/plan\/register\?actor=/);
});
