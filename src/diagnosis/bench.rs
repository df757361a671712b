//! The bench: where a changed formula is tried, first with numbers at fixed points, then by the evidence of a verdict.

use super::patch::Patch;
use crate::evaluation::{
    Assignment, Bounded, Draw, Floats, Generic, Limits, Point, Sizing, evaluate, mix, sample, seed, variables,
};
use crate::evidence::Numeric;
use crate::limit::{self, Limit};
use crate::lower::Lowering;
use crate::shape::{Surroundings, infer_with};
use crate::syntax::Tree;
use crate::tensor::{NodeId, Value};
use crate::verdict::{Candidate, Decision, Depth, Posed, compare_with, numeric_of};

/// How much a diagnosis may cost, in operations, so that it is the same on every machine.
#[derive(Copy, Clone, Debug)]
pub struct Budget {
    /// Changed formulas that are shaped and evaluated.
    pub trials: usize,
    /// Changed formulas that agreed in numbers and are compared by the evidence of a verdict.
    pub comparisons: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { trials: limit::size(Limit::Trials), comparisons: 24 }
    }
}

/// Points at which changes are tried, and points at which those that agree are tried again.
const POINTS: usize = 2;
const CHECKS: usize = 2;

/// What a changed formula counts of the work.
const TRIAL: u64 = 1000;

/// Numbers at a point agree if they differ by less, relative to the largest.
const TOLERANCE: f64 = 1e-7;

/// A task with its truth, a wrong candidate, and numbers to try repairs with.
pub(super) struct Bench<'a> {
    /// A copy of the task: trials leave their nodes in its graph.
    pub(super) posed: Posed,
    /// What was judged.
    pub(super) candidate: &'a Candidate,
    /// What it should be equal to.
    pub(super) target: Value,
    /// The truth's numbers at each point.
    pub(super) truth: Vec<Vec<f64>>,
    /// The candidate's numbers at each point, where it fits.
    pub(super) given: Option<Vec<Vec<f64>>>,
    points: Vec<Point<Bounded<f64>>>,
    /// More points with the truth's numbers, for what agrees at the first by chance: labels may all be 1 there.
    checks: Vec<(Point<Bounded<f64>>, Vec<f64>)>,
    limits: Limits,
    left: Budget,
}

/// A formula that could be evaluated.
pub(super) struct Trial {
    /// Its node, with the axes of the truth.
    pub(super) node: NodeId,
    /// Its numbers at the first point.
    pub(super) numbers: Vec<f64>,
    /// The number by which it has to be multiplied to agree at the first point, where there is one.
    pub(super) ratio: Option<f64>,
}

impl<'a> Bench<'a> {
    /// Nothing where no point is found at which the truth is defined.
    pub(super) fn new(posed: &Posed, candidate: &'a Candidate, budget: Budget) -> Option<Self> {
        let posed = match &candidate.letters {
            Some(letters) => posed.asked_in(letters),
            None => posed.clone(),
        };
        let target = posed.truth.clone();
        let limits = Limits { operations: 200_000, ..Limits::default() };
        let mut bench = Self {
            posed,
            candidate,
            target,
            truth: Vec::new(),
            given: None,
            points: Vec::new(),
            checks: Vec::new(),
            limits,
            left: budget,
        };
        bench.choose_points()?;
        bench.given = bench.node_of(&candidate.tree).and_then(|node| bench.all_numbers(node));
        Some(bench)
    }

    fn choose_points(&mut self) -> Option<()> {
        let mut roots = vec![self.target.node, self.posed.objective.node];
        let ids: Vec<_> = self.posed.scope.quantities().map(|(id, _)| id).collect();
        let mut lowering = Lowering {
            scope: &self.posed.scope,
            store: &mut self.posed.store,
            quantities: &mut self.posed.quantities,
            marked: None,
        };
        for id in ids {
            roots.extend(lowering.tensor(id).ok());
        }
        roots.retain(|r| self.posed.store.axes(*r).len() <= 6);
        let used = variables(&self.posed.store, &roots);
        let sizing = Sizing::new(&self.posed.store, &roots, &self.posed.scope.sizes);
        let floats = Floats::<f64>::new();
        let seed = seed(&[&self.posed.text, "diagnosis"]);
        let mut found: Option<Assignment> = None;
        // A vector of two entries tells too little of the terms that it is the sum of.
        let is_vector = self.posed.store.axes(self.target.node).len() == 1;
        let numbers: &[usize] = if is_vector { &[4, 5, 0, 1, 2, 3] } else { &[0, 1, 2, 3] };
        for number in numbers.iter().copied() {
            let Some(sizes) = found.clone().or_else(|| sizing.small(number)) else { continue };
            for attempt in 0..8u64 {
                let positive = if attempt % 2 == 1 { u64::MAX } else { 0 };
                let mut source = Generic::new([1.0, 0.6, 0.5, 0.25][attempt as usize % 4], positive, false);
                let draw = Draw { seed: mix(seed, mix(number as u64, attempt)), number: attempt, enumerate: false };
                let Ok(point) =
                    sample(&floats, &mut source, &self.posed.store, &used, &sizes, draw, self.limits.entries)
                else {
                    continue;
                };
                let Ok(values) = evaluate(&floats, &self.posed.store, &[self.target.node], &point, &self.limits) else {
                    continue;
                };
                let numbers: Vec<f64> = values[0].data.iter().map(|x| x.to_f64()).collect();
                // Where the truth is zero, as behind a relu that is off, nothing can be told.
                if attempt < 7 && numbers.iter().all(|x| x.abs() < 1e-12) {
                    continue;
                }
                found = Some(sizes.clone());
                if self.points.len() < POINTS {
                    self.points.push(point);
                    self.truth.push(numbers);
                } else {
                    self.checks.push((point, numbers));
                }
                if self.checks.len() == CHECKS {
                    return Some(());
                }
                break;
            }
        }
        (!self.points.is_empty()).then_some(())
    }

    /// The value of a changed formula, with its shapes inferred as the candidate's are.
    pub(super) fn value_of(&mut self, tree: &Tree) -> Option<Value> {
        self.value_as(
            tree,
            &Surroundings {
                letters: self.posed.form.letters.clone(),
                expected: Some(self.posed.form.shape.clone()),
                ..Surroundings::default()
            },
        )
    }

    /// The value of any formula.
    pub(super) fn value_as(&mut self, tree: &Tree, around: &Surroundings) -> Option<Value> {
        self.left.trials = self.left.trials.checked_sub(1)?;
        limit::spend(TRIAL).then_some(())?;
        let before = self.posed.scope.unifier.clone();
        let inferred = infer_with(tree, &mut self.posed.scope, around);
        let value = inferred.ok().and_then(|inferred| {
            let scope = &self.posed.scope;
            if inferred.typed.open_shape(tree, &scope.unifier).is_some() {
                return None;
            }
            let mut lowering =
                Lowering { scope, store: &mut self.posed.store, quantities: &mut self.posed.quantities, marked: None };
            lowering.lower(tree, &inferred.typed).ok()
        });
        self.posed.scope.unifier = before;
        value.filter(|_| !self.posed.store.is_exceeded())
    }

    /// The node of a formula that has the truth's form.
    pub(super) fn node_of(&mut self, tree: &Tree) -> Option<NodeId> {
        let value = self.value_of(tree)?;
        self.align(&value)
    }

    /// The node of a term of a formula that has the truth's form: a number stands for a vector of it.
    pub(super) fn node_of_term(&mut self, tree: &Tree) -> Option<NodeId> {
        let value = self.value_of(tree)?;
        let target = self.target.clone();
        if !value.is_scalar() || target.is_scalar() {
            return self.align(&value);
        }
        if value.free.iter().any(|l| !target.free.contains(l)) {
            return None;
        }
        let axes = self.posed.store.axes(target.node).clone();
        Some(self.posed.store.broadcast(&value, &target.free, target.row, target.col, &axes))
    }

    /// A value with the truth's axes, where it has the truth's rows, columns and no other letters.
    pub(super) fn align(&mut self, value: &Value) -> Option<NodeId> {
        let target = self.target.clone();
        if value.row != target.row || value.col != target.col || value.free.iter().any(|l| !target.free.contains(l)) {
            return None;
        }
        let axes = self.posed.store.axes(target.node).clone();
        let own = self.posed.store.axes(value.node);
        // Letters keep their place in both; rows and columns come last.
        let (ours, theirs) = (&own[value.free.len()..], &axes[target.free.len()..]);
        if ours != theirs {
            return None;
        }
        Some(self.posed.store.broadcast(value, &target.free, target.row, target.col, &axes))
    }

    /// A node's numbers at one of the points.
    pub(super) fn numbers(&self, node: NodeId, point: usize) -> Option<Vec<f64>> {
        let floats = Floats::<f64>::new();
        let point = self.points.get(point)?;
        let value = evaluate(&floats, &self.posed.store, &[node], point, &self.limits).ok()?;
        let numbers: Vec<f64> = value[0].data.iter().map(|x| x.to_f64()).collect();
        numbers.iter().all(|x| x.is_finite()).then_some(numbers)
    }

    /// A node's numbers at every point.
    pub(super) fn all_numbers(&self, node: NodeId) -> Option<Vec<Vec<f64>>> {
        (0..self.points.len()).map(|i| self.numbers(node, i)).collect()
    }

    /// Evaluates a changed formula at the first point.
    pub(super) fn attempt(&mut self, tree: &Tree) -> Option<Trial> {
        let node = self.node_of(tree)?;
        let numbers = self.numbers(node, 0)?;
        let ratio = ratio(&numbers, &self.truth[0]);
        Some(Trial { node, numbers, ratio })
    }

    /// Evaluates the candidate with a change made.
    pub(super) fn attempt_patch(&mut self, patch: &Patch) -> Option<Trial> {
        let tree = patch.apply(&self.candidate.tree);
        self.attempt(&tree)
    }

    /// Whether a node is the truth, by the evidence of a verdict.
    pub(super) fn verify(&mut self, node: NodeId) -> bool {
        let floats = Floats::<f64>::new();
        let differs = self.checks.iter().any(|(point, truth)| {
            let Ok(value) = evaluate(&floats, &self.posed.store, &[node], point, &self.limits) else { return false };
            let numbers: Vec<f64> = value[0].data.iter().map(|x| x.to_f64()).collect();
            !agree(&numbers, truth)
        });
        !differs && self.are_equal(node, self.target.node)
    }

    /// Whether two nodes of equal axes are equal, by the evidence of a verdict.
    pub(super) fn are_equal(&mut self, a: NodeId, b: NodeId) -> bool {
        let Some(left) = self.left.comparisons.checked_sub(1) else { return false };
        self.left.comparisons = left;
        let texts = [self.candidate.text.as_str(), self.posed.text.as_str()];
        let sizes = &self.posed.scope.sizes;
        let reference = self.posed.reference(b);
        compare_with(&self.posed.store, a, &reference, sizes, texts, Depth::Decisive).decision == Decision::Equal
    }

    /// Whether two nodes are equal by the evidence of a verdict, where they seldom are: floating point refutes most pairs far
    /// faster than normal forms do.
    pub(super) fn may_be_equal(&mut self, a: NodeId, b: NodeId) -> bool {
        let texts = [self.candidate.text.as_str(), self.posed.text.as_str()];
        let numbers = numeric_of(&self.posed.store, a, b, &self.posed.scope.sizes, texts);
        if matches!(numbers, Numeric::Different { .. }) {
            self.left.comparisons = self.left.comparisons.saturating_sub(1);
            return false;
        }
        self.are_equal(a, b)
    }

    /// What is left of the trials.
    pub(super) fn trials_left(&self) -> usize {
        self.left.trials
    }
}

/// Whether two lists of numbers agree.
pub(super) fn agree(a: &[f64], b: &[f64]) -> bool {
    let scale = a.iter().chain(b).map(|x| x.abs()).fold(0.0, f64::max);
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= TOLERANCE * scale)
}

/// The number by which the first list has to be multiplied to agree with the second, where there is one.
pub(super) fn ratio(a: &[f64], b: &[f64]) -> Option<f64> {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let size = dot(a, a);
    if a.len() != b.len() || size <= 0.0 {
        return None;
    }
    let c = dot(a, b) / size;
    let scaled: Vec<f64> = a.iter().map(|x| c * x).collect();
    (c.abs() > 1e-9 && agree(&scaled, b)).then_some(c)
}
