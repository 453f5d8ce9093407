//! Whoever gives a file, a mail or a list in the place of a token means what is in it: which flag reads that.

use crate::cli::exit::shown;
use linkmint::mail;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// So much of a file tells what it is.
const START: u64 = 16 << 10;

/// What reads a text that is more than a token, if it is.
pub(super) fn hint(text: &str) -> Option<String> {
    // no path has a line break, and a long text is none
    if text.len() < 4_096 && !text.contains('\n') {
        return of_path(Path::new(text));
    }
    if mail::has_source(text) {
        return Some(
            "this is the source of a mail: saved to a file, --scan FILE tells where each link stands".to_owned(),
        );
    }
    is_list(text).then(|| "this looks like a list: --file - checks each row of standard input".to_owned())
}

fn of_path(path: &Path) -> Option<String> {
    let name = shown(path);
    if path.is_dir() {
        return Some(format!("{name} is a folder: --scan checks the links in its mails"));
    }
    path.is_file().then(|| match is_mail(path) {
        true => format!("{name} is a mail: --scan checks each link in it"),
        false => format!("{name} is a file: --file checks its rows"),
    })
}

/// Whether a file is a mail or a mailbox.
pub(super) fn is_mail(path: &Path) -> bool {
    // of a pipe, what is looked at is gone
    if !path.is_file() || path == Path::new("-") {
        return false;
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_ok() && (mail::is_mail(&start) || mail::is_mailbox(&start))
}

/// Whether the lines are rows: all of the first have a delimiter as often as the header.
fn is_list(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(5).collect();
    [',', ';', '\t', '|'].into_iter().any(|delimiter| {
        let mut counts = lines.iter().map(|line| line.matches(delimiter).count());
        let header = counts.next().unwrap_or_default();
        header > 0 && lines.len() > 1 && counts.all(|count| count == header)
    })
}
