//! What is worth saying about a file that keeps nothing from going on.

use std::borrow::Cow;

use crate::error::quoted;
use crate::value::{Date, MONTHS};

/// Something worth saying about a file that keeps nothing from going on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Notice {
    /// The file has no record at all, not even a header.
    Empty,
    /// The file has a header and no record.
    HeaderOnly,
    /// The header takes more than one line.
    LongHeader,
    /// Lines before the table are left out.
    Preamble {
        /// Whether it begins with a header.
        header: bool,
        /// The line on which it begins, from 1.
        line: u64,
        /// How many are left out.
        left_out: u64,
    },
    /// Dates that are to be understood have years of two digits.
    ShortYears {
        /// One of them.
        example: String,
        /// The day that it is read as.
        date: Date,
    },
    /// Two columns have the name that was looked for; the first is meant.
    SameName,
}

impl Notice {
    /// A short name, the same in every version.
    pub fn code(&self) -> &'static str {
        match self {
            Notice::Empty => "empty",
            Notice::HeaderOnly => "header_only",
            Notice::LongHeader => "long_header",
            Notice::Preamble { .. } => "preamble",
            Notice::ShortYears { .. } => "short_years",
            Notice::SameName => "same_name",
        }
    }

    /// The notice in a sentence.
    pub fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Notice::Empty => "The file is empty.",
            Notice::HeaderOnly => {
                "The file has a header and no record after it."
            }
            Notice::LongHeader => {
                "The header takes more than one line, since a quote that \
                 opens in its first line closes in a later one. If that is \
                 a mistake, records may be part of it: mend the first line."
            }
            &Notice::Preamble { header, line, left_out } => {
                return Cow::Owned(preamble(header, line, left_out));
            }
            Notice::ShortYears { example, date } => {
                return Cow::Owned(short_years(example, *date));
            }
            Notice::SameName => {
                "Several columns have the same name. The first of them is \
                 taken; choose another if that is not the one meant."
            }
        })
    }
}

/// Says where a table begins, and what is left out before it.
fn preamble(header: bool, line: u64, left_out: u64) -> String {
    let what = if header { "Header" } else { "First record" };
    let before = match left_out {
        1 => "the line before it is".to_owned(),
        _ => format!("the {left_out} lines before it are"),
    };
    format!("{what} on line {line}; {before} left out.")
}

/// Says what years of two digits are taken for.
fn short_years(example: &str, date: Date) -> String {
    let Date { year, month, day } = date;
    let month = MONTHS[usize::from(month) - 1];
    format!(
        "Years of two digits: {} is read as {day} {month} {year}. 00 to 68 \
         are 2000 to 2068, and 69 to 99 are 1969 to 1999.",
        quoted(example)
    )
}
