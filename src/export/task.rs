//! What is exported of a task: the derivative as it is printed, read again as a graph.
//!
//! The printed form is shorter to compute than the derivative as reverse mode leaves it: it keeps shared factors, and
//! softmax and σ whole. It is used where it is found equal to the derivative, and the derivative itself elsewhere.

use super::{Derivative, Module, Refusal, Source, Target, python};
use crate::check::{Answer, Options, check};
use crate::dimension::IntVar;
use crate::problem::Problem;
use crate::syntax::{Syntax, detect, print};
use crate::tensor::{NodeId, Value};
use crate::verdict::{Asked, Depth, Fault, Verdict};

/// A task whose derivative is known.
pub struct Task {
    /// The task, derived; after [`Task::new`] it has no fault.
    pub answer: Answer,
    /// The derivative.
    pub derivative: Value,
    pub(super) wrt: Vec<String>,
}

/// How it is written.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// For what.
    pub target: Target,
    /// What the function of the objective is called.
    pub name: &'a str,
    /// Expected sizes by name.
    pub sizes: &'a [(String, i64)],
}

impl Task {
    /// Derives.
    ///
    /// # Errors
    /// What cannot be read or derived.
    pub fn new(problem: &Problem, asked: &Asked<'_>) -> Result<Self, Fault> {
        let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
        let notation = asked.syntax.unwrap_or_else(|| detect(asked.objective));
        let asked = Asked { syntax: Some(notation), ..asked.clone() };
        let mut derived = check(problem, &asked, None, options);
        if let Some(fault) = derived.fault.take() {
            return Err(fault);
        }
        let wrt = asked.wrt.to_vec();
        let again = derived.truth_text(notation).map(|text| check(problem, &asked, Some(text), options));
        let printed = again.and_then(|a| {
            let node = a.pair.filter(|_| a.verdict == Some(Verdict::Correct))?.0;
            let truth = a.posed.as_ref()?.truth.clone();
            Some((a, truth.with(node)))
        });
        let own = |a: &Answer| a.posed.as_ref().map_or(Value::scalar(NodeId(0)), |p| p.truth.clone());
        Ok(match printed {
            Some((mut answer, derivative)) => {
                answer.assumed.clone_from(&derived.assumed);
                Self { answer, derivative, wrt }
            }
            None => Self { derivative: own(&derived), answer: derived, wrt },
        })
    }

    /// What integers are called.
    #[must_use]
    pub fn integer_name(&self, v: IntVar) -> String {
        self.answer.integer_name(v)
    }

    /// What the derivative is called.
    pub(super) fn what(&self) -> Derivative {
        let Some(posed) = &self.answer.posed else { return Derivative::Gradient };
        match posed.by.as_slice() {
            [_] if posed.objective.is_scalar() && posed.objective.free.is_empty() => Derivative::Gradient,
            [a, b] if a.quantity == b.quantity && a.indices == b.indices => Derivative::Hessian,
            [_, _] => Derivative::Mixed,
            _ => Derivative::Jacobian,
        }
    }

    /// The module.
    ///
    /// # Errors
    /// Why something cannot be written, or which size is none of this task.
    pub fn write(&self, wish: &Wish<'_>) -> Result<Module, Refusal> {
        let Some(posed) = &self.answer.posed else { return Err(Refusal::new("there is no derivative")) };
        let mut sizes: Vec<(IntVar, i64)> = Vec::new();
        for (name, n) in wish.sizes {
            let Some(v) = posed.scope.unifier.find(name) else {
                return Err(Refusal { why: format!("{name} is no dimension here") });
            };
            sizes.push((v, *n));
        }
        let size = |v: IntVar| sizes.iter().find(|s| s.0 == v).map(|s| s.1 as f64);
        let words = wish.sizes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(", ");
        let what = self.what();
        let source = Source {
            store: &posed.store,
            objective: &posed.objective,
            derivative: &self.derivative,
            name: wish.name,
            title: &print(&posed.tree, posed.tree.root, Syntax::Plain),
            wrt: &self.wrt,
            what,
            integer: &|v| self.integer_name(v),
            size: &size,
            sizes: (!wish.sizes.is_empty()).then_some(words.as_str()),
        };
        python(&source, wish.target)
    }
}
