//! Scans of what is empty, unreadable, endless or broken, and flags that mean nothing there.

use crate::scan::{samples, told};
use crate::support::Folder;
use std::fs;

#[test]
fn where_there_is_no_link_nothing_was_proved() {
    let folder = Folder::new();
    folder.write("none.txt", "Hello, https://shop.example/ is open.\n");
    folder
        .scan(&["none.txt"])
        .status(3)
        .tells("no link with a token was found")
        .tells("hint: ")
        .prints("");
    folder.scan(&["none.txt", "--allow-empty"]).done().prints("");
    fs::create_dir(folder.path("empty")).expect("made");
    folder.scan(&["empty"]).status(3);
}

#[test]
fn what_cant_be_read_is_told_and_the_rest_is_checked() {
    let folder = Folder::new();
    let link = folder.link(1);
    folder.write("good.txt", &link);
    let run = folder.scan(&["nowhere", "good.txt", "--json"]).status(3);
    assert_eq!(run.json().len(), 1);
    run.tells("linkmint: nowhere: no such file or directory\nhint: check the name");

    let part = |encoding: &str, body: &str| format!("--b\nContent-Transfer-Encoding: {encoding}\n\n{body}\n");
    let parts = part("base64", "a*b") + &part("uuencode", "x") + &part("8bit", &link) + "--b--\n";
    folder.mail("broken.eml", "multipart/mixed; boundary=b", &parts);
    let run = folder.scan(&["broken.eml", "--json"]).status(3);
    assert_eq!(told(&run)[0].1, "3");
    run.tells("linkmint: broken.eml: part 1 (text/plain): it can't be decoded")
        .tells("linkmint: broken.eml: part 2 (text/plain): its transfer encoding \"uuencode\" is not known");

    let deep: String = (0..300)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n"))
        .collect();
    folder.write("deep.eml", deep);
    folder
        .scan(&["deep.eml"])
        .status(3)
        .tells("linkmint: deep.eml: it can't be read as a mail");
    let expired = [
        "verify",
        "--scan",
        "nowhere",
        "good.txt",
        "--now",
        "2027-01-01T00:00:00Z",
    ];
    folder.run(&expired).status(1);
}

#[test]
fn a_file_beyond_the_limit_is_refused_and_a_long_one_is_not() {
    let folder = Folder::new();
    let file = fs::File::create(folder.path("huge.txt")).expect("made");
    file.set_len((64 << 20) + 1).expect("as long");
    folder
        .scan(&["huge.txt"])
        .status(3)
        .tells("linkmint: huge.txt: the file is longer than 64 MiB\nhint: ");
    fs::remove_file(folder.path("huge.txt")).expect("removed");
    let mut long = "many words and no link at all\n".repeat(40_000);
    long += &folder.link(1);
    folder.write("long.txt", &long);
    let run = folder.scan(&["long.txt", "--json"]).done();
    assert_eq!(told(&run)[0].2, 40_001);
}

#[test]
fn no_broken_mail_stops_the_program() {
    let folder = Folder::new();
    let whole = fs::read(samples().join("good/nested-base64.eml")).expect("a sample");
    fs::create_dir(folder.path("mails")).expect("made");
    for (number, cut) in (0..whole.len()).step_by(whole.len() / 60).enumerate() {
        let mut bytes = whole.clone();
        bytes.drain(cut..whole.len().min(cut + 7));
        folder.write(&format!("mails/lost-{number:03}.eml"), &bytes);
        folder.write(&format!("mails/short-{number:03}.eml"), &whole[..cut]);
        bytes.splice(cut..cut, *b"\xff\x00\r=\n--");
        folder.write(&format!("mails/odd-{number:03}.eml"), &bytes);
    }
    let run = folder.scan(&["mails", "--json", "--quiet"]);
    run.expect(run.status == Some(1) || run.status == Some(3), "a verdict");
    run.expect(run.json().len() > 400, "answers about what is left");
}

#[test]
fn claims_of_what_is_not_authentic_are_never_shown() {
    let folder = Folder::new();
    let link = folder.link(424_242);
    folder.write("a.txt", &link[..link.len() - 6]);
    let run = folder.scan(&["a.txt"]).status(1);
    run.expect(
        run.stdout.starts_with("MALFORMED  a.txt: line 1\n"),
        "what is left of a token",
    );
    run.expect(!run.stdout.contains("424242"), "no claim");
}

#[test]
fn flags_that_mean_nothing_here_are_refused() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    folder.write("a.txt", &token);
    folder
        .call(&["verify", &token, "--scan", "a.txt"])
        .refused(2, "cannot be used with", "");
    folder
        .call(&["verify", "--file", "a.txt", "--scan", "a.txt"])
        .refused(2, "cannot be used with", "");
    folder
        .call(&["verify", "--scan", "a.txt", "--no-repair"])
        .refused(2, "cannot be used with", "");
    folder
        .call(&["verify", "--strict", &token])
        .refused(2, "cannot be used with", "");
    folder
        .call(&["verify", "--scan", "a.txt", "-o", "b.txt"])
        .refused(2, "it is about a list", "");
    folder.call(&["verify", "--strict"]).refused(2, "--scan", "");
}
