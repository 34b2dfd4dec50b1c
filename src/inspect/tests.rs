use super::*;
use crate::options::{Column, DateUnit};

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
    let date = KeyFormat { date: Some(DateUnit::Day), ..Default::default() };
    let options = FileOptions {
        key_formats: vec![KeyFormat::default(), date],
        ..Default::default()
    };
    let found = inspect(file, &options);
    assert_eq!(codes(&found), ["ambiguous_dates"]);
    assert_eq!(found.examples.dates, ["03/04/2024"]);
    let message = found.format(100).unwrap_err().to_string();
    assert!(message.contains("“03/04/2024”"), "{message}");
    let given =
        FileOptions { date_order: Some(DateOrder::Mdy), ..options.clone() };
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
