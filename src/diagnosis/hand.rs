//! The candidate's hand: any formula written with the spellings that the candidate itself uses.
//!
//! What stands in the candidate is written as it was typed there, fonts and names of functions included; the rest is
//! printed, and then takes the candidate's signs: `'` or `^T` for a transpose, `*` between factors, plain brackets.
//! Only words are made here: whether a text reads as the formula it was made from, is looked at where it matters.

use super::outline::is;
use super::place::is_whole;
use crate::operator::{self as ops, MULTIPLY, Notation};
use crate::syntax::{ExprId, Kind, Syntax, Tree, greek, print};
use crate::text::Span;
use std::borrow::Cow;

/// How the candidate writes.
pub(super) struct Hand<'a> {
    text: &'a str,
    /// The notation.
    pub(super) syntax: Syntax,
    tree: &'a Tree,
    /// Nodes that stand where the node above them stands, so that the text there is not theirs.
    hidden: Vec<bool>,
    /// Signs that a printed formula has, and the candidate's own.
    signs: Vec<(Cow<'static, str>, String)>,
    /// What stands between factors, where that is a sign everywhere.
    product: Option<String>,
    /// Whether indices stand side by side, without commas.
    joined: bool,
    /// The font of every Latin letter.
    font: Option<&'static str>,
    /// Greek letters as they are typed.
    greek: Vec<char>,
}

/// How the candidate writes a transpose in LaTeX, the longer spellings first.
const LATEX_TRANSPOSES: [&str; 10] = [
    "^{\\mathsf{T}}",
    "^{\\mathsf T}",
    "^{\\mathrm{T}}",
    "^{\\intercal}",
    "^\\intercal",
    "^{\\top}",
    "^\\top",
    "^{T}",
    "^T",
    "'",
];
/// Fractions that are one character in print.
const FRACTIONS: [(&str, u8, u8); 8] =
    [("½", 1, 2), ("⅓", 1, 3), ("⅔", 2, 3), ("¼", 1, 4), ("¾", 3, 4), ("⅕", 1, 5), ("⅙", 1, 6), ("⅛", 1, 8)];

impl<'a> Hand<'a> {
    /// Of a candidate; letters that it does not have are written as in the problem's `other` text.
    pub(super) fn new(text: &'a str, syntax: Syntax, tree: &'a Tree, other: &str) -> Self {
        let signs = match syntax {
            Syntax::Plain => plain_signs(text),
            Syntax::Latex => latex_signs(text),
        };
        let mut hidden = vec![false; tree.len()];
        for id in tree.ids() {
            for child in tree.children(id).iter().filter(|c| tree.span(**c) == tree.span(id)) {
                hidden[child.0 as usize] = true;
            }
            // An element may be written with another letter than its matrix.
            if let Kind::Subscript { base, .. } = tree.kind(id) {
                hidden[base.0 as usize] = true;
            }
        }
        let mut hand =
            Self { text, syntax, tree, hidden, signs, product: None, joined: false, font: None, greek: Vec::new() };
        hand.greek = text.chars().chain(other.chars()).filter(|c| !c.is_ascii() && c.is_alphabetic()).collect();
        hand.signs.extend(hand.names_of_calls());
        hand.product = hand.sign_of_products();
        hand.joined = syntax == Syntax::Latex && has_indices(text, false) && !has_indices(text, true);
        hand.font = hand.font_of_letters();
        hand
    }

    /// A formula, the candidate's own or any other.
    pub(super) fn write(&self, tree: &Tree, id: ExprId) -> String {
        let mut outline = Tree::new();
        let mut kept = Vec::new();
        match self.outline(tree, id, Above::Whole, &mut outline, &mut kept) {
            Some(root) => self.filled(&outline, root, &kept),
            None => None,
        }
        .unwrap_or_else(|| self.spelled(&print(tree, id, self.syntax)))
    }

    /// A printed formula in the candidate's signs, with what was kept as it was typed in its place.
    pub(super) fn filled(&self, outline: &Tree, root: ExprId, kept: &[String]) -> Option<String> {
        let mut text = self.spelled(&print(outline, root, self.syntax));
        for (i, own) in kept.iter().enumerate() {
            let mark = placeholder(i)?;
            let shown = [format!("\\operatorname{{{mark}}}"), format!("\\mathrm{{{mark}}}"), mark];
            let found = shown.iter().find(|s| text.contains(s.as_str()))?;
            text = text.replacen(found.as_str(), own, 1);
        }
        Some(text)
    }

    /// Where the candidate has the same formula, at the same node first.
    pub(super) fn find(&self, tree: &Tree, id: ExprId) -> Option<ExprId> {
        let has =
            |own: ExprId| !self.is_hidden(own) && is_like(self.tree, own, tree, id) && self.tree.same(own, tree, id);
        if (id.0 as usize) < self.tree.len() && has(id) {
            return Some(id);
        }
        self.tree.ids().find(|own| has(*own))
    }

    /// Whether the text where a node stands is not its own.
    fn is_hidden(&self, id: ExprId) -> bool {
        self.hidden.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// A node of the candidate as it was typed.
    pub(super) fn typed(&self, id: ExprId) -> Option<&'a str> {
        let is_own = !self.is_hidden(id);
        self.text.get(self.tree.span(id).range()).map(str::trim).filter(|t| is_own && !t.is_empty() && is_whole(t))
    }

    /// A letter that the candidate does not have, in the font of those that it has.
    pub(super) fn lettered(&self, name: &str) -> Option<String> {
        let is_latin = name.len() == 1 && name.bytes().all(|b| b.is_ascii_alphabetic());
        if self.syntax == Syntax::Plain {
            return greek(name).filter(|c| self.greek.contains(c)).map(String::from);
        }
        self.font.filter(|_| is_latin).map(|font| format!("\\{font}{{{name}}}"))
    }

    /// A text in brackets.
    pub(super) fn bracketed(&self, text: &str) -> String {
        let has_sizes = self.signs.iter().all(|s| s.0.as_ref() != "\\left(");
        if self.syntax == Syntax::Latex && has_sizes { format!("\\left({text}\\right)") } else { format!("({text})") }
    }

    /// A printed text with the candidate's signs.
    pub(super) fn spelled(&self, printed: &str) -> String {
        let mut text = printed.to_owned();
        for (sign, own) in &self.signs {
            if text.contains(sign.as_ref()) {
                text = text.replace(sign.as_ref(), own);
            }
        }
        if let Some(product) = &self.product {
            text = with_products(&text, product);
        }
        if self.joined { with_joined_indices(&text) } else { text }
    }

    fn outline(&self, tree: &Tree, id: ExprId, above: Above, out: &mut Tree, kept: &mut Vec<String>) -> Option<ExprId> {
        let mut keep = |text: String| {
            kept.push(text);
            placeholder(kept.len() - 1)
        };
        let found = self.find(tree, id).filter(|_| above.takes_whole(tree, id));
        if let Some((own, text)) = found.and_then(|own| Some((own, self.typed(own)?))) {
            let text = match above {
                Above::Whole | Above::Argument => opened(text).to_owned(),
                _ if above.needs_brackets(looseness(self.tree, own)) && !is_closed(text) => self.bracketed(text),
                _ => text.to_owned(),
            };
            return Some(out.push(Kind::Symbol(keep(text)?.into()), Span::default()));
        }
        if let (Kind::Symbol(name), true) = (tree.kind(id), above != Above::Index) {
            if let Some(text) = self.lettered(name) {
                return Some(out.push(Kind::Symbol(keep(text)?.into()), Span::default()));
            }
        }
        let mut kind = tree.kind(id).clone();
        let mut complete = true;
        let mut place = 0;
        kind.map_children(&mut |child| {
            let above = Above::of(tree, id, place);
            place += 1;
            self.outline(tree, child, above, out, kept).unwrap_or_else(|| {
                complete = false;
                ExprId(0)
            })
        });
        complete.then(|| out.push(kind, Span::default()))
    }

    /// The sign between factors, if there is the same one everywhere.
    fn sign_of_products(&self) -> Option<String> {
        if self.syntax != Syntax::Plain {
            return None;
        }
        let mut found: Option<&str> = None;
        for id in self.tree.ids() {
            let Some((op, [a, b])) = self.tree.as_apply(id) else { continue };
            if op != &MULTIPLY {
                continue;
            }
            let (end, start) = (self.tree.span(*a).end as usize, self.tree.span(*b).start as usize);
            let gap = self.text.get(end..start).filter(|g| g.trim() == "*")?;
            found = found.or(Some(gap));
        }
        found.map(str::to_owned)
    }

    /// Names of functions in print, and as they are typed: `\operatorname{Tr}`, `\sigma`.
    fn names_of_calls(&self) -> Vec<(Cow<'static, str>, String)> {
        let mut found: Vec<(Cow<'static, str>, String)> = Vec::new();
        for id in self.tree.ids().filter(|_| self.syntax == Syntax::Latex) {
            let Kind::Apply { operator, .. } = self.tree.kind(id) else { continue };
            let Notation::Call { latex, command, .. } = &operator.notation else { continue };
            let printed = match command {
                true => format!("\\{}", latex[0]),
                false => format!("\\operatorname{{{}}}", latex[0]),
            };
            let Some((name, _)) = self.typed(id).and_then(|t| t.split_once('(')) else { continue };
            let name = name.strip_suffix("\\left").unwrap_or(name).trim();
            let is_name = name.starts_with('\\') && !name.contains([' ', '^', '_']);
            if is_name && name != printed && found.iter().all(|f| f.0 != printed) {
                found.push((printed.into(), name.to_owned()));
            }
        }
        found
    }

    fn font_of_letters(&self) -> Option<&'static str> {
        if self.syntax != Syntax::Latex {
            return None;
        }
        let mut font: Option<&'static str> = None;
        for id in self.tree.ids() {
            let Kind::Symbol(name) = self.tree.kind(id) else { continue };
            if name.len() != 1 || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
                continue;
            }
            let typed = self.typed(id)?;
            let own = ["mathbf", "boldsymbol", "bm"].into_iter().find(|f| typed.starts_with(&format!("\\{f}")))?;
            font = font.or(Some(own));
        }
        font
    }
}

/// What a formula stands in.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Above {
    /// Nothing.
    Whole,
    /// A call or a norm, which has brackets of its own.
    Argument,
    FirstTerm,
    LaterTerm,
    /// The first factor, or what a sign stands before.
    FirstFactor,
    /// An index, or what bears it.
    Index,
    Other,
}

impl Above {
    /// What the n-th part of a node stands in.
    pub(super) fn of(tree: &Tree, id: ExprId, place: usize) -> Self {
        match tree.kind(id) {
            Kind::Apply { operator, .. } if *operator == &ops::ADD && place == 0 => Self::FirstTerm,
            Kind::Apply { operator, .. } if *operator == &ops::ADD => Self::LaterTerm,
            Kind::Apply { operator, .. } if *operator == &MULTIPLY && place == 0 => Self::FirstFactor,
            Kind::Apply { operator, .. } if *operator == &ops::NEGATE => Self::FirstFactor,
            Kind::Apply { operator, .. } if is_call(operator) => Self::Argument,
            Kind::Call { .. } | Kind::Array(_) | Kind::Cases(_) => Self::Argument,
            Kind::Sum { .. } | Kind::Product { .. } if place + 1 < tree.children(id).len() => Self::Argument,
            Kind::Subscript { .. } => Self::Index,
            _ => Self::Other,
        }
    }

    /// Whether a part that was typed may stand there as it is: a sign inside a sum is the sum's own, and an index stands
    /// at the letter that it belongs to.
    pub(super) fn takes_whole(self, tree: &Tree, id: ExprId) -> bool {
        match self {
            Self::LaterTerm => !is(tree, id, &ops::NEGATE),
            Self::Index => !matches!(tree.kind(id), Kind::Symbol(_)),
            _ => true,
        }
    }

    /// Whether what is so loose needs brackets there.
    pub(super) fn needs_brackets(self, loose: Loose) -> bool {
        match loose {
            Loose::Not => false,
            Loose::Product => {
                !matches!(self, Self::Whole | Self::Argument | Self::FirstTerm | Self::LaterTerm | Self::FirstFactor)
            }
            Loose::Sum => !matches!(self, Self::Whole | Self::Argument | Self::FirstTerm | Self::LaterTerm),
            Loose::Signed => !matches!(self, Self::Whole | Self::Argument | Self::FirstTerm),
        }
    }
}

fn is_call(op: &crate::operator::Op) -> bool {
    matches!(op.notation, Notation::Call { .. })
        || [&ops::NORM, &ops::NORM_1, &ops::NORM_2, &ops::NORM_F, &ops::BARS].contains(op)
}

/// How loosely a text holds together.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Loose {
    Not,
    Product,
    Sum,
    /// A sum or a term that begins with a sign.
    Signed,
}

/// How loosely a node of a tree is written.
pub(super) fn looseness(tree: &Tree, id: ExprId) -> Loose {
    match tree.kind(id) {
        Kind::Apply { operator, arguments } if *operator == &ops::ADD => {
            if looseness(tree, arguments[0]) == Loose::Signed { Loose::Signed } else { Loose::Sum }
        }
        Kind::Apply { operator, .. } if *operator == &ops::NEGATE => Loose::Signed,
        Kind::Apply { operator, .. }
            if [&MULTIPLY, &ops::HADAMARD, &ops::DIVIDE, &ops::HADAMARD_DIVIDE, &ops::KRONECKER].contains(operator) =>
        {
            Loose::Product
        }
        Kind::Sum { .. } | Kind::Product { .. } => Loose::Product,
        _ => Loose::Not,
    }
}

/// A text without brackets of its own.
pub(super) fn opened(text: &str) -> &str {
    if !is_closed(text) {
        return text;
    }
    let inside = text.strip_prefix("\\left(").and_then(|t| t.strip_suffix("\\right)"));
    inside.or_else(|| text.strip_prefix('(').and_then(|t| t.strip_suffix(')'))).unwrap_or(text).trim()
}

/// Whether a text stands in brackets of its own.
pub(super) fn is_closed(text: &str) -> bool {
    let inside = text
        .strip_prefix("\\left(")
        .and_then(|t| t.strip_suffix("\\right)"))
        .or_else(|| text.strip_prefix('(').and_then(|t| t.strip_suffix(')')));
    let Some(inside) = inside else { return false };
    let mut depth = 0i32;
    inside.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    })
}

/// A name for what is put in later; nothing where there are too many.
pub(super) fn placeholder(i: usize) -> Option<String> {
    let letter = |n: usize| u8::try_from(n).ok().map(|n| char::from(b'a' + n));
    (i < 26 * 26).then(|| Some(format!("Zq{}{}z", letter(i / 26)?, letter(i % 26)?)))?
}

/// A quick look at two nodes that may be the same.
fn is_like(a: &Tree, left: ExprId, b: &Tree, right: ExprId) -> bool {
    match (a.kind(left), b.kind(right)) {
        (Kind::Symbol(x), Kind::Symbol(y)) => x == y,
        (Kind::Apply { operator: x, .. }, Kind::Apply { operator: y, .. }) => x == y,
        (Kind::Number(_) | Kind::Slice | Kind::Dots, _) => false,
        (x, y) => std::mem::discriminant(x) == std::mem::discriminant(y),
    }
}

/// The first spelling that a text has.
fn spelling<'s>(text: &str, spellings: &[&'s str]) -> Option<&'s str> {
    spellings.iter().copied().find(|s| text.contains(s))
}

fn plain_signs(text: &str) -> Vec<(Cow<'static, str>, String)> {
    let typed = text.is_ascii();
    let of = |sign: &str, spellings: &[&'static str]| -> String {
        if text.contains(sign) {
            return sign.to_owned();
        }
        let default = if typed { spellings.first().copied() } else { None };
        spelling(text, spellings).or(default).unwrap_or(sign).to_owned()
    };
    let turned = of("ᵀ", &["'", "^{T}", "^T"]);
    let inverse = of("⁻¹", &["^-1", "^{-1}", "^(-1)"]);
    let both = match spelling(text, &["⁻ᵀ", "^-T", "^{-T}"]) {
        Some(own) => own.to_owned(),
        None if turned == "ᵀ" && inverse == "⁻¹" => "⁻ᵀ".to_owned(),
        None => format!("{inverse}{turned}"),
    };
    let entrywise = of("⊙", &[".*", "∘"]);
    let mut signs = vec![
        ("⁻ᵀ", both),
        ("⁻¹", inverse),
        ("ᵀ", turned),
        ("⊙", entrywise),
        ("⊘", of("⊘", &["./"])),
        ("∑", of("∑", &["sum", "Σ"])),
        ("^(2)", "^2".to_owned()),
    ];
    let norms = if typed || text.contains("||") && !text.contains('‖') { "||" } else { "‖" };
    signs.push(("‖", norms.to_owned()));
    let spelled_out = FRACTIONS.iter().filter(|(sign, ..)| !text.contains(sign) && (typed || text.contains("1/")));
    signs.extend(spelled_out.map(|(sign, a, b)| (*sign, format!("{a}/{b}"))));
    signs.into_iter().map(|(sign, own)| (sign.into(), own)).collect()
}

fn latex_signs(text: &str) -> Vec<(Cow<'static, str>, String)> {
    let mut signs = Vec::new();
    if let Some(own) = spelling(text, &LATEX_TRANSPOSES) {
        if own == "^T" || own == "^{T}" {
            signs.push(("^{-\\top}", "^{-T}".to_owned()));
        }
        signs.push(("^\\top", own.to_owned()));
    }
    if !text.contains("\\left(") && text.contains('(') {
        signs.push(("\\left(", "(".to_owned()));
        signs.push(("\\right)", ")".to_owned()));
    }
    let command = if text.contains("\\tfrac") { "\\tfrac" } else { "\\frac" };
    signs.extend(FRACTIONS.iter().map(|(sign, a, b)| (*sign, format!("{command}{{{a}}}{{{b}}}"))));
    signs.into_iter().map(|(sign, own)| (sign.into(), own)).collect()
}

/// Whether a text has several letters as indices, with or without commas between them.
fn has_indices(text: &str, commas: bool) -> bool {
    text.split("_{").skip(1).filter_map(|rest| rest.split_once('}')).any(|(inside, _)| {
        let letters = inside.chars().filter(char::is_ascii_lowercase).count();
        let others = inside.chars().filter(|c| !c.is_ascii_lowercase()).count();
        letters > 1 && if commas { inside.contains(',') } else { others == 0 }
    })
}

/// `_{i,j}` as `_{ij}`.
fn with_joined_indices(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_{") {
        out.push_str(before);
        out.push_str("_{");
        let Some((inside, more)) = after.split_once('}') else {
            rest = after;
            break;
        };
        let are_letters = inside.split(',').all(|i| i.len() == 1 && i.bytes().all(|b| b.is_ascii_lowercase()));
        out.push_str(&if are_letters { inside.replace(',', "") } else { inside.to_owned() });
        out.push('}');
        rest = more;
    }
    out.push_str(rest);
    out
}

/// A sign between factors instead of a space.
fn with_products(text: &str, sign: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let ends = |c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '\'' | 'ᵀ' | '¹' | '|' | '‖');
        let begins = |c: char| c.is_alphanumeric() || matches!(c, '(' | '|' | '‖');
        if c == ' ' && ends(last) && begins(next) {
            out.push_str(sign);
        } else {
            out.push(c);
        }
        last = c;
    }
    out
}
