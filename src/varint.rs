//! Unsigned integers in as few bytes as they need, as [LEB128] has them:
//! seven bits a byte, the lowest first, the top bit set on all but the last.
//!
//! [LEB128]: https://en.wikipedia.org/wiki/LEB128

/// The most bytes a `u64` takes.
pub(crate) const MAX_BYTES: usize = 10;

/// Appends `value` to `out`, one to ten bytes.
#[inline]
pub(crate) fn encode(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes `value` to the start of `to`, which has room for `MAX_BYTES`, and
/// returns how many bytes that took.
#[inline]
pub(crate) fn put(to: &mut [u8], mut value: u64) -> usize {
    let mut at = 0;
    while value >= 0x80 {
        to[at] = value as u8 | 0x80;
        value >>= 7;
        at += 1;
    }
    to[at] = value as u8;
    at + 1
}

/// Decodes the integer that `bytes` begin with, and says how many bytes it
/// took.
///
/// Returns `None` if the bytes end too early, if the integer is beyond `u64`,
/// or if fewer bytes would have done: each integer has one encoding.
#[inline]
pub(crate) fn decode(bytes: &[u8]) -> Option<(u64, usize)> {
    match *bytes.first()? {
        byte if byte < 0x80 => Some((u64::from(byte), 1)),
        _ => decode_long(bytes),
    }
}

/// Decodes an integer of more than one byte.
fn decode_long(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, &byte) in bytes.iter().take(MAX_BYTES).enumerate() {
        let (bits, shift) = (u64::from(byte & 0x7F), 7 * index);
        if (bits << shift) >> shift != bits {
            return None;
        }
        value |= bits << shift;
        if byte < 0x80 {
            return (byte != 0).then_some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], expected: Option<(u64, usize)>) {
        assert_eq!(decode(bytes), expected, "{bytes:02x?}");
    }

    #[test]
    fn rows() {
        check(&[0], Some((0, 1)));
        check(&[0x7F, 9], Some((127, 1)));
        check(&[0x80, 1], Some((128, 2)));
        check(&[0xFF, 0x7F], Some((16_383, 2)));
        // Cut short.
        check(&[], None);
        check(&[0x80], None);
        check(&[0xFF; 9], None);
        // Longer than needed.
        check(&[0x80, 0], None);
        check(&[0xFF, 0x80, 0], None);
        // Beyond u64, and never ending.
        check(&[255, 255, 255, 255, 255, 255, 255, 255, 255, 2], None);
        check(&[0xFF; 40], None);
    }

    proptest! {
        #[test]
        fn round_trip(value: u64, shift in 0..64, rest: Vec<u8>) {
            let value = value >> shift;
            let mut bytes = Vec::new();
            encode(value, &mut bytes);
            let length = bytes.len();
            let mut to = [0; MAX_BYTES];
            prop_assert_eq!(put(&mut to, value), length);
            prop_assert_eq!(&to[..length], &bytes);
            bytes.extend(rest);
            prop_assert_eq!(decode(&bytes), Some((value, length)));
        }

        #[test]
        fn one_encoding(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            if let Some((value, length)) = decode(&bytes) {
                let mut again = Vec::new();
                encode(value, &mut again);
                prop_assert_eq!(&again, &bytes[..length]);
            }
        }
    }
}
