//! `gradmark explain`: how one gets to the derivative.

use super::answer::{about_fault, problem};
use super::args::{ExplainArgs, MethodArg, PageFormat};
use super::console::{Complaint, Console};
use super::status::Status;
use super::task;
use crate::explain::{Method, explain};
use crate::report::{explained, json};
use crate::text::Code;

pub(super) fn run(args: &ExplainArgs, console: Console) -> Result<Status, Complaint> {
    let request = task::derivation(&args.derivation, &args.objective)?;
    let problem = problem(&request)?;
    let wrt = request.variables();
    let method = args.by.map(|m| match m {
        MethodArg::Differentials => Method::Differentials,
        MethodArg::Graph => Method::Graph,
    });
    let (answer, explanation) = explain(&problem, &request.asked(&wrt), method);
    if let Some(fault) = &answer.fault {
        if args.format == PageFormat::Json {
            console.print(&format!("{}\n", json::checked(&request.id, false, &answer, None)));
        }
        console.complain(&about_fault(&request, None, fault));
        return Ok(Status::Unusable);
    }
    let Some(explanation) = explanation else {
        return Err(Complaint::plain(Code::BAD_COMMAND, "there is no derivative here to be explained"));
    };
    let page = match args.format {
        PageFormat::Text => explained::text(&answer, &explanation, console.paint),
        PageFormat::Markdown => explained::markdown(&answer, &explanation),
        PageFormat::Latex => explained::latex(&answer, &explanation),
        PageFormat::Json => format!("{}\n", explained::json(&answer, &explanation)),
    };
    console.print(&page);
    for step in &explanation.failed {
        let message = format!("internal error: a step failed its check and is left out: {step}");
        console.complain(&Complaint::plain(Code::INTERNAL, message));
    }
    Ok(Status::of(&answer))
}
