//! The plans of our own: what must not change an answer.

use std::fs;

use crate::request::{Kind, Plan, Request};

/// The sizes that are tried: all that differ in what they cut through in
/// short files, and some that are no power of two.
const SIZES: [usize; 9] = [1, 2, 3, 5, 7, 16, 61, 1000, 65_536];

/// The most pieces that a file is cut into, so that long files don't take
/// all the time.
const MOST_PIECES: u64 = 4000;

/// The plans under which a request is to be answered. One that comes with a
/// plan is answered under that alone.
pub fn of(request: &Request) -> Vec<Plan> {
    let mut plans = vec![request.plan.clone()];
    let whole = Plan::default();
    if request.plan != whole {
        return plans;
    }
    let size = size(request);
    let sizes = || {
        SIZES.into_iter().filter(move |&n| {
            (n as u64) < size && size / n as u64 <= MOST_PIECES
        })
    };
    match request.kind {
        Kind::Sniff | Kind::Write => {}
        Kind::Parse | Kind::Robust => plans
            .extend(sizes().map(|n| Plan { chunk: Some(n), ..whole.clone() })),
        Kind::Aggregate => plans.extend(sizes().flat_map(cuts)),
    }
    plans
}

/// The bytes of all files together.
fn size(request: &Request) -> u64 {
    let files = request.files.iter();
    files.filter_map(|file| Some(fs::metadata(&file.path).ok()?.len())).sum()
}

/// The ways in which a job is cut up by one size.
fn cuts(n: usize) -> [Plan; 4] {
    let plan = |chunk, split, workers| Plan {
        chunk,
        split,
        workers,
        ..Plan::default()
    };
    [
        plan(Some(n), None, None),
        plan(None, Some(n), Some(2)),
        plan(Some(n), Some(n), Some(1)),
        plan(Some(n), Some(n * 3 + 1), Some(5)),
    ]
}
