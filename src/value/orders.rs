//! In what order the dates of a file stand, as far as its values tell.

use super::date::{Day, ORDERS, ShortYears, Written};
use super::marks::{Doubt, example, keep_example};
use crate::options::DateOrder;

/// What the values of a column tell of day, month and year.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct OrderLook {
    /// How many values there are.
    values: u32,
    /// How many are dates.
    dates: u32,
    /// How many may be the numbers that spreadsheets give to days.
    serials: u32,
    /// Which dates have years of two digits.
    short_years: ShortYears,
    /// The first that names its month, and for each of [`ORDERS`] the first
    /// of numbers of which it makes a date.
    named: Option<String>,
    short: [Option<String>; 3],
    /// For each of [`ORDERS`] how many values it makes dates of.
    fits: [u32; 3],
    /// And the first value that it doesn't.
    unfit: [Option<String>; 3],
    /// Some values of which several make dates.
    examples: Vec<String>,
}

/// What is known of the order of a file's dates.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Order {
    /// The order, if there are dates and it is certain.
    pub order: Option<DateOrder>,
    /// Which years may have two digits.
    pub short_years: ShortYears,
    /// A date with such a year that the order makes one of, if there is one.
    pub short: Option<String>,
    /// Why the order isn't certain.
    pub doubt: Option<Doubt>,
    /// The orders that it may be then.
    pub all: Vec<DateOrder>,
}

impl OrderLook {
    /// Looks at a value that is there so many times: a date, or a number that
    /// may stand for one.
    pub fn add(
        &mut self,
        field: &[u8],
        times: u32,
        written: Option<Written>,
        is_serial: bool,
    ) {
        self.values += times;
        self.serials += times * u32::from(is_serial);
        let Some(written) = written else { return };
        self.dates += times;
        self.short_years = self.short_years.max(written.short_years());
        let dates = match written.day {
            Day::InOrder(dates) => dates,
            Day::Certain(_) if written.is_short => {
                self.named.get_or_insert_with(|| example(field));
                return;
            }
            Day::Certain(_) => return,
        };
        for (place, date) in dates.iter().enumerate() {
            self.fits[place] += times * u32::from(date.is_some());
            let (short, unfit) =
                (&mut self.short[place], &mut self.unfit[place]);
            match date {
                Some(_) if !written.is_short => continue,
                Some(_) => short.get_or_insert_with(|| example(field)),
                None => unfit.get_or_insert_with(|| example(field)),
            };
        }
        if dates.iter().flatten().count() > 1 {
            keep_example(&mut self.examples, field);
        }
    }

    /// What several columns tell together.
    pub fn merge(&mut self, other: &OrderLook) {
        self.values += other.values;
        self.dates += other.dates;
        self.serials += other.serials;
        self.short_years = self.short_years.max(other.short_years);
        self.named = self.named.take().or_else(|| other.named.clone());
        for example in &other.examples {
            keep_example(&mut self.examples, example.as_bytes());
        }
        for (fits, more) in self.fits.iter_mut().zip(other.fits) {
            *fits += more;
        }
        let keep = |kept: &mut [Option<String>], more: &[Option<String>]| {
            for (kept, more) in kept.iter_mut().zip(more) {
                *kept = kept.take().or_else(|| more.clone());
            }
        };
        keep(&mut self.short, &other.short);
        keep(&mut self.unfit, &other.unfit);
    }

    /// The order that the values leave no doubt of, if none is given.
    pub fn resolve(&self, given: Option<DateOrder>) -> Order {
        let certain = |order| Order {
            order,
            short_years: self.short_years,
            short: order.and_then(|order| self.short_date(order)),
            ..Order::default()
        };
        let all = self.orders(|place| {
            self.fits[place] > 0 && self.unfit[place].is_none()
        });
        match (given, &all[..]) {
            (Some(_), _) => certain(given),
            (None, [order]) => certain(Some(*order)),
            (None, []) if self.fits == [0; 3] => certain(self.other_order()),
            (None, []) => Order {
                doubt: Some(self.contradiction()),
                all: self.orders(|place| self.fits[place] > 0),
                ..certain(None)
            },
            _ => {
                let examples = self.examples.clone();
                let doubt = Some(Doubt { examples, is_mixed: false });
                Order { doubt, all, ..certain(None) }
            }
        }
    }

    /// A date with a year of two digits, in this order, if there is one.
    fn short_date(&self, order: DateOrder) -> Option<String> {
        let place = ORDERS.iter().position(|known| *known == order);
        let numbers = place.and_then(|place| self.short[place].clone());
        numbers.or_else(|| self.named.clone())
    }

    /// The order of dates that aren't three numbers, if there are any.
    fn other_order(&self) -> Option<DateOrder> {
        match () {
            () if self.dates > 0 => Some(DateOrder::Ymd),
            () if self.values > 0 && self.serials == self.values => {
                Some(DateOrder::Serial)
            }
            () => None,
        }
    }

    /// Those of [`ORDERS`] at such places.
    fn orders(&self, is_one: impl Fn(usize) -> bool) -> Vec<DateOrder> {
        let places = (0..ORDERS.len()).filter(|&place| is_one(place));
        places.map(|place| ORDERS[place]).collect()
    }

    /// Values that aren't all dates in any order.
    fn contradiction(&self) -> Doubt {
        let mut examples: Vec<String> = Vec::new();
        // What isn't a date with the month first, and so on.
        for place in [1, 0, 2] {
            let is_new = |example: &&String| !examples.contains(example);
            if examples.len() < 2
                && let Some(example) =
                    self.unfit[place].as_ref().filter(is_new)
            {
                examples.push(example.clone());
            }
        }
        Doubt { examples, is_mixed: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::look::Look;

    /// Checks the order of dates, or the examples that are in doubt.
    fn check(values: &[&str], expected: Result<Option<DateOrder>, &[&str]>) {
        let mut look = Look::default();
        values.iter().for_each(|value| look.add(value.as_bytes(), 1));
        let Order { order, doubt, .. } = look.order().resolve(None);
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
    fn years_of_two_digits() {
        check(&["31/12/99", "01/02/24"], Ok(Some(DateOrder::Dmy)));
        check(&["12/31/24", "01/02/24"], Ok(Some(DateOrder::Mdy)));
        check(&["99-12-31", "24-01-02"], Ok(Some(DateOrder::Ymd)));
        check(&["24-1-2", "24-12-31"], Ok(Some(DateOrder::Ymd)));
        check(&["31-Dec-24", "Dec 31, 24"], Ok(Some(DateOrder::Ymd)));
        check(&["31/12/24", "31/12/2024"], Ok(Some(DateOrder::Dmy)));
        check(&["31/12/24"], Err(&["31/12/24"]));
        check(&["24-12-31", "24-12-30"], Err(&["24-12-31", "24-12-30"]));
        check(&["01/02/03"], Err(&["01/02/03"]));
        check(&["12/31/24", "31/12/24"], Err(&["31/12/24", "12/31/24"]));
        check(&["99-12-31", "12/31/24"], Err(&["99-12-31", "12/31/24"]));
    }

    #[test]
    fn a_date_with_a_year_of_two_digits() {
        let check = |values: &[&str], given, expected: &str| {
            let mut look = Look::default();
            values.iter().for_each(|value| look.add(value.as_bytes(), 1));
            let Order { short, .. } = look.order().resolve(given);
            assert_eq!(short.unwrap_or_default(), expected, "{values:?}");
        };
        check(&["31/12/2024"], None, "");
        check(&["31/12/2024", "1/2/24"], None, "1/2/24");
        check(&["2024-12-31", "31-Dec-24"], None, "31-Dec-24");
        check(&["31/12/24"], None, "");
        let mdy = Some(DateOrder::Mdy);
        check(&["31/12/24", "1/2/24"], mdy, "1/2/24");
        check(&["31/12/24"], mdy, "");
        check(&["31/12/24"], Some(DateOrder::Serial), "");
    }

    #[test]
    fn orders_that_are_left() {
        use DateOrder::{Dmy, Mdy, Ymd};
        let check = |values: &[&str], expected: &[DateOrder]| {
            let mut look = Look::default();
            values.iter().for_each(|value| look.add(value.as_bytes(), 1));
            let Order { all, .. } = look.order().resolve(None);
            assert_eq!(all, expected, "{values:?}");
        };
        check(&["03/04/2024"], &[Dmy, Mdy]);
        check(&["31/12/24"], &[Dmy, Ymd]);
        check(&["01/02/03"], &[Dmy, Mdy, Ymd]);
        check(&["01/02/03", "03/04/2024"], &[Dmy, Mdy]);
        check(&["12/31/2024", "31/12/2024"], &[Dmy, Mdy]);
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
        look.add(b"03/04/2024", 1);
        let found = look.order().resolve(Some(DateOrder::Mdy));
        assert_eq!((found.order, found.doubt), (Some(DateOrder::Mdy), None));
    }
}
