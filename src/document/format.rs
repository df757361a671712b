//! The formats of submissions, and the text of a notebook.

/// How a submission is written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Markdown, with any of the usual ways to write formulas.
    Markdown,
    /// A LaTeX file or a part of one.
    Latex,
    /// Plain text, OCR output.
    Plain,
    /// A Jupyter notebook (JSON). Lines and spans count in the joined text of its Markdown cells.
    Notebook,
}

impl Format {
    /// The format of a file, by its name and, where that says nothing, by its text.
    #[must_use]
    pub fn detect(name: &str, text: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
        match extension.as_str() {
            "ipynb" => Self::Notebook,
            "md" | "markdown" | "mmd" | "qmd" | "rmd" => Self::Markdown,
            "tex" | "latex" | "ltx" => Self::Latex,
            _ => {
                let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
                if start.starts_with('{') && text.contains("\"cells\"") && text.contains("\"cell_type\"") {
                    Self::Notebook
                } else if text.contains("\\begin{document}") || text.contains("\\documentclass") {
                    Self::Latex
                } else if text.contains("```") || text.lines().any(|l| l.starts_with('#')) {
                    Self::Markdown
                } else {
                    Self::Plain
                }
            }
        }
    }
}

/// The Markdown cells of a notebook, joined by blank lines; nothing where it is not a notebook.
pub(super) fn notebook(json: &str) -> Option<String> {
    let notebook: serde_json::Value = serde_json::from_str(json.trim_start_matches('\u{feff}')).ok()?;
    let cells = notebook.get("cells").or_else(|| notebook.get("worksheets")?.get(0)?.get("cells"))?.as_array()?;
    let mut text = String::new();
    for cell in cells.iter().filter(|c| c.get("cell_type").and_then(|t| t.as_str()) == Some("markdown")) {
        match cell.get("source") {
            Some(serde_json::Value::String(source)) => text.push_str(source),
            Some(serde_json::Value::Array(lines)) => {
                lines.iter().filter_map(|l| l.as_str()).for_each(|l| text.push_str(l))
            }
            _ => continue,
        }
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    Some(text)
}
