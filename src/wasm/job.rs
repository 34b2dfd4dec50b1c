//! The page's half of a job.

use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::read_encoding;
use super::options::{file_options, job_options, own_options};
use super::seen;
use super::settings::{FileSettings, Settings};
use super::value::{from_js, get, object, to_js};
use crate::columns::{self, KEYS, TOTALS};
use crate::error::{Error, ErrorKind};
use crate::figures::Figures;
use crate::inspect::{Inspection, check_currencies};
use crate::job::{Command, FilePlan, Job, Phase, Plan, Report, SplitSizes};
use crate::options::{FileOptions, Options};
use crate::output::{Output, figure_names};
use crate::reject::{Reason, distinct_names};

/// Bytes that a worker reads between two commits: a few seconds' work, so
/// that little is lost with a worker and little is spent on commits.
const COMMIT_BYTES: u64 = 1 << 30;

/// The name of the totalled column if the columns are the default ones.
const DEFAULT_TOTAL: &str = "Total Number of Plays for Date";

/// A job: files are added, then it is started, then it is told what happens
/// and says what to do.
#[wasm_bindgen]
pub struct Tally {
    options: Options,
    file_options: FileOptions,
    files: Vec<File>,
    job: Option<Job>,
}

/// A file of a job.
struct File {
    name: String,
    size: u64,
    streamed: bool,
    found: Inspection,
}

/// Something worth saying beside the result.
#[derive(Serialize)]
struct Notice {
    code: &'static str,
    severity: &'static str,
    message: String,
    /// The file's place among those of the job, if it is about one.
    file: Option<usize>,
}

#[wasm_bindgen]
impl Tally {
    /// Creates a job without files.
    ///
    /// # Errors
    ///
    /// If an option doesn't exist or has a bad value.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Tally, JsValue> {
        Ok(Tally {
            options: job_options(options)?,
            file_options: file_options(options)?,
            files: Vec::new(),
            job: None,
        })
    }

    /// Adds a file that begins with `head`; `last` says that it ends there,
    /// `own` are the options in which it differs, and `encoding` is as
    /// [`inspect`](super::inspect()) takes it. `streamed` says that it is
    /// packed or to be transcoded, `size` being the bytes that it then has,
    /// and `head` what comes out first.
    ///
    /// # Errors
    ///
    /// If the file can't be tallied as it stands; the error names it.
    // An object of them would have to be taken apart by more code.
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(
        &mut self,
        name: String,
        size: f64,
        head: &[u8],
        last: bool,
        own: &JsValue,
        encoding: JsValue,
        streamed: bool,
    ) -> Result<(), JsValue> {
        let options = own_options(&self.file_options, own)?;
        let encoding = read_encoding(encoding)?;
        let found = seen::take(head, last, encoding, &options)
            .and_then(|found| {
                found.format(self.options.record_limit)?;
                Ok(found)
            })
            .map_err(|error| error.in_file(&name))?;
        self.files.push(File { name, size: size as u64, streamed, found });
        Ok(())
    }

    /// Starts the job and returns what its workers must know.
    ///
    /// # Errors
    ///
    /// If there is no file, or the files have different numbers of columns
    /// asked for.
    pub fn start(&mut self) -> Result<JsValue, JsValue> {
        if self.files.is_empty() {
            return Err(Error::new(ErrorKind::NoFiles).into());
        }
        let files = self.files.iter();
        let files: Vec<_> =
            files.map(|file| (file.name.as_str(), &file.found)).collect();
        check_currencies(&files)?;
        let (keys, totals) = self.names();
        let header = self.header();
        let size = self.files.iter().map(|file| file.size).sum();
        self.job = Some(Job::new(Plan {
            files: self.files.iter().map(File::plan).collect(),
            total_names: totals.clone(),
            figures: self.figures(),
            formulas: header.formulas(),
            workers: self.options.workers,
            splits: match self.options.split_bytes {
                Some(bytes) => SplitSizes::equal(bytes),
                None => SplitSizes::shrinking(size, self.options.workers),
            },
            commit_bytes: COMMIT_BYTES,
            fan_in: self.options.fan_in(),
            memory_bytes: self.options.worker_bytes(),
            order: self.options.order,
            on_reject: self.options.on_reject,
        }));
        let limit = self.options.record_limit;
        let names = self.files.iter().map(|file| file.name.as_str());
        let names = distinct_names(names).into_iter();
        let settings = |(file, distinct): (&File, String)| {
            let format = file.found.format(limit)?;
            let fits = format.keys.len() == keys.len()
                && format.totals.len() == totals.len();
            if !fits && !file.found.is_empty() {
                let name = "keys".to_owned();
                let value = format!("{} columns", format.keys.len());
                let wanted = "as many columns in every file";
                let kind = ErrorKind::BadOption { name, value, wanted };
                return Err(Error::new(kind).in_file(&file.name));
            }
            Ok(FileSettings {
                name: file.name.clone(),
                size: file.size,
                head: file.found.file_head(distinct, &format),
                streamed: file.streamed,
                format,
            })
        };
        let files: Result<Vec<_>, Error> =
            self.files.iter().zip(names).map(settings).collect();
        to_js(&Settings {
            files: files?,
            keys: keys.len(),
            figures: self.figures(),
            chunk_bytes: self.options.chunk_bytes,
            memory_bytes: self.options.worker_bytes(),
            header: header.buffer().to_vec(),
            output: self.options.output,
            expansion_limit: self.options.expansion_limit,
            order: self.options.order,
        })
    }

    /// Takes the commands that are to be carried out now, as an array.
    ///
    /// # Errors
    ///
    /// None, as long as offsets are below 2^53.
    pub fn commands(&mut self) -> Result<Vec<JsValue>, JsValue> {
        let commands = self.started()?.commands();
        commands.into_iter().map(|command| self.show(command)).collect()
    }

    /// Tells the job what happened.
    ///
    /// # Errors
    ///
    /// If it isn't an event.
    pub fn handle(&mut self, event: JsValue) -> Result<(), JsValue> {
        // Its type is its only property then: told apart by one of several,
        // events took serde forty kilobytes of code.
        let tagged = Object::new();
        Reflect::set(&tagged, &get(&event, "type")?, &event)?;
        let event = from_js(tagged.into())?;
        self.started()?.handle(event);
        Ok(())
    }

    /// How far the job is: `{ phase, bytes, records, rejected }`.
    pub fn progress(&self) -> JsValue {
        let Some(job) = &self.job else { return JsValue::NULL };
        let (bytes, counts) = job.progress();
        let phase = match job.phase() {
            Phase::Reading => "reading",
            Phase::Combining | Phase::Sorting | Phase::Merging => "merging",
            Phase::Over => "finishing",
        };
        object(&[
            ("phase", phase.into()),
            ("bytes", (bytes as f64).into()),
            ("records", (counts.records as f64).into()),
            ("rejected", (counts.rejected as f64).into()),
        ])
    }
}

impl Tally {
    fn started(&mut self) -> Result<&mut Job, JsValue> {
        self.job
            .as_mut()
            .ok_or_else(|| js_sys::Error::new("The job isn't started.").into())
    }

    /// The first file that has columns.
    fn first(&self) -> Option<&File> {
        self.files.iter().find(|file| !file.found.is_empty())
    }

    /// What is kept of each group's numbers.
    fn figures(&self) -> Figures {
        // All files have the same.
        let places = self.first().map(|file| file.found.numbers.places);
        Figures {
            totals: self.names().1.len(),
            places: places.unwrap_or_default(),
            measures: self.options.measures,
        }
    }

    /// An output with the header of the result.
    fn header(&self) -> Output {
        let (keys, totals) = self.names();
        let figures = self.figures();
        let is_default = self.first().is_none_or(File::is_default);
        let sum = |name: &String| match is_default {
            true => DEFAULT_TOTAL.to_owned(),
            false => format!("Total {name}"),
        };
        let sums: Vec<String> = totals.iter().map(sum).collect();
        let totals = figure_names(figures, &totals, &sums);
        let keys = keys.iter().map(Vec::as_slice);
        let names: Vec<&[u8]> =
            keys.chain(totals.iter().map(String::as_bytes)).collect();
        let mut output = Output::with_format(self.options.output, figures);
        output.header(&names);
        output
    }

    /// The names of the key columns, as bytes, and of the totalled ones.
    fn names(&self) -> (Vec<Vec<u8>>, Vec<String>) {
        let Some(first) = self.first() else {
            let keys = KEYS.map(|role| role.name.as_bytes().to_vec());
            let totals = TOTALS.map(|role| role.name.to_owned());
            return (keys.into(), totals.into());
        };
        let found = &first.found;
        let names = found.names();
        let keys = found.keys.iter().flatten();
        let totals = found.totals.iter().flatten();
        (
            keys.map(|&index| found.columns[index].clone()).collect(),
            totals.map(|&index| names[index].clone()).collect(),
        )
    }

    /// A command as JavaScript takes it.
    fn show(&self, command: Command) -> Result<JsValue, JsValue> {
        Ok(match command {
            Command::Fail { error } => {
                object(&[("type", "fail".into()), ("error", error.into())])
            }
            Command::Done { report } => object(&[
                ("type", "done".into()),
                ("notices", to_js(&self.notices(&report))?),
                ("report", to_js(&report)?),
            ]),
            command => to_js(&command)?,
        })
    }

    /// What is worth saying beside the result.
    fn notices(&self, report: &Report) -> Vec<Notice> {
        let mut notices: Vec<Notice> = self
            .files
            .iter()
            .enumerate()
            .flat_map(|(place, file)| {
                file.found.notices.iter().map(move |notice| Notice {
                    code: notice.code(),
                    severity: "notice",
                    message: format!("{}: {}", file.name, notice.message()),
                    file: Some(place),
                })
            })
            .collect();
        let code = Reason::QuoteLimit.code();
        if let Some(limited) =
            report.reasons.iter().find(|reason| reason.reason == code)
        {
            notices.push(quote_limit(limited, self.options.record_limit));
        }
        let counts = report
            .files
            .iter()
            .map(|file| file.reasons[Reason::BadEncoding as usize]);
        for (place, (file, count)) in self.files.iter().zip(counts).enumerate()
        {
            if count > 0 && file.found.encoding.name == "UTF-8" {
                notices.push(not_utf8(place, &file.name, count));
            }
        }
        notices
    }
}

/// Says that records of a file were refused since they aren't UTF-8.
fn not_utf8(place: usize, file: &str, count: u64) -> Notice {
    let records = if count == 1 { " record has" } else { " records have" };
    let message = format!(
        "{file}: {count}{records} bytes that are not UTF-8 in a column that \
         is used, and were refused. If the file is in another encoding, \
         such as Windows-1252, run it again in that."
    );
    Notice {
        code: Reason::BadEncoding.code(),
        severity: "notice",
        message,
        file: Some(place),
    }
}

/// Says that a quote was given up at the record limit.
fn quote_limit(limited: &crate::job::ReasonReport, limit: usize) -> Notice {
    let (file, line) = (&limited.first.file, limited.first.line);
    let message = format!(
        "{file}: a quote that opened on line {line} did not close within \
         {limit} bytes, the record limit. Its line was refused and the \
         following lines were read as records. If a field of this file \
         really is that long, run it again with a higher limit."
    );
    Notice { code: limited.reason, severity: "notice", message, file: None }
}

impl File {
    fn plan(&self) -> FilePlan {
        FilePlan {
            name: self.name.clone(),
            size: self.size,
            streamed: self.streamed,
            data_start: self.found.data_start,
            breaks_before: self.found.breaks_before,
            blank_before: self.found.blank_before,
            left_out: self.found.left_out,
            columns: self.found.names(),
        }
    }

    /// Whether its columns are those that are looked for by default.
    fn is_default(&self) -> bool {
        let names = self.found.names();
        columns::resolve(&names, None, &KEYS) == self.found.keys
            && columns::resolve(&names, None, &TOTALS) == self.found.totals
    }
}
