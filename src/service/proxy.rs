//! The proxy before the service: which one is believed, and which visitor it speaks for.

use axum::http::{Extensions, HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// Whom proxies name.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a request came from; none over a unix socket. Whoever drives the router by sockets adds it to each
/// request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub Option<IpAddr>);

/// A peer that is believed in what it says of a visitor's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustedProxy {
    /// From this address.
    Address(IpAddr),
    /// Over the unix socket that is listened at.
    Unix,
}

/// A text names no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is neither an IP address nor the word unix")]
pub struct NoProxy;

impl FromStr for TrustedProxy {
    type Err = NoProxy;

    fn from_str(text: &str) -> Result<Self, NoProxy> {
        match text {
            "unix" => Ok(Self::Unix),
            _ => text
                .parse::<IpAddr>()
                .map(|address| Self::Address(address.to_canonical()))
                .map_err(|_| NoProxy),
        }
    }
}

/// Whether a request with these extensions was sent by one of them. One without a peer was sent by nobody that is known.
pub(super) fn is_trusted(proxies: &[TrustedProxy], extensions: &Extensions) -> bool {
    extensions.get().is_some_and(|Peer(address)| trusts(proxies, *address))
}

fn trusts(proxies: &[TrustedProxy], address: Option<IpAddr>) -> bool {
    proxies.contains(&address.map_or(TrustedProxy::Unix, |address| {
        TrustedProxy::Address(address.to_canonical())
    }))
}

/// Where a request comes from in the end: the last address on the way that is no trusted proxy, as what stands before it a
/// visitor may have written.
pub(super) fn visitor(proxies: &[TrustedProxy], peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
    let Peer(mut client) = peer?;
    if !trusts(proxies, client) {
        return client;
    }
    let named = headers.get_all(FORWARDED_FOR).iter();
    let named: Vec<&str> = named
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    for address in named.into_iter().rev() {
        if !trusts(proxies, client) {
            break;
        }
        match address_of(address.trim()) {
            Some(address) => client = Some(address),
            None => break,
        }
    }
    client
}

/// An address, which may have a port.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip()).ok();
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: Option<&str>, forwarded: &[&'static str]) -> Option<String> {
        let proxies: Vec<_> = proxies.iter().map(|text| text.parse().expect("a proxy")).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
        }
        let peer = Peer(peer.map(|text| text.parse().expect("an address")));
        visitor(&proxies, Some(peer), &headers).map(|address| address.to_string())
    }

    #[test]
    fn the_visitor_is_the_last_address_before_a_trusted_proxy() {
        let told = |text: &str| Some(text.to_owned());
        let spoofed = ["203.0.113.9, 192.0.2.7"];
        assert_eq!(client(&[], Some("10.0.0.1"), &spoofed), told("10.0.0.1"));
        assert_eq!(client(&["10.0.0.2"], Some("10.0.0.1"), &spoofed), told("10.0.0.1"));
        assert_eq!(
            client(&["10.0.0.1"], Some("::ffff:10.0.0.1"), &spoofed),
            told("192.0.2.7")
        );
        let two = ["203.0.113.9", "192.0.2.7, 10.0.0.2"];
        assert_eq!(
            client(&["10.0.0.1", "10.0.0.2"], Some("10.0.0.1"), &two),
            told("192.0.2.7")
        );
        assert_eq!(client(&["unix"], None, &["[2001:db8::1]:443"]), told("2001:db8::1"));
        assert_eq!(client(&["10.0.0.1"], Some("10.0.0.1"), &["nonsense"]), told("10.0.0.1"));
        assert_eq!(client(&["10.0.0.1"], Some("10.0.0.1"), &[]), told("10.0.0.1"));
        assert_eq!(client(&[], None, &["192.0.2.7"]), None);
    }
}
