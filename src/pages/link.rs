//! What a visitor sees of a link that leads nowhere, or that asks before it leads on.
//!
//! It says nothing about the token but how it came out: whoever opens a link need not be the one it was sent to.

use super::shown::Shown;
use super::site::alone;
use crate::token::Status;
use maud::html;

/// The page about a link that is not valid; without a status, there was no token to check.
pub(crate) fn refused(status: Option<Status>) -> String {
    let (title, words) = match status {
        Some(Status::Expired) => (
            "This link has expired",
            "It was good for a limited time, and that is over. Whoever sent it to you may have a new one.",
        ),
        Some(Status::Revoked) => (
            "This link is no longer valid",
            "Whoever sent it has ended it. Please ask them if you expected something else.",
        ),
        Some(Status::NotYetValid) => ("This link is not valid yet", "Please open it again later."),
        _ => (
            "This link is not valid",
            "A part of it may be missing or changed. Please open it from the message again, or copy all of it.",
        ),
    };
    alone(title, &html! { p { (words) } })
}

/// The page about a link that could not be checked.
pub(crate) fn undecided() -> String {
    let words = html! { p { "This is not because of the link. Please open it again in a minute." } };
    alone("This link can’t be checked at the moment", &words)
}

/// The page about a valid link that has no page to lead to.
pub(crate) fn no_target() -> String {
    let words = html! { p { "The link is valid, but no page is set up for it. Please ask whoever sent it." } };
    alone("There is no page for this link", &words)
}

/// The page with the button that leads on: a person presses it, and a scanner of mails does not.
pub(crate) fn confirm(target_host: &str) -> String {
    let words = html! {
        p { "It leads to " b { (Shown(target_host)) } "." }
        form method="post" { button { "Continue" } }
    };
    alone("Your link is valid", &words)
}
