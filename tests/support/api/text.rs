//! Rust's syntax as one line of text.

use quote::ToTokens;
use syn::Signature;

/// Tokens as rustfmt would space them, mostly.
pub(super) fn plain(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.split(' ').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = rest.next() {
        out.push_str(word);
        let Some(next) = rest.peek() else { break };
        let tight_after = ["<", "(", "[", "&", "::", "'", "!"]
            .iter()
            .any(|end| word.ends_with(end));
        let tight_before = [",", ">", ")", "]", "::", "(", ":", ";", "<"]
            .iter()
            .any(|start| next.starts_with(start))
            && !(word == "->" || word == "=" || word == ",");
        if !tight_after && !tight_before {
            out.push(' ');
        }
    }
    out.replace(", >", ">")
        .replace(",)", ")")
        .replace(", )", ")")
}

/// A function's name, arguments and result, and then what stands before its name.
pub(super) fn signature(signature: &Signature) -> String {
    let text = plain(signature);
    match text.split_once("fn ") {
        Some((before, text)) if !before.is_empty() => format!("{text} ({})", before.trim_end()),
        Some((_, text)) => text.to_owned(),
        None => text,
    }
}
