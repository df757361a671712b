//! Expectations: E[·] as the linear operator it is, where the problem names the moments.
//!
//! A problem declares `E[y]` and `E[yyᵀ]` as other spellings of quantities. The expectation of anything that is at most
//! quadratic in y is then f(μ) + ½ Σ_ij ∂²f/∂y_i∂y_j (E[yyᵀ] − μμᵀ)_ij, exactly; of anything else nothing is said.

use super::derivative::Mode;
use super::occurrence::{factors, part};
use super::session::Session;
use super::side::Hint;
use crate::calculus;
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::operator;
use crate::syntax::{ExprId, Kind, Name, Syntax, Tree, parse};
use crate::tensor::{Label, Labels, NodeId, Value};
use crate::text::{Code, Diagnostic};

/// What is known of a random vector.
struct Moments {
    /// How it is written; it is not declared.
    name: Name,
    /// Its mean as a column.
    mean: Tree,
    /// E[yyᵀ].
    second: Tree,
}

impl Session {
    /// Replaces E[…] by its value where a product holds it: products are read from the left, so that what E stands
    /// before is the right operand of the product that E ends on the left.
    pub(super) fn expectations(&mut self, tree: &mut Tree, id: ExprId, mode: Mode) -> Result<(), Diagnostic> {
        let Some((op, [left, body])) = tree.as_apply(id) else { return Ok(()) };
        if *op != operator::MULTIPLY {
            return Ok(());
        }
        let (left, body) = (*left, *body);
        self.expectations(tree, left, mode)?;
        let before = match tree.as_apply(left) {
            Some((op, [first, last])) if *op == operator::MULTIPLY && self.is_expectation(tree, *last) => Some(*first),
            _ if self.is_expectation(tree, left) => None,
            _ => return Ok(()),
        };
        let value = self.expectation(tree, body, mode)?;
        let value = self.value_symbol(tree, body, value)?;
        let kind = match before {
            Some(first) => {
                let arguments = [first, value].into_iter().collect();
                Kind::Apply { operator: &operator::MULTIPLY, arguments }
            }
            None => tree.kind(value).clone(),
        };
        tree.set_kind(id, kind);
        Ok(())
    }

    /// `E` or `E_q`, where E is nothing that is declared.
    fn is_expectation(&self, tree: &Tree, id: ExprId) -> bool {
        let base = match tree.kind(id) {
            Kind::Subscript { base, .. } => *base,
            _ => id,
        };
        matches!(tree.kind(base), Kind::Symbol(n) if n == "E") && self.scope.named("E").is_empty()
    }

    #[allow(clippy::type_complexity)] // the parts of a reading, named where they are taken apart
    fn expectation(
        &mut self,
        tree: &Tree,
        body: ExprId,
        mode: Mode,
    ) -> Result<(Value, Shape, Vec<(Name, Poly)>), Diagnostic> {
        let span = tree.span(body);
        let unknown = || Diagnostic::new(Code::UNSUPPORTED, span, "the moments of this expectation are not declared");
        let mut body = part(tree, body);
        let moments = self.moments().into_iter().find(|m| mentions(&body, &m.name)).ok_or_else(unknown)?;
        let random = Name::from(format!("\u{5}{}", moments.name));
        let (mean, shape, _) = self.value(&moments.mean, &Hint::default())?;
        let (second, ..) = self.value(&moments.second, &Hint::default())?;
        let known = self.scope.find(&random, 0);
        let variable = known.unwrap_or_else(|| self.scope.declare_symbol(&random, shape, Vec::new()));
        rename(&mut body, &moments.name, &Kind::Symbol(random.clone()));
        let root = body.root;
        self.resolve(&mut body, root, mode)?;
        let (value, shape, letters) = self.value(&body, &Hint::default())?;
        let Some(y) = self.quantities.node(variable) else { return Ok((value, shape, letters)) };
        let gradient = calculus::derivative(&mut self.store, value.node, y);
        let curvature = calculus::derivative(&mut self.store, gradient, y);
        let third = calculus::derivative(&mut self.store, curvature, y);
        if !self.store.is_zero(third) {
            return Err(Diagnostic::new(
                Code::UNSUPPORTED,
                span,
                "the expectation of what is not quadratic needs more than two moments",
            ));
        }
        let mut centre = body.clone();
        let at_mean = match moments.mean.kind(moments.mean.root).clone() {
            Kind::Apply { operator, arguments } => {
                let inner = centre.graft(&moments.mean, arguments[0]);
                Kind::Apply { operator, arguments: std::iter::once(inner).collect() }
            }
            other => other,
        };
        rename(&mut centre, &random, &at_mean);
        let (at_mean, ..) = self.value(&centre, &Hint::default())?;
        let spread = self.spread(mean.node, second.node);
        let bend = self.half_contracted(curvature, spread, value.node);
        let sum = self.store.add(at_mean.node, bend);
        Ok((value.with(sum), shape, letters))
    }

    /// E[yyᵀ] − μμᵀ.
    fn spread(&mut self, mean: NodeId, second: NodeId) -> NodeId {
        let axis = self.store.axes(mean).clone();
        let dims: Vec<_> = axis.iter().chain(&axis).copied().collect();
        let labels = |n: Label| -> Labels { std::iter::once(n).collect() };
        let out: Labels = (0..2).collect();
        let outer = self.store.product(&[(mean, labels(0)), (mean, labels(1))], &out, &dims);
        self.store.subtract(second, outer)
    }

    /// ½ Σ_ij H_…ij C_ij.
    fn half_contracted(&mut self, curvature: NodeId, spread: NodeId, like: NodeId) -> NodeId {
        let rank = self.store.rank(like);
        let label = |i: usize| Label::try_from(i).unwrap_or(0);
        let dims: Vec<_> = self.store.axes(curvature).to_vec();
        let all: Labels = (0..rank + 2).map(label).collect();
        let last: Labels = (rank..rank + 2).map(label).collect();
        let out: Labels = (0..rank).map(label).collect();
        let sum = self.store.product(&[(curvature, all), (spread, last)], &out, &dims);
        let half = Rational::new(1, 2).unwrap_or_else(|| Rational::from(0));
        self.store.scale(&half, sum)
    }

    /// The random vectors of which mean and second moment are declared as other spellings.
    fn moments(&self) -> Vec<Moments> {
        let mut means: Vec<(Name, Tree)> = Vec::new();
        let mut seconds: Vec<(Name, Tree)> = Vec::new();
        for (spelling, target) in self.scope.names.aliases() {
            let Some((sign, rest)) = spelling.split_once('[') else { continue };
            let Some((inside, "")) = rest.rsplit_once(']') else { continue };
            let sign: String = sign.chars().filter(|c| !"\\{} ".contains(*c)).collect();
            if !matches!(sign.as_str(), "E" | "mathbbE" | "mathrmE" | "operatornameE") || inside.contains('|') {
                continue;
            }
            let Ok(tree) = parse(inside, Syntax::Latex, &self.scope.names) else { continue };
            if self.scope.find(target, 0).is_none() {
                continue;
            }
            let target = super::occurrence::symbol(&Name::from(target.as_str()));
            let random = |id: ExprId| match tree.kind(id) {
                Kind::Symbol(n) if self.scope.named(n).is_empty() => Some(n.clone()),
                _ => None,
            };
            let turned = |id: ExprId| match tree.as_apply(id) {
                Some((op, [x])) if *op == operator::TRANSPOSE => random(*x),
                _ => None,
            };
            let root = tree.root;
            if let Some(y) = random(root) {
                means.push((y, target));
            } else if let Some(y) = turned(root) {
                let mut column = target;
                let row = column.root;
                column.root = column.apply(&operator::TRANSPOSE, [row], crate::text::Span::default());
                means.push((y, column));
            } else if let [a, b] = factors(&tree, root).as_slice()
                && let (Some(y), Some(z)) = (random(*a), turned(*b))
                && y == z
            {
                seconds.push((y, target));
            }
        }
        means
            .into_iter()
            .filter_map(|(name, mean)| {
                let second = seconds.iter().find(|s| s.0 == name)?.1.clone();
                Some(Moments { name, mean, second })
            })
            .collect()
    }
}

fn mentions(tree: &Tree, name: &Name) -> bool {
    tree.ids().any(|id| matches!(tree.kind(id), Kind::Symbol(n) if n == name))
}

fn rename(tree: &mut Tree, from: &Name, to: &Kind) {
    let found: Vec<ExprId> = tree.ids().filter(|id| matches!(tree.kind(*id), Kind::Symbol(n) if n == from)).collect();
    for id in found {
        tree.set_kind(id, to.clone());
    }
}
