//! The pages in a real browser, as people use them. Run by `.ci/run`: `tests/browser/install` installs what drives it.

use crate::serve::Running;
use crate::support::Folder;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
#[ignore = "needs Chromium and node"]
fn people_sign_in_check_a_link_and_make_a_list_on_a_desk_and_on_a_phone() {
    let folder = Folder::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let claims = ["sign", "customer_id=1234567", "campaign_id=spring26", "--never-expires"];
    let token = folder.run(&claims).done().stdout.trim_end().to_owned();
    let service = Running::start(&folder, &["--ledger", "checks.db"]);
    let start = format!("http://{}/?key={}", service.address, service.start_key());
    let lists = ["customers-excel-europe.csv", "customers.xlsx"];
    let mut command = Command::new("node");
    command.arg(root.join("tests/browser/tour.mjs"));
    command.arg(target.join("browser/node_modules"));
    command.args([&*start, &*token]).arg(folder.path(""));
    // for people to look at
    command.arg(target.join("browser/pictures"));
    command.args(lists.map(|list| root.join("samples").join(list)));
    let output = command.output().expect("node");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}", told.replace(service.start_key(), "KEY"));
    assert_eq!(service.end().0, Some(0));
    for list in lists {
        let file = format!("{list}.links.csv");
        folder
            .run(&["verify", "--file", &file, "-o", &format!("{list}.csv")])
            .done();
    }
}
