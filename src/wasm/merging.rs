//! What a worker does once everything is read: merge runs, write rejects.

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::engine::{Engine, in_digits, tell};
use super::settings::Settings;
use super::store::{Reader, Writer};
use super::value::{array, from_js, get, object};
use crate::error::{Error, ErrorKind, excerpt};
use crate::job::Range;
use crate::merge::{KeyRange, Merge, Step};
use crate::part::Part;
use crate::reject::{self, FileHead, Reject, RejectReader};
use crate::run::{RunError, RunIndex};
use crate::sorter::Sorter;
use crate::total::Total;

/// The budget of sorting where there is no more: less would make a run of
/// every few groups.
const LEAST_SORTED: u64 = 1 << 20;

/// The bytes of a read of rejects.
const REJECTS_READ: u64 = 1 << 20;

/// Rejects that are returned to be shown.
const REJECTS_SHOWN: u32 = 100;

/// The most characters of a reject's raw text that are shown.
const SHOWN_CHARS: usize = 2000;

#[wasm_bindgen]
impl Engine {
    /// Merges runs, given as an array of `{ run, index }`, into one, and
    /// returns `{ run, index }` of that. Now and then `progress` is called
    /// as in [`Engine::parse`].
    ///
    /// # Errors
    ///
    /// As [`Engine::merge`].
    pub async fn combine(
        &mut self,
        runs: Array,
        progress: Function,
    ) -> Result<JsValue, JsValue> {
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, figures, .. } = self.settings;
        // Sorted runs have more.
        let keys = indexes.first().map_or(keys, |index| index.keys);
        let mut merge =
            Merge::new(&indexes, KeyRange::default(), keys, figures)
                .map_err(damaged)?;
        let mut made = Writer::default();
        // A run is hardly larger than those it is made of.
        let most = indexes.iter().map(|index| index.bytes).sum();
        made.make_room(&mut self.store, most).await?;
        let mut writer = merge.writer();
        let mut bytes = Vec::new();
        loop {
            let step = merge.write(&mut writer, &mut made.sink());
            let step = step.map_err(damaged)?;
            let Step::Need { run, offset, length } = step else { break };
            runs[run].read(offset, length, &mut bytes).await?;
            merge.feed(run, &bytes).map_err(damaged)?;
            made.check()?;
            tell(&progress, [0, 0, 0, 0, made.on_disk()])?;
        }
        let index = writer.finish(&mut made.sink());
        self.made(made, &index)
    }

    /// Sorts a range of runs, given as an array of `{ run, index }`, by what
    /// the result is to be sorted by, and returns an array of the runs that
    /// makes, of the same form. Now and then `progress` is called as in
    /// [`Engine::parse`].
    ///
    /// # Errors
    ///
    /// As [`Engine::merge`].
    pub async fn sort(
        &mut self,
        runs: Array,
        range: JsValue,
        progress: Function,
    ) -> Result<Array, JsValue> {
        let range: Range = from_js(range)?;
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, figures, order, memory_bytes, .. } =
            self.settings;
        let totals = figures.len();
        let mut sorter = Sorter::new(order, keys, totals);
        // The other half is for the runs: see `Options::fan_in`.
        let most = (memory_bytes / 2).max(LEAST_SORTED);
        let made = Array::new();
        let (mut bytes, mut disk) = (Vec::new(), 0);
        for range in sorter.ranges((&range).into()) {
            let keys = keys + order.marks();
            let mut merge =
                Merge::new(&indexes, range, keys, figures).map_err(damaged)?;
            loop {
                let step = merge.groups(|merge| {
                    sorter.push(merge.key(), merge.totals());
                    sorter.memory() as u64 <= most
                });
                match step.map_err(damaged)? {
                    Step::Need { run, offset, length } => {
                        runs[run].read(offset, length, &mut bytes).await?;
                        merge.feed(run, &bytes).map_err(damaged)?;
                        tell(&progress, [0, 0, 0, 0, disk])?;
                    }
                    Step::Group => {
                        let run = self.spill_sorted(&mut sorter);
                        made.push(&run.await?);
                        disk += most;
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
    /// returns `{ groups, formulas, sums, csv }`. Runs and the CSV are bytes, Blobs
    /// or `{ name, size }` of files in the job's folder. The range that is open
    /// at its start gets the header. Now and then `progress` is called as in
    /// [`Engine::parse`].
    ///
    /// # Errors
    ///
    /// If a run can't be read back as it was written, or the browser has no
    /// room for the CSV.
    pub async fn merge(
        &mut self,
        runs: Array,
        range: JsValue,
        progress: Function,
    ) -> Result<JsValue, JsValue> {
        let range: Range = from_js(range)?;
        // The part's file is made while runs are opened.
        self.store.prepare();
        let (runs, indexes) = self.open(&runs).await?;
        let indexes: Vec<&RunIndex> = indexes.iter().collect();
        let Settings { keys, figures, output, order, .. } = self.settings;
        let lead = order.lead();
        let mut merge =
            Merge::new(&indexes, (&range).into(), lead + keys, figures)
                .map_err(damaged)?;
        let mut part = Part::new(output, figures, lead);
        let mut csv = Writer::default();
        csv.open(&mut self.store).await?;
        if range.from.is_none() {
            csv.push(&self.settings.header)?;
        }
        let mut bytes = Vec::new();
        loop {
            let step = part.write(&mut merge).map_err(damaged)?;
            csv.push(part.csv())?;
            part.clear();
            match step {
                Step::Need { run, offset, length } => {
                    runs[run].read(offset, length, &mut bytes).await?;
                    merge.feed(run, &bytes).map_err(damaged)?;
                }
                Step::Group => {}
                Step::End => break,
            }
            tell(&progress, [0, 0, 0, 0, csv.on_disk()])?;
        }
        Ok(object(&[
            ("groups", (part.groups() as f64).into()),
            ("formulas", (part.formulas() as f64).into()),
            ("sums", array(in_digits(&part.into_totals()))),
            ("csv", csv.finish(&self.store)?.into()),
        ]))
    }

    /// Writes the rejects CSV from an array of
    /// `{ rejects, start, end, file, records, breaks }` in input order, and
    /// returns `{ groups, formulas, sums, csv, first }`, `first` being those to be
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
        csv.open(&mut self.store).await?;
        reject::write_header(&mut line);
        let mut headed = None;
        for part in parts.iter() {
            let file: usize = from_js(get(&part, "file")?)?;
            if headed.replace(file) != Some(file) {
                let head = &self.settings.files[file].head;
                reject::write_file(&mut line, head);
            }
        }
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
            let head = &self.settings.files[file].head;
            let mut reader = RejectReader::default();
            while at < end {
                let len = (end - at).min(REJECTS_READ);
                source.read(at, len as usize, &mut bytes).await?;
                reader.push(&bytes);
                at += len;
                while let Some(reject) = reader.next() {
                    let reject = reject.after(records, breaks);
                    line.clear();
                    reject::write_record(&mut line, head, &reject);
                    csv.push(&line)?;
                    if first.length() < REJECTS_SHOWN {
                        first.push(&show(head, &reject));
                    }
                }
            }
            if !reader.is_empty() {
                return Err(damaged(RunError::Damaged));
            }
        }
        let sums = vec![Total::zero(); self.settings.figures.len()];
        Ok(object(&[
            ("groups", 0.into()),
            ("formulas", 0.into()),
            ("sums", array(in_digits(&sums))),
            ("csv", csv.finish(&self.store)?.into()),
            ("first", first.into()),
        ]))
    }
}

impl Engine {
    /// Empties a sorter into a run, and returns `{ run, index }` of that.
    async fn spill_sorted(
        &mut self,
        sorter: &mut Sorter,
    ) -> Result<JsValue, JsValue> {
        let mut run = Writer::default();
        // A run is smaller than what it is made of.
        let most = sorter.memory() as u64;
        run.make_room(&mut self.store, most).await?;
        let index = sorter.drain(&mut run.sink());
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
}

/// A reject of a file as the page shows it.
fn show(file: &FileHead, reject: &Reject<'_>) -> JsValue {
    let some = &reject.raw[..reject.raw.len().min(SHOWN_CHARS * 4)];
    let raw: String = file.show(some).chars().take(SHOWN_CHARS).collect();
    let column = match reject.column {
        Some(_) => file.column(reject).into(),
        None => JsValue::NULL,
    };
    let value = file.show(reject.value).into_owned();
    object(&[
        ("file", excerpt(&file.name).into()),
        ("record", ((reject.records + 1) as f64).into()),
        ("line", ((reject.breaks + 1) as f64).into()),
        ("byte", (reject.byte as f64).into()),
        ("reason", reject.reason.code().into()),
        ("message", file.message(reject).into()),
        ("column", column),
        ("value", value.into()),
        ("raw", raw.into()),
    ])
}

fn damaged(error: RunError) -> JsValue {
    let what = error.to_string();
    Error::new(ErrorKind::DamagedRun { what }).into()
}
