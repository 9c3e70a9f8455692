// The HTML and the style sheet as the W3C's checker (vnu) reads them.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, NOWHERE, PAGES, test } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';

const VNU = fileURLToPath(new URL('../../node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));

type Message = { type: string; subType?: string; message: string; url?: string; extract?: string; lastLine?: number };

async function checked(...args: string[]): Promise<string[]> {
  const options = { maxBuffer: 1 << 28 };
  // It ends with 1 where it has something to say; what it says is on standard error unless told otherwise.
  const run = promisify(execFile)('java', ['-Xss4m', '-jar', VNU, '--stdout', '--format', 'json', '--exit-zero-always', ...args], options);
  const { messages } = JSON.parse((await run).stdout) as { messages: Message[] };
  return messages.map(({ type, subType, message, url, extract }) => `${subType ?? type} in ${url?.split('/').at(-1)}: ${message} ⟨${extract?.trim() ?? ''}⟩`);
}

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
