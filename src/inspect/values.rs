//! How numbers and dates are written.

use super::{Inspection, Notice};
use crate::error::{Error, ErrorKind};
use crate::options::{FileOptions, KeyFormat};
use crate::value::{
    DateFormat, Doubt, Given, InCurrency, Kind, NumberFormat, parse_date,
};

impl Inspection {
    /// What the values of each column are, numbers having this decimal mark.
    pub(super) fn kinds(&self, decimal_mark: u8) -> Vec<Kind> {
        let kind = |column| match self.totals.contains(&Some(column)) {
            true => self.sample.total_kind(column, decimal_mark),
            false => self.sample.kind(column, decimal_mark),
        };
        (0..self.columns.len()).map(kind).collect()
    }

    /// Finds out how numbers and dates are written, and says so if they can
    /// be read in two ways.
    pub(super) fn understand_values(&mut self, options: &FileOptions) {
        let given = Given {
            decimal: options.decimal_mark,
            thousands: options.thousands_mark,
        };
        let totals = self.totals.iter().copied().flatten();
        let has_brackets = || self.sample.has_brackets(totals.clone());
        let brackets = options.brackets.unwrap_or_else(has_brackets);
        let marks = self.sample.marks(totals, given, options.places);
        self.numbers = NumberFormat { brackets, ..marks.numbers };
        self.has_decimal = marks.has_decimal;
        if let Some(Doubt { examples, is_mixed }) = marks.doubt {
            self.examples.numbers = examples.clone();
            let kind = ErrorKind::AmbiguousNumbers { examples, is_mixed };
            self.errors.push(Error::new(kind));
        }
        self.understand_currencies(options);
        self.types = self.kinds(self.numbers.decimal_mark);
        self.understand_dates(options);
    }

    /// Finds out in which currency each column to total is, and says so of
    /// the first that seems to have several.
    fn understand_currencies(&mut self, options: &FileOptions) {
        let mut mixed = None;
        for (index, &total) in self.totals.iter().enumerate() {
            let given = options.currencies.get(index).copied().flatten();
            let find = |column| self.sample.currency(column, given);
            let InCurrency { currency, all, doubt } =
                total.map(find).unwrap_or_default();
            self.currencies.push(currency);
            self.all_currencies.push(all);
            mixed = mixed.or(total.zip(doubt));
        }
        if let Some((column, examples)) = mixed {
            let column = self.names().swap_remove(column);
            let kind = ErrorKind::MixedCurrencies { column, examples };
            self.errors.push(Error::new(kind));
        }
    }

    /// Finds out how dates are written.
    fn understand_dates(&mut self, options: &FileOptions) {
        let is_date = |&(_, format): &(_, &KeyFormat)| format.date.is_some();
        let formats = self.keys.iter().zip(&options.key_formats);
        let asked: Vec<usize> =
            formats.filter(is_date).filter_map(|(key, _)| *key).collect();
        let is_asked = !asked.is_empty();
        let looks = (0..self.types.len()).filter(|&column| match is_asked {
            true => asked.contains(&column),
            false => self.types[column] == Kind::Date,
        });
        let found = self.sample.order(looks, options.date_order);
        self.date_order = found.order;
        self.short_years = found.short_years;
        if !is_asked {
            return;
        }
        let (order, short_years) =
            (found.order.unwrap_or_default(), found.short_years);
        let format = DateFormat { order, short_years };
        let short = found.short.and_then(|example| {
            let date = parse_date(example.as_bytes(), format)?;
            Some(Notice::ShortYears { example, date })
        });
        self.notices.extend(short);
        if let Some(Doubt { examples, is_mixed }) = found.doubt {
            self.examples.dates = examples.clone();
            self.examples.orders = found.all;
            let kind = ErrorKind::AmbiguousDates { examples, is_mixed };
            self.errors.push(Error::new(kind));
        }
    }
}
