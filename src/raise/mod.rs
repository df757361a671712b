//! Raising: a node of the tensor graph as a formula in natural matrix notation, as a person would write it.
//!
//! In: a [`Value`], which says which axes are rows, columns and free indices. Out: a [`Tree`] that reads back as an
//! equal tensor. Invariants: raising never fails and never shows an internal form: where no matrix notation exists,
//! it falls back to index notation with free letters and Σ; shared factors stay shared and nothing is multiplied out
//! that does not have to be; the axis that counts the members of a family is never taken for the rows or columns of a
//! matrix; the same graph gives the same tree.
//! The way: nodes are seen with a role for each axis (`view`), contractions become networks that rules reduce
//! (`product`, `network`), formulas are composed in an arena that keeps them natural (`form`, `compose`, `sum`, `factor`,
//! `contract`, `entry`) and are written out last (`emit`).
//! Not here: spacing, brackets and symbols (see the printers in `syntax`).

mod cancel;
mod compose;
mod contract;
mod emit;
mod entry;
mod exponential;
mod factor;
mod form;
mod kronecker;
mod member;
mod network;
mod product;
mod refuse;
mod softmax;
mod sum;
#[cfg(test)]
mod tests;
mod view;

use crate::dimension::IntVar;
use crate::syntax::Tree;
use crate::tensor::{Letter, Node, NodeId, Store, Value};
pub use emit::Named;
pub use form::Style;
use form::{Form, FormId};
use view::{Mode, Raiser, Role, Roles};

/// Graphs larger than this are raised operands first, so that depth costs no stack.
const SMALL_GRAPH: usize = 64;

/// A raised value.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The formula.
    pub tree: Tree,
    /// The letters that were given to axes which have none, in the order of these axes; a fused axis is taken apart
    /// first. Empty where the formula has the value's own rows and columns.
    pub letters: Vec<Letter>,
    /// How many symbols the formula has when it is written out; the tree itself shares what occurs twice.
    pub size: u64,
    /// The formula with names for its repeated parts, where that makes it shorter.
    pub named: Option<Named>,
}

/// The formula of a value in matrix notation, with every term as it was derived; `names` gives the names of dimensions
/// and integers.
#[must_use]
pub fn raise(store: &mut Store, names: &dyn Fn(IntVar) -> String, value: &Value) -> Tree {
    raise_styled(store, names, value, Style::Separate).tree
}

/// The formula in natural notation, with the letters that were given.
#[cfg(test)]
pub(crate) fn raise_lettered(store: &mut Store, names: &dyn Fn(IntVar) -> String, value: &Value) -> Raised {
    raise_styled(store, names, value, Style::Natural)
}

/// The formula of a value in matrix notation, with sums bracketed or multiplied out as asked.
#[must_use]
pub fn raise_styled(store: &mut Store, names: &dyn Fn(IntVar) -> String, value: &Value, style: Style) -> Raised {
    write(store, names, value, Mode::Natural, style)
}

/// The formula of a value in index notation: rows and columns become free letters, contractions sums.
#[must_use]
pub fn raise_index(store: &mut Store, names: &dyn Fn(IntVar) -> String, value: &Value) -> Raised {
    write(store, names, value, Mode::Index, Style::Natural)
}

fn write(store: &mut Store, names: &dyn Fn(IntVar) -> String, value: &Value, mode: Mode, style: Style) -> Raised {
    let mut raiser = Raiser::new(store, names, mode);
    raiser.forms.style = style;
    raiser.reserve_names(value.node);
    let softened = match mode {
        Mode::Index => value.node,
        Mode::Natural | Mode::Stacked => raiser.with_softmax(value.node),
    };
    let value = &value.with(softened);
    let form = raiser.whole(value, mode).unwrap_or_else(|| raiser.last_resort(value));
    let letters = raiser.scope.get(value.free.len()..).unwrap_or_default().to_vec();
    let bound = raiser.forms.info(form).bound.clone();
    let taken = |l: &str| raiser.taken.iter().chain(&bound).chain(&letters).chain(&value.free).any(|n| n.as_str() == l);
    let named = if mode == Mode::Natural { emit::emit_named(&raiser.forms, form, taken) } else { None };
    Raised { tree: emit::emit(&raiser.forms, form), letters, size: raiser.forms.info(form).size, named }
}

impl Raiser<'_> {
    fn whole(&mut self, value: &Value, mode: Mode) -> Option<FormId> {
        self.scope = value.free.to_vec();
        let rank = self.store.rank(value.node);
        self.mode = Mode::Natural;
        self.prepare(value.node, &value.free);
        self.mode = mode;
        if mode == Mode::Natural {
            let mut roles: Roles = value.free.iter().map(|l| Role::At(self.forms.index(l))).collect();
            roles.extend(value.row.then_some(Role::Row));
            roles.extend(value.col.then_some(Role::Col));
            let form = if roles.len() == rank { self.view(value.node, &roles) } else { None };
            if form.is_some() {
                return form;
            }
        }
        self.indexed_whole(value)
    }

    /// Every axis that is no free index gets a letter.
    fn indexed_whole(&mut self, value: &Value) -> Option<FormId> {
        self.scope = value.free.to_vec();
        let node = self.unfused(value.node);
        let mut roles: Roles = value.free.iter().map(|l| Role::At(self.forms.index(l))).collect();
        for axis in value.free.len()..self.store.rank(node) {
            let declared = self.declared_letter(node, axis);
            let letter = self.fresh_letter(declared, &[]);
            roles.push(Role::At(self.forms.index(&letter)));
            self.scope.push(letter);
        }
        let form = self.view(node, &roles)?;
        Some(self.repeated(form, node, value).unwrap_or(form))
    }

    /// Where no letter occurs, all entries are equal: times ones, since a scalar would have another shape.
    fn repeated(&mut self, form: FormId, node: NodeId, value: &Value) -> Option<FormId> {
        let free = value.free.len();
        let given = self.scope.get(free..)?.to_vec();
        let sides = usize::from(value.row) + usize::from(value.col);
        let axes = self.store.axes(node).get(free..)?.to_vec();
        let occurs = given.iter().any(|l| self.forms.info(form).letters.contains(l));
        if self.mode != Mode::Natural || occurs || given.is_empty() || axes.len() != sides {
            return None;
        }
        let ones: Vec<FormId> = axes
            .iter()
            .map(|d| {
                let p = self.store.poly(*d).clone();
                let size = self.poly(&p);
                self.forms.ones(size)
            })
            .collect();
        let product = match (ones.as_slice(), value.row) {
            ([rows, columns], _) => {
                let columns = self.forms.transpose(*columns);
                self.forms.product(&[form, *rows, columns])
            }
            ([rows], true) => self.forms.product(&[form, *rows]),
            ([columns], false) => {
                let columns = self.forms.transpose(*columns);
                self.forms.product(&[form, columns])
            }
            _ => return None,
        };
        self.scope.truncate(free);
        Some(product)
    }

    /// Matrices stacked from families stand for what has no other notation.
    fn last_resort(&mut self, value: &Value) -> FormId {
        self.mode = Mode::Stacked;
        match self.indexed_whole(value) {
            Some(form) => form,
            None => self.forms.add(Form::Dots, false, false),
        }
    }

    /// Raises the operands of a large graph before what uses them, with the letters that will most likely be asked for.
    fn prepare(&mut self, root: NodeId, free: &[Letter]) {
        let mut seen = vec![false; root.0 as usize + 1];
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut seen[id.0 as usize], true)
                && !matches!(self.store.node(id), Node::Definition { .. })
            {
                stack.extend(self.store.operands(id));
            }
        }
        if seen.iter().filter(|s| **s).count() <= SMALL_GRAPH {
            return;
        }
        for (i, _) in seen.iter().enumerate().filter(|(_, s)| **s) {
            let id = NodeId(u32::try_from(i).unwrap_or(0));
            for own in [false, true] {
                self.prepare_node(id, if own { free } else { &[] });
                if free.is_empty() || self.member_axes(id) == 0 {
                    break;
                }
            }
        }
    }

    /// Raises a node as a vector or matrix, its member axes at their declared letters where these are free in the
    /// whole, and else at fresh ones.
    fn prepare_node(&mut self, id: NodeId, free: &[Letter]) {
        let mut shape = [Role::Row, Role::Col].into_iter();
        let mut roles = Roles::new();
        let depth = self.scope.len();
        for axis in 0..self.store.rank(id) {
            if self.is_member(id, axis) {
                let letter = match self.declared_letter(id, axis) {
                    Some(letter) if free.contains(&letter) => letter,
                    declared => self.fresh_letter(declared, &[]),
                };
                roles.push(Role::At(self.forms.index(&letter)));
                self.scope.push(letter);
            } else {
                roles.extend(shape.next());
            }
        }
        if roles.len() == self.store.rank(id) {
            let _ = self.view(id, &roles);
        }
        self.scope.truncate(depth);
    }
}
