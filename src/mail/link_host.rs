//! The host of the link that a token stands in: one with an empty label (`mystore..example`, as a doubled dot of the
//! mail's transport leaves it) leads nowhere, however good the token is.

/// The host that can't be, in what stands before a token; also of a link within a link.
pub(super) fn impossible(before: &str) -> Option<String> {
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '\'');
    let mut link = before.rsplit(is_end).next().unwrap_or_default().to_owned();
    for _ in 0..3 {
        if let Some(host) = hosts(&link).find(|host| has_empty_label(host)) {
            return Some(host.to_owned());
        }
        if !link.contains('%') {
            break;
        }
        let mut bytes = Vec::with_capacity(link.len());
        crate::paste::push_unescaped(link.as_bytes(), b'%', &mut bytes);
        link = String::from_utf8_lossy(&bytes).into_owned();
    }
    None
}

/// The hosts behind each `://` that has an end before the token.
fn hosts(link: &str) -> impl Iterator<Item = &str> {
    link.match_indices("://").filter_map(|(at, mark)| {
        let rest = &link[at + mark.len()..];
        let authority = &rest[..rest.find(['/', '?', '#', '\\', '&'])?];
        let host = authority.rsplit('@').next().unwrap_or(authority);
        (!host.starts_with('[')).then(|| host.split(':').next().unwrap_or(host))
    })
}

fn has_empty_label(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host).split('.').any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_label_is_found() {
        let table = [
            ("see https://mystore..example/p/", Some("mystore..example")),
            ("https://.mystore.example?t=", Some(".mystore.example")),
            ("https://mystore.example../", Some("mystore.example..")),
            ("https:///p/", Some("")),
            ("https://u@mystore..example:8443/p/", Some("mystore..example")),
            (
                "https://t.example/c?u=https%3A%2F%2Fmystore..example%2Fp%2F",
                Some("mystore..example"),
            ),
            (
                "https://t.example/c?u=https%253A%252F%252Fmystore..example%252F",
                Some("mystore..example"),
            ),
            ("https://mystore.example/p../", None),
            ("https://mystore.example./", None),
            ("https://[::1]/", None),
            ("https://", None),
            ("http://a..b/ https://c.example/", None),
            ("", None),
        ];
        for (before, expected) in table {
            assert_eq!(impossible(before).as_deref(), expected, "{before}");
        }
    }
}
