//! Networks of vectors and matrices over labels, reduced to one matrix expression.
//!
//! Each rule replaces items by one that has the same value; what no rule reduces has no matrix form, and is indexed
//! where the result is an entry.

use super::form::{FormId, FormIds};
use super::view::Raiser;
use crate::syntax::Name;
use crate::tensor::{DimId, Label};

/// What a label stands for in the result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// It is summed over.
    Summed,
    /// It is the rows.
    Row,
    /// It is the columns.
    Col,
    /// It is both: the result is a diagonal matrix.
    Both,
    /// It is fixed at an index.
    At(FormId),
}

/// The labels of an item.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Ends {
    /// A column over a label.
    Vector(Label),
    /// A matrix with its row label and its column label.
    Matrix(Label, Label),
}

/// A vector or matrix of the network.
#[derive(Copy, Clone, Debug)]
pub(super) struct Item {
    pub(super) form: FormId,
    pub(super) ends: Ends,
    /// Where its first factor stood, for a steady order.
    pub(super) position: usize,
}

/// A bound letter, its label, and its range where that is not the label's whole one.
pub(super) type BoundLetter = (Name, Label, Option<(FormId, FormId)>);

/// A contraction of formulas.
pub(super) struct Network {
    pub(super) items: Vec<Item>,
    pub(super) ends: Vec<End>,
    pub(super) dims: Vec<DimId>,
    pub(super) scalars: FormIds,
    pub(super) bound: Vec<BoundLetter>,
}

/// Who uses a label.
struct Uses {
    vectors: Vec<usize>,
    matrices: Vec<usize>,
    out: usize,
}

impl Uses {
    fn count(&self) -> usize {
        self.vectors.len() + self.matrices.len() + self.out
    }
}

impl Network {
    pub(super) fn new(dims: &[DimId]) -> Self {
        Self {
            items: Vec::new(),
            ends: vec![End::Summed; dims.len()],
            dims: dims.to_vec(),
            scalars: FormIds::new(),
            bound: Vec::new(),
        }
    }

    fn end(&self, l: Label) -> End {
        self.ends[l as usize]
    }

    fn is_summed(&self, l: Label) -> bool {
        self.end(l) == End::Summed
    }

    fn is_fixed(&self, l: Label) -> bool {
        matches!(self.end(l), End::At(_))
    }

    fn labels(&self) -> impl Iterator<Item = Label> + use<> {
        (0..self.ends.len()).filter_map(|l| Label::try_from(l).ok())
    }

    /// The uses of a label; a matrix with it at both ends counts twice.
    fn uses(&self, l: Label) -> Uses {
        let mut uses = Uses { vectors: Vec::new(), matrices: Vec::new(), out: 0 };
        for (i, item) in self.items.iter().enumerate() {
            match item.ends {
                Ends::Vector(v) if v == l => uses.vectors.push(i),
                Ends::Matrix(a, b) => {
                    uses.matrices.extend([a, b].iter().filter(|x| **x == l).map(|_| i));
                }
                Ends::Vector(_) => {}
            }
        }
        uses.out = match self.end(l) {
            End::Summed => 0,
            End::Row | End::Col | End::At(_) => 1,
            End::Both => 2,
        };
        uses
    }

    fn take(&mut self, mut places: Vec<usize>) -> Vec<Item> {
        places.sort_unstable();
        places.dedup();
        let mut taken: Vec<Item> = places.iter().rev().map(|i| self.items.remove(*i)).collect();
        taken.sort_by_key(|i| i.position);
        taken
    }
}

fn first_position(items: &[Item]) -> usize {
    items.iter().map(|i| i.position).min().unwrap_or(0)
}

impl Raiser<'_> {
    /// The matrix expression of a network; `Some(None)` where only scalars are left.
    #[inline(never)]
    pub(super) fn reduce(&mut self, net: &mut Network, used: &mut Vec<Name>) -> Option<Option<FormId>> {
        loop {
            let acted = self.loops(net)
                || self.entries(net)
                || self.matrix_times_vector(net)
                || self.inner_products(net)
                || self.parallel(net)
                || self.chains(net)
                || self.merge_vectors(net)
                || self.merge_matrices(net)
                || self.single_ends(net)
                || self.diagonals(net)
                || self.indexed(net, used);
            if !acted {
                break;
            }
        }
        self.result(net)
    }

    /// M(a, a): a trace, or its diagonal.
    fn loops(&mut self, net: &mut Network) -> bool {
        let is_loop = |i: &Item| matches!(i.ends, Ends::Matrix(a, b) if a == b);
        let Some(place) = net.items.iter().position(is_loop) else { return false };
        let item = net.items.remove(place);
        let (Ends::Matrix(a, _) | Ends::Vector(a)) = item.ends;
        if net.is_summed(a) && net.uses(a).count() == 0 {
            let trace = self.forms.trace(item.form, None);
            net.scalars.push(trace);
        } else if let End::At(i) = net.end(a) {
            let entry = self.forms.entry(item.form, &[i, i]);
            net.scalars.push(entry);
        } else {
            let form = self.forms.diagonal(item.form);
            net.items.push(Item { form, ends: Ends::Vector(a), ..item });
        }
        true
    }

    /// Items whose labels are all indices are entries.
    fn entries(&mut self, net: &mut Network) -> bool {
        let at = |net: &Network, l: Label| if let End::At(i) = net.end(l) { Some(i) } else { None };
        for place in 0..net.items.len() {
            let item = net.items[place];
            let indices: Option<Vec<FormId>> = match item.ends {
                Ends::Vector(l) => [at(net, l)].into_iter().collect(),
                Ends::Matrix(a, b) => [at(net, a), at(net, b)].into_iter().collect(),
            };
            if let Some(indices) = indices {
                net.items.remove(place);
                let entry = self.forms.entry(item.form, &indices);
                net.scalars.push(entry);
                return true;
            }
        }
        false
    }

    /// A matrix seen from one of its ends: with that end as columns, and the label of its other end.
    fn towards(&mut self, item: &Item, l: Label) -> (FormId, Label) {
        match item.ends {
            Ends::Matrix(a, b) if b == l => (item.form, a),
            Ends::Matrix(_, b) => (self.forms.transpose(item.form), b),
            Ends::Vector(a) => (item.form, a),
        }
    }

    /// Σ_l M(y, l) v(l) = (M v)(y).
    fn matrix_times_vector(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            if let ([v], [m], true) = (uses.vectors.as_slice(), uses.matrices.as_slice(), net.is_summed(l)) {
                let (v, m) = (net.items[*v], net.items[*m]);
                let (matrix, other) = self.towards(&m, l);
                net.take(vec![uses.vectors[0], uses.matrices[0]]);
                let form = self.forms.product(&[matrix, v.form]);
                net.items.push(Item { form, ends: Ends::Vector(other), position: first_position(&[v, m]) });
                return true;
            }
        }
        false
    }

    /// Σ_l v(l) w(l), and of more vectors.
    fn inner_products(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            if !net.is_summed(l) || !uses.matrices.is_empty() || uses.vectors.is_empty() {
                continue;
            }
            let items = net.take(uses.vectors);
            let mut groups: Vec<Vec<FormId>> = Vec::new();
            for i in &items {
                match groups.iter_mut().find(|g| g[0] == i.form) {
                    Some(g) => g.push(i.form),
                    None => groups.push(vec![i.form]),
                }
            }
            let scalar = match groups.as_slice() {
                [only] => match only.as_slice() {
                    [v] => self.forms.total(*v),
                    [v, _] => self.forms.squared(*v),
                    all => {
                        let power = self.forms.hadamard(all);
                        self.forms.total(power)
                    }
                },
                [first, rest @ ..] => {
                    let left = self.forms.hadamard(first);
                    let all: Vec<FormId> = rest.iter().flatten().copied().collect();
                    let right = match all.as_slice() {
                        [v] => *v,
                        _ => self.forms.hadamard(&all),
                    };
                    let left = if let [v] = first.as_slice() { *v } else { left };
                    self.forms.inner(left, right)
                }
                [] => continue,
            };
            net.scalars.push(scalar);
            return true;
        }
        false
    }

    /// Three or more matrices over the same two labels and nothing else there: the sum of their entrywise product;
    /// one alone: the sum of its entries.
    fn parallel(&mut self, net: &mut Network) -> bool {
        for place in 0..net.items.len() {
            let Ends::Matrix(a, b) = net.items[place].ends else { continue };
            if !net.is_summed(a) || !net.is_summed(b) {
                continue;
            }
            let (ua, ub) = (net.uses(a), net.uses(b));
            let alone = ua.vectors.is_empty() && ub.vectors.is_empty() && ua.matrices == ub.matrices;
            if !alone || ua.matrices.len() == 2 {
                continue;
            }
            let items = net.take(ua.matrices);
            let forms: Vec<FormId> = items.iter().map(|i| self.oriented(i, a)).collect();
            let product = if let [only] = forms.as_slice() { *only } else { self.forms.hadamard(&forms) };
            let sum = self.forms.total(product);
            net.scalars.push(sum);
            return true;
        }
        false
    }

    /// A matrix with the given label as rows.
    fn oriented(&mut self, item: &Item, rows: Label) -> FormId {
        match item.ends {
            Ends::Matrix(a, _) if a != rows => self.forms.transpose(item.form),
            Ends::Matrix(..) | Ends::Vector(_) => item.form,
        }
    }

    /// Σ_l M(x, l) N(l, y): a matrix product, a trace where x = y is summed too, else its diagonal.
    fn chains(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            let ([m, n], true, true) = (uses.matrices.as_slice(), net.is_summed(l), uses.vectors.is_empty()) else {
                continue;
            };
            if m == n {
                continue;
            }
            let items = net.take(vec![*m, *n]);
            let (left, x) = self.towards(&items[0], l);
            let (right, y) = self.towards(&items[1], l);
            let right = self.forms.transpose(right);
            let position = first_position(&items);
            if x == y && net.is_summed(x) && net.uses(x).count() == 0 {
                let trace = self.forms.trace(left, Some(right));
                net.scalars.push(trace);
                return true;
            }
            let form = self.forms.product(&[left, right]);
            if x == y {
                let form = self.forms.diagonal(form);
                net.items.push(Item { form, ends: Ends::Vector(x), position });
            } else {
                net.items.push(Item { form, ends: Ends::Matrix(x, y), position });
            }
            return true;
        }
        false
    }

    /// Vectors over one label beside other uses: their entrywise product.
    fn merge_vectors(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            if uses.vectors.len() < 2 || net.is_fixed(l) {
                continue;
            }
            let items = net.take(uses.vectors);
            let forms: Vec<FormId> = items.iter().map(|i| i.form).collect();
            let form = self.forms.hadamard(&forms);
            net.items.push(Item { form, ends: Ends::Vector(l), position: first_position(&items) });
            return true;
        }
        false
    }

    /// Matrices over the same two labels beside other uses: their entrywise product.
    fn merge_matrices(&mut self, net: &mut Network) -> bool {
        for place in 0..net.items.len() {
            let Ends::Matrix(a, b) = net.items[place].ends else { continue };
            let (ua, ub) = (net.uses(a), net.uses(b));
            let shared: Vec<usize> = ua.matrices.iter().filter(|i| ub.matrices.contains(i)).copied().collect();
            if shared.len() < 2 {
                continue;
            }
            let items = net.take(shared);
            let turn = net.end(a) == End::Col || net.end(b) == End::Row;
            let (rows, cols) = if turn { (b, a) } else { (a, b) };
            let forms: Vec<FormId> = items.iter().map(|i| self.oriented(i, rows)).collect();
            let form = self.forms.hadamard(&forms);
            net.items.push(Item { form, ends: Ends::Matrix(rows, cols), position: first_position(&items) });
            return true;
        }
        false
    }

    /// A matrix whose end nothing else uses: times the vector of ones.
    fn single_ends(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            if let ([m], 1, true) = (uses.matrices.as_slice(), uses.count(), net.is_summed(l)) {
                let position = net.items[*m].position;
                let form = self.ones_over(net, l);
                net.items.push(Item { form, ends: Ends::Vector(l), position });
                return true;
            }
        }
        false
    }

    /// The vector over a label of the result; ones where there is none.
    fn vector_over(&mut self, net: &mut Network, l: Label) -> FormId {
        match net.items.iter().position(|i| i.ends == Ends::Vector(l)) {
            Some(place) => net.items.remove(place).form,
            None => self.ones_over(net, l),
        }
    }

    fn ones_over(&mut self, net: &Network, l: Label) -> FormId {
        let size = self.size_of(net, l);
        self.forms.ones(size)
    }

    fn size_of(&mut self, net: &Network, l: Label) -> FormId {
        let p = self.store.poly(net.dims[l as usize]).clone();
        self.poly(&p)
    }

    /// A vector where two other uses meet: a diagonal matrix between them.
    fn diagonals(&mut self, net: &mut Network) -> bool {
        for l in net.labels() {
            let uses = net.uses(l);
            let ([v], [m, ..], 3, false) =
                (uses.vectors.as_slice(), uses.matrices.as_slice(), uses.count(), net.is_fixed(l))
            else {
                continue;
            };
            let items = net.take(vec![*v, *m]);
            let (vector, matrix) = match items.as_slice() {
                [a, b] if matches!(a.ends, Ends::Vector(_)) => (*a, *b),
                [a, b] => (*b, *a),
                _ => return false,
            };
            let (left, other) = self.towards(&matrix, l);
            let diagonal = self.forms.diagonal_matrix(vector.form);
            let form = self.forms.product(&[left, diagonal]);
            net.items.push(Item { form, ends: Ends::Matrix(other, l), position: first_position(&items) });
            return true;
        }
        false
    }

    /// What is stuck in an entry gets an index of its own.
    fn indexed(&mut self, net: &mut Network, used: &mut Vec<Name>) -> bool {
        if net.ends.iter().any(|e| matches!(e, End::Row | End::Col | End::Both)) {
            return false;
        }
        let busiest = net.labels().filter(|l| net.is_summed(*l)).max_by_key(|l| (net.uses(*l).count(), !*l));
        match busiest {
            Some(l) if net.uses(l).count() > 0 => {
                let inside = net.items.iter().map(|i| &i.form).chain(&net.scalars);
                used.extend(inside.flat_map(|f| self.forms.info(*f).bound.iter().cloned()));
                self.bind(net, l, None, used);
                true
            }
            _ => false,
        }
    }

    /// The form that is left over the result's labels.
    fn result(&mut self, net: &mut Network) -> Option<Option<FormId>> {
        let find = |e: End| net.ends.iter().position(|x| *x == e).and_then(|l| Label::try_from(l).ok());
        let (row, col, both) = (find(End::Row), find(End::Col), find(End::Both));
        let form = match (row, col, both) {
            (None, None, None) => None,
            (Some(r), None, None) => Some(self.vector_over(net, r)),
            (None, None, Some(l)) => {
                let v = self.vector_over(net, l);
                Some(self.forms.diagonal_matrix(v))
            }
            (Some(r), Some(c), None) => {
                let joins = |i: &Item| matches!(i.ends, Ends::Matrix(a, b) if (a, b) == (r, c) || (a, b) == (c, r));
                match net.items.iter().position(joins) {
                    Some(place) => {
                        let item = net.items.remove(place);
                        Some(self.oriented(&item, r))
                    }
                    None => {
                        let (u, v) = (self.vector_over(net, r), self.vector_over(net, c));
                        let v = self.forms.transpose(v);
                        Some(self.forms.product(&[u, v]))
                    }
                }
            }
            _ => return None,
        };
        net.items.is_empty().then_some(form)
    }
}
