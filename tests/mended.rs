//! Rejects that are mended and read again: what was totalled at first and
//! what is totalled then are together what the mended files come to.

mod support;

use std::collections::BTreeMap;

use playtally::{
    Column, Container, DateUnit, Entry, FileOptions, HEAD, KeyFormat, Packing,
    RejectedFile, Unpacker, rejected_files,
};
use support::{Conditions, Input, run_inputs};

/// A file: its name, how it is read, and its bytes.
type File = (&'static str, FileOptions, Vec<u8>);

/// Totals by keys; tests have none that a float can't be.
type Totals = BTreeMap<Vec<String>, f64>;

/// Checks that mending the rejects of files comes to the same as mending the
/// files, with nothing said of them that the rejects don't say: in the raw
/// text `(bad, good)` are replaced.
fn check(files: &[File], mends: &[(&str, &str)]) {
    let (first, rejects) = tally(files);
    assert!(!rejects.is_empty());
    let mut mended = rejects.into_bytes();
    let mut whole = files.to_vec();
    for (bad, good) in mends {
        let doubled = |text: &str| text.replace('"', "\"\"").into_bytes();
        replace(&mut mended, &doubled(bad), &doubled(good));
        for (_, _, bytes) in &mut whole {
            replace(bytes, bad.as_bytes(), good.as_bytes());
        }
    }
    let (second, again) = tally(&unpack(&mended, files));
    assert_eq!(again, "", "all were mended");
    let mut together = first;
    for (key, plays) in second {
        *together.entry(key).or_default() += plays;
    }
    let (expected, none) = tally(&whole);
    assert_eq!((together, none), (expected, String::new()));
}

/// Replaces bytes where they are.
fn replace(bytes: &mut Vec<u8>, bad: &[u8], good: &[u8]) {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        let found = rest.windows(bad.len()).position(|part| part == bad);
        let Some(place) = found else { return };
        at += place;
        bytes.splice(at..at + bad.len(), good.iter().copied());
        at += good.len();
    }
}

/// Runs a job: the totals, and the rejects CSV.
fn tally(files: &[File]) -> (Totals, String) {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, options, bytes)| {
            Input::new(*name, &bytes[..], options.clone()).unwrap()
        })
        .collect();
    let conditions = Conditions {
        workers: 2,
        split_bytes: 20,
        record_limit: 200,
        ..Default::default()
    };
    let outcome = run_inputs(&inputs, &conditions).unwrap();
    let mut csv = csv::Reader::from_reader(outcome.csv.as_bytes());
    let totals = csv.records().map(|record| {
        let record = record.unwrap();
        let mut keys: Vec<String> = record.iter().map(Into::into).collect();
        let total = keys.pop().expect("a total");
        (keys, total.parse().expect("a number"))
    });
    (totals.collect(), outcome.rejects)
}

/// The files in a rejects CSV, to be read as that says.
fn unpack(csv: &[u8], files: &[File]) -> Vec<File> {
    let head = &csv[..csv.len().min(HEAD)];
    let listed = rejected_files(head, head.len() == csv.len());
    let listed = listed.expect("a rejects CSV").unwrap();
    let file = |listed: RejectedFile| {
        let file = files.iter().find(|(name, ..)| *name == listed.name);
        let (name, ..) = file.expect("a file of this name");
        (*name, as_listed(listed), entry(csv, name))
    };
    listed.into_iter().map(file).collect()
}

/// The options that a rejects CSV says.
fn as_listed(listed: RejectedFile) -> FileOptions {
    let RejectedFile { written, asked, header, is_utf8, .. } = listed;
    let byte = |character: Option<char>| character.map(|c| c as u8);
    let columns = |indices: Option<Vec<usize>>| {
        let indices = indices?.into_iter();
        Some(indices.map(Column::Index).collect())
    };
    FileOptions {
        keys: columns(asked.keys),
        totals: columns(asked.totals),
        delimiter: byte(written.delimiter),
        quote: byte(written.quote).unwrap_or(b'"'),
        header: Some(header),
        first_line: Some(1),
        // It is UTF-8 now, whatever it was.
        encoding: is_utf8.then(|| "utf-8".to_owned()),
        decimal_mark: byte(written.decimal_mark),
        thousands_mark: written.thousands_mark.map(byte),
        currencies: asked.currencies,
        brackets: written.brackets,
        date_order: written.date_order,
        key_formats: asked.key_formats,
        places: asked.places,
    }
}

/// The bytes of a file in a rejects CSV.
fn entry(csv: &[u8], name: &str) -> Vec<u8> {
    let size = csv.len() as u64;
    let entry = Some(Entry::of_rejects(name.to_owned(), size));
    let packing =
        Packing { container: Some(Container::Rejects), entry, encoding: None };
    let mut unpacker = Unpacker::new(&packing, size, 1, 1000).unwrap();
    unpacker.push(csv);
    unpacker.finish();
    let mut bytes = Vec::new();
    while let Some(piece) = unpacker.piece().unwrap() {
        bytes.extend_from_slice(piece);
    }
    bytes
}

fn by_default(name: &'static str, text: &str) -> File {
    (name, FileOptions::default(), text.into())
}

#[test]
fn numbers_and_fields() {
    check(
        &[by_default(
            "a.csv",
            "Song,Date,Plays\na,d,1\na,d,n/a\nb,few\n\"b \"\"b\"\"\",d,\"1,x\"\
             \na,d,5,x\na,d,3\n",
        )],
        &[
            ("a,d,n/a", "a,d,7"),
            ("b,few", "b,few,9"),
            ("\"1,x\"", "1200"),
            ("a,d,5,x", "a,d,5"),
        ],
    );
}

#[test]
fn stray_quotes() {
    check(
        &[by_default(
            "a.csv",
            "Song,Date,Plays\n\"a,d,1\nb,d,2\n\"c\nc\",d,x\na,\"d,4\n",
        )],
        &[
            ("\"a,d,1", "a,d,1"),
            ("\"c\nc\",d,x", "\"c\nc\",d,10"),
            ("a,\"d,4", "a,d,4"),
        ],
    );
}

#[test]
fn files_that_differ() {
    let by_place = FileOptions {
        keys: Some(vec![Column::Index(1), Column::Index(0)]),
        totals: Some(vec![Column::Index(2)]),
        header: Some(false),
        ..Default::default()
    };
    check(
        &[
            by_default("a.csv", "\nPlays;Title;Day\r\n?;a;d\r\n2;a;d\r\n"),
            by_default("b.csv", "Song,Date,Plays\nb,d,1\n"),
            ("c.csv", by_place, b"d,c,1\nd,c,?\nfew,c\n".to_vec()),
        ],
        &[("?;a;d", "5;a;d"), ("d,c,?", "d,c,6"), ("few,c", "few,c,3")],
    );
}

/// What lies before the header isn't among the rejects, and none of them is
/// taken for such a line.
#[test]
fn lines_before_the_header() {
    check(
        &[by_default(
            "a.csv",
            "Report\n\nSong,Date,Plays\na,d,1\na,less\nb,2024-01-01,x\n",
        )],
        &[("a,less", "a,d,2"), ("b,2024-01-01,x", "b,2024-01-01,5")],
    );
}

/// What the rejects alone leave in doubt is known from the whole file.
#[test]
fn ways_of_writing() {
    check(
        &[by_default(
            "a.csv",
            "Song;Date;Plays\na;d;1.234.567\nb;d;?\nc;few\n",
        )],
        &[("b;d;?", "b;d;1.234"), ("c;few", "c;few;2")],
    );
    let day = KeyFormat { date: Some(DateUnit::Day), ..Default::default() };
    let options = FileOptions {
        key_formats: vec![KeyFormat::default(), day],
        delimiter: Some(b'^'),
        ..Default::default()
    };
    let text = "Song^Date^Plays\na^13/04/2024^1\na,b^03/04/2024^?\n";
    let file = ("a.csv", options, text.into());
    check(&[file], &[("4^?", "4^5")]);
}

/// Columns that have to be chosen, and keys that are understood.
#[test]
fn what_was_asked() {
    let month =
        KeyFormat { date: Some(DateUnit::Month), ..Default::default() };
    let text = KeyFormat { trim: true, fold: true, ..Default::default() };
    let asked = FileOptions {
        keys: Some(vec![Column::Name("Sold".into()), Column::Index(3)]),
        totals: Some(vec![Column::Name("Net; \"USD\"".into())]),
        key_formats: vec![month, text],
        places: 2,
        ..Default::default()
    };
    let sales = "Net; \"USD\"\tPlays\tSold\tArtist\tDate\n\
                 1.50\t1\t31/01/2024\tAbba\tx\n\
                 ?\t1\t02/01/2024\t abba \tx\n2.25\t?\t?\tAbba\tx\n";
    let other = "A,Amount,When\nabba,1,2024-02-01\nABBA,y,2024-02-01\n";
    let by_place = FileOptions {
        keys: Some(vec![Column::Index(2), Column::Index(0)]),
        totals: Some(vec![Column::Index(1)]),
        ..asked.clone()
    };
    check(
        &[("a.csv", asked, sales.into()), ("b.csv", by_place, other.into())],
        &[("?\t1", "0.75\t1"), ("\t?\t?", "\t?\t03/02/2024"), (",y,", ",5,")],
    );
}

/// Amounts of which the rejects alone say something else.
#[test]
fn money() {
    let usual = "Song,Date,Plays\na,d,$1\na,d,(2)\na,d,?\nb,d,?\n";
    let mends = [("a,d,?", "a,d,(5)"), ("b,d,?", "b,d,$3")];
    check(&[by_default("a.csv", usual)], &mends);
    let options = FileOptions {
        currencies: vec![Some(None)],
        brackets: Some(false),
        decimal_mark: Some(b'.'),
        thousands_mark: Some(None),
        ..Default::default()
    };
    let plain = "Song,Date,Plays\na,d,1\na,d,\"1,234\"\nb,d,$2\nc,d,(3)\n";
    let files = [("a.csv", options, plain.into())];
    let (_, rejects) = tally(&files);
    assert_eq!(rejects.lines().count(), 5);
    let (none, again) = tally(&unpack(rejects.as_bytes(), &files));
    assert_eq!(none, Totals::new());
    assert_eq!(again.lines().count(), 5);
}

/// Words beside a few of many numbers are no currency, even though they stand
/// beside all numbers among the rejects.
#[test]
fn words_that_are_no_currencies() {
    let good = "a,d,1\n".repeat(9);
    let file = format!("Song,Date,Plays\n{good}b,d,TOP 40\n");
    check_again(&by_default("a.csv", &file));
}

/// What shows a decimal mark may be among the rejects only for another one.
#[test]
fn decimal_marks_of_few() {
    let good = "a,d,1.5\n".repeat(30);
    let file = format!("Song,Date,Plays\n{good}b,d,\"2,50\"\nb,d,?\n");
    let options = FileOptions { places: 3, ..Default::default() };
    check_again(&("a.csv", options.clone(), file.clone().into()));
    let mends = [("\"2,50\"", "2.50"), ("?", "1.234")];
    check(&[("a.csv", options, file.into())], &mends);
}

/// Checks that rejects of which none was mended are all rejected again.
fn check_again(file: &File) {
    let files = [file.clone()];
    let (_, rejects) = tally(&files);
    let (none, again) = tally(&unpack(rejects.as_bytes(), &files));
    assert_eq!(none, Totals::new());
    assert_eq!(again.lines().count(), rejects.lines().count());
}
