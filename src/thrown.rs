//! The source of a Rust error, as text: a value that JavaScript threw, or the error of another library.

use std::fmt;

/// A name and a message. The thrown value belongs to the page, and can be neither sent to another thread nor compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown(String);

impl Thrown {
    /// The text of another library's error.
    pub(crate) fn text(error: &impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    /// JavaScript may throw any value. One with neither name nor message has an empty description.
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
