//! Groups in key order in, runs in another order out.
//!
//! A run is sorted by its keys. To sort groups by something else, that goes
//! before their keys, as one more field whose bytes compare as it does. So
//! such runs are read, cut into ranges and merged as all others are, and
//! whoever writes the result leaves the field out.
//!
//! The groups come from a merge, so those with equal fields in front come in
//! key order already, and a sort that is stable need not look at keys. In
//! order of first appearance they come with marks, which tell the places of
//! first key fields: see [`place`].

use std::cmp::Reverse;
use std::hint::black_box;

use crate::bytes;
use crate::copy::{self, Buffer};
use crate::merge::KeyRange;
use crate::options::Order;
use crate::ordered;
use crate::place;
use crate::run::{MOST_FIELDS, RunIndex, RunWriter};
use crate::slots::reserve;
use crate::sort;
use crate::total::Total;
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
    /// The first key field of which there was a mark last, and its place.
    first: Vec<u8>,
    place: Option<u64>,
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
            first: Vec::new(),
            place: None,
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

    /// The ranges whose groups are to be pushed, one after the other, for
    /// those of a range of all runs to be sorted. The range may begin between
    /// a first key field's mark and its groups.
    pub fn ranges(&self, range: KeyRange) -> Vec<KeyRange> {
        match &range.from {
            Some(from) if self.order.marks() > 0 => {
                vec![place::marks(from), range]
            }
            _ => vec![range],
        }
    }

    /// Adds a group as a merge of unsorted runs gives it. Its key is greater
    /// than that of the one before, but for where a range begins.
    pub fn push<'f>(
        &mut self,
        mut key: impl Iterator<Item = &'f [u8]>,
        totals: &[Total],
    ) {
        self.buffer.clear();
        if self.order.marks() > 0 {
            let first = key.next().expect("a first field");
            let second = key.next().expect("a second field");
            if let Some(place) = place::of_mark(second) {
                return self.mark(first, place);
            }
            self.push_field(first);
        }
        key.for_each(|field| self.push_field(field));
        let rank = self.rank(totals);
        for total in totals {
            total.encode(&mut self.buffer);
        }
        let place = self.keep();
        reserve(&mut self.slots, 2);
        self.slots.extend([rank, place]);
    }

    /// Takes a mark, which counts if it is the first of its first key field.
    fn mark(&mut self, first: &[u8], place: u64) {
        if self.place.is_none() || !bytes::same(&self.first, first) {
            self.first.clear();
            self.first.extend_from_slice(first);
            self.place = Some(place);
        }
    }

    /// Encodes a key field.
    #[inline]
    fn push_field(&mut self, field: &[u8]) {
        let room = self.buffer.room(varint::MAX_BYTES + field.len());
        let at = varint::put(room, field.len() as u64);
        let length = at + copy::put(&mut room[at..], field);
        self.buffer.advance(length);
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
            (Order::First, _) => self.place.expect("a mark"),
            (Order::Key, _) => 0,
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
        let mut next = Sorter::new(self.order, self.keys, self.totals);
        // More groups of the same first key field may come.
        (next.first, next.place) = (self.first.clone(), self.place);
        std::mem::replace(self, next).write(sink)
    }

    /// Writes all groups as one run.
    fn write(mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        let least = self.sort();
        let mut writer = RunWriter::new(1 + self.keys, self.totals);
        let mut totals = vec![Total::zero(); self.totals];
        let mut lead = Vec::new();
        for slots in self.slots.chunks(2 * AHEAD) {
            let (slots, _) = slots.as_chunks::<2>();
            self.touch(slots);
            for &[rank, place] in slots {
                let mut key = [&[][..]; MOST_FIELDS];
                let mut bytes = self.at(place);
                for field in &mut key[1..=self.keys] {
                    (*field, bytes) = split_field(bytes);
                }
                for total in &mut totals {
                    (*total, bytes) = split_total(bytes);
                }
                lead.clear();
                self.put_lead(rank + least, &totals, &mut lead);
                key[0] = &lead;
                writer.push(&key[..=self.keys], &totals, sink);
            }
        }
        writer.finish(sink)
    }

    /// Appends the field that goes before a group's key.
    fn put_lead(&self, rank: u64, totals: &[Total], out: &mut Vec<u8>) {
        match self.order {
            Order::Key => {}
            Order::Total => ordered::put_descending(&totals[0], out),
            Order::First => ordered::put(rank, out),
        }
    }

    /// Looks at groups that soon will be needed, and does nothing with them:
    /// so the machine waits for many cache misses at once.
    fn touch(&self, slots: &[[u64; 2]]) {
        for &[_, place] in slots {
            black_box(self.at(place).first().copied());
        }
    }

    /// Sorts the groups, leaving those with equal ranks in their order, and
    /// takes the least rank, which it returns, from all.
    fn sort(&mut self) -> u64 {
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
        least
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
    use crate::aggregate::Aggregate;
    use crate::merge::{self, KeyRange, Merge, Step};
    use crate::number::Number;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Groups in key order.
    type Groups = BTreeMap<Vec<Vec<u8>>, Vec<Total>>;

    /// A run in memory.
    type Run = (Vec<u8>, RunIndex);

    fn drain(sorter: &mut Sorter) -> Run {
        let mut run = Vec::new();
        let index = sorter.drain(&mut |bytes| run.extend_from_slice(bytes));
        assert!(sorter.is_empty());
        assert_eq!(sorter.memory(), 0);
        (run, index)
    }

    /// Merges a range of runs and hands each group to `sink`.
    fn merge(
        runs: &[Run],
        range: KeyRange,
        (keys, totals): (usize, usize),
        mut sink: impl FnMut(&Merge),
    ) {
        let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
        let mut merge = Merge::new(&indexes, range, keys, totals).unwrap();
        loop {
            match merge.step().unwrap() {
                Step::Need { run, offset, length } => {
                    let bytes = &runs[run].0[offset as usize..][..length];
                    merge.feed(run, bytes).unwrap();
                }
                Step::Group => sink(&merge),
                Step::End => return,
            }
        }
    }

    /// The groups of sorted runs, merged, without the fields in front.
    fn groups(
        runs: &[Run],
        (keys, totals): (usize, usize),
    ) -> Vec<(Vec<Vec<u8>>, Vec<Total>)> {
        let mut groups = Vec::new();
        let all = KeyRange::default();
        merge(runs, all, (1 + keys, totals), |group| {
            let key = group.key().skip(1).map(<[u8]>::to_vec);
            groups.push((key.collect(), group.totals().to_vec()));
        });
        groups
    }

    /// Sorts groups, `every` of them at a time, and merges the runs.
    fn sort(
        order: Order,
        columns: (usize, usize),
        all: &Groups,
        every: usize,
    ) -> Vec<(Vec<Vec<u8>>, Vec<Total>)> {
        let mut sorter = Sorter::new(order, columns.0, columns.1);
        let mut runs = Vec::new();
        for (key, totals) in all {
            sorter.push(key.iter().map(Vec::as_slice), totals);
            if sorter.len() == every {
                runs.push(drain(&mut sorter));
            }
        }
        runs.push(drain(&mut sorter));
        groups(&runs, columns)
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

    /// Records of keys with two fields, each at the next place: adds `added`
    /// of them to an aggregate, merges the runs of these in `ranges` ranges,
    /// sorts `every` groups at a time, and compares with a list.
    fn check_first(
        keys: &[(String, String)],
        added: usize,
        ranges: usize,
        every: usize,
    ) {
        let mut runs = Vec::new();
        // The last records come first, as when others read before.
        for (chunk, keys) in keys.chunks(added).enumerate().rev() {
            let mut aggregate = Aggregate::for_order(Order::First, 2, 1);
            for (place, (song, date)) in (chunk * added..).zip(keys) {
                let key = [song.as_bytes(), date.as_bytes()];
                aggregate.add_at(place as u64, &key, &[Number::Small(1)]);
            }
            let mut run = Vec::new();
            let index = aggregate.drain(&mut |b| run.extend_from_slice(b));
            runs.push((run, index));
        }
        let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
        let mut made = Vec::new();
        for range in merge::ranges(&indexes, ranges) {
            let mut sorter = Sorter::new(Order::First, 2, 1);
            for range in sorter.ranges(range) {
                merge(&runs, range, (3, 1), |group| {
                    sorter.push(group.key(), group.totals());
                    if sorter.len() == every {
                        made.push(drain(&mut sorter));
                    }
                });
            }
            made.push(drain(&mut sorter));
        }
        assert!(groups(&made, (2, 1)) == by_first(keys));
    }

    /// What must come out.
    fn by_first(keys: &[(String, String)]) -> Vec<(Vec<Vec<u8>>, Vec<Total>)> {
        let mut firsts = BTreeMap::new();
        let mut counts = BTreeMap::new();
        for (place, (song, date)) in keys.iter().enumerate() {
            firsts.entry(song).or_insert(place);
            *counts.entry((song, date)).or_insert(0) += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|((song, _), _)| firsts[song]);
        let bytes = |field: &String| field.clone().into_bytes();
        let group = |((song, date), count)| {
            (vec![bytes(song), bytes(date)], vec![Total::from(count)])
        };
        counts.into_iter().map(group).collect()
    }

    /// Keys with so many first fields, in no particular order.
    fn mixed(count: u64, songs: u64) -> Vec<(String, String)> {
        let key = |n: u64| {
            let mixed = (n * n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let song = (mixed >> 20) % songs * 7919;
            (format!("{song:05x}"), format!("{mixed:016x}"))
        };
        (0..count).map(key).collect()
    }

    #[test]
    fn first_appearances() {
        let keys = mixed(20_000, 3_000);
        for (added, ranges, every) in
            [(20_000, 1, 0), (20_000, 9, 999), (3_000, 5, 0), (700, 1, 400)]
        {
            check_first(&keys, added, ranges, every);
        }
    }

    /// Ranges begin between the groups of one first key field, whose place is
    /// told by marks before them.
    #[test]
    fn first_appearances_in_ranges_of_one_song() {
        for songs in [1, 2, 5] {
            let keys = mixed(30_000, songs);
            check_first(&keys, 30_000, 7, 0);
            check_first(&keys, 6_000, 7, 5_000);
        }
    }

    /// Ranges begin between the marks of one first key field: those of many
    /// runs with songs too long for more than one in a block.
    #[test]
    fn first_appearances_in_ranges_between_marks() {
        let long = |n: usize| format!("{}{n}", "long ".repeat(14_000));
        let key = |n: usize| (long(n * n % 5), format!("{}", n % 3));
        let keys: Vec<_> = (0..60).map(key).collect();
        for ranges in [1, 2, 3, 7, 50] {
            check_first(&keys, 6, ranges, 4);
        }
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
        assert!((43.0..54.0).contains(&each), "{each}");
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
        fn any_first_appearances(
            keys in prop::collection::vec(("[ab]{0,2}", "[ab]{0,1}"), 0..60),
            added in 1..60_usize,
            every in 0..9_usize,
        ) {
            check_first(&keys, added, 1, every);
        }

        #[test]
        fn as_the_standard_library(
            (columns, groups) in any_groups(),
            every in 1..40_usize,
        ) {
            check(columns, &groups, every);
        }
    }
}
