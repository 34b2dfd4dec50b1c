//! Rejects as CSV, in a form that can be mended and read again.
//!
//! First stands one record for each file that has rejects, with the file's own
//! header as its raw record, or with the reason [`NO_HEADER`] if it has none,
//! and how it is written and read as its value; then all rejects, in input
//! order. A raw record is the text that stands in the file; bytes that stand
//! for none are base64 and marked so. It is never changed for the sake of
//! spreadsheets that would run it as a formula, or it couldn't be read again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Reject, base64};
use crate::output::write_field;
use crate::text::{self, CodePage};

/// The columns of the rejects CSV.
pub const COLUMNS: [&str; 10] = [
    "File",
    "Record",
    "Line",
    "Byte",
    "Reason",
    "Column",
    "Value",
    "Raw record",
    "Encoding",
    "Cut",
];

/// The reason of a record that holds the header of a file.
pub const HEADER: &str = "header";

/// The reason of a record that says that a file has no header.
pub const NO_HEADER: &str = "no_header";

/// The encoding of a raw record that is not UTF-8.
pub const BASE64: &str = "base64";

/// What a raw record is marked with that is only the beginning.
pub const CUT: &str = "yes";

/// What its rejects must know of a file.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileHead {
    /// Its name.
    pub name: String,
    /// The header as it stands in the file, without its terminator, or `None`
    /// if it has none.
    #[serde(with = "serde_bytes")]
    pub header: Option<Vec<u8>>,
    /// The line on which the header starts, from 1.
    pub line: u64,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// How it is written, and what is asked of it, in words.
    pub about: String,
    /// How it is encoded, if not in UTF-8.
    pub code_page: Option<CodePage>,
}

impl FileHead {
    /// The name of the column at fault; empty if it is no single one.
    pub fn column(&self, reject: &Reject<'_>) -> &str {
        let name = reject.column.and_then(|index| self.columns.get(index));
        name.map_or("", String::as_str)
    }

    /// The text that bytes of the file stand for, to be shown.
    pub fn show<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        text::decode_lossy(self.code_page.as_ref(), bytes)
    }

    /// Why a record of the file was rejected, in a sentence that names the
    /// column.
    pub fn message(&self, reject: &Reject<'_>) -> String {
        let value = self.show(reject.value);
        match reject.column {
            Some(_) => {
                reject.reason.message_about(self.column(reject), &value)
            }
            None => reject.reason.message().to_owned(),
        }
    }
}

/// Appends the header of the rejects CSV.
pub fn write_header(csv: &mut Vec<u8>) {
    csv.extend_from_slice(COLUMNS.join(",").as_bytes());
    csv.push(b'\n');
}

/// Appends the record that holds the header of a file with rejects.
pub fn write_file(csv: &mut Vec<u8>, file: &FileHead) {
    write_field(csv, file.name.as_bytes(), b',');
    let (line, reason) = match file.header {
        Some(_) => (file.line.to_string(), HEADER),
        None => (String::new(), NO_HEADER),
    };
    csv.extend_from_slice(format!(",,{line},,{reason},,").as_bytes());
    write_field(csv, file.about.as_bytes(), b',');
    csv.push(b',');
    write_raw(csv, file, file.header.as_deref().unwrap_or_default());
    csv.extend_from_slice(b",\n");
}

/// Appends a reject, its counts being those of the whole file.
pub fn write_record(csv: &mut Vec<u8>, file: &FileHead, reject: &Reject<'_>) {
    write_field(csv, file.name.as_bytes(), b',');
    let (record, line) = (reject.records + 1, reject.breaks + 1);
    let (byte, code) = (reject.byte, reject.reason.code());
    let numbers = format!(",{record},{line},{byte},{code},");
    csv.extend_from_slice(numbers.as_bytes());
    write_field(csv, file.column(reject).as_bytes(), b',');
    csv.push(b',');
    write_field(csv, file.show(reject.value).as_bytes(), b',');
    csv.push(b',');
    write_raw(csv, file, reject.raw);
    let cut = if reject.cut { CUT } else { "" };
    csv.extend_from_slice(format!(",{cut}\n").as_bytes());
}

/// Appends the two fields that hold a raw record of the file and say how it
/// is encoded.
fn write_raw(csv: &mut Vec<u8>, file: &FileHead, raw: &[u8]) {
    match text::decode(file.code_page.as_ref(), raw) {
        Some(text) => {
            write_field(csv, &text, b',');
            csv.push(b',');
        }
        None => {
            csv.extend_from_slice(&base64::encode(raw));
            csv.extend_from_slice(format!(",{BASE64}").as_bytes());
        }
    }
}

/// Makes names differ by numbering those that were there before:
/// `a.csv`, `a.csv (2)`.
///
/// Files of different folders may have the same name, and what was rejected
/// of each belongs under its own header.
pub fn distinct_names<'n>(
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut distinct = Vec::new();
    for name in names {
        let mut numbered = name.to_owned();
        let mut number = 1;
        while !taken.insert(numbered.clone()) {
            number += 1;
            numbered = format!("{name} ({number})");
        }
        distinct.push(numbered);
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::super::Reason;
    use super::*;

    const REJECT: Reject<'_> = Reject {
        records: 3,
        breaks: 5,
        byte: 5_000_000_000,
        reason: Reason::BadNumber,
        column: Some(1),
        value: b"b",
        raw: b"a,\"b\",c",
        cut: false,
    };

    fn file(name: &str, header: Option<&[u8]>) -> FileHead {
        FileHead {
            name: name.to_owned(),
            header: header.map(<[u8]>::to_vec),
            line: 2,
            columns: ["x".into(), "y;\"".into()].into(),
            about: String::new(),
            code_page: None,
        }
    }

    /// Checks what a reject of a file called `c` is written as.
    fn check(reject: &Reject<'_>, expected: &str) {
        let mut csv = Vec::new();
        write_record(&mut csv, &file("c", None), reject);
        assert_eq!(String::from_utf8(csv).unwrap(), expected);
    }

    #[test]
    fn rejects_as_records() {
        check(
            &REJECT.after(10, 20),
            "c,14,26,5000000000,bad_number,\"y;\"\"\",b,\
             \"a,\"\"b\"\",c\",,\n",
        );
        let whole = Reject {
            reason: Reason::RecordTooLong,
            column: None,
            value: b"",
            raw: b"abc",
            cut: true,
            ..REJECT
        };
        check(&whole, "c,4,6,5000000000,record_too_long,,,abc,,yes\n");
        let bytes = Reject { value: b"\xFF", raw: b"a\xFF", ..REJECT };
        check(
            &bytes,
            "c,4,6,5000000000,bad_number,\"y;\"\"\",\u{FFFD},Yf8=,base64,\n",
        );
    }

    #[test]
    fn files_as_records() {
        let mut csv = Vec::new();
        write_header(&mut csv);
        write_file(&mut csv, &file("a,b.csv", Some(b"x,\"y;\"\"\"")));
        let mut semicolons = file("c", None);
        semicolons.about = "delimiter=semicolon places=2".to_owned();
        write_file(&mut csv, &semicolons);
        write_file(&mut csv, &file("d", Some(b"\xFF")));
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "File,Record,Line,Byte,Reason,Column,Value,Raw record,Encoding,\
             Cut\n\
             \"a,b.csv\",,2,,header,,,\"x,\"\"y;\"\"\"\"\"\"\",,\n\
             c,,,,no_header,,delimiter=semicolon places=2,,,\n\
             d,,2,,header,,,/w==,base64,\n"
        );
    }

    #[test]
    fn text_in_a_code_page() {
        let mut file = file("c", Some(b"x,\x80"));
        file.code_page = Some(CodePage::new(vec![0x20AC]));
        let mut csv = Vec::new();
        write_file(&mut csv, &file);
        let reject = Reject { value: b"\x80", raw: b"a,\x80", ..REJECT };
        write_record(&mut csv, &file, &reject);
        let none = Reject { value: b"", raw: b"a,\x81", ..REJECT };
        write_record(&mut csv, &file, &none);
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "c,,2,,header,,,\"x,€\",,\n\
             c,4,6,5000000000,bad_number,\"y;\"\"\",€,\"a,€\",,\n\
             c,4,6,5000000000,bad_number,\"y;\"\"\",,YSyB,base64,\n"
        );
    }

    #[test]
    fn names_that_differ() {
        let names = ["a", "b", "a", "a (2)", "a"];
        let distinct = ["a", "b", "a (2)", "a (2) (2)", "a (3)"];
        assert_eq!(distinct_names(names), distinct);
    }
}
