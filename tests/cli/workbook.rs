//! Excel workbooks through the program: what people's files hold comes out as it is, and what can't be read says so.

mod odd;

use crate::books;
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder with a home of its own, in which the program runs.
struct Place(TempDir);

/// What came of a run.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
    command: String,
}

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/customers.xlsx");

/// For a run that is the same every time.
const FLAGS: [&str; 5] = ["--never-expires", "--no-link", "--first-id", "000000000001", "--quiet"];

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linkmint"));
        command.args(arguments).current_dir(self.0.path());
        command
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home/config"));
        for variable in ["LINKMINT_KEYRING", "LINKMINT_KEY", "LINKMINT_LEDGER"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::thread::scope(|scope| {
            // the program may end before it has read all
            scope.spawn(move || stdin.write_all(input));
            let Output { status, stdout, stderr } = child.wait_with_output().expect("ended");
            Run {
                status: status.code().expect("no signal"),
                stdout: String::from_utf8(stdout).expect("UTF-8"),
                stderr: String::from_utf8(stderr).expect("UTF-8"),
                command: arguments.join(" "),
            }
        })
    }

    /// The list that a workbook becomes, without the new columns.
    fn csv_of(&self, name: &str, more: &[&str]) -> Vec<String> {
        let run = self.run(&[&["generate", name], &FLAGS[..], more].concat());
        run.expect(0);
        let cut = |line: &str| line.rsplitn(3, [',', ';']).last().expect("a first part").to_owned();
        run.stdout.lines().map(cut).collect()
    }

    /// Makes a workbook of one sheet.
    fn make(&self, name: &str, fill: impl FnOnce(&mut Worksheet)) {
        let mut workbook = Workbook::new();
        fill(workbook.add_worksheet());
        workbook.save(self.path(name)).expect("saved");
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("written");
    }
}

impl Run {
    #[track_caller]
    fn expect(&self, status: i32) -> &Self {
        let Run { stdout, stderr, .. } = self;
        assert_eq!(
            self.status, status,
            "{}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
            self.command
        );
        self
    }

    #[track_caller]
    fn says(&self, text: &str) -> &Self {
        assert!(
            self.stderr.contains(text),
            "{}\nlacks {text:?}:\n{}",
            self.command,
            self.stderr
        );
        self
    }
}

/// Writes rows of texts.
fn texts(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).expect("written");
        }
    }
}

/// All cells of a workbook's first sheet; only texts are expected in it.
fn read(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).expect("read");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).expect("a sheet");
    let text = |cell: &Data| match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{other:?} is no text"),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn cells_are_their_values() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        let day = Format::new().set_num_format("dd.mm.yyyy");
        let clock = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let lasting = Format::new().set_num_format("[h]:mm:ss");
        texts(sheet, &[&["customer_id", "value"]]);
        let noon = ExcelDateTime::parse_from_str("2026-11-30T18:00:00").expect("a time");
        let midnight = ExcelDateTime::parse_from_str("2026-11-30").expect("a date");
        sheet.write_number(1, 1, 1_234_567.0).expect("written");
        sheet.write_number(2, 1, 4.68e17).expect("written");
        sheet.write_number(3, 1, 19.95).expect("written");
        sheet
            .write_datetime_with_format(4, 1, &midnight, &day)
            .expect("written");
        sheet.write_datetime_with_format(5, 1, &noon, &clock).expect("written");
        sheet
            .write_datetime_with_format(6, 1, &midnight, &clock)
            .expect("written");
        sheet.write_number_with_format(7, 1, 1.5, &lasting).expect("written");
        sheet.write_boolean(8, 1, true).expect("written");
        sheet
            .write_formula(9, 1, Formula::new("=1+1").set_result("2"))
            .expect("written");
        sheet
            .write_formula(10, 1, Formula::new("=\"a\"&\"b\"").set_result("ab"))
            .expect("written");
        sheet.write_string(11, 1, "0042").expect("written");
        sheet.write_string(12, 1, "#N/A").expect("written");
        sheet.write_string(13, 1, "a,\"b\"").expect("written");
        for row in 1..=13 {
            sheet.write_number(row, 0, f64::from(row)).expect("written");
        }
    });
    let expected = [
        "customer_id,value",
        "1,1234567",
        "2,468000000000000000",
        "3,19.95",
        "4,2026-11-30",
        "5,2026-11-30T18:00:00",
        "6,2026-11-30T00:00:00",
        "7,36h",
        "8,TRUE",
        "9,2",
        "10,ab",
        "11,0042",
        "12,#N/A",
        "13,\"a,\"\"b\"\"\"",
    ];
    assert_eq!(place.csv_of("list.xlsx", &[]), expected);
}

#[test]
fn a_claim_is_the_id_as_excel_holds_it() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(sheet, &[&["customer_id"]]);
        sheet.write_number(1, 0, 1_234_567.0).expect("written");
    });
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    let row = run.expect(0).stdout.lines().nth(1).expect("a row");
    let token = row.split(',').nth(1).expect("a token");
    let verified = place.run(&["verify", token, "--print", "customer_id"]);
    assert_eq!(verified.expect(0).stdout, "1234567\n");
}

#[test]
fn a_sheet_that_lacks_the_column_is_told_with_the_one_that_has_it() {
    let place = Place::new();
    let mut workbook = Workbook::new();
    let mut add = |name: &str, rows: &[&[&str]]| {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        texts(sheet, rows);
    };
    add("Cover", &[&["Spring campaign"], &["made by Anna"]]);
    add("My customers", &[&["Customer ID", "name"], &["1001", "Anna"]]);
    add("Sent", &[&["token"], &["x"]]);
    workbook.save(place.path("list.xlsx")).expect("saved");
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    run.expect(2)
        .says("hint: the sheet \"My customers\" has it: add --sheet \"My customers\"");
    place.run(&["key", "new"]).expect(0);
    let run = place.run(&["verify", "--file", "list.xlsx"]);
    run.expect(2)
        .says("hint: the sheet \"Sent\" has it: add --sheet \"Sent\"");
    // the flag of the hint reads it, and where no sheet has the column there is no such hint
    let sheet = ["--sheet", "My customers"];
    place
        .run(&[&["generate", "list.xlsx"], &FLAGS[..], &sheet].concat())
        .expect(0);
    let claims = ["--claims", "nobody_has_it"];
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..], &sheet, &claims].concat());
    assert!(!run.expect(2).stderr.contains("--sheet"), "{}", run.stderr);
}

#[test]
fn an_error_rejects_its_row_and_the_same_text_does_not() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(
            sheet,
            &[
                &["customer_id", "note"],
                &["1", "#N/A"],
                &["2", ""],
                &["3", "fine"],
                &["4", ""],
            ],
        );
        sheet
            .write_formula(2, 1, Formula::new("=NA()").set_result("#N/A"))
            .expect("written");
        sheet
            .write_formula(4, 0, Formula::new("=1/0").set_result("#DIV/0!"))
            .expect("written");
    });
    let list = make_errors(&place.path("list.xlsx"));
    place.write("errors.xlsx", list);
    let run = place.run(&[&["generate", "errors.xlsx", "-o", "links.csv"], &FLAGS[..]].concat());
    run.expect(1)
        .says("linkmint: errors.xlsx: row 3, column note: the cell holds the error #N/A\n")
        .says("linkmint: errors.xlsx: row 5, column customer_id: the cell holds the error #DIV/0!\nhint: mend the formula")
        .says("2 of 4 rows are bad: nothing was written");
    let flags = ["generate", "errors.xlsx", "-o", "links.csv", "--rejects", "bad.xlsx"];
    place.run(&[&flags, &FLAGS[..]].concat()).expect(1);
    assert_eq!(
        fs::read_to_string(place.path("links.csv"))
            .expect("written")
            .lines()
            .count(),
        3
    );
    let bad = read(&place.path("bad.xlsx"));
    assert_eq!(bad[0], ["row", "error", "customer_id", "note"]);
    assert_eq!(bad[1], ["3", "column note: the cell holds the error #N/A", "2", "#N/A"]);
    assert_eq!(bad[2][0], "5");
}

/// rust_xlsxwriter marks no result of a formula as an error, as Excel does.
fn make_errors(path: &Path) -> Vec<u8> {
    rewrite(path, "xl/worksheets/sheet1.xml", |xml| {
        assert!(xml.contains("<v>#N/A</v>") && xml.contains("<v>#DIV/0!</v>"), "{xml}");
        let cells = xml.split("<c ").collect::<Vec<_>>();
        let marked = cells.into_iter().map(|cell| match cell.contains("<f>") {
            true => cell.replace(" t=\"str\"", "").replacen('>', " t=\"e\">", 1),
            false => cell.to_owned(),
        });
        marked.collect::<Vec<_>>().join("<c ")
    })
}

/// A workbook with one of its parts changed.
fn rewrite(path: &Path, part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(fs::File::open(path).expect("opened")).expect("a workbook");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..old.len() {
        let mut file = old.by_index(number).expect("a part");
        let name = file.name().expect("UTF-8").to_string();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).expect("read");
        if name == part {
            text = change(text);
        }
        new.start_file(name, zip::write::SimpleFileOptions::DEFAULT)
            .expect("begun");
        new.write_all(text.as_bytes()).expect("written");
    }
    new.finish().expect("finished").into_inner()
}

#[test]
fn leading_zeros_of_a_number_format_are_warned_of() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        let zeros = Format::new().set_num_format("00000");
        texts(sheet, &[&["customer_id", "campaign_id", "shelf"], &["00007", "", ""]]);
        for (row, number) in [(2, 12_345.0), (3, 42.0), (5, 43.0)] {
            sheet.write_number_with_format(row, 0, number, &zeros).expect("written");
            sheet.write_number_with_format(row, 2, number, &zeros).expect("written");
        }
        for row in 1..=5 {
            sheet.write_number(row, 1, 5.0).expect("written");
        }
        sheet.write_string(4, 0, "x").expect("written");
    });
    let run = place.run(&["generate", "list.xlsx", "--never-expires", "--no-link"]);
    run.expect(0).says(
        "linkmint: warning: 2 rows have an id that the spreadsheet shows with leading zeros or other text of a number \
        format, and the token has it without (the first is row 4)\nhint: ",
    );
    assert_eq!(run.stderr.matches("warning:").count(), 1, "{}", run.stderr);
    assert!(run.stdout.contains("\n42,5,42,"), "{}", run.stdout);
    let strict = place.run(&["generate", "list.xlsx", "--never-expires", "--no-link", "--strict"]);
    strict
        .expect(1)
        .says("linkmint: list.xlsx: row 4, column customer_id: the spreadsheet shows leading zeros");
}

#[test]
fn dates_and_times_of_a_workbook_are_meant_in_the_zone() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(sheet, &[&["customer_id", "until"], &["1"], &["2"]]);
        let (day, clock) = (
            Format::new().set_num_format_index(14),
            Format::new().set_num_format_index(22),
        );
        let time = ExcelDateTime::parse_from_str("2099-11-30T18:00:00").expect("a time");
        let date = ExcelDateTime::parse_from_str("2099-11-30").expect("a date");
        sheet.write_datetime_with_format(1, 1, &time, &clock).expect("written");
        sheet.write_datetime_with_format(2, 1, &date, &day).expect("written");
    });
    let flags = ["--expiry-column", "until", "--timezone", "Europe/Berlin", "--no-link"];
    let run = place.run(&[&["generate", "list.xlsx"], &flags[..]].concat());
    let ends: Vec<_> = run
        .expect(0)
        .stdout
        .lines()
        .filter_map(|line| line.rsplit(',').next())
        .collect();
    assert_eq!(ends, ["expires_at", "2099-11-30T17:00:00Z", "2099-11-30T23:00:00Z"]);
}

#[test]
fn a_list_in_another_encoding_becomes_a_workbook() {
    let place = Place::new();
    place.write("latin.csv", b"customer_id;name\r\n1;Zo\xeb \x80\r\n");
    let utf16: Vec<u8> = "\u{feff}customer_id\tname\r\n1\tZoë €\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    place.write("unicode.csv", utf16);
    for (name, encoding) in [("latin.csv", &["--encoding", "windows-1252"][..]), ("unicode.csv", &[])] {
        let flags = [&["generate", name, "-o", "links.xlsx", "--force"], &FLAGS[..], encoding].concat();
        place.run(&flags).expect(0);
        assert_eq!(read(&place.path("links.xlsx"))[1][..2], ["1", "Zoë €"], "{name}");
    }
    let run = place.run(&[&["generate", "links.xlsx", "--encoding", "utf-8"], &FLAGS[..]].concat());
    run.expect(2)
        .says("linkmint: --encoding: links.xlsx is a workbook, which has no encoding\nhint: ");
}

#[test]
fn a_sheet_may_begin_lower_and_hold_blank_rows() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        let yellow = Format::new().set_background_color(rust_xlsxwriter::Color::Yellow);
        sheet.write_string(2, 1, "customer_id").expect("written");
        sheet.write_string(2, 2, "name").expect("written");
        sheet.write_string(3, 1, "1").expect("written");
        sheet.write_string(6, 1, " ").expect("written");
        sheet.write_string(7, 2, "no id").expect("written");
        sheet.write_blank(7, 9, &yellow).expect("written");
        sheet.write_blank(900, 0, &yellow).expect("written");
    });
    let run = place.run(&[
        "generate",
        "list.xlsx",
        "-o",
        "links.csv",
        "--never-expires",
        "--no-link",
    ]);
    run.expect(1)
        .says("linkmint: list.xlsx: row 8, column customer_id: ")
        .says("2 rows, 1 rejected, 3 blank")
        .says("(sheet \"Sheet1\")");
    let run = place.run(&[
        "generate",
        "list.xlsx",
        "--never-expires",
        "--no-link",
        "--claims",
        "nobody",
    ]);
    run.expect(2)
        .says("linkmint: --claims in list.xlsx: row 3: there is no column \"nobody\"");
    let flags = ["generate", "list.xlsx", "-o", "links.xlsx", "--rejects", "bad.csv"];
    place.run(&[&flags, &FLAGS[..]].concat()).expect(1);
    assert_eq!(
        read(&place.path("links.xlsx"))[0],
        ["customer_id", "name", "token", "expires_at"]
    );
    let bad = fs::read_to_string(place.path("bad.csv")).expect("written");
    assert_eq!(
        bad.lines().nth(1).map(|line| line.starts_with("8,")),
        Some(true),
        "{bad}"
    );
}

#[test]
fn cells_beside_the_table_stay_and_don_t_make_their_row_bad() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(sheet, &[&["customer_id"], &["1", "", "call back"], &["2"]]);
    });
    assert_eq!(place.csv_of("list.xlsx", &[]), ["customer_id,,", "1,,call back", "2,,"]);
    let undeclared = rewrite(&place.path("list.xlsx"), "xl/worksheets/sheet1.xml", |xml| {
        assert!(xml.contains("<dimension ref=\"A1:C3\"/>"), "{xml}");
        xml.replace("<dimension ref=\"A1:C3\"/>", "")
    });
    place.write("undeclared.xlsx", undeclared);
    assert_eq!(
        place.csv_of("undeclared.xlsx", &[]),
        ["customer_id,,", "1,,call back", "2,,"]
    );
}

#[test]
fn the_1904_system_rich_text_merged_and_hidden_cells_are_read() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        let (day, bold) = (Format::new().set_num_format("dd.mm.yyyy"), Format::new().set_bold());
        texts(sheet, &[&["customer_id", "when", "who"], &["1"], &["2"], &["3"]]);
        for row in 1..=3 {
            sheet.write_number_with_format(row, 1, 44_894.0, &day).expect("written");
        }
        sheet
            .write_rich_string(1, 2, &[(&bold, "Ada "), (&Format::new(), "Lovelace")])
            .expect("written");
        sheet.merge_range(2, 2, 3, 2, "both", &bold).expect("merged");
        sheet.set_row_hidden(2).expect("hidden");
        sheet.set_column_hidden(1).expect("hidden");
    });
    let old_mac = rewrite(&place.path("list.xlsx"), "xl/workbook.xml", |xml| {
        assert!(xml.contains("<workbookPr "), "{xml}");
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    place.write("mac.xlsx", old_mac);
    let expected = [
        "customer_id,when,who",
        "1,2026-11-30,Ada Lovelace",
        "2,2026-11-30,both",
        "3,2026-11-30,",
    ];
    assert_eq!(place.csv_of("mac.xlsx", &[]), expected);
}

#[test]
fn a_csv_becomes_a_workbook_of_texts() {
    let place = Place::new();
    let csv = "\u{feff}sep=;\r\ncustomer_id;note\r\n0042;\"a;b\"\"\n\"\r\n;\r\n+4917;=1+1 <&> _x0041_ \u{7}\r\n";
    place.write("list.csv", csv);
    let flags = [
        "--base-url",
        "https://shop.example/p",
        "--never-expires",
        "-o",
        "links.xlsx",
    ];
    place.run(&[&["generate", "list.csv"], &flags[..]].concat()).expect(0);
    let rows = read(&place.path("links.xlsx"));
    assert_eq!(rows[0], ["customer_id", "note", "token", "url_link", "expires_at"]);
    assert_eq!(rows[1][..2], ["0042", "a;b\"\n"]);
    assert_eq!(rows[2].concat(), "");
    assert_eq!(rows[3][..2], ["+4917", "=1+1 <&> _x0041_ \u{7}"]);
    assert!(rows[3][3].starts_with("https://shop.example/p/"), "{:?}", rows[3]);
    let written = fs::read(place.path("links.xlsx")).expect("read");
    place
        .run(&[&["generate", "list.csv"], &flags[..]].concat())
        .expect(2)
        .says("the file exists");
    assert_eq!(fs::read(place.path("links.xlsx")).expect("read"), written);
}

#[test]
fn a_workbook_comes_out_as_comma_separated_values_unless_told_otherwise() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(sheet, &[&["customer_id", "a,b"], &["1", "c;d"]])
    });
    assert_eq!(place.csv_of("list.xlsx", &[]), ["customer_id,\"a,b\"", "1,c;d"]);
    assert_eq!(
        place.csv_of("list.xlsx", &["-d", ";"]),
        ["customer_id;a,b", "1;\"c;d\""]
    );
    assert_eq!(place.csv_of("list.xlsx", &["--no-header", "--claims", "id=1"]).len(), 2);
}

#[test]
fn a_workbook_comes_through_a_pipe() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| texts(sheet, &[&["customer_id"], &["1"]]));
    let bytes = fs::read(place.path("list.xlsx")).expect("read");
    let arguments = [&["generate", "-"], &FLAGS[..]].concat();
    let run = place.run_with(&arguments, &bytes);
    assert!(
        run.expect(0).stdout.starts_with("customer_id,token,expires_at\n1,"),
        "{}",
        run.stdout
    );
    let run = place.run_with(&arguments, &bytes[..bytes.len() / 2]);
    run.expect(3)
        .says("linkmint: standard input: the workbook can't be read: ");
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let place = Place::new();
    let mut workbook = Workbook::new();
    for (name, id) in [("Hidden", "0"), ("Spring 26", "1"), ("Ünterlagen", "2"), ("Empty", "")] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        if !id.is_empty() {
            texts(sheet, &[&["customer_id"], &[id]]);
        }
    }
    workbook.worksheet_from_index(1).expect("there").set_active(true);
    workbook.worksheet_from_index(0).expect("there").set_hidden(true);
    workbook.save(place.path("list.xlsx")).expect("saved");
    assert_eq!(place.csv_of("list.xlsx", &[])[1], "1");
    assert_eq!(place.csv_of("list.xlsx", &["--sheet", "ünterlagen"])[1], "2");
    assert_eq!(place.csv_of("list.xlsx", &["--sheet", "Hidden"])[1], "0");
    let sheet = |name| place.run(&[&["generate", "list.xlsx", "--sheet", name], &FLAGS[..]].concat());
    sheet("Winter").expect(2).says(
        "linkmint: list.xlsx: the workbook has no sheet \"Winter\"\n\
        hint: it has \"Hidden\", \"Spring 26\", \"Ünterlagen\", \"Empty\"\n",
    );
    sheet("Empty")
        .expect(3)
        .says("linkmint: list.xlsx: the sheet \"Empty\" is empty\nhint: --sheet chooses another");
}

#[test]
fn what_is_no_workbook_says_so() {
    let place = Place::new();
    place.write("list.csv", "customer_id\n1\n");
    place.write("renamed.xlsx", "customer_id\n1\n");
    place.write("empty.xlsx", "");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("list.csv", zip::write::SimpleFileOptions::DEFAULT)
        .expect("begun");
    archive.write_all(b"customer_id\n1\n").expect("written");
    place.write("list.zip", archive.finish().expect("finished").into_inner());
    place.write("locked.xlsx", books::compound("EncryptedPackage", &[]));
    place.make("cut.xlsx", |sheet| texts(sheet, &[&["customer_id"], &["1"]]));
    let cut = fs::read(place.path("cut.xlsx")).expect("read");
    place.write("cut.xlsx", &cut[..cut.len() - 40]);
    let run = |name| place.run(&[&["generate", name], &FLAGS[..]].concat());
    for name in ["renamed.xlsx", "empty.xlsx"] {
        let run = run(name);
        run.expect(3).says(&format!(
            "linkmint: {name}: this is no workbook, though its name says so\nhint: open it"
        ));
    }
    run("list.zip")
        .expect(3)
        .says("linkmint: list.zip: this is no workbook, though it is a ZIP archive\nhint: unpack it");
    run("locked.xlsx")
        .expect(3)
        .says("linkmint: locked.xlsx: the workbook is protected by a password\nhint: ");
    run("cut.xlsx")
        .expect(3)
        .says("linkmint: cut.xlsx: the workbook can't be read: ");
    let sheet = place.run(&[&["generate", "list.csv", "--sheet", "A"], &FLAGS[..]].concat());
    sheet
        .expect(2)
        .says("linkmint: --sheet: list.csv is no workbook, it has no sheets\nhint: ");
    let old = place.run(&[&["generate", "list.csv", "-o", "links.xls"], &FLAGS[..]].concat());
    old.expect(2)
        .says("linkmint: links.xls: workbooks are written as .xlsx only\nhint: ");
}

#[test]
fn a_workbook_of_links_is_verified() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(
            sheet,
            &[&["customer_id", "note"], &["", "x"], &["0042", ""], &["7", ""]],
        );
        sheet.write_number(1, 0, 1_234_567.0).expect("written");
    });
    let flags = [
        "--base-url",
        "https://shop.example/p",
        "--never-expires",
        "-o",
        "links.xlsx",
        "-q",
    ];
    place.run(&[&["generate", "list.xlsx"], &flags[..]].concat()).expect(0);
    place
        .run(&["verify", "--file", "links.xlsx", "-o", "checked.xlsx"])
        .expect(0);
    let checked = read(&place.path("checked.xlsx"));
    assert_eq!(checked[0][5..], ["verified_status", "verified_expires_at"]);
    assert!(checked[1..].iter().all(|row| row[5] == "valid"), "{checked:?}");
    let json = place.run(&["verify", "--file", "links.xlsx", "--json", "-q"]);
    assert!(
        json.expect(0).stdout.contains("\"row\":2,\"line\":null"),
        "{}",
        json.stdout
    );
    let run = place.run(&["verify", "--file", "links.xlsx", "--json", "-o", "lines.xlsx"]);
    run.expect(2)
        .says("linkmint: --json: it writes lines of JSON, which are no workbook\nhint: ");
    assert!(!place.path("lines.xlsx").exists());

    let rows = read(&place.path("links.xlsx"));
    let swapped = [&rows[0], &rows[1], &rows[2]].map(|row| row.iter().map(String::as_str).collect::<Vec<_>>());
    let swapped = [&swapped[0][..], &[&["1"], &swapped[1][1..]].concat(), &swapped[2]].map(<[&str]>::to_vec);
    place.make("swapped.xlsx", |sheet| {
        texts(sheet, &swapped.each_ref().map(Vec::as_slice))
    });
    let run = place.run(&["verify", "--file", "swapped.xlsx", "--only-invalid"]);
    assert!(run.expect(1).stdout.contains("row_mismatch"), "{}", run.stdout);

    place.make("tokens.xlsx", |sheet| {
        texts(sheet, &[&[""], &[&rows[1][2]], &[&rows[2][2]], &["no token"]])
    });
    let run = place.run(&["verify", "--file", "tokens.xlsx", "-o", "answers.xlsx", "-q"]);
    run.expect(1);
    let answers = read(&place.path("answers.xlsx"));
    assert_eq!(answers[0], ["text", "verified_status", "verified_expires_at"]);
    assert_eq!(
        answers.iter().map(|row| row[1].as_str()).collect::<Vec<_>>()[1..],
        ["valid", "valid", "malformed"]
    );
}

#[test]
fn an_open_document_is_read_too() {
    const CONTENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
        <table:table table:name="List"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>customer_id</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>since</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="float" office:value="1234567"><text:p>1.234.567,00</text:p>
        </table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-11-30"><text:p>30.11.26</text:p>
        </table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    const MANIFEST: &str = r#"<?xml version="1.0"?><manifest:manifest
        xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"></manifest:manifest>"#;
    let place = Place::new();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // between cells there is nothing, as every program writes it
    let content = CONTENT.replace(">\n        <", "><");
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
        ("META-INF/manifest.xml", MANIFEST),
    ];
    for (name, text) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::DEFAULT)
            .expect("begun");
        archive.write_all(text.as_bytes()).expect("written");
    }
    place.write("list.ods", archive.finish().expect("finished").into_inner());
    assert_eq!(
        place.csv_of("list.ods", &[]),
        ["customer_id,since", "1234567,2026-11-30"]
    );
    let run = place.run(&[&["generate", "list.ods", "--claims", "nobody"], &FLAGS[..]].concat());
    run.expect(2).says("--claims in list.ods: row 3: there is no column");
}

#[test]
fn a_text_too_long_for_a_cell_leaves_no_workbook() {
    let place = Place::new();
    place.write(
        "list.csv",
        format!("customer_id,note\n1,fine\n2,{}\n", "x".repeat(32_768)),
    );
    let run = place.run(&[&["generate", "list.csv", "-o", "links.xlsx"], &FLAGS[..]].concat());
    run.expect(1).says(
        "linkmint: list.csv: row 3, line 3, column note: a cell of a sheet holds 32767 characters, this one has \
         32768\nhint: shorten it, or write the output to a .csv file",
    );
    let left: Vec<_> = fs::read_dir(place.0.path())
        .expect("a folder")
        .map(|entry| entry.expect("one").file_name())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_text_too_long_for_a_cell_rejects_its_row_alone() {
    let place = Place::new();
    // counted as Excel does: in units of UTF-16
    let (fits, long) = ("😀".repeat(16_383) + "x", "😀".repeat(16_384));
    place.write(
        "list.csv",
        format!("customer_id,note\n1,fine\n2,{long}\n3,{fits}\n4,\"{long}\nand more\"\n5,\n"),
    );
    let generate = ["generate", "list.csv", "-o", "links.xlsx", "--rejects", "bad.csv"];
    let run = place.run(&[&generate[..], &FLAGS[..]].concat());
    run.expect(1)
        .says("row 3, line 3, column note: a cell of a sheet holds 32767 characters, this one has 32768");
    let ids: Vec<String> = place
        .csv_of("links.xlsx", &["--replace"])
        .iter()
        .map(|line| line.split(',').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(ids, ["customer_id", "1", "3", "5"]);
    let bad = fs::read_to_string(place.path("bad.csv")).expect("the rejects");
    assert!(bad.contains("3,\"column note: a cell of a sheet holds 32767 characters, this one has 32768\",2,"));
    // CSV holds any
    let run = place.run(&[&["generate", "list.csv", "-o", "links.csv"], &FLAGS[..]].concat());
    run.expect(0);
    // a link that a cell makes too long
    place.write("list.csv", format!("customer_id,page\n1,a\n2,{}\n", "ü".repeat(6_000)));
    let url = [
        "--claims",
        "customer_id",
        "--url",
        "https://shop.example/?p={page}&t={token}",
    ];
    let run = place.run(&[&generate[..], &["--force"], &url, &["--expires-in", "1d"]].concat());
    run.expect(1)
        .says("row 3, line 3: a cell of a sheet holds 32767 characters, the link has 36");
    // and the lists that are checked
    place.write("list.csv", format!("token,note\nx,fine\ny,{}\n", "x".repeat(32_768)));
    let verify = [
        "verify",
        "--file",
        "list.csv",
        "-o",
        "checked.xlsx",
        "--rejects",
        "bad.csv",
        "--force",
    ];
    place
        .run(&verify)
        .expect(1)
        .says("column note: a cell of a sheet holds 32767 characters, this one has 32768");
}

#[test]
#[ignore = "a million rows take half a minute without optimisation"]
fn more_rows_than_a_sheet_has_leave_no_workbook() {
    let place = Place::new();
    place.write("list.csv", "i\n".repeat(1_048_577));
    let run = place.run(&[
        "generate",
        "list.csv",
        "-o",
        "l.xlsx",
        "--no-claims",
        "--never-expires",
        "--no-link",
    ]);
    run.expect(3)
        .says("linkmint: l.xlsx: row 1048577: a sheet holds 1048576 rows, and there are more\nhint: ");
    assert!(!place.path("l.xlsx").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once() {
    let place = Place::new();
    place.write("list.csv", "customer_id\n1\n");
    std::os::unix::fs::symlink("/dev/full", place.path("links.xlsx")).expect("linked");
    let run = place.run(&[&["generate", "list.csv", "-o", "links.xlsx", "--force"], &FLAGS[..]].concat());
    run.expect(3).says("linkmint: links.xlsx: no space left on device");
    assert!(!run.stderr.contains("Zip"), "{}", run.stderr);
}

/// The rows of `samples/customers.xlsx`, and how it is made: `cargo test --test cli -- --ignored make_the_sample`.
fn sample() -> Workbook {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1).expect("a date");
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet().set_name("Customers").expect("a name");
    let (bold, zeros) = (Format::new().set_bold(), Format::new().set_num_format("00000"));
    let (day, lasting) = (
        Format::new().set_num_format("dd.mm.yyyy"),
        Format::new().set_num_format("[h]:mm"),
    );
    for (column, name) in (0..).zip(["customer_id", "campaign_id", "name", "since", "duration", "active"]) {
        sheet.write_string_with_format(0, column, name, &bold).expect("written");
    }
    let names = [
        "Ada Byron",
        "Jürgen Groß",
        "Zoë O’Neil",
        "Łukasz Żak",
        "渡辺 花子",
        "Siân, Rhys & Co.",
    ];
    for (row, name) in (1..).zip(names) {
        let since = ExcelDateTime::from_ymd(2025, row as u8, 28).expect("a date");
        sheet
            .write_number(row, 0, 1_234_560.0 + f64::from(row))
            .expect("written");
        sheet.write_string(row, 1, "0042").expect("written");
        sheet.write_string(row, 2, name).expect("written");
        sheet.write_datetime_with_format(row, 3, &since, &day).expect("written");
        sheet
            .write_number_with_format(row, 4, f64::from(row) / 2.0, &lasting)
            .expect("written");
        sheet.write_boolean(row, 5, row % 2 == 0).expect("written");
    }
    sheet.write_number_with_format(6, 0, 42.0, &zeros).expect("written");
    workbook
        .add_worksheet()
        .set_name("Notes")
        .expect("a name")
        .write_string(0, 0, "Export of 1 July")
        .expect("written");
    workbook
}

#[test]
#[ignore = "it writes samples/customers.xlsx"]
fn make_the_sample() {
    sample().save(SAMPLE).expect("saved");
}

#[test]
fn the_sample_is_the_one_that_is_made() {
    let place = Place::new();
    sample().save(place.path("sample.xlsx")).expect("saved");
    let kept = place.csv_of(SAMPLE, &[]);
    assert_eq!(kept, place.csv_of("sample.xlsx", &[]));
    assert_eq!(kept[1], "1234561,0042,Ada Byron,2025-01-28,12h,FALSE");
    assert_eq!(kept[6], "42,0042,\"Siân, Rhys & Co.\",2025-06-28,72h,TRUE");
}
