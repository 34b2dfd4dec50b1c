//! Finds the bytes that matter to the grammar, many at a time.

use super::Format;

/// Bytes looked at in one step.
pub(super) const BLOCK: usize = 64;

/// Marks that are written in one step, needed or not: a loop that ended after
/// just as many as there are would be mispredicted once a block.
const STEP: usize = 8;

/// Writes the offset of each delimiter, quote, CR and LF in `bytes`, counted
/// from `base`, in ascending order to the front of `found`, and returns how
/// many they are.
///
/// `found` must have [`room`] for them.
///
/// # Complexity
///
/// Linear: four vector comparisons for sixteen bytes, and one step for each
/// byte found.
#[inline(never)]
pub(super) fn scan(
    format: &Format,
    bytes: &[u8],
    base: u32,
    found: &mut [u32],
) -> usize {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let (mut at, mut count) = (base, 0);
    for block in blocks {
        count += put(mask(format, block), at, &mut found[count..]);
        at += BLOCK as u32;
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        let inside = (1 << rest.len()) - 1;
        count += put(mask(format, &block) & inside, at, &mut found[count..]);
    }
    count
}

/// The number of marks there must be room for to scan this many bytes: one
/// for each byte of every block begun.
pub(super) fn room(bytes: usize) -> usize {
    bytes.next_multiple_of(BLOCK)
}

/// Writes the offset of each bit that is set, and returns their number.
#[inline(always)]
fn put(mut mask: u64, base: u32, found: &mut [u32]) -> usize {
    let found: &mut [u32; BLOCK] =
        found.first_chunk_mut().expect("room for a block");
    let count = mask.count_ones() as usize;
    for step in found.as_chunks_mut::<STEP>().0 {
        for mark in step {
            // Without a bit this is one beyond the block, and is never read.
            *mark = base + mask.trailing_zeros();
            mask &= mask.wrapping_sub(1);
        }
        if mask == 0 {
            break;
        }
    }
    count
}

/// For each byte of a block, lowest bit first, whether it matters.
#[cfg(target_feature = "simd128")]
#[inline(always)]
fn mask(format: &Format, block: &[u8; BLOCK]) -> u64 {
    use std::arch::wasm32::{
        u8x16_bitmask, u8x16_eq, u8x16_splat, v128_load, v128_or,
    };
    let wanted = [format.delimiter, format.quote, b'\r', b'\n'];
    let wanted = wanted.map(|byte| u8x16_splat(byte));
    let mut mask = 0;
    for (place, lane) in block.as_chunks::<16>().0.iter().enumerate() {
        // SAFETY: `lane` is a reference to sixteen bytes, and a v128 may be
        // loaded from any address.
        let bytes = unsafe { v128_load(lane.as_ptr().cast()) };
        let [a, b, c, d] = wanted.map(|byte| u8x16_eq(bytes, byte));
        let any = v128_or(v128_or(a, b), v128_or(c, d));
        mask |= u64::from(u8x16_bitmask(any)) << (16 * place);
    }
    mask
}

/// The same, one byte after the other.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
fn mask(format: &Format, block: &[u8; BLOCK]) -> u64 {
    plain_mask(format, block)
}

/// The mask as anyone would write it.
#[cfg(any(test, not(target_feature = "simd128")))]
fn plain_mask(format: &Format, block: &[u8; BLOCK]) -> u64 {
    let Format { delimiter, quote, .. } = *format;
    let bits = block.iter().enumerate().map(|(place, &byte)| {
        let hit = (byte == delimiter)
            | (byte == quote)
            | (byte == b'\r')
            | (byte == b'\n');
        u64::from(hit) << place
    });
    bits.fold(0, |mask, bit| mask | bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_loop_finds(
            bytes in proptest::collection::vec(
                prop_oneof![
                    Just(b','), Just(b'"'), Just(b'\r'), Just(b'\n'),
                    any::<u8>(),
                ],
                0..300,
            ),
            base in 0..1000_u32,
        ) {
            let format =
                Format { delimiter: b',', quote: b'"', fields: 0, limit: 9 };
            let mut found = vec![0; room(bytes.len())];
            let count = scan(&format, &bytes, base, &mut found);
            let matters = |byte: &u8| b",\"\r\n".contains(byte);
            let offsets = (base..).zip(&bytes);
            let expected: Vec<u32> = offsets
                .filter(|(_, byte)| matters(byte))
                .map(|(offset, _)| offset)
                .collect();
            prop_assert_eq!(&found[..count], expected);
        }
    }
}
