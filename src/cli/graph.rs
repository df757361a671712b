//! `gradmark graph`: the computation graph of an objective, with adjoints.

use super::answer::about_fault;
use super::args::{GraphArgs, GraphFormat};
use super::console::{Complaint, Console};
use super::status::Status;
use super::task;
use crate::graph::{dot, graph, svg, text};

pub(super) fn run(args: &GraphArgs, console: Console) -> Result<Status, Complaint> {
    let mut request = task::declared(&args.declarations)?;
    request.objective = task::formula(&args.objective)?;
    if !args.wrt.is_empty() {
        request.wrt = Some(crate::problem::WrtText::Several(args.wrt.clone()));
    }
    let drawn = graph(&request, &args.name).map_err(|f| about_fault(&request, None, &f))?;
    for a in &drawn.assumed {
        console.note(&format!("assumed: {a}\n"));
    }
    console.print(&match args.format {
        GraphFormat::Text => text(&drawn),
        GraphFormat::Dot => dot(&drawn),
        GraphFormat::Svg => svg(&drawn),
    });
    Ok(Status::Correct)
}
