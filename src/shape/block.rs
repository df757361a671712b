//! Positions in an axis that is made of blocks: `m (j − 1) + k`, the k-th of the j-th block of m.

use super::infer::Inference;
use super::typed::Index;
use crate::dimension::Poly;
use crate::operator;
use crate::syntax::{ExprId, Kind, Name};
use crate::text::{Code, Diagnostic};

impl Inference<'_> {
    /// `m (j − 1) + k` with letters j and k and an integer m.
    pub(super) fn block_index(&mut self, id: ExprId) -> Option<Index> {
        let (product, inner) = self.operands(id, &operator::ADD)?;
        let inner = self.letter(inner)?;
        let mut factors = vec![product];
        let mut outer = None;
        let mut size = Poly::constant(1);
        while let Some(f) = factors.pop() {
            if let Some((a, b)) = self.operands(f, &operator::MULTIPLY) {
                factors.extend([a, b]);
            } else if let Some(letter) = self.before(f) {
                if outer.replace(letter).is_some() {
                    return None;
                }
            } else {
                self.visit(f, false).ok()?;
                size = size.mul(&self.integer_of(f)?);
            }
        }
        Some(Index::Block { outer: outer?, size, inner })
    }

    fn operands(&self, id: ExprId, op: operator::Op) -> Option<(ExprId, ExprId)> {
        match self.tree.as_apply(id) {
            Some((o, [a, b])) if o == op => Some((*a, *b)),
            _ => None,
        }
    }

    fn letter(&self, id: ExprId) -> Option<Name> {
        match self.tree.kind(id) {
            Kind::Symbol(name) if self.scope.named(name).is_empty() && self.unifier.find(name).is_none() => {
                Some(name.clone())
            }
            Kind::Symbol(name) if self.bound.iter().any(|b| b.0 == *name) => Some(name.clone()),
            _ => None,
        }
    }

    /// The letter of `j − 1`.
    fn before(&self, id: ExprId) -> Option<Name> {
        let (a, b) = self.operands(id, &operator::ADD)?;
        let letter = self.letter(a)?;
        match self.tree.as_apply(b) {
            Some((o, [one])) if o == &operator::NEGATE => {
                matches!(self.tree.kind(*one), Kind::Number(n) if n.is_one()).then_some(letter)
            }
            _ => None,
        }
    }

    /// Requires the blocks to fill the range.
    pub(super) fn blocks_fit(
        &mut self,
        id: ExprId,
        outer: &Name,
        size: &Poly,
        inner: &Name,
        range: &Poly,
    ) -> Result<(), Diagnostic> {
        let (count, length) = (self.range(outer), self.range(inner));
        let (size, range) = (self.unifier.resolve(size), self.unifier.resolve(range));
        let count = self.unifier.resolve(&count);
        let open = count.as_variable().is_some_and(|v| self.unifier.is_inferred(v));
        let fits = match quotient(&range, &size) {
            Some(blocks) if open => self.unifier.unify(&count, &blocks),
            _ => self.unifier.unify(&count.mul(&size), &range),
        };
        if fits && self.unifier.unify(&length, &size) {
            return Ok(());
        }
        let message = format!(
            "{outer} blocks of {} do not make up the range 1…{}",
            self.unifier.show(&size),
            self.unifier.show(&range)
        );
        Err(self.error(Code::RANGE_MISMATCH, id, message))
    }
}

/// `p` divided by a product of integers, where that leaves no rest.
pub(crate) fn quotient(p: &Poly, by: &Poly) -> Option<Poly> {
    let [(divisor, factor)] = by.terms().collect::<Vec<_>>()[..] else { return None };
    let mut sum = Poly::constant(0);
    for (variables, c) in p.terms() {
        let mut left = variables.to_vec();
        for v in divisor {
            left.remove(left.iter().position(|x| x == v)?);
        }
        if c % factor != 0 {
            return None;
        }
        let term = left.into_iter().fold(Poly::constant(c / factor), |t, v| t.mul(&Poly::variable(v)));
        sum = sum.add(&term);
    }
    Some(sum)
}
