//! Which marks differ from those of an earlier run.

use super::class::Class;
use super::file::MarksFile;
use crate::number::Rational;

/// A mark that is not what it was.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The student.
    pub key: String,
    /// The question; nothing where the whole submission was not there before, or is not now.
    pub question: Option<String>,
    /// What it was.
    pub before: Option<Rational>,
    /// What it is.
    pub now: Option<Rational>,
}

/// The marks that changed, in the order of the class; then those that are gone.
#[must_use]
pub fn changes(class: &Class, earlier: &MarksFile) -> Vec<Change> {
    let mut all = Vec::new();
    for entry in &class.entries {
        let key = entry.student.key.clone();
        let before = earlier.students.iter().find(|s| s.key == key);
        if class.is_graded_elsewhere(entry) {
            continue;
        }
        let Ok(graded) = &entry.result else {
            if let Some(b) = before.filter(|b| !b.questions.is_empty()) {
                all.push(Change { key, question: None, before: Some(b.awarded()), now: None });
            }
            continue;
        };
        let Some(before) = before.filter(|b| !b.questions.is_empty()) else {
            all.push(Change { key, question: None, before: None, now: Some(graded.total().awarded) });
            continue;
        };
        for mark in &graded.marks {
            let was = before.questions.iter().find(|q| q.id == mark.id).map(|q| q.awarded.clone());
            if was.as_ref() != Some(&mark.awarded) {
                let now = Some(mark.awarded.clone());
                all.push(Change { key: key.clone(), question: Some(mark.id.clone()), before: was, now });
            }
        }
        for gone in before.questions.iter().filter(|q| !graded.marks.iter().any(|m| m.id == q.id)) {
            let (id, was) = (gone.id.clone(), gone.awarded.clone());
            all.push(Change { key: key.clone(), question: Some(id), before: Some(was), now: None });
        }
    }
    for gone in earlier.students.iter().filter(|s| !class.entries.iter().any(|e| e.student.key == s.key)) {
        if !gone.questions.is_empty() {
            all.push(Change { key: gone.key.clone(), question: None, before: Some(gone.awarded()), now: None });
        }
    }
    all
}
