//! From a problem and a candidate to an answer.

use super::assume::name_assumption;
use super::written::{Unwritten, Writing, Written, written};
use crate::diagnosis::{self, Diagnosed};
use crate::dimension::IntVar;
use crate::evidence::Counterexample;
use crate::problem::{Ask, Problem};
use crate::raise::Named;
use crate::shape::{Scope, Typed};
use crate::syntax::{Syntax, Tree, print};
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{
    self, Asked, Candidate, Depth, Evidence, Fault, Judgement, LayoutRead, Place, Posed, Verdict, counterexample_of,
    judge, pose, read_candidate,
};

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
    /// The truth as a formula.
    pub truth: Option<Tree>,
    /// The truth with names for its repeated parts, where that makes it shorter.
    pub named: Option<Named>,
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
    fn new() -> Self {
        Self {
            posed: None,
            candidate: None,
            verdict: None,
            layout: None,
            evidence: Vec::new(),
            truth: None,
            named: None,
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
            Ok(w) => answer.take_written(w, true),
            Err(why) => {
                let code = if why == Unwritten::TooLong { Code::TOO_LARGE } else { Code::INTERNAL };
                let diagnostic = Diagnostic::new(code, Span::new(0, posed.text.len()), why.words());
                return Self { posed: Some(posed), ..Self::fault(Fault { place: Place::Objective, diagnostic }) };
            }
        }
        answer.posed = Some(posed);
        answer
    }

    fn take_written(&mut self, w: Written, shown: bool) {
        if shown && !w.checked {
            self.remarks.push("the derivative is checked, but this way of writing it could not be read back".into());
        }
        self.truth = Some(w.tree);
        self.named = w.named;
    }

    /// Writes the truth in another form.
    pub fn rewrite(&mut self, writing: Writing, declared: usize) {
        let Some(posed) = &mut self.posed else { return };
        if self.truth.is_none() {
            return;
        }
        self.truth = None;
        match written(posed, None, writing, Some(declared)) {
            Ok(w) => self.take_written(w, true),
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
    pub fn truth_text(&self, syntax: Syntax) -> Option<String> {
        self.truth.as_ref().map(|t| print(t, t.root, syntax))
    }
}

/// Derives the truth and judges the candidate, if there is one.
#[must_use]
pub fn check(problem: &Problem, asked: &Asked<'_>, candidate: Option<&str>, options: Options) -> Answer {
    let mut answer = in_scope(&problem.scope, problem.declared, asked, candidate, options);
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

fn in_scope(scope: &Scope, declared: usize, asked: &Asked<'_>, candidate: Option<&str>, options: Options) -> Answer {
    let mut posed = match pose(scope, asked, candidate) {
        Ok(p) => p,
        Err(f) => return Answer::fault(f),
    };
    let read = match candidate {
        Some(text) => match read_candidate(&mut posed, text, asked.syntax, declared) {
            Ok(read) => Some(read),
            Err(fault) => return Answer { posed: Some(posed), ..Answer::fault(fault) },
        },
        None => {
            verdict::settle(&mut posed, declared);
            None
        }
    };
    if let Err(fault) = posed.derive(asked.structured) {
        return Answer { posed: Some(posed), ..Answer::fault(fault) };
    }
    let mut answer = Answer { assumed: posed.assumed.clone(), ..Answer::new() };
    let letters = read.as_ref().and_then(|r| r.0.letters.clone());
    let shown = candidate.is_none() || options.counterexample;
    match written(&mut posed, letters.as_deref(), Writing::Natural, shown.then_some(declared)) {
        Ok(w) => answer.take_written(w, shown),
        Err(why) if candidate.is_none() => {
            let code = if why == Unwritten::TooLong { Code::TOO_LARGE } else { Code::INTERNAL };
            let d = Diagnostic::new(code, Span::new(0, asked.objective.len()), why.words());
            let diagnostic = d.hint("name its repeated parts in definitions, and they stay folded");
            return Answer { posed: Some(posed), ..Answer::fault(Fault { place: Place::Objective, diagnostic }) };
        }
        Err(why) => answer.remarks.push(why.words()),
    }
    match read {
        None => {
            answer.evidence = posed.check.iter().cloned().collect();
            answer.assumed = posed.assumed.clone();
        }
        Some((mut candidate, typed)) => {
            answer.assumed.extend(candidate.assumed.iter().filter(|a| !posed.assumed.contains(a)).cloned());
            answer.read_as = Some(print(&candidate.tree, candidate.tree.root, Syntax::Plain));
            match judge(&mut posed, &mut candidate, typed.as_ref(), options.depth) {
                Ok(j) => fill(&mut answer, &posed, &candidate, typed.as_ref(), j, options),
                Err(fault) => {
                    answer.verdict = Some(Verdict::Unreadable);
                    answer.fault = Some(fault);
                }
            }
            answer.candidate = Some(candidate);
        }
    }
    answer.posed = Some(posed);
    answer
}

fn fill(
    answer: &mut Answer,
    posed: &Posed,
    candidate: &Candidate,
    typed: Option<&Typed>,
    j: Judgement,
    options: Options,
) {
    answer.verdict = Some(j.verdict);
    answer.layout = (j.verdict == Verdict::Correct).then_some(j.layout);
    if options.counterexample && j.verdict == Verdict::Incorrect {
        if let Some((c, t)) = j.pair {
            answer.counterexample =
                counterexample_of(&posed.store, c, t, &posed.scope.sizes, [&candidate.text, &posed.text]);
        }
    }
    if let Some(budget) = options.diagnosis {
        answer.diagnosis = diagnosis::diagnose(posed, candidate, typed, &j, budget);
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
