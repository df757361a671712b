//! A derivative times a direction, against what it means: the gradient of ⟨∇f, V⟩, and the Jacobian's own formula times
//! v. Twice of it is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod asking;

use asking::{ask, symbols};
use gradmark::check::{Answer, parse_request, times};
use gradmark::problem::build;
use gradmark::syntax::Syntax;
use gradmark::verdict::Verdict;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// The symbols of the tests, with directions of the shapes of x and X.
fn declared() -> Value {
    let mut all = symbols();
    all["v"] = json!(["n"]);
    all["V"] = json!(["m", "n"]);
    all
}

fn along(objective: &str, wrt: &Value, direction: &str) -> Answer {
    let ask = if wrt.is_array() { "hessian" } else { "derivative" };
    let request = json!({"symbols": declared(), "objective": objective, "wrt": wrt, "ask": ask});
    let request = parse_request(&request.to_string()).unwrap();
    let problem = build(&request.problem(), None).unwrap();
    let variables = request.variables();
    times(&problem, &request.asked(&variables), direction)
}

fn written(answer: &Answer, what: &str) -> String {
    let fault = answer.fault.as_ref().map(|f| f.diagnostic.message.clone());
    assert_eq!(fault, None, "{what}");
    answer.truth_text(Syntax::Plain).unwrap().to_owned()
}

fn judged(request: Value, right: &str, what: &str) {
    for (candidate, verdict) in [(right.to_owned(), Verdict::Correct), (format!("2 ({right})"), Verdict::Incorrect)] {
        let mut request = request.clone();
        request["symbols"] = declared();
        request["candidate"] = json!(candidate);
        assert_eq!(ask(&request).verdict, Some(verdict), "{what}: {candidate}");
    }
}

#[test]
fn a_hessian_times_a_direction_is_the_gradient_of_the_slope_along_it() {
    let all = [
        ("x' C x", "x", "v", "(C + Cᵀ) v"),
        ("log(sum(exp(x)))", "x", "v", "softmax(x) ⊙ (v - softmax(x)ᵀ v)"),
        ("(x' x)^2", "x", "v", ""),
        ("a' tanh(C x)", "x", "v", ""),
        ("||X - b a'||^2", "X", "V", "2 V"),
        ("tr(X' X C)", "X", "V", "V (C + Cᵀ)"),
        ("||X x||^4", "X", "V", ""),
        ("log(1 + x' x)", "x", "v", ""),
    ];
    for (objective, wrt, direction, shown) in all {
        let text = written(&along(objective, &json!([wrt, wrt]), direction), objective);
        if !shown.is_empty() {
            assert_eq!(text, shown, "{objective}");
        }
        let gradient = ask(&json!({"symbols": declared(), "objective": objective, "wrt": wrt, "ask": "gradient"}));
        let gradient = gradient.truth_text(Syntax::Plain).unwrap();
        let slope =
            if wrt == "X" { format!("tr(({gradient})' {direction})") } else { format!("({gradient})' {direction}") };
        judged(json!({"objective": slope, "wrt": wrt, "ask": "gradient"}), &text, objective);
    }
}

#[test]
fn a_jacobian_times_a_direction_is_its_formula_times_it() {
    for objective in ["X x", "C tanh(D x)", "x / ||x||", "softmax(C x)", "(C x) ⊙ (D x)", "(x' x) x"] {
        let text = written(&along(objective, &json!("x"), "v"), objective);
        let jacobian = ask(&json!({"symbols": declared(), "objective": objective, "wrt": "x", "ask": "jacobian"}));
        let jacobian = jacobian.truth_text(Syntax::Plain).unwrap();
        judged(json!({"objective": format!("({jacobian}) v"), "ask": "identity"}), &text, objective);
    }
}

/// The derivative of a matrix by a matrix along V, beside its Jacobian times vec V.
#[test]
fn a_matrix_along_a_direction_stays_a_matrix() {
    for (objective, shown) in [
        ("X C X'", "V C Xᵀ + X C Vᵀ"),
        ("X' X", "Vᵀ X + Xᵀ V"),
        ("X X' X", "(V Xᵀ + X Vᵀ) X + X Xᵀ V"),
        ("X ⊙ X", "2 V ⊙ X"),
        ("(X' X + I)^-1", "-(Xᵀ X + I)⁻¹ (Vᵀ X + Xᵀ V) (Xᵀ X + I)⁻¹"),
    ] {
        let text = written(&along(objective, &json!("X"), "V"), objective);
        assert_eq!(text, shown, "{objective}");
        let jacobian = ask(&json!({"symbols": declared(), "objective": objective, "wrt": "X", "ask": "jacobian"}));
        let jacobian = jacobian.truth_text(Syntax::Plain).unwrap().to_owned();
        let turned = format!("vec({text})");
        judged(json!({"objective": format!("({jacobian}) vec(V)"), "ask": "identity"}), &turned, objective);
    }
}

#[test]
fn a_direction_of_another_shape_is_refused() {
    for (wrt, direction) in [(json!(["x", "x"]), "V"), (json!("x"), "b"), (json!("x"), "x_1 + 2"), (json!("x"), "g")] {
        let answer = along("x' C x", &wrt, direction);
        assert!(answer.fault.is_some(), "{direction}");
        assert_eq!(answer.truth().map(|_| ()), None, "{direction}");
    }
}
