//! Contractions of dense tensors, two at a time, the cheapest pair first.

use super::ring::{Ring, Stop};
use super::tensor::{Budget, Dims, Tensor};
use crate::tensor::Label;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// A factor with one label an axis, none twice.
struct Operand<'a, E: Clone> {
    data: Cow<'a, [E]>,
    labels: SmallVec<[u8; 8]>,
}

type Labels = SmallVec<[u8; 8]>;

/// A factor of a contraction, with the labels of its axes.
pub(super) type Factor<'a, E> = (&'a Tensor<E>, &'a [Label]);

/// Strides of row-major axes.
fn strides(dims: &[usize]) -> SmallVec<[usize; 8]> {
    let mut out: SmallVec<[usize; 8]> = smallvec![1; dims.len()];
    for i in (1..dims.len()).rev() {
        out[i - 1] = out[i] * dims[i];
    }
    out
}

/// One loop of a nest: its length and the steps in three arrays.
#[derive(Copy, Clone)]
struct Loop {
    length: usize,
    steps: [usize; 3],
}

/// Runs a nest of loops, the last one innermost, over the three offsets.
fn nest(loops: &[Loop], f: &mut impl FnMut([usize; 3])) {
    if loops.iter().any(|l| l.length == 0) {
        return;
    }
    let mut counter: SmallVec<[usize; 8]> = smallvec![0; loops.len()];
    let mut at = [0usize; 3];
    loop {
        f(at);
        let mut done = true;
        for (l, c) in loops.iter().zip(&mut counter).rev() {
            *c += 1;
            (0..3).for_each(|k| at[k] += l.steps[k]);
            if *c < l.length {
                done = false;
                break;
            }
            *c = 0;
            (0..3).for_each(|k| at[k] -= l.steps[k] * l.length);
        }
        if done {
            return;
        }
    }
}

/// The step of each label in an operand: the sum over its axes.
fn step_of(label: u8, labels: &[u8], strides: &[usize]) -> usize {
    labels.iter().zip(strides).filter(|(l, _)| **l == label).map(|(_, s)| *s).sum()
}

/// The contraction of factors onto the labels `out`; `dims[l]` is the length of label `l`.
pub(super) fn contract<R: Ring>(
    ring: &R,
    factors: &[Factor<'_, R::Element>],
    out: &[Label],
    dims: &[usize],
    budget: &mut Budget,
) -> Result<Tensor<R::Element>, Stop> {
    if dims.len() > 128 {
        return Err(Stop::TooLarge);
    }
    let result_dims: Dims = out.iter().map(|l| dims[*l as usize]).collect();
    let size = budget.size(&result_dims)?;
    let narrow = |labels: &[Label]| labels.iter().map(|l| *l as u8).collect::<Labels>();
    let out = narrow(out);
    let mut operands: SmallVec<[Operand<'_, R::Element>; 4]> = SmallVec::new();
    for (tensor, labels) in factors {
        let fits =
            tensor.dims.len() == labels.len() && tensor.dims.iter().zip(*labels).all(|(d, l)| *d == dims[*l as usize]);
        if !fits {
            return Err(Stop::Missing);
        }
        operands.push(Operand { data: Cow::Borrowed(&tensor.data), labels: narrow(labels) });
    }
    let mask = |labels: &[u8]| labels.iter().fold(0u128, |m, l| m | 1 << l);
    let outside = mask(&out);
    // Labels of one factor alone are summed, and diagonals taken, before anything is multiplied.
    for i in 0..operands.len() {
        let others =
            operands.iter().enumerate().filter(|(j, _)| *j != i).fold(outside, |m, (_, o)| m | mask(&o.labels));
        let labels = operands[i].labels.clone();
        let repeated = mask(&labels).count_ones() as usize != labels.len();
        if repeated || (mask(&labels) & !others != 0 && operands.len() > 1) {
            let mut keep = Labels::new();
            labels.iter().for_each(|l| {
                if others & (1 << l) != 0 && !keep.contains(l) {
                    keep.push(*l);
                }
            });
            operands[i] = reduce(ring, &operands[i], keep, dims, budget)?;
        }
    }
    while operands.len() > 1 {
        let (i, j) = cheapest(&operands, dims, &mask);
        let b = operands.remove(j);
        let a = operands.remove(i);
        let needed = operands.iter().fold(outside, |m, o| m | mask(&o.labels));
        let keep = kept(&a.labels, &b.labels, needed, if operands.is_empty() { &out } else { &[] });
        let product = pair(ring, &a, &b, keep, dims, budget)?;
        operands.push(product);
    }
    let one;
    let operand = match operands.pop() {
        Some(o) if o.labels == out => return Ok(Tensor { dims: result_dims, data: o.data.into_owned() }),
        Some(o) => o,
        None => {
            one = [ring.integer(1)];
            Operand { data: Cow::Borrowed(&one[..]), labels: Labels::new() }
        }
    };
    let operand = if mask(&operand.labels) & !outside == 0 {
        operand
    } else {
        let keep = kept(&operand.labels, &[], outside, &out);
        reduce(ring, &operand, keep, dims, budget)?
    };
    if operand.labels == out {
        return Ok(Tensor { dims: result_dims, data: operand.data.into_owned() });
    }
    spread(ring, &operand, &out, dims, result_dims, size, budget)
}

/// The labels of a product of two operands, in the order of `out` first.
fn kept(a: &[u8], b: &[u8], needed: u128, out: &[u8]) -> Labels {
    let mut keep = Labels::new();
    let of_either = |l: &&u8| needed & (1 << **l) != 0 && (a.contains(l) || b.contains(l));
    for l in out.iter().chain(a).chain(b).filter(of_either) {
        if !keep.contains(l) {
            keep.push(*l);
        }
    }
    keep
}

/// The pair whose product takes the fewest multiplications.
fn cheapest<E: Clone>(operands: &[Operand<'_, E>], dims: &[usize], mask: &impl Fn(&[u8]) -> u128) -> (usize, usize) {
    let mut best = (0, 1);
    let mut least = f64::INFINITY;
    if operands.len() == 2 {
        return best;
    }
    for j in 1..operands.len() {
        for i in 0..j {
            let (a, b) = (mask(&operands[i].labels), mask(&operands[j].labels));
            let mut union = a | b;
            let mut cost = if a & b == 0 { 1.5 } else { 1.0 };
            while union != 0 {
                cost *= dims[union.trailing_zeros() as usize] as f64;
                union &= union - 1;
            }
            if cost < least {
                (best, least) = ((i, j), cost);
            }
        }
    }
    best
}

fn lengths(labels: &[u8], dims: &[usize]) -> Dims {
    labels.iter().map(|l| dims[*l as usize]).collect()
}

/// Sums an operand over the labels that are not kept, and takes the diagonal of repeated ones.
fn reduce<'a, R: Ring>(
    ring: &R,
    a: &Operand<'_, R::Element>,
    keep: Labels,
    dims: &[usize],
    budget: &mut Budget,
) -> Result<Operand<'a, R::Element>, Stop> {
    let steps = strides(&lengths(&a.labels, dims));
    let make = |l: u8| Loop { length: dims[l as usize], steps: [0, step_of(l, &a.labels, &steps), 0] };
    let outer: SmallVec<[Loop; 8]> = keep.iter().map(|l| make(*l)).collect();
    let mut summed = Labels::new();
    for l in &a.labels {
        if !keep.contains(l) && !summed.contains(l) {
            summed.push(*l);
        }
    }
    let inner: SmallVec<[Loop; 8]> = summed.iter().map(|l| make(*l)).collect();
    let size = budget.size(&lengths(&keep, dims))?;
    budget.spend::<R>(a.data.len().max(size))?;
    let mut data = Vec::with_capacity(size);
    nest(&outer, &mut |[_, start, _]| {
        let mut sum: Option<R::Element> = None;
        nest(&inner, &mut |[_, offset, _]| {
            let x = &a.data[start + offset];
            sum = Some(match &sum {
                Some(s) => ring.add(s, x),
                None => x.clone(),
            });
        });
        data.push(sum.unwrap_or_else(|| ring.integer(0)));
    });
    Ok(Operand { data: Cow::Owned(data), labels: keep })
}

/// The product of two operands, summed over the labels that are not kept.
fn pair<'a, R: Ring>(
    ring: &R,
    a: &Operand<'_, R::Element>,
    b: &Operand<'_, R::Element>,
    keep: Labels,
    dims: &[usize],
    budget: &mut Budget,
) -> Result<Operand<'a, R::Element>, Stop> {
    let (sa, sb) = (strides(&lengths(&a.labels, dims)), strides(&lengths(&b.labels, dims)));
    let make =
        |l: u8| Loop { length: dims[l as usize], steps: [0, step_of(l, &a.labels, &sa), step_of(l, &b.labels, &sb)] };
    let outer: SmallVec<[Loop; 8]> = keep.iter().map(|l| make(*l)).collect();
    let mut summed = Labels::new();
    for l in a.labels.iter().chain(&b.labels) {
        if !keep.contains(l) && !summed.contains(l) {
            summed.push(*l);
        }
    }
    let inner: SmallVec<[Loop; 8]> = summed.iter().map(|l| make(*l)).collect();
    let size = budget.size(&lengths(&keep, dims))?;
    let work = inner.iter().try_fold(size, |n, l| n.checked_mul(l.length)).ok_or(Stop::Budget)?;
    budget.spend::<R>(work.max(size))?;
    let mut data = Vec::with_capacity(size);
    match inner.as_slice() {
        [] => nest(&outer, &mut |[_, i, j]| data.push(ring.mul(&a.data[i], &b.data[j]))),
        [l] => nest(&outer, &mut |[_, mut i, mut j]| {
            let mut sum = ring.integer(0);
            for _ in 0..l.length {
                sum = ring.add_product(&sum, &a.data[i], &b.data[j]);
                i += l.steps[1];
                j += l.steps[2];
            }
            data.push(sum);
        }),
        _ => nest(&outer, &mut |[_, i, j]| {
            let mut sum = ring.integer(0);
            nest(&inner, &mut |[_, di, dj]| sum = ring.add_product(&sum, &a.data[i + di], &b.data[j + dj]));
            data.push(sum);
        }),
    }
    Ok(Operand { data: Cow::Owned(data), labels: keep })
}

/// Puts an operand on the axes `out`: permuted, repeated along new labels, on the diagonal of repeated ones.
fn spread<R: Ring>(
    ring: &R,
    a: &Operand<'_, R::Element>,
    out: &[u8],
    dims: &[usize],
    result_dims: Dims,
    size: usize,
    budget: &mut Budget,
) -> Result<Tensor<R::Element>, Stop> {
    budget.spend::<R>(size)?;
    let (sa, so) = (strides(&lengths(&a.labels, dims)), strides(&result_dims));
    let mut loops: SmallVec<[Loop; 8]> = SmallVec::new();
    for (i, l) in out.iter().enumerate() {
        if !out[..i].contains(l) {
            let steps = [step_of(*l, out, &so), step_of(*l, &a.labels, &sa), 0];
            loops.push(Loop { length: dims[*l as usize], steps });
        }
    }
    let mut data = vec![ring.integer(0); size];
    nest(&loops, &mut |[to, from, _]| data[to] = a.data[from].clone());
    Ok(Tensor { dims: result_dims, data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Fractions, Limits, Random};
    use crate::number::Rational;

    /// The definition: a sum over all labels, one term for each of their values.
    fn by_definition(factors: &[Factor<'_, Rational>], out: &[Label], dims: &[usize]) -> Tensor<Rational> {
        let result: Dims = out.iter().map(|l| dims[*l as usize]).collect();
        let mut data = vec![Rational::ZERO; result.iter().product()];
        let at = |labels: &[Label], index: &[usize]| {
            labels.iter().fold(0, |n, l| n * dims[*l as usize] + index[*l as usize])
        };
        for n in 0..dims.iter().product::<usize>() {
            let mut rest = n;
            let index: Vec<usize> = dims.iter().map(|d| (rest % d, rest /= d).0).collect();
            let term = factors.iter().fold(Rational::ONE, |p, (t, l)| &p * &t.data[at(l, &index)]);
            let place = at(out, &index);
            data[place] = &data[place] + &term;
        }
        Tensor { dims: result, data }
    }

    #[track_caller]
    fn check(factors: &[&[Label]], out: &[Label], dims: &[usize]) {
        let mut random = Random::new(9);
        let tensors: Vec<Tensor<Rational>> = factors
            .iter()
            .map(|labels| {
                let shape: Dims = labels.iter().map(|l| dims[*l as usize]).collect();
                let entries = (0..shape.iter().product::<usize>()).map(|_| Rational::from(random.below(19) as i64 - 9));
                Tensor { dims: shape.clone(), data: entries.collect() }
            })
            .collect();
        let pairs: Vec<Factor<'_, Rational>> = tensors.iter().zip(factors).map(|(t, l)| (t, *l)).collect();
        let mut budget = Budget::new(&Limits::default());
        let found = contract(&Fractions, &pairs, out, dims, &mut budget).unwrap();
        assert_eq!(found, by_definition(&pairs, out, dims));
    }

    #[test]
    fn contractions_agree_with_their_definition() {
        check(&[&[0, 1], &[1, 2]], &[0, 2], &[2, 3, 4]); // A B
        check(&[&[0, 1], &[1, 2], &[2, 0]], &[], &[2, 3, 4]); // tr A B C
        check(&[&[1, 0]], &[0, 1], &[2, 3]); // Aᵀ
        check(&[&[0, 0]], &[], &[3]); // tr A
        check(&[&[0, 0]], &[0], &[3]); // the diagonal
        check(&[&[0]], &[0, 0], &[3]); // diag
        check(&[&[0, 1]], &[], &[2, 3]); // the sum of the entries
        check(&[&[1]], &[0, 1], &[2, 3]); // repeated along a new axis
        check(&[], &[0, 0], &[3]); // the identity
        check(&[], &[0, 1, 0], &[3, 2]);
        check(&[&[0], &[1]], &[1, 0], &[2, 3]); // y xᵀ
        check(&[&[0, 1], &[0, 1], &[1]], &[0, 2, 0], &[2, 3, 2]);
        check(&[&[0, 1, 2], &[2, 3], &[1, 1], &[4]], &[3, 0], &[2, 3, 4, 2, 3]);
        check(&[&[0, 0, 1], &[1, 2]], &[2, 2], &[2, 3, 4]);
    }

    #[test]
    fn the_budget_is_kept() {
        let t = Tensor { dims: Dims::from_slice(&[50, 50]), data: vec![Rational::ONE; 2500] };
        let limits = Limits { operations: 1000, entries: 4000, ..Limits::default() };
        let product = |out: &[Label]| {
            contract(&Fractions, &[(&t, &[0, 1]), (&t, &[1, 2])], out, &[50, 50, 50], &mut Budget::new(&limits))
        };
        assert_eq!(product(&[0, 2]), Err(Stop::Budget));
        assert_eq!(product(&[0, 1, 2]), Err(Stop::TooLarge));
    }
}
