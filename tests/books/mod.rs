//! Workbooks of every kind, made byte by byte: what no program at hand writes, and what none should.

#![allow(dead_code, reason = "each test uses some of them")]

use std::io::{Cursor, Write};

/// A workbook of parts that are written as they are.
pub(crate) fn archive<B: AsRef<[u8]>>(parts: &[(&str, B)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::DEFAULT)
            .expect("begun");
        archive.write_all(bytes.as_ref()).expect("written");
    }
    archive.finish().expect("finished").into_inner()
}

const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(all: &[(&str, &str, &str)]) -> Vec<u8> {
    let relation = |(id, kind, target): &(&str, &str, &str)| {
        format!("<Relationship Id=\"{id}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = all.iter().map(relation).collect();
    format!("<Relationships>{all}</Relationships>").into_bytes()
}

/// The parts of an .xlsx with this sheet and these shared texts.
pub(crate) fn xlsx_parts(sheet: &[u8], texts: &str) -> Vec<(&'static str, Vec<u8>)> {
    let main = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"00000\"/></numFmts>\
        <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>";
    let own = [
        ("a", "worksheet", "worksheets/sheet1.xml"),
        ("b", "styles", "styles.xml"),
        ("c", "sharedStrings", "sharedStrings.xml"),
    ];
    vec![
        ("_rels/.rels", relations(&[("m", "officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", main.into()),
        ("xl/_rels/workbook.xml.rels", relations(&own)),
        ("xl/worksheets/sheet1.xml", sheet.to_vec()),
        ("xl/styles.xml", styles.into()),
        ("xl/sharedStrings.xml", texts.into()),
    ]
}

pub(crate) fn xlsx(sheet: &[u8], texts: &str) -> Vec<u8> {
    archive(&xlsx_parts(sheet, texts))
}

/// A sheet's XML, of the XML of its rows.
pub(crate) fn sheet(before: &str, rows: &str) -> String {
    format!("<worksheet>{before}<sheetData>{rows}</sheetData></worksheet>")
}

/// The first row of a sheet: `customer_id`, `greeting`.
pub(crate) const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>customer_id</t></is></c>\
    <c r=\"B1\" t=\"inlineStr\"><is><t>greeting</t></is></c></row>";

/// The parts of an .ods with these styles and rows, indented.
pub(crate) fn ods_parts(styles: &str, table: &str) -> Vec<(&'static str, Vec<u8>)> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content>\n  <office:automatic-styles>{styles}\
        </office:automatic-styles>\n  <office:body>\n    <office:spreadsheet>\n      <table:table table:name=\"L\">\
        {table}</table:table>\n    </office:spreadsheet>\n  </office:body>\n</office:document-content>\n"
    );
    let manifest = "<manifest:manifest></manifest:manifest>";
    vec![
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml", content.into()),
        ("META-INF/manifest.xml", manifest.into()),
    ]
}

pub(crate) fn ods(styles: &str, table: &str) -> Vec<u8> {
    archive(&ods_parts(styles, table))
}

pub(crate) fn ods_text(text: &str) -> String {
    format!(
        "\n          <table:table-cell office:value-type=\"string\">\n            <text:p>{text}</text:p>\n          \
        </table:table-cell>"
    )
}

pub(crate) fn ods_row(cells: &[String]) -> String {
    format!(
        "\n        <table:table-row>{}\n        </table:table-row>\n",
        cells.concat()
    )
}

/// The parts of an .xlsb with two columns (MS-XLSB 2.1.7 and 2.3): a text of its own, a shared one and a number in each row.
pub(crate) fn xlsb_parts(rows: u32) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [(units.len() as u32 / 2).to_le_bytes().to_vec(), units].concat()
    };
    let numbers = |numbers: &[u32]| {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let mut book = Vec::new();
    record(0x83, &[], &mut book);
    record(0x8f, &[], &mut book);
    record(0x9c, &[numbers(&[0, 1]), wide("a"), wide("S")].concat(), &mut book);
    record(0x90, &[], &mut book);
    record(0x84, &[], &mut book);
    let mut sheet = Vec::new();
    record(0x81, &[], &mut sheet);
    record(0x94, &numbers(&[0, rows, 0, 1]), &mut sheet);
    record(0x91, &[], &mut sheet);
    for row in 0..=rows {
        record(0, &[numbers(&[row, 0]), vec![0; 9]].concat(), &mut sheet);
        match row {
            0 => record(6, &[numbers(&[0, 0]), wide("customer_id")].concat(), &mut sheet),
            _ => record(
                5,
                &[numbers(&[0, 0]), f64::from(row).to_le_bytes().to_vec()].concat(),
                &mut sheet,
            ),
        }
        record(7, &numbers(&[1, 0, row % 2]), &mut sheet);
    }
    record(0x92, &[], &mut sheet);
    record(0x82, &[], &mut sheet);
    let mut texts = Vec::new();
    record(0x9f, &numbers(&[2, 2]), &mut texts);
    for text in ["name", "Ann"] {
        record(0x13, &[vec![0], wide(text)].concat(), &mut texts);
    }
    record(0xa0, &[], &mut texts);
    let own = [
        ("a", "worksheet", "worksheets/sheet1.bin"),
        ("b", "sharedStrings", "sharedStrings.bin"),
    ];
    vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", relations(&[("m", "officeDocument", "xl/workbook.bin")])),
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", relations(&own)),
        ("xl/worksheets/sheet1.bin", sheet),
        ("xl/sharedStrings.bin", texts),
    ]
}

/// A record of an .xlsb: its kind and its length in groups of seven bits.
fn record(kind: u32, bytes: &[u8], out: &mut Vec<u8>) {
    for mut number in [kind, bytes.len() as u32] {
        while number > 0x7f {
            out.push(number as u8 | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
    }
    out.extend_from_slice(bytes);
}

/// An .xls with two columns (MS-XLS 2.4).
pub(crate) fn xls(rows: u16) -> Vec<u8> {
    let mut book = Vec::new();
    let mut push = |kind: u16, parts: &[&[u8]]| {
        let bytes = parts.concat();
        book.extend_from_slice(&kind.to_le_bytes());
        book.extend_from_slice(&(bytes.len() as u16).to_le_bytes());
        book.extend_from_slice(&bytes);
        book.len()
    };
    let begin = |kind: u8| [0, 6, kind, 0, 0xbb, 0x0d, 0xcc, 0x07, 0, 0, 0, 0, 6, 0, 0, 0];
    push(0x0809, &[&begin(5)]);
    let name_at = push(0x0085, &[&[0; 6], &[1, 0, b'S']]) - 9;
    let text = |text: &str| [&(text.len() as u16).to_le_bytes(), &[0][..], text.as_bytes()].concat();
    push(
        0x00fc,
        &[
            &3_u32.to_le_bytes(),
            &3_u32.to_le_bytes(),
            &text("customer_id"),
            &text("name"),
            &text("Ann"),
        ],
    );
    let start = push(0x000a, &[]) as u32;
    push(0x0809, &[&begin(0x10)]);
    push(
        0x0200,
        &[
            &0_u32.to_le_bytes(),
            &(u32::from(rows) + 1).to_le_bytes(),
            &[0, 0, 2, 0, 0, 0],
        ],
    );
    for row in 0..=rows {
        let at = |column: u16| [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        match row {
            0 => push(0x00fd, &[&at(0), &0_u32.to_le_bytes()]),
            row if row % 2 == 0 => push(0x027e, &[&at(0), &(u32::from(row) << 2 | 2).to_le_bytes()]),
            row => push(0x0203, &[&at(0), &f64::from(row).to_le_bytes()]),
        };
        let shared = if row == 0 { 1_u32 } else { 2 };
        push(0x00fd, &[&at(1), &shared.to_le_bytes()]);
    }
    push(0x000a, &[]);
    book[name_at..name_at + 4].copy_from_slice(&start.to_le_bytes());
    compound("Workbook", &book)
}

/// A compound file with one stream (MS-CFB 2.2 to 2.6), of up to 120 sectors.
pub(crate) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    // a shorter one would stand elsewhere
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    assert!(sectors < 120, "the table has one sector");
    let mut file = vec![0xff_u8; 512 * 3];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0; 76]);
    put(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    // the allocation table is sector 0, the folder sector 1, the stream begins in sector 2
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4096_u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(64, &0_u32.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(72, &0_u32.to_le_bytes());
    put(76, &0_u32.to_le_bytes());
    put(512, &0xffff_fffd_u32.to_le_bytes());
    put(516, &END.to_le_bytes());
    for sector in 0..sectors {
        let next = if sector + 1 == sectors { END } else { sector as u32 + 3 };
        put(520 + 4 * sector, &next.to_le_bytes());
    }
    put(1024, &[0; 512]);
    let entries = [("Root Entry", 5, END, 0), (name, 2, 2, stream.len() as u64)];
    for (number, (name, kind, start, length)) in entries.into_iter().enumerate() {
        let at = 1024 + number * 128;
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(at, &letters);
        put(at + 64, &(letters.len() as u16 + 2).to_le_bytes());
        put(at + 66, &[kind, 1]);
        put(at + 68, &[0xff; 12]);
        put(at + 116, &start.to_le_bytes());
        put(at + 120, &length.to_le_bytes());
    }
    file.extend_from_slice(&stream);
    file
}
