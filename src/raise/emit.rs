//! Formulas written as a tree: order, signs, fractions and powers.

use super::form::{Form, FormId, FormIds, Forms, parts_of};
use crate::number::Rational;
use crate::operator::{self as op, Op};
use crate::syntax::{Binder, ExprId, Kind, Name, Tree};
use crate::text::Span;
use smallvec::smallvec;

/// A formula whose repeated parts have names.
#[derive(Clone, Debug)]
pub struct Named {
    /// The formula, and those of the parts.
    pub tree: Tree,
    /// The parts by name, each defined by what stands before it.
    pub parts: Vec<(Name, ExprId)>,
}

/// How many symbols have to be saved for a part to get a name.
const PAYS: u64 = 6;
/// More parts than this get no names.
const MOST_NAMES: usize = 4;

struct Emitter<'a> {
    forms: &'a Forms,
    tree: Tree,
    /// Every formula without its sign, and whether it is negative.
    done: Vec<Option<(bool, ExprId)>>,
}

/// The tree of a formula. Formulas that occur twice are one node of the arena.
pub(super) fn emit(forms: &Forms, root: FormId) -> Tree {
    written(forms, root, &[]).tree
}

/// The tree of a formula with names for what is repeated; nothing where nothing pays. `taken` are names in use.
pub(super) fn emit_named(forms: &Forms, root: FormId, taken: impl Fn(&str) -> bool) -> Option<Named> {
    let mut uses = vec![0u64; root.0 as usize + 1];
    uses[root.0 as usize] = 1;
    for i in (0..uses.len()).rev() {
        if uses[i] > 0 {
            let id = FormId(u32::try_from(i).unwrap_or(0));
            parts_of(forms.form(id)).iter().for_each(|p| uses[p.0 as usize] += 1);
        }
    }
    let whole = &forms.info(root).letters;
    let mut found: Vec<(u64, FormId)> = Vec::new();
    for (i, n) in uses.iter().enumerate().take(root.0 as usize) {
        let id = FormId(u32::try_from(i).unwrap_or(0));
        let info = forms.info(id);
        let gain = n.saturating_sub(1).saturating_mul(info.size);
        let fits = info.letters.iter().all(|l| whole.contains(l)) && !matches!(forms.form(id), Form::Subscript(..));
        // A denominator is no quantity of its own.
        let fits = fits && !matches!(forms.form(id), Form::Power(_, p) | Form::EntryPower(_, p) if p.is_negative());
        if *n > 1 && gain >= PAYS && fits && !forms.applies(id, &op::TRANSPOSE) && !forms.applies(id, &op::ONES) {
            found.push((gain, id));
        }
    }
    found.sort_by_key(|(gain, id)| (std::cmp::Reverse(*gain), *id));
    found.truncate(MOST_NAMES);
    let mut names: Vec<(FormId, Name)> = Vec::new();
    for (_, id) in found {
        let info = forms.info(id);
        let letters: &[&str] = match (info.row, info.col) {
            (true, true) => &["M", "N", "R", "P", "Q", "T", "U", "V"],
            (false, false) => &["c", "s", "t", "q", "p", "u", "v"],
            _ => &["r", "s", "u", "v", "z", "q", "p"],
        };
        let free = |l: &&&str| !taken(l) && !names.iter().any(|(_, n)| n.as_str() == **l);
        if let Some(letter) = letters.iter().find(free) {
            names.push((id, Name::from(*letter)));
        }
    }
    (!names.is_empty()).then(|| written(forms, root, &names))
}

fn written(forms: &Forms, root: FormId, names: &[(FormId, Name)]) -> Named {
    let mut needed = vec![false; root.0 as usize + 1];
    needed[root.0 as usize] = true;
    // Parts have smaller numbers than what they are part of.
    for i in (0..needed.len()).rev() {
        if needed[i] {
            let id = FormId(u32::try_from(i).unwrap_or(0));
            parts_of(forms.form(id)).iter().for_each(|p| needed[p.0 as usize] = true);
        }
    }
    let mut e = Emitter { forms, tree: Tree::new(), done: vec![None; needed.len()] };
    let mut parts = Vec::new();
    for (i, _) in needed.iter().enumerate().filter(|(_, n)| **n) {
        let id = FormId(u32::try_from(i).unwrap_or(0));
        let (negative, formula) = e.unsigned(id);
        e.done[i] = Some(match names.iter().find(|n| n.0 == id) {
            Some((_, name)) => {
                parts.push((name.clone(), formula));
                (negative, e.push(Kind::Symbol(name.clone())))
            }
            None => (negative, formula),
        });
    }
    e.tree.root = e.signed(root);
    Named { tree: e.tree, parts }
}

impl Emitter<'_> {
    fn push(&mut self, kind: Kind) -> ExprId {
        self.tree.push(kind, Span::default())
    }

    fn apply(&mut self, operator: Op, arguments: &[ExprId]) -> ExprId {
        self.tree.apply(operator, arguments.iter().copied(), Span::default())
    }

    fn number(&mut self, value: &Rational) -> ExprId {
        self.push(Kind::Number(value.clone()))
    }

    fn get(&mut self, id: FormId) -> (bool, ExprId) {
        match self.done[id.0 as usize] {
            Some(done) => done,
            None => (false, self.number(&Rational::ZERO)),
        }
    }

    fn signed(&mut self, id: FormId) -> ExprId {
        let (negative, e) = self.get(id);
        if negative { self.apply(&op::NEGATE, &[e]) } else { e }
    }

    fn all(&mut self, ids: &[FormId]) -> Vec<ExprId> {
        ids.iter().map(|i| self.signed(*i)).collect()
    }

    fn unsigned(&mut self, id: FormId) -> (bool, ExprId) {
        let forms = self.forms;
        let kind = match forms.form(id) {
            Form::Number(c) => return (c.is_negative(), self.number(&c.abs())),
            Form::Product { coefficient, scalars, chain } => {
                return (coefficient.is_negative(), self.product(&coefficient.abs(), scalars, chain));
            }
            Form::Sum(terms) => return (false, self.sum(terms)),
            Form::Hadamard(factors) => return (false, self.hadamard(Vec::new(), factors)),
            Form::Power(base, p) => return (false, self.power(*base, p)),
            Form::EntryPower(base, p) => return (false, self.entry_power(*base, p)),
            Form::Dots => Kind::Dots,
            Form::Constant(c) => Kind::Constant(*c),
            Form::Symbol(name, _) | Form::Dimension(name) | Form::Index(name) => Kind::Symbol(name.clone()),
            Form::Subscript(base, indices) => {
                let base = self.signed(*base);
                Kind::Subscript { base, indices: self.all(indices).into() }
            }
            Form::Apply(operator, arguments) => Kind::Apply { operator, arguments: self.all(arguments).into() },
            Form::Call(function, order, x) => {
                Kind::Call { function: function.clone(), order: *order, arguments: smallvec![self.signed(*x)] }
            }
            Form::Nabla(of, wrt, order) => {
                let style = crate::syntax::DerivativeStyle::Nabla { order: *order };
                let wrt = self.signed(*wrt);
                let wrt = std::iter::repeat_n(wrt, *order as usize).collect();
                Kind::Derivative { of: Some(self.signed(*of)), wrt, style }
            }
            Form::Bound { letter, lower, upper, body } => {
                let (lower, upper) = (Some(self.signed(*lower)), Some(self.signed(*upper)));
                let binder = Binder { lower, upper, ..Binder::over(letter.clone(), Span::default()) };
                Kind::Sum { binders: smallvec![binder], body: self.signed(*body) }
            }
        };
        (false, self.push(kind))
    }

    /// Terms in order, a positive one in front where there is one.
    fn sum(&mut self, terms: &FormIds) -> ExprId {
        let mut signed: Vec<(bool, ExprId)> = terms.iter().map(|t| self.get(*t)).collect();
        if let (Some((true, _)), Some(first)) = (signed.first(), signed.iter().position(|t| !t.0)) {
            let lead = signed.remove(first);
            signed.insert(0, lead);
        }
        let mut sum = None;
        for (negative, e) in signed {
            let term = if negative { self.apply(&op::NEGATE, &[e]) } else { e };
            sum = Some(match sum {
                Some(s) => self.apply(&op::ADD, &[s, term]),
                None => term,
            });
        }
        sum.unwrap_or_else(|| self.number(&Rational::ZERO))
    }

    fn fold(&mut self, operator: Op, factors: &[ExprId]) -> Option<ExprId> {
        let (first, rest) = factors.split_first()?;
        let mut all = *first;
        for f in rest {
            all = self.apply(operator, &[all, *f]);
        }
        Some(all)
    }

    /// Numbers, symbols, dimensions and other scalars, then the chain, over what has negative exponents.
    fn product(&mut self, coefficient: &Rational, scalars: &FormIds, chain: &FormIds) -> ExprId {
        let forms = self.forms;
        let mut sorted: Vec<FormId> = scalars.to_vec();
        sorted.sort_by_key(|s| class(forms, *s));
        // A sum over an index stands last, as a vector would.
        let sums = |s: &FormId| matches!(forms.form(*s), Form::Bound { .. });
        let mut chain = chain.clone();
        if let (true, Some(place), 1) =
            (chain.is_empty(), sorted.iter().position(sums), sorted.iter().filter(|s| sums(s)).count())
        {
            chain.push(sorted.remove(place));
        }
        let (below, above): (Vec<FormId>, Vec<FormId>) =
            sorted.into_iter().partition(|s| matches!(forms.form(*s), Form::Power(_, p) if p.is_negative()));
        let symbols: Vec<(FormId, Rational)> = below
            .iter()
            .map(|s| forms.as_power(*s))
            .filter(|(b, _)| matches!(forms.form(*b), Form::Symbol(..)))
            .collect();
        let below: Vec<ExprId> = below
            .iter()
            .filter_map(|s| if let Form::Power(base, p) = forms.form(*s) { Some(self.power(*base, &-p)) } else { None })
            .collect();
        if below.is_empty() {
            let above = self.numerator(coefficient, above, chain.is_empty());
            return self.behind(above, &chain);
        }
        let (over, under) = coefficient.parts();
        let (over, under) = (Rational::from_big(over.into()), Rational::from_big(under.into()));
        let mut denominator = below;
        if !under.is_one() {
            let c = self.number(&under);
            denominator.insert(0, c);
        }
        let bottom = self.fold(&op::MULTIPLY, &denominator).unwrap_or_else(|| self.number(&Rational::ONE));
        let weighs = above.iter().any(|s| matches!(forms.form(*s), Form::Product { .. } | Form::Sum(_)));
        let divided = |t: &FormId| forms.parts(*t).scalars.iter().any(|s| forms.as_power(*s).1.is_negative());
        let brackets = |f: &FormId| match forms.form(*f) {
            Form::Sum(terms) => terms.iter().any(divided),
            Form::Bound { .. } => true,
            _ => forms.applies(*f, &op::IDENTITY),
        };
        let apart = match chain.as_slice() {
            [only] => weighs || brackets(only),
            chain => weighs && !chain.is_empty(),
        };
        if !apart {
            let above = self.numerator(&over, above, chain.is_empty());
            let top = self.behind(above, &chain);
            return self.apply(&op::DIVIDE, &[top, bottom]);
        }
        if let ([only], [(base, p)], true) = (chain.as_slice(), symbols.as_slice(), above.is_empty() && under.is_one())
            && forms.applies(*only, &op::IDENTITY)
        {
            // β⁻¹ I
            let base = self.signed(*base);
            let exponent = self.number(p);
            let mut front = Vec::new();
            if !over.is_one() {
                front.push(self.number(&over));
            }
            front.push(self.apply(&op::POWER, &[base, exponent]));
            return self.behind(front, &chain);
        }
        // (aᵀ x/‖x‖²) x and 1/N ∑ x_i: a vector of which a scalar is divided stands behind the fraction.
        let bare = above.is_empty();
        let above = self.numerator(&over, above, true);
        let top = self.fold(&op::MULTIPLY, &above).unwrap_or_else(|| self.number(&Rational::ONE));
        let fraction = self.apply(&op::DIVIDE, &[top, bottom]);
        if !bare {
            self.tree.group(fraction);
        }
        self.behind(vec![fraction], &chain)
    }

    /// The number and the scalars of a product; where nothing follows, one product of vectors among them stands last
    /// without its brackets, and there is at least a number.
    fn numerator(&mut self, coefficient: &Rational, mut scalars: Vec<FormId>, alone: bool) -> Vec<ExprId> {
        let forms = self.forms;
        let inner = |s: &FormId| match forms.form(*s) {
            Form::Product { coefficient, scalars, chain } if coefficient.is_one() && scalars.is_empty() => Some(chain),
            _ => None,
        };
        let mut last = None;
        if alone && scalars.iter().filter(|s| inner(s).is_some()).count() == 1 {
            let place = scalars.iter().position(|s| inner(s).is_some());
            last = place.and_then(|i| inner(&scalars.remove(i)));
        }
        let mut all = self.all(&scalars);
        if !coefficient.is_one() || alone && all.is_empty() && last.is_none() {
            let c = self.number(coefficient);
            all.insert(0, c);
        }
        // A scalar that is a product of vectors keeps its brackets in front: (aᵀ x) x.
        let follows = !alone || last.is_some() || all.len() > 1;
        if let Some(first) = all.first().copied().filter(|_| follows)
            && self.tree.as_apply(first).is_some_and(|(o, _)| o == &op::MULTIPLY)
        {
            self.tree.group(first);
        }
        if let Some(chain) = last {
            all.extend(self.links(chain));
        }
        all
    }

    /// Scalars, and the chain behind them.
    fn behind(&mut self, mut front: Vec<ExprId>, chain: &[FormId]) -> ExprId {
        let forms = self.forms;
        match chain {
            [only] => match forms.form(*only) {
                Form::Hadamard(factors) => return self.hadamard(front, factors),
                Form::Apply(o, sides) if *o == &op::KRONECKER && !front.is_empty() => {
                    let (left, right) = (self.signed(sides[0]), self.signed(sides[1]));
                    front.push(self.apply(o, &[left, right]));
                }
                _ => front.push(self.signed(*only)),
            },
            _ => front.extend(self.links(chain)),
        }
        self.fold(&op::MULTIPLY, &front).unwrap_or_else(|| self.number(&Rational::ONE))
    }

    /// The factors of a chain; equal neighbours are a power.
    fn links(&mut self, chain: &[FormId]) -> Vec<ExprId> {
        let forms = self.forms;
        let mut links = Vec::new();
        let mut at = 0;
        while at < chain.len() {
            let run = chain[at..].iter().take_while(|f| **f == chain[at]).count();
            let apply = |f: FormId, o: Op| forms.as_apply(f).filter(|(p, _)| *p == o).map(|(_, a)| a[0]);
            let turned = apply(chain[at], &op::TRANSPOSE);
            let straight = turned.unwrap_or(chain[at]);
            let inverse = apply(straight, &op::INVERSE);
            let plain = matches!(forms.form(straight), Form::Symbol(..) | Form::Subscript(..) | Form::Sum(_));
            if run > 1 && (plain || turned.is_some() || inverse.is_some()) {
                // (X²)ᵀ, not (Xᵀ)².
                let base = self.signed(inverse.unwrap_or(straight));
                let run = i64::try_from(run).unwrap_or(i64::MAX);
                let exponent = self.number(&Rational::from(if inverse.is_some() { -run } else { run }));
                let power = self.apply(&op::POWER, &[base, exponent]);
                links.push(if turned.is_some() { self.apply(&op::TRANSPOSE, &[power]) } else { power });
            } else {
                let e = self.signed(chain[at]);
                links.extend(std::iter::repeat_n(e, run));
            }
            at += run;
        }
        links
    }

    /// An entrywise product behind scalars; a number alone joins the first factor.
    fn hadamard(&mut self, mut front: Vec<ExprId>, factors: &FormIds) -> ExprId {
        let forms = self.forms;
        let (below, above): (FormIds, FormIds) =
            factors.iter().copied().partition(|f| matches!(forms.form(*f), Form::EntryPower(_, p) if p.is_negative()));
        let mut above = above;
        above.sort_by_key(|f| entry_class(forms, *f));
        let mut all = None;
        for f in &above {
            let e = self.signed(*f);
            let chained = matches!(forms.form(*f), Form::Product { .. });
            let number = front.first().is_some_and(|n| matches!(self.tree.kind(*n), Kind::Number(_)));
            all = Some(match all {
                None if front.len() == 1 && number && !chained => {
                    let number = front.remove(0);
                    self.apply(&op::MULTIPLY, &[number, e])
                }
                None => e,
                Some(all) => self.apply(&op::HADAMARD, &[all, e]),
            });
        }
        let mut all = match all {
            Some(e) => e,
            None => self.number(&Rational::ONE),
        };
        for f in &below {
            if let Form::EntryPower(base, p) = forms.form(*f) {
                let e = self.entry_power(*base, &-p);
                all = self.apply(&op::HADAMARD_DIVIDE, &[all, e]);
            }
        }
        match self.fold(&op::MULTIPLY, &front) {
            Some(front) => self.apply(&op::MULTIPLY, &[front, all]),
            None => all,
        }
    }

    fn power(&mut self, base: FormId, p: &Rational) -> ExprId {
        if p.is_negative() {
            let one = self.number(&Rational::ONE);
            let under = self.power(base, &-p);
            return self.apply(&op::DIVIDE, &[one, under]);
        }
        let e = self.signed(base);
        if p.is_one() {
            e
        } else if Some(p) == Rational::new(1, 2).as_ref() {
            self.apply(&op::SQRT, &[e])
        } else {
            let exponent = self.number(p);
            self.apply(&op::POWER, &[e, exponent])
        }
    }

    fn entry_power(&mut self, base: FormId, p: &Rational) -> ExprId {
        if p.is_negative() {
            let one = self.number(&Rational::ONE);
            let under = self.entry_power(base, &-p);
            return self.apply(&op::HADAMARD_DIVIDE, &[one, under]);
        }
        let e = self.signed(base);
        if p.is_one() {
            e
        } else if Some(p) == Rational::new(1, 2).as_ref() {
            self.apply(&op::SQRT, &[e])
        } else {
            let exponent = self.number(p);
            self.apply(&op::HADAMARD_POWER, &[e, exponent])
        }
    }
}

/// Names before dimensions before anything else.
fn class(forms: &Forms, s: FormId) -> u8 {
    match forms.form(s) {
        Form::Symbol(..) | Form::Constant(_) => 0,
        Form::Dimension(_) => 1,
        Form::Power(base, _) => class(forms, *base),
        _ => 2,
    }
}

/// Among entrywise factors names come first and slopes last: a ⊙ f(x) ⊙ (1 − tanh(x)²).
fn entry_class(forms: &Forms, f: FormId) -> u8 {
    match forms.form(f) {
        Form::Symbol(..) | Form::Subscript(..) => 0,
        Form::EntryPower(base, _) if matches!(forms.form(*base), Form::Symbol(..) | Form::Subscript(..)) => 0,
        Form::Apply(o, a) if *o == &op::TRANSPOSE => entry_class(forms, a[0]),
        Form::Apply(o, _) if [&op::GREATER, &op::GREATER_EQUAL, &op::EQUAL].contains(o) => 2,
        Form::Call(_, order, _) if *order > 0 => 2,
        // One minus a function, or minus its square.
        Form::Sum(terms) if terms.len() == 2 && matches!(forms.form(terms[0]), Form::Number(_)) => {
            let parts = forms.parts(terms[1]);
            let base = parts.chain.as_slice().first().map(|x| forms.as_entry_power(*x).0);
            let function = |x: FormId| forms.as_apply(x).is_some_and(|(o, a)| a.len() == 1 && o != &op::TRANSPOSE);
            if parts.chain.len() == 1 && base.is_some_and(function) { 2 } else { 1 }
        }
        _ => 1,
    }
}
