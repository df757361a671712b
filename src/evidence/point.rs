//! The numbers of one comparison, to be looked at.

use super::numeric::{Point, Test};
use super::{Array, Pair, Why};
use crate::evaluation::{Assignment, Floats, Plan, Tensor, sample, seed, variables_by_name};
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
    let store = pair.store;
    let free = variables_by_name(store, &roots);
    let mut test = Test::new(pair, Plan::new(store, &roots), free.clone(), seed);
    let found = test.point(sizes, 0);
    let (source, draw) = match (test.last, found) {
        (Some(last), _) => last,
        (None, Point::Stopped(why)) => return Err(why),
        (None, _) => return Err(Why::Precision),
    };
    let floats = Floats::<f64>::new();
    let point = sample(&floats, &mut { source }, store, &free, sizes, draw, pair.limits.entries).map_err(Why::Truth)?;
    let [candidate, truth] = test.values(&floats, source, sizes, draw).map_err(Why::Truth)?;
    let array = |t: &Tensor<_>| Tensor { dims: t.dims.clone(), data: t.data.iter().map(to_f64).collect() };
    let (candidate, truth) = (array(&candidate), array(&truth));
    Ok(Numbers {
        max_rel_diff: relative(&candidate, &truth),
        values: point.values.iter().map(|(v, t)| (*v, Array::Float(array(t)))).collect(),
        candidate: Array::Float(candidate),
        truth: Array::Float(truth),
        seed,
    })
}

fn to_f64(x: &crate::evaluation::Bounded<f64>) -> f64 {
    x.value
}

fn relative(a: &Tensor<f64>, b: &Tensor<f64>) -> f64 {
    let scale = a.data.iter().chain(&b.data).map(|x| x.abs()).fold(0.0, f64::max);
    let difference = a.data.iter().zip(&b.data).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
    if scale > 0.0 { difference / scale } else { 0.0 }
}
