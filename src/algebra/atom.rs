//! Atoms: what networks are made of, and what is known of each.

use super::form::{BOUND, FormId, Forms, hash_of, mix};
use crate::dimension::{IntVar, Poly};
use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Axes, Function, FunctionId, Pattern, Property, VariableId};
use smallvec::{SmallVec, smallvec};

/// What a network is made of. Arguments are normal forms themselves.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Atom {
    /// A declared symbol.
    Variable(VariableId),
    /// A named integer.
    Integer(IntVar),
    /// A positive integer, for its roots.
    Number(Rational),
    /// π or e.
    Constant(Constant),
    /// The entries of a sum, for their powers; of a scalar network also with power one.
    Base(FormId),
    /// A function of every entry.
    Map(Function, FormId),
    /// base^exponent entry by entry, coefficient of the exponent one.
    Raised(FormId, FormId),
    /// An integer power of the matrices on the last two axes; the inverse is the power −1.
    MatrixPower(FormId, Poly),
    /// Determinants of the matrices on the last two axes.
    Determinant(FormId),
    /// A function known only by name, or a derivative of it.
    Unknown(FunctionId, u8, u8, FormId),
    /// A fixed tensor.
    Pattern(Pattern),
    /// 1 where the first axis counts the others, the first of them slowest.
    Fusion(Axes),
}

/// Marks on atoms: which rules may apply to a network that contains it.
pub(super) mod mark {
    /// Last two axes interchangeable.
    pub(in crate::algebra) const SYMMETRIC: u32 = 1;
    /// Zero where the last two labels differ.
    pub(in crate::algebra) const DIAGONAL: u32 = 1 << 1;
    /// QᵀQ = I.
    pub(in crate::algebra) const ORTHOGONAL: u32 = 1 << 2;
    /// The last axis sums to one.
    pub(in crate::algebra) const SUMS_TO_ONE: u32 = 1 << 3;
    /// One 1 along the last axis, else 0.
    pub(in crate::algebra) const ONE_HOT: u32 = 1 << 4;
    /// Entries ±1.
    pub(in crate::algebra) const UNIT: u32 = 1 << 5;
    /// Entries 0 or 1.
    pub(in crate::algebra) const BINARY: u32 = 1 << 6;
    /// The sine.
    pub(in crate::algebra) const SINE: u32 = 1 << 7;
    /// A sum, or a network with axes, to some power.
    pub(in crate::algebra) const BASE: u32 = 1 << 8;
    /// A power of a matrix.
    pub(in crate::algebra) const MATRIX: u32 = 1 << 9;
    /// A fusion of axes.
    pub(in crate::algebra) const FUSION: u32 = 1 << 10;
    /// A number.
    pub(in crate::algebra) const NUMBER: u32 = 1 << 11;
    /// Outside the fragment in which the normal form is complete.
    pub(in crate::algebra) const INCOMPLETE: u32 = 1 << 30;
}

/// What is known of an atom.
#[derive(Clone, Debug)]
pub(super) struct Info {
    pub(super) axes: Axes,
    /// A hash of what it is; it does not depend on the order in which atoms were met.
    pub(super) key: u64,
    pub(super) marks: u32,
    pub(super) positive: bool,
    pub(super) nonnegative: bool,
    /// The named integers in it that are not bound inside.
    pub(super) integers: SmallVec<[IntVar; 2]>,
}

impl Forms<'_> {
    /// Derives what is known of an atom.
    pub(super) fn describe(&self, atom: &Atom) -> Info {
        let mut info = Info {
            axes: Axes::new(),
            key: 0,
            marks: mark::INCOMPLETE,
            positive: false,
            nonnegative: false,
            integers: SmallVec::new(),
        };
        match atom {
            Atom::Variable(v) => self.describe_variable(*v, &mut info),
            Atom::Integer(v) => {
                info.key = mix(2, u64::from(v.0));
                info.marks = 0;
                info.integers.push(*v);
            }
            Atom::Number(r) => {
                info.key = mix(3, hash_of(r));
                info.marks |= mark::NUMBER;
                info.positive = true;
            }
            Atom::Constant(c) => {
                info.key = mix(4, if *c == Constant::Pi { 1 } else { 2 });
                info.positive = true;
            }
            Atom::Base(f) => {
                info.key = mix(5, self.form_key(*f));
                self.inherit(*f, &mut info);
                info.marks = self.incompleteness(*f);
                if self.form(*f).terms.len() != 1 || !info.axes.is_empty() {
                    info.marks |= mark::BASE | mark::INCOMPLETE;
                }
                if self.is_symmetric(*f) {
                    info.marks |= mark::SYMMETRIC;
                }
                (info.nonnegative, info.positive) = self.sign(*f);
            }
            Atom::Map(g, f) => {
                info.key = mix(mix(6, self.function_key(g)), self.form_key(*f));
                self.inherit(*f, &mut info);
                if self.is_symmetric(*f) {
                    info.marks |= mark::SYMMETRIC;
                }
                match g {
                    Function::Exp | Function::Sigmoid | Function::Softplus | Function::Cosh => info.positive = true,
                    Function::Positive | Function::NonNegative | Function::Zero => {
                        info.marks |= mark::BINARY;
                        info.nonnegative = true;
                    }
                    Function::Relu | Function::Abs => info.nonnegative = true,
                    Function::Sin => info.marks |= mark::SINE,
                    Function::Log
                    | Function::Cos
                    | Function::Tan
                    | Function::Atan
                    | Function::Asin
                    | Function::Erf
                    | Function::Sinh
                    | Function::Tanh
                    | Function::Sign
                    | Function::Power(_)
                    | Function::Unknown(..) => {}
                }
            }
            Atom::Raised(b, e) => {
                info.key = mix(mix(7, self.form_key(*b)), self.form_key(*e));
                self.inherit(*b, &mut info);
                self.inherit(*e, &mut info);
                info.positive = self.sign(*b).1;
                // (−1)^n
                if self.as_number(*b).is_some_and(|c| c == crate::number::Rational::MINUS_ONE) {
                    info.marks |= mark::UNIT;
                }
            }
            Atom::MatrixPower(f, p) => {
                info.key = mix(mix(8, self.form_key(*f)), hash_of(p));
                self.inherit(*f, &mut info);
                info.integers.extend(p.variables());
                info.marks |= mark::MATRIX;
                if self.is_symmetric(*f) {
                    info.marks |= mark::SYMMETRIC;
                }
            }
            Atom::Determinant(f) => {
                info.key = mix(9, self.form_key(*f));
                self.inherit(*f, &mut info);
                let rank = info.axes.len().saturating_sub(2);
                info.axes.truncate(rank);
                if let Some(v) = self.lone_variable(*f) {
                    info.positive = self.has(v, Property::PositiveDefinite);
                    info.nonnegative = self.has(v, Property::PositiveSemidefinite);
                    if self.has(v, Property::Orthogonal) {
                        info.marks |= mark::UNIT;
                    }
                }
            }
            Atom::Unknown(g, order, batch, f) => {
                let name = hash_of(&self.store.function_name(*g).as_str());
                info.key = mix(mix(mix(10, name), u64::from(*order) << 8 | u64::from(*batch)), self.form_key(*f));
                self.inherit(*f, &mut info);
                let (batch, inner) = info.axes.split_at((*batch as usize).min(info.axes.len()));
                let mut axes: Axes = batch.into();
                (0..*order).for_each(|_| axes.extend_from_slice(inner));
                // A second derivative by a vector is symmetric.
                if *order == 2 && inner.len() == 1 {
                    info.marks |= mark::SYMMETRIC;
                }
                info.axes = axes;
            }
            Atom::Pattern(p) => {
                let (kind, axes, at): (u64, Axes, SmallVec<[&Poly; 2]>) = match p {
                    Pattern::Basis { dim, position } => (1, smallvec![*dim], smallvec![position]),
                    Pattern::Range { dim, lower, upper } => (2, smallvec![*dim], smallvec![lower, upper]),
                    Pattern::Count { dim } => (3, smallvec![*dim], smallvec![]),
                    Pattern::Shift { rows, cols, offset } => (4, smallvec![*rows, *cols], smallvec![offset]),
                    Pattern::Before { rows, cols } => (5, smallvec![*rows, *cols], smallvec![]),
                };
                info.key = at.iter().fold(mix(11, kind), |k, p| mix(k, hash_of(*p)));
                info.integers = at.iter().flat_map(|p| p.variables()).collect();
                info.axes = axes;
                if matches!(p, Pattern::Count { .. }) {
                    info.positive = true;
                } else {
                    info.marks |= mark::BINARY;
                    info.nonnegative = true;
                }
            }
            Atom::Fusion(parts) => {
                let product = parts.iter().fold(Poly::constant(1), |p, d| p.mul(self.store.poly(*d)));
                info.key = parts.iter().fold(12, |k, d| mix(k, hash_of(self.store.poly(*d))));
                // The fused axis has no number of its own here; nothing asks for it.
                info.key = mix(info.key, hash_of(&product));
                info.axes = parts.clone();
                info.marks |= mark::FUSION | mark::BINARY;
                info.nonnegative = true;
            }
        }
        info.nonnegative |= info.positive;
        info.integers.sort_unstable();
        info.integers.dedup();
        info
    }

    fn describe_variable(&self, v: VariableId, info: &mut Info) {
        let variable = self.store.variable(v);
        info.key = mix(1, hash_of(&variable.name.as_str()));
        info.axes = variable.axes.clone();
        info.marks = if variable.properties.is_empty() { 0 } else { mark::INCOMPLETE };
        let matrix = match info.axes.as_slice() {
            [.., a, b] => a == b,
            _ => false,
        };
        for p in &variable.properties {
            match p {
                Property::Positive => info.positive = true,
                Property::NonNegative => info.nonnegative = true,
                Property::NonZero | Property::Integer | Property::Invertible => {}
                Property::Probability => {
                    info.nonnegative = true;
                    if !info.axes.is_empty() {
                        info.marks |= mark::SUMS_TO_ONE;
                    }
                }
                Property::OneHot => {
                    info.nonnegative = true;
                    if !info.axes.is_empty() {
                        info.marks |= mark::SUMS_TO_ONE | mark::ONE_HOT | mark::BINARY;
                    }
                }
                Property::Sign => info.marks |= mark::UNIT,
                Property::Symmetric => info.marks |= if matrix { mark::SYMMETRIC } else { 0 },
                Property::Diagonal => info.marks |= if matrix { mark::DIAGONAL } else { 0 },
                Property::PositiveDefinite | Property::PositiveSemidefinite if matrix => {
                    info.marks |= mark::SYMMETRIC;
                }
                Property::PositiveDefinite => info.positive |= info.axes.is_empty(),
                Property::PositiveSemidefinite => info.nonnegative |= info.axes.is_empty(),
                Property::Orthogonal => info.marks |= if info.axes.len() >= 2 { mark::ORTHOGONAL } else { 0 },
            }
        }
    }

    /// Axes and integers of an argument.
    fn inherit(&self, f: FormId, info: &mut Info) {
        let form = self.form(f);
        info.axes = form.axes.clone();
        for (m, _) in &form.terms {
            let mono = self.mono(*m);
            let inner = mono.factors.iter().flat_map(|x| self.info(x.atom).integers.iter().copied());
            // What a range binds is bound here.
            let bound = mono.range.is_some();
            info.integers.extend(inner.filter(|v| !(bound && *v == BOUND)));
            info.integers.extend(mono.range.iter().flat_map(Poly::variables));
        }
    }

    /// The mark of incompleteness, where an atom of the form has it.
    pub(super) fn incompleteness(&self, f: FormId) -> u32 {
        let inside = |m: &super::form::Mono| {
            m.range.is_some() || m.factors.iter().any(|x| self.info(x.atom).marks & mark::INCOMPLETE != 0)
        };
        if self.form(f).terms.iter().any(|t| inside(self.mono(t.0))) { mark::INCOMPLETE } else { 0 }
    }

    pub(super) fn has(&self, v: VariableId, p: Property) -> bool {
        self.store.variable(v).properties.contains(&p)
    }

    /// The variable, where a form is one without family, axes in either order.
    pub(super) fn lone_variable(&self, f: FormId) -> Option<VariableId> {
        match self.form(f).terms.as_slice() {
            [(m, c)] if c.is_one() => match self.mono(*m).factors.as_slice() {
                [x] if x.power.is_one() && matches!(x.labels.as_slice(), [0, 1] | [1, 0]) => match self.atom_of(x.atom)
                {
                    Atom::Variable(v) => Some(*v),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether every entry is provably at least zero, and above zero.
    pub(super) fn sign(&self, f: FormId) -> (bool, bool) {
        let form = self.form(f);
        let mut any = false;
        for (m, c) in &form.terms {
            let mono = self.mono(*m);
            let even = |p: &Rational| p.to_integer().is_some_and(|p| p % 2 == 0);
            if c.is_negative() || mono.factors.iter().any(|x| !self.info(x.atom).nonnegative && !even(&x.power)) {
                return (false, false);
            }
            any |= mono.is_plain() && mono.range.is_none() && mono.factors.iter().all(|x| self.info(x.atom).positive);
        }
        (true, any)
    }

    fn function_key(&self, g: &Function) -> u64 {
        match g {
            Function::Unknown(id, order) => {
                mix(mix(0x77, hash_of(&self.store.function_name(*id).as_str())), u64::from(*order))
            }
            Function::Power(p) => mix(0x78, hash_of(p)),
            Function::Exp => 1,
            Function::Log => 2,
            Function::Sin => 3,
            Function::Cos => 4,
            Function::Tan => 5,
            Function::Sinh => 6,
            Function::Cosh => 7,
            Function::Tanh => 8,
            Function::Sigmoid => 9,
            Function::Softplus => 10,
            Function::Relu => 11,
            Function::Abs => 12,
            Function::Sign => 13,
            Function::Positive => 14,
            Function::NonNegative => 15,
            Function::Zero => 16,
            Function::Atan => 17,
            Function::Asin => 18,
            Function::Erf => 19,
        }
    }
}
