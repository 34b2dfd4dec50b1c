//! Finds the bytes that matter to the grammar, many at a time.

use super::Format;

/// Bytes looked at in one step.
const BLOCK: usize = 64;

/// Appends to `found` the offset of each delimiter, quote, CR and LF in
/// `bytes`, counted from `base`, in ascending order.
///
/// # Complexity
///
/// Linear: four vector comparisons for sixteen bytes, and one step for each
/// byte found.
pub(super) fn scan(
    format: &Format,
    bytes: &[u8],
    base: usize,
    found: &mut Vec<usize>,
) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut at = base;
    for block in blocks {
        append(mask(format, block), at, found);
        at += BLOCK;
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        let inside = (1 << rest.len()) - 1;
        append(mask(format, &block) & inside, at, found);
    }
}

/// Appends the offset of each bit that is set.
#[inline(always)]
fn append(mut mask: u64, base: usize, found: &mut Vec<usize>) {
    found.reserve(BLOCK);
    while mask != 0 {
        found.push(base + mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
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
            base in 0..1000_usize,
        ) {
            let format = Format {
                delimiter: b',', quote: b'"', fields: 0, limit: 0,
            };
            let mut found = Vec::new();
            scan(&format, &bytes, base, &mut found);
            let wanted: Vec<usize> = (0..bytes.len())
                .filter(|&at| b",\"\r\n".contains(&bytes[at]))
                .map(|at| base + at)
                .collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
