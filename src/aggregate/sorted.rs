//! The groups of an aggregate in the order of their keys.

use super::overflow::Overflow;
use super::places::Places;
use super::ranks::{Packing, Ranks};
use super::table::{Groups, Rows};
use super::{Aggregate, MAX_WORDS};
use crate::dictionary::Dictionary;
use crate::figures::{Figures, Fold};
use crate::ordered;
use crate::place::{self, GROUP};
use crate::run::{Row, RunIndex, RunWriter};
use crate::strings::Strings;
use crate::total::Total;

/// Of so many keys that could be, one is there at least, for groups to be
/// written in rows: a set of so few takes little beside their totals.
const SPARSEST: u64 = 16;

/// The groups of an aggregate, sorted, their strings in the same order.
#[derive(Debug)]
pub(super) struct Sorted {
    /// The groups.
    rows: Rows,
    /// What their words stand for.
    meaning: Meaning,
}

/// What the words of sorted groups stand for.
#[derive(Debug)]
struct Meaning {
    /// The strings of each key column by rank.
    columns: Vec<Strings>,
    /// Where the ranks are in the key of a row.
    packing: Packing,
    /// Where first key fields first appear, by rank.
    places: Option<Places>,
    /// What is kept of the numbers.
    figures: Figures,
    /// What of it didn't fit the rows.
    overflow: Overflow,
    /// How many groups there are, those with several rows counted for each.
    groups: usize,
}

impl Sorted {
    /// Sorts the groups of an aggregate.
    pub fn new(aggregate: Aggregate) -> Sorted {
        let columns = aggregate.dictionaries.into_iter();
        let columns: Vec<_> = columns.map(Dictionary::into_strings).collect();
        let ranks = Ranks::new(&columns);
        let figures = aggregate.figures;
        let groups = aggregate.groups.len();
        let overflow = aggregate.overflow;
        let overflow = overflow.ranked(figures, |key| ranks.pack(key));
        let rows = aggregate.groups.into_sorted(&ranks);
        let places = aggregate.places;
        let places = places.map(|places| places.ranked(ranks.column(0)));
        let (columns, packing) = ranks.order(columns);
        let meaning =
            Meaning { columns, packing, places, figures, overflow, groups };
        Sorted { rows, meaning }
    }

    /// Writes them as one run.
    pub fn write(self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let Sorted { mut rows, meaning } = self;
        let mut writing = Writing::new(&meaning);
        while let Some(groups) = rows.next() {
            match writing.write_rows(&groups, sink) {
                Some(()) => {}
                None => writing.write(groups, sink),
            }
        }
        writing.writer.finish(sink)
    }
}

/// A run that sorted groups are written to.
#[derive(Debug)]
struct Writing<'m> {
    meaning: &'m Meaning,
    writer: RunWriter,
    /// How the words of a group become its figures.
    folds: Vec<Fold>,
    /// The figures of a mark.
    zeros: Vec<Total>,
    /// The figures of the group that is written.
    totals: Vec<Total>,
    /// The fields of its key. If there are marks, the second tells them from
    /// groups.
    fields: Vec<&'m [u8]>,
    /// The place in a mark.
    place: Vec<u8>,
    /// The packed key of the group before.
    before: Option<[u64; MAX_WORDS]>,
    /// Whether groups are written in rows.
    in_rows: bool,
}

impl<'m> Writing<'m> {
    /// Begins a run.
    fn new(meaning: &'m Meaning) -> Writing<'m> {
        let keys = meaning.columns.len() + meaning.marks();
        let figures = meaning.figures;
        let zeros = vec![Total::zero(); figures.len()];
        let lasts = meaning.lasts();
        let in_rows = !lasts.is_empty();
        let mut fields = vec![GROUP; keys];
        if in_rows {
            fields[keys - 1] = b"";
        }
        Writing {
            meaning,
            writer: RunWriter::in_rows(keys, figures.len(), lasts),
            in_rows,
            folds: (0..figures.len()).map(|at| figures.fold(at)).collect(),
            totals: zeros.clone(),
            zeros,
            fields,
            place: Vec::new(),
            before: None,
        }
    }

    /// Writes the next groups, with all of the same key among them.
    ///
    /// It is a function of its own, called for every first key or few thousand
    /// groups: browsers begin with code that was made in a hurry, and replace
    /// it between two calls.
    #[inline(never)]
    fn write(&mut self, groups: Groups<'_>, sink: &mut dyn FnMut(&[u8])) {
        let Meaning { columns, packing, places, figures, overflow, .. } =
            self.meaning;
        let marks = self.meaning.marks();
        // In a row the last field stays empty.
        let known = columns.len() - usize::from(self.in_rows);
        let before = self.before;
        let mut before = before.as_ref().map(|key| &key[..]);
        let mut groups = groups.iter().peekable();
        while let Some((key, sums)) = groups.next() {
            let same = before.map_or(0, |old| packing.same(old, key));
            before = Some(key);
            let strings = columns[..known].iter().enumerate();
            for (index, strings) in strings.skip(same) {
                let at = if index == 0 { 0 } else { index + marks };
                self.fields[at] = strings.get(packing.rank(key, index));
            }
            if let (0, Some(places)) = (same, places) {
                self.mark(places.of(packing.rank(key, 0)), sink);
            }
            self.set(sums);
            // A string that wasn't looked up makes another row of its group.
            while let Some((_, more)) =
                groups.next_if(|group| group.0.iter().eq(key))
            {
                self.fold(more);
            }
            overflow.add_to(key, *figures, &mut self.totals);
            if !self.in_rows {
                let (fields, totals) = (&self.fields, &self.totals);
                self.writer.push_after(same + marks, fields, totals, sink);
                continue;
            }
            if same < known {
                self.writer.row(&self.fields, sink);
            }
            let last = packing.rank(key, known) as usize;
            self.writer.push_in_row(last, &self.totals);
        }
        if let Some(key) = before {
            let mut last = [0; MAX_WORDS];
            last[..key.len()].copy_from_slice(key);
            self.before = Some(last);
        }
    }

    /// Does the same quickly for groups in rows that have one sum and nothing
    /// out of the ordinary, as nearly all have; `None` if these aren't such.
    #[inline(never)]
    fn write_rows(
        &mut self,
        groups: &Groups<'_>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Option<()> {
        let Meaning { columns, packing, overflow, .. } = self.meaning;
        let groups = groups.pairs()?;
        let is_usual = self.in_rows
            && self.folds == [Fold::Sum]
            && overflow.is_empty()
            && groups.windows(2).all(|pair| pair[0][0] < pair[1][0]);
        if !is_usual {
            return None;
        }
        let known = columns.len() - 1;
        let firsts = packing.firsts(known);
        for row in groups.chunk_by(|l, r| (l[0] ^ r[0]) & firsts == 0) {
            for (index, strings) in columns[..known].iter().enumerate() {
                let rank = packing.rank(&row[0], index);
                self.fields[index] = strings.get(rank);
            }
            self.writer.row(&self.fields, sink);
            self.writer.push_sums_in_row(row, !firsts);
        }
        self.before = None;
        Some(())
    }

    /// Writes where the first field of the key first appears.
    fn mark(&mut self, place: u64, sink: &mut dyn FnMut(&[u8])) {
        self.place.clear();
        ordered::put(place, &mut self.place);
        let mark = place::mark(self.fields[0], &self.place);
        let mark = &mark[..self.fields.len()];
        self.writer.push_after(0, mark, &self.zeros, sink);
    }

    /// Makes the totals those of a group's words.
    #[inline(always)]
    fn set(&mut self, sums: &[u64]) {
        let words = self.folds.iter().zip(sums);
        for (total, (fold, &word)) in self.totals.iter_mut().zip(words) {
            *total = Total::from(fold.of_word(word));
        }
    }

    /// Folds the words of another row of the group into the totals.
    fn fold(&mut self, sums: &[u64]) {
        let words = self.folds.iter().zip(sums);
        for (total, (fold, &word)) in self.totals.iter_mut().zip(words) {
            fold.apply(total, &Total::from(fold.of_word(word)));
        }
    }
}

impl Meaning {
    /// The last fields that groups have, if they are to be written in rows:
    /// of all keys that their fields could make, many are there.
    fn lasts(&self) -> Vec<Box<[u8]>> {
        let Some((lasts, firsts)) = self.columns.split_last() else {
            return Vec::new();
        };
        let counts = self.columns.iter().map(|strings| strings.len() as u64);
        let keys = counts.fold(1, u64::saturating_mul);
        if firsts.is_empty()
            || self.marks() > 0
            || !Row::fits(lasts.len(), lasts.bytes(), self.figures.len())
            || keys > SPARSEST * self.groups as u64
        {
            return Vec::new();
        }
        (0..lasts.len() as u32).map(|at| lasts.get(at).into()).collect()
    }

    /// The fields of a key that are those of no column: one, if marks are to
    /// be told from groups.
    fn marks(&self) -> usize {
        usize::from(self.places.is_some())
    }
}
