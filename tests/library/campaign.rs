//! A list over the front door: what becomes of its rows, and what is refused before the first.

use linkmint::batch::BatchError;
use linkmint::claims::ClaimError;
use linkmint::table::{ColumnError, ReadOptions, TableError};
use linkmint::{Alphabet, Campaign, CampaignError, Form, Keyring, LinkPattern, Minter, Report};
use linkmint::{Secret, TokenId, UnixTime, Validity, Verifier};

const NOW: UnixTime = UnixTime(1_790_000_000);

fn ring() -> Keyring {
    Keyring::of(Secret::new(vec![7; 32].into()).expect("32 bytes"))
}

fn campaign(form: Form) -> Campaign {
    let minter = Minter::new(ring().signing_key(None).expect("a key"), form);
    let validity = Validity::lasting(NOW, 86_400).expect("times");
    Campaign::new(minter, validity, TokenId::parse("0000000000ff").expect("an id"))
}

fn generated(campaign: Campaign, list: &str) -> (Result<Report, CampaignError>, String) {
    let mut links = Vec::new();
    let result = campaign.generate(list.as_bytes(), &mut links);
    (result, String::from_utf8(links).expect("UTF-8"))
}

#[test]
fn rows_get_tokens_that_verify() {
    let list = "\u{feff}id;customer_id;product_id\r\na;\"1;2\";88\r\n;;\r\nb;3;89\r\n";
    let campaign = campaign(Form::Sealed(Alphabet::Base32)).constant("campaign_id", "spring26");
    let (report, links) = generated(campaign.expect("a constant"), list);
    assert_eq!(report.map(|report| (report.rows, report.blanks)).ok(), Some((2, 1)));
    let lines: Vec<_> = links.split("\r\n").collect();
    assert_eq!(lines[0], "\u{feff}id;customer_id;product_id;token;expires_at");
    assert_eq!(lines[2], ";;;;");
    let verifier = Verifier::new(&ring())
        .expecting("campaign_id", "spring26")
        .expect("a claim");
    for (line, customer, id) in [(lines[1], "1;2", "0000000000ff"), (lines[3], "3", "000000000100")] {
        let cells: Vec<_> = line.rsplit(';').collect();
        let token = verifier.verify(cells[1], NOW).expect(line);
        assert_eq!(token.claim("customer_id"), Some(customer));
        assert_eq!(token.id(), TokenId::parse(id));
        assert_eq!(cells[0], "2026-09-22T14:13:20Z");
    }
}

#[test]
fn chosen_claims_and_cells_of_a_template_are_taken() {
    let pattern = LinkPattern::from_template("https://a.example/{token}?c={code}").expect("a template");
    let campaign = campaign(Form::Jwt).link(pattern).claim("who", "nr").expect("a name");
    let (report, links) = generated(campaign, "nr,code\n7,a b\n");
    report.expect("links");
    let cells: Vec<_> = links.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!(cells[3], format!("https://a.example/{}?c=a%20b", cells[2]));
    let token = Verifier::new(&ring()).verify(cells[2], NOW).expect("valid");
    assert_eq!(token.claims().collect::<Vec<_>>(), [("who", "7")]);
}

#[test]
fn a_bad_row_can_t_be_overlooked() {
    let list = "customer_id\n1\n\"\"\n\n2,3\n4\n";
    let (result, links) = generated(campaign(Form::default()), list);
    let Err(CampaignError::Rejected(report)) = result else {
        panic!("{result:?}");
    };
    // header, the first row and two blank ones
    assert_eq!((report.rows, report.rejected, links.lines().count()), (3, 1, 4));

    let (mut links, mut rejects) = (Vec::new(), Vec::new());
    let list = "customer_id,name\n1,a\n ,b\n3,c,d\n";
    let report = campaign(Form::default()).generate_with_rejects(list.as_bytes(), &mut links, &mut rejects);
    assert_eq!(report.expect("links").rejected, 2);
    assert_eq!(links.split(|byte| *byte == b'\n').count(), 3);
    let rejects = String::from_utf8(rejects).expect("UTF-8");
    assert!(rejects.starts_with("row,error,customer_id,name\n3,"), "{rejects}");
    assert!(
        rejects.lines().count() == 3 && rejects.ends_with(",3,c,d\n"),
        "{rejects}"
    );
}

#[test]
fn a_list_without_header_has_none_in_its_rejects_either() {
    let reading = ReadOptions {
        no_header: true,
        ..ReadOptions::default()
    };
    let campaign = campaign(Form::default()).reading(reading).claim("customer_id", "1");
    let (mut links, mut rejects) = (Vec::new(), Vec::new());
    let campaign = campaign.expect("a name");
    let report = campaign.generate_with_rejects(&b"1,a\n,b\n"[..], &mut links, &mut rejects);
    assert_eq!(report.expect("links").rejected, 1);
    assert_eq!(links.split(|byte| *byte == b'\n').count(), 2);
    let rejects = String::from_utf8(rejects).expect("UTF-8");
    assert!(rejects.starts_with("2,") && rejects.ends_with(",,b\n"), "{rejects}");
}

#[test]
fn what_can_t_work_is_refused_before_the_first_row() {
    let error = |campaign: Campaign, list: &str| {
        let (result, links) = generated(campaign, list);
        assert_eq!(links, "");
        result.expect_err("refused")
    };
    let plain = || campaign(Form::default());
    let unknown = error(plain(), "id\n1\n");
    assert!(matches!(unknown, CampaignError::Column(ColumnError::Unknown { .. })));
    let empty = error(plain(), "");
    assert!(matches!(
        empty,
        CampaignError::Batch(BatchError::Table(TableError::Empty))
    ));
    let twice = plain().constant("customer_id", "1").expect("not known yet");
    assert!(matches!(
        error(twice, "customer_id\n1\n"),
        CampaignError::Claim {
            error: ClaimError::Twice,
            ..
        }
    ));
    let reserved = campaign(Form::Jwt).claim("exp", "id").expect("a name");
    assert!(matches!(
        error(reserved, "id\n1\n"),
        CampaignError::Claim {
            error: ClaimError::Reserved("exp"),
            ..
        }
    ));
    let many = (0..17).try_fold(plain(), |campaign, index| campaign.claim(&format!("c{index}"), "id"));
    let many = error(many.expect("names"), "id\n1\n");
    assert_eq!(many.to_string(), "the claim c16: 17 claims, a token carries at most 16");
    assert_eq!(plain().constant("a", "").map(drop), Err(ClaimError::EmptyValue));
    assert_eq!(
        plain()
            .claim("a", "x")
            .and_then(|again| again.constant("a", "1"))
            .map(drop),
        Err(ClaimError::Twice)
    );
}

#[test]
fn a_link_can_stand_in_any_list() {
    let pattern = LinkPattern::from_base("https://a.example/p?a=1;b=2").expect("an address");
    let (report, links) = generated(
        campaign(Form::default()).link(pattern).without_claims(),
        "x;url_link\n1;\n",
    );
    assert!(report.is_ok());
    let row = links.lines().nth(1).expect("a row");
    assert!(
        row.starts_with("1;\"https://a.example/p/L") && row.contains("?a=1;b=2\";L"),
        "{row}"
    );
}

#[test]
fn a_first_line_that_looks_like_a_customer_is_no_header_by_itself() {
    let list = "anna@example.org\nbob@example.org\n";
    let bare = || campaign(Form::default()).without_claims();
    let (report, links) = generated(bare(), list);
    assert!(matches!(report, Err(CampaignError::NoHeader)), "{report:?}");
    assert!(links.is_empty());
    let reading = |no_header, header| ReadOptions {
        no_header,
        header,
        ..ReadOptions::default()
    };
    for (options, rows) in [(reading(true, false), 2), (reading(false, true), 1)] {
        let (report, _) = generated(bare().reading(options), list);
        assert_eq!(report.map(|report| report.rows).ok(), Some(rows));
    }
}
