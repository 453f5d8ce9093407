//! Wrong API keys, counted by address, so that nobody can try many.

use crate::moment::UnixTime;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How long a wrong key is remembered, in seconds.
const WINDOW: u32 = 60;
/// So many addresses are remembered; an attacker with more of them than this has better ways.
const MOST: usize = 10_000;

/// A table of bounded size.
#[derive(Debug)]
pub(super) struct Failures {
    most: u32,
    table: Mutex<HashMap<IpAddr, (UnixTime, u32)>>,
}

/// An IPv6 network is one address: whoever has one has 2^64 of them (RFC 4291, 2.5.4).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address => address,
    }
}

impl Failures {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most,
            table: Mutex::default(),
        }
    }

    /// Counts a wrong key; how many seconds the address has to wait, where it had too many. Right keys are never asked
    /// about, so that nobody locks others out who share an address.
    pub(super) fn count(&self, address: IpAddr, now: UnixTime) -> Option<u64> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |since: UnixTime| now.0.saturating_sub(since.0) >= WINDOW;
        if table.len() >= MOST {
            table.retain(|_, (since, _)| !over(*since));
        }
        if table.len() >= MOST {
            table.clear();
        }
        let (since, count) = table.entry(network(address)).or_insert((now, 0));
        if over(*since) {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        (*count > self.most).then(|| u64::from(WINDOW - now.0.saturating_sub(since.0).min(WINDOW - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_wrong_key_of_a_minute_waits_and_the_table_stays_small() {
        let failures = Failures::new(10);
        let address: IpAddr = "192.0.2.1".parse().expect("an address");
        for _ in 0..10 {
            assert_eq!(failures.count(address, UnixTime(100)), None);
        }
        assert_eq!(failures.count(address, UnixTime(120)), Some(40));
        assert_eq!(failures.count(address, UnixTime(160)), None);
        for host in 0..30_000u128 {
            let address = IpAddr::V6((host << 64).into());
            assert_eq!(failures.count(address, UnixTime(200)), None);
        }
        assert!(failures.table.lock().expect("no other thread").len() <= MOST);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let failures = Failures::new(1);
        let [one, other] = ["2001:db8::1", "2001:db8::ffff:1"].map(|text| text.parse().expect("an address"));
        assert_eq!(failures.count(one, UnixTime(1)), None);
        assert!(failures.count(other, UnixTime(1)).is_some());
    }
}
