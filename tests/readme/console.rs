//! The ```` ```console ```` blocks of a page: commands after `$ `, their output below.
//!
//! `…` stands for anything within a line, and alone in a line for any number of lines.

/// One command and what it is said to print, standard output and standard error as a terminal mixes them.
pub(crate) struct Command {
    /// From 1.
    pub(crate) line: usize,
    /// Without the prompt; a line that ends in `\` goes on in the next one.
    pub(crate) text: String,
    pub(crate) output: Vec<String>,
    /// Where the output stands among the page's lines.
    pub(crate) place: std::ops::Range<usize>,
}

/// All commands of a page in their order.
pub(crate) fn commands(page: &str) -> Vec<Command> {
    let lines: Vec<&str> = page.lines().collect();
    let mut commands: Vec<Command> = Vec::new();
    let (mut inside, mut unfinished) = (false, false);
    for (index, line) in lines.iter().enumerate() {
        if let Some(language) = line.strip_prefix("```") {
            inside = language == "console";
            continue;
        }
        if !inside {
            continue;
        }
        if unfinished {
            let last = commands.last_mut().expect("the line before began one");
            last.text += line.trim_start();
            last.place = index + 1..index + 1;
        } else if let Some(text) = line.strip_prefix("$ ") {
            commands.push(Command {
                line: index + 1,
                text: text.to_owned(),
                output: Vec::new(),
                place: index + 1..index + 1,
            });
        } else {
            let last = commands.last_mut().expect("a block begins with a command");
            last.output.push((*line).to_owned());
            last.place.end = index + 1;
            continue;
        }
        let last = commands.last_mut().expect("there is one");
        unfinished = last.text.ends_with('\\');
        if unfinished {
            last.text.pop();
        }
    }
    commands
}

/// Whether these lines are what the page says.
pub(crate) fn agrees(told: &[String], real: &[String]) -> bool {
    match told {
        [] => real.is_empty(),
        [any, rest @ ..] if any == "…" => (0..=real.len()).any(|skipped| agrees(rest, &real[skipped..])),
        [line, rest @ ..] => real
            .split_first()
            .is_some_and(|(first, others)| line_agrees(line, first) && agrees(rest, others)),
    }
}

fn line_agrees(told: &str, real: &str) -> bool {
    let Some((start, rest)) = told.split_once('…') else {
        return told == real;
    };
    let Some(real) = real.strip_prefix(start) else {
        return false;
    };
    let mut ends = real.char_indices().map(|(at, _)| at).chain([real.len()]);
    ends.any(|at| line_agrees(rest, &real[at..]))
}

/// The page with the real outputs in place of those that do not agree. What differs from run to run is written `…` as
/// far as it is known here; all else is for the writer to see in the difference.
pub(crate) fn blessed(page: &str, outputs: &[(Command, Vec<String>)]) -> String {
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    for (command, real) in outputs.iter().rev() {
        if !agrees(&command.output, real) {
            lines.splice(command.place.clone(), real.iter().map(|line| steady(line)));
        }
    }
    lines.join("\n") + "\n"
}

/// A summary's line without its seconds and its rate.
fn steady(line: &str) -> String {
    match line.rsplit_once(" in ") {
        Some((start, _)) if line.ends_with(" rows/s)") => format!("{start} in … s (… rows/s)"),
        Some((start, time)) if time.strip_suffix(" s").is_some_and(|time| time.parse::<f64>().is_ok()) => {
            format!("{start} in … s")
        }
        _ => line.to_owned(),
    }
}

#[test]
fn an_ellipsis_stands_for_anything() {
    let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
    let agree = |told: &str, real: &str| agrees(&lines(told), &lines(real));
    assert!(agree("a|…|d", "a|b|c|d") && agree("a|…|d", "a|d") && agree("in … s (…)", "in 0.1 s (3)"));
    assert!(!agree("a|…|d", "a|b") && !agree("in … s", "in 0.1 m") && !agree("a", "a|b") && !agree("…x", "y"));
}

#[test]
fn commands_may_go_on_in_the_next_line() {
    let page = "```sh\n$ no\n```\n```console\n$ a \\\n    b\nout\n$ c\n```\n";
    let commands = commands(page);
    let told: Vec<_> = commands
        .iter()
        .map(|command| (&*command.text, command.place.clone()))
        .collect();
    assert_eq!(told, [("a b", 6..7), ("c", 8..8)]);
    let outputs = commands
        .into_iter()
        .map(|command| (command, vec!["new".to_owned()]))
        .collect::<Vec<_>>();
    assert_eq!(
        blessed(page, &outputs),
        "```sh\n$ no\n```\n```console\n$ a \\\n    b\nnew\n$ c\nnew\n```\n"
    );
}
