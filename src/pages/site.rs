//! What the pages of a running service have round them: where one may go, who one is, and the way out.

use super::shown::Shown;
use maud::{Markup, html};

/// The session that a page is for.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// What the owner of the API key calls it.
    pub(crate) name: String,
    /// Whether it may check tokens.
    pub(crate) checks: bool,
    /// Whether it may make lists.
    pub(crate) mints: bool,
    /// Whether it may see statistics.
    pub(crate) counts: bool,
    /// Stands in every form, so that no other page can send one.
    pub(crate) form_token: String,
}

impl Visitor {
    /// The places that it may go to.
    fn places(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        [
            (
                self.checks,
                "/support",
                "Support",
                "Check a link that a customer has sent",
            ),
            (self.mints, "/lists", "Lists", "Make a link for each row of a list"),
            (
                self.counts,
                "/stats",
                "Statistics",
                "How many links came back, by campaign and day",
            ),
        ]
        .into_iter()
        .filter_map(|(may, path, name, words)| may.then_some((path, name, words)))
    }

    /// The hidden member of a form.
    pub(super) fn form_token(&self) -> Markup {
        html! { input type="hidden" name="form_token" value=(self.form_token); }
    }
}

/// A page at `path`, with its title and the way to all others.
pub(super) fn page(visitor: &Visitor, path: &str, title: &str, body: &Markup) -> String {
    let body = html! {
        nav.site {
            a.skip href="#content" { "To the content" }
            a.brand href="/" aria-current=[(path == "/").then_some("page")] { "linkmint" }
            @for (place, name, _) in visitor.places() {
                a href=(place) aria-current=[(path == place).then_some("page")] { (name) }
            }
            form method="post" action="/sign-out" {
                (visitor.form_token())
                span.quiet { (Shown(&visitor.name)) }
                button.plain { "Sign out" }
            }
        }
        div #content { (body) }
    };
    super::served(title, &body)
}

/// The page that one comes to first.
pub(crate) fn home(visitor: &Visitor) -> String {
    let body = html! {
        header { h1 { "What would you like to do?" } }
        @if visitor.places().next().is_none() {
            p { "This API key may use none of the pages." }
        }
        @for (path, name, words) in visitor.places() {
            a.choice href=(path) {
                b { (name) }
                span { (words) }
            }
        }
    };
    page(visitor, "/", "linkmint", &body)
}

/// What went wrong with signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInTrouble {
    /// No such key.
    Unknown,
    /// Its time is over.
    Expired,
    /// It stands in a web page, so that everybody has it.
    OfAPage,
    /// Too many wrong ones came.
    TooMany,
    /// The form was not one of this service, or the session is over.
    Session,
}

/// The page with the form for an API key. `printed` says that a start prints an address which signs one in.
pub(crate) fn sign_in(trouble: Option<SignInTrouble>, printed: bool) -> String {
    let words = trouble.map(|trouble| match trouble {
        SignInTrouble::Unknown => "This API key is not known here. Please copy all of it.",
        SignInTrouble::Expired => "This API key has expired.",
        SignInTrouble::OfAPage => "This API key is for a web page, and opens no pages here.",
        SignInTrouble::TooMany => "Too many wrong API keys came from your address. Please wait a minute.",
        SignInTrouble::Session => "You are not signed in any more. Please sign in again.",
    });
    let body = html! {
        @if let Some(words) = words { p.trouble role="alert" { (words) } }
        form method="post" action="/sign-in" {
            label for="key" { "API key" }
            input #key name="key" type="password" required autocomplete="off" autofocus placeholder="lmk_…";
            button { "Sign in" }
        }
        p.quiet {
            @if printed {
                "linkmint has printed an address at its start that signs you in: open that one, or copy the key in it."
            } @else {
                "Whoever runs linkmint makes one for you, with " code { "linkmint api-key new" } "."
            }
        }
    };
    alone("Sign in", &body)
}

/// The page at an address that is none.
pub(crate) fn nowhere() -> String {
    let words = html! { p { "Please begin at " a href="/" { "the first page" } "." } };
    alone("There is no such page", &words)
}

/// A page in a few words, with nothing round it.
pub(super) fn alone(title: &str, body: &Markup) -> String {
    super::served(title, &words(title, body))
}

/// A page that says in a few words why there is nothing else.
pub(crate) fn refused(visitor: &Visitor, title: &str, why: &str) -> String {
    page(visitor, "", title, &words(title, &html! { p { (Shown(why)) } }))
}

fn words(title: &str, body: &Markup) -> Markup {
    html! {
        section.words {
            h1 { (Shown(title)) }
            (body)
        }
    }
}

/// Names with their values.
pub(super) fn facts(facts: &[(String, String)]) -> Markup {
    html! {
        dl.facts { @for (name, value) in facts { div { dt { (Shown(name)) } dd { (Shown(value)) } } } }
    }
}

/// A sentence that stands by itself.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
