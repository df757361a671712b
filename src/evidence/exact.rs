//! The identity test: both sides at random points of prime fields.
//!
//! By the lemma of Schwartz and Zippel, a polynomial of degree d that is not zero vanishes at a random point of a field
//! of p elements with probability at most d/p. Square roots depend on a choice that is right for about half of the
//! points of a wrong formula, so with roots the test is repeated until the choices cannot all have been lucky.

use super::{Pair, Why, degree};
use crate::evaluation::{
    Assignment, Draw, Field, Limits, Plan, Stop, Uniform, evaluate_plan, is_discrete, mix, sample, seed, sizes, variables,
};
use crate::tensor::Property;

/// What the identity test says.
#[derive(Clone, PartialEq, Debug)]
pub enum Exact {
    /// Equal at all points.
    Equal {
        /// The probability that formulas which differ at one of the first two assignments would pass; `None` where a
        /// variable takes finitely many values, of which not all were tried.
        bound: Option<f64>,
        /// Number of points.
        points: usize,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// Different at a point.
    Different {
        /// Whether this refutes the equality; not so where functions, roots or comparisons are involved.
        conclusive: bool,
        /// The sizes.
        dims: Assignment,
        /// The prime.
        prime: u64,
        /// The seed.
        seed: u64,
        /// The position of an entry that differs.
        entry: Vec<usize>,
    },
    /// It says nothing.
    Inconclusive {
        /// Why.
        why: Why,
    },
}

/// Points where square roots or finitely many values are involved.
const MANY: usize = 32;
/// The largest sizes are an additional safeguard and must stay cheap.
const LARGE_OPERATIONS: u64 = 300_000;

/// Compares both sides in prime fields.
#[must_use]
pub fn exact(pair: &Pair<'_>) -> Exact {
    if !pair.has_equal_axes() {
        return Exact::Inconclusive { why: Why::Axes };
    }
    let roots = pair.roots();
    let store = pair.store;
    let assignments = sizes(store, &roots, pair.sizes, pair.large());
    if assignments.is_empty() {
        return Exact::Inconclusive { why: Why::Sizes };
    }
    let plan = Plan::new(store, &roots);
    let free = variables(store, &roots);
    let seed = seed(&pair.seed_text);
    let fields = [Field::new(mix(seed, 1)), Field::new(mix(seed, 2))];
    let discrete = free.iter().any(|v| is_discrete(store.variable(*v)));
    let signed = free.iter().any(|v| store.variable(*v).properties.contains(&Property::Orthogonal));
    let each = match (plan.uses.roots || discrete, signed) {
        (true, _) => MANY / assignments.len().min(2),
        (false, true) => 4,
        (false, false) => 2,
    };
    let mut test = Test { pair, plan: &plan, free: &free, seed, number: 0 };
    let mut points = 0;
    let mut bound: Option<f64> = None;
    let mut dims = Vec::new();
    for (i, a) in assignments.iter().enumerate() {
        let large = i >= 2;
        let count = if large { 1 } else { each };
        let Ok(degree) = degree::of_difference(store, roots, a) else {
            return Exact::Inconclusive { why: Why::Truth(Stop::Missing) };
        };
        let operations = if large { pair.limits.operations.min(LARGE_OPERATIONS) } else { pair.limits.operations };
        let limits = Limits { operations, ..pair.limits.clone() };
        let mut chance = 1.0;
        for k in 0..count {
            let field = &fields[(i + k) % 2];
            match test.point(field, a, &limits) {
                Point::Equal => points += 1,
                Point::Different(entry) => {
                    let conclusive = plan.uses.is_arithmetic();
                    return Exact::Different { conclusive, dims: a.clone(), prime: field.prime(), seed, entry };
                }
                Point::Stopped(_) if large => continue,
                Point::Stopped(why) => return Exact::Inconclusive { why },
            }
            // A point at which nothing was undefined was drawn from at least half of all points.
            chance *= (2.0 * degree / field.prime() as f64).min(1.0);
        }
        if points > 0 && (!large || dims.len() < i) {
            if plan.uses.roots {
                chance += libm::exp2(-(count as f64));
            }
            if !large {
                bound = Some(bound.unwrap_or(0.0).max(chance.min(1.0)));
            }
        }
        dims.push(a.clone());
    }
    if dims.len() > 2 && points < 2 * each + 1 {
        dims.truncate(2);
    }
    Exact::Equal { bound: if discrete { None } else { bound }, points, dims, seed }
}

struct Test<'a> {
    pair: &'a Pair<'a>,
    plan: &'a Plan,
    free: &'a [crate::tensor::VariableId],
    seed: u64,
    number: u64,
}

enum Point {
    Equal,
    Different(Vec<usize>),
    Stopped(Why),
}

impl Test<'_> {
    /// One comparison; points outside the domain are drawn again.
    fn point(&mut self, field: &Field, sizes: &Assignment, limits: &Limits) -> Point {
        let store = self.pair.store;
        let roots = self.pair.roots();
        let number = self.number;
        self.number += 1;
        let mut last = Stop::Missing;
        for attempt in 0..limits.tries as u64 {
            let draw = Draw { seed: mix(self.seed, mix(number, attempt)), number };
            let keyed = field.keyed(mix(draw.seed, 3));
            let values = sample(&keyed, &mut Uniform, store, self.free, sizes, draw, limits.entries)
                .and_then(|point| evaluate_plan(&keyed, store, self.plan, &roots, &point, limits));
            match values.as_deref() {
                Ok([candidate, truth]) => {
                    if candidate.dims != truth.dims {
                        return Point::Stopped(Why::Axes);
                    }
                    let differing = candidate.data.iter().zip(&truth.data).position(|(a, b)| a != b);
                    return differing.map_or(Point::Equal, |at| Point::Different(position(at, &truth.dims)));
                }
                Ok(_) => return Point::Stopped(Why::Axes),
                Err(stop @ (Stop::Singular | Stop::Domain | Stop::NonResidue)) => {
                    last = *stop;
                    if last == Stop::Singular && attempt >= 3 {
                        break;
                    }
                }
                Err(stop) => return Point::Stopped(Why::Truth(*stop)),
            }
        }
        Point::Stopped(Why::Truth(last))
    }
}

/// The index tuple of an entry, counted from 0.
pub(super) fn position(mut at: usize, dims: &[usize]) -> Vec<usize> {
    let mut out = vec![0; dims.len()];
    for (o, d) in out.iter_mut().zip(dims).rev() {
        *o = at % (*d).max(1);
        at /= (*d).max(1);
    }
    out
}
