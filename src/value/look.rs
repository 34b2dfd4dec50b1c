//! What the values of a column look like.

use super::amount::{Amount, Sign};
use super::blank;
use super::currency_look::CurrencyLook;
use super::date::{self, Day, Written};
use super::marks::{MarkLook, is_nearly_all};
use super::orders::OrderLook;
use super::shape::Shape;
use crate::currency::Currency;

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
    /// Numbers that are nothing else.
    numbers: Numbers,
    /// Those with brackets, or a word beside them, that can be other things in
    /// a column that nobody asked to total.
    dressed: Numbers,
    /// How many numbers are in brackets.
    brackets: u32,
    marks: MarkLook,
    currencies: CurrencyLook,
    order: OrderLook,
}

/// How many numbers are whole and how many not.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Numbers {
    /// Whole numbers, and others.
    integers: u32,
    decimals: u32,
    /// Numbers that are whole or not as a point and a comma are understood.
    either: [u32; 2],
}

impl Numbers {
    /// Counts one that has this shape, and is there so many times.
    fn add(&mut self, times: u32, shape: Shape) {
        match shape.either {
            Some(mark) if !shape.is_whole => {
                self.either[usize::from(mark == b',')] += times;
            }
            _ if shape.is_whole => self.integers += times,
            _ => self.decimals += times,
        }
    }

    /// How many are whole, and how many there are, in a file whose numbers
    /// have this decimal mark.
    fn count(&self, decimal_mark: u8) -> [u32; 2] {
        let [points, commas] = self.either;
        let (broken, grouped) = match decimal_mark {
            b',' => (commas, points),
            _ => (points, commas),
        };
        let integers = self.integers + grouped;
        [integers, integers + self.decimals + broken]
    }
}

impl Look {
    /// Looks at a value that is there so many times.
    ///
    /// # Complexity
    ///
    /// Linear in its length.
    pub fn add(&mut self, field: &[u8], times: u32) {
        if field.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.values += times;
        let shape = Shape::of(field);
        let is_date = |written: &Written| match written.day {
            Day::Certain(date) => {
                shape.is_none() || YEARS.contains(&date.year)
            }
            Day::InOrder(_) => true,
        };
        let written = date::read(field).filter(is_date);
        self.dates += times * u32::from(written.is_some());
        self.order.add(field, times, written, is_serial(field));
        if let Some(shape) = shape {
            self.numbers.add(times, shape);
            self.marks.add(field, times, shape);
            self.currencies.add(field, times, None);
        } else if written.is_none() {
            self.add_dressed(field, times);
        }
    }

    /// Looks at a value that can be a number with brackets or a currency.
    fn add_dressed(&mut self, field: &[u8], times: u32) {
        let trimmed = blank::trim(field);
        // Most are text without digits.
        if !trimmed.iter().any(u8::is_ascii_digit) {
            return;
        }
        let currency = Currency::within(trimmed);
        let amount = Amount::of(trimmed, currency.as_ref());
        let Some(shape) = Shape::of_digits(amount.digits) else { return };
        let has_brackets = amount.sign == Some(Sign::Brackets);
        match has_brackets || currency.is_some_and(|c| c.is_word()) {
            true => self.dressed.add(times, shape),
            false => self.numbers.add(times, shape),
        }
        self.brackets += times * u32::from(has_brackets);
        self.marks.add(field, times, shape);
        self.currencies.add(field, times, currency);
    }

    /// What nearly all values are, in a file whose numbers have this decimal
    /// mark.
    pub fn kind(&self, decimal_mark: u8) -> Kind {
        let [integers, numbers] = self.numbers.count(decimal_mark);
        self.kind_of(integers, numbers)
    }

    /// The same in a column that is to be totalled, where what may be a number
    /// is one.
    pub fn total_kind(&self, decimal_mark: u8) -> Kind {
        let [integers, numbers] = self.numbers.count(decimal_mark);
        let [more, all] = self.dressed.count(decimal_mark);
        self.kind_of(integers + more, numbers + all)
    }

    /// What nearly all values are if so many are whole numbers, and so many
    /// are numbers.
    fn kind_of(&self, integers: u32, numbers: u32) -> Kind {
        let nearly_all = |part| is_nearly_all(part, self.values);
        match () {
            () if nearly_all(self.dates) => Kind::Date,
            () if nearly_all(integers) => Kind::Integer,
            () if nearly_all(numbers) => Kind::Decimal,
            () => Kind::Text,
        }
    }

    /// What they tell of currencies.
    pub fn currencies(&self) -> &CurrencyLook {
        &self.currencies
    }

    /// Whether there are numbers in brackets.
    pub fn has_brackets(&self) -> bool {
        self.brackets > 0
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
    let Ok(digits) = <[u8; 5]>::try_from(field.trim_ascii()) else {
        return false;
    };
    let number = std::str::from_utf8(&digits).ok();
    let number = number.and_then(|digits| digits.parse().ok());
    number.is_some_and(|number| SERIALS.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], decimal_mark: u8, expected: Kind) {
        let mut look = Look::default();
        values.iter().for_each(|value| look.add(value.as_bytes(), 1));
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
        check(&["03/04/24"], b'.', Kind::Date);
        check(&["$1", "2", "-$3.00"], b'.', Kind::Integer);
        check(&["€ 1.234,50", "7"], b',', Kind::Decimal);
    }

    #[test]
    fn what_is_a_number_only_where_it_is_totalled() {
        let check = |values: &[&str], expected| {
            let mut look = Look::default();
            values.iter().for_each(|value| look.add(value.as_bytes(), 1));
            assert_eq!(look.kind(b'.'), Kind::Text, "{values:?}");
            assert_eq!(look.total_kind(b'.'), expected, "{values:?}");
        };
        check(&["VOL 1", "VOL 2"], Kind::Integer);
        check(&["(2007)", "(1999)"], Kind::Integer);
        check(&["12.50 USD", "7"], Kind::Decimal);
        check(&["(12.50)"], Kind::Decimal);
        check(&["Vol 1", "2"], Kind::Text);
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
