//! Who takes footage, by what right, how much of it, and that it is known afterwards.

use crate::{
    media::{FILM, ada, clip, metadata, problem, publish, vault},
    person::{ANOTHER, MINUTE, PASSWORD, Person},
    site::{Answer, Ask, Site},
};
use serde_json::json;
use server::{
    media::vault::Sha256,
    store::{Store, media::VideoFile},
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Makes a token on the account's page; the token.
async fn token(person: &mut Person<'_>, name: &str) -> String {
    let page = person.reads("make-token", &[("name", name), ("days", "30"), ("proof", PASSWORD)]).await;
    shown(&page).unwrap_or_else(|| panic!("no token in {page}"))
}

/// The token that a page shows.
fn shown(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("value=\"estafette_")?;
    Some(format!("estafette_{}", rest.split('"').next()?))
}

fn with(ask: Ask, token: &str) -> Ask {
    ask.header("authorization", &format!("Bearer {token}"))
}

#[tokio::test]
async fn a_token_takes_footage_and_nothing_else() {
    let site = Site::open().await;
    let (_, film) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let mut ada = ada(&site).await;
    let wrong = ada.reads("make-token", &[("name", "a script"), ("days", "30"), ("proof", ANOTHER)]).await;
    assert!(wrong.contains("data-refusal=\"current-wrong\"") && shown(&wrong).is_none());
    let nameless = ada.reads("make-token", &[("name", "  "), ("proof", PASSWORD)]).await;
    assert!(nameless.contains("data-refusal=\"name-missing\"") && shown(&nameless).is_none());
    let token = token(&mut ada, "a script").await;
    let later = ada.opens("/fr/account").await.text();
    assert!(shown(&later).is_none() && later.contains("a script") && later.contains("jamais utilisé"), "once");

    let answer = with(site.get(FILM), &token).send().await.is(200);
    assert!(answer.body == film);
    assert_eq!(answer.header("cache-control"), "private, no-cache, no-transform");
    with(site.get(&clip("f30", "f71", "")), &token).send().await.is(200);
    assert!(ada.opens("/fr/account").await.text().contains("utilisé le"));

    // Whoever brings a bad one is told so, also beside a good session.
    let mistyped = format!("{}{}", &token[..81], if token.ends_with('0') { "1" } else { "0" });
    let invented = server::secrets::access_token();
    for bad in [mistyped.as_str(), &invented, "", "estafette_"] {
        for ask in [site.get(FILM), ada.fetches(FILM)] {
            let refused = with(ask, bad).send().await;
            assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"");
            problem(refused, 401, "opens nothing");
        }
    }
    problem(site.get(FILM).header("authorization", "Basic YWRhOng=").send().await, 401, "opens nothing");
    let nobody = site.get(FILM).send().await;
    assert_eq!(nobody.header("www-authenticate"), "Bearer");

    // Nothing of the account.
    for path in ["/fr/account", "/fr/account/downloads"] {
        let led_away = with(site.get(path).browser(), &token).send().await;
        assert!(led_away.status.is_redirection() && led_away.header("location").contains("sign-in"), "{path}");
    }
    assert_eq!(with(site.get("/api/account/who"), &token).send().await.is(200).text(), "\"\"");
    let form = site.ask(http::Method::POST, "/api/account/make-token").browser();
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let posted = with(form, &token).body(format!("name=x&proof={PASSWORD}")).send().await.is(303);
    assert!(posted.header("location").contains("sign-in"));

    let store = site.store().await;
    let kept = store.account("ada@example.org").await.expect("asked").expect("there");
    let events = store.events(Some(&kept.id), 99).await.expect("listed");
    let count = |name: &str| events.iter().filter(|event| event.event == name).count();
    assert_eq!((count("token_made"), count("token_used")), (1, 1), "the first use is noted");
    site.clock.forward(30 * DAY + MINUTE);
    problem(with(site.get(FILM), &token).send().await, 401, "has ended");
}

#[tokio::test]
async fn a_token_is_revoked_and_ends_with_the_password_and_there_are_twenty() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let mut ada = ada(&site).await;
    let first = token(&mut ada, "first").await;
    let second = token(&mut ada, "second").await;
    with(site.get(FILM), &first).send().await.is(200);
    let store = site.store().await;
    let id = store.account("ada@example.org").await.expect("asked").expect("there").id;
    let of = async |name: &str| {
        let tokens = store.tokens_of(&id).await.expect("listed");
        tokens.into_iter().find(|token| token.name == name).expect("there").id
    };
    let mut eve = site.person();
    eve.joins("eve@example.org").await;
    let name = of("first").await;
    eve.sends("end-token", &[("id", &name)]).await;
    with(site.get(FILM), &first).header("range", "bytes=0-9").send().await.is(206);
    assert!(ada.reads("end-token", &[("id", &name)]).await.contains("révoqué"));
    problem(with(site.get(FILM), &first).send().await, 401, "revoked");
    with(site.get(FILM), &second).send().await.is(200);
    ada.sends("change-password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    problem(with(site.get(FILM), &second).send().await, 401, "opens nothing");

    let make = [("name", "one of many"), ("proof", ANOTHER)];
    let mut last = String::new();
    for _ in 0..20 {
        last = shown(&ada.reads("make-token", &make).await).expect("a token");
    }
    assert!(ada.reads("make-token", &make).await.contains("data-refusal=\"tokens-full\""));
    with(site.get(FILM), &last).send().await.is(200);

    // A reset, by whoever has the mailbox.
    let mut owner = site.person();
    owner.sends("reset", &[("email", "ada@example.org")]).await;
    let letters = site.letters_to("ada@example.org", 3).await;
    owner.sends("reset-code", &[("code", &letters.last().expect("a letter").code())]).await;
    owner.sends("new-password", &[("password", PASSWORD)]).await;
    problem(with(site.get(FILM), &last).send().await, 401, "opens nothing");
}

#[tokio::test]
async fn terms_are_accepted_once_before_anything_is_taken() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let mut ada = ada(&site).await;
    // Accepted when the account was opened; then they change.
    ada.fetches(FILM).send().await.is(200);
    let token = token(&mut ada, "a script").await;
    let Store::Sqlite { writer, .. } = site.store().await else { panic!("SQLite") };
    sqlx::query("UPDATE acceptances SET version = 'earlier'").execute(&writer).await.expect("done");
    for refused in [site.get(FILM), site.get(&clip("f1", "f3", "&route=edit-safe"))] {
        problem(with(refused, &token).send().await, 403, "Accept the terms");
    }
    let page = ada.fetches(FILM).header("accept-language", "en").send().await.is(403);
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("Accept the terms first"));
    let video = "/fr/media/ES-2026-001?in=f30&out=f71";
    let shown = ada.opens(video).await.is(200).text();
    assert!(shown.contains("action=\"/api/account/accept-terms\"") && !shown.contains("href=\"/api/v1/media/"));
    let refused = ada.reads("make-token", &[("name", "another"), ("proof", PASSWORD)]).await;
    assert!(refused.contains("data-refusal=\"terms-first\""));
    let back = ada.sends("accept-terms", &[("return_to", "/media/ES-2026-001?in=f30&out=f71")]).await;
    assert_eq!(back, video);
    let shown = ada.opens(&back).await.is(200).text();
    assert!(shown.contains("href=\"/api/v1/media/") && !shown.contains("accept-terms"));
    with(site.get(FILM), &token).send().await.is(200);
    let kept: Vec<(String, String)> =
        sqlx::query_as("SELECT version, lang FROM acceptances ORDER BY at").fetch_all(&writer).await.expect("listed");
    assert_eq!((kept.len(), kept[0].0.as_str(), kept[1].1.as_str()), (2, "earlier", "fr"), "the evidence is kept");
}

#[tokio::test]
async fn what_was_taken_is_listed_and_taken_again_until_it_is_withdrawn() {
    let site = Site::open().await;
    let (id, film) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    publish(&site, "ES-2026-002", metadata(json!({}))).await;
    let mut ada = ada(&site).await;
    assert!(ada.opens("/en/account/downloads").await.is(200).text().contains("You have not downloaded anything yet."));
    // Broken off and gone on with: one download.
    ada.fetches(FILM).header("range", "bytes=0-999").send().await.is(206);
    ada.fetches(FILM).header("range", "bytes=1000-").send().await.is(206);
    ada.ask_head(FILM).await.is(200);
    let tag = ada.fetches(&clip("f30", "f71", "&route=instant")).send().await.is(200).header("etag");
    ada.fetches(&clip("f30", "f71", "&route=instant")).header("if-none-match", &tag).send().await.is(304);
    ada.fetches("/api/v1/media/ES-2026-002/renditions/720p").send().await.is(200);
    let page = ada.opens("/en/account/downloads").await.is(200).text();
    let again: Vec<_> =
        page.split("nofollow\" href=\"").skip(1).map(|rest| rest.split('"').next().expect("one")).collect();
    let part = clip("f30", "f71", "&route=instant").replace('&', "&amp;");
    assert_eq!(again, ["/api/v1/media/ES-2026-002/renditions/720p", &part, FILM], "the last first");
    assert!(page.contains("10:00:01:05") && page.contains("A trial"));
    let eve = {
        let mut eve = site.person();
        eve.joins("eve@example.org").await;
        eve
    };
    let others = eve.clone().opens("/en/account/downloads").await.text();
    assert!(!others.contains("ES-2026"), "nobody else's");

    let mut tx = site.store().await.begin().await.expect("it begins");
    assert!(tx.withdraw_video(id, Some("A mistake"), 3_000).await.expect("withdrawn"));
    tx.commit().await.expect("written");
    let page = ada.opens("/en/account/downloads").await.is(200).text();
    assert_eq!(page.matches("<p class=\"account__gone\">Withdrawn").count(), 2);
    assert_eq!(page.matches("nofollow\" href=\"").count(), 1);
    let store = site.store().await;
    let account = store.account("ada@example.org").await.expect("asked").expect("there").id;
    let rows = store.downloads_of(&account, i64::MAX, 9).await.expect("listed");
    assert_eq!(rows.len(), 3);
    settled(&store, &account, film.len()).await;
    ada.sends("delete", &[("password", PASSWORD)]).await;
    assert!(store.downloads_of(&account, i64::MAX, 9).await.expect("listed").is_empty());
}

/// Waits until it is noted that all of the first download went.
async fn settled(store: &Store, account: &str, bytes: usize) {
    for _ in 0..100 {
        let rows = store.downloads_of(account, i64::MAX, 99).await.expect("listed");
        if rows.last().is_some_and(|first| usize::try_from(first.sent) == Ok(bytes)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it is not noted");
}

#[track_caller]
fn spent(answer: &Answer, policy: &str, within: i64) {
    assert_eq!(answer.status, 429);
    let problem = answer.json();
    assert_eq!(problem["violated-policies"], json!([policy]));
    let wait: i64 = answer.header("retry-after").parse().expect("a number");
    assert!((1..=within).contains(&wait), "{wait}");
}

#[tokio::test]
async fn an_account_begins_so_many_downloads_an_hour_and_goes_on_with_them_all_the_same() {
    let site = Site::with(&[("DOWNLOADS_PER_HOUR", "2")]).await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let mut ada = ada(&site).await;
    let token = token(&mut ada, "a script").await;
    let take = |path: &str| with(site.get(path), &token);
    let first = take(FILM).header("range", "bytes=0-999").send().await.is(206);
    assert!(
        first.header("ratelimit-policy").contains("\"downloads\";q=2;w=3600"),
        "{}",
        first.header("ratelimit-policy")
    );
    assert!(first.header("ratelimit").contains("\"downloads\";r=1;t="), "{}", first.header("ratelimit"));
    take(&clip("f1", "f9", "&route=instant")).send().await.is(200);
    let refused = take(&clip("f1", "f10", "&route=instant")).send().await;
    spent(&refused, "downloads", 3600);
    assert!(refused.json()["detail"].as_str().expect("a sentence").contains("UTC"));
    take(FILM).header("range", "bytes=1000-").send().await.is(206);
    // To people it is said in their language.
    let page = ada.fetches(&clip("f1", "f11", "&route=instant")).header("accept-language", "en").send().await.is(429);
    assert!(page.text().contains("You have reached a limit") && page.text().contains("<main"));
    assert!(!page.header("retry-after").is_empty() && page.header("content-language") == "en");
    // Nobody else's matter, and over after an hour.
    let mut bob = site.person();
    bob.joins("bob@example.org").await;
    bob.fetches(&clip("f1", "f10", "&route=instant")).send().await.is(200);
    site.clock.forward(HOUR);
    take(&clip("f1", "f10", "&route=instant")).send().await.is(200);
}

#[tokio::test]
async fn an_account_takes_so_many_bytes_a_day() {
    let site = Site::with(&[("DOWNLOAD_MB_PER_DAY", "1")]).await;
    let (id, _) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let film = large(&site, id, 600_000).await;
    let ada = ada(&site).await;
    let take = |part: &str| ada.fetches(LARGE).header("accept", "*/*").header("range", part);
    take("bytes=0-499999").send().await.is(206);
    take("bytes=500000-").send().await.is(206);
    let store = site.store().await;
    let account = store.account("ada@example.org").await.expect("asked").expect("there").id;
    settled(&store, &account, film.len()).await;
    take("bytes=0-").send().await.is(206);
    // More than a megabyte is gone: nothing is begun any more.
    let refused = ada.fetches(FILM).send().await.is(429);
    assert!(refused.text().contains("1 Mo"), "{}", refused.text());
    site.clock.forward(DAY);
    ada.fetches(FILM).send().await.is(200);
}

/// Where [`large`] puts it.
const LARGE: &str = "/api/v1/media/ES-2026-001/renditions/1080p";

/// A rendition of so many bytes.
async fn large(site: &Site, video: i64, bytes: usize) -> Vec<u8> {
    let film: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8 ^ (at >> 12) as u8).collect();
    let stored = vault(&site.folder).put_bytes(film.clone().into()).await.expect("stored");
    let file = VideoFile {
        role: "1080p".to_owned(),
        sha256: stored.sha256,
        bytes: stored.bytes,
        media_type: "video/mp4".to_owned(),
        index: None,
        details: json!({}),
    };
    let mut tx = site.store().await.begin().await.expect("it begins");
    tx.put_video_file(video, &file, 3_000).await.expect("put");
    tx.commit().await.expect("written");
    film
}

/// Asks for [`LARGE`].
async fn asks(addr: SocketAddr, token: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    // So that what is not read is felt by who sends it.
    socket.set_recv_buffer_size(16 << 10).expect("set");
    let mut stream = socket.connect(addr).await.expect("the server listens");
    let ask =
        format!("GET {LARGE} HTTP/1.1\r\nhost: {addr}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.expect("sent");
    stream
}

/// Reads [`LARGE`] to its end; all of it, without its head.
async fn rest(mut stream: TcpStream, mut answer: Vec<u8>) -> Vec<u8> {
    stream.read_to_end(&mut answer).await.expect("read");
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..head]));
    answer.split_off(head)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_one_slow_and_one_fast_both_get_all_bytes() {
    // Six megabytes at four a second: alone a second and a half.
    let site = Site::with(&[("DELIVERY_BANDWIDTH", "4000")]).await;
    let (id, _) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let film = large(&site, id, 6_000_000).await;
    let mut ada = ada(&site).await;
    let slow = token(&mut ada, "slow").await;
    let mut bob = site.person();
    bob.joins("bob@example.org").await;
    let fast = token(&mut bob, "fast").await;
    // She begins, and then takes nothing more until he has all of it.
    let mut slow = asks(site.addr, &slow).await;
    let mut begun = vec![0; 100_000];
    slow.read_exact(&mut begun).await.expect("it begins");
    let began = Instant::now();
    let fast = rest(asks(site.addr, &fast).await, Vec::new()).await;
    // However quick his line, not quicker than the site's.
    assert!(began.elapsed() > Duration::from_millis(1_300), "{:?}", began.elapsed());
    let slow = rest(slow, begun).await;
    for read in [&fast, &slow] {
        assert!(Sha256::of(read) == Sha256::of(&film), "{} of {} bytes", read.len(), film.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_transfers_and_clips_at_once() {
    let site = Site::with(&[
        ("TRANSFERS_AT_ONCE", "2"),
        ("CLIP_JOBS_AT_ONCE", "1"),
        ("MEDIA_WORKERS", "0"),
        ("DELIVERY_BANDWIDTH", "50"),
    ])
    .await;
    let (id, _) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    large(&site, id, 1_000_000).await;
    let mut ada = ada(&site).await;
    let token = token(&mut ada, "a script").await;
    let mut transfers = [asks(site.addr, &token).await, asks(site.addr, &token).await];
    for transfer in &mut transfers {
        assert!(transfer.read(&mut [0; 100]).await.expect("it begins") > 0);
    }
    let first_byte = || with(site.get(LARGE), &token).header("range", "bytes=0-0");
    spent(&first_byte().send().await, "transfers", 10);
    drop(transfers);
    for _ in 0..200 {
        if first_byte().send().await.status == 206 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first_byte().send().await.is(206);

    let wish = |to: &str| with(site.get(&clip("f30", to, "&route=edit-safe")), &token);
    wish("f71").send().await.is(202);
    spent(&wish("f72").send().await, "clips", 10);
    wish("f71").send().await.is(202);
}
