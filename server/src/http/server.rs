//! The running server: it opens its sockets, answers, and finishes what is under way.

use super::{
    api::Api,
    basket, citations, downloads,
    errors::Errors,
    exports, feeds,
    files::Files,
    front::{Front, Site},
    frozen::{Frozen, Keep},
    guard::Guard,
    headers::Policy,
    health::Readiness,
    library::{self, Library},
    mapping,
    metrics::{self, Metrics},
    pages::Pages,
    patience::Patience,
    quotation, router,
    throttle::Throttle,
    tls,
};
use crate::{
    accounts::{Limits, Office, SWEEP_EVERY},
    basket::Keeper,
    clock::{Clock, SystemClock},
    library::Catalogue,
    mail::{Mailer, mailbox},
    media::{
        clips::Cutter,
        delivery::{Fingerprints, Indexes},
        vault::Vault,
        watch::Watcher,
        worker::Workshop,
    },
    plans::{Published, Unpublished},
    secrets::Secrets,
    settings::Settings,
    store::{Store, StoreError},
    takeaway::Takeaway,
};
use ::plan::Lang;
use app::{
    Localised, Site as Identity,
    account::contract::Accounts,
    media::{basket::contract::Baskets, contract},
    plan::contract::Plans,
};
use axum::Router;
use axum_server::{
    Handle,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use leptos::{
    config::{Env, LeptosOptions},
    nonce::Nonce,
};
use std::{
    convert::Infallible,
    future::ready,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicUsize},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::Notify,
};

/// What cargo-leptos calls the product's files; see `[[workspace.metadata.leptos]]`.
const OUTPUT_NAME: &str = "estafette";
const PKG: &str = "pkg";
const BACKLOG: u32 = 4096;
const STREAMS_PER_CONNECTION: u32 = 128;
/// Bytes of memory for indexes of films that are cut.
const INDEXES: usize = 64 << 20;
/// What a file to take away costs of a network's pace; a request to the API costs one.
const EXPORT: i64 = 5;

/// Why the server did not start, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody listens there already.
    #[error("{addr} is taken by another program: stop that one, or choose another address with {setting}")]
    Taken {
        /// Where.
        addr: SocketAddr,
        /// The setting that says so.
        setting: &'static str,
    },
    /// The system refuses the address.
    #[error("cannot listen on {addr} ({why}): choose another address with {setting}")]
    Address {
        /// Where.
        addr: SocketAddr,
        /// The system's word.
        why: io::Error,
        /// The setting that says so.
        setting: &'static str,
    },
    /// The built site is not there.
    #[error("the built site is not in {}: build it with `make run`, or say with ESTAFETTE_SITE where it is", .0.display())]
    NoSite(PathBuf),
    /// The built site cannot be read.
    #[error("the built site in {} cannot be read: {why}", .root.display())]
    UnreadableSite {
        /// Its folder.
        root: PathBuf,
        /// The system's word.
        why: io::Error,
    },
    /// The text is of no use.
    #[error("{0}: see ESTAFETTE_PLAN")]
    Plan(#[from] Unpublished),
    /// The certificate is of no use.
    #[error("{0}")]
    Tls(String),
    /// The installation's key cannot be used.
    #[error("the key {} cannot be used ({why}): see SECRET_KEY", .file.display())]
    Key {
        /// Where it lies.
        file: PathBuf,
        /// In one line.
        why: String,
    },
    /// Letters cannot be sent.
    #[error("{0}")]
    Mail(String),
    /// Footage cannot be worked on.
    #[error("footage cannot be worked on ({0}): see MEDIA_URL and ESTAFETTE_DATA")]
    Media(String),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It broke later.
    #[error("the server stopped: {0}")]
    Serving(io::Error),
}

/// A server whose sockets are open and whose texts are read.
pub struct Server {
    settings: Settings,
    listener: TcpListener,
    addr: SocketAddr,
    metrics_listener: Option<TcpListener>,
    tls: Option<(RustlsConfig, tls::Files)>,
    readiness: Readiness,
    store: Store,
    site: Arc<Site>,
    office: Arc<Office>,
    mailer: Arc<Mailer>,
    catalogue: Arc<Catalogue>,
    workshop: Arc<Workshop>,
    watcher: Option<Watcher>,
    cutter: Cutter,
}

impl Server {
    /// Opens the sockets and reads what is served.
    ///
    /// # Errors
    /// If an address is taken, or the built site or the certificate cannot be read.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        Self::with_routes(settings, Router::new(), Arc::new(SystemClock)).await
    }

    /// As [`Server::open`], with routes (slow ones, panicking ones) and a clock of a test's own.
    ///
    /// # Errors
    /// As [`Server::open`].
    #[doc(hidden)]
    pub async fn with_routes(settings: Settings, extra: Router, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let tls = settings.tls_cert.clone().zip(settings.tls_key.clone());
        let tls = tls.map(|(cert, key)| tls::Files { cert: cert.0, key: key.0 });
        let config = tls.as_ref().map(tls::Files::read).transpose().map_err(StartError::Tls)?;
        let listener = listen(settings.addr, "ESTAFETTE_ADDR")?;
        let addr = listener.local_addr().map_err(StartError::Serving)?;
        let metrics_listener = listen_for_metrics(&settings)?;

        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = match &settings.public_url {
            Some(url) => url.as_str().to_owned(),
            None if addr.ip().is_unspecified() => format!("{scheme}://localhost:{}", addr.port()),
            None => format!("{scheme}://{addr}"),
        };
        let identity = identity(&settings, public_url.clone());
        let root = settings.site.as_ref().map_or_else(usual_root, |site| site.0.clone());
        let options = options(&root, addr);
        let plans: Arc<dyn Plans> = Arc::new(Published::open(settings.plan.as_ref().map(|plan| plan.0.as_path()))?);
        let files = Arc::new(files(&root, &public_url, &*plans)?);
        let metrics = Arc::new(Metrics::new());
        let (store, secrets) = open_store(&settings).await?;
        let post = Arc::new(Notify::new());
        let office = Office::new(
            store.clone(),
            secrets.clone(),
            Arc::clone(&clock),
            Arc::clone(&post),
            &identity,
            Limits::of(&settings),
        );
        let office = Arc::new(office.counting(metrics.tally()));
        let accounts: Arc<dyn Accounts> = Arc::clone(&office) as _;
        let throttle = Arc::new(Throttle::new(settings.api_limit.get(), Arc::clone(&clock)));
        let exports = throttle.over(exports::routes(Arc::clone(&plans), identity.clone(), Arc::clone(&clock)), EXPORT);
        let vault = Vault::open(&settings).map_err(|error| StartError::Media(error.to_string()))?;
        let indexes = Arc::new(Indexes::new(vault.clone(), INDEXES));
        let clips_wanted = Arc::new(Notify::new());
        let cutter = Cutter::new(
            store.clone(),
            vault.clone(),
            Arc::clone(&indexes),
            Arc::clone(&clock),
            &settings.data.0,
            Arc::clone(&clips_wanted),
        );
        let library = Arc::new(Library {
            store: store.clone(),
            vault: vault.clone(),
            indexes: Arc::clone(&indexes),
            fingerprints: Fingerprints::new(vault.clone()),
            clock: Arc::clone(&clock),
            takeaway: Takeaway::new(&settings, store.clone(), Arc::clone(&office), Arc::clone(&clock)),
            woken: clips_wanted,
        });
        let films = library::routes(&library);
        let catalogue = Arc::new(Catalogue::new(store.clone(), vault.clone(), indexes, Arc::clone(&clock)));
        catalogue.renew().await.map_err(|error| StartError::Media(error.to_string()))?;
        let keeper =
            Keeper { library: Arc::clone(&library), catalogue: Arc::clone(&catalogue), site: identity.clone() };
        let keeper = Arc::new(keeper);
        let baskets: Arc<dyn Baskets> = Arc::clone(&keeper) as _;
        let videos = (library, Arc::clone(&keeper));
        let api = Arc::new(Api::new(Arc::clone(&plans), videos, identity.clone(), throttle, Arc::clone(&clock)));
        let citations = citations::routes(&plans, &identity, &clock);
        let footage: Arc<dyn contract::Library> = Arc::clone(&catalogue) as _;
        let workshop = Workshop::open(&settings, store.clone(), vault.clone(), Arc::clone(&clock)).await;
        let workshop = Arc::new(workshop.map_err(|error| StartError::Media(error.to_string()))?);
        let watcher = settings.media_watch.as_ref().map(|folder| Watcher {
            folder: folder.0.clone(),
            store: store.clone(),
            vault: vault.clone(),
            clock: Arc::clone(&clock),
            plan: plans.document(Lang::ALL[0]),
        });
        let mailer = Mailer::of(&settings, identity.clone(), store.clone(), secrets.clone(), clock, post);
        let mailer = Arc::new(mailer.map_err(StartError::Mail)?.counting(metrics.tally()));
        let mut extra = extra;
        if mailbox::offered(&settings, addr) {
            extra = extra.merge(mailbox::routes(store.clone(), secrets));
        }
        mailbox::announce(&settings, addr, &format!("{scheme}://{addr}"));
        let readiness = Readiness::of(store.clone());

        let rendering = router::pages(&options, &identity, &plans, &accounts, (&footage, &baskets), &api);
        let extra = extra
            .merge(downloads::routes(&plans, &identity))
            .merge(citations)
            .merge(quotation::routes(&rendering))
            .merge(basket::routes(&rendering, &keeper))
            .merge(films)
            .merge(feeds::routes(&catalogue, &identity));
        let kept = settings.page_cache_mb.get() * 1024 * 1024;
        let pages = Arc::new(Pages::new(plans, footage, rendering.clone(), kept, Arc::clone(&metrics)));
        let site = Site {
            router: router::site(rendering, exports, Arc::clone(&files), readiness.clone()).merge(extra),
            api,
            pages,
            files,
            errors: Errors { site: identity, options },
            guard: Guard {
                max_in_flight: settings.max_in_flight.get(),
                request_timeout: settings.request_timeout.get(),
                read_timeout: settings.read_timeout.get(),
                body_limit: settings.body_limit.get(),
                in_flight: AtomicUsize::new(0),
            },
            metrics,
            accounts,
            public_url: public_url.clone(),
            proxies: settings.trusted_proxies.clone(),
            tls: tls.is_some(),
            public_https: public_url.starts_with("https://"),
        };
        let tls = config.map(RustlsConfig::from_config).zip(tls);
        Ok(Self {
            settings,
            listener,
            addr,
            metrics_listener,
            tls,
            readiness,
            store,
            site: Arc::new(site),
            office,
            mailer,
            catalogue,
            workshop,
            watcher,
            cutter,
        })
    }

    /// Where it listens, as a visitor on this machine would type it.
    pub fn address(&self) -> String {
        format!("{}://{}", if self.tls.is_some() { "https" } else { "http" }, self.addr)
    }

    /// Where Prometheus finds the figures.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_listener.as_ref()?.local_addr().ok()
    }

    /// Serves until `stop`, then finishes what is under way, for as long as `SHUTDOWN_TIMEOUT` allows.
    ///
    /// # Errors
    /// If the socket breaks.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Self {
            settings,
            listener,
            metrics_listener,
            tls,
            readiness,
            store,
            site,
            office,
            mailer,
            catalogue,
            workshop,
            watcher,
            cutter,
            ..
        } = self;
        let handle = Handle::new();
        let mut beside = tokio::task::JoinSet::new();
        let finishing = handle.clone();
        beside.spawn(async move {
            stop.await;
            tracing::info!("told to stop: finishing what is under way");
            readiness.finishing();
            finishing.graceful_shutdown(Some(settings.shutdown_timeout.get()));
            std::future::pending().await
        });
        let figures = site.metrics.handle();
        beside.spawn(async move {
            let mut clock = tokio::time::interval(metrics::UPKEEP);
            loop {
                clock.tick().await;
                figures.run_upkeep();
            }
        });
        beside.spawn(async move {
            catalogue.run().await;
            std::future::pending().await
        });
        beside.spawn(async move {
            let mut clock = tokio::time::interval(SWEEP_EVERY);
            loop {
                clock.tick().await;
                match office.sweep().await {
                    Ok(0) => {}
                    Ok(swept) => tracing::debug!(swept, "what had ended was removed"),
                    Err(error) => tracing::warn!(%error, "what had ended could not be removed"),
                }
            }
        });
        if let Some(listener) = metrics_listener {
            let router = metrics::router(site.metrics.handle());
            beside.spawn(async move { drop(axum::serve(listener, router).await) });
        }
        let (sent_off, told) = tokio::sync::oneshot::channel::<()>();
        let mailing = tokio::spawn(mailer.run(settings.mail_workers.get(), async { drop(told.await) }));
        let (locked_up, told) = tokio::sync::watch::channel(());
        let closing = || {
            let mut told = told.clone();
            async move { while told.changed().await.is_ok() {} }
        };
        let working = tokio::spawn(workshop.run(settings.media_workers.get(), closing()));
        let watching = watcher.map(|watcher| tokio::spawn(watcher.run(closing())));
        // Who makes no renditions makes no clips.
        let cuts = settings.media_workers.get() > 0;
        let cutting = cuts.then(|| tokio::spawn(cutter.run(closing())));
        warm_up(&site);

        let patience = Patience { idle: settings.idle_timeout.get(), bare: tls.is_none() };
        let front = tower::service_fn(move |peer: SocketAddr| {
            ready(Ok::<_, Infallible>(Front { site: Arc::clone(&site), peer: peer.ip() }))
        });
        let server = axum_server::Server::<SocketAddr>::from_listener(listener).handle(handle);
        let served = match tls {
            None => configured(server.acceptor(patience), &settings).serve(front).await,
            Some((config, files)) => {
                #[cfg(unix)]
                beside.spawn(files.renew(config.clone()));
                let acceptor = RustlsAcceptor::new(config).acceptor(patience);
                configured(server.acceptor(acceptor), &settings).serve(front).await
            }
        };
        // No request queues a letter any more; the one under way is seen off.
        drop(sent_off);
        drop(mailing.await);
        // What is being made of videos, and clips of them, is given back; a file that is being taken in is taken in again.
        drop(locked_up);
        drop(working.await);
        for beside in watching.into_iter().chain(cutting) {
            drop(beside.await);
        }
        beside.shutdown().await;
        store.close().await;
        served
    }
}

/// Whose site it is, at that address.
pub(crate) fn identity(settings: &Settings, public_url: String) -> Identity {
    let organisation = &settings.site_organisation;
    Identity {
        name: settings.site_name.0.clone(),
        organisation: Localised { fr: organisation.fr.clone(), en: organisation.en.clone() },
        public_url,
    }
}

/// What the server and the commands beside it work on: the store, and the key it is used with.
pub(crate) async fn open_store(settings: &Settings) -> Result<(Store, Secrets), StartError> {
    let store = Store::open(&settings.database, &settings.data.0).await?;
    introduce(&store).await?;
    let secrets = key(settings, &store).await?;
    Ok((store, secrets))
}

/// Gives a new installation its id and its birthday, and tells the log which one this is.
async fn introduce(store: &Store) -> Result<(), StoreError> {
    let id = store.meta("installation", &Nonce::new()).await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let since = store.meta("set_up_unix", &now.to_string()).await?;
    tracing::info!(installation = id, since, "the store is open");
    Ok(())
}

/// The installation's key. A store that was used with another one refuses it: codes and letters would be lost on it.
async fn key(settings: &Settings, store: &Store) -> Result<Secrets, StartError> {
    let file = key_file(settings);
    let refused = |why: String| StartError::Key { file: file.clone(), why };
    let secrets = Secrets::open(&file).map_err(|error| refused(error.to_string()))?;
    let mark = secrets.mark("key", "");
    if store.meta("key", &mark).await? != mark {
        return Err(refused("the database was used with another one".to_owned()));
    }
    Ok(secrets)
}

/// Where the installation's key lies.
pub(crate) fn key_file(settings: &Settings) -> PathBuf {
    settings.data.0.join(&settings.secret_key.0)
}

/// What takes seconds and nobody waits for: the first pages, and the files' compressed forms.
fn warm_up(site: &Arc<Site>) {
    let pages = Arc::clone(&site.pages);
    tokio::spawn(async move { pages.warm().await });
    let files = Arc::clone(&site.files);
    let compressing = std::thread::Builder::new().name("compress".to_owned());
    if let Err(error) = compressing.spawn(move || files.compress()) {
        tracing::warn!(%error, "files are served uncompressed");
    }
}

fn configured<A>(
    mut server: axum_server::Server<SocketAddr, A>,
    settings: &Settings,
) -> axum_server::Server<SocketAddr, A> {
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(settings.read_timeout.get());
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(STREAMS_PER_CONNECTION);
    server
}

fn listen(addr: SocketAddr, setting: &'static str) -> Result<TcpListener, StartError> {
    let open = || {
        let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A restart must not wait for the last connections' ghosts.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|why| match why.kind() {
        io::ErrorKind::AddrInUse => StartError::Taken { addr, setting },
        _ => StartError::Address { addr, why, setting },
    })
}

/// The figures' usual port being taken (a second server on this machine) is no reason not to serve.
fn listen_for_metrics(settings: &Settings) -> Result<Option<TcpListener>, StartError> {
    let Some(addr) = settings.metrics_addr.0 else { return Ok(None) };
    match listen(addr, "METRICS_ADDR") {
        Err(StartError::Taken { .. }) if addr == Settings::usual_metrics_addr() => {
            tracing::warn!("{addr} is taken, so there are no metrics: choose another address with METRICS_ADDR");
            Ok(None)
        }
        listener => listener.map(Some),
    }
}

fn files(root: &Path, public_url: &str, plans: &dyn Plans) -> Result<Files, StartError> {
    if !root.is_dir() {
        return Err(StartError::NoSite(root.to_owned()));
    }
    let live = std::env::var_os("LEPTOS_WATCH").is_some();
    let mut files =
        Files::under(root, live).map_err(|why| StartError::UnreadableSite { root: root.to_owned(), why })?;
    let mut add = |address: &str, kind: &'static str, text: String| {
        files.add(address, Frozen::new(kind, Keep::AskEachTime, Policy::nothing(), text.into()));
    };
    add("/robots.txt", "text/plain; charset=utf-8", mapping::robots(public_url));
    let paths = app::routes::sitemap_paths(&plans.document(Lang::ALL[0]));
    add("/sitemap.xml", "application/xml", mapping::sitemap(public_url, &paths));
    Ok(files)
}

/// Beside the program as it is shipped; beside its folder as cargo-leptos builds it; under the folder one is in.
fn usual_root() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    let places = beside.into_iter().flat_map(|folder| [folder.join("site"), folder.join("../site")]);
    places.into_iter().find(|place| place.is_dir()).unwrap_or_else(|| PathBuf::from("target/site"))
}

/// What leptos wants to know: where the browser's half is, and whether its files carry fingerprints. These stand in
/// `hash.txt` beside the program, where cargo-leptos writes it and leptos looks for it.
fn options(root: &Path, addr: SocketAddr) -> LeptosOptions {
    let usual = LeptosOptions::builder().output_name(OUTPUT_NAME).build();
    let hashes = std::env::current_exe().ok().map(|program| program.with_file_name(&*usual.hash_file));
    let hashes = hashes.and_then(|file| std::fs::read_to_string(file).ok());
    for (kind, hash) in hashes.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once(':')) {
        let file = root.join(PKG).join(format!("{OUTPUT_NAME}.{}.{}", hash.trim(), kind.trim()));
        // Where there is no site at all, that is said instead.
        if ["js", "wasm", "css"].contains(&kind.trim()) && root.join(PKG).is_dir() && !file.exists() {
            tracing::warn!("{} is not there: program and site were not built together", file.display());
        }
    }
    let variable = |name| std::env::var(name).ok();
    LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(root.to_string_lossy())
        .site_pkg_dir(PKG)
        .env(if variable("LEPTOS_ENV").as_deref() == Some("DEV") { Env::DEV } else { Env::PROD })
        .site_addr(addr)
        .reload_port(variable("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(usual.reload_port))
        .hash_files(hashes.is_some())
        .build()
}

/// Waits for Ctrl-C or SIGTERM. The next one ends the program at once.
pub async fn told_to_stop() {
    signal().await;
    tokio::spawn(async {
        signal().await;
        std::process::exit(1);
    });
}

async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
