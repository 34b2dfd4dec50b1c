//! Dates.

use playtally::{Date, DateFormat, DateOrder, ShortYears, parse_date};

use super::input::Input;

/// The first byte is the order of day, month and year.
///
/// What is read is a day that there is, and the same one when it is written
/// as its order and as ISO 8601 have it.
pub fn dates(bytes: &[u8]) {
    use DateOrder::{Dmy, Mdy, Serial, Ymd};
    let mut input = Input { bytes };
    let order = input.choose(&[Ymd, Dmy, Mdy, Serial]);
    let short_years = ShortYears::All;
    let format = DateFormat { order, short_years };
    let Some(date) = parse_date(input.bytes, format) else { return };
    let Date { year, month, day } = date;
    let there = Date::new(year.into(), month.into(), day.into());
    assert_eq!(there, Some(date));
    let iso = format!("{year:04}-{month:02}-{day:02}");
    let written = match order {
        Ymd | Serial => iso.clone(),
        Dmy => format!("{day}/{month}/{year:04}"),
        Mdy => format!("{month}/{day}/{year:04}"),
    };
    assert_eq!(parse_date(iso.as_bytes(), format), Some(date), "{iso}");
    let read = parse_date(written.as_bytes(), format);
    assert_eq!(read, Some(date), "{written}");
    if (1969..2069).contains(&year) && order != Serial {
        let short = match order {
            Dmy => format!("{day}/{month}/{:02}", year % 100),
            Mdy => format!("{month}/{day}/{:02}", year % 100),
            _ => iso[2..].to_owned(),
        };
        let read = parse_date(short.as_bytes(), format);
        assert_eq!(read, Some(date), "{short}");
    }
}
