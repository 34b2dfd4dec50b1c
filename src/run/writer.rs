//! Groups to the bytes of a run.

use super::{
    BLOCK_HEADER, BlockEntry, HEADER, Key, LONG, MAGIC, RunIndex, TRAILER,
    VERSION, checksum,
};
use crate::bytes::{self, Short};
use crate::copy::{self, Buffer};
use crate::number::Total;
use crate::varint;

/// A block ends with the group that makes it this long, in bytes.
///
/// Long enough that reading blocks one by one costs little more than reading
/// the run at once; short enough that a merge can hold a block of each of
/// many runs, and that ranges can be cut finely.
const BLOCK: usize = 64 << 10;

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
}

impl RunWriter {
    /// Creates a writer of groups with the given numbers of key fields, 1 to 9,
    /// and totals, 1 to 25.
    pub fn new(keys: usize, totals: usize) -> RunWriter {
        let index =
            RunIndex { keys, totals, blocks: Vec::new(), groups: 0, bytes: 0 };
        let mut buffer = Buffer::default();
        buffer.append(&MAGIC);
        buffer.append(&[VERSION, keys as u8, totals as u8]);
        let previous = vec![Buffer::default(); keys];
        RunWriter { index, buffer, start: HEADER, previous }
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
        let pairs = self.previous.iter().zip(key);
        let same = |(previous, field): &(&Buffer, &&[u8])| {
            bytes::same(previous.as_bytes(), field)
        };
        let same = pairs.take_while(same).count();
        // Before the first group everything may seem to be the same.
        self.push_after(same.min(key.len() - 1), key, totals, sink);
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
        if self.buffer.len() - self.start >= BLOCK {
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
