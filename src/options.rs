//! What a job can be told. Everything has a default.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::error::{Error, ErrorKind, Result};
use crate::line;

/// A column, by name or by place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Column {
    /// A header name, matched trimmed and without case.
    Name(String),
    /// An index from 0.
    Index(usize),
}

/// The settings in which one file may differ from another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileOptions {
    /// The key columns; by default `Song` and `Date` with their aliases.
    pub keys: Option<Vec<Column>>,
    /// The columns to total; by default `Number of Plays` with its aliases.
    pub totals: Option<Vec<Column>>,
    /// The delimiter; by default the one the first records speak for.
    pub delimiter: Option<u8>,
    /// The quote, `"` by default.
    pub quote: u8,
    /// Whether the first record is a header; by default as it looks.
    pub header: Option<bool>,
    /// The line on which the table begins, from 1, with its header if it has
    /// one: lines before it are left out. By default the one that the first
    /// records speak for.
    pub first_line: Option<u64>,
    /// The label of the encoding; by default the one the bytes speak for.
    pub encoding: Option<String>,
    /// How numbers are written; what is `None` is taken from the values.
    pub decimal_mark: Option<u8>,
    /// What stands between thousands: `Some(None)` for nothing.
    pub thousands_mark: Option<Option<u8>>,
    /// For each column to total its currency: `Some(None)` for none. Those
    /// that are `None`, or not there, are taken from the values.
    pub currencies: Vec<Option<Option<Currency>>>,
    /// Whether numbers in brackets are negative; by default if there are any.
    pub brackets: Option<bool>,
    /// How dates are written; by default as the values leave no doubt.
    pub date_order: Option<DateOrder>,
    /// For each key column how its fields are understood; those that are not
    /// there are taken as they stand. The same in every file of a job.
    pub key_formats: Vec<KeyFormat>,
    /// Decimal places of the numbers in total columns, at most
    /// [`MOST_PLACES`]; 0 for whole numbers. The same in every file of a job.
    pub places: u8,
}

impl Default for FileOptions {
    fn default() -> FileOptions {
        FileOptions {
            keys: None,
            totals: None,
            delimiter: None,
            quote: b'"',
            header: None,
            first_line: None,
            encoding: None,
            decimal_mark: None,
            thousands_mark: None,
            currencies: Vec::new(),
            brackets: None,
            date_order: None,
            key_formats: Vec::new(),
            places: 0,
        }
    }
}

/// How the fields of a key column are understood. By default they are taken
/// as they stand, byte by byte.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
#[serde(default)]
pub struct KeyFormat {
    /// White space at both ends is left out.
    pub trim: bool,
    /// Upper and lower case are the same.
    pub fold: bool,
    /// Written in Unicode's normalization form C.
    pub nfc: bool,
    /// It is a date, written as the ISO day, week, month or year it lies in.
    pub date: Option<DateUnit>,
}

/// What a date is written as.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum DateUnit {
    /// `2024-03-04`
    Day,
    /// `2024-W10`, as ISO 8601 counts weeks.
    Week,
    /// `2024-03`
    Month,
    /// `2024`
    Year,
}

/// In what order a file's dates name day, month and year.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
#[serde(into = "&'static str", try_from = "String")]
pub enum DateOrder {
    /// Year, month, day, as ISO 8601 has it.
    #[default]
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Days since the end of 1899, as spreadsheets count them.
    Serial,
}

/// A setting whose values have names, the same wherever they are named.
pub trait Named: Copy + PartialEq + 'static {
    /// All its values.
    const NAMES: &'static [(&'static str, Self)];

    /// What it is called.
    fn name(self) -> &'static str {
        let mut all = Self::NAMES.iter();
        all.find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }

    /// The value of this name, if it is one.
    fn of(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|&(_, value)| value)
    }
}

impl Named for DateUnit {
    const NAMES: &'static [(&'static str, DateUnit)] = &[
        ("day", DateUnit::Day),
        ("week", DateUnit::Week),
        ("month", DateUnit::Month),
        ("year", DateUnit::Year),
    ];
}

impl Named for DateOrder {
    const NAMES: &'static [(&'static str, DateOrder)] = &[
        ("ymd", DateOrder::Ymd),
        ("dmy", DateOrder::Dmy),
        ("mdy", DateOrder::Mdy),
        ("serial", DateOrder::Serial),
    ];
}

impl From<DateUnit> for &'static str {
    fn from(unit: DateUnit) -> &'static str {
        unit.name()
    }
}

impl TryFrom<String> for DateUnit {
    type Error = &'static str;

    fn try_from(name: String) -> std::result::Result<DateUnit, &'static str> {
        DateUnit::of(&name).ok_or("no unit of dates")
    }
}

impl From<DateOrder> for &'static str {
    fn from(order: DateOrder) -> &'static str {
        order.name()
    }
}

impl TryFrom<String> for DateOrder {
    type Error = &'static str;

    fn try_from(name: String) -> std::result::Result<DateOrder, &'static str> {
        DateOrder::of(&name).ok_or("no order of dates")
    }
}

/// The most decimal places of a number.
pub const MOST_PLACES: u8 = 18;

impl FileOptions {
    /// Checks what the types don't say.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadOption`] if a list of columns is empty or longer than
    /// [`MOST_COLUMNS`], or the delimiter equals the quote.
    pub fn check(&self) -> Result<()> {
        check_columns("keys", self.keys.as_deref())?;
        check_columns("totals", self.totals.as_deref())?;
        let is_character = |byte: u8| byte.is_ascii() && !line::is_break(byte);
        for (name, byte) in
            [("quote", Some(self.quote)), ("delimiter", self.delimiter)]
        {
            if byte.is_some_and(|byte| !is_character(byte)) {
                let value = format!("{byte:?}");
                return Err(bad(name, value, CHARACTER));
            }
        }
        if self.delimiter == Some(self.quote) {
            let value = char::from(self.quote).to_string();
            let wanted = "a character other than the quote";
            return Err(bad("delimiter", value, wanted));
        }
        if self.first_line == Some(0) {
            return Err(bad("firstLine", "0".to_owned(), LINE));
        }
        if self.decimal_mark.is_some()
            && self.thousands_mark == Some(self.decimal_mark)
        {
            let value = self.decimal_mark.map_or(' ', char::from).to_string();
            let wanted = "a mark other than the decimal one";
            return Err(bad("thousandsMark", value, wanted));
        }
        Ok(())
    }
}

/// What a delimiter or quote can be.
const CHARACTER: &str = "one ASCII character that is not a line break";

/// What the line can be on which a table begins.
pub const LINE: &str = "“auto” or the number of a line, from 1";

/// The most key columns, and the most columns to total.
pub const MOST_COLUMNS: usize = 8;

/// The record limit that is used if none is given: 1 MiB.
pub const RECORD_LIMIT: usize = 1 << 20;

/// What ends a line of the result.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
pub enum Terminator {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`, as RFC 4180 has it.
    CrLf,
}

impl Terminator {
    /// Its bytes.
    pub fn as_bytes(self) -> &'static [u8] {
        match self {
            Terminator::Lf => b"\n",
            Terminator::CrLf => b"\r\n",
        }
    }
}

/// In what order the groups of the result stand.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// By their keys: the first field, then the second and so on, each by its
    /// bytes.
    #[default]
    Key,
    /// By their first total, the largest first, and those with equal ones by
    /// their keys.
    Total,
    /// By where their first key field is first added from, the files lying end
    /// to end, and those with the same one by the other fields of their keys.
    First,
}

impl Order {
    /// How many fields go before the keys in runs that are in this order.
    pub fn lead(self) -> usize {
        match self {
            Order::Key => 0,
            Order::Total | Order::First => 1,
        }
    }

    /// How many fields are added to the keys in runs that aren't yet.
    pub fn marks(self) -> usize {
        match self {
            Order::Key | Order::Total => 0,
            Order::First => 1,
        }
    }
}

/// What is said of each group beside its totals.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
pub struct Measures {
    /// The number of records.
    pub count: bool,
    /// The smallest number of each total column.
    pub min: bool,
    /// The largest one.
    pub max: bool,
    /// The mean of each total column.
    pub mean: bool,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct OutputFormat {
    /// The byte between two fields.
    pub delimiter: u8,
    /// What ends a line.
    pub terminator: Terminator,
    /// Whether a byte order mark goes first.
    pub bom: bool,
    /// The mark before decimal places.
    pub decimal_mark: u8,
    /// Whether an apostrophe goes before keys that a spreadsheet would run
    /// as formulas.
    pub neutralise: bool,
    /// Decimal places of a mean, at most [`MOST_PLACES`]; halves are rounded
    /// away from zero.
    pub mean_places: u8,
}

impl Default for OutputFormat {
    fn default() -> OutputFormat {
        OutputFormat {
            delimiter: b',',
            terminator: Terminator::Lf,
            bom: false,
            decimal_mark: b'.',
            neutralise: false,
            mean_places: 6,
        }
    }
}

impl OutputFormat {
    /// Checks what the types don't say.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadOption`] if the delimiter can be part of a number or is
    /// the quote.
    pub fn check(&self) -> Result<()> {
        let is_taken = matches!(self.delimiter, b'"' | b'-' | b'0'..=b'9');
        // A comma may be both: numbers are then quoted.
        if !is_taken {
            return Ok(());
        }
        let value = char::from(self.delimiter).to_string();
        let wanted = "a character that no number has, other than the quote";
        Err(bad("outputDelimiter", value, wanted))
    }
}

/// What a record that can't be used does to the job.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnReject {
    /// It is rejected and the job goes on.
    #[default]
    Skip,
    /// The first one in input order fails the job.
    Stop,
}

/// The settings of a whole job.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    /// In what order the groups of the result stand.
    pub order: Order,
    /// What is said of each group beside its totals.
    pub measures: Measures,
    /// How the result is written.
    pub output: OutputFormat,
    /// How many times its size a compressed file may grow, the first GiB
    /// aside.
    pub expansion_limit: u64,
    /// What a record that can't be used does to the job.
    pub on_reject: OnReject,
    /// Number of workers, at least one.
    pub workers: usize,
    /// Bytes of every split, at least one; chosen from the input if `None`.
    pub split_bytes: Option<u64>,
    /// Bytes of a chunk, at least one.
    pub chunk_bytes: usize,
    /// Budget of all partial aggregates together, in bytes.
    pub memory_bytes: u64,
    /// The longest record, in bytes without its terminator.
    pub record_limit: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            order: Order::Key,
            measures: Measures::default(),
            output: OutputFormat::default(),
            // Play data shrinks to a tenth, at the very most to a hundredth.
            expansion_limit: 250,
            on_reject: OnReject::Skip,
            workers: 1,
            split_bytes: None,
            // Measured in Chromium: a stream read in pieces of 2 MiB is
            // 1.5 times as fast as one read in pieces of 64 KiB, and
            // larger ones gain nothing.
            chunk_bytes: 2 << 20,
            memory_bytes: 1 << 30,
            record_limit: RECORD_LIMIT,
        }
    }
}

impl Options {
    /// The budget of one worker, in bytes.
    pub fn worker_bytes(&self) -> u64 {
        self.memory_bytes / self.workers as u64
    }

    /// How many runs a worker merges at once: as many as its budget has room
    /// for, or half of it if groups are to be sorted beside them, as far as
    /// the workers together don't open more files than a browser can.
    pub fn fan_in(&self) -> usize {
        // A merge holds 256 KiB of each run, as much again while it takes the
        // next, and at most 128 KiB for its row.
        const RUN_BYTES: u64 = 640 << 10;
        const FEWEST: u64 = 4;
        const FILES: u64 = 512;
        let files = (FILES / self.workers as u64).max(FEWEST);
        let bytes = match self.order {
            Order::Key => self.worker_bytes(),
            Order::Total | Order::First => self.worker_bytes() / 2,
        };
        (bytes / RUN_BYTES).clamp(FEWEST, files) as usize
    }
}

/// Creates the error for an option that can't have this value.
pub fn bad(name: &str, value: String, wanted: &'static str) -> Error {
    Error::new(ErrorKind::BadOption { name: name.to_owned(), value, wanted })
}

/// Reads a delimiter or quote.
///
/// # Errors
///
/// [`ErrorKind::BadOption`] if it isn't one ASCII character other than a
/// line break.
pub fn character(name: &str, value: &str) -> Result<u8> {
    match value.as_bytes() {
        [byte] if byte.is_ascii() && !line::is_break(*byte) => Ok(*byte),
        _ => Err(bad(name, value.to_owned(), CHARACTER)),
    }
}

/// Checks the length of a list of columns, if there is one.
fn check_columns(name: &str, columns: Option<&[Column]>) -> Result<()> {
    match columns.map(<[Column]>::len) {
        None | Some(1..=MOST_COLUMNS) => Ok(()),
        Some(len) => {
            Err(bad(name, format!("{len} columns"), "one to eight columns"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiter_is_one_ascii_character() {
        assert_eq!(character("delimiter", ";"), Ok(b';'));
        assert_eq!(character("delimiter", "\t"), Ok(b'\t'));
        for value in ["", ",,", "§", "\n", "\r"] {
            let error = character("delimiter", value).unwrap_err();
            assert_eq!(error.code(), "bad_option", "{value}");
            assert!(error.to_string().contains("delimiter"), "{value}");
        }
    }

    #[test]
    fn delimiter_is_not_the_quote() {
        let options =
            FileOptions { delimiter: Some(b'"'), ..Default::default() };
        assert_eq!(options.check().unwrap_err().code(), "bad_option");
    }

    #[test]
    fn runs_that_are_open_fit_the_budget() {
        let fan_in = |workers, memory_bytes| {
            Options { workers, memory_bytes, ..Default::default() }.fan_in()
        };
        assert_eq!(fan_in(2, 32 << 20), 25);
        assert_eq!(fan_in(2, 1), 4);
        assert_eq!(fan_in(2, 1 << 40), 256);
        assert_eq!(fan_in(64, 1 << 40), 8);
        assert_eq!(fan_in(1000, 1 << 40), 4);
        let sorted = Options {
            order: Order::Total,
            workers: 2,
            memory_bytes: 32 << 20,
            ..Default::default()
        };
        assert_eq!(sorted.fan_in(), 12);
    }
}
