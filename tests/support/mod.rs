//! A job driven on the host: files are byte strings, or lie on disk, workers
//! are structs, and what happens when is drawn from a seed.

// Each program that drives jobs uses a part of this.
#![allow(dead_code, unused_imports)]

mod input;
mod unpack;

use std::collections::{BTreeMap, VecDeque};

use playtally::*;
use proptest::test_runner::{RngAlgorithm, TestRng};
use rand_core::Rng as _;
use serde_bytes::ByteBuf;

pub use input::{Input, Source};

/// How a job is cut up and what befalls it.
#[derive(Clone, Debug)]
pub struct Conditions {
    pub workers: usize,
    pub split_bytes: u64,
    pub chunk_bytes: usize,
    /// The sizes of a split's first chunks, those after them being of
    /// `chunk_bytes`.
    pub first_chunks: Vec<usize>,
    pub commit_bytes: u64,
    /// Groups in a worker's aggregate above which it spills.
    pub spill_groups: usize,
    /// Runs that a merge may have open.
    pub fan_in: usize,
    pub order: Order,
    pub measures: Measures,
    pub output: OutputFormat,
    /// Groups that are sorted at once, at least one.
    pub sort_groups: usize,
    pub record_limit: usize,
    pub on_reject: OnReject,
    /// The files that can't be cut, by the bits of this number; they are said
    /// to have half as many bytes.
    pub streamed: u8,
    /// How many of 1,000 steps kill a worker.
    pub deaths: u32,
    /// How many of 1,000 answers come twice, or again much later.
    pub echoes: u32,
    pub seed: u64,
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions {
            workers: 1,
            split_bytes: u64::MAX,
            chunk_bytes: usize::MAX,
            first_chunks: Vec::new(),
            commit_bytes: u64::MAX,
            spill_groups: usize::MAX,
            fan_in: usize::MAX,
            order: Order::Key,
            measures: Measures::default(),
            output: OutputFormat::default(),
            sort_groups: usize::MAX,
            record_limit: 1 << 20,
            on_reject: OnReject::Skip,
            streamed: 0,
            deaths: 0,
            echoes: 0,
            seed: 0,
        }
    }
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The result as text, and as it stands.
    pub csv: String,
    pub csv_bytes: Vec<u8>,
    pub rejects: String,
    pub report: Report,
    /// The codes of what was said about the files.
    pub notices: Vec<&'static str>,
}

/// Runs a job over files whose keys and totals are the default columns.
pub fn run(
    files: &[&[u8]],
    conditions: &Conditions,
) -> std::result::Result<Outcome, Error> {
    run_inputs(&by_default(files)?, conditions)
}

/// Runs a job over files that are read as each of them says.
pub fn run_inputs(
    inputs: &[Input],
    conditions: &Conditions,
) -> std::result::Result<Outcome, Error> {
    Machine::new(inputs, conditions)?.run()
}

/// Files in memory that are read by default.
fn by_default<'f>(
    files: &[&'f [u8]],
) -> std::result::Result<Vec<Input<'f>>, Error> {
    let files = files.iter().enumerate();
    files
        .map(|(place, &file)| {
            let name = format!("{place}.csv");
            Input::new(name, file, FileOptions::default())
        })
        .collect()
}

/// Runs a job that must succeed.
pub fn tally(files: &[&[u8]], conditions: &Conditions) -> Outcome {
    run(files, conditions).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a job that must succeed, and counts how often a split was parsed.
pub fn tally_counting(
    files: &[&[u8]],
    conditions: &Conditions,
) -> (Outcome, usize) {
    let inputs = by_default(files);
    let inputs = inputs.unwrap_or_else(|error| panic!("{error}"));
    let machine = Machine::new(&inputs, conditions);
    let mut machine = machine.unwrap_or_else(|error| panic!("{error}"));
    let outcome = machine.run();
    (outcome.unwrap_or_else(|error| panic!("{error}")), machine.parsed)
}

struct Machine<'f> {
    inputs: &'f [Input<'f>],
    /// The number of columns that are keys.
    keys: usize,
    figures: Figures,
    formats: Vec<FileFormat>,
    heads: Vec<FileHead>,
    plans: Vec<FilePlan>,
    conditions: &'f Conditions,
    job: Job,
    workers: Vec<Worker>,
    commits: BTreeMap<u64, Stored>,
    parts: BTreeMap<usize, Vec<u8>>,
    rejects: Vec<u8>,
    header: Vec<u8>,
    notices: Vec<&'static str>,
    late: Vec<Event>,
    /// How often a split was parsed.
    parsed: usize,
    /// For each worker the number of the command that started it.
    started: Vec<u64>,
    rng: TestRng,
}

struct Worker {
    orders: VecDeque<Command>,
    aggregate: Aggregate,
    log: RejectLog,
    reject_bytes: Vec<u64>,
    runs: Vec<Run>,
    added: u64,
    grand: Grand,
    figures: Figures,
}

#[derive(Default)]
struct Stored {
    /// Those that were not dropped.
    runs: Vec<Option<Run>>,
    rejects: Vec<u8>,
}

type Run = (Vec<u8>, RunIndex);

impl Worker {
    fn new(order: Order, keys: usize, figures: Figures) -> Worker {
        Worker {
            orders: VecDeque::new(),
            aggregate: Aggregate::for_order(order, keys, figures),
            log: RejectLog::default(),
            reject_bytes: Vec::new(),
            runs: Vec::new(),
            added: 0,
            grand: Grand::new(figures),
            figures,
        }
    }

    fn spill(&mut self) {
        self.added += self.aggregate.added();
        if !self.aggregate.is_empty() {
            self.grand.add(self.aggregate.sums());
        }
        let mut run = Vec::new();
        let index = self.aggregate.drain(&mut |b| run.extend_from_slice(b));
        self.runs.push((run, index));
    }
}

/// That many sums of nothing.
fn zeros(len: usize) -> Vec<Total> {
    (0..len).map(|_| Total::zero()).collect()
}

/// Sums as text.
fn texts(sums: &[Total]) -> Vec<String> {
    sums.iter().map(ToString::to_string).collect()
}

/// The codes of what is said about files.
fn notices(found: &[Inspection]) -> Vec<&'static str> {
    let notices = found.iter().flat_map(|found| &found.notices);
    notices.map(|notice| notice.code()).collect()
}

/// The names of the columns of a result: those of the keys as the first file
/// that has columns names them, and what a total is called here.
fn header(
    found: &[Inspection],
    keys: usize,
    figures: Figures,
) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> =
        match found.iter().find(|found| !found.is_empty()) {
            Some(found) => {
                let keys = found.keys.iter().flatten();
                keys.map(|&key| found.columns[key].clone()).collect()
            }
            None => vec![b"Song".to_vec(), b"Date".to_vec()],
        };
    names.truncate(keys);
    let [plays, total] = ["Plays", "Total"].map(str::to_owned);
    let [plays, total] = [plays, total].map(|name| vec![name; figures.totals]);
    let figures = figure_names(figures, &plays, &total);
    names.extend(figures.into_iter().map(String::into_bytes));
    names
}

/// What a job must know of a file.
fn plan(
    file: usize,
    (input, found): (&Input, &Inspection),
    conditions: &Conditions,
) -> FilePlan {
    let streamed = conditions.streamed >> (file % 8) & 1 != 0;
    let len = input.source.len();
    FilePlan {
        name: input.name.clone(),
        size: if streamed { len / 2 } else { len },
        streamed,
        data_start: found.data_start,
        breaks_before: found.breaks_before,
        blank_before: found.blank_before,
        left_out: found.left_out,
        columns: found.names(),
    }
}

impl<'f> Machine<'f> {
    fn new(
        inputs: &'f [Input<'f>],
        conditions: &'f Conditions,
    ) -> std::result::Result<Machine<'f>, Error> {
        let (mut found, mut formats) = (Vec::new(), Vec::new());
        for input in inputs {
            let head = input.source.head(HEAD);
            let last = head.len() as u64 == input.source.len();
            let encoding = input.encoding.clone();
            let inspection =
                Inspection::encoded(&head, last, encoding, &input.options)
                    .map_err(|error| error.in_file(&input.name))?;
            let format = inspection.format(conditions.record_limit);
            formats.push(format.map_err(|error| error.in_file(&input.name))?);
            found.push(inspection);
        }
        let names = inputs.iter().map(|input| input.name.as_str());
        check_currencies(&names.zip(&found).collect::<Vec<_>>())?;
        let plans: Vec<FilePlan> = inputs
            .iter()
            .zip(&found)
            .enumerate()
            .map(|(file, about)| plan(file, about, conditions))
            .collect();
        let heads = inputs.iter().zip(&found).zip(&formats);
        let heads = heads.map(|((input, found), format)| {
            found.file_head(input.name.clone(), format)
        });
        let heads = heads.collect();
        let first = formats.iter().find(|format| !format.totals.is_empty());
        let places = first.map_or(0, |format| format.numbers[0].places);
        let (keys, totals) =
            first.map_or((2, 1), |file| (file.keys.len(), file.totals.len()));
        let measures = conditions.measures;
        let figures = Figures { totals, places, measures };
        let names = header(&found, keys, figures);
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        let mut header = Output::with_format(conditions.output, figures);
        header.header(&names);
        let job = Job::new(Plan {
            files: plans.clone(),
            total_names: vec!["Plays".into(); figures.totals],
            figures,
            formulas: header.formulas(),
            workers: conditions.workers,
            splits: SplitSizes::equal(conditions.split_bytes),
            commit_bytes: conditions.commit_bytes,
            fan_in: conditions.fan_in,
            memory_bytes: 1 << 30,
            order: conditions.order,
            on_reject: conditions.on_reject,
        });
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&conditions.seed.to_le_bytes());
        Ok(Machine {
            inputs,
            keys,
            figures,
            formats,
            heads,
            plans,
            conditions,
            job,
            workers: (0..conditions.workers)
                .map(|_| Worker::new(conditions.order, keys, figures))
                .collect(),
            commits: BTreeMap::new(),
            parts: BTreeMap::new(),
            rejects: Vec::new(),
            header: header.take(),
            notices: notices(&found),
            late: Vec::new(),
            parsed: 0,
            started: vec![0; conditions.workers],
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &seed),
        })
    }

    fn run(&mut self) -> std::result::Result<Outcome, Error> {
        for _ in 0..1_000_000 {
            for command in self.job.commands() {
                match command {
                    Command::Done { report } => {
                        return Ok(self.outcome(*report));
                    }
                    Command::Fail { error } => return Err(error),
                    Command::Drop { commit } => {
                        self.commits.remove(&commit);
                    }
                    Command::DropRuns { runs } => {
                        for RunId { source, place } in runs {
                            let stored = self.commits.get_mut(&source);
                            let run = &mut stored.unwrap().runs[place];
                            assert!(run.take().is_some(), "dropped twice");
                        }
                    }
                    command => self.give(command),
                }
            }
            self.step();
        }
        panic!("the job does not end: {:?}", self.conditions);
    }

    fn new_worker(&self) -> Worker {
        Worker::new(self.conditions.order, self.keys, self.figures)
    }

    fn chance(&mut self, per_mille: u32) -> bool {
        self.rng.next_u32() % 1000 < per_mille
    }

    fn pick(&mut self, len: usize) -> usize {
        self.rng.next_u32() as usize % len
    }

    fn give(&mut self, command: Command) {
        let worker = match &command {
            Command::Start { worker, .. }
            | Command::Parse { worker, .. }
            | Command::Commit { worker, .. }
            | Command::Discard { worker }
            | Command::Combine { worker, .. }
            | Command::Sort { worker, .. }
            | Command::Merge { worker, .. }
            | Command::Rejects { worker, .. } => *worker,
            _ => unreachable!("it is for no worker"),
        };
        self.workers[worker].orders.push_back(command);
    }

    /// Lets something happen.
    fn step(&mut self) {
        let busy: Vec<usize> = (0..self.workers.len())
            .filter(|&worker| !self.workers[worker].orders.is_empty())
            .collect();
        assert!(!busy.is_empty(), "no worker has anything to do");
        let worker = busy[self.pick(busy.len())];
        let starts = matches!(
            self.workers[worker].orders.front(),
            Some(Command::Start { .. })
        );
        if !starts && self.chance(self.conditions.deaths) {
            self.workers[worker] = self.new_worker();
            let (attempt, cause) = (self.started[worker], "a test".to_owned());
            let out_of_memory = self.chance(500);
            let death = Event::Died { worker, attempt, cause, out_of_memory };
            self.late.push(death.clone());
            return self.job.handle(death);
        }
        let order = self.workers[worker].orders.pop_front().unwrap();
        if let Some(event) = self.obey(worker, order) {
            if self.chance(self.conditions.echoes) {
                self.job.handle(event.clone());
                self.late.push(event.clone());
            }
            self.job.handle(event);
        }
        if !self.late.is_empty() && self.chance(self.conditions.echoes) {
            let late = self.pick(self.late.len());
            self.job.handle(self.late[late].clone());
        }
    }

    fn obey(&mut self, worker: usize, order: Command) -> Option<Event> {
        match order {
            Command::Start { attempt, .. } => {
                self.started[worker] = attempt;
                Some(Event::Ready { worker, attempt })
            }
            Command::Parse { attempt, file, split, .. } => {
                let report = self.parse(worker, file, split);
                Some(Event::Parsed { worker, attempt, report })
            }
            Command::Commit { attempt, commit, .. } => {
                let commit = self.commit(worker, commit);
                Some(Event::Committed { worker, attempt, commit })
            }
            Command::Discard { .. } => {
                let orders = std::mem::take(&mut self.workers[worker].orders);
                let empty = self.new_worker();
                self.workers[worker] = Worker { orders, ..empty };
                None
            }
            Command::Combine { attempt, commit, runs, .. } => {
                let index = self.combine(commit, &runs);
                Some(Event::Combined { worker, attempt, index })
            }
            Command::Sort { attempt, commit, runs, range, .. } => {
                let runs = self.sort(commit, &runs, &range);
                Some(Event::Sorted { worker, attempt, runs })
            }
            Command::Merge { attempt, task, runs, range, .. } => {
                let format = self.conditions.output;
                let mut output = Output::with_format(format, self.figures);
                let (mut groups, mut grand) = (0, Grand::new(self.figures));
                let first = self.conditions.order.lead();
                self.merge(&runs, &range, |key, totals| {
                    output.record(key[first..].iter().copied(), totals);
                    groups += 1;
                    grand.add(totals);
                });
                let part = output.take();
                self.parts.insert(task, part);
                Some(Event::TaskDone {
                    worker,
                    attempt,
                    groups,
                    formulas: output.formulas(),
                    sums: texts(&grand.into_totals()),
                })
            }
            Command::Rejects { attempt, parts, .. } => {
                self.rejects = self.write_rejects(&parts);
                Some(Event::TaskDone {
                    worker,
                    attempt,
                    groups: 0,
                    formulas: 0,
                    sums: texts(&zeros(self.figures.len())),
                })
            }
            _ => unreachable!("it is for no worker"),
        }
    }

    fn parse(
        &mut self,
        worker: usize,
        file: usize,
        split: Split,
    ) -> SplitReport {
        self.parsed += 1;
        let before = self.plans[..file].iter().map(FilePlan::extent);
        let reader = SplitReader::new(&self.formats[file], split);
        let mut reader = reader.after(before.sum());
        let source = &self.inputs[file].source;
        let worker = &mut self.workers[worker];
        let before = worker.log.as_bytes().len();
        let mut sizes = self.conditions.first_chunks.iter().copied();
        let mut position = split.read_from();
        loop {
            let (aggregate, log) = (&mut worker.aggregate, &mut worker.log);
            if reader.run(aggregate, log) == Progress::Done {
                break;
            }
            let rest = source.len() - position;
            let size = sizes.next().unwrap_or(self.conditions.chunk_bytes);
            match rest.min(size as u64) as usize {
                0 => reader.finish(),
                size => {
                    source.read(position, reader.spare(size));
                    position += size as u64;
                }
            }
            if worker.aggregate.len() > self.conditions.spill_groups {
                worker.spill();
            }
        }
        let bytes = worker.log.as_bytes().len() - before;
        worker.reject_bytes.push(bytes as u64);
        reader.report()
    }

    fn commit(&mut self, worker: usize, id: u64) -> Committed {
        let worker = &mut self.workers[worker];
        let group_bytes = worker.aggregate.group_bytes();
        worker.spill();
        let nothing = Grand::new(worker.figures);
        let grand = std::mem::replace(&mut worker.grand, nothing);
        let index = |(_, index): &Run| index.encode();
        let committed = Committed {
            runs: worker.runs.iter().map(index).map(ByteBuf::from).collect(),
            added: std::mem::take(&mut worker.added),
            sums: texts(&grand.into_totals()),
            group_bytes,
            rejects: std::mem::take(&mut worker.reject_bytes),
        };
        let runs = std::mem::take(&mut worker.runs);
        let runs = runs.into_iter().map(Some).collect();
        let stored = Stored { runs, rejects: worker.log.take() };
        self.commits.insert(id, stored);
        committed
    }

    fn combine(&mut self, commit: u64, runs: &[RunId]) -> ByteBuf {
        let mut made = Vec::new();
        let mut sink = |bytes: &[u8]| made.extend_from_slice(bytes);
        let RunId { source, place } = runs[0];
        let first = self.commits[&source].runs[place].as_ref();
        let keys = first.unwrap().1.keys;
        let mut writer = RunWriter::new(keys, self.figures.len());
        self.merge(runs, &Range::default(), |key, totals| {
            writer.push(key, totals, &mut sink);
        });
        let index = writer.finish(&mut sink);
        let encoded = ByteBuf::from(index.encode());
        let runs = vec![Some((made, index))];
        self.commits.insert(commit, Stored { runs, ..Stored::default() });
        encoded
    }

    fn sort(
        &mut self,
        commit: u64,
        runs: &[RunId],
        range: &Range,
    ) -> Vec<ByteBuf> {
        let mut made = Vec::new();
        let mut spill = |sorter: &mut Sorter| {
            let mut run = Vec::new();
            let index = sorter.drain(&mut |b| run.extend_from_slice(b));
            made.push(Some((run, index)));
        };
        let mut sorter =
            Sorter::new(self.conditions.order, self.keys, self.figures.len());
        for range in sorter.ranges(range.into()) {
            self.merge(runs, &(&range).into(), |key, totals| {
                sorter.push(key.iter().copied(), totals);
                if sorter.len() >= self.conditions.sort_groups {
                    spill(&mut sorter);
                }
            });
        }
        if !sorter.is_empty() {
            spill(&mut sorter);
        }
        let index = |run: &Option<Run>| run.as_ref().unwrap().1.encode();
        let indexes = made.iter().map(index).map(ByteBuf::from).collect();
        self.commits
            .insert(commit, Stored { runs: made, ..Stored::default() });
        indexes
    }

    fn merge(
        &self,
        runs: &[RunId],
        range: &Range,
        mut group: impl FnMut(&[&[u8]], &[Total]),
    ) {
        assert!(runs.len() <= self.conditions.fan_in, "too many open runs");
        let run =
            |id: &RunId| self.commits[&id.source].runs[id.place].as_ref();
        let runs: Vec<&Run> =
            runs.iter().map(|id| run(id).expect("it was dropped")).collect();
        let indexes: Vec<&RunIndex> =
            runs.iter().map(|(_, index)| index).collect();
        let keys = indexes.first().map_or(self.keys, |index| index.keys);
        let mut merge =
            Merge::new(&indexes, range.into(), keys, self.figures).unwrap();
        loop {
            match merge.step().unwrap() {
                Step::Need { run, offset, length } => {
                    let bytes = &runs[run].0[offset as usize..][..length];
                    merge.feed(run, bytes).unwrap();
                }
                Step::Group => {
                    let key: Vec<&[u8]> = merge.key().collect();
                    group(&key, merge.totals());
                }
                Step::End => return,
            }
        }
    }

    fn write_rejects(&self, parts: &[RejectPart]) -> Vec<u8> {
        let mut csv = Vec::new();
        playtally::write_reject_header(&mut csv);
        let mut headed = None;
        for part in parts {
            if headed.replace(part.file) != Some(part.file) {
                write_reject_file(&mut csv, &self.heads[part.file]);
            }
        }
        for part in parts {
            let bytes = &self.commits[&part.commit].rejects;
            let mut reader = RejectReader::default();
            reader.push(&bytes[part.start as usize..part.end as usize]);
            while let Some(reject) = reader.next() {
                let reject = reject.after(part.records, part.breaks);
                let head = &self.heads[part.file];
                playtally::write_reject(&mut csv, head, &reject);
            }
            assert!(reader.is_empty());
        }
        csv
    }

    fn outcome(&mut self, report: Report) -> Outcome {
        let mut csv = self.header.clone();
        self.parts.values().for_each(|part| csv.extend_from_slice(part));
        // Raw records may be anything.
        let rejects = String::from_utf8_lossy(&self.rejects).into_owned();
        let notices = self.notices.clone();
        let text = String::from_utf8(csv.clone()).expect("text");
        Outcome { csv: text, csv_bytes: csv, rejects, report, notices }
    }
}
