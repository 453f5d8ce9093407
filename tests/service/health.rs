//! Whether the service says that it can decide.

use crate::client::Client;
use linkmint::service::Settings;
use std::time::Duration;

#[test]
fn it_is_ready_while_its_ledger_can_be_used_and_again_afterwards() {
    let mut settings = Settings::default();
    settings.limits.ledger = Duration::from_millis(300);
    settings.limits.probe = Duration::ZERO;
    let client = Client::of_with_ledger(settings);
    let ready = || client.bare("GET", "/readyz", &[]).status.as_u16();
    assert_eq!(ready(), 200);
    let other = rusqlite::Connection::open(client.ledger_path()).expect("the ledger");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    // nobody has asked for a check yet
    assert_eq!(ready(), 503);
    other.execute_batch("ROLLBACK").expect("given back");
    assert!((0..50).any(|_| ready() == 200), "it has the ledger again");
}

#[test]
fn it_is_not_tried_all_the_time() {
    let mut settings = Settings::default();
    settings.limits.ledger = Duration::from_millis(300);
    settings.limits.probe = Duration::from_secs(3_600);
    let client = Client::of_with_ledger(settings);
    let ready = || client.bare("GET", "/readyz", &[]).status.as_u16();
    assert_eq!(ready(), 200);
    let other = rusqlite::Connection::open(client.ledger_path()).expect("the ledger");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    assert_eq!(ready(), 200);
}
