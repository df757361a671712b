//! Explaining: how one gets to a derivative, step by step, as it is shown on a blackboard.
//!
//! In: a task with its derived truth. Out: an [`Explanation`]: named steps, each a formula in both notations.
//! Two ways: by differentials (dL is taken apart until only dX is left, and its factor read off) and by the graph
//! (nodes with names, the local derivative of each, adjoints added over the paths).
//! Invariants: a step is printed only after its text, read again, was found equal by the same evidence as a verdict; one
//! that fails is left out, so that a coarser step stands in its place; where there is no rule for an operation, the
//! explanation is shorter and says so. The steps come from the formula as it was written: definitions stay folded.
//! Not here: how the steps are set out (see `report`).

mod build;
mod differentials;
mod graph;
mod jacobian;
mod matrix_rule;
mod rule;
mod setup;
mod sheet;
mod slope;
mod verify;

use crate::check::{Answer, Options, check};
use crate::problem::{Ask, Problem};
use crate::verdict::{Asked, Depth, Evidence};
use setup::Setup;

/// How the derivative is reached.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Method {
    /// dL = tr(Gᵀ dX).
    Differentials,
    /// Node by node, backwards.
    Graph,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done: the names of the rules.
    pub what: String,
    /// The formula, with its left side.
    pub plain: String,
    /// The same in LaTeX.
    pub latex: String,
    /// What shows that it holds.
    pub evidence: Option<Evidence>,
}

/// How one gets to the derivative.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What the objective is called in the steps.
    pub name: String,
    /// The way taken.
    pub method: Method,
    /// The steps in order; the last ends with the derivative.
    pub steps: Vec<Step>,
    /// Why there are no steps between the objective and the derivative, where there are none.
    pub short: Option<String>,
    /// How many steps failed their check and were left out: internal errors.
    pub failed: Vec<String>,
}

/// Derives what is asked and explains it; without a way, the one that suits the formula is taken.
#[must_use]
pub fn explain(problem: &Problem, asked: &Asked<'_>, method: Option<Method>) -> (Answer, Option<Explanation>) {
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
    let answer = check(problem, asked, None, options);
    let second = answer.posed.as_ref().is_some_and(|p| p.by.len() == 2 && p.typed.shape(p.tree.root).is_scalar());
    let first = second.then(|| {
        let asked = Asked { wrt: asked.wrt.get(..1).unwrap_or_default(), ask: Ask::Derivative, ..asked.clone() };
        check(problem, &asked, None, options)
    });
    let explanation = Setup::new(&answer, problem.declared).map(|setup| setup.explain(method, first.as_ref()));
    (answer, explanation)
}
