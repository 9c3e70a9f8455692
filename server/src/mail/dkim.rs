//! DKIM: letters signed for their domain (RFC 6376; Ed25519 by RFC 8463), with the crypto that TLS brings along.

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{
    SignatureScheme,
    crypto::ring::sign::any_supported_type,
    pki_types::{PrivateKeyDer, pem::PemObject},
    sign::Signer,
};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What is signed. Each is named once more than it stands, so that nobody can add a second one (RFC 6376 §8.15).
const SIGNED: [&str; 13] = [
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-language",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// How a long header goes on, and how long its lines become (RFC 5322 §2.1.1 asks for 78).
const FOLD: &str = "\r\n\t";
const WIDTH: usize = 70;

/// A key that signs letters.
#[derive(Debug)]
pub struct Dkim {
    domain: String,
    selector: String,
    signer: Box<dyn Signer>,
}

impl Dkim {
    /// The key of that PEM file: PKCS#8 or PKCS#1, RSA of 2048 bits and more, or Ed25519.
    ///
    /// # Errors
    /// If it is none of these, in words to be put after its name.
    pub fn of(pem: &[u8], selector: &str, domain: &str) -> Result<Self, String> {
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| "holds no private key in PEM".to_owned())?;
        let signer = any_supported_type(&key).ok().and_then(|key| {
            key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])
                .or_else(|| key.choose_scheme(&[SignatureScheme::ED25519]))
        });
        let signer = signer.ok_or("is neither RSA of 2048 bits and more nor Ed25519")?;
        Ok(Self { domain: domain.to_owned(), selector: selector.to_owned(), signer })
    }

    /// The signature's header, to be put before the message. `now` is in milliseconds since 1970.
    ///
    /// Both canonicalizations are `relaxed`: relays fold headers and trim lines as they please.
    ///
    /// # Errors
    /// If the key does not sign.
    pub fn header(&self, message: &str, now: i64) -> Result<String, rustls::Error> {
        let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let fields = fields(head);
        let named = |name: &&str| 1 + fields.iter().filter(|field| is_named(field, name)).count();
        let names: Vec<&str> = SIGNED.iter().flat_map(|name| vec![*name; named(name)]).collect();
        let header = format!(
            "DKIM-Signature: v=1; a={}-sha256; c=relaxed/relaxed; t={};{FOLD}d={}; s={};{FOLD}h={};{FOLD}bh={};{FOLD}b=",
            if self.is_ed25519() { "ed25519" } else { "rsa" },
            now.div_euclid(1000),
            self.domain,
            self.selector,
            folded(&names.join(":"), ':'),
            STANDARD.encode(Sha256::digest(relaxed_body(body))),
        );
        let signature = self.signature(&fields, &names, &header)?;
        let lines: Vec<&str> =
            signature.as_bytes().chunks(WIDTH).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        Ok(format!("{header}{}\r\n", lines.join(FOLD)))
    }

    /// The value of `b=`: the fields in the order of `names`, of several the last first, then the header itself (§3.7).
    fn signature(&self, fields: &[String], names: &[&str], header: &str) -> Result<String, rustls::Error> {
        let mut left: Vec<&String> = fields.iter().collect();
        let mut signed = String::new();
        for name in names {
            if let Some(last) = left.iter().rposition(|field| is_named(field, name)) {
                let _ = write!(signed, "{}\r\n", left.remove(last));
            }
        }
        signed.push_str(&relaxed_field(header));
        // RSA's signer hashes what it is given; Ed25519 signs the hash (RFC 8463 §3).
        let signature = if self.is_ed25519() {
            self.signer.sign(&Sha256::digest(&signed))
        } else {
            self.signer.sign(signed.as_bytes())
        };
        signature.map(|bytes| STANDARD.encode(bytes))
    }

    fn is_ed25519(&self) -> bool {
        self.signer.scheme() == SignatureScheme::ED25519
    }
}

fn is_named(field: &str, name: &str) -> bool {
    field.split(':').next() == Some(name)
}

/// Breaks a list after its separators.
fn folded(list: &str, separator: char) -> String {
    let mut out = String::new();
    let mut on_line = 0;
    for part in list.split_inclusive(separator) {
        if on_line + part.len() > WIDTH {
            out.push_str(FOLD);
            on_line = 0;
        }
        out.push_str(part);
        on_line += part.len();
    }
    out
}

/// The fields of a message's head, relaxed.
fn fields(head: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    fields.iter().map(|field| relaxed_field(field)).collect()
}

/// A field on one line, its name in lower case, one space where there were several, none at the ends (§3.4.2).
fn relaxed_field(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    format!("{}:{}", name.trim_end().to_ascii_lowercase(), words.join(" "))
}

/// A body with one space where there were several, none at the ends of lines, no empty lines at its end (§3.4.4).
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.split("\r\n") {
        let mut after_space = false;
        for c in line.trim_end_matches([' ', '\t']).chars() {
            let space = c == ' ' || c == '\t';
            if !(space && after_space) {
                out.push(if space { ' ' } else { c });
            }
            after_space = space;
        }
        out.push_str("\r\n");
    }
    out.truncate(out.trim_end_matches("\r\n").len());
    if !out.is_empty() {
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6376 §3.4.5, example 1.
    #[test]
    fn the_relaxed_form_is_the_one_of_the_rfc() {
        assert_eq!(fields("A: X\r\nB : Y\t\r\n\tZ  "), ["a:X", "b:Y Z"]);
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
    }

    /// RFC 8463, appendix A: its key, its message, its signature.
    #[test]
    fn the_signature_is_the_one_of_the_rfc() {
        const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
                           MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
                           -----END PRIVATE KEY-----\n";
        const HEAD: &str = "From: Joe SixPack <joe@football.example.com>\r\n\
                            To: Suzie Q <suzie@shopping.example.net>\r\n\
                            Subject: Is dinner ready?\r\n\
                            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
                            Message-ID: <20030712040037.46341.5F8J@football.example.com>";
        const BODY: &str = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
        let bh = STANDARD.encode(Sha256::digest(relaxed_body(BODY)));
        assert_eq!(bh, "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        let header = format!(
            "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; \
             i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : \
             message-id : from : subject : date;\r\n bh={bh};\r\n b="
        );
        let names = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];
        let dkim = Dkim::of(KEY.as_bytes(), "brisbane", "football.example.com").expect("a key");
        assert_eq!(
            dkim.signature(&fields(HEAD), &names, &header).expect("signed"),
            "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="
        );
    }

    #[test]
    fn a_file_without_a_key_is_told() {
        for pem in ["", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"] {
            Dkim::of(pem.as_bytes(), "s1", "example.org").expect_err("no key");
        }
    }
}
