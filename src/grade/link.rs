//! Comparing two sides of a claim.

use super::session::Session;
use super::side::Reading;
use crate::dimension::Poly;
use crate::limit;
use crate::problem::Layout;
use crate::syntax::Name;
use crate::tensor::{NodeId, Value};
use crate::verdict::{Comparison, Decision, Depth, Evidence, compare};

/// What comparing two sides says.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    /// Whether they are equal; nothing where no readings could be compared.
    pub(super) equal: Option<bool>,
    /// The evidence.
    pub(super) evidence: Vec<Evidence>,
    /// The reading that held, in words.
    pub(super) notes: Vec<String>,
    /// The nodes that differ, with equal axes.
    pub(super) pair: Option<(NodeId, NodeId)>,
    /// Why the sides cannot be compared: their shapes or indices do not fit.
    pub(super) misfit: Option<String>,
    /// Whether a comparison was made and could not be decided.
    pub(super) undecided: Option<String>,
}

impl Session {
    /// Compares every reading of one side with every reading of the other; one that holds is enough.
    pub(super) fn compare(&mut self, left: &[Reading], right: &[Reading], texts: [&str; 2]) -> Compared {
        let found = self.compare_each(left, right, texts);
        // What was found on the way of a claim that needs too much is not to be trusted.
        match limit::spent() {
            Some(spent) => Compared {
                equal: None,
                evidence: Vec::new(),
                pair: None,
                misfit: None,
                undecided: Some(spent.to_string()),
                notes: found.notes,
            },
            None => found,
        }
    }

    fn compare_each(&mut self, left: &[Reading], right: &[Reading], texts: [&str; 2]) -> Compared {
        let mut result = Compared {
            equal: None,
            evidence: Vec::new(),
            notes: Vec::new(),
            pair: None,
            misfit: None,
            undecided: None,
        };
        for a in left {
            for b in right {
                let Some((x, y, notes)) = self.align(a, b) else {
                    if result.misfit.is_none() {
                        let (p, q) = (self.scope.unifier.show_shape(&a.shape), self.scope.unifier.show_shape(&b.shape));
                        result.misfit = Some(if p == q {
                            "the free indices of the two sides differ".into()
                        } else {
                            format!("the left side is {p} and the right side {q}")
                        });
                    }
                    continue;
                };
                let comparison = compare(&self.store, y, x, &self.scope.sizes, texts, Depth::Decisive);
                let Comparison { decision, evidence, why, .. } = comparison;
                match decision {
                    Decision::Equal => {
                        let mut notes = notes;
                        if a.path || b.path {
                            notes.push("derivatives are taken along the path that is written".into());
                        }
                        if a.partial || b.partial {
                            notes.push("partial derivatives are taken with the other named quantities fixed".into());
                        }
                        return Compared {
                            equal: Some(true),
                            evidence,
                            notes,
                            pair: Some((y, x)),
                            misfit: None,
                            undecided: None,
                        };
                    }
                    Decision::Different => {
                        if result.equal.is_none() {
                            result.equal = Some(false);
                            result.evidence = evidence;
                            result.pair = Some((y, x));
                        }
                    }
                    Decision::Undecided => result.undecided = why.or(result.undecided),
                }
            }
        }
        result
    }

    /// A reading transposed.
    pub(super) fn turned(&mut self, r: &Reading) -> Reading {
        Reading { value: self.store.transposed(&r.value), shape: r.shape.transposed(), ..r.clone() }
    }

    /// Both sides as nodes with equal axes, with what had to be assumed for it.
    pub(super) fn align(&mut self, a: &Reading, b: &Reading) -> Option<(NodeId, NodeId, Vec<String>)> {
        let same_letters = |a: &Value, b: &Value| a.free.iter().all(|l| b.free.contains(l));
        if a.zero || b.zero {
            let (full, zero) = if a.zero { (b, a) } else { (a, b) };
            let axes = self.store.axes(full.value.node).clone();
            let z = self.store.broadcast(&zero.value, &full.value.free, full.value.row, full.value.col, &axes);
            return Some(if a.zero { (z, full.value.node, vec![]) } else { (full.value.node, z, vec![]) });
        }
        if a.shape == b.shape && (same_letters(&a.value, &b.value) || same_letters(&b.value, &a.value)) {
            let (wide, narrow) = if same_letters(&b.value, &a.value) { (a, b) } else { (b, a) };
            let axes = self.store.axes(wide.value.node).clone();
            let n = self.store.broadcast(&narrow.value, &wide.value.free, wide.value.row, wide.value.col, &axes);
            let swapped = !same_letters(&b.value, &a.value);
            return Some(if swapped { (n, wide.value.node, vec![]) } else { (wide.value.node, n, vec![]) });
        }
        // An entry for the whole, or the whole for an entry.
        if a.shape.is_scalar() != b.shape.is_scalar() {
            let (entry, whole, entry_is_left) = if a.shape.is_scalar() { (a, b, true) } else { (b, a, false) };
            if let Some(indexed) = self.entry_of(whole, entry) {
                let axes = self.store.axes(indexed.node).clone();
                if indexed.free.len() == entry.value.free.len() && same_letters(&indexed, &entry.value) {
                    let e = self.store.broadcast(&entry.value, &indexed.free, false, false, &axes);
                    let note = if entry_is_left {
                        "the whole is written for its entry"
                    } else {
                        "an entry is written for the whole"
                    };
                    let note = vec![note.to_owned()];
                    return Some(if entry_is_left { (e, indexed.node, note) } else { (indexed.node, e, note) });
                }
            }
        }
        if let Some((x, y)) = self.one_column(a, b) {
            return Some((x, y, vec!["the Hessian with respect to one column".into()]));
        }
        // The other layout.
        if self.layout != Layout::Standard && a.shape == b.shape.transposed() && same_letters(&b.value, &a.value) {
            let turned = self.store.transposed(&b.value);
            let axes = self.store.axes(a.value.node).clone();
            let n = self.store.broadcast(&turned, &a.value.free, a.value.row, a.value.col, &axes);
            return Some((a.value.node, n, vec!["transposed convention".into()]));
        }
        None
    }

    /// A block for the block-diagonal whole: h_ac where the second derivative by entries (a, b) and (c, d) is h_ac δ_bd.
    fn one_column(&mut self, a: &Reading, b: &Reading) -> Option<(NodeId, NodeId)> {
        if self.layout != Layout::Either || !b.value.free.is_empty() || !b.shape.is_matrix() {
            return None;
        }
        let block = |session: &mut Self, i: &Name, j: &Name, k: &Name, l: &Name, cols: &Poly| {
            let h = session.store.indexed(b.value.node, &[i.clone(), k.clone()]);
            let identity = session.store.identity(cols);
            let delta = session.store.indexed(identity, &[j.clone(), l.clone()]);
            session.store.times(&h, &delta)
        };
        if a.value.free.len() == 4 && a.shape.is_scalar() {
            let range = |l: &Name| a.letters.iter().find(|x| x.0 == *l).map(|x| x.1.clone());
            let letters: Vec<Name> =
                a.letters.iter().map(|l| l.0.clone()).filter(|l| a.value.free.contains(l)).collect();
            let [i, j, k, l] = letters.as_slice() else { return None };
            if range(i)? != b.shape.rows || range(k)? != b.shape.cols || range(j)? != range(l)? {
                return None;
            }
            let whole = block(self, i, j, k, l, &range(j)?);
            let axes = self.store.axes(a.value.node).clone();
            let node = self.store.broadcast(&whole, &a.value.free, false, false, &axes);
            return Some((a.value.node, node));
        }
        // vec by vec: I ⊗ h, with as many blocks as there are columns.
        if a.value.free.is_empty()
            && a.shape.is_matrix()
            && a.shape.rows == a.shape.cols
            && b.shape.rows == b.shape.cols
        {
            let columns = self.asked_columns.clone().filter(|c| c.mul(&b.shape.rows) == a.shape.rows)?;
            let identity = Value::matrix(self.store.identity(&columns), true, true);
            let whole = self.store.kronecker(&identity, &b.value);
            return (self.store.axes(whole.node) == self.store.axes(a.value.node))
                .then_some((a.value.node, whole.node));
        }
        None
    }

    /// A whole with its rows and columns indexed by the letters that an entry has beyond it.
    fn entry_of(&mut self, whole: &Reading, entry: &Reading) -> Option<Value> {
        let extra: Vec<(Name, Poly)> = entry
            .letters
            .iter()
            .filter(|l| entry.value.free.contains(&l.0) && !whole.value.free.contains(&l.0))
            .cloned()
            .collect();
        let sides: Vec<Poly> =
            [&whole.shape.rows, &whole.shape.cols].into_iter().filter(|p| !p.is_one()).cloned().collect();
        if extra.len() != sides.len() {
            return None;
        }
        let order: Vec<Name> = match (extra.as_slice(), sides.as_slice()) {
            ([x], [_]) => vec![x.0.clone()],
            ([x, y], [rows, cols]) if x.1 == *rows && y.1 == *cols => vec![x.0.clone(), y.0.clone()],
            ([x, y], [rows, cols]) if y.1 == *rows && x.1 == *cols => vec![y.0.clone(), x.0.clone()],
            _ => return None,
        };
        let letters: Vec<Name> = whole.value.free.iter().cloned().chain(order).collect();
        Some(self.store.indexed(whole.value.node, &letters))
    }
}
