//! A client for HTTP/1.1 over connections that stay open. It reads requests from standard input, one a line: method,
//! path, headers and body, with tabs between.
//!
//! `client ADDRESS one` sends each as it comes and answers with a line: µs, status, headers of interest.
//! `client ADDRESS load CLIENTS SECONDS STATUS NEEDLE` sends them over and over, from so many clients, each waiting for
//! its answer; NEEDLE must stand in an answer's head.
//! `client ADDRESS open CLIENTS SECONDS RATE` sends the first at RATE a second at random times (Poisson), and counts from
//! when each should have been sent: whoever waits, waits.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

struct Connection(BufReader<TcpStream>);

struct Answer {
    status: u16,
    head: String,
}

impl Connection {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        Self(BufReader::with_capacity(1 << 16, stream))
    }

    fn ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.0.get_mut().write_all(request)?;
        let (mut head, mut from) = (String::new(), 0);
        while self.0.read_line(&mut head)? > 2 {
            from = head.len();
        }
        if head.len() == from {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        if let Some(length) = header(&head, "content-length") {
            self.skip(length.parse().expect("a length"))?;
        } else if header(&head, "transfer-encoding").is_some() {
            loop {
                let mut size = String::new();
                self.0.read_line(&mut size)?;
                let size = usize::from_str_radix(size.trim(), 16).expect("a chunk's size");
                self.skip(size + 2)?;
                if size == 0 {
                    break;
                }
            }
        }
        Ok(Answer { status, head })
    }

    fn skip(&mut self, length: usize) -> std::io::Result<()> {
        std::io::copy(&mut (&mut self.0).take(length as u64), &mut std::io::sink()).map(drop)
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|it| it.1)
}

fn request(address: &str, line: &str) -> Vec<u8> {
    let mut fields: Vec<&str> = line.split('\t').collect();
    let body = fields.pop().expect("a body");
    let (method, path) = (fields[0], fields[1]);
    let headers: String = fields[2..].iter().map(|header| format!("{header}\r\n")).collect();
    let length = if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n{headers}{length}\r\n{body}").into_bytes()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments[at].parse::<f64>().expect("a number");
    let address = &arguments[0];
    let mut lines = std::io::stdin().lock().lines().map(|line| request(address, &line.expect("UTF-8")));
    if arguments[1] == "one" {
        let mut connection = Connection::to(address);
        for request in lines {
            let began = Instant::now();
            let answer = connection.ask(&request).expect("an answer");
            let took = began.elapsed().as_nanos() as f64 / 1000.0;
            let cookies = answer.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie: "));
            let cookies: Vec<&str> =
                cookies.map(|line| line["set-cookie: ".len()..].split(';').next().unwrap_or("")).collect();
            let location = header(&answer.head, "location").unwrap_or("");
            println!("{took:.1}\t{}\t{location}\t{}", answer.status, cookies.join("; "));
        }
        return;
    }
    let (clients, length) = (number(2) as usize, Duration::from_secs_f64(number(3)));
    let (began, next, bad) = (Instant::now(), AtomicUsize::new(0), AtomicUsize::new(0));
    let micros: Vec<f64> = if arguments[1] == "load" {
        let requests: Vec<Vec<u8>> = lines.collect();
        let (status, needle) = (number(4) as u16, &arguments[5]);
        let client = || {
            let (mut connection, mut took) = (Connection::to(address), Vec::new());
            while began.elapsed() < length {
                let request = &requests[next.fetch_add(1, Relaxed) % requests.len()];
                let sent = Instant::now();
                let answer = connection.ask(request).expect("an answer");
                if answer.status != status || !answer.head.contains(needle.as_str()) {
                    bad.fetch_add(1, Relaxed);
                } else if began.elapsed() < length {
                    took.push(sent.elapsed().as_nanos() as f64 / 1000.0);
                }
            }
            took
        };
        together(clients, |_| client())
    } else {
        let request = lines.next().expect("a request");
        let pause = clients as f64 / number(4);
        together(clients, |which| {
            let (mut connection, mut took, mut due) = (Connection::to(address), Vec::new(), 0.0);
            let mut dice = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(which as u64 + 1);
            loop {
                // xorshift64: chance enough for times.
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                due -= pause * (((dice >> 11) as f64 + 1.0) / (1_u64 << 53) as f64).ln();
                let due = Duration::from_secs_f64(due);
                if due >= length {
                    return took;
                }
                thread::sleep(due.saturating_sub(began.elapsed()));
                let answer = connection.ask(&request).expect("an answer");
                took.push((began.elapsed() - due).as_nanos() as f64 / 1000.0);
                if answer.status != 200 {
                    bad.fetch_add(1, Relaxed);
                }
            }
        })
    };
    let bad = bad.into_inner();
    println!(
        "{{\"bad\": {bad}, \"seconds\": {}, \"cpu\": {}, \"micros\": {micros:.0?}}}",
        length.as_secs_f64(),
        probe::cpu()
    );
}

/// What all clients have measured.
fn together(clients: usize, client: impl Fn(usize) -> Vec<f64> + Sync) -> Vec<f64> {
    thread::scope(|scope| {
        let all: Vec<_> = (0..clients)
            .map(|which| {
                scope.spawn({
                    let client = &client;
                    move || client(which)
                })
            })
            .collect();
        all.into_iter().flat_map(|one| one.join().expect("a client")).collect()
    })
}
