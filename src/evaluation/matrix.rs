//! Inverses, determinants and powers of square matrices, by Gaussian elimination with row pivoting.

use super::ring::{Ring, Stop};
use super::tensor::{Budget, Dims, Tensor};

/// The number of matrices on the last two axes, and their size.
fn square<E>(a: &Tensor<E>) -> Result<usize, Stop> {
    match a.dims.as_slice() {
        [.., m, n] if m == n => Ok(*n),
        _ => Err(Stop::Missing),
    }
}

/// The row with the best pivot of column `k`, at or below row `k`.
fn pivot_row<R: Ring>(ring: &R, a: &[R::Element], n: usize, k: usize, width: usize) -> Option<usize> {
    let mut best = None;
    let mut largest = 0.0;
    for row in k..n {
        let size = ring.pivot(&a[row * width + k]);
        if size > largest {
            (best, largest) = (Some(row), size);
        }
    }
    best
}

fn swap_rows<E>(a: &mut [E], i: usize, j: usize, width: usize) {
    if i != j {
        (0..width).for_each(|c| a.swap(i * width + c, j * width + c));
    }
}

/// The inverses of the matrices on the last two axes.
pub(super) fn inverse<R: Ring>(
    ring: &R,
    a: &Tensor<R::Element>,
    budget: &mut Budget,
) -> Result<Tensor<R::Element>, Stop> {
    let n = square(a)?;
    let mut data = Vec::with_capacity(a.data.len());
    for matrix in a.data.chunks((n * n).max(1)) {
        budget.spend::<R>(n * n * n + 1)?;
        invert_into(ring, matrix, n, &mut data)?;
    }
    Ok(Tensor { dims: a.dims.clone(), data })
}

/// Gauss–Jordan elimination of [A | I].
fn invert_into<R: Ring>(ring: &R, matrix: &[R::Element], n: usize, out: &mut Vec<R::Element>) -> Result<(), Stop> {
    let width = 2 * n;
    let mut a = Vec::with_capacity(n * width);
    let (zero, one) = (ring.integer(0), ring.integer(1));
    for (i, row) in matrix.chunks(n.max(1)).enumerate() {
        a.extend_from_slice(row);
        a.extend((0..n).map(|j| if i == j { one.clone() } else { zero.clone() }));
    }
    for k in 0..n {
        let best = pivot_row(ring, &a, n, k, width).ok_or(Stop::Singular)?;
        swap_rows(&mut a, k, best, width);
        let inverse = ring.inverse(&a[k * width + k])?;
        a[k * width + k] = one.clone();
        for c in k + 1..width {
            a[k * width + c] = ring.mul(&a[k * width + c], &inverse);
        }
        let pivot: Vec<R::Element> = a[k * width..(k + 1) * width].to_vec();
        for row in (0..n).filter(|r| *r != k) {
            let factor = ring.neg(&a[row * width + k]);
            if ring.is_zero(&factor) {
                continue;
            }
            a[row * width + k] = zero.clone();
            for c in k + 1..width {
                a[row * width + c] = ring.add_product(&a[row * width + c], &factor, &pivot[c]);
            }
        }
    }
    for row in a.chunks(width.max(1)) {
        for x in &row[n..] {
            ring.check(x)?;
            out.push(x.clone());
        }
    }
    Ok(())
}

/// The determinants of the matrices on the last two axes.
pub(super) fn determinant<R: Ring>(
    ring: &R,
    a: &Tensor<R::Element>,
    budget: &mut Budget,
) -> Result<Tensor<R::Element>, Stop> {
    let n = square(a)?;
    let dims: Dims = a.dims[..a.dims.len() - 2].into();
    let mut data = Vec::new();
    for matrix in a.data.chunks((n * n).max(1)) {
        budget.spend::<R>(n * n * n + 1)?;
        let value = eliminate(ring, matrix, n)?;
        ring.check(&value)?;
        data.push(value);
    }
    Ok(Tensor { dims, data })
}

fn eliminate<R: Ring>(ring: &R, matrix: &[R::Element], n: usize) -> Result<R::Element, Stop> {
    let mut a = matrix.to_vec();
    let mut product = ring.integer(1);
    for k in 0..n {
        let Some(best) = pivot_row(ring, &a, n, k, n) else {
            let rest: Vec<R::Element> = (k..n).flat_map(|row| a[row * n + k..(row + 1) * n].to_vec()).collect();
            return Ok(ring.mul(&product, &ring.vanishing_determinant(&rest, n - k)));
        };
        if best != k {
            swap_rows(&mut a, k, best, n);
            product = ring.neg(&product);
        }
        product = ring.mul(&product, &a[k * n + k]);
        let inverse = ring.inverse(&a[k * n + k])?;
        for row in k + 1..n {
            let factor = ring.neg(&ring.mul(&a[row * n + k], &inverse));
            for c in k + 1..n {
                a[row * n + c] = ring.add_product(&a[row * n + c], &factor, &a[k * n + c]);
            }
        }
    }
    Ok(product)
}

/// Integer powers of the matrices on the last two axes.
pub(super) fn power<R: Ring>(
    ring: &R,
    a: &Tensor<R::Element>,
    exponent: i64,
    budget: &mut Budget,
) -> Result<Tensor<R::Element>, Stop> {
    let n = square(a)?;
    let base = if exponent < 0 { inverse(ring, a, budget)? } else { a.clone() };
    let mut data = Vec::with_capacity(a.data.len());
    for matrix in base.data.chunks((n * n).max(1)) {
        let mut square = matrix.to_vec();
        let mut rest = exponent.unsigned_abs();
        let mut result: Option<Vec<R::Element>> = None;
        while rest > 0 {
            if rest & 1 == 1 {
                budget.spend::<R>(n * n * n + 1)?;
                result = Some(result.map_or_else(|| square.clone(), |r| multiply(ring, &r, &square, n)));
            }
            rest >>= 1;
            if rest > 0 {
                budget.spend::<R>(n * n * n + 1)?;
                square = multiply(ring, &square, &square, n);
                square.iter().try_for_each(|x| ring.check(x))?;
            }
        }
        match result {
            Some(r) => data.extend(r),
            None => data.extend((0..n * n).map(|i| ring.integer(i64::from(i / n.max(1) == i % n.max(1))))),
        }
    }
    data.iter().try_for_each(|x| ring.check(x))?;
    Ok(Tensor { dims: a.dims.clone(), data })
}

/// The product of two n×n matrices.
pub(super) fn multiply<R: Ring>(ring: &R, a: &[R::Element], b: &[R::Element], n: usize) -> Vec<R::Element> {
    let mut out = Vec::with_capacity(n * n);
    for i in 0..n {
        for j in 0..n {
            out.push((0..n).fold(ring.integer(0), |s, k| ring.add_product(&s, &a[i * n + k], &b[k * n + j])));
        }
    }
    out
}
