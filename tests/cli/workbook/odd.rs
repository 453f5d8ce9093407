//! Workbooks that are not as Excel writes them: what they hold comes out all the same, or is told.

use super::{FLAGS, Place, rewrite, texts};
use crate::books::{HEADER, ods, ods_row, ods_text, sheet, xlsx};
use std::fs;
use std::process::Stdio;

/// What is told of a workbook that its reader did not survive.
const UNREADABLE: &str = "the workbook can't be read";

#[test]
fn a_sheet_that_claims_to_be_endless_is_refused_in_little_memory() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| texts(sheet, &[&["customer_id"], &["1"]]));
    let sheet = "xl/worksheets/sheet1.xml";
    let far_row = rewrite(&place.path("list.xlsx"), sheet, |xml| {
        xml.replace("<row r=\"2\"", "<row r=\"4294967295\"")
            .replace("\"A2\"", "\"A4294967295\"")
    });
    let far_column = rewrite(&place.path("list.xlsx"), sheet, |xml| xml.replace("\"A2\"", "\"ZZZ2\""));
    for bytes in [far_row, far_column] {
        place.write("far.xlsx", bytes);
        let run = place.run(&[&["generate", "far.xlsx"], &FLAGS[..]].concat());
        run.expect(3).says(UNREADABLE).says("hint: it may be damaged; open it");
    }
}

#[test]
fn the_process_that_reads_a_workbook_answers_in_frames() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| texts(sheet, &[&["customer_id"], &["1"]]));
    let mut command = place.command(&["read-workbook", "44"]);
    let mut child = command
        .stdin(fs::File::open(place.path("list.xlsx")).expect("opened"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut frames = Vec::new();
    std::io::Read::read_to_end(&mut child.stdout.take().expect("a pipe"), &mut frames).expect("read");
    assert!(child.wait().expect("ended").success());
    assert!(frames.starts_with(b"O"), "{frames:?}");
    assert!(frames.ends_with(b"E\0\0\0\0"), "{frames:?}");
}

#[test]
fn a_formula_without_a_value_rejects_the_row_that_needs_it_and_is_told_elsewhere() {
    let place = Place::new();
    let rows = |id: &str, greeting: &str| {
        format!(
            "{HEADER}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><f>\"\"</f><v></v></c></row>\
            <row r=\"3\"><c r=\"A3\">{id}</c><c r=\"B3\">{greeting}</c></row>"
        )
    };
    let calculated = "<f>1+1</f><v>2</v>";
    // as openpyxl and others write what they don't calculate
    for never in ["<f>1+1</f>", "<f>1+1</f><v/>", "<f>1+1</f><v></v>"] {
        place.write("list.xlsx", xlsx(sheet("", &rows(never, calculated)).as_bytes(), ""));
        let run = place.run(&[&["generate", "list.xlsx", "-o", "links.csv"], &FLAGS[..]].concat());
        run.expect(1).says(
            "linkmint: list.xlsx: row 3, column customer_id: the formula was never calculated\n\
            hint: open the workbook in Excel and save it",
        );
        place.write("list.xlsx", xlsx(sheet("", &rows(calculated, never)).as_bytes(), ""));
        let run = place.run(&["generate", "list.xlsx", "--never-expires", "--no-link"]);
        run.expect(0).says(
            "linkmint: warning: 1 row has a formula that was never calculated, and its cell comes out empty: \
            column \"greeting\" (row 3)\nhint: open the workbook in Excel and save it",
        );
        assert!(run.stdout.contains("\n2,,"), "{}", run.stdout);
        let flags = ["--url", "https://shop.example/{greeting}/{token}", "--never-expires"];
        let needed = place.run(&[&["generate", "list.xlsx"], &flags[..]].concat());
        needed
            .expect(1)
            .says("row 3, column greeting: the formula was never calculated");
        let strict = place.run(&["generate", "list.xlsx", "--never-expires", "--no-link", "--strict"]);
        strict
            .expect(1)
            .says("row 3, column greeting: the formula was never calculated");
        // a row of nothing else is no blank one
        place.write("list.xlsx", xlsx(sheet("", &rows(never, never)).as_bytes(), ""));
        let run = place.run(&[
            "generate",
            "list.xlsx",
            "-o",
            "links.csv",
            "--never-expires",
            "--no-link",
        ]);
        run.expect(1)
            .says("row 3, column customer_id: the formula was never calculated")
            .says("0 blank");
    }
}

#[test]
fn a_claim_against_a_formula_without_a_value_is_not_decided() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| texts(sheet, &[&["customer_id"], &["1"]]));
    let token = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    let token = token
        .expect(0)
        .stdout
        .lines()
        .nth(1)
        .and_then(|row| row.split(',').nth(1))
        .expect("a token")
        .to_owned();
    let rows = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>customer_id</t></is></c>\
        <c r=\"B1\" t=\"inlineStr\"><is><t>token</t></is></c></row><row r=\"2\"><c r=\"A2\"><f>1</f></c>\
        <c r=\"B2\" t=\"inlineStr\"><is><t>{token}</t></is></c></row>"
    );
    place.write("links.xlsx", xlsx(sheet("", &rows).as_bytes(), ""));
    let run = place.run(&["verify", "--file", "links.xlsx", "-o", "checked.csv"]);
    run.expect(1)
        .says("row 2, column customer_id: the formula was never calculated");
}

#[test]
fn a_number_has_the_15_digits_that_excel_shows() {
    let place = Place::new();
    let rows = format!(
        "{HEADER}<row r=\"2\"><c r=\"A2\"><v>10023.000000000002</v></c><c r=\"B2\"><v>0.30000000000000004</v></c></row>\
        <row r=\"3\"><c r=\"A3\"><v>9007199254740991</v></c><c r=\"B3\"><v>1.9950000000000001E1</v></c></row>"
    );
    place.write("list.xlsx", xlsx(sheet("", &rows).as_bytes(), ""));
    assert_eq!(
        place.csv_of("list.xlsx", &[])[1..],
        ["10023,0.3", "9007199254740991,19.95"]
    );
}

#[test]
fn what_a_sheet_says_of_its_size_is_not_believed() {
    let place = Place::new();
    let rows = format!("{HEADER}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>7</v></c></row>");
    let table = "<sst count=\"9\" uniqueCount=\"4000000000\"><si><t>unused</t></si>\
        <si><r><t>K</t></r><r><t xml:space=\"preserve\">-42</t></r><rPh><t>spoken</t></rPh></si></sst>";
    for area in ["", "A0", "A0:AZ48943", "A1:ZZZZZZ99999999999", "nonsense", "A1", "B2"] {
        let dimension = format!("<dimension ref=\"{area}\"/>");
        place.write("list.xlsx", xlsx(sheet(&dimension, &rows).as_bytes(), table));
        assert_eq!(
            place.csv_of("list.xlsx", &[]),
            ["customer_id,greeting", "K-42,7"],
            "{area}"
        );
    }
}

#[test]
fn a_sheet_in_utf16_is_read() {
    let place = Place::new();
    let rows = format!(
        "{HEADER}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><v>Zoë &amp; 渡辺 😀</v></c></row>"
    );
    let text = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}",
        sheet("", &rows)
    );
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let part: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
        place.write("list.xlsx", xlsx(&part, ""));
        assert_eq!(place.csv_of("list.xlsx", &[])[1], "1,Zoë & 渡辺 😀");
    }
}

#[test]
fn an_error_that_only_newer_programs_know_rejects_its_row() {
    let place = Place::new();
    let rows = format!("{HEADER}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"e\"><v>#SPILL!</v></c></row>");
    place.write("list.xlsx", xlsx(sheet("", &rows).as_bytes(), ""));
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    run.expect(1)
        .says("row 2, column greeting: the cell holds the error #SPILL!");
}

#[test]
fn a_part_that_unpacks_to_far_more_than_the_file_is_refused() {
    let place = Place::new();
    let long = format!("<sst><si><t>{}</t></si></sst>", " ".repeat(96 << 20));
    place.write("list.xlsx", xlsx(sheet("", HEADER).as_bytes(), &long));
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    run.expect(3)
        .says("a part of it is too large, unpacked, for a file of its size");
}

#[test]
fn a_cell_over_8_mib_ends_the_list() {
    let place = Place::new();
    let long = "x".repeat((8 << 20) + 1);
    let rows = format!("{HEADER}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><v>{long}</v></c></row>");
    place.write("list.xlsx", xlsx(sheet("", &rows).as_bytes(), ""));
    let run = place.run(&[&["generate", "list.xlsx"], &FLAGS[..]].concat());
    run.expect(3)
        .says("linkmint: list.xlsx: row 2: a row is longer than 8 MiB\nhint: ");
}

#[test]
fn times_and_durations_of_an_open_document_are_told_apart() {
    let place = Place::new();
    let styles = "<number:time-style style:name=\"N1\" number:truncate-on-overflow=\"false\"><number:hours/></number:time-style>\
        <number:time-style style:name=\"N2\"><number:hours/></number:time-style>\
        <number:date-style style:name=\"N3\"><number:year/><number:hours/></number:date-style>\
        <style:style style:name=\"lasting\" style:family=\"table-cell\" style:data-style-name=\"N1\"/>\
        <style:style style:name=\"clock\" style:family=\"table-cell\" style:data-style-name=\"N2\"/>\
        <style:style style:name=\"both\" style:family=\"table-cell\" style:data-style-name=\"N3\"/>";
    let cell = |kind: &str, value: &str, style: &str| {
        let style = if style.is_empty() {
            String::new()
        } else {
            format!(" table:style-name=\"{style}\"")
        };
        format!(
            "<table:table-cell office:value-type=\"{kind}\" office:{kind}-value=\"{value}\"{style}><text:p>shown</text:p></table:table-cell>"
        )
    };
    let table = [
        (cell("time", "PT18H00M00S", "clock"), "18:00:00"),
        (cell("time", "PT18H00M00S", ""), "18:00:00"),
        (cell("time", "PT18H00M00S", "lasting"), "18h"),
        (cell("time", "PT36H30M00S", "lasting"), "36h30m"),
        (cell("time", "PT36H30M00S", ""), "36h30m"),
        (cell("time", "PT00H00M10.500000000S", "lasting"), "10.500s"),
        (cell("date", "2026-11-30", ""), "2026-11-30"),
        (cell("date", "2026-11-30", "both"), "2026-11-30T00:00:00"),
        (cell("date", "2026-11-30T18:00:00", "both"), "2026-11-30T18:00:00"),
        (cell("boolean", "true", ""), "TRUE"),
    ];
    let header = ods_row(&[ods_text("customer_id"), ods_text("value")]);
    let rows: Vec<_> = table
        .iter()
        .map(|(cell, _)| ods_row(&[ods_text("7"), cell.clone()]))
        .collect();
    place.write("list.ods", ods(styles, &(header.clone() + &rows.concat())));
    let expected: Vec<_> = table.iter().map(|(_, text)| format!("7,{text}")).collect();
    assert_eq!(place.csv_of("list.ods", &[])[1..], expected);
    // a column's style is that of its cells without one
    let columns = "<table:table-column/><table:table-column table:number-columns-repeated=\"2\" table:default-cell-style-name=\"lasting\"/>";
    place.write("list.ods", ods(styles, &(columns.to_owned() + &header + &rows[1])));
    assert_eq!(place.csv_of("list.ods", &[])[1], "7,18h");
}

#[test]
fn an_open_document_may_be_indented_repeated_and_never_calculated() {
    let place = Place::new();
    let formula = "<table:table-cell table:formula=\"of:=[.A1]\"/>".to_owned();
    let error = "<table:table-cell table:formula=\"of:=NA()\" office:value-type=\"string\" office:string-value=\"\" \
        calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>"
        .to_owned();
    let note = "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>a note</text:p></office:annotation>\
        <text:p>two<text:s text:c=\"2\"/>spaces\n   and <text:span>more</text:span></text:p><text:p>lines &amp; &#233;</text:p></table:table-cell>".to_owned();
    let rows = [
        ods_row(&[ods_text("customer_id"), ods_text("note")]),
        ods_row(&[ods_text("1"), note]),
        ods_row(&[ods_text("2"), ods_text("x")]).replace("table-row>\n          <", "table-row table:number-rows-repeated=\"2\">\n          <"),
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>".to_owned(),
        ods_row(&[ods_text("3"), formula]),
        ods_row(&[ods_text("4"), error]),
        "<table:table-row table:number-rows-repeated=\"1048568\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>".to_owned(),
    ];
    place.write("list.ods", ods("", &rows.concat()));
    let run = place.run(&[
        "generate",
        "list.ods",
        "--never-expires",
        "--no-link",
        "--rejects",
        "bad.csv",
        "-o",
        "good.csv",
    ]);
    run.expect(1)
        .says("row 8, column note: the cell holds the error #N/A")
        .says("1 row has a formula that was never calculated, and its cell comes out empty: column \"note\" (row 7)")
        .says("5 rows, 1 rejected, 2 blank");
    let good = fs::read_to_string(place.path("good.csv")).expect("written");
    assert!(good.contains("\n1,\"two  spaces and more\nlines & é\","), "{good}");
    assert_eq!(good.matches("\n2,x,").count(), 2, "{good}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_ends_with_who_wanted_its_rows() {
    use std::io::BufRead;
    const SHEET: &str = "ends with its reader";
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        sheet.set_name(SHEET).expect("a name");
        texts(sheet, &[&["customer_id"]]);
        for row in 1..40_000 {
            sheet.write_number(row, 0, f64::from(row)).expect("written");
        }
    });
    let arguments = [
        "generate",
        "list.xlsx",
        "--sheet",
        SHEET,
        "--never-expires",
        "--no-link",
        "-q",
    ];
    let mut child = place
        .command(&arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    let mut rows = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    rows.read_line(&mut line).expect("a row");
    drop(rows);
    assert!(child.wait().expect("ended").success());
    let processes = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let left = processes.filter(|process| {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(&format!("--sheet={SHEET}"))
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn what_stands_for_no_text_ends_the_list_at_its_row() {
    let place = Place::new();
    let good = "<row r=\"2\"><c r=\"A2\"><v>8</v></c></row>";
    let refused = |rows: &str, table: &str, row: u32, reason: &str| {
        place.write(
            "list.xlsx",
            xlsx(sheet("", &format!("{HEADER}{good}{rows}")).as_bytes(), table),
        );
        let run = place.run(&[
            "generate",
            "list.xlsx",
            "--no-link",
            "--expires-in",
            "1h",
            "-o",
            "links.csv",
        ]);
        run.expect(3)
            .says(&format!("row {row}: the workbook can't be read"))
            .says(reason);
        assert!(!place.path("links.csv").exists());
    };
    let reason = "a text has \"&foo;\", which stands for nothing";
    let cells = [
        "<c r=\"A3\" t=\"str\"><v>&foo;</v></c>",
        "<c r=\"A3\" t=\"inlineStr\"><is><t>12&foo;34</t></is></c>",
        "<c r=\"A3\"><v>12&foo;34</v></c>",
    ];
    for cell in cells {
        refused(&format!("<row r=\"3\">{cell}</row>"), "", 3, reason);
    }
    let shared = "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>99</v></c></row>";
    refused(shared, "", 3, "a cell's text is not there");
    place.write(
        "list.xlsx",
        xlsx(
            sheet("", &format!("{HEADER}{good}")).as_bytes(),
            "<sst><si><t>a&bad;b</t></si></sst>",
        ),
    );
    let run = place.run(&["generate", "list.xlsx", "--no-link", "--expires-in", "1h"]);
    run.expect(3).says("a text has \"&bad;\", which stands for nothing");
}

#[test]
fn a_cell_beyond_the_sheet_is_told_with_its_own_row() {
    let place = Place::new();
    place.make("list.xlsx", |sheet| {
        texts(sheet, &[&["customer_id"], &["1"], &["2"], &["3"]]);
    });
    let part = "xl/worksheets/sheet1.xml";
    let far = rewrite(&place.path("list.xlsx"), part, |xml| xml.replace("\"A3\"", "\"XFE3\""));
    place.write("far.xlsx", far);
    let run = place.run(&[&["generate", "far.xlsx"], &FLAGS[..]].concat());
    run.expect(3).says("far.xlsx: row 3").says("a cell lies beyond");
}
