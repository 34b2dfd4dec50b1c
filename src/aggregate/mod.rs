//! Groups and totals, in memory, and out of it into a run.

mod batch;
mod overflow;
mod places;
mod ranks;
mod table;

use std::hint::black_box;
use std::mem;

pub use batch::Batch;
use batch::ROWS;

use num_bigint::BigInt;

use crate::dictionary::Dictionary;
use crate::number::{Number, Total};
use crate::options::{self, MOST_COLUMNS};
use crate::ordered;
use crate::place::{self, GROUP};
use crate::record::Span;
use crate::run::{RunIndex, RunWriter};
use overflow::Overflow;
use places::Places;
use ranks::{Order, Ranks};
use table::Table;

/// The most words a key takes, of two ids each.
const MAX_WORDS: usize = MOST_COLUMNS.div_ceil(2);

/// How many groups' strings are touched before they are written: enough to
/// overlap cache misses, few enough that the strings are still in the cache
/// then.
const AHEAD: usize = 64;

/// A dictionary of so many bytes, in any order, is no matter for the cache.
const CACHE: usize = 1 << 20;

/// A partial aggregate: the groups of some records and their totals.
///
/// Each key column has a dictionary, a group is a tuple of ids, two to a
/// word, and its sums lie beside them in one flat table. What does not fit an
/// `i64` goes to a side table, so nothing wraps.
///
/// The owner adds records, watches [`memory`](Aggregate::memory), and
/// [`drain`](Aggregate::drain)s the aggregate into a run when that reaches
/// its budget and at the end. In what order records are added, and how they
/// are spread over aggregates, doesn't change what merging their runs gives.
///
/// # Complexity
///
/// An addition takes time linear in its fields' length, on average. Beside
/// each distinct key string (see [`Dictionary`]), a group of two keys and one
/// total takes 16 to 35 bytes, and less than 20 if it is the only one with its
/// first key: so with its strings it takes 40 at most, their own bytes apart,
/// unless both keys are distinct throughout. Growing takes twice as much for a
/// moment.
#[derive(Debug)]
pub struct Aggregate {
    /// For each key column its strings.
    dictionaries: Vec<Dictionary>,
    /// The groups.
    groups: Table,
    /// What didn't fit their sums.
    overflow: Overflow,
    /// Where first key fields first appear, if that is to be known.
    places: Option<Places>,
    /// The grand total of each total column.
    sums: Vec<Total>,
    /// The number of additions.
    added: u64,
}

impl Aggregate {
    /// Creates an empty aggregate for the given numbers of key columns and of
    /// total columns.
    ///
    /// # Panics
    ///
    /// If one of them is not in 1 to [`MOST_COLUMNS`].
    pub fn new(keys: usize, totals: usize) -> Aggregate {
        assert!((1..=MOST_COLUMNS).contains(&keys), "{keys} key columns");
        assert!(
            (1..=MOST_COLUMNS).contains(&totals),
            "{totals} total columns"
        );
        Aggregate {
            dictionaries: (0..keys).map(|_| Dictionary::new()).collect(),
            groups: Table::new(keys.div_ceil(2), totals),
            overflow: Overflow::default(),
            places: None,
            sums: vec![Total::zero(); totals],
            added: 0,
        }
    }

    /// The same for runs that are to be sorted in some order. If that is the
    /// one of first appearance, runs tell the place of each first key field,
    /// and so one of them suits no other merge than one of such runs.
    pub fn for_order(
        order: options::Order,
        keys: usize,
        totals: usize,
    ) -> Aggregate {
        let places = (order.marks() > 0).then(Places::default);
        Aggregate { places, ..Aggregate::new(keys, totals) }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of additions since the last drain.
    pub fn added(&self) -> u64 {
        self.added
    }

    /// The grand total of each total column, over what was added since the
    /// last drain.
    pub fn sums(&self) -> &[Total] {
        &self.sums
    }

    /// The bytes allocated by tables, dictionaries, places and large sums.
    pub fn memory(&self) -> usize {
        let strings: usize =
            self.dictionaries.iter().map(Dictionary::memory).sum();
        let places = self.places.as_ref().map_or(0, Places::memory);
        strings + self.groups.memory() + self.overflow.memory() + places
    }

    /// Adds one record: its key fields and the numbers in its total fields.
    /// Its place is 0.
    ///
    /// # Panics
    ///
    /// If there are not as many of each as the aggregate was created for.
    pub fn add(&mut self, keys: &[&[u8]], totals: &[Number]) {
        self.add_at(0, keys, totals);
    }

    /// Adds one record at a place: the offset from the start of the first
    /// file, the files lying end to end, of the record or anything in it.
    ///
    /// # Panics
    ///
    /// As [`Aggregate::add`].
    #[inline]
    pub fn add_at(&mut self, place: u64, keys: &[&[u8]], totals: &[Number]) {
        assert_eq!(keys.len(), self.dictionaries.len(), "key fields");
        assert_eq!(totals.len(), self.sums.len(), "numbers");
        let mut words = [0; MAX_WORDS];
        for (index, field) in keys.iter().enumerate() {
            let id = self.dictionaries[index].id(field);
            words[index / 2] |= u64::from(id) << shift(index);
        }
        if let Some(places) = &mut self.places {
            places.note((words[0] >> 32) as u32, place);
        }
        let key = &words[..keys.len().div_ceil(2)];
        let sums = self.groups.sums(key);
        for (index, number) in totals.iter().enumerate() {
            self.sums[index].add_number(number);
            if let Some(rest) = add_to(&mut sums[index], number) {
                self.overflow.add(key, index, totals.len(), &rest);
            }
        }
        self.added += 1;
    }

    /// Adds a batch of records whose key fields lie in `bytes`, with
    /// [`SLACK`](crate::SLACK) behind them, and empties it. The outcome is
    /// that of adding them one by one.
    ///
    /// # Complexity
    ///
    /// As for [`Aggregate::add`], but cache misses overlap.
    pub fn add_batch(&mut self, bytes: &[u8], batch: &mut Batch) {
        let rows = batch.rows;
        self.added += rows as u64;
        let mut words = [[0; ROWS]; MAX_WORDS];
        let columns = self.dictionaries.iter_mut().zip(&batch.fields);
        for (index, (dictionary, fields)) in columns.enumerate() {
            let words = &mut words[index / 2];
            add_ids(bytes, &fields[..rows], dictionary, shift(index), words);
        }
        if let Some(places) = &mut self.places {
            let (words, ids) = (&words[0][..rows], self.dictionaries[0].len());
            places.note_all(words, &batch.fields[0][..rows], batch.place, ids);
        }
        match (self.dictionaries.len(), self.sums.len()) {
            (1 | 2, 1) => self.add_narrow(&words[0], batch),
            _ => self.add_wide(&words, batch),
        }
        batch.rows = 0;
    }

    /// Adds the numbers of a batch with one key word and one number a record.
    fn add_narrow(&mut self, words: &[u64; ROWS], batch: &Batch) {
        let (words, numbers) =
            (&words[..batch.rows], &batch.numbers[0][..batch.rows]);
        let (groups, overflow) = (&mut self.groups, &mut self.overflow);
        groups.add_narrow(words, numbers, |word, sum, number| {
            overflow.add(&[word], 0, 1, &carry(sum, number));
        });
        self.add_grand(0, sum_of(numbers));
    }

    /// Adds the numbers of any batch.
    fn add_wide(&mut self, words: &[[u64; ROWS]; MAX_WORDS], batch: &Batch) {
        let (width, totals) =
            (self.dictionaries.len().div_ceil(2), self.sums.len());
        let mut grand = [0_i128; MOST_COLUMNS];
        let mut key = [0; MAX_WORDS];
        for row in 0..batch.rows {
            for (word, words) in key.iter_mut().zip(words) {
                *word = words[row];
            }
            let key = &key[..width];
            let sums = self.groups.sums(key);
            for (index, sum) in sums.iter_mut().enumerate() {
                let number = batch.numbers[index][row];
                grand[index] += i128::from(number);
                match (*sum as i64).checked_add(number) {
                    Some(more) => *sum = more as u64,
                    None => {
                        let rest = carry(sum, number);
                        self.overflow.add(key, index, totals, &rest);
                    }
                }
            }
        }
        for (index, grand) in grand[..totals].iter().enumerate() {
            self.add_grand(index, *grand);
        }
    }

    /// Adds to the grand total of a column.
    fn add_grand(&mut self, index: usize, more: i128) {
        match i64::try_from(more) {
            Ok(more) => self.sums[index].add_small(more),
            Err(_) => {
                self.sums[index].add(&Total::from(BigInt::from(more)));
            }
        }
    }

    /// Writes all groups in key order as one run, piece by piece through
    /// `sink`, and is empty afterwards, its memory freed, its counts and sums
    /// zero: take those first.
    ///
    /// # Complexity
    ///
    /// Linear in the number of groups, `O(n log n)` in that of distinct key
    /// strings. While groups are sorted there are two copies of them, 16 more
    /// bytes for each of two keys and one total, which is less than what
    /// growing takes. Beside them there are up to 24 bytes for each distinct
    /// key string, and one block of the run.
    pub fn drain(&mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let (keys, totals) = (self.dictionaries.len(), self.sums.len());
        let mut next = Aggregate::new(keys, totals);
        next.places = self.places.is_some().then(Places::default);
        mem::replace(self, next).write(sink)
    }

    /// Writes all groups in key order as one run.
    fn write(self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let ranks = Ranks::new(&self.dictionaries);
        let rank = |key: &mut [u64]| ranks.pack(key);
        let overflow = self.overflow.ranked(rank);
        let rows = self.groups.into_sorted(rank, ranks.bits());
        let order = ranks.into_order();

        let (keys, totals) = (self.dictionaries.len(), self.sums.len());
        let zeros = vec![Total::zero(); totals];
        // One more field, the second, tells marks from groups.
        let more = usize::from(self.places.is_some());
        let mut writer = RunWriter::new(keys + more, totals);
        let mut fields = vec![GROUP; keys + more];
        let mut totals = zeros.clone();
        let mut before = None;
        let mut place = Vec::new();
        for rows in rows.chunks(AHEAD) {
            let soon = rows.clone().map(|(key, _)| key);
            touch(&self.dictionaries, &order, soon);
            for (key, sums) in rows {
                let same = before.map_or(0, |before| order.same(before, key));
                before = Some(key);
                for index in same..keys {
                    let id = order.id(key, index);
                    let at = if index == 0 { 0 } else { index + more };
                    fields[at] = self.dictionaries[index].get(id);
                }
                if let (0, Some(places)) = (same, &self.places) {
                    place.clear();
                    ordered::put(places.of(order.id(key, 0)), &mut place);
                    let mark = place::mark(fields[0], &place);
                    writer.push_after(0, &mark[..=keys], &zeros, sink);
                }
                for (total, &sum) in totals.iter_mut().zip(sums) {
                    *total = Total::from(sum as i64);
                }
                overflow.add_to(key, &mut totals);
                writer.push_after(same + more, &fields, &totals, sink);
            }
        }
        writer.finish(sink)
    }
}

/// Looks at the strings of packed keys that soon will be needed, and does
/// nothing with them.
///
/// Ordered keys lead all over a dictionary. With no more than that to do, the
/// machine waits for many cache misses at once.
fn touch<'k>(
    dictionaries: &[Dictionary],
    order: &Order,
    keys: impl Iterator<Item = &'k [u64]> + Clone,
) {
    for (index, dictionary) in dictionaries.iter().enumerate() {
        if dictionary.memory() > CACHE {
            for key in keys.clone() {
                let string = dictionary.get(order.id(key, index));
                black_box(string.first().copied());
            }
        }
    }
}

/// Puts the ids of fields into key words.
#[inline(never)]
fn add_ids(
    bytes: &[u8],
    fields: &[Span],
    dictionary: &mut Dictionary,
    shift: usize,
    words: &mut [u64; ROWS],
) {
    dictionary.ids(bytes, fields, |place, id| {
        words[place] |= u64::from(id) << shift;
    });
}

/// The sum of the numbers of a batch. Halves are added up apart, since sums of
/// as few of them fit, and 128 bits are slow in wasm.
#[inline(never)]
fn sum_of(numbers: &[i64]) -> i128 {
    let (mut low, mut high) = (0_u64, 0_i64);
    for &number in numbers {
        low += u64::from(number as u32);
        high += number >> 32;
    }
    (i128::from(high) << 32) + i128::from(low)
}

/// Takes a sum to zero and returns what it comes to with `number`, which
/// doesn't fit an `i64`.
#[cold]
fn carry(sum: &mut u64, number: i64) -> Total {
    let mut rest = Total::from(mem::take(sum) as i64);
    rest.add_small(number);
    rest
}

/// How far the id of key column `index` is shifted in its word: the first of
/// two lies in the upper half, so that words compare as tuples do.
#[inline]
fn shift(index: usize) -> usize {
    32 * (1 - index % 2)
}

/// Adds a number to a sum, an `i64` cast to a word. If the result doesn't fit,
/// the sum becomes zero and the result is returned.
#[inline]
fn add_to(sum: &mut u64, number: &Number) -> Option<Total> {
    let held = *sum as i64;
    if let Number::Small(value) = number
        && let Some(result) = held.checked_add(*value)
    {
        *sum = result as u64;
        return None;
    }
    *sum = 0;
    let mut result = Total::from(held);
    result.add_number(number);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number;
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
        let mut reader = BlockReader::new(index.keys, index.totals);
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
            &[
                "a|18446744073709551615|-18446744073709551617",
                "b|0|2",
                "c|5|6",
            ],
        );
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
}
