//! Where first keys first appear, as runs tell it.
//!
//! A *place* is the offset of a record's first key field, or of its record,
//! from the start of the first file, as if all files lay end to end. So places
//! compare as files and offsets do.
//!
//! Where the result is to be in order of first appearance, the keys in runs
//! have one more field, the second, which is [`GROUP`] in all groups. Before
//! those with some first key there are *marks*, groups of another kind: their
//! second field is a place, as [`ordered`] has it, and all behind it empty,
//! their totals zero. Each run has one mark for each first key: the least
//! place that it knows of. So in a merge of runs the first mark of a first key
//! tells its place, it comes before any group that needs it, and no merge has
//! to know what marks are.

use crate::merge::KeyRange;
use crate::ordered;
use crate::run::{Key, MOST_FIELDS};

/// The second field of a group that is no mark. It comes after every place.
pub(crate) const GROUP: &[u8] = b"\xFF";

/// The key of a mark, of which there are as many fields as runs have.
pub(crate) fn mark<'f>(
    first: &'f [u8],
    place: &'f [u8],
) -> [&'f [u8]; MOST_FIELDS] {
    let mut key = [&[][..]; MOST_FIELDS];
    (key[0], key[1]) = (first, place);
    key
}

/// The place that the second field of a key is, or `None` if it is that of a
/// group.
///
/// # Panics
///
/// If it is neither, which a run's checksums rule out.
#[inline]
pub(crate) fn of_mark(field: &[u8]) -> Option<u64> {
    (field != GROUP).then(|| ordered::number(field).expect("a place"))
}

/// The range of all marks with the first key field of `key`.
pub(crate) fn marks(key: &Key) -> KeyRange {
    let first = key.fields().next().unwrap_or_default();
    let with = |second: &[u8]| [first, second].into_iter().collect();
    KeyRange { from: Some(with(b"")), to: Some(with(GROUP)) }
}
