//! `gradmark help`: an example that works when pasted, a command's help, or the page of a code.

use super::args::CommandLine;
use super::console::{Complaint, Console};
use super::status::Status;
use crate::text::{CODES, Code};
use clap::CommandFactory;

pub(super) fn run(topic: Option<&str>, console: Console) -> Result<Status, Complaint> {
    let mut command = CommandLine::command();
    let Some(topic) = topic else {
        console.print(&command.render_long_help().to_string());
        return Ok(Status::Correct);
    };
    let code = topic.trim().to_ascii_uppercase();
    let number = code.strip_prefix('E').unwrap_or(&code).parse::<u16>().ok();
    if let Some(entry) = CODES.iter().find(|c| Some(c.code) == number.map(Code) || c.name == topic) {
        console.print(&format!("{} {}\n\n{}\n", entry.code, entry.name, entry.page));
        return Ok(Status::Correct);
    }
    command.build();
    if let Some(sub) = command.find_subcommand_mut(topic) {
        console.print(&sub.render_long_help().to_string());
        return Ok(Status::Correct);
    }
    Err(Complaint::plain(Code::BAD_COMMAND, format!("there is no help on {topic:?}"))
        .hint("ask for a command, such as `gradmark help check`, or a code, such as `gradmark help E0302`"))
}
