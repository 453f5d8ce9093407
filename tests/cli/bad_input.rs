//! Lists and keyrings that can't be used: the sentence has a place and a hint, and no file is left.

use crate::support::{Call, FIXED, Folder, SECRET, USUAL, all, keyring_text, make_private};

fn minting<'f>(folder: &'f Folder, args: &[&str]) -> Call<'f> {
    folder.call(&all(&[
        &["generate", "customers.csv", "-o", "links.csv"],
        &USUAL,
        &FIXED,
        args,
    ]))
}

#[test]
fn a_keyring_that_is_named_must_exist() {
    let folder = Folder::with_list("customer_id\n1\n");
    let hint = "make a first one with `linkmint key new`";
    minting(&folder, &["--keyring", "none.json"]).refused(3, "none.json: there is no such keyring", hint);
    minting(&folder, &[]).variable("LINKMINT_KEYRING", "none.json").refused(
        3,
        "none.json: there is no such keyring",
        hint,
    );
    let sign = ["sign", "a=1", "--never-expires", "--keyring", "none.json"];
    folder
        .call(&sign)
        .refused(3, "none.json: there is no such keyring", hint);
    folder
        .call(&["verify", "x", "--keyring", "none.json"])
        .refused(3, "none.json: there is no such keyring", hint);
}

#[test]
fn a_keyring_that_is_none_is_refused() {
    let key = |k: &str| format!(r#"{{"keys":[{{"kty":"oct","k":"{k}"}}]}}"#);
    let hint = "a keyring is what `linkmint key export` prints";
    let long = "A".repeat(87);
    let table = [
        (String::new(), "it is no keyring: not a JWK Set in JSON (line 1"),
        ("{".into(), "it is no keyring: not a JWK Set in JSON (line 1, column 1)"),
        (
            format!("{{\"keys\":[{{\"k\":\"{SECRET}\"}}]}}"),
            "key 1: \"kty\" is missing, expected \"oct\"",
        ),
        ("{\"owner\":\"me\"}".into(), "it is no keyring: it has no \"keys\""),
        (
            format!(r#"{{"kty":"oct","k":"{SECRET}"}}"#),
            "it is no keyring, but a JWK by itself",
        ),
        (format!("{{\"keys\":[\"{SECRET}\"]}}"), "it is no keyring"),
        (
            format!("{{\"keys\":[{{\"kty\":\"oct\",\"k\":\"{SECRET}\",}}]}}"),
            "it is no keyring",
        ),
        (SECRET.to_owned(), "it is no keyring"),
        (
            key(&SECRET[..40]),
            "key 1: a secret has 32 to 64 bytes, this one has 30",
        ),
        (
            key(&(SECRET[..41].to_owned() + "g")),
            "key 1: a secret has 32 to 64 bytes, this one has 31",
        ),
        (key(&long), "key 1: a secret has 32 to 64 bytes, this one has 65"),
        (key(""), "key 1: a secret has 32 to 64 bytes, this one has 0"),
        (key(&format!("{SECRET}=")), "the secret of key 1 is no base64url text"),
        (key(&format!("{SECRET}\\n")), "the secret of key 1 is no base64url text"),
        (
            format!(r#"{{"keys":[{{"kty":"oct","kid":"ffff","k":"{SECRET}"}}]}}"#),
            "key 1 is stored with the id \"ffff\", but its secret has the id e28e",
        ),
        (
            format!(r#"{{"keys":[{{"kty":"RSA","k":"{SECRET}"}}]}}"#),
            "key 1: \"kty\" is \"RSA\", expected \"oct\"",
        ),
        (
            format!(r#"{{"keys":[{{"kty":"oct","alg":"HS256","k":"{SECRET}"}}]}}"#),
            "key 1 is a JWT key",
        ),
    ];
    let folder = Folder::with_list("customer_id\n1\n");
    for (text, message) in table {
        folder.write("keys.json", &text);
        make_private(&folder.path("keys.json"));
        let message = format!("keys.json: {message}");
        minting(&folder, &["--keyring", "keys.json"]).refused(3, &message, hint);
        folder
            .call(&["verify", "x", "--keyring", "keys.json"])
            .refused(3, &message, hint);
        folder
            .call(&["key", "list", "--keyring", "keys.json"])
            .refused(3, &message, hint);
        folder
            .call(&["key", "new", "--keyring", "keys.json"])
            .refused(3, &message, hint);
        folder.call(&["key", "import", "keys.json"]).refused(3, &message, hint);
    }
}

#[test]
fn a_keyring_of_bytes_that_are_no_text_is_refused() {
    let folder = Folder::new();
    folder.write("keys.json", b"\xff\xfe{\0");
    make_private(&folder.path("keys.json"));
    folder
        .call(&["verify", "x", "--keyring", "keys.json"])
        .refused(3, "keys.json: it is no keyring", "key export");
    folder
        .call(&["verify", "x", "--keyring", "."])
        .refused(3, "is a directory", "");
}

#[test]
fn a_keyring_without_keys_signs_nothing() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder.write("keys.json", keyring_text(&[]));
    make_private(&folder.path("keys.json"));
    minting(&folder, &["--keyring", "keys.json"]).refused(3, "the keyring has no active key", "linkmint key new");
}

#[test]
fn an_unknown_key_id_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    minting(&folder, &["--key-id", "ffff"]).refused(2, "keys.json: the keyring has no key ffff", "linkmint key list");
    minting(&folder, &["--key-id", "xyz"]).refused(2, "--key-id: \"xyz\" is no key id", "four hex digits");
}

#[test]
fn a_first_id_that_is_none_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for id in ["1", "00000000000g", "0000000000001", ""] {
        let args = all(&[
            &["generate", "customers.csv", "-o", "links.csv", "--first-id", id],
            &USUAL,
        ]);
        folder.call(&args).refused(2, "--first-id: ", "twelve hex digits");
    }
}

#[test]
fn an_empty_claim_rejects_its_row() {
    for cell in ["", "  ", "\"\"", "\t"] {
        let folder = Folder::with_list(format!("customer_id,name\n1,a\n{cell},b\n"));
        minting(&folder, &[]).refused(
            1,
            "customers.csv: row 3, line 3, column customer_id: the value is empty",
            "fill the cell",
        );
    }
    let folder = Folder::new();
    folder
        .call(&["sign", "a=", "--never-expires"])
        .refused(2, "the claim a: the value is empty", "NAME=VALUE");
}

#[test]
fn a_claim_too_long_rejects_its_row() {
    let folder = Folder::with_list(format!("customer_id,name\n1,a\n{},b\n", "x".repeat(512)));
    minting(&folder, &[]).run().done();
    let folder = Folder::with_list(format!("customer_id,name\n1,a\n{},b\n", "x".repeat(513)));
    let run = minting(&folder, &[]).refused(
        1,
        "customers.csv: row 3, line 3, column customer_id: the value is 513 bytes long, at most 512 fit",
        "--claims",
    );
    run.expect(!run.stderr.contains("xxxxx"), "no whole cell");
    let folder = Folder::new();
    let claim = format!("a={}", "x".repeat(513));
    folder
        .call(&["sign", &claim, "--never-expires"])
        .refused(2, "the claim a: the value is 513 bytes long", "");
}

#[test]
fn claims_that_do_not_fit_together_reject_their_row() {
    let cell = "x".repeat(400);
    let folder = Folder::with_list(format!("a,b,c\n{cell},{cell},{cell}\n"));
    minting(&folder, &["--claims", "a,b,c"]).refused(1, "customers.csv: row 2, line 2", "--claims");
}

#[test]
fn more_than_sixteen_claims_are_refused() {
    let names: Vec<_> = (0..17).map(|number| format!("c{number}")).collect();
    let folder = Folder::with_list(format!("{}\n{}\n", names.join(","), names.join(",")));
    minting(&folder, &["--claims", &names.join(",")]).refused(2, "17", "fewer");
    minting(&folder, &["--claims", &names[..16].join(",")]).run().done();
}

#[test]
fn a_claim_without_a_proper_name_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for name in ["", "a\nb", &"n".repeat(65)] {
        let set = format!("{name}=1");
        minting(&folder, &["--set", &set]).refused(2, "--set: ", "1 to 64 bytes and no control characters");
        folder
            .call(&["sign", &set, "--never-expires"])
            .refused(2, "", "1 to 64 bytes");
    }
    minting(&folder, &["--set", "novalue"]).refused(2, "--set: \"novalue\" has no =", "NAME=VALUE");
}

#[test]
fn a_row_with_too_few_or_too_many_cells_is_rejected() {
    for (row, has) in [("2", 1), ("2,b,c", 3), ("2,b,c,d", 4)] {
        let folder = Folder::with_list(format!("customer_id,name\n1,\"two\nlines\"\n{row}\n"));
        minting(&folder, &[]).refused(
            1,
            &format!("customers.csv: row 3, line 4: the row has {has} cell"),
            "must stand in double quotes",
        );
    }
}

#[test]
fn a_quote_that_never_closes_is_told_with_its_place() {
    let folder = Folder::with_list("customer_id,name\n1,a\n2,\"b\n3,c\n4,d\n");
    minting(&folder, &[]).refused(
        3,
        "customers.csv: row 3, line 3: a quote opens here and never closes",
        "close the quote",
    );
    folder.write("customers.csv", "customer_id,\"name\n1,a\n");
    minting(&folder, &[]).refused(
        3,
        "customers.csv: row 1, line 1: a quote opens here and never closes",
        "close the quote",
    );
    folder.write("customers.csv", "sep=,\ncustomer_id,name\n1,\"a\nb\"\n2,\"b\n");
    minting(&folder, &[]).refused(3, "customers.csv: row 3, line 5: a quote opens here", "close the quote");
}

#[test]
fn a_row_that_never_ends_is_told_with_its_place() {
    let long = "x".repeat(9 << 20);
    for (list, place) in [
        (format!("customer_id,name\n1,a\n2,{long}\n"), "row 3, line 3"),
        (format!("customer_id,{long}\n1,a\n"), "row 1, line 1"),
    ] {
        let folder = Folder::with_list(list);
        let run = minting(&folder, &[]).run().status(3);
        run.tells(&format!("customers.csv: {place}: a row is longer than 8 MiB"))
            .tells("most likely a quote opens");
        assert_eq!(folder.files(), ["customers.csv"]);
    }
}

#[test]
fn a_quote_that_never_closes_writes_nothing_even_with_rejects() {
    let folder = Folder::with_list("customer_id,name\n1,a\n,x\n2,\"b\n3,c\n");
    let run = minting(&folder, &["--rejects", "bad.csv"]).run().status(3);
    run.expect(folder.files() == ["customers.csv"], "no output");
}

#[test]
fn a_list_without_rows_is_refused() {
    for list in [
        "customer_id\n",
        "customer_id",
        "\u{feff}customer_id\r\n",
        "customer_id\n\n\n",
        "customer_id;a\n;\n",
    ] {
        let folder = Folder::with_list(list);
        minting(&folder, &[]).refused(3, "customers.csv: the list has no rows", "--allow-empty");
    }
}

#[test]
fn an_empty_list_is_refused() {
    for list in ["", "\u{feff}", "sep=;\n"] {
        let folder = Folder::with_list(list);
        minting(&folder, &[]).refused(
            3,
            "customers.csv: the list is empty",
            "the first line names the columns",
        );
    }
}

#[test]
fn a_missing_list_or_a_folder_is_refused() {
    let folder = Folder::new();
    minting(&folder, &[]).refused(3, "customers.csv: no such file or directory", "check the name");
    std::fs::create_dir(folder.path("customers.csv")).expect("made");
    minting(&folder, &[]).refused(3, "customers.csv: it is a folder", "name a list in it");
}

#[test]
fn bytes_that_are_not_in_the_encoding_reject_their_row() {
    let folder = Folder::with_list(b"customer_id,name\n1,a\n2,M\xfcller\n3,c\n");
    minting(&folder, &[]).refused(
        1,
        "customers.csv: row 3, line 3: the row has bytes that are not UTF-8",
        "--encoding windows-1252",
    );
    let folder = Folder::with_list(b"customer_id,N\xfcme\n1,a\n");
    minting(&folder, &[]).refused(3, "customers.csv: row 1, line 1: the header is not UTF-8", "CSV UTF-8");
}

#[test]
fn a_delimiter_that_is_none_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for delimiter in ["", "ab", "1", "\"", "ü", "\n"] {
        let flag = format!("--delimiter={delimiter}");
        minting(&folder, &[&flag]).refused(2, "--delimiter: ", "one of");
    }
}

#[test]
fn cells_in_messages_are_shortened_and_escaped() {
    let cell = format!("\u{1b}]0;own\u{7}{}", "x".repeat(100));
    let folder = Folder::with_list(format!("customer_id,duration\n1,{cell}\n"));
    let run = minting(&folder, &[]).refused(1, "column duration: \"\\u{1b}]0;own\\u{7}xxx", "");
    run.expect(
        !run.stderr.contains(['\u{1b}', '\u{7}']),
        "nothing that steers a terminal",
    );
    run.expect(!run.stderr.contains(&"x".repeat(50)), "the cell shortened");
}

#[test]
fn threads_are_at_least_one() {
    let folder = Folder::with_list("customer_id\n1\n");
    for threads in ["0", "-1", "many"] {
        let flag = format!("--threads={threads}");
        minting(&folder, &[&flag]).refused(2, "--threads", "--help");
    }
}

#[test]
fn what_can_not_be_understood_is_status_two() {
    let folder = Folder::with_list("customer_id\n1\n");
    for args in [
        &["frobnicate"][..],
        &["generate", "--xyzzy"],
        &["generate", "a.csv", "b.csv"],
        &["key", "frobnicate"],
        &["verify", "--json", "--print", "x"],
    ] {
        folder.call(args).refused(2, "", "--help");
    }
    let run = folder
        .call(&["verify", "--\u{1b}[31mred"])
        .refused(2, "unexpected argument", "--help");
    run.expect(!run.stderr.contains('\u{1b}'), "nothing that steers a terminal");
}

/// What is looked up ahead of a row's own check must take rows that lack the column.
#[test]
fn short_and_blank_rows_at_the_head_of_a_list_are_no_crash() {
    for first in ["", "1", "1;2"] {
        let folder = Folder::with_list(format!(
            "customer_id,base_url,name\n{first}\n2,https://a.example/p,Anna\n"
        ));
        let call = [
            "generate",
            "customers.csv",
            "--expires-in",
            "1h",
            "--rejects",
            "bad.csv",
            "-o",
            "links.csv",
        ];
        for more in [&[][..], &["--qr", "codes", "--qr-name", "{name}"]] {
            let status = if first.is_empty() { 0 } else { 1 };
            folder.run(&all(&[&call, more, &["--force"]])).status(status);
            assert_eq!(
                folder
                    .read("links.csv")
                    .lines()
                    .filter(|line| line.contains("https://a.example/p/L"))
                    .count(),
                1
            );
        }
    }
}
