//! A counterexample as a few lines of NumPy.

use super::json::array_json;
use crate::evidence::Counterexample;
use crate::tensor::Store;

/// Words that Python keeps for itself.
const KEYWORDS: &[&str] = &["lambda", "as", "is", "in", "if", "or", "np", "for", "and", "not", "def", "del", "try"];

/// The values at which the two sides differ, and both sides there.
#[must_use]
pub fn numpy(c: &Counterexample, store: &Store, candidate: Option<&str>, truth: Option<&str>) -> String {
    let mut out = String::from("import numpy as np\n");
    for (v, array) in &c.values {
        let variable = store.variable(*v);
        let member = match &variable.family {
            Some(letter) => format!("  # row {letter} is {}_{letter}", variable.name),
            None => String::new(),
        };
        out.push_str(&format!("{} = np.array({}){member}\n", identifier(&variable.name), numbers(array)));
    }
    let formula = |f: Option<&str>| f.map_or_else(String::new, |f| format!("  # {}", f.replace('\n', " ")));
    for (name, value, text) in [("candidate", &c.candidate, candidate), ("derived", &c.truth, truth)] {
        let value = value.as_ref().map_or_else(|| "np.nan".to_owned(), |v| format!("np.array({})", numbers(v)));
        out.push_str(&format!("{name} = {value}{}\n", formula(text)));
    }
    out.push_str("print(candidate - derived)\n");
    out
}

fn numbers(array: &crate::evidence::Array) -> String {
    // A fraction is a string in JSON, and an expression in Python.
    array_json(array).to_string().replace('"', "").replace(',', ", ")
}

fn identifier(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if KEYWORDS.contains(&name.as_str()) || matches!(name.as_str(), "candidate" | "derived") {
        format!("{name}_")
    } else {
        name
    }
}
