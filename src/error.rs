//! What can go wrong with a job or a file, in words a person can act on.

use std::fmt;

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Position {
    /// Offset of a byte, from 0.
    pub byte: u64,
    /// Physical line, from 1, the header's included.
    pub line: u64,
    /// Record, from 1, the header not counted.
    pub record: u64,
}

/// An error that ends a job, or keeps a file out of it.
///
/// Its message says what happened, where, and what to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<Inner>);

/// What an error holds, boxed so that a result is no larger for it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    kind: ErrorKind,
    file: Option<String>,
    position: Option<Position>,
}

/// What happened, grouped by whose turn it is to do something.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller gave an option that doesn't exist.
    UnknownOption {
        /// Its name.
        name: String,
    },
    /// The caller gave an option a value it can't have.
    BadOption {
        /// The option's name.
        name: String,
        /// The value, as text.
        value: String,
        /// What would be accepted.
        wanted: &'static str,
    },
    /// The caller gave no file.
    NoFiles,
    /// The file is not text.
    NotText {
        /// What it seems to be, with its article: `a ZIP archive`.
        what: &'static str,
    },
    /// The archive can't be unpacked, or not to its end.
    DamagedArchive {
        /// What is wrong with it, as half a sentence: `its end is missing`.
        what: &'static str,
    },
    /// The rejects CSV can't be read again as it was changed.
    DamagedRejects {
        /// What is wrong with it.
        what: &'static str,
        /// In which line that is, from 1.
        line: u64,
    },
    /// The archive grows to more than the limit when it is unpacked.
    Expands {
        /// How many times its size it may grow.
        limit: u64,
    },
    /// The file is text in an encoding that can't be read.
    UnsupportedEncoding {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// The first record can't be read, or doesn't end within the bytes
    /// looked at.
    BadHeader,
    /// The table is to begin on a line that is not among the bytes looked at.
    NoSuchLine {
        /// The line, from 1.
        line: u64,
    },
    /// A column that was asked for is not there.
    MissingColumn {
        /// The column's name, or its number.
        wanted: String,
        /// The columns that are there.
        there: Vec<String>,
    },
    /// Two roles were given to one column.
    SameColumn {
        /// The column's name.
        name: String,
    },
    /// Dates can be read in two ways.
    AmbiguousDates {
        /// Some of them.
        examples: Vec<String>,
        /// Whether they show both ways.
        is_mixed: bool,
    },
    /// Numbers can be read in two ways.
    AmbiguousNumbers {
        /// Some of them.
        examples: Vec<String>,
        /// Whether they show both ways.
        is_mixed: bool,
    },
    /// A column to total has amounts in several currencies.
    MixedCurrencies {
        /// The column's name.
        column: String,
        /// An amount in each of them.
        examples: Vec<String>,
    },
    /// A column to total is in another currency than in another file.
    CurrenciesDiffer {
        /// The column's name.
        column: String,
        /// Its currency in this file.
        currency: String,
        /// The name of the other file.
        other: String,
        /// The currency there.
        other_currency: String,
    },
    /// The first rejected record, where the caller asked to stop at it.
    Rejected {
        /// Why it was rejected, in words.
        reason: String,
        /// The record as it stands in the file, cut.
        raw: String,
    },
    /// The file's content is not what it was when the job began.
    Changed,
    /// The browser can't read the file, or can't any more.
    Unreadable {
        /// What the browser says.
        cause: String,
    },
    /// Workers died again and again.
    WorkersDied {
        /// How many did.
        deaths: u32,
        /// The last error one of them reported.
        cause: String,
        /// The half-open range of bytes that the last of them was reading,
        /// if it was.
        bytes: Option<(u64, u64)>,
    },
    /// The sums of the result differ from those added up while reading.
    OutOfBalance {
        /// The column, or `records`.
        what: String,
        /// The sum while reading.
        read: String,
        /// The sum over the result.
        written: String,
    },
    /// A partial result can't be read back.
    DamagedRun {
        /// What is wrong with it.
        what: String,
    },
    /// The browser refused to write more to the disk.
    NoSpace,
}

/// The result of an operation that can fail with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Creates an error that belongs to no file.
    pub fn new(kind: ErrorKind) -> Error {
        Error(Box::new(Inner { kind, file: None, position: None }))
    }

    /// Names the file in which it happened.
    #[must_use]
    pub fn in_file(mut self, name: &str) -> Error {
        self.0.file = Some(name.to_owned());
        self
    }

    /// Says where in the file it happened.
    #[must_use]
    pub fn at(mut self, position: Position) -> Error {
        self.0.position = Some(position);
        self
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The file in which it happened, if it belongs to one.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// Where in the file it happened, if that is known.
    pub fn position(&self) -> Option<Position> {
        self.0.position
    }

    /// A short name for the kind, the same in every version.
    pub fn code(&self) -> &'static str {
        match self.0.kind {
            ErrorKind::UnknownOption { .. } => "unknown_option",
            ErrorKind::BadOption { .. } => "bad_option",
            ErrorKind::NoFiles => "no_files",
            ErrorKind::NotText { .. } => "not_text",
            ErrorKind::DamagedArchive { .. } => "damaged_archive",
            ErrorKind::DamagedRejects { .. } => "damaged_rejects",
            ErrorKind::Expands { .. } => "expands",
            ErrorKind::UnsupportedEncoding { .. } => "unsupported_encoding",
            ErrorKind::BadHeader => "bad_header",
            ErrorKind::NoSuchLine { .. } => "no_such_line",
            ErrorKind::MissingColumn { .. } => "missing_column",
            ErrorKind::SameColumn { .. } => "same_column",
            ErrorKind::AmbiguousDates { .. } => "ambiguous_dates",
            ErrorKind::AmbiguousNumbers { .. } => "ambiguous_numbers",
            ErrorKind::MixedCurrencies { .. } => "mixed_currencies",
            ErrorKind::CurrenciesDiffer { .. } => "currencies_differ",
            ErrorKind::Rejected { .. } => "rejected",
            ErrorKind::Changed => "changed",
            ErrorKind::Unreadable { .. } => "unreadable",
            ErrorKind::WorkersDied { .. } => "workers_died",
            ErrorKind::OutOfBalance { .. } => "out_of_balance",
            ErrorKind::DamagedRun { .. } => "damaged_run",
            ErrorKind::NoSpace => "no_space",
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.0.file {
            write!(f, "{}", excerpt(file))?;
            if let Some(Position { byte, line, record }) = self.position() {
                write!(f, ", record {record}, line {line}, byte {byte}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.0.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::UnknownOption { name } => {
                write!(f, "There is no option “{}”.", excerpt(name))
            }
            ErrorKind::BadOption { name, value, wanted } => write!(
                f,
                "The option “{name}” can't be “{}”: it takes {wanted}.",
                excerpt(value)
            ),
            ErrorKind::NoFiles => write!(f, "Choose at least one file."),
            ErrorKind::NotText { what } => write!(
                f,
                "This looks like {what}, not a CSV file. Open it in the \
                 program it comes from and save the sheet or the report \
                 as CSV."
            ),
            ErrorKind::DamagedArchive { what } => write!(
                f,
                "This archive can't be unpacked: {what}. Get it anew from \
                 where it comes, or unpack it with another program and \
                 choose what comes out."
            ),
            ErrorKind::DamagedRejects { what, line } => write!(
                f,
                "These rejects can't be read again: in line {line}, {what}. \
                 Mend that, or download them once more and mend them again."
            ),
            ErrorKind::Expands { limit } => write!(
                f,
                "This archive is more than {limit} times as large unpacked, \
                 as archives are that are made to fill a machine. If it \
                 really is that large, unpack it with another program and \
                 choose what comes out."
            ),
            ErrorKind::UnsupportedEncoding { encoding } => write!(
                f,
                "This file's text is {encoding}, which can't be read yet. \
                 Save it as UTF-8."
            ),
            ErrorKind::BadHeader => write!(
                f,
                "The first record can't be read: a quote in its first line \
                 is never closed, or it is longer than a megabyte. Is this \
                 a CSV file?"
            ),
            ErrorKind::NoSuchLine { line } => write!(
                f,
                "The table can't begin on line {line}: there is no such \
                 line in the first megabyte of the file. Say another one."
            ),
            ErrorKind::MissingColumn { wanted, there } => write!(
                f,
                "There is no column {}. The columns are {}. Choose the one \
                 that is meant.",
                quoted(wanted),
                list(there)
            ),
            ErrorKind::SameColumn { name } => write!(
                f,
                "The column {} was chosen twice. Choose another column for \
                 one of the two.",
                quoted(name)
            ),
            ErrorKind::AmbiguousDates { examples, is_mixed: false } => write!(
                f,
                "Dates such as {} can be read in more than one order of \
                 day, month and year. Say which it is.",
                list(examples)
            ),
            ErrorKind::AmbiguousDates { examples, is_mixed: true } => write!(
                f,
                "Dates are in different orders of day, month and year: {}. \
                 Say which is right; records with others will be rejected.",
                list(examples)
            ),
            ErrorKind::AmbiguousNumbers { examples, is_mixed: false } => {
                write!(
                    f,
                    "Numbers such as {} have a mark that can stand between \
                     thousands or before decimal places. Say which it is.",
                    list(examples)
                )
            }
            ErrorKind::AmbiguousNumbers { examples, is_mixed: true } => {
                write!(
                    f,
                    "Some numbers have a point before decimal places and \
                     some a comma: {}. Say which is right; records with \
                     others will be rejected.",
                    list(examples)
                )
            }
            ErrorKind::MixedCurrencies { column, examples } => write!(
                f,
                "{} has amounts in several currencies: {}. Say which is to \
                 be totalled; records with others will be rejected, for \
                 they can't be added up together.",
                quoted(column),
                list(examples)
            ),
            ErrorKind::CurrenciesDiffer {
                column,
                currency,
                other,
                other_currency,
            } => write!(
                f,
                "{} is in {} here and in {} in {}. Amounts in different \
                 currencies can't be added up together: total these files \
                 apart.",
                quoted(column),
                quoted(currency),
                quoted(other_currency),
                excerpt(other)
            ),
            ErrorKind::Rejected { reason, raw } => write!(
                f,
                "{reason} The record reads {}. Nothing was totalled, as \
                 the first rejected record was to stop the job.",
                quoted(raw)
            ),
            ErrorKind::Changed => write!(
                f,
                "The file changed while it was read, so its total would be \
                 wrong. Wait until it is complete and start again."
            ),
            ErrorKind::Unreadable { cause } => write!(
                f,
                "The browser could not read this file to its end. It may \
                 have been changed, moved or taken away while it was read. \
                 Choose it again. (The browser says: {cause})"
            ),
            ErrorKind::WorkersDied { deaths, cause, bytes } => {
                write!(f, "The browser ended the workers {deaths} times, ")?;
                if let Some((start, end)) = bytes {
                    write!(f, "last while reading bytes {start} to {end}, ")?;
                }
                write!(
                    f,
                    "and the last one said “{}”. Close other tabs, or give \
                     fewer workers or less memory, and start again.",
                    excerpt(cause)
                )
            }
            ErrorKind::OutOfBalance { what, read, written } => write!(
                f,
                "The books don't balance: {what} came to {read} while \
                 reading and to {written} in the result. The result was \
                 thrown away. This is a fault in Playtally; please report \
                 it."
            ),
            ErrorKind::DamagedRun { what } => write!(
                f,
                "A partial result could not be read back: {what}. Start \
                 again; if it happens twice, the disk may be failing."
            ),
            ErrorKind::NoSpace => write!(
                f,
                "The browser has no room left for the job's partial results \
                 and its result. Free some space on the disk, or give fewer \
                 files at once, and start again."
            ),
        }
    }
}

/// The longest value that a message shows, in characters.
const EXCERPT: usize = 40;

/// Returns the first characters of a value, marked if there are more.
///
/// ```
/// assert_eq!(playtally::excerpt("short"), "short");
/// assert_eq!(playtally::excerpt(&"x".repeat(50)).chars().count(), 41);
/// ```
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Returns an excerpt of a value between quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    format!("“{}”", excerpt(text))
}

/// The most columns a message lists.
const LISTED: usize = 20;

/// Lists values in a sentence: `“a”, “b” and 3 more`.
fn list(values: &[String]) -> String {
    let shown: Vec<String> =
        values.iter().take(LISTED).map(|value| quoted(value)).collect();
    match values.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_says_where_and_what_to_do() {
        let kind = ErrorKind::MissingColumn {
            wanted: "Song".into(),
            there: vec!["A".into(), "B".into()],
        };
        assert_eq!(
            Error::new(kind).in_file("a.csv").to_string(),
            "a.csv: There is no column “Song”. The columns are “A”, “B”. \
             Choose the one that is meant."
        );
    }

    #[test]
    fn message_gives_the_position() {
        let kind = ErrorKind::Rejected {
            reason: "Its plays are not a whole number.".into(),
            raw: "x,y,z".into(),
        };
        let position = Position { byte: 30, line: 3, record: 2 };
        let error = Error::new(kind).in_file("a.csv").at(position);
        assert!(
            error
                .to_string()
                .starts_with("a.csv, record 2, line 3, byte 30: Its plays")
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let there = (0..30).map(|i| i.to_string()).collect::<Vec<_>>();
        assert!(list(&there).ends_with("“19” and 10 more"));
    }
}
