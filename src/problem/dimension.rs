//! Dimensions and constraints as written: `m n`, `n + 1`, `2`, `m < n`.

use crate::dimension::{Constraint, Order, Poly};
use crate::text::{Code, Diagnostic, Span};

/// Reads a dimension: sums and products of names and numbers.
///
/// # Errors
/// Where it cannot be read, or is a number below one.
pub fn parse_dimension(text: &str, named: &mut impl FnMut(&str) -> Poly) -> Result<Poly, Diagnostic> {
    let p = parse_polynomial(text, named)?;
    if p.as_constant().is_some_and(|n| n < 1) {
        let message = format!("the dimension {} is below one", text.trim());
        return Err(
            Diagnostic::new(Code::BAD_DECLARATION, Span::new(0, text.len()), message).hint("use a size of at least 1")
        );
    }
    Ok(p)
}

fn parse_polynomial(text: &str, named: &mut impl FnMut(&str) -> Poly) -> Result<Poly, Diagnostic> {
    let bad = |at: usize| {
        Diagnostic::new(Code::BAD_DECLARATION, Span::new(at, text.len()), format!("{text:?} is no dimension"))
            .hint("write a name, a number, or sums and products of them, such as \"m n\" or \"n + 1\"")
    };
    let (mut sum, mut product, mut sign, mut fresh) = (Poly::constant(0), Poly::constant(1), 1, true);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            ' ' | '*' | '·' | '×' | '{' | '}' => {}
            '+' | '-' if !fresh => {
                sum = sum.add(&product.scale(sign));
                (product, fresh) = (Poly::constant(1), true);
                sign = if c == '+' { 1 } else { -1 };
            }
            _ if c.is_alphanumeric() => {
                let mut end = at + c.len_utf8();
                let digits = c.is_ascii_digit();
                while let Some((i, d)) = rest.peek().copied() {
                    if !(d.is_alphanumeric() || d == '_') || digits && !d.is_ascii_digit() {
                        break;
                    }
                    end = i + d.len_utf8();
                    rest.next();
                }
                let word = &text[at..end];
                let factor = if digits { Poly::constant(word.parse().map_err(|_| bad(at))?) } else { named(word) };
                product = product.mul(&factor);
                fresh = false;
            }
            _ => return Err(bad(at)),
        }
    }
    if fresh {
        return Err(bad(0));
    }
    Ok(sum.add(&product.scale(sign)))
}

/// Reads a constraint such as `m < n`, `d >= 2`, `n > m + 1`.
///
/// # Errors
/// Where it is none.
pub fn parse_constraint(text: &str, named: &mut impl FnMut(&str) -> Poly) -> Result<Constraint, Diagnostic> {
    const SIGNS: &[(&str, Order)] = &[
        ("<=", Order::LessEqual),
        (">=", Order::GreaterEqual),
        ("!=", Order::NotEqual),
        ("==", Order::Equal),
        ("≤", Order::LessEqual),
        ("≥", Order::GreaterEqual),
        ("≠", Order::NotEqual),
        ("\\leq", Order::LessEqual),
        ("\\geq", Order::GreaterEqual),
        ("<", Order::Less),
        (">", Order::Greater),
        ("=", Order::Equal),
    ];
    for (sign, order) in SIGNS {
        if let Some((l, r)) = text.split_once(sign) {
            return Ok(Constraint {
                left: parse_polynomial(l, named)?,
                order: *order,
                right: parse_polynomial(r, named)?,
            });
        }
    }
    Err(Diagnostic::new(Code::BAD_CONSTRAINT, Span::new(0, text.len()), format!("{text:?} is no constraint"))
        .hint("compare two dimensions, as in \"m < n\""))
}
