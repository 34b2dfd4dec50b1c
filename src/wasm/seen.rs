//! Inspections kept from the preview for the job that follows it.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::bytes;
use crate::error::Result;
use crate::inspect::Inspection;
use crate::options::FileOptions;
use crate::text::Encoding;

/// The most bytes of heads that are kept. A job over more files looks at some
/// of them again.
const KEPT: usize = 64 << 20;

thread_local! {
    /// The inspections of late, the newest last.
    static SEEN: RefCell<VecDeque<Seen>> = const {
        RefCell::new(VecDeque::new())
    };
}

/// An inspection, and all that it depends on.
struct Seen {
    head: Vec<u8>,
    last: bool,
    encoding: Encoding,
    options: FileOptions,
    found: Inspection,
}

/// As [`Inspection::encoded`], whose outcome is kept for [`take`].
pub(super) fn inspect(
    head: &[u8],
    last: bool,
    encoding: Encoding,
    options: &FileOptions,
) -> Result<Inspection> {
    let (own, options) = (encoding.clone(), options.clone());
    let found = Inspection::encoded(head, last, own, &options)?;
    let head = head.to_vec();
    keep(Seen { head, last, encoding, options, found: found.clone() });
    Ok(found)
}

/// As [`Inspection::encoded`]; the outcome is the one that was kept if these
/// very bytes were inspected with the same options, which takes a hundredth
/// of the time.
pub(super) fn take(
    head: &[u8],
    last: bool,
    encoding: Encoding,
    options: &FileOptions,
) -> Result<Inspection> {
    let is_same = |seen: &Seen| {
        (seen.last, &seen.encoding, &seen.options)
            == (last, &encoding, options)
            && bytes::same(&seen.head, head)
    };
    let seen = SEEN.with_borrow_mut(|all| {
        let place = all.iter().position(is_same)?;
        all.remove(place)
    });
    match seen {
        Some(seen) => Ok(seen.found),
        None => Inspection::encoded(head, last, encoding, options),
    }
}

/// Keeps an inspection in place of earlier ones of the same bytes, since the
/// preview shows the last, and drops the oldest if that makes too many.
fn keep(seen: Seen) {
    SEEN.with_borrow_mut(|all| {
        all.retain(|earlier| !bytes::same(&earlier.head, &seen.head));
        all.push_back(seen);
        let mut bytes: usize = all.iter().map(|seen| seen.head.len()).sum();
        while bytes > KEPT {
            let dropped = all.pop_front();
            bytes -= dropped.map_or(bytes, |seen| seen.head.len());
        }
    });
}
