//! Inference: one walk over the tree, operands before what uses them.

use super::typed::{Index, Reading, Typed};
use super::{Body, Scope};
use crate::dimension::{IntVar, Poly, Shape, Unifier};
use crate::operator::{self, Entrywise, Operand, ShapeContext};
use crate::syntax::{ExprId, Kind, Name, NameKind, Tree};
use crate::tensor::Property;
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

/// A tree's shapes, and what had to be assumed.
#[derive(Clone, Debug)]
pub struct Inferred {
    /// Shapes and readings.
    pub typed: Typed,
    /// The assumptions, in words.
    pub assumed: Vec<String>,
}

/// What is known outside the tree.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The shapes of the parameters of a function that is being applied.
    pub parameters: Vec<(Name, Shape)>,
    /// Index letters that stand free on the other side, with their ranges where known.
    pub letters: Vec<(Name, Poly)>,
    /// The shape that is expected, where the formula leaves one open (`2I`).
    pub expected: Option<Shape>,
    /// How deep functions given by formulas are nested here.
    pub depth: u8,
}

/// Infers shapes and readings of a whole tree.
///
/// # Errors
/// One diagnostic, where shapes clash or a name is not declared.
pub fn infer(tree: &Tree, scope: &mut Scope) -> Result<Inferred, Diagnostic> {
    infer_with(tree, scope, &Surroundings::default())
}

/// The same with parameters and with letters that are free on the other side.
///
/// # Errors
/// One diagnostic, where shapes clash or a name is not declared.
pub fn infer_with(tree: &Tree, scope: &mut Scope, around: &Surroundings) -> Result<Inferred, Diagnostic> {
    let mut unifier = std::mem::take(&mut scope.unifier);
    let mut walk = Inference {
        tree,
        scope,
        unifier: &mut unifier,
        typed: Typed {
            shapes: vec![Shape::scalar(); tree.len()],
            readings: vec![Reading::Plain; tree.len()],
            free: Vec::new(),
        },
        assumed: Vec::new(),
        bound: Vec::new(),
        integers: Vec::new(),
        logarithm_of: None,
        around,
    };
    let result = walk.visit(tree.root, false).map(|shape| walk.expect(&shape));
    let (mut typed, assumed) = (walk.typed, walk.assumed);
    if result.is_ok() {
        typed.resolve(&unifier);
    }
    scope.unifier = unifier;
    result.map(|()| Inferred { typed, assumed })
}

pub(super) struct Inference<'a> {
    pub(super) tree: &'a Tree,
    pub(super) scope: &'a mut Scope,
    pub(super) unifier: &'a mut Unifier,
    pub(super) typed: Typed,
    pub(super) assumed: Vec<String>,
    /// Letters bound by the sums around, innermost last.
    pub(super) bound: Vec<(Name, Poly)>,
    /// Letters that are variables of sums over integers.
    pub(super) integers: Vec<(Name, IntVar)>,
    /// The argument of the logarithm being read: log|K| of a matrix is that of its determinant, where K may be square,
    /// and log ∏ is a sum of logarithms.
    pub(super) logarithm_of: Option<ExprId>,
    pub(super) around: &'a Surroundings,
}

impl Inference<'_> {
    pub(super) fn error(&self, code: Code, id: ExprId, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.tree.span(id), message)
    }

    /// Shape of a node; `entrywise` says whether it stands inside an entrywise operation.
    pub(super) fn visit(&mut self, id: ExprId, entrywise: bool) -> Result<Shape, Diagnostic> {
        let shape = self.shape_of(id, entrywise)?;
        self.typed.shapes[id.0 as usize] = shape.clone();
        Ok(shape)
    }

    fn shape_of(&mut self, id: ExprId, entrywise: bool) -> Result<Shape, Diagnostic> {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Number(_) | Kind::Constant(_) => Ok(Shape::scalar()),
            Kind::Symbol(name) => self.symbol(id, name),
            Kind::Subscript { base, indices } => self.subscript(id, *base, indices),
            Kind::Apply { operator, arguments } => self.apply(id, operator, arguments, entrywise),
            Kind::Call { function, order, arguments } => self.call(id, function, *order, arguments, entrywise),
            Kind::Sum { binders, body } => self.sum(id, binders, *body, entrywise),
            Kind::Product { binders, body } => self.product(id, binders, *body),
            Kind::Derivative { of, wrt, style } => self.derivative(id, *of, wrt, *style),
            Kind::Array(rows) => self.array(id, rows),
            Kind::Cases(rows) => self.cases(id, rows, entrywise),
            Kind::Slice => Err(self.error(Code::BAD_INDEX, id, "a colon stands only among indices")),
            Kind::Dots => Err(self.error(Code::UNSUPPORTED, id, "dots cannot be computed with").hint("write a sum")),
            Kind::Differential(of) => self.differential(id, *of),
        }
    }

    fn symbol(&mut self, id: ExprId, name: &Name) -> Result<Shape, Diagnostic> {
        if let Some(position) = self.around.parameters.iter().position(|p| p.0 == *name) {
            self.typed.readings[id.0 as usize] = Reading::Parameter(position);
            return Ok(self.around.parameters[position].1.clone());
        }
        if let Some((_, v)) = self.integers.iter().rev().find(|i| i.0 == *name) {
            self.typed.readings[id.0 as usize] = Reading::Integer(Poly::variable(*v));
            return Ok(Shape::scalar());
        }
        if self.bound.iter().any(|b| b.0 == *name) {
            let range = self.range(name);
            self.typed.readings[id.0 as usize] = Reading::Count(name.clone(), range);
            return Ok(Shape::scalar());
        }
        if let Some(quantity) = self.scope.find(name, 0) {
            let q = self.scope.quantity(quantity);
            if q.properties.contains(&Property::Integer) && q.shape.is_scalar() && matches!(q.body, Body::Variable) {
                // The class y in 1[k = y] where f_y is indexed by it.
                if self.typed.free.iter().chain(&self.around.letters).any(|l| l.0 == *name) {
                    let range = self.range(name);
                    self.typed.readings[id.0 as usize] = Reading::Count(name.clone(), range);
                    return Ok(Shape::scalar());
                }
                let v = Poly::variable(self.unifier.named(name));
                self.typed.readings[id.0 as usize] = Reading::Integer(v);
                return Ok(Shape::scalar());
            }
            let shape = q.shape.clone();
            self.typed.readings[id.0 as usize] = Reading::Quantity(quantity);
            return Ok(shape);
        }
        // A matrix given by its entries may be used whole.
        if let Some(quantity) = self.scope.find(name, 2) {
            let q = self.scope.quantity(quantity);
            if let [rows, cols] = q.ranges.as_slice() {
                let shape = Shape::matrix(rows.clone(), cols.clone());
                self.typed.readings[id.0 as usize] = Reading::Quantity(quantity);
                return Ok(shape);
            }
        }
        // A family of scalars used whole is the vector of its members.
        // Beside a size N, the counts N_k are never meant without their index.
        let counts = self.scope.names.is(name, NameKind::Dimension);
        if let Some(quantity) = self.scope.find(name, 1).filter(|_| !counts) {
            let q = self.scope.quantity(quantity);
            if q.shape.is_scalar() {
                let shape = Shape::vector(q.ranges[0].clone());
                self.typed.readings[id.0 as usize] = Reading::Quantity(quantity);
                return Ok(shape);
            }
            let (letter, name) = (q.letters[0].clone(), name.clone());
            return Err(self
                .error(Code::BAD_INDEX, id, format!("{name} is a family and needs its index"))
                .hint(format!("write {name}_{letter}, or Σ_{letter} in front")));
        }
        // A letter that is free on the other side, used as a number.
        if self.around.letters.iter().any(|l| l.0 == *name) {
            let range = self.range(name);
            self.typed.readings[id.0 as usize] = Reading::Count(name.clone(), range);
            return Ok(Shape::scalar());
        }
        if let Some(v) =
            self.unifier.find(name).filter(|_| self.scope.names.is(name, crate::syntax::NameKind::Dimension))
        {
            self.typed.readings[id.0 as usize] = Reading::Integer(Poly::variable(v));
            return Ok(Shape::scalar());
        }
        // A free index used as a number: 1{k = j}.
        if self.typed.free.iter().chain(&self.around.letters).any(|l| l.0 == *name) {
            let range = self.range(name);
            self.typed.readings[id.0 as usize] = Reading::Count(name.clone(), range);
            return Ok(Shape::scalar());
        }
        Err(self
            .error(Code::UNKNOWN_SYMBOL, id, format!("{name} is not declared"))
            .hint("declare it, or give it as an alias of a declared symbol"))
    }

    fn apply(
        &mut self,
        id: ExprId,
        op: operator::Op,
        arguments: &[ExprId],
        entrywise: bool,
    ) -> Result<Shape, Diagnostic> {
        if *op == operator::DELTA {
            return self.delta(id, arguments);
        }
        let (fewest, most) = op.arity;
        if arguments.len() < fewest || arguments.len() > most {
            return Err(self.error(
                Code::BAD_ARGUMENTS,
                id,
                format!("{} takes {fewest} arguments, not {}", op.name, arguments.len()),
            ));
        }
        let mut inside = match op.entrywise {
            Entrywise::Opens => true,
            Entrywise::Keeps => entrywise,
            Entrywise::Closes => false,
        };
        let mut operands: SmallVec<[Operand; 2]> = SmallVec::new();
        let sized = [&operator::IDENTITY, &operator::ONES, &operator::ZEROS].contains(&op);
        if *op == operator::LOG {
            self.logarithm_of = arguments.first().copied();
        }
        for a in arguments {
            let mut shape = match sized.then(|| self.dimension(*a)).flatten() {
                Some(shape) => shape,
                None => self.visit(*a, inside)?,
            };
            self.forbid_tensor(*a, &shape)?;
            self.unifier.settle_shape(&mut shape);
            // A scalar in front does not end an entrywise operation: 2 (1 − H ⊙ H) ⊙ G.
            inside |= *op == operator::MULTIPLY && entrywise && shape.is_scalar();
            operands.push(Operand { shape, number: self.is_number(*a), integer: self.integer_of(*a) });
        }
        if *op == operator::BARS && self.logarithm_of == Some(id) {
            let shape = &mut operands[0].shape;
            if shape.is_matrix() && self.unifier.unify(&shape.rows, &shape.cols) {
                *shape = self.unifier.resolve_shape(shape);
            }
        }
        if *op == operator::PSEUDO_INVERSE {
            self.pseudo_inverse(id, arguments[0], &operands[0].shape)?;
        }
        let mut cx = ShapeContext { unifier: self.unifier, entrywise, assumed: &mut self.assumed };
        let shape = (op.shape)(&mut cx, &operands).map_err(|e| {
            let mut d = self.error(e.code, id, e.message);
            d.hint = e.hint;
            if arguments.len() > 1 {
                for (a, o) in arguments.iter().zip(&operands) {
                    d = d.label(self.tree.span(*a), format!("this is {}", self.unifier.show_shape(&o.shape)));
                }
            }
            d
        })?;
        if shape.rows.is_moderate() && shape.cols.is_moderate() {
            return Ok(shape);
        }
        Err(self
            .error(Code::TOO_LARGE, id, "a side of this is a product of so many sizes that it cannot be computed with")
            .hint("take fewer tensor products of tensor products"))
    }

    /// A size below a constant is a dimension even where a quantity has the same name.
    fn dimension(&mut self, id: ExprId) -> Option<Shape> {
        let Kind::Symbol(name) = self.tree.kind(id) else { return None };
        if !self.scope.names.is(name, crate::syntax::NameKind::Dimension) {
            return None;
        }
        let v = self.unifier.find(name)?;
        self.typed.readings[id.0 as usize] = Reading::Integer(Poly::variable(v));
        self.typed.shapes[id.0 as usize] = Shape::scalar();
        Some(Shape::scalar())
    }

    /// Takes the expected shape for what the formula leaves open; a shape that cannot be it stays as it is.
    fn expect(&mut self, shape: &Shape) {
        let Some(expected) = &self.around.expected else { return };
        let shape = self.unifier.resolve_shape(shape);
        if shape == *expected {
            return;
        }
        let before = self.unifier.clone();
        if !self.unifier.unify_shapes(&shape, expected) {
            *self.unifier = before;
        }
    }

    pub(super) fn forbid_tensor(&self, id: ExprId, shape: &Shape) -> Result<(), Diagnostic> {
        match &shape.tensor {
            Some(t) if id != self.tree.root => Err(self
                .error(Code::BAD_INDEX, id, format!("a tensor with {} indices is used without them", t.len()))
                .hint("write all its indices, as in T_{ijk}")),
            _ => Ok(()),
        }
    }

    /// Whether a node is a number written out.
    fn is_number(&self, id: ExprId) -> bool {
        match self.tree.kind(id) {
            Kind::Number(_) => true,
            Kind::Apply { operator, arguments } => {
                [operator::NEGATE.name, operator::DIVIDE.name, operator::MULTIPLY.name].contains(&operator.name)
                    && arguments.iter().all(|a| self.is_number(*a))
            }
            _ => false,
        }
    }

    /// The value of a visited node as an integer polynomial, where it is one.
    pub(super) fn integer_of(&self, id: ExprId) -> Option<Poly> {
        match self.tree.kind(id) {
            Kind::Number(n) => n.to_integer().map(Poly::constant),
            Kind::Symbol(_) => match self.typed.reading(id) {
                Reading::Integer(p) => Some(p.clone()),
                _ => None,
            },
            Kind::Apply { operator, arguments } => {
                let of = |i: usize| arguments.get(i).and_then(|a| self.integer_of(*a));
                match operator.name {
                    "add" => Some(of(0)?.add(&of(1)?)),
                    "negate" => Some(of(0)?.scale(-1)),
                    "multiply" => Some(of(0)?.mul(&of(1)?)).filter(Poly::is_moderate),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn array(&mut self, id: ExprId, rows: &[Vec<ExprId>]) -> Result<Shape, Diagnostic> {
        let cols = rows.first().map_or(0, Vec::len);
        if cols == 0 || rows.iter().any(|r| r.len() != cols) {
            return Err(self.error(Code::SHAPE_MISMATCH, id, "the rows of this matrix have different lengths"));
        }
        for entry in rows.iter().flatten() {
            let shape = self.visit(*entry, false)?;
            if !self.unifier.resolve_shape(&shape).is_scalar() {
                return Err(self.error(Code::NOT_SCALAR, *entry, "entries of a written matrix have to be scalars"));
            }
        }
        let count = |n: usize| Poly::constant(i64::try_from(n).unwrap_or(i64::MAX));
        Ok(Shape::matrix(count(rows.len()), count(cols)))
    }

    fn cases(&mut self, id: ExprId, rows: &[(ExprId, Option<ExprId>)], entrywise: bool) -> Result<Shape, Diagnostic> {
        let mut common: Option<Shape> = None;
        for (value, condition) in rows {
            let shape = self.visit(*value, entrywise)?;
            if let Some(c) = condition {
                let shape = self.visit(*c, true)?;
                if !self.unifier.resolve_shape(&shape).is_scalar() {
                    return Err(self.error(Code::NOT_SCALAR, *c, "the condition of a case has to be about scalars"));
                }
            }
            match &common {
                None => common = Some(shape),
                Some(c) if self.unifier.unify_shapes(c, &shape) => {}
                Some(c) => {
                    let message = format!(
                        "the cases have different shapes: {} and {}",
                        self.unifier.show_shape(c),
                        self.unifier.show_shape(&shape)
                    );
                    return Err(self.error(Code::SHAPE_MISMATCH, *value, message));
                }
            }
        }
        common.ok_or_else(|| self.error(Code::EXPECTED_EXPRESSION, id, "there is no case"))
    }

    /// The range of an index letter: bound, free on the other side, free here, or new.
    pub(super) fn range(&mut self, letter: &Name) -> Poly {
        let known = self.bound.iter().rev().chain(&self.typed.free).find(|b| b.0 == *letter).map(|b| b.1.clone());
        if let Some(range) = known {
            return range;
        }
        let range = match self.around.letters.iter().find(|l| l.0 == *letter) {
            Some((_, range)) => range.clone(),
            None => self.unifier.fresh("n"),
        };
        self.typed.free.push((letter.clone(), range.clone()));
        range
    }

    /// Requires an index to run over the given range.
    pub(super) fn index_fits(&mut self, id: ExprId, index: &Index, range: &Poly) -> Result<(), Diagnostic> {
        let letter = match index {
            Index::Letter(l) | Index::Shifted(l, _) => l.clone(),
            Index::At(p) => {
                let position = self.unifier.resolve(p).as_constant();
                let size = self.unifier.resolve(range).as_constant();
                if position.is_some_and(|p| p < 1) || position.zip(size).is_some_and(|(p, s)| p > s) {
                    return Err(self.error(
                        Code::BAD_INDEX,
                        id,
                        format!(
                            "position {} is outside the range 1…{}",
                            self.unifier.show(p),
                            self.unifier.show(range)
                        ),
                    ));
                }
                return Ok(());
            }
            Index::Slice => return Ok(()),
            Index::Block { outer, size, inner } => return self.blocks_fit(id, outer, size, inner, range),
        };
        let known = self.range(&letter);
        if matches!(index, Index::Letter(_)) && !self.unifier.unify(&known, range) {
            let message = format!(
                "the index {letter} runs over {} elsewhere and over {} here",
                self.unifier.show(&known),
                self.unifier.show(range)
            );
            return Err(self.error(Code::RANGE_MISMATCH, id, message));
        }
        Ok(())
    }
}
