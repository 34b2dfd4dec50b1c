//! Records that can't be used: why, where, and as they stand in the file.
//!
//! A [`RejectLog`] keeps the rejects of one split, encoded, with record and
//! line numbers counted from the split's start; [`RejectReader`] reads them
//! back when the numbers of the splits before are known, and the module
//! `csv` makes them records of the rejects CSV.

mod asked;
pub(crate) mod base64;
mod csv;
mod words;
mod written;

pub(crate) use csv::{BASE64, CUT, HEADER, NO_HEADER};
pub use csv::{
    COLUMNS, FileHead, distinct_names, write_file, write_header, write_record,
};

pub use asked::Asked;
pub use written::Written;

use crate::error::quoted;

/// Why a record was rejected.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Reason {
    /// It has fewer fields than the header.
    TooFewFields,
    /// It has more fields than the header, and the extra ones aren't empty.
    TooManyFields,
    /// A column to total holds something else than a number.
    BadNumber,
    /// It is longer than the record limit.
    RecordTooLong,
    /// A quote is still open at the end of the file.
    UnclosedQuote,
    /// A quote is still open at the record limit.
    QuoteLimit,
    /// A quote that crossed a line break was closed in the middle of a
    /// field.
    StrayQuote,
    /// A quote crossed a line break, and the record that it made has the
    /// wrong number of fields.
    QuotedLineBreak,
    /// A number has more decimal places than are totalled.
    TooManyPlaces,
    /// A key that is to be understood as a date isn't one.
    BadDate,
    /// A key column or a column to total holds bytes that stand for no
    /// character in the file's encoding.
    BadEncoding,
    /// A number is in another currency than its column.
    OtherCurrency,
}

impl Reason {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Reason; 12] = [
        Reason::TooFewFields,
        Reason::TooManyFields,
        Reason::BadNumber,
        Reason::RecordTooLong,
        Reason::UnclosedQuote,
        Reason::QuoteLimit,
        Reason::StrayQuote,
        Reason::QuotedLineBreak,
        Reason::TooManyPlaces,
        Reason::BadDate,
        Reason::BadEncoding,
        Reason::OtherCurrency,
    ];

    /// A short name, the same in every version.
    pub fn code(self) -> &'static str {
        match self {
            Reason::TooFewFields => "too_few_fields",
            Reason::TooManyFields => "too_many_fields",
            Reason::BadNumber => "bad_number",
            Reason::RecordTooLong => "record_too_long",
            Reason::UnclosedQuote => "unclosed_quote",
            Reason::QuoteLimit => "quote_limit",
            Reason::StrayQuote => "stray_quote",
            Reason::QuotedLineBreak => "quoted_line_break",
            Reason::TooManyPlaces => "too_many_places",
            Reason::BadDate => "bad_date",
            Reason::BadEncoding => "bad_encoding",
            Reason::OtherCurrency => "other_currency",
        }
    }

    /// The reason in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Reason::TooFewFields => "It has fewer fields than the header.",
            Reason::TooManyFields => "It has more fields than the header.",
            Reason::BadNumber => "A column to total holds no number.",
            Reason::RecordTooLong => {
                "Its line is longer than the record limit."
            }
            Reason::UnclosedQuote => {
                "A quote in this line is never closed. The line was \
                 refused, and the lines after it were read as records."
            }
            Reason::QuoteLimit => {
                "A quote in this line is not closed within the record \
                 limit. The line was refused, and the lines after it were \
                 read as records."
            }
            Reason::StrayQuote => {
                "A quote opened in this line closes in the middle of a \
                 field on a later line. The line was refused, and the \
                 lines after it were read as records."
            }
            Reason::QuotedLineBreak => {
                "A quote opened in this line closes on a later line, and \
                 together they don't make a record. The line was refused, \
                 and the lines after it were read as records."
            }
            Reason::TooManyPlaces => {
                "A number has more decimal places than are totalled, and \
                 none is rounded."
            }
            Reason::BadDate => {
                "Its date is none, or is written otherwise than the others."
            }
            Reason::BadEncoding => {
                "It has bytes that are no text in the encoding of its file."
            }
            Reason::OtherCurrency => {
                "A number is in another currency than its column, and \
                 currencies are not added up together."
            }
        }
    }

    /// The reason in a sentence about the field at fault: its column's name
    /// and what it holds.
    pub fn message_about(self, column: &str, value: &str) -> String {
        let Some(complaint) = self.complaint(value) else {
            return self.message().to_owned();
        };
        let column = quoted(column);
        match value.is_empty() {
            true => format!("{column} is empty, {complaint}."),
            false => format!("{column} is {}, {complaint}.", quoted(value)),
        }
    }

    /// What the field at fault is instead, if it is a single one.
    fn complaint(self, value: &str) -> Option<&'static str> {
        match self {
            Reason::BadNumber if is_percentage(value) => {
                Some("a percentage, and those are not added up")
            }
            Reason::BadNumber => Some("not a number"),
            Reason::TooManyPlaces => {
                Some("with more decimal places than are totalled")
            }
            Reason::BadDate => Some("not a date written as the others are"),
            Reason::BadEncoding => Some("not text in the file's encoding"),
            Reason::OtherCurrency => {
                Some("in another currency than the column")
            }
            _ => None,
        }
    }

    /// Whether the reason is a quote that took in line breaks.
    pub fn is_containment(self) -> bool {
        matches!(
            self,
            Reason::UnclosedQuote
                | Reason::QuoteLimit
                | Reason::StrayQuote
                | Reason::QuotedLineBreak
        )
    }
}

/// Whether a value is a number with a sign of per cent.
fn is_percentage(value: &str) -> bool {
    let is_digit = |character: char| character.is_ascii_digit();
    let number = value.trim().strip_suffix('%').map(str::trim_end);
    number.is_some_and(|number| number.ends_with(is_digit))
}

/// Why a record can't be used, and where in it that shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// The index of the column at fault, if it is one.
    pub column: Option<usize>,
}

impl Fault {
    /// What is wrong with a record as a whole.
    pub fn of_record(reason: Reason) -> Fault {
        Fault { reason, column: None }
    }

    /// What is wrong with the field in a column.
    pub fn in_column(reason: Reason, column: usize) -> Fault {
        Fault { reason, column: Some(column) }
    }
}

/// A rejected record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reject<'r> {
    /// Records before it: in its split, or after [`Reject::after`] in its
    /// file.
    pub records: u64,
    /// Line breaks before it, likewise.
    pub breaks: u64,
    /// Offset of its first byte in the file.
    pub byte: u64,
    /// Why it was rejected.
    pub reason: Reason,
    /// The index of the column at fault, if it is a single one.
    pub column: Option<usize>,
    /// What that column holds, unquoted, at most [`VALUE_LIMIT`] bytes of it;
    /// empty without one.
    pub value: &'r [u8],
    /// Its bytes as they stand in the file, without the terminator.
    pub raw: &'r [u8],
    /// Whether `raw` is only the beginning.
    pub cut: bool,
}

/// The most bytes of a value that are kept with a reject. All of it is in the
/// raw record.
pub const VALUE_LIMIT: usize = 1000;

impl Reject<'_> {
    /// Returns the reject with the counts of what lies before its split
    /// added.
    #[must_use]
    pub fn after(self, records: u64, breaks: u64) -> Self {
        Reject {
            records: self.records + records,
            breaks: self.breaks + breaks,
            ..self
        }
    }
}

/// Rejects, encoded one after the other.
#[derive(Clone, Debug, Default)]
pub struct RejectLog {
    bytes: Vec<u8>,
}

/// The bytes of an encoded reject before its value and its raw text: three
/// `u64`, a reason, a flag and three `u32`, little-endian.
const HEAD: usize = 8 * 3 + 1 + 1 + 3 * 4;

/// Stands for no column.
const NO_COLUMN: u32 = u32::MAX;

impl RejectLog {
    /// Appends a reject.
    pub fn push(&mut self, reject: &Reject<'_>) {
        for number in [reject.records, reject.breaks, reject.byte] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.bytes.push(reject.reason as u8);
        self.bytes.push(u8::from(reject.cut));
        // A record has no more fields than bytes, and those fit.
        let column = reject.column.map_or(NO_COLUMN, |index| index as u32);
        let lens = [reject.value.len() as u32, reject.raw.len() as u32];
        for number in [column, lens[0], lens[1]] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.bytes.extend_from_slice(reject.value);
        self.bytes.extend_from_slice(reject.raw);
    }

    /// The encoded rejects.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the encoded rejects out and leaves the log empty.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// Reads encoded rejects back, in chunks of any size.
#[derive(Debug, Default)]
pub struct RejectReader {
    bytes: Vec<u8>,
    start: usize,
}

impl RejectReader {
    /// Appends a chunk.
    pub fn push(&mut self, chunk: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(chunk);
    }

    /// Hands out the next reject, or `None` if it isn't whole yet.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<Reject<'_>> {
        let bytes = &self.bytes[self.start..];
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let number = |at: usize| {
            u64::from_le_bytes(head[at..at + 8].try_into().expect("8 bytes"))
        };
        let short = |at: usize| {
            u32::from_le_bytes(head[at..at + 4].try_into().expect("4 bytes"))
        };
        let column = short(26);
        let (value, rest) = rest.split_at_checked(short(30) as usize)?;
        let raw = rest.get(..short(34) as usize)?;
        self.start += HEAD + value.len() + raw.len();
        Some(Reject {
            records: number(0),
            breaks: number(8),
            byte: number(16),
            reason: *Reason::ALL.get(usize::from(head[24]))?,
            column: (column != NO_COLUMN).then_some(column as usize),
            value,
            raw,
            cut: head[25] != 0,
        })
    }

    /// Whether every byte pushed was handed out.
    pub fn is_empty(&self) -> bool {
        self.start == self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn numbers_of_reasons_are_their_places() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
    }

    #[test]
    fn log_reads_back_in_any_pieces() {
        let cut = Reject {
            reason: Reason::RecordTooLong,
            column: None,
            value: b"",
            raw: b"",
            cut: true,
            ..REJECT
        };
        let mut log = RejectLog::default();
        log.push(&REJECT);
        log.push(&cut);
        for size in [1, 2, 3, 7, 1000] {
            let mut reader = RejectReader::default();
            let mut seen = 0;
            for chunk in log.as_bytes().chunks(size) {
                reader.push(chunk);
                while let Some(reject) = reader.next() {
                    assert_eq!(reject, [REJECT, cut][seen]);
                    seen += 1;
                }
            }
            assert_eq!(seen, 2);
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn messages_name_the_column() {
        let check = |reason: Reason, value, expected| {
            assert_eq!(reason.message_about("Plays", value), expected);
        };
        let number = Reason::BadNumber;
        check(number, "n/a", "“Plays” is “n/a”, not a number.");
        check(number, "", "“Plays” is empty, not a number.");
        let about =
            "“Plays” is “5 %”, a percentage, and those are not added up.";
        check(number, "5 %", about);
        check(number, "%", "“Plays” is “%”, not a number.");
        let few = Reason::TooFewFields;
        check(few, "", "It has fewer fields than the header.");
    }
}
