//! Gradebook files in CSV: Canvas, Moodle and nbgrader. One row for each student whose marks count; who is left out is
//! left as the gradebook has it.

use super::csv::{Cell, maybe, nothing, points, row, text};
use super::feedback::summary;
use crate::mark::{Class, Entry, Graded};

/// What gradebook files are made with.
#[derive(Clone, Debug, Default)]
pub struct Gradebook {
    /// The assignment's name in the course system, for Canvas with its number: `Homework 1 (4711)`.
    pub assignment: Option<String>,
    /// Whether provisional marks are taken as well.
    pub provisional: bool,
}

impl Gradebook {
    fn title<'a>(&'a self, class: &'a Class) -> &'a str {
        match &self.assignment {
            Some(a) => a,
            None if class.title.is_empty() => "Assignment",
            None => &class.title,
        }
    }

    fn rows<'a>(&self, class: &'a Class) -> impl Iterator<Item = (&'a Entry, &'a Graded)> {
        class.settled(self.provisional)
    }
}

/// Names of columns that Canvas drops.
const TOTALS: [&str; 6] =
    ["Current Score", "Current Points", "Current Grade", "Final Score", "Final Points", "Final Grade"];

/// A file for the import of a Canvas gradebook.
///
/// # Errors
/// Where Canvas would not take the column by this name.
pub fn canvas(class: &Class, how: &Gradebook) -> Result<String, String> {
    let title = how.title(class);
    if TOTALS.iter().any(|t| title.contains(t)) || title.starts_with("Override ") {
        return Err(format!("Canvas drops a column called {title:?}; give the assignment's name by --assignment"));
    }
    let mut out = row(&["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title].map(text));
    let mut possible = vec![Cell::Number("    Points Possible".to_owned())];
    possible.extend((0..4).map(|_| nothing()));
    possible.push(points(&class.points()));
    out.push_str(&row(&possible));
    for (entry, graded) in how.rows(class) {
        let s = &entry.student;
        // Without a roster the key is the best that is known.
        let known = s.id.is_some() || s.sis_id.is_some() || s.login.is_some();
        let login = if known { maybe(s.login.as_ref()) } else { text(&s.key) };
        out.push_str(&row(&[
            text(s.shown()),
            maybe(s.id.as_ref()),
            maybe(s.sis_id.as_ref()),
            login,
            maybe(s.section.as_ref()),
            points(&graded.total().awarded),
        ]));
    }
    Ok(out)
}

/// A file for the import of a Moodle gradebook; the columns are mapped by hand there.
#[must_use]
pub fn moodle(class: &Class, how: &Gradebook) -> String {
    let title = how.title(class);
    let feedback = format!("{title} feedback");
    let mut out = row(&["idnumber", "username", "email", title, &feedback].map(text));
    for (entry, graded) in how.rows(class) {
        let s = &entry.student;
        let known = s.sis_id.is_some() || s.login.is_some() || s.email.is_some();
        let login = if known { maybe(s.login.as_ref()) } else { text(&s.key) };
        out.push_str(&row(&[
            maybe(s.sis_id.as_ref()),
            login,
            maybe(s.email.as_ref()),
            points(&graded.total().awarded),
            text(summary(graded)),
        ]));
    }
    out
}

/// A table with the columns of nbgrader's export.
#[must_use]
pub fn nbgrader(class: &Class, how: &Gradebook) -> String {
    let header = [
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    ];
    let mut out = row(&header.map(text));
    for (entry, graded) in how.rows(class) {
        let s = &entry.student;
        let (given, family) = if s.name.is_some() { s.names() } else { (String::new(), String::new()) };
        let total = graded.total();
        out.push_str(&row(&[
            text(how.title(class)),
            nothing(),
            nothing(),
            text(&s.key),
            text(family),
            text(given),
            maybe(s.email.as_ref()),
            points(&total.awarded),
            Cell::Number("0".to_owned()),
            points(&total.awarded),
            points(&total.points),
        ]));
    }
    out
}
