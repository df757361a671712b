//! What is declared: the symbols, families, functions and definitions a formula may use.
//!
//! Invariants: every name has one quantity for each number of indices; definitions stand after what they use.
//! Not here: where declarations come from (see `problem`).

use super::Typed;
use crate::dimension::{Poly, Shape, Sizes, Unifier};
use crate::syntax::{Name, NameKind, Names, Syntax, Tree};
use crate::tensor::Property;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A declared quantity.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct QuantityId(pub u32);

/// A symbol, a family or a definition.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The canonical name without indices.
    pub name: Name,
    /// The index letters it is declared with: none for a plain symbol, one for a family, two for a matrix
    /// given by its entries.
    pub letters: Vec<Name>,
    /// What each letter runs over.
    pub ranges: Vec<Poly>,
    /// The shape of one member.
    pub shape: Shape,
    /// What is declared of it.
    pub properties: Vec<Property>,
    /// What it stands for.
    pub body: Body,
}

/// What a quantity stands for.
#[derive(Clone, Debug)]
pub enum Body {
    /// Itself.
    Variable,
    /// The matrix of a family's members.
    Stacked {
        /// The family.
        family: QuantityId,
        /// Whether the members are its rows; else its columns.
        rows: bool,
    },
    /// A formula.
    Definition(Box<Formula>),
}

/// A formula that belongs to the declarations.
#[derive(Clone, Debug)]
pub struct Formula {
    /// As written.
    pub source: String,
    /// In which notation.
    pub syntax: Syntax,
    /// As read.
    pub tree: Tree,
    /// With its shapes.
    pub typed: Typed,
}

/// A declared function.
#[derive(Clone, Debug)]
pub enum Function {
    /// Known only by name, acting entry by entry.
    Elementwise,
    /// Known only by name, a scalar of a tensor.
    Scalar,
    /// Given by a formula in its parameters.
    Defined {
        /// The parameters.
        parameters: Vec<Name>,
        /// The formula as written.
        source: String,
        /// The formula as read; its shapes depend on the arguments.
        tree: Tree,
    },
}

/// Everything declared. Copies share the declarations until one of them declares more.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The names, for parsing.
    pub names: Names,
    /// The dimensions.
    pub unifier: Unifier,
    /// What sizes may be sampled.
    pub sizes: Sizes,
    /// Symbols that vary, with their differentials: X and dX.
    pub differentials: Vec<(QuantityId, QuantityId)>,
    quantities: Arc<Vec<Quantity>>,
    by_name: Arc<FxHashMap<Name, Vec<QuantityId>>>,
    functions: Arc<FxHashMap<Name, Function>>,
}

impl Scope {
    /// A formula as it can be written: subexpressions that were given a name of their own are spelled out.
    #[must_use]
    pub fn spelled_out(&self, tree: Tree) -> Tree {
        let hidden = |name: &Name| match self.find(name, 0).map(|q| &self.quantity(q).body) {
            Some(Body::Definition(f)) if name.starts_with('\u{1}') => Some(&f.tree),
            _ => None,
        };
        if !self.by_name.keys().any(|n| n.starts_with('\u{1}')) {
            return tree;
        }
        tree.with_formulas(hidden)
    }

    /// Declares a quantity.
    pub fn declare(&mut self, quantity: Quantity) -> QuantityId {
        let id = QuantityId(u32::try_from(self.quantities.len()).unwrap_or(u32::MAX));
        let kind = if quantity.letters.is_empty() { NameKind::Symbol } else { NameKind::Family };
        self.names.declare(&quantity.name, kind);
        self.names.set_given(&quantity.name, matches!(quantity.body, Body::Variable | Body::Stacked { .. }));
        Arc::make_mut(&mut self.by_name).entry(quantity.name.clone()).or_default().push(id);
        Arc::make_mut(&mut self.quantities).push(quantity);
        id
    }

    /// Declares a plain symbol.
    pub fn declare_symbol(&mut self, name: &str, shape: Shape, properties: Vec<Property>) -> QuantityId {
        self.declare(Quantity {
            name: name.into(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties,
            body: Body::Variable,
        })
    }

    /// Declares a function.
    pub fn declare_function(&mut self, name: &str, function: Function) {
        self.names.declare(name, NameKind::Function);
        Arc::make_mut(&mut self.functions).insert(name.into(), function);
    }

    /// Declares a dimension.
    pub fn declare_dimension(&mut self, name: &str) -> Poly {
        self.names.declare(name, NameKind::Dimension);
        Poly::variable(self.unifier.named(name))
    }

    /// A quantity.
    #[must_use]
    pub fn quantity(&self, id: QuantityId) -> &Quantity {
        &self.quantities[id.0 as usize]
    }

    /// A quantity, to be changed.
    pub fn quantity_mut(&mut self, id: QuantityId) -> &mut Quantity {
        &mut Arc::make_mut(&mut self.quantities)[id.0 as usize]
    }

    /// Every quantity, in the order of declaration.
    pub fn quantities(&self) -> impl Iterator<Item = (QuantityId, &Quantity)> {
        self.quantities.iter().enumerate().map(|(i, q)| (QuantityId(u32::try_from(i).unwrap_or(u32::MAX)), q))
    }

    /// The definitions that a quantity is made of, each after what it uses. They are found without recursion, since each
    /// may be nested in the next.
    #[must_use]
    pub fn definitions_below(&self, q: QuantityId) -> Vec<QuantityId> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.quantities.len()];
        let mut stack = vec![q];
        while let Some(id) = stack.pop() {
            let used = match &self.quantity(id).body {
                Body::Variable => continue,
                Body::Stacked { family, .. } => vec![*family],
                Body::Definition(formula) => formula.typed.quantities(),
            };
            let new = used.into_iter().filter(|u| !std::mem::replace(&mut seen[u.0 as usize], true));
            stack.extend(new);
            found.push(id);
        }
        found.retain(|id| *id != q && matches!(self.quantity(*id).body, Body::Definition(_)));
        // Definitions stand after what they use.
        found.sort_unstable();
        found
    }

    /// The quantities of that base name.
    #[must_use]
    pub fn named(&self, name: &str) -> &[QuantityId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The quantity of that name with that number of indices.
    #[must_use]
    pub fn find(&self, name: &str, indices: usize) -> Option<QuantityId> {
        self.named(name).iter().copied().find(|id| self.quantity(*id).letters.len() == indices)
    }

    /// Whether a function is given by a formula.
    #[must_use]
    pub fn defines_functions(&self) -> bool {
        self.functions.values().any(|f| matches!(f, Function::Defined { .. }))
    }

    /// The function of that name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }
}
