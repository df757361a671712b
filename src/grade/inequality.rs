//! Inequalities: shown by their form, refuted at a point, or listed.
//!
//! Agreement at points shows nothing of an inequality. What is refuted is a mistake only where it is claimed for all
//! values; a condition ("if 1 − y wᵀx > 0") and an assumption about what is given are no claims.

use super::define::{is_plain, notation};
use super::result::ClaimVerdict;
use super::side::{Hint, Reading};
use super::walk::Walk;
use crate::check::Diagnosed;
use crate::document::Lead;
use crate::evaluation::{Bounded, Draw, Floats, Generic, Point, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::shape::{Signs, Want};
use crate::syntax::{Kind, Relation, Tree};
use crate::tensor::{NodeId, Property};
use crate::verdict::Evidence;

const TRIES: u64 = 16;
/// Differences smaller than this, relative to the sides, show nothing.
const MARGIN: f64 = 1e-9;
/// Words before or behind a formula that make it hold for all values.
const UNIVERSAL: &[&str] =
    &["\\forall", "∀", "for all", "for any", "for every", "for each", "任意", "所有", "모든", "para todo"];
/// Words that take the zero out.
const NONZERO: &[&str] = &["\\neq 0", "\\ne 0", "≠ 0", "\\neq0", "≠0", "nonzero", "non-zero", "nontrivial", "非零"];
/// Words that make it a condition.
const CONDITION: &[&str] = &[
    "if",
    "when",
    "where",
    "whenever",
    "s.t.",
    "subject to",
    "such that",
    "provided",
    "assume",
    "assuming",
    "suppose",
    "given",
    "with",
    "unless",
    "若",
    "当",
    "如果",
    "假设",
    "se",
    "si",
    "let",
];

/// Whether a relation orders its sides.
pub(super) fn is_order(relation: Relation) -> bool {
    matches!(
        relation,
        Relation::Less | Relation::LessEqual | Relation::Greater | Relation::GreaterEqual | Relation::Semidefinite
    )
}

/// What the points say.
enum Seen {
    /// It fails at a point of generic values.
    Fails(String),
    /// It fails only where something is zero.
    FailsAtZero,
    /// It held everywhere, which shows nothing.
    Held,
}

impl Walk<'_> {
    /// The link `pieces[i − 1] sign pieces[i]`.
    pub(super) fn inequality(&mut self, c: usize, i: usize, sign: Relation) {
        let chain = &self.document.chains[c];
        let Some(left) = i.checked_sub(1).and_then(|n| chain.pieces.get(n)) else {
            return self.not_judged(c, i, "an inequality about something that stands elsewhere");
        };
        let plain = is_plain(chain);
        let (left, right) = if matches!(sign, Relation::Less | Relation::LessEqual) {
            (&chain.pieces[i], left)
        } else {
            (left, &chain.pieces[i])
        };
        // From here on: left > right, left ≥ right or left ⪰ right.
        let a = self.session.side(&left.text, notation(left, plain), &Hint::default());
        let b = self.session.side(&right.text, notation(right, plain), &Hint::default());
        let (Ok((left_tree, left_readings)), Ok((right_tree, right_readings))) = (a, b) else {
            return self.not_judged(c, i, "a relation that is not an equality");
        };
        if is_given(&left_tree) && is_given(&right_tree) {
            return self.not_judged(c, i, "an assumption about what is given");
        }
        let strict = matches!(sign, Relation::Less | Relation::Greater);
        // `≻` says more than `⪰`.
        let definite = sign == Relation::Semidefinite
            && chain.pieces[i].relation.is_some_and(|(_, at)| {
                let written = self.document.text.get(at.range()).unwrap_or_default();
                !written.contains("eq") && !written.contains(['⪰', '≽', '≥'])
            });
        if self.is_shown(&left_tree, &right_tree, sign, definite) {
            let meaning = "an inequality, by the form of its sides".to_owned();
            return self.claim(c, i, ClaimVerdict::Correct, meaning, vec![Evidence::Proved], Vec::new());
        }
        let texts = [left.text.as_str(), right.text.as_str()];
        let seen = match (left_readings.first(), right_readings.first()) {
            (Some(a), Some(b)) if sign != Relation::Semidefinite => self.look(a, b, strict, texts),
            _ => None,
        };
        let claimed = self.is_universal(c, i);
        match seen {
            Some(Seen::Fails(how)) if claimed => self.refuted(c, i, how),
            Some(Seen::FailsAtZero) if claimed && !self.line_has(c, i, NONZERO) => {
                self.refuted(c, i, "where everything in it is 0, the two sides are equal".to_owned());
            }
            Some(Seen::Fails(_)) => {
                self.not_judged(c, i, "an inequality that does not hold for all values: a condition")
            }
            Some(Seen::FailsAtZero) => self.not_judged(c, i, "an inequality that fails where everything in it is 0"),
            Some(Seen::Held) => self.not_judged(c, i, "an inequality that was not decided"),
            None => self.not_judged(c, i, "a relation that is not an equality"),
        }
    }

    fn refuted(&mut self, c: usize, i: usize, how: String) {
        let found = vec![Diagnosed::plain("other", format!("This does not hold for all values: {how}."), None)];
        let evidence = vec![Evidence::Refuted { by: "numeric" }];
        self.claim(c, i, ClaimVerdict::Incorrect, "an inequality".into(), evidence, found);
    }

    fn is_shown(&self, left: &Tree, right: &Tree, sign: Relation, definite: bool) -> bool {
        let signs = Signs { scope: &self.session.scope };
        let zero = matches!(right.kind(right.root), Kind::Number(n) if n.is_zero());
        let (zero_left, negated) =
            (matches!(left.kind(left.root), Kind::Number(n) if n.is_zero()), right.as_apply(right.root));
        match sign {
            Relation::Semidefinite if definite => zero && signs.shows_definite(left),
            Relation::Semidefinite => zero && signs.shows_semidefinite(left),
            Relation::Greater | Relation::Less if zero => signs.shows(left, Want::Positive),
            _ if zero => signs.shows(left, Want::NonNegative),
            // 0 ≥ −e
            Relation::GreaterEqual | Relation::LessEqual if zero_left => match negated {
                Some((op, [inner])) if *op == crate::operator::NEGATE => {
                    signs.shows(&super::occurrence::part(right, *inner), Want::NonNegative)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Looks at points for one where `a − b` is negative, or zero where it must not be.
    fn look(&mut self, a: &Reading, b: &Reading, strict: bool, texts: [&str; 2]) -> Option<Seen> {
        let (x, y, _) = self.session.align(a, b)?;
        let difference = self.session.store.subtract(x, y);
        let roots = [difference, x, y];
        let used = variables(&self.session.store, &roots);
        let all = sizes(&self.session.store, &roots, &self.session.scope.sizes, 3);
        let seed = seed(&texts);
        let mut looked = false;
        for attempt in 0..TRIES {
            let here = all.get(attempt as usize % all.len().clamp(1, 2))?;
            let mut source = Generic::new(1.0, 0, attempt % 2 == 1);
            let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
            let limits = Limits::default();
            let floats = Floats::<f64>::new();
            let Ok(point) = sample(&floats, &mut source, &self.session.store, &used, here, draw, limits.entries) else {
                continue;
            };
            let Some((least, size)) = self.least(&roots, &point) else { continue };
            looked = true;
            if least < -MARGIN * size.max(1e-3) {
                return Some(Seen::Fails("it fails at a point that was tried".to_owned()));
            }
            // The same point with zeros for all that may be zero.
            if strict {
                let mut zeros = point;
                for (v, value) in &mut zeros.values {
                    let free = self.session.store.variable(*v).properties.is_empty()
                        || self
                            .session
                            .store
                            .variable(*v)
                            .properties
                            .iter()
                            .all(|p| matches!(p, Property::NonNegative | Property::Integer | Property::Symmetric));
                    if free {
                        value.data.iter_mut().for_each(|x| *x = Bounded::exact(0.0));
                    }
                }
                if self.least(&roots, &zeros).is_some_and(|l| l.0 <= 0.0) {
                    return Some(Seen::FailsAtZero);
                }
            }
        }
        looked.then_some(Seen::Held)
    }

    /// The smallest entry of the first root, and the largest of the others.
    fn least(&self, roots: &[NodeId], point: &Point<Bounded<f64>>) -> Option<(f64, f64)> {
        let values = evaluate(&Floats::<f64>::new(), &self.session.store, roots, point, &Limits::default()).ok()?;
        let least = values[0].data.iter().map(|b| b.to_f64()).fold(f64::INFINITY, f64::min);
        let size = values[1..].iter().flat_map(|v| &v.data).map(|b| b.to_f64().abs()).fold(0.0, f64::max);
        least.is_finite().then_some((least, size))
    }

    /// Whether a link is claimed for all values: by a quantifier in its line, as a conclusion, or at the end of a chain
    /// of equations; and not as a condition.
    fn is_universal(&self, c: usize, i: usize) -> bool {
        let chain = &self.document.chains[c];
        let concluded = chain.lead.is_some_and(|l| l.0 == Lead::Implies);
        let before = self.words_before(c);
        let condition = CONDITION.iter().any(|w| before.trim_end().ends_with(w));
        !condition && (i >= 2 || concluded || self.line_has(c, i, UNIVERSAL))
    }

    /// The words right before a chain on its line.
    fn words_before(&self, c: usize) -> String {
        let start = self.document.chains[c].pieces[0].span.start as usize;
        let line = self.document.text.get(..start).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
        let words = self.document.text.get(line..start).unwrap_or_default();
        words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '\\' | '(' | '[' | ',')).to_lowercase()
    }

    /// Whether the line of a link holds one of some words.
    fn line_has(&self, c: usize, i: usize, words: &[&str]) -> bool {
        let span = self.document.chains[c].link_span(i);
        let text = &self.document.text;
        let from = text.get(..span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
        let to = text.get(span.end as usize..).and_then(|t| t.find('\n')).map_or(text.len(), |n| span.end as usize + n);
        let line = text.get(from..to).unwrap_or_default().to_lowercase();
        words.iter().any(|w| line.contains(w))
    }
}

/// Whether a side is a declared name, an entry or a member of one, or a number.
fn is_given(tree: &Tree) -> bool {
    match tree.kind(tree.root) {
        Kind::Symbol(_) | Kind::Number(_) | Kind::Constant(_) => true,
        Kind::Subscript { base, .. } => matches!(tree.kind(*base), Kind::Symbol(_)),
        _ => false,
    }
}
