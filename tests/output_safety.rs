//! What a stranger writes is shown and never obeyed: by a terminal, a browser, a spreadsheet or this program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, gradmark, stderr, stdout};
use std::process::Output;

const PROBLEM: &str = "cases/tied-autoencoder/problem.toml";

/// What clears screens, recolours them, turns lines round, hides letters, or is taken for one of those.
const NASTY: [&str; 9] = [
    "\u{1b}[2J\u{1b}[1;32mcorrect\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{8}\u{8}\u{8}",
    "\r100 points",
    "\u{202e}thgir\u{202c}",
    "\u{2066}x\u{2069}",
    "W\u{200b}\u{200d}\u{feff}\u{2060}",
    "\u{e0041}\u{2028}\u{85}",
];

/// Whether a terminal or a reader would obey a character, or nobody would see it.
fn obeyed(c: char) -> bool {
    let spaces = matches!(c, '\n' | '\t');
    !spaces && c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

fn safe(what: &str, output: &Output) {
    // Joiners are part of names in many languages, and only a terminal cannot draw them.
    let drawn = ["markdown", "html", "junit", "gradescope", "prairielearn"].contains(&what);
    for text in [stdout(output), stderr(output)] {
        let bad = text.chars().find(|c| obeyed(*c) && !(drawn && matches!(c, '\u{200c}' | '\u{200d}')));
        assert!(bad.is_none(), "{what}: {bad:?} in\n{text:?}");
        assert!(!text.contains("panicked"), "{what}: {text}");
    }
}

#[test]
fn formulas_are_shown_and_not_obeyed() {
    for nasty in NASTY {
        let equation = format!("∇_x {nasty} x'x = 2 {nasty} x");
        for more in [&["--format", "text"][..], &["--format", "json"]] {
            safe(nasty, &gradmark(&[&["check", &equation][..], more].concat()));
        }
        safe(nasty, &gradmark(&["check", "--read", nasty]));
        safe(nasty, &gradmark(&["derive", nasty, "--wrt", "x"]));
        safe(nasty, &gradmark(&["derive", "x'x", "--wrt", nasty]));
        safe(nasty, &gradmark(&["derive", "x'x", "--wrt", "x", "--let", &format!("{nasty} = x")]));
        safe(nasty, &gradmark(&["derive", "x'x", "--wrt", "x", "--shape", &format!("{nasty}: n")]));
        safe(nasty, &gradmark(&["help", nasty]));
        safe(nasty, &gradmark(&[&format!("--{nasty}")]));
        safe(nasty, &gradmark(&["check", &format!("{nasty}.toml")]));
    }
}

#[test]
fn problem_files_are_shown_and_not_obeyed() {
    let folder = Folder::new();
    for (i, nasty) in NASTY.iter().enumerate() {
        let quoted = serde_json::to_string(nasty).unwrap();
        for (j, text) in [
            format!("{{\"title\":{quoted},\"symbols\":{{\"x\":[\"n\"]}},\"objectives\":{{\"L\":\"x'x\"}}}}"),
            format!("{{\"title\":\"t\",\"symbols\":{{{quoted}:[\"n\"]}},\"objectives\":{{\"L\":\"x'x\"}}}}"),
            format!("{{\"title\":\"t\",\"symbols\":{{\"x\":[\"n\"]}},\"objectives\":{{\"L\":{quoted}}}}}"),
            format!("{{{quoted}:1}}"),
        ]
        .iter()
        .enumerate()
        {
            let path = folder.write(&format!("p{i}-{j}.json"), text);
            safe(nasty, &gradmark(&["check", &path]));
        }
        let raw = folder.write(&format!("raw{i}.toml"), &format!("title = \"{nasty}\"\n{nasty} = 1\n"));
        safe(nasty, &gradmark(&["check", &raw]));
    }
}

#[test]
fn submissions_and_their_names_are_shown_and_not_obeyed() {
    let folder = Folder::new();
    for (i, nasty) in NASTY.iter().enumerate() {
        let text = format!(
            "# {nasty}\n\n$$\\nabla_W L = {nasty} W$$\n\n{nasty}\n\n$$\\nabla_W {nasty} = W$$\n\n\
             $$\\nabla_W L = W (W^\\top W x x^\\top + x x^\\top W^\\top W + 2 x x^\\top)$$\n"
        );
        let path = folder.write(&format!("{i}{}.md", nasty.replace(['\0', '/'], "_")), &text);
        for format in ["text", "json", "markdown", "html", "junit", "gradescope", "prairielearn"] {
            let output = gradmark(&["grade", PROBLEM, &path, "--format", format]);
            assert!(output.status.code().is_some_and(|c| c < 4), "{format}: {}", stderr(&output));
            safe(format, &output);
        }
        let table = stdout(&gradmark(&["grade", PROBLEM, &path, "--format", "csv"]));
        assert!(!table.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')), "{table:?}");
    }
}

#[test]
fn nothing_is_executed_included_or_fetched() {
    let folder = Folder::new();
    let secret = folder.write("secret.txt", "treasure");
    let touched = folder.path("touched");
    let text = format!(
        "\\input{{{secret}}}\n\\include{{{secret}}}\n\\immediate\\write18{{touch {touched}}}\n\
         ![x](http://127.0.0.1:9/x) `$(touch {touched})`\n\
         $$\\nabla_W L = \\input{{{secret}}} \\write18{{touch {touched}}} W$$\n\
         \\begin{{lstlisting}}[language=bash]\ntouch {touched}\n\\end{{lstlisting}}\n"
    );
    for name in ["a.md", "a.tex", "$(touch touched).md", "`touch touched`.txt"] {
        let path = folder.write(name, &text);
        for format in ["text", "html", "markdown", "json"] {
            let shown = stdout(&gradmark(&["grade", PROBLEM, &path, "--format", format]));
            assert!(!shown.contains("treasure"), "{shown}");
            // A report asks for nothing from anywhere.
            assert!(!shown.contains("src=\"http") && !shown.contains("![x](http"), "{shown}");
        }
    }
    assert!(!std::path::Path::new(&touched).exists());
    assert!(!std::path::Path::new("touched").exists());
    let refused = gradmark(&["derive", "\\input{secret} x", "--wrt", "x"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stdout(&refused));
}
