//! Limits: how many requests at once, how long, how large; and panics, which cost one answer and not the program.

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
};
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::Poll,
    time::Duration,
};

/// The limits of one server.
pub(crate) struct Guard {
    pub(crate) max_in_flight: usize,
    pub(crate) request_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) in_flight: AtomicUsize,
}

/// A place among the requests under way, given back when dropped, also when the visitor has gone.
pub(crate) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a guarded request has no answer of its own.
pub(crate) enum Stopped {
    /// It took too long, or its body was refused.
    Refused(StatusCode),
    /// It panicked; the panic hook has logged where.
    Panicked,
}

impl Guard {
    /// A place for one more request, if there is room. `important` ones (health) always find it.
    pub(crate) fn admit(&self, important: bool) -> Option<Place<'_>> {
        let before = self.in_flight.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.in_flight);
        (important || before < self.max_in_flight).then_some(place)
    }

    /// Runs `work` on the request within the limits.
    pub(crate) async fn watch<F: Future<Output = Response>>(
        &self,
        request: Request,
        work: impl FnOnce(Request) -> F,
    ) -> Result<Response, Stopped> {
        let request = self.with_body(request).await.map_err(Stopped::Refused)?;
        match tokio::time::timeout(self.request_timeout, unwinding(work(request))).await {
            Ok(Some(response)) => Ok(response),
            Ok(None) => Err(Stopped::Panicked),
            Err(_) => Err(Stopped::Refused(StatusCode::GATEWAY_TIMEOUT)),
        }
    }

    /// Reads the body first. Forms are small, and whoever sends one byte a second holds up nobody but himself.
    async fn with_body(&self, request: Request) -> Result<Request, StatusCode> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        let limit = super::basket::body_limit(request.uri().path()).unwrap_or(0).max(self.body_limit);
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limit) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let (parts, body) = request.into_parts();
        match tokio::time::timeout(self.read_timeout, Limited::new(body, limit).collect()).await {
            Ok(Ok(body)) => Ok(Request::from_parts(parts, Body::from(body.to_bytes()))),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// `work`'s outcome, or nothing if it panicked.
async fn unwinding<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    // What a panic leaves half done belongs to this request alone and is dropped with it.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Ready(outcome)) => Poll::Ready(Some(outcome)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}
