//! A class in each format, as one text or as the files of a folder.

use super::super::args::{GradeArgs, GradeFormat};
use super::super::console::{Complaint, Console};
use super::folder::file_names;
use crate::mark::{Class, Decisions, Entry, write_marks_file};
use crate::report::{
    Gradebook, Hint, class_text, escaped, feedback, gradebook, graded, graded_text, gradescope, hinted, html, junit,
    prairielearn, table,
};
use crate::text::Code;
use rayon::prelude::*;
use serde_json::Value;

/// How gradebook files are made.
pub(super) fn gradebook_of(args: &GradeArgs) -> Gradebook {
    Gradebook { assignment: args.assignment.clone(), provisional: args.provisional }
}

/// The class in a format.
pub(super) fn text(
    class: &Class,
    args: &GradeArgs,
    format: GradeFormat,
    console: Console,
) -> Result<String, Complaint> {
    let (how, hint) = (gradebook_of(args), args.hint.map(Hint::of_level));
    let hinted = hinted(class, hint);
    let told = hinted.as_ref().unwrap_or(class);
    Ok(match format {
        GradeFormat::Text => {
            let mut texts: Vec<String> =
                class.graded().map(|(e, g)| graded_text(&e.file, g, hint, console.paint)).collect();
            if class.entries.len() > 1 {
                texts.push(class_text(class, console.paint));
            }
            texts.join("\n")
        }
        GradeFormat::Json => format!("{}\n", escaped(&graded::class(class, hint).to_string())),
        GradeFormat::Markdown => feedback::class(told),
        GradeFormat::Html => html::class(told),
        GradeFormat::Csv => table(class),
        GradeFormat::Canvas => canvas(class, &how)?,
        GradeFormat::Moodle => gradebook::moodle(class, &how),
        GradeFormat::Nbgrader => gradebook::nbgrader(class, &how),
        GradeFormat::Junit => junit(class),
        GradeFormat::Gradescope => pretty(&gradescope(only(told)?)),
        GradeFormat::Prairielearn => pretty(&prairielearn(only(told)?)),
    })
}

fn canvas(class: &Class, how: &Gradebook) -> Result<String, Complaint> {
    gradebook::canvas(class, how).map_err(|e| Complaint::plain(Code::BAD_COMMAND, e))
}

fn pretty(value: &Value) -> String {
    format!("{}\n", escaped(&format!("{value:#}")))
}

/// The submission of a format that holds one.
fn only(class: &Class) -> Result<&Entry, Complaint> {
    match class.entries.as_slice() {
        [one] => Ok(one),
        more => Err(Complaint::plain(
            Code::BAD_COMMAND,
            format!("this format holds one submission, and there are {}", more.len()),
        )
        .hint("grade one submission, or write a file for each with --out")),
    }
}

/// Every file of a folder of results: its name, and its text.
pub(super) fn files(
    class: &Class,
    args: &GradeArgs,
    decisions: &Decisions,
    previous: Option<String>,
) -> Result<Vec<(String, String)>, Complaint> {
    let (how, hint) = (gradebook_of(args), args.hint.map(Hint::of_level));
    let hinted = hinted(class, hint);
    let told = hinted.as_ref().unwrap_or(class);
    let mut files = vec![
        ("marks.toml".to_owned(), write_marks_file(class, decisions)),
        ("report.html".to_owned(), html::class(told)),
        ("report.json".to_owned(), format!("{}\n", graded::class(class, hint))),
        ("marks.csv".to_owned(), table(class)),
        ("canvas.csv".to_owned(), canvas(class, &how)?),
        ("moodle.csv".to_owned(), gradebook::moodle(class, &how)),
        ("nbgrader.csv".to_owned(), gradebook::nbgrader(class, &how)),
        ("junit.xml".to_owned(), junit(class)),
    ];
    if let Some(text) = previous {
        files.push(("marks.previous.toml".to_owned(), text));
    }
    let keys: Vec<&str> = class.entries.iter().map(|e| e.student.key.as_str()).collect();
    let names = file_names(&keys);
    let each = told.entries.par_iter().zip(names.par_iter()).flat_map_iter(|(entry, name)| {
        [
            (format!("feedback/{name}.md"), feedback::feedback(told, entry)),
            (format!("gradescope/{name}.json"), pretty(&gradescope(entry))),
            (format!("prairielearn/{name}.json"), pretty(&prairielearn(entry))),
        ]
    });
    files.par_extend(each);
    Ok(files)
}
