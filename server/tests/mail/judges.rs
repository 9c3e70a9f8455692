//! Every letter before judges of others: what filters of unwanted mail think of it, and which mail programs show it.

use crate::letters::composed;
use crate::server::Folder;
use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// What a program says to a text.
fn told(command: &mut Command, text: &str) -> String {
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let running = running.as_mut().unwrap_or_else(|error| panic!("{error}: run scripts/setup.sh test"));
    let mut input = running.stdin.take().expect("piped");
    let text = text.to_owned();
    // Beside the reading: it may answer before it has heard all.
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.stdout.take().expect("piped"), &mut said).expect("UTF-8");
    assert!(running.wait().expect("it ends").success(), "{said}");
    writing.join().expect("no panic").expect("it reads");
    said
}

#[test]
fn spamassassin_holds_every_letter_for_wanted() {
    let folder = Folder::new();
    // All in one mailbox: starting it takes longer than judging.
    let letters: Vec<String> = composed().map(|(.., composed)| composed.shown.message.replace("\r\n", "\n")).collect();
    let mailbox: String = letters
        .iter()
        .map(|letter| format!("From - Mon Nov 23 08:05:00 2026\n{}\n\n", letter.replace("\nFrom ", "\n>From ")))
        .collect();
    // Its report rounds: the header has the points of each rule.
    let mut judge = Command::new("spamassassin");
    judge.args(["--local", "--nocreate-prefs", "--mbox", "--cf", "add_header all Points _TESTSSCORES_"]);
    judge.env("HOME", &folder.0).stderr(Stdio::null());
    let said = told(&mut judge, &mailbox).replace("\n\t", "");
    let judged: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("X-Spam-Points: ")).collect();
    assert_eq!(judged.len(), letters.len(), "{said}");
    for (points, letter) in judged.into_iter().zip(letters) {
        let rule = |rule: &str| rule.split_once('=').and_then(|(_, points)| points.trim().parse::<f64>().ok());
        let sum: f64 = points.split(',').map(|one| rule(one).unwrap_or_else(|| panic!("{one} in {points}"))).sum();
        assert!(sum < 0.0, "{points}\n{letter}");
    }
}

/// What mail programs may leave out of a letter, each for the reason that nothing is lost with it.
const SPARED: [&str; 8] = [
    // Dark colours: without them the letter is light.
    "@media",
    "<style> element",
    "color-scheme meta tag",
    // Its colour is that of the table in it too.
    "<body> element",
    // For screen readers, who then hear that there is a table.
    "role attribute",
    // Told by a header as well.
    "lang attribute",
    // The line that lists show beside the subject: it stands above the letter then.
    "display:none",
    "display",
];

#[test]
fn mail_programs_show_every_letter_or_lose_nothing_of_it() {
    // Those of which its data have all that is asked: not Thunderbird, which shows what Firefox shows.
    let clients = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*", "samsung-email.*", "gmx.*", "orange.*", "sfr.*"];
    let script = "import { caniemail } from 'caniemail';
        const { clients, letters } = JSON.parse(await new Response(process.stdin).text());
        const lost = letters.map((html) => [...caniemail({ clients, html }).issues.errors].flatMap(([client, issues]) => issues.map(({ title }) => [client, title])));
        console.log(JSON.stringify(lost));";
    let html: Vec<String> = composed().map(|(.., composed)| composed.shown.html).collect();
    let told_of = |letters: &[String]| -> Value {
        let mut judge = Command::new("node");
        judge.args(["--input-type=module", "-e", script]);
        judge.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end"));
        let said = told(&mut judge, &json!({ "clients": clients, "letters": letters }).to_string());
        serde_json::from_str(&said).expect("JSON")
    };
    let lost = |told: &Value| -> Vec<String> {
        let all = told.as_array().expect("letters").iter().flat_map(|one| one.as_array().expect("issues"));
        let titles = all.map(|issue| issue[1].as_str().expect("a title").to_owned());
        titles.filter(|title| !SPARED.contains(&title.as_str())).collect()
    };
    let judged = told_of(&html);
    assert_eq!(judged.as_array().map(Vec::len), Some(html.len()));
    assert_eq!(lost(&judged), Vec::<String>::new());
    // The judge is awake.
    let modern = html[0].replace("margin:0 0 16px", "display:flex;position:absolute");
    assert_ne!(lost(&told_of(&[modern])), Vec::<String>::new());
}
