//! From a slow pipe, rows come out as they come in.

use crate::support::{FIXED, Folder, USUAL, all};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far more than a row needs, and far less than waiting for the next row, which is not written before.
const BOUND: Duration = Duration::from_secs(5);

/// A run whose output is read as it comes.
struct Slow {
    child: Child,
    stdin: ChildStdin,
    output: Receiver<Vec<u8>>,
    seen: String,
}

impl Slow {
    fn start(folder: &Folder, flags: &[&str]) -> Self {
        let call = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED, flags]));
        let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stdout.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            stdin: child.stdin.take().expect("a pipe"),
            child,
            output,
            seen: String::new(),
        }
    }

    fn write(&mut self, text: &str) {
        self.stdin.write_all(text.as_bytes()).expect("written");
    }

    /// Waits until so many links have come out.
    fn expect_links(&mut self, count: usize) {
        while self.seen.matches("2026-11-22T16:00:00Z").count() < count {
            match self.output.recv_timeout(BOUND) {
                Ok(bytes) => self.seen += std::str::from_utf8(&bytes).expect("ASCII"),
                Err(error) => {
                    let _ = self.child.kill();
                    panic!("{count} links are due ({error}), there is {:?}", self.seen);
                }
            }
        }
    }

    fn end(mut self) -> String {
        drop(self.stdin);
        assert!(self.child.wait().expect("it ends").success());
        while let Ok(bytes) = self.output.recv() {
            self.seen += std::str::from_utf8(&bytes).expect("ASCII");
        }
        self.seen
    }
}

#[test]
fn no_row_waits_for_the_next_one() {
    let folder = Folder::new();
    for threads in ["1", "4"] {
        for end in ["\n", "\r\n", "\r"] {
            let mut run = Slow::start(&folder, &["-j", threads]);
            run.write(&format!("customer_id,name{end}"));
            for number in 1..=3 {
                run.write(&format!("{number},\"a{end}b\"{end}"));
                run.expect_links(number);
            }
            let seen = run.end();
            let rows = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED]));
            let list: String = (1..=3).map(|number| format!("{number},\"a{end}b\"{end}")).collect();
            let whole = rows.stdin(format!("customer_id,name{end}{list}")).run().done();
            assert_eq!(seen, whole.stdout, "{end:?} on {threads} threads");
        }
    }
}

#[test]
fn a_row_in_pieces_comes_out_when_it_is_whole() {
    let folder = Folder::new();
    let mut run = Slow::start(&folder, &[]);
    for piece in [
        "cust",
        "omer_id,na",
        "me\r",
        "\n1,",
        "\"a",
        "\r",
        "\n",
        "\"",
        "\r",
        "\n",
    ] {
        run.write(piece);
    }
    run.expect_links(1);
    run.write("2,b\n");
    run.expect_links(2);
    assert!(run.end().contains("\r\n1,\"a\r\n\",L"));
}

#[test]
fn a_line_feed_that_comes_late_belongs_to_its_line_break() {
    let folder = Folder::new();
    let mut run = Slow::start(&folder, &["--summary-file", "s.json"]);
    run.write("customer_id,name\r1,a\r");
    run.expect_links(1);
    run.write("\n2,b\r");
    run.expect_links(2);
    run.write("\n\r,\r3,c\r");
    run.expect_links(3);
    let seen = run.end();
    let list = "customer_id,name\r1,a\r\n2,b\r\n\r,\r3,c\r";
    let call = folder.call(&all(&[&["generate", "-", "--summary-file", "t.json"], &USUAL, &FIXED]));
    assert_eq!(seen, call.stdin(list).run().done().stdout);
    let counts = |name| {
        let summary: serde_json::Value = serde_json::from_str(&folder.read(name)).expect("JSON");
        (summary["rows"].clone(), summary["blank"].clone())
    };
    assert_eq!(counts("s.json"), counts("t.json"));
    assert_eq!(counts("s.json"), (3.into(), 2.into()));
}

#[test]
fn rows_of_an_old_encoding_and_utf16_come_out_too() {
    let folder = Folder::new();
    let mut run = Slow::start(&folder, &["--encoding", "windows-1252"]);
    run.write("customer_id\n1\n");
    run.expect_links(1);
    run.end();
    let mut run = Slow::start(&folder, &[]);
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    run.stdin.write_all(&utf16("\u{feff}customer_id\n")).expect("written");
    for number in 1..=2 {
        run.stdin.write_all(&utf16(&format!("{number}\n"))).expect("written");
        run.expect_links(number);
    }
    run.end();
}
