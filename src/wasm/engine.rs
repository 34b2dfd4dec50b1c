//! What a worker does: parse splits, commit, merge, write rejects.

use js_sys::{Array, Function, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::blob::{self, BlobWriter};
use super::stream::{Buffers, Source};
use super::value::{array, from_js, get, object, to_js};
use crate::aggregate::Aggregate;
use crate::error::{Error, ErrorKind, excerpt};
use crate::job::{Committed, Range};
use crate::merge::{Merge, Step};
use crate::number::Total;
use crate::options::Terminator;
use crate::output::Output;
use crate::reject::{self, Reject, RejectLog, RejectReader};
use crate::run::{RunError, RunIndex};
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
    uncommitted: Uncommitted,
    /// What files are read into.
    buffers: Buffers,
}

/// What was spilled or counted since the last commit.
#[derive(Default)]
struct Uncommitted {
    runs: Vec<Blob>,
    indexes: Vec<ByteBuf>,
    /// The rejects, and the bytes of each split's.
    rejects: BlobWriter,
    reject_bytes: Vec<u64>,
    added: u64,
    sums: Vec<Total>,
}

#[wasm_bindgen]
impl Engine {
    /// Creates the engine of a job, with the settings that the job gave and
    /// the files in its order.
    ///
    /// # Errors
    ///
    /// If the settings are not those of a job.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: JsValue, files: Array) -> Result<Engine, JsValue> {
        let settings: Settings = from_js(settings)?;
        let files = files.iter().map(JsCast::unchecked_into).collect();
        let aggregate = Aggregate::new(settings.keys, settings.totals);
        Ok(Engine {
            settings,
            files,
            aggregate,
            uncommitted: Uncommitted::default(),
            buffers: Buffers::new(),
        })
    }

    /// Parses a split and returns `{ report }`. After each chunk `progress`
    /// is called with the bytes read, the records read and rejected so far
    /// and the groups in the aggregate.
    ///
    /// # Errors
    ///
    /// If the file can't be read to its end, or changed.
    pub async fn parse(
        &mut self,
        file: usize,
        split: JsValue,
        progress: Function,
    ) -> Result<JsValue, JsValue> {
        let split: Split = from_js(split)?;
        let about = &self.settings.files[file];
        let format = about.format.clone();
        let name = about.name.clone();
        let mut source = Source::new(
            &self.files[file],
            about.size,
            split.read_from(),
            split.end,
            self.settings.chunk_bytes,
            std::mem::take(&mut self.buffers),
        );
        let mut reader = SplitReader::new(&format, split);
        let rejected = self.uncommitted.rejects.len();
        let mut rejects = RejectLog::default();
        let mut bytes = 0;
        while reader.run(&mut self.aggregate, &mut rejects) == Progress::More {
            self.uncommitted.rejects.push(&rejects.take())?;
            let chunk = source.next().await;
            match chunk.map_err(|error| error.in_file(&name))? {
                Some(chunk) => {
                    let len = chunk.length() as usize;
                    chunk.copy_to(reader.spare(len));
                    bytes += len as u64;
                }
                None => reader.finish(),
            }
            if self.aggregate.memory() as u64 > self.settings.memory_bytes {
                self.spill()?;
            }
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
        self.buffers = source.close().await;
        let done = &mut self.uncommitted;
        done.rejects.push(&rejects.take())?;
        done.reject_bytes.push(done.rejects.len() - rejected);
        Ok(object(&[("report", to_js(&reader.report())?)]))
    }

    /// Empties the aggregate and returns `{ commit, runs, rejects }`: what
    /// the job is told, each run's Blob, and the Blob of the rejects.
    ///
    /// # Errors
    ///
    /// If the browser has no room for the Blobs.
    pub fn commit(&mut self) -> Result<JsValue, JsValue> {
        if !self.aggregate.is_empty() {
            self.spill()?;
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
            ("rejects", done.rejects.finish("")?.into()),
        ]))
    }

    /// Forgets what was done since the last commit.
    pub fn discard(&mut self) {
        let Settings { keys, totals, .. } = self.settings;
        self.aggregate = Aggregate::new(keys, totals);
        self.uncommitted = Uncommitted::default();
    }

    /// Merges a range of runs, given as an array of `{ blob, index }`, and
    /// returns `{ groups, sums, csv }`.
    ///
    /// # Errors
    ///
    /// If a run can't be read back as it was written.
    pub async fn merge(
        &self,
        runs: Array,
        range: JsValue,
    ) -> Result<JsValue, JsValue> {
        let range: Range = from_js(range)?;
        let (blobs, indexes) = open(&runs)?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, totals, crlf, .. } = self.settings;
        let mut merge = Merge::new(&indexes, (&range).into(), keys, totals)
            .map_err(damaged)?;
        let mut output = Output::new(b',', terminator(crlf));
        let mut csv = BlobWriter::default();
        let mut groups = 0_u64;
        let mut sums = vec![Total::zero(); totals];
        loop {
            match merge.step().map_err(damaged)? {
                Step::Need { run, offset, length } => {
                    let bytes =
                        blob::read(&blobs[run], offset, length).await?;
                    merge.feed(run, &bytes).map_err(damaged)?;
                    csv.push(output.buffer())?;
                    output.clear();
                }
                Step::Group => {
                    output.record(merge.key(), merge.totals());
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
            ("csv", csv.finish("text/csv")?.into()),
        ]))
    }

    /// Writes the rejects CSV from an array of
    /// `{ blob, file, records, breaks }` in input order, and returns
    /// `{ groups, sums, csv, first }`, `first` being those to be shown.
    ///
    /// # Errors
    ///
    /// If the rejects can't be read back.
    pub async fn rejects(&self, parts: Array) -> Result<JsValue, JsValue> {
        let mut csv = BlobWriter::default();
        let mut line = Vec::new();
        reject::write_header(&mut line);
        csv.push(&line)?;
        let first = Array::new();
        for part in parts.iter() {
            let blob: Blob = get(&part, "blob")?.unchecked_into();
            let file: usize = from_js(get(&part, "file")?)?;
            let records: u64 = from_js(get(&part, "records")?)?;
            let breaks: u64 = from_js(get(&part, "breaks")?)?;
            let name = &self.settings.files[file].name;
            let size = blob.size() as u64;
            let mut reader = RejectReader::default();
            let mut at = 0;
            while at < size {
                let len = (size - at).min(REJECTS_READ);
                reader.push(&blob::read(&blob, at, len as usize).await?);
                at += len;
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
            ("csv", csv.finish("text/csv")?.into()),
            ("first", first.into()),
        ]))
    }

    /// Empties the aggregate into a run.
    fn spill(&mut self) -> Result<(), JsValue> {
        let done = &mut self.uncommitted;
        done.added += self.aggregate.added();
        done.sums.resize(self.settings.totals, Total::zero());
        for (sum, more) in done.sums.iter_mut().zip(self.aggregate.sums()) {
            sum.add(more);
        }
        let mut run = BlobWriter::default();
        let mut written = Ok(());
        let index = self.aggregate.drain(&mut |bytes| {
            if written.is_ok() {
                written = run.push(bytes);
            }
        });
        written?;
        done.runs.push(run.finish("")?);
        done.indexes.push(ByteBuf::from(index.encode()));
        Ok(())
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

/// The Blobs and the indexes of runs.
fn open(runs: &Array) -> Result<(Vec<Blob>, Vec<RunIndex>), JsValue> {
    let mut blobs = Vec::new();
    let mut indexes = Vec::new();
    for run in runs.iter() {
        blobs.push(get(&run, "blob")?.unchecked_into());
        let index: Uint8Array = get(&run, "index")?.dyn_into()?;
        let index = RunIndex::decode(&index.to_vec()).map_err(damaged)?;
        indexes.push(index);
    }
    Ok((blobs, indexes))
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
