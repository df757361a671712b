//! What is put right in a formula before its derivatives are taken: a ∂ left out below a fraction, the derivative of a
//! function that is written without its argument, the differential of what is constant.

use super::occurrence::part;
use super::session::Session;
use crate::number::Rational;
use crate::operator::{self, Op};
use crate::shape::Function;
use crate::syntax::{Declared, DerivativeStyle, ExprId, ExprIds, Kind, Name, Tree};

impl Session {
    /// A tree as it is differentiated; what had to be put right is noted.
    pub(super) fn prepared(&mut self, tree: &Tree) -> Tree {
        let mut tree = tree.clone();
        let all: Vec<ExprId> = tree.ids().collect();
        for id in all {
            self.missing_sign(&mut tree, id);
            self.function_alone(&mut tree, id);
            self.constant_differential(&mut tree, id);
            self.operator_prime(&mut tree, id);
            Self::zero_cases(&mut tree, id);
            self.kronecker(&mut tree, id);
            self.diagonal_of_entry(&mut tree, id);
        }
        self.path_parts(&mut tree);
        tree
    }

    /// `diag(p_i (1 − p_i))`: the entry with a free index stands for the vector of all of them.
    fn diagonal_of_entry(&mut self, tree: &mut Tree, id: ExprId) {
        let Some((op, &[argument])) = tree.as_apply(id) else { return };
        let mut letters = super::sums::letters(tree, argument);
        letters.dedup();
        let ([letter], true) = (letters.as_slice(), *op == operator::DIAG) else { return };
        let text = crate::syntax::print(tree, argument, crate::syntax::Syntax::Plain);
        let name = Name::from(format!("\u{6}[{text}]"));
        if self.scope.find(&name, 1).is_none() {
            let declared = Declared {
                whole: name.clone(),
                name: name.clone(),
                indices: vec![letter.clone()],
                parameters: Vec::new(),
            };
            if self.declare_as(&declared, &text, crate::syntax::Syntax::Plain).is_none() {
                return;
            }
            self.note("an entry in diag is read as the vector of all entries".into());
        }
        if self.scope.find(&name, 1).is_some_and(|q| self.scope.quantity(q).shape.is_scalar()) {
            tree.set_kind(argument, Kind::Symbol(name));
        }
    }

    /// `σ'(z)`, `ReLU'(z)`: the derivative of a known function, entry by entry; `softmax'(z)` is its Jacobian.
    fn operator_prime(&mut self, tree: &mut Tree, id: ExprId) {
        let Kind::Call { function, order: 1, arguments } = tree.kind(id) else { return };
        let [argument] = arguments.as_slice() else { return };
        let argument = *argument;
        if self.scope.function(function).is_some() {
            return;
        }
        let span = tree.span(id);
        if function == operator::SOFTMAX.name && matches!(tree.kind(argument), Kind::Symbol(_)) {
            let (inner, by) = (copy(tree, argument), copy(tree, argument));
            let of = tree.apply(&operator::SOFTMAX, [inner], span);
            let wrt = std::iter::once(by).collect();
            tree.set_kind(id, Kind::Derivative { of: Some(of), wrt, style: DerivativeStyle::Partial });
            return;
        }
        let Some(op) = ENTRYWISE.iter().find(|op| *function == op.name) else { return };
        let name = Name::from(format!("\u{6}{}", op.name));
        if self.scope.function(&name).is_none() {
            let mut formula = Tree::new();
            let parameter = Name::from("\u{6}u");
            let u = formula.push(Kind::Symbol(parameter.clone()), span);
            formula.root = formula.apply(op, [u], span);
            let parameters = vec![parameter];
            self.scope.declare_function(&name, Function::Defined { parameters, source: String::new(), tree: formula });
        }
        tree.set_kind(id, Kind::Call { function: name, order: 1, arguments: std::iter::once(argument).collect() });
    }

    /// `∂L_1/∂w + ∂L_2/∂w` of an objective L in a document that adds the paths through W and Wᵀ: the whole derivative.
    fn path_parts(&mut self, tree: &mut Tree) {
        let Some((op, [a, b])) = tree.as_apply(tree.root) else { return };
        let (sum, a, b) = (*op == operator::ADD, *a, *b);
        let Some(objective) = self.objective.filter(|_| sum && self.paths) else { return };
        let objective = self.scope.quantity(objective).name.clone();
        let mut wrt = None;
        for (number, id) in [(1i64, a), (2, b)] {
            let Kind::Derivative { of: Some(of), wrt: by, .. } = tree.kind(id) else { return };
            let ([by], Kind::Subscript { base, indices }) = (by.as_slice(), tree.kind(*of)) else { return };
            let numbered = |i: &ExprId| matches!(tree.kind(*i), Kind::Number(n) if *n == Rational::from(number));
            let of_objective = matches!(tree.kind(*base), Kind::Symbol(n) if *n == objective);
            let same = wrt.is_none_or(|w| tree.same(w, tree, *by));
            if !of_objective || indices.len() != 1 || !indices.iter().all(numbered) || !same {
                return;
            }
            wrt = Some(*by);
        }
        let Some(by) = wrt else { return };
        let span = tree.span(tree.root);
        let of = tree.push(Kind::Symbol(objective.clone()), span);
        let by = copy(tree, by);
        let wrt = std::iter::once(by).collect();
        tree.root = tree.push(Kind::Derivative { of: Some(of), wrt, style: DerivativeStyle::Partial }, span);
        self.note(format!("{objective}_1 and {objective}_2 are read as {objective} along each of its paths"));
    }

    /// `\frac{\partial f}{x}`: a name below a differential is what it is taken by.
    fn missing_sign(&mut self, tree: &mut Tree, id: ExprId) {
        let Some((op, [over, under])) = tree.as_apply(id) else { return };
        let (divides, over, under) = (*op == operator::DIVIDE, *over, *under);
        let Kind::Differential(of) = tree.kind(over) else { return };
        let of = *of;
        let named = match tree.kind(under) {
            Kind::Symbol(n) => !self.scope.named(n).is_empty(),
            Kind::Subscript { base, .. } => {
                matches!(tree.kind(*base), Kind::Symbol(n) if !self.scope.named(n).is_empty())
            }
            _ => false,
        };
        if !divides || !named || !self.differentials.is_empty() {
            return;
        }
        let wrt: ExprIds = std::iter::once(under).collect();
        tree.set_kind(id, Kind::Derivative { of: Some(of), wrt, style: DerivativeStyle::Partial });
        self.note("a sign ∂ is missing below".into());
    }

    /// `∂g/∂Y` of a function g(Y) of which only the name is written.
    fn function_alone(&mut self, tree: &mut Tree, id: ExprId) {
        let Kind::Derivative { of: Some(of), wrt, .. } = tree.kind(id) else { return };
        let (of, [by]) = (*of, wrt.as_slice()) else { return };
        let Kind::Symbol(name) = tree.kind(of) else { return };
        let by = *by;
        let known = matches!(self.scope.function(name), Some(Function::Scalar | Function::Elementwise));
        if !known || !self.scope.named(name).is_empty() || !matches!(tree.kind(by), Kind::Symbol(_)) {
            return;
        }
        let function = name.clone();
        let argument = copy(tree, by);
        tree.set_kind(of, Kind::Call { function, order: 0, arguments: std::iter::once(argument).collect() });
    }

    /// `dI` is zero.
    fn constant_differential(&self, tree: &mut Tree, id: ExprId) {
        let Kind::Differential(of) = tree.kind(id) else { return };
        let constant = match tree.kind(*of) {
            Kind::Number(_) | Kind::Constant(_) => true,
            Kind::Apply { operator: op, .. } => **op == operator::IDENTITY,
            _ => false,
        };
        if constant && !self.differentials.is_empty() {
            tree.set_kind(id, Kind::Number(Rational::from(0)));
        }
    }
}

/// Functions of one number that have a derivative.
const ENTRYWISE: &[Op] = &[
    &operator::EXP,
    &operator::LOG,
    &operator::SQRT,
    &operator::ABS,
    &operator::SIN,
    &operator::COS,
    &operator::TAN,
    &operator::ARCTAN,
    &operator::ARCSIN,
    &operator::ARCCOS,
    &operator::ERF,
    &operator::SINH,
    &operator::COSH,
    &operator::TANH,
    &operator::SIGMOID,
    &operator::RELU,
    &operator::SOFTPLUS,
    &operator::SILU,
    &operator::GELU,
];

/// A part of a tree once more.
fn copy(tree: &mut Tree, id: ExprId) -> ExprId {
    let part = part(tree, id);
    tree.graft(&part, part.root)
}
