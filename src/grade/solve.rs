//! Points on the solutions of several conditions at once: stationarity, constraints, the multipliers' equations.
//!
//! Every variable that may move is moved, by the shortest Newton step (the pseudo-inverse of the Jacobian), from random
//! values to the nearest solution; so a generic point of the solutions is met, and not only those of one unknown.
//! A claim that holds at all the points met holds wherever the conditions do, as far as numbers tell.

use super::session::Session;
use crate::calculus;
use crate::evaluation::{Bounded, Draw, Floats, Generic, Point, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::tensor::{NodeId, Property, VariableId};
use nalgebra::{DMatrix, DVector};

/// Solutions at which a claim has to hold.
const POINTS: usize = 3;
const TRIES: u64 = 8;
const STEPS: usize = 25;
const HALVINGS: usize = 6;
/// Numbers that are moved, at most.
const MOST_NUMBERS: usize = 120;
/// Agreement at a solution, relative to the larger side.
const AGREEMENT: f64 = 1e-7;

/// A variable that moves: its place in a point, the derivatives of the conditions by it, and which numbers are one.
struct Moving {
    position: usize,
    jacobians: Vec<NodeId>,
    /// For each entry, the number that it is.
    tied: Vec<usize>,
    numbers: usize,
    properties: Vec<Property>,
}

impl Session {
    /// Whether two nodes of equal axes agree where every node of a system is zero; nothing where too few solutions
    /// were found to say.
    pub(super) fn holds_on(&mut self, system: &[NodeId], pair: (NodeId, NodeId), texts: [&str; 2]) -> Option<bool> {
        if self.unsolved_systems.iter().any(|s| s == system) {
            return None;
        }
        let limits = Limits::default();
        let own = variables(&self.store, system);
        let free: Vec<VariableId> = own.into_iter().filter(|v| self.may_move(*v)).collect();
        let mut jacobians: Vec<Vec<NodeId>> = Vec::new();
        for v in &free {
            let target = self.store.variable_node(*v);
            jacobians.push(system.iter().map(|f| calculus::derivative(&mut self.store, *f, target)).collect());
        }
        let mut roots: Vec<NodeId> = system.to_vec();
        roots.extend([pair.0, pair.1]);
        roots.extend(jacobians.iter().flatten());
        let used = variables(&self.store, &roots);
        let all = sizes(&self.store, &roots, &self.scope.sizes, 4);
        let seed = seed(&texts);
        let floats = Floats::<f64>::new();
        let mut agreed = 0usize;
        for attempt in 0..TRIES {
            let here = all.get(attempt as usize % all.len().clamp(1, 3))?;
            let mut source = Generic::new(1.0, if attempt % 4 == 3 { u64::MAX } else { 0 }, false);
            let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
            let Ok(mut point) = sample(&floats, &mut source, &self.store, &used, here, draw, limits.entries) else {
                continue;
            };
            let Some(moving) = self.moving(&point, &free, &jacobians) else { continue };
            if self.shortest_steps(&mut point, &moving, system, &limits).is_none() {
                continue;
            }
            // Where a variable has vanished, everything homogeneous in it would hold.
            let vanished = |m: &Moving| point.values[m.position].1.data.iter().all(|b| b.to_f64().abs() < 1e-6);
            if moving.iter().any(vanished) {
                continue;
            }
            let Ok(values) = evaluate(&floats, &self.store, &[pair.0, pair.1], &point, &limits) else { continue };
            let (a, b) = (&values[0].data, &values[1].data);
            let size = a.iter().chain(b).map(|x| x.to_f64().abs()).fold(0.0, f64::max);
            let difference = a.iter().zip(b).map(|(x, y)| (x.to_f64() - y.to_f64()).abs()).fold(0.0, f64::max);
            if difference > AGREEMENT * size.max(1e-3) {
                return Some(false);
            }
            agreed += 1;
            if agreed >= POINTS {
                return Some(true);
            }
        }
        if agreed == 0 {
            self.unsolved_systems.push(system.to_vec());
        }
        (agreed >= 2).then_some(true)
    }

    /// Whether the numbers of a variable may be moved without leaving what is declared of it.
    fn may_move(&self, v: VariableId) -> bool {
        self.store.variable(v).properties.iter().all(|p| {
            matches!(
                p,
                Property::Positive
                    | Property::NonNegative
                    | Property::NonZero
                    | Property::Symmetric
                    | Property::PositiveDefinite
                    | Property::PositiveSemidefinite
                    | Property::Invertible
            )
        })
    }

    fn moving(
        &self,
        point: &Point<Bounded<f64>>,
        free: &[VariableId],
        jacobians: &[Vec<NodeId>],
    ) -> Option<Vec<Moving>> {
        let mut moving = Vec::new();
        let mut total = 0;
        for (v, jacobians) in free.iter().zip(jacobians) {
            let position = point.values.iter().position(|x| x.0 == *v)?;
            let count = point.values[position].1.data.len();
            let variable = self.store.variable(*v);
            let symmetric = variable.properties.iter().any(|p| is_symmetric(*p));
            // A symmetric matrix (of a family, each member) is moved as one.
            let side =
                if symmetric { integer_root(count / members(point, position, variable.family.is_some())) } else { 0 };
            let tied: Vec<usize> = (0..count)
                .map(|n| {
                    if side == 0 {
                        return n;
                    }
                    let (block, within) = (n / (side * side), n % (side * side));
                    let (i, j) = (within / side, within % side);
                    block * side * side + i.min(j) * side + i.max(j)
                })
                .collect();
            total += count;
            let properties = variable.properties.clone();
            moving.push(Moving { position, jacobians: jacobians.clone(), tied, numbers: count, properties });
        }
        (total > 0 && total <= MOST_NUMBERS).then_some(moving)
    }

    /// Moves a point to a zero of the system.
    fn shortest_steps(
        &self,
        point: &mut Point<Bounded<f64>>,
        moving: &[Moving],
        system: &[NodeId],
        limits: &Limits,
    ) -> Option<()> {
        let floats = Floats::<f64>::new();
        let numbers: usize = moving.iter().map(|m| m.numbers).sum();
        for _ in 0..STEPS {
            let value = self.system_at(point, system, limits)?;
            let residual = value.amax();
            let size = moving
                .iter()
                .flat_map(|m| &point.values[m.position].1.data)
                .map(|b| b.to_f64().abs())
                .fold(1.0, f64::max);
            if residual <= 1e-12 * size {
                return Some(());
            }
            let mut jacobian = DMatrix::<f64>::zeros(value.len(), numbers);
            let mut column = 0;
            for m in moving {
                let blocks = evaluate(&floats, &self.store, &m.jacobians, point, limits).ok()?;
                let mut row = 0;
                for block in &blocks {
                    let rows = block.data.len() / m.numbers.max(1);
                    for (n, x) in block.data.iter().enumerate() {
                        let (r, c) = (n / m.numbers, n % m.numbers);
                        jacobian[(row + r, column + m.tied[c])] += x.to_f64();
                    }
                    row += rows;
                }
                column += m.numbers;
            }
            let svd = jacobian.svd(true, true);
            let largest = svd.singular_values.iter().copied().fold(0.0, f64::max);
            let step = svd.solve(&value, 1e-9 * largest).ok()?;
            if !step.iter().all(|s| s.is_finite()) {
                return None;
            }
            let before = point.clone();
            let mut length = 1.0;
            let mut better = false;
            for _ in 0..HALVINGS {
                let mut column = 0;
                for m in moving {
                    for (n, x) in point.values[m.position].1.data.iter_mut().enumerate() {
                        let from = before.values[m.position].1.data[n].to_f64();
                        *x = Bounded::exact(from - length * step[column + m.tied[n]]);
                    }
                    column += m.numbers;
                }
                let inside = moving.iter().all(|m| keeps(&m.properties, point, m.position, &m.tied));
                if inside && self.system_at(point, system, limits).is_some_and(|v| v.norm() < value.norm()) {
                    better = true;
                    break;
                }
                length /= 2.0;
            }
            if !better {
                *point = before;
                return (residual <= 1e-10 * size).then_some(());
            }
        }
        None
    }

    fn system_at(&self, point: &Point<Bounded<f64>>, system: &[NodeId], limits: &Limits) -> Option<DVector<f64>> {
        let values = evaluate(&Floats::<f64>::new(), &self.store, system, point, limits).ok()?;
        let all: Vec<f64> = values.iter().flat_map(|v| v.data.iter().map(|b| b.to_f64())).collect();
        all.iter().all(|x| x.is_finite()).then(|| DVector::from_vec(all))
    }
}

fn is_symmetric(p: Property) -> bool {
    matches!(p, Property::Symmetric | Property::PositiveDefinite | Property::PositiveSemidefinite)
}

fn members(point: &Point<Bounded<f64>>, position: usize, family: bool) -> usize {
    let dims = &point.values[position].1.dims;
    if family { dims.first().map_or(1, |d| (*d).max(1)) } else { 1 }
}

fn integer_root(n: usize) -> usize {
    (1..=n).find(|k| k * k >= n).filter(|k| k * k == n).unwrap_or(0)
}

/// Whether a moved value still is what is declared of it.
fn keeps(properties: &[Property], point: &Point<Bounded<f64>>, position: usize, tied: &[usize]) -> bool {
    let data: Vec<f64> = point.values[position].1.data.iter().map(|b| b.to_f64()).collect();
    let definite = properties.contains(&Property::PositiveDefinite);
    let side = integer_root(data.len());
    properties.iter().all(|p| match p {
        Property::Positive => data.iter().all(|x| *x > 0.0),
        Property::NonNegative => data.iter().all(|x| *x >= 0.0),
        Property::NonZero => data.iter().all(|x| *x != 0.0),
        _ => true,
    }) && (!definite
        || side == 0
        || tied.len() != side * side
        || DMatrix::from_row_slice(side, side, &data).cholesky().is_some())
}
