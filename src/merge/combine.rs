//! The groups of a merge as one run.

use super::{Merge, Step};
use crate::run::{MOST_FIELDS, RunError, RunWriter};

impl Merge {
    /// A writer of a run of the merge's groups, for
    /// [`write`](Merge::write). They are in rows if those of its runs are.
    pub fn writer(&self) -> RunWriter {
        let (keys, totals) = (self.keys, self.figures.len());
        match &self.row {
            Some(row) => {
                RunWriter::in_rows(keys, totals, row.lasts().to_vec())
            }
            None => RunWriter::new(keys, totals),
        }
    }

    /// Steps on and writes groups, until there is something else for the
    /// caller to do: never [`Step::Group`].
    ///
    /// # Errors
    ///
    /// As [`Merge::step`].
    pub fn write(
        &mut self,
        writer: &mut RunWriter,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<Step, RunError> {
        let keys = self.keys;
        if self.has_rows() {
            return self.rows(|row| {
                let key = fields(row.key());
                writer.row(&key[..keys], sink);
                while row.next() {
                    writer.push_in_row(row.last(), row.totals());
                }
                true
            });
        }
        self.groups(|merge| {
            let key = fields(merge.key());
            writer.push(&key[..keys], merge.totals(), sink);
            true
        })
    }
}

/// The fields of a key, and empty ones behind them.
fn fields<'k>(key: impl Iterator<Item = &'k [u8]>) -> [&'k [u8]; MOST_FIELDS] {
    let mut fields = [&[][..]; MOST_FIELDS];
    fields.iter_mut().zip(key).for_each(|(to, field)| *to = field);
    fields
}
