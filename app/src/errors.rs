//! Error pages that need neither the router nor a script: the server shows them where the app cannot answer.

use crate::{
    Site,
    account::{limits::Refusal, words::Words as AccountWords},
    browser::full_title,
    html::Html,
    layout::{ErrorBody, Footer, Header},
    routes::{Step, To},
    shell::frame,
    words::Words,
};
use leptos::{config::LeptosOptions, prelude::*};
use plan::Lang;

/// A whole HTML page for `status`, in the site's look.
pub fn render(site: &Site, options: &LeptosOptions, lang: Lang, status: u16, incident: Option<&str>) -> String {
    let (title, _) = Words::of(lang).error(lang, status);
    let incident = incident.map(str::to_owned);
    page(site, options, lang, title, move || view! { <ErrorBody lang status incident/> }.into_any())
}

/// The page that says why a film is not handed out, and where one goes from there.
pub fn refused(site: &Site, options: &LeptosOptions, lang: Lang, status: u16, refusal: &Refusal) -> String {
    let (title, text) = refusal.words(lang);
    let mut html = Html::default();
    html.raw("<p class=\"error-page__status\">").words(&status.to_string()).raw("</p><h1>").words(title);
    html.raw("</h1><p>").words(&text).raw("</p><p class=\"error-page__links\">");
    let (account, words) = (To::Account(Step::Account), AccountWords::of(lang));
    for (class, to, word) in [
        ("button button--primary", account, words.account),
        ("button", To::Account(Step::Downloads), words.downloads),
        ("button", To::Media, words.to_library),
    ] {
        html.raw("<a").attribute("class", class).attribute("href", &to.href(lang)).raw(">").words(word).raw("</a> ");
    }
    html.raw("</p>");
    page(site, options, lang, title, move || view! { <div class="error-page" inner_html=html.0></div> }.into_any())
}

fn page(site: &Site, options: &LeptosOptions, lang: Lang, title: &str, body: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(site.clone());
        let page = view! {
            <!DOCTYPE html>
            <html lang=lang.tag()>
                <head>
                    {frame(options)}
                    <title inner_html=Html::escaped(&full_title(title, &site.name))></title>
                    <meta name="robots" content="noindex"/>
                </head>
                <body>
                    <Header lang path="" query="" finder=None/>
                    <main id="content" tabindex="-1">
                        {body()}
                    </main>
                    <Footer lang/>
                </body>
            </html>
        };
        page.to_html()
    })
}
