//! What words of the text lead to, shown beside them: on hover, on focus, on tap (WCAG 2.2, 1.4.13). Without a script
//! the same links lead to the notes below the text, or to the passage meant.

use super::{contract::Sheet, reader::find};
use crate::{browser, html::Html};
use leptos::{ev, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

/// Pixels between the card and the edges of the view.
const EDGE: f64 = 8.0;

/// The links that have a card.
const LINKS: &str = "[data-card]";

/// The card of this page.
#[derive(Clone)]
pub(super) struct Card {
    sheet: Arc<Sheet>,
}

impl Card {
    /// A card that comes and goes with the pointer, the focus and Escape, as long as the caller lives.
    pub(super) fn new(sheet: Arc<Sheet>) -> Self {
        let card = Card { sheet };
        Effect::new({
            let card = card.clone();
            move || card.watch()
        });
        card
    }

    fn watch(&self) {
        let card = self.clone();
        let pointer = window_event_listener(ev::pointerover, move |event| {
            // A finger has no hover: its tap is a click.
            if event.pointer_type() == "mouse" {
                card.reached(event.target());
            }
        });
        let card = self.clone();
        let focus = window_event_listener(ev::focusin, move |event| {
            let target = event.target();
            let seen = target.as_ref().and_then(|target| target.dyn_ref::<Element>());
            if seen.is_some_and(|element| element.matches(":focus-visible").unwrap_or_default()) {
                card.reached(target);
            }
        });
        let card = self.clone();
        let keys = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                card.hide();
            }
        });
        let card = self.clone();
        browser::on_scroll(move || card.place());
        on_cleanup(move || {
            pointer.remove();
            focus.remove();
            keys.remove();
        });
    }

    /// The pointer or the focus has come to an element.
    fn reached(&self, target: Option<web_sys::EventTarget>) {
        let Some(element) = target.and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let around = |selector| element.closest(selector).ok().flatten();
        match around(LINKS) {
            Some(link) => self.show(&link),
            // On its way from the link to the card, the pointer finds it where the link ends.
            None if around("#card").is_some() => {}
            None => self.hide(),
        }
    }

    /// A link was clicked or tapped. Whether its card has come instead of what it leads to.
    pub(super) fn comes(&self, link: &Element) -> bool {
        if !link.has_attribute("data-card") || self.is_of(link) {
            return false;
        }
        self.show(link);
        self.is_of(link)
    }

    /// Whether the card is there, and this link's.
    fn is_of(&self, link: &Element) -> bool {
        let open = browser::by_id("card").is_some_and(|card| card.matches(":popover-open").unwrap_or_default());
        open && described().as_ref() == Some(link)
    }

    fn show(&self, link: &Element) {
        let Some(card) = browser::by_id("card").filter(|_| !self.is_of(link)) else { return };
        let Some(html) = self.html(&link.get_attribute("data-card").unwrap_or_default()) else { return };
        self.hide();
        card.set_inner_html(&html);
        drop(link.set_attribute("aria-describedby", "card"));
        drop(card.show_popover());
        self.place();
    }

    pub(super) fn hide(&self) {
        if let Some(link) = described() {
            drop(link.remove_attribute("aria-describedby"));
            drop(browser::by_id("card").map(|card| card.hide_popover()));
        }
    }

    /// A note as it stands below the text, or a passage with its name.
    fn html(&self, id: &str) -> Option<String> {
        let meant = browser::by_id(id)?;
        if meant.class_list().contains("note") {
            return Some(meant.inner_html());
        }
        let spot = find(&self.sheet.spots, id)?;
        let words = meant.query_selector(".para__text, .heading-link").ok().flatten();
        let words = words.map_or(meant, |words| words.unchecked_into::<HtmlElement>()).inner_text();
        let mut html = Html::default();
        html.raw("<h4 class=\"note__head\">").words(&spot.label).raw("</h4><p class=\"card__passage\">");
        html.words(&words).raw("</p>");
        Some(html.0)
    }

    /// Puts the card under its link, or over it where there is more room, and away with a link that has left the view.
    /// The style sheet makes a sheet of it on phones.
    fn place(&self) {
        let Some(link) = described() else { return };
        let (Some(card), Some(root)) = (browser::by_id("card"), document().document_element()) else { return };
        let (link, size) = (link.get_bounding_client_rect(), card.get_bounding_client_rect());
        let (width, height) = (f64::from(root.client_width()), f64::from(root.client_height()));
        if link.bottom() < 0.0 || link.top() > height {
            self.hide();
            return;
        }
        let x = link.left().min(width - size.width() - EDGE).max(EDGE);
        let below = link.bottom() + size.height() < height || link.top() < size.height();
        let y = if below { link.bottom() } else { link.top() - size.height() };
        let style = card.style();
        drop(style.set_property("--x", &format!("{x:.0}px")));
        drop(style.set_property("--y", &format!("{y:.0}px")));
    }
}

/// The link whose card is shown.
fn described() -> Option<Element> {
    document().query_selector("[aria-describedby=card]").ok().flatten()
}
