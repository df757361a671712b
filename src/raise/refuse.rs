//! Split axes made one again: C vec(X) where the contraction has C with its axes taken apart.

use super::product::Factors;
use super::view::Raiser;
use crate::tensor::{Label, Labels, Node, NodeId};
use smallvec::{SmallVec, smallvec};

/// Run lengths of axes.
type Groups = SmallVec<[u8; 4]>;

impl Raiser<'_> {
    /// The tensor with runs of axes made one, where these were split before and no fused axis is left.
    pub(super) fn refused(&mut self, node: NodeId, groups: &Groups) -> Option<NodeId> {
        if groups.iter().all(|g| *g == 1) {
            return Some(node);
        }
        match self.store.node(node).clone() {
            Node::Split { argument, axis, factors } => {
                let mut start = 0;
                let place = groups.iter().position(|g| {
                    start += *g as usize;
                    start > axis as usize
                })?;
                let run = groups[place] as usize;
                if start - run != axis as usize || run != factors.len() {
                    return None;
                }
                let mut rest = groups.clone();
                rest[place] = 1;
                self.refused(argument, &rest)
            }
            Node::Product(p) => {
                let mut factors = Factors { list: p.factors.to_vec(), dims: p.dims.to_vec() };
                let mut out: Vec<Label> = p.out.to_vec();
                for (start, g) in groups.iter().enumerate() {
                    let run: Labels = out.get(start..start + *g as usize)?.into();
                    if run.len() > 1 {
                        let new = self.join(&mut factors, &run, None)?;
                        out.splice(start..start + run.len(), [new]);
                        if run.iter().any(|l| out.contains(l)) {
                            return None;
                        }
                    }
                }
                Some(self.store.product(&factors.list, &out, &factors.dims))
            }
            _ => None,
        }
    }

    /// Makes a run of labels one in every factor that has them; factors other than `beside` may be fused for it.
    fn join(&mut self, factors: &mut Factors, run: &Labels, beside: Option<usize>) -> Option<Label> {
        if run.iter().enumerate().any(|(i, l)| run[..i].contains(l)) {
            return None;
        }
        let parts: Vec<_> = run.iter().map(|l| factors.dims[*l as usize]).collect();
        let dim = self.store.product_dim(&parts);
        let new = Label::try_from(factors.dims.len()).ok()?;
        let mut list = factors.list.clone();
        for (i, (node, labels)) in list.iter_mut().enumerate() {
            if !labels.iter().any(|l| run.contains(l)) {
                continue;
            }
            let once = run.iter().all(|r| labels.iter().filter(|l| *l == r).count() == 1);
            let start = labels.iter().position(|l| *l == run[0])?;
            let together = labels.get(start..start + run.len()).is_some_and(|l| l == run.as_slice());
            if !once {
                return None;
            }
            if together {
                let mut groups: Groups = smallvec![1; labels.len() + 1 - run.len()];
                groups[start] = u8::try_from(run.len()).ok()?;
                if let Some(whole) = self.refused(*node, &groups) {
                    *node = whole;
                    labels.drain(start + 1..start + run.len());
                    labels[start] = new;
                    continue;
                }
            }
            if beside.is_none_or(|keep| keep == i) {
                return None;
            }
            let place = |l: &Label| labels.iter().position(|x| x == l);
            let kept: Labels = labels.iter().copied().filter(|l| !run.contains(l)).collect();
            let order: Vec<usize> = kept.iter().chain(run).filter_map(place).collect();
            let turned = self.store.permute(*node, &order);
            let mut groups: Groups = smallvec![1; kept.len()];
            groups.push(u8::try_from(run.len()).ok()?);
            *node = self.store.fuse(turned, groups);
            *labels = kept.iter().copied().chain([new]).collect();
        }
        factors.dims.push(dim);
        factors.list = list;
        Some(new)
    }

    /// Joins summed labels that came from one axis of a factor; the other factor is seen as a vec. Nothing where there
    /// are none.
    #[inline(never)]
    pub(super) fn fuse_summed(&mut self, factors: &Factors, out: &Labels) -> Option<Factors> {
        let mut fused = factors.clone();
        for place in 0..fused.list.len() {
            while let Some((axis, count)) = self.split_run(fused.list[place].0) {
                let run: Option<Labels> = fused.list[place].1.get(axis..axis + count).map(Into::into);
                let Some(run) = run else { break };
                if run.iter().any(|l| out.contains(l)) || self.join(&mut fused, &run, Some(place)).is_none() {
                    break;
                }
            }
        }
        (fused.dims.len() > factors.dims.len()).then_some(fused)
    }

    /// The first split axis of a node, and into how many it was split.
    fn split_run(&self, node: NodeId) -> Option<(usize, usize)> {
        match self.store.node(node) {
            Node::Split { axis, factors, .. } => Some((*axis as usize, factors.len())),
            _ => None,
        }
    }
}
