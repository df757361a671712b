//! Which formula the pseudo-inverse of a matrix is: what is said of its rows and columns decides it.

use super::infer::Inference;
use super::typed::Reading;
use crate::dimension::{Order, Poly, Shape};
use crate::syntax::{ExprId, Syntax, print};
use crate::text::{Code, Diagnostic};

impl Inference<'_> {
    /// Notes whether the columns or the rows of a matrix are independent.
    pub(super) fn pseudo_inverse(&mut self, id: ExprId, of: ExprId, shape: &Shape) -> Result<(), Diagnostic> {
        let name = print(self.tree, of, Syntax::Plain);
        let columns = if self.is_at_least(&shape.rows, &shape.cols) {
            true
        } else if self.is_at_least(&shape.cols, &shape.rows) {
            false
        } else {
            let (rows, cols) = (self.unifier.show(&shape.rows), self.unifier.show(&shape.cols));
            let hint = if shape.is_scalar() || shape.is_vector() {
                "write max(0, x) for the positive part".to_owned()
            } else if rows == cols {
                "write the inverse, where there is one".to_owned()
            } else {
                format!("add the constraint {rows} > {cols} or {rows} < {cols}, or write the formula that is meant")
            };
            let message = format!("it is not said that the columns or the rows of {name} are independent");
            return Err(self.error(Code::UNSUPPORTED, id, message).hint(hint));
        };
        let side = if columns { "columns" } else { "rows" };
        let words = format!("the {side} of {name} are independent, so that it has the pseudo-inverse of full rank");
        if !self.assumed.contains(&words) {
            self.assumed.push(words);
        }
        self.typed.readings[id.0 as usize] = Reading::Independent { columns };
        Ok(())
    }

    /// Whether one size is said to be at least another one, and not just equal to it.
    fn is_at_least(&self, more: &Poly, less: &Poly) -> bool {
        let (more, less) = (self.unifier.resolve(more), self.unifier.resolve(less));
        if more == less || less.is_one() {
            return false;
        }
        if more.sub(&less).as_constant().is_some_and(|n| n > 0) {
            return true;
        }
        self.scope.sizes.constraints.iter().any(|c| {
            let (left, right) = (self.unifier.resolve(&c.left), self.unifier.resolve(&c.right));
            match c.order {
                Order::Greater | Order::GreaterEqual => left == more && right == less,
                Order::Less | Order::LessEqual => left == less && right == more,
                Order::Equal | Order::NotEqual => false,
            }
        })
    }
}
