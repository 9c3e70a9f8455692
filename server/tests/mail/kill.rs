//! The program killed in the middle of its work.

use crate::server::{Folder, MailHost, header};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The real program, over the data in that folder.
fn serve(data: &Path, port: u16) -> (Child, String) {
    let site = data.join("site");
    fs::create_dir_all(site.join("pkg")).expect("it is made");
    let mut running = Command::new(env!("CARGO_BIN_EXE_estafette"))
        .arg("serve")
        .env_clear()
        .env("ESTAFETTE_ADDR", "127.0.0.1:0")
        .env("METRICS_ADDR", "off")
        .env("ESTAFETTE_DATA", data)
        .env("ESTAFETTE_SITE", &site)
        .env("NETWORK_BUDGET", "1000000")
        .env("SMTP_URL", format!("smtp://127.0.0.1:{port}"))
        .env("MAIL_TIMEOUT", "1")
        .env("LOG_LEVEL", "error")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut line = String::new();
    BufReader::new(running.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let addr = line.trim().rsplit('/').next().expect("an address").to_owned();
    (running, addr)
}

/// Asks for a reset with that address: whether it was acknowledged.
fn acknowledged(addr: &str, email: &str) -> bool {
    let body = format!("lang=fr&email={}", email.replace('@', "%40"));
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(addr)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(
            stream,
            "POST /api/account/register HTTP/1.1\r\nhost: {addr}\r\naccept: text/html\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains("location: /fr/account/verify"))
}

#[test]
fn of_registrations_that_were_acknowledged_none_loses_its_letter_when_the_program_is_killed() {
    let (mut host, folder) = (MailHost::start(), Folder::new());
    let (mut running, addr) = serve(&folder.0, host.port);
    let known = Arc::new(Mutex::new(BTreeSet::new()));
    let over = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..4)
        .map(|caller| {
            let (addr, known, over) = (addr.clone(), Arc::clone(&known), Arc::clone(&over));
            std::thread::spawn(move || {
                for n in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let email = format!("a{caller}-{n}@example.com&password=Vent-du-Nord-4711&terms=1");
                    let (address, _) = email.split_once('&').expect("as it is written");
                    if acknowledged(&addr, &email) {
                        known.lock().expect("no panic").insert(address.to_owned());
                    }
                }
            })
        })
        .collect();
    // In the middle of it: some letters have left, some have not.
    let began = Instant::now();
    while known.lock().expect("no panic").len() < 25 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is acknowledged");
        std::thread::sleep(Duration::from_millis(5));
    }
    // SIGKILL: nothing can be tidied up.
    running.kill().expect("it ran");
    running.wait().expect("it ends");
    over.store(true, Ordering::Relaxed);
    callers.into_iter().for_each(|caller| caller.join().expect("no panic"));
    // The mail server is gone as well, and comes back after the program.
    host.stop();
    let (mut running, _) = serve(&folder.0, host.port);
    host.come_back();

    let known = known.lock().expect("no panic").clone();
    let letters = || {
        let mut letters: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for letter in host.taken() {
            let said = |name: &str| header(&letter, name).expect("it is there").to_owned();
            letters.entry(said("To")).or_default().insert(said("Message-ID"));
        }
        letters
    };
    let began = Instant::now();
    while !known.iter().all(|address| letters().contains_key(address)) {
        assert!(began.elapsed() < Duration::from_secs(90), "some letters are lost");
        std::thread::sleep(Duration::from_millis(200));
    }
    for (address, names) in letters() {
        assert_eq!(names.len(), 1, "{address} got two letters, and not one letter twice");
    }
    running.kill().expect("it ran");
    running.wait().expect("it ends");
}
