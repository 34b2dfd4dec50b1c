use super::state::PassKind;
use super::*;
use crate::aggregate::Aggregate;
use crate::number::Number;

/// A job of one file of 100 bytes in splits of 50, and two workers that are
/// ready.
fn job() -> Job {
    let mut job = Job::new(Plan {
        files: vec![FilePlan {
            streamed: false,
            name: "a.csv".into(),
            size: 100,
            data_start: 0,
            breaks_before: 0,
            blank_before: 0,
            left_out: 0,
            columns: vec!["Plays".into()],
        }],
        total_names: vec!["Plays".into()],
        figures: 1.into(),
        formulas: 0,
        workers: 2,
        splits: SplitSizes::equal(50),
        commit_bytes: u64::MAX,
        fan_in: 2,
        memory_bytes: 1000,
        order: Order::Key,
        on_reject: OnReject::Skip,
    });
    for worker in 0..2 {
        ready(&mut job, worker);
    }
    job
}

/// Reports that a worker was started.
fn ready(job: &mut Job, worker: usize) {
    let attempt = job.workers[worker].started;
    job.handle(Event::Ready { worker, attempt });
}

/// The commands, a word for each and what it is about.
fn told(job: &mut Job) -> Vec<String> {
    let tell = |command: Command| match command {
        Command::Start { worker, .. } => format!("start {worker}"),
        Command::Parse { worker, split, .. } => {
            let Split { start, end, first } = split;
            format!("parse {worker} {start}-{end} {first:?}")
        }
        Command::Commit { worker, .. } => format!("commit {worker}"),
        Command::Discard { worker } => format!("discard {worker}"),
        Command::Drop { .. } => "drop".to_owned(),
        Command::Combine { worker, runs, .. } => {
            format!("combine {worker} {}", runs.len())
        }
        Command::Sort { worker, runs, .. } => {
            format!("sort {worker} {}", runs.len())
        }
        Command::DropRuns { runs } => format!("drop {} runs", runs.len()),
        Command::Merge { worker, runs, .. } => {
            format!("merge {worker} {}", runs.len())
        }
        Command::Rejects { worker, .. } => format!("rejects {worker}"),
        Command::Done { .. } => "done".to_owned(),
        Command::Fail { error } => format!("fail {}", error.code()),
    };
    job.commands().into_iter().map(tell).collect()
}

/// Reports that a worker parsed its split: one record, units from `first` to
/// `next`.
fn parsed(job: &mut Job, worker: usize, first: u64, next: u64) {
    let attempt = job.workers[worker].attempt;
    let counts = Counts { records: 1, added: 1, ..Counts::default() };
    let units = Some(Units { first, next });
    let (sums, firsts) = (vec!["2".to_owned()], Vec::new());
    let report = SplitReport { units, counts, sums, firsts };
    job.handle(Event::Parsed { worker, attempt, report });
}

/// Reports that a worker committed, with as many records as it says.
fn committed(job: &mut Job, worker: usize, added: u64) {
    committed_runs(job, worker, added, 1);
}

/// The same in so many runs.
fn committed_runs(job: &mut Job, worker: usize, added: u64, runs: usize) {
    let attempt = job.workers[worker].attempt;
    let splits = job.workers[worker].open.len();
    let mut aggregate = Aggregate::new(1, 1);
    aggregate.add(&[b"a"], &[Number::Small(2)]);
    let index = aggregate.drain(&mut |_| {});
    let commit = Committed {
        runs: vec![index.encode().into(); runs],
        added,
        sums: vec![(2 * added).to_string()],
        group_bytes: None,
        rejects: vec![0; splits],
    };
    job.handle(Event::Committed { worker, attempt, commit });
}

/// Reports that a worker merged runs into one.
fn combined(job: &mut Job, worker: usize) {
    let attempt = job.workers[worker].attempt;
    let mut aggregate = Aggregate::new(1, 1);
    aggregate.add(&[b"a"], &[Number::Small(2)]);
    let index = aggregate.drain(&mut |_| {}).encode().into();
    job.handle(Event::Combined { worker, attempt, index });
}

/// Reports that a worker did its task.
fn task_done(job: &mut Job, worker: usize, sum: &str) {
    let attempt = job.workers[worker].attempt;
    let sums = vec![sum.to_owned()];
    let (groups, formulas) = (1, 0);
    job.handle(Event::TaskDone { worker, attempt, groups, formulas, sums });
}

fn die(job: &mut Job, worker: usize) {
    die_of(job, worker, false);
}

fn die_of(job: &mut Job, worker: usize, out_of_memory: bool) {
    let attempt = job.workers[worker].started;
    let cause = "a test".to_owned();
    job.handle(Event::Died { worker, attempt, cause, out_of_memory });
}

/// A job that has read everything and merges.
fn merging() -> Job {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 100);
    committed(&mut job, 0, 1);
    committed(&mut job, 1, 1);
    assert_eq!(told(&mut job).last().unwrap(), "merge 0 2");
    job
}

#[test]
fn from_start_to_end() {
    let mut job = job();
    assert_eq!(
        told(&mut job),
        ["start 0", "start 1", "parse 0 0-50 Some(0)", "parse 1 50-100 None"]
    );
    parsed(&mut job, 0, 0, 55);
    assert_eq!(told(&mut job), ["commit 0"]);
    parsed(&mut job, 1, 55, 100);
    assert_eq!(told(&mut job), ["commit 1"]);
    committed(&mut job, 0, 1);
    assert_eq!(told(&mut job), [""; 0]);
    committed(&mut job, 1, 1);
    assert_eq!(told(&mut job), ["merge 0 2"]);
    task_done(&mut job, 0, "4");
    assert_eq!(told(&mut job), ["done"]);
}

#[test]
fn refuted_guess_is_read_again_from_the_cursor() {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    told(&mut job);
    parsed(&mut job, 1, 60, 100);
    assert_eq!(told(&mut job), ["discard 1", "parse 1 50-100 Some(55)"]);
}

#[test]
fn refuted_commit_is_dropped() {
    let mut job = job();
    parsed(&mut job, 1, 60, 100);
    committed(&mut job, 1, 1);
    told(&mut job);
    parsed(&mut job, 0, 0, 55);
    assert_eq!(
        told(&mut job),
        ["drop", "commit 0", "parse 1 50-100 Some(55)"]
    );
}

#[test]
fn commit_under_way_is_dropped_when_refuted() {
    let mut job = job();
    parsed(&mut job, 1, 60, 100);
    assert_eq!(told(&mut job).last().unwrap(), "commit 1");
    parsed(&mut job, 0, 0, 55);
    assert_eq!(told(&mut job), ["commit 0"]);
    committed(&mut job, 1, 1);
    assert_eq!(told(&mut job), ["drop", "parse 1 50-100 Some(55)"]);
}

#[test]
fn split_inside_a_long_record_is_empty() {
    let mut job = job();
    parsed(&mut job, 1, 60, 100);
    parsed(&mut job, 0, 0, 100);
    assert_eq!(told(&mut job).last().unwrap(), "commit 0");
    assert!(job.splits[1].proved);
    assert_eq!(job.splits[1].data, Data::Nothing);
}

#[test]
fn dead_worker_is_replaced_and_its_split_read_again() {
    let mut job = job();
    told(&mut job);
    die(&mut job, 1);
    assert_eq!(told(&mut job), ["start 1"]);
    ready(&mut job, 1);
    assert_eq!(told(&mut job), ["parse 1 50-100 None"]);
}

#[test]
fn a_death_told_twice_counts_once() {
    let mut job = job();
    let attempt = job.workers[1].started;
    for _ in 0..30 {
        let cause = "a test".to_owned();
        let out_of_memory = false;
        job.handle(Event::Died { worker: 1, attempt, cause, out_of_memory });
    }
    assert_eq!(told(&mut job).last().unwrap(), "start 1");
    assert_eq!(job.deaths, 1);
}

#[test]
fn commit_of_a_dead_worker_is_dropped() {
    let mut job = job();
    parsed(&mut job, 1, 60, 100);
    told(&mut job);
    die(&mut job, 1);
    assert_eq!(told(&mut job), ["drop", "start 1"]);
}

#[test]
fn known_start_that_is_not_met_fails_the_job() {
    let mut job = job();
    parsed(&mut job, 0, 3, 55);
    assert_eq!(told(&mut job).last().unwrap(), "fail changed");
}

#[test]
fn late_answers_are_ignored() {
    let mut job = job();
    let late = job.workers[1].attempt;
    die(&mut job, 1);
    ready(&mut job, 1);
    told(&mut job);
    let report = SplitReport {
        units: None,
        counts: Counts::default(),
        sums: Vec::new(),
        firsts: Vec::new(),
    };
    job.handle(Event::Parsed { worker: 1, attempt: late, report });
    assert_eq!(told(&mut job), [""; 0]);
    assert!(job.splits[1].claim.is_none());
}

#[test]
fn three_deaths_over_one_split_fail_the_job() {
    let mut job = job();
    for _ in 0..2 {
        die(&mut job, 1);
        ready(&mut job, 1);
        assert_eq!(told(&mut job).last().unwrap(), "parse 1 50-100 None");
    }
    die(&mut job, 1);
    let [Command::Fail { error }] = &job.commands()[..] else {
        panic!("it goes on")
    };
    assert_eq!(error.code(), "workers_died");
    assert_eq!(
        error.to_string(),
        "a.csv: The browser ended the workers 3 times, last while reading \
         bytes 50 to 100, and the last one said “a test”. Close other tabs, \
         or give fewer workers or less memory, and start again."
    );
}

#[test]
fn no_memory_left_halves_the_budget() {
    let budgets = |job: &mut Job| -> Vec<u64> {
        let budget = |command| match command {
            Command::Start { memory_bytes, .. } => Some(memory_bytes),
            _ => None,
        };
        job.commands().into_iter().filter_map(budget).collect()
    };
    let mut job = job();
    assert_eq!(budgets(&mut job), [1000, 1000]);
    die_of(&mut job, 0, true);
    die_of(&mut job, 1, false);
    assert_eq!(budgets(&mut job), [500, 500]);
    ready(&mut job, 1);
    die_of(&mut job, 1, true);
    assert_eq!(budgets(&mut job), [250]);
}

#[test]
fn no_memory_left_may_be_found_more_than_twice_over_one_split() {
    let mut job = job();
    for _ in 0..4 {
        die_of(&mut job, 1, true);
        ready(&mut job, 1);
        assert_eq!(told(&mut job).last().unwrap(), "parse 1 50-100 None");
    }
}

#[test]
fn twenty_deaths_fail_the_job() {
    let mut job = merging();
    for _ in 0..19 {
        die(&mut job, 0);
        told(&mut job);
    }
    die(&mut job, 0);
    assert_eq!(told(&mut job), ["fail workers_died"]);
}

/// A job that has read everything into five runs, of which two can be open
/// at once.
fn combining() -> Job {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 100);
    committed_runs(&mut job, 0, 1, 2);
    told(&mut job);
    committed_runs(&mut job, 1, 1, 3);
    assert_eq!(told(&mut job), ["combine 0 2", "combine 1 2"]);
    job
}

#[test]
fn too_many_runs_are_merged_in_passes() {
    let mut job = combining();
    combined(&mut job, 1);
    assert_eq!(told(&mut job), ["drop 2 runs", "combine 1 2"]);
    combined(&mut job, 1);
    assert_eq!(told(&mut job), ["drop 2 runs"]);
    combined(&mut job, 0);
    assert_eq!(told(&mut job), ["drop 2 runs", "merge 0 2"]);
    task_done(&mut job, 0, "4");
    assert_eq!(told(&mut job), ["done"]);
}

#[test]
fn pass_of_a_dead_worker_is_made_again() {
    let mut job = combining();
    die(&mut job, 0);
    assert_eq!(told(&mut job), ["drop", "start 0"]);
    combined(&mut job, 1);
    assert_eq!(told(&mut job), ["drop 2 runs", "combine 1 2"]);
    ready(&mut job, 0);
    assert_eq!(told(&mut job), ["combine 0 2"]);
}

#[test]
fn late_run_of_a_pass_is_ignored() {
    let mut job = combining();
    combined(&mut job, 0);
    told(&mut job);
    let attempt = job.workers[0].attempt - 2;
    let index = serde_bytes::ByteBuf::new();
    job.handle(Event::Combined { worker: 0, attempt, index });
    assert_eq!(told(&mut job), [""; 0]);
}

#[test]
fn damaged_index_of_a_pass_fails_the_job() {
    let mut job = combining();
    let attempt = job.workers[0].attempt;
    let index = b"nonsense".to_vec().into();
    job.handle(Event::Combined { worker: 0, attempt, index });
    assert_eq!(told(&mut job), ["fail damaged_run"]);
}

/// A job whose result is sorted by totals, that has read everything into two
/// runs.
fn sorting() -> Job {
    let mut job = job();
    job.plan.order = Order::Total;
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 100);
    committed(&mut job, 0, 1);
    told(&mut job);
    committed(&mut job, 1, 1);
    assert_eq!(told(&mut job), ["sort 0 2"]);
    job
}

/// Reports that a worker sorted a range into so many runs.
fn sorted(job: &mut Job, worker: usize, runs: usize) {
    let attempt = job.workers[worker].attempt;
    let runs = vec![sorted_run().encode().into(); runs];
    job.handle(Event::Sorted { worker, attempt, runs });
}

/// The index of a run with one group.
fn sorted_run() -> RunIndex {
    let mut writer = crate::run::RunWriter::new(2, 1);
    writer.push(&[b"0", b"a"], &[Total::from(4)], &mut |_| {});
    writer.finish(&mut |_| {})
}

#[test]
fn sorted_runs_take_the_place_of_the_others() {
    let mut job = sorting();
    sorted(&mut job, 0, 1);
    assert_eq!(told(&mut job), ["drop 2 runs", "merge 0 1"]);
    task_done(&mut job, 0, "4");
    assert_eq!(told(&mut job), ["done"]);
}

#[test]
fn too_many_sorted_runs_are_merged_in_passes() {
    let mut job = sorting();
    sorted(&mut job, 0, 3);
    assert_eq!(told(&mut job), ["drop 2 runs", "combine 0 2"]);
    combined(&mut job, 0);
    assert_eq!(told(&mut job), ["drop 2 runs", "merge 0 2"]);
    task_done(&mut job, 0, "4");
    let commands = job.commands();
    let [Command::Done { report }] = commands.as_slice() else {
        panic!("{commands:?}");
    };
    assert_eq!(report.passes, 1, "sorting is none");
}

#[test]
fn range_of_a_dead_worker_is_sorted_again() {
    let mut job = sorting();
    die(&mut job, 0);
    assert_eq!(told(&mut job), ["drop", "start 0", "sort 1 2"]);
    sorted(&mut job, 1, 1);
    assert_eq!(told(&mut job), ["drop 2 runs", "merge 1 1"]);
}

#[test]
fn late_and_doubled_sorted_runs_are_ignored() {
    let mut job = sorting();
    let attempt = job.workers[0].attempt;
    let late = || {
        let runs = vec![sorted_run().encode().into()];
        Event::Sorted { worker: 0, attempt, runs }
    };
    die(&mut job, 0);
    told(&mut job);
    job.handle(late());
    assert_eq!(told(&mut job), [""; 0]);
    sorted(&mut job, 1, 1);
    assert_eq!(told(&mut job), ["drop 2 runs", "merge 1 1"]);
    job.handle(late());
    sorted(&mut job, 1, 1);
    assert_eq!(job.runs.len(), 1);
}

#[test]
fn damaged_index_of_a_sorted_run_fails_the_job() {
    let mut job = sorting();
    let attempt = job.workers[0].attempt;
    let runs = vec![b"nonsense".to_vec().into()];
    job.handle(Event::Sorted { worker: 0, attempt, runs });
    assert_eq!(told(&mut job), ["fail damaged_run"]);
}

/// Checks how many runs each pass takes.
fn check_passes(runs: usize, fan_in: usize, expected: &[usize]) {
    let mut job = job();
    job.plan.fan_in = fan_in;
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 100);
    committed_runs(&mut job, 0, 1, runs - 1);
    committed(&mut job, 1, 1);
    let mut taken = Vec::new();
    while job.phase == Phase::Combining {
        let combines = |worker: usize| match job.workers[worker].state {
            WorkerState::Combining(pass) => Some((worker, pass)),
            _ => None,
        };
        let (worker, pass) = (0..2).find_map(combines).unwrap();
        let PassKind::Combine(runs) = &job.passes[pass].kind else {
            panic!("a pass that sorts");
        };
        taken.push(runs.len());
        combined(&mut job, worker);
    }
    taken.sort_unstable();
    assert_eq!(taken, expected, "{runs} runs, {fan_in} open");
    assert_eq!(job.runs.len(), runs.min(fan_in));
}

#[test]
fn passes_take_as_few_runs_as_will_do() {
    check_passes(3, 4, &[]);
    check_passes(4, 4, &[]);
    check_passes(5, 4, &[2]);
    check_passes(7, 4, &[4]);
    check_passes(8, 4, &[2, 4]);
    check_passes(9, 4, &[3, 4]);
    check_passes(16, 4, &[4; 4]);
    check_passes(17, 4, &[2, 4, 4, 4, 4]);
    check_passes(9, 2, &[2; 7]);
}

#[test]
fn sums_that_differ_fail_the_job() {
    let mut job = merging();
    task_done(&mut job, 0, "5");
    assert_eq!(told(&mut job), ["fail out_of_balance"]);
}

#[test]
fn additions_that_differ_fail_the_job() {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 100);
    committed(&mut job, 0, 2);
    committed(&mut job, 1, 1);
    task_done(&mut job, 0, "6");
    assert_eq!(told(&mut job).last().unwrap(), "fail out_of_balance");
}

#[test]
fn units_that_end_elsewhere_fail_the_job() {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    parsed(&mut job, 1, 55, 99);
    committed(&mut job, 0, 1);
    committed(&mut job, 1, 1);
    assert_eq!(told(&mut job).last().unwrap(), "fail changed");
}

#[test]
fn damaged_index_fails_the_job() {
    let mut job = job();
    parsed(&mut job, 0, 0, 55);
    let attempt = job.workers[0].attempt;
    let runs = vec![serde_bytes::ByteBuf::from(b"nonsense".to_vec())];
    let commit = Committed { runs, ..Committed::default() };
    job.handle(Event::Committed { worker: 0, attempt, commit });
    assert_eq!(told(&mut job), ["fail damaged_run"]);
}

/// Checks the sizes of splits, in MiB, of files of such sizes.
fn check_splits(files: &[u64], workers: usize, expected: &[u64]) {
    let input = files.iter().sum::<u64>() << 20;
    let sizes = SplitSizes::shrinking(input, workers);
    let (mut splits, mut left) = (Vec::new(), input);
    for size in files {
        let mut about = job().plan.files[0].clone();
        about.size = size << 20;
        cut(0, &about, sizes, left, &mut splits);
        left -= about.size;
    }
    let bytes = |state: &SplitState| state.split.end - state.split.start;
    let bytes = splits.iter().map(bytes);
    assert_eq!(bytes.clone().sum::<u64>(), input);
    let rounded = bytes.map(|bytes| (bytes + (1 << 19)) >> 20);
    assert_eq!(rounded.collect::<Vec<_>>(), expected);
}

#[test]
fn splits_shrink() {
    check_splits(&[1], 2, &[1]);
    check_splits(&[3], 2, &[1, 1, 1]);
    check_splits(&[256], 2, &[64, 48, 36, 27, 20, 16, 16, 16, 13]);
    check_splits(&[128, 128], 2, &[64, 48, 16, 32, 24, 18, 16, 16, 16, 6]);
    check_splits(&[256], 1, &[128, 64, 32, 32]);
    let large = [256; 12];
    let small = [224, 168, 126, 95, 71, 64, 64, 64, 21];
    check_splits(&[12 * 256 + 896], 2, &[&large[..], &small].concat());
}
