//! `L(w)` of a quantity that is declared without its argument: another spelling of it, and no product.

use super::define::{is_plain, notation};
use super::occurrence::depends;
use super::session::Session;
use crate::document::Document;
use crate::operator;
use crate::shape::{Body, QuantityId};
use crate::syntax::{Kind, Name, NameKind, Syntax, parse, parse_declared};

/// Bytes before a bracket in which the name of what it belongs to begins.
const REACH: usize = 40;
/// Brackets that are looked at in one formula.
const MOST: usize = 64;

impl Session {
    /// Declares `f(x)`, wherever it is written, as another spelling of the defined quantity f that depends on x.
    pub(super) fn find_arguments(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            for piece in &chain.pieces {
                let syntax = notation(piece, is_plain(chain));
                for (at, _) in piece.text.match_indices('(').take(MOST) {
                    if let Some((spelling, name)) = self.application(&piece.text, at, syntax)
                        && !self.scope.names.aliases().iter().any(|a| a.0 == spelling)
                    {
                        self.scope.names.alias(&spelling, &name);
                    }
                }
            }
        }
    }

    /// Whether a formula begins with `f(x + h)`: a defined number that depends on x, at another point, and no product.
    pub(super) fn is_at_another_point(&self, text: &str, syntax: Syntax) -> bool {
        let text = text.trim();
        let Some((base, rest)) = text.split_once('(') else { return false };
        let base = base.trim_end();
        let base = base.strip_suffix("\\left").unwrap_or(base);
        let inner = rest.split(')').next().unwrap_or_default();
        let inner = inner.strip_suffix("\\right").unwrap_or(inner);
        let parsed = |t: &str| parse(t, syntax, &self.scope.names).ok();
        let (Some(base), Some(inner)) = (parsed(base), parsed(inner)) else { return false };
        let (Kind::Symbol(name), Some((sum, [point, _]))) = (base.kind(base.root), inner.as_apply(inner.root)) else {
            return false;
        };
        let (Kind::Symbol(point), true) = (inner.kind(*point), *sum == operator::ADD) else { return false };
        let (Some(q), Some(point)) = (self.scope.find(name, 0), self.scope.find(point, 0)) else { return false };
        let Body::Definition(formula) = &self.scope.quantity(q).body else { return false };
        let shape = |q: QuantityId| self.scope.unifier.resolve_shape(&self.scope.quantity(q).shape);
        shape(q).is_scalar() && !shape(point).is_scalar() && depends(&self.scope, point, &formula.tree)
    }

    /// The spelling `f(x)` around the bracket at a place, and the name of f.
    fn application(&self, text: &str, at: usize, syntax: Syntax) -> Option<(String, Name)> {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let inner = &behind[..behind.find([')', '('])?];
        if !behind[inner.len()..].starts_with(')') {
            return None;
        }
        let inner = inner.trim_end().strip_suffix("\\right").unwrap_or(inner).trim();
        let arguments: Option<Vec<QuantityId>> = inner.split([',', ';']).map(|a| self.declared(a)).collect();
        let arguments = arguments?;
        let before = before.trim_end();
        let before = before.strip_suffix("\\left").unwrap_or(before).trim_end();
        let starts = (before.len().saturating_sub(REACH)..before.len()).filter(|s| is_start(before, *s));
        // The longest name that ends here: `\hat y` and not `y`.
        for start in starts {
            let base = &before[start..];
            let Ok(tree) = parse(base, syntax, &self.scope.names) else { continue };
            let Kind::Symbol(name) = tree.kind(tree.root) else { continue };
            let Some(q) = self.scope.find(name, 0) else { continue };
            let Body::Definition(formula) = &self.scope.quantity(q).body else { return None };
            let number = self.scope.unifier.resolve_shape(&self.scope.quantity(q).shape).is_scalar();
            let on = |a: &QuantityId| depends(&self.scope, *a, &formula.tree);
            // A matrix may be multiplied by what it depends on; a number hardly ever stands before one letter in brackets.
            let applied = if number { arguments.iter().any(on) } else { arguments.iter().all(on) };
            return applied.then(|| (format!("{base}({inner})"), name.clone()));
        }
        None
    }

    /// The declared symbol that a text names: whole, or an entry or a member of it.
    fn declared(&self, text: &str) -> Option<QuantityId> {
        let d = parse_declared(text.trim()).ok()?;
        let of = |name: &Name| self.scope.find(name, 0).or_else(|| self.scope.find(name, 1));
        let renamed = parse(text.trim(), Syntax::Latex, &self.scope.names).ok().and_then(|t| match t.kind(t.root) {
            Kind::Symbol(name) => of(name),
            _ => None,
        });
        of(&d.whole).or(renamed).or_else(|| (!self.scope.names.is(&d.whole, NameKind::Symbol)).then(|| of(&d.name))?)
    }
}

/// Whether a name may begin at a place: not within a word or a command.
fn is_start(text: &str, at: usize) -> bool {
    if !text.is_char_boundary(at) {
        return false;
    }
    let (first, last) = (text[at..].chars().next(), text[..at].chars().next_back());
    let within = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    first.is_some_and(|f| f.is_alphabetic() || f == '\\')
        && !(within(first) && (last == Some('\\') || (within(last) && word_is_command(&text[..at]))))
}

/// Whether the letters at the end of a text are those of a command.
fn word_is_command(text: &str) -> bool {
    text.trim_end_matches(char::is_alphabetic).ends_with('\\')
}
