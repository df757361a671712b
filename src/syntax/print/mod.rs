//! Printing trees: one spelling for each construct, and only the brackets that are needed.
//!
//! In: a tree. Out: text that parses to an equal tree under the same names. Brackets are decided here, once for both
//! notations, from the binding strength of what is printed and of the place it is printed in.

mod block;
mod name;
mod script;
mod sum;

use super::letter::greek;
use super::spelling::RELATIONS;
use super::{Constant, DerivativeStyle, ExprId, Kind, Relation, Syntax, Tree};
use crate::number::Rational;
use crate::operator as ops;
use crate::operator::{Notation, Op};
use name::{latex_name, plain_name};

/// How strongly a piece of text holds together.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Strength {
    /// A comparison.
    Relation,
    /// `a + b`
    Sum,
    /// `-a`, and sums over an index, which take all that follows.
    Sign,
    /// `a b`
    Product,
    /// `log x`, `x^2`: what may stand beside another factor.
    Factor,
    /// What may bear a script.
    Base,
}

/// The text of an expression, in the given notation.
#[must_use]
pub fn print(tree: &Tree, id: ExprId, syntax: Syntax) -> String {
    Printer { tree, latex: syntax == Syntax::Latex }.text(id, Strength::Sum)
}

struct Printer<'a> {
    tree: &'a Tree,
    latex: bool,
}

impl Printer<'_> {
    /// The text of a node where at least that strength is needed.
    fn text(&self, id: ExprId, needed: Strength) -> String {
        let (text, strength) = self.node(id);
        if strength >= needed { text } else { self.bracketed(&text) }
    }

    fn bracketed(&self, text: &str) -> String {
        if self.latex { format!("\\left({text}\\right)") } else { format!("({text})") }
    }

    fn choose<'t>(&self, plain: &'t str, latex: &'t str) -> &'t str {
        if self.latex { latex } else { plain }
    }

    fn name(&self, name: &str) -> String {
        if self.latex { latex_name(name) } else { plain_name(name) }
    }

    fn node(&self, id: ExprId) -> (String, Strength) {
        match self.tree.kind(id) {
            Kind::Number(n) => self.number(n),
            Kind::Constant(Constant::Pi) => (self.choose("pi", "\\pi").to_owned(), Strength::Base),
            // e alone would take an exponent for its own.
            Kind::Constant(Constant::Euler) => ("e".to_owned(), Strength::Factor),
            Kind::Symbol(name) => (self.name(name), Strength::Base),
            Kind::Slice => (":".to_owned(), Strength::Base),
            Kind::Dots => (self.choose("...", "\\dots").to_owned(), Strength::Factor),
            Kind::Subscript { base, indices } => (self.subscript(*base, indices), Strength::Factor),
            Kind::Apply { operator, arguments } => self.apply(operator, arguments),
            Kind::Call { function, order, arguments } => {
                let name = match super::spelling::Spellings::of(Syntax::Plain).call(function) {
                    Some(op) => self.call_name(op),
                    None => self.name(function),
                };
                let primes = "'".repeat(usize::from(*order));
                (format!("{name}{primes}{}", self.arguments(arguments)), Strength::Base)
            }
            Kind::Sum { binders, body } => (self.summed(self.choose("∑", "\\sum"), binders, *body), Strength::Sign),
            Kind::Product { binders, body } => {
                (self.summed(self.choose("∏", "\\prod"), binders, *body), Strength::Sign)
            }
            Kind::Derivative { of, wrt, style } => self.derivative(*of, wrt, *style),
            Kind::Differential(x) => {
                let (text, strength) = self.node(*x);
                // d(X⁻¹) is not (dX)⁻¹.
                let holds = strength >= Strength::Base
                    || match self.tree.kind(*x) {
                        Kind::Subscript { .. } => true,
                        Kind::Apply { operator, arguments } => *operator == &ops::IDENTITY && arguments.is_empty(),
                        _ => false,
                    };
                let text = if holds { text } else { self.bracketed(&text) };
                let strength = if self.latex { Strength::Factor } else { Strength::Sign };
                (format!("{}{text}", self.choose("∂", "\\mathrm{d}")), strength)
            }
            Kind::Array(rows) => (self.array(rows), Strength::Base),
            Kind::Cases(rows) => (self.cases(rows), Strength::Factor),
        }
    }

    fn number(&self, n: &Rational) -> (String, Strength) {
        if n.is_integer() && !n.is_negative() {
            return (n.to_string(), Strength::Base);
        }
        let (over, under) = n.parts();
        // A literal fraction character where there is one, so that it stays one number; else a decimal.
        if let (Some(over), Some(under)) = (small(&over), small(&under)) {
            let known = [
                (1, 2, "½"),
                (1, 3, "⅓"),
                (2, 3, "⅔"),
                (1, 4, "¼"),
                (3, 4, "¾"),
                (1, 5, "⅕"),
                (1, 6, "⅙"),
                (1, 8, "⅛"),
            ];
            if let Some((.., sign)) = known.iter().find(|(a, b, _)| (*a, *b) == (over, under)) {
                return match self.latex {
                    true => (format!("\\tfrac{{{over}}}{{{under}}}"), Strength::Factor),
                    false => ((*sign).to_owned(), Strength::Base),
                };
            }
        }
        if let Some(decimal) = decimal(n) {
            return (decimal, if n.is_negative() { Strength::Sign } else { Strength::Base });
        }
        (format!("{over}/{under}"), Strength::Product)
    }

    fn subscript(&self, base: ExprId, indices: &[ExprId]) -> String {
        let items: Vec<String> = indices.iter().map(|i| self.text(*i, Strength::Sum)).collect();
        let letter = |id: &ExprId| match self.tree.kind(*id) {
            Kind::Symbol(name) => name.len() == 1 && name.bytes().all(|b| b.is_ascii_lowercase()),
            _ => false,
        };
        // In square brackets the letters of ξ would be a product.
        let is_greek = |id: &ExprId| matches!(self.tree.kind(*id), Kind::Symbol(name) if greek(name).is_some());
        let simple = match self.tree.kind(base) {
            Kind::Symbol(name) => name::takes_index(name),
            _ => false,
        };
        if simple
            && let [one] = indices
            && (letter(one) || !self.latex && is_greek(one))
        {
            return format!("{}_{}", self.name_of(base), items[0]);
        }
        if !self.latex {
            let text = match self.node(base) {
                // `x^T[i]` and `f(x)[i]` are read as written; anything weaker needs brackets.
                (text, Strength::Base) => text,
                (text, _) => self.bracketed(&text),
            };
            // `d[i]` is the differential of a row, and `2[i]` a product.
            let is_other = match self.tree.kind(base) {
                Kind::Symbol(name) => name == "d",
                kind => matches!(kind, Kind::Number(_)),
            };
            let listed = indices.len() > 1 || matches!(indices, [one] if matches!(self.tree.kind(*one), Kind::Slice));
            let square = indices.iter().all(|i| self.in_square(*i, listed)) && !is_other;
            if square {
                return format!("{text}[{}]", items.join(","));
            }
            // In round brackets every letter of a word or product would be an index.
            let one = |id: &ExprId| matches!(self.tree.kind(*id), Kind::Number(_)) || is_greek(id);
            let letters = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
            let items = indices.iter().zip(items).map(|(id, item)| {
                let splits = item.len() > 1 && !one(id) && letters(&item);
                if splits { self.bracketed(&item) } else { item }
            });
            return format!("{text}_({})", items.collect::<Vec<_>>().join(","));
        }
        if simple && indices.len() > 1 {
            return format!("{}_{{{}}}", self.name_of(base), items.join(","));
        }
        if let Kind::Number(n) = self.tree.kind(base)
            && n.is_integer()
            && !n.is_negative()
        {
            return format!("{n}_{{{}}}", items.join(","));
        }
        let inner = self.node(base).0;
        let split = if indices.iter().all(letter) { "" } else { "," };
        format!("({inner})_{{{}}}", items.join(split))
    }

    /// Whether square brackets around it are read as an index: sums of numbers and small letters, and where several
    /// are listed any letters and their products.
    fn in_square(&self, id: ExprId, listed: bool) -> bool {
        match self.tree.kind(id) {
            Kind::Number(n) => n.is_integer(),
            Kind::Symbol(name) => name.len() == 1 && (listed || name.bytes().all(|b| b.is_ascii_lowercase())),
            Kind::Slice => listed,
            Kind::Apply { operator, arguments } => {
                let sum = *operator == &ops::ADD || *operator == &ops::NEGATE;
                (sum || listed && *operator == &ops::MULTIPLY) && arguments.iter().all(|a| self.in_square(*a, listed))
            }
            _ => false,
        }
    }

    fn name_of(&self, id: ExprId) -> String {
        match self.tree.kind(id) {
            Kind::Symbol(name) => self.name(name),
            _ => self.node(id).0,
        }
    }

    fn arguments(&self, arguments: &[ExprId]) -> String {
        let list: Vec<String> = arguments.iter().map(|a| self.text(*a, Strength::Relation)).collect();
        self.bracketed(&list.join(", "))
    }

    fn call_name(&self, op: Op) -> String {
        match &op.notation {
            Notation::Call { plain, .. } if !self.latex => plain[0].to_owned(),
            Notation::Call { latex, command: true, .. } => format!("\\{}", latex[0]),
            Notation::Call { latex, .. } => format!("\\operatorname{{{}}}", latex[0]),
            _ => op.name.to_owned(),
        }
    }

    fn apply(&self, op: Op, arguments: &[ExprId]) -> (String, Strength) {
        match (arguments, op) {
            (&[a, b], _) if op == &ops::ADD => (self.addition(a, b), Strength::Sum),
            (&[a], _) if op == &ops::NEGATE => (format!("-{}", self.text(a, Strength::Sign)), Strength::Sign),
            (&[a, b], _) if op == &ops::DIVIDE && self.latex => {
                let (a, b) = (self.text(a, Strength::Sum), self.text(b, Strength::Sum));
                (format!("\\frac{{{a}}}{{{b}}}"), Strength::Factor)
            }
            // A root's bar ends where its braces do.
            (&[a], _) if op == &ops::SQRT && self.latex => {
                (format!("\\sqrt{{{}}}", self.text(a, Strength::Sum)), Strength::Factor)
            }
            (&[a, b], _) if op == &ops::MULTIPLY => (self.multiplication(a, b), Strength::Product),
            (&[a, b], _) if op == &ops::POWER || op == &ops::HADAMARD_POWER => (self.power(op, a, b), Strength::Factor),
            (&[a], _) if op == &ops::TRANSPOSE => self.transpose(a),
            (&[a], _) if op == &ops::CONJUGATE_TRANSPOSE => {
                (self.scripted(a, "^H", "^{\\mathrm{H}}"), Strength::Factor)
            }
            (&[a], _) if op == &ops::INVERSE => (self.scripted(a, "⁻¹", "^{-1}"), Strength::Factor),
            (&[a], _) if op == &ops::BARS => {
                let a = self.text(a, Strength::Sum);
                let touching = a.starts_with("\\left|") || a.ends_with("\\right|");
                let a = if self.latex && touching { self.bracketed(&a) } else { a };
                let text = if self.latex { format!("\\left|{a}\\right|") } else { format!("|{a}|") };
                // Bars in bars would be closed too early.
                let nested = !self.latex && a.contains(['|', '‖']);
                (if nested { format!("|({a})|") } else { text }, Strength::Base)
            }
            (&[a], _) if self.norm(op).is_some() => {
                let a = self.text(a, Strength::Sum);
                let sub = self.norm(op).unwrap_or_default();
                let text = if self.latex {
                    format!("\\left\\|{a}\\right\\|{sub}")
                } else if a.contains(['|', '‖']) {
                    format!("‖({a})‖{sub}")
                } else {
                    format!("‖{a}‖{sub}")
                };
                (text, Strength::Base)
            }
            (&[a], _) if op == &ops::INDICATOR => {
                let a = self.text(a, Strength::Relation);
                (if self.latex { format!("\\mathbf{{1}}[{a}]") } else { format!("1[{a}]") }, Strength::Base)
            }
            (&[i, j], _) if op == &ops::DELTA => {
                let (i, j) = (self.text(i, Strength::Sum), self.text(j, Strength::Sum));
                let text = if self.latex { format!("\\delta_{{{i},{j}}}") } else { format!("delta({i},{j})") };
                (text, Strength::Base)
            }
            (sizes, _) if [&ops::IDENTITY, &ops::ONES, &ops::ZEROS].contains(&op) => {
                (self.sized(op, sizes), Strength::Factor)
            }
            _ => self.table(op, arguments),
        }
    }

    /// Operators that are printed as their table entry says.
    fn table(&self, op: Op, arguments: &[ExprId]) -> (String, Strength) {
        match (&op.notation, arguments) {
            (Notation::Infix { plain, latex, precedence }, &[a, b]) => {
                let sign = if self.latex { latex[0] } else { plain[0] };
                let (left, right, strength) = match precedence {
                    0 => (Strength::Sum, Strength::Sum, Strength::Relation),
                    _ => (Strength::Product, Strength::Factor, Strength::Product),
                };
                let joint = if op == &ops::DIVIDE { sign.to_owned() } else { format!(" {sign} ") };
                let entrywise = [&ops::HADAMARD, &ops::HADAMARD_DIVIDE, &ops::KRONECKER].contains(&op);
                let first =
                    if entrywise && self.is_chain(a) { self.bracketed(&self.node(a).0) } else { self.left(a, left) };
                (format!("{first}{joint}{}", self.right(b, right)), strength)
            }
            (Notation::Call { .. }, _) => {
                (format!("{}{}", self.call_name(op), self.arguments(arguments)), Strength::Base)
            }
            _ => (format!("{}{}", op.name, self.arguments(arguments)), Strength::Base),
        }
    }

    fn addition(&self, a: ExprId, b: ExprId) -> String {
        let left = self.text(a, Strength::Sum);
        match self.tree.as_apply(b) {
            Some((op, &[x])) if op == &ops::NEGATE => format!("{left} - {}", self.text(x, Strength::Sign)),
            _ => {
                // A sum sign after `+` is a term of its own; a negative term is bracketed.
                let right = match self.node(b) {
                    (text, Strength::Sign) if text.starts_with('-') => self.bracketed(&text),
                    (text, strength) if strength >= Strength::Sign => text,
                    (text, _) => self.bracketed(&text),
                };
                format!("{left} + {right}")
            }
        }
    }

    /// The left operand of a product: nothing in it may take what follows.
    fn left(&self, id: ExprId, needed: Strength) -> String {
        let (text, strength) = self.node(id);
        if strength < needed || (needed > Strength::Sum && self.takes_more(id)) { self.bracketed(&text) } else { text }
    }

    fn right(&self, id: ExprId, needed: Strength) -> String {
        self.text(id, needed)
    }

    /// Whether the last factor of an expression would take a factor that follows: a derivative's operand.
    fn takes_more(&self, id: ExprId) -> bool {
        match self.tree.kind(id) {
            Kind::Sum { .. } | Kind::Product { .. } => true,
            Kind::Derivative { style: DerivativeStyle::Prime { .. }, .. } => false,
            Kind::Derivative { style: DerivativeStyle::Nabla { .. }, .. } => true,
            Kind::Derivative { of: None, .. } => true,
            Kind::Apply { operator, arguments } if *operator == &ops::MULTIPLY || *operator == &ops::HADAMARD => {
                arguments.last().is_some_and(|last| self.takes_more(*last))
            }
            _ => false,
        }
    }

    /// Whether an expression is a product of more than a number and one factor: beside ⊙ and ⊗ it is bracketed, so
    /// that nobody has to know which of them is taken first.
    fn is_chain(&self, id: ExprId) -> bool {
        match self.tree.as_apply(id) {
            Some((op, &[a, b])) if op == &ops::MULTIPLY => {
                let product = self.tree.as_apply(b).is_some_and(|(o, _)| o == &ops::MULTIPLY);
                product || !matches!(self.tree.kind(a), Kind::Number(_))
            }
            _ => false,
        }
    }

    fn multiplication(&self, a: ExprId, b: ExprId) -> String {
        let entrywise =
            |(op, _): (Op, &[ExprId])| [&ops::HADAMARD, &ops::HADAMARD_DIVIDE, &ops::KRONECKER].contains(&op);
        // A fraction's bar groups by itself.
        let fraction = self.latex && self.tree.as_apply(a).is_some_and(|(o, _)| o == &ops::DIVIDE);
        let grouped = self.tree.is_grouped(a) && !fraction;
        let left = if self.tree.as_apply(a).is_some_and(entrywise) || grouped {
            self.bracketed(&self.node(a).0)
        } else {
            self.left(a, Strength::Product)
        };
        // A sum over an index takes all that follows, and may stand last.
        let right = match self.tree.kind(b) {
            Kind::Sum { .. } | Kind::Product { .. } => self.node(b).0,
            _ => self.text(b, Strength::Factor),
        };
        // A digit or an index bracket must not join what stands before it.
        let digits = right.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        // `d exp(x)` is a differential.
        let called = matches!(self.tree.kind(self.last_factor(a)), Kind::Symbol(name) if name == "d")
            && self.tree.as_apply(b).is_some_and(|(op, _)| right.starts_with(&self.call_name(op)));
        let joint = if digits || called || right.starts_with('[') || self.needs_sign(a, &right) {
            self.choose(" * ", " \\cdot ")
        } else {
            " "
        };
        format!("{left}{joint}{right}")
    }

    /// Whether a bracket after this factor would be its argument, or a bar close what it opened.
    fn needs_sign(&self, a: ExprId, right: &str) -> bool {
        let bracket = right.starts_with(['(', '{']) || right.starts_with("\\left");
        let open = match self.tree.kind(self.last_factor(a)) {
            Kind::Constant(_) | Kind::Dots => true,
            Kind::Apply { operator, arguments } => {
                *operator == &ops::IDENTITY
                    || *operator == &ops::ONES
                    || arguments.is_empty()
                    || *operator == &ops::BARS
            }
            _ => false,
        };
        let single = right.starts_with('|') || right.starts_with("\\left|");
        (bracket && open) || single
    }

    /// What stands right before a factor that follows the product.
    fn last_factor(&self, product: ExprId) -> ExprId {
        let mut last = product;
        while let Some((op, &[_, right])) = self.tree.as_apply(last)
            && [&ops::MULTIPLY, &ops::HADAMARD, &ops::KRONECKER].contains(&op)
        {
            last = right;
        }
        last
    }

    fn norm(&self, op: Op) -> Option<&'static str> {
        [(&ops::NORM, ""), (&ops::NORM_1, "_1"), (&ops::NORM_2, "_2"), (&ops::NORM_F, "_F")]
            .into_iter()
            .find(|(o, _)| *o == op)
            .map(|(_, sub)| sub)
    }

    fn sized(&self, op: Op, sizes: &[ExprId]) -> String {
        let sign = if op == &ops::IDENTITY {
            "I"
        } else if op == &ops::ONES {
            self.choose("ones", "\\mathbf{1}")
        } else {
            self.choose("zeros", "\\mathbf{0}")
        };
        match sizes {
            [size] => match self.tree.kind(*size) {
                Kind::Symbol(name) if name.len() == 1 => format!("{sign}_{name}"),
                _ => format!("{sign}_{{{}}}", self.text(*size, Strength::Sum)),
            },
            _ => sign.to_owned(),
        }
    }
}

/// A negative integer as a superscript: of a matrix it is read as a power of the inverse.
fn raised(n: &Rational) -> Option<String> {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if !n.is_integer() || !n.is_negative() {
        return None;
    }
    let digit = |c: char| c.to_digit(10).and_then(|d| DIGITS.get(d as usize)).copied();
    let digits: Option<String> = n.abs().to_string().chars().map(digit).collect();
    digits.map(|d| format!("⁻{d}"))
}

fn small(n: &num_bigint::BigInt) -> Option<i64> {
    i64::try_from(n).ok()
}

/// The exact decimal of a number, where it ends.
fn decimal(n: &Rational) -> Option<String> {
    let mut scaled = n.abs();
    let ten = Rational::from(10);
    for places in 1..=18usize {
        scaled = &scaled * &ten;
        if scaled.is_integer() {
            let digits = format!("{:0>width$}", scaled.to_string(), width = places + 1);
            let (whole, rest) = digits.split_at(digits.len() - places);
            return Some(format!("{}{whole}.{rest}", if n.is_negative() { "-" } else { "" }));
        }
    }
    None
}

/// The sign of a relation.
#[must_use]
pub fn print_relation(relation: Relation, syntax: Syntax) -> String {
    let of_table = |op: Op| match &op.notation {
        Notation::Infix { plain, latex, .. } => (if syntax == Syntax::Plain { plain[0] } else { latex[0] }).to_owned(),
        _ => op.name.to_owned(),
    };
    match relation {
        Relation::NotEqual => of_table(&ops::NOT_EQUAL),
        Relation::Less => of_table(&ops::LESS),
        Relation::LessEqual => of_table(&ops::LESS_EQUAL),
        Relation::Greater => of_table(&ops::GREATER),
        Relation::GreaterEqual => of_table(&ops::GREATER_EQUAL),
        Relation::Equal => "=".to_owned(),
        _ => RELATIONS.iter().find(|(r, ..)| *r == relation).map_or_else(String::new, |(_, signs, commands)| {
            if syntax == Syntax::Plain { signs[0].to_owned() } else { format!("\\{}", commands[0]) }
        }),
    }
}
