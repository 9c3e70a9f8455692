//! What can be taken away of the views, in forms for programs and spreadsheets.

use ::plan::Lang;
use app::{
    Site,
    explore::{Format, download},
    plan::contract::Plans,
};
use axum::{Router, extract::RawQuery, response::IntoResponse, routing::get};
use http::header;
use std::sync::Arc;

/// `/{lang}/plan/register.csv` and `.json`, with the same filters as the page.
pub(crate) fn routes(plans: &Arc<dyn Plans>, site: &Site) -> Router {
    let mut router = Router::new();
    for (lang, format) in Lang::ALL.into_iter().flat_map(|lang| Format::ALL.map(|format| (lang, format))) {
        let (plans, site) = (Arc::clone(plans), site.clone());
        let file = format.href(lang).rsplit('/').next().unwrap_or_default().replace('.', &format!("-{lang}."));
        let answer = move |RawQuery(query): RawQuery| {
            let body = download(&*plans, &site, lang, &query.unwrap_or_default(), format);
            let disposition = format!("attachment; filename=\"{file}\"");
            let headers = [
                (header::CONTENT_TYPE, format.kind().to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::CACHE_CONTROL, "public, max-age=0, must-revalidate".to_owned()),
            ];
            std::future::ready((headers, body).into_response())
        };
        router = router.route(&format.href(lang), get(answer));
    }
    router
}
