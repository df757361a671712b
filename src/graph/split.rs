//! A formula cut into the steps that a person computes: products two at a time, sums, norms, functions, inverses.
//!
//! Every step is a definition of its own, whose formula names its operands; a step inside a sum over a family is a
//! family. Transposes, signs and coefficients are no steps of their own, and neither is what does not depend on the
//! variable.

use super::fresh::Fresh;
use crate::operator as op;
use crate::shape::{BinderReading, Body, QuantityId, Reading, Scope, Typed};
use crate::syntax::{ExprId, ExprIds, Kind, Name, Tree};
use crate::text::Span;
use std::collections::BTreeSet;

/// A step.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its name without the index.
    pub(super) name: Name,
    /// The index, where it is a family.
    pub(super) letter: Option<Name>,
    /// Its formula.
    pub(super) formula: Tree,
}

/// A formula with its shapes, and the letters that stand for members in it.
struct Frame<'t> {
    tree: &'t Tree,
    typed: &'t Typed,
    letters: Vec<Name>,
}

/// The steps so far.
pub(super) struct Splitter<'a> {
    scope: &'a Scope,
    /// The names that the variable's value reaches; nothing where every symbol is a variable.
    relevant: Option<BTreeSet<Name>>,
    pub(super) pieces: Vec<Piece>,
    /// The definitions that are steps now.
    pub(super) replaced: BTreeSet<Name>,
    fresh: Fresh<'a>,
}

impl<'a> Splitter<'a> {
    /// `wrt` are the names of the variables; empty for all symbols.
    pub(super) fn new(scope: &'a Scope, wrt: &BTreeSet<Name>) -> Self {
        let mut relevant = wrt.clone();
        // Definitions may use each other in any order.
        let mut grown = !wrt.is_empty();
        while grown {
            grown = false;
            for (_, q) in scope.quantities() {
                let Body::Definition(f) = &q.body else { continue };
                let uses = f.tree.ids().any(|id| matches!(f.tree.kind(id), Kind::Symbol(n) if relevant.contains(n)));
                grown |= uses && relevant.insert(q.name.clone());
            }
        }
        let relevant = (!wrt.is_empty()).then_some(relevant);
        Self { scope, relevant, pieces: Vec::new(), replaced: BTreeSet::new(), fresh: Fresh::new(scope) }
    }

    /// Cuts the whole formula; its last step gets the given name.
    pub(super) fn split(&mut self, tree: &Tree, typed: &Typed, name: &Name) {
        let f = Frame { tree, typed, letters: typed.free.iter().map(|l| l.0.clone()).collect() };
        let mut formula = Tree::new();
        formula.root = self.operation(&f, tree.root, &mut formula);
        self.pieces.push(Piece { name: name.clone(), letter: None, formula });
    }

    fn is_scalar(&self, f: &Frame<'_>, id: ExprId) -> bool {
        self.scope.unifier.resolve_shape(f.typed.shape(id)).is_scalar()
    }

    fn depends(&self, f: &Frame<'_>, id: ExprId) -> bool {
        let own = match f.tree.kind(id) {
            Kind::Symbol(name) => match &self.relevant {
                Some(relevant) => relevant.contains(name),
                None => !self.scope.named(name).is_empty(),
            },
            _ => false,
        };
        own || f.tree.children(id).iter().any(|c| self.depends(f, *c))
    }

    /// The letters of members below.
    fn letters(&self, f: &Frame<'_>, id: ExprId) -> BTreeSet<Name> {
        let mut all = BTreeSet::new();
        if let Kind::Symbol(name) = f.tree.kind(id) {
            if f.letters.contains(name) {
                all.insert(name.clone());
            }
        }
        f.tree.children(id).iter().for_each(|c| all.extend(self.letters(f, *c)));
        all
    }

    fn is_leaf(&self, f: &Frame<'_>, id: ExprId) -> bool {
        match f.tree.kind(id) {
            Kind::Symbol(_) | Kind::Number(_) | Kind::Constant(_) => true,
            Kind::Subscript { base, .. } => matches!(f.tree.kind(*base), Kind::Symbol(_)),
            Kind::Apply { operator, .. } => [&op::IDENTITY, &op::ONES, &op::ZEROS, &op::DELTA].contains(operator),
            _ => false,
        }
    }

    /// A number or a product of numbers and scalar symbols: no step of its own.
    fn is_coefficient(&self, f: &Frame<'_>, id: ExprId) -> bool {
        if !self.is_scalar(f, id) {
            return false;
        }
        match f.tree.as_apply(id) {
            Some((o, arguments)) => {
                [&op::MULTIPLY, &op::DIVIDE, &op::NEGATE, &op::POWER].contains(&o)
                    && arguments.iter().all(|a| self.is_coefficient(f, *a))
            }
            None => self.is_leaf(f, id),
        }
    }

    /// Copies what is no step, and cuts the definitions that it names.
    fn copy(&mut self, f: &Frame<'_>, id: ExprId, out: &mut Tree) -> ExprId {
        self.definitions_below(f, id);
        out.graft(f.tree, id)
    }

    fn definitions_below(&mut self, f: &Frame<'_>, id: ExprId) {
        if let Kind::Symbol(name) = f.tree.kind(id) {
            let named: Vec<QuantityId> = self.scope.named(name).to_vec();
            named.into_iter().for_each(|q| self.definition(q));
        }
        for c in f.tree.children(id) {
            self.definitions_below(f, c);
        }
    }

    fn definition(&mut self, q: QuantityId) {
        let scope = self.scope;
        let quantity = scope.quantity(q);
        let Body::Definition(formula) = &quantity.body else { return };
        let relevant = self.relevant.as_ref().is_none_or(|r| r.contains(&quantity.name));
        if !relevant || quantity.letters.len() > 1 || !self.replaced.insert(quantity.name.clone()) {
            return;
        }
        let f = Frame { tree: &formula.tree, typed: &formula.typed, letters: quantity.letters.clone() };
        let mut tree = Tree::new();
        tree.root = self.operation(&f, formula.tree.root, &mut tree);
        let letter = quantity.letters.first().cloned();
        self.pieces.push(Piece { name: quantity.name.clone(), letter, formula: tree });
    }

    /// An expression as the operand of a step: itself where it is none, else the name of its step.
    fn operand(&mut self, f: &Frame<'_>, id: ExprId, out: &mut Tree) -> ExprId {
        if self.is_leaf(f, id) || !self.depends(f, id) {
            return self.copy(f, id, out);
        }
        if let Some((o, arguments)) = f.tree.as_apply(id) {
            if o == &op::TRANSPOSE || o == &op::NEGATE {
                let (o, inner) = (o, arguments[0]);
                let inner = self.operand(f, inner, out);
                return out.apply(o, [inner], Span::default());
            }
        }
        let letters = self.letters(f, id);
        if letters.len() > 1 {
            return self.copy(f, id, out);
        }
        if self.is_repeated(f, id) {
            return self.operation(f, id, out);
        }
        let mut tree = Tree::new();
        tree.root = self.operation(f, id, &mut tree);
        self.named(tree, letters.into_iter().next(), out)
    }

    /// Whether a number is added to a matrix: what can only be written inside an entrywise operation.
    fn is_repeated(&self, f: &Frame<'_>, id: ExprId) -> bool {
        let terms = f.tree.as_apply(id).filter(|(o, _)| *o == &op::ADD);
        let matrix = self.scope.unifier.resolve_shape(f.typed.shape(id)).is_matrix();
        matrix && terms.is_some_and(|(_, terms)| terms.iter().any(|t| self.is_scalar(f, *t)))
    }

    /// Makes a formula a step, or finds the step that it is already, and names it.
    fn named(&mut self, formula: Tree, letter: Option<Name>, out: &mut Tree) -> ExprId {
        let same = |p: &&Piece| p.letter == letter && p.formula.same(p.formula.root, &formula, formula.root);
        let name = match self.pieces.iter().find(same).map(|p| p.name.clone()) {
            Some(known) => known,
            None => {
                let Some(name) = self.fresh.name(letter.is_some()) else { return out.graft(&formula, formula.root) };
                self.pieces.push(Piece { name: name.clone(), letter: letter.clone(), formula });
                name
            }
        };
        let base = out.push(Kind::Symbol(name), Span::default());
        match letter {
            None => base,
            Some(letter) => {
                let index = out.push(Kind::Symbol(letter), Span::default());
                out.push(Kind::Subscript { base, indices: ExprIds::from_slice(&[index]) }, Span::default())
            }
        }
    }

    /// The formula of the step that an expression is.
    fn operation(&mut self, f: &Frame<'_>, id: ExprId, out: &mut Tree) -> ExprId {
        if self.is_leaf(f, id) || !self.depends(f, id) {
            return self.copy(f, id, out);
        }
        match f.tree.kind(id).clone() {
            Kind::Apply { operator, arguments } => {
                let o = operator;
                if o == &op::ADD {
                    let terms: Vec<ExprId> = arguments.iter().map(|a| self.term(f, *a, out)).collect();
                    return out.apply(o, terms, Span::default());
                }
                if o == &op::NEGATE {
                    let inner = self.operation(f, arguments[0], out);
                    return out.apply(o, [inner], Span::default());
                }
                if o == &op::MULTIPLY {
                    return self.product(f, id, out);
                }
                if o == &op::DIVIDE && self.is_coefficient(f, arguments[1]) && !self.is_coefficient(f, arguments[0]) {
                    let above = self.operation(f, arguments[0], out);
                    let below = self.copy(f, arguments[1], out);
                    return out.apply(o, [above, below], Span::default());
                }
                let inner = f.tree.as_apply(arguments[0]).map(|(o, a)| (o, a.to_vec()));
                let below = |ops: &[op::Op]| inner.clone().filter(|(o, _)| ops.contains(o));
                // ‖x‖² and log det X are one step.
                if o == &op::POWER || o == &op::LOG {
                    let ops: &[op::Op] = if o == &op::POWER {
                        &[&op::NORM, &op::NORM_1, &op::NORM_2, &op::NORM_F]
                    } else {
                        &[&op::DETERMINANT, &op::BARS]
                    };
                    if let Some((inner, own)) = below(ops) {
                        let own: Vec<ExprId> = own.iter().map(|a| self.operand(f, *a, out)).collect();
                        let inner = out.apply(inner, own, Span::default());
                        let rest: Vec<ExprId> = arguments[1..].iter().map(|a| self.operand(f, *a, out)).collect();
                        return out.apply(o, std::iter::once(inner).chain(rest), Span::default());
                    }
                }
                let own: Vec<ExprId> = arguments.iter().map(|a| self.operand(f, *a, out)).collect();
                out.apply(o, own, Span::default())
            }
            Kind::Call { function, order, arguments } => {
                let arguments = arguments.iter().map(|a| self.operand(f, *a, out)).collect();
                out.push(Kind::Call { function, order, arguments }, Span::default())
            }
            Kind::Sum { binders, body } => {
                let Reading::Sum(readings) = f.typed.reading(id) else { return self.copy(f, id, out) };
                let whole = readings
                    .iter()
                    .all(|b| matches!(b, BinderReading::Axis { part: None, beside, except, .. } if except.is_empty() && beside.is_empty()));
                if !whole {
                    return self.copy(f, id, out);
                }
                let mut letters = f.letters.clone();
                letters.extend(binders.iter().map(|b| b.letter.clone()));
                let inside = Frame { tree: f.tree, typed: f.typed, letters };
                let mut own = binders.clone();
                for b in &mut own {
                    for bound in b.lower.iter_mut().chain(&mut b.upper) {
                        *bound = out.graft(f.tree, *bound);
                    }
                }
                let body = self.operation(&inside, body, out);
                out.push(Kind::Sum { binders: own, body }, Span::default())
            }
            _ => self.copy(f, id, out),
        }
    }

    /// A term of a sum: its coefficient stays with the sum.
    fn term(&mut self, f: &Frame<'_>, id: ExprId, out: &mut Tree) -> ExprId {
        let Some((o, arguments)) = f.tree.as_apply(id) else { return self.operand(f, id, out) };
        let arguments = arguments.to_vec();
        if o == &op::NEGATE {
            let inner = self.term(f, arguments[0], out);
            return out.apply(o, [inner], Span::default());
        }
        if o == &op::MULTIPLY {
            let mut factors = Vec::new();
            self.factors(f, id, &mut factors);
            let (coefficients, rest): (Vec<ExprId>, Vec<ExprId>) =
                factors.into_iter().partition(|x| self.is_coefficient(f, *x));
            if let ([one], false) = (rest.as_slice(), coefficients.is_empty()) {
                let mut all: Vec<ExprId> = coefficients.iter().map(|c| self.copy(f, *c, out)).collect();
                all.push(self.operand(f, *one, out));
                return multiplied(out, all);
            }
            if rest.is_empty() {
                return self.copy(f, id, out);
            }
        }
        if o == &op::DIVIDE && self.is_coefficient(f, arguments[1]) {
            let above = self.term(f, arguments[0], out);
            let below = self.copy(f, arguments[1], out);
            return out.apply(o, [above, below], Span::default());
        }
        self.operand(f, id, out)
    }

    /// The factors of a product, as far as they may be grouped otherwise.
    fn factors(&self, f: &Frame<'_>, id: ExprId, out: &mut Vec<ExprId>) {
        if let Some((o, arguments)) = f.tree.as_apply(id) {
            if o == &op::MULTIPLY {
                for a in arguments {
                    let product = f.tree.as_apply(*a).is_some_and(|(o, _)| o == &op::MULTIPLY);
                    if product && (!self.is_scalar(f, *a) || self.is_coefficient(f, *a)) {
                        self.factors(f, *a, out);
                    } else {
                        out.push(*a);
                    }
                }
                return;
            }
        }
        out.push(id);
    }

    /// A product: two factors at a time, a vector before a matrix, with its coefficients at the last step.
    fn product(&mut self, f: &Frame<'_>, id: ExprId, out: &mut Tree) -> ExprId {
        let mut factors = Vec::new();
        self.factors(f, id, &mut factors);
        let (scalars, arrays): (Vec<ExprId>, Vec<ExprId>) = factors.into_iter().partition(|x| self.is_scalar(f, *x));
        let (coefficients, scalars): (Vec<ExprId>, Vec<ExprId>) =
            scalars.into_iter().partition(|x| self.is_coefficient(f, *x));
        let mut all: Vec<ExprId> = coefficients.iter().map(|c| self.copy(f, *c, out)).collect();
        // A multiple of something is the same step as that.
        if let ([one], []) | ([], [one]) = (arrays.as_slice(), scalars.as_slice()) {
            all.push(self.operation(f, *one, out));
            return multiplied(out, all);
        }
        all.extend(scalars.iter().map(|s| self.operand(f, *s, out)).collect::<Vec<_>>());
        // What does not depend on the variable is not taken apart.
        let mut groups: Vec<Vec<ExprId>> = Vec::new();
        for a in arrays {
            let fixed = |s: &Self, g: &Vec<ExprId>| g.iter().all(|x| !s.depends(f, *x));
            match groups.last_mut() {
                Some(last) if !self.depends(f, a) && fixed(self, last) => last.push(a),
                _ => groups.push(vec![a]),
            }
        }
        let column = |s: &Self, g: Option<&Vec<ExprId>>| {
            let last = g.and_then(|g| g.last());
            last.is_some_and(|x| s.scope.unifier.resolve_shape(f.typed.shape(*x)).cols.is_one())
        };
        while groups.len() > 2 {
            let from_right = column(self, groups.last());
            let at = if from_right { groups.len() - 2 } else { 0 };
            let joined: Vec<ExprId> = groups[at].iter().chain(&groups[at + 1]).copied().collect();
            groups.splice(at..at + 2, [joined]);
        }
        for g in &groups {
            let part = self.chain(f, g, out);
            all.push(part);
        }
        multiplied(out, all)
    }

    /// A run of factors as an operand.
    fn chain(&mut self, f: &Frame<'_>, run: &[ExprId], out: &mut Tree) -> ExprId {
        if let [one] = run {
            return self.operand(f, *one, out);
        }
        if run.iter().all(|x| !self.depends(f, *x)) {
            let all: Vec<ExprId> = run.iter().map(|x| self.copy(f, *x, out)).collect();
            return multiplied(out, all);
        }
        let letters: BTreeSet<Name> = run.iter().flat_map(|x| self.letters(f, *x)).collect();
        let mut tree = Tree::new();
        let column = run.last().is_some_and(|x| self.scope.unifier.resolve_shape(f.typed.shape(*x)).cols.is_one());
        let (first, second) = if column { run.split_at(1) } else { run.split_at(run.len() - 1) };
        let parts = [self.chain(f, first, &mut tree), self.chain(f, second, &mut tree)];
        tree.root = multiplied(&mut tree, parts.to_vec());
        if letters.len() > 1 {
            return out.graft(&tree, tree.root);
        }
        self.named(tree, letters.into_iter().next(), out)
    }
}

/// A product of factors from the left.
fn multiplied(out: &mut Tree, factors: Vec<ExprId>) -> ExprId {
    let mut factors = factors.into_iter();
    let Some(first) = factors.next() else {
        return out.push(Kind::Number(crate::number::Rational::ONE), Span::default());
    };
    factors.fold(first, |product, x| {
        let whole = out.apply(&op::MULTIPLY, [product, x], Span::default());
        // What is one operand stays one: W (Wᵀ x).
        if out.as_apply(x).is_some_and(|(o, _)| o == &op::MULTIPLY) {
            out.group(x);
        }
        whole
    })
}
