//! Single mistakes, as people make them, in a formula's tree.

use super::Random;
use gradmark::number::Rational;
use gradmark::operator::{ADD, DIVIDE, HADAMARD, HADAMARD_POWER, INVERSE, MULTIPLY, NEGATE, Op, POWER, TRANSPOSE};
use gradmark::syntax::{ExprId, Kind, Tree};
use gradmark::text::Span;

/// A kind of mistake.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Change {
    Sign,
    Factor,
    Transpose,
    Order,
    DroppedTerm,
    ExtraTerm,
    DroppedFactor,
    KeptFactor,
    DoubledFactor,
    Symbol,
    Index,
    LostSum,
    Elementwise,
    Inverse,
    Exponent,
    Layout,
}

/// Every kind.
pub const KINDS: &[Change] = &[
    Change::Sign,
    Change::Factor,
    Change::Transpose,
    Change::Order,
    Change::DroppedTerm,
    Change::ExtraTerm,
    Change::DroppedFactor,
    Change::KeptFactor,
    Change::DoubledFactor,
    Change::Symbol,
    Change::Index,
    Change::LostSum,
    Change::Elementwise,
    Change::Inverse,
    Change::Exponent,
    Change::Layout,
];

impl Change {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Factor => "factor",
            Self::Transpose => "transpose",
            Self::Order => "order",
            Self::DroppedTerm => "dropped term",
            Self::ExtraTerm => "extra term",
            Self::DroppedFactor => "dropped factor",
            Self::KeptFactor => "kept factor",
            Self::DoubledFactor => "doubled factor",
            Self::Symbol => "symbol",
            Self::Index => "index",
            Self::LostSum => "lost sum",
            Self::Elementwise => "elementwise",
            Self::Inverse => "inverse",
            Self::Exponent => "exponent",
            Self::Layout => "layout",
        }
    }

    /// The contract's kinds that say the same.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Sign => &["sign"],
            Self::Factor | Self::KeptFactor | Self::Exponent => &["factor"],
            Self::DoubledFactor => &["factor", "chain_rule"],
            Self::Transpose => &["transpose", "layout"],
            Self::Order => &["order"],
            Self::DroppedTerm => &["dropped_term", "missing_path"],
            Self::ExtraTerm => &["extra_term"],
            Self::DroppedFactor => &["factor", "inverse", "chain_rule"],
            Self::Symbol => &["wrong_symbol"],
            Self::Index | Self::LostSum => &["index"],
            Self::Elementwise => &["elementwise"],
            Self::Inverse => &["inverse"],
            Self::Layout => &["layout", "transpose"],
        }
    }
}

/// The formula with one mistake; nothing where there is no place for it.
pub fn changed(r: &mut Random, tree: &Tree, change: Change, names: &[&str]) -> Option<Tree> {
    let mut nodes = Vec::new();
    visit(tree, tree.root, false, &mut nodes);
    let places: Vec<ExprId> = nodes.iter().copied().filter(|id| fits(tree, *id, change)).collect();
    if places.is_empty() {
        return None;
    }
    let id = places[r.below(places.len())];
    let mut new = tree.clone();
    let span = Span::default();
    let kind = tree.kind(id).clone();
    let copy = |new: &mut Tree| new.push(kind.clone(), span);
    let arguments: Vec<ExprId> = tree.as_apply(id).map(|a| a.1.to_vec()).unwrap_or_default();
    let set = |new: &mut Tree, op: Op, of: &[ExprId]| {
        new.set_kind(id, Kind::Apply { operator: op, arguments: of.iter().copied().collect() });
    };
    match change {
        Change::Sign if is(tree, id, &NEGATE) => new.set_kind(id, tree.kind(arguments[0]).clone()),
        Change::Sign => {
            let inner = copy(&mut new);
            set(&mut new, &NEGATE, &[inner]);
        }
        Change::Factor => match &kind {
            Kind::Number(n) => new.set_kind(id, Kind::Number(n * &Rational::from(2))),
            _ => {
                let (inner, two) = (copy(&mut new), new.push(Kind::Number(Rational::from(2)), span));
                if r.below(2) == 0 {
                    set(&mut new, &MULTIPLY, &[two, inner])
                } else {
                    set(&mut new, &DIVIDE, &[inner, two])
                }
            }
        },
        Change::Transpose | Change::Layout if is(tree, id, &TRANSPOSE) => {
            new.set_kind(id, tree.kind(arguments[0]).clone())
        }
        Change::Transpose | Change::Layout => {
            let inner = copy(&mut new);
            set(&mut new, &TRANSPOSE, &[inner]);
        }
        Change::Order => set(&mut new, tree.as_apply(id)?.0, &[arguments[1], arguments[0]]),
        Change::DroppedTerm | Change::DroppedFactor => {
            new.set_kind(id, tree.kind(arguments[r.below(2)]).clone());
        }
        Change::ExtraTerm => {
            let inner = copy(&mut new);
            let term = new.push(Kind::Symbol(names[r.below(names.len())].into()), span);
            set(&mut new, &ADD, &[inner, term]);
        }
        Change::KeptFactor => {
            let inner = copy(&mut new);
            let factor = new.push(Kind::Symbol(names[r.below(names.len())].into()), span);
            let op = if r.below(2) == 0 { &MULTIPLY } else { &HADAMARD };
            set(&mut new, op, &[inner, factor]);
        }
        Change::DoubledFactor => {
            let (operator, twice) = (tree.as_apply(id)?.0, arguments[1]);
            let inner = copy(&mut new);
            set(&mut new, operator, &[inner, twice]);
        }
        Change::Symbol => {
            let Kind::Symbol(own) = &kind else { return None };
            let others: Vec<&&str> = names.iter().filter(|n| **n != own.as_str()).collect();
            new.set_kind(id, Kind::Symbol((**others.get(r.below(others.len()))?).into()));
        }
        Change::Index => {
            let letters: Vec<ExprId> = nodes.iter().copied().filter(|n| is_letter(tree, *n)).collect();
            let other = tree.kind(letters[r.below(letters.len())]).clone();
            new.set_kind(id, other);
        }
        Change::LostSum => {
            let Kind::Sum { body, .. } = &kind else { return None };
            new.set_kind(id, tree.kind(*body).clone());
        }
        Change::Elementwise => {
            let op = tree.as_apply(id)?.0;
            let other =
                [(&MULTIPLY, &HADAMARD), (&HADAMARD, &MULTIPLY), (&POWER, &HADAMARD_POWER), (&HADAMARD_POWER, &POWER)];
            let other = other.iter().find(|(a, _)| *a == op)?.1;
            set(&mut new, other, &arguments);
        }
        Change::Inverse if is(tree, id, &INVERSE) => new.set_kind(id, tree.kind(arguments[0]).clone()),
        Change::Inverse => {
            let inner = copy(&mut new);
            set(&mut new, &INVERSE, &[inner]);
        }
        Change::Exponent => {
            let Kind::Number(n) = tree.kind(arguments[1]) else { return None };
            let exponent = new.push(Kind::Number(n + &Rational::ONE), span);
            set(&mut new, tree.as_apply(id)?.0, &[arguments[0], exponent]);
        }
    }
    Some(new)
}

/// Whether a mistake can be made at a node.
fn fits(tree: &Tree, id: ExprId, change: Change) -> bool {
    let kind = tree.kind(id);
    let has = |ops: &[Op]| matches!(tree.as_apply(id), Some((op, _)) if ops.contains(&op));
    let letter = is_letter(tree, id);
    match change {
        Change::Sign => is_term(tree, id),
        Change::Factor => is_term(tree, id) || matches!(kind, Kind::Number(_)) && !letter,
        Change::Transpose | Change::Inverse => {
            matches!(kind, Kind::Symbol(_)) && !letter || has(&[&TRANSPOSE, &INVERSE])
        }
        Change::Layout => id == tree.root,
        Change::Order => has(&[&MULTIPLY, &DIVIDE]),
        Change::DroppedTerm => has(&[&ADD]),
        Change::ExtraTerm => id == tree.root,
        Change::DroppedFactor | Change::DoubledFactor => has(&[&MULTIPLY, &HADAMARD]),
        Change::KeptFactor => is_term(tree, id),
        Change::Symbol => matches!(kind, Kind::Symbol(_)) && !letter,
        Change::Index => letter,
        Change::LostSum => matches!(kind, Kind::Sum { .. }),
        Change::Elementwise => has(&[&MULTIPLY, &HADAMARD, &POWER, &HADAMARD_POWER]),
        Change::Exponent => has(&[&POWER, &HADAMARD_POWER]),
    }
}

fn is(tree: &Tree, id: ExprId, op: Op) -> bool {
    matches!(tree.as_apply(id), Some((o, _)) if o == op)
}

/// The whole, and the terms of every sum.
fn is_term(tree: &Tree, id: ExprId) -> bool {
    id == tree.root
        || all(tree).iter().any(|p| is(tree, *p, &ADD) && tree.children(*p).contains(&id) && !is(tree, id, &ADD))
}

/// Whether a node is an index.
fn is_letter(tree: &Tree, id: ExprId) -> bool {
    all(tree).iter().any(|p| matches!(tree.kind(*p), Kind::Subscript { indices, .. } if indices.contains(&id)))
}

fn all(tree: &Tree) -> Vec<ExprId> {
    let mut nodes = Vec::new();
    visit(tree, tree.root, true, &mut nodes);
    nodes
}

/// The nodes of a formula; bounds of sums and exponents only where they are asked for.
fn visit(tree: &Tree, id: ExprId, everything: bool, nodes: &mut Vec<ExprId>) {
    nodes.push(id);
    let inner: Vec<ExprId> = match (tree.kind(id), everything) {
        (Kind::Sum { body, .. }, false) => vec![*body],
        (Kind::Apply { operator, arguments }, false) if *operator == &POWER || *operator == &HADAMARD_POWER => {
            vec![arguments[0]]
        }
        _ => tree.children(id).to_vec(),
    };
    for c in inner {
        visit(tree, c, everything, nodes);
    }
}
