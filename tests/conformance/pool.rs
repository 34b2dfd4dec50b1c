//! Answers many requests, side by side. Programs like this one do the work, so
//! that one that ends or hangs costs the answer to one request.

use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use std::{env, fs, thread};

use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::Result;
use crate::answer::Answer;
use crate::plans;
use crate::request::Request;

/// How long an answer may take. The slowest takes a few seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Prints the answer to each of the requests in a file, under each plan.
pub fn answer_all(requests: &Path) -> Result<()> {
    let folder = requests.parent().ok_or("that is no file")?;
    let mut questions = Vec::new();
    for line in fs::read_to_string(requests)?.lines() {
        questions.extend(planned(line, folder)?);
    }
    let questions = Mutex::new(questions.into_iter());
    let work = || answer_some(&questions, folder);
    thread::scope(|scope| {
        let workers = thread::available_parallelism()?.get();
        let threads: Vec<_> = (0..workers)
            .map(|_| scope.spawn(|| work().map_err(|e| e.to_string())))
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics")?;
        }
        Ok(())
    })
}

/// Answers questions as long as there are any.
fn answer_some(
    questions: &Mutex<impl Iterator<Item = Value>>,
    folder: &Path,
) -> Result<()> {
    let next = || questions.lock().expect("no thread panics").next();
    let mut server = Server::start(folder)?;
    while let Some(question) = next() {
        let answer = match server.ask(&question)? {
            Ok(answer) => answer,
            Err(how) => {
                server = Server::start(folder)?;
                to_raw_value(&Answer::crash(how))?
            }
        };
        print(&question, &answer)?;
    }
    Ok(())
}

/// Answers requests from the standard input, one a line; their files are in
/// this folder.
pub fn serve(folder: &Path) -> Result<()> {
    for line in stdin().lines() {
        let request = request(&line?, folder)?;
        let answer = crate::answer(&request)?;
        println!("{}", serde_json::to_string(&answer)?);
    }
    Ok(())
}

/// Reads a request whose files are in this folder.
fn request(line: &str, folder: &Path) -> Result<Request> {
    let mut request: Request = serde_json::from_str(line)?;
    for file in &mut request.files {
        file.path = folder.join(&file.path);
    }
    Ok(request)
}

/// The same request once for each plan.
fn planned(line: &str, folder: &Path) -> Result<Vec<Value>> {
    let request = request(line, folder)?;
    let plain: Value = serde_json::from_str(line)?;
    let with = |plan| -> Result<Value> {
        let mut question = plain.clone();
        question["plan"] = serde_json::to_value(plan)?;
        Ok(question)
    };
    plans::of(&request).into_iter().map(with).collect()
}

/// Prints an answer as it is to be graded.
fn print(question: &Value, answer: &RawValue) -> Result<()> {
    let (n, id, plan) = (&question["n"], &question["id"], &question["plan"]);
    let line = format!(
        "{{\"n\":{n},\"id\":{id},\"plan\":{plan},\"answer\":{answer}}}\n"
    );
    Ok(stdout().write_all(line.as_bytes())?)
}

/// A program that answers.
struct Server {
    child: Child,
    input: ChildStdin,
    /// The lines that it prints.
    answers: Receiver<String>,
}

impl Server {
    /// Starts one for requests whose files are in this folder.
    fn start(folder: &Path) -> Result<Server> {
        let mut child = Command::new(env::current_exe()?)
            .arg("--serve")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("it has no input")?;
        let output = child.stdout.take().ok_or("it has no output")?;
        let (sender, answers) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines();
            let mut lines = lines.map_while(std::result::Result::ok);
            lines.try_for_each(|line| sender.send(line))
        });
        Ok(Server { child, input, answers })
    }

    /// Asks for an answer. If there is none, says how the program ended.
    fn ask(
        &mut self,
        question: &Value,
    ) -> Result<std::result::Result<Box<RawValue>, String>> {
        // If it has ended, it is known by the answer that doesn't come.
        _ = writeln!(self.input, "{question}");
        match self.answers.recv_timeout(PATIENCE) {
            Ok(answer) => Ok(Ok(RawValue::from_string(answer)?)),
            Err(RecvTimeoutError::Timeout) => {
                self.child.kill()?;
                self.child.wait()?;
                Ok(Err("it hangs".to_owned()))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Ok(Err(format!("it ended: {}", self.child.wait()?)))
            }
        }
    }
}

impl Drop for Server {
    /// Ends the program, which may be waiting for its next question.
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
