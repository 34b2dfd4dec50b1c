//! The header and the first records.

use super::{Inspection, Notice};
use crate::columns;
use crate::error::{Error, ErrorKind, Result};
use crate::line;
use crate::options::FileOptions;
use crate::reader::{Next, Unit, UnitKind};
use crate::record::Record;
use crate::text;
use crate::value::Fields;

/// The most records a preview shows.
const SHOWN: usize = 10;

/// The most characters of a field a preview shows.
const SHOWN_CHARS: usize = 300;

impl Inspection {
    /// Reads the header and the first records.
    pub(super) fn read_head(
        &mut self,
        head: &[u8],
        last: bool,
        options: &FileOptions,
    ) -> Result<()> {
        let mut reader = self.reader(head, last);
        let mut refused = false;
        let mut values = Fields::default();
        loop {
            match reader.next() {
                Next::Unit(unit) => {
                    refused |= matches!(unit.kind, UnitKind::Refused(_));
                    self.take_unit(&unit, &mut values, options)?;
                }
                Next::More if self.columns.is_empty() => {
                    return Err(Error::new(ErrorKind::BadHeader));
                }
                Next::More | Next::End => break,
            }
        }
        self.sample = values.look();
        if self.records.is_empty() && !self.is_empty() && !refused {
            self.notices.push(Notice::HeaderOnly);
        }
        self.breaks_before =
            line::count_breaks(&head[..self.data_start as usize]);
        Ok(())
    }

    /// Takes a unit, and keeps the fields of a record that isn't the header in
    /// `values`.
    fn take_unit(
        &mut self,
        unit: &Unit<'_>,
        values: &mut Fields,
        options: &FileOptions,
    ) -> Result<()> {
        match unit.kind {
            UnitKind::Blank => self.skip_blank(unit.end),
            UnitKind::Record(record) if self.records.len() == SHOWN => {
                values.add_record(record, self.encoding.code_page.as_ref());
            }
            UnitKind::Record(record) => {
                let fields = self.decode(record);
                self.take(fields, values, unit.end, options);
                if self.data_start == unit.end {
                    self.raw_header = unit.raw.to_vec();
                    if unit.breaks > 1 {
                        self.notices.push(Notice::LongHeader);
                    }
                }
            }
            UnitKind::Refused(_) => self.take_refused(options)?,
        }
        Ok(())
    }

    /// The fields of a record in UTF-8.
    pub(super) fn decode(&self, record: Record<'_>) -> Vec<Vec<u8>> {
        let page = self.encoding.code_page.as_ref();
        let text = |field| text::decode_lossy(page, field);
        record.iter().map(|f| text(f).into_owned().into_bytes()).collect()
    }

    /// Passes over a blank line before the header.
    fn skip_blank(&mut self, end: u64) {
        if self.columns.is_empty() && self.header {
            self.blank_before += 1;
            self.data_start = end;
        }
    }

    /// Takes a record that ends at `end`: the first as the header, if it is
    /// one, the others to be shown.
    fn take(
        &mut self,
        fields: Vec<Vec<u8>>,
        values: &mut Fields,
        end: u64,
        options: &FileOptions,
    ) {
        let shown: Vec<String> = fields.iter().map(|f| show(f)).collect();
        if !self.columns.is_empty() {
            values.add_fields(&fields);
            self.records.push(shown);
            return;
        }
        let looks = || columns::looks_like_header(&shown);
        self.header = options.header.unwrap_or_else(looks);
        if self.header {
            self.data_start = end;
            self.columns = fields;
        } else {
            let number = |index| format!("Column {}", index + 1).into_bytes();
            self.columns = (0..fields.len()).map(number).collect();
            values.add_fields(&fields);
            self.data_start = self.dialect.start as u64;
            self.blank_before = 0;
            self.records.push(shown);
        }
    }

    /// Meets a line that can't be read: fatal if it is to be the header.
    fn take_refused(&mut self, options: &FileOptions) -> Result<()> {
        match self.columns.is_empty() && options.header != Some(false) {
            true => Err(Error::new(ErrorKind::BadHeader)),
            false => Ok(()),
        }
    }
}

/// A field as a preview shows it.
pub(super) fn show(field: &[u8]) -> String {
    let some = &field[..field.len().min(SHOWN_CHARS * 4)];
    let text = String::from_utf8_lossy(some);
    match text.char_indices().nth(SHOWN_CHARS) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
