//! The walk through one section: each chain in order, each link by its relation, and the claims that come of it.

use super::define::{is_plain, notation};
use super::extremum::extremum;
use super::inequality::is_order;
use super::mistake::Differs;
use super::proportional::without_constant;
use super::result::{Claim, ClaimVerdict, Graded, NotRead};
use super::session::Session;
use super::side::{Hint, Reading};
use crate::check::Diagnosed;
use crate::document::{Chain, Document, Lead, link_source};
use crate::limit;
use crate::shape::QuantityId;
use crate::syntax::{Kind, NameKind, Relation, Tree};
use crate::tensor::Value;
use crate::text::{Diagnostic, Span};
use crate::verdict::Evidence;

/// A side as far as it could be read.
pub(super) struct Side {
    pub(super) tree: Option<Tree>,
    pub(super) readings: Vec<Reading>,
}

/// The walk through one section.
pub(super) struct Walk<'a> {
    pub(super) document: &'a Document,
    pub(super) session: Session,
    pub(super) graded: &'a mut Graded,
    pub(super) question: Option<String>,
    /// Values that were claimed wrongly so far.
    pub(super) wrong: Vec<Value>,
    /// How many wrong claims were looked into.
    pub(super) diagnosed: usize,
    /// Where the claim that is being judged differs.
    pub(super) differs: Option<Differs>,
    /// The first sides of equations so far: their line, their readings and their text.
    pub(super) heads: Vec<(u32, Vec<Reading>, String)>,
    /// Quantifiers that contradict what they quantify, by chain.
    pub(super) contradicted: Vec<(usize, String)>,
    /// The claims of each chain: chain, piece, claim number.
    pub(super) judged: Vec<(usize, usize, usize)>,
}

impl Walk<'_> {
    pub(super) fn judge(&mut self, c: usize, defined: bool) {
        limit::claim(|| self.judge_chain(c, defined));
    }

    fn judge_chain(&mut self, c: usize, defined: bool) {
        let chain = &self.document.chains[c];
        let mut head: Option<Side> = None;
        let mut previous_wrong = false;
        if self.is_iterate(chain) {
            (1..chain.pieces.len()).for_each(|i| self.not_judged(c, i, "a step of an iteration"));
            return;
        }
        if self.index_condition(chain) {
            return self.not_judged(c, 1, "a condition on indices");
        }
        if let Some(note) = self.session.inferred.iter().find(|n| n.0 == c).map(|n| n.1.clone()) {
            self.session.note(note);
        }
        for (i, piece) in chain.pieces.iter().enumerate() {
            limit::renew();
            let is_link = i > 0 || piece.relation.is_some();
            if i == 0 && !is_link {
                self.labels(c, i);
                if !defined {
                    head = Some(self.read(chain, i, &Hint::default()).unwrap_or_else(|d| {
                        self.session.note(d.message);
                        Side { tree: None, readings: Vec::new() }
                    }));
                }
                continue;
            }
            if i == 1 {
                if let Some(h) = head.as_ref().filter(|h| !h.readings.is_empty()) {
                    self.heads.push((chain.line, h.readings.clone(), chain.pieces[0].text.clone()));
                }
            }
            let relation = piece.relation.map(|r| r.0);
            self.labels(c, i);
            if i > 0
                && !defined
                && matches!(relation, Some(Relation::Equal | Relation::Define))
                && let Some(at) = extremum(&piece.text)
            {
                self.extreme(c, i, at, &mut head);
                continue;
            }
            match relation {
                Some(Relation::Equal | Relation::Define) if i == 1 && !defined && self.is_setting(chain) => {
                    self.claim(c, i, ClaimVerdict::Definition, "a value that is chosen".into(), Vec::new(), Vec::new());
                    return;
                }
                Some(Relation::Define | Relation::Equal) if i == 1 && !defined && self.is_update(chain) => {
                    head = self.update(c, i);
                }
                Some(Relation::Assign) if i == 1 => head = self.update(c, i),
                None | Some(Relation::Equal | Relation::Define | Relation::Approximate) => {
                    let first_of_definition = defined && i == 1;
                    previous_wrong = self.equality(c, i, &mut head, first_of_definition, previous_wrong);
                }
                Some(Relation::Member) if chain.lead.is_some_and(|l| l.0 == Lead::ForAll) => self.quantifier(c, i),
                Some(Relation::Member) if i == 1 && defined => {
                    self.claim(c, i, ClaimVerdict::Definition, "a shape".into(), Vec::new(), Vec::new());
                }
                Some(Relation::Member) => self.membership(c, i),
                Some(Relation::Proportional) => previous_wrong = self.proportional(c, i, &mut head),
                Some(sign) if is_order(sign) => self.inequality(c, i, sign),
                Some(_) => self.not_judged(c, i, "a relation that is not an equality"),
            }
        }
    }

    /// `r = 9` of a size: a choice for one run, not a claim.
    pub(super) fn is_setting(&self, chain: &Chain) -> bool {
        let [head, value] = chain.pieces.as_slice() else { return false };
        let number = value.text.trim();
        let names = &self.session.scope.names;
        let name = head.text.trim();
        let size = names.is(name, NameKind::Dimension) || self.session.scope.unifier.find(name).is_some();
        !number.is_empty()
            && number.chars().all(|d| d.is_ascii_digit() || d == '.')
            && (size || !names.contains(name))
            && name.chars().count() == 1
            && !names.is(name, NameKind::Symbol)
    }

    pub(super) fn read(&mut self, chain: &Chain, i: usize, hint: &Hint) -> Result<Side, Diagnostic> {
        let piece = &chain.pieces[i];
        let syntax = notation(piece, is_plain(chain));
        let shorter = without_constant(&piece.text);
        self.session.constant = shorter.is_some();
        let (tree, readings) = self.session.side(shorter.unwrap_or(&piece.text), syntax, hint)?;
        Ok(Side { tree: Some(tree), readings })
    }

    pub(super) fn not_judged(&mut self, c: usize, i: usize, why: &str) {
        let chain = &self.document.chains[c];
        let source = link_source(self.document, chain, i).to_owned();
        self.graded.not_read.push(NotRead { line: chain.pieces[i].line, source, why: why.to_owned() });
    }

    pub(super) fn claim(
        &mut self,
        c: usize,
        i: usize,
        verdict: ClaimVerdict,
        meaning: String,
        evidence: Vec<Evidence>,
        diagnosis: Vec<Diagnosed>,
    ) {
        let chain = &self.document.chains[c];
        let span = chain.link_span(i);
        let line = if i == 1 && chain.pieces[0].relation.is_none() && span.start == chain.pieces[0].span.start {
            chain.pieces[0].line
        } else {
            chain.pieces[i].line
        };
        let n = self.graded.claims.len() + 1;
        let mut notes = std::mem::take(&mut self.session.notes);
        // What was found on the way of a claim that needs too much is not to be trusted.
        let (verdict, evidence, diagnosis) = match limit::spent() {
            Some(spent) if verdict != ClaimVerdict::Definition => {
                notes.push(format!("not decided: {spent}"));
                (ClaimVerdict::Undecided, Vec::new(), Vec::new())
            }
            _ => (verdict, evidence, diagnosis),
        };
        let differs = self.differs.take().filter(|_| verdict == ClaimVerdict::Incorrect);
        self.judged.push((c, i, n));
        self.graded.claims.push(Claim {
            n,
            line,
            source: link_source(self.document, chain, i).to_owned(),
            latex: self.latex(chain, i),
            span,
            meaning: join(&meaning, &notes),
            verdict,
            evidence,
            diagnosis,
            differs,
            question: self.question.clone(),
            names: self.graded.names.len(),
            aside: false,
        });
    }

    /// A claim about a shape: what holds is listed nowhere else, what does not is a mistake of its own, not of a step.
    pub(super) fn aside(&mut self, line: u32, span: Span, fits: bool, meaning: &str, message: Option<String>) {
        let n = self.graded.claims.len() + 1;
        self.graded.claims.push(Claim {
            n,
            line,
            source: self.document.text.get(span.range()).unwrap_or_default().to_owned(),
            latex: None,
            span,
            meaning: meaning.to_owned(),
            verdict: if fits { ClaimVerdict::Correct } else { ClaimVerdict::Incorrect },
            evidence: if fits { Vec::new() } else { vec![Evidence::Refuted { by: "shape" }] },
            diagnosis: message.map(|m| Diagnosed::plain("shape", m, None)).into_iter().collect(),
            differs: None,
            question: self.question.clone(),
            names: self.graded.names.len(),
            aside: true,
        });
    }

    /// How a left side was understood.
    pub(super) fn meaning(&self, head: &Side) -> String {
        let Some(tree) = &head.tree else { return String::new() };
        let show = |id| crate::syntax::print(tree, id, crate::syntax::Syntax::Plain);
        match tree.kind(tree.root) {
            Kind::Derivative { of, wrt, style } => {
                let what = of
                    .map(show)
                    .or_else(|| {
                        self.session.objective.map(|q: QuantityId| self.session.scope.quantity(q).name.to_string())
                    })
                    .unwrap_or_default();
                let by: Vec<String> = wrt.iter().map(|w| show(*w)).collect();
                let kind = if wrt.len() > 1 || super::derivative::order(*style) == 2 {
                    "second derivative"
                } else {
                    "gradient"
                };
                if by.is_empty() {
                    format!("{kind} of {what}")
                } else {
                    format!("{kind} of {what} with respect to {}", by.join(" and "))
                }
            }
            _ => format!("equality with {}", show(tree.root)),
        }
    }
}

pub(super) fn join(meaning: &str, notes: &[String]) -> String {
    std::iter::once(meaning)
        .filter(|m| !m.is_empty())
        .chain(notes.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("; ")
}
