//! Every command shown in README.md and docs/ is run, and prints what is shown.
//!
//! A ```` ```console ```` block holds commands after `$ `, each followed by what it prints (standard output, then
//! standard error), and by `? 1` first where the exit status is not 0. `UPDATE=1` writes the outputs anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a command prints, as it is written in a document.
fn run(command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_gradmark"));
    let path = std::env::join_paths(
        std::iter::once(program.parent().unwrap().to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    // On a fresh machine the program is built by the command itself.
    let command = command.replace("cargo run --release -- ", "gradmark ");
    let output = Command::new("sh").arg("-c").arg(&command).current_dir(root()).env("PATH", path).output().unwrap();
    let mut text = String::new();
    match output.status.code() {
        Some(0) => {}
        code => text.push_str(&format!("? {}\n", code.unwrap_or(-1))),
    }
    text.push_str(&String::from_utf8(output.stdout).unwrap());
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    text.lines().map(|l| format!("{}\n", l.trim_end())).collect()
}

/// Commands that cannot be run from inside the tests: the tests themselves, and installing.
fn is_outside(command: &str) -> bool {
    ["cargo test", "cargo install --path ."].contains(&command)
}

/// The document with every output written anew.
fn refreshed(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.trim() != "```console" {
            continue;
        }
        while let Some(line) = lines.next() {
            if line.trim() == "```" {
                out.push_str(line);
                out.push('\n');
                break;
            }
            let Some(first) = line.strip_prefix("$ ") else { continue };
            out.push_str(line);
            out.push('\n');
            let mut command = first.to_owned();
            while command.ends_with('\\') {
                let more = lines.next().unwrap_or_default();
                out.push_str(more);
                out.push('\n');
                command = format!("{}\n{}", command, more.strip_prefix("> ").unwrap_or(more));
            }
            if !is_outside(&command) {
                out.push_str(&run(&command));
            }
        }
    }
    out
}

#[test]
fn commands_print_what_the_documents_show() {
    let mut pages = vec![root().join("README.md")];
    let mut more: Vec<PathBuf> = fs::read_dir(root().join("docs")).unwrap().map(|e| e.unwrap().path()).collect();
    more.sort();
    pages.extend(more.into_iter().filter(|p| p.extension().is_some_and(|e| e == "md")));
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let fresh = refreshed(&text);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&page, &fresh).unwrap();
            continue;
        }
        for (number, (shown, printed)) in text.lines().zip(fresh.lines()).enumerate() {
            assert_eq!(shown, printed, "{}:{}", page.display(), number + 1);
        }
        assert_eq!(text.lines().count(), fresh.lines().count(), "{}", page.display());
    }
}

#[test]
fn the_examples_of_the_help_work_when_pasted() {
    for topic in ["", "derive", "export", "explain", "graph", "check", "grade", "new", "verify"] {
        let help = run(&format!("gradmark help {topic}"));
        let examples = help.split("Examples:\n").nth(1).unwrap_or_else(|| panic!("help {topic} has no example"));
        let mut commands: Vec<String> = Vec::new();
        for line in examples.lines().take_while(|l| !l.trim().is_empty()) {
            match commands.last_mut().filter(|c| c.ends_with('\\')) {
                Some(last) => *last = format!("{last}\n{line}"),
                None => commands.push(line.trim().to_owned()),
            }
        }
        assert!(!commands.is_empty(), "{topic}");
        for c in commands {
            let printed = run(&c);
            assert!(!printed.starts_with("? 2"), "{c}\n{printed}");
        }
    }
}
