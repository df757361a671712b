//! The arena of nodes, with every node stored once.

use super::layers::Layers;
use super::node::{Axes, DimId, FunctionId, Node, NodeId, Pattern, VariableId};
use crate::dimension::{IntVar, Poly};
use crate::limit::{self, Limit};
use crate::text::Name;
use smallvec::smallvec;
use std::sync::Arc;

/// What is declared of a symbol, beyond its shape.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Property {
    /// Every entry above 0.
    Positive,
    /// No entry below 0.
    NonNegative,
    /// No entry 0.
    NonZero,
    /// Every entry an integer.
    Integer,
    /// Entries at least 0 that sum to one; of a matrix, row by row.
    Probability,
    /// One entry 1, the others 0; of a matrix, row by row.
    OneHot,
    /// Every entry −1 or 1.
    Sign,
    /// Equal to its transpose.
    Symmetric,
    /// Zero off the diagonal.
    Diagonal,
    /// Symmetric with positive eigenvalues.
    PositiveDefinite,
    /// Symmetric with no negative eigenvalue.
    PositiveSemidefinite,
    /// AᵀA = I; square or with orthonormal columns.
    Orthogonal,
    /// With an inverse.
    Invertible,
}

/// A declared symbol, family or definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its canonical name; of a family, the base name without the index.
    pub name: Name,
    /// The dimensions of its axes.
    pub axes: Axes,
    /// The letter its members are declared with, where it is a family: the first axis counts the members.
    pub family: Option<Name>,
    /// What is declared of it (of every member, for a family), sorted.
    pub properties: Vec<Property>,
    /// Whether its one axis (of a family, of a member) runs along a row: a matrix of one row.
    pub is_row: bool,
}

/// What a node counts of a claim's work.
const NODE: u64 = 40;

/// Axes of one tensor, so that every factor of the longest product has labels of its own.
const MOST_AXES: usize = 400;

/// Variables of sums that differentiation introduces are numbered from here.
pub const FIRST_BOUND: u32 = 1 << 31;

/// The graph: nodes, dimensions, variables and names of functions.
///
/// Copies share the nodes and dimensions on which [`Store::share`] was called.
#[derive(Clone, Debug)]
pub struct Store {
    /// Each with the dimensions of its axes.
    nodes: Layers<Node, Axes>,
    dims: Layers<Poly, ()>,
    variables: Arc<Vec<Variable>>,
    functions: Arc<Vec<Name>>,
    bound: u32,
    limit: usize,
    exceeded: bool,
}

impl Default for Store {
    fn default() -> Self {
        Self::with_limit(limit::size(Limit::Nodes))
    }
}

impl Store {
    /// An empty graph of at most `limit` nodes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            nodes: Layers::default(),
            dims: Layers::default(),
            variables: Arc::default(),
            functions: Arc::default(),
            bound: 0,
            limit,
            exceeded: false,
        }
    }

    /// Whether more nodes were asked for than the limit, so that what was built since is not what was asked for; or the
    /// claim that is being worked on may not go on.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.exceeded || limit::spent().is_some()
    }

    /// Makes all that there is a part of what copies share.
    pub fn share(&mut self) {
        self.nodes.share();
        self.dims.share();
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a node is.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.at(id.0).0
    }

    /// The dimensions of a node's axes.
    #[must_use]
    pub fn axes(&self, id: NodeId) -> &Axes {
        self.nodes.at(id.0).1
    }

    /// Number of axes of a node.
    #[must_use]
    pub fn rank(&self, id: NodeId) -> usize {
        self.axes(id).len()
    }

    /// The interned dimension.
    pub fn dim(&mut self, p: &Poly) -> DimId {
        DimId(self.dims.find(p).unwrap_or_else(|place| self.dims.store(place, p.clone(), ())))
    }

    /// What a dimension is.
    #[must_use]
    pub fn poly(&self, d: DimId) -> &Poly {
        self.dims.at(d.0).0
    }

    /// Declares a variable.
    pub fn declare(&mut self, variable: Variable) -> VariableId {
        let id = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        Arc::make_mut(&mut self.variables).push(variable);
        id
    }

    /// Gives a variable other properties than the declared ones; sorted.
    pub fn assume(&mut self, id: VariableId, properties: &[Property]) {
        if let Some(v) = Arc::make_mut(&mut self.variables).get_mut(id.0 as usize) {
            v.properties = properties.to_vec();
        }
    }

    /// What is declared of a variable.
    #[must_use]
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.0 as usize]
    }

    /// Every variable, in the order of declaration.
    pub fn variables(&self) -> impl Iterator<Item = (VariableId, &Variable)> {
        self.variables.iter().enumerate().map(|(i, v)| (VariableId(u32::try_from(i).unwrap_or(u32::MAX)), v))
    }

    /// A new variable for a sum over integers; its number lies above those of every `Unifier`.
    pub fn bound_variable(&mut self) -> IntVar {
        self.bound += 1;
        IntVar(FIRST_BOUND + self.bound - 1)
    }

    /// The function of that name.
    pub fn function(&mut self, name: &str) -> FunctionId {
        let index = self.functions.iter().position(|f| f == name).unwrap_or_else(|| {
            Arc::make_mut(&mut self.functions).push(name.into());
            self.functions.len() - 1
        });
        FunctionId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The name of the function of that number, where there is one.
    #[must_use]
    pub fn known_function(&self, number: u32) -> Option<&Name> {
        self.functions.get(number as usize)
    }

    /// The name of a function.
    #[must_use]
    pub fn function_name(&self, id: FunctionId) -> &Name {
        &self.functions[id.0 as usize]
    }

    /// Stores a node as it is; the constructors in this room keep the invariants before they call this.
    pub(super) fn intern(&mut self, node: Node) -> NodeId {
        limit::spend(NODE);
        let place = match self.nodes.find(&node) {
            Ok(known) => return NodeId(known),
            Err(place) => place,
        };
        if self.len() >= self.limit {
            self.exceeded = true;
        }
        let axes = self.axes_of(&node);
        self.exceeded |= axes.len() > MOST_AXES;
        if self.exceeded {
            // Past the limit nothing is shared any more, only kept well-shaped: one zero for each set of axes.
            let zero = Node::Zero(axes.clone());
            return NodeId(self.nodes.find(&zero).unwrap_or_else(|place| self.nodes.store(place, zero, axes)));
        }
        NodeId(self.nodes.store(place, node, axes))
    }

    fn axes_of(&mut self, node: &Node) -> Axes {
        match node {
            Node::Variable(v) => self.variable(*v).axes.clone(),
            Node::Definition { body, .. } | Node::RangeSum { body, .. } => self.axes(*body).clone(),
            Node::Product(p) => p.out.iter().map(|l| p.dims[*l as usize]).collect(),
            Node::Sum(terms) => self.axes(terms[0].1).clone(),
            Node::Zero(axes) => axes.clone(),
            Node::Map(_, x) | Node::ScalarPower(x, _) | Node::MatrixPower(x, _) | Node::Inverse(x) => {
                self.axes(*x).clone()
            }
            Node::Determinant(x) => {
                let axes = self.axes(*x);
                axes[..axes.len().saturating_sub(2)].into()
            }
            Node::Unknown { order, batch, argument, .. } => {
                let axes = self.axes(*argument);
                let (batch, inner) = axes.split_at((*batch as usize).min(axes.len()));
                let mut out: Axes = batch.into();
                for _ in 0..*order {
                    out.extend_from_slice(inner);
                }
                out
            }
            Node::Integer(_) | Node::Constant(_) => Axes::new(),
            Node::Pattern(p) => match p {
                Pattern::Basis { dim, .. } | Pattern::Range { dim, .. } | Pattern::Count { dim } => smallvec![*dim],
                Pattern::Shift { rows, cols, .. } | Pattern::Before { rows, cols } => smallvec![*rows, *cols],
            },
            Node::Fuse { argument, groups } => {
                let axes = self.axes(*argument).clone();
                let mut rest = &axes[..];
                let mut out = Axes::new();
                for g in groups {
                    let (run, more) = rest.split_at((*g as usize).min(rest.len()));
                    rest = more;
                    let product = run.iter().fold(Poly::constant(1), |p, d| p.mul(self.poly(*d)));
                    out.push(self.dim(&product));
                }
                out
            }
            Node::Split { argument, axis, factors } => {
                let axes = self.axes(*argument);
                let mut out: Axes = axes[..*axis as usize].into();
                out.extend_from_slice(factors);
                out.extend_from_slice(&axes[*axis as usize + 1..]);
                out
            }
        }
    }

    /// The nodes that a node is made from, in order.
    #[must_use]
    pub fn operands(&self, id: NodeId) -> smallvec::SmallVec<[NodeId; 4]> {
        let mut all = smallvec![];
        self.for_each_operand(id, |x| all.push(x));
        all
    }

    /// Looks at the nodes that a node is made from, in order.
    fn for_each_operand(&self, id: NodeId, mut look: impl FnMut(NodeId)) {
        match self.node(id) {
            Node::Variable(_) | Node::Zero(_) | Node::Integer(_) | Node::Constant(_) | Node::Pattern(_) => {}
            Node::Definition { body, .. } | Node::RangeSum { body, .. } => look(*body),
            Node::Product(p) => p.factors.iter().for_each(|f| look(f.0)),
            Node::Sum(terms) => terms.iter().for_each(|t| look(t.1)),
            Node::Map(_, x) | Node::MatrixPower(x, _) | Node::Inverse(x) | Node::Determinant(x) => look(*x),
            Node::ScalarPower(x, y) => {
                look(*x);
                look(*y);
            }
            Node::Unknown { argument, .. } | Node::Fuse { argument, .. } | Node::Split { argument, .. } => {
                look(*argument);
            }
        }
    }

    /// Every node that `roots` are made from, operands before what uses them.
    #[must_use]
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        // Operands always have smaller numbers than what uses them, so order by number is a topological order.
        let mut seen = vec![false; roots.iter().map(|r| r.0 as usize + 1).max().unwrap_or(0)];
        roots.iter().for_each(|r| seen[r.0 as usize] = true);
        let number = |i: usize| NodeId(u32::try_from(i).unwrap_or(u32::MAX));
        let mut count = 0;
        for i in (0..seen.len()).rev() {
            if seen[i] {
                count += 1;
                self.for_each_operand(number(i), |x| seen[x.0 as usize] = true);
            }
        }
        let mut all = Vec::with_capacity(count);
        all.extend((0..seen.len()).filter(|i| seen[*i]).map(number));
        all
    }
}
