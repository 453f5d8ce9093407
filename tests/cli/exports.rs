//! Lists as products export them, with their real header lines: minted in one command, or told the one flag to add.

use crate::support::{FIXED, Folder, USUAL, all};

/// An export: whose it is, its bytes, and the claims that its first customer's token must have.
struct Export {
    of: &'static str,
    text: &'static str,
    /// The flag that has to be added, as the refusal tells it.
    flag: Option<&'static str>,
    claims: &'static [(&'static str, &'static str)],
}

const EXPORTS: [Export; 13] = [
    Export {
        of: "Shopify, customers",
        text: "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address \
               Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address \
               Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total \
               Orders,Note,Tax Exempt,Tags\n\
               7012345678901,Ada,Berg,ada@example.org,yes,,\"1 Main St, Unit 2\",,Oslo,,NO,0150,,,no,120.50,3,,no,\"vip, spring\"\n",
        flag: None,
        claims: &[("customer_id", "7012345678901")],
    },
    Export {
        of: "HubSpot, contacts",
        text: "\"Record ID\",\"First Name\",\"Last Name\",\"Email\",\"Phone Number\",\"Contact owner\",\"Lead Status\",\
               \"Marketing contact status\",\"Create Date\",\"Associated Company\"\n\
               \"20151\",\"Ada\",\"Berg\",\"ada@example.org\",\"\",\"\",\"New\",\"Marketing contact\",\"2026-01-31 10:00\",\"Berg AS\"\n",
        flag: Some("--claims customer_id=\"Record ID\""),
        claims: &[("customer_id", "20151")],
    },
    Export {
        of: "HubSpot, a list with properties of its own",
        text: "Record ID - Contact,Email,customerId,campaignId,productId\n20151,ada@example.org,C-77,spring26,SKU-1\n",
        flag: None,
        claims: &[
            ("customer_id", "C-77"),
            ("campaign_id", "spring26"),
            ("product_id", "SKU-1"),
        ],
    },
    Export {
        of: "Mailchimp, an audience",
        text: "\"Email Address\",\"First Name\",\"Last Name\",Address,\"Phone Number\",Birthday,MEMBER_RATING,OPTIN_TIME,\
               OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,\
               EUID,NOTES,TAGS\n\
               ada@example.org,Ada,Berg,,,,2,,,\"2026-01-31 10:00:00\",192.0.2.7,,,,,,,,\"2026-01-31 10:00:00\",\
               530216893,a1b2c3d4e5,,\"\"\"spring\"\"\"\n",
        flag: Some("--claims customer_id=\"EUID\""),
        claims: &[("customer_id", "a1b2c3d4e5")],
    },
    Export {
        of: "Mailchimp, with merge fields",
        text: "\"Email Address\",\"First Name\",CUSTOMER-ID,\"Campaign Id\",LEID,EUID\n\
               ada@example.org,Ada,4711,spring26,530216893,a1b2c3d4e5\n",
        flag: None,
        claims: &[("customer_id", "4711"), ("campaign_id", "spring26")],
    },
    Export {
        of: "Klaviyo, a list",
        text: "Email,Klaviyo ID,First Name,Last Name,Phone Number,Organization,Title,Address,Address 2,City,\
               State/Region,Country,Zip Code,Latitude,Longitude,Source,Email Marketing Consent,First Active,Last Active,\
               Profile Created On\n\
               ada@example.org,01GDDKASAP8TKDDA2GRZDSVP4H,Ada,Berg,,,,,,Oslo,,Norway,0150,,,,SUBSCRIBED,,,2026-01-31 10:00:00\n",
        flag: Some("--claims customer_id=\"Klaviyo ID\""),
        claims: &[("customer_id", "01GDDKASAP8TKDDA2GRZDSVP4H")],
    },
    Export {
        of: "Salesforce, a report",
        text: "\"Contact ID\",\"First Name\",\"Last Name\",\"Email\",\"Account Name\",\"Campaign ID\",\"Campaign Name\"\n\
               \"003Do00000ABCDE\",\"Ada\",\"Berg\",\"ada@example.org\",\"Berg AS\",\"701Do000000XYZ1\",\"Spring\"\n",
        flag: Some("--claims customer_id=\"Contact ID\",campaign_id"),
        claims: &[("customer_id", "003Do00000ABCDE"), ("campaign_id", "701Do000000XYZ1")],
    },
    Export {
        of: "Salesforce, Data Loader",
        text: "\"ID\",\"EMAIL\",\"CUSTOMER_ID__C\",\"CAMPAIGN_ID\"\n\"003Do00000ABCDE\",\"a@example.org\",\"77\",\"spring26\"\n",
        flag: Some("--claims customer_id=\"CUSTOMER_ID__C\",campaign_id"),
        claims: &[("customer_id", "77"), ("campaign_id", "spring26")],
    },
    Export {
        of: "WooCommerce, customers",
        text: "Name,Username,\"Last Active\",\"Sign Up\",Email,Orders,\"Total Spend\",AOV,\"Country / Region\",City,Region,\
               \"Postal Code\"\n\
               \"Ada Berg\",ada,2026-01-31,2025-12-01,ada@example.org,3,120.5,40.17,NO,Oslo,,0150\n",
        flag: Some("--claims customer_id=\"Username\""),
        claims: &[("customer_id", "ada")],
    },
    Export {
        of: "WooCommerce, orders",
        text: "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),City (Billing),\
               Email (Billing),Phone (Billing),Customer User ID,Order Total Amount\n\
               1042,Completed,2026-01-31 10:00,,Ada,Berg,Oslo,ada@example.org,,77,120.50\n",
        flag: Some("--claims customer_id=\"Customer User ID\""),
        claims: &[("customer_id", "77")],
    },
    Export {
        of: "Google Sheets",
        text: "Customer Id,Name,Campaign id,Product-ID\r\n0042,Ada Berg,spring26,SKU-1\r\n",
        flag: None,
        claims: &[
            ("customer_id", "0042"),
            ("campaign_id", "spring26"),
            ("product_id", "SKU-1"),
        ],
    },
    Export {
        of: "Excel, German",
        text: "\u{feff}Kundennummer;Vorname;Nachname;E-Mail;Straße;PLZ;Umsatz\r\n\
               10023;Jörg;Müller;joerg@example.org;Hauptstraße 1;01099;1.234,56\r\n",
        flag: Some("--claims customer_id=\"Kundennummer\""),
        claims: &[("customer_id", "10023")],
    },
    Export {
        of: "Excel, French",
        text: "\u{feff}N° client;Prénom;Nom;Courriel;Ville\r\n10023;Zoé;Lefèvre;zoe@example.org;Orléans\r\n",
        flag: Some("--claims customer_id=\"N° client\""),
        claims: &[("customer_id", "10023")],
    },
];

#[test]
fn exports_are_minted_in_one_command_or_told_the_one_flag_to_add() {
    for export in EXPORTS {
        let folder = Folder::with_list(export.text);
        let usual = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL, &FIXED]);
        let added = export
            .flag
            .map(|flag| flag.trim_start_matches("--claims ").replace('"', ""));
        let args = match &added {
            None => usual,
            Some(claims) => {
                let told = format!("{}; the header has", export.flag.unwrap_or_default());
                folder
                    .call(&usual)
                    .refused(2, "there is no column \"customer_id\"", &told);
                all(&[&usual, &["--claims", claims]])
            }
        };
        let run = folder.run(&args).done();
        let rejected = run.stderr.contains("1 row, 0 rejected, 0 blank");
        run.expect(rejected, export.of);
        folder
            .run(&["verify", "--file", "links.csv", "--now", "2026-11-21T17:00:00Z"])
            .done();
        let links = folder.read("links.csv");
        let token = links
            .split([',', ';', '\n'])
            .find(|cell| cell.len() > 40 && cell.starts_with('L'))
            .expect("a token");
        for (name, value) in export.claims {
            let expected = format!("{name}={value}");
            folder
                .run(&[
                    "verify",
                    "--now",
                    "2026-11-21T17:00:00Z",
                    "--expect",
                    &expected,
                    "--",
                    token,
                ])
                .done();
        }
        let has = folder.run(&["inspect", "--json", token]).done();
        let claims = &has.json()[0]["claims"];
        has.expect(
            claims
                .as_object()
                .is_some_and(|object| object.len() == export.claims.len()),
            export.of,
        );
    }
}
