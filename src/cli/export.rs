//! `gradmark export`: an objective and its derivative as functions of an array library, or as a document.

use super::answer::{about_fault, problem};
use super::args::{ExportArgs, ExportTo};
use super::console::{Complaint, Console};
use super::status::Status;
use super::task;
use crate::export::{Target, Task, Wish, latex};
use crate::text::Code;

/// Largest size that may be expected.
const LARGEST: i64 = 1 << 40;

pub(super) fn run(args: &ExportArgs, console: Console) -> Result<Status, Complaint> {
    let objective = args.objective.as_deref().or(args.formula.as_deref()).unwrap_or("-");
    let request = task::derivation(&args.derivation, objective)?;
    let identifier = args.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !identifier || !args.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Err(Complaint::plain(
            Code::BAD_COMMAND,
            format!("--name {}: this is no name of a function", args.name),
        )
        .hint("write letters, digits and underscores"));
    }
    let sizes = args.dims.as_deref().map_or(Ok(Vec::new()), sizes)?;
    let problem = problem(&request)?;
    let wrt = request.variables();
    let task = Task::new(&problem, &request.asked(&wrt)).map_err(|f| about_fault(&request, None, &f))?;
    for a in &task.answer.assumed {
        console.note(&format!("assumed: {a}\n"));
    }
    let target = match args.to {
        ExportTo::Numpy => Target::Numpy,
        ExportTo::Jax => Target::Jax,
        ExportTo::Torch => Target::Torch,
        ExportTo::Latex => {
            console.print(&latex(&task, &args.name));
            return Ok(Status::Correct);
        }
    };
    let module = task
        .write(&Wish { target, name: &args.name, sizes: &sizes })
        .map_err(|r| Complaint::plain(Code::UNSUPPORTED, r.why))?;
    console.print(&module.text);
    Ok(Status::Correct)
}

/// `m=3,n=500`.
fn sizes(text: &str) -> Result<Vec<(String, i64)>, Complaint> {
    let size = |part: &str| {
        let (name, n) = part.split_once('=')?;
        let n: i64 = n.trim().parse().ok().filter(|n| (1..=LARGEST).contains(n))?;
        Some((name.trim().to_owned(), n))
    };
    text.split(',').map(size).collect::<Option<_>>().ok_or_else(|| {
        Complaint::plain(Code::BAD_COMMAND, format!("--dims {text}: sizes from 1 upwards are expected"))
            .hint("write it as in --dims m=3,n=500")
    })
}
