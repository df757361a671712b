//! Starting values: after "the initial value of θ is 0", what no longer contains θ is said of that value.

use super::link::Compared;
use super::session::Session;
use super::walk::Walk;
use crate::document::Document;
use crate::evaluation::{Bounded, Draw, Floats, Generic, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::shape::Body;
use crate::syntax::{NameKind, parse_declared};

/// Lines below the starting value in which it is meant.
const NEAR: u32 = 12;
const POINTS: usize = 4;
const TRIES: u64 = 10;
/// Agreement of the two sides, relative to the larger.
const AGREEMENT: f64 = 1e-9;

/// Words that make a zero behind a name its starting value, in lower case.
const CUES: &[&str] =
    &["initial", "start", "inicial", "anfang", "début", "depart", "départ", "初始", "初期", "초기", "начал", "inizial"];
/// How far behind a name they may stand.
const REACH: usize = 60;

impl Session {
    /// The declared symbols that the document starts at zero.
    pub(super) fn find_starts(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            let Some(head) = chain.pieces.first().filter(|p| p.relation.is_none()) else { continue };
            let Ok(declared) = parse_declared(head.text.trim()) else { continue };
            let Some(q) = self.scope.find(&declared.whole, 0) else { continue };
            let variable = matches!(self.scope.quantity(q).body, Body::Variable)
                && self.scope.names.is(&declared.whole, NameKind::Symbol);
            let zero = |text: &str| matches!(text.trim(), "0" | "\\mathbf{0}" | "\\vec 0" | "\\vec{0}");
            let (from, to) = (head.span.start as usize, head.span.end as usize);
            let said = match chain.pieces.as_slice() {
                [_, value] => zero(&value.text) && is_cued(&document.text, from.saturating_sub(REACH), from),
                [_] => {
                    let after = window(&document.text, to, to + REACH);
                    let after = after.lines().next().unwrap_or_default();
                    let cue = CUES.iter().filter_map(|c| after.to_lowercase().find(c)).min();
                    cue.is_some_and(|c| {
                        let rest: String = after.chars().filter(|c| *c != '$' && !c.is_whitespace()).collect();
                        let digits = rest.find(|c: char| c.is_ascii_digit());
                        c < after.len() && digits.is_some_and(|d| number(&rest[d..]) == "0")
                    })
                }
                _ => false,
            };
            if variable && said {
                self.starts.push((q, chain.line));
            }
        }
    }
}

fn number(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len())]
}

fn window(text: &str, from: usize, to: usize) -> &str {
    let (mut from, mut to) = (from.min(text.len()), to.min(text.len()));
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[from..to]
}

fn is_cued(text: &str, from: usize, to: usize) -> bool {
    let before = window(text, from, to).to_lowercase();
    CUES.iter().any(|c| before.contains(c))
}

impl Walk<'_> {
    /// Whether a later side of a chain that was right so far is what the chain is about at the starting value: it does
    /// not contain the symbol any more, and agrees where that is zero.
    pub(super) fn at_the_start(
        &mut self,
        (c, i): (usize, usize),
        compared: &Compared,
        texts: [&str; 2],
    ) -> Option<String> {
        let pair = compared.pair.filter(|_| compared.equal == Some(false))?;
        let line = self.document.chains[c].pieces[i].line;
        let near: Vec<_> =
            self.session.starts.iter().filter(|s| s.1 <= line && line - s.1 <= NEAR).map(|s| s.0).collect();
        let found = near.into_iter().find(|q| i > 1 && self.session.agrees_at_zero(*q, pair, texts) == Some(true))?;
        Some(format!("holds at the starting value {} = 0", self.session.scope.quantity(found).name))
    }
}

impl Session {
    /// Whether two sides, of which exactly one contains a symbol, agree where it is zero.
    fn agrees_at_zero(
        &self,
        q: crate::shape::QuantityId,
        pair: (crate::tensor::NodeId, crate::tensor::NodeId),
        texts: [&str; 2],
    ) -> Option<bool> {
        let variable = self.quantities.variable(q)?;
        let (first, second) = (variables(&self.store, &[pair.0]), variables(&self.store, &[pair.1]));
        if first.contains(&variable) == second.contains(&variable) {
            return None;
        }
        let limits = Limits::default();
        let roots = [pair.0, pair.1];
        let used = variables(&self.store, &roots);
        let all = sizes(&self.store, &roots, &self.scope.sizes, 3);
        let here = all.first()?;
        let floats = Floats::<f64>::new();
        let seed = seed(&texts);
        let mut agreed = 0;
        for attempt in 0..TRIES {
            let mut source = Generic::new(1.0, 0, false);
            let draw = Draw { seed: mix(seed, attempt), number: attempt, enumerate: false };
            let Ok(mut point) = sample(&floats, &mut source, &self.store, &used, here, draw, limits.entries) else {
                continue;
            };
            let value = point.values.iter_mut().find(|v| v.0 == variable)?;
            value.1.data.iter_mut().for_each(|x| *x = Bounded::exact(0.0));
            let Ok(values) = evaluate(&floats, &self.store, &roots, &point, &limits) else { continue };
            let (a, b) = (&values[0].data, &values[1].data);
            let size = a.iter().chain(b).map(|x| x.to_f64().abs()).fold(0.0, f64::max);
            let difference = a.iter().zip(b).map(|(x, y)| (x.to_f64() - y.to_f64()).abs()).fold(0.0, f64::max);
            if size == 0.0 || difference > AGREEMENT * size {
                return Some(false);
            }
            agreed += 1;
            if agreed == POINTS {
                return Some(true);
            }
        }
        None
    }
}
