//! What a batch keeps from one request to the next changes no answer: caches cold or warm, any order, any threads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use gradmark::check::{Memory, Options, RequestText, parse_request, read};
use gradmark::diagnosis::Budget;
use gradmark::problem::build;
use gradmark::report::json;
use gradmark::syntax::{Syntax, detect};
use gradmark::verdict::Depth;
use pretty_assertions::assert_eq;
use std::io::Write;
use std::process::{Command, Stdio};

const FORMULAS: &str = include_str!("../benches/formulas.jsonl");

fn requests() -> Vec<RequestText> {
    let mut all: Vec<RequestText> = FORMULAS.lines().map(|l| parse_request(l).unwrap()).collect();
    // What is not settled before a candidate is seen: nothing declared, and an identity of differentials.
    let more = [
        r#"{"id":"right/open","objective":"tr(A X)","wrt":"X","candidate":"A'"}"#,
        r#"{"id":"wrong/open","objective":"tr(A X)","wrt":"X","candidate":"A B"}"#,
        r#"{"id":"right/open-identity","symbols":{"X":["n","n"]},"objective":"tr(dX X)","ask":"identity","candidate":"tr(X dX)"}"#,
        r#"{"id":"right/letters","symbols":{"A":["n","n"],"x":["n"]},"objective":"x' A x","wrt":"x","ask":"hessian","candidate":"A_{ij} + A_{ji}"}"#,
        r#"{"id":"unreadable","symbols":{"A":["n","n"],"x":["n"]},"objective":"x' A x","wrt":"x","candidate":"(A + "}"#,
        r#"{"id":"unfit","symbols":{"A":["n","n"],"x":["n"]},"objective":"x' A x","wrt":"x","candidate":"x x"}"#,
        r#"{"id":"null","symbols":{"A":["n","n"],"x":["n"]},"objective":"x' A x","wrt":"x"}"#,
    ];
    all.extend(more.iter().map(|l| parse_request(l).unwrap()));
    all
}

fn answer(memory: &Memory, request: &RequestText) -> String {
    let options = Options { depth: Depth::Decisive, counterexample: true, diagnosis: Some(Budget::default()) };
    let answer = memory.check(request, options).unwrap();
    json::checked(&request.id, request.candidate.is_some(), &answer, None).to_string()
}

#[test]
fn right_is_right_and_wrong_is_wrong() {
    let memory = Memory::default();
    for request in requests() {
        let (id, text) = (request.id.as_str().unwrap(), answer(&memory, &request));
        let expected = match id.split('/').next().unwrap() {
            "right" => r#""verdict":"correct""#,
            "wrong" | "unfit" => r#""verdict":"incorrect""#,
            other => &format!(r#""verdict":{}"#, if other == "null" { "null" } else { "\"unreadable\"" }),
        };
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_warm_memory_gives_the_same_bytes_as_a_cold_one() {
    let requests = requests();
    let cold: Vec<String> = requests.iter().map(|r| answer(&Memory::default(), r)).collect();
    let memory = Memory::default();
    // There and back again: every task is asked for with another candidate before it.
    let there: Vec<String> = requests.iter().map(|r| answer(&memory, r)).collect();
    assert_eq!(cold, there);
    for (request, expected) in requests.iter().zip(&cold).rev() {
        assert_eq!(&answer(&memory, request), expected);
    }
}

/// The request with its objective in LaTeX, as it is read.
fn in_latex(request: &RequestText) -> Option<RequestText> {
    let problem = build(&request.problem(), request.notation()).ok()?;
    let sides = read(&problem, &request.objective, request.notation()).ok()?;
    let objective = sides.into_iter().next()?.latex;
    (detect(&objective) == Syntax::Latex).then(|| RequestText { objective, syntax: None, ..request.clone() })
}

#[test]
fn a_task_met_in_other_words_gives_the_same_bytes() {
    let memory = Memory::default();
    let mut met = 0;
    for request in requests().iter().filter(|r| r.syntax.is_none()) {
        let Some(other) = in_latex(request) else { continue };
        let cold = answer(&Memory::default(), &other);
        answer(&memory, request);
        assert_eq!(answer(&memory, &other), cold);
        let cold = answer(&Memory::default(), request);
        assert_eq!(answer(&memory, request), cold);
        met += 1;
    }
    assert!(met > 40, "{met} requests in other words");
}

#[test]
fn the_same_objective_of_other_definitions_is_another_task() {
    let memory = Memory::default();
    let text = |definition: &str, candidate: &str| {
        let line = format!(
            r#"{{"symbols":{{"W":["m","n"],"x":["n"],"y":["m"]}},"definitions":[["z","{definition}"]],"objective":"z' z","wrt":"x","candidate":"{candidate}"}}"#
        );
        answer(&memory, &parse_request(&line).unwrap())
    };
    for definition in ["W x", "W x - y", "W * x - y", "2 W x"] {
        for (candidate, of) in [("2 W' W x", "W x"), ("2 W' (W x - y)", "W x - y"), ("8 W' W x", "2 W x")] {
            let same = definition.replace(" * ", " ") == of;
            let expected = if same { r#""verdict":"correct""# } else { r#""verdict":"incorrect""# };
            let found = text(definition, candidate);
            assert!(found.contains(expected), "{definition}, {candidate}: {found}");
        }
    }
}

#[test]
fn requests_that_differ_in_anything_declared_share_nothing() {
    let memory = Memory::default();
    let text = |more: &str| {
        let line = format!(
            r#"{{"symbols":{{"A":["n","n"],"x":["n"]}},"objective":"x' A x","wrt":"x","candidate":"2 A x"{more}}}"#
        );
        answer(&memory, &parse_request(&line).unwrap())
    };
    assert!(text("").contains(r#""verdict":"incorrect""#));
    assert!(text(r#","properties":{"A":["symmetric"]}"#).contains(r#""verdict":"correct""#));
    assert!(text(r#","layout":"transposed""#).contains(r#""verdict":"incorrect""#));
    assert!(text("").contains(r#""verdict":"incorrect""#));
}

#[test]
fn threads_and_order_change_no_byte() {
    let run = |threads: &str, lines: &[&str]| -> Vec<String> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradmark"))
            .args(["check", "--jsonl", "-", "--threads", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = lines.join("\n");
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    };
    let lines: Vec<&str> = FORMULAS.lines().filter(|l| l.contains("right/")).collect();
    let twice: Vec<&str> = lines.iter().chain(lines.iter().rev()).copied().collect();
    let one = run("1", &twice);
    assert_eq!(one.len(), twice.len());
    assert_eq!(run("3", &twice), one);
    let mut back = one[lines.len()..].to_vec();
    back.reverse();
    assert_eq!(&one[..lines.len()], back.as_slice());
}
