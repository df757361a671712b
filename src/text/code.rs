//! The table of diagnostic codes: one row a code, with the page that `gradmark help CODE` prints.

/// A stable diagnostic code such as `E0302`.
///
/// The hundreds tell the room: 01 reading, 02 names and problem files, 03 shapes, 04 lowering and
/// derivatives, 05 limits, 06 requests.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Code(pub u16);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

/// A row of the table.
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// Its name in kebab case: names the mistake, not the cure.
    pub name: &'static str,
    /// What it means and how to write it instead, with an example.
    pub page: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $number:literal, $name:literal, $page:literal;)*) => {
        impl Code {
            $(#[doc = $page] pub const $constant: Code = Code($number);)*
        }
        /// Every code, in order.
        pub static CODES: &[CodeEntry] = &[
            $(CodeEntry { code: Code($number), name: $name, page: $page },)*
        ];
    };
}

codes! {
    UNEXPECTED_CHARACTER = 101, "unexpected-character", "A character that no formula contains stands here. Write Greek letters, operators and brackets as listed in grammar/.";
    EXPECTED_EXPRESSION = 102, "expected-expression", "A formula, or an operand of the operator before this place, is missing.";
    UNBALANCED_BRACKET = 103, "unbalanced-bracket", "A bracket is opened and not closed, or closed and not opened, or closed by one of another kind.";
    UNKNOWN_COMMAND = 104, "unknown-command", "This LaTeX command has no meaning in a formula here. Declare it as an alias of a symbol in the problem file if it is one.";
    TRAILING_TEXT = 105, "trailing-text", "A formula ends before this place, and what follows cannot continue it. No part of a formula is ever left out of its reading.";
    BAD_SCRIPT = 106, "bad-script", "A superscript or subscript that cannot be read: a power, a transpose (`^T`), an inverse (`^-1`) or an index was expected.";
    BAD_NUMBER = 107, "bad-number", "A number that cannot be read. Write 12, 0.5, 1/2 or ½.";
    AMBIGUOUS = 108, "ambiguous", "This can be read in more than one way. Add brackets or multiplication signs.";
    BAD_SUM = 109, "bad-sum", "A sum needs an index and, after it, what is summed: sum_{i=1}^{N} (x_i), \\sum_i x_i.";
    NO_FORMULA = 110, "no-formula", "There is no formula in this text.";
    NOT_AN_EXPRESSION = 111, "not-an-expression", "A single expression was expected here, not an equation or a list.";
    BAD_EQUATION = 112, "bad-equation", "An equation with what is to be checked was expected: ∇_W (½‖W x‖²) = W x xᵀ, or any two expressions with an equals sign between them.";

    UNKNOWN_SYMBOL = 201, "unknown-symbol", "A symbol that is not declared. Declare its shape under `symbols`, define it under `definitions`, or give it as an alias.";
    DUPLICATE_NAME = 202, "duplicate-name", "Two declarations share this name.";
    CYCLIC_DEFINITION = 203, "cyclic-definition", "Definitions refer to each other in a circle. A definition may use symbols and definitions that do not need it.";
    BAD_DECLARATION = 204, "bad-declaration", "A declaration that cannot be read: shapes are lists of at most two dimensions, such as [\"m\", \"n\"].";
    UNKNOWN_PROPERTY = 205, "unknown-property", "A property that is not one of the known ones.";
    UNKNOWN_QUANTITY = 206, "unknown-quantity", "A question asks about a quantity that the problem does not declare.";
    BAD_CONSTRAINT = 207, "bad-constraint", "A constraint compares two dimensions: `m < n`, `d >= 2`. Some sizes from 1 upwards have to satisfy all constraints together.";
    BAD_PROBLEM = 208, "bad-problem", "A problem file that cannot be read: the message names the key and the place.";
    CONTRADICTED_PROPERTY = 209, "contradicted-property", "A property is stated for a defined name, but its definition does not have it.";
    WRONG_ANSWER = 210, "wrong-answer", "The answer written in the problem file differs from the derived one.";

    AMBIGUOUS_ALIAS = 211, "ambiguous-alias", "A warning: an alias in the problem file may mean two things, so that a submission may be read otherwise than it is meant.";
    NOT_GRADABLE = 212, "not-gradable", "A warning: a question to which no answer can be told right or wrong, or told apart from another question's.";

    SHAPE_MISMATCH = 301, "shape-mismatch", "The shapes of two operands do not fit this operation.";
    SUM_SHAPE_MISMATCH = 302, "sum-shape-mismatch", "Only terms of one shape can be added. A number added to a matrix may mean a multiple of the identity, λI, or of the all-ones matrix, λ11ᵀ: write which.";
    NOT_SQUARE = 303, "not-square", "An inverse, a determinant, a trace and an integer power need a square matrix.";
    BAD_DIVISION = 304, "bad-division", "Division is by a scalar, entrywise by something of the same shape, or of a scalar by a square matrix (its inverse).";
    BAD_INDEX = 305, "bad-index", "An index that does not fit: too many or too few for the shape, or beyond its range.";
    RANGE_MISMATCH = 306, "range-mismatch", "One index letter runs over two different ranges.";
    AMBIGUOUS_NORM = 307, "ambiguous-norm", "The norm ‖A‖₂ of a matrix may mean the spectral or the Frobenius norm. Write ‖A‖_F for the latter.";
    NOT_SCALAR = 308, "not-scalar", "A scalar is expected here.";
    UNKNOWN_DIMENSION = 309, "unknown-dimension", "The size of this quantity cannot be determined from the formula. Declare it or write it as a subscript, as in I_n.";
    BAD_ARGUMENTS = 310, "bad-arguments", "This operator or function is given the wrong number of arguments.";
    BAD_EXPONENT = 311, "bad-exponent", "An exponent that does not fit: a square matrix takes integer powers, a scalar any; entrywise powers are written x.^2.";
    CONFLICTING_DIMENSIONS = 312, "conflicting-dimensions", "Two dimensions that were declared as different would have to be equal.";

    NOT_DIFFERENTIABLE = 401, "not-differentiable", "The derivative of this is not known to the program.";
    FAILED_SELF_CHECK = 402, "failed-self-check", "An internal error: a derived formula did not agree with its own check. It is reported and never used.";
    NOT_IN_OBJECTIVE = 403, "not-in-objective", "The variable of differentiation is not a declared symbol, family member, element or definition.";
    UNSUPPORTED = 404, "unsupported", "This is understood, but the program cannot compute with it.";
    NO_SAMPLE = 405, "no-sample", "No point was found at which the formula is defined: check the declared properties and constraints.";
    NOT_DECIDED = 406, "not-decided", "No evidence decides this claim: it is neither called right nor wrong. The message says why, a kink that no point crossed, say, or sizes beyond those that can be tried.";

    TOO_DEEP = 501, "too-deep", "The formula is nested more deeply than the limit.";
    TOO_LONG = 502, "too-long", "The text is longer than the limit.";
    TOO_LARGE = 503, "too-large", "The computation needs more space than the limit.";
    OUT_OF_BUDGET = 504, "out-of-budget", "The computation needs more steps than the limit.";

    OUT_OF_WORK = 505, "out-of-work", "One claim needs more operations in all than the limit, so it is not decided. Name repeated parts in definitions, or raise the limit: `--limit work=N`; docs/limits.md lists all limits.";
    OUT_OF_TIME = 506, "out-of-time", "The clock that stands behind all limits ran out, so what was still open is not decided. Raise it with `--time-limit SECONDS`.";

    BAD_REQUEST = 601, "bad-request", "A line that is not a request: one JSON object a line is expected.";
    BAD_FILE = 602, "bad-file", "A file that cannot be read.";
    BAD_COMMAND = 603, "bad-command", "Options that do not go together.";
    BAD_MARKS = 604, "bad-marks", "A marks file that cannot be read. Nothing was written over it: correct it at the place that is shown, or grade into another folder.";
    CANNOT_WRITE = 605, "cannot-write", "A result that could not be written. What was there before is as it was.";
    KEPT_DECISION = 606, "kept-decision", "A person's decision was kept, and the program would now decide otherwise than it did when that decision was made: look at it again.";
    INTERNAL = 699, "internal", "An internal error, which is reported and never turned into a verdict.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered() {
        assert!(CODES.windows(2).all(|w| w[0].code < w[1].code));
        let mut names: Vec<_> = CODES.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
    }
}
