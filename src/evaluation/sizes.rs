//! Which dimensions a comparison is made at.

use super::plan::for_each_poly;
use super::random::Random;
use super::tensor::Assignment;
use super::{rank, reach};
use crate::dimension::{Constraint, IntVar, Order, Poly, Sizes};
use crate::limit;
use crate::tensor::{Node, NodeId, Property, Store};

/// How far above the smallest allowed value a dimension is searched.
const REACH: i64 = 12;
/// Values that dimensions take in turns where they are too many to be distinct.
const TURNS: i64 = 5;
/// What an assignment counts of a claim's work.
const STEP: u64 = 100;
/// Most assignments looked at in one search.
const STEPS: usize = 20_000;

/// Values for every named integer that the roots contain: two assignments of distinct small dimensions, none of them
/// 1, that satisfy the constraints, in different orders; then one with all dimensions from `large` upwards, since small
/// matrices satisfy identities that larger ones do not. Fewer where there are no more.
#[must_use]
pub fn sizes(store: &Store, roots: &[NodeId], sizes: &Sizes, large: i64) -> Vec<Assignment> {
    let search = Sizing::new(store, roots, sizes);
    let mut found: Vec<Assignment> = Vec::new();
    for number in 0..ORDERS {
        if found.len() < 2 {
            found.extend(search.small(number).filter(|a| !found.contains(a)));
        }
    }
    let more = found.last().and_then(|a| search.large(a, large)).filter(|a| !found.contains(a));
    found.extend(more);
    found
}

/// Every assignment of dimensions from 1 to 3 that satisfies the constraints, small ones first, and a few larger ones
/// with all dimensions from 4 upwards: where to look for a counterexample.
#[must_use]
pub fn small_sizes(store: &Store, roots: &[NodeId], sizes: &Sizes, most: usize) -> Vec<Assignment> {
    let search = Sizing::new(store, roots, sizes);
    let mut all = Vec::new();
    let mut current = Vec::new();
    search.enumerate(&mut current, &mut all, &mut 0);
    all.sort_by_cached_key(|a: &Assignment| {
        let values = || a.0.iter().map(|(_, n)| *n);
        (values().fold(1, i64::saturating_mul), values().sum::<i64>(), values().collect::<Vec<_>>())
    });
    all.truncate(most);
    // An identity of 3×3 matrices is refuted only by larger ones.
    for (number, start) in [4, 5].into_iter().enumerate() {
        let more = search.find(&search.variables, Wish { start, number });
        all.extend(more.filter(|a| !all.contains(a)));
    }
    all
}

/// Small dimensions at which an inverse in the candidate cannot exist, though nothing in the truth forbids them.
#[must_use]
pub fn sizes_against(store: &Store, candidate: NodeId, truth: NodeId, sizes: &Sizes) -> Option<Assignment> {
    let allowed = rank::wishes(store, &[truth]);
    let wish = rank::wishes(store, &[candidate]).into_iter().find(|w| !allowed.contains(w))?;
    let mut search = Sizing::new(store, &[candidate, truth], sizes);
    search.wishes = allowed;
    search.constraints.push(Constraint { order: Order::Less, ..wish });
    search.small(0)
}

/// Whether either of two sides has no value but where a matrix happens to be square, though the other side has more:
/// (XXᵀ)⁻¹ and (XᵀX)⁻¹ exist together only for a square X. Then formulas of equal form are not equal.
#[must_use]
pub fn meet_only_at_squares(store: &Store, roots: [NodeId; 2], sizes: &Sizes) -> bool {
    let [one, other] = roots.map(|root| rank::inverses(store, &[root]));
    [(&one, &other), (&other, &one)].into_iter().any(|(own, allowed)| {
        own.iter().filter(|wish| !allowed.contains(wish)).any(|wish| {
            let has_sizes = |order: Order| {
                let mut search = Sizing::new(store, &roots, sizes);
                search.wishes.clear();
                search.constraints.extend(allowed.iter().cloned());
                search.constraints.push(Constraint { order, ..wish.clone() });
                search.small(0).is_some()
            };
            !has_sizes(Order::Greater) && has_sizes(Order::Less)
        })
    })
}

/// How many orders of the dimensions there are to choose from.
pub const ORDERS: usize = 10;

#[derive(Copy, Clone)]
struct Wish {
    /// The smallest dimension.
    start: i64,
    /// Which values an integer that is no dimension prefers.
    number: usize,
}

/// The search for assignments.
pub struct Sizing<'a> {
    /// In the order of first occurrence.
    pub(super) variables: Vec<IntVar>,
    integers: &'a [(IntVar, i64, i64)],
    constraints: Vec<Constraint>,
    /// The dimensions of axes, which have to be positive.
    dims: Vec<Poly>,
    /// What has to hold for inverses to exist, as far as it can be told; kept where the constraints permit.
    wishes: Vec<Constraint>,
    /// What has to hold for the places named in the graph to exist.
    pub(super) places: Vec<Constraint>,
    /// Whether a place is too far away to be made room for.
    pub(super) is_beyond: bool,
}

impl<'a> Sizing<'a> {
    /// The named integers of the roots, and what they have to satisfy.
    #[must_use]
    pub fn new(store: &Store, roots: &[NodeId], sizes: &'a Sizes) -> Self {
        let mut search = Self {
            variables: Vec::new(),
            integers: &sizes.integers,
            constraints: sizes.constraints.clone(),
            dims: Vec::new(),
            wishes: rank::wishes(store, roots),
            places: Vec::new(),
            is_beyond: false,
        };
        let nodes = store.reachable(roots);
        search.places = reach::places(store, &nodes);
        search.wishes.extend(reach::ranges(store, &nodes));
        // Matrices of that size would cost too much: what is so far away is left open.
        search.is_beyond = search.farthest() > reach::FARTHEST;
        search.places.retain(|c| reach::farthest(std::slice::from_ref(c)) <= reach::FARTHEST);
        search.wishes.retain(|c| reach::farthest(std::slice::from_ref(c)) <= reach::FARTHEST);
        let mut bound: Vec<IntVar> = Vec::new();
        for id in &nodes {
            if let Node::RangeSum { variable, .. } = store.node(*id) {
                bound.push(*variable);
            }
        }
        for id in &nodes {
            if let Node::Variable(v) = store.node(*id) {
                search.orthonormal_columns(store, *v);
            }
            let axes = store.axes(*id).iter();
            let labels = match store.node(*id) {
                Node::Product(p) => p.dims.as_slice(),
                _ => &[],
            };
            for d in axes.chain(labels) {
                let p = store.poly(*d);
                // A dimension that is a name alone is given nothing below one.
                let named = p.as_variable().is_some_and(|v| search.range(v).is_none());
                if !named && p.as_constant().is_none() && !search.dims.contains(p) {
                    search.dims.push(p.clone());
                }
            }
            for_each_poly(store, *id, &mut |p| search.add_variables(p, &bound));
        }
        for c in search.constraints.clone() {
            search.add_variables(&c.left, &bound);
            search.add_variables(&c.right, &bound);
        }
        search
    }

    /// Small dimensions, distinct and none of them 1 where that can be; in another order for every number, since a
    /// product such as XᵀX has an inverse only when X has more rows than columns.
    #[must_use]
    pub fn small(&self, number: usize) -> Option<Assignment> {
        let n = self.variables.len();
        if n == 0 {
            return (number == 0).then(Assignment::default);
        }
        let mut order = self.variables.clone();
        let mut start = 2;
        match (number, n) {
            (0, _) => {}
            (1, _) => order.reverse(),
            (_, 1 | 2) => {
                start = 2 + i64::try_from(number / 2).unwrap_or(1);
                if number % 2 == 1 {
                    order.reverse();
                }
            }
            (2..6, 3) => {
                order.rotate_left(1 + number / 4);
                if number % 2 == 1 {
                    order.reverse();
                }
            }
            _ => {
                let mut random = Random::new(number as u64);
                for i in (1..n).rev() {
                    order.swap(i, random.below(i as u64 + 1) as usize);
                }
            }
        }
        self.find(&order, Wish { start, number })
    }

    /// Dimensions in the same order as in another assignment, all from `start` upwards.
    #[must_use]
    pub fn large(&self, like: &Assignment, start: i64) -> Option<Assignment> {
        let mut order = self.variables.clone();
        order.sort_by_key(|v| like.of(*v));
        self.find(&order, Wish { start: start.max(4), number: 2 })
    }

    /// An assignment beside those seen, in which every integer that was always even is odd, and the other way round;
    /// `None` where that is no matter. A sign to the power of a dimension, as in det(−A), is 1 at every even one.
    #[must_use]
    pub fn other_parity(&self, store: &Store, roots: &[NodeId], seen: &[Assignment]) -> Option<Assignment> {
        let matters = |id: &NodeId| match store.node(*id) {
            Node::Determinant(_) | Node::ScalarPower(..) => true,
            Node::MatrixPower(_, p) => p.as_constant().is_none(),
            _ => false,
        };
        let last = seen.last()?;
        let parity = |a: &Assignment, v: IntVar| a.of(v).map(|n| n.rem_euclid(2));
        let stuck: Vec<usize> = (0..last.0.len())
            .filter(|i| seen.iter().all(|a| parity(a, last.0[*i].0) == parity(last, last.0[*i].0)))
            .collect();
        if stuck.is_empty() || stuck.len() > 6 || !store.reachable(roots).iter().any(matters) {
            return None;
        }
        let moves = [1i64, -1, 3];
        let count = moves.len().pow(u32::try_from(stuck.len()).ok()?);
        for wishes in [true, false] {
            for number in 0..count {
                let mut moved = last.0.clone();
                let mut rest = number;
                for i in &stuck {
                    moved[*i].1 += moves[rest % moves.len()];
                    rest /= moves.len();
                }
                let inside = moved.iter().all(|(v, n)| match self.range(*v) {
                    Some((low, high)) => (low..=high).contains(n),
                    None => *n >= 2,
                });
                if inside && self.fits(&moved, 1, wishes) {
                    return Some(Assignment(moved));
                }
            }
        }
        None
    }

    fn add_variables(&mut self, p: &Poly, bound: &[IntVar]) {
        for (m, _) in p.terms() {
            for v in m {
                if !self.variables.contains(v) && !bound.contains(v) {
                    self.variables.push(*v);
                }
            }
        }
    }

    /// An orthogonal matrix has at least as many rows as columns.
    fn orthonormal_columns(&mut self, store: &Store, v: crate::tensor::VariableId) {
        let variable = store.variable(v);
        if let ([.., rows, cols], true) =
            (variable.axes.as_slice(), variable.properties.contains(&Property::Orthogonal))
            && rows != cols
        {
            let (left, right) = (store.poly(*rows).clone(), store.poly(*cols).clone());
            self.constraints.push(Constraint { left, order: Order::Greater, right });
        }
    }

    /// The values of an integer that is no dimension, with room for places that are named by number.
    pub(super) fn range(&self, v: IntVar) -> Option<(i64, i64)> {
        self.integers.iter().find(|(w, ..)| *w == v).map(|(_, low, high)| (*low, (*high).max(self.room())))
    }

    /// Above every place that is named by a number; 0 where there is none.
    fn room(&self) -> i64 {
        match self.farthest() {
            0..=2 => 0,
            far => far.saturating_add(2),
        }
    }

    /// The largest number in what has to hold for places to exist.
    pub(super) fn farthest(&self) -> i64 {
        reach::farthest(&self.places).max(reach::farthest(&self.wishes))
    }

    /// Whether what is assigned so far satisfies all that can be told of it.
    pub(super) fn fits(&self, assigned: &[(IntVar, i64)], least: i64, wishes: bool) -> bool {
        let of = |v: IntVar| assigned.iter().find(|(w, _)| *w == v).map(|(_, n)| *n);
        self.conditions(wishes).all(|c| c.holds(&of) != Some(false))
            && self.dims.iter().all(|p| p.evaluate(&of).is_none_or(|n| n >= least))
    }

    /// The same for what names the value that was assigned last, where the others fit already.
    fn fits_last(&self, assigned: &[(IntVar, i64)], least: i64, wishes: bool) -> bool {
        let Some((last, _)) = assigned.last() else { return self.fits(assigned, least, wishes) };
        let of = |v: IntVar| assigned.iter().rev().find(|(w, _)| *w == v).map(|(_, n)| *n);
        self.conditions(wishes)
            .all(|c| !(c.left.contains(*last) || c.right.contains(*last)) || c.holds(&of) != Some(false))
            && self.dims.iter().all(|p| !p.contains(*last) || p.evaluate(&of).is_none_or(|n| n >= least))
    }

    /// All that sizes have to satisfy.
    fn conditions(&self, wishes: bool) -> impl Iterator<Item = &Constraint> {
        let wishes = if wishes { self.wishes.as_slice() } else { &[] };
        self.constraints.iter().chain(&self.places).chain(wishes)
    }

    fn find(&self, order: &[IntVar], wish: Wish) -> Option<Assignment> {
        // Distinct dimensions of at least two, if that can be; otherwise what the constraints leave.
        let wishes = !self.wishes.is_empty();
        let far = REACH.max(self.room());
        use Spread::{Distinct, Free, Turns};
        for (spread, least, reach, wishes) in [
            (Distinct, 2, far, wishes),
            (Distinct, 2, far, false),
            // So many that distinct ones would be large.
            (Turns, 2, TURNS, wishes),
            (Distinct, 1, 4 * far, false),
            (Free, 1, REACH, false),
            (Free, 1, 8 * REACH, false),
        ] {
            if spread == Turns && i64::try_from(order.len()).is_ok_and(|n| n <= 2 * far) {
                continue;
            }
            let mut steps = 0;
            let mut assigned = Vec::new();
            let rule = Rule { start: wish.start, spread, least, reach, wishes, number: wish.number };
            if self.extend(order, rule, &mut assigned, &mut steps) {
                assigned.sort_unstable();
                return Some(Assignment(assigned));
            }
        }
        None
    }

    fn extend(&self, order: &[IntVar], rule: Rule, assigned: &mut Vec<(IntVar, i64)>, steps: &mut usize) -> bool {
        let Some(v) = order.get(assigned.len()).copied() else { return true };
        let integer = self.range(v);
        if assigned.is_empty() && !self.fits(assigned, rule.least, rule.wishes) {
            return false;
        }
        if rule.spread == Spread::Distinct && assigned.is_empty() {
            // More dimensions than there are values cannot all be distinct.
            let values = rule.reach + (rule.start - rule.least.max(1)).max(0);
            let dimensions = order.iter().filter(|w| self.range(**w).is_none()).count();
            if i64::try_from(dimensions).is_ok_and(|n| n > values) {
                return false;
            }
        }
        let mut values: Vec<i64> = match integer {
            Some((low, high)) => preferred(low, high, rule.number),
            None => (rule.start..rule.start + rule.reach).chain((1.max(rule.least)..rule.start).rev()).collect(),
        };
        if rule.spread == Spread::Turns && integer.is_none() {
            let turns = values.len().min(TURNS as usize);
            values[..turns].rotate_left(assigned.len() % turns.max(1));
        }
        for n in values {
            *steps += 1;
            if *steps > STEPS || !limit::spend(STEP) {
                return false;
            }
            let taken = |(w, m): &(IntVar, i64)| *m == n && self.range(*w).is_none();
            if rule.spread == Spread::Distinct && integer.is_none() && assigned.iter().any(taken) {
                continue;
            }
            assigned.push((v, n));
            if self.fits_last(assigned, rule.least, rule.wishes) && self.extend(order, rule, assigned, steps) {
                return true;
            }
            assigned.pop();
        }
        false
    }

    fn enumerate(&self, current: &mut Vec<(IntVar, i64)>, all: &mut Vec<Assignment>, steps: &mut usize) {
        let Some(v) = self.variables.get(current.len()).copied() else {
            let mut sorted = current.clone();
            sorted.sort_unstable();
            all.push(Assignment(sorted));
            return;
        };
        let values: Vec<i64> = match self.range(v) {
            Some((low, high)) => (low.max(0)..=high.min(low.max(0).saturating_add(3))).collect(),
            None => (1..=3).collect(),
        };
        for n in values {
            *steps += 1;
            if *steps > STEPS || !limit::spend(STEP) {
                return;
            }
            let fits_before = !current.is_empty() || self.fits(current, 1, false);
            current.push((v, n));
            if fits_before && self.fits_last(current, 1, false) {
                self.enumerate(current, all, steps);
            }
            current.pop();
        }
    }
}

/// How dimensions differ from each other.
#[derive(Copy, Clone, PartialEq)]
enum Spread {
    /// No two are the same.
    Distinct,
    /// Each is another than the one before it.
    Turns,
    /// As the constraints leave them, small ones first.
    Free,
}

#[derive(Copy, Clone)]
struct Rule {
    start: i64,
    spread: Spread,
    least: i64,
    reach: i64,
    wishes: bool,
    number: usize,
}

/// Values for an integer that is no dimension: 3, 2, 4 first, another one first for each assignment.
fn preferred(low: i64, high: i64, number: usize) -> Vec<i64> {
    let mut values: Vec<i64> = [3, 2, 4, 5, 1].into_iter().filter(|n| (low..=high).contains(n)).collect();
    let near = (low..=high.min(low.saturating_add(REACH))).filter(|n| !values.contains(n)).collect::<Vec<_>>();
    values.extend(near);
    if !values.is_empty() {
        let shift = number % values.len().min(3);
        values.rotate_left(shift);
    }
    values
}
