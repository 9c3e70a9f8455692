// The HTML and the style sheet as the W3C's checker reads them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, NOWHERE, PAGES, test } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';
import { checked } from '../../vnu.ts';

test('the HTML of every page is without fault', async ({ request }, info) => {
  test.setTimeout(300_000);
  const folder = info.outputPath('pages');
  mkdirSync(folder, { recursive: true });
  const paths = [...LANGUAGES.flatMap((lang) => PAGES.map(([, path]) => path(lang))), ...NOWHERE];
  for (const path of paths) {
    const answer = await request.get(path, { headers: { accept: 'text/html' } });
    writeFileSync(`${folder}/${encodeURIComponent(path.slice(1))}.html`, await answer.text());
  }
  expect(await checked('--skip-non-html', folder)).toEqual([]);
});

test('the style sheet is without fault', async ({ request }, info) => {
  const html = await (await request.get('/fr/plan')).text();
  const href = /<link[^>]+href="(\/pkg\/[^"]+\.css)"/.exec(html)![1]!;
  const file = info.outputPath('style.css');
  writeFileSync(file, await (await request.get(href)).text());
  expect(await checked('--css', file)).toEqual([]);
});
