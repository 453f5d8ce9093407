//! Manual pages, made from the arguments' own definitions: clap_mangen's parts, with a synopsis that has the options'
//! values, and what it has no parts for.

use super::topics::{TOPICS, Topic};
use clap::{Arg, Command};
use clap_mangen::Man;
use std::io::{self, Write};

/// Writes the page of a command.
pub(super) fn write(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let man = Man::new(command.clone()).source(concat!("linkmint ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    page.extend(synopsis(command).into_bytes());
    man.render_description_section(&mut page)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut page)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let (statuses, examples) = after_help(command);
    for topic in &TOPICS {
        page.extend(section(topic, command, &statuses).into_bytes());
    }
    if !examples.is_empty() {
        page.extend(b".SH EXAMPLES\n");
        let lines = examples
            .iter()
            .map(|example| format!(".PP\n.nf\n{}\n.fi\n", escaped(example)));
        lines.for_each(|lines| page.extend(lines.into_bytes()));
    }
    // each part begins with the same two lines
    let page = String::from_utf8_lossy(&page);
    let is_preamble = |line: &str| line.contains(".ds Aq ");
    let lines = page
        .lines()
        .enumerate()
        .filter(|(number, line)| *number < 2 || !is_preamble(line));
    lines.into_iter().try_for_each(|(_, line)| writeln!(out, "{line}"))
}

/// The paragraphs after a command's help: its own words on the exit status, and its examples.
fn after_help(command: &Command) -> (Vec<String>, Vec<String>) {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let of = |start: &str| {
        let parts = text
            .split("\n\n")
            .filter_map(|part| part.split_once(start).filter(|(before, _)| before.is_empty()));
        parts
            .flat_map(|(_, lines)| lines.lines().map(|line| line.trim().to_owned()))
            .collect::<Vec<_>>()
    };
    let examples = [of("Example: "), of("Examples: ")].concat();
    (of("Exit status: "), examples)
}

fn section(topic: &Topic, command: &Command, own_statuses: &[String]) -> String {
    let mut text = String::new();
    for entry in topic.entries.iter().filter(|entry| entry.is_about(command)) {
        text += &format!(".TP\n\\fB{}\\fR\n{}\n", escaped(entry.name), escaped(entry.text));
    }
    if topic.name == "exit-status" && !command.has_subcommands() {
        own_statuses
            .iter()
            .for_each(|own| text += &format!(".PP\nHere: {}.\n", escaped(own)));
    }
    match text.is_empty() {
        true => text,
        false => format!(".SH \"{}\"\n{text}", topic.heading),
    }
}

/// `linkmint generate [--base-url URL] … [INPUT]`
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut text = format!(".SH SYNOPSIS\n\\fB{}\\fR", escaped(name));
    let is_shown = |arg: &&Arg| !arg.is_hide_set() && !arg.is_positional();
    for arg in command.get_arguments().filter(is_shown) {
        let bold = |name: String| format!("\\fB{}\\fR", escaped(&name));
        let short = arg.get_short().map(|short| bold(format!("-{short}")));
        let long = arg.get_long().map(|long| bold(format!("--{long}")));
        let names: Vec<String> = short.into_iter().chain(long).collect();
        text += &format!(" [{}{}]{}", names.join("|"), value(arg), repeated(arg));
    }
    for arg in command.get_positionals().filter(|arg| !arg.is_hide_set()) {
        let name = format!("\\fI{}\\fR", escaped(&value_name(arg)));
        let dots = repeated(arg);
        text += &match arg.is_required_set() {
            true => format!(" {name}{dots}"),
            false => format!(" [{name}]{dots}"),
        };
    }
    if command.has_subcommands() {
        text += " \\fICOMMAND\\fR";
    }
    text + "\n"
}

/// An option's value: ` FILE`, or `[=N]` where it may be left out.
fn value(arg: &Arg) -> String {
    if !arg.get_action().takes_values() {
        return String::new();
    }
    let name = format!("\\fI{}\\fR", escaped(&value_name(arg)));
    match arg.get_num_args().is_some_and(|count| count.min_values() == 0) {
        true => format!("[={name}]"),
        false => format!(" {name}"),
    }
}

fn value_name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    match names.is_empty() {
        true => arg.get_id().as_str().to_uppercase(),
        false => names.join(" "),
    }
}

fn repeated(arg: &Arg) -> &'static str {
    let many = arg.is_positional() && arg.get_num_args().is_some_and(|count| count.max_values() > 1);
    match many || matches!(arg.get_action(), clap::ArgAction::Append) {
        true => "...",
        false => "",
    }
}

/// A text of a page: no hyphen becomes a dash, and no line a command.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}
