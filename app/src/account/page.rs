//! The account's pages, as the server writes them. Every form works without a script; what the browser's half
//! ([`quick`](super::quick)) needs to be quicker stands in `data-` attributes.

use super::{
    contract::{
        AccountView, Detail, Field, LetterState, Refusal, SessionView, TOKEN_DAYS, TakenView, There, TokenView, View,
    },
    policy::Rule,
    words::{self, Words},
};
use crate::{
    html::Html,
    icons::{self, icon_html},
    routes::{ReturnTo, Step, To},
    site::Site,
};
use plan::Lang;

/// The page's title, which is its heading too.
pub(crate) const fn title(step: Step, lang: Lang) -> &'static str {
    let words = Words::of(lang);
    match step {
        Step::Register => words.create_account,
        Step::Verify | Step::ResetCode => words.check_inbox,
        Step::Welcome => words.created,
        Step::SignIn => words.sign_in,
        Step::Reset => words.reset,
        Step::ResetPassword => words.choose_password,
        Step::ResetDone => words.renewed,
        Step::Account => words.account,
        Step::Downloads => words.downloads,
        Step::Deleted => words.deleted,
    }
}

/// The page's HTML.
pub(super) fn html(view: &View, lang: Lang, site: &Site) -> String {
    let mut page = Page { html: Html::default(), lang, words: Words::of(lang), view };
    page.said();
    if view.step == Step::Register && view.refusals.is_empty() {
        page.promise(site.organisation.of(lang));
    }
    page.heading();
    match (view.step, &view.detail) {
        (Step::Register, _) => page.register(),
        (Step::Verify | Step::ResetCode, Detail::Code { sent_to, letter, expires_in, resend_in, .. }) => {
            page.code(sent_to, *letter, *expires_in, *resend_in);
        }
        (Step::Welcome, detail) => page.welcome(matches!(detail, Detail::Welcome { newsletter: true })),
        (Step::SignIn, _) => page.sign_in(),
        (Step::Reset, _) => page.reset(),
        (Step::ResetPassword, _) => page.new_password(),
        (Step::ResetDone, _) => page.renewed(),
        (Step::Account, Detail::Account(account)) => page.account(account),
        (Step::Downloads, Detail::Downloads { taken, before }) => page.downloads(taken, *before),
        (Step::Deleted, _) => page.deleted(),
        // No view of the server's.
        (Step::Verify | Step::ResetCode | Step::Account | Step::Downloads, _) => {}
    }
    page.html.0
}

/// What is shown while too much is under way.
pub(super) fn busy(lang: Lang) -> String {
    let (title, text) = crate::words::PageWords::of(lang).error(503);
    let mut html = Html::default();
    html.raw("<h1>").words(title).raw("</h1><p>").words(text).raw("</p>");
    html.0
}

/// A field's name in its form.
const fn name(field: Field) -> &'static str {
    match field {
        Field::Form => "",
        Field::Email => "email",
        Field::Password => "password",
        Field::Current => "current",
        Field::Terms => "terms",
        Field::Code => "code",
        Field::Name => "name",
        Field::Proof => "proof",
    }
}

/// Where a password is chosen, and where one is only asked for.
#[derive(Clone, Copy, PartialEq)]
enum Secret {
    Chosen,
    Known,
}

struct Page<'a> {
    html: Html,
    lang: Lang,
    words: &'static Words,
    view: &'a View,
}

impl<'a> Page<'a> {
    /// What stands in the way, each with a link to its field; or what has just succeeded.
    fn said(&mut self) {
        if !self.view.refusals.is_empty() {
            self.html.raw("<div class=\"said said--refused\" id=\"said\" role=\"alert\" tabindex=\"-1\" autofocus><p class=\"said__title\">");
            self.html.words(self.words.stopped).raw("</p><ul class=\"said__list\">");
            for (field, refusal) in &self.view.refusals {
                let text = words::refusal(self.lang, refusal);
                self.html.raw("<li").attribute("data-refusal", refusal.tag()).raw(">");
                match self.id_of(*field, refusal) {
                    "" => self.html.words(&text),
                    id => self.html.raw("<a").attribute("href", &format!("#{id}")).raw(">").words(&text).raw("</a>"),
                };
                self.html.raw("</li>");
            }
            self.html.raw("</ul></div>");
        } else if let Some(done) = self.view.done {
            self.html.raw("<p class=\"said said--done\" id=\"said\" role=\"status\" tabindex=\"-1\">");
            self.html.words(words::done(self.lang, done)).raw("</p>");
        }
    }

    /// The id of the field a refusal stands at. The account's page asks for the password twice: at `current` to change
    /// it, and to delete the account, where nothing but the password can be wrong with the form.
    fn id_of(&self, field: Field, refusal: &Refusal) -> &'static str {
        match (self.view.step, field, refusal) {
            (Step::Account, Field::Form, Refusal::CurrentWrong | Refusal::PasswordMissing) => "delete-password",
            _ => name(field),
        }
    }

    /// What stands in the way at the field of that id.
    fn refusal(&self, id: &str) -> Option<&'a Refusal> {
        let mut refusals = self.view.refusals.iter();
        refusals.find(|(field, refusal)| self.id_of(*field, refusal) == id).map(|(_, refusal)| refusal)
    }

    fn promise(&mut self, organisation: &str) {
        let (claim, resources) = words::promise(self.lang, organisation);
        self.html.raw("<div class=\"account__promise\"><p class=\"account__kicker\">").words(self.words.media_account);
        self.html.raw("</p><p class=\"account__claim\">").words(&claim);
        self.html.raw("</p><p>").words(&resources).raw(" ").words(self.words.resources_text).raw("</p></div>");
    }

    /// Which step this is, and its title.
    fn heading(&mut self) {
        let (register, reset) = (self.words.register_dialog, self.words.reset);
        let step = match self.view.step {
            Step::Register => Some((register, 1)),
            Step::Verify => Some((register, 2)),
            Step::Welcome => Some((register, 3)),
            Step::Reset => Some((reset, 1)),
            Step::ResetCode => Some((reset, 2)),
            Step::ResetPassword => Some((reset, 3)),
            Step::SignIn | Step::ResetDone | Step::Account | Step::Downloads | Step::Deleted => None,
        };
        if let Some((dialog, step)) = step {
            self.html.raw("<p class=\"account__step\">");
            // The dialog's name once: the first page of a reset has it as its title.
            if dialog != title(self.view.step, self.lang) {
                self.html.words(dialog).raw(" · ");
            }
            self.html.words(&words::step_of(self.lang, step, 3)).raw("</p>");
        }
        self.html.raw("<h1>").words(title(self.view.step, self.lang)).raw("</h1>");
    }

    fn register(&mut self) {
        let (words, view) = (self.words, self.view);
        self.form("register", |page| {
            page.return_to();
            if let Some(Refusal::EmailMeant(_)) = page.refusal("email") {
                page.hidden("sure", &view.email);
            }
            page.email("username", Some(words.email_hint));
            page.secret(Secret::Chosen, Field::Password, "password", words.password);
            page.html
                .raw("<div class=\"account__trap\" aria-hidden=\"true\"><label for=\"website\">")
                .words(words.trap);
            page.html.raw("</label><input id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>");
            page.terms();
            page.button("button--primary", words.create_account);
        });
        self.ways(&[(Some(words.have_account), words.sign_in, Step::SignIn)]);
    }

    fn sign_in(&mut self) {
        let words = self.words;
        self.form("sign-in", |page| {
            page.return_to();
            page.email("username", None);
            page.secret(Secret::Known, Field::Password, "password", words.password);
            page.button("button--primary", words.sign_in);
        });
        self.ways(&[
            (None, words.forgotten, Step::Reset),
            (Some(words.no_account), words.create_account, Step::Register),
        ]);
    }

    fn reset(&mut self) {
        let words = self.words;
        self.paragraph(words.reset_text);
        self.form("reset", |page| {
            page.return_to();
            page.email("username", None);
            page.button("button--primary", words.reset);
        });
        self.ways(&[(None, words.sign_in, Step::SignIn)]);
    }

    fn code(&mut self, sent_to: &str, letter: LetterState, expires_in: u32, resend_in: u32) {
        let (words, view) = (self.words, self.view);
        self.html.raw("<p>").words(words.code_sent_to).raw(" <strong class=\"account__address\">").words(sent_to);
        self.html.raw("</strong> ").words(words.enter_code).raw(" ");
        self.countdown("span", expires_in, 60, [words.expires_many, words.expires_one, words.expired]);
        self.html.raw("</p><div class=\"account__letter\" id=\"letter\" role=\"status\"><p");
        if matches!(letter, LetterState::Queued | LetterState::Delayed) {
            self.html.raw(" data-poll");
        }
        self.html.raw(">").words(words::letter(self.lang, letter));
        if letter == LetterState::Kept {
            self.html
                .raw(" <a href=\"/dev/mailbox\" rel=\"external\" target=\"_blank\">")
                .words(words.mailbox)
                .raw("</a>.");
        }
        self.html.raw("</p></div>");
        self.form(if view.step == Step::Verify { "verify" } else { "reset-code" }, |page| {
            page.field("code", words.code, None, |html, described| {
                html.raw("<input class=\"code\" id=\"code\" name=\"code\" inputmode=\"numeric\" ");
                html.raw("autocomplete=\"one-time-code\" maxlength=\"12\" spellcheck=\"false\" data-digits")
                    .raw(described)
                    .raw(">");
            });
            page.button("button--primary", words.verify);
        });
        self.html.raw("<div class=\"account__again\"><p>").words(words.no_code).raw("</p>");
        self.form("send-code", |page| {
            page.countdown("button", resend_in, 1, [words.new_code_in, words.new_code_in, words.new_code]);
        });
        self.html.raw("</div>");
        if view.step == Step::ResetCode {
            return self.ways(&[(None, words.other_address, Step::Reset)]);
        }
        let wrong = letter == LetterState::Refused || ["email", "password"].iter().any(|id| self.refusal(id).is_some());
        self.details(wrong, words.mend, |page| {
            page.form("mend", |page| {
                page.email("username", None);
                page.secret(Secret::Chosen, Field::Password, "password", words.password);
                page.button("", words.mend_go);
            });
        });
    }

    fn welcome(&mut self, newsletter: bool) {
        let words = self.words;
        self.paragraph(words.created_text);
        if !newsletter {
            self.section(words.subscribe);
            self.paragraph(words.subscribe_text);
            self.newsletter(true, words.subscribe_go);
        }
        self.way_back();
    }

    fn new_password(&mut self) {
        let (words, view) = (self.words, self.view);
        self.form("new-password", |page| {
            page.user(&view.email);
            page.secret(Secret::Chosen, Field::Password, "password", words.new_password);
            page.button("button--primary", words.keep_password);
        });
    }

    fn renewed(&mut self) {
        self.paragraph(self.words.renewed_text);
        self.way_back();
        self.ways(&[(None, self.words.sign_in, Step::SignIn)]);
    }

    fn deleted(&mut self) {
        self.paragraph(self.words.deleted_text);
        self.way_back();
    }

    fn account(&mut self, account: &AccountView) {
        let (words, view, lang) = (self.words, self.view, self.lang);
        self.html.raw("<dl class=\"account__facts\"><div><dt>").words(words.email).raw("</dt><dd>").words(&view.email);
        self.html.raw("</dd></div><div><dt>").words(words.since).raw("</dt><dd>");
        self.html.words(&words::moment(lang, &account.since)).raw("</dd></div></dl>");
        self.form("sign-out", |page| {
            page.return_to();
            page.button("", words.sign_out);
        });

        self.section(words.downloads);
        self.paragraph(words.downloads_text);
        let href = To::Account(Step::Downloads).href(lang);
        self.html.raw("<p><a class=\"button\" rel=\"external\"").attribute("href", &href).raw(">");
        self.html.words(words.downloads).raw("</a></p>");
        self.terms_in_force(account.terms.as_deref());
        self.tokens(account);

        self.section(words.change_password);
        self.paragraph(words.change_text);
        self.form("change-password", |page| {
            page.user(&view.email);
            page.secret(Secret::Known, Field::Current, "current", words.current);
            page.secret(Secret::Chosen, Field::Password, "password", words.new_password);
            page.button("", words.change_password);
        });

        self.section(words.letters);
        self.paragraph(words.letters_text);
        self.form("letters", |page| {
            page.html
                .raw("<fieldset class=\"choices\"><legend class=\"sr-only\">")
                .words(words.letters)
                .raw("</legend>");
            for (choice, word) in [(Lang::Fr, "Français"), (Lang::En, "English")] {
                page.html.raw("<label class=\"choice\"").attribute("lang", choice.tag());
                page.html.raw("><input type=\"radio\" name=\"letters\"").attribute("value", choice.tag());
                page.html.raw(if choice == account.letters { " checked>" } else { ">" });
                page.html.raw("<span>").words(word).raw("</span></label>");
            }
            page.html.raw("</fieldset>");
            page.button("", words.keep);
        });

        self.section(words.newsletter);
        match &account.newsletter {
            Some(since) => {
                let on = format!("{} {}.", words.newsletter_on, words::moment(lang, since));
                self.paragraph(&on);
                self.newsletter(false, words.unsubscribe);
            }
            None => {
                self.paragraph(words.newsletter_off);
                self.newsletter(true, words.subscribe_go);
            }
        }

        self.section(words.sessions);
        self.html.raw("<ul class=\"account__sessions\">");
        for session in &account.sessions {
            self.session(session);
        }
        self.html.raw("</ul>");
        if account.sessions.len() > 1 {
            self.form("end-sessions", |page| page.button("", words.end_others));
        }

        let wrong = self.refusal("delete-password").is_some();
        self.details(wrong, words.delete, |page| {
            page.paragraph(words.delete_text);
            page.form("delete", |page| {
                page.user(&view.email);
                page.secret(Secret::Known, Field::Password, "delete-password", words.current);
                page.button("button--danger", words.delete_go);
            });
        });
    }

    /// That the terms in force are accepted, or the way to it.
    fn terms_in_force(&mut self, since: Option<&str>) {
        let (words, lang) = (self.words, self.lang);
        self.html.raw("<h2 id=\"conditions\">").words(words.terms_of_use).raw("</h2><p>");
        match since {
            Some(since) => self.html.words(words.terms_since).raw(" ").words(&words::moment(lang, since)).raw("."),
            None => self.html.words(words.terms_ask),
        };
        self.html.raw(" <a target=\"_blank\" rel=\"external\"");
        self.html.attribute("href", &format!("{}#terms", To::Legal.href(lang))).raw(">").words(words.terms_read);
        self.html.raw("</a></p>");
        if since.is_none() {
            self.form("accept-terms", |page| {
                page.hidden("return_to", "/account");
                page.button("button--primary", words.terms_accept);
            });
        }
    }

    /// The tokens for programs: the one just made, the others, and the form that makes one.
    fn tokens(&mut self, account: &AccountView) {
        let (words, lang) = (self.words, self.lang);
        self.html.raw("<h2 id=\"tokens\">").words(words.tokens).raw("</h2><p>").words(words.tokens_text).raw(" <a");
        self.html.attribute("href", &To::Api.href(lang)).raw(" rel=\"external\">").words(words.tokens_how);
        self.html.raw("</a></p>");
        if let Some(fresh) = &account.fresh {
            self.html.raw("<div class=\"field\"><label for=\"fresh\">").words(words.token_fresh).raw("</label>");
            self.html
                .raw("<input class=\"account__token\" id=\"fresh\" readonly spellcheck=\"false\" autocomplete=\"off\"");
            self.html.attribute("value", fresh).raw("></div>");
        }
        if !account.tokens.is_empty() {
            self.html.raw("<ul class=\"account__sessions\">");
            for token in &account.tokens {
                self.token(token);
            }
            self.html.raw("</ul>");
        }
        let wrong = ["name", "proof"].iter().any(|id| self.refusal(id).is_some());
        self.details(wrong, words.token_make, |page| {
            page.form("make-token", |page| {
                page.user(&page.view.email);
                page.field("name", words.token_name, Some(words.token_name_hint), |html, described| {
                    html.raw("<input id=\"name\" name=\"name\" maxlength=\"60\" autocomplete=\"off\"");
                    html.raw(described).raw(">");
                });
                page.html.raw("<fieldset class=\"choices\"><legend>").words(words.token_days).raw("</legend>");
                for days in TOKEN_DAYS {
                    page.html.raw("<label class=\"choice\"><input type=\"radio\" name=\"days\"");
                    page.html.attribute("value", &days.to_string());
                    page.html.raw(if days == TOKEN_DAYS[0] { " checked>" } else { ">" }).raw("<span>");
                    page.html.words(&words::days(lang, days)).raw("</span></label>");
                }
                page.html.raw("</fieldset>");
                page.secret(Secret::Known, Field::Proof, "proof", words.current);
                page.button("", words.token_make);
            });
        });
    }

    fn token(&mut self, token: &TokenView) {
        let (words, lang) = (self.words, self.lang);
        self.html.raw("<li class=\"account__session\"><p><strong>").words(&token.name).raw("</strong><br>");
        self.html.raw("<span class=\"account__quiet\">");
        let ends = if token.ended { words.token_ended } else { words.token_ends };
        let mut moments = vec![(words.token_made, &token.made), (ends, &token.ends)];
        moments.extend(token.used.as_ref().map(|used| (words.token_used, used)));
        for (nth, (word, iso)) in moments.into_iter().enumerate() {
            self.html.raw(if nth > 0 { " · " } else { "" }).words(word).raw(" <time").attribute("datetime", iso);
            self.html.raw(">").words(&words::moment(lang, iso)).raw("</time>");
        }
        if token.used.is_none() {
            self.html.raw(" · ").words(words.token_unused);
        }
        self.html.raw("</span></p>");
        self.form("end-token", |page| {
            page.hidden("id", &token.id);
            page.html.raw("<button class=\"button\" type=\"submit\">").words(words.token_end);
            page.html.raw("<span class=\"sr-only\">\u{a0}: ").words(&token.name).raw("</span></button>");
        });
        self.html.raw("</li>");
    }

    fn downloads(&mut self, taken: &[TakenView], before: Option<i64>) {
        let (words, lang) = (self.words, self.lang);
        self.paragraph(words.downloads_text);
        if taken.is_empty() {
            self.html.raw("<p class=\"empty\">").words(words.downloads_none).raw("</p>");
        } else {
            self.html.raw("<ul class=\"account__sessions\">");
            for one in taken {
                self.taken(one);
            }
            self.html.raw("</ul>");
        }
        let own = |step| To::Account(step).href(lang);
        let older = before.map(|before| (format!("{}?before={before}", own(Step::Downloads)), words.downloads_older));
        let others = [(own(Step::Account), words.account), (To::Media.href(lang), words.to_library)];
        self.html.raw("<ul class=\"account__ways\">");
        for (href, word) in older.into_iter().chain(others) {
            self.html.raw("<li><a rel=\"external\"").attribute("href", &href).raw(">").words(word).raw("</a></li>");
        }
        self.html.raw("</ul>");
    }

    /// Something that was taken, and the way to take it again: what lies ready at once, what must be made first from its
    /// marks on the video's page.
    fn taken(&mut self, taken: &TakenView) {
        let (words, lang) = (self.words, self.lang);
        let (page, file) = addresses(taken, lang);
        let title = taken.title.as_deref().unwrap_or(&taken.number);
        self.html.raw("<li class=\"account__session\"><p><strong>");
        if taken.there == There::Here {
            self.html.raw("<a rel=\"external\"").attribute("href", &page).raw(">").words(title).raw("</a>");
        } else {
            self.html.words(title);
        }
        self.html.raw("</strong><br><span class=\"account__quiet\"><span class=\"film__number\">").words(&taken.number);
        self.html.raw("</span> · ");
        match &taken.part {
            None => self.html.words(words.whole_video),
            Some(((_, from), (_, to))) => {
                self.html.raw("<span class=\"timecode\">").words(from).raw("</span> → <span class=\"timecode\">");
                self.html.words(to).raw("</span>")
            }
        };
        let original = taken.rendition == "original";
        self.html.raw(" · ").words(if original { words.original } else { &taken.rendition });
        if taken.edit_safe {
            self.html.raw(", ").words(words.edit_safe);
        }
        self.html.raw(" · <time").attribute("datetime", &taken.at).raw(">").words(&words::moment(lang, &taken.at));
        self.html.raw("</time></span></p>");
        match taken.there {
            There::Here => {
                self.html.raw("<a class=\"button\" rel=\"external nofollow\"");
                if taken.edit_safe {
                    self.html.attribute("href", &format!("{page}#take"));
                } else {
                    self.html.attribute("href", &file);
                }
                self.html
                    .raw(">")
                    .words(words.again)
                    .raw("<span class=\"sr-only\">\u{a0}: ")
                    .words(title)
                    .raw("</span></a>")
            }
            There::Withdrawn => self.html.raw("<p class=\"account__gone\">").words(words.withdrawn).raw("</p>"),
            There::Gone => self.html.raw("<p class=\"account__gone\">").words(words.not_there).raw("</p>"),
        };
        self.html.raw("</li>");
    }

    fn session(&mut self, session: &SessionView) {
        let words = self.words;
        let browser = if session.browser.is_empty() { words.unknown_browser } else { &session.browser };
        self.html.raw("<li class=\"account__session\"><p><strong>").words(browser).raw("</strong>");
        if session.is_this {
            self.html.raw(" <span class=\"account__this\">").words(words.this_session).raw("</span>");
        }
        self.html.raw("<br><span class=\"account__quiet\">").words(&session.network);
        for (word, iso) in [(words.session_since, &session.since), (words.session_seen, &session.seen)] {
            self.html.raw(" · ").words(word).raw(" <time").attribute("datetime", iso).raw(">");
            self.html.words(&words::moment(self.lang, iso)).raw("</time>");
        }
        self.html.raw("</span></p>");
        if !session.is_this {
            self.form("end-sessions", |page| {
                page.hidden("id", &session.id);
                page.html.raw("<button class=\"button\" type=\"submit\">").words(words.end);
                page.html.raw("<span class=\"sr-only\">\u{a0}: ").words(browser).raw("</span></button>");
            });
        }
        self.html.raw("</li>");
    }

    /// The form that subscribes to the newsletter, or ends that.
    fn newsletter(&mut self, on: bool, button: &str) {
        self.form("newsletter", |page| {
            page.hidden("on", if on { "1" } else { "" });
            page.hidden("step", page.view.step.path());
            page.button("", button);
        });
    }

    fn paragraph(&mut self, text: &str) {
        self.html.raw("<p>").words(text).raw("</p>");
    }

    fn section(&mut self, title: &str) {
        self.html.raw("<h2>").words(title).raw("</h2>");
    }

    fn details(&mut self, open: bool, summary: &str, inside: impl FnOnce(&mut Self)) {
        self.html.raw(if open {
            "<details class=\"account__more\" open>"
        } else {
            "<details class=\"account__more\">"
        });
        self.html.raw("<summary>").words(summary).raw("</summary>");
        inside(self);
        self.html.raw("</details>");
    }

    /// Links to other dialogs, which lead back to where this one does.
    fn ways(&mut self, ways: &[(Option<&str>, &str, Step)]) {
        self.html.raw("<ul class=\"account__ways\">");
        for (before, word, step) in ways {
            self.html.raw("<li>");
            if let Some(before) = before {
                self.html.words(before).raw(" ");
            }
            let href = self.view.return_to.through(*step, self.lang);
            self.html.raw("<a rel=\"external\"").attribute("href", &href).raw(">").words(word).raw("</a></li>");
        }
        self.html.raw("</ul>");
    }

    /// The button back to the page one was on. A full load, so that the bar says who is signed in.
    fn way_back(&mut self) {
        let to = &self.view.return_to;
        let word = if *to == ReturnTo::HOME { self.words.go_home } else { self.words.go_back };
        self.html.raw("<p class=\"account__back\"><a class=\"button button--primary\" rel=\"external\"");
        self.html.attribute("href", &to.href(self.lang)).raw(">").words(word).raw("</a></p>");
    }

    /// A form: sent to the server function of that name, and told by the server what is wrong with it.
    fn form(&mut self, to: &str, fields: impl FnOnce(&mut Self)) {
        self.html.raw("<form class=\"form\" method=\"post\"").attribute("action", &format!("/api/account/{to}"));
        self.html.raw(" novalidate>");
        self.hidden("lang", self.lang.tag());
        fields(self);
        self.html.raw("</form>");
    }

    fn hidden(&mut self, name: &str, value: &str) {
        self.html.raw("<input type=\"hidden\"").attribute("name", name).attribute("value", value).raw(">");
    }

    fn return_to(&mut self) {
        self.hidden("return_to", &self.view.return_to.written());
    }

    /// Whose password is changed, for programs that keep passwords.
    fn user(&mut self, email: &str) {
        self.html
            .raw("<input type=\"email\" autocomplete=\"username\" readonly hidden")
            .attribute("value", email)
            .raw(">");
    }

    fn button(&mut self, class: &str, word: &str) {
        self.html.raw("<button type=\"submit\"").attribute("class", format!("button {class}").trim_end());
        self.html.raw(">").words(word).raw("</button>");
    }

    /// A label, what helps, what is wrong, and the input, which is told of both by their ids.
    fn field(&mut self, id: &str, label: &str, hint: Option<&str>, input: impl FnOnce(&mut Html, &str)) {
        let wrong = self.refusal(id);
        self.html.raw(if wrong.is_some() { "<div class=\"field is-wrong\">" } else { "<div class=\"field\">" });
        self.html.raw("<label").attribute("for", id).raw(">").words(label).raw("</label>");
        if let Some(hint) = hint {
            self.html
                .raw("<p class=\"field__hint\"")
                .attribute("id", &format!("{id}-hint"))
                .raw(">")
                .words(hint)
                .raw("</p>");
        }
        let described = self.wrong(id, wrong, hint.is_some());
        input(&mut self.html, &described);
        self.html.raw("</div>");
    }

    /// Says what is wrong with a field; answers the attributes that tie its input to that and to the hint.
    fn wrong(&mut self, id: &str, refusal: Option<&Refusal>, hinted: bool) -> String {
        let mut described = Html::default();
        match (refusal, hinted) {
            (None, false) => {}
            (None, true) => drop(described.attribute("aria-describedby", &format!("{id}-hint"))),
            (Some(refusal), hinted) => {
                let by = if hinted { format!("{id}-hint {id}-error") } else { format!("{id}-error") };
                described.attribute("aria-describedby", &by).attribute("aria-invalid", "true");
                self.html.raw("<p class=\"field__error\"").attribute("id", &format!("{id}-error")).raw(">");
                self.html.words(&words::refusal(self.lang, refusal)).raw("</p>");
            }
        }
        described.0
    }

    fn email(&mut self, autocomplete: &str, hint: Option<&str>) {
        let (words, view) = (self.words, self.view);
        let refusal = self.refusal("email");
        self.field("email", words.email, hint, |html, described| {
            html.raw("<input type=\"email\" id=\"email\" name=\"email\" spellcheck=\"false\" autocapitalize=\"none\"");
            html.attribute("autocomplete", autocomplete).attribute("value", &view.email).raw(described).raw(">");
            if let Some(Refusal::EmailMeant(meant)) = refusal {
                html.raw("<button class=\"button needs-js\" type=\"button\"").attribute("data-fill", meant).raw(">");
                html.words(words.use_address).raw(" ").words(meant).raw("</button>");
            }
        });
    }

    /// A password, with the eye that shows it; where one is chosen, with the rules, which the browser ticks off.
    fn secret(&mut self, kind: Secret, field: Field, id: &str, label: &str) {
        let (words, lang, view) = (self.words, self.lang, self.view);
        let chosen = kind == Secret::Chosen;
        self.field(id, label, chosen.then_some(words.password_hint), |html, described| {
            html.raw("<div class=\"secret\"><input type=\"password\"")
                .attribute("id", id)
                .attribute("name", name(field));
            html.attribute("autocomplete", if chosen { "new-password" } else { "current-password" });
            html.raw(" spellcheck=\"false\" autocapitalize=\"none\"");
            if chosen {
                let context = match &view.detail {
                    Detail::Password { context } | Detail::Code { context, .. } => context.join(" "),
                    Detail::Account(account) => account.context.join(" "),
                    _ => String::new(),
                };
                html.attribute("data-policy", &context);
            }
            html.raw(described)
                .raw("><button class=\"icon-button needs-js\" type=\"button\" data-eye aria-pressed=\"false\"");
            html.attribute("aria-controls", id).attribute("aria-label", words.show_password);
            html.attribute("title", words.show_password).raw(">").raw(&icon_html(icons::EYE)).raw("</button></div>");
            if chosen {
                rules(html, lang);
            }
        });
    }

    fn terms(&mut self) {
        let words = self.words;
        let refusal = self.refusal("terms");
        self.html.raw(if refusal.is_some() { "<div class=\"field is-wrong\">" } else { "<div class=\"field\">" });
        let described = self.wrong("terms", refusal, false);
        self.html
            .raw("<label class=\"check\"><input type=\"checkbox\" id=\"terms\" name=\"terms\" value=\"1\"")
            .raw(&described);
        // Whoever comes back with the form sent has accepted them, or is told that not.
        self.html.raw(if refusal.is_none() && !self.view.refusals.is_empty() { " checked>" } else { ">" });
        self.html.raw("<span>").words(words.terms).raw(" <a target=\"_blank\" rel=\"external\"");
        self.html.attribute("href", &format!("{}#terms", To::Legal.href(self.lang))).raw(">").words(words.terms_link);
        self.html.raw("</a></span></label></div>");
    }

    /// A time that runs out, in units of so many seconds: the words for many, for one and for none. As it stands without
    /// a script, a button can be pressed at once, and the server says if it is too soon.
    fn countdown(&mut self, tag: &str, seconds: u32, unit: u32, [many, one, none]: [&str; 3]) {
        let button = tag == "button";
        self.html.raw("<").raw(tag).raw(if button { " class=\"button\" type=\"submit\"" } else { "" });
        self.html.attribute("data-until", &seconds.to_string()).attribute("data-unit", &unit.to_string());
        self.html.attribute("data-many", many).attribute("data-one", one).attribute("data-none", none).raw(">");
        let words = match seconds.div_ceil(unit) {
            0 => none,
            _ if button => none,
            1 => one,
            _ => many,
        };
        self.html.words(&words.replace("{}", &seconds.div_ceil(unit).to_string())).raw("</").raw(tag).raw(">");
    }
}

/// The page of what was taken, with its marks, and where the file itself is.
fn addresses(taken: &TakenView, lang: Lang) -> (String, String) {
    let page = To::Video(taken.number.clone()).href(lang);
    let file = format!("/api/v1/media/{}/renditions/{}", taken.number, taken.rendition);
    let Some(((from, _), (to, _))) = &taken.part else { return (page, file) };
    let route = if taken.edit_safe { "edit-safe" } else { "instant" };
    let marks = format!("in=f{from}&out=f{to}&route={route}");
    (format!("{page}?{marks}&rendition={}", taken.rendition), format!("{file}/clip?{marks}"))
}

/// The rules for passwords, and how hard the one typed is to guess.
fn rules(html: &mut Html, lang: Lang) {
    let words = Words::of(lang);
    html.raw("<ul class=\"rules\">");
    for rule in Rule::ALL {
        html.raw("<li").attribute("data-rule", rule.tag()).raw(if rule == Rule::Limit { " hidden>" } else { ">" });
        html.raw("<span class=\"rules__kept\">").words(words.rule_kept).raw(" </span>");
        html.words(&words::rule(lang, rule)).raw("</li>");
    }
    html.raw("</ul><p class=\"account__strength\" id=\"strength\" hidden")
        .attribute("data-words", words.strengths)
        .raw("><span>");
    html.words(words.strength).raw("</span> <meter min=\"0\" max=\"4\" low=\"2\" high=\"3\" optimum=\"4\" value=\"0\"");
    html.attribute("aria-label", words.strength).raw("></meter> <output></output></p>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::contract::Done, site::Localised};
    use std::collections::HashSet;

    fn site() -> Site {
        Site {
            name: "Estafette".into(),
            organisation: Localised { fr: "OTAN".into(), en: "NATO".into() },
            public_url: "https://press.example.org".into(),
        }
    }

    fn refusals() -> Vec<(Field, Refusal)> {
        vec![
            (Field::Email, Refusal::EmailMissing),
            (Field::Email, Refusal::EmailMalformed),
            (Field::Email, Refusal::EmailTooLong),
            (Field::Email, Refusal::EmailMeant("ada@gmail.com".into())),
            (Field::Password, Refusal::PasswordMissing),
            (Field::Password, Refusal::Password(vec!["length".into(), "leaked".into()])),
            (Field::Terms, Refusal::TermsMissing),
            (Field::Code, Refusal::CodeMalformed),
            (Field::Code, Refusal::CodeWrong(1)),
            (Field::Code, Refusal::CodeSpent),
            (Field::Form, Refusal::Credentials),
            (Field::Current, Refusal::CurrentWrong),
            (Field::Form, Refusal::CurrentWrong),
            (Field::Password, Refusal::PasswordSame),
            (Field::Form, Refusal::TooMany(15)),
            (Field::Form, Refusal::ResetFirst),
            (Field::Code, Refusal::TooSoon(40)),
            (Field::Form, Refusal::FlowGone),
            (Field::Form, Refusal::SignInFirst),
            (Field::Form, Refusal::TermsFirst),
            (Field::Name, Refusal::NameMissing),
            (Field::Proof, Refusal::CurrentWrong),
            (Field::Form, Refusal::TokensFull(20)),
            (Field::Form, Refusal::Failed("01J".into())),
        ]
    }

    fn view(step: Step) -> View {
        let context = vec!["Estafette".to_owned(), "OTAN".to_owned()];
        let session = |id: &str, is_this| SessionView {
            id: id.into(),
            browser: "Firefox, Linux".into(),
            network: "203.0.113.0".into(),
            since: "2026-11-23T08:05Z".into(),
            seen: "2026-11-23T08:06Z".into(),
            is_this,
        };
        let detail = match step {
            Step::Register | Step::ResetPassword => Detail::Password { context },
            Step::Verify | Step::ResetCode => Detail::Code {
                sent_to: "ada<b>@example.org".into(),
                letter: LetterState::Queued,
                expires_in: 1800,
                resend_in: 60,
                context: context.clone(),
            },
            Step::Welcome => Detail::Welcome { newsletter: false },
            Step::Account => Detail::Account(Box::new(AccountView {
                since: "2026-11-23".into(),
                letters: Lang::Fr,
                newsletter: None,
                sessions: vec![session("1", true), session("2", false)],
                context,
                terms: None,
                tokens: vec![token("3", false), token("4", true)],
                fresh: Some("estafette_ab<b>".into()),
            })),
            Step::Downloads => {
                let part = Some(((73, "10:00:02:23".into()), (212, "10:00:08:12".into())));
                let whole = taken(There::Here, None, false);
                let taken = [
                    taken(There::Here, part.clone(), false),
                    taken(There::Here, part, true),
                    taken(There::Withdrawn, None, false),
                    TakenView { title: None, ..taken(There::Gone, None, false) },
                ];
                Detail::Downloads { taken: [whole].into_iter().chain(taken).collect(), before: Some(7) }
            }
            _ => Detail::None,
        };
        let return_to = ReturnTo::read("/plan/m4.2");
        View { step, email: "ada<b>@example.org".into(), return_to, refusals: Vec::new(), done: None, detail }
    }

    fn token(id: &str, ended: bool) -> TokenView {
        TokenView {
            id: id.into(),
            name: "a <b>script</b>".into(),
            made: "2026-11-23".into(),
            used: ended.then(|| "2026-11-24T08:05Z".into()),
            ends: "2027-02-21".into(),
            ended,
        }
    }

    fn taken(there: There, part: Option<((u32, String), (u32, String))>, edit_safe: bool) -> TakenView {
        TakenView {
            number: "ES-2026-014".into(),
            title: Some("A <b>trial</b>".into()),
            there,
            rendition: "720p".into(),
            part,
            edit_safe,
            at: "2026-11-23T08:05Z".into(),
        }
    }

    /// Every page, as it is at first and after each refusal.
    fn pages() -> Vec<(Step, Lang, String)> {
        let mut pages = Vec::new();
        for step in Step::ALL {
            for lang in Lang::ALL {
                pages.push((step, lang, html(&view(step), lang, &site())));
                for refusal in refusals() {
                    let view = View { refusals: vec![refusal], ..view(step) };
                    pages.push((step, lang, html(&view, lang, &site())));
                }
            }
        }
        pages
    }

    /// The values of an attribute.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let start = format!(" {attribute}=\"");
        html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    #[test]
    fn every_form_is_sent_to_a_server_function_that_reads_its_fields() {
        let declared: HashSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
        for (step, _, html) in pages() {
            for action in values(&html, "action") {
                assert!(declared.contains(action), "{action} on {step:?}");
            }
        }
    }

    #[test]
    fn ids_stand_once_and_whatever_names_one_finds_it() {
        for (step, _, html) in pages() {
            let ids = values(&html, "id");
            let once: HashSet<&str> = ids.iter().copied().collect();
            assert_eq!(once.len(), ids.len(), "{step:?}: {ids:?}");
            let described = values(&html, "aria-describedby").into_iter().flat_map(str::split_whitespace);
            let controlled = values(&html, "aria-controls").into_iter().chain(values(&html, "for"));
            for id in described.chain(controlled) {
                assert!(once.contains(id), "{id} on {step:?}");
            }
        }
    }

    #[test]
    fn a_refusal_leads_to_its_field_and_is_told_there() {
        for (step, field, refusal) in [
            (Step::Register, "email", (Field::Email, Refusal::EmailMissing)),
            (Step::Register, "terms", (Field::Terms, Refusal::TermsMissing)),
            (Step::Verify, "code", (Field::Code, Refusal::CodeWrong(4))),
            (Step::Verify, "email", (Field::Email, Refusal::EmailMalformed)),
            (Step::Account, "current", (Field::Current, Refusal::CurrentWrong)),
            (Step::Account, "password", (Field::Password, Refusal::PasswordSame)),
            (Step::Account, "delete-password", (Field::Form, Refusal::CurrentWrong)),
            (Step::Account, "name", (Field::Name, Refusal::NameMissing)),
            (Step::Account, "proof", (Field::Proof, Refusal::CurrentWrong)),
        ] {
            let html = html(&View { refusals: vec![refusal], ..view(step) }, Lang::Fr, &site());
            assert!(html.contains(&format!("href=\"#{field}\"")), "{field}");
            assert_eq!(values(&html, "aria-invalid").len(), 1, "{field}");
            assert!(html.contains(&format!("id=\"{field}-error\"")), "{field}");
        }
    }

    #[test]
    fn every_refusal_and_success_has_words_of_its_own_in_both_languages() {
        let mut said = HashSet::new();
        for lang in Lang::ALL {
            for (field, refusal) in refusals() {
                let of_forms = matches!(field, Field::Form | Field::Proof);
                assert!(said.insert(words::refusal(lang, &refusal)) || of_forms, "{refusal:?}");
            }
            for done in [
                Done::CodeSent,
                Done::PasswordChanged,
                Done::LanguageKept,
                Done::Subscribed,
                Done::Unsubscribed,
                Done::SessionEnded,
                Done::OthersEnded,
                Done::SignedOut,
                Done::SignedIn,
                Done::TokenMade,
                Done::TokenEnded,
                Done::TermsAccepted,
            ] {
                assert!(said.insert(words::done(lang, done).to_owned()), "{done:?}");
            }
        }
    }

    #[test]
    fn what_a_visitor_typed_is_text() {
        for (step, _, html) in pages() {
            assert!(!html.contains("<b>"), "{step:?}");
        }
    }

    #[test]
    fn an_address_that_looks_wrong_is_accepted_when_it_is_sent_again() {
        let meant = (Field::Email, Refusal::EmailMeant("ada@gmail.com".into()));
        let view = View { email: "ada@gmial.com".into(), refusals: vec![meant], ..view(Step::Register) };
        let html = html(&view, Lang::Fr, &site());
        assert!(html.contains("name=\"sure\" value=\"ada@gmial.com\""));
        assert!(html.contains("data-fill=\"ada@gmail.com\""));
    }

    #[test]
    fn what_was_taken_is_taken_again_unless_it_is_withdrawn() {
        let html = html(&view(Step::Downloads), Lang::En, &site());
        let whole = "/api/v1/media/ES-2026-014/renditions/720p";
        let marks = "in=f73&amp;out=f212&amp;route";
        let page = "/en/media/ES-2026-014";
        let again: Vec<_> =
            values(&html, "href").into_iter().filter(|to| to.starts_with("/api/") || to.ends_with("#take")).collect();
        let edit_safe = format!("{page}?{marks}=edit-safe&amp;rendition=720p#take");
        assert_eq!(again, [whole, &format!("{whole}/clip?{marks}=instant"), &edit_safe]);
        assert_eq!(html.matches("Withdrawn: do not use it any more.").count(), 1);
        assert!(html.contains("10:00:02:23") && html.contains("href=\"/en/account/downloads?before=7\""));
    }

    #[test]
    fn a_token_is_shown_when_it_is_made_and_terms_are_asked_for_until_they_are_accepted() {
        let mut view = view(Step::Account);
        let shown = html(&view, Lang::En, &site());
        assert!(shown.contains("value=\"estafette_ab") && shown.contains("/api/account/accept-terms"));
        if let Detail::Account(account) = &mut view.detail {
            (account.fresh, account.terms) = (None, Some("2026-11-23".into()));
        }
        let later = html(&view, Lang::En, &site());
        assert!(!later.contains("estafette_") && !later.contains("/api/account/accept-terms"));
        assert!(later.contains("You accepted the terms in force on 23 November 2026."));
    }

    #[test]
    fn dialogs_lead_on_to_each_other_and_back() {
        let html = |step| html(&view(step), Lang::En, &site());
        assert!(html(Step::SignIn).contains("href=\"/en/account/register?return_to=%2Fplan%2Fm4.2\""));
        assert!(html(Step::Register).contains("name=\"return_to\" value=\"/plan/m4.2\""));
        assert!(html(Step::ResetDone).contains("href=\"/en/plan/m4.2\""));
    }
}
