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
    // In `f(x) = g(h(x))` the letter x is no sign.
    let spelled = !text.contains(['(', '=']);
    let flat = flat.replace('×', " × ");
    let atoms: Option<Vec<Atom>> = flat.split_whitespace().map(|word| atom(word, spelled)).collect();
    let Some(atoms) = atoms else { return false };
    let at = |n: Option<usize>| n.and_then(|n| atoms.get(n)).copied();
    let (mut sizes, mut named) = (0usize, 0usize);
    for (n, atom) in atoms.iter().enumerate() {
        let (before, after) = (at(n.checked_sub(1)), at(n.checked_add(1)));
        match atom {
            Atom::Size if before != Some(Atom::Cross) && after != Some(Atom::Cross) => return false,
            Atom::Cross => {
                let joins = |side: Option<Atom>| matches!(side, Some(Atom::Size | Atom::Product));
                if !joins(before) || !joins(after) {
                    return false;
                }
                sizes += 1;
            }
            Atom::Product => sizes += 1,
            Atom::Word => named += 1,
            Atom::Size => {}
        }
    }
    sizes > 0 || (named > 0 && atoms.len() <= 3)
}

/// What a size label is made of.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Atom {
    /// `n`, `12`
    Size,
    /// `×`
    Cross,
    /// `mxn`
    Product,
    /// `matrix`, `2D`
    Word,
}

fn atom(word: &str, spelled: bool) -> Option<Atom> {
    let lower = word.to_lowercase();
    if word == "×" || (spelled && word == "x") {
        Some(Atom::Cross)
    } else if is_size(word) {
        Some(Atom::Size)
    } else if word.contains('x') && word.split('x').all(is_size) {
        Some(Atom::Product)
    } else if WORDS.contains(&lower.as_str()) || matches!(lower.as_str(), "1d" | "2d" | "3d" | "4d") {
        Some(Atom::Word)
    } else {
        None
    }
}

/// A small letter or a number.
fn is_size(word: &str) -> bool {
    let mut letters = word.chars();
    let letter = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_lowercase() && c != 'x');
    letter || (!word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()))
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
        for formula in [
            "W x",
            "Wx",
            "x",
            "x^2",
            "A x b = c",
            "2 x",
            "a = b",
            "X X X",
            "f(x)=g(h(x))",
            "scalar product of two long words",
        ] {
            assert!(!is_shape(formula), "{formula}");
        }
    }
}
