//! The product's own drawings: its mark, and line icons on a grid of 20.

use leptos::prelude::*;

/// The mark: a rider's pennant, on a grid of 32. `public/favicon.svg` shows the same.
const MARK: &str = r#"<path d="M2 2h4v28H2zM8 4l6.5 8L8 20zM12 4h18l-5 8 5 8H12l6.5-8z"/>"#;
pub(crate) const SEARCH: &str = r#"<circle cx="8.5" cy="8.5" r="5.5"/><path d="m12.5 12.5 5 5"/>"#;
pub(crate) const CONTENTS: &str = r#"<path d="M3 4.5h14M6 10h11M9 15.5h8M3 10h0M3 15.5h0"/>"#;
pub(crate) const DISPLAY: &str = r#"<path d="M2.5 15.5 6.5 5l4 10.5M4 12h5M11.5 15.5l3-7.5 3 7.5m-5-2.5h4"/>"#;
pub(crate) const PASSAGE: &str = r#"<path d="M3 4h14v12H3zM12.5 4v12"/>"#;
pub(crate) const CLOSE: &str = r#"<path d="m4.5 4.5 11 11m0-11-11 11"/>"#;
pub(crate) const LINK: &str = r#"<path d="M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.54 3.54 0 0 0-5-5l-1 1"/><path d="M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.54 3.54 0 0 0 5 5l1-1"/>"#;
pub(crate) const COPY: &str = r#"<path d="M7 7h10v10H7z"/><path d="M13 7V3H3v10h4"/>"#;
pub(crate) const COLUMNS: &str = r#"<path d="M3 4h14v12H3zM10 4v12"/>"#;
pub(crate) const PRINT: &str = r#"<path d="M6 7V3h8v4M6 14H3V7h14v7h-3"/><path d="M6 12h8v5H6z"/>"#;
pub(crate) const ACCOUNT: &str =
    r#"<circle cx="10" cy="6.5" r="3.5"/><path d="M3 17.5c.6-3.7 3.4-5.5 7-5.5s6.4 1.8 7 5.5"/>"#;
#[cfg(feature = "ssr")]
pub(crate) const EYE: &str = r#"<path d="M1.5 10S4.5 4.5 10 4.5s8.5 5.5 8.5 5.5-3 5.5-8.5 5.5S1.5 10 1.5 10z"/><circle cx="10" cy="10" r="2.5"/>"#;

/// A line icon; the words beside it or its button's label name it.
pub(crate) fn icon(drawing: &'static str) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" inner_html=drawing></svg> }
        .into_any()
}

/// The same as HTML.
pub(crate) fn icon_html(drawing: &str) -> String {
    format!(r#"<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{drawing}</svg>"#)
}

/// The mark of the product.
pub(crate) fn mark() -> AnyView {
    view! { <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" inner_html=MARK></svg> }
        .into_any()
}
