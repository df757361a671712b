//! Canonical labelling of one network: colour refinement, and a bounded search over what it leaves tied.
//!
//! The colour of a label is refined by the atoms it stands in, the axis it stands at and the colours of the labels
//! beside it, until no more labels are told apart. Tied labels are told apart one by one, and of the labellings that
//! result the least is taken. Two choices that lead to the same labelling are exchanged by a symmetry of the network,
//! so only one of them is followed further.
//! Source: B. McKay, A. Piperno, Practical graph isomorphism II, Journal of Symbolic Computation 60 (2014).

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{BOUND, Factor, Forms, Mono, MonoId, mix, power_key};
use super::raw::{Raw, label};
use crate::dimension::Poly;
use crate::tensor::{DimId, Label, Labels};
use smallvec::SmallVec;

type Colours = SmallVec<[u64; 16]>;

/// A labelling: factors in order, with the numbers of their labels.
type Leaf = SmallVec<[(u64, Factor); 4]>;

/// What refinement needs of each factor.
struct Seed {
    colour: u64,
    /// From here on all axes are alike.
    alike: usize,
}

impl Forms<'_> {
    /// The network in its canonical labelling; the coefficient is not looked at, the factors are used up.
    pub(super) fn label(&mut self, raw: &mut Raw) -> Result<MonoId, StopReason> {
        let Some(upper) = raw.range.clone() else { return self.label_plain(raw) };
        // Σ_{r=0}^{u} f(r) = Σ_{r=0}^{u} f(u − r)
        let mut reversed = raw.clone();
        for f in &mut reversed.factors {
            if self.info(f.atom).integers.contains(&BOUND) {
                f.atom = self.substitute(f.atom, BOUND, &upper.sub(&Poly::variable(BOUND)))?;
            }
        }
        self.merge_equal(&mut reversed);
        let (a, b) = (self.label_plain(raw)?, self.label_plain(&mut reversed)?);
        let order = |m: MonoId| {
            let all = &self.mono(m).factors;
            all.iter().map(|f| (self.info(f.atom).key, f)).collect::<SmallVec<[(u64, &Factor); 8]>>()
        };
        Ok(if order(b) < order(a) { b } else { a })
    }

    fn label_plain(&mut self, raw: &mut Raw) -> Result<MonoId, StopReason> {
        let mut order: SmallVec<[u16; 16]> = SmallVec::from_elem(u16::MAX, raw.dims.len());
        let mut dims: SmallVec<[DimId; 8]> = SmallVec::new();
        let mut number = |l: &mut Label| {
            let at = *l as usize;
            if order[at] == u16::MAX {
                order[at] = label(dims.len());
                dims.push(raw.dims[at]);
            }
            *l = order[at];
        };
        let mut out = std::mem::take(&mut raw.out);
        out.iter_mut().for_each(&mut number);
        let open = out.iter().map(|l| *l as usize + 1).max().unwrap_or(0);
        raw.factors.iter_mut().flat_map(|f| f.labels.iter_mut()).for_each(number);
        let factors = &mut raw.factors;
        let seeds: SmallVec<[Seed; 8]> = factors.iter().map(|f| self.seed(f)).collect();
        // One summed label alone has its number already.
        if dims.len() > open + 1 {
            let mut colours: Colours = SmallVec::from_elem(0x9d, dims.len());
            for (i, l) in out.iter().enumerate() {
                colours[*l as usize] = mix(colours[*l as usize], 0x100 + i as u64);
            }
            let search = Search { forms: self, seeds: &seeds, factors, open, count: dims.len() };
            search.refine(&mut colours);
            let mut numbers = search.numbers(&colours);
            if !search.tie(&colours).is_empty() {
                let mut left = self.budget.labellings;
                numbers = search.best(colours, &mut left)?.1;
            }
            factors.iter_mut().flat_map(|f| &mut f.labels).for_each(|l| *l = numbers[*l as usize]);
            let old = dims.clone();
            numbers.iter().zip(old).for_each(|(n, d)| dims[*n as usize] = d);
        }
        for (f, seed) in factors.iter_mut().zip(&seeds) {
            if seed.alike < f.labels.len() {
                f.labels[seed.alike..].sort_unstable();
            }
        }
        if factors.len() > 1 {
            factors.sort_unstable_by(|x, y| self.info(x.atom).key.cmp(&self.info(y.atom).key).then_with(|| x.cmp(y)));
        }
        let factors = factors.drain(..).collect();
        Ok(self.intern_mono(Mono { factors, out, dims, range: raw.range.clone() }))
    }

    fn seed(&self, f: &Factor) -> Seed {
        let info = self.info(f.atom);
        let alike = match f.labels.len() {
            n if n >= 2 && info.marks & mark::SYMMETRIC != 0 => n - 2,
            n => n,
        };
        Seed { colour: mix(info.key, power_key(&f.power)), alike }
    }

    /// The atom with a named integer replaced.
    pub(super) fn substitute(
        &mut self,
        atom: super::form::AtomId,
        v: crate::dimension::IntVar,
        by: &Poly,
    ) -> Result<super::form::AtomId, StopReason> {
        let put = |p: &Poly| p.substitute(&mut |x| if x == v { by.clone() } else { Poly::variable(x) });
        match self.atom_of(atom).clone() {
            Atom::MatrixPower(f, p) if !self.mentions(f, v) => Ok(self.atom(Atom::MatrixPower(f, put(&p)))),
            _ => Err(StopReason::Range),
        }
    }
}

struct Search<'s, 'f> {
    forms: &'s Forms<'f>,
    seeds: &'s [Seed],
    factors: &'s [Factor],
    open: usize,
    count: usize,
}

impl Search<'_, '_> {
    /// Refines until no more labels are told apart.
    fn refine(&self, colours: &mut Colours) {
        let mut next: Colours = SmallVec::from_elem(0, self.count);
        let mut classes = self.classes(colours);
        while classes < self.count - self.open {
            next.iter_mut().zip(colours.iter()).for_each(|(n, c)| *n = c.wrapping_mul(0x2545_F491_4F6C_DD1D));
            for (f, seed) in self.factors.iter().zip(self.seeds) {
                if f.labels.is_empty() {
                    continue;
                }
                let sum =
                    f.labels.iter().enumerate().fold(seed.colour, |h, (i, l)| {
                        h.wrapping_add(mix(colours[*l as usize], i.min(seed.alike) as u64))
                    });
                for (i, l) in f.labels.iter().enumerate() {
                    let n = &mut next[*l as usize];
                    *n = n.wrapping_add(mix(sum, 0x40 + i.min(seed.alike) as u64));
                }
            }
            std::mem::swap(colours, &mut next);
            let now = self.classes(colours);
            if now <= classes {
                break;
            }
            classes = now;
        }
    }

    /// How many colours the summed labels have.
    fn classes(&self, colours: &Colours) -> usize {
        let mut sorted: Colours = colours[self.open..].into();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len()
    }

    /// The first colour, in the order of colours, that several summed labels have.
    fn tie(&self, colours: &Colours) -> SmallVec<[usize; 8]> {
        let mut order: SmallVec<[usize; 16]> = (self.open..self.count).collect();
        order.sort_unstable_by_key(|l| colours[*l]);
        let start = order.windows(2).position(|w| colours[w[0]] == colours[w[1]]);
        let Some(start) = start else { return SmallVec::new() };
        let colour = colours[order[start]];
        order[start..].iter().copied().take_while(|l| colours[*l] == colour).collect()
    }

    /// The number of each label, where their colours are distinct.
    fn numbers(&self, colours: &Colours) -> Labels {
        let mut order: SmallVec<[usize; 16]> = (self.open..self.count).collect();
        order.sort_unstable_by_key(|l| colours[*l]);
        let mut numbers: Labels = (0..self.count).map(label).collect();
        for (i, l) in order.iter().enumerate() {
            numbers[*l] = label(self.open + i);
        }
        numbers
    }

    /// The labelling that distinct colours give.
    fn leaf(&self, colours: &Colours) -> (Leaf, Labels) {
        let numbers = self.numbers(colours);
        let mut leaf: Leaf = SmallVec::with_capacity(self.factors.len());
        for (f, seed) in self.factors.iter().zip(self.seeds) {
            let mut labels: Labels = f.labels.iter().map(|l| numbers[*l as usize]).collect();
            labels[seed.alike..].sort_unstable();
            let key = self.forms.info(f.atom).key;
            leaf.push((key, Factor { atom: f.atom, power: f.power.clone(), labels }));
        }
        leaf.sort_unstable();
        (leaf, numbers)
    }

    /// Tells tied labels apart, taking any one, until none are tied.
    fn descend(&self, mut colours: Colours, left: &mut usize) -> Result<(Leaf, Labels), StopReason> {
        loop {
            let tie = self.tie(&colours);
            let Some(first) = tie.first() else { break };
            colours[*first] = mix(colours[*first], 0xABCD);
            self.refine(&mut colours);
        }
        *left = left.checked_sub(1).ok_or(StopReason::Automorphisms)?;
        Ok(self.leaf(&colours))
    }

    /// The least labelling.
    fn best(&self, colours: Colours, left: &mut usize) -> Result<(Leaf, Labels), StopReason> {
        let tie = self.tie(&colours);
        if tie.is_empty() {
            return Ok(self.leaf(&colours));
        }
        // Every level tells one more label apart, so the depth is bounded by the size of a network.
        let mut best: Option<(Leaf, Labels)> = None;
        let mut known: SmallVec<[Leaf; 4]> = SmallVec::new();
        for l in tie {
            let mut chosen = colours.clone();
            chosen[l] = mix(chosen[l], 0xABCD);
            self.refine(&mut chosen);
            let first = self.descend(chosen.clone(), left)?;
            if known.contains(&first.0) {
                continue;
            }
            let found = if self.tie(&chosen).is_empty() { first.clone() } else { self.best(chosen, left)? };
            known.push(first.0);
            if known.last() != Some(&found.0) {
                known.push(found.0.clone());
            }
            if best.as_ref().is_none_or(|b| found.0 < b.0) {
                best = Some(found);
            }
        }
        best.ok_or(StopReason::Automorphisms)
    }
}
