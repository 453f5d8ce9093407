//! The query of a list's address: members of a fixed list, each once unless it may stand more often.

use crate::service::member::named;
use crate::service::problem::Problem;
use utoipa::openapi::RefOr;

/// A query.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Holds a query against the members that the description of a route has, of which `several` may stand more than once.
    pub(super) fn of<Route: utoipa::Path>(pairs: Vec<(String, String)>, several: &[&str]) -> Result<Self, Problem> {
        let described = Route::operation().parameters.unwrap_or_default();
        let members = described.iter().filter_map(|member| match member {
            RefOr::T(member) => Some(member.name.as_str()),
            RefOr::Ref(_) => None,
        });
        let members: Vec<_> = members.collect();
        Self::parse(pairs, &members, several)
    }

    fn parse(pairs: Vec<(String, String)>, members: &[&str], several: &[&str]) -> Result<Self, Problem> {
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !members.contains(&name.as_str()) {
                let name = named(name);
                return Err(Problem::bad_request(format!(
                    "member {} of the query: there is none{name}, see /openapi.json",
                    index + 1
                )));
            }
            let again = pairs[..index].iter().any(|(other, _)| other == name);
            if again && !several.contains(&name.as_str()) {
                return Err(Problem::bad_request(format!("{name}: it is given twice")));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let own = self.0.iter().find(|(other, _)| other == name);
        own.map(|(_, value)| value.as_str())
    }

    pub(super) fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        let own = self.0.iter().filter(move |(other, _)| other == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Texts between commas; none where the member is missing.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let texts = self.text(name).into_iter().flat_map(|text| text.split(','));
        texts.map(str::trim_ascii).collect()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true" | "") => Ok(true),
            Some(_) => Err(Problem::bad_request(format!("{name}: true or false"))),
        }
    }

    /// A name and a value with `=` between them.
    pub(super) fn pair<'t>(member: &str, text: &'t str) -> Result<(&'t str, &'t str), Problem> {
        let pair = text
            .split_once('=')
            .map(|(name, value)| (name.trim_ascii(), value.trim_ascii()));
        pair.ok_or_else(|| Problem::bad_request(format!("{member}: write it as NAME=VALUE")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_not_known_or_stands_twice_is_refused() {
        let parse = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Query::parse(pairs.collect(), &["a", "set", "b"], &["set"])
        };
        assert!(parse(&[("a", "1"), ("b", "true"), ("set", "x=1"), ("set", "y=2")]).is_ok());
        assert!(parse(&[("output", "/etc/passwd")]).is_err());
        assert!(parse(&[("a", "1"), ("a", "1")]).is_err());
        let query = parse(&[("b", ""), ("a", "no")]).expect("known members");
        assert!(query.flag("b").is_ok_and(|flag| flag) && query.flag("a").is_err());
        assert!(query.flag("set").is_ok_and(|flag| !flag));
    }
}
