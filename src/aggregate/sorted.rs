//! The groups of an aggregate in the order of their keys.

use super::Aggregate;
use super::overflow::Overflow;
use super::places::Places;
use super::ranks::{Packing, Ranks};
use super::table::Rows;
use crate::dictionary::Dictionary;
use crate::figures::{Figures, Fold};
use crate::number::Total;
use crate::ordered;
use crate::place::{self, GROUP};
use crate::run::{RunIndex, RunWriter};
use crate::strings::Strings;

/// The groups of an aggregate, sorted, their strings in the same order.
#[derive(Debug)]
pub(super) struct Sorted {
    /// The strings of each key column by rank.
    columns: Vec<Strings>,
    /// Where the ranks are in the key of a row.
    packing: Packing,
    /// The groups.
    rows: Rows,
    /// Where first key fields first appear, by rank.
    places: Option<Places>,
    /// What is kept of the numbers.
    figures: Figures,
    /// What of it didn't fit the rows.
    overflow: Overflow,
}

impl Sorted {
    /// Sorts the groups of an aggregate.
    pub fn new(aggregate: Aggregate) -> Sorted {
        let columns = aggregate.dictionaries.into_iter();
        let columns: Vec<_> = columns.map(Dictionary::into_strings).collect();
        let ranks = Ranks::new(&columns);
        let figures = aggregate.figures;
        let overflow = aggregate.overflow;
        let overflow = overflow.ranked(figures, |key| ranks.pack(key));
        let rows = aggregate.groups.into_sorted(&ranks);
        let places = aggregate.places;
        let places = places.map(|places| places.ranked(ranks.column(0)));
        let (columns, packing) = ranks.order(columns);
        Sorted { columns, packing, rows, places, figures, overflow }
    }

    /// Writes them as one run.
    pub fn write(self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let Sorted { columns, packing, places, figures, overflow, .. } = self;
        let keys = columns.len();
        let zeros = vec![Total::zero(); figures.len()];
        let folds = (0..figures.len()).map(|at| figures.fold(at));
        let folds: Vec<Fold> = folds.collect();
        // One more field, the second, tells marks from groups.
        let more = usize::from(places.is_some());
        let mut writer = RunWriter::new(keys + more, figures.len());
        let mut fields = vec![GROUP; keys + more];
        let mut totals = zeros.clone();
        let mut place = Vec::new();
        let mut rows = self.rows;
        while let Some(groups) = rows.next() {
            let mut before = None;
            let mut groups = groups.iter().peekable();
            while let Some((key, sums)) = groups.next() {
                let same = before.map_or(0, |old| packing.same(old, key));
                before = Some(key);
                for (index, strings) in columns.iter().enumerate().skip(same) {
                    let at = if index == 0 { 0 } else { index + more };
                    fields[at] = strings.get(packing.rank(key, index));
                }
                if let (0, Some(places)) = (same, &places) {
                    let first = places.of(packing.rank(key, 0));
                    place.clear();
                    ordered::put(first, &mut place);
                    let mark = place::mark(fields[0], &place);
                    writer.push_after(0, &mark[..=keys], &zeros, sink);
                }
                let words = folds.iter().zip(sums);
                for (total, (fold, &word)) in totals.iter_mut().zip(words) {
                    *total = Total::from(fold.of_word(word));
                }
                // A string that wasn't looked up makes another row of its
                // group.
                while let Some((_, more)) =
                    groups.next_if(|group| group.0.iter().eq(key))
                {
                    let words = folds.iter().zip(more);
                    for (total, (fold, &word)) in totals.iter_mut().zip(words)
                    {
                        fold.apply(total, &Total::from(fold.of_word(word)));
                    }
                }
                overflow.add_to(key, figures, &mut totals);
                writer.push_after(same + more, &fields, &totals, sink);
            }
        }
        writer.finish(sink)
    }
}
