//! The operators: one table, one entry an operator, one place for all that is known of it.
//!
//! In: the vocabulary of dimensions and tensors. Out: [`OPERATORS`], read by the parsers, the printers,
//! shape inference, lowering, the finite-difference witness, the documentation and the tests.
//! Invariants: spellings are unique; a composite operator has no derivative of its own, because it is lowered
//! into nodes that have one.
//! To add an operator: write its file, and name it in the table below.

use crate::dimension::Shape;
use crate::tensor::{Store, Value};
use nalgebra::DMatrix;

mod activation;
mod add;
mod arc;
mod commutation;
mod comparison;
mod constant;
mod delta;
mod determinant;
mod diag;
mod divide;
mod elementwise;
mod hadamard;
mod inner;
mod inverse;
mod kronecker;
mod leaf;
mod multiply;
mod norm;
mod power;
mod pseudo_inverse;
mod reciprocal;
mod rule;
mod softmax;
mod sum;
mod trace;
mod transpose;
mod vec;

pub use activation::{GELU, LEAKY_RELU, SILU};
pub use add::{ADD, NEGATE};
pub use arc::{ARCCOS, ARCSIN, ARCTAN, ERF};
pub use commutation::COMMUTATION;
pub use comparison::{EQUAL, GREATER, GREATER_EQUAL, INDICATOR, LESS, LESS_EQUAL, NOT_EQUAL};
pub use constant::{IDENTITY, ONES, ZEROS};
pub use delta::DELTA;
pub use determinant::{BARS, DETERMINANT, LOGDET};
pub use diag::DIAG;
pub use divide::DIVIDE;
pub use elementwise::{ABS, COS, COSH, EXP, LOG, RELU, SIGMOID, SIGN, SIN, SINH, SOFTPLUS, SQRT, TAN, TANH};
pub use hadamard::{HADAMARD, HADAMARD_DIVIDE, HADAMARD_POWER};
pub use inner::INNER;
pub use inverse::INVERSE;
pub use kronecker::KRONECKER;
pub use leaf::{Domain, Leaf, leaf};
pub use multiply::MULTIPLY;
pub use norm::{NORM, NORM_1, NORM_2, NORM_F};
pub use power::POWER;
pub use pseudo_inverse::PSEUDO_INVERSE;
pub use reciprocal::{COT, COTH, CSC, CSCH, SEC, SECH};
pub use rule::{Operand, ShapeContext, ShapeError, ShapeResult};
pub use softmax::{LOGSUMEXP, SOFTMAX};
pub use sum::{MEAN, SUM};
pub use trace::TRACE;
pub use transpose::{CONJUGATE_TRANSPOSE, TRANSPOSE};
pub use vec::VEC;

/// Every operator, in the order of the documentation.
pub static OPERATORS: &[Op] = &[
    &ADD,
    &NEGATE,
    &MULTIPLY,
    &DIVIDE,
    &POWER,
    &TRANSPOSE,
    &CONJUGATE_TRANSPOSE,
    &INVERSE,
    &PSEUDO_INVERSE,
    &HADAMARD,
    &HADAMARD_DIVIDE,
    &HADAMARD_POWER,
    &KRONECKER,
    &COMMUTATION,
    &INNER,
    &TRACE,
    &DETERMINANT,
    &LOGDET,
    &BARS,
    &NORM,
    &NORM_1,
    &NORM_2,
    &NORM_F,
    &SUM,
    &MEAN,
    &VEC,
    &DIAG,
    &IDENTITY,
    &ONES,
    &ZEROS,
    &DELTA,
    &EXP,
    &LOG,
    &SQRT,
    &ABS,
    &SIGN,
    &SIN,
    &COS,
    &TAN,
    &SEC,
    &CSC,
    &COT,
    &ARCTAN,
    &ARCSIN,
    &ARCCOS,
    &SINH,
    &COSH,
    &TANH,
    &SECH,
    &CSCH,
    &COTH,
    &SIGMOID,
    &RELU,
    &SOFTPLUS,
    &SILU,
    &GELU,
    &LEAKY_RELU,
    &ERF,
    &SOFTMAX,
    &LOGSUMEXP,
    &GREATER,
    &LESS,
    &GREATER_EQUAL,
    &LESS_EQUAL,
    &EQUAL,
    &NOT_EQUAL,
    &INDICATOR,
];

/// An entry of the table; compared by name.
pub type Op = &'static Operator;

/// All that is known of an operator.
pub struct Operator {
    /// Its name in the field's standard terms.
    pub name: &'static str,
    /// How it is written.
    pub notation: Notation,
    /// Fewest and most arguments.
    pub arity: (usize, usize),
    /// One sentence for the documentation.
    pub doc: &'static str,
    /// A formula that uses it, in the plain notation, for the documentation and its test. There, X and Y are m×n, A and
    /// B are n×n, x is a vector of length n and alpha a scalar.
    pub example: &'static str,
    /// Whether its operands stand inside an entrywise operation.
    pub entrywise: Entrywise,
    /// The shape of the result, or why the operands do not fit.
    pub shape: fn(&mut ShapeContext<'_>, &[Operand]) -> ShapeResult,
    /// The tensor of the result, from those of the operands and its shape.
    pub lower: fn(&mut Store, &[Value], &Shape) -> Result<Value, ShapeError>,
    /// The result in floating point, from the operands and, where it is asked for, its size; nothing where it is undefined.
    /// This is the independent witness: it shares nothing with `lower`.
    pub value: fn(&[DMatrix<f64>], Size<'_>) -> Option<DMatrix<f64>>,
}

/// Rows and columns, found when they are asked for.
pub type Size<'a> = &'a dyn Fn() -> Option<(usize, usize)>;

/// What an operator says of its operands: inside an entrywise operation a number may be added to a matrix.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Entrywise {
    /// The operands stand inside an entrywise operation.
    Opens,
    /// They do if the operator itself does.
    Keeps,
    /// They do not.
    Closes,
}

/// The function of that name that acts entry by entry on one argument, where there is one: `tanh'` is its derivative.
#[must_use]
pub fn entrywise_function(name: &str) -> Option<Op> {
    OPERATORS.iter().copied().find(|op| {
        op.name == name
            && op.arity == (1, 1)
            && op.entrywise == Entrywise::Opens
            && matches!(op.notation, Notation::Call { .. })
    })
}

/// A value of one row and one column.
fn is_scalar(m: &DMatrix<f64>) -> bool {
    m.nrows() == 1 && m.ncols() == 1
}

/// Two operands combined entry by entry, a scalar repeated.
fn entries(of: &[DMatrix<f64>], f: impl Fn(f64, f64) -> f64) -> DMatrix<f64> {
    let at = |m: &DMatrix<f64>, i, j| if is_scalar(m) { m[0] } else { m[(i, j)] };
    let (rows, cols) = if is_scalar(&of[0]) { of[1].shape() } else { of[0].shape() };
    DMatrix::from_fn(rows, cols, |i, j| f(at(&of[0], i, j), at(&of[1], i, j)))
}

/// How an operator is written. Precedences grow with binding strength: 1 sums, 2 products, 3 signs, 4 scripts.
pub enum Notation {
    /// `f(x)`, or `f x` without brackets, where it takes the next factor with its scripts; with `greedy`, the
    /// product up to the next `+`, `−` or relation. The first spelling is the one that is printed.
    Call {
        /// Spellings in plain notation.
        plain: &'static [&'static str],
        /// Names in LaTeX, as a command or inside `\operatorname`, `\mathrm`, `\text`.
        latex: &'static [&'static str],
        /// Whether LaTeX itself has the first name as a command.
        command: bool,
        /// Whether it takes a whole product when written without brackets.
        greedy: bool,
    },
    /// Between its arguments.
    Infix {
        /// Spellings in plain notation; the first is printed.
        plain: &'static [&'static str],
        /// Spellings in LaTeX; the first is printed.
        latex: &'static [&'static str],
        /// Binding strength.
        precedence: u8,
    },
    /// Brackets, scripts, fractions and names with sizes: the parsers and printers know the form.
    Special,
}

impl PartialEq for Operator {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Operator {}

impl std::hash::Hash for Operator {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
