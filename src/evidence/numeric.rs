//! Floating point with a tolerance from the evaluation's own error bounds.
//!
//! A difference within the bounds is none, one a thousand times beyond is one, and whatever lies between, or has bounds
//! too wide to say anything, is computed again in double-double at the same point. An equality in doubles is confirmed
//! in double-double at one point, so that terms below the doubles' precision are found as well. Every third point is
//! drawn at a smaller scale, and points at which a function is saturated are drawn again: there a value says nothing of
//! its argument. Where no point is away from a kink, the argument is zero everywhere, and is taken as that.

use super::judge::{Finding, Judged, judge};
use super::reach::{self, Tried};
use super::{Pair, Why, exact::position};
use crate::evaluation::{
    Assignment, Bounded, Budget, Double, Draw, Floats, Generic, ORDERS, Plan, Real, Sizing, Stop, Tensor, choices,
    evaluate_plan, is_discrete, mix, sample, seed, variables_by_name,
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
    /// It is so at a whole region: log x where x may be negative, not only where a denominator vanishes.
    pub narrower: bool,
}

/// Up to so many values of variables that take finitely many are all tried.
const ENUMERATED: u64 = 64;
/// Each of the sizes beside the usual ones may cost so much.
const FAR_OPERATIONS: u64 = 1_000_000;
/// The scales at which points are drawn, each three times; small numbers stay inside domains such as 1 − xᵀx > 0.
const SCALES: [f64; 4] = [1.0, 0.4, 0.15, 0.05];
/// At how much smaller a scale each third point begins: where exp and tanh are large or saturated, nothing beside them
/// is seen.
const SMALLER: [usize; 3] = [0, 0, 2];
/// After so many points outside the domain, undeclared signs are looked into.
const PATIENCE: u64 = 6;

/// Compares both sides in floating point.
#[must_use]
pub fn numeric(pair: &Pair<'_>) -> Numeric {
    let roots = pair.roots();
    let store = pair.store;
    let mut notes = Notes::default();
    if !pair.has_equal_axes() {
        return Numeric::Inconclusive { why: Why::Axes, notes };
    }
    let free = variables_by_name(store, &roots);
    let plan = Plan::new(store, &roots);
    notes.kink = plan.uses.order;
    let discrete = free.iter().any(|v| {
        let variable = store.variable(*v);
        is_discrete(variable) || variable.properties.contains(&Property::Integer)
    });
    // Signs are what a few points may miss.
    let signed = plan.uses.order || plan.uses.roots;
    let total = if discrete || signed { 5 * pair.limits.points } else { pair.limits.points };
    let sizing = Sizing::new(store, &roots, pair.sizes);
    let mut test = Test::new(pair, plan, free, seed(&pair.seed_text));
    test.notes = notes;
    let mut dims: Vec<Assignment> = Vec::new();
    let mut seen: Vec<Assignment> = Vec::new();
    let mut why = Why::Sizes;
    for number in 0..ORDERS {
        let Some(a) = sizing.small(number).filter(|a| !seen.contains(a)) else { continue };
        seen.push(a.clone());
        let all = if discrete { choices(store, &test.free, &a).filter(|n| *n <= ENUMERATED) } else { None };
        test.enumerate = all.is_some();
        let count = total.div_ceil(2).max(all.map_or(0, |n| n as usize));
        match test.at(&a, 0, count) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(reason) => {
                why = why.or(reason);
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
    let one_size = dims.len() == 1 && seen.len() > 1;
    test.enumerate = false;
    if dims.len() == 1 {
        match test.at(last, total, total.div_ceil(2)) {
            Point::Equal => {}
            Point::Different(different) => return *different,
            Point::Stopped(why) => return Numeric::Inconclusive { why, notes: test.notes },
        }
    }
    if let Some(a) = sizing.other_parity(store, &roots, &dims) {
        match test.at(&a, 3 * total, total.div_ceil(4)) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(_) => {}
        }
    }
    let last = dims.last().unwrap_or(&dims[0]);
    if let Some(a) = sizing.large(last, pair.large()).filter(|a| !seen.contains(a)) {
        match test.at(&a, 2 * total, 1) {
            Point::Equal => dims.push(a),
            Point::Different(different) => return *different,
            Point::Stopped(_) => {}
        }
    }
    if one_size && dims.len() == 1 {
        // As in the identity test, one assignment out of several decides nothing.
        return Numeric::Inconclusive { why, notes: test.notes };
    }
    let mut number = 4 * total;
    let far = reach::go(sizing.far(store, &roots, test.seed), &mut dims, |a| {
        test.budget = Budget::new(pair.limits).part(FAR_OPERATIONS);
        number += 1;
        test.at(a, number, 1)
    });
    match far {
        Ok(()) | Err(Tried::Equal) => {}
        Err(Tried::Different(different)) => return *different,
        Err(Tried::Stopped(why)) => return Numeric::Inconclusive { why, notes: test.notes },
    }
    let Test { points, max_rel_diff, seed, notes, .. } = test;
    Numeric::Equal { points, max_rel_diff, dims, seed, notes }
}

pub(super) struct Test<'a> {
    pair: &'a Pair<'a>,
    plan: Plan,
    free: Vec<VariableId>,
    seed: u64,
    notes: Notes,
    max_rel_diff: f64,
    /// Points at which the sides were equal.
    points: usize,
    budget: Budget,
    /// Which scale to try first: the one that worked.
    first_scale: usize,
    /// Variables that have to be positive for the sides to be defined, once that was looked into.
    positive: Option<u64>,
    /// Whether finitely many values are gone through.
    enumerate: bool,
    /// The plan of the truth alone, once it is needed.
    truth_plan: Option<Plan>,
    /// How the last point was drawn.
    pub(super) last: Option<(Generic, Draw)>,
}

pub(super) type Point = Tried<Numeric>;

impl<'a> Test<'a> {
    pub(super) fn new(pair: &'a Pair<'a>, plan: Plan, free: Vec<VariableId>, seed: u64) -> Self {
        Self {
            pair,
            plan,
            free,
            seed,
            notes: Notes::default(),
            max_rel_diff: 0.0,
            points: 0,
            truth_plan: None,
            budget: Budget::new(pair.limits),
            first_scale: 0,
            positive: None,
            enumerate: false,
            last: None,
        }
    }
}

impl Test<'_> {
    /// As many comparisons at the same sizes, numbered from `first`; most of them have to be possible.
    fn at(&mut self, sizes: &Assignment, first: usize, count: usize) -> Point {
        let mut equal = 0;
        for k in 0..count {
            match self.point(sizes, (first + k) as u64) {
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
    pub(super) fn point(&mut self, sizes: &Assignment, number: u64) -> Point {
        let tries = self.pair.limits.tries as u64;
        let mut why = Why::Truth(Stop::Missing);
        let mut singular = 0;
        let mut at_kink = false;
        for attempt in 0..tries {
            if attempt == PATIENCE && self.positive.is_none() {
                self.positive = Some(self.find_signs(sizes));
            }
            let smaller = SMALLER[(number % 3) as usize];
            let step = (self.first_scale + smaller + (attempt / 3) as usize) % SCALES.len();
            let spread = [1.0, 0.6, 1.5][(number % 3) as usize];
            let source = Generic::new(SCALES[step] * spread, self.positive.unwrap_or(0), number % 2 == 1);
            let draw = Draw { seed: mix(self.seed, mix(number / 2, attempt)), number, enumerate: self.enumerate };
            let values = match self.values(&Floats::<f64>::new().telling(), source, sizes, draw) {
                Ok(values) => values,
                Err(Stop::Kink) if !at_kink => {
                    // No random point is near a kink: an argument is zero everywhere.
                    at_kink = true;
                    let zero = Floats::<Double>::new().telling().vanishing();
                    if let Ok(values) = self.values(&zero, source, sizes, draw) {
                        let judged = judge(&values);
                        if judged.finding != Finding::Unclear {
                            self.last = Some((source, draw));
                            return self.conclude(&judged, &values, sizes);
                        }
                    }
                    why = why.or(self.reason(source, sizes, draw, Stop::Kink));
                    continue;
                }
                Err(Stop::Budget | Stop::TooLarge | Stop::Missing | Stop::Unsupported) if attempt > 0 => break,
                Err(stop @ (Stop::Budget | Stop::TooLarge | Stop::Missing | Stop::Unsupported)) => {
                    return Point::Stopped(Why::Truth(stop));
                }
                Err(stop) => {
                    why = why.or(self.reason(source, sizes, draw, stop));
                    singular += usize::from(stop == Stop::Singular);
                    if singular > 3 {
                        break;
                    }
                    continue;
                }
            };
            let judged = judge(&values);
            self.last = Some((source, draw));
            self.first_scale = (step + SCALES.len() - smaller) % SCALES.len();
            // The first point confirms an equality at higher precision.
            if judged.finding == Finding::Different
                || (judged.finding == Finding::Equal && self.points + number as usize > 0)
            {
                return self.conclude(&judged, &values, sizes);
            }
            match self.values(&Floats::<Double>::new().telling(), source, sizes, draw) {
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

    /// The variables whose numbers have to be positive, as bits; all others keep both signs, so that a formula which is
    /// right for positive numbers only is not taken for right.
    fn find_signs(&mut self, sizes: &Assignment) -> u64 {
        let count = self.free.len().min(63);
        let mut positive = u64::MAX;
        let Some(scale) = SCALES.into_iter().find(|s| self.is_defined(sizes, *s, positive)) else { return 0 };
        for v in (0..count).chain([63]) {
            let without = positive & !(1 << v);
            if self.is_defined(sizes, scale, without) {
                positive = without;
            }
        }
        positive
    }

    /// Whether both sides have values at one of a few points.
    fn is_defined(&mut self, sizes: &Assignment, scale: f64, positive: u64) -> bool {
        (0..4).any(|k| {
            let seed = mix(self.seed, mix(k / 2, positive));
            let draw = Draw { seed, number: k, enumerate: self.enumerate };
            let source = Generic::new(scale, positive, k % 2 == 1);
            self.values(&Floats::<f64>::new(), source, sizes, draw).is_ok()
        })
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
                self.notes.narrower |= stop == Stop::Domain;
                Why::Candidate(stop)
            }
            Ok(_) => Why::Candidate(stop),
            Err(stop) => Why::Truth(stop),
        }
    }

    pub(super) fn values<T: Real>(
        &mut self,
        floats: &Floats<T>,
        source: Generic,
        sizes: &Assignment,
        draw: Draw,
    ) -> Result<[Tensor<Bounded<T>>; 2], Stop> {
        let Pair { store, limits, .. } = *self.pair;
        let point = sample(floats, &mut { source }, store, &self.free, sizes, draw, limits.entries)?;
        let roots: [NodeId; 2] = self.pair.roots();
        let values = evaluate_plan(floats, store, &self.plan, &roots, &point, &mut self.budget)?;
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
