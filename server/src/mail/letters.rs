//! The letters' words and their form.
//!
//! Each letter is a list of [`Part`]s, from which its text and its HTML are both made: they cannot come to say different
//! things. Codes stand in neither subject nor preview: those are shown on locked screens and kept in mail servers' logs.

use super::{Letter, Taken, dkim::Dkim};
use crate::clock;
use ::plan::{Lang, date::in_words};
use app::{
    Site,
    routes::{Step, To},
};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

/// Can stand in no quoted-printable text (RFC 2045 §6.7), so in neither part of a letter.
const BOUNDARY: &str = "=_estafette";

/// What all letters of the site have in common.
pub struct Letterhead {
    /// Its name and its address: links come from here, never from a request.
    pub site: Site,
    /// Whom letters come from.
    pub from: Mailbox,
    /// What signs them.
    pub dkim: Option<Dkim>,
}

/// Why a letter cannot be written, without its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// Letters cannot be addressed to it.
    #[error("letters cannot be sent to this address")]
    Address,
    /// The key does not sign.
    #[error("the letter could not be signed")]
    Signature,
}

/// A letter, written.
#[derive(Clone, Debug)]
pub struct Composed {
    /// From whom and to whom.
    pub envelope: Envelope,
    /// What is shown at `/dev/mailbox`.
    pub shown: Shown,
}

/// A letter as it can be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// What it is about.
    pub subject: String,
    /// For programs without HTML.
    pub text: String,
    /// For the others.
    pub html: String,
    /// The code it carries.
    pub code: Option<String>,
    /// All of it, as it goes over the line (RFC 5322).
    pub message: String,
}

impl Letterhead {
    /// Writes the letter of the row `id`, asked for `at` some time. The same row gives the same letter each time, to the byte.
    ///
    /// # Errors
    /// If the address is of no use, or the key is.
    pub fn compose(&self, id: &str, to: &str, lang: Lang, at: i64, letter: &Letter) -> Result<Composed, Unwritable> {
        let to: Address = to.parse().map_err(|_| Unwritable::Address)?;
        let envelope =
            Envelope::new(Some(self.from.email.clone()), vec![to.clone()]).map_err(|_| Unwritable::Address)?;
        let Content { subject, preview, parts } = match lang {
            Lang::Fr => self.french(letter),
            Lang::En => self.english(letter),
        };
        let text = self.text(&parts, lang);
        let html = self.html(subject, preview, &parts, lang);

        // The moment it was ready to be sent, not the moment of some try (RFC 5322 §3.6.1).
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(at.max(0).unsigned_abs());
        let raw =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let part = |kind, body: &str| {
            SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body.to_owned())
        };
        let alternatives = MultiPart::alternative()
            .boundary(BOUNDARY)
            .singlepart(part(ContentType::TEXT_PLAIN, &text))
            .singlepart(part(ContentType::TEXT_HTML, &html));
        let message = Message::builder()
            .date(date)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            // Nobody's holiday notice answers a letter that no person wrote (RFC 3834 §5; the second is Exchange's).
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("X-Auto-Response-Suppress", "All"))
            .raw_header(raw("Content-Language", lang.tag()))
            .envelope(envelope.clone())
            .multipart(alternatives)
            .map_err(|_| Unwritable::Address)?;
        // Quoted-printable is ASCII, and headers are UTF-8 at most (RFC 6532).
        let mut message = String::from_utf8(message.formatted()).map_err(|_| Unwritable::Address)?;
        if let Some(dkim) = &self.dkim {
            message.insert_str(0, &dkim.header(&message, at).map_err(|_| Unwritable::Signature)?);
        }
        let code = letter.code().map(str::to_owned);
        Ok(Composed { envelope, shown: Shown { subject: subject.to_owned(), text, html, code, message } })
    }

    fn link(&self, lang: Lang, step: Step, label: &'static str) -> Part {
        Part::Link(label, format!("{}{}", self.site.public_url, To::Account(step).href(lang)))
    }

    fn french(&self, letter: &Letter) -> Content {
        let name = &self.site.name;
        let link = |step, label| self.link(Lang::Fr, step, label);
        let say = |words: &str| Part::Words(words.to_owned());
        match letter {
            Letter::Verify { code } => Content {
                subject: "Votre code de vérification",
                preview: "Il confirme votre adresse et expire dans 30 minutes.",
                parts: vec![
                    Part::Words(format!(
                        "Voici le code qui confirme votre adresse et ouvre votre compte {name}\u{a0}:"
                    )),
                    Part::Code(code.clone()),
                    say("Ce code expirera dans 30 minutes."),
                    say("Ne le transmettez à personne\u{a0}: nous ne vous le demanderons jamais."),
                    say("Si vous n’avez rien demandé, ne faites rien\u{a0}: aucun compte ne sera ouvert."),
                ],
            },
            Letter::AlreadyRegistered => Content {
                subject: "Vous avez déjà un compte",
                preview: "Connectez-vous, ou choisissez un nouveau mot de passe.",
                parts: vec![
                    Part::Words(format!(
                        "Quelqu’un, vous sans doute, vient de demander un compte {name} avec cette adresse. Elle en a déjà un."
                    )),
                    link(Step::SignIn, "Se connecter"),
                    say("Mot de passe oublié\u{a0}? Choisissez-en un nouveau\u{a0}:"),
                    link(Step::Reset, "Réinitialiser le mot de passe"),
                    say("Si ce n’était pas vous, ne faites rien\u{a0}: rien n’a changé."),
                ],
            },
            Letter::Reset { code } => Content {
                subject: "Votre code pour un nouveau mot de passe",
                preview: "Il expire dans 30 minutes. Votre mot de passe n’a pas changé.",
                parts: vec![
                    Part::Words(format!(
                        "Voici le code qui permet de choisir un nouveau mot de passe pour votre compte {name}\u{a0}:"
                    )),
                    Part::Code(code.clone()),
                    say("Ce code expirera dans 30 minutes."),
                    say("Ne le transmettez à personne\u{a0}: nous ne vous le demanderons jamais."),
                    say("Si vous n’avez rien demandé, ne faites rien\u{a0}: votre mot de passe n’a pas changé."),
                ],
            },
            Letter::NoAccount => Content {
                subject: "Il n’y a pas de compte à cette adresse",
                preview: "Un nouveau mot de passe a été demandé, mais aucun compte ne porte cette adresse.",
                parts: vec![
                    Part::Words(format!(
                        "Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour un compte {name}. Aucun compte ne porte cette adresse\u{a0}: peut-être en avez-vous donné une autre."
                    )),
                    say("Vous pouvez créer un compte\u{a0}:"),
                    link(Step::Register, "Créer un compte"),
                    say("Si ce n’était pas vous, ne faites rien."),
                ],
            },
            Letter::PasswordChanged { at } => Content {
                subject: "Votre mot de passe a été changé",
                preview: "Si c’était vous, il n’y a rien à faire.",
                parts: vec![
                    Part::Words(format!("Le mot de passe de votre compte {name} a été changé.")),
                    Part::Facts(vec![("Quand", moment(Lang::Fr, *at))]),
                    say("Si c’était vous, il n’y a rien à faire."),
                    say("Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe\u{a0}:"),
                    link(Step::Reset, "Réinitialiser le mot de passe"),
                ],
            },
            Letter::NewDevice { browser, network, at } => Content {
                subject: "Nouvelle connexion à votre compte",
                preview: "Depuis un navigateur que nous ne connaissions pas.",
                parts: vec![
                    Part::Words(format!(
                        "Quelqu’un s’est connecté à votre compte {name} depuis un navigateur que nous ne connaissions pas."
                    )),
                    Part::Facts(vec![
                        ("Navigateur", one_line(browser)),
                        ("Réseau", one_line(network)),
                        ("Quand", moment(Lang::Fr, *at)),
                    ]),
                    say("Si c’était vous, il n’y a rien à faire."),
                    say(
                        "Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe\u{a0}: toutes les sessions seront fermées.",
                    ),
                    link(Step::Reset, "Réinitialiser le mot de passe"),
                ],
            },
            Letter::Recall { number, title, reason, taken } => Content {
                subject: "Une vidéo que vous avez prise est retirée",
                preview: "Ne l’utilisez plus.",
                parts: vec![
                    Part::Words(format!(
                        "La vidéo «\u{a0}{}\u{a0}», que vous avez prise sur {name}, est retirée.",
                        one_line(title)
                    )),
                    say(
                        "Ne l’utilisez plus, en tout ou en partie\u{a0}: retirez-la de vos émissions, de vos pages et de vos archives, et prévenez ceux à qui vous l’avez transmise.",
                    ),
                    Part::Facts(recalled(Lang::Fr, ["Numéro", "Raison", "Pris"], number, reason, taken)),
                    link(Step::Downloads, "Mes téléchargements"),
                ],
            },
            Letter::AccountDeleted => Content {
                subject: "Votre compte est supprimé",
                preview: "Vos données sont effacées.",
                parts: vec![
                    Part::Words(format!("Votre compte {name} est supprimé, et vos données avec lui.")),
                    say(
                        "Cette lettre est la dernière. Si vous changez d’avis, un nouveau compte se crée en un instant\u{a0}:",
                    ),
                    link(Step::Register, "Créer un compte"),
                ],
            },
        }
    }

    fn english(&self, letter: &Letter) -> Content {
        let name = &self.site.name;
        let link = |step, label| self.link(Lang::En, step, label);
        let say = |words: &str| Part::Words(words.to_owned());
        match letter {
            Letter::Verify { code } => Content {
                subject: "Your verification code",
                preview: "It confirms your address and expires in 30 minutes.",
                parts: vec![
                    Part::Words(format!("This code confirms your address and opens your {name} account:")),
                    Part::Code(code.clone()),
                    say("This code will expire in 30 minutes."),
                    say("Give it to nobody: we will never ask you for it."),
                    say("If you did not ask for it, do nothing: no account will be opened."),
                ],
            },
            Letter::AlreadyRegistered => Content {
                subject: "You already have an account",
                preview: "Sign in, or choose a new password.",
                parts: vec![
                    Part::Words(format!(
                        "Somebody, probably you, has just asked for a {name} account with this address. It already has one."
                    )),
                    link(Step::SignIn, "Sign in"),
                    say("Forgotten your password? Choose a new one:"),
                    link(Step::Reset, "Reset the password"),
                    say("If it was not you, do nothing: nothing has changed."),
                ],
            },
            Letter::Reset { code } => Content {
                subject: "Your code for a new password",
                preview: "It expires in 30 minutes. Your password has not changed.",
                parts: vec![
                    Part::Words(format!("With this code you can choose a new password for your {name} account:")),
                    Part::Code(code.clone()),
                    say("This code will expire in 30 minutes."),
                    say("Give it to nobody: we will never ask you for it."),
                    say("If you did not ask for it, do nothing: your password has not changed."),
                ],
            },
            Letter::NoAccount => Content {
                subject: "There is no account with this address",
                preview: "A new password was asked for, but no account has this address.",
                parts: vec![
                    Part::Words(format!(
                        "Somebody, probably you, has asked for a new password for a {name} account. No account has this address: perhaps you gave another one."
                    )),
                    say("You can create an account:"),
                    link(Step::Register, "Create an account"),
                    say("If it was not you, do nothing."),
                ],
            },
            Letter::PasswordChanged { at } => Content {
                subject: "Your password was changed",
                preview: "If it was you, there is nothing to do.",
                parts: vec![
                    Part::Words(format!("The password of your {name} account was changed.")),
                    Part::Facts(vec![("When", moment(Lang::En, *at))]),
                    say("If it was you, there is nothing to do."),
                    say("If it was not you, choose a new password at once:"),
                    link(Step::Reset, "Reset the password"),
                ],
            },
            Letter::NewDevice { browser, network, at } => Content {
                subject: "New sign-in to your account",
                preview: "From a browser we had not seen before.",
                parts: vec![
                    Part::Words(format!(
                        "Somebody signed in to your {name} account with a browser we had not seen before."
                    )),
                    Part::Facts(vec![
                        ("Browser", one_line(browser)),
                        ("Network", one_line(network)),
                        ("When", moment(Lang::En, *at)),
                    ]),
                    say("If it was you, there is nothing to do."),
                    say("If it was not you, choose a new password at once: all sessions will be ended."),
                    link(Step::Reset, "Reset the password"),
                ],
            },
            Letter::Recall { number, title, reason, taken } => Content {
                subject: "A video you took is withdrawn",
                preview: "Do not use it any more.",
                parts: vec![
                    Part::Words(format!("The video “{}”, which you took from {name}, is withdrawn.", one_line(title))),
                    say(
                        "Do not use it any more, nor any part of it: take it out of your programmes, your pages and your archives, and tell those you passed it on to.",
                    ),
                    Part::Facts(recalled(Lang::En, ["Number", "Reason", "Taken"], number, reason, taken)),
                    link(Step::Downloads, "My downloads"),
                ],
            },
            Letter::AccountDeleted => Content {
                subject: "Your account is deleted",
                preview: "Your data is erased.",
                parts: vec![
                    Part::Words(format!("Your {name} account is deleted, and your data with it.")),
                    say("This letter is the last. Should you change your mind, a new account takes a moment:"),
                    link(Step::Register, "Create an account"),
                ],
            },
        }
    }

    /// Why this came, and that nobody reads what is answered.
    fn foot(&self, lang: Lang) -> String {
        let site = &self.site;
        match lang {
            Lang::Fr => format!("Envoyée automatiquement par {}\u{a0}: personne ne lit les réponses.", site.name),
            Lang::En => format!("Sent automatically by {}: nobody reads the answers.", site.name),
        }
    }

    fn text(&self, parts: &[Part], lang: Lang) -> String {
        let mut out = String::new();
        for part in parts {
            let _ = match part {
                Part::Words(words) => writeln!(out, "{words}\n"),
                Part::Code(code) => writeln!(out, "    {code}\n"),
                Part::Link(label, url) => writeln!(out, "{label}\n{url}\n"),
                Part::Facts(facts) => {
                    let colon = if lang == Lang::Fr { "\u{a0}:" } else { ":" };
                    let lines: Vec<_> = facts.iter().map(|(name, value)| format!("{name}{colon} {value}\n")).collect();
                    writeln!(out, "{}", lines.concat())
                }
            };
        }
        // The separator that mail programs know for a signature (RFC 3676 §4.3).
        let _ = writeln!(out, "-- \n{}\n{}", self.foot(lang), self.site.public_url);
        out
    }

    fn html(&self, subject: &str, preview: &str, parts: &[Part], lang: Lang) -> String {
        let mut body = String::new();
        for part in parts {
            let _ = match part {
                Part::Words(words) => writeln!(body, "<p style=\"margin:0 0 16px\">{}</p>", escaped(words)),
                // One word, so that it can be picked up with a double click; the spacing is for the eye.
                Part::Code(code) => writeln!(
                    body,
                    "<p class=\"sunken strong\" style=\"margin:0 0 16px;padding:16px;background-color:#efebe2;\
                     color:#0c2340;font-family:Consolas,Menlo,monospace;font-size:32px;line-height:40px;\
                     font-weight:bold;letter-spacing:6px;text-align:center\">{}</p>",
                    escaped(code)
                ),
                Part::Link(label, url) => writeln!(
                    body,
                    "<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"{}\" \
                     style=\"color:#0a4d8c;font-weight:bold\">{}</a></p>",
                    escaped(url),
                    escaped(label)
                ),
                Part::Facts(facts) => {
                    let rows: Vec<_> = facts
                        .iter()
                        .map(|(name, value)| {
                            format!(
                                "<tr><td class=\"quiet\" style=\"padding:0 16px 8px 0;color:#4b5768;\
                                 vertical-align:top\">{name}</td><td style=\"padding:0 0 8px\">{}</td></tr>\n",
                                escaped(value)
                            )
                        })
                        .collect();
                    writeln!(
                        body,
                        "<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 8px\">\n{}</table>",
                        rows.concat()
                    )
                }
            };
        }
        FORM.replace("{lang}", lang.tag())
            .replace("{subject}", &escaped(subject))
            .replace("{preview}", &escaped(preview))
            .replace("{foot}", &escaped(&self.foot(lang)))
            .replace("{url}", &escaped(&self.site.public_url))
            .replace("{name}", &escaped(&self.site.name))
            // Last: what it holds is not looked at again.
            .replace("{body}", &body)
    }
}

/// The page of a letter: what stands the same in each. Its colours are the site's (style/tokens/_colours.scss).
const FORM: &str = include_str!("letter.html");

struct Content {
    subject: &'static str,
    /// What programs show beside the subject, before the letter is opened.
    preview: &'static str,
    parts: Vec<Part>,
}

enum Part {
    Words(String),
    Code(String),
    Link(&'static str, String),
    Facts(Vec<(&'static str, String)>),
}

pub(super) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a browser says of itself, cut to one line: a stranger may have written it.
fn one_line(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Lines of a letter that tell what was taken; the list itself is on the account's page.
const TOLD: usize = 12;

/// What is to be known of a video that is withdrawn: its number, why, and what was taken of it.
fn recalled(
    lang: Lang,
    [of_number, of_reason, of_taken]: [&'static str; 3],
    number: &str,
    reason: &str,
    taken: &[Taken],
) -> Vec<(&'static str, String)> {
    let mut facts = vec![(of_number, one_line(number))];
    if !reason.is_empty() {
        facts.push((of_reason, reason.chars().filter(|c| !c.is_control()).collect()));
    }
    facts.extend(taken.iter().take(TOLD).map(|Taken { rendition, part, at }| {
        let part = part.as_ref().map(|(from, to)| format!(", {from} → {to}")).unwrap_or_default();
        (of_taken, format!("{rendition}{part}, {}", moment(lang, *at)))
    }));
    if taken.len() > TOLD {
        facts.push((of_taken, "…".to_owned()));
    }
    facts
}

/// `23 novembre 2026 à 8 h 05 (UTC)`.
fn moment(lang: Lang, at: i64) -> String {
    let day = in_words(lang, &clock::date(at));
    let minutes = at.rem_euclid(clock::DAY) / clock::MINUTE;
    let (hour, minute) = (minutes / 60, minutes % 60);
    match lang {
        Lang::Fr => format!("{day} à {hour}\u{a0}h\u{a0}{minute:02} (UTC)"),
        Lang::En => format!("{day} at {hour}:{minute:02} (UTC)"),
    }
}
