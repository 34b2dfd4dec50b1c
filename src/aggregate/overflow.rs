//! Sums beyond `i64`.

use std::collections::BTreeMap;

use crate::number::Total;

/// What did not fit into the sums of a table: for each such group one total a
/// column, to be added to what the table holds.
#[derive(Debug, Default)]
pub(super) struct Overflow {
    /// The totals by key words.
    groups: BTreeMap<Box<[u64]>, Box<[Total]>>,
    /// The bytes allocated, about.
    memory: usize,
}

impl Overflow {
    /// The bytes allocated, about.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// Adds `rest` to the total of column `index`, of `columns`, in the group
    /// with the key words `key`.
    #[cold]
    pub fn add(
        &mut self,
        key: &[u64],
        index: usize,
        columns: usize,
        rest: &Total,
    ) {
        if !self.groups.contains_key(key) {
            let totals = vec![Total::zero(); columns].into_boxed_slice();
            // A tree's node is half empty at worst.
            self.memory += 2 * size_of::<(Box<[u64]>, Box<[Total]>)>();
            self.memory += size_of_val(key) + size_of_val(&*totals);
            self.groups.insert(key.into(), totals);
        }
        let totals = self.groups.get_mut(key).expect("just inserted");
        self.memory -= totals[index].heap_bytes();
        totals[index].add(rest);
        self.memory += totals[index].heap_bytes();
    }

    /// Replaces each group's key words by what `rank` makes of them.
    pub fn ranked(self, rank: impl Fn(&mut [u64])) -> Overflow {
        let groups = self.groups.into_iter().map(|(mut key, totals)| {
            rank(&mut key);
            (key, totals)
        });
        Overflow { groups: groups.collect(), memory: self.memory }
    }

    /// Adds what did not fit to a group's totals.
    pub fn add_to(&self, key: &[u64], totals: &mut [Total]) {
        let rests = self.groups.get(key).into_iter().flatten();
        for (total, rest) in totals.iter_mut().zip(rests) {
            total.add(rest);
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
        overflow.add(&[7], 1, 2, &large);
        overflow.add(&[7], 1, 2, &Total::from(5));
        overflow.add(&[8], 0, 2, &Total::from(1));
        assert!(overflow.memory() > 100);
        let overflow = overflow.ranked(|key| key[0] += 1);
        let mut totals = [Total::from(1), Total::from(2)];
        overflow.add_to(&[8], &mut totals);
        overflow.add_to(&[10], &mut totals);
        assert_eq!(totals[0], Total::from(1));
        assert_eq!(totals[1].to_string(), "100000000000000000007");
    }
}
