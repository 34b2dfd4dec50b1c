//! What a worker does while splits are read: parse and commit.
//!
//! What it does then is in [`merging`](super::merging).

use js_sys::{Array, Function, Promise};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::input::{Input, Pieces};
use super::settings::{FileSettings, Settings};
use super::store::{Store, Stored, Writer};
use super::stream::{Buffers, Source};
use super::value::{array, from_js, nfc, object, to_js};
use crate::aggregate::Aggregate;
use crate::figures::{Figures, Grand};
use crate::job::Committed;
use crate::reject::RejectLog;
use crate::split::{Progress, Split, SplitReader};
use crate::total::Total;

/// The bytes that are still to come of a split when the next one is opened:
/// opening it takes some milliseconds, in which so many are parsed.
const AHEAD: u64 = 8 << 20;

/// The bytes between two calls that tell progress.
const TELL: u64 = 2 << 20;

/// A worker's half of a job.
#[wasm_bindgen]
pub struct Engine {
    pub(super) settings: Settings,
    files: Vec<Blob>,
    aggregate: Aggregate,
    pub(super) store: Store,
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

impl SplitOfFile {
    /// Whether it begins where a split of some file ends.
    fn follows(&self, file: usize, split: Split) -> bool {
        (self.file, self.split.start) == (file, split.end)
    }
}

/// What was spilled or counted since the last commit.
struct Uncommitted {
    runs: Vec<Stored>,
    indexes: Vec<ByteBuf>,
    /// The rejects, and the bytes of each split's.
    rejects: Writer,
    reject_bytes: Vec<u64>,
    added: u64,
    /// The figures of what was spilled.
    grand: Grand,
    /// As [`Committed`] has it.
    group_bytes: Option<u64>,
}

#[wasm_bindgen]
impl Engine {
    /// Creates the engine of a job, with the settings that the job gave, the
    /// files in its order, what the names of this worker's files are to
    /// begin with, and what the path of the job's folder in the origin private
    /// file system will be, or null if it has none.
    ///
    /// # Errors
    ///
    /// If the settings are not those of a job.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: JsValue,
        files: Array,
        prefix: String,
        folder: Promise,
    ) -> Result<Engine, JsValue> {
        let settings: Settings = from_js(settings)?;
        let files = files.iter().map(JsCast::unchecked_into).collect();
        Ok(Engine {
            aggregate: settings.aggregate(),
            uncommitted: Uncommitted::new(settings.figures),
            settings,
            files,
            store: Store::new(prefix, folder),
            buffers: Buffers::default(),
            ahead: None,
        })
    }

    /// Parses a split and returns `{ report, groups, disk }`. `ahead` is the
    /// `{ file, split }` that is likely to be parsed next, or null. Now and
    /// then `progress` is called with the bytes read, the records read and
    /// rejected so far, the groups in the aggregate, and the bytes on disk
    /// that were not committed yet. If the file is streamed, `pieces` makes
    /// text of its bytes.
    ///
    /// # Errors
    ///
    /// If the file can't be read or unpacked to its end, or changed.
    pub async fn parse(
        &mut self,
        file: usize,
        split: JsValue,
        ahead: JsValue,
        progress: Function,
        pieces: Option<Pieces>,
    ) -> Result<JsValue, JsValue> {
        let split: Split = from_js(split)?;
        let mut ahead: Option<SplitOfFile> = from_js(ahead)?;
        if ahead.is_none() {
            // Then comes a commit, which needs a file.
            self.store.prepare();
        }
        let source = self.source(SplitOfFile { file, split });
        let about = &self.settings.files[file];
        let format = about.format.clone();
        let name = about.name.clone();
        let files_before = &self.settings.files[..file];
        let bytes_before = files_before.iter().map(FileSettings::extent).sum();
        let mut reader = SplitReader::new(&format, split)
            .after(bytes_before)
            .normalizing(nfc);
        let mut input = Input::new(source, &name, pieces);
        let mut next = None;
        let mut told = 0;
        let rejected = self.uncommitted.rejects.len();
        let mut rejects = RejectLog::default();
        while reader.run(&mut self.aggregate, &mut rejects) == Progress::More {
            self.keep(&mut rejects).await?;
            match input.next(split.read_from()).await? {
                Some(chunk) => {
                    chunk.copy_to(reader.spare(chunk.length() as usize));
                }
                None => reader.finish(),
            }
            if self.aggregate.memory() as u64 > self.settings.memory_bytes {
                self.spill().await?;
            }
            if input.source.left() <= AHEAD
                && let Some(place) = ahead.take()
            {
                if place.follows(file, split) {
                    input.source.extend(place.split.end);
                    next = Some(place);
                } else {
                    let mut source = self.source(place);
                    source.start()?;
                    self.ahead = Some((place, source));
                }
            }
            if input.read() - told >= TELL {
                told = input.read();
                let counts = reader.counts();
                let figures = [
                    told.min(split.end - split.start),
                    counts.records,
                    counts.rejected,
                    self.aggregate.len() as u64,
                    self.uncommitted.on_disk(),
                ];
                tell(&progress, figures)?;
            }
        }
        match next {
            Some(place) => self.ahead = Some((place, input.into_source())),
            None => input.close(),
        }
        self.keep(&mut rejects).await?;
        let done = &mut self.uncommitted;
        done.reject_bytes.push(done.rejects.len() - rejected);
        let figures = [self.aggregate.len() as u64, done.on_disk()];
        let [groups, disk] = figures.map(|n| JsValue::from(n as f64));
        let report = to_js(&reader.report())?;
        Ok(object(&[("report", report), ("groups", groups), ("disk", disk)]))
    }

    /// Empties the aggregate and returns `{ commit, runs, rejects }`: what
    /// the job is told, and where the runs and the rejects are: each its
    /// bytes, a Blob, or `{ name, size }` of a file in the job's folder.
    ///
    /// # Errors
    ///
    /// If the browser has no room for them.
    pub async fn commit(&mut self) -> Result<JsValue, JsValue> {
        if !self.aggregate.is_empty() {
            self.spill().await?;
        }
        // For what is merged next, if this was the last commit.
        self.store.prepare();
        let done = self.take_uncommitted();
        let commit = Committed {
            runs: done.indexes,
            added: done.added,
            sums: in_digits(&done.grand.into_totals()),
            group_bytes: done.group_bytes,
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
        let undone = self.take_uncommitted();
        undone.rejects.discard(&self.store);
        for run in undone.runs {
            self.store.remove(run);
        }
    }

    /// Writes a file into the job's folder, if it has one.
    ///
    /// # Errors
    ///
    /// If the browser has no room for it.
    pub async fn save(
        &mut self,
        name: String,
        content: Vec<u8>,
    ) -> Result<(), JsValue> {
        self.store.save(&name, &content).await
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
        let about = &self.settings.files[file];
        let (start, end) = match about.streamed {
            true => (0, about.size),
            false => (split.read_from(), split.end),
        };
        Source::new(
            &self.files[file],
            about.size,
            start,
            end,
            self.settings.chunk_bytes,
            self.buffers.clone(),
        )
    }

    /// Empties the aggregate into a run.
    async fn spill(&mut self) -> Result<(), JsValue> {
        let done = &mut self.uncommitted;
        done.added += self.aggregate.added();
        if self.aggregate.added() > 0 {
            done.grand.add(self.aggregate.sums());
        }
        done.group_bytes = done.group_bytes.max(self.aggregate.group_bytes());
        let mut run = Writer::default();
        // A run is smaller than the aggregate that it is made of.
        let most = self.aggregate.memory() as u64;
        run.make_room(&mut self.store, most).await?;
        let index = self.aggregate.drain(&mut run.sink());
        done.runs.push(run.finish(&self.store)?);
        done.indexes.push(ByteBuf::from(index.encode()));
        Ok(())
    }

    /// Takes what wasn't committed, and leaves nothing.
    fn take_uncommitted(&mut self) -> Uncommitted {
        let nothing = Uncommitted::new(self.settings.figures);
        std::mem::replace(&mut self.uncommitted, nothing)
    }
}

impl Uncommitted {
    /// Nothing.
    fn new(figures: Figures) -> Uncommitted {
        Uncommitted {
            runs: Vec::new(),
            indexes: Vec::new(),
            rejects: Writer::default(),
            reject_bytes: Vec::new(),
            added: 0,
            grand: Grand::new(figures),
            group_bytes: None,
        }
    }

    /// How many bytes it takes in the job's folder.
    fn on_disk(&self) -> u64 {
        let runs: u64 = self.runs.iter().map(Stored::on_disk).sum();
        runs + self.rejects.on_disk()
    }
}

/// Tells how far something is.
pub(super) fn tell(
    progress: &Function,
    figures: [u64; 5],
) -> Result<(), JsValue> {
    let figures = figures.map(|n| JsValue::from(n as f64));
    progress.apply(&JsValue::NULL, &figures.iter().collect())?;
    Ok(())
}

/// Runs the hot loops often enough for the browser to make them fast.
#[wasm_bindgen(js_name = warmUp)]
pub fn warm_up(rounds: u32) {
    crate::warm::warm(rounds);
}

/// Sums as they cross: in digits.
pub(super) fn in_digits(sums: &[Total]) -> Vec<String> {
    sums.iter().map(Total::to_string).collect()
}
