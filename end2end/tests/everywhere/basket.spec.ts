// Parts put aside and taken as one archive, with and without a script. Its films are decoded, and their frames are read.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Member, PASSWORD } from '../../account.ts';
import { hasNoBarrier } from '../../barriers.ts';
import { framesOf, run } from '../../film.ts';
import { expect, test, type Visitor } from '../../site.ts';

const FREE = '/fr/media/ESSAI-1';
const BASKET = '/fr/media/basket';

/** Puts a part into the basket, on the page of its video. */
async function puts(visitor: Visitor, video: string, from: number, to: number) {
  await visitor.opens(`${video}?in=f${from}&out=f${to}`);
  await visitor.page.locator('#part').getByRole('button', { name: 'Mettre au panier' }).click();
  await expect(visitor.page.locator('#part .cut__in')).toContainText('Dans le panier');
}

/** Takes everything, and says where it was unpacked. */
async function takes(visitor: Visitor) {
  const button = visitor.page.getByRole('button', { name: 'Tout emporter' });
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^estafette-basket_.*\.zip$/);
  const folder = await mkdtemp(join(tmpdir(), 'basket-'));
  execFileSync('unzip', ['-qq', await download.path(), '-d', folder]);
  return folder;
}

/** The films of a folder, each with its frames. */
const films = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /\.(mp4|mov)$/.test(name))
      .map((name) => [name.replace(/\.\w+$/, ''), framesOf(join(folder, name))]),
  );

/** Two parts are put aside, ordered, taken with handles, and each is exactly what was asked for. */
async function marksAndTakes(visitor: Visitor) {
  const { page } = visitor;
  await new Member(visitor, 'fr').joins();
  await puts(visitor, FREE, 30, 70);
  await puts(visitor, FREE, 90, 100);
  await page.locator('#part').getByRole('link', { name: 'Panier (2)' }).click();
  await expect(page).toHaveURL(BASKET);
  const items = page.locator('.basket__item');
  await expect(items).toHaveCount(2);
  await items.nth(1).getByRole('button', { name: 'Monter' }).click();
  await expect(items.first().locator('.cut__range')).toContainText('10:00:03:15');
  await page.getByLabel('Poignées').fill('5');
  await page.getByRole('button', { name: 'Recalculer' }).click();
  await expect(page).toHaveURL(/handles=5/);
  await expect(page.locator('.basket__total')).toContainText('2 parties');
  const folder = await takes(visitor);
  expect(films(folder)).toEqual({ 'ESSAI-1_10-00-03-10': run(85, 105), 'ESSAI-1_10-00-01-00': run(25, 75) });
  const sidecar = JSON.parse(readFileSync(join(folder, 'ESSAI-1_10-00-01-00.json'), 'utf8'));
  expect(sidecar.receipt.ranges[0]).toMatchObject({ first: 25, end: 75, in: '10:00:01:00' });
  expect(readFileSync(join(folder, 'basket.edl'), 'utf8')).toContain('10:00:03:10 10:00:04:05 01:00:00:00 01:00:00:20');
  await items.first().getByRole('button', { name: 'Retirer' }).click();
  await expect(items).toHaveCount(1);
}

test('two parts are put aside, put in order and taken as one archive', async ({ visitor }) => {
  await marksAndTakes(visitor);
  await hasNoBarrier(visitor);
});

test('what goes with a part is beside it and follows the marks', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await visitor.opens(`${FREE}?in=f30&out=f70`);
  const beside = page.locator('#part .cut__with');
  for (const [name, begins] of [
    ['Fiche', '{'],
    ['Découpage', '\ufeffin,out,'],
    ['Liste de montage', 'TITLE:'],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), beside.getByRole('link', { name }).click()]);
    expect(readFileSync(await download.path(), 'utf8').startsWith(begins), name).toBe(true);
    expect(download.suggestedFilename()).toContain('10-00-01-05');
  }
});

test('who is a stranger is led to an account and back to the marks', async ({ page, visitor }) => {
  const member = new Member(visitor, 'fr');
  await member.joins();
  await page.context().clearCookies();
  await visitor.opens(`${FREE}?in=f30&out=f70`);
  await page.locator('#part').getByRole('button', { name: 'Mettre au panier' }).click();
  await visitor.isAtHome();
  await member.field('email').fill(member.email);
  await member.field('password').fill(PASSWORD);
  await member.button(member.words.signIn).click();
  await expect(page).toHaveURL(/\/fr\/media\/ESSAI-1\?in=f30&out=f70/);
});

test('a list of cuts fills the basket, and what is not found is told', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await visitor.opens(BASKET);
  const list = [
    'TITLE: Sujet',
    'FCM: NON-DROP FRAME',
    '001  AX       V     C        10:00:01:00 10:00:02:00 01:00:00:00 01:00:01:00',
    '* FROM CLIP NAME: ESSAI-1_original.mp4',
    '002  NOWHERE  V     C        10:00:01:00 10:00:02:00 01:00:01:00 01:00:02:00',
  ];
  const buffer = Buffer.from(list.join('\r\n'));
  await page.getByLabel('Fichier EDL').setInputFiles({ name: 'sujet.edl', mimeType: 'text/plain', buffer });
  await page.getByRole('button', { name: 'Envoyer la liste' }).click();
  await expect(page.locator('.basket__report')).toContainText('001 ESSAI-1');
  await expect(page.locator('.basket__left')).toContainText('ligne 5');
  expect(films(await takes(visitor))).toEqual({ 'ESSAI-1_10-00-01-00': run(25, 50) });
});

test('a passage that is not communicated is in no archive', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await puts(visitor, FREE, 30, 40);
  const put = { do: 'put', number: 'ESSAI-2', in: 'f50', out: 'f70' };
  await page.request.post(BASKET, { form: put, headers: { origin: new URL(page.url()).origin } });
  await visitor.opens(BASKET);
  await expect(page.locator('.basket__item .cut__wrong')).toContainText('Visage d’un mineur');
  const folder = await takes(visitor);
  expect(Object.keys(films(folder))).toEqual(['ESSAI-1_10-00-01-05']);
  expect(readFileSync(join(folder, 'README.txt'), 'utf8')).toContain('Visage d’un mineur');
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('two parts are put aside, put in order and taken as one archive', async ({ visitor }) => {
    await marksAndTakes(visitor);
  });
});
