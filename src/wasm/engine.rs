//! What a worker does: parse splits, commit, merge runs, write rejects.

use js_sys::{Array, Function, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::store::{Reader, Store, Stored, Writer};
use super::stream::{Buffers, Source};
use super::value::{array, from_js, get, object, to_js};
use crate::aggregate::Aggregate;
use crate::error::{Error, ErrorKind, excerpt};
use crate::job::{Committed, Range};
use crate::merge::{KeyRange, Merge, Step};
use crate::number::Total;
use crate::options::{Order, Terminator};
use crate::output::Output;
use crate::reject::{self, Reject, RejectLog, RejectReader};
use crate::run::{MOST_FIELDS, RunError, RunIndex, RunWriter};
use crate::sorter::Sorter;
use crate::split::{FileFormat, Progress, Split, SplitReader};

/// What a worker must know of a job.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The files, in the job's order.
    pub files: Vec<FileSettings>,
    /// Number of key columns.
    pub keys: usize,
    /// Number of totalled columns.
    pub totals: usize,
    /// Bytes of a chunk.
    pub chunk_bytes: usize,
    /// Budget of the worker's partial aggregate, in bytes.
    pub memory_bytes: u64,
    /// Whether lines of the result end with CRLF.
    pub crlf: bool,
    /// In what order the groups of the result stand.
    pub order: Order,
}

impl Settings {
    /// An empty partial aggregate.
    fn aggregate(&self) -> Aggregate {
        Aggregate::for_order(self.order, self.keys, self.totals)
    }
}

/// What a worker must know of a file.
#[derive(Debug, Deserialize, Serialize)]
pub struct FileSettings {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How to read it.
    pub format: FileFormat,
}

/// The bytes that are still to come of a split when the next one is opened:
/// opening it takes some milliseconds, in which so many are parsed.
const AHEAD: u64 = 8 << 20;

/// The bytes between two calls that tell progress.
const TELL: u64 = 2 << 20;

/// The budget of sorting where there is no more: less would make a run of
/// every few groups.
const LEAST_SORTED: u64 = 1 << 20;

/// The bytes of a read of rejects.
const REJECTS_READ: u64 = 1 << 20;

/// Rejects that are returned to be shown.
const REJECTS_SHOWN: u32 = 100;

/// The most characters of a reject's raw text that are shown.
const SHOWN_CHARS: usize = 2000;

/// A worker's half of a job.
#[wasm_bindgen]
pub struct Engine {
    settings: Settings,
    files: Vec<Blob>,
    aggregate: Aggregate,
    store: Store,
    uncommitted: Uncommitted,
    /// What files are read into.
    buffers: Buffers,
    /// The split that is likely to be the next, its first bytes on their way.
    ahead: Option<(SplitOfFile, Source)>,
}

/// A split of a file.
#[derive(Clone, Copy, Debug, Deserialize)]
struct SplitOfFile {
    file: usize,
    split: Split,
}

/// What was spilled or counted since the last commit.
#[derive(Default)]
struct Uncommitted {
    runs: Vec<Stored>,
    indexes: Vec<ByteBuf>,
    /// The rejects, and the bytes of each split's.
    rejects: Writer,
    reject_bytes: Vec<u64>,
    added: u64,
    sums: Vec<Total>,
}

#[wasm_bindgen]
impl Engine {
    /// Creates the engine of a job, with the settings that the job gave, the
    /// files in its order, and `{ folder, prefix }`: the path of the job's
    /// folder in the origin private file system, or null if it has none, and
    /// what the names of this worker's files there are to begin with.
    ///
    /// # Errors
    ///
    /// If the settings are not those of a job.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: JsValue,
        files: Array,
        place: JsValue,
    ) -> Result<Engine, JsValue> {
        let settings: Settings = from_js(settings)?;
        let files = files.iter().map(JsCast::unchecked_into).collect();
        Ok(Engine {
            aggregate: settings.aggregate(),
            settings,
            files,
            store: Store::new(from_js(place)?),
            uncommitted: Uncommitted::default(),
            buffers: Buffers::default(),
            ahead: None,
        })
    }

    /// Parses a split and returns `{ report }`. `ahead` is the
    /// `{ file, split }` that is likely to be parsed next, or null. Now and
    /// then `progress` is called with the bytes read, the records read and
    /// rejected so far and the groups in the aggregate.
    ///
    /// # Errors
    ///
    /// If the file can't be read to its end, or changed.
    pub async fn parse(
        &mut self,
        file: usize,
        split: JsValue,
        ahead: JsValue,
        progress: Function,
    ) -> Result<JsValue, JsValue> {
        let split: Split = from_js(split)?;
        let mut ahead: Option<SplitOfFile> = from_js(ahead)?;
        let mut source = self.source(SplitOfFile { file, split });
        let about = &self.settings.files[file];
        let format = about.format.clone();
        let name = about.name.clone();
        let files_before = &self.settings.files[..file];
        let bytes_before = files_before.iter().map(|file| file.size).sum();
        let mut reader = SplitReader::new(&format, split).after(bytes_before);
        let mut before = split.read_from() - source.at();
        let rejected = self.uncommitted.rejects.len();
        let mut rejects = RejectLog::default();
        let (mut bytes, mut told) = (0, 0);
        while reader.run(&mut self.aggregate, &mut rejects) == Progress::More {
            self.keep(&mut rejects).await?;
            let chunk = source.next().await;
            match chunk.map_err(|error| error.in_file(&name))? {
                Some(chunk) => {
                    let len = u64::from(chunk.length());
                    let skipped = before.min(len);
                    before -= skipped;
                    let chunk = chunk.subarray(skipped as u32, len as u32);
                    let len = chunk.length() as usize;
                    chunk.copy_to(reader.spare(len));
                    bytes += len as u64;
                }
                None => reader.finish(),
            }
            if self.aggregate.memory() as u64 > self.settings.memory_bytes {
                self.spill().await?;
            }
            if source.left() <= AHEAD
                && let Some(place) = ahead.take()
            {
                let mut source = self.source(place);
                source.start()?;
                self.ahead = Some((place, source));
            }
            if bytes - told >= TELL {
                told = bytes;
                let counts = reader.counts();
                let figures = [
                    bytes.min(split.end - split.start),
                    counts.records,
                    counts.rejected,
                    self.aggregate.len() as u64,
                ];
                let figures = figures.map(|n| JsValue::from(n as f64));
                progress.apply(&JsValue::NULL, &figures.iter().collect())?;
            }
        }
        source.close();
        self.keep(&mut rejects).await?;
        let done = &mut self.uncommitted;
        done.reject_bytes.push(done.rejects.len() - rejected);
        Ok(object(&[("report", to_js(&reader.report())?)]))
    }

    /// Empties the aggregate and returns `{ commit, runs, rejects }`: what
    /// the job is told, and where the runs and the rejects are: each a Blob
    /// or the name of a file in the job's folder.
    ///
    /// # Errors
    ///
    /// If the browser has no room for them.
    pub async fn commit(&mut self) -> Result<JsValue, JsValue> {
        if !self.aggregate.is_empty() {
            self.spill().await?;
        }
        let done = std::mem::take(&mut self.uncommitted);
        let commit = Committed {
            runs: done.indexes,
            added: done.added,
            sums: in_digits(&self.padded(done.sums)),
            rejects: done.reject_bytes,
        };
        Ok(object(&[
            ("commit", to_js(&commit)?),
            ("runs", array(done.runs)),
            ("rejects", done.rejects.finish(&self.store)?.into()),
        ]))
    }

    /// Forgets what was done since the last commit.
    pub fn discard(&mut self) {
        self.aggregate = self.settings.aggregate();
        let undone = std::mem::take(&mut self.uncommitted);
        undone.rejects.discard(&self.store);
        for run in undone.runs {
            self.store.remove(run);
        }
    }

    /// Merges runs, given as an array of `{ run, index }`, into one, and
    /// returns `{ run, index }` of that.
    ///
    /// # Errors
    ///
    /// As [`Engine::merge`].
    pub async fn combine(&mut self, runs: Array) -> Result<JsValue, JsValue> {
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, totals, .. } = self.settings;
        // Sorted runs have more.
        let keys = indexes.first().map_or(keys, |index| index.keys);
        let mut merge =
            Merge::new(&indexes, KeyRange::default(), keys, totals)
                .map_err(damaged)?;
        let mut made = Writer::default();
        // A run is hardly larger than those it is made of.
        let most = indexes.iter().map(|index| index.bytes).sum();
        made.make_room(&mut self.store, most).await?;
        let mut writer = RunWriter::new(keys, totals);
        let mut written = Ok(());
        let mut sink = |bytes: &[u8]| {
            if written.is_ok() {
                written = made.push(bytes);
            }
        };
        let mut bytes = Vec::new();
        loop {
            match merge.step().map_err(damaged)? {
                Step::Need { run, offset, length } => {
                    runs[run].read(offset, length, &mut bytes).await?;
                    merge.feed(run, &bytes).map_err(damaged)?;
                }
                Step::Group => {
                    let mut key: [&[u8]; MOST_FIELDS] = [&[]; MOST_FIELDS];
                    for (place, field) in key.iter_mut().zip(merge.key()) {
                        *place = field;
                    }
                    writer.push(&key[..keys], merge.totals(), &mut sink);
                }
                Step::End => break,
            }
        }
        let index = writer.finish(&mut sink);
        written?;
        self.made(made, &index)
    }

    /// Sorts a range of runs, given as an array of `{ run, index }`, by what
    /// the result is to be sorted by, and returns an array of the runs that
    /// makes, of the same form.
    ///
    /// # Errors
    ///
    /// As [`Engine::merge`].
    pub async fn sort(
        &mut self,
        runs: Array,
        range: JsValue,
    ) -> Result<Array, JsValue> {
        let range: Range = from_js(range)?;
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, totals, order, memory_bytes, .. } = self.settings;
        let mut sorter = Sorter::new(order, keys, totals);
        // The other half is for the runs: see `Options::fan_in`.
        let most = (memory_bytes / 2).max(LEAST_SORTED);
        let made = Array::new();
        let mut bytes = Vec::new();
        for range in sorter.ranges((&range).into()) {
            let keys = keys + order.marks();
            let mut merge =
                Merge::new(&indexes, range, keys, totals).map_err(damaged)?;
            loop {
                match merge.step().map_err(damaged)? {
                    Step::Need { run, offset, length } => {
                        runs[run].read(offset, length, &mut bytes).await?;
                        merge.feed(run, &bytes).map_err(damaged)?;
                    }
                    Step::Group => {
                        sorter.push(merge.key(), merge.totals());
                        if sorter.memory() as u64 > most {
                            made.push(&self.spill_sorted(&mut sorter).await?);
                        }
                    }
                    Step::End => break,
                }
            }
        }
        if !sorter.is_empty() {
            made.push(&self.spill_sorted(&mut sorter).await?);
        }
        Ok(made)
    }

    /// Merges a range of runs, given as an array of `{ run, index }`, and
    /// returns `{ groups, sums, csv }`. A run and the CSV are Blobs or names
    /// of files in the job's folder.
    ///
    /// # Errors
    ///
    /// If a run can't be read back as it was written, or the browser has no
    /// room for the CSV.
    pub async fn merge(
        &mut self,
        runs: Array,
        range: JsValue,
    ) -> Result<JsValue, JsValue> {
        let range: Range = from_js(range)?;
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, totals, crlf, order, .. } = self.settings;
        let keys = order.lead() + keys;
        let mut merge = Merge::new(&indexes, (&range).into(), keys, totals)
            .map_err(damaged)?;
        let mut output = Output::new(b',', terminator(crlf));
        let mut csv = Writer::default();
        let mut bytes = Vec::new();
        let mut groups = 0_u64;
        let mut sums = vec![Total::zero(); totals];
        loop {
            match merge.step().map_err(damaged)? {
                Step::Need { run, offset, length } => {
                    runs[run].read(offset, length, &mut bytes).await?;
                    merge.feed(run, &bytes).map_err(damaged)?;
                    let more = output.buffer();
                    csv.make_room(&mut self.store, more.len() as u64).await?;
                    csv.push(more)?;
                    output.clear();
                }
                Step::Group => {
                    let mut key = merge.key();
                    if order.lead() > 0 {
                        key.next();
                    }
                    output.record(key, merge.totals());
                    groups += 1;
                    for (sum, total) in sums.iter_mut().zip(merge.totals()) {
                        sum.add(total);
                    }
                }
                Step::End => break,
            }
        }
        csv.push(output.buffer())?;
        Ok(object(&[
            ("groups", (groups as f64).into()),
            ("sums", array(in_digits(&sums))),
            ("csv", csv.finish(&self.store)?.into()),
        ]))
    }

    /// Writes the rejects CSV from an array of
    /// `{ rejects, start, end, file, records, breaks }` in input order, and
    /// returns `{ groups, sums, csv, first }`, `first` being those to be
    /// shown.
    ///
    /// # Errors
    ///
    /// If the rejects can't be read back, or the browser has no room for the
    /// CSV.
    pub async fn rejects(&mut self, parts: Array) -> Result<JsValue, JsValue> {
        let mut csv = Writer::default();
        let mut bytes = Vec::new();
        let mut line = Vec::new();
        reject::write_header(&mut line);
        csv.push(&line)?;
        let first = Array::new();
        for part in parts.iter() {
            let piece = get(&part, "rejects")?.try_into()?;
            let source = Reader::open(&mut self.store, piece).await?;
            let mut at: u64 = from_js(get(&part, "start")?)?;
            let end: u64 = from_js(get(&part, "end")?)?;
            let file: usize = from_js(get(&part, "file")?)?;
            let records: u64 = from_js(get(&part, "records")?)?;
            let breaks: u64 = from_js(get(&part, "breaks")?)?;
            let name = &self.settings.files[file].name;
            let mut reader = RejectReader::default();
            while at < end {
                let len = (end - at).min(REJECTS_READ);
                source.read(at, len as usize, &mut bytes).await?;
                reader.push(&bytes);
                at += len;
                // A record of the CSV is little longer than its reject.
                csv.make_room(&mut self.store, 2 * len).await?;
                while let Some(reject) = reader.next() {
                    let reject = reject.after(records, breaks);
                    line.clear();
                    reject::write_record(&mut line, name, &reject);
                    csv.push(&line)?;
                    if first.length() < REJECTS_SHOWN {
                        first.push(&show(name, &reject));
                    }
                }
            }
            if !reader.is_empty() {
                return Err(damaged(RunError::Damaged));
            }
        }
        let sums = vec![Total::zero(); self.settings.totals];
        Ok(object(&[
            ("groups", 0.into()),
            ("sums", array(in_digits(&sums))),
            ("csv", csv.finish(&self.store)?.into()),
            ("first", first.into()),
        ]))
    }

    /// Moves rejects out of memory.
    async fn keep(&mut self, rejects: &mut RejectLog) -> Result<(), JsValue> {
        let bytes = rejects.take();
        let kept = &mut self.uncommitted.rejects;
        kept.make_room(&mut self.store, bytes.len() as u64).await?;
        kept.push(&bytes)
    }

    /// The source of a split's bytes: the one that was opened ahead, if it is
    /// that split's. That one may begin a little before the bytes that are
    /// needed, since meanwhile it may have been proved where the split begins.
    fn source(&mut self, place: SplitOfFile) -> Source {
        if let Some((opened, source)) = self.ahead.take() {
            let same = (opened.file, opened.split.end)
                == (place.file, place.split.end);
            if same && source.at() <= place.split.read_from() {
                return source;
            }
            source.close();
        }
        let SplitOfFile { file, split } = place;
        Source::new(
            &self.files[file],
            self.settings.files[file].size,
            split.read_from(),
            split.end,
            self.settings.chunk_bytes,
            self.buffers.clone(),
        )
    }

    /// Empties the aggregate into a run.
    async fn spill(&mut self) -> Result<(), JsValue> {
        let done = &mut self.uncommitted;
        done.added += self.aggregate.added();
        done.sums.resize(self.settings.totals, Total::zero());
        for (sum, more) in done.sums.iter_mut().zip(self.aggregate.sums()) {
            sum.add(more);
        }
        let mut run = Writer::default();
        // A run is smaller than the aggregate that it is made of.
        let most = self.aggregate.memory() as u64;
        run.make_room(&mut self.store, most).await?;
        let mut written = Ok(());
        let index = self.aggregate.drain(&mut |bytes| {
            if written.is_ok() {
                written = run.push(bytes);
            }
        });
        written?;
        done.runs.push(run.finish(&self.store)?);
        done.indexes.push(ByteBuf::from(index.encode()));
        Ok(())
    }

    /// Empties a sorter into a run, and returns `{ run, index }` of that.
    async fn spill_sorted(
        &mut self,
        sorter: &mut Sorter,
    ) -> Result<JsValue, JsValue> {
        let mut run = Writer::default();
        // A run is smaller than what it is made of.
        let most = sorter.memory() as u64;
        run.make_room(&mut self.store, most).await?;
        let mut written = Ok(());
        let index = sorter.drain(&mut |bytes| {
            if written.is_ok() {
                written = run.push(bytes);
            }
        });
        written?;
        self.made(run, &index)
    }

    /// What is returned of a run that was written.
    fn made(&self, run: Writer, index: &RunIndex) -> Result<JsValue, JsValue> {
        Ok(object(&[
            ("run", run.finish(&self.store)?.into()),
            ("index", Uint8Array::from(&index.encode()[..]).into()),
        ]))
    }

    /// Opens runs.
    async fn open(
        &mut self,
        runs: &Array,
    ) -> Result<(Vec<Reader>, Vec<RunIndex>), JsValue> {
        let mut pieces = Vec::new();
        let mut indexes = Vec::new();
        for run in runs.iter() {
            pieces.push(get(&run, "run")?.try_into()?);
            let index: Uint8Array = get(&run, "index")?.dyn_into()?;
            let index = RunIndex::decode(&index.to_vec()).map_err(damaged)?;
            indexes.push(index);
        }
        let readers = Reader::open_all(&mut self.store, pieces).await?;
        Ok((readers, indexes))
    }

    /// One sum for each totalled column, also if nothing was added.
    fn padded(&self, mut sums: Vec<Total>) -> Vec<Total> {
        sums.resize(self.settings.totals, Total::zero());
        sums
    }
}

/// Runs the hot loops often enough for the browser to make them fast.
#[wasm_bindgen(js_name = warmUp)]
pub fn warm_up(rounds: u32) {
    crate::warm::warm(rounds);
}

/// A reject as the page shows it.
fn show(file: &str, reject: &Reject<'_>) -> JsValue {
    let some = &reject.raw[..reject.raw.len().min(SHOWN_CHARS * 4)];
    let raw: String =
        String::from_utf8_lossy(some).chars().take(SHOWN_CHARS).collect();
    object(&[
        ("file", excerpt(file).into()),
        ("record", ((reject.records + 1) as f64).into()),
        ("line", ((reject.breaks + 1) as f64).into()),
        ("byte", (reject.byte as f64).into()),
        ("reason", reject.reason.code().into()),
        ("message", reject.reason.message().into()),
        ("raw", raw.into()),
    ])
}

fn in_digits(sums: &[Total]) -> Vec<String> {
    sums.iter().map(Total::to_string).collect()
}

fn terminator(crlf: bool) -> Terminator {
    if crlf { Terminator::CrLf } else { Terminator::Lf }
}

fn damaged(error: RunError) -> JsValue {
    let what = error.to_string();
    Error::new(ErrorKind::DamagedRun { what }).into()
}
