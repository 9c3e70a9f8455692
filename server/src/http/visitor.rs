//! Who asks, and over what: the connection's word, or that of a proxy we trust.

use crate::settings::Proxies;
use http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) address: IpAddr,
    /// Whether the visitor's own connection is encrypted.
    pub(crate) https: bool,
}

impl Visitor {
    /// By the connection, and by its headers if a trusted proxy sent them.
    ///
    /// Of the two families of headers only one is read: `Forwarded` (RFC 7239) passes unseen through proxies that set
    /// the `X-Forwarded` ones, so beside these it may be the visitor's own invention. The host is never taken from a
    /// request: addresses are made from `PUBLIC_URL`.
    pub(crate) fn of(headers: &HeaderMap, peer: IpAddr, tls: bool, proxies: &Proxies) -> Self {
        if !proxies.contain(peer) {
            return Self { address: peer.to_canonical(), https: tls };
        }
        let list = |name: &str| -> Vec<&str> {
            let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).map(str::trim).collect()
        };
        let (path, protocols) = (list("x-forwarded-for"), list("x-forwarded-proto"));
        let (path, protocols) = if path.is_empty() && protocols.is_empty() {
            let hops = list("forwarded");
            (
                hops.iter().filter_map(|hop| part(hop, "for")).collect(),
                hops.iter().filter_map(|h| part(h, "proto")).collect(),
            )
        } else {
            (path, protocols)
        };
        // Each proxy adds at the end: from there, the first that is none of ours is the visitor.
        let hops: Vec<IpAddr> = path.iter().rev().map_while(|hop| address(hop)).collect();
        let visitor = hops.iter().find(|hop| !proxies.contain(**hop)).or(hops.last()).copied().unwrap_or(peer);
        let https = protocols.last().map_or(tls, |protocol| protocol.eq_ignore_ascii_case("https"));
        Self { address: visitor.to_canonical(), https }
    }

    /// The network the visitor is in (/24, /48): enough to see an attack in the log, too little to see a person.
    pub(crate) fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & !0xff)),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 48))),
        }
    }
}

/// `for="[2001:db8::1]:4711"` of one hop: `[2001:db8::1]:4711`.
fn part<'a>(hop: &'a str, name: &str) -> Option<&'a str> {
    hop.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"')))
}

/// An address with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|addr| addr.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Setting;

    const PROXY: &str = "10.0.0.1";

    fn visitor(peer: &str, headers: &[(&'static str, &str)]) -> Visitor {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a header value"));
        }
        let proxies = Proxies::read("10.0.0.0/8, fd00::1").expect("networks");
        Visitor::of(&map, peer.parse().expect("an address"), false, &proxies)
    }

    fn seen(address: &str, https: bool) -> Visitor {
        Visitor { address: address.parse().expect("an address"), https }
    }

    #[test]
    fn strangers_are_not_believed() {
        let forged = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-proto", "https"), ("forwarded", "for=1.1.1.1")];
        assert_eq!(visitor("203.0.113.9", &forged), seen("203.0.113.9", false));
    }

    #[test]
    fn the_last_hop_that_is_not_ours_is_the_visitor() {
        let headers = [("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.7"), ("x-forwarded-proto", "https")];
        assert_eq!(visitor(PROXY, &headers), seen("203.0.113.9", true));
        let two = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(visitor(PROXY, &two), seen("203.0.113.9", false));
    }

    #[test]
    fn forwarded_is_read_where_the_others_are_absent() {
        let headers = [("forwarded", "for=1.1.1.1;proto=http, for=\"[2001:db8::1]:4711\";proto=https")];
        assert_eq!(visitor(PROXY, &headers), seen("2001:db8::1", true));
        let both = [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=1.1.1.1;proto=https")];
        assert_eq!(visitor(PROXY, &both), seen("203.0.113.9", false));
    }

    #[test]
    fn nonsense_from_a_proxy_leaves_the_connection() {
        assert_eq!(visitor(PROXY, &[("x-forwarded-for", "unknown, ,,")]), seen(PROXY, false));
        assert_eq!(visitor("::ffff:10.0.0.1", &[("x-forwarded-for", "198.51.100.2:55")]), seen("198.51.100.2", false));
    }

    #[test]
    fn logs_see_a_network_and_no_person() {
        assert_eq!(seen("203.0.113.9", false).network().to_string(), "203.0.113.0");
        assert_eq!(seen("2001:db8:1:2:3::9", false).network().to_string(), "2001:db8:1::");
    }
}
