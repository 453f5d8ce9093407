//! The files that a service decides by: who changes them, and what becomes of that while it runs.

use super::serve::Running;
use super::support::{Folder, OTHER_SECRET, keyring_text};

/// A new key's text and its id.
fn api_key(folder: &Folder, name: &str, more: &[&str]) -> (String, String) {
    let args = [&["api-key", "new", name, "--file", "api.json", "--scope"], more].concat();
    let made = folder.call(&args).may_show_secrets().run().done();
    let key = made.stdout.trim_end().to_owned();
    let id = key[4..12].to_owned();
    (key, id)
}

#[test]
fn each_file_is_read_again_by_itself() {
    let folder = Folder::new();
    let (desk, desk_id) = api_key(&folder, "desk", &["check"]);
    let (shop, shop_id) = api_key(&folder, "shop", &["check"]);
    folder.write("pages.json", "{\"spring26\": \"https://mystore.com/spring\"}");
    let args = ["--api-keys", "api.json", "--redirect-file", "pages.json"];
    let service = Running::start(&folder, &args);
    let is_let_in = |key: &str| match service.ask(key, "/v1/check/x").0.as_str() {
        "HTTP/1.1 400 Bad Request" => true,
        "HTTP/1.1 401 Unauthorized" => false,
        other => panic!("{other}"),
    };
    let ready = || service.ask("", "/readyz").1;
    let cookie = service.sign_in(&desk);
    let page = || {
        service.raw(&format!(
            "GET /support HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n"
        ))
    };
    assert!(page().starts_with("HTTP/1.1 200 "));

    // a bad file keeps no key alive
    folder.write("pages.json", "{\"spring26\": \"https://mystore.com/spring\",}");
    folder
        .run(&["api-key", "remove", &desk_id, "--file", "api.json"])
        .done();
    service.hang_up();
    while is_let_in(&desk) {}
    assert!(is_let_in(&shop));
    assert!(page().starts_with("HTTP/1.1 303 "));
    while ready() != "stale\n" {}

    // nor does a bad keyring
    std::fs::write(folder.default_keyring(), "nonsense").expect("written");
    folder
        .run(&["api-key", "remove", &shop_id, "--file", "api.json"])
        .done();
    service.hang_up();
    while is_let_in(&shop) {}

    // a good file is taken beside a bad one, and what is mended is good
    let (new, _) = api_key(&folder, "new", &["check"]);
    std::fs::write(folder.default_keyring(), keyring_text(&[OTHER_SECRET])).expect("written");
    service.hang_up();
    // few are wrong: who tries many has to wait
    while ready() != "stale\n" || service.ask(&new, "/v1/check/x").0 != "HTTP/1.1 400 Bad Request" {
        std::thread::yield_now();
    }
    folder.write("pages.json", "{}");
    service.hang_up();
    while ready() != "ok\n" {}
    let (status, told) = service.end();
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("pages.json: ") && told.contains("keys.json: "), "{told}");
}

#[test]
fn a_key_is_bound_to_what_was_meant_or_not_made() {
    let folder = Folder::new();
    let refused = |args: &[&str], message: &str, hint: &str| {
        let args = [&["api-key", "new", "x", "--file", "api.json", "--scope", "check"], args].concat();
        folder.call(&args).refused(2, message, hint);
    };
    refused(
        &["--expect", "campaign_id=a", "--expect", "campaign_id=b"],
        "--expect: the claim campaign_id is given twice",
        "a key is bound to one value of a claim: make another key for the other",
    );
    refused(
        &["--origin", "https://::"],
        "--origin: it is no origin",
        "an address without path: https://shop.example",
    );
    assert!(!folder.path("api.json").exists());
    api_key(
        &folder,
        "shop",
        &[
            "check",
            "--expect",
            " campaign_id = spring26 ",
            "--origin",
            "https://Shop.example:443",
        ],
    );
    let listed = folder.run(&["api-key", "list", "--json", "--file", "api.json"]).done();
    let key = &listed.json()[0];
    listed.expect(key["expect"]["campaign_id"] == "spring26", "the value that tokens have");
    listed.expect(key["origin"] == "https://shop.example", "the origin that browsers send");
}

#[test]
fn a_misspelt_member_of_the_file_opens_nothing() {
    let folder = Folder::new();
    api_key(&folder, "shop", &["check", "--expect", "campaign_id=spring26"]);
    let good = folder.read("api.json");
    let twice = good.replace("\"spring26\"", "\"spring26\", \"campaign_id\": \"autumn26\"");
    for bad in [good.replace("\"expect\"", "\"expects\""), twice] {
        folder.write("api.json", &bad);
        let run = folder.run(&["serve", "--api-keys", "api.json"]).status(3);
        run.expect(
            run.stderr.contains("api.json: it is no file of API keys: ") && run.stderr.contains("at line "),
            "the place in the file",
        );
    }
}

#[cfg(unix)]
#[test]
fn who_can_change_the_file_of_api_keys_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    api_key(&folder, "shop", &["check"]);
    let told = |mode: u32, more: &[&str]| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path("api.json"), mode).expect("set");
        let args = [&["--api-keys", "api.json"], more].concat();
        let service = Running::start(&folder, &args);
        let (status, told) = service.end();
        assert_eq!(status, Some(0), "{told}");
        told
    };
    let warning = "warning: api.json: others can change who is let in (mode 0666)";
    assert!(told(0o666, &[]).contains(warning));
    assert!(!told(0o666, &["--quiet"]).contains("warning"));
    // anybody may read it
    assert!(!told(0o644, &[]).contains("warning"));
}

#[cfg(unix)]
#[test]
fn a_changed_file_of_api_keys_stays_its_owner_s() {
    use std::os::unix::fs::MetadataExt;
    // only root can give files away
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = Folder::new();
    api_key(&folder, "shop", &["check"]);
    let path = folder.path("api.json");
    std::os::unix::fs::chown(&path, Some(65_534), Some(65_533)).expect("given");
    api_key(&folder, "desk", &["check"]);
    let metadata = std::fs::metadata(&path).expect("there");
    assert_eq!(
        (metadata.uid(), metadata.gid(), metadata.mode() & 0o777),
        (65_534, 65_533, 0o600)
    );
}
