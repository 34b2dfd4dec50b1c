//! Records in, additions out, a batch at a time.

use crate::aggregate::{Aggregate, Batch, Refused};
use crate::bytes::{self, Key};
use crate::number::{self, Number};
use crate::reader::{Offer, Rows, Take};
use crate::record::{Record, Span};
use crate::split::FileFormat;
use crate::value::{self, NumberFormat, Values};

/// Adds the records that it takes, a batch at a time if their keys are taken
/// as they stand, and else one by one. It refuses those that
/// don't fit, have a number that is none or doesn't fit an `i64`, or have a
/// key that must be decoded. One whose key isn't UTF-8 it may take, to find
/// that out only when its batch is added.
pub(crate) struct Adder<'a, 'f> {
    /// How the file is read.
    pub file: &'f FileFormat,
    /// The records that are not yet added.
    pub batch: &'a mut Batch,
    /// What understands records that can't be added in a batch.
    pub values: &'a mut Values<'f>,
    /// Where they are added.
    pub aggregate: &'a mut Aggregate,
    /// The number of records taken.
    pub taken: u64,
    /// Those among them that were not added, in order, all of them cut as
    /// [`Rows`].
    pub not_text: Vec<NotText>,
}

/// A record with a key that isn't UTF-8.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotText {
    /// The number of records taken before it.
    pub before: u64,
    /// Where the field lies.
    pub field: Span,
    /// The index of its column.
    pub column: usize,
}

impl Take for Adder<'_, '_> {
    fn rows(&mut self, rows: Rows<'_>) -> usize {
        if !self.values.has_plain_keys() {
            return self.add_rows(rows);
        }
        let mut taken = 0;
        while taken < rows.len() {
            let end = rows.len().min(taken + self.batch.room());
            let some = rows.slice(taken..end);
            let count = self.append_rows(some);
            taken += count;
            self.taken += count as u64;
            if self.batch.is_full() {
                self.flush(rows.bytes);
            }
            if count < some.len() {
                break;
            }
        }
        taken
    }

    fn record(&mut self, mut offer: Offer<'_>) -> bool {
        if !self.values.has_plain_keys() {
            return self.add(&offer).is_some();
        }
        if self.append(&mut offer).is_none() {
            return false;
        }
        self.taken += 1;
        if self.batch.is_full() {
            self.flush(offer.window);
        }
        true
    }
}

impl Adder<'_, '_> {
    /// Adds the records of the batch, whose fields lie in these bytes.
    pub fn flush(&mut self, bytes: &[u8]) {
        let first = self.taken - self.batch.len() as u64;
        self.aggregate.add_batch(bytes, self.batch);
        for Refused { row, key, field } in self.batch.take_refused() {
            let (before, column) = (first + row as u64, self.file.keys[key]);
            self.not_text.push(NotText { before, field, column });
        }
    }

    /// Adds records one by one, until there is one with a bad number or key,
    /// and returns how many.
    #[inline(never)]
    fn add_rows(&mut self, rows: Rows<'_>) -> usize {
        for row in 0..rows.len() {
            let one = rows.slice(row..row + 1);
            let span = |column| one.column(column).next().unwrap_or_default();
            let place = self.batch.place_of(span(0));
            let fields = |column| &rows.bytes[span(column).range()];
            let added = self.values.add_fields(place, &fields, self.aggregate);
            if added.is_err() {
                return row;
            }
            self.taken += 1;
        }
        rows.len()
    }

    /// Adds a record, or says `None` if it doesn't fit, has a bad number or
    /// key, or one with quotes that are still doubled, which is rare.
    fn add(&mut self, offer: &Offer<'_>) -> Option<()> {
        let record = Record::new(offer.window, offer.fields);
        let is_used =
            |column: &usize| self.file.columns().any(|c| c == column);
        if offer.escaped.iter().any(is_used) {
            return None;
        }
        let place = self.batch.place_of(*offer.fields.first()?);
        self.values.add(place, record, self.aggregate).ok()?;
        self.taken += 1;
        Some(())
    }

    /// The records before the first that has a field which can't be used as
    /// it stands.
    #[inline(never)]
    fn standing<'r>(&self, rows: Rows<'r>) -> Rows<'r> {
        let mut rows = rows;
        for &column in self.file.columns() {
            let fields = rows.column(column);
            let good = fields.take_while(|&field| stands(rows.bytes, field));
            rows = rows.slice(0..good.count());
        }
        rows
    }

    /// Whether the fields of a record that are used can be used as they stand,
    /// of which it must be known here that keys are text: the record can't be
    /// found again by a key alone.
    fn all_stand(&self, window: &[u8], fields: &[Span]) -> bool {
        let field = |&column: &usize| fields.get(column).copied();
        let mut keys = self.file.keys.iter().filter_map(field);
        let mut used = self.file.columns().filter_map(field);
        match self.file.code_page {
            Some(_) => used.all(|field| stands(window, field)),
            None => keys.all(|field| <Key>::of(window, field).is_text()),
        }
    }

    /// Appends records to the batch, which has room for them, until there is
    /// one with a bad number or key, and returns how many.
    #[inline(never)]
    fn append_rows(&mut self, rows: Rows<'_>) -> usize {
        let mut rows = match self.file.code_page {
            Some(_) => self.standing(rows),
            None => rows,
        };
        for (index, &column) in self.file.totals.iter().enumerate() {
            let format = &self.file.numbers[index];
            let numbers = self.batch.numbers_to_come(index);
            let good = match format.is_plain() {
                true => copy_plain_numbers(rows, column, numbers),
                false => {
                    copy_numbers(rows, column, numbers, |bytes, field| {
                        small_as(bytes, field, format)
                    })
                }
            };
            rows = rows.slice(0..good);
        }
        for (index, &column) in self.file.keys.iter().enumerate() {
            let keys = self.batch.keys_to_come(index);
            for (to, field) in keys.iter_mut().zip(rows.column(column)) {
                *to = field;
            }
        }
        self.batch.end_records(rows.len());
        rows.len()
    }

    /// Appends a record to the batch, or says `None` if it doesn't fit or has
    /// a bad number or key.
    fn append(&mut self, offer: &mut Offer<'_>) -> Option<()> {
        let Offer { window, fields, escaped } = offer;
        let file = self.file;
        if !file.format.fits(Record::new(window, fields)) {
            return None;
        }
        if !self.all_stand(window, fields) {
            return None;
        }
        let batch = &mut *self.batch;
        for (index, &column) in file.totals.iter().enumerate() {
            let field = *fields.get(column)?;
            let format = &file.numbers[index];
            let number = match format.is_plain() {
                true => small(window, field)?,
                false => small_as(window, field, format)?,
            };
            batch.numbers_to_come(index)[0] = number;
        }
        // A field that isn't there lies where the record does.
        let start = fields.first()?.start;
        let none = Span { start, end: start };
        for (index, &column) in file.keys.iter().enumerate() {
            let field = fields.get(column).copied().unwrap_or(none);
            batch.keys_to_come(index)[0] = field;
        }
        for &column in *escaped {
            if file.keys.contains(&column) {
                let field =
                    unescape(window, fields[column], file.format.quote);
                let same = |key: &(usize, &usize)| *key.1 == column;
                for (index, _) in file.keys.iter().enumerate().filter(same) {
                    batch.keys_to_come(index)[0] = field;
                }
            }
        }
        batch.end_records(1);
        Some(())
    }
}

/// Whether the text of a field is what stands in a file that is in a code page:
/// all have ASCII in common.
fn stands(bytes: &[u8], field: Span) -> bool {
    bytes[field.range()].is_ascii()
}

/// Puts the numbers of a column into `numbers`, up to the first that is none
/// or doesn't fit, and returns how many.
#[inline(always)]
fn copy_numbers(
    rows: Rows<'_>,
    column: usize,
    numbers: &mut [i64],
    parse: impl Fn(&[u8], Span) -> Option<i64>,
) -> usize {
    let mut good = 0;
    for (to, field) in numbers.iter_mut().zip(rows.column(column)) {
        let Some(number) = parse(rows.bytes, field) else { break };
        *to = number;
        good += 1;
    }
    good
}

/// The same for numbers that are written plainly.
fn copy_plain_numbers(
    rows: Rows<'_>,
    column: usize,
    numbers: &mut [i64],
) -> usize {
    let mut good = 0;
    loop {
        let rest = rows.slice(good..rows.len());
        good += copy_short_numbers(rest, column, &mut numbers[good..]);
        let next = rows.slice(good..rows.len()).column(column).next();
        let Some(field) = next else { return good };
        let Some(number) = small_any(&rows.bytes[field.range()]) else {
            return good;
        };
        numbers[good] = number;
        good += 1;
    }
}

/// The same up to the first that is not short.
#[inline(never)]
fn copy_short_numbers(
    rows: Rows<'_>,
    column: usize,
    numbers: &mut [i64],
) -> usize {
    copy_numbers(rows, column, numbers, short)
}

/// The number in a field, if there is one that fits an `i64`.
#[inline]
fn small(window: &[u8], field: Span) -> Option<i64> {
    match short(window, field) {
        Some(number) => Some(number),
        None => small_any(&window[field.range()]),
    }
}

/// The same, if it is one to eight digits.
#[inline]
fn short(window: &[u8], field: Span) -> Option<i64> {
    let (start, end) = (field.start as usize, field.end as usize);
    number::parse_short(window, start, end)
}

/// The same, for a field of any form.
#[cold]
fn small_any(field: &[u8]) -> Option<i64> {
    match number::parse(field)? {
        Number::Small(number) => Some(number),
        Number::Large(_) => None,
    }
}

/// The same, numbers being written in this format.
fn small_as(window: &[u8], field: Span, format: &NumberFormat) -> Option<i64> {
    match value::parse_number(&window[field.range()], format) {
        Ok(Number::Small(number)) => Some(number),
        _ => None,
    }
}

/// Makes each pair of quotes in a field one, and returns where the field then
/// lies. What it no longer takes is filled with quotes, so that as many line
/// breaks as before are counted there.
fn unescape(window: &mut [u8], field: Span, quote: u8) -> Span {
    let bytes = &mut window[field.range()];
    let (mut from, mut to) = (0, 0);
    while let Some(&word) = bytes.get(from..).and_then(<[u8]>::first_chunk) {
        let before = bytes::position_in(word, quote);
        let (kept, next) = match before {
            8 => (8, from + 8),
            _ => (before + 1, from + before + 2),
        };
        let read = &mut bytes[to..next];
        match read.first_chunk_mut() {
            // What of it is behind a quote is written over by what follows.
            Some(all) => *all = word,
            // What is behind the quote must still be read.
            None => read[..kept].copy_from_slice(&word[..kept]),
        }
        (from, to) = (next, to + kept);
    }
    while from < bytes.len() {
        let byte = bytes[from];
        bytes[to] = byte;
        to += 1;
        from += if byte == quote { 2 } else { 1 };
    }
    bytes[to..].fill(quote);
    Span::new(field.start as usize, field.start as usize + to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Of a field whose parts have quotes between them, all that lies
        /// around it stays.
        #[test]
        fn doubled_quotes_become_one(
            parts in prop::collection::vec("[a-z\n]{0,20}", 1..30)
        ) {
            let doubled = parts.join("\"\"");
            let mut window = format!("before{doubled}behind").into_bytes();
            let field = Span::new(6, 6 + doubled.len());
            let field = unescape(&mut window, field, b'"');
            let (start, end) = (field.start as usize, field.end as usize);
            let single = parts.join("\"");
            prop_assert_eq!(&window[start..end], single.as_bytes());
            let removed = "\"".repeat(parts.len() - 1);
            let rest = format!("{removed}behind");
            prop_assert_eq!(&window[end..], rest.as_bytes());
            prop_assert_eq!(&window[..start], b"before");
        }
    }
}
