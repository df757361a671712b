//! Any text as a problem file, TOML or JSON: it is read and posed, or refused with a place that lies in it.
#![no_main]

use gradmark::check::contradictions;
use gradmark::problem::{advice, build, parse_problem_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = match parse_problem_file(text) {
        Ok(file) => file,
        Err(d) => {
            assert!(d.span.end as usize <= text.len() && d.span.start <= d.span.end, "{d:?}");
            return;
        }
    };
    for (_, part) in file.each() {
        if let Ok(problem) = build(part, None) {
            let _ = advice(part, &problem);
            let _ = contradictions(&problem);
        }
    }
});
