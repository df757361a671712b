//! Formulas under construction: an arena in which every formula is stored once.
//!
//! Equal formulas have equal numbers, so that `v ⊙ v`, `xᵀx` and symmetric sums are recognised by comparing numbers.

use super::compose::Parts;
use crate::number::Rational;
use crate::operator::{self as op, Op};
use crate::syntax::{Constant, Name};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

/// A formula of [`Forms`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct FormId(pub(super) u32);

pub(super) type FormIds = SmallVec<[FormId; 2]>;

/// What a formula is. Products and sums are kept flat, and take their order and signs only when they are written.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Form {
    /// A rational scalar.
    Number(Rational),
    /// π or e.
    Constant(Constant),
    /// A declared name, and whether it has rows and columns: one name may be a vector and a family.
    Symbol(Name, (bool, bool)),
    /// A named integer as a scalar.
    Dimension(Name),
    /// An index letter.
    Index(Name),
    /// What no notation can write.
    Dots,
    /// A member, an entry of a member, or an entry.
    Subscript(FormId, FormIds),
    /// An operator of the table.
    Apply(Op, FormIds),
    /// A function known only by name, or its derivative of that order.
    Call(Name, u8, FormId),
    /// The derivative of that order of the first by the second.
    Nabla(FormId, FormId, u8),
    /// A sum; signs are in the coefficients of its terms.
    Sum(FormIds),
    /// A coefficient, scalars, and a chain of vectors and matrices multiplied by rows and columns.
    Product {
        /// The rational in front.
        coefficient: Rational,
        /// Scalar factors, which may be powers with negative exponents.
        scalars: FormIds,
        /// The matrix product; empty for a scalar.
        chain: FormIds,
    },
    /// An entrywise product; factors may be entrywise powers with negative exponents.
    Hadamard(FormIds),
    /// A scalar to a rational power.
    Power(FormId, Rational),
    /// A tensor to a rational power, entry by entry.
    EntryPower(FormId, Rational),
    /// A sum over an index.
    Bound {
        /// The index.
        letter: Name,
        /// First value.
        lower: FormId,
        /// Last value.
        upper: FormId,
        /// What is summed.
        body: FormId,
    },
}

/// What is known of a formula beyond its parts.
#[derive(Clone, Default, Debug)]
pub(super) struct Info {
    /// Whether it has rows.
    pub(super) row: bool,
    /// Whether it has columns.
    pub(super) col: bool,
    /// Index letters free in it, sorted.
    pub(super) letters: SmallVec<[Name; 2]>,
    /// Index letters bound in it, sorted.
    pub(super) bound: SmallVec<[Name; 2]>,
    /// How many transposes are written in it.
    pub(super) transposes: u32,
    /// How many symbols are written in it.
    pub(super) size: u64,
}

impl Info {
    pub(super) fn is_scalar(&self) -> bool {
        !self.row && !self.col
    }

    fn take(&mut self, other: &Info) {
        merge(&mut self.letters, &other.letters);
        merge(&mut self.bound, &other.bound);
        self.transposes = self.transposes.saturating_add(other.transposes);
        self.size = self.size.saturating_add(other.size);
    }
}

fn merge(into: &mut SmallVec<[Name; 2]>, from: &[Name]) {
    for name in from {
        if let Err(place) = into.binary_search(name) {
            into.insert(place, name.clone());
        }
    }
}

/// How far sums are put in brackets.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub enum Style {
    /// Shared factors stand before a bracket; coefficients where they have one denominator.
    #[default]
    Natural,
    /// Coefficients always stand before the bracket.
    Factored,
    /// Products are multiplied out.
    Expanded,
    /// Every term stands for itself, as it was derived.
    Separate,
}

/// The arena.
#[derive(Default)]
pub(super) struct Forms {
    pub(super) style: Style,
    /// Whether a product is being multiplied out: what comes of it is not multiplied out again.
    pub(super) spreading: bool,
    forms: IndexSet<Form, FxBuildHasher>,
    infos: Vec<Info>,
    /// Formulas that equal their transposes by declaration.
    pub(super) symmetric: FxHashSet<FormId>,
    /// Transposes and entries already made: formulas share their parts, and recursion must not undo that.
    pub(super) transposes: FxHashMap<FormId, FormId>,
    pub(super) entries: FxHashMap<(FormId, FormIds), FormId>,
    /// Sums by their terms in the order of their numbers.
    pub(super) sums: FxHashMap<FormIds, FormId>,
    /// Entrywise products likewise.
    pub(super) hadamards: FxHashMap<FormIds, FormId>,
    /// Ones of the rows and of the columns that formulas are known to have.
    pub(super) sizes: FxHashMap<FormId, (Option<FormId>, Option<FormId>)>,
}

impl Forms {
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    pub(super) fn form(&self, id: FormId) -> &Form {
        &self.forms[id.0 as usize]
    }

    pub(super) fn info(&self, id: FormId) -> &Info {
        &self.infos[id.0 as usize]
    }

    pub(super) fn is_scalar(&self, id: FormId) -> bool {
        self.info(id).is_scalar()
    }

    /// Stores a formula; `row` and `col` say what axes it has.
    pub(super) fn add(&mut self, form: Form, row: bool, col: bool) -> FormId {
        if let Some(index) = self.forms.get_index_of(&form) {
            return FormId(u32::try_from(index).unwrap_or(u32::MAX));
        }
        let mut info = Info { row, col, size: 1, ..Info::default() };
        for part in parts_of(&form) {
            let other = self.infos[part.0 as usize].clone();
            info.take(&other);
        }
        match &form {
            Form::Index(letter) => merge(&mut info.letters, std::slice::from_ref(letter)),
            Form::Bound { letter, .. } => {
                info.letters.retain(|l| l != letter);
                merge(&mut info.bound, std::slice::from_ref(letter));
            }
            Form::Apply(operator, _) if *operator == &op::TRANSPOSE => info.transposes += 1,
            // Nobody likes to read them.
            Form::Apply(operator, _) if *operator == &op::ONES => info.size += 3,
            _ => {}
        }
        self.infos.push(info);
        FormId(u32::try_from(self.forms.insert_full(form).0).unwrap_or(u32::MAX))
    }

    pub(super) fn number(&mut self, value: &Rational) -> FormId {
        self.add(Form::Number(value.clone()), false, false)
    }

    pub(super) fn one(&mut self) -> FormId {
        self.number(&Rational::ONE)
    }

    pub(super) fn index(&mut self, letter: &Name) -> FormId {
        self.add(Form::Index(letter.clone()), false, false)
    }

    /// An operator on one argument, whose result has the argument's rows and columns.
    pub(super) fn map(&mut self, operator: Op, argument: FormId) -> FormId {
        let (row, col) = (self.info(argument).row, self.info(argument).col);
        self.add(Form::Apply(operator, smallvec![argument]), row, col)
    }

    /// An operator that makes a scalar.
    pub(super) fn scalar(&mut self, operator: Op, arguments: &[FormId]) -> FormId {
        self.add(Form::Apply(operator, arguments.into()), false, false)
    }

    /// The vector of ones of that length.
    pub(super) fn ones(&mut self, size: FormId) -> FormId {
        self.add(Form::Apply(&op::ONES, smallvec![size]), true, false)
    }

    /// The identity of that size.
    pub(super) fn identity(&mut self, size: FormId) -> FormId {
        self.add(Form::Apply(&op::IDENTITY, smallvec![size]), true, true)
    }

    /// The sum over an index; what does not depend on it stands before the sign.
    pub(super) fn bind(&mut self, letter: &Name, lower: FormId, upper: FormId, body: FormId) -> FormId {
        let mut parts = self.parts(body);
        if !self.mentions(body, letter) {
            // Nothing depends on the index: the sum counts its values.
            let minus = self.scale(&Rational::MINUS_ONE, lower);
            let one = self.one();
            let count = self.sum(&[upper, minus, one]);
            return self.product(&[count, body]);
        }
        let moves = |f: &FormId| !self.mentions(*f, letter);
        let (outside, inside): (FormIds, FormIds) = parts.scalars.iter().copied().partition(moves);
        let coefficient = parts.coefficient.take().filter(|c| !c.is_one());
        let something = !inside.is_empty() || !parts.chain.is_empty();
        if something && (coefficient.is_some() || !outside.is_empty()) {
            let body = self.assemble(Parts { coefficient: None, scalars: inside, chain: parts.chain });
            let sum = self.bind(letter, lower, upper, body);
            let mut front = Parts { coefficient, scalars: outside, chain: FormIds::new() };
            if self.is_scalar(sum) {
                front.scalars.push(sum);
            } else {
                front.chain.push(sum);
            }
            return self.assemble(front);
        }
        let (row, col) = (self.info(body).row, self.info(body).col);
        self.add(Form::Bound { letter: letter.clone(), lower, upper, body }, row, col)
    }

    /// Whether a letter occurs in a formula, as an index or as an integer.
    fn mentions(&self, id: FormId, letter: &Name) -> bool {
        let mut stack = vec![id];
        let mut seen = FxHashSet::default();
        while let Some(id) = stack.pop() {
            let form = self.form(id);
            if matches!(form, Form::Index(l) | Form::Dimension(l) if l == letter) {
                return true;
            }
            stack.extend(parts_of(form).into_iter().filter(|p| seen.insert(*p)));
        }
        false
    }

    /// The operator and arguments, where the formula applies one.
    pub(super) fn as_apply(&self, id: FormId) -> Option<(Op, &[FormId])> {
        match self.form(id) {
            Form::Apply(operator, arguments) => Some((*operator, arguments)),
            _ => None,
        }
    }

    /// Whether the formula applies that operator.
    pub(super) fn applies(&self, id: FormId, operator: Op) -> bool {
        self.as_apply(id).is_some_and(|(o, _)| o == operator)
    }
}

/// The formulas that a formula is made of.
pub(super) fn parts_of(form: &Form) -> FormIds {
    match form {
        Form::Number(_) | Form::Constant(_) | Form::Symbol(..) | Form::Dimension(_) | Form::Index(_) | Form::Dots => {
            smallvec![]
        }
        Form::Subscript(base, indices) => std::iter::once(*base).chain(indices.iter().copied()).collect(),
        Form::Apply(_, arguments) => arguments.clone(),
        Form::Call(_, _, x) | Form::Power(x, _) | Form::EntryPower(x, _) => smallvec![*x],
        Form::Nabla(of, wrt, _) => smallvec![*of, *wrt],
        Form::Sum(terms) | Form::Hadamard(terms) => terms.clone(),
        Form::Product { scalars, chain, .. } => scalars.iter().chain(chain).copied().collect(),
        Form::Bound { lower, upper, body, .. } => smallvec![*lower, *upper, *body],
    }
}
