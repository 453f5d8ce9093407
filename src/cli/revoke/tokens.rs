//! From pasted texts or a list to the tokens that are meant.

use crate::cli::args::{TargetArgs, TextArgs};
use crate::cli::exit::{Failure, tell};
use crate::cli::lines::{Line, Lines};
use crate::cli::list::{self, List};
use crate::cli::meaning::columns::Columns;
use crate::cli::meaning::texts::Texts;
use crate::cli::report::progress::Progress;
use crate::cli::revoked::claims_text;
use crate::cli::verify::file::plan::{is_plain, token_columns};
use crate::cli::{ring, rows};
use linkmint::batch::run;
use linkmint::batch::verify::{RowOutput, TokenColumns, VerifyPlan};
use linkmint::check::{Count, Rules};
use linkmint::claims::Claim;
use linkmint::key::CheckingKey;
use linkmint::ledger::{How, Sightings};
use linkmint::moment::UnixTime;
use linkmint::number::counted;
use linkmint::token::{Authentic, Malformed, Refusal, Status, UntrustedToken};
use std::path::Path;
use std::sync::Arc;

/// The tokens that are meant.
pub(super) struct Tokens {
    pub(super) sightings: Sightings,
    pub(super) how: How,
    /// Whether something is not an authentic token.
    pub(super) refused: bool,
    /// Those that were given by themselves; none of a list.
    named: Vec<Named>,
}

/// A token that is told by itself.
struct Named {
    /// What it is called.
    name: String,
    claims: Vec<(String, String)>,
}

impl Tokens {
    /// What a token is called; nothing in a list.
    pub(super) fn name(&self, index: usize) -> &str {
        self.named.get(index).map_or("", |named| &named.name)
    }

    /// The first of these claims that each of the named tokens has, where it has one.
    pub(super) fn with_claims<'s, 'c>(
        &'s self,
        claims: &'c [(String, String)],
    ) -> impl Iterator<Item = (&'s str, &'c (String, String))> {
        let first = move |named: &Named| claims.iter().find(|claim| named.claims.contains(claim));
        let with = move |named: &'s Named| Some((named.name.as_str(), first(named)?));
        self.named.iter().filter_map(with)
    }
}

/// Authenticates all tokens that are meant, and tells what is none.
pub(super) fn of(args: &TargetArgs) -> Result<Option<Tokens>, Failure> {
    if args.file.is_none() {
        rows::refuse_list_flags(&args.list, &[(args.list.allow_empty, "--allow-empty")])?;
    }
    if !args.claim.is_empty() {
        return Ok(None);
    }
    let ring = ring::locate(&args.keyring)?.load(args.quiet)?;
    let tokens = match &args.file {
        Some(path) => of_list(args, path, ring.keys())?,
        None => of_texts(&args.texts, ring.keys())?,
    };
    Ok(Some(tokens))
}

fn of_texts(args: &TextArgs, keys: &[CheckingKey]) -> Result<Tokens, Failure> {
    let mut tokens = Tokens {
        sightings: Sightings::default(),
        how: How::Token,
        refused: false,
        named: Vec::new(),
    };
    let rules = Rules::new(keys, UnixTime(0));
    match Texts::of(args)? {
        Texts::Unsaid => {}
        Texts::These(texts) => texts.iter().for_each(|text| tokens.add_all_of(text, &rules)),
        Texts::Lines => {
            let mut lines = Lines::of_standard_input()?;
            while let Some(line) = lines.next()? {
                match line {
                    Line::Text(text) => tokens.add_all_of(&text, &rules),
                    Line::TooLong => tokens.refuse(&Malformed::TextTooLong.into()),
                }
            }
        }
    }
    Ok(tokens)
}

impl Tokens {
    fn add_all_of(&mut self, text: &str, rules: &Rules) {
        let candidates = rules.find(text);
        if candidates.is_empty() {
            self.refuse(&Malformed::Empty.into());
        }
        for candidate in &candidates {
            let mut buffer = Vec::new();
            let token = UntrustedToken::read(&candidate.text, &mut buffer);
            match token.and_then(|token| token.authenticate(&rules.keys)) {
                Ok(token) => self.add(&token),
                Err(refusal) => self.refuse(&refusal),
            }
        }
    }

    fn add(&mut self, token: &Authentic<'_>) {
        self.sightings.add(token, token.trace(), Status::Valid, false);
        let claims: Vec<_> = token.claims().iter().map(Claim::to_texts).collect();
        let with = if claims.is_empty() { "" } else { " with " };
        let id = token.id().map(|id| format!(" {id}")).unwrap_or_default();
        let name = format!("token {}{id}{with}{}", token.key_id(), claims_text(&claims));
        self.named.push(Named { name, claims });
    }

    fn refuse(&mut self, refusal: &Refusal) {
        self.refused = true;
        let hint = "only a token that a key of the keyring made can be meant";
        tell(&refusal.to_string(), Some(hint));
    }
}

/// The tokens of all rows; rows without one are told.
fn of_list(args: &TargetArgs, path: &Path, keys: &[CheckingKey]) -> Result<Tokens, Failure> {
    let (list, plan) = plan(args, list::open(Some(path), &args.list)?, keys)?;
    let plan = Arc::new(plan);
    let rows = run::List {
        columns: &plan.columns,
        ..run::List::new(list.reader, &list.preamble, rows::threads(None))
    };
    let progress = Progress::new(list.size, "rows", args.progress.progress, args.quiet);
    let (report, result) = run::collect(rows, &plan, &|bytes, rows| progress.tell(bytes, rows));
    progress.finish();
    let sightings = result.map_err(|error| list::batch_failure(error, &list.name, "", None))?;
    if report.rows == 0 && !args.list.allow_empty {
        return Err(rows::none(&list.name));
    }
    rows::tell_rejects(&report, &list.name, &plan.columns);
    if report.rejected > 0 {
        let message = format!("{}: {} left out", list.name, counted(report.rejected, "row"));
        tell(&message, None);
    }
    Ok(Tokens {
        sightings,
        how: How::List,
        refused: report.rejected > 0,
        named: Vec::new(),
    })
}

/// Where the tokens stand. When they are valid does not matter.
fn plan(args: &TargetArgs, mut list: List, keys: &[CheckingKey]) -> Result<(List, VerifyPlan), Failure> {
    let plan = |tokens, header| VerifyPlan {
        count: Count::Authentic { keep_sealed: false },
        ..VerifyPlan::new(Rules::new(keys, UnixTime(0)), tokens, header, RowOutput::Lines)
    };
    if is_plain(args.column.as_deref(), &args.list, &list)? {
        list.reader = list.reader.into_lines(&list.preamble.header);
        return Ok((list, plan(TokenColumns::only(0), None)));
    }
    let tokens = token_columns(args.column.as_deref(), &Columns(&list), true)?;
    let plan = plan(tokens, Some(&list.preamble.header));
    Ok((list, plan))
}
