//! A contraction as a net of operands, and the cheapest order of computing it two operands at a time.
//!
//! The order of a chain of matrices is the classical dynamic programme; here it runs over subsets of operands, so that
//! traces, scalars, entrywise products and sums over families are ordered by the same rule. Source: T. H. Cormen,
//! C. E. Leiserson, R. L. Rivest, C. Stein, Introduction to Algorithms, section 15.2; for subsets, R. N. C. Pfeifer,
//! J. Haegeman, F. Verstraete, Faster identification of optimal contraction sequences, Phys. Rev. E 90 (2014).

use crate::tensor::{Label, Labels};

/// Most operands whose orders are all looked at; beyond, the cheapest pair is taken again and again.
const MOST: usize = 10;

/// What tells orders of one cost apart: the one that is easier to read is taken.
const LESS_READABLE: f64 = 1e-3;

/// What the order needs to know of an operand.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// Its labels, none twice.
    pub(super) labels: Labels,
    /// Whether it is a matrix inverse, which is better solved with: the last two labels are the matrix.
    pub(super) inverse: bool,
}

/// A contraction onto `out`; every label of `out` is some operand's, and none stands twice.
pub(super) struct Net<'a> {
    pub(super) operands: &'a [Operand],
    pub(super) out: &'a [Label],
    /// The size of each label.
    pub(super) sizes: &'a [f64],
}

/// A set of operands.
pub(super) type Set = u32;

/// How to compute a set: an operand, or two sets of which the first is computed with the second.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// The operand of that number.
    Operand(usize),
    /// Two contracted.
    Pair(Box<Order>, Box<Order>),
}

impl Order {
    /// The operands in it.
    pub(super) fn set(&self) -> Set {
        match self {
            Self::Operand(i) => 1 << i,
            Self::Pair(a, b) => a.set() | b.set(),
        }
    }
}

impl Net<'_> {
    /// The labels of a set that something outside it needs, in order of first occurrence.
    pub(super) fn alive(&self, set: Set) -> Labels {
        let mut alive = Labels::new();
        for (i, o) in self.operands.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1) {
            for l in &o.labels {
                let outside = |(j, p): (usize, &Operand)| set >> j & 1 == 0 && p.labels.contains(l) && j != i;
                let needed = self.out.contains(l) || self.operands.iter().enumerate().any(outside);
                if needed && !alive.contains(l) {
                    alive.push(*l);
                }
            }
        }
        alive
    }

    fn extent(&self, labels: &[Label]) -> f64 {
        labels.iter().map(|l| self.sizes.get(*l as usize).copied().unwrap_or(1.0)).product()
    }

    /// What the contraction of two sets costs.
    fn cost(&self, a: (Set, &Labels), b: (Set, &Labels), alive: &Labels) -> f64 {
        let mut all = a.1.clone();
        all.extend(b.1.iter().copied().filter(|l| !a.1.contains(l)));
        let contracts = all.iter().any(|l| !alive.contains(l));
        let product = self.extent(&all) * if contracts { 2.0 } else { 1.0 } + self.awkwardness(a, b, alive);
        let inverse = |s: Set| -> Option<&Operand> {
            let single = s.count_ones() == 1;
            self.operands.get(s.trailing_zeros() as usize).filter(|o| single && o.inverse)
        };
        let making = |o: Option<&Operand>| o.map_or(0.0, |o| 2.0 * self.cube(o));
        let plain = product + making(inverse(a.0)) + making(inverse(b.0));
        let solved = [(a, b), (b, a)].into_iter().filter_map(|((s, _), (t, other))| {
            let o = inverse(s)?;
            let (transposed, ..) = solvable(o, other, alive)?;
            let product = product + if transposed { 4.0 * LESS_READABLE } else { 0.0 };
            Some(product + self.cube(o) * 2.0 / 3.0 + making(inverse(t)))
        });
        solved.fold(plain, f64::min)
    }

    /// A vector times a matrix, where a matrix times a vector would do; a number multiplied in early.
    fn awkwardness(&self, a: (Set, &Labels), b: (Set, &Labels), alive: &Labels) -> f64 {
        let row = |(s, l): (Set, &Labels), (_, v): (Set, &Labels)| {
            s.count_ones() == 1 && l.len() == 2 && v.len() == 1 && v[0] == l[0] && !alive.contains(&l[0])
        };
        let whole = (a.0 | b.0).count_ones() as usize == self.operands.len();
        let number = (a.1.is_empty() || b.1.is_empty()) && !whole;
        let matrices = a.1.len() == 2 && b.1.len() == 2 && b.0.count_ones() > 1;
        let count = u8::from(row(a, b) || row(b, a)) + 2 * u8::from(number) + u8::from(matrices);
        f64::from(count) * LESS_READABLE
    }

    /// The cube of a matrix's size, for each of its batch.
    fn cube(&self, o: &Operand) -> f64 {
        let n = o.labels.last().map_or(1.0, |l| self.extent(&[*l]));
        self.extent(&o.labels) * n
    }

    /// The cheapest order, and what it costs.
    pub(super) fn order(&self) -> Option<(f64, Order)> {
        let n = self.operands.len();
        if n > Set::BITS as usize {
            return None;
        }
        if n > MOST { self.greedy() } else { self.best() }
    }

    fn best(&self) -> Option<(f64, Order)> {
        let n = self.operands.len();
        let full: Set = (1 << n) - 1;
        let alive: Vec<Labels> = (0..=full).map(|s| self.alive(s)).collect();
        let mut table: Vec<(f64, Set)> = vec![(f64::INFINITY, 0); full as usize + 1];
        for set in 1..=full {
            if set.count_ones() == 1 {
                table[set as usize] = (0.0, 0);
                continue;
            }
            // The part with the first operand is the first of the two, so that every split is seen once.
            let low = set & set.wrapping_neg();
            let mut part = (set - 1) & set;
            let mut found = (f64::INFINITY, 0);
            while part > 0 {
                if part & low != 0 {
                    let rest = set & !part;
                    let (p, r) = (part as usize, rest as usize);
                    let cost =
                        table[p].0 + table[r].0 + self.cost((part, &alive[p]), (rest, &alive[r]), &alive[set as usize]);
                    if cost < found.0 {
                        found = (cost, part);
                    }
                }
                part = (part - 1) & set;
            }
            table[set as usize] = found;
        }
        let order = Self::taken(&table, full)?;
        Some((table[full as usize].0, order))
    }

    fn taken(table: &[(f64, Set)], set: Set) -> Option<Order> {
        if set.count_ones() == 1 {
            return Some(Order::Operand(set.trailing_zeros() as usize));
        }
        let part = table.get(set as usize)?.1;
        if part == 0 {
            return None;
        }
        Some(Order::Pair(Box::new(Self::taken(table, part)?), Box::new(Self::taken(table, set & !part)?)))
    }

    fn greedy(&self) -> Option<(f64, Order)> {
        let mut parts: Vec<Order> = (0..self.operands.len()).map(Order::Operand).collect();
        let mut total = 0.0;
        while parts.len() > 1 {
            let mut found: Option<(f64, usize, usize)> = None;
            for i in 0..parts.len() {
                for j in i + 1..parts.len() {
                    let (a, b) = (parts[i].set(), parts[j].set());
                    let cost = self.cost((a, &self.alive(a)), (b, &self.alive(b)), &self.alive(a | b));
                    if found.is_none_or(|f| cost < f.0) {
                        found = Some((cost, i, j));
                    }
                }
            }
            let (cost, i, j) = found?;
            total += cost;
            let second = parts.remove(j);
            let first = parts.remove(i);
            parts.insert(i, Order::Pair(Box::new(first), Box::new(second)));
        }
        Some((total, parts.pop()?))
    }
}

/// Whether an inverse times something is the solution of linear systems: the label that is contracted (the matrix's
/// column, or its row for the transposed) and the one that takes its place.
pub(super) fn solvable(inverse: &Operand, other: &Labels, alive: &Labels) -> Option<(bool, Label, Label)> {
    let [batch @ .., row, col] = inverse.labels.as_slice() else { return None };
    let (has_row, has_col) = (other.contains(row), other.contains(col));
    let batched = batch.iter().all(|l| other.contains(l) && alive.contains(l)) && batch.len() <= 1;
    let traced = has_row && has_col && other.len() == 2 && batch.is_empty();
    if traced {
        let gone = !alive.contains(row) && !alive.contains(col);
        return gone.then_some((false, *col, *row));
    }
    let (transposed, gone, kept) = match (has_row, has_col) {
        (false, true) => (false, *col, *row),
        (true, false) => (true, *row, *col),
        _ => return None,
    };
    let fits = batched && !alive.contains(&gone) && other.len() <= batch.len() + 2;
    fits.then_some((transposed, gone, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(sizes: &[f64]) -> (f64, String) {
        let label = |i: usize| Label::try_from(i).unwrap();
        let operands: Vec<Operand> = (0..sizes.len() - 1)
            .map(|i| Operand { labels: Labels::from_slice(&[label(i), label(i + 1)]), inverse: false })
            .collect();
        let out = [label(0), label(sizes.len() - 1)];
        let (cost, order) = Net { operands: &operands, out: &out, sizes }.order().unwrap();
        (cost, shown(&order))
    }

    fn shown(order: &Order) -> String {
        match order {
            Order::Operand(i) => (i + 1).to_string(),
            Order::Pair(a, b) => format!("({}{})", shown(a), shown(b)),
        }
    }

    #[test]
    fn the_chain_of_the_textbook_is_ordered_as_there() {
        // Cormen et al., figure 15.5: 15125 multiplications.
        let (cost, order) = chain(&[30.0, 35.0, 15.0, 5.0, 10.0, 20.0, 25.0]);
        assert!((cost - 2.0 * 15125.0).abs() < 0.1, "{cost}");
        assert_eq!(order, "((1(23))((45)6))");
    }

    #[test]
    fn many_operands_are_ordered_too() {
        let sizes: Vec<f64> = (0..16).map(|i| if i % 3 == 0 { 50.0 } else { 2.0 }).collect();
        assert!(chain(&sizes).0.is_finite());
    }

    #[test]
    fn an_inverse_is_solved_with_where_one_of_its_labels_is_contracted() {
        let inverse = Operand { labels: Labels::from_slice(&[0, 1]), inverse: true };
        let l = |all: &[Label]| Labels::from_slice(all);
        assert_eq!(solvable(&inverse, &l(&[1, 2]), &l(&[0, 2])), Some((false, 1, 0)));
        assert_eq!(solvable(&inverse, &l(&[2, 0]), &l(&[1, 2])), Some((true, 0, 1)));
        assert_eq!(solvable(&inverse, &l(&[1, 0]), &l(&[])), Some((false, 1, 0)));
        // Entry by entry, and where the label is kept, the inverse itself is needed.
        assert_eq!(solvable(&inverse, &l(&[0, 1]), &l(&[0, 1])), None);
        assert_eq!(solvable(&inverse, &l(&[1]), &l(&[0, 1])), None);
    }
}
