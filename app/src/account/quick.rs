//! The account's pages in the browser: shown as the server wrote them, and made quicker.
//!
//! One set of handlers serves every page. What they need to know stands in the page as `data-` attributes: no word and
//! no form of a dialog is part of the Wasm.

use super::policy::{Policy, Rule};
use crate::{
    browser,
    data::{Json, with_data},
    layout::NotFound,
    routes::{To, with_query},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use plan::Lang;
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
use wasm_bindgen::JsCast as _;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// `/{lang}/account…`
#[component]
pub(crate) fn Account() -> impl IntoView {
    let location = use_location();
    // Of one address for the life of the page: links between dialogs are full loads, as cookies and the bar change.
    let path = location.pathname.get_untracked();
    let (Some(lang), Some((_, To::Account(_)))) = (use_context::<Lang>(), To::parse(&path)) else {
        return view! { <NotFound/> }.into_any();
    };
    let address = Memo::new(move |_| with_query(&path, &location.search.read_untracked()));
    let shown = with_data(lang, address, load, |html: String| {
        Effect::new({
            let lacks = html.is_empty();
            move || if lacks { drop(window().location().reload()) } else { request_animation_frame(begin) }
        });
        view! { <div id="account" inner_html=html></div> }.into_any()
    });
    Effect::new(|| {
        if let Ok(clock) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || clock.clear());
        }
    });
    view! {
        <div
            class="account"
            on:submit=|event| send(&event)
            on:input=|event| typed(&event)
            on:click=|event| clicked(&event)
        >
            {shown}
        </div>
    }
    .into_any()
}

/// The page's HTML. The browser has it with the page; where it goes back to one without loading it, it loads it.
#[cfg(feature = "ssr")]
async fn load(address: String) -> Result<Json, ServerFnError> {
    super::forms::page(address).await
}

#[cfg(not(feature = "ssr"))]
async fn load(_: String) -> Result<Json, ServerFnError> {
    Ok(Json::nothing())
}

thread_local! {
    /// When the page was shown: its times count from then.
    static SINCE: Cell<f64> = const { Cell::new(0.0) };
    /// Seconds that were counted.
    static TICKS: Cell<u32> = const { Cell::new(0) };
    /// Changes of passwords that are chosen: the last one asks for the strength.
    static CHANGES: Cell<u32> = const { Cell::new(0) };
    /// The stems of leaked passwords, once they are here.
    static LEAKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A page has just been shown.
fn begin() {
    SINCE.set(browser::now());
    count();
}

fn tick() {
    count();
    TICKS.set(TICKS.get() + 1);
    let waits = || document().query_selector("#letter [data-poll]").ok().flatten().is_some();
    if TICKS.get().is_multiple_of(3) && !document().hidden() && waits() {
        spawn_local(async {
            ask_for_letter().await;
        });
    }
}

/// Writes the times that are left: `data-until` seconds after the page was shown, in units of `data-unit` seconds.
/// A button can be pressed once its time is over.
fn count() {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds since a page was shown")]
    let gone = ((browser::now() - SINCE.get()) / 1000.0) as u32;
    browser::each("[data-until]", |element| {
        let said = |name: &str| element.get_attribute(name).unwrap_or_default();
        let number = |name: &str| said(name).parse::<u32>().unwrap_or(1);
        let left = number("data-until").saturating_sub(gone).div_ceil(number("data-unit"));
        let words = match left {
            0 => said("data-none"),
            1 => said("data-one"),
            _ => said("data-many"),
        };
        let words = words.replace("{}", &left.to_string());
        if element.text_content().as_deref() != Some(&words) {
            element.set_text_content(Some(&words));
        }
        if element.tag_name() == "BUTTON" {
            drop(element.toggle_attribute_with_force("disabled", left > 0));
        }
    });
}

/// Sends a form without leaving the page; where that does not work, as the browser would have.
fn send(event: &ev::SubmitEvent) {
    let Some(Ok(form)) = event.target().map(|target| target.dyn_into::<HtmlFormElement>()) else { return };
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    drop(form.set_attribute("aria-busy", "true"));
    spawn_local(async move {
        let answer = answer(&form).await;
        // The browser may bring this very page back.
        drop(form.remove_attribute("aria-busy"));
        let Some(to) = answer else { return drop(form.submit()) };
        let here = window().location().pathname().unwrap_or_default();
        if to.split('?').next() == Some(&here)
            && let Some(html) = page(&to).await
            && let Some(shown) = browser::by_id("account")
        {
            browser::replace_address(&to);
            // The focus moves below; the browser would say that it may not.
            shown.set_inner_html(&html.replacen(" autofocus", "", 1));
            begin();
            browser::go_to("said");
        } else {
            drop(window().location().assign(&to));
        }
    });
}

fn typed(event: &ev::Event) {
    let Some(Ok(field)) = event.target().map(|target| target.dyn_into::<HtmlInputElement>()) else { return };
    if field.has_attribute("data-digits") {
        let value = field.value();
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if digits != value {
            field.set_value(&digits);
        }
    } else if field.has_attribute("data-policy") {
        judge(&field);
        if CHANGES.get() == 0 {
            let field = field.clone();
            spawn_local(async move {
                if let Some(stems) = browser::ask("/api/account/leaked", None).await {
                    LEAKED.set(Some(stems.trim_matches('"').to_owned()));
                    judge(&field);
                }
            });
        }
        CHANGES.set(CHANGES.get() + 1);
        weigh(field);
    }
}

/// Ticks off the rules the password keeps.
fn judge(field: &HtmlInputElement) {
    let password = field.value();
    let context = field.get_attribute("data-policy").unwrap_or_default();
    let address = browser::by_id("email").map(|email| email.unchecked_into::<HtmlInputElement>().value());
    let names = [context.as_str(), address.as_deref().unwrap_or_default()];
    let broken = LEAKED.with_borrow(|stems| {
        let mut broken = Policy::new(stems.as_deref().unwrap_or_default(), names).broken(&password);
        if stems.is_none() {
            broken.push(Rule::Leaked);
        }
        broken
    });
    browser::each("[data-rule]", |line| {
        let tag = line.get_attribute("data-rule").unwrap_or_default();
        let kept = !broken.iter().any(|rule| rule.tag() == tag);
        drop(line.toggle_attribute_with_force("data-kept", kept && !password.is_empty()));
        if tag == Rule::Limit.tag() {
            drop(line.toggle_attribute_with_force("hidden", kept));
        }
    });
    if let Some(meter) = browser::by_id("strength") {
        // What breaks a rule has no strength worth telling.
        drop(meter.toggle_attribute_with_force("data-kept", broken.is_empty()));
    }
}

/// Asks for the strength once nothing more is typed.
fn weigh(field: HtmlInputElement) {
    let change = CHANGES.get();
    let weigh = move || {
        let Some(scale) = browser::by_id("strength").filter(|scale| scale.has_attribute("data-kept")) else {
            return;
        };
        if CHANGES.get() != change {
            return;
        }
        spawn_local(async move {
            let Ok(fields) = UrlSearchParams::new() else { return };
            fields.append("password", &field.value());
            let Some(strength) = browser::ask("/api/account/strength", Some(&fields)).await else { return };
            let words = scale.get_attribute("data-words").unwrap_or_default();
            let word = strength.parse().ok().and_then(|step| words.split('|').nth(step));
            if let (Ok(Some(meter)), Ok(Some(said))) = (scale.query_selector("meter"), scale.query_selector("output")) {
                drop(meter.set_attribute("value", &strength));
                said.set_text_content(word);
            }
            drop(scale.remove_attribute("hidden"));
        });
    };
    set_timeout(weigh, Duration::from_millis(600));
}

/// Where the answer to a form leads.
async fn answer(form: &HtmlFormElement) -> Option<String> {
    let fields = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    browser::fetch(&form.action(), Some(&fields)).await?.headers().get("location").ok()?
}

/// The HTML of an account's page, if one may see it now.
async fn page(address: &str) -> Option<String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("address", address).finish();
    let json: Json = serde_json::from_str(&browser::ask(&format!("/api/account/page?{query}"), None).await?).ok()?;
    json.read::<String>().filter(|html| !html.is_empty())
}

/// Tells anew what has become of the message with the code. Nothing else of the page is touched: one may be typing.
async fn ask_for_letter() -> Option<()> {
    let location = window().location();
    let html = page(&with_query(&location.pathname().ok()?, &location.search().ok()?)).await?;
    let fresh = document().create_element("div").ok()?;
    fresh.set_inner_html(&html);
    let (fresh, shown) = (fresh.query_selector("#letter").ok()??.inner_html(), browser::by_id("letter")?);
    if shown.inner_html() != fresh {
        shown.set_inner_html(&fresh);
    }
    Some(())
}

/// The eye that shows a password, the address that was more likely meant, the links to fields.
fn clicked(event: &ev::MouseEvent) {
    if let Some(eye) = browser::closest(event, "[data-eye]") {
        let field = eye.get_attribute("aria-controls").and_then(|id| browser::by_id(&id));
        if let Some(field) = field.map(|field| field.unchecked_into::<HtmlInputElement>()) {
            let shown = field.type_() == "text";
            field.set_type(if shown { "password" } else { "text" });
            drop(eye.set_attribute("aria-pressed", if shown { "false" } else { "true" }));
        }
    } else if let Some(meant) =
        browser::closest(event, "[data-fill]").and_then(|button| button.get_attribute("data-fill"))
    {
        if let Some(email) = browser::by_id("email") {
            email.unchecked_ref::<HtmlInputElement>().set_value(&meant);
            browser::go_to("email");
        }
    } else if let Some(link) = browser::closest(event, "a[href^='#']").and_then(|link| link.get_attribute("href")) {
        // The router would take the address for a page of its own.
        event.prevent_default();
        browser::go_to(&link[1..]);
    }
}
