//! What the library does in a browser on any page: a video's pictures leafed through under a pointer, a finger or the
//! focus, and what the player hears of.

use super::player;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use std::{cell::Cell, time::Duration};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, Event, HtmlElement, PointerEvent};

/// How long a picture is shown while the focus leafs through them.
const PICTURE: Duration = Duration::from_millis(500);

thread_local! {
    /// The picture that the focus has come to.
    static TURNED: Cell<u32> = const { Cell::new(0) };
    static LEAFING: Cell<Option<IntervalHandle>> = const { Cell::new(None) };
}

/// Listens, as long as the page lives: one listener for all, as each weighs something. What is heard
/// may cause what is heard next: marks are told to the form.
pub(crate) fn watch() {
    Effect::new(|| {
        let heard: js_sys::Function =
            Closure::<dyn Fn(Event)>::new(|event: Event| hear(&event)).into_js_value().unchecked_into();
        for kind in ["click", "pointermove", "pointerout", "focusin", "focusout", "input", "keydown"] {
            // On the way down: before the router hears of a click.
            drop(document().add_event_listener_with_callback_and_bool(kind, &heard, true));
        }
    });
}

fn hear(event: &Event) {
    match event.type_().as_str() {
        "click" if player::clicked(event.unchecked_ref()) => event.prevent_default(),
        "pointermove" => {
            if let Some((link, picture)) = around(event) {
                show(&link, at(event.unchecked_ref(), &picture));
            }
        }
        "pointerout" => around(event).into_iter().for_each(|(link, _)| hide(&link)),
        "focusin" => drop(focused(event)),
        "focusout" => {
            LEAFING.take().into_iter().for_each(|leafing| leafing.clear());
            target(event).into_iter().for_each(|link| hide(&link));
        }
        "input" => player::changed(event),
        "keydown" => player::key(event.unchecked_ref()),
        _ => {}
    }
}

/// The link with pictures to leaf through that an event is of.
fn target(event: &Event) -> Option<HtmlElement> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest("[data-board]").ok()??.dyn_into().ok()
}

/// The link and its picture, where a pointer is over it.
fn around(event: &Event) -> Option<(HtmlElement, Element)> {
    let link = target(event)?;
    let picture = link.query_selector(".film__still").ok()??;
    Some((link, picture))
}

/// How far across the picture, in thousandths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a page; `as` saturates")]
fn at(event: &PointerEvent, picture: &Element) -> u32 {
    let frame = picture.get_bounding_client_rect();
    let across = (f64::from(event.client_x()) - frame.left()) / frame.width().max(1.0);
    (across * 1000.0) as u32
}

fn number(link: &HtmlElement, name: &str) -> u32 {
    link.get_attribute(name).and_then(|number| number.parse().ok()).unwrap_or(1).max(1)
}

/// Shows the picture that lies so far through the video, in thousandths.
fn show(link: &HtmlElement, across: u32) {
    let Some(board) = link.query_selector(".film__board").ok().flatten() else { return };
    let (tiles, columns) = (number(link, "data-tiles"), number(link, "data-columns"));
    let tile = (across.min(999) * tiles) / 1000;
    let rows = tiles.div_ceil(columns);
    // Of a background larger than its box, per cent are of what stands out.
    let per_cent = |nth: u32, of: u32| format!("{}%", nth * 100 / of.saturating_sub(1).max(1));
    let style = board.unchecked_ref::<HtmlElement>().style();
    let image = format!("url(\"{}\")", link.get_attribute("data-board").unwrap_or_default());
    for (name, value) in [
        ("background-image", image),
        ("background-size", format!("{}% {}%", columns * 100, rows * 100)),
        ("background-position", format!("{} {}", per_cent(tile % columns, columns), per_cent(tile / columns, rows))),
    ] {
        drop(style.set_property(name, &value));
    }
    drop(board.set_attribute("data-at", &(across / 10).to_string()));
}

fn hide(link: &HtmlElement) {
    if let Ok(Some(board)) = link.query_selector(".film__board") {
        drop(board.unchecked_ref::<HtmlElement>().style().remove_property("background-image"));
        drop(board.remove_attribute("data-at"));
    }
}

/// The focus leafs by itself, unless motion is not wanted.
fn focused(event: &Event) -> Option<()> {
    let link = target(event).filter(|link| link.matches(":focus-visible").unwrap_or_default())?;
    if window().match_media("(prefers-reduced-motion: reduce)").ok()??.matches() {
        return None;
    }
    TURNED.set(0);
    let turn = move || {
        let tiles = number(&link, "data-tiles");
        // Some ten pictures, however many there are.
        TURNED.set((TURNED.get() + (1000 / tiles.min(10)).max(1)) % 1000);
        show(&link, TURNED.get());
    };
    LEAFING.set(set_interval_with_handle(turn, PICTURE).ok());
    Some(())
}
