//! Records to additions, one by one.

use std::borrow::Cow;

use super::key_reader::KeyReader;
use super::normal_form::Normalize;
use super::number;
use crate::aggregate::Aggregate;
use crate::number::Number;
use crate::options::{KeyFormat, MOST_COLUMNS};
use crate::record::{Record, Span};
use crate::reject::{Fault, Reason};
use crate::split::FileFormat;
use crate::text;

/// Understands the fields of a file's records.
#[derive(Debug)]
pub(crate) struct Values<'f> {
    file: &'f FileFormat,
    /// For each key column what understands it; nothing where fields are
    /// taken as they stand, nor if they are in all columns.
    keys: Vec<Option<KeyReader<'f>>>,
    /// The numbers of the record that is being added.
    numbers: Vec<Number>,
}

/// Gives the field of a record in a column, empty if it doesn't reach so far.
type Fields<'r, 'g> = &'g dyn Fn(usize) -> &'r [u8];

impl<'f> Values<'f> {
    /// Prepares for records of a file.
    pub fn new(file: &'f FileFormat, normalize: Normalize) -> Values<'f> {
        let plain = KeyFormat::default();
        let formats = &file.key_formats[..];
        let reader = |index| {
            let format = *formats.get(index).filter(|key| **key != plain)?;
            Some(KeyReader::new(file, format, normalize))
        };
        let keys = match formats.iter().all(|key| *key == plain) {
            true => Vec::new(),
            false => (0..file.keys.len()).map(reader).collect(),
        };
        Values { file, keys, numbers: Vec::new() }
    }

    /// Whether keys are taken as they stand, so that records can be added in
    /// batches.
    pub fn has_plain_keys(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds a record, which starts at `place`, or says why it can't be used.
    ///
    /// # Errors
    ///
    /// The first fault: the number of fields, else the first bad number, else
    /// the first bad key.
    pub fn add(
        &mut self,
        place: u64,
        record: Record<'_>,
        aggregate: &mut Aggregate,
    ) -> Result<(), Fault> {
        self.check_fields(record)?;
        let fields = |column| record.get(column).unwrap_or_default();
        self.add_fields(place, &fields, aggregate)
    }

    /// Adds a record with the right number of fields.
    ///
    /// # Errors
    ///
    /// The first bad number, else the first bad key.
    pub fn add_fields(
        &mut self,
        place: u64,
        fields: Fields<'_, '_>,
        aggregate: &mut Aggregate,
    ) -> Result<(), Fault> {
        self.read_numbers(fields)?;
        let spans = self.read_keys(fields)?;
        const NONE: Cow<'_, [u8]> = Cow::Borrowed(b"");
        let mut texts = [NONE; MOST_COLUMNS];
        for (index, &column) in self.file.keys.iter().enumerate() {
            texts[index] = match self.keys.get(index) {
                Some(Some(reader)) => Cow::Borrowed(reader.key(spans[index])),
                _ => text_of(self.file, fields(column), column)?,
            };
        }
        let keys = texts.each_ref().map(|text| &**text);
        let keys = &keys[..self.file.keys.len()];
        aggregate.add_at(place, keys, &self.numbers);
        Ok(())
    }

    /// Understands the fields of the total columns.
    fn read_numbers(&mut self, fields: Fields<'_, '_>) -> Result<(), Fault> {
        self.numbers.clear();
        let Values { file, .. } = self;
        for (&column, format) in file.totals.iter().zip(&file.numbers) {
            let text = text_of(file, fields(column), column)?;
            let number = number::parse(&text, format)
                .map_err(|reason| Fault::in_column(reason, column))?;
            self.numbers.push(number);
        }
        Ok(())
    }

    /// Understands the fields of the key columns that aren't taken as they
    /// stand, and returns where their readers have them.
    fn read_keys(
        &mut self,
        fields: Fields<'_, '_>,
    ) -> Result<[Span; MOST_COLUMNS], Fault> {
        let mut spans = [Span::default(); MOST_COLUMNS];
        let columns = &self.file.keys;
        for (index, reader) in self.keys.iter_mut().enumerate() {
            if let Some(reader) = reader {
                let column = columns[index];
                spans[index] = reader
                    .read(fields(column))
                    .map_err(|reason| Fault::in_column(reason, column))?;
            }
        }
        Ok(spans)
    }

    /// Checks the number of fields.
    fn check_fields(&self, record: Record<'_>) -> Result<(), Fault> {
        let format = &self.file.format;
        if format.fits(record) {
            return Ok(());
        }
        Err(Fault::of_record(match record.len() < format.fields {
            true => Reason::TooFewFields,
            false => Reason::TooManyFields,
        }))
    }
}

/// The text of a field, which is always UTF-8.
fn text_of<'r>(
    file: &FileFormat,
    field: &'r [u8],
    column: usize,
) -> Result<Cow<'r, [u8]>, Fault> {
    text::decode(file.code_page.as_ref(), field)
        .ok_or(Fault::in_column(Reason::BadEncoding, column))
}
