//! A field to a date.
//!
//! Dates that begin with the year or that name the month can be read in one
//! way only, and so are understood in every file. What `03/04/2024` means
//! must be known of its file, and whether years may have two digits. A time of
//! day and a zone are passed over: the day is the one that is written.

use super::blank;
use super::calendar::Date;
use super::clock::ends_with_time;
use super::cursor::Cursor;
use crate::options::{DateOrder, DateUnit};
use serde::{Deserialize, Serialize};

/// How the dates of a file are written.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
pub struct DateFormat {
    /// In what order they name day, month and year.
    pub order: DateOrder,
    /// Which of their years may have two digits.
    pub short_years: ShortYears,
}

/// Which years may have two digits: 00 to 68 are 2000 to 2068, and 69 to 99
/// are 1969 to 1999, as [strptime] has them.
///
/// [strptime]: https://pubs.opengroup.org/onlinepubs/9799919799/functions/strptime.html
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
pub enum ShortYears {
    /// None.
    #[default]
    None,
    /// Those of dates that name the month.
    Named,
    /// All.
    All,
}

/// The orders in which three numbers may stand.
pub const ORDERS: [DateOrder; 3] =
    [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];

/// What a field says that is a date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Written {
    /// Which.
    pub day: Day,
    /// Whether its year has two digits.
    pub is_short: bool,
}

impl Written {
    /// Which years must be allowed two digits for this one.
    pub fn short_years(&self) -> ShortYears {
        match (self.is_short, &self.day) {
            (false, _) => ShortYears::None,
            (true, Day::Certain(_)) => ShortYears::Named,
            (true, Day::InOrder(_)) => ShortYears::All,
        }
    }
}

/// What day it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Day {
    /// One that is certain.
    Certain(Date),
    /// For each of [`ORDERS`] the day that three numbers are in it, if they
    /// are one; in one of them they are.
    InOrder([Option<Date>; 3]),
}

/// The day that a field names, in a file whose dates are written like this.
///
/// # Complexity
///
/// Linear in the field's length.
pub fn parse(field: &[u8], format: DateFormat) -> Option<Date> {
    if format.order == DateOrder::Serial
        && let Some(date) = parse_serial(field)
    {
        return Some(date);
    }
    let written = read(field)?;
    if written.short_years() > format.short_years {
        return None;
    }
    match written.day {
        Day::Certain(date) => Some(date),
        Day::InOrder(dates) => {
            let place = ORDERS.iter().position(|o| *o == format.order)?;
            dates[place]
        }
    }
}

/// The last day that a spreadsheet counts, in the year 9999.
const LAST_SERIAL: u32 = 2_958_465;

/// The day that spreadsheets take for the 29th of February 1900, which was
/// none.
const NO_DAY: u32 = 60;

/// The day with a spreadsheet's number, whose fraction is the time of day.
fn parse_serial(field: &[u8]) -> Option<Date> {
    let mut cursor = Cursor(blank::trim(field));
    let (serial, _) = cursor.take_digits();
    if cursor.take_one_of(b".,").is_some() {
        cursor.take_digits();
    }
    let is_one = (1..=LAST_SERIAL).contains(&serial) && serial != NO_DAY;
    if !cursor.is_at_end() || !is_one {
        return None;
    }
    // Day 1 is the first of January 1900; from the day that was none on all
    // are one more.
    let before = Date { year: 1899, month: 12, day: 31 }.days();
    Date::from_days(before + serial - u32::from(serial > NO_DAY))
}

/// What a field says, whatever the order of its file's dates.
pub fn read(field: &[u8]) -> Option<Written> {
    let mut cursor = Cursor(blank::trim(field));
    let written = match cursor.0.first()? {
        b'0'..=b'9' => read_number_first(&mut cursor)?,
        _ => read_name_first(&mut cursor)?,
    };
    ends_with_time(cursor).then_some(written)
}

/// Reads a date that begins with a number.
fn read_number_first(cursor: &mut Cursor<'_>) -> Option<Written> {
    match cursor.take_digits() {
        (day, 8) => certain(day / 10_000, day / 100 % 100, day % 100),
        (year, 4) => {
            let mark = take_mark(cursor)?;
            let month = take_month(cursor)?;
            let day = take_next(mark, cursor)?;
            certain(year, month, day)
        }
        (first, count @ (1 | 2)) => read_numbers(first, count, cursor),
        _ => None,
    }
}

/// Reads a date from behind its first number on, a day, a month or a year of
/// two digits. A day stands before the name of a month: nobody writes
/// `24-Dec-31` and means the year by 24.
fn read_numbers(
    first: u32,
    count: usize,
    cursor: &mut Cursor<'_>,
) -> Option<Written> {
    let mark = take_mark(cursor)?;
    if let Some(month) = take_name(cursor) {
        let (year, is_short) = take_year(mark, cursor)?;
        return certain(year, month, first)
            .map(|written| Written { is_short, ..written });
    }
    let second = take_day(cursor)?;
    take_same_mark(mark, cursor)?;
    let (third, digits) = cursor.take_digits();
    let last = year_of(third, digits);
    let begins = (count == 2 && digits <= 2).then(|| whole_year(first));
    let dates = [
        last.and_then(|year| Date::new(year, second, first)),
        last.and_then(|year| Date::new(year, first, second)),
        begins.and_then(|year| Date::new(year, second, third)),
    ];
    let day = Day::InOrder(dates);
    let is_one = dates.iter().any(Option::is_some);
    is_one.then_some(Written { day, is_short: digits < 4 })
}

/// Reads `March 4, 2024`, with a day of the week before it if there is one.
fn read_name_first(cursor: &mut Cursor<'_>) -> Option<Written> {
    let mut ahead = *cursor;
    if is_weekday(ahead.take_while(u8::is_ascii_alphabetic)) {
        ahead.take_one_of(b",.");
        ahead.take_blanks();
        *cursor = ahead;
        if ahead.0.first().is_some_and(u8::is_ascii_digit) {
            return read_number_first(cursor);
        }
    }
    let month = take_name(cursor)?;
    let mark = take_mark(cursor)?;
    let day = take_day(cursor)?;
    let (year, is_short) = take_year(mark, cursor)?;
    certain(year, month, day).map(|written| Written { is_short, ..written })
}

/// A day that is certain, if it is one.
fn certain(year: u32, month: u32, day: u32) -> Option<Written> {
    let day = Day::Certain(Date::new(year, month, day)?);
    Some(Written { day, is_short: false })
}

/// Takes what stands between the parts of a date, which a blank may follow.
fn take_mark(cursor: &mut Cursor<'_>) -> Option<u8> {
    let mark = cursor.take_one_of(b"-/.,");
    let blanks = cursor.take_blanks();
    match mark {
        // A comma alone parts no dates.
        Some(b',') if !blanks => None,
        None if !blanks => None,
        mark => Some(mark.unwrap_or(b' ')),
    }
}

/// Takes the mark that was between the first two parts; a comma goes with a
/// blank, and a blank with a point, as in `4. March 2024`.
fn take_same_mark(mark: u8, cursor: &mut Cursor<'_>) -> Option<()> {
    let next = take_mark(cursor)?;
    let goes_with = matches!((mark, next), (b' ', b',') | (b'.', b' '));
    (next == mark || goes_with).then_some(())
}

/// Takes one or two digits.
fn take_day(cursor: &mut Cursor<'_>) -> Option<u32> {
    let (day, count) = cursor.take_digits();
    (1..=2).contains(&count).then_some(day)
}

/// Takes a month, a number or a name.
fn take_month(cursor: &mut Cursor<'_>) -> Option<u32> {
    take_name(cursor).or_else(|| take_day(cursor))
}

/// Takes a mark and one or two digits.
fn take_next(mark: u8, cursor: &mut Cursor<'_>) -> Option<u32> {
    take_same_mark(mark, cursor)?;
    take_day(cursor)
}

/// Takes a mark and a year, and says whether that has two digits.
fn take_year(mark: u8, cursor: &mut Cursor<'_>) -> Option<(u32, bool)> {
    take_same_mark(mark, cursor)?;
    let (year, count) = cursor.take_digits();
    year_of(year, count).map(|year| (year, count == 2))
}

/// The year that so many digits are, if they are one.
fn year_of(number: u32, digits: usize) -> Option<u32> {
    match digits {
        2 => Some(whole_year(number)),
        4 => Some(number),
        _ => None,
    }
}

/// The year that two digits stand for.
fn whole_year(digits: u32) -> u32 {
    if digits < 69 { 2000 + digits } else { 1900 + digits }
}

/// The months in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week in English.
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Takes the name of a month and returns its number. Three letters are
/// enough, and a point may follow.
fn take_name(cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut ahead = *cursor;
    let name = ahead.take_while(u8::is_ascii_alphabetic);
    let month = MONTHS.iter().position(|month| is_short_for(name, month))?;
    *cursor = ahead;
    if ahead.take(b'.') && ahead.take_blanks() {
        cursor.take(b'.');
    }
    Some(month as u32 + 1)
}

/// Whether this is the name of a day of the week.
fn is_weekday(name: &[u8]) -> bool {
    WEEKDAYS.iter().any(|day| is_short_for(name, day))
}

/// Whether a name is another, or at least its first three letters.
fn is_short_for(name: &[u8], whole: &str) -> bool {
    let start = whole.as_bytes().get(..name.len());
    name.len() >= 3 && start.is_some_and(|s| s.eq_ignore_ascii_case(name))
}

/// Appends what a date lies in, as ISO 8601 writes it.
pub fn write(date: Date, unit: DateUnit, out: &mut Vec<u8>) {
    let (year, month, day) =
        (date.year.into(), date.month.into(), date.day.into());
    match unit {
        DateUnit::Day => {
            write_digits(year, 4, out);
            out.push(b'-');
            write_digits(month, 2, out);
            out.push(b'-');
            write_digits(day, 2, out);
        }
        DateUnit::Week => {
            let (year, week) = date.week();
            write_digits(year, 4, out);
            out.extend_from_slice(b"-W");
            write_digits(week, 2, out);
        }
        DateUnit::Month => {
            write_digits(year, 4, out);
            out.push(b'-');
            write_digits(month, 2, out);
        }
        DateUnit::Year => write_digits(year, 4, out),
    }
}

/// Appends the last `count` digits of a number.
fn write_digits(number: u32, count: u32, out: &mut Vec<u8>) {
    for place in (0..count).rev() {
        out.push(b'0' + (number / 10_u32.pow(place) % 10) as u8);
    }
}

#[cfg(test)]
mod tests;
