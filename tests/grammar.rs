//! The published grammars against the readers: random sentences of each are all read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // a test may

use gradmark::syntax::{NameKind, Names, Syntax, parse_statement};
use std::collections::BTreeMap;

const SEED: u64 = 0x5eed_1234_9876_0001;
const SENTENCES: usize = 4000;

enum Piece {
    Text(String),
    Rule(String),
}

type Grammar = BTreeMap<String, Vec<Vec<Piece>>>;

/// Reads a grammar: `<name> ::= alternatives`.
fn read(text: &str) -> Grammar {
    let mut grammar = Grammar::new();
    for line in text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
        let (head, body) = line.split_once("::=").expect("a rule has `::=`");
        let mut alternatives = vec![Vec::new()];
        let mut rest = body.trim();
        while let Some(first) = rest.chars().next() {
            let (piece, after) = match first {
                '"' => {
                    let end = rest[1..].find('"').expect("a terminal is closed") + 1;
                    (Some(Piece::Text(rest[1..end].to_owned())), &rest[end + 1..])
                }
                '<' => {
                    let end = rest.find('>').expect("a rule's name is closed");
                    (Some(Piece::Rule(rest[..=end].to_owned())), &rest[end + 1..])
                }
                '|' => {
                    alternatives.push(Vec::new());
                    (None, &rest[1..])
                }
                other => panic!("`{other}` in a grammar: {line}"),
            };
            alternatives.last_mut().unwrap().extend(piece);
            rest = after.trim_start();
        }
        grammar.insert(head.trim().to_owned(), alternatives);
    }
    grammar
}

/// A small generator of random numbers: the same sentences on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// How many steps the shortest sentence of each rule needs.
fn heights(grammar: &Grammar) -> BTreeMap<&str, usize> {
    let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..grammar.len() {
        for (name, alternatives) in grammar {
            let shortest = alternatives.iter().filter_map(|a| height(a, &heights)).min();
            if let Some(height) = shortest {
                heights.insert(name, height + 1);
            }
        }
    }
    heights
}

fn height(alternative: &[Piece], heights: &BTreeMap<&str, usize>) -> Option<usize> {
    alternative.iter().try_fold(0, |most, piece| match piece {
        Piece::Text(_) => Some(most),
        Piece::Rule(name) => heights.get(name.as_str()).map(|h| most.max(*h)),
    })
}

fn sentence(
    grammar: &Grammar,
    heights: &BTreeMap<&str, usize>,
    rule: &str,
    depth: usize,
    random: &mut Random,
    out: &mut String,
) {
    let alternatives = grammar.get(rule).unwrap_or_else(|| panic!("the rule {rule} is missing"));
    let least = alternatives.iter().filter_map(|a| height(a, heights)).min().expect("a rule has a sentence");
    let open: Vec<_> =
        alternatives.iter().filter(|a| height(a, heights).is_some_and(|h| depth > 0 || h == least)).collect();
    for piece in open[random.below(open.len())] {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Rule(name) => sentence(grammar, heights, name, depth.saturating_sub(1), random, out),
        }
    }
}

fn names() -> Names {
    let mut names = Names::new();
    for name in ["W", "A", "x", "y", "lambda", "x_hat", "W_1", "Sigma_xy", "beta"] {
        names.declare(name, NameKind::Symbol);
    }
    for name in ["n", "N", "k"] {
        names.declare(name, NameKind::Dimension);
    }
    names.declare("s", NameKind::Family);
    names.declare("g", NameKind::Function);
    names
}

#[track_caller]
fn check(text: &str, syntax: Syntax) {
    let grammar = read(text);
    let heights = heights(&grammar);
    let names = names();
    let mut random = Random(SEED);
    println!("seed {SEED:#x}, {SENTENCES} sentences");
    for _ in 0..SENTENCES {
        let mut out = String::new();
        sentence(&grammar, &heights, "<statement>", 9, &mut random, &mut out);
        if let Err(d) = parse_statement(&out, syntax, &names) {
            panic!("{out}\n{} {}..{}: {}", d.code, d.span.start, d.span.end, d.message);
        }
    }
}

#[test]
fn every_plain_sentence_is_read() {
    check(include_str!("../grammar/plain.bnf"), Syntax::Plain);
}

#[test]
fn every_latex_sentence_is_read() {
    check(include_str!("../grammar/latex.bnf"), Syntax::Latex);
}
