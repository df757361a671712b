//! Any text as a line of the batch: a request is answered, and everything else is refused.
#![no_main]

use gradmark::check::{Options, check, parse_request};
use gradmark::problem::build;
use gradmark::report::json;
use gradmark::verdict::Depth;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let Ok(request) = parse_request(line) else { return };
    let Ok(problem) = build(&request.problem(), request.notation()) else { return };
    let wrt = request.variables();
    let budget = gradmark::diagnosis::Budget::default();
    let options = Options { depth: Depth::Decisive, counterexample: true, diagnosis: Some(budget) };
    let answer = check(&problem, &request.asked(&wrt), request.candidate.as_deref(), options);
    let value = json::checked(&request.id, request.candidate.is_some(), &answer, None).value();
    let text = value.to_string();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|again| again == value), "{text}");
});
