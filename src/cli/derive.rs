//! `gradmark derive`: the derivative itself.

use super::answer::{Show, answer};
use super::args::{DeriveArgs, FormArg};
use super::console::{Complaint, Console};
use super::status::Status;
use super::task;
use crate::check::Writing;

pub(super) fn run(args: &DeriveArgs, console: Console) -> Result<Status, Complaint> {
    let request = task::derivation(&args.derivation, &args.objective)?;
    let writing = match args.form {
        FormArg::Natural => Writing::Natural,
        FormArg::Factored => Writing::Factored,
        FormArg::Expanded => Writing::Expanded,
        FormArg::Index => Writing::Index,
    };
    let show = Show { format: args.format, latex: args.latex, writing, times: args.times.clone(), ..Show::default() };
    Ok(answer(&request, None, &show, console).status)
}
