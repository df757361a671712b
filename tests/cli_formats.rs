//! Every format of a graded class, held against the rules of the system that reads it, with hostile names and formulas.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, PROBLEM, gradmark, json, ridge, stderr, stdout};
use gradmark::mark::parse_table;

/// Names and texts that somebody may try.
const HOSTILE: [&str; 9] =
    ["=1+1", "+cmd", "@SUM(A1)", "-2", "<script>alert(1)</script>", "a\",\"b", "x`|$(id)", "..", "ｅ＝\u{202e}x"];

/// A class of hostile names, with a formula that is no less so.
fn hostile(folder: &Folder) -> (String, String) {
    let mut roster = String::from("name,username,email,file\n");
    for (i, name) in HOSTILE.iter().enumerate() {
        let formula =
            "$\\nabla_w E = \\text{</script><script>alert(1)</script>} \\href{javascript:alert(1)}{w} + \\lambda w$";
        let text = format!(
            "## Problem 1\n<img src=x onerror=alert(1)> {name}\n\n{formula}\n\n$\\nabla_w E = 2 X^\\top (X w - y) - 2 \\lambda w$\n"
        );
        folder.write(&format!("class/s{i}.md"), &text);
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        roster.push_str(&format!("{quoted},{quoted},{quoted},s{i}\n"));
    }
    (folder.path("class"), folder.write("roster.csv", &roster))
}

fn table(format: &str, more: &[&str]) -> Vec<Vec<String>> {
    let output = ridge(&[&["--format", format], more].concat());
    let text = stdout(&output);
    assert!(text.ends_with("\r\n"), "{text:?}");
    let rows = parse_table(&text);
    assert!(rows.iter().all(|r| r.len() == rows[0].len()), "{text}");
    rows
}

#[test]
fn one_row_for_each_student_and_question() {
    let rows = table("csv", &[]);
    assert_eq!(rows.len(), 1 + 5 * 2);
    let at = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    assert_eq!(rows[1][at("student")], "anowak");
    assert_eq!(rows[6][at("provisional")], "yes");
    assert_eq!(rows[6][at("open")], "10");
    // A broken file and a missing one cost only their own rows, and have no mark.
    assert!(rows[7][at("error")].ends_with("is empty") && rows[7][at("awarded")].is_empty());
    assert_eq!(rows[9][at("error")], "no submission");
}

#[test]
fn canvas_takes_the_gradebook() {
    let rows = table("canvas", &["--assignment", "Homework 1 (4711)"]);
    // The rules of its importer: a cell with Student, one with ID, the last student cell Section.
    assert_eq!(rows[0][..5], ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]);
    let (title, number) = rows[0][5].rsplit_once(" (").unwrap();
    assert!(!title.is_empty() && number.trim_end_matches(')').chars().all(|c| c.is_ascii_digit()));
    assert!(rows[1][0].contains("Points Possible"));
    assert_eq!(rows[1][5], "15");
    // Who has no final mark is left out, so that nothing that is there is overwritten.
    assert_eq!(rows.len(), 2 + 2);
    assert_eq!(rows[2], ["Nowak, Anna", "101", "S-101", "anowak", "A", "15"]);
    assert!(rows[2..].iter().all(|r| r[5].parse::<f64>().is_ok()));
    assert_eq!(table("canvas", &["--provisional"]).len(), 2 + 3);
    let refused = ridge(&["--format", "canvas", "--assignment", "Final Score"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("Canvas drops a column"), "{}", stderr(&refused));
}

#[test]
fn moodle_takes_the_gradebook() {
    let rows = table("moodle", &["--assignment", "Homework"]);
    assert_eq!(rows[0], ["idnumber", "username", "email", "Homework", "Homework feedback"]);
    // One user that is not known, or a grade that is no number, aborts its import.
    for row in &rows[1..] {
        assert!(row[..3].iter().any(|c| !c.is_empty()) && row[3].parse::<f64>().is_ok(), "{row:?}");
    }
    assert_eq!(rows.len(), 1 + 2);
}

#[test]
fn nbgrader_has_its_columns() {
    let rows = table("nbgrader", &[]);
    let expected = "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score";
    assert_eq!(rows[0].join(","), expected);
    assert_eq!(rows[1][3..], ["anowak", "Nowak", "Anna", "", "15", "0", "15", "15"].map(String::from));
}

#[test]
fn gradescope_takes_the_results() {
    let folder = Folder::new();
    let out = folder.path("out");
    ridge(&["--out", &out]);
    for (name, text) in folder.all("out/gradescope") {
        let results = json(&text);
        assert!(results["score"].is_number(), "{name}");
        let visibilities = ["hidden", "after_due_date", "after_published", "visible"];
        assert!(visibilities.contains(&results["visibility"].as_str().unwrap()), "{name}");
        let known = [
            "score",
            "execution_time",
            "output",
            "output_format",
            "test_output_format",
            "test_name_format",
            "visibility",
            "stdout_visibility",
            "extra_data",
            "tests",
            "leaderboard",
        ];
        assert!(results.as_object().unwrap().keys().all(|k| known.contains(&k.as_str())), "{name}");
        let (mut score, mut most) = (0.0, 0.0);
        for test in results["tests"].as_array().unwrap() {
            let known = [
                "score",
                "max_score",
                "status",
                "name",
                "name_format",
                "number",
                "output",
                "output_format",
                "tags",
                "visibility",
                "extra_data",
            ];
            assert!(test.as_object().unwrap().keys().all(|k| known.contains(&k.as_str())), "{test}");
            assert!(test["status"].as_str().is_none_or(|s| ["passed", "failed"].contains(&s)));
            assert!(
                test["output_format"]
                    .as_str()
                    .is_none_or(|s| ["text", "simple_format", "html", "md", "ansi"].contains(&s))
            );
            score += test["score"].as_f64().unwrap_or(0.0);
            most += test["max_score"].as_f64().unwrap_or(0.0);
        }
        assert!((score - results["score"].as_f64().unwrap()).abs() < 1e-9, "{name}: the sum is the score");
        assert!(["15", "0"].contains(&most.to_string().as_str()), "{name}: the points add up to the assignment's");
    }
    let open = json(&folder.read("out/gradescope/cmallory.json"));
    assert_eq!(open["visibility"], "after_published", "nobody sees a provisional score");
    assert_eq!(json(&folder.read("out/gradescope/boberg.json"))["tests"][0]["tags"], serde_json::json!(["sign"]));
    // One submission to standard output; a class cannot be one file.
    assert_eq!(ridge(&["--format", "gradescope"]).status.code(), Some(2));
    let one = gradmark(&["grade", PROBLEM, "cases/classes/ridge/submissions/boberg.tex", "--format", "gradescope"]);
    assert_eq!(json(&stdout(&one))["score"], 10.0);
}

#[test]
fn prairielearn_takes_the_results() {
    let folder = Folder::new();
    ridge(&["--out", &folder.path("out")]);
    for (name, text) in folder.all("out/prairielearn") {
        assert!(text.len() <= 1 << 20 && !text.contains('\0'));
        let results = json(&text);
        match results["gradable"].as_bool() {
            Some(false) => {
                assert!(
                    results.get("score").is_none() && !results["format_errors"].as_array().unwrap().is_empty(),
                    "{name}"
                );
            }
            _ => {
                let score = results["score"].as_f64().unwrap();
                assert!((0.0..=1.0).contains(&score), "{name}");
                for test in results["tests"].as_array().unwrap() {
                    assert!(test["points"].is_number() && test["max_points"].is_number(), "{name}");
                }
            }
        }
    }
    assert_eq!(json(&folder.read("out/prairielearn/cmallory.json"))["gradable"], false);
    assert_eq!(json(&folder.read("out/prairielearn/anowak.json"))["score"], 1.0);
}

/// Elements of well-formed XML in order, with their attributes; panics where it is not.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let (mut open, mut all) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{}", &rest[..at]);
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let (name, mut more) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !more.is_empty() {
            let (key, value) = more.split_once("=\"").unwrap();
            let (value, after) = value.split_once('"').unwrap();
            attributes.push((key.to_owned(), value.to_owned()));
            more = after.trim_start();
        }
        all.push((name.to_owned(), attributes));
        if !closed {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty());
    assert!(!xml.chars().any(|c| c.is_control() && c != '\n'));
    all
}

#[test]
fn junit_is_as_its_readers_want_it() {
    let folder = Folder::new();
    let (class, roster) = hostile(&folder);
    for output in
        [ridge(&["--format", "junit"]), gradmark(&["grade", PROBLEM, &class, "--roster", &roster, "--format", "junit"])]
    {
        let all = elements(&stdout(&output));
        let allowed: &[(&str, &[&str], &[&str])] = &[
            ("testsuites", &["name", "tests", "failures", "errors"], &["name", "tests", "failures", "errors"]),
            (
                "testsuite",
                &["name", "tests", "failures", "errors", "skipped"],
                &["name", "tests", "failures", "errors"],
            ),
            ("properties", &[], &[]),
            ("property", &["name", "value"], &["name", "value"]),
            ("testcase", &["name", "classname"], &["name"]),
            ("failure", &["message"], &[]),
            ("error", &["message"], &[]),
            ("skipped", &["message"], &[]),
        ];
        for (name, attributes) in &all {
            let rule = allowed.iter().find(|r| r.0 == name).unwrap_or_else(|| panic!("{name}"));
            assert!(attributes.iter().all(|a| rule.1.contains(&a.0.as_str())), "{name} {attributes:?}");
            assert!(rule.2.iter().all(|r| attributes.iter().any(|a| a.0 == *r)), "{name} {attributes:?}");
        }
        let count = |what: &str| all.iter().filter(|e| e.0 == what).count().to_string();
        let of = |key: &str| all[0].1.iter().find(|a| a.0 == key).unwrap().1.clone();
        assert_eq!((of("tests"), of("failures"), of("errors")), (count("testcase"), count("failure"), count("error")));
    }
    let all = elements(&stdout(&ridge(&["--format", "junit"])));
    let count = |what: &str| all.iter().filter(|e| e.0 == what).count();
    // Wrong, unreadable or broken, and not handed in.
    assert_eq!((count("failure"), count("error"), count("skipped")), (3, 3, 2));
}

#[test]
fn nothing_hostile_gets_through() {
    let folder = Folder::new();
    let (class, roster) = hostile(&folder);
    let out = folder.path("out");
    let output = gradmark(&["grade", PROBLEM, &class, "--roster", &roster, "--out", &out]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let files = folder.all("out");
    assert_eq!(files.iter().filter(|f| f.0.starts_with("feedback/")).count(), HOSTILE.len());
    for (name, text) in &files {
        if name.ends_with(".csv") {
            for cell in parse_table(text).iter().flatten() {
                let number = cell.parse::<f64>().is_ok();
                let evil = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']);
                assert!(number || !evil, "{name}: {cell:?}");
            }
            // A name that is a number may stand as a number only where a number is meant.
            assert!(!text.contains("\r\n-2,") && !text.contains(",-2,"), "{name}");
        }
        if name.ends_with(".html") || name.ends_with(".md") {
            let outside: String = if name.ends_with(".md") {
                // Fenced code is not markup.
                text.split("```").step_by(2).collect()
            } else {
                text.clone()
            };
            let lower = outside.to_lowercase();
            for bad in ["<script", "</script", "<img", "href=\"javascript", "](javascript", "\u{202e}"] {
                assert!(!lower.contains(bad), "{name}: {bad}\n{outside}");
            }
        }
    }
    for format in ["json", "markdown", "html", "csv", "canvas", "moodle", "junit", "nbgrader"] {
        let output = gradmark(&["grade", PROBLEM, &class, "--roster", &roster, "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{format}");
    }
}

#[test]
fn a_new_problem_file_can_be_graded_by() {
    let folder = Folder::new();
    let path = folder.path("new.toml");
    for args in [
        vec!["1/2 ||W'W x - x||^2", "--wrt", "W"],
        vec!["‖X w − y‖² + λ ‖w‖²", "--wrt", "w", "--assume", "lambda positive", "--title", "A \"title\" \\ and '''"],
        vec![
            "sum_{i=1}^{N} ||x_i - W s_i||^2",
            "--wrt",
            "W",
            "--shape",
            "W: d×h",
            "--shape",
            "x_i: d, i=1..N",
            "--shape",
            "s_i: h, i=1..N",
        ],
        vec![
            "log det K",
            "--let",
            "K = alpha X X' + beta^-1 I",
            "--wrt",
            "X",
            "--shape",
            "X: m×n",
            "--assume",
            "m < n",
        ],
        vec!["x' A x", "--wrt", "x", "--wrt", "x", "--layout", "either", "--points", "2.5"],
        vec!["sum(g(W x))", "--wrt", "W", "--shape", "g: elementwise"],
    ] {
        let output = gradmark(&[&["new"], args.as_slice(), &["--out", &path]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}\n{}", stderr(&output));
        let check = gradmark(&["check", &path]);
        assert_eq!(check.status.code(), Some(0), "{args:?}\n{}{}", stdout(&check), stderr(&check));
        assert!(folder.read("new.toml").contains("# derived: "), "{args:?}");
        // What is there is not written over.
        let again = gradmark(&["new", "x'x", "--wrt", "x", "--out", &path]);
        assert_eq!(again.status.code(), Some(2));
        assert!(stderr(&again).contains("it is there already"));
        std::fs::remove_file(&path).unwrap();
    }
    for bad in [
        vec!["x' A", "--wrt", "A", "--shape", "x: n", "--shape", "A: m×k"],
        vec!["x'x"],
        vec!["x'x", "--wrt", "x", "--points", "many"],
        vec!["x +", "--wrt", "x"],
    ] {
        let output = gradmark(&[&["new"], bad.as_slice()].concat());
        assert_eq!(output.status.code(), Some(2), "{bad:?}");
        assert!(output.stdout.is_empty(), "{bad:?}");
    }
}

#[test]
fn an_author_is_warned() {
    let folder = Folder::new();
    let path = folder.write("p.toml", "[symbols]\nX = [\"n\", \"d\"]\nw = [\"d\"]\n[objectives]\nL = \"‖X w‖²\"\nE = \"‖w‖²\"\n[aliases]\nL = [\"d\", \"E\", \"J\"]\nw = [\"J\", \"n\"]\n\
        [[questions]]\nid = \"1\"\nof = \"L\"\nwrt = \"w\"\n[[questions]]\nid = \"2\"\nof = \"L\"\nwrt = \"w\"\npoints = 0\n[[questions]]\nid = \"3\"\nask = \"definition\"\nof = \"g\"\n");
    let output = gradmark(&["check", &path]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for warning in [
        "warning[E0211]: the alias d of L is also a dimension",
        "warning[E0211]: the alias E of L is declared as something else",
        "warning[E0211]: J is an alias of L and of w",
        "warning[E0211]: the alias n of w is also a dimension",
        "warning[E0212]: questions 1 and 2 ask for the same, and no heading tells their answers apart",
        "warning[E0212]: question 2 gives no points",
        "warning[E0212]: question 3 asks for a definition and does not say what it has to satisfy",
    ] {
        assert!(text.contains(warning), "{warning}\n{text}");
    }
    assert!(stdout(&output).contains("symbols     X: n×d"), "{}", stdout(&output));
    // Nothing is said of the files here.
    for case in ["gp-lvm", "matrix-factorisation", "sparse-coding", "tied-autoencoder", "classes/ridge"] {
        assert_eq!(stderr(&gradmark(&["check", &format!("cases/{case}/problem.toml")])), "", "{case}");
    }
}
