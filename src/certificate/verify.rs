//! The test of a certificate, from its texts alone.

use super::{OPEN, VERSION, ground, point, verdict_name};
use crate::check::{Answer, Options, check, parse_request};
use crate::dimension::IntVar;
use crate::evaluation::{Assignment, seed, variables};
use crate::problem::build;
use crate::verdict::{Depth, Evidence, Posed};
use serde_json::Value;

/// What became of the test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verified {
    /// The verdict follows from the ground.
    Holds,
    /// It does not, and why.
    Fails(String),
    /// This is no certificate, and why.
    Unusable(String),
}

/// Tests a certificate.
#[must_use]
pub fn verify(certificate: &Value) -> Verified {
    if certificate["certificate"].as_u64() != Some(u64::from(VERSION)) {
        return Verified::Unusable("this is no certificate of this version".into());
    }
    let answer = match again(&certificate["request"], certificate[OPEN] == Value::Bool(true)) {
        Ok(a) => a,
        Err(why) => return Verified::Unusable(why),
    };
    let verdict = answer.verdict.and_then(verdict_name);
    let said = certificate["verdict"].as_str();
    if said.is_none() || verdict != said {
        return Verified::Fails(format!(
            "the certificate says {}, and the texts give {}",
            said.unwrap_or("nothing"),
            verdict.unwrap_or("no verdict")
        ));
    }
    match stands(&certificate["ground"], &answer) {
        Ok(()) => Verified::Holds,
        Err(why) => Verified::Fails(why),
    }
}

/// Reads the texts and derives the truth again.
fn again(request: &Value, open: bool) -> Result<Answer, String> {
    let mut request = parse_request(&request.to_string()).map_err(|e| e.0)?;
    request.open = open;
    let problem = build(&request.problem(), request.notation()).map_err(|d| d.message)?;
    let wrt = request.variables();
    let asked = request.asked(&wrt);
    let options = Options { depth: Depth::Decisive, counterexample: false, diagnosis: None };
    Ok(check(&problem, &asked, request.candidate.as_deref(), options))
}

fn stands(ground: &Value, answer: &Answer) -> Result<(), String> {
    let posed = answer.posed.as_ref().ok_or("nothing was derived")?;
    let kind = ground["kind"].as_str().unwrap_or_default();
    let correct = answer.verdict == Some(crate::verdict::Verdict::Correct);
    if correct != matches!(kind, "normal_form" | "exact" | "numeric") {
        return Err(format!("a ground of kind {kind} does not decide this verdict"));
    }
    if kind == "refuted" {
        let by = ground["by"].as_str().unwrap_or_default();
        let again = answer.evidence.iter().any(|e| matches!(e, Evidence::Refuted { by: b } if *b == by));
        return if again { Ok(()) } else { Err("the refutation is not found again".into()) };
    }
    let pair = answer.pair.ok_or("the two sides cannot be compared")?;
    match kind {
        "normal_form" => {
            let found = ground::normal_forms(&posed.store, pair).ok_or("the normal forms are not equal")?;
            if found == *ground { Ok(()) } else { Err("the normal forms are others".into()) }
        }
        "exact" => exact(ground, answer, posed, pair),
        "counterexample" => {
            let at = &ground["at"];
            let dims = assignment(&at["dims"], posed, pair)?;
            point::test(at, &posed.store, pair, &dims)
        }
        _ => {
            let own = ground::of(answer).ok_or("the ground is not found again")?;
            let same = |key: &str| own[key] == ground[key];
            let all = ["kind", "points", "dims", "seed"].into_iter().all(same);
            if all { Ok(()) } else { Err("the points are others".into()) }
        }
    }
}

/// The seed must come from the texts, the values must be those at its points, and the two sides equal there.
fn exact(
    ground: &Value,
    answer: &Answer,
    posed: &Posed,
    pair: (crate::tensor::NodeId, crate::tensor::NodeId),
) -> Result<(), String> {
    let text = answer.candidate.as_ref().map_or("", |c| c.text.as_str());
    let own = seed(&posed.texts(text));
    if ground["seed"].as_u64() != Some(own) {
        return Err("the seed does not come from these texts".into());
    }
    let values = ground["values"].as_array().filter(|v| !v.is_empty()).ok_or("the certificate has no points")?;
    for said in values {
        let dims = assignment(&said["dims"], posed, pair)?;
        let name = |v| posed.integer_name(v);
        let found = ground::field_points(&posed.store, pair, &dims, own, &name).ok_or("a point has no value")?;
        let equal = found["at"].as_array().is_some_and(|a| a.iter().all(|p| p["equal"] == Value::Bool(true)));
        if !equal {
            return Err("the two sides differ at a point".into());
        }
        if found != *said {
            return Err("the values at a point are others".into());
        }
    }
    match answer.evidence.iter().find(|e| matches!(e, Evidence::Exact { .. })) {
        Some(Evidence::Exact { bound, .. }) if close(ground["bound"].as_f64(), *bound) => Ok(()),
        _ => Err("the bound is another".into()),
    }
}

/// Whether two bounds are one, as far as their decimal digits go.
fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs(),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Sizes by name, for every integer the two sides depend on.
fn assignment(
    dims: &Value,
    posed: &Posed,
    (candidate, truth): (crate::tensor::NodeId, crate::tensor::NodeId),
) -> Result<Assignment, String> {
    let dims = dims.as_object().ok_or("the certificate has no sizes")?;
    let store = &posed.store;
    let mut integers: Vec<IntVar> = Vec::new();
    for id in store.reachable(&[candidate, truth]) {
        integers.extend(store.axes(id).iter().flat_map(|d| store.poly(*d).variables()));
    }
    for v in variables(store, &[candidate, truth]) {
        integers.extend(store.variable(v).axes.iter().flat_map(|d| store.poly(*d).variables()));
    }
    for (v, _, _) in &posed.scope.sizes.integers {
        integers.push(*v);
    }
    integers.sort_unstable();
    integers.dedup();
    let mut found = Vec::new();
    for v in integers {
        if let Some(n) = dims.get(&posed.integer_name(v)).and_then(Value::as_i64) {
            found.push((v, n));
        }
    }
    if found.len() < dims.len() {
        return Err("the certificate gives sizes of other integers".into());
    }
    let of = |v: IntVar| found.iter().find(|f| f.0 == v).map(|f| f.1);
    let broken = posed.scope.sizes.constraints.iter().any(|c| c.holds(&of) == Some(false));
    if broken { Err("the sizes break a constraint".into()) } else { Ok(Assignment(found)) }
}
