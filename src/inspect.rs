//! What the first bytes of a file say: how it is written, its columns, its
//! first records, and what a person should know before it is read.
//!
//! The preview shows this and a job begins with it, so that both agree.

use serde::Serialize;

use crate::columns::{self, KEY_KINDS, KEYS, Role, TOTAL_KINDS, TOTALS};
use crate::dialect::{self, Dialect};
use crate::error::{Error, ErrorKind, Result};
use crate::line;
use crate::options::{
    Column, DateOrder, FileOptions, KeyFormat, RECORD_LIMIT,
};
use crate::reader::{Format, Next, RecordReader, UnitKind};
use crate::record::Record;
use crate::reject::FileHead;
use crate::split::FileFormat;
use crate::text::{self, Encoding};
use crate::value::{Doubt, Given, Kind, NumberFormat, Sample};

/// The bytes of a file that are looked at.
pub const HEAD: usize = 1 << 20;

/// The most records a preview shows.
const SHOWN: usize = 10;

/// The most characters of a field a preview shows.
const SHOWN_CHARS: usize = 300;

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
    /// How dates are written: as given, else as the columns leave no doubt
    /// that are to be understood as dates or, if none is, that look like
    /// dates.
    pub date_order: Option<DateOrder>,
    /// Values that can be read in two ways: dates, if some are to be
    /// understood, and numbers.
    pub examples: Examples,
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
    /// What all values in the head look like.
    sample: Sample,
}

/// Values of a file that can be read in two ways.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Examples {
    /// Dates.
    pub dates: Vec<String>,
    /// Numbers.
    pub numbers: Vec<String>,
}

/// Something worth saying about a file that keeps nothing from going on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// The file has no record at all, not even a header.
    Empty,
    /// The file has a header and no record.
    HeaderOnly,
    /// The header takes more than one line.
    LongHeader,
    /// Two columns have the name that was looked for; the first is meant.
    SameName,
}

impl Notice {
    /// A short name, the same in every version.
    pub fn code(self) -> &'static str {
        match self {
            Notice::Empty => "empty",
            Notice::HeaderOnly => "header_only",
            Notice::LongHeader => "long_header",
            Notice::SameName => "same_name",
        }
    }

    /// The notice in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Notice::Empty => "The file is empty.",
            Notice::HeaderOnly => {
                "The file has a header and no record after it."
            }
            Notice::LongHeader => {
                "The header takes more than one line, since a quote that \
                 opens in its first line closes in a later one. If that is \
                 a mistake, records may be part of it: mend the first line."
            }
            Notice::SameName => {
                "Several columns have the same name. The first of them is \
                 taken; choose another if that is not the one meant."
            }
        }
    }
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
    /// [`ErrorKind::BadHeader`], and [`ErrorKind::BadOption`] from
    /// [`FileOptions::check`]. Columns that can't be found are no error
    /// here; see [`Inspection::errors`].
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
            data_start: dialect.start as u64,
            breaks_before: 0,
            blank_before: 0,
            types: Vec::new(),
            numbers: NumberFormat::default(),
            date_order: None,
            examples: Examples::default(),
            errors: Vec::new(),
            notices: Vec::new(),
            key_formats: options.key_formats.clone(),
            sample: Sample::default(),
        };
        inspection.read_head(head, last, options)?;
        inspection.map_columns(options);
        inspection.understand_values(options);
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
        let (line, columns) = (self.blank_before + 1, self.names());
        let code_page = format.code_page.clone();
        FileHead { name, header, line, columns, code_page }
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
        Ok(FileFormat {
            key_formats: self.key_formats.clone(),
            date_order: self.date_order.unwrap_or_default(),
            numbers: self.numbers,
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

    /// Reads the header and the first records.
    fn read_head(
        &mut self,
        head: &[u8],
        last: bool,
        options: &FileOptions,
    ) -> Result<()> {
        let Dialect { start, delimiter, quote, .. } = self.dialect;
        let limit = RECORD_LIMIT;
        let format = Format { delimiter, quote, fields: 0, limit };
        let mut reader = RecordReader::new(format, start as u64);
        reader.push(&head[start..]);
        if last {
            reader.finish();
        }
        let mut refused = false;
        loop {
            match reader.next() {
                Next::Unit(unit) => {
                    let end = unit.end;
                    match unit.kind {
                        UnitKind::Blank => self.skip_blank(end),
                        UnitKind::Record(record)
                            if self.records.len() == SHOWN =>
                        {
                            let page = self.encoding.code_page.as_ref();
                            self.sample.add_record(record, page);
                        }
                        UnitKind::Record(record) => {
                            let fields = self.decode(record);
                            self.take(fields, end, options);
                            if self.data_start == end {
                                self.raw_header = unit.raw.to_vec();
                                if unit.breaks > 1 {
                                    self.notices.push(Notice::LongHeader);
                                }
                            }
                        }
                        UnitKind::Refused(_) => {
                            self.take_refused(options)?;
                            refused = true;
                        }
                    }
                }
                Next::More if self.columns.is_empty() => {
                    return Err(Error::new(ErrorKind::BadHeader));
                }
                Next::More | Next::End => break,
            }
        }
        if self.records.is_empty() && !self.is_empty() && !refused {
            self.notices.push(Notice::HeaderOnly);
        }
        self.breaks_before =
            line::count_breaks(&head[..self.data_start as usize]);
        Ok(())
    }

    /// The fields of a record in UTF-8.
    fn decode(&self, record: Record<'_>) -> Vec<Vec<u8>> {
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
    fn take(&mut self, fields: Vec<Vec<u8>>, end: u64, options: &FileOptions) {
        let shown: Vec<String> = fields.iter().map(|f| show(f)).collect();
        if !self.columns.is_empty() {
            self.sample.add_fields(&fields);
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
            self.sample.add_fields(&fields);
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

    /// Finds the columns asked for, and says what is wrong with them.
    fn map_columns(&mut self, options: &FileOptions) {
        let names = self.names();
        let (keys, totals) =
            (options.keys.as_deref(), options.totals.as_deref());
        self.keys = columns::resolve(&names, keys, &KEYS);
        self.totals = columns::resolve(&names, totals, &TOTALS);
        if !self.header {
            self.guess_columns(options);
        }
        if self.columns.is_empty() {
            self.notices.push(Notice::Empty);
            return;
        }
        self.report_missing(&names, keys, totals);
        self.report_repeated(&names);
    }

    /// Finds the columns that nobody asked for by what they hold, if there
    /// are no names.
    fn guess_columns(&mut self, options: &FileOptions) {
        let mark = options.decimal_mark.unwrap_or(b'.');
        let kinds = self.kinds(mark);
        if options.keys.is_none() {
            self.keys = columns::guess(&kinds, &KEY_KINDS);
        }
        if options.totals.is_none() {
            self.totals = columns::guess(&kinds, &TOTAL_KINDS);
        }
    }

    /// What the values of each column are, numbers having this decimal mark.
    fn kinds(&self, decimal_mark: u8) -> Vec<Kind> {
        let kind = |column| self.sample.kind(column, decimal_mark);
        (0..self.columns.len()).map(kind).collect()
    }

    /// Finds out how numbers and dates are written, and says so if they can
    /// be read in two ways.
    fn understand_values(&mut self, options: &FileOptions) {
        let given = Given {
            decimal: options.decimal_mark,
            thousands: options.thousands_mark,
        };
        let totals = self.totals.iter().copied().flatten();
        let marks = self.sample.marks(totals, given, options.places);
        self.numbers = marks.numbers;
        if let Some(Doubt { examples, is_mixed }) = marks.doubt {
            self.examples.numbers = examples.clone();
            let kind = ErrorKind::AmbiguousNumbers { examples, is_mixed };
            self.errors.push(Error::new(kind));
        }
        self.types = self.kinds(self.numbers.decimal_mark);
        self.understand_dates(options);
    }

    /// Finds out how dates are written.
    fn understand_dates(&mut self, options: &FileOptions) {
        let is_date = |&(_, format): &(_, &KeyFormat)| format.date.is_some();
        let formats = self.keys.iter().zip(&options.key_formats);
        let asked: Vec<usize> =
            formats.filter(is_date).filter_map(|(key, _)| *key).collect();
        let is_asked = !asked.is_empty();
        let looks = (0..self.types.len()).filter(|&column| match is_asked {
            true => asked.contains(&column),
            false => self.types[column] == Kind::Date,
        });
        let found = self.sample.order(looks, options.date_order);
        self.date_order = found.order;
        if let Some(Doubt { examples, is_mixed }) = found.doubt
            && is_asked
        {
            self.examples.dates = examples.clone();
            let kind = ErrorKind::AmbiguousDates { examples, is_mixed };
            self.errors.push(Error::new(kind));
        }
    }

    /// Reports columns that are not there.
    fn report_missing(
        &mut self,
        names: &[String],
        keys: Option<&[Column]>,
        totals: Option<&[Column]>,
    ) {
        let asked = [(&self.keys, keys, &KEYS[..])].into_iter().chain([(
            &self.totals,
            totals,
            &TOTALS[..],
        )]);
        for (found, asked, roles) in asked {
            for (place, _) in
                found.iter().enumerate().filter(|(_, at)| at.is_none())
            {
                let wanted = asked_name(asked, roles, place);
                let there = names.to_vec();
                let kind = ErrorKind::MissingColumn { wanted, there };
                self.errors.push(Error::new(kind));
            }
        }
    }

    /// Reports columns with two roles, and names that several columns have.
    fn report_repeated(&mut self, names: &[String]) {
        let used: Vec<usize> =
            self.keys.iter().chain(&self.totals).copied().flatten().collect();
        for (place, &index) in used.iter().enumerate() {
            if used[..place].contains(&index) {
                let name = names[index].clone();
                let kind = ErrorKind::SameColumn { name };
                self.errors.push(Error::new(kind));
            }
        }
        let repeated = |&index: &usize| {
            let same = |name: &&String| name.trim() == names[index].trim();
            names.iter().filter(same).count() > 1
        };
        if used.iter().any(repeated) {
            self.notices.push(Notice::SameName);
        }
    }
}

/// The name of a column that was asked for.
fn asked_name(
    asked: Option<&[Column]>,
    roles: &[Role],
    place: usize,
) -> String {
    match asked.map(|columns| &columns[place]) {
        None => roles[place].name.to_owned(),
        Some(Column::Name(name)) => name.clone(),
        Some(Column::Index(index)) => format!("number {}", index + 1),
    }
}

/// A field as a preview shows it.
fn show(field: &[u8]) -> String {
    let some = &field[..field.len().min(SHOWN_CHARS * 4)];
    let text = String::from_utf8_lossy(some);
    match text.char_indices().nth(SHOWN_CHARS) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::DateUnit;

    fn inspect(head: &str, options: &FileOptions) -> Inspection {
        Inspection::new(head.as_bytes(), true, options).unwrap()
    }

    fn default(head: &str) -> Inspection {
        inspect(head, &FileOptions::default())
    }

    fn codes(inspection: &Inspection) -> Vec<&'static str> {
        let errors = inspection.errors.iter().map(Error::code);
        let notices = inspection.notices.iter().map(|n| n.code());
        errors.chain(notices).collect()
    }

    #[test]
    fn header_and_records() {
        let found = default("Song,Date,Plays\na,b,1\n\"c\"\"\",d,2\n");
        assert_eq!(found.names(), ["Song", "Date", "Plays"]);
        assert_eq!(found.records, [["a", "b", "1"], ["c\"", "d", "2"]]);
        assert_eq!((found.data_start, found.breaks_before), (16, 1));
        let format = found.format(100).unwrap();
        assert_eq!((format.keys, format.totals), (vec![0, 1], vec![2]));
        assert_eq!(format.format.fields, 3);
        assert!(codes(&found.clone()).is_empty());
    }

    #[test]
    fn blank_lines_and_mark_before_the_header() {
        let found = default("\u{FEFF}\n\r\nSong,Date,Plays\na,b,1\n");
        assert_eq!(found.names()[0], "Song");
        assert_eq!((found.data_start, found.breaks_before), (22, 3));
        assert_eq!(found.blank_before, 2);
    }

    #[test]
    fn line_that_names_the_delimiter() {
        let found = default("sep=;\r\nSong;Date;Plays\r\na,b;c;1\r\n");
        assert_eq!(found.names(), ["Song", "Date", "Plays"]);
        assert_eq!((found.data_start, found.breaks_before), (24, 2));
        let found = default("sep=;\n1;2\n");
        assert_eq!((found.header, found.data_start), (false, 6));
        assert_eq!(found.breaks_before, 1);
    }

    #[test]
    fn no_header() {
        let found = default("\na,2020-01-01,1\nb,2020-01-01,2\n");
        assert!(!found.header);
        assert_eq!(found.names(), ["Column 1", "Column 2", "Column 3"]);
        assert_eq!(found.records.len(), 2);
        assert_eq!((found.data_start, found.breaks_before), (0, 0));
        let format = found.format(100).unwrap();
        assert_eq!((format.keys, format.totals), (vec![0, 1], vec![2]));
        let found = default("a,b,2020-01-01,1\n");
        assert_eq!(codes(&found), ["missing_column"]);
        let by_place = FileOptions {
            keys: Some(vec![Column::Index(0), Column::Index(1)]),
            totals: Some(vec![Column::Index(2)]),
            ..Default::default()
        };
        let found = inspect("a,2020-01-01,1\n", &by_place);
        assert!(found.format(100).is_ok());
    }

    #[test]
    fn values_behind_those_that_are_shown() {
        let more = "a,2020-01-01,5\n".repeat(12);
        let found =
            default(&format!("Song,Date,Plays\n{more}b,2020-01-02,\"1,234\""));
        assert_eq!(codes(&found), ["ambiguous_numbers"]);
        assert_eq!(found.examples.numbers, ["1,234"]);
        assert_eq!(found.types, [Kind::Text, Kind::Date, Kind::Integer]);
        let options =
            FileOptions { decimal_mark: Some(b'.'), ..Default::default() };
        let more = format!("Song,Date,Plays\n{more}b,2020-01-02,\"1,234\"");
        let format = inspect(&more, &options).format(100).unwrap();
        assert_eq!(format.numbers.thousands_mark, Some(b','));
    }

    #[test]
    fn dates_that_are_to_be_understood() {
        let file = "Song,Date,Plays\na,03/04/2024,1\n";
        let found = default(file);
        assert!(codes(&found).is_empty());
        assert_eq!(found.date_order, None);
        let date =
            KeyFormat { date: Some(DateUnit::Day), ..Default::default() };
        let options = FileOptions {
            key_formats: vec![KeyFormat::default(), date],
            ..Default::default()
        };
        let found = inspect(file, &options);
        assert_eq!(codes(&found), ["ambiguous_dates"]);
        assert_eq!(found.examples.dates, ["03/04/2024"]);
        let message = found.format(100).unwrap_err().to_string();
        assert!(message.contains("“03/04/2024”"), "{message}");
        let given = FileOptions {
            date_order: Some(DateOrder::Mdy),
            ..options.clone()
        };
        let format = inspect(file, &given).format(100).unwrap();
        assert_eq!(format.date_order, DateOrder::Mdy);
        assert_eq!(format.key_formats, options.key_formats);
        let found = inspect(&format!("{file}b,13/04/2024,1\n"), &options);
        assert_eq!(found.date_order, Some(DateOrder::Dmy));
        assert!(found.format(100).is_ok());
    }

    #[test]
    fn nothing_to_read() {
        assert_eq!(codes(&default("")), ["empty"]);
        assert_eq!(codes(&default("\u{FEFF}")), ["empty"]);
        assert_eq!(codes(&default("\n\n")), ["empty"]);
        assert_eq!(codes(&default("Song,Date,Plays\n")), ["header_only"]);
        assert_eq!(codes(&default("Song,Date,Plays")), ["header_only"]);
    }

    #[test]
    fn missing_columns_are_named() {
        let found = default("Artist,Date,Plays\na,b,1\n");
        assert_eq!(codes(&found), ["missing_column"]);
        let message = found.format(100).unwrap_err().to_string();
        assert!(message.contains("“Song”"), "{message}");
        assert!(message.contains("“Artist”, “Date”, “Plays”"), "{message}");
    }

    #[test]
    fn one_column_for_two_roles() {
        let options = FileOptions {
            keys: Some(vec![Column::Index(0), Column::Index(0)]),
            ..Default::default()
        };
        let found = inspect("Song,Date,Plays\na,b,1\n", &options);
        assert_eq!(codes(&found), ["same_column"]);
    }

    #[test]
    fn columns_of_one_name() {
        let found = default("Song,Date,Plays,Date\na,b,1,c\n");
        assert_eq!(codes(&found), ["same_name"]);
    }

    #[test]
    fn unnamed_columns_at_the_end_may_be_left_out() {
        let found = default("Song,Date,Plays,,\na,b,1\n");
        assert_eq!(found.format(100).unwrap().format.fields, 3);
    }

    #[test]
    fn endless_header() {
        let check = |head: &[u8], last| {
            let found = Inspection::new(head, last, &FileOptions::default());
            assert_eq!(found.unwrap_err().code(), "bad_header");
        };
        check(&vec![b'a'; HEAD], false);
        check(b"\"Song,Date,Plays\na,b,1\n", true);
    }
}
