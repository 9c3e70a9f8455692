//! `estafette media`, run as people run it; what it makes is decoded by ffmpeg, and the numbers drawn into its pictures
//! are read.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant, SystemTime},
};

#[path = "support/postgres.rs"]
mod postgres;

use postgres::{Folder, Postgres};

const FAILED: i32 = 1;
const NOT_FOUND: i32 = 3;
const REFUSED: i32 = 4;

const TITLE: &str = "[title]\nfr = \"Essai\"\nen = \"Trial\"\n";

/// An installation of a test's own.
struct Installation {
    folder: Folder,
    url: String,
    path: String,
    settings: Vec<(&'static str, String)>,
}

impl Installation {
    fn new() -> Self {
        Self::on("sqlite:own.db".to_owned())
    }

    fn on(url: String) -> Self {
        let path = std::env::var("PATH").expect("there is a path");
        let installation = Self { folder: Folder::new("media"), url, path, settings: Vec::new() };
        let made = installation.command(&["migrate"]).output().expect("it runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        installation
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).expect("it is written");
        self.text(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_estafette"));
        command.args(arguments).env_clear().env("PATH", &self.path).current_dir(&self.folder.0);
        command.env("ESTAFETTE_DATA", self.path("data")).env("DATABASE_URL", &self.url);
        command.envs(self.settings.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(&[&["media"], arguments].concat()).output().expect("it runs")
    }

    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        let complained = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && complained.is_empty(), "{arguments:?}: {complained}");
        String::from_utf8(ended.stdout).expect("UTF-8")
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let said = self.does(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// Runs what must end with that code, and say why in one line.
    #[track_caller]
    fn ends(&self, code: i32, arguments: &[&str], part: &str) {
        ended(&self.run(arguments), code, part);
    }

    /// A program that is found before the one of that name; `$REAL` is that one.
    fn instead_of(&mut self, name: &str, script: &str) {
        let bin = self.path("bin");
        fs::create_dir_all(&bin).expect("it is made");
        let real = Command::new("sh").args(["-c", &format!("command -v {name}")]).env("PATH", &self.path).output();
        let real = String::from_utf8(real.expect("sh runs").stdout).expect("UTF-8");
        let script = format!("#!/bin/sh\nREAL={}\n{script}\n", real.trim());
        fs::write(bin.join(name), script).expect("it is written");
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).expect("it is allowed");
        self.path = format!("{}:{}", bin.display(), self.path);
    }

    fn real_programs_again(&mut self) {
        self.path = std::env::var("PATH").expect("there is a path");
    }

    /// What lies in the vault, and what does not belong there.
    fn stored(&self) -> usize {
        let left = files(&self.path("data/media")).into_iter().filter(|file| !file.contains("/sha256/")).count();
        assert_eq!(left, 0, "{:?}", files(&self.path("data/media")));
        files(&self.path("data/media/sha256")).len()
    }

    /// Nothing half done is left.
    #[track_caller]
    fn is_tidy(&self) {
        let mut left = files(&self.path("data/working"));
        left.retain(|file| !file.ends_with("working/lock"));
        assert!(left.is_empty(), "{left:?}");
    }

    fn file(&self, shown: &Value, role: &str) -> PathBuf {
        let all = shown["files"].as_array().expect("files");
        let file = all.iter().find(|file| file["role"] == role).unwrap_or_else(|| panic!("no {role}: {shown:#}"));
        let hash = file["sha256"].as_str().expect("a hash");
        self.path("data/media/sha256").join(&hash[..2]).join(&hash[2..])
    }
}

#[track_caller]
fn ended(ended: &Output, code: i32, part: &str) {
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(code), "{said}{}", String::from_utf8_lossy(&ended.stdout));
    assert!(said.lines().count() == 1 && said.contains(part), "{said}, not {part}");
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path.to_str().expect("UTF-8").to_owned()),
        }
    }
    found
}

#[track_caller]
fn ffmpeg(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(["-v", "error"]).args(arguments).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}: scripts/setup.sh installs it"));
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap_or_else(|error| error.into_bytes().iter().map(|byte| char::from(*byte)).collect())
}

/// A film whose frames show their number, eight cells of black or white.
fn film(installation: &Installation, name: &str, size: &str, rate: &str, coding: &[&str]) -> String {
    let cell = |bit: u32| {
        let (x, of) = (bit * 40, 1 << bit);
        format!("drawbox=x={x}:w=40:h=40:c=white:t=fill:enable='mod(floor(n/{of}),2)'")
    };
    let cells: Vec<_> = (0..8).map(cell).collect();
    let picture =
        format!("testsrc2=size={size}:rate={rate}:duration=2,drawbox=w=320:h=40:c=black:t=fill,{}", cells.join(","));
    let sound = "sine=frequency=440:sample_rate=48000:duration=2";
    let made = installation.text(name);
    let given = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", sound, "-shortest"];
    let usual = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
    ffmpeg("ffmpeg", &[&given[..], &usual, coding, &["-y", &made]].concat());
    made
}

/// The numbers that the frames of a film show, brought to the size they were drawn in.
fn numbers(film: &Path, width: u32) -> Vec<u32> {
    let filter = format!("scale={width}:-2,crop=320:40:0:0,scale=8:1:flags=area,format=gray");
    let film = film.to_str().expect("UTF-8");
    let cells = ffmpeg(
        "ffmpeg",
        &["-i", film, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", &filter, "-f", "rawvideo", "-"],
    );
    let cells: Vec<bool> = cells.chars().map(|cell| u32::from(cell) > 128).collect();
    cells.chunks(8).map(|row| row.iter().zip(0..).map(|(cell, bit)| u32::from(*cell) << bit).sum()).collect()
}

/// What ffprobe tells, line by line.
fn probed(film: &Path, entries: &str) -> Vec<String> {
    let film = film.to_str().expect("UTF-8");
    let told = ffmpeg("ffprobe", &["-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0", film]);
    told.lines().map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Checks a rendition: all frames, short closed groups, size, rate, timecode.
#[track_caller]
fn is_the_same_film(rendition: &Path, frames: u32, group: usize, size: &str, rate: &str, timecode: &str, width: u32) {
    assert_eq!(numbers(rendition, width), (0..frames).collect::<Vec<_>>());
    let told = probed(rendition, "stream=width,height,pix_fmt,r_frame_rate:stream_tags=timecode");
    assert_eq!(told, [format!("{size},yuv420p,{rate},{timecode}").trim_end_matches(',').to_owned()]);
    let (mut since, mut begins) = (0, f64::NEG_INFINITY);
    for packet in probed(rendition, "packet=pts_time,flags") {
        let (pts, flags) = packet.split_once(',').expect("two fields");
        let pts: f64 = pts.parse().expect("a time");
        if flags.starts_with('K') {
            assert!(since == 0 || since == group, "a group of {since} frames");
            (since, begins) = (0, pts);
        }
        assert!(pts >= begins, "a picture of an open group");
        since += 1;
    }
    assert!(since <= group);
}

fn taken_in(installation: &Installation) {
    let film = film(installation, "essai.mp4", "320x180", "25", &["-timecode", "10:00:00:00"]);
    let said = format!(
        "number = \"ES-1\"\nlanguage = \"fr\"\nrelated = [\"m4.2\"]\n{TITLE}[[shotlist]]\nin = \"10:00:00:05\"\n\
         out = \"f40\"\nfr = \"Mire\"\nen = \"Test card\"\n"
    );
    let said = installation.write("essai.toml", said);
    let captions = installation.write("essai.srt", "1\n00:00:00,200 --> 00:00:01,000\nBonjour & merci\n");
    let captions = format!("fr={captions}");
    let added = installation.json(&["add", &film, "--metadata", &said, "--captions", &captions, "--wait"]);
    assert_eq!((&added["number"], &added["state"]), (&"ES-1".into(), &"published".into()), "{added:#}");
    let shown = installation.json(&["show", "es-1"]);
    let roles: Vec<_> = shown["files"].as_array().expect("files").iter().map(|file| &file["role"]).collect();
    let wanted = [
        "180p",
        "captions-fr",
        "original",
        "proxy",
        "still",
        "storyboard",
        "storyboard-index",
        "thumbnail",
        "waveform",
    ];
    assert_eq!(roles, wanted, "nothing larger than it came");
    assert!(shown["work"].as_array().expect("steps").iter().all(|step| step["attempts"] == 1), "{shown:#}");
    assert_eq!(shown["details"]["timecode"], "10:00:00:00");
    assert_eq!((&shown["details"]["frames"], &shown["details"]["rate"]), (&50.into(), &"25".into()));

    let of = |role: &str| installation.file(&shown, role);
    assert_eq!(fs::read(of("original")).expect("stored"), fs::read(&film).expect("there"));
    is_the_same_film(&of("180p"), 50, 25, "320,180", "25/1", "10:00:00:00", 320);
    is_the_same_film(&of("proxy"), 50, 13, "320,180", "25/1", "10:00:00:00", 320);
    assert_eq!(probed(&of("still"), "stream=codec_name,width,height"), ["mjpeg,320,180"]);
    assert_eq!(probed(&of("thumbnail"), "stream=codec_name,width,height"), ["webp,320,180"]);
    assert_eq!(probed(&of("storyboard"), "stream=width,height"), ["640,90"]);
    let index = fs::read_to_string(of("storyboard-index")).expect("stored");
    assert!(index.contains("00:00:00.500 --> 00:00:01.000\nstoryboard.webp#xywh=160,0,160,90"), "{index}");
    let captions = fs::read_to_string(of("captions-fr")).expect("stored");
    assert_eq!(captions, "WEBVTT\n\n00:00:00.200 --> 00:00:01.000\nBonjour &amp; merci\n");
    let waveform: Value = serde_json::from_slice(&fs::read(of("waveform")).expect("stored")).expect("JSON");
    let data = waveform["data"].as_array().expect("samples");
    assert_eq!(waveform["length"], data.len() / 2);
    assert!(data.iter().any(|peak| peak.as_i64().is_some_and(|peak| peak > 10)), "it is not silent");

    let told = installation.json(&["verify"]);
    assert_eq!((&told["videos"], &told["files"], &told["wrong"]), (&1.into(), &12.into(), &serde_json::json!([])));
    assert_eq!(installation.stored(), 12);
    installation.is_tidy();
    let known = installation.json(&["add", &film, "--metadata", &said]);
    assert_eq!((&known["number"], &known["known"]), (&"ES-1".into(), &true.into()));
    assert_eq!(installation.stored(), 12);
}

#[test]
fn a_film_is_taken_in_and_made_ready_on_sqlite() {
    let installation = Installation::new();
    taken_in(&installation);

    // A file that changed is named, and one that is gone.
    let shown = installation.json(&["show", "ES-1"]);
    let proxy = installation.file(&shown, "proxy");
    let mut bytes = fs::read(&proxy).expect("stored");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::set_permissions(&proxy, fs::Permissions::from_mode(0o600)).expect("it is ours");
    fs::write(&proxy, bytes).expect("it is written");
    let told = |arguments: &[&str], part: &str| {
        let verified = installation.run(arguments);
        ended(&verified, FAILED, "1 of 12 files are missing or damaged");
        assert!(String::from_utf8_lossy(&verified.stdout).contains(part), "{verified:?}");
    };
    told(&["verify"], "ES-1 proxy: the file");
    fs::remove_file(&proxy).expect("it is there");
    told(&["verify", "ES-1"], "ES-1 proxy: there is no file");
}

#[test]
fn a_film_is_taken_in_and_made_ready_on_postgresql() {
    let server = Postgres::start();
    taken_in(&Installation::on(server.url()));
}

#[test]
fn rates_and_timecodes_stay_and_sizes_never_grow() {
    let installation = Installation::new();
    for (name, size, rate, coding, expected) in [
        (
            "drop.mov",
            "1280x720",
            "30000/1001",
            &["-timecode", "00:00:58;00"][..],
            vec![("proxy", 15, "852,480"), ("720p", 30, "1280,720")],
        ),
        ("fifty.mp4", "640x362", "50", &[], vec![("proxy", 25, "640,362"), ("362p", 50, "640,362")]),
    ] {
        let film = film(&installation, name, size, rate, coding);
        let shown = installation.json(&["add", &film, "--wait"]);
        assert_eq!(shown["state"], "published", "{shown:#}");
        let (_, timecode) = coding.split_first().unwrap_or((&"", &[]));
        let (timecode, count) = (timecode.first().copied().unwrap_or_default(), if rate == "50" { 100 } else { 60 });
        let fraction = if rate.contains('/') { rate.to_owned() } else { format!("{rate}/1") };
        let width: u32 = size.split('x').next().expect("a width").parse().expect("a number");
        for (role, group, size) in expected {
            is_the_same_film(&installation.file(&shown, role), count, group, size, &fraction, timecode, width);
        }
        let renditions = shown["files"].as_array().expect("files").iter();
        assert_eq!(renditions.filter(|file| !file["index_sha256"].is_null()).count(), 3, "{shown:#}");
    }
}

#[test]
fn what_is_no_footage_is_refused_with_the_reason_and_leaves_nothing() {
    let installation = Installation::new();
    let good = film(&installation, "good.mp4", "320x180", "25", &["-movflags", "+faststart"]);
    let late = film(&installation, "late.mp4", "320x180", "25", &[]);
    let bytes = |file: &str| fs::read(file).expect("it is there");
    let part = |file: &str, of: usize| bytes(file)[..bytes(file).len() * of / 10].to_vec();
    let lying = {
        let mut lying = bytes(&late);
        let mdat = lying.windows(4).position(|four| four == b"mdat").expect("media");
        lying[mdat - 4..mdat].copy_from_slice(&0x7fff_fff0_u32.to_be_bytes());
        lying
    };
    let sparse = installation.text("sparse.mp4");
    fs::File::create(&sparse).and_then(|file| file.set_len(10 << 30)).expect("no disk is needed");
    let sound = installation.text("sound.m4a");
    ffmpeg("ffmpeg", &["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", &sound]);
    let picture = installation.text("picture.png");
    ffmpeg("ffmpeg", &["-f", "lavfi", "-i", "testsrc2", "-frames:v", "1", &picture]);
    // A playlist would have ffmpeg read any file of this machine, and ask others.
    let playlist = format!("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{good}\n#EXT-X-ENDLIST\n");
    let script = format!("ffconcat version 1.0\nfile '{good}'\n");
    // A codec that nobody knows.
    let mut unknown = bytes(&good);
    while let Some(at) = unknown.windows(4).position(|four| four == b"avc1") {
        unknown[at..at + 4].copy_from_slice(b"zzz9");
    }
    for (file, code, part) in [
        (installation.write("text.mp4", "This is a text that somebody named so.\n"), REFUSED, "no video"),
        (installation.write("empty.mp4", ""), REFUSED, "empty"),
        (installation.write("late-truncated.mp4", part(&late, 6)), REFUSED, "index"),
        (installation.write("truncated.mp4", part(&good, 6)), REFUSED, "past its end"),
        (installation.write("lying.mp4", lying), REFUSED, "index"),
        (installation.write("unknown.mp4", unknown), REFUSED, "decoded"),
        (installation.write("playlist.mp4", playlist), REFUSED, "no video of a kind"),
        (installation.write("script.mp4", script), REFUSED, "no video of a kind"),
        (sparse, REFUSED, "no video"),
        (sound, REFUSED, "no pictures"),
        (picture, REFUSED, "no video"),
        (installation.text("data"), REFUSED, "no file"),
        (installation.text("none.mp4"), NOT_FOUND, "No such file"),
    ] {
        let began = Instant::now();
        let name = Path::new(&file).file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        ended(&installation.run(&["add", &file]), code, part);
        assert!(began.elapsed() < Duration::from_secs(20), "{name} takes long");
    }
    for (said, part) in [
        (format!("titel = 1\n{TITLE}"), "said.toml:1: "),
        (format!("{TITLE}[[shotlist]]\nin = \"f10\"\nout = \"f51\"\nfr = \"x\"\nen = \"x\"\n"), "shotlist, row 1: f51"),
        (
            format!("{TITLE}[[restrictions]]\nkind = \"warn\"\nin = \"f10\"\nout = \"f3\"\nfr = \"x\"\nen = \"x\"\n"),
            "out must",
        ),
        (format!("related = [\"m99\"]\n{TITLE}"), "said.toml:1: the plan has no place m99"),
    ] {
        let said = installation.write("said.toml", said);
        installation.ends(REFUSED, &["add", &good, "--metadata", &said], part);
    }
    let captions = installation.write("bad.srt", "1\n00:00:09,000 --> 00:00:10,000\nToo late\n");
    installation.ends(REFUSED, &["add", &good, "--captions", &format!("fr={captions}")], "bad.srt:2: ");
    let said = installation.write("said.toml", format!("number = \"ES-9\"\n{TITLE}"));
    installation.does(&["add", &good, "--metadata", &said]);
    let kept = installation.stored();
    installation.ends(REFUSED, &["add", &late, "--metadata", &said], "another video has the number ES-9");
    assert_eq!((kept, installation.stored()), (2, 2), "the original and its index");
    installation.is_tidy();
    // One of several does not keep the others from coming in.
    let several = installation.run(&["add", &installation.text("text.mp4"), &late]);
    ended(&several, REFUSED, "1 of 2");
    assert!(String::from_utf8_lossy(&several.stdout).contains("late.mp4 is taken in as V000002."));
}

#[test]
fn a_disk_that_takes_no_more_leaves_nothing_half_done() {
    let mut installation = Installation::new();
    let constant = "nal-hrd=cbr:vbv-maxrate=2000:vbv-bufsize=2000";
    let film =
        film(&installation, "film.mp4", "320x180", "25", &["-b:v", "2M", "-minrate", "2M", "-x264-params", constant]);
    assert!(fs::metadata(&film).expect("it is there").len() > 300_000);
    // A file may have 200 kB: what a full disk says, but for the words.
    let plain = installation.command(&[]);
    let mut limited = Command::new("bash");
    limited.args([
        "-c",
        "trap '' XFSZ; ulimit -f 200; exec \"$0\" media add \"$1\"",
        env!("CARGO_BIN_EXE_estafette"),
        &film,
    ]);
    limited.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(&installation.folder.0).stdin(Stdio::null());
    ended(&limited.output().expect("it runs"), FAILED, "File too large");
    assert_eq!(installation.stored(), 0);
    installation.is_tidy();
    assert_eq!(installation.json(&["list"]), serde_json::json!([]));

    // The disk takes the original, and not what is made of it.
    installation.instead_of("ffmpeg", "trap '' XFSZ; ulimit -f 8; exec \"$REAL\" \"$@\"");
    let waited = installation.run(&["add", &film, "--wait"]);
    assert_eq!(waited.status.code(), Some(FAILED), "{}", String::from_utf8_lossy(&waited.stderr));
    let shown = installation.json(&["show", "V000001"]);
    let step = |shown: &Value, name: &str| {
        let steps = shown["work"].as_array().expect("steps");
        steps.iter().find(|step| step["step"] == name).expect("it is there").clone()
    };
    assert_eq!(shown["state"], "incoming");
    for name in ["proxy", "180p"] {
        let step = step(&shown, name);
        assert_eq!(step["state"], "queued", "{step}");
        assert!(step["why"].as_str().is_some_and(|why| why.contains("File too large")), "{step}");
    }
    let original = installation.file(&shown, "original");
    assert_eq!(fs::read(original).expect("it stays"), fs::read(&film).expect("there"));
    installation.is_tidy();
    installation.real_programs_again();
    let shown = installation.json(&["add", &film, "--wait"]);
    assert_eq!((&shown["state"], &step(&shown, "proxy")["why"]), (&"published".into(), &"".into()));
    assert_eq!(installation.json(&["verify"])["wrong"], serde_json::json!([]));
    installation.is_tidy();
}

#[test]
fn an_ffmpeg_that_is_killed_or_missing_leaves_nothing_half_done() {
    let mut installation = Installation::new();
    let film = film(&installation, "film.mp4", "320x180", "25", &[]);
    installation.instead_of("ffmpeg", "case \"$*\" in *libx264*) kill -9 $$;; esac\nexec \"$REAL\" \"$@\"");
    installation.ends(FAILED, &["add", &film, "--wait"], "ffmpeg was killed (signal 9)");
    installation.is_tidy();
    let shown = installation.json(&["show", "V000001"]);
    let steps: BTreeMap<_, _> = (shown["work"].as_array().expect("steps").iter())
        .map(|step| (step["step"].as_str().expect("a name"), step["state"].as_str().expect("a word")))
        .collect();
    assert_eq!(steps["still"], "done", "one step's failure is not another's");
    assert_eq!((steps["storyboard"], steps["waveform"]), ("done", "done"));
    assert_eq!((steps["proxy"], steps["180p"]), ("queued", "queued"));
    assert_eq!(shown["state"], "incoming");
    installation.real_programs_again();
    let path = std::mem::replace(&mut installation.path, "/nowhere".to_owned());
    installation.ends(FAILED, &["add", &film], "install ffmpeg");
    installation.path = path;
    let shown = installation.json(&["add", &film, "--wait"]);
    assert_eq!(shown["state"], "published", "{shown:#}");
    installation.is_tidy();
}

/// Waits until something is so.
#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_program_that_is_killed_midway_goes_on_where_it_was() {
    let mut installation = Installation::new();
    let film = film(&installation, "film.mp4", "320x180", "25", &[]);
    let pids = installation.text("pids");
    let script = format!("case \"$*\" in *libx264*) echo $$ >>{pids}; exec sleep 300;; esac\nexec \"$REAL\" \"$@\"");
    installation.instead_of("ffmpeg", &script);
    let mut running = installation.command(&["media", "add", &film, "--wait"]).spawn().expect("it runs");
    wait_until("nothing is encoded", || fs::read_to_string(&pids).is_ok_and(|text| text.ends_with('\n')));
    running.kill().expect("it ran");
    running.wait().expect("it ends");
    let slow = fs::read_to_string(&pids).expect("it was written").trim().to_owned();
    let lives = || fs::read_to_string(format!("/proc/{slow}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    wait_until("what it started goes on without it", || !lives());
    assert!(files(&installation.path("data/working")).len() > 1, "nothing was left to tidy up");
    installation.real_programs_again();
    let shown = installation.json(&["add", &film, "--wait"]);
    assert_eq!(shown["state"], "published", "{shown:#}");
    let attempts = |name: &str| {
        let steps = shown["work"].as_array().expect("steps");
        steps.iter().find(|step| step["step"] == name).expect("there")["attempts"].clone()
    };
    assert_eq!((attempts("still"), attempts("waveform")), (1.into(), 1.into()));
    installation.is_tidy();
}

/// The server of an installation, and where it listens.
struct Server(Child, String);

impl Server {
    fn start(installation: &Installation) -> Self {
        fs::create_dir_all(installation.path("site/pkg")).expect("it is made");
        let mut command = installation.command(&["serve"]);
        command.env("ESTAFETTE_ADDR", "127.0.0.1:0").env("METRICS_ADDR", "off").env("LOG_LEVEL", "error");
        command.env("ESTAFETTE_SITE", installation.path("site")).stderr(Stdio::null());
        let mut running = command.spawn().expect("it runs");
        let mut line = String::new();
        BufReader::new(running.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let addr = line.trim().rsplit('/').next().expect("an address").to_owned();
        Self(running, addr)
    }

    /// An answer: its status, its head, its body.
    fn ask(&self, request: &str, headers: &str, body: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.1).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("it can be set");
        let (host, length) = (&self.1, body.len());
        let kind = "content-type: application/x-www-form-urlencoded";
        let head = format!("{request} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}");
        write!(stream, "{head}{kind}\r\ncontent-length: {length}\r\n\r\n{body}").expect("it is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(answer[..end].to_vec()).expect("UTF-8");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, head, answer.split_off(end + 4))
    }

    /// The cookie of somebody who has an account and has accepted the terms.
    fn signed_in(&self, installation: &Installation) -> String {
        let mut create = installation.command(&["account", "create", "ada@example.org", "--lang", "fr"]);
        let mut create = create.stdin(Stdio::piped()).spawn().expect("it runs");
        create.stdin.take().expect("piped").write_all(b"Vent-du-Nord-4711\n").expect("it is written");
        assert!(create.wait().expect("it ends").success());
        let form = "lang=fr&email=ada%40example.org&password=Vent-du-Nord-4711";
        let (status, head, _) = self.ask("POST /api/account/sign-in", "accept: text/html\r\n", form);
        assert_eq!(status, 303, "{head}");
        let session = head.lines().find_map(|line| line.strip_prefix("set-cookie: session=")).expect("a session");
        let cookie = format!("cookie: session={}\r\n", session.split(';').next().expect("a value"));
        let accepting = format!("accept: text/html\r\n{cookie}");
        assert_eq!(self.ask("POST /api/account/accept-terms", &accepting, "lang=fr").0, 303);
        cookie
    }

    /// A clip that is made first, as often asked for as it takes.
    fn made(&self, clip: &str, cookie: &str) -> Vec<u8> {
        let began = Instant::now();
        loop {
            let (status, head, body) = self.ask(clip, cookie, "");
            match status {
                200 => return body,
                202 => assert!(began.elapsed() < Duration::from_secs(60), "it is never made: {head}"),
                _ => panic!("{head}"),
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// As the system does that has no more memory: nothing can be tidied up.
    fn killed(mut self) {
        self.0.kill().expect("it ran");
        self.0.wait().expect("it ends");
    }

    fn stops(mut self) {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().expect("kill runs");
        assert!(self.0.wait().expect("it ends").success());
    }
}

#[test]
fn a_server_that_is_killed_while_it_encodes_ends_renditions_and_clips_after_its_restart() {
    let mut installation = Installation::new();
    let coding = ["-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-timecode", "10:00:00:00"];
    let film = film(&installation, "film.mp4", "320x180", "25", &coding);
    let number = installation.json(&["add", &film])["number"].as_str().expect("a number").to_owned();
    let pids = installation.text("pids");
    // The real ffmpeg, in no hurry.
    let slowly = format!(
        "case \"$*\" in *libx264*) echo $$ >>{pids}; exec \"$REAL\" -readrate 0.05 \"$@\";; esac\nexec \"$REAL\" \"$@\""
    );
    let killed_while_it_encodes = |installation: &Installation, server: Server| {
        let begun = || fs::read_to_string(&pids).is_ok_and(|text| text.ends_with('\n'));
        wait_until("nothing is encoded", begun);
        let pid = fs::read_to_string(&pids).expect("written").lines().last().expect("a line").to_owned();
        let state = || fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        wait_until("it is not ffmpeg yet", || state().contains("(ffmpeg)"));
        server.killed();
        wait_until("what it started goes on without it", || state().is_empty() || state().contains(") Z "));
        assert!(files(&installation.path("data/working")).len() > 1, "nothing was left to tidy up");
        fs::remove_file(&pids).expect("it is ours");
    };

    // A step of the intake.
    installation.instead_of("ffmpeg", &slowly);
    killed_while_it_encodes(&installation, Server::start(&installation));
    installation.real_programs_again();
    let server = Server::start(&installation);
    let work = || installation.json(&["show", &number])["work"].as_array().expect("steps").clone();
    wait_until("it is not made ready", || work().iter().all(|step| step["state"] == "done"));
    let twice: Vec<_> = work().into_iter().filter(|step| step["attempts"] != 1).collect();
    assert_eq!(twice.len(), 1, "what was done is not done again: {twice:#?}");
    server.stops();
    installation.is_tidy();
    let stored = installation.stored();

    // A clip that must be encoded.
    installation.instead_of("ffmpeg", &slowly);
    let server = Server::start(&installation);
    let cookie = server.signed_in(&installation);
    let clip = format!("GET /api/v1/media/{number}/renditions/original/clip?in=f10&out=f41&route=edit-safe");
    assert_eq!(server.ask(&clip, &cookie, "").0, 202);
    killed_while_it_encodes(&installation, server);
    installation.real_programs_again();
    let server = Server::start(&installation);
    let began = Instant::now();
    let path = installation.path("clip.mp4");
    fs::write(&path, server.made(&clip, &cookie)).expect("it is written");
    assert!(began.elapsed() < Duration::from_secs(25), "it waits for a lease");
    assert_eq!(numbers(&path, 320), (10..41).collect::<Vec<_>>());
    server.stops();
    installation.is_tidy();
    assert_eq!(installation.stored(), stored + 1, "the clip, and nothing else");
    assert_eq!(installation.json(&["verify"])["wrong"], serde_json::json!([]));
}

#[test]
fn several_workers_on_one_queue_never_do_one_step_twice() {
    let server = Postgres::start();
    let mut installation = Installation::on(server.url());
    let films: Vec<_> = ["25", "24", "30"]
        .iter()
        .map(|rate| film(&installation, &format!("film-{rate}.mp4"), "320x180", rate, &[]))
        .collect();
    let log = installation.text("log");
    installation
        .instead_of("ffmpeg", &format!("case \"$*\" in *libx264*) echo x >>{log};; esac\nexec \"$REAL\" \"$@\""));
    let films: Vec<&str> = films.iter().map(String::as_str).collect();
    let arguments = [&["media", "add"][..], &films, &["--wait"]].concat();
    let workers: Vec<Child> = (0..3).map(|_| installation.command(&arguments).spawn().expect("it runs")).collect();
    for worker in workers {
        let ended = worker.wait_with_output().expect("it ends");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let listed = installation.json(&["list"]);
    let listed = listed.as_array().expect("videos");
    assert_eq!(listed.len(), 3, "each film once: {listed:#?}");
    for video in listed {
        assert_eq!(video["state"], "published");
        let shown = installation.json(&["show", video["number"].as_str().expect("a number")]);
        let steps = shown["work"].as_array().expect("steps");
        assert!(steps.iter().all(|step| step["attempts"] == 1 && step["state"] == "done"), "{shown:#}");
    }
    assert_eq!(fs::read_to_string(&log).expect("written").lines().count(), 6, "two renditions of each film");
    assert_eq!(installation.json(&["verify"])["wrong"], serde_json::json!([]));
    installation.is_tidy();
}

#[test]
fn videos_are_edited_withdrawn_restored_and_deleted() {
    let installation = Installation::new();
    let good = film(&installation, "a film.mp4", "320x180", "25", &[]);
    assert!(installation.does(&["list"]).starts_with("There are no videos yet."));
    assert!(installation.does(&["add", &good]).contains("is taken in as V000001."));
    let listed = installation.does(&["list"]);
    assert!(listed.contains("V000001  incoming  320 × 180  0:00:02.0"), "{listed}");
    let said = installation.does(&["show", "v000001", "--metadata"]);
    assert!(said.contains("fr = \"a film\""), "{said}");
    let said = installation.write("said.toml", said.replace("fr = \"a film\"", "fr = \"Un film\""));
    installation.does(&["edit", "V000001", "--metadata", &said]);
    assert_eq!(installation.json(&["show", "V000001", "--metadata"])["title"]["fr"], "Un film");
    let captions = installation.write("en.vtt", "WEBVTT\n\n00:00.100 --> 00:01.000\nHello\n");
    for text in ["Hello", "Good day"] {
        installation.write("en.vtt", format!("WEBVTT\n\n00:00.100 --> 00:01.000\n{text}\n"));
        installation.does(&["edit", "V000001", "--captions", &format!("en={captions}")]);
    }
    assert_eq!(installation.stored(), 3, "captions that were replaced are gone");
    let wrong = installation.write("wrong.toml", format!("number = 3\n{TITLE}"));
    installation.ends(REFUSED, &["edit", "V000001", "--metadata", &wrong], "wrong.toml:1: ");
    let renamed = installation.write("renamed.toml", format!("number = \"ES-7\"\n{TITLE}"));
    installation.does(&["edit", "V000001", "--metadata", &renamed]);
    installation.ends(NOT_FOUND, &["show", "V000001"], "there is no video V000001");
    installation.does(&["withdraw", "ES-7", "--why", "a face"]);
    installation.ends(REFUSED, &["withdraw", "ES-7", "--why", "again"], "withdrawn already");
    let shown = installation.json(&["show", "ES-7"]);
    assert_eq!((&shown["state"], &shown["withdrawn_why"]), (&"withdrawn".into(), &"a face".into()));
    installation.does(&["restore", "ES-7"]);
    installation.ends(REFUSED, &["restore", "ES-7"], "not withdrawn");
    installation.ends(REFUSED, &["delete", "ES-7"], "say --yes");
    installation.does(&["delete", "ES-7", "--yes"]);
    installation.ends(NOT_FOUND, &["delete", "ES-7", "--yes"], "there is no video");
    assert_eq!(installation.stored(), 0);
}

#[test]
fn what_belongs_to_nothing_is_listed_and_removed_when_it_is_old() {
    let installation = Installation::new();
    let film = film(&installation, "film.mp4", "320x180", "25", &[]);
    let number = installation.json(&["add", &film])["number"].as_str().expect("a number").to_owned();
    // The original and its index. Beside them what a killed program leaves: bytes without a row.
    assert_eq!(installation.stored(), 2);
    let left = |name: &str, hours: u64| {
        let folder = installation.path("data/media/sha256/ab");
        fs::create_dir_all(&folder).expect("it is made");
        fs::write(folder.join(name), "left behind").expect("it is written");
        let file = fs::File::open(folder.join(name)).expect("it is there");
        file.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("it is ours");
    };
    left(&"0".repeat(62), 2);
    left(&"1".repeat(62), 0);
    let told = installation.json(&["verify"]);
    assert_eq!(told["unnamed"], serde_json::json!([{ "sha256": format!("ab{}", "0".repeat(62)), "bytes": 11 }]));
    assert!(
        installation.does(&["verify"]).contains("1 file that belongs to nothing (11 bytes): `estafette media verify")
    );
    installation.ends(REFUSED, &["verify", "--clear"], "say --yes");
    assert_eq!(installation.stored(), 4, "nobody has agreed");
    assert!(installation.does(&["verify", "--clear", "--yes"]).contains("Removed: 1 file"));
    assert_eq!(installation.stored(), 3, "what is young may be about to be named");
    assert_eq!(installation.json(&["verify"])["unnamed"], serde_json::json!([]));

    // What was deleted stays away, unless somebody wants it back.
    installation.does(&["delete", &number, "--yes"]);
    let again = installation.json(&["add", &film, "--unless-deleted"]);
    assert_eq!((&again["deleted"], &again["number"]), (&true.into(), &number.as_str().into()));
    assert_eq!(installation.json(&["list"]), serde_json::json!([]));
    assert_eq!(installation.json(&["add", &film])["known"], false);
    assert_eq!(installation.json(&["add", &film, "--unless-deleted"])["known"], true);
}

/// A store with an S3 gateway that checks signatures (SeaweedFS), and a bucket in it.
struct Bucket {
    running: Child,
    s3: u16,
    filer: u16,
}

impl Bucket {
    fn start(folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("it is made");
        let keys = r#"{ "identities": [{ "name": "press", "credentials": [{ "accessKey": "press", "secretKey": "right" }],
            "actions": ["Read", "Write", "List"] }] }"#;
        fs::write(folder.join("keys.json"), keys).expect("it is written");
        let modules = std::env::var("S3_PYTHONPATH").expect("scripts/test.sh says where weed is: S3_PYTHONPATH");
        // Free until somebody takes them: it finds none by itself.
        let free: Vec<_> = (0..8).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
        let ports: Vec<u16> = free.iter().map(|free| free.local_addr().expect("it listens").port()).collect();
        drop(free);
        let mut weed = Command::new(Path::new(&modules).join("bin/weed"));
        weed.args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", "-s3.config=keys.json", "-dir=."]);
        weed.args(["-master.volumeSizeLimitMB=64", "-volume.max=20"]);
        let names = ["master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc"];
        for (name, port) in names.into_iter().zip(&ports) {
            let name = name.split_once('.').map_or(format!("{name}.port"), |(of, grpc)| format!("{of}.port.{grpc}"));
            weed.arg(format!("-{name}={port}"));
        }
        weed.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let running = weed.spawn().expect("weed runs: scripts/setup.sh test installs it");
        let bucket = Self { running, s3: ports[6], filer: ports[4] };
        wait_until("the S3 server does not start", || bucket.filed("POST", "/buckets/footage/").is_some());
        wait_until("the S3 server does not answer", || TcpStream::connect(("127.0.0.1", bucket.s3)).is_ok());
        bucket
    }

    /// What the store says past its gateway, if it is there already.
    fn filed(&self, method: &str, path: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.filer)).ok()?;
        let head = "host: filer\r\naccept: application/json\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        write!(stream, "{method} {path} HTTP/1.0\r\n{head}").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }

    /// How many objects it has.
    fn objects(&self) -> usize {
        let below = |path: &str| -> Vec<String> {
            let listed = self.filed("GET", &format!("{path}/?limit=1000")).unwrap_or_default();
            let entries = listed["Entries"].as_array().cloned().unwrap_or_default();
            entries.iter().map(|entry| entry["FullPath"].as_str().expect("a path").to_owned()).collect()
        };
        below("/buckets/footage/press/sha256").iter().map(|folder| below(folder).len()).sum()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

#[test]
fn footage_lies_in_a_bucket_whose_server_checks_signatures() {
    let mut installation = Installation::new();
    let mut bucket = Bucket::start(&installation.path("s3"));
    let address = format!("http://127.0.0.1:{}", bucket.s3);
    let settings = |secret: &str| {
        vec![
            ("MEDIA_URL", "s3://footage/press".to_owned()),
            ("MEDIA_S3_ENDPOINT", address.clone()),
            ("MEDIA_S3_ACCESS_KEY", "press".to_owned()),
            ("MEDIA_S3_SECRET_KEY", secret.to_owned()),
        ]
    };
    let coding = ["-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-timecode", "10:00:00:00"];
    let film = film(&installation, "film.mp4", "320x180", "25", &coding);

    // A wrong secret is one line, and nothing is taken in.
    installation.settings = settings("wrong");
    installation.ends(FAILED, &["add", &film], "see MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY");
    assert_eq!(installation.json(&["list"]), serde_json::json!([]));
    assert_eq!(bucket.objects(), 0);

    installation.settings = settings("right");
    let shown = installation.json(&["add", &film, "--wait"]);
    assert_eq!(shown["state"], "published", "{shown:#}");
    let number = shown["number"].as_str().expect("a number").to_owned();
    let told = installation.json(&["verify"]);
    assert_eq!((&told["wrong"], &told["unnamed"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(told["files"], bucket.objects());

    let server = Server::start(&installation);
    let cookie = server.signed_in(&installation);
    let rendition = format!("GET /api/v1/media/{number}/renditions/original");
    let (status, head, part) = server.ask(&rendition, &format!("{cookie}range: bytes=1000-4999\r\n"), "");
    assert_eq!(status, 206, "{head}");
    assert_eq!(part, fs::read(&film).expect("there")[1000..5000]);
    let path = installation.path("clip.mp4");
    for route in ["instant", "edit-safe"] {
        let clip = format!("{rendition}/clip?in=f10&out=f41&route={route}");
        fs::write(&path, server.made(&clip, &cookie)).expect("it is written");
        assert_eq!(numbers(&path, 320), (10..41).collect::<Vec<_>>(), "{route}");
    }
    server.stops();
    installation.is_tidy();

    installation.does(&["delete", &number, "--yes"]);
    assert_eq!(bucket.objects(), 0, "its clips are gone with it");
    bucket.running.kill().expect("it ran");
    bucket.running.wait().expect("it ends");
    installation.ends(FAILED, &["add", &film], "the bucket of the media store");
    assert_eq!(installation.json(&["list"]), serde_json::json!([]));
    installation.is_tidy();
}

#[test]
fn the_server_takes_in_what_is_put_into_its_folder_and_makes_the_rest() {
    let installation = Installation::new();
    let folder = installation.path("incoming");
    fs::create_dir_all(installation.path("site/pkg")).expect("it is made");
    let mut command = installation.command(&["serve"]);
    command.env("ESTAFETTE_ADDR", "127.0.0.1:0").env("METRICS_ADDR", "off").env("LOG_LEVEL", "error");
    command.env("MEDIA_WATCH", &folder).env("ESTAFETTE_SITE", installation.path("site")).process_group(0);
    let mut running = command.spawn().expect("it runs");
    let mut line = String::new();
    BufReader::new(running.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    wait_until("the folder is not made", || folder.is_dir());
    let good = film(&installation, "good.mp4", "320x180", "25", &[]);
    fs::write(folder.join("film.toml"), format!("number = \"ES-3\"\n{TITLE}")).expect("it is written");
    fs::write(folder.join("film.fr.srt"), "1\n00:00:00,200 --> 00:00:01,000\nBonjour\n").expect("it is written");
    fs::write(folder.join("text.mp4"), "a text\n").expect("it is written");
    // It is copied slowly, and not taken before it is all there.
    let bytes = fs::read(&good).expect("it is there");
    let (first, second) = bytes.split_at(bytes.len() / 2);
    fs::write(folder.join("film.mp4"), first).expect("it is written");
    std::thread::sleep(Duration::from_secs(2));
    fs::write(folder.join("film.mp4"), [first, second].concat()).expect("it is written");
    wait_until("the film is not taken in", || folder.join("taken/film.mp4").exists());
    wait_until("the text is not refused", || folder.join("refused/text.mp4").exists());
    assert!(folder.join("taken/film.toml").exists() && folder.join("taken/film.fr.srt").exists());
    let reason = fs::read_to_string(folder.join("refused/text.reason.txt")).expect("it is told");
    assert!(reason.contains("no video") && reason.lines().count() == 1, "{reason}");
    let done = || {
        installation.json(&["show", "ES-3"])["work"]
            .as_array()
            .is_some_and(|steps| steps.iter().all(|step| step["state"] == "done"))
    };
    wait_until("it is not made ready", done);
    let shown = installation.json(&["show", "ES-3"]);
    assert_eq!(shown["state"], "published");
    assert_eq!(fs::read(installation.file(&shown, "original")).expect("stored"), bytes);
    installation.file(&shown, "captions-fr");
    Command::new("kill").args(["-TERM", &running.id().to_string()]).status().expect("kill runs");
    assert!(running.wait().expect("it ends").success());
    installation.is_tidy();
}
