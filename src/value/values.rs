//! Records to additions, one by one.

use std::borrow::Cow;

use crate::aggregate::Aggregate;
use crate::number::Number;
use crate::options::{KeyFormat, MOST_COLUMNS};
use crate::record::Record;
use crate::reject::{Fault, Reason};
use crate::split::FileFormat;
use crate::text;

use super::number;

/// Understands the fields of a file's records.
#[derive(Debug)]
pub(crate) struct Values<'f> {
    file: &'f FileFormat,
    /// Whether keys are taken as they stand.
    plain_keys: bool,
    /// The numbers of the record that is being added.
    numbers: Vec<Number>,
}

impl<'f> Values<'f> {
    /// Prepares for records of a file.
    pub fn new(file: &'f FileFormat) -> Values<'f> {
        let plain = KeyFormat::default();
        let plain_keys = file.key_formats.iter().all(|key| *key == plain);
        Values { file, plain_keys, numbers: Vec::new() }
    }

    /// Whether keys are taken as they stand, so that records can be added in
    /// batches.
    pub fn has_plain_keys(&self) -> bool {
        self.plain_keys
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
        self.numbers.clear();
        for &column in &self.file.totals {
            let text = text_of(self.file, record, column)?;
            let number = number::parse(&text, &self.file.numbers)
                .map_err(|reason| Fault::in_column(reason, column))?;
            self.numbers.push(number);
        }
        const NONE: Cow<'_, [u8]> = Cow::Borrowed(b"");
        let mut texts = [NONE; MOST_COLUMNS];
        for (text, &column) in texts.iter_mut().zip(&self.file.keys) {
            *text = text_of(self.file, record, column)?;
        }
        let keys = texts.each_ref().map(|text| &**text);
        let keys = &keys[..self.file.keys.len()];
        aggregate.add_at(place, keys, &self.numbers);
        Ok(())
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

/// The text of a field, which is always UTF-8; empty if the record doesn't
/// reach that far.
fn text_of<'r>(
    file: &FileFormat,
    record: Record<'r>,
    column: usize,
) -> Result<Cow<'r, [u8]>, Fault> {
    let field = record.get(column).unwrap_or_default();
    text::decode(file.code_page.as_ref(), field)
        .ok_or(Fault::in_column(Reason::BadEncoding, column))
}
