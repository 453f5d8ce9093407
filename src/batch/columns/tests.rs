use super::*;
use crate::batch::NewCells;
use crate::batch::generate::{
    self, Checks, ClaimPlan, Expiry, ExpiryPlan, LinkPlan, RowForm, customary_claims, settle_claims,
};
use crate::batch::run::{self, List, Outputs, Sink};
use crate::batch::{NewCell, verify as row_verify};
use crate::check::Rules;
use crate::key::{Key, Secret};
use crate::link::LinkPattern;
use crate::moment::{TimeReader, UnixTime, Zone};
use crate::table::{Chunk, Header, ReadOptions, RecordReader, Row};
use crate::token::{Form, TokenId};

struct Column(Vec<Option<String>>);

impl Cells for Column {
    fn text(&self, row: usize) -> Option<&[u8]> {
        self.0[row].as_deref().map(str::as_bytes)
    }
}

const NAMES: [&str; 5] = ["customer_id", "Campaign ID", "city", "duration", "base_url"];
const ISSUED: UnixTime = UnixTime(1_790_000_000);

fn key() -> Key {
    Key::new(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"))
}

/// Rows of all kinds: good ones, with times and addresses of their own, repeated, quoted, empty and too long.
fn rows(count: usize) -> Vec<[String; 5]> {
    let row = |number: usize| {
        let customer = match number % 23 {
            3 => String::new(),
            5 => " 1005 ".to_owned(),
            7 => "\"quoted\"".to_owned(),
            8 => "x".repeat(600),
            9 => "a,b".to_owned(),
            11 => "4.68E+17".to_owned(),
            _ => (100_000 + number).to_string(),
        };
        let duration = ["", "2h", "soon", ""][number % 13 % 4];
        let base = ["", "https://own.example/p", "nonsense", ""][number % 17 % 4];
        let city = format!("Zürich {}", number % 3);
        [
            customer,
            "spring26".to_owned(),
            city,
            duration.to_owned(),
            base.to_owned(),
        ]
    };
    (0..count).map(row).collect()
}

fn columns(rows: &[[String; 5]]) -> Vec<Column> {
    (0..5)
        .map(|place| Column(rows.iter().map(|row| Some(row[place].clone())).collect()))
        .collect()
}

fn plan(header: &Header, form: RowForm, places: NewCells, strict: bool, dedupe: bool) -> generate::Plan {
    let times = TimeReader::new(Zone::utc());
    let mut expiry = ExpiryPlan::new(ISSUED, None, Some(Expiry::At(UnixTime(ISSUED.0 + 86_400))), times);
    expiry.as_mut().expect("times").duration_column = Some(3);
    let pattern = LinkPattern::from_template("https://shop.example/{token}?c={city}").expect("a template");
    let claims = customary_claims(header).expect("the columns");
    Plan {
        width: header.len(),
        claims: settle_claims(claims, Form::default()).expect("claims"),
        expiry: expiry.expect("times"),
        expiry_format: None,
        link: Some(LinkPlan::new(Some((pattern, vec![2])), Some(4), None)),
        places,
        form,
        capitals: false,
        drawings: Default::default(),
        first_id: TokenId::from_number(0x5a1d).expect("an id"),
        checks: Checks {
            strict,
            sealed: false,
            duplicates: !dedupe,
            dedupe,
            campaigns: None,
        },
        keep: None,
    }
}

fn header() -> Header {
    Header::of_names(NAMES.map(str::to_owned).to_vec())
}

fn of_columns(strict: bool, dedupe: bool, ids: Option<Arc<[u64]>>) -> generate::Plan {
    let columns = NAMES.map(str::to_owned).to_vec();
    let form = RowForm::Values(generate::Values { columns, ids });
    plan(&header(), form, NewCells::new([], b',', false), strict, dedupe)
}

/// The same rows as `generate` has them, bad ones in their places with what is wrong.
fn as_list(rows: &[[String; 5]], strict: bool, dedupe: bool) -> (Vec<[String; 3]>, Report) {
    let mut text = NAMES.join(",");
    for row in rows {
        text.push('\n');
        let mut cells = Vec::new();
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                cells.push(b',');
            }
            crate::table::push_cell(cell.as_bytes(), b',', &mut cells);
        }
        text += &String::from_utf8(cells).expect("UTF-8");
    }
    let (reader, preamble) = RecordReader::open(text.as_bytes(), ReadOptions::default()).expect("a list");
    let places = ["token", "url_link", "expires_at", "error"].map(|name| NewCell::Appended(name.to_owned()));
    let form = RowForm::CellsAndErrors {
        columns: NAMES.map(str::to_owned).to_vec(),
    };
    let places = NewCells::new(places, b',', false).with_errors();
    let plan = plan(&preamble.header, form, places, strict, dedupe);
    let mut out = Vec::new();
    let outputs = Outputs {
        output: Sink::text(&mut out),
        rejects: None,
        progress: &|_, _| {},
    };
    let list = List::new(reader, &preamble, NonZeroUsize::MIN);
    let minter = Minter::new(&key(), Form::default());
    let (report, result) = run::generate(list, &Arc::new(plan), &minter, outputs);
    result.expect("written");
    let (mut reader, _) = RecordReader::open(out.as_slice(), ReadOptions::default()).expect("a list");
    let (mut chunk, mut rows) = (Chunk::default(), Vec::new());
    while reader.fill(&mut chunk).expect("read") {
        let cells = |row: Row<'_>| [5, 6, 8].map(|place| row.text(place).expect("UTF-8").into_owned());
        rows.extend(chunk.page().rows().map(cells));
    }
    (rows, report)
}

/// What columns give, in the same shape.
fn as_columns(rows: &[[String; 5]], plan: Plan, cuts: &[usize], threads: usize) -> (Vec<[String; 3]>, Report) {
    let (plan, needed) = narrow(plan);
    assert_eq!(needed, [0, 1, 2, 3, 4]);
    let mut parts = Vec::new();
    let mut rest = rows;
    for cut in cuts {
        let (part, others) = rest.split_at(*cut);
        parts.push((part.len(), columns(part)));
        rest = others;
    }
    parts.push((rest.len(), columns(rest)));
    let batches: Vec<Batch<'_>> = parts
        .iter()
        .map(|(rows, columns)| Batch {
            rows: *rows,
            columns: columns.iter().map(|column| column as &dyn Cells).collect(),
            out_of_range: Vec::new(),
        })
        .collect();
    let minter = Minter::new(&key(), Form::default());
    let threads = NonZeroUsize::new(threads).expect("a thread");
    let (minted, report) = mint(
        &batches,
        &Arc::new(plan),
        &minter,
        threads,
        &|| true,
        Spare::default(),
        |part| part,
    )
    .expect("short texts");
    let mut all = Vec::new();
    for batch in &minted {
        let text = |texts: &Texts, row: usize| {
            let (start, end) = (texts.ends[row] as usize, texts.ends[row + 1] as usize);
            String::from_utf8(texts.bytes[start..end].to_vec()).expect("UTF-8")
        };
        for row in 0..batch.expires_at.len() {
            let error = batch.rejects.iter().find(|(place, _)| *place == row);
            let error = error.map(|(_, error)| error.clone()).unwrap_or_default();
            all.push([text(&batch.tokens, row), text(&batch.links, row), error]);
        }
    }
    (all, report)
}

#[test]
fn columns_get_what_the_same_rows_of_a_list_get() {
    let mut rows = rows(3_000);
    // repeated customers, near and far
    rows[20] = rows[19].clone();
    rows[2_900] = rows[30].clone();
    for (strict, dedupe) in [(false, false), (true, false), (false, true)] {
        let (list, list_report) = as_list(&rows, strict, dedupe);
        for (cuts, threads) in [(&[][..], 1), (&[0, 1, 1_023, 0, 700], 3)] {
            let (own, report) = as_columns(&rows, of_columns(strict, dedupe, None), cuts, threads);
            for (row, (own, other)) in own.iter().zip(&list).enumerate() {
                // a list numbers its rows as a spreadsheet does
                assert_eq!(own[..2], other[..2], "row {row}, {strict} {dedupe} {cuts:?}");
                assert_eq!(own[2].is_empty(), other[2].is_empty(), "row {row}");
                if !other[2].contains("row ") {
                    assert_eq!(own[2], other[2], "row {row}");
                }
            }
            assert_eq!(own.len(), list.len());
            assert_eq!((report.rows, report.rejected), (list_report.rows, list_report.rejected));
            let counts = |report: &Report| -> Vec<_> {
                let lints = report.tally.lints();
                lints.map(|(lint, found)| (lint, found.count)).collect()
            };
            assert_eq!(counts(&report), counts(&list_report));
        }
    }
}

#[test]
fn an_id_is_that_of_the_number_that_goes_with_the_row() {
    let rows = rows(40);
    let (straight, _) = as_columns(&rows, of_columns(false, false, None), &[], 1);
    let backwards: Vec<_> = rows.iter().rev().cloned().collect();
    let ids: Arc<[u64]> = (0..40).rev().collect();
    let (mut turned, _) = as_columns(&backwards, of_columns(false, false, Some(ids)), &[7], 2);
    turned.reverse();
    assert_eq!(turned, straight);
}

#[test]
fn columns_are_checked_as_the_rows_of_a_list() {
    let rows = rows(50);
    let (minted, _) = as_columns(&rows, of_columns(false, false, None), &[], 1);
    let cells = |cells: Vec<String>| Column(cells.into_iter().map(Some).collect());
    let mut customers: Vec<_> = rows.iter().map(|row| row[0].clone()).collect();
    customers[1] = "another".to_owned();
    let links = cells(minted.iter().map(|[_, link, _]| link.clone()).collect());
    let customers = cells(customers);
    let header = Header::of_names(vec!["url_link".to_owned(), "customer_id".to_owned()]);
    let rules = Rules::new([key().into()], UnixTime(ISSUED.0 + 7_200));
    let tokens = row_verify::TokenColumns::only(0);
    let output = RowOutput::Values(vec!["campaign_id".to_owned()]);
    let plan = VerifyPlan {
        matches: tokens.matches(Vec::new(), header.names(), |_| true),
        ..VerifyPlan::new(rules, tokens, Some(&header), output)
    };
    let batch = Batch {
        rows: 50,
        columns: vec![&links, &customers],
        out_of_range: Vec::new(),
    };
    let (checked, report) =
        verify(&[batch], &Arc::new(plan), NonZeroUsize::MIN, &|| true, |part| part).expect("short texts");
    let checked = &checked[0];
    assert_eq!(report.rows, 50);
    for (row, [token, ..]) in minted.iter().enumerate() {
        let (status, shown) = (checked.statuses[row], checked.shown[0].1[row]);
        let own = row % 13 % 4 == 1;
        match (token.is_empty(), row, own) {
            (true, ..) => assert_eq!((status, shown), (Status::Malformed, false), "row {row}"),
            (_, 1, _) if !own => assert_eq!((status, shown), (Status::RowMismatch, true)),
            (_, _, true) => assert_eq!((status, shown), (Status::Expired, true), "row {row}"),
            _ => assert_eq!((status, shown), (Status::Valid, true), "row {row}"),
        }
    }
}

#[test]
fn no_rows_and_no_columns_are_no_fault() {
    let (own, report) = as_columns(&[], of_columns(false, false, None), &[0], 2);
    assert_eq!((own.len(), report.rows), (0, 0));
    let mut plan = of_columns(false, false, None);
    plan.claims = vec![ClaimPlan::constant(
        crate::claims::ClaimName::parse("campaign_id").expect("a name"),
        "spring26".to_owned(),
    )];
    plan.width = 0;
    plan.link = None;
    plan.expiry.duration_column = None;
    let (plan, needed) = narrow(plan);
    assert!(needed.is_empty());
    let batch = Batch {
        rows: 2,
        columns: Vec::new(),
        out_of_range: Vec::new(),
    };
    let (minted, _) = mint_alone(batch, plan, true).expect("short texts");
    assert_eq!(minted[0].tokens.ends.len(), 3);
    assert_ne!(minted[0].tokens.ends[1], 0);
}

/// What one thread makes of one batch.
fn mint_alone(batch: Batch<'_>, plan: Plan, goes_on: bool) -> Result<(Vec<Minted>, Report), ColumnsError> {
    let minter = Minter::new(&key(), Form::default());
    mint(
        &[batch],
        &Arc::new(plan),
        &minter,
        NonZeroUsize::MIN,
        &|| goes_on,
        Spare::default(),
        |part| part,
    )
}

#[test]
fn buffers_that_were_used_before_leave_nothing_in_the_texts() {
    let (rows, plan) = (rows(3_000), Arc::new(of_columns(false, false, None)));
    let columns = columns(&rows);
    let made = |spare| {
        let batch = Batch {
            rows: rows.len(),
            columns: columns.iter().map(|column| column as &dyn Cells).collect(),
            out_of_range: Vec::new(),
        };
        let minter = Minter::new(&key(), Form::default());
        let made = mint(&[batch], &plan, &minter, NonZeroUsize::MIN, &|| true, spare, |part| {
            part
        });
        made.expect("short texts").0
    };
    let used = || vec![b"of a table that is gone".repeat(9), vec![0xff; 1 << 20]];
    let spare = Spare {
        tokens: used(),
        links: used(),
    };
    assert_eq!(made(spare), made(Spare::default()));
}

/// Two good rows, made with whether the run goes on.
fn two_rows(out_of_range: Vec<(usize, usize)>, goes_on: bool) -> Result<Vec<Minted>, ColumnsError> {
    let (plan, _) = narrow(of_columns(false, false, None));
    let columns = columns(&rows(2));
    let batch = Batch {
        rows: 2,
        columns: columns.iter().map(|column| column as &dyn Cells).collect(),
        out_of_range,
    };
    let made = mint_alone(batch, plan, goes_on);
    made.map(|(minted, _)| minted)
}

#[test]
fn a_value_without_a_text_rejects_its_row() {
    assert!(two_rows(Vec::new(), true).expect("short texts")[0].rejects.is_empty());
    let minted = two_rows(vec![(1, 0)], true).expect("short texts");
    let told = "column customer_id: the value is out of range".to_owned();
    assert_eq!(minted[0].rejects, [(1, told)]);
}

struct Bytes(Vec<Vec<u8>>);

impl Cells for Bytes {
    fn text(&self, row: usize) -> Option<&[u8]> {
        Some(&self.0[row])
    }
}

/// Too long for a row.
fn long() -> Vec<u8> {
    vec![b'x'; crate::table::MAX_ROW + 1]
}

#[test]
fn a_cell_that_is_no_text_rejects_its_row_and_no_other() {
    let mut plan = of_columns(false, false, None);
    (plan.link, plan.expiry.duration_column) = (None, None);
    let (plan, needed) = narrow(plan);
    assert_eq!(needed, [0, 1]);
    let column = |cells: &[&[u8]]| Bytes(cells.iter().map(|cell| cell.to_vec()).collect());
    let customers = column(&[b"1", b"\xff", b"3", b"4", b"5\xc3", &long(), b"7"]);
    let campaigns = column(&[b"a", b"a", b"\xed\xa0\x80", b"a\xc3", b"\xa9", b"a", b"a"]);
    let batch = Batch {
        rows: 7,
        columns: vec![&customers, &campaigns],
        out_of_range: Vec::new(),
    };
    let (minted, report) = mint_alone(batch, plan, true).expect("short texts");
    let no_text = |row, column| (row, format!("column {column}: the text is not UTF-8"));
    let told = [
        no_text(1, "customer_id"),
        no_text(2, "Campaign ID"),
        no_text(3, "Campaign ID"),
        no_text(4, "customer_id"),
        (
            5,
            "column customer_id: the row is longer than 8 MiB with this cell".to_owned(),
        ),
    ];
    assert_eq!(minted[0].rejects, told);
    assert_eq!((minted[0].expires_at.len(), report.rejected), (7, 5));
}

#[test]
fn a_first_column_that_nothing_is_made_of_costs_no_row_its_token() {
    let mut plan = of_columns(true, false, None);
    (plan.link, plan.expiry.duration_column) = (None, None);
    plan.claims.retain(|claim| claim.column() == Some(1));
    let (plan, needed) = narrow(plan);
    assert_eq!(needed, [0, 1]);
    let first = Bytes(vec![
        b"\xff".to_vec(),
        long(),
        b"t\xff".to_vec(),
        b"x".to_vec(),
        b" Total: ".to_vec(),
    ]);
    let customers = Bytes((0..5).map(|row: u8| vec![b'a' + row]).collect());
    let batch = Batch {
        rows: 5,
        columns: vec![&first, &customers],
        out_of_range: vec![(3, 0)],
    };
    let made = mint_alone(batch, plan, true);
    let (minted, _) = made.expect("short texts");
    assert_eq!(
        minted[0].rejects.iter().map(|(row, _)| *row).collect::<Vec<_>>(),
        [4],
        "{:?}",
        minted[0].rejects
    );
}

#[test]
fn a_check_has_a_status_for_every_row() {
    let (minted, _) = as_columns(&rows(2), of_columns(false, false, None), &[], 1);
    let [token, link, _] = minted[0].clone().map(String::into_bytes);
    let bad = |text: &[u8]| [text, b"\xff"].concat();
    // token, link, customer, city
    let cases: [([&[u8]; 4], Status); 11] = [
        ([&token, &link, b"100000", b"x"], Status::Valid),
        ([&bad(&token), &link, b"100000", b"x"], Status::Malformed),
        ([&bad(b""), &link, b"100000", b"x"], Status::Malformed),
        ([&long(), &link, b"100000", b"x"], Status::Malformed),
        ([b"", &link, b"100000", b"x"], Status::RowMismatch),
        ([&token, &bad(&link), b"100000", b"x"], Status::RowMismatch),
        ([&token, &link, &bad(b"100000"), b"x"], Status::RowMismatch),
        ([&token, &link, &long(), b"x"], Status::RowMismatch),
        // nothing is compared with it
        ([&token, &link, b"100000", b"\xff"], Status::Valid),
        ([&token, &link, b"100000", &long()], Status::Valid),
        ([&token, &link, b"", b"x"], Status::RowMismatch),
    ];
    let column = |of: &dyn Fn(usize) -> Vec<u8>| Bytes((0..cases.len()).map(of).collect());
    let columns = [
        column(&|row| cases[row].0[0].to_vec()),
        column(&|row| cases[row].0[1].to_vec()),
        column(&|row| cases[row].0[2].to_vec()),
        column(&|row| cases[row].0[3].to_vec()),
    ];
    let names = ["token", "url_link", "customer_id", "city"];
    let header = Header::of_names(names.map(str::to_owned).to_vec());
    let tokens = row_verify::TokenColumns::of(&header)
        .expect("one each")
        .expect("tokens");
    let plan = VerifyPlan {
        matches: tokens.matches(Vec::new(), header.names(), |_| true),
        ..VerifyPlan::new(
            Rules::new([key().into()], UnixTime(ISSUED.0 + 60)),
            tokens,
            Some(&header),
            RowOutput::Values(vec!["customer_id".to_owned()]),
        )
    };
    let check = |columns: Vec<&dyn Cells>, out_of_range| {
        let batch = Batch {
            rows: cases.len(),
            columns,
            out_of_range,
        };
        let (checked, _) = verify(&[batch], &Arc::new(plan.clone()), NonZeroUsize::MIN, &|| true, |part| {
            part
        })
        .expect("short texts");
        checked.into_iter().next().expect("one batch")
    };
    let all = columns.each_ref().map(|column| column as &dyn Cells);
    let checked = check(all.to_vec(), vec![(10, 2)]);
    for (row, (_, status)) in cases.iter().enumerate() {
        assert_eq!(checked.statuses[row], *status, "row {row}");
        assert_eq!(
            checked.shown[0].1[row],
            *status != Status::Malformed,
            "row {row} is shown"
        );
    }
    // a value that has no text, where a token is looked for
    assert_eq!(check(all.to_vec(), vec![(4, 0)]).statuses[4], Status::Malformed);
    // whatever else is wrong with rows: here they have too few cells
    let checked = check(all[..3].to_vec(), Vec::new());
    assert_eq!(checked.statuses, [Status::Malformed; 11]);
    assert_eq!(checked.shown[0].1, [false; 11]);
}

#[test]
fn a_run_that_does_not_go_on_makes_nothing() {
    assert!(matches!(two_rows(Vec::new(), false), Err(ColumnsError::Stopped)));
}
