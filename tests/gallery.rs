//! `cases/gallery/*.toml`: objectives with their derivatives as they are printed, in both notations. Each printed
//! derivative is read again and judged; the snapshots are judged by eye.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

mod objectives;

use gradmark::check::{Answer, Options, RequestText, Writing, check};
use gradmark::problem::{WrtText, build};
use gradmark::syntax::Syntax;
use gradmark::verdict::{Asked, Depth, Verdict};
use objectives::{files, requests};
use std::fmt::Write;

/// The answer, and what to write in another form.
fn answer(r: &RequestText, candidate: Option<(&str, Syntax)>) -> (Answer, usize) {
    let problem = build(&r.problem(), None).unwrap_or_else(|d| panic!("{}: {}", r.objective, d.message));
    let wrt = r.variables();
    let asked = Asked { syntax: candidate.map(|c| c.1), ..r.asked(&wrt) };
    // The objective is plain: told apart by itself, while the candidate's notation is given.
    let asked =
        Asked { syntax: if candidate.is_some_and(|c| c.1 == Syntax::Latex) { None } else { asked.syntax }, ..asked };
    let options = Options { depth: Depth::Decisive, counterexample: true, diagnosis: None };
    (check(&problem, &asked, candidate.map(|c| c.0), options), problem.declared)
}

#[test]
fn printed_derivatives_read_back_and_hold() {
    let (mut entries, mut matrix, mut chars) = (0, 0, 0);
    for file in files() {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut report = String::new();
        for r in requests(&file) {
            let wrt = r.wrt.as_ref().map(WrtText::names).unwrap_or_default().join(", ");
            let (derived, declared) = answer(&r, None);
            let fault = derived.fault.as_ref().map(|f| f.diagnostic.message.clone());
            assert_eq!(fault, None, "{name}: {}", r.objective);
            assert_eq!(derived.remarks, [""; 0], "{name}: {}", r.objective);
            let texts = [Syntax::Plain, Syntax::Latex].map(|s| (derived.truth_text(s).unwrap(), s));
            for (text, syntax) in &texts {
                let (judged, _) = answer(&r, Some((text, *syntax)));
                assert_eq!(judged.verdict, Some(Verdict::Correct), "{name}: {} by {wrt}: {text}", r.objective);
                // One more of it is not right, unless it is nothing.
                let (wrong, _) = answer(&r, Some((&format!("2 ({text})"), *syntax)));
                assert_eq!(wrong.verdict, Some(Verdict::Incorrect), "{name}: {} by {wrt}: 2 ({text})", r.objective);
            }
            writeln!(report, "{}   by {wrt}", r.objective).unwrap();
            for (what, formula) in &r.definitions.0 {
                writeln!(report, "    where {what} = {formula}").unwrap();
            }
            writeln!(report, "  {}\n  {}\n", texts[0].0, texts[1].0).unwrap();
            for writing in [Writing::Factored, Writing::Expanded, Writing::Index] {
                let (mut other, _) = answer(&r, None);
                other.rewrite(writing, declared);
                assert!(other.truth_text(Syntax::Plain).is_some(), "{name}: {} by {wrt} in {writing:?}", r.objective);
            }
            entries += 1;
            chars += texts[0].0.chars().count();
            matrix += usize::from(!texts[0].0.contains("delta("));
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(file.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), report));
    }
    println!("{entries} objectives, {matrix} in matrix notation, {} characters each", chars / entries);
    assert!(entries >= 120);
    assert_eq!(matrix, entries);
}
