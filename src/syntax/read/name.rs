//! Words and letters: which names a run of letters stands for.
//!
//! The longest declared name wins, scripts included; then operators, constants and Greek names; then the run as a
//! product of declared names; and where nothing is declared, single letters.

use super::super::letter::{greek, greek_name};
use super::super::spelling::Spellings;
use super::super::token::{Bracket, Tok};
use super::super::{Constant, DerivativeStyle, ExprId, Kind, Name, NameKind, Syntax};
use super::word::{WORDS, Word};
use super::{Reader, Reading};
use crate::operator::{Op, SIGMOID, TRANSPOSE};
use crate::text::{Code, Span};
use smol_str::SmolStr;

/// Longer runs of letters are no product of names that a person would write without spaces.
const LONGEST_RUN: usize = 48;
/// The letters of epsilon.
const LONGEST_GREEK: usize = 7;

/// What letters stand for, and the token after them.
pub(super) enum Meaning {
    Declared(Name, usize),
    Operator(Op, usize),
    Word(Word, usize),
    Greek(char, usize),
    /// An undeclared name made of the tokens up to there.
    Letters(usize),
    Unknown(usize),
}

impl Reader<'_> {
    /// A name, an operator by name, or a product of names: the first factor of a run of letters.
    pub(super) fn letters(&mut self) -> Reading<ExprId> {
        if let Some(id) = self.total()? {
            return Ok(id);
        }
        let start = self.span();
        let at = self.at;
        let end = self.run_end(at);
        match self.meaning(at, end) {
            Meaning::Declared(name, next) => {
                self.at = next;
                self.declared(name, self.since(start))
            }
            Meaning::Operator(op, next) => {
                self.at = next - 1;
                self.function(op, start)
            }
            Meaning::Word(word, next) => self.word(word, next),
            Meaning::Greek(letter, next) => {
                self.at = next;
                if letter == 'π' && self.tok() != Tok::Subscript {
                    let id = self.tree.push(Kind::Constant(Constant::Pi), self.since(start));
                    return self.scripts(id, false);
                }
                self.name.clear();
                self.name.push_str(greek_name(letter).unwrap_or_default());
                self.undeclared(start)
            }
            Meaning::Letters(next) => {
                if next == at + 1 && matches!(self.tok(), Tok::Letter(l) if l.is('e')) && self.is_euler() {
                    return self.euler();
                }
                self.compose(at, next);
                if self.token(next - 1).tok == Tok::Number {
                    // `W1` is `W_1`, as where it is declared.
                    let digits = self.characters(next - 1).len();
                    self.name.insert(self.name.len() - digits, '_');
                }
                self.at = next;
                self.undeclared(start)
            }
            Meaning::Unknown(next) => {
                self.compose(at, next);
                let word = self.name.clone();
                self.unknown(&word, start.to(self.token(next - 1).span))
            }
        }
    }

    /// e is Euler's where it has an exponent, or where every symbol is declared and e is none of them.
    fn is_euler(&self) -> bool {
        match self.peek(1) {
            Tok::Superscript => {
                let transposed = match self.peek(2) {
                    Tok::Top | Tok::Prime => true,
                    Tok::Letter(letter) => letter.is('T'),
                    Tok::Open(Bracket::Group) => self.transpose_group(self.at + 2),
                    _ => false,
                };
                !transposed
            }
            Tok::DotSuperscript => true,
            Tok::Subscript | Tok::Prime => false,
            _ => self.names.is_complete(),
        }
    }

    /// The end of the run of letters that begins at `at`.
    fn run_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while end - at < LONGEST_RUN && matches!(self.token(end).tok, Tok::Letter(_)) && self.token(end).glued {
            end += 1;
        }
        end
    }

    /// Whether the letters at `at` are a declared name with their script: `W^{[2]}` of `dW^{[2]}`.
    pub(super) fn scripted_name(&mut self, at: usize) -> bool {
        let end = self.run_end(at);
        self.declared_at(at, end).is_some_and(|(_, next)| next > end)
    }

    /// Writes the letters from `from` to `to` into the scratch name.
    pub(super) fn compose(&mut self, from: usize, to: usize) {
        self.name.clear();
        for at in from..to {
            match self.tokens[at].tok {
                Tok::Letter(letter) => letter.write(&mut self.name),
                _ => {
                    let digits = self.characters(at);
                    self.name.push_str(digits);
                }
            }
        }
    }

    fn meaning(&mut self, at: usize, end: usize) -> Meaning {
        if let Some((name, next)) = self.declared_at(at, end) {
            return Meaning::Declared(name, next);
        }
        if let Some(meaning) = self.built_in(at, end) {
            return meaning;
        }
        let digits = self.digits_follow(end);
        if end - at > 1 && !self.names.is_empty() {
            let mut failed = 0u64;
            if let Some(next) = self.segment(at, end, at, &mut failed) {
                return self.segment_meaning(at, next);
            }
        }
        if self.names.is_empty() {
            // By convention: Greek names and letters.
            for next in (at + 4..=end.min(at + LONGEST_GREEK)).rev() {
                self.compose(at, next);
                if let Some(letter) = greek(&self.name) {
                    return Meaning::Greek(letter, next);
                }
            }
            let next = at + 1;
            return Meaning::Letters(if next == end && digits { next + 1 } else { next });
        }
        let upright = matches!(self.token(at).tok, Tok::Letter(l) if l.upright);
        let word = end - at > 1 || (digits && self.syntax == Syntax::Plain);
        if word && self.names.is_complete() && (self.syntax == Syntax::Plain || (upright && end - at > 1)) {
            return Meaning::Unknown(if digits { end + 1 } else { end });
        }
        for next in (at + 1..end).rev() {
            self.compose(at, next);
            if let Some(name) = self.names.resolve(&self.name) {
                return Meaning::Declared(name, next);
            }
        }
        if upright && end - at > 1 {
            return Meaning::Letters(end);
        }
        let next = at + 1;
        Meaning::Letters(if next == end && digits && self.syntax == Syntax::Plain { next + 1 } else { next })
    }

    pub(super) fn digits_follow(&self, at: usize) -> bool {
        let token = self.token(at);
        token.tok == Tok::Number
            && token.glued
            && self.characters(at).bytes().all(|b| b.is_ascii_digit())
            && matches!(self.token(at - 1).tok, Tok::Letter(_))
    }

    /// An operator, word or Greek name that the whole run spells.
    pub(super) fn built_in(&mut self, at: usize, end: usize) -> Option<Meaning> {
        if end == at + 1 {
            let Tok::Letter(letter) = self.token(at).tok else { return None };
            if letter.is('I') {
                return Some(Meaning::Word(Word::Identity, end));
            }
            if letter.glyph.is_ascii() {
                return None;
            }
        }
        self.compose(at, end);
        if let Some((_, word)) = WORDS.iter().find(|(w, _)| *w == self.name) {
            let fits = match word {
                Word::Delta => self.is_delta(end),
                Word::MatrixFunction => self.called(end),
                Word::Product => self.token(end).tok == Tok::Subscript,
                _ => true,
            };
            if fits {
                return Some(Meaning::Word(*word, end));
            }
        }
        if self.digits_follow(end) {
            // `norm2` is a name with its digit.
            let letters = self.name.len();
            let digits = self.characters(end);
            self.name.push_str(digits);
            if let Some(op) = Spellings::of(self.syntax).call(&self.name) {
                return Some(Meaning::Operator(op, end + 1));
            }
            self.name.truncate(letters);
        }
        if let Some(op) = Spellings::of(self.syntax).call(&self.name) {
            let lettered = op == &SIGMOID && greek(&self.name).is_some();
            if !lettered || self.called(end) {
                return Some(Meaning::Operator(op, end));
            }
        }
        if end == at + 1 {
            let Tok::Letter(letter) = self.token(at).tok else { return None };
            if letter.accent != super::super::letter::Accent::None {
                return None;
            }
            if letter.glyph == 'Σ' && self.is_sum_sign(end) {
                return Some(Meaning::Word(Word::Sum, end));
            }
            if letter.glyph == 'Π' && self.script_has_equation(end) {
                return Some(Meaning::Word(Word::Product, end));
            }
            return (letter.glyph == 'π').then_some(Meaning::Greek('π', end));
        }
        // In LaTeX `xi` is a product as likely as a letter's name.
        if self.syntax == Syntax::Latex && end - at < 4 {
            return None;
        }
        let letter = greek(&self.name)?;
        if letter == 'Σ' && self.is_sum_sign(end) {
            return Some(Meaning::Word(Word::Sum, end));
        }
        if letter == 'Π' && self.script_has_equation(end) {
            return Some(Meaning::Word(Word::Product, end));
        }
        Some(Meaning::Greek(letter, end))
    }

    /// Whether a bracket follows, perhaps after primes: what makes σ a function.
    fn called(&self, mut at: usize) -> bool {
        while self.token(at).tok == Tok::Prime {
            at += 1;
        }
        matches!(self.token(at).tok, Tok::Open(Bracket::Round | Bracket::Square | Bracket::Curly))
    }

    /// Whether δ has two index letters, in a script or in brackets.
    fn is_delta(&self, at: usize) -> bool {
        match self.token(at).tok {
            Tok::Subscript => {
                let group = self.token(at + 1).tok == Tok::Open(Bracket::Group);
                self.script_items(at + 1) == 2 || group && self.commas(at + 1) == 1
            }
            Tok::Open(Bracket::Round | Bracket::Square) => self.commas(at) == 1,
            _ => false,
        }
    }

    /// The commas in the bracket at `at`, but for those in brackets inside it.
    fn commas(&self, at: usize) -> usize {
        let Some(close) = self.matching(at) else { return 0 };
        let mut inner = at + 1;
        let mut commas = 0;
        while inner < close {
            match self.token(inner).tok {
                Tok::Open(_) => inner = self.matching(inner).unwrap_or(close),
                Tok::Comma => commas += 1,
                _ => {}
            }
            inner += 1;
        }
        commas
    }

    /// Whether Σ is a sum sign: an index stands below it.
    fn is_sum_sign(&self, at: usize) -> bool {
        self.names.resolve("Sigma").is_none() && self.token(at).tok == Tok::Subscript || self.script_has_equation(at)
    }

    fn segment_meaning(&mut self, at: usize, next: usize) -> Meaning {
        self.compose(at, next);
        if let Some(name) = self.names.resolve(&self.name) {
            return Meaning::Declared(name, next);
        }
        if self.name == "I" {
            return Meaning::Word(Word::Identity, next);
        }
        greek(&self.name).map_or(Meaning::Letters(next), |letter| Meaning::Greek(letter, next))
    }

    /// What a declared name makes: a call, a derivative `f'(w)`, or a symbol with scripts.
    pub(super) fn declared(&mut self, name: Name, span: Span) -> Reading<ExprId> {
        let function = self.names.is(&name, NameKind::Function) && !self.is_symbol(&name);
        if self.tok() == Tok::Subscript {
            // A word below a declared name makes another name: `x_hat`, `w_ridge`.
            self.name.clear();
            self.name.push_str(&name);
            if let Some(next) = self.flat_script(self.at) {
                let script = &self.name[name.len() + 1..];
                let word = super::super::letter::accent_command(script).is_some()
                    || (!function
                        && script.len() >= 5
                        && script.bytes().all(|b| b.is_ascii_alphabetic())
                        && greek(script).is_none());
                if word {
                    let whole = SmolStr::new(&self.name);
                    self.at = next;
                    let id = self.tree.push(Kind::Symbol(whole), span.to(self.last_span()));
                    return self.scripts(id, true);
                }
            }
        }
        if function {
            return self.call(name, span);
        }
        let mut id = self.tree.push(Kind::Symbol(name), span);
        // The name's script ended within its group: `W^{(2)\top}`.
        if self.at > 0
            && matches!(self.token(self.at - 1).tok, Tok::Close(Bracket::Round | Bracket::Square))
            && self.turns_inside(self.at)
        {
            self.at += 2;
            id = self.apply(&TRANSPOSE, &[id], span.to(self.last_span()));
        }
        if let Some(derivative) = self.prime_derivative(id)? {
            return self.scripts(derivative, false);
        }
        self.scripts(id, true)
    }

    /// `f'(w)`: primes, then one name in brackets; after a symbol that is no function of others, or with a space before
    /// the bracket, that is a product with the transposed.
    fn prime_derivative(&mut self, of: ExprId) -> Reading<Option<ExprId>> {
        let start = self.tree.span(of);
        let mut primes = 0usize;
        while self.peek(primes) == Tok::Prime {
            primes += 1;
        }
        if primes == 0 || self.peek(primes) != Tok::Open(Bracket::Round) {
            return Ok(None);
        }
        let open = self.at + primes;
        let given = matches!(self.tree.kind(of), Kind::Symbol(name) if self.names.is_given(name));
        if given || !self.token(open).glued {
            return Ok(None);
        }
        let Some(close) = self.matching(open) else { return Ok(None) };
        let inside = open + 1..close;
        let one_name = !inside.is_empty()
            && matches!(self.token(open + 1).tok, Tok::Letter(_))
            && inside.clone().all(|at| match self.token(at).tok {
                Tok::Letter(_) | Tok::Number => at == open + 1 || self.token(at).glued,
                Tok::Subscript | Tok::Open(Bracket::Group) | Tok::Close(Bracket::Group) => true,
                _ => false,
            });
        if !one_name {
            return Ok(None);
        }
        self.at = open + 1;
        let wrt = self.factor()?;
        if self.at != close {
            // Several names: a product after a transpose.
            self.at = open - primes;
            return Ok(None);
        }
        self.advance();
        let span = self.since(start);
        let order = u8::try_from(primes).unwrap_or(u8::MAX);
        let wrt = std::iter::repeat_n(wrt, primes).collect();
        let style = DerivativeStyle::Prime { order };
        Ok(Some(self.tree.push(Kind::Derivative { of: Some(of), wrt, style }, span)))
    }

    /// An undeclared name, which stands in the scratch name: a script may belong to it by convention.
    fn undeclared(&mut self, start: Span) -> Reading<ExprId> {
        let base = SmolStr::new(&self.name);
        let length = self.name.len();
        if self.tok() == Tok::Subscript
            && let Some(next) = self.flat_script(self.at)
        {
            let script = &self.name[length + 1..];
            let named = script.bytes().all(|b| b.is_ascii_digit())
                || (script.len() == 1 && script.bytes().all(|b| b.is_ascii_uppercase()))
                || script.len() > 2
                || super::super::letter::accent_command(script).is_some();
            if named && (script.len() <= 2 || script.bytes().all(|b| b.is_ascii_alphanumeric())) {
                let name = SmolStr::new(&self.name);
                self.at = next;
                let id = self.tree.push(Kind::Symbol(name), self.since(start));
                return self.scripts(id, true);
            }
        }
        let id = self.tree.push(Kind::Symbol(base), self.since(start));
        self.scripts(id, true)
    }

    /// One letter of a run, as LaTeX takes it after `\frac` or `_`.
    pub(super) fn one_letter(&mut self) -> Reading<ExprId> {
        let span = self.span();
        let Tok::Letter(letter) = self.tok() else { return self.unexpected("a letter") };
        self.name.clear();
        letter.write(&mut self.name);
        self.advance();
        let kind = match self.names.resolve(&self.name) {
            Some(name) => Kind::Symbol(name),
            None if letter.is('π') => Kind::Constant(Constant::Pi),
            None => Kind::Symbol(SmolStr::new(&self.name)),
        };
        Ok(self.tree.push(kind, span))
    }

    fn unknown<T>(&self, word: &str, span: Span) -> Reading<T> {
        let mut nearest: Vec<(usize, &str)> = self.names.names().map(|n| (distance(word, n), n.as_str())).collect();
        nearest.extend(Spellings::of(self.syntax).calls().map(|n| (distance(word, n), n)));
        nearest.sort_unstable();
        nearest.dedup();
        let near: Vec<String> = nearest
            .iter()
            .filter(|(d, n)| *d <= 2 && *d < n.len().max(2))
            .take(3)
            .map(|(_, n)| format!("`{n}`"))
            .collect();
        let hint = if near.is_empty() {
            "declare it, or put spaces between the factors of a product".to_owned()
        } else {
            format!("write {} or declare `{word}`", near.join(", "))
        };
        Self::fail_at(Code::UNKNOWN_SYMBOL, span, format!("`{word}` is not declared"), &hint)
    }
}

/// The number of letters to insert, drop or change between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
