//! Files that go from the system's memory to a connection without passing through the program (`sendfile(2)`).
//!
//! hyper sends what lies in memory and knows nothing else. So a piece of a file is told to it as blank memory of that
//! length, which nobody reads, and the connection's [`Outlet`] holds what it stands for: below hyper, [`Socket`] sends
//! the file where it meets the blank. It knows the blank by its address, and what it stands for must be of its length
//! to the byte; else the connection breaks. A connection that would copy or encrypt a body (TLS, HTTP/2) is offered no
//! outlet, and gets bytes.

use axum::body::Bytes;
use std::{
    fs::File,
    io,
    ops::Range,
    pin::Pin,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

/// The longest piece, in bytes.
pub(super) const LONGEST: usize = 512 << 10;

/// Never read nor written, and so no memory but in name.
static BLANK: LazyLock<Box<[u8]>> = LazyLock::new(|| vec![0; LONGEST].into());

fn is_blank(bytes: &[u8]) -> bool {
    BLANK.as_ptr_range().contains(&bytes.as_ptr())
}

/// Where a connection is told which file its next blank stands for. One at a time.
#[derive(Clone, Default)]
pub struct Outlet(Arc<Mutex<Option<Errand>>>);

struct Errand {
    file: Arc<File>,
    bytes: Range<u64>,
}

impl Outlet {
    /// Whether this system can.
    pub const OFFERED: bool = cfg!(target_os = "linux");

    /// What to give to hyper for these bytes of a file, [`LONGEST`] at most. Nothing, while others are due.
    pub(super) fn promise(&self, file: Arc<File>, bytes: Range<u64>) -> Option<Bytes> {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if due.is_some() {
            return None;
        }
        let blank = BLANK.get(..usize::try_from(bytes.end - bytes.start).ok()?)?;
        *due = Some(Errand { file, bytes });
        Some(Bytes::from_static(blank))
    }

    /// Sends what a blank stands for, as far as the socket takes it.
    fn send(&self, to: &TcpStream, blank: usize) -> io::Result<usize> {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let errand = due.as_mut().filter(|errand| errand.bytes.end - errand.bytes.start == blank as u64);
        let errand = errand.ok_or_else(|| io::Error::other("no file stands behind a piece"))?;
        let sent = send_file(to, &errand.file, errand.bytes.start, blank)?;
        if sent == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        errand.bytes.start += sent as u64;
        if errand.bytes.is_empty() {
            *due = None;
        }
        Ok(sent)
    }
}

#[cfg(target_os = "linux")]
fn send_file(to: &TcpStream, from: &File, mut at: u64, len: usize) -> io::Result<usize> {
    Ok(rustix::io::retry_on_intr(|| rustix::fs::sendfile(to, from, Some(&mut at), len))?)
}

#[cfg(not(target_os = "linux"))]
fn send_file(_: &TcpStream, _: &File, _: u64, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A connection that sends files where an outlet says so.
pub struct Socket {
    stream: TcpStream,
    outlet: Outlet,
}

impl Socket {
    /// Over a connection, with the outlet that its requests are told of.
    #[must_use]
    pub fn new(stream: TcpStream, outlet: Outlet) -> Self {
        Self { stream, outlet }
    }

    fn poll_send(&self, cx: &mut Context<'_>, blank: usize) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match self.stream.try_io(Interest::WRITABLE, || self.outlet.send(&self.stream, blank)) {
                Err(full) if full.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if is_blank(bytes) {
            return self.poll_send(cx, bytes.len());
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        all: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match all.iter().position(|bytes| is_blank(bytes)) {
            Some(0) => self.poll_send(cx, all[0].len()),
            before => Pin::new(&mut self.stream).poll_write_vectored(cx, &all[..before.unwrap_or(all.len())]),
        }
    }

    fn is_write_vectored(&self) -> bool {
        // hyper then hands on each piece where it lies.
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
