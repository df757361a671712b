//! Marks: what a graded submission is given, and a class of them.
//!
//! In: a [`Sheet`], which is a graded submission as plain data, the questions' rubrics, and what a person decided.
//! Out: a [`Mark`] for each question, made of items that say why and name the lines they came from, and a [`Class`].
//! Invariants: points are exact, and every sum is the sum of what is shown; what is unreadable or undecided takes no
//! points, it leaves them open for a person; a person's decision is never changed, and it is said where the program
//! would now decide otherwise.
//! Not here: whether a claim is right (see `grade`), how marks are shown (see `report`).

mod change;
mod class;
mod file;
mod identity;
mod roster;
mod score;
mod sheet;

pub use change::{Change, changes};
pub use class::{Class, Entry, Example, Failure, Graded, MistakeCount, Total};
pub use file::{
    ClaimDecision, Decisions, EarlierMark, EarlierStudent, MarksFile, QuestionDecision, StudentDecisions,
    parse_marks_file, write_marks_file,
};
pub use identity::{Pattern, Student, keys};
pub use roster::{Roster, parse_table};
pub use score::{Item, Mark, Part, Unsettled, marks};
pub use sheet::{Outcome, Sheet, Slip, Step, Unread, settle};

use crate::number::Rational;

/// Points as they are written everywhere.
#[must_use]
pub fn decimal(points: &Rational) -> String {
    points.to_decimal().unwrap_or_else(|| points.to_string())
}

/// Points with their noun.
#[must_use]
pub fn counted(points: &Rational) -> String {
    format!("{} {}", decimal(points), if *points == Rational::ONE { "point" } else { "points" })
}

/// The average to two decimals; nothing of nothing.
#[must_use]
pub fn average(points: &[Rational]) -> Option<String> {
    let share = Rational::new(1, i64::try_from(points.len()).ok()?)?;
    let hundredth = Rational::new(1, 100)?;
    Some(decimal(&(&sum(points) * &share).rounded_to(&hundredth)))
}

/// The sum of points.
#[must_use]
pub fn sum<'a>(points: impl IntoIterator<Item = &'a Rational>) -> Rational {
    points.into_iter().fold(Rational::ZERO, |a, b| &a + b)
}
