//! Figures beyond `i64`.

use std::collections::BTreeMap;

use crate::figures::{Figures, Fold};
use crate::total::Total;

/// What did not fit into the words of a table: for each such group what is to
/// be folded into each of its figures.
#[derive(Debug, Default)]
pub(super) struct Overflow {
    /// The figures by key words.
    groups: BTreeMap<Box<[u64]>, Box<[Option<Total>]>>,
    /// The bytes allocated, about.
    memory: usize,
}

impl Overflow {
    /// The bytes allocated, about.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// Whether everything fitted.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Folds `rest` into the figure at `place` in the group with the key
    /// words `key`.
    #[cold]
    pub fn add(
        &mut self,
        key: &[u64],
        place: usize,
        figures: Figures,
        rest: Total,
    ) {
        if !self.groups.contains_key(key) {
            let totals = vec![None; figures.len()].into_boxed_slice();
            // A tree's node is half empty at worst.
            self.memory += 2 * size_of::<(Box<[u64]>, Box<[Total]>)>();
            self.memory += size_of_val(key) + size_of_val(&*totals);
            self.groups.insert(key.into(), totals);
        }
        let totals = self.groups.get_mut(key).expect("just inserted");
        let held = &mut totals[place];
        self.memory -= held.as_ref().map_or(0, Total::heap_bytes);
        match held {
            Some(held) => figures.fold(place).apply(held, &rest),
            None => *held = Some(rest),
        }
        self.memory += held.as_ref().map_or(0, Total::heap_bytes);
    }

    /// Replaces each group's key words by what `rank` makes of them, which may
    /// be the same for several.
    pub fn ranked(
        self,
        figures: Figures,
        rank: impl Fn(&mut [u64]),
    ) -> Overflow {
        let mut ranked = Overflow::default();
        for (mut key, rests) in self.groups {
            rank(&mut key);
            for (place, rest) in rests.into_iter().enumerate() {
                if let Some(rest) = rest {
                    ranked.add(&key, place, figures, rest);
                }
            }
        }
        ranked
    }

    /// Folds what did not fit into a group's figures.
    pub fn add_to(&self, key: &[u64], figures: Figures, totals: &mut [Total]) {
        let Some(rests) = self.groups.get(key) else { return };
        for (place, total) in totals.iter_mut().enumerate() {
            let Some(rest) = &rests[place] else { continue };
            let fold = figures.fold(place);
            let had_none = total.to_small() == Some(fold.nothing());
            match fold != Fold::Sum && had_none {
                true => total.clone_from(rest),
                false => fold.apply(total, rest),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_and_counts_memory() {
        let large: Total = "100000000000000000000".parse().unwrap();
        let mut overflow = Overflow::default();
        assert_eq!(overflow.memory(), 0);
        let figures = Figures::from(2);
        overflow.add(&[7], 1, figures, large);
        overflow.add(&[7], 1, figures, Total::from(5));
        overflow.add(&[8], 0, figures, Total::from(1));
        assert!(overflow.memory() > 100);
        let overflow = overflow.ranked(figures, |key| key[0] += 1);
        let mut totals = [Total::from(1), Total::from(2)];
        overflow.add_to(&[8], figures, &mut totals);
        overflow.add_to(&[10], figures, &mut totals);
        assert_eq!(totals[0], Total::from(1));
        assert_eq!(totals[1].to_string(), "100000000000000000007");
        let overflow = overflow.ranked(figures, |key| key[0] = 1);
        let mut totals = [Total::zero(), Total::zero()];
        overflow.add_to(&[1], figures, &mut totals);
        let totals = totals.map(|total| total.to_string());
        assert_eq!(totals, ["1", "100000000000000000005"]);
    }
}
