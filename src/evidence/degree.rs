//! Degrees: how often a wrong formula can vanish by chance.
//!
//! Every entry of a node is N/D with one D for the whole tensor; the degrees of N and D in the sampled numbers are
//! bounded from the graph alone. The functions that a field does not interpret count as independent numbers; that two
//! of their arguments coincide by chance is counted too.

use crate::dimension::IntVar;
use crate::evaluation::{Assignment, Stop};
use crate::number::Rational;
use crate::tensor::{Function, Node, NodeId, Property, Store};

/// Degrees of numerator and common denominator. In floating point, since only the size of the bound matters.
#[derive(Copy, Clone, Debug, Default)]
struct Degree {
    above: f64,
    below: f64,
}

impl Degree {
    fn new(above: f64, below: f64) -> Self {
        Self { above, below }
    }
}

/// The degree of the numerator of the difference of two nodes, and of all coincidences of arguments.
pub(super) fn of_difference(store: &Store, roots: [NodeId; 2], sizes: &Assignment) -> Result<f64, Stop> {
    let nodes = store.reachable(&roots);
    let mut known: Vec<Degree> = vec![Degree::default(); nodes.last().map_or(0, |n| n.0 as usize + 1)];
    let mut coincidences = 0.0;
    for id in nodes {
        let degree = of_node(store, id, sizes, &known, &mut coincidences)?;
        known[id.0 as usize] = degree;
    }
    let [a, b] = roots.map(|r| known[r.0 as usize]);
    Ok((a.above + b.below).max(b.above + a.below) + coincidences)
}

fn of_node(
    store: &Store,
    id: NodeId,
    sizes: &Assignment,
    known: &[Degree],
    coincidences: &mut f64,
) -> Result<Degree, Stop> {
    let of = |x: &NodeId| known[x.0 as usize];
    let entries = |x: &NodeId| -> Result<f64, Stop> {
        store.axes(*x).iter().map(|d| Ok(sizes.dimension(store.poly(*d))? as f64)).product()
    };
    let square = |x: &NodeId| -> Result<(f64, f64), Stop> {
        let axes = store.axes(*x);
        let size = axes.last().map_or(Ok(1), |d| sizes.dimension(store.poly(*d)))? as f64;
        Ok((size, (entries(x)? / (size * size).max(1.0)).max(1.0)))
    };
    Ok(match store.node(id) {
        Node::Variable(v) => {
            let variable = store.variable(*v);
            let count = entries(&id)?;
            let has = |p: Property| variable.properties.contains(&p);
            if has(Property::Orthogonal) || has(Property::Probability) {
                Degree::new(2.0 * count, 2.0 * count)
            } else {
                Degree::new(2.0, 0.0)
            }
        }
        Node::Definition { body, .. } => of(body),
        Node::Product(p) => p.factors.iter().fold(Degree::default(), |d, (x, _)| {
            let x = of(x);
            Degree::new(d.above + x.above, d.below + x.below)
        }),
        Node::Sum(terms) => {
            let below: f64 = terms.iter().map(|(_, x)| of(x).below).sum();
            let above = terms.iter().map(|(_, x)| of(x).above + below - of(x).below).fold(0.0, f64::max);
            Degree::new(above, below)
        }
        Node::Zero(_) | Node::Integer(_) | Node::Pattern(_) => Degree::default(),
        Node::Constant(_) => Degree::new(1.0, 0.0),
        Node::Map(f, x) => {
            let (d, count) = (of(x), entries(x)?);
            of_function(f, d, count, coincidences)
        }
        Node::ScalarPower(x, y) => {
            let count = entries(x)?;
            *coincidences += count * count * (of(x).above + of(x).below + of(y).above + of(y).below);
            Degree::new(of(x).above * 64.0 + 1.0, of(x).below * 64.0 + 1.0)
        }
        Node::Inverse(x) => {
            let ((n, batch), d) = (square(x)?, of(x));
            // D adj N / det N, over a common multiple of the batch's determinants.
            Degree::new(d.below + batch * n * d.above, batch * n * d.above)
        }
        Node::Determinant(x) => {
            let ((n, _), d) = (square(x)?, of(x));
            Degree::new(n * d.above, n * d.below)
        }
        Node::MatrixPower(x, p) => {
            let ((n, batch), d) = (square(x)?, of(x));
            // A bound for every value that an exponent or a variable of a sum takes in a comparison.
            let size =
                p.evaluate(&|v: IntVar| Some(sizes.of(v).unwrap_or(64))).map_or(64.0, |e| (e as f64).abs() + 64.0);
            let inverse = d.below + batch * n * d.above;
            Degree::new(size * inverse, size * inverse)
        }
        Node::Unknown { argument, .. } => {
            *coincidences += entries(argument)? * (of(argument).above + of(argument).below);
            Degree::new(1.0, 0.0)
        }
        // The terms differ only in exponents, which are bounded above.
        Node::RangeSum { body, .. } => Degree::new(of(body).above + 64.0 * of(body).below, 64.0 * of(body).below),
        Node::Fuse { argument, .. } | Node::Split { argument, .. } => of(argument),
    })
}

fn of_function(f: &Function, d: Degree, count: f64, coincidences: &mut f64) -> Degree {
    // Other than powers, a function is at most a quotient of degree 2 in its hashed value.
    let hashed = Degree::new(2.0 * count, 2.0 * count);
    *coincidences += match f {
        Function::Power(q) if q.is_integer() => 0.0,
        _ => count * count * (d.above + d.below),
    };
    match f {
        Function::Power(q) => {
            let twice = (&Rational::from(2) * q).to_f64().abs();
            if q.is_negative() {
                // D/N entry by entry, over the product of all N.
                Degree::new(twice * (d.below + count * d.above), twice * count * d.above)
            } else {
                Degree::new(twice * d.above, twice * d.below)
            }
        }
        Function::Relu | Function::Abs => Degree::new(d.above + 1.0, d.below),
        Function::Sign | Function::Positive | Function::NonNegative | Function::Zero | Function::Unknown(..) => {
            Degree::new(1.0, 0.0)
        }
        Function::Exp
        | Function::Log
        | Function::Sin
        | Function::Cos
        | Function::Tan
        | Function::Atan
        | Function::Asin
        | Function::Erf
        | Function::Sinh
        | Function::Cosh
        | Function::Tanh
        | Function::Sigmoid
        | Function::Softplus => hashed,
    }
}

/// The most factors that any term multiplies, with an inverse, a determinant or a function counted as its argument:
/// an identity of n×n matrices of fewer than n factors holds for every n.
pub(super) fn factors(store: &Store, roots: &[NodeId]) -> i64 {
    let nodes = store.reachable(roots);
    let mut known: Vec<i64> = vec![0; nodes.last().map_or(0, |n| n.0 as usize + 1)];
    for id in &nodes {
        let operands = store.operands(*id);
        let of = |x: &NodeId| known[x.0 as usize];
        let most = operands.iter().map(of).max().unwrap_or(0);
        known[id.0 as usize] = match store.node(*id) {
            Node::Variable(_) => 1,
            Node::Product(_) => operands.iter().map(of).fold(0, i64::saturating_add),
            Node::Map(Function::Power(q), _) => most.saturating_mul(q.to_integer().map_or(1, |n| n.abs().clamp(1, 64))),
            Node::MatrixPower(..) => most.saturating_mul(4),
            Node::Zero(_) | Node::Integer(_) | Node::Constant(_) | Node::Pattern(_) => 0,
            Node::Definition { .. }
            | Node::Sum(_)
            | Node::Map(..)
            | Node::ScalarPower(..)
            | Node::Inverse(_)
            | Node::Determinant(_)
            | Node::Unknown { .. }
            | Node::RangeSum { .. }
            | Node::Fuse { .. }
            | Node::Split { .. } => most,
        };
    }
    roots.iter().map(|r| known[r.0 as usize]).max().unwrap_or(0)
}
