//! Shape labels: `n \times 1`, `mxn`, `matrix mxm`, `\begin{matrix} \text{mxn} & \text{nxm} \end{matrix}`.

/// Words that stand beside a size.
const WORDS: &[&str] = &["scalar", "matrix", "vector", "tensor", "row", "column", "matrices", "dim", "size", "shape"];
/// Longer texts are formulas or prose.
const MAX_LENGTH: usize = 300;

/// Whether a text says nothing but sizes.
pub(super) fn is_shape(text: &str) -> bool {
    if text.len() > MAX_LENGTH {
        return false;
    }
    let mut flat = text.to_owned();
    for (from, to) in [
        ("\\begin{matrix}", " "),
        ("\\end{matrix}", " "),
        ("\\begin{array}", " "),
        ("\\end{array}", " "),
        ("\\text", " "),
        ("\\mathrm", " "),
        ("\\times", "×"),
        ("\\cdot", " "),
        ("\\qquad", " "),
        ("\\quad", " "),
        ("\\\\", " "),
        ("\\,", " "),
        ("\\;", " "),
        ("\\ ", " "),
        ("=", " "),
        ("·", " "),
    ] {
        flat = flat.replace(from, to);
    }
    let flat: String = flat
        .chars()
        .map(|c| if matches!(c, '{' | '}' | '(' | ')' | '&' | '$' | ',' | '[' | ']') { ' ' } else { c })
        .collect();
    let mut words = flat.split_whitespace().peekable();
    let (mut sizes, mut named, mut before) = (0usize, 0usize, false);
    while let Some(word) = words.next() {
        let lower = word.to_lowercase();
        if is_cross(word) {
            // `n × 1` with spaces: between two sizes.
            if before && words.peek().is_some_and(|w| is_size(w) || is_product(w)) {
                sizes += 1;
            }
            before = false;
        } else if is_product(word) {
            sizes += 1;
            before = true;
        } else if is_size(word) {
            before = true;
            if !words.peek().is_some_and(|w| is_cross(w)) && sizes == 0 {
                return false;
            }
        } else if WORDS.contains(&lower.as_str()) || matches!(lower.as_str(), "1d" | "2d" | "3d" | "4d") {
            named += 1;
        } else {
            return false;
        }
    }
    sizes > 0 || (named > 0 && text.split_whitespace().count() <= 3)
}

fn is_cross(word: &str) -> bool {
    matches!(word, "x" | "×" | "X")
}

/// A letter or a number.
fn is_size(word: &str) -> bool {
    !is_cross(word)
        && ((word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
            || word.bytes().all(|b| b.is_ascii_digit()))
}

/// `mxn`, `1×1`, `m×n×k`
fn is_product(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['x', '×']).collect();
    let word = word.trim_matches('×');
    !word.is_empty()
        && parts.len() >= 2
        && parts.iter().filter(|p| !p.is_empty()).count() >= 1
        && parts
            .iter()
            .enumerate()
            .all(|(n, p)| is_size(p) || (p.is_empty() && (n == 0 || n + 1 == parts.len()) && word.len() > 1))
        && parts.iter().filter(|p| is_size(p)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_labels_and_products_are_not() {
        for label in [
            "n \\times 1",
            "mxn",
            "m×n",
            "matrix mxm",
            "scalar 1x1",
            "mxm\\times mxm\\times(mxm)\\times1",
            "\\begin{matrix} \\text{mxn} & \\text{nxm} \\end{matrix}",
            "(m \\times 1) \\cdot (1 \\times n) = m \\times n",
            "scalar",
            "n x m",
            "2D matrix",
        ] {
            assert!(is_shape(label), "{label}");
        }
        for formula in
            ["W x", "Wx", "x", "x^2", "A x b = c", "2 x", "a = b", "X X X", "scalar product of two long words"]
        {
            assert!(!is_shape(formula), "{formula}");
        }
    }
}
