//! Which address is answered by what.

use super::{api::Api, entrance, files::Files, health};
use app::{
    OpenApi, Site, Who,
    account::contract::{Accounts, Caller},
    media::{
        Shown,
        basket::contract::{Baskets, Uploaded},
        contract::Library,
    },
    plan::contract::Plans,
    routes::To,
};
use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    context::{provide_context, use_context},
    nonce::Nonce,
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context};
use std::sync::{Arc, OnceLock};

/// Stands for the nonce in pages that are kept, and is taken out of them.
pub(crate) const SHARED_NONCE: &str = "estafette-shared-page";

/// The pages and server functions of `app`. A request that carries a [`Nonce`] among its extensions is rendered with
/// it; one without is rendered for everyone.
pub(crate) fn pages(
    options: &LeptosOptions,
    site: &Site,
    plans: &Arc<dyn Plans>,
    accounts: &Arc<dyn Accounts>,
    (library, baskets): (&Arc<dyn Library>, &Arc<dyn Baskets>),
    api: &Api,
) -> Router {
    let context = {
        let (site, plans, accounts) = (site.clone(), Arc::clone(plans), Arc::clone(accounts));
        let (library, baskets) = (Arc::clone(library), Arc::clone(baskets));
        let api = OpenApi(Arc::new(api.described().clone()));
        move || {
            provide_context(site.clone());
            provide_context(api.clone());
            provide_context(Arc::clone(&plans));
            provide_context(Arc::clone(&accounts));
            provide_context(Arc::clone(&library));
            provide_context(Arc::clone(&baskets));
            let extensions = use_context::<Parts>().map(|parts| parts.extensions).unwrap_or_default();
            if let Some(caller) = extensions.get::<Caller>() {
                provide_context(caller.clone());
            }
            if let Some(who) = extensions.get::<Who>() {
                provide_context(who.clone());
            }
            if let Some(shown) = extensions.get::<Shown>() {
                provide_context(shown.clone());
            }
            if let Some(uploaded) = extensions.get::<Uploaded>() {
                provide_context(uploaded.clone());
            }
            let own = extensions.get::<Nonce>().cloned();
            provide_context(own.unwrap_or_else(|| Nonce::from_value(SHARED_NONCE)));
        }
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    // Once in a process: while leptos walks the routes, no page of any server would load its data.
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    let routes = ROUTES
        .get_or_init(|| generate_route_list_with_exclusions_and_ssg_and_context(app::App, None, context.clone()).0);
    // The head of a video's page is written before its text: what both are of is looked up before them.
    let library = Arc::clone(library);
    let looked_up = from_fn(move |mut request: Request, next: Next| {
        let library = Arc::clone(&library);
        async move {
            if let Some((_, To::Video(number))) = To::parse(request.uri().path()) {
                let Ok(sought) = library.video(&number).await else {
                    return StatusCode::SERVICE_UNAVAILABLE.into_response().without_kind();
                };
                request.extensions_mut().insert(Shown(sought));
            }
            next.run(request).await
        }
    });
    let pages = Router::new().leptos_routes_with_context(options, routes.clone(), context, shell);
    pages.layer(looked_up).with_state(options.clone())
}

/// The whole site: pages, exports, files, and the doors for programs.
pub(crate) fn site(pages: Router, exports: Router, files: Arc<Files>, readiness: health::Readiness) -> Router {
    let beside = Arc::clone(&files);
    // The app takes any first segment for a language; `/nowhere` shall not be its home page.
    let in_a_language_of_ours = from_fn(move |request: Request, next: Next| {
        let beside = Arc::clone(&beside);
        async move {
            let path = request.uri().path();
            if path.starts_with("/api/") || app::routes::lang_of(path).is_some() {
                next.run(request).await
            } else {
                fallback(&beside, &request)
            }
        }
    });
    Router::new()
        .route("/", get(entrance::enter))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(move || readiness.clone().answer()))
        .merge(pages.layer(in_a_language_of_ours))
        .merge(exports)
        .fallback(move |request: Request| std::future::ready(fallback(&files, &request)))
}

fn fallback(files: &Files, request: &Request) -> Response {
    let path = request.uri().path();
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    match files.find(path) {
        Some(file) if reading => file.answer(request.method(), request.headers(), false),
        Some(_) => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response().without_kind(),
        None => without_slash(request).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response().without_kind()),
    }
}

/// `/fr/plan/` is `/fr/plan`. Only under a language: `//elsewhere.example/` must not become an address of its own.
fn without_slash(request: &Request) -> Option<Response> {
    let (path, query) = (request.uri().path(), request.uri().query());
    let bare = path.strip_suffix('/')?;
    let ours = !path.contains("//") && app::routes::lang_of(path).is_some();
    let address = query.map_or_else(|| bare.to_owned(), |query| format!("{bare}?{query}"));
    let location = HeaderValue::try_from(address).ok().filter(|_| ours)?;
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response())
}

/// Bare refusals are put into words by `errors`, which knows them by their lack of a type.
trait Bare {
    fn without_kind(self) -> Self;
}

impl Bare for Response {
    fn without_kind(mut self) -> Self {
        self.headers_mut().remove(header::CONTENT_TYPE);
        self
    }
}
