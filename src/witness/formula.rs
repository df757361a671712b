//! The value of a shaped formula at a point, by a walk over the tree.

use super::difference;
use super::world::World;
use crate::dimension::{IntVar, Poly};
use crate::evaluation::{generic_elementwise, generic_scalar};
use crate::limit::{self, Limit};
use crate::operator::{self, Op};
use crate::shape::{BinderReading, Function, Index, Reading, Typed, Wrt};
use crate::syntax::{Constant, ExprId, Kind, Name, Tree};
use nalgebra::DMatrix;
use smallvec::SmallVec;

/// What a node of a formula counts of a claim's work.
const VISIT: u64 = 100;
/// No operator makes more of so few entries than any tensor may have.
const SMALL: usize = 64;
/// Multiplications that count as one operation of a claim's work.
const MULTIPLICATIONS: usize = 8;

/// A walk over one tree.
pub(super) struct Walk<'a, 'w> {
    pub(super) world: &'w World<'a>,
    pub(super) tree: &'w Tree,
    pub(super) typed: &'w Typed,
    pub(super) parameters: &'w [DMatrix<f64>],
    pub(super) letters: Vec<(Name, usize)>,
    pub(super) integers: Vec<(IntVar, i64)>,
}

/// The entries of a matrix, row by row.
pub(super) fn by_rows(m: &DMatrix<f64>, out: &mut Vec<f64>) {
    for i in 0..m.nrows() {
        out.extend((0..m.ncols()).map(|j| m[(i, j)]));
    }
}

impl Walk<'_, '_> {
    pub(super) fn visit(&mut self, id: ExprId) -> Option<DMatrix<f64>> {
        if !limit::spend(VISIT) {
            return None;
        }
        let scalar = |x: f64| Some(DMatrix::from_element(1, 1, x));
        match self.tree.kind(id) {
            Kind::Number(n) => scalar(n.to_f64()),
            Kind::Constant(Constant::Pi) => scalar(std::f64::consts::PI),
            Kind::Constant(Constant::Euler) => scalar(std::f64::consts::E),
            Kind::Symbol(_) => self.symbol(id),
            Kind::Subscript { base, .. } => self.subscript(id, *base),
            Kind::Apply { operator, arguments } => {
                if let Reading::Delta(i, j, _) = self.typed.reading(id) {
                    return scalar(f64::from(u8::from(self.position(i)? == self.position(j)?)));
                }
                // Nearly all operators have one or two arguments.
                match arguments.as_slice() {
                    [a] => {
                        let values = [self.visit(*a)?];
                        self.applied(id, operator, &values)
                    }
                    [a, b] => {
                        let values = [self.visit(*a)?, self.visit(*b)?];
                        self.applied(id, operator, &values)
                    }
                    more => {
                        let values = more.iter().map(|a| self.visit(*a)).collect::<Option<Vec<_>>>()?;
                        self.applied(id, operator, &values)
                    }
                }
            }
            Kind::Call { function, order, arguments } => self.call(id, function, *order, arguments),
            Kind::Sum { body, .. } => self.sum(id, *body),
            Kind::Product { body, .. } => self.product(id, *body),
            Kind::Array(rows) => {
                let cols = rows.first()?.len();
                let entries =
                    rows.iter().flatten().map(|e| self.visit(*e).map(|v| v[0])).collect::<Option<Vec<_>>>()?;
                Some(DMatrix::from_row_slice(rows.len(), cols, &entries))
            }
            Kind::Cases(rows) => {
                for (value, condition) in rows {
                    let holds = match condition {
                        Some(c) => self.visit(*c)?[0] > 0.5,
                        None => true,
                    };
                    if holds {
                        return self.visit(*value);
                    }
                }
                None
            }
            Kind::Derivative { of: Some(of), .. } => self.derivative(id, *of),
            Kind::Derivative { of: None, .. } | Kind::Slice | Kind::Dots | Kind::Differential(_) => None,
        }
    }

    /// An operator's value; nothing where it has more entries than any tensor may have.
    fn applied(&self, id: ExprId, operator: Op, values: &[DMatrix<f64>]) -> Option<DMatrix<f64>> {
        let longest = values.iter().map(DMatrix::len).max().unwrap_or(0);
        if longest > SMALL {
            // A product or an inverse takes about as many multiplications.
            let side = values.iter().map(|v| v.nrows().max(v.ncols())).max().unwrap_or(0);
            let work = longest.saturating_mul(side) / MULTIPLICATIONS;
            if self.size(id).is_none() || !limit::spend(u64::try_from(work).unwrap_or(u64::MAX)) {
                return None;
            }
        }
        (operator.value)(values, &|| self.size(id))
    }

    /// The size of a value; nothing where it is more than any tensor may have.
    fn size(&self, id: ExprId) -> Option<(usize, usize)> {
        let shape = self.typed.shape(id);
        let size = (self.dimension(&shape.rows)?, self.dimension(&shape.cols)?);
        size.0.checked_mul(size.1).filter(|n| *n <= limit::size(Limit::Entries)).map(|_| size)
    }

    fn dimension(&self, p: &Poly) -> Option<usize> {
        usize::try_from(self.integer(p)?).ok()
    }

    fn integer(&self, p: &Poly) -> Option<i64> {
        let bound = |v: IntVar| self.integers.iter().rev().find(|i| i.0 == v).map(|i| i.1);
        self.world.scope.unifier.evaluate(p, &|v| bound(v).or_else(|| self.world.sizes.of(v)))
    }

    #[allow(clippy::cast_precision_loss)] // counts and exponents are small
    fn symbol(&mut self, id: ExprId) -> Option<DMatrix<f64>> {
        match self.typed.reading(id) {
            Reading::Quantity(q) => {
                let value = self.world.quantity(*q)?;
                let (rows, cols) = self.size(id)?;
                (value.data.len() == rows * cols).then(|| DMatrix::from_row_slice(rows, cols, &value.data))
            }
            Reading::Integer(p) => Some(DMatrix::from_element(1, 1, self.integer(p)? as f64)),
            Reading::Count(letter, _) => {
                let position = self.letters.iter().rev().find(|l| l.0 == *letter)?.1;
                Some(DMatrix::from_element(1, 1, (position + 1) as f64))
            }
            Reading::Parameter(i) => self.parameters.get(*i).cloned(),
            _ => None,
        }
    }

    /// The position an index names, counted from 0; a shifted one may fall outside.
    fn position(&self, index: &Index) -> Option<i64> {
        let of = |l: &Name| self.letters.iter().rev().find(|x| x.0 == *l).and_then(|x| i64::try_from(x.1).ok());
        match index {
            Index::Letter(l) => of(l),
            Index::Shifted(l, offset) => Some(of(l)? + self.integer(offset)?),
            Index::Block { outer, size, inner } => Some(of(outer)? * self.integer(size)? + of(inner)?),
            Index::At(p) => Some(self.integer(p)? - 1),
            Index::Slice => None,
        }
    }

    fn subscript(&mut self, id: ExprId, base: ExprId) -> Option<DMatrix<f64>> {
        let size = self.size(id)?;
        let typed = self.typed;
        match typed.reading(id) {
            Reading::Member { quantity, indices } => {
                let q = self.world.quantity(*quantity)?;
                self.entries(&q.dims, &q.data, indices, size)
            }
            Reading::Entry(indices) if typed.shape(base).tensor.is_some() => {
                let Reading::Quantity(q) = typed.reading(base) else { return None };
                let q = self.world.quantity(*q)?;
                self.entries(&q.dims, &q.data, indices, size)
            }
            Reading::Entry(indices) => {
                let value = self.visit(base)?;
                let (rows, cols) = value.shape();
                let mut data = Vec::with_capacity(value.len());
                by_rows(&value, &mut data);
                let (flat, whole) = ([rows * cols], [rows, cols]);
                self.entries(if indices.len() == 1 { &flat } else { &whole }, &data, indices, size)
            }
            _ => None,
        }
    }

    /// What indices leave of a tensor, as a matrix of that size; zero where a position falls outside.
    fn entries(&self, dims: &[usize], data: &[f64], indices: &[Index], size: (usize, usize)) -> Option<DMatrix<f64>> {
        // The axes that are left, and where the first entry is.
        let mut left: SmallVec<[(usize, usize); 4]> = SmallVec::new();
        let (mut start, mut inside) = (0usize, true);
        let mut stride: usize = dims.iter().product();
        for (axis, n) in dims.iter().enumerate() {
            stride = stride.checked_div(*n).unwrap_or(0);
            match indices.get(axis) {
                None | Some(Index::Slice) => left.push((*n, stride)),
                Some(index) => match usize::try_from(self.position(index)?).ok().filter(|p| p < n) {
                    Some(p) => start += p * stride,
                    None => inside = false,
                },
            }
        }
        let count: usize = left.iter().map(|a| a.0).product();
        if indices.len() > dims.len() || count != size.0 * size.1 {
            return None;
        }
        if !inside {
            return Some(DMatrix::zeros(size.0, size.1));
        }
        Some(DMatrix::from_row_iterator(
            size.0,
            size.1,
            (0..count).map(|mut k| {
                let offset = left.iter().rev().fold(start, |at, (n, stride)| {
                    let here = k % n;
                    k /= n;
                    at + here * stride
                });
                data.get(offset).copied().unwrap_or(f64::NAN)
            }),
        ))
    }

    fn call(&mut self, id: ExprId, name: &Name, order: u8, arguments: &[ExprId]) -> Option<DMatrix<f64>> {
        let values = arguments.iter().map(|a| self.visit(*a)).collect::<Option<Vec<_>>>()?;
        if order == 1
            && self.world.scope.function(name).is_none()
            && let Some(op) = operator::entrywise_function(name)
        {
            let at = |v: f64| (op.value)(&[DMatrix::from_element(1, 1, v)], &|| Some((1, 1))).map(|m| m[0]);
            let x = values.first()?;
            let entries = x.iter().map(|v| difference::slope(&at, *v)).collect::<Option<Vec<_>>>()?;
            return Some(DMatrix::from_column_slice(x.nrows(), x.ncols(), &entries));
        }
        let function = self.world.functions.get(name).copied();
        match self.world.scope.function(name)? {
            Function::Elementwise => {
                let g = function?;
                Some(values.first()?.map(|x| generic_elementwise(g, order, x)))
            }
            Function::Scalar => {
                let argument: Vec<f64> = values.first()?.transpose().iter().copied().collect();
                let result = generic_scalar(function?, order, &argument)?;
                let (rows, cols) = self.size(id)?;
                (result.len() == rows * cols).then(|| DMatrix::from_row_slice(rows, cols, &result))
            }
            Function::Defined { tree, .. } => {
                let Reading::Instance(instance) = self.typed.reading(id) else { return None };
                let apply = |parameters: &[DMatrix<f64>]| {
                    let mut inner = Walk {
                        world: self.world,
                        tree,
                        typed: &instance.typed,
                        parameters,
                        letters: self.letters.clone(),
                        integers: self.integers.clone(),
                    };
                    inner.visit(tree.root)
                };
                if order == 0 && !instance.entrywise {
                    return apply(&values);
                }
                // Entry by entry; a prime is a central difference.
                let x = values.first()?;
                let at = |v: f64| apply(&[DMatrix::from_element(1, 1, v)]).map(|m| m[0]);
                let entries = x
                    .iter()
                    .map(|v| if order == 0 { at(*v) } else { difference::slope(&at, *v) })
                    .collect::<Option<Vec<_>>>()?;
                Some(DMatrix::from_column_slice(x.nrows(), x.ncols(), &entries))
            }
        }
    }

    fn sum(&mut self, id: ExprId, body: ExprId) -> Option<DMatrix<f64>> {
        let typed = self.typed;
        let Reading::Sum(binders) = typed.reading(id) else { return None };
        let (rows, cols) = self.size(id)?;
        let mut total = DMatrix::zeros(rows, cols);
        self.each(binders, &mut |walk| {
            total += walk.visit(body)?;
            Some(())
        })?;
        Some(total)
    }

    fn product(&mut self, id: ExprId, body: ExprId) -> Option<DMatrix<f64>> {
        let typed = self.typed;
        let Reading::Sum(binders) = typed.reading(id) else { return None };
        let mut total = 1.0;
        self.each(binders, &mut |walk| {
            total *= walk.visit(body)?[0];
            Some(())
        })?;
        Some(DMatrix::from_element(1, 1, total))
    }

    /// Does something for every value of the indices.
    fn each(&mut self, binders: &[BinderReading], act: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let Some((first, rest)) = binders.split_first() else {
            return act(self);
        };
        match first {
            BinderReading::Integer { variable, lower, upper } => {
                let (from, to) = (self.integer(lower)?, self.integer(upper)?);
                if to.saturating_sub(from) > 10_000 {
                    return None;
                }
                for value in from..=to {
                    self.integers.push((*variable, value));
                    let done = self.each(rest, act);
                    self.integers.pop();
                    done?;
                }
            }
            BinderReading::Axis { letter, range, part, beside, except } => {
                let n = self.dimension(range)?;
                let mut bounds: SmallVec<[(bool, i64); 1]> = SmallVec::new();
                for b in beside {
                    let other = self.position(&Index::Letter(b.other.clone()))?;
                    bounds.push((b.above, other + b.offset));
                }
                let (from, to) = match part {
                    Some((l, u)) => (self.integer(l)? - 1, self.integer(u)? - 1),
                    None => (0, i64::try_from(n).ok()? - 1),
                };
                for position in 0..n {
                    let here = i64::try_from(position).ok()?;
                    let outside = |(above, bound): &(bool, i64)| if *above { here < *bound } else { here > *bound };
                    let skip = except.iter().any(|e| self.position(e) == Some(here)) || bounds.iter().any(outside);
                    if here < from || here > to || skip {
                        continue;
                    }
                    self.letters.push((letter.clone(), position));
                    let done = self.each(rest, act);
                    self.letters.pop();
                    done?;
                }
            }
        }
        Some(())
    }

    /// A derivative written inside a formula: differences of what is differentiated, where it is a whole quantity.
    fn derivative(&mut self, id: ExprId, of: ExprId) -> Option<DMatrix<f64>> {
        let Reading::Derivative(by) = self.typed.reading(id) else { return None };
        let [Wrt::Quantity { quantity, indices, transposed: false }] = by.as_slice() else { return None };
        if !indices.is_empty() || self.world.depth > 0 {
            return None;
        }
        let base = self.world.quantity(*quantity)?.into_owned();
        let (rows, cols) = self.size(id)?;
        let mut world = World { depth: self.world.depth + 1, ..self.world.clone() };
        let mut entries = Vec::new();
        for k in 0..base.data.len() {
            let at = |v: f64| {
                let mut moved = base.clone();
                moved.data[k] = v;
                world.values.insert(*quantity, moved);
                let mut walk = Walk {
                    world: &world,
                    tree: self.tree,
                    typed: self.typed,
                    parameters: self.parameters,
                    letters: self.letters.clone(),
                    integers: self.integers.clone(),
                };
                walk.visit(of)
            };
            let column = difference::slopes(at, base.data[k])?;
            entries.push(column);
        }
        let scalar = entries.first()?.len() == 1;
        if scalar {
            let flat: Vec<f64> = entries.iter().map(|e| e[0]).collect();
            return (flat.len() == rows * cols).then(|| DMatrix::from_row_slice(rows, cols, &flat));
        }
        (entries.len() == cols && entries[0].len() == rows).then(|| DMatrix::from_fn(rows, cols, |i, j| entries[j][i]))
    }
}
