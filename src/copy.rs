//! Copying short byte strings.
//!
//! In wasm a copy of a length not known beforehand is a call that takes longer
//! than the copy itself for the few bytes of a field; one of a known length is
//! a load and a store.

/// Copies `bytes` to the start of `to`, quickly if they are few, and returns
/// how many they are.
///
/// It copies sixteen bytes at a time, the last sixteen overlapping those
/// before, so that no length is left over.
///
/// # Panics
///
/// If `to` is shorter.
#[inline]
pub(crate) fn put(to: &mut [u8], bytes: &[u8]) -> usize {
    let len = bytes.len();
    let to = &mut to[..len];
    if let Some(last) = bytes.last_chunk::<16>() {
        let chunks = bytes.as_chunks::<16>().0;
        for (to, chunk) in to.as_chunks_mut::<16>().0.iter_mut().zip(chunks) {
            *to = *chunk;
        }
        to[len - 16..].copy_from_slice(last);
    } else if let Some((first, last)) = ends::<8>(bytes) {
        to[..8].copy_from_slice(first);
        to[len - 8..].copy_from_slice(last);
    } else if let Some((first, last)) = ends::<4>(bytes) {
        to[..4].copy_from_slice(first);
        to[len - 4..].copy_from_slice(last);
    } else if len > 0 {
        // These are all of them, with no loop whose end can't be foretold.
        for at in [0, len / 2, len - 1] {
            to[at] = bytes[at];
        }
    }
    len
}

/// Copies the first `len` bytes to the start of `to`, and some of those behind
/// them, by whole blocks of sixteen.
///
/// # Panics
///
/// If there aren't as many behind them in both.
#[inline(always)]
pub(crate) fn put_blocks(to: &mut [u8], bytes: &[u8], len: usize) {
    for at in (0..len).step_by(16) {
        let (to, from) = (&mut to[at..], &bytes[at..]);
        let block = from.first_chunk::<16>().expect("slack");
        *to.first_chunk_mut::<16>().expect("slack") = *block;
    }
}

/// The first and the last `N` bytes, which overlap if there are fewer than
/// twice as many; `None` if there are not even `N`.
#[inline]
pub(crate) fn ends<const N: usize>(
    bytes: &[u8],
) -> Option<(&[u8; N], &[u8; N])> {
    Some((bytes.first_chunk()?, bytes.last_chunk()?))
}

/// Bytes that are appended to through slices of [`Buffer::room`], so that one
/// check of the capacity is enough for many small copies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffer {
    /// The bytes, and room behind them.
    bytes: Vec<u8>,
    /// How many of them were appended.
    len: usize,
}

impl Buffer {
    /// Room for `more` bytes, after those appended so far. What is written
    /// there counts once [`Buffer::advance`] says so.
    #[inline]
    pub fn room(&mut self, more: usize) -> &mut [u8] {
        if self.bytes.len() - self.len < more {
            self.grow(more);
        }
        &mut self.bytes[self.len..]
    }

    /// Appends the first `more` bytes of the room.
    #[inline]
    pub fn advance(&mut self, more: usize) {
        self.len += more;
    }

    /// Makes the room larger, to the double at least.
    #[cold]
    fn grow(&mut self, more: usize) {
        let len = (self.len + more).max(2 * self.len).max(64);
        self.bytes.resize(len, 0);
    }

    /// Forgets all but the first `len` bytes, of which there are as many.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        debug_assert!(len <= self.len);
        self.len = len;
    }

    /// Appends bytes.
    #[inline]
    pub fn append(&mut self, bytes: &[u8]) {
        let more = put(self.room(bytes.len()), bytes);
        self.advance(more);
    }

    /// Appends the first `len` of sixteen bytes.
    #[inline(always)]
    pub fn append_some(&mut self, bytes: &[u8; 16], len: usize) {
        self.room(16)[..16].copy_from_slice(bytes);
        self.advance(len);
    }

    /// The bytes that were appended and the room behind them, to be changed.
    #[inline]
    pub fn with_room_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// The bytes that were appended, to be changed.
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.len]
    }

    /// How many bytes were appended.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes that were appended.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Takes the bytes out, and leaves none.
    pub fn take(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.truncate(std::mem::take(&mut self.len));
        bytes
    }

    /// Forgets all bytes, and keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length() {
        let bytes: Vec<u8> = (0..100).collect();
        for length in 0..=bytes.len() {
            let mut to = vec![0xFF; length + 20];
            assert_eq!(put(&mut to, &bytes[..length]), length);
            assert_eq!(to, [&bytes[..length], &[0xFF; 20]].concat());
        }
    }

    #[test]
    fn blocks_go_beyond() {
        let bytes: Vec<u8> = (0..100).collect();
        for length in 0..=80 {
            let mut to = vec![0xFF; length + 20];
            put_blocks(&mut to, &bytes, length);
            assert_eq!(to[..length], bytes[..length]);
            let beyond = length.next_multiple_of(16);
            assert!(to[beyond..].iter().all(|&byte| byte == 0xFF));
        }
    }

    #[test]
    fn buffers_grow() {
        let mut buffer = Buffer::default();
        let mut expected = Vec::new();
        for length in 0..100 {
            let bytes = vec![length as u8; length];
            buffer.append(&bytes);
            expected.extend(bytes);
            assert_eq!(buffer.as_bytes(), expected);
        }
        buffer.clear();
        assert_eq!((buffer.len(), buffer.as_bytes()), (0, &[][..]));
        buffer.append_some(b"0123456789abcdef", 3);
        buffer.append_some(b"3456789abcdef012", 4);
        assert_eq!(buffer.as_bytes(), b"0123456");
        buffer.clear();
        buffer.room(1)[0] = 7;
        buffer.advance(1);
        assert_eq!(buffer.take(), [7]);
        assert_eq!(buffer.take(), []);
    }
}
