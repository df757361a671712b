//! Superscripts, subscripts, primes and index brackets after a base.

use super::super::token::{Bracket, Tok};
use super::super::{ExprId, ExprIds, Kind, NameKind, Syntax};
use super::{Open, Reader, Reading};
use crate::number::Rational;
use crate::operator::{
    CONJUGATE_TRANSPOSE, HADAMARD, HADAMARD_POWER, INVERSE, NEGATE, POWER, PSEUDO_INVERSE, RELU, TRANSPOSE,
};
use crate::text::{Code, Span};

/// What a superscript says.
#[derive(Copy, Clone)]
enum Form {
    /// Only a transpose.
    None,
    Power(ExprId),
    Inverse,
    PseudoInverse,
    ConjugateTranspose,
    EntrywisePower(ExprId),
    /// The index of a member or layer.
    Member(ExprId),
}

/// A superscript that was read.
#[derive(Copy, Clone)]
pub(super) struct Script {
    form: Form,
    transposed: bool,
    /// The exponent as it was written, also of an inverse.
    exponent: Option<ExprId>,
}

/// Indices that scripts one after the other are joined to.
const MOST_INDICES: usize = 64;

impl Script {
    /// The exponent, where the script is one.
    pub(super) fn as_power(&self) -> Option<ExprId> {
        if self.transposed {
            return None;
        }
        match self.form {
            Form::Power(exponent) => Some(exponent),
            Form::Inverse => self.exponent,
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// Everything that is written behind a base. `open` says that an index joins the indices of the base.
    pub(super) fn scripts(&mut self, mut id: ExprId, mut open: bool) -> Reading<ExprId> {
        let start = self.tree.span(id);
        let mut power = false;
        loop {
            match self.tok() {
                _ if self.at >= self.stop => return Ok(id),
                Tok::Superscript => {
                    self.advance();
                    let sign = self.span();
                    let script = self.superscript(Some(id))?;
                    let raised = matches!(script.form, Form::Power(_) | Form::Inverse) && !self.is_family(Some(id));
                    if raised && std::mem::replace(&mut power, raised && !script.transposed) {
                        return Self::fail_at(
                            Code::BAD_SCRIPT,
                            sign,
                            "a power of a power can be read in two ways",
                            "write brackets, as in (x^2)^3 or x^(2^3)",
                        );
                    }
                    let member = matches!(script.form, Form::Member(_)) && !script.transposed;
                    id = self.put_script(id, script, start)?;
                    open = member;
                }
                Tok::DotSuperscript => {
                    self.advance();
                    let exponent = self.exponent()?;
                    let span = self.since(start);
                    id = self.apply(&HADAMARD_POWER, &[id, exponent], span);
                    open = false;
                }
                Tok::Prime | Tok::Top => {
                    self.advance();
                    let span = self.since(start);
                    id = if self.is_tuple(id) { id } else { self.apply(&TRANSPOSE, &[id], span) };
                    open = false;
                }
                Tok::Subscript if self.peek(1) == Tok::Plus || self.is_plus_group() => {
                    self.at += if self.peek(1) == Tok::Plus { 2 } else { 4 };
                    let span = self.since(start);
                    id = self.apply(&RELU, &[id], span);
                    open = false;
                }
                Tok::Subscript => {
                    self.advance();
                    let indices = self.index_script()?;
                    id = self.index(id, indices, open, start);
                    open = true;
                }
                Tok::Open(Bracket::Square) if self.is_index_bracket(id) => {
                    let indices = self.index_bracket()?;
                    id = self.index(id, indices, open, start);
                    open = true;
                }
                _ => return Ok(id),
            }
        }
    }

    fn is_plus_group(&self) -> bool {
        self.peek(1) == Tok::Open(Bracket::Group)
            && self.peek(2) == Tok::Plus
            && self.peek(3) == Tok::Close(Bracket::Group)
    }

    fn index(&mut self, base: ExprId, indices: ExprIds, join: bool, start: Span) -> ExprId {
        let span = self.since(start);
        // A list that is copied for each of its entries takes the square of its length.
        if join
            && let Kind::Subscript { base: inner, indices: first } = self.tree.kind(base)
            && first.len() < MOST_INDICES
        {
            let (inner, mut all) = (*inner, first.clone());
            all.extend(indices);
            return self.tree.push(Kind::Subscript { base: inner, indices: all }, span);
        }
        self.tree.push(Kind::Subscript { base, indices }, span)
    }

    /// Puts a superscript on a base.
    pub(super) fn put_script(&mut self, base: ExprId, script: Script, start: Span) -> Reading<ExprId> {
        let span = self.since(start);
        let id = match script.form {
            Form::None => base,
            Form::Power(exponent) => self.apply(&POWER, &[base, exponent], span),
            Form::Inverse => self.apply(&INVERSE, &[base], span),
            Form::PseudoInverse => self.apply(&PSEUDO_INVERSE, &[base], span),
            Form::ConjugateTranspose => self.apply(&CONJUGATE_TRANSPOSE, &[base], span),
            Form::EntrywisePower(exponent) => self.apply(&HADAMARD_POWER, &[base, exponent], span),
            Form::Member(index) => match self.tree.kind(base) {
                // `x_j^{(i)}` is the j-th entry of member i: the member comes first.
                Kind::Subscript { base: inner, indices } => {
                    let (inner, mut all) = (*inner, indices.clone());
                    all.insert(0, index);
                    self.tree.push(Kind::Subscript { base: inner, indices: all }, span)
                }
                _ => self.tree.push(Kind::Subscript { base, indices: ExprIds::from_slice(&[index]) }, span),
            },
        };
        Ok(if script.transposed && !self.is_tuple(id) { self.apply(&TRANSPOSE, &[id], span) } else { id })
    }

    /// Whether something is a list in brackets: `(a, b)` and `(a, b)^T` are the same column.
    fn is_tuple(&self, id: ExprId) -> bool {
        let Kind::Array(rows) = self.tree.kind(id) else { return false };
        let Some(first) = rows.first().and_then(|r| r.first()) else { return false };
        let (from, to) = (self.tree.span(id).start, self.tree.span(*first).start);
        let before = self.tokens.partition_point(|t| t.span.start < from);
        let opening = self.tokens[before..].iter().take_while(|t| t.span.start < to);
        rows.len() > 1
            && rows.iter().all(|r| r.len() == 1)
            && !opening.into_iter().any(|t| matches!(t.tok, Tok::Begin(_)))
    }

    /// Behind a superscript at `at` that says nothing but "transposed".
    pub(super) fn past_transpose(&self, at: usize) -> Option<usize> {
        if self.token(at).tok != Tok::Superscript {
            return None;
        }
        let group = self.token(at + 1).tok == Tok::Open(Bracket::Group);
        let sign = at + 1 + usize::from(group);
        let past = sign + 1 + usize::from(group);
        let closed = !group || self.token(sign + 1).tok == Tok::Close(Bracket::Group);
        (closed && (self.token(sign).tok == Tok::Top || self.is_transpose_letter(sign))).then_some(past)
    }

    /// Whether the letter T at `at` means the transpose.
    fn is_transpose_letter(&self, at: usize) -> bool {
        match self.token(at).tok {
            Tok::Letter(letter) if letter.is('T') => {
                letter.upright || !(self.names.is("T", NameKind::Symbol) || self.names.is("T", NameKind::Dimension))
            }
            _ => false,
        }
    }

    /// Whether the rest of a group at `at` is a transpose sign: `^{(2)\top}`, `^{[1]T}`.
    pub(super) fn turns_inside(&self, at: usize) -> bool {
        self.is_transpose(at) && self.token(at + 1).tok == Tok::Close(Bracket::Group)
    }

    fn is_transpose(&self, at: usize) -> bool {
        self.token(at).tok == Tok::Top || self.is_transpose_letter(at)
    }

    /// Whether the superscript here is a transpose.
    pub(super) fn transposes_next(&self) -> bool {
        let at = self.at + 1;
        self.is_transpose(at)
            || self.token(at).tok == Tok::Prime
            || self.token(at).tok == Tok::Open(Bracket::Group) && self.transpose_group(at)
    }

    /// Whether the group at `at` holds nothing but a transpose sign.
    pub(super) fn transpose_group(&self, at: usize) -> bool {
        (self.is_transpose(at + 1) || self.token(at + 1).tok == Tok::Prime)
            && self.token(at + 2).tok == Tok::Close(Bracket::Group)
    }

    /// The token after the script at `at`.
    pub(super) fn past_script(&self, at: usize) -> usize {
        match self.token(at + 1).tok {
            Tok::Open(_) => self.matching(at + 1).map_or(at, |close| close + 1),
            Tok::Minus => at + 3,
            _ => at + 2,
        }
    }

    /// A superscript, after its sign.
    pub(super) fn superscript(&mut self, base: Option<ExprId>) -> Reading<Script> {
        let none = Script { form: Form::None, transposed: true, exponent: None };
        if self.is_transpose(self.at) || self.tok() == Tok::Prime {
            self.advance();
            return Ok(none);
        }
        if let Some(form) = self.sign_form(self.at) {
            self.advance();
            return Ok(Script { form, transposed: false, exponent: None });
        }
        match self.tok() {
            Tok::Open(Bracket::Group) => self.superscript_group(base, Bracket::Group),
            Tok::Open(Bracket::Round) => match self.syntax {
                Syntax::Latex => self.member_or(base, Self::exponent_script),
                Syntax::Plain if self.is_family(base) => self.member_or(base, Self::exponent_script),
                Syntax::Plain => self.superscript_group(base, Bracket::Round),
            },
            Tok::Open(Bracket::Square) => self.member_or(base, Self::exponent_script),
            Tok::Minus => {
                let start = self.span();
                self.advance();
                if self.is_transpose(self.at) {
                    self.advance();
                    return Ok(Script { form: Form::Inverse, transposed: true, exponent: None });
                }
                let value = self.exponent()?;
                let span = self.since(start);
                let id = self.apply(&NEGATE, &[value], span);
                Ok(self.power(id, false))
            }
            _ => self.exponent_script(base),
        }
    }

    fn exponent_script(&mut self, base: Option<ExprId>) -> Reading<Script> {
        let letter = matches!(self.tok(), Tok::Letter(_));
        let value = self.exponent()?;
        if letter && self.is_family(base) && matches!(self.tree.kind(value), Kind::Symbol(_)) {
            return Ok(Script { form: Form::Member(value), transposed: false, exponent: None });
        }
        Ok(self.power(value, false))
    }

    /// A power; the power −1 is the inverse.
    fn power(&self, exponent: ExprId, transposed: bool) -> Script {
        let one = |id: ExprId| matches!(self.tree.kind(id), Kind::Number(n) if n.is_one());
        let inverse = matches!(self.tree.as_apply(exponent), Some((op, [x])) if op == &NEGATE && one(*x));
        let form = if inverse { Form::Inverse } else { Form::Power(exponent) };
        Script { form, transposed, exponent: Some(exponent) }
    }

    fn is_family(&self, base: Option<ExprId>) -> bool {
        let kind = base.map(|id| self.tree.kind(id));
        let symbol = match kind {
            Some(Kind::Subscript { base, .. }) => self.tree.kind(*base),
            Some(kind) => kind,
            None => return false,
        };
        matches!(symbol, Kind::Symbol(name) if self.names.is(name, NameKind::Family))
    }

    /// An exponent of one sign, or in brackets.
    pub(super) fn exponent(&mut self) -> Reading<ExprId> {
        match self.tok() {
            Tok::Number => self.number(),
            Tok::Minus => {
                let start = self.span();
                self.advance();
                let value = self.deeper(Self::exponent)?;
                let span = self.since(start);
                Ok(self.apply(&NEGATE, &[value], span))
            }
            Tok::Fraction(over, under) => {
                let span = self.span();
                self.advance();
                let value = Rational::new(i64::from(over), i64::from(under)).unwrap_or_else(|| Rational::from(0));
                Ok(self.tree.push(Kind::Number(value), span))
            }
            Tok::Letter(_) => self.index_letter(),
            Tok::Open(bracket @ (Bracket::Group | Bracket::Round | Bracket::Square)) => {
                let start = self.span();
                self.advance();
                self.within(Open::Bracket(bracket), |reader| {
                    let id = reader.expression()?;
                    reader.close(bracket, start)?;
                    Ok(id)
                })
            }
            Tok::Frac => self.frac(),
            _ => Self::fail_at(
                Code::BAD_SCRIPT,
                self.span(),
                "this superscript has no meaning here",
                "write a power, a transpose `^T`, an inverse `^-1`, or declare the whole as an alias",
            ),
        }
    }

    /// A superscript in brackets: `{-1}`, `{(i)\top}`, `{\odot 2}`, `{k - 1}`.
    fn superscript_group(&mut self, base: Option<ExprId>, bracket: Bracket) -> Reading<Script> {
        let start = self.span();
        self.deeper(|reader| {
            reader.advance();
            reader.within(Open::Bracket(bracket), |reader| {
                let script = reader.superscript_content(base)?;
                reader.close(bracket, start)?;
                Ok(script)
            })
        })
    }

    fn superscript_content(&mut self, base: Option<ExprId>) -> Reading<Script> {
        let none = Script { form: Form::None, transposed: true, exponent: None };
        if self.is_transpose(self.at) && self.is_end(1) || self.tok() == Tok::Prime && self.is_end(1) {
            self.advance();
            return Ok(none);
        }
        if let Some(form) = self.sign_form(self.at).filter(|_| self.is_end(1)) {
            self.advance();
            return Ok(Script { form, transposed: false, exponent: None });
        }
        if let Some(form) = self.sign_form(self.at).filter(|_| self.is_transpose(self.at + 1) && self.is_end(2)) {
            self.at += 2;
            return Ok(Script { form, transposed: true, exponent: None });
        }
        if self.tok() == Tok::Prime && self.peek(1) == Tok::Prime && self.is_end(2) {
            self.at += 2;
            return Ok(Script { form: Form::None, transposed: false, exponent: None });
        }
        match self.tok() {
            Tok::Minus if self.is_transpose(self.at + 1) && self.is_end(2) => {
                self.at += 2;
                Ok(Script { form: Form::Inverse, transposed: true, exponent: None })
            }
            Tok::Minus
                if self.peek(1) == Tok::Number
                    && self.characters(self.at + 1) == "1"
                    && self.is_transpose(self.at + 2)
                    && self.is_end(3) =>
            {
                self.at += 3;
                Ok(Script { form: Form::Inverse, transposed: true, exponent: None })
            }
            Tok::Infix(op) if op == &HADAMARD && !self.is_end(1) => {
                self.advance();
                let exponent = self.expression()?;
                Ok(Script { form: Form::EntrywisePower(exponent), transposed: false, exponent: None })
            }
            Tok::Open(Bracket::Square | Bracket::Round) if self.is_member(base) => {
                let mut script = self.member_or(base, Self::exponent_script)?;
                // `x^{(t)^T}`, `x^{(i)\top}`
                let raised = self.tok() == Tok::Superscript && self.transposes_next();
                if raised {
                    self.advance();
                    script.transposed = self.superscript(None)?.transposed;
                } else if self.is_transpose(self.at) && self.is_end(1) {
                    self.advance();
                    script.transposed = true;
                }
                Ok(script)
            }
            Tok::Infix(_) | Tok::Plus | Tok::Mark if self.is_end(1) => Self::fail_at(
                Code::BAD_SCRIPT,
                self.span(),
                "this superscript has no meaning here",
                "declare the symbol with its superscript as an alias",
            ),
            _ => {
                // A transpose at the end is of the base, as in `X^{-2\top}`, and not of the exponent.
                let last = self.matching(self.at - 1).map_or(usize::MAX, |close| close - 1);
                let ends = last < usize::MAX
                    && last > self.at
                    && self.is_transpose(last)
                    && self.token(last - 1).tok != Tok::Superscript;
                let stop = if ends { std::mem::replace(&mut self.stop, last) } else { self.stop };
                let value = self.expression();
                self.stop = stop;
                let value = value?;
                let transposed = self.is_transpose(self.at) && self.is_end(1);
                if transposed {
                    self.advance();
                }
                if self.is_family(base) && matches!(self.tree.kind(value), Kind::Symbol(_)) {
                    return Ok(Script { form: Form::Member(value), transposed, exponent: None });
                }
                Ok(self.power(value, transposed))
            }
        }
    }

    /// What a superscript of one sign says: `X^+`, `X^†` is the pseudo-inverse, `X^H` the conjugate transpose where H is
    /// no name.
    fn sign_form(&self, at: usize) -> Option<Form> {
        match self.token(at).tok {
            Tok::Plus => Some(Form::PseudoInverse),
            Tok::Mark if matches!(self.characters(at).trim(), "†" | "\\dagger" | "\\dag") => {
                Some(Form::PseudoInverse)
            }
            Tok::Letter(letter) if letter.is('H') => {
                let kinds = [NameKind::Symbol, NameKind::Family, NameKind::Dimension, NameKind::Function];
                let known = kinds.iter().any(|k| self.names.is("H", *k));
                let next = self.token(at + 1);
                let word =
                    self.syntax == Syntax::Plain && next.glued && matches!(next.tok, Tok::Letter(_) | Tok::Number);
                (!known && !word).then_some(Form::ConjugateTranspose)
            }
            _ => None,
        }
    }

    fn is_end(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), Tok::Close(_) | Tok::Finish)
    }

    /// Whether the bracket inside a superscript holds the index of a member or a layer.
    fn is_member(&self, base: Option<ExprId>) -> bool {
        let Some(close) = self.matching(self.at) else { return false };
        let square = self.tok() == Tok::Open(Bracket::Square);
        let symbol = base.is_some_and(|id| match self.tree.kind(id) {
            Kind::Symbol(_) => true,
            Kind::Subscript { base, .. } => matches!(self.tree.kind(*base), Kind::Symbol(_)),
            _ => false,
        });
        let past = self.token(close + 1).tok;
        let alone = matches!(past, Tok::Close(_) | Tok::Superscript | Tok::Finish) || self.is_transpose(close + 1);
        let one = close == self.at + 2 && matches!(self.peek(1), Tok::Letter(_) | Tok::Number);
        alone && symbol && (one || square || self.is_family(base))
    }

    /// A member's index in brackets, or else what `otherwise` reads.
    fn member_or(
        &mut self,
        base: Option<ExprId>,
        otherwise: impl FnOnce(&mut Self, Option<ExprId>) -> Reading<Script>,
    ) -> Reading<Script> {
        let Tok::Open(bracket) = self.tok() else { return otherwise(self, base) };
        if !self.is_member_here(base) {
            return otherwise(self, base);
        }
        let start = self.span();
        self.advance();
        let index = self.within(Open::Bracket(bracket), |reader| {
            let index = if matches!(reader.tok(), Tok::Letter(_)) && reader.is_end(1) {
                reader.index_letter()?
            } else {
                reader.expression()?
            };
            reader.close(bracket, start)?;
            Ok(index)
        })?;
        Ok(Script { form: Form::Member(index), transposed: false, exponent: None })
    }

    fn is_member_here(&self, base: Option<ExprId>) -> bool {
        let Some(close) = self.matching(self.at) else { return false };
        let symbol = base.is_some_and(|id| matches!(self.tree.kind(id), Kind::Symbol(_) | Kind::Subscript { .. }));
        let one = close == self.at + 2 && matches!(self.peek(1), Tok::Letter(_) | Tok::Number);
        symbol && (one || self.tok() == Tok::Open(Bracket::Square) || self.is_family(base) && self.is_index_like(close))
    }

    /// Whether what stands from the bracket here to `close` has no product in it: `s^(i + 1)`, and not `s^(2 y)`.
    fn is_index_like(&self, close: usize) -> bool {
        let inside = &self.tokens[self.at + 1..close];
        inside.windows(2).all(|w| {
            let is_atom = |t: Tok| matches!(t, Tok::Letter(_) | Tok::Number);
            !(is_atom(w[0].tok) && is_atom(w[1].tok) && !w[1].glued)
        })
    }
}
