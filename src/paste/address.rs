//! The address round a token, for another token in its place.

use super::effort::Effort;
use super::view::View;
use super::{WRAPPER_LEVELS, escapes, setting, tidy, undo_markup, wrappers};
use memchr::memmem;

/// An http or https address without the token in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// What stands before the token.
    pub(crate) before: String,
    /// What stands behind it.
    pub(crate) after: String,
}

/// The addresses that this token stands in, as it is written here: the most undone first, as a filter puts its own
/// round the one that was sent. Percent-encoding is left alone, so that the address stays what it was; one that was
/// broken over lines is none.
#[must_use]
pub(crate) fn addresses_round(pasted: &str, token: &str) -> Vec<Address> {
    let raw = View::of(pasted);
    let mut plain = raw.clone();
    tidy::tidy(&mut plain);
    let mut quoted = plain.clone();
    escapes::undo_quoted_printable(&mut quoted);
    undo_wrapping(&mut quoted);
    undo_wrapping(&mut plain);
    let mut all = Vec::new();
    for view in [quoted, plain, raw] {
        let found = memmem::find(&view.text, token.as_bytes()).filter(|_| !token.is_empty());
        let found = found.and_then(|start| address(&view.text, start, start + token.len()));
        all.extend(found.filter(|found| !all.contains(found)));
    }
    all
}

/// What mail programs and filters do to a link, without what the link itself may be written with.
fn undo_wrapping(view: &mut View) {
    let mut effort = Effort::for_text(&view.text);
    undo_markup(view);
    for _ in 0..WRAPPER_LEVELS {
        if !wrappers::undo_wrappers(view, &mut effort) {
            break;
        }
        undo_markup(view);
    }
}

fn address(text: &[u8], start: usize, end: usize) -> Option<Address> {
    let link = setting::link_round(text, &(start..end));
    let before = std::str::from_utf8(&text[link.start..start]).ok()?;
    let after = std::str::from_utf8(&text[end..link.end]).ok()?;
    let scheme = before.split_once("://")?.0;
    let is_web = ["http", "https"].iter().any(|own| scheme.eq_ignore_ascii_case(own));
    is_web.then(|| Address {
        before: before.to_owned(),
        after: after.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ";

    fn told(pasted: &str) -> Vec<String> {
        let pasted = pasted.replace("TOKEN", TOKEN);
        let all = addresses_round(&pasted, TOKEN).into_iter();
        all.map(|found| format!("{}*{}", found.before, found.after)).collect()
    }

    #[test]
    fn the_address_is_what_was_sent() {
        for (pasted, address) in [
            ("https://shop.example/p/TOKEN", "https://shop.example/p/*"),
            (
                "see <https://shop.example/p/TOKEN?a=1&b=%26>.",
                "https://shop.example/p/*?a=1&b=%26",
            ),
            ("HTTPS://shop.example/p?t=TOKEN#x, ok", "HTTPS://shop.example/p?t=*#x"),
            (
                "> https://shop.example/p?t=3DTOKEN&amp;c=3D1=\n",
                "https://shop.example/p?t=*&c=1",
            ),
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fp%2FTOKEN%3Fa%3Db%2526c&data=05&reserved=0",
                "https://shop.example/p/*?a=b%26c",
            ),
        ] {
            assert_eq!(told(pasted).first().map(String::as_str), Some(address), "{pasted}");
        }
    }

    #[test]
    fn what_is_no_whole_address_is_none() {
        for pasted in [
            "TOKEN",
            "shop.example/p/TOKEN",
            "ftp://shop.example/TOKEN",
            "https://shop.example/\n TOKEN",
            "",
        ] {
            assert_eq!(told(pasted), [""; 0], "{pasted}");
        }
        assert_eq!(addresses_round("https://shop.example/p/", ""), []);
    }
}
