//! A counterexample as numbers, and its test: both sides are evaluated at it.

use crate::dimension::IntVar;
use crate::evaluation::{
    Assignment, Bounded, Dims, Floats, Fractions, Limits, Point, Ring, Stop, Tensor, evaluate, variables,
};
use crate::evidence::{Array, Counterexample};
use crate::number::Rational;
use crate::report::json::sizes;
use crate::tensor::{NodeId, Property, Store, Variable};
use serde_json::{Value, json};

/// Agreement of numbers that were written with ten digits.
const CLOSE: f64 = 1e-6;

/// The counterexample with every variable's name, lengths and numbers.
pub(super) fn written(c: &Counterexample, store: &Store, name: &dyn Fn(IntVar) -> String) -> Value {
    let values: Vec<Value> =
        c.values.iter().map(|(v, a)| json!({"name": store.variable(*v).name.as_str(), "value": array(a)})).collect();
    json!({"dims": sizes(&c.dims, name), "values": values, "candidate": c.candidate.as_ref().map(array), "truth": c.truth.as_ref().map(array)})
}

fn array(a: &Array) -> Value {
    match a {
        Array::Rational(t) => {
            json!({"of": t.dims.as_slice(), "entries": t.data.iter().map(ToString::to_string).collect::<Vec<_>>()})
        }
        Array::Float(t) => json!({"of": t.dims.as_slice(), "entries": t.data}),
    }
}

/// Why a counterexample is none.
pub(super) fn test(
    at: &Value,
    store: &Store,
    (candidate, truth): (NodeId, NodeId),
    dims: &Assignment,
) -> Result<(), String> {
    let free = variables(store, &[candidate, truth]);
    let given = at["values"].as_array().ok_or("the certificate has no values")?;
    if given.len() != free.len() {
        return Err("the certificate does not give a value to every variable".into());
    }
    let mut exact = Vec::new();
    let mut floats = Vec::new();
    for (v, entry) in free.iter().zip(given) {
        let variable = store.variable(*v);
        let lengths: Option<Dims> = variable.axes.iter().map(|d| dims.dimension(store.poly(*d)).ok()).collect();
        let tensor = read(&entry["value"]).ok_or("a value cannot be read")?;
        if entry["name"].as_str() != Some(variable.name.as_str()) || lengths.as_ref() != Some(&tensor.dims) {
            return Err(format!("the value of {} does not fit", variable.name));
        }
        let numbers: Vec<f64> = tensor.data.iter().map(Number::float).collect();
        if !variable.properties.iter().all(|p| has(*p, variable, &tensor.dims, &numbers)) {
            return Err(format!("the value of {} does not have the declared properties", variable.name));
        }
        let rational: Option<Vec<Rational>> = tensor.data.iter().map(Number::rational).collect();
        exact.push(rational.map(|data| (*v, Tensor { dims: tensor.dims.clone(), data })));
        let data = numbers.iter().map(|x| Bounded::exact(*x)).collect();
        floats.push((*v, Tensor { dims: tensor.dims, data }));
    }
    let roots = [candidate, truth];
    if let Some(values) = exact.into_iter().collect::<Option<Vec<_>>>() {
        if let Ok(found) = sides(&Fractions, store, roots, Point { sizes: dims.clone(), values }) {
            return differ(found.map(|side| side.data.iter().map(Rational::to_f64).collect()), at, 0.0);
        }
    }
    let ring = Floats::<f64>::new();
    if at["candidate"].is_null() || at["truth"].is_null() {
        return gap(at, &ring, store, roots, &Point { sizes: dims.clone(), values: floats });
    }
    let found = sides(&ring, store, roots, Point { sizes: dims.clone(), values: floats })
        .map_err(|_| "a side has no value at the counterexample")?;
    let error = found.iter().flat_map(|t| &t.data).map(|x| x.error).fold(0.0, f64::max);
    differ(found.map(|side| side.data.iter().map(|x| x.to_f64()).collect()), at, error)
}

fn sides<R: Ring>(
    ring: &R,
    store: &Store,
    roots: [NodeId; 2],
    point: Point<R::Element>,
) -> Result<[Tensor<R::Element>; 2], ()> {
    let values = evaluate(ring, store, &roots, &point, &Limits::default()).map_err(drop)?;
    values.try_into().map_err(drop)
}

/// The side that is written must have a value, and the other none.
fn gap(
    at: &Value,
    ring: &Floats<f64>,
    store: &Store,
    roots: [NodeId; 2],
    point: &Point<Bounded<f64>>,
) -> Result<(), String> {
    for (key, root) in [("candidate", "truth"), ("truth", "candidate")].into_iter().zip(roots) {
        let found = evaluate(ring, store, &[root], point, &Limits::default());
        let holds = match at[key.0].is_null() {
            true => !at[key.1].is_null() && matches!(found, Err(Stop::Domain)),
            false => found.is_ok(),
        };
        if !holds {
            return Err(format!("what is said of the {} at the counterexample does not hold", key.0));
        }
    }
    Ok(())
}

/// The two sides must differ, beyond their errors, and have the values that are written.
fn differ([candidate, truth]: [Vec<f64>; 2], at: &Value, error: f64) -> Result<(), String> {
    let apart = candidate.iter().zip(&truth).any(|(a, b)| (a - b).abs() > 4.0 * error);
    if candidate.len() != truth.len() || !apart {
        return Err("the two sides are equal at the counterexample".into());
    }
    for (key, numbers) in [("candidate", candidate), ("truth", truth)] {
        let said = read(&at[key]).ok_or("a side's value cannot be read")?;
        let close = |(a, b): (&Number, &f64)| (a.float() - b).abs() <= CLOSE * (1.0 + b.abs());
        if said.data.len() != numbers.len() || !said.data.iter().zip(&numbers).all(close) {
            return Err(format!("the {key} has another value at the counterexample"));
        }
    }
    Ok(())
}

/// A number of a certificate: `"-1/2"` exactly, `0.25` as it is.
enum Number {
    Exact(Rational),
    Float(f64),
}

impl Number {
    fn read(v: &Value) -> Option<Self> {
        match v {
            Value::String(s) => {
                let (over, under) = s.split_once('/').unwrap_or((s, "1"));
                Rational::new(over.parse().ok()?, under.parse().ok()?).map(Self::Exact)
            }
            _ => v.as_f64().map(Self::Float),
        }
    }

    fn float(&self) -> f64 {
        match self {
            Self::Exact(q) => q.to_f64(),
            Self::Float(x) => *x,
        }
    }

    fn rational(&self) -> Option<Rational> {
        match self {
            Self::Exact(q) => Some(q.clone()),
            Self::Float(_) => None,
        }
    }
}

fn read(v: &Value) -> Option<Tensor<Number>> {
    let dims: Option<Dims> =
        v["of"].as_array()?.iter().map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())).collect();
    let data: Option<Vec<Number>> = v["entries"].as_array()?.iter().map(Number::read).collect();
    let (dims, data) = (dims?, data?);
    let size = dims.iter().try_fold(1usize, |n, d| n.checked_mul(*d))?;
    (size == data.len()).then_some(Tensor { dims, data })
}

/// Whether numbers have a property, as far as it can be seen entry by entry or row by row.
fn has(property: Property, variable: &Variable, dims: &[usize], x: &[f64]) -> bool {
    use Property as P;
    let width = dims.last().copied().unwrap_or(1).max(1);
    let own = dims.get(usize::from(variable.family.is_some())..).unwrap_or_default();
    let square = |f: &dyn Fn(usize, usize, &[f64]) -> bool| match own {
        [n, m] if n == m && *n > 0 => x.chunks(n * n).all(|a| (0..*n).all(|i| (0..*n).all(|j| f(i, j, a)))),
        _ => true,
    };
    let near = |a: f64, b: f64| (a - b).abs() <= CLOSE;
    match property {
        P::Positive => x.iter().all(|a| *a > 0.0),
        P::NonNegative => x.iter().all(|a| *a >= 0.0),
        P::NonZero => x.iter().all(|a| a.abs() > 0.0),
        P::Integer => x.iter().all(|a| near(*a, a.round())),
        P::Sign => x.iter().all(|a| near(a.abs(), 1.0)),
        P::Probability => x.chunks(width).all(|r| r.iter().all(|a| *a >= 0.0) && near(r.iter().sum(), 1.0)),
        P::OneHot => {
            x.chunks(width).all(|r| r.iter().all(|a| near(*a, 0.0) || near(*a, 1.0)) && near(r.iter().sum(), 1.0))
        }
        P::Symmetric => square(&|i, j, a| near(a[i * width + j], a[j * width + i])),
        P::Diagonal => square(&|i, j, a| i == j || near(a[i * width + j], 0.0)),
        P::PositiveDefinite | P::PositiveSemidefinite => {
            square(&|i, j, a| near(a[i * width + j], a[j * width + i]) && a[i * width + i] >= 0.0)
        }
        P::Orthogonal => {
            let rows = own.first().copied().unwrap_or(1);
            x.chunks((rows * width).max(1)).all(|a| {
                (0..width).all(|i| {
                    (0..width).all(|j| {
                        let dot: f64 = (0..rows).map(|k| a[k * width + i] * a[k * width + j]).sum();
                        near(dot, f64::from(u8::from(i == j)))
                    })
                })
            })
        }
        P::Invertible => true,
    }
}
