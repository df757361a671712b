//! One link of a chain: the right side against the first side, in every reading; what is wrong, and what follows from
//! an earlier mistake.

use super::define::{is_plain, notation};
use super::link::Compared;
use super::mistake::mistakes;
use super::result::ClaimVerdict;
use super::session::MENDED;
use super::side::{Hint, Reading};
use super::walk::{Side, Walk, join};
use crate::check::Diagnosed;
use crate::limit;
use crate::syntax::{Tree, parse_declared};
use crate::tensor::Value;
use crate::text::Code;

/// Wrong claims of one part whose mistake is looked for.
const MOST_DIAGNOSED: usize = 60;
/// Wrong values that a later claim is compared with: the last ones, since what follows from a mistake stands near it.
/// The very same value is known however far back it stands.
const MOST_CARRIED: usize = 24;

impl Walk<'_> {
    /// Judges `head = piece`; returns whether the chain is wrong here.
    pub(super) fn equality(
        &mut self,
        c: usize,
        i: usize,
        head: &mut Option<Side>,
        defines: bool,
        previous_wrong: bool,
    ) -> bool {
        let document = self.document;
        let chain = &document.chains[c];
        let hint = head.as_ref().and_then(|h| h.readings.first()).map(Reading::hint).unwrap_or_default();
        let side = self.read(chain, i, &hint);
        if defines {
            // `h(u) = …`: the formula of a function is read with its own parameters.
            let function = parse_declared(chain.pieces[0].text.trim()).is_ok_and(|d| !d.parameters.is_empty());
            if let Ok(s) = &side
                && let Some(wrong) = self.estimate(c, i, s)
            {
                *head = side.ok();
                return wrong;
            }
            let verdict = if side.is_ok() || function { ClaimVerdict::Definition } else { ClaimVerdict::Unreadable };
            if function {
                self.session.notes.clear();
            }
            self.claim(c, i, verdict, "definition".into(), Vec::new(), Vec::new());
            *head = side.ok();
            return false;
        }
        let meaning = head.as_ref().map(|h| self.meaning(h)).unwrap_or_default();
        let side = match side {
            Ok(s) => s,
            Err(d) => {
                if d.code == Code::NOT_IN_OBJECTIVE
                    && let Some(known) = head.as_ref().filter(|h| !h.readings.is_empty())
                {
                    let known = Side { tree: known.tree.clone(), readings: known.readings.clone() };
                    if let Some(note) = self.by_the_same((c, i), &known) {
                        self.claim(c, i, ClaimVerdict::Correct, join(&meaning, &[note]), Vec::new(), Vec::new());
                        return false;
                    }
                }
                // Where a bracket was mended, it may have been meant to stand elsewhere.
                let mended = self.session.notes.iter().any(|n| n == MENDED);
                let readable = head.as_ref().is_some_and(|h| !h.readings.is_empty());
                // Sizes that contradict themselves cannot be right, whatever they are compared with; but where only
                // the left side is not understood, it may tell of a convention.
                let alone = !readable && i == 1 && (self.left_misfits(c) || self.is_own_name(c));
                let misfit = is_misfit(d.code) && !mended && (readable || alone);
                let tree = head.as_ref().and_then(|h| h.tree.clone());
                let found = if misfit { self.mistakes(c, i, tree.as_ref()) } else { Vec::new() };
                let verdict = if misfit { ClaimVerdict::Incorrect } else { ClaimVerdict::Unreadable };
                let kind = if matches!(d.code, Code::RANGE_MISMATCH | Code::BAD_INDEX) { "index" } else { "shape" };
                self.claim(
                    c,
                    i,
                    verdict,
                    meaning,
                    Vec::new(),
                    if found.is_empty() { vec![Diagnosed::plain(kind, d.message, None)] } else { found },
                );
                return previous_wrong || misfit;
            }
        };
        let Some(known) = head.as_ref().filter(|h| !h.readings.is_empty()) else {
            // What the chain starts with could not be read: later links are judged against the first that can.
            self.claim(
                c,
                i,
                ClaimVerdict::Unreadable,
                "the left side could not be read".into(),
                Vec::new(),
                Vec::new(),
            );
            *head = Some(side);
            return previous_wrong;
        };
        if self.session.is_at_another_point(&chain.pieces[0].text, notation(&chain.pieces[0], is_plain(chain))) {
            let meaning = "a value at another point is not read".to_owned();
            self.claim(c, i, ClaimVerdict::Unreadable, meaning, Vec::new(), Vec::new());
            return previous_wrong;
        }
        let side = self.session.summed_on(&known.readings, &side, &hint).unwrap_or(side);
        let constant = std::mem::take(&mut self.session.constant);
        let left_text = chain.pieces[0].text.clone();
        let right_text = chain.pieces[i].text.clone();
        let left = known.readings.clone();
        let compared = self.session.compare(&left, &side.readings, [&left_text, &right_text]);
        match compared.equal {
            Some(true) => {
                let meaning = join(&meaning, &compared.notes);
                self.claim(c, i, ClaimVerdict::Correct, meaning, compared.evidence, Vec::new());
                false
            }
            other => {
                let known = Side { tree: known.tree.clone(), readings: left };
                let texts = [left_text.as_str(), right_text.as_str()];
                if constant && self.up_to_constant(&known, &side.readings, texts) {
                    let meaning = join(&meaning, &["equal up to a constant".into()]);
                    self.claim(c, i, ClaimVerdict::Correct, meaning, Vec::new(), Vec::new());
                    // The rest of the chain is about this side, the constant left aside.
                    *head = Some(side);
                    return false;
                }
                if let Some(sense) = self.other_sense((c, i), &known, &side, &compared, texts, previous_wrong) {
                    return self.in_other_sense((c, i), sense, &meaning, previous_wrong);
                }
                if self.under_wrong_condition(known.tree.as_ref(), &compared, texts) {
                    let meaning = join(&meaning, &["follows from the wrong gradient set to zero".into()]);
                    self.claim(c, i, ClaimVerdict::Carried, meaning, compared.evidence, Vec::new());
                    return true;
                }
                self.wrong_link(c, i, known.tree.as_ref(), &side, compared, other, meaning)
            }
        }
    }

    /// Whether the left side of a chain contradicts itself by its sizes.
    fn left_misfits(&mut self, c: usize) -> bool {
        let chain = &self.document.chains[c];
        self.read(chain, 0, &Hint::default()).is_err_and(|d| is_misfit(d.code))
    }

    /// Whether a chain begins with a new name, so that its right side is all there is to read.
    fn is_own_name(&self, c: usize) -> bool {
        let head = &self.document.chains[c].pieces[0];
        parse_declared(head.text.trim()).is_ok_and(|d| d.indices.is_empty() && self.session.own.contains(&d.whole))
    }

    /// What was done wrong; looked for in so many claims of one part.
    pub(super) fn mistakes(&mut self, c: usize, i: usize, head: Option<&Tree>) -> Vec<Diagnosed> {
        let Some(head) = head.filter(|_| self.diagnosed < MOST_DIAGNOSED) else { return Vec::new() };
        self.diagnosed += 1;
        let chain = &self.document.chains[c];
        let piece = &chain.pieces[i];
        let (found, differs) = limit::apart(|| {
            mistakes(&self.session, head, piece, notation(piece, is_plain(chain)), chain.link_span(i).start)
        });
        self.differs = differs;
        found
    }

    #[allow(clippy::too_many_arguments)] // one use: what is known of the link when it is wrong
    pub(super) fn wrong_link(
        &mut self,
        c: usize,
        i: usize,
        head: Option<&Tree>,
        side: &Side,
        compared: Compared,
        equal: Option<bool>,
        meaning: String,
    ) -> bool {
        let follows = side.readings.iter().any(|r| self.same_as_wrong(r)) || self.follows_from_derivative(head, side);
        let verdict = match equal {
            _ if limit::spent().is_some() => ClaimVerdict::Undecided,
            _ if follows => ClaimVerdict::Carried,
            // Of a rule about letters that are not declared, only the shapes are certain.
            Some(_) if self.session.rule && compared.misfit.is_none() => ClaimVerdict::Undecided,
            Some(_) => ClaimVerdict::Incorrect,
            None if compared.misfit.is_some() && compared.undecided.is_none() => ClaimVerdict::Incorrect,
            None => ClaimVerdict::Undecided,
        };
        let mut diagnosis = match verdict {
            ClaimVerdict::Incorrect => self.mistakes(c, i, head),
            _ => Vec::new(),
        };
        if verdict == ClaimVerdict::Incorrect
            && diagnosis.iter().all(|d| d.kind == "other")
            && let Some(found) = self.sign_where_indices_differ((c, i), &compared)
        {
            diagnosis = vec![found];
        }
        if let (Some(why), None, true) = (&compared.misfit, equal, diagnosis.is_empty()) {
            diagnosis.push(Diagnosed::plain("shape", why.clone(), None));
        }
        // What is not decided is no mistake that could be carried on.
        let wrong = verdict != ClaimVerdict::Undecided;
        if wrong {
            self.remember_condition(head, side);
            self.remember_derivative(head, side);
            for r in &side.readings {
                if !self.wrong.contains(&r.value) {
                    self.wrong.push(r.value.clone());
                }
            }
        }
        self.claim(c, i, verdict, meaning, compared.evidence, diagnosis);
        wrong
    }

    /// Whether a wrong value was claimed before.
    pub(super) fn same_as_wrong(&mut self, r: &Reading) -> bool {
        if self.wrong.contains(&r.value) {
            return true;
        }
        // The letters may stand in another order.
        let letters = |v: &Value| v.free.len() == r.value.free.len() && v.free.iter().all(|l| r.value.free.contains(l));
        let alike = |v: &&Value| letters(v) && v.row == r.value.row && v.col == r.value.col;
        let earlier: Vec<Value> = self.wrong.iter().rev().filter(alike).take(MOST_CARRIED).cloned().collect();
        let axes = self.session.store.axes(r.value.node).clone();
        earlier.iter().any(|v| {
            let node = self.session.store.broadcast(v, &r.value.free, r.value.row, r.value.col, &axes);
            self.session.store.axes(node) == &axes
                && crate::verdict::compare(
                    &self.session.store,
                    node,
                    r.value.node,
                    &self.session.scope.sizes,
                    ["", ""],
                    crate::verdict::Depth::Decisive,
                )
                .decision
                    == crate::verdict::Decision::Equal
        })
    }
}

/// Codes that say that a side cannot be what it is said to be.
pub(super) fn is_misfit(code: Code) -> bool {
    matches!(
        code,
        Code::SHAPE_MISMATCH | Code::SUM_SHAPE_MISMATCH | Code::NOT_SQUARE | Code::BAD_DIVISION | Code::RANGE_MISMATCH
    )
}
