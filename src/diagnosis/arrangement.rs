//! A candidate that does not fit: the nearest arrangements of the same factors that do.
//!
//! From the innermost product outwards, the factors of a product are put in every order, each of them transposed or not,
//! with one of its operators entrywise or none. What fits is kept with the number of changes it took, the fewest first,
//! and is what the next product outwards is made of. Only shapes are compared here; whether an arrangement is right, its
//! numbers tell.

use super::bench::Bench;
use super::outline::is;
use super::patch::{Draft, Patch};
use super::repair::{Repair, View};
use crate::dimension::Poly;
use crate::operator::{ADD, DIVIDE, HADAMARD, MULTIPLY, NEGATE, Op, TRANSPOSE};
use crate::shape::Surroundings;
use crate::syntax::{ExprId, Kind, Tree};

/// Arrangements of one part that are kept.
const MOST_KEPT: usize = 24;
/// Products of more factors are left as they are.
const MOST_FACTORS: usize = 4;
/// A place that is not known yet.
const ANY: ExprId = ExprId(u32::MAX);

/// How a part is put together.
#[derive(Clone, Debug)]
enum Form {
    /// As it stands.
    Same(ExprId),
    /// An operator on other parts.
    Apply(Op, Vec<Form>),
    /// What is put in the place of a part.
    For(ExprId, Box<Form>),
    /// What stands there, with another operand in the place of one.
    Around(ExprId, ExprId, Box<Form>),
    /// A transposed call of a function read as its derivative: g(r)' for g'(r).
    Slope(ExprId),
}

impl Form {
    /// Where it stands in the candidate.
    fn place(&self) -> Option<ExprId> {
        match self {
            Self::Same(id) | Self::Slope(id) | Self::For(id, _) => Some(*id),
            Self::Apply(..) | Self::Around(..) => None,
        }
    }
}

/// A part that fits, and what was done for it.
#[derive(Clone, Debug)]
struct Fit {
    form: Form,
    rows: Poly,
    cols: Poly,
    changes: Vec<Change>,
}

impl Fit {
    fn is_scalar(&self) -> bool {
        self.rows.is_one() && self.cols.is_one()
    }
}

/// One thing that was done.
#[derive(Clone, Debug)]
enum Change {
    Turned(ExprId),
    Moved(ExprId),
    Entrywise(ExprId),
    Read(ExprId),
    Outer(ExprId, ExprId, ExprId),
}

/// An arrangement of the whole that has the shape of the answer.
pub(super) struct Arrangement {
    pub(super) patch: Patch,
    pub(super) repairs: Vec<Repair>,
    /// Nodes of the changed tree, and what stood in their place.
    pub(super) origins: Vec<(ExprId, ExprId)>,
}

/// The arrangements of a candidate that does not fit, those with the fewest changes first.
pub(super) fn arrangements(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Arrangement> {
    let mut scopes = Vec::new();
    let mut fits = fits(bench, view, view.tree().root, &mut scopes);
    let target = bench.posed.scope.unifier.resolve_shape(&bench.posed.form.shape);
    fits.retain(|f| f.rows == target.rows && f.cols == target.cols && !f.changes.is_empty());
    fits.into_iter()
        .map(|f| {
            let mut draft = Draft::new(view.tree());
            let mut origins = Vec::new();
            let root = build(&mut draft, view.tree(), &f.form, &mut origins);
            let kind = draft.kind(root);
            draft.set(view.tree().root, kind);
            let patch = draft.finish();
            let mut repairs: Vec<Repair> = f.changes.iter().map(|c| said(view, c, &patch)).collect();
            // The same said twice of one product is one mistake.
            let mut said: Vec<(ExprId, String)> = Vec::new();
            repairs.retain(|r| {
                let own = (r.place, r.pointing.clone());
                let is_new = !said.contains(&own);
                said.push(own);
                is_new
            });
            Arrangement { patch, repairs, origins }
        })
        .collect()
}

fn build(draft: &mut Draft<'_>, tree: &Tree, form: &Form, origins: &mut Vec<(ExprId, ExprId)>) -> ExprId {
    match form {
        Form::Same(id) => *id,
        Form::Apply(op, of) => {
            let of: Vec<ExprId> = of.iter().map(|f| build(draft, tree, f, origins)).collect();
            draft.apply(op, &of)
        }
        Form::For(id, form) => {
            let new = build(draft, tree, form, origins);
            origins.push((new, *id));
            new
        }
        Form::Around(id, old, new) => {
            let inner = build(draft, tree, new, origins);
            let mut kind = tree.kind(*id).clone();
            kind.map_children(&mut |c| if c == *old { inner } else { c });
            draft.push(kind)
        }
        Form::Slope(id) => match tree.kind(*id).clone() {
            Kind::Call { function, order, arguments } => {
                draft.push(Kind::Call { function, order: order + 1, arguments })
            }
            _ => *id,
        },
    }
}

/// The shape of a part that stands below these sums, where it fits.
fn shape(bench: &mut Bench<'_>, view: &View<'_>, id: ExprId, sums: &[ExprId]) -> Option<(Poly, Poly)> {
    let mut alone = view.tree().clone();
    alone.root = id;
    let mut tree = alone.clone();
    // A sum over the part has its shape, and gives its letters their ranges; of what has no such letter, the part alone.
    for sum in sums.iter().rev() {
        let Kind::Sum { binders, .. } = view.tree().kind(*sum) else { continue };
        let kind = Kind::Sum { binders: binders.clone(), body: tree.root };
        tree.root = tree.push(kind, crate::text::Span::default());
    }
    let around = Surroundings { letters: bench.posed.form.letters.clone(), ..Surroundings::default() };
    let value = match sums.is_empty() {
        true => bench.value_as(&alone, &around),
        false => bench.value_as(&tree, &around).or_else(|| bench.value_as(&alone, &around)),
    }?;
    let axes = bench.posed.store.axes(value.node).clone();
    let mut sides = axes[value.free.len()..].iter().map(|d| bench.posed.store.poly(*d).clone());
    let rows = if value.row { sides.next()? } else { Poly::constant(1) };
    let cols = if value.col { sides.next()? } else { Poly::constant(1) };
    Some((rows, cols))
}

/// The ways in which a part fits.
fn fits(bench: &mut Bench<'_>, view: &View<'_>, id: ExprId, sums: &mut Vec<ExprId>) -> Vec<Fit> {
    let tree = view.tree();
    if let Some((rows, cols)) = shape(bench, view, id, sums) {
        let mut all = vec![Fit { form: Form::Same(id), rows, cols, changes: Vec::new() }];
        // A product that fits may still stand in another order.
        if is(tree, id, &MULTIPLY) {
            all.extend(product(bench, view, id, sums).into_iter().filter(|f| !f.changes.is_empty()));
        }
        if let Some((op, [call])) = tree.as_apply(id) {
            if let (true, Kind::Call { .. }) = (op == &TRANSPOSE, tree.kind(*call)) {
                let (rows, cols) = (all[0].cols.clone(), all[0].rows.clone());
                all.push(Fit { form: Form::Slope(*call), rows, cols, changes: vec![Change::Read(id)] });
            }
        }
        return kept(all);
    }
    let all = match tree.kind(id) {
        Kind::Sum { body, .. } => {
            sums.push(id);
            let inner = fits(bench, view, *body, sums);
            sums.pop();
            inner.into_iter().map(|f| Fit { form: Form::Around(id, *body, Box::new(f.form)), ..f }).collect()
        }
        Kind::Apply { operator, arguments } if *operator == &NEGATE => fits(bench, view, arguments[0], sums)
            .into_iter()
            .map(|f| Fit { form: Form::Apply(&NEGATE, vec![f.form]), ..f })
            .collect(),
        Kind::Apply { operator, arguments } if *operator == &ADD => {
            let (left, right) = (fits(bench, view, arguments[0], sums), fits(bench, view, arguments[1], sums));
            pairs(&left, &right, |a, b| {
                (a.rows == b.rows && a.cols == b.cols).then(|| Fit {
                    form: Form::Apply(&ADD, vec![a.form.clone(), b.form.clone()]),
                    rows: a.rows.clone(),
                    cols: a.cols.clone(),
                    changes: [a.changes.as_slice(), &b.changes].concat(),
                })
            })
        }
        Kind::Apply { operator, arguments } if *operator == &DIVIDE => {
            let over = fits(bench, view, arguments[0], sums);
            over.into_iter()
                .map(|f| Fit { form: Form::Apply(&DIVIDE, vec![f.form, Form::Same(arguments[1])]), ..f })
                .collect()
        }
        Kind::Apply { operator, .. } if *operator == &MULTIPLY || *operator == &HADAMARD => {
            product(bench, view, id, sums)
        }
        _ => Vec::new(),
    };
    let all = all.into_iter().map(|f| Fit { form: Form::For(id, Box::new(f.form)), ..f }).collect();
    kept(all)
}

fn kept(mut all: Vec<Fit>) -> Vec<Fit> {
    all.sort_by_key(|f| f.changes.len());
    all.truncate(MOST_KEPT);
    all
}

fn pairs(left: &[Fit], right: &[Fit], of: impl Fn(&Fit, &Fit) -> Option<Fit>) -> Vec<Fit> {
    left.iter().flat_map(|a| right.iter().filter_map(|b| of(a, b)).collect::<Vec<_>>()).collect()
}

/// The arrangements of a product's factors.
fn product(bench: &mut Bench<'_>, view: &View<'_>, id: ExprId, sums: &mut Vec<ExprId>) -> Vec<Fit> {
    let Some(chain) = view.outline.chains.iter().find(|c| c.root == id) else { return Vec::new() };
    let operator = chain.operator;
    let mut scalars: Vec<Fit> = Vec::new();
    let mut factors: Vec<Vec<Fit>> = Vec::new();
    for f in chain.factors.clone() {
        let own = fits(bench, view, f, sums);
        match own.first() {
            Some(first) if first.is_scalar() => scalars.push(first.clone()),
            Some(_) => factors.push(own),
            None => return Vec::new(),
        }
    }
    if factors.len() > MOST_FACTORS || factors.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for order in permutations(factors.len()) {
        let first = Partial { fit: None, turned: 0 };
        let moved = moves(&order);
        arrange(&factors, &order, operator, first, &mut |fit| {
            let mut fit = fit;
            for m in &moved {
                fit.changes.push(Change::Moved(chain.factors_of(&factors, *m)));
            }
            all.push(fit);
        });
    }
    let is_vector = |f: &&Vec<Fit>| f.iter().any(|f| f.rows.is_one() != f.cols.is_one());
    let vectors: Vec<ExprId> = factors.iter().filter(is_vector).filter_map(|f| f[0].form.place()).collect();
    for fit in &mut all {
        if let ([a, b], false, false) = (vectors.as_slice(), fit.rows.is_one(), fit.cols.is_one()) {
            if factors.len() == 2 {
                let is_last_first = fit.changes.iter().any(|c| matches!(c, Change::Moved(_)));
                let (column, row) = if is_last_first { (*b, *a) } else { (*a, *b) };
                fit.changes.retain(|c| {
                    !matches!(c, Change::Moved(_)) && !matches!(c, Change::Turned(t) if *t == *a || *t == *b)
                });
                fit.changes.push(Change::Outer(id, column, row));
            }
        }
        if fit.changes.iter().any(|c| matches!(c, Change::Entrywise(ANY))) {
            fit.changes.retain(|c| !matches!(c, Change::Moved(_)));
        }
        if let Some(front) = scalars.iter().map(|s| s.form.clone()).reduce(|a, b| Form::Apply(&MULTIPLY, vec![a, b])) {
            fit.form = Form::Apply(&MULTIPLY, vec![front, fit.form.clone()]);
        }
        fit.form = Form::For(id, Box::new(fit.form.clone()));
        for change in &mut fit.changes {
            if matches!(change, Change::Entrywise(ANY)) {
                *change = Change::Entrywise(id);
            }
        }
    }
    kept(all)
}

impl super::outline::Chain {
    /// The factor that is the n-th of those that are not scalars.
    fn factors_of(&self, factors: &[Vec<Fit>], n: usize) -> ExprId {
        factors.get(n).and_then(|f| f.first()).and_then(|f| f.form.place()).unwrap_or(self.root)
    }
}

#[derive(Clone)]
struct Partial {
    fit: Option<Fit>,
    turned: usize,
}

/// Puts factors together from the left, each as it is or transposed, and at most one operator entrywise.
fn arrange(factors: &[Vec<Fit>], order: &[usize], operator: Op, so_far: Partial, done: &mut impl FnMut(Fit)) {
    let Some((next, rest)) = order.split_first() else {
        if let Some(fit) = so_far.fit {
            done(fit);
        }
        return;
    };
    for own in &factors[*next] {
        for turned in [false, true] {
            if turned && so_far.turned == 2 {
                continue;
            }
            let mut factor = own.clone();
            if turned {
                (factor.rows, factor.cols) = (own.cols.clone(), own.rows.clone());
                let place = own.form.place().unwrap_or(ANY);
                factor.form = Form::Apply(&TRANSPOSE, vec![own.form.clone()]);
                factor.changes.push(Change::Turned(place));
            }
            let Some(front) = &so_far.fit else {
                let partial = Partial { fit: Some(factor), turned: so_far.turned + usize::from(turned) };
                arrange(factors, rest, operator, partial, done);
                continue;
            };
            for op in [&MULTIPLY, &HADAMARD] {
                let fits = if op == &MULTIPLY {
                    front.cols == factor.rows
                } else {
                    front.rows == factor.rows && front.cols == factor.cols
                };
                if !fits {
                    continue;
                }
                let mut changes = [front.changes.as_slice(), &factor.changes].concat();
                if op != operator {
                    changes.push(Change::Entrywise(ANY));
                }
                let cols = factor.cols.clone();
                let form = Form::Apply(op, vec![front.form.clone(), factor.form.clone()]);
                let fit = Fit { form, rows: front.rows.clone(), cols, changes };
                let turned = so_far.turned + usize::from(turned);
                arrange(factors, rest, operator, Partial { fit: Some(fit), turned }, done);
            }
        }
    }
}

/// All orders, the one that stands there first.
fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for at in (0..n).rev() {
            let mut longer = shorter.clone();
            longer.insert(at, n - 1);
            all.push(longer);
        }
    }
    all.sort();
    all
}

/// The factors that have to move: one where one is enough.
fn moves(order: &[usize]) -> Vec<usize> {
    if order.windows(2).all(|w| w[0] < w[1]) {
        return Vec::new();
    }
    for gone in order.iter().rev() {
        let rest: Vec<usize> = order.iter().copied().filter(|o| o != gone).collect();
        if rest.windows(2).all(|w| w[0] < w[1]) {
            return vec![*gone];
        }
    }
    order.iter().enumerate().filter(|(i, o)| i != *o).map(|(_, o)| *o).collect()
}

fn said(view: &View<'_>, change: &Change, patch: &Patch) -> Repair {
    let tree = view.tree();
    let of = |kind, place: ExprId, naming: &str, pointing: String| Repair {
        patch: patch.clone(),
        kind,
        place,
        naming: naming.into(),
        pointing,
        about: view.plain(place),
    };
    match change {
        Change::Turned(id) => {
            let id = view.known(*id);
            let (naming, how) = if is(tree, id, &TRANSPOSE) {
                ("There is a transpose too many.", "without the transpose")
            } else {
                ("A transpose is missing.", "transposed")
            };
            of("transpose", id, naming, format!("`{}` has to stand {how}.", view.source(id)))
        }
        Change::Moved(id) => of(
            "order",
            *id,
            "The order of factors is wrong.",
            format!("`{}` has to stand at another place in the product.", view.source(*id)),
        ),
        Change::Entrywise(id) => {
            let (naming, how) = if is(tree, view.known(*id), &HADAMARD) {
                ("An entrywise product stands where the product of matrices is meant.", "of matrices")
            } else {
                ("The product of matrices stands where the entrywise product is meant.", "entry by entry")
            };
            let pointing = format!("A product in `{}` has to be taken {how}.", view.source(*id));
            of("elementwise", *id, naming, pointing)
        }
        Change::Outer(id, column, row) => of(
            "order",
            *id,
            "An outer product is meant.",
            format!(
                "`{}` has to be the column `{}` times the row that `{}` is when transposed.",
                view.source(*id),
                view.source(*column),
                view.source(*row)
            ),
        ),
        Change::Read(id) => of(
            "chain_rule",
            *id,
            "A derivative is written as a transpose.",
            format!(
                "`{}` reads as a transpose; the derivative of the function is written with its sign before the bracket.",
                view.source(*id)
            ),
        ),
    }
}
