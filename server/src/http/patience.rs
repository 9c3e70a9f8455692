//! Connections on which nothing moves are closed.
//!
//! hyper bounds the time for a request's head, but not the wait for the first byte of a connection, nor a client that
//! stops reading in the middle of an answer. So the socket itself watches: whenever it must wait, it waits `idle` from
//! the last byte in either direction and no longer.

use crate::media::delivery::{Outlet, Socket};
use axum_server::accept::Accept;
use http::{Request, Version};
use std::{
    future::{Ready, ready},
    io,
    pin::Pin,
    task::{Context, Poll, ready as poll_ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};
use tower::Service;

/// Accepts connections and watches them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) idle: Duration,
    /// Whether files may go to the socket as they are: not, where something between encrypts.
    pub(crate) bare: bool,
}

impl<S> Accept<TcpStream, S> for Patience {
    type Stream = Watched<Socket>;
    type Service = Told<S>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let outlet = Outlet::default();
        let told = Told { service, outlet: (self.bare && Outlet::OFFERED).then(|| outlet.clone()) };
        // Answers leave when they are ready and not when a packet is full.
        let ready_to_go = stream.set_nodelay(true);
        ready(ready_to_go.map(|()| (Watched::new(Socket::new(stream, outlet), self.idle), told)))
    }
}

/// A service whose requests are told of the connection's outlet.
#[derive(Clone)]
pub(crate) struct Told<S> {
    service: S,
    outlet: Option<Outlet>,
}

impl<S, B> Service<Request<B>> for Told<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        // HTTP/2 cuts bodies into frames of several answers.
        if let Some(outlet) = self.outlet.as_ref().filter(|_| request.version() <= Version::HTTP_11) {
            request.extensions_mut().insert(outlet.clone());
        }
        self.service.call(request)
    }
}

/// A stream that fails with `TimedOut` when nothing has moved for `idle`.
pub(crate) struct Watched<S> {
    stream: S,
    idle: Duration,
    moved: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl<S> Watched<S> {
    fn new(stream: S, idle: Duration) -> Self {
        let moved = Instant::now();
        Self { stream, idle, moved, alarm: Box::pin(sleep_until(moved + idle)) }
    }

    /// Notes what moved; or, while nothing does, looks at the clock. The alarm is set anew only when it rings, since
    /// that is seldom and bytes are not.
    fn watch<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.moved = Instant::now();
            return outcome;
        }
        loop {
            poll_ready!(self.alarm.as_mut().poll(context));
            let due = self.moved + self.idle;
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(due);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.watch(cx, outcome)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn a_silent_stream_is_given_up_and_a_slow_one_is_not() {
        let idle = Duration::from_millis(200);
        let (mut near, far) = duplex(64);
        let mut watched = Watched::new(far, idle);
        for _ in 0..4 {
            tokio::time::sleep(idle / 2).await;
            near.write_u8(7).await.expect("the other end is there");
            assert_eq!(watched.read_u8().await.expect("it came in time"), 7);
        }
        let given_up = watched.read_u8().await.expect_err("nothing comes");
        assert_eq!(given_up.kind(), io::ErrorKind::TimedOut);
    }
}
