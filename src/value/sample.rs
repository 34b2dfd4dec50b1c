//! What the records in a file's head say of how its values are written.

use super::look::{Kind, Look};
use super::marks::{Given, MarkLook, Marks};
use super::orders::{Order, OrderLook};
use crate::options::DateOrder;
use crate::record::Record;
use crate::text::{self, CodePage};

/// The looks of a file's columns.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sample(Vec<Look>);

impl Sample {
    /// Looks at a field in a column.
    ///
    /// # Complexity
    ///
    /// Linear in its length.
    fn add(&mut self, column: usize, field: &[u8]) {
        if self.0.len() <= column {
            self.0.resize_with(column + 1, Look::default);
        }
        self.0[column].add(field);
    }

    /// Looks at a record, the file being in this code page if in any.
    pub fn add_record(&mut self, record: Record<'_>, page: Option<&CodePage>) {
        for (column, field) in record.iter().enumerate() {
            let text = text::decode(page, field);
            self.add(column, text.as_deref().unwrap_or(field));
        }
    }

    /// Looks at the fields of a record.
    pub fn add_fields(&mut self, fields: &[Vec<u8>]) {
        for (column, field) in fields.iter().enumerate() {
            self.add(column, field);
        }
    }

    /// What the values of a column are, numbers having this decimal mark.
    pub fn kind(&self, column: usize, decimal_mark: u8) -> Kind {
        let look = self.0.get(column);
        look.map_or(Kind::Text, |look| look.kind(decimal_mark))
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
