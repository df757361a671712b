//! A class: every student with what was handed in, and what it comes to.

use super::identity::Student;
use super::score::Mark;
use super::sheet::Sheet;
use super::sum;
use crate::grade::ClaimVerdict;
use crate::number::Rational;
use indexmap::IndexMap;
use std::collections::BTreeSet;

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
    /// Whether the roster lists the student; so for all where there is none.
    pub listed: bool,
}

impl Entry {
    /// Why a person has to look at this, question by question; nothing where the marks are final, or there is nothing.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        match &self.result {
            Ok(graded) => graded.marks.iter().filter(|m| m.is_provisional()).map(Mark::reason).collect(),
            Err(Failure::Unusable { message, .. }) => vec![message.clone()],
            Err(Failure::Missing) => Vec::new(),
        }
    }
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

    /// Whether a person set every mark.
    #[must_use]
    pub fn by_person(&self) -> bool {
        self.marks.iter().all(|m| m.by_person)
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
    /// The first of them.
    pub example: Example,
}

/// A mistake as somebody made it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// Who.
    pub student: String,
    /// Where.
    pub line: u32,
    /// The formula as written.
    pub source: String,
    /// In LaTeX, where it was read.
    pub latex: Option<String>,
    /// What is said about it.
    pub message: String,
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

    /// What a gradebook can take: final marks, or all where provisional ones are wanted, of students who are known.
    pub fn settled(&self, provisional: bool) -> impl Iterator<Item = (&Entry, &Graded)> {
        let twice = self.handed_in_twice();
        self.graded().filter(move |(e, g)| {
            let is_final = !g.total().provisional && (!twice.contains(e.student.key.as_str()) || g.by_person());
            e.listed && (provisional || is_final)
        })
    }

    /// The students of whom there is another file that is not graded: which one counts is for a person to say.
    #[must_use]
    pub fn handed_in_twice(&self) -> BTreeSet<&str> {
        let graded: BTreeSet<&str> = self.graded().map(|(e, _)| e.student.key.as_str()).collect();
        let failed = self.entries.iter().filter(|e| e.result.is_err()).map(|e| e.student.key.as_str());
        failed.filter(|k| graded.contains(k)).collect()
    }

    /// Whether this is another file of a student whose marks come from elsewhere.
    #[must_use]
    pub fn is_graded_elsewhere(&self, entry: &Entry) -> bool {
        let same = |e: &&Entry| e.student.key == entry.student.key;
        entry.result.is_err() && !self.entries.iter().find(same).is_some_and(|first| std::ptr::eq(first, entry))
    }

    /// The mistakes, the most frequent first.
    #[must_use]
    pub fn mistakes(&self) -> Vec<MistakeCount> {
        let mut found: IndexMap<&str, (MistakeCount, usize)> = IndexMap::new();
        for (number, (entry, graded)) in self.graded().enumerate() {
            for claim in graded.sheet.claims.iter().filter(|c| c.verdict == ClaimVerdict::Incorrect) {
                let Some(slip) = claim.diagnosis.first() else { continue };
                let at = found.entry(slip.key.as_str()).or_insert_with(|| {
                    let example = Example {
                        student: entry.student.shown().to_owned(),
                        line: claim.line,
                        source: claim.source.clone(),
                        latex: claim.latex.clone(),
                        message: slip.message.clone(),
                    };
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
