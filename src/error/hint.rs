//! What the reader can do about a failure, in the words of the API that they use.
//!
//! Each hint is written once, with the options in braces by their JavaScript names. The JavaScript API shows `` `apiKey` ``, the
//! Rust API `` `FlowiseBuilder::api_key` ``.

/// Defines the hints and their texts in one table.
macro_rules! hints {
    ($($(#[$doc:meta])* $hint:ident = $text:literal,)*) => {
        /// The end of an error's message. It starts with its own punctuation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "some are about pages"))]
        pub(crate) enum Hint {
            $($(#[$doc])* $hint,)*
        }

        impl Hint {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$hint,)*];

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$hint => $text,)*
                }
            }
        }
    };
}

hints! {
    ApiKey = " (check {apiKey})",
    AllowedOrigins = " (check the chatflow's allowed origins)",
    Address = " (check {url} and {chatflowId})",
    Wait = " (wait before asking again)",
    SmallerUploads = " (send smaller uploads, or raise FLOWISE_FILE_SIZE_LIMIT on the server)",
    Down = " does not answer: check {url}, and that the server is running",
    Origin = ": allow it there (CORS_ORIGINS, or the chatflow's allowed origins), and check {chatflowId}",
    /// The texts from here on are whole messages. A time limit has run out.
    NoConnection = "no connection in time ({timeouts.connect})",
    NoFirstByte = "the server sent nothing in time ({timeouts.firstByte})",
    Silence = "the server fell silent ({timeouts.idle})",
    TooLong = "the answer was not complete in time ({timeout})",
    /// A redirect would carry the key to another address.
    Redirect = "the server redirects: give its final address as {url}",
    NoChatflow = "no chatflow: give {chatflowId}, or the whole prediction URL as {url}",
    KeyToStop = "this server requires an API key to stop a run: give {apiKey} (Flowise before 3.1.0)",
    /// The URL cannot be read.
    BadUrl = "{url} must be the address of a Flowise server, such as https://example.com:3000",
    /// A name or password stands before the host.
    Credentials = "{url} must not hold a name or password: use {headers}",
}

impl Hint {
    /// Appends the hint in JavaScript's names.
    #[cfg(any(feature = "js", test))]
    pub(super) fn write_for_page(self, out: &mut String) {
        let quoted = |character| {
            if matches!(character, '{' | '}') {
                '`'
            } else {
                character
            }
        };
        out.extend(self.text().chars().map(quoted));
    }

    /// Passes the pieces of the hint in Rust's names.
    pub(super) fn for_rust<E>(
        self,
        mut write: impl FnMut(&'static str) -> Result<(), E>,
    ) -> Result<(), E> {
        for (place, piece) in self.text().split(['{', '}']).enumerate() {
            // every other piece stands in braces
            write(if place % 2 == 0 {
                piece
            } else {
                in_rust(piece)
            })?;
        }
        Ok(())
    }
}

/// The Rust name of an option.
fn in_rust(option: &'static str) -> &'static str {
    match option {
        "url" => "the URL",
        "chatflowId" => "`FlowiseBuilder::chatflow_id`",
        "apiKey" => "`FlowiseBuilder::api_key`",
        "headers" => "`FlowiseBuilder::header`",
        "transport" => "`FlowiseBuilder::transport`",
        "timeout" => "`FlowiseBuilder::timeout`",
        "timeouts.connect" => "`FlowiseBuilder::connect_timeout`",
        "timeouts.firstByte" => "`FlowiseBuilder::first_byte_timeout`",
        "timeouts.idle" => "`FlowiseBuilder::idle_timeout`",
        "maxMessageBytes" => "`FlowiseBuilder::max_message_bytes`",
        unknown => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(hint: Hint) -> [String; 2] {
        let (mut page, mut rust) = (String::new(), String::new());
        hint.write_for_page(&mut page);
        let written: Result<(), ()> = hint.for_rust(|piece| {
            rust.push_str(piece);
            Ok(())
        });
        written.expect("a string takes every piece");
        [page, rust]
    }

    #[test]
    fn a_page_reads_option_names_and_a_rust_program_method_names() {
        let [page, rust] = both(Hint::Credentials);
        assert_eq!(
            page,
            "`url` must not hold a name or password: use `headers`"
        );
        assert_eq!(
            rust,
            "the URL must not hold a name or password: use `FlowiseBuilder::header`"
        );
    }

    #[test]
    fn every_option_that_a_hint_names_has_a_name_in_rust() {
        for &hint in Hint::ALL {
            let options = hint.text().split(['{', '}']).skip(1).step_by(2);
            for option in options {
                assert_ne!(in_rust(option), option, "{hint:?}");
            }
            let braces = hint.text().matches(['{', '}']).count();
            assert_eq!(braces % 2, 0, "{hint:?}");
        }
    }
}
