//! Trees as s-expressions, for comparing.

use gradmark::syntax::{Constant, DerivativeStyle, ExprId, Kind, Names, Syntax, Tree, parse, parse_statement};

/// The dump of a text, or its diagnostic.
#[allow(dead_code)] // not every runner reads expressions
pub(crate) fn dump_text(text: &str, syntax: Syntax, names: &Names) -> String {
    match parse(text, syntax, names) {
        Ok(tree) => dump(&tree, tree.root),
        Err(d) => format!("{} {}..{} {}", d.code, d.span.start, d.span.end, d.message),
    }
}

/// The dump of a statement, or its diagnostic.
pub(crate) fn dump_statement(text: &str, syntax: Syntax, names: &Names) -> String {
    match parse_statement(text, syntax, names) {
        Ok(statement) => {
            let mut out = String::new();
            for part in &statement.parts {
                if let Some((relation, _)) = part.relation {
                    out.push_str(&format!(" {relation:?} "));
                }
                if let Some(tree) = &part.tree {
                    out.push_str(&dump(tree, tree.root));
                }
            }
            out
        }
        Err(d) => format!("{} {}..{} {}", d.code, d.span.start, d.span.end, d.message),
    }
}

/// The dump of an expression.
pub(crate) fn dump(tree: &Tree, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|i| dump(tree, *i)).collect::<Vec<_>>().join(" ");
    match tree.kind(id) {
        Kind::Number(n) => n.to_string(),
        Kind::Constant(Constant::Pi) => "π".into(),
        Kind::Constant(Constant::Euler) => "e#".into(),
        Kind::Symbol(name) => name.to_string(),
        Kind::Subscript { base, indices } => format!("{}[{}]", dump(tree, *base), list(indices).replace(' ', ",")),
        Kind::Slice => ":".into(),
        Kind::Apply { operator, arguments } => {
            let name = match operator.name {
                "add" => "+",
                "negate" => "-",
                "multiply" => "*",
                "divide" => "/",
                "power" => "^",
                "hadamard" => ".*",
                "hadamard-power" => ".^",
                "hadamard-divide" => "./",
                "transpose" => "T",
                "inverse" => "inv",
                other => other,
            };
            if arguments.is_empty() { name.to_string() } else { format!("({name} {})", list(arguments)) }
        }
        Kind::Call { function, order, arguments } => {
            format!("({function}{} {})", "'".repeat(usize::from(*order)), list(arguments))
        }
        Kind::Sum { binders, body } | Kind::Product { binders, body } => {
            let mut heads = Vec::new();
            for b in binders {
                let mut head = b.letter.to_string();
                if let Some(lower) = b.lower {
                    head.push_str(&format!("={}", dump(tree, lower)));
                }
                if let Some(upper) = b.upper {
                    head.push_str(&format!("..{}", dump(tree, upper)));
                }
                if let Some((relation, other)) = b.compared {
                    head.push_str(&format!("{relation:?}{}", dump(tree, other)));
                }
                if !b.except.is_empty() {
                    head.push_str(&format!("≠{}", list(&b.except)));
                }
                heads.push(head);
            }
            let sign = if matches!(tree.kind(id), Kind::Sum { .. }) { "Σ" } else { "∏" };
            format!("({sign} {{{}}} {})", heads.join(" "), dump(tree, *body))
        }
        Kind::Derivative { of, wrt, style } => {
            let sign = match style {
                DerivativeStyle::Partial => "∂".to_string(),
                DerivativeStyle::Total => "d".to_string(),
                DerivativeStyle::Nabla { order } => format!("∇{order}"),
                DerivativeStyle::Prime { order } => format!("prime{order}"),
            };
            let of = of.map_or("_".to_string(), |of| dump(tree, of));
            format!("({sign} {of} / {})", list(wrt))
        }
        Kind::Differential(x) => format!("(d {})", dump(tree, *x)),
        Kind::Array(rows) => format!("[{}]", rows.iter().map(|r| list(r)).collect::<Vec<_>>().join("; ")),
        Kind::Dots => "…".into(),
        Kind::Cases(rows) => {
            let rows: Vec<_> = rows
                .iter()
                .map(|(v, c)| format!("{} if {}", dump(tree, *v), c.map_or("else".into(), |c| dump(tree, c))))
                .collect();
            format!("(cases {})", rows.join("; "))
        }
    }
}
