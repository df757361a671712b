//! The repaired formula in the words of the candidate: what was not changed stays as it was typed.

use super::alike::alike;
use super::bench::Bench;
use super::hand::{Above, Hand, Loose, is_closed, looseness, opened, placeholder};
use super::patch::Patch;
use super::repair::View;
use crate::operator as ops;
use crate::syntax::{ExprId, Kind, Syntax, Tree, parse, print};
use crate::text::Span;

/// The text of the candidate with the change made, which reads as the changed formula; nothing where no text does.
pub(super) fn splice(bench: &mut Bench<'_>, view: &View<'_>, patch: &Patch) -> Option<String> {
    let (text, syntax, before, hand) = (view.text, view.syntax, view.tree(), &view.hand);
    let after = patch.apply(before);
    let touched: Vec<ExprId> = patch.touched().collect();
    let names = bench.posed.scope.names.clone();
    let mut reads = |text: &str| {
        let Ok(tree) = parse(text, syntax, &names) else { return false };
        // Without brackets that change nothing it has to be right again.
        tree.same(tree.root, &after, after.root)
            || alike(&tree, tree.root, &after, after.root)
                && bench.attempt(&tree).is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6))
    };
    for brackets in [Brackets::AsNeeded, Brackets::Inside, Brackets::Outside, Brackets::Everywhere] {
        let splicer = Splicer { text, hand, before, after: &after, touched: &touched, brackets };
        if let Some(spliced) = splicer.whole().filter(|s| reads(s)) {
            return Some(spliced);
        }
    }
    let printed = print(&after, after.root, syntax);
    [hand.spelled(&printed), printed].into_iter().find(|s| reads(s))
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Brackets {
    AsNeeded,
    Inside,
    Outside,
    Everywhere,
}

struct Splicer<'a> {
    text: &'a str,
    hand: &'a Hand<'a>,
    before: &'a Tree,
    after: &'a Tree,
    touched: &'a [ExprId],
    brackets: Brackets,
}

impl Splicer<'_> {
    fn whole(&self) -> Option<String> {
        let mut places = Vec::new();
        self.outermost(self.before.root, &mut places);
        let mut out = String::new();
        let mut at = 0;
        for (span, id) in places {
            let (start, end) = (span.start as usize, span.end as usize);
            join(&mut out, self.text.get(at..start)?);
            let piece = self.piece(id)?;
            if matches!(self.brackets, Brackets::AsNeeded | Brackets::Inside) {
                // A sign inside a sum is written with the sum's own sign.
                let negative = matches!(self.after.as_apply(id), Some((op, _)) if op == &ops::NEGATE);
                let was = self.text.get(start..end)?.trim_start();
                let sign_before = out.trim_end().ends_with('+');
                if negative && sign_before {
                    let keep = out.trim_end().len() - 1;
                    out.truncate(keep);
                    out.push_str(&piece.replacen('-', "- ", 1));
                } else if !negative && was.starts_with(['-', '−']) && !out.trim().is_empty() {
                    // Behind a bracket there is nothing to add to.
                    if !out.trim_end().ends_with(['(', '[', '{', ',']) {
                        out.push_str("+ ");
                    }
                    out.push_str(&piece);
                } else {
                    join(&mut out, &piece);
                }
            } else {
                out.push_str(&self.hand.bracketed(&piece));
            }
            at = end;
        }
        join(&mut out, self.text.get(at..)?);
        Some(out)
    }

    /// The outermost changed nodes of the formula as it was, in the order of the text.
    fn outermost(&self, id: ExprId, places: &mut Vec<(Span, ExprId)>) {
        if self.touched.contains(&id) {
            places.push((self.before.span(id), id));
            return;
        }
        let mut children: Vec<ExprId> = self.before.children(id).to_vec();
        children.sort_by_key(|c| self.before.span(*c).start);
        for c in children {
            self.outermost(c, places);
        }
    }

    /// The text of a changed node, with what is below it as it was typed.
    fn piece(&self, id: ExprId) -> Option<String> {
        let mut tree = Tree::new();
        let mut kept: Vec<String> = Vec::new();
        let root = self.outline(id, &mut tree, &mut kept, Above::Whole)?;
        let piece = self.hand.filled(&tree, root, &kept)?;
        // What stood in brackets stays in them, unless it holds together without.
        let was = self.text.get(self.before.span(id).range()).is_some_and(|t| is_closed(t.trim()));
        let is_loose = looseness(self.after, id) != Loose::Not && !is_closed(&piece);
        let keeps = was && is_loose && id != self.before.root && self.brackets != Brackets::Outside;
        Some(if keeps { self.hand.bracketed(&piece) } else { piece })
    }

    fn outline(&self, id: ExprId, tree: &mut Tree, kept: &mut Vec<String>, above: Above) -> Option<ExprId> {
        let scripted = |op: &ops::Op| [&ops::TRANSPOSE, &ops::INVERSE, &ops::POWER].contains(op);
        let script = self.after.as_apply(id).map(|a| a.0).filter(scripted);
        let own = self.hand.find(self.after, id).filter(|_| above.takes_whole(self.after, id));
        let typed = own.and_then(|own| Some((own, self.hand.typed(own)?.to_owned())));
        let typed = typed.or_else(|| match self.after.kind(id) {
            Kind::Symbol(name) if above != Above::Index => self.hand.lettered(name).map(|text| (id, text)),
            _ => None,
        });
        if let Some((source, text)) = typed {
            let loose = if own.is_some() { looseness(self.before, source) } else { Loose::Not };
            let wrap = match self.brackets {
                Brackets::Everywhere | Brackets::Inside => loose != Loose::Not,
                Brackets::AsNeeded | Brackets::Outside => loose != Loose::Product && above.needs_brackets(loose),
            };
            kept.push(match above {
                Above::Argument => opened(&text).to_owned(),
                _ if wrap && !is_closed(&text) => self.hand.bracketed(&text),
                _ => text,
            });
            return Some(tree.push(Kind::Symbol(placeholder(kept.len() - 1)?.into()), Span::default()));
        }
        let mut kind = self.after.kind(id).clone();
        let mut complete = true;
        let first_kept = kept.len();
        let mut place = 0;
        kind.map_children(&mut |child| {
            let above = Above::of(self.after, id, place);
            place += 1;
            self.outline(child, tree, kept, above).unwrap_or_else(|| {
                complete = false;
                ExprId(0)
            })
        });
        // In LaTeX a second superscript needs brackets around the first.
        if script.is_some() && self.hand.syntax == Syntax::Latex && kept.len() > first_kept {
            let base = self.after.children(id)[0];
            let own = self.hand.find(self.after, base);
            let has_script = own.is_some_and(|o| self.before.as_apply(o).is_some_and(|a| scripted(&a.0)));
            let text = &kept[first_kept];
            if has_script && text.contains('^') && !is_closed(text) {
                kept[first_kept] = self.hand.bracketed(text);
            }
        }
        complete.then(|| tree.push(kind, Span::default()))
    }
}

/// Puts a text behind another so that no word runs into the next.
fn join(out: &mut String, next: &str) {
    let command = out.rsplit('\\').next().filter(|_| out.contains('\\'));
    let after_command = command.is_some_and(|c| !c.is_empty() && c.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_word = |c: char| c.is_alphanumeric();
    let touches = out.ends_with(is_word) && next.starts_with(is_word);
    if touches && (after_command || !out.contains('\\') && !next.contains('\\')) {
        out.push(' ');
    }
    out.push_str(next);
}
