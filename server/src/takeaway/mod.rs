//! Footage handed to accounts: who takes it, how much of it may be taken, and that it is known who has taken what.
//!
//! What is granted is a row of the store before the first byte goes; so whoever has any of it can be told when a video is
//! withdrawn. Budgets are counted in the store, for all instances together; what is under way at once, and what the line
//! carries, by each for itself.

mod pace;
mod recall;

pub(crate) use recall::withdraw;

use crate::{
    accounts::{Office, TERMS, Taker, Trouble},
    clock::{Clock, DAY, HOUR, SECOND},
    media::{
        delivery::{Deliverable, deliver},
        vault::Vault,
    },
    settings::Settings,
    store::{
        Store, StoreError,
        accounts::Account,
        budgets::Spend,
        downloads::{Begun, Budget, Wanted, What},
    },
};
use app::account::{
    contract::Caller,
    limits::{Limit, Spent},
};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::stream::{StreamExt, unfold};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use pace::Line;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

/// A download that nobody went on with for so long is begun anew.
const GOES_ON: i64 = HOUR;
/// Seconds after which to ask again, where nobody knows when there is a place.
const SOON: i64 = 10;

/// How much an account may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    downloads: i64,
    bytes: i64,
    transfers: usize,
    clips: i64,
}

/// Hands footage out.
pub(crate) struct Takeaway {
    store: Store,
    office: Arc<Office>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    line: Line,
    /// How many transfers each account has under way.
    transfers: Mutex<HashMap<Arc<str>, usize>>,
}

/// Why something is not handed out.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Nobody has signed in.
    Nobody,
    /// The token opens nothing.
    Stranger,
    /// The terms in force are not accepted.
    Terms,
    /// As much was taken as may be.
    Spent(Spent),
    /// The video was withdrawn, or the account deleted, meanwhile.
    Gone,
    /// The store is at fault, or too many ask.
    Trouble(Trouble),
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        Refused::Trouble(trouble)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::Trouble(error.into())
    }
}

impl Takeaway {
    /// Over a store. Within a runtime: sharing is work of its own.
    pub(crate) fn new(settings: &Settings, store: Store, office: Arc<Office>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let limits = Limits {
            downloads: number(settings.downloads_per_hour.get()),
            bytes: number(settings.download_mb_per_day.get()).saturating_mul(1_000_000),
            transfers: settings.transfers_at_once.get(),
            clips: number(settings.clip_jobs_at_once.get()),
        };
        let line = Line::new(settings.delivery_bandwidth.get() as u64 * 1000);
        Arc::new(Self { store, office, clock, limits, line, transfers: Mutex::default() })
    }

    /// The account that a request is made for: by its token, where it brings one, else by its session.
    pub(crate) async fn taker(&self, request: &Parts) -> Result<Account, Refused> {
        // Whatever else it is, it is none of our tokens.
        let bearer = request.headers.get(header::AUTHORIZATION).map(|value| bearer(value).unwrap_or_default());
        let caller = request.extensions.get::<Caller>().ok_or(Refused::Nobody)?;
        match self.office.taker(caller, bearer).await? {
            Taker::Known(account) => Ok(*account),
            Taker::Nobody => Err(Refused::Nobody),
            Taker::Stranger => Err(Refused::Stranger),
        }
    }

    /// The account of whoever is signed in.
    pub(crate) async fn signed_in(&self, caller: &Caller) -> Result<Option<Account>, StoreError> {
        Ok(self.office.signed_in(caller).await?.map(|(_, account)| account))
    }

    /// The account that a request is made for, which has accepted the terms in force.
    pub(crate) async fn accepting(&self, request: &Parts) -> Result<Account, Refused> {
        let taker = self.taker(request).await?;
        if self.office.has_accepted(&taker).await? { Ok(taker) } else { Err(Refused::Terms) }
    }

    /// Whether an account may wait for one more clip that is being made.
    pub(crate) async fn may_wait(&self, taker: &Account, clip: &str) -> Result<(), Refused> {
        let now = self.clock.now();
        if self.store.wait_for_clip(&taker.id, clip, self.limits.clips, now).await? {
            return Ok(());
        }
        Err(self.spent(Limit::Clips, self.limits.clips, now + SOON * SECOND))
    }

    /// Answers a request for `file` by whoever takes it, as [`deliver`] does: within the limits, at the account's share of
    /// the line, and noted.
    pub(crate) async fn hand_out(
        self: &Arc<Self>,
        vault: &Vault,
        taker: &Account,
        what: &What,
        file: &Deliverable,
        request: &Parts,
    ) -> Result<Response, Refused> {
        if request.method != Method::GET {
            return Ok(deliver(vault, file, request).await);
        }
        let place = self.place(&taker.id)?;
        let response = deliver(vault, file, request).await;
        let asked = length(response.headers());
        if !matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT) || asked == 0 {
            return Ok(response);
        }
        let resumes = resumes(response.headers());
        self.hand_over(place, taker, &[(what, asked)], resumes, response).await
    }

    /// Answers with an archive of these: one download, with each of them noted.
    pub(crate) async fn hand_out_all(
        self: &Arc<Self>,
        taker: &Account,
        all: &[What],
        archive: Response,
    ) -> Result<Response, Refused> {
        let place = self.place(&taker.id)?;
        let all: Vec<_> = all.iter().map(|what| (what, what.bytes)).collect();
        self.hand_over(place, taker, &all, false, archive).await
    }

    /// Grants, of each of these, so many bytes as are asked for, and hands the answer over.
    async fn hand_over(
        self: &Arc<Self>,
        place: Place,
        taker: &Account,
        asked: &[(&What, u64)],
        resumes: bool,
        response: Response,
    ) -> Result<Response, Refused> {
        let keys = [format!("downloads {}", taker.id), format!("bytes {}", taker.id)];
        let now = self.clock.now();
        let downloads = Spend { key: &keys[0], window: HOUR, limit: self.limits.downloads, amount: 1 };
        let bytes = Spend { key: &keys[1], window: DAY, limit: self.limits.bytes, amount: 0 };
        let wanted: Vec<_> = asked
            .iter()
            .enumerate()
            .map(|(nth, (what, asked))| Wanted {
                account_id: &taker.id,
                what,
                terms: TERMS,
                resumes,
                // Together they are one, which the first pays for.
                downloads: if nth == 0 { downloads } else { Spend { limit: i64::MAX, amount: 0, ..downloads } },
                bytes: Spend { amount: i64::try_from(*asked).unwrap_or(i64::MAX), ..bytes },
                since: now - GOES_ON,
                now,
            })
            .collect();
        let mut owed = VecDeque::new();
        for (begun, (_, asked)) in self.store.begin_downloads(&wanted).await?.into_iter().zip(asked) {
            match begun {
                Begun::Granted(id) => owed.push_back((id, *asked)),
                Begun::Gone => return Err(Refused::Gone),
                Begun::Spent(Budget::Downloads, since) => {
                    return Err(self.spent(Limit::Downloads, self.limits.downloads, since + HOUR));
                }
                Begun::Spent(Budget::Bytes, since) => {
                    return Err(self.spent(Limit::Bytes, self.limits.bytes, since + DAY));
                }
            }
        }
        let mut told = HeaderMap::new();
        for (limit, spend) in [(Limit::Downloads, &downloads), (Limit::Bytes, &bytes)] {
            let (count, since) = self.store.tries(spend.key, now - spend.window).await?.unwrap_or((0, now));
            let left = (spend.limit - count).max(0);
            tell(&mut told, limit, (spend.limit, spend.window), left, since + spend.window - now);
        }
        let [_, key] = keys;
        let handover = Handover { takeaway: Arc::clone(self), place, owed, key, sent: 0, began: now };
        let (mut parts, body) = response.into_parts();
        parts.headers.extend(told);
        Ok(Response::from_parts(parts, handover.body(body)))
    }

    fn place(self: &Arc<Self>, account: &str) -> Result<Place, Refused> {
        let mut transfers = self.transfers.lock().unwrap_or_else(PoisonError::into_inner);
        let account: Arc<str> = account.into();
        let under_way = transfers.entry(Arc::clone(&account)).or_default();
        if *under_way >= self.limits.transfers {
            let most = i64::try_from(self.limits.transfers).unwrap_or(i64::MAX);
            return Err(self.spent(Limit::Transfers, most, self.clock.now() + SOON * SECOND));
        }
        *under_way += 1;
        Ok(Place { takeaway: Arc::clone(self), account })
    }

    fn spent(&self, limit: Limit, most: i64, until: i64) -> Refused {
        tracing::info!(limit = limit.name(), "an account has taken as much as it may");
        let wait = (until - self.clock.now() + SECOND - 1).div_euclid(SECOND).max(1);
        Refused::Spent(Spent {
            limit,
            most,
            until: crate::clock::to_the_minute(until + crate::clock::MINUTE - 1),
            wait,
        })
    }
}

/// The token of an `Authorization` header (RFC 6750 §2.1).
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn length(headers: &HeaderMap) -> u64 {
    headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// Whether an answer leaves out the first byte.
fn resumes(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_RANGE).is_some_and(|range| !range.as_bytes().starts_with(b"bytes 0-"))
}

/// What is left of a limit (draft-ietf-httpapi-ratelimit-headers-11), beside what is told of others.
pub(crate) fn tell(headers: &mut HeaderMap, limit: Limit, (most, window): (i64, i64), left: i64, wait: i64) {
    let unit = if limit == Limit::Bytes { ";qu=\"content-bytes\"" } else { "" };
    let policy = format!("\"{}\";q={most}{unit};w={}", limit.name(), window / SECOND);
    let now = format!("\"{}\";r={left};t={}", limit.name(), (wait / SECOND).max(0));
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", now)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.append(name, value);
        }
    }
}

/// A transfer's place among those of its account, given back when dropped.
struct Place {
    takeaway: Arc<Takeaway>,
    account: Arc<str>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut transfers = self.takeaway.transfers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = transfers.get_mut(&self.account) {
            *under_way -= 1;
            if *under_way == 0 {
                transfers.remove(&self.account);
            }
        }
    }
}

/// Bytes on their way to an account. When they end, wherever, it is noted how many went.
struct Handover {
    takeaway: Arc<Takeaway>,
    place: Place,
    /// What was granted, in the order in which it goes, each with how many bytes were asked for.
    owed: VecDeque<(i64, u64)>,
    key: String,
    sent: u64,
    began: i64,
}

impl Handover {
    fn body(self, body: Body) -> Body {
        Body::from_stream(unfold((body.into_data_stream(), self), |(mut pieces, mut handover)| async move {
            let piece: Result<Bytes, axum::Error> = pieces.next().await?;
            if let Ok(piece) = &piece {
                let bytes = piece.len() as u64;
                handover.takeaway.line.turn(&handover.place.account, bytes).await;
                handover.sent += bytes;
            }
            Some((piece, (pieces, handover)))
        }))
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        // Without a runtime everything ends, and what was not noted costs until its window is over.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (takeaway, key) = (Arc::clone(&self.takeaway), std::mem::take(&mut self.key));
        let (owed, mut left, began) = (std::mem::take(&mut self.owed), self.sent, self.began);
        runtime.spawn(async move {
            let now = takeaway.clock.now();
            for (id, asked) in owed {
                let sent = left.min(asked);
                left -= sent;
                let noted = takeaway.store.end_download(id, sent, (&key, asked - sent), (began, now)).await;
                if let Err(error) = noted {
                    tracing::warn!(%error, "it could not be noted how much of a download went");
                }
            }
        });
    }
}
