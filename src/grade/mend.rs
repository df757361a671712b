//! Formulas that fit only as people write them, made to fit: `1` for the identity, a vector added to every column or
//! row of a matrix, `0` for a vector of zeros among cases, δ_ij where δ is a name of the writer's own.
//!
//! Each of these readings is taken only where the formula has no other, and is said.

use super::occurrence::part;
use super::session::Session;
use crate::number::Rational;
use crate::operator;
use crate::shape::{Surroundings, infer_with};
use crate::syntax::{ExprId, Kind, Name, Tree};

/// Sums of one formula that are made to fit.
const MOST_SUMS: usize = 12;

impl Session {
    /// A tree whose sums of unequal shapes are made to fit, with what was done for it; nothing where nothing was.
    pub(super) fn widened(&self, tree: &Tree, around: &Surroundings) -> Option<(Tree, Vec<String>)> {
        let mut tree = tree.clone();
        let mut said = Vec::new();
        let sums: Vec<ExprId> =
            tree.ids().filter(|id| tree.as_apply(*id).is_some_and(|(op, _)| *op == operator::ADD)).collect();
        // Terms stand before their sums, so that inner sums are mended first.
        for id in sums.into_iter().take(MOST_SUMS) {
            let Some((_, [a, b])) = tree.as_apply(id) else { continue };
            let (a, b) = (*a, *b);
            if let Some(words) = self.fit(&mut tree, a, b, around).or_else(|| self.fit(&mut tree, b, a, around)) {
                said.push(words);
            }
        }
        (!said.is_empty()).then_some((tree, said))
    }

    /// Makes the smaller term fit the larger one.
    fn fit(&self, tree: &mut Tree, small: ExprId, large: ExprId, around: &Surroundings) -> Option<String> {
        let shape = |tree: &Tree, id: ExprId| {
            let mut scope = self.scope.clone();
            let term = part(tree, id);
            let inferred = infer_with(&term, &mut scope, around).ok()?;
            Some(scope.unifier.resolve_shape(inferred.typed.shape(term.root)))
        };
        let full = shape(tree, large).filter(|s| s.is_matrix() && !s.is_vector())?;
        let inner = match tree.as_apply(small) {
            Some((op, [x])) if *op == operator::NEGATE => *x,
            _ => small,
        };
        let span = tree.span(inner);
        if matches!(tree.kind(inner), Kind::Number(n) if n.is_one()) {
            if full.rows != full.cols {
                return None;
            }
            tree.set_kind(inner, Kind::Apply { operator: &operator::IDENTITY, arguments: [].into_iter().collect() });
            return Some("1 is read as the identity".into());
        }
        let own = shape(tree, inner)?;
        if own.is_scalar() || (full.rows == full.cols && own.is_vector()) {
            return None;
        }
        let words = crate::syntax::print(tree, inner, crate::syntax::Syntax::Plain);
        let copy = |tree: &mut Tree| {
            let kind = tree.kind(inner).clone();
            tree.push(kind, span)
        };
        let ones = |tree: &mut Tree| tree.apply(&operator::ONES, [], span);
        let (left, right, each) = if own.cols.is_one() && own.rows == full.rows {
            let (v, o) = (copy(tree), ones(tree));
            (v, tree.apply(&operator::TRANSPOSE, [o], span), "column")
        } else if own.cols.is_one() && own.rows == full.cols {
            let (v, o) = (copy(tree), ones(tree));
            (o, tree.apply(&operator::TRANSPOSE, [v], span), "row")
        } else if own.rows.is_one() && own.cols == full.cols {
            let (v, o) = (copy(tree), ones(tree));
            (o, v, "row")
        } else {
            return None;
        };
        let arguments = [left, right].into_iter().collect();
        tree.set_kind(inner, Kind::Apply { operator: &operator::MULTIPLY, arguments });
        Some(format!("{words} is added to every {each}"))
    }

    /// `0` beside a vector or matrix among cases is a zero of its shape.
    pub(super) fn zero_cases(tree: &mut Tree, id: ExprId) {
        let Kind::Cases(rows) = tree.kind(id) else { return };
        let zero = |tree: &Tree, v: ExprId| matches!(tree.kind(v), Kind::Number(n) if n.is_zero());
        let Some(other) = rows.iter().map(|r| r.0).find(|v| !matches!(tree.kind(*v), Kind::Number(_))) else { return };
        let zeros: Vec<ExprId> = rows.iter().map(|r| r.0).filter(|v| zero(tree, *v)).collect();
        for v in zeros {
            let span = tree.span(v);
            let nothing = tree.push(Kind::Number(Rational::from(0)), span);
            let arguments = [nothing, other].into_iter().collect();
            tree.set_kind(v, Kind::Apply { operator: &operator::MULTIPLY, arguments });
        }
    }

    /// δ_ij is Kronecker's where δ is declared as anything that has no two indices.
    pub(super) fn kronecker(&self, tree: &mut Tree, id: ExprId) {
        let Kind::Subscript { base, indices } = tree.kind(id) else { return };
        let [i, j] = indices.as_slice() else { return };
        let (i, j) = (*i, *j);
        let Kind::Symbol(name) = tree.kind(*base) else { return };
        let letter = |id: ExprId| matches!(tree.kind(id), Kind::Symbol(n) if n.chars().count() == 1);
        if name != "delta" || !letter(i) || !letter(j) {
            return;
        }
        let known = self.scope.named(name);
        let indexed = |q: &crate::shape::QuantityId| {
            let q = self.scope.quantity(*q);
            let shape = self.scope.unifier.resolve_shape(&q.shape);
            q.letters.len() == 2
                || (q.letters.len() == 1 && !shape.is_scalar())
                || (shape.is_matrix() && !shape.is_vector())
                || shape.tensor.is_some()
        };
        if !known.is_empty() && !known.iter().any(indexed) {
            tree.set_kind(id, Kind::Apply { operator: &operator::DELTA, arguments: [i, j].into_iter().collect() });
        }
    }
}

/// What an adjoint is called where it is written `dV`.
pub(super) fn adjoint_name(of: &Name) -> Name {
    format!("d{of}").into()
}
