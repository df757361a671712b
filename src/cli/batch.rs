//! `check --jsonl`: one request a line, one answer a line, in the same order.

use crate::check::{Options, RequestText, check, parse_request};
use crate::problem::build;
use crate::report::json;
use crate::syntax::Syntax;
use crate::verdict::{Asked, Depth, Place, Verdict};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

/// Reads requests from a file or standard input.
pub(super) fn run(file: Option<&str>) -> ExitCode {
    let input: Box<dyn BufRead> = match file {
        None | Some("-") => Box::new(BufReader::new(std::io::stdin())),
        Some(path) => match std::fs::File::open(path) {
            Ok(f) => Box::new(BufReader::new(f)),
            Err(e) => {
                eprintln!("gradmark: cannot read {path}: {e}");
                return ExitCode::from(2);
            }
        },
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in input.lines() {
        let Ok(line) = line else { break };
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(&line);
        if writeln!(out, "{answer}").is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// The answer to one line.
#[must_use]
pub(super) fn answer(line: &str) -> Value {
    let request = match parse_request(line) {
        Ok(r) => r,
        Err((message, column)) => return json::bad_request(&message, column),
    };
    let problem = match build(&request.problem(), request.notation()) {
        Ok(p) => p,
        Err(d) => return json::answer(request.id.clone(), "unreadable", json::error(&d, "request")),
    };
    let wrt = request.wrt.as_ref().map(crate::problem::WrtText::names).unwrap_or_default();
    let asked = Asked {
        objective: &request.objective,
        wrt: &wrt,
        ask: request.ask,
        layout: request.layout,
        structured: request.structured,
        syntax: request.notation(),
    };
    let depth =
        if matches!(request.evidence, Some(crate::check::EvidenceText::All)) { Depth::All } else { Depth::Decisive };
    let options = Options { depth, counterexample: true, diagnosis: Some(crate::diagnosis::Budget::default()) };
    let answer = check(&problem, &asked, request.candidate.as_deref(), options);
    render(&request, &answer)
}

fn render(request: &RequestText, answer: &crate::check::Answer) -> Value {
    let name = |v| answer.integer_name(v);
    let verdict = match answer.verdict {
        _ if request.candidate.is_none() && answer.fault.is_none() => Value::Null,
        None => Value::Null,
        Some(Verdict::Correct) => json!("correct"),
        Some(Verdict::Incorrect) => json!("incorrect"),
        Some(Verdict::Unreadable) => json!("unreadable"),
        Some(Verdict::Undecided) => json!("undecided"),
    };
    let truth = match (answer.truth_text(Syntax::Plain), answer.truth_text(Syntax::Latex)) {
        (Some(p), Some(l)) => json!({"plain": p, "latex": l}),
        _ => Value::Null,
    };
    let error = answer.fault.as_ref().map_or(Value::Null, |f| {
        let place = match f.place {
            Place::Candidate => "candidate",
            Place::Objective => "objective",
            Place::Wrt => "wrt",
            Place::Declarations | Place::Request => "request",
        };
        json::error(&f.diagnostic, place)
    });
    let diagnosis: Vec<Value> = answer
        .diagnosis
        .iter()
        .map(|d| json!({"kind": d.kind, "message": d.message, "span": d.span.map(json::span), "repaired": d.repaired}))
        .collect();
    let counterexample = match (&answer.counterexample, &answer.posed) {
        (Some(c), Some(p)) => json::counterexample(c, &p.store, &name),
        _ => Value::Null,
    };
    json!({
        "schema": json::SCHEMA,
        "id": request.id,
        "verdict": verdict,
        "layout": answer.layout.map(|l| match l {
            crate::verdict::LayoutRead::Standard => "standard",
            crate::verdict::LayoutRead::Transposed => "transposed",
        }),
        "evidence": answer.evidence.iter().map(|e| json::evidence(e, &name)).collect::<Vec<_>>(),
        "truth": truth,
        "diagnosis": diagnosis,
        "read_as": answer.read_as,
        "counterexample": counterexample,
        "assumed": answer.assumed,
        "error": error,
    })
}
