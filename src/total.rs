//! Exact sums of numbers, and how runs have them.
//!
//! Nothing here passes through a float, and nothing wraps: what does not fit
//! an `i64` is a [`BigInt`].

use std::cmp::Ordering;
use std::error;
use std::fmt;
use std::str::FromStr;

use num_bigint::{BigInt, Sign};

use crate::copy::Buffer;
use crate::number::{self, Number};
use crate::varint;

/// A sum of integers, exact however large it grows.
///
/// Equal sums are equal totals: one that was beyond `i64` and came back is
/// the same as one that never was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total(Sum);

/// What a total is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sum {
    /// A sum that fits.
    Small(i64),
    /// A sum beyond `i64`, and never any other. It is boxed since it is rare,
    /// so that a total takes 16 bytes or less.
    Large(Box<BigInt>),
}

impl Total {
    /// The sum of no numbers.
    pub fn zero() -> Total {
        Total::from(0)
    }

    /// The total if it fits an `i64`.
    #[inline]
    pub fn to_small(&self) -> Option<i64> {
        match self.0 {
            Sum::Small(value) => Some(value),
            Sum::Large(_) => None,
        }
    }

    /// Whether it is negative, and the bytes of its absolute value, the highest
    /// first and that not zero.
    pub(crate) fn to_sign_and_bytes(&self) -> (bool, Vec<u8>) {
        let (sign, bytes) = self.to_big().to_bytes_be();
        (sign == Sign::Minus, bytes)
    }

    /// Adds an integer that fits.
    #[inline]
    pub fn add_small(&mut self, value: i64) {
        match self.0 {
            Sum::Small(sum) => match sum.checked_add(value) {
                Some(sum) => self.0 = Sum::Small(sum),
                None => self.add_large(&BigInt::from(value)),
            },
            Sum::Large(_) => self.add_large(&BigInt::from(value)),
        }
    }

    /// Adds a number.
    #[inline]
    pub fn add_number(&mut self, number: &Number) {
        match number {
            Number::Small(value) => self.add_small(*value),
            Number::Large(value) => self.add_large(value),
        }
    }

    /// Adds another total.
    #[inline]
    pub fn add(&mut self, other: &Total) {
        match &other.0 {
            Sum::Small(value) => self.add_small(*value),
            Sum::Large(value) => self.add_large(value),
        }
    }

    /// Takes another total away.
    pub fn subtract(&mut self, other: &Total) {
        match (self.to_small(), other.to_small()) {
            (Some(_), Some(right)) if right != i64::MIN => {
                self.add_small(-right);
            }
            _ => *self = Total::from(self.to_big() - other.to_big()),
        }
    }

    /// The total as an integer of any size.
    pub(crate) fn to_big(&self) -> BigInt {
        match &self.0 {
            Sum::Small(value) => BigInt::from(*value),
            Sum::Large(value) => (**value).clone(),
        }
    }

    /// Adds an integer of any size, and shrinks the sum if it fits again.
    #[cold]
    fn add_large(&mut self, value: &BigInt) {
        *self = match &mut self.0 {
            Sum::Small(sum) => Total::from(value + *sum),
            Sum::Large(sum) => Total::from(std::mem::take(&mut **sum) + value),
        };
    }

    /// The bytes this total has on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Sum::Small(_) => 0,
            Sum::Large(sum) => {
                size_of::<BigInt>() + sum.bits().div_ceil(8) as usize
            }
        }
    }

    /// Appends the total to `out`: how many bytes it has, as a varint, and
    /// then the bytes, two's complement, the lowest first, and as few as will
    /// do, but at least one.
    #[inline]
    pub(crate) fn encode(&self, out: &mut Buffer) {
        match &self.0 {
            Sum::Small(value) => {
                let length = put_small(out.room(MOST_SMALL), *value);
                out.advance(length);
            }
            Sum::Large(value) => encode_large(value, out),
        }
    }

    /// Decodes the total that `bytes` begin with, and says how many bytes it
    /// took.
    ///
    /// Returns `None` if the bytes end too early or if fewer would have done:
    /// each total has one encoding. It allocates no more than the bytes it
    /// is given.
    #[inline]
    pub(crate) fn decode(bytes: &[u8]) -> Option<(Total, usize)> {
        let mut total = Total::zero();
        let length = total.decode_here(bytes)?;
        Some((total, length))
    }

    /// The same, but it becomes that total: one that is returned is moved, and
    /// all of it is waited for.
    #[inline(always)]
    pub(crate) fn decode_here(&mut self, bytes: &[u8]) -> Option<usize> {
        if let Some((value, length)) = decode_small(bytes) {
            *self = Total::from(value);
            return Some(length);
        }
        let (total, length) = decode_any(bytes)?;
        *self = total;
        Some(length)
    }
}

/// Decodes a total that fits an `i64`, if there are more bytes than it can
/// take, as nearly always.
#[inline(always)]
fn decode_small(bytes: &[u8]) -> Option<(i64, usize)> {
    let (&length, rest) = bytes.split_first()?;
    let length = usize::from(length);
    let word = rest.first_chunk::<8>()?;
    if !(1..=8).contains(&length) {
        return None;
    }
    let unused = 64 - 8 * length;
    let value = i64::from_le_bytes(*word) << unused >> unused;
    let is_minimal = small_bytes(value) == length;
    is_minimal.then_some((value, 1 + length))
}

/// The most bytes that the encoding of a total takes that fits an `i64`.
pub(crate) const MOST_SMALL: usize = 9;

/// Writes that encoding to the start of `to`, as long as it can be, and
/// returns how many bytes it took.
#[inline(always)]
pub(crate) fn put_small(to: &mut [u8], value: i64) -> usize {
    let length = small_bytes(value);
    to[0] = length as u8;
    to[1..MOST_SMALL].copy_from_slice(&value.to_le_bytes());
    1 + length
}

/// How many bytes an integer takes in two's complement.
#[inline]
fn small_bytes(value: i64) -> usize {
    // One bit for the sign.
    let unused = (value ^ (value >> 63)).leading_zeros() as usize;
    (65 - unused).div_ceil(8)
}

/// Appends an integer beyond `i64`.
#[cold]
fn encode_large(value: &BigInt, out: &mut Buffer) {
    let bytes = value.to_signed_bytes_le();
    let mut length = Vec::new();
    varint::encode(bytes.len() as u64, &mut length);
    out.append(&length);
    out.append(&bytes);
}

/// Decodes a total near the end of the bytes, or one of any size.
#[cold]
fn decode_any(bytes: &[u8]) -> Option<(Total, usize)> {
    let (length, start) = varint::decode(bytes)?;
    let end = usize::try_from(length).ok()?.checked_add(start)?;
    let bytes = bytes.get(start..end)?;
    if !is_minimal(bytes) {
        return None;
    }
    let total = match bytes.len() {
        ..=8 => Total::from(extend_sign(bytes)),
        _ => Total::from(BigInt::from_signed_bytes_le(bytes)),
    };
    Some((total, end))
}

/// Whether the last byte is needed: it is more than a copy of the sign.
fn is_minimal(bytes: &[u8]) -> bool {
    match *bytes {
        [] => false,
        [_] => true,
        [.., before, last] => last != if before < 0x80 { 0 } else { 0xFF },
    }
}

/// The value of 1 to 8 bytes in two's complement, the lowest first.
fn extend_sign(bytes: &[u8]) -> i64 {
    let (last, rest) = bytes.split_last().expect("at least one byte");
    let sign = i64::from(*last as i8);
    rest.iter().rev().fold(sign, |value, &byte| value << 8 | i64::from(byte))
}

impl Ord for Total {
    fn cmp(&self, other: &Total) -> Ordering {
        match (&self.0, &other.0) {
            (Sum::Small(left), Sum::Small(right)) => left.cmp(right),
            (Sum::Large(left), Sum::Large(right)) => left.cmp(right),
            // What is beyond `i64` is beyond all that isn't.
            (Sum::Large(left), _) => left.sign().cmp(&Sign::NoSign),
            (_, Sum::Large(right)) => Sign::NoSign.cmp(&right.sign()),
        }
    }
}

impl PartialOrd for Total {
    fn partial_cmp(&self, other: &Total) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Total {
    fn from(value: i64) -> Total {
        Total(Sum::Small(value))
    }
}

impl From<BigInt> for Total {
    fn from(value: BigInt) -> Total {
        Total::from(Number::from(value))
    }
}

impl From<Number> for Total {
    fn from(number: Number) -> Total {
        match number {
            Number::Small(value) => Total(Sum::Small(value)),
            Number::Large(value) => Total(Sum::Large(Box::new(value))),
        }
    }
}

/// Plain digits, after a minus if the total is negative.
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Sum::Small(value) => value.fmt(f),
            Sum::Large(value) => value.fmt(f),
        }
    }
}

impl FromStr for Total {
    type Err = NotAnInteger;

    /// Parses what `Display` writes, and whatever else [`number::parse`] accepts.
    fn from_str(text: &str) -> Result<Total, NotAnInteger> {
        number::parse(text.as_bytes()).map(Total::from).ok_or(NotAnInteger)
    }
}

/// The error of a text that is no total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInteger;

impl fmt::Display for NotAnInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a total is not an integer")
    }
}

impl error::Error for NotAnInteger {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(text: &str) -> Total {
        text.parse().unwrap()
    }

    fn encode(total: &Total) -> Vec<u8> {
        let mut out = Buffer::default();
        total.encode(&mut out);
        out.take()
    }

    /// Checks what a total is encoded as, and that it comes back.
    fn check_encoding(text: &str, expected: &[u8]) {
        let bytes = encode(&total(text));
        assert_eq!(bytes, expected, "{text}");
        assert_eq!(Total::decode(&bytes), Some((total(text), bytes.len())));
    }

    #[test]
    fn encodings() {
        check_encoding("0", &[1, 0]);
        check_encoding("-1", &[1, 0xFF]);
        check_encoding("127", &[1, 0x7F]);
        check_encoding("128", &[2, 0x80, 0]);
        check_encoding("-128", &[1, 0x80]);
        check_encoding("-129", &[2, 0x7F, 0xFF]);
        check_encoding(
            "9223372036854775807",
            &[8, 255, 255, 255, 255, 255, 255, 255, 0x7F],
        );
        check_encoding(
            "-9223372036854775808",
            &[8, 0, 0, 0, 0, 0, 0, 0, 0x80],
        );
        check_encoding(
            "9223372036854775808",
            &[9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0],
        );
        check_encoding(
            "-9223372036854775809",
            &[9, 255, 255, 255, 255, 255, 255, 255, 0x7F, 255],
        );
    }

    #[test]
    fn damaged_encodings() {
        for bytes in [&[][..], &[0], &[1], &[2, 1], &[2, 1, 0], &[0xFF; 12]] {
            assert_eq!(Total::decode(bytes), None, "{bytes:?}");
        }
        // A zero, and a minus one, of nine bytes.
        assert_eq!(Total::decode(&[9, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        let minus_one = [9, 255, 255, 255, 255, 255, 255, 255, 255, 255];
        assert_eq!(Total::decode(&minus_one), None);
    }

    #[test]
    fn not_a_total() {
        assert_eq!("x".parse::<Total>(), Err(NotAnInteger));
        assert_eq!(NotAnInteger.to_string(), "a total is not an integer");
    }

    #[test]
    fn comes_back_into_range() {
        let mut sum = Total::from(i64::MIN);
        sum.add_small(i64::MIN);
        assert_eq!(sum.to_string(), "-18446744073709551616");
        assert_eq!(sum.to_small(), None);
        assert!(sum.heap_bytes() >= 8);
        sum.add(&total("18446744073709551616"));
        assert_eq!(sum, Total::zero());
        assert_eq!(sum.heap_bytes(), 0);
    }

    #[test]
    fn a_total_is_two_words() {
        assert!(size_of::<Total>() <= 16);
    }

    /// Integers around the places where their representation changes.
    fn integers() -> impl Strategy<Value = BigInt> {
        prop_oneof![
            any::<i64>().prop_map(BigInt::from),
            any::<i128>().prop_map(BigInt::from),
            (0u32..200, -2i8..=2, any::<bool>()).prop_map(
                |(bit, near, negative)| {
                    let value = (BigInt::from(1) << bit) + near;
                    if negative { -value } else { value }
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn sums_are_exact_and_canonical(
            values in prop::collection::vec(integers(), 0..12)
        ) {
            let mut sum = Total::zero();
            let mut expected = BigInt::from(0);
            for value in &values {
                sum.add_number(&Number::from(value.clone()));
                expected += value;
                prop_assert_eq!(sum.to_string(), expected.to_string());
                prop_assert_eq!(&sum, &Total::from(expected.clone()));
            }
            let halves = values.split_at(values.len() / 2);
            let mut again = Total::zero();
            for half in [halves.1, halves.0] {
                again.add(&Total::from(half.iter().sum::<BigInt>()));
            }
            prop_assert_eq!(again, sum);
        }

        #[test]
        fn totals_come_back(value in integers(), rest: Vec<u8>) {
            let total = Total::from(value.clone());
            let mut bytes = encode(&total);
            let length = bytes.len();
            prop_assert_eq!(&bytes[1..], value.to_signed_bytes_le());
            bytes.extend(rest);
            prop_assert_eq!(
                Total::decode(&bytes),
                Some((total.clone(), length))
            );
            prop_assert_eq!(total.to_string().parse(), Ok(total));
        }

        #[test]
        fn one_encoding(bytes in prop::collection::vec(any::<u8>(), 0..14)) {
            if let Some((total, length)) = Total::decode(&bytes) {
                prop_assert_eq!(encode(&total), &bytes[..length]);
            }
        }
    }
}
