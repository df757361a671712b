//! `gradmark check --read`: only how a formula is understood.

use super::answer::problem;
use super::args::Format;
use super::console::{Complaint, Console};
use super::status::Status;
use crate::check::{Reading, RequestText, read};
use serde_json::json;

pub(super) fn run(
    formula: &str,
    declared: &RequestText,
    format: Format,
    console: Console,
) -> Result<Status, Complaint> {
    let formula = formula.trim();
    let problem = problem(declared)?;
    let sides = read(&problem, formula, declared.notation()).map_err(|diagnostic| Complaint {
        origin: "formula".to_owned(),
        source: Some(formula.to_owned()),
        diagnostic,
    })?;
    match format {
        Format::Json => {
            let all: Vec<_> = sides.iter().map(as_json).collect();
            console.json(&json!({"schema": crate::report::json::SCHEMA, "sides": all}));
        }
        Format::Text => {
            let paint = console.paint;
            let mut out = String::new();
            for (i, s) in sides.iter().enumerate() {
                let mut line = |label: &str, text: &str| {
                    out.push_str(&format!("  {}  {text}\n", paint.faint(&format!("{label:10}"))));
                };
                let relation = s.relation.as_ref().map(|r| format!("{r} ")).unwrap_or_default();
                line(if i == 0 { "read as" } else { "" }, &format!("{relation}{}", s.plain));
                line("latex", &s.latex);
                line("shape", &s.shape);
                for (letter, range) in &s.indices {
                    line("index", &format!("{letter} = 1, …, {range}"));
                }
                for (name, shape) in &s.symbols {
                    line("symbol", &format!("{name}: {shape}"));
                }
                for a in &s.assumed {
                    line("assumed", a);
                }
            }
            console.print(&out);
        }
    }
    Ok(Status::Correct)
}

fn as_json(s: &Reading) -> serde_json::Value {
    let symbols: serde_json::Map<_, _> = s.symbols.iter().map(|(n, d)| (n.clone(), json!(d))).collect();
    let indices: serde_json::Map<_, _> = s.indices.iter().map(|(n, d)| (n.clone(), json!(d))).collect();
    json!({"relation": s.relation, "read_as": {"plain": s.plain, "latex": s.latex}, "shape": s.shape,
        "indices": indices, "symbols": symbols, "assumed": s.assumed})
}
