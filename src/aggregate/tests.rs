use std::collections::BTreeMap;

use super::*;
use crate::number;
use crate::options::Measures;
use crate::run::BlockReader;

/// A record: its key fields, and its total fields in plain digits.
type Row<'a> = (&'a [&'a str], &'a [&'a str]);

fn add(aggregate: &mut Aggregate, (keys, totals): Row<'_>) {
    let keys: Vec<&[u8]> = keys.iter().map(|k| k.as_bytes()).collect();
    let parse = |total: &&str| number::parse(total.as_bytes()).unwrap();
    let totals: Vec<Number> = totals.iter().map(parse).collect();
    aggregate.add(&keys, &totals);
}

/// Drains the aggregate and gives one line for each group.
fn lines(aggregate: &mut Aggregate) -> Vec<String> {
    let mut run = Vec::new();
    let index = aggregate.drain(&mut |bytes| run.extend_from_slice(bytes));
    let mut reader = BlockReader::new(&index);
    for block in &index.blocks {
        let start = block.offset as usize;
        reader.fill(&run[start..start + block.length as usize]);
    }
    let mut lines = Vec::new();
    while reader.advance().unwrap() {
        let keys = reader.key().map(String::from_utf8_lossy);
        let totals = reader.totals().iter().map(Total::to_string);
        let fields = keys.map(String::from).chain(totals);
        lines.push(fields.collect::<Vec<_>>().join("|"));
    }
    lines
}

/// Adds `rows`, forwards and backwards, and compares the groups.
fn check(rows: &[Row<'_>], expected: &[&str]) {
    let mut aggregate = Aggregate::new(rows[0].0.len(), rows[0].1.len());
    rows.iter().for_each(|&row| add(&mut aggregate, row));
    assert_eq!(aggregate.added(), rows.len() as u64);
    assert_eq!(aggregate.len(), expected.len());
    assert_eq!(lines(&mut aggregate), expected);
    assert!(aggregate.is_empty());
    assert_eq!(aggregate.memory(), 0);
    assert_eq!((aggregate.added(), aggregate.len()), (0, 0));
    rows.iter().rev().for_each(|&row| add(&mut aggregate, row));
    assert_eq!(lines(&mut aggregate), expected);
}

#[test]
fn the_example() {
    let rows: [Row<'_>; 7] = [
        (&["Umbrella", "2020-01-02"], &["200"]),
        (&["Umbrella", "2020-01-01"], &["100"]),
        (&["In The End", "2020-01-01"], &["500"]),
        (&["Umbrella", "2020-01-01"], &["50"]),
        (&["In The End", "2020-01-01"], &["1000"]),
        (&["Umbrella", "2020-01-02"], &["50"]),
        (&["In The End", "2020-01-02"], &["500"]),
    ];
    check(
        &rows,
        &[
            "In The End|2020-01-01|1500",
            "In The End|2020-01-02|500",
            "Umbrella|2020-01-01|150",
            "Umbrella|2020-01-02|250",
        ],
    );
}

#[test]
fn one_key() {
    check(
        &[(&["b"], &["1"]), (&[""], &["2"]), (&["b"], &["-4"])],
        &["|2", "b|-3"],
    );
}

#[test]
fn eight_keys_and_eight_totals() {
    let ones: &[&str] = &["1"; 8];
    check(
        &[
            (&["a", "b", "c", "d", "e", "f", "g", "h"], ones),
            (&["a", "b", "c", "d", "e", "f", "g", "b"], ones),
            (&["a", "b", "c", "d", "e", "f", "g", "h"], ones),
        ],
        &[
            "a|b|c|d|e|f|g|b|1|1|1|1|1|1|1|1",
            "a|b|c|d|e|f|g|h|2|2|2|2|2|2|2|2",
        ],
    );
}

#[test]
fn keys_are_not_joined() {
    check(
        &[(&["a", "bc", ""], &["1"]), (&["ab", "c", ""], &["2"])],
        &["a|bc||1", "ab|c||2"],
    );
}

#[test]
fn totals_beyond_i64() {
    let max = "9223372036854775807";
    check(
        &[
            (&["a"], &[max, "-9223372036854775808"]),
            (&["a"], &[max, "-9223372036854775808"]),
            (&["b"], &["100000000000000000000", "1"]),
            (&["b"], &["-100000000000000000000", "1"]),
            (&["a"], &["1", "-1"]),
            (&["c"], &["5", "6"]),
        ],
        &["a|18446744073709551615|-18446744073709551617", "b|0|2", "c|5|6"],
    );
}

/// Adds `rows` of one key and one number as they are, in a batch, and both,
/// with all measures, and compares the groups and the grand figures: sum,
/// number of records, minimum, maximum.
fn check_measures(rows: &[(&str, &str)], expected: &[&str]) {
    let measures = Measures { count: true, min: true, max: true, mean: true };
    let figures = Figures { measures, ..1.into() };
    for batched in 0..=rows.len() {
        let mut aggregate = Aggregate::with_figures(1, figures);
        let mut batch = Batch::new(1, 1);
        for (place, row) in rows.iter().enumerate() {
            match row.1.parse() {
                Ok(number) if place < batched => {
                    let text = format!("{}{:99}", row.0, "");
                    batch.keys_to_come(0)[0] = Span::new(0, row.0.len());
                    batch.numbers_to_come(0)[0] = number;
                    batch.end_records(1);
                    aggregate.add_batch(text.as_bytes(), &mut batch);
                }
                _ => add(&mut aggregate, (&[row.0], &[row.1])),
            }
        }
        let sums = aggregate.sums().iter().map(Total::to_string);
        let grand = sums.collect::<Vec<_>>().join("|");
        let mut lines = lines(&mut aggregate);
        lines.push(grand);
        assert_eq!(lines, expected);
    }
}

#[test]
fn measures() {
    let (max, min) = ("9223372036854775807", "-9223372036854775808");
    check_measures(&[], &["0|0|0|0"]);
    check_measures(
        &[("a", "5"), ("b", "-7"), ("a", "2"), ("a", "6")],
        &["a|13|3|2|6", "b|-7|1|-7|-7", "6|4|-7|6"],
    );
    check_measures(&[("a", "5")], &["a|5|1|5|5", "5|1|5|5"]);
    check_measures(
        &[("a", max), ("b", min), ("c", max), ("c", min)],
        &[
            &format!("a|{max}|1|{max}|{max}"),
            &format!("b|{min}|1|{min}|{min}"),
            &format!("c|-1|2|{min}|{max}"),
            &format!("-2|4|{min}|{max}"),
        ],
    );
    let (over, under) = ("9223372036854775808", "-9223372036854775809");
    check_measures(
        &[
            ("a", over),
            ("b", under),
            ("c", over),
            ("c", "1"),
            ("d", max),
            ("d", over),
        ],
        &[
            &format!("a|{over}|1|{over}|{over}"),
            &format!("b|{under}|1|{under}|{under}"),
            &format!("c|9223372036854775809|2|1|{over}"),
            &format!("d|18446744073709551615|2|{max}|{over}"),
            &format!("27670116110564327423|6|{under}|{over}"),
        ],
    );
}

/// Nearly all songs come once, so most aren't looked up, and then some come
/// again: with all measures and numbers of all sizes it makes no difference.
fn check_nearly_new(totals: usize, measures: Measures) {
    const NEW: u64 = 140_000;
    const OLD: u64 = 20_000;
    let figures = Figures { measures, ..totals.into() };
    let mut aggregate = Aggregate::with_figures(2, figures);
    let mut expected = BTreeMap::new();
    for n in (0..NEW).chain((0..OLD).map(|n| n * 7919 % NEW)) {
        let key = [format!("Song {n}"), format!("{}", n % 3)];
        let number = match n % 5 {
            0 => Number::Large("9".repeat(20).parse().unwrap()),
            1 => Number::Small(i64::MAX - 1),
            _ => Number::Small(n as i64 - 9),
        };
        let keys = key.each_ref().map(|key| key.as_bytes());
        aggregate.add(&keys, &vec![number.clone(); totals]);
        let one = |place| match figures.column(place) {
            Some(_) => Total::from(number.clone()),
            None => Total::from(1),
        };
        let more: Vec<_> = (0..figures.len()).map(one).collect();
        expected
            .entry(key)
            .and_modify(|held: &mut Vec<_>| figures.fold_all(held, &more))
            .or_insert(more);
    }
    assert!(aggregate.len() > expected.len() + OLD as usize / 2);
    let expected = expected.into_iter().map(|(key, totals)| {
        let totals = totals.iter().map(Total::to_string);
        let fields = key.into_iter().chain(totals);
        fields.collect::<Vec<_>>().join("|")
    });
    let lines = lines(&mut aggregate);
    assert!(lines.into_iter().eq(expected));
}

#[test]
fn songs_that_are_nearly_all_new() {
    let all = Measures { count: true, min: true, max: true, mean: true };
    check_nearly_new(1, Measures::default());
    check_nearly_new(2, Measures::default());
    check_nearly_new(1, all);
}

#[test]
fn bytes_of_a_group_without_its_key() {
    let mut aggregate = Aggregate::new(1, 1);
    for n in 0..2000 {
        let told = aggregate.group_bytes();
        assert_eq!(told.is_some(), n >= 1000);
        let key = format!("{n:0100}");
        aggregate.add(&[key.as_bytes()], &[Number::Small(1)]);
    }
    let told = aggregate.group_bytes().unwrap();
    // Its head and what is idle in the arena count too.
    assert!((62..127).contains(&told), "{told}");
}

#[test]
fn grand_totals_and_memory() {
    let mut aggregate = Aggregate::new(1, 2);
    assert_eq!(aggregate.memory(), 0);
    add(&mut aggregate, (&["a"], &["9223372036854775807", "1"]));
    let before = aggregate.memory();
    add(&mut aggregate, (&["b"], &["9223372036854775807", "2"]));
    assert_eq!(aggregate.memory(), before);
    add(&mut aggregate, (&["b"], &["9223372036854775807", "2"]));
    assert!(aggregate.memory() > before);
    assert_eq!(aggregate.sums()[0].to_string(), "27670116110564327421");
    assert_eq!(aggregate.sums()[1].to_string(), "5");
    aggregate.drain(&mut |_| {});
    assert_eq!(aggregate.sums(), [Total::zero(), Total::zero()]);
}
