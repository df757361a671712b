//! Weights: by what number each term would have to be multiplied for the whole to be right.

use super::bench::{Bench, agree, ratio};
use super::outline::{Group, Outline, Term};
use super::patch::{Draft, Patch};
use crate::number::Rational;
use crate::operator::{ADD, DIVIDE, HADAMARD, MULTIPLY, NEGATE};
use crate::syntax::{ExprId, ExprIds, Kind, Tree};

/// Largest denominator of a weight.
const LARGEST_DENOMINATOR: i64 = 24;

/// The rational number of small denominator that a number is close to.
pub(super) fn recognise(x: f64) -> Option<Rational> {
    for d in 1..=LARGEST_DENOMINATOR {
        let n = x * d as f64;
        let rounded = libm::round(n);
        if (n - rounded).abs() <= 1e-6 * d as f64 && rounded.abs() <= 1000.0 {
            return Rational::new(rounded as i64, d);
        }
    }
    None
}

/// The weights of a sum's terms that make the whole right; the sum must stand where the formula is linear in it.
pub(super) fn weights(bench: &mut Bench<'_>, outline: &Outline<'_>, group: &Group) -> Option<Vec<f64>> {
    let given = bench.given.clone()?;
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for term in &group.terms {
        let mut draft = Draft::new(outline.tree);
        let alone = draft.kind(term.signed);
        draft.set(group.root, alone);
        let tree = draft.finish().apply(outline.tree);
        let node = bench.node_of(&tree)?;
        columns.push(bench.all_numbers(node)?.concat());
    }
    let (given, truth) = (given.concat(), bench.truth.concat());
    // What stands beside the sum is in each of them: the whole is what stands beside, and what each term adds.
    let count = columns.len() as f64;
    let beside: Vec<f64> = (0..given.len())
        .map(|k| (columns.iter().filter_map(|c| c.get(k)).sum::<f64>() - given[k]) / (count - 1.0).max(1.0))
        .collect();
    for column in &mut columns {
        column.iter_mut().zip(&beside).for_each(|(x, b)| *x -= b);
    }
    let right: Vec<f64> = truth.iter().zip(&beside).map(|(t, b)| t - b).collect();
    // One term first: where terms depend on each other, the fewest changes explain most.
    let residual: Vec<f64> = truth.iter().zip(&given).map(|(t, g)| t - g).collect();
    for (i, column) in columns.iter().enumerate() {
        if let Some(c) = ratio(column, &residual) {
            let mut all = vec![1.0; columns.len()];
            all[i] += c;
            return Some(all);
        }
    }
    solve(&columns, &right)
}

/// What each term of a sum adds to the whole at each point, and what stands beside the sum.
pub(super) struct Columns {
    /// By point, then by term.
    pub(super) own: Vec<Vec<Vec<f64>>>,
    /// By point.
    pub(super) beside: Vec<Vec<f64>>,
}

impl Columns {
    /// Of a sum of the candidate; nothing where a term cannot be evaluated alone. The sum must stand where the formula
    /// is linear in it.
    pub(super) fn new(bench: &mut Bench<'_>, outline: &Outline<'_>, group: &Group) -> Option<Self> {
        let given = bench.given.clone()?;
        Self::of(bench, outline, group, &given)
    }

    /// Of a sum of a changed candidate with these numbers.
    pub(super) fn of(bench: &mut Bench<'_>, outline: &Outline<'_>, group: &Group, given: &[Vec<f64>]) -> Option<Self> {
        let mut columns: Vec<Vec<Vec<f64>>> = Vec::new();
        for term in &group.terms {
            let mut draft = Draft::new(outline.tree);
            let alone = draft.kind(term.signed);
            draft.set(group.root, alone);
            let tree = draft.finish().apply(outline.tree);
            let node = bench.node_of(&tree)?;
            columns.push(bench.all_numbers(node)?);
        }
        // What stands beside the sum is in each of them: the whole is what stands beside, and what each term adds.
        let others = (columns.len() as f64 - 1.0).max(1.0);
        let mut all = Self { own: Vec::new(), beside: Vec::new() };
        for (p, given) in given.iter().enumerate() {
            let beside: Vec<f64> =
                (0..given.len()).map(|k| (columns.iter().map(|c| c[p][k]).sum::<f64>() - given[k]) / others).collect();
            all.own.push(columns.iter().map(|c| minus(&c[p], &beside)).collect());
            all.beside.push(beside);
        }
        Some(all)
    }

    /// The columns at a point with something added to one of them.
    pub(super) fn changed(&self, point: usize, term: usize, delta: &[f64]) -> Option<Vec<Vec<f64>>> {
        let mut own = self.own.get(point)?.clone();
        own.get_mut(term)?.iter_mut().zip(delta).for_each(|(x, d)| *x += d);
        Some(own)
    }

    /// The weight of each term at each point, where there is exactly one way: numbers that are the same at all points,
    /// or scalars of the task, which differ.
    pub(super) fn weights(&self, truth: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
        let terms = self.own.first()?.len();
        let joined: Vec<Vec<f64>> =
            (0..terms).map(|i| self.own.iter().flat_map(|own| own[i].iter().copied()).collect()).collect();
        let right = minus(&truth.concat(), &self.beside.concat());
        if let Some(w) = solve(&joined, &right).filter(|_| right.len() > terms) {
            return Some(vec![w; self.own.len()]);
        }
        self.own.iter().zip(&self.beside).zip(truth).map(|((own, b), t)| solve(own, &minus(t, b))).collect()
    }
}

/// The difference of two lists.
pub(super) fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(x, y)| x - y).collect()
}

/// What has to be done with a term to give it another weight.
pub(super) fn multiplied(text: &str, c: &Rational) -> String {
    match c.is_integer() && !c.is_negative() {
        true => format!("`{text}` has to be taken {} times", times(c)),
        false => format!("`{text}` has to be multiplied by {}", times(c)),
    }
}

/// A number in words.
pub(super) fn times(c: &Rational) -> String {
    if c.is_integer() { c.to_string() } else { format!("{}/{}", c.parts().0, c.parts().1) }
}

/// The combination of columns that gives the right side, where there is exactly one.
pub(super) fn solve(columns: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    let n = columns.len();
    if n == 0 || n > 12 || columns.iter().any(|c| c.len() != right.len()) {
        return None;
    }
    let norms: Vec<f64> = columns.iter().map(|c| libm::sqrt(dot(c, c))).collect();
    if norms.iter().any(|x| *x <= 0.0) {
        return None;
    }
    // Normal equations of columns of length one, by elimination.
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut row: Vec<f64> = (0..n).map(|j| dot(&columns[i], &columns[j]) / (norms[i] * norms[j])).collect();
            row.push(dot(&columns[i], right) / norms[i]);
            row
        })
        .collect();
    for k in 0..n {
        let pivot = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs()))?;
        rows.swap(k, pivot);
        if rows[k][k].abs() < 1e-9 {
            return None;
        }
        for i in 0..n {
            if i != k {
                let factor = rows[i][k] / rows[k][k];
                let pivot = rows[k].clone();
                for (x, p) in rows[i].iter_mut().zip(&pivot).skip(k) {
                    *x -= factor * p;
                }
            }
        }
    }
    let solution: Vec<f64> = (0..n).map(|k| rows[k][n] / rows[k][k] / norms[k]).collect();
    let mut sum = vec![0.0; right.len()];
    for (c, column) in solution.iter().zip(columns) {
        sum.iter_mut().zip(column).for_each(|(s, x)| *s += c * x);
    }
    agree(&sum, right).then_some(solution)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// A whole formula as a term.
pub(super) fn whole(tree: &Tree) -> Term {
    match tree.as_apply(tree.root) {
        Some((op, [inner])) if op == &NEGATE => Term { signed: tree.root, id: *inner, negative: true },
        _ => Term { signed: tree.root, id: tree.root, negative: false },
    }
}

/// Multiplies a term by a number other than 0.
pub(super) fn scale(draft: &mut Draft<'_>, term: Term, c: &Rational) {
    let size = c.abs();
    if !size.is_one() {
        scale_positive(draft, term.id, &size);
    }
    if !c.is_negative() {
        return;
    }
    if term.negative {
        let inner = draft.kind(term.id);
        draft.set(term.signed, inner);
    } else {
        let inner = draft.copy(term.signed);
        draft.set_apply(term.signed, &NEGATE, &[inner]);
    }
}

/// A number as a formula.
pub(super) fn number(draft: &mut Draft<'_>, c: &Rational) -> ExprId {
    let kind = number_kind(draft, c);
    draft.push(kind)
}

fn number_kind(draft: &mut Draft<'_>, c: &Rational) -> Kind {
    let (over, under) = c.parts();
    let part = |x: num_bigint::BigInt| Rational::from_big(num_rational::BigRational::from_integer(x));
    if c.is_integer() {
        return Kind::Number(c.clone());
    }
    let (over, under) = (draft.push(Kind::Number(part(over))), draft.push(Kind::Number(part(under))));
    Kind::Apply { operator: &DIVIDE, arguments: ExprIds::from_slice(&[over, under]) }
}

/// The value of a number or a fraction of numbers.
fn as_number(draft: &Draft<'_>, id: ExprId) -> Option<Rational> {
    match draft.kind(id) {
        Kind::Number(n) => Some(n),
        Kind::Apply { operator, arguments } if operator == &DIVIDE => {
            let (a, b) = (as_number(draft, arguments[0])?, as_number(draft, arguments[1])?);
            Some(&a * &b.recip()?)
        }
        _ => None,
    }
}

fn scale_positive(draft: &mut Draft<'_>, id: ExprId, c: &Rational) {
    // A number in front takes the factor; if it becomes one, it goes.
    let mut at = id;
    let mut parents: Vec<(ExprId, ExprId)> = Vec::new();
    loop {
        if let Some(n) = as_number(draft, at) {
            let product = &n * c;
            match parents.last() {
                Some((parent, other)) if product.is_one() => {
                    let rest = draft.kind(*other);
                    draft.set(*parent, rest);
                }
                _ => {
                    let kind = number_kind(draft, &product);
                    draft.set(at, kind);
                }
            }
            return;
        }
        match draft.kind(at) {
            Kind::Apply { operator, arguments } if operator == &MULTIPLY || operator == &HADAMARD => {
                parents.push((at, arguments[1]));
                at = arguments[0];
            }
            Kind::Apply { operator, arguments } if operator == &DIVIDE => {
                // Half of x/2 is x/4, twice of it x.
                if let Some(n) = as_number(draft, arguments[1]) {
                    if let Some(product) = c.recip().map(|r| &n * &r).filter(Rational::is_integer) {
                        let kind =
                            if product.is_one() { draft.kind(arguments[0]) } else { Kind::Number(product.clone()) };
                        draft.set(if product.is_one() { at } else { arguments[1] }, kind);
                        return;
                    }
                }
                parents.push((at, at));
                at = arguments[0];
                if as_number(draft, at).is_some() {
                    // 1/x: the number above takes the factor, and stays even if it is one.
                    parents.clear();
                }
            }
            _ => break,
        }
    }
    let factor = number(draft, c);
    let first = leftmost(draft, id);
    let inner = draft.copy(first);
    draft.set_apply(first, &MULTIPLY, &[factor, inner]);
}

/// The first factor of a product.
fn leftmost(draft: &Draft<'_>, id: ExprId) -> ExprId {
    match draft.kind(id) {
        Kind::Apply { operator, arguments } if operator == &MULTIPLY => leftmost(draft, arguments[0]),
        _ => id,
    }
}

/// Puts a scalar in front of a term, behind a number that stands there.
pub(super) fn put_scalar(draft: &mut Draft<'_>, id: ExprId, scalar: ExprId) {
    let first = leftmost(draft, id);
    let inner = draft.copy(first);
    match as_number(draft, first) {
        Some(_) if first != id => draft.set_apply(first, &MULTIPLY, &[inner, scalar]),
        _ => draft.set_apply(first, &MULTIPLY, &[scalar, inner]),
    }
}

/// The sum without some of its terms; nothing where no term is left.
pub(super) fn without(tree: &Tree, group: &Group, gone: &[usize]) -> Option<Patch> {
    let mut draft = Draft::new(tree);
    let kept: Vec<ExprId> =
        group.terms.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, t)| t.signed).collect();
    rebuild(&mut draft, group.root, &kept)?;
    Some(draft.finish())
}

fn rebuild(draft: &mut Draft<'_>, root: ExprId, kept: &[ExprId]) -> Option<()> {
    let (last, front) = kept.split_last()?;
    let Some((first, middle)) = front.split_first() else {
        let only = draft.kind(*last);
        draft.set(root, only);
        return Some(());
    };
    let mut sum = *first;
    for id in middle {
        sum = draft.apply(&ADD, &[sum, *id]);
    }
    draft.set_apply(root, &ADD, &[sum, *last]);
    Some(())
}
