//! The command line: arguments, files, threads and exit codes.
//!
//! In: arguments and files. Out: text, JSON and an exit status.
//! Invariants: results go to standard output and diagnostics to standard error; the same input gives the same bytes,
//! whatever the number of threads; the exit status follows the contract.
//! Not here: mathematics.

mod answer;
mod args;
mod batch;
mod certificate;
mod check;
mod clock;
mod console;
mod derive;
mod explain;
mod export;
mod grade;
mod graph;
mod help;
mod new;
mod questions;
mod reading;
mod status;
mod task;

use crate::limit;
use crate::report::visible;
use crate::text::Code;
use args::{Command, CommandLine, LimitArgs};
use clap::Parser;
use console::{Complaint, Console};
use status::Status;
use std::process::ExitCode;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(e) => {
            // A file's name may be taken for an option, and names come from strangers.
            if e.use_stderr() && visible(&e.to_string()) != e.to_string() {
                Console::new().note(&e.to_string());
            } else {
                let _ = e.print();
            }
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    let console = Console::new();
    // Formulas are nested to a bounded depth, and this stack is ample for it on every system.
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || obey(&line, console));
    let result = worker.map_err(|e| Complaint::plain(Code::INTERNAL, format!("no thread: {e}"))).and_then(|w| {
        w.join().unwrap_or_else(|_| Err(Complaint::plain(Code::INTERNAL, "internal error: there is no result")))
    });
    let status = result.unwrap_or_else(|complaint| {
        console.complain(&complaint);
        Status::Unusable
    });
    if Console::has_failed() { Status::Unusable.into() } else { status.into() }
}

/// Stack of a thread that works on formulas.
const STACK: usize = 64 << 20;

fn obey(line: &CommandLine, console: Console) -> Result<Status, Complaint> {
    limited(&line.limits)?;
    match &line.command {
        Command::Derive(args) => derive::run(args, console),
        Command::Export(args) => export::run(args, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Graph(args) => graph::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Grade(args) => grade::run(args, console),
        Command::New(args) => new::run(args, console),
        Command::Verify(args) => certificate::run(args, console),
        Command::Help(args) => help::run(args.topic.as_deref(), console),
    }
}

/// Puts the limits of a run in force.
fn limited(args: &LimitArgs) -> Result<(), Complaint> {
    let changes: Result<Vec<_>, String> = args.limits.iter().map(|l| limit::set(l)).collect();
    let changes = changes.map_err(|why| {
        Complaint::plain(Code::BAD_COMMAND, format!("--limit {why}")).hint("write it as in --limit terms=20000")
    })?;
    limit::configure(&changes);
    clock::configure(args.time_limit);
    Ok(())
}
