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
mod console;
mod derive;
mod export;
mod grade;
mod graph;
mod help;
mod new;
mod questions;
mod reading;
mod status;
mod task;

use crate::report::visible;
use args::{Command, CommandLine};
use clap::Parser;
use console::Console;
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
    let result = match &line.command {
        Command::Derive(args) => derive::run(args, console),
        Command::Export(args) => export::run(args, console),
        Command::Graph(args) => graph::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Grade(args) => grade::run(args, console),
        Command::New(args) => new::run(args, console),
        Command::Verify(args) => certificate::run(args, console),
        Command::Help(args) => help::run(args.topic.as_deref(), console),
    };
    let status = result.unwrap_or_else(|complaint| {
        console.complain(&complaint);
        Status::Unusable
    });
    status.into()
}
