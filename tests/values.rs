//! Jobs whose fields are to be understood: numbers with decimal places and
//! marks, dates, and keys that are spelt in several ways. However the files
//! are cut, the result is that of an obvious program.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::BTreeMap;

use num_bigint::BigInt;
use playtally::{
    DateOrder, DateUnit, FileOptions, KeyFormat, OnReject, Order,
};
use proptest::prelude::*;
use support::{Conditions, Input, Outcome, run_inputs};

/// Settings of keys that are all of text's.
const TEXT: KeyFormat =
    KeyFormat { trim: true, fold: true, nfc: true, date: None };

/// Runs a job over files that are all read in the same way.
fn tally(
    files: &[&str],
    options: &FileOptions,
    conditions: &Conditions,
) -> Outcome {
    let inputs: Vec<Input> = (0..)
        .zip(files)
        .map(|(place, file)| {
            let name = format!("{place}.csv");
            let input = Input::new(name, file.as_bytes(), options.clone());
            input.unwrap_or_else(|error| panic!("{error}"))
        })
        .collect();
    match run_inputs(&inputs, conditions) {
        // Too many deaths end a job: then without any.
        Err(error) if error.code() == "workers_died" => {
            let calm = Conditions { deaths: 0, ..conditions.clone() };
            run_inputs(&inputs, &calm)
        }
        outcome => outcome,
    }
    .unwrap_or_else(|error| panic!("{error}"))
}

/// Conditions under which a job of little data is cut up much.
fn cuts() -> impl Strategy<Value = Conditions> {
    let orders = [Order::Key, Order::First];
    (1..4_usize, 1..200_u64, 1..50_usize, 0..5_usize, any::<u64>()).prop_map(
        move |(workers, split_bytes, chunk_bytes, spill_groups, seed)| {
            Conditions {
                workers,
                split_bytes,
                chunk_bytes,
                commit_bytes: split_bytes * 2,
                spill_groups,
                order: orders[seed as usize % 2],
                deaths: 20,
                echoes: 20,
                seed,
                ..Conditions::default()
            }
        },
    )
}

/// Whole digits in groups of three, with a mark between them.
fn grouped(digits: &str, mark: &str) -> String {
    let mut groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).collect();
    groups.reverse();
    let text = |group: &&[u8]| String::from_utf8_lossy(group).into_owned();
    groups.iter().map(text).collect::<Vec<_>>().join(mark)
}

/// A scaled integer with its decimal point, and no zeros at its end.
fn with_point(scaled: &BigInt, places: usize) -> String {
    let negative = scaled < &BigInt::ZERO;
    let digits = scaled.magnitude().to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    let rest = rest.trim_end_matches('0');
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest}")
}

/// A number as it is written, and its value times a power of ten.
#[derive(Clone, Debug)]
struct Amount {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Amount {
    fn any(places: usize) -> impl Strategy<Value = Amount> {
        let whole = prop_oneof![
            8 => "0|[1-9][0-9]{0,8}",
            1 => "[1-9][0-9]{15,25}",
        ];
        let fraction = format!("[0-9]{{0,{places}}}");
        let fraction = prop::string::string_regex(&fraction).unwrap();
        (any::<bool>(), whole, fraction).prop_map(
            |(negative, whole, fraction)| Amount { negative, whole, fraction },
        )
    }

    fn text(&self, decimal: &str, thousands: &str) -> String {
        let sign = if self.negative { "-" } else { "" };
        let whole = grouped(&self.whole, thousands);
        let mark = if self.fraction.is_empty() { "" } else { decimal };
        format!("{sign}{whole}{mark}{}", self.fraction)
    }

    fn scaled(&self, places: usize) -> BigInt {
        let digits = format!("{}{:0<places$}", self.whole, self.fraction);
        let value: BigInt = digits.parse().unwrap();
        if self.negative { -value } else { value }
    }
}

/// How numbers are written: decimal mark, thousands mark, and those of the
/// settings.
type Marks = (&'static str, &'static str, Option<u8>);

const MARKS: [Marks; 5] = [
    (".", "", None),
    (".", ",", Some(b',')),
    (",", ".", Some(b'.')),
    (",", "\u{202F}", Some(b' ')),
    (".", "'", Some(b'\'')),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn sums_of_decimals_are_exact(
        marks in prop::sample::select(MARKS.to_vec()),
        (places, rows) in (0..=18_usize).prop_flat_map(|places| {
            let row = ("[a-c]", Amount::any(places));
            (Just(places), prop::collection::vec(row, 1..60))
        }),
        conditions in cuts(),
    ) {
        let (decimal, thousands, thousands_mark) = marks;
        let mut file = "Song;Date;Plays\n".to_owned();
        let mut expected = BTreeMap::<&str, BigInt>::new();
        for (song, amount) in &rows {
            let number = amount.text(decimal, thousands);
            file += &format!("{song};d;{number}\n");
            *expected.entry(song).or_default() += amount.scaled(places);
        }
        let options = FileOptions {
            delimiter: Some(b';'),
            places: places as u8,
            decimal_mark: Some(decimal.as_bytes()[0]),
            thousands_mark: Some(thousands_mark),
            ..FileOptions::default()
        };
        let conditions = Conditions { order: Order::Key, ..conditions };
        let outcome = tally(&[&file], &options, &conditions);
        let mut csv = "Song,Date,Total\n".to_owned();
        for (song, total) in &expected {
            csv += &format!("{song},d,{}\n", with_point(total, places));
        }
        prop_assert_eq!(&outcome.csv, &csv);
        prop_assert_eq!(outcome.rejects, "");
        let all: BigInt = expected.values().sum();
        let read = &outcome.report.totals[0].read;
        prop_assert_eq!(read, &with_point(&all, places));
        // Without being told, it finds the marks out or has to ask.
        let unsaid = FileOptions {
            decimal_mark: None,
            thousands_mark: None,
            ..options
        };
        let input = Input::new("0.csv", file.as_bytes(), unsaid);
        match run_inputs(&[input.unwrap()], &conditions) {
            Ok(outcome) => prop_assert_eq!(outcome.csv, csv),
            Err(error) => prop_assert_eq!(error.code(), "ambiguous_numbers"),
        }
    }

    #[test]
    fn spellings_of_one_key_are_one_group(
        rows in prop::collection::vec(
            (
                prop::sample::select(vec![
                    ("beyoncé", "Beyoncé"),
                    ("beyoncé", " BEYONCE\u{301}\u{A0}"),
                    ("beyoncé", "\"beyonce\u{301}\""),
                    ("12\" mix", "\"12\"\" Mix\""),
                    ("12\" mix", "12\" MIX"),
                    ("a, b", "\" A, B \""),
                    ("", " "),
                ]),
                prop::sample::select(vec![
                    ("2024-03", "04/03/2024"),
                    ("2024-03", "2024-03-31T23:59:59Z"),
                    ("2024-12", "31.12.2024"),
                    ("2024-12", "\"Dec 1, 2024\""),
                ]),
                0..1000_u32,
            ),
            1..60,
        ),
        conditions in cuts(),
    ) {
        let mut file = "Song,Date,Plays\n".to_owned();
        let mut expected = BTreeMap::<(&str, &str), u32>::new();
        let mut firsts = BTreeMap::<&str, usize>::new();
        for ((song, written), (month, date), plays) in &rows {
            file += &format!("{written},{date},{plays}\n");
            *expected.entry((song, month)).or_default() += plays;
            let place = firsts.len();
            firsts.entry(song).or_insert(place);
        }
        let month =
            KeyFormat { date: Some(DateUnit::Month), ..Default::default() };
        let options = FileOptions {
            key_formats: vec![TEXT, month],
            date_order: Some(DateOrder::Dmy),
            ..FileOptions::default()
        };
        let outcome = tally(&[&file], &options, &conditions);
        let mut groups: Vec<_> = expected.into_iter().collect();
        if conditions.order == Order::First {
            groups.sort_by_key(|((song, _), _)| firsts[song]);
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["Song", "Date", "Total"]).unwrap();
        for ((song, month), plays) in groups {
            let plays = plays.to_string();
            writer.write_record([song, month, &plays]).unwrap();
        }
        let csv = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(outcome.csv, csv);
        prop_assert_eq!(outcome.rejects, "");
    }
}

/// Checks the records of a result and how many records were rejected for each
/// reason, at many cuts.
fn check(
    body: &str,
    options: &FileOptions,
    records: &[&str],
    reasons: &[(&str, u64)],
) {
    let file = format!("Song,Date,Plays\n{body}");
    for size in [1, 2, 3, 7, 1000] {
        let conditions = Conditions {
            workers: 2,
            split_bytes: size,
            chunk_bytes: size as usize,
            commit_bytes: size * 3,
            seed: size,
            ..Conditions::default()
        };
        let outcome = tally(&[&file], options, &conditions);
        let found: Vec<&str> = outcome.csv.lines().skip(1).collect();
        assert_eq!(found, records, "{body:?}");
        let report = &outcome.report;
        let found = report.reasons.iter().map(|r| (r.reason, r.count));
        assert_eq!(found.collect::<Vec<_>>(), reasons, "{body:?}");
        assert_eq!(report.records, report.added + report.rejected);
    }
}

/// Settings of a date column.
fn dates(unit: DateUnit, order: Option<DateOrder>) -> FileOptions {
    let date = KeyFormat { date: Some(unit), ..KeyFormat::default() };
    FileOptions {
        key_formats: vec![KeyFormat::default(), date],
        date_order: order,
        ..FileOptions::default()
    }
}

#[test]
fn dates_that_are_none_are_rejected() {
    check(
        "a,2024-03-04,1\na,30/02/2024,2\na,,3\na,unknown,4\na,04/03/2024,5\n\
         a,04/03/024,6\n",
        &dates(DateUnit::Day, Some(DateOrder::Dmy)),
        &["a,2024-03-04,6"],
        &[("bad_date", 4)],
    );
}

#[test]
fn years_of_two_digits() {
    check(
        "a,12/31/24,1\na,1/2/99,2\na,01/02/2099,4\na,31-Dec-68,8\n",
        &dates(DateUnit::Year, None),
        &["a,1999,2", "a,2024,1", "a,2068,8", "a,2099,4"],
        &[],
    );
    check(
        "a,31/12/24,1\na,12/31/24,2\n",
        &dates(DateUnit::Day, Some(DateOrder::Ymd)),
        &["a,2031-12-24,1"],
        &[("bad_date", 1)],
    );
}

#[test]
fn the_order_of_dates_is_found_out() {
    check(
        "a,03/04/2024,1\na,13/04/2024,2\na,14/05/2024,4\n",
        &dates(DateUnit::Month, None),
        &["a,2024-04,3", "a,2024-05,4"],
        &[],
    );
    check(
        "a,45355,1\na,45356,2\na,45390,4\n",
        &dates(DateUnit::Week, None),
        &["a,2024-W10,3", "a,2024-W15,4"],
        &[],
    );
}

#[test]
fn places_that_are_too_many_are_rejected() {
    let cents = FileOptions { places: 2, ..FileOptions::default() };
    check(
        "a,d,0.125\na,d,0.1\na,d,0.2\na,d,7\na,d,x\na,d,1.2500\n",
        &cents,
        &["a,d,8.55"],
        &[("bad_number", 1), ("too_many_places", 1)],
    );
}

#[test]
fn keys_that_are_not_understood_stay_as_they_are() {
    let options =
        FileOptions { key_formats: vec![TEXT], ..FileOptions::default() };
    check("A, x,1\na ,x,2\n a,x,4\n", &options, &["a, x,1", "a,x,6"], &[]);
}

#[test]
fn the_first_bad_date_can_stop_the_job() {
    let options = dates(DateUnit::Day, None);
    let file = &b"Song,Date,Plays\na,2024-03-04,1\na,never,1\n"[..];
    let conditions =
        Conditions { on_reject: OnReject::Stop, ..Conditions::default() };
    let input = Input::new("0.csv", file, options);
    let error = run_inputs(&[input.unwrap()], &conditions).unwrap_err();
    assert_eq!(error.code(), "rejected");
    assert_eq!(error.position().map(|at| at.line), Some(3));
}
