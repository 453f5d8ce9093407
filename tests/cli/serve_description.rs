//! The service against its own description, by schemathesis (PyPI): no answer that it does not tell, none of a 5xx.

use super::serve::Running;
use super::support::Folder;
use std::process::Command;

#[test]
#[ignore = "needs schemathesis of PyPI, and half a minute"]
fn the_service_answers_as_its_description_says() {
    let folder = Folder::new();
    let service = Running::start(
        &folder,
        &["--ledger", "checks.db", "--base-url", "https://mystore.com/p"],
    );
    let address = format!("http://{}/openapi.json", service.address);
    let key = format!("Authorization: Bearer {}", service.start_key());
    let run = Command::new("schemathesis")
        .args(["run", &address, "-H", &key, "--seed", "1", "--request-timeout", "10"])
        .args(["--phases", "coverage,fuzzing", "--max-examples", "10", "--no-shrink"])
        // these judge how quickly this machine makes examples, not the service
        .args(["--suppress-health-check", "all"])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,response_schema_conformance",
        ])
        .current_dir(folder.path("."))
        .output()
        .expect("schemathesis is installed: pip install schemathesis");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert_eq!(service.end().0, Some(0));
}
