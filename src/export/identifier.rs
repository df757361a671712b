//! Names that Python accepts, each used once.

use std::collections::BTreeSet;

/// Words that Python keeps for itself, and names that the written code uses.
const TAKEN: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "np",
    "jnp",
    "jax",
    "torch",
    "math",
    "sum",
    "range",
    "abs",
    "softmax",
    "log_softmax",
    "logsumexp",
];

/// Whether a name cannot be used.
pub(super) fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

/// The name with what Python does not accept replaced.
pub(super) fn identifier(name: &str) -> String {
    let mut out: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if out.is_empty() || out.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
        out.insert(0, '_');
    }
    if is_taken(&out) {
        out.push('_');
    }
    out
}

/// Names given out, so that none is given twice.
#[derive(Default)]
pub(super) struct Given {
    names: BTreeSet<String>,
}

impl Given {
    /// The name, or one like it that is free.
    pub(super) fn give(&mut self, name: &str) -> String {
        let mut own = identifier(name);
        while !self.names.insert(own.clone()) {
            own.push('_');
        }
        own
    }

    /// The same names given out.
    pub(super) fn with(mut self, other: &Self) -> Self {
        self.names.extend(other.names.iter().cloned());
        self
    }

    /// The first free name of t1, t2, …
    pub(super) fn temporary(&mut self, next: &mut usize) -> String {
        loop {
            *next += 1;
            let name = format!("t{next}");
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_python_names_and_unique() {
        let mut given = Given::default();
        let all = ["lambda", "x_hat", "x'", "x'", "1a", "np"].map(|n| given.give(n));
        assert_eq!(all, ["lambda_", "x_hat", "x_", "x__", "_1a", "np_"]);
    }
}
