//! What only a browser can do. Everything here is inert on the server: effects do not run there.

use crate::site::Site;
use leptos::{ev, prelude::*};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement};

/// The settings of the display and the value that needs no attribute. The script in the shell reads the same keys.
pub(crate) const SETTINGS: [(&str, &str); 3] = [("size", "m"), ("width", "normal"), ("theme", "auto")];

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// What this browser keeps under `key`. `None` where it keeps nothing, or refuses to.
pub(crate) fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps `value` under `key` in this browser, if it lets us.
pub(crate) fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden store loses a convenience, nothing else.
        drop(storage.set_item(key, value));
    }
}

/// Sets and keeps the setting of the display whose choice was changed.
pub(crate) fn keep_setting(event: &ev::Event) {
    let Some(Ok(field)) = event.target().map(|target| target.dyn_into::<HtmlInputElement>()) else { return };
    remember(&field.name(), &field.value());
    if let Some(root) = document().document_element() {
        drop(root.set_attribute(&format!("data-{}", field.name()), &field.value()));
    }
}

/// Ticks the choices that were kept.
pub(crate) fn restore_settings() {
    Effect::new(move || {
        for (name, default) in SETTINGS {
            let value = recall(name).unwrap_or_else(|| default.to_owned());
            let field = document().query_selector(&format!("input[name={name}][value='{}']", escaped(&value)));
            if let Ok(Some(field)) = field {
                field.unchecked_into::<HtmlInputElement>().set_checked(true);
            }
        }
    });
}

/// What was stored may be anything: only letters reach the selector.
fn escaped(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphabetic).collect()
}

/// What was clicked, or the nearest around it that matches `selector`.
pub(crate) fn closest(event: &ev::MouseEvent, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// A click that is to be handled in the page: no new tab or window was asked for.
pub(crate) fn plain_click(event: &ev::MouseEvent) -> bool {
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}

/// Calls `act` with each key pressed outside fields and dialogs and without modifiers, as long as the caller lives.
pub(crate) fn on_key(act: impl Fn(&str) + 'static) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if keys_are_free(&event) {
            act(&event.key());
        }
    });
    on_cleanup(move || handle.remove());
}

/// Calls `act` when Ctrl-K or ⌘-K is pressed, wherever the focus is.
pub(crate) fn on_command_k(act: impl Fn() + 'static) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            act();
        }
    });
    on_cleanup(move || handle.remove());
}

fn keys_are_free(event: &ev::KeyboardEvent) -> bool {
    let busy = "input:not([type=radio]), textarea, select, [contenteditable], dialog[open]";
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest(busy).ok().flatten().is_some());
    !typing && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.default_prevented()
}

/// Opens a dialog over the page, at its field if it has one, or closes it.
pub(crate) fn toggle_modal(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    } else {
        drop(dialog.show_modal());
        // Not `autofocus`: browsers complain of it, dialog open or not, where an address leads to a spot of the page.
        if let Ok(Some(field)) = dialog.query_selector("input") {
            drop(field.unchecked_into::<HtmlElement>().focus());
        }
    }
}

/// Puts a sheet away once one of its links is followed: it would lie over what one has gone to.
pub(crate) fn put_away(event: &ev::MouseEvent) {
    let sheet = closest(event, "a").and_then(|link| link.closest("[popover]:popover-open").ok().flatten());
    if let Some(sheet) = sheet {
        drop(sheet.unchecked_into::<HtmlElement>().hide_popover());
    }
}

/// The element with that id.
pub(crate) fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Brings an element to the top of the view, below the bar, and gives it the focus.
pub(crate) fn go_to(id: &str) {
    if let Some(element) = by_id(id) {
        element.scroll_into_view();
        focus_quietly(&element);
    }
}

/// Scrolls the contents, not the page, so that the current place can be seen in them.
pub(crate) fn reveal_current() {
    let Some(contents) = by_id("contents") else { return };
    let Ok(Some(link)) = contents.query_selector(".contents__paras [aria-current]") else { return };
    let (frame, link) = (contents.get_bounding_client_rect(), link.get_bounding_client_rect());
    let beyond = if link.top() < frame.top() + EDGE {
        link.top() - frame.top() - EDGE
    } else if link.bottom() > frame.bottom() - EDGE {
        link.bottom() - frame.bottom() + EDGE
    } else {
        return;
    };
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
    contents.set_scroll_top(contents.scroll_top() + beyond as i32);
}

/// Pixels kept free above and below the current place in the contents.
const EDGE: f64 = 64.0;

/// Gives the focus without moving the view.
pub(crate) fn focus_quietly(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    drop(element.focus_with_options(&options));
}

/// The page's title: its own name first, then the site's.
pub(crate) fn set_title(title: impl Fn() -> String + 'static) {
    let site = Site::current().name;
    Effect::new(move || document().set_title(&full_title(&title(), &site)));
}

/// `Mesure 4, § 2 – Estafette`; the site's name alone for its home page.
pub fn full_title(page: &str, site: &str) -> String {
    if page.is_empty() { site.to_owned() } else { format!("{page} – {site}") }
}

/// Puts a text on the clipboard; `done` hears whether the browser let us.
pub(crate) fn copy(text: String, done: impl Fn(bool) + 'static) {
    leptos::task::spawn_local(async move {
        // Without a secure context there is no clipboard: the property is undefined.
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
        let promise = match clipboard {
            Ok(value) if !value.is_undefined() => value.unchecked_into::<web_sys::Clipboard>().write_text(&text),
            _ => return done(false),
        };
        done(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok());
    });
}

/// What the server answers, if it is well.
pub(crate) async fn fetch(url: &str, fields: Option<&web_sys::UrlSearchParams>) -> Option<web_sys::Response> {
    let request = web_sys::RequestInit::new();
    if let Some(fields) = fields {
        request.set_method("POST");
        request.set_body(fields);
    }
    let answer = wasm_bindgen_futures::JsFuture::from(window().fetch_with_str_and_init(url, &request)).await.ok()?;
    Some(answer.unchecked_into::<web_sys::Response>()).filter(web_sys::Response::ok)
}

/// The same as text.
pub(crate) async fn ask(url: &str, fields: Option<&web_sys::UrlSearchParams>) -> Option<String> {
    wasm_bindgen_futures::JsFuture::from(fetch(url, fields).await?.text().ok()?).await.ok()?.as_string()
}

/// This page's origin, `https://press.example.org`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The address shown in the bar becomes `path`, without a new entry in the history.
pub(crate) fn replace_address(path: &str) {
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path)));
    }
}

/// Milliseconds of this page's life.
pub(crate) fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Lets the browser draw and listen before work goes on.
pub(crate) async fn breathe() {
    rest(0).await;
}

/// Waits so many milliseconds.
pub(crate) async fn rest(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds));
    });
    drop(wasm_bindgen_futures::JsFuture::from(promise).await);
}

/// Takes a class from whatever has it and gives it to the element with that id.
pub(crate) fn move_class(class: &str, to: &str) {
    // What is as it should be is left alone: each change has the browser look at the styles of the whole text again.
    let mut there = false;
    each(&format!(".{class}"), |element| match element.id() == to {
        true => there = true,
        false => drop(element.class_list().remove_1(class)),
    });
    if let Some(element) = by_id(to).filter(|_| !there) {
        drop(element.class_list().add_1(class));
    }
}

/// Marks the links of the contents that lead to these spots as the current ones.
pub(crate) fn move_current(spots: &[&str]) {
    each("[data-spot]", |link| {
        let here = link.get_attribute("data-spot").is_some_and(|spot| spots.contains(&&*spot));
        drop(match (here, link.has_attribute("aria-current")) {
            (true, false) => link.set_attribute("aria-current", "location"),
            (false, true) => link.remove_attribute("aria-current"),
            _ => Ok(()),
        });
    });
}

/// How much is read, in per cent: told to those who hear the page, and shown.
pub(crate) fn set_progress(percent: &str) {
    each("[role=progressbar]", |bar| drop(bar.set_attribute("aria-valuenow", percent)));
    each("[role=progressbar] [data-done]", |bar| drop(bar.set_attribute("data-done", percent)));
}

/// Does something with every element that matches.
pub(crate) fn each(selector: &str, mut act: impl FnMut(&Element)) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index) {
            act(element.unchecked_ref());
        }
    }
}

/// How far the page is scrolled, in pixels.
pub(crate) fn scrolled() -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
    window().scroll_y().map_or(0, |y| y.round() as i32)
}

/// Calls `act` after the page was scrolled, at most once for each frame, as long as the caller lives.
pub(crate) fn on_scroll(act: impl Fn() + 'static) {
    let act = Rc::new(act);
    let waiting = Rc::new(Cell::new(false));
    let handle = window_event_listener(ev::scroll, move |_| {
        if !waiting.replace(true) {
            let (act, waiting) = (Rc::clone(&act), Rc::clone(&waiting));
            request_animation_frame(move || {
                waiting.set(false);
                act();
            });
        }
    });
    on_cleanup(move || handle.remove());
}

/// The part of the view, from its top, that lies above the line on which one reads.
const READING_LINE: f64 = 0.15;

/// The id of the last element matching `selector` that begins above the line on which one reads.
///
/// Over the last screen the line runs down to the lower edge, so that each element is read before the page ends.
pub(crate) fn being_read(selector: &str) -> Option<String> {
    let root = document().document_element()?;
    let (view, whole) = (f64::from(root.client_height()), f64::from(root.scroll_height()));
    let left = (whole - view - window().scroll_y().ok()?).max(0.0);
    let line = view * READING_LINE;
    let line = line + (view - line - left).max(0.0);
    let mut read = None;
    each(selector, |element| {
        if element.get_bounding_client_rect().top() <= line {
            read = Some(element.id());
        }
    });
    read
}

/// Where this tab keeps how far an address was scrolled.
fn scroll_key() -> Option<String> {
    let location = window().location();
    Some(format!("scroll {}{}", location.pathname().ok()?, location.search().ok()?))
}

/// Keeps how far this page is scrolled, for the way back to it.
pub(crate) fn remember_scroll() {
    if let (Some(key), Ok(Some(tab))) = (scroll_key(), window().session_storage()) {
        drop(tab.set_item(&key, &scrolled().to_string()));
    }
}

thread_local! {
    /// The address the visitor has just gone back or forward to.
    static RETURNED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notices when the visitor goes back or forward.
pub(crate) fn watch_history() {
    Effect::new(|| {
        // As long as the page lives.
        let _ = window_event_listener(ev::popstate, |_| RETURNED.set(scroll_key()));
    });
}

/// Scrolls to where this page was left, if the visitor has come back to it. The browser does so by itself where the
/// page was not taken down in between.
pub(crate) fn restore_scroll() {
    let returned = RETURNED.take();
    if returned.is_none() || returned != scroll_key() {
        return;
    }
    let tab = window().session_storage().ok().flatten();
    let kept = returned.and_then(|key| tab?.get_item(&key).ok()?).and_then(|y| y.parse::<i32>().ok());
    if let Some(y) = kept {
        request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, f64::from(y)));
    }
}
