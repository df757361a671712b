//! Charts as SVG that say in words what they show.

use super::super::markup::{xml, xml_attribute};
use crate::mark::{Class, average, counted, decimal};
use crate::number::Rational;
use std::fmt::Write as _;

/// Most bars of a distribution, before the one of full marks.
const BARS: u8 = 10;
/// Widths that a bar may have in points, in hundredths; wider ones are ten times these and so on.
const WIDTHS: [i64; 4] = [10, 20, 25, 50];

/// How many students have how many points: one figure for the marks of a question.
pub(super) fn distribution(title: &str, points: &Rational, marks: &[Rational]) -> String {
    let bins = bins(points, marks);
    let most = bins.iter().map(|b| b.1).max().unwrap_or(0).max(1);
    let (width, height, base) = (300usize, 130usize, 105usize);
    let step = width / bins.len().max(1);
    let mut bars = String::new();
    let mut told: Vec<String> = Vec::new();
    for (i, (from, n)) in bins.iter().enumerate() {
        let tall = n * 85 / most;
        let (x, y, middle) = (i * step + 3, base - tall, i * step + step / 2);
        let _ = write!(bars, "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{tall}\"/>", step - 6);
        let _ =
            write!(bars, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>", base + 14, decimal(from));
        if *n > 0 {
            let _ = write!(bars, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{n}</text>", y - 4);
            let range = bins.get(i + 1).map_or_else(
                || format!("all {}", counted(points)),
                |next| format!("from {} to less than {}", decimal(from), decimal(&next.0)),
            );
            told.push(format!("{n} with {range}"));
        }
    }
    let average = shown_average(marks);
    let marks = if marks.len() == 1 { "1 mark".to_owned() } else { format!("{} marks", marks.len()) };
    let words = format!("{marks} of at most {}, {average} on average", counted(points));
    let label = if told.is_empty() { words.clone() } else { format!("{words}: {}", told.join(", ")) };
    format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\
         {bars}<line class=\"axis\" x1=\"0\" y1=\"{base}\" x2=\"{width}\" y2=\"{base}\" stroke=\"currentColor\"/></svg>\
         <p class=\"soft\">{}</p></figure>\n",
        xml(title),
        xml_attribute(&label),
        xml(&words)
    )
}

/// The bars: from how many points, and how many marks. Each holds what is less than where the next one begins; the last
/// holds full marks and, after a person's decision, more.
fn bins(points: &Rational, marks: &[Rational]) -> Vec<(Rational, usize)> {
    let mut bins: Vec<(Rational, usize)> = Vec::new();
    let width = width(points);
    let mut from = Rational::ZERO;
    while from < *points && bins.len() < usize::from(BARS) {
        bins.push((from.clone(), 0));
        from = &from + &width;
    }
    bins.push((points.clone(), 0));
    for m in marks {
        // What is less than nothing is shown with nothing.
        let at = bins.iter().rposition(|b| b.0 <= *m).unwrap_or(0);
        if let Some(bin) = bins.get_mut(at) {
            bin.1 += 1;
        }
    }
    bins
}

/// The least width of which there are not too many.
fn width(points: &Rational) -> Rational {
    let mut scale = 1i64;
    loop {
        for w in WIDTHS {
            let width = Rational::new(w.saturating_mul(scale), 100).unwrap_or(Rational::ONE);
            if &width * &Rational::from(i64::from(BARS)) >= *points || scale > 1_000_000_000_000 {
                return width;
            }
        }
        scale *= 10;
    }
}

/// The average, or a word where there is none.
pub(super) fn shown_average(marks: &[Rational]) -> String {
    average(marks).unwrap_or_else(|| "none".to_owned())
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
        let shown = |points: Rational, marks: &[Rational]| -> Vec<String> {
            bins(&points, marks).iter().map(|(from, n)| format!("{}: {n}", decimal(from))).collect()
        };
        let half = shown(r(5, 1), &[r(0, 1), r(1, 2), r(49, 100), r(5, 1), r(6, 1), r(-1, 1)]);
        assert_eq!(
            half,
            ["0: 3", "0.5: 1", "1: 0", "1.5: 0", "2: 0", "2.5: 0", "3: 0", "3.5: 0", "4: 0", "4.5: 0", "5: 2"]
        );
        assert_eq!(shown(r(73, 10), &[r(71, 10), r(73, 10)])[7..], ["7: 1", "7.3: 1"]);
        for (points, bars) in [(r(1, 1), 11), (r(15, 1), 9), (r(100, 1), 11), (r(0, 1), 1), (r(1_000_000, 1), 11)] {
            assert_eq!(shown(points.clone(), &[points]).len(), bars);
        }
        assert_eq!(average(&[r(1, 1), r(2, 1), r(2, 1)]).as_deref(), Some("1.67"));
        assert_eq!(average(&[]), None);
    }
}
