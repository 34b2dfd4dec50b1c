//! The account of a finished job, and the check that its books balance.

use serde::Serialize;

use super::{FilePlan, Job, SplitState, TaskState, Written, totals};
use crate::decimal;
use crate::error::{Error, ErrorKind, Result};
use crate::figures::Grand;
use crate::reject::Reason;
use crate::split::Counts;
use crate::total::Total;

/// The account of a finished job.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Records read, which are those added and those rejected.
    pub records: u64,
    /// Records added to a group.
    pub added: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Blank lines.
    pub blank: u64,
    /// Lines before the tables of the files that are left out.
    pub left_out: u64,
    /// Groups in the result.
    pub groups: u64,
    /// Records of the result, the header being one too, in which a key would
    /// be run as a formula by a spreadsheet.
    pub formulas: u64,
    /// Bytes read: the sizes of the files together.
    pub bytes: u64,
    /// The balance of each totalled column.
    pub totals: Vec<TotalReport>,
    /// Rejects by reason, only those that occur.
    pub reasons: Vec<ReasonReport>,
    /// What each file gave.
    pub files: Vec<FileReport>,
    /// Workers used.
    pub workers: usize,
    /// Splits of all files.
    pub splits: usize,
    /// Splits whose guessed start was wrong and that were read again.
    pub splits_run_again: usize,
    /// Workers that died and were replaced.
    pub deaths: u32,
    /// Merges of runs into one, as more were there than can be open at once.
    pub passes: usize,
    /// The most bytes that a group took in a worker's tables and dictionaries,
    /// the strings of keys aside, as they were emptied into a run; only of
    /// those that had at least a thousand groups.
    pub group_bytes: Option<u64>,
}

/// The balance of a totalled column.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TotalReport {
    /// The column's name.
    pub name: String,
    /// Its sum over the records added, in digits with a decimal point if it needs one.
    pub read: String,
    /// Its sum over the result, in digits with a decimal point if it needs one.
    pub written: String,
}

/// The rejects for one reason.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ReasonReport {
    /// The reason's short name.
    pub reason: &'static str,
    /// The reason in a sentence.
    pub message: &'static str,
    /// How many records were rejected for it.
    pub count: u64,
    /// The first of them.
    pub first: Place,
}

/// Where a rejected record is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// From 1.
    pub record: u64,
    /// From 1.
    pub line: u64,
    /// From 0.
    pub byte: u64,
}

/// What one file gave.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Records read.
    pub records: u64,
    /// Records added.
    pub added: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Blank lines.
    pub blank: u64,
    /// Lines before its table that are left out.
    pub left_out: u64,
    /// What its added records come to, as [`TotalReport::read`] is written.
    pub totals: Vec<String>,
    /// Its rejects by reason, in the order of [`Reason::ALL`].
    #[serde(skip)]
    pub reasons: [u64; Reason::ALL.len()],
}

/// Closes the books of a job whose tasks are all done.
///
/// # Errors
///
/// [`ErrorKind::OutOfBalance`].
pub(super) fn close_books(job: &Job) -> Result<Report> {
    let mut report = Report {
        workers: job.workers.len(),
        splits: job.splits.len(),
        splits_run_again: refuted(&job.splits),
        deaths: job.deaths,
        passes: job.merge_passes(),
        ..Report::default()
    };
    let mut reasons = Reasons::default();
    let files = &job.plan.files;
    let mut counts: Vec<Counts> =
        files.iter().map(FilePlan::before_data).collect();
    let figures = job.plan.figures;
    let mut sums = vec![vec![Total::zero(); figures.totals]; files.len()];
    for (state, claim, before) in job.proved_splits() {
        reasons.note(&files[state.file].name, &before, claim);
        counts[state.file].add(&claim.counts);
        add_all(&mut sums[state.file], &totals(&claim.sums));
    }
    for (file, (counts, sums)) in files.iter().zip(counts.iter().zip(&sums)) {
        let text = |sum: &Total| decimal::text(sum, figures.places);
        let totals = sums.iter().map(text).collect();
        report.add_file(file, counts, totals);
    }
    report.reasons = reasons.0.into_iter().flatten().collect();
    balance_records(job, &report)?;
    report.totals = balance_totals(job, &sums)?;
    let commits = job.commits.values();
    report.group_bytes = commits.filter_map(|commit| commit.group_bytes).max();
    report.formulas = job.plan.formulas;
    for written in written_by_tasks(job) {
        report.groups += written.groups;
        report.formulas += written.formulas;
    }
    Ok(report)
}

/// How many splits had a guess refuted.
fn refuted(splits: &[SplitState]) -> usize {
    splits.iter().filter(|state| state.refuted > 0).count()
}

impl Report {
    /// Adds what one file gave.
    fn add_file(
        &mut self,
        file: &FilePlan,
        counts: &Counts,
        totals: Vec<String>,
    ) {
        self.bytes += file.size;
        self.records += counts.records;
        self.added += counts.added;
        self.rejected += counts.rejected;
        self.blank += counts.blank;
        self.left_out += file.left_out;
        self.files.push(FileReport {
            name: file.name.clone(),
            size: file.size,
            records: counts.records,
            added: counts.added,
            rejected: counts.rejected,
            blank: counts.blank,
            left_out: file.left_out,
            totals,
            reasons: counts.reasons,
        });
    }
}

/// The rejects by reason.
#[derive(Debug, Default)]
struct Reasons([Option<ReasonReport>; Reason::ALL.len()]);

impl Reasons {
    /// Notes the rejects of a split, before which its file counts `before`.
    fn note(
        &mut self,
        file: &str,
        before: &Counts,
        claim: &crate::split::SplitReport,
    ) {
        for first in &claim.firsts {
            let reason = Reason::ALL[first.reason];
            let known = self.0[first.reason].get_or_insert_with(|| {
                let first = Place {
                    file: file.to_owned(),
                    record: before.records + first.records + 1,
                    line: before.breaks + first.breaks + 1,
                    byte: first.byte,
                };
                let (message, reason) = (reason.message(), reason.code());
                ReasonReport { reason, message, count: 0, first }
            });
            known.count += claim.counts.reasons[first.reason];
        }
    }
}

/// Checks that every record read was added or rejected, and that what was
/// added is what the commits hold.
fn balance_records(job: &Job, report: &Report) -> Result<()> {
    let accounted = report.added + report.rejected;
    expect_equal("the number of records", report.records, accounted)?;
    let held = job.commits.values().map(|commit| commit.added).sum::<u64>();
    expect_equal("the number of additions", report.added, held)
}

/// Adds up the figures on both sides, compares them, those of the files too,
/// and says what those of the total columns come to.
fn balance_totals(
    job: &Job,
    files: &[Vec<Total>],
) -> Result<Vec<TotalReport>> {
    let (names, figures) = (&job.plan.total_names, job.plan.figures);
    let (mut read, mut written) = (Grand::new(figures), Grand::new(figures));
    for commit in job.commits.values().filter(|commit| commit.added > 0) {
        read.add(&commit.sums);
    }
    for done in written_by_tasks(job).filter(|done| done.groups > 0) {
        written.add(&done.sums);
    }
    let (read, written) = (read.into_totals(), written.into_totals());
    let mut of_files = vec![Total::zero(); figures.totals];
    files.iter().for_each(|sums| add_all(&mut of_files, sums));
    let mut reports = Vec::new();
    for (place, (read, written)) in read.iter().zip(&written).enumerate() {
        let text = |total| decimal::text(total, figures.places_of(place));
        let (read, written) = (text(read), text(written));
        expect_equal(&figures.describe(place, names), &read, &written)?;
        if let (Some(name), Some(sum)) =
            (names.get(place), of_files.get(place))
        {
            let what = format!("“{name}” over all files");
            expect_equal(&what, &text(sum), &written)?;
            reports.push(TotalReport { name: name.clone(), read, written });
        }
    }
    Ok(reports)
}

/// Adds totals one by one.
fn add_all(sums: &mut [Total], more: &[Total]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.add(more);
    }
}

/// What each task wrote.
fn written_by_tasks(job: &Job) -> impl Iterator<Item = &Written> {
    job.tasks.iter().filter_map(|task| match &task.state {
        TaskState::Done(written) => Some(written),
        _ => None,
    })
}

/// Fails if two figures that must be the same are not.
fn expect_equal<T: PartialEq + ToString>(
    what: &str,
    read: T,
    written: T,
) -> Result<()> {
    if read == written {
        return Ok(());
    }
    Err(Error::new(ErrorKind::OutOfBalance {
        what: what.to_owned(),
        read: read.to_string(),
        written: written.to_string(),
    }))
}
