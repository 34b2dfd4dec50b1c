//! Sixteen bytes at once, in a vector where the machine has them.

/// The bytes of a block.
pub const BYTES: usize = 16;

#[cfg(target_feature = "simd128")]
mod vector {
    use std::arch::wasm32::{
        i8x16, i8x16_bitmask, i8x16_eq, i8x16_gt, i8x16_splat, i8x16_sub,
        u8x16_splat, u64x2, u64x2_extract_lane, u64x2_replace_lane,
        u64x2_splat, v128, v128_and, v128_any_true, v128_load, v128_or,
        v128_xor,
    };

    use super::BYTES;

    /// The place of each byte.
    const PLACES: v128 =
        i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// Some bytes, a mark behind them if there is room, and zeros.
    #[derive(Clone, Copy, Debug)]
    pub struct Block(v128);

    impl Block {
        /// No bytes and no mark.
        pub const ZEROS: Block = Block(u64x2(0, 0));

        /// What no bytes with a mark are.
        pub const ONES: Block = Block(u64x2(u64::MAX, u64::MAX));

        /// The first `len` of at least [`BYTES`] bytes and a mark, which is
        /// one, behind them. There is no mark if all are taken or if `len` is
        /// negative, which stands for a mark that is in a block before.
        #[inline(always)]
        pub fn marked(bytes: &[u8], len: i8) -> Block {
            let bytes = bytes.first_chunk().expect("a block");
            let len = i8x16_splat(len);
            let kept = v128_and(load(bytes), i8x16_gt(len, PLACES));
            // Where the bytes are equal, all bits are set: minus one.
            Block(i8x16_sub(kept, i8x16_eq(len, PLACES)))
        }

        /// The block of all these bytes.
        #[inline(always)]
        pub fn all(bytes: &[u8; BYTES]) -> Block {
            Block(load(bytes))
        }

        /// The block of two numbers, the lowest first.
        #[inline(always)]
        pub fn of_words(low: u64, high: u64) -> Block {
            Block(u64x2_replace_lane::<1>(u64x2_splat(low), high))
        }

        /// Whether one of its bytes is one of these.
        #[inline(always)]
        pub fn has_any<const N: usize>(self, wanted: [u8; N]) -> bool {
            let mut found = u64x2_splat(0);
            for byte in wanted {
                found = v128_or(found, i8x16_eq(self.0, u8x16_splat(byte)));
            }
            v128_any_true(found)
        }

        /// Its bytes as two numbers, the lowest first.
        #[inline(always)]
        pub fn words(self) -> [u64; 2] {
            let low = u64x2_extract_lane::<0>(self.0);
            [low, u64x2_extract_lane::<1>(self.0)]
        }

        /// Whether no byte of some blocks has its highest bit set.
        #[inline(always)]
        pub fn all_ascii<const N: usize>(blocks: &[Block; N]) -> bool {
            let mut all = u64x2_splat(0);
            for block in blocks {
                all = v128_or(all, block.0);
            }
            i8x16_bitmask(all) == 0
        }

        /// Whether each of some blocks is the same as that of the others.
        #[inline(always)]
        pub fn all_are<const N: usize>(
            blocks: &[Block; N],
            others: &[Block; N],
        ) -> bool {
            let mut different = u64x2_splat(0);
            for (one, other) in blocks.iter().zip(others) {
                different = v128_or(different, v128_xor(one.0, other.0));
            }
            !v128_any_true(different)
        }
    }

    /// Loads a vector.
    #[inline(always)]
    fn load(bytes: &[u8; BYTES]) -> v128 {
        // SAFETY: it is a reference to sixteen bytes, and a v128 may be
        // loaded from any address.
        unsafe { v128_load(bytes.as_ptr().cast()) }
    }
}

#[cfg(not(target_feature = "simd128"))]
mod plain {
    use super::BYTES;

    /// The same as two words.
    #[derive(Clone, Copy, Debug)]
    pub struct Block([u64; 2]);

    impl Block {
        pub const ZEROS: Block = Block([0; 2]);

        pub const ONES: Block = Block([u64::MAX; 2]);

        #[inline(always)]
        pub fn marked(bytes: &[u8], len: i8) -> Block {
            let bytes: &[u8; BYTES] = bytes.first_chunk().expect("a block");
            let all = u128::from_le_bytes(*bytes);
            let marked = match len {
                ..0 => 0,
                0..16 => {
                    let mark = 1 << (8 * len);
                    all & (mark - 1) | mark
                }
                16.. => all,
            };
            Block([marked as u64, (marked >> 64) as u64])
        }

        #[inline(always)]
        pub fn all(bytes: &[u8; BYTES]) -> Block {
            let all = u128::from_le_bytes(*bytes);
            Block([all as u64, (all >> 64) as u64])
        }

        #[inline(always)]
        pub fn of_words(low: u64, high: u64) -> Block {
            Block([low, high])
        }

        #[inline(always)]
        pub fn has_any<const N: usize>(self, wanted: [u8; N]) -> bool {
            let mut bytes = self.0.map(u64::to_le_bytes).into_iter().flatten();
            bytes.any(|byte| wanted.contains(&byte))
        }

        #[inline(always)]
        pub fn words(self) -> [u64; 2] {
            self.0
        }

        #[inline(always)]
        pub fn all_ascii<const N: usize>(blocks: &[Block; N]) -> bool {
            let mut words = blocks.iter().flat_map(|block| block.0);
            words.all(|word| word & 0x8080_8080_8080_8080 == 0)
        }

        #[inline(always)]
        pub fn all_are<const N: usize>(
            blocks: &[Block; N],
            others: &[Block; N],
        ) -> bool {
            let mut pairs = blocks.iter().zip(others);
            pairs.all(|(one, other)| one.0 == other.0)
        }
    }
}

#[cfg(not(target_feature = "simd128"))]
pub use plain::Block;
#[cfg(target_feature = "simd128")]
pub use vector::Block;
