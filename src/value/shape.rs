//! What a field says about how numbers are written in its file.

use super::blank;
use crate::number::strip_minus;

/// The marks that stand between thousands or before decimal places, as
/// [`NumberFormat`](super::NumberFormat) has them.
pub const MARKS: [u8; 4] = [b'.', b',', b' ', b'\''];

/// How a number is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shape {
    /// The mark between thousands, if one is there for certain.
    pub thousands: Option<u8>,
    /// The mark before decimal places, if one is there for certain.
    pub decimal: Option<u8>,
    /// A point or comma that can be either: `1.234`.
    pub either: Option<u8>,
    /// Whether there are only zeros behind the last mark that can be a
    /// decimal one.
    pub is_whole: bool,
}

/// A mark and the digits behind it.
#[derive(Clone, Copy)]
struct Group {
    mark: u8,
    len: usize,
    zeros: bool,
}

impl Shape {
    /// How a field is written, if it can be a number.
    ///
    /// # Complexity
    ///
    /// Linear in the field's length.
    pub fn of(field: &[u8]) -> Option<Shape> {
        let field = blank::trim(field);
        let unsigned = strip_minus(field).or(field.strip_prefix(b"+"));
        Shape::of_digits(unsigned.unwrap_or(field))
    }

    /// How a number without a sign is written, nor blanks around it.
    ///
    /// # Complexity
    ///
    /// Linear in the field's length.
    pub fn of_digits(field: &[u8]) -> Option<Shape> {
        let (first, mut rest) = split_digits(field);
        let mut last: Option<Group> = None;
        let (mut thousands, mut between) = (None, None);
        while !rest.is_empty() {
            let (mark, behind) = split_mark(rest)?;
            // What stands before another mark is a group, of three if it is
            // the last.
            if let Some(group) = last {
                let wanted = match group.mark == mark {
                    true => *between.get_or_insert(group.len),
                    false => 3,
                };
                let fits = group.len == wanted
                    && blank::parts(first.len(), wanted, group.mark);
                if !fits || thousands.is_some_and(|t| t != group.mark) {
                    return None;
                }
                thousands = Some(group.mark);
            }
            let (digits, behind) = split_digits(behind);
            let zeros = digits.iter().all(|&byte| byte == b'0');
            last = Some(Group { mark, len: digits.len(), zeros });
            rest = behind;
        }
        let grouped = (1..=3).contains(&first.len()) && first[0] != b'0';
        match last {
            None => (!first.is_empty()).then_some(Shape::PLAIN),
            Some(last) => Shape::ending(first, grouped, thousands, last),
        }
    }

    /// Digits without marks.
    const PLAIN: Shape =
        Shape { thousands: None, decimal: None, either: None, is_whole: true };

    /// The shape of what begins with the digits `first`, which are followed
    /// by marks between `thousands`, if there are any, and ends with `last`.
    fn ending(
        first: &[u8],
        grouped: bool,
        thousands: Option<u8>,
        last: Group,
    ) -> Option<Shape> {
        let Group { mark, len, zeros } = last;
        let can_be_decimal = matches!(mark, b'.' | b',');
        let is_group = len == 3 && grouped;
        let (shown, decimal, either) = match thousands {
            Some(t) if t == mark => (Some(t), None, None),
            None if !can_be_decimal => (Some(mark), None, None),
            None if is_group => (None, None, Some(mark)),
            shown => (shown, Some(mark), None),
        };
        let fits = match decimal {
            Some(_) => can_be_decimal && (grouped || shown.is_none()),
            None => is_group,
        };
        let enough = !first.is_empty() || len > 0;
        let is_whole = zeros || (decimal, either) == (None, None);
        let shape = Shape { thousands: shown, decimal, either, is_whole };
        (fits && enough).then_some(shape)
    }
}

/// The digits at the front, and what is behind them.
fn split_digits(field: &[u8]) -> (&[u8], &[u8]) {
    let is_other = |byte: &u8| !byte.is_ascii_digit();
    field.split_at(field.iter().position(is_other).unwrap_or(field.len()))
}

/// The mark at the front, and what is behind it.
fn split_mark(field: &[u8]) -> Option<(u8, &[u8])> {
    let found = MARKS.iter().find_map(|&mark| {
        blank::strip_mark(field, mark).map(|rest| (mark, rest))
    });
    found.filter(|(_, rest)| rest.first().is_none_or(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the marks of a field: those between thousands, before decimals,
    /// and of either kind, `_` for none; and then whether it is whole.
    fn check(field: &str, expected: &str) {
        let shape = Shape::of(field.as_bytes());
        let found = shape.map(|shape| {
            let mark = |mark: Option<u8>| char::from(mark.unwrap_or(b'_'));
            let marks = [shape.thousands, shape.decimal, shape.either];
            let whole = if shape.is_whole { "=" } else { "~" };
            marks.map(mark).iter().collect::<String>() + whole
        });
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{field:?}");
    }

    #[test]
    fn shapes() {
        for (field, expected) in [
            ("0", "___="),
            ("1234567", "___="),
            (" -12 ", "___="),
            ("12-", "___="),
            ("\u{2212}12", "___="),
            ("1.234,50-", ".,_~"),
            ("12\u{2212}", "___="),
            ("12.", "_._="),
            ("12.0", "_._="),
            ("12.5", "_._~"),
            ("12,5", "_,_~"),
            (".5", "_._~"),
            ("0.123", "_._~"),
            ("0,123", "_,_~"),
            ("1234.567", "_._~"),
            ("1234,567", "_,_~"),
            ("1.234", "__.~"),
            ("1.000", "__.="),
            ("12,345", "__,~"),
            ("123,000", "__,="),
            ("1.2345", "_._~"),
            ("1,234,567", ",__="),
            ("1,23,456", ",__="),
            ("12,34,56,789", ",__="),
            ("12,34,567.50", ",._~"),
            ("12,34,567.00", ",._="),
            ("1.234.567", ".__="),
            ("1,234.5", ",._~"),
            ("1,234.00", ",._="),
            ("1,234.567", ",._~"),
            ("1.234,50", ".,_~"),
            ("1 234", " __="),
            ("1\u{A0}234\u{202F}567,5", " ,_~"),
            ("1'234.5", "'._~"),
            ("1’234", "'__="),
            ("", "none"),
            (".", "none"),
            ("-", "none"),
            ("-12-", "none"),
            ("- 12", "none"),
            ("12.-", "none"),
            ("12.\u{2013}", "none"),
            ("\u{2013}12", "none"),
            ("abc", "none"),
            ("12 Mix", "none"),
            ("1,23,4", "none"),
            ("123,45,678", "none"),
            ("1,23,456,789", "none"),
            ("1,234,56,789", "none"),
            ("12,34.5", "none"),
            ("12,34,56.5", "none"),
            ("1.23.456", "none"),
            ("1 23 456", "none"),
            ("1,234,56", "none"),
            ("1234,567,890", "none"),
            ("0,123,456", "none"),
            ("1,234.567.8", "none"),
            ("1.234'5", "none"),
            ("1234 567", "none"),
            ("1 23", "none"),
            ("2024.03.04", "none"),
            ("2024 03 04", "none"),
            ("3.4.2024", "none"),
            ("192.168.1.20", "none"),
            ("1e3", "none"),
            ("1, 2", "none"),
        ] {
            check(field, expected);
        }
    }
}
