//! `/`: to the visitor's language.

use super::language;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, header};

/// Nobody else may be sent where this visitor is, so no shared cache keeps it.
pub(crate) async fn enter(headers: HeaderMap) -> impl IntoResponse {
    let home = format!("/{}", language::preferred(&headers));
    (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, home.as_str()),
            (header::VARY, "accept-language, cookie"),
            (header::CACHE_CONTROL, "private, no-cache"),
        ],
    )
        .into_response()
}
