//! Small matrices that a person can check by hand.

use crate::evaluation::Tensor;
use crate::evidence::Array;
use unicode_width::UnicodeWidthStr;

/// Widest line of matrices side by side.
const WIDTH: usize = 96;

/// A name with its value, as lines of equal width.
type Block = Vec<String>;

/// Named values, side by side as far as they fit; members of a family and slices of a tensor one by one.
#[must_use]
pub fn matrices(values: &[(String, bool, &Array)], indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut row: Vec<Block> = Vec::new();
    let flush = |row: &mut Vec<Block>, lines: &mut Vec<String>| {
        let height = row.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let parts: Vec<String> =
                row.iter().map(|b| b.get(i).cloned().unwrap_or_else(|| " ".repeat(width(b)))).collect();
            lines.push(format!("{}{}", " ".repeat(indent), parts.join("   ").trim_end()));
        }
        row.clear();
    };
    for (name, family, array) in values {
        let cells = cells(array);
        let mut blocks = Vec::new();
        split(name, *family, &cells.dims, &cells.data, &mut blocks);
        for block in blocks {
            let taken: usize = row.iter().map(|b| width(b) + 3).sum();
            if !row.is_empty() && taken + width(&block) > WIDTH {
                flush(&mut row, &mut lines);
            }
            row.push(block);
        }
    }
    flush(&mut row, &mut lines);
    lines.iter().map(|l| format!("{l}\n")).collect()
}

fn width(block: &Block) -> usize {
    block.first().map_or(0, |l| l.width())
}

fn cells(array: &Array) -> Tensor<String> {
    match array {
        Array::Rational(t) => Tensor { dims: t.dims.clone(), data: t.data.iter().map(ToString::to_string).collect() },
        Array::Float(t) => Tensor { dims: t.dims.clone(), data: t.data.iter().map(|x| decimal(*x)).collect() },
    }
}

/// Six digits.
fn decimal(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        return "0".to_owned();
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{x:.4e}");
    }
    let text = format!("{x:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn split(name: &str, family: bool, dims: &[usize], data: &[String], out: &mut Vec<Block>) {
    if dims.len() <= 2 && !family {
        out.push(block(name, dims, data));
        return;
    }
    let Some((n, rest)) = dims.split_first() else { return };
    let size: usize = rest.iter().product();
    for k in 0..*n {
        let member = if family {
            format!("{name}_{}", k + 1)
        } else if let Some(open) = name.strip_suffix(']') {
            format!("{open},{}]", k + 1)
        } else {
            format!("{name}[{}]", k + 1)
        };
        split(&member, false, rest, data.get(k * size..(k + 1) * size).unwrap_or_default(), out);
    }
}

fn block(name: &str, dims: &[usize], data: &[String]) -> Block {
    let (rows, cols) = match dims {
        [] => return vec![format!("{name} = {}", data.first().map_or("", String::as_str))],
        [n] => (*n, 1),
        [m, n, ..] => (*m, *n),
    };
    let widths: Vec<usize> = (0..cols)
        .map(|j| (0..rows).filter_map(|i| data.get(i * cols + j)).map(|c| c.width()).max().unwrap_or(0))
        .collect();
    let lead = format!("{name} = ");
    (0..rows)
        .map(|i| {
            let entries: Vec<String> = (0..cols)
                .map(|j| {
                    let cell = data.get(i * cols + j).map_or("", String::as_str);
                    format!("{}{cell}", " ".repeat(widths[j].saturating_sub(cell.width())))
                })
                .collect();
            let start = if i == 0 { lead.clone() } else { " ".repeat(lead.width()) };
            format!("{start}[ {} ]", entries.join("  "))
        })
        .collect()
}

/// Two sides, of which one may have no value.
pub(super) fn sides(sides: [(&str, &Option<Array>); 2], indent: usize) -> String {
    let known: Vec<_> = sides.iter().filter_map(|(name, a)| Some(((*name).to_owned(), false, a.as_ref()?))).collect();
    let mut out = matrices(&known, indent);
    for (name, _) in sides.iter().filter(|s| s.1.is_none()) {
        out.push_str(&format!("{}{name} has no value there\n", " ".repeat(indent)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_stand_side_by_side() {
        let a = Array::Float(Tensor { dims: [2, 2].into_iter().collect(), data: vec![1.0, 0.0, -2.5, 10.0] });
        let s = Array::Float(Tensor::scalar(3.0));
        let text = matrices(&[("A".into(), false, &a), ("s".into(), false, &s)], 2);
        assert_eq!(text, "  A = [    1   0 ]   s = 3\n      [ -2.5  10 ]\n");
    }

    #[test]
    fn members_of_a_family_are_vectors() {
        let x = Array::Float(Tensor { dims: [2, 1].into_iter().collect(), data: vec![1.0, 2.0] });
        assert_eq!(matrices(&[("x".into(), true, &x)], 0), "x_1 = [ 1 ]   x_2 = [ 2 ]\n");
    }
}
