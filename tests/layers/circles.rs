//! Files that import each other in a loop: whoever changes one has to read all of them.
//!
//! A name that a file only hands on (`pub use`) counts as taken from the file that defines it. What a file of a folder takes
//! from the file above it ties nothing: they are one room, and read from the top.

use super::source::words;
use super::{Module, is_module_name, paths};
use std::collections::{BTreeMap, BTreeSet};

/// From each file those whose names it takes.
type Arrows = BTreeMap<String, BTreeSet<String>>;

struct House<'m> {
    modules: BTreeMap<String, &'m Module>,
    paths: BTreeMap<String, Vec<Vec<String>>>,
}

impl<'m> House<'m> {
    fn of(modules: &'m [Module]) -> Self {
        Self {
            modules: modules.iter().map(|module| (module.name(), module)).collect(),
            paths: modules
                .iter()
                .map(|module| (module.name(), paths(&module.text)))
                .collect(),
        }
    }

    /// The file that holds the module a path leads to, and the next word of the path.
    fn file(&self, from: &Module, path: &[String]) -> Option<(String, Option<String>)> {
        let supers = path.iter().take_while(|word| *word == "super").count();
        let (front, rest) = match path[0].as_str() {
            "crate" | "linkmint" | "linkmint_token" => (Vec::new(), &path[1..]),
            "self" => (from.path.clone(), &path[1..]),
            "super" => (
                from.path[..from.path.len().checked_sub(supers)?].to_vec(),
                &path[supers..],
            ),
            _ => (from.path.clone(), path),
        };
        // the longest beginning that is a file
        (0..=rest.len()).rev().find_map(|length| {
            let name = [&front[..], &rest[..length]].concat().join("::");
            self.modules
                .contains_key(&name)
                .then(|| (name, rest.get(length).cloned()))
        })
    }

    /// Where a name that a file hands on comes from.
    fn defined_in(&self, file: String, name: &str) -> String {
        let module = self.modules[&file];
        let handed_on = self.paths[&file]
            .iter()
            .filter(|path| path.len() > 1 && path.last().is_some_and(|last| last == name))
            .filter_map(|path| self.file(module, path))
            .find(|(from, _)| *from != file && from.starts_with(&format!("{file}::")));
        match handed_on {
            Some((from, _)) => self.defined_in(from, name),
            None => file,
        }
    }

    fn arrows(&self) -> Arrows {
        let of = |(name, module): (&String, &&Module)| {
            let code: BTreeSet<String> = words(&without_uses(&module.text)).into_iter().collect();
            let targets = self.paths[name].iter().filter_map(|path| {
                // a name that stands in no code is handed on
                let last = path.last()?;
                let is_used = code.contains(last) || path.len() > 2 && code.contains(&path[path.len() - 2]);
                let (file, next) = self.file(module, path).filter(|_| is_used)?;
                Some(match next {
                    Some(next) if !is_module_name(&next) || next == *last => self.defined_in(file, &next),
                    _ => file,
                })
            });
            let is_above = |target: &String| name == target || name.starts_with(&format!("{target}::"));
            (name.clone(), targets.filter(|target| !is_above(target)).collect())
        };
        self.modules.iter().map(of).collect()
    }
}

fn without_uses(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("use ") {
        let is_word = rest[..at].chars().next_back().is_none_or(char::is_whitespace);
        let end = if is_word {
            rest[at..].find(';').map_or(rest.len(), |end| at + end)
        } else {
            at + 4
        };
        kept.push_str(&rest[..at]);
        rest = &rest[end..];
    }
    kept + rest
}

fn reachable<'a>(arrows: &'a Arrows, from: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        let targets = arrows.get(file).into_iter().flatten();
        next.extend(targets.map(String::as_str).filter(|target| seen.insert(*target)));
    }
    seen
}

/// Each circle as its files and the arrows between them.
fn circles(modules: &[Module]) -> Vec<String> {
    let arrows = House::of(modules).arrows();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|file| (&**file, reachable(&arrows, file))).collect();
    let mut told = BTreeSet::new();
    for file in arrows.keys() {
        let circle: BTreeSet<&str> = reached[&**file]
            .iter()
            .copied()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(&**file)))
            .collect();
        let within = |from: &&str| {
            let to: Vec<&str> = arrows[*from]
                .iter()
                .map(String::as_str)
                .filter(|to| circle.contains(to))
                .collect();
            format!("{from} -> {}", to.join(", "))
        };
        if circle.len() > 1 {
            told.insert(circle.iter().map(within).collect::<Vec<_>>().join("\n"));
        }
    }
    told.into_iter().collect()
}

#[test]
fn no_files_import_each_other_in_a_loop() {
    let circles = circles(&super::sources());
    assert!(
        circles.is_empty(),
        "{} circles:\n\n{}",
        circles.len(),
        circles.join("\n\n")
    );
}

#[test]
fn a_planted_circle_is_found() {
    let of = |files: &[(&str, &str)]| {
        circles(
            &files
                .iter()
                .map(|(path, text)| Module::new(path, text))
                .collect::<Vec<_>>(),
        )
    };
    let found = of(&[
        ("link", "mod a; mod b; pub use a::A;"),
        ("link::a", "use super::b::B; pub struct A(B);"),
        ("link::b", "pub struct B; fn f(_: crate::link::A) {}"),
    ]);
    assert_eq!(found, ["link::a -> link::b\nlink::b -> link::a"]);
    // a file and its folder
    let found = of(&[
        ("link", "mod a; pub use a::A; pub struct L; fn f(_: A) {}"),
        ("link::a", "use super::L; pub struct A(L);"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}
