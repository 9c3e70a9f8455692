//! Addresses one may write to.

use std::{fmt, str::FromStr};

/// An address we may write to (RFC 5321 §4.1.2, with RFC 6531's internationalised names): a local part as its owner
/// writes it, and a domain in lower case, as the network knows it (`xn--…`).
///
/// Comments, quoted local parts and address literals are left out: nobody types them, and mail systems refuse them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    whole: String,
    at: usize,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadEmail {
    /// Nothing was typed.
    Empty,
    /// It lacks the `@`, or one side of it, or holds what no address holds.
    Malformed,
    /// Longer than 254 bytes, or 64 before the `@` (RFC 5321 §4.5.3.1).
    TooLong,
}

/// Bytes of a whole address (RFC 5321 §4.5.3.1.3, without the brackets).
const WHOLE: usize = 254;
/// Bytes before the `@` (RFC 5321 §4.5.3.1.1).
const LOCAL: usize = 64;

impl FromStr for EmailAddress {
    type Err = BadEmail;

    fn from_str(typed: &str) -> Result<Self, BadEmail> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(BadEmail::Empty);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(BadEmail::Malformed)?;
        if local.len() > LOCAL || typed.len() > WHOLE {
            return Err(BadEmail::TooLong);
        }
        // RFC 5322 §3.2.3's atoms, and whatever is not ASCII but prints.
        let atom = |c: char| {
            c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
        };
        let dotted = local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
        if !dotted || domain.is_empty() {
            return Err(BadEmail::Malformed);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| BadEmail::Malformed)?;
        let labels: Vec<&str> = domain.split('.').collect();
        let numeric = labels.last().is_none_or(|top| top.bytes().all(|b| b.is_ascii_digit()));
        // A name without a dot is no domain of the public's, and a number is an address of the network.
        if labels.len() < 2 || numeric || labels.iter().any(|label| label.is_empty()) {
            return Err(BadEmail::Malformed);
        }
        let whole = format!("{local}@{domain}");
        if whole.len() > WHOLE {
            return Err(BadEmail::TooLong);
        }
        Ok(Self { at: local.len(), whole })
    }
}

impl EmailAddress {
    /// As it stands in an envelope.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// Behind the `@`.
    pub fn domain(&self) -> &str {
        &self.whole[self.at + 1..]
    }

    /// Under which an account is looked up. RFC 5321 §2.3.11 lets a host tell `Ada` from `ada`; none does, and people
    /// type both.
    pub fn key(&self) -> String {
        self.whole.to_lowercase()
    }

    /// The address its owner more likely meant, if the domain looks like a slip of the hand.
    pub fn meant(&self) -> Option<String> {
        let domain = self.domain();
        if COMMON.contains(&domain) {
            return None;
        }
        let meant = COMMON.iter().find(|common| one_slip(domain, common))?;
        Some(format!("{}@{meant}", &self.whole[..self.at]))
    }
}

/// Logs hold no address.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…@{}", self.domain())
    }
}

/// Domains that many of our visitors have their mail at.
const COMMON: [&str; 25] = [
    "gmail.com",
    "mail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.fr",
    "outlook.be",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.be",
    "live.com",
    "live.fr",
    "live.be",
    "icloud.com",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.co.uk",
    "proton.me",
    "protonmail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "skynet.be",
    "telenet.be",
    "gmx.net",
];

/// Whether one letter was left out, added or changed, or two neighbours swapped (optimal string alignment).
fn one_slip(typed: &str, meant: &str) -> bool {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let head = typed.iter().zip(&meant).take_while(|(a, b)| a == b).count();
    let (typed, meant) = (&typed[head..], &meant[head..]);
    let tail = typed.iter().rev().zip(meant.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&typed[..typed.len() - tail], &meant[..meant.len() - tail]) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(typed: &str) -> Result<String, BadEmail> {
        typed.parse::<EmailAddress>().map(|address| address.as_str().to_owned())
    }

    #[test]
    fn what_is_valid_is_taken_as_it_is_and_the_domain_in_lower_case() {
        for (typed, taken) in [
            ("ada@example.org", "ada@example.org"),
            ("  Ada.Lovelace+press@Example.ORG ", "Ada.Lovelace+press@example.org"),
            ("o'hara@example.co.uk", "o'hara@example.co.uk"),
            ("!#$%&'*+/=?^_`{|}~-@example.org", "!#$%&'*+/=?^_`{|}~-@example.org"),
            ("rené@café.example", "rené@xn--caf-dma.example"),
            ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
            ("a@b.cd", "a@b.cd"),
        ] {
            assert_eq!(parsed(typed).as_deref(), Ok(taken));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(parsed("   "), Err(BadEmail::Empty));
        for bad in [
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "ada@@example.org",
            "a da@example.org",
            ".ada@example.org",
            "ada.@example.org",
            "a..da@example.org",
            "ada@exa mple.org",
            "ada@-example.org",
            "ada@example..org",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "\"a b\"@example.org",
            "ada@example.org\r\nBcc: x@y.zz",
            "ada@example.org\0",
            "ada<x>@example.org",
            "ada,bob@example.org",
            "ada\u{200b}@example.org",
        ] {
            assert_eq!(parsed(bad), Err(BadEmail::Malformed), "{bad:?}");
        }
        assert_eq!(parsed(&format!("{}@example.org", "a".repeat(65))), Err(BadEmail::TooLong));
        assert_eq!(parsed(&format!("a@{}.org", "b.".repeat(130))), Err(BadEmail::TooLong));
        assert!(parsed(&format!("{}@example.org", "a".repeat(64))).is_ok());
    }

    #[test]
    fn a_slip_of_the_hand_is_noticed() {
        let meant = |typed: &str| typed.parse::<EmailAddress>().expect("an address").meant();
        assert_eq!(meant("ada@gmial.com").as_deref(), Some("ada@gmail.com"));
        assert_eq!(meant("ada@gmail.con").as_deref(), Some("ada@gmail.com"));
        assert_eq!(meant("ada@hotmal.fr").as_deref(), Some("ada@hotmail.fr"));
        assert_eq!(meant("ada@yahooo.com").as_deref(), Some("ada@yahoo.com"));
        for right in ["ada@gmail.com", "ada@example.org", "ada@hotmail.be", "ada@mail.com"] {
            assert_eq!(meant(right), None, "{right}");
        }
    }

    #[test]
    fn the_key_forgets_case_and_the_log_the_name() {
        let address: EmailAddress = "Ada@Example.org".parse().expect("an address");
        assert_eq!(address.key(), "ada@example.org");
        assert_eq!(format!("{address:?}"), "…@example.org");
    }
}
