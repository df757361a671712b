//! Trees as text, for reading tests by eye.

use crate::operator as op;
use crate::operator::Notation;
use crate::syntax::{ExprId, Kind, Tree};

/// The text, and how strongly its outermost operator binds: 1 sums, 2 products, 3 signs, 4 scripts, 5 atoms.
fn text(t: &Tree, id: ExprId) -> (String, u8) {
    let at = |id: ExprId, least: u8| {
        let (s, p) = text(t, id);
        if p < least { format!("({s})") } else { s }
    };
    match t.kind(id) {
        Kind::Number(c) => (c.to_string(), if c.is_integer() { 5 } else { 2 }),
        Kind::Constant(c) => (format!("{c:?}"), 5),
        Kind::Symbol(n) => (n.to_string(), 5),
        Kind::Subscript { base, indices } => {
            let list: Vec<String> = indices.iter().map(|i| text(t, *i).0).collect();
            (format!("{}[{}]", at(*base, 4), list.join(",")), 5)
        }
        Kind::Apply { operator, arguments: a } => {
            let o = *operator;
            if o == &op::NEGATE {
                return (format!("-{}", at(a[0], 2)), 1);
            } else if o == &op::ADD {
                if let Some((n, x)) = t.as_apply(a[1]) {
                    if n == &op::NEGATE {
                        return (format!("{} - {}", at(a[0], 1), at(x[0], 2)), 1);
                    }
                }
                return (format!("{} + {}", at(a[0], 1), at(a[1], 2)), 1);
            } else if o == &op::TRANSPOSE {
                return (format!("{}'", at(a[0], 4)), 4);
            } else if o == &op::INVERSE {
                return (format!("{}^-1", at(a[0], 5)), 4);
            } else if o == &op::POWER {
                return (format!("{}^{}", at(a[0], 5), at(a[1], 5)), 4);
            } else if o == &op::HADAMARD_POWER {
                return (format!("{}.^{}", at(a[0], 5), at(a[1], 5)), 4);
            } else if o == &op::IDENTITY || o == &op::ONES || o == &op::ZEROS {
                let name = if o == &op::IDENTITY {
                    "I"
                } else if o == &op::ONES {
                    "1"
                } else {
                    "0"
                };
                return (a.first().map_or(name.to_owned(), |d| format!("{name}_{{{}}}", text(t, *d).0)), 5);
            } else if o == &op::DELTA {
                return (format!("δ[{},{}]", text(t, a[0]).0, text(t, a[1]).0), 5);
            }
            match &o.notation {
                Notation::Infix { plain, precedence, .. } => {
                    let sign = if plain[0] == " " { " ".to_owned() } else { format!(" {} ", plain[0]) };
                    (format!("{}{sign}{}", at(a[0], *precedence), at(a[1], precedence + 1)), *precedence)
                }
                _ => {
                    let list: Vec<String> = a.iter().map(|x| text(t, *x).0).collect();
                    (format!("{}({})", o.name, list.join(", ")), 5)
                }
            }
        }
        Kind::Call { function, order, arguments } => {
            let list: Vec<String> = arguments.iter().map(|x| text(t, *x).0).collect();
            (format!("{function}{}({})", "'".repeat(*order as usize), list.join(", ")), 5)
        }
        Kind::Sum { binders, body } => {
            let b = &binders[0];
            let bounds = |e: Option<ExprId>| e.map_or(String::new(), |e| text(t, e).0);
            (format!("Σ_{{{}={}}}^{{{}}} {}", b.letter, bounds(b.lower), bounds(b.upper), at(*body, 2)), 1)
        }
        Kind::Derivative { of, wrt, .. } => {
            let of = of.map_or(String::new(), |f| text(t, f).0);
            (format!("∇^{}_{{{}}} {of}", wrt.len(), text(t, wrt[0]).0), 4)
        }
        other => (format!("{other:?}"), 5),
    }
}

/// A tree as text.
pub(super) fn dump(t: &Tree) -> String {
    text(t, t.root).0
}
