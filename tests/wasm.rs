//! The boundary to the browser, in a worker of a browser: values both ways,
//! Blobs, and a whole job of them.
#![cfg(target_arch = "wasm32")]

use std::collections::BTreeMap;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use playtally::Reason;
use playtally::wasm::{
    Engine, Tally, detect_encoding, inspect, transcode_head,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// An encoding that was not detected.
const UTF8: JsValue = JsValue::UNDEFINED;

const HEADER: &str = "Song,Date,Plays\n";

/// The value of a piece of JSON.
fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap()
}

fn number(object: &JsValue, name: &str) -> usize {
    get(object, name).as_f64().unwrap() as usize
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn blob(bytes: &[u8]) -> Blob {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
        .unwrap()
}

/// What is in a piece that a worker wrote.
async fn bytes(piece: &JsValue) -> Vec<u8> {
    let Some(blob) = piece.dyn_ref::<Blob>() else {
        return piece.dyn_ref::<Uint8Array>().unwrap().to_vec();
    };
    let buffer = JsFuture::from(blob.array_buffer()).await.unwrap();
    Uint8Array::new(&buffer).to_vec()
}

async fn string(piece: &JsValue) -> String {
    String::from_utf8(bytes(piece).await).unwrap()
}

/// The code and the message of an error, which must be one of ours.
fn told<T>(result: Result<T, JsValue>) -> (String, String) {
    let Err(error) = result else { panic!("it succeeded") };
    assert_eq!(text(&error, "name"), "TallyError");
    assert!(error.is_instance_of::<js_sys::Error>());
    (text(&error, "code"), text(&error, "message"))
}

/// A job as the page runs it, with its workers in one place.
struct Job {
    tally: Tally,
    files: Array,
    settings: JsValue,
    engines: BTreeMap<usize, Engine>,
    commits: BTreeMap<usize, Commit>,
    parts: BTreeMap<usize, JsValue>,
    /// How many were carried out.
    passes: usize,
    sorted_runs: usize,
    outcome: Outcome,
}

struct Commit {
    runs: Vec<JsValue>,
    rejects: JsValue,
}

/// What came of a job.
#[derive(Debug, Default)]
struct Outcome {
    csv: String,
    rejects: String,
    first: JsValue,
    report: JsValue,
}

impl Job {
    /// Starts a job over files that are called `0.csv` and so on.
    fn start(files: &[&[u8]], options: &str) -> Result<Job, JsValue> {
        let mut tally = Tally::new(&js(options))?;
        let blobs = Array::new();
        for (place, file) in files.iter().enumerate() {
            let own = JsValue::UNDEFINED;
            let (name, size) = (format!("{place}.csv"), file.len() as f64);
            let head = &file[..file.len().min(1 << 20)];
            let last = head.len() == file.len();
            tally.add_file(name, size, head, last, &own, UTF8, false)?;
            blobs.push(&blob(file));
        }
        Ok(Job {
            settings: tally.start()?,
            tally,
            files: blobs,
            engines: BTreeMap::new(),
            commits: BTreeMap::new(),
            parts: BTreeMap::new(),
            passes: 0,
            sorted_runs: 0,
            outcome: Outcome::default(),
        })
    }

    async fn run(mut self) -> Result<Outcome, JsValue> {
        self.run_to_end().await?;
        Ok(self.outcome().await)
    }

    async fn run_to_end(&mut self) -> Result<(), JsValue> {
        loop {
            let commands = self.tally.commands()?;
            assert!(!commands.is_empty(), "nothing to do, and not done");
            for command in commands {
                if text(&command, "type") == "done" {
                    self.outcome.report = get(&command, "report");
                    return Ok(());
                }
                if let Some(event) = self.obey(&command).await? {
                    self.tally.handle(event)?;
                }
            }
        }
    }

    /// Carries out a command and returns what is then to be told.
    async fn obey(
        &mut self,
        command: &JsValue,
    ) -> Result<Option<JsValue>, JsValue> {
        let kind = text(command, "type");
        match kind.as_str() {
            "fail" => return Err(get(command, "error")),
            "drop" => {
                self.commits.remove(&number(command, "commit"));
                return Ok(None);
            }
            "dropRuns" => {
                for (source, place) in self.run_ids(command) {
                    let commit = self.commits.get_mut(&source).unwrap();
                    commit.runs[place] = JsValue::NULL;
                }
                return Ok(None);
            }
            _ => {}
        }
        let worker = number(command, "worker");
        let event = js(&format!(r#"{{ "worker": {worker} }}"#));
        set(&event, "attempt", &get(command, "attempt"));
        if kind == "start" {
            let (settings, files) =
                (self.settings.clone(), self.files.clone());
            let folder = Promise::resolve(&JsValue::NULL);
            let engine = Engine::new(settings, files, String::new(), folder)?;
            self.engines.insert(worker, engine);
            set(&event, "type", &"ready".into());
            return Ok(Some(event));
        }
        let engine = self.engines.get_mut(&worker).unwrap();
        match kind.as_str() {
            "discard" => {
                engine.discard();
                return Ok(None);
            }
            "parse" => {
                let file = number(command, "file");
                let split = get(command, "split");
                let ahead = get(command, "ahead");
                let quiet = Function::new_no_args("");
                let done =
                    engine.parse(file, split, ahead, quiet, None).await?;
                set(&event, "type", &"parsed".into());
                set(&event, "report", &get(&done, "report"));
            }
            "commit" => {
                let done = engine.commit().await?;
                let commit = get(&done, "commit");
                self.commits
                    .insert(number(command, "commit"), Commit::new(&done));
                set(&event, "type", &"committed".into());
                set(&event, "commit", &commit);
            }
            "combine" => {
                let runs = self.runs(command);
                let engine = self.engines.get_mut(&worker).unwrap();
                let quiet = Function::new_no_args("");
                let made = engine.combine(runs, quiet).await?;
                set(&event, "type", &"combined".into());
                set(&event, "index", &get(&made, "index"));
                let (runs, rejects) = (vec![made], JsValue::NULL);
                self.commits.insert(
                    number(command, "commit"),
                    Commit { runs, rejects },
                );
                self.passes += 1;
            }
            "sort" => {
                let runs = self.runs(command);
                let engine = self.engines.get_mut(&worker).unwrap();
                let range = get(command, "range");
                let quiet = Function::new_no_args("");
                let made = engine.sort(runs, range, quiet).await?;
                let runs: Vec<JsValue> = made.iter().collect();
                let indexes: Array =
                    runs.iter().map(|run| get(run, "index")).collect();
                set(&event, "type", &"sorted".into());
                set(&event, "runs", &indexes);
                self.sorted_runs += runs.len();
                let rejects = JsValue::NULL;
                self.commits.insert(
                    number(command, "commit"),
                    Commit { runs, rejects },
                );
            }
            "merge" => {
                let runs = self.runs(command);
                let engine = self.engines.get_mut(&worker).unwrap();
                let range = get(command, "range");
                let quiet = Function::new_no_args("");
                let done = engine.merge(runs, range, quiet).await?;
                let csv = get(&done, "csv");
                self.parts.insert(number(command, "task"), csv);
                Self::task_done(&event, &done);
            }
            "rejects" => {
                let parts = self.reject_parts(command);
                let engine = self.engines.get_mut(&worker).unwrap();
                let done = engine.rejects(parts).await?;
                let csv = get(&done, "csv");
                self.outcome.rejects = string(&csv).await;
                self.outcome.first = get(&done, "first");
                Self::task_done(&event, &done);
            }
            _ => panic!("there is no command {kind}"),
        }
        Ok(Some(event))
    }

    fn task_done(event: &JsValue, done: &JsValue) {
        set(event, "type", &"taskDone".into());
        for name in ["groups", "formulas", "sums"] {
            set(event, name, &get(done, name));
        }
    }

    /// The runs that a command is about: under which number, and which.
    fn run_ids(&self, command: &JsValue) -> Vec<(usize, usize)> {
        let ids: Array = get(command, "runs").unchecked_into();
        let id = |id| (number(&id, "source"), number(&id, "place"));
        ids.iter().map(id).collect()
    }

    /// Where they are.
    fn runs(&self, command: &JsValue) -> Array {
        let ids = self.run_ids(command).into_iter();
        ids.map(|(source, place)| self.commits[&source].runs[place].clone())
            .collect()
    }

    /// The rejects that a command to write them is about.
    fn reject_parts(&self, command: &JsValue) -> Array {
        let parts: Array = get(command, "parts").unchecked_into();
        for part in parts.iter() {
            let rejects = &self.commits[&number(&part, "commit")].rejects;
            set(&part, "rejects", rejects);
        }
        parts
    }

    async fn outcome(mut self) -> Outcome {
        for part in self.parts.values() {
            self.outcome.csv += &string(part).await;
        }
        self.outcome
    }
}

impl Commit {
    /// Takes what [`Engine::commit`] gave.
    fn new(done: &JsValue) -> Commit {
        let pieces: Array = get(done, "runs").unchecked_into();
        let indexes: Array =
            get(&get(done, "commit"), "runs").unchecked_into();
        let run = |(run, index): (JsValue, JsValue)| {
            let stored: JsValue = Object::new().into();
            set(&stored, "run", &run);
            set(&stored, "index", &index);
            stored
        };
        Commit {
            runs: pieces.iter().zip(indexes.iter()).map(run).collect(),
            rejects: get(done, "rejects"),
        }
    }
}

async fn run(files: &[&[u8]], options: &str) -> Outcome {
    Job::start(files, options).unwrap().run().await.unwrap()
}

/// What the figures of a report are.
fn figures<const N: usize>(report: &JsValue, names: [&str; N]) -> [usize; N] {
    names.map(|name| number(report, name))
}

#[wasm_bindgen_test]
async fn a_whole_job() {
    let files: [&[u8]; 2] = [
        b"Song,Date,Plays\na,d,1\nb,d,2\n\na,d,x\na,d,3\n",
        b"Plays;Title;Day\r\n5;\"c, \"\"c\"\"\";d\r\n6;a\r\n",
    ];
    for workers in [1, 3] {
        let options =
            format!(r#"{{ "workers": {workers}, "splitBytes": 9 }}"#);
        let outcome = run(&files, &options).await;
        assert_eq!(
            outcome.csv,
            "Song,Date,Total Number of Plays for Date\n\
             a,d,4\nb,d,2\n\"c, \"\"c\"\"\",d,5\n"
        );
        assert_eq!(
            outcome.rejects,
            "File,Record,Line,Byte,Reason,Column,Value,Raw record,Encoding,\
             Cut\n\
             0.csv,,1,,header,,delimiter=comma,\"Song,Date,Plays\",,\n\
             1.csv,,1,,header,,delimiter=semicolon,Plays;Title;Day,,\n\
             0.csv,3,5,29,bad_number,Plays,x,\"a,d,x\",,\n\
             1.csv,2,3,33,too_few_fields,,,6;a,,\n"
        );
        let report = &outcome.report;
        let names = ["records", "added", "rejected", "blank", "groups"];
        assert_eq!(figures(report, names), [6, 4, 2, 1, 3]);
        assert_eq!(number(report, "workers"), workers);
        assert_eq!(
            json(&get(report, "totals")),
            r#"[{"name":"Plays","read":"11","written":"11"}]"#
        );
        let first = &Array::from(&outcome.first).get(1);
        assert_eq!(text(first, "file"), "1.csv");
        assert_eq!(text(first, "reason"), "too_few_fields");
        assert_eq!(text(first, "raw"), "6;a");
        assert_eq!(figures(first, ["record", "line", "byte"]), [2, 3, 33]);
    }
}

#[wasm_bindgen_test]
async fn measures_and_formats() {
    let file = format!("{HEADER}=a,d,5\nb,d,x\n=a,d,-2\n=a,e,1\n");
    let all = r#""measures": ["count", "min", "max", "mean"], "meanPlaces": 2,
        "outputDelimiter": ";", "terminator": "\r\n", "bom": true,
        "outputDecimalMark": ",", "neutralise": true"#;
    for how in [
        r#""workers": 1"#,
        r#""workers": 3, "splitBytes": 3, "memoryBytes": 1, "order": "total""#,
        r#""workers": 2, "splitBytes": 9, "chunkBytes": 1, "order": "first""#,
    ] {
        let options = format!("{{ {all}, {how} }}");
        let outcome = run(&[file.as_bytes()], &options).await;
        assert_eq!(
            outcome.csv,
            "\u{FEFF}Song;Date;Total Number of Plays for Date;Minimum Plays;\
             Maximum Plays;Mean Plays;Number of Records\r\n\
             '=a;d;3;-2;5;1,5;2\r\n'=a;e;1;1;1;1;1\r\n"
        );
        let report = &outcome.report;
        assert_eq!(figures(report, ["groups", "formulas"]), [2, 2]);
        let files = Array::from(&get(report, "files"));
        assert_eq!(json(&get(&files.get(0), "totals")), r#"["4"]"#);
        assert!(get(report, "groupBytes").is_null());
    }
}

#[wasm_bindgen_test]
async fn chunks_of_any_size() {
    let file = format!(
        "{HEADER}\"a\nx,y,1\",d,1\n\"b \"\"b\"\"\",d,2\r\nb,d,x\n\
         \"a\nx,y,1\",d,4"
    );
    for chunk_bytes in [1, 7, 1 << 20] {
        for split_bytes in [1, 10, 1 << 20] {
            let options = format!(
                r#"{{ "chunkBytes": {chunk_bytes}, "splitBytes": {split_bytes},
                      "workers": 2 }}"#
            );
            let outcome = run(&[file.as_bytes()], &options).await;
            assert_eq!(
                outcome.csv,
                "Song,Date,Total Number of Plays for Date\n\
                 \"a\nx,y,1\",d,5\n\"b \"\"b\"\"\",d,2\n",
                "{options}"
            );
            assert!(
                outcome.rejects.ends_with("bad_number,Plays,x,\"b,d,x\",,\n"),
                "{}",
                outcome.rejects
            );
        }
    }
}

#[wasm_bindgen_test]
async fn a_file_of_many_chunks_and_splits() {
    let mut file = HEADER.to_owned();
    let mut plays = 0_u64;
    for n in 0..200_000 {
        file += &format!("song {},2020-01-{:02},{n}\n", n % 1000, n % 28 + 1);
        plays += n;
    }
    let mut results = Vec::new();
    for options in [
        r#"{ "workers": 1, "chunkBytes": 100000 }"#,
        r#"{ "workers": 3, "splitBytes": 300000, "chunkBytes": 65537 }"#,
        // Small enough for many runs.
        r#"{ "workers": 2, "memoryBytes": 200000, "chunkBytes": 10000 }"#,
    ] {
        let outcome = run(&[file.as_bytes()], options).await;
        let names = ["records", "groups", "bytes"];
        let figures = figures(&outcome.report, names);
        assert_eq!(figures, [200_000, 7000, file.len()], "{options}");
        let written = format!(r#""written":"{plays}""#);
        assert!(json(&outcome.report).contains(&written));
        results.push(outcome.csv);
    }
    assert_eq!(results[0].lines().count(), 1 + 7000);
    assert!(results.iter().all(|csv| csv == &results[0]));
}

/// So small a budget that each chunk gives a run.
#[wasm_bindgen_test]
async fn more_runs_than_can_be_open() {
    let lines: String =
        (0..1000).map(|n| format!("s{},d,{n}\n", n * 7 % 300)).collect();
    let file = format!("{HEADER}{lines}");
    let options = r#"{ "workers": 2, "chunkBytes": 999, "memoryBytes": 1 }"#;
    let mut job = Job::start(&[file.as_bytes()], options).unwrap();
    job.run_to_end().await.unwrap();
    assert!(job.passes > 1, "{} passes", job.passes);
    let whole = run(&[file.as_bytes()], "{}").await;
    assert_eq!(job.outcome().await.csv, whole.csv);
}

/// The lines of a result in the order that it should have, those of the file
/// being given.
fn in_order(order: &str, csv: &str, file: &str) -> Vec<String> {
    let mut lines: Vec<String> = csv.lines().map(str::to_owned).collect();
    let song = |line: &str| line.split_once(',').unwrap().0.to_owned();
    let mut firsts = BTreeMap::new();
    for (place, line) in file.lines().enumerate() {
        firsts.entry(song(line)).or_insert(place);
    }
    let last = |line: &String| -> i64 {
        line.rsplit_once(',').unwrap().1.parse().unwrap()
    };
    match order {
        "total" => lines[1..].sort_by_key(|line| -last(line)),
        "first" => lines[1..].sort_by_key(|line| firsts[&song(line)]),
        _ => {}
    }
    lines
}

#[wasm_bindgen_test]
async fn results_in_any_order() {
    let mut file = HEADER.to_owned();
    for n in 0..60_000 {
        let (song, day) = (n * 7919 % 39_979, n % 3);
        file += &format!("song {song},{day},{}\n", n * 31 % 101 - 20);
    }
    let by_key = run(&[file.as_bytes()], "{}").await.csv;
    for order in ["key", "total", "first"] {
        for (options, spills) in [
            (r#""workers": 1"#, false),
            (r#""workers": 3, "splitBytes": 99999"#, false),
            (r#""workers": 2, "memoryBytes": 1, "chunkBytes": 99999"#, true),
        ] {
            let options = format!(r#"{{ "order": "{order}", {options} }}"#);
            let mut job = Job::start(&[file.as_bytes()], &options).unwrap();
            job.run_to_end().await.unwrap();
            let fewest = if order == "key" { 0 } else { 1 };
            let expected = if spills { 2 * fewest } else { fewest };
            assert!(job.sorted_runs >= expected, "{}", job.sorted_runs);
            let csv = job.outcome().await.csv;
            let lines: Vec<&str> = csv.lines().collect();
            assert!(lines == in_order(order, &by_key, &file), "{options}");
        }
    }
}

#[wasm_bindgen_test]
fn offsets_and_counts_beyond_32_bits() {
    // A job is told of a file of five gigabytes that nobody reads, each of
    // its splits being said to hold as many records as bytes.
    let size = 5_000_000_000_u64;
    let mut tally = Tally::new(&js(r#"{ "splitBytes": 1e9 }"#)).unwrap();
    let (name, own) = ("big.csv".to_owned(), JsValue::UNDEFINED);
    let head = HEADER.as_bytes();
    tally.add_file(name, size as f64, head, false, &own, UTF8, false).unwrap();
    let settings = tally.start().unwrap();
    let file = Array::from(&get(&settings, "files")).get(0);
    assert_eq!(get(&file, "size").as_f64(), Some(size as f64));

    let (mut cursor, mut uncommitted) = (HEADER.len() as u64, Vec::new());
    let report = loop {
        let command = tally.commands().unwrap().remove(0);
        let kind = text(&command, "type");
        if kind == "done" {
            break get(&command, "report");
        }
        let about = match kind.as_str() {
            "start" => r#""type": "ready""#.to_owned(),
            "parse" => {
                let split = get(&command, "split");
                let end = get(&split, "end").as_f64().unwrap() as u64;
                let (first, records) = (cursor, end - cursor);
                let reasons = Reason::ALL.map(|_| 0);
                uncommitted.push(records);
                cursor = end;
                format!(
                    r#""type": "parsed", "report": {{
                      "units": {{ "first": {first}, "next": {end} }},
                      "counts": {{
                        "records": {records}, "added": {records},
                        "rejected": 0, "blank": 0, "breaks": {records},
                        "reasons": {reasons:?} }},
                      "sums": ["0"], "firsts": [] }}"#
                )
            }
            "commit" => {
                let splits = std::mem::take(&mut uncommitted);
                let added: u64 = splits.iter().sum();
                format!(
                    r#""type": "committed", "commit": {{
                      "runs": [], "added": {added}, "sums": ["0"],
                      "group_bytes": null, "rejects": {:?} }}"#,
                    vec![0; splits.len()]
                )
            }
            "merge" => r#""type": "taskDone", "groups": 0, "formulas": 0,
                   "sums": ["0"]"#
                .to_owned(),
            _ => panic!("it is told to {kind}"),
        };
        let event = js(&format!(r#"{{ "worker": 0, {about} }}"#));
        set(&event, "attempt", &get(&command, "attempt"));
        tally.handle(event).unwrap();
    };
    let records = (size - HEADER.len() as u64) as f64;
    for (name, value) in
        [("bytes", size as f64), ("records", records), ("added", records)]
    {
        assert_eq!(get(&report, name).as_f64(), Some(value), "{name}");
    }
}

#[wasm_bindgen_test]
async fn totals_beyond_64_bits() {
    let plays = "9".repeat(40);
    let file = format!("{HEADER}a,d,{plays}\na,d,{plays}\na,d,-1\n");
    let outcome = run(&[file.as_bytes()], "{}").await;
    let total = format!("1{}7", "9".repeat(39));
    assert!(outcome.csv.ends_with(&format!("a,d,{total}\n")));
    let report = json(&outcome.report);
    assert!(report.contains(&format!(r#""read":"{total}""#)), "{report}");
}

#[wasm_bindgen_test]
async fn a_damaged_run_is_noticed() {
    let file: String =
        (0..1000).map(|n| format!("song {n},date,{n}\n")).collect();
    let file = format!("{HEADER}{file}");
    let mut job = Job::start(&[file.as_bytes()], "{}").unwrap();
    let merge = loop {
        let command = job.tally.commands().unwrap().remove(0);
        if text(&command, "type") == "merge" {
            break command;
        }
        let event = job.obey(&command).await.unwrap().unwrap();
        job.tally.handle(event).unwrap();
    };
    let mut engine = job.engines.remove(&0).unwrap();
    let range = get(&merge, "range");
    let run = job.runs(&merge).get(0);
    let whole = bytes(&get(&run, "run")).await;
    let mut merge_of = async |bytes: &[u8]| {
        let run: JsValue =
            Object::assign(&Object::new(), run.unchecked_ref()).into();
        set(&run, "run", &blob(bytes));
        let quiet = Function::new_no_args("");
        engine.merge(Array::of1(&run), range.clone(), quiet).await
    };
    let done = merge_of(&whole).await.unwrap();
    assert_eq!(number(&done, "groups"), 1000);

    // Within what is read: a run ends with its index, which is kept apart.
    for place in [100, whole.len() / 4, whole.len() / 2] {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        let (code, _) = told(merge_of(&altered).await);
        assert_eq!(code, "damaged_run", "byte {place}");
    }
    assert!(merge_of(&whole[..whole.len() / 2]).await.is_err());
}

#[wasm_bindgen_test]
async fn a_file_that_is_shorter_than_it_was() {
    let file = format!("{HEADER}a,d,1\nb,d,2\n");
    let mut job = Job::start(&[file.as_bytes()], "{}").unwrap();
    job.files = Array::of1(&blob(&file.as_bytes()[..20]));
    let (code, message) = told(job.run().await);
    assert_eq!(code, "changed");
    assert!(message.starts_with("0.csv: "), "{message}");
}

#[wasm_bindgen_test]
async fn the_first_reject_stops_a_job() {
    let file = format!("{HEADER}a,d,1\nb,d,x\nc,d,y\n");
    for split_bytes in [1, 1000] {
        let options = format!(
            r#"{{ "onReject": "stop", "splitBytes": {split_bytes} }}"#
        );
        let job = Job::start(&[file.as_bytes()], &options).unwrap();
        let (code, message) = told(job.run().await);
        assert_eq!(code, "rejected");
        let place = "0.csv, record 2, line 3, byte 22: ";
        assert!(message.starts_with(place), "{message}");
    }
}

#[wasm_bindgen_test]
fn options_are_checked_by_name() {
    let tell = |options: &str| told(Tally::new(&js(options)));
    let (code, message) = tell(r#"{ "Workers": 2 }"#);
    assert_eq!(code, "unknown_option");
    assert!(message.contains("“Workers”"), "{message}");
    for (name, value) in [
        ("workers", "0"),
        ("workers", "2.5"),
        ("workers", "null"),
        ("splitBytes", "\"1\""),
        ("chunkBytes", "-1"),
        ("memoryBytes", "1e300"),
        ("recordLimitBytes", "0"),
        ("order", "\"random\""),
        ("onReject", "true"),
        ("terminator", "\"\\r\""),
        ("delimiter", "\"ab\""),
        ("delimiter", "\"\\\"\""),
        ("quote", "\"\\n\""),
        ("header", "\"maybe\""),
        ("encoding", "5"),
        ("keys", "[]"),
        ("keys", "[0, 1, 2, 3, 4, 5, 6, 7, 8]"),
        ("keys", "[{}]"),
        ("totals", "\"Plays\""),
    ] {
        let (code, message) = tell(&format!(r#"{{ "{name}": {value} }}"#));
        assert_eq!(code, "bad_option", "{name}: {value}");
        assert!(message.contains(&format!("“{name}”")), "{message}");
    }
}

#[wasm_bindgen_test]
fn a_file_has_only_the_options_of_a_file() {
    let mut tally = Tally::new(&js("{}")).unwrap();
    let mut add = |own: &str| {
        let name = "a.csv".to_owned();
        tally.add_file(
            name,
            16.0,
            HEADER.as_bytes(),
            true,
            &js(own),
            UTF8,
            false,
        )
    };
    assert!(add(r#"{ "file": 1, "delimiter": "," }"#).is_ok());
    let (code, message) = told(add(r#"{ "workers": 1 }"#));
    assert_eq!(code, "unknown_option");
    assert!(message.contains("“workers”"), "{message}");
}

#[wasm_bindgen_test]
fn a_job_needs_a_file() {
    let (code, _) = told(Tally::new(&js("{}")).unwrap().start());
    assert_eq!(code, "no_files");
}

#[wasm_bindgen_test]
fn an_event_that_is_none_is_refused() {
    let mut job = Job::start(&[HEADER.as_bytes()], "{}").unwrap();
    for event in ["{}", "1", r#"{ "type": "ready" }"#, r#"{ "type": "x" }"#] {
        assert!(job.tally.handle(js(event)).is_err(), "{event}");
    }
}

fn inspected(head: &str, options: &str) -> JsValue {
    let own = JsValue::UNDEFINED;
    inspect(head.as_bytes(), true, &js(options), &own, UTF8).unwrap()
}

#[wasm_bindgen_test]
fn inspection() {
    let found =
        inspected("\u{FEFF}Day\tPlays\tTrack\r\nd\t1\t\"a\tb\"\r\n", "{}");
    assert_eq!(
        json(&found),
        r#"{"encoding":"UTF-8","encodingGuessed":false,"bom":true,"#
            .to_owned()
            + r#""delimiter":"\t","terminator":"\r\n","header":true,"#
            + r#""firstLine":1,"leftOut":0,"preamble":[],"#
            + r#""columns":["Day","Plays","Track"],"#
            + r#""records":[["d","1","a\tb"]],"#
            + r#""types":["text","integer","text"],"decimalMark":".","#
            + r#""thousandsMark":"","currencies":[""],"#
            + r#""allCurrencies":[[]],"brackets":false,"dateOrder":null,"#
            + r#""examples":{"dates":[],"orders":[],"numbers":[]},"#
            + r#""keys":[2,0],"totals":[1],"problems":[]}"#
    );
}

#[wasm_bindgen_test]
fn inspection_of_a_file_with_lines_before_its_header() {
    let head = "Report\n\nSong,Date,Plays\na,b,1\n";
    let found = inspected(head, "{}");
    assert_eq!(json(&get(&found, "firstLine")), "3");
    assert_eq!(json(&get(&found, "leftOut")), "2");
    assert_eq!(json(&get(&found, "preamble")), r#"["Report",""]"#);
    let found = inspected(head, r#"{ "firstLine": 1 }"#);
    assert_eq!(json(&get(&found, "leftOut")), "0");
    let own = JsValue::UNDEFINED;
    let bad = inspect(b"", true, &js(r#"{"firstLine":0}"#), &own, UTF8);
    assert_eq!(told(bad).0, "bad_option");
}

#[wasm_bindgen_test]
fn inspection_of_a_file_without_a_column() {
    let found = inspected("Artist,Date,Plays\na,b,1\n", "{}");
    assert_eq!(json(&get(&found, "keys")), "[null,1]");
    let problem = Array::from(&get(&found, "problems")).get(0);
    assert_eq!(text(&problem, "code"), "missing_column");
    assert_eq!(text(&problem, "severity"), "error");
    assert!(text(&problem, "message").contains("“Song”"));
}

#[wasm_bindgen_test]
fn inspection_with_options_of_the_job_and_of_the_file() {
    let head = "a|b;c|1\n";
    let options = js(r#"{ "delimiter": ";", "header": false }"#);
    let own = js(r#"{ "delimiter": "|", "keys": [0, 1], "totals": [2] }"#);
    let found = inspect(head.as_bytes(), true, &options, &own, UTF8).unwrap();
    assert_eq!(json(&get(&found, "records")), r#"[["a","b;c","1"]]"#);
    assert_eq!(get(&found, "header"), JsValue::FALSE);
    assert_eq!(json(&get(&found, "problems")), "[]");
}

/// An inspection is kept for the job, which must not take it for another.
#[wasm_bindgen_test]
async fn a_job_whatever_was_inspected_before() {
    let file = "Song,Date,Plays\na,b,1\nc,b,2\n";
    for (options, want) in [
        (r#"{ "keys": ["Date"] }"#, "b,3\n"),
        (r#"{ "keys": ["Song"] }"#, "a,1\nc,2\n"),
    ] {
        inspected(file, options);
        inspected(file, "{}");
        for _ in 0..2 {
            let outcome = run(&[file.as_bytes()], options).await;
            let (_, records) = outcome.csv.split_once('\n').unwrap();
            assert_eq!(records, want);
        }
    }
    inspected(&file[..20], "{}");
    let outcome = run(&[file.as_bytes()], "{}").await;
    assert_eq!(outcome.csv.lines().count(), 3);
}

#[wasm_bindgen_test]
fn inspection_of_what_is_not_text() {
    let own = JsValue::UNDEFINED;
    let head = b"PK\x03\x04\0\0\0\0";
    let found = inspect(head, true, &js("{}"), &own, UTF8).unwrap();
    let problem = Array::from(&get(&found, "problems")).get(0);
    assert_eq!(text(&problem, "code"), "not_text");
    assert_eq!(json(&get(&found, "columns")), "[]");
}

/// Where the encoding is detected by one module and used by another.
#[wasm_bindgen_test]
fn a_code_page_crosses() {
    let head = b"Titel,Datum,Plays\n\xDCber den Wolken,2020-01-01,1\n";
    let encoding = detect_encoding(head, true, None).unwrap();
    let own = JsValue::UNDEFINED;
    let found = inspect(head, true, &js("{}"), &own, encoding).unwrap();
    let shown = json(&found);
    assert!(shown.contains(r#""encoding":"windows-1252","#), "{shown}");
    assert!(shown.contains(r#""encodingGuessed":true"#), "{shown}");
    assert!(shown.contains("Über den Wolken"), "{shown}");
    let (code, message) =
        told(detect_encoding(head, true, Some("latin-9000".into())));
    assert_eq!(code, "bad_option");
    assert!(message.contains("“encoding”"), "{message}");
}

#[wasm_bindgen_test]
fn the_head_of_utf16_is_shown() {
    let text = "Song,Date,Plays\r\nDéjà vu,2020-01-01,1\r\n";
    let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let encoding = detect_encoding(&bytes, true, None).unwrap();
    let head = transcode_head(&bytes, true, "UTF-16LE").unwrap();
    assert_eq!(head, text.as_bytes());
    let own = JsValue::UNDEFINED;
    let found = inspect(&head, true, &js("{}"), &own, encoding).unwrap();
    let shown = json(&found);
    let start =
        r#"{"encoding":"UTF-16LE","encodingGuessed":false,"bom":true,"#;
    assert!(shown.starts_with(start), "{shown}");
    assert!(shown.contains("Déjà vu"), "{shown}");
}
