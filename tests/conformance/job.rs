//! Requests to be answered by a whole job.

use playtally::ErrorKind;

use crate::Result;
use crate::answer::{Answer, Group, Reject, Text};
use crate::request::{Plan, Request};
use crate::strict;
use crate::support::{Conditions, Outcome, run_inputs};

/// Runs the job that is asked for and reads its result back.
pub fn aggregate(request: &Request) -> Result<Answer> {
    let options = match request.options() {
        Ok(options) => options,
        Err(why) => return Ok(Answer::skip(why)),
    };
    let conditions = conditions(&request.plan);
    let inputs = request.inputs(&options)?;
    match inputs.and_then(|inputs| run_inputs(&inputs, &conditions)) {
        Ok(outcome) => Ok(answer(&outcome, request)?),
        Err(error) if blames_the_file(error.kind()) => {
            Ok(Answer::refused(&error))
        }
        Err(error) => Err(error.into()),
    }
}

/// How a job is cut up by a plan. The number of workers makes the order in
/// which things happen another one too.
fn conditions(plan: &Plan) -> Conditions {
    let most = usize::MAX;
    let chunk_bytes = plan.chunk.or(plan.slice).unwrap_or(most);
    let split_bytes = plan.split.or(plan.slice).or(plan.cut_at);
    let workers = plan.workers.unwrap_or(1);
    Conditions {
        workers,
        split_bytes: split_bytes.unwrap_or(most) as u64,
        chunk_bytes: chunk_bytes.min(2 << 20),
        first_chunks: plan.slice_plan.clone().unwrap_or_default(),
        seed: workers as u64,
        ..Conditions::default()
    }
}

/// Whether an error says that the file can't be used, and not that the
/// program is wrong.
fn blames_the_file(kind: &ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::WorkersDied { .. }
            | ErrorKind::OutOfBalance { .. }
            | ErrorKind::DamagedRun { .. }
    )
}

/// What a job's files say.
fn answer(outcome: &Outcome, request: &Request) -> Result<Answer> {
    let keys = request.mapping.as_ref().map_or(2, |map| map.keys.len());
    let groups = strict::read(&outcome.csv_bytes, b',')?;
    let groups = groups.into_iter().skip(1).map(|record| {
        let mut fields = record.into_iter().map(Text);
        let key = fields.by_ref().take(keys).collect();
        Group { key, total: fields.next().expect("there is a total") }
    });
    Ok(Answer {
        status: Some("ok"),
        groups: Some(groups.collect()),
        rejects: rejects(&outcome.rejects)?,
        warnings: outcome.notices.iter().map(ToString::to_string).collect(),
        rows_counted: Some(outcome.report.added),
        ..Answer::default()
    })
}

/// Reads the rejects CSV, whose columns are found by their names.
fn rejects(csv: &str) -> Result<Vec<Reject>> {
    let records = strict::read(csv.as_bytes(), b',')?;
    let Some((header, records)) = records.split_first() else {
        return Ok(Vec::new());
    };
    let column = |name: &str| {
        let place = header.iter().position(|field| field == name.as_bytes());
        place.ok_or_else(|| format!("the rejects have no column {name}"))
    };
    let (file, line) = (column("File")?, column("Line")?);
    let (record, reason) = (column("Record")?, column("Reason")?);
    let reject = |fields: &Vec<Vec<u8>>| -> Result<Reject> {
        let text = |at: usize| String::from_utf8(fields[at].clone());
        Ok(Reject {
            file: text(file)?,
            line: text(line)?.parse()?,
            record: text(record)?.parse()?,
            reason: text(reason)?,
        })
    };
    // Headers of files go first, which are no rejects.
    let is_reject = |fields: &&Vec<Vec<u8>>| !fields[record].is_empty();
    records.iter().filter(is_reject).map(reject).collect()
}
