//! Equalities up to something constant: `∝` allows a factor, `+ const` a term, that does not contain what is varied.
//!
//! What is varied are the symbols that the section differentiates by. For a factor, the ratio of the two sides is
//! looked at where only those symbols move; for a term, the derivatives of both sides by each of them are compared.

use super::result::ClaimVerdict;
use super::side::{Reading, has_derivative};
use super::walk::{Side, Walk, join};
use crate::calculus;
use crate::evaluation::{Draw, Floats, Generic, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::shape::{Body, QuantityId};
use crate::tensor::NodeId;
use crate::verdict::{Decision, Depth, Evidence, compare};

const POINTS: u64 = 4;
const TRIES: u64 = 12;
/// Agreement of two ratios.
const AGREEMENT: f64 = 1e-7;

/// Words for a term that is not written out.
const CONSTANTS: &[&str] = &[
    "const",
    "const.",
    "constant",
    "constants",
    "konst",
    "konst.",
    "konstante",
    "constante",
    "常数",
    "常量",
    "cst",
    "cste",
];

/// A side without its last term, where that is only called constant.
pub(super) fn without_constant(text: &str) -> Option<&str> {
    let at = text.rfind('+')?;
    let word: String = text[at + 1..].chars().filter(|c| !c.is_whitespace() && !"{}\\,;~".contains(*c)).collect();
    let word = ["text", "mathrm", "textrm", "mbox", "mathit", "operatorname"]
        .iter()
        .find_map(|c| word.strip_prefix(c))
        .unwrap_or(&word)
        .to_lowercase();
    (CONSTANTS.contains(&word.trim_end_matches('.')) && !text[..at].trim().is_empty()).then(|| &text[..at])
}

/// Whether a side is a value whose level does not matter: a number, and no derivative, of which a constant term would
/// be a part.
fn is_level(side: &Side) -> bool {
    side.readings.iter().all(|r| r.shape.is_scalar() && r.value.free.is_empty())
        && side.tree.as_ref().is_some_and(|t| !has_derivative(t))
}

impl Walk<'_> {
    /// Judges `left ∝ right`.
    pub(super) fn proportional(&mut self, c: usize, i: usize, head: &mut Option<Side>) -> bool {
        let chain = &self.document.chains[c];
        let known = head.as_ref().filter(|h| !h.readings.is_empty());
        let hint = known.and_then(|h| h.readings.first()).map(Reading::hint).unwrap_or_default();
        let side = match self.read(chain, i, &hint) {
            Ok(s) => s,
            Err(d) => {
                let found = vec![crate::check::Diagnosed::plain("other", d.message, None)];
                self.claim(c, i, ClaimVerdict::Unreadable, "a proportionality".into(), Vec::new(), found);
                return false;
            }
        };
        let Some(known) = known else {
            self.claim(
                c,
                i,
                ClaimVerdict::Unreadable,
                "the left side could not be read".into(),
                Vec::new(),
                Vec::new(),
            );
            *head = Some(side);
            return false;
        };
        let (left, right) = (known.readings.clone(), side.readings.clone());
        let unknowns = self.varied();
        let pair = left.iter().find_map(|a| right.iter().find_map(|b| self.session.align(a, b)));
        let Some((x, y, _)) = pair.filter(|_| !unknowns.is_empty()) else {
            self.not_judged(c, i, "a proportionality that could not be judged");
            return false;
        };
        let texts = [chain.pieces[0].text.clone(), chain.pieces[i].text.clone()];
        let (verdict, meaning) = match self.ratio_is_fixed(x, y, &unknowns, [&texts[0], &texts[1]]) {
            Some(true) => (ClaimVerdict::Correct, "equal up to a constant factor"),
            _ if is_level(known) && self.same_derivatives(x, y, &unknowns, [&texts[0], &texts[1]]) => {
                (ClaimVerdict::Correct, "equal up to an added constant, which ∝ does not say")
            }
            Some(false) => (ClaimVerdict::Incorrect, "equal up to a constant factor"),
            None => (ClaimVerdict::Undecided, "equal up to a constant factor"),
        };
        let evidence = match verdict {
            ClaimVerdict::Incorrect => vec![Evidence::Refuted { by: "numeric" }],
            _ => Vec::new(),
        };
        let meaning = join(&self.meaning(known), &[meaning.into()]);
        self.claim(c, i, verdict, meaning, evidence, Vec::new());
        // What follows is compared with this side, which is another value.
        *head = Some(side);
        verdict == ClaimVerdict::Incorrect
    }

    /// Whether two sides differ by a term that contains nothing that is varied.
    pub(super) fn up_to_constant(&mut self, left: &Side, right: &[Reading], texts: [&str; 2]) -> bool {
        let unknowns = self.varied();
        let pair = left.readings.iter().find_map(|a| right.iter().find_map(|b| self.session.align(a, b)));
        is_level(left) && pair.is_some_and(|(x, y, _)| self.same_derivatives(x, y, &unknowns, texts))
    }

    /// The symbols that the section differentiates by.
    fn varied(&self) -> Vec<QuantityId> {
        let session = &self.session;
        let named = session.variable.as_ref().and_then(|v| session.scope.find(v, 0));
        let mut found: Vec<QuantityId> = session.asked.iter().map(|a| a.1).chain(named).collect();
        found.retain(|q| matches!(session.scope.quantity(*q).body, Body::Variable));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn same_derivatives(&mut self, x: NodeId, y: NodeId, unknowns: &[QuantityId], texts: [&str; 2]) -> bool {
        let session = &mut self.session;
        let mut any = false;
        for q in unknowns {
            let Some(target) = session.quantities.node(*q) else { continue };
            let (a, b) = (
                calculus::derivative(&mut session.store, x, target),
                calculus::derivative(&mut session.store, y, target),
            );
            if session.store.is_zero(a) && session.store.is_zero(b) {
                continue;
            }
            any = true;
            if compare(&session.store, a, b, &session.scope.sizes, texts, Depth::Decisive).decision != Decision::Equal {
                return false;
            }
        }
        any
    }

    /// Whether x = c·y with a number c that is not zero and does not move with the unknowns; nothing where too few
    /// points say.
    fn ratio_is_fixed(&mut self, x: NodeId, y: NodeId, unknowns: &[QuantityId], texts: [&str; 2]) -> Option<bool> {
        let session = &self.session;
        let moved: Vec<_> = unknowns.iter().filter_map(|q| session.quantities.variable(*q)).collect();
        let limits = Limits::default();
        let used = variables(&session.store, &[x, y]);
        if !used.iter().any(|v| moved.contains(v)) {
            return None;
        }
        let all = sizes(&session.store, &[x, y], &session.scope.sizes, 3);
        let here = all.first()?;
        let floats = Floats::<f64>::new();
        let seed = seed(&texts);
        let draw = |n: u64| {
            let mut source = Generic::new(1.0, 0, false);
            let draw = Draw { seed: mix(seed, n), number: n, enumerate: false };
            sample(&floats, &mut source, &session.store, &used, here, draw, limits.entries).ok()
        };
        let mut agreed = 0;
        for attempt in 0..TRIES {
            let (Some(from), Some(to)) = (draw(2 * attempt), draw(2 * attempt + 1)) else { continue };
            let mut other = from.clone();
            for (v, value) in &mut other.values {
                if moved.contains(v)
                    && let Some((_, new)) = to.values.iter().find(|w| w.0 == *v)
                {
                    *value = new.clone();
                }
            }
            let mut ratio: Option<f64> = None;
            let mut usable = true;
            for point in [&from, &other] {
                let Ok(values) = evaluate(&floats, &session.store, &[x, y], point, &limits) else {
                    usable = false;
                    break;
                };
                let size = values[1].data.iter().map(|b| b.to_f64().abs()).fold(0.0, f64::max);
                for (a, b) in values[0].data.iter().zip(&values[1].data) {
                    let (a, b) = (a.to_f64(), b.to_f64());
                    if b.abs() <= 1e-9 * size {
                        if a.abs() > 1e-6 * size {
                            return Some(false);
                        }
                        continue;
                    }
                    let known = *ratio.get_or_insert(a / b);
                    if (a / b - known).abs() > AGREEMENT * known.abs() || known.abs() < 1e-9 {
                        return Some(false);
                    }
                }
                usable &= size > 0.0;
            }
            agreed += u64::from(usable && ratio.is_some());
            if agreed == POINTS {
                return Some(true);
            }
        }
        None
    }
}
