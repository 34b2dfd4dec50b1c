//! A field to a number, exactly.
//!
//! Nothing here passes through a float, and nothing wraps: what does not fit
//! an `i64` is a [`BigInt`].

use num_bigint::BigInt;

/// The most digits that surely fit an `i64`.
const SMALL_DIGITS: usize = 18;

/// An integer, as a field holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// One that fits.
    Small(i64),
    /// One beyond `i64`. [`parse`] gives this for no other.
    Large(BigInt),
}

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Number {
        match i64::try_from(&value) {
            Ok(small) => Number::Small(small),
            Err(_) => Number::Large(value),
        }
    }
}

/// Parses a field as an integer: `[ \t]*[+-]?[0-9]+(\.0*)?[ \t]*`.
///
/// Leading zeros are fine, and so is a fraction of zeros, which spreadsheets
/// and data frames write. A minus may also be Unicode's, and stand behind the
/// last digit, as in SAP's exports. Returns `None` for anything else, as
/// `1,234`, `1.5`, `1e3` or an empty field.
///
/// # Complexity
///
/// Linear in the field's length up to 18 digits without leading zeros, and
/// quadratic beyond.
#[inline]
pub fn parse(field: &[u8]) -> Option<Number> {
    match parse_digits(field) {
        Some(value) => Some(Number::Small(value)),
        None => parse_any(field),
    }
}

/// Parses 1 to 18 digits with nothing around them.
#[inline]
fn parse_digits(field: &[u8]) -> Option<i64> {
    if field.is_empty() || field.len() > SMALL_DIGITS {
        return None;
    }
    field.iter().try_fold(0, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| value * 10 + i64::from(digit))
    })
}

/// Parses one to eight digits with nothing around them, a field's bytes at
/// `start..end`, if there are eight bytes from `start` on.
///
/// It looks at all of them at once: a loop over as many as there are would be
/// mispredicted nearly every time.
///
/// # Complexity
///
/// Constant.
#[inline]
pub(crate) fn parse_short(
    bytes: &[u8],
    start: usize,
    end: usize,
) -> Option<i64> {
    let len = end - start;
    if !(1..=8).contains(&len) {
        return None;
    }
    let word: &[u8; 8] = bytes.get(start..)?.first_chunk()?;
    // The digits move up to the word's end, zeros come in before them.
    let shift = 64 - 8 * len as u32;
    let zeros = u64::from_le_bytes([b'0'; 8]);
    let digits = (u64::from_le_bytes(*word) << shift) ^ (zeros << shift);
    // A byte beyond nine has its top bit set, or gets it here. What it
    // carries into the next one doesn't matter any more.
    let beyond = digits | digits.wrapping_add(u64::from_le_bytes([0x76; 8]));
    if beyond & u64::from_le_bytes([0x80; 8]) != 0 {
        return None;
    }
    // Eight digits become four pairs, two fours, one number.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let mask = 0x0000_00FF_0000_00FF;
    let high = (pairs & mask).wrapping_mul(100 + (1_000_000 << 32));
    let low = ((pairs >> 16) & mask).wrapping_mul(1 + (10_000 << 32));
    Some((high.wrapping_add(low) >> 32) as i64)
}

/// Parses a field of the whole grammar.
fn parse_any(field: &[u8]) -> Option<Number> {
    let (negative, digits) = split_sign(trim(field));
    let digits = trim_leading_zeros(trim_fraction(digits)?)?;
    if let Some(value) = parse_digits(digits) {
        return Some(Number::Small(if negative { -value } else { value }));
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = BigInt::parse_bytes(digits, 10)?;
    Some(Number::from(if negative { -value } else { value }))
}

/// Takes the spaces and tabs off both ends.
fn trim(mut field: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = field {
        field = rest;
    }
    field
}

/// Takes a sign off, and says whether it was a minus.
fn split_sign(field: &[u8]) -> (bool, &[u8]) {
    match strip_minus(field) {
        Some(digits) => (true, digits),
        None => (false, field.strip_prefix(b"+").unwrap_or(field)),
    }
}

/// Takes a minus off the front, or off the end if a digit stands before it.
///
/// It is a hyphen or Unicode's minus sign, which some two dozen languages of
/// the [CLDR] write, Swedish among them. None writes a dash, and one behind a
/// number can stand for no cents (`12.–`), as a minus does that is not behind
/// a digit (`12.-`): neither is taken for a sign.
///
/// [CLDR]: https://cldr.unicode.org/translation/number-currency-formats/number-symbols
#[inline]
pub(crate) fn strip_minus(field: &[u8]) -> Option<&[u8]> {
    match field {
        [b'-', rest @ ..] | [0xE2, 0x88, 0x92, rest @ ..] => Some(rest),
        [rest @ .., b'-'] | [rest @ .., 0xE2, 0x88, 0x92] => {
            rest.last()?.is_ascii_digit().then_some(rest)
        }
        _ => None,
    }
}

/// Takes a point and the zeros after it off the end, or gives `None` if other
/// things than zeros are there.
fn trim_fraction(field: &[u8]) -> Option<&[u8]> {
    let Some(point) = field.iter().position(|&byte| byte == b'.') else {
        return Some(field);
    };
    let zeros = field[point + 1..].iter().all(|&byte| byte == b'0');
    zeros.then_some(&field[..point])
}

/// Takes all leading zeros off but one that is the last byte, or gives `None`
/// if there is no byte at all.
fn trim_leading_zeros(digits: &[u8]) -> Option<&[u8]> {
    let last = digits.len().checked_sub(1)?;
    let zeros = digits[..last].iter().take_while(|&&byte| byte == b'0');
    Some(&digits[zeros.count()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks that `field` is parsed as `expected`, an integer in plain
    /// digits.
    fn check(field: &str, expected: &str) {
        let number = parse(field.as_bytes());
        let value: BigInt = expected.parse().unwrap();
        assert_eq!(number, Some(Number::from(value)), "{field:?}");
    }

    fn check_none(field: &str) {
        assert_eq!(parse(field.as_bytes()), None, "{field:?}");
    }

    #[test]
    fn plain_digits() {
        check("0", "0");
        check("7", "7");
        check("1234567890", "1234567890");
        check("999999999999999999", "999999999999999999");
        check("1000000000000000000", "1000000000000000000");
    }

    #[test]
    fn signs_zeros_and_spaces() {
        check("+7", "7");
        check("-7", "-7");
        check("-0", "0");
        check("007", "7");
        check("-000", "0");
        check("00000000000000000000000000000012", "12");
        check(" \t 12\t ", "12");
        check("  -3 ", "-3");
    }

    #[test]
    fn minus_signs() {
        check("7-", "-7");
        check(" 12.00- ", "-12");
        check("0-", "0");
        check("\u{2212}7", "-7");
        check("7\u{2212}", "-7");
        check("9223372036854775808-", "-9223372036854775808");
        for field in
            ["-7-", "7--", "+7-", "7+", "7 -", "7-0", "--7", "\u{2212}"]
        {
            check_none(field);
        }
        // No cents, and dashes.
        for field in ["7.-", "7.\u{2212}", "7.\u{2013}", "7,-", "\u{2013}7"] {
            check_none(field);
        }
        for field in ["7\u{2013}", "\u{2014}7", "\u{2010}7", "\u{FF0D}7"] {
            check_none(field);
        }
        assert_eq!(parse(b"7\x88\x92"), None);
    }

    #[test]
    fn fractions_of_zeros() {
        check("12.", "12");
        check("12.000", "12");
        check("-12.0 ", "-12");
        check("0.0", "0");
        check("9223372036854775808.00", "9223372036854775808");
    }

    #[test]
    fn edges_of_i64() {
        check("9223372036854775807", "9223372036854775807");
        check("9223372036854775808", "9223372036854775808");
        check("-9223372036854775808", "-9223372036854775808");
        check("-9223372036854775809", "-9223372036854775809");
        check("18446744073709551616", "18446744073709551616");
    }

    #[test]
    fn forty_digits() {
        let digits = "1234567890123456789012345678901234567890";
        check(digits, digits);
        check(&format!("-{digits}.0"), &format!("-{digits}"));
    }

    #[test]
    fn not_integers() {
        for field in ["", " ", "\t", "abc", "NaN", "inf", "-", "+", "- 1"] {
            check_none(field);
        }
        for field in ["1,234", "1_000", "1 2", "1e3", "0x10", "--1", "+-1"] {
            check_none(field);
        }
        for field in [".", ".0", "-.0", "1.5", "1.0.0", "1.00a", "1. 0"] {
            check_none(field);
        }
        for field in ["\u{a0}1", "1\n", "1\0", "١", "1234567890123456789a"] {
            check_none(field);
        }
    }

    proptest! {
        #[test]
        fn short_numbers_as_the_others(
            field in "[0-9]{0,9}|[0-9 +.a\u{80}-\u{ff}]{0,9}",
            before in "[0-9]{0,2}",
            behind in "[0-9]{0,9}",
        ) {
            let all = format!("{before}{field}{behind}");
            let (start, end) = (before.len(), before.len() + field.len());
            let expected = match parse_digits(field.as_bytes()) {
                _ if field.len() > 8 || all.len() - start < 8 => None,
                digits => digits,
            };
            prop_assert_eq!(
                parse_short(all.as_bytes(), start, end),
                expected
            );
        }

        #[test]
        fn every_byte_that_is_no_digit(at in 0..8_usize, byte: u8) {
            let mut field = *b"12345678";
            field[at] = byte;
            prop_assert_eq!(parse_short(&field, 0, 8), parse_digits(&field));
        }

        #[test]
        fn the_grammar(
            before in "[ \t]{0,2}",
            sign in "[+\u{2212}-]?",
            digits in "[0-9]{1,45}",
            fraction in r"(\.0{0,3})?",
            after in "[ \t]{0,2}",
        ) {
            let number = format!("{digits}{fraction}");
            let minus = sign.replace('\u{2212}', "-");
            let expected = format!("{}{digits}", minus.trim_matches('+'));
            check(&format!("{before}{sign}{number}{after}"), &expected);
            if sign != "+" && !number.ends_with('.') {
                check(&format!("{before}{number}{sign}{after}"), &expected);
            }
        }

        #[test]
        fn no_more_than_the_grammar(field in "[ +0-9.e-]{0,8}") {
            let digits = field.trim_matches(' ');
            let digits = digits
                .strip_prefix(['+', '-'])
                .or(digits.strip_suffix('-').filter(|d| !d.ends_with('.')))
                .unwrap_or(digits);
            let (whole, zeros) = digits.split_once('.').unwrap_or((digits, ""));
            let valid = !whole.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && zeros.bytes().all(|byte| byte == b'0');
            prop_assert_eq!(parse(field.as_bytes()).is_some(), valid);
        }
    }
}
