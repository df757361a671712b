//! Derivatives written out, and differentials.
//!
//! `∂` and `d` are read alike; `d` is a differential's sign only where it is no declared name.

use super::super::letter::greek;
use super::super::spelling::Spellings;
use super::super::token::{Bracket, Tok};
use super::super::{DerivativeStyle, ExprId, ExprIds, Kind, NameKind};
use super::{Open, Reader, Reading};
use crate::operator::{DIVIDE, MULTIPLY, POWER};
use crate::text::{Code, Span};

/// How far a numerator written with a slash may reach.
const SLASH_REACH: usize = 64;

/// `∂` or `d`.
#[derive(Copy, Clone, PartialEq)]
enum Sign {
    Partial,
    Total,
}

impl Sign {
    fn style(self) -> DerivativeStyle {
        match self {
            Sign::Partial => DerivativeStyle::Partial,
            Sign::Total => DerivativeStyle::Total,
        }
    }
}

impl Reader<'_> {
    fn is_d(&self, at: usize) -> bool {
        matches!(self.token(at).tok, Tok::Letter(letter) if letter.is('d'))
    }

    fn sign_at(&self, at: usize) -> Option<Sign> {
        match self.token(at).tok {
            Tok::Partial => Some(Sign::Partial),
            _ if self.is_d(at) && !self.is_d_of_known_word(at) => Some(Sign::Total),
            _ => None,
        }
    }

    /// Whether a name or bracket follows the sign at `at`: what is differentiated by.
    fn has_variable(&self, at: usize) -> bool {
        // An unknown command may be the spelling of an alias.
        matches!(
            self.token(at + 1).tok,
            Tok::Letter(_) | Tok::Open(_) | Tok::Bar(_) | Tok::Function(_) | Tok::Ones | Tok::Unknown | Tok::Frac
        )
    }

    /// The sign, where the groups at `over` and `under` are the parts of a derivative.
    fn derivative_groups(&self, over: usize, under: usize) -> Option<Sign> {
        let sign = self.sign_at(over + 1)?;
        if self.token(over).tok != Tok::Open(Bracket::Group) || self.token(under).tok != Tok::Open(Bracket::Group) {
            return None;
        }
        (self.sign_at(under + 1) == Some(sign) && self.has_variable(under + 1)).then_some(sign)
    }

    /// `\frac{\partial L}{\partial W}` and `\frac{d}{dt} f`, at the `\frac`.
    pub(super) fn frac_derivative(&mut self) -> Reading<Option<ExprId>> {
        let over = self.at + 1;
        // `\frac d{dt}` too.
        if self.token(over).tok != Tok::Open(Bracket::Group) {
            let Some(sign) = self.sign_at(over) else { return Ok(None) };
            let under = over + 1;
            if self.token(under).tok != Tok::Open(Bracket::Group)
                || self.sign_at(under + 1) != Some(sign)
                || !self.has_variable(under + 1)
            {
                return Ok(None);
            }
            let start = self.span();
            self.at = under;
            let wrt = self.denominator_group(sign, 1)?;
            return self.operator_form(sign, wrt, start).map(Some);
        }
        let Some(close) = self.matching(over) else { return Ok(None) };
        let Some(sign) = self.derivative_groups(over, close + 1) else { return Ok(None) };
        let start = self.span();
        self.advance();
        self.fraction_of_groups(sign, start).map(Some)
    }

    /// `{\partial L}/{\partial W}`, at the first brace.
    pub(super) fn braced_derivative(&mut self) -> Reading<Option<ExprId>> {
        if self.sign_at(self.at + 1).is_none() {
            return Ok(None);
        }
        let Some(close) = self.matching(self.at) else { return Ok(None) };
        if self.token(close + 1).tok != Tok::Infix(&DIVIDE) {
            return Ok(None);
        }
        let Some(sign) = self.derivative_groups(self.at, close + 2) else { return Ok(None) };
        let start = self.span();
        self.fraction_of_groups(sign, start).map(Some)
    }

    /// Numerator and denominator in braces, perhaps with a slash between them.
    fn fraction_of_groups(&mut self, sign: Sign, start: Span) -> Reading<ExprId> {
        let opened = self.span();
        self.at += 2;
        let order = self.order()?;
        let of = self.within(Open::Bracket(Bracket::Group), |reader| {
            let of = match reader.tok() {
                Tok::Close(_) => None,
                _ => Some(reader.expression()?),
            };
            reader.close(Bracket::Group, opened)?;
            Ok(of)
        })?;
        self.accept(Tok::Infix(&DIVIDE));
        let wrt = self.denominator_group(sign, order)?;
        match of {
            Some(of) => {
                let span = self.since(start);
                let id = self.tree.push(Kind::Derivative { of: Some(of), wrt, style: sign.style() }, span);
                self.scripts(id, false)
            }
            None => self.operator_form(sign, wrt, start),
        }
    }

    /// The order of a numerator: `∂²`.
    fn order(&mut self) -> Reading<usize> {
        if self.tok() != Tok::Superscript {
            return Ok(1);
        }
        let start = self.span();
        self.advance();
        let id = self.exponent()?;
        self.small(id).map_or_else(
            || {
                Self::fail_at(
                    Code::BAD_SCRIPT,
                    self.since(start),
                    "the order of a derivative is a small number",
                    "write ∂² or ∂^2",
                )
            },
            Ok,
        )
    }

    fn small(&self, id: ExprId) -> Option<usize> {
        let Kind::Number(n) = self.tree.kind(id) else { return None };
        n.to_integer().and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=4).contains(n))
    }

    /// `{\partial x \partial x^\top}`
    fn denominator_group(&mut self, sign: Sign, order: usize) -> Reading<ExprIds> {
        let opened = self.span();
        let Some(close) = self.matching(self.at) else {
            return Err(self.unbalanced(opened, "this bracket is not closed: `}` is missing".to_owned()));
        };
        self.advance();
        self.within(Open::Bracket(Bracket::Group), |reader| {
            let mut wrt = ExprIds::new();
            while reader.at < close {
                if reader.sign_at(reader.at) != Some(sign) {
                    return reader.unexpected("the variable of a derivative");
                }
                reader.advance();
                // A further sign begins the next variable.
                let next = (reader.at + 1..close).find(|at| {
                    reader.sign_at(*at) == Some(sign) && (sign == Sign::Partial || order > 1) && reader.is_level(*at)
                });
                reader.stop = next.unwrap_or(close);
                let variable = reader.term()?;
                reader.stop = usize::MAX;
                reader.variable(variable, order, &mut wrt);
            }
            reader.close(Bracket::Group, opened)?;
            reader.orders(wrt, order)
        })
    }

    /// Whether no bracket opens between here and there.
    fn is_level(&self, to: usize) -> bool {
        let mut depth = 0i32;
        for token in &self.tokens[self.at..to.min(self.tokens.len())] {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth -= 1,
                _ => {}
            }
        }
        depth == 0
    }

    /// Adds a variable; `∂x²` is x twice, and two entries side by side are two variables.
    fn variable(&self, id: ExprId, order: usize, wrt: &mut ExprIds) {
        if let Some((op, &[left, right])) = self.tree.as_apply(id) {
            if op == &POWER && order > 1 && self.small(right) == Some(order) {
                wrt.extend(std::iter::repeat_n(left, order));
                return;
            }
            let entry = |id: ExprId| match self.tree.kind(id) {
                Kind::Subscript { base, .. } => Some(self.tree.kind(*base)),
                _ => None,
            };
            if op == &MULTIPLY && entry(left).is_some() && entry(left) == entry(right) {
                wrt.extend([left, right]);
                return;
            }
        }
        wrt.push(id);
    }

    /// Checks the number of variables against the order that was written.
    fn orders(&self, wrt: ExprIds, order: usize) -> Reading<ExprIds> {
        if order > 1 && wrt.len() != order {
            return Self::fail_at(
                Code::AMBIGUOUS,
                self.last_span(),
                format!("a derivative of order {order} by {} variable(s)", wrt.len()),
                "write every variable: ∂²L/∂x∂y or ∂²L/∂x²",
            );
        }
        Ok(wrt)
    }

    /// The operator alone, with what follows as its operand.
    fn operator_form(&mut self, sign: Sign, wrt: ExprIds, start: Span) -> Reading<ExprId> {
        let of = if self.at < self.stop && self.starts_factor() { Some(self.product()?) } else { None };
        let span = self.since(start);
        Ok(self.tree.push(Kind::Derivative { of, wrt, style: sign.style() }, span))
    }

    /// `∂L/∂W`, `∂/∂W f`, or a differential `∂X`.
    pub(super) fn partial(&mut self) -> Reading<ExprId> {
        let start = self.span();
        match self.slash(Sign::Partial) {
            Some(slash) => self.slashed(Sign::Partial, slash, start),
            None => {
                self.advance();
                let of = self.factor()?;
                let span = self.since(start);
                Ok(self.tree.push(Kind::Differential(of), span))
            }
        }
    }

    /// The slash of a derivative whose numerator begins here.
    fn slash(&self, sign: Sign) -> Option<usize> {
        let mut depth = 0usize;
        let mut barred = false;
        for at in self.at + 1..(self.at + SLASH_REACH).min(self.stop).min(self.tokens.len()) {
            match self.tokens[at].tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth = depth.checked_sub(1)?,
                _ if depth > 0 => {}
                Tok::Bar(_) | Tok::DoubleBar(_) => barred = !barred,
                _ if barred => {}
                Tok::Infix(op) if op == &DIVIDE => {
                    let under = if self.token(at + 1).tok == Tok::Open(Bracket::Group) { at + 2 } else { at + 1 };
                    let found = self.sign_at(under) == Some(sign)
                        && self.has_variable(under)
                        && (sign == Sign::Partial || self.token(under + 1).glued);
                    return found.then_some(at);
                }
                Tok::Plus | Tok::Minus | Tok::Relation(_) | Tok::Comma | Tok::Finish => return None,
                _ => {}
            }
        }
        None
    }

    fn slashed(&mut self, sign: Sign, slash: usize, start: Span) -> Reading<ExprId> {
        self.advance();
        let order = self.order()?;
        let of = if self.at == slash {
            None
        } else {
            let stop = std::mem::replace(&mut self.stop, slash);
            let of = self.product()?;
            self.stop = stop;
            if self.at != slash {
                return self.unexpected("the slash of a derivative");
            }
            Some(of)
        };
        self.advance();
        let mut wrt = ExprIds::new();
        if self.tok() == Tok::Open(Bracket::Group) {
            wrt = self.denominator_group(sign, order)?;
        } else {
            // `∂L/∂x∂y` is of second order even without a square; `∂L/∂x ∂x/∂y` is a product.
            while self.sign_at(self.at) == Some(sign)
                && (wrt.len() < order
                    || (sign == Sign::Partial && self.glued(0) && self.slash(Sign::Partial).is_none()))
            {
                self.advance();
                let variable = self.factor()?;
                self.variable(variable, order, &mut wrt);
            }
            wrt = self.orders(wrt, order)?;
        }
        if of.is_none() {
            return self.operator_form(sign, wrt, start);
        }
        let span = self.since(start);
        Ok(self.tree.push(Kind::Derivative { of, wrt, style: sign.style() }, span))
    }

    /// `dL/dW`, `d/dt f` and `dX`, where the letter here is a differential's d.
    pub(super) fn total(&mut self) -> Reading<Option<ExprId>> {
        if !self.is_d(self.at) {
            return Ok(None);
        }
        let start = self.span();
        if self.is_d_declared_word() || self.scripted_name(self.at) {
            return Ok(None);
        }
        let near = matches!(self.peek(1), Tok::Infix(op) if op == &DIVIDE)
            || self.glued(1)
            || self.peek(1) == Tok::Superscript;
        if near && let Some(slash) = self.slash(Sign::Total) {
            return self.slashed(Sign::Total, slash, start).map(Some);
        }
        let upright = matches!(self.tok(), Tok::Letter(letter) if letter.upright);
        let declared = self.names.resolve("d").is_some();
        let meant = upright || self.names.are_differentials();
        if declared && (!meant || self.names.is("d", NameKind::Symbol)) {
            return Ok(None);
        }
        let follows = match self.peek(1) {
            Tok::Letter(letter) => {
                let mut name = String::new();
                letter.write(&mut name);
                let whole = self.rest_of_run(self.at + 1);
                upright
                    || !self.glued(1) && Spellings::of(self.syntax).call(&whole).is_some()
                    || self.glued(1)
                        && (self.names.is_empty()
                            || self.names.resolve(&name).is_some()
                            || self.names.resolve(&whole).is_some()
                            || name == "I"
                            || self.scripted_name(self.at + 1))
            }
            Tok::Open(Bracket::Round | Bracket::Square | Bracket::Curly) | Tok::DoubleBar(_) => {
                upright || self.glued(1)
            }
            Tok::Function(_) => true,
            Tok::Open(Bracket::Group) | Tok::Bar(_) => upright,
            _ => false,
        };
        if !follows {
            return Ok(None);
        }
        self.advance();
        let of = self.factor()?;
        let span = self.since(start);
        Ok(Some(self.tree.push(Kind::Differential(of), span)))
    }

    /// Whether the run that begins here is a word of its own: `dX` declared, `diag`, `det`, `delta`.
    fn is_d_declared_word(&mut self) -> bool {
        self.is_d_of_known_word(self.at) || {
            let whole = self.rest_of_run(self.at);
            whole.len() > 1 && self.names.resolve(&whole).is_some()
        }
    }

    /// Whether the run at `at` is the name of a function or a letter: `diag`, `det`, `delta`.
    fn is_d_of_known_word(&self, at: usize) -> bool {
        let whole = self.rest_of_run(at);
        whole.len() > 1 && (Spellings::of(self.syntax).call(&whole).is_some() || greek(&whole).is_some())
    }

    fn rest_of_run(&self, from: usize) -> String {
        let mut name = String::new();
        for at in from..from + 24 {
            match self.token(at).tok {
                Tok::Letter(letter) if at == from || self.token(at).glued => letter.write(&mut name),
                _ => break,
            }
        }
        name
    }

    /// `∇_W L`, `∇² f`
    pub(super) fn nabla(&mut self) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let mut wrt = ExprIds::new();
        let mut order = 1;
        loop {
            match self.tok() {
                Tok::Subscript if wrt.is_empty() => {
                    self.advance();
                    self.nabla_variables(&mut wrt)?;
                }
                Tok::Superscript if order == 1 => order = self.order()?,
                _ => break,
            }
        }
        if wrt.len() == 1 && order > 1 {
            let variable = wrt[0];
            wrt.extend(std::iter::repeat_n(variable, order - 1));
        }
        let mut wrt = if wrt.is_empty() { wrt } else { self.orders(wrt, order)? };
        let of = if self.at < self.stop && self.starts_factor() { Some(self.product()?) } else { None };
        // ∇f(W x) is the gradient of f, taken at W x.
        if wrt.is_empty()
            && let Some(of) = of
            && let Kind::Call { arguments, order: 0, .. } = self.tree.kind(of)
            && let &[argument] = arguments.as_slice()
            && !matches!(self.tree.kind(argument), Kind::Symbol(_) | Kind::Subscript { .. })
        {
            wrt.extend(std::iter::repeat_n(argument, order));
        }
        let span = self.since(start);
        let order = u8::try_from(order.max(wrt.len())).unwrap_or(u8::MAX);
        Ok(self.tree.push(Kind::Derivative { of, wrt, style: DerivativeStyle::Nabla { order } }, span))
    }

    fn nabla_variables(&mut self, wrt: &mut ExprIds) -> Reading<()> {
        let start = self.span();
        if self.accept(Tok::Open(Bracket::Group)) {
            return self.within(Open::Bracket(Bracket::Group), |reader| {
                loop {
                    wrt.push(reader.expression()?);
                    if !reader.accept(Tok::Comma) {
                        break;
                    }
                }
                reader.close(Bracket::Group, start)
            });
        }
        let id = match self.syntax {
            super::super::Syntax::Latex => self.one_letter()?,
            super::super::Syntax::Plain => self.nabla_name()?,
        };
        wrt.push(id);
        Ok(())
    }

    /// In plain text the variable of ∇ is the whole word: `∇_W1 L`, `∇_x_hat L`.
    fn nabla_name(&mut self) -> Reading<ExprId> {
        let start = self.span();
        if !matches!(self.tok(), Tok::Letter(_)) {
            return self.unexpected("the variable of ∇");
        }
        let from = self.at;
        let mut end = from;
        let mut name = String::new();
        let mut longest = None;
        loop {
            match self.token(end).tok {
                Tok::Letter(letter) if end == from || self.token(end).glued => letter.write(&mut name),
                Tok::Number if self.token(end).glued => name.push_str(self.characters(end)),
                Tok::Subscript if self.token(end).glued => name.push('_'),
                _ => break,
            }
            end += 1;
            if let Some(found) = self.names.resolve(&name) {
                longest = Some((found, end));
            }
        }
        if let Some((found, next)) = longest {
            self.at = next;
            let span = self.since(start);
            return Ok(self.tree.push(Kind::Symbol(found), span));
        }
        self.index_letter()
    }
}
