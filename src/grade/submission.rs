//! The walk over a submission: each link of each chain judged in order.

use super::answer::{answers, asked, proposed};
use super::define::{is_plain, notation};
use super::link::Compared;
use super::mistake::{Differs, mistakes};
use super::section::{Section, sections};
use super::session::Session;
use super::side::{Hint, Reading, has_derivative};
use crate::check::Diagnosed;
use crate::dimension::{Shape, Unifier};
use crate::document::{Chain, Document, Lead, link_source};
use crate::problem::{Ask, Layout, Problem, Question};
use crate::shape::{Body, QuantityId};
use crate::syntax::{Kind, Name, Relation, Tree, parse, parse_declared};
use crate::tensor::{NodeId, Value};
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::Evidence;

/// Wrong claims of one part whose mistake is looked for.
const MOST_DIAGNOSED: usize = 60;

/// A claim's verdict.
#[derive(Copy, Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimVerdict {
    /// True.
    Correct,
    /// False.
    Incorrect,
    /// False, but it follows from an earlier mistake.
    Carried,
    /// It defines a name.
    Definition,
    /// Not read.
    Unreadable,
    /// Not decided.
    Undecided,
}

impl ClaimVerdict {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Incorrect => "incorrect",
            Self::Carried => "carried",
            Self::Definition => "definition",
            Self::Unreadable => "unreadable",
            Self::Undecided => "undecided",
        }
    }
}

/// A judged claim: one link of a chain.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its number, from 1.
    pub n: usize,
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// In LaTeX, where it was read.
    pub latex: Option<String>,
    /// Where it stands in the document.
    pub span: Span,
    /// How it was understood.
    pub meaning: String,
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// What decided it.
    pub evidence: Vec<Evidence>,
    /// What was done wrong; spans count in `source`.
    pub diagnosis: Vec<Diagnosed>,
    /// Numbers at which the two sides of a wrong claim differ.
    pub differs: Option<Differs>,
    /// The question it belongs to.
    pub question: Option<String>,
    /// Which of [`Graded::names`] its sizes are named by.
    pub names: usize,
}

/// A question's result.
#[derive(Clone, Debug)]
pub struct QuestionResult {
    /// Its name.
    pub id: String,
    /// The claim that is its final answer.
    pub answer: Option<usize>,
    /// The final answer's verdict; nothing where none was found.
    pub verdict: Option<ClaimVerdict>,
    /// The first wrong step.
    pub first_wrong: Option<usize>,
    /// Whether a person must look.
    pub provisional: bool,
}

/// Something listed and not judged.
#[derive(Clone, Debug)]
pub struct NotRead {
    /// The line it begins on.
    pub line: u32,
    /// As written.
    pub source: String,
    /// Why.
    pub why: String,
}

/// A graded submission.
#[derive(Clone, Debug, Default)]
pub struct Graded {
    /// The claims in order.
    pub claims: Vec<Claim>,
    /// The questions in order.
    pub questions: Vec<QuestionResult>,
    /// What was not judged.
    pub not_read: Vec<NotRead>,
    /// The names of integers, by section.
    pub names: Vec<Unifier>,
}

/// Grades a document against the problems of a file.
#[must_use]
pub fn grade(document: &Document, problems: &[Problem]) -> Graded {
    let mut graded = Graded::default();
    for q in problems.iter().flat_map(|p| &p.questions) {
        graded.questions.push(QuestionResult {
            id: q.id.clone(),
            answer: None,
            verdict: None,
            first_wrong: None,
            provisional: true,
        });
    }
    for section in sections(document, problems) {
        match section.problem {
            Some(p) => grade_section(document, problems, p, &section, &mut graded),
            None => grade_homeless(document, problems, &section, &mut graded),
        }
    }
    graded.claims.sort_by_key(|c| (c.span.start, c.span.end));
    let old: Vec<usize> = graded.claims.iter().map(|c| c.n).collect();
    for (i, c) in graded.claims.iter_mut().enumerate() {
        c.n = i + 1;
    }
    for q in &mut graded.questions {
        let renumber = |n: usize| old.iter().position(|o| *o == n).map(|i| i + 1);
        q.answer = q.answer.and_then(renumber);
        q.first_wrong = q.first_wrong.and_then(renumber);
    }
    graded.not_read.extend(document.not_read.iter().map(|n| NotRead {
        line: n.line,
        source: n.source.clone(),
        why: n.why.to_owned(),
    }));
    graded.not_read.sort_by_key(|n| n.line);
    graded
}

/// Without headings, each chain goes to the first problem in which all of it can be read.
fn grade_homeless(document: &Document, problems: &[Problem], section: &Section, graded: &mut Graded) {
    let mut shares: Vec<Vec<usize>> = vec![Vec::new(); problems.len()];
    let mut probes: Vec<Session> = problems.iter().map(Session::new).collect();
    for p in &mut probes {
        p.define(document, &section.chains);
    }
    let mut last = 0;
    for c in &section.chains {
        let chain = &document.chains[*c];
        let readable = |s: &mut Session| {
            chain
                .pieces
                .iter()
                .filter(|p| s.side(&p.text, notation(p, is_plain(chain)), &Hint::default()).is_ok())
                .count()
        };
        let counts: Vec<usize> = probes.iter_mut().map(readable).collect();
        let best = counts.iter().copied().max().unwrap_or(0);
        // A tie stays with the problem of the chain before.
        let choice =
            if counts.get(last) == Some(&best) { last } else { counts.iter().position(|n| *n == best).unwrap_or(0) };
        last = choice;
        if let Some(share) = shares.get_mut(choice) {
            share.push(*c);
        }
    }
    for (p, chains) in shares.into_iter().enumerate() {
        let questions = section.questions.iter().copied().filter(|q| q.0 == p).collect();
        let part = Section { problem: Some(p), questions, chains };
        grade_section(document, problems, p, &part, graded);
    }
}

/// A side as far as it could be read.
struct Side {
    tree: Option<Tree>,
    readings: Vec<Reading>,
}

/// The walk through one section.
pub(super) struct Walk<'a> {
    pub(super) document: &'a Document,
    pub(super) session: Session,
    pub(super) graded: &'a mut Graded,
    question: Option<String>,
    /// Values that were claimed wrongly so far.
    wrong: Vec<Value>,
    /// How many wrong claims were looked into.
    diagnosed: usize,
    /// Where the claim that is being judged differs.
    differs: Option<Differs>,
    /// The claims of each chain: chain, piece, claim number.
    pub(super) judged: Vec<(usize, usize, usize)>,
}

fn grade_section(document: &Document, problems: &[Problem], p: usize, section: &Section, graded: &mut Graded) {
    let problem = &problems[p];
    let mut session = Session::new(problem);
    let questions: Vec<_> = section.questions.iter().map(|(_, k)| &problem.questions[*k]).collect();
    session.layout = if questions.iter().any(|q| q.layout == Layout::Either) {
        Layout::Either
    } else if questions.iter().any(|q| q.layout == Layout::Transposed) {
        Layout::Transposed
    } else {
        Layout::Standard
    };
    let first = questions.iter().find(|q| q.ask != Ask::Definition);
    session.objective = first.and_then(|q| session.scope.find(&q.of, 0)).or(session.objective);
    session.variable = first.and_then(|q| q.wrt.first()).map(|w| w.as_str().into());
    let hessian = questions.iter().find(|q| q.ask == Ask::Hessian).and_then(|q| q.wrt.first());
    session.asked_columns =
        hessian.and_then(|w| session.scope.find(w, 0)).map(|q| session.scope.quantity(q).shape.cols.clone());
    session.paths = adds_paths(document, section);
    define_asked_function(&mut session, document, section, &questions);
    let defined = session.define(document, &section.chains);
    session.asked = asked_gradients(&mut session, &questions);
    let question = (questions.len() == 1).then(|| questions[0].id.clone());
    let mut walk = Walk { document, session, graded, question, wrong: Vec::new(), diagnosed: 0, differs: None, judged: Vec::new() };
    for c in &section.chains {
        walk.chain(*c, defined.contains(c));
    }
    answers(&mut walk, problems, section);
    let names = walk.session.scope.unifier.clone();
    graded.names.push(names);
}

/// The gradients that are asked for, with what they are taken by.
fn asked_gradients(session: &mut Session, questions: &[&Question]) -> Vec<(NodeId, QuantityId)> {
    let mut found = Vec::new();
    for q in questions.iter().filter(|q| matches!(q.ask, Ask::Gradient | Ask::Derivative) && q.wrt.len() == 1) {
        let unknown =
            session.scope.find(&q.wrt[0], 0).filter(|u| matches!(session.scope.quantity(*u).body, Body::Variable));
        let (Some(unknown), Some(tree)) = (unknown, asked(session, q)) else { continue };
        let (truth, _) = session.readings(&tree, &Hint::default());
        found.extend(
            truth.iter().filter(|r| r.value.free.is_empty() && !r.path).take(1).map(|r| (r.value.node, unknown)),
        );
    }
    found
}

/// Where a definition is asked for, the document's own is what its name stands for in all that is claimed.
fn define_asked_function(session: &mut Session, document: &Document, section: &Section, questions: &[&Question]) {
    for q in questions.iter().filter(|q| q.ask == Ask::Definition) {
        if let Some((_, function)) = proposed(&session.scope, document, section, q) {
            session.scope.declare_function(&q.of, function);
        }
    }
}

/// Whether the part speaks of a derivative by a transposed variable, so that its paths are added.
fn adds_paths(document: &Document, section: &Section) -> bool {
    section.chains.iter().flat_map(|c| &document.chains[*c].pieces).any(|p| {
        let compact: String = p.text.chars().filter(|c| !c.is_whitespace()).collect();
        compact.match_indices("\\partial").any(|(i, _)| {
            let below: String = compact[i..].chars().take(24).collect();
            ["^T}", "^\\top}", "^{T}}", "^{\\top}}", "^\\intercal}"].iter().any(|t| below.contains(t))
        }) || compact.contains("dW^T}")
            || compact.contains("}{dW^T}")
    })
}

impl Walk<'_> {
    /// A chain about one letter that stands for any number (`[x]_+ = …`, `σ(x) = …`) is judged with it as a scalar.
    fn chain(&mut self, c: usize, defined: bool) {
        let Some(letter) = self.any_number(c).filter(|_| !defined) else { return self.judge(c, defined) };
        let scope = self.session.scope.clone();
        self.session.scope.declare_symbol(&letter, Shape::scalar(), Vec::new());
        self.session.note(format!("{letter} is any number"));
        self.judge(c, false);
        self.session.scope = scope;
    }

    /// The undeclared letter that is the only symbol of a chain.
    fn any_number(&self, c: usize) -> Option<Name> {
        let chain = &self.document.chains[c];
        let mut letters: Vec<Name> = Vec::new();
        for piece in &chain.pieces {
            let tree = parse(&piece.text, notation(piece, is_plain(chain)), &self.session.scope.names).ok()?;
            symbols(&tree, tree.root, &mut letters);
        }
        let [letter] = letters.as_slice() else { return None };
        let single = letter.chars().count() == 1 && letter.chars().all(|l| l.is_ascii_lowercase());
        (single && self.session.scope.find(letter, 0).is_none()).then(|| letter.clone())
    }

    fn judge(&mut self, c: usize, defined: bool) {
        let chain = &self.document.chains[c];
        let mut head: Option<Side> = None;
        let mut previous_wrong = false;
        for (i, piece) in chain.pieces.iter().enumerate() {
            let is_link = i > 0 || piece.relation.is_some();
            if i == 0 && !is_link {
                if !defined {
                    head = Some(self.read(chain, i, &Hint::default()).unwrap_or_else(|d| {
                        self.session.note(d.message);
                        Side { tree: None, readings: Vec::new() }
                    }));
                }
                continue;
            }
            let relation = piece.relation.map(|r| r.0);
            match relation {
                Some(Relation::Define | Relation::Equal) if i == 1 && !defined && self.is_update(chain) => {
                    self.not_judged(c, i, "an update rule");
                    return;
                }
                None | Some(Relation::Equal | Relation::Define | Relation::Approximate) => {
                    let first_of_definition = defined && i == 1;
                    previous_wrong = self.equality(c, i, &mut head, first_of_definition, previous_wrong);
                }
                Some(Relation::Member) if chain.lead.is_some_and(|l| l.0 == Lead::ForAll) => {
                    self.not_judged(c, i, "a quantifier");
                }
                Some(Relation::Member) if i == 1 && defined => {
                    self.claim(c, i, ClaimVerdict::Definition, "a shape".into(), Vec::new(), Vec::new());
                }
                Some(Relation::Member) if i == 1 => self.membership(c, i),
                Some(_) => self.not_judged(c, i, "a relation that is not an equality"),
            }
        }
    }

    /// `θ := θ − …`, `W = W − (step) …`: a declared symbol made from itself.
    fn is_update(&mut self, chain: &Chain) -> bool {
        let compact = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let [head, body, ..] = chain.pieces.as_slice() else { return false };
        let (name, rest) = (compact(&head.text), compact(&body.text));
        let after = rest.strip_prefix(name.as_str()).and_then(|r| r.chars().next());
        let is_symbol = parse_declared(&head.text).is_ok_and(|d| self.session.scope.names.contains(&d.whole));
        is_symbol && !name.is_empty() && matches!(after, Some('+' | '-' | '−'))
    }

    fn read(&mut self, chain: &Chain, i: usize, hint: &Hint) -> Result<Side, Diagnostic> {
        let piece = &chain.pieces[i];
        let (tree, readings) = self.session.side(&piece.text, notation(piece, is_plain(chain)), hint)?;
        Ok(Side { tree: Some(tree), readings })
    }

    /// Judges `head = piece`; returns whether the chain is wrong here.
    fn equality(&mut self, c: usize, i: usize, head: &mut Option<Side>, defines: bool, previous_wrong: bool) -> bool {
        let document = self.document;
        let chain = &document.chains[c];
        let hint = head.as_ref().and_then(|h| h.readings.first()).map(Reading::hint).unwrap_or_default();
        let side = self.read(chain, i, &hint);
        if defines {
            let verdict = if side.is_ok() { ClaimVerdict::Definition } else { ClaimVerdict::Unreadable };
            self.claim(c, i, verdict, "definition".into(), Vec::new(), Vec::new());
            *head = side.ok();
            return false;
        }
        let meaning = head.as_ref().map(|h| self.meaning(h)).unwrap_or_default();
        let side = match side {
            Ok(s) => s,
            Err(d) => {
                let misfit = is_misfit(d.code) && head.as_ref().is_some_and(|h| !h.readings.is_empty());
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
                let is_zero = side.readings.iter().any(|r| r.zero);
                if is_zero && self.condition(known.tree.as_ref(), &left) {
                    let verdict = if previous_wrong { ClaimVerdict::Carried } else { ClaimVerdict::Correct };
                    self.claim(c, i, verdict, "a condition".into(), Vec::new(), Vec::new());
                    return previous_wrong;
                }
                if self.under_condition(known.tree.as_ref(), &compared, [&left_text, &right_text]) {
                    self.claim(
                        c,
                        i,
                        ClaimVerdict::Correct,
                        "holds where the gradient is zero".into(),
                        Vec::new(),
                        Vec::new(),
                    );
                    return false;
                }
                if let Some(note) = self.meant_otherwise(c, i) {
                    self.claim(c, i, ClaimVerdict::Correct, join(&meaning, &[note]), Vec::new(), Vec::new());
                    return false;
                }
                let tree = known.tree.clone();
                self.wrong_link(c, i, tree.as_ref(), &side, compared, other, meaning);
                true
            }
        }
    }

    /// Whether a link about an objective `L` holds for a part of it, `L_1` or `L_2`, that the problem declares.
    fn meant_otherwise(&mut self, c: usize, i: usize) -> Option<String> {
        let whole = self.session.objective.map(|q| self.session.scope.quantity(q).name.clone())?;
        let base: Name = whole.split('_').next()?.into();
        let prefix = format!("{base}_");
        let all = self.session.scope.quantities().map(|(_, q)| q.name.clone());
        let parts: Vec<Name> = all.filter(|n| n.starts_with(prefix.as_str())).collect();
        let document = self.document;
        let chain = &document.chains[c];
        for part in parts {
            self.session.meant = Some((base.clone(), part.clone()));
            let left = self.read(chain, 0, &Hint::default());
            let right = left.as_ref().ok().and_then(|l| self.read(chain, i, &l.readings.first()?.hint()).ok());
            self.session.meant = None;
            let (Ok(left), Some(right)) = (left, right) else { continue };
            let texts = [chain.pieces[0].text.clone(), chain.pieces[i].text.clone()];
            let compared = self.session.compare(&left.readings, &right.readings, [&texts[0], &texts[1]]);
            if compared.equal == Some(true) {
                return Some(format!("{base} is read as {part}"));
            }
        }
        None
    }

    /// What was done wrong; looked for in so many claims of one part.
    fn mistakes(&mut self, c: usize, i: usize, head: Option<&Tree>) -> Vec<Diagnosed> {
        let Some(head) = head.filter(|_| self.diagnosed < MOST_DIAGNOSED) else { return Vec::new() };
        self.diagnosed += 1;
        let chain = &self.document.chains[c];
        let piece = &chain.pieces[i];
        let (found, differs) =
            mistakes(&self.session, head, piece, notation(piece, is_plain(chain)), chain.link_span(i).start);
        self.differs = differs;
        found
    }

    #[allow(clippy::too_many_arguments)] // one use: what is known of the link when it is wrong
    fn wrong_link(
        &mut self,
        c: usize,
        i: usize,
        head: Option<&Tree>,
        side: &Side,
        compared: Compared,
        equal: Option<bool>,
        meaning: String,
    ) {
        let follows = side.readings.iter().any(|r| self.same_as_wrong(r));
        let verdict = match equal {
            _ if follows => ClaimVerdict::Carried,
            Some(_) => ClaimVerdict::Incorrect,
            None if compared.misfit.is_some() && compared.undecided.is_none() => ClaimVerdict::Incorrect,
            None => ClaimVerdict::Undecided,
        };
        let mut diagnosis = match verdict {
            ClaimVerdict::Incorrect => self.mistakes(c, i, head),
            _ => Vec::new(),
        };
        if let (Some(why), None, true) = (&compared.misfit, equal, diagnosis.is_empty()) {
            diagnosis.push(Diagnosed::plain("shape", why.clone(), None));
        }
        self.wrong.extend(side.readings.iter().map(|r| r.value.clone()));
        self.claim(c, i, verdict, meaning, compared.evidence, diagnosis);
    }

    /// Whether a wrong value was claimed before.
    fn same_as_wrong(&mut self, r: &Reading) -> bool {
        let earlier: Vec<Value> = self
            .wrong
            .iter()
            .filter(|v| v.free == r.value.free && v.row == r.value.row && v.col == r.value.col)
            .cloned()
            .collect();
        earlier.iter().any(|v| {
            self.session.store.axes(v.node) == self.session.store.axes(r.value.node)
                && crate::verdict::compare(
                    &self.session.store,
                    v.node,
                    r.value.node,
                    &self.session.scope.sizes,
                    ["", ""],
                    crate::verdict::Depth::Decisive,
                )
                .decision
                    == crate::verdict::Decision::Equal
        })
    }

    /// `G = 0`: a condition where G is a derivative of a declared quantity.
    fn condition(&mut self, tree: Option<&Tree>, left: &[Reading]) -> bool {
        let Some(tree) = tree else { return false };
        let Kind::Derivative { wrt, .. } = tree.kind(tree.root) else { return false };
        let unknown = match wrt.first().map(|w| tree.kind(*w)) {
            Some(Kind::Symbol(name)) => self.session.scope.find(name, 0),
            Some(_) => None,
            None => self.session.variable.as_ref().and_then(|v| self.session.scope.find(v, 0)),
        };
        if let (Some(q), Some(r)) = (unknown, left.first()) {
            if r.value.free.is_empty() {
                self.session.conditions.push((r.value.node, q));
            }
        }
        true
    }

    /// Whether a claim holds on the solutions of a condition of this part.
    fn under_condition(&mut self, tree: Option<&Tree>, compared: &Compared, texts: [&str; 2]) -> bool {
        let Some(pair) = compared.pair.filter(|_| compared.equal == Some(false)) else { return false };
        // What is differentiated is no condition's consequence.
        if tree.is_none_or(has_derivative) {
            return false;
        }
        let conditions: Vec<_> = self.session.conditions.iter().rev().chain(&self.session.asked).copied().collect();
        conditions.into_iter().any(|(gradient, unknown)| {
            self.session.rearranges(gradient, pair, texts)
                || self.session.holds_under(gradient, unknown, pair, texts) == Some(true)
        })
    }

    fn membership(&mut self, c: usize, i: usize) {
        let chain = &self.document.chains[c];
        let (formula, set) = (&chain.pieces[0], &chain.pieces[i]);
        let syntax = notation(formula, is_plain(chain));
        match self.session.has_shape(&formula.text, syntax, &set.text) {
            Some(true) => self.claim(c, i, ClaimVerdict::Correct, "a shape".into(), Vec::new(), Vec::new()),
            Some(false) => self.not_judged(c, i, "a shape that differs from the declared one"),
            None => self.not_judged(c, i, "a shape that could not be read"),
        }
    }

    fn not_judged(&mut self, c: usize, i: usize, why: &str) {
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
        let notes = std::mem::take(&mut self.session.notes);
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
        });
    }

    /// How a left side was understood.
    fn meaning(&self, head: &Side) -> String {
        let Some(tree) = &head.tree else { return String::new() };
        let show = |id| crate::syntax::print(tree, id, crate::syntax::Syntax::Plain);
        match tree.kind(tree.root) {
            Kind::Derivative { of, wrt, .. } => {
                let what = of
                    .map(show)
                    .or_else(|| {
                        self.session.objective.map(|q: QuantityId| self.session.scope.quantity(q).name.to_string())
                    })
                    .unwrap_or_default();
                let by: Vec<String> = wrt.iter().map(|w| show(*w)).collect();
                let kind = if wrt.len() > 1 { "second derivative" } else { "gradient" };
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

/// Every name in a tree, once.
fn symbols(tree: &Tree, id: crate::syntax::ExprId, out: &mut Vec<Name>) {
    if let Kind::Symbol(n) = tree.kind(id) {
        if !out.contains(n) {
            out.push(n.clone());
        }
    }
    tree.children(id).iter().for_each(|c| symbols(tree, *c, out));
}

fn join(meaning: &str, notes: &[String]) -> String {
    std::iter::once(meaning)
        .filter(|m| !m.is_empty())
        .chain(notes.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Codes that say that a side cannot be what it is said to be.
fn is_misfit(code: Code) -> bool {
    matches!(
        code,
        Code::SHAPE_MISMATCH | Code::SUM_SHAPE_MISMATCH | Code::NOT_SQUARE | Code::BAD_DIVISION | Code::RANGE_MISMATCH
    )
}
