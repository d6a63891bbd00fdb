//! Reads the paths in Rust source, as text: what a file imports, re-exports and names.

/// The paths of one file.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// Each name that a `use` brings in.
    pub(super) uses: Vec<Use>,
    /// The modules that the file declares.
    pub(super) children: Vec<String>,
    /// The paths outside of `use`, in segments; a name alone is a path of one.
    pub(super) named: Vec<Vec<String>>,
}

/// A name that a `use` brings in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// The name here; `*` for all names of a module.
    pub(super) name: String,
    pub(super) path: Vec<String>,
    /// The name is visible outside of the file.
    pub(super) is_public: bool,
}

impl Paths {
    /// Reads a file. Modules within the file are left out: here, they hold tests and constants.
    pub(super) fn read(source: &str) -> Self {
        let tokens = tokens(source);
        let mut paths = Self::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let next = |ahead: usize| tokens.get(at + ahead).map(String::as_str);
            match token.as_str() {
                "mod" if next(2) == Some(";") => {
                    paths.children.extend(next(1).map(str::to_owned));
                    at += 3;
                }
                "mod" if next(2) == Some("{") => at = end_of_block(&tokens, at + 2),
                "use" => {
                    let is_public = is_public(&tokens[..at]);
                    let end = tokens[at..].iter().position(|token| token == ";");
                    let end = end.map_or(tokens.len(), |end| at + end);
                    let mut found = Vec::new();
                    tree(&tokens[at + 1..end], &[], &mut found);
                    paths.uses.extend(found.into_iter().map(|(name, path)| Use {
                        name,
                        path,
                        is_public,
                    }));
                    at = end + 1;
                }
                word if is_name(word) => {
                    let mut path = vec![token.clone()];
                    while tokens.get(at + 1).is_some_and(|token| token == "::")
                        && let Some(segment) = tokens.get(at + 2).filter(|token| is_name(token))
                    {
                        path.push(segment.clone());
                        at += 2;
                    }
                    paths.named.push(path);
                    at += 1;
                }
                _ => at += 1,
            }
        }
        paths
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Whether the visibility `pub` or `pub(…)` comes last.
fn is_public(before: &[String]) -> bool {
    let before = match before.last().map(String::as_str) {
        Some(")") => {
            let open = before.iter().rposition(|token| token == "(");
            &before[..open.unwrap_or_default()]
        }
        _ => before,
    };
    before.last().is_some_and(|token| token == "pub")
}

fn end_of_block(tokens: &[String], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Reads the tree of a `use`: names and paths, below a prefix.
fn tree(tokens: &[String], prefix: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let mut path = prefix.to_vec();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "::" => at += 1,
            "{" => {
                let end = end_of_block(tokens, at);
                for branch in branches(&tokens[at + 1..end - 1]) {
                    tree(branch, &path, found);
                }
                return;
            }
            "*" => {
                found.push(("*".to_owned(), path));
                return;
            }
            "as" => {
                let name = tokens.get(at + 1).cloned().unwrap_or_default();
                found.push((name, path));
                return;
            }
            "self" if !path.is_empty() => at += 1,
            _ => {
                path.push(token.clone());
                at += 1;
            }
        }
    }
    if let Some(name) = path.last() {
        found.push((name.clone(), path));
    }
}

/// The parts between commas that are in no braces.
fn branches(tokens: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    let is_end = |token: &String| {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        depth == 0 && token == ","
    };
    let parts = tokens.split(is_end);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Names, `::`, and single characters, without comments, literals and lifetimes.
fn tokens(source: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let raw = raw_string(rest);
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(len) = raw {
            len
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' {
            let mut chars = rest.chars().skip(1);
            let is_literal = chars.next() == Some('\\') || chars.next() == Some('\'');
            // otherwise a lifetime, whose name must not count
            if is_literal {
                quoted(rest, '\'')
            } else {
                1 + word(&rest[1..])
            }
        } else if is_name(rest) {
            word(rest)
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(len);
        let is_token = raw.is_none() && !first.is_whitespace() && !"\"'".contains(first);
        if is_token && !token.starts_with("//") && !token.starts_with("/*") {
            tokens.push(token.to_owned());
        }
        rest = after;
    }
    tokens
}

/// The length of the name at the start.
fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// The length of the literal at the start.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len()
}

/// The length of the raw string at the start, if there is one.
fn raw_string(text: &str) -> Option<usize> {
    let text_after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = text_after.len() - text_after.trim_start_matches('#').len();
    let body = text_after[hashes..].strip_prefix('"')?;
    let end = ["\"", &"#".repeat(hashes)].concat();
    let start = text.len() - body.len();
    Some(
        body.find(&end)
            .map_or(text.len(), |at| start + at + end.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(source: &str) -> Vec<String> {
        let show = |one: &Use| {
            let how = if one.is_public { "pub " } else { "" };
            format!("{how}{} = {}", one.name, one.path.join("::"))
        };
        Paths::read(source).uses.iter().map(show).collect()
    }

    #[test]
    fn every_name_of_a_tree_has_its_path() {
        let source =
            "pub(crate) use crate::a::{self, B, c::{D as E, f::*}};\nuse super::g;\npub use h::I;";
        let expected = [
            "pub a = crate::a",
            "pub B = crate::a::B",
            "pub E = crate::a::c::D",
            "pub * = crate::a::c::f",
            "g = super::g",
            "pub I = h::I",
        ];
        assert_eq!(uses(source), expected);
    }

    #[test]
    fn comments_literals_lifetimes_and_modules_within_a_file_hold_no_paths() {
        let source = r##"
            // crate::a::A
            /* crate::b::B */
            const C: &'static str = "crate::c::C \" crate::d::D";
            const E: &str = r#"crate::e::E " crate::f::F"#;
            const G: [char; 3] = ['"', '\'', 'g'];
            mod h;
            #[cfg(test)]
            mod tests { use super::*; fn i() { crate::i::I; } }
            fn j() { crate::j::J::new() }
        "##;
        let paths = Paths::read(source);
        let long = paths.named.iter().filter(|path| path.len() > 1);
        let long: Vec<String> = long.map(|path| path.join("::")).collect();
        assert_eq!(long, ["crate::j::J::new"]);
        assert_eq!((paths.children, paths.uses), (vec!["h".to_owned()], vec![]));
    }
}
