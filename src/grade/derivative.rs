//! Derivatives written in a document: each is replaced by a symbol that has the derived value.
//!
//! A derivative along one path counts the other occurrences of the variable as constants. Two derivatives that stand
//! side by side with a common middle, (∂y/∂x)(∂L/∂y) in either order, are the chain rule: they are contracted over
//! all entries of the middle, whatever its shape.

use super::occurrence::{depends, factors, name_everywhere, part, rebuild, set_formula, symbol};
use super::session::Session;
use crate::calculus;
use crate::dimension::{Poly, Shape};
use crate::lower::Lowering;
use crate::operator;
use crate::problem::{Ask, Layout};
use crate::shape::{Body, Index, Quantity, QuantityId, Scope, Signs, Surroundings, Want, Wrt, infer_with, infer_wrt};
use crate::syntax::{DerivativeStyle, ExprId, ExprIds, Kind, Name, Tree};
use crate::tensor::{Label, Labels, NodeId, Value};
use crate::text::{Code, Diagnostic};
use crate::verdict::{By, Form};
use smallvec::SmallVec;

/// How derivatives are read.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Mode {
    /// Along the path that is written, the other occurrences held fixed; else in total.
    pub(super) path: bool,
    /// A vector by a vector has the output's index first; else the variable's.
    pub(super) numerator: bool,
    /// Of a named quantity, by its own formula only, the other named quantities in it held fixed; else in total.
    pub(super) local: bool,
}

/// What a derivative is taken of and by, in declarations made for it.
struct Taken {
    scope: Scope,
    of: Tree,
    by: By,
}

/// A derivative's value before it is given rows and columns.
struct Derived {
    scope: Scope,
    output: Value,
    output_shape: Shape,
    letters: Vec<(Name, Poly)>,
    by: Vec<By>,
    node: NodeId,
}

impl Session {
    /// Replaces every derivative below a node.
    pub(super) fn resolve(&mut self, tree: &mut Tree, id: ExprId, mode: Mode) -> Result<(), Diagnostic> {
        if matches!(tree.as_apply(id), Some((op, _)) if *op == operator::MULTIPLY) {
            self.expectations(tree, id, mode)?;
            if !matches!(tree.as_apply(id), Some((op, _)) if *op == operator::MULTIPLY) {
                return Ok(());
            }
            let mut list = factors(tree, id);
            let mut changed = false;
            let mut i = 0;
            while i + 1 < list.len() {
                if let Some(value) = self.chain(tree, list[i], list[i + 1], mode)? {
                    list[i] = self.value_symbol(tree, list[i], value)?;
                    list.remove(i + 1);
                    changed = true;
                } else {
                    i += 1;
                }
            }
            if changed {
                rebuild(tree, id, &list);
            }
            for f in list {
                self.resolve(tree, f, mode)?;
            }
            return Ok(());
        }
        if let Kind::Derivative { of, mut wrt, style } = tree.kind(id).clone() {
            if let Some(entry) = of.and_then(|of| self.by_letters(tree, of, &wrt)) {
                wrt = std::iter::once(entry).collect();
            }
            if let Some(of) = of {
                self.resolve(tree, of, mode)?;
            }
            let derived = self.take(tree, id, of, &wrt, style, mode)?;
            let value = self.shaped(derived, mode, tree.span(id))?;
            let replaced = self.value_symbol(tree, id, value)?;
            let kind = tree.kind(replaced).clone();
            tree.set_kind(id, kind);
            return Ok(());
        }
        if let Kind::Differential(x) = tree.kind(id).clone() {
            if self.differentials.is_empty() {
                let d = Diagnostic::new(Code::UNSUPPORTED, tree.span(id), "a differential of nothing that varies");
                return Err(d.hint("write the differential of a declared symbol, as in dX"));
            }
            self.resolve(tree, x, mode)?;
            let value = self.differential(&part(tree, x))?;
            let replaced = self.value_symbol(tree, id, value)?;
            let kind = tree.kind(replaced).clone();
            tree.set_kind(id, kind);
            return Ok(());
        }
        self.resolve_dots(tree, id)?;
        self.drop_bars(tree, id);
        for c in tree.children(id) {
            self.resolve(tree, c, mode)?;
        }
        Ok(())
    }

    /// `∂H_{kj}/∂ab`: by the entry of the same variable that the letters name.
    fn by_letters(&mut self, tree: &mut Tree, of: ExprId, wrt: &[ExprId]) -> Option<ExprId> {
        let Kind::Subscript { base, indices } = tree.kind(of) else { return None };
        let (base, count) = (*base, indices.len());
        let [one] = wrt else { return None };
        let letters = factors(tree, *one);
        let is_letter = |l: &ExprId| matches!(tree.kind(*l), Kind::Symbol(n) if n.chars().count() == 1 && self.scope.named(n).is_empty());
        if count < 2 || letters.len() != count || !letters.iter().all(is_letter) {
            return None;
        }
        let span = tree.span(*one);
        self.note("the letters below the derivative are read as the entry with these indices".into());
        Some(tree.push(Kind::Subscript { base, indices: letters.into_iter().collect() }, span))
    }

    /// |u| is u, and ‖u‖₁ the sum of the entries, where no entry of u can be negative.
    fn drop_bars(&self, tree: &mut Tree, id: ExprId) {
        let Some((op, [inner])) = tree.as_apply(id) else { return };
        let (absolute, one) = (*op == operator::ABS || *op == operator::BARS, *op == operator::NORM_1);
        let inner = *inner;
        let signs = Signs { scope: &self.scope };
        if !(absolute || one)
            || !signs.shows(&part(tree, inner), Want::NonNegative)
            || (*op == operator::BARS && !signs.is_scalar(tree, inner))
        {
            return;
        }
        if one {
            tree.set_kind(id, Kind::Apply { operator: &operator::SUM, arguments: std::iter::once(inner).collect() });
        } else {
            let kind = tree.kind(inner).clone();
            tree.set_kind(id, kind);
        }
    }

    /// dE = Σ (∂E/∂X) · dX over the symbols whose differentials the document writes; the others are constant.
    #[allow(clippy::type_complexity)] // the parts of a reading, named where they are taken apart
    fn differential(&mut self, of: &Tree) -> Result<(Value, Shape, Vec<(Name, Poly)>), Diagnostic> {
        let (value, shape, letters) = self.value(of, &super::side::Hint::default())?;
        self.meet_variables()?;
        let node = |q: &QuantityId| self.quantities.node(*q);
        let varying: Vec<_> = self.differentials.iter().filter_map(|(x, dx)| Some((node(x)?, node(dx)?))).collect();
        let sum = calculus::differential(&mut self.store, value.node, &varying);
        Ok((value.with(sum), shape, letters))
    }

    /// A symbol that stands for a value, one of those that earlier formulas used and do not need any more.
    pub(super) fn value_symbol(
        &mut self,
        tree: &mut Tree,
        at: ExprId,
        (value, shape, letters): (Value, Shape, Vec<(Name, Poly)>),
    ) -> Result<ExprId, Diagnostic> {
        let span = tree.span(at);
        let letters: Vec<(Name, Poly)> =
            value.free.iter().filter_map(|l| letters.iter().find(|x| x.0 == *l).cloned()).collect();
        if letters.len() != value.free.len() {
            return Err(Diagnostic::new(Code::BAD_INDEX, span, "an index of this derivative has no known range"));
        }
        // A value with letters and one without have names of their own: an index of the one is no letter of the other.
        let name = Name::from(format!("\u{2}{}.{}", self.stands, letters.len()));
        self.stands += 1;
        let quantity = Quantity {
            name: name.clone(),
            letters: letters.iter().map(|l| l.0.clone()).collect(),
            ranges: letters.iter().map(|l| l.1.clone()).collect(),
            shape,
            properties: Vec::new(),
            body: Body::Variable,
        };
        let q = match self.scope.find(&name, letters.len()) {
            Some(q) => {
                *self.scope.quantity_mut(q) = quantity;
                q
            }
            None => self.scope.declare(quantity),
        };
        self.quantities.set(q, value.node);
        let base = tree.push(Kind::Symbol(name), span);
        if letters.is_empty() {
            return Ok(base);
        }
        let indices: ExprIds = letters.iter().map(|l| tree.push(Kind::Symbol(l.0.clone()), span)).collect();
        Ok(tree.push(Kind::Subscript { base, indices }, span))
    }

    /// A derivative's tensor, in declarations in which it can be taken.
    fn take(
        &mut self,
        tree: &Tree,
        id: ExprId,
        of: Option<ExprId>,
        wrt: &[ExprId],
        style: DerivativeStyle,
        mode: Mode,
    ) -> Result<Derived, Diagnostic> {
        let span = tree.span(id);
        let mut of = match (of, self.objective) {
            (Some(of), _) => part(tree, of),
            (None, Some(q)) => symbol(&self.scope.quantity(q).name.clone()),
            (None, None) => {
                return Err(Diagnostic::new(
                    Code::EXPECTED_EXPRESSION,
                    span,
                    "it is not said of what this is the derivative",
                ));
            }
        };
        if let (Some((from, to)), Kind::Symbol(name)) = (&self.meant, of.kind(of.root)) {
            if name == from {
                of = symbol(to);
            }
        }
        let mut wrt: Vec<Tree> = wrt.iter().map(|w| part(tree, *w)).collect();
        if let (DerivativeStyle::Nabla { order: 2 }, [one]) = (style, wrt.as_slice()) {
            let one = one.clone();
            wrt.push(one);
        }
        if wrt.is_empty() {
            wrt = self.implied_variable(&of, style, span)?;
        }
        let around = Surroundings::default();
        // What the objective loses is meant in total, whatever stands beside it.
        let local = mode.local
            && matches!(of.kind(of.root), Kind::Symbol(n) if self.scope.find(n, 0).is_some_and(|q| {
                Some(q) != self.objective && matches!(self.scope.quantity(q).body, Body::Definition(_))
            }));
        let mut taken = Taken {
            scope: self.scope.clone(),
            of,
            by: By { quantity: QuantityId(0), indices: Vec::new(), shape: Shape::scalar(), transposed: false },
        };
        let mut by: Vec<By> = Vec::new();
        let mut letters_of = infer_with(&taken.of, &mut taken.scope, &around)?.typed.free;
        for w in &wrt {
            taken = self.target(taken, w, &letters_of, mode)?;
            by.push(taken.by.clone());
        }
        let inferred = infer_with(&taken.of, &mut taken.scope, &around)?;
        letters_of = inferred.typed.free.clone();
        self.meet_variables()?;
        let mut quantities = self.quantities.variables_only(&self.scope);
        let mut lowering =
            Lowering { scope: &taken.scope, store: &mut self.store, quantities: &mut quantities, marked: None };
        let output = lowering.lower(&taken.of, &inferred.typed)?;
        let mut node = output.node;
        for b in &by {
            let target = lowering.tensor(b.quantity)?;
            node = if local {
                calculus::partial(lowering.store, node, target)
            } else {
                calculus::derivative(lowering.store, node, target)
            };
        }
        let output_shape = taken.scope.unifier.resolve_shape(inferred.typed.shape(taken.of.root));
        let letters = letters_of.into_iter().map(|(l, r)| (l, taken.scope.unifier.resolve(&r))).collect();
        Ok(Derived { scope: taken.scope, output, output_shape, letters, by, node })
    }

    /// Makes the node of every declared symbol, so that all declarations made from these share it.
    fn meet_variables(&mut self) -> Result<(), Diagnostic> {
        let symbols: Vec<QuantityId> = self
            .scope
            .quantities()
            .filter(|(q, x)| matches!(x.body, Body::Variable) && self.quantities.node(*q).is_none())
            .map(|q| q.0)
            .collect();
        for q in symbols {
            Lowering { scope: &self.scope, store: &mut self.store, quantities: &mut self.quantities, marked: None }
                .tensor(q)?;
        }
        Ok(())
    }

    /// `∇f`, `f′`: by the variable of the section's question about f.
    fn implied_variable(
        &self,
        of: &Tree,
        style: DerivativeStyle,
        span: crate::text::Span,
    ) -> Result<Vec<Tree>, Diagnostic> {
        match self.variable_of(of) {
            Some(name) => Ok((0..order(style)).map(|_| symbol(name)).collect()),
            None => {
                Err(Diagnostic::new(Code::EXPECTED_EXPRESSION, span, "it is not said by what this is differentiated"))
            }
        }
    }

    /// What `∇f` without an index differentiates by.
    pub(super) fn variable_of(&self, of: &Tree) -> Option<&Name> {
        let Kind::Symbol(name) = of.kind(of.root) else { return self.variable.as_ref() };
        self.variables.iter().find(|v| v.0 == *name).map(|v| &v.1).or(self.variable.as_ref())
    }

    /// The declarations and the target for one variable of differentiation.
    fn target(
        &mut self,
        mut taken: Taken,
        wrt: &Tree,
        letters: &[(Name, Poly)],
        mode: Mode,
    ) -> Result<Taken, Diagnostic> {
        let around = Surroundings { letters: letters.to_vec(), ..Surroundings::default() };
        let (named, inferred) = infer_wrt(wrt, &mut taken.scope, &around)?;
        let shape = taken.scope.unifier.resolve_shape(inferred.typed.shape(wrt.root));
        match named {
            Wrt::Quantity { quantity, indices, transposed } => {
                let mut indices: Vec<Index> = indices.into_iter().collect();
                let q = taken.scope.quantity(quantity);
                if indices.is_empty() && q.letters.len() == 1 && !q.shape.is_scalar() {
                    indices.push(Index::Letter(q.letters[0].clone()));
                }
                let whole = symbol(&q.name.clone());
                if !depends(&taken.scope, quantity, &taken.of) {
                    self.use_alternatives(&mut taken, quantity)?;
                    // A zero here would make every equation about it true.
                    let made = matches!(taken.scope.quantity(quantity).body, Body::Definition(_));
                    if made && !depends(&taken.scope, quantity, &taken.of) {
                        return Err(missing(wrt));
                    }
                }
                let is_variable = matches!(taken.scope.quantity(quantity).body, Body::Variable);
                if mode.path && is_variable && indices.is_empty() {
                    let mut pattern = whole.clone();
                    let root = pattern.root;
                    pattern.root = pattern.apply(&operator::TRANSPOSE, [root], wrt.span(wrt.root));
                    let (along, found) = name_everywhere(&mut taken.scope, &mut taken.of, &pattern, &[])?;
                    if transposed {
                        if found == 0 {
                            return Err(missing(wrt));
                        }
                        taken.by = By { quantity: along, indices, shape, transposed: false };
                        return Ok(taken);
                    }
                    let (direct, found) = name_everywhere(&mut taken.scope, &mut taken.of, &whole, &[along])?;
                    if found == 0 {
                        return Err(missing(wrt));
                    }
                    taken.by = By { quantity: direct, indices, shape, transposed: false };
                    return Ok(taken);
                }
                taken.by = By { quantity, indices, shape, transposed };
                Ok(taken)
            }
            Wrt::Expression(_) => {
                let (q, found) = name_everywhere(&mut taken.scope, &mut taken.of, wrt, &[])?;
                if found == 0 {
                    return Err(missing(wrt));
                }
                taken.by = By { quantity: q, indices: Vec::new(), shape, transposed: false };
                Ok(taken)
            }
        }
    }

    /// Puts the document's own formulas in the place of those that do not contain the variable.
    fn use_alternatives(&self, taken: &mut Taken, variable: QuantityId) -> Result<(), Diagnostic> {
        for (q, formula) in &self.alternatives {
            if *q != variable && depends(&taken.scope, variable, &formula.tree) {
                let own = match &taken.scope.quantity(*q).body {
                    Body::Definition(f) => f.tree.clone(),
                    Body::Variable | Body::Stacked { .. } => continue,
                };
                if !depends(&taken.scope, variable, &own) {
                    set_formula(&mut taken.scope, *q, formula.tree.clone())?;
                }
            }
        }
        Ok(())
    }

    /// A derivative with rows and columns.
    fn shaped(
        &mut self,
        d: Derived,
        mode: Mode,
        span: crate::text::Span,
    ) -> Result<(Value, Shape, Vec<(Name, Poly)>), Diagnostic> {
        let vectors = d.by.len() == 1 && !d.output_shape.is_scalar() && !d.by[0].shape.is_scalar();
        let layout =
            if vectors && !mode.numerator && !d.by[0].transposed { Layout::Transposed } else { Layout::Standard };
        let ask = if d.by.len() > 1 { Ask::Hessian } else { Ask::Gradient };
        let mut form = Form::new(&d.letters, &d.output_shape, &d.by, ask, layout).map_err(|mut e| {
            e.span = span;
            e
        })?;
        if d.by.len() == 1 && d.by[0].transposed && d.output_shape.is_scalar() {
            // The form has the shape of the transposed variable already.
            form.flipped = !form.flipped;
        }
        crate::verdict::ranges(&mut form, &d.scope, &d.by);
        let value = form.assemble(&mut self.store, &d.output, &d.by, d.node);
        Ok((value, form.shape, form.letters))
    }

    /// The chain rule, where two factors are its derivatives in either order.
    #[allow(clippy::type_complexity)] // the parts of a reading, named where they are taken apart
    fn chain(
        &mut self,
        tree: &Tree,
        a: ExprId,
        b: ExprId,
        mode: Mode,
    ) -> Result<Option<(Value, Shape, Vec<(Name, Poly)>)>, Diagnostic> {
        let parts = |id: ExprId| match tree.kind(id) {
            Kind::Derivative { of: Some(of), wrt, style } if wrt.len() == 1 => Some((*of, wrt[0], *style)),
            _ => None,
        };
        let (Some(first), Some(second)) = (parts(a), parts(b)) else { return Ok(None) };
        let (outer, inner) = if tree.same(second.1, tree, first.0) {
            (second, first)
        } else if tree.same(first.1, tree, second.0) {
            (first, second)
        } else {
            return Ok(None);
        };
        // A chain of scalars and plain vectors reads in its layout; of anything larger, only as a contraction.
        let upper = self.take(tree, a, Some(outer.0), &[outer.1], outer.2, mode)?;
        let lower = self.take(tree, b, Some(inner.0), &[inner.1], inner.2, mode)?;
        if !upper.output_shape.is_scalar() {
            return Ok(None);
        }
        let middle = self.store.rank(lower.output.node);
        let upper_rank = self.store.rank(upper.node);
        let own = upper_rank - upper.output.free.len();
        if own != middle {
            return Ok(None);
        }
        // upper: its free indices, then the middle; lower: the middle, then the variable. Members of a family keep
        // their index; rows and columns are summed.
        let (fu, fl) = (upper.output.free.len(), lower.output.free.len());
        let rank = self.store.rank(lower.node);
        let label = |i: usize| Label::try_from(i).unwrap_or(0);
        let mut dims: Vec<_> = self.store.axes(upper.node)[..fu].to_vec();
        dims.extend_from_slice(self.store.axes(lower.node));
        let upper_labels: Labels = (0..upper_rank).map(label).collect();
        let lower_labels: Labels = (fu..fu + rank).map(label).collect();
        let out: Labels = (0..fu + fl).chain(fu + middle..fu + rank).map(label).collect();
        let node = self.store.product(&[(upper.node, upper_labels), (lower.node, lower_labels)], &out, &dims);
        let mut free: SmallVec<[Name; 2]> = upper.output.free.clone();
        free.extend(lower.output.free.iter().cloned());
        let output = Value { node, free, row: false, col: false, integer: None };
        let mut letters = upper.letters.clone();
        letters.extend(lower.letters.iter().filter(|l| !upper.letters.contains(l)).cloned());
        let derived =
            Derived { scope: lower.scope, output, output_shape: Shape::scalar(), letters, by: lower.by, node };
        self.shaped(derived, mode, tree.span(b)).map(Some)
    }
}

fn missing(wrt: &Tree) -> Diagnostic {
    Diagnostic::new(Code::NOT_IN_OBJECTIVE, wrt.span(wrt.root), "this does not occur in what is differentiated")
}

/// How often a sign of differentiation without variables differentiates.
pub(super) fn order(style: DerivativeStyle) -> u8 {
    match style {
        DerivativeStyle::Nabla { order } | DerivativeStyle::Prime { order } => order,
        DerivativeStyle::Partial | DerivativeStyle::Total => 1,
    }
}
