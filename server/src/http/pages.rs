//! Pages kept whole: the same bytes for every visitor, rendered once for each version of the text and of the library.
//!
//! Only addresses known beforehand are kept, so visitors cannot fill the memory by inventing some. A page is rendered
//! from a request of our own making: no cookie, no header of a visitor's can get into it. Its inline scripts are
//! allowed by hash and not by nonce, since a nonce used twice protects nobody (decision 0003).

use super::{
    dress::tidied,
    encoding::Effort,
    frozen::{Frozen, Keep},
    headers::Policy,
    metrics::Metrics,
    router::SHARED_NONCE,
};
use ::plan::Lang;
use app::{media::contract::Library, plan::contract::Plans, routes::To};
use axum::{Router, body::Body, extract::Request};
use http::{Method, StatusCode, Uri, header};
use http_body_util::BodyExt;
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tower::ServiceExt;

/// The pages of the site that are the same for everyone.
pub(crate) struct Pages {
    shelf: RwLock<Arc<Shelf>>,
    plans: Arc<dyn Plans>,
    library: Arc<dyn Library>,
    router: Router,
    limit: usize,
    metrics: Arc<Metrics>,
}

/// Of the text, and of the library.
type Version = (u64, u64);

/// The pages of one version, by path and query. Complete from the start; what is in a slot comes and goes.
struct Shelf {
    version: Version,
    slots: HashMap<String, Slot>,
    bytes: AtomicUsize,
}

#[derive(Default)]
struct Slot {
    page: RwLock<Option<Arc<Frozen>>>,
    /// Held while the page is made, so that it is made once.
    making: tokio::sync::Mutex<()>,
    /// Asked for since someone last looked for room.
    wanted: AtomicBool,
}

impl Slot {
    fn page(&self) -> Option<Arc<Frozen>> {
        let page = self.page.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        self.wanted.store(true, Ordering::Relaxed);
        Some(page)
    }
}

impl Shelf {
    fn of(version: Version, plans: &dyn Plans) -> Self {
        let mut slots = HashMap::new();
        for lang in Lang::ALL {
            let document = plans.document(lang);
            let pages = app::routes::sitemap_paths(&document);
            let places = document.places().iter().map(|place| format!("/plan/{}", place.slug())).collect::<Vec<_>>();
            for path in pages.into_iter().chain(places).filter(|path| path != "/plan/search") {
                // Both languages side by side is the one choice that an address of the text can hold.
                let to = To::parse(&format!("/{lang}{path}"));
                if matches!(to, Some((_, To::Plan | To::Place(_)))) {
                    slots.insert(format!("/{lang}{path}?side=1"), Slot::default());
                }
                slots.insert(format!("/{lang}{path}"), Slot::default());
            }
        }
        Self { version, slots, bytes: AtomicUsize::new(0) }
    }

    /// Lets go of pages nobody has asked for of late, until `limit` is kept (second chance).
    fn make_room(&self, limit: usize) {
        for _ in 0..2 {
            for slot in self.slots.values() {
                if self.bytes.load(Ordering::Relaxed) <= limit {
                    return;
                }
                if !slot.wanted.swap(false, Ordering::Relaxed)
                    && let Some(page) = slot.page.write().unwrap_or_else(PoisonError::into_inner).take()
                {
                    self.bytes.fetch_sub(page.size(), Ordering::Relaxed);
                }
            }
        }
    }
}

impl Pages {
    /// An empty cache of at most `limit` bytes, over a router that renders.
    pub(crate) fn new(
        plans: Arc<dyn Plans>,
        library: Arc<dyn Library>,
        router: Router,
        limit: usize,
        metrics: Arc<Metrics>,
    ) -> Self {
        let shelf = RwLock::new(Arc::new(Shelf::of((plans.version(), library.version()), &*plans)));
        Self { shelf, plans, library, router, limit, metrics }
    }

    /// The page a request asks for, if it lies ready. The hot path.
    pub(crate) fn ready(&self, request: &Request) -> Option<Arc<Frozen>> {
        let page = self.shelf().slots.get(key(request.method(), request.uri())?)?.page()?;
        self.metrics.page_hits.increment(1);
        Some(page)
    }

    /// The page a request asks for, made now if it must be. `None` where it is not for keeping.
    pub(crate) async fn make(&self, method: &Method, address: &Uri) -> Option<Arc<Frozen>> {
        self.made(key(method, address)?).await
    }

    /// Makes the pages most visits begin with before anyone asks.
    pub(crate) async fn warm(&self) {
        for lang in Lang::ALL {
            for path in ["", "/plan"] {
                self.made(&format!("/{lang}{path}")).await;
            }
        }
    }

    fn shelf(&self) -> Arc<Shelf> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone();
        let version = (self.plans.version(), self.library.version());
        if shelf.version == version {
            return shelf;
        }
        let mut place = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if place.version != version {
            *place = Arc::new(Shelf::of(version, &*self.plans));
        }
        place.clone()
    }

    async fn made(&self, key: &str) -> Option<Arc<Frozen>> {
        let shelf = self.shelf();
        let slot = shelf.slots.get(key)?;
        let _making = slot.making.lock().await;
        if let Some(page) = slot.page() {
            self.metrics.page_hits.increment(1);
            return Some(page);
        }
        self.metrics.page_misses.increment(1);
        let page = self.render(key).await?;
        let compressing = Arc::clone(&page);
        tokio::task::spawn_blocking(move || compressing.compress(Effort::Thorough)).await.ok()?;
        shelf.bytes.fetch_add(page.size(), Ordering::Relaxed);
        slot.wanted.store(true, Ordering::Relaxed);
        *slot.page.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&page));
        shelf.make_room(self.limit);
        Some(page)
    }

    async fn render(&self, key: &str) -> Option<Arc<Frozen>> {
        let request = Request::get(key).header(header::ACCEPT, "text/html").body(Body::empty()).ok()?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
            return None;
        }
        let html = response.into_body().collect().await.ok()?.to_bytes();
        let html = str::from_utf8(&html).ok()?;
        // Also where it is no attribute of its own: leptos writes it into `crossorigin`.
        let html = html.replace(&format!(" nonce=\"{SHARED_NONCE}\""), "").replace(SHARED_NONCE, "");
        let html = tidied(&html);
        let policy = Policy::with_hashes_of(&html);
        Some(Arc::new(Frozen::new("text/html; charset=utf-8", Keep::AskEachTime, policy, html.into())))
    }
}

/// Path and query as they were sent, if they were sent to be read.
fn key<'a>(method: &Method, address: &'a Uri) -> Option<&'a str> {
    let reading = matches!(*method, Method::GET | Method::HEAD);
    reading.then(|| address.path_and_query().map(|address| address.as_str())).flatten()
}
