//! How cost grows with the formula: chains of matrices and networks of k layers, sums of n terms, nesting, and the sizes
//! at which formulas are compared. Prints nodes and times, the exponent of growth, and the line that fits the times.
//!
//! `cargo bench --bench growth`.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, unreachable_pub, clippy::disallowed_methods)] // what a measurement is for

#[allow(dead_code)] // the formulas are for the stages
mod speed;

use gradmark::check::parse_request;
use gradmark::evaluation::{Assignment, Draw, Field, Uniform, evaluate, sample, variables};
use gradmark::evidence::Limits;
use gradmark::problem::build;
use gradmark::verdict::{Posed, pose, settle};
use serde_json::{Map, Value, json};
use speed::differentiate;
use std::fmt::Write as _;
use std::time::Instant;

fn main() {
    let sizes = [2, 4, 8, 16, 32, 64, 128, 256, 512];
    table("½‖Wₖᵀ…W₁ᵀx − y‖² by W₁: layers", &sizes, chain);
    table("½‖tanh(Wₖ…tanh(W₁x)) − y‖² by W₁: layers", &sizes, network);
    table("Σ of products aᵢᵀXbᵢ by X: terms", &sizes, terms);
    table("exp(tanh(…x…)) by x: depth", &[2, 4, 8, 16, 32, 64, 128], nested);
    dimension();
}

/// A task as JSON, with symbols, objective and variable.
fn task(symbols: Map<String, Value>, objective: &str, wrt: &str) -> String {
    json!({"symbols": symbols, "objective": objective, "wrt": wrt, "ask": "gradient"}).to_string()
}

fn chain(k: usize) -> String {
    let mut symbols = Map::new();
    let mut product = String::new();
    for i in 1..=k {
        symbols.insert(format!("W_{i}"), json!([format!("n_{i}"), format!("n_{}", i + 1)]));
        product = format!("W_{i}' {product}");
    }
    symbols.insert("x".into(), json!(["n_1"]));
    symbols.insert("y".into(), json!([format!("n_{}", k + 1)]));
    task(symbols, &format!("1/2 ||{product} x - y||^2"), "W_1")
}

/// Each layer is a definition, as a network is written.
fn network(k: usize) -> String {
    let mut symbols = Map::new();
    let mut layers = Vec::new();
    for i in 1..=k {
        symbols.insert(format!("W_{i}"), json!([format!("n_{}", i + 1), format!("n_{i}")]));
        let below = if i == 1 { "x".to_owned() } else { format!("h_{}", i - 1) };
        layers.push(json!([format!("h_{i}"), format!("tanh(W_{i} {below})")]));
    }
    symbols.insert("x".into(), json!(["n_1"]));
    symbols.insert("y".into(), json!([format!("n_{}", k + 1)]));
    let objective = format!("1/2 ||h_{k} - y||^2");
    json!({"symbols": symbols, "definitions": layers, "objective": objective, "wrt": "W_1", "ask": "gradient"})
        .to_string()
}

fn terms(n: usize) -> String {
    let mut symbols = Map::new();
    let mut sum = String::new();
    for i in 1..=n {
        symbols.insert(format!("a_{i}"), json!(["m"]));
        symbols.insert(format!("b_{i}"), json!(["n"]));
        let _ = write!(sum, "{}a_{i}' X b_{i}", if i == 1 { "" } else { " + " });
    }
    symbols.insert("X".into(), json!(["m", "n"]));
    task(symbols, &sum, "X")
}

fn nested(depth: usize) -> String {
    let open: String = (0..depth).map(|i| if i % 2 == 0 { "exp(" } else { "tanh(" }).collect();
    let mut symbols = Map::new();
    symbols.insert("x".into(), json!([]));
    task(symbols, &format!("{open}x{}", ")".repeat(depth)), "x")
}

/// What a size costs, in microseconds: reading and shaping, lowering and differentiating; and the graph's nodes.
struct Row {
    read: f64,
    derive: f64,
    nodes: usize,
}

fn measure(line: &str) -> Option<Row> {
    let request = parse_request(line).expect("a request");
    let wrt = request.variables();
    let least = |f: &mut dyn FnMut()| {
        (0..7)
            .map(|_| {
                let start = Instant::now();
                f();
                start.elapsed().as_secs_f64() * 1e6
            })
            .fold(f64::INFINITY, f64::min)
    };
    let posed = || -> Option<Posed> {
        let problem = build(&request.problem(), request.notation()).ok()?;
        let mut posed = pose(&problem.scope, &request.asked(&wrt), None).ok()?;
        settle(&mut posed, problem.declared);
        Some(posed)
    };
    let start = posed()?;
    differentiate(&mut start.clone())?;
    let read = least(&mut || drop(posed()));
    let mut nodes = 0;
    let derive = least(&mut || {
        let mut posed = start.clone();
        differentiate(&mut posed);
        nodes = posed.store.len();
    });
    Some(Row { read, derive, nodes })
}

fn table(what: &str, sizes: &[usize], of: impl Fn(usize) -> String) {
    println!("\n{what}\n{:>6} {:>8} {:>12} {:>12}", "k", "nodes", "read µs", "derive µs");
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    for k in sizes {
        match measure(&of(*k)) {
            Some(r) => {
                println!("{k:6} {:8} {:12.1} {:12.1}", r.nodes, r.read, r.derive);
                points.push((*k as f64, r.derive, r.nodes as f64));
            }
            None => println!("{k:6} refused: larger than the limits allow"),
        }
    }
    let (slope, start, fit) = line(points.iter().map(|p| (p.0, p.1)));
    let (per, first, _) = line(points.iter().map(|p| (p.0, p.2)));
    println!("derive = {start:.1} + {slope:.2} k µs (r² {fit:.4}); nodes = {first:.0} + {per:.2} k");
    let large = points.iter().filter(|p| p.0 >= 16.0).map(|p| (p.0.ln(), p.1.ln()));
    println!("derive grows as k^{:.2} from k = 16", line(large).0);
}

/// Slope, intercept and r² of the least squares line.
fn line(points: impl Iterator<Item = (f64, f64)>) -> (f64, f64, f64) {
    let p: Vec<(f64, f64)> = points.collect();
    let n = p.len() as f64;
    let (mx, my) = (p.iter().map(|p| p.0).sum::<f64>() / n, p.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |f: &dyn Fn(&(f64, f64)) -> f64| p.iter().map(f).sum::<f64>();
    let (xx, xy, yy) = (sum(&|p| (p.0 - mx).powi(2)), sum(&|p| (p.0 - mx) * (p.1 - my)), sum(&|p| (p.1 - my).powi(2)));
    let slope = xy / xx;
    (slope, my - slope * mx, if yy > 0.0 { xy * xy / (xx * yy) } else { 1.0 })
}

/// The gradient of log det(I + XᵀX) in a prime field, at growing sizes.
fn dimension() {
    let request =
        parse_request(r#"{"symbols":{"X":["m","n"]},"objective":"logdet(I + X'X)","wrt":"X","ask":"gradient"}"#)
            .expect("a request");
    let wrt = request.variables();
    let problem = build(&request.problem(), None).expect("a problem");
    let mut posed = pose(&problem.scope, &request.asked(&wrt), None).expect("a task");
    settle(&mut posed, problem.declared);
    let root = differentiate(&mut posed).expect("a derivative");
    let free = variables(&posed.store, &[root]);
    let integers = ["m", "n"].map(|n| posed.scope.unifier.find(n).expect("it is declared"));
    println!("\nlog det(I + XᵀX) by X in a prime field: size of the dimensions\n{:>6} {:>12}", "n", "evaluate µs");
    let mut points = Vec::new();
    let field = Field::new(7);
    let limits = Limits { operations: u64::MAX, ..Limits::default() };
    for n in [2i64, 4, 8, 16, 32, 64] {
        let mut sizes = Assignment(vec![(integers[0], n + 1), (integers[1], n)]);
        sizes.0.sort_unstable();
        let draw = Draw { seed: 1, number: 0, enumerate: false };
        let point = sample(&field, &mut Uniform, &posed.store, &free, &sizes, draw, limits.entries).expect("a point");
        let least = (0..5)
            .map(|_| {
                let start = Instant::now();
                let _ = evaluate(&field, &posed.store, &[root], &point, &limits);
                start.elapsed().as_secs_f64() * 1e6
            })
            .fold(f64::INFINITY, f64::min);
        println!("{n:6} {least:12.1}");
        points.push(((n as f64).ln(), least.ln()));
    }
    println!("evaluation grows as n^{:.2} from n = 16", line(points.into_iter().skip(3)).0);
}
