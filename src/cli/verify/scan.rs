//! `linkmint verify --scan`: did every link come through the mail tool?
//!
//! Looks at what will be sent: opens the mails, checks each link where it stands, and counts what a list can't show: a
//! link that was broken on its way, a mail without one, a customer with another's.

mod place;
mod tally;
mod versions;
mod walk;

use super::checker::Checks;
use super::printed::PrintedName;
use crate::cli::args::VerifyArgs;
use crate::cli::exit::{Exit, Failure, closed, shown};
use crate::cli::report::look::Look;
use crate::cli::report::progress::Progress;
use linkmint::check::Answer;
use linkmint::mail::{self, Content, Mail, Mails, Part, Reading, Splitting};
use linkmint::paste::Candidate;
use linkmint::token;
use place::{Document, LinkPlace, PlacedAnswer};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;
use tally::Tally;
use versions::Versions;
use walk::{Step, Walk, unreadable};

pub(super) fn run(args: &VerifyArgs, checks: Checks) -> Result<Exit, Failure> {
    let starts = checks.checker.rules.keys.iter().flat_map(|key| token::starts(key.id()));
    let progress = Progress::new(None, "links", args.files.progress.progress, args.files.quiet);
    let mut scan = Scan {
        args,
        started: Instant::now(),
        progress: progress.of(|| Walk::of(&args.paths).bytes()),
        read: 0,
        starts: starts.collect(),
        checks,
        out: BufWriter::new(io::stdout().lock()),
        look: Look::of_stdout(),
        tally: Tally::default(),
        told: Told::default(),
        printed: args.print.as_deref().map(PrintedName::of),
    };
    let written = Walk::of(&args.paths).try_for_each(|step| scan.step(step));
    scan.progress.finish();
    written?;
    scan.flush()?;
    scan.end()
}

struct Scan<'a> {
    args: &'a VerifyArgs,
    started: Instant,
    progress: Progress,
    /// The bytes of the files so far.
    read: u64,
    /// How tokens of the keyring begin.
    starts: Vec<String>,
    checks: Checks,
    out: BufWriter<io::StdoutLock<'static>>,
    look: Look,
    tally: Tally,
    told: Told,
    printed: Option<PrintedName>,
}

/// The tokens that the likeliest reading of a mailbox has, and the mails that were looked at: most are the same in every
/// reading.
#[derive(Default)]
struct Told {
    hashes: HashSet<u64>,
    mails: HashSet<u64>,
    hasher: RandomState,
    /// Whether only what it lacks is told now.
    is_complete: bool,
}

/// A failure ends the scan before its last file: nothing can be checked any more, or nobody reads.
type Written = Result<(), Failure>;

impl Scan<'_> {
    fn step(&mut self, step: Step) -> Written {
        match step {
            Step::File(path) => {
                let before = self.read;
                let done = self.file(&path);
                self.read = before + path.metadata().map_or(0, |file| file.len());
                self.progress.tell(self.read, self.tally.links);
                done
            }
            Step::Special(path) => {
                self.tally.skipped_files.add(|| shown(&path));
                Ok(())
            }
            Step::Failed(failure) => self.failed(failure),
        }
    }

    fn file(&mut self, path: &Path) -> Written {
        self.tally.files += 1;
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return self.failed(unreadable(error, path)),
        };
        let document = Document {
            file: path.to_string_lossy().into_owned(),
            mail: None,
            is_other_reading: false,
        };
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let mut file = BufReader::new(file);
        let is_page = ["html", "htm", "xhtml"].iter().any(|page| ending == *page);
        let is_mailbox = match file.fill_buf() {
            Ok(start) => ending == "mbox" || (!is_page && ending != "eml" && mail::is_mailbox(start)),
            Err(error) => return self.failed(unreadable(error, path)),
        };
        if is_mailbox {
            return self.mailbox(file, path, document);
        }
        let mut bytes = Vec::new();
        if let Err(error) = file.take(mail::MOST_BYTES + 1).read_to_end(&mut bytes) {
            return self.failed(unreadable(error, path));
        }
        if bytes.len() as u64 > mail::MOST_BYTES {
            return self.failed(too_long("file").at(&document));
        }
        if ending == "eml" || (!is_page && ending != "txt" && mail::is_mail(&bytes)) {
            return self.mail(&bytes, &document);
        }
        let Some(text) = mail::text(&bytes) else {
            self.tally.skipped_files.add(|| shown(path));
            return Ok(());
        };
        let reading = match is_page || is_page_inside(&text) {
            true => Reading::Html,
            false => Reading::Text,
        };
        drop(bytes);
        self.tally.begin(&document);
        self.source(&text, reading, &document, None)?;
        self.tally.end(&document);
        Ok(())
    }

    /// Reads a mailbox as it is most likely meant. Where a mail may begin elsewhere too, what stands in the other
    /// readings only is told after that: nobody knows by which of them a customer's link came here.
    fn mailbox(&mut self, file: BufReader<File>, path: &Path, mut document: Document) -> Written {
        self.told = Told::default();
        let mut mails = Mails::new(file, mail::MOST_BYTES, Splitting::Likely);
        for (number, mail) in (1..).zip(&mut mails) {
            document.mail = Some(number);
            match mail {
                Ok(Mail::Whole(bytes)) => {
                    self.read += bytes.len() as u64;
                    self.progress.tell(self.read, self.tally.links);
                    self.told.add_mail(&bytes);
                    self.mail(&bytes, &document)?;
                }
                Ok(Mail::TooLong) => self.failed(too_long("mail").at(&document))?,
                Err(error) => return self.failed(unreadable(error, path)),
            }
        }
        if !mails.is_in_doubt() {
            return Ok(());
        }
        document.is_other_reading = true;
        self.told.is_complete = true;
        let read = self.other_readings(path, &mut document);
        self.told = Told::default();
        read
    }

    fn other_readings(&mut self, path: &Path, document: &mut Document) -> Written {
        for splitting in [Splitting::Fewest, Splitting::Every] {
            let file = match File::open(path) {
                Ok(file) => BufReader::new(file),
                Err(error) => return self.failed(unreadable(error, path)),
            };
            for (number, mail) in (1..).zip(Mails::new(file, mail::MOST_BYTES, splitting)) {
                document.mail = Some(number);
                // what can't be read was told, or is none in the likeliest reading
                if let Ok(Mail::Whole(bytes)) = mail
                    && bytes.len() >= mail::SHORTEST
                    && self.told.add_mail(&bytes)
                {
                    for part in mail::parts(&bytes, true).unwrap_or_default() {
                        if let Content::Text(text, reading) = &part.content {
                            self.source(text, *reading, document, Some(&part))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn mail(&mut self, bytes: &[u8], document: &Document) -> Written {
        self.tally.mails += 1;
        self.tally.begin(document);
        let parts = match mail::parts(bytes, document.mail.is_some()) {
            Ok(parts) => parts,
            Err(error) => {
                let failure = Failure::undecided(error).at(document);
                return self.failed(failure.hint("send it to yourself and look whether a mail program can show it"));
            }
        };
        let mut versions = Versions::default();
        for part in &parts {
            let before = self.tally.links;
            match &part.content {
                Content::Unreadable(reason) => {
                    let failure = Failure::undecided(anyhow::anyhow!(reason.clone())).at(document.part(Some(part)));
                    self.failed(failure.hint("the mail tool must encode this part anew"))?;
                }
                Content::Skipped => self.tally.skip_part(&part.media_type),
                Content::Text(text, reading) => self.source(text, *reading, document, Some(part))?,
                _ => {}
            }
            versions.add(part, self.tally.links > before);
        }
        for part in versions.lacking() {
            self.tally.lacking.add(|| document.part(Some(part)));
        }
        self.tally.end(document);
        Ok(())
    }

    fn source(&mut self, text: &str, reading: Reading, document: &Document, part: Option<&Part>) -> Written {
        let is_counted = !document.is_other_reading && part.is_none_or(|part| part.is_shown);
        self.tally.parts += u64::from(is_counted);
        let rules = &self.checks.checker.rules;
        let found = mail::tokens(text, reading, &self.starts, &mut |text| rules.is_authentic(text));
        for token in found {
            if !self.told.is_news(&token.candidate) {
                continue;
            }
            let mut answer = self.checks.ask(|checker| checker.check(&token.candidate))?;
            if document.is_other_reading && !self.is_of_keyring(&answer) {
                continue;
            }
            self.checks
                .ask(|checker| checker.count(std::slice::from_mut(&mut answer)))?;
            let place = LinkPlace {
                document,
                part,
                line: token.line,
                is_broken: token.is_broken,
                bad_host: token.bad_host.as_deref(),
            };
            self.give(&place, &token.candidate, &answer)?;
        }
        Ok(())
    }

    /// Whether a token names a key that is here. Base64 that is read as a plain text begins many a line as tokens do.
    fn is_of_keyring(&self, answer: &Answer) -> bool {
        let mut keys = self.checks.checker.rules.keys.iter();
        answer.key_id.is_some_and(|id| keys.any(|key| key.id() == id))
    }

    fn give(&mut self, place: &LinkPlace<'_>, candidate: &Candidate, answer: &Answer) -> Written {
        self.tally.count(place, candidate, answer);
        if let Some(printed) = &mut self.printed {
            printed.see(std::slice::from_ref(answer));
        }
        let line = match &self.args.print {
            _ if self.args.json => {
                serde_json::to_string(&PlacedAnswer { answer, place }).expect("it has text keys alone") + "\n"
            }
            Some(name) => answer.printed(name) + "\n",
            None => place.to_text(answer, &self.look),
        };
        let written = self.out.write_all(line.as_bytes());
        written.map_err(|error| self.closed(error))
    }

    fn flush(&mut self) -> Written {
        self.out.flush().map_err(|error| self.closed(error))
    }

    fn closed(&self, error: io::Error) -> Failure {
        closed(error, self.tally.refused > 0, true)
    }

    /// Tells what can't be read, and goes on with the rest.
    fn failed(&mut self, failure: Failure) -> Written {
        self.flush()?;
        failure.tell();
        self.tally.unread += 1;
        Ok(())
    }

    fn end(self) -> Result<Exit, Failure> {
        let (strict, quiet) = (self.args.strict, self.args.files.quiet);
        if !quiet {
            self.tally.tell(self.started.elapsed());
        }
        if let Some(printed) = &self.printed {
            printed.refuse_unknown()?;
        }
        if self.tally.refused > 0 || (strict && self.tally.is_warned_of()) {
            return Ok(Exit::Refused);
        }
        if self.tally.unread > 0 {
            return Ok(Exit::Undecided);
        }
        if self.tally.links == 0 && !self.args.list.allow_empty {
            let error = anyhow::anyhow!("no link with a token was found");
            return Err(Failure::undecided(error).hint("name the rendered mails; --allow-empty makes this no failure"));
        }
        Ok(Exit::Done)
    }
}

impl Told {
    /// Whether a mail is another than those before.
    fn add_mail(&mut self, bytes: &[u8]) -> bool {
        self.mails.insert(self.hasher.hash_one(bytes))
    }

    /// Whether a token is to be told: all in the likeliest reading, after that what it does not have. What is left of a
    /// token is none of these: a mail that is parted within it gives that.
    fn is_news(&mut self, candidate: &Candidate) -> bool {
        let hash = self.hasher.hash_one(&candidate.text);
        let is_new = self.hashes.insert(hash);
        !self.is_complete || (is_new && candidate.has_shape())
    }
}

fn too_long(what: &str) -> Failure {
    let most = mail::MOST_BYTES >> 20;
    Failure::undecided(anyhow::anyhow!("the {what} is longer than {most} MiB"))
        .hint("a rendered mail is never so long; leave it out, or part it")
}

/// Whether a file that is not called HTML begins as such.
fn is_page_inside(text: &str) -> bool {
    let start = text.trim_start().as_bytes();
    ["<!doctype html", "<html"].iter().any(|page| {
        start
            .get(..page.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(page.as_bytes()))
    })
}
