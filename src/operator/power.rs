//! Powers.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator, Size, is_scalar};
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::tensor::{Node, NodeId, Property, Store, Value};
use crate::text::Code;
use nalgebra::DMatrix;

/// A power: of a scalar or a diagonal matrix to a scalar, of a square matrix to an integer, symbolic or not.
pub static POWER: Operator = Operator {
    name: "power",
    notation: Notation::Special,
    arity: (2, 2),
    doc: "A power: of a scalar or a diagonal matrix to a scalar, of a square matrix to an integer, symbolic or not.",
    example: "A^2",
    entrywise: Entrywise::Keeps,
    shape,
    lower,
    value,
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (base, exponent) = (&of[0].shape, &of[1].shape);
    if !exponent.is_scalar() {
        return Err(ShapeError::new(
            Code::BAD_EXPONENT,
            format!("the exponent is {}, not a scalar", cx.show(exponent)),
        ));
    }
    // What could be a vector or a scalar and has a power is a scalar.
    if base.is_scalar() || cx.unifier.unify(&base.rows, &base.cols) {
        return Ok(base.clone());
    }
    let message = format!("a power of something of shape {} is not defined", cx.show(base));
    Err(ShapeError::new(Code::BAD_EXPONENT, message)
        .hint("write x.^2 for entrywise powers, ‖x‖^2 for the squared length"))
}

fn lower(store: &mut Store, of: &[Value], _: &Shape) -> Result<Value, ShapeError> {
    let (base, exponent) = (&of[0], &of[1]);
    if base.row && base.col {
        let Some(power) = &exponent.integer else {
            if !is_diagonal(store, base.node) {
                // Roots of a matrix exist: what has one is not wrong for that.
                let message = "only a diagonal matrix can be taken to a power that is no integer";
                return Err(ShapeError::new(Code::UNSUPPORTED, message)
                    .hint("declare the matrix diagonal, or the exponent with the property integer"));
            }
            let entries = store.contract(&[(base, 0, 0)], (Some(0), None));
            let powers = entrywise_power(store, &entries, exponent);
            return Ok(store.contract(&[(&powers, 0, 0)], (Some(0), Some(0))));
        };
        let node = store.matrix_power(base.node, power);
        return Ok(base.with(node));
    }
    let whole = store.as_rational(exponent.node).as_ref().and_then(Rational::to_integer);
    let integer = match (&base.integer, whole) {
        (Some(p), Some(k @ 0..=8)) => {
            (0..k).try_fold(Poly::constant(1), |q, _| Some(q.mul(p)).filter(Poly::is_moderate))
        }
        _ => None,
    };
    Ok(Value { integer, ..entrywise_power(store, base, exponent) })
}

/// Whether a matrix is zero off its diagonal by its form or by what is declared of it.
fn is_diagonal(store: &Store, matrix: NodeId) -> bool {
    match store.node(matrix) {
        Node::Variable(v) => store.variable(*v).properties.contains(&Property::Diagonal),
        Node::Product(p) => matches!(p.out.as_slice(), [.., row, col] if row == col),
        Node::Definition { body, .. } => is_diagonal(store, *body),
        Node::Inverse(x) | Node::MatrixPower(x, _) => is_diagonal(store, *x),
        Node::Sum(terms) => terms.iter().all(|t| is_diagonal(store, t.1)),
        _ => false,
    }
}

/// base^exponent entry by entry, each repeated along the axes it lacks.
pub(super) fn entrywise_power(store: &mut Store, base: &Value, exponent: &Value) -> Value {
    let zero = store.scaled(&Rational::ZERO, exponent);
    let base = store.plus(base, &Rational::ONE, &zero);
    if store.as_rational(exponent.node).is_some() {
        let node = store.scalar_power(base.node, exponent.node);
        return base.with(node);
    }
    let zero = store.scaled(&Rational::ZERO, &base);
    let exponent = store.plus(&zero, &Rational::ONE, exponent);
    let node = store.scalar_power(base.node, exponent.node);
    base.with(node)
}

fn value(of: &[DMatrix<f64>], _: Size<'_>) -> Option<DMatrix<f64>> {
    let exponent = of[1][0];
    if is_scalar(&of[0]) {
        return Some(DMatrix::from_element(1, 1, libm::pow(of[0][0], exponent)));
    }
    let steps = exponent.abs();
    if steps.fract() > 0.0 {
        let entry = |i, j, x: f64| if i == j { libm::pow(x, exponent) } else { x };
        let powers = of[0].map_with_location(entry);
        let is_diagonal = (0..powers.ncols()).all(|j| (0..powers.nrows()).all(|i| i == j || powers[(i, j)] == 0.0));
        return is_diagonal.then_some(powers);
    }
    if steps > 64.0 {
        return None;
    }
    let base = if exponent < 0.0 { of[0].clone().try_inverse()? } else { of[0].clone() };
    let mut product = DMatrix::identity(base.nrows(), base.ncols());
    let mut done = 0.0;
    while done < steps {
        product = &product * &base;
        done += 1.0;
    }
    Some(product)
}
