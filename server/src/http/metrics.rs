//! What Prometheus is told. Names are kept stable: dashboards hold them.

use crate::tally::{self, Tally};
use ::metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder};
use axum::{Router, routing::get};
use http::{Method, StatusCode, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

const REQUESTS: &str = "estafette_http_requests_total";
const SECONDS: &str = "estafette_http_request_duration_seconds";
const IN_FLIGHT: &str = "estafette_http_requests_in_flight";
const PAGES: &str = "estafette_page_cache_total";
const META: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

/// Seconds; from a page out of memory to one that is given up.
const BUCKETS: [f64; 12] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The figures of one server. Not a global: two servers in one process (tests) count apart.
pub(crate) struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    /// By method and status, made when first needed; a request then costs one addition.
    requests: Vec<OnceLock<Counter>>,
    seconds: Histogram,
    pub(crate) in_flight: Gauge,
    pub(crate) page_hits: Counter,
    pub(crate) page_misses: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new();
        let builder = match builder.set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS) {
            Ok(builder) => builder,
            // Refused only without buckets.
            Err(_) => PrometheusBuilder::new(),
        };
        let recorder = Arc::new(builder.build_recorder());
        let describe = |name: &'static str, text: &'static str| (name.into(), None, text.into());
        let (name, unit, text) = describe(REQUESTS, "Requests answered, by method and status.");
        recorder.describe_counter(name, unit, text);
        let (name, unit, text) = describe(SECONDS, "Seconds from a request's head to its answer's.");
        recorder.describe_histogram(name, unit, text);
        let (name, unit, text) = describe(IN_FLIGHT, "Requests being worked on.");
        recorder.describe_gauge(name, unit, text);
        let (name, unit, text) = describe(PAGES, "Pages given out of memory (hit) and rendered for it (miss).");
        recorder.describe_counter(name, unit, text);
        for (name, text) in [
            (tally::QUEUED, "Letters queued, by kind."),
            (tally::LETTERS, "What became of letters at each try, by kind: sent, deferred, refused, expired, kept."),
            (tally::ACCOUNTS, "What happened to accounts, by the events of the audit."),
        ] {
            let (name, unit, text) = describe(name, text);
            recorder.describe_counter(name, unit, text);
        }
        let pages = |result: &'static str| {
            recorder.register_counter(&Key::from_parts(PAGES, vec![Label::new("result", result)]), &META)
        };
        Self {
            requests: std::iter::repeat_with(OnceLock::new).take(METHODS.len() * STATUSES).collect(),
            seconds: recorder.register_histogram(&Key::from_name(SECONDS), &META),
            in_flight: recorder.register_gauge(&Key::from_name(IN_FLIGHT), &META),
            page_hits: pages("hit"),
            page_misses: pages("miss"),
            recorder,
        }
    }

    /// One request was answered.
    pub(crate) fn answered(&self, method: &Method, status: StatusCode, took: Duration) {
        let method = METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1);
        let place = method * STATUSES + usize::from(status.as_u16() - 100).min(STATUSES - 1);
        let counter = self.requests[place].get_or_init(|| {
            let labels = vec![Label::new("method", METHODS[method]), Label::new("status", status.as_str().to_owned())];
            self.recorder.register_counter(&Key::from_parts(REQUESTS, labels), &META)
        });
        counter.increment(1);
        self.seconds.record(took);
    }

    /// To count what is no request.
    pub(crate) fn tally(&self) -> Tally {
        Tally::of(Arc::clone(&self.recorder) as _)
    }

    /// To read the figures.
    pub(crate) fn handle(&self) -> PrometheusHandle {
        self.recorder.handle()
    }
}

/// Counts one request as under way until dropped, also when its visitor leaves before the answer.
pub(crate) struct Underway<'a>(&'a Gauge);

impl<'a> Underway<'a> {
    pub(crate) fn new(gauge: &'a Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Methods with a figure of their own: whoever invents methods shall not invent figures.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "other"];
/// From 100 to 599.
const STATUSES: usize = 500;

/// How often samples are gathered; between, they take 8 bytes each.
pub(crate) const UPKEEP: Duration = Duration::from_secs(5);

/// The port of their own: `/metrics` and nothing else.
pub(crate) fn router(handle: PrometheusHandle) -> Router {
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()));
    Router::new().route("/metrics", get(answer))
}
