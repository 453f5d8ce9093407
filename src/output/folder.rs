//! A folder that appears whole or not at all: its files are written into one beside it, which is renamed when complete.
//!
//! One that is there already may be where a program stands, a link or a mounted disk: it is never put away. Its files are
//! written into a folder within it, and moved when all are complete and none takes the place of what is kept.

use super::{OutputError, Registered, refuse_kept, temporary, unfinished};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder that is being filled. Dropped without [`OutputFolder::commit`], it leaves nothing.
#[derive(Debug)]
pub struct OutputFolder {
    place: PathBuf,
    written: PathBuf,
    /// Whether files of an earlier run may be replaced.
    force: bool,
    _registered: Registered,
}

impl OutputFolder {
    /// A folder that is new or empty or, with `force`, one whose files of the same names are replaced.
    ///
    /// # Errors
    /// When something else is there, or the folder above it can't be written.
    pub fn create(place: &Path, force: bool) -> Result<Self, OutputError> {
        let above = match fs::metadata(place) {
            Ok(metadata) if !metadata.is_dir() => return Err(OutputError::Exists),
            Ok(_) if !force && fs::read_dir(place)?.next().is_some() => return Err(OutputError::NotEmpty),
            Ok(_) => place,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Err(_) if fs::symlink_metadata(place).is_ok() => return Err(OutputError::Dangling),
            Err(_) => temporary::folder_of(place),
        };
        // locked throughout: a signal finds the folder either not yet made or registered
        let mut registry = unfinished();
        let written = temporary::make_folder(above)?;
        registry.push(written.clone());
        Ok(Self {
            place: place.to_owned(),
            force,
            _registered: Registered(written.clone()),
            written,
        })
    }

    /// Where its files are written until it is complete.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.written
    }

    /// Whether one of its files is to take the place of this one.
    #[must_use]
    pub fn would_replace(&self, file: &Path) -> bool {
        let Ok(file) = file.canonicalize() else { return false };
        let is_here = file.parent() == self.place.canonicalize().ok().as_deref();
        is_here && file.file_name().is_some_and(|name| self.written.join(name).exists())
    }

    /// Puts the complete folder, or its files, into their place.
    ///
    /// # Errors
    /// The place with what is wrong with it: the disk fails, a file is never replaced, or somebody else has put something
    /// there in the meantime.
    pub fn commit(self) -> Result<(), (PathBuf, OutputError)> {
        // locked throughout: a signal finds all files moved or none
        let registry = unfinished();
        let moved = match self.place.is_dir() {
            true => self.move_files(),
            false => {
                let renamed = fs::rename(&self.written, &self.place);
                renamed.map_err(|error| (self.place.clone(), error.into()))
            }
        };
        drop(registry);
        moved
    }

    fn move_files(&self) -> Result<(), (PathBuf, OutputError)> {
        let in_folder = |error: io::Error| (self.place.clone(), error.into());
        let entries = fs::read_dir(&self.written).map_err(in_folder)?;
        let names = entries
            .map(|entry| Ok(entry?.file_name()))
            .collect::<io::Result<Vec<_>>>();
        let names = names.map_err(in_folder)?;
        for name in &names {
            let place = self.place.join(name);
            self.look_at(&place).map_err(|error| (place, error))?;
        }
        for name in &names {
            let place = self.place.join(name);
            fs::rename(self.written.join(name), &place).map_err(|error| (place, error.into()))?;
        }
        Ok(())
    }

    /// Whether a file may be moved to this place.
    fn look_at(&self, place: &Path) -> Result<(), OutputError> {
        match fs::symlink_metadata(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) if !self.force => Err(OutputError::Exists),
            Ok(there) if there.is_dir() => Err(OutputError::IsFolder),
            Ok(there) if there.is_file() => refuse_kept(place, None),
            // a link is replaced, and what it leads to stays
            Ok(_) => Ok(()),
        }
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // after a commit there is none, or an empty one
        let _ = fs::remove_dir_all(&self.written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let above = tempfile::tempdir().expect("a folder");
        let place = above.path().join("codes");
        let names = || fs::read_dir(above.path()).expect("a folder").count();
        let folder = OutputFolder::create(&place, false).expect("made");
        fs::write(folder.path().join("a"), "1").expect("written");
        assert!(!place.exists());
        drop(folder);
        assert_eq!(names(), 0);
        // new, then empty
        for _ in 0..2 {
            let folder = OutputFolder::create(&place, false).expect("made");
            fs::write(folder.path().join("a"), "1").expect("written");
            folder.commit().expect("renamed");
            assert_eq!((fs::read(place.join("a")).expect("there"), names()), (b"1".to_vec(), 1));
            fs::remove_file(place.join("a")).expect("removed");
        }
        fs::write(place.join("old"), "0").expect("written");
        assert!(matches!(
            OutputFolder::create(&place, false),
            Err(OutputError::NotEmpty)
        ));
        assert!(matches!(
            OutputFolder::create(&place.join("old"), true),
            Err(OutputError::Exists)
        ));
        let folder = OutputFolder::create(&place, true).expect("made");
        fs::write(folder.path().join("a"), "2").expect("written");
        folder.commit().expect("moved");
        assert_eq!(
            (fs::read(place.join("a")).expect("there"), place.join("old").exists()),
            (b"2".to_vec(), true)
        );
        assert_eq!(names(), 1);
    }
}
