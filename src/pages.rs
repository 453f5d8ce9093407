//! Pages of HTML: they need no network and no script, and read well on a phone, on paper and in the dark.
//!
//! All of them are one document with one stylesheet. Whatever is put into a page is escaped by its type, and what
//! others wrote goes in as `Shown`.

pub mod labels;
#[cfg(feature = "serve")]
pub(crate) mod link;
#[cfg(feature = "serve")]
pub(crate) mod lists;
mod shown;
#[cfg(feature = "serve")]
pub(crate) mod site;
pub mod stats;
#[cfg(feature = "serve")]
pub(crate) mod support;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use shown::Shown;

/// The stylesheet of all pages.
pub(crate) const STYLE: &str = include_str!("pages/style.css");
/// Nothing is loaded and nothing runs, whatever a claim's value is.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A page of a server, which sends the policy itself: what forms may do can't stand in a page.
#[cfg(feature = "serve")]
fn served(title: &str, body: &Markup) -> String {
    whole(title, None, body)
}

/// A whole page with its style in it; one that needs no server has its policy in it too.
fn whole(title: &str, policy: Option<&str>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head {
                meta charset="utf-8";
                @if let Some(policy) = policy {
                    meta http-equiv="Content-Security-Policy" content=(PreEscaped(policy));
                }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (Shown(title)) }
                style { "\n" (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
        "\n"
    };
    page.into_string()
}
