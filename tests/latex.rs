//! Every document over the gallery compiles: explanations, exports and printed derivatives, set as one document by
//! pdflatex where there is one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

mod objectives;

use gradmark::check::RequestText;
use gradmark::explain::{Method, explain};
use gradmark::export::{self, Task};
use gradmark::problem::build;
use gradmark::report::explained;
use gradmark::syntax::Syntax;
use objectives::{files, requests};
use std::process::{Command, Stdio};

/// What the documents say of themselves that they need.
const PREAMBLE: &str = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n";

/// The bodies of the documents of one objective.
fn bodies(r: &RequestText) -> Vec<String> {
    let problem = build(&r.problem(), None).unwrap();
    let wrt = r.variables();
    let asked = r.asked(&wrt);
    let mut all = Vec::new();
    for method in [Method::Differentials, Method::Graph] {
        let (answer, explanation) = explain(&problem, &asked, Some(method));
        let e = explanation.unwrap_or_else(|| panic!("{}", r.objective));
        all.push(body(&explained::latex(&answer, &e)));
        all.push(format!("\\[\n{}\n\\]\n", answer.truth_text(Syntax::Latex).unwrap()));
    }
    let task = Task::new(&problem, &asked).unwrap_or_else(|f| panic!("{}: {}", r.objective, f.diagnostic.message));
    all.push(body(&export::latex(&task, "f")));
    all
}

/// What stands between the document's begin and end, after a head that asks for these packages only.
fn body(document: &str) -> String {
    let (head, rest) = document.split_once("\\begin{document}\n").unwrap();
    for line in head.lines().filter(|l| !l.is_empty()) {
        let known = ["\\documentclass{article}", "\\usepackage{amsmath,amssymb}"].contains(&line);
        assert!(known, "{line}");
    }
    rest.split_once("\\end{document}").unwrap().0.to_owned()
}

/// The errors of a document, with the lines at which they stand.
fn errors(document: &str) -> Option<Vec<String>> {
    let folder = std::env::temp_dir().join(format!("gradmark-latex-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("all.tex"), document).unwrap();
    let run = Command::new("pdflatex")
        .args(["-interaction=nonstopmode", "-file-line-error", "-no-shell-escape", "-draftmode", "all.tex"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output();
    let _ = std::fs::remove_dir_all(&folder);
    let output = run.ok()?;
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = document.lines().collect();
    let at = |l: &str| l.split(':').nth(1).and_then(|n| n.parse::<usize>().ok());
    let mut all: Vec<String> = log
        .lines()
        .filter(|l| l.starts_with("./all.tex:") || l.starts_with("! "))
        .map(|l| format!("{l}\n    {}", at(l).and_then(|n| lines.get(n - 1)).unwrap_or(&"")))
        .collect();
    if all.is_empty() && !output.status.success() {
        all.push(log);
    }
    Some(all)
}

#[test]
fn every_document_compiles() {
    let mut document = PREAMBLE.to_owned();
    let mut count = 0;
    for r in files().iter().flat_map(|f| requests(f)) {
        for body in bodies(&r) {
            document.push_str(&body);
            document.push_str("\n\\bigskip\n");
            count += 1;
        }
        document.push_str("\\clearpage\n");
    }
    document.push_str("\\end{document}\n");
    let Some(errors) = errors(&document) else {
        println!("SKIPPED: there is no pdflatex here");
        return;
    };
    println!("{count} documents, {} errors", errors.len());
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn an_error_is_found() {
    let document = format!("{PREAMBLE}\\[\n  \\frac{{1}}{{2\n\\]\n\\end{{document}}\n");
    if let Some(errors) = errors(&document) {
        assert!(!errors.is_empty());
    }
}
