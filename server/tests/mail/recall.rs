//! A video is withdrawn by command: whoever took of it is told, once.

use crate::server::{MailHost, Outbox, TODAY, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use server::{
    mail::Step,
    media::vault::Sha256,
    store::{
        accounts::Account,
        budgets::Spend,
        downloads::{Begun, Part, Wanted, What},
        media::{Added, NewVideo, VideoFile},
    },
};
use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

const NUMBER: &str = "ES-2026-014";

/// A video, of which ada has taken all and a part, bob a part, and eve nothing.
async fn taken(outbox: &Outbox) {
    let store = &outbox.store;
    let key = URL_SAFE_NO_PAD.encode([7; 32]);
    fs::write(outbox.folder.0.join("secret.key"), key).expect("the temporary folder can be written");
    let bytes = b"a film";
    let original = VideoFile {
        role: "original".into(),
        sha256: Sha256::of(bytes),
        bytes: 1000,
        media_type: "video/mp4".into(),
        index: None,
        details: json!({}),
    };
    let new = NewVideo {
        number: Some(&NUMBER.parse().expect("a number")),
        metadata: &json!({ "title": { "fr": "Un essai", "en": "A trial" } }),
        embargo_until: None,
        file_name: "film.mp4",
        files: &[original],
        steps: &[],
        now: TODAY,
    };
    let mut tx = store.begin().await.expect("it begins");
    let Added::New(video, number) = tx.add_video(&new).await.expect("added") else { panic!("it is new") };
    for (name, lang) in [("ada", "fr"), ("bob", "en"), ("eve", "en")] {
        let email = format!("{name}@example.com");
        let account = Account {
            id: name.into(),
            email_key: email.clone(),
            email,
            password_hash: "none".into(),
            lang: lang.into(),
            newsletter_at: None,
            created_at: TODAY,
        };
        assert!(tx.open_account(&account).await.expect("opened"));
    }
    tx.commit().await.expect("it is kept");
    let part = Part { frames: 73..212, from: "10:00:02:23".into(), to: "10:00:08:12".into() };
    for (account_id, part) in [("ada", None), ("bob", Some(part.clone())), ("ada", Some(part))] {
        let route = if part.is_some() { "instant" } else { "whole" };
        let what = What { video, number: number.clone(), rendition: "720p".into(), part, route, bytes: 1000 };
        let spend = Spend { key: account_id, window: 1000, limit: 9, amount: 1 };
        let wanted = Wanted {
            account_id,
            what: &what,
            terms: "1",
            resumes: false,
            downloads: spend,
            bytes: spend,
            since: 0,
            now: TODAY,
        };
        assert!(matches!(store.begin_download(&wanted).await.expect("asked"), Begun::Granted(_)));
    }
}

/// The command, over the data of that outbox.
fn withdraw(outbox: &Outbox) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_estafette"));
    command.args(["media", "withdraw", NUMBER, "--why", "a face", "--reason", "Privacy", "--json"]).env_clear();
    command.env("ESTAFETTE_DATA", &outbox.folder.0).env("DATABASE_URL", "sqlite:own.db");
    command
}

/// To whom letters wait.
async fn waiting(outbox: &Outbox) -> Vec<String> {
    let letters = outbox.store.letters("queued", 99).await.expect("listed");
    let mut to: Vec<_> = letters.into_iter().map(|letter| letter.to).collect();
    to.sort();
    to
}

#[tokio::test]
async fn whoever_took_of_a_withdrawn_video_is_told_once_in_their_language() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    taken(&outbox).await;
    let output = withdraw(&outbox).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told, json!({ "number": NUMBER, "withdrawn": true, "letters": 2 }));
    let again = withdraw(&outbox).output().expect("it runs");
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("withdrawn already"));

    // The command's clock is the machine's: by then they are due.
    outbox.later(100 * 365 * 86_400_000);
    for step in [Step::Sent, Step::Sent, Step::Idle] {
        assert_eq!(outbox.mailer.deliver_one().await.expect("the store answers"), step);
    }
    // Quoted-printable breaks lines where it likes.
    let mut letters: Vec<_> = host.taken().iter().map(|letter| letter.replace("=\r\n", "")).collect();
    letters.sort_by_key(|letter| header(letter, "To").map(str::to_owned));
    let [ada, bob] = &letters[..] else { panic!("one to each: {letters:?}") };
    for (letter, to, lang) in [(ada, "ada@example.com", "fr"), (bob, "bob@example.com", "en")] {
        assert_eq!((header(letter, "To"), header(letter, "Content-Language")), (Some(to), Some(lang)));
        assert!(letter.contains(NUMBER) && letter.contains("Privacy"), "{letter}");
        // In the text and in the HTML.
        assert_eq!(letter.matches("10:00:02:23").count(), 2, "{letter}");
    }
    assert_eq!((ada.matches("720p").count(), bob.matches("720p").count()), (4, 2), "all that each took");
}

#[tokio::test]
async fn a_withdrawal_killed_in_the_middle_writes_each_letter_once() {
    let outbox = Outbox::with(None).await;
    taken(&outbox).await;
    for ms in (0..120).step_by(8) {
        let mut running = withdraw(&outbox).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        tokio::time::sleep(Duration::from_millis(ms)).await;
        running.kill().expect("it can be killed");
        running.wait().expect("it ends");
        let video = outbox.store.video(NUMBER).await.expect("asked").expect("there");
        let waiting = waiting(&outbox).await;
        assert_eq!(waiting.len(), if video.withdrawn_at.is_some() { 2 } else { 0 }, "both or neither");
    }
    drop(withdraw(&outbox).output().expect("it runs"));
    assert_eq!(waiting(&outbox).await, ["ada@example.com", "bob@example.com"]);
}
