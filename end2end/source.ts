// The texts the plan was made from, read independently of the product: what a page shows is compared with these.
import { readFileSync } from 'node:fs';

export type Lang = 'fr' | 'en';
export const LANGUAGES: Lang[] = ['fr', 'en'];

/** The bytes of the text. */
export const sourceBytes = (lang: Lang) =>
  readFileSync(new URL(`../plan/content/source/plan.${lang}.txt`, import.meta.url));

/** Each line that holds words, to the letter, without the number or bullet in front and the blanks at its ends. */
export const sourceLines = (lang: Lang): string[] =>
  sourceBytes(lang)
    .toString('utf8')
    .split('\n')
    .map((line) => line.replace(/^ +(?:\d+\.|•) /, '').replace(/^[ \u00a0]+|[ \u00a0]+$/g, ''))
    .filter((line) => line !== '');

/** The numbers printed before paragraphs, in order; they restart in every list. */
export const sourceNumbers = (lang: Lang): string[] =>
  [...sourceBytes(lang).toString('utf8').matchAll(/^ +(\d+\.) /gm)].map((match) => match[1]!);

/** What is counted by hand. */
export const PARAGRAPHS = 37;
export const SENTENCES = 65;
export const OBJECTIVES = 9;
export const MEASURES = 8;
export const SECTIONS = 5;
