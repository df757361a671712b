//! Subscripts: elements, members of families, entries of members, deltas.
//!
//! A family outranks an entry: `x_i` is a member where `x` is a family, and only then an entry of a vector `x`.

use super::QuantityId;
use super::infer::Inference;
use super::typed::{Index, Reading};
use crate::dimension::{Poly, Shape};
use crate::operator;
use crate::syntax::{ExprId, Kind, Name, NameKind};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

type Indices = SmallVec<[Index; 2]>;

impl Inference<'_> {
    pub(super) fn subscript(&mut self, id: ExprId, base: ExprId, indices: &[ExprId]) -> Result<Shape, Diagnostic> {
        let mut read: Indices = SmallVec::new();
        for i in indices {
            read.push(self.index(*i, base)?);
        }
        if let Kind::Symbol(name) = self.tree.kind(base) {
            if let Some(q) = self.family(name, &read) {
                self.typed.readings[base.0 as usize] = Reading::Quantity(q);
                return self.member(id, q, read);
            }
        }
        let shape = self.visit(base, false)?;
        if let ([one], Some(pair)) = (indices, self.two_digits(indices)) {
            // `C_{12}` of a matrix is the entry in row 1, column 2.
            if self.unifier.resolve_shape(&shape).is_matrix() {
                self.assumed.push(format!("the index {} is row and column", self.digits(*one)));
                return self.entry(id, &shape, pair);
            }
        }
        self.entry(id, &shape, read)
    }

    fn digits(&self, id: ExprId) -> String {
        if let Kind::Number(n) = self.tree.kind(id) { n.to_string() } else { String::new() }
    }

    fn two_digits(&self, indices: &[ExprId]) -> Option<Indices> {
        let [one] = indices else { return None };
        let Kind::Number(n) = self.tree.kind(*one) else { return None };
        let n = n.to_integer().filter(|n| (11..100).contains(n) && n % 10 > 0)?;
        Some(Indices::from_iter([n / 10, n % 10].map(|k| Index::At(Poly::constant(k)))))
    }

    /// What an index expression says. A letter bound by a sum is an index; so is an undeclared one; a dimension that
    /// is no family's letter is the last position.
    fn index(&mut self, id: ExprId, base: ExprId) -> Result<Index, Diagnostic> {
        if let Some(index) = self.simple_index(id, base) {
            return Ok(index);
        }
        // i + 1, k - 1: a letter and an integer.
        if let Kind::Apply { operator, arguments } = self.tree.kind(id) {
            if **operator == operator::ADD {
                if let Some(Index::Letter(letter)) = self.simple_index(arguments[0], base) {
                    self.visit(arguments[1], false)?;
                    if let Some(offset) = self.integer_of(arguments[1]) {
                        return Ok(Index::Shifted(letter, offset));
                    }
                }
            }
        }
        if let Some(block) = self.block_index(id) {
            return Ok(block);
        }
        self.visit(id, false)?;
        match self.integer_of(id) {
            Some(p) => Ok(Index::At(p)),
            None => {
                Err(self.error(Code::BAD_INDEX, id, "this is no index").hint("use a letter, a number or a dimension"))
            }
        }
    }

    fn simple_index(&self, id: ExprId, base: ExprId) -> Option<Index> {
        match self.tree.kind(id) {
            Kind::Slice => Some(Index::Slice),
            Kind::Number(n) => n.to_integer().map(|k| Index::At(Poly::constant(k))),
            Kind::Symbol(name) => {
                if let Some((_, v)) = self.integers.iter().rev().find(|i| i.0 == *name) {
                    return Some(Index::At(Poly::variable(*v)));
                }
                let is_letter = self.bound.iter().any(|b| b.0 == *name)
                    || self.typed.free.iter().any(|b| b.0 == *name)
                    || self.around.letters.iter().any(|b| b.0 == *name)
                    || self.is_family_letter(base, name)
                    || !self.scope.names.is(name, NameKind::Dimension);
                if is_letter {
                    return Some(Index::Letter(name.clone()));
                }
                self.unifier.find(name).map(|v| Index::At(Poly::variable(v)))
            }
            _ => None,
        }
    }

    fn is_family_letter(&self, base: ExprId, letter: &Name) -> bool {
        let Kind::Symbol(name) = self.tree.kind(base) else { return false };
        self.scope.named(name).iter().any(|q| self.scope.quantity(*q).letters.contains(letter))
    }

    /// The family that `name` with these indices is a member of.
    fn family(&mut self, name: &Name, indices: &Indices) -> Option<QuantityId> {
        let families: SmallVec<[QuantityId; 2]> =
            self.scope.named(name).iter().copied().filter(|q| !self.scope.quantity(*q).letters.is_empty()).collect();
        // Given by entries and used by entries.
        if let [q] = families
            .iter()
            .copied()
            .filter(|q| self.scope.quantity(*q).letters.len() == indices.len())
            .collect::<SmallVec<[QuantityId; 2]>>()[..]
        {
            if indices.len() > 1 {
                return Some(q);
            }
        }
        let first = match indices.first()? {
            Index::Letter(l) | Index::Shifted(l, _) => Some(l.clone()),
            Index::At(_) | Index::Slice | Index::Block { .. } => None,
        };
        let by_letter =
            families.iter().copied().find(|q| first.as_ref().is_some_and(|l| self.scope.quantity(*q).letters[0] == *l));
        if by_letter.is_some() {
            return by_letter;
        }
        let family = *families.first()?;
        // A vector of the same name: its entry, where the letter is known to run over the vector's length.
        if let (Some(plain), Some(letter)) = (self.scope.find(name, 0), first) {
            if indices.len() == 1 {
                let known = self
                    .bound
                    .iter()
                    .rev()
                    .chain(&self.typed.free)
                    .chain(&self.around.letters)
                    .find(|b| b.0 == letter)
                    .map(|b| self.unifier.resolve(&b.1));
                let count = self.unifier.resolve(&self.scope.quantity(family).ranges[0]);
                let length = self.unifier.resolve(&self.scope.quantity(plain).shape.rows);
                if known.as_ref() == Some(&length) && known.as_ref() != Some(&count) {
                    return None;
                }
                if known.is_none() && self.scope.quantity(plain).shape.is_vector() {
                    return None;
                }
            }
        }
        Some(family)
    }

    fn member(&mut self, id: ExprId, q: QuantityId, mut indices: Indices) -> Result<Shape, Diagnostic> {
        let quantity = self.scope.quantity(q);
        let (ranges, shape, entries) = (quantity.ranges.clone(), quantity.shape.clone(), quantity.letters.len());
        let needed = entries;
        if indices.len() < needed {
            // One index of a matrix given by entries: a row, as a column.
            if indices.len() == 1 && needed == 2 {
                self.index_fits(id, &indices[0].clone(), &ranges[0])?;
                indices.push(Index::Slice);
                self.typed.readings[id.0 as usize] = Reading::Member { quantity: q, indices };
                return Ok(Shape::vector(ranges[1].clone()));
            }
            return Err(self.error(
                Code::BAD_INDEX,
                id,
                format!("{} indices are needed here, not {}", needed, indices.len()),
            ));
        }
        for (i, range) in indices.clone().iter().zip(&ranges) {
            self.index_fits(id, i, range)?;
        }
        let rest: Indices = indices[needed..].into();
        let sliced = indices[..needed].contains(&Index::Slice);
        if sliced {
            return self.sliced_member(id, q, indices, &ranges);
        }
        let result = self.entry_shape(id, &shape, &rest)?;
        self.typed.readings[id.0 as usize] = Reading::Member { quantity: q, indices };
        Ok(result)
    }

    /// `X_{k,:}` and `X_{:,k}` of a matrix given by entries, `x_{:}` of a family of scalars.
    fn sliced_member(
        &mut self,
        id: ExprId,
        q: QuantityId,
        indices: Indices,
        ranges: &[Poly],
    ) -> Result<Shape, Diagnostic> {
        let shape = match indices.as_slice() {
            [Index::Slice, Index::Slice] => Shape::matrix(ranges[0].clone(), ranges[1].clone()),
            [Index::Slice, _] if ranges.len() == 2 => Shape::vector(ranges[0].clone()),
            [_, Index::Slice] if ranges.len() == 2 => Shape::matrix(Poly::constant(1), ranges[1].clone()),
            [Index::Slice] if self.scope.quantity(q).shape.is_scalar() => Shape::vector(ranges[0].clone()),
            _ => return Err(self.error(Code::BAD_INDEX, id, "a colon cannot stand for all members of a family here")),
        };
        self.typed.readings[id.0 as usize] = Reading::Member { quantity: q, indices };
        Ok(shape)
    }

    fn entry(&mut self, id: ExprId, base: &Shape, indices: Indices) -> Result<Shape, Diagnostic> {
        let shape = self.entry_shape(id, base, &indices)?;
        self.typed.readings[id.0 as usize] = Reading::Entry(indices);
        Ok(shape)
    }

    /// The shape of an entry, a row, a column or the whole, of something of that shape.
    fn entry_shape(&mut self, id: ExprId, base: &Shape, indices: &[Index]) -> Result<Shape, Diagnostic> {
        let base = self.unifier.resolve_shape(base);
        if let Some(dims) = &base.tensor {
            if dims.len() != indices.len() || indices.contains(&Index::Slice) {
                return Err(self.error(
                    Code::BAD_INDEX,
                    id,
                    format!("this tensor needs {} indices, not {}", dims.len(), indices.len()),
                ));
            }
            for (i, d) in indices.iter().zip(dims.iter()) {
                self.index_fits(id, i, d)?;
            }
            return Ok(Shape::scalar());
        }
        let one = Poly::constant(1);
        match indices {
            [] => Ok(base),
            [Index::Slice] => Ok(base),
            [i] if base.is_vector() => {
                let length = if base.cols.is_one() { &base.rows } else { &base.cols };
                self.index_fits(id, i, length)?;
                Ok(Shape::scalar())
            }
            [i, j] if !base.is_scalar() => {
                self.index_fits(id, i, &base.rows)?;
                self.index_fits(id, j, &base.cols)?;
                let rows = if *i == Index::Slice { base.rows.clone() } else { one.clone() };
                let cols = if *j == Index::Slice { base.cols.clone() } else { one };
                Ok(Shape::matrix(rows, cols))
            }
            _ => {
                let message = format!(
                    "something of shape {} cannot take {} indices",
                    self.unifier.show_shape(&base),
                    indices.len()
                );
                Err(self.error(Code::BAD_INDEX, id, message))
            }
        }
    }

    pub(super) fn delta(&mut self, id: ExprId, arguments: &[ExprId]) -> Result<Shape, Diagnostic> {
        let [a, b] = arguments else {
            return Err(self.error(Code::BAD_ARGUMENTS, id, format!("δ takes two indices, not {}", arguments.len())));
        };
        let (i, j) = (self.index(*a, id)?, self.index(*b, id)?);
        let range = match (&i, &j) {
            (Index::Letter(l), other) | (other, Index::Letter(l)) => {
                let range = self.range(l);
                self.index_fits(id, other, &range)?;
                Some(range)
            }
            (Index::At(_), Index::At(_)) => None,
            _ => return Err(self.error(Code::BAD_INDEX, id, "δ takes two indices")),
        };
        self.typed.readings[id.0 as usize] = Reading::Delta(i, j, range);
        Ok(Shape::scalar())
    }
}
