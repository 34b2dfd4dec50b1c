//! Where things stand in a rejects CSV.

use crate::dialect::DELIMITERS;
use crate::line;
use crate::reader::{Format, Next, RecordReader, UnitKind};
use crate::record::Record;

/// The byte order mark that spreadsheets put first.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The longest record of a rejects CSV: the raw record in it is at most as
/// long as the record limit of the job that wrote it, a MiB by default, its
/// quotes are doubled, and a spreadsheet may have quoted the rest.
const LIMIT: usize = 64 << 20;

/// How a rejects CSV is written and where its columns are.
///
/// A spreadsheet may have moved columns, and have written another delimiter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Layout {
    /// The bytes of the byte order mark, if there is one.
    pub start: usize,
    delimiter: u8,
    /// The number of columns.
    pub columns: usize,
    /// The places of the columns that are needed.
    pub file: usize,
    pub reason: usize,
    pub raw: usize,
    /// That of the values, which says how files are written.
    pub value: Option<usize>,
    pub encoding: usize,
    pub cut: usize,
}

impl Layout {
    /// The bytes of a file's beginning that [`Layout::of`] looks at.
    pub const HEAD: usize = 4 << 10;

    /// Finds the columns of a rejects CSV in the bytes that a file begins
    /// with, or says that it isn't one; `last` says that it ends there.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes given, of which at most [`Layout::HEAD`] count.
    pub fn of(head: &[u8], last: bool) -> Option<Layout> {
        let start = if head.starts_with(BOM) { BOM.len() } else { 0 };
        let some = &head[start..head.len().min(Layout::HEAD).max(start)];
        let last = last && some.len() == head.len() - start;
        // Nearly all files are others, and this one's header may come byte by
        // byte: a reader is made only where there may be one.
        let is_begun = !last && !some.iter().any(|byte| line::is_break(*byte));
        if is_begun {
            return None;
        }
        let delimiters = DELIMITERS.into_iter();
        let mut there = delimiters.filter(|byte| some.contains(byte));
        there.find_map(|delimiter| {
            let mut reader = RecordReader::new(format(delimiter), 0);
            reader.push(some);
            if last {
                reader.finish();
            }
            let Next::Unit(unit) = reader.next() else { return None };
            let UnitKind::Record(header) = unit.kind else { return None };
            Layout::from_header(header, start, delimiter)
        })
    }

    /// Finds the columns by their names.
    fn from_header(
        header: Record<'_>,
        start: usize,
        delimiter: u8,
    ) -> Option<Layout> {
        let place = |name: &str| {
            let mut places = header.iter();
            places.position(|field| field == name.as_bytes())
        };
        Some(Layout {
            start,
            delimiter,
            columns: header.len(),
            file: place("File")?,
            reason: place("Reason")?,
            raw: place("Raw record")?,
            value: place("Value"),
            encoding: place("Encoding")?,
            cut: place("Cut")?,
        })
    }

    /// How its records are read.
    pub fn format(&self) -> Format {
        format(self.delimiter)
    }
}

/// How records with this delimiter are read.
fn format(delimiter: u8) -> Format {
    Format { delimiter, quote: b'"', fields: 0, limit: LIMIT }
}
