//! A vector written with dots, as its general entry: `(2 s_1 x_1, …, 2 s_n x_n)` is `2 s_t x_t` for every t. Mistakes are
//! looked for in the entry, which a person wrote out, and not in the dots.

use super::occurrence::part;
use super::session::Session;
use crate::syntax::{ExprId, Kind, Name, Names, Syntax, Tree, parse};
use crate::text::Span;

/// Letters that may stand for the position.
const LETTERS: [&str; 8] = ["t", "u", "v", "p", "q", "r", "a", "b"];

/// The general entry of a formula with dots.
pub(super) struct Entry {
    /// The formula with the entry in place of the vector.
    pub(super) text: String,
    /// The letter of the position.
    pub(super) letter: &'static str,
    /// Where the entry stands in this text, and where it begins in the source.
    inside: (usize, usize, usize),
    /// Where the vector ends in the source.
    end: usize,
}

impl Entry {
    /// Nothing where there are no dots, or it is not clear where they lead.
    pub(super) fn of(session: &Session, text: &str, syntax: Syntax) -> Option<Self> {
        let tree = parse(text, syntax, &session.scope.names).ok()?;
        let (array, first, last) = dotted(&tree, tree.root)?;
        let letter = fresh(text, &session.scope.names)?;
        let mark = Name::from("\u{4}t");
        let mut entry = part(&tree, first);
        let end = part(&tree, last);
        let (root, mut range) = (entry.root, None);
        if !session.generalise(&mut entry, root, &end, end.root, &mark, &mut range) {
            return None;
        }
        let (whole, own) = (tree.span(array), tree.span(first));
        let mut inner = text.get(own.range())?.to_owned();
        for id in (0..u32::try_from(entry.len()).ok()?).map(ExprId) {
            if *entry.kind(id) != Kind::Symbol(mark.clone()) {
                continue;
            }
            let at = entry.span(id);
            if text.get(at.range())? != "1" {
                return None;
            }
            let from = (at.start as usize).checked_sub(own.start as usize)?;
            inner.replace_range(from..from + 1, letter);
        }
        let (open, close) = if syntax == Syntax::Latex { ("\\left(", "\\right)") } else { ("(", ")") };
        let (before, after) = (text.get(..whole.start as usize)?, text.get(whole.end as usize..)?);
        let before = before.trim_end().strip_suffix("\\left").unwrap_or(before);
        let start = before.len() + open.len();
        Some(Self {
            text: format!("{before}{open}{inner}{close}{after}"),
            letter,
            inside: (start, start + inner.len() + close.len(), own.start as usize),
            end: whole.end as usize,
        })
    }

    /// Where a place of the entry's text stands in the source.
    pub(super) fn in_source(&self, span: Span) -> Span {
        let (start, end, source) = self.inside;
        let of = |at: usize| match at {
            at if at < start => at.min(source),
            at if at < end => at - start + source,
            at => at - end + self.end,
        };
        Span::new(of(span.start as usize), of(span.end as usize))
    }
}

/// A list with dots between its first and its last entry.
fn dotted(tree: &Tree, id: ExprId) -> Option<(ExprId, ExprId, ExprId)> {
    if let Kind::Array(rows) = tree.kind(id) {
        let flat: Vec<ExprId> = rows.iter().flatten().copied().collect();
        let dots = flat.iter().position(|e| *tree.kind(*e) == Kind::Dots)?;
        return (dots > 0 && dots + 1 < flat.len()).then(|| Some((id, flat[0], *flat.last()?)))?;
    }
    tree.children(id).iter().find_map(|c| dotted(tree, *c))
}

/// A letter that nothing in the text or the declarations is called.
fn fresh(text: &str, names: &Names) -> Option<&'static str> {
    let alone = |l: &&&str| {
        let letter = l.chars().next();
        !names.contains(l)
            && !text
                .split(|c: char| !c.is_ascii_alphabetic())
                .any(|w| w.len() < 3 && w.chars().any(|c| Some(c) == letter))
    };
    LETTERS.iter().find(alone).copied()
}
