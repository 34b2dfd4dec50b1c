//! Dates.

use playtally::{Date, DateOrder, parse_date};

use super::input::Input;

/// The first byte is the order of day, month and year.
///
/// What is read is a day that there is, and the same one when it is written
/// as its order and as ISO 8601 have it.
pub fn dates(bytes: &[u8]) {
    use DateOrder::{Dmy, Mdy, Serial, Ymd};
    let mut input = Input { bytes };
    let order = input.choose(&[Ymd, Dmy, Mdy, Serial]);
    let Some(date) = parse_date(input.bytes, order) else { return };
    let Date { year, month, day } = date;
    let there = Date::new(year.into(), month.into(), day.into());
    assert_eq!(there, Some(date));
    let iso = format!("{year:04}-{month:02}-{day:02}");
    let written = match order {
        Ymd | Serial => iso.clone(),
        Dmy => format!("{day}/{month}/{year:04}"),
        Mdy => format!("{month}/{day}/{year:04}"),
    };
    assert_eq!(parse_date(iso.as_bytes(), order), Some(date), "{iso}");
    assert_eq!(parse_date(written.as_bytes(), order), Some(date), "{written}");
}
