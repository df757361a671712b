//! Judging a candidate.

use super::compare::{Comparison, Decision, Depth, Evidence, compare_with};
use super::names::settle;
use super::pose::{Fault, Place, Posed};
use crate::evidence::{Counterexample, Notes};
use crate::lower::Lowering;
use crate::number::Rational;
use crate::problem::{Ask, Layout};
use crate::shape::{Surroundings, close_sums, infer_settled, infer_with};
use crate::syntax::{Kind, Name, Syntax, Tree, detect, parse};
use crate::tensor::{NodeId, Value};
use crate::text::{Code, Diagnostic};

/// A verdict.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Right.
    Correct,
    /// Wrong.
    Incorrect,
    /// Not read.
    Unreadable,
    /// Not decided.
    Undecided,
}

/// The layout under which a candidate holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum LayoutRead {
    /// The standard one.
    Standard,
    /// The transposed one.
    Transposed,
}

/// A candidate as read.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// As read.
    pub tree: Tree,
    /// Its text.
    pub text: String,
    /// Its notation.
    pub syntax: Syntax,
    /// Its value, where its shapes fit.
    pub value: Option<Value>,
    /// What does not fit.
    pub misfit: Option<Diagnostic>,
    /// The free indices that the task does not name, in the order of the answer's axes.
    pub letters: Option<Vec<Name>>,
    /// What was assumed.
    pub assumed: Vec<String>,
}

/// A judgement.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The layout under which it holds.
    pub layout: LayoutRead,
    /// What decided it.
    pub evidence: Vec<Evidence>,
    /// Where it is wrong by its shape or index, what does not fit.
    pub misfit: Option<Diagnostic>,
    /// Whether it is right in the other layout.
    pub other_layout: bool,
    /// What was seen besides.
    pub notes: Notes,
    /// Remarks on the reading that held.
    pub remarks: Vec<String>,
    /// Why it is not decided.
    pub why: Option<String>,
    /// Where a wrong candidate differs.
    pub counterexample: Option<Counterexample>,
    /// The candidate and the truth as nodes of equal axes.
    pub pair: Option<(NodeId, NodeId)>,
}

/// Reads a candidate against a posed task that is not derived yet, so that sizes it leaves open become known.
///
/// # Errors
/// Where it cannot be read; shapes that do not fit are no error but a misfit.
pub fn read_candidate(
    posed: &mut Posed,
    text: &str,
    syntax: Option<Syntax>,
    declared: usize,
) -> Result<(Candidate, Option<crate::shape::Typed>), Fault> {
    let notation = syntax.unwrap_or_else(|| detect(text));
    let tree = parse(text, notation, &posed.scope.names).map_err(Fault::at(Place::Candidate))?;
    // What stands free on the other side is no index of a sum here.
    let names = &posed.scope.names;
    let is_named = |l: &Name| names.contains(l) || posed.form.letters.iter().any(|f| f.0 == *l);
    let closed = posed.form.shape.is_scalar().then(|| close_sums(&tree, is_named)).flatten();
    let (tree, said) = closed.unwrap_or_else(|| (tree, Vec::new()));
    let mut candidate = Candidate {
        tree,
        text: text.to_owned(),
        syntax: notation,
        value: None,
        misfit: None,
        letters: None,
        assumed: Vec::new(),
    };
    let around = Surroundings {
        letters: posed.form.letters.clone(),
        expected: Some(posed.form.shape.clone()),
        ..Surroundings::default()
    };
    let before = posed.scope.unifier.clone();
    let mut typed = None;
    let mut inferred = infer_settled(&mut candidate.tree, &mut posed.scope, &around);
    // A letter that stands as a number before it stands as an index: (i > 1) x_i.
    if inferred.as_ref().is_err_and(|d| d.code == Code::UNKNOWN_SYMBOL) {
        let unifier = std::mem::replace(&mut posed.scope.unifier, before.clone());
        let mut wider = around.clone();
        wider.letters.extend(posed.lettered_sides());
        let again = infer_with(&candidate.tree, &mut posed.scope, &wider);
        if again.is_ok() {
            inferred = again;
        } else {
            posed.scope.unifier = unifier;
        }
    }
    match inferred {
        Ok(inferred) => {
            candidate.assumed = said.into_iter().chain(inferred.assumed).collect();
            let extra = inferred.typed.free.iter().any(|f| !posed.form.letters.iter().any(|l| l.0 == f.0));
            if extra && inferred.typed.shape(candidate.tree.root).is_scalar() {
                candidate.letters = posed.assign_letters(&inferred.typed.free);
            }
            typed = Some(inferred.typed);
        }
        Err(d) if is_misfit(d.code) => {
            posed.scope.unifier = before;
            candidate.misfit = Some(d);
        }
        Err(d) => return Err(Fault { place: Place::Candidate, diagnostic: d }),
    }
    settle(posed, declared);
    if let Some(t) = &mut typed {
        t.resolve(&posed.scope.unifier);
    }
    Ok((candidate, typed))
}

/// Codes that say that shapes or indices do not fit, as against text that cannot be read.
fn is_misfit(code: Code) -> bool {
    matches!(
        code,
        Code::SHAPE_MISMATCH
            | Code::SUM_SHAPE_MISMATCH
            | Code::NOT_SQUARE
            | Code::BAD_DIVISION
            | Code::BAD_INDEX
            | Code::RANGE_MISMATCH
            | Code::NOT_SCALAR
            | Code::BAD_EXPONENT
    )
}

/// Lowers the candidate and judges it against the truth.
///
/// # Errors
/// Where the candidate cannot be computed with.
pub fn judge(
    posed: &mut Posed,
    candidate: &mut Candidate,
    typed: Option<&crate::shape::Typed>,
    depth: Depth,
) -> Result<Judgement, Fault> {
    let (Some(typed), None) = (typed, &candidate.misfit) else {
        return Ok(misfit(candidate.misfit.clone()));
    };
    if let Some(id) = typed.open_shape(&candidate.tree, &posed.scope.unifier) {
        // A size left open inside something of the wrong shape is a misfit; otherwise it cannot be read.
        let shape = posed.scope.unifier.resolve_shape(typed.shape(candidate.tree.root));
        let d =
            Diagnostic::new(Code::UNKNOWN_DIMENSION, candidate.tree.span(id), "the size of this cannot be determined")
                .hint("write it, as in I_n");
        if shape != posed.form.shape && id == candidate.tree.root {
            return Ok(misfit(Some(Diagnostic { code: Code::SHAPE_MISMATCH, ..d })));
        }
        return Err(Fault { place: Place::Candidate, diagnostic: d });
    }
    let mut lowering =
        Lowering { scope: &posed.scope, store: &mut posed.store, quantities: &mut posed.quantities, marked: None };
    let value = match lowering.lower(&candidate.tree, typed) {
        Ok(v) => v,
        Err(d) if is_misfit(d.code) => return Ok(misfit(Some(d))),
        Err(d) => return Err(Fault { place: Place::Candidate, diagnostic: d }),
    };
    candidate.value = Some(value.clone());
    if posed.store.is_exceeded() {
        let d = Diagnostic::new(
            Code::TOO_LARGE,
            candidate.tree.span(candidate.tree.root),
            "the formula needs more nodes than the limit",
        );
        return Err(Fault { place: Place::Candidate, diagnostic: d });
    }
    if let Some(letters) = &candidate.letters {
        return Ok(posed.judge_letters(&value, letters, &candidate.text, depth));
    }
    if let Some(extra) = value.free.iter().find(|l| !posed.truth.free.contains(l)) {
        let d = Diagnostic::new(
            Code::BAD_INDEX,
            candidate.tree.span(candidate.tree.root),
            format!("the index {extra} is free here and not in what is asked"),
        )
        .hint("sum over it, or check which index is meant");
        return Ok(misfit(Some(d)));
    }
    let text = candidate.text.clone();
    let truth = posed.truth.clone();
    let shape = posed.scope.unifier.resolve_shape(typed.shape(candidate.tree.root));
    let is_zero = matches!(candidate.tree.kind(candidate.tree.root), Kind::Number(n) if *n == Rational::ZERO);
    let standard = shape == posed.form.shape || is_zero;
    let turned = shape == posed.form.shape.transposed();
    if !standard && !turned {
        let message = format!(
            "this is {}, and the answer is {}",
            posed.scope.unifier.show_shape(&shape),
            posed.scope.unifier.show_shape(&posed.form.shape)
        );
        return Ok(misfit(Some(Diagnostic::new(
            Code::SHAPE_MISMATCH,
            candidate.tree.span(candidate.tree.root),
            message,
        ))));
    }
    let mut first = None;
    if standard {
        let mut comparison = against(posed, &value, &truth, &text, depth);
        if posed.ask == Ask::Identity {
            both_ways(posed, &value, &truth, &text, &mut comparison);
        }
        if comparison.0.decision == Decision::Equal || posed.ask == Ask::Identity {
            return Ok(judgement(comparison, LayoutRead::Standard));
        }
        if let Some(mut accepted) = otherwise_spelled(posed, &value, &truth, &text, depth, &comparison.0) {
            accepted.remarks.push("the gradient by a symmetric variable depends on how the objective is written; this is that of another spelling".to_owned());
            return Ok(accepted);
        }
        first = Some(comparison);
    }
    // The other layout, where it is another formula.
    if turned && posed.ask != Ask::Identity && !(posed.form.shape.is_scalar()) {
        let transposed = posed.store.transposed(&value);
        let other = against(posed, &transposed, &truth, &text, depth);
        if other.0.decision == Decision::Equal {
            let mut found = judgement(other, LayoutRead::Transposed);
            if posed.layout != Layout::Either {
                match &first {
                    Some(first) => refused_layout(&mut found, first),
                    None => {
                        found.verdict = Verdict::Incorrect;
                        found.other_layout = true;
                        found.evidence = vec![Evidence::Refuted { by: "shape" }];
                        found.pair = None;
                    }
                }
            }
            return Ok(found);
        }
    }
    match first {
        Some(comparison) => Ok(judgement(comparison, LayoutRead::Standard)),
        None => {
            let message = format!(
                "this is {}, and the answer is {}",
                posed.scope.unifier.show_shape(&shape),
                posed.scope.unifier.show_shape(&posed.form.shape)
            );
            Ok(misfit(Some(Diagnostic::new(Code::SHAPE_MISMATCH, candidate.tree.span(candidate.tree.root), message))))
        }
    }
}

/// Right, but in the layout that is not accepted; `first` is the comparison in the one that is.
pub(super) fn refused_layout(found: &mut Judgement, first: &Compared) {
    let exact = first.0.evidence.contains(&Evidence::Refuted { by: "exact" });
    found.verdict = Verdict::Incorrect;
    found.other_layout = true;
    found.evidence = vec![Evidence::Refuted { by: if exact { "exact" } else { "numeric" } }];
    found.pair = first.1;
}

pub(super) type Compared = (Comparison, Option<(NodeId, NodeId)>);

pub(super) fn against(posed: &mut Posed, value: &Value, truth: &Value, text: &str, depth: Depth) -> Compared {
    let axes = posed.store.axes(truth.node).clone();
    let node = posed.store.broadcast(value, &truth.free, truth.row, truth.col, &axes);
    if posed.store.is_exceeded() {
        let why = Some("the formulas need more nodes than the limit".to_owned());
        return (Comparison::undecided(why), None);
    }
    let reference = posed.reference(truth.node);
    let comparison = compare_with(&posed.store, node, &reference, &posed.scope.sizes, posed.texts(text), depth);
    (comparison, Some((node, truth.node)))
}

/// An identity is the same claim both ways round, so either side sets the domain once, and neither may be undefined at
/// a whole region of the other's: log x² is not 2 log x. Where the normal forms are equal, as with exp(log s) and s, it
/// holds wherever both sides are defined.
fn both_ways(posed: &mut Posed, value: &Value, truth: &Value, text: &str, comparison: &mut Compared) {
    let first = &comparison.0;
    if first.formal && first.decision == Decision::Equal {
        return;
    }
    if first.decision == Decision::Different || value.free != truth.free {
        return;
    }
    let other = against(posed, truth, value, text, Depth::Decisive);
    if other.0.decision == Decision::Different
        || first.decision == Decision::Equal && other.0.decision != Decision::Equal
    {
        comparison.0 = other.0;
    }
}

/// By a symmetric variable, an objective may be spelled with the variable or its transpose: both gradients, and their
/// mean, are accepted.
fn otherwise_spelled(
    posed: &mut Posed,
    value: &Value,
    truth: &Value,
    text: &str,
    depth: Depth,
    first: &Comparison,
) -> Option<Judgement> {
    if first.decision != Decision::Different || !posed.by_symmetric() || !(truth.row && truth.col) {
        return None;
    }
    let transposed = posed.store.transposed(truth);
    let sum = posed.store.plus(truth, &Rational::ONE, &transposed);
    let mean = posed.store.scaled(&Rational::new(1, 2)?, &sum);
    for other in [transposed, mean] {
        let comparison = against(posed, value, &other, text, depth);
        if comparison.0.decision == Decision::Equal {
            return Some(judgement(comparison, LayoutRead::Standard));
        }
    }
    None
}

pub(super) fn judgement((comparison, pair): Compared, layout: LayoutRead) -> Judgement {
    let verdict = match comparison.decision {
        Decision::Equal => Verdict::Correct,
        Decision::Different => Verdict::Incorrect,
        Decision::Undecided => Verdict::Undecided,
    };
    Judgement {
        verdict,
        layout,
        evidence: comparison.evidence,
        misfit: None,
        other_layout: false,
        notes: comparison.notes,
        remarks: Vec::new(),
        why: comparison.why,
        counterexample: None,
        pair,
    }
}

fn misfit(d: Option<Diagnostic>) -> Judgement {
    Judgement {
        verdict: Verdict::Incorrect,
        layout: LayoutRead::Standard,
        evidence: vec![Evidence::Refuted { by: "shape" }],
        misfit: d,
        other_layout: false,
        notes: Notes::default(),
        remarks: Vec::new(),
        why: None,
        counterexample: None,
        pair: None,
    }
}
