//! The origin of a web page, written as browsers write it: a key that is held to another spelling would never work.

use std::net::{Ipv4Addr, Ipv6Addr};

/// `https://shop.example`: in lower case, and without the port that its scheme has anyway (RFC 6454, section 6).
pub(super) fn parse(text: &str) -> Option<String> {
    let text = text.trim_ascii().to_ascii_lowercase();
    let (scheme, authority) = text.split_once("://")?;
    let usual = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    // an address of IPv6 has colons of its own
    let end = match authority.find(']') {
        Some(end) => end + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, rest) = authority.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse::<u16>().ok()?),
        None if rest.is_empty() => None,
        _ => return None,
    };
    let port = port.filter(|port| *port != usual);
    Some(format!(
        "{scheme}://{}{}",
        host_as_browsers_write_it(host)?,
        port.map(|port| format!(":{port}")).unwrap_or_default()
    ))
}

fn host_as_browsers_write_it(host: &str) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_letter)
    };
    let last = host.rsplit('.').next()?;
    // what ends in a number is an address (WHATWG URL, 3.5)
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    match host.split('.').all(is_label) && (!is_number || host.parse::<Ipv4Addr>().is_ok()) {
        true => Some(host.to_owned()),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_origin_is_written_as_browsers_write_it_and_what_they_send_for_none_is_none() {
        for (text, origin) in [
            ("https://Shop.Example", Some("https://shop.example")),
            ("https://shop.example:443", Some("https://shop.example")),
            ("http://shop.example:80", Some("http://shop.example")),
            ("http://shop.example:443", Some("http://shop.example:443")),
            (
                " https://xn--grn-ioa.example:8443 ",
                Some("https://xn--grn-ioa.example:8443"),
            ),
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("http://[0:0::1]:8080", Some("http://[::1]:8080")),
            ("http://127.0.0.1", Some("http://127.0.0.1")),
            ("", None),
            ("shop.example", None),
            ("ftp://shop.example", None),
            ("https://", None),
            ("https://::", None),
            ("https://:443", None),
            ("https://shop.example:", None),
            ("https://shop.example:+443", None),
            ("https://shop.example:65536", None),
            ("https://shop.example/", None),
            ("https://shop..example", None),
            ("https://*.shop.example", None),
            ("https://a@shop.example", None),
            ("https://grün.example", None),
            ("https://[::1", None),
            ("https://[::1]x", None),
            ("https://1.2.3", None),
            ("null", None),
        ] {
            assert_eq!(parse(text).as_deref(), origin, "{text}");
        }
    }
}
