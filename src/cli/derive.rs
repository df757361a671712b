//! `gradmark derive`: the derivative itself.

use super::answer::{Show, answer};
use super::args::{DeriveArgs, FormArg};
use super::console::{Complaint, Console, read};
use super::status::Status;
use super::task;
use crate::check::Writing;
use crate::text::Code;

pub(super) fn run(args: &DeriveArgs, console: Console) -> Result<Status, Complaint> {
    let mut request = task::declared(&args.declarations)?;
    if args.task.wrt.is_empty() {
        return Err(Complaint::plain(Code::BAD_COMMAND, "it is not said by what to differentiate")
            .hint("add --wrt, as in --wrt W"));
    }
    task::asked(&args.task, args.order, &mut request);
    request.objective = match args.objective.as_str() {
        "-" => read("-")?.trim().to_owned(),
        text => text.to_owned(),
    };
    let writing = match args.form {
        FormArg::Natural => Writing::Natural,
        FormArg::Factored => Writing::Factored,
        FormArg::Expanded => Writing::Expanded,
        FormArg::Index => Writing::Index,
    };
    let show = Show { format: args.format, latex: args.latex, writing, times: args.times.clone(), ..Show::default() };
    Ok(answer(&request, None, &show, console).status)
}
