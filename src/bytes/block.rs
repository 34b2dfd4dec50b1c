//! Sixteen bytes at once, in a vector where the machine has them.

/// The bytes of a block.
pub const BYTES: usize = 16;

/// For each number of bytes up to a block's a mask that keeps as many.
const MASKS: [[u8; BYTES]; BYTES + 1] = {
    let mut masks = [[0; BYTES]; BYTES + 1];
    let mut len = 0;
    while len <= BYTES {
        let mut at = 0;
        while at < len {
            masks[len][at] = 0xFF;
            at += 1;
        }
        len += 1;
    }
    masks
};

/// The mask that keeps the first `len` bytes of a block, or all if there are
/// more.
#[inline(always)]
fn mask(len: usize) -> &'static [u8; BYTES] {
    &MASKS[len.min(BYTES)]
}

#[cfg(target_feature = "simd128")]
mod vector {
    use std::arch::wasm32::{
        i8x16_bitmask, u64x2_extract_lane, u64x2_splat, v128, v128_and,
        v128_any_true, v128_load, v128_or, v128_xor,
    };

    use super::{BYTES, mask};

    /// Up to sixteen bytes and zeros behind them.
    #[derive(Clone, Copy, Debug)]
    pub struct Block(v128);

    impl Block {
        /// The first `len` bytes of at least [`BYTES`], or as many as fit.
        #[inline(always)]
        pub fn first(bytes: &[u8], len: usize) -> Block {
            let bytes = bytes.first_chunk().expect("a block");
            Block(v128_and(load(bytes), load(mask(len))))
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
    use super::{BYTES, mask};

    /// The same as two words.
    #[derive(Clone, Copy, Debug)]
    pub struct Block([u64; 2]);

    impl Block {
        #[inline(always)]
        pub fn first(bytes: &[u8], len: usize) -> Block {
            let [low, high] = load(bytes.first_chunk().expect("a block"));
            let [keep_low, keep_high] = load(mask(len));
            Block([low & keep_low, high & keep_high])
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

    /// Loads two words.
    #[inline(always)]
    fn load(bytes: &[u8; BYTES]) -> [u64; 2] {
        let (words, _) = bytes.as_chunks::<8>();
        [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1])]
    }
}

#[cfg(not(target_feature = "simd128"))]
pub use plain::Block;
#[cfg(target_feature = "simd128")]
pub use vector::Block;
