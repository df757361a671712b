//! The class as a table: one row for each student and question.

use super::csv::{Cell, maybe, nothing, points, row, text};
use crate::grade::ClaimVerdict;
use crate::mark::{Class, Entry, Failure, Graded, Mark, Outcome};

const HEADER: [&str; 13] = [
    "student",
    "name",
    "file",
    "question",
    "points",
    "awarded",
    "open",
    "provisional",
    "verdict",
    "mistakes",
    "lines",
    "comment",
    "error",
];

/// The table.
#[must_use]
pub fn table(class: &Class) -> String {
    let mut out = row(&HEADER.map(text));
    for entry in &class.entries {
        match &entry.result {
            Ok(graded) => {
                for (mark, outcome) in graded.marks.iter().zip(&graded.sheet.questions) {
                    out.push_str(&row(&one(entry, graded, mark, outcome)));
                }
            }
            Err(failure) => {
                let why = match failure {
                    Failure::Unusable { message, .. } => message.clone(),
                    Failure::Missing => "no submission".to_owned(),
                };
                for (id, of) in &class.questions {
                    let mut cells =
                        vec![text(&entry.student.key), maybe(entry.student.name.as_ref()), text(&entry.file)];
                    cells.extend([text(id), points(of)]);
                    cells.extend((0..7).map(|_| nothing()));
                    cells.push(text(&why));
                    out.push_str(&row(&cells));
                }
            }
        }
    }
    out
}

fn one(entry: &Entry, graded: &Graded, mark: &Mark, outcome: &Outcome) -> Vec<Cell> {
    let mut own = graded.sheet.steps(outcome);
    own.extend(outcome.answer.and_then(|n| graded.sheet.claim(n)));
    own.sort_by_key(|c| c.n);
    let mut kinds: Vec<&str> = own
        .iter()
        .filter(|c| c.verdict == ClaimVerdict::Incorrect)
        .filter_map(|c| c.diagnosis.first())
        .map(|d| d.kind.as_str())
        .collect();
    kinds.dedup();
    let lines: Vec<String> = mark.lines().iter().map(ToString::to_string).collect();
    vec![
        text(&entry.student.key),
        maybe(entry.student.name.as_ref()),
        text(&entry.file),
        text(&mark.id),
        points(&mark.points),
        points(&mark.awarded),
        points(&mark.open()),
        text(if mark.is_provisional() { "yes" } else { "no" }),
        text(outcome.verdict.map_or("", ClaimVerdict::name)),
        text(kinds.join(" ")),
        text(lines.join(" ")),
        maybe(mark.comment.as_ref()),
        nothing(),
    ]
}
