//! What was done wrong in a wrong claim: the claim posed as a check of its own, so that its mistake is named and
//! repaired as any other candidate's.

use super::derivative::order;
use super::entry::Entry;
use super::occurrence::part;
use super::session::Session;
use crate::check::{Answer, Options, check};
use crate::diagnosis::{Budget, Diagnosed};
use crate::document::Piece;
use crate::evidence::Array;
use crate::problem::{Ask, Layout, Problem};
use crate::syntax::{ExprId, Kind, Syntax, Tree, print};
use crate::text::Span;
use crate::verdict::{Asked, Depth, Verdict};

/// Numbers at which the two sides of a claim differ, by name.
#[derive(Clone, PartialEq, Debug)]
pub struct Differs {
    /// The sizes.
    pub dims: Vec<(String, i64)>,
    /// The values of the variables: the name, whether it is a family, the value.
    pub values: Vec<(String, bool, Array)>,
    /// What is claimed, where it has a value.
    pub claimed: Option<Array>,
    /// What is right, where it has a value.
    pub right: Option<Array>,
}

/// The mistakes of `head = piece`, and where the sides differ; spans count from `start`, the place where the claim's source begins.
pub(super) fn mistakes(
    session: &Session,
    head: &Tree,
    piece: &Piece,
    syntax: Syntax,
    start: u32,
) -> (Vec<Diagnosed>, Option<Differs>) {
    let show = |id: ExprId| print(head, id, Syntax::Latex);
    let (objective, mut wrt, ask) = match head.kind(head.root) {
        Kind::Derivative { of, wrt, style } => {
            let variable = of.map_or(session.variable.as_ref(), |id| session.variable_of(&part(head, id)));
            let of = match (of, session.objective) {
                (Some(of), _) => show(*of),
                (None, Some(q)) => session.scope.quantity(q).name.to_string(),
                (None, None) => return (Vec::new(), None),
            };
            let mut wrt: Vec<String> = wrt.iter().map(|w| print(head, *w, Syntax::Plain)).collect();
            if wrt.is_empty() {
                wrt.extend(variable.iter().map(ToString::to_string));
            }
            if let ([one], 2) = (wrt.as_slice(), order(*style)) {
                wrt.push(one.clone());
            }
            let ask = if wrt.len() > 1 { Ask::Hessian } else { Ask::Gradient };
            (of, wrt, ask)
        }
        _ => (show(head.root), Vec::new(), Ask::Identity),
    };
    let scope = session.scope.clone();
    let declared = scope.quantities().count();
    let problem = Problem {
        title: String::new(),
        scope,
        objectives: Vec::new(),
        stated: Vec::new(),
        questions: Vec::new(),
        declared,
    };
    // Of a vector with dots, the entry that is written out is looked at.
    let entry = Entry::of(session, &piece.text, syntax).filter(|_| wrt.len() == 1 && !wrt[0].ends_with(']'));
    if let Some(e) = &entry {
        wrt[0] = format!("{}[{}]", wrt[0], e.letter);
    }
    let text = entry.as_ref().map_or(piece.text.as_str(), |e| e.text.as_str());
    let asked = Asked {
        objective: &objective,
        wrt: &wrt,
        ask,
        layout: Layout::Standard,
        structured: false,
        syntax: Some(syntax),
    };
    let options = Options { depth: Depth::Decisive, counterexample: true, diagnosis: Some(Budget::default()) };
    let answer = check(&problem, &asked, Some(text), options);
    if answer.verdict != Some(Verdict::Incorrect) {
        return (Vec::new(), None);
    }
    let differs = differs(&answer);
    let shift = piece.span.start.saturating_sub(start) as usize;
    let mut found = answer.diagnosis;
    for d in &mut found {
        if let Some(e) = &entry {
            d.span = d.span.map(|s| e.in_source(s));
            d.message = format!("In the entry with index {}: {}", e.letter, d.message);
        }
        d.span = d.span.map(|s: Span| s.shift(shift));
    }
    (found, differs)
}

fn differs(answer: &Answer) -> Option<Differs> {
    let (c, posed) = (answer.counterexample.as_ref()?, answer.posed.as_ref()?);
    let mut dims: Vec<(String, i64)> = c.dims.0.iter().map(|(v, n)| (answer.integer_name(*v), *n)).collect();
    dims.sort();
    let named = |(v, a): &(crate::tensor::VariableId, Array)| {
        let variable = posed.store.variable(*v);
        (variable.name.to_string(), variable.family.is_some(), a.clone())
    };
    let values = c.values.iter().map(named).collect();
    Some(Differs { dims, values, claimed: c.candidate.clone(), right: c.truth.clone() })
}
