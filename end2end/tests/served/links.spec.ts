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
    // A connection that lay idle while pages were read may be closed by then: asked once more, as browsers do.
    retryErrors: true,
    retryErrorsCount: 1,
    // What others publish is theirs to keep; tests run without a network too. The account's dialogs are one page for each
    // page one comes from, the register one for each order of what is filtered, and the silences lead to a search for
    // each word: without these they are seen once.
    linksToSkip: async (link) => {
      const { origin, pathname, searchParams } = new URL(link);
      const searched = pathname.endsWith('/plan/search') && searchParams.get('q')?.startsWith('"');
      // The files of each part are made when asked for; those of the whole stand for them.
      const part = /\/plan\/[^/]+\/(data|cite)\./.test(pathname);
      const several = searchParams.size > 1;
      return origin !== baseURL || part || several || searchParams.has('return_to') || searchParams.has('sort') || !!searched;
    },
  });
  const dead = links.filter((link) => link.state === 'BROKEN').map(({ url, status, parent }) => `${status} ${url} on ${parent}`);
  expect(dead).toEqual([]);
  const followed = links.filter((link) => link.state === 'OK').length;
  expect(followed, 'the whole site was seen').toBeGreaterThan(250);
});
