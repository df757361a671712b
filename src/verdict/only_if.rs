//! Undeclared properties under which a wrong candidate would be right: `2 A x` for (A + Aᵀ) x, if A is symmetric.
//!
//! In: a candidate and a truth that differ. Out: the first assumption of a fixed list under which they are equal by
//! the same evidence as any verdict. A size of 1 comes last, since it makes many things equal.

use super::compare::{Comparison, Decision, Depth, compare};
use crate::dimension::{Constraint, IntVar, Order, Poly, Sizes};
use crate::evaluation::variables;
use crate::evidence::{self, Assignment, Limits, Numeric, Pair};
use crate::tensor::{NodeId, Property, Store, VariableId};

/// A property that was not declared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Assumption {
    /// A symbol has it.
    Property {
        /// The symbol's name.
        symbol: String,
        /// What would have to be declared.
        property: Property,
    },
    /// A dimension is 1.
    One {
        /// Which.
        dimension: IntVar,
    },
}

/// Comparisons made at most.
const MOST: usize = 24;

const USUAL: [Property; 2] = [Property::Symmetric, Property::Positive];
const OF_SQUARES: [Property; 3] = [Property::Symmetric, Property::Diagonal, Property::Orthogonal];
const OF_VECTORS: [Property; 4] = [Property::Positive, Property::OneHot, Property::Probability, Property::Sign];
const OF_OTHERS: [Property; 2] = [Property::Positive, Property::Sign];

/// How far an assumption is looked for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Search {
    /// What people take for granted: symmetric matrices, positive entries.
    Usual,
    /// All that is known.
    All,
}

/// The first assumption under which the two are equal.
#[must_use]
pub fn only_if(
    store: &Store,
    candidate: NodeId,
    truth: NodeId,
    sizes: &Sizes,
    texts: [&str; 2],
    search: Search,
) -> Option<(Assumption, Comparison)> {
    let free = variables(store, &[candidate, truth]);
    let mut left = MOST;
    let mut holds = |store: &Store, sizes: &Sizes| {
        left = left.checked_sub(1)?;
        // Most assumptions are refuted at one point, far faster than by normal forms.
        let limits = Limits::default();
        let pair = Pair { store, candidate, truth, sizes, seed_text: texts, limits: &limits };
        if matches!(evidence::numeric(&pair), Numeric::Different { .. }) {
            return None;
        }
        let comparison = compare(store, candidate, truth, sizes, texts, Depth::Decisive);
        (comparison.decision == Decision::Equal).then_some(comparison)
    };
    let mut assumed = store.clone();
    for v in &free {
        let usual = |p: &&Property| search == Search::All || USUAL.contains(p);
        for property in possible(store, *v).iter().filter(usual) {
            assumed.assume(*v, &[*property]);
            let found = holds(&assumed, sizes);
            assumed.assume(*v, &[]);
            if let Some(comparison) = found {
                let symbol = store.variable(*v).name.to_string();
                return Some((Assumption::Property { symbol, property: *property }, comparison));
            }
        }
    }
    if search == Search::Usual {
        return None;
    }
    let mut dims: Vec<IntVar> = Vec::new();
    for d in free.iter().flat_map(|v| store.variable(*v).axes.iter()) {
        dims.extend(store.poly(*d).variables().into_iter().filter(|d| !sizes.integers.iter().any(|i| i.0 == *d)));
    }
    dims.sort_unstable();
    dims.dedup();
    for dimension in dims {
        let mut one = sizes.clone();
        let (left, right) = (Poly::variable(dimension), Poly::constant(1));
        one.constraints.push(Constraint { left, order: Order::Equal, right });
        if let Some(comparison) = holds(store, &one) {
            if at_one(&comparison, dimension) {
                return Some((Assumption::One { dimension }, comparison));
            }
        }
    }
    None
}

/// Whether the comparison was made at that size.
fn at_one(comparison: &Comparison, dimension: IntVar) -> bool {
    use super::compare::Evidence as E;
    let all = |dims: &[Assignment]| !dims.is_empty() && dims.iter().all(|a| a.of(dimension) == Some(1));
    comparison.evidence.iter().any(|e| match e {
        E::Exact { dims, .. } | E::Numeric { dims, .. } => all(dims),
        E::Proved | E::FiniteDifference { .. } | E::Refuted { .. } => false,
    })
}

/// What might have been meant of a symbol, and is not declared.
fn possible(store: &Store, v: VariableId) -> &'static [Property] {
    let variable = store.variable(v);
    if !variable.properties.is_empty() {
        return &[];
    }
    let own = variable.axes.get(usize::from(variable.family.is_some())..).unwrap_or_default();
    match own {
        [a, b] if a == b => &OF_SQUARES,
        [_] => &OF_VECTORS,
        _ => &OF_OTHERS,
    }
}

impl Assumption {
    /// The assumption in words, with the names of dimensions.
    #[must_use]
    pub fn words(&self, name: &dyn Fn(IntVar) -> String) -> String {
        match self {
            Self::One { dimension } => format!("{} = 1", name(*dimension)),
            Self::Property { symbol, property } => {
                let what = match property {
                    Property::Positive => "has only positive entries",
                    Property::NonNegative => "has no negative entry",
                    Property::NonZero => "has no entry 0",
                    Property::Integer => "is an integer",
                    Property::Probability => "is a probability vector",
                    Property::OneHot => "is one-hot",
                    Property::Sign => "has only the entries 1 and −1",
                    Property::Symmetric => "is symmetric",
                    Property::Diagonal => "is diagonal",
                    Property::PositiveDefinite => "is positive definite",
                    Property::PositiveSemidefinite => "is positive semidefinite",
                    Property::Orthogonal => "is orthogonal",
                    Property::Invertible => "is invertible",
                };
                format!("{symbol} {what}")
            }
        }
    }
}
