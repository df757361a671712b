//! Floating point with a tolerance from the evaluation's own error bounds.
//!
//! A difference within the bounds is none, one a thousand times beyond is one, and whatever lies between, or has bounds
//! too wide to say anything, is computed again in double-double at the same point. An equality in doubles is confirmed
//! in double-double at one point, so that terms below the doubles' precision are found as well.

use super::{Pair, Why, exact::position};
use crate::evaluation::{
    Assignment, Bounded, Budget, Double, Draw, Floats, Generic, ORDERS, Plan, Real, Sizing, Stop, Tensor, choices,
    evaluate_plan, is_discrete, mix, sample, seed, variables,
};
use crate::tensor::{NodeId, Property, VariableId};

/// What floating point says.
#[derive(Clone, PartialEq, Debug)]
pub enum Numeric {
    /// Equal at all points, within the error bounds.
    Equal {
        /// Number of points.
        points: usize,
        /// The largest difference, relative to the largest entry.
        max_rel_diff: f64,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
        /// What else was seen.
        notes: Notes,
    },
    /// Different at a point, far beyond the error bounds.
    Different {
        /// The largest difference there, relative to the largest entry.
        max_rel_diff: f64,
        /// The position of the entry that differs most, counted from 0.
        entry: Vec<usize>,
        /// The candidate's entry there.
        candidate: f64,
        /// The truth's entry there.
        truth: f64,
        /// The sizes.
        dims: Assignment,
        /// The seed.
        seed: u64,
        /// What else was seen.
        notes: Notes,
    },
    /// It says nothing.
    Inconclusive {
        /// Why.
        why: Why,
        /// What else was seen.
        notes: Notes,
    },
}

/// What was seen besides the difference.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Notes {
    /// There are functions with a kink or a jump; they were compared away from it.
    pub kink: bool,
    /// The candidate is undefined at points where the truth is defined.
    pub defined_on_less: bool,
}

/// Beyond the bounds by this factor, a difference is certain.
const CERTAIN: f64 = 1e3;
/// Up to so many values of variables that take finitely many are all tried.
const ENUMERATED: u64 = 64;
/// Relative bounds above this say nothing.
const LOOSE: f64 = 1e-6;
/// Room for what the bounds leave out: libm's own errors are stated, not proved.
const SAFETY: f64 = 4.0;
/// A value below this, with such a bound in double-double, is zero.
const NEGLIGIBLE: f64 = 1e-18;

/// How the numbers of a point are drawn: scale, and whether signs are made positive.
pub(super) const MODES: [(f64, bool); 6] =
    [(1.0, false), (0.5, false), (1.0, true), (0.2, false), (0.25, true), (0.05, false)];

/// Compares both sides in floating point.
#[must_use]
pub fn numeric(pair: &Pair<'_>) -> Numeric {
    let roots = pair.roots();
    let store = pair.store;
    let mut notes = Notes::default();
    if !pair.has_equal_axes() {
        return Numeric::Inconclusive { why: Why::Axes, notes };
    }
    let free = variables(store, &roots);
    let plan = Plan::new(store, &roots);
    notes.kink = plan.uses.order;
    let discrete = free.iter().any(|v| {
        let variable = store.variable(*v);
        is_discrete(variable) || variable.properties.contains(&Property::Integer)
    });
    let total = if discrete { 4 * pair.limits.points } else { pair.limits.points };
    let sizing = Sizing::new(store, &roots, pair.sizes);
    let mut test = Test {
        pair,
        plan,
        free,
        seed: seed(&pair.seed_text),
        notes,
        max_rel_diff: 0.0,
        points: 0,
        truth_plan: None,
        budget: Budget::new(pair.limits),
        first_mode: 0,
        enumerate: false,
    };
    let mut dims: Vec<Assignment> = Vec::new();
    let mut seen: Vec<Assignment> = Vec::new();
    let mut why = Why::Sizes;
    for number in 0..ORDERS {
        let Some(a) = sizing.small(number).filter(|a| !seen.contains(a)) else { continue };
        seen.push(a.clone());
        let all = if discrete { choices(store, &test.free, &a).filter(|n| *n <= ENUMERATED) } else { None };
        test.enumerate = all.is_some();
        match test.at(&a, total.div_ceil(2).max(all.map_or(0, |n| n as usize))) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(reason) => {
                why = reason;
                // Without a budget for a second size, the first one alone decides nothing.
                if matches!(reason, Why::Truth(Stop::Budget | Stop::TooLarge)) {
                    return Numeric::Inconclusive { why, notes: test.notes };
                }
                // Other sizes help only against inverses that do not exist, and unlucky domains.
                if matches!(reason, Why::Truth(Stop::Budget | Stop::TooLarge | Stop::Missing | Stop::Unsupported)) {
                    break;
                }
            }
        }
        if dims.len() == 2 || number > 3 && !dims.is_empty() {
            break;
        }
    }
    let notes = test.notes;
    let Some(last) = dims.last() else { return Numeric::Inconclusive { why, notes } };
    test.enumerate = false;
    if let Some(a) = sizing.large(last, pair.large()).filter(|a| !seen.contains(a)) {
        match test.at(&a, 1) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(_) => {}
        }
    }
    let Test { points, max_rel_diff, seed, notes, .. } = test;
    Numeric::Equal { points, max_rel_diff, dims, seed, notes }
}

struct Test<'a> {
    pair: &'a Pair<'a>,
    plan: Plan,
    free: Vec<VariableId>,
    seed: u64,
    notes: Notes,
    max_rel_diff: f64,
    /// Points at which the sides were equal.
    points: usize,
    budget: Budget,
    /// Which way of drawing points to try first: the one that worked.
    first_mode: usize,
    /// Whether finitely many values are gone through.
    enumerate: bool,
    /// The plan of the truth alone, once it is needed.
    truth_plan: Option<Plan>,
}

enum Point {
    Equal,
    Different(Box<Numeric>),
    Stopped(Why),
}

/// The largest difference and what the bounds make of it.
struct Judged {
    finding: Finding,
    rel_diff: f64,
    at: usize,
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Finding {
    Equal,
    Different,
    Unclear,
}

impl Test<'_> {
    /// As many comparisons at the same sizes; most of them have to be possible.
    fn at(&mut self, sizes: &Assignment, count: usize) -> Point {
        let mut equal = 0;
        for k in 0..count {
            match self.point(sizes, k as u64) {
                Point::Equal => equal += 1,
                // Points may be lost at a border of the domain, but not the first, nor most of them.
                Point::Stopped(why) if equal == 0 || 2 * (k + 1 - equal) > count => return Point::Stopped(why),
                Point::Stopped(_) => {}
                different @ Point::Different(_) => return different,
            }
        }
        self.points += equal;
        Point::Equal
    }

    /// One comparison; a point outside the truth's domain is drawn again, in other ways.
    fn point(&mut self, sizes: &Assignment, number: u64) -> Point {
        let tries = self.pair.limits.tries as u64;
        let mut why = Why::Truth(Stop::Missing);
        let mut singular = 0;
        for attempt in 0..tries {
            // The first few points have scales of their own; after failures, every way of drawing has its turn.
            let mode = (self.first_mode + (attempt / 3) as usize) % MODES.len();
            let (scale, positive) = MODES[mode];
            let spread = [1.0, 0.6, 1.5][(number % 3) as usize];
            let source = Generic { scale: scale * spread, positive };
            let draw = Draw { seed: mix(self.seed, mix(number, attempt)), number, enumerate: self.enumerate };
            let values = match self.values::<f64>(source, sizes, draw) {
                Ok(values) => values,
                Err(Stop::Budget | Stop::TooLarge | Stop::Missing | Stop::Unsupported) if attempt > 0 => break,
                Err(stop @ (Stop::Budget | Stop::TooLarge | Stop::Missing | Stop::Unsupported)) => {
                    return Point::Stopped(Why::Truth(stop));
                }
                Err(stop) => {
                    why = self.reason(source, sizes, draw, stop);
                    singular += usize::from(stop == Stop::Singular);
                    if singular > 3 {
                        break;
                    }
                    continue;
                }
            };
            let judged = judge(&values);
            self.first_mode = mode;
            // The first point confirms an equality at higher precision.
            if judged.finding == Finding::Different
                || (judged.finding == Finding::Equal && self.points + number as usize > 0)
            {
                return self.conclude(&judged, &values, sizes);
            }
            match self.values::<Double>(source, sizes, draw) {
                Ok(values) => {
                    let judged = judge(&values);
                    if judged.finding != Finding::Unclear {
                        return self.conclude(&judged, &values, sizes);
                    }
                    why = Why::Precision;
                }
                Err(stop) => why = self.reason(source, sizes, draw, stop),
            }
        }
        Point::Stopped(why)
    }

    /// Whether it is the truth or only the candidate that cannot be evaluated.
    fn reason(&mut self, source: Generic, sizes: &Assignment, draw: Draw, stop: Stop) -> Why {
        let (store, truth) = (self.pair.store, self.pair.truth);
        let plan = self.truth_plan.get_or_insert_with(|| Plan::new(store, &[truth]));
        let floats = Floats::<f64>::new();
        let entries = self.pair.limits.entries;
        let value = sample(&floats, &mut { source }, store, &self.free, sizes, draw, entries)
            .and_then(|point| evaluate_plan(&floats, store, plan, &[truth], &point, &mut self.budget));
        match value {
            Ok(_) if matches!(stop, Stop::Domain | Stop::Singular) => {
                self.notes.defined_on_less = true;
                Why::Candidate(stop)
            }
            Ok(_) => Why::Candidate(stop),
            Err(stop) => Why::Truth(stop),
        }
    }

    fn values<T: Real>(
        &mut self,
        source: Generic,
        sizes: &Assignment,
        draw: Draw,
    ) -> Result<[Tensor<Bounded<T>>; 2], Stop> {
        let floats = Floats::<T>::new();
        let Pair { store, limits, .. } = *self.pair;
        let point = sample(&floats, &mut { source }, store, &self.free, sizes, draw, limits.entries)?;
        let roots: [NodeId; 2] = self.pair.roots();
        let values = evaluate_plan(&floats, store, &self.plan, &roots, &point, &mut self.budget)?;
        let values: [Tensor<Bounded<T>>; 2] = values.try_into().map_err(|_| Stop::Missing)?;
        if values[0].dims == values[1].dims { Ok(values) } else { Err(Stop::Missing) }
    }

    fn conclude<T: Real>(&mut self, judged: &Judged, values: &[Tensor<Bounded<T>>; 2], sizes: &Assignment) -> Point {
        if judged.finding == Finding::Equal {
            self.max_rel_diff = self.max_rel_diff.max(judged.rel_diff);
            return Point::Equal;
        }
        let [candidate, truth] = [0, 1].map(|i| values[i].data.get(judged.at).map_or(f64::NAN, |x| x.to_f64()));
        Point::Different(Box::new(Numeric::Different {
            max_rel_diff: judged.rel_diff,
            entry: position(judged.at, &values[1].dims),
            candidate,
            truth,
            dims: sizes.clone(),
            seed: self.seed,
            notes: self.notes,
        }))
    }
}

fn judge<T: Real>([candidate, truth]: &[Tensor<Bounded<T>>; 2]) -> Judged {
    let largest = |t: &Tensor<Bounded<T>>| t.data.iter().map(|x| x.to_f64().abs()).fold(0.0, f64::max);
    let scale = largest(candidate).max(largest(truth));
    let relative = |x: f64| if scale > 0.0 { x / scale } else { 0.0 };
    let mut judged = Judged { finding: Finding::Equal, rel_diff: 0.0, at: 0 };
    let mut worst = 0.0;
    for (at, (a, b)) in candidate.data.iter().zip(&truth.data).enumerate() {
        let difference = a.value.sub(b.value).to_f64().abs();
        let bound = (a.error + b.error + T::UNIT * difference) * SAFETY;
        judged.rel_diff = judged.rel_diff.max(relative(difference));
        let loose = bound > LOOSE * scale && !(T::UNIT < 1e-25 && bound < NEGLIGIBLE);
        let finding = if difference > CERTAIN * bound {
            Finding::Different
        } else if difference > bound || loose || !bound.is_finite() {
            Finding::Unclear
        } else {
            Finding::Equal
        };
        match finding {
            Finding::Different if judged.finding != Finding::Different || difference > worst => {
                judged.finding = Finding::Different;
                (judged.at, worst) = (at, difference);
            }
            Finding::Unclear if judged.finding == Finding::Equal => judged.finding = Finding::Unclear,
            Finding::Different | Finding::Unclear | Finding::Equal => {}
        }
    }
    judged
}
