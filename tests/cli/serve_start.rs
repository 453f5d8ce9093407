//! How the service starts and ends where its surroundings are not as they should be.

use super::serve::Running;
use super::support::Folder;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

/// A file of API keys.
fn api_keys(folder: &Folder) {
    let args = ["api-key", "new", "shop", "--scope", "check", "--file", "api.json"];
    folder.call(&args).may_show_secrets().run().done();
}

#[test]
fn a_warning_tells_that_api_keys_cross_a_network_in_clear() {
    let folder = Folder::new();
    api_keys(&folder);
    let told = |place: &str, more: &[&str]| {
        let args = [&["--api-keys", "api.json"], more].concat();
        let (status, told) = Running::start_at(&folder, place, &args).end();
        assert_eq!(status, Some(0), "{told}");
        told
    };
    let warning = "warning: others on the network can read the API keys";
    assert!(told("0.0.0.0:0", &[]).contains(warning));
    assert!(!told("127.0.0.1:0", &[]).contains("warning"));
    assert!(!told("0.0.0.0:0", &["--public-url", "HTTPS://links.mystore.com/"]).contains("warning"));
    assert!(!told("0.0.0.0:0", &["--quiet"]).contains("warning"));
}

#[test]
fn an_empty_variable_is_as_good_as_unset() {
    let folder = Folder::new();
    let flags = "LISTEN API_KEYS METRICS_LISTEN PUBLIC_URL BASE_URL ALLOW_HOST LEEWAY MAX_LIST CONFIRM COMPAT \
        TRACKER_NAME TRACKER_LABEL REDIRECT_TO REDIRECT_FILE TRUSTED_PROXY AUTH_URI_HEADER AUTH_CLAIMS PARAM LEDGER KEYRING";
    let empty = |args: &[&str]| {
        let call = folder.call(args);
        flags
            .split_whitespace()
            .fold(call, |call, flag| call.variable(&format!("LINKMINT_{flag}"), ""))
    };
    // the last thing that is looked at before a keyring is
    let message = "--confirm: no link leads anywhere";
    empty(&["serve", "--confirm"]).refused(2, message, "--redirect-to");
    let list = empty(&["api-key", "list"]).run();
    list.expect(
        list.status == Some(3) && list.stderr.contains("api-keys.json"),
        "the default file",
    );
    for yes in ["1", "true", "yes", "on"] {
        let call = folder.call(&["serve"]).variable("LINKMINT_CONFIRM", yes);
        call.refused(2, message, "--redirect-to");
    }
}

#[test]
fn a_place_that_can_t_be_listened_at_is_told_by_its_own_flag() {
    let folder = Folder::new();
    let refused = |args: &[&str], status: i32, message: &str, hint: &str| {
        folder.call(&[&["serve"], args].concat()).refused(status, message, hint);
    };
    refused(
        &["--metrics-listen", "9187"],
        2,
        "--metrics-listen: \"9187\" is no place to listen at",
        "as 127.0.0.1:8787",
    );
    for url in [
        "https://mystore.com/links",
        "https://mystore.com?a",
        "ftp://mystore.com",
        "https://",
    ] {
        let args = ["--public-url", url];
        refused(&args, 2, "--public-url: it ", "as https://links.mystore.com");
    }
    #[cfg(unix)]
    {
        folder.write("a.sock", "no socket");
        refused(
            &["--listen", "unix:a.sock"],
            3,
            "unix:a.sock: can't listen here",
            "it is there, and is no socket",
        );
        assert_eq!(folder.read("a.sock"), "no socket");
    }
}

#[cfg(unix)]
#[test]
fn of_two_sockets_of_systemd_none_is_left_alone() {
    let folder = Folder::new();
    api_keys(&folder);
    let script =
        "LISTEN_PID=$$ LISTEN_FDS=2 exec \"$0\" serve --listen systemd --api-keys api.json 3</dev/null 4</dev/null";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_linkmint")])
        .current_dir(folder.path(""))
        .env("LINKMINT_KEYRING", folder.default_keyring())
        .output()
        .expect("sh");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("systemd has handed 2 sockets over"), "{told}");
}

#[cfg(unix)]
#[test]
fn where_nobody_takes_the_log_requests_are_answered_and_the_end_comes() {
    /// Whose lines are more than a pipe holds, and the service keeps.
    const REQUESTS: usize = 20_000;
    let folder = Folder::new();
    let call = folder.call(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = call.command().stderr(Stdio::piped()).spawn().expect("it starts");
    // read up to this line, and no further
    let mut told = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("serving at ") {
        line.clear();
        assert_ne!(told.read_line(&mut line).expect("text"), 0, "it goes on");
    }
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
    let stream = TcpStream::connect(address.expect("an address")).expect("it listens");
    let mut writer = stream.try_clone().expect("a second handle");
    let writing = std::thread::spawn(move || {
        let requests = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
        for _ in 0..REQUESTS / 100 {
            writer.write_all(requests.as_bytes()).expect("sent");
        }
    });
    let lines = BufReader::new(stream).split(b'\n');
    let answers = lines.filter(|line| line.as_ref().is_ok_and(|line| line == b"ok"));
    assert_eq!(answers.take(REQUESTS).count(), REQUESTS);
    writing.join().expect("no panic");
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("sent");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let mut rest = String::new();
    told.read_to_string(&mut rest).expect("text");
    assert!(rest.starts_with('{'), "{rest}");
}
