//! The service with its ledger on a server that stands still, falls over and comes back.

use super::serve::Running;
use super::server::Server;
use super::support::Folder;
use std::time::{Duration, Instant};

#[test]
fn a_server_that_is_away_is_no_verdict_and_is_used_again_when_it_is_back() {
    let Some(mut server) = Server::start() else { return };
    let folder = Folder::new();
    let run = folder.run(&["sign", "customer_id=1", "--never-expires"]).done();
    let token = run.stdout.trim_end().to_owned();
    let address = server.data_base();
    let service = Running::start(&folder, &["--ledger", &address]);
    let (key, path) = (service.start_key().to_owned(), format!("/v1/check/{token}?count=true"));
    let check = || service.ask(&key, &path);
    let is_valid = |(status, body): &(String, String)| status == "HTTP/1.1 200 OK" && body.contains("\"count\":");
    let is_no_verdict = |(status, body): &(String, String)| {
        status == "HTTP/1.1 503 Service Unavailable" && body.contains("urn:linkmint:problem:unavailable")
    };
    assert!(is_valid(&check()));

    server.freeze();
    let since = Instant::now();
    let answer = check();
    // 5 s, and what a busy machine takes besides
    assert!(
        is_no_verdict(&answer) && since.elapsed() < Duration::from_secs(8),
        "{answer:?}"
    );
    server.thaw();
    let answer = check();
    assert!(is_valid(&answer), "{answer:?}");

    // it falls over while it is asked
    let mut answers = Vec::new();
    std::thread::scope(|scope| {
        let restarted = scope.spawn(|| {
            server.crash();
            server.run();
        });
        while !restarted.is_finished() {
            answers.push(check());
        }
    });
    let valid = answers.iter().filter(|answer| is_valid(answer)).count();
    let others = answers.iter().filter(|answer| is_no_verdict(answer)).count();
    assert_eq!(valid + others, answers.len(), "{answers:?}");
    let answered = 2 + valid as u64;
    let answer = check();
    assert!(is_valid(&answer), "{answer:?}");
    assert_eq!(service.end().0, Some(0));
    let args = [
        "verify",
        "--ledger",
        &address,
        "--ledger-read-only",
        "--json",
        "--",
        &token,
    ];
    let counted = folder.run(&args).json()[0]["uses"]["count"].as_u64().expect("a count");
    // the one that got no answer, and one that was asked when it fell over, may be counted
    assert!(
        (answered + 1..=answered + 3).contains(&counted),
        "{answered} answered, {counted} counted"
    );
}
