//! From a problem and a candidate to an answer.

use super::assume::name_assumption;
use super::task::Task;
use super::written::{Unwritten, Writing, Written, written};
use crate::diagnosis::{self, Diagnosed};
use crate::dimension::IntVar;
use crate::evidence::Counterexample;
use crate::limit::{self, Spent};
use crate::problem::{Ask, Problem};
use crate::raise::Named;
use crate::shape::{Scope, Typed};
use crate::syntax::{Syntax, Tree, print};
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{
    Asked, Candidate, Depth, Evidence, Fault, Judgement, LayoutRead, Place, Posed, Verdict, counterexample_of, judge,
    pose, read_candidate,
};
use std::sync::Arc;

/// What may be left out of an answer.
#[derive(Copy, Clone, Debug)]
pub struct Options {
    /// How far the layers of evidence are run.
    pub depth: Depth,
    /// Whether a wrong candidate's counterexample is looked for.
    pub counterexample: bool,
    /// How much naming a mistake may cost; nothing where it is not wanted.
    pub diagnosis: Option<diagnosis::Budget>,
}

/// An answer.
pub struct Answer {
    /// The task with its truth, where it could be posed.
    pub posed: Option<Posed>,
    /// The candidate as read.
    pub candidate: Option<Candidate>,
    /// The verdict; nothing where no candidate was given.
    pub verdict: Option<Verdict>,
    /// The layout that held.
    pub layout: Option<LayoutRead>,
    /// The evidence.
    pub evidence: Vec<Evidence>,
    /// The truth as a formula, where it is written.
    pub(super) written: Option<Arc<Written>>,
    /// The mistakes named.
    pub diagnosis: Vec<Diagnosed>,
    /// How the candidate was understood.
    pub read_as: Option<String>,
    /// Where it differs.
    pub counterexample: Option<Counterexample>,
    /// What was assumed.
    pub assumed: Vec<String>,
    /// Remarks on the verdict.
    pub remarks: Vec<String>,
    /// Why there is no verdict.
    pub fault: Option<Fault>,
    /// Why it is not decided.
    pub why: Option<String>,
    /// The candidate and the truth as nodes of equal axes.
    pub pair: Option<(crate::tensor::NodeId, crate::tensor::NodeId)>,
}

impl Answer {
    pub(super) fn new() -> Self {
        Self {
            posed: None,
            candidate: None,
            verdict: None,
            layout: None,
            evidence: Vec::new(),
            written: None,
            diagnosis: Vec::new(),
            read_as: None,
            counterexample: None,
            assumed: Vec::new(),
            remarks: Vec::new(),
            fault: None,
            why: None,
            pair: None,
        }
    }

    pub(super) fn fault(fault: Fault) -> Self {
        Self { verdict: Some(Verdict::Unreadable), fault: Some(fault), ..Self::new() }
    }

    /// A task whose truth was made of another's, with the evidence of that one's check.
    pub(super) fn of_formula(mut posed: Posed, whole: &Self, declared: usize) -> Self {
        let mut answer = Self { assumed: posed.assumed.clone(), evidence: whole.evidence.clone(), ..Self::new() };
        match written(&mut posed, None, Writing::Natural, Some(declared)) {
            Ok(w) => answer.take_written(Arc::new(w), true),
            Err(why) => {
                let code = if why == Unwritten::TooLong { Code::TOO_LARGE } else { Code::INTERNAL };
                let diagnostic = Diagnostic::new(code, Span::new(0, posed.text.len()), why.words());
                return Self { posed: Some(posed), ..Self::fault(Fault { place: Place::Objective, diagnostic }) };
            }
        }
        answer.posed = Some(posed);
        answer
    }

    pub(super) fn take_written(&mut self, w: Arc<Written>, shown: bool) {
        if shown && !w.checked {
            self.remarks.push("the derivative is checked, but this way of writing it could not be read back".into());
        }
        self.written = Some(w);
    }

    /// Writes the truth in another form.
    pub fn rewrite(&mut self, writing: Writing, declared: usize) {
        let Some(posed) = &mut self.posed else { return };
        if self.written.is_none() {
            return;
        }
        self.written = None;
        match written(posed, None, writing, Some(declared)) {
            Ok(w) => self.take_written(Arc::new(w), true),
            Err(why) => self.remarks.push(why.words()),
        }
    }

    /// What an integer of the graph is called.
    #[must_use]
    pub fn integer_name(&self, v: IntVar) -> String {
        self.posed.as_ref().map_or_else(String::new, |p| p.integer_name(v))
    }

    /// The truth in a notation.
    #[must_use]
    pub fn truth_text(&self, syntax: Syntax) -> Option<&str> {
        self.written.as_ref().map(|w| w.text(syntax))
    }

    /// The truth as a formula, where it is written.
    #[must_use]
    pub fn truth(&self) -> Option<&Tree> {
        self.written.as_ref().map(|w| &w.tree)
    }

    /// The truth with names for its repeated parts, where that makes it shorter.
    #[must_use]
    pub fn named(&self) -> Option<&Named> {
        self.written.as_ref()?.named.as_ref()
    }
}

/// Derives the truth and judges the candidate, if there is one.
#[must_use]
pub fn check(problem: &Problem, asked: &Asked<'_>, candidate: Option<&str>, options: Options) -> Answer {
    let answer = in_scope(&problem.scope, problem.declared, asked, candidate, options);
    explained(answer, problem, asked, candidate, options)
}

/// An answer with the assumption that a wrong candidate makes.
pub(super) fn explained(
    mut answer: Answer,
    problem: &Problem,
    asked: &Asked<'_>,
    candidate: Option<&str>,
    options: Options,
) -> Answer {
    if let (Some(text), true) = (candidate, options.diagnosis.is_some()) {
        name_assumption(&mut answer, problem, asked, text);
    }
    answer
}

/// The verdict alone.
pub(super) fn judged(scope: &Scope, declared: usize, asked: &Asked<'_>, candidate: Option<&str>) -> Answer {
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
    in_scope(scope, declared, asked, candidate, options)
}

/// The answer within the work of one claim: where that runs out, nothing is decided.
fn in_scope(scope: &Scope, declared: usize, asked: &Asked<'_>, candidate: Option<&str>, options: Options) -> Answer {
    bounded(asked, candidate.is_some(), || work(scope, declared, asked, candidate, options))
}

/// Works on one claim; where its work runs out, nothing is decided.
pub(super) fn bounded(asked: &Asked<'_>, judged: bool, work: impl FnOnce() -> Answer) -> Answer {
    limit::claim(|| {
        let answer = work();
        match limit::spent() {
            Some(spent) => stopped(answer, spent, judged, asked),
            None => answer,
        }
    })
}

/// What is said of a claim that needs too much: whatever was found on the way is not to be trusted.
fn stopped(answer: Answer, spent: Spent, judged: bool, asked: &Asked<'_>) -> Answer {
    let (code, hint) = match spent {
        Spent::Work => (Code::OUT_OF_WORK, "name repeated parts in definitions, or raise it with --limit work=N"),
        Spent::Time => (Code::OUT_OF_TIME, "raise it with --time-limit SECONDS"),
    };
    let (place, end) = if judged { (Place::Candidate, 0) } else { (Place::Objective, asked.objective.len()) };
    let diagnostic = Diagnostic::new(code, Span::new(0, end), format!("this is not decided: {spent}")).hint(hint);
    let verdict = Some(if judged { Verdict::Undecided } else { Verdict::Unreadable });
    let fault = Some(Fault { place, diagnostic });
    let (posed, read_as) = (answer.posed, answer.read_as);
    Answer { posed, read_as, verdict, fault, why: Some(spent.to_string()), ..Answer::new() }
}

fn work(scope: &Scope, declared: usize, asked: &Asked<'_>, candidate: Option<&str>, options: Options) -> Answer {
    let posed = match pose(scope, asked, candidate) {
        Ok(p) => p,
        Err(f) => return Answer::fault(f),
    };
    let shown = candidate.is_none() || options.counterexample;
    match candidate {
        // What the candidate says of sizes and symbols has to be known before anything is derived.
        Some(text) if !posed.is_settled() => open(posed, declared, asked, text, options),
        Some(text) => {
            let task = Task::new(posed, declared, shown);
            if limit::spent().is_some() {
                return Answer::new();
            }
            // A candidate has its whole allowance, whether the task was made for it or kept.
            limit::renew();
            task.judge(text, asked.syntax, declared, options)
        }
        None => Task::new(posed, declared, shown).derivative(asked.objective),
    }
}

/// Judges a candidate that says something of the task.
fn open(mut posed: Posed, declared: usize, asked: &Asked<'_>, text: &str, options: Options) -> Answer {
    let read = match read_candidate(&mut posed, text, asked.syntax, declared) {
        Ok(read) => read,
        Err(fault) => return Answer { posed: Some(posed), ..Answer::fault(fault) },
    };
    if let Err(fault) = posed.derive() {
        return Answer { posed: Some(posed), ..Answer::fault(fault) };
    }
    let shown = options.counterexample.then_some(declared);
    let written = written(&mut posed, read.0.letters.as_deref(), Writing::Natural, shown).map(Arc::new);
    judged_as(posed, read, written, options)
}

/// The answer for a candidate that was read against a derived task.
pub(super) fn judged_as(
    mut posed: Posed,
    (mut candidate, typed): (Candidate, Option<Typed>),
    written: Result<Arc<Written>, Unwritten>,
    options: Options,
) -> Answer {
    let mut answer = Answer { assumed: posed.assumed.clone(), ..Answer::new() };
    match written {
        Ok(w) => answer.take_written(w, options.counterexample),
        Err(why) => answer.remarks.push(why.words()),
    }
    answer.assumed.extend(candidate.assumed.iter().filter(|a| !posed.assumed.contains(a)).cloned());
    answer.read_as = Some(print(&candidate.tree, candidate.tree.root, Syntax::Plain));
    match judge(&mut posed, &mut candidate, typed.as_ref(), options.depth) {
        // A search for what is wrong has an allowance of its own, and none where nothing is decided.
        Ok(_) if limit::spent().is_some() => {}
        Ok(j) => fill(&mut answer, &posed, &candidate, j, options),
        Err(fault) => {
            answer.verdict = Some(Verdict::Unreadable);
            answer.fault = Some(fault);
        }
    }
    answer.candidate = Some(candidate);
    answer.posed = Some(posed);
    answer
}

fn fill(answer: &mut Answer, posed: &Posed, candidate: &Candidate, j: Judgement, options: Options) {
    answer.verdict = Some(j.verdict);
    answer.layout = (j.verdict == Verdict::Correct).then_some(j.layout);
    if options.counterexample && j.verdict == Verdict::Incorrect {
        if let Some((c, t)) = j.pair {
            let texts = [candidate.text.as_str(), &posed.text];
            answer.counterexample =
                limit::apart(|| counterexample_of(&posed.store, c, t, &posed.scope.sizes, texts, j.notes));
        }
    }
    if let Some(budget) = options.diagnosis {
        answer.diagnosis = limit::apart(|| diagnosis::diagnose(posed, candidate, &j, budget));
    }
    if j.notes.kink && j.verdict == Verdict::Correct && posed.ask != Ask::Identity {
        answer.remarks.push("right wherever the derivative exists; at kinks it is not defined".into());
    }
    if j.notes.defined_on_less {
        answer.remarks.push("the candidate is not defined everywhere the derived formula is".into());
    }
    answer.evidence = j.evidence;
    answer.remarks.extend(j.remarks);
    answer.why = j.why;
    answer.pair = j.pair;
}
