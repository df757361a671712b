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
    if let [_, command, problem, files @ ..] = args.as_slice() {
        if command == "grade" {
            return grade(problem, files);
        }
    }
    ExitCode::from(2)
}

fn grade(problem: &str, files: &[String]) -> ExitCode {
    let Ok(text) = std::fs::read_to_string(problem) else { return ExitCode::from(2) };
    let parsed = match crate::problem::parse_problem_file(&text) {
        Ok(p) => p,
        Err(d) => {
            eprintln!("{}: {}", d.code, d.message);
            return ExitCode::from(2);
        }
    };
    let texts = if parsed.problems.is_empty() { vec![parsed.clone()] } else { parsed.problems.clone() };
    let mut problems = Vec::new();
    for t in &texts {
        match crate::problem::build(t, None) {
            Ok(p) => problems.push(p),
            Err(d) => {
                eprintln!("{}: {:?}: {}", d.code, d.source, d.message);
                return ExitCode::from(2);
            }
        }
    }
    let mut submissions = Vec::new();
    for f in files.iter().filter(|f| !f.starts_with("--") && *f != "json") {
        let Ok(text) = std::fs::read_to_string(f) else { continue };
        let document = crate::document::read(&text, crate::document::Format::detect(f, &text));
        let graded = crate::grade::grade(&document, &problems);
        submissions.push(crate::report::graded::submission(f, &graded));
    }
    println!("{}", serde_json::json!({"problem": parsed.title, "submissions": submissions}));
    ExitCode::SUCCESS
}
