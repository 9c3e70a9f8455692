// What the account's dialogs are called, and what someone does in them.
import { randomBytes } from 'node:crypto';
import { expect, type Visitor } from './site.ts';
import type { Lang } from './source.ts';

/** A good password. */
export const PASSWORD = 'Vent-du-Nord-4711';
/** Another one. */
export const ANOTHER = 'Vent-du-Sud-8152';

/** An address nobody has had before, short enough for its name to stand whole in the bar. */
export const newAddress = () => `m${Date.now().toString(36)}${randomBytes(2).toString('hex')}@example.org`;

/** What the dialogs say. */
export const WORDS = {
  fr: {
    signIn: 'Se connecter',
    signOut: 'Se déconnecter',
    signedOut: 'Vous êtes déconnecté.',
    signInFirst: 'Connectez-vous d’abord.',
    register: 'Créer un compte',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    newPassword: 'Nouveau mot de passe',
    current: 'Mot de passe actuel',
    showPassword: 'Afficher le mot de passe',
    kept: 'respecté :',
    strengths: ['très faible', 'faible', 'moyenne', 'bonne', 'excellente'],
    code: 'Code de vérification',
    checkInbox: 'Vérifiez votre boîte de réception et entrez le code de vérification',
    letterKept: 'Le message est dans la boîte aux lettres de ce serveur de démonstration',
    verify: 'Vérifier',
    minutes: (n: number) => `Ce code expirera dans ${n} minutes.`,
    expired: 'Ce code a expiré. Demandez-en un nouveau.',
    newCode: 'Envoyer un nouveau code',
    newCodeSent: 'Un nouveau code est en route. Les précédents ne valent plus.',
    tooSoon: /^Un nouveau code pourra être envoyé dans \d+ secondes?\.$/,
    mend: 'Corriger l’adresse',
    mendGo: 'Envoyer un code à cette adresse',
    created: 'Vous avez créé votre compte avec succès',
    subscribe: 'S’abonner',
    subscribed: 'Vous êtes abonné à la newsletter.',
    unsubscribe: 'Se désabonner',
    unsubscribed: 'Vous n’êtes plus abonné à la newsletter.',
    goBack: 'Revenir à la page sur laquelle vous étiez',
    goHome: 'Aller à l’accueil',
    forgotten: 'Mot de passe oublié ?',
    reset: 'Réinitialiser le mot de passe',
    choosePassword: 'Créer un nouveau mot de passe',
    keepPassword: 'Enregistrer le mot de passe',
    renewed: 'Votre mot de passe a été mis à jour',
    account: 'Mon compte',
    changePassword: 'Changer le mot de passe',
    passwordChanged: 'Votre mot de passe est changé ; vos autres sessions et vos jetons ont pris fin.',
    keep: 'Enregistrer',
    languageKept: 'La langue des messages est enregistrée.',
    thisSession: 'Cette session',
    end: /^Mettre fin\s*:/,
    sessionEnded: 'La session a pris fin.',
    endOthers: 'Mettre fin à toutes les autres',
    othersEnded: 'Toutes les autres sessions ont pris fin.',
    delete: 'Supprimer mon compte',
    deleteGo: 'Supprimer définitivement',
    deleted: 'Votre compte est supprimé',
    problem: 'Un point vous arrête',
    emailMalformed: 'Entrez une adresse complète, comme nom@exemple.org.',
    emailMeant: (meant: string) => `Vouliez-vous dire ${meant} ? Corrigez l’adresse, ou envoyez le formulaire de nouveau si elle est juste.`,
    use: (meant: string) => `Utiliser ${meant}`,
    passwordBreaks: 'Le mot de passe ne respecte pas ces règles : au moins 12 caractères ; sans espaces ; des symboles.',
    passwordMissing: 'Entrez le mot de passe.',
    termsMissing: 'Acceptez les conditions d’utilisation : sans elles, pas de compte.',
    codeMalformed: 'Entrez les six chiffres du code.',
    codeWrong: (left: number) => `Ce n’est pas le bon code. Il vous reste ${left} essais.`,
    credentials: 'L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, ou réinitialisez le mot de passe.',
    currentWrong: 'Ce n’est pas votre mot de passe actuel. Rien n’a été changé.',
    passwordSame: 'C’est déjà votre mot de passe. Choisissez-en un autre.',
    gone: 'Cette démarche est terminée, ou n’a pas été commencée dans ce navigateur. Recommencez ici.',
  },
  en: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    signedOut: 'You are signed out.',
    signInFirst: 'Sign in first.',
    register: 'Create an account',
    email: 'Email address',
    password: 'Password',
    newPassword: 'New password',
    current: 'Current password',
    showPassword: 'Show the password',
    kept: 'met:',
    strengths: ['very weak', 'weak', 'fair', 'good', 'excellent'],
    code: 'Verification code',
    checkInbox: 'Check your inbox and enter the verification code',
    letterKept: 'The message is in the mailbox of this demonstration server',
    verify: 'Verify',
    minutes: (n: number) => `This code will expire in ${n} minutes.`,
    expired: 'This code has expired. Ask for a new one.',
    newCode: 'Send a new code',
    newCodeSent: 'A new code is on its way. Earlier ones are no longer good.',
    tooSoon: /^A new code can be sent in \d+ seconds?\.$/,
    mend: 'Correct the address',
    mendGo: 'Send a code to this address',
    created: 'You have created your account successfully',
    subscribe: 'Subscribe',
    subscribed: 'You are subscribed to the newsletter.',
    unsubscribe: 'Unsubscribe',
    unsubscribed: 'You are no longer subscribed to the newsletter.',
    goBack: 'Return to the page you were on',
    goHome: 'Go to the home page',
    forgotten: 'Forgotten your password?',
    reset: 'Reset the password',
    choosePassword: 'Create a new password',
    keepPassword: 'Save the password',
    renewed: 'Your password has been updated',
    account: 'My account',
    changePassword: 'Change the password',
    passwordChanged: 'Your password is changed; your other sessions and your tokens have ended.',
    keep: 'Save',
    languageKept: 'The language of messages is saved.',
    thisSession: 'This session',
    end: /^End\s*:/,
    sessionEnded: 'The session has ended.',
    endOthers: 'End all the others',
    othersEnded: 'All other sessions have ended.',
    delete: 'Delete my account',
    deleteGo: 'Delete for good',
    deleted: 'Your account is deleted',
    problem: 'There is a problem',
    emailMalformed: 'Enter a complete address, such as name@example.org.',
    emailMeant: (meant: string) => `Did you mean ${meant}? Correct the address, or send the form again if it is right.`,
    use: (meant: string) => `Use ${meant}`,
    passwordBreaks: 'The password breaks these rules: at least 12 characters; without spaces; symbols.',
    passwordMissing: 'Enter the password.',
    termsMissing: 'Accept the terms: there is no account without them.',
    codeMalformed: 'Enter the six digits of the code.',
    codeWrong: (left: number) => `This is not the right code. You have ${left} tries left.`,
    credentials: 'The address or the password is wrong. Check both, or reset the password.',
    currentWrong: 'This is not your current password. Nothing was changed.',
    passwordSame: 'This is your password already. Choose another one.',
    gone: 'This is over, or was not begun in this browser. Begin again here.',
  },
};

export type Letter = { to: string; subject: string; text: string; html: string; code: string | null };

/** A code that is not that one. */
export const wrongCode = (code: string) => (code === '000000' ? '000001' : '000000');

/** Someone at the dialogs, in one language. */
export class Member {
  readonly words: (typeof WORDS)[Lang];

  constructor(
    readonly visitor: Visitor,
    readonly lang: Lang,
    readonly email = newAddress(),
  ) {
    this.words = WORDS[lang];
  }

  get page() {
    return this.visitor.page;
  }

  /** The same person at another browser. */
  at(visitor: Visitor) {
    return new Member(visitor, this.lang, this.email);
  }

  /** The same person, who reads the other language from now on. */
  in(lang: Lang) {
    return new Member(this.visitor, lang, this.email);
  }

  /** A dialog's page. */
  path(step: string) {
    return `/${this.lang}/account${step && `/${step}`}`;
  }

  get heading() {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** What the page says first: what stands in the way, or what has succeeded. */
  get said() {
    return this.page.locator('#said');
  }

  /** The link to the account in the bar. */
  get link() {
    return this.page.locator('.bar__account');
  }

  get summary() {
    return this.said.getByRole('listitem');
  }

  field(name: 'email' | 'password' | 'newPassword' | 'current' | 'code') {
    return this.page.getByRole('main').getByLabel(this.words[name], { exact: true });
  }

  button(name: string | RegExp) {
    return this.page.getByRole('main').getByRole('button', { name, exact: true });
  }

  way(name: string) {
    return this.page.getByRole('main').getByRole('link', { name, exact: true });
  }

  /** Does what leads to another page, and waits until that one stands. */
  async goes(to: string, go: () => Promise<void>) {
    await go();
    await expect(this.page).toHaveURL(to);
    await this.visitor.isAtHome();
  }

  /** Sees that the page says that it has succeeded. */
  async hears(done: string) {
    await expect(this.said).toHaveText(done);
    await expect(this.said).toHaveRole('status');
  }

  /** Sees what stands in the way: the focus is on the summary, and each field that is named is described by its fault. */
  async isRefused(...faults: [field: string | null, why: string | RegExp][]) {
    await expect(this.said).toBeFocused();
    await expect(this.said).toHaveRole('alert');
    await expect(this.said.locator('.said__title')).toHaveText(this.words.problem);
    await expect(this.summary).toHaveText(faults.map(([, why]) => why));
    for (const [id, why] of faults) {
      if (!id) continue;
      const field = this.page.locator(`#${id}`);
      await expect(field).toHaveAttribute('aria-invalid', 'true');
      await expect(this.page.locator(`#${id}-error`)).toHaveText(why);
      expect((await field.getAttribute('aria-describedby'))!.split(' ')).toContain(`${id}-error`);
    }
    await expect(this.page.locator('[aria-invalid]')).toHaveCount(faults.filter(([id]) => id).length);
  }

  /** Sees who is signed in: on every page the bar says it. */
  async isSignedIn() {
    await expect(this.link).toHaveAttribute('title', this.email);
    await expect(this.link).toHaveAttribute('href', this.path(''));
    await expect(this.link.locator('.bar__name')).toHaveText(this.email.split('@')[0]!);
  }

  async isSignedOut() {
    await expect(this.link.locator('.bar__name')).toHaveText(this.words.signIn);
    await expect(this.link).toHaveAttribute('href', new RegExp(`^${this.path('sign-in')}(\\?|$)`));
    await expect(this.link).not.toHaveAttribute('title');
  }

  /** The letters to that address, newest first, once there are that many. */
  async letters(count = 1, to = this.email): Promise<Letter[]> {
    let letters: Letter[] = [];
    await expect
      .poll(async () => {
        const answer = await this.page.request.get('/dev/mailbox.json');
        letters = ((await answer.json()) as Letter[]).filter((letter) => letter.to === to);
        return letters.length;
      })
      .toBeGreaterThanOrEqual(count);
    return letters;
  }

  /** The code in the newest of so many letters. */
  async newestCode(count = 1, to = this.email): Promise<string> {
    const code = (await this.letters(count, to))[0]!.code;
    expect(code).toMatch(/^\d{6}$/);
    return code!;
  }

  /** Sends a form by hand, where a test is about something else. */
  async sends(form: string, fields: Record<string, string>) {
    const answer = await this.page.request.post(`/api/account/${form}`, {
      form: { lang: this.lang, ...fields },
      headers: { accept: 'text/html' },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(303);
    return answer.headers().location!;
  }

  /** Has asked for an account, and has a letter. */
  async begins(returnTo = '') {
    const fields = { email: this.email, password: PASSWORD, terms: '1', return_to: returnTo };
    expect(await this.sends('register', fields)).toBe(this.path('verify'));
    return this.newestCode();
  }

  /** Has an account and is signed in. */
  async joins() {
    const code = await this.begins();
    expect(await this.sends('verify', { code })).toBe(this.path('welcome'));
  }

  /** Signs in on the page that asks for it. */
  async signsIn(password: string, to: string) {
    await this.field('email').fill(this.email);
    await this.field('password').fill(password);
    await this.goes(to, () => this.button(this.words.signIn).click());
  }
}
