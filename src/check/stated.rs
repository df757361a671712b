//! Properties that a problem states of its definitions, checked in floating point.

use crate::evaluation::{
    Draw, Floats, Generic, Limits, Tensor, evaluate, mix, sample, seed, sizes as assignments, variables,
};
use crate::lower::{Lowering, Quantities};
use crate::problem::Problem;
use crate::shape::property_name;
use crate::tensor::{Property, Store};
use nalgebra::DMatrix;

/// A property that a definition does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// Of which name.
    pub name: String,
    /// Which property.
    pub property: &'static str,
}

const POINTS: u64 = 6;
const TOLERANCE: f64 = 1e-8;

/// The stated properties that do not hold at some point.
#[must_use]
pub fn contradictions(problem: &Problem) -> Vec<Contradiction> {
    let found = problem.stated.iter().filter(|(q, p)| {
        let mut store = Store::default();
        let mut quantities = Quantities::default();
        let mut lowering =
            Lowering { scope: &problem.scope, store: &mut store, quantities: &mut quantities, marked: None };
        let Ok(node) = lowering.tensor(*q) else { return false };
        let quantity = problem.scope.quantity(*q);
        let family = quantity.letters.len();
        let free = variables(&store, &[node]);
        let limits = Limits::default();
        let floats = Floats::<f64>::new();
        assignments(&store, &[node], &problem.scope.sizes, 3).iter().take(2).any(|a| {
            (0..POINTS).any(|number| {
                let draw = Draw { seed: mix(seed(&["stated", &quantity.name]), number), number, enumerate: false };
                let mut source = Generic::new(1.0, 0, number % 2 == 1);
                let values = sample(&floats, &mut source, &store, &free, a, draw, limits.entries)
                    .and_then(|point| evaluate(&floats, &store, &[node], &point, &limits));
                let Ok(values) = values else { return false };
                let Some(value) = values.first() else { return false };
                let data = value.data.iter().map(|b| b.value).collect();
                !members(&Tensor { dims: value.dims.clone(), data }, family).iter().all(|m| holds(*p, m))
            })
        })
    });
    found
        .map(|(q, p)| Contradiction { name: problem.scope.quantity(*q).name.to_string(), property: property_name(*p) })
        .collect()
}

/// The members of a family of vectors or matrices, each as a matrix.
fn members(t: &Tensor<f64>, family: usize) -> Vec<DMatrix<f64>> {
    let rest = t.dims.get(family..).unwrap_or_default();
    let (rows, cols) = match rest {
        [] => (1, 1),
        [n] => (*n, 1),
        [m, n, ..] => (*m, *n),
    };
    t.data.chunks_exact((rows * cols).max(1)).map(|c| DMatrix::from_row_slice(rows, cols, c)).collect()
}

fn holds(property: Property, m: &DMatrix<f64>) -> bool {
    let scale = m.iter().map(|x| x.abs()).fold(1.0, f64::max);
    let small = |x: f64| x.abs() <= TOLERANCE * scale;
    let is_symmetric = || m.is_square() && (m - m.transpose()).iter().all(|x| small(*x));
    let shifted = |by: f64| m + DMatrix::identity(m.nrows(), m.ncols()) * (by * scale);
    match property {
        Property::Positive => m.iter().all(|x| *x > 0.0),
        Property::NonNegative => m.iter().all(|x| *x >= -TOLERANCE * scale),
        Property::NonZero => m.iter().all(|x| *x != 0.0),
        Property::Integer => m.iter().all(|x| small(x - x.round())),
        Property::Probability => m.iter().all(|x| *x >= -TOLERANCE) && small(m.sum() - 1.0),
        Property::OneHot => m.iter().all(|x| small(*x) || small(x - 1.0)) && small(m.sum() - 1.0),
        Property::Sign => m.iter().all(|x| small(x.abs() - 1.0)),
        Property::Symmetric => is_symmetric(),
        Property::Diagonal => m.is_square() && (m - DMatrix::from_diagonal(&m.diagonal())).iter().all(|x| small(*x)),
        Property::PositiveDefinite => is_symmetric() && m.clone().cholesky().is_some(),
        Property::PositiveSemidefinite => is_symmetric() && shifted(TOLERANCE).cholesky().is_some(),
        Property::Orthogonal => (m.transpose() * m - DMatrix::identity(m.ncols(), m.ncols())).iter().all(|x| small(*x)),
        Property::Invertible => m.is_square() && m.clone().lu().is_invertible(),
    }
}
