//! Graph: the computation graph of an objective, with what backpropagation sends along it.
//!
//! In: declarations and a formula. Out: a [`Graph`], drawn as text, DOT or SVG.
//! Invariants: the steps are those of the formula as written (`split`); every adjoint is derived by `check`, which
//! holds it against finite differences, and is shown as a sum of messages only where that sum was judged equal to it;
//! the same input gives the same bytes.
//! The way: the steps become definitions (`declare`, `fresh`); the adjoint of a step is the derivative by that
//! definition, and the message along an edge that of one step alone, times the adjoint of its result (`adjoint`).
//! Source: A. Griewank, A. Walther, Evaluating Derivatives (2008), chapter 3.
//! Not here: mathematics of derivatives (see `calculus`), and coordinates, which a library computes (`layout`).

mod adjoint;
mod declare;
mod dot;
mod fresh;
mod layout;
mod show;
mod split;
mod svg;
mod text;

pub use dot::dot;
pub use svg::svg;
pub use text::text;

use crate::check::RequestText;
use crate::problem::{Ask, Layout, build};
use crate::syntax::Name;
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Asked, Fault, Place, Posed, pose, settle};
use std::collections::BTreeSet;

/// Most steps that are drawn.
const MOST_STEPS: usize = 48;

/// A computation graph.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The objective as a formula.
    pub title: String,
    /// The nodes, operands before what uses them; the last one is the objective.
    pub vertices: Vec<Vertex>,
    /// Whether the objective is a scalar: else nodes have Jacobians in the place of adjoints, and edges the local
    /// derivative of their step.
    pub is_scalar: bool,
    /// The edges, one for each occurrence of an operand.
    pub edges: Vec<Edge>,
    /// What was assumed.
    pub assumed: Vec<String>,
    /// What is not shown, and why.
    pub notes: Vec<String>,
}

/// What a node is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A symbol by which the derivative is taken.
    Variable,
    /// Another symbol.
    Constant,
    /// A step.
    Step,
    /// The objective.
    Objective,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Vertex {
    /// Its name, with the index of a family.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its formula in terms of its operands; nothing for a symbol.
    pub formula: Option<String>,
    /// Its shape.
    pub shape: String,
    /// The derivative of the objective by it, in terms of the nodes.
    pub adjoint: Option<String>,
    /// The objective's name, where that derivative is a Jacobian.
    pub jacobian_of: Option<String>,
    /// The same as the sum of what its uses send back.
    pub messages: Option<String>,
}

/// An edge from an operand to a step that uses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The operand's place among the nodes.
    pub from: usize,
    /// The step's.
    pub to: usize,
    /// Whether the operand is used transposed.
    pub transposed: bool,
    /// What this use adds to the operand's adjoint.
    pub message: Option<String>,
}

/// The graph of a request's objective; without variables in the request all symbols are variables.
///
/// # Errors
/// What cannot be read or derived.
pub fn graph(request: &RequestText, name: &str) -> Result<Graph, Fault> {
    let text = request.problem();
    let at = |place| move |diagnostic| Fault { place, diagnostic };
    let problem = build(&text, request.notation()).map_err(at(Place::Declarations))?;
    let asked = Asked {
        objective: &request.objective,
        wrt: &[],
        ask: Ask::Identity,
        layout: Layout::Standard,
        structured: false,
        syntax: request.notation(),
    };
    let mut posed = pose(&problem.scope, &asked, None)?;
    settle(&mut posed, problem.declared);
    let wrt = variables(&posed, &request.variables())?;
    let title = Name::from(name);
    if posed.scope.names.contains(name) {
        let d = Diagnostic::new(Code::DUPLICATE_NAME, Span::default(), format!("{name} is a name in the formula"));
        return Err(Fault { place: Place::Request, diagnostic: d.hint("give the objective another name with --name") });
    }
    let mut splitter = split::Splitter::new(&posed.scope, &wrt);
    splitter.split(&posed.tree, &posed.typed, &title);
    let (pieces, replaced) = (splitter.pieces, splitter.replaced);
    if pieces.len() > MOST_STEPS {
        let message = format!("the formula has {} steps, more than the {MOST_STEPS} that are drawn", pieces.len());
        let d = Diagnostic::new(Code::TOO_LARGE, posed.tree.span(posed.tree.root), message);
        return Err(Fault {
            place: Place::Objective,
            diagnostic: d.hint("give --wrt: what does not depend on it is not cut"),
        });
    }
    let base = declare::declared(&text, &posed.scope);
    let built = adjoint::Steps::new(&base, &pieces, &replaced).map_err(at(Place::Objective))?;
    Ok(built.graph(&posed, &wrt))
}

/// The names of the variables.
fn variables(posed: &Posed, wrt: &[String]) -> Result<BTreeSet<Name>, Fault> {
    let mut all = BTreeSet::new();
    for w in wrt {
        let declared =
            crate::syntax::parse_declared(w).map_err(|diagnostic| Fault { place: Place::Wrt, diagnostic })?;
        let known = [&declared.whole, &declared.name].into_iter().find(|n| !posed.scope.named(n).is_empty());
        match known {
            Some(name) => all.insert(name.clone()),
            None => {
                let message = format!("{w} does not occur in the formula");
                let d = Diagnostic::new(Code::NOT_IN_OBJECTIVE, Span::new(0, w.len()), message);
                return Err(Fault {
                    place: Place::Wrt,
                    diagnostic: d.hint("differentiate by a symbol, a family or a definition"),
                });
            }
        };
    }
    Ok(all)
}

impl Graph {
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// What a task without a derivative says.
fn no_adjoint(name: &str) -> String {
    format!("the adjoint of {name} has no form that could be checked, and is not shown")
}
