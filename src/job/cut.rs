//! Files to splits.

use super::state::{Data, SplitState};
use super::{EXTENT, FilePlan};
use crate::split::Split;

/// How many bytes the splits of a job have.
///
/// Opening one costs as much as reading several MB, so few are best; but
/// whoever is done first waits for the last one. So a split is a share of what
/// is left, and the last ones are small.
///
/// Source: Polychronopoulos, C. D. and Kuck, D. J., "Guided self-scheduling",
/// IEEE Transactions on Computers C-36 (12), 1987.
#[derive(Clone, Copy, Debug)]
pub struct SplitSizes {
    /// Which part of the bytes left goes to the next split.
    share: u64,
    /// The bytes of the smallest, at least one.
    least: u64,
    /// The bytes of the largest.
    most: u64,
}

impl SplitSizes {
    /// All of the same size, at least one byte.
    pub fn equal(bytes: u64) -> SplitSizes {
        SplitSizes { share: 1, least: bytes, most: bytes }
    }

    /// Those of so many bytes of input for so many workers.
    pub fn shrinking(input: u64, workers: usize) -> SplitSizes {
        const SMALLEST: u64 = 1 << 20;
        const LARGEST: u64 = 256 << 20;
        let workers = workers as u64;
        SplitSizes {
            share: workers * 2,
            least: (input / (workers * 8)).clamp(SMALLEST, LARGEST / 4),
            most: LARGEST,
        }
    }

    /// The bytes of the next split if so many are left.
    fn next(self, left: u64) -> u64 {
        (left / self.share).clamp(self.least, self.most)
    }
}

/// Cuts a file into splits, with which and those behind it so many bytes are
/// left.
pub(super) fn cut(
    file: usize,
    about: &FilePlan,
    sizes: SplitSizes,
    left: u64,
    splits: &mut Vec<SplitState>,
) {
    let mut start = about.data_start;
    while start < about.extent() {
        let bytes = match about.streamed {
            true => EXTENT,
            false => sizes.next(left - start),
        };
        let end = start.saturating_add(bytes).min(about.extent());
        let first = (start == about.data_start).then_some(start);
        splits.push(SplitState {
            file,
            split: Split { start, end, first },
            claim: None,
            proved: false,
            data: Data::Queued,
            rejects: (0, 0),
            deaths: 0,
            refuted: 0,
        });
        start = end;
    }
}
