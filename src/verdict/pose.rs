//! Posing a task: what is asked, read and shaped, and its truth derived and checked.

use super::compare::Evidence;
use super::form::{By, Form};
use super::names::{integer_name, ranges};
use super::selfcheck::{SelfCheck, Subject, against_differences};
use super::undeclared::{by_convention, has_differential, known_or_used};
use crate::algebra::Reference;
use crate::calculus::{self, Structure};
use crate::dimension::Shape;
use crate::limit::{self, Limit};
use crate::lower::{Lowering, Quantities};
use crate::problem::{Ask, Layout};
use crate::shape::{
    Body, Formula, Index, Quantity, QuantityId, Scope, Surroundings, Typed, Wrt, close_sums, declare_differentials,
    extend_sums, infer_settled, infer_with, infer_wrt, is_named_in,
};
use crate::syntax::{ExprId, Kind, Name, Syntax, Tree, detect, parse};
use crate::tensor::{NodeId, Property, Store, Value};
use crate::text::{Code, Diagnostic, Span};
use std::sync::Arc;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The objective, or the other side of an identity.
    pub objective: &'a str,
    /// By what, one entry for each order.
    pub wrt: &'a [String],
    /// What of it.
    pub ask: Ask,
    /// Which layout is accepted.
    pub layout: Layout,
    /// Whether tied entries move together.
    pub structured: bool,
    /// The notation; told by itself where nothing is said.
    pub syntax: Option<Syntax>,
}

/// Which text a fault is in.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// The objective.
    Objective,
    /// The variable of differentiation.
    Wrt,
    /// The candidate.
    Candidate,
    /// The declarations.
    Declarations,
    /// The request as a whole.
    Request,
}

/// A diagnostic and the text it is about.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which text.
    pub place: Place,
    /// What about it.
    pub diagnostic: Diagnostic,
}

impl Fault {
    pub(super) fn at(place: Place) -> impl Fn(Diagnostic) -> Self {
        move |diagnostic| Self { place, diagnostic }
    }
}

/// A task with its truth.
#[derive(Clone, Debug)]
pub struct Posed {
    /// The declarations.
    pub scope: Scope,
    /// The graph.
    pub store: Store,
    /// The declared quantities as nodes.
    pub quantities: Quantities,
    /// The objective as read.
    pub tree: Tree,
    /// The objective's shapes.
    pub typed: Arc<Typed>,
    /// The objective's value.
    pub objective: Value,
    /// By what it is differentiated.
    pub by: Vec<By>,
    /// The raw derivative: the objective's axes, then the variables'.
    pub derivative: NodeId,
    /// The same, with tied entries moving together where that is asked.
    pub formed: NodeId,
    /// What the answer has to look like.
    pub form: Form,
    /// The truth in that form.
    pub truth: Value,
    /// The truth as what candidates are compared with.
    reference: Arc<Reference>,
    /// What is asked.
    pub ask: Ask,
    /// Which layout is accepted.
    pub layout: Layout,
    /// Whether tied entries of the variable move together.
    pub structured: bool,
    /// What finite differences say of the truth.
    pub check: Option<Evidence>,
    /// What was assumed.
    pub assumed: Vec<String>,
    /// The objective's text, for seeds.
    pub text: String,
}

/// Reads, shapes, derives and checks; `candidate` is looked at only for symbols that nobody declared.
///
/// # Errors
/// The first thing that cannot be read or derived.
pub fn pose(scope: &Scope, asked: &Asked<'_>, candidate: Option<&str>) -> Result<Posed, Fault> {
    let mut scope = scope.clone();
    let notation = asked.syntax.unwrap_or_else(|| detect(asked.objective));
    let mut tree = parse(asked.objective, notation, &scope.names).map_err(Fault::at(Place::Objective))?;
    let mut variables = Vec::new();
    for w in asked.wrt {
        // A bare name is plain even among LaTeX formulas: `x_hat`.
        variables.push(parse(w, detect(w), &scope.names).map_err(Fault::at(Place::Wrt))?);
    }
    if asked.ask == Ask::Hessian && variables.len() == 1 {
        variables.push(variables[0].clone());
    }
    let mut assumed = Vec::new();
    let free_symbols = !scope.names.is_complete();
    let equation = asked.ask == Ask::Identity;
    let other = || candidate.and_then(|c| parse(c, asked.syntax.unwrap_or_else(|| detect(c)), &scope.names).ok());
    // Without the other side nothing says whether Σ_{i≠j} is a sum for one j.
    let is_elsewhere = |l: &Name| {
        scope.names.contains(l)
            || variables.iter().any(|v| is_named_in(v, l))
            || if candidate.is_some() { other().is_some_and(|o| is_named_in(&o, l)) } else { equation }
    };
    if let Some((extended, said)) = extend_sums(&tree, |l| equation || is_elsewhere(l)) {
        tree = extended;
        assumed.extend(said);
    }
    if let Some((closed, said)) = close_sums(&tree, is_elsewhere) {
        tree = closed;
        assumed.extend(said);
    }
    let inferred = if free_symbols {
        let other = other();
        for v in &variables {
            known_or_used(&scope, v, &tree).map_err(Fault::at(Place::Wrt))?;
        }
        by_convention(&mut scope, &mut tree, &variables, other.as_ref(), equation)
    } else {
        if equation && has_differential(&tree) {
            let other = other();
            let trees: Vec<&Tree> = std::iter::once(&tree).chain(&other).collect();
            declare_differentials(&trees, &mut scope);
        }
        infer_settled(&mut tree, &mut scope, &Surroundings::default())
    };
    let inferred = inferred.map_err(Fault::at(Place::Objective))?;
    assumed.extend(inferred.assumed);
    let mut typed = inferred.typed;

    // What each variable names; a subexpression becomes a definition of its own.
    let mut named: Vec<(Wrt, Shape)> = Vec::new();
    for v in &variables {
        let around = Surroundings { letters: typed.free.clone(), ..Surroundings::default() };
        let (wrt, inferred) = infer_wrt(v, &mut scope, &around).map_err(Fault::at(Place::Wrt))?;
        let shape = inferred.typed.shape(v.root).clone();
        let wrt = match wrt {
            Wrt::Expression(_) => {
                let q = name_subexpression(&mut scope, v, &mut tree, inferred.typed).map_err(Fault::at(Place::Wrt))?;
                typed =
                    infer_with(&tree, &mut scope, &Surroundings::default()).map_err(Fault::at(Place::Objective))?.typed;
                Wrt::Quantity { quantity: q, indices: smallvec::SmallVec::new(), transposed: false }
            }
            other => other,
        };
        named.push((wrt, shape));
    }
    typed.resolve(&scope.unifier);
    let by: Vec<By> = named
        .into_iter()
        .filter_map(|(w, shape)| match w {
            Wrt::Quantity { quantity, indices, transposed } => {
                let indices: Vec<Index> = indices.into_iter().collect();
                let mut indices = indices;
                // A family as a whole variable means its member.
                let q = scope.quantity(quantity);
                if indices.is_empty() && q.letters.len() == 1 {
                    indices.push(Index::Letter(q.letters[0].clone()));
                }
                Some(By { quantity, indices, shape: scope.unifier.resolve_shape(&shape), transposed })
            }
            Wrt::Expression(_) => None,
        })
        .collect();
    let output = scope.unifier.resolve_shape(typed.shape(tree.root));
    let mut form = if asked.ask == Ask::Identity {
        Form { letters: typed.free.clone(), shape: output.clone(), flipped: false }
    } else {
        if by.is_empty() {
            return Err(Fault::at(Place::Request)(
                Diagnostic::new(Code::BAD_REQUEST, Span::default(), "it is not said by what to differentiate")
                    .hint("give wrt"),
            ));
        }
        Form::new(&typed.free, &output, &by, asked.ask, asked.layout).map_err(Fault::at(Place::Wrt))?
    };
    ranges(&mut form, &scope, &by);
    // ∂f/∂xᵀ is a row for a scalar f; of a vector it is the Jacobian as it stands.
    if by.len() == 1 && by[0].transposed && output.is_scalar() {
        form.shape = form.shape.transposed();
        form.flipped = !form.flipped;
    }
    Ok(Posed {
        store: Store::default(),
        quantities: Quantities::default(),
        objective: Value::scalar(NodeId(0)),
        derivative: NodeId(0),
        formed: NodeId(0),
        truth: Value::scalar(NodeId(0)),
        reference: Arc::new(Reference::new(NodeId(0))),
        by,
        form,
        tree,
        typed: Arc::new(typed),
        ask: asked.ask,
        layout: asked.layout,
        structured: asked.structured,
        check: None,
        assumed,
        text: asked.objective.to_owned(),
        scope,
    })
}

impl Posed {
    /// A node to compare others with: for the truth, what was found in earlier comparisons with it is kept.
    #[must_use]
    pub fn reference(&self, node: NodeId) -> Arc<Reference> {
        if node == self.reference.node() { Arc::clone(&self.reference) } else { Arc::new(Reference::new(node)) }
    }

    /// Whether a candidate can add nothing to what is known of the task: every symbol is declared, and every size known.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let differentials = self.ask == Ask::Identity && has_differential(&self.tree);
        self.scope.names.is_complete() && !differentials && !self.scope.unifier.has_unknown()
    }

    /// Appends what a derived truth depends on beside the declared symbols and what is asked: the objective and the
    /// definitions as read, however they were written. False where that cannot be said in short.
    pub fn write_meaning(&self, out: &mut String) -> bool {
        let mut definitions = self.scope.quantities().filter_map(|(_, q)| match &q.body {
            Body::Definition(formula) => Some((q, formula)),
            _ => None,
        });
        !self.scope.defines_functions()
            && self.tree.write_canonical(self.tree.root, out)
            && definitions.all(|(q, formula)| {
                for name in std::iter::once(&q.name).chain(&q.letters) {
                    out.push('\n');
                    out.push_str(name);
                }
                out.push('\n');
                formula.tree.write_canonical(formula.tree.root, out)
            })
    }

    /// The truth of another task of the same meaning ([`Posed::write_meaning`], the same declarations, the same asked) in
    /// place of deriving it; nothing where more than the writing differs.
    #[must_use]
    pub fn with_truth_of(self, other: &Self) -> Option<Self> {
        let assumed = other.assumed.starts_with(&self.assumed).then(|| other.assumed.clone())?;
        let alike = self.form == other.form && self.scope.unifier == other.scope.unifier;
        alike.then(|| Self {
            scope: self.scope,
            tree: self.tree,
            typed: self.typed,
            by: self.by,
            text: self.text,
            assumed,
            ..other.clone()
        })
    }

    /// Makes what there is of the graph a part of what copies of the task share.
    pub fn share(&mut self) {
        self.store.share();
    }

    /// The two texts that seeds come from; those of an identity in one order, whichever side is the candidate.
    #[must_use]
    pub fn texts<'a>(&'a self, candidate: &'a str) -> [&'a str; 2] {
        let mut texts = [candidate, self.text.as_str()];
        if self.ask == Ask::Identity {
            texts.sort_unstable();
        }
        texts
    }

    /// Lowers the objective, derives the truth and checks it. Every dimension must be known by now.
    ///
    /// # Errors
    /// Where something cannot be computed with, or the derived formula fails its own check.
    pub fn derive(&mut self) -> Result<(), Fault> {
        if let Some(id) = self.typed.open_shape(&self.tree, &self.scope.unifier) {
            let d =
                Diagnostic::new(Code::UNKNOWN_DIMENSION, self.tree.span(id), "the size of this cannot be determined")
                    .hint("write it, as in I_n");
            return Err(Fault::at(Place::Objective)(d));
        }
        let mut lowering =
            Lowering { scope: &self.scope, store: &mut self.store, quantities: &mut self.quantities, marked: None };
        self.objective = lowering.lower(&self.tree, &self.typed).map_err(Fault::at(Place::Objective))?;
        if self.ask == Ask::Identity {
            self.truth = self.objective.clone();
            self.reference = Arc::new(Reference::new(self.truth.node));
            self.derivative = self.truth.node;
            self.formed = self.truth.node;
            return self.within_limits();
        }
        let mut node = self.objective.node;
        for b in &self.by {
            let target = lowering.tensor(b.quantity).map_err(Fault::at(Place::Wrt))?;
            node = calculus::derivative(lowering.store, node, target);
        }
        let raw = node;
        self.derivative = raw;
        self.within_limits()?;
        self.self_check()?;
        let mut node = raw;
        if self.structured {
            node = self.tied(raw)?;
        }
        self.formed = node;
        self.truth = self.form.assemble(&mut self.store, &self.objective, &self.by, node);
        self.reference = Arc::new(Reference::new(self.truth.node));
        self.within_limits()
    }

    fn within_limits(&self) -> Result<(), Fault> {
        if self.store.is_exceeded() {
            let d = Diagnostic::new(Code::TOO_LARGE, Span::default(), "the formula needs more nodes than the limit");
            return Err(Fault::at(Place::Objective)(d));
        }
        Ok(())
    }

    pub(super) fn tied(&mut self, node: NodeId) -> Result<NodeId, Fault> {
        let properties = &self.scope.quantity(self.by[0].quantity).properties;
        let structure = if properties.contains(&Property::Diagonal) {
            Structure::Diagonal
        } else if properties
            .iter()
            .any(|p| matches!(p, Property::Symmetric | Property::PositiveDefinite | Property::PositiveSemidefinite))
        {
            Structure::Symmetric
        } else {
            return Ok(node);
        };
        if self.by.len() != 1 || !self.by[0].shape.is_matrix() && self.by[0].indices.is_empty() {
            let d = Diagnostic::new(
                Code::UNSUPPORTED,
                Span::default(),
                "a structured derivative is taken once, by a matrix",
            );
            return Err(Fault::at(Place::Wrt)(d));
        }
        self.assumed.push("tied entries of the variable move together".to_owned());
        Ok(calculus::structured(&mut self.store, node, structure))
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            scope: &self.scope,
            store: &self.store,
            quantities: &self.quantities,
            tree: &self.tree,
            typed: &self.typed,
            objective: self.objective.node,
            letters: &self.objective.free,
            by: &self.by,
            derivative: self.derivative,
            form: None,
        }
    }

    fn self_check(&mut self) -> Result<(), Fault> {
        match against_differences(&self.subject()) {
            SelfCheck::Agrees(e) => {
                self.check = Some(e);
                Ok(())
            }
            SelfCheck::Unavailable => {
                let message =
                    "the derived formula could not be checked: no point was found at which the formula is defined";
                Err(Fault::at(Place::Objective)(
                    Diagnostic::new(Code::NO_SAMPLE, self.tree.span(self.tree.root), message)
                        .hint("check the declared properties and constraints"),
                ))
            }
            SelfCheck::TooLarge => {
                let most = limit::of(Limit::Entries);
                let message = format!(
                    "the derived formula could not be checked: at the smallest sizes a tensor of it has more than {most} entries"
                );
                Err(Fault::at(Place::Objective)(
                    Diagnostic::new(Code::TOO_LARGE, self.tree.span(self.tree.root), message)
                        .hint("raise it with --limit entries=N"),
                ))
            }
            SelfCheck::Disagrees { max_rel_diff, .. } => {
                let message = format!(
                    "internal error: the derived formula differs from finite differences by {max_rel_diff:.1e}, so it is not used"
                );
                Err(Fault::at(Place::Objective)(Diagnostic::new(
                    Code::FAILED_SELF_CHECK,
                    self.tree.span(self.tree.root),
                    message,
                )))
            }
        }
    }

    /// Whether the variable is declared symmetric, so that its derivative depends on how the objective is spelled.
    #[must_use]
    pub fn by_symmetric(&self) -> bool {
        let symmetric = |p: &Property| {
            matches!(
                p,
                Property::Symmetric | Property::PositiveDefinite | Property::PositiveSemidefinite | Property::Diagonal
            )
        };
        matches!(self.by.as_slice(), [b] if self.scope.quantity(b.quantity).properties.iter().any(symmetric))
    }

    /// What a name in the graph's integers is called.
    #[must_use]
    pub fn integer_name(&self, v: crate::dimension::IntVar) -> String {
        integer_name(&self.scope, v)
    }
}

/// Makes every occurrence of a subexpression in the objective a definition, so that one can differentiate by it.
fn name_subexpression(
    scope: &mut Scope,
    expression: &Tree,
    objective: &mut Tree,
    typed: Typed,
) -> Result<QuantityId, Diagnostic> {
    // An objective that is only a name stands for its formula.
    if let Kind::Symbol(name) = objective.kind(objective.root) {
        if let Some(q) = scope.find(name, 0) {
            if let Body::Definition(f) = &scope.quantity(q).body {
                *objective = f.tree.clone();
            }
        }
    }
    let name = Name::from(format!("\u{1}{}", crate::syntax::print(expression, expression.root, Syntax::Plain)));
    let occurrences: Vec<ExprId> = (0..objective.len())
        .filter_map(|i| u32::try_from(i).ok())
        .map(ExprId)
        .filter(|id| objective.same(*id, expression, expression.root))
        .collect();
    if occurrences.is_empty() {
        return Err(Diagnostic::new(Code::NOT_IN_OBJECTIVE, expression.span(expression.root), "this does not occur in what is differentiated")
            .hint("differentiate by a symbol, an element, a member of a family, a definition, or an expression that occurs as it is written"));
    }
    for id in occurrences {
        objective.set_kind(id, Kind::Symbol(name.clone()));
    }
    let shape = typed.shape(expression.root).clone();
    if let Some((letter, _)) = typed.free.first() {
        return Err(Diagnostic::new(
            Code::UNSUPPORTED,
            expression.span(expression.root),
            format!("an expression with the free index {letter} cannot be differentiated by"),
        ));
    }
    let formula = Formula { source: String::new(), syntax: Syntax::Plain, tree: expression.clone(), typed };
    Ok(scope.declare(Quantity {
        name,
        letters: Vec::new(),
        ranges: Vec::new(),
        shape,
        properties: Vec::new(),
        body: Body::Definition(Box::new(formula)),
    }))
}
