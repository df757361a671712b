//! Reading: every construct in both notations, as a compact dump of the tree.

mod syntax_dump;
use gradmark::syntax::{NameKind, Names, Syntax};
use syntax_dump::{dump_statement, dump_text};

/// Names as the cases below declare them: `x` a symbol, `x_i` a family, `g()` a function, `#n` a dimension,
/// `W_1=W^{(1)}` an alias; `!` at the end says that they are complete.
fn names(declared: &str) -> Names {
    let mut names = Names::new();
    for word in declared.split_whitespace() {
        if word == "!" {
            names.set_complete();
        } else if let Some((name, spelling)) = word.split_once('=') {
            names.alias(&spelling.replace('~', " "), name);
        } else if let Some(name) = word.strip_suffix("()") {
            names.declare(name, NameKind::Function);
        } else if let Some(name) = word.strip_prefix('#') {
            names.declare(name, NameKind::Dimension);
        } else if let Some(name) = word.strip_suffix("*") {
            names.declare(name, NameKind::Family);
        } else {
            names.declare(word, NameKind::Symbol);
        }
    }
    names
}

#[test]
fn probe() {
    let Ok(text) = std::env::var("PROBE") else { return };
    let declared = std::env::var("NAMES").unwrap_or_default();
    for line in text.lines() {
        let syntax = gradmark::syntax::detect(line);
        println!("{line}\n    {}", dump_statement(line, syntax, &names(&declared)));
    }
    let _ = (dump_text("x", Syntax::Plain, &Names::new()), 0);
}
