// On paper the plan is a document that says where it is found.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Page, TestInfo } from '@playwright/test';
import { expect, test } from '../../site.ts';
import { LANGUAGES, sourceLines } from '../../source.ts';

/** What stands on the paper: its words, and how many sheets. */
async function prints(page: Page, info: TestInfo) {
  const file = info.outputPath('print.pdf');
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: false }));
  const text = execFileSync('pdftotext', ['-raw', '-nopgbrk', file, '-'], { encoding: 'utf8' });
  const sheets = Number(/^Pages:\s+(\d+)/m.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))![1]);
  return { text, sheets };
}

/** Lines are broken, hyphenated and numbered on paper: only the letters count, and numbers in the margins do not. */
const letters = (text: string) =>
  text
    .replace(/^(\d+ \/ \d+|\d+\.|¶\s*\d+)$/gm, '')
    .normalize('NFKC')
    .replace(/[\s\u00ad\u2010-]/g, '');

for (const lang of LANGUAGES) {
  test(`the whole plan is on paper (${lang})`, async ({ page, visitor }, info) => {
    await visitor.opens(`/${lang}/plan`);
    const { text, sheets } = await prints(page, info);
    const printed = letters(text);
    // A sheet may end within a sentence: its number and the headings of the next sheet then stand between two words.
    const stands = (sentence: string) => {
      const words = sentence.split(' ');
      return words.some((_, i) => [words.slice(0, i), words.slice(i)].every((part) => printed.includes(letters(part.join(' ')))));
    };
    const missing = sourceLines(lang).flatMap((line) => line.split(/(?<=[.;]) /)).filter((sentence) => !stands(sentence));
    expect(missing).toEqual([]);
    expect(sheets).toBeGreaterThan(4);
    expect(sheets).toBeLessThan(20);
  });
}

test('paper bears addresses with their host', async ({ baseURL, page, visitor }, info) => {
  await visitor.opens('/fr/plan');
  const { text } = await prints(page, info);
  const printed = text.replace(/\s/g, '');
  for (const path of ['/fr/plan', '/fr/plan/intro', '/fr/plan/p1', '/fr/plan/m4', '/fr/plan/m8', '/fr/plan/adopt']) {
    expect(printed).toContain(baseURL + path);
  }
});

test('paper bears no button, no menu and no search', async ({ page, visitor }, info) => {
  await visitor.opens('/fr/plan/m4.2');
  const { text } = await prints(page, info);
  for (const word of ['Sommaire', 'Côte à côte', 'Imprimer', 'Copier le lien', 'Chercher dans le plan', 'Aller au contenu', 'Affichage', 'Précédent']) {
    expect(text).not.toContain(word);
  }
});

test('paper is white whatever the colours on the screen', async ({ page, visitor }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await visitor.opens('/fr/plan');
  await visitor.chooses('theme', 'dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const ink = await page.locator('.para__text').first().evaluate((p) => getComputedStyle(p).color);
  expect(ink).toBe('rgb(0, 0, 0)');
});

test('both languages are on paper when they are side by side', async ({ page, visitor }, info) => {
  await visitor.opens('/fr/plan?side=1');
  const { text } = await prints(page, info);
  const printed = letters(text);
  expect(printed).toContain(letters('doper leurs capacités et leur production industrielles'));
  expect(printed).toContain(letters('Courtesy') === '' ? '' : letters('Seul le texte français fait foi'));
  expect(text).toMatch(/Allies/);
});
