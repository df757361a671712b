//! Grading on all cores, in a stable order; what an earlier run of the same program came to is not graded again.

use super::super::STACK;
use super::super::args::GradeArgs;
use super::super::clock::within;
use super::super::console::{Complaint, read_submission};
use super::folder::Folder;
use super::gather::Handed;
use super::progress::Progress;
use crate::document;
use crate::grade::grade;
use crate::mark::Sheet;
use crate::problem::Problem;
use crate::report::graded;
use crate::text::Code;
use rayon::prelude::*;

/// What each submission came to, in the order in which they were handed in.
pub(super) fn grade_all(
    handed: &[Handed],
    problems: &[Problem],
    args: &GradeArgs,
    folder: Option<&Folder>,
) -> Result<Vec<Result<Sheet, Complaint>>, Complaint> {
    let mut builder = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(n) = args.threads {
        builder = builder.num_threads(n.clamp(1, 256));
    }
    let pool = builder.build().map_err(|e| Complaint::plain(Code::INTERNAL, format!("no threads: {e}")))?;
    let progress = Progress::new(handed.len());
    let one = |h: &Handed| {
        let result = one(h, problems, folder, args.fresh);
        progress.step();
        result
    };
    // One at a time: a long submission must not hold others back.
    Ok(pool.install(|| handed.par_iter().with_max_len(1).map(one).collect()))
}

fn one(handed: &Handed, problems: &[Problem], folder: Option<&Folder>, fresh: bool) -> Result<Sheet, Complaint> {
    let file = &handed.file;
    if let Some(why) = &handed.refused {
        return Err(Complaint::plain(Code::BAD_FILE, format!("{file} is not graded: {why}"))
            .hint("hand in one file for each student, or tell them apart with --student"));
    }
    let text = read_submission(file)?;
    if text.trim().is_empty() {
        return Err(Complaint::plain(Code::BAD_FILE, format!("{file} is empty")));
    }
    // The name tells the format; nothing else of it matters.
    let name = std::path::Path::new(file).extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(sheet) = folder.filter(|_| !fresh).and_then(|f| f.kept(&name, &text)) {
        return Ok(sheet);
    }
    // A panic is a defect; it must not cost the other submissions their marks.
    let sheet = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let document = document::read(&text, document::Format::detect(file, &text));
        within(|| graded::sheet(&grade(&document, problems)))
    }))
    .map_err(|_| Complaint::plain(Code::INTERNAL, format!("internal error: {file} could not be graded")))?;
    if let Some(f) = folder {
        f.keep(&name, &text, &sheet);
    }
    Ok(sheet)
}
