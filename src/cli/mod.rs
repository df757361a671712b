//! The command line: arguments, files, threads and exit codes. It holds no mathematics.

#![allow(clippy::print_stdout, clippy::print_stderr)] // this room is the one that writes to the terminal

mod batch;

use std::process::ExitCode;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|a| a == "check") && args.get(2).is_some_and(|a| a == "--jsonl") {
        return batch::run(args.get(3).map(String::as_str));
    }
    ExitCode::from(2)
}
