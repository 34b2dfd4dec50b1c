//! Groups in key order in, runs in another order out.
//!
//! A run is sorted by its keys. To sort groups by something else, that goes
//! before their keys, as one more field whose bytes compare as it does. So
//! such runs are read, cut into ranges and merged as all others are, and
//! whoever writes the result leaves the field out.
//!
//! The groups come from a merge, so those with equal fields in front come in
//! key order already, and a sort that is stable need not look at keys.

use std::cmp::Reverse;
use std::hint::black_box;

use crate::copy::{self, Buffer};
use crate::dictionary::reserve;
use crate::number::Total;
use crate::options::Order;
use crate::ordered;
use crate::run::{MOST_FIELDS, RunIndex, RunWriter};
use crate::sort;
use crate::varint;

/// The bytes of a chunk of groups: little beside any budget, and much more
/// than a group has.
const CHUNK: usize = 256 << 10;

/// How many groups are touched before they are written: enough to overlap
/// cache misses, few enough that they are still in the cache then.
const AHEAD: usize = 64;

/// The top bit of a word.
const TOP: u64 = 1 << 63;

/// Sorts groups that come in key order by something else, in memory, into
/// runs.
///
/// The owner pushes groups, watches [`memory`](Sorter::memory), and
/// [`drain`](Sorter::drain)s the sorter into a run when that reaches its
/// budget and at the end. The keys in these runs have one field more, the
/// first, which is not for the result.
///
/// # Complexity
///
/// A push takes time linear in the group's bytes. A group takes as many, and
/// 32 more, half of them only while it is sorted, which is linear in the
/// number of groups.
#[derive(Debug)]
pub struct Sorter {
    /// By what to sort.
    order: Order,
    /// The number of key fields of a group.
    keys: usize,
    /// The number of its totals.
    totals: usize,
    /// Groups, end to end, none of them across two chunks.
    chunks: Vec<Vec<u8>>,
    /// The bytes allocated by chunks.
    memory: usize,
    /// For each group its rank, the least first, and then where it begins.
    slots: Vec<u64>,
    /// Whether there is a total for which ranks are too small.
    beyond: bool,
    /// A group while it is encoded.
    buffer: Buffer,
}

impl Sorter {
    /// Creates an empty sorter of groups with these numbers of key fields and
    /// totals.
    pub fn new(order: Order, keys: usize, totals: usize) -> Sorter {
        Sorter {
            order,
            keys,
            totals,
            chunks: Vec::new(),
            memory: 0,
            slots: Vec::new(),
            beyond: false,
            buffer: Buffer::default(),
        }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.slots.len() / 2
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The bytes allocated, and those that sorting will take.
    #[inline]
    pub fn memory(&self) -> usize {
        self.memory + 2 * self.slots.capacity() * size_of::<u64>()
    }

    /// Adds a group, whose key is greater than that of the one before.
    pub fn push<'f>(
        &mut self,
        key: impl Iterator<Item = &'f [u8]>,
        totals: &[Total],
    ) {
        let rank = self.rank(totals);
        self.buffer.clear();
        for field in key {
            let room = self.buffer.room(varint::MAX_BYTES + field.len());
            let at = varint::put(room, field.len() as u64);
            let length = at + copy::put(&mut room[at..], field);
            self.buffer.advance(length);
        }
        for total in totals {
            total.encode(&mut self.buffer);
        }
        let place = self.keep();
        reserve(&mut self.slots, 2);
        self.slots.extend([rank, place]);
    }

    /// The rank of a group. If its total is beyond `i64`, it shares that with
    /// others.
    #[inline]
    fn rank(&mut self, totals: &[Total]) -> u64 {
        match (self.order, totals[0].to_small()) {
            (Order::Total, Some(value)) => !(value as u64 ^ TOP),
            (Order::Total, None) => {
                self.beyond = true;
                if totals[0] < Total::zero() { u64::MAX } else { 0 }
            }
            _ => 0,
        }
    }

    /// Copies the group in the buffer to the end of the chunks, and returns
    /// its place: the chunk's in the upper half, that in the chunk in the
    /// lower.
    fn keep(&mut self) -> u64 {
        let group = self.buffer.as_bytes();
        let room = |chunk: &Vec<u8>| chunk.capacity() - chunk.len();
        if self.chunks.last().map_or(0, room) < group.len() {
            self.chunks.push(Vec::with_capacity(CHUNK.max(group.len())));
            self.memory += CHUNK.max(group.len());
        }
        let chunk = self.chunks.len() - 1;
        let bytes = &mut self.chunks[chunk];
        let place = (chunk as u64) << 32 | bytes.len() as u64;
        bytes.extend_from_slice(group);
        place
    }

    /// The bytes from the start of the group at `place` on.
    #[inline]
    fn at(&self, place: u64) -> &[u8] {
        &self.chunks[(place >> 32) as usize][place as u32 as usize..]
    }

    /// Writes all groups as one run, piece by piece through `sink`, and is
    /// empty afterwards, its memory freed.
    pub fn drain(&mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let next = Sorter::new(self.order, self.keys, self.totals);
        std::mem::replace(self, next).write(sink)
    }

    /// Writes all groups as one run.
    fn write(mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        self.sort();
        let mut writer = RunWriter::new(1 + self.keys, self.totals);
        let mut totals = vec![Total::zero(); self.totals];
        let mut lead = Vec::new();
        for slots in self.slots.chunks(2 * AHEAD) {
            let (slots, _) = slots.as_chunks::<2>();
            self.touch(slots);
            for &[_, place] in slots {
                let mut key = [&[][..]; MOST_FIELDS];
                let mut bytes = self.at(place);
                for field in &mut key[1..=self.keys] {
                    (*field, bytes) = split_field(bytes);
                }
                for total in &mut totals {
                    (*total, bytes) = split_total(bytes);
                }
                lead.clear();
                self.put_lead(&totals, &mut lead);
                key[0] = &lead;
                writer.push(&key[..=self.keys], &totals, sink);
            }
        }
        writer.finish(sink)
    }

    /// Appends the field that goes before a group's key.
    fn put_lead(&self, totals: &[Total], out: &mut Vec<u8>) {
        if self.order == Order::Total {
            ordered::put_descending(&totals[0], out);
        }
    }

    /// Looks at groups that soon will be needed, and does nothing with them:
    /// so the machine waits for many cache misses at once.
    fn touch(&self, slots: &[[u64; 2]]) {
        for &[_, place] in slots {
            black_box(self.at(place).first().copied());
        }
    }

    /// Sorts the groups, leaving those with equal ranks in their order.
    fn sort(&mut self) {
        let mut slots = std::mem::take(&mut self.slots);
        let ranks = slots.iter().step_by(2);
        let least = ranks.clone().min().copied().unwrap_or_default();
        let most = ranks.max().copied().unwrap_or_default();
        // So that few bits decide.
        slots.iter_mut().step_by(2).for_each(|rank| *rank -= least);
        let bits = u64::BITS - (most - least).leading_zeros();
        sort::by_words::<2>(&mut slots, &[bits]);
        if self.beyond {
            self.sort_beyond(slots.as_chunks_mut().0);
        }
        self.slots = slots;
    }

    /// Sorts groups that share a rank because it was too small.
    #[cold]
    fn sort_beyond(&self, slots: &mut [[u64; 2]]) {
        let total = |place| {
            let mut bytes = self.at(place);
            for _ in 0..self.keys {
                bytes = split_field(bytes).1;
            }
            split_total(bytes).0
        };
        for equal in slots.chunk_by_mut(|left, right| left[0] == right[0]) {
            equal.sort_by_cached_key(|slot| Reverse(total(slot[1])));
        }
    }
}

/// Takes a field off the front of a group.
#[inline]
fn split_field(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (length, at) = varint::decode(bytes).expect("a field");
    bytes[at..].split_at(length as usize)
}

/// Takes a total off the front of a group.
#[inline]
fn split_total(bytes: &[u8]) -> (Total, &[u8]) {
    let (total, length) = Total::decode(bytes).expect("a total");
    (total, &bytes[length..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::{KeyRange, Merge, Step};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Groups in key order.
    type Groups = BTreeMap<Vec<Vec<u8>>, Vec<Total>>;

    /// Sorts groups, `every` of them at a time, and merges the runs: gives the
    /// groups without the fields in front.
    fn sort(
        order: Order,
        (keys, totals): (usize, usize),
        groups: &Groups,
        every: usize,
    ) -> Vec<(Vec<Vec<u8>>, Vec<Total>)> {
        let mut sorter = Sorter::new(order, keys, totals);
        let mut runs = Vec::new();
        let mut drain = |sorter: &mut Sorter| {
            let mut run = Vec::new();
            let index = sorter.drain(&mut |b| run.extend_from_slice(b));
            runs.push((run, index));
            assert!(sorter.is_empty());
            assert_eq!(sorter.memory(), 0);
        };
        for (key, totals) in groups {
            sorter.push(key.iter().map(Vec::as_slice), totals);
            if sorter.len() == every {
                drain(&mut sorter);
            }
        }
        drain(&mut sorter);
        let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
        let all = KeyRange::default();
        let mut merge = Merge::new(&indexes, all, 1 + keys, totals).unwrap();
        let mut sorted = Vec::new();
        loop {
            match merge.step().unwrap() {
                Step::Need { run, offset, length } => {
                    let bytes = &runs[run].0[offset as usize..][..length];
                    merge.feed(run, bytes).unwrap();
                }
                Step::Group => {
                    let key = merge.key().skip(1).map(<[u8]>::to_vec);
                    sorted.push((key.collect(), merge.totals().to_vec()));
                }
                Step::End => return sorted,
            }
        }
    }

    /// Checks groups sorted by their totals against the standard library.
    fn check(columns: (usize, usize), groups: &Groups, every: usize) {
        let mut expected: Vec<_> = groups.clone().into_iter().collect();
        expected.sort_by(|left, right| right.1[0].cmp(&left.1[0]));
        assert_eq!(sort(Order::Total, columns, groups, every), expected);
        let in_key_order: Vec<_> = groups.clone().into_iter().collect();
        assert_eq!(sort(Order::Key, columns, groups, every), in_key_order);
    }

    /// Groups with keys of one field, and these totals.
    fn numbered(totals: impl IntoIterator<Item = Total>) -> Groups {
        let group = |(n, total)| {
            let key = vec![format!("{n:05}").into_bytes()];
            (key, vec![total])
        };
        totals.into_iter().enumerate().map(group).collect()
    }

    #[test]
    fn no_groups() {
        check((1, 1), &Groups::new(), 1);
    }

    #[test]
    fn small_totals() {
        let totals = (0..5_000).map(|n| Total::from(n * n % 911 - 400));
        let groups = numbered(totals);
        for every in [usize::MAX, 1000, 7] {
            check((1, 1), &groups, every);
        }
    }

    #[test]
    fn totals_at_and_beyond_the_edges_of_i64() {
        let texts = [
            "0",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "100000000000000000000",
            "-9223372036854775808",
            "9223372036854775808",
            "9223372036854775807",
            "-100000000000000000000",
            "-9223372036854775809",
        ];
        let totals = texts.map(|text| text.parse().unwrap());
        let groups = numbered(totals);
        for every in 1..=texts.len() {
            check((1, 1), &groups, every);
        }
    }

    #[test]
    fn groups_longer_than_a_chunk() {
        let key = |n: u8| vec![vec![n; 300_000], vec![n; 70_000]];
        let group = |n: u8| (key(n), vec![Total::from(i64::from(n % 3))]);
        check((2, 1), &(0..7).map(group).collect(), 4);
    }

    #[test]
    fn memory_is_counted() {
        let mut sorter = Sorter::new(Order::Total, 1, 1);
        assert_eq!(sorter.memory(), 0);
        for n in 0..100_000 {
            let key = format!("{n:08}");
            sorter.push([key.as_bytes()].into_iter(), &[Total::from(1)]);
        }
        // Nine bytes of a key, two of a total, four words, and what is idle.
        let each = sorter.memory() as f64 / 100_000.0;
        assert!((43.0..52.0).contains(&each), "{each}");
    }

    /// Numbers of key fields and totals, and groups with few different
    /// totals.
    fn any_groups() -> impl Strategy<Value = ((usize, usize), Groups)> {
        (1..=8_usize, 1..=8_usize).prop_flat_map(|(keys, totals)| {
            let field = prop::collection::vec(any::<u8>(), 0..4);
            let total = prop_oneof![
                4 => (-3..4_i64).prop_map(Total::from),
                1 => any::<i64>().prop_map(Total::from),
                1 => any::<i128>().prop_map(|n| n.to_string().parse().unwrap()),
            ];
            let key = prop::collection::vec(field, keys);
            let totals_of = prop::collection::vec(total, totals);
            let groups = prop::collection::btree_map(key, totals_of, 0..40);
            (Just((keys, totals)), groups)
        })
    }

    proptest! {
        #[test]
        fn as_the_standard_library(
            (columns, groups) in any_groups(),
            every in 1..40_usize,
        ) {
            check(columns, &groups, every);
        }
    }
}
