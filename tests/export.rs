//! `export`: every objective of the gallery and its derivative as functions, run and compared with our own numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

mod export_run;
mod objectives;

use export_run::{complaint, job, module, python, run, task};
use gradmark::check::{RequestText, parse_request};
use gradmark::export::{Target, Wish, latex};
use serde_json::{Value, json};

fn gallery() -> Vec<RequestText> {
    objectives::files().iter().flat_map(|f| objectives::requests(f)).collect()
}

/// Runs the whole gallery in a library.
fn holds(target: Target, library: &str) {
    let Some(python) = python(library) else { return };
    let (mut jobs, mut names) = (Vec::new(), Vec::new());
    for r in gallery() {
        let task = task(&r);
        let module = module(&task, target);
        for which in 0..2 {
            jobs.push(job(&task, &module, which));
            names.push(format!("{} by {:?}", r.objective, r.variables()));
        }
    }
    let answers = run(&python, library, &jobs);
    let wrong: Vec<String> = answers
        .iter()
        .zip(&names)
        .zip(&jobs)
        .filter_map(|((a, n), j)| complaint(a).map(|c| format!("{n}: {c}\n{}", j["code"].as_str().unwrap())))
        .collect();
    println!("{} runs in {library}, {} wrong", answers.len(), wrong.len());
    assert!(answers.len() >= 240);
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), answers.len(), wrong.join("\n"));
}

#[test]
fn the_gallery_holds_in_numpy() {
    holds(Target::Numpy, "numpy");
}

#[test]
fn the_gallery_holds_in_jax() {
    holds(Target::Jax, "jax");
}

#[test]
fn the_gallery_holds_in_torch() {
    holds(Target::Torch, "torch");
}

#[test]
fn a_wrong_export_is_found() {
    let Some(python) = python("numpy") else { return };
    let mut jobs = Vec::new();
    for r in gallery() {
        let task = task(&r);
        let mut module = module(&task, Target::Numpy);
        // The last line returns the derivative: a little more of it is wrong.
        let (before, last) = module.text.rsplit_once("return ").unwrap();
        module.text = format!("{before}return 1.001 * ({})\n", last.trim());
        jobs.push(job(&task, &module, 0));
    }
    let answers = run(&python, "numpy", &jobs);
    let passed: Vec<&str> = answers
        .iter()
        .zip(&jobs)
        .filter(|(a, _)| complaint(a).is_none())
        .map(|(_, j)| j["code"].as_str().unwrap())
        .collect();
    assert!(passed.is_empty(), "{}", passed.join("\n"));
    let transposed = |from: &str, to: &str| {
        let r = request("tr(A X B)", "X", json!({ "A": ["p", "m"], "X": ["m", "n"], "B": ["n", "p"] }));
        let task = task(&r);
        let mut module = module(&task, Target::Numpy);
        assert!(module.text.contains(from), "{}", module.text);
        module.text = module.text.replace(from, to);
        complaint(&run(&python, "numpy", &[job(&task, &module, 0)])[0])
    };
    assert_eq!(transposed("A.T @ B.T", "A.T @ B.T"), None);
    assert!(transposed("A.T @ B.T", "B @ A").unwrap().contains("shape"));
}

fn request(objective: &str, wrt: &str, symbols: Value) -> RequestText {
    let r = json!({ "objective": objective, "wrt": wrt, "ask": "derivative", "symbols": symbols });
    parse_request(&r.to_string()).unwrap()
}

#[test]
fn large_arguments_neither_overflow_nor_vanish() {
    let Some(python) = python("numpy") else { return };
    // Values and gradients by hand, with t = (0, 1).
    let all = [
        ("-t' log(softmax(x))", [1000.0, 0.0], 1000.0, [1.0, -1.0]),
        ("t' log(exp(x) / sum(exp(x)))", [1000.0, 0.0], -1000.0, [-1.0, 1.0]),
        ("log(sum(exp(x)))", [1000.0, 0.0], 1000.0, [1.0, 0.0]),
        ("sum(log(1 + exp(x)))", [800.0, -800.0], 800.0, [1.0, 0.0]),
        ("sum(1 ./ (1 + exp(-x)))", [800.0, -800.0], 1.0, [0.0, 0.0]),
        ("-sum(log(sigmoid(x)))", [800.0, -800.0], 800.0, [0.0, -1.0]),
    ];
    for (objective, x, value, gradient) in all {
        let task = task(&request(objective, "x", json!({ "x": ["n"], "t": ["n"] })));
        let module = module(&task, Target::Numpy);
        let names = module.text.split("def f(").nth(1).unwrap().split(')').next().unwrap().split(", ");
        let arguments: Vec<Value> =
            names.map(|n| json!({ "kind": "array", "value": if n == "x" { x } else { [0.0, 1.0] } })).collect();
        let job = json!({
            "code": module.text, "arguments": arguments,
            "expected": { "f": value, module.derivative.as_str(): gradient },
        });
        assert_eq!(complaint(&run(&python, "numpy", &[job])[0]), None, "{objective}\n{}", module.text);
    }
}

#[test]
fn products_are_ordered_by_their_sizes() {
    let symbols = json!({ "A": ["m", "n"], "B": ["n", "p"], "C": ["p", "q"], "D": ["m", "q"] });
    let task = task(&request("tr(D' A B C)", "D", symbols));
    let returned = |sizes: &[(&str, i64)]| {
        let sizes: Vec<(String, i64)> = sizes.iter().map(|s| (s.0.to_owned(), s.1)).collect();
        let module = task.write(&Wish { target: Target::Numpy, name: "f", sizes: &sizes }).unwrap();
        module.text.rsplit_once("return ").unwrap().1.trim().to_owned()
    };
    assert_eq!(returned(&[("m", 900), ("n", 900), ("p", 900), ("q", 1)]), "A @ (B @ C)");
    assert_eq!(returned(&[("m", 1), ("n", 900), ("p", 900), ("q", 900)]), "A @ B @ C");
    assert!(task.write(&Wish { target: Target::Numpy, name: "f", sizes: &[("k".to_owned(), 3)] }).is_err());
}

#[test]
fn inverses_that_are_multiplied_are_solved_with() {
    let symbols = json!({ "K": ["n", "n"], "y": ["n"], "Y": ["n", "d"] });
    for (objective, calls) in
        [("y' K^-1 y", "linalg.solve"), ("tr(Y' K^-1 Y)", "linalg.solve"), ("log det K", "slogdet")]
    {
        let task = task(&request(objective, "K", symbols.clone()));
        let text = module(&task, Target::Numpy).text;
        assert!(text.contains(calls), "{text}");
        assert_eq!(text.matches("linalg.inv(").count(), usize::from(objective == "log det K"), "{text}");
    }
}

#[test]
fn every_document_is_mathematics() {
    for r in gallery() {
        let text = latex(&task(&r), "f");
        let formulas: Vec<&str> = text.split("\\[\n").skip(1).map(|p| p.split("\n\\]").next().unwrap()).collect();
        assert!(formulas.len() >= 2, "{text}");
        let inline: Vec<&str> = text.split('$').skip(1).step_by(2).collect();
        for formula in formulas.iter().chain(&inline) {
            let storage = pulldown_latex::Storage::new();
            let wrong = pulldown_latex::Parser::new(formula, &storage).find_map(Result::err);
            assert!(wrong.is_none(), "{formula}: {}", wrong.unwrap());
        }
        assert!(text.starts_with("\\documentclass") && text.ends_with("\\end{document}\n"));
    }
}
