//! What the recorded arguments mean: a request of the batch contract.

use super::args::{AskArg, DeclarationArgs, DerivationArgs, LayoutArg, SyntaxArg, TaskArgs};
use super::console::{Complaint, read};
use crate::check::{RequestText, SyntaxText};
use crate::problem::{Ask, DimensionText, Layout, Pairs, SymbolTable, SymbolText, WrtText};
use crate::text::{Code, Diagnostic, Span};
use indexmap::IndexMap;

/// The declarations of the options, as a request without an objective.
pub(super) fn declared(args: &DeclarationArgs) -> Result<RequestText, Complaint> {
    let mut request = RequestText {
        id: serde_json::Value::Null,
        symbols: IndexMap::new(),
        properties: IndexMap::new(),
        definitions: Pairs::default(),
        aliases: IndexMap::new(),
        constraints: Vec::new(),
        objective: String::new(),
        wrt: None,
        ask: Ask::default(),
        layout: Layout::default(),
        structured: false,
        candidate: None,
        syntax: args.syntax.map(|s| match s {
            SyntaxArg::Plain => SyntaxText::Plain,
            SyntaxArg::Latex => SyntaxText::Latex,
        }),
        evidence: None,
        open: true,
    };
    for text in &args.shape {
        let (name, symbol) = shape(text)?;
        request.symbols.insert(name, symbol);
    }
    for text in &args.definitions {
        let (name, formula) = text
            .split_once('=')
            .map(|(n, f)| (n.trim_end_matches(':').trim(), f.trim()))
            .filter(|(n, f)| !n.is_empty() && !f.is_empty())
            .ok_or_else(|| {
                bad(
                    "--let",
                    text,
                    "a name, an equals sign and a formula are expected",
                    "write it as in --let 'K = alpha X X^T + I'",
                )
            })?;
        request.definitions.0.push((name.to_owned(), formula.to_owned()));
    }
    for text in &args.assume {
        assume(text, &mut request)?;
    }
    Ok(request)
}

/// What a derivative is asked of: the declarations and the task of the options, and the objective, which `-` reads from
/// standard input.
pub(super) fn derivation(
    DerivationArgs { task, order, declarations }: &DerivationArgs,
    objective: &str,
) -> Result<RequestText, Complaint> {
    let mut request = declared(declarations)?;
    if task.wrt.is_empty() {
        return Err(Complaint::plain(Code::BAD_COMMAND, "it is not said by what to differentiate")
            .hint("add --wrt, as in --wrt W"));
    }
    asked(task, *order, &mut request);
    request.objective = formula(objective)?;
    Ok(request)
}

/// A formula of the command line; `-` reads it from standard input.
pub(super) fn formula(text: &str) -> Result<String, Complaint> {
    match text {
        "-" => Ok(read("-")?.trim().to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// The task of the options.
pub(super) fn asked(args: &TaskArgs, order: Option<u8>, request: &mut RequestText) {
    let mut wrt = args.wrt.clone();
    if let ([one], Some(2)) = (wrt.as_slice(), order) {
        wrt.push(one.clone());
    }
    request.ask = match args.ask {
        Some(AskArg::Gradient) => Ask::Gradient,
        Some(AskArg::Jacobian) => Ask::Jacobian,
        Some(AskArg::Hessian) => Ask::Hessian,
        Some(AskArg::Identity) => Ask::Identity,
        Some(AskArg::Derivative) => Ask::Derivative,
        None if wrt.len() > 1 => Ask::Hessian,
        None if wrt.is_empty() => Ask::Identity,
        None => Ask::Derivative,
    };
    request.wrt = (!wrt.is_empty()).then_some(WrtText::Several(wrt));
    request.layout = match args.layout {
        Some(LayoutArg::Transposed) => Layout::Transposed,
        Some(LayoutArg::Either) => Layout::Either,
        Some(LayoutArg::Standard) | None => Layout::Standard,
    };
    request.structured = args.structured;
}

fn bad(option: &str, text: &str, message: &str, hint: &str) -> Complaint {
    Complaint {
        origin: option.to_owned(),
        source: Some(text.to_owned()),
        diagnostic: Diagnostic::new(Code::BAD_DECLARATION, Span::new(0, text.len()), message).hint(hint),
    }
}

/// `X: m×n`, `x_i: n, i=1..N`, `alpha: scalar`, `g: elementwise`.
fn shape(text: &str) -> Result<(String, SymbolText), Complaint> {
    const HINT: &str = "write it as in 'X: m×n', 'x: n', 'alpha: scalar', 'x_i: n, i=1..N' or 'g: elementwise'";
    let fail = |message: &str| bad("--shape", text, message, HINT);
    let (name, rest) = text.split_once(':').ok_or_else(|| fail("a name, a colon and a shape are expected"))?;
    let name = name.trim();
    if name.is_empty() {
        return Err(fail("the name is missing"));
    }
    if let "elementwise" | "elementwise function" = rest.trim() {
        let table = SymbolTable { function: Some("elementwise".to_owned()), ..SymbolTable::default() };
        return Ok((name.to_owned(), SymbolText::Table(table)));
    }
    if let "scalar function" = rest.trim() {
        let table = SymbolTable { function: Some("scalar".to_owned()), ..SymbolTable::default() };
        return Ok((name.to_owned(), SymbolText::Table(table)));
    }
    // The range of a family stands last: `, i=1..N`.
    let (dims, family) = match rest.rsplit_once(',').filter(|(_, r)| r.contains('=')) {
        Some((dims, range)) => (dims, Some(range)),
        None => (rest, None),
    };
    let dims = dims.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let shape: Vec<DimensionText> = match dims.trim() {
        "" | "scalar" | "1" => Vec::new(),
        other => separated(other).into_iter().map(|d| DimensionText::Text(d.to_owned())).collect(),
    };
    let symbol = match family {
        None => SymbolText::Shape(shape),
        Some(range) => {
            let parts = range.split_once('=').and_then(|(letter, r)| Some((letter, r.split_once("..")?)));
            let Some((letter, (first, last))) = parts else {
                return Err(fail("the range of a family is written i=1..N"));
            };
            if first.trim() != "1" {
                return Err(fail("the members of a family are counted from 1"));
            }
            SymbolText::Table(SymbolTable {
                family: Some(letter.trim().to_owned()),
                count: Some(DimensionText::Text(last.trim_start_matches('.').trim().to_owned())),
                shape: Some(shape),
                ..SymbolTable::default()
            })
        }
    };
    Ok((name.to_owned(), symbol))
}

/// The dimensions of `m×n`, `m x n`, `m,n`.
fn separated(text: &str) -> Vec<&str> {
    if text.contains('×') {
        return text.split('×').map(str::trim).collect();
    }
    if text.contains(',') {
        return text.split(',').map(str::trim).collect();
    }
    text.split(" x ").map(str::trim).collect()
}

/// `K symmetric`, `alpha positive`, `alpha > 0`, `m < n`.
fn assume(text: &str, request: &mut RequestText) -> Result<(), Complaint> {
    const HINT: &str = "write it as in 'K symmetric', 'alpha positive' or 'm < n'";
    for (sign, property) in
        [(">= 0", "nonnegative"), ("≥ 0", "nonnegative"), ("> 0", "positive"), ("!= 0", "nonzero"), ("≠ 0", "nonzero")]
    {
        if let Some(name) = text.trim().strip_suffix(sign) {
            request.properties.entry(name.trim().to_owned()).or_default().push(property.to_owned());
            return Ok(());
        }
    }
    if text.contains(['<', '>', '=', '≤', '≥', '≠']) {
        request.constraints.push(text.to_owned());
        return Ok(());
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|w| !w.is_empty() && !["is", "and"].contains(w)).collect();
    let Some((name, properties)) = words.split_first().filter(|(_, p)| !p.is_empty()) else {
        return Err(bad("--assume", text, "a name and a property, or a constraint, is expected", HINT));
    };
    // `positive definite` is one property.
    let joined = properties.join("_");
    let known: Vec<String> = if crate::shape::parse_property(&joined).is_some() {
        vec![joined]
    } else {
        properties.iter().map(|p| (*p).to_owned()).collect()
    };
    request.properties.entry((*name).to_owned()).or_default().extend(known);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dims(text: &str) -> Vec<String> {
        let shape = match shape(text).unwrap().1 {
            SymbolText::Shape(s) => s,
            SymbolText::Table(t) => t.shape.unwrap_or_default(),
        };
        shape.iter().map(|d| if let DimensionText::Text(t) = d { t.clone() } else { String::new() }).collect()
    }

    #[test]
    fn shapes_are_written_in_several_ways() {
        for text in ["X: m×n", "X: m x n", "X: m,n", "X: [m, n]", "X : m × n"] {
            assert_eq!(dims(text), ["m", "n"], "{text}");
        }
        assert_eq!(dims("x: n + 1"), ["n + 1"]);
        assert_eq!(dims("alpha: scalar"), Vec::<String>::new());
        assert_eq!(dims("X_i: m×n, i=1..N"), ["m", "n"]);
        assert_eq!(dims("x_i: n, i=1..N"), ["n"]);
        assert!(shape("X m n").is_err() && shape("x_i: n, i=N").is_err());
    }

    #[test]
    fn properties_and_constraints_are_told_apart() {
        let args = DeclarationArgs {
            assume: ["K symmetric", "alpha > 0", "m < n", "S is positive definite"].map(str::to_owned).to_vec(),
            ..DeclarationArgs::default()
        };
        let r = declared(&args).unwrap();
        assert_eq!(r.properties["K"], ["symmetric"]);
        assert_eq!(r.properties["alpha"], ["positive"]);
        assert_eq!(r.properties["S"], ["positive_definite"]);
        assert_eq!(r.constraints, ["m < n"]);
    }
}
