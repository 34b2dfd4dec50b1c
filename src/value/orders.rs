//! In what order the dates of a file stand, as far as its values tell.

use super::date::Written;
use super::marks::{Doubt, example, keep_example};
use crate::options::DateOrder;

/// What the values of a column tell of day and month.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct OrderLook {
    /// How many values there are.
    values: u32,
    /// How many are dates.
    dates: u32,
    /// How many may be the numbers that spreadsheets give to days.
    serials: u32,
    /// How many of the dates can be day and month or month and day.
    either: u32,
    /// Some of those.
    examples: Vec<String>,
    /// A value whose second number is no month, and one whose first is none.
    certain: [Option<String>; 2],
}

/// What is known of the order of a file's dates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// The order, if there are dates and it is certain.
    pub order: Option<DateOrder>,
    /// Why it isn't.
    pub doubt: Option<Doubt>,
}

impl OrderLook {
    /// Looks at a value: a date, or a number that may stand for one.
    pub fn add(
        &mut self,
        field: &[u8],
        written: Option<Written>,
        is_serial: bool,
    ) {
        self.values += 1;
        self.dates += u32::from(written.is_some());
        self.serials += u32::from(is_serial);
        let Some(Written::Pair { first, second, .. }) = written else {
            return;
        };
        match (first > 12, second > 12) {
            (false, false) => {
                self.either += 1;
                keep_example(&mut self.examples, field);
            }
            (is_day_first, _) => {
                let certain = &mut self.certain[usize::from(is_day_first)];
                certain.get_or_insert_with(|| example(field));
            }
        }
    }

    /// What several columns tell together.
    pub fn merge(&mut self, other: &OrderLook) {
        self.values += other.values;
        self.dates += other.dates;
        self.serials += other.serials;
        self.either += other.either;
        for example in &other.examples {
            keep_example(&mut self.examples, example.as_bytes());
        }
        for (kept, more) in self.certain.iter_mut().zip(&other.certain) {
            *kept = kept.take().or_else(|| more.clone());
        }
    }

    /// The order that the values leave no doubt of, if none is given.
    pub fn resolve(&self, given: Option<DateOrder>) -> Order {
        let certain = |order| Order { order: Some(order), doubt: None };
        let doubt = |examples, is_mixed| Order {
            order: None,
            doubt: Some(Doubt { examples, is_mixed }),
        };
        if let Some(order) = given {
            return certain(order);
        }
        match &self.certain {
            [Some(month), Some(day)] => {
                doubt(vec![day.clone(), month.clone()], true)
            }
            [Some(_), None] => certain(DateOrder::Mdy),
            [None, Some(_)] => certain(DateOrder::Dmy),
            _ if self.either > 0 => doubt(self.examples.clone(), false),
            _ if self.dates > 0 => certain(DateOrder::Ymd),
            _ if self.values > 0 && self.serials == self.values => {
                certain(DateOrder::Serial)
            }
            _ => Order { order: None, doubt: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::look::Look;

    /// Checks the order of dates, or the examples that are in doubt.
    fn check(values: &[&str], expected: Result<Option<DateOrder>, &[&str]>) {
        let mut look = Look::default();
        values.iter().for_each(|value| look.add(value.as_bytes()));
        let Order { order, doubt } = look.order().resolve(None);
        match (doubt, expected) {
            (None, Ok(expected)) => assert_eq!(order, expected, "{values:?}"),
            (Some(doubt), Err(examples)) => {
                assert_eq!(doubt.examples, examples, "{values:?}");
                assert_eq!(order, None);
            }
            (doubt, _) => panic!("{values:?}: {doubt:?}"),
        }
    }

    #[test]
    fn no_doubt() {
        check(&[], Ok(None));
        check(&["x", "", "12"], Ok(None));
        check(&["2024-03-04", ""], Ok(Some(DateOrder::Ymd)));
        check(&["Mar 3, 2024"], Ok(Some(DateOrder::Ymd)));
        check(&["20240304"], Ok(Some(DateOrder::Ymd)));
        check(&["03/04/2024", "13/04/2024"], Ok(Some(DateOrder::Dmy)));
        check(&["03/04/2024", "04/13/2024"], Ok(Some(DateOrder::Mdy)));
        check(&["3.4.2024 10:15", "31.12.2024"], Ok(Some(DateOrder::Dmy)));
        check(&["45355", "45356.5", ""], Ok(None));
        check(&["45355", "45356", ""], Ok(Some(DateOrder::Serial)));
        check(&["45355", "19999"], Ok(None));
    }

    #[test]
    fn two_ways() {
        check(&["03/04/2024", "2024-03-04"], Err(&["03/04/2024"]));
        check(&["03/03/2024"], Err(&["03/03/2024"]));
        check(
            &["03/04/2024", "13/02/2024", "02/13/2024"],
            Err(&["13/02/2024", "02/13/2024"]),
        );
    }

    #[test]
    fn a_given_order_decides() {
        let mut look = Look::default();
        look.add(b"03/04/2024");
        let found = look.order().resolve(Some(DateOrder::Mdy));
        assert_eq!((found.order, found.doubt), (Some(DateOrder::Mdy), None));
    }
}
