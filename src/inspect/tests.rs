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
    assert_eq!(format.numbers[0].thousands_mark, Some(b','));
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
    assert_eq!(format.dates.order, DateOrder::Mdy);
    assert_eq!(format.key_formats, options.key_formats);
    let found = inspect(&format!("{file}b,13/04/2024,1\n"), &options);
    assert_eq!(found.date_order, Some(DateOrder::Dmy));
    assert!(found.format(100).is_ok());
}

#[test]
fn years_of_two_digits_are_told() {
    let date = KeyFormat { date: Some(DateUnit::Day), ..Default::default() };
    let options = FileOptions {
        key_formats: vec![KeyFormat::default(), date],
        ..Default::default()
    };
    let check = |dates: &[&str], expected: &str| {
        let records = dates.iter().map(|date| format!("a,\"{date}\",1\n"));
        let file =
            "Song,Date,Plays\n".to_owned() + &records.collect::<String>();
        assert!(default(&file).notices.is_empty());
        let found = inspect(&file, &options);
        let told = found.notices.iter().map(|n| n.message().into_owned());
        let told = told.collect::<String>();
        assert!(told.contains(expected), "{told}");
        assert_eq!(told.is_empty(), expected.is_empty(), "{told}");
    };
    check(&["2024-12-31", "Dec 31, 2024"], "");
    check(&["12/31/24"], "“12/31/24” is read as 31 December 2024.");
    check(&["99-1-2", "24-12-31"], "“99-1-2” is read as 2 January 1999.");
    check(&["31-Dec-68"], "“31-Dec-68” is read as 31 December 2068.");
    // What they are read as isn't known yet.
    check(&["31/12/24"], "");
    assert_eq!(
        codes(&inspect("Song,Date,Plays\na,31/12/24,1\n", &options)),
        ["ambiguous_dates"]
    );
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

/// Checks what is found of a file: the line of its header, the lines left
/// out before it, and the names.
#[track_caller]
fn check_preamble(head: &str, expected: (u64, u64, &[&str])) {
    let found = default(head);
    let (line, left_out, names) = expected;
    assert_eq!((found.first_line, found.left_out), (line, left_out), "{head}");
    assert_eq!(found.names(), names, "{head}");
}

#[test]
fn lines_before_the_header() {
    let names = ["Song", "Date", "Plays"];
    let table = "Song,Date,Plays\na,2024-01-01,1\n";
    check_preamble(table, (1, 0, &names));
    check_preamble(&format!("\n\n{table}"), (3, 0, &names));
    check_preamble(&format!("Report\n\n{table}"), (3, 2, &names));
    check_preamble(&format!("sep=,\nReport\n{table}"), (3, 1, &names));
    let table = "Titel,Tag,Abrufe\na,2024-01-01,1\nb,2024-01-02,2\n";
    let names = ["Titel", "Tag", "Abrufe"];
    check_preamble(table, (1, 0, &names));
    check_preamble(&format!("Report\n{table}"), (2, 1, &names));
    check_preamble(&format!("Made:,2024\n{table}"), (2, 1, &names));
    check_preamble(&format!("X,,\n{table}"), (2, 1, &names));
    let first = "a,2024-01-01,1\n";
    check_preamble(&format!("A,B\n{first}{first}"), (1, 0, &["A", "B"]));
    check_preamble("A\nB,C\nd,e\n", (1, 0, &["A"]));
}

#[test]
fn lines_that_are_left_out_are_shown() {
    let found = default("Bericht\r\n\r\nSong,Date,Plays\r\na,d,1\r\n");
    assert_eq!(found.preamble, ["Bericht", ""]);
    assert_eq!(codes(&found), ["preamble"]);
    assert_eq!((found.breaks_before, found.blank_before), (3, 0));
    let message = found.notices[0].message();
    let said = "Header on line 3; the 2 lines before it are left out.";
    assert_eq!(message, said);
    let format = found.format(100).unwrap();
    assert_eq!(found.file_head("a".into(), &format).line, 3);
    let many = format!("{}Song,Date,Plays\n", "x\n".repeat(100));
    let found = default(&many);
    assert_eq!((found.left_out, found.preamble.len()), (100, 10));
    assert_eq!(default(&format!("x\n{many}")).left_out, 0);
}

#[test]
fn line_that_is_said() {
    let say = |line| FileOptions {
        first_line: Some(line),
        ..FileOptions::default()
    };
    let file = "a,b\nc,d\ne,f\n";
    let found = inspect(file, &say(2));
    assert_eq!(
        (found.names(), found.data_start),
        (["c", "d"].map(str::to_owned).to_vec(), 8)
    );
    assert_eq!(inspect(file, &say(3)).records.len(), 0);
    let found = inspect("a\n\n\nb,c\n", &say(2));
    assert_eq!((found.first_line, found.left_out), (4, 3));
    assert_eq!(found.blank_before, 0);
    for line in [4, 1 << 40] {
        let found = Inspection::new(file.as_bytes(), true, &say(line));
        assert_eq!(found.unwrap_err().code(), "no_such_line");
    }
    let zero = Inspection::new(file.as_bytes(), true, &say(0));
    assert_eq!(zero.unwrap_err().code(), "bad_option");
    assert_eq!(inspect("", &say(1)).errors, default("").errors);
}
