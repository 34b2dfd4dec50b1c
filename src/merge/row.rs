//! The groups of several rows with the same fields but the last.

use super::KeyRange;
use crate::copy::Buffer;
use crate::figures::Figures;
use crate::run::{BlockReader, Row, RunIndex};
use crate::total::Total;

/// A row that is put together of those that runs have of the same key.
#[derive(Debug)]
pub(crate) struct MergedRow {
    /// The fields of the current group's key, the last one if it was
    /// [set](MergedRow::set_last).
    fields: Vec<Buffer>,
    /// The last fields of all runs.
    lasts: Vec<Box<[u8]>>,
    /// For each run the places of its own among these.
    places: Vec<Vec<u16>>,
    /// Which of them groups have that are yet to be given out.
    set: Vec<u64>,
    /// The totals of each, those of no group being anything.
    totals: Vec<Total>,
    /// How many there are of a group.
    width: usize,
    /// The word of the set in which the next group is.
    word: usize,
    /// The last field of the current group.
    last: usize,
}

impl MergedRow {
    /// Creates a row without groups, if the runs can be merged by rows: all
    /// have some, no row lies in two ranges, and there are few last fields.
    pub fn of(
        indexes: &[&RunIndex],
        range: &KeyRange,
        width: usize,
    ) -> Option<MergedRow> {
        let has_rows = |run: &&RunIndex| !run.lasts.is_empty();
        let is_empty = |run: &&RunIndex| run.groups == 0;
        let ends = [&range.from, &range.to].into_iter().flatten();
        let mut ends = ends.filter_map(|key| key.fields().last());
        if !indexes.iter().any(has_rows)
            || !indexes.iter().all(|run| has_rows(run) || is_empty(run))
            || !ends.all(<[u8]>::is_empty)
        {
            return None;
        }
        let lasts = indexes.iter().flat_map(|run| run.lasts.iter().cloned());
        let mut lasts: Vec<_> = lasts.collect();
        lasts.sort_unstable();
        lasts.dedup();
        let bytes = lasts.iter().map(|last| last.len()).sum();
        if !Row::fits(lasts.len(), bytes, width) {
            return None;
        }
        let places = indexes.iter().map(|run| places(&run.lasts, &lasts));
        let words = lasts.len().div_ceil(64);
        Some(MergedRow {
            fields: vec![Buffer::default(); indexes[0].keys],
            places: places.collect(),
            set: vec![0; words],
            totals: vec![Total::zero(); lasts.len() * width],
            width,
            word: words,
            last: 0,
            lasts,
        })
    }

    /// Adds the groups that a run has of the row.
    #[inline(never)]
    pub fn add(&mut self, run: usize, row: &Row, figures: Figures) {
        let places = &self.places[run];
        for (last, more) in row.groups(self.width) {
            let place = usize::from(places[last]);
            let totals = &mut self.totals[place * self.width..][..self.width];
            let (word, bit) = (&mut self.set[place / 64], 1 << (place % 64));
            match *word & bit {
                0 => totals.clone_from_slice(more),
                _ => figures.fold_all(totals, more),
            }
            *word |= bit;
        }
    }

    /// Goes before the first group, once all was added. One of the runs is at
    /// a row of this key.
    pub fn begin(&mut self, row: &BlockReader) {
        for (field, of_row) in self.fields.iter_mut().zip(row.key()) {
            field.clear();
            field.append(of_row);
        }
        self.word = 0;
    }

    /// Goes to the next group, if there is one. If not, the row is empty.
    #[inline(always)]
    pub fn next(&mut self) -> bool {
        while let Some(word) = self.set.get_mut(self.word) {
            if *word > 0 {
                self.last = 64 * self.word + word.trailing_zeros() as usize;
                *word &= *word - 1;
                return true;
            }
            self.word += 1;
        }
        false
    }

    /// The row's key, the last field of which is empty.
    pub fn key(&self) -> impl Iterator<Item = &[u8]> {
        self.firsts().chain([&[][..]])
    }

    /// The same without the last field.
    pub fn firsts(&self) -> impl Iterator<Item = &[u8]> {
        let firsts = self.fields.len() - 1;
        self.fields[..firsts].iter().map(Buffer::as_bytes)
    }

    /// All last fields, in ascending order.
    pub fn lasts(&self) -> &[Box<[u8]>] {
        &self.lasts
    }

    /// Which of them the current group has.
    #[inline]
    pub fn last(&self) -> usize {
        self.last
    }

    /// Puts the last field of the current group among its fields.
    #[inline]
    pub fn set_last(&mut self) {
        let field = self.fields.last_mut().expect("a field");
        field.clear();
        field.append(&self.lasts[self.last]);
    }

    /// The fields of the current group's key, the last one if it was
    /// [set](MergedRow::set_last).
    #[inline]
    pub fn fields(&self) -> &[Buffer] {
        &self.fields
    }

    /// Its totals.
    #[inline]
    pub fn totals(&self) -> &[Total] {
        &self.totals[self.last * self.width..][..self.width]
    }
}

/// The places of some fields among all, both ascending.
fn places(some: &[Box<[u8]>], all: &[Box<[u8]>]) -> Vec<u16> {
    let place = |field| all.binary_search(field).expect("among all") as u16;
    some.iter().map(place).collect()
}
