//! The four cookies: who is signed in, which dialog is under way, which browser this is, what the last form was told.

use app::account::contract::{Caller, Done, Field, Refusal};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// A cookie of ours. None can be read by scripts, and on https none can be set by a neighbour's site (`__Host-`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session's token.
    Session,
    /// The token of the registration or reset under way.
    Flow,
    /// The token by which this browser is known again.
    Device,
    /// What the last form was told, for the page that follows.
    Notice,
}

/// Seconds a notice waits for its page.
pub(super) const NOTICE_S: i64 = 120;
/// Seconds a browser is known: a year.
pub(super) const DEVICE_S: i64 = 365 * 24 * 3600;
/// Characters of what was typed as an address that are given back: RFC 5321's 254 and some to see that it is too long.
const TYPED: usize = 300;

impl Cookie {
    /// Its name, by whether the site is visited over https.
    pub(crate) fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Cookie::Session, false) => "session",
            (Cookie::Session, true) => "__Host-session",
            (Cookie::Flow, false) => "flow",
            (Cookie::Flow, true) => "__Host-flow",
            (Cookie::Device, false) => "device",
            (Cookie::Device, true) => "__Host-device",
            (Cookie::Notice, false) => "notice",
            (Cookie::Notice, true) => "__Host-notice",
        }
    }

    /// The header that sets it for so many seconds.
    pub(super) fn set(self, caller: &Caller, value: &str, seconds: i64) -> String {
        let secure = if caller.secure { "; Secure" } else { "" };
        let name = self.name(caller.secure);
        // Lax: a link in a letter or on another site finds one signed in; a form there sends nothing (and is refused).
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// The header that takes it away.
    pub(super) fn clear(self, caller: &Caller) -> String {
        self.set(caller, "", 0)
    }
}

/// What a form was told. The visitor may forge it and sees what he has forged, nobody else does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {
    /// The address as it was typed.
    pub(super) email: String,
    /// What stands in the way.
    pub(super) refusals: Vec<(Field, Refusal)>,
    /// What has succeeded.
    pub(super) done: Option<Done>,
    /// The token that was just made, sealed: it is shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fresh: Option<String>,
}

impl Notice {
    pub(super) fn written(&self) -> String {
        let short = Notice { email: self.email.chars().take(TYPED).collect(), ..self.clone() };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&short).unwrap_or_default())
    }

    pub(super) fn read(caller: &Caller) -> Option<Notice> {
        let bytes = URL_SAFE_NO_PAD.decode(caller.notice.as_deref()?).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}
