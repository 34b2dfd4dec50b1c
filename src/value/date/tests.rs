use proptest::prelude::*;

use super::*;

use DateOrder::{Dmy, Mdy, Serial, Ymd};

/// A field, the order of its file's dates, and the day as ISO 8601 writes
/// it, or nothing if it is none.
type Row = (&'static str, DateOrder, &'static str);

const ROWS: &[Row] = &[
    ("2024-03-04", Ymd, "2024-03-04"),
    ("2024-03-04", Dmy, "2024-03-04"),
    ("2024-03-04", Mdy, "2024-03-04"),
    ("2024-03-04", Serial, "2024-03-04"),
    ("20240304", Ymd, "2024-03-04"),
    ("20240304", Serial, "2024-03-04"),
    ("2024/03/04", Ymd, "2024-03-04"),
    ("2024.03.04", Ymd, "2024-03-04"),
    ("2024 03 04", Ymd, "2024-03-04"),
    ("2024-3-4", Ymd, "2024-03-04"),
    ("2024-03/04", Ymd, ""),
    ("2024-0304", Ymd, ""),
    ("2024-03", Ymd, ""),
    ("2024", Ymd, ""),
    ("202403", Ymd, ""),
    ("2024-W10-1", Ymd, ""),
    ("2024-02-29", Ymd, "2024-02-29"),
    ("2023-02-29", Ymd, ""),
    ("2000-02-29", Ymd, "2000-02-29"),
    ("1900-02-29", Ymd, ""),
    ("2024-02-30", Ymd, ""),
    ("2024-04-31", Ymd, ""),
    ("2024-00-10", Ymd, ""),
    ("2024-13-10", Ymd, ""),
    ("2024-10-00", Ymd, ""),
    ("0000-01-01", Ymd, ""),
    ("0001-01-01", Ymd, "0001-01-01"),
    ("9999-12-31", Ymd, "9999-12-31"),
    ("10000-01-01", Ymd, ""),
    ("-2024-03-04", Ymd, ""),
    ("", Ymd, ""),
    (" ", Ymd, ""),
    ("n/a", Ymd, ""),
    ("03/04/2024", Ymd, ""),
    ("03/04/2024", Serial, ""),
    ("03/04/2024", Dmy, "2024-04-03"),
    ("03/04/2024", Mdy, "2024-03-04"),
    ("3.4.2024", Dmy, "2024-04-03"),
    ("3. 4. 2024", Dmy, "2024-04-03"),
    ("3-4-2024", Mdy, "2024-03-04"),
    ("3 4 2024", Mdy, "2024-03-04"),
    ("13/02/2024", Dmy, "2024-02-13"),
    ("13/02/2024", Mdy, ""),
    ("02/13/2024", Mdy, "2024-02-13"),
    ("02/13/2024", Dmy, ""),
    ("31/04/2024", Dmy, ""),
    ("29/02/2024", Dmy, "2024-02-29"),
    ("29/02/2023", Dmy, ""),
    ("03/04/24", Dmy, ""),
    ("03/04/024", Dmy, ""),
    ("03/04-2024", Dmy, ""),
    ("03,04,2024", Dmy, ""),
    ("003/04/2024", Dmy, ""),
    ("3 Mar 2024", Ymd, "2024-03-03"),
    ("3 March 2024", Mdy, "2024-03-03"),
    ("03-MAR-2024", Dmy, "2024-03-03"),
    ("03-Mar-24", Dmy, ""),
    ("3.Mar.2024", Ymd, "2024-03-03"),
    ("3. March 2024", Ymd, "2024-03-03"),
    ("03/Mar/2024", Ymd, "2024-03-03"),
    ("2024-Mar-03", Ymd, "2024-03-03"),
    ("Mar 3, 2024", Ymd, "2024-03-03"),
    ("Mar. 3, 2024", Ymd, "2024-03-03"),
    ("march 3 2024", Ymd, "2024-03-03"),
    ("Sept 3, 2024", Ymd, "2024-09-03"),
    ("Mon, 04 Mar 2024", Ymd, "2024-03-04"),
    ("Monday, March 4, 2024", Ymd, "2024-03-04"),
    ("Mon, 04 Mar 2024 10:15:00 GMT", Ymd, "2024-03-04"),
    ("31 Apr 2024", Ymd, ""),
    ("3 Ma 2024", Ymd, ""),
    ("3 Marsh 2024", Ymd, ""),
    ("Mar 2024", Ymd, ""),
    (" \t2024-03-04 ", Ymd, "2024-03-04"),
    ("\u{A0}2024-03-04\u{202F}", Ymd, "2024-03-04"),
    ("2024-03-04T10:15", Ymd, "2024-03-04"),
    ("2024-03-04T23:59:60Z", Ymd, "2024-03-04"),
    ("2024-03-04t10:15:00.123456789z", Ymd, "2024-03-04"),
    ("2024-03-04T23:15:00+14:00", Ymd, "2024-03-04"),
    ("2024-03-04 00:15:00-0800", Ymd, "2024-03-04"),
    ("2024-03-04 10:15:00 +01", Ymd, "2024-03-04"),
    ("2024-03-04 10:15:00,5 UTC", Ymd, "2024-03-04"),
    ("20240304T101500Z", Ymd, "2024-03-04"),
    ("20240304T1015", Ymd, "2024-03-04"),
    ("3/4/2024 9:05 AM", Mdy, "2024-03-04"),
    ("3/4/2024, 9:05:30\u{202F}pm", Mdy, "2024-03-04"),
    ("2024-03-04T", Ymd, ""),
    ("2024-03-04T10", Ymd, ""),
    ("2024-03-04,", Ymd, ""),
    ("2024-03-04 10", Ymd, ""),
    ("2024-03-04 10:1", Ymd, ""),
    ("2024-03-04 25:00", Ymd, ""),
    ("2024-03-04 10:60", Ymd, ""),
    ("2024-03-04 10:15 XM", Ymd, ""),
    ("2024-03-04 10:15 CEST", Ymd, ""),
    ("2024-03-04x", Ymd, ""),
    ("2024-03-04 to 2024-03-10", Ymd, ""),
    ("1", Serial, "1900-01-01"),
    ("59", Serial, "1900-02-28"),
    ("60", Serial, ""),
    ("61", Serial, "1900-03-01"),
    ("45355", Serial, "2024-03-04"),
    ("45355.75", Serial, "2024-03-04"),
    ("45355,75", Serial, "2024-03-04"),
    (" 45355 ", Serial, "2024-03-04"),
    ("2958465", Serial, "9999-12-31"),
    ("2958466", Serial, ""),
    ("0", Serial, ""),
    ("-1", Serial, ""),
    ("45355", Dmy, ""),
    ("4294967297", Serial, ""),
];

/// Checks what day a field is.
fn check(field: &str, order: DateOrder, expected: &str) {
    check_as(field, order, ShortYears::None, expected);
}

fn check_as(
    field: &str,
    order: DateOrder,
    short_years: ShortYears,
    expected: &str,
) {
    let date = parse(field.as_bytes(), DateFormat { order, short_years });
    let written = date.map(|date| as_text(date, DateUnit::Day));
    assert_eq!(written.unwrap_or_default(), expected, "{field:?}, {order:?}");
}

fn as_text(date: Date, unit: DateUnit) -> String {
    let mut out = Vec::new();
    write(date, unit, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn every_row() {
    for &(field, order, expected) in ROWS {
        check(field, order, expected);
    }
}

#[test]
fn years_of_two_digits() {
    for (field, order, expected) in [
        ("31/12/24", Dmy, "2024-12-31"),
        ("31/12/24", Mdy, ""),
        ("31/12/24", Ymd, "2031-12-24"),
        ("12/31/24", Mdy, "2024-12-31"),
        ("24-12-31", Ymd, "2024-12-31"),
        ("24-1-2", Ymd, "2024-01-02"),
        ("24-1-2", Dmy, ""),
        ("1.2.24", Dmy, "2024-02-01"),
        ("1.2.24", Ymd, ""),
        ("1. 2. 24", Dmy, "2024-02-01"),
        ("1 2 24", Mdy, "2024-01-02"),
        ("01/02/00", Dmy, "2000-02-01"),
        ("01/02/68", Dmy, "2068-02-01"),
        ("01/02/69", Dmy, "1969-02-01"),
        ("01/02/99", Dmy, "1999-02-01"),
        ("29/02/23", Dmy, ""),
        ("29/02/24 10:15", Dmy, "2024-02-29"),
        ("01/02/24", Serial, ""),
        ("31/12/2024", Dmy, "2024-12-31"),
        ("31/12/2024", Ymd, ""),
        ("31/12/024", Dmy, ""),
        ("31/12/4", Dmy, ""),
        ("31/12-24", Dmy, ""),
        ("311224", Dmy, ""),
    ] {
        check_as(field, order, ShortYears::All, expected);
        if !field.contains("2024") {
            check_as(field, order, ShortYears::Named, "");
            check_as(field, order, ShortYears::None, "");
        }
    }
    for order in [Ymd, Dmy, Mdy, Serial] {
        for field in ["31-Dec-24", "31 DECEMBER 24", "Dec 31, 24", "31.Dec.24"]
        {
            check_as(field, order, ShortYears::All, "2024-12-31");
            check_as(field, order, ShortYears::Named, "2024-12-31");
            check_as(field, order, ShortYears::None, "");
        }
    }
}

#[test]
fn units() {
    let check = |(year, month, day), expected: [&str; 4]| {
        use DateUnit::{Day, Month, Week, Year};
        let date = Date::new(year, month, day).unwrap();
        let written = [Day, Week, Month, Year].map(|unit| as_text(date, unit));
        assert_eq!(written, expected);
    };
    check((2024, 3, 4), ["2024-03-04", "2024-W10", "2024-03", "2024"]);
    check((2020, 12, 31), ["2020-12-31", "2020-W53", "2020-12", "2020"]);
    check((2021, 1, 3), ["2021-01-03", "2020-W53", "2021-01", "2021"]);
    check((2024, 12, 30), ["2024-12-30", "2025-W01", "2024-12", "2024"]);
    check((33, 1, 9), ["0033-01-09", "0033-W01", "0033-01", "0033"]);
}

/// Every day from 1900 to 2100, as a walk by the rules of the calendar names
/// them.
fn walk(mut each: impl FnMut(u32, u32, u32)) {
    const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for year in 1900..=2100 {
        let leap = year % 4 == 0 && year != 1900 && year != 2100;
        for (month, days) in (1..).zip(MONTHS) {
            let more = u32::from(month == 2 && leap);
            (1..=days + more).for_each(|day| each(year, month, day));
        }
    }
}

#[test]
fn every_day_in_every_order() {
    let mut serial = 0;
    walk(|year, month, day| {
        let iso = format!("{year}-{month:02}-{day:02}");
        check(&iso, Ymd, &iso);
        check(&format!("{year}{month:02}{day:02}"), Ymd, &iso);
        check(&format!("{day:02}/{month:02}/{year}"), Dmy, &iso);
        check(&format!("{month}-{day}-{year} 12:00"), Mdy, &iso);
        let name = MONTHS[month as usize - 1];
        check(&format!("{day} {name} {year}"), Serial, &iso);
        check(&format!("{}. {day}, {year}", &name[..3]), Dmy, &iso);
        serial += if serial == 59 { 2 } else { 1 };
        check(&serial.to_string(), Serial, &iso);
    });
}

proptest! {
    #[test]
    fn any_field_is_read(field: Vec<u8>) {
        for order in [Ymd, Dmy, Mdy, Serial] {
            parse(&field, DateFormat { order, short_years: ShortYears::All });
        }
    }

    #[test]
    fn nearly_dates_are_days_that_there_are(
        field in "[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}( [0-9]{2}:[0-9]{2})?",
    ) {
        for order in [Ymd, Dmy, Mdy, Serial] {
            let format = DateFormat { order, short_years: ShortYears::All };
            if let Some(date) = parse(field.as_bytes(), format) {
                prop_assert_eq!(Date::from_days(date.days()), Some(date));
            }
        }
    }
}
