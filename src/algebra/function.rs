//! Elementwise functions of normal forms.
//!
//! Where functions that exp can express meet exp or each other, all are written with exp:
//! σ(x) = 1 − 1/(1 + eˣ), tanh x = 1 − 2/(1 + e²ˣ), softplus x = log(1 + eˣ). Where only one of them occurs it stays
//! an atom, brought to one sign: tanh(−x) = −tanh x, σ(−x) = 1 − σ(x).

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{FormId, Forms, Mono};
use super::raw::{Raw, counted, label};
use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Axes, Function, Labels, Node, NodeId, Store};
use smallvec::{SmallVec, smallvec};

/// Which functions are written with which others.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Functions {
    /// Everything that exp can express is expressed by it.
    pub(super) exponential: bool,
}

impl Default for Functions {
    fn default() -> Self {
        Self { exponential: true }
    }
}

impl Functions {
    /// What to do where only these nodes are compared.
    pub(super) fn of(store: &Store, roots: &[NodeId]) -> Self {
        let mut all: SmallVec<[&Function; 8]> = SmallVec::new();
        all.extend(store.reachable(roots).iter().filter_map(|id| match store.node(*id) {
            Node::Map(f, _) => Some(f),
            _ => None,
        }));
        let has = |f: Function| all.contains(&&f);
        let logistic = has(Function::Sigmoid) || has(Function::Softplus);
        let exponential = has(Function::Sinh)
            || has(Function::Cosh)
            || (has(Function::Exp) && (logistic || has(Function::Tanh)))
            || (has(Function::Tanh) && logistic)
            || (has(Function::Log) && has(Function::Softplus));
        Self { exponential }
    }
}

impl Forms<'_> {
    /// A function of every entry.
    pub(super) fn map(&mut self, g: &Function, f: FormId) -> Result<FormId, StopReason> {
        self.spend()?;
        if let Function::Power(p) = g {
            return self.entrywise_power(f, p);
        }
        let axes = self.form(f).axes.clone();
        // Axes along which all entries are equal are put on again afterwards.
        let used: Labels = (0..axes.len()).filter(|i| self.depends(f, *i)).map(label).collect();
        if used.len() < axes.len() {
            let inner_axes: Axes = used.iter().map(|l| axes[*l as usize]).collect();
            let inner = self.restrict(f, &used, &inner_axes)?;
            let value = self.map(g, inner)?;
            return self.contract(&[(value, used)], &counted(axes.len()), &axes);
        }
        let (f, transposed) = self.oriented(f)?;
        let value = self.map_oriented(g, f)?;
        if transposed { self.transpose(value) } else { Ok(value) }
    }

    /// Whether the entries differ along an axis.
    fn depends(&self, f: FormId, axis: usize) -> bool {
        self.form(f).terms.iter().any(|t| {
            let m = self.mono(t.0);
            let l = m.out[axis];
            m.factors.iter().any(|x| x.labels.contains(&l)) || m.out.iter().filter(|o| **o == l).count() > 1
        })
    }

    /// The form without the axes along which it does not vary.
    fn restrict(&mut self, f: FormId, used: &[u16], axes: &Axes) -> Result<FormId, StopReason> {
        let mut raws = Vec::new();
        for (m, c) in &self.form(f).terms {
            let mono = self.mono(*m);
            let mut short: Mono = mono.clone();
            short.out = used.iter().map(|l| mono.out[*l as usize]).collect();
            let mut raw = Raw::new(&counted(axes.len()), axes);
            // The labels that fall away are not summed: nothing stands on them.
            let gone: SmallVec<[u16; 4]> = mono.out.iter().copied().filter(|l| !short.out.contains(l)).collect();
            let before = raw.dims.len();
            raw.push(&short, &counted(axes.len()), None)?;
            let mut fresh = before;
            for l in 0..mono.dims.len() {
                if !short.out.contains(&label(l)) {
                    if gone.contains(&label(l)) {
                        raw.drop_label(label(fresh));
                    }
                    fresh += 1;
                }
            }
            raw.coefficient = c.clone();
            raws.push(raw);
        }
        self.collect(axes.clone(), raws)
    }

    fn map_oriented(&mut self, g: &Function, f: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        let negative = self.form(f).terms.first().is_some_and(|t| t.1.is_negative());
        let generic = matches!(g, Function::Sign | Function::NonNegative) && self.is_generic(f)?;
        match g {
            Function::Exp => self.exponential(f),
            Function::Log => self.logarithm(f),
            // relu x = x [x > 0]
            Function::Relu => {
                let positive = self.positive_part(f)?;
                self.entrywise(&[f, positive])
            }
            // |x| = x sign x = 2 x [x > 0] − x
            Function::Abs => {
                let positive = self.positive_part(f)?;
                let x = self.entrywise(&[f, positive])?;
                self.linear(axes, &[(Rational::from(2), x), (Rational::MINUS_ONE, f)])
            }
            // sign x = 2 [x > 0] − 1 away from 0
            Function::Sign if generic || self.sign(f).1 => {
                let positive = self.positive_part(f)?;
                self.affine(positive, 2, -1)
            }
            // [x ≥ 0] = [x > 0] away from 0
            Function::NonNegative if generic => self.positive_part(f),
            Function::Positive => self.positive_part(f),
            // sign(−x) = −sign x, and the same of the other odd functions; cos(−x) = cos x
            Function::Sign | Function::Sin | Function::Cos | Function::Atan | Function::Asin | Function::Erf
                if negative =>
            {
                let inner = self.affine(f, -1, 0)?;
                let value = self.map_oriented(g, inner)?;
                if *g == Function::Cos { Ok(value) } else { self.affine(value, -1, 0) }
            }
            // tan = sin / cos
            Function::Tan => {
                let sine = self.map_oriented(&Function::Sin, f)?;
                let cosine = self.map_oriented(&Function::Cos, f)?;
                let inverse = self.entrywise_power(cosine, &Rational::MINUS_ONE)?;
                self.entrywise(&[sine, inverse])
            }
            Function::Sigmoid | Function::Tanh | Function::Softplus | Function::Sinh | Function::Cosh => {
                self.logistic(g, f, negative)
            }
            Function::Power(p) => self.entrywise_power(f, p),
            // A multiple is zero where the thing itself is.
            Function::Zero => {
                let scale = self.form(f).terms.first().and_then(|t| t.1.recip()).unwrap_or(Rational::ONE);
                let inner = self.linear(axes.clone(), &[(scale, f)])?;
                self.oriented(inner)?;
                self.atom_form(Atom::Map(Function::Zero, inner), &axes, Rational::ONE)
            }
            Function::Sign
            | Function::Sin
            | Function::Cos
            | Function::Atan
            | Function::Asin
            | Function::Erf
            | Function::NonNegative
            | Function::Unknown(..) => self.atom_form(Atom::Map(g.clone(), f), &axes, Rational::ONE),
        }
    }

    fn logistic(&mut self, g: &Function, f: FormId, negative: bool) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        if self.arena.functions.exponential {
            let scale = if *g == Function::Tanh { 2 } else { 1 };
            let scaled = self.affine(f, scale, 0)?;
            let e = self.exponential(scaled)?;
            if matches!(g, Function::Sinh | Function::Cosh) {
                let inverse = self.entrywise_power(e, &Rational::MINUS_ONE)?;
                let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
                let other = if *g == Function::Sinh { -&half } else { half.clone() };
                return self.linear(axes, &[(half, e), (other, inverse)]);
            }
            let d = self.affine(e, 1, 1)?;
            if *g == Function::Softplus {
                return self.logarithm(d);
            }
            let s = self.entrywise_power(d, &Rational::MINUS_ONE)?;
            return self.affine(s, -scale, 1);
        }
        if !negative {
            return self.atom_form(Atom::Map(g.clone(), f), &axes, Rational::ONE);
        }
        let inner = self.affine(f, -1, 0)?;
        self.oriented(inner)?;
        let value = self.atom_form(Atom::Map(g.clone(), inner), &axes, Rational::ONE)?;
        match g {
            // σ(−x) = 1 − σ(x)
            Function::Sigmoid => self.affine(value, -1, 1),
            // softplus(−x) = softplus x − x
            Function::Softplus => self.linear(axes, &[(Rational::ONE, value), (Rational::ONE, f)]),
            Function::Cosh => Ok(value),
            _ => self.affine(value, -1, 0),
        }
    }

    /// a F + b, entry by entry.
    pub(super) fn affine(&mut self, f: FormId, a: i64, b: i64) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        if b == 0 {
            return self.linear(axes, &[(Rational::from(a), f)]);
        }
        let ones = self.collect(axes.clone(), vec![Raw::new(&counted(axes.len()), &axes)])?;
        self.linear(axes, &[(Rational::from(a), f), (Rational::from(b), ones)])
    }

    /// The entrywise product of forms with equal axes.
    pub(super) fn entrywise(&mut self, all: &[FormId]) -> Result<FormId, StopReason> {
        let axes = all.first().map(|f| self.form(*f).axes.clone()).unwrap_or_default();
        let parts: Vec<(FormId, Labels)> = all.iter().map(|f| (*f, counted(axes.len()))).collect();
        self.contract(&parts, &counted(axes.len()), &axes)
    }

    /// A rational scalar.
    pub(super) fn number_form(&mut self, c: &Rational) -> Result<FormId, StopReason> {
        let mut raw = Raw::new(&[], &[]);
        raw.coefficient = c.clone();
        self.collect(Axes::new(), vec![raw])
    }

    /// exp(Σ cᵢ mᵢ) = Π exp(mᵢ)^cᵢ
    fn exponential(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        let n = axes.len();
        let mut raw = Raw::new(&counted(n), &axes);
        let mut sums: Vec<(FormId, Labels)> = Vec::new();
        for (m, c) in self.form(f).terms.clone() {
            let mono = self.mono(m);
            if mono.factors.is_empty() && mono.is_plain() && mono.range.is_none() {
                let e = self.atom(Atom::Constant(Constant::Euler));
                raw.times(e, c, smallvec![]);
                continue;
            }
            // exp(c log x) = x^c, where log x is defined
            if let ([x], true) = (mono.factors.as_slice(), mono.is_plain() && !mono.has_sum())
                && let Atom::Map(Function::Log, inner) = *self.atom_of(x.atom)
                && x.power.is_one()
            {
                let labels = x.labels.clone();
                let value = self.entrywise_power(inner, &c)?;
                if let [(v, k)] = self.form(value).terms.clone().as_slice() {
                    raw.coefficient = &raw.coefficient * k;
                    raw.push(self.mono(*v), &labels, None)?;
                } else {
                    sums.push((value, labels));
                }
                continue;
            }
            let (atom, labels) = self.term_atom(m, |f| Atom::Map(Function::Exp, f))?;
            raw.times(atom, c, labels);
        }
        let product = self.collect(axes.clone(), vec![raw])?;
        if sums.is_empty() {
            return Ok(product);
        }
        sums.push((product, counted(n)));
        self.contract(&sums, &counted(n), &axes)
    }

    /// An atom made of one network, on the axes that it varies along.
    fn term_atom(
        &mut self,
        m: super::form::MonoId,
        make: impl Fn(FormId) -> Atom,
    ) -> Result<(super::form::AtomId, Labels), StopReason> {
        let f = self.single(m);
        let axes = self.form(f).axes.clone();
        let used: Labels = (0..axes.len()).filter(|i| self.depends(f, *i)).map(label).collect();
        let inner_axes: Axes = used.iter().map(|l| axes[*l as usize]).collect();
        let inner = if used.len() < axes.len() { self.restrict(f, &used, &inner_axes)? } else { f };
        let (inner, transposed) = self.oriented(inner)?;
        let mut labels = used;
        if transposed {
            let n = labels.len();
            labels.swap(n - 2, n - 1);
        }
        Ok((self.atom(make(inner)), labels))
    }

    /// [x > 0], with [c x > 0] = [x > 0] for c > 0 and, away from 0, [−x > 0] = 1 − [x > 0].
    fn positive_part(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        if self.sign(f).1 {
            return self.collect(axes.clone(), vec![Raw::new(&counted(axes.len()), &axes)]);
        }
        let Some((_, c)) = self.form(f).terms.first().cloned() else { return Ok(f) };
        let flipped = c.is_negative() && self.is_generic(f)?;
        let by = if flipped { c } else { c.abs() };
        let inner = self.linear(axes.clone(), &[(by.recip().unwrap_or(Rational::ONE), f)])?;
        // [x e^y > 0] = [x > 0]
        let inner = match self.opened(inner) {
            Some(mut raw) if self.form(inner).terms.iter().all(|t| self.mono(t.0).is_plain()) => {
                let open = counted(axes.len());
                raw.factors.retain(|x| !(self.info(x.atom).positive && x.labels.iter().all(|l| open.contains(l))));
                self.collect(axes.clone(), vec![raw])?
            }
            _ => inner,
        };
        self.oriented(inner)?;
        let value = self.atom_form(Atom::Map(Function::Positive, inner), &axes, Rational::ONE)?;
        if flipped { self.affine(value, -1, 1) } else { Ok(value) }
    }
}
