//! The walk over the tree.

use super::quantity::Quantities;
use crate::calculus;
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::operator;
use crate::shape::{Body, Function, Instance, Reading, Scope, Typed};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::tensor::{self, Label, Labels, NodeId, Pattern, Store, Value};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

/// A subexpression that is to be kept as a node of its own, so that one can differentiate by it.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The tree it stands in.
    pub tree: Tree,
    /// The subexpression.
    pub id: ExprId,
    /// The node, once it has been met.
    pub node: Option<NodeId>,
    /// Its value when it was met.
    pub value: Option<Value>,
}

/// What lowering works on.
pub struct Lowering<'a> {
    /// The declarations.
    pub scope: &'a Scope,
    /// The graph.
    pub store: &'a mut Store,
    /// The declared quantities as nodes.
    pub quantities: &'a mut Quantities,
    /// A subexpression to be kept apart.
    pub marked: Option<Marked>,
}

/// A tree being lowered, with what its parameters stand for.
pub(super) struct Frame<'t> {
    pub(super) tree: &'t Tree,
    pub(super) typed: &'t Typed,
    pub(super) parameters: &'t [Value],
}

impl Lowering<'_> {
    /// The value of a whole tree.
    ///
    /// # Errors
    /// Where something is understood but cannot be computed with.
    pub fn lower(&mut self, tree: &Tree, typed: &Typed) -> Result<Value, Diagnostic> {
        self.expression(&Frame { tree, typed, parameters: &[] }, tree.root)
    }

    pub(super) fn expression(&mut self, f: &Frame<'_>, id: ExprId) -> Result<Value, Diagnostic> {
        if let Some(m) = self.marked.take_if(|m| f.tree.same(id, &m.tree, m.id)) {
            let known = m.value.clone();
            let value = match known {
                Some(v) => v,
                None => self.unmarked(f, id)?,
            };
            return Ok(self.keep_apart(m, value));
        }
        self.unmarked(f, id)
    }

    /// Puts the marked subexpression into a node of its own.
    fn keep_apart(&mut self, mut m: Marked, value: Value) -> Value {
        let kept = match m.node {
            Some(node) => value.with(node),
            None => self.kept(&value),
        };
        m.node = Some(kept.node);
        m.value = Some(kept.clone());
        self.marked = Some(m);
        kept
    }

    fn unmarked(&mut self, f: &Frame<'_>, id: ExprId) -> Result<Value, Diagnostic> {
        match f.tree.kind(id) {
            Kind::Number(n) => Ok(self.number(n)),
            Kind::Constant(c) => Ok(Value::scalar(self.store.constant(*c))),
            Kind::Symbol(_) => self.symbol(f, id),
            Kind::Subscript { base, .. } => self.subscript(f, id, *base),
            Kind::Apply { operator, arguments } => self.apply(f, id, operator, arguments),
            Kind::Call { function, order, arguments } => self.call(f, id, function, *order, arguments),
            Kind::Sum { body, .. } => self.sum(f, id, *body),
            Kind::Product { body, .. } => self.product(f, id, *body),
            Kind::Derivative { of: Some(of), wrt, .. } => self.written_derivative(f, id, *of, wrt),
            Kind::Array(rows) => self.array(f, rows),
            Kind::Cases(rows) => self.cases(f, rows),
            Kind::Differential(of) => self.differential(f, id, *of),
            Kind::Derivative { of: None, .. } | Kind::Slice | Kind::Dots => {
                Err(Diagnostic::new(Code::UNSUPPORTED, f.tree.span(id), "this cannot be computed with"))
            }
        }
    }

    /// dX of a symbol that varies is a symbol; of anything else it is linear in those.
    fn differential(&mut self, f: &Frame<'_>, id: ExprId, of: ExprId) -> Result<Value, Diagnostic> {
        if let Reading::Quantity(_) = f.typed.reading(id) {
            return self.symbol(f, id);
        }
        let value = self.expression(f, of)?;
        let scope = self.scope;
        let mut varying = Vec::with_capacity(scope.differentials.len());
        for (x, dx) in &scope.differentials {
            varying.push((self.tensor(*x)?, self.tensor(*dx)?));
        }
        let node = calculus::differential(self.store, value.node, &varying);
        Ok(Value { integer: None, ..value.with(node) })
    }

    fn number(&mut self, n: &Rational) -> Value {
        let integer = n.to_integer().map(Poly::constant);
        Value { integer, ..Value::scalar(self.store.rational(n)) }
    }

    pub(super) fn integer(&mut self, p: &Poly) -> Value {
        let p = self.scope.unifier.resolve(p);
        Value { integer: Some(p.clone()), ..Value::scalar(self.store.integer(&p)) }
    }

    fn symbol(&mut self, f: &Frame<'_>, id: ExprId) -> Result<Value, Diagnostic> {
        match f.typed.reading(id) {
            Reading::Quantity(q) => self.quantity(*q).map_err(|mut d| {
                d.span = f.tree.span(id);
                d
            }),
            Reading::Integer(p) => Ok(self.integer(p)),
            Reading::Parameter(i) => match f.parameters.get(*i) {
                Some(v) => Ok(v.clone()),
                None => Err(Diagnostic::new(Code::INTERNAL, f.tree.span(id), "a parameter without a value")),
            },
            Reading::Count(letter, range) => {
                let dim = self.store.dim(&self.scope.unifier.resolve(range));
                let count = self.store.pattern(Pattern::Count { dim });
                Ok(Value { free: SmallVec::from_iter([letter.clone()]), ..Value::scalar(count) })
            }
            _ => Err(Diagnostic::new(Code::UNKNOWN_SYMBOL, f.tree.span(id), "a symbol without a meaning")),
        }
    }

    pub(super) fn shape(&self, f: &Frame<'_>, id: ExprId) -> Shape {
        self.scope.unifier.resolve_shape(f.typed.shape(id))
    }

    fn apply(
        &mut self,
        f: &Frame<'_>,
        id: ExprId,
        op: operator::Op,
        arguments: &[ExprId],
    ) -> Result<Value, Diagnostic> {
        if let Reading::Delta(i, j, range) = f.typed.reading(id) {
            return self.delta([i, j], range.as_ref());
        }
        if let ([argument], true) = (arguments, *op == operator::LOG)
            && let Kind::Product { body, .. } = f.tree.kind(*argument)
        {
            return self.log_product(f, *argument, *body);
        }
        let mut values: SmallVec<[Value; 2]> = SmallVec::new();
        for a in arguments {
            values.push(self.expression(f, *a)?);
        }
        let shape = self.shape(f, id);
        // Of a matrix with independent rows: that of its transpose, transposed.
        let by_rows = matches!(f.typed.reading(id), Reading::Independent { columns: false });
        if by_rows {
            values[0] = self.store.transposed(&values[0]);
        }
        let value =
            (op.lower)(self.store, &values, &shape).map(|v| if by_rows { self.store.transposed(&v) } else { v });
        value.map_err(|e| {
            let mut d = Diagnostic::new(e.code, f.tree.span(id), e.message);
            d.hint = e.hint;
            d
        })
    }

    fn call(
        &mut self,
        f: &Frame<'_>,
        id: ExprId,
        name: &Name,
        order: u8,
        arguments: &[ExprId],
    ) -> Result<Value, Diagnostic> {
        let mut values: SmallVec<[Value; 2]> = SmallVec::new();
        for a in arguments {
            values.push(self.expression(f, *a)?);
        }
        if let (None, 1, Some(op), [x]) =
            (self.scope.function(name), order, operator::entrywise_function(name), values.as_slice())
        {
            let kept = self.kept(x);
            let shape = self.shape(f, id);
            let value = (op.lower)(self.store, std::slice::from_ref(&kept), &shape)
                .map_err(|e| Diagnostic::new(e.code, f.tree.span(id), e.message))?;
            return Ok(self.entrywise_derivative(&value, &kept));
        }
        match (self.scope.function(name), values.as_slice()) {
            (Some(Function::Elementwise), [x]) => {
                let g = self.store.function(name);
                Ok(self.store.mapped(tensor::Function::Unknown(g, order), x))
            }
            (Some(Function::Scalar), [x]) => {
                let g = self.store.function(name);
                let batch = u8::try_from(x.free.len()).unwrap_or(u8::MAX);
                let node = self.store.unknown(g, order, batch, x.node);
                let scalar = order == 0;
                Ok(Value { row: x.row && !scalar, col: x.col && !scalar, ..x.with(node) })
            }
            (Some(Function::Defined { tree, .. }), _) => {
                let Reading::Instance(instance) = f.typed.reading(id) else {
                    return Err(Diagnostic::new(Code::INTERNAL, f.tree.span(id), "a function without its formula"));
                };
                let tree = tree.clone();
                self.instance(&tree, instance, &values, order)
            }
            _ => {
                Err(Diagnostic::new(Code::BAD_ARGUMENTS, f.tree.span(id), format!("{name} cannot be applied to this")))
            }
        }
    }

    /// A function given by a formula. One of scalars is applied entry by entry: rows and columns of the argument
    /// become free indices inside, and rows and columns again outside.
    fn instance(
        &mut self,
        tree: &Tree,
        instance: &Instance,
        arguments: &[Value],
        order: u8,
    ) -> Result<Value, Diagnostic> {
        let mut inside: SmallVec<[Value; 2]> = arguments.into();
        if instance.entrywise {
            for v in &mut inside {
                let marks = [v.row.then_some("\u{1}row"), v.col.then_some("\u{1}col")];
                v.free.extend(marks.into_iter().flatten().map(Name::from));
                (v.row, v.col) = (false, false);
            }
        }
        if order > 0 {
            // The derivative by the argument, entry by entry: the argument becomes a node of its own.
            for v in &mut inside {
                *v = self.kept(v);
            }
        }
        let frame = Frame { tree, typed: &instance.typed, parameters: &inside };
        let mut value = self.expression(&frame, tree.root)?;
        if order > 0 {
            value = self.entrywise_derivative(&value, &inside[0]);
        }
        if instance.entrywise {
            let is_mark = |l: &&Name| l.starts_with('\u{1}');
            let letters: Vec<Name> = value.free.iter().filter(|l| !is_mark(l)).cloned().collect();
            let (row, col) = (value.free.iter().any(|l| l == "\u{1}row"), value.free.iter().any(|l| l == "\u{1}col"));
            let mut order: Vec<Name> = letters.clone();
            order.extend(row.then(|| "\u{1}row".into()).into_iter().chain(col.then(|| "\u{1}col".into())));
            let positions: Vec<usize> = order.iter().filter_map(|l| value.free.iter().position(|x| x == l)).collect();
            let node = self.store.permute(value.node, &positions);
            value = Value { node, free: letters.into(), row, col, integer: None };
        }
        Ok(value)
    }

    /// The same value as a node of its own.
    fn kept(&mut self, v: &Value) -> Value {
        let axes = self.store.axes(v.node).clone();
        let name = self.store.declare(tensor::Variable {
            is_row: false,
            name: Name::default(),
            axes,
            family: None,
            properties: Vec::new(),
        });
        v.with(self.store.definition(name, v.node))
    }

    /// ∂y/∂x entry by entry, where y is made from x entry by entry: the total derivative contracted with ones.
    fn entrywise_derivative(&mut self, y: &Value, x: &Value) -> Value {
        let total = self.store.sum_all(y.node);
        let node = crate::calculus::derivative(self.store, total, x.node);
        x.with(node)
    }

    fn array(&mut self, f: &Frame<'_>, rows: &[Vec<ExprId>]) -> Result<Value, Diagnostic> {
        let count = |n: usize| Poly::constant(i64::try_from(n).unwrap_or(i64::MAX));
        let (m, n) = (rows.len(), rows.first().map_or(0, Vec::len));
        let (row_dim, col_dim) = (self.store.dim(&count(m)), self.store.dim(&count(n)));
        let mut sum: Option<Value> = None;
        for (i, row) in rows.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                let mut term = self.expression(f, *entry)?;
                if m > 1 {
                    let e = self.store.pattern(Pattern::Basis { dim: row_dim, position: count(i + 1) });
                    term = self.store.times(&Value::matrix(e, true, false), &term);
                }
                if n > 1 {
                    let e = self.store.pattern(Pattern::Basis { dim: col_dim, position: count(j + 1) });
                    term = self.store.times(&term, &Value::matrix(e, false, true));
                }
                sum = Some(match sum {
                    Some(s) => self.store.plus(&s, &Rational::ONE, &term),
                    None => term,
                });
            }
        }
        sum.ok_or_else(|| Diagnostic::new(Code::EXPECTED_EXPRESSION, f.tree.span(f.tree.root), "an empty matrix"))
    }

    /// Values by condition: each case holds where its condition does and no earlier one.
    fn cases(&mut self, f: &Frame<'_>, rows: &[(ExprId, Option<ExprId>)]) -> Result<Value, Diagnostic> {
        let mut left = Value::scalar(self.store.one());
        let mut sum: Option<Value> = None;
        for (value, condition) in rows {
            let value = self.expression(f, *value)?;
            let weight = match condition {
                Some(c) => {
                    let c = self.expression(f, *c)?;
                    let weight = self.store.times(&left, &c);
                    left = self.store.plus(&left, &Rational::MINUS_ONE, &weight);
                    weight
                }
                None => left.clone(),
            };
            let term = self.store.times(&weight, &value);
            sum = Some(match sum {
                Some(s) => self.store.plus(&s, &Rational::ONE, &term),
                None => term,
            });
        }
        sum.ok_or_else(|| Diagnostic::new(Code::EXPECTED_EXPRESSION, f.tree.span(f.tree.root), "no case"))
    }

    /// The node of a value's tensor with the axes in the order of `letters`, rows, columns.
    pub(super) fn arranged(&mut self, v: &Value, letters: &[Name], ranges: &[Poly], shape: &Shape) -> NodeId {
        let (row, col) = (!shape.rows.is_one(), !shape.cols.is_one());
        let mut axes: tensor::Axes = ranges.iter().map(|p| self.store.dim(p)).collect();
        axes.extend(row.then(|| self.store.dim(&shape.rows)));
        axes.extend(col.then(|| self.store.dim(&shape.cols)));
        self.store.broadcast(v, letters, row, col, &axes)
    }

    /// Whether a quantity stands for itself.
    pub(super) fn is_variable(&self, q: crate::shape::QuantityId) -> bool {
        matches!(self.scope.quantity(q).body, Body::Variable)
    }
}

/// Labels `0..n`.
pub(super) fn first_labels(n: usize) -> Labels {
    (0..n).map(|i| Label::try_from(i).unwrap_or(0)).collect()
}
