//! What the entries' rules are written in: operands, shape errors, and the shapes rules share.

use crate::dimension::{Poly, Shape, Unifier};
use crate::text::Code;

/// An operand as a shape rule sees it.
#[derive(Clone, Debug)]
pub struct Operand {
    /// Its shape.
    pub shape: Shape,
    /// Whether it is a number written out.
    pub number: bool,
    /// Its value as an integer polynomial, where it has one: a dimension, an exponent.
    pub integer: Option<Poly>,
}

/// What a shape rule may use besides its operands.
pub struct ShapeContext<'a> {
    /// The dimensions.
    pub unifier: &'a mut Unifier,
    /// Whether this stands inside an entrywise product or function, where a number may be added to a matrix.
    pub entrywise: bool,
    /// What had to be assumed, in words.
    pub assumed: &'a mut Vec<String>,
}

impl ShapeContext<'_> {
    /// Notes an assumption once.
    pub fn assume(&mut self, words: impl Into<String>) {
        let words = words.into();
        if !self.assumed.contains(&words) {
            self.assumed.push(words);
        }
    }

    /// A shape in words.
    #[must_use]
    pub fn show(&self, s: &Shape) -> String {
        self.unifier.show_shape(s)
    }
}

/// Why shapes do not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShapeError {
    /// The code.
    pub code: Code,
    /// What does not fit: one line, no full stop.
    pub message: String,
    /// How to write it instead.
    pub hint: Option<String>,
}

impl ShapeError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The result of a shape rule.
pub type ShapeResult = Result<Shape, ShapeError>;

/// The shape of something that acts entry by entry on one operand.
pub(super) fn entry_by_entry(_: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    Ok(of[0].shape.clone())
}

/// A scalar, whatever the operand.
pub(super) fn to_scalar(_: &mut ShapeContext<'_>, _: &[Operand]) -> ShapeResult {
    Ok(Shape::scalar())
}

/// A scalar from a square matrix or a scalar.
pub(super) fn square_to_scalar(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    square(cx, &of[0].shape)?;
    Ok(Shape::scalar())
}

/// Requires a square matrix or a scalar.
pub(super) fn square(cx: &mut ShapeContext<'_>, s: &Shape) -> Result<(), ShapeError> {
    if s.tensor.is_none() && cx.unifier.unify(&s.rows, &s.cols) {
        return Ok(());
    }
    Err(ShapeError::new(Code::NOT_SQUARE, format!("a square matrix is needed, and this is {}", cx.show(s))))
}

/// The common shape of two operands that are combined entry by entry; a scalar is repeated.
pub(super) fn common(cx: &mut ShapeContext<'_>, of: &[Operand], what: &str) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    if a.is_scalar() {
        return Ok(b.clone());
    }
    if b.is_scalar() || cx.unifier.unify_shapes(a, b) {
        return Ok(a.clone());
    }
    Err(ShapeError::new(
        Code::SHAPE_MISMATCH,
        format!("{what} needs two equal shapes, and these are {} and {}", cx.show(a), cx.show(b)),
    ))
}
