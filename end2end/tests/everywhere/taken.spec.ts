// What an account takes: with a token, again, once the terms are accepted, and beside others.
import { createHash } from 'node:crypto';
import { Member, PASSWORD } from '../../account.ts';
import { hasNoBarrier } from '../../barriers.ts';
import { framesOf, run } from '../../film.ts';
import { expect, test, type Visitor } from '../../site.ts';

const FILM = '/api/v1/media/ESSAI-1/renditions/original';
const PART = `${FILM}/clip?in=f30&out=f70&route=instant`;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const fresh = (visitor: Visitor) => visitor.page.locator('#fresh');

/** Makes a token on the account's page. */
async function makes(visitor: Visitor, name: string) {
  await visitor.opens('/fr/account');
  await visitor.page.getByText('Créer un jeton', { exact: true }).first().click();
  await visitor.page.locator('#name').fill(name);
  await visitor.page.locator('#proof').fill(PASSWORD);
  await visitor.page.getByRole('button', { name: 'Créer un jeton', exact: true }).click();
  await expect(fresh(visitor)).toBeVisible();
  return fresh(visitor).inputValue();
}

test('a token is made, shown once, takes a film, and is revoked', async ({ page, visitor, request }) => {
  await new Member(visitor, 'fr').joins();
  const token = await makes(visitor, 'montage');
  expect(token).toMatch(/^estafette_[0-9a-f]{72}$/);
  await hasNoBarrier(visitor);
  const headers = { authorization: `Bearer ${token}` };
  const whole = await request.get(FILM, { headers });
  expect(whole.status()).toBe(200);
  const video = await (await request.get('/api/v1/media/ESSAI-1')).json();
  const original = video.renditions.find((one: { name: string }) => one.name === 'original');
  expect(sha256(await whole.body())).toBe(original.sha256);
  await visitor.opens('/fr/account');
  await expect(fresh(visitor)).toHaveCount(0);
  await page.getByRole('button', { name: /^Révoquer/ }).click();
  await expect(page.locator('#said')).toHaveText('Le jeton est révoqué.');
  const refused = await request.get(FILM, { headers });
  expect(refused.status()).toBe(401);
  expect(refused.headers()['www-authenticate']).toContain('Bearer');
});

test('what was taken is listed and taken again', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  expect((await page.request.get(PART)).status()).toBe(200);
  await visitor.opens('/fr/account');
  await page.getByRole('main').getByRole('link', { name: 'Mes téléchargements' }).click();
  await expect(page).toHaveURL('/fr/account/downloads');
  const row = page.locator('.account__session');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('10:00:01:05');
  await hasNoBarrier(visitor);
  const [download] = await Promise.all([page.waitForEvent('download'), row.getByRole('link', { name: /^Reprendre/ }).click()]);
  expect(framesOf(await download.path())).toEqual(run(30, 70));
  await row.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/fr\/media\/ESSAI-1\?in=f30&out=f70/);
});

test('two people take a film at once, and both have all of it', { tag: '@desktop' }, async ({ visitor, another }) => {
  const people = [visitor, await another()];
  for (const one of people) await new Member(one, 'fr').joins();
  const taken = await Promise.all(people.map(async (one) => (await one.page.request.get(FILM)).body()));
  const hashes = taken.map(sha256);
  expect(hashes[0]).toBe(hashes[1]);
  expect(taken[0]!.length).toBeGreaterThan(10_000);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('a token is made and shown once', async ({ visitor, request }) => {
    await new Member(visitor, 'fr').joins();
    const token = await makes(visitor, 'sans script');
    expect((await request.get(PART, { headers: { authorization: `Bearer ${token}` } })).status()).toBe(200);
    await visitor.opens('/fr/account');
    await expect(fresh(visitor)).toHaveCount(0);
  });

  test('what was taken is listed', async ({ page, visitor }) => {
    await new Member(visitor, 'fr').joins();
    expect((await page.request.get(FILM)).status()).toBe(200);
    await visitor.opens('/fr/account/downloads');
    await expect(page.locator('.account__session')).toContainText('Toute la vidéo');
  });
});
