//! What grading yields: judged claims, questions with their final answers, and what was listed only.

use super::mistake::Differs;
use crate::check::Diagnosed;
use crate::dimension::Unifier;
use crate::text::Span;
use crate::verdict::Evidence;

/// A claim's verdict.
#[derive(Copy, Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimVerdict {
    /// True.
    Correct,
    /// False.
    Incorrect,
    /// False, but it follows from an earlier mistake.
    Carried,
    /// It defines a name.
    Definition,
    /// Not read.
    Unreadable,
    /// Not decided.
    Undecided,
}

impl ClaimVerdict {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Incorrect => "incorrect",
            Self::Carried => "carried",
            Self::Definition => "definition",
            Self::Unreadable => "unreadable",
            Self::Undecided => "undecided",
        }
    }
}

/// A judged claim: one link of a chain.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its number, from 1.
    pub n: usize,
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// In LaTeX, where it was read.
    pub latex: Option<String>,
    /// Where it stands in the document.
    pub span: Span,
    /// How it was understood.
    pub meaning: String,
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// What decided it.
    pub evidence: Vec<Evidence>,
    /// What was done wrong; spans count in `source`.
    pub diagnosis: Vec<Diagnosed>,
    /// Numbers at which the two sides of a wrong claim differ.
    pub differs: Option<Differs>,
    /// The question it belongs to.
    pub question: Option<String>,
    /// Which of [`Graded::names`] its sizes are named by.
    pub names: usize,
    /// Whether it stands beside the derivation and is no step of it: a shape, a quantifier.
    pub aside: bool,
}

/// A question's result.
#[derive(Clone, Debug)]
pub struct QuestionResult {
    /// Its name.
    pub id: String,
    /// The claim that is its final answer.
    pub answer: Option<usize>,
    /// The final answer's verdict; nothing where none was found.
    pub verdict: Option<ClaimVerdict>,
    /// The first wrong step.
    pub first_wrong: Option<usize>,
    /// Whether a person must look.
    pub provisional: bool,
}

/// Something listed and not judged.
#[derive(Clone, Debug)]
pub struct NotRead {
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// Why.
    pub why: String,
}

/// A graded submission.
#[derive(Clone, Debug, Default)]
pub struct Graded {
    /// The claims in order.
    pub claims: Vec<Claim>,
    /// The questions in order.
    pub questions: Vec<QuestionResult>,
    /// What was not judged.
    pub not_read: Vec<NotRead>,
    /// The names of integers, by section.
    pub names: Vec<Unifier>,
    /// What was found out of places the document lists as not read, by their number; nothing said where a claim was
    /// made of one.
    pub(super) labels: Vec<(usize, String)>,
}
