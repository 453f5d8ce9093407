//! `/support`: what a customer has sent, and whether it is good.

use super::answer::{PageResult, admit, done, fields, refused, shown};
use super::session::Signed;
use crate::batch::reissue::own_address;
use crate::check::{Answer, Checker, Patience, Rules};
use crate::ledger::{How, Ledger, MAX_REASON};
use crate::moment::{UnixTime, Zone};
use crate::options::TimeOptions;
use crate::pages::support::{self, Asked, Done, Renewable};
use crate::paste;
use crate::service::api_key::Scope;
use crate::service::metrics::Uncounted;
use crate::service::mint;
use crate::service::problem::Problem;
use crate::service::reissue::Wanted;
use crate::service::revocations::is_own;
use crate::service::state::Service;
use crate::token::{Revocation, Status};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The longest text, as `verify` reads it.
const MOST_TEXT: usize = 1 << 20;

/// What was pasted.
#[derive(Deserialize, ToSchema)]
pub(in crate::service) struct SupportForm {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    text: String,
}

/// What is to be revoked.
#[derive(Deserialize, ToSchema)]
pub(in crate::service) struct RevokeForm {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    reason: String,
}

/// Which link is to be made anew.
#[derive(Deserialize, ToSchema)]
pub(in crate::service) struct RenewForm {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    token: String,
    /// The address that the old one came in, with `{token}` in its place.
    #[serde(default)]
    address: String,
    #[serde(default)]
    duration: String,
    /// Whether the old one is revoked: any text.
    revoke_old: Option<String>,
}

/// The page to paste a link into.
#[utoipa::path(get, path = "/support", tag = "pages", security(()),
    responses(
        (status = 200, description = "a page", body = String, content_type = "text/html"),
        (status = 303, description = "not signed in: on to where one does"),
        (status = 403, description = "the API key lacks the scope check", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn get_support(signed: Signed) -> PageResult {
    admit(&signed, Scope::Check, None)?;
    Ok(shown(support::page(&signed.visitor(), "", &[], None, &Zone::local())))
}

/// Check what was pasted, in words. Never counted.
#[utoipa::path(post, path = "/support", tag = "pages", security(()),
    request_body(content = SupportForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "the answers", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or the form is too old", body = String, content_type = "text/html"),
        (status = 413, description = "the text is too long", body = String, content_type = "text/html"),
        (status = 503, description = "the ledger does not answer", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_support(
    State(service): State<Arc<Service>>,
    signed: Signed,
    form: Result<Form<SupportForm>, FormRejection>,
) -> PageResult {
    let is_too_long = match &form {
        Ok(Form(form)) => form.text.len() > MOST_TEXT,
        Err(FormRejection::BytesRejection(error)) => error.status() == StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => false,
    };
    if is_too_long {
        let words = "Please paste the part with the link.";
        return Err(refused(
            &signed,
            StatusCode::PAYLOAD_TOO_LARGE,
            "The text is too long",
            words,
        ));
    }
    let form = fields(&signed, form)?;
    admit(&signed, Scope::Check, Some(&form.form_token))?;
    page(&service, &signed, &form.text, None).await
}

/// Revoke a token, and say so with the answer about it.
#[utoipa::path(post, path = "/support/revoke", tag = "pages", security(()),
    request_body(content = RevokeForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "done; the answer as it is now", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or not allowed", body = String, content_type = "text/html"),
        (status = 503, description = "the ledger does not answer", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_revoke(
    State(service): State<Arc<Service>>,
    signed: Signed,
    form: Result<Form<RevokeForm>, FormRejection>,
) -> PageResult {
    let form = fields(&signed, form)?;
    admit(&signed, Scope::Revoke, Some(&form.form_token))?;
    admit(&signed, Scope::Check, None)?;
    let revoked = done(&signed, service.revoke_one(&signed, &form).await)?;
    page(&service, &signed, &form.token, Some(&revoked)).await
}

/// Make a new link in the place of one, and say so with the answer about the old one.
#[utoipa::path(post, path = "/support/reissue", tag = "pages", security(()),
    request_body(content = RenewForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "done; the new link", body = String, content_type = "text/html"),
        (status = 400, description = "the time is none", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or not allowed", body = String, content_type = "text/html"),
        (status = 404, description = "there is no ledger", body = String, content_type = "text/html"),
        (status = 503, description = "the ledger does not answer", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_reissue(
    State(service): State<Arc<Service>>,
    signed: Signed,
    form: Result<Form<RenewForm>, FormRejection>,
) -> PageResult {
    let form = fields(&signed, form)?;
    admit(&signed, Scope::Mint, Some(&form.form_token))?;
    admit(&signed, Scope::Check, None)?;
    if form.revoke_old.is_some() {
        admit(&signed, Scope::Revoke, None)?;
    }
    let made = done(&signed, service.renew_one(&signed, &form).await)?;
    page(&service, &signed, &form.token, Some(&made)).await
}

/// The page with the answers about a text; after a button, with what came of that.
async fn page(service: &Service, signed: &Signed, text: &str, came: Option<&Done>) -> PageResult {
    let answers = done(signed, service.look(signed, text).await)?;
    let page = support::page(&signed.visitor(), text, &answers, came, &Zone::local());
    Ok(shown(page))
}

impl Service {
    /// The answers about all tokens in a text, as `verify` gives them, with what the ledger says and without a count.
    async fn look(&self, signed: &Signed, text: &str) -> Result<Vec<Asked>, Problem> {
        let rules = self.rules(signed.caller.expected().collect());
        let found = {
            let (rules, text, patience) = (rules.clone(), text.to_owned(), self.settings.patience);
            let found = tokio::task::spawn_blocking(move || search(&rules, &text, patience));
            found.await.map_err(|_| Problem::internal())?
        };
        let mut all = Vec::with_capacity(found.len());
        for (answer, token) in found {
            all.push(self.complete(signed, &rules, answer, token, text).await?);
        }
        Ok(all)
    }

    /// An answer with what the ledger knows of its token, or of the undamaged one.
    async fn complete(
        &self,
        signed: &Signed,
        rules: &Rules,
        mut answer: Answer,
        mut token: String,
        text: &str,
    ) -> Result<Asked, Problem> {
        // as it stands in the text, perhaps damaged
        let pasted = answer
            .damaged
            .as_ref()
            .map_or_else(|| token.clone(), |damage| damage.text.clone());
        let again = async |text: &str| self.verdict(text, rules.clone(), Some(Uncounted::NotAsked)).await;
        if let Some(damage) = &mut answer.damaged {
            let undamaged = again(&damage.slip.repaired).await?;
            token.clone_from(&damage.slip.repaired);
            *damage.undamaged = undamaged;
        } else if answer.facts.is_some() {
            let counted = again(&token).await?;
            let cleaned = std::mem::replace(&mut answer, counted).cleaned;
            answer.cleaned = cleaned;
        }
        let answer = signed.caller.seen(answer);
        let authentic = answer.facts.is_some() || answer.damaged.is_some();
        let is_revoked = [Some(&answer), answer.damaged.as_ref().map(|damage| &*damage.undamaged)]
            .into_iter()
            .flatten()
            .any(|answer| answer.status() == Status::Revoked);
        let may = self.written_ledger().is_ok() && authentic && !is_revoked;
        let may = may && (!signed.caller.is_bound() || answer.status() != Status::ClaimMismatch);
        let revocable = may && signed.may(Scope::Revoke);
        let renewable = may && signed.may(Scope::Mint) && self.keyring().signing_key(None).is_ok();
        // where it may be taken over
        let address = || own_address(text, [&*pasted], &self.settings.allow_hosts).ok()?;
        Ok(Asked {
            renewable: renewable.then(|| Renewable {
                address: address().map(|pattern| pattern.link(b"{token}")),
                token: token.clone(),
                revokes: signed.may(Scope::Revoke),
            }),
            revocable: revocable.then_some(token),
            answer,
        })
    }

    async fn renew_one(&self, signed: &Signed, form: &RenewForm) -> Result<Done, Problem> {
        let times = TimeOptions {
            expires_in: Some(&form.duration),
            ..TimeOptions::default()
        };
        let revoke_old = form.revoke_old.is_some();
        let wanted = Wanted {
            validity: mint::validity(&times, None, self.now())?,
            // a form is a stranger's text like any other
            pattern: self.address_for(&form.address.replace("{token}", &form.token), &form.token)?,
            revoke_old,
        };
        let rules = self.rules(signed.caller.expected().collect());
        Ok(match self.reissue(form.token.clone(), rules, wanted).await? {
            Ok(made) => Done::Made {
                expires_at: made.by.expires_at.map(UnixTime),
                link: made.link.unwrap_or(made.token),
                revoked: revoke_old,
            },
            Err(_) => Done::Nothing("No new link was made: the old one is not one that may be replaced."),
        })
    }

    async fn revoke_one(&self, signed: &Signed, form: &RevokeForm) -> Result<Done, Problem> {
        let reason = form.reason.trim();
        if reason.len() > MAX_REASON || reason.contains(char::is_control) {
            return Ok(Done::Nothing("The reason is too long. Nothing was revoked."));
        }
        self.written_ledger()?;
        let token = self.token_of(&form.token);
        let (sightings, _, facts) = token.map_err(|_| Problem::bad_request("this is no token of this keyring"))?;
        if !is_own(&signed.caller, Some(&facts.claims)) {
            return Err(Problem::forbidden("this API key is bound to other links"));
        }
        let revocation = Revocation {
            at: self.now().0,
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        };
        let revoke = move |ledger: &mut Ledger| ledger.revoke(&sightings, How::Token, &revocation);
        Ok(match self.with_ledger(revoke).await?.first() {
            Some(Some(_)) => Done::AlreadyRevoked,
            _ => Done::Revoked,
        })
    }
}

/// What keys alone can say of a text, with the texts of its tokens; of a lone one that is not genuine, whether a slip made
/// it so.
fn search(rules: &Rules, text: &str, patience: Option<Patience>) -> Vec<(Answer, String)> {
    let candidates = paste::settle(paste::candidates(text), &mut |text| rules.is_authentic(text));
    let mut checker = Checker::new(rules.clone(), None);
    if let Some(patience) = patience {
        checker = checker.patience(patience);
    }
    let answers = match candidates.as_slice() {
        [] | [_] => checker.check_text(text, true),
        all => all.iter().map(|one| checker.check(one)).collect(),
    };
    let answers = answers.expect("no ledger is asked");
    let texts = candidates.into_iter().map(|candidate| candidate.text);
    answers
        .into_iter()
        .zip(texts.chain(std::iter::repeat(String::new())))
        .collect()
}
