//! How large open-addressing tables are and the lists beside them, and where in
//! a table a search begins.
//!
//! A small table is kept nearly empty, since it lies in the cache anyway and
//! a search that ends at its first slot is one that the machine predicts. A
//! large one is kept nearly full: there memory counts, and a search waits for
//! its first slot much longer than for those behind it.

/// Tables up to this size, in bytes, lie in the first cache with room for
/// other things; they are full to a quarter at most.
const NEAR: usize = 32 << 10;

/// Tables up to this size lie in the second cache, which has a megabyte or
/// half of one; they are full to a half at most.
const FAR: usize = 512 << 10;

/// How full a large table may be and by how much it grows then, in percent.
/// It grows from front to back in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    /// Of its slots, those that may be taken.
    pub most: usize,
    /// Of its slots, those that are added.
    pub more: usize,
}

/// The most entries of a table of so many slots, of so many bytes each.
#[inline]
pub(crate) fn most(slots: usize, slot: usize, fill: Fill) -> usize {
    let bytes = slots * slot;
    if bytes <= NEAR {
        slots / 4
    } else if bytes <= FAR {
        slots / 2
    } else {
        slots / 100 * fill.most
    }
}

/// The number of slots for so many entries and the share of `fill` more, and
/// for one in any case.
pub(crate) fn enough(entries: usize, slot: usize, fill: Fill) -> usize {
    let entries = entries + entries / 100 * fill.more;
    let near = entries * 4;
    let far = (entries * 2).max(NEAR / slot);
    let slots = match entries {
        _ if near * slot <= NEAR => near,
        _ if far * slot <= FAR => far,
        _ => (entries / fill.most * 100).max(FAR / slot),
    };
    slots + 100
}

/// The number of slots for a table that has become too small.
pub(crate) fn more(slots: usize, slot: usize, fill: Fill) -> usize {
    match is_far(slots, slot) {
        true => slots + slots / 100 * fill.more,
        false => (slots * 2).max(64),
    }
}

/// Whether a table of so many slots, of so many bytes each, is best looked
/// into ahead of use.
#[inline]
pub(crate) fn is_far(slots: usize, slot: usize) -> bool {
    slots * slot > FAR
}

/// Makes room for `more` items, growing by a quarter rather than to the
/// double, so that no more than a fifth of the memory is idle.
#[inline]
pub(crate) fn reserve<T>(items: &mut Vec<T>, more: usize) {
    if items.capacity() - items.len() < more {
        items.reserve_exact(more.max(items.len() / 4).max(64));
    }
}

/// Where among `slots` the search for a hash begins.
///
/// It scales the hash down rather than masking it: tables can then have any
/// size, and keep their entries nearly in the order of their hashes, so that
/// growing one goes through both the old and the new from front to back.
#[inline]
pub(crate) fn home(hash: u32, slots: usize) -> usize {
    ((u64::from(hash) * slots as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_enough() {
        let fill = Fill { most: 82, more: 50 };
        for entries in (0..100).chain((100..200_000).step_by(97)) {
            let slots = enough(entries, 16, fill);
            let most = most(slots, 16, fill);
            assert!(most > entries + entries / 100 * 50, "{entries}");
            assert!(entries < 100 || most < entries * 6, "{entries}");
        }
    }

    #[test]
    fn a_grown_table_has_room() {
        let fill = Fill { most: 80, more: 30 };
        for slot in [8, 16, 96] {
            let mut slots = 0;
            while slots < 1 << 28 {
                let next = more(slots, slot, fill);
                assert!(most(next, slot, fill) > most(slots, slot, fill));
                slots = next;
            }
        }
    }

    #[test]
    fn homes_are_in_the_table() {
        for slots in [1, 64, 1 << 20] {
            assert_eq!(home(0, slots), 0);
            assert_eq!(home(u32::MAX, slots), slots - 1);
        }
    }
}
