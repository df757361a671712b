//! A class graded into a folder: marks by the rubric, a person's last word, and results that are written whole or not
//! at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{CLASS, Folder, PROBLEM, gradmark, json, ridge, stderr, stdout};
use std::fs;

#[test]
fn marks_follow_the_rubric() {
    let output = ridge(&["--format", "json"]);
    assert_eq!(output.status.code(), Some(2), "an empty submission is no result");
    let all = json(&stdout(&output));
    let mark = |s: usize, q: usize| &all["submissions"][s]["questions"][q];
    // Everything right.
    assert_eq!((mark(0, 0)["awarded"].as_f64(), mark(0, 1)["awarded"].as_f64()), (Some(5.0), Some(10.0)));
    // A sign costs 1 of 3 by the question's rubric, no steps are shown; a factor costs a fifth by the file's.
    assert_eq!((mark(1, 0)["awarded"].as_f64(), mark(1, 1)["awarded"].as_f64()), (Some(2.0), Some(8.0)));
    assert_eq!(mark(1, 0)["parts"][0]["lines"], serde_json::json!([3]));
    // A factor costs half a point, and the step before it is right.
    assert_eq!(mark(2, 0)["awarded"].as_f64(), Some(4.5));
    // What could not be read takes nothing: it is open.
    assert_eq!((mark(2, 1)["provisional"].as_bool(), mark(2, 1)["open"].as_f64()), (Some(true), Some(10.0)));
    for s in all["submissions"].as_array().unwrap() {
        let questions = s["questions"].as_array().unwrap();
        let sum = |key: &str| questions.iter().map(|q| q[key].as_f64().unwrap()).sum::<f64>();
        if s["awarded"].is_number() {
            assert!((s["awarded"].as_f64().unwrap() - sum("awarded")).abs() < 1e-9);
        }
        for q in questions {
            let parts: f64 = q["parts"].as_array().unwrap().iter().map(|p| p["points"].as_f64().unwrap()).sum();
            assert!((parts - q["awarded"].as_f64().unwrap()).abs() < 1e-9, "{q}");
        }
    }
}

#[test]
fn without_a_rubric_the_final_answer_has_all_points() {
    let output = gradmark(&["grade", "cases/gp-lvm/problem.toml", "cases/gp-lvm/sign.md", "--format", "json"]);
    let questions = json(&stdout(&output))["submissions"][0]["questions"].clone();
    let awarded: Vec<f64> = (0..3).map(|i| questions[i]["awarded"].as_f64().unwrap()).collect();
    assert_eq!(awarded, [8.0, 6.0, 0.0]);
}

#[test]
fn rules_for_wrong_answers() {
    let folder = Folder::new();
    let head = "[symbols]\nA = [\"n\", \"n\"]\nx = [\"n\"]\n[objectives]\nL = \"x' A x\"\n[[questions]]\nid = \"1\"\nof = \"L\"\n\
                wrt = \"x\"\npoints = 10\n[questions.rubric]\n";
    let steps = "$\\nabla_x (x^\\top x) = 2 x$\n\n";
    let wrong = "$\\nabla_x L = A x - A^\\top x$\n";
    let follows = "$\\nabla_x L = A x - A^\\top x$\n\n$\\nabla_x L = (A - A^\\top) x$\n";
    for (rubric, text, awarded) in [
        ("", format!("{steps}{wrong}"), 0.0),
        ("deduct = { sign = 4 }", format!("{steps}{wrong}"), 6.0),
        ("deduct = { factor = 4 }", format!("{steps}{wrong}"), 0.0),
        ("deduct = { sign = 9 }\nfloor = 2", wrong.to_owned(), 2.0),
        ("last_step = 7", format!("{steps}{wrong}"), 7.0),
        ("last_step = 7", wrong.to_owned(), 0.0),
        ("method = 4", format!("{steps}{wrong}"), 4.0),
        ("method = 4\nsteps = 2", format!("{steps}{wrong}"), 2.0),
        ("method = \"30%\"\nsteps = 7\nround = \"0.5\"", format!("{steps}{wrong}"), 0.5),
        ("deduct = { sign = 4 }", follows.to_owned(), 6.0),
        ("deduct = { sign = 4 }\ncarried = 8", follows.to_owned(), 8.0),
        ("carried = 8", wrong.to_owned(), 0.0),
    ] {
        let problem = folder.write("problem.toml", &format!("{head}{rubric}\n"));
        let file = folder.write("a.md", &text);
        let output = gradmark(&["grade", &problem, &file, "--format", "json"]);
        let all = json(&stdout(&output));
        let q = &all["submissions"][0]["questions"][0];
        assert_eq!(q["awarded"].as_f64(), Some(awarded), "{rubric}\n{text}\n{q:#}\n{}", stderr(&output));
    }
}

#[test]
fn a_persons_last_word_is_kept_and_shown() {
    let folder = Folder::new();
    let submission = folder.write(
        "class/anna.md",
        "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) - 2 \\lambda w$\n\n## Problem 2\n$\\nabla_W L = W$\n",
    );
    let out = folder.path("out");
    let grade = || gradmark(&["grade", PROBLEM, &folder.path("class"), "--out", &out]);
    assert_eq!(grade().status.code(), Some(1));
    let first = folder.read("out/marks.toml");
    assert!(first.contains("computed = 2\nawarded = 2\n"), "{first}");
    // A mark, a verdict and words.
    let edited = first
        .replacen("awarded = 2\nlines", "override = 4.5\ncomment = \"nearly = right\"\nawarded = 2\nlines", 1)
        .replacen(
            "source = '\\nabla_W L = W'\nverdict = \"incorrect\"\n",
            "source = '\\nabla_W L = W'\nverdict = \"incorrect\"\noverride = \"correct\"\n",
            1,
        );
    assert_ne!(first, edited);
    fs::write(folder.path("out/marks.toml"), &edited).unwrap();
    let again = grade();
    assert_eq!(stderr(&again), "");
    let second = folder.read("out/marks.toml");
    assert!(second.contains("awarded = 14.5\npoints = 15\n"), "{second}");
    assert!(second.contains("override = 4.5\ncomment = \"nearly = right\"\n"), "{second}");
    assert!(second.contains("verdict = \"incorrect\"\noverride = \"correct\"\n"), "{second}");
    assert_eq!(folder.read("out/marks.previous.toml"), edited);
    assert!(folder.read("out/feedback/anna.md").contains("nearly = right"));
    // Grading the same once more changes nothing but what the file was.
    grade();
    assert_eq!(folder.read("out/marks.toml"), second);
    // The submission changes: the decisions stay, and it is said that the program would now decide otherwise.
    fs::write(
        &submission,
        "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n\n## Problem 2\n$\\nabla_W L = 2 W$\n",
    )
    .unwrap();
    let changed = grade();
    let said = stderr(&changed);
    assert!(said.contains("anna: question 1: the program gave 2 and now gives 3; your 4.5 was kept"), "{said}");
    assert!(
        said.contains("anna: a verdict was set for a claim that is not there any more, line 5: \\nabla_W L = W"),
        "{said}"
    );
    let third = folder.read("out/marks.toml");
    assert!(third.contains("override = 4.5") && third.contains("override = \"correct\""), "{third}");
    // The student is not in the class any more: nothing of what was decided is lost.
    fs::rename(&submission, folder.path("class/ben.md")).unwrap();
    grade();
    let fourth = folder.read("out/marks.toml");
    assert!(fourth.contains("# This student was not in the last run.\n[[students]]\nkey = \"anna\"\n"), "{fourth}");
    assert!(fourth.contains("override = 4.5") && fourth.contains("override = \"correct\""), "{fourth}");
}

#[test]
fn a_marks_file_that_cannot_be_read_stops_everything() {
    let folder = Folder::new();
    let out = folder.path("out");
    ridge(&["--out", &out]);
    let before = folder.all("out");
    for bad in [
        "schema = 1\n[[students]]\nkey = \"a\"\noverrride = 3\n",
        "schema = 2\n",
        "schema = 1\nstudents = 3\n",
        "\u{0}",
        "schema = 1\n[[students]]\nkey = \"a\"\n[[students.questions]]\nid = \"1\"\noverride = -3\n",
        "schema = 1\n[[students]]\nkey = \"a\"\n[[students.claims]]\nsource = \"x\"\noverride = \"rigth\"\n",
    ] {
        fs::write(folder.path("out/marks.toml"), bad).unwrap();
        let output = ridge(&["--out", &out]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(stderr(&output).contains("error[E0604]"), "{bad}: {}", stderr(&output));
        assert_eq!(folder.read("out/marks.toml"), bad);
    }
    fs::write(folder.path("out/marks.toml"), &before.iter().find(|f| f.0 == "marks.toml").unwrap().1).unwrap();
    assert_eq!(folder.all("out"), before);
}

#[test]
fn the_same_files_with_one_thread_and_many_and_from_kept_results() {
    let folder = Folder::new();
    let out = |n: &str| folder.path(n);
    ridge(&["--out", &out("one"), "--threads", "1"]);
    ridge(&["--out", &out("many"), "--threads", "4"]);
    let first = folder.all("one");
    assert_eq!(first, folder.all("many"));
    let without_previous = |name: &str| -> Vec<(String, String)> {
        folder.all(name).into_iter().filter(|f| f.0 != "marks.previous.toml").collect()
    };
    // Again, from what was kept.
    ridge(&["--out", &out("one")]);
    assert_eq!(without_previous("one"), first);
    // What was kept is damaged: it is graded anew.
    for entry in fs::read_dir(out("one/.gradmark/results")).unwrap() {
        fs::write(entry.unwrap().path(), "{\"base\":").unwrap();
    }
    ridge(&["--out", &out("one")]);
    assert_eq!(without_previous("one"), first);
    ridge(&["--out", &out("one"), "--fresh"]);
    assert_eq!(without_previous("one"), first);
}

#[test]
fn results_of_other_submissions_are_not_taken() {
    let folder = Folder::new();
    let file = folder.write("class/anna.md", "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n");
    let grade = || gradmark(&["grade", PROBLEM, &folder.path("class"), "--out", &folder.path("out")]);
    grade();
    assert!(folder.read("out/marks.csv").contains(",1,5,3,"), "{}", folder.read("out/marks.csv"));
    fs::write(&file, "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 3 \\lambda w$\n").unwrap();
    grade();
    assert!(folder.read("out/marks.csv").contains(",1,5,2.5,"), "{}", folder.read("out/marks.csv"));
}

#[test]
fn an_interrupted_run_changes_nothing_or_is_completed() {
    let folder = Folder::new();
    let out = folder.path("out");
    ridge(&["--out", &out]);
    folder.write("out/notes.txt", "mine");
    let before = folder.all("out");
    // Ended while the files were written: there is no list, and nothing of it counts.
    folder.write("out/.gradmark/next/marks.csv", "half");
    let output = gradmark(&["grade", "missing.toml", CLASS, "--out", &out]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.all("out"), before);
    // Ended while the files were put in place: the next run completes it, even if it fails itself.
    folder.write("out/.gradmark/next/marks.csv", "whole");
    folder.write("out/.gradmark/next/marks.toml", "this is no marks file");
    folder.write("out/.gradmark/commit", "marks.toml\nmarks.csv\nreport.html\n../outside\n/tmp/outside\n");
    let output = gradmark(&["grade", PROBLEM, CLASS, "--student", "{", "--out", &out]);
    assert_eq!(output.status.code(), Some(2), "a bad pattern");
    assert_eq!(folder.all("out"), before, "nothing is opened by a command that cannot run");
    let output = ridge(&["--out", &out]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.read("out/marks.csv"), "whole");
    assert!(folder.has("out/report.html") && !folder.has("out/junit.xml"), "what that run did not write is gone");
    assert_eq!(folder.read("out/notes.txt"), "mine");
    assert!(!folder.has("outside"));
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let folder = Folder::new();
    let out = folder.path("out");
    ridge(&["--out", &out]);
    let before = folder.all("out");
    // A folder stands where a file has to be made.
    fs::create_dir_all(folder.path("out/.gradmark/commit.part")).unwrap();
    let output = ridge(&["--out", &out]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[E0605]"), "{}", stderr(&output));
    assert_eq!(folder.all("out"), before);
    let file = folder.write("file", "x");
    let output = ridge(&["--out", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.read("file"), "x");
}

#[test]
fn files_that_this_run_does_not_make_are_removed_and_others_stay() {
    let folder = Folder::new();
    folder.write("class/anna.md", "## Problem 1\n$\\nabla_w E = w$\n");
    let ben = folder.write("class/ben.md", "## Problem 1\n$\\nabla_w E = w$\n");
    let grade = || gradmark(&["grade", PROBLEM, &folder.path("class"), "--out", &folder.path("out")]);
    grade();
    folder.write("out/feedback/mine.md", "mine");
    assert!(folder.has("out/feedback/ben.md"));
    fs::remove_file(ben).unwrap();
    grade();
    assert!(
        !folder.has("out/feedback/ben.md") && folder.has("out/feedback/anna.md") && folder.has("out/feedback/mine.md")
    );
}

#[test]
fn changes_against_an_earlier_run() {
    let folder = Folder::new();
    let file = folder.write("class/anna.md", "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n");
    let (class, out) = (folder.path("class"), folder.path("out"));
    gradmark(&["grade", PROBLEM, &class, "--out", &out]);
    let output = gradmark(&["grade", PROBLEM, &class, "--against", &out]);
    assert!(stdout(&output).contains(&format!("no marks changed since {out}")), "{}", stdout(&output));
    fs::write(&file, "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) - 2 \\lambda w$\n").unwrap();
    folder.write("class/ben.md", "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n");
    let output = gradmark(&["grade", PROBLEM, &class, "--against", &out]);
    let text = stdout(&output);
    assert!(text.contains("2 marks changed"), "{text}");
    assert!(text.contains("3 → 2") && text.contains("none → 3"), "{text}");
    let output = gradmark(&["grade", PROBLEM, &class, "--against", &out, "--format", "json"]);
    assert_eq!(json(&stdout(&output))["changes"].as_array().unwrap().len(), 2);
    let output = gradmark(&["grade", PROBLEM, &class, "--against", &folder.path("none")]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn one_file_for_each_student() {
    let folder = Folder::new();
    folder.write("class/Smith_11_a.md", "## Problem 1\n$\\nabla_w E = w$\n");
    folder.write("class/Smith_11_b.md", "## Problem 1\n$\\nabla_w E = w$\n");
    folder.write("class/Jones_12_a.md", "## Problem 1\n$\\nabla_w E = w$\n");
    let output = gradmark(&["grade", PROBLEM, &folder.path("class"), "--student", "{name}_{id}_*", "--format", "csv"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stdout(&output);
    assert!(text.contains("\r\n12,Jones,") && text.contains("handed in for the same student"), "{text}");
    let output = gradmark(&["grade", PROBLEM, &folder.path("nothing")]);
    assert_eq!(output.status.code(), Some(2));
    fs::create_dir_all(folder.path("empty")).unwrap();
    let output = gradmark(&["grade", PROBLEM, &folder.path("empty")]);
    assert!(stderr(&output).contains("holds no submission"), "{}", stderr(&output));
}
