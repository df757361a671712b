//! The tokens that both lexers produce.

use super::Relation;
use super::letter::Letter;
use crate::operator::Op;
use crate::text::Span;

/// A kind of bracket.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Bracket {
    Round,
    Square,
    /// `\{ … \}`
    Curly,
    /// `{ … }`: groups without being seen.
    Group,
    /// `\langle … \rangle`; `<` is a relation sign until it is met where an operand must stand.
    Angle,
}

impl Bracket {
    /// The closing sign.
    pub(super) fn closing(self) -> &'static str {
        match self {
            Bracket::Round => ")",
            Bracket::Square => "]",
            Bracket::Curly => "\\}",
            Bracket::Group => "}",
            Bracket::Angle => ">",
        }
    }
}

/// Which side of its content a bar stands on, where the notation says.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Left,
    Right,
    Unknown,
}

/// An environment that makes an array.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Environment {
    Matrix,
    /// `vmatrix`
    Determinant,
    Cases,
}

/// What a token is.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) enum Tok {
    Letter(Letter),
    /// Digits, perhaps with a decimal point.
    Number,
    /// `½`
    Fraction(u8, u8),
    /// `\mathbf 1`
    Ones,
    /// `\mathbf 0`
    Zeros,
    /// `^`
    Superscript,
    /// `.^`
    DotSuperscript,
    /// `_`
    Subscript,
    Prime,
    /// ⊤, also where it is a superscript already.
    Top,
    /// `\dagger` and other signs that stand only in superscripts.
    Mark,
    Open(Bracket),
    Close(Bracket),
    Bar(Side),
    DoubleBar(Side),
    Comma,
    Semicolon,
    Stop,
    Ampersand,
    NewRow,
    Plus,
    Minus,
    /// An infix operator of the table; comparisons included.
    Infix(Op),
    /// A relation that is no operator.
    Relation(Relation),
    /// An operator written before its argument, named by a command.
    Function(Op),
    Frac,
    Over,
    Sum,
    Product,
    Partial,
    Nabla,
    Dots,
    /// A LaTeX command that only an alias can give a meaning.
    Unknown,
    Begin(Environment),
    End(Environment),
    /// The end of the text.
    Finish,
}

/// A token, where it stands in the source, and its text.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    /// In the original text.
    pub(super) span: Span,
    /// In the folded text: the characters of a number.
    pub(super) text: (u32, u32),
    /// Whether it follows the token before without a space or a change of type.
    pub(super) glued: bool,
    /// Whether a wide space stands before it, which no product crosses.
    pub(super) gap: bool,
}
