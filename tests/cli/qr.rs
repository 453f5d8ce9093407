//! Links as QR codes: their files, names and sizes, and that they are read back as the very links.

use crate::support::{FIXED, Folder, Run, USUAL, all, rows};
use std::collections::BTreeSet;

const LIST: &str =
    "customer_id,campaign_id,city\n1234567,spring26,Köln\n1234568,spring26,Bonn/Süd\n1234567,autumn26,Köln\n";

fn folder() -> Folder {
    Folder::with_list(LIST)
}

fn names(folder: &Folder, codes: &str) -> BTreeSet<String> {
    let all = std::fs::read_dir(folder.path(codes)).expect("a folder");
    all.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

fn cells(run: &Run) -> Vec<String> {
    rows(&run.stdout).iter().map(|row| row["qr_file"].clone()).collect()
}

#[test]
fn each_row_has_a_file_and_its_name() {
    let folder = folder();
    let run = folder
        .generate(&["--qr", "codes"])
        .done()
        .tells("1 file in codes could not be called as --qr-name says (the first is of row 4)");
    assert_eq!(cells(&run), ["1234567.svg", "1234568.svg", "1234567-2.svg"]);
    assert_eq!(
        names(&folder, "codes").into_iter().collect::<Vec<_>>(),
        ["1234567-2.svg", "1234567.svg", "1234568.svg"]
    );
    assert!(folder.read("codes/1234567.svg").starts_with("<svg "));
    assert_eq!(folder.files().iter().filter(|name| name.starts_with('.')).count(), 0);
    // the same on any number of threads
    for threads in ["1", "3"] {
        let again = folder.generate(&["--qr", "codes", "--force", "-j", threads]).done();
        assert_eq!(again.stdout, run.stdout);
    }
    let run = folder
        .generate(&[
            "--qr",
            "named",
            "--qr-name",
            "{city}-{customer_id}",
            "--qr-format",
            "png",
        ])
        .done();
    assert_eq!(
        cells(&run),
        ["Köln-1234567.png", "Bonn_Süd-1234568.png", "Köln-1234567-2.png"]
    );
    assert!(folder.bytes("named/Köln-1234567.png").starts_with(b"\x89PNG"));
}

#[test]
fn the_folder_is_complete_or_not_there() {
    let folder = folder();
    folder.generate(&["--qr", "codes"]).done();
    folder
        .call(&all(&[
            &["generate", "customers.csv", "-o", "links.csv", "--qr", "codes"],
            &USUAL,
        ]))
        .refused(2, "the folder is not empty", "--force");
    folder.write("notes", "");
    for (file, what) in [("notes", "exists"), ("customers.csv", "would overwrite the input")] {
        let args = ["generate", "customers.csv", "-o", "links.csv", "--qr", file, "--force"];
        folder.call(&all(&[&args, &USUAL])).refused(2, what, "");
    }
    // a bad row
    folder.write("bad.csv", format!("{LIST},spring26,Ulm\n"));
    let args = all(&[
        &["generate", "bad.csv", "-o", "links.csv", "--qr", "none"],
        &USUAL,
        &FIXED,
    ]);
    let run = folder.run(&args).status(1);
    run.expect(
        !folder.path("none").exists() && !folder.path("links.csv").exists(),
        "nothing was written",
    );
    let before: BTreeSet<String> = folder.files().into_iter().collect();
    folder.run(&all(&[&args, &["--rejects", "rejected.csv"]])).status(1);
    assert_eq!(names(&folder, "none").len(), 3);
    let added = folder.files().into_iter().filter(|name| !before.contains(name)).count();
    assert_eq!(added, 5, "three codes, the links and the rejects");
}

#[test]
fn no_code_takes_the_place_of_a_keyring_a_ledger_or_the_list() {
    let folder = Folder::with_list("customer_id\na\nb\nc\n");
    let keyring = std::fs::read_to_string(folder.default_keyring()).expect("a keyring");
    std::fs::create_dir(folder.path("codes")).expect("made");
    let call = |list: &str| {
        folder.call(&all(&[
            &["generate", list, "-o", "links.csv", "--qr", "codes", "--force"],
            &USUAL,
        ]))
    };
    let untouched = |name: &str, text: &[u8]| {
        assert_eq!(folder.bytes(name), text);
        assert_eq!(names(&folder, "codes").len(), 1, "no other code is written");
        assert!(!folder.path("links.csv").exists());
        std::fs::remove_file(folder.path(name)).expect("removed");
    };
    folder.write("codes/b.svg", &keyring);
    call("customers.csv").refused(2, "b.svg: the file is a keyring", "--force does not help");
    untouched("codes/b.svg", keyring.as_bytes());
    let mut ledger = b"SQLite format 3\0".to_vec();
    ledger.resize(100, 0);
    ledger[68..72].copy_from_slice(b"lmnt");
    folder.write("codes/b.svg", &ledger);
    call("customers.csv").refused(2, "b.svg: the file is a ledger", "--force does not help");
    untouched("codes/b.svg", &ledger);
    folder.write("codes/b.svg", "customer_id\na\nb\nc\n");
    call("codes/b.svg").refused(2, "a code would overwrite the input", "--qr");
    untouched("codes/b.svg", b"customer_id\na\nb\nc\n");
    // a folder in the way stops it before anything is replaced
    std::fs::create_dir(folder.path("codes/c.svg")).expect("made");
    call("customers.csv").refused(2, "c.svg: it is a folder", "");
    assert_eq!(names(&folder, "codes").len(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_there_is_filled_and_not_put_away() {
    use std::os::unix::fs::MetadataExt;
    let folder = Folder::with_list("customer_id\na\nb\n");
    std::fs::create_dir(folder.path("real")).expect("made");
    let inode = || std::fs::metadata(folder.path("real")).expect("there").ino();
    let before = inode();
    std::os::unix::fs::symlink("real", folder.path("linked")).expect("linked");
    let call = |codes: &str| {
        folder.call(&all(&[
            &["generate", "customers.csv", "-o", "linked/links.csv", "--qr", codes],
            &USUAL,
        ]))
    };
    call("linked").run().done();
    assert_eq!(inode(), before);
    assert_eq!(
        names(&folder, "real").into_iter().collect::<Vec<_>>(),
        ["a.svg", "b.svg", "links.csv"]
    );
    std::os::unix::fs::symlink("nothing", folder.path("dangling")).expect("linked");
    std::fs::remove_file(folder.path("real/links.csv")).expect("removed");
    call("dangling").refused(2, "dangling: it is a symbolic link to a file that is not there", "");
    assert!(!folder.path("real/links.csv").exists());
}

#[test]
fn no_two_rows_share_a_file() {
    // of one name to Windows and macOS, which know no case
    let folder = Folder::with_list("customer_id\nstraße\nSTRASSE\nﬁn\nfin\nſ\ns\nCOM¹\n");
    let cells = cells(&folder.generate(&["--qr", "codes"]).done());
    assert_eq!(
        cells,
        [
            "straße.svg",
            "STRASSE-2.svg",
            "ﬁn.svg",
            "fin-2.svg",
            "ſ.svg",
            "s-2.svg",
            "_COM¹.svg"
        ]
    );
}

#[test]
fn flags_that_make_no_sense_are_refused() {
    let folder = folder();
    for (flags, told, hint) in [
        (&["--qr", "codes", "--qr-name", "{town}"][..], "town", ""),
        (
            &["--qr", "codes", "--qr-name", "{city"],
            "a brace has no partner",
            "placeholder",
        ),
        (
            &["--qr", "codes", "--qr-name", "city}"],
            "a brace has no partner",
            "placeholder",
        ),
        (&["--qr-name", "{city}"], "--qr", ""),
        (&["--qr", "codes", "--strict"], "--strict", ""),
        (&["--qr", "codes", "--qr-size", "0"], "--qr-size", ""),
    ] {
        folder
            .call(&all(&[&["generate", "customers.csv"], flags, &USUAL]))
            .refused(2, told, hint);
    }
    folder
        .generate(&["--qr", "codes", "--qr-size", "20", "--qr-format", "png"])
        .status(1)
        .tells("the QR code needs ");
    let long = format!("https://shop.example/{}", "p".repeat(2_400));
    let run = folder.run(&[
        "generate",
        "customers.csv",
        "--base-url",
        &long,
        "--expires-in",
        "24h",
        "--qr",
        "codes",
    ]);
    run.status(1).tells("the link is too long: ").tells("--qr-level L");
    assert!(!folder.path("codes").exists());
}

#[test]
fn capitals_make_smaller_codes_and_the_preview_tells_it() {
    let folder = folder();
    let run = folder
        .run(&all(&[
            &["generate", "customers.csv", "--preview", "--text", "base32"],
            &USUAL,
        ]))
        .done();
    run.expect(
        run.stdout
            .contains("as a QR code: version 6, 41 × 41 modules; with --text base32-upper: version 5, 37 × 37 modules"),
        "both versions",
    );
    let run = folder
        .run(&all(&[
            &["generate", "customers.csv", "--preview", "--text", "base32-upper"],
            &USUAL,
        ]))
        .done();
    run.expect(
        run.stdout.contains("as a QR code: version 5, 37 × 37 modules\n"),
        "the best one",
    );
    let token = folder.token(&["customer_id=1", "--text", "base32-upper"]);
    assert_eq!(token, token.to_uppercase());
    let run = folder.run(&[
        "verify",
        &token,
        "--now",
        crate::support::ISSUED,
        "--print",
        "customer_id",
    ]);
    run.done().prints("1\n");
}

#[test]
fn one_link_is_drawn_to_a_file_or_the_terminal() {
    let folder = Folder::new();
    let sign = all(&[&["sign", "customer_id=1"], &USUAL, &FIXED]);
    let link = folder.run(&sign).done().stdout;
    for (name, begins) in [("code.svg", &b"<svg "[..]), ("code.PNG", b"\x89PNG")] {
        folder.run(&all(&[&sign, &["--qr", name]])).done().prints(&link);
        assert!(folder.bytes(name).starts_with(begins));
        folder
            .call(&all(&[&sign, &["--qr", name]]))
            .refused(2, "exists", "--force");
        folder.run(&all(&[&sign, &["--qr", name, "--force"]])).done();
    }
    let run = folder.run(&all(&[&sign, &["--qr", "-"]])).done();
    run.expect(
        run.stdout.starts_with(&link) && run.stdout.lines().count() > 15,
        "the link and its code",
    );
    folder
        .call(&all(&[&sign, &["--qr", "-", "--json"]]))
        .refused(2, "no JSON", "code.svg");
    folder
        .call(&all(&[&sign, &["--qr", "code.jpg"]]))
        .refused(2, "neither SVG nor PNG", "code.svg");
    folder
        .call(&all(&[&sign, &["--qr", "small.png", "--qr-size", "9"]]))
        .refused(2, "pixels at least", "SVG");
}

/// What ZBar reads in each of the pictures, in their order.
fn read_back(folder: &Folder, codes: &str, files: &[String]) -> Vec<String> {
    let run = std::process::Command::new("zbarimg")
        .args(["--raw", "-q", "-Sdisable", "-Sqrcode.enable"])
        .args(files)
        .current_dir(folder.path(codes))
        .output()
        .expect("zbarimg of zbar-tools");
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "it needs zbarimg of zbar-tools, and some minutes"]
fn zbar_reads_every_code_as_the_very_link() {
    let folder = Folder::new();
    let mut list = "customer_id,campaign_id,product_id\n".to_owned();
    for row in 0..625 {
        list += &format!("{},spring{},SKU-{}\n", 1_000_000 + row * 7_919, row % 40, row * 31);
    }
    folder.write("customers.csv", list);
    let forms: [&[&str]; 8] = [
        &[],
        &["--text", "base32"],
        &["--text", "base32-upper"],
        &["--seal"],
        &["--seal", "--text", "base32-upper"],
        &["--public"],
        &["--public", "--text", "base32-upper"],
        &["--format", "jwt"],
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let codes = format!("codes{number}");
        let levels = ["L", "M", "Q", "H"];
        let flags = ["--qr", &codes, "--qr-format", "png", "--qr-level", levels[number % 4]];
        let run = folder
            .run(&all(&[&["generate", "customers.csv"], &USUAL, &FIXED, &flags, form]))
            .done();
        let all = rows(&run.stdout);
        for part in all.chunks(125) {
            let files: Vec<String> = part.iter().map(|row| row["qr_file"].clone()).collect();
            let links: Vec<String> = part.iter().map(|row| row["url_link"].clone()).collect();
            assert_eq!(read_back(&folder, &codes, &files), links, "{form:?}");
        }
    }
}
