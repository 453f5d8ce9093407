//! What the support desk sees of a text that a customer has sent: the answer as `verify` gives it.

use super::shown::Shown;
use super::site::{self, Visitor};
use crate::check::{Answer, Details, Headline, Tone};
use crate::moment::Zone;
use maud::{Markup, html};

/// An answer, with what can be done about its token.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The answer.
    pub answer: Answer,
    /// The text of its token, where it may be revoked.
    pub revocable: Option<String>,
}

/// What came of a revocation.
#[derive(Clone, Debug)]
pub enum Revoked {
    /// It is revoked from now on.
    Done,
    /// It was before.
    Already,
    /// The reason can't be kept.
    Reason(&'static str),
}

/// The page, with the text that was pasted and the answers about it.
#[must_use]
pub fn page(visitor: &Visitor, text: &str, answers: &[Asked], revoked: Option<&Revoked>, zone: &Zone) -> String {
    let body = html! {
        header {
            h1 { "Is this link good?" }
            p { "Paste what the customer has sent: the link, a part of it, or the whole mail." }
        }
        @if let Some(revoked) = revoked { (told(revoked)) }
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

fn told(revoked: &Revoked) -> Markup {
    let (class, words) = match revoked {
        Revoked::Done => ("done", "The link is revoked: from now on it is refused."),
        Revoked::Already => ("done", "The link was revoked before, and stays so."),
        Revoked::Reason(words) => ("trouble", *words),
    };
    html! { p class=(class) role="status" { (words) } }
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
            @if let Some(token) = &asked.revocable { (revoke(visitor, token, number)) }
        }
        "\n"
    }
}

fn details(details: &Details) -> Markup {
    html! {
        @if !details.facts.is_empty() {
            dl.facts {
                @for (name, value) in &details.facts {
                    div { dt { (Shown(name)) } dd { (Shown(value)) } }
                }
            }
        }
        (notes(details))
    }
}

fn notes(details: &Details) -> Markup {
    html! { @for note in &details.notes { p { (Shown(&capital(note))) "." } } }
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

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
