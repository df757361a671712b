//! Words and signs with a form of their own: constants with sizes, δ, `kron`, `max`, and Σ and Π typed as letters.

use super::super::token::Tok;
use super::super::{ExprId, Kind};
use super::{Reader, Reading};
use crate::operator::{DELTA, IDENTITY, INNER, KRONECKER, MULTIPLY, ONES, Op, RELU, TRANSPOSE, ZEROS};
use crate::text::{Code, Span};

/// Words that are neither plain calls nor constants.
#[derive(Copy, Clone, PartialEq)]
pub(super) enum Word {
    Identity,
    Ones,
    Zeros,
    Kronecker,
    Inner,
    Delta,
    Maximum,
    Minimum,
    Sum,
    Product,
    MatrixFunction,
}

pub(super) const WORDS: &[(&str, Word)] = &[
    ("I", Word::Identity),
    ("ones", Word::Ones),
    ("zeros", Word::Zeros),
    ("kron", Word::Kronecker),
    ("inner", Word::Inner),
    ("delta", Word::Delta),
    ("max", Word::Maximum),
    ("min", Word::Minimum),
    ("sum", Word::Sum),
    ("prod", Word::Product),
    ("expm", Word::MatrixFunction),
    ("logm", Word::MatrixFunction),
    ("sqrtm", Word::MatrixFunction),
];

impl Reader<'_> {
    /// A word's construct; its letters end before token `next`.
    pub(super) fn word(&mut self, word: Word, next: usize) -> Reading<ExprId> {
        let start = self.span();
        match word {
            Word::MatrixFunction => {
                self.at = next;
                let (name, what, entrywise) = match self.name.as_str() {
                    "logm" => ("logm", "logarithm", "log"),
                    "sqrtm" => ("sqrtm", "square root", "sqrt"),
                    _ => ("expm", "exponential", "exp"),
                };
                Self::fail_at(
                    Code::UNSUPPORTED,
                    self.since(start),
                    format!("{name} is known as the matrix {what}, and has no derivative here"),
                    &format!("{entrywise}(X) of a matrix is taken entry by entry"),
                )
            }
            Word::Identity => {
                if matches!(self.token(next).tok, Tok::Open(_)) && self.holds_condition(next) {
                    self.at = next;
                    return self.indicator(start);
                }
                self.at = next;
                self.sized(&IDENTITY, start)
            }
            Word::Ones | Word::Zeros => {
                self.at = next;
                self.sized(if word == Word::Ones { &ONES } else { &ZEROS }, start)
            }
            Word::Sum => {
                self.at = next;
                if self.tok() == Tok::Subscript || self.script_has_equation(self.at) {
                    self.at = next - 1;
                    return self.sum(start, false);
                }
                self.at = next - 1;
                self.function(&crate::operator::SUM, start)
            }
            Word::Product => {
                self.at = next - 1;
                self.sum(start, true)
            }
            Word::Kronecker | Word::Inner | Word::Delta => {
                self.at = next;
                let op: Op = match word {
                    Word::Kronecker => &KRONECKER,
                    Word::Inner => &INNER,
                    _ => &DELTA,
                };
                let arguments = if word == Word::Delta && self.tok() == Tok::Subscript {
                    self.advance();
                    self.index_script()?
                } else {
                    self.arguments()?
                };
                let span = self.since(start);
                let id = self.checked(op, arguments, span)?;
                self.scripts(id, false)
            }
            Word::Maximum | Word::Minimum => {
                self.at = next;
                let arguments = if matches!(self.tok(), Tok::Open(_)) { self.arguments()? } else { Default::default() };
                let zero = |reader: &Self, id: &ExprId| matches!(reader.tree.kind(*id), Kind::Number(n) if n.is_zero());
                let span = self.since(start);
                match arguments.as_slice() {
                    [a, b] if word == Word::Maximum && zero(self, a) => {
                        let id = self.apply(&RELU, &[*b], span);
                        self.scripts(id, false)
                    }
                    [a, b] if word == Word::Maximum && zero(self, b) => {
                        let id = self.apply(&RELU, &[*a], span);
                        self.scripts(id, false)
                    }
                    _ => Self::fail_at(
                        Code::BAD_ARGUMENTS,
                        span,
                        "only the maximum of 0 and an expression is known",
                        "write max(0, x), or use relu, abs and sign",
                    ),
                }
            }
        }
    }

    /// `\mathbf 1`, `\mathbf 0`, `1_n`
    pub(super) fn sized_constant(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let op: Op = if self.tok() == Tok::Zeros { &ZEROS } else { &ONES };
        self.advance();
        if op == &ONES {
            let open = match self.tok() {
                Tok::Subscript => self.at + 1,
                _ => self.at,
            };
            if matches!(self.token(open).tok, Tok::Open(_)) && self.holds_condition(open) {
                self.at = open;
                return self.indicator(start);
            }
        }
        self.sized(op, start)
    }

    /// A constant whose size may stand below it.
    fn sized(&mut self, op: Op, start: Span) -> Reading<ExprId> {
        if self.tok() != Tok::Subscript {
            let span = self.since(start);
            let id = self.apply(op, &[], span);
            return self.scripts(id, false);
        }
        self.advance();
        let from = self.at;
        let indices = self.index_script()?;
        let span = self.since(start);
        if let [size] = indices.as_slice()
            && let Some((op_of_size, &[rows, columns])) = self.tree.as_apply(*size)
            && op_of_size == &MULTIPLY
            && (from..self.at).any(|t| matches!(self.characters(t), "\\times" | "×"))
        {
            // `\mathbf 1_{m × n}`, `0_{m × n}`: a matrix; `I_{n × n}`.
            let id = if op == &IDENTITY {
                self.apply(op, &[rows], span)
            } else {
                let (column, other) = (self.apply(op, &[rows], span), self.apply(op, &[columns], span));
                let row = self.apply(&TRANSPOSE, &[other], span);
                self.apply(&MULTIPLY, &[column, row], span)
            };
            return self.scripts(id, false);
        }
        let sized = indices.len() == 1 && !matches!(self.tree.kind(indices[0]), Kind::Slice);
        let id = if sized {
            self.apply(op, &indices, span)
        } else {
            let base = self.apply(op, &[], start);
            self.tree.push(Kind::Subscript { base, indices }, span)
        };
        self.scripts(id, false)
    }
}
