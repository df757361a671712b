//! A judged claim in LaTeX, for pages that show it as mathematics.

use super::define::{is_plain, notation};
use super::walk::Walk;
use crate::document::Chain;
use crate::syntax::{Syntax, parse, print, print_relation};

impl Walk<'_> {
    /// The link as it was read; nothing where one of its sides was not.
    pub(super) fn latex(&self, chain: &Chain, i: usize) -> Option<String> {
        let side = |i: usize| {
            let piece = chain.pieces.get(i)?;
            let tree = parse(&piece.text, notation(piece, is_plain(chain)), &self.session.scope.names).ok()?;
            Some(print(&tree, tree.root, Syntax::Latex))
        };
        let relation = chain.pieces.get(i)?.relation.map(|r| print_relation(r.0, Syntax::Latex));
        let left = match (i, &chain.pieces.first()?.relation) {
            (1, None) => side(0)?,
            _ => String::new(),
        };
        Some(format!("{left} {} {}", relation.unwrap_or_default(), side(i)?).trim().to_owned())
    }
}
