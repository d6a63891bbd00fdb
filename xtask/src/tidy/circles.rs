//! Finds import circles: files of a crate that cannot be read, tested or moved one without the other.
//!
//! An arrow goes from a file to the file that defines what it names, through re-exports. So a folder's `mod.rs` may re-export what its
//! files define, and they may import what others of them define through it.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Paths;

/// A module, as the names on the way to it.
type Module = Vec<String>;

/// How many re-exports a name may go through.
const MOST_STEPS: usize = 8;

/// The circles of a crate, each as `a.rs -> b.rs -> a.rs`, the shortest way round. The files are named below the crate's root.
pub(super) fn circles(files: &BTreeMap<String, String>) -> Vec<String> {
    let modules: BTreeMap<Module, Source> = files
        .iter()
        .map(|(name, text)| (module_of(name), Source::read(name, text)))
        .collect();
    let arrows: BTreeMap<&Module, BTreeSet<Module>> = modules
        .iter()
        .map(|(module, source)| (module, arrows(&modules, module, source)))
        .collect();
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for start in modules.keys() {
        let Some(circle) = way_round(&arrows, start) else {
            continue;
        };
        if circle.iter().all(|module| known.insert(module.clone())) {
            let names = circle.iter().chain(&circle[..1]);
            let names = names.map(|module| modules[module].name.as_str());
            found.push(names.collect::<Vec<_>>().join(" -> "));
        }
    }
    found
}

/// A file's source.
struct Source {
    name: String,
    paths: Paths,
}

impl Source {
    fn read(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            paths: Paths::read(text),
        }
    }
}

/// The module of a file: that of `a/b.rs` and `a/b/mod.rs` is `a::b`.
fn module_of(name: &str) -> Module {
    let path = name.strip_suffix(".rs").unwrap_or(name);
    let mut module: Module = path.split('/').map(str::to_owned).collect();
    if matches!(
        module.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        module.pop();
    }
    module
}

/// The files that a file depends on.
fn arrows(
    modules: &BTreeMap<Module, Source>,
    module: &Module,
    source: &Source,
) -> BTreeSet<Module> {
    let paths = &source.paths;
    let imports = paths.uses.iter().filter(|one| {
        // a re-export is no dependency, unless the file names it
        !one.is_public || paths.named.iter().any(|path| path[0] == one.name)
    });
    let imports = imports.map(|one| &one.path);
    // a name alone is imported, or defined here
    let named = paths.named.iter().filter(|path| path.len() > 1);
    let targets = imports.chain(named).filter_map(|path| {
        let path = absolute(modules, module, path, 0)?;
        resolve(modules, &path, 0)
    });
    targets.filter(|target| target != module).collect()
}

/// The path from the crate's root, if it leads to a file of the crate.
fn absolute(
    modules: &BTreeMap<Module, Source>,
    module: &Module,
    path: &[String],
    steps: usize,
) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let paths = &modules.get(module)?.paths;
    let mut base = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => {
            let (_, parent) = module.split_last()?;
            let parent = parent.to_vec();
            return match rest.first().map(String::as_str) {
                Some("super") => absolute(modules, &parent, rest, steps),
                _ => Some([&parent[..], rest].concat()),
            };
        }
        name if paths.children.iter().any(|child| child == name) => {
            [&module[..], std::slice::from_ref(first)].concat()
        }
        name => {
            let one = paths.uses.iter().find(|one| one.name == name)?;
            // `use x::…` of another crate, or a name that stands for itself
            if steps > MOST_STEPS || one.path.first() == Some(first) {
                return None;
            }
            absolute(modules, module, &one.path, steps + 1)?
        }
    };
    base.extend_from_slice(rest);
    Some(base)
}

/// The file that defines what a path from the root names.
fn resolve(modules: &BTreeMap<Module, Source>, path: &[String], steps: usize) -> Option<Module> {
    let is_module = |len: &usize| modules.contains_key(&path[..*len]);
    let len = (0..=path.len()).rev().find(is_module)?;
    let (module, rest) = path.split_at(len);
    let (module, name) = (module.to_vec(), rest.first());
    let brought = name.and_then(|name| {
        let uses = &modules[&module].paths.uses;
        uses.iter().find(|one| one.name == *name)
    });
    let Some(brought) = brought.filter(|_| steps < MOST_STEPS) else {
        return Some(module);
    };
    let onward = absolute(modules, &module, &brought.path, 0);
    let onward = onward.map(|path| [&path[..], &rest[1..]].concat());
    match onward {
        Some(path) => resolve(modules, &path, steps + 1),
        // it comes from another crate
        None => Some(module),
    }
}

/// The shortest circle through a file.
fn way_round(arrows: &BTreeMap<&Module, BTreeSet<Module>>, start: &Module) -> Option<Vec<Module>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![start.clone()]];
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in &arrows[way.last()?] {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push([&way[..], std::slice::from_ref(next)].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        circles(&files.collect())
    }

    #[test]
    fn files_that_import_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub(crate) struct A;"),
            ("b.rs", "use super::c; pub(crate) struct B(c::C);"),
            (
                "c.rs",
                "pub(crate) struct C; fn f(_: crate::a::A) {} use std::fmt;",
            ),
        ];
        assert_eq!(found(&files), ["a.rs -> b.rs -> c.rs -> a.rs"]);
    }

    #[test]
    fn a_folder_may_hand_on_what_its_files_define() {
        let files = [
            ("lib.rs", "mod a; pub use a::One;"),
            ("a/mod.rs", "mod one; mod two; pub use one::One;"),
            ("a/one.rs", "pub struct One;"),
            ("a/two.rs", "use super::One; use crate::One as Again;"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn a_circle_goes_through_re_exports_and_several_folders() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod one; pub use one::One;"),
            ("a/one.rs", "use super::super::b::B; pub struct One;"),
            ("b.rs", "use crate::a::One; pub struct B;"),
        ];
        assert_eq!(found(&files), ["a/one.rs -> b.rs -> a/one.rs"]);
    }

    #[test]
    fn a_folder_that_uses_its_files_may_define_nothing_for_them() {
        let files = [
            ("main.rs", "mod a;"),
            (
                "a/mod.rs",
                "mod one; pub(crate) use one::one; pub struct A; fn f() { one() }",
            ),
            ("a/one.rs", "use super::A; pub(crate) fn one() {}"),
        ];
        assert_eq!(found(&files), ["a/mod.rs -> a/one.rs -> a/mod.rs"]);
    }

    #[test]
    fn tests_and_comments_are_no_imports() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "//! See [`B`](crate::b::B).\npub struct A;\n#[cfg(test)]\nmod tests { use crate::b::B; }",
            ),
            ("b.rs", "use crate::a::A; pub struct B;"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }
}
