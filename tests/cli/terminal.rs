//! `verify` at a terminal: what is pasted never reaches the shell.
//!
//! Each test is a bash in a pseudo-terminal, by python3's standard library (`desk.py`); left out where there is none.

use crate::support::{Folder, ISSUED};
use std::path::Path;
use std::process::{Command, Stdio};

const DESK: &str = include_str!("desk.py");

/// One step at the desk.
enum Step {
    Send(String),
    Expect(&'static str),
    Signal(&'static str),
}

use Step::{Expect, Send, Signal};

fn send(text: &str) -> Step {
    Send(text.to_owned())
}

/// Runs bash with these steps, and gives what the terminal showed; nothing where the tools are missing.
fn at_the_desk(folder: &Folder, steps: &[Step]) -> Option<String> {
    for tool in ["python3", "bash"] {
        let found = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            eprintln!("left out: there is no {tool}");
            return None;
        }
    }
    let steps: Vec<_> = steps
        .iter()
        .map(|step| match step {
            Send(text) => ("send", text.as_str()),
            Expect(text) => ("expect", *text),
            Signal(name) => ("signal", *name),
        })
        .collect();
    let programs = Path::new(env!("CARGO_BIN_EXE_linkmint")).parent().expect("a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("python3")
        .args(["-c", DESK, &serde_json::to_string(&steps).expect("JSON")])
        .current_dir(folder.path(""))
        .env("PATH", path)
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("INPUTRC", "/dev/null")
        .env("HISTFILE", "/dev/null")
        .env("LINKMINT_KEYRING", folder.default_keyring())
        .output()
        .expect("python3 runs");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let failure = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failure}\n--- the terminal showed\n{shown}");
    assert_eq!(folder.files(), [] as [String; 0], "{shown}");
    Some(shown)
}

/// A mail that a customer wrote, which makes files where its lines are run; its line ends as terminals paste them.
fn mail(token: &str) -> String {
    let long = "x".repeat(20_000);
    format!(
        "Hello,\r\rtouch x\r> Your voucher\r{long}\r\r\r> <https://shop.example/p/{token}>\r\rtouch y\r\x03\x04\r\x04touch z\r\r"
    )
}

/// As a terminal pastes it, with and without bracketed paste.
fn pastes(text: &str) -> [String; 2] {
    [text.to_owned(), format!("\x1b[200~{text}\x1b[201~")]
}

fn verify(more: &str) -> Step {
    Send(format!(
        "sh -c 'echo pid=$$; exec linkmint verify --now {ISSUED} {more}'\r"
    ))
}

#[test]
fn no_line_of_a_paste_reaches_the_shell() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    for paste in pastes(&mail(&token)) {
        let shown = at_the_desk(
            &folder,
            &[
                Expect("desk$ "),
                verify(""),
                Expect("then press Enter"),
                Send(paste.clone()),
                Expect(" bytes were pasted"),
                send("\r"),
                Expect("VALID  yes, for another"),
                Expect("paste the next"),
                // the next text begins empty, and has the last word
                Send(paste.replace(&token, "no token")),
                Expect(" bytes were pasted"),
                send("\x04"),
                Expect("MALFORMED"),
                Expect("paste the next"),
                send("\x04"),
                Expect("desk$ "),
                send("echo status=$?; stty -a\r"),
                Expect("status=1"),
                Expect(" icanon"),
                Expect(" echo "),
                send("exit\r"),
            ],
        );
        assert!(shown.is_none_or(|shown| !shown.contains("command not found")));
    }
}

#[test]
fn a_text_is_dropped_or_left_with_a_key_that_was_typed() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    for paste in pastes(&mail(&token)) {
        at_the_desk(
            &folder,
            &[
                Expect("desk$ "),
                verify("--print status"),
                Expect("then press Enter"),
                Send(paste),
                Expect(" bytes were pasted"),
                send("\x03"),
                Expect("dropped"),
                send("\x03"),
                Expect("desk$ "),
                send("echo status=$?\r"),
                Expect("status=130"),
                verify("-q --print status"),
                Expect("\x1b[?2004h"),
                Send(pastes(&format!("{token}\r"))[1].clone() + "\r"),
                Expect("\nvalid"),
                send("\x03"),
                Expect("desk$ "),
                send("echo status=$?\r"),
                Expect("status=0"),
                send("exit\r"),
            ],
        );
    }
}

#[test]
fn a_signal_gives_the_terminal_back_and_nothing_of_the_paste() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    for (name, status) in [("SIGTERM", "status=143"), ("SIGINT", "status=130")] {
        for paste in pastes(&mail(&token)) {
            at_the_desk(
                &folder,
                &[
                    Expect("desk$ "),
                    verify(""),
                    Expect("then press Enter"),
                    Send(paste),
                    Signal(name),
                    Expect("\x1b[?2004l"),
                    Expect("desk$ "),
                    send("echo status=$?; stty -a\r"),
                    Expect(status),
                    Expect(" icanon"),
                    send("exit\r"),
                ],
            );
        }
    }
}
