//! Formulas without a relation in sentences: mentioned by the way, or meant as an answer.

/// Words that say what the formula behind them is.
const NAMING: &[&str] = &["gradient", "derivative", "hessian", "jacobian", "differential", "∇", "\\nabla"];
/// So far before a formula such a word is looked for.
const WIDEST: usize = 60;

/// Whether the formula from `start` to `end` has more than a name, and stands alone in its line or behind words that
/// name a derivative.
pub(super) fn is_answer(text: &str, start: usize, end: usize) -> bool {
    let formula = text.get(start..end).unwrap_or_default();
    is_compound(formula) && (stands_alone(text, start, end) || follows_name(text, start))
}

/// Whether several names stand in it, scripts left out: `2 X^T X`, and not `x^{(i)}` or `W_{jk}`.
fn is_compound(formula: &str) -> bool {
    let (mut names, mut scripts) = (0, 0);
    let mut chars = formula.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let name: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).collect();
                if matches!(name.as_str(), "nabla" | "partial") {
                    return false;
                }
                names += 1;
            }
            '∇' | '∂' => return false,
            '^' | '_' => {
                scripts += 1;
                let mut depth = 0usize;
                while let Some(next) = chars.next() {
                    match next {
                        '{' => depth += 1,
                        '}' => depth = depth.saturating_sub(1),
                        '\\' => while chars.next_if(char::is_ascii_alphabetic).is_some() {},
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            c if c.is_alphabetic() => names += 1,
            _ => {}
        }
    }
    names > 2 || names > 1 && scripts > 0
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let after = text.get(end..).unwrap_or_default().split('\n').next().unwrap_or_default();
    let empty = |s: &str| s.chars().all(|c| c.is_whitespace() || matches!(c, '$' | '\\' | '(' | ')' | '.' | ',' | ';'));
    empty(before) && empty(after)
}

fn follows_name(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let from = line.char_indices().rev().take(WIDEST).last().map_or(0, |(at, _)| at);
    let near = line[from..].to_lowercase();
    // The verb stands between the word and the formula.
    let Some(at) = NAMING.iter().filter_map(|w| near.rfind(w).map(|at| at + w.len())).max() else { return false };
    let between = &near[at..];
    [" is ", " is: ", " becomes ", " equals ", ": "].iter().any(|verb| between.contains(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn listed(text: &str) -> bool {
        let from = text.find('$').unwrap_or(0) + 1;
        let to = text.rfind('$').unwrap_or(text.len());
        is_answer(text, from, to)
    }

    #[test]
    fn formulas_that_look_like_answers() {
        for text in [
            "The gradient is\n\n$2 X^T (Xw - y)$\n",
            "so ∇L is $2 X^T (Xw - y)$.",
            "Thus the gradient of L with respect to w is $2X^TX$.",
            "the derivative: $2 A^T x$",
        ] {
            assert!(listed(text), "{text}");
        }
        for text in [
            "where the gradient is taken by $w$.",
            "The gradient is $\\nabla_w L$.",
            "the derivative of $x^T A x$ by x",
            "Let $x^{(i)}$",
            "We write $A x + b$ for the scores.",
            "$W_{jk}$",
        ] {
            assert!(!listed(text), "{text}");
        }
    }
}
