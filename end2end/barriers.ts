// What axe finds on a page.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Visitor } from './site.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What depends on colours; in the dark the rest of a page is what it was in the light. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Checks the page as it stands: WCAG 2.2 AA and what axe counts as good practice; or its colours alone. */
export async function hasNoBarrier(visitor: Visitor, what: 'all' | 'colours' = 'all') {
  await visitor.isStill();
  // One document without frames: no need for the second page that axe would open to join the results.
  const axe = new AxeBuilder({ page: visitor.page }).setLegacyMode(true);
  const { violations } = await (what === 'all' ? axe.withTags(RULES) : axe.withRules(COLOURS)).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`) }));
  expect(found).toEqual([]);
}
