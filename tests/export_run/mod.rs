//! Exported modules run under Python, against our own numbers at a random point of the domain.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

use gradmark::check::RequestText;
use gradmark::evaluation::{
    Draw, Floats, Generic, Limits, Point, Tensor, evaluate, mix, sample, seed, sizes, variables,
};
use gradmark::export::{Argument, Module, Target, Task, Wish};
use gradmark::problem::build;
use gradmark::tensor::{Function, FunctionId, Node, NodeId, Store};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

type Number = gradmark::evaluation::Bounded<f64>;

/// A Python that has the library, where there is one.
pub fn python(library: &str) -> Option<String> {
    let named = std::env::var("PYTHON").ok();
    let found = named.into_iter().chain(["python3".to_owned(), "python".to_owned()]).find(|p| {
        let probe = Command::new(p).args(["-c", &format!("import numpy, {library}")]).stderr(Stdio::null()).status();
        probe.is_ok_and(|s| s.success())
    });
    if found.is_none() {
        println!("SKIPPED: there is no python3 with {library} here (PYTHON names another)");
    }
    found
}

/// The task of a request.
pub fn task(r: &RequestText) -> Task {
    let problem = build(&r.problem(), None).unwrap_or_else(|d| panic!("{}: {}", r.objective, d.message));
    let wrt = r.variables();
    Task::new(&problem, &r.asked(&wrt)).unwrap_or_else(|f| panic!("{}: {}", r.objective, f.diagnostic.message))
}

/// The module of a task.
pub fn module(task: &Task, target: Target) -> Module {
    task.write(&Wish { target, name: "f", sizes: &[] }).unwrap_or_else(|r| panic!("{}", r.why))
}

/// What the runner is asked: the code, arguments at a random point, and the values that we compute there.
pub fn job(task: &Task, module: &Module, which: usize) -> Value {
    let posed = task.answer.posed.as_ref().unwrap();
    let store = &posed.store;
    let roots = [posed.objective.node, task.derivative.node];
    let free = variables(store, &roots);
    let here = &sizes(store, &roots, &posed.scope.sizes, 3)[which..][..1][0];
    let limits = Limits::default();
    let floats = Floats::<f64>::new();
    for attempt in 0..60u64 {
        let scale = [1.0, 0.5, 0.7, 0.25][(attempt / 2) as usize % 4];
        let mut source = Generic::new(scale, if attempt % 3 == 2 { u64::MAX } else { 0 }, attempt % 2 == 1);
        let draw = Draw { seed: mix(seed(&["export", &posed.text]), attempt), number: attempt, enumerate: false };
        let Ok(point) = sample(&floats, &mut source, store, &free, here, draw, limits.entries) else { continue };
        let Ok(values) = evaluate(&floats, store, &roots, &point, &limits) else { continue };
        let arguments: Vec<Value> = module.arguments.iter().map(|a| argument(store, &roots, &point, a)).collect();
        return json!({
            "code": module.text, "arguments": arguments,
            "expected": { "f": nested(&values[0]), module.derivative.as_str(): nested(&values[1]) },
        });
    }
    panic!("{}: no point was found", posed.text)
}

fn argument(store: &Store, roots: &[NodeId], point: &Point<Number>, a: &Argument) -> Value {
    match a {
        Argument::Variable(v) => json!({ "kind": "array", "value": nested(point.value(*v).unwrap()) }),
        Argument::Integer(v) => json!({ "kind": "integer", "value": point.sizes.of(*v).unwrap() }),
        Argument::Function { function, order, scalar: false } => {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            for (from, to) in tables(store, roots, point, *function, *order, false) {
                x.extend(from.data.iter().map(|n| n.to_f64()));
                y.extend(to.data.iter().map(|n| n.to_f64()));
            }
            json!({ "kind": "entrywise", "value": { "x": x, "y": y } })
        }
        Argument::Function { function, order, scalar: true } => {
            let all: Vec<Value> = tables(store, roots, point, *function, *order, true)
                .iter()
                .map(|(x, y)| json!({ "x": nested(x), "y": nested(y) }))
                .collect();
            json!({ "kind": "whole", "value": all })
        }
    }
}

/// The arguments and values of a function known only by name, wherever it is taken.
fn tables(
    store: &Store,
    roots: &[NodeId],
    point: &Point<Number>,
    function: FunctionId,
    order: u8,
    scalar: bool,
) -> Vec<(Tensor<Number>, Tensor<Number>)> {
    let taken = |id: &NodeId| match store.node(*id) {
        Node::Map(Function::Unknown(f, o), x) if !scalar && (*f, *o) == (function, order) => Some(*x),
        Node::Unknown { function: f, order: o, argument, .. } if scalar && (*f, *o) == (function, order) => {
            Some(*argument)
        }
        _ => None,
    };
    let places: Vec<(NodeId, NodeId)> =
        store.reachable(roots).into_iter().filter_map(|id| taken(&id).map(|x| (x, id))).collect();
    let value = |id| evaluate(&Floats::<f64>::new(), store, &[id], point, &Limits::default()).unwrap().remove(0);
    places.into_iter().map(|(x, y)| (value(x), value(y))).collect()
}

fn nested(t: &Tensor<Number>) -> Value {
    fn part(dims: &[usize], data: &[f64]) -> Value {
        match dims {
            [] => json!(data[0]),
            [n, rest @ ..] => {
                (0..*n).map(|i| part(rest, &data[i * data.len() / n..(i + 1) * data.len() / n])).collect()
            }
        }
    }
    let data: Vec<f64> = t.data.iter().map(|x| x.to_f64()).collect();
    part(&t.dims, &data)
}

/// The runner's answers, one for each job.
pub fn run(python: &str, library: &str, jobs: &[Value]) -> Vec<Value> {
    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export_run/runner.py");
    let mut child = Command::new(python)
        .args([runner.to_str().unwrap(), library])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = jobs.iter().map(|j| format!("{j}\n")).collect();
    let mut stdin = child.stdin.take().unwrap();
    // Read and written at once, so that neither side waits for the other.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answers.len(), jobs.len(), "the runner stopped early");
    answers
}

/// What is wrong with an answer, where anything is.
pub fn complaint(answer: &Value) -> Option<String> {
    let all = answer.as_object().unwrap();
    let wrong = |(k, v): (&String, &Value)| match v.as_f64() {
        Some(x) if x < 1e-7 => None,
        _ => Some(format!("{k} {v}")),
    };
    if all.len() < 2 && !all.contains_key("error") {
        Some("nothing was computed".into())
    } else {
        all.iter().find_map(wrong)
    }
}
