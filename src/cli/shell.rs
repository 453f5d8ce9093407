//! Shell completions and manual pages, made from the arguments' own definitions.

use super::args::Cli;
use super::exit::{Exit, Failure, plain, print};
use super::topics::TOPICS;
use super::{manual, output};
use clap::CommandFactory;
use clap_complete::aot::{Shell, generate};
use linkmint::excerpt::Excerpt;
use linkmint::output::Options;
use std::io;
use std::path::Path;

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    command.build();
    let topics = TOPICS.iter().map(|topic| {
        let command = clap::Command::new(topic.name).about(topic.about);
        command.bin_name(format!("linkmint help {}", topic.name))
    });
    let mut command = command.mut_subcommand("help", |help| help.subcommands(topics));
    generate(shell, &mut command, "linkmint", &mut script);
    print(script)
}

pub(crate) fn man(names: &[String], folder: Option<&Path>) -> Result<Exit, Failure> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = folder {
        let failure = |error: io::Error| {
            let failure = Failure::undecided(plain(error)).at_path(folder);
            failure.hint("name a folder that can be made or written")
        };
        std::fs::create_dir_all(folder).map_err(failure)?;
        return write_pages(&root, folder);
    }
    let mut command = &root;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| {
            let names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
            let hint = match names.is_empty() {
                true => format!("{} has no commands of its own", command.get_name()),
                false => format!("there are {}", names.join(", ")),
            };
            Failure::usage(format_args!("there is no command {}", Excerpt(name))).hint(hint)
        })?;
    }
    let mut page = Vec::new();
    manual::write(command, &mut page).map_err(Failure::undecided)?;
    print(page)
}

/// The page of a command and those of its own commands.
fn write_pages(command: &clap::Command, folder: &Path) -> Result<Exit, Failure> {
    let path = folder.join(clap_mangen::Man::new(command.clone()).get_filename());
    let mut page = Vec::new();
    manual::write(command, &mut page).map_err(Failure::undecided)?;
    output::write(&path, Options::replacing(true), false, &page)?;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        write_pages(inner, folder)?;
    }
    Ok(Exit::Done)
}
