//! Where a list goes in and its links come out, and what was understood of it before.

use super::shown::Shown;
use super::site::{self, Visitor, capital, facts};
use crate::moment::Zone;
use crate::number::{grouped, room_in_sms};
use maud::{Markup, html};

/// What was understood of a list, and what would come of it.
#[derive(Clone, Debug)]
pub(crate) struct Looked {
    /// What kind of list it is.
    pub(crate) understood: String,
    /// Each claim with where it comes from.
    pub(crate) claims: Vec<(String, String)>,
    /// The names of the columns of the links.
    pub(crate) names: Vec<String>,
    /// The first rows with links.
    pub(crate) rows: Vec<Vec<String>>,
    /// One link, or token.
    pub(crate) link: Option<String>,
    /// What can be read in it by whoever sees it; nothing where that is sealed.
    pub(crate) readable: Option<Vec<(String, String)>>,
    /// How many rows get a link.
    pub(crate) good: u64,
    /// How many get none.
    pub(crate) bad: u64,
    /// The bytes of the list with its links.
    pub(crate) length: u64,
    /// What is wrong with the first of these.
    pub(crate) problems: Vec<String>,
    /// What is most likely a mistake.
    pub(crate) notes: Vec<String>,
}

/// The page with the form. `base_url` is the service's own address for links.
///
/// Its answers are shown in a frame, so that the chosen file stays chosen, without a script.
pub(crate) fn page(visitor: &Visitor, base_url: Option<&str>) -> String {
    let body = html! {
        header {
            h1 { "A link for each customer" }
            p { "Choose a list, look at what comes of it, then download it with a link in each row." }
        }
        form.list method="post" action="/lists/look" enctype="multipart/form-data" target="answer" {
            (visitor.form_token())
            section {
                h2 { "1. The links" }
                label for="base_url" { "Address that they lead to" }
                input #base_url name="base_url" type="url" required value=(base_url.unwrap_or_default())
                    placeholder="https://mystore.com/promotions";
                (ends())
                details {
                    summary { "More choices" }
                    label for="claims" { "Columns that go into the link " small { "else customer_id, campaign_id and product_id" } }
                    input #claims name="claims" placeholder="customer_id=Kundennummer, campaign_id" autocomplete="off";
                    label for="campaign_id" { "Campaign of all rows " small { "where the list has no column for it" } }
                    input #campaign_id name="campaign_id" placeholder="spring26" autocomplete="off";
                    label for="timezone" { "Time zone of all dates" }
                    (zones())
                    label for="encoding" { "Encoding of a CSV " small { "where its letters come out wrong" } }
                    (encodings())
                    label for="sheet" { "Sheet of a workbook " small { "else the first" } }
                    input #sheet name="sheet" autocomplete="off";
                    label { input type="checkbox" name="seal" value="true"; "Hide what the link says from whoever sees it" }
                }
            }
            section {
                h2 { "2. The list" }
                label for="list" { "CSV or Excel, one customer a row: drop it here or choose it" }
                input #list name="list" type="file" required
                    accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods,text/csv";
                p.quiet { "It is not kept: each button sends it anew, and nothing of it stays here." }
            }
            button { "Look at it first" }
            button.second formaction="/lists/links" { "Download the links" }
            button.second formaction="/lists/rejected" { "Download rows without a link" }
        }
        iframe name="answer" title="What comes of the list" srcdoc=(nothing_yet()) {}
    };
    site::page(visitor, "/lists", "Lists", &body)
}

fn ends() -> Markup {
    html! {
        fieldset {
            legend { "They are valid" }
            div.end {
                input #end-in type="radio" name="end" value="in" checked;
                label for="end-in" { "for" }
                input name="days" type="number" min="1" max="3650" value="7" aria-label="Days that they are valid";
                span { "days" }
            }
            div.end {
                input #end-at type="radio" name="end" value="at";
                label for="end-at" { "to the end of" }
                input name="date" type="date" aria-label="Last day that they are valid";
            }
            div.end {
                input #end-never type="radio" name="end" value="never";
                label for="end-never" { "without end" }
            }
        }
    }
}

/// Those that programs still write, besides what a list says of itself.
fn encodings() -> Markup {
    let all = [
        ("", "UTF-8, or as the list says itself"),
        ("windows-1252", "Western Europe (Windows-1252)"),
        ("windows-1250", "Central Europe (Windows-1250)"),
        ("windows-1251", "Cyrillic (Windows-1251)"),
        ("windows-1253", "Greek (Windows-1253)"),
        ("windows-1254", "Turkish (Windows-1254)"),
        ("iso-8859-15", "Western Europe (ISO 8859-15)"),
        ("cp850", "Western Europe (DOS, CP850)"),
        ("macintosh", "Western Europe (Macintosh)"),
        ("utf-16le", "UTF-16"),
        ("shift_jis", "Japanese (Shift_JIS)"),
        ("gbk", "Chinese (GBK)"),
    ];
    html! {
        select #encoding name="encoding" { @for (name, words) in all { option value=(name) { (words) } } }
    }
}

/// Names as `Europe/Berlin`, by what stands before the `/`.
fn zones() -> Markup {
    let names: Vec<&str> = Zone::names().collect();
    let region = |name: &str| name.split_once('/').map(|(region, _)| region.to_owned());
    html! {
        select #timezone name="timezone" {
            option value="local" { "of this server" }
            option { "UTC" }
            @for names in names.chunk_by(|a, b| region(a) == region(b)) {
                optgroup label=[region(names[0])] {
                    @for name in names { option { (name) } }
                }
            }
        }
    }
}

/// So that the progress of a browser's download can be read against it.
fn size(length: u64) -> String {
    match length {
        0..1_000 => format!("{length} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", length as f64 / 1e3),
        _ => format!("{:.1} MB", length as f64 / 1e6),
    }
}

/// What the frame shows before there is anything.
fn nothing_yet() -> String {
    super::served(
        "What comes of the list",
        &html! { p.quiet { "What comes of the list is shown here." } },
    )
}

/// What the frame shows of a list.
pub(crate) fn looked(looked: &Looked) -> String {
    let all = looked.good + looked.bad;
    let body = html! {
        section {
            h2 { (grouped(looked.good)) " of " (grouped(all)) @if all == 1 { " row gets" } @else { " rows get" } " a link" }
            p { (Shown(&looked.understood)) "." }
            @if looked.good > 0 { p { "The download has " (size(looked.length)) "." } }
            @if !looked.claims.is_empty() {
                p { "In each link:" }
                (facts(&looked.claims))
            }
            (problems(looked))
        }
        section {
            h2 { "The first rows" }
            div.scroll.rows tabindex="0" role="region" aria-label="The first rows" {
                table {
                    thead { tr { @for name in &looked.names { th scope="col" { (Shown(name)) } } } }
                    tbody {
                        @for row in &looked.rows { tr { @for cell in row { td { (Shown(cell)) } } } }
                    }
                }
            }
        }
        @if let Some(link) = &looked.link { (one_link(link, looked.readable.as_deref())) }
    };
    super::served("What comes of the list", &body)
}

fn problems(looked: &Looked) -> Markup {
    html! {
        @if looked.bad > 0 {
            div.trouble {
                p { b { (grouped(looked.bad)) @if looked.bad == 1 { " row gets" } @else { " rows get" } " none:" } }
                ul { @for problem in &looked.problems { li { (Shown(problem)) } } }
                @if looked.bad > looked.problems.len() as u64 { p { "… and others." } }
            }
        }
        @if !looked.notes.is_empty() {
            div.note {
                p { b { "Worth a look:" } }
                ul { @for note in &looked.notes { li { (Shown(note)) } } }
            }
        }
    }
}

fn one_link(link: &str, readable: Option<&[(String, String)]>) -> Markup {
    html! {
        section {
            h2 { "One link" }
            p { code.token { (Shown(link)) } }
            p { (link.chars().count()) " characters, which " (room_in_sms(link)) ". It is only to look at: it is not valid." }
            @match readable {
                Some([]) => p { "It says nothing about the customer." },
                Some(claims) => {
                    p { "Whoever sees the link can read:" }
                    (facts(claims))
                }
                None => p { "What it says is sealed: only linkmint can read it." },
            }
        }
    }
}

/// What the frame shows to who is not signed in any more.
pub(crate) fn signed_out() -> String {
    let words = html! {
        p { "Please " a href="/" target="_top" { "sign in again" } ", then choose the list once more: it was not kept." }
    };
    alert("You are not signed in any more", &words)
}

/// What the frame shows where a field of the form can't be used: by its label, with what helps. `name` is the member's in a
/// query; nothing where the form has no such field.
pub(crate) fn refused_field(name: &str, words: &str) -> Option<String> {
    let (label, advice) = match name {
        "base_url" | "url" => (
            "Address that they lead to",
            "Write the whole address: https://mystore.com/promotions",
        ),
        "expires_in" => ("They are valid for … days", "Write a number from 1 to 3650"),
        "expires_at" => (
            "They are valid to the end of …",
            "Please choose the last day that the links are valid",
        ),
        "claims" => (
            "Columns that go into the link",
            "Write under “More choices” which column has the customer’s number: customer_id=NAME OF THE COLUMN",
        ),
        "set" => ("Campaign of all rows", "Write a short name: spring26"),
        "timezone" => ("Time zone of all dates", "Choose one under “More choices”"),
        "encoding" => (
            "Encoding of a CSV",
            "Choose it under “More choices”, or save the list as “CSV UTF-8” in the spreadsheet",
        ),
        "sheet" => (
            "Sheet of a workbook",
            "Write its name as the workbook has it, or leave it empty",
        ),
        _ => return None,
    };
    let words = html! {
        p { (Shown(&capital(words))) "." }
        p { (advice) "." }
    };
    Some(alert(label, &words))
}

/// What the frame shows where nothing can come of a list.
pub(crate) fn refused(title: &str, words: &str) -> String {
    alert(title, &html! { p { (Shown(words)) } })
}

fn alert(title: &str, words: &Markup) -> String {
    let body = html! {
        section.answer role="alert" {
            h2 { (Shown(title)) }
            (words)
        }
    };
    super::served(title, &body)
}
