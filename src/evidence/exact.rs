//! The identity test: both sides at random points of prime fields.
//!
//! By the lemma of Schwartz and Zippel, a polynomial of degree d that is not zero vanishes at a random point of a field
//! of p elements with probability at most d/p. Square roots depend on a choice that is right for about half of the
//! points of a wrong formula, so with roots the test is repeated until the choices cannot all have been lucky.

use super::reach::{self, Tried};
use super::{Pair, Why, degree};
use crate::evaluation::{
    Assignment, Budget, Draw, Field, ORDERS, Plan, Sizing, Stop, Uniform, choices, evaluate, evaluate_plan,
    is_discrete, mix, sample, seed, sizes_against, variables_by_name,
};
use crate::tensor::{Function, Node, NodeId, Property, Store, VariableId};

/// What the identity test says.
#[derive(Clone, PartialEq, Debug)]
pub enum Exact {
    /// Equal at all points.
    Equal {
        /// The probability that formulas which differ at the first two assignments would pass; `None` where a variable
        /// takes finitely many values, of which not all were tried.
        bound: Option<f64>,
        /// Number of points.
        points: usize,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
        /// Whether the candidate has no value at sizes where the truth has one (an inverse that does not exist).
        defined_on_less: bool,
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
/// Up to so many values of variables that take finitely many are all tried.
const ENUMERATED: u64 = 64;
/// Each of the sizes beside the usual ones may cost so much.
const FAR_OPERATIONS: u64 = 1_000_000;
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
    if compares_own_numbers(store, &roots) {
        return Exact::Inconclusive { why: Why::Uninterpreted };
    }
    let plan = Plan::new(store, &roots);
    let free = variables_by_name(store, &roots);
    let seed = seed(&pair.seed_text);
    let discrete = free.iter().any(|v| is_discrete(store.variable(*v)));
    let signed = free.iter().any(|v| store.variable(*v).properties.contains(&Property::Orthogonal));
    let uses = plan.uses;
    let many = uses.roots || discrete;
    let each = if many {
        MANY / 2
    } else if signed {
        4
    } else {
        2
    };
    let budget = Budget::new(pair.limits);
    let sizing = Sizing::new(store, &roots, pair.sizes);
    let mut test = Test {
        pair,
        plan,
        fields: [None, None],
        free,
        seed,
        budget,
        number: 0,
        enumerate: false,
        points: 0,
        chance: 0.0,
        defined_on_less: false,
    };
    let mut enumerated = true;
    let mut dims: Vec<Assignment> = Vec::new();
    let mut why = Why::Sizes;
    let mut seen: Vec<Assignment> = Vec::new();
    for number in 0..ORDERS {
        let Some(a) = sizing.small(number).filter(|a| !seen.contains(a)) else { continue };
        seen.push(a.clone());
        let all = if discrete { choices(store, &test.free, &a).filter(|n| *n <= ENUMERATED) } else { None };
        test.enumerate = all.is_some();
        enumerated &= test.enumerate;
        let count = each.max(all.map_or(0, |n| n as usize));
        match test.at(&a, count) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            // Sizes at which an inverse does not exist; others may do.
            Point::Stopped(reason @ (Why::Truth(Stop::Singular) | Why::Candidate(Stop::Singular))) => {
                why = why.or(reason);
            }
            Point::Stopped(why) => return Exact::Inconclusive { why },
        }
        if dims.len() == 2 {
            break;
        }
    }
    let Some(last) = dims.last() else { return Exact::Inconclusive { why } };
    if many && dims.len() == 1 {
        match test.at(last, each) {
            Point::Equal => {}
            Point::Different(different) => return *different,
            Point::Stopped(why) => return Exact::Inconclusive { why },
        }
    }
    let (chance, points) = (test.chance, test.points);
    if let Some(a) = sizing.other_parity(store, &roots, &dims) {
        test.enumerate = false;
        match test.at(&a, each) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(_) => {}
        }
    }
    let last = dims.last().unwrap_or(&dims[0]);
    if let Some(a) = sizing.large(last, pair.large()).filter(|a| !seen.contains(a)) {
        test.budget = test.budget.part(LARGE_OPERATIONS);
        test.enumerate = false;
        match test.at(&a, 1) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(_) => {}
        }
    }
    if dims.len() == 1 && seen.len() > 1 {
        // Small matrices satisfy identities that larger ones do not: one assignment out of several decides nothing.
        return Exact::Inconclusive { why };
    }
    let far = reach::go(sizing.far(store, &roots, seed), &mut dims, |a| {
        test.budget = Budget::new(pair.limits).part(FAR_OPERATIONS);
        test.at(a, 1)
    });
    match far {
        Ok(()) | Err(Tried::Equal) => {}
        Err(Tried::Different(different)) => return *different,
        Err(Tried::Stopped(why)) => return Exact::Inconclusive { why },
    }
    if let Some(a) = sizes_against(store, pair.candidate, pair.truth, pair.sizes) {
        // Only to see whether the candidate has a value there.
        if let Point::Different(different) = test.point(0, &a) {
            return *different;
        }
    }
    let luck = if uses.roots { libm::exp2(-(points as f64)) } else { 0.0 };
    let bound = if discrete && !enumerated { None } else { Some((chance + luck).min(1.0)) };
    Exact::Equal { bound, points: test.points, dims, seed, defined_on_less: test.defined_on_less }
}

/// Whether a comparison is made of values that are numbers of their own in a field: there the sign of x is never 1, and
/// relu(x) is never 0, so that ≥ and > are one, though relu(x) ≥ 0 holds everywhere.
fn compares_own_numbers(store: &Store, roots: &[NodeId]) -> bool {
    use Function::{Abs, NonNegative, Positive, Relu, Sign, Zero};
    let has = |x: NodeId, is: &dyn Fn(&Node) -> bool| store.reachable(&[x]).iter().any(|id| is(store.node(*id)));
    let is_ordered = |n: &Node| matches!(n, Node::Map(Abs | NonNegative | Positive | Relu | Sign | Zero, _));
    let is_own = |n: &Node| match n {
        Node::Map(Function::Power(q), _) => !q.is_integer(),
        Node::Map(..) | Node::ScalarPower(..) | Node::Unknown { .. } => true,
        _ => false,
    };
    store.reachable(roots).iter().any(|id| match store.node(*id) {
        Node::Map(Zero, x) => has(*x, &is_own),
        Node::Map(Positive | NonNegative | Sign, x) => has(*x, &is_ordered),
        _ => false,
    })
}

struct Test<'a> {
    pair: &'a Pair<'a>,
    plan: Plan,
    /// Two prime fields, each once it is needed: finding a prime costs as much as a few points.
    fields: [Option<Field>; 2],
    free: Vec<VariableId>,
    seed: u64,
    budget: Budget,
    /// The number of the next point at the same sizes.
    number: u64,
    /// Whether finitely many values are gone through.
    enumerate: bool,
    /// Points at which the sides were equal.
    points: usize,
    /// The largest chance, over the assignments, that a wrong formula passed.
    chance: f64,
    /// Whether the candidate has no value at sizes where the truth has one.
    defined_on_less: bool,
}

type Point = Tried<Exact>;

impl Test<'_> {
    fn field(&mut self, which: usize) -> &Field {
        let seed = mix(self.seed, which as u64 + 1);
        self.fields[which].get_or_insert_with(|| Field::new(seed))
    }

    /// As many comparisons at the same sizes.
    fn at(&mut self, sizes: &Assignment, count: usize) -> Point {
        self.number = 0;
        let Ok(degree) = degree::of_difference(self.pair.store, self.pair.roots(), sizes) else {
            return Point::Stopped(Why::Truth(Stop::Missing));
        };
        let mut chance = 1.0;
        for k in 0..count {
            let which = (sizes.0.len() + k) % 2;
            match self.point(which, sizes) {
                Point::Equal => {}
                other => return other,
            }
            // A point at which nothing was undefined was drawn from at least half of all points.
            let one = (2.0 * degree / self.field(which).prime() as f64).min(1.0);
            // Of the enumerated values, each may have been tried only once.
            chance = if self.enumerate { one } else { chance * one };
        }
        self.points += count;
        self.chance = self.chance.max(chance);
        Point::Equal
    }

    /// One comparison; points outside the domain are drawn again.
    fn point(&mut self, which: usize, sizes: &Assignment) -> Point {
        let store = self.pair.store;
        let roots = self.pair.roots();
        let number = self.number;
        self.number += 1;
        let mut last = Stop::Missing;
        for attempt in 0..self.pair.limits.tries as u64 {
            let draw = Draw { seed: mix(self.seed, mix(number, attempt)), number, enumerate: self.enumerate };
            let field = self.field(which).keyed(mix(draw.seed, 3));
            let point = sample(&field, &mut Uniform, store, &self.free, sizes, draw, self.pair.limits.entries);
            let values = point.and_then(|p| evaluate_plan(&field, store, &self.plan, &roots, &p, &mut self.budget));
            match values.as_deref() {
                Ok([candidate, truth]) if candidate.dims == truth.dims => {
                    let differing = candidate.data.iter().zip(&truth.data).position(|(a, b)| a != b);
                    return differing.map_or(Point::Equal, |at| {
                        Point::Different(Box::new(Exact::Different {
                            conclusive: self.plan.uses.is_arithmetic(),
                            dims: sizes.clone(),
                            prime: field.prime(),
                            seed: self.seed,
                            entry: position(at, &truth.dims),
                        }))
                    });
                }
                Ok(_) => return Point::Stopped(Why::Axes),
                Err(stop @ (Stop::Singular | Stop::Domain | Stop::NonResidue)) => {
                    last = *stop;
                    if last == Stop::Singular && attempt >= 2 {
                        return Point::Stopped(self.blame(&field, sizes, draw, last));
                    }
                }
                Err(stop) => return Point::Stopped(Why::Truth(*stop)),
            }
        }
        Point::Stopped(Why::Truth(last))
    }

    /// Whether it is the truth that has no value, or only the candidate.
    fn blame(&mut self, field: &Field, sizes: &Assignment, draw: Draw, stop: Stop) -> Why {
        let Pair { store, truth, limits, .. } = *self.pair;
        let value = sample(field, &mut Uniform, store, &self.free, sizes, draw, limits.entries)
            .and_then(|point| evaluate(field, store, &[truth], &point, limits));
        if value.is_ok() {
            self.defined_on_less = true;
            return Why::Candidate(stop);
        }
        Why::Truth(stop)
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
