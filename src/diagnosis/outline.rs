//! What a formula is made of: its terms, its factors, and where each node stands.

use crate::operator::{self as ops, Op};
use crate::syntax::{ExprId, Kind, Tree};

/// A sum: its terms, with the sign each has there.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The outermost node.
    pub(super) root: ExprId,
    /// The terms without their signs.
    pub(super) terms: Vec<Term>,
}

/// A term of a sum.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Term {
    /// The term with its sign.
    pub(super) signed: ExprId,
    /// The term.
    pub(super) id: ExprId,
    /// Whether it is subtracted.
    pub(super) negative: bool,
}

/// A product: its factors from left to right, and its operator.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The outermost node.
    pub(super) root: ExprId,
    /// The operator: a matrix product or an entrywise one.
    pub(super) operator: Op,
    /// The factors.
    pub(super) factors: Vec<ExprId>,
}

/// A tree with the parents of its nodes, and its sums and products.
pub(super) struct Outline<'t> {
    /// The tree.
    pub(super) tree: &'t Tree,
    /// The nodes that are part of the formula, as they are read.
    pub(super) nodes: Vec<ExprId>,
    parents: Vec<Option<ExprId>>,
    /// Its sums, outermost first.
    pub(super) groups: Vec<Group>,
    /// Its products of two or more factors, outermost first.
    pub(super) chains: Vec<Chain>,
}

impl<'t> Outline<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let mut outline =
            Self { tree, nodes: Vec::new(), parents: vec![None; tree.len()], groups: Vec::new(), chains: Vec::new() };
        outline.visit(tree.root);
        for id in outline.nodes.clone() {
            let parent = outline.parent(id);
            let inside = |op: Op| parent.is_some_and(|p| is(tree, p, op));
            if is(tree, id, &ops::ADD) && !inside(&ops::ADD) {
                let mut terms = Vec::new();
                collect_terms(tree, id, false, id, &mut terms);
                outline.groups.push(Group { root: id, terms });
            }
            for operator in [&ops::MULTIPLY, &ops::HADAMARD] {
                if is(tree, id, operator) && !inside(operator) {
                    let mut factors = Vec::new();
                    collect_factors(tree, id, operator, &mut factors);
                    outline.chains.push(Chain { root: id, operator, factors });
                }
            }
        }
        outline
    }

    fn visit(&mut self, id: ExprId) {
        self.nodes.push(id);
        for child in self.tree.children(id) {
            self.parents[child.0 as usize] = Some(id);
            self.visit(child);
        }
    }

    /// The node a node is an operand of.
    pub(super) fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.parents.get(id.0 as usize).copied().flatten()
    }

    /// Whether a node stands below another.
    pub(super) fn is_below(&self, id: ExprId, above: ExprId) -> bool {
        std::iter::successors(self.parent(id), |p| self.parent(*p)).any(|p| p == above)
    }

    /// Whether a node is an index or the base of an index, a bound of a sum, or an exponent.
    pub(super) fn is_index(&self, id: ExprId) -> bool {
        let Some(parent) = self.parent(id) else { return false };
        match self.tree.kind(parent) {
            Kind::Subscript { base, .. } => *base != id || self.is_index(parent),
            Kind::Sum { body, .. } | Kind::Product { body, .. } => *body != id,
            Kind::Apply { operator, arguments } => {
                **operator == ops::DELTA
                    || [ops::IDENTITY.name, ops::ONES.name, ops::ZEROS.name].contains(&operator.name)
                    || (**operator == ops::POWER || **operator == ops::HADAMARD_POWER) && arguments[1] == id
                    || self.is_index(parent)
            }
            _ => self.is_index(parent),
        }
    }

    /// Whether the formula is linear in what stands at a node: multiplying it multiplies what the node adds.
    pub(super) fn is_linear_in(&self, id: ExprId) -> bool {
        let Some(parent) = self.parent(id) else { return true };
        let linear = match self.tree.kind(parent) {
            Kind::Apply { operator, arguments } => {
                let op = *operator;
                [&ops::ADD, &ops::NEGATE, &ops::MULTIPLY, &ops::HADAMARD, &ops::TRANSPOSE, &ops::TRACE, &ops::SUM]
                    .contains(&op)
                    || [&ops::DIAG, &ops::KRONECKER, &ops::VEC, &ops::INNER, &ops::MEAN].contains(&op)
                    || (op == &ops::DIVIDE || op == &ops::HADAMARD_DIVIDE) && arguments[0] == id
            }
            Kind::Sum { body, .. } => *body == id,
            Kind::Subscript { base, .. } => *base == id,
            _ => false,
        };
        linear && self.is_linear_in(parent)
    }

    /// The operator of a node's parent, where it is one.
    pub(super) fn parent_op(&self, id: ExprId) -> Option<Op> {
        self.parent(id).and_then(|p| self.tree.as_apply(p)).map(|a| a.0)
    }

    /// The nodes that could be matrices or vectors of their own: no indices, no numbers.
    pub(super) fn operands(&self) -> impl Iterator<Item = ExprId> + '_ {
        self.nodes.iter().copied().filter(|id| {
            !self.is_index(*id) && !matches!(self.tree.kind(*id), Kind::Number(_) | Kind::Constant(_) | Kind::Slice)
        })
    }

    /// Whether a node is the base of a subscript.
    pub(super) fn is_base(&self, id: ExprId) -> bool {
        self.parent(id).is_some_and(|p| matches!(self.tree.kind(p), Kind::Subscript { base, .. } if *base == id))
    }

    /// Number of nodes of a part.
    pub(super) fn size(&self, id: ExprId) -> usize {
        1 + self.tree.children(id).iter().map(|c| self.size(*c)).sum::<usize>()
    }

    /// Whether the formula is a product of what stands at a node, or of its inverse, with something else.
    pub(super) fn is_factor(&self, id: ExprId) -> bool {
        let Some(parent) = self.parent(id) else { return true };
        match self.tree.as_apply(parent) {
            Some((op, _)) => {
                [
                    &ops::MULTIPLY,
                    &ops::HADAMARD,
                    &ops::DIVIDE,
                    &ops::HADAMARD_DIVIDE,
                    &ops::TRANSPOSE,
                    &ops::NEGATE,
                    &ops::ADD,
                    &ops::TRACE,
                    &ops::DIAG,
                ]
                .contains(&op)
                    && self.is_factor(parent)
            }
            None => matches!(self.tree.kind(parent), Kind::Sum { body, .. } if *body == id) && self.is_factor(parent),
        }
    }

    /// The first node in reading order that is the same formula, other than the node itself.
    pub(super) fn twins(&self, id: ExprId) -> Vec<ExprId> {
        self.nodes.iter().copied().filter(|o| self.tree.same(*o, self.tree, id)).collect()
    }
}

/// Whether a node applies an operator.
pub(super) fn is(tree: &Tree, id: ExprId, op: Op) -> bool {
    matches!(tree.as_apply(id), Some((o, _)) if o == op)
}

fn collect_terms(tree: &Tree, id: ExprId, negative: bool, signed: ExprId, terms: &mut Vec<Term>) {
    match tree.as_apply(id) {
        Some((op, [a, b])) if op == &ops::ADD && !negative => {
            collect_terms(tree, *a, false, *a, terms);
            collect_terms(tree, *b, false, *b, terms);
        }
        Some((op, [a])) if op == &ops::NEGATE && !negative => collect_terms(tree, *a, true, signed, terms),
        _ => terms.push(Term { signed, id, negative }),
    }
}

fn collect_factors(tree: &Tree, id: ExprId, operator: Op, factors: &mut Vec<ExprId>) {
    match tree.as_apply(id) {
        Some((op, [a, b])) if op == operator => {
            collect_factors(tree, *a, operator, factors);
            collect_factors(tree, *b, operator, factors);
        }
        _ => factors.push(id),
    }
}
