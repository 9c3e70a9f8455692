//! What every page shares: the bar, the foot, the search that opens anywhere, and the routes.

use crate::{
    account::Account,
    browser,
    explore::{Media, Plan},
    html::Html,
    icons::{self, icon, icon_html, mark},
    media,
    plan::{Finder, SearchDialog, SearchPage},
    prose::Page,
    routes::{ReturnTo, Step, To, in_other_language, in_query, lang_of, with_query},
    site::{Site, Who},
    words::Words,
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};
use plan::Lang;

/// HTML that stands on every page as long as it lives: the server writes it, the browser finds it there.
macro_rules! written {
    ($part:ident, $lang:ident) => {{
        #[cfg(feature = "ssr")]
        let html = crate::frame::$part($lang);
        #[cfg(not(feature = "ssr"))]
        let (html, _) = ("", $lang);
        html
    }};
}

/// The product, as a component: what `frontend` hydrates.
#[component]
pub fn App() -> impl IntoView {
    provide_context(Site::current());
    view! {
        <Router>
            <Frame/>
        </Router>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let location = use_location();
    let path = location.pathname;
    // One language for the life of the page. Without one the routes show the error page, in the original's.
    let known = lang_of(&path.get_untracked());
    if let Some(lang) = known {
        provide_context(lang);
    }
    let lang = known.unwrap_or(Lang::Fr);
    let finder = Finder::new(lang);
    provide_context(finder);
    let toast = Toast::new();
    provide_context(toast);
    let query = location.search;
    browser::restore_settings();
    browser::watch_history();
    media::watch();
    let fallback = || view! { <NotFound/> };
    view! {
        {view! { <Header lang path query finder=Some(finder)/> }.into_any()}
        <main id="content" tabindex="-1">
            <FlatRoutes fallback>
                <Route path=path!("/:lang/plan/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/:lang/plan/:slug?") view=Plan ssr=SsrMode::Async/>
                <Route path=path!("/:lang/media/:number?") view=Media ssr=SsrMode::Async/>
                <Route path=path!("/:lang/account") view=Account ssr=SsrMode::Async/>
                <Route path=path!("/:lang/account/*step") view=Account ssr=SsrMode::Async/>
                <Route path=path!("/:lang/:page?") view=Page ssr=SsrMode::Async/>
            </FlatRoutes>
        </main>
        {view! { <Footer lang/> }.into_any()}
        {view! { <SearchDialog finder/> }.into_any()}
        {view! { <Help lang/> }.into_any()}
        <p class="toast" role="status" class:is-shown=move || !toast.0.read().is_empty()>
            {move || toast.0.get()}
        </p>
    }
}

/// A short word to the visitor that goes by itself.
#[derive(Clone, Copy)]
pub(crate) struct Toast(RwSignal<String>);

impl Toast {
    fn new() -> Self {
        Toast(RwSignal::new(String::new()))
    }

    /// Shows `word` for four seconds.
    pub(crate) fn say(self, word: &str) {
        self.0.set(word.to_owned());
        set_timeout(move || self.0.set(String::new()), std::time::Duration::from_secs(4));
    }
}

/// The bar on top. Without a [`Finder`] (error pages) the search is a link.
#[component]
pub(crate) fn Header(
    lang: Lang,
    #[prop(into)] path: Signal<String>,
    #[prop(into)] query: Signal<String>,
    finder: Option<Finder>,
) -> impl IntoView {
    let words = Words::of(lang);
    let site = expect_context::<Site>();
    let current = move |to: &To| {
        let (here, href) = (path.read(), to.href(lang));
        let within = matches!(to, To::Plan | To::Media) && here.starts_with(&href);
        if *here == href { Some("page") } else { within.then_some("true") }
    };
    let pages = move || {
        let mut html = Html::default();
        for (to, word) in [(To::Plan, words.plan), (To::Media, words.media), (To::About, words.about)] {
            html.raw("<a").attribute("href", &to.href(lang));
            if let Some(here) = current(&to) {
                html.attribute("aria-current", here);
            }
            html.raw(">").words(word).raw("</a>");
        }
        html.0
    };
    let other = lang.other();
    let other_href = move || with_query(&in_other_language(&path.read(), other), &query.read());
    let who = Who::current().0;
    let account = move || {
        let (path, query) = (path.read(), query.read());
        // A dialog leads back to where it was come from, not to itself.
        let back = in_query(&query, "return_to").unwrap_or_else(|| with_query(&path, &query));
        who_html(lang, &who, &ReturnTo::read(&back))
    };
    view! {
        <a
            class="skip"
            href="#content"
            on:click=|event| {
                // The router would take the address for a page of its own.
                event.prevent_default();
                browser::go_to("content");
            }
        >
            {words.skip}
        </a>
        <header class="bar">
            <div class="bar__inner">
                <a class="bar__brand" href=To::Home.href(lang)>{mark()}<span>{site.name}</span></a>
                <nav class="bar__nav" aria-label=words.main_nav inner_html=pages></nav>
                <a
                    class="bar__search"
                    href=To::Search.href(lang)
                    aria-current=move || current(&To::Search)
                    on:click=move |event| {
                        if let Some(finder) = finder && browser::plain_click(&event) {
                            event.prevent_default();
                            finder.open();
                        }
                    }
                >
                    {icon(icons::SEARCH)}<span>{words.search_plan}</span><kbd class="needs-js" aria-hidden="true">"/"</kbd>
                </a>
                <div class="bar__tools">
                    <button
                        class="bar__display icon-button needs-js"
                        type="button"
                        popovertarget="display"
                        aria-label=words.display
                        title=words.display
                    >
                        {icon(icons::DISPLAY)}
                    </button>
                    <a class="bar__lang" href=other_href rel="external" hreflang=other.tag() lang=other.tag()>
                        {words.other_language}
                    </a>
                    <span class="bar__who" inner_html=account></span>
                </div>
            </div>
        </header>
        <Display lang/>
    }
}

/// The account's link in the bar, between two marks: pages that are kept for everyone say that nobody is signed in, and
/// for whoever is, the server writes this link anew, and `data-who` on `<html>`.
pub fn who_html(lang: Lang, who: &str, return_to: &ReturnTo) -> String {
    let words = Words::of(lang);
    let mut html = Html::default();
    let (step, name) = match who.rsplit_once('@') {
        None => (Step::SignIn, words.sign_in.to_owned()),
        Some((local, _)) if local.chars().count() <= NAME => (Step::Account, local.to_owned()),
        Some((local, _)) => (Step::Account, local.chars().take(NAME - 1).chain(['…']).collect()),
    };
    let href = if step == Step::SignIn { return_to.through(step, lang) } else { To::Account(step).href(lang) };
    html.raw("<!--who--><a class=\"bar__account\" rel=\"external\"").attribute("href", &href);
    if !who.is_empty() {
        html.attribute("title", who);
    }
    html.raw(">").raw(&icon_html(icons::ACCOUNT));
    if !who.is_empty() {
        html.raw("<span class=\"sr-only\">").words(words.my_account).raw("\u{a0}: </span>");
    }
    html.raw("<span class=\"bar__name\">").words(&name).raw("</span></a><!--/who-->");
    html.0
}

/// Characters of a name in the bar.
const NAME: usize = 16;

/// Size, width and colours of the text: kept by the browser, applied before the first paint.
#[component]
fn Display(lang: Lang) -> impl IntoView {
    view! {
        <div
            id="display"
            class="menu"
            popover="auto"
            role="dialog"
            aria-label=Words::of(lang).display
            on:change=|event| browser::keep_setting(&event)
            inner_html=written!(display, lang)
        ></div>
    }
}

/// The foot of every page.
#[component]
pub(crate) fn Footer(lang: Lang) -> impl IntoView {
    view! { <footer class="foot" inner_html=written!(foot, lang)></footer> }
}

/// The list of keys, opened by `?`.
#[component]
fn Help(lang: Lang) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    browser::on_key(move |key| {
        if key == "?"
            && let Some(dialog) = dialog.get_untracked()
        {
            browser::toggle_modal(&dialog);
        }
    });
    view! {
        <dialog class="help" node_ref=dialog aria-label=Words::of(lang).keys inner_html=written!(keys, lang)></dialog>
    }
}

/// The page for an address that leads nowhere; the server sets the status when it writes the head.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let lang = use_context::<Lang>().unwrap_or(Lang::Fr);
    view! { <ErrorBody lang status=404 incident=None/> }
}

/// What every error page says: what happened, what was kept, what to do.
#[component]
pub(crate) fn ErrorBody(lang: Lang, status: u16, incident: Option<String>) -> impl IntoView {
    let words = Words::of(lang);
    let (title, text) = words.error(lang, status);
    let mut html = Html::default();
    html.raw("<p class=\"error-page__status\">").words(&status.to_string()).raw("</p><h1>").words(title);
    html.raw("</h1><p>").words(text).raw("</p>");
    #[cfg(feature = "ssr")]
    if let Some(number) = incident {
        html.raw("<p class=\"error-page__incident\">")
            .words(crate::words::PageWords::of(lang).incident)
            .raw(": <code>");
        html.words(&number).raw("</code></p>");
    }
    #[cfg(not(feature = "ssr"))]
    drop(incident);
    html.raw("<p class=\"error-page__links\">");
    for (class, to, word) in
        [("button button--primary", To::Plan, words.home_read), ("button", To::Search, words.search_plan)]
    {
        html.raw("<a").attribute("class", class).attribute("href", &to.href(lang)).raw(">").words(word).raw("</a> ");
    }
    html.raw("</p>");
    view! { <div class="error-page" inner_html=html.0></div> }
}
