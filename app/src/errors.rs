//! Error pages that need neither the router nor a script: the server shows them where the app cannot answer.

use crate::{
    Site,
    browser::full_title,
    html::Html,
    layout::{ErrorBody, Footer, Header},
    shell::frame,
    words::Words,
};
use leptos::{config::LeptosOptions, prelude::*};
use plan::Lang;

/// A whole HTML page for `status`, in the site's look.
pub fn render(site: &Site, options: &LeptosOptions, lang: Lang, status: u16, incident: Option<&str>) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(site.clone());
        let (title, _) = Words::of(lang).error(status);
        let incident = incident.map(str::to_owned);
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
                        <ErrorBody lang status incident/>
                    </main>
                    <Footer lang/>
                </body>
            </html>
        };
        page.to_html()
    })
}
