//! Making links for lists over HTTP.

use crate::client::{Answer, Client, NOW, ring};
use linkmint::Verifier;
use serde_json::Value;

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";
const TO: &str = "/v1/tokens/batch?base_url=https://mystore.com/p&expires_in=24h";

fn post(client: &Client, query: &str, kind: &str, list: impl Into<Vec<u8>>) -> Answer {
    client.list("all", &format!("{TO}{query}"), kind, "*/*", list.into())
}

/// What stands in the first column of that name, of each row.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let place = reader.headers().expect("names").iter().position(|own| own == name);
    let place = place.unwrap_or_else(|| panic!("no {name}: {csv}"));
    reader
        .records()
        .map(|record| record.expect("as wide as the header")[place].to_owned())
        .collect()
}

fn objects(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn customer(token: &str) -> String {
    let verified = Verifier::new(&ring()).verify(token, NOW).expect("valid");
    verified.claim("customer_id").expect("it has one").to_owned()
}

#[test]
fn each_row_comes_back_with_its_link_in_the_form_it_was_sent() {
    let client = Client::new();
    let answer = post(&client, "", CSV, "customer_id;Name\r\n1;Ann\r\n2;\"B;ob\"\r\n");
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "text/csv; charset=utf-8")
    );
    assert_eq!(answer.header("linkmint-issued-at"), NOW.to_string());
    assert_eq!(answer.header("linkmint-run"), "", "no ledger records it");
    let lines: Vec<&str> = answer.text.split("\r\n").collect();
    assert_eq!(lines[0], "customer_id;Name;token;url_link;expires_at;error");
    let cells: Vec<&str> = lines[1].split(';').collect();
    assert_eq!(cells[3], format!("https://mystore.com/p/{}", cells[2]));
    assert_eq!((customer(cells[2]), cells[5]), ("1".to_owned(), ""));
    assert!(
        lines[2].starts_with("2;\"B;ob\";LO") && lines[2].ends_with("Z;"),
        "{}",
        lines[2]
    );
    let again = format!("&issued_at={NOW}&first_id={}", answer.header("linkmint-first-id"));
    assert_eq!(
        post(&client, &again, CSV, "customer_id;Name\r\n1;Ann\r\n2;\"B;ob\"\r\n").text,
        answer.text
    );
}

#[test]
fn a_bad_row_keeps_what_a_good_one_gets_anew() {
    let client = Client::new();
    let list = "{\"customer_id\":1,\"token\":\"x\",\"url_link\":\"y\",\"error\":\"\"}\n";
    let answer = objects(&post(&client, "", NDJSON, list).text);
    assert_eq!(
        (&answer[0]["token"], &answer[0]["url_link"]),
        (&"x".into(), &"y".into())
    );
    assert!(
        answer[0]["error"]
            .as_str()
            .is_some_and(|error| error.contains("filled already")),
        "{answer:?}"
    );
    let half = post(&client, "", NDJSON, "{\"customer_id\":\"\\ud800\"}\n").text;
    assert!(
        half.contains("the value is neither a text nor a whole number"),
        "{half}"
    );
    let csv = "customer_id,token\n1,x\n2,\n";
    let answer = objects(&client.list("all", TO, CSV, NDJSON, csv.into()).text);
    assert_eq!(
        (&answer[0]["customer_id"], &answer[0]["token"]),
        (&"1".into(), &"x".into())
    );
    assert_eq!(customer(answer[1]["token"].as_str().expect("a token")), "2");
}

#[test]
fn tokens_without_links_take_no_member_of_a_links_name_away() {
    let client = Client::new();
    let path = "/v1/tokens/batch?no_link=true&expires_in=24h";
    for (kind, list) in [
        (NDJSON, "{\"customer_id\":1,\"url_link\":\"https://a.example/1\"}\n"),
        (CSV, "customer_id,url_link\n1,https://a.example/1\n"),
    ] {
        let rows = objects(&client.list("all", path, kind, NDJSON, list.into()).text);
        assert_eq!(rows[0]["url_link"], "https://a.example/1", "{rows:?}");
        assert_eq!(customer(rows[0]["token"].as_str().expect("a token")), "1");
    }
}

#[test]
fn each_cell_has_a_member_of_its_own_whatever_the_columns_are_called() {
    let client = Client::new();
    for (csv, names, query) in [
        ("2,,customer_id\na,b,1\n", &["2", "2_2", "customer_id"][..], ""),
        ("3,a,a,customer_id\nx,y,z,1\n", &["3", "a", "3_2", "customer_id"], ""),
        ("customer_id,\n1,b\n", &["customer_id", "2_2", "2"], "&token_column=2"),
    ] {
        let answer = client.list("all", &format!("{TO}{query}"), CSV, NDJSON, csv.into());
        let row = answer.text.lines().next().expect("a row");
        for name in names {
            assert_eq!(row.matches(&format!("\"{name}\":")).count(), 1, "{name}: {row}");
        }
    }
}

#[test]
fn tokens_in_capitals_stand_in_the_cells_and_in_the_links() {
    let client = Client::new();
    let answer = post(&client, "&text=base32-upper", CSV, "customer_id\n1\n");
    let token = &column(&answer.text, "token")[0];
    assert!(token.starts_with('F') && *token == token.to_uppercase(), "{token}");
    assert_eq!(
        column(&answer.text, "url_link"),
        [format!("https://mystore.com/p/{token}")]
    );
    assert_eq!(customer(token), "1");
}

#[test]
fn bad_rows_stay_in_their_places_and_are_taken_again_once_they_are_mended() {
    let client = Client::new();
    let list = "customer_id,name\n1,Ann\n,Bob\n3\n4,Dan,more\n5,Eve\n";
    let answer = post(&client, "", CSV, list);
    assert_eq!(answer.status, 200);
    let errors = column(&answer.text, "error");
    assert_eq!(
        errors.iter().map(|error| error.is_empty()).collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
    assert_eq!(errors[1], "column customer_id: the value is empty");
    assert_eq!(errors[2], "the row has 1 cell, the header has 2: 3");
    assert_eq!(errors[3], "the row has 3 cells, the header has 2: 4,Dan,more");
    assert_eq!(column(&answer.text, "customer_id"), ["1", "", "", "", "5"]);
    let bad: Vec<&str> = answer
        .text
        .lines()
        .filter(|line| line.contains("the value is empty"))
        .collect();
    let mended = format!("customer_id,name,token,url_link,expires_at,error\n2{}\n", bad[0]);
    let again = post(&client, "", CSV, mended);
    assert_eq!(column(&again.text, "error"), [""]);
    assert_eq!(customer(&column(&again.text, "token")[0]), "2");
}

/// Lists with a good row and bad ones of every kind that concerns the row as a whole.
const BAD: [&[u8]; 4] = [
    b"customer_id,name\n1,Ann\n4,Meier, Hans\n5\n6,Eve,\n",
    b"customer_id,name\n1,Ann\n\"2\"x,Bob\n3,\"a\nb\"c,d\n",
    b"customer_id,name\n1,Ann\n2,M\xfcller\n3,M\xfcller,more\n",
    b"customer_id,name\n1,Ann\n,Bob\n",
];

#[test]
fn bad_rows_that_nobody_has_mended_stay_bad_however_often_they_are_sent() {
    let client = Client::new();
    for (claims, list) in ["", "&no_claims=true"]
        .into_iter()
        .flat_map(|claims| BAD.map(|list| (claims, list)))
    {
        // without claims, an empty cell is no fault
        if claims.is_empty() || !list.ends_with(b",Bob\n") {
            stays_bad(&client, claims, list);
        }
    }
}

fn stays_bad(client: &Client, query: &str, list: &[u8]) {
    let told = |text: &[u8]| {
        let mut reader = csv::Reader::from_reader(text);
        let rows = reader.byte_records().map(|row| row.expect("as wide as the header"));
        rows.filter(|row| !row[5].is_empty()).collect::<Vec<_>>()
    };
    let ask = |list: Vec<u8>| {
        let answer = client.list_bytes("all", &format!("{TO}{query}"), CSV, list);
        let header = b"customer_id,name,token,url_link,expires_at,error\n";
        assert!(answer.starts_with(header), "{}", String::from_utf8_lossy(&answer));
        answer
    };
    let first = told(&ask(list.to_vec()));
    assert!(!first.is_empty() && first.iter().all(|row| row[2].is_empty() && row[3].is_empty()));
    let mut again = csv::Writer::from_writer(b"customer_id,name,token,url_link,expires_at,error\n".to_vec());
    first
        .iter()
        .for_each(|row| again.write_byte_record(row).expect("written"));
    let again = again.into_inner().expect("written");
    let second = told(&ask(again));
    assert_eq!(second, first, "{query} {}", String::from_utf8_lossy(list));
}

#[test]
fn objects_that_nobody_has_mended_stay_bad_too() {
    let client = Client::new();
    for query in ["", "&no_claims=true"] {
        let list = "{\"customer_id\":\"1\",\"error\":null}\nnonsense\n{\"other\":2}\n{}\n";
        let bad = |answer: &Answer| {
            let rows = answer.text.lines().filter(|line| line.contains("\"error\":\""));
            rows.map(|line| format!("{line}\n")).collect::<String>()
        };
        let first = bad(&post(&client, query, NDJSON, list));
        assert_eq!(first.lines().count(), 3, "{first}");
        let good = "{\"customer_id\":\"2\",\"error\":null}\n";
        let again = post(&client, query, NDJSON, format!("{good}{first}"));
        assert_eq!(bad(&again), first);
        // nor can they name the columns
        assert_eq!(post(&client, query, NDJSON, first).status, 400);
        let rows = "{\"customer_id\":\"\",\"error\":\"the row has 1 cell\"}\n";
        assert_eq!(bad(&post(&client, query, NDJSON, rows)), rows);
    }
}

#[test]
fn an_answer_that_breaks_off_says_why() {
    let client = Client::new();
    let open = "customer_id,name\n1,Ann\n2,\"Bob\n3,Cid\n";
    let why = "never closed";
    let rows = client.list("all", TO, CSV, NDJSON, open.into());
    assert!(rows.broken_off, "{rows:?}");
    let last = objects(&rows.text).pop().expect("a line");
    assert!(
        last["error"].as_str().is_some_and(|error| error.contains("the list: ")),
        "{last}"
    );
    let text = post(&client, "", CSV, open);
    assert!(text.broken_off && !text.text.contains(why), "{text:?}");
    let checked = client.list("all", "/v1/check/batch", CSV, NDJSON, "token,n\nx,1\ny,\"2\n".into());
    assert!(
        checked.broken_off && checked.text.contains("\"error\":\"the list: "),
        "{checked:?}"
    );
    let stopped = post(&client, "&rejects=stop", CSV, "customer_id,n\n1,a\n,b\n");
    assert!(stopped.broken_off);
    let told: Vec<_> = client
        .log()
        .into_iter()
        .filter(|line| line.contains("\"error\":\"the list: "))
        .collect();
    assert_eq!(told.len(), 4, "{told:?}");
    let id = rows.header("x-request-id");
    assert!(told[0].contains(&format!("\"request_id\":\"{id}\"")), "{told:?}");
}

#[test]
fn a_list_is_read_in_the_encoding_that_its_type_or_its_mark_says() {
    let client = Client::new();
    let latin = b"customer_id,name\nM\xfcller,x\n".to_vec();
    let answer = client.list_bytes("all", TO, "text/csv; charset=\"windows-1252\"", latin);
    assert!(
        answer.windows(7).any(|part| part == b"M\xfcller,") && !String::from_utf8_lossy(&answer).contains("not UTF-8")
    );
    // a label that nobody knows says nothing of a list in ASCII
    let unknown = post(&client, "", "text/csv; charset=klingon", "customer_id\n1\n");
    assert_eq!(unknown.status, 200, "{unknown:?}");
    let utf16: Vec<u8> = "\u{feff}customer_id\n1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let answer = post(&client, "", CSV, utf16);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.text.starts_with("\u{feff}customer_id,token"), "{answer:?}");
    let marked = post(&client, "", NDJSON, "\u{feff}{\"customer_id\":1}\n");
    assert_eq!(marked.status, 200, "{marked:?}");
}

#[test]
fn rows_that_repeat_others_stay_in_their_places_too() {
    let client = Client::new();
    let list = "customer_id,name\n1,Ann\n2,Bob\n1,Ann\n3,Cid\n2,Bob\n";
    let answer = post(&client, "&strict=true", CSV, list);
    assert_eq!(column(&answer.text, "customer_id"), ["1", "2", "1", "3", "2"]);
    let told: Vec<bool> = column(&answer.text, "error")
        .iter()
        .map(|error| !error.is_empty())
        .collect();
    assert_eq!(told, [false, false, true, false, true]);
    let list = "customer_id,duration\n1,1h\n2,1h\n1,2h\n1,1h\n";
    let answer = client.list(
        "all",
        &TO.replace("&expires_in=24h", "&dedupe=true"),
        CSV,
        "*/*",
        list.into(),
    );
    let tokens = column(&answer.text, "token");
    assert_eq!((&tokens[0], tokens[2].as_str()), (&tokens[3], ""));
    assert_eq!(
        column(&answer.text, "error")[2],
        "row 2 has the same claims and another expiry"
    );
}

#[test]
fn with_stop_an_answer_breaks_off_before_the_first_bad_row() {
    let client = Client::new();
    let answer = post(&client, "&rejects=stop", CSV, "customer_id,n\n1,a\n,b\n3,c\n");
    assert!(answer.broken_off && answer.text.lines().count() == 2, "{answer:?}");
    let whole = post(&client, "&rejects=stop", CSV, "customer_id,n\n1,a\n2,b\n");
    assert!(
        !whole.broken_off && whole.text.starts_with("customer_id,n,token,url_link,expires_at\n"),
        "{whole:?}"
    );
}

#[test]
fn objects_are_given_a_row_where_they_are_asked_for() {
    let client = Client::new();
    let list = "customer_id;K\u{f6}ln\n1;a\"b\n;x\n\n2\n";
    let latin: Vec<u8> = list.chars().map(|letter| letter as u8).collect();
    let answer = client.list("all", &format!("{TO}&encoding=iso-8859-1"), CSV, NDJSON, latin);
    assert_eq!(answer.header("content-type"), NDJSON);
    let rows = objects(&answer.text);
    assert_eq!(
        (&rows[0]["customer_id"], &rows[0]["K\u{f6}ln"]),
        (&"1".into(), &"a\"b".into())
    );
    let token = rows[0]["token"].as_str().expect("a token");
    assert_eq!(rows[0]["url_link"], format!("https://mystore.com/p/{token}"));
    assert_eq!(rows[1]["error"], "column customer_id: the value is empty");
    assert!(rows[1].get("token").is_none());
    assert_eq!((&rows[2]["text"], rows[2]["error"].is_string()), (&"2".into(), true));
    let summary = &rows[3]["summary"];
    assert_eq!(
        (&summary["rows"], &summary["rejected"], &summary["blank"]),
        (&3.into(), &2.into(), &1.into())
    );
    assert_eq!(summary["recorded"], false);
}

#[test]
fn objects_come_back_as_they_were_with_their_links() {
    let client = Client::new();
    let list = "{\"customer_id\":7,\"tags\":[1,{\"a\":null}],\"n\":1.50}\n\n\
        {\"n\":2,\"customer_id\":\"x\"}\nnonsense\n{\"customer_id\":7.5}\n{\"customer_id\":null}\n{\"other\":1}\n";
    let answer = post(&client, "", NDJSON, list);
    let lines: Vec<&str> = answer.text.lines().collect();
    assert!(
        lines[0].starts_with("{\"customer_id\":7,\"tags\":[1,{\"a\":null}],\"n\":1.50,\"token\":\"LO"),
        "{}",
        lines[0]
    );
    let rows = objects(&answer.text);
    assert_eq!(customer(rows[0]["token"].as_str().expect("a token")), "7");
    assert_eq!(customer(rows[1]["token"].as_str().expect("a token")), "x");
    let errors: Vec<&str> = rows[2..6]
        .iter()
        .map(|row| row["error"].as_str().expect("an error"))
        .collect();
    assert_eq!(
        errors,
        [
            "the line is no JSON object",
            "column customer_id: the value is neither a text nor a whole number",
            "column customer_id: the value is empty",
            "the first row has no \"other\": give each row the same members",
        ]
    );
    assert_eq!(rows[2]["text"], "nonsense");
    assert_eq!(rows[6]["summary"]["written"], 2);
    for bad in ["", "[1]\n", "1,2\n"] {
        assert_eq!(post(&client, "", NDJSON, bad).status, 400, "{bad}");
    }
}

#[test]
fn a_workbook_is_answered_as_csv() {
    let client = Client::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, [id, name]) in [["customer_id", "name"], ["0042", "Ann"], ["43", "Bob"]]
        .into_iter()
        .enumerate()
    {
        sheet.write(row as u32, 0, id).expect("a cell");
        sheet.write(row as u32, 1, name).expect("a cell");
    }
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let answer = post(&client, "", kind, book.save_to_buffer().expect("a workbook"));
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(customer(&column(&answer.text, "token")[0]), "0042");
    let broken = post(&client, "", kind, b"PK\x03\x04nonsense".to_vec());
    assert_eq!(
        (broken.status.as_u16(), broken.header("content-type")),
        (400, "application/problem+json")
    );
}

#[test]
fn what_can_t_be_made_is_told_before_any_row() {
    let client = Client::new();
    let list = "customer_id,campaign_id\n1,spring26\n";
    let refused = |query: &str, list: &str, status: u16, part: &str| {
        let answer = post(&client, query, CSV, list);
        assert_eq!(answer.status, status, "{query}: {answer:?}");
        assert!(
            answer.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(part)),
            "{query}: {answer:?}"
        );
    };
    refused("&output=/etc/passwd", list, 400, "\"output\"");
    refused("&keyring=x", list, 400, "\"keyring\"");
    refused("&claims=who", list, 400, "claims: there is no column \"who\"");
    refused("&set=a", list, 400, "set: write it as NAME=VALUE");
    refused("&expires_at=2030-01-01", list, 400, "one of expires_in");
    refused("&seal=maybe", list, 400, "seal: true or false");
    refused("&timezone=Mars", list, 400, "timezone:");
    refused("&date_format=%25d.%25m.%25Y", list, 400, "date_format: no date is read");
    refused("&delimiter=xx", list, 400, "delimiter:");
    refused("&rejects=file", list, 400, "rejects: inline or stop");
    refused("&url=https://a.example/{token}", list, 400, "url:");
    refused("&token_column=", list, 400, "token_column:");
    refused("&expires_column=token", list, 400, "same name");
    refused("&first_id=1", list, 400, "first_id:");
    refused("&key_id=ffff", list, 400, "key_id: the keyring has no key ffff");
    refused("&header_row=0", list, 400, "header_row:");
    refused("&sheet=A", list, 400, "sheet:");
    refused("", "", 400, "the list");
    refused("", "\"open,b\n", 400, "the list");
    let answer = client.list(
        "all",
        "/v1/tokens/batch?base_url=https://a.example",
        CSV,
        "*/*",
        list.into(),
    );
    assert!(answer.text.contains("nothing says when the links expire"), "{answer:?}");
    let answer = client.list("all", "/v1/tokens/batch?expires_in=1h", CSV, "*/*", list.into());
    assert!(answer.text.contains("give an address for the links"), "{answer:?}");
    assert_eq!(post(&client, "", "application/json", "{}").status, 415);
    assert_eq!(client.list("check", TO, CSV, "*/*", list.into()).status, 403);
    assert_eq!(client.ask("all", "GET", TO, "").status, 405);
}

#[test]
fn a_key_bound_to_a_claim_makes_rows_of_no_other() {
    let client = Client::new();
    let ask = |query: &str, list: &str| client.list("bound", &format!("{TO}{query}"), CSV, "*/*", list.into());
    let answer = ask("", "customer_id,campaign_id\n1,autumn26\n2,spring26\n3,\n");
    assert_eq!(
        column(&answer.text, "error"),
        [
            "",
            "column campaign_id: the claim is not the one that this list is for",
            "column campaign_id: the claim is not the one that this list is for"
        ]
    );
    assert!(column(&answer.text, "token")[1].is_empty());
    assert_eq!(
        column(
            &ask("&optional=campaign_id", "customer_id,campaign_id\n3,\n").text,
            "token"
        ),
        [""]
    );
    assert_eq!(ask("", "customer_id\n1\n").status, 403);
    assert_eq!(ask("&set=campaign_id=spring26", "customer_id\n1\n").status, 403);
    assert_eq!(ask("&set=campaign_id=autumn26", "customer_id\n1\n").status, 200);
    assert_eq!(
        ask("&no_claims=true", "customer_id,campaign_id\n1,autumn26\n").status,
        403
    );
}

#[test]
fn a_list_that_is_too_long_or_one_too_many_is_turned_away() {
    let client = Client::limited(|limits| limits.list = 64);
    let long = format!("customer_id\n{}", "12345\n".repeat(100));
    assert_eq!(post(&client, "", CSV, long).status, 413);
    assert_eq!(post(&client, "", CSV, "customer_id\n1\n").status, 200);
    let client = Client::limited(|limits| limits.batches = 0);
    let answer = post(&client, "", CSV, "customer_id\n1\n");
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "10"));
}

#[test]
fn a_run_is_recorded_under_the_name_that_its_answer_has() {
    let client = Client::with_ledger();
    let answer = client.list(
        "all",
        TO,
        CSV,
        NDJSON,
        "customer_id,campaign_id\n1,spring26\n2,spring26\n,x\n".into(),
    );
    let rows = objects(&answer.text);
    assert_eq!(rows[3]["summary"]["recorded"], true);
    let runs = client.runs();
    assert_eq!((runs.len(), runs[0].rows), (1, 2));
    assert_eq!(runs[0].campaigns, [("spring26".to_owned(), 2)]);
    assert_eq!(runs[0].input, format!("HTTP request {}", answer.header("linkmint-run")));
    assert_eq!(runs[0].first_id.to_string(), answer.header("linkmint-first-id"));
    // what was not made is not recorded
    post(&client, "&rejects=stop", CSV, "customer_id,n\n,x\n");
    assert_eq!(client.runs().len(), 1);
}

#[test]
fn the_description_has_every_member_of_the_query() {
    let client = Client::new();
    let document = client.ask("all", "GET", "/openapi.json", "").json();
    for path in ["/v1/tokens/batch", "/v1/check/batch"] {
        let parameters = document["paths"][path]["post"]["parameters"].as_array().expect("some");
        for name in parameters
            .iter()
            .map(|parameter| parameter["name"].as_str().expect("a name"))
        {
            let address = format!("{path}?{name}=%00");
            let answer = client.list("all", &address, CSV, "*/*", "customer_id\n1\n".into());
            assert!(!answer.text.contains("has no member"), "{name}: {answer:?}");
        }
    }
}
