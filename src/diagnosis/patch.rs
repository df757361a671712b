//! Changes to a formula tree, kept small so that two of them can be made together.

use crate::operator::{Op, TRANSPOSE};
use crate::syntax::{ExprId, ExprIds, Kind, Tree};
use crate::text::Span;

/// A change: nodes that are added, and nodes that become something else. Every other node keeps its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    /// Number of nodes of the tree it was made for; added nodes are numbered from here.
    base: u32,
    added: Vec<Kind>,
    set: Vec<(ExprId, Kind)>,
}

impl Patch {
    /// The tree with the change made. The tree may have grown by other changes since.
    pub(super) fn apply(&self, tree: &Tree) -> Tree {
        let mut tree = tree.clone();
        let shift = u32::try_from(tree.len()).unwrap_or(u32::MAX) - self.base;
        let moved = |kind: &Kind| {
            let mut kind = kind.clone();
            kind.map_children(&mut |id| if id.0 >= self.base { ExprId(id.0 + shift) } else { id });
            kind
        };
        for kind in &self.added {
            tree.push(moved(kind), Span::default());
        }
        for (id, kind) in &self.set {
            tree.set_kind(*id, moved(kind));
        }
        tree
    }

    /// The nodes that become something else.
    pub(super) fn touched(&self) -> impl Iterator<Item = ExprId> {
        self.set.iter().map(|s| s.0)
    }

    /// Whether both changes can be made: neither takes away or fills in what the other changes.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        self.touched().all(|id| other.touched().all(|o| o != id))
    }

    /// This change and after it another, which was made for the tree that this one leaves.
    pub(super) fn then(&self, next: &Self) -> Self {
        let mut both = self.clone();
        both.added.extend(next.added.iter().cloned());
        for (id, kind) in &next.set {
            if let Some(i) = id.0.checked_sub(both.base) {
                both.added[i as usize] = kind.clone();
            } else if let Some(s) = both.set.iter_mut().find(|s| s.0 == *id) {
                s.1 = kind.clone();
            } else {
                both.set.push((*id, kind.clone()));
            }
        }
        both
    }

    /// Both changes as one; the other was made for the same tree.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        let shift = u32::try_from(both.added.len()).unwrap_or(u32::MAX);
        let moved = |kind: &Kind| {
            let mut kind = kind.clone();
            kind.map_children(&mut |id| if id.0 >= other.base { ExprId(id.0 + shift) } else { id });
            kind
        };
        both.added.extend(other.added.iter().map(moved));
        both.set.extend(other.set.iter().map(|(id, kind)| (*id, moved(kind))));
        both
    }
}

/// A change being made.
pub(super) struct Draft<'t> {
    tree: &'t Tree,
    patch: Patch,
}

impl<'t> Draft<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let base = u32::try_from(tree.len()).unwrap_or(u32::MAX);
        Self { tree, patch: Patch { base, ..Patch::default() } }
    }

    /// What a node is by now.
    pub(super) fn kind(&self, id: ExprId) -> Kind {
        if let Some(kind) = id.0.checked_sub(self.patch.base).and_then(|i| self.patch.added.get(i as usize)) {
            return kind.clone();
        }
        match self.patch.set.iter().find(|s| s.0 == id) {
            Some((_, kind)) => kind.clone(),
            None => self.tree.kind(id).clone(),
        }
    }

    pub(super) fn push(&mut self, kind: Kind) -> ExprId {
        self.patch.added.push(kind);
        ExprId(self.patch.base + u32::try_from(self.patch.added.len() - 1).unwrap_or(0))
    }

    pub(super) fn apply(&mut self, operator: Op, arguments: &[ExprId]) -> ExprId {
        self.push(Kind::Apply { operator, arguments: ExprIds::from_slice(arguments) })
    }

    pub(super) fn set(&mut self, id: ExprId, kind: Kind) {
        match self.patch.set.iter_mut().find(|s| s.0 == id) {
            Some(s) => s.1 = kind,
            None => self.patch.set.push((id, kind)),
        }
    }

    /// Makes a node an operator on the arguments.
    pub(super) fn set_apply(&mut self, id: ExprId, operator: Op, arguments: &[ExprId]) {
        self.set(id, Kind::Apply { operator, arguments: ExprIds::from_slice(arguments) });
    }

    /// A copy of a node as it is by now, so that the node itself can become something else.
    pub(super) fn copy(&mut self, id: ExprId) -> ExprId {
        let kind = self.kind(id);
        self.push(kind)
    }

    /// Copies `id` of another tree, with all below it.
    pub(super) fn graft(&mut self, other: &Tree, id: ExprId) -> ExprId {
        let mut kind = other.kind(id).clone();
        kind.map_children(&mut |child| self.graft(other, child));
        self.push(kind)
    }

    /// Makes a node its own transpose; two transposes cancel.
    pub(super) fn transpose(&mut self, id: ExprId) {
        if let Kind::Apply { operator, arguments } = self.kind(id) {
            if operator == &TRANSPOSE {
                let inner = self.kind(arguments[0]);
                self.set(id, inner);
                return;
            }
        }
        let inner = self.copy(id);
        self.set_apply(id, &TRANSPOSE, &[inner]);
    }

    /// Exchanges two nodes, neither of which stands inside the other.
    pub(super) fn exchange(&mut self, a: ExprId, b: ExprId) {
        let (left, right) = (self.kind(a), self.kind(b));
        self.set(a, right);
        self.set(b, left);
    }

    pub(super) fn finish(self) -> Patch {
        self.patch
    }
}
