//! `export`: every objective of the gallery and its derivative as functions, run and compared with our own numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

mod export_run;
mod gallery_entries;

use export_run::{complaint, job, module, python, run, task};
use gradmark::check::{RequestText, parse_request};
use gradmark::export::Target;
use serde_json::{Value, json};

fn gallery() -> Vec<RequestText> {
    gallery_entries::files().iter().flat_map(|f| gallery_entries::requests(f)).collect()
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
