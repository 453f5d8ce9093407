//! The pages in a real browser, as people use them. Run by `.ci/run`: `tests/browser/install` installs what drives it.

use crate::serve::Running;
use crate::support::Folder;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A script of `tests/browser`, with where what drives the browser was installed as its first argument.
fn script(name: &str) -> (Command, PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let browser = target.join("browser");
    let mut command = Command::new("node");
    command
        .arg(root.join("tests/browser").join(name))
        .arg(browser.join("node_modules"));
    (command, browser)
}

#[test]
#[ignore = "needs Chromium and node"]
fn people_sign_in_check_a_link_and_make_a_list_on_a_desk_and_on_a_phone() {
    let folder = Folder::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let claims = ["sign", "customer_id=1234567", "campaign_id=spring26", "--never-expires"];
    let token = folder.run(&claims).done().stdout.trim_end().to_owned();
    let service = Running::start(&folder, &["--ledger", "checks.db"]);
    let start = format!("http://{}/?key={}", service.address, service.start_key());
    let lists = ["customers-excel-europe.csv", "customers.xlsx"];
    let (mut command, browser) = script("tour.mjs");
    command.args([&*start, &*token]).arg(folder.path(""));
    // for people to look at
    command.arg(browser.join("pictures"));
    command.args(lists.map(|list| root.join("samples").join(list)));
    let output = command.output().expect("node");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}", told.replace(service.start_key(), "KEY"));
    assert_eq!(service.end().0, Some(0));
    for list in lists {
        let file = format!("{list}.links.csv");
        folder
            .run(&["verify", "--file", &file, "-o", &format!("{list}.csv")])
            .done();
    }
}

/// The port of a shop that answers everything with this, as long as the tests run.
fn shop(head_and_body: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            // a browser that has gone is no fault of the shop
            if lines.any(|line| line.is_ok_and(|line| line.is_empty())) {
                let _ = write!(&stream, "HTTP/1.1 {head_and_body}");
            }
        }
    });
    port
}

#[test]
#[ignore = "needs Chromium and node"]
fn a_button_leads_on_where_the_shop_leads_on_itself() {
    let folder = Folder::new();
    let body = "<h1>The shop</h1>";
    let new = shop(format!(
        "200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ));
    // another origin, as from an apex to its www
    let end = format!("http://localhost:{new}/new");
    let old = shop(format!(
        "301 Moved\r\nlocation: {end}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ));
    let token = folder.run(&["sign", "customer_id=1", "--never-expires"]).done();
    let target = format!("http://127.0.0.1:{old}/promotions");
    let service = Running::start(&folder, &["--confirm", "--redirect-to", &target]);
    let (mut command, _) = script("button.mjs");
    let link = format!("http://{}/r/{}", service.address, token.stdout.trim_end());
    let output = command.args([&link, &end]).output().expect("node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(service.end().0, Some(0));
}
