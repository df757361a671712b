//! Starting values: after "the initial value of θ is 0", what no longer contains θ is said of that value.

use super::link::Compared;
use super::session::Session;
use super::walk::Walk;
use crate::document::Document;
use crate::evaluation::{Bounded, Draw, Floats, Generic, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Limits;
use crate::shape::Body;
use crate::syntax::parse_declared;

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
/// Such words that are looked at.
const MOST_CUES: usize = 64;

impl Session {
    /// The declared symbols that the document starts at zero: "the initial value of $\theta$ is $0$".
    pub(super) fn find_starts(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            let [head, value] = chain.pieces.as_slice() else { continue };
            let from = head.span.start as usize;
            let cued = CUES.iter().any(|c| window(&document.text, from.saturating_sub(REACH), from).contains(c));
            if head.relation.is_none() && is_zero(&value.text) && cued {
                self.start(&head.text, chain.line);
            }
        }
        // Names in sentences are no chains.
        let text = document.text.to_ascii_lowercase();
        for (at, _) in CUES.iter().flat_map(|c| text.match_indices(c)).take(MOST_CUES) {
            let line = document.text[..at].matches('\n').count();
            let near = window(&document.text, at.saturating_sub(REACH), at + REACH);
            let formulas: Vec<&str> = near.split('$').skip(1).step_by(2).collect();
            let shifted: Vec<&str> = near.split('$').step_by(2).collect();
            for pair in formulas.windows(2).chain(shifted.windows(2)).filter(|p| is_zero(p[1])) {
                self.start(pair[0], u32::try_from(line + 1).unwrap_or(u32::MAX));
            }
        }
    }

    fn start(&mut self, name: &str, line: u32) {
        let Ok(declared) = parse_declared(name.trim()) else { return };
        let Some(q) = self.scope.find(&declared.whole, 0) else { return };
        if matches!(self.scope.quantity(q).body, Body::Variable) {
            self.starts.push((q, line));
        }
    }
}

fn is_zero(text: &str) -> bool {
    matches!(text.trim(), "0" | "\\mathbf{0}" | "\\vec 0" | "\\vec{0}")
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
