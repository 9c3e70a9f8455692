//! The HTML document around the app. Written on the server only.

use crate::{App, Site, head::Head};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, HashedStylesheetProps};

/// Sets the display before the first paint, and says that scripts run. The keys are `browser::SETTINGS`'.
const EARLY: &str = "(d=>{d.dataset.js='1';try{for(const k of['size','width','theme']){const v=localStorage.getItem(k);\
if(/^[a-z]+$/.test(v||''))d.dataset[k]=v}}catch{}})(document.documentElement)";

/// The whole document for the request in the context.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let site = expect_context::<Site>();
    let head = Head::of_request();
    let lang = head.lang.tag();
    view! {
        <!DOCTYPE html>
        <html
            lang=lang
            data-site=site.name.clone()
            data-organisation-fr=site.organisation.fr.clone()
            data-organisation-en=site.organisation.en.clone()
            data-url=site.public_url.clone()
        >
            <head>
                {frame(&options)}
                <script nonce=use_nonce() inner_html=EARLY></script>
                {head.view(&site)}
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What the head of every page needs, error pages included.
pub(crate) fn frame(options: &LeptosOptions) -> impl IntoView + use<> {
    // The fonts of the first screen; their names carry their content's hash.
    let fonts = include_str!("../../public/fonts/preload.txt").split_whitespace().map(|font| {
        view! { <link rel="preload" href=font r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
    });
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
        <meta name="color-scheme" content="light dark"/>
        {theme_color("#f8f6f1", "(prefers-color-scheme: light)")}
        {theme_color("#0d1520", "(prefers-color-scheme: dark)")}
        {HashedStylesheet(HashedStylesheetProps { options: options.clone(), id: None, root: None })}
        {fonts.collect_view()}
        <link rel="icon" href="/favicon.ico" sizes="32x32"/>
        <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
        <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
        <link rel="manifest" href="/manifest.webmanifest"/>
    }
}

/// The colour of the browser's own bar: the page's background in either scheme.
fn theme_color(colour: &'static str, media: &'static str) -> impl IntoView {
    leptos::html::meta().attr("name", "theme-color").attr("content", colour).attr("media", media)
}
