//! By the graph: the arguments and results of what is not linear get names; backwards, each node's adjoint ∂L/∂z is
//! the sum over the nodes it goes into, of their adjoints times the local derivative.

use super::rule::{Rules, Term};
use super::setup::Setup;
use super::{Step, verify};
use crate::operator;
use crate::shape::{Body, Formula, Quantity, QuantityId, Reading, Surroundings, infer_with};
use crate::syntax::{DerivativeStyle, ExprId, Kind, Name, Syntax, Tree};
use crate::verdict::Evidence;

/// Nodes at most, and expansions of one of them.
const NODES: usize = 24;
const EXPANSIONS: usize = 400;

/// A named node with its formula in those before it.
struct Node {
    quantity: QuantityId,
    /// The formula on the sheet.
    formula: ExprId,
    /// Whether it has to be introduced: not where it is a definition of the problem.
    own: bool,
}

/// What reaches a node from those it goes into, with the rules that were used.
struct Reached {
    node: QuantityId,
    adjoint: ExprId,
    rules: Vec<&'static str>,
}

impl Setup {
    /// Node by node; says why where that cannot be done.
    pub(super) fn graph(&mut self, wrt: QuantityId) -> Result<(), &'static str> {
        const NO_RULE: &str = "it has an operation for whose differential there is no rule in matrix notation";
        let root = self.root;
        if !self.rules_by(wrt, &[]).varies(root) {
            return Err("it does not depend on the variable");
        }
        let mut nodes = Vec::new();
        let top = self.named_parts(wrt, root, &mut nodes, false)?;
        let whole = self.introduce(self.name.clone(), top).ok_or(NO_RULE)?;
        nodes.push(Node { quantity: whole, formula: top, own: true });
        self.forward(&nodes)?;
        self.backward(wrt, &nodes)
    }

    fn rules_by<'a>(&'a mut self, wrt: QuantityId, nodes: &'a [QuantityId]) -> Rules<'a> {
        Rules { sheet: &mut self.sheet, wrt, nodes }
    }

    /// The expression with names for the parts that are nodes.
    fn named_parts(
        &mut self,
        wrt: QuantityId,
        id: ExprId,
        nodes: &mut Vec<Node>,
        is_node: bool,
    ) -> Result<ExprId, &'static str> {
        let leaf = self.rules_by(wrt, &[]).is_leaf(id);
        if leaf || !self.rules_by(wrt, &[]).varies(id) {
            return Ok(id);
        }
        if let Some(f) = self.sheet.definition(id) {
            let Reading::Quantity(q) = *self.sheet.reading(id) else { return Ok(id) };
            if !nodes.iter().any(|n| n.quantity == q) {
                let formula = self.sheet.copy(&f.tree, &f.typed, f.tree.root);
                nodes.push(Node { quantity: q, formula, own: false });
            }
            return Ok(id);
        }
        // Parts of a sum over members belong to each member, and have no name of their own.
        let mut kind = self.sheet.tree.kind(id).clone();
        if matches!(kind, Kind::Sum { .. } | Kind::Subscript { .. }) {
            return Ok(id);
        }
        let curved = self.is_curved(id);
        let squared = self.is_squared_norm(id);
        let mut failed = None;
        let mut changed = false;
        let mut part = |this: &mut Self, c: ExprId| {
            let named = this.named_parts(wrt, c, nodes, curved && !squared).unwrap_or_else(|why| {
                failed = Some(why);
                c
            });
            changed |= named != c;
            named
        };
        if squared {
            // ‖r‖² is one operation on r.
            let norm = self.sheet.tree.children(id)[0];
            let inner = self.sheet.tree.children(norm)[0];
            let named = self.named_parts(wrt, inner, nodes, true)?;
            if named == inner {
                return Ok(id);
            }
            let mut norm_kind = self.sheet.tree.kind(norm).clone();
            norm_kind.map_children(&mut |_| named);
            let new = self.like(norm, norm_kind);
            let mut first = true;
            kind.map_children(&mut |c| if std::mem::take(&mut first) { new } else { c });
            return Ok(self.like(id, kind));
        }
        let mut children = self.sheet.tree.children(id).to_vec();
        for c in &mut children {
            *c = part(self, *c);
        }
        if let Some(why) = failed {
            return Err(why);
        }
        let mut new = id;
        if changed {
            let mut all = children.into_iter();
            kind.map_children(&mut |c| all.next().unwrap_or(c));
            new = self.like(id, kind);
        }
        // What is curved, and what a curved operation is applied to, is a node.
        let leaf = self.rules_by(wrt, &[]).is_leaf(new);
        if !(curved || is_node) || leaf || id == self.root {
            return Ok(new);
        }
        if let Some(known) = nodes.iter().find(|n| self.sheet.same(n.formula, new)).map(|n| n.quantity) {
            return Ok(self.symbol_of(known));
        }
        if nodes.len() >= NODES {
            return Err("it has too many nodes to be shown one by one");
        }
        let name = self.node_name(new, curved);
        let q = self.introduce(name, new).ok_or("a part of it cannot be given a name")?;
        nodes.push(Node { quantity: q, formula: new, own: true });
        Ok(self.symbol_of(q))
    }

    fn like(&mut self, id: ExprId, kind: Kind) -> ExprId {
        let new = self.sheet.again(id);
        self.sheet.tree.set_kind(new, kind);
        new
    }

    fn symbol_of(&mut self, q: QuantityId) -> ExprId {
        let (name, shape) = {
            let quantity = self.posed.scope.quantity(q);
            (quantity.name.clone(), quantity.shape.clone())
        };
        self.sheet.symbol(name, shape, q)
    }

    /// Whether an operation is not linear in what it is applied to.
    fn is_curved(&self, id: ExprId) -> bool {
        const LINEAR: &[operator::Op] = &[
            &operator::ADD,
            &operator::NEGATE,
            &operator::MULTIPLY,
            &operator::DIVIDE,
            &operator::TRANSPOSE,
            &operator::TRACE,
            &operator::SUM,
            &operator::MEAN,
            &operator::DIAG,
            &operator::VEC,
            &operator::INNER,
            &operator::HADAMARD,
            &operator::HADAMARD_DIVIDE,
            &operator::KRONECKER,
        ];
        match self.sheet.tree.kind(id) {
            Kind::Apply { operator, .. } => !LINEAR.contains(operator),
            Kind::Call { .. } => true,
            _ => false,
        }
    }

    fn is_squared_norm(&self, id: ExprId) -> bool {
        let Some((op, &[base, exponent])) = self.sheet.tree.as_apply(id) else { return false };
        let norm = self
            .sheet
            .tree
            .as_apply(base)
            .is_some_and(|(o, _)| [&operator::NORM, &operator::NORM_2, &operator::NORM_F].contains(&o));
        let two = matches!(self.sheet.tree.kind(exponent), Kind::Number(n) if n.to_integer() == Some(2));
        op == &operator::POWER && norm && two
    }

    /// How deep operations that are not linear are nested.
    pub(super) fn depth(&self, id: ExprId) -> usize {
        let below = self.sheet.tree.children(id).iter().map(|c| self.depth(*c)).max().unwrap_or(0);
        below + usize::from(self.is_curved(id) && !self.is_squared_norm(id))
    }

    fn node_name(&self, id: ExprId, curved: bool) -> Name {
        let shape = self.sheet.shape(id);
        let letters: &[&str] = match (shape.is_scalar(), shape.is_vector(), curved) {
            (true, ..) => &["s", "t", "u", "c", "q"],
            (_, true, false) => &["z", "u", "r", "q", "c"],
            (_, true, true) => &["h", "v", "p", "a", "e"],
            (_, false, false) => &["Z", "U", "M", "Q", "T"],
            (_, false, true) => &["H", "V", "P", "R", "G"],
        };
        let scope = &self.posed.scope;
        // The letter is free, alone and with numbers, except for nodes that were named by it.
        let foreign = |l: &str| scope.names.contains(l) || scope.unifier.find(l).is_some() || l == self.name;
        let letter = letters.iter().find(|l| !foreign(l)).copied().unwrap_or("node");
        let number = (1..).find(|n| !scope.names.contains(&format!("{letter}_{n}"))).unwrap_or(1);
        format!("{letter}_{number}").into()
    }

    /// Declares a node as a definition.
    fn introduce(&mut self, name: impl Into<Name>, formula: ExprId) -> Option<QuantityId> {
        let name = name.into();
        let mut tree = Tree::new();
        tree.root = tree.graft(&self.sheet.tree, formula);
        let around = Surroundings::default();
        let typed = infer_with(&tree, &mut self.posed.scope, &around).ok()?.typed;
        let shape = self.sheet.shape(formula).clone();
        let source = crate::syntax::print(&tree, tree.root, Syntax::Plain);
        let quantity = Quantity {
            name,
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body: Body::Definition(Box::new(Formula { source, syntax: Syntax::Plain, tree, typed })),
        };
        let q = self.posed.scope.declare(quantity);
        self.sheet.scope = self.posed.scope.clone();
        Some(q)
    }

    /// The nodes forwards.
    fn forward(&mut self, nodes: &[Node]) -> Result<(), &'static str> {
        let last = nodes.len().saturating_sub(1);
        for (i, node) in nodes.iter().enumerate().filter(|(_, n)| n.own) {
            // The objective itself has been written already, where there are no other nodes.
            if i == last && nodes.iter().filter(|n| n.own).count() == 1 {
                continue;
            }
            let [plain, latex] = [Syntax::Plain, Syntax::Latex].map(|s| self.text(node.formula, s));
            let whole = self.symbol_of(node.quantity);
            let left = [Syntax::Plain, Syntax::Latex].map(|s| self.text(whole, s));
            let what = if i == last { "the objective in these" } else { "a node" };
            let evidence = self.shown(&plain, &latex, whole).ok_or("a node of it failed its check")?;
            self.steps.push(Step {
                what: what.to_owned(),
                plain: format!("{} = {plain}", left[0]),
                latex: format!("{} = {latex}", left[1]),
                evidence: Some(evidence),
            });
        }
        Ok(())
    }

    /// The evidence that a text in both notations equals an expression of the sheet.
    fn shown(&mut self, plain: &str, latex: &str, expression: ExprId) -> Option<Evidence> {
        let mut tree = Tree::new();
        tree.root = tree.graft(&self.sheet.tree, expression);
        let whole = verify::value(&mut self.posed, &tree)?;
        let evidence = verify::holds(&mut self.posed, plain, Syntax::Plain, &whole)?;
        verify::holds(&mut self.posed, latex, Syntax::Latex, &whole)?;
        Some(evidence)
    }

    /// The adjoints backwards.
    fn backward(&mut self, wrt: QuantityId, nodes: &[Node]) -> Result<(), &'static str> {
        const NO_RULE: &str = "it has an operation for whose differential there is no rule in matrix notation";
        let leaves: Vec<QuantityId> = nodes.iter().map(|n| n.quantity).collect();
        let Some(whole) = nodes.last().map(|n| n.quantity) else { return Err(NO_RULE) };
        let mut reached: Vec<Reached> = Vec::new();
        for node in nodes.iter().rev() {
            let adjoint = if node.quantity == whole {
                self.sheet.integer(1)
            } else {
                let Some(adjoint) = self.adjoint(whole, node.quantity, &reached)? else { continue };
                adjoint
            };
            let found = self.local(wrt, &leaves, node, adjoint).ok_or(NO_RULE)?;
            reached.extend(found);
        }
        let total: Vec<ExprId> = reached.iter().filter(|r| r.node == wrt).map(|r| r.adjoint).collect();
        if total.is_empty() {
            return Err("it does not depend on the variable");
        }
        let what = names(reached.iter().filter(|r| r.node == wrt));
        let sum = self.sheet.sum(&total);
        self.adjoint_step(&what, whole, wrt, sum).ok_or("a step of it failed its check")
    }

    /// What reaches a node, printed as its adjoint; the sign that later nodes use.
    fn adjoint(
        &mut self,
        whole: QuantityId,
        node: QuantityId,
        reached: &[Reached],
    ) -> Result<Option<ExprId>, &'static str> {
        let terms: Vec<ExprId> = reached.iter().filter(|r| r.node == node).map(|r| r.adjoint).collect();
        if terms.is_empty() {
            return Ok(None);
        }
        let what = names(reached.iter().filter(|r| r.node == node));
        let sum = self.sheet.sum(&terms);
        self.adjoint_step(&what, whole, node, sum).ok_or("a step of it failed its check")?;
        Ok(Some(self.partial(whole, node)))
    }

    /// ∂L/∂z
    fn partial(&mut self, whole: QuantityId, node: QuantityId) -> ExprId {
        let (of, by) = (self.symbol_of(whole), self.symbol_of(node));
        let shape = self.sheet.shape(by).clone();
        let kind =
            Kind::Derivative { of: Some(of), wrt: std::iter::once(by).collect(), style: DerivativeStyle::Partial };
        self.sheet.push(kind, shape)
    }

    fn adjoint_step(&mut self, what: &str, whole: QuantityId, node: QuantityId, sum: ExprId) -> Option<()> {
        let sign = self.partial(whole, node);
        let [plain, latex] = [Syntax::Plain, Syntax::Latex].map(|s| self.text(sum, s));
        let left = [Syntax::Plain, Syntax::Latex].map(|s| self.text(sign, s));
        let evidence = self.shown(&plain, &latex, sign);
        if evidence.is_none() {
            self.fail(format!("{what}: {} = {plain}", left[0]));
        }
        self.steps.push(Step {
            what: what.to_owned(),
            plain: format!("{} = {plain}", left[0]),
            latex: format!("{} = {latex}", left[1]),
            evidence: Some(evidence?),
        });
        Some(())
    }

    /// What a node passes on to those in its formula.
    fn local(&mut self, wrt: QuantityId, nodes: &[QuantityId], node: &Node, adjoint: ExprId) -> Option<Vec<Reached>> {
        // A node that is the variable passes nothing on.
        if node.quantity == wrt {
            return Some(Vec::new());
        }
        let others: Vec<QuantityId> = nodes.iter().copied().filter(|q| *q != node.quantity).collect();
        let mut open = vec![(Term { part: node.formula, adjoint, binders: Vec::new() }, Vec::new())];
        let mut found: Vec<Reached> = Vec::new();
        for _ in 0..EXPANSIONS {
            let Some((term, rules)) = open.pop() else { return Some(found) };
            if let Some(leaf) = self.leaf(wrt, &others, &term) {
                let body = self.below(&term, term.adjoint);
                found.push(Reached { node: leaf, adjoint: body, rules });
                continue;
            }
            let expanded = self.rules_by(wrt, &others).expand(&term)?;
            let mut rules: Vec<&'static str> = rules;
            if !rules.contains(&expanded.rule) {
                rules.push(expanded.rule);
            }
            open.extend(expanded.pieces.into_iter().rev().map(|p| (p.term, rules.clone())));
        }
        None
    }

    fn leaf(&self, wrt: QuantityId, nodes: &[QuantityId], term: &Term) -> Option<QuantityId> {
        match self.sheet.reading(term.part) {
            Reading::Quantity(q) if *q == wrt || nodes.contains(q) => Some(*q),
            _ => None,
        }
    }
}

/// The rules along the paths, and that these are added.
fn names<'a>(reached: impl Iterator<Item = &'a Reached>) -> String {
    let (mut all, mut paths): (Vec<&str>, usize) = (Vec::new(), 0);
    for r in reached {
        paths += 1;
        for rule in &r.rules {
            if !all.contains(rule) {
                all.push(rule);
            }
        }
    }
    let rules = all.join(", ");
    if paths > 1 { format!("{rules}; {paths} paths added") } else { rules }
}
