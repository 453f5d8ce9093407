//! A reader at a shell: a folder with the samples, a home without a keyring, and the program on the path.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The package's folder.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What the first command of the README is typed as, and what the tests run in its place.
const CARGO_RUN: (&str, &str) = ("cargo run --release --quiet -- ", "linkmint ");

pub(crate) struct Session {
    folder: tempfile::TempDir,
    exported: BTreeMap<String, String>,
    status: i32,
}

impl Session {
    pub(crate) fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("home")).expect("a home");
        let samples = folder.path().join("work/samples");
        fs::create_dir_all(&samples).expect("a folder");
        for entry in fs::read_dir(Path::new(ROOT).join("samples")).expect("samples") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                fs::copy(&path, samples.join(path.file_name().expect("a name"))).expect("copied");
            }
        }
        Self {
            folder,
            exported: BTreeMap::new(),
            status: 0,
        }
    }

    fn path(&self) -> OsString {
        let program = Path::new(env!("CARGO_BIN_EXE_linkmint"))
            .parent()
            .expect("a folder")
            .to_owned();
        let own = std::env::var_os("PATH").unwrap_or_default();
        let all = [program].into_iter().chain(std::env::split_paths(&own));
        std::env::join_paths(all.collect::<Vec<PathBuf>>()).expect("a path")
    }

    /// Runs a command and gives the lines it prints.
    pub(crate) fn run(&mut self, command: &str) -> Vec<String> {
        if let Some((name, value)) = command.strip_prefix("export ").and_then(|rest| rest.split_once('=')) {
            self.exported.insert(name.to_owned(), value.to_owned());
            return Vec::new();
        }
        if command == "cargo test" {
            return Vec::new();
        }
        let command = match command.strip_prefix(CARGO_RUN.0) {
            Some(rest) => CARGO_RUN.1.to_owned() + rest,
            None => command.to_owned(),
        };
        assert!(!command.starts_with("cargo"), "not a command for a reader: {command}");
        self.sh(&command)
    }

    fn sh(&mut self, command: &str) -> Vec<String> {
        let home = self.folder.path().join("home");
        let printed = self.folder.path().join("printed");
        let file = File::create(&printed).expect("a file");
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LINKMINT_") {
                shell.env_remove(name);
            }
        }
        let status = shell
            .arg("-c")
            .arg(format!("(exit {})\n{command}", self.status))
            .current_dir(self.folder.path().join("work"))
            .env("PATH", self.path())
            .env("HOME", &home)
            .env("TZ", "UTC")
            .env("LC_ALL", "C")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("RUST_BACKTRACE")
            .envs(&self.exported)
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a second handle"))
            .stderr(file)
            .status()
            .expect("a shell");
        self.status = status.code().expect("no signal");
        let text = fs::read(printed).expect("printed");
        let text = String::from_utf8_lossy(&text);
        text.lines().map(str::to_owned).collect()
    }
}
