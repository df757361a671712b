//! Nodes seen with a role for each axis: rows, columns, or an index.

use super::compose::Parts;
use super::exponential::Softmaxes;
use super::form::{Form, FormId, FormIds, Forms};
use crate::dimension::{IntVar, Poly};
use crate::number::Rational;
use crate::operator::{self as op, Op};
use crate::syntax::Name;
use crate::tensor::{Function, Node, NodeId, Pattern, Store, VariableId};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

/// What an axis of a node is in the formula.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Role {
    /// The rows.
    Row,
    /// The columns.
    Col,
    /// An index: the formula is that of the entries at it.
    At(FormId),
}

pub(super) type Roles = SmallVec<[Role; 4]>;

/// How contractions are written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Mode {
    /// As matrix products where that is possible.
    Natural,
    /// With indices and sums.
    Index,
    /// As matrix products even where an axis counts the members of a family: the last resort.
    Stacked,
}

/// The work of raising one value.
pub(super) struct Raiser<'a> {
    pub(super) store: &'a mut Store,
    pub(super) names: &'a dyn Fn(IntVar) -> String,
    pub(super) forms: Forms,
    pub(super) mode: Mode,
    /// Letters bound around the node at hand.
    pub(super) scope: Vec<Name>,
    /// Names that no index letter may take.
    pub(super) taken: FxHashSet<Name>,
    pub(super) members: FxHashMap<NodeId, u32>,
    pub(super) softmaxes: Softmaxes,
    memo: FxHashMap<(NodeId, Roles, Mode), Vec<FormId>>,
    failed: FxHashSet<(NodeId, Roles, Mode)>,
    depth: usize,
}

/// Deeper than this, index notation gives way to entries of what was raised before.
const DEEPEST_INDEX: usize = 60;
/// The guard against a stack overflow. Large graphs are raised operands first, so that only a nest of sums over the
/// same family can come near.
const DEEPEST: usize = 400;
/// Index notation repeats what matrix notation shares; past this many formulas entries of matrices are written instead.
const INDEX_BUDGET: usize = 20_000;

impl<'a> Raiser<'a> {
    pub(super) fn new(store: &'a mut Store, names: &'a dyn Fn(IntVar) -> String, mode: Mode) -> Self {
        Self {
            store,
            names,
            forms: Forms::default(),
            mode,
            scope: Vec::new(),
            taken: FxHashSet::default(),
            members: FxHashMap::default(),
            softmaxes: Softmaxes::default(),
            memo: FxHashMap::default(),
            failed: FxHashSet::default(),
            depth: 0,
        }
    }

    /// The formula of a node; nothing where no notation has the roles as asked. Entries always have one.
    pub(super) fn view(&mut self, node: NodeId, roles: &[Role]) -> Option<FormId> {
        let row = roles.iter().position(|r| *r == Role::Row);
        let col = roles.iter().position(|r| *r == Role::Col);
        let turn = match (row, col) {
            (None, Some(_)) => true,
            (Some(r), Some(c)) => c < r,
            _ => false,
        };
        if !turn {
            return self.upright(node, roles.into());
        }
        let turned = roles
            .iter()
            .map(|r| match r {
                Role::Row => Role::Col,
                Role::Col => Role::Row,
                Role::At(i) => Role::At(*i),
            })
            .collect();
        let form = self.upright(node, turned)?;
        Some(self.forms.transpose(form))
    }

    fn upright(&mut self, node: NodeId, roles: Roles) -> Option<FormId> {
        if self.mode == Mode::Index && (self.forms.len() > INDEX_BUDGET || self.depth > DEEPEST_INDEX) {
            self.mode = Mode::Natural;
            let form = self.upright(node, roles);
            self.mode = Mode::Index;
            return form;
        }
        let key = (node, roles, self.mode);
        if self.failed.contains(&key) {
            return None;
        }
        if let Some(known) = self.memo.get(&key) {
            let fits = |f: &&FormId| self.forms.info(**f).bound.iter().all(|b| !self.scope.contains(b));
            if let Some(form) = known.iter().find(fits) {
                return Some(*form);
            }
        }
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let form = self.build(node, &key.1);
        self.depth -= 1;
        if let Some(f) = form {
            self.remember_size(node, &key.1, f);
        }
        match form {
            Some(f) => self.memo.entry(key).or_default().push(f),
            None => {
                self.failed.insert(key);
            }
        }
        form
    }

    /// Notes the sizes of what was raised as a vector or matrix.
    fn remember_size(&mut self, node: NodeId, roles: &[Role], form: FormId) {
        if self.forms.sizes.contains_key(&form) || Self::indices(roles).is_some() {
            return;
        }
        let axes = self.store.axes(node).clone();
        let size = |r: &mut Self, role: Role| {
            let at = roles.iter().position(|x| *x == role)?;
            let p = r.store.poly(*axes.get(at)?).clone();
            Some(r.poly(&p))
        };
        let sizes = (size(self, Role::Row), size(self, Role::Col));
        self.forms.sizes.insert(form, sizes);
    }

    #[inline(never)]
    fn build(&mut self, node: NodeId, roles: &[Role]) -> Option<FormId> {
        match self.store.node(node) {
            Node::Variable(v) => {
                let v = *v;
                if let Some((z, axis)) = self.softmaxes.get(&v).copied() {
                    return self.softmax_view(z, axis, roles);
                }
                self.named(v, roles)
            }
            Node::Definition { name, body } => {
                let (name, body) = (*name, *body);
                let form = self.named(name, roles)?;
                if roles == [Role::Row, Role::Col] && !self.forms.symmetric.contains(&form) {
                    self.see_symmetry(form, body);
                }
                Some(form)
            }
            Node::Product(_) => self.product(node, roles),
            Node::Sum(terms) => {
                let terms = terms.clone();
                let mut forms = FormIds::new();
                for (c, x) in &terms {
                    let form = self.view(*x, roles)?;
                    forms.push(self.forms.scale(c, form));
                }
                Some(self.forms.sum(&forms))
            }
            Node::Zero(_) => Some(self.zero(node, roles)),
            Node::Map(f, x) => {
                let (f, x) = (f.clone(), *x);
                self.mapped(&f, x, roles)
            }
            Node::ScalarPower(x, y) => {
                let (x, y) = (*x, *y);
                let (base, exponent) = (self.view(x, roles)?, self.view(y, roles)?);
                let exponent = self.forms.ones_scalar(exponent).unwrap_or(exponent);
                let (row, col) = (self.forms.info(base).row, self.forms.info(base).col);
                let operator = if row || col { &op::HADAMARD_POWER } else { &op::POWER };
                Some(self.forms.add(Form::Apply(operator, smallvec![base, exponent]), row, col))
            }
            Node::MatrixPower(x, p) => {
                let (x, p) = (*x, p.clone());
                self.square_matrix(x, roles, |r, m| {
                    let exponent = r.poly(&p);
                    r.forms.add(Form::Apply(&op::POWER, smallvec![m, exponent]), true, true)
                })
            }
            Node::Inverse(x) => {
                let x = *x;
                self.square_matrix(x, roles, |r, m| r.inverse(m))
            }
            Node::Determinant(x) => {
                let x = *x;
                let m = self.inside(x, roles)?;
                Some(self.forms.scalar(&op::DETERMINANT, &[m]))
            }
            Node::Unknown { .. } => self.unknown(node, roles),
            Node::RangeSum { variable, lower, upper, body } => {
                let (variable, lower, upper, body) = (*variable, lower.clone(), upper.clone(), *body);
                let letter = Name::from((self.names)(variable));
                let (lower, upper) = (self.poly(&lower), self.poly(&upper));
                self.scope.push(letter.clone());
                let body = self.view(body, roles);
                self.scope.pop();
                Some(self.forms.bind(&letter, lower, upper, body?))
            }
            Node::Integer(p) => {
                let p = p.clone();
                Some(self.poly(&p))
            }
            Node::Constant(c) => Some(self.forms.add(Form::Constant(*c), false, false)),
            Node::Pattern(p) => {
                let p = p.clone();
                self.pattern(&p, roles)
            }
            Node::Fuse { .. } => self.fused(node, roles),
            Node::Split { argument, axis, factors } => {
                let (argument, axis, factors) = (*argument, *axis as usize, factors.clone());
                self.split(argument, axis, &factors, roles)
            }
        }
    }

    /// The indices, where every role is one.
    pub(super) fn indices(roles: &[Role]) -> Option<FormIds> {
        roles.iter().map(|r| if let Role::At(i) = r { Some(*i) } else { None }).collect()
    }

    /// A symbol, a member of a family, an entry of either.
    #[inline(never)]
    fn named(&mut self, id: VariableId, roles: &[Role]) -> Option<FormId> {
        let variable = self.store.variable(id).clone();
        let symbol = |row: bool, col: bool| Form::Symbol(variable.name.clone(), (row, col));
        let family = usize::from(variable.family.is_some() && self.mode != Mode::Stacked && !roles.is_empty());
        let (member, rest) = roles.split_at(family);
        let member = Self::indices(member)?;
        let shape = match rest {
            [] => (false, false),
            [Role::Row] => (true, false),
            [Role::Row, Role::Col] => (true, true),
            _ => {
                let entry = Self::indices(rest)?;
                let base = self.forms.add(symbol(true, rest.len() > 1), true, rest.len() > 1);
                let all = member.iter().chain(&entry).copied().collect();
                return Some(self.forms.add(Form::Subscript(base, all), false, false));
            }
        };
        let lies = variable.is_row && shape == (true, false);
        let (row, col) = if lies { (false, true) } else { shape };
        let form = if member.is_empty() {
            self.forms.add(symbol(row, col), row, col)
        } else {
            // The base of a family is no matrix; its shape is never asked for.
            let base = self.forms.add(symbol(true, true), true, true);
            self.forms.add(Form::Subscript(base, member), row, col)
        };
        if lies {
            return Some(self.forms.transpose(form));
        }
        use crate::tensor::Property as P;
        let symmetric = [P::Symmetric, P::Diagonal, P::PositiveDefinite, P::PositiveSemidefinite];
        if shape.1 && symmetric.iter().any(|p| variable.properties.contains(p)) {
            self.forms.symmetric.insert(form);
        }
        Some(form)
    }

    /// A definition that equals its transpose by the way it is built is symmetric.
    #[inline(never)]
    fn see_symmetry(&mut self, name: FormId, body: NodeId) {
        if self.mode == Mode::Index {
            return;
        }
        if let Some(built) = self.view(body, &[Role::Row, Role::Col])
            && self.forms.transpose(built) == built
        {
            self.forms.symmetric.insert(name);
        }
    }

    #[inline(never)]
    fn zero(&mut self, node: NodeId, roles: &[Role]) -> FormId {
        let axes = self.store.axes(node).clone();
        let place = |role: Role| roles.iter().position(|r| *r == role).map(|i| axes[i]);
        let size = |r: &mut Self, d| {
            let p = r.store.poly(d).clone();
            r.poly(&p)
        };
        let Some(row) = place(Role::Row) else { return self.forms.number(&Rational::ZERO) };
        let rows = size(self, row);
        let zeros = self.forms.add(Form::Apply(&op::ZEROS, smallvec![rows]), true, false);
        match place(Role::Col) {
            None => zeros,
            Some(col) => {
                let cols = size(self, col);
                let ones = self.forms.ones(cols);
                let ones = self.forms.transpose(ones);
                self.forms.product(&[zeros, ones])
            }
        }
    }

    #[inline(never)]
    pub(super) fn mapped(&mut self, f: &Function, x: NodeId, roles: &[Role]) -> Option<FormId> {
        if *f == Function::Log {
            if let Node::Determinant(m) = self.store.node(x) {
                let m = *m;
                let m = self.inside(m, roles)?;
                return Some(self.forms.scalar(&op::LOGDET, &[m]));
            }
            if let Some(form) = self.log_sum_exp(x, roles) {
                return Some(form);
            }
        }
        let argument = self.view(x, roles)?;
        let zero = self.forms.number(&Rational::ZERO);
        let compare = |r: &mut Self, operator: Op| {
            let (row, col) = (r.forms.info(argument).row, r.forms.info(argument).col);
            r.forms.add(Form::Apply(operator, smallvec![argument, zero]), row, col)
        };
        let operator: Op = match f {
            Function::Exp => &op::EXP,
            Function::Log => &op::LOG,
            Function::Sin => &op::SIN,
            Function::Cos => &op::COS,
            Function::Tan => &op::TAN,
            Function::Atan => &op::ARCTAN,
            Function::Asin => &op::ARCSIN,
            Function::Erf => &op::ERF,
            Function::Sinh => &op::SINH,
            Function::Cosh => &op::COSH,
            Function::Tanh => &op::TANH,
            Function::Sigmoid => &op::SIGMOID,
            Function::Softplus => &op::SOFTPLUS,
            Function::Relu => &op::RELU,
            Function::Abs => &op::ABS,
            Function::Sign => &op::SIGN,
            Function::Positive => return Some(compare(self, &op::GREATER)),
            Function::NonNegative => return Some(compare(self, &op::GREATER_EQUAL)),
            Function::Zero => return Some(compare(self, &op::EQUAL)),
            Function::Power(p) => return Some(self.forms.power(argument, p)),
            Function::Unknown(id, order) => {
                let name = self.store.function_name(*id).clone();
                let (row, col) = (self.forms.info(argument).row, self.forms.info(argument).col);
                return Some(self.forms.add(Form::Call(name, *order, argument), row, col));
            }
        };
        let argument = self.forms.entrywise_argument(argument);
        Some(self.forms.map(operator, argument))
    }

    /// The matrix on the last two axes, for each index of the axes before them.
    pub(super) fn inside(&mut self, x: NodeId, batch: &[Role]) -> Option<FormId> {
        Self::indices(batch)?;
        let roles: Roles = batch.iter().copied().chain([Role::Row, Role::Col]).collect();
        let previous = self.mode;
        if previous == Mode::Index {
            self.mode = Mode::Natural;
        }
        let mut form = self.view(x, &roles);
        if form.is_none() && previous != Mode::Stacked {
            self.mode = Mode::Stacked;
            form = self.view(x, &roles);
        }
        self.mode = previous;
        form
    }

    /// A function of a square matrix, as a matrix or by entries.
    #[inline(never)]
    fn square_matrix(
        &mut self,
        x: NodeId,
        roles: &[Role],
        of: impl FnOnce(&mut Self, FormId) -> FormId,
    ) -> Option<FormId> {
        let (batch, last) = roles.split_at(roles.len().saturating_sub(2));
        let at = Self::indices(last);
        if at.is_none() && last != [Role::Row, Role::Col] {
            return None;
        }
        let m = self.inside(x, batch)?;
        let form = of(self, m);
        Some(match at {
            Some(at) => self.forms.entry(form, &at),
            None => form,
        })
    }

    #[inline(never)]
    fn inverse(&mut self, m: FormId) -> FormId {
        if self.forms.applies(m, &op::TRANSPOSE) {
            let straight = self.forms.transpose(m);
            let inverse = self.inverse(straight);
            return self.forms.transpose(inverse);
        }
        let (row, col) = (true, true);
        self.forms.add(Form::Apply(&op::INVERSE, smallvec![m]), row, col)
    }

    #[inline(never)]
    fn unknown(&mut self, node: NodeId, roles: &[Role]) -> Option<FormId> {
        let Node::Unknown { function, order, batch, argument } = *self.store.node(node) else { return None };
        let name = self.store.function_name(function).clone();
        let inner = self.store.rank(argument).saturating_sub(batch as usize);
        let (batch, rest) = roles.split_at((batch as usize).min(roles.len()));
        Self::indices(batch)?;
        let shape = [Role::Row, Role::Col];
        let asked: Roles = batch.iter().copied().chain(shape.into_iter().take(inner)).collect();
        let previous = self.mode;
        self.mode = Mode::Natural;
        let mut y = self.view(argument, &asked);
        if y.is_none() {
            self.mode = Mode::Stacked;
            y = self.view(argument, &asked);
        }
        self.mode = previous;
        let y = y?;
        if order == 0 || inner == 0 {
            return Some(self.forms.add(Form::Call(name, order, y), false, false));
        }
        let call = self.forms.add(Form::Call(name, 0, y), false, false);
        let axes = inner * order as usize;
        let whole = self.forms.add(Form::Nabla(call, y, order), true, axes > 1);
        match Self::indices(rest) {
            Some(at) if axes > 2 => Some(self.forms.add(Form::Subscript(whole, at), false, false)),
            Some(at) => Some(self.forms.entry(whole, &at)),
            None if axes <= 2 && rest == &shape[..axes] => Some(whole),
            None => None,
        }
    }

    /// A polynomial in named integers.
    pub(super) fn poly(&mut self, p: &Poly) -> FormId {
        if let Some(c) = p.as_constant() {
            return self.forms.number(&Rational::from(c));
        }
        let terms: Vec<(Vec<IntVar>, i64)> = p.terms().map(|(m, c)| (m.to_vec(), c)).collect();
        let mut sum = FormIds::new();
        for (m, c) in terms.iter().filter(|t| !t.0.is_empty()).chain(terms.iter().filter(|t| t.0.is_empty())) {
            let mut parts = Parts { coefficient: Some(Rational::from(*c)), ..Parts::default() };
            for v in m {
                let name = Name::from((self.names)(*v));
                parts.scalars.push(self.forms.add(Form::Dimension(name), false, false));
            }
            sum.push(self.forms.assemble(parts));
        }
        self.forms.plain_sum(sum, false, false)
    }

    #[inline(never)]
    fn pattern(&mut self, p: &Pattern, roles: &[Role]) -> Option<FormId> {
        let at = Self::indices(roles)?;
        Some(match (p, at.as_slice()) {
            (Pattern::Basis { position, .. }, [i]) => {
                let position = self.poly(position);
                self.forms.delta(&[*i, position])
            }
            (Pattern::Range { lower, upper, .. }, [i]) => {
                let (lower, upper) = (self.poly(lower), self.poly(upper));
                let above = self.forms.scalar(&op::GREATER_EQUAL, &[*i, lower]);
                let below = self.forms.scalar(&op::LESS_EQUAL, &[*i, upper]);
                self.forms.product(&[above, below])
            }
            (Pattern::Count { .. }, [i]) => *i,
            (Pattern::Shift { offset, .. }, [i, j]) => {
                let zero = offset.as_constant() == Some(0);
                let offset = self.poly(offset);
                let moved = if zero { *j } else { self.forms.sum(&[*j, offset]) };
                self.forms.delta(&[*i, moved])
            }
            (Pattern::Before { .. }, [i, j]) => self.forms.scalar(&op::LESS, &[*i, *j]),
            _ => return None,
        })
    }
}
