//! Whether the program lives, and whether it should be sent visitors.

use crate::store::Store;
use axum::response::IntoResponse;
use http::{StatusCode, header};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

const FRESH: [(http::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")];

/// The program's own view of its readiness.
#[derive(Clone)]
pub(crate) struct Readiness {
    finishing: Arc<AtomicBool>,
    store: Store,
}

impl Readiness {
    pub(crate) fn of(store: Store) -> Self {
        Self { finishing: Arc::default(), store }
    }

    /// From now on no new visitors, please: the program is finishing.
    pub(crate) fn finishing(&self) {
        self.finishing.store(true, Ordering::Relaxed);
    }

    /// `/readyz`: 200 when visitors are welcome, 503 with the reason when not.
    pub(crate) async fn answer(self) -> impl IntoResponse {
        if self.finishing.load(Ordering::Relaxed) {
            return (StatusCode::SERVICE_UNAVAILABLE, FRESH, "finishing\n");
        }
        match self.store.ping().await {
            Ok(()) => (StatusCode::OK, FRESH, "ready\n"),
            Err(error) => {
                tracing::error!(%error, "not ready");
                (StatusCode::SERVICE_UNAVAILABLE, FRESH, "the database does not answer\n")
            }
        }
    }
}

/// `/healthz`: the process answers.
pub(crate) async fn alive() -> impl IntoResponse {
    (FRESH, "alive\n")
}
