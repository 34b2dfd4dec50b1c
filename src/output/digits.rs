//! Integers to digits, eight at a time.

/// Numbers below this one have eight digits at most.
const EIGHT_DIGITS: u32 = 100_000_000;

/// The most bytes an `i64` takes: a sign, and three times eight digits, since
/// all eight are written before the first are left out.
pub(super) const MOST_DIGITS: usize = 1 + 3 * 8;

/// Eight times the digit zero.
const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// Writes an integer in plain digits to the start of `to`, and returns how
/// many bytes that took, `MOST_DIGITS` at most.
#[inline(always)]
pub(super) fn put_integer(to: &mut [u8], value: i64) -> usize {
    to[0] = b'-';
    let sign = usize::from(value < 0);
    sign + put_digits(&mut to[sign..], value.unsigned_abs())
}

/// Writes the digits of an integer.
#[inline(always)]
fn put_digits(to: &mut [u8], value: u64) -> usize {
    match u32::try_from(value) {
        Ok(value) if value < EIGHT_DIGITS => put_short(to, value),
        _ => put_long(to, value),
    }
}

/// Writes the digits of a number below a hundred million. How many they are is
/// computed beside them and not from them, since what is written next waits
/// for it.
#[inline(always)]
fn put_short(to: &mut [u8], value: u32) -> usize {
    let more = value.checked_ilog10().unwrap_or(0);
    let digits = u64::from_le_bytes(eight_digits(value)) >> (8 * (7 - more));
    to[..8].copy_from_slice(&digits.to_le_bytes());
    1 + more as usize
}

/// Writes the digits of a larger number, in eights, so that nearly all
/// divisions are of 32 bits.
fn put_long(to: &mut [u8], value: u64) -> usize {
    let length = put_digits(to, value / u64::from(EIGHT_DIGITS));
    let low = (value % u64::from(EIGHT_DIGITS)) as u32;
    to[length..length + 8].copy_from_slice(&eight_digits(low));
    length + 8
}

/// The digits of a number below a hundred million, zeros in front.
///
/// Halves, quarters and eighths of the digits are split off in all parts of
/// one word at once, the higher part always going into the lower bits. A
/// division is a multiplication and a shift, exact for numbers so small.
#[inline]
fn eight_digits(value: u32) -> [u8; 8] {
    let (high, low) = (u64::from(value / 10_000), u64::from(value % 10_000));
    let fours = high | (low << 32);
    let hundreds = ((fours * 5243) >> 19) & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let ones = tens | (twos - tens * 10) << 8;
    (ones | ZEROS).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eight_digits_at_once() {
        let edges = [0, 9, 99, 9_999, 10_000, 99_999_999];
        for value in edges.into_iter().chain((0..EIGHT_DIGITS).step_by(997)) {
            let expected = format!("{value:08}").into_bytes();
            assert_eq!(eight_digits(value).as_slice(), expected);
        }
    }

    proptest! {
        #[test]
        fn small_totals(value: i64, shift in 0..64u32) {
            let (value, mut to) = (value >> shift, [0; MOST_DIGITS]);
            let length = put_integer(&mut to, value);
            let expected = value.to_string().into_bytes();
            prop_assert_eq!(&to[..length], expected);
        }
    }
}
