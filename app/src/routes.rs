//! Every path of the product, written once. Links and redirects are values of [`To`].

use plan::{Document, Lang};

/// A page of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// `/{lang}`
    Home,
    /// `/{lang}/plan`
    Plan,
    /// `/{lang}/plan/{slug}`: the plan, opened at that spot.
    Place(String),
    /// `/{lang}/plan/search`
    Search,
    /// `/{lang}/plan/{view}`
    View(View),
    /// `/{lang}/media`: the video library.
    Media,
    /// `/{lang}/media/basket`: parts put aside. No video has such a number.
    Basket,
    /// `/{lang}/media/{number}`: a video of it.
    Video(String),
    /// `/{lang}/about`
    About,
    /// `/{lang}/accessibility`
    Accessibility,
    /// `/{lang}/legal`
    Legal,
    /// `/{lang}/api`: the API, explained.
    Api,
    /// `/{lang}/account…`
    Account(Step),
}

/// The plan as data: a way to look at it beside reading it. No text may have a place of such a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Every commitment.
    Register,
    /// Who is committed in which measure.
    Matrix,
    /// Who and what is tied to what.
    Network,
    /// What came when.
    Timeline,
    /// What the text does not say.
    Silences,
    /// Whether a quotation is one.
    Quote,
    /// Ways through the text.
    Paths,
}

impl View {
    /// Every view, in the order in which they are offered.
    pub const ALL: [View; 7] =
        [View::Register, View::Matrix, View::Network, View::Timeline, View::Silences, View::Quote, View::Paths];

    /// Its path below `/{lang}/plan`.
    pub const fn slug(self) -> &'static str {
        match self {
            View::Register => "register",
            View::Matrix => "matrix",
            View::Network => "network",
            View::Timeline => "timeline",
            View::Silences => "silences",
            View::Quote => "quote",
            View::Paths => "paths",
        }
    }

    /// The view of that path below `/{lang}/plan`.
    pub fn of_slug(slug: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.slug() == slug)
    }

    /// What of an address's query the view reads.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            View::Register => &["actor", "strength", "measure", "beneficiary", "caveat", "topic", "q", "sort"],
            View::Network => &["node"],
            View::Paths => &["for", "stop"],
            View::Quote => &["q"],
            View::Matrix | View::Timeline | View::Silences => &[],
        }
    }
}

/// A page of the account's dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Address, password, terms.
    Register,
    /// The code from the letter.
    Verify,
    /// The account exists; the newsletter is offered.
    Welcome,
    /// Address and password.
    SignIn,
    /// The address whose password is forgotten.
    Reset,
    /// The code from the letter.
    ResetCode,
    /// The new password.
    ResetPassword,
    /// The way back to where one was.
    ResetDone,
    /// The account itself: password, letters, newsletter, sessions, deletion.
    Account,
    /// What it has taken.
    Downloads,
    /// The account is no more.
    Deleted,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 11] = [
        Step::Register,
        Step::Verify,
        Step::Welcome,
        Step::SignIn,
        Step::Reset,
        Step::ResetCode,
        Step::ResetPassword,
        Step::ResetDone,
        Step::Account,
        Step::Downloads,
        Step::Deleted,
    ];

    /// Its path below `/{lang}`, and its name in forms.
    pub const fn path(self) -> &'static str {
        match self {
            Step::Register => "account/register",
            Step::Verify => "account/verify",
            Step::Welcome => "account/welcome",
            Step::SignIn => "account/sign-in",
            Step::Reset => "account/reset",
            Step::ResetCode => "account/reset/code",
            Step::ResetPassword => "account/reset/new-password",
            Step::ResetDone => "account/reset/done",
            Step::Account => "account",
            Step::Downloads => "account/downloads",
            Step::Deleted => "account/deleted",
        }
    }

    /// The step of that path below `/{lang}`.
    pub fn of_path(path: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.path() == path)
    }
}

impl To {
    /// The path, absolute on this site.
    pub fn href(&self, lang: Lang) -> String {
        let rest = match self {
            To::Home => "",
            To::Plan => "/plan",
            To::Place(slug) => return format!("/{lang}/plan/{slug}"),
            To::View(view) => return format!("/{lang}/plan/{}", view.slug()),
            To::Search => "/plan/search",
            To::Media => "/media",
            To::Basket => "/media/basket",
            To::Video(number) => return format!("/{lang}/media/{number}"),
            To::About => "/about",
            To::Accessibility => "/accessibility",
            To::Legal => "/legal",
            To::Api => "/api",
            To::Account(step) => return format!("/{lang}/{}", step.path()),
        };
        format!("/{lang}{rest}")
    }

    /// What a path leads to, if anything. Whether a slug is one of the text's is for the document to say.
    pub fn parse(path: &str) -> Option<(Lang, To)> {
        let path = path.trim_start_matches('/').trim_end_matches('/');
        let (lang, below) = path.split_once('/').unwrap_or((path, ""));
        let lang = Lang::ALL.into_iter().find(|l| l.tag() == lang)?;
        if let Some(step) = Step::of_path(below) {
            return Some((lang, To::Account(step)));
        }
        let mut segments = path.split('/').skip(1);
        let to = match (segments.next(), segments.next(), segments.next()) {
            (None, None, None) => To::Home,
            (Some("plan"), None, None) => To::Plan,
            (Some("plan"), Some("search"), None) => To::Search,
            (Some("plan"), Some(slug), None) => match View::of_slug(slug) {
                Some(view) => To::View(view),
                None => To::Place(slug.to_owned()),
            },
            (Some("media"), None, None) => To::Media,
            (Some("media"), Some("basket"), None) => To::Basket,
            (Some("media"), Some(number), None) if is_number(number) => To::Video(number.to_owned()),
            (Some("about"), None, None) => To::About,
            (Some("accessibility"), None, None) => To::Accessibility,
            (Some("legal"), None, None) => To::Legal,
            (Some("api"), None, None) => To::Api,
            _ => return None,
        };
        Some((lang, to))
    }
}

/// Whether it may be a media number, in whatever case: letters, digits and hyphens. Whether there is such a video is for
/// the library to say.
fn is_number(text: &str) -> bool {
    (3..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What of an address's query the library's search reads.
const MEDIA_KEYS: &[&str] =
    &["q", "topic", "place", "from", "to", "duration", "resolution", "lang", "restriction", "measure", "sort", "page"];

/// Where a visitor goes back to when a dialog is done: a page of ours, never a free address.
///
/// It is written without its language, so that it survives a change of it: `/plan/m4.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    to: To,
    query: String,
}

impl ReturnTo {
    /// Home.
    pub const HOME: ReturnTo = ReturnTo { to: To::Home, query: String::new() };

    /// What a form or an address says, as far as it is a page of ours outside the account's dialogs; else home.
    /// With or without a language.
    pub fn read(text: &str) -> ReturnTo {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = match lang_of(path) {
            Some(_) => path.to_owned(),
            None => format!("/{}{}", Lang::Fr, path.trim_end_matches('/')),
        };
        let ours =
            |slug: &str| slug.len() <= 40 && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        let to = match To::parse(&path) {
            Some((_, To::Place(slug))) if !ours(&slug) => return Self::HOME,
            Some((_, To::Account(step))) if !matches!(step, Step::Account | Step::Downloads) => return Self::HOME,
            Some((_, to)) => to,
            None => return Self::HOME,
        };
        // Of a query, what the page reads.
        let keys = match &to {
            To::View(view) => view.keys(),
            To::Media => MEDIA_KEYS,
            To::Video(_) => &["in", "out", "rendition", "route"],
            To::Basket => &["handles", "rendition"],
            _ => &["side", "q"],
        };
        let mut kept = form_urlencoded::Serializer::new(String::new());
        let pairs = form_urlencoded::parse(query.as_bytes());
        for (key, value) in pairs.filter(|(key, value)| keys.contains(&&**key) && value.len() <= 400).take(32) {
            kept.append_pair(&key, &value);
        }
        ReturnTo { to, query: kept.finish() }
    }

    /// Its address in that language.
    pub fn href(&self, lang: Lang) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        self.to.href(lang) + &query
    }

    /// As it travels in forms and addresses; empty for home.
    pub fn written(&self) -> String {
        let href = self.href(Lang::Fr);
        href.strip_prefix(&format!("/{}", Lang::Fr)).unwrap_or_default().to_owned()
    }

    /// An account's page that leads back here when it is done.
    pub fn through(&self, step: Step, lang: Lang) -> String {
        let href = To::Account(step).href(lang);
        match self.written() {
            home if home.is_empty() => href,
            written => {
                let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &written).finish();
                format!("{href}?{query}")
            }
        }
    }
}

/// The search page with a query typed in, `/fr/plan/search?q=munitions`.
pub fn search_for(lang: Lang, q: &str) -> String {
    with_q(&To::Search.href(lang), q)
}

/// A path with words typed in, `?q=munitions`.
pub(crate) fn with_q(path: &str, q: &str) -> String {
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish())
}

/// A path with the query of its address, which may be empty.
pub(crate) fn with_query(path: &str, query: &str) -> String {
    match query.trim_start_matches('?') {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The value of `name` in a query string as it was sent.
///
/// The router's own map decodes twice: `100%25` becomes `100%`, then nothing that is valid.
pub fn in_query(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The language a path is in.
pub fn lang_of(path: &str) -> Option<Lang> {
    let segment = path.trim_start_matches('/').split('/').next()?;
    Lang::ALL.into_iter().find(|lang| lang.tag() == segment)
}

/// The same path in the other language; that language's home page where it has none.
pub fn in_other_language(path: &str, lang: Lang) -> String {
    match lang_of(path) {
        Some(from) => format!("/{lang}{}", &path.trim_end_matches('/')[1 + from.tag().len()..]),
        None => To::Home.href(lang),
    }
}

/// Every page for search engines, below `/{lang}`: the fixed ones, then sections, measures and paragraphs.
/// Sentences and bullets have addresses too, but show their paragraph's text.
pub fn sitemap_paths(document: &Document) -> Vec<String> {
    let fixed = ["", "/plan", "/media", "/about", "/accessibility", "/legal", "/api"].map(str::to_owned);
    let views = View::ALL.map(|view| format!("/plan/{}", view.slug()));
    let places = document.places().into_iter().filter_map(|place| match place {
        plan::Place::Sentence(..) | plan::Place::Item(..) => None,
        other => Some(format!("/plan/{}", other.slug())),
    });
    fixed.into_iter().chain(views).chain(places).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_href_is_read_back_as_the_page_it_leads_to() {
        let read = [To::Home, To::Plan, To::Place("m4.2".into()), To::Search, To::About, To::Accessibility, To::Legal];
        let pages = read
            .into_iter()
            .chain([To::Api, To::Media, To::Basket, To::Video("ES-2026-014".into())])
            .collect::<Vec<_>>();
        let others = Step::ALL.map(To::Account).into_iter().chain(View::ALL.map(To::View)).collect::<Vec<_>>();
        for lang in Lang::ALL {
            for page in pages.iter().chain(&others) {
                assert_eq!(To::parse(&page.href(lang)), Some((lang, page.clone())));
            }
        }
    }

    #[test]
    fn one_returns_to_pages_of_ours_alone() {
        for (text, href) in [
            ("/plan/m4.2", "/en/plan/m4.2"),
            ("/fr/plan/m4.2?side=1&evil=2", "/en/plan/m4.2?side=1"),
            ("/plan/search?q=a+b%26", "/en/plan/search?q=a+b%26"),
            ("/plan/register?actor=nato&actor=allies&evil=2&q=a+b", "/en/plan/register?actor=nato&actor=allies&q=a+b"),
            ("/plan/matrix?side=1", "/en/plan/matrix"),
            ("/media?q=a+b&topic=x&topic=y&evil=1&page=after.k", "/en/media?q=a+b&topic=x&topic=y&page=after.k"),
            (
                "/media/ES-2026-014?in=10:00:02;23&out=f212&rendition=720p&route=edit-safe&q=1",
                "/en/media/ES-2026-014?in=10%3A00%3A02%3B23&out=f212&rendition=720p&route=edit-safe",
            ),
            ("/media/basket?handles=25&q=1", "/en/media/basket?handles=25"),
            ("/account", "/en/account"),
            ("/account/downloads?before=3", "/en/account/downloads"),
            ("/about/", "/en/about"),
        ] {
            let read = ReturnTo::read(text);
            assert_eq!(read.href(Lang::En), href, "{text}");
            assert_eq!(ReturnTo::read(&read.written()), read, "{text}");
        }
        for evil in [
            "",
            "/",
            "//evil.example",
            "/\\evil.example",
            "%2f%2fevil",
            "https://evil.example/",
            "javascript:alert(1)",
            "/fr//evil.example",
            "/plan/../evil",
            "/plan/%2e%2e",
            "/plan/a\r\nX: y",
            "/account/sign-in",
            "/fr/nowhere",
            "\u{0}",
            "/plan/\u{202e}",
            "///",
            "/.evil.example",
            "@evil.example",
            "/plan/a@evil.example/..",
            "/media/a.b",
            "/media/..",
            "/media/ES-2026-014/x",
        ] {
            assert_eq!(ReturnTo::read(evil), ReturnTo::HOME, "{evil:?}");
        }
        assert_eq!(ReturnTo::HOME.through(Step::SignIn, Lang::Fr), "/fr/account/sign-in");
        assert_eq!(
            ReturnTo::read("/plan?side=1").through(Step::SignIn, Lang::Fr),
            "/fr/account/sign-in?return_to=%2Fplan%3Fside%3D1"
        );
    }

    #[test]
    fn a_path_changes_its_language_and_nothing_else() {
        assert_eq!(in_other_language("/fr/plan/m4.2", Lang::En), "/en/plan/m4.2");
        assert_eq!(in_other_language("/fr", Lang::En), "/en");
        assert_eq!(in_other_language("/fr/", Lang::En), "/en");
        assert_eq!(in_other_language("/elsewhere", Lang::En), "/en");
    }

    #[test]
    fn a_query_is_read_back_to_the_letter() {
        for q in ["munitions", "a+b & c=d #e 100%", "%00 %25 %zz", "« “mot” »", "", "   \u{a0} "] {
            let address = search_for(Lang::Fr, q);
            let (_, query) = address.split_once('?').unwrap();
            assert_eq!(in_query(query, "q").as_deref(), Some(q));
            assert_eq!(in_query(&format!("?side=1&{query}"), "side").as_deref(), Some("1"));
            assert_eq!(in_query(query, "none"), None);
        }
    }

    #[test]
    fn a_path_of_ours_has_no_more_and_no_less() {
        for path in ["/", "", "/de", "/fr/plan/m4.2/x", "/fr/nowhere", "/FR"] {
            assert_eq!(To::parse(path), None, "{path}");
        }
    }
}
