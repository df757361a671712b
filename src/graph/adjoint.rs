//! Adjoints: the derivative of the objective by every step, and what each use of an operand adds to it.

use super::declare::{key, local, pairing, stepwise};
use super::fresh::adjoint;
use super::split::Piece;
use super::{Edge, Graph, Kind, Vertex, no_adjoint};
use crate::check::{Options, check};
use crate::problem::{Ask, Layout, Problem, ProblemText, build};
use crate::shape::Scope;
use crate::syntax::{self, ExprId, ExprIds, Name, Syntax, Tree, print};
use crate::text::{Diagnostic, Span};
use crate::verdict::{Asked, Depth, Posed, Verdict};
use std::collections::BTreeSet;

/// The steps as a problem.
pub(super) struct Steps<'a> {
    pieces: &'a [Piece],
    /// The declarations with the steps as definitions.
    text: ProblemText,
    /// The same, read.
    full: Problem,
    /// The declarations with the steps as symbols.
    local: ProblemText,
    /// The declarations as they were.
    base: &'a ProblemText,
}

/// An operand where it stands in a formula.
struct Occurrence {
    id: ExprId,
    name: Name,
    /// The place among the vertices.
    vertex: usize,
    transposed: bool,
}

impl<'a> Steps<'a> {
    pub(super) fn new(
        base: &'a ProblemText,
        pieces: &'a [Piece],
        replaced: &BTreeSet<Name>,
    ) -> Result<Self, Diagnostic> {
        let before = pieces.split_last().map_or(pieces, |(_, before)| before);
        let text = stepwise(base, before, replaced);
        let full = build(&text, Some(Syntax::Plain)).or_else(|_| build(&text, None))?;
        let local = local(&text, &full.scope, pieces);
        Ok(Self { pieces, text, full, local, base })
    }

    fn scope(&self) -> &Scope {
        &self.full.scope
    }

    /// The graph, with adjoints of what depends on the variables.
    pub(super) fn graph(&self, posed: &Posed, wrt: &BTreeSet<Name>) -> Graph {
        let title = print(&posed.tree, posed.tree.root, Syntax::Plain);
        let mut graph = Graph {
            title,
            vertices: Vec::new(),
            is_scalar: true,
            edges: Vec::new(),
            assumed: posed.assumed.clone(),
            notes: Vec::new(),
        };
        let names = self.vertices(&mut graph, wrt);
        let shape = posed.typed.shape(posed.tree.root);
        graph.is_scalar = posed.typed.free.is_empty() && shape.is_scalar();
        let Some(last) = self.pieces.last() else { return graph };
        let depends = self.dependent(wrt);
        self.closed(&mut graph, &names, &depends, last);
        self.unnamed(&mut graph, &names, &depends);
        self.edges(&mut graph, &names, &depends);
        if graph.is_scalar {
            self.sums(&mut graph, &names, &depends, last);
            return graph;
        }
        let shape = posed.scope.unifier.show_shape(&posed.scope.unifier.resolve_shape(shape));
        if let Some(v) = graph.vertices.last_mut() {
            v.shape = shape;
            v.adjoint = None;
        }
        graph.vertices.iter_mut().for_each(|v| v.jacobian_of = Some(last.name.as_str().to_owned()));
        graph.note(
            "the objective is no scalar: each node has the Jacobian of the objective by it, each edge that of its step; \
             of a matrix they are those of its vec, and a scalar step has its gradient"
                .to_owned(),
        );
        graph
    }

    /// Symbols, then steps; and the names by place.
    fn vertices(&self, graph: &mut Graph, wrt: &BTreeSet<Name>) -> Vec<(Name, Option<Name>)> {
        let scope = self.scope();
        let mut names: Vec<(Name, Option<Name>)> = Vec::new();
        for p in self.pieces {
            for id in p.formula.ids() {
                let syntax::Kind::Symbol(name) = p.formula.kind(id) else { continue };
                let Some(q) = scope.named(name).first().map(|q| scope.quantity(*q)) else { continue };
                let step = self.pieces.iter().any(|p| p.name == *name);
                if step || names.iter().any(|n| n.0 == *name) {
                    continue;
                }
                names.push((name.clone(), q.letters.first().cloned()));
                let kind = if wrt.is_empty() || wrt.contains(name) { Kind::Variable } else { Kind::Constant };
                let shape = scope.unifier.show_shape(&q.shape);
                graph.vertices.push(vertex(key(name, q.letters.first()), kind, None, shape));
            }
        }
        for (i, p) in self.pieces.iter().enumerate() {
            let last = i + 1 == self.pieces.len();
            let q = scope.find(&p.name, usize::from(p.letter.is_some())).map(|q| scope.quantity(q));
            let shape = q.map_or_else(|| "1×1".to_owned(), |q| scope.unifier.show_shape(&q.shape));
            let formula = print(&p.formula, p.formula.root, Syntax::Plain);
            let kind = if last { Kind::Objective } else { Kind::Step };
            names.push((p.name.clone(), p.letter.clone()));
            graph.vertices.push(vertex(key(&p.name, p.letter.as_ref()), kind, Some(formula), shape));
        }
        names
    }

    /// The names whose values depend on the variables.
    fn dependent(&self, wrt: &BTreeSet<Name>) -> BTreeSet<Name> {
        let mut all = wrt.clone();
        for p in self.pieces {
            let uses = |id: ExprId| match p.formula.kind(id) {
                syntax::Kind::Symbol(n) if wrt.is_empty() => !self.scope().named(n).is_empty(),
                syntax::Kind::Symbol(n) => all.contains(n),
                _ => false,
            };
            if p.formula.ids().any(uses) {
                all.insert(p.name.clone());
            }
        }
        if wrt.is_empty() {
            all.extend(self.scope().quantities().map(|(_, q)| q.name.clone()));
        }
        all
    }

    /// The derivative of the objective by each vertex.
    fn closed(&self, graph: &mut Graph, names: &[(Name, Option<Name>)], depends: &BTreeSet<Name>, last: &Piece) {
        let objective = print(&last.formula, last.formula.root, Syntax::Plain);
        for (i, (name, letter)) in names.iter().enumerate() {
            if graph.vertices[i].kind == Kind::Objective {
                graph.vertices[i].adjoint = Some("1".to_owned());
            } else if depends.contains(name) {
                let found = derived(&self.full, &objective, &key(name, letter.as_ref()));
                graph.vertices[i].adjoint = found.map(|tree| self.folded(&tree));
            }
        }
    }

    /// What cannot be written with the names of the steps, as the entries of a vec in a matrix, without them.
    fn unnamed(&self, graph: &mut Graph, names: &[(Name, Option<Name>)], depends: &BTreeSet<Name>) {
        let mut plain = None;
        for (i, (name, letter)) in names.iter().enumerate() {
            if graph.vertices[i].adjoint.is_some() || !depends.contains(name) {
                continue;
            }
            let problem = plain.get_or_insert_with(|| build(self.base, Some(Syntax::Plain)).ok());
            let declared = graph.vertices[i].formula.is_none();
            let found = problem
                .as_ref()
                .filter(|_| declared)
                .and_then(|p| derived(p, &graph.title, &key(name, letter.as_ref())));
            match found {
                Some(tree) => graph.vertices[i].adjoint = Some(print(&tree, tree.root, Syntax::Plain)),
                None => graph.note(no_adjoint(&graph.vertices[i].name.clone())),
            }
        }
    }

    /// The formula with steps by their names, wherever one stands spelled out.
    fn folded(&self, tree: &Tree) -> String {
        let mut out = Tree::new();
        out.root = self.fold(tree, tree.root, &mut out);
        print(&out, out.root, Syntax::Plain)
    }

    fn fold(&self, tree: &Tree, id: ExprId, out: &mut Tree) -> ExprId {
        let before = self.pieces.split_last().map_or(self.pieces, |(_, before)| before);
        let is_step =
            |p: &&Piece| p.formula.as_apply(p.formula.root).is_some() && tree.same(id, &p.formula, p.formula.root);
        if let Some(p) = before.iter().find(is_step) {
            let base = out.push(syntax::Kind::Symbol(p.name.clone()), Span::default());
            let Some(letter) = &p.letter else { return base };
            let index = out.push(syntax::Kind::Symbol(letter.clone()), Span::default());
            return out.push(syntax::Kind::Subscript { base, indices: ExprIds::from_slice(&[index]) }, Span::default());
        }
        let mut kind = tree.kind(id).clone();
        kind.map_children(&mut |c| self.fold(tree, c, out));
        // What was a norm times its name is the name's square.
        if let syntax::Kind::Apply { operator, arguments } = &kind
            && let [a, b] = arguments.as_slice()
            && *operator == &crate::operator::MULTIPLY
            && matches!(out.kind(*a), syntax::Kind::Symbol(_))
            && out.kind(*a) == out.kind(*b)
        {
            let two = out.push(syntax::Kind::Number(crate::number::Rational::from(2)), Span::default());
            return out.apply(&crate::operator::POWER, [*a, two], Span::default());
        }
        let new = out.push(kind, tree.span(id));
        if tree.is_grouped(id) {
            out.group(new);
        }
        new
    }

    fn occurrences(&self, p: &Piece, names: &[(Name, Option<Name>)]) -> Vec<Occurrence> {
        let mut out = Vec::new();
        let mut stack = vec![(p.formula.root, false)];
        while let Some((id, transposed)) = stack.pop() {
            if let syntax::Kind::Symbol(name) = p.formula.kind(id) {
                if let Some(vertex) = names.iter().position(|n| n.0 == *name) {
                    out.push(Occurrence { id, name: name.clone(), vertex, transposed });
                }
            }
            let turned = p.formula.as_apply(id).is_some_and(|(o, _)| o == &crate::operator::TRANSPOSE);
            stack.extend(
                p.formula.children(id).into_iter().rev().map(|c| (c, turned || transposed && is_subscript(p, id))),
            );
        }
        out
    }

    /// One edge for each occurrence, with its message.
    fn edges(&self, graph: &mut Graph, names: &[(Name, Option<Name>)], depends: &BTreeSet<Name>) {
        for (i, p) in self.pieces.iter().enumerate() {
            let to = graph.vertices.len() - self.pieces.len() + i;
            let last = i + 1 == self.pieces.len();
            let all = self.occurrences(p, names);
            for o in &all {
                let several = all.iter().filter(|x| x.name == o.name).count() > 1;
                // Of what is no scalar the local derivative is shown, which is that of the step's own formula.
                let own = last || !graph.is_scalar && p.letter.is_none();
                let wanted = depends.contains(&o.name) && (own || graph.is_scalar);
                let message = if wanted { self.message(p, o, own, several, names) } else { None };
                graph.edges.push(Edge { from: o.vertex, to, transposed: o.transposed, message });
            }
        }
    }

    /// What one use of an operand adds to its adjoint.
    fn message(
        &self,
        p: &Piece,
        o: &Occurrence,
        own_formula: bool,
        several: bool,
        names: &[(Name, Option<Name>)],
    ) -> Option<String> {
        let (name, letter) = names.get(o.vertex)?;
        let mut text = self.local.clone();
        let mut p = p.clone();
        let scope = self.scope();
        let own = key(name, letter.as_ref());
        let alias = Name::from("occurrence");
        if several {
            p.formula.set_kind(o.id, syntax::Kind::Symbol(alias.clone()));
            let q = scope.named(name).first().map(|q| scope.quantity(*q))?;
            text.symbols.insert(key(&alias, letter.as_ref()), super::declare::symbol(scope, q));
            if let Some(properties) = text.properties.get(&own).cloned() {
                text.properties.insert(key(&alias, letter.as_ref()), properties);
            }
        }
        let objective =
            if own_formula { print(&p.formula, p.formula.root, Syntax::Plain) } else { pairing(scope, &p)? };
        let problem = build(&text, Some(Syntax::Plain)).or_else(|_| build(&text, None)).ok()?;
        let wrt = if several { key(&alias, letter.as_ref()) } else { own };
        let mut tree = derived(&problem, &objective, &wrt)?;
        for id in tree.ids() {
            if matches!(tree.kind(id), syntax::Kind::Symbol(n) if *n == alias) {
                tree.set_kind(id, syntax::Kind::Symbol(name.clone()));
            }
        }
        Some(self.folded(&tree))
    }

    /// The adjoints as sums of messages, where that sum is judged right.
    fn sums(&self, graph: &mut Graph, names: &[(Name, Option<Name>)], depends: &BTreeSet<Name>, last: &Piece) {
        let objective = print(&last.formula, last.formula.root, Syntax::Plain);
        let mut text = self.text.clone();
        for (p, v) in self.pieces.iter().zip(&graph.vertices[graph.vertices.len() - self.pieces.len()..]) {
            if let Some(closed) = &v.adjoint {
                text.definitions.0.push((key(&adjoint(&p.name), p.letter.as_ref()), closed.clone()));
            }
        }
        let problem = build(&text, Some(Syntax::Plain)).or_else(|_| build(&text, None)).ok();
        for (i, (name, letter)) in names.iter().enumerate() {
            if graph.vertices[i].kind == Kind::Objective || !depends.contains(name) {
                continue;
            }
            let messages: Option<Vec<&String>> =
                graph.edges.iter().filter(|e| e.from == i).map(|e| e.message.as_ref()).collect();
            let sum = messages.filter(|m| !m.is_empty()).map(|m| {
                let mut sum = String::new();
                for part in m {
                    match (part.strip_prefix('-'), sum.is_empty()) {
                        (_, true) => sum.push_str(part),
                        (Some(rest), false) if is_term(rest) => sum.push_str(&format!(" - {rest}")),
                        (None, false) if is_term(part) => sum.push_str(&format!(" + {part}")),
                        (_, false) => sum.push_str(&format!(" + ({part})")),
                    }
                }
                sum
            });
            let wrt = key(name, letter.as_ref());
            let holds = problem.as_ref().zip(sum.as_ref()).is_some_and(|(p, s)| judged(p, &objective, &wrt, s));
            if holds {
                graph.vertices[i].messages = sum;
            } else {
                // A message that does not add up to the derivative is none.
                graph.edges.iter_mut().filter(|e| e.from == i).for_each(|e| e.message = None);
            }
        }
    }
}

/// Whether a formula is one term: no sign stands outside brackets.
fn is_term(formula: &str) -> bool {
    let mut depth = 0usize;
    for c in formula.chars() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            '+' | '-' if depth == 0 => return false,
            _ => {}
        }
    }
    true
}

fn is_subscript(p: &Piece, id: ExprId) -> bool {
    matches!(p.formula.kind(id), syntax::Kind::Subscript { .. })
}

fn vertex(name: String, kind: Kind, formula: Option<String>, shape: String) -> Vertex {
    Vertex { name, kind, formula, shape, adjoint: None, jacobian_of: None, messages: None }
}

const OPTIONS: Options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };

fn asked<'a>(objective: &'a str, wrt: &'a [String]) -> Asked<'a> {
    Asked {
        objective,
        wrt,
        ask: Ask::Derivative,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(Syntax::Plain),
    }
}

/// The derivative as a formula, checked.
fn derived(problem: &Problem, objective: &str, wrt: &str) -> Option<Tree> {
    let wrt = [wrt.to_owned()];
    let answer = check(problem, &asked(objective, &wrt), None, OPTIONS);
    if answer.fault.is_some() { None } else { answer.truth().cloned() }
}

/// Whether a formula is the derivative.
fn judged(problem: &Problem, objective: &str, wrt: &str, candidate: &str) -> bool {
    let wrt = [wrt.to_owned()];
    check(problem, &asked(objective, &wrt), Some(candidate), OPTIONS).verdict == Some(Verdict::Correct)
}
