// No link leads nowhere.
import { LinkChecker } from 'linkinator';
import { expect, test } from '../../site.ts';

test('every link on every page leads somewhere', async ({ baseURL }) => {
  test.setTimeout(900_000);
  const checker = new LinkChecker();
  const { links } = await checker.check({
    path: baseURL!,
    recurse: true,
    concurrency: 8,
    checkFragments: true,
    timeout: 60_000,
    // What others publish is theirs to keep; tests run without a network too. The account's dialogs are one page for each
    // page one comes from: without that they are seen once.
    linksToSkip: async (link) => new URL(link).origin !== baseURL || new URL(link).searchParams.has('return_to'),
  });
  const dead = links.filter((link) => link.state === 'BROKEN').map(({ url, status, parent }) => `${status} ${url} on ${parent}`);
  expect(dead).toEqual([]);
  const followed = links.filter((link) => link.state === 'OK').length;
  expect(followed, 'the whole site was seen').toBeGreaterThan(250);
});
