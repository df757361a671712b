//! What is stated of dimensions: read, and checked for whether anything satisfies it.

use super::declare::about;
use super::dimension::parse_constraint;
use crate::dimension::Poly;
use crate::evaluation::sizes;
use crate::shape::Scope;
use crate::tensor::Store;
use crate::text::{Code, Diagnostic, Span};

/// Sizes are looked for up to about here: with a larger number in a constraint, nothing found means nothing.
const LARGE: i64 = 64;

/// Reads the constraints into the scope.
///
/// # Errors
/// Where one cannot be read or names no dimension, or where no sizes satisfy all of them.
pub(super) fn constraints(texts: &[String], scope: &mut Scope) -> Result<(), Diagnostic> {
    let bad = |message: String| about("constraints", Diagnostic::new(Code::BAD_CONSTRAINT, Span::default(), message));
    for c in texts {
        let mut unknown = None;
        let constraint = parse_constraint(c, &mut |n| {
            if scope.unifier.find(n).is_none() {
                unknown = Some(n.to_owned());
            }
            Poly::variable(scope.unifier.named(n))
        })
        .map_err(|d| about("constraints", d))?;
        if let Some(n) = unknown {
            return Err(bad(format!("the constraint {c:?} names {n}, which is no dimension here")));
        }
        scope.sizes.constraints.push(constraint);
    }
    let small = scope.sizes.constraints.iter().flat_map(|c| [&c.left, &c.right]).all(is_small);
    if !texts.is_empty() && small && sizes(&Store::default(), &[], &scope.sizes, 1).is_empty() {
        let all = texts.join(", ");
        let hint = "dimensions are whole numbers from 1 upwards; leave out the constraint that is not meant";
        return Err(bad(format!("no sizes satisfy the constraints together: {all}")).hint(hint));
    }
    Ok(())
}

/// Whether all numbers of a polynomial are small.
fn is_small(p: &Poly) -> bool {
    p.terms().all(|(_, c)| c.abs() <= LARGE)
}
