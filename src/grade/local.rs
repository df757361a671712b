//! Names that only one chain knows: a letter that stands for any number.

use super::define::{is_plain, notation};
use super::walk::Walk;
use crate::dimension::Shape;
use crate::syntax::{Kind, Name, Tree, parse};

impl Walk<'_> {
    /// A chain about one letter that stands for any number (`[x]_+ = …`, `σ(x) = …`) is judged with it as a scalar.
    pub(super) fn chain(&mut self, c: usize, defined: bool) {
        let Some(letter) = self.any_number(c).filter(|_| !defined) else { return self.judge(c, defined) };
        let scope = self.session.scope.clone();
        self.session.scope.declare_symbol(&letter, Shape::scalar(), Vec::new());
        self.session.note(format!("{letter} is any number"));
        self.judge(c, false);
        self.session.scope = scope;
    }

    /// The undeclared letter that is the only symbol of a chain.
    pub(super) fn any_number(&self, c: usize) -> Option<Name> {
        let chain = &self.document.chains[c];
        let mut letters: Vec<Name> = Vec::new();
        for piece in &chain.pieces {
            let tree = parse(&piece.text, notation(piece, is_plain(chain)), &self.session.scope.names).ok()?;
            symbols(&tree, tree.root, &mut letters);
        }
        let [letter] = letters.as_slice() else { return None };
        let single = letter.chars().count() == 1 && letter.chars().all(|l| l.is_ascii_lowercase());
        (single && self.session.scope.find(letter, 0).is_none()).then(|| letter.clone())
    }
}

/// Every name in a tree, once.
pub(super) fn symbols(tree: &Tree, id: crate::syntax::ExprId, out: &mut Vec<Name>) {
    if let Kind::Symbol(n) = tree.kind(id) {
        if !out.contains(n) {
            out.push(n.clone());
        }
    }
    tree.children(id).iter().for_each(|c| symbols(tree, *c, out));
}
