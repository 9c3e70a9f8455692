//! Log lines, one per event, on standard error.
//!
//! Requests must not wait for a terminal or a pipe, so lines go through a channel to a thread that writes them in
//! batches. When that thread falls behind by [`BACKLOG`] lines, requests do wait: no line is dropped in silence.

use crate::settings::{LogFormat, LogLevel};
use std::{
    io::{self, Write},
    sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    thread::JoinHandle,
};
use tracing_subscriber::{Layer, fmt, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

/// Lines that may wait to be written.
const BACKLOG: usize = 16_384;

/// The running log. [`Log::finish`] writes what still waits.
#[must_use = "what waits to be written is lost without `finish`"]
pub struct Log {
    post: SyncSender<Entry>,
    writer: Option<JoinHandle<()>>,
}

enum Entry {
    Line(Vec<u8>),
    End,
}

/// Starts logging for the whole program, panics included.
pub fn start(format: LogFormat, level: LogLevel) -> Log {
    let (post, entries) = sync_channel(BACKLOG);
    let writer = std::thread::Builder::new().name("log".to_owned()).spawn(move || write(&entries)).ok();
    let lines = Lines(post.clone());
    let layer = match format {
        LogFormat::Text => {
            fmt::layer().with_writer(lines).with_ansi(io::IsTerminal::is_terminal(&io::stderr())).boxed()
        }
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(lines).boxed(),
    };
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry().with(layer.with_filter(level.0)).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "{}", panic.payload_as_str().unwrap_or("panicked"));
    }));
    Log { post, writer }
}

impl Log {
    /// Writes what still waits.
    pub fn finish(self) {
        let _ = self.post.send(Entry::End);
        if let Some(writer) = self.writer {
            let _ = writer.join();
        }
    }
}

fn write(entries: &Receiver<Entry>) {
    let mut out = io::BufWriter::with_capacity(64 * 1024, io::stderr());
    loop {
        let entry = match entries.try_recv() {
            // Nothing waits: what was gathered goes out before we sleep.
            Err(TryRecvError::Empty) => {
                let _ = out.flush();
                entries.recv().unwrap_or(Entry::End)
            }
            Err(TryRecvError::Disconnected) => Entry::End,
            Ok(entry) => entry,
        };
        match entry {
            // A closed standard error must not stop the site.
            Entry::Line(line) => drop(out.write_all(&line)),
            Entry::End => return drop(out.flush()),
        }
    }
}

struct Lines(SyncSender<Entry>);

/// Gathers one event's bytes and posts them as one.
struct Line<'a> {
    bytes: Vec<u8>,
    post: &'a SyncSender<Entry>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { bytes: Vec::new(), post: &self.0 }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let _ = self.post.send(Entry::Line(std::mem::take(&mut self.bytes)));
    }
}
