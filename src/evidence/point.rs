//! The numbers of one comparison, to be looked at.

use super::numeric::MODES;
use super::{Array, Pair, Why};
use crate::evaluation::{
    Assignment, Budget, Draw, Floats, Generic, Plan, Stop, Tensor, evaluate_plan, mix, sample, seed, variables,
};
use crate::tensor::VariableId;

/// Both sides at a point.
#[derive(Clone, PartialEq, Debug)]
pub struct Numbers {
    /// The values of the variables.
    pub values: Vec<(VariableId, Array)>,
    /// The candidate's value.
    pub candidate: Array,
    /// The truth's value.
    pub truth: Array,
    /// The largest difference, relative to the largest entry.
    pub max_rel_diff: f64,
    /// The seed.
    pub seed: u64,
}

/// The first point of the comparison in floating point with these sizes and this seed; the pair's own seed where none
/// is given.
///
/// # Errors
/// Where neither side has a value at such a point.
pub fn numbers(pair: &Pair<'_>, sizes: &Assignment, given: Option<u64>) -> Result<Numbers, Why> {
    let roots = pair.roots();
    if !pair.has_equal_axes() {
        return Err(Why::Axes);
    }
    let seed = given.unwrap_or_else(|| seed(&pair.seed_text));
    let (store, limits) = (pair.store, pair.limits);
    let free = variables(store, &roots);
    let plan = Plan::new(store, &roots);
    let floats = Floats::<f64>::new();
    let mut budget = Budget::new(limits);
    let mut why = Stop::Missing;
    for attempt in 0..limits.tries as u64 {
        let (scale, positive) = MODES[(attempt / 3) as usize % MODES.len()];
        let draw = Draw { seed: mix(seed, mix(0, attempt)), number: 0, enumerate: false };
        let tried = sample(&floats, &mut Generic { scale, positive }, store, &free, sizes, draw, limits.entries)
            .and_then(|point| Ok((evaluate_plan(&floats, store, &plan, &roots, &point, &mut budget)?, point)));
        match tried {
            Ok((sides, point)) => {
                let array = |t: &Tensor<_>| Tensor { dims: t.dims.clone(), data: t.data.iter().map(to_f64).collect() };
                let [candidate, truth] = sides.as_slice() else { return Err(Why::Axes) };
                let (candidate, truth) = (array(candidate), array(truth));
                return Ok(Numbers {
                    max_rel_diff: relative(&candidate, &truth),
                    values: point.values.iter().map(|(v, t)| (*v, Array::Float(array(t)))).collect(),
                    candidate: Array::Float(candidate),
                    truth: Array::Float(truth),
                    seed,
                });
            }
            Err(stop) => why = stop,
        }
    }
    Err(Why::Truth(why))
}

fn to_f64(x: &crate::evaluation::Bounded<f64>) -> f64 {
    x.value
}

fn relative(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    let scale = a.data.iter().chain(&b.data).map(|x| x.abs()).fold(0.0, f64::max);
    let difference = a.data.iter().zip(&b.data).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
    if scale > 0.0 { difference / scale } else { 0.0 }
}
