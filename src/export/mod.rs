//! Export: an objective and its derivative as functions of an array library.
//!
//! In: two values of one graph, and what sizes to expect. Out: the text of a module for NumPy, JAX or PyTorch; or a
//! LaTeX document (`latex`).
//! Invariants: what a function computes is the node it was made of; every node is computed once; contractions are
//! computed two operands at a time in the order that is cheapest at the given sizes; an inverse that is multiplied is
//! solved with; what no library can say is refused with a reason, never left out.
//! The way: the graph is read into steps (`read`, `order` with `net` for the orders), which are what one line of such
//! a library does; steps are written as expressions (`expression`, `pairs`, with `target` for the differences), and
//! these put together (`function`, `module`).
//! Not here: which derivative, and whether it is right (see `check`).

mod expression;
mod function;
mod identifier;
mod latex;
mod module;
mod net;
mod order;
mod pairs;
mod read;
mod step;
mod target;
mod task;
mod text;

pub use latex::latex;
pub use module::{Argument, Module, python};
pub use target::Target;
pub use task::{Task, Wish};

use crate::dimension::IntVar;
use crate::tensor::{Store, Value};

/// What is exported.
pub struct Source<'a> {
    /// The graph.
    pub store: &'a Store,
    /// The objective.
    pub objective: &'a Value,
    /// Its derivative.
    pub derivative: &'a Value,
    /// What the objective's function is called.
    pub name: &'a str,
    /// The objective as a formula.
    pub title: &'a str,
    /// By what it is differentiated.
    pub wrt: &'a [String],
    /// What the derivative is.
    pub what: Derivative,
    /// What integers are called.
    pub integer: &'a dyn Fn(IntVar) -> String,
    /// The expected size, where it is given.
    pub size: &'a dyn Fn(IntVar) -> Option<f64>,
    /// The sizes in words, where any are given.
    pub sizes: Option<&'a str>,
}

/// What a derivative is called.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Derivative {
    /// Of a scalar.
    Gradient,
    /// Of anything else.
    Jacobian,
    /// The second, by the same variable twice.
    Hessian,
    /// The second, by two variables.
    Mixed,
}

impl Derivative {
    fn word(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Jacobian => "jacobian",
            Self::Hessian => "hessian",
            Self::Mixed => "mixed_derivative",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Jacobian => "Jacobian",
            Self::Hessian => "Hessian",
            Self::Mixed => "mixed derivative",
        }
    }
}

/// Why something is not written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The reason, as a sentence without a full stop.
    pub why: String,
}

impl Refusal {
    fn new(why: &str) -> Self {
        Self { why: why.to_owned() }
    }
}
