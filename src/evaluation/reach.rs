//! How large sizes have to be for everything in a graph to be seen.
//!
//! The entry x₉ is nothing in a vector of length 4, `n < 12` holds at every small n, and (n − 2)(n − 3)(n − 4) is 0 at
//! each of the usual sizes. So places that are named by a number set a least size, what depends on sizes as numbers is
//! looked at once more often than a polynomial of its degree has zeros, and comparisons of sizes at every size up to
//! where they change.

use super::plan::for_each_poly;
use super::random::Random;
use super::sample::variables;
use super::sizes::Sizing;
use super::tensor::Assignment;
use crate::dimension::{Constraint, IntVar, Order, Poly};
use crate::tensor::{Function, Node, NodeId, Pattern, Store};

/// Places beyond this are not made room for.
pub(super) const FARTHEST: i64 = 60;
/// Sizes up to this are gone through one by one.
const LARGEST: i64 = 40;
/// The most factors that depend on sizes.
const DEGREE: u32 = 16;
/// Lines on which sizes are tried.
const LINES: u64 = 3;
/// Sizes that are gone through one by one.
const SINGLE: usize = 3;
/// So many sizes are tried even and odd, in every combination.
const PARITIES: usize = 3;

/// Assignments beside the usual ones.
#[derive(Clone, Debug, Default)]
pub struct Far {
    /// On lines, that is each size an arithmetic progression.
    pub line: Vec<Assignment>,
    /// At how many of them the sides have to be equal: a polynomial in the sizes that is zero there is zero.
    pub needed: usize,
    /// Those between which comparisons of sizes change; at all of them the sides have to be equal.
    pub all: Vec<Assignment>,
}

/// What has to hold for the places named in a graph to exist.
pub(super) fn places(store: &Store, nodes: &[NodeId]) -> Vec<Constraint> {
    let one = Poly::constant(1);
    let mut found = Vec::new();
    for id in nodes {
        match store.node(*id) {
            Node::Pattern(Pattern::Basis { dim, position }) => {
                at_least(&mut found, store.poly(*dim), position);
                at_least(&mut found, position, &one);
            }
            Node::Pattern(Pattern::Shift { rows, cols, offset }) => {
                at_least(&mut found, store.poly(*rows), &offset.add(&one));
                at_least(&mut found, &store.poly(*cols).add(offset), &one);
            }
            _ => {}
        }
    }
    found
}

/// What has to hold for sums not to be empty, as some are at a border.
pub(super) fn ranges(store: &Store, nodes: &[NodeId]) -> Vec<Constraint> {
    let mut found = Vec::new();
    for id in nodes {
        if let Node::Pattern(Pattern::Range { lower, upper, .. }) | Node::RangeSum { lower, upper, .. } =
            store.node(*id)
        {
            at_least(&mut found, upper, lower);
        }
    }
    found
}

fn at_least(found: &mut Vec<Constraint>, left: &Poly, right: &Poly) {
    let c = Constraint { left: left.clone(), order: Order::GreaterEqual, right: right.clone() };
    if left.sub(right).as_constant().is_none() && !found.contains(&c) {
        found.push(c);
    }
}

/// The largest number in some comparisons of sizes.
pub(super) fn farthest(places: &[Constraint]) -> i64 {
    places.iter().flat_map(|c| [largest(&c.left), largest(&c.right)]).max().unwrap_or(0)
}

fn largest(p: &Poly) -> i64 {
    p.terms().map(|t| t.1.saturating_abs()).max().unwrap_or(0)
}

/// How many factors depend on sizes as numbers: those that are said, such as n − 2, and those that may hide one, such
/// as tr(A A⁻¹) − 2.
#[derive(Copy, Clone, Default)]
struct Degree {
    said: u32,
    hidden: u32,
}

impl Degree {
    fn or(self, other: Self) -> Self {
        Self { said: self.said.max(other.said), hidden: self.hidden.max(other.hidden) }
    }

    fn and(self, other: Self) -> Self {
        Self { said: self.said.saturating_add(other.said), hidden: self.hidden.saturating_add(other.hidden) }
    }

    fn times(self, n: u32) -> Self {
        Self { said: self.said.saturating_mul(n), hidden: self.hidden.saturating_mul(n) }
    }

    /// How many zeros it may have beyond what the usual sizes exclude.
    fn zeros(self) -> u32 {
        let all = self.said.saturating_add(self.hidden);
        if self.said > 1 || all > 3 { all } else { 0 }
    }
}

fn degree(store: &Store, nodes: &[NodeId]) -> Degree {
    let mut known: Vec<Degree> = vec![Degree::default(); nodes.last().map_or(0, |n| n.0 as usize + 1)];
    let mut most = Degree::default();
    for id in nodes {
        let of = |x: &NodeId| known[x.0 as usize];
        let inner = store.operands(*id).iter().map(of).fold(Degree::default(), Degree::or);
        let own = match store.node(*id) {
            Node::Integer(p) => {
                let said = p.terms().map(|t| u32::try_from(t.0.len()).unwrap_or(DEGREE)).max().unwrap_or(0);
                Degree { said, hidden: 0 }
            }
            Node::Product(p) => {
                let sum = p.factors.iter().map(|f| of(&f.0)).fold(Degree::default(), Degree::and);
                let closed = p.out.is_empty() && p.factors.iter().any(|f| !f.1.is_empty());
                Degree { hidden: sum.hidden.saturating_add(u32::from(closed)), ..sum }
            }
            Node::Map(Function::Power(q), _) => inner.times(q.to_f64().abs().ceil().clamp(1.0, 64.0) as u32),
            Node::MatrixPower(_, p) => inner.times(p.as_constant().map_or(4, |k| k.unsigned_abs().clamp(1, 64) as u32)),
            Node::RangeSum { .. } => Degree { said: inner.said.saturating_add(1), ..inner },
            _ => inner,
        };
        known[id.0 as usize] = own;
        most = most.or(own);
    }
    most
}

/// Up to which size comparisons of sizes alone may change, and roots of sizes alone their branch; 0 where there are
/// none.
fn change(store: &Store, nodes: &[NodeId]) -> i64 {
    let turns = |f: &Function| match f {
        Function::Power(q) => !q.is_integer(),
        Function::Relu
        | Function::Abs
        | Function::Sign
        | Function::Positive
        | Function::NonNegative
        | Function::Zero => true,
        _ => false,
    };
    let mut most = 0.0f64;
    for id in nodes {
        let argument = match store.node(*id) {
            Node::Map(f, x) if turns(f) => *x,
            _ => continue,
        };
        let inner = store.reachable(&[argument]);
        if !variables(store, &[argument]).is_empty() || !inner.iter().any(|x| has_sizes(store, *x)) {
            continue;
        }
        // No zero of a polynomial is larger than 1 and the sum of its coefficients over the leading one.
        let bound = inner.iter().map(|x| match store.node(*x) {
            Node::Sum(terms) => terms.iter().map(|t| t.0.to_f64().abs()).map(|c| c.max(1.0 / c)).sum(),
            Node::Integer(p) => p.terms().map(|t| t.1.unsigned_abs() as f64).sum(),
            _ => 0.0,
        });
        most = most.max(1.0 + bound.sum::<f64>());
    }
    most.ceil().min(1e9) as i64
}

/// Whether a sign may stand to the power of a product of sizes: (−1) to it, a determinant to a symbolic power, or of a
/// matrix with as many rows as such a product.
fn has_signs(store: &Store, nodes: &[NodeId]) -> bool {
    let is_product = |p: &Poly| p.terms().any(|t| t.0.len() > 1);
    let mut determinant = false;
    let mut power = false;
    for id in nodes {
        match store.node(*id) {
            Node::Determinant(x) => {
                determinant = true;
                power |= store.axes(*x).last().is_some_and(|d| is_product(store.poly(*d)));
            }
            Node::MatrixPower(_, p) if is_product(p) => return true,
            Node::MatrixPower(_, p) => power |= p.as_constant().is_none(),
            Node::ScalarPower(..) => return true,
            _ => {}
        }
    }
    determinant && power
}

fn has_sizes(store: &Store, id: NodeId) -> bool {
    let mut found = false;
    for_each_poly(store, id, &mut |p| found |= p.as_constant().is_none());
    found
}

impl Sizing<'_> {
    /// The sizes at which what depends on sizes as numbers shows, beside the usual ones; nothing where they are beyond
    /// what can be tried.
    #[must_use]
    pub fn far(&self, store: &Store, roots: &[NodeId], seed: u64) -> Option<Far> {
        if self.is_beyond {
            return None;
        }
        let nodes = store.reachable(roots);
        let mut far = Far::default();
        if self.variables.is_empty() {
            return Some(far);
        }
        let zeros = degree(store, &nodes).zeros();
        if zeros > DEGREE {
            return None;
        }
        if zeros > 0 {
            far.needed = zeros as usize + 1;
            for line in 0..LINES {
                self.extend_line(seed ^ line, far.needed, &mut far.line);
            }
        }
        let change = change(store, &nodes);
        if change > LARGEST {
            return None;
        }
        if let (1.., Some(base)) = (change, self.small(0)) {
            for i in 0..base.0.len().min(SINGLE) {
                for n in 1..=change + 1 {
                    let mut moved = base.clone();
                    moved.0[i].1 = n;
                    if self.fits(&moved.0, 1, false) && !far.all.contains(&moved) {
                        far.all.push(moved);
                    }
                }
            }
            far.all.extend(self.large(&base, change + 2).filter(|a| !far.all.contains(a)));
        }
        if has_signs(store, &nodes) {
            self.extend_parities(store, roots, &mut far.all);
        }
        Some(far)
    }

    /// Every combination of even and odd that the usual assignments leave out: (−1) to the power of n k is 1 wherever
    /// one of the two is even.
    fn extend_parities(&self, store: &Store, roots: &[NodeId], out: &mut Vec<Assignment>) {
        let mut seen: Vec<Assignment> = [0, 1].into_iter().filter_map(|number| self.small(number)).collect();
        seen.extend(self.other_parity(store, roots, &seen));
        let Some(base) = seen.first().cloned() else { return };
        let count = base.0.len().min(PARITIES);
        let is_like = |a: &Assignment, which: usize| {
            a.0.iter().take(count).enumerate().all(|(i, (_, n))| n.rem_euclid(2) == i64::from(which >> i & 1 == 1))
        };
        for which in 0..1usize << count {
            if count < 2 || seen.iter().any(|a| is_like(a, which)) {
                continue;
            }
            for wishes in [true, false] {
                let moved = |by: i64| {
                    let mut a = base.clone();
                    for (i, (_, n)) in a.0.iter_mut().take(count).enumerate() {
                        *n += if n.rem_euclid(2) == i64::from(which >> i & 1 == 1) { 0 } else { by };
                    }
                    a
                };
                if let Some(a) = [1, -1, 3].into_iter().map(moved).find(|a| self.fits(&a.0, 2, wishes)) {
                    out.push(a);
                    break;
                }
            }
        }
    }

    /// Assignments on one line, whose slopes come from the seed.
    fn extend_line(&self, seed: u64, count: usize, out: &mut Vec<Assignment>) {
        let mut random = Random::new(seed);
        let mut slopes: Vec<i64> = (0..self.variables.len()).map(|j| 1 + (j % 3) as i64).collect();
        for i in (1..slopes.len()).rev() {
            slopes.swap(i, random.below(i as u64 + 1) as usize);
        }
        let starts: Vec<i64> = slopes.iter().map(|_| 2 + random.below(3) as i64).collect();
        let at = |step: i64| -> Vec<(IntVar, i64)> {
            let mut a: Vec<(IntVar, i64)> = self
                .variables
                .iter()
                .zip(slopes.iter().zip(&starts))
                .map(|(v, (slope, start))| (*v, self.range(*v).map_or(*start, |r| start.max(&r.0) - 1) + step * slope))
                .collect();
            a.sort_unstable();
            a
        };
        let fitting = (0..2 * LARGEST).map(at).filter(|a| self.fits(a, 1, false)).map(Assignment);
        for a in fitting.take(count) {
            if !out.contains(&a) {
                out.push(a);
            }
        }
    }
}
