//! The limits: the page lists what the table holds, each can be set, and past each there is a message and no verdict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, gradmark, stderr, stdout};
use gradmark::limit::LIMITS;
use std::fs;

const PROBLEM: &str = "cases/tied-autoencoder/problem.toml";
const RIGHT: &str = "cases/tied-autoencoder/right.md";

fn page() -> String {
    let mut out = String::from(
        "# Limits\n\n\
         What a stranger sends may cost so much and no more. Every limit counts something of the input or an operation,\n\
         never time, so that a verdict does not depend on the machine. Past a limit the answer is `undecided` or\n\
         `unreadable` with a message of its own, never `incorrect`, and where a document is refused no part of it is judged.\n\n\
         `--limit NAME=N`, which may be repeated, changes a limit for a run: `gradmark grade problem.toml class --limit claims=5000`.\n\n\
         | limit | default | counts | past it | what it bounds |\n|---|---:|---|---|---|\n",
    );
    for row in LIMITS {
        out.push_str(&format!("| `{}` | {} | {} | {} | {} |\n", row.name, row.default, row.unit, row.past, row.doc));
    }
    out.push_str(
        "\nA code is a diagnostic with a hint, which `gradmark help CODE` explains. *listed* stands among what was not read.\n\
         *the next evidence* means that a layer of evidence says nothing, and the next one decides, or none does.\n\n\
         Behind all of them stands a clock: `--time-limit SECONDS`, 60 where nothing is said and 0 for none. A formula, a\n\
         line of a batch or a submission that takes longer is left undecided from there on (E0506). It is the one bound that\n\
         depends on the machine, and it is there for what nobody thought of.\n",
    );
    out
}

#[test]
fn the_page_is_fresh() {
    let path = class::root().join("docs/limits.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "docs/limits.md is stale: UPDATE=1 cargo test --test limits writes it anew");
}

/// What is said with one limit lowered, and the exit status.
fn with(limit: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = gradmark(&[args, &["--limit", limit]].concat());
    (output.status.code(), stdout(&output) + &stderr(&output))
}

#[test]
fn past_each_limit_there_is_a_message_and_no_verdict() {
    let folder = Folder::new();
    let request = r#"{"objective":"1/2 ||W'W x - x||^2","wrt":"W","candidate":"W(W'W x x' + x x' W'W - 2 x x')"}"#;
    let lines = folder.write("lines.jsonl", &format!("{request}\n"));
    let right = [
        "check",
        "--objective",
        "1/2 ||W'W x - x||^2",
        "--wrt",
        "W",
        "--candidate",
        "W(W'W x x' + x x' W'W - 2 x x')",
        "--evidence",
        "decisive",
    ];
    for (limit, args, code, says) in [
        ("file=10", &["grade", PROBLEM, RIGHT][..], 2, "E0502"),
        ("line=10", &["check", "--jsonl", &lines], 2, "longer than 10 bytes"),
        ("formula=10", &right, 2, "E0502"),
        ("depth=2", &["check", "--read", "((((((x))))))"], 2, "E0501"),
        ("height=3", &["check", "--read", "a + b + c + d + e + f"], 2, "E0501"),
        ("nodes=8", &right, 2, "E0503"),
        ("formulas=1", &["grade", PROBLEM, RIGHT], 3, "more formulas than the limit"),
        ("claims=1", &["grade", PROBLEM, RIGHT], 3, "more claims than the limit"),
        ("symbols=3", &["derive", "||W'W x - x||^2", "--wrt", "W"], 2, "E0503"),
        ("work=100", &right, 3, "E0505"),
        ("work=100", &["derive", "x'A x", "--wrt", "x"], 2, "E0505"),
        ("work=100", &["grade", PROBLEM, RIGHT], 3, "not decided"),
    ] {
        let (status, said) = with(limit, args);
        assert_eq!(status, Some(code), "{limit}: {said}");
        assert!(said.contains(says), "{limit}: {said}");
        assert!(!said.contains("incorrect"), "{limit}: {said}");
    }
}

#[test]
fn no_limit_makes_a_right_answer_wrong() {
    for row in LIMITS {
        for n in [1, 2, 5, 20, 100, 1_000, 10_000, 100_000, 1_000_000] {
            let limit = format!("{}={n}", row.name);
            let args = ["grade", PROBLEM, RIGHT, "--format", "json"];
            let output = gradmark(&[&args[..], &["--limit", &limit]].concat());
            assert_ne!(output.status.code(), Some(1), "{limit}: {}", stdout(&output));
        }
    }
}

#[test]
fn definitions_are_nested_as_deeply_as_one_likes() {
    let folder = Folder::new();
    let layers = 512;
    let symbols: String = (1..=layers).map(|i| format!(r#""W_{i}":["n","n"],"#)).collect();
    let below = |i: usize| if i == 1 { "x".to_owned() } else { format!("h_{}", i - 1) };
    let definitions: Vec<String> = (1..=layers).map(|i| format!(r#"["h_{i}","tanh(W_{i} {})"]"#, below(i))).collect();
    let line = format!(
        r#"{{"symbols":{{{symbols}"x":["n"],"y":["n"]}},"definitions":[{}],"objective":"1/2 ||h_{layers} - y||^2","wrt":"W_1"}}"#,
        definitions.join(",")
    );
    let lines = folder.write("network.jsonl", &format!("{line}\n"));
    let output = gradmark(&["check", "--jsonl", &lines]);
    let answer = stdout(&output);
    assert!(answer.contains("W_512") && answer.contains(r#""error":null"#), "{answer:.300}");
}

#[test]
fn limits_that_are_none_are_refused() {
    for bad in ["terms", "nothing=1", "terms=0", "terms=many"] {
        let (status, said) = with(bad, &["derive", "x'x", "--wrt", "x"]);
        assert_eq!(status, Some(2), "{bad}: {said}");
        assert!(said.contains("E0603"), "{bad}: {said}");
    }
}

#[test]
fn the_clock_leaves_undecided_what_takes_too_long() {
    let folder = Folder::new();
    // Work without end, as far as the counted limits are concerned.
    let body = "W(W'W x x' + x x' W'W - 2 x x') + ".repeat(40);
    let claim = format!("$$\\nabla_W L = {}$$\n\n", body.replace('\'', "^T").trim_end_matches("+ "));
    let path = folder.write("slow.md", &claim.repeat(400));
    let more = ["--time-limit", "1", "--limit", "work=1000000000000"];
    let output = gradmark(&[&["grade", PROBLEM, path.as_str(), "--format", "json"][..], &more].concat());
    let said = stdout(&output);
    assert!(said.contains("the time limit ran out"), "{}", said.chars().take(500).collect::<String>());
}
