//! A field to a number, exactly, however numbers are written in its file.

use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use super::amount::{Amount, Sign};
use super::blank;
use crate::currency::Currency;
use crate::number::Number;
use crate::reject::Reason;

/// The most digits that surely fit an `i64`.
const SMALL_DIGITS: usize = 18;

/// How numbers are written.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct NumberFormat {
    /// The decimal places they may have, zeros at their end aside; 0 for
    /// whole numbers.
    pub places: u8,
    /// The mark before those.
    pub decimal_mark: u8,
    /// The mark between thousands, if there is one. A space stands for
    /// no-break spaces too, an apostrophe for a curly one.
    pub thousands_mark: Option<u8>,
    /// The currency that may stand before or behind them, if there is one.
    pub currency: Option<Currency>,
    /// Whether those in brackets are negative, and not none.
    pub brackets: bool,
}

impl NumberFormat {
    /// Whole numbers without marks.
    pub const PLAIN: NumberFormat = NumberFormat {
        places: 0,
        decimal_mark: b'.',
        thousands_mark: None,
        currency: None,
        brackets: false,
    };
}

impl Default for NumberFormat {
    fn default() -> NumberFormat {
        NumberFormat::PLAIN
    }
}

impl NumberFormat {
    /// Whether [`number::parse`](crate::number::parse) understands the same.
    pub fn is_plain(&self) -> bool {
        *self == NumberFormat::PLAIN
    }
}

/// Parses a field as a number, which is returned times ten to the power of
/// the format's places.
///
/// There may be spaces and tabs around it, a sign before it or a minus behind
/// it, and the format's currency on either side. Marks between thousands stand
/// before every three digits or nowhere, and not behind zeros at the front;
/// commas also as in India: `12,34,567`. In the default format this is
/// [`number::parse`](crate::number::parse).
///
/// # Errors
///
/// [`Reason::TooManyPlaces`] if there are other digits than zeros behind
/// those places, as nothing is rounded; [`Reason::OtherCurrency`] if it would
/// be a number in another currency than the format's; [`Reason::BadNumber`]
/// if it is no number.
///
/// # Complexity
///
/// Linear in the field's length up to 18 digits, and quadratic beyond.
pub fn parse(field: &[u8], format: &NumberFormat) -> Result<Number, Reason> {
    parse_amount(field, format).map_err(|reason| match format.currency {
        Some(ours) if is_in_other(field, format, &ours) => {
            Reason::OtherCurrency
        }
        _ => reason,
    })
}

/// Whether a field is a number, but in another currency than this one.
#[cold]
fn is_in_other(field: &[u8], format: &NumberFormat, ours: &Currency) -> bool {
    let other = Currency::within(field).filter(|other| other != ours);
    other.is_some_and(|_| {
        let format = NumberFormat { currency: other, ..*format };
        parse_amount(field, &format) != Err(Reason::BadNumber)
    })
}

/// The same as [`parse`], for what is in the format's currency or in none.
fn parse_amount(
    field: &[u8],
    format: &NumberFormat,
) -> Result<Number, Reason> {
    let has_blanks =
        format.thousands_mark == Some(b' ') || format.currency.is_some();
    let field = match has_blanks {
        true => blank::trim(field),
        false => blank::trim_ascii(field),
    };
    let amount = Amount::of(field, format.currency.as_ref());
    let is_negative = match amount.sign {
        Some(Sign::Brackets) if !format.brackets => {
            return Err(Reason::BadNumber);
        }
        sign => matches!(sign, Some(Sign::Minus | Sign::Brackets)),
    };
    let (whole, fraction) = split_fraction(amount.digits, format.decimal_mark);
    // A lone fraction will do where fractions are expected.
    if whole.is_empty() && (format.places == 0 || fraction.is_empty()) {
        return Err(Reason::BadNumber);
    }
    let mut digits = Digits::default();
    digits.push_whole(whole, format.thousands_mark)?;
    digits.push_fraction(fraction, format.places)?;
    Ok(digits.number(is_negative))
}

/// What stands before the decimal mark, and behind it.
fn split_fraction(field: &[u8], mark: u8) -> (&[u8], &[u8]) {
    match field.iter().position(|&byte| byte == mark) {
        None => (field, b""),
        Some(at) => (&field[..at], &field[at + 1..]),
    }
}

/// The digits of a number, as they are read.
#[derive(Default)]
struct Digits {
    /// Their value as long as they are few enough.
    small: i64,
    /// How many there are, zeros at the front aside.
    count: usize,
    /// All of them once they are more.
    many: Vec<u8>,
}

impl Digits {
    /// Appends a digit.
    #[inline]
    fn push(&mut self, digit: u8) {
        if self.count == SMALL_DIGITS {
            self.many = self.small.to_string().into_bytes();
        }
        if self.count >= SMALL_DIGITS {
            self.many.push(b'0' + digit);
        } else {
            self.small = self.small * 10 + i64::from(digit);
        }
        self.count += usize::from(self.count > 0 || digit > 0);
    }

    /// Appends the digits before the decimal mark.
    fn push_whole(
        &mut self,
        whole: &[u8],
        mark: Option<u8>,
    ) -> Result<(), Reason> {
        let mut rest = whole;
        // Digits since the last mark, if there was one, before the first
        // mark, and between two.
        let (mut since, mut first, mut between) = (0, None, None);
        while let Some((&byte, behind)) = rest.split_first() {
            if let Some(digit) = digit(byte) {
                self.push(digit);
                since += 1;
                rest = behind;
                continue;
            }
            let mark = mark.ok_or(Reason::BadNumber)?;
            rest = blank::strip_mark(rest, mark).ok_or(Reason::BadNumber)?;
            let fits = match first {
                None => (1..=3).contains(&since) && whole[0] != b'0',
                Some(first) => {
                    let between = *between.get_or_insert(since);
                    since == between && blank::parts(first, between, mark)
                }
            };
            if !fits {
                return Err(Reason::BadNumber);
            }
            first = first.or(Some(since));
            since = 0;
        }
        match first.is_some() && since != 3 {
            true => Err(Reason::BadNumber),
            false => Ok(()),
        }
    }

    /// Appends the digits behind the decimal mark, as many as there are
    /// places.
    fn push_fraction(
        &mut self,
        fraction: &[u8],
        places: u8,
    ) -> Result<(), Reason> {
        let places = usize::from(places);
        if !fraction.iter().all(u8::is_ascii_digit) {
            return Err(Reason::BadNumber);
        }
        let (kept, cut) = fraction.split_at(places.min(fraction.len()));
        if cut.iter().any(|&byte| byte != b'0') {
            return Err(Reason::TooManyPlaces);
        }
        kept.iter().for_each(|byte| self.push(byte - b'0'));
        (kept.len()..places).for_each(|_| self.push(0));
        Ok(())
    }

    /// The number that they make.
    fn number(self, negative: bool) -> Number {
        if self.count <= SMALL_DIGITS {
            let small = if negative { -self.small } else { self.small };
            return Number::Small(small);
        }
        let large = BigInt::parse_bytes(&self.many, 10).expect("digits");
        Number::from(if negative { -large } else { large })
    }
}

/// The value of a digit.
#[inline]
fn digit(byte: u8) -> Option<u8> {
    let digit = byte.wrapping_sub(b'0');
    (digit <= 9).then_some(digit)
}

#[cfg(test)]
mod tests;
