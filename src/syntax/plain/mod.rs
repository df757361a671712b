//! The plain notation: what people type without LaTeX.
//!
//! In: folded text. Out: tokens. The grammar over the tokens is in `read`, and is published in `grammar/plain.bnf`.

use super::Syntax;
use super::fold::Folded;
use super::lexer::{Fail, Lexer};
use super::spelling::Spellings;
use super::token::{Bracket, Tok, Token};
use crate::text::Code;

/// The tokens of a formula in plain notation.
pub(super) fn tokens(folded: &Folded<'_>) -> Result<Vec<Token>, Fail> {
    let mut lexer = Lexer::new(folded, Spellings::of(Syntax::Plain));
    while let Some(first) = lexer.rest().chars().next() {
        match first {
            c if c.is_whitespace() => lexer.spaces(),
            '{' => lexer.push(Tok::Open(Bracket::Group), 1),
            '}' => lexer.push(Tok::Close(Bracket::Group), 1),
            '\\' => {
                let span = lexer.folded.span(lexer.at, lexer.at + 1);
                let mut failure =
                    super::lexer::fail(Code::UNEXPECTED_CHARACTER, span, "a backslash belongs to LaTeX notation only");
                failure.hint = Some("write the name without the backslash, or read the formula as LaTeX".to_owned());
                return Err(failure);
            }
            _ => lexer.common(first, false)?,
        }
    }
    Ok(lexer.finish())
}
