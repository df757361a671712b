//! The grammar over the tokens, one for both notations.
//!
//! In: tokens and the declared names. Out: a tree. Each file reads one kind of construct; precedences stand in
//! `expression`. Nothing is skipped: what cannot continue an expression ends it, and a rest is an error.
//! Invariant: reading goes forward; where it looks ahead, it looks at tokens within [`LOOK_AHEAD`] and builds nothing.

mod alias;
mod array;
mod bracket;
mod derivative;
mod expression;
mod function;
mod index;
mod lookup;
mod name;
mod script;
mod statement;
mod sum;
mod word;

pub(super) use lookup::is_star;

use super::lexer::{Fail, fail};
use super::token::{Bracket, Tok, Token};
use super::{ExprId, Kind, NameKind, Names, Syntax, Tree};
use crate::limit::{self, Limit};
use crate::number::Rational;
use crate::operator::Op;
use crate::text::{Code, Span};
use smallvec::SmallVec;

/// How many tokens a reader looks ahead.
const LOOK_AHEAD: usize = 400;

pub(super) type Reading<T> = Result<T, Fail>;

/// What is open around the place of reading.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Open {
    Bracket(Bracket),
    Bar,
    DoubleBar,
    Environment,
}

/// Reads one text.
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    names: &'a Names,
    syntax: Syntax,
    at: usize,
    /// Whether the first half of the double bar at `at` has been read as a single bar.
    half: bool,
    /// Where a product must end, whatever follows.
    stop: usize,
    depth: u32,
    open: SmallVec<[Open; 8]>,
    tree: Tree,
    /// For composing names.
    name: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token], names: &'a Names, syntax: Syntax) -> Self {
        Self {
            text,
            tokens,
            names,
            syntax,
            at: 0,
            half: false,
            stop: usize::MAX,
            depth: 0,
            open: SmallVec::new(),
            tree: Tree::new(),
            name: String::new(),
        }
    }

    /// The token `ahead` places on; past the end, the end.
    fn peek(&self, ahead: usize) -> Tok {
        self.token(self.at + ahead).tok
    }

    fn token(&self, at: usize) -> &Token {
        // There is always the end token, so the slice is not empty.
        &self.tokens[at.min(self.tokens.len() - 1)]
    }

    fn tok(&self) -> Tok {
        if self.half { Tok::Bar(super::token::Side::Unknown) } else { self.token(self.at).tok }
    }

    fn span(&self) -> Span {
        self.token(self.at).span
    }

    /// The place of the token before.
    fn last_span(&self) -> Span {
        if self.at == 0 { Span::default() } else { self.token(self.at - 1).span }
    }

    fn advance(&mut self) {
        self.half = false;
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    fn accept(&mut self, tok: Tok) -> bool {
        let found = self.tok() == tok;
        if found {
            self.advance();
        }
        found
    }

    fn finished(&self) -> bool {
        self.tok() == Tok::Finish
    }

    fn glued(&self, ahead: usize) -> bool {
        self.token(self.at + ahead).glued
    }

    fn fail<T>(&self, code: Code, message: impl Into<String>) -> Reading<T> {
        Err(fail(code, self.span(), message))
    }

    fn fail_at<T>(code: Code, span: Span, message: impl Into<String>, hint: &str) -> Reading<T> {
        let mut failure = fail(code, span, message);
        failure.hint = Some(hint.to_owned());
        Err(failure)
    }

    /// Runs one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Reading<T>) -> Reading<T> {
        self.depth += 1;
        let most = limit::of(Limit::Depth);
        if u64::from(self.depth) > 2 * most {
            return Self::fail_at(
                Code::TOO_DEEP,
                self.span(),
                format!("the formula is nested more than {most} levels deep"),
                "name a part of it in a definition of its own",
            );
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads inside something that is open; `stop` does not reach inside.
    fn within<T>(&mut self, open: Open, read: impl FnOnce(&mut Self) -> Reading<T>) -> Reading<T> {
        let stop = std::mem::replace(&mut self.stop, usize::MAX);
        self.open.push(open);
        let result = read(self);
        self.open.pop();
        self.stop = stop;
        result
    }

    /// Reads a bracket's closing sign.
    fn close(&mut self, bracket: Bracket, opened: Span) -> Reading<()> {
        let closes = match self.tok() {
            Tok::Close(b) => b == bracket,
            Tok::Infix(op) => bracket == Bracket::Angle && op == &crate::operator::GREATER,
            _ => false,
        };
        if closes {
            self.advance();
            return Ok(());
        }
        let sign = bracket.closing();
        match self.tok() {
            Tok::Finish => Err(self.unbalanced(opened, format!("this bracket is not closed: `{sign}` is missing"))),
            Tok::Close(_) => Err(self.unbalanced(self.span(), format!("`{sign}` was expected here"))),
            _ => self.unexpected(&format!("an operator or `{sign}`")),
        }
    }

    fn unbalanced(&self, span: Span, message: String) -> Fail {
        let mut failure = fail(Code::UNBALANCED_BRACKET, span, message);
        failure.hint = Some("close every bracket by one of its kind".to_owned());
        failure
    }

    /// The failure where something else was expected at this place.
    fn unexpected<T>(&self, expected: &str) -> Reading<T> {
        let found = self.text.get(self.token(self.at).text.0 as usize..self.token(self.at).text.1 as usize);
        match self.tok() {
            Tok::Unknown => self.unknown_command(),
            Tok::Finish => self.fail(Code::EXPECTED_EXPRESSION, format!("the text ends where {expected} was expected")),
            Tok::Close(_) if self.open.is_empty() => {
                Err(self.unbalanced(self.span(), "this bracket is closed but was never opened".to_owned()))
            }
            _ => self.fail(
                Code::TRAILING_TEXT,
                format!("`{}` cannot stand here: {expected} was expected", found.unwrap_or("").trim()),
            ),
        }
    }

    fn unknown_command<T>(&self) -> Reading<T> {
        Self::fail_at(
            Code::UNKNOWN_COMMAND,
            self.span(),
            format!("the command `{}` is not known", self.characters(self.at)),
            "declare it as an alias of a symbol, or write it out",
        )
    }

    /// Whether no space stands before the token here.
    fn adjacent(&self) -> bool {
        let (from, to) = (if self.at == 0 { 0 } else { self.token(self.at - 1).text.1 }, self.token(self.at).text.0);
        self.text.get(from as usize..to as usize).is_some_and(|between| !between.contains(char::is_whitespace))
    }

    /// The place of the bracket that closes the one at `open`, within the tokens looked at.
    fn matching(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in open..(open + LOOK_AHEAD).min(self.tokens.len()) {
            match self.tokens[at].tok {
                Tok::Open(_) | Tok::Begin(_) => depth += 1,
                Tok::Close(_) | Tok::End(_) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The characters of the token at `at`.
    fn characters(&self, at: usize) -> &'a str {
        let (start, end) = self.token(at).text;
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Reads the number at this place.
    fn number(&mut self) -> Reading<ExprId> {
        let digits = self.characters(self.at).len() as u64;
        let most = limit::of(Limit::Digits);
        if digits > most {
            return Self::fail_at(
                Code::TOO_LONG,
                self.span(),
                format!("a number of {digits} digits; the limit is {most}"),
                "write it as a product or a power, or name it",
            );
        }
        let Some(value) = Rational::parse_decimal(self.characters(self.at)) else {
            return self.fail(Code::BAD_NUMBER, "this number cannot be read");
        };
        let id = self.tree.push(Kind::Number(value), self.span());
        self.advance();
        Ok(id)
    }

    fn apply(&mut self, op: Op, arguments: &[ExprId], span: Span) -> ExprId {
        self.tree.push(Kind::Apply { operator: op, arguments: SmallVec::from_slice(arguments) }, span)
    }

    /// The span from where `start` begins to the token before.
    fn since(&self, start: Span) -> Span {
        start.to(self.last_span())
    }

    fn is_symbol(&self, name: &str) -> bool {
        self.names.is(name, NameKind::Symbol)
    }
}
