//! Claims under a condition `G = 0`: they are right if they hold where the gradient vanishes.
//!
//! At random values of everything else, the unknown is solved for by Newton's method on the derived gradient, and the
//! two sides are compared there.

use super::session::Session;
use crate::calculus;
use crate::evaluation::{Bounded, Draw, Floats, Generic, Point, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::shape::QuantityId;
use crate::tensor::NodeId;
use nalgebra::{DMatrix, DVector};

const POINTS: usize = 3;
/// Many starts lead to no solution: outside a domain that only the objective tells, or at signs that are all alike.
const TRIES: u64 = 20;
const STEPS: usize = 30;
const HALVINGS: usize = 8;
/// Agreement at a solution, relative to the larger side.
const AGREEMENT: f64 = 1e-7;

impl Session {
    /// Whether two nodes of equal axes agree on the solutions of a condition; nothing where none was found.
    pub(super) fn holds_under(
        &mut self,
        gradient: NodeId,
        unknown: QuantityId,
        pair: (NodeId, NodeId),
        texts: [&str; 2],
    ) -> Option<bool> {
        // Where no start led to a solution, none is looked for again.
        if self.unsolved.contains(&gradient) {
            return None;
        }
        let target = self.quantities.node(unknown)?;
        let variable = self.quantities.variable(unknown)?;
        let jacobian = calculus::derivative(&mut self.store, gradient, target);
        let limits = Limits::default();
        let roots = [gradient, jacobian, pair.0, pair.1];
        let used = variables(&self.store, &roots);
        let all = sizes(&self.store, &roots, &self.scope.sizes, 4);
        let seed = seed(&texts);
        let floats = Floats::<f64>::new();
        let (mut agreed, mut refused) = (0usize, 0usize);
        for attempt in 0..TRIES {
            let here = all.get(attempt as usize % all.len().clamp(1, 2))?;
            let mut source = Generic::new(1.0, if attempt % 4 == 3 { u64::MAX } else { 0 }, false);
            let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
            let Ok(mut point) = sample(&floats, &mut source, &self.store, &used, here, draw, limits.entries) else {
                continue;
            };
            let position = point.values.iter().position(|v| v.0 == variable)?;
            if self.newton(&mut point, position, gradient, jacobian, &limits).is_none() {
                continue;
            }
            // Where only zero solves it, everything homogeneous would hold.
            if point.values[position].1.data.iter().all(|b| b.to_f64().abs() < 1e-9) {
                continue;
            }
            let Ok(values) = evaluate(&floats, &self.store, &[pair.0, pair.1], &point, &limits) else { continue };
            let numbers = |i: usize| -> Vec<f64> { values[i].data.iter().map(|b| b.to_f64()).collect() };
            let (a, b) = (numbers(0), numbers(1));
            let size = a.iter().chain(&b).map(|x| x.abs()).fold(0.0, f64::max);
            let difference = a.iter().zip(&b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
            if difference <= AGREEMENT * size.max(1e-3) {
                agreed += 1;
            } else {
                refused += 1;
            }
            if agreed >= POINTS || refused >= POINTS {
                break;
            }
        }
        match (agreed, refused) {
            (0, 0) => {
                self.unsolved.push(gradient);
                None
            }
            (_, 0) if agreed >= 2 => Some(true),
            (0, _) if refused >= 2 => Some(false),
            (a, r) if a != r => Some(a > r && r == 0),
            _ => None,
        }
    }

    /// Whether a claim is the condition rearranged: left − right is a fixed nonzero number times the gradient.
    pub(super) fn rearranges(&mut self, gradient: NodeId, pair: (NodeId, NodeId), texts: [&str; 2]) -> bool {
        if self.store.axes(gradient) != self.store.axes(pair.0) {
            return false;
        }
        let difference = self.store.subtract(pair.1, pair.0);
        let limits = Limits::default();
        let roots = [gradient, difference];
        let used = variables(&self.store, &roots);
        let all = sizes(&self.store, &roots, &self.scope.sizes, 3);
        let Some(here) = all.first() else { return false };
        let floats = Floats::<f64>::new();
        let seed = seed(&texts);
        let mut ratio: Option<f64> = None;
        let mut points = 0;
        for attempt in 0..TRIES {
            let mut source = Generic::new(1.0, if attempt % 4 == 3 { u64::MAX } else { 0 }, false);
            let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
            let Ok(point) = sample(&floats, &mut source, &self.store, &used, here, draw, limits.entries) else {
                continue;
            };
            let Ok(values) = evaluate(&floats, &self.store, &roots, &point, &limits) else { continue };
            for (g, d) in values[0].data.iter().zip(&values[1].data) {
                let (g, d) = (g.to_f64(), d.to_f64());
                if g.abs() < 1e-6 {
                    continue;
                }
                let here = d / g;
                let known = *ratio.get_or_insert(here);
                if here.abs() < 1e-9 || (here - known).abs() > AGREEMENT * known.abs() {
                    return false;
                }
            }
            points += 1;
            if points == POINTS {
                break;
            }
        }
        points == POINTS && ratio.is_some()
    }

    /// Moves the unknown to a zero of the gradient.
    fn newton(
        &self,
        point: &mut Point<Bounded<f64>>,
        position: usize,
        gradient: NodeId,
        jacobian: NodeId,
        limits: &Limits,
    ) -> Option<()> {
        let floats = Floats::<f64>::new();
        for _ in 0..STEPS {
            let values = evaluate(&floats, &self.store, &[gradient, jacobian], point, limits).ok()?;
            let g = DVector::from_iterator(values[0].data.len(), values[0].data.iter().map(|b| b.to_f64()));
            let n = point.values[position].1.data.len();
            if g.len() != n {
                return None;
            }
            let size = point.values[position].1.data.iter().map(|b| b.to_f64().abs()).fold(1.0, f64::max);
            let j = DMatrix::from_row_slice(n, n, &values[1].data.iter().map(|b| b.to_f64()).collect::<Vec<_>>());
            let step = j.lu().solve(&g)?;
            if !step.iter().all(|s| s.is_finite()) {
                return None;
            }
            let before: Vec<f64> = point.values[position].1.data.iter().map(|b| b.to_f64()).collect();
            // Shorter steps until the gradient shrinks, so that a pole or the edge of the domain is not jumped over.
            let mut length = 1.0;
            for _ in 0..HALVINGS {
                for (x, (b, s)) in point.values[position].1.data.iter_mut().zip(before.iter().zip(step.iter())) {
                    *x = Bounded::exact(b - length * s);
                }
                let here = evaluate(&floats, &self.store, &[gradient], point, limits);
                let smaller = |v: &[crate::evaluation::Tensor<Bounded<f64>>]| {
                    v[0].data.iter().map(|b| b.to_f64() * b.to_f64()).sum::<f64>() < g.norm_squared()
                };
                if here.is_ok_and(|v| smaller(&v)) {
                    break;
                }
                length /= 2.0;
            }
            if step.amax() <= 1e-12 * size {
                return Some(());
            }
        }
        None
    }
}
