//! The stages of a check over formulas of many kinds, each with its own figure, and the percentiles of whole checks.
//!
//! `cargo bench --bench stages`; `cargo bench --bench stages -- percentiles` prints the percentiles alone.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, unreachable_pub, clippy::disallowed_methods)] // what a measurement is for

mod speed;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use gradmark::check::{Memory, RequestText, check};
use gradmark::document::Format;
use gradmark::problem::{build, parse_problem_file};
use gradmark::shape::{Surroundings, infer_settled};
use gradmark::syntax::{detect, parse};
use gradmark::{algebra, document, evidence, grade};
use speed::{Case, differentiate, options, requests};
use std::time::Instant;

fn main() {
    percentiles();
    if !std::env::args().any(|a| a == "percentiles") {
        divan::main();
    }
}

fn cases(kind: &str) -> Vec<Case> {
    requests(kind).into_iter().filter_map(Case::new).collect()
}

/// Times one thing for every case: the least of several runs each, so that what else the machine does counts little.
fn times<T>(all: &[T], runs: usize, mut one: impl FnMut(&T)) -> Vec<f64> {
    let mut least = vec![f64::INFINITY; all.len()];
    for _ in 0..runs {
        for (t, x) in least.iter_mut().zip(all) {
            let start = Instant::now();
            one(x);
            *t = t.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    least.sort_by(f64::total_cmp);
    least
}

fn percentiles() {
    let line = |what: &str, t: &[f64]| {
        let at = |q: f64| t[((t.len() - 1) as f64 * q).round() as usize];
        println!("{what:50} {:4}  p50 {:8.1}  p90 {:8.1}  p99 {:8.1} µs", t.len(), at(0.5), at(0.9), at(0.99));
    };
    let (right, wrong) = (requests("right"), requests("wrong"));
    let right_cases = cases("right");
    line(
        "derive: objective's text to derivative",
        &times(&right_cases, 30, |c| {
            black_box(c.derived());
        }),
    );
    for (explain, what) in [(false, "verdict alone"), (true, "with all a batch says")] {
        let options = options(explain);
        let cold = |r: &RequestText| drop(black_box(Memory::default().check(r, options)));
        let memory = Memory::default();
        let warm = |r: &RequestText| drop(black_box(memory.check(r, options)));
        line(&format!("right, new objective, {what}"), &times(&right, 10, cold));
        line(&format!("right, known objective, {what}"), &times(&right, 10, warm));
        line(&format!("wrong, new objective, {what}"), &times(&wrong, 3, cold));
        line(&format!("wrong, known objective, {what}"), &times(&wrong, 3, warm));
    }
}

fn each(bencher: Bencher, of: impl Fn(&Case)) {
    let cases = cases("right");
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| cases.iter().for_each(&of));
}

#[divan::bench]
fn a_parse(bencher: Bencher) {
    each(bencher, |c| {
        let text = &c.candidate.text;
        drop(black_box(parse(text, detect(text), &c.problem.scope.names)));
    });
}

#[divan::bench]
fn b_infer(bencher: Bencher) {
    let cases = cases("right");
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| {
        for c in &cases {
            let (mut tree, mut scope) = (c.candidate.tree.clone(), c.posed.scope.clone());
            let around = Surroundings { letters: c.posed.form.letters.clone(), ..Surroundings::default() };
            drop(black_box(infer_settled(&mut tree, &mut scope, &around)));
        }
    });
}

#[divan::bench]
fn c_lower_and_differentiate(bencher: Bencher) {
    each(bencher, |c| {
        black_box(differentiate(&mut c.open.clone()));
    });
}

#[divan::bench]
fn d_derive_from_text(bencher: Bencher) {
    each(bencher, |c| {
        black_box(c.derived());
    });
}

#[divan::bench]
fn e_derive_and_check_by_differences(bencher: Bencher) {
    each(bencher, |c| {
        let _ = black_box(c.open.clone().derive());
    });
}

#[divan::bench]
fn f_normal_form(bencher: Bencher) {
    each(bencher, |c| {
        black_box(algebra::compare(&c.posed.store, c.pair.0, c.pair.1, &algebra::Budget::default()));
    });
}

#[divan::bench]
fn g_exact_field(bencher: Bencher) {
    each(bencher, |c| drop(black_box(c.compared(evidence::exact))));
}

#[divan::bench]
fn h_floating_point(bencher: Bencher) {
    each(bencher, |c| drop(black_box(c.compared(evidence::numeric))));
}

#[divan::bench]
fn i_finite_differences_entry_by_entry(bencher: Bencher) {
    each(bencher, |c| drop(black_box(c.posed.against_differences(c.pair.0))));
}

#[divan::bench(args = ["right", "wrong"])]
fn j_whole_check(bencher: Bencher, kind: &str) {
    let requests = requests(kind);
    let memory = Memory::default();
    bencher.counter(ItemsCount::new(requests.len())).bench_local(|| {
        requests.iter().for_each(|r| drop(black_box(memory.check(r, options(true)))));
    });
}

#[divan::bench(args = ["right", "wrong"])]
fn k_whole_check_without_memory(bencher: Bencher, kind: &str) {
    let all = cases(kind);
    bencher.counter(ItemsCount::new(all.len())).bench_local(|| {
        for c in &all {
            let asked = c.request.asked(&c.wrt);
            drop(black_box(check(&c.problem, &asked, c.request.candidate.as_deref(), options(true))));
        }
    });
}

#[divan::bench]
fn l_whole_document(bencher: Bencher) {
    let text = r#"
        [symbols]
        X = ["m", "n"]
        w = ["n"]
        y = ["m"]
        lambda = []
        [objectives]
        E = "||X w - y||^2 + lambda ||w||^2"
        [[questions]]
        id = "1"
        ask = "gradient"
        of = "E"
        wrt = "w"
    "#;
    let file = parse_problem_file(text).expect("a problem file");
    let problem = build(&file, None).expect("a problem");
    let page = r"
Expanding, $E = w^\top X^\top X w - 2 y^\top X w + y^\top y + \lambda w^\top w$.

$$\nabla_w w^\top X^\top X w = 2 X^\top X w$$

$$\nabla_w E = 2 X^\top X w - 2 X^\top y + 2 \lambda w = 2 X^\top (X w - y) + 2 \lambda w$$
";
    bencher.bench_local(|| {
        drop(black_box(grade::grade(&document::read(page, Format::Markdown), std::slice::from_ref(&problem))))
    });
}
