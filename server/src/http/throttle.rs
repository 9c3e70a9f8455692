//! How often one network may ask what costs work: the API, and exports. It protects this machine, so it is counted in
//! this machine's memory; what protects accounts is counted in the store.
//!
//! A bucket that fills steadily (the generic cell rate algorithm, ITU-T I.371): of each network one number is kept, the
//! moment at which its bucket will be full again.

use super::problem::Problem;
use crate::clock::{Clock, MINUTE, SECOND};
use app::account::contract::Caller;
use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

/// The policy's name in headers.
const POLICY: &str = "api";

/// Networks that are remembered before the first are forgotten whose buckets are full.
const FEW: usize = 1024;

/// What each network may still ask for.
pub(crate) struct Throttle {
    /// Units a minute, and at once.
    quota: i64,
    clock: Arc<dyn Clock>,
    buckets: Mutex<Buckets>,
}

#[derive(Default)]
struct Buckets {
    /// When each will be full again, in microseconds.
    full_at: HashMap<IpAddr, i64>,
    /// How many there may be until the full ones are taken out. A bucket is full after a minute without a request, so
    /// there are never more than twice the networks of one minute.
    most: usize,
}

/// What an answer says of the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Whether this request may be answered.
    pub(crate) granted: bool,
    quota: i64,
    /// Units left.
    left: i64,
    /// Seconds in which there will not be more: until the next unit, or until this request can be granted.
    wait: i64,
}

const MICROS: i64 = 1000;

impl Throttle {
    /// With `quota` units a minute for each network.
    pub(crate) fn new(quota: usize, clock: Arc<dyn Clock>) -> Self {
        let quota = i64::try_from(quota).unwrap_or(i64::MAX).clamp(1, MINUTE * MICROS);
        Self { quota, clock, buckets: Mutex::default() }
    }

    /// Takes `cost` units from the bucket of a request's network. What is refused costs nothing.
    pub(crate) fn take(&self, request: &Request, cost: i64) -> Allowance {
        let address = request.extensions().get::<Caller>().map(|caller| caller.address);
        self.spend(network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))), cost)
    }

    /// Answers by `answer`, or with 429; both tell what is left.
    pub(crate) async fn guard<F: Future<Output = Response>>(
        &self,
        cost: i64,
        request: Request,
        answer: impl FnOnce(Request) -> F,
    ) -> Response {
        let allowance = self.take(&request, cost);
        let mut response = if allowance.granted {
            answer(request).await
        } else {
            let rule = format!("{} units a minute are allowed; this request costs {cost}.", self.quota);
            Problem::quota_exceeded(POLICY).detail(rule).into_response()
        };
        allowance.tell(response.headers_mut());
        response
    }

    /// The same for a router of pages and files: who asks too often is told so in the site's own words.
    pub(crate) fn over(self: &Arc<Self>, router: Router, cost: i64) -> Router {
        let throttle = Arc::clone(self);
        router.layer(from_fn(move |request: Request, next: Next| {
            let throttle = Arc::clone(&throttle);
            async move {
                let allowance = throttle.take(&request, cost);
                let mut response = if allowance.granted {
                    next.run(request).await
                } else {
                    StatusCode::TOO_MANY_REQUESTS.into_response()
                };
                allowance.tell(response.headers_mut());
                response
            }
        }))
    }

    fn spend(&self, network: IpAddr, cost: i64) -> Allowance {
        let (window, now) = (MINUTE * MICROS, self.clock.now() * MICROS);
        let unit = window / self.quota;
        let cost = cost.clamp(0, self.quota) * unit;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.full_at.len() >= buckets.most {
            buckets.full_at.retain(|_, full_at| *full_at > now);
            buckets.most = (2 * buckets.full_at.len()).max(FEW);
        }
        // A clock that was put back must not shut anybody out.
        let full_at = buckets.full_at.get(&network).copied().unwrap_or(now).clamp(now, now + window);
        let granted = full_at + cost - now <= window;
        let full_at = if granted { full_at + cost } else { full_at };
        buckets.full_at.insert(network, full_at);
        let there = now + window - full_at;
        let missing = if granted { unit - there % unit } else { cost - there };
        let wait = (missing + SECOND * MICROS - 1) / (SECOND * MICROS);
        Allowance { granted, quota: self.quota, left: there / unit, wait: wait.max(1) }
    }
}

impl Allowance {
    /// As draft-ietf-httpapi-ratelimit-headers-11 has it, and `Retry-After` (RFC 9110 §10.2.3) for who has to wait.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        let mut add = |name: HeaderName, text: String| {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.append(name, value);
            }
        };
        // Beside what else there is only so much of.
        add(HeaderName::from_static("ratelimit-policy"), format!("\"{POLICY}\";q={};w=60", self.quota));
        add(HeaderName::from_static("ratelimit"), format!("\"{POLICY}\";r={};t={}", self.left, self.wait));
        if !self.granted {
            add(header::RETRY_AFTER, self.wait.to_string());
        }
    }
}

/// What counts as one: an IPv4 address, an IPv6 /64, of which anybody has as many addresses as he likes.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> i64 {
            self.0.load(Ordering::Relaxed)
        }
    }

    fn throttle(quota: usize) -> (Throttle, Arc<Hand>) {
        let clock = Arc::new(Hand(AtomicI64::new(1_000_000)));
        (Throttle::new(quota, Arc::clone(&clock) as _), clock)
    }

    fn ada() -> IpAddr {
        "192.0.2.1".parse().expect("an address")
    }

    #[test]
    fn a_bucket_empties_and_fills_steadily() {
        let (throttle, clock) = throttle(60);
        for left in (0..60).rev() {
            let allowance = throttle.spend(ada(), 1);
            assert_eq!((allowance.granted, allowance.left, allowance.wait), (true, left, 1));
        }
        let refused = throttle.spend(ada(), 1);
        assert_eq!((refused.granted, refused.left, refused.wait), (false, 0, 1));
        assert!(
            throttle.spend("192.0.2.2".parse().expect("an address"), 1).granted,
            "others have buckets of their own"
        );
        clock.0.fetch_add(2 * SECOND, Ordering::Relaxed);
        assert!(throttle.spend(ada(), 1).granted && throttle.spend(ada(), 1).granted);
        assert!(!throttle.spend(ada(), 1).granted, "what was refused cost nothing, and what was granted was paid");
        clock.0.fetch_add(HOURS, Ordering::Relaxed);
        assert_eq!(throttle.spend(ada(), 1).left, 59, "never more than full");
    }

    const HOURS: i64 = 120 * MINUTE;

    #[test]
    fn what_costs_more_waits_longer() {
        let (throttle, clock) = throttle(20);
        assert_eq!(throttle.spend(ada(), 15).left, 5);
        let refused = throttle.spend(ada(), 10);
        assert_eq!((refused.granted, refused.left, refused.wait), (false, 5, 15));
        clock.0.fetch_add(15 * SECOND, Ordering::Relaxed);
        assert!(throttle.spend(ada(), 10).granted);
        let all = throttle.spend("192.0.2.3".parse().expect("an address"), 1000);
        assert_eq!((all.granted, all.left), (true, 0), "nothing costs more than a full bucket");
    }

    #[test]
    fn a_clock_put_back_shuts_nobody_out() {
        let (throttle, clock) = throttle(2);
        assert!(throttle.spend(ada(), 2).granted);
        clock.0.fetch_sub(900_000, Ordering::Relaxed);
        assert_eq!(throttle.spend(ada(), 1).wait, 30);
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let (throttle, clock) = throttle(10);
        for n in 0..5000_u32 {
            throttle.spend(IpAddr::V4(Ipv4Addr::from_bits(n)), 1);
            clock.0.fetch_add(SECOND, Ordering::Relaxed);
        }
        assert!(throttle.buckets.lock().expect("nobody panicked").full_at.len() <= FEW);
    }

    #[test]
    fn an_ipv6_network_is_one() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:3::9"), of("2001:db8:1:2::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
