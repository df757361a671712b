//! Reading and writing formulas: two notations, one tree.
//!
//! In: text and the [`Names`] that are declared. Out: a [`Tree`] whose nodes keep their byte spans, or one
//! [`Diagnostic`](crate::text::Diagnostic); and text again from a tree.
//! The way: `fold` brings Unicode into one alphabet, `plain` or `latex` makes tokens of it, and `read` makes the
//! tree, with one grammar for both notations.
//! Invariants: a formula is read whole or not at all; a printed tree parses to an equal tree.
//! Not here: shapes and what a letter stands for beyond its being declared (see `shape`).

mod alias;
mod canonical;
mod declared;
mod fold;
mod latex;
mod letter;
mod lexer;
mod names;
mod plain;
mod print;
mod read;
mod spelling;
mod token;
mod tree;

pub(crate) use letter::greek;

pub use declared::{Declared, parse_declared};
pub use names::{NameKind, Names};
pub use print::{print, print_relation};
pub use tree::{Binder, Constant, DerivativeStyle, ExprId, ExprIds, Kind, Name, Part, Relation, Statement, Tree};

use crate::limit::{self, Limit};
use crate::text::{Code, Diagnostic, Span};

/// A notation for formulas.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Syntax {
    /// What people type: `W'*x`, `‖X − WH‖²_F`.
    Plain,
    /// LaTeX: `\mathbf{W}^\top x`.
    Latex,
}

/// The notation of a text: LaTeX where there is a command, or braces in scripts as only LaTeX needs them.
#[must_use]
pub fn detect(text: &str) -> Syntax {
    if text.contains('\\') || text.contains('&') || text.contains('$') {
        return Syntax::Latex;
    }
    // `x^{T}A` without spaces or stars between the factors is LaTeX; `K^{-T}` and `w_{jk}` are both.
    Syntax::Plain
}

/// Reads one expression, which must be the whole text.
///
/// # Errors
/// One diagnostic, at the place where the reading had to end.
pub fn parse(text: &str, syntax: Syntax, names: &Names) -> Result<Tree, Diagnostic> {
    with_reader(text, syntax, names, |reader| reader.whole())
}

/// Reads a statement: `a`, `a = b = c`, or `= c`, which continues a chain.
///
/// # Errors
/// One diagnostic, at the place where the reading had to end.
pub fn parse_statement(text: &str, syntax: Syntax, names: &Names) -> Result<Statement, Diagnostic> {
    with_reader(text, syntax, names, |reader| reader.statement())
}

fn with_reader<T>(
    text: &str,
    syntax: Syntax,
    names: &Names,
    read: impl FnOnce(read::Reader<'_>) -> Result<T, lexer::Fail>,
) -> Result<T, Diagnostic> {
    let most = limit::of(Limit::Formula);
    if text.len() as u64 > most {
        let message = format!("the formula is longer than {most} bytes");
        return Err(Diagnostic::new(Code::TOO_LONG, Span::new(0, text.len()), message)
            .hint("split it, or name its parts in definitions"));
    }
    let folded = fold::fold(text);
    let tokens = tokens_of(&folded, syntax).map_err(|failure| *failure)?;
    read(read::Reader::new(&folded.text, &tokens, names, syntax)).map_err(|failure| *failure)
}

fn tokens_of(folded: &fold::Folded<'_>, syntax: Syntax) -> Result<Vec<token::Token>, lexer::Fail> {
    match syntax {
        Syntax::Plain => plain::tokens(folded),
        Syntax::Latex => latex::tokens(folded),
    }
}
