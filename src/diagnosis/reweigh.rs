//! Terms with weights that are scalars of the task: how they are named, and how the sum is written with them.

use super::bench::Bench;
use super::outline::{Chain, Group, Outline, Term};
use super::patch::{Draft, Patch};
use super::repair::View;
use super::weight::{put_scalar, recognise, scale, times};
use crate::number::Rational;
use crate::operator::{DIVIDE, MULTIPLY};
use crate::shape::Surroundings;
use crate::syntax::{ExprId, Kind, Tree};

/// Scalars of more nodes are no factors that a person would overlook.
const LARGEST: usize = 6;

/// A formula of the task that is a scalar, with its value at each point.
pub(super) struct Scalar {
    piece: usize,
    values: Vec<f64>,
}

/// The scalars of the task that differ from point to point.
pub(super) fn scalars(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Scalar> {
    let around = Surroundings::default();
    let mut found = Vec::new();
    for (piece, p) in view.pieces.iter().enumerate() {
        if size(&p.tree, p.tree.root) > LARGEST {
            continue;
        }
        let Some(value) = bench.value_as(&p.tree, &around).filter(|v| v.is_scalar() && v.free.is_empty()) else {
            continue;
        };
        let Some(values) = bench.all_numbers(value.node).map(|n| n.concat()) else { continue };
        if values.len() > 1 && !near(values[0], values[1]) {
            found.push(Scalar { piece, values });
        }
    }
    found
}

fn size(tree: &Tree, id: ExprId) -> usize {
    1 + tree.children(id).iter().map(|c| size(tree, *c)).sum::<usize>()
}

fn near(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-6
}

/// A number times one scalar of the task over another.
#[derive(Clone, PartialEq, Eq)]
struct Weight {
    number: Rational,
    over: Option<usize>,
    under: Option<usize>,
}

impl Weight {
    fn is_number(&self) -> bool {
        self.over.is_none() && self.under.is_none()
    }

    fn is_one(&self) -> bool {
        self.is_number() && self.number.is_one()
    }

    fn words(&self, view: &View<'_>) -> String {
        let text = |i: usize| view.pieces[i].text.clone();
        let Some(under) = self.under else {
            return match (self.over, self.number.is_one()) {
                (Some(i), true) => text(i),
                (Some(i), false) => format!("{} {}", times(&self.number), text(i)),
                (None, _) => times(&self.number),
            };
        };
        let (a, b) = self.number.parts();
        let over = match (self.over, a == 1.into()) {
            (Some(i), true) => text(i),
            (Some(i), false) => format!("{a} {}", text(i)),
            (None, _) => a.to_string(),
        };
        let is_leaf = view.pieces[under].tree.children(view.pieces[under].tree.root).is_empty();
        match (b == 1.into(), is_leaf) {
            (true, true) => format!("{over}/{}", text(under)),
            (true, false) => format!("{over}/({})", text(under)),
            (false, _) => format!("{over}/({b} {})", text(under)),
        }
    }
}

/// The simplest weight that has these values at the points; zero is none.
fn named(at: &[f64], scalars: &[Scalar]) -> Option<Weight> {
    let same = |values: Vec<f64>| {
        let all = values.windows(2).all(|w| near(w[0], w[1]));
        all.then(|| recognise(*values.first()?)).flatten().filter(|c| !c.is_zero())
    };
    let of = |number, over, under| Weight { number, over, under };
    if let Some(c) = same(at.to_vec()) {
        return Some(of(c, None, None));
    }
    for s in scalars {
        let quotient: Vec<f64> = at.iter().zip(&s.values).map(|(x, s)| x / s).collect();
        if let Some(c) = same(quotient) {
            return Some(of(c, Some(s.piece), None));
        }
        if let Some(c) = same(at.iter().zip(&s.values).map(|(x, s)| x * s).collect()) {
            return Some(of(c, None, Some(s.piece)));
        }
    }
    // One scalar before two.
    for s in scalars {
        let quotient: Vec<f64> = at.iter().zip(&s.values).map(|(x, s)| x / s).collect();
        for under in scalars {
            if let Some(c) = same(quotient.iter().zip(&under.values).map(|(x, s)| x * s).collect()) {
                return Some(of(c, Some(s.piece), Some(under.piece)));
            }
        }
    }
    None
}

/// A sum written with other weights.
pub(super) struct Reweighed {
    /// The change of the tree that the sum stands in.
    pub(super) patch: Patch,
    /// What each term needs.
    pub(super) needs: String,
    /// What is said where all terms need the same weight.
    pub(super) whole: Option<String>,
    /// How many terms need another weight.
    pub(super) wrong: usize,
    /// Whether the weights are numbers.
    pub(super) are_numbers: bool,
    /// The terms with a number for a weight that is not one.
    pub(super) numbers: Vec<(Term, Rational)>,
}

/// The sum with weights given by point; a common factor in front of it is multiplied into them. Nothing where a weight
/// is not a multiple of scalars of the task.
pub(super) fn reweigh(
    bench: &mut Bench<'_>,
    view: &View<'_>,
    tree: &Tree,
    sum: ExprId,
    weights: &[Vec<f64>],
    scalars: &[Scalar],
) -> Option<Reweighed> {
    let outline = Outline::new(tree);
    let group = outline.groups.iter().find(|g| g.root == sum)?;
    let of = |values: &dyn Fn(usize, usize) -> f64| -> Option<Vec<Weight>> {
        (0..group.terms.len())
            .map(|i| named(&(0..weights.len()).map(|p| values(p, i)).collect::<Vec<_>>(), scalars))
            .collect()
    };
    let plain = of(&|p, i| weights[p][i])?;
    let wrong = plain.iter().filter(|w| !w.is_one()).count();
    if wrong == 0 {
        return None;
    }
    let are_numbers = plain.iter().all(Weight::is_number);
    if !are_numbers && plain.iter().all(|w| *w == plain[0]) {
        return Some(as_a_whole(view, &outline, group, &plain[0], wrong));
    }
    let common = common_factor(bench, &outline, group).filter(|_| !are_numbers);
    // A factor that has no value at some of the points is not weighed with.
    let common = common.filter(|(_, value)| value.len() == weights.len());
    let spread = common.as_ref().and_then(|(_, value)| of(&|p, i| weights[p][i] * value[p]));
    let mut draft = Draft::new(tree);
    let weights = spread.as_ref().unwrap_or(&plain);
    for (term, weight) in group.terms.iter().zip(weights) {
        if let Some(factor) = formula(&mut draft, view, weight) {
            put_scalar(&mut draft, term.id, factor);
        }
        if !weight.number.is_one() {
            scale(&mut draft, *term, &weight.number);
        }
    }
    if let (Some(_), Some((chain, _))) = (&spread, &common) {
        let kind = draft.kind(group.root);
        draft.set(chain.root, kind);
    }
    let text = |id: ExprId| if (id.0 as usize) < view.tree().len() { view.source(id) } else { view.show(tree, id) };
    let needs = group.terms.iter().zip(weights).zip(&plain).filter(|(_, own)| spread.is_some() || !own.is_one());
    let needs: Vec<String> = needs
        .map(|((t, w), _)| match (spread.is_some(), w.is_number()) {
            (true, true) if w.is_one() => format!("`{}` has no such factor", text(t.id)),
            (true, _) => format!("`{}` has the factor `{}`", text(t.id), w.words(view)),
            (false, true) => format!("`{}` has to be taken {} times", text(t.id), w.words(view)),
            (false, false) => format!("`{}` has to be multiplied by `{}`", text(t.id), w.words(view)),
        })
        .collect();
    let numbers = group.terms.iter().zip(&plain).filter(|(_, w)| w.is_number() && !w.is_one());
    let numbers = numbers.map(|(t, w)| (*t, w.number.clone())).collect();
    Some(Reweighed {
        patch: draft.finish(),
        needs: format!("{}.", needs.join(", and ")),
        wrong,
        are_numbers,
        numbers,
        whole: None,
    })
}

/// The sum with one weight for all of its terms, and what it is multiplied with along with it.
fn as_a_whole(view: &View<'_>, outline: &Outline<'_>, group: &Group, weight: &Weight, wrong: usize) -> Reweighed {
    let tree = outline.tree;
    let chain = outline.chains.iter().find(|c| c.operator == &MULTIPLY && c.factors.contains(&group.root));
    let place = chain.map_or(group.root, |c| c.root);
    let mut draft = Draft::new(tree);
    scale(&mut draft, Term { signed: place, id: place, negative: false }, &weight.number);
    for (op, piece) in [(&MULTIPLY, weight.over), (&DIVIDE, weight.under)] {
        let Some(piece) = piece.and_then(|i| view.pieces.get(i)) else { continue };
        let factor = draft.graft(&piece.tree, piece.tree.root);
        if op == &MULTIPLY {
            put_scalar(&mut draft, place, factor);
        } else {
            let inner = draft.copy(place);
            draft.set_apply(place, op, &[inner, factor]);
        }
    }
    let text = if (place.0 as usize) < view.tree().len() { view.source(place) } else { view.show(tree, place) };
    let words = weight.words(view);
    let whole = match weight.number.is_one() {
        true => format!("The factor `{words}` is missing."),
        false => "The factor of a sum is wrong.".to_owned(),
    };
    let needs = format!("`{text}` has to be multiplied by `{words}`.");
    let whole = Some(whole);
    Reweighed { patch: draft.finish(), needs, wrong, are_numbers: false, numbers: Vec::new(), whole }
}

/// The product of scalars that a sum is multiplied with, with its value at each point.
fn common_factor(bench: &mut Bench<'_>, outline: &Outline<'_>, group: &Group) -> Option<(Chain, Vec<f64>)> {
    let chain = outline.chains.iter().find(|c| c.operator == &MULTIPLY && c.factors.contains(&group.root))?.clone();
    let mut value: Vec<f64> = Vec::new();
    for factor in chain.factors.iter().filter(|f| **f != group.root) {
        let mut tree = outline.tree.clone();
        tree.root = *factor;
        let own = bench.value_as(&tree, &Surroundings::default())?;
        if !own.is_scalar() || !own.free.is_empty() {
            return None;
        }
        let numbers = bench.all_numbers(own.node)?.concat();
        value = if value.is_empty() { numbers } else { value.iter().zip(&numbers).map(|(x, y)| x * y).collect() };
    }
    Some((chain, value))
}

/// The scalars of a weight, without its number.
fn formula(draft: &mut Draft<'_>, view: &View<'_>, weight: &Weight) -> Option<ExprId> {
    let mut graft = |i: usize| {
        let piece = &view.pieces[i].tree;
        draft.graft(piece, piece.root)
    };
    match (weight.over.map(&mut graft), weight.under.map(&mut graft)) {
        (over, None) => over,
        (over, Some(under)) => {
            let over = over.unwrap_or_else(|| draft.push(Kind::Number(Rational::ONE)));
            Some(draft.apply(&DIVIDE, &[over, under]))
        }
    }
}
