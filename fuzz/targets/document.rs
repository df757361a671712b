//! Any text as a submission, in each format: it is cut, graded against a small problem, and reported; no report
//! contains a character that a terminal would obey.
#![no_main]

use gradmark::document::{Format, read};
use gradmark::grade::grade;
use gradmark::mark::{Decisions, Graded, marks};
use gradmark::report::{Paint, graded, graded_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let format = [Format::Markdown, Format::Latex, Format::Plain, Format::Notebook][usize::from(*first) % 4];
    let document = read(&text, format);
    for piece in document.chains.iter().flat_map(|c| &c.pieces) {
        let (from, to) = (piece.span.start as usize, piece.span.end as usize);
        assert!(document.text.get(from..to).is_some(), "a piece's span lies in the document");
    }
    let problem = gradmark_fuzz::problem();
    let sheet = graded::sheet(&grade(&document, std::slice::from_ref(problem)));
    let questions: Vec<_> = problem.questions.iter().collect();
    let own = Decisions::default().of("student");
    let marks = marks(&sheet, &questions, &own);
    let paint = Paint { colour: true };
    let text = graded_text("file", &Graded { sheet, marks, comment: None }, None, paint);
    let shown = paint.shown(&text);
    let palette = |rest: &str| ["[0m", "[1m", "[2m", "[1;31m", "[1;32m", "[1;33m"].iter().any(|c| rest.starts_with(c));
    for (at, c) in shown.char_indices().filter(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t')) {
        assert!(c == '\u{1b}' && palette(&shown[at + 1..]), "{c:?} reaches the terminal");
    }
});
