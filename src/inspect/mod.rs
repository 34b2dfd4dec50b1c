//! What the first bytes of a file say: how it is written, its columns, its
//! first records, and what a person should know before it is read.
//!
//! The preview shows this and a job begins with it, so that both agree.

mod about;
mod currencies;
mod head;
mod mapping;
mod notice;
mod preamble;
#[cfg(test)]
mod tests;
mod values;

pub use currencies::check_currencies;
pub use notice::Notice;

use serde::Serialize;

use crate::currency::Currency;
use crate::dialect::{self, Dialect};
use crate::error::{Error, Result};
use crate::options::{DateOrder, FileOptions, KeyFormat};
use crate::reader::Format;
use crate::reject::FileHead;
use crate::split::FileFormat;
use crate::text::Encoding;
use crate::value::{DateFormat, Kind, NumberFormat, Sample, ShortYears};

/// The bytes of a file that are looked at.
pub const HEAD: usize = 1 << 20;

/// What the first bytes of a file say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// How its text is encoded.
    pub encoding: Encoding,
    /// How the file is written.
    pub dialect: Dialect,
    /// Whether the first record is a header.
    pub header: bool,
    /// The header as it stands in the file, without its terminator; empty if
    /// there is none.
    pub raw_header: Vec<u8>,
    /// The columns' names, in UTF-8.
    pub columns: Vec<Vec<u8>>,
    /// The first records after the header, as text, long fields cut.
    pub records: Vec<Vec<String>>,
    /// For each key column the index of its column.
    pub keys: Vec<Option<usize>>,
    /// For each column to total the index of its column.
    pub totals: Vec<Option<usize>>,
    /// For each column what its values are.
    pub types: Vec<Kind>,
    /// How numbers are written: as given, else as the total columns leave no
    /// doubt, else with a point and no mark between thousands.
    pub numbers: NumberFormat,
    /// For each column to total its currency: as given, else as its values
    /// leave no doubt, else none.
    pub currencies: Vec<Option<Currency>>,
    /// For each column to total the currencies that it seems to have, the
    /// most common first.
    pub all_currencies: Vec<Vec<Currency>>,
    /// How dates are written: as given, else as the columns leave no doubt
    /// that are to be understood as dates or, if none is, that look like
    /// dates.
    pub date_order: Option<DateOrder>,
    /// Which of their years may have two digits, as some have.
    pub short_years: ShortYears,
    /// Values that can be read in two ways: dates, if some are to be
    /// understood, and numbers.
    pub examples: Examples,
    /// The line on which the table begins, from 1: that of its header, if it
    /// has one.
    pub first_line: u64,
    /// The lines before it that are left out.
    pub left_out: u64,
    /// The first of those, as text, cut if long.
    pub preamble: Vec<String>,
    /// Where the units after the header begin.
    pub data_start: u64,
    /// Line breaks before `data_start`.
    pub breaks_before: u64,
    /// Blank lines before `data_start`.
    pub blank_before: u64,
    /// What keeps the file from being read as it stands.
    pub errors: Vec<Error>,
    /// What a person should know besides.
    pub notices: Vec<Notice>,
    /// For each key column how its fields are to be understood.
    key_formats: Vec<KeyFormat>,
    /// Whether their decimal mark is given or shown.
    has_decimal: bool,
    /// What its rejects say of it.
    about: String,
    /// What all values in the head look like.
    sample: Sample,
}

/// Values of a file that can be read in two ways.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Examples {
    /// Dates.
    pub dates: Vec<String>,
    /// The orders that they can be in.
    pub orders: Vec<DateOrder>,
    /// Numbers.
    pub numbers: Vec<String>,
}

impl Inspection {
    /// Looks at a file in UTF-8 that begins with `head`; `last` says that it
    /// ends there.
    ///
    /// # Errors
    ///
    /// As [`Inspection::encoded`].
    pub fn new(
        head: &[u8],
        last: bool,
        options: &FileOptions,
    ) -> Result<Inspection> {
        Inspection::encoded(head, last, Encoding::utf8(), options)
    }

    /// The same for a file in some encoding. If that is one to be transcoded,
    /// `head` is the beginning of the text that becomes of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotText`], [`ErrorKind::UnsupportedEncoding`],
    /// [`ErrorKind::BadHeader`], [`ErrorKind::NoSuchLine`], and
    /// [`ErrorKind::BadOption`] from [`FileOptions::check`]. Columns that
    /// can't be found are no error here; see [`Inspection::errors`].
    ///
    /// # Complexity
    ///
    /// Linear in the bytes given.
    pub fn encoded(
        head: &[u8],
        last: bool,
        encoding: Encoding,
        options: &FileOptions,
    ) -> Result<Inspection> {
        options.check()?;
        let dialect = dialect::detect(head, last, options)?;
        let mut inspection = Inspection {
            encoding,
            dialect,
            header: options.header.unwrap_or(true),
            raw_header: Vec::new(),
            columns: Vec::new(),
            records: Vec::new(),
            keys: Vec::new(),
            totals: Vec::new(),
            first_line: 1,
            left_out: 0,
            preamble: Vec::new(),
            data_start: dialect.start as u64,
            breaks_before: 0,
            blank_before: 0,
            types: Vec::new(),
            numbers: NumberFormat::default(),
            currencies: Vec::new(),
            all_currencies: Vec::new(),
            date_order: None,
            short_years: ShortYears::None,
            examples: Examples::default(),
            errors: Vec::new(),
            notices: Vec::new(),
            key_formats: options.key_formats.clone(),
            has_decimal: false,
            about: String::new(),
            sample: Sample::default(),
        };
        inspection.find_table(head, last, options)?;
        inspection.read_head(head, last, options)?;
        inspection.note_preamble(head);
        inspection.map_columns(options);
        inspection.understand_values(options);
        inspection.about = inspection.about(options);
        Ok(inspection)
    }

    /// Whether the file holds nothing to read.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns' names as text.
    pub fn names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    }

    /// What its rejects must know of the file, which has this name and is
    /// read with these settings.
    pub fn file_head(&self, name: String, format: &FileFormat) -> FileHead {
        let header = self.header.then(|| self.raw_header.clone());
        let (line, columns) = (self.first_line, self.names());
        let code_page = format.code_page.clone();
        let about = self.about.clone();
        FileHead { name, header, line, columns, about, code_page }
    }

    /// The settings to read the file with, records being at most `limit`
    /// bytes long.
    ///
    /// # Errors
    ///
    /// The first of [`Inspection::errors`].
    pub fn format(&self, limit: usize) -> Result<FileFormat> {
        if let Some(error) = self.errors.first() {
            return Err(error.clone());
        }
        let found = |columns: &[Option<usize>]| {
            columns.iter().copied().flatten().collect()
        };
        let format = Format {
            delimiter: self.dialect.delimiter,
            quote: self.dialect.quote,
            fields: self.fields(),
            limit,
        };
        let (keys, totals) = (found(&self.keys), found(&self.totals));
        let numbers = |currency: &Option<Currency>| NumberFormat {
            currency: *currency,
            ..self.numbers
        };
        Ok(FileFormat {
            key_formats: self.key_formats.clone(),
            dates: DateFormat {
                order: self.date_order.unwrap_or_default(),
                short_years: self.short_years,
            },
            numbers: self.currencies.iter().map(numbers).collect(),
            code_page: self.encoding.code_page.clone(),
            ..FileFormat::plain(format, keys, totals)
        })
    }

    /// The number of fields a record should have: that of the header, up to
    /// its last column that has a name or a use.
    fn fields(&self) -> usize {
        let used = self.keys.iter().chain(&self.totals).flatten();
        let used = used.map(|index| index + 1).max().unwrap_or(0);
        let named = self.columns.iter().rposition(|name| !name.is_empty());
        named.map_or(0, |index| index + 1).max(used)
    }
}
