//! Groups and totals, in memory, and out of it into a run.

mod batch;
mod overflow;
mod places;
mod ranks;
mod sorted;
mod table;

use std::mem;

use batch::ROWS;
pub use batch::{Batch, Refused};

use num_bigint::BigInt;

use crate::dictionary::Dictionary;
use crate::figures::{Figures, Fold, carry};
use crate::number::Number;
use crate::options::{self, MOST_COLUMNS};
use crate::record::Span;
use crate::run::RunIndex;
use crate::total::Total;
use overflow::Overflow;
use places::Places;
use sorted::Sorted;
use table::{Narrow, Table, Wide};

/// The most words a key takes, of two ids each.
const MAX_WORDS: usize = MOST_COLUMNS.div_ceil(2);

/// So many groups show how much memory one takes.
const MANY: usize = 1000;

/// A partial aggregate: the groups of some records and their totals.
///
/// Each key column has a dictionary, a group is a tuple of ids, two to a
/// word, and its figures lie beside them in one flat table. What does not fit
/// an `i64` goes to a side table, so nothing wraps.
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
/// total takes 4 to 35 bytes, and 20 at most if it is the only one with its
/// first key: so with its strings it takes 40 at most, their own bytes apart,
/// unless both keys are distinct throughout or there are few strings.
/// Growing takes twice as much for a moment.
#[derive(Debug)]
pub struct Aggregate {
    /// For each key column its strings.
    dictionaries: Vec<Dictionary>,
    /// The groups.
    groups: Table,
    /// What is kept of their numbers.
    figures: Figures,
    /// What didn't fit their words.
    overflow: Overflow,
    /// Where first key fields first appear, if that is to be known.
    places: Option<Places>,
    /// The figures over all groups.
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
        Aggregate::with_figures(keys, totals.into())
    }

    /// The same for any figures.
    pub fn with_figures(keys: usize, figures: Figures) -> Aggregate {
        let totals = figures.totals;
        assert!((1..=MOST_COLUMNS).contains(&keys), "{keys} key columns");
        assert!(
            (1..=MOST_COLUMNS).contains(&totals),
            "{totals} total columns"
        );
        Aggregate {
            dictionaries: (0..keys).map(|_| Dictionary::new()).collect(),
            groups: Table::new(keys.div_ceil(2), figures.len()),
            figures,
            overflow: Overflow::default(),
            places: None,
            sums: vec![Total::zero(); figures.len()],
            added: 0,
        }
    }

    /// The same for runs that are to be sorted in some order. If that is the
    /// one of first appearance, runs tell the place of each first key field,
    /// and so one of them suits no other merge than one of such runs.
    pub fn for_order(
        order: options::Order,
        keys: usize,
        figures: impl Into<Figures>,
    ) -> Aggregate {
        let places = (order.marks() > 0).then(Places::default);
        Aggregate { places, ..Aggregate::with_figures(keys, figures.into()) }
    }

    /// The number of groups, of which some may be counted more than once if
    /// nearly all are new.
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

    /// The figures over what was added since the last drain, zeros if that is
    /// nothing: first of all the grand total of each total column.
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

    /// The bytes that each group takes in tables and dictionaries, the strings
    /// of keys aside; only if there are enough of them to tell.
    pub fn group_bytes(&self) -> Option<u64> {
        let strings = self.dictionaries.iter().map(Dictionary::key_bytes);
        let own = self.memory() - strings.sum::<usize>();
        let groups = self.len();
        (groups >= MANY).then(|| own.div_ceil(groups) as u64)
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
        assert_eq!(totals.len(), self.figures.totals, "numbers");
        let mut words = [0; MAX_WORDS];
        for (index, field) in keys.iter().enumerate() {
            let id = self.dictionaries[index].id(field);
            words[index / 2] |= u64::from(id) << shift(index);
        }
        if let Some(places) = &mut self.places {
            places.note((words[0] >> 32) as u32, place);
        }
        let key = &words[..keys.len().div_ceil(2)];
        let is_first = self.added == 0;
        let (overflow, figures) = (&mut self.overflow, self.figures);
        let number = |place| {
            let column = figures.column(place);
            column.map_or(&Number::Small(1), |at| &totals[at])
        };
        for (place, held) in self.sums.iter_mut().enumerate() {
            fold_grand(figures.fold(place), held, number(place), is_first);
        }
        match &mut self.groups {
            Table::Narrow(groups) => {
                let (small, rest) = match &totals[0] {
                    Number::Small(number) => (*number, None),
                    large => (0, Some(Total::from(large.clone()))),
                };
                add_narrow(groups, key, &[small], overflow, figures);
                if let Some(rest) = rest {
                    overflow.add(key, 0, figures, rest);
                }
            }
            Table::Wide(groups) => {
                for (place, word) in groups.sums(key).iter_mut().enumerate() {
                    let fold = figures.fold(place);
                    if let Some(rest) = fold.add_number(word, number(place)) {
                        overflow.add(key, place, figures, rest);
                    }
                }
            }
        }
        self.added += 1;
    }

    /// Adds a batch of records whose key fields lie in `bytes`, with
    /// [`SLACK`](crate::SLACK) behind them, and empties it. The outcome is
    /// that of adding them one by one, but those with a key that isn't UTF-8
    /// are left out and can be [taken](Batch::take_refused) from the batch.
    ///
    /// # Complexity
    ///
    /// As for [`Aggregate::add`], but cache misses overlap.
    pub fn add_batch(&mut self, bytes: &[u8], batch: &mut Batch) {
        let rows = batch.rows;
        // A file without a record may have no columns either.
        if rows == 0 {
            return;
        }
        let mut words = [[0; ROWS]; MAX_WORDS];
        let columns = self.dictionaries.iter_mut().zip(&batch.fields);
        for (index, (dictionary, fields)) in columns.enumerate() {
            let words = &mut words[index / 2];
            add_ids(bytes, &fields[..rows], dictionary, shift(index), words);
        }
        let is_all_text =
            self.dictionaries.iter().all(Dictionary::is_all_text);
        if !is_all_text {
            self.leave_out(&mut words, batch);
        }
        let rows = batch.rows;
        if let Some(places) = &mut self.places {
            let words = &words[0][..rows];
            let ids = is_all_text.then(|| self.dictionaries[0].len());
            places.note_all(words, &batch.fields[0][..rows], batch.place, ids);
        }
        match &mut self.groups {
            Table::Narrow(groups) => {
                let (words, numbers) =
                    (&words[0][..rows], &batch.numbers[0][..rows]);
                let (overflow, figures) = (&mut self.overflow, self.figures);
                add_narrow(groups, words, numbers, overflow, figures);
                self.add_grand(0, sum_of(numbers));
            }
            Table::Wide(groups) => {
                let width = self.dictionaries.len().div_ceil(2);
                let (overflow, figures) = (&mut self.overflow, self.figures);
                let words = &words[..width];
                let grand = add_wide(groups, words, batch, overflow, figures);
                for place in 0..figures.len() {
                    match grand.get(place) {
                        Some(&sum) => self.add_grand(place, sum),
                        None => self.fold_grand(place, batch),
                    }
                }
            }
        }
        self.added += rows as u64;
        batch.rows = 0;
    }

    /// Takes records out of a batch that have a key which isn't UTF-8.
    #[cold]
    fn leave_out(
        &self,
        words: &mut [[u64; ROWS]; MAX_WORDS],
        batch: &mut Batch,
    ) {
        let mut kept = 0;
        for row in 0..batch.rows {
            let is_other = |&key: &usize| {
                let id = (words[key / 2][row] >> shift(key)) as u32;
                !self.dictionaries[key].is_text(id)
            };
            if let Some(key) = (0..self.dictionaries.len()).find(is_other) {
                let field = batch.fields[key][row];
                batch.refused.push(Refused { row, key, field });
                continue;
            }
            words.iter_mut().for_each(|words| words[kept] = words[row]);
            for numbers in &mut batch.numbers {
                numbers[kept] = numbers[row];
            }
            batch.fields[0][kept] = batch.fields[0][row];
            kept += 1;
        }
        batch.rows = kept;
    }

    /// Folds the numbers of a batch into a figure over all groups that is no
    /// column's sum.
    fn fold_grand(&mut self, place: usize, batch: &Batch) {
        let fold = self.figures.fold(place);
        let column = self.figures.column(place);
        let numbers = column.map(|at| &batch.numbers[at][..batch.rows]);
        let number = match (fold, numbers) {
            (Fold::Min, Some(numbers)) => numbers.iter().min().copied(),
            (Fold::Max, Some(numbers)) => numbers.iter().max().copied(),
            _ => Some(batch.rows as i64),
        };
        if let Some(number) = number {
            let number = Number::Small(number);
            let is_first = self.added == 0;
            fold_grand(fold, &mut self.sums[place], &number, is_first);
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
    /// growing takes; but none of those that take four bytes in a row, which
    /// need not be sorted. Beside them there are up to 24 bytes for each
    /// distinct key string, then those strings a second time, and one block of
    /// the run.
    pub fn drain(&mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let keys = self.dictionaries.len();
        let dictionaries = self.dictionaries.iter().map(Dictionary::next);
        let next = Aggregate {
            dictionaries: dictionaries.collect(),
            places: self.places.is_some().then(Places::default),
            ..Aggregate::with_figures(keys, self.figures)
        };
        Sorted::new(mem::replace(self, next)).write(sink)
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

/// Adds one number to each of some groups.
#[inline(never)]
fn add_narrow(
    groups: &mut Narrow,
    words: &[u64],
    numbers: &[i64],
    overflow: &mut Overflow,
    figures: Figures,
) {
    groups.add(words, numbers, |word, sum, number| {
        let rest = carry(sum, &Number::Small(number));
        overflow.add(&[word], 0, figures, rest);
    });
}

/// Adds the numbers of a batch to groups of any make, and returns the sum of
/// each total column.
fn add_wide(
    groups: &mut Wide,
    words: &[[u64; ROWS]],
    batch: &Batch,
    overflow: &mut Overflow,
    figures: Figures,
) -> Vec<i128> {
    let mut grand = vec![0; figures.totals];
    let mut key = [0; MAX_WORDS];
    let measured = figures.totals..figures.len();
    let folds: Vec<_> = measured
        .map(|place| (place, figures.fold(place), figures.column(place)))
        .collect();
    for row in 0..batch.rows {
        for (word, words) in key.iter_mut().zip(words) {
            *word = words[row];
        }
        let key = &key[..words.len()];
        let sums = groups.sums(key);
        for (index, sum) in sums[..figures.totals].iter_mut().enumerate() {
            let number = batch.numbers[index][row];
            grand[index] += i128::from(number);
            if let Some(rest) = Fold::Sum.add_small(sum, number) {
                overflow.add(key, index, figures, rest);
            }
        }
        for &(place, fold, column) in &folds {
            let number = column.map_or(1, |at| batch.numbers[at][row]);
            if let Some(rest) = fold.add_small(&mut sums[place], number) {
                overflow.add(key, place, figures, rest);
            }
        }
    }
    grand
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

/// Folds a number into a figure over all groups, or makes it that if it is the
/// first.
fn fold_grand(fold: Fold, held: &mut Total, number: &Number, is_first: bool) {
    match fold {
        Fold::Sum => held.add_number(number),
        _ if is_first => *held = Total::from(number.clone()),
        _ => fold.apply(held, &Total::from(number.clone())),
    }
}

/// How far the id of key column `index` is shifted in its word: the first of
/// two lies in the upper half, so that words compare as tuples do.
#[inline]
fn shift(index: usize) -> usize {
    32 * (1 - index % 2)
}

#[cfg(test)]
mod tests;
