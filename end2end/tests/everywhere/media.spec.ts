// Footage found, watched, marked and taken away. What is downloaded is decoded, and its frames are read.
import { Member, PASSWORD } from '../../account.ts';
import { framesOf, run } from '../../film.ts';
import { expect, test, type Visitor } from '../../site.ts';

const FREE = '/fr/media/ESSAI-1';
const BOUND = '/fr/media/ESSAI-2';
const films = (visitor: Visitor) => visitor.page.locator('.film');
const act = (visitor: Visitor, act: string) => visitor.page.locator(`[data-do="${act}"]`);
const frame = (visitor: Visitor) => visitor.page.locator('#frame');
const take = (visitor: Visitor) => visitor.page.locator('#part .cut__take a').first();

/** Waits until the film can be stepped through. */
async function watches(visitor: Visitor, path: string) {
  await visitor.opens(path);
  await expect
    .poll(() => visitor.page.locator('#film').evaluate((film: HTMLVideoElement) => film.readyState))
    .toBeGreaterThanOrEqual(2);
}

/** The frame that the browser itself says it shows, whatever the page says. */
const shown = (visitor: Visitor, rate: number) =>
  visitor.page.locator('#film').evaluate((film: HTMLVideoElement, rate) => Math.floor(film.currentTime * rate), rate);

/** Downloads what a link leads to, and says what is in it. */
async function takes(visitor: Visitor) {
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), take(visitor).click()]);
  return { frames: framesOf(await download.path()), name: download.suggestedFilename() };
}

test('footage is found by what it is called, shows, says and is about', async ({ page, visitor }) => {
  for (const [words, number] of [
    ['forge munitions', 'ESSAI-1'],
    ['presse', 'ESSAI-1'],
    ['helicon', 'ESSAI-1'],
    ['ateleir', 'ESSAI-2'],
  ] as const) {
    await visitor.opens(`/fr/media?q=${encodeURIComponent(words)}`);
    await expect(films(visitor), words).toHaveCount(1);
    await expect(films(visitor).locator('.film__number'), words).toHaveText(number);
  }
  await visitor.opens('/fr/media?q=xyzzyx');
  const empty = page.locator('#rows .empty');
  await expect(empty).toBeVisible();
  await empty.getByRole('link', { name: 'Tout afficher' }).click();
  await expect(films(visitor)).toHaveCount(2);
});

test('what is chosen narrows what is shown, and is in the address', async ({ page, visitor }) => {
  await visitor.opens('/fr/media');
  await expect(films(visitor)).toHaveCount(2);
  const open = page.locator('.register__open');
  if (await open.isVisible()) await open.click();
  await page.locator('#filters summary', { hasText: 'Passage du plan' }).click();
  await page.locator('#filters').getByRole('checkbox', { name: /Mesure 8/ }).check();
  await expect(films(visitor)).toHaveCount(1);
  await expect(page).toHaveURL(/[?&]measure=m8/);
});

test('the newest footage is on the home page, and beside what it is about', async ({ page, visitor }) => {
  await visitor.opens('/fr');
  await expect(page.locator('.home__films .film').first()).toBeVisible();
  await visitor.opens(FREE);
  await page.locator('.story__related').getByRole('link').first().click();
  await expect(page).toHaveURL('/fr/plan/m8');
});

test('a film is played, stopped and stepped through, frame by frame', async ({ visitor }) => {
  await watches(visitor, FREE);
  await expect(visitor.page.locator('#timecode')).toHaveText('10:00:00:00');
  await act(visitor, 'on').click();
  await expect(frame(visitor)).toHaveText('1');
  for (let at = 2; at <= 5; at++) {
    await act(visitor, 'on').click();
    await expect(frame(visitor)).toHaveText(String(at));
    await expect.poll(() => shown(visitor, 25)).toBe(at);
  }
  await act(visitor, 'back').click();
  await expect(visitor.page.locator('#timecode')).toHaveText('10:00:00:04');
  await act(visitor, 'play').click();
  await expect.poll(async () => Number(await frame(visitor).innerText())).toBeGreaterThan(12);
  await act(visitor, 'play').click();
  await expect.poll(() => visitor.page.locator('#film').evaluate((film: HTMLVideoElement) => film.paused)).toBe(true);
});

test('drop-frame timecode skips the numbers it has to', async ({ visitor }) => {
  await watches(visitor, BOUND);
  await visitor.page.locator('#seek').focus();
  for (let step = 0; step < 59; step++) await visitor.presses('ArrowRight');
  await expect(visitor.page.locator('#timecode')).toHaveText('00:59:59;29');
  await act(visitor, 'on').click();
  // The hour keeps its first two numbers; other minutes lose them.
  await expect(visitor.page.locator('#timecode')).toHaveText('01:00:00;00');
});

test('keys play, step and mark', { tag: '@desktop' }, async ({ page, visitor }) => {
  await watches(visitor, FREE);
  await page.locator('#film').focus();
  await visitor.presses('.', '.', '.');
  await expect(frame(visitor)).toHaveText('3');
  await visitor.presses('i');
  await expect(page.locator('#in')).toHaveValue('10:00:00:03');
  for (let step = 0; step < 4; step++) await visitor.presses('.');
  await expect(frame(visitor)).toHaveText('7');
  await visitor.presses('o');
  await expect(page.locator('#out')).toHaveValue('10:00:00:07');
  await expect(page).toHaveURL(/in=.*out=/);
  await visitor.presses('l');
  await expect.poll(() => page.locator('#film').evaluate((film: HTMLVideoElement) => film.paused)).toBe(false);
  await visitor.presses('k');
  await expect.poll(() => page.locator('#film').evaluate((film: HTMLVideoElement) => film.paused)).toBe(true);
});

test('a row of the shotlist seeks and selects, and both frames are shown', async ({ page, visitor }) => {
  await watches(visitor, FREE);
  await page.locator('.shots__row').nth(1).click();
  await expect(frame(visitor)).toHaveText('50');
  await expect(page.locator('#in')).toHaveValue('10:00:02:00');
  await expect(page.locator('#out')).toHaveValue('10:00:05:00');
  await expect(page.locator('.cut__range')).toContainText('75');
  for (const id of ['frame-in', 'frame-out']) {
    await expect(page.locator(`#${id}`)).toBeVisible();
    const painted = () => page.locator(`#${id}`).evaluate((canvas: HTMLCanvasElement) => new Set(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data).size);
    await expect.poll(painted, id).toBeGreaterThan(8);
  }
});

test('who is a stranger is led to an account and back to the very marks', async ({ visitor }) => {
  const member = new Member(visitor, 'fr');
  await member.joins();
  await visitor.page.context().clearCookies();
  await visitor.opens(`${FREE}?in=f30&out=f70`);
  await expect(visitor.page.locator('.cut__range')).toContainText('40');
  await take(visitor).click();
  await visitor.isAtHome();
  await member.field('email').fill(member.email);
  await member.field('password').fill(PASSWORD);
  await member.button(member.words.signIn).click();
  await expect(visitor.page).toHaveURL(/\/fr\/media\/ESSAI-1\?in=f30&out=f70/);
  const { frames, name } = await takes(visitor);
  expect(frames).toEqual(run(30, 70));
  expect(name).toMatch(/\.mp4$/);
});

test('the part marked is what is downloaded, at once and frame by frame', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await watches(visitor, FREE);
  await page.locator('#in').fill('10:00:01:03');
  await page.locator('#out').fill('10:00:03:21');
  await expect(page.locator('.cut__range')).toContainText('68');
  await expect(page.locator('.cut__why')).not.toBeEmpty();
  await page.locator('#route-instant').check();
  await expect(page).toHaveURL(/route=instant/);
  expect((await takes(visitor)).frames).toEqual(run(28, 96));
});

test('a part for editing is made while one watches, and holds no other frame', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await watches(visitor, `${FREE}?in=f28&out=f96&route=edit-safe`);
  const [download] = await Promise.all([page.waitForEvent('download'), take(visitor).click()]);
  expect(framesOf(await download.path())).toEqual(run(28, 96));
});

test('a passage that is not communicated is in no part', async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  await visitor.opens(`${BOUND}?in=f50&out=f70`);
  await expect(page.locator('.cut__wrong')).toContainText('Visage d’un mineur');
  await expect(take(visitor)).toHaveCount(0);
  for (const route of ['instant', 'edit-safe']) {
    const answer = await page.request.get(`/api/v1/media/ESSAI-2/renditions/original/clip?in=f50&out=f70&route=${route}`);
    expect(answer.status(), route).toBe(403);
  }
  expect((await page.request.get('/api/v1/media/ESSAI-2/renditions/original')).status(), 'nor in the whole').toBe(403);
});

test('a whole file is taken in pieces that fit together, with its fingerprint', { tag: '@desktop' }, async ({ page, visitor }) => {
  await new Member(visitor, 'fr').joins();
  const address = '/api/v1/media/ESSAI-1/renditions/original';
  const whole = await page.request.get(address);
  expect(whole.status()).toBe(200);
  expect(whole.headers()['repr-digest']).toMatch(/^sha-256=:.+:$/);
  const length = Number(whole.headers()['content-length']);
  const pieces = [];
  for (const range of [`bytes=0-9999`, `bytes=10000-${length - 1}`]) {
    const piece = await page.request.get(address, { headers: { range, 'if-range': whole.headers().etag! } });
    expect(piece.status()).toBe(206);
    pieces.push(await piece.body());
  }
  expect(Buffer.concat(pieces).equals(await whole.body())).toBe(true);
});

test('strangers download nothing', async ({ page }) => {
  for (const what of ['', '/clip?in=f0&out=f10']) {
    const answer = await page.request.get(`/api/v1/media/ESSAI-1/renditions/original${what}`);
    expect(answer.status()).toBe(401);
    expect(answer.headers()['content-type']).toContain('application/problem+json');
  }
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('a part is marked by typed timecodes and downloaded', async ({ page, visitor }) => {
    await new Member(visitor, 'fr').joins();
    await visitor.opens('/fr/media?q=forge');
    await films(visitor).getByRole('link').first().click();
    await expect(page).toHaveURL(FREE);
    await page.locator('#in').fill('10:00:00:10');
    await page.locator('#out').fill('10:00:01:10');
    await page.getByRole('button', { name: 'repères' }).click();
    await expect(page.locator('.cut__range')).toContainText('25');
    expect((await takes(visitor)).frames).toEqual(run(10, 35));
  });

  test('a point that is none is told, and what was typed stays', async ({ page, visitor }) => {
    await visitor.opens(`${FREE}?in=10%3A00%3A00%3A99&out=f20`);
    await expect(page.locator('.cut__wrong')).toBeVisible();
    await expect(page.locator('#in')).toHaveValue('10:00:00:99');
    await expect(page.locator('#in')).toHaveAttribute('aria-invalid', 'true');
  });
});
