//! Sums over indices.
//!
//! An index that occurs in a subscript runs over an axis; one that occurs only in exponents, bounds or as a number
//! runs over integers.

use super::infer::Inference;
use super::typed::{BinderReading, Index, Reading};
use crate::dimension::{Poly, Shape, Unifier};
use crate::operator;
use crate::syntax::{Binder, ExprId, Kind, Name};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

impl Inference<'_> {
    pub(super) fn sum(
        &mut self,
        id: ExprId,
        binders: &[Binder],
        body: ExprId,
        entrywise: bool,
    ) -> Result<Shape, Diagnostic> {
        if binders.is_empty() {
            return self.sum_over_all(id, body, entrywise);
        }
        let (outer, outer_integers) = (self.bound.len(), self.integers.len());
        let mut readings: SmallVec<[Option<BinderReading>; 1]> = SmallVec::new();
        for b in binders {
            let bounds = (self.bound_value(b.lower)?, self.bound_value(b.upper)?);
            if self.is_index_in(&b.letter, body) {
                let range = self.unifier.fresh("n");
                self.bound.push((b.letter.clone(), range));
                readings.push(None);
            } else {
                readings.push(Some(self.integer_binder(id, b, bounds)?));
            }
        }
        let shape = self.visit(body, entrywise)?;
        let mut next = outer;
        let mut done: SmallVec<[BinderReading; 1]> = SmallVec::new();
        for (b, reading) in binders.iter().zip(readings) {
            match reading {
                Some(r) => done.push(r),
                None => {
                    let range = self.bound[next].1.clone();
                    next += 1;
                    done.push(self.axis_binder(id, b, &range, outer)?);
                }
            }
        }
        self.bound.truncate(outer);
        self.integers.truncate(outer_integers);
        self.typed.readings[id.0 as usize] = Reading::Sum(done);
        Ok(shape)
    }

    /// Σ without indices: over all that are not free on the other side.
    fn sum_over_all(&mut self, id: ExprId, body: ExprId, entrywise: bool) -> Result<Shape, Diagnostic> {
        let before: Vec<Name> = self.typed.free.iter().map(|f| f.0.clone()).collect();
        let shape = self.visit(body, entrywise)?;
        let outside: Vec<Name> = self.around.letters.iter().map(|l| l.0.clone()).collect();
        let mut done: SmallVec<[BinderReading; 1]> = SmallVec::new();
        let free = std::mem::take(&mut self.typed.free);
        for (letter, range) in free {
            if before.contains(&letter) || outside.contains(&letter) {
                self.typed.free.push((letter, range));
            } else {
                done.push(BinderReading::Axis { letter, range, part: None, except: SmallVec::new() });
            }
        }
        if done.is_empty() {
            return Err(self
                .error(Code::BAD_SUM, id, "there is no index to sum over")
                .hint("write the index, as in Σ_i"));
        }
        self.typed.readings[id.0 as usize] = Reading::Sum(done);
        Ok(shape)
    }

    fn bound_value(&mut self, bound: Option<ExprId>) -> Result<Option<Poly>, Diagnostic> {
        let Some(id) = bound else { return Ok(None) };
        self.visit(id, false)?;
        match self.integer_of(id) {
            Some(p) => Ok(Some(p)),
            None => Err(self
                .error(Code::BAD_SUM, id, "a bound of a sum has to be an integer")
                .hint("use a number, a dimension or an integer symbol")),
        }
    }

    fn integer_binder(
        &mut self,
        id: ExprId,
        b: &Binder,
        bounds: (Option<Poly>, Option<Poly>),
    ) -> Result<BinderReading, Diagnostic> {
        let lower = bounds.0.unwrap_or_else(|| Poly::constant(1));
        let Some(upper) = bounds.1 else {
            return Err(self
                .error(Code::BAD_SUM, id, format!("the index {} does not occur in what is summed", b.letter))
                .hint("write the bounds of the sum"));
        };
        let variable = self.unifier.bound_variable(&b.letter);
        self.integers.push((b.letter.clone(), variable));
        Ok(BinderReading::Integer { variable, lower, upper })
    }

    fn axis_binder(&mut self, id: ExprId, b: &Binder, range: &Poly, outer: usize) -> Result<BinderReading, Diagnostic> {
        let lower = match b.lower {
            Some(l) => self.integer_of(l).unwrap_or_else(|| Poly::constant(1)),
            None => Poly::constant(1),
        };
        let upper = b.upper.and_then(|u| self.integer_of(u));
        let mut part = None;
        if let Some(upper) = upper {
            // An unknown range is what the bounds say, counted from one.
            if lower.is_one() && !self.unifier.unify(range, &upper) || !lower.is_one() {
                let known = self.unifier.resolve(range);
                if known.as_variable().is_some_and(|v| self.unifier.is_inferred(v)) {
                    self.unifier.unify(range, &upper);
                }
                let left_over = self.unifier.resolve(range).sub(&upper).as_constant();
                let starts_inside = lower.as_constant().is_none_or(|l| l >= 1);
                if left_over.is_none_or(|n| n < 0) || !starts_inside {
                    let message = format!(
                        "the index {} runs over {} here, and the sum goes from {} to {}",
                        b.letter,
                        self.unifier.show(range),
                        self.unifier.show(&lower),
                        self.unifier.show(&upper)
                    );
                    return Err(Diagnostic::new(Code::RANGE_MISMATCH, b.span, message)
                        .label(self.tree.span(id), "in this sum")
                        .hint(format!("sum from 1 to {}", self.unifier.show(range))));
                }
                part = Some((lower, upper));
            }
        } else if !lower.is_one() {
            part = Some((lower, range.clone()));
        }
        let mut except: SmallVec<[Index; 1]> = SmallVec::new();
        for e in &b.except {
            let index = match self.tree.kind(*e) {
                Kind::Symbol(name)
                    if self.bound[..outer].iter().any(|x| x.0 == *name) || self.scope.find(name, 0).is_none() =>
                {
                    Index::Letter(name.clone())
                }
                _ => {
                    self.visit(*e, false)?;
                    let position =
                        self.integer_of(*e).ok_or_else(|| self.error(Code::BAD_SUM, *e, "this is no index"))?;
                    Index::At(position)
                }
            };
            self.index_fits(*e, &index, range)?;
            except.push(index);
        }
        Ok(BinderReading::Axis { letter: b.letter.clone(), range: range.clone(), part, except })
    }

    /// Whether a letter occurs as an index below a node.
    fn is_index_in(&self, letter: &Name, id: ExprId) -> bool {
        let is_letter = |i: &ExprId| self.mentions(letter, *i);
        match self.tree.kind(id) {
            Kind::Subscript { base, indices } => indices.iter().any(is_letter) || self.is_index_in(letter, *base),
            Kind::Apply { operator, arguments } if **operator == operator::DELTA => arguments.iter().any(is_letter),
            Kind::Sum { binders, .. } if binders.iter().any(|b| b.letter == *letter) => false,
            Kind::Sum { binders, .. } if binders.iter().any(|b| b.except.iter().any(is_letter)) => true,
            _ => self.tree.children(id).iter().any(|c| self.is_index_in(letter, *c)),
        }
    }

    fn mentions(&self, letter: &Name, id: ExprId) -> bool {
        match self.tree.kind(id) {
            Kind::Symbol(name) => name == letter,
            _ => self.tree.children(id).iter().any(|c| self.mentions(letter, *c)),
        }
    }
}

impl BinderReading {
    /// Puts in all that is known of the dimensions.
    pub(super) fn resolve(&mut self, unifier: &Unifier) {
        match self {
            Self::Axis { range, part, .. } => {
                *range = unifier.resolve(range);
                if let Some((lower, upper)) = part {
                    *lower = unifier.resolve(lower);
                    *upper = unifier.resolve(upper);
                }
            }
            Self::Integer { lower, upper, .. } => {
                *lower = unifier.resolve(lower);
                *upper = unifier.resolve(upper);
            }
        }
    }
}
