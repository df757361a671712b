//! What can be said of the sign of a formula from how it is built, for all values: squares, norms, sums of what is not
//! negative, quadratic forms, declared signs.
//!
//! Nothing is computed here: where the form does not show the sign, nothing is said.

use super::{Body, Function, Scope, Surroundings, infer_with};
use crate::dimension::Shape;
use crate::operator;
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::tensor::Property;

/// How deep definitions and functions are followed.
const DEEPEST: u8 = 12;

/// The signs of formulas under declarations.
pub struct Signs<'a> {
    /// The declarations.
    pub scope: &'a Scope,
}

/// How much is to be shown of every entry.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Want {
    /// At least 0.
    NonNegative,
    /// Above 0.
    Positive,
}

impl Signs<'_> {
    /// Whether every entry is as wanted, wherever it is defined.
    #[must_use]
    pub fn shows(&self, tree: &Tree, want: Want) -> bool {
        self.entries(tree, tree.root, want, 0)
    }

    /// Whether a matrix is positive semidefinite by its form.
    #[must_use]
    pub fn shows_semidefinite(&self, tree: &Tree) -> bool {
        self.semidefinite(tree, tree.root, 0)
    }

    /// Whether a matrix is positive definite by its form: semidefinite, and definite in one of its terms.
    #[must_use]
    pub fn shows_definite(&self, tree: &Tree) -> bool {
        self.definite(tree, tree.root, 0)
    }

    fn definite(&self, tree: &Tree, id: ExprId, depth: u8) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let again = |a: ExprId| self.definite(tree, a, depth + 1);
        if self.has(tree, id, &[Property::PositiveDefinite]) {
            return true;
        }
        match tree.kind(id) {
            Kind::Symbol(name) => match self.scope.find(name, 0).map(|q| &self.scope.quantity(q).body) {
                Some(Body::Definition(f)) => self.definite(&f.tree, f.tree.root, depth + 1),
                _ => false,
            },
            Kind::Apply { operator: op, arguments: of } => {
                if **op == operator::ADD {
                    return of.iter().all(|a| self.semidefinite(tree, *a, depth + 1)) && of.iter().any(|a| again(*a));
                }
                if **op == operator::IDENTITY {
                    return true;
                }
                if **op == operator::DIAG {
                    return self.entries(tree, of[0], Want::Positive, depth + 1);
                }
                if **op == operator::TRANSPOSE || **op == operator::INVERSE {
                    return again(of[0]);
                }
                if **op == operator::DIVIDE {
                    return again(of[0]) && self.entries(tree, of[1], Want::Positive, depth + 1);
                }
                if **op == operator::MULTIPLY {
                    let mut list = factors(tree, id);
                    list.retain(|f| !(self.is_scalar(tree, *f) && self.entries(tree, *f, Want::Positive, depth + 1)));
                    return matches!(list.as_slice(), [one] if again(*one));
                }
                false
            }
            _ => false,
        }
    }

    fn entries(&self, tree: &Tree, id: ExprId, want: Want, depth: u8) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let all = |ids: &[ExprId]| ids.iter().all(|a| self.entries(tree, *a, want, depth + 1));
        let weakly = |a: ExprId| self.entries(tree, a, Want::NonNegative, depth + 1);
        match tree.kind(id) {
            Kind::Number(n) => {
                let zero = n.is_zero();
                n.to_f64() > 0.0 || (zero && want == Want::NonNegative)
            }
            Kind::Constant(_) => true,
            Kind::Symbol(name) => self.symbol(name, want, depth),
            Kind::Subscript { base, .. } => self.entries(tree, *base, want, depth + 1),
            // A sum over a whole range has a term.
            Kind::Sum { binders, body } => {
                let whole = binders.iter().all(|b| b.named().next().is_none());
                if whole { all(&[*body]) } else { want == Want::NonNegative && weakly(*body) }
            }
            Kind::Product { body, .. } => all(&[*body]),
            Kind::Call { function, order: 0, arguments } => match (self.scope.function(function), arguments.as_slice())
            {
                (Some(Function::Defined { parameters, tree: body, .. }), [argument]) => {
                    let [parameter] = parameters.as_slice() else { return false };
                    // A declared symbol of the parameter's name would lend it its sign.
                    self.scope.named(parameter).is_empty()
                        && !self.is_matrix(tree, *argument)
                        && (self.of_number(parameter, Vec::new(), body, want, depth)
                            || (weakly(*argument)
                                && self.of_number(parameter, vec![Property::NonNegative], body, want, depth)))
                }
                _ => false,
            },
            Kind::Apply { operator: op, arguments } => {
                self.applied(tree, id, op, arguments, want, depth) || {
                    let sum = **op == operator::ADD;
                    // 1 − p of a p below one.
                    if sum && self.is_complement(tree, arguments, depth) {
                        return true;
                    }
                    // One term above 0 is enough.
                    sum && want == Want::Positive
                        && arguments.iter().all(|a| weakly(*a))
                        && arguments.iter().any(|a| self.entries(tree, *a, want, depth + 1))
                        || (sum && want == Want::NonNegative && all(arguments))
                }
            }
            _ => false,
        }
    }

    /// Whether a rule u ↦ f(u) shows its sign for every number u of that property.
    fn of_number(&self, u: &Name, properties: Vec<Property>, rule: &Tree, want: Want, depth: u8) -> bool {
        let mut scope = self.scope.clone();
        scope.declare_symbol(u, Shape::scalar(), properties);
        Signs { scope: &scope }.entries(rule, rule.root, want, depth + 1)
    }

    fn applied(&self, tree: &Tree, id: ExprId, op: &operator::Operator, of: &[ExprId], want: Want, depth: u8) -> bool {
        let all = || of.iter().all(|a| self.entries(tree, *a, want, depth + 1));
        let weak = want == Want::NonNegative;
        let one = |list: &[&operator::Operator]| list.iter().any(|o| **o == *op);
        if one(&[&operator::EXP, &operator::SIGMOID, &operator::SOFTPLUS, &operator::SOFTMAX, &operator::COSH]) {
            return true;
        }
        if weak && one(&[&operator::ABS, &operator::RELU, &operator::NORM, &operator::NORM_1]) {
            return true;
        }
        if weak && one(&[&operator::NORM_2, &operator::NORM_F, &operator::SQRT, &operator::INDICATOR]) {
            return true;
        }
        if one(&[&operator::POWER, &operator::HADAMARD_POWER]) {
            let even = matches!(of.get(1).map(|e| tree.kind(*e)), Some(Kind::Number(n))
                if n.to_integer().is_some_and(|k| k % 2 == 0));
            let entrywise = *op == operator::HADAMARD_POWER || self.is_scalar(tree, of[0]);
            // What is below a fraction's line is not 0.
            let base = if self.is_negative(tree, of[1], depth) { Want::NonNegative } else { want };
            return entrywise && ((weak && even) || self.entries(tree, of[0], base, depth + 1));
        }
        if one(&[&operator::DETERMINANT, &operator::BARS]) && self.definite(tree, of[0], depth + 1) {
            return true;
        }
        if one(&[&operator::HADAMARD, &operator::DIVIDE, &operator::HADAMARD_DIVIDE]) {
            let squared = *op == operator::HADAMARD && of.len() == 2 && tree.same(of[0], tree, of[1]);
            let scalar = *op != operator::DIVIDE || self.is_scalar(tree, of[1]);
            let below = if *op == operator::HADAMARD { want } else { Want::NonNegative };
            let signs = || {
                self.entries(tree, of[0], want, depth + 1)
                    && of.iter().skip(1).all(|b| self.entries(tree, *b, below, depth + 1))
            };
            return (weak && squared) || (scalar && signs());
        }
        if *op == operator::MULTIPLY {
            let list = factors(tree, id);
            // A product of matrices of positive entries has positive entries too.
            return list.iter().all(|f| self.entries(tree, *f, want, depth + 1))
                || (weak && self.is_gram(tree, &list, depth) && self.is_scalar(tree, id));
        }
        if one(&[&operator::TRACE]) {
            return weak && self.semidefinite(tree, of[0], depth + 1);
        }
        if *op == operator::INVERSE {
            return self.is_scalar(tree, id) && self.entries(tree, of[0], Want::NonNegative, depth + 1);
        }
        if one(&[&operator::SUM, &operator::MEAN, &operator::TRANSPOSE, &operator::SQRT]) {
            return all();
        }
        if one(&[&operator::IDENTITY, &operator::ZEROS]) {
            return weak;
        }
        if one(&[&operator::ONES]) {
            return true;
        }
        if *op == operator::BARS && weak {
            return self.is_scalar(tree, of[0]);
        }
        false
    }

    /// Whether a sum is 1 − p with a p below one.
    fn is_complement(&self, tree: &Tree, terms: &[ExprId], depth: u8) -> bool {
        let [one, minus] = terms else { return false };
        let negated = match tree.as_apply(*minus) {
            Some((op, [p])) if *op == operator::NEGATE => *p,
            _ => return false,
        };
        matches!(tree.kind(*one), Kind::Number(n) if n.is_one()) && self.is_below_one(tree, negated, depth + 1)
    }

    /// Whether every entry is below one.
    fn is_below_one(&self, tree: &Tree, id: ExprId, depth: u8) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let positive = |id: ExprId| self.entries(tree, id, Want::Positive, depth + 1);
        match tree.kind(id) {
            Kind::Number(n) => n.to_f64() < 1.0,
            Kind::Symbol(name) => {
                let quantities = self.scope.named(name);
                !quantities.is_empty()
                    && quantities.iter().all(|q| match &self.scope.quantity(*q).body {
                        Body::Definition(f) => self.is_below_one(&f.tree, f.tree.root, depth + 1),
                        _ => false,
                    })
            }
            Kind::Subscript { base, .. } => self.is_below_one(tree, *base, depth + 1),
            Kind::Call { function, order: 0, .. } => match self.scope.function(function) {
                Some(Function::Defined { parameters, tree: body, .. }) => {
                    // A declared symbol of a parameter's name would lend it its sign.
                    parameters.iter().all(|p| self.scope.named(p).is_empty() && self.scope.unifier.find(p).is_none())
                        && self.is_below_one(body, body.root, depth + 1)
                }
                _ => false,
            },
            Kind::Apply { operator: op, arguments: of } => {
                let one = |id: ExprId| matches!(tree.kind(id), Kind::Number(n) if n.is_one());
                if **op == operator::DIVIDE {
                    let more = match tree.as_apply(of[1]) {
                        Some((op, [a, b])) if *op == operator::ADD => {
                            (one(*a) && positive(*b)) || (one(*b) && positive(*a))
                        }
                        _ => false,
                    };
                    return one(of[0]) && more;
                }
                **op == operator::SIGMOID
                    || **op == operator::ADD
                        && one(of[0])
                        && matches!(tree.as_apply(of[1]), Some((op, [p])) if *op == operator::NEGATE && positive(*p))
            }
            _ => false,
        }
    }

    /// Whether an exponent is a negative number, by its form.
    fn is_negative(&self, tree: &Tree, id: ExprId, depth: u8) -> bool {
        match tree.kind(id) {
            Kind::Number(n) => n.is_negative(),
            Kind::Apply { operator: op, arguments: of } if **op == operator::NEGATE => {
                self.entries(tree, of[0], Want::Positive, depth + 1)
            }
            Kind::Apply { operator: op, arguments: of } if **op == operator::DIVIDE => {
                self.is_negative(tree, of[0], depth + 1) && self.entries(tree, of[1], Want::Positive, depth + 1)
            }
            _ => false,
        }
    }

    /// `f₁ … f_k` with f_{k+1−i} the transpose of f_i, and a semidefinite factor in the middle where there is one.
    fn is_gram(&self, tree: &Tree, list: &[ExprId], depth: u8) -> bool {
        let n = list.len();
        if n < 2 {
            return false;
        }
        let pairs = (0..n / 2).all(|i| self.are_transposes(tree, list[i], list[n - 1 - i]));
        pairs && (n.is_multiple_of(2) || self.semidefinite(tree, list[n / 2], depth + 1))
    }

    fn are_transposes(&self, tree: &Tree, a: ExprId, b: ExprId) -> bool {
        let turned = |x: ExprId| match tree.as_apply(x) {
            Some((op, [inner])) if *op == operator::TRANSPOSE => Some(*inner),
            _ => None,
        };
        let same = |x: Option<ExprId>, y: ExprId| x.is_some_and(|x| tree.same(x, tree, y));
        same(turned(a), b) || same(turned(b), a) || {
            // (A B)ᵀ against A B written out is left to the factors.
            tree.same(a, tree, b)
                && (self.is_scalar(tree, a) || self.has(tree, a, &[Property::Symmetric, Property::Diagonal]))
        }
    }

    fn semidefinite(&self, tree: &Tree, id: ExprId, depth: u8) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let again = |a: ExprId| self.semidefinite(tree, a, depth + 1);
        if self.has(tree, id, &[Property::PositiveDefinite, Property::PositiveSemidefinite]) {
            return true;
        }
        match tree.kind(id) {
            Kind::Symbol(name) => match self.scope.find(name, 0).map(|q| &self.scope.quantity(q).body) {
                Some(Body::Definition(f)) => self.semidefinite(&f.tree, f.tree.root, depth + 1),
                _ => false,
            },
            Kind::Sum { body, .. } => again(*body),
            Kind::Apply { operator: op, arguments: of } => {
                if **op == operator::ADD {
                    return of.iter().all(|a| again(*a));
                }
                if **op == operator::IDENTITY {
                    return true;
                }
                if **op == operator::DIAG {
                    return self.entries(tree, of[0], Want::NonNegative, depth + 1);
                }
                if **op == operator::POWER {
                    let even =
                        matches!(tree.kind(of[1]), Kind::Number(n) if n.to_integer().is_some_and(|k| k % 2 == 0));
                    return even && self.has(tree, of[0], &[Property::Symmetric, Property::PositiveDefinite]);
                }
                if **op == operator::TRANSPOSE || **op == operator::INVERSE {
                    return again(of[0]);
                }
                if **op == operator::DIVIDE {
                    return again(of[0]) && self.entries(tree, of[1], Want::NonNegative, depth + 1);
                }
                if **op == operator::MULTIPLY {
                    let mut list = factors(tree, id);
                    list.retain(|f| {
                        !(self.is_scalar(tree, *f) && self.entries(tree, *f, Want::NonNegative, depth + 1))
                    });
                    return match list.as_slice() {
                        [] => false,
                        [one] => again(*one),
                        many => self.is_gram(tree, many, depth),
                    };
                }
                false
            }
            _ => false,
        }
    }

    fn symbol(&self, name: &Name, want: Want, depth: u8) -> bool {
        let quantities = self.scope.named(name);
        // Sizes and counts are at least 1.
        if quantities.is_empty() && self.scope.unifier.find(name).is_some() {
            return true;
        }
        !quantities.is_empty()
            && quantities.iter().all(|q| {
                let quantity = self.scope.quantity(*q);
                let stated = quantity.properties.iter().any(|p| match want {
                    Want::Positive => *p == Property::Positive,
                    Want::NonNegative => matches!(
                        p,
                        Property::Positive | Property::NonNegative | Property::Probability | Property::OneHot
                    ),
                });
                stated
                    || match &quantity.body {
                        Body::Definition(f) => self.entries(&f.tree, f.tree.root, want, depth + 1),
                        _ => false,
                    }
            })
    }

    fn has(&self, tree: &Tree, id: ExprId, properties: &[Property]) -> bool {
        // A member of a family, but no entry.
        let (base, indices) = match tree.kind(id) {
            Kind::Subscript { base, indices } => (*base, indices.len()),
            _ => (id, 0),
        };
        let Kind::Symbol(name) = tree.kind(base) else { return false };
        self.scope.find(name, indices).is_some_and(|q| {
            let q = self.scope.quantity(q);
            q.properties.iter().any(|p| properties.contains(p))
        })
    }

    /// Whether it has one entry.
    #[must_use]
    pub fn is_scalar(&self, tree: &Tree, id: ExprId) -> bool {
        self.shape(tree, id).is_some_and(|s| s.is_scalar())
    }

    /// Whether it may have rows and columns.
    fn is_matrix(&self, tree: &Tree, id: ExprId) -> bool {
        self.shape(tree, id).is_none_or(|s| !s.is_scalar() && !s.is_vector())
    }

    fn shape(&self, tree: &Tree, id: ExprId) -> Option<Shape> {
        let mut scope = self.scope.clone();
        let part = part(tree, id);
        let inferred = infer_with(&part, &mut scope, &Surroundings::default()).ok()?;
        Some(scope.unifier.resolve_shape(inferred.typed.shape(part.root)))
    }
}

/// The factors of a product in order; of anything else, itself.
#[must_use]
pub fn factors(tree: &Tree, id: ExprId) -> Vec<ExprId> {
    match tree.as_apply(id) {
        Some((op, [a, b])) if *op == operator::MULTIPLY => {
            let (a, b) = (*a, *b);
            let mut list = factors(tree, a);
            list.extend(factors(tree, b));
            list
        }
        _ => vec![id],
    }
}

/// The part of a tree below a node, as a tree of its own.
#[must_use]
pub fn part(tree: &Tree, id: ExprId) -> Tree {
    let mut out = Tree::new();
    out.root = out.graft(tree, id);
    out
}
