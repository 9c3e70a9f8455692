//! What letters say.

use crate::server::{Folder, TODAY, header, letterhead, python};
use plan::Lang;
use server::mail::{Composed, Letter, Taken, dkim::Dkim, letters::Unwritable};
use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

fn every_letter() -> [Letter; 8] {
    [
        Letter::Verify { code: "271828".to_owned() },
        Letter::AlreadyRegistered,
        Letter::Reset { code: "314159".to_owned() },
        Letter::NoAccount,
        Letter::PasswordChanged { at: TODAY },
        Letter::NewDevice {
            browser: "Firefox, <b>Linux</b>".to_owned(),
            network: "198.51.100.0/24".to_owned(),
            at: TODAY,
        },
        Letter::AccountDeleted,
        Letter::Recall {
            number: "ES-2026-014".to_owned(),
            title: "A <b>trial</b>".to_owned(),
            reason: "A face".to_owned(),
            taken: vec![
                Taken { rendition: "720p".to_owned(), part: None, at: TODAY },
                Taken { rendition: "original".to_owned(), part: Some(("f3".to_owned(), "f9".to_owned())), at: TODAY },
            ],
        },
    ]
}

pub(crate) fn composed() -> impl Iterator<Item = (Letter, Lang, Composed)> {
    every_letter().into_iter().flat_map(|letter| {
        Lang::ALL.map(|lang| {
            let composed = letterhead().compose("row-1_a", "ada@example.com", lang, TODAY, &letter);
            (letter.clone(), lang, composed.expect("it is written"))
        })
    })
}

#[test]
fn every_letter_is_there_in_both_languages_as_text_and_as_html() {
    for (letter, lang, Composed { shown, .. }) in composed() {
        assert!(!shown.subject.is_empty() && shown.text.len() > 100, "{letter:?}");
        assert!(shown.html.contains(&format!("<html lang=\"{lang}\">")), "{letter:?}");
        assert_eq!(header(&shown.message, "Content-Language"), Some(lang.tag()));
        for kind in ["multipart/alternative", "text/plain; charset=utf-8", "text/html; charset=utf-8"] {
            assert!(shown.message.contains(kind), "{letter:?}: {kind}");
        }
    }
}

#[test]
fn nothing_of_the_form_is_left_unfilled() {
    for (letter, _, Composed { shown, .. }) in composed() {
        for place in ["{lang}", "{subject}", "{preview}", "{body}", "{foot}", "{url}", "{name}"] {
            assert!(!shown.html.contains(place), "{letter:?}: {place}");
        }
    }
}

#[test]
fn a_code_stands_in_text_and_html_in_one_piece_and_never_in_the_subject() {
    for (letter, lang, Composed { shown, .. }) in composed() {
        let Some(code) = letter.code() else {
            assert_eq!(shown.code, None);
            continue;
        };
        assert_eq!(shown.code.as_deref(), Some(code));
        assert!(shown.text.contains(&format!("    {code}\n")) && shown.html.contains(&format!(">{code}</p>")));
        assert!(!shown.subject.contains(code));
        let preview = shown.html.split("display:none\">").nth(1).and_then(|rest| rest.split('<').next());
        assert!(!preview.expect("a preview").contains(code));
        let life = match lang {
            Lang::Fr => "Ce code expirera dans 30 minutes.",
            Lang::En => "This code will expire in 30 minutes.",
        };
        assert!(shown.text.contains(life) && shown.html.contains(life));
    }
}

#[test]
fn links_lead_to_the_site_in_the_letters_language_and_nothing_is_loaded() {
    for (letter, lang, Composed { shown, .. }) in composed() {
        for link in shown.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = link.strip_prefix("https://press.example.org").expect("an address of ours");
            assert!(path.is_empty() || path.starts_with(&format!("/{lang}/account")), "{letter:?}: {link}");
            assert!(shown.text.contains(link), "{letter:?}: {link}");
        }
        for loading in ["src=", "url(", "@import", "<link", "<img", "http://"] {
            assert!(!shown.html.contains(loading), "{letter:?}: {loading}");
        }
    }
}

#[test]
fn the_row_names_the_letter_and_no_machine_answers_it() {
    for (_, _, Composed { shown, envelope }) in composed() {
        let message = &shown.message;
        assert_eq!(header(message, "Message-ID"), Some("<row-1_a@example.org>"));
        assert_eq!(header(message, "From"), Some("Estafette <no-reply@example.org>"));
        assert_eq!(header(message, "To"), Some("ada@example.com"));
        assert_eq!(header(message, "Date"), Some("Mon, 23 Nov 2026 08:05:00 +0000"));
        assert_eq!(header(message, "Auto-Submitted"), Some("auto-generated"));
        assert_eq!(header(message, "X-Auto-Response-Suppress"), Some("All"));
        assert_eq!(header(message, "MIME-Version"), Some("1.0"));
        assert_eq!(envelope.to()[0].to_string(), "ada@example.com");
    }
}

#[test]
fn a_letter_passes_the_oldest_server() {
    for (letter, _, Composed { shown, .. }) in composed() {
        assert!(shown.message.is_ascii(), "{letter:?}");
        // RFC 5322 §2.1.1: 998 at most, 78 if one can.
        assert!(shown.message.split("\r\n").all(|line| line.len() <= 78 && !line.contains(['\r', '\n'])), "{letter:?}");
    }
}

#[test]
fn the_same_row_gives_the_same_letter() {
    let first: Vec<_> = composed().map(|(.., composed)| composed.shown.message).collect();
    let second: Vec<_> = composed().map(|(.., composed)| composed.shown.message).collect();
    assert_eq!(first, second);
}

#[test]
fn what_a_browser_says_of_itself_is_words_and_no_markup() {
    let device = |browser: &str| {
        let letter = Letter::NewDevice { browser: browser.to_owned(), network: "2001:db8::/48".to_owned(), at: TODAY };
        letterhead().compose("id", "ada@example.com", Lang::Fr, TODAY, &letter).expect("written").shown
    };
    let shown = device("<img src=x> {body}\r\nBcc: eve@example.com");
    assert!(shown.html.contains("&lt;img src=x&gt; {body}Bcc: eve@example.com</td>"));
    assert!(shown.text.contains("Quand\u{a0}: 23 novembre 2026 à 8\u{a0}h\u{a0}05 (UTC)"), "{}", shown.text);
    assert!(device(&"x".repeat(5000)).html.len() < 6000);
}

#[test]
fn an_address_that_is_none_is_told_without_repeating_it() {
    for address in ["", "ada", "ada@", "ada@example.com\r\nBcc: eve@example.com", "a b@example.com"] {
        let told = letterhead().compose("id", address, Lang::Fr, TODAY, &Letter::NoAccount).expect_err(address);
        assert_eq!(told, Unwritable::Address);
        assert!(!told.to_string().contains("ada"));
    }
}

#[test]
fn a_letter_is_sealed_as_it_was() {
    for letter in every_letter() {
        assert_eq!(Letter::from_bytes(&letter.to_bytes()).as_ref(), Some(&letter));
    }
    assert_eq!(Letter::from_bytes(b"\"FromTheFuture\""), None);
}

/// The judge is dkimpy, by somebody else.
#[test]
fn a_signature_is_good_until_somebody_touches_the_letter() {
    let folder = Folder::new();
    let key = folder.0.join("dkim.pem");
    let openssl = |arguments: &[&str]| {
        let done =
            Command::new("openssl").args(arguments).arg(&key).output().expect("the openssl command is installed");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("PEM")
    };
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"]);
    let public = openssl(&["pkey", "-pubout", "-in"]);
    let public: String = public.lines().filter(|line| !line.starts_with("---")).collect();
    let judge = |message: &str| {
        let script = "import dkim, sys\n\
                      dns = lambda name, timeout=5: b'v=DKIM1; k=rsa; p=' + sys.argv[1].encode() \
                      if name == b's1._domainkey.example.org.' else None\n\
                      print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=dns))";
        let mut running = python()
            .args(["-c", script, &public])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        running.stdin.take().expect("piped").write_all(message.as_bytes()).expect("it reads");
        running.wait_with_output().expect("it ends").stdout == b"True\n"
    };

    let mut letterhead = letterhead();
    let pem = fs::read(&key).expect("it was made");
    letterhead.dkim = Some(Dkim::of(&pem, "s1", "example.org").expect("a key"));
    let letter = letterhead.compose("id", "ada@example.com", Lang::Fr, TODAY, &every_letter()[0]).expect("written");
    let message = letter.shown.message;
    assert!(message.starts_with("DKIM-Signature: ") && message.split("\r\n").all(|line| line.len() <= 78));
    assert!(judge(&message));
    // What relays do on the way is no harm (RFC 6376 §3.4.2, §3.4.4).
    assert!(judge(&message.replace("Subject: ", "SUBJECT:   ")));
    assert!(judge(&format!("Received: from a by b\r\n{message}\r\n\r\n")));
    for (from, to) in [("271828", "111111"), ("\r\nTo: ada", "\r\nTo: eve"), ("\r\nTo:", "\r\nSubject: More\r\nTo:")] {
        assert!(message.contains(from) && !judge(&message.replace(from, to)), "{from}");
    }
}
