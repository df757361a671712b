//! A student's part of the report: each question's mark with its reasons, each claim with its verdict.

use super::super::graded_text::lines;
use super::super::markup::{xml, xml_attribute};
use super::formula::{formula, inline};
use crate::grade::ClaimVerdict;
use crate::mark::{Class, Entry, Failure, Graded, Outcome, Step, counted, decimal};
use std::fmt::Write as _;

/// The part, closed where there are many.
pub(super) fn student(class: &Class, entry: &Entry, number: usize) -> String {
    let open = if class.entries.len() == 1 { " open" } else { "" };
    let name = xml(entry.student.shown());
    let graded = match &entry.result {
        Ok(g) => g,
        Err(failure) => {
            let why = match failure {
                Failure::Unusable { message, .. } => message.as_str(),
                Failure::Missing => "no submission",
            };
            return format!(
                "<details class=\"student\" id=\"s{number}\"{open}><summary><h3>{name}</h3><span class=\"mark open\">not graded</span></summary>\
                 <p>{}</p></details>\n",
                xml(why)
            );
        }
    };
    let total = graded.total();
    let state = if total.provisional { " <span class=\"open\">provisional</span>" } else { "" };
    let mut out = format!(
        "<details class=\"student\" id=\"s{number}\"{open}><summary><h3>{name}</h3><span class=\"mark\">{} of {}{state}</span></summary>\n\
         <p class=\"soft\">{}</p>\n",
        decimal(&total.awarded),
        decimal(&total.points),
        xml(&entry.file)
    );
    if let Some(comment) = &graded.comment {
        let _ = writeln!(out, "<p class=\"says\">{}</p>", xml(comment));
    }
    let mut shown: Vec<usize> = Vec::new();
    for (i, outcome) in graded.sheet.questions.iter().enumerate() {
        question(&mut out, graded, outcome, i, number, &mut shown);
    }
    let rest: Vec<&Step> = graded.sheet.claims.iter().filter(|c| !shown.contains(&c.n)).collect();
    if !rest.is_empty() {
        out.push_str("<h4>Other claims</h4>\n<ol class=\"claims\">\n");
        rest.into_iter().for_each(|c| claim(&mut out, c, false));
        out.push_str("</ol>\n");
    }
    if !graded.sheet.not_read.is_empty() {
        out.push_str("<h4>Not judged</h4>\n<ul class=\"items\">\n");
        for n in &graded.sheet.not_read {
            let _ = writeln!(
                out,
                "<li><span class=\"line\">line {}</span><code class=\"source\">{}</code> <span class=\"soft\">{}</span></li>",
                n.line,
                xml(&n.source),
                xml(&n.why)
            );
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</details>\n");
    out
}

fn question(out: &mut String, graded: &Graded, outcome: &Outcome, i: usize, number: usize, shown: &mut Vec<usize>) {
    let Some(mark) = graded.marks.get(i) else { return };
    let _ = write!(
        out,
        "<section aria-labelledby=\"s{number}q{i}\"><h4 id=\"s{number}q{i}\">Question {}: <span class=\"mark\">{} of {}</span></h4>\n<ul class=\"items\">\n",
        xml(&mark.id),
        decimal(&mark.awarded),
        decimal(&mark.points)
    );
    for item in &mark.items {
        let at = if item.lines.is_empty() { String::new() } else { format!(", {}", lines(&item.lines)) };
        let (points, of) = (decimal(&item.points), decimal(&item.of));
        let _ = writeln!(out, "<li>{}: {points} of {of}, {}{at}</li>", item.part.name(), xml(&item.why));
    }
    for open in mark.unsettled.iter().filter(|_| !mark.by_person) {
        let at = if open.lines.is_empty() { String::new() } else { format!(", {}", lines(&open.lines)) };
        let _ = writeln!(out, "<li class=\"open\">open: {}, {}{at}</li>", counted(&open.points), xml(&open.why));
    }
    if let Some(comment) = &mark.comment {
        let _ = writeln!(out, "<li>{}</li>", xml(comment));
    }
    out.push_str("</ul>\n");
    let mut own = graded.sheet.steps(outcome);
    own.extend(outcome.answer.and_then(|n| graded.sheet.claim(n)));
    own.sort_by_key(|c| c.n);
    if !own.is_empty() {
        out.push_str("<ol class=\"claims\">\n");
        for c in own {
            shown.push(c.n);
            claim(out, c, outcome.first_wrong == Some(c.n));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</section>\n");
}

fn claim(out: &mut String, c: &Step, first: bool) {
    let (sign, words) = match c.verdict {
        ClaimVerdict::Correct => ("✓", "right"),
        ClaimVerdict::Incorrect if first => ("✗", "the first wrong step"),
        ClaimVerdict::Incorrect => ("✗", "wrong"),
        ClaimVerdict::Carried => ("↪", "follows from an earlier mistake"),
        ClaimVerdict::Definition => ("≔", "a definition"),
        ClaimVerdict::Unreadable => ("?", "could not be read"),
        ClaimVerdict::Undecided => ("?", "could not be decided"),
    };
    let class = if first { format!("{} first", c.verdict.name()) } else { c.verdict.name().to_owned() };
    let _ = write!(
        out,
        "<li class=\"claim {class}\"><span class=\"line\">line {}</span><span class=\"verdict\"><span aria-hidden=\"true\">{sign} </span>{words}</span>\n\
         <div class=\"formula\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}</div>\n",
        c.line,
        xml_attribute(&format!("formula of line {}", c.line)),
        formula(&c.source, c.latex.as_deref())
    );
    if let Some(computed) = c.computed.filter(|v| *v != c.verdict) {
        let _ = writeln!(out, "<p class=\"soft\">decided by a person; the program says {}</p>", computed.name());
    }
    if !c.meaning.is_empty() {
        let _ = writeln!(out, "<p class=\"soft says\">{}</p>", xml(&c.meaning));
    }
    for d in &c.diagnosis {
        let _ = writeln!(out, "<p class=\"says\">{}</p>", quoted(&d.message));
    }
    if let Some(numbers) = &c.counterexample {
        let _ =
            writeln!(out, "<details><summary>numbers at which it fails</summary><pre>{}</pre></details>", xml(numbers));
    }
    out.push_str("</li>\n");
}

/// Words in which formulas stand between back quotes; where they are LaTeX they are set as mathematics.
pub(super) fn quoted(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return xml(message);
    }
    let is_latex = parts.iter().skip(1).step_by(2).any(|p| p.contains('\\'));
    let code = |p: &str| {
        let set = if is_latex { inline(p) } else { None };
        set.map_or_else(|| format!("<code>{}</code>", xml(p)), |m| format!("<span class=\"m\">{m}</span>"))
    };
    parts.iter().enumerate().map(|(i, p)| if i % 2 == 1 { code(p) } else { xml(p) }).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn formulas_in_words_are_set_or_shown_as_they_are() {
        let set = quoted("Take `2 \\mu x` for `x`, not <b>.");
        assert!(set.starts_with("Take <span class=\"m\"><math") && set.ends_with(", not &lt;b&gt;."), "{set}");
        assert!(!set.contains("<code>"), "{set}");
        assert_eq!(quoted("Take `2 x` for `<i>`"), "Take <code>2 x</code> for <code>&lt;i&gt;</code>");
        let broken = quoted("`\\frac{` and `\\href{javascript:x}{<script>}`");
        assert!(broken.starts_with("<code>\\frac{</code>") && !broken.contains("<script"), "{broken}");
    }
}
