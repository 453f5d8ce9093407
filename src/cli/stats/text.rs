//! What was counted, for people at a terminal or in a file.

use super::bars;
use crate::cli::text::{Columns, cut};
use linkmint::excerpt::Harmless;
use linkmint::moment::{UnixTime, Zone};
use linkmint::number::{counted, grouped, percent};
use linkmint::stats::{Group, RunReturn, Survey, TopToken};

/// The widest name in a table.
const WIDEST: usize = 32;
/// The columns of times, the last of the table.
const TIMES: usize = 2;
/// So many runs are told; `--json` has all.
const RUNS: usize = 10;
/// Between the columns and their bars.
const GAP: &str = "  ";

/// All of it; bars where the width of a terminal is given.
pub(super) fn render(survey: &Survey, width: Option<usize>) -> String {
    let mut text = summary(survey);
    if !survey.groups.is_empty() {
        text += "\n";
        text += &table(survey, width);
    }
    if !survey.top.is_empty() {
        text += "\nchecked most\n";
        text += &top(&survey.top, &survey.query.zone);
    }
    if !survey.runs.is_empty() {
        text += &format!("\n{}, the newest first\n", counted(survey.runs.len() as u64, "run"));
        let shown = survey.runs.iter().rev().take(RUNS);
        shown.for_each(|one| text += &run(one, &survey.query.zone));
        if survey.runs.len() > RUNS {
            let more = (survey.runs.len() - RUNS) as u64;
            text += &format!("  and {} earlier (--json has all)\n", grouped(more));
        }
    }
    text
}

fn summary(survey: &Survey) -> String {
    let (query, total) = (&survey.query, &survey.total);
    let mut text = match total.uses.first.zip(total.uses.last) {
        Some((first, last)) => format!(
            "{} of {}, {} to {}",
            counted(total.uses.count, "check"),
            counted(total.tokens, "token"),
            minute(first, &query.zone),
            minute(last, &query.zone)
        ),
        None => survey.nothing().to_owned(),
    };
    let edges = [("since", query.span.since), ("until", query.span.until)];
    for (word, time) in edges {
        if let Some(time) = time {
            text += &format!("\n{word} {}", minute(time.0, &query.zone));
        }
    }
    text += &format!("\ntimes are in {}\n", query.zone);
    if let Some((minted, returned)) = survey.returns {
        let rate = percent(returned, minted);
        text += &format!(
            "{} of the {} that recorded runs made came back ({rate})\n",
            grouped(returned),
            counted(minted, "token")
        );
    }
    if total.uses.count > 0 {
        text += "a check is not a click by a person: mail scanners open links too\n";
    }
    text
}

/// A time in the zone.
fn minute(seconds: u32, zone: &Zone) -> String {
    zone.minute(UnixTime(seconds))
}

/// The groups, with bars where there is a terminal. Where it is too narrow for bars beside the times, bars say more.
fn table(survey: &Survey, width: Option<usize>) -> String {
    let mut rows = rows(survey);
    let numbers = 1..if survey.has_rate() { 5 } else { 3 };
    let mut columns = Columns::of(&rows, numbers.clone());
    let room = |columns: &Columns| width.and_then(|width| bars::room(width, columns.width() + GAP.len()));
    if width.is_some() && room(&columns).is_none() {
        rows.iter_mut().for_each(|cells| cells.truncate(cells.len() - TIMES));
        columns = Columns::of(&rows, numbers);
    }
    let (room, most) = (room(&columns), survey.most());
    let mut text = String::new();
    for (index, cells) in rows.iter().enumerate() {
        let mut line = columns.line(cells);
        if let (Some(room), Some(group)) = (room, index.checked_sub(1).map(|index| &survey.groups[index])) {
            line += GAP;
            line += &bars::bar(group.count.uses.count, most, room);
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// The cells of the table, those of its head first: a name, numbers, and times.
fn rows(survey: &Survey) -> Vec<Vec<String>> {
    let has_rate = survey.has_rate();
    let mut head = vec![cut(&Harmless(survey.query.by.name()).to_string(), WIDEST)];
    head.extend(["checks", "tokens"].map(str::to_owned));
    if has_rate {
        head.extend(["minted", "came back"].map(str::to_owned));
    }
    head.extend(["first", "last"].map(str::to_owned));
    let groups = survey.groups.iter();
    let rows = groups.map(|group| row(group, has_rate, &survey.query.zone));
    std::iter::once(head).chain(rows).collect()
}

fn row(group: &Group, has_rate: bool, zone: &Zone) -> Vec<String> {
    let count = &group.count;
    let time = |seconds: Option<u32>| seconds.map_or_else(|| "-".to_owned(), |seconds| minute(seconds, zone));
    let mut cells = vec![
        cut(&group.key.label(zone), WIDEST),
        grouped(count.uses.count),
        grouped(count.tokens),
    ];
    if has_rate {
        let minted = group.minted;
        cells.push(minted.map_or_else(|| "-".to_owned(), grouped));
        cells.push(minted.map_or_else(|| "-".to_owned(), |minted| percent(count.returned, minted)));
    }
    cells.extend([time(count.uses.first), time(count.uses.last)]);
    cells
}

fn top(top: &[TopToken], zone: &Zone) -> String {
    let cells = |token: &TopToken| {
        let last = token.uses.last.map(|last| minute(last, zone));
        vec![
            grouped(token.uses.count),
            token.abbreviated(),
            last.map(|last| format!("last {last}")).unwrap_or_default(),
            claims(token),
        ]
    };
    let rows: Vec<_> = top.iter().map(cells).collect();
    let columns = Columns::of(&rows, 0..1);
    let line = |cells: &Vec<String>| format!("  {}\n", columns.line(cells).trim_end());
    rows.iter().map(line).collect()
}

/// What names a token to people: never its text.
fn claims(token: &TopToken) -> String {
    match &token.claims {
        None => "(sealed)".to_owned(),
        Some(claims) if claims.is_empty() => "(no claims)".to_owned(),
        Some(claims) => {
            let claim = |(name, value): &(String, String)| {
                format!("{}={}", Harmless(name), cut(&Harmless(value).to_string(), WIDEST))
            };
            claims.iter().map(claim).collect::<Vec<_>>().join("  ")
        }
    }
}

fn run(one: &RunReturn, zone: &Zone) -> String {
    let run = &one.run;
    let back = match (one.is_known(), one.is_repeated) {
        (true, _) => format!(
            "{} came back ({})",
            grouped(one.returned),
            percent(one.returned, run.rows)
        ),
        (false, true) => "made again later, and counted there".to_owned(),
        (false, false) => "expired tokens were pruned, so it is not known how many came back".to_owned(),
    };
    let minted = counted(run.rows, "token");
    let mut text = format!("  {}  {minted} with key {}, {back}\n", minute(run.at, zone), run.key_id);
    let mut line = |name: &str, value: &str| text += &format!("    {name:10}{value}\n");
    line("list", &Harmless(&run.input).to_string());
    if !run.campaigns.is_empty() {
        line("campaigns", &campaigns(one));
    }
    line("expires", &one.expiry(zone));
    line("repeat", &Harmless(&run.repeat).to_string());
    text
}

/// The campaigns of a run with their numbers.
fn campaigns(one: &RunReturn) -> String {
    let campaign =
        |(name, tokens): &(String, u64)| format!("{} ({})", cut(&Harmless(name).to_string(), WIDEST), grouped(*tokens));
    let all: Vec<_> = one.run.campaigns.iter().map(campaign).collect();
    all.join(", ")
}
