//! The repaired formula in the words of the candidate: what was not changed stays as it was typed.

use super::patch::Patch;
use crate::operator as ops;
use crate::syntax::{ExprId, Kind, Names, Syntax, Tree, parse, print};
use crate::text::Span;

/// The text of the candidate with the change made, which reads as the changed formula; nothing where no text does.
pub(super) fn splice(text: &str, syntax: Syntax, names: &Names, before: &Tree, patch: &Patch) -> Option<String> {
    let after = patch.apply(before);
    let touched: Vec<ExprId> = patch.touched().collect();
    let reads = |text: &String| parse(text, syntax, names).is_ok_and(|tree| tree.same(tree.root, &after, after.root));
    let typed = syntax == Syntax::Plain && text.is_ascii();
    for brackets in [Brackets::AsNeeded, Brackets::Inside, Brackets::Outside, Brackets::Everywhere] {
        for typed in [typed, false] {
            let splicer = Splicer { text, syntax, before, after: &after, touched: &touched, brackets, typed };
            if let Some(spliced) = splicer.whole().filter(|s| reads(s)) {
                return Some(spliced);
            }
        }
    }
    let printed = print(&after, after.root, syntax);
    [type_out(&printed), printed].into_iter().skip(usize::from(!typed)).find(|s| reads(s))
}

/// A printed formula with the signs that are on every keyboard.
pub(super) fn type_out(printed: &str) -> String {
    const SIGNS: [(&str, &str); 12] = [
        ("⁻ᵀ", "^-T"),
        ("⁻¹", "^-1"),
        ("ᵀ", "'"),
        (" ⊙ ", " .* "),
        ("⊙", ".*"),
        (" ∘ ", " .* "),
        ("∑", "sum"),
        ("‖", "||"),
        ("½", "1/2"),
        ("¼", "1/4"),
        ("⅓", "1/3"),
        (" ⊘ ", " ./ "),
    ];
    SIGNS.iter().fold(printed.to_owned(), |text, (sign, typed)| text.replace(sign, typed))
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
    syntax: Syntax,
    before: &'a Tree,
    after: &'a Tree,
    touched: &'a [ExprId],
    brackets: Brackets,
    /// Whether the signs of a keyboard are used.
    typed: bool,
}

impl Splicer<'_> {
    fn whole(&self) -> Option<String> {
        let mut places = Vec::new();
        self.outermost(self.before.root, &mut places);
        let mut out = String::new();
        let mut at = 0;
        for (span, id) in places {
            let (start, end) = (span.start as usize, span.end as usize);
            out.push_str(self.text.get(at..start)?);
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
                    out.push_str("+ ");
                    out.push_str(&piece);
                } else {
                    out.push_str(&piece);
                }
            } else {
                out.push_str(&self.bracketed(&piece));
            }
            at = end;
        }
        out.push_str(self.text.get(at..)?);
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

    fn bracketed(&self, text: &str) -> String {
        if self.syntax == Syntax::Latex { format!("\\left({text}\\right)") } else { format!("({text})") }
    }

    /// The text of a changed node, with what is below it as it was typed.
    fn piece(&self, id: ExprId) -> Option<String> {
        let mut tree = Tree::new();
        let mut kept: Vec<String> = Vec::new();
        let root = self.outline(id, &mut tree, &mut kept, true)?;
        tree.root = root;
        let mut printed = print(&tree, root, self.syntax);
        if self.typed {
            printed = type_out(&printed);
        }
        for (i, text) in kept.iter().enumerate() {
            let mark = placeholder(i);
            let shown = [mark.clone(), format!("\\mathrm{{{mark}}}"), format!("\\operatorname{{{mark}}}")];
            let found = shown.iter().rev().find(|s| printed.contains(s.as_str()))?;
            printed = printed.replacen(found.as_str(), text, 1);
        }
        Some(printed)
    }

    fn outline(&self, id: ExprId, tree: &mut Tree, kept: &mut Vec<String>, top: bool) -> Option<ExprId> {
        let scripted = |op: &ops::Op| [&ops::TRANSPOSE, &ops::INVERSE, &ops::POWER].contains(op);
        let above = self.after.as_apply(id).map(|a| a.0).filter(scripted);
        if let Some((text, source)) = self.as_typed(id) {
            let loose = match self.before.as_apply(source) {
                Some((op, _)) => {
                    op == &ops::ADD
                        || op == &ops::NEGATE
                        || op == &ops::MULTIPLY
                        || op == &ops::HADAMARD
                        || op == &ops::DIVIDE
                }
                None => matches!(self.before.kind(source), Kind::Sum { .. }),
            };
            let closed = text.starts_with('(') && text.ends_with(')')
                || text.starts_with("\\left(") && text.ends_with("\\right)");
            let sum = matches!(self.before.as_apply(source), Some((op, _)) if op == &ops::ADD || op == &ops::NEGATE);
            let wrap = match self.brackets {
                Brackets::Everywhere | Brackets::Inside => loose && !closed,
                Brackets::AsNeeded | Brackets::Outside => sum && !closed && !top,
            };
            kept.push(if wrap { self.bracketed(&text) } else { text });
            return Some(tree.push(Kind::Symbol(placeholder(kept.len() - 1).into()), Span::default()));
        }
        let mut kind = self.after.kind(id).clone();
        let mut complete = true;
        let first_kept = kept.len();
        kind.map_children(&mut |child| match self.outline(child, tree, kept, false) {
            Some(id) => id,
            None => {
                complete = false;
                ExprId(0)
            }
        });
        // In LaTeX a second superscript needs brackets around the first.
        if above.is_some() && self.syntax == Syntax::Latex && kept.len() > first_kept {
            let base = self.after.children(id)[0];
            if self.as_typed(base).is_some_and(|(text, source)| {
                text.contains('^') && self.before.as_apply(source).is_some_and(|a| scripted(&a.0))
            }) {
                kept[first_kept] = self.bracketed(&kept[first_kept]);
            }
        }
        complete.then(|| tree.push(kind, Span::default()))
    }

    /// How a node was typed, if it stood in the candidate and nothing below it changed; and where it stood.
    fn as_typed(&self, id: ExprId) -> Option<(String, ExprId)> {
        let kind = self.after.kind(id);
        if matches!(kind, Kind::Slice | Kind::Dots) {
            return None;
        }
        let source = (0..u32::try_from(self.before.len()).ok()?).map(ExprId).filter(|o| self.before.kind(*o) == kind);
        let source = source.filter(|o| self.is_untouched_below(*o)).min_by_key(|o| (*o != id, o.0))?;
        let text = self.text.get(self.before.span(source).range())?.trim();
        (!text.is_empty()).then(|| (text.to_owned(), source))
    }

    fn is_untouched_below(&self, id: ExprId) -> bool {
        self.before.children(id).iter().all(|c| !self.touched.contains(c) && self.is_untouched_below(*c))
    }
}

fn placeholder(i: usize) -> String {
    format!("Zq{}z", char::from(b'a' + u8::try_from(i % 26).unwrap_or(0)))
}
