//! The samples for nginx and Caddy, with both of them as they are given out. Run by `.ci/run`, as few machines have them.

use crate::serve::Running;
use crate::support::{Folder, all};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A proxy with linkmint and a shop behind it.
struct Guarded {
    proxy: Child,
    service: Option<Running>,
    address: String,
    folder: Folder,
}

/// What a visitor got: the status, and the shop's answer.
type Answer = (u16, String);

/// A shop that answers each request with the claims that the proxy tells it, as the visitor can't have sent them.
fn shop() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a visitor");
            let head = head(&mut stream);
            let claims = head.lines().filter(|line| {
                let line = line.to_ascii_lowercase();
                line.starts_with("x-linkmint-") && !line.ends_with(": ") && !line.ends_with(':')
            });
            let body = claims.collect::<Vec<_>>().join(" ").to_ascii_lowercase() + "|welcome";
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            // a visitor may be gone
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count > 0) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

impl Guarded {
    fn nginx(change: impl FnOnce(String) -> String) -> Self {
        Self::start("X-Original-URI", "nginx.conf", |folder, address, sample| {
            // as root it would write beside the system's own
            let places =
                ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {name};"));
            let own = format!("daemon off; pid nginx.pid; error_log stderr;\n{}", sample);
            let own = own.replace("http {", &format!("http {{ access_log off; {}", places.concat()));
            let own = change(own.replace("listen 8080", &format!("listen {address}")));
            folder.write("nginx.conf", own);
            let mut command = Command::new("nginx");
            command
                .arg("-p")
                .arg(folder.path(""))
                .arg("-c")
                .arg(folder.path("nginx.conf"));
            command
        })
    }

    fn caddy(change: impl FnOnce(String) -> String) -> Self {
        Self::start("X-Forwarded-Uri", "Caddyfile", |folder, address, sample| {
            let own = format!("{{\n\tadmin off\n}}\n{sample}").replace(":8080 {", &format!("http://{address} {{"));
            folder.write("Caddyfile", change(own));
            let mut command = Command::new("caddy");
            command
                .args(["run", "--adapter", "caddyfile", "--config"])
                .arg(folder.path("Caddyfile"));
            command
                .env("HOME", folder.path(""))
                .env("XDG_DATA_HOME", folder.path("data"));
            command
        })
    }

    fn start(header: &str, sample: &str, command: impl FnOnce(&Folder, &str, String) -> Command) -> Self {
        let folder = Folder::new();
        let service = Running::start(
            &folder,
            &[
                "--ledger",
                "checks.db",
                "--trusted-proxy",
                "127.0.0.1",
                "--auth-uri-header",
                header,
                "--auth-claims",
                "customer_id,campaign_id",
            ],
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("samples/service")
            .join(sample);
        let text = std::fs::read_to_string(path).expect("the sample");
        let text = text
            .replace("127.0.0.1:8787", &service.address)
            .replace("127.0.0.1:3000", &shop());
        let address = free_address();
        let mut command = command(&folder, &address, text);
        let proxy = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut guarded = Self {
            proxy: proxy.unwrap_or_else(|error| panic!("{command:?}: {error}")),
            service: Some(service),
            address,
            folder,
        };
        while TcpStream::connect(&guarded.address).is_err() {
            assert!(
                guarded.proxy.try_wait().expect("its status").is_none(),
                "{command:?} ended"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        guarded
    }

    fn visit(&self, method: &str, path: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("the proxy listens");
        let host = &self.address;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{headers}connection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        (status.expect("a status"), body.unwrap_or_default())
    }

    fn status(&self, path: &str, headers: &str) -> u16 {
        self.visit("GET", path, headers).0
    }

    fn token(&self, times: &[&str]) -> String {
        self.token_with(&["customer_id=1234567", "campaign_id=spring 26"], times)
    }

    /// The clock of a service can't be set.
    fn token_with(&self, claims: &[&str], times: &[&str]) -> String {
        let args = all(&[&["sign"], claims, times]);
        self.folder.run(&args).done().stdout.trim_end().to_owned()
    }

    fn uses(&self, token: &str) -> serde_json::Value {
        let args = [
            "verify",
            "--ledger",
            "checks.db",
            "--ledger-read-only",
            "--json",
            "--",
            token,
        ];
        self.folder.run(&args).json()[0]["uses"]["count"].clone()
    }

    /// What both have to do, with the header of each, and that of the other.
    fn guards(&self, others: &str) {
        let good = self.token(&["--never-expires"]);
        let path = format!("/p/{good}");
        let (status, body) = self.visit("GET", &path, "");
        assert_eq!(status, 200, "{body}");
        assert!(
            body.contains("x-linkmint-customer-id: 1234567") && body.contains("x-linkmint-campaign-id: spring%2026"),
            "{body}"
        );
        assert_eq!(self.status(&format!("{path}?utm_source=mail"), ""), 200);
        assert_eq!(self.uses(&good), 2);
        assert_eq!(self.visit("HEAD", &path, "").0, 200);
        assert_eq!(self.uses(&good), 2);

        let last = if good.ends_with('A') { "E" } else { "A" };
        let forged = format!("/p/{}{last}", &good[..good.len() - 1]);
        let expired = self.token(&["--issued-at", "2024-01-01T00:00:00Z", "--expires-in", "1h"]);
        let revoked = self.token(&["--never-expires"]);
        self.folder
            .run(&["revoke", "--ledger", "checks.db", "--", &revoked])
            .done();
        let expired = format!("/p/{expired}");
        let revoked = format!("/p/{revoked}");
        for bad in [
            &forged,
            &expired,
            &revoked,
            "/p/",
            "/p/x",
            &format!("{path}/more"),
            &format!("/p/x?{path}"),
        ] {
            assert_eq!(self.status(bad, ""), 403, "{bad}");
        }
        // a visitor's own headers say nothing
        for name in [others, "X-Original-URI", "X-Forwarded-Uri"] {
            assert_eq!(self.status(&forged, &format!("{name}: {path}\r\n")), 403, "{name}");
        }
        let named = "X-Linkmint-Customer-Id: admin\r\nX-Linkmint-Campaign-Id: all\r\n";
        assert_eq!(self.status(&forged, named), 403);
        let bare = self.token_with(&["size=9"], &["--never-expires"]);
        let (status, body) = self.visit("GET", &format!("/p/{bare}"), named);
        assert_eq!((status, body.as_str()), (200, "|welcome"));
    }

    /// A ledger that another holds, and a service that is gone: nobody is let in.
    fn lets_nobody_in_where_nothing_can_be_decided(&mut self, status_when_gone: &[u16]) {
        let good = format!("/p/{}", self.token(&["--never-expires"]));
        assert_eq!(self.status(&good, ""), 200);
        let other = rusqlite::Connection::open(self.folder.path("checks.db")).expect("the ledger");
        other.execute_batch("BEGIN EXCLUSIVE").expect("held");
        let (status, body) = self.visit("GET", &good, "");
        assert!(status >= 500 && !body.contains("welcome"), "{status}: {body}");
        other.execute_batch("ROLLBACK").expect("given back");
        assert_eq!(self.status(&good, ""), 200);
        let service = self.service.take().expect("it runs");
        assert_eq!(service.end().0, Some(0));
        let (status, body) = self.visit("GET", &good, "");
        assert!(
            status_when_gone.contains(&status) && !body.contains("welcome"),
            "{status}: {body}"
        );
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.proxy);
        // nginx takes its workers along
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        let _ = self.proxy.wait();
    }
}

#[test]
#[ignore = "needs nginx"]
fn nginx_lets_in_who_has_a_valid_link_and_nobody_else() {
    let mut nginx = Guarded::nginx(|config| config);
    nginx.guards("X-Forwarded-Uri");
    nginx.lets_nobody_in_where_nothing_can_be_decided(&[500]);
}

#[test]
#[ignore = "needs nginx"]
fn a_return_in_the_guarded_place_of_nginx_lets_everybody_in() {
    // the trap that the sample and the documentation warn of
    let nginx =
        Guarded::nginx(|config| config.replace("auth_request /_linkmint;", "auth_request /_linkmint; return 200;"));
    assert_eq!(nginx.status("/p/x", ""), 200);
}

#[test]
#[ignore = "needs Caddy"]
fn caddy_lets_in_who_has_a_valid_link_and_nobody_else() {
    let mut caddy = Guarded::caddy(|config| config);
    caddy.guards("X-Original-URI");
    let (_, words) = caddy.visit("GET", "/p/x", "");
    assert!(words.contains("This link is not valid"), "{words}");
    caddy.lets_nobody_in_where_nothing_can_be_decided(&[502]);
}
