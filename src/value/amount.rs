//! What stands around the digits of a number: a sign, brackets, a currency.

use super::blank;
use crate::currency::Currency;
use crate::number::strip_minus;

/// What says whether a number is negative.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sign {
    /// A plus before it.
    Plus,
    /// A minus before or behind it.
    Minus,
    /// Brackets around it, as accountants write negative numbers.
    Brackets,
}

/// A number taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Amount<'f> {
    /// What should be digits and the marks between them.
    pub digits: &'f [u8],
    /// The sign, if there is one.
    pub sign: Option<Sign>,
    /// Whether the currency stands before or behind them.
    pub has_currency: bool,
}

impl<'f> Amount<'f> {
    /// Takes a field apart whose blanks at both ends are gone, in a column
    /// with this currency, if it has one.
    ///
    /// The currency may stand within a sign or brackets, or outside, and may
    /// have blanks beside it. There is at most one of each.
    ///
    /// # Complexity
    ///
    /// Linear in the blanks.
    #[inline]
    pub fn of(field: &'f [u8], currency: Option<&Currency>) -> Amount<'f> {
        let mut amount =
            Amount { digits: field, sign: None, has_currency: false };
        while amount.peel(currency) {}
        amount
    }

    /// Takes off what stands outermost, if it isn't digits.
    #[inline]
    fn peel(&mut self, currency: Option<&Currency>) -> bool {
        if let Some((sign, rest)) = split_sign(self.digits)
            && self.sign.is_none()
        {
            (self.sign, self.digits) = (Some(sign), rest);
            return true;
        }
        let currency = currency.filter(|_| !self.has_currency);
        match currency.and_then(|currency| strip(self.digits, currency)) {
            Some(rest) => (self.has_currency, self.digits) = (true, rest),
            None => return false,
        }
        true
    }
}

/// The sign of a field, and what it is the sign of.
#[inline]
fn split_sign(field: &[u8]) -> Option<(Sign, &[u8])> {
    if let Some(rest) = strip_minus(field) {
        return Some((Sign::Minus, rest));
    }
    match field {
        [b'+', rest @ ..] => Some((Sign::Plus, rest)),
        [b'(', rest @ .., b')'] => Some((Sign::Brackets, blank::trim(rest))),
        _ => None,
    }
}

/// Takes a currency off the front or the end, and the blanks beside it.
fn strip<'f>(field: &'f [u8], currency: &Currency) -> Option<&'f [u8]> {
    let sign = currency.as_bytes();
    // The point of `kr.5` is that of `kr.`, and not one before a fraction.
    let is_all =
        |rest: &&[u8]| !rest.starts_with(b".") || !currency.takes_point();
    let front = field.strip_prefix(sign).filter(is_all);
    front.or_else(|| field.strip_suffix(sign)).map(blank::trim)
}
