//! Answering one request: for a person or for a program.

use super::args::Format;
use super::clock::within;
use super::console::{Complaint, Console};
use super::status::Status;
use crate::certificate::certify_request;
use crate::check::{Answer, Options, RequestText, Writing, check, times};
use crate::problem::{Problem, WrtText, build};
use crate::report::{Hint, json, text};
use crate::text::{Diagnostic, Span};
use crate::verdict::{Depth, Fault, Place};
use serde_json::Value;

/// A text that a request's formulas were taken from, with where they stand in it.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) objective_at: Option<usize>,
    pub(super) candidate_at: usize,
}

/// How an answer is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Show {
    pub(super) format: Format,
    pub(super) latex: bool,
    pub(super) numpy: bool,
    /// How a derivative is put together.
    pub(super) writing: Writing,
    /// What a derivative is multiplied by.
    pub(super) times: Option<String>,
    /// How much of a mistake is told, where not all of it is.
    pub(super) hint: Option<Hint>,
    /// Sizes and perhaps a seed of a comparison to repeat.
    pub(super) point: Option<(Vec<(String, i64)>, Option<u64>)>,
    /// Whether a certificate is wanted.
    pub(super) certificate: bool,
}

/// How it ended.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: Status,
    /// The certificate, where one is wanted and there is a verdict to certify.
    pub(super) certificate: Option<Value>,
}

impl From<Status> for Answered {
    fn from(status: Status) -> Self {
        Self { status, certificate: None }
    }
}

/// Reads the declarations of a request.
pub(super) fn problem(request: &RequestText) -> Result<Problem, Complaint> {
    build(&request.problem(), request.notation()).map_err(|d| about_declarations(request, d))
}

/// Derives or checks, prints, and says how it ended.
pub(super) fn answer(request: &RequestText, origin: Option<&Origin>, show: &Show, console: Console) -> Answered {
    let problem = match problem(request) {
        Ok(p) => p,
        Err(complaint) => {
            if show.format == Format::Json {
                let error = json::error(&complaint.diagnostic, "request");
                console.json(&json::answer(request.id.clone(), "unreadable", error));
            }
            console.complain(&complaint);
            return Status::Unusable.into();
        }
    };
    let wrt = request.variables();
    let asked = request.asked(&wrt);
    let decisive = request.evidence == Some(crate::check::EvidenceText::Decisive);
    let all = show.format == Format::Text && !decisive || request.evidence == Some(crate::check::EvidenceText::All);
    let depth = if all { Depth::All } else { Depth::Decisive };
    let options = Options { depth, counterexample: true, diagnosis: Some(crate::diagnosis::Budget::default()) };
    let mut answer = within(|| match &show.times {
        Some(along) => times(&problem, &asked, along),
        None => check(&problem, &asked, request.candidate.as_deref(), options),
    });
    if show.writing != Writing::Natural {
        answer.rewrite(show.writing, problem.declared);
    }
    if show.format == Format::Json {
        console.json(&json::checked(&request.id, request.candidate.is_some(), &answer, show.hint));
    }
    if let Some(fault) = &answer.fault {
        console.complain(&about_fault(request, origin, fault));
        if show.format == Format::Text && fault.place == Place::Candidate {
            console.print(&text::judged(&answer, None, console.paint));
        }
        return Status::of(&answer).into();
    }
    let mut status = Status::of(&answer);
    if show.format == Format::Text {
        console.print(&person(request, &answer, show, decisive, console));
    }
    if let Some((sizes, seed)) = &show.point {
        match answer.numbers(sizes, *seed) {
            Ok(n) => {
                let dims = sizes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",");
                if show.format == Format::Text {
                    console.print(&format!("\n{}", text::numbers(&answer, &n, &dims, console.paint)));
                }
            }
            Err(why) => {
                let d = Complaint::plain(crate::text::Code::BAD_COMMAND, format!("--dims: {why}"));
                console.complain(&d.hint("give every size, as in --dims m=3,n=5"));
                status = status.and(Status::Unusable);
            }
        }
    }
    let certificate = if show.certificate { certify_request(request, &answer) } else { None };
    Answered { status, certificate }
}

fn person(request: &RequestText, answer: &Answer, show: &Show, decisive: bool, console: Console) -> String {
    if request.candidate.is_none() {
        return text::derived(answer, show.latex, console.paint);
    }
    if let Some(hint) = show.hint {
        return text::hinted(answer, hint, console.paint);
    }
    let comparisons = if decisive { None } else { answer.comparisons() };
    let mut out = text::judged(answer, comparisons.as_ref(), console.paint);
    if let (true, Some(c), Some(posed)) = (show.numpy, &answer.counterexample, &answer.posed) {
        let truth = answer.truth_text(crate::syntax::Syntax::Plain);
        out.push('\n');
        out.push_str(&crate::report::numpy(c, &posed.store, answer.read_as.as_deref(), truth));
    }
    out
}

/// A fault with the text it is in.
pub(super) fn about_fault(request: &RequestText, origin: Option<&Origin>, fault: &Fault) -> Complaint {
    let mut diagnostic = fault.diagnostic.clone();
    let (at, own) = match fault.place {
        Place::Candidate => (origin.map(|o| o.candidate_at), ("candidate", request.candidate.clone())),
        Place::Objective => (origin.and_then(|o| o.objective_at), ("objective", Some(request.objective.clone()))),
        Place::Wrt => {
            let names = request.wrt.as_ref().map(WrtText::names).unwrap_or_default();
            // Which of several it is, the place does not tell.
            (None, ("wrt", (names.len() == 1).then(|| names.concat())))
        }
        Place::Declarations | Place::Request => return about_declarations(request, diagnostic),
    };
    if let (Some(at), Some(o)) = (at, origin) {
        diagnostic.span = diagnostic.span.shift(at);
        diagnostic.labels.iter_mut().for_each(|l| l.0 = l.0.shift(at));
        return Complaint { origin: o.name.clone(), source: Some(o.text.clone()), diagnostic };
    }
    Complaint { origin: own.0.to_owned(), source: own.1, diagnostic }
}

/// A diagnostic about a declaration, with its formula where it is a definition.
fn about_declarations(request: &RequestText, mut diagnostic: Diagnostic) -> Complaint {
    let key = diagnostic.source.clone().unwrap_or_default();
    let formula = request.definitions.0.iter().find(|d| d.0 == key.as_str()).map(|d| d.1.clone());
    let formula = formula.filter(|_| diagnostic.span != Span::default());
    if formula.is_some() {
        diagnostic.message = format!("{key}: {}", diagnostic.message);
    }
    Complaint { origin: key.to_string(), source: formula, diagnostic }
}
