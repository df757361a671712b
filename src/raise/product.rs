//! Contractions: from factors over labels to a network of formulas, and its result bound and assembled.

use super::compose::Parts;
use super::form::{FormId, FormIds};
use super::network::{End, Ends, Item, Network};
use super::view::{Mode, Raiser, Role, Roles};
use crate::syntax::Name;
use crate::tensor::{DimId, Label, Labels, Node, NodeId, Pattern};
use smallvec::SmallVec;

/// More terms than this are not multiplied out.
const MOST_TERMS: usize = 24;

/// The labels of a factor that are one, since the factor has entries only where they agree: of each pair the label that
/// is summed, and what takes its place. Nothing where both belong to the result.
fn merged_labels(inside: &[Label], outside: &[Label], out: &[Label]) -> Option<Vec<(Label, Label)>> {
    let mut same: Vec<(Label, Label)> = Vec::new();
    for (i, l) in inside.iter().enumerate() {
        let Some(first) = inside[..i].iter().position(|k| k == l) else { continue };
        let now = |l: Label| same.iter().fold(l, |l, (from, to)| if l == *from { *to } else { l });
        let (a, b) = (now(outside[first]), now(outside[i]));
        match (out.contains(&a), out.contains(&b)) {
            _ if a == b => {}
            (_, false) => same.push((b, a)),
            (false, true) => same.push((a, b)),
            (true, true) => return None,
        }
    }
    Some(same)
}

/// The factors of a contraction, opened as far as needed.
#[derive(Clone)]
pub(super) struct Factors {
    pub(super) list: Vec<(NodeId, Labels)>,
    pub(super) dims: Vec<DimId>,
}

impl Raiser<'_> {
    /// A contraction.
    #[inline(never)]
    pub(super) fn product(&mut self, node: NodeId, roles: &[Role]) -> Option<FormId> {
        let Node::Product(p) = self.store.node(node) else { return None };
        let out = p.out.clone();
        let mut factors = Factors { list: p.factors.to_vec(), dims: p.dims.to_vec() };
        if self.mode != Mode::Index {
            if let Some(form) = self.reduced(&factors, &out, roles, 3) {
                return Some(form);
            }
            self.open_products(&mut factors, &out, 3);
            if let Some(form) = self.multiplied_out(&factors, &out, roles) {
                return Some(form);
            }
            // What has no matrix form as it stands may have one without its nesting.
            let nested = factors.list.iter().any(|f| matches!(self.store.node(f.0), Node::Product(_)));
            let form = if nested { self.reduced(&factors, &out, roles, 1) } else { None };
            if form.is_some() {
                return form;
            }
        }
        self.open_products(&mut factors, &out, 3);
        Self::indices(roles)?;
        self.contraction(&factors, &out, roles, true)
    }

    /// The matrix expression, with factors that are contractions of at least so many axes opened.
    #[inline(never)]
    fn reduced(&mut self, factors: &Factors, out: &Labels, roles: &[Role], least: usize) -> Option<FormId> {
        let mut open = factors.clone();
        if least < 3 {
            self.open_products(&mut open, out, least);
        }
        if let Some(mut fused) = self.fuse_summed(&open, out) {
            self.open_products(&mut fused, out, least);
            if let Some(form) = self.contraction(&fused, out, roles, false) {
                return Some(form);
            }
        }
        self.open_products(&mut open, out, least);
        self.contraction(&open, out, roles, false)
    }

    /// Factors of at least so many axes that are contractions themselves are put in their place. Where one of them only
    /// repeats its value along a summed label that nothing else has, the length of the label becomes a factor.
    #[inline(never)]
    pub(super) fn open_products(&mut self, factors: &mut Factors, out: &[Label], least: usize) {
        let mut at = 0;
        let mut opened = 0;
        while let Some((id, labels)) = factors.list.get(at).cloned() {
            let Node::Product(inner) = self.store.node(id).clone() else {
                at += 1;
                continue;
            };
            let same = if labels.len() < least { None } else { merged_labels(&inner.out, &labels, out) };
            let Some(same) = same.filter(|_| opened < MOST_TERMS) else {
                at += 1;
                continue;
            };
            opened += 1;
            let now = |l: Label| same.iter().fold(l, |l, (from, to)| if l == *from { *to } else { l });
            factors.list.iter_mut().for_each(|f| f.1.iter_mut().for_each(|l| *l = now(*l)));
            let labels: Labels = labels.iter().map(|l| now(*l)).collect();
            let mut image: Vec<Option<Label>> = vec![None; inner.dims.len()];
            for (inside, outside) in inner.out.iter().zip(&labels) {
                image[*inside as usize] = Some(*outside);
            }
            for (i, place) in image.iter_mut().enumerate() {
                if place.is_none() {
                    factors.dims.push(inner.dims[i]);
                    *place = Label::try_from(factors.dims.len() - 1).ok();
                }
            }
            let mapped: Vec<(NodeId, Labels)> = inner
                .factors
                .iter()
                .map(|(x, ls)| (*x, ls.iter().map(|l| image[*l as usize].unwrap_or(0)).collect()))
                .collect();
            factors.list.splice(at..=at, mapped);
            for (i, l) in labels.iter().enumerate().filter(|(_, l)| !out.contains(l)) {
                if !labels[..i].contains(l) && factors.list.iter().all(|f| !f.1.contains(l)) {
                    let length = self.store.poly(factors.dims[*l as usize]).clone();
                    let length = self.store.integer(&length);
                    factors.list.push((length, Labels::new()));
                }
            }
        }
    }

    /// A sum of three or more axes among the factors, multiplied out.
    #[inline(never)]
    fn multiplied_out(&mut self, factors: &Factors, out: &Labels, roles: &[Role]) -> Option<FormId> {
        let is_sum = |(x, ls): &(NodeId, Labels)| ls.len() >= 3 && matches!(self.store.node(*x), Node::Sum(_));
        let place = factors.list.iter().position(is_sum)?;
        let Node::Sum(terms) = self.store.node(factors.list[place].0) else { return None };
        let terms = terms.clone();
        if terms.len() > MOST_TERMS || self.forms.len() > 5000 {
            return None;
        }
        let mut forms = FormIds::new();
        for (c, x) in &terms {
            let mut list = factors.list.clone();
            list[place].0 = *x;
            let node = self.store.product(&list, out, &factors.dims);
            let form = self.view(node, roles)?;
            forms.push(self.forms.scale(c, form));
        }
        Some(self.forms.sum(&forms))
    }

    /// The formula of a contraction; with `expand`, by entries and sums over every contracted label.
    #[inline(never)]
    fn contraction(&mut self, factors: &Factors, out: &Labels, roles: &[Role], expand: bool) -> Option<FormId> {
        let mut net = Network::new(&factors.dims);
        for (l, role) in out.iter().zip(roles) {
            let end = net.ends[*l as usize];
            net.ends[*l as usize] = match (end, *role) {
                (End::Summed, Role::Row) => End::Row,
                (End::Summed, Role::Col) => End::Col,
                (End::Summed, Role::At(i)) => End::At(i),
                (End::Row, Role::Col) | (End::Col, Role::Row) => End::Both,
                (End::At(i), Role::At(j)) => {
                    if i != j {
                        net.scalars.push(self.forms.delta(&[i, j]));
                    }
                    end
                }
                _ => return None,
            };
        }
        let depth = self.scope.len();
        let mut used = self.letters_of(roles);
        let result = self.fill(&mut net, factors, expand, &mut used);
        let result = match result {
            Some(()) => self.finish(net, &mut used),
            None => None,
        };
        self.scope.truncate(depth);
        result
    }

    /// Makes a summed label an index with a letter.
    pub(super) fn bind(
        &mut self,
        net: &mut Network,
        label: Label,
        wanted: Option<Name>,
        used: &mut Vec<Name>,
    ) -> FormId {
        let letter = self.fresh_letter(wanted, used);
        used.push(letter.clone());
        let index = self.forms.index(&letter);
        net.ends[label as usize] = End::At(index);
        net.bound.push((letter.clone(), label, None));
        self.scope.push(letter);
        index
    }

    #[inline(never)]
    fn fill(&mut self, net: &mut Network, factors: &Factors, expand: bool, used: &mut Vec<Name>) -> Option<()> {
        let list = self.place_patterns(net, factors, used)?;
        for (x, labels) in &list {
            for (axis, l) in labels.iter().enumerate() {
                let counts = self.mode != Mode::Stacked && self.is_member(*x, axis);
                match net.ends[*l as usize] {
                    End::Summed if counts || expand || matches!(self.store.node(*x), Node::Pattern(_)) => {
                        let wanted = self.declared_letter(*x, axis);
                        self.bind(net, *l, wanted, used);
                    }
                    End::Row | End::Col | End::Both if counts => return None,
                    _ => {}
                }
            }
        }
        let numbered = list.into_iter().enumerate().map(|(i, (x, ls))| (i, x, ls)).collect();
        let list = if expand { numbered } else { self.place_softmax(net, numbered) };
        for (position, x, labels) in &list {
            self.place(net, *position, *x, labels, expand)?;
        }
        Some(())
    }

    /// Basis vectors say which entry; ranges bound a sum. What is left are the other factors.
    #[inline(never)]
    fn place_patterns(
        &mut self,
        net: &mut Network,
        factors: &Factors,
        used: &mut Vec<Name>,
    ) -> Option<Vec<(NodeId, Labels)>> {
        let mut rest = Vec::new();
        for (x, labels) in &factors.list {
            let (Node::Pattern(p), Some(l)) = (self.store.node(*x).clone(), labels.first()) else {
                rest.push((*x, labels.clone()));
                continue;
            };
            match (p, net.ends[*l as usize]) {
                (Pattern::Basis { position, .. }, End::Summed) => {
                    let index = self.poly(&position);
                    net.ends[*l as usize] = End::At(index);
                }
                (Pattern::Range { lower, upper, .. }, End::Summed) => {
                    let bounds = (self.poly(&lower), self.poly(&upper));
                    self.bind(net, *l, None, used);
                    if let Some(last) = net.bound.last_mut() {
                        last.2 = Some(bounds);
                    }
                }
                (_, End::Row | End::Col | End::Both) => return None,
                _ => rest.push((*x, labels.clone())),
            }
        }
        Some(rest)
    }

    /// Puts a factor into the network.
    #[inline(never)]
    fn place(&mut self, net: &mut Network, position: usize, x: NodeId, labels: &Labels, expand: bool) -> Option<()> {
        let mut roles: Roles = SmallVec::new();
        let mut open: SmallVec<[Label; 4]> = SmallVec::new();
        let all_at = labels.iter().all(|l| matches!(net.ends[*l as usize], End::At(_)));
        let pattern = matches!(self.store.node(x), Node::Pattern(_));
        // The entry of a sum is written (a + b)_i, that of anything else by its own parts.
        let whole = matches!(self.store.node(x), Node::Sum(_)) && labels.len() < 3 && !expand;
        for (axis, l) in labels.iter().enumerate() {
            match net.ends[*l as usize] {
                End::At(i)
                    if expand
                        || pattern
                        || (all_at && !whole)
                        || labels.len() > 2
                        || (self.mode != Mode::Stacked && self.is_member(x, axis)) =>
                {
                    roles.push(Role::At(i));
                }
                _ => {
                    roles.push(if open.is_empty() { Role::Row } else { Role::Col });
                    open.push(*l);
                }
            }
        }
        if open.len() > 2 {
            return None;
        }
        let form = self.view(x, &roles)?;
        match open.as_slice() {
            [] => net.scalars.push(form),
            [l] => net.items.push(Item { form, ends: Ends::Vector(*l), position }),
            [a, b] => net.items.push(Item { form, ends: Ends::Matrix(*a, *b), position }),
            _ => return None,
        }
        Some(())
    }

    /// Reduces the network, and binds its letters around what contains them.
    #[inline(never)]
    fn finish(&mut self, mut net: Network, used: &mut Vec<Name>) -> Option<FormId> {
        let chain = self.reduce(&mut net, used)?;
        let mut parts = Parts { coefficient: None, scalars: net.scalars, chain: FormIds::new() };
        if let Some(c) = chain {
            let p = self.forms.parts(c);
            parts.coefficient = p.coefficient;
            parts.scalars.extend(p.scalars);
            parts.chain = p.chain;
        }
        while let Some((letter, label, bounds)) = net.bound.pop() {
            let whole_range = bounds.is_none();
            let (lower, upper) = match bounds {
                Some(b) => b,
                None => {
                    let p = self.store.poly(net.dims[label as usize]).clone();
                    (self.forms.one(), self.poly(&p))
                }
            };
            let has = |f: &FormId| self.forms.info(*f).letters.contains(&letter);
            let chained = parts.chain.iter().any(has);
            let (inside, outside): (FormIds, FormIds) = parts.scalars.iter().copied().partition(has);
            parts.scalars = outside;
            if inside.is_empty() && !chained && whole_range {
                // Nothing depends on the index: the sum counts its values.
                parts.scalars.push(upper);
                continue;
            }
            let chain = if chained { std::mem::take(&mut parts.chain) } else { FormIds::new() };
            let body = self.forms.assemble(Parts { coefficient: None, scalars: inside, chain });
            let sum = self.forms.bind(&letter, lower, upper, body);
            if chained {
                parts.chain.push(sum);
            } else {
                parts.scalars.push(sum);
            }
        }
        Some(self.forms.assemble(parts))
    }
}
