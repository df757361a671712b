//! The submissions under `cases/` are graded as `expected.toml` says, each problem file's own answers hold, and the
//! grading contract's keys are there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn gradmark(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradmark")).args(args).current_dir(root()).output().unwrap()
}

fn cases() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("cases"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.join("expected.toml").is_file())
        .map(|p| p.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 4);
    names
}

#[test]
fn submissions_are_graded_as_expected() {
    let mut wrong = Vec::new();
    for case in cases() {
        let expected: toml::Table =
            toml::from_str(&fs::read_to_string(root().join("cases").join(&case).join("expected.toml")).unwrap())
                .unwrap();
        for (file, entry) in &expected {
            let (problem, path) = (format!("cases/{case}/problem.toml"), format!("cases/{case}/{file}"));
            let output = gradmark(&["grade", &problem, &path, "--format", "json"]);
            let json: Value = serde_json::from_slice(&output.stdout).unwrap();
            let awarded = json["submissions"][0]["awarded"].as_f64();
            let wanted = entry["awarded"].as_integer().map(|n| n as f64);
            let status = (output.status.code().map(i64::from), entry["status"].as_integer());
            if awarded != wanted || status.0 != status.1 {
                wrong.push(format!("{path}: awarded {awarded:?} of {wanted:?}, status {status:?}"));
            }
        }
        // Nothing is left out of the expectations.
        for file in fs::read_dir(root().join("cases").join(&case)).unwrap() {
            let name = file.unwrap().file_name().to_str().unwrap().to_owned();
            assert!(name.ends_with(".toml") || expected.contains_key(&name), "{case}/{name} has no expectation");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_authors_answers_hold() {
    for case in cases() {
        let output = gradmark(&["check", &format!("cases/{case}/problem.toml")]);
        assert_eq!(output.status.code(), Some(0), "{case}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn one_bad_submission_does_not_stop_the_others() {
    let right = "cases/tied-autoencoder/right.md";
    let output = gradmark(&["grade", "cases/tied-autoencoder/problem.toml", "missing.md", right, "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["submissions"][0]["error"]["code"], "E0602");
    assert_eq!(json["submissions"][1]["awarded"], 10.0);
    assert_eq!(json["submissions"][1]["file"], right);
}

#[test]
fn the_same_bytes_with_one_thread_and_many() {
    let args = [
        "grade",
        "cases/gp-lvm/problem.toml",
        "cases/gp-lvm/right.md",
        "cases/gp-lvm/sign.md",
        "cases/gp-lvm/factor.txt",
    ];
    let one = gradmark(&[args.as_slice(), &["--threads", "1"]].concat());
    let many = gradmark(&[args.as_slice(), &["--threads", "4"]].concat());
    assert_eq!(one.stdout, many.stdout);
    assert_eq!(one.status, many.status);
}

#[test]
fn several_mistakes_in_one_claim_are_named_one_by_one() {
    let output =
        gradmark(&["grade", "cases/sparse-coding/problem.toml", "cases/sparse-coding/several.md", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let claims = json["submissions"][0]["claims"].as_array().unwrap();
    let wanted: [&[(&str, &str)]; 3] = [
        &[("factor", "the factor `w_{ab}` has to go")],
        &[
            ("sign", "where the problem has `x_i - W s_i`. `x_{i,a}` is added here and has to be subtracted"),
            ("factor", "has to go"),
            ("factor", "merged under a factor that they do not have in common"),
        ],
        &[
            ("sign", "is added here and has to be subtracted"),
            ("transpose", "`W` has to stand transposed"),
            ("chain_rule", "reads as a transpose"),
            ("elementwise", "has to be taken entry by entry"),
            ("order", "outer product"),
        ],
    ];
    assert_eq!(claims.len(), wanted.len());
    for (claim, wanted) in claims.iter().zip(wanted) {
        let found = claim["diagnosis"].as_array().unwrap();
        assert_eq!(found.len(), wanted.len(), "{claim}");
        for (d, (kind, words)) in found.iter().zip(wanted) {
            assert_eq!(d["kind"], *kind, "{d}");
            assert!(d["message"].as_str().unwrap().contains(words), "{d}");
            let span: Vec<usize> = d["span"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
            assert!(claim["source"].as_str().unwrap().get(span[0]..span[1]).is_some_and(|s| !s.trim().is_empty()));
        }
    }
}

#[test]
fn a_hint_tells_no_more_than_its_level() {
    for level in ["1", "2", "3"] {
        let args = ["grade", "cases/gp-lvm/problem.toml", "cases/gp-lvm/sign.md", "--format", "json", "--hint", level];
        let output = gradmark(&args);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let claims = json["submissions"][0]["claims"].as_array().unwrap();
        let first = claims.iter().find_map(|c| c["diagnosis"].get(0)).unwrap();
        assert_eq!(first["kind"].is_null(), level == "1", "{first}");
        assert_eq!(first["repaired"].is_null(), level != "3", "{first}");
        assert_eq!(first["hints"].as_array().unwrap().len().to_string(), level, "{first}");
    }
}
