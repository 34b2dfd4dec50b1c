//! Whole jobs in memory, on the host: however they are cut up and whatever
//! befalls them, the result is the same.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use num_bigint::BigInt;
use playtally::{
    Column, FileOptions, Measures, OnReject, Order, OutputFormat, ReasonReport,
};
use proptest::prelude::*;
use support::{
    Conditions, Input, Outcome, run, run_inputs, tally, tally_counting,
};

const EXAMPLE: &str = "Song,Date,Number of Plays
Umbrella,2020-01-02,200
Umbrella,2020-01-01,100
In The End,2020-01-01,500
Umbrella,2020-01-01,50
In The End,2020-01-01,1000
Umbrella,2020-01-02,50
In The End,2020-01-02,500
";

const ORDERS: [Order; 3] = [Order::Key, Order::Total, Order::First];

/// Totals the records that can be used, with the csv crate and a map.
fn oracle(files: &[&[u8]]) -> String {
    sorted_oracle(files, Order::Key)
}

/// The same in some order.
fn sorted_oracle(files: &[&[u8]], order: Order) -> String {
    let mut totals = BTreeMap::<(Vec<u8>, Vec<u8>), i128>::new();
    let mut firsts = BTreeMap::<Vec<u8>, usize>::new();
    for file in files {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).from_reader(*file);
        for record in reader.byte_records() {
            let record = record.unwrap();
            let plays = std::str::from_utf8(&record[2]).unwrap();
            let key = (record[0].to_vec(), record[1].to_vec());
            let place = firsts.len();
            firsts.entry(key.0.clone()).or_insert(place);
            *totals.entry(key).or_default() += plays.parse::<i128>().unwrap();
        }
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    match order {
        Order::Key => {}
        Order::Total => totals.sort_by_key(|(_, total)| Reverse(*total)),
        Order::First => totals.sort_by_key(|((song, _), _)| firsts[song]),
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["Song", "Date", "Total"]).unwrap();
    for ((song, date), total) in totals {
        let total = total.to_string().into_bytes();
        writer.write_record([song, date, total]).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn the_example() {
    let outcome = tally(&[EXAMPLE.as_bytes()], &Conditions::default());
    assert_eq!(
        outcome.csv,
        "Song,Date,Total\nIn The End,2020-01-01,1500\n\
         In The End,2020-01-02,500\nUmbrella,2020-01-01,150\n\
         Umbrella,2020-01-02,250\n"
    );
    let report = outcome.report;
    assert_eq!((report.records, report.added, report.groups), (7, 7, 4));
    assert_eq!(report.totals[0].read, "2400");
    assert_eq!(report.totals[0].written, "2400");
}

/// What a group comes to, with the csv crate and a map: sum, minimum, maximum
/// and mean of its numbers, and how many they are.
fn measured_oracle(files: &[&[u8]], order: Order) -> String {
    let mut groups = BTreeMap::<(String, String), Vec<BigInt>>::new();
    let mut firsts = BTreeMap::<String, usize>::new();
    for file in files {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).from_reader(*file);
        for record in reader.records() {
            let record = record.unwrap();
            let key = (record[0].to_owned(), record[1].to_owned());
            let place = firsts.len();
            firsts.entry(key.0.clone()).or_insert(place);
            groups.entry(key).or_default().push(record[2].parse().unwrap());
        }
    }
    let sum = |numbers: &[BigInt]| numbers.iter().sum::<BigInt>();
    let mut groups: Vec<_> = groups.into_iter().collect();
    match order {
        Order::Key => {}
        Order::Total => groups.sort_by_key(|(_, all)| Reverse(sum(all))),
        Order::First => groups.sort_by_key(|((song, _), _)| firsts[song]),
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = "Song,Date,Total,Minimum Plays,Maximum Plays,Mean Plays,\
                 Number of Records";
    writer.write_record(names.split(',')).unwrap();
    for ((song, date), all) in groups {
        let mean = rounded(&sum(&all), all.len());
        let (min, max) =
            (all.iter().min().unwrap(), all.iter().max().unwrap());
        let figures = [&sum(&all), min, max].map(BigInt::to_string);
        let [sum, min, max] = &figures;
        let count = all.len().to_string();
        writer
            .write_record([&song, &date, sum, min, max, &mean, &count])
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A quotient with two places, halves away from zero.
fn rounded(sum: &BigInt, count: usize) -> String {
    let scaled: BigInt = sum * 100;
    let half = if scaled < BigInt::ZERO { -1 } else { 1 } * count as i64;
    let hundredths: BigInt = (scaled * 2 + half) / (2 * count);
    let sign = if hundredths < BigInt::ZERO { "-" } else { "" };
    let digits = format!("{:03}", hundredths.magnitude());
    let (whole, places) = digits.split_at(digits.len() - 2);
    let text = format!("{sign}{whole}.{places}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// All that can be asked for of a group.
fn measured(conditions: Conditions) -> Conditions {
    let measures = Measures { count: true, min: true, max: true, mean: true };
    let output = OutputFormat { mean_places: 2, ..OutputFormat::default() };
    Conditions { measures, output, ..conditions }
}

#[test]
fn measures_of_the_example() {
    let conditions = measured(Conditions::default());
    let outcome = tally(&[EXAMPLE.as_bytes()], &conditions);
    assert_eq!(
        outcome.csv,
        "Song,Date,Total,Minimum Plays,Maximum Plays,Mean Plays,\
         Number of Records\n\
         In The End,2020-01-01,1500,500,1000,750,2\n\
         In The End,2020-01-02,500,500,500,500,1\n\
         Umbrella,2020-01-01,150,50,100,75,2\n\
         Umbrella,2020-01-02,250,50,200,125,2\n"
    );
}

/// Every figure of every total column.
#[test]
fn eight_columns_of_measures() {
    let names: Vec<String> = (0..8).map(|n| format!("n{n}")).collect();
    let row = |song: &str, from: i64| {
        let numbers = (from..from + 8).map(|n| n.to_string());
        format!("{song},{}\n", numbers.collect::<Vec<_>>().join(","))
    };
    let head = format!("Song,{}\n", names.join(","));
    let file = [head, row("a", 0), row("b", -4), row("a", 1), row("a", 5)];
    let column = |name: &String| Column::Name(name.clone());
    let options = FileOptions {
        keys: Some(vec![Column::Name("Song".to_owned())]),
        totals: Some(names.iter().map(column).collect()),
        ..FileOptions::default()
    };
    let file = file.concat();
    for (split_bytes, spill_groups) in [(u64::MAX, usize::MAX), (20, 0)] {
        let conditions = measured(Conditions {
            workers: 2,
            split_bytes,
            spill_groups,
            fan_in: 2,
            ..Conditions::default()
        });
        let input = Input::new("a.csv", file.as_bytes(), options.clone());
        let outcome = run_inputs(&[input.unwrap()], &conditions).unwrap();
        let lines: Vec<&str> = outcome.csv.lines().skip(1).collect();
        let a = "6,0,5,2,9,1,6,3,12,2,7,4,15,3,8,5,18,4,9,6,21,5,10,7,\
                 24,6,11,8,27,7,12,9,3";
        assert_eq!(lines[0], format!("a,{a}"));
        assert!(lines[1].starts_with("b,-4,-4,-4,-4,-3,"));
        let file = &outcome.report.files[0];
        assert_eq!(file.totals[..2], ["2", "6"]);
        assert_eq!(outcome.report.totals[1].written, "6");
    }
}

#[test]
fn nothing_to_read() {
    for file in ["", "\n\n", "Song,Date,Plays", "Song,Date,Plays\n\n"] {
        for (order, streamed) in
            ORDERS.into_iter().flat_map(|order| [(order, 0), (order, 1)])
        {
            let conditions =
                Conditions { order, streamed, ..Default::default() };
            let outcome = tally(&[file.as_bytes()], &conditions);
            assert_eq!(outcome.csv, "Song,Date,Total\n", "{file:?}");
            assert_eq!(outcome.report.records, 0);
        }
    }
}

/// Checks the records of a result in some order, however the files are cut.
fn check_order(order: Order, files: &[&str], expected: &[&str]) {
    let files: Vec<String> =
        files.iter().map(|body| format!("Song,Date,Plays\n{body}")).collect();
    let files: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
    for split_bytes in [1, 2, 3, 7, 1000] {
        for (chunk_bytes, spill_groups) in [(1, 0), (3, 1), (1000, 1000)] {
            let conditions = Conditions {
                workers: 3,
                split_bytes,
                chunk_bytes,
                commit_bytes: split_bytes * 2,
                spill_groups,
                order,
                sort_groups: 2,
                record_limit: 100,
                seed: split_bytes,
                ..Default::default()
            };
            let outcome = tally(&files, &conditions);
            let records: Vec<&str> = outcome.csv.lines().skip(1).collect();
            assert_eq!(records, expected, "{conditions:?}");
        }
    }
}

#[test]
fn the_largest_total_first() {
    check_order(
        Order::Total,
        &["b,2,5\na,1,2\nb,1,5\na,1,3\nc,1,-7\nd,1,0\n", "e,1,12\na,2,5\n"],
        &["e,1,12", "a,1,5", "a,2,5", "b,1,5", "b,2,5", "d,1,0", "c,1,-7"],
    );
    check_order(
        Order::Total,
        &["a,d,9223372036854775807\nb,d,18446744073709551614\n\
           a,d,9223372036854775807\nc,d,-9223372036854775809\nd,d,1\n\
           e,d,-9223372036854775808\n0,d,99999999999999999999\n"],
        &[
            "0,d,99999999999999999999",
            "a,d,18446744073709551614",
            "b,d,18446744073709551614",
            "d,d,1",
            "e,d,-9223372036854775808",
            "c,d,-9223372036854775809",
        ],
    );
}

#[test]
fn as_songs_first_appear() {
    check_order(
        Order::First,
        &["c,2,1\na,1,1\nc,1,1\nb,9,1\n", "d,1,1\na,0,1\n\"c\",3,1\n"],
        &["c,1,1", "c,2,1", "c,3,1", "a,0,1", "a,1,1", "b,9,1", "d,1,1"],
    );
}

/// A record that is rejected is no appearance, nor is one that a stray quote
/// seemed to hold.
#[test]
fn only_what_is_added_appears() {
    check_order(
        Order::First,
        &["b,1,x\na,1,1\nc,1\nb,1,1\n\"d,1,1\nc,1,1\nd,1,1\n"],
        &["a,1,1", "b,1,1", "c,1,1", "d,1,1"],
    );
}

/// Fields that are read in other ways than plain ones.
#[test]
fn quoted_songs_appear_where_they_are() {
    check_order(
        Order::First,
        &["\"c \"\"c\"\"\",1,1\n\"b\nx,y,1\",1,1\n,1,1\n\
           9,1,100000000000000000000\na,1,1\n\"c \"\"c\"\"\",1,1\n"],
        &[
            "\"c \"\"c\"\"\",1,2",
            "\"b",
            "x,y,1\",1,1",
            ",1,1",
            "9,1,100000000000000000000",
            "a,1,1",
        ],
    );
}

/// Enough groups for several blocks and ranges, most of them of one song, so
/// that ranges begin between its dates.
#[test]
fn many_groups_in_any_order() {
    let mut file = String::from("Song,Date,Plays\n");
    for n in 0..400_000_u64 {
        let mixed = (n * n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let song = match mixed % 16 {
            0..12 => 500_000,
            _ => mixed % 700_000,
        };
        let plays = mixed % 2003;
        file += &format!("Song {song},{mixed:016x},{plays}\n");
    }
    check_many(&file, 90_000);
}

/// Nearly all songs come once, so most of them aren't looked up, and those that
/// come again are in several groups of a worker until it writes them.
#[test]
fn songs_that_are_nearly_all_new() {
    let mut file = String::from("Song,Date,Plays\n");
    for n in 0..300_000_u64 {
        let again = n.checked_sub(5000).filter(|_| n % 10 == 0);
        for song in [Some(n), again].into_iter().flatten() {
            let name = song * 7919 % 300_007;
            file += &format!("Song {name},{},{n}\n", song % 3);
        }
    }
    check_many(&file, 1_000_000);
}

/// Totals a file of many groups in each order, a worker holding so many.
fn check_many(file: &str, spill_groups: usize) {
    let files = [file.as_bytes()];
    for order in ORDERS {
        let conditions = Conditions {
            workers: 3,
            split_bytes: 1 << 20,
            chunk_bytes: 1 << 17,
            commit_bytes: 4 << 20,
            spill_groups,
            fan_in: 5,
            sort_groups: 30_000,
            order,
            ..Default::default()
        };
        let outcome = tally(&files, &conditions);
        assert!(outcome.csv == sorted_oracle(&files, order), "{order:?}");
    }
}

#[test]
fn many_files_of_different_make() {
    let outcome = tally(
        &[
            b"Song,Date,Plays\na,1,1\n",
            b"Streams;Title;Day\r\n5;a;1\r\n6;b;1\r\n",
            b"",
            b"Day\tPlays\tTrack\n1\t7\tb",
        ],
        &Conditions { workers: 2, ..Default::default() },
    );
    assert_eq!(outcome.csv, "Song,Date,Total\na,1,6\nb,1,13\n");
    let records: Vec<u64> =
        outcome.report.files.iter().map(|file| file.records).collect();
    assert_eq!(records, [1, 2, 0, 1]);
}

/// Checks the rejects of a file that has good records around bad ones.
fn check_rejects(body: &str, csv: &str, rejects: &str) {
    let file = format!("Song,Date,Plays\n{body}");
    for split_bytes in [1, 2, 3, 7, 1000] {
        for chunk_bytes in [1, 3, 1000] {
            let conditions = Conditions {
                workers: 2,
                split_bytes,
                chunk_bytes,
                record_limit: 60,
                ..Default::default()
            };
            let outcome = tally(&[file.as_bytes()], &conditions);
            let about = format!("{conditions:?} {body:?}");
            assert_eq!(
                outcome.csv,
                format!("Song,Date,Total\n{csv}"),
                "{about}"
            );
            let head = "File,Record,Line,Byte,Reason,Column,Value,\
                        Raw record,Encoding,Cut\n\
                        0.csv,,1,,header,,delimiter=comma,\"Song,Date,Plays\",,\n";
            let want = match rejects {
                "" => String::new(),
                _ => format!("{head}{rejects}"),
            };
            // What a file's numbers show is a matter of other tests.
            let found = outcome.rejects.replace(" decimalMark=point", "");
            assert_eq!(found, want, "{about}");
            let report = outcome.report;
            assert_eq!(report.records, report.added + report.rejected);
        }
    }
}

macro_rules! bad_input {
    ($($name:ident: $body:expr => $csv:expr, $rejects:expr,)*) => {
        $(#[test] fn $name() { check_rejects($body, $csv, $rejects) })*
    };
}

bad_input! {
    good: "a,d,1\n" => "a,d,1\n", "",
    too_few_fields: "a,d,1\nb,d\nc,d,3\n" => "a,d,1\nc,d,3\n",
        "0.csv,2,3,22,too_few_fields,,,\"b,d\",,\n",
    too_many_fields: "a,d,1,x\nb,d,2\n" => "b,d,2\n",
        "0.csv,1,2,16,too_many_fields,,,\"a,d,1,x\",,\n",
    extra_empty_fields: "a,d,1,,\n" => "a,d,1\n", "",
    numbers_that_are_integers:
        "a,d,12.0\nb,d, 12 \nc,d,+7\ne,d,-5\nf,d,007\ng,d,3.\n" =>
        "a,d,12\nb,d,12\nc,d,7\ne,d,-5\nf,d,7\ng,d,3\n", "",
    no_thousands: "a,d,\"1,23,4\"\n" => "",
        "0.csv,1,2,16,bad_number,Plays,\"1,23,4\",\"a,d,\"\"1,23,4\"\"\",,\n",
    words: "a,d,abc\n" => "", "0.csv,1,2,16,bad_number,Plays,abc,\"a,d,abc\",,\n",
    no_number: "a,d,\n" => "", "0.csv,1,2,16,bad_number,Plays,,\"a,d,\",,\n",
    exponent: "a,d,1e3\n" => "", "0.csv,1,2,16,bad_number,Plays,1e3,\"a,d,1e3\",,\n",
    not_a_number: "a,d,NaN\n" => "", "0.csv,1,2,16,bad_number,Plays,NaN,\"a,d,NaN\",,\n",
    fraction: "a,d,1.5\n" => "", "0.csv,1,2,16,too_many_places,Plays,1.5,\"a,d,1.5\",,\n",
    corrections: "a,d,5\na,d,-7\n" => "a,d,-2\n", "",
    beyond_i64:
        "a,d,9223372036854775807\na,d,9223372036854775807\n\
         b,d,100000000000000000000000\n" =>
        "a,d,18446744073709551614\nb,d,100000000000000000000000\n", "",
    long_record:
        "a,d,1\nb,ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\n\
         c,d,3\n" => "a,d,1\nc,d,3\n",
        "0.csv,2,3,22,record_too_long,,,\
         \"b,dddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\",,yes\n",
    unclosed_quote: "a,d,1\nb,\"d,2\nc,d,3\n" => "a,d,1\nc,d,3\n",
        "0.csv,2,3,22,unclosed_quote,,,\"b,\"\"d,2\",,\n",
    stray_quote: "a,\"d,1\nb,d,2\n\"c\",d,3\n" => "b,d,2\nc,d,3\n",
        "0.csv,1,2,16,stray_quote,,,\"a,\"\"d,1\",,\n",
    lines_joined: "\"a,d,1\nb,d,2\n\",d,x,3\n" => "b,d,2\n",
        "0.csv,1,2,16,quoted_line_break,,,\"\"\"a,d,1\",,\n\
         0.csv,3,4,29,unclosed_quote,,,\"\"\",d,x,3\",,\n",
    inch_mark: "12\" Mix,d,1\n" => "\"12\"\" Mix\",d,1\n", "",
    quoted_line_breaks: "\"a\r\nb\",d,1\nc,d,x\n" => "\"a\r\nb\",d,1\n",
        "0.csv,2,4,27,bad_number,Plays,x,\"c,d,x\",,\n",
    blanks_between: "\n\r\na,d,x\n\n" => "",
        "0.csv,1,4,19,bad_number,Plays,x,\"a,d,x\",,\n",
}

#[test]
fn stop_at_the_first_reject() {
    let file = b"Song,Date,Plays\na,d,1\n\"b\nb\",d,x\nc,d,y\n";
    for seed in 0..50 {
        let conditions = Conditions {
            workers: 3,
            split_bytes: 3,
            on_reject: OnReject::Stop,
            seed,
            ..Default::default()
        };
        let error = run(&[file], &conditions).unwrap_err();
        assert_eq!(error.code(), "rejected");
        let position = error.position().unwrap();
        let place = (position.record, position.line, position.byte);
        assert_eq!(place, (2, 3, 22));
        let message = error.to_string();
        let about = "“Plays” is “x”, not a number.";
        assert!(message.contains(about), "{message}");
    }
}

/// Records whose quoted titles hold lines that look like records.
fn treacherous() -> String {
    let mut file = String::from("Song,Date,Plays\n");
    for n in 0..20 {
        let lines = "x,d,1\n".repeat(n % 7);
        file += &format!("\"t{n}\n{lines}y,d,1\n\",d,{n}\nplain,d,{n}\n");
    }
    file
}

#[test]
fn wrong_guesses_are_found_and_read_again() {
    let file = treacherous();
    let want = oracle(&[file.as_bytes()]);
    let mut most = 0;
    for split_bytes in 1..60 {
        let conditions =
            Conditions { workers: 3, split_bytes, ..Default::default() };
        let outcome = tally(&[file.as_bytes()], &conditions);
        assert_eq!(outcome.csv, want, "splits of {split_bytes}");
        most = most.max(outcome.report.splits_run_again);
    }
    assert!(most > 3, "at most {most} splits ran again");
}

#[test]
fn many_wrong_guesses_in_a_row() {
    // One field of lines that look like records, over many splits.
    let lines = "x,d,1\n".repeat(500);
    let file = format!("Song,Date,Plays\n\"{lines}\",d,1\nz,d,2\n");
    for commit_bytes in [1, 200, u64::MAX] {
        let conditions = Conditions {
            workers: 4,
            split_bytes: 50,
            commit_bytes,
            ..Default::default()
        };
        let outcome = tally(&[file.as_bytes()], &conditions);
        assert_eq!(outcome.csv, oracle(&[file.as_bytes()]));
        assert!(outcome.report.splits_run_again > 1);
    }
}

/// Found by many rounds of `how_it_is_cut_never_matters`: after a wrong guess
/// so few bytes were to be read between two commits, none, that a commit was
/// always due, also where there was nothing to commit, and nobody read on.
#[test]
fn bytes_between_two_commits_that_come_to_none() {
    for (body, seed) in
        [("\ra\"\n", 365750997969769830), ("\r \"\n", 2199397284630389438)]
    {
        let file = format!("Song,Date,Plays\n{body}");
        let conditions = Conditions {
            workers: 2,
            split_bytes: 1,
            chunk_bytes: 4,
            commit_bytes: 1,
            spill_groups: 0,
            record_limit: 100,
            seed,
            ..Default::default()
        };
        let outcome = tally(&[file.as_bytes()], &conditions);
        let whole = tally(&[file.as_bytes()], &Conditions::default());
        assert_eq!(essence(&outcome), essence(&whole));
    }
}

#[test]
fn wrong_guesses_cost_a_part_of_the_work() {
    // Every guess in the long fields is wrong; without a bound each of them
    // voids what its worker read since the beginning.
    let lines = "x,d,1\n".repeat(50);
    let record = format!("\"{lines}\",d,1\n");
    let file = format!("Song,Date,Plays\n{}", record.repeat(100));
    let conditions =
        Conditions { workers: 4, split_bytes: 40, ..Default::default() };
    let (outcome, parsed) = tally_counting(&[file.as_bytes()], &conditions);
    assert_eq!(outcome.csv, oracle(&[file.as_bytes()]));
    let splits = outcome.report.splits;
    assert!(parsed < splits * 2, "{parsed} for {splits} splits");
}

/// A file of records that can all be used, and some blank lines.
fn good_file() -> impl Strategy<Value = String> {
    let field = prop_oneof![
        4 => "[ab]{0,3}",
        1 => Just("a,d,1".to_owned()),
        1 => Just("\na,d,1\n".to_owned()),
        1 => Just("\r\n\"".to_owned()),
        1 => Just("é\u{FEFF}".to_owned()),
    ];
    let plays = prop_oneof![
        3 => (0..1000_i128).boxed(),
        1 => (-5..5_i128).boxed(),
        1 => Just(i128::from(i64::MAX)).boxed(),
        1 => Just(i128::from(i64::MIN)).boxed(),
        1 => Just(i128::MAX / 1000).boxed(),
    ];
    let record = (field.clone(), field, plays, any::<bool>());
    let line = prop_oneof![
        8 => record.prop_map(|(song, date, plays, always)| {
            let quote = |text: &str| match always || text.contains(['"', ',', '\n', '\r']) {
                true => format!("\"{}\"", text.replace('"', "\"\"")),
                false => text.to_owned(),
            };
            format!("{},{},{plays}", quote(&song), quote(&date))
        }),
        1 => Just(String::new()),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (proptest::collection::vec(line, 0..40), end, any::<bool>()).prop_map(
        |(lines, end, terminated)| {
            let body = lines.join(end);
            let last = if terminated { end } else { "" };
            format!("Song,Date,Plays{end}{body}{last}")
        },
    )
}

/// A file of anything.
fn any_file() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => Just("a,d,1\n".to_owned()),
        2 => Just("\"".to_owned()),
        2 => "[ab,\"\r\n1 ]{0,12}",
        1 => Just("\"x\ny\",d,5\r\n".to_owned()),
    ];
    proptest::collection::vec(piece, 0..40)
        .prop_map(|pieces| format!("Song,Date,Plays\n{}", pieces.concat()))
}

/// Runs a job over a file in an encoding.
fn tally_as(label: &str, file: &[u8], conditions: &Conditions) -> Outcome {
    let encoding = Some(label.to_owned());
    let options = FileOptions { encoding, ..Default::default() };
    let input = Input::new("0.csv", file, options).unwrap();
    run_inputs(&[input], conditions).unwrap()
}

/// A file of good records, in some of which a song or a date isn't UTF-8, and
/// the same file without those.
fn encoded_files() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let text = prop::sample::select(vec![
        &b"a"[..],
        "é".as_bytes(),
        "歌".as_bytes(),
        "𝄞".as_bytes(),
        b"\"\"",
        b"\xE9",
        b"\xE6\xAD",
        b"\x8C",
    ]);
    let sane =
        prop::sample::select(vec![&b"ab"[..], "歌".as_bytes(), b"\"\""]);
    let song = prop_oneof![
        3 => proptest::collection::vec(text, 1..4),
        1 => proptest::collection::vec(sane, 4..30),
    ];
    let record = (song, any::<bool>(), any::<bool>(), 0..9_u32);
    proptest::collection::vec(record, 0..30).prop_map(|records| {
        let header = b"Song,Date,Plays\n";
        let (mut all, mut good) = (header.to_vec(), header.to_vec());
        for (song, swap, crlf, plays) in records {
            let song = [b"\"", &song.concat()[..], b"\""].concat();
            let (song, date) = if swap {
                (&b"d"[..], &song[..])
            } else {
                (&song[..], &b"d"[..])
            };
            let plays = plays.to_string();
            let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
            let record = [song, b",", date, b",", plays.as_bytes(), end];
            let record = record.concat();
            if std::str::from_utf8(&record).is_ok() {
                good.extend_from_slice(&record);
            }
            all.extend_from_slice(&record);
        }
        (all, good)
    })
}

fn conditions() -> impl Strategy<Value = Conditions> {
    (
        1..5_usize,
        1..200_u64,
        1..100_usize,
        prop_oneof![1..300_u64, Just(u64::MAX)],
        prop_oneof![0..10_usize, Just(usize::MAX)],
        prop_oneof![2..6_usize, Just(usize::MAX)],
        prop::sample::select(ORDERS.to_vec()),
        prop_oneof![1..9_usize, Just(usize::MAX)],
        any::<u64>(),
        prop_oneof![Just(0), any::<u8>()],
    )
        .prop_map(
            |(
                workers,
                split_bytes,
                chunk_bytes,
                commit,
                spill,
                fan_in,
                order,
                sort_groups,
                seed,
                streamed,
            )| {
                Conditions {
                    workers,
                    split_bytes,
                    chunk_bytes,
                    commit_bytes: commit,
                    spill_groups: spill,
                    fan_in,
                    order,
                    sort_groups,
                    record_limit: 100,
                    streamed,
                    seed,
                    ..Default::default()
                }
            },
        )
}

/// What must be the same however a job is cut up.
fn essence(outcome: &Outcome) -> impl PartialEq + std::fmt::Debug {
    let Outcome { csv, rejects, report, .. } = outcome;
    let mut report = report.clone();
    (report.workers, report.splits, report.splits_run_again) = (0, 0, 0);
    (report.passes, report.deaths, report.bytes) = (0, 0, 0);
    report.files.iter_mut().for_each(|file| file.size = 0);
    report.group_bytes = None;
    (csv.clone(), rejects.clone(), report)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn good_records_are_totalled_exactly(
        files in proptest::collection::vec(good_file(), 1..4),
        conditions in conditions(),
    ) {
        let files: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
        let conditions = Conditions { record_limit: 1000, ..conditions };
        let outcome = tally(&files, &conditions);
        let expected = sorted_oracle(&files, conditions.order);
        prop_assert_eq!(outcome.csv, expected);
        prop_assert_eq!(outcome.report.rejected, 0);
    }

    /// However files are cut, spilled, merged in passes and sorted, and
    /// whoever dies: the figures of each group, and what each file gave.
    #[test]
    fn measures_are_exact(
        files in proptest::collection::vec(good_file(), 1..4),
        conditions in conditions(),
        deaths in prop_oneof![Just(0), 0..20_u32],
    ) {
        let files: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
        let conditions = Conditions {
            record_limit: 1000,
            deaths,
            ..measured(conditions)
        };
        let outcome = match run(&files, &conditions) {
            Ok(outcome) => outcome,
            Err(error) => {
                prop_assert_eq!(error.code(), "workers_died");
                return Ok(());
            }
        };
        let expected = measured_oracle(&files, conditions.order);
        prop_assert_eq!(outcome.csv, expected);
        for (file, given) in files.iter().zip(&outcome.report.files) {
            let csv = measured_oracle(&[file], Order::Key);
            let mut groups = csv::Reader::from_reader(csv.as_bytes());
            let sums = groups.records().map(|group| group.unwrap()[2].parse::<BigInt>().unwrap());
            prop_assert_eq!(&given.totals, &[sums.sum::<BigInt>().to_string()]);
        }
    }

    #[test]
    fn how_it_is_cut_never_matters(
        files in proptest::collection::vec(any_file(), 1..3),
        conditions in conditions(),
    ) {
        let files: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
        let plain = Conditions {
            record_limit: 100,
            order: conditions.order,
            ..Conditions::default()
        };
        let whole = tally(&files, &plain);
        let report = &whole.report;
        prop_assert_eq!(report.records, report.added + report.rejected);
        let cut = tally(&files, &conditions);
        prop_assert_eq!(essence(&cut), essence(&whole));
    }

    /// Keys that aren't UTF-8 are rejects, so the result always is.
    #[test]
    fn keys_are_always_text(
        (file, good) in encoded_files(),
        conditions in conditions(),
    ) {
        let plain = Conditions { order: conditions.order, ..Default::default() };
        let whole = tally_as("utf-8", &file, &plain);
        let expected = sorted_oracle(&[&good], conditions.order);
        prop_assert_eq!(&whole.csv, &expected);
        let only = |reasons: &[ReasonReport]| {
            reasons.iter().all(|reason| reason.reason == "bad_encoding")
        };
        prop_assert!(only(&whole.report.reasons));
        let cut = tally_as("utf-8", &file, &conditions);
        prop_assert_eq!(essence(&cut), essence(&whole));
    }

    /// What is read in place in a code page is what is read of the same text
    /// in UTF-8, and so is what is transcoded.
    #[test]
    fn encodings_do_not_matter(
        songs in proptest::collection::vec("[ab\u{E9}\u{F1}\u{A0}\u{20AC}]{1,5}", 1..30),
        conditions in conditions(),
    ) {
        let record = |song| format!("{song},{song},1\r\n");
        let records: String = songs.iter().map(record).collect();
        let text = format!("Song,Date,Plays\n{records}");
        let conditions = Conditions { record_limit: 1000, ..conditions };
        let csv = tally_as("utf-8", text.as_bytes(), &conditions).csv;
        prop_assert_eq!(&csv, &sorted_oracle(&[text.as_bytes()], conditions.order));
        let byte = |c: char| if c == '\u{20AC}' { 0x80 } else { c as u8 };
        let bytes: Vec<u8> = text.chars().map(byte).collect();
        let paged = tally_as("windows-1252", &bytes, &conditions);
        prop_assert_eq!(&paged.csv, &csv);
        prop_assert_eq!(paged.report.rejected, 0);
        let units: Vec<u8> =
            text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide = tally_as("utf-16be", &units, &conditions);
        prop_assert_eq!(wide.csv, csv);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Workers that die at any moment, and answers that come twice or much
    /// later: nothing is added twice, and nothing is lost.
    #[test]
    fn no_order_of_events_matters(
        file in any_file(),
        conditions in conditions(),
        deaths in 0..40_u32,
        echoes in 0..300_u32,
    ) {
        let files = [file.as_bytes()];
        let plain = Conditions {
            record_limit: 100,
            order: conditions.order,
            ..Conditions::default()
        };
        let conditions = Conditions { deaths, echoes, ..conditions };
        match run(&files, &conditions) {
            Ok(outcome) => {
                let whole = tally(&files, &plain);
                prop_assert_eq!(essence(&outcome), essence(&whole));
            }
            Err(error) => prop_assert_eq!(error.code(), "workers_died"),
        }
    }
}
