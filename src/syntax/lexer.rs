//! What both lexers share: the running state, and the signs that mean the same in both notations.

use super::fold::Folded;
use super::letter::{Accent, Letter, greek_name};
use super::spelling::{Spellings, relation_sign};
use super::token::{Bracket, Side, Tok, Token};
use crate::text::{Code, Diagnostic, Span};
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::digit1;
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser};

/// A failure: boxed, so that the way of success stays small.
pub(super) type Fail = Box<Diagnostic>;

/// A failure at a place.
pub(super) fn fail(code: Code, span: Span, message: impl Into<String>) -> Fail {
    Box::new(Diagnostic::new(code, span, message))
}

/// The state of a lexer: the text, the place in it, and the tokens so far.
pub(super) struct Lexer<'f> {
    pub(super) folded: &'f Folded<'f>,
    pub(super) text: &'f str,
    pub(super) at: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) spellings: &'static Spellings,
    /// Whether the next token follows without a space or a change of type.
    pub(super) glued: bool,
    /// Whether a wide space was just passed.
    pub(super) gap: bool,
}

impl<'f> Lexer<'f> {
    pub(super) fn new(folded: &'f Folded<'f>, spellings: &'static Spellings) -> Self {
        let text: &str = &folded.text;
        Self {
            folded,
            text,
            at: 0,
            tokens: Vec::with_capacity(text.len() / 2 + 8),
            spellings,
            glued: false,
            gap: false,
        }
    }

    pub(super) fn rest(&self) -> &'f str {
        &self.text[self.at..]
    }

    /// Adds a token of `length` bytes and moves on.
    pub(super) fn push(&mut self, tok: Tok, length: usize) {
        let end = self.at + length;
        let span = self.folded.span(self.at, end);
        let glued = std::mem::replace(&mut self.glued, true) && !self.tokens.is_empty();
        let gap = std::mem::take(&mut self.gap);
        self.tokens.push(Token { tok, span, text: (self.at as u32, end as u32), glued, gap });
        self.at = end;
    }

    /// Skips `length` bytes as a space.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
        self.glued = false;
    }

    /// Skips white space.
    pub(super) fn spaces(&mut self) {
        let length = self.rest().len() - self.rest().trim_start().len();
        if length > 0 {
            self.skip(length);
        }
    }

    /// The accent drawn over the letter before `rest`, as a combining character, and its length.
    pub(super) fn mark(rest: &str) -> (Accent, usize) {
        match rest.chars().next() {
            Some(c) if !c.is_ascii() => Accent::of_mark(c).map_or((Accent::None, 0), |a| (a, c.len_utf8())),
            _ => (Accent::None, 0),
        }
    }

    /// A letter with its combining accent.
    pub(super) fn letter(&mut self, glyph: char, upright: bool) {
        let (accent, length) = Self::mark(&self.rest()[glyph.len_utf8()..]);
        self.push(Tok::Letter(Letter { glyph, accent, upright }), glyph.len_utf8() + length);
    }

    /// The next token where it is a sign that both notations share.
    pub(super) fn common(&mut self, first: char, upright: bool) -> Result<(), Fail> {
        let rest = self.rest();
        let (tok, length) = match first {
            'a'..='z' | 'A'..='Z' | 'ℓ' => {
                self.letter(first, upright);
                return Ok(());
            }
            '0'..='9' => return self.number(usize::MAX),
            '(' => (Tok::Open(Bracket::Round), 1),
            ')' => (Tok::Close(Bracket::Round), 1),
            '[' => (Tok::Open(Bracket::Square), 1),
            ']' => (Tok::Close(Bracket::Square), 1),
            '⟨' => (Tok::Open(Bracket::Angle), '⟨'.len_utf8()),
            '⟩' => (Tok::Close(Bracket::Angle), '⟩'.len_utf8()),
            '|' if rest.starts_with("||") => (Tok::DoubleBar(Side::Unknown), 2),
            '|' => (Tok::Bar(Side::Unknown), 1),
            '‖' => (Tok::DoubleBar(Side::Unknown), '‖'.len_utf8()),
            '^' => (Tok::Superscript, 1),
            '_' => (Tok::Subscript, 1),
            '\'' => (Tok::Prime, 1),
            '⊤' => (Tok::Top, '⊤'.len_utf8()),
            '†' | '‡' => (Tok::Mark, first.len_utf8()),
            ',' => (Tok::Comma, 1),
            ';' => (Tok::Semicolon, 1),
            '+' => (Tok::Plus, 1),
            '-' => (Tok::Minus, 1),
            '…' => (Tok::Dots, '…'.len_utf8()),
            '.' if rest.starts_with("...") => (Tok::Dots, 3),
            '.' if rest.starts_with(".^") => (Tok::DotSuperscript, 2),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => return self.number(usize::MAX),
            '½' => (Tok::Fraction(1, 2), 2),
            '⅓' => (Tok::Fraction(1, 3), 3),
            '⅔' => (Tok::Fraction(2, 3), 3),
            '¼' => (Tok::Fraction(1, 4), 2),
            '¾' => (Tok::Fraction(3, 4), 2),
            '⅕' => (Tok::Fraction(1, 5), 3),
            '⅙' => (Tok::Fraction(1, 6), 3),
            '⅛' => (Tok::Fraction(1, 8), 3),
            '𝟏' | '𝟙' => (Tok::Ones, 4),
            '𝟎' | '𝟘' => (Tok::Zeros, 4),
            '∂' => (Tok::Partial, '∂'.len_utf8()),
            '∇' | '▽' => (Tok::Nabla, '∇'.len_utf8()),
            '∑' => (Tok::Sum, '∑'.len_utf8()),
            '∏' => (Tok::Product, '∏'.len_utf8()),
            _ => return self.sign(first, upright),
        };
        self.push(tok, length);
        Ok(())
    }

    fn sign(&mut self, first: char, upright: bool) -> Result<(), Fail> {
        let rest = self.rest();
        // `<=` and `==` are longer than `=`; `:=` and `=>` are longer than `:` and `=`.
        let relation = relation_sign(rest);
        let operator = self.spellings.sign(rest);
        match (relation, operator) {
            (Some((relation, length)), None) => self.push(Tok::Relation(relation), length),
            (Some((relation, length)), Some((_, other))) if length > other => {
                self.push(Tok::Relation(relation), length);
            }
            (_, Some((op, length))) => self.push(Tok::Infix(op), length),
            (None, None) if greek_name(first).is_some() => self.letter(first, upright),
            (None, None) if first == '√' => self.push(Tok::Function(&crate::operator::SQRT), '√'.len_utf8()),
            (None, None) if first == '.' => self.push(Tok::Stop, 1),
            (None, None) => {
                let span = self.folded.span(self.at, self.at + first.len_utf8());
                let mut failure = fail(
                    Code::UNEXPECTED_CHARACTER,
                    span,
                    format!("the character `{}` does not belong to a formula", first.escape_debug()),
                );
                failure.hint = Some("write letters, numbers, brackets and operators only".to_owned());
                return Err(failure);
            }
        }
        Ok(())
    }

    /// A number of at most `digits` digits before the point.
    pub(super) fn number(&mut self, digits: usize) -> Result<(), Fail> {
        let rest = self.rest();
        let mut length = match number(rest) {
            Ok((after, _)) => rest.len() - after.len(),
            Err(_) => 1,
        };
        if digits < length {
            length = digits;
        } else if scientific(&rest[length..]) {
            let span = self.folded.span(self.at, self.at + length + 2);
            let mut failure =
                fail(Code::BAD_NUMBER, span, "a number with an exponent cannot be told from a multiple of e");
            failure.hint = Some("write 0.001 or 10^-3 instead of 1e-3".to_owned());
            return Err(failure);
        }
        self.push(Tok::Number, length);
        Ok(())
    }

    /// Ends the tokens.
    pub(super) fn finish(mut self) -> Vec<Token> {
        self.at = self.text.len();
        self.push(Tok::Finish, 0);
        self.tokens
    }
}

/// `12`, `0.5`, `.5`; a point that no digit follows is no part of the number.
fn number(rest: &str) -> IResult<&str, &str> {
    let fraction = || recognize((tag("."), digit1));
    nom::branch::alt((recognize((digit1, opt(fraction()))), fraction())).parse(rest)
}

fn scientific(rest: &str) -> bool {
    rest.strip_prefix(['e', 'E'])
        .and_then(|r| r.strip_prefix(['+', '-']))
        .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
}

/// A run of ASCII letters.
pub(super) fn word(rest: &str) -> Option<&str> {
    let found: IResult<&str, &str> = take_while1(|c: char| c.is_ascii_alphabetic())(rest);
    found.ok().map(|(_, word)| word)
}
