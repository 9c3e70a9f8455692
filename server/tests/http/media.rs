//! Videos as they are found, watched and taken away, whole and in part.

use crate::{
    films::{film, numbers},
    person::Person,
    site::{Answer, Folder, Site},
};
use clip::Index;
use http::Method;
use serde_json::{Value, json};
use server::{
    media::{
        metadata::{Metadata, Number},
        vault::{Stored, Vault},
    },
    settings::Settings,
    store::media::{Added, NewVideo, VideoFile},
};
use std::{fs, io::BufReader, time::Duration};

const DAY: i64 = 86_400_000;

/// What editors say of a video whose second second is not given away.
pub(crate) fn metadata(more: Value) -> Value {
    let mut all = json!({
        "title": { "fr": "Un essai", "en": "A trial" },
        "storyline": { "fr": "Des cases.", "en": "Cells." },
    });
    for (name, value) in more.as_object().expect("an object") {
        all[name] = value.clone();
    }
    let read: Metadata = serde_json::from_value(all).expect("it is metadata");
    read.json()
}

/// The media store of a site.
pub(crate) fn vault(folder: &Folder) -> Vault {
    let data = folder.0.join("data");
    let settings = Settings::load(None, [("ESTAFETTE_DATA".into(), data.into_os_string())]);
    Vault::open(&settings.expect("a folder")).expect("a folder needs nothing")
}

/// A published video with a rendition of a hundred frames, and its bytes.
pub(crate) async fn publish(site: &Site, number: &str, metadata: Value) -> (i64, Vec<u8>) {
    let vault = vault(&site.folder);
    let path = site.folder.0.join("film.mp4");
    film(&path);
    let index = Index::read(&mut BufReader::new(fs::File::open(&path).expect("a film"))).expect("an index");
    let of = |role: &str, Stored { sha256, bytes }: Stored, media_type: &str| VideoFile {
        role: role.to_owned(),
        sha256,
        bytes,
        media_type: media_type.to_owned(),
        index: None,
        details: json!({ "width": 320, "height": 180, "rate": "25", "frames": 100, "seconds": 4.0 }),
    };
    // Of its own, as no file is taken in twice.
    let original = vault.put_bytes(format!("the original of {number}").into()).await.expect("stored");
    let film = vault.put(&path).await.expect("stored");
    let packed = vault.put_bytes(index.encode().into()).await.expect("stored");
    let small = vault.put_bytes("a small file".into()).await.expect("stored");
    let cut = |file: VideoFile| VideoFile { index: Some(packed.sha256), ..file };
    let files = [
        of("original", original, "video/mp4"),
        cut(of("720p", film, "video/mp4")),
        cut(of("proxy", film, "video/mp4")),
        of("still", small, "image/jpeg"),
        of("storyboard-index", small, "text/vtt"),
        of("captions-fr", small, "text/vtt"),
    ];
    let number: Number = number.parse().expect("a number");
    let mut tx = site.store().await.begin().await.expect("it begins");
    let new = NewVideo {
        number: Some(&number),
        metadata: &metadata,
        embargo_until: metadata["embargo"].as_str().map(|_| i64::MAX),
        file_name: "film.mp4",
        files: &files,
        steps: &[],
        now: 1_000,
    };
    let Added::New(id, _) = tx.add_video(&new).await.expect("added") else { panic!("it is new") };
    assert!(tx.publish_video(id, 2_000).await.expect("published"));
    tx.commit().await.expect("written");
    (id, fs::read(path).expect("a film"))
}

pub(crate) const FILM: &str = "/api/v1/media/ES-2026-001/renditions/720p";

pub(crate) fn clip(from: &str, to: &str, route: &str) -> String {
    format!("{FILM}/clip?in={from}&out={to}{route}")
}

pub(crate) async fn ada(site: &Site) -> Person<'_> {
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    ada
}

#[track_caller]
pub(crate) fn problem(answer: Answer, status: u16, part: &str) {
    let answer = answer.is(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains(part), "{detail}");
}

/// The frames that an answer shows.
fn shown(site: &Site, answer: &Answer) -> Vec<u32> {
    let path = site.folder.0.join("clip.mp4");
    fs::write(&path, &answer.body).expect("the temporary folder can be written");
    numbers(&path)
}

#[tokio::test]
async fn videos_are_found_and_shown_to_everyone() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    publish(&site, "ES-2026-002", metadata(json!({ "credit": "OTAN" }))).await;
    let list = site.get("/api/v1/media?limit=1&lang=en").send().await.is(200).json();
    assert_eq!((&list["total"], list["items"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    assert_eq!((&list["items"][0]["title"], &list["items"][0]["credit"]), (&json!("A trial"), &json!("OTAN")));
    let next = list["next"].as_str().expect("there is more").split_once("/api").expect("ours").1.to_owned();
    let next = site.get(&format!("/api{next}")).send().await.is(200).json();
    assert_eq!((&next["items"][0]["number"], &next["next"]), (&json!("ES-2026-001"), &Value::Null));

    let one = site.get("/api/v1/media/es-2026-001").send().await.is(200).json();
    assert_eq!((&one["title"], &one["seconds"]), (&json!("Un essai"), &json!(4.0)));
    let names: Vec<_> = one["renditions"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["720p", "original", "proxy"]);
    let shown = one["shown"].as_array().expect("a list");
    let names: Vec<_> = shown.iter().map(|one| one["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["captions.fr.vtt", "proxy.mp4", "still.jpg", "storyboard.vtt"]);
    for file in shown {
        let path = file["address"].as_str().expect("an address").split_once("/media/").expect("ours").1.to_owned();
        let answer = site.get(&format!("/media/{path}")).send().await.is(200);
        assert_eq!(answer.header("content-type"), file["media_type"].as_str().expect("a type"), "{path}");
        assert_eq!(answer.body.len() as u64, file["bytes"].as_u64().expect("a number"), "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        let tag = answer.header("etag");
        site.get(&format!("/media/{path}")).header("if-none-match", &tag).send().await.is(304);
        let part = site.get(&format!("/media/{path}")).header("range", "bytes=2-4").send().await.is(206);
        assert_eq!(part.body, answer.body[2..=4]);
    }
    for path in ["/media/ES-2026-001/720p.mp4", "/media/ES-2026-001/original.mp4", "/media/ES-2026-003/still.jpg"] {
        site.get(path).send().await.is(404);
    }
}

#[tokio::test]
async fn a_film_is_for_who_is_signed_in() {
    let site = Site::open().await;
    let (_, film) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    for path in [FILM.to_owned(), clip("f30", "f71", ""), "/api/v1/media/ES-2026-001/clips/0".to_owned()] {
        problem(site.get(&path).send().await, 401, "signed in");
        problem(site.get(&path).header("cookie", "session=made-up").send().await, 401, "signed in");
    }
    let ada = ada(&site).await;
    let whole = ada.fetches(FILM).send().await.is(200);
    assert!(whole.body == film && !whole.header("repr-digest").is_empty());
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"ES-2026-001_720p.mp4\"");
    assert_eq!(whole.header("cache-control"), "private, no-cache, no-transform");
    let rest = ada.fetches(FILM).header("range", "bytes=1000-").header("if-range", &whole.header("etag"));
    assert!(rest.send().await.is(206).body == film[1000..]);
    problem(ada.fetches(FILM).header("range", "bytes=99999999-").send().await, 416, "no such bytes");
    problem(ada.fetches(FILM).header("if-match", "\"another\"").send().await, 412, "another file");
    problem(ada.fetches("/api/v1/media/ES-2026-001/renditions/1080p").send().await, 404, "no such rendition");
    problem(ada.fetches("/api/v1/media/ES-2026-001/renditions/still").send().await, 404, "no such rendition");
    problem(ada.fetches("/api/v1/media/ES-2026-009/renditions/720p").send().await, 404, "no such video");
}

#[tokio::test]
async fn a_clip_is_exactly_what_was_asked_for() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let ada = ada(&site).await;
    let answer = ada.fetches(&clip("10:00:01:05", "f71", "")).send().await.is(200);
    assert_eq!(shown(&site, &answer), (30..71).collect::<Vec<_>>());
    let name = "attachment; filename=\"ES-2026-001_720p_10-00-01-05-10-00-02-21.mp4\"";
    assert_eq!((answer.header("content-disposition").as_str(), answer.header("repr-digest").as_str()), (name, ""));
    let mut parts = ada
        .fetches(&clip("f30", "2.84s", "&route=instant"))
        .header("range", "bytes=0-9999")
        .send()
        .await
        .is(206)
        .body
        .to_vec();
    let rest =
        ada.fetches(&clip("f30", "f71", "")).header("range", "bytes=10000-").header("if-range", &answer.header("etag"));
    parts.extend_from_slice(&rest.send().await.is(206).body);
    assert!(parts == answer.body);
    for (from, to, status, part) in [
        ("f30", "f30", 422, "Out must lie after in"),
        ("f71", "f30", 422, "Out must lie after in"),
        ("f30", "f101", 422, "out: there is no such point"),
        ("09:00:00:00", "f30", 422, "in: there is no such point"),
        ("10:00:01:30", "f90", 422, "in: no second has that frame"),
        ("30", "f71", 400, "in cannot be read: a point is a timecode"),
        ("f30", "", 400, "out cannot be read"),
    ] {
        problem(ada.fetches(&clip(from, to, "")).send().await, status, part);
    }
    problem(ada.fetches(&format!("{FILM}/clip?out=f3")).send().await, 400, "in is missing");
    problem(ada.fetches(&clip("f1", "f3", "&route=fast")).send().await, 400, "route must fit");
    let original = "/api/v1/media/ES-2026-001/renditions/original/clip?in=f1&out=f2";
    problem(ada.fetches(original).send().await, 422, "It cannot be cut");
}

#[tokio::test]
async fn what_is_held_back_never_travels() {
    let site = Site::open().await;
    let block = json!({ "kind": "block", "in": "f50", "out": "f60", "fr": "Vie privée", "en": "Privacy" });
    let warn = json!({ "kind": "warn", "fr": "Avec égard", "en": "With care" });
    publish(&site, "ES-2026-001", metadata(json!({ "restrictions": [block, warn] }))).await;
    let ada = ada(&site).await;
    problem(ada.fetches(FILM).send().await, 403, "Privacy");
    for (from, to) in [("f0", "f51"), ("f55", "f57"), ("f59", "f80"), ("f0", "f100")] {
        for route in ["", "&route=instant", "&route=edit-safe"] {
            problem(ada.fetches(&clip(from, to, route)).send().await, 403, "From 10:00:02:00 to 10:00:02:10");
        }
    }
    // A group of pictures begins at 50: whoever wants 62 gets 50 too, and is not shown it.
    problem(ada.fetches(&clip("f62", "f80", "&route=instant")).send().await, 403, "route=edit-safe");
    ada.fetches(&clip("f62", "f80", "")).send().await.is(202);
    // In front of it, and where the next group begins, nothing hidden is of it.
    for (from, to) in [(30, 46), (75, 90), (76, 90)] {
        let answer = ada.fetches(&clip(&format!("f{from}"), &format!("f{to}"), "&route=instant")).send().await.is(200);
        assert_eq!(shown(&site, &answer), (from..to).collect::<Vec<_>>());
    }
}

/// Follows a clip that is being made to its end.
pub(crate) async fn made(ada: &Person<'_>, location: &str) -> Value {
    let path = location.split_once("/api/").map(|(_, rest)| format!("/api/{rest}")).expect("an address");
    for _ in 0..600 {
        let job = ada.fetches(&path).send().await.is(200).json();
        match job["state"].as_str() {
            Some("done" | "failed") => return job,
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    panic!("{path} does not come to an end")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_safe_clip_is_made_once_and_kept_a_day() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let ada = ada(&site).await;
    let address = clip("f30", "f71", "&route=edit-safe");
    let accepted = ada.fetches(&address).send().await.is(202);
    let again = ada.fetches(&clip("10:00:01:05", "2.84s", "&route=edit-safe")).send().await.is(202);
    assert_eq!(accepted.header("location"), again.header("location"), "the same asked twice is one");
    assert_eq!(accepted.json()["self"], accepted.header("location"));
    let job = made(&ada, &accepted.header("location")).await;
    assert_eq!((&job["state"], &job["progress"], &job["why"]), (&json!("done"), &json!(1000), &Value::Null));
    assert_eq!(job["receipt"]["ranges"][0]["in"], "10:00:01:05");
    let path = job["template"].as_str().expect("where it is").split_once("/api/").expect("ours").1.to_owned();
    let answer = ada.fetches(&format!("/api/{path}")).send().await.is(200);
    assert_eq!(shown(&site, &answer), (30..71).collect::<Vec<_>>());
    assert!(!answer.header("content-digest").is_empty(), "it has been hashed");
    let part = ada.fetches(&address).header("range", "bytes=-100").send().await.is(206);
    assert_eq!(part.body, answer.body[answer.body.len() - 100..]);
    problem(ada.fetches("/api/v1/media/ES-2026-001/clips/0").send().await, 404, "no such clip");

    let vault = vault(&site.folder);
    let tag = answer.header("etag");
    let stored = tag.trim_matches('"').parse().expect("a hash");
    assert!(vault.size(&stored).await.expect("asked").is_some());
    site.clock.forward(DAY + 11 * 60_000);
    for _ in 0..200 {
        if vault.size(&stored).await.expect("asked").is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_is_ordered_by_a_post() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    site.ask(Method::POST, &clip("f30", "f71", "")).send().await.is(401);
    let ada = ada(&site).await;
    let ordered = ada.orders(&clip("f30", "f71", "")).send().await.is(202);
    let location = ordered.header("location");
    assert_eq!(ordered.json()["self"], location);
    assert_eq!(made(&ada, &location).await["state"], "done");
    // Ordered again it is there; so it is for who asks for it as ever.
    let again = ada.orders(&clip("f30", "f71", "")).send().await.is(200);
    assert_eq!((again.header("location"), &again.json()["state"]), (location, &json!("done")));
    let answer = ada.fetches(&clip("f30", "f71", "&route=edit-safe")).send().await.is(200);
    assert_eq!(shown(&site, &answer), (30..71).collect::<Vec<_>>());
    // What hides nothing needs no making.
    let at_once = ada.orders(&clip("f0", "f100", "")).send().await.is(303).header("location");
    let path = at_once.split_once("/api/").expect("ours").1.to_owned();
    assert_eq!(shown(&site, &ada.fetches(&format!("/api/{path}")).send().await.is(200)).len(), 100);
    problem(ada.orders(&clip("f30", "f71", "&route=instant")).send().await, 400, "no such parameter");
    problem(ada.orders(&clip("f30", "f3", "")).send().await, 422, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_takes_a_clip_up_again() {
    let site = Site::open().await;
    publish(&site, "ES-2026-001", metadata(json!({}))).await;
    let mut ada = site.person();
    let session = ada.joins("ada@example.org").await;
    let location = ada.fetches(&clip("f3", "f98", "&route=edit-safe")).send().await.is(202).header("location");
    let folder = site.stops().await;
    let site = Site::with_folder(&[], folder).await;
    let mut ada = site.person();
    ada.jar.insert("session".to_owned(), session);
    let job = made(&ada, &location).await;
    assert_eq!(job["state"], "done", "{job}");
}

#[tokio::test]
async fn withdrawn_is_gone_and_embargoed_is_not_there_yet() {
    let site = Site::open().await;
    let (id, _) = publish(&site, "ES-2026-001", metadata(json!({}))).await;
    publish(&site, "ES-2026-002", metadata(json!({ "embargo": "2099-01-01T00:00:00Z" }))).await;
    let ada = ada(&site).await;
    let mut tx = site.store().await.begin().await.expect("it begins");
    assert!(tx.withdraw_video(id, Some("A mistake"), 3_000).await.expect("withdrawn"));
    tx.commit().await.expect("written");
    for (number, status) in [("ES-2026-001", 410), ("ES-2026-002", 404)] {
        for path in ["", "/renditions/720p", "/renditions/720p/clip?in=f1&out=f2", "/clips/0"] {
            problem(ada.fetches(&format!("/api/v1/media/{number}{path}")).send().await, status, "video");
        }
        site.get(&format!("/media/{number}/still.jpg")).send().await.is(status);
    }
    assert_eq!(site.get("/api/v1/media").send().await.is(200).json()["total"], 0);
}
