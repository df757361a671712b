//! Sums and products over indices.
//!
//! An index that occurs in a subscript runs over an axis; one that occurs only in exponents, bounds or as a number
//! runs over integers. A bound that is another index makes a triangle: Σ_{i=1}^{n} Σ_{j=1}^{i}.

use super::infer::Inference;
use super::sign::{Signs, Want, part};
use super::typed::{Beside, BinderReading, Index, Reading};
use crate::dimension::{Poly, Shape, Unifier};
use crate::operator;
use crate::syntax::{Binder, ExprId, Kind, Name, Relation};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

/// A bound of an index: an integer, or another index and a number.
#[derive(Clone)]
enum Bound {
    Integer(Poly),
    Beside(Name, i64),
}

/// The bounds of an index.
#[derive(Clone, Default)]
struct Bounds {
    lower: Option<Bound>,
    upper: Option<Bound>,
    compared: Option<(Relation, Bound)>,
}

impl Bounds {
    /// Whether one of them is another index.
    fn is_beside(&self) -> bool {
        let compared = self.compared.as_ref().map(|c| &c.1);
        self.lower.iter().chain(&self.upper).chain(compared).any(|b| matches!(b, Bound::Beside(..)))
    }
}

impl Inference<'_> {
    /// A product: every factor is above 0, or the product stands below a logarithm.
    pub(super) fn product(&mut self, id: ExprId, binders: &[Binder], body: ExprId) -> Result<Shape, Diagnostic> {
        let below_logarithm = self.logarithm_of == Some(id);
        let shape = self.sum(id, binders, body, false)?;
        let shape = self.unifier.resolve_shape(&shape);
        if !shape.is_scalar() {
            let message = format!("the factors of this product are {}, not scalars", self.unifier.show_shape(&shape));
            return Err(self
                .error(Code::UNSUPPORTED, body, message)
                .hint("a product takes all that follows; write a product of matrices factor by factor"));
        }
        if self.is_positive(body) {
            return Ok(shape);
        }
        let factor = crate::syntax::print(self.tree, body, crate::syntax::Syntax::Plain);
        if below_logarithm {
            let words = format!("the factors {factor} of the product are above 0, so that its logarithm is a sum");
            if !self.assumed.contains(&words) {
                self.assumed.push(words);
            }
            return Ok(shape);
        }
        Err(self
            .error(
                Code::UNSUPPORTED,
                id,
                format!("this product can be read only where its factors {factor} are above 0"),
            )
            .hint("declare what it is made of positive, or write its logarithm, log ∏"))
    }

    /// Whether a visited formula is above 0 wherever it is defined.
    fn is_positive(&mut self, id: ExprId) -> bool {
        // What a parameter stands for has no sign here.
        if self.around.parameters.iter().any(|p| self.mentions(&p.0, id)) {
            return false;
        }
        let factor = part(self.tree, id);
        std::mem::swap(&mut self.scope.unifier, self.unifier);
        let positive = Signs { scope: self.scope }.shows(&factor, Want::Positive);
        std::mem::swap(&mut self.scope.unifier, self.unifier);
        positive
    }

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
        let mut axes: SmallVec<[Bounds; 1]> = SmallVec::new();
        for b in binders {
            let compared = match b.compared {
                Some((relation, other)) => {
                    let bound = match self.open_letter(other) {
                        Some(letter) => Some(Bound::Beside(letter, 0)),
                        None => self.bound_value(Some(other))?,
                    };
                    bound.map(|bound| (relation, bound))
                }
                None => None,
            };
            let bounds = Bounds { lower: self.bound_value(b.lower)?, upper: self.bound_value(b.upper)?, compared };
            if bounds.is_beside() || self.is_index_in(&b.letter, body) {
                let range = self.unifier.fresh("n");
                self.bound.push((b.letter.clone(), range));
                axes.push(bounds);
                readings.push(None);
            } else {
                readings.push(Some(self.integer_binder(id, b, &bounds)?));
            }
        }
        let shape = self.visit(body, entrywise)?;
        let mut axes = axes.into_iter();
        let mut next = outer;
        let mut done: SmallVec<[BinderReading; 1]> = SmallVec::new();
        for (b, reading) in binders.iter().zip(readings) {
            match reading {
                Some(r) => done.push(r),
                None => {
                    let range = self.bound[next].1.clone();
                    next += 1;
                    let bounds = axes.next().unwrap_or_default();
                    done.push(self.axis_binder(id, b, &range, outer, bounds)?);
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
                done.push(BinderReading::Axis {
                    letter,
                    range,
                    part: None,
                    beside: Vec::new(),
                    except: SmallVec::new(),
                });
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

    fn bound_value(&mut self, bound: Option<ExprId>) -> Result<Option<Bound>, Diagnostic> {
        let Some(id) = bound else { return Ok(None) };
        self.visit(id, false)?;
        if let Some(p) = self.integer_of(id) {
            return Ok(Some(Bound::Integer(p)));
        }
        match self.beside(id) {
            Some((other, offset)) => Ok(Some(Bound::Beside(other, offset))),
            None => Err(self
                .error(Code::BAD_SUM, id, "a bound of a sum has to be an integer or another index")
                .hint("use a number, a dimension, an integer symbol, or an index and a number, as in i - 1")),
        }
    }

    /// An index that nobody has named yet: `i < j` with a free j.
    fn open_letter(&self, id: ExprId) -> Option<Name> {
        let Kind::Symbol(name) = self.tree.kind(id) else { return None };
        let known = self.bound.iter().any(|b| b.0 == *name)
            || self.integers.iter().any(|i| i.0 == *name)
            || !self.scope.named(name).is_empty()
            || self.scope.names.is(name, crate::syntax::NameKind::Dimension);
        (!known).then(|| name.clone())
    }

    /// A visited bound as another index and a number: `i`, `i - 1`.
    fn beside(&self, id: ExprId) -> Option<(Name, i64)> {
        match self.tree.kind(id) {
            Kind::Symbol(_) => match self.typed.reading(id) {
                Reading::Count(letter, _) => Some((letter.clone(), 0)),
                _ => None,
            },
            Kind::Apply { operator, arguments } if **operator == operator::ADD => {
                let (a, b) = (arguments[0], arguments[1]);
                let (of, number) = if self.integer_of(b).is_some() { (a, b) } else { (b, a) };
                let (letter, offset) = self.beside(of)?;
                Some((letter, offset.checked_add(self.integer_of(number)?.as_constant()?)?))
            }
            _ => None,
        }
    }

    fn integer_binder(&mut self, id: ExprId, b: &Binder, bounds: &Bounds) -> Result<BinderReading, Diagnostic> {
        let integer = |bound: &Option<Bound>| match bound {
            Some(Bound::Integer(p)) => Some(p.clone()),
            _ => None,
        };
        if bounds.compared.is_some() {
            return Err(self
                .error(
                    Code::BAD_SUM,
                    id,
                    format!("the index {} does not stand in a subscript of what is summed", b.letter),
                )
                .hint("write its first and its last value, as in sum_{i=1}^{n}"));
        }
        let lower = integer(&bounds.lower).unwrap_or_else(|| Poly::constant(1));
        let Some(upper) = integer(&bounds.upper) else {
            return Err(self
                .error(Code::BAD_SUM, id, format!("the index {} does not occur in what is summed", b.letter))
                .hint("write the bounds of the sum"));
        };
        let variable = self.unifier.bound_variable(&b.letter);
        self.integers.push((b.letter.clone(), variable));
        Ok(BinderReading::Integer { variable, lower, upper })
    }

    fn axis_binder(
        &mut self,
        id: ExprId,
        b: &Binder,
        range: &Poly,
        outer: usize,
        bounds: Bounds,
    ) -> Result<BinderReading, Diagnostic> {
        let (mut lower, mut upper) = (Poly::constant(1), None);
        let mut beside: Vec<Beside> = Vec::new();
        let strictly = |relation| i64::from(matches!(relation, Relation::Less | Relation::Greater));
        let above = |relation| matches!(relation, Relation::Greater | Relation::GreaterEqual);
        match bounds.lower {
            Some(Bound::Integer(p)) => lower = p,
            Some(Bound::Beside(other, offset)) => beside.push(Beside { other, offset, above: true }),
            None => {}
        }
        match bounds.upper {
            Some(Bound::Integer(p)) => upper = Some(p),
            Some(Bound::Beside(other, offset)) => beside.push(Beside { other, offset, above: false }),
            None => {}
        }
        match bounds.compared {
            Some((relation, Bound::Integer(p))) if above(relation) => {
                lower = p.add(&Poly::constant(strictly(relation)));
            }
            Some((relation, Bound::Integer(p))) => upper = Some(p.sub(&Poly::constant(strictly(relation)))),
            Some((relation, Bound::Beside(other, offset))) => {
                let above = above(relation);
                let offset = if above { offset + strictly(relation) } else { offset - strictly(relation) };
                beside.push(Beside { other, offset, above });
            }
            None => {}
        }
        for other in &beside {
            self.index_fits(id, &Index::Letter(other.other.clone()), range)?;
        }
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
        Ok(BinderReading::Axis { letter: b.letter.clone(), range: range.clone(), part, beside, except })
    }

    /// Whether a letter occurs as an index below a node.
    fn is_index_in(&self, letter: &Name, id: ExprId) -> bool {
        let is_letter = |i: &ExprId| self.mentions(letter, *i);
        match self.tree.kind(id) {
            Kind::Subscript { base, indices } => indices.iter().any(is_letter) || self.is_index_in(letter, *base),
            Kind::Apply { operator, arguments } if **operator == operator::DELTA => arguments.iter().any(is_letter),
            kind if kind.binders().iter().any(|b| b.letter == *letter) => false,
            kind if kind.binders().iter().any(|b| b.except.iter().any(is_letter)) => true,
            // The bound of an index is an index.
            Kind::Sum { binders, body } | Kind::Product { binders, body }
                if binders.iter().any(|b| b.named().any(is_letter) && self.is_index_in(&b.letter, *body)) =>
            {
                true
            }
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
