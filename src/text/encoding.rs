//! How the text of a file is encoded.

use serde::{Deserialize, Serialize};

use super::CodePage;

/// The encoding of a file's text.
///
/// The engine reads UTF-8, and single-byte encodings by their [`CodePage`]; a
/// file in any other one is transcoded to UTF-8 before it is read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Encoding {
    /// Its name, as the [Encoding Standard] has it.
    ///
    /// [Encoding Standard]: https://encoding.spec.whatwg.org/#names-and-labels
    pub name: String,
    /// Whether that was guessed, and may be wrong.
    pub guessed: bool,
    /// Whether the file begins with its byte order mark.
    pub bom: bool,
    /// What its bytes stand for, if it is a single-byte encoding.
    pub code_page: Option<CodePage>,
    /// Whether the file is transcoded before it is read.
    pub transcoded: bool,
}

impl Encoding {
    /// UTF-8, of which there is no doubt.
    pub fn utf8() -> Encoding {
        Encoding {
            name: "UTF-8".to_owned(),
            guessed: false,
            bom: false,
            code_page: None,
            transcoded: false,
        }
    }
}
