//! The answers of the protocol.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// An answer. What is empty is left out, but for what a status needs.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// `ok`, or `file_error` if the files were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Why they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The groups of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Group>>,
    /// The records that were rejected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejects: Vec<Reject>,
    /// What else was said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Records that were added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_counted: Option<u64>,
    /// The records of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<Vec<Text>>>,
    /// The delimiter of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// A file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// Why the question can't be put to the crate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<String>,
    /// How answering it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<String>,
}

/// A group of the result.
#[derive(Debug, Serialize)]
pub struct Group {
    /// Its keys.
    pub key: Vec<Text>,
    /// Its total, in digits.
    pub total: Text,
}

/// A record that was rejected.
#[derive(Debug, Serialize)]
pub struct Reject {
    /// The file it is in.
    pub file: String,
    /// The line it starts on.
    pub line: u64,
    /// Its number.
    pub record: u64,
    /// Why.
    pub reason: String,
}

impl Answer {
    /// The answer that files were refused.
    pub fn refused(error: &playtally::Error) -> Answer {
        let (status, code) = (Some("file_error"), Some(error.code()));
        Answer { status, code, ..Answer::default() }
    }

    /// The answer that the crate has no such setting.
    pub fn skip(why: String) -> Answer {
        Answer { skip: Some(why), ..Answer::default() }
    }

    /// The answer that there was no answer.
    pub fn crash(how: String) -> Answer {
        Answer { crash: Some(how), ..Answer::default() }
    }
}

/// Bytes that are mostly text. A byte that is not UTF-8 is written as the low
/// surrogate that Python's `surrogateescape` makes of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Text(pub Vec<u8>);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut json = String::from("\"");
        for chunk in self.0.utf8_chunks() {
            let valid = to_raw_value(chunk.valid()).expect("text is JSON");
            // Without the quotes around it.
            json += &valid.get()[1..valid.get().len() - 1];
            for byte in chunk.invalid() {
                write!(json, "\\udc{byte:02x}").expect("strings take all");
            }
        }
        json.push('"');
        let json = RawValue::from_string(json).expect("it is JSON");
        json.serialize(to)
    }
}
