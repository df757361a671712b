//! `gradmark new`: a commented problem file to begin with. What is written is read again before anybody sees it.

use super::answer::problem as declared_problem;
use super::args::NewArgs;
use super::clock::within;
use super::console::{Complaint, Console, read, reason};
use super::questions;
use super::status::Status;
use super::task;
use crate::check::{Options, RequestText, check};
use crate::number::Rational;
use crate::problem::{Ask, Layout, SymbolText};
use crate::report::problem_file::{ProblemFile, SymbolLine, problem_file};
use crate::shape::{Body, Scope};
use crate::syntax::Syntax;
use crate::text::{Code, Diagnostic, Span};
use crate::verdict::{Depth, Place};
use std::io::Write;

pub(super) fn run(args: &NewArgs, console: Console) -> Result<Status, Complaint> {
    let mut request = task::declared(&args.declarations)?;
    if args.task.wrt.is_empty() && args.task.ask.is_none() {
        return Err(Complaint::plain(Code::BAD_COMMAND, "it is not said by what to differentiate")
            .hint("add --wrt, as in --wrt W"));
    }
    if Rational::parse_decimal(args.points.trim()).is_none() {
        return Err(Complaint::plain(Code::BAD_COMMAND, format!("--points {}: a number is expected", args.points)));
    }
    task::asked(&args.task, None, &mut request);
    request.objective = if args.objective == "-" { read("-")?.trim().to_owned() } else { args.objective.clone() };
    let text = problem_file(&described(&request, args)?);
    // A file that cannot be graded by is never written.
    questions::problems("the new problem file", &text)?;
    match &args.out {
        None => console.print(&text),
        Some(path) => {
            let fail = |e: &std::io::Error| {
                let why = match e.kind() {
                    std::io::ErrorKind::AlreadyExists => "it is there already".to_owned(),
                    _ => reason(e),
                };
                Complaint::plain(Code::CANNOT_WRITE, format!("cannot write {path}: {why}"))
            };
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| fail(&e))?;
            file.write_all(text.as_bytes()).map_err(|e| fail(&e))?;
            console.print(&format!("written to {path}; `gradmark check {path}` shows how it is understood\n"));
        }
    }
    Ok(Status::Correct)
}

/// What is to be written: the symbols as they are understood, and the derived answer.
fn described(request: &RequestText, args: &NewArgs) -> Result<ProblemFile, Complaint> {
    let problem = declared_problem(request)?;
    let wrt = request.variables();
    let asked = request.asked(&wrt);
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
    let answer = within(|| check(&problem, &asked, None, options));
    if let Some(fault) = &answer.fault {
        let (origin, source) = match fault.place {
            Place::Objective => ("objective", Some(request.objective.clone())),
            Place::Wrt => ("wrt", (wrt.len() == 1).then(|| wrt.concat())),
            _ => ("request", None),
        };
        return Err(Complaint { origin: origin.to_owned(), source, diagnostic: fault.diagnostic.clone() });
    }
    let posed = answer.posed.as_ref().ok_or_else(|| {
        let d = Diagnostic::new(Code::INTERNAL, Span::default(), "the objective was not understood");
        Complaint { origin: String::new(), source: None, diagnostic: d }
    })?;
    let mut symbols = symbols(&posed.scope, request);
    for (name, symbol) in &request.symbols {
        if let SymbolText::Table(t) = symbol {
            if let Some(f) = &t.function {
                symbols.push(SymbolLine {
                    name: name.clone(),
                    declaration: format!("{{ function = \"{f}\" }}"),
                    assumed: false,
                });
            }
        }
    }
    Ok(ProblemFile {
        title: args.title.clone(),
        constraints: request.constraints.clone(),
        symbols,
        properties: request.properties.iter().map(|(n, p)| (n.clone(), p.clone())).collect(),
        definitions: request.definitions.0.clone(),
        name: args.name.clone(),
        objective: request.objective.clone(),
        ask: match request.ask {
            Ask::Derivative if args.task.ask.is_none() && wrt.len() == 1 && is_scalar(&problem, request) => "gradient",
            Ask::Gradient => "gradient",
            Ask::Jacobian => "jacobian",
            Ask::Hessian => "hessian",
            Ask::Derivative => "derivative",
            Ask::Identity | Ask::Definition => "identity",
        },
        wrt,
        points: args.points.trim().to_owned(),
        layout: match request.layout {
            Layout::Standard => "standard",
            Layout::Transposed => "transposed",
            Layout::Either => "either",
        },
        structured: request.structured,
        answer: answer.truth_text(Syntax::Plain).map(str::to_owned),
    })
}

/// Whether the objective is a number, so that its derivative is called a gradient.
fn is_scalar(problem: &crate::problem::Problem, request: &RequestText) -> bool {
    let read = crate::check::read(problem, &request.objective, request.notation());
    read.is_ok_and(|sides| matches!(sides.as_slice(), [one] if one.shape == "1×1" && one.indices.is_empty()))
}

/// Every symbol of the objective and the definitions, as a problem file declares it.
fn symbols(scope: &Scope, request: &RequestText) -> Vec<SymbolLine> {
    let variables =
        scope.quantities().filter(|(_, q)| matches!(q.body, Body::Variable) && !q.name.starts_with('\u{1}'));
    variables
        .map(|(_, q)| {
            let name = q.letters.iter().fold(q.name.to_string(), |n, l| format!("{n}_{l}"));
            let shape = scope.unifier.resolve_shape(&q.shape);
            let sizes: Vec<String> = match &shape.tensor {
                Some(t) => t.iter().map(|p| scope.unifier.show(p)).collect(),
                None if shape.is_scalar() => Vec::new(),
                None if shape.cols.is_one() => vec![scope.unifier.show(&shape.rows)],
                None => vec![scope.unifier.show(&shape.rows), scope.unifier.show(&shape.cols)],
            };
            let quoted: Vec<String> = sizes.iter().map(|s| format!("\"{s}\"")).collect();
            let shape = format!("[{}]", quoted.join(", "));
            let declaration = match (q.letters.as_slice(), q.ranges.as_slice()) {
                ([letter], [range]) => {
                    format!("{{ family = \"{letter}\", count = \"{}\", shape = {shape} }}", scope.unifier.show(range))
                }
                _ => shape,
            };
            let assumed = !request.symbols.keys().any(|k| *k == name || *k == q.name.as_str());
            SymbolLine { name, declaration, assumed }
        })
        .collect()
}
