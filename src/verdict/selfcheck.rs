//! The derived truth against finite differences of the objective.

use super::compare::Evidence;
use super::form::By;
use super::pose::Posed;
use crate::dimension::{Poly, Sizes};
use crate::evaluation::{
    Bounded, Budget, Dims, Draw, Floats, Generic, Plan, Point, Tensor, evaluate_plan, mix, sample, seed,
    sizes as assignments, variables,
};
use crate::evidence::{Assignment, Limits};
use crate::limit::{self, Limit};
use crate::lower::Quantities;
use crate::problem::Ask;
use crate::shape::{Body, Function, QuantityId, Scope, Typed};
use crate::syntax::{Name, Tree};
use crate::tensor::{FunctionId, NodeId, Store, Variable, VariableId};
use crate::witness::{Memo, Quantity, World, differences, differences_along};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// What finite differences say of a derivative.
#[derive(Clone, PartialEq, Debug)]
pub enum SelfCheck {
    /// They agree.
    Agrees(Evidence),
    /// They disagree: an internal error.
    Disagrees {
        /// At how many points.
        points: usize,
        /// Largest relative difference.
        max_rel_diff: f64,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// They could not be taken.
    Unavailable,
    /// They could not be taken, since a tensor on the way has more entries than the limit.
    TooLarge,
}

/// Agreement needed of extrapolated differences, relative to the largest entry.
const FIRST_ORDER: f64 = 1e-6;
const SECOND_ORDER: f64 = 1e-4;
/// Slopes below this share of a formula's own values are those of a constant, and so are differences below that.
const NO_SLOPE: f64 = 1e-13;
const ROUNDING: f64 = 1e-8;
/// Slopes below this share of a formula's own values are lost in the rounding of its differences.
const HIDDEN: f64 = 1e-11;
/// Points that have to agree.
const POINTS: usize = 3;
/// Points tried: the formula may be undefined, or have a kink nearby; and where none of them was defined, as with the
/// logarithms of many slacks, so many of a short formula.
const TRIES: u64 = 24;
const MOST_TRIES: u64 = 240;
const SHORT: usize = 200;

impl Posed {
    /// What finite differences of the objective say of a claim in the form of the truth.
    #[must_use]
    pub fn against_differences(&self, claim: NodeId) -> SelfCheck {
        if self.ask == Ask::Identity {
            return SelfCheck::Unavailable;
        }
        // The form is made of a variable in place of the derivative; its value at a point are the differences there.
        let mut posed = self.clone();
        let axes = posed.store.axes(self.derivative).clone();
        let name = Name::from("\u{1}differences");
        let variable =
            posed.store.declare(Variable { name, axes, family: None, properties: Vec::new(), is_row: false });
        let mut node = posed.store.variable_node(variable);
        if self.structured {
            match posed.tied(node) {
                Ok(tied) => node = tied,
                Err(_) => return SelfCheck::Unavailable,
            }
        }
        let form = self.form.assemble(&mut posed.store, &self.objective, &self.by, node);
        let axes = posed.store.axes(self.truth.node).clone();
        let form = posed.store.broadcast(&form, &self.truth.free, self.truth.row, self.truth.col, &axes);
        against_differences(&Subject {
            store: &posed.store,
            derivative: claim,
            form: Some((variable, form)),
            ..self.subject()
        })
    }
}

/// What is checked: a formula, its derivative's node, and by what it was differentiated.
pub struct Subject<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) store: &'a Store,
    pub(crate) quantities: &'a Quantities,
    pub(crate) tree: &'a Tree,
    pub(crate) typed: &'a Typed,
    /// The formula's node.
    pub(crate) objective: NodeId,
    /// The formula's free indices in the order of its axes.
    pub(crate) letters: &'a [Name],
    pub(crate) by: &'a [By],
    /// What is claimed to be the derivative. Axes: the formula's, then those of each variable, unless `form` says
    /// otherwise.
    pub(crate) derivative: NodeId,
    /// The form of the claim, made of a variable that stands for the differences.
    pub(crate) form: Option<(VariableId, NodeId)>,
}

/// Compares a derivative with differences at a few points.
#[must_use]
pub fn against_differences(subject: &Subject<'_>) -> SelfCheck {
    let store = subject.store;
    let limits = Limits::default();
    let mut roots = vec![subject.objective, subject.derivative];
    let mut used = variables(store, &roots);
    // What the formula names and the graph has dropped, as the v of v − v, is still a number in the formula.
    for (q, _) in subject.scope.quantities().filter(|(_, quantity)| matches!(quantity.body, Body::Variable)) {
        let known = subject.quantities.variable(q).zip(subject.quantities.node(q));
        if let Some((v, node)) = known.filter(|k| !used.contains(&k.0)) {
            used.push(v);
            roots.push(node);
        }
    }
    let sizes: &Sizes = &subject.scope.sizes;
    let all = assignments(store, &roots, sizes, 3);
    // The same for every way of writing the formula.
    let mut formula = String::new();
    subject.tree.write_canonical(subject.tree.root, &mut formula);
    let seed = seed(&[&formula, "differences"]);
    let plan = Plan::new(store, &subject.compared());
    let tolerance = if subject.by.len() > 1 { SECOND_ORDER } else { FIRST_ORDER };
    let (mut agreed, mut worst, mut refused, mut largest) = (0usize, 0.0f64, 0usize, 0.0f64);
    let (mut dims, mut against): (Vec<Assignment>, Vec<Assignment>) = (Vec::new(), Vec::new());
    for attempt in 0..MOST_TRIES {
        if attempt >= TRIES && (agreed + refused > 0 || subject.tree.len() > SHORT) {
            break;
        }
        let Some(here) = all.get(attempt as usize % all.len().clamp(1, 2)) else { break };
        let scale = [1.0, 0.5, 0.7, 0.25][(attempt / 2) as usize % 4];
        let mut source = Generic::new(scale, if attempt % 3 == 2 { u64::MAX } else { 0 }, false);
        let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
        let floats = Floats::<f64>::new().vanishing();
        let Ok(point) = sample(&floats, &mut source, store, &used, here, draw, limits.entries) else { continue };
        let Some(world) = world_at(subject, &point) else { return SelfCheck::Unavailable };
        let lengths: Option<Vec<(Name, usize)>> = subject
            .letters
            .iter()
            .map(|l| {
                subject.typed.free.iter().find(|f| f.0 == *l).and_then(|f| world.size(&f.1)).map(|n| (l.clone(), n))
            })
            .collect();
        let Some(lengths) = lengths else { return SelfCheck::Unavailable };
        let by: Vec<_> = subject.by.iter().map(|b| b.quantity).collect();
        let directions = match subject.form {
            // A form needs the differences entry by entry; a derivative can be looked at along a direction.
            Some(_) => Vec::new(),
            None => {
                by.iter().filter_map(|q| Some((*q, direction(draw.seed, world.quantity(*q)?.data.len())))).collect()
            }
        };
        let found = if directions.is_empty() {
            differences(world, subject.tree, subject.typed, &lengths, &by)
        } else {
            let along: Vec<_> = directions.iter().map(|(q, d)| (*q, d.as_slice())).collect();
            differences_along(world, subject.tree, subject.typed, &lengths, &along)
        };
        let Some(found) = found else { continue };
        let compared = both(subject, &plan, &floats, point, &found.data, &directions);
        let Some((derived, expected, own)) = compared else { continue };
        if expected.len() != derived.len() {
            return SelfCheck::Disagrees { points: 1, max_rel_diff: f64::INFINITY, dims: vec![here.clone()], seed };
        }
        let size = derived.iter().chain(&expected).map(|x| x.abs()).fold(0.0, f64::max);
        let difference = derived.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // Zero as far as rounding of the formula's own values shows, as with a sum of softmax.
        let within = |all: &[f64], share: f64| all.iter().all(|x| x.abs() <= share * own);
        let flat = within(&derived, NO_SLOPE) && within(&expected, ROUNDING);
        // Beside values so large, differences show nothing of so small a slope.
        if !flat && difference > tolerance * size && difference < HIDDEN * own {
            continue;
        }
        // Where the steps themselves disagree much, a kink or a pole is near: the point says nothing.
        if !flat && found.error > 1e-2 * size.max(1e-12) && difference > tolerance * size {
            continue;
        }
        let relative = if flat || size <= 0.0 { 0.0 } else { difference / size.max(1e-9) };
        if flat || difference <= tolerance * size + 2.0 * found.error * 1e-2 + 1e-9 {
            agreed += 1;
            worst = worst.max(relative);
            if !dims.contains(here) {
                dims.push(here.clone());
            }
            if agreed == POINTS {
                break;
            }
        } else {
            refused += 1;
            largest = largest.max(relative);
            if !against.contains(here) {
                against.push(here.clone());
            }
            if refused > 3 {
                break;
            }
        }
    }
    if refused > agreed {
        return SelfCheck::Disagrees { points: refused, max_rel_diff: largest, dims: against, seed };
    }
    if agreed == 0 {
        let too_large = all.first().is_some_and(|sizes| subject.is_too_large(sizes));
        return if too_large { SelfCheck::TooLarge } else { SelfCheck::Unavailable };
    }
    SelfCheck::Agrees(Evidence::FiniteDifference { points: agreed, max_rel_diff: worst, dims, seed })
}

/// A direction in which no entry is at rest.
fn direction(seed: u64, entries: usize) -> Vec<f64> {
    let entry = |k: usize| {
        let bits = mix(seed, k as u64);
        let size = 0.5 + (bits >> 12) as f64 / (1u64 << 53) as f64;
        if bits & 1 == 0 { size } else { -size }
    };
    (0..entries).map(entry).collect()
}

impl Subject<'_> {
    /// Whether a part of the formula or of a definition, or a tensor of the graph, has more entries than any may have.
    fn is_too_large(&self, sizes: &Assignment) -> bool {
        let most = limit::of(Limit::Entries);
        let many = |sides: &[&Poly]| {
            let side = |p: &Poly| self.scope.unifier.evaluate(p, &|v| sizes.of(v)).unwrap_or(1).unsigned_abs();
            sides.iter().try_fold(1u64, |all, p| all.checked_mul(side(p))).is_none_or(|n| n > most)
        };
        let definitions = self.scope.quantities().filter_map(|(_, q)| match &q.body {
            Body::Definition(formula) => Some(&formula.typed),
            _ => None,
        });
        let reachable = self.store.reachable(&self.compared());
        let axes = |id: &NodeId| self.store.axes(*id).iter().map(|d| self.store.poly(*d)).collect::<Vec<_>>();
        let shapes = std::iter::once(self.typed).chain(definitions).flat_map(|typed| &typed.shapes);
        shapes.into_iter().any(|s| many(&[&s.rows, &s.cols])) || reachable.iter().any(|id| many(&axes(id)))
    }

    /// What is evaluated: the claim, the differences in the same form where there is one, and the formula itself.
    fn compared(&self) -> SmallVec<[NodeId; 3]> {
        std::iter::once(self.derivative).chain(self.form.map(|f| f.1)).chain([self.objective]).collect()
    }
}

/// The claim's numbers at a point, the differences in the same form, and the formula's own largest value.
fn both(
    subject: &Subject<'_>,
    plan: &Plan,
    floats: &Floats<f64>,
    mut point: Point<Bounded<f64>>,
    found: &[f64],
    directions: &[(QuantityId, Vec<f64>)],
) -> Option<(Vec<f64>, Vec<f64>, f64)> {
    let largest = |t: &Tensor<Bounded<f64>>| t.data.iter().map(|b| b.to_f64().abs()).fold(0.0, f64::max);
    let numbers = |t: &Tensor<Bounded<f64>>| t.data.iter().map(|b| b.to_f64()).collect::<Vec<f64>>();
    let store = subject.store;
    if let Some((variable, _)) = subject.form {
        let axes = &store.variable(variable).axes;
        let dims: Dims = axes.iter().map(|d| point.sizes.dimension(store.poly(*d))).collect::<Result<_, _>>().ok()?;
        let data = found.iter().map(|x| Bounded { value: *x, error: 0.0 }).collect();
        point.values.push((variable, Tensor { dims, data }));
    }
    let mut budget = Budget::new(&Limits::default());
    let values = evaluate_plan(floats, store, plan, &subject.compared(), &point, &mut budget).ok()?;
    match values.as_slice() {
        [claim, expected, own] => Some((numbers(claim), numbers(expected), largest(own))),
        [claim, own] => {
            let along = |entries: Vec<f64>, d: &Vec<f64>| -> Vec<f64> {
                entries.chunks(d.len().max(1)).map(|row| row.iter().zip(d).map(|(x, y)| x * y).sum()).collect()
            };
            let claim = directions.iter().rev().fold(numbers(claim), |entries, (_, d)| along(entries, d));
            Some((claim, found.to_vec(), largest(own)))
        }
        _ => None,
    }
}

/// The numbers of a sampled point, by quantity.
fn world_at<'a>(subject: &Subject<'a>, point: &'a Point<Bounded<f64>>) -> Option<World<'a>> {
    let mut world = World {
        scope: subject.scope,
        sizes: &point.sizes,
        values: FxHashMap::default(),
        functions: FxHashMap::default(),
        depth: 0,
        memo: Memo::default(),
    };
    let known: FxHashMap<VariableId, &Tensor<Bounded<f64>>> = point.values.iter().map(|(v, t)| (*v, t)).collect();
    for (q, _) in subject.scope.quantities() {
        if let Some(t) = subject.quantities.variable(q).and_then(|v| known.get(&v)) {
            let data = t.data.iter().map(|b| b.to_f64()).collect();
            world.values.insert(q, Quantity { dims: t.dims.to_vec(), data });
        }
    }
    let mut number = 0;
    while let Some(name) = subject.store.known_function(number) {
        if matches!(subject.scope.function(name), Some(Function::Elementwise | Function::Scalar)) {
            world.functions.insert(name.clone(), FunctionId(number));
        }
        number += 1;
    }
    Some(world)
}
