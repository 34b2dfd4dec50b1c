//! What the values of a column look like.

use super::date::{self, Written};
use super::marks::{MarkLook, is_nearly_all};
use super::orders::OrderLook;
use super::shape::Shape;

/// Eight digits, or a spreadsheet's number, are taken for a day only if it
/// lies in these years and numbers.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;
const SERIALS: std::ops::RangeInclusive<u32> = 20_000..=60_000;

/// What nearly all values of a column are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Dates.
    Date,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Decimal,
    /// Anything, or nothing.
    Text,
}

impl Kind {
    /// Its name, the same in every version.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Date => "date",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Text => "text",
        }
    }
}

/// What the values of a column look like, empty ones aside.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Look {
    values: u32,
    /// Dates that are no numbers, and days of eight digits.
    dates: u32,
    /// Whole numbers, and others.
    integers: u32,
    decimals: u32,
    /// Numbers that are whole or not as a point and a comma are understood.
    either: [u32; 2],
    marks: MarkLook,
    order: OrderLook,
}

impl Look {
    /// Looks at a value.
    ///
    /// # Complexity
    ///
    /// Linear in its length.
    pub fn add(&mut self, field: &[u8]) {
        if field.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.values += 1;
        let shape = Shape::of(field);
        let written = date::read(field).filter(|written| match written {
            Written::Day(date) => {
                shape.is_none() || YEARS.contains(&date.year)
            }
            Written::Pair { .. } => true,
        });
        self.dates += u32::from(written.is_some());
        self.order.add(field, written, is_serial(field));
        if let Some(shape) = shape {
            self.add_number(field, shape);
        }
    }

    /// Looks at a value that can be a number.
    fn add_number(&mut self, field: &[u8], shape: Shape) {
        self.marks.add(field, shape);
        match shape.either {
            Some(mark) if !shape.is_whole => {
                self.either[usize::from(mark == b',')] += 1;
            }
            _ if shape.is_whole => self.integers += 1,
            _ => self.decimals += 1,
        }
    }

    /// What nearly all values are, in a file whose numbers have this decimal
    /// mark.
    pub fn kind(&self, decimal_mark: u8) -> Kind {
        let [points, commas] = self.either;
        let (broken, grouped) = match decimal_mark {
            b',' => (commas, points),
            _ => (points, commas),
        };
        let integers = self.integers + grouped;
        let numbers = integers + self.decimals + broken;
        let nearly_all = |part| is_nearly_all(part, self.values);
        match () {
            () if nearly_all(self.dates) => Kind::Date,
            () if nearly_all(integers) => Kind::Integer,
            () if nearly_all(numbers) => Kind::Decimal,
            () => Kind::Text,
        }
    }

    /// What they tell of marks.
    pub fn marks(&self) -> &MarkLook {
        &self.marks
    }

    /// What they tell of the order of dates.
    pub fn order(&self) -> &OrderLook {
        &self.order
    }
}

/// Whether a value may be the number that a spreadsheet gives to a day.
fn is_serial(field: &[u8]) -> bool {
    let digits = field.trim_ascii();
    let number = std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok());
    digits.len() == 5 && number.is_some_and(|n| SERIALS.contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], decimal_mark: u8, expected: Kind) {
        let mut look = Look::default();
        values.iter().for_each(|value| look.add(value.as_bytes()));
        assert_eq!(look.kind(decimal_mark), expected, "{values:?}");
    }

    #[test]
    fn kinds() {
        check(&[], b'.', Kind::Text);
        check(&["", " "], b'.', Kind::Text);
        check(&["Umbrella", "1999"], b'.', Kind::Text);
        check(&["1", "", "-22", "1,234,567", "5.0"], b'.', Kind::Integer);
        check(&["1", "1.5"], b'.', Kind::Decimal);
        check(&["1", "1,5"], b',', Kind::Decimal);
        check(&["1,234"], b'.', Kind::Integer);
        check(&["1,234"], b',', Kind::Decimal);
        check(&["1.234"], b'.', Kind::Decimal);
        check(&["1.234"], b',', Kind::Integer);
        check(&["2024-03-04", ""], b'.', Kind::Date);
        check(&["03/04/2024", "3 Mar 2024"], b'.', Kind::Date);
        check(&["20240304", "20240305"], b'.', Kind::Date);
        check(&["20240304", "20249999"], b'.', Kind::Integer);
        check(&["12340506"], b'.', Kind::Integer);
        check(&["2024"], b'.', Kind::Integer);
        check(&["03/04/24"], b'.', Kind::Text);
    }

    #[test]
    fn nearly_all() {
        let mut values = vec!["1"; 19];
        values.push("unknown");
        check(&values, b'.', Kind::Integer);
        values.push("unknown");
        check(&values, b'.', Kind::Text);
    }
}
