//! What goes with a download, the basket, and the archive of it.

use crate::{
    films::{film, numbers},
    media::{ada, made, metadata, problem, vault},
    person::Person,
    site::{Answer, Site},
};
use clip::Index;
use serde_json::{Value, json};
use server::{
    media::{
        metadata::Number,
        vault::{Sha256, Stored},
    },
    store::media::{Added, NewVideo, VideoFile},
};
use std::{
    ffi::OsString,
    fs,
    io::{BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CAPTIONS: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nUn & un\n\n00:00:02.000 --> 00:00:03.000\nDeux\n";
const FILM: &str = "/api/v1/media/ESSAI-1/renditions/720p";

/// A published video of a hundred frames from 10:00:00:00 on, with shots and captions. Where its rendition lies.
async fn publish(site: &Site, number: &str, more: Value) -> (i64, Sha256) {
    let vault = vault(&site.folder);
    let path = site.folder.0.join("film.mp4");
    film(&path);
    let index = Index::read(&mut BufReader::new(fs::File::open(&path).expect("a film"))).expect("an index");
    let details = json!({
        "width": 320, "height": 180, "rate": "25", "frames": 100, "seconds": 4.0, "timecode": "10:00:00:00",
        "sound": { "codec": "aac", "channels": 2, "sample_rate": 48000 },
    });
    let of = |role: &str, Stored { sha256, bytes }: Stored, media_type: &str, index| VideoFile {
        role: role.to_owned(),
        sha256,
        bytes,
        media_type: media_type.to_owned(),
        index,
        details: details.clone(),
    };
    let original = vault.put_bytes(format!("the original of {number}").into()).await.expect("stored");
    let film = vault.put(&path).await.expect("stored");
    let packed = vault.put_bytes(index.encode().into()).await.expect("stored").sha256;
    let small = vault.put_bytes("a small file".into()).await.expect("stored");
    let captions = vault.put_bytes(CAPTIONS.replace('&', "&amp;").into()).await.expect("stored");
    let files = [
        of("original", original, "video/mp4", None),
        of("720p", film, "video/mp4", Some(packed)),
        of("still", small, "image/jpeg", None),
        of("captions-fr", captions, "text/vtt", None),
    ];
    let shots = json!([
        { "in": "f0", "out": "10:00:01:10", "fr": "Un plan, large", "en": "A \"wide\" shot" },
        { "in": "f35", "out": "f100", "fr": "Un autre", "en": "Another" },
    ]);
    let mut all = metadata(json!({ "shotlist": shots, "credit": "OTAN" }));
    for (name, value) in more.as_object().expect("an object") {
        all[name] = value.clone();
    }
    let number: Number = number.parse().expect("a number");
    let mut tx = site.store().await.begin().await.expect("it begins");
    let new = NewVideo {
        number: Some(&number),
        metadata: &all,
        embargo_until: None,
        file_name: "film.mp4",
        files: &files,
        steps: &[],
        now: 1_000,
    };
    let Added::New(id, _) = tx.add_video(&new).await.expect("added") else { panic!("it is new") };
    assert!(tx.publish_video(id, 2_000).await.expect("published"));
    tx.commit().await.expect("written");
    (id, film.sha256)
}

fn blocked() -> Value {
    json!({ "restrictions": [
        { "kind": "block", "in": "f50", "out": "f60", "fr": "Vie privée", "en": "Privacy" },
        { "kind": "warn", "fr": "Avec égard", "en": "With care" },
    ] })
}

/// The frames that a film shows.
fn shown(site: &Site, film: &[u8]) -> Vec<u32> {
    let path = site.folder.0.join("shown.mp4");
    fs::write(&path, film).expect("the temporary folder can be written");
    numbers(&path)
}

/// Puts a part into the basket, as the page of its video does.
async fn puts(person: &Person<'_>, number: &str, from: &str, to: &str) -> String {
    let fields = [("do", "put"), ("number", number), ("in", from), ("out", to)];
    person.sends_to("/en/media/basket", &fields).send().await.is(303).header("location")
}

async fn page(person: &Person<'_>, query: &str) -> String {
    let answer = person.fetches(&format!("/en/media/basket{query}")).send().await.is(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.text()
}

/// The files of an archive, as Python's own reader of them finds them.
fn unpacked(site: &Site, archive: &Answer) -> Vec<(String, Vec<u8>)> {
    let (path, folder) = (site.folder.0.join("basket.zip"), site.folder.0.join("unpacked"));
    fs::write(&path, &archive.body).expect("the temporary folder can be written");
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  z.extractall(sys.argv[2])\nprint('\\n'.join(z.namelist()))";
    let output = Command::new("python3").args(["-c", script]).args([&path, &folder]).output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tested = Command::new("unzip").arg("-tqq").arg(&path).status().expect("unzip");
    assert!(tested.success(), "unzip takes it too");
    let names = String::from_utf8(output.stdout).expect("UTF-8");
    let read = |name: &str| (name.to_owned(), fs::read(folder.join(name)).expect("it was unpacked"));
    names.lines().map(read).collect()
}

fn of<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
    &files.iter().find(|(of, _)| of == name).unwrap_or_else(|| panic!("{name} is not in {names:?}")).1
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("UTF-8")
}

/// What an editing program's library reads in a list of cuts: name, first frame's timecode, frames.
fn cuts(list: &[u8]) -> Vec<(String, String, u32)> {
    let usual =
        || PathBuf::from(std::env::var_os("HOME").unwrap_or(OsString::from("/"))).join(".cache/estafette/python-edl");
    let packages = std::env::var_os("EDL_PYTHONPATH").map_or_else(usual, PathBuf::from);
    let script = "import sys, json, opentimelineio as otio\n\
                  line = otio.adapters.read_from_string(sys.stdin.read(), 'cmx_3600', rate=25)\n\
                  print(json.dumps([[c.name, c.source_range.start_time.to_timecode(), int(c.source_range.duration.value)]\n\
                  for c in line.video_tracks()[0].find_clips()]))";
    let mut python = Command::new("python3")
        .args(["-c", script])
        .env("PYTHONPATH", packages)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    python.stdin.take().expect("a pipe").write_all(list).expect("it reads");
    let output = python.wait_with_output().expect("it ends");
    assert!(output.status.success(), "scripts/setup.sh brings opentimelineio");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[tokio::test]
async fn a_sidecar_tells_where_a_clip_comes_from_and_what_it_is() {
    let site = Site::open().await;
    let (_, film) = publish(&site, "ESSAI-1", blocked()).await;
    let ada = ada(&site).await;
    let marks = "in=10:00:01:05&out=f46";
    let clip = ada.fetches(&format!("{FILM}/clip?{marks}")).send().await.is(200);
    let answer = ada.fetches(&format!("{FILM}/sidecar.json?{marks}&lang=en")).send().await.is(200);
    assert_eq!(answer.header("content-type"), "application/ld+json");
    let name = "attachment; filename=\"ESSAI-1_720p_10-00-01-05-10-00-01-21.json\"";
    assert_eq!(answer.header("content-disposition"), name);
    let sidecar: Value = serde_json::from_str(&answer.text()).expect("JSON");
    assert_eq!(sidecar["@type"], json!(["VideoObject", "Clip"]));
    assert_eq!(sidecar["sha256"], Sha256::of(&clip.body).to_string(), "it was read for its hash");
    assert_eq!(sidecar["contentSize"], clip.body.len().to_string());
    assert_eq!((&sidecar["startOffset"], &sidecar["endOffset"]), (&json!(1.2), &json!(1.84)));
    assert_eq!((&sidecar["name"], &sidecar["creditText"]), (&json!("A trial"), &json!("OTAN")));
    let url = sidecar["url"].as_str().expect("an address");
    assert!(url.ends_with("/en/media/ESSAI-1?in=f30&out=f46"), "{url}");
    let receipt = &sidecar["receipt"];
    assert_eq!(receipt["source"], film.to_string());
    assert_eq!((&receipt["route"], &receipt["start_timecode"]), (&json!("instant"), &json!("10:00:00:00")));
    let range = &receipt["ranges"][0];
    let range = ["first", "end", "in", "out"].map(|name| range[name].clone());
    assert_eq!(range, [json!(30), json!(46), json!("10:00:01:05"), json!("10:00:01:21")]);
    assert_eq!(receipt["stretches"], json!([{ "first": 0, "end": 16, "bit_identical": true }]));
    assert_eq!(receipt["hidden"][0], 5, "back to the group's beginning");
    let shots: Vec<_> = sidecar["hasPart"].as_array().expect("shots").iter().collect();
    assert_eq!((shots[0]["name"].clone(), shots[0]["endOffset"].clone()), (json!("A \"wide\" shot"), json!(0.2)));
    assert_eq!((shots[1]["startOffset"].clone(), shots[1]["endOffset"].clone()), (json!(0.2), json!(0.64)));
    assert_eq!(sidecar["restrictions"].as_array().map(Vec::len), Some(1), "of the other, nothing is in it");

    // What must be encoded is known when it has been.
    let edit_safe = format!("{marks}&route=edit-safe");
    problem(ada.fetches(&format!("{FILM}/sidecar.json?{edit_safe}")).send().await, 404, "has not been made");
    for (query, status, part) in [
        ("?in=f55&out=f58", 403, "Privacy"),
        ("?in=f62&out=f70&route=instant", 403, "Hidden"),
        ("", 403, "Privacy"),
        ("?in=f3", 400, "out is missing"),
        ("?out=f3", 400, "in is missing"),
        ("?in=f3&out=f400", 422, "out"),
    ] {
        for name in ["sidecar.json", "captions.vtt", "shotlist.csv", "cut.edl"] {
            problem(ada.fetches(&format!("{FILM}/{name}{query}")).send().await, status, part);
        }
    }
    problem(site.get(&format!("{FILM}/sidecar.json?{marks}")).send().await, 401, "signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_was_encoded_has_a_sidecar_too() {
    let site = Site::open().await;
    publish(&site, "ESSAI-1", json!({})).await;
    let ada = ada(&site).await;
    let marks = "in=f30&out=f46&route=edit-safe";
    let accepted = ada.fetches(&format!("{FILM}/clip?{marks}")).send().await.is(202);
    assert_eq!(made(&ada, &accepted.header("location")).await["state"], "done");
    let clip = ada.fetches(&format!("{FILM}/clip?{marks}")).send().await.is(200);
    let sidecar = ada.fetches(&format!("{FILM}/sidecar.json?{marks}")).send().await.is(200).text();
    let sidecar: Value = serde_json::from_str(&sidecar).expect("JSON");
    assert_eq!(sidecar["sha256"], Sha256::of(&clip.body).to_string());
    assert_eq!(sidecar["receipt"]["route"], "edit-safe");
    assert_eq!(sidecar["receipt"]["stretches"][0]["bit_identical"], false, "its head was encoded anew");
}

#[tokio::test]
async fn captions_and_shotlist_begin_with_the_clip() {
    let site = Site::open().await;
    publish(&site, "ESSAI-1", json!({})).await;
    let ada = ada(&site).await;
    let get = async |name: &str| ada.fetches(&format!("{FILM}/{name}")).send().await.is(200).text();
    assert_eq!(
        get("captions.vtt?in=f25&out=f60").await,
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nUn &amp; un\n\n00:00:01.000 --> 00:00:01.400\nDeux\n"
    );
    assert_eq!(
        get("captions.srt?in=f25&out=f60&lang=fr").await,
        "1\n00:00:00,000 --> 00:00:00,500\nUn & un\n\n2\n00:00:01,000 --> 00:00:01,400\nDeux\n"
    );
    assert_eq!(get("captions.vtt").await, CAPTIONS.replace('&', "&amp;"), "of the whole, all of it");
    problem(ada.fetches(&format!("{FILM}/captions.vtt?lang=en")).send().await, 404, "no such captions");
    assert_eq!(
        get("shotlist.csv?in=f25&out=f60").await,
        "\u{feff}in,out,first_frame,end_frame,timecode_in,timecode_out,fr,en\r\n\
         0.000,0.400,0,10,10:00:01:00,10:00:01:10,\"Un plan, large\",\"A \"\"wide\"\" shot\"\r\n\
         0.400,1.400,10,35,10:00:01:10,10:00:02:10,Un autre,Another\r\n"
    );
    let list = get("cut.edl?in=f25&out=f60").await;
    assert!(
        list.contains("\n001  ESSAI1   AA/V  C        10:00:01:00 10:00:02:10 01:00:00:00 01:00:01:10\n"),
        "{list}"
    );
    let name = "ESSAI-1_720p_10-00-01-00-10-00-02-10.mp4".to_owned();
    assert_eq!(cuts(list.as_bytes()), [(name, "10:00:01:00".to_owned(), 35)]);
    let whole: Value = serde_json::from_str(&get("sidecar.json").await).expect("JSON");
    let receipt = &whole["receipt"];
    assert_eq!((&whole["@type"], &receipt["route"]), (&json!("VideoObject"), &json!("whole")));
    assert_eq!(whole["sha256"], receipt["source"]);
    assert_eq!(receipt["stretches"], json!([{ "first": 0, "end": 100, "bit_identical": true }]));
}

#[tokio::test]
async fn a_basket_is_filled_ordered_and_emptied_by_forms() {
    let site = Site::open().await;
    publish(&site, "ESSAI-1", blocked()).await;
    publish(&site, "ESSAI-2", json!({})).await;
    let stranger = site.person();
    let led = puts(&stranger, "ESSAI-1", "f10", "f20").await;
    assert_eq!(led, "/en/account/sign-in?return_to=%2Fmedia%2FESSAI-1%3Fin%3Df10%26out%3Df20");
    let closed = stranger.fetches("/en/media/basket").send().await.is(200).text();
    assert!(closed.contains("return_to=%2Fmedia%2Fbasket") && !closed.contains("basket.zip"));
    problem(stranger.fetches("/api/v1/media/basket.zip").send().await, 401, "signed in");

    let ada = ada(&site).await;
    problem(ada.fetches("/api/v1/media/basket.zip").send().await, 422, "The basket is empty.");
    assert!(page(&ada, "").await.contains("The basket is empty."));
    assert_eq!(
        puts(&ada, "ESSAI-1", "f10", "10:00:00:20").await,
        "/en/media/ESSAI-1?in=f10&out=10%3A00%3A00%3A20#take"
    );
    let video = ada.fetches("/en/media/ESSAI-1?in=f10&out=f20").send().await.is(200).text();
    assert!(video.contains("In the basket") && video.contains("Basket (1)"));
    assert_eq!(puts(&ada, "ESSAI-1", "f10", "f20").await, "/en/media/ESSAI-1?in=f10&out=f20#take");
    puts(&ada, "ESSAI-2", "f30", "f40").await;
    puts(&ada, "ESSAI-1", "f55", "f58").await;
    assert_eq!(puts(&ada, "ESSAI-1", "f20", "f10").await, "/en/media/ESSAI-1?in=f20&out=f10");
    assert_eq!(puts(&ada, "//evil.example", "f1", "f2").await, "/en");

    let shown = page(&ada, "?handles=25").await;
    for said in ["10:00:00:10", "Privacy", "<strong>2 parts</strong>", "value=\"25\""] {
        assert!(shown.contains(said), "{said}");
    }
    let ids = |page: &str| -> Vec<String> {
        page.split("id=\"part-").skip(1).map(|rest| rest.split('"').next().expect("an id").to_owned()).collect()
    };
    let before = ids(&shown);
    assert_eq!(before.len(), 3);
    let act = async |act: &str, id: &str| {
        let fields = [("do", act), ("id", id), ("note", "the opening"), ("query", "handles=25")];
        ada.sends_to("/en/media/basket", &fields).send().await.is(303).header("location")
    };
    assert_eq!(act("down", &before[0]).await, format!("/en/media/basket?handles=25#part-{}", before[0]));
    act("note", &before[2]).await;
    let after = page(&ada, "").await;
    assert_eq!(ids(&after), [&*before[1], &before[0], &before[2]]);
    assert!(after.contains("value=\"the opening\""));
    act("out", &before[0]).await;
    assert_eq!(ids(&page(&ada, "").await), [&*before[1], &before[2]]);

    // Nobody touches what is another's.
    let mut eve = site.person();
    eve.joins("eve@example.org").await;
    for act in ["out", "up", "note"] {
        eve.sends_to("/en/media/basket", &[("do", act), ("id", &before[1]), ("note", "x")]).send().await.is(303);
    }
    eve.sends_to("/en/media/basket", &[("do", "empty")]).send().await.is(303);
    assert_eq!(ids(&page(&ada, "").await).len(), 2);
    ada.sends_to("/en/media/basket", &[("do", "what")]).send().await.is(400);
    let crossing = ada.sends_to("/en/media/basket", &[("do", "empty")]).header("sec-fetch-site", "cross-site");
    crossing.send().await.is(403);
    act("empty", "").await;
    assert!(page(&ada, "").await.contains("The basket is empty."));
}

#[tokio::test]
async fn a_basket_is_taken_as_one_archive() {
    let site = Site::open().await;
    publish(&site, "ESSAI-1", json!({})).await;
    publish(&site, "ESSAI-2", blocked()).await;
    let ada = ada(&site).await;
    for (number, from, to) in [
        ("ESSAI-1", "f30", "f40"),
        ("ESSAI-2", "f80", "f90"),
        ("ESSAI-2", "f40", "f48"),
        ("ESSAI-1", "f30", "f45"),
        ("ESSAI-2", "f45", "f55"),
        ("ESSAI-2", "f62", "f70"),
        ("ESSAI-1", "f95", "f100"),
    ] {
        puts(&ada, number, from, to).await;
    }
    let address = "/api/v1/media/basket.zip?handles=25&rendition=1080p&lang=en";
    let archive = ada.fetches(address).send().await.is(200);
    assert_eq!(archive.header("content-type"), "application/zip");
    assert_eq!(archive.header("content-length"), archive.body.len().to_string(), "it was known before");
    assert!(archive.header("content-disposition").starts_with("attachment; filename=\"estafette-basket_"));
    let files = unpacked(&site, &archive);

    // Handles end with the film, and at what is not given away; what would be hidden of that is not taken either.
    let taken = [
        ("ESSAI-1_10-00-00-05", 5..65),
        ("ESSAI-2_10-00-03-00", 75..100),
        ("ESSAI-2_10-00-00-15", 15..48),
        ("ESSAI-1_10-00-00-05_2", 5..70),
        ("ESSAI-1_10-00-02-20", 70..100),
    ];
    for (name, frames) in &taken {
        let film = of(&files, &format!("{name}.mp4"));
        let decoded = shown(&site, film);
        assert_eq!((decoded.first(), decoded.len()), (Some(&frames.start), decoded.len()), "{name}");
        let ends = *decoded.last().expect("a frame") + 1;
        assert_eq!(decoded, (frames.start..ends).collect::<Vec<_>>(), "{name}");
        if !name.starts_with("ESSAI-2_10-00-00") {
            assert_eq!(ends, frames.end, "{name}");
        }
        assert!(!decoded.iter().any(|frame| name.starts_with("ESSAI-2") && (50..60).contains(frame)), "{name}");
        let sidecar: Value = serde_json::from_slice(of(&files, &format!("{name}.json"))).expect("JSON");
        assert_eq!(sidecar["sha256"], Sha256::of(film).to_string(), "{name}");
        assert_eq!(sidecar["contentSize"], film.len().to_string(), "{name}");
        assert_eq!(sidecar["receipt"]["ranges"][0]["first"], frames.start, "{name}");
    }
    assert_eq!(
        text(of(&files, "ESSAI-1_10-00-02-20.fr.vtt")),
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.200\nDeux\n",
        "from frame 70, which comes after 2.8 seconds"
    );
    assert!(files.iter().any(|(name, _)| name == "ESSAI-1_10-00-00-05.fr.srt"));
    assert!(!files.iter().any(|(name, _)| name == "ESSAI-2_10-00-03-00.fr.vtt"), "nobody speaks there");
    let list = cuts(of(&files, "basket.edl"));
    let names: Vec<_> = list.iter().map(|(name, ..)| name.trim_end_matches(".mp4")).collect();
    assert_eq!(names, taken.each_ref().map(|(name, _)| *name));
    assert_eq!(list[0], ("ESSAI-1_10-00-00-05.mp4".to_owned(), "10:00:00:05".to_owned(), 60));
    let readme = text(of(&files, "README.txt"));
    for said in [
        "ESSAI-2_10-00-03-00.mp4\n    ESSAI-2 – A trial\n    10:00:03:00 → 10:00:04:00 (720p)\n",
        "Credit: OTAN",
        "To be heeded: With care",
        "ESSAI-2 10:00:01:20 → 10:00:02:05\n    The part touches a passage that cannot be handed out: Privacy",
        "ESSAI-2 10:00:02:12 → 10:00:02:20\n    Frames that cannot be handed out would travel hidden",
    ] {
        assert!(readme.contains(said), "{said} in {readme}");
    }
    let told = page(&ada, "?handles=25").await;
    assert!(told.contains("would travel hidden") && told.contains("<strong>5 parts</strong>"));

    // Two that count alike have one list; the archive of the same is the same but for what was chosen.
    let bare = ada.fetches("/api/v1/media/basket.zip").send().await.is(200);
    let files = unpacked(&site, &bare);
    assert_eq!(shown(&site, of(&files, "ESSAI-1_10-00-01-05.mp4")), (30..40).collect::<Vec<_>>());
    problem(ada.fetches("/api/v1/media/basket.zip?handles=251").send().await, 400, "handles");
    problem(ada.fetches("/api/v1/media/basket.zip?evil=1").send().await, 400, "no such parameter");
}

#[tokio::test]
async fn an_archive_is_one_download_of_which_each_part_is_noted() {
    let site = Site::with(&[("DOWNLOADS_PER_HOUR", "1")]).await;
    publish(&site, "ESSAI-1", json!({})).await;
    let mut ada = ada(&site).await;
    puts(&ada, "ESSAI-1", "f30", "f40").await;
    puts(&ada, "ESSAI-1", "f50", "f60").await;
    ada.fetches("/api/v1/media/basket.zip").send().await.is(200);
    let taken = ada.opens("/en/account/downloads").await.text();
    for part in ["10:00:01:05", "10:00:02:00"] {
        assert!(taken.contains(part), "{part} is in {taken}");
    }
    let store = site.store().await;
    let id = store.account("ada@example.org").await.expect("asked").expect("there").id;
    // What was sent is noted when the last byte has gone.
    let mut sent = Vec::new();
    for _ in 0..100 {
        let downloads = store.downloads_of(&id, i64::MAX, 9).await.expect("listed");
        sent = downloads.iter().map(|one| (one.sent, one.bytes)).collect();
        if sent.iter().all(|(sent, bytes)| sent == bytes) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(sent.len() == 2 && sent.iter().all(|(sent, bytes)| sent == bytes), "{sent:?}");
    let refused = ada.fetches("/api/v1/media/basket.zip").send().await.is(429);
    assert!(refused.header("retry-after").parse::<u32>().expect("seconds") > 0);
}

#[tokio::test]
async fn withdrawn_footage_is_left_out_and_goes_with_its_account() {
    let site = Site::open().await;
    let (id, _) = publish(&site, "ESSAI-1", json!({})).await;
    let ada = ada(&site).await;
    puts(&ada, "ESSAI-1", "f30", "f40").await;
    let mut tx = site.store().await.begin().await.expect("it begins");
    assert!(tx.withdraw_video(id, Some("A mistake"), 3_000).await.expect("withdrawn"));
    tx.commit().await.expect("written");
    problem(ada.fetches("/api/v1/media/basket.zip").send().await, 422, "Nothing in the basket can be taken");
    let told = page(&ada, "").await;
    assert!(told.contains("no longer offered") && told.contains("ESSAI-1") && !told.contains("basket.zip"));
}

#[tokio::test]
async fn an_archive_that_breaks_off_is_seen_to_be_broken() {
    let site = Site::open().await;
    let (_, film) = publish(&site, "ESSAI-1", json!({})).await;
    let ada = ada(&site).await;
    puts(&ada, "ESSAI-1", "f30", "f40").await;
    let whole = ada.fetches("/api/v1/media/basket.zip").send().await.is(200).body.len();
    vault(&site.folder).delete(&film).await.expect("deleted");
    let mut stream = tokio::net::TcpStream::connect(site.addr).await.expect("the server listens");
    let session = &ada.jar["session"];
    let request =
        format!("GET /api/v1/media/basket.zip HTTP/1.1\r\nhost: {}\r\ncookie: session={session}\r\n\r\n", site.addr);
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    // Closed in the middle, cleanly or not.
    let _ = stream.read_to_end(&mut answer).await;
    let head = String::from_utf8_lossy(&answer[..answer.len().min(2_000)]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains(&format!("content-length: {whole}")), "{head}");
    assert!(answer.len() < whole, "{} of {whole}", answer.len());
}

#[tokio::test]
async fn a_list_of_cuts_fills_the_basket_and_what_is_not_found_is_told() {
    let site = Site::open().await;
    publish(&site, "ESSAI-1", json!({})).await;
    publish(&site, "ESSAI-2", json!({})).await;
    let ada = ada(&site).await;
    let list = "TITLE: Sujet <du> soir\r\nFCM: NON-DROP FRAME\r\n\
        001  AX       V     C        10:00:00:10 10:00:01:00 01:00:00:00 01:00:00:15\r\n\
        * FROM CLIP NAME: ESSAI-1_720p.mp4\r\n\
        002  ESSAI2   V     D    010 10:00:02:00 10:00:03:00 01:00:00:15 01:00:01:15\r\n\
        003  BL       V     C        00:00:00:00 00:00:01:00 01:00:01:15 01:00:02:15\r\n\
        004  TAPE9    V     C        10:00:02:00 10:00:03:00 01:00:02:15 01:00:03:15\r\n\
        005  ESSAI-1  V     C        11:00:02:00 11:00:03:00 01:00:03:15 01:00:04:15\r\n";
    // The library knows new footage within a second.
    let mut told = String::new();
    for _ in 0..100 {
        let answer = ada.sends_file_to("/en/media/basket", "edl", list.as_bytes()).send().await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        told = answer.text();
        if told.contains("10 frames, to be made again") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for said in [
        "Sujet &lt;du&gt; soir",
        "Put into the basket: 2 parts",
        "begins by a transition of 10 frames",
        "line 6: black",
        "line 7: no video of that name, number or reel",
        "004 TAPE9 V 10:00:02:00 10:00:03:00",
        "line 8: the video has no such timecodes",
        "value=\"Sujet &lt;du&gt; soir 001\"",
    ] {
        assert!(told.contains(said), "{said} in {told}");
    }
    let archive = ada.fetches("/api/v1/media/basket.zip").send().await.is(200);
    let files = unpacked(&site, &archive);
    assert_eq!(shown(&site, of(&files, "ESSAI-1_10-00-00-10.mp4")), (10..25).collect::<Vec<_>>());
    assert_eq!(shown(&site, of(&files, "ESSAI-2_10-00-02-00.mp4")), (50..75).collect::<Vec<_>>());
    // What was taken is a list again, and finds the same.
    let again = ada.sends_file_to("/en/media/basket", "edl", of(&files, "basket.edl")).send().await.is(200).text();
    assert!(again.contains("Put into the basket: 2 parts") && again.contains("was there already"), "{again}");

    for (content, said) in [(&b"no list"[..], "no CMX 3600 list"), (b"", "No file was chosen")] {
        let answer = ada.sends_file_to("/en/media/basket", "edl", content).send().await.is(200).text();
        assert!(answer.contains(said), "{said}");
    }
    let large = vec![b'*'; 1 << 20];
    let answer = ada.sends_file_to("/en/media/basket", "edl", &large).send().await.is(200).text();
    assert!(answer.contains("no CMX 3600 list"), "a megabyte is read");
    ada.sends_file_to("/en/media/basket", "edl", &vec![b'*'; 2 << 20]).send().await.is(413);
    ada.sends_to("/api/account/sign-out", &[("x", &"y".repeat(100_000))]).send().await.is(413);
    let stranger = site.person();
    let led = stranger.sends_file_to("/en/media/basket", "edl", list.as_bytes()).send().await.is(303);
    assert_eq!(led.header("location"), "/en/account/sign-in?return_to=%2Fmedia%2Fbasket");
}
