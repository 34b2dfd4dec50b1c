//! Groups to the bytes of a run.

use super::{
    BLOCK_HEADER, BlockEntry, HEADER, Key, LONG, MAGIC, MOST_IN_ROW, Row,
    RunIndex, TRAILER, VERSION, checksum,
};
use crate::bytes::{self, Short};
use crate::copy::{self, Buffer};
use crate::total::{self, MOST_SMALL, Total};
use crate::varint;

/// A block ends with the group that makes it this long, in bytes.
///
/// Long enough that reading blocks one by one costs little more than reading
/// the run at once; short enough that a merge can hold a block of each of
/// many runs, and that ranges can be cut finely.
const BLOCK: usize = 64 << 10;

/// The same for a block of rows, in which a group takes about half.
const BLOCK_OF_ROWS: usize = 16 << 10;

/// Writes a run block by block.
///
/// The bytes go to a `sink`, in pieces of about 64 KiB, and nothing else is
/// kept of them than the index.
#[derive(Debug)]
pub struct RunWriter {
    /// The index so far.
    index: RunIndex,
    /// The header, if it wasn't written yet, and the block being written.
    buffer: Buffer,
    /// Where in the buffer the block begins.
    start: usize,
    /// The key fields of the group before.
    previous: Vec<Buffer>,
    /// Where in the buffer the set of the row being written begins.
    set: usize,
}

impl RunWriter {
    /// Creates a writer of groups with the given numbers of key fields, 1 to 9,
    /// and totals, 1 to 25.
    pub fn new(keys: usize, totals: usize) -> RunWriter {
        RunWriter::in_rows(keys, totals, Vec::new())
    }

    /// Creates a writer of rows. The last fields of all their groups are among
    /// the given ones, which are in ascending order; if there are none, groups
    /// are in no rows.
    pub(crate) fn in_rows(
        keys: usize,
        totals: usize,
        lasts: Vec<Box<[u8]>>,
    ) -> RunWriter {
        debug_assert!(lasts.len() * totals <= MOST_IN_ROW);
        let index = RunIndex { lasts, ..RunIndex::new(keys, totals) };
        let mut buffer = Buffer::default();
        buffer.append(&MAGIC);
        buffer.append(&[VERSION, keys as u8, totals as u8]);
        let previous = vec![Buffer::default(); keys];
        RunWriter { index, buffer, start: HEADER, previous, set: 0 }
    }

    /// Appends a group. Its key must be greater than that of the group before.
    ///
    /// # Panics
    ///
    /// If this group alone takes 4 GiB.
    pub fn push(
        &mut self,
        key: &[&[u8]],
        totals: &[Total],
        sink: &mut dyn FnMut(&[u8]),
    ) {
        // Before the first group everything may seem to be the same.
        let same = self.same(key).min(key.len() - 1);
        self.push_after(same, key, totals, sink);
    }

    /// How many first fields of a key are those of the key before.
    fn same(&self, key: &[&[u8]]) -> usize {
        let pairs = self.previous.iter().zip(key);
        let same = |(previous, field): &(&Buffer, &&[u8])| {
            bytes::same(previous.as_bytes(), field)
        };
        pairs.take_while(same).count()
    }

    /// The same, if `same` fields from the first on are known to be those of
    /// the group before, and the next is known not to be.
    #[inline(always)]
    pub(crate) fn push_after(
        &mut self,
        same: usize,
        key: &[&[u8]],
        totals: &[Total],
        sink: &mut dyn FnMut(&[u8]),
    ) {
        if self.change_last(same, key).is_none() {
            self.change_any(same, key);
        }
        self.end_group(totals, sink);
    }

    /// Appends the totals of a group whose key was appended, and counts it.
    #[inline(always)]
    fn end_group(&mut self, totals: &[Total], sink: &mut dyn FnMut(&[u8])) {
        for total in totals {
            total.encode(&mut self.buffer);
        }
        self.index.groups += 1;
        self.end_long_block(BLOCK, sink);
    }

    /// Goes on in the row of this key, the last field of which is empty, or
    /// begins it. The key must not be less than that of the row before.
    pub(crate) fn row(&mut self, key: &[&[u8]], sink: &mut dyn FnMut(&[u8])) {
        let same = self.same(key);
        let has_row = self.buffer.len() > self.start;
        if has_row && same == key.len() {
            return;
        }
        self.end_long_block(BLOCK_OF_ROWS, sink);
        self.change_any(same.min(key.len() - 1), key);
        self.set = self.buffer.len();
        let set = Row::set_bytes(self.index.lasts.len());
        self.buffer.room(set)[..set].fill(0);
        self.buffer.advance(set);
    }

    /// Appends a group to the row, with the last field that has this place
    /// among all, after those with lesser ones.
    pub(crate) fn push_in_row(&mut self, last: usize, totals: &[Total]) {
        let set = &mut self.buffer.as_mut_bytes()[self.set..];
        set[last / 8] |= 1 << (last % 8);
        for total in totals {
            total.encode(&mut self.buffer);
        }
        self.index.groups += 1;
    }

    /// The same for several groups of one total that fits an `i64`: each is a
    /// word whose bits in `lasts` are the place of the last field, and the
    /// total.
    pub(crate) fn push_sums_in_row(
        &mut self,
        groups: &[[u64; 2]],
        lasts: u64,
    ) {
        self.buffer.room(MOST_SMALL * groups.len());
        let behind = self.buffer.len() - self.set;
        let row = &mut self.buffer.with_room_mut()[self.set..];
        let (set, to) = row.split_at_mut(behind);
        let mut at = 0;
        for &[word, sum] in groups {
            let last = (word & lasts) as usize;
            set[last / 8] |= 1 << (last % 8);
            at += total::put_small(&mut to[at..], sum as i64);
        }
        self.buffer.advance(at);
        self.index.groups += groups.len() as u64;
    }

    /// Ends the block if it is so long.
    #[inline(always)]
    fn end_long_block(&mut self, long: usize, sink: &mut dyn FnMut(&[u8])) {
        if self.buffer.len() - self.start >= long {
            self.end_block(sink);
        }
    }

    /// Appends the key of a group if only its last field is another than in
    /// the group before, and that is short, as nearly always where there are
    /// many groups of one first field.
    #[inline(always)]
    fn change_last(&mut self, same: usize, key: &[&[u8]]) -> Option<()> {
        let (field, others) = key.split_last()?;
        let previous = &mut self.previous[others.len()];
        let before = Short::new(previous.as_bytes())?;
        let field = Short::new(field)?;
        let shared = before.common(field);
        let more = field.len() - shared;
        let is_first = self.buffer.len() == self.start;
        if same != others.len() || is_first || shared.max(more) >= LONG {
            return None;
        }
        previous.clear();
        previous.append_some(&field.from(0), field.len());
        let to = self.buffer.room(18).first_chunk_mut::<18>()?;
        to[0] = same as u8;
        to[1] = (shared << 4 | more) as u8;
        to[2..].copy_from_slice(&field.from(shared));
        self.buffer.advance(2 + more);
        Some(())
    }

    /// Appends any key.
    #[inline(never)]
    fn change_any(&mut self, mut same: usize, key: &[&[u8]]) {
        if self.buffer.len() == self.start {
            self.begin_block(key);
            same = 0;
        }
        self.buffer.room(1)[0] = same as u8;
        self.buffer.advance(1);
        let fields = self.previous[same..].iter_mut().zip(&key[same..]);
        for (previous, field) in fields {
            push_field(&mut self.buffer, previous, field);
        }
    }

    /// Writes what is left, and the index, which it returns too.
    pub fn finish(mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        if self.buffer.len() > self.start {
            self.end_block(sink);
        }
        // Only a run without groups still has its header here.
        self.write(sink);
        let index = self.index.encode();
        self.buffer.append(&index);
        self.buffer.append(&(index.len() as u64).to_le_bytes());
        self.buffer.append(&MAGIC);
        debug_assert_eq!(self.buffer.len(), index.len() + TRAILER);
        self.write(sink);
        self.index
    }

    /// Leaves room for the header of a block that begins with `key`.
    fn begin_block(&mut self, key: &[&[u8]]) {
        self.buffer.append(&[0; BLOCK_HEADER]);
        self.index.blocks.push(BlockEntry {
            first: Key::from_iter(key.iter().copied()),
            offset: self.index.bytes + self.start as u64,
            length: 0,
        });
        self.previous.iter_mut().for_each(Buffer::clear);
    }

    /// Fills in the block's header and writes it.
    fn end_block(&mut self, sink: &mut dyn FnMut(&[u8])) {
        let block = &mut self.buffer.as_mut_bytes()[self.start..];
        let length = u32::try_from(block.len()).expect("less than 4 GiB");
        let (header, groups) = block.split_at_mut(BLOCK_HEADER);
        header[..4].copy_from_slice(&(groups.len() as u32).to_le_bytes());
        header[4..].copy_from_slice(&checksum(groups));
        self.index.blocks.last_mut().expect("a begun block").length = length;
        self.write(sink);
    }

    /// Writes the buffer.
    fn write(&mut self, sink: &mut dyn FnMut(&[u8])) {
        if self.buffer.len() > 0 {
            sink(self.buffer.as_bytes());
        }
        self.index.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        self.start = 0;
    }
}

/// Appends a key field by how it differs from the one before, which becomes
/// this one.
#[inline]
fn push_field(out: &mut Buffer, previous: &mut Buffer, field: &[u8]) {
    let shared = bytes::common(previous.as_bytes(), field);
    let rest = &field[shared..];
    previous.truncate(shared);
    previous.append(rest);

    let to = out.room(1 + 2 * varint::MAX_BYTES + rest.len());
    to[0] = (shared.min(LONG) << 4 | rest.len().min(LONG)) as u8;
    let mut at = 1;
    for length in [shared, rest.len()] {
        if length >= LONG {
            at += varint::put(&mut to[at..], (length - LONG) as u64);
        }
    }
    at += copy::put(&mut to[at..], rest);
    out.advance(at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn sums_as_totals(
            groups in prop::collection::btree_map(
                (0..3u64, 0..200u64), any::<i64>(), 1..200,
            ),
        ) {
            let lasts = (0..200).map(|n| format!("{n:03}").as_bytes().into());
            let lasts: Vec<Box<[u8]>> = lasts.collect();
            let mut pieces = [Vec::new(), Vec::new()];
            let [quick, slow] = &mut pieces;
            let [mut one, mut other] =
                [(); 2].map(|()| RunWriter::in_rows(2, 1, lasts.clone()));
            let groups: Vec<_> = groups.into_iter().collect();
            for row in groups.chunk_by(|left, right| left.0.0 == right.0.0) {
                let key = [&[row[0].0.0 as u8][..], b""];
                one.row(&key, &mut |more| quick.extend_from_slice(more));
                other.row(&key, &mut |more| slow.extend_from_slice(more));
                let words = |&((first, last), sum): &((u64, u64), i64)| {
                    [first << 8 | last, sum as u64]
                };
                let words: Vec<_> = row.iter().map(words).collect();
                one.push_sums_in_row(&words, 0xFF);
                for &((_, last), sum) in row {
                    other.push_in_row(last as usize, &[Total::from(sum)]);
                }
            }
            one.finish(&mut |more| quick.extend_from_slice(more));
            other.finish(&mut |more| slow.extend_from_slice(more));
            prop_assert_eq!(&pieces[0], &pieces[1]);
        }

        #[test]
        fn quick_as_slow(
            firsts in prop::collection::btree_set("[ab]{0,2}", 1..4),
            seconds in prop::collection::btree_set("[ab]{0,20}", 1..40),
        ) {
            let firsts: BTreeSet<String> = firsts;
            let mut pieces = [Vec::new(), Vec::new()];
            let [quick, slow] = &mut pieces;
            let [mut one, mut other] = [(); 2].map(|()| RunWriter::new(2, 1));
            let total = Total::from(300);
            for first in &firsts {
                for second in &seconds {
                    let key = [first.as_bytes(), second.as_bytes()];
                    let same = usize::from(Some(second) != seconds.first());
                    let totals = std::slice::from_ref(&total);
                    let sink = &mut |more: &[u8]| quick.extend_from_slice(more);
                    one.push_after(same, &key, totals, sink);
                    let sink = &mut |more: &[u8]| slow.extend_from_slice(more);
                    other.change_any(same, &key);
                    other.end_group(totals, sink);
                }
            }
            one.finish(&mut |more| quick.extend_from_slice(more));
            other.finish(&mut |more| slow.extend_from_slice(more));
            prop_assert_eq!(&pieces[0], &pieces[1]);
        }
    }
}
