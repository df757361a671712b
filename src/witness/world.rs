//! A point at which formulas are evaluated: the numbers of what they name, with definitions computed as they are needed.

use super::formula::{Walk, by_rows};
use crate::dimension::Poly;
use crate::evaluation::Assignment;
use crate::shape::{Body, QuantityId, Scope, Typed};
use crate::syntax::{Name, Tree};
use crate::tensor::FunctionId;
use nalgebra::DMatrix;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// The numbers of a quantity: lengths of its axes, and entries with the last index fastest.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// Lengths of the axes: indices, rows, columns.
    pub dims: Vec<usize>,
    /// The entries.
    pub data: Vec<f64>,
}

/// A point: the numbers of the variables, and of the definitions that are held fixed.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The declarations.
    pub scope: &'a Scope,
    /// The sizes.
    pub sizes: &'a Assignment,
    /// Numbers by quantity.
    pub values: FxHashMap<QuantityId, Quantity>,
    /// The numbers of functions known only by name.
    pub functions: FxHashMap<Name, FunctionId>,
    /// How deep derivatives stand inside derivatives.
    pub depth: u8,
    /// What is known of definitions.
    pub memo: Memo,
}

/// The values of definitions while one formula is evaluated, so that what stands twice in each of sixty definitions is
/// not computed 2^60 times. A copy begins empty, since its numbers may be moved.
#[derive(Debug, Default)]
pub struct Memo {
    inside: Cell<u32>,
    known: RefCell<FxHashMap<QuantityId, Option<Quantity>>>,
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Definitions nested deeper than this are computed after what they use, so that depth costs no stack.
const NESTED: u32 = 64;

impl<'a> World<'a> {
    /// The value of a tree for given values (counted from 0) of its free indices; nothing where it is undefined.
    #[must_use]
    pub fn value(&self, tree: &Tree, typed: &Typed, letters: &[(Name, usize)]) -> Option<DMatrix<f64>> {
        let inside = self.memo.inside.get();
        if inside == 0 {
            // Numbers may have been moved since.
            self.memo.known.borrow_mut().clear();
        }
        self.memo.inside.set(inside + 1);
        let mut walk =
            Walk { world: self, tree, typed, parameters: &[], letters: letters.to_vec(), integers: Vec::new() };
        let value = walk.visit(tree.root);
        self.memo.inside.set(inside);
        let value = value?;
        value.iter().all(|x| x.is_finite()).then_some(value)
    }

    /// The values of a tree for every value of its free indices, in the order of `letters`.
    #[must_use]
    pub fn all_values(&self, tree: &Tree, typed: &Typed, letters: &[(Name, usize)]) -> Option<Vec<f64>> {
        let mut out = Vec::new();
        let mut position = vec![0usize; letters.len()];
        if letters.iter().any(|l| l.1 == 0) {
            return Some(out);
        }
        loop {
            let here: Vec<(Name, usize)> = letters.iter().zip(&position).map(|(l, p)| (l.0.clone(), *p)).collect();
            by_rows(&self.value(tree, typed, &here)?, &mut out);
            let Some(next) = (0..letters.len()).rev().find(|i| position[*i] + 1 < letters[*i].1) else {
                return Some(out);
            };
            position[next] += 1;
            position[next + 1..].fill(0);
        }
    }

    /// The size of a dimension.
    #[must_use]
    pub fn size(&self, p: &Poly) -> Option<usize> {
        usize::try_from(self.scope.unifier.evaluate(p, &|v| self.sizes.of(v))?).ok()
    }

    /// The numbers of a quantity; those of a definition are computed.
    #[must_use]
    pub fn quantity(&self, q: QuantityId) -> Option<Cow<'_, Quantity>> {
        if let Some(known) = self.values.get(&q) {
            return Some(Cow::Borrowed(known));
        }
        let quantity = self.scope.quantity(q);
        match &quantity.body {
            Body::Variable => None,
            Body::Stacked { family, rows } => {
                let members = self.quantity(*family)?;
                let [n, d] = members.dims[..] else { return None };
                if *rows {
                    return Some(members);
                }
                let members = &members;
                let data = (0..d).flat_map(|j| (0..n).map(move |i| i * d + j)).map(|k| members.data[k]).collect();
                Some(Cow::Owned(Quantity { dims: vec![d, n], data }))
            }
            Body::Definition(_) => match self.memo.inside.get() {
                0 => self.defined(q),
                NESTED => {
                    self.scope.definitions_below(q).into_iter().for_each(|below| drop(self.remembered(below)));
                    self.remembered(q)
                }
                _ => self.remembered(q),
            }
            .map(Cow::Owned),
        }
    }

    /// The numbers of a definition inside a formula, computed once.
    fn remembered(&self, q: QuantityId) -> Option<Quantity> {
        let known = self.memo.known.borrow().get(&q).cloned();
        known.unwrap_or_else(|| {
            let value = self.defined(q);
            self.memo.known.borrow_mut().insert(q, value.clone());
            value
        })
    }

    /// The numbers of a definition, computed.
    fn defined(&self, q: QuantityId) -> Option<Quantity> {
        let quantity = self.scope.quantity(q);
        match &quantity.body {
            Body::Variable | Body::Stacked { .. } => None,
            Body::Definition(formula) => {
                let ranges: Vec<usize> = quantity.ranges.iter().map(|r| self.size(r)).collect::<Option<_>>()?;
                let letters: Vec<(Name, usize)> =
                    quantity.letters.iter().cloned().zip(ranges.iter().copied()).collect();
                let data = self.all_values(&formula.tree, &formula.typed, &letters)?;
                let (rows, cols) = (self.size(&quantity.shape.rows)?, self.size(&quantity.shape.cols)?);
                let dims = ranges.into_iter().chain([rows, cols].into_iter().filter(|n| *n != 1)).collect();
                Some(Quantity { dims, data })
            }
        }
    }
}
