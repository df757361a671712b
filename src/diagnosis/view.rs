//! The candidate and what of the task a repair may draw on.

use super::bench::Bench;
use super::hand::Hand;
use super::outline::Outline;
use super::repair::{Piece, View};
use crate::operator::{DIVIDE, TRANSPOSE};
use crate::raise;
use crate::shape::{Body, Formula};
use crate::syntax::{ExprId, Kind, Name, Syntax, Tree};
use crate::text::Span;
use crate::verdict::integer_name;

/// Most formulas of the task that are tried as a missing factor.
const MOST_PIECES: usize = 40;
/// Most nodes of such a formula.
const LARGEST_PIECE: usize = 24;

impl<'t> View<'t> {
    pub(super) fn new(bench: &mut Bench<'_>, tree: &'t Tree, text: &'t str, syntax: Syntax) -> Self {
        let scope = bench.posed.scope.clone();
        let target = bench.target.clone();
        let truth = raise::raise(&mut bench.posed.store, &|v| integer_name(&scope, v), &target);
        let outline = Outline::new(tree);
        let hand = Hand::new(text, syntax, tree, &bench.posed.text);
        let symbols: Vec<Name> =
            scope.quantities().map(|(_, q)| q.name.clone()).filter(|n| !n.starts_with('\u{1}')).collect();
        let asked: Vec<Name> = bench.posed.form.letters.iter().map(|l| l.0.clone()).collect();
        let mut letters = asked.clone();
        for id in &outline.nodes {
            for b in tree.kind(*id).binders() {
                if !letters.contains(&b.letter) {
                    letters.push(b.letter.clone());
                }
            }
        }
        let mut pieces = Vec::new();
        add_pieces(&truth, &hand, &mut pieces);
        add_pieces(&bench.posed.tree, &hand, &mut pieces);
        for (_, q) in scope.quantities() {
            if let Body::Definition(f) = &q.body {
                let formula: &Formula = f;
                add_pieces(&formula.tree, &hand, &mut pieces);
            }
        }
        let is_misfit = bench.given.is_none();
        Self { outline, text, syntax, hand, is_misfit, pieces, symbols, asked, letters, truth }
    }
}

fn add_pieces(tree: &Tree, hand: &Hand<'_>, pieces: &mut Vec<Piece>) {
    let outline = Outline::new(tree);
    let mut add = |tree: Tree| {
        if pieces.len() >= MOST_PIECES {
            return;
        }
        let text = hand.write(&tree, tree.root);
        if pieces.iter().all(|p| p.text != text) {
            pieces.push(Piece { tree, text });
        }
    };
    let mut nodes: Vec<(usize, ExprId)> =
        outline.operands().filter(|id| !outline.is_base(*id)).map(|id| (size(tree, id), id)).collect();
    nodes.sort_by_key(|n| n.0);
    for (size, id) in nodes {
        if size > LARGEST_PIECE {
            continue;
        }
        let mut piece = Tree::new();
        piece.root = piece.graft(tree, id);
        let is_symbol = matches!(tree.kind(id), Kind::Symbol(_));
        add(piece.clone());
        if is_symbol {
            let inner = piece.root;
            let mut turned = piece.clone();
            turned.root = turned.apply(&TRANSPOSE, [inner], Span::default());
            add(turned);
        }
        // What something is divided by.
        let divides =
            outline.parent(id).and_then(|p| tree.as_apply(p)).is_some_and(|(op, a)| op == &DIVIDE && a[1] == id);
        if divides {
            let inner = piece.root;
            let one = piece.push(Kind::Number(crate::number::Rational::ONE), Span::default());
            piece.root = piece.apply(&DIVIDE, [one, inner], Span::default());
            add(piece);
        }
    }
}

fn size(tree: &Tree, id: ExprId) -> usize {
    1 + tree.children(id).iter().map(|c| size(tree, *c)).sum::<usize>()
}
