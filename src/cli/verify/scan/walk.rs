//! The files of some paths, one after the other: folders in the order of names, however the system lists them.

use crate::cli::exit::{Failure, plain};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What comes next.
pub(super) enum Step {
    /// A file to read.
    File(PathBuf),
    /// A device, pipe or socket in a folder, which nobody meant.
    Special(PathBuf),
    /// It can't be read.
    Failed(Failure),
}

/// Walks through paths without ever coming twice into a folder, so that no link leads round in circles.
pub(super) struct Walk {
    /// The next one last.
    ahead: Vec<(PathBuf, bool)>,
    seen: HashSet<PathBuf>,
}

impl Walk {
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        Self {
            ahead: paths.iter().rev().map(|path| (path.clone(), true)).collect(),
            seen: HashSet::new(),
        }
    }

    /// How many bytes all of its files have.
    pub(super) fn bytes(self) -> u64 {
        let length = |step: Step| match step {
            Step::File(path) => fs::metadata(path).map_or(0, |file| file.len()),
            _ => 0,
        };
        self.map(length).sum()
    }

    fn step(&mut self, path: PathBuf, is_named: bool) -> Option<Step> {
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return Some(Step::Failed(unreadable(error, &path))),
        };
        if kind.is_dir() {
            return self
                .enter(&path)
                .err()
                .map(|error| Step::Failed(unreadable(error, &path)));
        }
        Some(match kind.is_file() || is_named {
            true => Step::File(path),
            false => Step::Special(path),
        })
    }

    fn enter(&mut self, folder: &Path) -> std::io::Result<()> {
        if !self.seen.insert(folder.canonicalize()?) {
            return Ok(());
        }
        let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
        let mut names: Vec<_> = names.collect::<Result<_, _>>()?;
        names.retain(|name| !name.as_encoded_bytes().starts_with(b"."));
        names.sort_unstable();
        self.ahead
            .extend(names.into_iter().rev().map(|name| (folder.join(name), false)));
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        while let Some((path, is_named)) = self.ahead.pop() {
            if let Some(step) = self.step(path, is_named) {
                return Some(step);
            }
        }
        None
    }
}

/// A path that can't be read, with what to do about it.
pub(super) fn unreadable(error: std::io::Error, path: &Path) -> Failure {
    let hint = match error.kind() {
        std::io::ErrorKind::NotFound => "check the name and the folder",
        std::io::ErrorKind::PermissionDenied => "make it readable, or leave it out",
        _ => "run it again, or leave it out",
    };
    Failure::undecided(plain(error)).at_path(path).hint(hint)
}
