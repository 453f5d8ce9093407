//! Many counted checks at once, and the service killed in their midst. Run by `.ci/run`, as it takes half a minute.

use super::serve::Running;
use super::support::Folder;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};

const CHECKS: u64 = 200_000;
const CONNECTIONS: usize = 64;
const KILLS: u64 = 3;
const TOKENS: usize = 100;

/// A token, how often it was asked about, and how often there was an answer.
struct Asked {
    token: String,
    asked: AtomicU64,
    answered: AtomicU64,
}

/// Where the service is now; each start of it is another place.
#[derive(Clone, Default)]
struct Place {
    start: u64,
    address: String,
    key: String,
}

struct Run {
    tokens: Vec<Asked>,
    answered: AtomicU64,
    wrong: Mutex<Vec<String>>,
    is_over: AtomicBool,
    place: Mutex<Place>,
    moved: Condvar,
    /// Told when the next part of all checks is answered.
    progress: (Mutex<()>, Condvar),
}

impl Run {
    /// Asks over one connection after the other until all is over.
    fn ask(&self, number: usize) {
        let mut last = 0;
        while !self.is_over.load(Ordering::SeqCst) {
            let place = self.place.lock().expect("no panic");
            let place = self.moved.wait_while(place, |place| place.start == last);
            let place = place.expect("no panic").clone();
            last = place.start;
            if !self.is_over.load(Ordering::SeqCst) {
                // it ends when the service is killed
                let _ = self.ask_there(&place, number);
            }
        }
    }

    fn ask_there(&self, place: &Place, number: usize) -> std::io::Result<()> {
        let stream = TcpStream::connect(&place.address)?;
        stream.set_nodelay(true)?;
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut requests = stream;
        for turn in number.. {
            let asked = &self.tokens[turn % TOKENS];
            let body = format!("{{\"token\":\"{}\"}}", asked.token);
            let head = format!(
                "POST /v1/check HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                place.address,
                place.key,
                body.len()
            );
            asked.asked.fetch_add(1, Ordering::SeqCst);
            requests.write_all((head + &body).as_bytes())?;
            let (status, body) = read_answer(&mut answers)?;
            let is_valid = status.starts_with("HTTP/1.1 200 ") && body.contains("\"status\":\"valid\"");
            if !is_valid {
                self.wrong.lock().expect("no panic").push(status + &body);
            }
            asked.answered.fetch_add(u64::from(is_valid), Ordering::SeqCst);
            // a wrong answer ends all of it
            let more = if is_valid { 1 } else { CHECKS };
            let answered = self.answered.fetch_add(more, Ordering::SeqCst) + more;
            if answered.is_multiple_of(CHECKS / (KILLS + 1)) || !is_valid {
                let _held = self.progress.0.lock().expect("no panic");
                self.progress.1.notify_one();
            }
            if answered >= CHECKS {
                break;
            }
        }
        Ok(())
    }

    fn wait_for(&self, answered: u64) {
        let held = self.progress.0.lock().expect("no panic");
        let is_early = |(): &mut ()| self.answered.load(Ordering::SeqCst) < answered;
        drop(self.progress.1.wait_while(held, is_early).expect("no panic"));
    }

    fn move_to(&self, service: &Running, start: u64) {
        *self.place.lock().expect("no panic") = Place {
            start,
            address: service.address.clone(),
            key: service.start_key().to_owned(),
        };
        self.moved.notify_all();
    }
}

/// Status line and body, or an error where there is no whole answer.
fn read_answer(answers: &mut impl BufRead) -> std::io::Result<(String, String)> {
    let (mut status, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if status.is_empty() {
            status.clone_from(&line);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body)?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

#[test]
#[ignore = "200,000 requests"]
fn every_check_that_was_answered_is_in_the_ledger_after_three_kills_under_load() {
    let folder = Folder::new();
    let list: String = (0..TOKENS).map(|customer| format!("{customer}\n")).collect();
    folder.write("customers.csv", format!("customer_id\n{list}"));
    let made = folder
        .run(&["generate", "customers.csv", "--no-link", "--never-expires"])
        .done();
    let rows = super::support::rows(&made.stdout);
    let run = Run {
        tokens: rows
            .iter()
            .map(|row| Asked {
                token: row["token"].clone(),
                asked: AtomicU64::new(0),
                answered: AtomicU64::new(0),
            })
            .collect(),
        answered: AtomicU64::new(0),
        wrong: Mutex::default(),
        is_over: AtomicBool::new(false),
        place: Mutex::default(),
        moved: Condvar::new(),
        progress: Default::default(),
    };
    std::thread::scope(|scope| {
        for number in 0..CONNECTIONS {
            let run = &run;
            scope.spawn(move || run.ask(number));
        }
        for start in 1..=KILLS + 1 {
            let service = Running::start(&folder, &["--ledger", "checks.db"]);
            run.move_to(&service, start);
            run.wait_for(start * CHECKS / (KILLS + 1));
            match start > KILLS {
                false => service.kill(),
                true => {
                    run.is_over.store(true, Ordering::SeqCst);
                    run.move_to(&service, start + 1);
                    assert_eq!(service.end().0, Some(0));
                }
            }
        }
    });
    assert_eq!(*run.wrong.lock().expect("no panic"), [""; 0]);
    let tokens: Vec<&str> = run.tokens.iter().map(|asked| asked.token.as_str()).collect();
    let flags = ["verify", "--ledger", "checks.db", "--ledger-read-only", "--json", "--"];
    let found = folder.run(&super::support::all(&[&flags, &tokens])).done();
    for (asked, answer) in run.tokens.iter().zip(found.json()) {
        let counted = answer["uses"]["count"].as_u64().expect("a count");
        let (least, most) = (
            asked.answered.load(Ordering::SeqCst),
            asked.asked.load(Ordering::SeqCst),
        );
        assert!(
            (least..=most).contains(&counted),
            "{least} answered, {counted} counted, {most} asked"
        );
    }
    let answered = run.answered.load(Ordering::SeqCst);
    assert!(answered >= CHECKS, "{answered}");
}
