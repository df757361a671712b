//! Certificates as files: `check --certificate` writes them, one a line, and `verify` tests them again.

use super::args::{Format, VerifyArgs};
use super::clock::within;
use super::console::{Complaint, Console, read, reason};
use super::status::Status;
use crate::certificate::{Verified, verify};
use crate::limit;
use crate::text::Code;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// Writes certificates to a file, whole or not at all.
pub(super) fn write(path: &str, certificates: &[Value]) -> Result<(), Complaint> {
    let mut writer = Writer::create(path)?;
    certificates.iter().try_for_each(|c| writer.push(c))?;
    writer.finish()
}

/// Certificates on their way into a file, one a line. They stand under another name until the last is written.
pub(super) struct Writer {
    path: String,
    target: PathBuf,
    own: PathBuf,
    out: BufWriter<File>,
    finished: bool,
}

impl Writer {
    /// Begins a file.
    pub(super) fn create(path: &str) -> Result<Self, Complaint> {
        let target = PathBuf::from(path);
        let Some(name) = target.file_name().filter(|_| !target.is_dir()) else {
            return Err(failed(path, &std::io::ErrorKind::IsADirectory.into()));
        };
        let mut own = std::ffi::OsString::from(".");
        own.push(name);
        own.push(format!(".{}", std::process::id()));
        let own = target.with_file_name(own);
        let file = File::create(&own).map_err(|e| failed(path, &e))?;
        Ok(Self { path: path.to_owned(), target, own, out: BufWriter::new(file), finished: false })
    }

    /// Writes one more.
    pub(super) fn push(&mut self, certificate: &Value) -> Result<(), Complaint> {
        writeln!(self.out, "{certificate}").map_err(|e| failed(&self.path, &e))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> Result<(), Complaint> {
        self.out.flush().and_then(|()| std::fs::rename(&self.own, &self.target)).map_err(|e| failed(&self.path, &e))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            // What was begun is not left behind; that it may not exist is no second error.
            let _ = std::fs::remove_file(&self.own);
        }
    }
}

fn failed(path: &str, e: &std::io::Error) -> Complaint {
    Complaint::plain(Code::BAD_FILE, format!("cannot write {path}: {}", reason(e)))
        .hint("check the folder and its permissions")
}

/// Tests one within the work of a claim; what runs out is no ground to hold it or to let it fall.
fn verified(certificate: &Value) -> Verified {
    limit::claim(|| {
        let verified = verify(certificate);
        limit::spent().map_or(verified, |s| Verified::Unusable(format!("it cannot be tested: {s}")))
    })
}

/// Tests the certificates of a file.
pub(super) fn run(args: &VerifyArgs, console: Console) -> Result<Status, Complaint> {
    let text = read(&args.file)?;
    let certificates = certificates(&text);
    if certificates.is_empty() {
        return Err(Complaint::plain(Code::BAD_FILE, format!("there is no certificate in {}", args.file))
            .hint("write one with gradmark check --certificate FILE"));
    }
    let mut status = Status::Correct;
    for found in certificates {
        let (certificate, verified) = match found {
            Ok(c) => {
                let verified = within(|| verified(&c));
                (c, verified)
            }
            Err(why) => (Value::Null, Verified::Unusable(why)),
        };
        let (word, why, own) = match &verified {
            Verified::Holds => ("holds", None, Status::Correct),
            Verified::Fails(why) => ("fails", Some(why), Status::Incorrect),
            Verified::Unusable(why) => ("unusable", Some(why), Status::Unusable),
        };
        status = status.and(own);
        let request = &certificate["request"];
        match args.format {
            Format::Json => {
                let answer = json!({"schema": crate::report::json::SCHEMA, "certificate": word,
                    "verdict": certificate["verdict"], "ground": certificate["ground"]["kind"],
                    "objective": request["objective"], "candidate": request["candidate"], "why": why});
                console.json(&answer);
            }
            Format::Text => {
                let said = |v: &Value| v.as_str().unwrap_or("?").to_owned();
                let mut out = console.paint.bold(word);
                if !certificate.is_null() {
                    let ground = said(&certificate["ground"]["kind"]).replace('_', " ");
                    out.push_str(&format!(": {} by {ground}", said(&certificate["verdict"])));
                    out.push_str(&format!(
                        "\n  objective   {}\n  candidate   {}",
                        said(&request["objective"]),
                        said(&request["candidate"])
                    ));
                }
                if let Some(why) = why {
                    out.push_str(&format!("\n  why         {why}"));
                }
                console.print(&format!("{out}\n"));
            }
        }
    }
    Ok(status)
}

/// One certificate, or one on each line.
fn certificates(text: &str) -> Vec<Result<Value, String>> {
    if let Ok(one) = serde_json::from_str::<Value>(text) {
        return vec![Ok(one)];
    }
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    lines.map(|(i, l)| serde_json::from_str(l).map_err(|e| format!("line {}: {e}", i + 1))).collect()
}
