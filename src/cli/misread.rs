//! What was probably meant, where a command line can't be understood: clap's own advice, and better where we know it.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// Names that other programs give to what a flag of ours does.
const ELSEWHERE: [(&[&str], &str); 10] = [
    (&["expiry", "expires", "expire", "exp", "ttl"], "--expires-in 24h"),
    (&["valid-for", "lifetime", "days", "hours"], "--expires-in 24h"),
    (
        &["valid-until", "until", "expiration", "expiry-date"],
        "--expires-at 2026-11-30",
    ),
    (
        &["secret", "key", "password", "secret-key"],
        "--keyring FILE: a secret is never an argument",
    ),
    (&["separator", "sep"], "--delimiter ';'"),
    (&["utm", "template", "link", "pattern"], "--url 'https://…/{token}'"),
    (&["tz", "zone", "time-zone"], "--timezone Europe/Berlin"),
    (&["overwrite", "yes"], "--force"),
    (&["out", "to", "outfile", "output-file"], "--output FILE"),
    (&["jobs", "workers", "parallel"], "--threads N"),
];

/// The better hint for a mistake, if there is one; `current` is the command of that name.
pub(super) fn hint(
    error: &clap::Error,
    arguments: &[OsString],
    root: &Command,
    current: &Command,
    command: &str,
) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    value_of_a_flag(current, unknown, arguments).or_else(|| {
        let suggested = error.get(ContextKind::SuggestedArg).is_some();
        let name = unknown.strip_prefix("--")?;
        let of_others = || of_others(root, name, command).filter(|_| !suggested);
        of_ours(current, name).or_else(of_others)
    })
}

/// `--expires-in -5h`: a value that looks like a flag.
fn value_of_a_flag(command: &Command, unknown: &str, arguments: &[OsString]) -> Option<String> {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let is_meant = |pair: &&[std::borrow::Cow<'_, str>]| pair[1] == unknown || pair[1].starts_with(unknown);
    let pair = words
        .windows(2)
        .find(|pair| is_meant(pair) && pair[1].starts_with('-') && !pair[1].starts_with("--"))?;
    let flag = pair[0].strip_prefix("--")?;
    let arg = command.get_arguments().find(|arg| arg.get_long() == Some(flag))?;
    if !arg.get_action().takes_values() {
        return None;
    }
    let value = &pair[1];
    Some(match flag {
        "expires-in" | "leeway" => format!("a duration has no sign: --{flag} {}", value.trim_start_matches('-')),
        _ => format!("a value that begins with a hyphen follows an equals sign: --{flag}={value}"),
    })
}

/// What another program calls otherwise, where this command has it.
fn of_ours(command: &Command, name: &str) -> Option<String> {
    let (_, ours) = ELSEWHERE.iter().find(|(names, _)| names.contains(&name))?;
    let flag = ours.trim_start_matches('-').split([' ', ':']).next()?;
    let has = command.get_arguments().any(|arg| arg.get_long() == Some(flag));
    has.then(|| format!("it is {ours}"))
}

/// A flag that other commands have.
fn of_others(root: &Command, name: &str, command: &str) -> Option<String> {
    let mut having = Vec::new();
    collect(root, "linkmint", name, &mut having);
    let (last, others) = having.split_last()?;
    let listed = match others {
        [] => last.clone(),
        _ => format!("{} and {last}", others.join(", ")),
    };
    Some(format!(
        "--{name} is a flag of {listed}; `{command} --help` shows what this takes"
    ))
}

fn collect(command: &Command, path: &str, name: &str, having: &mut Vec<String>) {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        let path = format!("{path} {}", inner.get_name());
        if inner.get_arguments().any(|arg| arg.get_long() == Some(name)) {
            having.push(format!("`{path}`"));
        }
        collect(inner, &path, name, having);
    }
}
