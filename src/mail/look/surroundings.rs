//! What stands before and behind a token, as far as its link may reach: it tells what the token alone does not, such as
//! whether a `=` at the line's end is a soft line break or the link's own.

use super::{LONGEST_LINK, boundary};
use crate::mail::stretch::{Role, Stretch};
use crate::paste::Candidate;

/// What stands before a token, as far back as its link may begin.
pub(super) fn before<'s>(stretch: &'s Stretch<'_>, candidate: &Candidate) -> &'s str {
    let before = &stretch.text[..boundary(&stretch.text, candidate.place.start)];
    &before[boundary(before, before.len().saturating_sub(LONGEST_LINK))..]
}

/// What stands behind it, as far as its link may go on.
fn after<'s>(stretch: &'s Stretch<'_>, candidate: &Candidate) -> &'s str {
    let start = boundary(&stretch.text, candidate.place.end);
    &stretch.text[start..boundary(&stretch.text, start + LONGEST_LINK)]
}

/// Whether three dots say that a text was cut here, also behind what is no end of a rest, as in `LKLd- […]`.
pub(super) fn is_cut(stretch: &Stretch<'_>, candidate: &Candidate) -> bool {
    let is_between = |letter: char| matches!(letter, '-' | '_' | '[' | '(') || is_space(letter);
    let after = after(stretch, candidate).trim_start_matches(is_between);
    ["…", "..", ".…"].iter().any(|dots| after.starts_with(dots))
}

/// Whether a space that a browser sends as `%20` touches the token of a link, or is in its host. A link that is written
/// out within another one, to be shared, ends at a space.
pub(super) fn is_spaced(stretch: &Stretch<'_>, candidate: &Candidate) -> bool {
    if stretch.role != Role::Link {
        return false;
    }
    let is_margin = |letter: char| letter <= ' ';
    let before = before(stretch, candidate).trim_start_matches(is_margin);
    let after = after(stretch, candidate).trim_end_matches(is_margin);
    let mut links = before.split("://").skip(1);
    let host = links.next().unwrap_or_default().split(['/', '?', '#']).next();
    let is_inner = links.next().is_some();
    let is_before = before.ends_with(is_space) || host.is_some_and(|host| host.contains(is_space));
    is_before || (after.starts_with(is_space) && !is_inner)
}

/// White space that browsers leave in a link (URL Standard, section 4.4).
fn is_space(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\t' | '\n' | '\r')
}

/// Whether a link shows that it is still in quoted-printable: by a soft line break up to its token's end, by `=3D`, or
/// by an escape beside the token. A `=` at the line's end behind it is the link's own, as in `?email=`.
pub(super) fn is_quoted_printable(stretch: &Stretch<'_>, candidate: &Candidate) -> bool {
    let (before, after) = (before(stretch, candidate), after(stretch, candidate));
    let link = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let above = &before[..before.len() - link.len()];
    let token = stretch.text.get(candidate.place.clone()).unwrap_or_default();
    let above = above.trim_end_matches([' ', '\t', '>', '|']);
    // where a link begins below it, the one above has ended
    let is_below_soft_break = above.ends_with(['\n', '\r']) && above.trim_end().ends_with('=') && !link.contains("://");
    let mut words = after.split(char::is_whitespace);
    let rest = words.next().unwrap_or_default();
    let continued = match rest.ends_with('=') {
        true => words.find(|word| !word.is_empty()).unwrap_or_default(),
        false => "",
    };
    let is_equals = |text: &str| text.contains("=3D") || text.contains("=3d");
    let is_escape = |bytes: &[u8; 3]| bytes[0] == b'=' && bytes[1..].iter().all(u8::is_ascii_hexdigit);
    let beside = [link.as_bytes().last_chunk::<3>(), rest.as_bytes().first_chunk::<3>()];
    is_below_soft_break
        || has_soft_break(token)
        || [link, token, rest, continued].into_iter().any(is_equals)
        || beside.into_iter().flatten().any(is_escape)
}

fn has_soft_break(text: &str) -> bool {
    let is_soft = |(at, _)| text[at + 1..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    text.match_indices('=').any(is_soft)
}
