//! Runs the program in a folder of its own, and tells everything about a run that went another way than expected.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The bytes 00 to 1f.
pub(crate) const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
/// The id of the key of [`SECRET`].
pub(crate) const KEY_ID: &str = "e28e";
/// The bytes 20 to 3f.
pub(crate) const OTHER_SECRET: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";

/// When all tokens of the tests are issued.
pub(crate) const ISSUED: &str = "2026-11-21T16:00:00Z";
/// What makes a run the same each time.
pub(crate) const FIXED: [&str; 4] = ["--issued-at", ISSUED, "--first-id", "000000000001"];
/// A link and an expiry, for tests about something else.
pub(crate) const USUAL: [&str; 4] = ["--base-url", "https://shop.example/p", "--expires-in", "24h"];

/// Arguments of several slices, one after the other.
pub(crate) fn all<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

/// A folder to run in. Its `home` holds the configuration and is not listed among the files.
pub(crate) struct Folder {
    root: TempDir,
    /// The ledgers that are data bases of a server, by the names of the files they would be; nothing where they are
    /// files.
    #[cfg(all(unix, feature = "postgres"))]
    ledgers: Option<std::sync::Mutex<BTreeMap<String, String>>>,
}

impl Folder {
    /// Without a keyring.
    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("home")).expect("a home");
        fs::create_dir(root.path().join("work")).expect("a folder to work in");
        Self {
            root,
            #[cfg(all(unix, feature = "postgres"))]
            ledgers: crate::server::is_meant().then(Default::default),
        }
    }

    /// Whether ledgers are files here.
    pub(crate) fn keeps_ledgers(&self) -> bool {
        #[cfg(all(unix, feature = "postgres"))]
        return self.ledgers.is_none();
        #[cfg(not(all(unix, feature = "postgres")))]
        true
    }

    /// What the ledger `l.db` is called where it is: a file, or a data base that is made for it.
    pub(crate) fn ledger(&self, name: &str) -> OsString {
        #[cfg(all(unix, feature = "postgres"))]
        if let Some(ledgers) = self.ledgers.as_ref().filter(|_| name.ends_with(".db")) {
            let mut ledgers = ledgers.lock().expect("no other test has it");
            let address = ledgers.entry(name.to_owned()).or_insert_with(crate::server::data_base);
            return OsString::from(&*address);
        }
        name.into()
    }

    /// A text with the names of ledgers as tests have them.
    fn with_names(&self, text: &[u8]) -> String {
        #[cfg_attr(
            not(all(unix, feature = "postgres")),
            expect(unused_mut, reason = "files have their own names")
        )]
        let mut text = String::from_utf8_lossy(text).into_owned();
        #[cfg(all(unix, feature = "postgres"))]
        if let Some(ledgers) = &self.ledgers {
            for (name, address) in &*ledgers.lock().expect("no other test has it") {
                text = text.replace(address, name);
            }
        }
        text
    }

    /// With a keyring of [`SECRET`] in the default place.
    pub(crate) fn new() -> Self {
        let folder = Self::empty();
        let place = folder.default_keyring();
        fs::create_dir_all(place.parent().expect("a folder")).expect("a configuration folder");
        fs::write(&place, keyring_text(&[SECRET])).expect("written");
        make_private(&place);
        folder
    }

    /// With a list `customers.csv`.
    pub(crate) fn with_list(text: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write("customers.csv", text);
        folder
    }

    pub(crate) fn default_keyring(&self) -> PathBuf {
        self.root.path().join("home/config/linkmint/keys.json")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("UTF-8")
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}; there are {:?}", self.files()))
    }

    /// The names of the files, hidden ones too, in order.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = BTreeMap::new();
        list(&self.path(""), Path::new(""), &mut files);
        files
            .into_keys()
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    /// Every file's bytes, the home's included.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        list(self.root.path(), Path::new(""), &mut files);
        files
    }

    /// A call of the program, to be run here.
    pub(crate) fn call<'f>(&'f self, args: &[&str]) -> Call<'f> {
        Call {
            folder: self,
            args: args.iter().map(OsString::from).collect(),
            stdin: None,
            variables: Vec::new(),
            may_show_secrets: false,
        }
    }

    /// Runs the program with nothing on standard input.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.call(args).run()
    }

    /// Runs `generate` on `customers.csv` with the usual link, expiry, time and id.
    pub(crate) fn generate(&self, args: &[&str]) -> Run {
        self.run(&all(&[&["generate", "customers.csv"], &USUAL, &FIXED, args]))
    }

    /// The token of `sign` with the usual time and id, and an hour to live.
    pub(crate) fn token(&self, args: &[&str]) -> String {
        let run = self
            .run(&all(&[&["sign"], &FIXED, &["--expires-in", "1h"], args]))
            .done();
        run.stdout.trim_end().to_owned()
    }
}

fn list(folder: &Path, name: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = name.join(entry.file_name());
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            list(&entry.path(), &name, files);
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a target");
            files.insert(name, format!("-> {}", target.display()).into_bytes());
        } else if kind.is_file() {
            files.insert(name, fs::read(entry.path()).unwrap_or_default());
        } else {
            files.insert(name, b"special".to_vec());
        }
    }
}

/// A keyring's text with these secrets, the first active.
pub(crate) fn keyring_text(secrets: &[&str]) -> String {
    let keys: Vec<_> = secrets
        .iter()
        .enumerate()
        .map(|(index, k)| {
            let status = if index == 0 { "active" } else { "standby" };
            serde_json::json!({"kty": "oct", "k": k, "linkmint_status": status})
        })
        .collect();
    serde_json::json!({ "keys": keys }).to_string()
}

/// The mode that keyrings must have.
pub(crate) fn make_private(path: &Path) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    #[cfg(not(unix))]
    let _ = path;
}

/// The permission bits of a file.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).expect("there").permissions()) & 0o777
}

/// A call of the program that is being put together.
pub(crate) struct Call<'f> {
    folder: &'f Folder,
    args: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    variables: Vec<(String, String)>,
    may_show_secrets: bool,
}

impl Call<'_> {
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(bytes.as_ref().to_vec());
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says that the output is meant to hold secrets.
    pub(crate) fn may_show_secrets(mut self) -> Self {
        self.may_show_secrets = true;
        self
    }

    /// The command, with nothing of the caller's own configuration in it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linkmint"));
        let home = self.folder.root.path().join("home");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LINKMINT_") {
                command.env_remove(name);
            }
        }
        command
            .args(self.args.iter().map(|arg| match arg.to_str() {
                Some(name) => self.folder.ledger(name),
                None => arg.clone(),
            }))
            .current_dir(self.folder.path(""))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("APPDATA", home.join("config"))
            .env("HOME", home)
            .env("TZ", "UTC")
            .env_remove("RUST_BACKTRACE")
            .envs(
                self.variables
                    .iter()
                    .map(|(name, value)| (name, self.folder.ledger(value))),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(self) -> Run {
        let mut command = self.command();
        if self.stdin.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().expect("the program starts");
        let feeder = self.stdin.clone().map(|bytes| feed(&mut child, bytes));
        let output = child.wait_with_output().expect("the program ends");
        if let Some(feeder) = feeder {
            feeder.join().expect("fed");
        }
        self.judge(output)
    }

    /// Takes the output of a process that was started by hand.
    pub(crate) fn judge(&self, output: Output) -> Run {
        let run = Run {
            status: output.status.code(),
            stdout: self.folder.with_names(&output.stdout),
            stderr: self.folder.with_names(&output.stderr),
            raw: output.stdout,
            call: format!("linkmint {:?} {:?}", self.args, self.variables),
            files: self.folder.snapshot(),
        };
        run.expect(!run.stderr.contains("panicked"), "no panic");
        if !self.may_show_secrets {
            for secret in [SECRET, OTHER_SECRET] {
                let shown = run.stdout.contains(&secret[..12]) || run.stderr.contains(&secret[..12]);
                run.expect(!shown, "no secret in any output");
            }
        }
        run
    }

    /// Runs it and holds that it is refused: the status, the place and sentence, a hint, and nothing changed.
    #[track_caller]
    pub(crate) fn refused(self, status: i32, message: &str, hint: &str) -> Run {
        let before = self.folder.snapshot();
        let run = self.run();
        run.expect(run.status == Some(status), &format!("status {status}"));
        let lines: Vec<_> = run.stderr.lines().collect();
        let place = lines
            .iter()
            .position(|line| line.starts_with("linkmint: ") && line.contains(message));
        run.expect(place.is_some(), &format!("a line `linkmint: …{message}…`"));
        let told = lines
            .iter()
            .skip(place.unwrap_or(0))
            .find_map(|line| line.strip_prefix("hint: "));
        run.expect(
            told.is_some_and(|told| told.contains(hint)),
            &format!("a line `hint: …{hint}…` after it"),
        );
        run.expect(
            run.files == before,
            &format!("the files as they were: {:?}", before.keys()),
        );
        run
    }
}

fn feed(child: &mut Child, bytes: Vec<u8>) -> std::thread::JoinHandle<()> {
    let mut pipe = child.stdin.take().expect("a pipe");
    // a program that ends early closes its end, which is no fault of the test
    std::thread::spawn(move || drop(pipe.write_all(&bytes)))
}

/// What came of a call.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Standard output as bytes.
    pub(crate) raw: Vec<u8>,
    call: String,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Run {
    #[track_caller]
    pub(crate) fn status(self, status: i32) -> Self {
        self.expect(self.status == Some(status), &format!("status {status}"));
        self
    }

    #[track_caller]
    pub(crate) fn done(self) -> Self {
        self.status(0)
    }

    /// Standard output is exactly this.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        self.expect(self.stdout == text, &format!("on stdout exactly {text:?}"));
        self
    }

    /// Standard error has this somewhere.
    #[track_caller]
    pub(crate) fn tells(self, text: &str) -> Self {
        self.expect(self.stderr.contains(text), &format!("on stderr {text:?}"));
        self
    }

    #[track_caller]
    pub(crate) fn says_nothing(self) -> Self {
        self.expect(self.stderr.is_empty(), "nothing on stderr");
        self
    }

    /// Standard output as lines of JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| self.fail("JSON in each line of stdout"));
        self.stdout.lines().map(parse).collect()
    }

    #[track_caller]
    pub(crate) fn expect(&self, holds: bool, expectation: &str) {
        if !holds {
            self.fail(expectation);
        }
    }

    #[track_caller]
    pub(crate) fn fail(&self, expectation: &str) -> ! {
        let mut files = String::new();
        for (path, bytes) in &self.files {
            // what stands in the home is secret
            let text = match path.starts_with("home") {
                true => "…".into(),
                false => String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]),
            };
            let _ = writeln!(files, "--- {} ({} bytes)\n{text}", path.display(), bytes.len());
        }
        panic!(
            "expected {expectation}\n--- call\n{}\n--- status\n{:?}\n--- stdout\n{}\n--- stderr\n{}\n{files}",
            self.call, self.status, self.stdout, self.stderr
        );
    }
}

/// A list's rows by the names of its header.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    rows_with(text, b',')
}

pub(crate) fn rows_with(text: &str, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
