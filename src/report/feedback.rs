//! Feedback in Markdown: for one student, or a whole class.

use super::graded_text::lines;
use super::markup::{fenced, markdown, markdown_words};
use crate::grade::ClaimVerdict;
use crate::mark::{Class, Entry, Failure, Graded, Mark, Sheet, Step, counted, decimal};
use std::fmt::Write as _;

/// The marks in one line.
#[must_use]
pub fn summary(graded: &Graded) -> String {
    let total = graded.total();
    let one = |m: &Mark| {
        let open = if m.is_provisional() { ", provisional" } else { "" };
        format!("{}: {} of {}{open}", m.id, decimal(&m.awarded), decimal(&m.points))
    };
    let questions: Vec<String> = graded.marks.iter().map(one).collect();
    format!("{} of {} points ({})", decimal(&total.awarded), decimal(&total.points), questions.join("; "))
}

/// What is said about one question.
#[must_use]
pub fn question(graded: &Graded, number: usize) -> String {
    let (Some(mark), Some(outcome)) = (graded.marks.get(number), graded.sheet.questions.get(number)) else {
        return String::new();
    };
    let mut out = String::new();
    for item in &mark.items {
        let at = if item.lines.is_empty() { String::new() } else { format!(" ({})", lines(&item.lines)) };
        let (points, of) = (decimal(&item.points), decimal(&item.of));
        let _ = writeln!(out, "- {}: {points} of {of}, {}{at}", item.part.name(), markdown(&item.why));
    }
    for open in mark.unsettled.iter().filter(|_| !mark.by_person) {
        let at = if open.lines.is_empty() { String::new() } else { format!(" ({})", lines(&open.lines)) };
        let _ = writeln!(out, "- open: {}, {}{at}; a person looks at this", counted(&open.points), open.why);
    }
    if let Some(comment) = &mark.comment {
        let _ = writeln!(out, "- comment: {}", markdown(comment));
    }
    let mut own = graded.sheet.steps(outcome);
    own.extend(outcome.answer.and_then(|n| graded.sheet.claim(n)));
    own.sort_by_key(|c| c.n);
    for c in own.into_iter().filter(|c| Sheet::is_notable(c)) {
        out.push('\n');
        claim(&mut out, c, outcome.first_wrong == Some(c.n));
    }
    out
}

fn claim(out: &mut String, c: &Step, first: bool) {
    let what = match c.verdict {
        ClaimVerdict::Incorrect if first => "the first wrong step",
        ClaimVerdict::Incorrect => "wrong",
        ClaimVerdict::Carried => "follows from an earlier mistake",
        ClaimVerdict::Unreadable => "could not be read",
        ClaimVerdict::Undecided => "could not be decided",
        ClaimVerdict::Correct => "right",
        ClaimVerdict::Definition => "a definition",
    };
    let _ = write!(out, "Line {}: {what}\n\n{}", c.line, fenced(&c.source));
    for d in &c.diagnosis {
        let _ = write!(out, "\n{}\n", markdown_words(&d.message));
    }
    if let Some(numbers) = &c.counterexample {
        let _ = write!(out, "\nFor instance:\n\n{}", fenced(numbers));
    }
}

/// A student's page.
#[must_use]
pub fn feedback(class: &Class, entry: &Entry) -> String {
    let title = if class.title.is_empty() { "Feedback" } else { &class.title };
    let mut out = format!("# {}\n\n{}\n\n", markdown(title), markdown(entry.student.shown()));
    let graded = match &entry.result {
        Ok(g) => g,
        Err(Failure::Missing) => {
            out.push_str("No submission.\n");
            return out;
        }
        Err(Failure::Unusable { message, .. }) => {
            let _ = writeln!(out, "Not graded: {}. A person has to look at this.", markdown(message));
            return out;
        }
    };
    let total = graded.total();
    let _ = writeln!(out, "**{} of {} points**", decimal(&total.awarded), decimal(&total.points));
    if total.provisional {
        let _ = writeln!(out, "\nThis is provisional: a person has to look at {}.", counted(&total.open));
    }
    if let Some(comment) = &graded.comment {
        let _ = write!(out, "\n{}\n", markdown(comment));
    }
    for (i, mark) in graded.marks.iter().enumerate() {
        let (id, awarded, points) = (markdown(&mark.id), decimal(&mark.awarded), decimal(&mark.points));
        let _ = write!(out, "\n## {id}: {awarded} of {points}\n\n{}", question(graded, i));
    }
    if !graded.sheet.not_read.is_empty() {
        out.push_str("\n## Not judged\n\n");
        for n in &graded.sheet.not_read {
            let _ = writeln!(out, "- line {}: {}", n.line, markdown(&n.why));
        }
    }
    out
}

/// A class: a table, and each student's page.
#[must_use]
pub fn class(class: &Class) -> String {
    let mut out = String::new();
    if class.entries.len() > 1 {
        let title = if class.title.is_empty() { "Class" } else { &class.title };
        let _ = write!(out, "# {}\n\n| student |", markdown(title));
        class.questions.iter().for_each(|q| out.push_str(&format!(" {} |", markdown(&q.0))));
        out.push_str(" total |\n|---|");
        out.push_str(&"---:|".repeat(class.questions.len() + 1));
        out.push('\n');
        for entry in &class.entries {
            let _ = write!(out, "| {} |", markdown(entry.student.shown()));
            match &entry.result {
                Ok(g) => {
                    let open = |p: bool| if p { "?" } else { "" };
                    for m in &g.marks {
                        let _ = write!(out, " {}{} |", decimal(&m.awarded), open(m.is_provisional()));
                    }
                    let total = g.total();
                    let _ = writeln!(out, " {}{} |", decimal(&total.awarded), open(total.provisional));
                }
                Err(_) => out.push_str(&format!("{} not graded |\n", " |".repeat(class.questions.len()))),
            }
        }
        out.push_str("\nA mark with a question mark is provisional: a person has to look at it.\n\n");
    }
    let pages: Vec<String> = class.entries.iter().map(|e| feedback(class, e)).collect();
    out.push_str(&pages.join("\n---\n\n"));
    out
}
