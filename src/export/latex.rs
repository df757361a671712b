//! The objective and its derivative as a LaTeX document that compiles as it stands.

use super::{Derivative, Task};
use crate::check::Answer;
use crate::evaluation::variables;
use crate::shape::{Body, property_name};
use crate::syntax::{Kind, Name, Syntax, Tree, detect, parse, print};
use crate::tensor::VariableId;
use crate::text::Span;
use crate::verdict::Posed;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A document with the objective, what its names stand for, and the derivative.
#[must_use]
pub fn latex(task: &Task, name: &str) -> String {
    let answer = &task.answer;
    let (Some(posed), Some(truth)) = (&answer.posed, answer.truth()) else { return String::new() };
    let function = named(&Name::from(name), &[]);
    let mut out = String::from(
        "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n\\noindent The objective is\n",
    );
    display(&mut out, &format!("{function} = {}", print(&posed.tree, posed.tree.root, Syntax::Latex)));
    let definitions = definitions(posed);
    if !definitions.is_empty() {
        out.push_str("where\n");
        for d in definitions {
            display(&mut out, &d);
        }
    }
    let symbols = symbols(task, posed);
    if !symbols.is_empty() {
        let _ = writeln!(out, "Here {}.", symbols.join(", "));
    }
    let wrt: Vec<String> =
        posed.by.iter().map(|b| posed.scope.quantity(b.quantity)).map(|q| named(&q.name, &q.letters)).collect();
    let written: Vec<String> = task.wrt.iter().map(|w| written(posed, w)).collect();
    let what = task.what();
    let by = if what == Derivative::Hessian { written.get(..1).unwrap_or_default() } else { &written };
    let _ = writeln!(out, "The {} by ${}$ is", what.words(), by.join("$ and $"));
    let left = left_side(what, &function, if written.is_empty() { &wrt } else { &written }, posed);
    display(&mut out, &format!("{left} = {}", print(truth, truth.root, Syntax::Latex)));
    shorter(&mut out, answer, &left);
    out.push_str("\\end{document}\n");
    out
}

/// The same with names for repeated parts, where that is shorter.
fn shorter(out: &mut String, answer: &Answer, left: &str) {
    let Some(n) = answer.named() else { return };
    out.push_str("or, with\n");
    for (name, id) in &n.parts {
        display(out, &format!("{} = {}", named(name, &[]), print(&n.tree, *id, Syntax::Latex)));
    }
    display(out, &format!("{left} = {}", print(&n.tree, n.tree.root, Syntax::Latex)));
}

fn display(out: &mut String, formula: &str) {
    let _ = writeln!(out, "\\[\n  {formula}\n\\]");
}

/// A name with its indices.
fn named(name: &Name, letters: &[Name]) -> String {
    let mut tree = Tree::new();
    let base = tree.push(Kind::Symbol(name.clone()), Span::default());
    let indices = letters.iter().map(|l| tree.push(Kind::Symbol(l.clone()), Span::default())).collect();
    tree.root = if letters.is_empty() { base } else { tree.push(Kind::Subscript { base, indices }, Span::default()) };
    print(&tree, tree.root, Syntax::Latex)
}

/// A variable as it was written, in LaTeX.
fn written(posed: &Posed, wrt: &str) -> String {
    match parse(wrt, detect(wrt), &posed.scope.names) {
        Ok(tree) => print(&tree, tree.root, Syntax::Latex),
        Err(_) => named(&Name::from(wrt), &[]),
    }
}

fn left_side(what: Derivative, function: &str, wrt: &[String], posed: &Posed) -> String {
    let scalar = |k: usize| posed.by.get(k).is_none_or(|b| b.shape.is_scalar());
    let vector = |k: usize| posed.by.get(k).is_none_or(|b| b.shape.is_scalar() || b.shape.is_vector());
    let objective = posed.typed.shape(posed.tree.root);
    let of = if objective.is_scalar() || objective.is_vector() {
        function.to_owned()
    } else {
        format!("\\operatorname{{vec}}({function})")
    };
    let part = |k: usize, turned: bool| {
        let w = wrt.get(k).or(wrt.first()).cloned().unwrap_or_default();
        let w = if vector(k) { w } else { format!("\\operatorname{{vec}}({w})") };
        if turned && !scalar(k) { format!("{w}^{{\\top}}") } else { w }
    };
    match what {
        Derivative::Gradient => format!("\\nabla_{{{}}} {function}", wrt.first().cloned().unwrap_or_default()),
        Derivative::Jacobian => format!("\\frac{{\\partial {of}}}{{\\partial {}}}", part(0, !objective.is_scalar())),
        Derivative::Hessian | Derivative::Mixed => {
            format!("\\frac{{\\partial^2 {function}}}{{\\partial {} \\, \\partial {}}}", part(0, false), part(1, true))
        }
    }
}

/// The definitions that the formulas name, in an order in which each stands behind what it uses.
fn definitions(posed: &Posed) -> Vec<String> {
    let mut out = Vec::new();
    let mut seen: BTreeSet<Name> = BTreeSet::new();
    fn visit(posed: &Posed, tree: &Tree, seen: &mut BTreeSet<Name>, out: &mut Vec<String>) {
        for id in tree.ids() {
            let Kind::Symbol(name) = tree.kind(id) else { continue };
            for q in posed.scope.named(name).iter().map(|q| posed.scope.quantity(*q)) {
                if let (Body::Definition(f), true) = (&q.body, seen.insert(name.clone())) {
                    visit(posed, &f.tree, seen, out);
                    if !name.starts_with('\u{1}') {
                        let formula = print(&f.tree, f.tree.root, Syntax::Latex);
                        out.push(format!("{} = {formula}", named(name, &q.letters)));
                    }
                }
            }
        }
    }
    visit(posed, &posed.tree, &mut seen, &mut out);
    out
}

/// The spaces that the symbols are from.
fn symbols(task: &Task, posed: &Posed) -> Vec<String> {
    let mut used: Vec<VariableId> = variables(&posed.store, &[posed.objective.node, task.derivative.node]);
    used.sort_unstable();
    let describe = |v: VariableId| {
        let variable = posed.store.variable(v);
        let letters: Vec<Name> = variable.family.iter().cloned().collect();
        let sizes: Vec<String> =
            variable.axes.iter().map(|d| posed.store.poly(*d).display(&|i| posed.integer_name(i))).collect();
        let (count, own) =
            if letters.is_empty() { (None, &sizes[..]) } else { (sizes.first(), sizes.get(1..).unwrap_or_default()) };
        let space = match own {
            [] => "\\mathbb{R}".to_owned(),
            [n] if variable.is_row => format!("\\mathbb{{R}}^{{1 \\times {n}}}"),
            own => format!("\\mathbb{{R}}^{{{}}}", own.join(" \\times ")),
        };
        let mut words = format!("${} \\in {space}$", named(&variable.name, &letters));
        if let (Some(letter), Some(count)) = (letters.first(), count) {
            let _ = write!(words, " for ${letter} = 1, \\dots, {count}$");
        }
        let properties: Vec<String> = variable.properties.iter().map(|p| property_name(*p).replace('_', " ")).collect();
        if !properties.is_empty() {
            let _ = write!(words, " ({})", properties.join(", "));
        }
        words
    };
    used.into_iter().map(describe).collect()
}
