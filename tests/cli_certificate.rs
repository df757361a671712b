//! `check --certificate` and `verify`: what is written holds again, what is changed does not, with the exit status of
//! the contract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("certificates");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn gradmark(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradmark")).args(args).output().unwrap()
}

/// Writes a certificate of an equation and gives it back.
#[track_caller]
fn certified(name: &str, status: i32, args: &[&str]) -> (String, Value) {
    let path = file(name);
    let _ = std::fs::remove_file(&path);
    let path = path.to_str().unwrap().to_owned();
    let output = gradmark(&[&["check"], args, &["--certificate", &path]].concat());
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    let certificate = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    (path, certificate)
}

/// The exit status of `verify`, and what it says.
fn verified(path: &str) -> (i32, String) {
    let output = gradmark(&["verify", path]);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Writes a changed certificate, which must not hold.
#[track_caller]
fn refused(path: &str, certificate: &Value, change: impl Fn(&mut Value)) {
    let mut changed = certificate.clone();
    change(&mut changed);
    assert_ne!(&changed, certificate);
    std::fs::write(path, changed.to_string()).unwrap();
    let (status, said) = verified(path);
    assert!(status == 1 && said.starts_with("fails"), "{status}: {said}");
}

#[test]
fn what_has_no_value_where_the_other_side_has_one() {
    let (path, c) = certified("gap.json", 1, &["log(t^2) = 2 log(t)"]);
    let at = &c["ground"]["at"];
    assert!(at["truth"].is_object() != at["candidate"].is_object(), "{at}");
    assert_eq!(verified(&path).0, 0);
    refused(&path, &c, |c| c["ground"]["at"]["values"][0]["value"]["entries"][0] = 1.0.into());
    refused(&path, &c, |c| {
        let at = &mut c["ground"]["at"];
        let swapped = (at["truth"].take(), at["candidate"].take());
        (at["candidate"], at["truth"]) = swapped;
    });
}

#[test]
fn what_is_proved() {
    let (path, c) = certified("proved.json", 0, &["∇_x x'A x = (A + A') x"]);
    assert_eq!(c["ground"]["kind"], "normal_form");
    assert_eq!(
        verified(&path),
        (0, "holds: correct by normal form\n  objective   x'A x\n  candidate   (A + A') x\n".into())
    );
    refused(&path, &c, |c| c["request"]["candidate"] = "(A - A') x".into());
    refused(&path, &c, |c| c["request"]["objective"] = "2 x'A x".into());
    refused(&path, &c, |c| c["verdict"] = "incorrect".into());
    refused(&path, &c, |c| c["ground"]["truth"] = "0123456789abcdef".into());
    refused(&path, &c, |c| c["ground"]["kind"] = "counterexample".into());
}

#[test]
fn what_is_tested_in_prime_fields() {
    let shapes = ["--shape", "F: m×n", "--shape", "G: n×m"];
    let (path, c) = certified("exact.json", 0, &[&["det(I + F G) = det(I + G F)"], &shapes[..]].concat());
    assert_eq!(c["ground"]["kind"], "exact");
    assert_eq!(verified(&path).0, 0);
    refused(&path, &c, |c| c["ground"]["seed"] = 1.into());
    refused(&path, &c, |c| c["ground"]["bound"] = 1e-99.into());
    refused(&path, &c, |c| c["ground"]["values"][0]["at"][0]["all"] = 5.into());
    refused(&path, &c, |c| c["request"]["candidate"] = "det(I + 2 G F)".into());
}

#[test]
fn what_is_refuted() {
    let (path, c) = certified("refuted.json", 1, &["∇_x x'A x = 2 A x"]);
    assert_eq!(c["ground"]["kind"], "counterexample");
    assert_eq!(verified(&path).0, 0);
    refused(&path, &c, |c| c["verdict"] = "correct".into());
    refused(&path, &c, |c| c["request"]["candidate"] = "A x + A' x".into());
    refused(&path, &c, |c| c["ground"]["at"]["truth"]["entries"][0] = "7".into());
    // Where A is symmetric the two are equal.
    refused(&path, &c, |c| {
        for v in c["ground"]["at"]["values"].as_array_mut().unwrap() {
            v["value"]["entries"].as_array_mut().unwrap().iter_mut().for_each(|e| *e = "1".into());
        }
    });
}

#[test]
fn declarations_go_with_it() {
    let given = ["--shape", "c_i: n, i=1..N", "--assume", "A symmetric", "--assume", "n > 2", "--let", "K = A + I"];
    let formula = ["--objective", "sum_i c_i' K c_i", "--wrt", "c_j", "--candidate", "2 (A + I) c_j"];
    let (path, c) = certified("declared.json", 0, &[&formula[..], &given[..]].concat());
    assert_eq!(verified(&path).0, 0);
    refused(&path, &c, |c| c["request"]["properties"] = serde_json::json!({}));
}

#[test]
fn every_link_of_a_chain_has_its_own() {
    let path = file("chain.json");
    let path = path.to_str().unwrap();
    let output = gradmark(&["check", "tr(A B) = tr(B A) = tr(A) tr(B)", "--shape", "A: n×n", "--certificate", path]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 2);
    let (status, said) = verified(path);
    assert_eq!((status, said.matches("holds").count()), (0, 2), "{said}");
}

#[test]
fn without_a_verdict_there_is_none() {
    let path = file("none.json");
    let _ = std::fs::remove_file(&path);
    let shown = path.to_str().unwrap();
    let output = gradmark(&["check", "exp(1) t = 2.718281828459045235360287471352662497757 t", "--certificate", shown]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no verdict to certify"));
    assert!(!path.exists());
    let output = gradmark(&["check", "cases/gp-lvm/problem.toml", "--certificate", shown]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_no_certificate() {
    let path = file("broken.json");
    let shown = path.to_str().unwrap();
    for text in ["", "\n\n", "nonsense", "{}", "[]", "{\"certificate\":1}", "{\"certificate\":9,\"request\":{}}"] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(verified(shown).0, 2, "{text:?}");
    }
    assert_eq!(verified("there/is/none.json").0, 2);
    let output = gradmark(&["check", "∇_x x'A x = 2 A x", "--certificate", "there/is/no/folder.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write there/is/no/folder.json"));
}

#[test]
fn a_stream_of_requests() {
    let (requests, path) = (file("stream.jsonl"), file("stream-certificates.jsonl"));
    let lines = concat!(
        r#"{"id":7,"objective":"x'A x","wrt":"x","candidate":"(A + A')x"}"#,
        "\n{}\n",
        r#"{"id":"b","objective":"x'A x","wrt":"x","candidate":"2 A x"}"#,
        "\n"
    );
    std::fs::write(&requests, lines).unwrap();
    let _ = std::fs::remove_file(&path);
    let args = ["check", "--jsonl", requests.to_str().unwrap(), "--certificate", path.to_str().unwrap()];
    let output = gradmark(&args);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    let written = std::fs::read_to_string(&path).unwrap();
    // Nothing decides the second line, so it has no certificate.
    let certificates: Vec<Value> = written.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let said: Vec<_> = certificates.iter().map(|c| (c["id"].clone(), c["verdict"].clone())).collect();
    assert_eq!(said, [(7.into(), "correct".into()), ("b".into(), "incorrect".into())]);
    let (status, text) = verified(path.to_str().unwrap());
    assert!(status == 0 && text.matches("holds").count() == 2, "{status}: {text}");
    // Changed, it does not hold.
    std::fs::write(&path, written.replace("2 A x", "A x + A'x")).unwrap();
    assert_eq!(verified(path.to_str().unwrap()).0, 1);
}
