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
// The player's.
#[cfg(feature = "ssr")]
mod player {
    pub(crate) const PLAY: &str =
        r#"<path class="icon__play" d="M6 3.5v13l10-6.5z"/><path class="icon__pause" d="M7 4v12m6-12v12"/>"#;
    pub(crate) const REVERSE: &str = r#"<path d="M10 5v10l-7-5zM17 5v10l-7-5z"/>"#;
    pub(crate) const FORWARD: &str = r#"<path d="M3 5v10l7-5zM10 5v10l7-5z"/>"#;
    pub(crate) const FRAME_BACK: &str = r#"<path d="M13 5v10l-7-5zM16 5v10"/>"#;
    pub(crate) const FRAME_ON: &str = r#"<path d="M7 5v10l7-5zM4 5v10"/>"#;
    pub(crate) const MARK_IN: &str = r#"<path d="M8 3H4v14h4M8 10h8m-3-3 3 3-3 3"/>"#;
    pub(crate) const MARK_OUT: &str = r#"<path d="M12 3h4v14h-4M12 10H4m3-3-3 3 3 3"/>"#;
    pub(crate) const PLAY_PART: &str = r#"<path d="M5 3H2.5v14H5m10-14h2.5v14H15M8 6.5v7l5-3.5z"/>"#;
    pub(crate) const SOUND: &str =
        r#"<path d="M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5m2-7.5a7 7 0 0 1 0 10"/>"#;
    pub(crate) const CAPTIONS: &str = r#"<path d="M2.5 4h15v12h-15zM9 8.5a2 2 0 1 0 0 3m6-3a2 2 0 1 0 0 3"/>"#;
    pub(crate) const PIP: &str = r#"<path d="M2.5 4h15v12h-15zM10 10h5.5v4H10z"/>"#;
    pub(crate) const FULL: &str = r#"<path d="M3 7V3h4m6 0h4v4m0 6v4h-4m-6 0H3v-4"/>"#;
    pub(crate) const KEYS: &str = r#"<path d="M2 5h16v10H2zM5 8h0m3 0h0m3 0h0m4 0h0M6.5 12h7"/>"#;
}
#[cfg(feature = "ssr")]
pub(crate) use player::*;

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
