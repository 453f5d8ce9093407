//! Where the token stands in the link.

use crate::support::{FIXED, Folder, USUAL, all, rows};

fn link(folder: &Folder, args: &[&str]) -> (String, String) {
    let run = folder
        .run(&all(&[&["generate", "customers.csv", "--never-expires"], &FIXED, args]))
        .done();
    let row = rows(&run.stdout).remove(0);
    (row["token"].clone(), row["url_link"].clone())
}

#[test]
fn the_token_becomes_the_last_segment_of_the_path() {
    let folder = Folder::with_list("customer_id\n1\n");
    let table = [
        ("https://shop.example", "https://shop.example/{}"),
        ("https://shop.example/", "https://shop.example/{}"),
        ("https://shop.example/p", "https://shop.example/p/{}"),
        ("https://shop.example/p/", "https://shop.example/p/{}"),
        ("https://shop.example/p?a=1#top", "https://shop.example/p/{}?a=1#top"),
        ("https://shop.example/köln", "https://shop.example/k%C3%B6ln/{}"),
    ];
    for (base, expected) in table {
        let (token, link) = link(&folder, &["--base-url", base]);
        assert_eq!(link, expected.replace("{}", &token));
    }
}

#[test]
fn the_token_becomes_a_parameter() {
    let folder = Folder::with_list("customer_id\n1\n");
    for (base, expected) in [
        ("https://shop.example/p", "https://shop.example/p?t={}"),
        ("https://shop.example/p?a=1#top", "https://shop.example/p?a=1&t={}#top"),
    ] {
        let (token, link) = link(&folder, &["--base-url", base, "--param", "t"]);
        assert_eq!(link, expected.replace("{}", &token));
    }
}

#[test]
fn a_template_takes_cells_percent_encoded() {
    let folder = Folder::with_list("customer_id,campaign_id,note\n1,a b&c=d/ü,\" x \"\n");
    let template = "https://shop.example/p/{token}?c={campaign_id}&n={note}&c2={campaign_id}";
    let (token, link) = link(&folder, &["--url", template]);
    let cell = "a%20b%26c%3Dd%2F%C3%BC";
    assert_eq!(link, format!("https://shop.example/p/{token}?c={cell}&n=x&c2={cell}"));
}

#[test]
fn a_filled_base_url_cell_rules_over_the_flag() {
    let folder = Folder::with_list("customer_id,base_url\n1,https://other.example/x/\n2,\n");
    let run = folder
        .generate(&["--base-url-column", "base_url"])
        .done()
        .tells("base_url ruled over the flag in 1 row");
    let rows = rows(&run.stdout);
    assert_eq!(
        rows[0]["url_link"],
        format!("https://other.example/x/{}", rows[0]["token"])
    );
    assert_eq!(
        rows[1]["url_link"],
        format!("https://shop.example/p/{}", rows[1]["token"])
    );
}

#[test]
fn a_base_url_cell_that_is_no_url_rejects_its_row() {
    for cell in [
        "shop.example",
        "ftp://shop.example",
        "https://",
        "javascript:alert(1)",
        "https://a b/",
        "https://u:p@shop.example",
        "https://mystore..example/p",
        "https://.mystore.example",
    ] {
        let folder = Folder::with_list(format!("customer_id,base_url\n1,{cell}\n"));
        let own = ["--base-url-column", "base_url"];
        let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL, &FIXED, &own]);
        folder
            .call(&args)
            .refused(1, "customers.csv: row 2, line 2, column base_url: ", "");
    }
    let folder = Folder::with_list("customer_id,base_url\n1,\n");
    folder
        .call(&["generate", "customers.csv", "--never-expires", "-o", "links.csv"])
        .refused(
            1,
            "column base_url: the cell is empty, and nothing else gives a base URL",
            "--base-url",
        );
}

#[test]
fn a_link_with_a_comma_is_quoted() {
    let folder = Folder::with_list("customer_id,base_url\n1,\"https://other.example/a,b\"\n");
    let run = folder.generate(&["--base-url-column", "base_url"]).done();
    let row = &rows(&run.stdout)[0];
    assert_eq!(row["url_link"], format!("https://other.example/a,b/{}", row["token"]));
}

#[test]
fn without_an_address_the_list_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let args = ["generate", "customers.csv", "--never-expires", "-o", "links.csv"];
    folder
        .call(&args)
        .refused(2, "no address for the links", "--no-link for tokens only");
    folder
        .call(&all(&[&args, &["--param", "t"]]))
        .refused(2, "--param needs an address", "--base-url");
}

#[test]
fn bad_addresses_in_flags_are_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let table = [
        (
            &["--base-url", "shop.example/p"][..],
            "--base-url: \"shop.example/p\": it is no URL",
        ),
        (&["--base-url", ""], "--base-url: \"\": it is no URL"),
        (
            &["--base-url", "ftp://shop.example/p"],
            "its scheme is neither https nor http",
        ),
        (&["--base-url", "https://"], "no host"),
        (
            &["--base-url", "https://mystore..example/p"],
            "it has no host, or one that can't be",
        ),
        (
            &["--base-url", "https://.example/p"],
            "it has no host, or one that can't be",
        ),
        (
            &["--base-url", "https://mystore.example../p"],
            "it has no host, or one that can't be",
        ),
        (
            &["--url", "https://mystore..example/{token}"],
            "it has no host, or one that can't be",
        ),
        (
            &["--base-url", "https://shop.example:99999/"],
            "its port is not a number up to 65535",
        ),
        (
            &["--base-url", "https://me:secret@shop.example/"],
            "a user name before its host",
        ),
        (&["--base-url", "https://shop.example/a b"], "can't stand in a URL"),
        (&["--base-url", "https://shop.example/\n"], "can't stand in a URL"),
        (&["--base-url", "https://shop.example/%zz"], "percent sign"),
        (
            &["--base-url", "https://shop.example/?t=1", "--param", "t"],
            "it has the query parameter \"t\" already",
        ),
        (
            &["--base-url", "https://shop.example/?%74=1", "--param", "t"],
            "it has the query parameter \"t\" already",
        ),
        (&["--base-url", "https://shop.example/", "--param", ""], "--param: "),
        (&["--url", "https://shop.example/p"], "{token} does not stand in it"),
        (
            &["--url", "https://shop.example/{token}{token}"],
            "{token} stands in it more than once",
        ),
        (
            &["--url", "https://{customer_id}.example/{token}"],
            "a placeholder stands before the path",
        ),
        (
            &["--url", "https://shop.example{token}"],
            "a placeholder stands before the path",
        ),
        (
            &["--url", "https://shop.example/{token}?x={nope}"],
            "there is no column \"nope\"",
        ),
        (
            &["--url", "https://shop.example/{token"],
            "a brace at character 22 has no partner",
        ),
    ];
    for (flags, message) in table {
        let args = all(&[
            &["generate", "customers.csv", "--never-expires", "-o", "links.csv"],
            flags,
        ]);
        folder.call(&args).refused(2, message, "");
    }
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for flags in [
        &["--base-url", "https://a.example", "--no-link"][..],
        &["--base-url", "https://a.example", "--url", "https://a.example/{token}"],
        &["--url", "https://a.example/{token}", "--param", "t"],
    ] {
        let args = all(&[&["generate", "customers.csv", "--never-expires"], flags]);
        folder.call(&args).refused(2, "cannot be used with", "--help");
    }
}
