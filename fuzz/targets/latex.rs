//! Any text as a LaTeX formula: it is read or refused, its spans lie in it, and what is printed reads again.
#![no_main]

use gradmark::syntax::Syntax;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| gradmark_fuzz::read(text, Syntax::Latex));
