//! A class: every student with what was handed in, and what it comes to.

use super::identity::Student;
use super::score::Mark;
use super::sheet::Sheet;
use super::sum;
use crate::grade::ClaimVerdict;
use crate::number::Rational;
use indexmap::IndexMap;

/// A graded submission with its marks.
#[derive(Clone, PartialEq, Debug)]
pub struct Graded {
    /// What was judged.
    pub sheet: Sheet,
    /// The marks in the order of the questions.
    pub marks: Vec<Mark>,
    /// What a person says to the student.
    pub comment: Option<String>,
}

/// Why there are no marks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The submission could not be graded.
    Unusable {
        /// The code of the diagnostic.
        code: String,
        /// What it says.
        message: String,
    },
    /// The roster lists the student, and there is no file.
    Missing,
}

/// A student in the class.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Who.
    pub student: Student,
    /// The file as given; empty where there is none.
    pub file: String,
    /// What it comes to.
    pub result: Result<Graded, Failure>,
}

/// The points of a submission.
#[derive(Clone, PartialEq, Debug)]
pub struct Total {
    /// Given.
    pub awarded: Rational,
    /// At most.
    pub points: Rational,
    /// Left to a person.
    pub open: Rational,
    /// Whether a person has to look before it counts.
    pub provisional: bool,
}

impl Graded {
    /// The points of all questions.
    #[must_use]
    pub fn total(&self) -> Total {
        Total {
            awarded: sum(self.marks.iter().map(|m| &m.awarded)),
            points: sum(self.marks.iter().map(|m| &m.points)),
            open: self.marks.iter().fold(Rational::ZERO, |a, m| &a + &m.open()),
            provisional: self.marks.iter().any(Mark::is_provisional),
        }
    }

    /// How many claims have a verdict.
    #[must_use]
    pub fn count(&self, verdict: ClaimVerdict) -> usize {
        self.sheet.claims.iter().filter(|c| c.verdict == verdict).count()
    }
}

/// A mistake with how often it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MistakeCount {
    /// The mistake, the same for the same mistake in many answers.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// In how many claims.
    pub claims: usize,
    /// By how many students.
    pub students: usize,
    /// One of them: the student, the line, the formula, the message.
    pub example: (String, u32, String, String),
}

/// A class.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Class {
    /// The problem file's title.
    pub title: String,
    /// The questions with their points.
    pub questions: Vec<(String, Rational)>,
    /// The students.
    pub entries: Vec<Entry>,
}

impl Class {
    /// What all questions give.
    #[must_use]
    pub fn points(&self) -> Rational {
        sum(self.questions.iter().map(|q| &q.1))
    }

    /// The submissions that were graded.
    pub fn graded(&self) -> impl Iterator<Item = (&Entry, &Graded)> {
        self.entries.iter().filter_map(|e| e.result.as_ref().ok().map(|g| (e, g)))
    }

    /// What a gradebook can take: final marks, or all where provisional ones are wanted.
    pub fn settled(&self, provisional: bool) -> impl Iterator<Item = (&Entry, &Graded)> {
        self.graded().filter(move |(_, g)| provisional || !g.total().provisional)
    }

    /// The mistakes, the most frequent first.
    #[must_use]
    pub fn mistakes(&self) -> Vec<MistakeCount> {
        let mut found: IndexMap<&str, (MistakeCount, usize)> = IndexMap::new();
        for (number, (entry, graded)) in self.graded().enumerate() {
            for claim in graded.sheet.claims.iter().filter(|c| c.verdict == ClaimVerdict::Incorrect) {
                let Some(slip) = claim.diagnosis.first() else { continue };
                let at = found.entry(slip.key.as_str()).or_insert_with(|| {
                    let example =
                        (entry.student.shown().to_owned(), claim.line, claim.source.clone(), slip.message.clone());
                    let (key, kind) = (slip.key.clone(), slip.kind.clone());
                    (MistakeCount { key, kind, claims: 0, students: 0, example }, usize::MAX)
                });
                at.0.claims += 1;
                if at.1 != number {
                    at.0.students += 1;
                    at.1 = number;
                }
            }
        }
        let mut all: Vec<MistakeCount> = found.into_values().map(|m| m.0).collect();
        all.sort_by(|a, b| (b.students, b.claims).cmp(&(a.students, a.claims)).then_with(|| a.key.cmp(&b.key)));
        all
    }
}
