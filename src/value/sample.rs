//! What the records in a file's head say of how its values are written.

use super::currency_look::{CurrencyLook, InCurrency};
use super::look::{Kind, Look};
use super::marks::{Given, MarkLook, Marks};
use super::orders::{Order, OrderLook};
use crate::currency::Currency;
use crate::dictionary::Dictionary;
use crate::options::DateOrder;
use crate::record::{Record, Span};
use crate::text::CodePage;

/// The looks of a file's columns.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sample(Vec<Look>);

/// The fields of records, of which each distinct one is looked at once: most
/// are there many times.
#[derive(Debug, Default)]
pub struct Fields(Vec<Column>);

/// The fields in a column.
#[derive(Debug, Default)]
struct Column {
    /// In the order of their first appearance.
    distinct: Dictionary,
    /// How often each is there.
    times: Vec<u32>,
}

impl Fields {
    /// Takes a field in a column.
    fn add(&mut self, column: usize, field: &[u8]) {
        self.add_of(column, field, Span::new(0, field.len()));
    }

    /// Takes a field in a column, which lies in `bytes`.
    fn add_of(&mut self, column: usize, bytes: &[u8], field: Span) {
        if self.0.len() <= column {
            self.0.resize_with(column + 1, Column::default);
        }
        let Column { distinct, times } = &mut self.0[column];
        let id = distinct.id_of(bytes, field) as usize;
        match times.get_mut(id) {
            Some(times) => *times += 1,
            None => times.push(1),
        }
    }

    /// Takes the fields of a record, the file being in this code page if in
    /// any.
    pub fn add_record(&mut self, record: Record<'_>, page: Option<&CodePage>) {
        let bytes = record.bytes();
        for (column, &field) in record.spans().iter().enumerate() {
            match page.and_then(|page| page.decode(&bytes[field.range()])) {
                Some(text) => self.add(column, &text),
                None => self.add_of(column, bytes, field),
            }
        }
    }

    /// Takes the fields of a record.
    pub fn add_fields(&mut self, fields: &[Vec<u8>]) {
        for (column, field) in fields.iter().enumerate() {
            self.add(column, field);
        }
    }

    /// Looks at them.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the distinct ones.
    pub fn look(self) -> Sample {
        Sample(self.0.into_iter().map(Column::look).collect())
    }
}

impl Column {
    fn look(self) -> Look {
        let (strings, mut look) =
            (self.distinct.into_strings(), Look::default());
        for (id, times) in (0..).zip(self.times) {
            look.add(strings.get(id), times);
        }
        look
    }
}

impl Sample {
    /// What the values of a column are, numbers having this decimal mark.
    pub fn kind(&self, column: usize, decimal_mark: u8) -> Kind {
        let look = self.0.get(column);
        look.map_or(Kind::Text, |look| look.kind(decimal_mark))
    }

    /// The same for a column that is to be totalled.
    pub fn total_kind(&self, column: usize, decimal_mark: u8) -> Kind {
        let look = self.0.get(column);
        look.map_or(Kind::Text, |look| look.total_kind(decimal_mark))
    }

    /// The currency of the numbers in a column, if none is given.
    pub fn currency(
        &self,
        column: usize,
        given: Option<Option<Currency>>,
    ) -> InCurrency {
        let look = self.0.get(column).map(Look::currencies);
        look.cloned().unwrap_or_default().resolve(given)
    }

    /// Whether words stand beside numbers in a column that are taken for no
    /// currency.
    pub fn has_other_words(&self, column: usize) -> bool {
        let look = self.0.get(column).map(Look::currencies);
        look.is_some_and(CurrencyLook::has_other_words)
    }

    /// Whether there are numbers in brackets in one of these columns.
    pub fn has_brackets(
        &self,
        mut columns: impl Iterator<Item = usize>,
    ) -> bool {
        columns.any(|at| self.0.get(at).is_some_and(Look::has_brackets))
    }

    /// The marks of the numbers in these columns.
    pub fn marks(
        &self,
        columns: impl Iterator<Item = usize>,
        given: Given,
        places: u8,
    ) -> Marks {
        let mut all = MarkLook::default();
        for look in columns.filter_map(|column| self.0.get(column)) {
            all.merge(look.marks());
        }
        all.resolve(given, places)
    }

    /// The order of the dates in these columns.
    pub fn order(
        &self,
        columns: impl Iterator<Item = usize>,
        given: Option<DateOrder>,
    ) -> Order {
        let mut all = OrderLook::default();
        for look in columns.filter_map(|column| self.0.get(column)) {
            all.merge(look.order());
        }
        all.resolve(given)
    }
}
