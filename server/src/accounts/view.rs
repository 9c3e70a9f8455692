//! What the dialogs' pages show, and where one must go first.

use super::{COOL_DOWN, Cookie, Notice, Office, TERMS, Trouble, agent};
use crate::{
    clock::{MINUTE, SECOND, date, to_the_minute},
    store::tokens::Token,
};
use app::{
    account::contract::{AccountView, Answer, Caller, Detail, LetterState, SessionView, TokenView, View},
    routes::{ReturnTo, Step, To, in_query},
};
use plan::Lang;

type Shown = Result<(View, Vec<String>), Answer>;

fn told(token: Token, now: i64) -> TokenView {
    TokenView {
        id: token.id,
        name: token.name,
        made: date(token.created_at),
        used: token.used_at.map(to_the_minute),
        ends: date(token.ends_at),
        ended: token.ends_at <= now,
    }
}

impl Office {
    pub(super) async fn show(&self, caller: &Caller, lang: Lang, step: Step, query: &str) -> Result<Shown, Trouble> {
        let notice = Notice::read(caller).unwrap_or_default();
        let fresh = notice.fresh;
        let mut view = View {
            step,
            email: notice.email,
            return_to: in_query(query, "return_to").map_or(ReturnTo::HOME, |to| ReturnTo::read(&to)),
            refusals: notice.refusals,
            done: notice.done,
            detail: Detail::None,
        };
        // What was told is told once.
        let cookies: Vec<String> = caller.notice.iter().map(|_| Cookie::Notice.clear(caller)).collect();
        let to = |location: String| Ok(Err(Answer { location, ..Answer::default() }));
        match step {
            Step::Register | Step::SignIn => {
                if self.signed_in(caller).await?.is_some() {
                    return to(view.return_to.href(lang));
                }
                if step == Step::Register {
                    view.detail = Detail::Password { context: self.context("") };
                }
            }
            Step::Verify | Step::ResetCode => {
                let (purpose, first) =
                    if step == Step::Verify { ("register", Step::Register) } else { ("reset", Step::Reset) };
                let Some(flow) = self.flow(caller, purpose).await? else {
                    return Ok(Err(Self::gone(caller, lang, first)));
                };
                view.return_to = ReturnTo::read(&flow.return_to);
                match (flow.step.as_str(), step) {
                    ("code", _) => {}
                    ("password", _) => return to(To::Account(Step::ResetPassword).href(lang)),
                    (_, Step::Verify) => return to(view.return_to.through(Step::Welcome, lang)),
                    _ => return Ok(Err(Self::gone(caller, lang, first))),
                }
                let now = self.clock.now();
                let seconds = |until: i64| u32::try_from((until - now + SECOND - 1) / SECOND).unwrap_or_default();
                let letter = self.store.letter_state(&flow.letter_id).await?;
                view.detail = Detail::Code {
                    sent_to: flow.email.clone(),
                    letter: match letter.as_ref().map(|(state, tries)| (state.as_str(), *tries)) {
                        Some(("sent", _)) => LetterState::Accepted,
                        Some(("kept", _)) => LetterState::Kept,
                        Some(("dead", _)) => LetterState::Refused,
                        // The first try is under way, or has failed long ago.
                        Some(("queued", tries)) if tries > 1 || (tries == 1 && now - flow.sent_at > MINUTE) => {
                            LetterState::Delayed
                        }
                        _ => LetterState::Queued,
                    },
                    expires_in: seconds(flow.code_expires_at),
                    resend_in: seconds(flow.sent_at + COOL_DOWN),
                    context: self.context(""),
                };
                if view.email.is_empty() {
                    view.email = flow.email;
                }
            }
            Step::ResetPassword => {
                let flow = self.flow(caller, "reset").await?;
                match flow {
                    Some(flow) if flow.step == "password" => {
                        view.detail = Detail::Password { context: self.context(&flow.email) };
                        view.return_to = ReturnTo::read(&flow.return_to);
                        view.email = flow.email;
                    }
                    Some(flow) if flow.step == "code" => return to(To::Account(Step::ResetCode).href(lang)),
                    _ => return Ok(Err(Self::gone(caller, lang, Step::Reset))),
                }
            }
            Step::Reset => {
                if let Some((_, account)) = self.signed_in(caller).await?
                    && view.email.is_empty()
                {
                    view.email = account.email;
                }
            }
            Step::Welcome => {
                let Some((_, account)) = self.signed_in(caller).await? else {
                    return Ok(Err(Self::sign_in_first(caller, lang)));
                };
                view.detail = Detail::Welcome { newsletter: account.newsletter_at.is_some() };
                view.email = account.email;
            }
            Step::ResetDone | Step::Deleted => {}
            Step::Account => {
                let Some((session, account)) = self.signed_in(caller).await? else {
                    return Ok(Err(Self::sign_in_first(caller, lang)));
                };
                let now = self.clock.now();
                let accepted = self.store.accepted(&account.id, TERMS).await?;
                let tokens = self.store.tokens_of(&account.id).await?;
                let (idle, began) = (now - self.limits.session_idle, now - self.limits.session_max);
                let mut sessions = self.store.sessions_of(&account.id, idle, began).await?;
                sessions.sort_by_key(|other| other.id != session.id);
                view.detail = Detail::Account(Box::new(AccountView {
                    since: date(account.created_at),
                    letters: account.lang.parse().unwrap_or(lang),
                    newsletter: account.newsletter_at.map(date),
                    sessions: sessions
                        .into_iter()
                        .map(|other| SessionView {
                            browser: agent::browser(&other.agent),
                            network: other.network,
                            since: to_the_minute(other.created_at),
                            seen: to_the_minute(other.seen_at),
                            is_this: other.id == session.id,
                            id: other.id,
                        })
                        .collect(),
                    context: self.context(&account.email),
                    terms: accepted.map(date),
                    tokens: tokens.into_iter().map(|token| told(token, now)).collect(),
                    fresh: fresh.and_then(|wrapped| self.unwrapped(&account, &wrapped)),
                }));
                view.email = account.email;
            }
            Step::Downloads => {
                let Some((_, account)) = self.signed_in(caller).await? else {
                    return Ok(Err(Self::sign_in_before(caller, lang, Step::Downloads)));
                };
                let before = in_query(query, "before").and_then(|before| before.parse().ok()).unwrap_or(i64::MAX);
                view.detail = self.taken(&account.id, before, lang).await?;
                view.email = account.email;
            }
        }
        Ok(Ok((view, cookies)))
    }
}
