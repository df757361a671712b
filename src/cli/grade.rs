//! `gradmark grade`: submissions against a problem file. One submission's failure costs no other anything.

use super::args::{Format, GradeArgs};
use super::console::{Complaint, Console, read};
use super::questions;
use super::status::Status;
use crate::document;
use crate::grade::{ClaimVerdict, Graded, grade};
use crate::problem::Problem;
use crate::report::{Hint, graded, graded_text, json};
use crate::text::Code;
use rayon::prelude::*;
use serde_json::{Value, json};

/// Stack of a thread: formulas are nested to a bounded depth, and this is ample for it.
const STACK: usize = 64 << 20;

pub(super) fn run(args: &GradeArgs, console: Console) -> Result<Status, Complaint> {
    let source = read(&args.problem)?;
    let (title, problems) = questions::problems(&args.problem, &source)?;
    let unfit = questions::unfit(&args.problem, &source, &problems);
    if !unfit.is_empty() {
        unfit.iter().for_each(|c| console.complain(c));
        return Ok(Status::Unusable);
    }
    let problems: Vec<Problem> = problems.into_iter().map(|p| p.1).collect();
    let mut builder = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(n) = args.threads {
        builder = builder.num_threads(n.clamp(1, 256));
    }
    let pool = builder.build().map_err(|e| Complaint::plain(Code::INTERNAL, format!("no threads: {e}")))?;
    let results: Vec<Result<Graded, Complaint>> =
        pool.install(|| args.submissions.par_iter().map(|file| one(file, &problems)).collect());
    let hint = args.hint.map(Hint::of_level);
    let mut status = Status::Correct;
    let mut all: Vec<Value> = Vec::new();
    for (i, (file, result)) in args.submissions.iter().zip(&results).enumerate() {
        match result {
            Ok(g) => {
                status = status.and(status_of(g));
                match args.format {
                    Format::Json => all.push(graded::submission(file, g, hint)),
                    Format::Text => {
                        let gap = if i > 0 { "\n" } else { "" };
                        console.print(&format!("{gap}{}", graded_text(file, g, hint, console.paint)));
                    }
                }
            }
            Err(c) => {
                status = status.and(Status::Unusable);
                console.complain(c);
                if args.format == Format::Json {
                    let error = json::error(&c.diagnostic, "submission");
                    all.push(json!({"file": file, "awarded": null, "points": null, "questions": [], "claims": [],
                        "not_read": [], "error": error}));
                }
            }
        }
    }
    if args.format == Format::Json {
        console.print(&format!("{}\n", json!({"problem": title, "submissions": all})));
    }
    Ok(status)
}

fn one(file: &str, problems: &[Problem]) -> Result<Graded, Complaint> {
    let text = read(file)?;
    if text.trim().is_empty() {
        return Err(Complaint::plain(Code::BAD_FILE, format!("{file} is empty")));
    }
    // A panic is a defect; it must not cost the other submissions their marks.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let document = document::read(&text, document::Format::detect(file, &text));
        grade(&document, problems)
    }))
    .map_err(|_| Complaint::plain(Code::INTERNAL, format!("internal error: {file} could not be graded")))
}

fn status_of(g: &Graded) -> Status {
    let of = |v: ClaimVerdict| match v {
        ClaimVerdict::Correct | ClaimVerdict::Definition => Status::Correct,
        ClaimVerdict::Incorrect | ClaimVerdict::Carried => Status::Incorrect,
        ClaimVerdict::Unreadable | ClaimVerdict::Undecided => Status::Open,
    };
    let claims = g.claims.iter().map(|c| of(c.verdict));
    let questions = g.questions.iter().map(|q| q.verdict.map_or(Status::Open, of));
    claims.chain(questions).fold(Status::Correct, Status::and)
}
