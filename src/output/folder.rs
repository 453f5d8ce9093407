//! A folder that appears whole or not at all: its files are written into one beside it, which is renamed when complete.

use super::{OutputError, Registered, temporary, unfinished};
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
        match fs::metadata(place) {
            Ok(metadata) if !metadata.is_dir() => return Err(OutputError::Exists),
            Ok(_) if !force && fs::read_dir(place)?.next().is_some() => return Err(OutputError::NotEmpty),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        // locked throughout: a signal finds the folder either not yet made or registered
        let mut registry = unfinished();
        let written = temporary::make_folder(place)?;
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

    /// Puts the complete folder, or its files, into their place.
    ///
    /// # Errors
    /// When the disk fails, or somebody else has put something there in the meantime.
    pub fn commit(self) -> Result<(), OutputError> {
        if self.force && self.place.is_dir() {
            for entry in fs::read_dir(&self.written)? {
                let entry = entry?;
                fs::rename(entry.path(), self.place.join(entry.file_name()))?;
            }
            return Ok(());
        }
        match fs::remove_dir(&self.place) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Err(OutputError::NotEmpty),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(fs::rename(&self.written, &self.place)?),
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
