//! Derivatives that are written inside a formula, and what they are taken by.

use super::infer::{Inference, Inferred, Surroundings, infer_with};
use super::scope::{Body, QuantityId, Scope};
use super::typed::{Index, Reading, Typed, Wrt};
use crate::dimension::{Poly, Shape};
use crate::operator;
use crate::syntax::{DerivativeStyle, ExprId, Kind, Tree};
use crate::text::{Code, Diagnostic};
use smallvec::SmallVec;

/// What a formula below a derivative sign names: a quantity, an element, a member, or a subexpression.
///
/// # Errors
/// As [`infer`].
pub fn infer_wrt(tree: &Tree, scope: &mut Scope, around: &Surroundings) -> Result<(Wrt, Inferred), Diagnostic> {
    let inferred = infer_with(tree, scope, around)?;
    let block = |r: &Reading| match r {
        Reading::Member { indices, .. } | Reading::Entry(indices) => {
            indices.iter().any(|i| matches!(i, Index::Block { .. }))
        }
        _ => false,
    };
    if inferred.typed.readings.iter().any(block) {
        let d = Diagnostic::new(Code::UNSUPPORTED, tree.span(tree.root), "this entry cannot be differentiated by");
        return Err(d.hint("write a letter, a number or a letter and a number as its index"));
    }
    Ok((named_by(tree, &inferred.typed, tree.root), inferred))
}

impl Inference<'_> {
    pub(super) fn derivative(
        &mut self,
        id: ExprId,
        of: Option<ExprId>,
        wrt: &[ExprId],
        style: DerivativeStyle,
    ) -> Result<Shape, Diagnostic> {
        let Some(of) = of else {
            return Err(self.error(Code::EXPECTED_EXPRESSION, id, "it is not said of what this is the derivative"));
        };
        let output = self.visit(of, false)?;
        if let (DerivativeStyle::Prime { .. }, Reading::Quantity(q)) = (style, &self.typed.readings[of.0 as usize])
            && matches!(self.scope.quantity(*q).body, Body::Variable)
        {
            return Err(self
                .error(Code::UNSUPPORTED, id, "this reads as the derivative of a symbol that is no function")
                .hint("write a space before the bracket for the product with the transposed"));
        }
        let mut by: SmallVec<[Wrt; 2]> = SmallVec::new();
        let mut shapes: SmallVec<[Shape; 2]> = SmallVec::new();
        for w in wrt {
            let shape = self.visit(*w, false)?;
            shapes.push(self.unifier.resolve_shape(&shape));
            by.push(named_by(self.tree, &self.typed, *w));
        }
        if by.is_empty() {
            return Err(self
                .error(Code::EXPECTED_EXPRESSION, id, "it is not said by what this is differentiated")
                .hint("write the variable below, as in ∇_x f"));
        }
        if let (DerivativeStyle::Nabla { order: 2 }, [one]) = (style, by.as_slice()) {
            let (one, shape) = (one.clone(), shapes[0].clone());
            by.push(one);
            shapes.push(shape);
        }
        self.typed.readings[id.0 as usize] = Reading::Derivative(by);
        let output = self.unifier.resolve_shape(&output);
        let shape = match shapes.as_slice() {
            [x] if output.is_scalar() => x.clone(),
            [x] if x.is_scalar() => output,
            [x] if output.is_vector() && x.is_vector() => Shape::matrix(length(&output), length(x)),
            [x, y] if output.is_scalar() && (x.is_vector() || x.is_scalar()) && (y.is_vector() || y.is_scalar()) => {
                Shape::matrix(length(x), length(y))
            }
            _ => {
                return Err(self
                    .error(Code::UNSUPPORTED, id, "a derivative of this order cannot stand inside a formula")
                    .hint("write it with indices"));
            }
        };
        Ok(shape)
    }
}

/// What a visited expression below a derivative sign names.
fn named_by(tree: &Tree, typed: &Typed, id: ExprId) -> Wrt {
    let whole = |quantity: QuantityId, indices: &SmallVec<[Index; 2]>| Wrt::Quantity {
        quantity,
        indices: indices.clone(),
        transposed: false,
    };
    match (tree.kind(id), typed.reading(id)) {
        (_, Reading::Quantity(q)) => whole(*q, &SmallVec::new()),
        (_, Reading::Member { quantity, indices }) => whole(*quantity, indices),
        (Kind::Subscript { base, .. }, Reading::Entry(indices)) => match named_by(tree, typed, *base) {
            Wrt::Quantity { quantity, indices: inner, transposed: false } if inner.is_empty() => {
                whole(quantity, indices)
            }
            _ => Wrt::Expression(id),
        },
        (Kind::Apply { operator, arguments }, _) if **operator == operator::TRANSPOSE => {
            match named_by(tree, typed, arguments[0]) {
                Wrt::Quantity { quantity, indices, transposed } => {
                    Wrt::Quantity { quantity, indices, transposed: !transposed }
                }
                Wrt::Expression(_) => Wrt::Expression(id),
            }
        }
        _ => Wrt::Expression(id),
    }
}

/// The length of a column, a row or a scalar.
fn length(s: &Shape) -> Poly {
    if s.rows.is_one() { s.cols.clone() } else { s.rows.clone() }
}
