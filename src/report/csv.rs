//! Tables in CSV that a spreadsheet can open without running anything in them.

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Words, which may come from anybody.
    Text(String),
    /// A number, or nothing.
    Number(String),
}

/// Words in a cell.
pub(super) fn text(s: impl Into<String>) -> Cell {
    Cell::Text(s.into())
}

/// Words that may be missing.
pub(super) fn maybe(s: Option<&String>) -> Cell {
    Cell::Text(s.cloned().unwrap_or_default())
}

/// What is not there.
pub(super) fn nothing() -> Cell {
    Cell::Number(String::new())
}

/// Points in a cell.
pub(super) fn points(p: &crate::number::Rational) -> Cell {
    Cell::Number(crate::mark::decimal(p))
}

/// One row, with the end of its line.
pub(super) fn row(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|c| match c {
            Cell::Text(s) => quoted(&guarded(s)),
            Cell::Number(n) => n.clone(),
        })
        .collect();
    format!("{}\r\n", cells.join(","))
}

/// Spreadsheets take a cell that begins with one of these signs for a formula; an apostrophe before it makes it a text.
fn guarded(s: &str) -> String {
    let first = s.trim_start_matches([' ', '\u{a0}', '\u{feff}', '\u{200b}']).chars().next();
    let formula = first.is_some_and(|c| {
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '−')
    });
    let clean: String = s.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    if formula { format!("'{clean}") } else { clean }
}

fn quoted(s: &str) -> String {
    let special = s.contains([',', ';', '"', '\n', '\r', '\t']) || s.starts_with(' ') || s.ends_with(' ');
    if special { format!("\"{}\"", s.replace('"', "\"\"")) } else { s.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for evil in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "=HYPERLINK(\"http://x\",\"y\")", "|calc", "＝1", "\n=1"]
        {
            let line = row(&[text(evil)]);
            let cell = line.trim_end_matches("\r\n").trim_start_matches('"');
            assert!(cell.starts_with('\''), "{line:?}");
        }
        assert_eq!(row(&[text("W x"), Cell::Number("-1".into()), text("a,\"b\"\n")]), "W x,-1,\"a,\"\"b\"\"\n\"\r\n");
    }
}
