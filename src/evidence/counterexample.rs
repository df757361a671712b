//! The smallest integers at which two formulas differ, for a person to check by hand.
//!
//! Dimensions from 1 to 3 and small integers are tried, exactly where the graph is rational and in floating point
//! otherwise; what is found is then made smaller, number by number, as long as the two sides still differ. Where they
//! are equal but for their domains, a point is looked for at which only one of them has a value.

use super::Pair;
use crate::evaluation::{
    Assignment, Bounded, Budget, Dims, Draw, Floats, Fractions, Given, Plan, Point, Random, Ring, Sizing, Source, Stop,
    Tensor, evaluate_plan, sample, seed, small_sizes, variables,
};
use crate::number::Rational;
use crate::tensor::VariableId;

/// Two formulas' values where they differ.
#[derive(Clone, PartialEq, Debug)]
pub struct Counterexample {
    /// The values of the named integers.
    pub dims: Assignment,
    /// The values of the variables.
    pub values: Vec<(VariableId, Array)>,
    /// The candidate's value; `None` where it has none.
    pub candidate: Option<Array>,
    /// The truth's value; `None` where it has none.
    pub truth: Option<Array>,
}

/// A tensor of numbers.
#[derive(Clone, PartialEq, Debug)]
pub enum Array {
    /// Exact.
    Rational(Tensor<Rational>),
    /// In floating point.
    Float(Tensor<f64>),
}

/// Most assignments of dimensions tried.
const ASSIGNMENTS: usize = 30;
/// Fillings tried at each of them in a round.
const FILLINGS: u64 = 6;
/// The largest numerator, and the denominator, of each round; fractions help where integers are outside a domain.
const ROUNDS: [(i64, i64); 12] = [
    (1, 1),
    (1, 1),
    (2, 1),
    (3, 1),
    (1, 2),
    (5, 1),
    (3, 4),
    // Beyond a kink that is far away, or right beside one.
    (40, 1),
    (3000, 1),
    (2_000_000, 1),
    (3, 10_000_000_000),
    (9, 100_000_000_000),
];
/// Fillings tried at each of the larger sizes.
const FAR_FILLINGS: u64 = 4;

/// What is looked for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Goal {
    /// Two values that differ.
    Difference,
    /// A value of one side alone.
    Gap,
}

/// The smallest point found at which the two sides are defined, smooth and different, or at which only one is defined.
#[must_use]
pub fn counterexample(pair: &Pair<'_>, goal: Goal) -> Option<Counterexample> {
    if !pair.has_equal_axes() {
        return None;
    }
    let roots = pair.roots();
    let mut search = Search {
        pair,
        plan: Plan::new(pair.store, &roots),
        each: (goal == Goal::Gap).then(|| roots.map(|root| Plan::new(pair.store, &[root]))),
        goal,
        free: variables(pair.store, &roots),
        budget: Budget::new(pair.limits),
        denominator: 1,
        left: pair.limits.candidates,
        used: 0,
    };
    let exact = if goal == Goal::Difference { search.run(&Fractions) } else { None };
    exact.or_else(|| {
        search.left = pair.limits.candidates;
        search.budget = Budget::new(pair.limits);
        search.run(&Floats::<f64>::new())
    })
}

/// Number systems in which a difference can be shown.
trait Shown: Ring + Sized {
    /// Whether two numbers are certainly different.
    fn differ(a: &Self::Element, b: &Self::Element) -> bool;
    /// The tensor for the report.
    fn array(t: &Tensor<Self::Element>) -> Array;
}

impl Shown for Fractions {
    fn differ(a: &Rational, b: &Rational) -> bool {
        a != b
    }
    fn array(t: &Tensor<Rational>) -> Array {
        Array::Rational(t.clone())
    }
}

impl Shown for Floats<f64> {
    fn differ(a: &Bounded<f64>, b: &Bounded<f64>) -> bool {
        let difference = (a.value - b.value).abs();
        // Large enough to be seen in print.
        difference > 1e3 * (a.error + b.error) && difference > 1e-4 * (a.value.abs() + b.value.abs())
    }
    fn array(t: &Tensor<Bounded<f64>>) -> Array {
        Array::Float(Tensor { dims: t.dims.clone(), data: t.data.iter().map(|x| x.value).collect() })
    }
}

struct Search<'a> {
    pair: &'a Pair<'a>,
    plan: Plan,
    goal: Goal,
    /// The plans of each side alone, where a gap is looked for.
    each: Option<[Plan; 2]>,
    free: Vec<VariableId>,
    budget: Budget,
    denominator: i64,
    /// Pairs of values that may still be computed.
    left: usize,
    /// How many of the raw numbers the last point was made of.
    used: usize,
}

/// A point, and the values that candidate and truth have at it.
type Found<R> = (Point<<R as Ring>::Element>, [Option<Tensor<<R as Ring>::Element>>; 2]);

impl Search<'_> {
    fn run<R: Shown>(&mut self, ring: &R) -> Option<Counterexample>
    where
        Given: Source<R>,
    {
        let assignments = small_sizes(self.pair.store, &self.pair.roots(), self.pair.sizes, ASSIGNMENTS);
        let start = seed(&["counterexample"]);
        // Few fillings everywhere before many anywhere; each round allows larger numbers.
        for (round, (most, denominator)) in ROUNDS.into_iter().enumerate() {
            for a in &assignments {
                for filling in 0..FILLINGS {
                    let raw = self.filling(a, start ^ (round as u64 * FILLINGS + filling), most)?;
                    self.denominator = denominator;
                    match self.attempt(ring, a, &raw) {
                        Ok(Some(found)) => return Some(self.shrink(ring, a, raw, found)),
                        Ok(None) | Err(Stop::Kink | Stop::Singular | Stop::Domain | Stop::Overflow) => {}
                        // Exact values are missing, or there is no work left.
                        Err(Stop::Unsupported) if round > 0 => return None,
                        Err(Stop::Unsupported | Stop::TooLarge | Stop::NonResidue) => {}
                        Err(Stop::Budget | Stop::Missing) => return None,
                    }
                }
            }
        }
        // What only larger sizes show.
        self.denominator = 1;
        self.left = self.pair.limits.candidates;
        let far = Sizing::new(self.pair.store, &self.pair.roots(), self.pair.sizes);
        let far = far.far(self.pair.store, &self.pair.roots(), start)?;
        for a in far.all.iter().chain(&far.line) {
            for filling in 0..FAR_FILLINGS {
                let raw = self.filling(a, start ^ filling, 1 + (filling / 2) as i64)?;
                if let Ok(Some(found)) = self.attempt(ring, a, &raw) {
                    return Some(self.shrink(ring, a, raw, found));
                }
            }
        }
        None
    }

    /// Raw numbers for every variable.
    fn filling(&self, sizes: &Assignment, seed: u64, most: i64) -> Option<Vec<i64>> {
        let mut random = Random::new(seed);
        Some((0..self.raw_count(sizes)?).map(|_| draw(&mut random, most)).collect())
    }

    /// As many raw numbers as any property needs.
    fn raw_count(&self, sizes: &Assignment) -> Option<usize> {
        let mut count = 0usize;
        for v in &self.free {
            let axes = &self.pair.store.variable(*v).axes;
            let dims: Result<Dims, Stop> = axes.iter().map(|d| sizes.dimension(self.pair.store.poly(*d))).collect();
            count = count.checked_add(dims.ok()?.iter().product::<usize>() * 2 + 4)?;
        }
        Some(count.min(4096))
    }

    /// Both values at a point, where they are what is looked for.
    fn attempt<R: Shown>(&mut self, ring: &R, sizes: &Assignment, raw: &[i64]) -> Result<Option<Found<R>>, Stop>
    where
        Given: Source<R>,
    {
        self.left = self.left.checked_sub(1).ok_or(Stop::Budget)?;
        let mut source = Given { raw: raw.to_vec(), denominator: self.denominator, used: 0 };
        let draw = Draw { seed: 0, number: u64::from(raw.first().is_some_and(|n| *n < 0)), enumerate: false };
        let store = self.pair.store;
        let point = sample(ring, &mut source, store, &self.free, sizes, draw, self.pair.limits.entries)?;
        self.used = source.used;
        let mut part = self.budget.part(100_000);
        let values = evaluate_plan(ring, store, &self.plan, &self.pair.roots(), &point, &mut part);
        let values = match (&self.each, values) {
            (Some(each), Err(Stop::Domain)) => {
                let sides = self.pair.roots().into_iter().zip(each);
                let alone = sides.map(|(root, plan)| evaluate_plan(ring, store, plan, &[root], &point, &mut part));
                Ok(alone.map(|v| v.ok().and_then(|mut v| v.pop())).collect())
            }
            (_, values) => values.map(|v| v.into_iter().map(Some).collect::<Vec<_>>()),
        };
        self.budget.give_back(&part);
        let values: [Option<Tensor<R::Element>>; 2] = values?.try_into().map_err(|_| Stop::Missing)?;
        let is_found = match (self.goal, &values) {
            (Goal::Difference, [Some(candidate), Some(truth)]) => {
                candidate.dims == truth.dims && candidate.data.iter().zip(&truth.data).any(|(a, b)| R::differ(a, b))
            }
            (Goal::Gap, [a, b]) => a.is_some() != b.is_some(),
            _ => false,
        };
        Ok(is_found.then_some((point, values)))
    }

    /// Makes number after number smaller while the sides differ.
    fn shrink<R: Shown>(&mut self, ring: &R, sizes: &Assignment, mut raw: Vec<i64>, found: Found<R>) -> Counterexample
    where
        Given: Source<R>,
    {
        let mut best = found;
        self.left = self.pair.limits.candidates;
        for i in 0..raw.len().min(self.used) {
            let old = raw[i];
            for smaller in [0, 1, 2, -1].into_iter().filter(|n| cost(*n) < cost(old)) {
                raw[i] = smaller;
                if let Ok(Some(found)) = self.attempt(ring, sizes, &raw) {
                    best = found;
                    break;
                }
                raw[i] = old;
            }
        }
        let (point, sides) = best;
        let [candidate, truth] = sides.map(|side| side.as_ref().map(R::array));
        Counterexample {
            dims: sizes.clone(),
            values: point.values.iter().map(|(v, t)| (*v, R::array(t))).collect(),
            candidate,
            truth,
        }
    }
}

/// How far a number is from the simplest: 0, 1, −1, 2, −2, …
fn cost(n: i64) -> u64 {
    2 * n.unsigned_abs() + u64::from(n < 0)
}

fn draw(random: &mut Random, most: i64) -> i64 {
    let width = 2 * most.unsigned_abs() + 1;
    i64::try_from(random.below(width)).unwrap_or(0) - most
}
