//! Charts as SVG that say in words what they show.

use super::super::markup::{xml, xml_attribute};
use crate::mark::{Class, decimal};
use crate::number::Rational;
use std::fmt::Write as _;

/// Bars of a distribution.
const BARS: usize = 10;

/// How many students have how many points: one figure for the marks of a question.
pub(super) fn distribution(title: &str, points: &Rational, marks: &[Rational]) -> String {
    let counts = counts(points, marks);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let (width, height, base) = (300usize, 130usize, 105usize);
    let step = width / counts.len().max(1);
    let mut bars = String::new();
    for (i, n) in counts.iter().enumerate() {
        let tall = n * 85 / most;
        let (x, y) = (i * step + 3, base - tall);
        let _ = write!(bars, "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{tall}\"/>", step - 6);
        if *n > 0 {
            let _ = write!(bars, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{n}</text>", x + step / 2 - 3, y - 4);
        }
    }
    let average = average(marks);
    let words = format!("{} marks from 0 to {}, {average} on average", marks.len(), decimal(points));
    format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\
         {bars}<line class=\"axis\" x1=\"0\" y1=\"{base}\" x2=\"{width}\" y2=\"{base}\" stroke=\"currentColor\"/>\
         <text x=\"3\" y=\"122\">0</text><text x=\"{}\" y=\"122\" text-anchor=\"end\">{} points</text></svg>\
         <p class=\"soft\">{}</p></figure>\n",
        xml(title),
        xml_attribute(&words),
        width - 3,
        decimal(points),
        xml(&words)
    )
}

/// How many marks fall into each of the equal parts; full marks are the last.
fn counts(points: &Rational, marks: &[Rational]) -> Vec<usize> {
    let whole = points.to_integer().and_then(|n| usize::try_from(n).ok()).filter(|n| (1..BARS).contains(n));
    let bars = whole.map_or(BARS, |n| n + 1);
    let mut counts = vec![0usize; bars];
    let steps = i64::try_from(bars - 1).unwrap_or(1);
    let part = points.recip().map_or(Rational::ZERO, |r| &Rational::from(steps) * &r);
    for m in marks {
        // Only a full mark is in the last bar.
        let at = (m * &part).to_f64().floor().clamp(0.0, (bars - 1) as f64);
        if let Some(c) = counts.get_mut(at as usize) {
            *c += 1;
        }
    }
    counts
}

/// The average to two decimals.
pub(super) fn average(marks: &[Rational]) -> String {
    let n = i64::try_from(marks.len()).unwrap_or(0);
    match Rational::new(1, n) {
        Some(share) => {
            let hundredth = Rational::new(1, 100).unwrap_or(Rational::ONE);
            decimal(&(&crate::mark::sum(marks) * &share).rounded_to(&hundredth))
        }
        None => "none".to_owned(),
    }
}

/// Bars side by side with words and numbers: the most frequent mistakes, the shares of verdicts.
pub(super) fn bars(title: &str, rows: &[(String, usize)]) -> String {
    let most = rows.iter().map(|r| r.1).max().unwrap_or(0).max(1);
    let height = rows.len() * 24 + 4;
    let mut out = String::new();
    for (i, (name, n)) in rows.iter().enumerate() {
        let y = i * 24;
        let wide = n * 130 / most;
        let _ = write!(
            out,
            "<text x=\"118\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"bar\" x=\"125\" y=\"{}\" width=\"{wide}\" height=\"16\"/>\
             <text x=\"{}\" y=\"{}\">{n}</text>",
            y + 15,
            xml(name),
            y + 3,
            130 + wide,
            y + 15
        );
    }
    let words: Vec<String> = rows.iter().map(|(name, n)| format!("{name} {n}")).collect();
    format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 300 {height}\" role=\"img\" aria-label=\"{}\">{out}</svg></figure>\n",
        xml(title),
        xml_attribute(&words.join(", "))
    )
}

/// All charts of a class.
pub(super) fn charts(class: &Class) -> String {
    let mut out = String::from("<div class=\"charts\">\n");
    for (i, (id, points)) in class.questions.iter().enumerate() {
        let marks: Vec<Rational> = class
            .graded()
            .filter_map(|(_, g)| g.marks.get(i))
            .filter(|m| !m.is_provisional())
            .map(|m| m.awarded.clone())
            .collect();
        out.push_str(&distribution(&format!("Question {id}"), points, &marks));
    }
    let count = |v| class.graded().map(|(_, g)| g.count(v)).sum::<usize>();
    use crate::grade::ClaimVerdict as V;
    let all = [V::Correct, V::Definition, V::Incorrect, V::Carried, V::Unreadable, V::Undecided];
    let rows: Vec<(String, usize)> = all.iter().map(|v| (v.name().to_owned(), count(*v))).filter(|r| r.1 > 0).collect();
    if !rows.is_empty() {
        out.push_str(&bars("Claims by verdict", &rows));
    }
    out.push_str("</div>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_in_one_bar() {
        let r = |n, d| Rational::new(n, d).unwrap();
        assert_eq!(counts(&r(2, 1), &[r(0, 1), r(1, 2), r(1, 1), r(2, 1), r(5, 1)]), [2, 1, 2]);
        assert_eq!(counts(&r(10, 1), &[r(10, 1), r(99, 10)]).iter().sum::<usize>(), 2);
        assert_eq!(counts(&r(0, 1), &[r(0, 1)]).iter().sum::<usize>(), 1);
        assert_eq!(average(&[r(1, 1), r(2, 1), r(2, 1)]), "1.67");
        assert_eq!(average(&[]), "none");
    }
}
