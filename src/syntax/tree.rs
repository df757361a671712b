//! The formula tree: what both notations are read into.

pub use crate::number::Constant;
use crate::number::Rational;
use crate::operator::Op;
pub use crate::text::Name;
use crate::text::Span;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

/// A node of a [`Tree`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprId(pub u32);

/// A short list of nodes.
pub type ExprIds = SmallVec<[ExprId; 2]>;

/// An expression as an arena: children stand before their parents, and every node keeps its span.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<(Kind, Span)>,
    /// Products that are printed in brackets although they need none: `(aᵀ x) x`.
    grouped: FxHashSet<ExprId>,
    /// Products written with a dot: of two vectors it is the inner product.
    dotted: FxHashSet<ExprId>,
    /// The whole expression.
    pub root: ExprId,
}

/// What a node is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An exact number: `2`, `0.5`; `½` and `1/2` written as a literal fraction character.
    Number(Rational),
    /// π or e.
    Constant(Constant),
    /// A name. Scripts that belong to the declared name are part of it (`W_1`, `x_hat`).
    Symbol(Name),
    /// An element, a member of a family, or an entry of a member: `x_i`, `W_{jk}`, `(A x)_i`, `X[k,i]`, `x^{(i)}_j`.
    /// Which of them it is, the shapes decide.
    Subscript {
        /// What is indexed.
        base: ExprId,
        /// The indices in order: a member's superscript first.
        indices: ExprIds,
    },
    /// `:` among indices.
    Slice,
    /// An operator of the table on its arguments.
    Apply {
        /// The operator.
        operator: Op,
        /// Its arguments.
        arguments: ExprIds,
    },
    /// A declared function, or its derivative of that order: `g(z)`, `g'(z)`.
    Call {
        /// The function.
        function: Name,
        /// Number of primes.
        order: u8,
        /// Its arguments.
        arguments: ExprIds,
    },
    /// A sum over one or more indices.
    Sum {
        /// The indices, outermost first.
        binders: SmallVec<[Binder; 1]>,
        /// What is summed.
        body: ExprId,
    },
    /// A product over one or more indices: `\prod_i f(x_i)`.
    Product {
        /// The indices, outermost first.
        binders: SmallVec<[Binder; 1]>,
        /// What is multiplied, a scalar.
        body: ExprId,
    },
    /// A derivative written out: `∂L/∂W`, `∇_W L`, `\frac{\partial^2 L}{\partial x \partial y}`.
    Derivative {
        /// What is differentiated; nothing where only the operator stands (`\frac{\partial}{\partial W} = …`).
        of: Option<ExprId>,
        /// By what, one entry for each order; empty for a bare `∇ f`.
        wrt: ExprIds,
        /// How it was written.
        style: DerivativeStyle,
    },
    /// A differential: `dX`, `\mathrm{d}(X^{-1})`.
    Differential(ExprId),
    /// A matrix written out, row by row.
    Array(Vec<Vec<ExprId>>),
    /// `\dots`, `...` inside a matrix or a sum.
    Dots,
    /// Values by condition: `\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}`.
    Cases(Vec<(ExprId, Option<ExprId>)>),
}

/// One index of a sum or product, with its range as far as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binder {
    /// The letter.
    pub letter: Name,
    /// The first value, where written: `i = 1`.
    pub lower: Option<ExprId>,
    /// The last value, where written.
    pub upper: Option<ExprId>,
    /// What it is compared with: `j < i`.
    pub compared: Option<(Relation, ExprId)>,
    /// Values left out: `j ≠ i`.
    pub except: ExprIds,
    /// Where the index stands.
    pub span: Span,
}

/// How a derivative was written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum DerivativeStyle {
    /// `∂L/∂W`
    Partial,
    /// `dL/dW`
    Total,
    /// `∇_W L`, `\nabla^2 f`: with an empty `wrt` the order stands here.
    Nabla {
        /// 1 for `∇`, 2 for `∇²`.
        order: u8,
    },
    /// `f'(w)`, `\dot f`
    Prime {
        /// Number of primes or dots.
        order: u8,
    },
}

/// A relation sign between two expressions.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Relation {
    /// `=`
    Equal,
    /// `:=`, `≜`, `\triangleq`, `\stackrel{def}{=}`, `\equiv`
    Define,
    /// `≈`, `\simeq`
    Approximate,
    /// `∝`
    Proportional,
    /// `≠`
    NotEqual,
    /// `<`, `>`
    Less,
    /// `≤`
    LessEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterEqual,
    /// `⪰`, `\succeq`, `\succ`
    Semidefinite,
    /// `∈`
    Member,
    /// `←`, `\leftarrow`
    Assign,
    /// `⇒`, `\implies`, `\therefore`, `\to`
    Implies,
}

/// One side of a statement, with the relation that leads to it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The relation sign before this side and where it stands; nothing for the first side.
    pub relation: Option<(Relation, Span)>,
    /// The side; nothing where a statement begins with a relation sign (a continued chain).
    pub tree: Option<Tree>,
}

/// An expression, or several with relations between them: `a`, `a = b = c`, `= c`.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The sides in order.
    pub parts: Vec<Part>,
}

impl Tree {
    /// An empty arena; push nodes, then set `root`.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: Vec::new(), grouped: FxHashSet::default(), dotted: FxHashSet::default(), root: ExprId(0) }
    }

    /// Adds a node.
    pub fn push(&mut self, kind: Kind, span: Span) -> ExprId {
        let id = ExprId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push((kind, span));
        id
    }

    /// Adds an operator on its arguments.
    pub fn apply(&mut self, operator: Op, arguments: impl IntoIterator<Item = ExprId>, span: Span) -> ExprId {
        self.push(Kind::Apply { operator, arguments: arguments.into_iter().collect() }, span)
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: ExprId) -> &Kind {
        &self.nodes[id.0 as usize].0
    }

    /// Replaces what a node is, keeping its span.
    pub fn set_kind(&mut self, id: ExprId, kind: Kind) {
        self.nodes[id.0 as usize].0 = kind;
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.nodes[id.0 as usize].1
    }

    /// Widens or corrects where a node stands (brackets around it, say).
    pub fn set_span(&mut self, id: ExprId, span: Span) {
        self.nodes[id.0 as usize].1 = span;
    }

    /// Has a product printed in brackets even where none are needed.
    pub fn group(&mut self, id: ExprId) {
        self.grouped.insert(id);
    }

    /// Whether a product is printed in brackets in any case.
    #[must_use]
    pub fn is_grouped(&self, id: ExprId) -> bool {
        self.grouped.contains(&id)
    }

    /// Notes that a product was written with a dot.
    pub fn mark_dotted(&mut self, id: ExprId) {
        self.dotted.insert(id);
    }

    /// Whether a product was written with a dot.
    #[must_use]
    pub fn is_dotted(&self, id: ExprId) -> bool {
        self.dotted.contains(&id)
    }

    /// Number of nodes in the arena, reachable or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Every node, children before their parents, reachable or not; the tree may be changed meanwhile.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The operator and arguments, where the node applies one.
    #[must_use]
    pub fn as_apply(&self, id: ExprId) -> Option<(Op, &[ExprId])> {
        match self.kind(id) {
            Kind::Apply { operator, arguments } => Some((*operator, arguments)),
            _ => None,
        }
    }

    /// The children of a node, in the order they were written.
    #[must_use]
    pub fn children(&self, id: ExprId) -> ExprIds {
        match self.kind(id) {
            Kind::Number(_) | Kind::Constant(_) | Kind::Symbol(_) | Kind::Slice | Kind::Dots => ExprIds::new(),
            Kind::Subscript { base, indices } => std::iter::once(*base).chain(indices.iter().copied()).collect(),
            Kind::Apply { arguments, .. } | Kind::Call { arguments, .. } => arguments.clone(),
            Kind::Sum { binders, body } | Kind::Product { binders, body } => {
                binders.iter().flat_map(|b| b.named().copied()).chain(std::iter::once(*body)).collect()
            }
            Kind::Derivative { of, wrt, .. } => of.iter().chain(wrt).copied().collect(),
            Kind::Differential(x) => ExprIds::from_slice(&[*x]),
            Kind::Array(rows) => rows.iter().flatten().copied().collect(),
            Kind::Cases(rows) => rows.iter().flat_map(|(v, c)| std::iter::once(*v).chain(*c)).collect(),
        }
    }

    /// Copies `id` of another tree, with all below it, into this one.
    pub fn graft(&mut self, other: &Tree, id: ExprId) -> ExprId {
        let mut kind = other.kind(id).clone();
        kind.map_children(&mut |child| self.graft(other, child));
        let new = self.push(kind, other.span(id));
        if other.is_grouped(id) {
            self.group(new);
        }
        if other.is_dotted(id) {
            self.mark_dotted(new);
        }
        new
    }

    /// The expression with formulas in the place of symbols; the rest stays shared as it is.
    #[must_use]
    pub fn with_formulas<'t>(&self, of: impl Fn(&Name) -> Option<&'t Tree>) -> Self {
        let mut new = Self::new();
        let mut moved: Vec<ExprId> = Vec::with_capacity(self.nodes.len());
        for (at, (kind, span)) in self.nodes.iter().enumerate() {
            let formula = if let Kind::Symbol(name) = kind { of(name) } else { None };
            moved.push(match formula {
                Some(tree) => new.graft(tree, tree.root),
                None => {
                    let mut kind = kind.clone();
                    kind.map_children(&mut |c| moved.get(c.0 as usize).copied().unwrap_or(c));
                    let id = new.push(kind, *span);
                    if u32::try_from(at).is_ok_and(|at| self.is_grouped(ExprId(at))) {
                        new.group(id);
                    }
                    if u32::try_from(at).is_ok_and(|at| self.is_dotted(ExprId(at))) {
                        new.mark_dotted(id);
                    }
                    id
                }
            });
        }
        new.root = moved.get(self.root.0 as usize).copied().unwrap_or(self.root);
        new
    }

    /// Whether two expressions are the same but for their spans.
    #[must_use]
    pub fn same(&self, id: ExprId, other: &Tree, other_id: ExprId) -> bool {
        let (mut a, mut b) = (self.kind(id).clone(), other.kind(other_id).clone());
        a.map_children(&mut |_| ExprId(0));
        b.map_children(&mut |_| ExprId(0));
        a.forget_places();
        b.forget_places();
        let (left, right) = (self.children(id), other.children(other_id));
        a == b && left.len() == right.len() && left.iter().zip(&right).all(|(l, r)| self.same(*l, other, *r))
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Binder {
    /// An index over its whole range.
    #[must_use]
    pub fn over(letter: Name, span: Span) -> Self {
        Self { letter, lower: None, upper: None, compared: None, except: ExprIds::new(), span }
    }

    /// Whether one sum sign has room for both indices.
    #[must_use]
    pub fn joins(&self, other: &Self) -> bool {
        let whole = |b: &Self| b.except.is_empty() && b.compared.is_none();
        self.upper == other.upper && whole(self) && whole(other)
    }

    /// What stands beside the letter: bounds, what it is compared with, what it leaves out.
    pub fn named(&self) -> impl Iterator<Item = &ExprId> {
        self.lower.iter().chain(&self.upper).chain(self.compared.as_ref().map(|c| &c.1)).chain(&self.except)
    }
}

impl Kind {
    /// The indices that a sum or product binds.
    #[must_use]
    pub fn binders(&self) -> &[Binder] {
        match self {
            Kind::Sum { binders, .. } | Kind::Product { binders, .. } => binders,
            _ => &[],
        }
    }

    /// Forgets where the indices of a sum stand, so that two sums can be compared.
    pub fn forget_places(&mut self) {
        if let Kind::Sum { binders, .. } | Kind::Product { binders, .. } = self {
            binders.iter_mut().for_each(|b| b.span = Span::default());
        }
    }

    /// Replaces every child, in the order of [`Tree::children`].
    pub fn map_children(&mut self, of: &mut impl FnMut(ExprId) -> ExprId) {
        match self {
            Kind::Number(_) | Kind::Constant(_) | Kind::Symbol(_) | Kind::Slice | Kind::Dots => {}
            Kind::Subscript { base, indices } => {
                *base = of(*base);
                indices.iter_mut().for_each(|i| *i = of(*i));
            }
            Kind::Apply { arguments, .. } | Kind::Call { arguments, .. } => {
                arguments.iter_mut().for_each(|a| *a = of(*a))
            }
            Kind::Sum { binders, body } | Kind::Product { binders, body } => {
                for b in binders {
                    let compared = b.compared.as_mut().map(|c| &mut c.1);
                    for child in b.lower.iter_mut().chain(&mut b.upper).chain(compared).chain(&mut b.except) {
                        *child = of(*child);
                    }
                }
                *body = of(*body);
            }
            Kind::Derivative { of: what, wrt, .. } => {
                for child in what.iter_mut().chain(wrt) {
                    *child = of(*child);
                }
            }
            Kind::Differential(x) => *x = of(*x),
            Kind::Array(rows) => rows.iter_mut().flatten().for_each(|x| *x = of(*x)),
            Kind::Cases(rows) => {
                for (value, condition) in rows {
                    *value = of(*value);
                    if let Some(c) = condition {
                        *c = of(*c);
                    }
                }
            }
        }
    }
}
