//! Linking: rows and displays into chains.
//!
//! A row that begins with a relation sign continues the chain before it, in the same formula or in the formula before
//! (unless a heading stands between). A row that begins with `+`, or follows an operator or an open bracket that it
//! closes, continues the piece before it; so does one that begins with `−` where no left side of its own follows. A
//! row without a sign under a chain is an implied `=`. Every other row begins a chain.

use super::formula::Formula;
use super::item::{Item, TEXT, What, items};
use super::label;
use super::lines::{Lines, trim};
use super::model::{Chain, Declaration, DeclarationKind, Display, Heading, Lead, NotRead, Piece};
use super::region::{Found, Region};
use super::statement::{Side, Statement, statements};
use super::token::{Kind, command_name, group};
use super::{MAX_FORMULA, heading, mention, not_read};
use crate::syntax::Relation;
use crate::text::Span;

/// The chains of a document, and what is to be said beside them.
#[derive(Default)]
pub(super) struct Assembled {
    pub(super) chains: Vec<Chain>,
    pub(super) not_read: Vec<NotRead>,
    /// Markers that stand within displays: `$$(b) \quad d = …$$`.
    pub(super) headings: Vec<Heading>,
    /// Sizes in words: `$V$ is an $n \times m$ matrix`.
    pub(super) declarations: Vec<Declaration>,
}

struct Assembler<'t> {
    text: &'t str,
    lines: &'t Lines,
    headings: &'t [Heading],
    out: Assembled,
    /// The last chain that ends in a display, and the last that ends in a sentence.
    last_block: Option<usize>,
    last_inline: Option<usize>,
    formula: u32,
}

/// What is known of the formula at hand.
struct Context<'f, 't> {
    formula: &'f Formula<'t>,
    display: Display,
    current: Option<usize>,
}

pub(super) fn assemble(text: &str, lines: &Lines, found: &Found, headings: &[Heading]) -> Assembled {
    let mut assembler =
        Assembler { text, lines, headings, out: Assembled::default(), last_block: None, last_inline: None, formula: 0 };
    let mut past = 0;
    for (start, end, why) in &found.broken {
        if *start >= past {
            assembler.unread(*start, *end, why);
        }
        past = past.max(*end);
    }
    for region in &found.regions {
        assembler.region(*region);
    }
    assembler.finish()
}

impl Assembler<'_> {
    fn unread(&mut self, start: usize, end: usize, why: &'static str) {
        let line = self.lines.line(start);
        self.out.not_read.push(not_read(self.text, line, start, end, why));
    }

    fn region(&mut self, region: Region) {
        self.formula += 1;
        if region.end - region.start > MAX_FORMULA {
            return self.unread(region.start, region.end, "this formula is longer than the limit");
        }
        if label::is_shape(&self.text[region.start..region.end]) {
            if !self.sized(region) {
                self.unread(region.start, region.end, "shape label");
            }
            return;
        }
        if region.display == Display::Inline && self.is_loop(region) {
            return self.unread(region.start, region.end, "a loop or a condition");
        }
        let latex = region.display != Display::TextLine;
        let formula = Formula::new(self.text, region.start, region.end, latex);
        let mut context = Context { formula: &formula, display: region.display, current: None };
        for (from, to) in rows(&formula) {
            let items = items(&formula, from, to);
            if items.iter().any(|i| i.what == What::Broken) {
                let (start, end) = (formula.tokens[from].start, formula.tokens[to - 1].end);
                let (start, end) = trim(self.text, start, end);
                self.unread(start, end, "unbalanced braces or environments");
                continue;
            }
            self.row(&items, &mut context);
        }
        for (start, end) in within_words(&formula) {
            self.region(Region { start, end, outer: (start, end), display: Display::Inline });
        }
    }

    /// `$V$ is an $n \times m$ matrix`: the size belongs to the expression before.
    fn sized(&mut self, region: Region) -> bool {
        const WORDS: &[&str] = &[
            "is",
            "be",
            "are",
            "a",
            "an",
            "the",
            "of",
            "size",
            "shape",
            "dimension",
            "dimensions",
            "has",
            "has",
            "with",
        ];
        const WIDEST: usize = 40;
        let Some(before) = self.last_inline.and_then(|c| self.out.chains.get(c)) else { return false };
        let [name] = before.pieces.as_slice() else { return false };
        let start = name.span.end as usize;
        let gap = self.text.get(start..region.outer.0).filter(|g| g.len() <= WIDEST).unwrap_or_default();
        let mut words = gap
            .split(|c: char| c.is_whitespace() || matches!(c, '$' | '\\' | ')' | '('))
            .filter(|w| !w.is_empty())
            .peekable();
        if words.peek().is_none() || !words.all(|w| WORDS.contains(&w)) {
            return false;
        }
        let span = name.span.to(Span::new(region.start, region.end));
        let body = self.text[region.start..region.end].to_owned();
        let (name, line) = (name.text.clone(), name.line);
        self.out.declarations.push(Declaration { kind: DeclarationKind::Shape, chain: None, name, body, line, span });
        true
    }

    fn row(&mut self, items: &[Item], context: &mut Context<'_, '_>) {
        let items = self.marker(items, context);
        let (found, remarks) = statements(items);
        let led_by_words = items.first().is_some_and(|i| i.what == What::Prose);
        for (n, statement) in found.into_iter().enumerate() {
            self.statement(statement, n, led_by_words, context);
        }
        for (start, end) in remarks {
            let remark = self.text[start..end].trim_matches(|c: char| matches!(c, '(' | ')') || c.is_whitespace());
            let number =
                remark.len() < 6 && remark.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '\'' | '*'));
            if !number && remark.chars().any(char::is_alphanumeric) {
                let why = if label::is_shape(remark) { "shape label" } else { "a remark beside a formula" };
                self.unread(start, end, why);
            }
        }
    }

    /// `i = 1, \dots, n`
    fn is_range(&self, sides: &[Side]) -> bool {
        let [left, right] = sides else { return false };
        let (index, values) = (&self.text[left.start..left.end], &self.text[right.start..right.end]);
        index.chars().count() == 1
            && values.starts_with(|c: char| c.is_ascii_digit())
            && values.contains(',')
            && ["dots", "...", "…"].iter().any(|d| values.contains(d))
    }

    /// Whether a formula stands alone behind `for` or `while`, as in pseudo-code.
    fn is_loop(&self, region: Region) -> bool {
        const WIDEST: usize = 20;
        let before = self.text[..region.outer.0].bytes().rev().take(WIDEST).position(|b| b == b'\n');
        let start = match before {
            Some(n) => region.outer.0 - n,
            None if region.outer.0 < WIDEST => 0,
            None => return false,
        };
        let word = self.text.get(start..region.outer.0).unwrap_or_default().trim().to_lowercase();
        let end = self.text[region.outer.1..].bytes().take(WIDEST).position(|b| b == b'\n');
        let after = match end {
            Some(n) => self.text.get(region.outer.1..region.outer.1 + n).unwrap_or("-").trim(),
            None if self.text.len() - region.outer.1 < WIDEST => self.text[region.outer.1..].trim(),
            None => return false,
        };
        matches!(
            word.as_str(),
            "for" | "while" | "until" | "for each" | "foreach" | "for all" | "repeat until" | "return"
        ) && matches!(after, "" | "do" | "do:" | ":" | "then" | "{")
    }

    /// A marker before a wide space at the start of a display places the claims, and is no part of them.
    fn marker<'i>(&mut self, items: &'i [Item], context: &Context<'_, '_>) -> &'i [Item] {
        let Some(wide) = items.iter().take(6).position(|i| i.what == What::Wide) else { return items };
        let (Some(first), Some(last)) = (items.first(), wide.checked_sub(1).and_then(|w| items.get(w))) else {
            return items;
        };
        let text = &self.text[first.start..last.end];
        if context.display == Display::Block && heading::marker_length(text) == Some(text.len()) {
            let span = Span::new(first.start, last.end);
            let line = self.lines.line(first.start);
            self.out.headings.push(Heading { span, line, text: text.to_owned(), level: 7 });
            return &items[wide + 1..];
        }
        items
    }

    /// Statement `n` of a row, which words may lead.
    fn statement(&mut self, statement: Statement, n: usize, led_by_words: bool, context: &mut Context<'_, '_>) {
        let (Some(head), Some(tail)) = (statement.sides.first(), statement.sides.last()) else { return };
        let start = head.relation.map_or(head.start, |r| r.1);
        let end = tail.end;
        if statement.unjudged {
            return self.unread(start, end, "a relation that is not judged");
        }
        let sized = |s: &Side| {
            matches!(s.relation, Some((Relation::Member, ..))) && label::is_shape(&self.text[s.start..s.end])
        };
        if label::is_shape(&self.text[start..end]) || sized(tail) {
            return self.unread(start, end, "shape label");
        }
        if self.is_range(&statement.sides) {
            return self.unread(start, end, "an index range");
        }
        let implied =
            n == 0 && !led_by_words && !statement.has_relation() && statement.lead.is_none() && !statement.after_words;
        let under = context.current.filter(|c| self.out.chains[*c].pieces.len() > 1);
        let target = if statement.continues() {
            context.current.or_else(|| self.before(start, context.display))
        } else {
            under.or_else(|| self.said_equal(start, context)).filter(|_| implied)
        };
        let pieces: Vec<Piece> =
            statement.sides.iter().map(|s| self.piece(s, context, implied && target.is_some())).collect();
        let number = match target {
            Some(chain) => {
                self.out.chains[chain].pieces.extend(pieces);
                chain
            }
            None => {
                let line = pieces[0].relation.map_or(pieces[0].line, |(_, sign)| self.lines.line(sign.start as usize));
                let lead = statement.lead.map(|(lead, from, to)| (lead, Span::new(from, to)));
                let environment = environment(context.formula, head.start);
                self.out.chains.push(Chain { pieces, line, display: context.display, environment, lead });
                self.out.chains.len() - 1
            }
        };
        // A reason beside a row, or a quantifier, is not what the next row goes on with.
        if context.current.is_some()
            && (statement.after_words && n > 0 || matches!(statement.lead, Some((Lead::ForAll, ..))))
        {
            return;
        }
        context.current = Some(number);
        match context.display {
            Display::Inline => self.last_inline = Some(number),
            Display::Block | Display::TextLine => self.last_block = Some(number),
        }
    }

    /// `$\nabla f$ becomes $2 A x$`: a derivative that words call equal to the expression after it.
    fn said_equal(&self, start: usize, context: &Context<'_, '_>) -> Option<usize> {
        const WORDS: &[&str] =
            &["becomes", "equals", "is", "is equal to", "is given by", "is just", "is simply", "is then", "est", "es"];
        const WIDEST: usize = 30;
        const DERIVATIVES: &[&str] = &["\\partial", "\\nabla", "\\triangledown", "∂", "∇", "\\frac{d", "\\frac d"];
        let chain = self.last_inline.filter(|_| context.display == Display::Inline && context.current.is_none())?;
        let [left] = self.out.chains[chain].pieces.as_slice() else { return None };
        let gap = self.text.get(left.span.end as usize..start).filter(|g| g.len() <= WIDEST)?;
        let words = gap.trim_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '\\' | '(' | ')'));
        let derivative = DERIVATIVES.iter().any(|d| left.text.contains(d));
        (derivative && WORDS.contains(&words)).then_some(chain)
    }

    /// The chain that a formula beginning with a relation sign continues.
    fn before(&self, start: usize, display: Display) -> Option<usize> {
        let end = |chain: usize| self.out.chains[chain].pieces.last().map_or(0, |p| p.span.end as usize);
        let line = self.lines.line(start);
        // A formula that begins its line goes on with what stands a blank line before.
        let begins =
            self.text[..start].rsplit('\n').next().is_some_and(|l| l.trim_matches(['$', ' ', '\t', '>']).is_empty());
        let reach = if begins { 3 } else { 1 };
        let near = |chain: &usize| line.saturating_sub(self.lines.line(end(*chain))) <= reach;
        let candidate = match display {
            Display::Inline => self.last_inline.max_by_end(self.last_block, end).filter(near),
            Display::Block | Display::TextLine => {
                let inline = self.last_inline.filter(|c| self.out.chains[*c].pieces.len() > 1 || near(c));
                self.last_block.or(inline).filter(|c| self.out.chains[*c].lead.is_none_or(|(l, _)| l != Lead::ForAll))
            }
        };
        candidate.filter(|chain| {
            let from = self.headings.partition_point(|h| (h.span.start as usize) < end(*chain));
            self.headings.get(from).is_none_or(|h| h.span.start as usize >= start)
        })
    }

    fn piece(&self, side: &Side, context: &Context<'_, '_>, implied: bool) -> Piece {
        let mut text = starred(context.formula.blanked(side.start, side.end));
        if context.display == Display::TextLine {
            text = with_nabla(text);
        }
        Piece {
            text,
            span: Span::new(side.start, side.end),
            line: self.lines.line(side.start),
            relation: side.relation.map(|(relation, from, to)| (relation, Span::new(from, to))),
            boxed: context.formula.is_boxed(side.start, side.end),
            implied,
            formula: self.formula,
        }
    }

    /// Leaves out the expressions that are mentioned in sentences; lists those that look like an answer, and bare matrices.
    fn finish(mut self) -> Assembled {
        let chains = std::mem::take(&mut self.out.chains);
        for chain in chains {
            if let [piece] = chain.pieces.as_slice()
                && piece.relation.is_none()
                && !piece.boxed
            {
                if chain.display == Display::Inline {
                    let (start, end) = (piece.span.start as usize, piece.span.end as usize);
                    if mention::is_answer(self.text, start, end) {
                        self.unread(start, end, "a formula in a sentence, with no sign for what it equals");
                    }
                    continue;
                }
                if is_matrix(&piece.text) {
                    self.unread(piece.span.start as usize, piece.span.end as usize, "a matrix that stands alone");
                    continue;
                }
            }
            self.out.chains.push(chain);
        }
        self.out.chains.sort_by_key(|c| c.pieces[0].span.start);
        self.out
    }
}

/// `w^\star` and `w^{\ast}` as `w^*`, in as many bytes.
fn starred(mut text: String) -> String {
    for star in ["\\star", "\\ast"] {
        for before in ["^", "^{"] {
            let written = format!("{before}{star}");
            if text.contains(&written) {
                let padded = format!("{before}*{}", " ".repeat(star.len() - 1));
                text = text.replace(&written, &padded);
            }
        }
    }
    text
}

/// `grad f` and `Hess f` in plain text, with the sign they stand for in as many bytes.
fn with_nabla(text: String) -> String {
    let mut out = text;
    for (word, sign) in [("grad ", " ∇ "), ("grad_", " ∇_"), ("Hess ", "∇²"), ("hess ", "∇²")] {
        let mut from = 0;
        while let Some(at) = out.get(from..).and_then(|t| t.find(word)).map(|n| from + n) {
            let begins = out[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '\\');
            if begins {
                out.replace_range(at..at + word.len(), sign);
            }
            from = at + word.len();
        }
    }
    out
}

trait Later {
    fn max_by_end(self, other: Self, end: impl Fn(usize) -> usize) -> Self;
}

impl Later for Option<usize> {
    /// The chain that ends later.
    fn max_by_end(self, other: Self, end: impl Fn(usize) -> usize) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(if end(a) >= end(b) { a } else { b }),
            (a, b) => a.or(b),
        }
    }
}

/// Whether an expression is one matrix and nothing else.
fn is_matrix(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("\\begin{")
        && text.matches("\\begin{").count() == 1
        && text.ends_with('}')
        && text.contains("\\end{")
        && text.rfind("\\end{").is_some_and(|end| !text[end + 5..].contains(['\\', '^', '{']))
}

/// The innermost row environment around a byte.
fn environment(formula: &Formula<'_>, at: usize) -> Option<String> {
    let after = formula.environments.partition_point(|(begin, _)| formula.tokens[*begin].start <= at);
    let (begin, _) =
        formula.environments[..after].iter().rev().take(8).find(|(_, end)| formula.tokens[*end].start >= at)?;
    Some(formula.environment_name(*begin).to_owned())
}

/// The rows of a formula as token ranges, those glued together that are one expression.
fn rows(formula: &Formula<'_>) -> Vec<(usize, usize)> {
    // Words between rows end a row, whether or not it ends by itself.
    let words = |t: usize| {
        formula.tokens[t].kind == Kind::Command
            && matches!(command_name(formula.slice(t)), "intertext" | "shortintertext")
    };
    let ends =
        (0..formula.tokens.len()).filter(|t| (formula.tokens[*t].kind == Kind::Row || words(*t)) && !formula.inner[*t]);
    let mut rows: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    let mut before: Option<Row> = None;
    for end in ends.chain([formula.tokens.len()]) {
        let items = items(formula, start, end);
        if !items.is_empty() {
            let row = Row::new(formula.text, &items);
            let multline = formula.environments.last().is_some_and(|(begin, close)| {
                formula.environment_name(*begin).starts_with("multline") && *begin < start && end <= *close
            });
            let glued = before.as_ref().is_some_and(|before| multline || row.continues(before));
            match rows.last_mut() {
                Some(last) if glued => last.1 = end,
                _ => rows.push((start, end)),
            }
            before = Some(row);
        }
        start = if end < formula.tokens.len() && words(end) { end } else { end + 1 };
    }
    rows
}

/// What of a row decides whether it is one expression with the row before.
struct Row {
    first: What,
    minus: bool,
    last: What,
    /// Whether alignment stands before a relation sign: the row has a left side of its own.
    own_left: bool,
    open: bool,
    closed: bool,
}

impl Row {
    fn new(text: &str, items: &[Item]) -> Self {
        let solid = |i: &&Item| !matches!(i.what, What::Amp | What::Wide | What::Stop);
        let first = items.iter().find(solid);
        let sign = items.iter().position(|i| matches!(i.what, What::Relation(_)));
        let amp = items.iter().position(|i| i.what == What::Amp);
        Self {
            first: first.map_or(What::Wide, |i| i.what),
            minus: first.is_some_and(|i| text[i.start..].starts_with(['-', '−'])) && amp != Some(0),
            last: items.iter().rev().find(solid).map_or(What::Wide, |i| i.what),
            own_left: sign.is_some(),
            open: items.iter().any(|i| i.what == What::LooseOpen),
            closed: items.iter().any(|i| i.what == What::LooseClose),
        }
    }

    fn continues(&self, before: &Self) -> bool {
        if matches!(
            self.first,
            What::Relation(_) | What::Arrow | What::Because | What::Prose | What::ForAll | What::Other
        ) {
            return false;
        }
        let unfinished = matches!(before.last, What::Operator | What::Relation(_));
        let closes = before.open && self.closed;
        let operator = self.first == What::Operator && !(self.minus && self.own_left);
        unfinished || closes || operator
    }
}

/// The formulas between dollar signs within the words of a formula.
fn within_words(formula: &Formula<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..formula.tokens.len() {
        if formula.tokens[at].kind != Kind::Command || !TEXT.contains(&command_name(formula.slice(at))) {
            continue;
        }
        let Some((open, past)) = group(&formula.tokens, at + 1) else { continue };
        let (start, end) = (formula.tokens[open].end, formula.tokens[past - 1].start);
        let mut parts = formula.text[start..end].split('$');
        let mut from = start + parts.next().map_or(0, str::len) + 1;
        while let (Some(inside), Some(outside)) = (parts.next(), parts.next()) {
            let (a, b) = trim(formula.text, from, from + inside.len());
            if a < b {
                found.push((a, b));
            }
            from += inside.len() + outside.len() + 2;
        }
    }
    found
}
