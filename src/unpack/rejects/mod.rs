//! A rejects CSV, to read the raw records in it again once they are mended.
//!
//! Each file that had rejects is one by itself: its header, and then what was
//! rejected of it, a line each. Which files those are is said by the records
//! that the rejects CSV begins with, and [`Mended`] gives the bytes of one of
//! them.

mod layout;
mod rows;
#[cfg(test)]
mod tests;

pub use layout::Layout;

use std::collections::BTreeSet;

use super::{Stage, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::options::RECORD_LIMIT;
use crate::reader::{Format, State, step};
use crate::reject::{Asked, Written, base64};
use rows::{NextRow, Row, RowKind, Rows};

/// A file that had rejects.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RejectedFile {
    /// Its name, which no other file of the rejects CSV has.
    pub name: String,
    /// Whether it has a header.
    pub header: bool,
    /// How it was written, and still is.
    pub written: Written,
    /// What was asked of it.
    pub asked: Asked,
    /// Whether all that was looked at is UTF-8, as it was written; some
    /// spreadsheets save it as something else.
    pub is_utf8: bool,
}

/// Lists the files that had rejects, from the bytes that a rejects CSV begins
/// with; `last` says that it ends there. It is `None` if it isn't a rejects
/// CSV.
///
/// # Errors
///
/// [`ErrorKind::DamagedRejects`].
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn rejected_files(
    head: &[u8],
    last: bool,
) -> Option<Result<Vec<RejectedFile>>> {
    let layout = Layout::of(head, last)?;
    let mut rows = Rows::new(layout);
    rows.push(head);
    if last {
        rows.finish();
    }
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character may be cut off at the end.
        Err(error) => !last && error.error_len().is_none(),
    };
    Some(list(&mut rows, is_utf8))
}

/// Lists the files up to the first reject.
fn list(rows: &mut Rows, is_utf8: bool) -> Result<Vec<RejectedFile>> {
    let mut files: Vec<RejectedFile> = Vec::new();
    loop {
        let row = match rows.next()? {
            NextRow::Row(row) if row.kind != RowKind::Reject => row,
            NextRow::Row(_) | NextRow::End if files.is_empty() => {
                return Err(damaged(NO_HEADER, rows.line()));
            }
            NextRow::Row(_) | NextRow::End => return Ok(files),
            NextRow::Nothing => continue,
            NextRow::More => {
                return Err(damaged(TOO_MANY, rows.line()));
            }
        };
        let name = String::from_utf8_lossy(row.file).into_owned();
        let header = row.kind == RowKind::Header;
        if files.iter().any(|file| file.name == name) {
            return Err(damaged(TWICE, rows.line()));
        }
        let value = String::from_utf8_lossy(row.value);
        let written = Written::from_text(&value);
        let asked = Asked::from_text(&value);
        files.push(RejectedFile { name, header, written, asked, is_utf8 });
    }
}

/// Gives the bytes of one file that had rejects.
pub(super) struct Mended {
    /// What reads the rejects CSV, once its header is there.
    rows: Option<Rows>,
    file: FileOfRejects,
    is_over: bool,
}

impl Mended {
    /// Creates the stage that gives the bytes of the file of this name.
    pub fn new(name: &str) -> Mended {
        let file = FileOfRejects { name: name.into(), ..Default::default() };
        Mended { rows: None, file, is_over: false }
    }
}

impl Stage for Mended {
    fn step(
        &mut self,
        input: &[u8],
        last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        if !self.file.is_given() {
            let given = self.file.give(output);
            return Ok((given > 0).then_some(Step { taken: 0, given }));
        }
        let Some(rows) = &mut self.rows else {
            self.rows = begin(input, last)?;
            return Ok(self.rows.as_ref().map(|_| Step::default()));
        };
        match rows.next()? {
            NextRow::Row(row) => {
                let taken = self.file.take(row);
                taken.map_err(|what| damaged(what, rows.line()))?;
            }
            NextRow::Nothing => {}
            NextRow::More if !input.is_empty() => {
                rows.push(input);
                return Ok(Some(Step { taken: input.len(), given: 0 }));
            }
            NextRow::More if last => rows.finish(),
            NextRow::More => return Ok(None),
            NextRow::End if self.file.take_open() => {}
            NextRow::End => {
                self.is_over = true;
                return Ok(None);
            }
        }
        Ok(Some(Step::default()))
    }

    fn is_complete(&self) -> bool {
        self.is_over
    }
}

/// Creates the reader of a rejects CSV, as soon as its header is there.
fn begin(input: &[u8], last: bool) -> Result<Option<Rows>> {
    match Layout::of(input, last) {
        Some(layout) => Ok(Some(Rows::new(layout))),
        None if last || input.len() >= Layout::HEAD => {
            Err(damaged(NOT_REJECTS, 1))
        }
        None => Ok(None),
    }
}

/// Picks the records of one file.
#[derive(Debug, Default)]
struct FileOfRejects {
    name: String,
    /// The files whose headers were read, and whether all were.
    listed: BTreeSet<String>,
    is_listed: bool,
    /// The bytes of the record that was read last, of which so many were
    /// given.
    bytes: Vec<u8>,
    given: usize,
    /// How its records are written.
    written: Written,
    /// Records that end inside a quoted field. Behind them nothing would be
    /// safe: they come last.
    open: Vec<u8>,
}

impl FileOfRejects {
    /// Whether all bytes were given.
    fn is_given(&self) -> bool {
        self.given == self.bytes.len()
    }

    /// Gives bytes, and returns how many.
    fn give(&mut self, output: &mut [u8]) -> usize {
        let rest = &self.bytes[self.given..];
        let given = rest.len().min(output.len());
        output[..given].copy_from_slice(&rest[..given]);
        self.given += given;
        given
    }

    /// Takes a record, if it is one of the file, or says what is wrong with
    /// it.
    fn take(&mut self, row: Row<'_>) -> std::result::Result<(), &'static str> {
        let name = String::from_utf8_lossy(row.file);
        let is_own = name == self.name;
        match row.kind {
            RowKind::Reject => {
                self.is_listed = true;
                if !self.listed.contains(&*name) {
                    return Err(NO_HEADER);
                }
            }
            _ if self.is_listed => return Err(LATE),
            _ if !self.listed.insert(name.to_string()) => return Err(TWICE),
            _ if is_own => {
                let words = String::from_utf8_lossy(row.value);
                self.written = Written::from_text(&words);
            }
            _ => {}
        }
        match row.kind {
            RowKind::Header if is_own => self.take_raw(row),
            RowKind::Reject if is_own => {
                self.take_raw(row)?;
                self.put_off();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Puts off the record that was taken, if it ends inside a quoted field.
    fn put_off(&mut self) {
        if self.open.len() + self.bytes.len() <= MOST_OPEN
            && ends_quoted(&self.bytes, &self.written)
        {
            self.open.append(&mut self.bytes);
        }
    }

    /// Takes the records that were to come last, and says whether there are
    /// any.
    fn take_open(&mut self) -> bool {
        self.bytes = std::mem::take(&mut self.open);
        self.given = 0;
        !self.bytes.is_empty()
    }

    /// Takes a raw record.
    fn take_raw(
        &mut self,
        row: Row<'_>,
    ) -> std::result::Result<(), &'static str> {
        self.bytes.clear();
        self.given = 0;
        match (row.is_cut, row.is_base64) {
            (true, _) => self.bytes.extend_from_slice(LOST),
            (_, false) => self.bytes.extend_from_slice(row.raw),
            (_, true) => {
                let raw = row.raw.trim_ascii();
                self.bytes = base64::decode(raw).ok_or(NO_BASE64)?;
            }
        }
        self.bytes.push(b'\n');
        Ok(())
    }
}

/// Whether records, each with its line break, end inside a quoted field.
fn ends_quoted(bytes: &[u8], written: &Written) -> bool {
    let byte = |character: Option<char>, usual| {
        character.map_or(usual, |character| character as u8)
    };
    let format = Format {
        delimiter: byte(written.delimiter, b','),
        quote: byte(written.quote, b'"'),
        fields: 0,
        limit: RECORD_LIMIT,
    };
    let next =
        |state, &byte: &u8| step(&format, state, byte).unwrap_or(State::Start);
    bytes.iter().fold(State::Start, next) == State::Quoted
}

/// The bytes of records that can be held until the end. With more of them
/// something is wrong with the file that a person will see.
const MOST_OPEN: usize = 16 << 20;

/// Stands for a record of which there is only the beginning. It has no
/// delimiter and no number, so that it is rejected again: it is neither added
/// with a part of its digits nor lost in silence.
const LOST: &[u8] = b"(this record was longer than the record limit: its end \
                      is not among the rejects)";

const NOT_REJECTS: &str = "the names of the columns aren't those that were \
                           written";

const TOO_MANY: &str = "there are too many files, more than a megabyte of \
                        their headers";

const TWICE: &str = "the header of a file is there for a second time";

const LATE: &str = "a record with the reason “header” or “no_header” stands \
                    behind rejected records; all of them must come first, \
                    as they did";

const NO_HEADER: &str = "there is a record of a file for which there is none \
                         with the reason “header” or “no_header” at the \
                         beginning";

const NO_BASE64: &str = "the raw record isn't base64, as “Encoding” says; \
                         empty that field if you have put text into the raw \
                         record";

/// Creates the error of a rejects CSV that can't be read again.
fn damaged(what: &'static str, line: u64) -> Error {
    Error::new(ErrorKind::DamagedRejects { what, line })
}
