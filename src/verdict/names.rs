//! Names and sizes of what nobody declared: integers of the graph, ranges of letters, dimensions taken by convention.

use super::form::{By, Form};
use super::pose::Posed;
use crate::dimension::{IntVar, Poly, Shape};
use crate::shape::{Body, Index, Scope};
use std::sync::Arc;

/// What an integer is called: its declared name, or a letter for the variable of a sum.
#[must_use]
pub fn integer_name(scope: &Scope, v: IntVar) -> String {
    // None of the letters that free indices are given.
    const LETTERS: [&str; 10] = ["t", "w", "h", "c", "z", "y", "x", "f", "g", "o"];
    if v.0 < crate::tensor::FIRST_BOUND {
        return scope.unifier.name(v).to_owned();
    }
    let n = (v.0 - crate::tensor::FIRST_BOUND) as usize;
    let free = LETTERS.into_iter().filter(|l| !scope.names.contains(l)).nth(n);
    free.map_or_else(|| format!("r_{}", n + 1), str::to_owned)
}

/// The ranges of letters that only the variables have.
pub fn ranges(form: &mut Form, scope: &Scope, by: &[By]) {
    for b in by {
        let q = scope.quantity(b.quantity);
        let own = [q.shape.rows.clone(), q.shape.cols.clone()];
        let sides: Vec<_> = match &q.shape.tensor {
            Some(t) => q.ranges.iter().cloned().chain(t.iter().cloned()).collect(),
            None => q.ranges.iter().cloned().chain(own.into_iter().filter(|p| !p.is_one())).collect(),
        };
        for (i, range) in b.indices.iter().zip(sides) {
            if let Index::Letter(l) | Index::Shifted(l, _) = i {
                if let Some(entry) = form.letters.iter_mut().find(|x| x.0 == *l && x.1.as_constant() == Some(0)) {
                    entry.1 = scope.unifier.resolve(&range);
                }
            }
        }
    }
}

/// Gives the dimensions that nobody declared their names; for a task without a candidate.
pub fn settle(posed: &mut Posed, declared: usize) {
    let mut assumed = Vec::new();
    let known = sizes_told(posed);
    settle_convention(&mut posed.scope, declared, &known, &mut assumed);
    posed.assumed.extend(assumed);
    if !posed.scope.unifier.binds_nothing() {
        Arc::make_mut(&mut posed.typed).resolve(&posed.scope.unifier);
    }
    posed.scope.unifier.settle_shape(&mut posed.form.shape);
    for l in &mut posed.form.letters {
        posed.scope.unifier.settle_poly(&mut l.1);
    }
    for b in &mut posed.by {
        posed.scope.unifier.settle_shape(&mut b.shape);
    }
}

/// The sizes that a symbol or the formula as a whole has. Any other, as of the I in tr(I), may be anything: it would be one
/// size in the candidate and another in the truth.
fn sizes_told(posed: &Posed) -> Vec<IntVar> {
    let unifier = &posed.scope.unifier;
    let mut known = Vec::new();
    let mut add = |p: &Poly| known.extend(unifier.resolve(p).variables());
    let mut add_shape = |shape: &Shape| {
        [&shape.rows, &shape.cols].into_iter().chain(shape.tensor.iter().flat_map(|t| t.iter())).for_each(&mut add);
    };
    posed.scope.quantities().for_each(|(_, q)| add_shape(&q.shape));
    add_shape(&posed.form.shape);
    posed.by.iter().for_each(|b| add_shape(&b.shape));
    let ranges = posed.scope.quantities().flat_map(|(_, q)| &q.ranges);
    ranges.chain(posed.form.letters.iter().map(|l| &l.1)).for_each(add);
    known
}

/// The names and sizes of symbols nobody declared, once all that is known of them is: dimensions get letters.
fn settle_convention(scope: &mut Scope, declared: usize, known: &[IntVar], assumed: &mut Vec<String>) {
    const LETTERS: [&str; 14] = ["n", "m", "p", "q", "k", "d", "r", "h", "l", "s", "t", "u", "v", "w"];
    let mut next = 0;
    for i in 0..scope.unifier.len() {
        let v = IntVar(u32::try_from(i).unwrap_or(u32::MAX));
        if !scope.unifier.is_unknown(v) || !known.contains(&v) {
            continue;
        }
        let taken = |n: &str| scope.names.contains(n) || scope.unifier.find(n).is_some();
        while next < LETTERS.len() && taken(LETTERS[next]) {
            next += 1;
        }
        let name = LETTERS.get(next).map_or_else(|| format!("n_{i}"), |l| (*l).to_owned());
        next += 1;
        scope.unifier.settle(v, &name);
        scope.names.declare(&name, crate::syntax::NameKind::Dimension);
    }
    for (_, q) in scope.quantities().skip(declared) {
        if q.name.starts_with('\u{1}') || !matches!(q.body, Body::Variable) {
            continue;
        }
        let shape = scope.unifier.resolve_shape(&q.shape);
        let what = if shape.is_scalar() {
            "a scalar".to_owned()
        } else if shape.is_vector() {
            format!(
                "a vector of length {}",
                scope.unifier.show(if shape.cols.is_one() { &shape.rows } else { &shape.cols })
            )
        } else {
            format!("a matrix of shape {}", scope.unifier.show_shape(&shape))
        };
        let words = match q.letters.first() {
            Some(l) => format!("{}_{l} is a family, each member {what}", q.name),
            None => format!("{} is {what}", q.name),
        };
        assumed.push(words);
    }
}
