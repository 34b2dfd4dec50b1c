//! Groups to CSV, as [RFC 4180] has it: UTF-8 passed through as it is, and
//! fields quoted only where they must be to be read back.
//!
//! [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180

mod digits;
mod field;
#[cfg(test)]
mod tests;

use crate::copy::Buffer;
use crate::decimal;
use crate::figures::Figures;
use crate::options::{Measures, OutputFormat, Terminator};
use crate::total::Total;
use digits::{MOST_DIGITS, put_integer};
pub use field::write_field;
use field::{most_bytes, put_field, put_quoted};

/// The byte order mark of UTF-8, which programs take off a file's start.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Writes groups as records of CSV into a buffer.
///
/// Parts written by several outputs can be laid end to end; only the first of
/// them has a header. The buffer grows until it is taken or cleared, so watch
/// its length.
///
/// A field of a key, and a name in the header, is a *formula* if it begins with
/// `=`, `+`, `-`, `@`, a tab or a carriage return: a spreadsheet would run it.
/// Records that hold one are counted, and on request an apostrophe goes before
/// it. Numbers are none.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it is written.
    format: OutputFormat,
    /// What the totals of a group are.
    figures: Figures,
    /// Whether they are sums of whole numbers and nothing else.
    plain: bool,
    /// The records so far.
    buffer: Buffer,
    /// Whether the record that is being written has a formula.
    has_formula: bool,
    /// How many had one.
    formulas: u64,
    /// A number while it is written.
    number: Vec<u8>,
    /// The first fields of each record of the current row.
    firsts: Buffer,
    /// Whether one of them is a formula.
    firsts_have_formula: bool,
}

impl Output {
    /// Creates an output of sums of whole numbers, with an empty buffer. The
    /// delimiter is neither a quote nor a line break.
    pub fn new(delimiter: u8, terminator: Terminator) -> Output {
        let plain = OutputFormat::default();
        let format = OutputFormat { delimiter, terminator, ..plain };
        Output::with_format(format, 1.into())
    }

    /// Creates an output of any figures in any format, with an empty buffer.
    pub fn with_format(format: OutputFormat, figures: Figures) -> Output {
        let Figures { places, measures, .. } = figures;
        Output {
            format,
            figures,
            plain: places == 0 && measures == Measures::default(),
            buffer: Buffer::default(),
            has_formula: false,
            formulas: 0,
            number: Vec::new(),
            firsts: Buffer::default(),
            firsts_have_formula: false,
        }
    }

    /// Writes the names of the columns, after a byte order mark if there is to
    /// be one.
    ///
    /// The header is the start of the file. So a first name that begins with
    /// a byte order mark is quoted, or readers would take the mark off.
    pub fn header(&mut self, names: &[&[u8]]) {
        if self.format.bom {
            self.buffer.append(BOM);
        }
        let start = self.buffer.len();
        match names {
            [first, rest @ ..] if first.starts_with(BOM) => {
                let room = self.buffer.room(most_bytes(first));
                let length = put_quoted(room, first);
                self.buffer.advance(length);
                rest.iter().for_each(|name| self.next_key(name));
            }
            _ => self.keys(names.iter().copied()),
        }
        self.end_record(start);
    }

    /// Writes a group: the fields of its key, at least one, and its totals.
    #[inline(always)]
    pub fn record<'f>(
        &mut self,
        key: impl IntoIterator<Item = &'f [u8]>,
        totals: &[Total],
    ) {
        let start = self.buffer.len();
        self.keys(key.into_iter());
        self.figures(totals);
        self.end_record(start);
    }

    /// Begins a row: records whose keys have these fields, at least one, before
    /// the last.
    pub fn begin_row<'f>(&mut self, firsts: impl Iterator<Item = &'f [u8]>) {
        let start = self.buffer.len();
        self.keys(firsts);
        self.firsts.clear();
        self.firsts.append(&self.buffer.as_bytes()[start..]);
        self.buffer.truncate(start);
        self.firsts_have_formula = std::mem::take(&mut self.has_formula);
    }

    /// Writes a group of the row that was begun: the last field of its key and
    /// its totals.
    #[inline(always)]
    pub fn record_in_row(&mut self, last: &[u8], totals: &[Total]) {
        let start = self.buffer.len();
        self.has_formula = self.firsts_have_formula;
        self.buffer.append(self.firsts.as_bytes());
        self.next_key(last);
        self.figures(totals);
        self.end_record(start);
    }

    /// Writes the figures of a group.
    #[inline(always)]
    fn figures(&mut self, totals: &[Total]) {
        if !self.plain {
            return self.measured(totals);
        }
        for total in totals {
            self.total(total);
        }
    }

    /// Writes the first fields of a record.
    #[inline(always)]
    fn keys<'f>(&mut self, mut fields: impl Iterator<Item = &'f [u8]>) {
        if let Some(first) = fields.next() {
            match is_formula(first) {
                true => self.formula(first, false),
                false => self.first_field(first),
            }
        }
        fields.for_each(|field| self.next_key(field));
    }

    /// Writes a field of the key that is not the first of its record.
    #[inline(always)]
    fn next_key(&mut self, field: &[u8]) {
        match is_formula(field) {
            true => self.formula(field, true),
            false => self.next_field(field),
        }
    }

    /// Writes a field of the key that is a formula, the first one or a later
    /// one.
    #[cold]
    fn formula(&mut self, field: &[u8], is_later: bool) {
        self.has_formula = true;
        let apostrophe: &[u8] =
            if self.format.neutralise { b"'" } else { b"" };
        let field = [apostrophe, field].concat();
        match is_later {
            true => self.next_field(&field),
            false => self.first_field(&field),
        }
    }

    /// Writes the first field of a record.
    #[inline(always)]
    fn first_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(most_bytes(field));
        let length = put_field(room, field, self.format.delimiter);
        self.buffer.advance(length);
    }

    /// Writes a field that is not the first of its record.
    #[inline(always)]
    fn next_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(1 + most_bytes(field));
        room[0] = self.format.delimiter;
        let length = put_field(&mut room[1..], field, self.format.delimiter);
        self.buffer.advance(1 + length);
    }

    /// Writes the figures of a group: for each total column its sum, and then
    /// what is asked for of its minimum, maximum and mean; and at the end the
    /// number of records, if that is.
    fn measured(&mut self, totals: &[Total]) {
        let (format, figures) = (self.format, self.figures);
        let count = figures.count().map(|place| &totals[place]);
        for column in 0..figures.totals {
            let limits = [figures.min(column), figures.max(column)];
            for place in
                [column].into_iter().chain(limits.into_iter().flatten())
            {
                self.decimal(&totals[place], figures.places);
            }
            if let (true, Some(count)) = (figures.measures.mean, count) {
                let (sum, places) = (&totals[column], format.mean_places);
                let mean = decimal::mean(sum, count, figures.places, places);
                self.decimal(&mean, places);
            }
        }
        if let (true, Some(count)) = (figures.measures.count, count) {
            self.total(count);
        }
    }

    /// Writes a number with decimal places, which is not the first field of
    /// its record. It is quoted if its mark is the delimiter.
    fn decimal(&mut self, total: &Total, places: u8) {
        if places == 0 {
            return self.total(total);
        }
        let mut number = std::mem::take(&mut self.number);
        let mut room = [0; MOST_DIGITS];
        let large;
        let digits = match total.to_small() {
            Some(value) => {
                let length = put_integer(&mut room, value);
                &room[..length]
            }
            None => {
                large = total.to_string();
                large.as_bytes()
            }
        };
        number.clear();
        decimal::push(digits, places, self.format.decimal_mark, &mut number);
        self.next_field(&number);
        self.number = number;
    }

    /// Writes a total, which is not the first field of its record.
    #[inline(always)]
    fn total(&mut self, total: &Total) {
        let Some(value) = total.to_small() else {
            return self.next_field(total.to_string().as_bytes());
        };
        let room = self.buffer.room(1 + MOST_DIGITS);
        room[0] = self.format.delimiter;
        let length = put_integer(&mut room[1..], value);
        self.buffer.advance(1 + length);
    }

    /// Ends the record that began at `start` in the buffer. One that is empty
    /// so far is a pair of quotes, since readers skip empty lines.
    #[inline(always)]
    fn end_record(&mut self, start: usize) {
        if self.buffer.len() == start {
            let length = put_quoted(self.buffer.room(2), b"");
            self.buffer.advance(length);
        }
        self.buffer.append(self.format.terminator.as_bytes());
        self.formulas += u64::from(self.has_formula);
        self.has_formula = false;
    }

    /// How many records have a formula, the header being one too.
    pub fn formulas(&self) -> u64 {
        self.formulas
    }

    /// The records written since the buffer was taken or cleared.
    pub fn buffer(&self) -> &[u8] {
        self.buffer.as_bytes()
    }

    /// Takes the buffer out, and leaves an empty one.
    pub fn take(&mut self) -> Vec<u8> {
        self.buffer.take()
    }

    /// Empties the buffer and keeps its memory for the records to come.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }
}

/// The names of a result's columns behind those of the keys: `names` are the
/// total columns' own, `sums` those that their sums have.
pub fn figure_names(
    figures: Figures,
    names: &[String],
    sums: &[String],
) -> Vec<String> {
    let Measures { count, min, max, mean } = figures.measures;
    let mut all = Vec::new();
    for (name, sum) in names.iter().zip(sums) {
        all.push(sum.clone());
        for (asked, what) in
            [(min, "Minimum"), (max, "Maximum"), (mean, "Mean")]
        {
            if asked {
                all.push(format!("{what} {name}"));
            }
        }
    }
    if count {
        all.push("Number of Records".to_owned());
    }
    all
}

/// Whether a spreadsheet would run a field.
#[inline]
fn is_formula(field: &[u8]) -> bool {
    matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}
