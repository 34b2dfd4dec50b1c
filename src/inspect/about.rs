//! What the rejects of a file say of it, so that they can be read as it was.

use super::Inspection;
use crate::columns::{self, KEYS, Role, TOTALS};
use crate::dialect::Dialect;
use crate::options::{Column, FileOptions};
use crate::reject::{Asked, Written};
use crate::value::NumberFormat;

impl Inspection {
    /// All of it, in words.
    pub(super) fn about(&self, options: &FileOptions) -> String {
        let written = self.written(options).to_text();
        let asked = self.asked(options).to_text();
        match asked.is_empty() {
            true => written,
            false => format!("{written} {asked}"),
        }
    }

    /// How the file is written that is read with these options, as far as
    /// that was given or is more than what is taken for usual.
    fn written(&self, options: &FileOptions) -> Written {
        let Dialect { delimiter, quote, .. } = self.dialect;
        let NumberFormat { decimal_mark, thousands_mark, brackets, .. } =
            self.numbers;
        let unless = |usual, byte| (byte != usual).then(|| char::from(byte));
        let dates = options.key_formats.iter();
        let has_dates = dates.clone().any(|format| format.date.is_some());
        let no_thousands = options.thousands_mark.map(|_| None);
        Written {
            delimiter: Some(delimiter.into()),
            quote: unless(b'"', quote),
            decimal_mark: self.has_decimal.then(|| decimal_mark.into()),
            thousands_mark: thousands_mark
                .map(|mark| Some(mark.into()))
                .or(no_thousands),
            brackets: options.brackets.or(brackets.then_some(true)),
            date_order: self.date_order.filter(|_| has_dates),
        }
    }

    /// What these options ask of the file, as far as the same isn't found by
    /// default in its rejects, and what was found in it that may be found
    /// otherwise in them.
    fn asked(&self, options: &FileOptions) -> Asked {
        let FileOptions { keys, totals, .. } = options;
        let given = |index: usize| options.currencies.get(index).copied();
        // What is rare in the file can be all there is in its rejects.
        let has_none = |index: usize| {
            self.totals[index]
                .is_some_and(|column| self.sample.has_other_words(column))
        };
        let currency = |(index, found): (usize, &Option<_>)| {
            let known = found.map(Some).or(given(index).flatten());
            known.or(has_none(index).then_some(None))
        };
        let currencies = self.currencies.iter().enumerate().map(currency);
        Asked {
            keys: self.unusual(keys.as_deref(), &self.keys, &KEYS),
            totals: self.unusual(totals.as_deref(), &self.totals, &TOTALS),
            currencies: currencies.collect(),
            key_formats: options.key_formats.clone(),
            places: options.places,
        }
    }

    /// The columns that were found, unless they are found by default: without
    /// a header that is a matter of values.
    fn unusual(
        &self,
        asked: Option<&[Column]>,
        found: &[Option<usize>],
        roles: &[Role],
    ) -> Option<Vec<usize>> {
        let by_default = || columns::resolve(&self.names(), None, roles);
        let is_usual =
            self.header && (asked.is_none() || by_default() == found);
        let found: Option<Vec<usize>> = found.iter().copied().collect();
        found.filter(|_| !is_usual)
    }
}
