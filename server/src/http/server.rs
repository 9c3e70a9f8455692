//! The running server: it opens its sockets, answers, and finishes what is under way.

use super::{
    errors::Errors,
    files::Files,
    front::{Front, Site},
    frozen::{Frozen, Keep},
    guard::Guard,
    headers::Policy,
    health::Readiness,
    mapping,
    metrics::{self, Metrics},
    pages::Pages,
    patience::Patience,
    router, tls,
};
use crate::{
    accounts::{Limits, Office, SWEEP_EVERY},
    clock::{Clock, SystemClock},
    mail::{Mailer, mailbox},
    plans::Published,
    secrets::Secrets,
    settings::Settings,
    store::{Store, StoreError},
};
use ::plan::Lang;
use app::{Localised, Site as Identity, account::contract::Accounts, plan::contract::Plans};
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
        let plans: Arc<dyn Plans> = Arc::new(Published::embedded());
        let files = Arc::new(files(&root, &public_url, &*plans)?);
        let metrics = Arc::new(Metrics::new());
        let (store, secrets) = open_store(&settings).await?;
        let post = Arc::new(Notify::new());
        let office = Arc::new(Office::new(
            store.clone(),
            secrets.clone(),
            Arc::clone(&clock),
            Arc::clone(&post),
            &identity,
            Limits::of(&settings),
        ));
        let accounts: Arc<dyn Accounts> = Arc::clone(&office) as _;
        let mailer = Mailer::of(&settings, identity.clone(), store.clone(), secrets.clone(), clock, post);
        let mailer = Arc::new(mailer.map_err(StartError::Mail)?);
        let mut extra = extra;
        if mailbox::offered(&settings, addr) {
            extra = extra.merge(mailbox::routes(store.clone(), secrets));
        }
        mailbox::announce(&settings, addr, &format!("{scheme}://{addr}"));
        let readiness = Readiness::of(store.clone());

        let rendering = router::pages(&options, &identity, &plans, &accounts);
        let kept = settings.page_cache_mb.get() * 1024 * 1024;
        let pages = Arc::new(Pages::new(plans, rendering.clone(), kept, Arc::clone(&metrics)));
        let site = Site {
            router: router::site(rendering, Arc::clone(&files), readiness.clone()).merge(extra),
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
        let Self { settings, listener, metrics_listener, tls, readiness, store, site, office, mailer, .. } = self;
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
        warm_up(&site);

        let patience = Patience { idle: settings.idle_timeout.get() };
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
