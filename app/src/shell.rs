//! The HTML document around the app. Written on the server only.

use crate::{App, Site, Who, head::Head};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, HashedStylesheetProps};
use std::sync::LazyLock;

/// Sets the display before the first paint, and says that scripts run. The keys are `browser::SETTINGS`'.
const EARLY: &str = "(d=>{d.dataset.js='1';try{for(const k of['size','width','theme']){const v=localStorage.getItem(k);\
if(/^[a-z]+$/.test(v||''))d.dataset[k]=v}}catch{}})(document.documentElement)";

/// On the way back browsers show a page as they kept it, and somebody may have signed in or out since: then it is asked
/// for anew.
const AGAIN: &str = ";{const again=async()=>{const who=await fetch('/api/account/who');\
if(who.ok&&await who.json()!=document.documentElement.dataset.who)location.reload()};\
if(performance.getEntriesByType('navigation')[0]?.type=='back_forward')again();\
addEventListener('pageshow',kept=>kept.persisted&&again())}";

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
            data-who=Who::current().0
        >
            <head>
                {frame(&options)}
                <script nonce=use_nonce() inner_html=EARLY></script>
                {head.view(&site)}
                <AutoReload options=options.clone()/>
                <script type="module" nonce=use_nonce() inner_html=hydration(&options) + AGAIN></script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Brings the Wasm once the page stands and the browser has nothing better to do, or does not say so for a second:
/// everything can be read and followed before. Leptos's own script announces the Wasm in the head, where it takes the line
/// from the text and its fonts.
fn hydration(options: &LeptosOptions) -> String {
    let pkg = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let js = format!("{pkg}{}.js", hash(options, "js"));
    let unhashed = if options.hash_files { "" } else { "_bg" };
    let wasm = format!("{pkg}{unhashed}{}.wasm", hash(options, "wasm"));
    // Two tasks, between which the browser can listen: the module is made ready, then it takes the page over.
    format!(
        "const bring=async()=>{{const wasm=fetch('{wasm}'),module=await import('{js}');\
         await module.default({{module_or_path:wasm}});setTimeout(module.hydrate)}},\
         soon=()=>window.requestIdleCallback?requestIdleCallback(bring,{{timeout:1000}}):setTimeout(bring);\
         document.readyState=='complete'?soon():addEventListener('load',soon)"
    )
}

/// What cargo-leptos has put into the name of that file: `.` and a hash of its content.
fn hash(options: &LeptosOptions, file: &str) -> String {
    static HASHES: LazyLock<Option<String>> =
        LazyLock::new(|| std::fs::read_to_string(std::env::current_exe().ok()?.parent()?.join("hash.txt")).ok());
    let lines = HASHES.as_deref().filter(|_| options.hash_files).unwrap_or_default().lines();
    let hash = lines.filter_map(|line| line.split_once(':')).find(|(of, _)| of.trim() == file);
    hash.map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default()
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
