//! A formula with its structure: what is only layout is blanked, what is one operand stays whole.
//!
//! Blanked: alignment environments, tags, labels, colours, sizes, boxes (which are remembered). Whole: every other
//! group and environment, such as a fraction's numerator, `bmatrix`, or the `cases` on a right side.

use super::sign::{Sign, sign};
use super::token::{Kind, Token, command_name, environment, group, tokens};

/// Environments whose rows are statements.
const ROWS: &[&str] = &[
    "equation",
    "align",
    "aligned",
    "alignat",
    "alignedat",
    "flalign",
    "gather",
    "gathered",
    "multline",
    "multlined",
    "split",
    "eqnarray",
    "IEEEeqnarray",
    "displaymath",
    "math",
    "dmath",
    "dgroup",
    "subequations",
    "xalignat",
];
/// Environments that are matrices or tables, and lists of statements where they begin a formula.
const LISTS: &[&str] = &["cases", "array", "dcases", "rcases", "numcases"];
const BOXES: &[&str] = &["boxed", "fbox", "framebox", "Aboxed", "highlight"];
/// Commands that mean nothing in a formula, alone.
const SILENT: &[&str] = &[
    "nonumber",
    "notag",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "hline",
    "noindent",
    "centering",
    "allowbreak",
    "tiny",
    "small",
    "normalsize",
    "large",
    "Large",
    "LARGE",
    "huge",
    "Huge",
    "strut",
    "mathstrut",
    "relax",
    "qedhere",
    "newline",
    "break",
    "nobreak",
    "linebreak",
    "bf",
    "unicode",
];
/// Commands that mean nothing in a formula, with their argument.
const SILENT_ARGUMENT: &[&str] = &[
    "tag", "label", "color", "vspace", "phantom", "hphantom", "vphantom", "cite", "eqref", "ref", "footnote", "hskip",
    "kern",
];
const MAX_DEPTH: usize = 64;

/// A formula's tokens and what is known of each.
pub(super) struct Formula<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// Whether a token is blanked out.
    pub(super) blank: Vec<bool>,
    /// Whether a token lies inside an operand.
    pub(super) inner: Vec<bool>,
    /// Boxes: from the command to the closing brace.
    pub(super) boxes: Vec<(usize, usize)>,
    /// Row environments: the token that opens it and the token that closes it.
    pub(super) environments: Vec<(usize, usize)>,
}

impl<'t> Formula<'t> {
    pub(super) fn new(text: &'t str, start: usize, end: usize, latex: bool) -> Self {
        let tokens = tokens(text, start, end, latex);
        let count = tokens.len();
        let mut formula = Self {
            text,
            tokens,
            blank: vec![false; count],
            inner: vec![false; count],
            boxes: Vec::new(),
            environments: Vec::new(),
        };
        formula.mark();
        formula
    }

    pub(super) fn slice(&self, token: usize) -> &'t str {
        &self.text[self.tokens[token].start..self.tokens[token].end]
    }

    /// The name of the environment that token `begin` opens, without its star.
    pub(super) fn environment_name(&self, begin: usize) -> &'t str {
        environment(self.slice(begin)).map_or("", |(name, _)| name.trim_end_matches('*'))
    }

    fn mark(&mut self) {
        let mut at = 0;
        let mut depth = 0usize;
        let mut first_in_row = true;
        while at < self.tokens.len() {
            let token = self.tokens[at];
            if self.blank[at] {
                depth = depth.saturating_sub(usize::from(token.kind == Kind::CloseGroup));
                at += 1;
                continue;
            }
            match (token.kind, token.mate) {
                (Kind::Space | Kind::Comment, _) => self.blank[at] = true,
                (Kind::Begin, Some(end)) if self.is_rows(at, end, first_in_row) => {
                    self.blank_around(at, end);
                    self.blank[at] = true;
                    self.blank[end] = true;
                    self.blank_arguments(at + 1);
                    self.environments.push((at, end));
                }
                (Kind::OpenGroup, Some(close)) if depth < MAX_DEPTH && self.is_transparent(at, close) => {
                    self.blank[at] = true;
                    self.blank[close] = true;
                    depth += 1;
                }
                (Kind::OpenGroup | Kind::Begin, Some(close)) => {
                    self.inner[at + 1..close].fill(true);
                    for inside in at + 1..close {
                        self.blank[inside] |= self.tokens[inside].kind == Kind::Comment;
                    }
                    first_in_row = false;
                    at = close;
                }
                (Kind::Row, _) => first_in_row = true,
                (Kind::Command, _) => {
                    self.command(at);
                    first_in_row &= self.blank[at];
                }
                // `\left\{` before a list of equations.
                (Kind::Amp, _) => {}
                (Kind::Open, _) if self.slice(at).ends_with("\\{") || self.slice(at).ends_with('.') => {}
                _ => first_in_row = false,
            }
            at += 1;
        }
    }

    /// The `\left\{ … \right.` around a list of equations.
    fn blank_around(&mut self, begin: usize, end: usize) {
        let solid = |t: &usize| self.tokens[*t].kind != Kind::Space;
        let open = (0..begin).rev().find(solid).filter(|t| self.tokens[*t].kind == Kind::Open);
        let close = (end + 1..self.tokens.len()).find(solid).filter(|t| self.tokens[*t].kind == Kind::Close);
        if let Some(open) = open {
            self.blank[open] = true;
            if let Some(close) = close {
                self.blank[close] = true;
            }
        }
    }

    fn is_rows(&self, begin: usize, end: usize, first: bool) -> bool {
        let name = self.environment_name(begin);
        let before = (0..begin).rev().find(|t| self.tokens[*t].kind != Kind::Space);
        // Within round or square brackets it is one operand over several rows.
        if before.is_some_and(|t| self.tokens[t].kind == Kind::Open && !self.slice(t).ends_with(['{', '.', '|'])) {
            return false;
        }
        ROWS.contains(&name)
            || (first
                && LISTS.contains(&name)
                && self.text[self.tokens[begin].end..self.tokens[end].start].contains('='))
    }

    /// `[t]` and `{rcl}` after `\begin`.
    fn blank_arguments(&mut self, from: usize) {
        let mut at = from;
        let begin = self.environment_name(from - 1);
        while at < self.tokens.len() && self.tokens[at].kind == Kind::Space {
            at += 1;
        }
        if self.tokens.get(at).is_some_and(|t| t.kind == Kind::Open) {
            let close = (at..self.tokens.len().min(at + 5)).find(|t| self.slice(*t) == "]");
            if let (Some(close), "[") = (close, self.slice(at)) {
                self.blank[at..=close].fill(true);
                at = close + 1;
            }
        }
        if matches!(begin, "array" | "alignat" | "alignedat" | "IEEEeqnarray" | "xalignat")
            && let Some((open, past)) = group(&self.tokens, at)
        {
            self.blank[open..past].fill(true);
        }
    }

    /// Whether the braces only hold together what is cut inside: a box around an equation, `{a = b}`.
    fn is_transparent(&self, open: usize, close: usize) -> bool {
        let solid = |t: &usize| self.tokens[*t].kind != Kind::Space;
        let boxed = (0..open).rev().find(solid).is_some_and(|t| BOXES.contains(&command_name(self.slice(t))));
        let before = (0..open).rev().find(|t| solid(t) && !self.is_silent(*t));
        let taken = before.is_some_and(|t| match self.tokens[t].kind {
            // A sign takes no argument.
            Kind::Command => !boxed && sign(self.text, &self.tokens, t).is_none(),
            Kind::CloseGroup => !self.blank[t],
            Kind::Char => matches!(self.slice(t), "^" | "_"),
            _ => false,
        });
        !taken && self.cuts_inside(open, close)
    }

    /// A command that is blanked and takes no part: `\boxed`, `\color{red}`'s closing brace is blank too.
    fn is_silent(&self, token: usize) -> bool {
        self.blank[token] && matches!(self.tokens[token].kind, Kind::Command | Kind::CloseGroup)
    }

    fn cuts_inside(&self, open: usize, close: usize) -> bool {
        let mut at = open + 1;
        while at < close {
            match (self.tokens[at].kind, self.tokens[at].mate) {
                (Kind::Row, _) => return true,
                (Kind::Begin, Some(end)) if self.is_rows(at, end, at == open + 1) => return true,
                (Kind::OpenGroup, Some(end)) => {
                    let box_before = at > 0 && BOXES.contains(&command_name(self.slice(at - 1)));
                    if !box_before {
                        at = end;
                    }
                }
                (Kind::Begin, Some(end)) => at = end,
                (Kind::Command | Kind::Char, _)
                    if matches!(sign(self.text, &self.tokens, at), Some((Sign::Relation(_) | Sign::Arrow, _))) =>
                {
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    fn command(&mut self, at: usize) {
        let name = command_name(self.slice(at));
        let argument = group(&self.tokens, at + 1);
        if SILENT.contains(&name) {
            self.blank[at] = true;
        } else if SILENT_ARGUMENT.contains(&name) {
            self.blank[at] = true;
            match argument {
                Some((_, past)) => self.blank[at + 1..past].fill(true),
                None => self.blank_bare_argument(at + 1),
            }
        } else if BOXES.contains(&name) || name == "underline" {
            let Some((open, past)) = argument else { return };
            self.blank[at] = true;
            let doubled = (open + 1..past)
                .find(|t| self.tokens[*t].kind != Kind::Space)
                .is_some_and(|t| command_name(self.slice(t)) == "underline");
            if name != "underline" || doubled {
                self.boxes.push((self.tokens[at].start, self.tokens[past - 1].end));
            }
        } else if matches!(name, "textcolor" | "colorbox")
            && let Some((_, past)) = argument
        {
            self.blank[at..past].fill(true);
        }
    }

    /// `\tag 1`, `\tag*{…}`
    fn blank_bare_argument(&mut self, from: usize) {
        let mut at = from;
        if self.tokens.get(at).is_some_and(|_| self.slice(at) == "*") {
            self.blank[at] = true;
            at += 1;
            if let Some((open, past)) = group(&self.tokens, at) {
                self.blank[open..past].fill(true);
                return;
            }
        }
        while at < self.tokens.len() && self.tokens[at].kind == Kind::Space {
            at += 1;
        }
        while at < self.tokens.len() && self.slice(at).bytes().all(|b| b.is_ascii_digit()) {
            self.blank[at] = true;
            at += 1;
        }
    }

    /// Whether the byte range lies in a box.
    pub(super) fn is_boxed(&self, start: usize, end: usize) -> bool {
        self.boxes.iter().any(|(from, to)| *from <= start && end <= *to)
    }

    /// The text of a range, with what is blanked replaced by as many spaces as it has bytes.
    pub(super) fn blanked(&self, start: usize, end: usize) -> String {
        let from = self.tokens.partition_point(|t| t.end <= start);
        let mut out = String::with_capacity(end - start);
        for (n, token) in self.tokens.iter().enumerate().skip(from) {
            if token.start >= end {
                break;
            }
            let layout = matches!(token.kind, Kind::Amp | Kind::Row) && !self.inner[n];
            if self.blank[n] || layout || matches!(token.kind, Kind::Space | Kind::Comment) {
                out.extend(std::iter::repeat_n(' ', token.end.min(end) - token.start.max(start)));
            } else {
                out.push_str(&self.text[token.start.max(start)..token.end.min(end)]);
            }
        }
        out
    }
}
