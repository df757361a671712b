//! A problem file to begin with: every key that an author may want, with what it is for.

use std::fmt::Write as _;

/// A symbol with its declaration.
#[derive(Clone, Debug)]
pub struct SymbolLine {
    /// The name.
    pub name: String,
    /// What stands after the equals sign.
    pub declaration: String,
    /// Whether it was taken by convention.
    pub assumed: bool,
}

/// What a problem file is made of.
#[derive(Clone, Debug)]
pub struct ProblemFile {
    /// The title.
    pub title: String,
    /// What the dimensions satisfy.
    pub constraints: Vec<String>,
    /// The symbols.
    pub symbols: Vec<SymbolLine>,
    /// Properties by name.
    pub properties: Vec<(String, Vec<String>)>,
    /// Definitions.
    pub definitions: Vec<(String, String)>,
    /// What the objective is called.
    pub name: String,
    /// The objective.
    pub objective: String,
    /// What is asked.
    pub ask: &'static str,
    /// By what.
    pub wrt: Vec<String>,
    /// The points as written.
    pub points: String,
    /// The layout.
    pub layout: &'static str,
    /// Whether tied entries move together.
    pub structured: bool,
    /// The derived answer.
    pub answer: Option<String>,
}

fn quoted(s: &str) -> String {
    toml::Value::String(s.to_owned()).to_string()
}

fn list(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|s| quoted(s)).collect();
    format!("[{}]", all.join(", "))
}

/// A name as a key.
fn key(s: &str) -> String {
    let bare = !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { s.to_owned() } else { quoted(s) }
}

/// The file.
#[must_use]
pub fn problem_file(p: &ProblemFile) -> String {
    let mut out =
        String::from("# A problem file for `gradmark grade`. `gradmark check FILE` shows how it is understood.\n");
    let _ = writeln!(out, "title = {}", quoted(&p.title));
    if p.constraints.is_empty() {
        out.push_str("# constraints = [\"m < n\"]              # what the sizes satisfy\n");
    } else {
        let _ = writeln!(out, "constraints = {}", list(&p.constraints));
    }
    out.push_str(
        "\n# [] is a scalar, [\"n\"] a vector, [\"m\", \"n\"] a matrix; a family of vectors is\n\
        # x_i = { family = \"i\", count = \"N\", shape = [\"n\"] }\n[symbols]\n",
    );
    for s in &p.symbols {
        let assumed = if s.assumed { "   # taken by convention" } else { "" };
        let _ = writeln!(out, "{} = {}{assumed}", key(&s.name), s.declaration);
    }
    out.push_str("\n# positive, nonnegative, integer, symmetric, diagonal, positive_definite, orthogonal, invertible, …\n[properties]\n");
    for (name, all) in &p.properties {
        let _ = writeln!(out, "{} = {}", key(name), list(all));
    }
    if p.properties.is_empty() {
        out.push_str("# lambda = [\"positive\"]\n");
    }
    if !p.definitions.is_empty() {
        out.push_str("\n[definitions]\n");
        for (name, formula) in &p.definitions {
            let _ = writeln!(out, "{} = {}", key(name), quoted(formula));
        }
    }
    let _ = write!(out, "\n[objectives]\n{} = {}\n", key(&p.name), quoted(&p.objective));
    let _ = write!(
        out,
        "\n# Other spellings that a submission may use.\n[aliases]\n# {} = [\"J\", '\\mathcal{{L}}']\n",
        key(&p.name)
    );
    let _ = write!(
        out,
        "\n[[questions]]\nid = \"1\"\n# heading = \"Problem 1\"                # where its part of a submission begins\nask = {}\nof = {}\n",
        quoted(p.ask),
        quoted(&p.name)
    );
    match p.wrt.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "wrt = {}", quoted(one));
        }
        more => {
            let _ = writeln!(out, "wrt = {}", list(more));
        }
    }
    let _ = writeln!(out, "points = {}", p.points);
    let _ = writeln!(out, "layout = {}                      # standard, transposed, either", quoted(p.layout));
    if p.structured {
        out.push_str("structured = true\n");
    }
    if let Some(answer) = &p.answer {
        for (i, line) in answer.lines().enumerate() {
            let _ = writeln!(out, "# {}{line}", if i == 0 { "derived: " } else { "" });
        }
    }
    out.push_str("\n# How the points are split; without this all are for the final answer (docs/marks.md).\n\
        # [questions.rubric]\n# method = \"40%\"                        # for right steps\n\
        # deduct = { sign = \"10%\", factor = \"10%\", missing_path = \"30%\" }\n# last_step = \"20%\"                     # all steps right but the last\n");
    out
}
