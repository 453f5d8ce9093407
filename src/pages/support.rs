//! What the support desk sees of a text that a customer has sent: the answer as `verify` gives it.

use super::shown::Shown;
use super::site::{self, Visitor, capital, facts};
use crate::check::{Answer, Details, Headline, Tone};
use crate::moment::{UnixTime, Zone};
use maud::{Markup, html};

/// An answer, with what can be done about its token.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The answer.
    pub(crate) answer: Answer,
    /// The text of its token, where it may be revoked.
    pub(crate) revocable: Option<String>,
    /// Where a new one may be made in its place.
    pub(crate) renewable: Option<Renewable>,
}

/// A token that may be replaced.
#[derive(Clone, Debug)]
pub(crate) struct Renewable {
    /// Its text.
    pub(crate) token: String,
    /// The address that it came in, with `{token}` in its place, where that may be taken over.
    pub(crate) address: Option<String>,
    /// Whether the old one may be revoked with it.
    pub(crate) revokes: bool,
}

/// What came of a button.
#[derive(Clone, Debug)]
pub(crate) enum Done {
    /// The link is revoked from now on.
    Revoked,
    /// It was before.
    AlreadyRevoked,
    /// Nothing came of it, for this reason.
    Nothing(&'static str),
    /// A new link, or token where no address is known.
    Made {
        /// The link.
        link: String,
        /// The first second at which it is no longer valid.
        expires_at: Option<UnixTime>,
        /// Whether the old one is revoked.
        revoked: bool,
    },
}

/// For how long a new link may be made, the usual time first.
const LASTS: [(&str, &str); 5] = [
    ("7d", "7 days"),
    ("1d", "1 day"),
    ("3d", "3 days"),
    ("14d", "14 days"),
    ("30d", "30 days"),
];

/// The page, with the text that was pasted and the answers about it.
pub(crate) fn page(visitor: &Visitor, text: &str, answers: &[Asked], done: Option<&Done>, zone: &Zone) -> String {
    let body = html! {
        header {
            h1 { "Is this link good?" }
            p { "Paste what the customer has sent: the link, a part of it, or the whole mail." }
        }
        @if let Some(done) = done { (told(done, zone)) }
        form method="post" action="/support" {
            (visitor.form_token())
            label for="text" { "Link or text" }
            textarea #text name="text" rows="5" required spellcheck="false" autocomplete="off" autofocus[answers.is_empty()] {
                "\n"
                @for line in text.lines() { (Shown(line)) "\n" }
            }
            button { "Check" }
            p.quiet { "A check on this page is not counted." }
        }
        @for (number, asked) in answers.iter().enumerate() {
            (answer(visitor, asked, number, zone))
        }
    };
    let title = match answers {
        [] => "Support".to_owned(),
        [asked] => format!("{} – Support", asked.answer.headline(zone).word),
        all => format!("{} links – Support", all.len()),
    };
    site::page(visitor, "/support", &title, &body)
}

fn told(done: &Done, zone: &Zone) -> Markup {
    let (class, words) = match done {
        Done::Revoked => ("done", "The link is revoked: from now on it is refused."),
        Done::AlreadyRevoked => ("done", "The link was revoked before, and stays so."),
        Done::Nothing(words) => ("trouble", *words),
        Done::Made { revoked: true, .. } => ("done", "Here is the new link. The old one is revoked."),
        Done::Made { revoked: false, .. } => ("done", "Here is the new link. The old one stays as it is."),
    };
    html! {
        p class=(class) role="status" { (words) }
        @if let Done::Made { link, expires_at, .. } = done {
            p { code.token { (Shown(link)) } }
            @if let Some(time) = expires_at {
                p.quiet { "Valid until " (zone.minute_beside_utc(*time)) "." }
            }
        }
    }
}

fn answer(visitor: &Visitor, asked: &Asked, number: usize, zone: &Zone) -> Markup {
    let Headline { tone, word, sentence } = asked.answer.headline(zone);
    let tone = match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Doubtful => "doubtful",
    };
    html! {
        section.answer role="status" {
            h2 { span class={ "tone " (tone) } { (Shown(&word)) } " " (Shown(&capital(&sentence))) }
            @let own = asked.answer.details(zone);
            @if let Some(damage) = &asked.answer.damaged {
                (notes(&own))
                h3 { "The undamaged token" }
                (details(&damage.undamaged.details(zone)))
                p { "The customer’s link can’t be opened as it is; this is the whole token:" }
                p { code.token { (Shown(&damage.slip.repaired)) } }
            } @else {
                (details(&own))
            }
            @if let Some(renewable) = &asked.renewable { (renew(visitor, renewable, number)) }
            @if let Some(token) = &asked.revocable { (revoke(visitor, token, number)) }
        }
        "\n"
    }
}

fn details(details: &Details) -> Markup {
    html! {
        @if !details.facts.is_empty() {
            (facts(&details.facts))
        }
        (notes(details))
    }
}

fn notes(details: &Details) -> Markup {
    html! { @for note in &details.notes { p { (Shown(&capital(note))) "." } } }
}

fn renew(visitor: &Visitor, renewable: &Renewable, number: usize) -> Markup {
    let field = format!("duration-{number}");
    html! {
        details {
            summary { "Make a new link" }
            form.fields method="post" action="/support/reissue" {
                (visitor.form_token())
                input type="hidden" name="token" value=(renewable.token);
                @if let Some(address) = &renewable.address { input type="hidden" name="address" value=(address); }
                label for=(field) { "Valid for" }
                select id=(field) name="duration" {
                    @for (value, words) in LASTS { option value=(value) { (words) } }
                }
                @if renewable.revokes {
                    label { input type="checkbox" name="revoke_old" value="yes"; " Revoke the old link" }
                }
                button { "Make it now" }
            }
        }
    }
}

fn revoke(visitor: &Visitor, token: &str, number: usize) -> Markup {
    let field = format!("reason-{number}");
    html! {
        details {
            summary { "Revoke this link" }
            form.fields method="post" action="/support/revoke" {
                (visitor.form_token())
                input type="hidden" name="token" value=(token);
                label for=(field) { "Reason, if you like" }
                input id=(field) name="reason" maxlength="200";
                button.danger { "Revoke it now" }
            }
        }
    }
}
