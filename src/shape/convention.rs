//! Undeclared symbols by convention: upper case a matrix, lower case a vector, Greek a scalar.

use super::scope::Body;
use super::{Quantity, Scope};
use crate::dimension::Shape;
use crate::operator;
use crate::syntax::{ExprId, Kind, Name, Tree};
use rustc_hash::FxHashSet;

const GREEK: &[&str] = &[
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "ell",
];

/// Operators that nobody applies to a scalar.
static TURNING: &[operator::Op] = &[
    &operator::TRANSPOSE,
    &operator::NORM,
    &operator::NORM_1,
    &operator::NORM_2,
    &operator::NORM_F,
    &operator::INNER,
    &operator::HADAMARD,
];

/// How a name with one index is taken: `x_i` as an entry of a vector, or as a member of a family of vectors.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum OneIndex {
    /// An entry.
    Entry,
    /// A member.
    Member,
}

/// How undeclared names are taken.
#[derive(Copy, Clone, Debug)]
pub struct Convention {
    /// A name with one index.
    pub one_index: OneIndex,
    /// Whether upper case is a matrix and never a vector (not so in ‖Y − X w‖²), and what is transposed or measured by a
    /// norm is no scalar: in ‖x‖² = xxᵀ nobody means a number.
    pub strict: bool,
}

/// Whether a name stands in a formula as something else than an index.
#[must_use]
pub fn stands_bare(tree: &Tree, name: &Name) -> bool {
    let mut found = Found::default();
    found.visit(tree, tree.root, &mut Vec::new());
    found.sizes.contains(name) || found.uses.iter().any(|(n, uses)| n == name && !uses.is_index_only)
}

/// Declares every symbol of the trees that is not declared, with dimensions to be inferred. `letters` are indices, also
/// where a sum ends at one or where they are used as numbers.
pub fn declare_by_convention(trees: &[&Tree], letters: &[Name], scope: &mut Scope, convention: Convention) {
    let one_index = convention.one_index;
    let mut found = Found::default();
    for tree in trees {
        found.visit(tree, tree.root, &mut Vec::new());
    }
    for size in &found.sizes {
        if scope.named(size).is_empty() && !letters.contains(size) {
            scope.declare_dimension(size);
        }
    }
    for (name, uses) in found.uses {
        // A name without a quantity is that of a definition still to come.
        let index = found.letters.contains(&name) && uses.is_index_only || letters.contains(&name);
        if scope.names.contains(&name) || index {
            continue;
        }
        let upper = name.chars().next().is_some_and(char::is_uppercase);
        let wide = convention.strict && uses.one.is_none() && (upper || uses.is_turned);
        let mut fresh = || if wide { scope.unifier.fresh_wide(&name) } else { scope.unifier.fresh(&name) };
        let member = uses.one.is_some() && (upper || one_index == OneIndex::Member);
        let shape = if GREEK.contains(&name.split('_').next().unwrap_or("")) && uses.two.is_none() {
            if uses.one.is_some() && !member { Shape::vector(fresh()) } else { Shape::scalar() }
        } else if upper || uses.two.is_some() {
            Shape::matrix(fresh(), fresh())
        } else {
            Shape::vector(fresh())
        };
        let (letters, ranges) = match uses.one {
            Some(letter) if member => (vec![letter], vec![fresh()]),
            _ => (Vec::new(), Vec::new()),
        };
        scope.declare(Quantity { name, letters, ranges, shape, properties: Vec::new(), body: Body::Variable });
    }
}

#[derive(Default)]
struct Uses {
    /// The letter of a use with one index.
    one: Option<Name>,
    two: Option<()>,
    is_index_only: bool,
    /// Whether it is transposed, or is a term below a norm.
    is_turned: bool,
}

#[derive(Default)]
struct Found {
    uses: Vec<(Name, Uses)>,
    letters: FxHashSet<Name>,
    /// Names used as the bound of a sum or the size of an identity.
    sizes: Vec<Name>,
}

impl Found {
    fn of(&mut self, name: &Name) -> &mut Uses {
        let position = self.uses.iter().position(|u| u.0 == *name).unwrap_or_else(|| {
            self.uses.push((name.clone(), Uses { is_index_only: true, ..Uses::default() }));
            self.uses.len() - 1
        });
        &mut self.uses[position].1
    }

    fn visit(&mut self, tree: &Tree, id: ExprId, bound: &mut Vec<Name>) {
        match tree.kind(id) {
            Kind::Symbol(name) if !bound.contains(name) => self.of(name).is_index_only = false,
            Kind::Subscript { base, indices } => {
                if let Kind::Symbol(name) = tree.kind(*base) {
                    let letter = match tree.kind(indices[0]) {
                        Kind::Symbol(l) => l.clone(),
                        _ => "i".into(),
                    };
                    let uses = self.of(name);
                    uses.is_index_only = false;
                    match indices.len() {
                        1 => uses.one = uses.one.take().or(Some(letter)),
                        _ => uses.two = Some(()),
                    }
                } else {
                    self.visit(tree, *base, bound);
                }
                for i in indices {
                    self.index(tree, *i);
                }
            }
            Kind::Apply { operator, arguments } if **operator == operator::DELTA => {
                arguments.iter().for_each(|a| self.index(tree, *a));
            }
            Kind::Apply { operator, arguments }
                if [operator::IDENTITY.name, operator::ONES.name, operator::ZEROS.name].contains(&operator.name) =>
            {
                arguments.iter().for_each(|a| self.size(tree, *a, bound));
            }
            Kind::Sum { binders, body } | Kind::Product { binders, body } => {
                let outer = bound.len();
                bound.extend(binders.iter().map(|b| b.letter.clone()));
                for b in binders.iter().flat_map(|b| b.lower.iter().chain(&b.upper)) {
                    self.size(tree, *b, bound);
                }
                self.visit(tree, *body, bound);
                bound.truncate(outer);
            }
            Kind::Apply { operator, arguments } => {
                if TURNING.contains(operator) {
                    arguments.iter().for_each(|a| self.turned(tree, *a));
                }
                arguments.iter().for_each(|c| self.visit(tree, *c, bound));
            }
            _ => tree.children(id).iter().for_each(|c| self.visit(tree, *c, bound)),
        }
    }

    /// Notes the terms of what is transposed or measured.
    fn turned(&mut self, tree: &Tree, id: ExprId) {
        match tree.kind(id) {
            Kind::Symbol(name) => self.of(name).is_turned = true,
            Kind::Apply { operator, arguments } if [&operator::ADD, &operator::NEGATE].contains(operator) => {
                arguments.iter().for_each(|a| self.turned(tree, *a));
            }
            _ => {}
        }
    }

    fn index(&mut self, tree: &Tree, id: ExprId) {
        if let Kind::Symbol(name) = tree.kind(id) {
            self.letters.insert(name.clone());
        }
        tree.children(id).iter().for_each(|c| self.index(tree, *c));
    }

    /// A bound of a sum and the size of an identity name dimensions.
    fn size(&mut self, tree: &Tree, id: ExprId, bound: &[Name]) {
        if let Kind::Symbol(name) = tree.kind(id) {
            // `Σ_{j=1}^{i}` ends at another index.
            if !self.sizes.contains(name) && !bound.contains(name) {
                self.sizes.push(name.clone());
            }
        }
        tree.children(id).iter().for_each(|c| self.size(tree, *c, bound));
    }
}
