//! Where first key fields first appear.

use crate::record::Span;
use crate::slots::reserve;

/// For each first key field the least place of a record with it.
///
/// Records may come in any order, but nearly always they come in that of their
/// places. Then there is something to do only where a field is new, and it is
/// decided once for each batch whether one is.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The places, by the fields' ids.
    least: Vec<u64>,
    /// The greatest place of all records so far.
    greatest: u64,
}

impl Places {
    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.least.capacity() * size_of::<u64>()
    }

    /// The same by the fields' ranks, given the rank of each id, which several
    /// may share.
    pub fn ranked(self, ranks: &[u32]) -> Places {
        let mut least = vec![u64::MAX; ranks.len()];
        for (place, &rank) in self.least.into_iter().zip(ranks) {
            let least = &mut least[rank as usize];
            *least = place.min(*least);
        }
        Places { least, ..self }
    }

    /// The place of the field with this id.
    pub fn of(&self, id: u32) -> u64 {
        self.least[id as usize]
    }

    /// Notes the place of a record, whose first key field has this id.
    pub fn note(&mut self, id: u32, place: u64) {
        self.greatest = self.greatest.max(place);
        self.note_one(id, place);
    }

    /// Notes the places of records that follow one another: their first key
    /// words, in the upper half of which is the id of their first key field,
    /// and where these fields lie behind `start`. There are `ids` in all, or
    /// there is no telling how many have a place.
    pub fn note_all(
        &mut self,
        words: &[u64],
        fields: &[Span],
        start: u64,
        ids: Option<usize>,
    ) {
        let place = |field: &Span| start + u64::from(field.start);
        let (Some(first), Some(last)) = (fields.first(), fields.last()) else {
            return;
        };
        let has_new = ids.is_none_or(|ids| self.least.len() < ids);
        if place(first) < self.greatest || has_new {
            for (word, field) in words.iter().zip(fields) {
                self.note_one((word >> 32) as u32, place(field));
            }
        }
        self.greatest = self.greatest.max(place(last));
    }

    /// Notes a place. A new id is the next one, unless records were left out
    /// that had those between.
    #[inline]
    fn note_one(&mut self, id: u32, place: u64) {
        match self.least.get_mut(id as usize) {
            Some(least) => *least = place.min(*least),
            None => {
                let missing = id as usize - self.least.len();
                reserve(&mut self.least, missing + 1);
                self.least.extend((0..missing).map(|_| u64::MAX));
                self.least.push(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes batches of ids, each id at the next place from the batch's start
    /// on.
    fn check(batches: &[(u64, &[u64])], expected: &[u64]) {
        let mut places = Places::default();
        let mut known = 0;
        for &(start, ids) in batches {
            let words: Vec<u64> = ids.iter().map(|id| id << 32 | 7).collect();
            let span = |place| Span::new(place, place + 1);
            let fields: Vec<Span> = (0..ids.len()).map(span).collect();
            let most = ids.iter().map(|&id| id as usize + 1).max();
            known = known.max(most.unwrap_or_default());
            places.note_all(&words, &fields, start, Some(known));
        }
        assert_eq!(places.least, expected);
    }

    #[test]
    fn in_order() {
        check(&[], &[]);
        check(&[(5, &[])], &[]);
        check(&[(5, &[0, 0, 1, 0, 2])], &[5, 7, 9]);
        check(&[(5, &[0, 1]), (10, &[1, 0]), (20, &[0, 2])], &[5, 6, 21]);
    }

    #[test]
    fn out_of_order() {
        check(&[(50, &[0, 1]), (10, &[1, 1])], &[50, 10]);
        check(&[(50, &[0, 1]), (10, &[2, 1]), (0, &[0])], &[0, 11, 10]);
        check(&[(50, &[0]), (10, &[0]), (30, &[0, 1])], &[10, 31]);
    }

    #[test]
    fn one_by_one() {
        let mut places = Places::default();
        assert_eq!(places.memory(), 0);
        for (id, place) in [(0, 9), (1, 20), (0, 7), (1, 30)] {
            places.note(id, place);
        }
        assert_eq!((places.of(0), places.of(1)), (7, 20));
        places.note_all(&[1 << 32], &[Span::new(0, 1)], 15, Some(2));
        assert_eq!(places.of(1), 15, "it is before one that was noted");
        assert!(places.memory() >= 16);
        let same = Places { least: vec![5, 3, 4], greatest: 5 };
        assert_eq!(same.ranked(&[0, 0, 0]).of(0), 3);
        let ranked = places.ranked(&[2, 0, 1]);
        assert_eq!([0, 1, 2].map(|id| ranked.of(id)), [15, u64::MAX, 7]);
    }
}
