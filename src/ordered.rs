//! Numbers as bytes that compare as the numbers do, so that runs can be
//! sorted by them.

use crate::total::Total;

/// Numbers below this one are their own byte. What is more says by how much
/// how many bytes follow, so that no encoding begins with 0xFF.
const LONG: u64 = 0xF0;

/// Appends a number. The lesser of two has the lesser bytes, and none has
/// bytes that those of another begin with.
pub(crate) fn put(number: u64, out: &mut Vec<u8>) {
    if number < LONG {
        return out.push(number as u8);
    }
    let bytes = &number.to_be_bytes()[number.leading_zeros() as usize / 8..];
    out.push(LONG as u8 + bytes.len() as u8 - 1);
    out.extend_from_slice(bytes);
}

/// The number that `bytes` are, or `None` if they are none.
pub(crate) fn number(bytes: &[u8]) -> Option<u64> {
    match *bytes {
        [byte] if u64::from(byte) < LONG => Some(u64::from(byte)),
        [long, ref rest @ ..] => {
            let len = u64::from(long).checked_sub(LONG)? + 1;
            let first = 8_usize.checked_sub(rest.len())?;
            let mut word = [0; 8];
            word[first..].copy_from_slice(rest);
            (len == rest.len() as u64).then(|| u64::from_be_bytes(word))
        }
        [] => None,
    }
}

/// Appends a total of any size. The *greater* of two has the lesser bytes,
/// and none has bytes that those of another begin with.
pub(crate) fn put_descending(total: &Total, out: &mut Vec<u8>) {
    match total.to_small() {
        Some(value) => {
            let bytes = value.unsigned_abs().to_be_bytes();
            let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
            put_signed(value < 0, &bytes[zeros..], out);
        }
        None => {
            let (negative, bytes) = total.to_sign_and_bytes();
            put_signed(negative, &bytes, out);
        }
    }
}

/// Appends an integer by its sign and the bytes of its absolute value, the
/// highest first and that not zero.
fn put_signed(negative: bool, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(u8::from(negative));
    let start = out.len();
    put(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
    if !negative {
        out[start..].iter_mut().for_each(|byte| *byte = !*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;
    use proptest::prelude::*;

    fn encoded(number: u64) -> Vec<u8> {
        let mut out = Vec::new();
        put(number, &mut out);
        out
    }

    fn descending(total: &Total) -> Vec<u8> {
        let mut out = Vec::new();
        put_descending(total, &mut out);
        out
    }

    #[test]
    fn short_and_long() {
        for (value, expected) in [
            (0, &[0][..]),
            (0xEF, &[0xEF]),
            (0xF0, &[0xF0, 0xF0]),
            (0xFFFF, &[0xF1, 0xFF, 0xFF]),
            (0x1_0000, &[0xF2, 1, 0, 0]),
            (u64::MAX, &[0xF7, 255, 255, 255, 255, 255, 255, 255, 255]),
        ] {
            assert_eq!(encoded(value), expected);
            assert_eq!(number(expected), Some(value));
        }
    }

    #[test]
    fn no_number() {
        for bytes in [&[][..], &[1, 2], &[0xF0], &[0xF1, 1], &[0xFF]] {
            assert_eq!(number(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn the_greatest_total_first() {
        let long = "9".repeat(1000);
        let [minus, longer] = [format!("-{long}"), format!("{long}0")];
        let texts = [
            &longer,
            &long,
            "18446744073709551616",
            "18446744073709551615",
            "9223372036854775808",
            "9223372036854775807",
            "256",
            "255",
            "1",
            "0",
            "-1",
            "-255",
            "-256",
            "-9223372036854775808",
            "-9223372036854775809",
            &minus,
        ];
        let bytes = texts.map(|text| descending(&text.parse().unwrap()));
        assert!(bytes.is_sorted_by(|left, right| left < right), "{bytes:?}");
    }

    /// A total, often beyond `i64`, small or near a power of two.
    fn any_total() -> impl Strategy<Value = BigInt> {
        let shifted = (any::<i128>(), 0..128_u32)
            .prop_map(|(value, shift)| BigInt::from(value >> shift));
        let near = (0..140_u32, -2..3_i32, any::<bool>()).prop_map(
            |(power, more, negative)| {
                let value = (BigInt::from(1) << power) + more;
                if negative { -value } else { value }
            },
        );
        prop_oneof![shifted, near]
    }

    proptest! {
        #[test]
        fn as_the_numbers(left: u64, right: u64, shifts in (0..64, 0..64)) {
            let (left, right) = (left >> shifts.0, right >> shifts.1);
            let bytes = (encoded(left), encoded(right));
            prop_assert_eq!(bytes.0.cmp(&bytes.1), left.cmp(&right));
            prop_assert_eq!(number(&bytes.0), Some(left));
            prop_assert!(bytes.0[0] < 0xFF);
            prop_assert!(left == right || !bytes.0.starts_with(&bytes.1));
        }

        #[test]
        fn as_the_totals(left in any_total(), right in any_total()) {
            let totals = [&left, &right].map(|v| Total::from(v.clone()));
            let bytes = [&totals[0], &totals[1]].map(descending);
            prop_assert_eq!(bytes[1].cmp(&bytes[0]), left.cmp(&right));
            prop_assert_eq!(totals[0].cmp(&totals[1]), left.cmp(&right));
            prop_assert!(left == right || !bytes[0].starts_with(&bytes[1]));
        }
    }
}
