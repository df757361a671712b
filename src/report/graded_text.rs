//! What a person reads of a graded submission.

use super::graded::verdict_name;
use super::mistake::{Hint, marked, words};
use super::paint::Paint;
use crate::grade::{Claim, ClaimVerdict, Graded, QuestionResult};

/// Longest source shown on one line.
const WIDTH: usize = 100;

/// A graded submission under the file's name; with a hint, of mistakes only what it tells.
#[must_use]
pub fn graded_text(file: &str, graded: &Graded, hint: Option<Hint>, paint: Paint) -> String {
    let points: f64 = graded.questions.iter().map(|q| q.points).sum();
    let awarded: f64 = graded.questions.iter().map(|q| q.awarded).sum();
    let mut out = format!("{}\n\n", paint.bold(&format!("{file}: {awarded} of {points} points")));
    for q in &graded.questions {
        out.push_str(&question(q, graded, paint));
    }
    for c in &graded.claims {
        out.push('\n');
        out.push_str(&claim(c, hint, paint));
    }
    if !graded.not_read.is_empty() {
        out.push_str(&format!("\n  {}\n", paint.faint("not judged")));
        for n in &graded.not_read {
            out.push_str(&format!("  line {}: {} ({})\n", n.line, one_line(&n.source), n.why));
        }
    }
    out
}

fn painted(v: ClaimVerdict, paint: Paint) -> String {
    let name = verdict_name(v);
    match v {
        ClaimVerdict::Correct => paint.good(name),
        ClaimVerdict::Incorrect => paint.bad(name),
        ClaimVerdict::Carried | ClaimVerdict::Unreadable | ClaimVerdict::Undecided => paint.open(name),
        ClaimVerdict::Definition => paint.faint(name),
    }
}

fn question(q: &QuestionResult, graded: &Graded, paint: Paint) -> String {
    let line = |n: usize| graded.claims.iter().find(|c| c.n == n).map_or(0, |c| c.line);
    let mut out = format!("  {:10} {} of {}", q.id, q.awarded, q.points);
    match (q.verdict, q.answer) {
        (Some(v), Some(n)) => {
            out.push_str(&format!("   the final answer, in line {}, is {}", line(n), painted(v, paint)));
        }
        (Some(v), None) => out.push_str(&format!("   the final answer is {}", painted(v, paint))),
        (None, _) => out.push_str(&format!("   {}", paint.open("no final answer was found"))),
    }
    if let Some(n) = q.first_wrong {
        out.push_str(&format!("; the first wrong step is in line {}", line(n)));
    }
    if q.provisional {
        out.push_str(&format!("; {}", paint.open("a person has to look at this")));
    }
    out.push('\n');
    out
}

fn claim(c: &Claim, hint: Option<Hint>, paint: Paint) -> String {
    let mut out = format!("  line {:<4} {}   {}\n", c.line, painted(c.verdict, paint), one_line(&c.source));
    if !c.meaning.is_empty() {
        out.push_str(&format!("            {}\n", paint.faint(&c.meaning)));
    }
    for d in &c.diagnosis {
        let kind = if hint == Some(Hint::Where) { String::new() } else { format!("{}: ", d.kind) };
        out.push_str(&format!("            {kind}{}\n", words(d, hint)));
        for line in marked(&c.source, d.span, paint).iter().flat_map(|m| m.lines()) {
            out.push_str(&format!("              {line}\n"));
        }
    }
    out
}

/// A source on one line, cut where it is long.
fn one_line(source: &str) -> String {
    let words: Vec<&str> = source.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= WIDTH {
        return line;
    }
    let cut: String = line.chars().take(WIDTH).collect();
    format!("{cut}…")
}
