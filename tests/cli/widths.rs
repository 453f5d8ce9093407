//! Columns line up at a terminal whatever the script: CJK and emoji take two cells of the screen, a combining mark none.

use crate::ledgers::Book;
use crate::stats::stats;
use crate::support::{Folder, ISSUED};

/// An `é` of two characters, as macOS writes it in names of files.
const COMBINED: &str = "e\u{301}te\u{301}";

#[test]
fn a_preview_lines_up_in_every_script() {
    let list = format!("customer_id,campaign_id,ort\n1,春の感謝祭,x\n2,😀👍🏽,x\n3,{COMBINED},x\n4,spring26,x\n");
    let folder = Folder::with_list(list);
    let run = folder
        .generate(&["--preview", "--claims", "customer_id,campaign_id,ort"])
        .done();
    let table: Vec<_> = run.stdout.lines().take(5).collect();
    for (line, start) in table.iter().zip([
        "row  customer_id  campaign_id  ort  expires_at ",
        "2    1            春の感謝祭   x    2026-11-22T16:00:00Z  https://",
        "3    2            😀👍🏽         x    2026-11-22T16:00:00Z  https://",
        &format!("4    3            {COMBINED}          x    2026-11-22T16:00:00Z  https://"),
        "5    4            spring26     x    2026-11-22T16:00:00Z  https://",
    ]) {
        run.expect(line.starts_with(start), start);
    }
}

#[test]
fn a_preview_cuts_wide_cells_to_the_width_of_a_column() {
    let folder = Folder::with_list(format!("customer_id,campaign_id\n1,{}\n2,b\n", "春".repeat(20)));
    let run = folder.generate(&["--preview"]).done();
    let cut = format!("2    1            {}…  2026", "春".repeat(13));
    run.expect(
        run.stdout.contains(&cut),
        "27 cells, as half a character is none of the 28",
    );
    let next = format!("3    2            b{}2026", " ".repeat(28));
    run.expect(run.stdout.contains(&next), "and the others as wide");
}

#[test]
fn statistics_line_up_in_every_script() {
    let folder = Folder::new();
    let mut book = Book::new(&folder);
    for campaign in ["春の感謝祭", "😀", COMBINED, "spring26"] {
        book.check_of(campaign, "2026-11-21T16:10:00Z");
    }
    let run = stats(&folder, &["--top", "0"]).says_nothing();
    let times = "1       1  2026-11-21 16:10 UTC  2026-11-21 16:10 UTC";
    for row in [
        "campaign_id  checks  tokens  first".to_owned(),
        format!("春の感謝祭        {times}"),
        format!("😀                {times}"),
        format!("{COMBINED}               {times}"),
        format!("spring26          {times}"),
    ] {
        run.expect(run.stdout.lines().any(|line| line.starts_with(&row)), &row);
    }
}

#[test]
fn claims_of_an_answer_line_up_in_every_script() {
    let folder = Folder::new();
    let token = folder.token(&["客户=1", "customer_id=2", &format!("{COMBINED}=3")]);
    let run = folder.run(&["verify", &token, "--now", ISSUED]).done();
    for line in [
        "\n  客户         1\n".to_owned(),
        "\n  customer_id  2\n".to_owned(),
        format!("\n  {COMBINED}          3\n"),
    ] {
        run.expect(run.stdout.contains(&line), &line);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn long_values_are_wrapped_at_the_width_of_a_terminal() {
    let folder = Folder::new();
    let token = folder.token(&[&format!("客户={}", "春".repeat(40))]);
    let line = format!("verify {token} --now {ISSUED}");
    let shown = crate::stats_outputs::at_terminal(&folder, &line, 60, "");
    let wrapped = format!("  客户    {}\n          {}\n", "春".repeat(25), "春".repeat(15));
    assert!(shown.contains(&wrapped), "{shown}");
}
