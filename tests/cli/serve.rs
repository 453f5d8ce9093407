//! The service as a process: where it listens, whom it lets in, and how it ends.

use super::secrecy;
use super::support::{Folder, all, mode};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

/// A service that runs, and what it says on standard error.
pub(crate) struct Running {
    child: Child,
    /// Its lines, from a thread that takes each at once: a pipe that nobody reads would make the service wait.
    told: Receiver<String>,
    /// Those that were waited for.
    heard: String,
    /// The words of all requests.
    sent: Mutex<BTreeSet<String>>,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// The rest of the line that names it.
    line: String,
}

impl Running {
    pub(crate) fn start(folder: &Folder, args: &[&str]) -> Self {
        Self::start_at(folder, "127.0.0.1:0", args)
    }

    pub(crate) fn start_at(folder: &Folder, place: &str, args: &[&str]) -> Self {
        let call = folder.call(&all(&[&["serve", "--listen", place], args]));
        let mut child = call.command().stderr(Stdio::piped()).spawn().expect("it starts");
        let told = lines_of(child.stderr.take().expect("a pipe"));
        let mut heard = String::new();
        let line = loop {
            let line = told.recv().expect("it goes on");
            if line.contains("serving at ") {
                break line;
            }
            heard += &line;
        };
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Self {
            address: address.expect("an address").to_owned(),
            child,
            told,
            heard,
            sent: Mutex::default(),
            line,
        }
    }

    /// The key in the address that it has printed.
    pub(crate) fn start_key(&self) -> &str {
        self.line.trim_end().split("?key=").nth(1).expect("a key")
    }

    /// The whole answer to a request without a body, whose head is this.
    pub(crate) fn raw(&self, head: &str) -> String {
        self.note(head);
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "{head}connection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Status line and body of the answer to a request.
    pub(crate) fn ask(&self, key: &str, path: &str) -> (String, String) {
        let host = &self.address;
        let answer = self.raw(&format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nx-api-key: {key}\r\n"));
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
    }

    /// Has it read its files again.
    pub(crate) fn hang_up(&self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::HUP).expect("sent");
    }

    /// Until it has said this.
    fn wait_for(&mut self, words: &str) {
        let mut found = false;
        while !found {
            let line = self.told.recv().expect("it goes on");
            found = line.contains(words);
            self.heard += &line;
        }
    }

    /// Status line and body of the answer to a body that is sent before anything is read.
    pub(crate) fn post(&self, key: &str, path: &str, kind: &str, body: &[u8]) -> (String, String) {
        self.note(&String::from_utf8_lossy(body));
        let mut stream = self.begin_post(key, path, kind, body.len());
        // one that is refused may not be taken to its end
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        whole(&answer)
    }

    /// The cookie that a key signs in with.
    pub(crate) fn sign_in(&self, key: &str) -> String {
        let form = format!("key={key}");
        self.note(&form);
        let mut stream = self.begin_post("", "/sign-in", "application/x-www-form-urlencoded", form.len());
        stream.write_all(form.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let cookie = answer
            .split("set-cookie: ")
            .nth(1)
            .and_then(|rest| rest.split(';').next());
        cookie.expect("a cookie").to_owned()
    }

    /// What comes back to a body whose client goes away in the middle.
    pub(crate) fn post_half(&self, key: &str, path: &str, kind: &str, body: &[u8]) -> String {
        self.note(&String::from_utf8_lossy(body));
        let mut stream = self.begin_post(key, path, kind, body.len());
        stream.write_all(&body[..body.len() / 2]).expect("sent");
        stream.shutdown(std::net::Shutdown::Write).expect("shut");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// All that comes back to a body that is sent by itself, whole or not.
    pub(crate) fn post_apart(&self, key: &str, path: &str, kind: &str, body: &[u8]) -> String {
        self.note(&String::from_utf8_lossy(body));
        let mut stream = self.begin_post(key, path, kind, body.len());
        stream.set_nodelay(true).expect("set");
        stream.write_all(body).expect("all of it is taken");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it ends in order");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Remembers what is sent, as it must not stand in the log.
    fn note(&self, text: &str) {
        // but where the service is itself is no secret
        let text = text.replace(&self.address, "");
        let words = secrecy::words(&text).map(str::to_owned);
        self.sent.lock().expect("no panic").extend(words);
    }

    pub(crate) fn begin_post(&self, key: &str, path: &str, kind: &str, length: usize) -> TcpStream {
        self.note(path);
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let host = &self.address;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nx-api-key: {key}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n"
        )
        .expect("sent");
        stream
    }

    /// Ends it as a fault does: it can do nothing more. What it said until then is held to the same as otherwise.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
        self.hold();
    }

    /// Ends it as systemd does; its status and what it said besides, which tells nothing of a token, a claim or a secret.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("sent");
        self.hold();
        (
            self.child.wait().expect("it ends").code(),
            std::mem::take(&mut self.heard),
        )
    }

    /// Hears it to its end.
    fn hold(&mut self) {
        self.heard.extend(self.told.iter());
        let sent = self.sent.lock().expect("no panic");
        for line in self.heard.lines() {
            secrecy::hold_line(line, &sent);
        }
    }
}

/// A test that fails leaves none behind.
impl Drop for Running {
    fn drop(&mut self) {
        // most have ended by now
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is written to a pipe, line by line with their ends, until it is closed.
fn lines_of(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (lines, told) = channel();
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut line = String::new();
            if pipe.read_line(&mut line).expect("text") == 0 || lines.send(line).is_err() {
                return;
            }
        }
    });
    told
}

/// Status line and body of a whole answer, of which a chunked one has a last chunk.
fn whole(answer: &[u8]) -> (String, String) {
    let answer = String::from_utf8_lossy(answer);
    let (head, mut rest) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.lines().next().unwrap_or_default().to_owned();
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return (status, rest.to_owned());
    }
    let mut body = String::new();
    loop {
        let (length, more) = rest.split_once("\r\n").expect("a chunk");
        let length = usize::from_str_radix(length, 16).expect("its length");
        if length == 0 {
            return (status, body);
        }
        body += &more[..length];
        rest = &more[length + 2..];
    }
}

/// The clock of a service can't be set.
pub(crate) fn endless_token(folder: &Folder, claim: &str) -> String {
    let run = folder.run(&["sign", claim, "--never-expires"]).done();
    run.stdout.trim_end().to_owned()
}

#[test]
fn a_token_is_checked_by_whoever_has_the_key_of_the_address() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1234567");
    let service = Running::start(&folder, &[]);
    let key = service.start_key().to_owned();
    let (status, body) = service.ask(&key, &format!("/v1/check/{token}"));
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(body.contains("\"customer_id\":\"1234567\""), "{body}");
    assert_eq!(
        service.ask("lmk_x", &format!("/v1/check/{token}")).0,
        "HTTP/1.1 401 Unauthorized"
    );
    let (status, told) = service.end();
    assert_eq!(status, Some(0), "{told}");
    assert!(
        told.contains("\"route\":\"/v1/check/{token}\"") && !told.contains(&token) && !told.contains(&key),
        "{told}"
    );
}

#[test]
fn a_check_that_was_answered_is_counted_and_a_revoked_token_is_refused() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1");
    let service = Running::start(&folder, &["--ledger", "checks.db"]);
    let key = service.start_key().to_owned();
    let path = format!("/v1/check/{token}?count=true");
    assert!(service.ask(&key, &path).1.contains("\"count\":1,"));
    folder.run(&["revoke", "--ledger", "checks.db", "--", &token]).done();
    let (status, body) = service.ask(&key, &path);
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
    assert!(
        body.contains("\"status\":\"revoked\"") && body.contains("\"count\":2,"),
        "{body}"
    );
    assert_eq!(service.end().0, Some(0));
    let run = folder.run(&[
        "verify",
        "--ledger",
        "checks.db",
        "--ledger-read-only",
        "--json",
        "--",
        &token,
    ]);
    run.expect(run.json()[0]["uses"]["count"] == 2, "both checks");
}

#[test]
fn a_trusted_proxy_asks_without_a_key_and_learns_the_claims() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1234567");
    let flags = ["--auth-uri-header", "X-Original-URI", "--auth-claims", "customer_id"];
    let trusting = Running::start(&folder, &all(&[&["--trusted-proxy", "127.0.0.1,::1"], &flags]));
    let good = format!("x-original-uri: /p/{token}\r\n");
    let answer = trusting.raw(&format!("GET /v1/auth HTTP/1.1\r\nhost: shop.example\r\n{good}"));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-linkmint-customer-id: 1234567\r\n"), "{answer}");
    let answer = trusting.raw(&format!("GET /v1/check HTTP/1.1\r\nhost: shop.example\r\n{good}"));
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    assert_eq!(trusting.end().0, Some(0));
    let doubting = Running::start(&folder, &flags);
    let answer = doubting.raw(&format!("GET /v1/auth HTTP/1.1\r\nhost: localhost\r\n{good}"));
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(doubting.end().0, Some(0));
}

#[test]
fn links_lead_on_and_their_pages_can_be_changed_while_it_runs() {
    let folder = Folder::new();
    let token = endless_token(&folder, "campaign_id=spring26");
    let pages = |address: &str| folder.write("pages.json", format!("{{\"spring26\": \"{address}\"}}"));
    pages("https://mystore.com/spring");
    let args = [
        "--redirect-file",
        "pages.json",
        "--ledger",
        "checks.db",
        "--tracker-name",
        "campaign_id",
    ];
    let mut service = Running::start(&folder, &args);
    let follow = |service: &Running| service.raw(&format!("GET /r/{token} HTTP/1.1\r\nhost: localhost\r\n"));
    let answer = follow(&service);
    assert!(answer.starts_with("HTTP/1.1 302 Found\r\n"), "{answer}");
    assert!(
        answer.contains("\r\nlocation: https://mystore.com/spring\r\n"),
        "{answer}"
    );
    let (status, body) = service.ask(service.start_key(), &format!("/key/validatetoken?token={token}"));
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(
        body.ends_with("\"trackerLabel\":\"spring26\",\"trackerName\":\"spring26\"}}"),
        "{body}"
    );
    // a bad file changes nothing, a good one does
    pages("mystore.com");
    service.hang_up();
    service.wait_for("so it decides on with what it had");
    assert!(follow(&service).contains("\r\nlocation: https://mystore.com/spring\r\n"));
    pages("https://mystore.com/summer");
    service.hang_up();
    while !follow(&service).contains("\r\nlocation: https://mystore.com/summer\r\n") {}
    assert_eq!(service.end().0, Some(0));
}

#[test]
fn api_keys_let_in_and_can_be_taken_away() {
    let folder = Folder::new();
    let made = folder
        .call(&["api-key", "new", "shop", "--scope", "check", "--file", "api.json"])
        .may_show_secrets()
        .run();
    let key = made.done().stdout.trim_end().to_owned();
    assert!(key.starts_with("lmk_"), "{key}");
    #[cfg(unix)]
    assert_eq!(mode(&folder.path("api.json")), 0o600);
    assert!(!folder.read("api.json").contains(&key[13..]));
    let service = Running::start(&folder, &["--api-keys", "api.json"]);
    assert!(!service.line.contains("?key="), "{}", service.line);
    assert_eq!(service.ask(&key, "/v1/check/x").0, "HTTP/1.1 400 Bad Request");
    assert_eq!(service.end().0, Some(0));
    let listed = folder.run(&["api-key", "list", "--json", "--file", "api.json"]).done();
    let id = listed.json()[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(key[4..12], id);
    folder.run(&["api-key", "remove", &id, "--file", "api.json"]).done();
    folder.run(&["api-key", "remove", &id, "--file", "api.json"]).status(2);
    folder.run(&["api-key", "list", "--file", "api.json"]).done().prints("");
}

#[test]
fn of_keys_that_are_made_at_once_none_is_lost() {
    let folder = Folder::new();
    let make = |name: &str| {
        folder
            .call(&["api-key", "new", name, "--scope", "check", "--file", "api.json"])
            .may_show_secrets()
            .run()
    };
    let names: Vec<String> = (0..6).map(|number| format!("key{number}")).collect();
    std::thread::scope(|scope| {
        let made: Vec<_> = names.iter().map(|name| scope.spawn(|| make(name))).collect();
        for made in made {
            made.join().expect("no panic").done();
        }
    });
    let listed = folder.run(&["api-key", "list", "--json", "--file", "api.json"]).done();
    assert_eq!(listed.json().len(), 6);
    // and the first key needs no folder that is there already
    folder
        .call(&["api-key", "new", "shop", "--scope", "check"])
        .may_show_secrets()
        .run()
        .done();
    folder
        .run(&["api-key", "new", "x", "--scope", "check", "--file", "none/api.json"])
        .status(3);
}

#[test]
fn what_can_t_be_served_is_told_before_anything_is_done() {
    let folder = Folder::new();
    let refused = |args: &[&str], status: i32, message: &str, hint: &str| {
        folder.call(&all(&[&["serve"], args])).refused(status, message, hint);
    };
    let hint = "make one: linkmint api-key new NAME --scope check, and name the file with --api-keys";
    refused(
        &["--listen", "0.0.0.0:0"],
        2,
        "--listen: without API keys it listens on this machine only",
        hint,
    );
    refused(
        &["--listen", "8787"],
        2,
        "--listen: \"8787\" is no place to listen at",
        "as 127.0.0.1:8787, [::1]:8787, unix:/run/linkmint.sock or systemd",
    );
    refused(
        &["--trusted-proxy", "10.0.0.0/8"],
        2,
        "--trusted-proxy: \"10.0.0.0/8\": it is neither an IP address nor the word unix",
        "the address that the proxy connects from, as 127.0.0.1; unix where it uses the socket",
    );
    refused(
        &["--auth-claims", "customer_id"],
        2,
        "--auth-uri-header: /v1/auth has no header to read the visitor's address from",
        "X-Original-URI, or what the proxy sets: samples/service has nginx and Caddy",
    );
    refused(
        &["--auth-uri-header", "X-Original URI"],
        2,
        "--auth-uri-header: it is no name of a header",
        "X-Original-URI, X-Forwarded-Uri",
    );
    refused(
        &["--auth-uri-header", "X-Original-URI", "--auth-claims", "größe"],
        2,
        "--auth-claims: the claim größe can't be the name of a header",
        "letters, digits, _ and - can stand in a header's name",
    );
    refused(
        &["--redirect-to", "mystore.com"],
        2,
        "--redirect-to: \"mystore.com\": it is no http or https address",
        "write the whole address: https://mystore.com/promotions",
    );
    refused(
        &["--confirm"],
        2,
        "--confirm: no link leads anywhere",
        "say where to: --redirect-to https://mystore.com/promotions",
    );
    folder.write("pages.json", "{\"a\": \"mystore.com\"}");
    refused(
        &["--redirect-file", "pages.json"],
        3,
        "pages.json: the campaign \"a\": it is no http or https address at line 1 column 20",
        "as {\"spring26\": \"https://mystore.com/spring\", \"autumn26\": \"https://mystore.com/autumn\"}",
    );
    refused(
        &["--tracker-name", ""],
        2,
        "--tracker-name: \"\": ",
        "a claim's name has 1 to 64 bytes and no control characters",
    );
    folder.run(&["serve", "--compat", "other"]).status(2);
    folder.write("api.json", "{\"keys\": []}");
    let broken = folder.run(&["serve", "--api-keys", "api.json"]).status(3);
    broken.expect(
        broken.stderr.contains("api.json: it is no file of API keys"),
        "the file is named",
    );
    folder
        .run(&["api-key", "new", "x", "--scope", "chek", "--file", "new.json"])
        .status(2);
    folder
        .run(&[
            "api-key",
            "new",
            "x",
            "--scope",
            "check,mint",
            "--origin",
            "https://a.example",
            "--file",
            "new.json",
        ])
        .status(2);
    assert!(!folder.path("new.json").exists());
}

#[test]
fn no_count_that_was_answered_is_lost_when_the_service_is_killed() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1");
    let path = format!("/v1/check/{token}?count=true");
    let mut answered = 0;
    for _ in 0..2 {
        let service = Running::start(&folder, &["--ledger", "checks.db"]);
        let (key, address) = (service.start_key().to_owned(), service.address.clone());
        let total = AtomicU64::new(0);
        let check = || {
            while let Some(answer) = try_ask(&address, &key, &path) {
                let counted = answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with('}');
                total.fetch_add(u64::from(counted), Ordering::SeqCst);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(check);
            }
            while total.load(Ordering::SeqCst) < 100 {
                std::thread::yield_now();
            }
            service.kill();
        });
        answered += total.load(Ordering::SeqCst);
    }
    let run = folder.run(&[
        "verify",
        "--ledger",
        "checks.db",
        "--ledger-read-only",
        "--json",
        "--",
        &token,
    ]);
    let counted = run.done().json()[0]["uses"]["count"].as_u64().expect("a number");
    // what was asked for by each thread when it was killed may be counted or not
    assert!(
        (answered..=answered + 8).contains(&counted),
        "{answered} answered, {counted} counted"
    );
}

/// The whole answer to a request, while there is somebody to give it.
fn try_ask(address: &str, key: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\nconnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    (!answer.is_empty()).then_some(answer)
}
