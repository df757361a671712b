//! A tree as a line of text that two trees share where they are the same, and only there: for keys and for seeds.
//!
//! Spans do not count, nor the notation a formula was written in; how products were grouped or dotted does. The text is
//! not meant to be read: every node is a sign and what it names, followed by its children.

use super::tree::{Binder, DerivativeStyle, ExprId, Kind, Name, Tree};
use crate::number::Constant;

/// A text is not begun on a further node beyond so many bytes: what shares its parts in the arena may double at every
/// level.
const LONGEST: usize = 1 << 16;

impl Tree {
    /// Appends the canonical text of an expression; false where it is too long, so that its end is missing.
    pub fn write_canonical(&self, id: ExprId, out: &mut String) -> bool {
        let most = out.len() + LONGEST;
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if out.len() > most {
                return false;
            }
            if self.is_grouped(id) {
                out.push('(');
            }
            if self.is_dotted(id) {
                out.push('*');
            }
            canonical_node(self.kind(id), out);
            open.extend(self.children(id).iter().rev());
        }
        true
    }
}

/// What a node is, without its children; their number and places can be told from it.
fn canonical_node(kind: &Kind, out: &mut String) {
    match kind {
        Kind::Number(n) => {
            out.push('#');
            word(&n.to_string(), out);
        }
        Kind::Constant(Constant::Pi) => out.push('p'),
        Kind::Constant(Constant::Euler) => out.push('e'),
        Kind::Symbol(name) => named('s', name, out),
        Kind::Slice => out.push(':'),
        Kind::Dots => out.push('.'),
        Kind::Subscript { indices, .. } => counted('_', indices.len(), out),
        Kind::Apply { operator, arguments } => {
            out.push('a');
            word(operator.name, out);
            counted(' ', arguments.len(), out);
        }
        Kind::Call { function, order, arguments } => {
            named('f', function, out);
            counted('\'', usize::from(*order), out);
            counted(' ', arguments.len(), out);
        }
        Kind::Sum { binders, .. } => bound('S', binders, out),
        Kind::Product { binders, .. } => bound('P', binders, out),
        Kind::Derivative { of, wrt, style } => {
            let (sign, order) = match style {
                DerivativeStyle::Partial => ('\u{2202}', 1),
                DerivativeStyle::Total => ('d', 1),
                DerivativeStyle::Nabla { order } => ('\u{2207}', *order),
                DerivativeStyle::Prime { order } => ('\'', *order),
            };
            counted(sign, usize::from(order), out);
            counted(if of.is_some() { 'o' } else { ' ' }, wrt.len(), out);
        }
        Kind::Differential(_) => out.push('D'),
        Kind::Array(rows) => {
            counted('A', rows.len(), out);
            rows.iter().for_each(|row| counted(' ', row.len(), out));
        }
        Kind::Cases(rows) => {
            counted('C', rows.len(), out);
            rows.iter().for_each(|(_, condition)| out.push(if condition.is_some() { '?' } else { ' ' }));
        }
    }
}

fn bound(sign: char, binders: &[Binder], out: &mut String) {
    counted(sign, binders.len(), out);
    for b in binders {
        named('i', &b.letter, out);
        out.push(if b.lower.is_some() { '(' } else { ' ' });
        out.push(if b.upper.is_some() { ')' } else { ' ' });
        match &b.compared {
            Some((relation, _)) => counted('r', *relation as usize, out),
            None => out.push(' '),
        }
        counted('x', b.except.len(), out);
    }
}

fn named(sign: char, name: &Name, out: &mut String) {
    out.push(sign);
    word(name, out);
}

/// A word with its length before it, so that no two words run together.
fn word(text: &str, out: &mut String) {
    counted(' ', text.len(), out);
    out.push_str(text);
}

fn counted(sign: char, n: usize, out: &mut String) {
    use std::fmt::Write;
    out.push(sign);
    match n {
        0..10 => out.push(char::from(b'0' + n as u8)),
        _ => {
            let _ = write!(out, "{n}");
        }
    }
    out.push(';');
}
