//! A graded submission as plain data: it can be kept, read again, and changed by a person's decisions.

use super::file::StudentDecisions;
use crate::check::Diagnosed;
use crate::grade::ClaimVerdict;
use crate::problem::{MISTAKE_KINDS, Question};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// A graded submission.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// The claims in order.
    pub claims: Vec<Step>,
    /// The questions in the order of the problem file.
    pub questions: Vec<Outcome>,
    /// What was not judged.
    pub not_read: Vec<Unread>,
}

/// A judged claim.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Its number, from 1.
    pub n: usize,
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// In LaTeX, where it was read.
    pub latex: Option<String>,
    /// How it was understood.
    pub meaning: String,
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// What the program said, where a person decided otherwise.
    #[serde(skip)]
    pub computed: Option<ClaimVerdict>,
    /// What decided it, in the form of the report.
    pub evidence: Vec<serde_json::Value>,
    /// What was done wrong.
    pub diagnosis: Vec<Slip>,
    /// Where the two sides differ: names with values, as lines of text.
    pub counterexample: Option<String>,
    /// The question it belongs to.
    pub question: Option<String>,
    /// Whether it stands beside the derivation and is no step of it.
    pub aside: bool,
}

/// A mistake that was named; the span counts in the claim's source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slip {
    /// The kind.
    pub kind: String,
    /// What it is, in words.
    pub message: String,
    /// Where it is.
    pub span: Option<(u32, u32)>,
    /// The claim made right.
    pub repaired: Option<String>,
    /// The mistake for statistics.
    pub key: String,
    /// Hints, each saying more than the one before.
    pub hints: [String; 3],
}

impl Slip {
    /// The mistake as it was named.
    #[must_use]
    pub fn diagnosed(&self) -> Diagnosed {
        let kind = MISTAKE_KINDS.iter().copied().find(|k| *k == self.kind).unwrap_or("other");
        Diagnosed {
            kind,
            message: self.message.clone(),
            span: self.span.map(|(a, b)| Span::new(a as usize, b as usize)),
            repaired: self.repaired.clone(),
            key: self.key.clone(),
            hints: self.hints.clone(),
        }
    }
}

/// How a question was answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcome {
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unread {
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// Why.
    pub why: String,
}

/// Why something is listed that is read well enough, and no step of a derivation.
const NO_STEPS: &[&str] = &[
    "shape label",
    "an index range",
    "a quantifier",
    "a loop or a condition",
    "an update rule",
    "an assumption about what is given",
    "a matrix that stands alone",
];

impl Sheet {
    /// The claim of a number.
    #[must_use]
    pub fn claim(&self, n: usize) -> Option<&Step> {
        self.claims.iter().find(|c| c.n == n)
    }

    /// Whether a claim is wrong or open, so that somebody may want to look at it.
    #[must_use]
    pub fn is_notable(c: &Step) -> bool {
        !matches!(c.verdict, ClaimVerdict::Correct | ClaimVerdict::Definition)
    }

    /// The steps of a question: its claims without the final answer. In a part with several questions the steps that
    /// name none belong to the answer that comes next.
    #[must_use]
    pub fn steps<'a>(&'a self, question: &'a Outcome) -> Vec<&'a Step> {
        let answers: Vec<usize> = self.questions.iter().filter_map(|q| q.answer).collect();
        let next = |n: usize| answers.iter().copied().filter(|a| *a > n).min();
        let belongs = |c: &&Step| match &c.question {
            Some(q) => *q == question.id,
            None => question.answer.is_some() && next(c.n) == question.answer,
        };
        self.claims.iter().filter(belongs).filter(|c| Some(c.n) != question.answer).collect()
    }
}

impl Sheet {
    /// The lines of what was not read and may belong to a question: what stands between the claims of the questions
    /// before it and after it.
    #[must_use]
    pub fn unread_of(&self, question: &Outcome) -> Vec<u32> {
        let mut own: Vec<u32> = self.steps(question).iter().map(|s| s.line).collect();
        own.extend(question.answer.and_then(|n| self.claim(n)).map(|c| c.line));
        let (first, last) = (own.iter().min().copied(), own.iter().max().copied());
        let others = || self.claims.iter().map(|c| c.line).filter(|l| !own.contains(l));
        let after = first.and_then(|f| others().filter(|l| *l < f).max());
        let before = last.and_then(|e| others().filter(|l| *l > e).min());
        let is_near = |l: u32| after.is_none_or(|a| l > a) && before.is_none_or(|b| l < b);
        let may_be = self.not_read.iter().filter(|n| !NO_STEPS.contains(&n.why.as_str()));
        let mut lines: Vec<u32> = may_be.map(|n| n.line).filter(|l| is_near(*l)).collect();
        lines.dedup();
        lines
    }
}

impl Sheet {
    /// What is known of a submission that could not be graded, or is not in a file: a person gives its marks.
    #[must_use]
    pub fn ungraded(questions: &[&Question], why: &str) -> Self {
        let outcome = |q: &&Question| Outcome {
            id: q.id.clone(),
            answer: None,
            verdict: None,
            first_wrong: None,
            provisional: true,
        };
        let unread = Unread { line: 1, source: String::new(), why: why.to_owned() };
        Self { claims: Vec::new(), questions: questions.iter().map(outcome).collect(), not_read: vec![unread] }
    }
}

/// Puts a person's verdicts into a sheet. Returns the decisions whose claim is no longer there.
pub fn settle(sheet: &mut Sheet, decisions: &StudentDecisions) -> Vec<String> {
    let mut lost = Vec::new();
    for d in &decisions.claims {
        // Of claims that are written alike the nearest one; none is decided twice.
        let same = |c: &&mut Step| c.source == d.source && c.computed.is_none();
        match sheet.claims.iter_mut().filter(same).min_by_key(|c| c.n.abs_diff(d.n)) {
            Some(claim) => {
                claim.computed = Some(claim.verdict);
                claim.verdict = d.verdict;
                if matches!(d.verdict, ClaimVerdict::Correct | ClaimVerdict::Definition) {
                    // What is right has no mistakes to tell the student of.
                    claim.diagnosis.clear();
                    claim.counterexample = None;
                }
            }
            None => lost.push(format!("line {}: {}", d.line, d.source)),
        }
    }
    if decisions.claims.is_empty() {
        return lost;
    }
    for q in 0..sheet.questions.len() {
        let outcome = &sheet.questions[q];
        let answer = outcome.answer.and_then(|n| sheet.claim(n)).filter(|c| c.computed.is_some()).map(|c| c.verdict);
        let mut own = sheet.steps(outcome);
        own.extend(outcome.answer.and_then(|n| sheet.claim(n)));
        own.sort_by_key(|c| c.n);
        let wrong = own.iter().find(|c| c.verdict == ClaimVerdict::Incorrect && !c.aside).map(|c| c.n);
        let before =
            outcome.first_wrong.filter(|n| sheet.claim(*n).is_some_and(|c| c.verdict == ClaimVerdict::Incorrect));
        let outcome = &mut sheet.questions[q];
        outcome.first_wrong = before.into_iter().chain(wrong).min();
        if let Some(verdict) = answer {
            outcome.verdict = Some(verdict);
            outcome.provisional = matches!(verdict, ClaimVerdict::Unreadable | ClaimVerdict::Undecided);
        }
    }
    lost
}
