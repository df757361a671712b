//! Statements: the items of a row, separated where one claim ends and another begins, and cut at relation signs.

use super::item::{Item, What};
use super::model::Lead;
use crate::syntax::Relation;

/// One side, with the sign before it.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) relation: Option<(Relation, usize, usize)>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Sides with relations between them; one side without a relation is an expression.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) lead: Option<(Lead, usize, usize)>,
    pub(super) sides: Vec<Side>,
    /// Whether words stand right before it in its row.
    pub(super) after_words: bool,
    /// Whether a relation in it is one that is not judged.
    pub(super) unjudged: bool,
}

impl Statement {
    /// Whether it begins with a sign, and so continues what stands before.
    pub(super) fn continues(&self) -> bool {
        self.sides.first().is_some_and(|s| s.relation.is_some())
    }

    pub(super) fn has_relation(&self) -> bool {
        self.sides.iter().any(|s| s.relation.is_some())
    }
}

/// What separates two segments, from the weakest to the strongest.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Separator {
    None,
    Comma,
    Wide,
    Words,
    ForAll,
    Because,
    Arrow,
}

struct Segment {
    separator: Separator,
    sign: (usize, usize),
    from: usize,
    to: usize,
}

/// The statements of a row, and the expressions that stand beside them as remarks.
pub(super) fn statements(items: &[Item]) -> (Vec<Statement>, Vec<(usize, usize)>) {
    let segments = segments(items);
    let relations = |s: &Segment| items[s.from..s.to].iter().any(|i| matches!(i.what, What::Relation(_) | What::Other));
    let mut out = Vec::new();
    let mut remarks = Vec::new();
    let mut at = 0;
    while at < segments.len() {
        let first = &segments[at];
        let mut to = first.to;
        let mut related = relations(first);
        let mut next = at + 1;
        while let Some(segment) = segments.get(next) {
            let begins = matches!(items.get(segment.from).map(|i| i.what), Some(What::Relation(_)));
            let joins = match segment.separator {
                Separator::Comma => begins || !(related && relations(segment)),
                Separator::Wide | Separator::None => begins,
                _ => false,
            };
            if !joins {
                break;
            }
            to = segment.to;
            related |= relations(segment);
            next += 1;
        }
        if let Some(statement) = cut(items, first, to) {
            let beside = !related && first.separator >= Separator::Wide && at > 0;
            if first.separator == Separator::ForAll && !related {
                // A quantifier over letters says nothing to check.
            } else if beside && first.separator != Separator::Arrow && out.iter().any(Statement::has_relation) {
                remarks.extend(statement.sides.first().map(|s| (s.start, s.end)));
            } else {
                out.push(statement);
            }
        }
        at = next;
    }
    (out, remarks)
}

/// Cuts the row at everything that may separate statements.
fn segments(items: &[Item]) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    let mut separator = Separator::None;
    let mut sign = (0, 0);
    let mut open = false;
    for (at, item) in items.iter().enumerate() {
        let this = match item.what {
            What::Arrow => Separator::Arrow,
            What::Because => Separator::Because,
            What::ForAll => Separator::ForAll,
            What::Prose if !wants_operand(items, at) => Separator::Words,
            What::Wide if !binds(items, at) => Separator::Wide,
            What::Comma => Separator::Comma,
            What::Amp if !open => continue,
            What::Stop if !open => continue,
            _ => {
                match found.last_mut() {
                    Some(last) if open => last.to = at + 1,
                    _ => found.push(Segment { separator, sign, from: at, to: at + 1 }),
                }
                open = true;
                separator = Separator::None;
                continue;
            }
        };
        if this >= separator {
            separator = this;
            sign = (item.start, item.end);
        }
        open = false;
    }
    found
}

/// Whether the item before is an operator or a sign, so that words here stand for a quantity.
fn wants_operand(items: &[Item], at: usize) -> bool {
    let before = items[..at].iter().rev().find(|i| !matches!(i.what, What::Amp | What::Wide));
    before.is_some_and(|i| matches!(i.what, What::Operator))
        || (before.is_some_and(|i| matches!(i.what, What::Relation(_)))
            && items.get(at + 1).is_some_and(|i| !matches!(i.what, What::Comma | What::Prose | What::Arrow)))
}

/// Whether a wide space stands beside an operator or a sign, and so separates nothing.
fn binds(items: &[Item], at: usize) -> bool {
    let skip = |i: &&Item| !matches!(i.what, What::Amp | What::Wide);
    let joins = |i: &Item| matches!(i.what, What::Operator | What::Relation(_) | What::Other);
    let before = items[..at].iter().rev().take(8).find(skip).is_some_and(joins);
    let after = items[at + 1..].iter().take(8).find(skip).is_some_and(joins);
    before || after
}

fn cut(items: &[Item], first: &Segment, to: usize) -> Option<Statement> {
    let lead = match first.separator {
        Separator::Arrow => Some(Lead::Implies),
        Separator::Because => Some(Lead::Because),
        Separator::ForAll => Some(Lead::ForAll),
        _ => None,
    };
    let mut sides: Vec<Side> = Vec::new();
    let mut relation = None;
    let mut side: Option<(usize, usize)> = None;
    let mut unjudged = false;
    let finish = |sides: &mut Vec<Side>, relation: &mut Option<_>, side: &mut Option<(usize, usize)>| {
        if let Some((start, end)) = side.take() {
            sides.push(Side { relation: relation.take(), start, end });
        }
    };
    let trimmed = |i: &Item| matches!(i.what, What::Amp | What::Stop | What::Comma | What::Wide);
    for (at, item) in items.iter().enumerate().take(to).skip(first.from) {
        unjudged |= item.what == What::Other;
        match item.what {
            What::Relation(sign) => {
                finish(&mut sides, &mut relation, &mut side);
                if relation.is_none() {
                    relation = Some((sign, item.start, item.end));
                }
            }
            _ if trimmed(item) => {}
            // A `\left\{` around a list of equations, cut off from its partner.
            What::LooseOpen if side.is_none() && item.end - item.start > 2 => {}
            What::LooseClose if item.end - item.start > 2 && ends(items, at, to) => {}
            _ => side = Some((side.map_or(item.start, |s| s.0), item.end)),
        }
    }
    finish(&mut sides, &mut relation, &mut side);
    let lead = lead.map(|lead| (lead, first.sign.0, first.sign.1));
    let after_words = first.separator == Separator::Words;
    (!sides.is_empty()).then_some(Statement { lead, sides, after_words, unjudged })
}

/// Whether only white space, punctuation or a sign follows in the side.
fn ends(items: &[Item], at: usize, to: usize) -> bool {
    let next = items[at + 1..to].iter().find(|i| !matches!(i.what, What::Amp | What::Stop | What::Comma | What::Wide));
    next.is_none_or(|i| matches!(i.what, What::Relation(_)))
}
