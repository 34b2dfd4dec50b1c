//! The groups of a row.

use super::scan::Scan;
use super::{MOST_IN_ROW, MOST_LAST_BYTES, RunError};
use crate::total::Total;

/// The groups of a row: their last fields and their totals.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Which of the run's last fields there are, ascending.
    lasts: Vec<u16>,
    /// The totals of each.
    totals: Vec<Total>,
}

impl Row {
    /// The groups, each as which of the run's last fields it has, and its
    /// totals, of which there are so many.
    #[inline]
    pub fn groups(
        &self,
        totals: usize,
    ) -> impl Iterator<Item = (usize, &[Total])> {
        let totals = self.totals.chunks_exact(totals);
        self.lasts.iter().map(|&last| usize::from(last)).zip(totals)
    }

    /// The group at a place in the row, if there are as many.
    pub fn get(
        &self,
        place: usize,
        totals: usize,
    ) -> Option<(usize, &[Total])> {
        let last = *self.lasts.get(place)?;
        let totals = &self.totals[place * totals..][..totals];
        Some((usize::from(last), totals))
    }

    /// Whether groups may be in rows that have so many last fields in all, of
    /// so many bytes, and so many totals each.
    pub fn fits(lasts: usize, bytes: usize, totals: usize) -> bool {
        lasts * totals <= MOST_IN_ROW && bytes <= MOST_LAST_BYTES
    }

    /// The bytes of a set of some of so many last fields.
    pub fn set_bytes(lasts: usize) -> usize {
        8 * lasts.div_ceil(64)
    }

    /// Becomes the row whose set begins here, of a run that has so many lasts
    /// and totals.
    pub(super) fn read(
        &mut self,
        scan: &mut Scan<'_>,
        lasts: usize,
        totals: usize,
    ) -> Result<(), RunError> {
        self.lasts.clear();
        for first in (0..lasts as u16).step_by(64) {
            let mut set = u64::from_le_bytes(scan.array()?);
            while set > 0 {
                self.lasts.push(first + set.trailing_zeros() as u16);
                set &= set - 1;
            }
        }
        let last = self.lasts.last().ok_or(RunError::Damaged)?;
        if usize::from(*last) >= lasts {
            return Err(RunError::Damaged);
        }
        self.totals.resize(self.lasts.len() * totals, Total::zero());
        self.totals.iter_mut().try_for_each(|total| scan.total(total))
    }
}
