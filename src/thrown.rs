//! The source of a Rust error: what JavaScript threw, or another library's error, as text.

use std::fmt;

/// A name and a message. The value itself belongs to the page, and could be neither sent nor compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown(String);

impl Thrown {
    /// The text of another library's error.
    pub(crate) fn text(error: &impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    /// Anything may be thrown; a value with neither name nor message is described by nothing.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn new(name: Option<String>, message: Option<String>) -> Self {
        let words = [name, message].into_iter().flatten();
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        Self(words.join(": "))
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Thrown {}
