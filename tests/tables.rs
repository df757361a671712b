//! Laws over the tables: the order of the rooms, the operators with their documentation, the codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use gradmark::operator::{Notation, OPERATORS};
use gradmark::problem::{ProblemText, SymbolText, build};
use gradmark::syntax::{NameKind, Names, Syntax, parse, print};
use gradmark::text::CODES;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of the way; a room imports only from rooms before it.
const ROOMS: &[&str] = &[
    "limit",
    "text",
    "number",
    "dimension",
    "tensor",
    "operator",
    "syntax",
    "shape",
    "calculus",
    "lower",
    "evaluation",
    "algebra",
    "evidence",
    "witness",
    "raise",
    "problem",
    "verdict",
    "diagnosis",
    "check",
    "explain",
    "document",
    "grade",
    "mark",
    "report",
    "export",
    "graph",
    "certificate",
    "cli",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Whether a file holds only tests.
fn is_test(path: &Path) -> bool {
    path.components().any(|c| matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs" | "witness.rs")))
}

#[test]
fn rooms_import_only_from_rooms_before_them() {
    let mut wrong = Vec::new();
    let mut all = Vec::new();
    files(&root().join("src"), &mut all);
    for path in all.iter().filter(|p| !is_test(p)) {
        let relative = path.strip_prefix(root().join("src")).unwrap();
        let room = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let Some(own) = ROOMS.iter().position(|r| *r == room) else {
            assert!(matches!(room, "lib.rs" | "main.rs"), "{room} is not in the order of the rooms");
            continue;
        };
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for (number, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if let Some(other) = ROOMS.iter().position(|r| *r == name) {
                    if other > own {
                        wrong.push(format!("{}:{} imports {name}", relative.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "rooms import against the way:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_says_what_it_is() {
    for room in ROOMS {
        let text = fs::read_to_string(root().join("src").join(room).join("mod.rs")).unwrap();
        assert!(text.starts_with("//! "), "{room}/mod.rs does not begin with what it is");
        let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
        assert!(map.contains(&format!("`{room}`")), "{room} is not in ARCHITECTURE.md");
    }
}

#[test]
fn no_source_file_is_too_long() {
    let mut all = Vec::new();
    files(&root().join("src"), &mut all);
    let long: Vec<String> = all
        .iter()
        .filter_map(|p| {
            let lines = fs::read_to_string(p).unwrap().lines().count();
            (lines > 700).then(|| format!("{}: {lines}", p.display()))
        })
        .collect();
    assert!(long.is_empty(), "split these:\n{}", long.join("\n"));
}

#[test]
fn spellings_are_unique() {
    for latex in [false, true] {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for op in OPERATORS {
            let spellings: &[&str] = match &op.notation {
                Notation::Call { plain, latex: l, .. } => {
                    if latex {
                        l
                    } else {
                        plain
                    }
                }
                Notation::Infix { plain, latex: l, .. } => {
                    if latex {
                        l
                    } else {
                        plain
                    }
                }
                Notation::Special => &[],
            };
            for s in spellings {
                if let Some(other) = seen.insert(s, op.name) {
                    assert_eq!(other, op.name, "{s} is spelled for two operators");
                }
            }
        }
    }
    let mut names: Vec<&str> = OPERATORS.iter().map(|o| o.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OPERATORS.len());
}

/// The names of the examples: X and Y are m×n, A and B are n×n, x is a vector of length n, alpha a scalar.
fn example_names() -> Names {
    let mut names = Names::new();
    ["X", "Y", "A", "B", "x", "alpha"].iter().for_each(|n| names.declare(n, NameKind::Symbol));
    ["m", "n"].iter().for_each(|n| names.declare(n, NameKind::Dimension));
    names.set_complete();
    names
}

#[test]
fn every_spelling_is_read_as_its_operator() {
    let names = example_names();
    for op in OPERATORS {
        let (plain, latex): (Vec<String>, Vec<String>) = match &op.notation {
            Notation::Call { plain, latex, .. } => {
                let args = ["x", "A, B", "x, x"][if op.arity.0 > 1 { 1 } else { 0 }];
                (
                    plain.iter().map(|s| format!("{s}({args})")).collect(),
                    latex.iter().map(|s| format!("\\operatorname{{{s}}}({args})")).collect(),
                )
            }
            Notation::Infix { plain, latex, .. } => {
                (plain.iter().map(|s| format!("A {s} B")).collect(), latex.iter().map(|s| format!("A {s} B")).collect())
            }
            Notation::Special => continue,
        };
        for (syntax, texts) in [(Syntax::Plain, plain), (Syntax::Latex, latex)] {
            for text in texts {
                // A comparison is an expression only in brackets.
                let text = if parse(&text, syntax, &names).is_ok() { text } else { format!("({text})") };
                let tree =
                    parse(&text, syntax, &names).unwrap_or_else(|d| panic!("{}: {text}: {}", op.name, d.message));
                let (found, _) = tree.as_apply(tree.root).unwrap_or_else(|| panic!("{}: {text}", op.name));
                assert_eq!(found.name, op.name, "{text}");
            }
        }
    }
}

#[test]
fn every_operator_has_an_example_that_holds_in_both_notations() {
    let names = example_names();
    let mut text = ProblemText::default();
    for (name, dims) in [("X", "m n"), ("Y", "m n"), ("A", "n n"), ("B", "n n"), ("x", "n"), ("alpha", "")] {
        let dims = dims.split_whitespace().map(|d| gradmark::problem::DimensionText::Text(d.to_owned())).collect();
        text.symbols.insert(name.to_owned(), SymbolText::Shape(dims));
    }
    let problem = build(&text, None).unwrap();
    for op in OPERATORS {
        let tree = parse(op.example, Syntax::Plain, &names).unwrap_or_else(|d| panic!("{}: {}", op.name, d.message));
        let used = (0..tree.len())
            .filter_map(|i| tree.as_apply(gradmark::syntax::ExprId(u32::try_from(i).unwrap())))
            .any(|(o, _)| o.name == op.name);
        assert!(used, "{} does not occur in {}", op.name, op.example);
        for syntax in [Syntax::Plain, Syntax::Latex] {
            let printed = print(&tree, tree.root, syntax);
            let again = parse(&printed, syntax, &names).unwrap_or_else(|d| panic!("{printed}: {}", d.message));
            assert!(again.same(again.root, &tree, tree.root), "{}: {printed}", op.name);
        }
        let read = gradmark::check::read(&problem, op.example, Some(Syntax::Plain));
        assert!(read.is_ok(), "{}: {:?}", op.example, read.err().map(|d| d.message));
    }
}

/// The documentation of the operators, from the table.
fn operators_page() -> String {
    let names = example_names();
    let mut out = String::from(
        "# Operators\n\nGenerated from the table in `src/operator/mod.rs`; `UPDATE=1 cargo test --test tables` writes it anew.\n\
         In the examples X and Y are m×n, A and B are n×n, x is a vector of length n and alpha a scalar.\n\n",
    );
    for op in OPERATORS {
        let code = |s: &str| if s.contains('`') { format!("`` {s} ``") } else { format!("`{s}`") };
        let list = |l: &[&str]| l.iter().map(|s| code(s)).collect::<Vec<_>>().join(", ");
        out.push_str(&format!("## {}\n\n{}\n\n", op.name, op.doc));
        match &op.notation {
            Notation::Call { plain, latex, .. } => {
                out.push_str(&format!("- plain: {}\n- LaTeX: {}\n", list(plain), list(latex)));
            }
            Notation::Infix { plain, latex, .. } => {
                out.push_str(&format!("- plain: {}\n- LaTeX: {}\n", list(plain), list(latex)));
            }
            Notation::Special => out.push_str("- a form of its own: see the grammars\n"),
        }
        let tree = parse(op.example, Syntax::Plain, &names).unwrap();
        let latex = print(&tree, tree.root, Syntax::Latex);
        out.push_str(&format!("- example: {}, in LaTeX {}\n\n", code(op.example), code(&latex)));
    }
    out
}

#[test]
fn the_documentation_of_the_operators_is_fresh() {
    let path = root().join("grammar/operators.md");
    let page = operators_page();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "grammar/operators.md is stale: UPDATE=1 cargo test --test tables writes it anew");
}

#[test]
fn codes_are_unique_and_explained() {
    let mut names: Vec<&str> = CODES.iter().map(|c| c.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CODES.len());
    let mut codes: Vec<_> = CODES.iter().map(|c| c.code).collect();
    codes.dedup();
    assert_eq!(codes.len(), CODES.len());
    assert!(CODES.iter().all(|c| c.page.ends_with('.')));
}
