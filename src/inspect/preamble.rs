//! Lines before the table, as many programs write them: what the report is
//! of, and when it was made.
//!
//! Where the table begins is said, or guessed where it is clear. It is never
//! guessed of a file whose first record has the columns that are asked for:
//! such a file reads as if nothing were ever guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::head::show;
use super::{Inspection, Notice};
use crate::columns::{self, KEYS, TOTALS};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::line;
use crate::options::{Column, FileOptions, RECORD_LIMIT};
use crate::reader::{Format, Next, RecordReader, UnitKind};
use crate::text;
use crate::value::{Fields, Kind};

/// The most records that are looked at, and the most that may lie before the
/// header.
const SAMPLED: usize = 1000;
const MOST_BEFORE: usize = 100;

/// The bytes in which the first record is looked for.
const FIRST: usize = 64 << 10;

/// The most lines of those left out that a preview shows.
const SHOWN: usize = 10;

/// A record, and where in the head it starts. One that can't be read has no
/// field.
struct Found {
    start: usize,
    fields: Vec<Vec<u8>>,
}

impl Found {
    /// Its fields as text.
    fn names(&self) -> Vec<String> {
        let text = |field: &Vec<u8>| String::from_utf8_lossy(field).into();
        self.fields.iter().map(text).collect()
    }

    /// Whether it has so many fields, none of which is blank.
    fn is_full(&self, width: usize) -> bool {
        let is_blank = |field: &Vec<u8>| field.trim_ascii().is_empty();
        self.fields.len() == width && !self.fields.iter().any(is_blank)
    }

    /// Whether its fields look like names: none is a number or a date, and no
    /// two are the same.
    fn is_named(&self) -> bool {
        let kinds = kinds(&[self], self.fields.len());
        let names: BTreeSet<String> = self.names().into_iter().collect();
        names.len() == self.fields.len()
            && kinds.iter().all(|kind| *kind == Kind::Text)
    }
}

impl Inspection {
    /// Finds where the table begins, and leaves out what lies before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoSuchLine`] if it is to begin behind the head.
    pub(super) fn find_table(
        &mut self,
        head: &[u8],
        last: bool,
        options: &FileOptions,
    ) -> Result<()> {
        let begin = self.dialect.start;
        let start = match options.first_line {
            Some(line) => start_of(line, head, last)
                .ok_or_else(|| Error::new(ErrorKind::NoSuchLine { line }))?,
            None => self.guess_table(head, last, options).unwrap_or(begin),
        };
        let start = start.max(begin);
        self.left_out = line::count_breaks(&head[begin..start]);
        self.preamble = self.show_lines(&head[begin..start]);
        self.dialect.start = start;
        self.data_start = start as u64;
        Ok(())
    }

    /// Finds out on which line the table begins, once the header is found,
    /// and says so if lines before it are left out.
    pub(super) fn note_preamble(&mut self, head: &[u8]) {
        let before = line::count_breaks(&head[..self.dialect.start]);
        self.first_line = before + self.blank_before + 1;
        if self.left_out > 0 {
            // All that lies before the header is left out then.
            self.left_out += std::mem::take(&mut self.blank_before);
            self.notices.push(Notice::Preamble {
                header: self.header,
                line: self.first_line,
                left_out: self.left_out,
            });
        }
    }

    /// The first lines of a text, as a preview shows them.
    fn show_lines(&self, mut bytes: &[u8]) -> Vec<String> {
        let page = self.encoding.code_page.as_ref();
        let mut lines = Vec::new();
        while lines.len() < SHOWN && !bytes.is_empty() {
            let end = line::end(bytes, true).unwrap_or(bytes.len());
            let (line, rest) = bytes.split_at(end);
            let text = text::decode_lossy(page, line::trim(line));
            lines.push(show(text.as_bytes()));
            bytes = rest;
        }
        lines
    }

    /// Where the header is, if lines lie before it and that is clear.
    fn guess_table(
        &self,
        head: &[u8],
        last: bool,
        options: &FileOptions,
    ) -> Option<usize> {
        if options.header == Some(false) {
            return None;
        }
        let first = self.first_record(head, last)?;
        if first.fields.is_empty() || resolves(&first, options) {
            return None;
        }
        let records = self.first_records(head, last, SAMPLED);
        let width = usual_width(&records)?;
        let is_header = options.header == Some(true)
            || columns::looks_like_header(&first.names());
        if !is_header && first.fields.len() >= width {
            return None;
        }
        let header = find_named(&records, options)
            .or_else(|| find_first_full(&records, width))?;
        let is_readable = |record: &Found| !record.fields.is_empty();
        let is_clear = (1..=MOST_BEFORE).contains(&header)
            && records[..header].iter().all(is_readable);
        is_clear.then(|| records[header].start)
    }

    /// The first record, unless it is so long that it is no line before a
    /// table. Nearly every file needs no other, and so only a few bytes are
    /// copied for it.
    fn first_record(&self, head: &[u8], last: bool) -> Option<Found> {
        let end = head.len().min(self.dialect.start + FIRST);
        let is_whole = last && end == head.len();
        self.first_records(&head[..end], is_whole, 1).pop()
    }

    /// The first records, at most so many of them.
    fn first_records(
        &self,
        head: &[u8],
        last: bool,
        most: usize,
    ) -> Vec<Found> {
        let mut reader = self.reader(head, last);
        let mut records = Vec::new();
        while records.len() < most
            && let Next::Unit(unit) = reader.next()
        {
            let start = unit.start as usize;
            let fields = match unit.kind {
                UnitKind::Blank => continue,
                UnitKind::Record(record) => self.decode(record),
                UnitKind::Refused(_) => Vec::new(),
            };
            records.push(Found { start, fields });
        }
        records
    }

    /// Reads the records of a head, from where the table begins as far as that
    /// is known, of any number of fields.
    pub(super) fn reader(&self, head: &[u8], last: bool) -> RecordReader {
        let Dialect { start, delimiter, quote, .. } = self.dialect;
        let limit = RECORD_LIMIT;
        let format = Format { delimiter, quote, fields: 0, limit };
        let mut reader = RecordReader::new(format, start as u64);
        reader.push(&head[start..]);
        if last {
            reader.finish();
        }
        reader
    }
}

/// Where a line starts, counted from 1.
fn start_of(line: u64, head: &[u8], last: bool) -> Option<usize> {
    let mut start = 0;
    for _ in 1..line {
        start += line::end(&head[start..], last)?;
    }
    (start < head.len() || line == 1).then_some(start)
}

/// Whether a record has all columns that are asked for.
fn resolves(record: &Found, options: &FileOptions) -> bool {
    let names = record.names();
    let keys = columns::resolve(&names, options.keys.as_deref(), &KEYS);
    let totals = columns::resolve(&names, options.totals.as_deref(), &TOTALS);
    let all = keys.iter().chain(&totals);
    all.clone().all(Option::is_some)
}

/// The first record that has all columns by the names that are asked for.
fn find_named(records: &[Found], options: &FileOptions) -> Option<usize> {
    let asked = [&options.keys, &options.totals].into_iter().flatten();
    let by_place = |column: &Column| matches!(column, Column::Index(_));
    if asked.flatten().any(by_place) {
        return None;
    }
    let mut some = records.iter().take(MOST_BEFORE + 1);
    some.position(|record| resolves(record, options))
}

/// The first record that has as many fields as most have, if those are names
/// and there are values under them.
fn find_first_full(records: &[Found], width: usize) -> Option<usize> {
    let header = records.iter().position(|found| found.is_full(width))?;
    let (before, rest) = records.split_at(header);
    let (header_record, behind) = rest.split_first()?;
    let values: Vec<&Found> =
        behind.iter().filter(|found| found.fields.len() == width).collect();
    let is_clear = before.iter().all(|found| found.fields.len() <= width)
        && values.len() * 2 > behind.len()
        && header_record.is_named()
        && kinds(&values, width).iter().any(|kind| *kind != Kind::Text);
    is_clear.then_some(header)
}

/// The number of fields that most records have of those that have several.
fn usual_width(records: &[Found]) -> Option<usize> {
    let mut counts = BTreeMap::<usize, usize>::new();
    for found in records.iter().filter(|found| found.fields.len() > 1) {
        *counts.entry(found.fields.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(width, _)| width)
}

/// What the values of each column of some records are.
fn kinds(records: &[&Found], width: usize) -> Vec<Kind> {
    let mut fields = Fields::default();
    records.iter().for_each(|found| fields.add_fields(&found.fields));
    let sample = fields.look();
    (0..width).map(|column| sample.kind(column, b'.')).collect()
}
