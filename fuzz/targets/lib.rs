//! What several targets share: declared names, and the laws that every text must keep.

use gradmark::problem::{Problem, build, parse_problem_file};
use gradmark::syntax::{ExprId, Kind, NameKind, Names, Syntax, Tree, parse, parse_declared, parse_statement, print};
use std::sync::OnceLock;

/// Names of every kind, so that the readings which depend on them are reached.
pub fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Names::new();
        for name in ["W", "A", "x", "y", "lambda", "x_hat", "W_1", "L", "K"] {
            names.declare(name, NameKind::Symbol);
        }
        names.declare("s", NameKind::Family);
        names.declare("g", NameKind::Function);
        names.declare("n", NameKind::Dimension);
        names.alias("\\mathcal{L}", "L");
        names
    })
}

/// Reads a text in every way in which one is read, with declared names and without.
pub fn read(text: &str, syntax: Syntax) {
    for names in [names(), &Names::new()] {
        if let Ok(tree) = parse(text, syntax, names) {
            spans(&tree, text);
            printed(&tree, names);
        }
        let _ = parse_statement(text, syntax, names);
    }
    let _ = parse_declared(text);
}

/// Every node's span lies in the text, on boundaries of characters.
fn spans(tree: &Tree, text: &str) {
    for id in tree.ids() {
        let span = tree.span(id);
        let (from, to) = (span.start as usize, span.end as usize);
        assert!(from <= to && text.get(from..to).is_some(), "the span {from}..{to} is none of the text {text:?}");
    }
}

/// A printed tree reads as the same tree, or at least prints again as it was printed.
fn printed(tree: &Tree, names: &Names) {
    for syntax in [Syntax::Plain, Syntax::Latex] {
        let once = print(tree, tree.root, syntax);
        let Ok(again) = parse(&once, syntax, names) else { continue };
        if !tree.same(tree.root, &again, again.root) && !is_nonsense(tree, names) && !is_nonsense(&again, names) {
            let twice = print(&again, again.root, syntax);
            let Ok(third) = parse(&twice, syntax, names) else { continue };
            assert_eq!(print(&third, third.root, syntax), twice, "printing has no fixed point from {once:?}");
        }
    }
}

/// Whether a part can mean nothing, whatever is declared: a function's name without an argument, which takes the next
/// bracket for one, the differential of a differential or of a number, and a quotient by a differential.
fn is_nonsense(tree: &Tree, names: &Names) -> bool {
    let is_differential = |id: ExprId| matches!(tree.kind(id), Kind::Differential(_) | Kind::Derivative { .. });
    tree.ids().any(|id| match tree.kind(id) {
        Kind::Symbol(name) => names.is(name, NameKind::Function),
        Kind::Differential(of) => is_differential(*of) || matches!(tree.kind(*of), Kind::Number(_) | Kind::Array(_)),
        Kind::Apply { operator, arguments } => {
            operator.name == "divide" && arguments.last().is_some_and(|under| is_differential(*under))
        }
        _ => false,
    })
}

/// A small problem with declared symbols of every shape, and questions for a document to answer.
pub fn problem() -> &'static Problem {
    static PROBLEM: OnceLock<Problem> = OnceLock::new();
    PROBLEM.get_or_init(|| {
        let text = parse_problem_file(include_str!("../problem.toml")).expect("the problem file is readable");
        build(&text, None).expect("the problem can be posed")
    })
}
