//! `check --jsonl`: one request a line, one answer a line, in the same order.

use super::STACK;
use super::certificate;
use super::clock::within;
use super::console::{Complaint, reason, unwritten};
use super::status::Status;
use crate::certificate::certify;
use crate::check::{EvidenceText, Memory, Options, parse_request};
use crate::limit::{self, Limit};
use crate::report::{Hint, escaped, json};
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::Depth;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::panic::AssertUnwindSafe;
use std::time::Instant;

/// Lines that are answered together, for each thread.
const TOGETHER: usize = 256;

/// Answers requests from a file, or from standard input for `-`; what decides the verdicts goes to another file.
pub(super) fn run(
    file: &str,
    timings: bool,
    threads: Option<usize>,
    hint: Option<Hint>,
    certificates: Option<&str>,
) -> Result<Status, Complaint> {
    let input: Box<dyn Read> = if file == "-" {
        Box::new(std::io::stdin())
    } else {
        let opened = std::fs::File::open(file)
            .and_then(|f| if f.metadata()?.is_dir() { Err(std::io::ErrorKind::IsADirectory.into()) } else { Ok(f) });
        Box::new(opened.map_err(|e| {
            Complaint::plain(Code::BAD_FILE, format!("cannot read {file}: {}", reason(&e)))
                .hint("check the path and its permissions")
        })?)
    };
    let mut builder = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(n) = threads {
        builder = builder.num_threads(n.clamp(1, 256));
    }
    let pool = builder.build().map_err(|e| Complaint::plain(Code::INTERNAL, format!("no threads: {e}")))?;
    let together = TOGETHER * pool.current_num_threads();
    let mut lines = Lines { input: BufReader::with_capacity(1 << 18, input) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut status = Status::Correct;
    let mut certificates = certificates.map(certificate::Writer::create).transpose()?;
    let asked = Asked { timings, hint, certified: certificates.is_some() };
    let memory = Memory::default();
    loop {
        let (batch, failed) = lines.batch(together);
        let done = batch.is_empty();
        let one = |line: &Line| {
            let Answered { mut text, status, certificate } = timed(line, &memory, asked);
            if let Cow::Owned(shown) = escaped(&text) {
                text = shown;
            }
            text.push('\n');
            (text, status, certificate)
        };
        let answers: Vec<(String, Status, Option<Value>)> = pool.install(|| batch.par_iter().map(one).collect());
        for (text, one, certificate) in answers {
            status = status.and(one);
            if let (Some(file), Some(certificate)) = (&mut certificates, certificate) {
                file.push(&certificate)?;
            }
            if let Err(e) = out.write_all(text.as_bytes()) {
                return unread(&e, status);
            }
        }
        if let Err(e) = out.flush() {
            return unread(&e, status);
        }
        if let Some(e) = failed {
            return Err(Complaint::plain(Code::BAD_FILE, format!("cannot read on: {}", reason(&e))));
        }
        if done {
            certificates.map_or(Ok(()), certificate::Writer::finish)?;
            return Ok(status);
        }
    }
}

/// What is asked of every line.
#[derive(Copy, Clone)]
struct Asked {
    timings: bool,
    hint: Option<Hint>,
    certified: bool,
}

/// The answer to a line.
struct Answered {
    text: String,
    status: Status,
    certificate: Option<Value>,
}

impl Answered {
    /// A line that could not be used.
    fn error(mut value: Value, clock: &Clock) -> Self {
        if let Some(micros) = clock.micros() {
            value["micros"] = json!(micros);
        }
        Self { text: value.to_string(), status: Status::Unusable, certificate: None }
    }
}

/// How long a line has taken, where that is wanted.
struct Clock(Option<Instant>);

impl Clock {
    fn micros(&self) -> Option<u64> {
        Some(u64::try_from(self.0?.elapsed().as_micros()).unwrap_or(u64::MAX))
    }
}

/// A reader that has gone away is no error; a full disk is.
fn unread(e: &std::io::Error, status: Status) -> Result<Status, Complaint> {
    if e.kind() == std::io::ErrorKind::BrokenPipe { Ok(status) } else { Err(unwritten(e)) }
}

/// A line as bytes, or how long it was where that is too long.
enum Line {
    Bytes(Vec<u8>),
    TooLong,
}

struct Lines<R> {
    input: BufReader<R>,
}

impl<R: Read> Lines<R> {
    /// The next lines: those that have already come, so that nobody waits for an answer, and not too many.
    fn batch(&mut self, most: usize) -> (Vec<Line>, Option<std::io::Error>) {
        let mut batch = Vec::new();
        while batch.len() < most {
            if !batch.is_empty() && !self.input.buffer().contains(&b'\n') {
                break;
            }
            match self.line() {
                Ok(Some(Line::Bytes(b))) if b.trim_ascii().is_empty() => {}
                Ok(Some(line)) => batch.push(line),
                Ok(None) => break,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return (batch, Some(e)),
            }
        }
        (batch, None)
    }

    fn line(&mut self) -> std::io::Result<Option<Line>> {
        let most = limit::size(Limit::Line);
        let mut bytes = Vec::new();
        let read = self.input.by_ref().take(most as u64 + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\n') || bytes.len() <= most {
            return Ok(Some(Line::Bytes(bytes)));
        }
        // The rest of a line that is too long is passed over without being kept.
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            match buffer.iter().position(|b| *b == b'\n') {
                Some(at) => {
                    self.input.consume(at + 1);
                    break;
                }
                None => {
                    let all = buffer.len();
                    self.input.consume(all);
                }
            }
        }
        Ok(Some(Line::TooLong))
    }
}

fn timed(line: &Line, memory: &Memory, asked: Asked) -> Answered {
    let clock = Clock(asked.timings.then(Instant::now));
    // A panic is a defect; it must not cost the other lines their answers.
    let answered = std::panic::catch_unwind(AssertUnwindSafe(|| within(|| answer(line, memory, asked, &clock))));
    answered.unwrap_or_else(|_| {
        let d = Diagnostic::new(Code::INTERNAL, Span::default(), "internal error: this request could not be answered");
        Answered::error(json::answer(Value::Null, "unreadable", json::error(&d, "request")), &clock)
    })
}

/// The answer to one line.
fn answer(line: &Line, memory: &Memory, wanted: Asked, clock: &Clock) -> Answered {
    let bad = |message: &str, column| Answered::error(json::bad_request(message, column), clock);
    let bytes = match line {
        Line::Bytes(b) => b,
        Line::TooLong => return bad(&format!("the line is longer than {} bytes", limit::of(Limit::Line)), None),
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(t) => t,
        Err(e) => {
            let message = format!("the line is not UTF-8: the byte {} begins no character", e.valid_up_to());
            return bad(&message, Some(e.valid_up_to()));
        }
    };
    let text = text.trim_end_matches(['\n', '\r']);
    let request = match parse_request(text) {
        Ok(r) => r,
        Err((message, column)) => return bad(&message, column),
    };
    let depth = if request.evidence == Some(EvidenceText::All) { Depth::All } else { Depth::Decisive };
    let options = Options { depth, counterexample: true, diagnosis: Some(crate::diagnosis::Budget::default()) };
    let answer = match memory.check(&request, options) {
        Ok(answer) => answer,
        Err(d) => {
            let error = json::error(&d, "request");
            return Answered::error(json::answer(request.id.clone(), "unreadable", error), clock);
        }
    };
    let mut certificate = None;
    if wanted.certified
        && let Ok(own) = serde_json::from_str::<Value>(text)
    {
        certificate = certify(&own, &answer);
        // So that a certificate is found again beside its answer.
        if let (Some(c), false) = (&mut certificate, request.id.is_null()) {
            c["id"] = request.id.clone();
        }
    }
    let mut checked = json::checked(&request.id, request.candidate.is_some(), &answer, wanted.hint);
    checked.micros = clock.micros();
    Answered { text: checked.to_string(), status: Status::of(&answer), certificate }
}
