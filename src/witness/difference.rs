//! Central differences with one step of Richardson's extrapolation.

use super::world::{Quantity, World};
use crate::shape::{QuantityId, Typed};
use crate::syntax::{Name, Tree};
use nalgebra::DMatrix;
use std::borrow::Cow;

/// Differences of a formula by a quantity, or by two.
#[derive(Clone, Debug)]
pub struct Differences {
    /// Entries: the formula's (free indices, rows, columns), then those of each quantity; the last index fastest.
    pub data: Vec<f64>,
    /// An estimate of the largest error, from the steps' disagreement.
    pub error: f64,
}

const STEP: f64 = 1.0 / 1024.0;
const SECOND_STEP: f64 = 1.0 / 128.0;

/// The derivative of a function of one number; nothing where it is undefined nearby.
pub(super) fn slope(f: &impl Fn(f64) -> Option<f64>, x: f64) -> Option<f64> {
    let central = |h: f64| Some((f(x + h)? - f(x - h)?) / (2.0 * h));
    Some((4.0 * central(STEP / 2.0)? - central(STEP)?) / 3.0)
}

/// The derivatives of every entry of a matrix function of one number, with the last index fastest.
pub(super) fn slopes(mut f: impl FnMut(f64) -> Option<DMatrix<f64>>, x: f64) -> Option<Vec<f64>> {
    let mut central = |h: f64| Some((f(x + h)? - f(x - h)?) / (2.0 * h));
    let (coarse, fine) = (central(STEP)?, central(STEP / 2.0)?);
    Some(((fine * 4.0 - coarse) / 3.0).transpose().iter().copied().collect())
}

/// The derivative of a formula by the quantities in turn (one or two), at the world's point.
///
/// `letters` are the formula's free indices with their ranges. Nothing where the formula is undefined nearby.
#[must_use]
pub fn differences(
    mut world: World<'_>,
    tree: &Tree,
    typed: &Typed,
    letters: &[(Name, usize)],
    by: &[QuantityId],
) -> Option<Differences> {
    for q in by {
        let value = world.quantity(*q)?.into_owned();
        world.values.insert(*q, value);
    }
    match by {
        [x] => first(&mut world, tree, typed, letters, *x),
        [x, y] => second(&mut world, tree, typed, letters, *x, *y),
        _ => None,
    }
}

/// The derivative of a formula along directions, one for each of the quantities (one or two), at the world's point: a
/// number for each of the formula's entries. It costs the same whatever the quantities' sizes are.
///
/// Nothing where the formula is undefined nearby.
#[must_use]
pub fn differences_along(
    mut world: World<'_>,
    tree: &Tree,
    typed: &Typed,
    letters: &[(Name, usize)],
    by: &[(QuantityId, &[f64])],
) -> Option<Differences> {
    let start: Vec<Quantity> =
        by.iter().map(|(q, _)| world.quantity(*q).map(Cow::into_owned)).collect::<Option<_>>()?;
    let mut at = |steps: &[f64]| -> Option<Vec<f64>> {
        for ((q, _), value) in by.iter().zip(&start) {
            match world.values.get_mut(q) {
                Some(old) => old.data.clone_from(&value.data),
                None => drop(world.values.insert(*q, value.clone())),
            }
        }
        // Both steps may be of one quantity.
        for ((q, direction), step) in by.iter().zip(steps) {
            let moved = &mut world.values.get_mut(q)?.data;
            moved.iter_mut().zip(*direction).for_each(|(x, d)| *x += step * d);
        }
        world.all_values(tree, typed, letters)
    };
    let mut error = 0.0;
    let mut slopes = |h: f64| -> Option<Vec<f64>> {
        match by {
            [_] => {
                let (p, m) = (at(&[h])?, at(&[-h])?);
                Some(p.iter().zip(&m).map(|(p, m)| (p - m) / (2.0 * h)).collect())
            }
            [_, _] => {
                let (pp, pm, mp, mm) = (at(&[h, h])?, at(&[h, -h])?, at(&[-h, h])?, at(&[-h, -h])?);
                Some((0..pp.len()).map(|i| (pp[i] - pm[i] - mp[i] + mm[i]) / (4.0 * h * h)).collect())
            }
            _ => None,
        }
    };
    let step = if by.len() > 1 { SECOND_STEP } else { STEP };
    let (coarse, fine) = (slopes(step)?, slopes(step / 2.0)?);
    let data = extrapolate(&coarse, &fine, &mut error);
    Some(Differences { data, error })
}

/// The formula's values with entries of quantities moved.
fn moved(
    world: &mut World<'_>,
    tree: &Tree,
    typed: &Typed,
    letters: &[(Name, usize)],
    moves: &[(QuantityId, usize, f64)],
) -> Option<Vec<f64>> {
    let before: Vec<(QuantityId, Quantity)> =
        moves.iter().filter_map(|m| world.values.get(&m.0).map(|v| (m.0, v.clone()))).collect();
    for (q, k, by) in moves {
        *world.values.get_mut(q)?.data.get_mut(*k)? += by;
    }
    let result = world.all_values(tree, typed, letters);
    for (q, value) in before {
        world.values.insert(q, value);
    }
    result
}

/// Extrapolates two estimates whose step differs by a factor of two.
fn extrapolate(coarse: &[f64], fine: &[f64], error: &mut f64) -> Vec<f64> {
    let value = |(c, f): (&f64, &f64)| (4.0 * f - c) / 3.0;
    // The fine estimate's error is about a third of the disagreement; after extrapolation it is of higher order.
    *error = coarse.iter().zip(fine).map(|(c, f)| (f - c).abs()).fold(*error, f64::max);
    coarse.iter().zip(fine).map(value).collect()
}

fn first(
    world: &mut World<'_>,
    tree: &Tree,
    typed: &Typed,
    letters: &[(Name, usize)],
    x: QuantityId,
) -> Option<Differences> {
    let n = world.values.get(&x)?.data.len();
    let (mut columns, mut error) = (Vec::with_capacity(n), 0.0);
    for k in 0..n {
        let mut central = |h: f64| -> Option<Vec<f64>> {
            let plus = moved(world, tree, typed, letters, &[(x, k, h)])?;
            let minus = moved(world, tree, typed, letters, &[(x, k, -h)])?;
            Some(plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * h)).collect())
        };
        let (coarse, fine) = (central(STEP)?, central(STEP / 2.0)?);
        columns.push(extrapolate(&coarse, &fine, &mut error));
    }
    let outputs = columns.first().map_or(0, Vec::len);
    let data = (0..outputs).flat_map(|o| columns.iter().map(move |c| c[o])).collect();
    Some(Differences { data, error })
}

fn second(
    world: &mut World<'_>,
    tree: &Tree,
    typed: &Typed,
    letters: &[(Name, usize)],
    x: QuantityId,
    y: QuantityId,
) -> Option<Differences> {
    let (m, n) = (world.values.get(&x)?.data.len(), world.values.get(&y)?.data.len());
    let (mut columns, mut error) = (Vec::with_capacity(m * n), 0.0);
    for k in 0..m {
        for l in 0..n {
            let mut mixed = |h: f64| -> Option<Vec<f64>> {
                let mut at = |a: f64, b: f64| moved(world, tree, typed, letters, &[(x, k, a), (y, l, b)]);
                let (pp, pm, mp, mm) = (at(h, h)?, at(h, -h)?, at(-h, h)?, at(-h, -h)?);
                Some((0..pp.len()).map(|i| (pp[i] - pm[i] - mp[i] + mm[i]) / (4.0 * h * h)).collect())
            };
            let (coarse, fine) = (mixed(SECOND_STEP)?, mixed(SECOND_STEP / 2.0)?);
            columns.push(extrapolate(&coarse, &fine, &mut error));
        }
    }
    let outputs = columns.first().map_or(0, Vec::len);
    let data = (0..outputs).flat_map(|o| columns.iter().map(move |c| c[o])).collect();
    Some(Differences { data, error })
}
