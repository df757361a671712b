//! Declared quantities as nodes: each is made once.

use super::expression::{Frame, Lowering, first_labels};
use crate::dimension::Poly;
use crate::shape::{Body, Formula, Quantity, QuantityId, Scope};
use crate::syntax::Name;
use crate::tensor::{Axes, NodeId, Property, Value, Variable, VariableId};
use crate::text::{Code, Diagnostic};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The nodes of declared quantities. A quantity with indices is one tensor whose first axes are the indices.
#[derive(Clone, Debug, Default)]
pub struct Quantities {
    nodes: FxHashMap<QuantityId, NodeId>,
    variables: FxHashMap<QuantityId, VariableId>,
    depth: u16,
}

/// Definitions nested deeper than this are made after what they use, so that depth costs no stack.
const NESTED: u16 = 64;
/// How deep definitions may use definitions where one is marked, so that each is made anew.
const DEEPEST_DEFINITION: u16 = 400;

impl Quantities {
    /// The node of a quantity, where it has been needed.
    #[must_use]
    pub fn node(&self, q: QuantityId) -> Option<NodeId> {
        self.nodes.get(&q).copied()
    }

    /// Gives a quantity its node.
    pub fn set(&mut self, q: QuantityId, node: NodeId) {
        self.nodes.insert(q, node);
    }

    /// The nodes of variables only: for other declarations in which definitions may stand for something else.
    #[must_use]
    pub fn variables_only(&self, scope: &Scope) -> Self {
        let is_variable = |q: &QuantityId| matches!(scope.quantity(*q).body, Body::Variable);
        let own: Vec<QuantityId> = scope.quantities().map(|q| q.0).filter(is_variable).collect();
        Self {
            nodes: own.iter().filter_map(|q| Some((*q, self.node(*q)?))).collect(),
            variables: own.iter().filter_map(|q| Some((*q, self.variable(*q)?))).collect(),
            depth: 0,
        }
    }

    /// The variable of a quantity, where it has been needed.
    #[must_use]
    pub fn variable(&self, q: QuantityId) -> Option<VariableId> {
        self.variables.get(&q).copied()
    }
}

impl Lowering<'_> {
    /// The whole tensor of a quantity: index axes, rows, columns.
    ///
    /// # Errors
    /// Where its definition cannot be computed with.
    pub fn tensor(&mut self, q: QuantityId) -> Result<NodeId, Diagnostic> {
        // A marked subexpression may occur inside a definition: then nothing of it is shared with other uses.
        if let Some(node) = self.quantities.node(q).filter(|_| self.marked.is_none() || self.is_variable(q)) {
            return Ok(node);
        }
        let scope = self.scope;
        let quantity = scope.quantity(q);
        let node = match &quantity.body {
            Body::Variable => {
                let v = self.variable(q, quantity);
                self.store.variable_node(v)
            }
            Body::Stacked { family, rows } => {
                let members = self.tensor(*family)?;
                if *rows { members } else { self.store.permute(members, &[1, 0]) }
            }
            Body::Definition(formula) => self.definition(q, quantity, formula)?,
        };
        self.quantities.nodes.insert(q, node);
        Ok(node)
    }

    fn variable(&mut self, q: QuantityId, quantity: &Quantity) -> VariableId {
        if let Some(v) = self.quantities.variable(q) {
            return v;
        }
        let axes = self.axes(quantity);
        let mut properties = quantity.properties.clone();
        properties.sort_unstable();
        let family = (quantity.letters.len() == 1).then(|| quantity.letters[0].clone());
        let shape = self.scope.unifier.resolve_shape(&quantity.shape);
        let is_row = shape.tensor.is_none() && shape.rows.is_one() && !shape.cols.is_one();
        let v = self.store.declare(Variable { name: quantity.name.clone(), axes, family, properties, is_row });
        self.quantities.variables.insert(q, v);
        v
    }

    fn axes(&mut self, quantity: &Quantity) -> Axes {
        let shape = self.scope.unifier.resolve_shape(&quantity.shape);
        let own: Vec<Poly> = match &shape.tensor {
            Some(t) => t.to_vec(),
            None => [shape.rows, shape.cols].into_iter().filter(|p| !p.is_one()).collect(),
        };
        quantity.ranges.iter().chain(&own).map(|p| self.store.dim(&self.scope.unifier.resolve(p))).collect()
    }

    fn definition(&mut self, q: QuantityId, quantity: &Quantity, formula: &Formula) -> Result<NodeId, Diagnostic> {
        if self.quantities.depth >= DEEPEST_DEFINITION {
            return Err(Diagnostic::new(
                Code::TOO_DEEP,
                formula.tree.span(formula.tree.root),
                format!("definitions are nested too deeply at {}", quantity.name),
            ));
        }
        self.quantities.depth += 1;
        if self.quantities.depth == NESTED && self.marked.is_none() {
            self.scope.definitions_below(q).into_iter().try_for_each(|below| self.tensor(below).map(drop))?;
        }
        let frame = Frame { tree: &formula.tree, typed: &formula.typed, parameters: &[] };
        let value = self.expression(&frame, formula.tree.root);
        self.quantities.depth -= 1;
        let value = value.map_err(|mut d| {
            d.source = Some(quantity.name.clone());
            d
        })?;
        let shape = self.scope.unifier.resolve_shape(&quantity.shape);
        let ranges: Vec<Poly> = quantity.ranges.iter().map(|p| self.scope.unifier.resolve(p)).collect();
        let body = self.arranged(&value, &quantity.letters, &ranges, &shape);
        let name = self.variable(q, quantity);
        Ok(self.store.definition(name, body))
    }

    /// The value of a quantity used without indices.
    pub(super) fn quantity(&mut self, q: QuantityId) -> Result<Value, Diagnostic> {
        let node = self.tensor(q)?;
        let scope: &Scope = self.scope;
        let quantity = scope.quantity(q);
        let shape = scope.unifier.resolve_shape(&quantity.shape);
        Ok(match quantity.letters.len() {
            // A matrix given by entries, or the vector of a family of scalars.
            2 => Value::matrix(node, true, true),
            1 => Value::matrix(node, true, false),
            _ if shape.tensor.is_some() => {
                let letters: SmallVec<[Name; 2]> =
                    (0..self.store.rank(node)).map(|i| Name::from(format!("\u{1}{i}"))).collect();
                Value { free: letters, ..Value::scalar(node) }
            }
            _ => Value::matrix(node, !shape.rows.is_one(), !shape.cols.is_one()),
        })
    }

    /// The whole tensor of a quantity with no axis for rows or columns: labels `0..rank`.
    pub(super) fn labelled(&mut self, q: QuantityId) -> Result<(NodeId, crate::tensor::Labels), Diagnostic> {
        let node = self.tensor(q)?;
        let labels = first_labels(self.store.rank(node));
        Ok((node, labels))
    }

    /// Whether the samples of a quantity are discrete, so that no error bound can be claimed.
    #[must_use]
    pub fn is_discrete(quantity: &Quantity) -> bool {
        quantity.properties.iter().any(|p| matches!(p, Property::OneHot | Property::Sign | Property::Integer))
    }
}
