//! Differentials in an equation: `d tr(A X) = tr(A dX)`. A symbol varies where its differential is written; dX is then a
//! symbol of X's shape, and every other differential is the linear form in these.

use super::infer::Inference;
use super::typed::Reading;
use super::{Body, QuantityId, Scope};
use crate::dimension::Shape;
use crate::operator;
use crate::syntax::{ExprId, Kind, Tree};
use crate::tensor::Property;
use crate::text::{Code, Diagnostic};

/// Declares dX for every symbol X whose differential the trees write. It has the properties of X that hold for sums:
/// a symmetric or diagonal matrix stays one where it varies.
pub fn declare_differentials(trees: &[&Tree], scope: &mut Scope) {
    for tree in trees {
        for id in tree.ids() {
            let Kind::Differential(of) = tree.kind(id) else { continue };
            let of = match tree.as_apply(*of) {
                Some((op, &[inner])) if op == &operator::TRANSPOSE => inner,
                _ => *of,
            };
            let Kind::Symbol(name) = tree.kind(of) else { continue };
            let Some(q) = scope.find(name, 0) else { continue };
            let quantity = scope.quantity(q);
            let varies = matches!(quantity.body, Body::Variable) && bound_property(&quantity.properties).is_none();
            if !varies || scope.differentials.iter().any(|d| d.0 == q) {
                continue;
            }
            use Property as P;
            let kept = |p: &Property| match p {
                P::Diagonal => Some(P::Diagonal),
                P::Symmetric | P::PositiveDefinite | P::PositiveSemidefinite => Some(P::Symmetric),
                _ => None,
            };
            let mut properties: Vec<Property> = quantity.properties.iter().filter_map(kept).collect();
            properties.sort_unstable();
            properties.dedup();
            let (name, shape) = (format!("d{name}"), quantity.shape.clone());
            let d = scope.declare_symbol(&name, shape, properties);
            scope.differentials.push((q, d));
        }
    }
}

/// A property that leaves the entries no room to vary freely.
fn bound_property(properties: &[Property]) -> Option<&'static str> {
    properties.iter().find_map(|p| match p {
        Property::Orthogonal => Some("orthogonal"),
        Property::OneHot => Some("one-hot"),
        Property::Sign => Some("made of signs"),
        Property::Integer => Some("made of integers"),
        Property::Probability => Some("a probability"),
        _ => None,
    })
}

impl Inference<'_> {
    /// The differential of an expression has the expression's shape.
    pub(super) fn differential(&mut self, id: ExprId, of: ExprId) -> Result<Shape, Diagnostic> {
        let shape = self.visit(of, false)?;
        if let Reading::Quantity(q) = self.typed.reading(of) {
            let q = *q;
            if let Some(bound) = bound_property(&self.scope.quantity(q).properties) {
                let message = format!("{} is {bound}, so its entries do not vary freely", self.scope.quantity(q).name);
                return Err(self.error(Code::UNSUPPORTED, id, message));
            }
            if let Some(d) = self.varying(q) {
                self.typed.readings[id.0 as usize] = Reading::Quantity(d);
                return Ok(shape);
            }
        }
        if self.scope.differentials.is_empty() {
            return Err(self
                .error(Code::UNSUPPORTED, id, "a differential stands here, and no symbol varies")
                .hint("write an equation in the differential of a symbol, as in d tr(A X) = tr(A dX)"));
        }
        Ok(shape)
    }

    fn varying(&self, q: QuantityId) -> Option<QuantityId> {
        self.scope.differentials.iter().find(|d| d.0 == q).map(|d| d.1)
    }
}
