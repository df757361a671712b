//! What is differentiated, written out with its definitions, and derivatives of it that leave something out.

use super::bench::Bench;
use super::outline::Outline;
use super::rewrite::rewrite;
use crate::calculus;
use crate::lower::Lowering;
use crate::problem::Ask;
use crate::shape::{BinderReading, Body, Quantity, QuantityId, Reading, Scope, Surroundings, Typed, infer_with};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::tensor::{NodeId, Value};
use crate::verdict::{By, Form};
use smallvec::smallvec;

/// Larger objectives are not taken apart.
const LARGEST: usize = 400;

/// The objective with its definitions written out.
pub(super) struct Objective {
    /// As a formula.
    pub(super) tree: Tree,
    /// Its shapes.
    pub(super) typed: Typed,
    /// The name of what it is differentiated by.
    pub(super) variable: Name,
    by: By,
}

impl Objective {
    /// Nothing where it is differentiated twice or not at all.
    pub(super) fn new(bench: &mut Bench<'_>) -> Option<Self> {
        let tree = bench.posed.tree.clone();
        Self::of(bench, tree, None)
    }

    /// With another formula for what is differentiated, or for one of the definitions.
    pub(super) fn of(bench: &mut Bench<'_>, mut tree: Tree, changed: Option<(QuantityId, &Tree)>) -> Option<Self> {
        let [by] = bench.posed.by.as_slice() else { return None };
        let by = by.clone();
        if bench.posed.ask == Ask::Identity {
            return None;
        }
        let variable = bench.posed.scope.quantity(by.quantity).name.clone();
        for _ in 0..8 {
            if !inline(&mut tree, &bench.posed.scope, &variable, changed) || tree.len() > LARGEST {
                break;
            }
        }
        let typed = infer(bench, &tree)?;
        Some(Self { tree, typed, variable, by })
    }

    /// The whole derivative, in the form of the answer.
    pub(super) fn derivative(&self, bench: &mut Bench<'_>) -> Option<NodeId> {
        let value = lower(bench, &self.tree)?;
        let own = &bench.posed.objective;
        if (value.row, value.col, &value.free) != (own.row, own.col, &own.free) {
            return None;
        }
        let original = tensor(bench, self.by.quantity)?;
        let derivative = calculus::derivative(&mut bench.posed.store, value.node, original);
        let form = bench.posed.form.clone();
        let value = form.assemble(&mut bench.posed.store, &value, std::slice::from_ref(&self.by), derivative);
        bench.align(&value)
    }

    /// Where the variable occurs.
    pub(super) fn occurrences(&self) -> Vec<ExprId> {
        let outline = Outline::new(&self.tree);
        let is_variable = |id: &ExprId| matches!(self.tree.kind(*id), Kind::Symbol(n) if *n == self.variable);
        outline
            .nodes
            .iter()
            .copied()
            .filter(is_variable)
            .filter(|id| !outline.is_index(*id) || outline.is_base(*id))
            .collect()
    }

    /// The derivative through one occurrence, in the form of the answer.
    pub(super) fn through(&self, bench: &mut Bench<'_>, occurrence: ExprId) -> Option<Value> {
        let name = Name::from("\u{1}occurrence");
        let copy = match bench.posed.scope.find(&name, bench.posed.scope.quantity(self.by.quantity).letters.len()) {
            Some(q) => q,
            None => {
                let q = Quantity { name: name.clone(), ..bench.posed.scope.quantity(self.by.quantity).clone() };
                bench.posed.scope.declare(q)
            }
        };
        let mut tree = self.tree.clone();
        tree.set_kind(occurrence, Kind::Symbol(name));
        let value = lower(bench, &tree)?;
        let (target, original) = (tensor(bench, copy)?, tensor(bench, self.by.quantity)?);
        let derivative = calculus::derivative(&mut bench.posed.store, value.node, target);
        let derivative = rewrite(&mut bench.posed.store, derivative, &[(target, original)]);
        let by = [self.by.clone()];
        let form = bench.posed.form.clone();
        Some(form.assemble(&mut bench.posed.store, &value, &by, derivative))
    }

    /// The derivative with one definition held fixed: what is differentiated, and it, are taken as they are declared.
    pub(super) fn held(bench: &mut Bench<'_>, definition: QuantityId) -> Option<Value> {
        let [by] = bench.posed.by.as_slice() else { return None };
        let by = by.clone();
        let own = bench.posed.scope.quantity(definition).clone();
        let name = Name::from(format!("\u{1}held{}", definition.0));
        let copy = match bench.posed.scope.find(&name, own.letters.len()) {
            Some(known) => known,
            None => bench.posed.scope.declare(Quantity { name, properties: Vec::new(), body: Body::Variable, ..own }),
        };
        let (fixed, original) = (tensor(bench, definition)?, tensor(bench, by.quantity)?);
        let stand_in = tensor(bench, copy)?;
        let objective = bench.posed.objective.clone();
        if fixed == original
            || objective.node == fixed
            || bench.posed.store.axes(fixed) != bench.posed.store.axes(stand_in)
        {
            return None;
        }
        let rest = rewrite(&mut bench.posed.store, objective.node, &[(fixed, stand_in)]);
        if rest == objective.node {
            return None;
        }
        let derivative = calculus::derivative(&mut bench.posed.store, rest, original);
        let derivative = rewrite(&mut bench.posed.store, derivative, &[(stand_in, fixed)]);
        let form = bench.posed.form.clone();
        Some(form.assemble(&mut bench.posed.store, &objective, &[by], derivative))
    }

    /// The derivative by a subexpression, as if the answer were asked for it, with the shape that it has.
    pub(super) fn by_part(&self, bench: &mut Bench<'_>, part: ExprId) -> Option<Value> {
        let outline = Outline::new(&self.tree);
        if !open_letters(&self.tree, part).is_empty() {
            return None;
        }
        let (copy, name) = self.stand_in(bench, part, &[])?;
        let mut tree = self.tree.clone();
        for twin in outline.twins(part) {
            tree.set_kind(twin, Kind::Symbol(name.clone()));
        }
        let value = lower(bench, &tree)?;
        let target = tensor(bench, copy)?;
        let derivative = calculus::derivative(&mut bench.posed.store, value.node, target);
        let inner = self.part_value(bench, part, &[])?;
        let derivative = rewrite(&mut bench.posed.store, derivative, &[(target, inner.node)]);
        let by = [By { quantity: copy, indices: Vec::new(), shape: self.typed.shape(part).clone(), transposed: false }];
        let output = self.typed.shape(self.tree.root);
        let form = Form::new(&self.typed.free, output, &by, bench.posed.ask, bench.posed.layout).ok()?;
        Some(form.assemble(&mut bench.posed.store, &value, &by, derivative))
    }

    /// The derivative with that of one function left out: what stands in its argument passes as it is.
    pub(super) fn without_slope(&self, bench: &mut Bench<'_>, call: ExprId, argument: ExprId) -> Option<Value> {
        let letters = open_letters(&self.tree, call);
        let ranges: Vec<_> = letters.iter().map(|l| self.range(l).map(|r| (l.clone(), r))).collect::<Option<_>>()?;
        if letters.len() > 1 {
            return None;
        }
        let (copy, name) = self.stand_in(bench, call, &ranges)?;
        let mut tree = self.tree.clone();
        let mut stand_in = tree.push(Kind::Symbol(name), crate::text::Span::default());
        if let Some(letter) = letters.first() {
            let index = tree.push(Kind::Symbol(letter.clone()), crate::text::Span::default());
            stand_in =
                tree.push(Kind::Subscript { base: stand_in, indices: smallvec![index] }, crate::text::Span::default());
        }
        let sum = Kind::Apply { operator: &crate::operator::ADD, arguments: smallvec![stand_in, argument] };
        tree.set_kind(call, sum);
        let value = lower(bench, &tree)?;
        let (target, original) = (tensor(bench, copy)?, tensor(bench, self.by.quantity)?);
        let derivative = calculus::derivative(&mut bench.posed.store, value.node, original);
        let outer = self.part_value(bench, call, &ranges)?;
        let inner = self.part_value(bench, argument, &ranges)?;
        let difference = bench.posed.store.plus(&outer, &crate::number::Rational::MINUS_ONE, &inner);
        if bench.posed.store.axes(difference.node) != bench.posed.store.axes(target) {
            return None;
        }
        let derivative = rewrite(&mut bench.posed.store, derivative, &[(target, difference.node)]);
        let by = [self.by.clone()];
        let form = bench.posed.form.clone();
        Some(form.assemble(&mut bench.posed.store, &value, &by, derivative))
    }

    /// The derivative with that of one function taken twice.
    pub(super) fn with_double_slope(&self, bench: &mut Bench<'_>, call: ExprId, argument: ExprId) -> Option<Value> {
        let shape = self.typed.shape(call).clone();
        if !open_letters(&self.tree, call).is_empty() || shape != *self.typed.shape(argument) {
            return None;
        }
        let span = crate::text::Span::default();
        // The derivative of the function by its argument, as the gradient of the sum of its entries.
        let (inner_copy, inner_name) = self.stand_in(bench, argument, &[])?;
        let mut alone = self.tree.clone();
        alone.set_kind(argument, Kind::Symbol(inner_name));
        alone.root = if shape.is_scalar() { call } else { alone.apply(&crate::operator::SUM, [call], span) };
        let total = lower(bench, &alone)?;
        let inner = tensor(bench, inner_copy)?;
        let slope = calculus::derivative(&mut bench.posed.store, total.node, inner);
        let inner_value = self.part_value(bench, argument, &[])?;
        let slope = rewrite(&mut bench.posed.store, slope, &[(inner, inner_value.node)]);
        // f stands as p + s f with s = f' and p = f − s f held fixed: its derivative is s f'.
        let (slope_copy, slope_name) = self.stand_in_named(bench, call, "slope")?;
        let (rest_copy, rest_name) = self.stand_in_named(bench, call, "rest")?;
        let mut tree = self.tree.clone();
        let function = tree.push(tree.kind(call).clone(), span);
        let product = if shape.is_scalar() { &crate::operator::MULTIPLY } else { &crate::operator::HADAMARD };
        let factor = tree.push(Kind::Symbol(slope_name), span);
        let scaled = tree.apply(product, [factor, function], span);
        let rest = tree.push(Kind::Symbol(rest_name.clone()), span);
        tree.set_kind(call, Kind::Apply { operator: &crate::operator::ADD, arguments: smallvec![rest, scaled] });
        let value = lower(bench, &tree)?;
        let (slope_node, rest_node) = (tensor(bench, slope_copy)?, tensor(bench, rest_copy)?);
        let original = tensor(bench, self.by.quantity)?;
        let derivative = calculus::derivative(&mut bench.posed.store, value.node, original);
        let mut fixed = Tree::new();
        fixed.root = fixed.graft(&tree, scaled);
        let scaled = lower(bench, &fixed)?;
        let outer = self.part_value(bench, call, &[])?;
        let rest = bench.posed.store.plus(&outer, &crate::number::Rational::MINUS_ONE, &scaled);
        let rest = rewrite(&mut bench.posed.store, rest.node, &[(slope_node, slope)]);
        let derivative = rewrite(&mut bench.posed.store, derivative, &[(slope_node, slope), (rest_node, rest)]);
        let by = [self.by.clone()];
        let form = bench.posed.form.clone();
        Some(form.assemble(&mut bench.posed.store, &value, &by, derivative))
    }

    /// A new quantity of the shape of a subexpression, for this purpose.
    fn stand_in_named(&self, bench: &mut Bench<'_>, part: ExprId, purpose: &str) -> Option<(QuantityId, Name)> {
        let shape = self.typed.shape(part).clone();
        if shape.tensor.is_some() {
            return None;
        }
        let name = Name::from(format!("\u{1}{purpose}{}", part.0));
        if let Some(known) = bench.posed.scope.find(&name, 0) {
            return Some((known, name));
        }
        let copy = bench.posed.scope.declare(Quantity {
            name: name.clone(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body: Body::Variable,
        });
        Some((copy, name))
    }

    /// A new quantity of the shape of a subexpression.
    fn stand_in(
        &self,
        bench: &mut Bench<'_>,
        part: ExprId,
        letters: &[(Name, crate::dimension::Poly)],
    ) -> Option<(QuantityId, Name)> {
        let shape = self.typed.shape(part).clone();
        if shape.tensor.is_some() {
            return None;
        }
        let name = Name::from(format!("\u{1}part{}", part.0));
        if let Some(known) = bench.posed.scope.find(&name, letters.len()) {
            return Some((known, name));
        }
        let copy = bench.posed.scope.declare(Quantity {
            name: name.clone(),
            letters: letters.iter().map(|l| l.0.clone()).collect(),
            ranges: letters.iter().map(|l| l.1.clone()).collect(),
            shape,
            properties: Vec::new(),
            body: Body::Variable,
        });
        Some((copy, name))
    }

    /// The value of a subexpression.
    fn part_value(
        &self,
        bench: &mut Bench<'_>,
        part: ExprId,
        letters: &[(Name, crate::dimension::Poly)],
    ) -> Option<Value> {
        let mut tree = self.tree.clone();
        tree.root = part;
        let around = Surroundings {
            letters: letters.to_vec(),
            expected: Some(self.typed.shape(part).clone()),
            ..Surroundings::default()
        };
        bench.value_as(&tree, &around)
    }

    /// What an index letter runs over.
    fn range(&self, letter: &Name) -> Option<crate::dimension::Poly> {
        let free = self.typed.free.iter().find(|f| f.0 == *letter).map(|f| f.1.clone());
        free.or_else(|| {
            self.typed.readings.iter().find_map(|r| match r {
                Reading::Sum(binders) => binders.iter().find_map(|b| match b {
                    BinderReading::Axis { letter: l, range, .. } if l == letter => Some(range.clone()),
                    _ => None,
                }),
                _ => None,
            })
        })
    }
}

/// The index letters below a node that are not bound there.
fn open_letters(tree: &Tree, id: ExprId) -> Vec<Name> {
    fn visit(tree: &Tree, id: ExprId, bound: &mut Vec<Name>, found: &mut Vec<Name>) {
        let outer = bound.len();
        match tree.kind(id) {
            Kind::Subscript { indices, .. } => {
                for i in indices {
                    if let Kind::Symbol(name) = tree.kind(*i) {
                        if !bound.contains(name) && !found.contains(name) {
                            found.push(name.clone());
                        }
                    }
                }
            }
            kind => bound.extend(kind.binders().iter().map(|b| b.letter.clone())),
        }
        for c in tree.children(id) {
            visit(tree, c, bound, found);
        }
        bound.truncate(outer);
    }
    let mut found = Vec::new();
    visit(tree, id, &mut Vec::new(), &mut found);
    found
}

fn infer(bench: &mut Bench<'_>, tree: &Tree) -> Option<Typed> {
    let before = bench.posed.scope.unifier.clone();
    let inferred = infer_with(tree, &mut bench.posed.scope, &Surroundings::default());
    bench.posed.scope.unifier = before;
    inferred.ok().map(|i| i.typed)
}

fn lower(bench: &mut Bench<'_>, tree: &Tree) -> Option<Value> {
    bench.value_as(tree, &Surroundings::default())
}

fn tensor(bench: &mut Bench<'_>, q: QuantityId) -> Option<NodeId> {
    let mut lowering = Lowering {
        scope: &bench.posed.scope,
        store: &mut bench.posed.store,
        quantities: &mut bench.posed.quantities,
        marked: None,
    };
    lowering.tensor(q).ok()
}

/// Puts formulas in the place of definitions, save the one that is differentiated by; tells whether there were any.
fn inline(tree: &mut Tree, scope: &Scope, keep: &Name, changed: Option<(QuantityId, &Tree)>) -> bool {
    let mut any = false;
    for id in Outline::new(&tree.clone()).nodes {
        let (name, letters): (Name, Vec<Name>) = match tree.kind(id) {
            Kind::Symbol(name) => (name.clone(), Vec::new()),
            Kind::Subscript { base, indices } => {
                let letters = indices.iter().map(|i| match tree.kind(*i) {
                    Kind::Symbol(l) => Some(l.clone()),
                    _ => None,
                });
                match (tree.kind(*base), letters.collect::<Option<Vec<_>>>()) {
                    (Kind::Symbol(name), Some(letters)) => (name.clone(), letters),
                    _ => continue,
                }
            }
            _ => continue,
        };
        if name == *keep {
            continue;
        }
        let Some(found) = scope.find(&name, letters.len()) else { continue };
        let q = scope.quantity(found);
        let Body::Definition(formula) = &q.body else { continue };
        let mut body = match changed {
            Some((id, other)) if id == found => other.clone(),
            _ => formula.tree.clone(),
        };
        let binds = (0..body.len())
            .filter_map(|i| u32::try_from(i).ok())
            .any(|i| body.kind(ExprId(i)).binders().iter().any(|b| letters.contains(&b.letter)));
        if binds {
            continue;
        }
        for i in (0..body.len()).filter_map(|i| u32::try_from(i).ok()).map(ExprId) {
            if let Kind::Symbol(n) = body.kind(i) {
                if let Some(position) = q.letters.iter().position(|l| l == n) {
                    let letter = letters[position].clone();
                    body.set_kind(i, Kind::Symbol(letter));
                }
            }
        }
        let grafted = tree.graft(&body, body.root);
        let kind = tree.kind(grafted).clone();
        tree.set_kind(id, kind);
        any = true;
    }
    any
}
