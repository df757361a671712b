//! A person's last word about marks, and what a class is told of: nothing that was decided is lost or passed over, and
//! nothing that could not be read costs points.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, PROBLEM, ROSTER, gradmark, json, ridge, stderr, stdout};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::fs;

const HEAD: &str = "[symbols]\nA = [\"n\", \"n\"]\nx = [\"n\"]\n[objectives]\nL = \"x' A x\"\n[[questions]]\nid = \"1\"\nof = \"L\"\n\
    wrt = \"x\"\npoints = 10\n[questions.rubric]\n";
const RIGHT_STEP: &str = "$\\nabla_x (x^\\top x) = 2 x$\n\n";
const OPEN_STEP: &str = "$\\nabla_x (x^\\top x) = 2 \\smudge x$\n\n";
const WRONG_STEP: &str = "$\\nabla_x (x^\\top x) = 3 x$\n\n";
const WRONG: &str = "$\\nabla_x L = A x - A^\\top x$\n";

/// The only question of a submission under a rubric.
fn question(rubric: &str, text: &str) -> Value {
    let folder = Folder::new();
    let problem = folder.write("problem.toml", &format!("{HEAD}{rubric}\n"));
    let file = folder.write("a.md", text);
    let output = gradmark(&["grade", &problem, &file, "--format", "json"]);
    json(&stdout(&output))["submissions"][0]["questions"][0].clone()
}

#[test]
fn what_cannot_be_read_never_costs_what_it_might_have_earned() {
    for (rubric, text, awarded, open) in [
        // All steps might be right, and then the answer is wrong in its last step only.
        ("last_step = 7", format!("{RIGHT_STEP}{OPEN_STEP}{WRONG}"), 0.0, 7.0),
        ("last_step = 7\ndeduct = { sign = 4 }", format!("{OPEN_STEP}{WRONG}"), 6.0, 1.0),
        ("last_step = 7", format!("{WRONG_STEP}{OPEN_STEP}{WRONG}"), 0.0, 0.0),
        ("last_step = 7\ndeduct = { sign = 2 }", format!("{OPEN_STEP}{WRONG}"), 8.0, 0.0),
        // The answer might follow from a mistake in it.
        ("carried = 5", format!("{OPEN_STEP}{WRONG}"), 0.0, 5.0),
        ("carried = 5", format!("{RIGHT_STEP}{WRONG}"), 0.0, 0.0),
        ("carried = 5", format!("{WRONG}\n{OPEN_STEP}"), 0.0, 0.0),
        // A floor holds at once, and what it gives is not open once more.
        ("method = 4\nfloor = 1", format!("{OPEN_STEP}{WRONG}"), 1.0, 3.0),
        ("method = 4\nfloor = 1", WRONG.to_owned(), 1.0, 0.0),
        // A step may stand in what was not read, where there are wrong ones as well.
        ("method = 4", format!("{WRONG_STEP}$$ \\nabla_x {{ L $$\n\n{WRONG}"), 0.0, 4.0),
        ("method = 4", format!("{WRONG_STEP}{WRONG}"), 0.0, 0.0),
        ("method = 4\nsteps = 1", format!("{WRONG_STEP}$$ \\nabla_x {{ L $$\n\n{WRONG}"), 0.0, 0.0),
    ] {
        let q = question(rubric, &text);
        assert_eq!(q["awarded"].as_f64(), Some(awarded), "{rubric}\n{text}\n{q:#}");
        assert_eq!(q["open"].as_f64().or(Some(0.0)), Some(open), "{rubric}\n{text}\n{q:#}");
        assert_eq!(q["provisional"].as_bool().unwrap_or(false), open > 0.0, "{rubric}\n{text}\n{q:#}");
    }
}

/// A class of one, graded into a folder, and its marks file changed.
struct One {
    folder: Folder,
    out: String,
}

impl One {
    fn new(text: &str) -> Self {
        let folder = Folder::new();
        folder.write("class/anna.md", text);
        let out = folder.path("out");
        let one = Self { folder, out };
        one.grade();
        one
    }

    fn grade(&self) -> std::process::Output {
        gradmark(&["grade", PROBLEM, &self.folder.path("class"), "--out", &self.out])
    }

    /// Grades after a person wrote something else into the marks file.
    fn edited(&self, from: &str, to: &str) -> std::process::Output {
        let before = self.folder.read("out/marks.toml");
        assert!(before.contains(from), "{before}");
        fs::write(self.folder.path("out/marks.toml"), before.replacen(from, to, 1)).unwrap();
        self.grade()
    }
}

#[test]
fn a_person_marks_what_the_program_cannot_read() {
    let one = One::new("");
    let first = one.folder.read("out/marks.toml");
    assert!(
        first.contains("error = ") && first.contains("[[students.questions]]\nid = \"1\"\npoints = 5\n"),
        "{first}"
    );
    let output = one.edited("id = \"1\"\npoints = 5\n", "id = \"1\"\noverride = 3.5\ncomment = \"from the scan\"\n");
    assert_eq!(output.status.code(), Some(2), "the file is as unusable as before");
    let q = |i: usize| json(&one.folder.read("out/report.json"))["submissions"][0]["questions"][i].clone();
    assert_eq!((q(0)["awarded"].as_f64(), q(0)["provisional"].as_bool()), (Some(3.5), None));
    assert_eq!((q(1)["open"].as_f64(), q(1)["provisional"].as_bool()), (Some(10.0), Some(true)));
    assert!(one.folder.read("out/feedback/anna.md").contains("from the scan"));
    assert!(!one.folder.read("out/canvas.csv").contains("anna"), "the other question is open");
    // Once all is decided the mark is final; grading again keeps it.
    let second = one.folder.read("out/marks.toml");
    let last = second.rfind("id = \"2\"\n").unwrap();
    fs::write(
        one.folder.path("out/marks.toml"),
        format!("{}id = \"2\"\noverride = 8\n{}", &second[..last], &second[last + 9..]),
    )
    .unwrap();
    for _ in 0..2 {
        one.grade();
        assert!(one.folder.read("out/canvas.csv").contains(",11.5\r\n"), "{}", one.folder.read("out/canvas.csv"));
    }
}

#[test]
fn a_student_of_the_roster_may_have_handed_in_on_paper() {
    let folder = Folder::new();
    let out = folder.path("out");
    ridge(&["--out", &out]);
    let first = folder.read("out/marks.toml");
    let at = first.find("key = \"eevans\"").unwrap();
    let more = first[at..].replacen("id = \"1\"\n", "id = \"1\"\noverride = 4\n", 1).replacen(
        "id = \"2\"\n",
        "id = \"2\"\noverride = 1\n",
        1,
    );
    fs::write(folder.path("out/marks.toml"), format!("{}{more}", &first[..at])).unwrap();
    ridge(&["--out", &out]);
    assert!(folder.read("out/canvas.csv").contains("\"Evans, Eli\",105,S-105,eevans,B,5\r\n"));
    let report = folder.read("out/report.html");
    assert!(report.contains("Decided by a person") && report.contains("<td>question 1</td><td>0</td><td>4</td>"));
}

#[test]
fn what_a_person_wrote_is_never_passed_over() {
    let text = "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) - 2 \\lambda w$\n\n## Problem 2\n$\\nabla_W L = W$\n";
    let said = |from: &str, to: &str| {
        let one = One::new(text);
        let before = one.folder.all("out");
        let output = one.edited(from, to);
        let is_refused = output.status.code() == Some(2);
        if is_refused {
            let kept =
                |all: Vec<(String, String)>| -> Vec<_> { all.into_iter().filter(|f| f.0 != "marks.toml").collect() };
            assert_eq!(kept(one.folder.all("out")), kept(before), "nothing else is touched");
            assert!(one.folder.read("out/marks.toml").contains(to), "nor is what the person wrote");
        }
        (is_refused, stderr(&output))
    };
    // Another number than the one to write over.
    let (refused, text) = said("awarded = 2\nlines", "awarded = 4\nlines");
    assert!(refused && text.contains("write `override = 4`"), "{text}");
    // A question twice, of which one would win.
    let (refused, text) = said("lines = [2]\n", "override = 1\n\n[[students.questions]]\nid = \"1\"\noverride = 3\n");
    assert!(refused && text.contains("anna, question 1: it stands here twice"), "{text}");
    // A student twice, of whom one would win.
    let anna = "\n[[students]]\nkey = \"anna\"\n";
    let (refused, text) = said(anna, &format!("{anna}comment = \"x\"\n{anna}"));
    assert!(refused && text.contains("the student anna stands here twice"), "{text}");
    // What there is not.
    let (refused, text) = said("lines = [2]\n", "\n[[students.questions]]\nid = \"7\"\noverride = 3\n");
    assert!(!refused && text.contains("anna: there is no question 7"), "{text}");
}

#[test]
fn a_decision_about_nobody_is_kept_and_said() {
    let one = One::new("## Problem 1\n$\\nabla_w E = w$\n");
    let marks = one.folder.read("out/marks.toml");
    let more = "\n[[students]]\nkey = \"zoe\"\n\n[[students.questions]]\nid = \"1\"\noverride = 3\n";
    fs::write(one.folder.path("out/marks.toml"), format!("{marks}{more}")).unwrap();
    let output = one.grade();
    assert!(stderr(&output).contains("zoe: what was decided counts nowhere"), "{}", stderr(&output));
    assert!(one.folder.read("out/marks.toml").contains("key = \"zoe\""));
}

#[test]
fn a_verdict_set_right_takes_its_mistake_with_it() {
    let follows = "## Problem 1\n$\\nabla_w \\|X w - y\\|^2 = X^\\top (X w - y)$\n\n$\\nabla_w E = X^\\top (X w - y) + 2 \\lambda w$\n";
    let one = One::new(follows);
    let before = json(&one.folder.read("out/report.json"))["submissions"][0].clone();
    assert_eq!(before["claims"][0]["verdict"], "incorrect", "{before:#}");
    let output = one.edited(
        "source = '\\nabla_w \\|X w - y\\|^2 = X^\\top (X w - y)'\nverdict = \"incorrect\"\n",
        "source = '\\nabla_w \\|X w - y\\|^2 = X^\\top (X w - y)'\nverdict = \"incorrect\"\noverride = \"correct\"\n",
    );
    let after = json(&one.folder.read("out/report.json"))["submissions"][0].clone();
    let claim = &after["claims"][0];
    assert_eq!((claim["verdict"].as_str(), claim["computed"].as_str()), (Some("correct"), Some("incorrect")));
    assert_eq!(claim["diagnosis"], serde_json::json!([]), "{}", stderr(&output));
    if after["claims"][1]["verdict"] == "carried" {
        let q = &after["questions"][0];
        assert_eq!(q["provisional"], true, "what followed from it has to be looked at: {q:#}");
    }
}

#[test]
fn two_files_of_one_student_are_for_a_person_to_choose_from() {
    let folder = Folder::new();
    let right = "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n\n## Problem 2\n\
        $\\nabla_W L = W (W^\\top W z z^\\top + z z^\\top W^\\top W - 2 z z^\\top)$\n";
    folder.write("class/Smith_11_a.md", right);
    folder.write("class/Smith_11_b.md", "## Problem 1\n$\\nabla_w E = w$\n");
    folder.write("class/Jones_12_a.md", right);
    folder.write("class/odd.md", right);
    let (class, out) = (folder.path("class"), folder.path("out"));
    let grade = |more: &[&str]| {
        let args = ["grade", PROBLEM, &class, "--student", "{name}_{id}_*", "--out", &out];
        gradmark(&[&args, more].concat())
    };
    let output = grade(&[]);
    let said = stderr(&output);
    assert!(
        said.contains("1 of 3 students is not in the gradebook files, because more than one file was handed in"),
        "{said}"
    );
    assert!(said.contains("the name of ") && said.contains("odd.md does not fit --student"), "{said}");
    let canvas = folder.read("out/canvas.csv");
    assert!(canvas.contains("Jones") && !canvas.contains("Smith"), "{canvas}");
    // The refused file is no change of marks, and can be graded again.
    let again = grade(&["--against", &out]);
    assert!(stdout(&again).contains("no marks changed since"), "{}", stdout(&again));
    assert!(!stderr(&again).contains("E0604"), "{}", stderr(&again));
    assert!(stdout(&again).contains("need a person") || stdout(&again).contains("needs a person"));
}

#[test]
fn gradebooks_hold_only_students_of_the_roster() {
    let folder = Folder::new();
    let right = "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n\n## Problem 2\n\
        $\\nabla_W L = W (W^\\top W z z^\\top + z z^\\top W^\\top W - 2 z z^\\top)$\n";
    folder.write("class/anowak.md", right);
    folder.write("class/nobody.md", right);
    let class = folder.path("class");
    for format in ["canvas", "moodle", "nbgrader"] {
        let output = gradmark(&["grade", PROBLEM, &class, "--roster", ROSTER, "--format", format]);
        let text = stdout(&output);
        // One user that is not known stops the whole import of Moodle.
        assert!(text.contains("anowak") && !text.contains("nobody"), "{text}");
    }
    let output = gradmark(&["grade", PROBLEM, &class, "--roster", ROSTER, "--out", &folder.path("out")]);
    assert!(stderr(&output).contains("because the roster does not list them"), "{}", stderr(&output));
    assert!(folder.read("out/marks.csv").contains("nobody"), "the table has everybody");
}

#[test]
fn a_run_ends_with_a_summary_and_who_needs_a_person() {
    let text = stdout(&ridge(&[]));
    let end = &text[text.find("3 submissions graded, 1 could not be graded, 1 not handed in\n").unwrap()..];
    assert!(end.contains("2 final marks: 12.5 of 15 on average, from 10 to 15\n"), "{end}");
    assert!(end.contains("2 need a person:\n  cmallory "), "{end}");
    assert!(end.contains("question 2: ") && end.contains("ddiaz.md is empty"), "{end}");
    // One submission needs no summary.
    let one = gradmark(&["grade", PROBLEM, "cases/classes/ridge/submissions/boberg.tex"]);
    assert!(!stdout(&one).contains("graded"), "{}", stdout(&one));
}

#[test]
fn a_submission_cannot_move_the_cursor() {
    let folder = Folder::new();
    let evil = "## Problem 1\n$\\nabla_w E = \\text{\u{1b}[2J} 2 X^\\top (X w - y)$\n\n$\\nabla_w E = 2 \\lambda\u{9b}1m w\u{202e}$\n";
    folder.write("class/a\u{1b}[31mb.md", evil);
    folder.write("class/empty\u{1b}[31m.md", "");
    let output = gradmark(&["grade", PROBLEM, &folder.path("class")]);
    for text in [stdout(&output), stderr(&output)] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
    assert!(stdout(&output).contains("a‹U+001B›[31mb.md"), "{}", stdout(&output));
}

#[test]
fn files_in_two_bytes_a_character_are_read() {
    let folder = Folder::new();
    let text = "## Problem 1\n$∇_w E = 2 Xᵀ (X w − y) + 2 λ w$\n";
    fs::create_dir_all(folder.path("class")).unwrap();
    for (name, mark, bytes) in
        [("little", [0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ("big", [0xfe, 0xff], u16::to_be_bytes)]
    {
        let units: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect();
        let path = folder.path(&format!("class/{name}.md"));
        fs::write(&path, &units).unwrap();
        let output = gradmark(&["grade", PROBLEM, &path, "--format", "json"]);
        let q = json(&stdout(&output))["submissions"][0]["questions"][0].clone();
        assert_eq!(q["awarded"].as_f64(), Some(3.0), "{name}: {q:#}\n{}", stderr(&output));
        // Half a character is none.
        fs::write(&path, &units[..units.len() - 1]).unwrap();
        let output = gradmark(&["grade", PROBLEM, &path, "--format", "json"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
}

#[test]
fn who_worked_together_hands_in_one_file() {
    let folder = Folder::new();
    folder.write("class/pair.md", "## Problem 1\n$\\nabla_w E = 2 X^\\top (X w - y) + 2 \\lambda w$\n");
    folder.write("class/ann.md", "## Problem 1\n$\\nabla_w E = w$\n");
    let roster = folder.write(
        "roster.csv",
        "username,name,email,file\nann1,Ann,ann@a.org,\nann2,Anne,ann@b.org,\nbob,Bob,,pair.md\ncy,Cy,,pair.md\n",
    );
    let output = gradmark(&["grade", PROBLEM, &folder.path("class"), "--roster", &roster, "--format", "json"]);
    let all = json(&stdout(&output))["submissions"].clone();
    let of = |key: &str| {
        let all = all.as_array().unwrap();
        all.iter().find(|s| s["student"]["key"] == key).unwrap_or_else(|| panic!("{key}: {all:#?}")).clone()
    };
    for key in ["bob", "cy"] {
        assert_eq!((of(key)["awarded"].as_f64(), of(key)["error"].is_null()), (Some(3.0), true), "{key}");
    }
    assert_eq!(of("bob")["student"], serde_json::json!({"key": "bob", "login": "bob", "name": "Bob"}));
    // An address that may be two students' is nobody's: neither is given what the other did.
    for key in ["ann1", "ann2"] {
        assert_eq!(of(key)["error"]["message"], "no submission");
    }
    assert!(stderr(&output).contains("lists nobody, or more than one student, for "), "{}", stderr(&output));
}

#[test]
fn a_word_that_is_nearly_a_key_is_named() {
    let folder = Folder::new();
    for (from, to, hint) in [
        ("points", "piont", "did you mean `points`?"),
        ("[objectives]", "[objektives]", "did you mean `objectives`?"),
        ("[questions.rubric]", "[questions.rubric]\ndeduct = { sing = 1 }", "did you mean `sign`?"),
        ("[questions.rubric]", "[questions.rubric]\nlast_stpe = 1", "did you mean `last_step`?"),
        ("[questions.rubric]", "[questions.rubric]\nbonus = 1", "for the keys"),
    ] {
        let problem = folder.write("problem.toml", &HEAD.replacen(from, to, 1));
        let output = gradmark(&["check", &problem]);
        assert_eq!(output.status.code(), Some(2), "{to}");
        assert!(stderr(&output).contains(hint), "{to}: {}", stderr(&output));
    }
}

#[test]
fn marks_that_moodle_would_not_take_are_said() {
    let folder = Folder::new();
    folder.write("class/a.md", "$\\nabla_x L = A x + A^\\top x$\n");
    for (points, is_said) in [("100", false), ("100.5", true)] {
        let problem = folder.write("problem.toml", &HEAD.replacen("points = 10", &format!("points = {points}"), 1));
        let output = gradmark(&["grade", &problem, &folder.path("class"), "--out", &folder.path("out")]);
        assert_eq!(stderr(&output).contains("Moodle takes a mark of more than 100"), is_said, "{}", stderr(&output));
    }
}
