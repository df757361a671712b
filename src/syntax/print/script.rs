//! Powers, transposes and inverses in print.

use super::{Printer, Strength, raised};
use crate::operator as ops;
use crate::operator::Op;
use crate::syntax::{Constant, ExprId, Kind};

impl Printer<'_> {
    pub(super) fn power(&self, op: Op, base: ExprId, exponent: ExprId) -> String {
        let inner = match self.tree.kind(exponent) {
            Kind::Number(n) if n.is_integer() => n.to_string(),
            _ => self.node(exponent).0,
        };
        let entrywise = op == &ops::HADAMARD_POWER;
        // With an exponent e is Euler's, and in brackets without one it is a letter.
        let is_euler = matches!(self.tree.kind(base), Kind::Constant(Constant::Euler));
        let euler = (is_euler && entrywise).then(|| "e".to_owned());
        // x_i² and A[1,i]² need no brackets.
        let entry = match self.tree.kind(base) {
            Kind::Subscript { base: whole, .. } if !entrywise && matches!(self.tree.kind(*whole), Kind::Symbol(_)) => {
                Some(self.node(base).0).filter(|text| !text.starts_with(['(', '\\']))
            }
            _ => None,
        };
        let euler = euler.or(entry);
        if self.latex {
            let base = euler.unwrap_or_else(|| self.text(base, Strength::Base));
            return if entrywise { format!("{base}^{{\\odot {inner}}}") } else { format!("{base}^{{{inner}}}") };
        }
        let base = euler.unwrap_or_else(|| self.text(base, Strength::Base));
        if let (Kind::Number(n), false) = (self.tree.kind(exponent), entrywise)
            && let Some(raised) = raised(n)
        {
            return format!("{base}{raised}");
        }
        let short = match self.tree.kind(exponent) {
            Kind::Number(n) => n.is_integer() && !n.is_negative(),
            Kind::Symbol(name) => name.len() == 1 && name != "T",
            _ => false,
        };
        let sign = if entrywise { ".^" } else { "^" };
        if short { format!("{base}{sign}{inner}") } else { format!("{base}{sign}({inner})") }
    }

    pub(super) fn transpose(&self, a: ExprId) -> (String, Strength) {
        if let Some((op, &[inner])) = self.tree.as_apply(a)
            && op == &ops::INVERSE
        {
            return (self.scripted(inner, "⁻ᵀ", "^{-\\top}"), Strength::Factor);
        }
        // `f'(x)` is a derivative: where a name in brackets might follow, the superscript cannot be mistaken.
        (self.scripted(a, "ᵀ", "^\\top"), Strength::Factor)
    }

    pub(super) fn scripted(&self, base: ExprId, plain: &str, latex: &str) -> String {
        // `x_iᵀ` and `1_nᵀ` are read as written.
        let with_index = match self.tree.kind(base) {
            Kind::Subscript { indices, .. } => indices.len() == 1,
            Kind::Apply { operator, arguments } => *operator == &ops::ONES && arguments.len() == 1,
            _ => false,
        };
        // The base is printed once: twice at every level would double with each transpose inside another.
        let (text, strength) = self.node(base);
        let as_it_is = with_index && !text.ends_with([']', ')']) && plain == "ᵀ";
        // In brackets e would be a letter.
        let as_it_is = as_it_is || matches!(self.tree.kind(base), Kind::Constant(Constant::Euler));
        let base = if as_it_is || strength >= Strength::Base { text } else { self.bracketed(&text) };
        format!("{base}{}", if self.latex { latex } else { plain })
    }
}
