// What axe finds on a page.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Visitor } from './site.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Checks the page as it stands: WCAG 2.2 AA and what axe counts as good practice. */
export async function hasNoBarrier(visitor: Visitor) {
  await visitor.isStill();
  // One document without frames: no need for the second page that axe would open to join the results.
  const { violations } = await new AxeBuilder({ page: visitor.page }).setLegacyMode(true).withTags(RULES).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`) }));
  expect(found).toEqual([]);
}
