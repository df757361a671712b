//! Bad input: a clear message, exit status 2, and nothing on standard output that could be taken for a result.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::process::{Command, Output};

fn gradmark(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gradmark")).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

fn screen(output: &Output) -> String {
    let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
    format!("exit status {}\n{}{}", output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn bad_problem_files() {
    insta::glob!("../cases/errors", "*.*", |path: &std::path::Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = format!("cases/errors/{name}");
        insta::assert_snapshot!("check", screen(&gradmark(&["check", &file])));
        // No submission is graded by such a file.
        let graded = gradmark(&["grade", &file, "cases/gp-lvm/right.md"]);
        assert_eq!(graded.status.code(), Some(2), "{name}");
        assert!(graded.stdout.is_empty(), "{name}");
        assert!(!graded.stderr.is_empty(), "{name}");
    });
}

#[test]
fn bad_commands() {
    let cases: &[(&[&str], &str)] = &[
        (&["check", "missing.toml"], "error[E0602]: cannot read missing.toml: there is no such file"),
        (&["check", "--jsonl", "missing.jsonl"], "error[E0602]: cannot read missing.jsonl: there is no such file"),
        (&["grade", "missing.toml", "x.md"], "error[E0602]: cannot read missing.toml: there is no such file"),
        (&["check", "--jsonl", "src"], "error[E0602]: cannot read src: it is a folder"),
        (&["check"], "error[E0603]: there is nothing to check"),
        (&["check", "x + y"], "error[E0112]: this is no equation"),
        (&["check", "tr(A X = A"], "error[E0105]"),
        (&["check", "∂L/∂W = W"], "error[E0201]: L is differentiated, and it is not said what it is"),
        (&["check", "∂/∂W = W"], "error[E0112]: it is not said what is differentiated"),
        (&["derive", "x' x"], "error[E0603]: it is not said by what to differentiate"),
        (&["derive", "x' A", "--wrt", "A", "--shape", "x: n", "--shape", "A: m×k"], "error[E0301]"),
        (&["derive", "tr(A X)", "--wrt", "Z"], "error[E0201]: Z is not declared and does not stand in the objective"),
        (&["derive", "x' x", "--wrt", "x", "--shape", "x n"], "error[E0204]: a name, a colon and a shape"),
        (&["derive", "x' x", "--wrt", "x", "--let", "K"], "error[E0204]"),
        (&["derive", "x' x", "--wrt", "x", "--assume", "K"], "error[E0204]"),
        (&["derive", "x' x", "--wrt", "x", "--assume", "x symetric"], "error[E0205]"),
        (&["derive", "y' y", "--wrt", "x +", "--shape", "y: n"], "error[E0102]"),
        (&["check", "--dims", "n=0", "∇_x x'x = 2x"], "error[E0603]"),
        (&["check", "--dims", "q=2", "∇_x x'x = 2x"], "q is no dimension here"),
        (&["check", "--objective", "x'x"], "error[E0603]"),
        (&["help", "E9999"], "error[E0603]"),
    ];
    for (args, message) in cases {
        let output = gradmark(args);
        let stderr = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}\n{stderr}");
        assert!(stderr.contains(message), "{args:?}: {message}\n{stderr}");
        assert!(!stderr.contains("panicked"), "{args:?}\n{stderr}");
    }
}

#[test]
fn an_unreadable_candidate_is_no_unusable_input() {
    let output = gradmark(&["check", "--objective", "x'x", "--wrt", "x", "--candidate", "2 x + )"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stdout).unwrap().contains("unreadable"));
}

#[test]
fn equations_in_every_spelling() {
    for (equation, status) in [
        ("∇_W tr(A W) = A'", 0),
        ("∂(tr(A W))/∂W = A^T", 0),
        ("\\frac{\\partial}{\\partial W} \\operatorname{tr}(A W) = A^\\top", 0),
        ("\\nabla_{W} \\operatorname{tr}(A W) = A", 1),
        ("d/dt t^3 = 3 t^2", 0),
        ("∇²_x (x' A x) = A + A'", 0),
        ("∇_x x'A x = A x + A'x = (A + A') x", 0),
        ("∇_x x'A x = A x + A'x = 2 A x", 1),
        ("tr(A B) = tr(B A)", 0),
        ("(A B)' = A' B'", 1),
        ("log(exp(x)) = x", 0),
    ] {
        let shape = if equation.contains("t^3") { vec!["--shape", "t: scalar"] } else { vec![] };
        let output = gradmark(&[&["check", equation], shape.as_slice()].concat());
        assert_eq!(output.status.code(), Some(status), "{equation}\n{}", screen(&output));
    }
}

#[test]
fn a_printed_comparison_can_be_repeated() {
    let wrong = "∇_x x'A x = 2 A x";
    let first = String::from_utf8(gradmark(&["check", wrong]).stdout).unwrap();
    let mut lines = first.lines().skip_while(|l| !l.contains("candidate and derived formula"));
    let difference = lines.next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let (dims, seed) = lines.next().unwrap().trim().split_once("; seed ").unwrap();
    let again = gradmark(&["check", wrong, "--dims", dims, "--seed", seed]);
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(text.contains(&format!("at {dims}; seed {seed}")), "{text}");
    assert!(text.trim_end().ends_with(&format!("largest relative difference {difference}")), "{difference}\n{text}");
}

#[test]
fn no_colour_without_a_terminal() {
    assert!(!screen(&gradmark(&["check", "∇_x x'x = 3x"])).contains('\u{1b}'));
}
