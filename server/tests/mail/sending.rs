//! How letters leave.

use crate::server::{HALF_AN_HOUR, MailHost, Outbox, code, header};
use axum::body::Body;
use http::{Request, StatusCode, header as headers};
use http_body_util::BodyExt;
use server::{
    mail::{Letter, Step, mailbox, worker},
    settings::{Line, MailServer},
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tower::ServiceExt;

const MINUTE: i64 = 60_000;

async fn deliver(outbox: &Outbox) -> Step {
    outbox.mailer.deliver_one().await.expect("the store answers")
}

#[tokio::test]
async fn a_letter_arrives_under_the_name_of_its_row() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row-1", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
    assert_eq!(deliver(&outbox).await, Step::Idle);
    let taken = host.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(header(&taken[0], "Message-ID"), Some("<row-1@example.org>"));
    assert!(taken[0].contains("271828"));
    assert_eq!(outbox.row("row-1").await.state, "sent");
}

#[tokio::test]
async fn codes_go_before_everything_else() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("notice", "ada@example.com", &Letter::AccountDeleted).await;
    outbox.queue("code", "bob@example.com", &code()).await;
    assert_eq!((deliver(&outbox).await, deliver(&outbox).await), (Step::Sent, Step::Sent));
    let names: Vec<_> = host.taken().iter().map(|letter| header(letter, "To").map(str::to_owned)).collect();
    assert_eq!(names, [Some("bob@example.com".to_owned()), Some("ada@example.com".to_owned())]);
}

#[tokio::test]
async fn a_refusal_is_final_and_is_kept_without_the_address() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row", "refused@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Dead);
    let row = outbox.row("row").await;
    assert_eq!((&*row.state, &*row.why), ("dead", "the mail server said 550 5.1.1"));
    outbox.later(HALF_AN_HOUR / 2);
    assert_eq!(deliver(&outbox).await, Step::Idle);
    // By command, once the mailbox is there: it is tried again.
    assert_eq!(outbox.store.retry_letters("row", row.due_at).await.expect("it answers"), 1);
    assert_eq!(deliver(&outbox).await, Step::Dead);
}

#[tokio::test]
async fn an_address_that_cannot_be_written_to_is_given_up() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    // The second needs SMTPUTF8 (RFC 6531), which this server has not.
    for (id, to) in [("none", "nobody"), ("accents", "éloïse@example.com")] {
        outbox.queue(id, to, &code()).await;
        assert_eq!(deliver(&outbox).await, Step::Dead, "{to}");
        assert!(!outbox.row(id).await.why.contains(to));
    }
    outbox.queue("next", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
}

#[tokio::test]
async fn come_back_later_is_obeyed() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row", "later@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Later);
    assert_eq!(outbox.row("row").await.why, "the mail server said 451 4.7.1");
    assert_eq!(deliver(&outbox).await, Step::Idle);
    outbox.later(12_001);
    assert_eq!(deliver(&outbox).await, Step::Later);
    assert_eq!(outbox.row("row").await.attempts, 2);
}

#[tokio::test]
async fn a_server_that_hangs_does_not_hold_up_the_next_letter() {
    let host = MailHost::start();
    let outbox = Outbox::waiting(3, host.address()).await;
    // A line that has proven good is used for the one that hangs, and must not be used again.
    outbox.queue("first", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
    outbox.queue("hangs", "hangs@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Later);
    assert_eq!(outbox.row("hangs").await.why, "no answer within 3 s");
    outbox.queue("next", "bob@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
    assert_eq!(header(&host.taken()[1], "Message-ID"), Some("<next@example.org>"));
}

#[tokio::test]
async fn a_line_cut_in_mid_letter_costs_nothing_but_time() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row", "cut@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Later);
    assert!(host.taken().is_empty());
    outbox.later(MINUTE);
    assert_eq!(deliver(&outbox).await, Step::Sent);
    assert_eq!(host.taken().len(), 1);
}

#[tokio::test]
async fn a_letter_sent_twice_is_the_same_to_the_byte() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row", "mute@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Later);
    outbox.later(MINUTE);
    assert_eq!(deliver(&outbox).await, Step::Sent);
    let taken = host.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1]);
}

#[tokio::test]
async fn a_server_that_goes_and_comes_back_gets_its_letters() {
    let mut host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("before", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
    host.stop();
    outbox.queue("during", "bob@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Later);
    host.come_back();
    outbox.later(MINUTE);
    assert_eq!(deliver(&outbox).await, Step::Sent);
    assert_eq!(host.taken().len(), 2);
}

#[tokio::test]
async fn a_worker_that_died_has_its_letter_taken_over_when_its_lease_ends() {
    let host = MailHost::start();
    let outbox = Outbox::waiting(3, host.address()).await;
    outbox.queue("row", "hangs@example.com", &code()).await;
    let mailer = Arc::clone(&outbox.mailer);
    let worker = tokio::spawn(async move { mailer.deliver_one().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    worker.abort();
    let _ = worker.await;
    assert_eq!(deliver(&outbox).await, Step::Idle);
    outbox.later(2 * MINUTE);
    assert_eq!(deliver(&outbox).await, Step::Later);
    assert_eq!(outbox.row("row").await.attempts, 2);
}

#[tokio::test]
async fn a_code_that_has_expired_is_not_sent() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    outbox.queue("row", "ada@example.com", &code()).await;
    outbox.later(HALF_AN_HOUR);
    assert_eq!(deliver(&outbox).await, Step::Expired);
    assert!(host.taken().is_empty());
    assert_eq!(outbox.row("row").await.state, "expired");
}

#[tokio::test]
async fn a_wrong_password_is_for_the_operator_to_mend_and_kills_no_letter() {
    let host = MailHost::with(&["--login", "ada:s3cret"]);
    let login = |password: &str| MailServer { login: Some(("ada".to_owned(), password.to_owned())), ..host.address() };
    for server in [login("wrong"), host.address()] {
        let outbox = Outbox::to(server).await;
        outbox.queue("row", "ada@example.com", &code()).await;
        assert_eq!(deliver(&outbox).await, Step::Later);
        let why = outbox.row("row").await.why;
        assert!(why.starts_with("the mail server said 53"), "{why}");
    }
    let outbox = Outbox::to(login("s3cret")).await;
    outbox.queue("row", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Sent);
}

#[tokio::test]
async fn nothing_is_said_on_a_line_that_should_be_encrypted_and_is_not() {
    let host = MailHost::start();
    for line in [Line::StartTls, Line::Wrapped] {
        let login = Some(("ada".to_owned(), "s3cret".to_owned()));
        let outbox = Outbox::to(MailServer { line, login, ..host.address() }).await;
        outbox.queue("row", "ada@example.com", &code()).await;
        assert_eq!(deliver(&outbox).await, Step::Later, "{line:?}");
    }
    assert!(host.taken().is_empty());
}

#[tokio::test]
async fn several_workers_send_every_letter_once_and_finish_before_they_stop() {
    let host = MailHost::start();
    let outbox = Outbox::to(host.address()).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(Arc::clone(&outbox.mailer).run(4, async {
        let _ = stopped.await;
    }));
    for n in 0..40 {
        outbox.queue(&format!("row-{n}"), &format!("ada{n}@example.com"), &code()).await;
        outbox.woken.notify_one();
    }
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while host.taken().len() < 40 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.expect("all are sent");
    stop.send(()).expect("it runs");
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it stops").expect("it ran");
    let names: HashSet<_> = host.taken().iter().map(|letter| header(letter, "Message-ID").map(str::to_owned)).collect();
    assert_eq!(names.len(), 40);
    for n in 0..40 {
        assert_eq!(outbox.row(&format!("row-{n}")).await.state, "sent");
    }
}

#[tokio::test]
async fn without_a_mail_server_letters_can_be_read_on_this_machine_alone() {
    let outbox = Outbox::with(None).await;
    outbox.queue("row", "ada@example.com", &code()).await;
    assert_eq!(deliver(&outbox).await, Step::Kept);
    let routes = mailbox::routes(outbox.store.clone(), outbox.secrets.clone());
    let ask = async |path: &str, more: Option<(&'static str, &str)>| {
        let mut request = Request::get(path).header("host", "127.0.0.1:3000");
        if let Some((name, value)) = more {
            request.headers_mut().expect("sound").insert(name, value.parse().expect("a value"));
        }
        let answer = routes.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        let (head, body) = answer.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        (head, String::from_utf8(body.to_vec()).expect("UTF-8"))
    };
    let (head, json) = ask("/dev/mailbox.json", None).await;
    assert_eq!(head.headers[headers::CACHE_CONTROL], "no-store");
    let letters: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&letters[0]["to"], &letters[0]["code"]), (&"ada@example.com".into(), &"271828".into()));
    for field in ["subject", "text", "html", "message"] {
        assert!(letters[0][field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    assert!(ask("/dev/mailbox", None).await.1.contains("/dev/mailbox/row"));
    let (head, page) = ask("/dev/mailbox/row", None).await;
    assert!(
        head.headers[headers::CONTENT_SECURITY_POLICY].to_str().expect("ASCII").contains("style-src 'unsafe-inline'")
    );
    assert!(page.contains("<iframe sandbox") && page.contains("&lt;html lang=&quot;fr&quot;"));
    assert_eq!(ask("/dev/mailbox/other", None).await.0.status, StatusCode::NOT_FOUND);
    for stranger in [("host", "evil.example"), ("x-forwarded-for", "198.51.100.7")] {
        let (head, body) = ask("/dev/mailbox.json", Some(stranger)).await;
        assert_eq!((head.status, body.is_empty()), (StatusCode::NOT_FOUND, true), "{stranger:?}");
    }
}

#[test]
fn waits_grow_are_capped_and_differ_from_letter_to_letter() {
    let usual = [10, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600];
    for (attempt, seconds) in (1..).zip(usual) {
        for id in ["a", "b", "c", "d", "e"] {
            let wait = worker::wait_before(id, attempt).as_millis();
            assert!((seconds * 800..=seconds * 1200).contains(&wait), "{attempt}: {wait}");
        }
    }
    let waits: HashSet<_> = (0..50).map(|n| worker::wait_before(&n.to_string(), 5)).collect();
    assert!(waits.len() > 25);
    let total: u64 = (1..worker::LAST_TRY).map(|attempt| worker::wait_before("id", attempt).as_secs()).sum();
    assert!((20..30).contains(&(total / 3600)), "{total} s");
}
