//! Products without brackets, grouped in other ways than from the left.

use super::settle::{Other, holds};
use crate::operator::{self, Op};
use crate::syntax::{ExprId, Kind, Tree};
use crate::text::Span;

/// The innermost mixed product about a place, grouped in other ways.
pub(super) fn groupings(tree: &Tree, place: Span) -> Vec<Other> {
    let runs = mixed_products(tree);
    let about = runs.iter().filter(|r| holds(tree.span(r.node), place));
    about.min_by_key(|r| tree.span(r.node).range().len()).map_or_else(Vec::new, |run| run.groupings(tree))
}

/// A product without brackets: its factors, and the signs between them.
struct Run {
    node: ExprId,
    factors: Vec<ExprId>,
    signs: Vec<Op>,
}

/// The products without brackets in which multiplication stands beside an entrywise or a Kronecker sign.
fn mixed_products(tree: &Tree) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut stack = vec![tree.root];
    while let Some(id) = stack.pop() {
        let run = run_at(tree, id);
        if run.signs.len() > 1 {
            stack.extend(&run.factors);
            if run.signs.iter().any(is_multiply) && run.signs.iter().any(|s| !is_multiply(s)) {
                runs.push(run);
            }
        } else {
            stack.extend(tree.children(id));
        }
    }
    runs
}

fn is_multiply(op: &Op) -> bool {
    *op == &operator::MULTIPLY
}

fn run_at(tree: &Tree, node: ExprId) -> Run {
    let (mut factors, mut signs) = (Vec::new(), Vec::new());
    let mut at = node;
    while let Some((op, &[left, right])) = tree.as_apply(at) {
        let sign = [&operator::MULTIPLY, &operator::HADAMARD, &operator::KRONECKER].contains(&op);
        // Brackets around a product widen its span past its first factor.
        let bracketed = at != node && tree.span(at).start != tree.span(left).start;
        if !sign || bracketed {
            break;
        }
        factors.push(right);
        signs.push(op);
        at = left;
    }
    factors.push(at);
    factors.reverse();
    signs.reverse();
    Run { node, factors, signs }
}

impl Run {
    /// The formula with this product grouped in other ways.
    fn groupings(&self, tree: &Tree) -> Vec<Other> {
        let special: Vec<usize> = (0..self.signs.len()).filter(|i| !is_multiply(&self.signs[*i])).collect();
        // For every special sign the factors it takes, as (first, last).
        let mut plans: Vec<Vec<(usize, usize)>> = Vec::new();
        let all = |k: usize| {
            let first = k.checked_sub(1).map_or(0, |before| special[before] + 1);
            (first, special.get(k + 1).copied().unwrap_or(self.signs.len()))
        };
        if let [sign] = special.as_slice() {
            for last in (*sign + 1..=self.signs.len()).rev() {
                for first in 0..=*sign {
                    plans.push(vec![(first, last)]);
                }
            }
        } else {
            plans.push((0..special.len()).map(all).collect());
            plans.push(special.iter().map(|s| (*s, *s + 1)).collect());
        }
        plans.iter().map(|plan| self.grouped(tree, &special, plan)).collect()
    }

    /// The formula with the special signs binding the factors of the plan, and multiplication from the left around.
    fn grouped(&self, tree: &Tree, special: &[usize], plan: &[(usize, usize)]) -> Other {
        let mut new = Tree::new();
        let mut node = new.root;
        new.root = self.rebuild(tree, tree.root, &mut new, &mut node, special, plan);
        Other {
            tree: new,
            node,
            place: tree.span(self.node),
            why: "is grouped so, since it does not fit from the left",
        }
    }

    fn rebuild(
        &self,
        tree: &Tree,
        id: ExprId,
        new: &mut Tree,
        place: &mut ExprId,
        special: &[usize],
        plan: &[(usize, usize)],
    ) -> ExprId {
        if id != self.node {
            let mut kind = tree.kind(id).clone();
            kind.map_children(&mut |c| self.rebuild(tree, c, new, place, special, plan));
            return new.push(kind, tree.span(id));
        }
        let factors: Vec<ExprId> = self.factors.iter().map(|f| new.graft(tree, *f)).collect();
        let joined = |new: &mut Tree, op: Op, left: ExprId, right: ExprId| {
            let span = new.span(left).to(new.span(right));
            new.push(Kind::Apply { operator: op, arguments: [left, right].into_iter().collect() }, span)
        };
        let run = |new: &mut Tree, from: usize, to: usize| {
            (from + 1..=to).fold(factors[from], |left, i| joined(new, &operator::MULTIPLY, left, factors[i]))
        };
        // Groups of special signs that share a factor are one group, from the left.
        let mut at = 0;
        let mut whole: Option<ExprId> = None;
        let mut k = 0;
        while k < special.len() {
            let (first, mut last) = plan[k];
            let first = first.max(at);
            for factor in factors.iter().take(first).skip(at) {
                whole = Some(whole.map_or(*factor, |w| joined(new, &operator::MULTIPLY, w, *factor)));
            }
            let left = run(new, first, special[k]);
            let right = run(new, special[k] + 1, last);
            let mut group = joined(new, self.signs[special[k]], left, right);
            while k + 1 < special.len() && special[k + 1] == last {
                k += 1;
                let right = run(new, last + 1, plan[k].1);
                group = joined(new, self.signs[special[k]], group, right);
                last = plan[k].1;
            }
            whole = Some(whole.map_or(group, |w| joined(new, &operator::MULTIPLY, w, group)));
            at = last + 1;
            k += 1;
        }
        let mut node = whole.unwrap_or(factors[0]);
        for factor in factors.iter().skip(at) {
            node = joined(new, &operator::MULTIPLY, node, *factor);
        }
        new.set_span(node, tree.span(self.node));
        *place = node;
        node
    }
}
