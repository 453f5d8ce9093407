//! A PostgreSQL server of the tests' own, from Debian's package, where it is installed.
//!
//! It ends with the process of the tests, however that ends: a shell waits for the end of a pipe, stops the server and
//! removes its folder.

pub(crate) mod tls;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

thread_local! {
    static MEANT: Cell<bool> = const { Cell::new(false) };
}

/// Runs tests of the module again, with their ledgers on a server.
macro_rules! on_a_server {
    ($($name:ident)+) => {
        mod on_a_server {
            $(
                #[test]
                fn $name() {
                    crate::server::on(super::$name);
                }
            )+
        }
    };
}

pub(crate) use on_a_server;

/// Runs a test with its ledgers on a server.
pub(crate) fn on(test: fn()) {
    if shared().is_some() {
        MEANT.set(true);
        test();
    }
}

/// Whether the ledgers of this test are to be on a server.
pub(crate) fn is_meant() -> bool {
    MEANT.get()
}

/// The address of a new data base.
pub(crate) fn data_base() -> String {
    shared().expect("asked only where there is one").data_base()
}

/// The server of all tests of this process.
pub(crate) fn shared() -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    SHARED.get_or_init(Server::start).as_ref()
}

/// A server that listens at a socket in its folder.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    running: Option<(Child, ChildStdin)>,
    made: AtomicU32,
    /// Where it listens besides its socket, with a certificate of this authority.
    tls: Option<(u16, String)>,
}

impl Server {
    /// One without data bases, if PostgreSQL is installed; where it must be, it is a failure that it is not.
    pub(crate) fn start() -> Option<Self> {
        Self::begin(None)
    }

    /// One that lets nobody in over the loopback but with TLS.
    #[allow(dead_code, reason = "the library's tests need none")]
    pub(crate) fn with_tls() -> Option<Self> {
        Self::begin(Some(tls::Made::new()))
    }

    #[allow(dead_code, reason = "as above")]
    pub(crate) fn port(&self) -> u16 {
        self.tls.as_ref().expect("it listens").0
    }

    /// Whom its certificate is from, in PEM.
    #[allow(dead_code, reason = "as above")]
    pub(crate) fn authority(&self) -> &str {
        &self.tls.as_ref().expect("it has a certificate").1
    }

    fn begin(made: Option<tls::Made>) -> Option<Self> {
        let Some(programs) = programs() else {
            let required = std::env::var_os("LINKMINT_POSTGRES").is_some_and(|value| value == "required");
            assert!(!required, "PostgreSQL is required: install the package postgresql");
            eprintln!("not checked: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            let owned = Command::new("chown")
                .arg(owner())
                .arg(folder.path())
                .status()
                .expect("chown starts");
            assert!(owned.success());
        }
        let mut server = Self {
            folder,
            programs,
            running: None,
            made: AtomicU32::new(0),
            tls: None,
        };
        let output = server
            .program("initdb")
            .args(["--no-sync", "--no-locale", "-E", "UTF8", "-U", "keeper", "-D", "data"])
            .output();
        let output = output.expect("initdb starts");
        assert!(output.status.success(), "{output:?}");
        // whoever is called `locked` needs a password
        let rules = "local all locked scram-sha-256\nlocal all all trust\nhostssl all all 127.0.0.1/32 trust\n\
            hostssl all all ::1/128 trust\n";
        fs::write(server.path().join("data/pg_hba.conf"), rules).expect("written");
        if let Some(made) = made {
            server.prepare_tls(made);
        }
        server.run();
        server.tell("postgres", "CREATE ROLE locked LOGIN PASSWORD 'open-sesame'");
        Some(server)
    }

    fn prepare_tls(&mut self, made: tls::Made) {
        for (name, text) in [("server.crt", made.certificate), ("server.key", made.key)] {
            let path = self.path().join("data").join(name);
            fs::write(&path, text).expect("written");
            let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
            fs::set_permissions(&path, mode).expect("its owner's");
            if is_root() {
                let owned = Command::new("chown").arg(owner()).arg(&path).status();
                assert!(owned.expect("chown starts").success());
            }
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        self.tls = Some((free.local_addr().expect("bound").port(), made.authority));
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A program of PostgreSQL's, which refuses to be run by root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("setpriv");
                let owner = owner();
                command
                    .args(["--reuid", owner, "--regid", owner, "--clear-groups"])
                    .arg(program);
                command
            }
            false => Command::new(program),
        };
        command.current_dir(self.path()).env("LC_ALL", "C");
        command
    }

    /// Runs it until the pipe to its keeper ends.
    pub(crate) fn run(&mut self) {
        let program = self.program("postgres");
        let mut keeper = Command::new("sh");
        // fsync is for power cuts
        keeper
            .args([
                "-c",
                "\"$@\" >log 2>&1 & cat >/dev/null; kill -QUIT $!; wait; test -d keep || rm -rf \"$PWD\"",
                "sh",
            ])
            .arg(program.get_program())
            .args(program.get_args())
            .args(["-D", "data", "-c", "fsync=off"])
            .args(match &self.tls {
                None => vec!["-c".to_owned(), "listen_addresses=".to_owned()],
                Some((port, _)) => [
                    format!("port={port}"),
                    "listen_addresses=localhost".into(),
                    "ssl=on".into(),
                ]
                .into_iter()
                .flat_map(|setting| ["-c".to_owned(), setting])
                .collect(),
            })
            .arg("-c")
            .arg(format!("unix_socket_directories={}", self.path().display()))
            .args(["-c", "max_connections=200"])
            .current_dir(self.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::piped());
        let mut child = keeper.spawn().expect("sh starts");
        let pipe = child.stdin.take().expect("a pipe");
        self.running = Some((child, pipe));
        self.wait();
    }

    fn wait(&self) {
        for _ in 0..6_000 {
            if self.config("postgres").connect(postgres::NoTls).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!(
            "no server: {}",
            fs::read_to_string(self.path().join("log")).unwrap_or_default()
        );
    }

    fn config(&self, data_base: &str) -> postgres::Config {
        let mut config = postgres::Config::new();
        config.host_path(self.path()).user("keeper").dbname(data_base);
        if let Some((port, _)) = self.tls {
            config.port(port);
        }
        config
    }

    /// A connection for what no ledger does.
    pub(crate) fn connect(&self, data_base: &str) -> postgres::Client {
        self.config(data_base).connect(postgres::NoTls).expect("connected")
    }

    /// Has the server do something.
    pub(crate) fn tell(&self, data_base: &str, statements: &str) {
        self.connect(data_base).batch_execute(statements).expect(statements);
    }

    /// Makes a data base; its address.
    pub(crate) fn data_base(&self) -> String {
        let name = format!("ledger_{}_end", self.made.fetch_add(1, Ordering::Relaxed));
        self.tell("postgres", &format!("CREATE DATABASE {name}"));
        self.address("keeper", &name)
    }

    pub(crate) fn address(&self, user: &str, data_base: &str) -> String {
        let folder = self.path().to_str().expect("UTF-8").replace('/', "%2F");
        format!("postgres://{user}@{folder}/{data_base}")
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn crash(&mut self) {
        fs::create_dir(self.path().join("keep")).expect("made");
        self.end();
        fs::remove_dir(self.path().join("keep")).expect("removed");
    }

    /// Stops its processes where they are: its connections stay open, and nothing more comes over them.
    #[allow(dead_code, reason = "as above")]
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets them go on.
    #[allow(dead_code, reason = "as above")]
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    /// The first of them before all that it has started, so that no other comes after these.
    fn signal(&self, signal: &str) {
        let file = fs::read_to_string(self.path().join("data/postmaster.pid")).unwrap_or_default();
        let Some(first) = file.lines().next() else { return };
        let send = |ids: &[&str]| {
            let sent = Command::new("kill").arg(signal).args(ids).status();
            sent.expect("kill starts");
        };
        send(&[first]);
        let children = fs::read_to_string(format!("/proc/{first}/task/{first}/children")).unwrap_or_default();
        send(&children.split_ascii_whitespace().collect::<Vec<_>>());
    }

    fn end(&mut self) {
        // what stands still can't end
        self.thaw();
        if let Some((mut keeper, pipe)) = self.running.take() {
            drop(pipe);
            keeper.wait().expect("ended");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Where Debian's package has the programs of the newest version.
fn programs() -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let folders = versions.map(|entry| entry.path().join("bin"));
    folders
        .filter(|folder| folder.join("initdb").exists())
        .max_by_key(version)
}

fn is_root() -> bool {
    let own = Command::new("id").arg("-u").output();
    own.is_ok_and(|output| output.stdout == b"0\n")
}

/// Whoever runs the server in place of root.
fn owner() -> &'static str {
    let has = |name: &str| fs::read_to_string("/etc/passwd").is_ok_and(|all| all.contains(&format!("\n{name}:")));
    if Path::new("/etc/passwd").exists() && has("postgres") {
        "postgres"
    } else {
        "nobody"
    }
}
