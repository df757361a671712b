//! Documents: finding the mathematics in a submission and cutting it into chains of claims.
//!
//! In: the text of a file and its [`Format`]. Out: a [`Document`]: headings, [`Chain`]s of [`Piece`]s, declarations,
//! and what could not be read, each with its line and its byte span.
//! The way: `region` finds formulas (and `text_line` those typed into plain text), `token` and `formula` tell what
//! encloses what, `item` and `statement` cut rows at relation signs, `assemble` links rows and displays into chains.
//! Invariants: a piece's text has the length of its span, so that places in it are places in the document; whatever
//! cannot be cut is listed with a reason, and never hides what stands around it; the time is linear in the text.
//! Not here: what a formula means (see `syntax`), and whether it is true.

mod assemble;
mod code;
mod declare;
mod format;
mod formula;
mod heading;
mod item;
mod label;
mod lines;
mod macros;
mod mention;
mod model;
mod plausible;
mod region;
mod sign;
mod statement;
mod text_line;
mod token;
mod unclosed;

#[cfg(test)]
mod tests;

pub use format::Format;
pub use heading::find_heading;
pub use model::{Chain, Declaration, DeclarationKind, Display, Document, Heading, Lead, NotRead, Piece, link_source};

use crate::limit::{self, Limit};
use crate::text::Span;
use lines::Lines;

/// The longest formula that is cut.
pub const MAX_FORMULA: usize = 100_000;

/// The most places that are listed as not read.
pub const MAX_NOT_READ: usize = 10_000;

/// Reads a submission: finds its formulas and cuts them into chains of claims. Never fails; see [`Document::not_read`].
#[must_use]
pub fn read(text: &str, format: Format) -> Document {
    let (text, unread) = match format {
        Format::Notebook => match format::notebook(text) {
            Some(joined) => (joined, None),
            None => (text.to_owned(), Some("this is not a notebook, and was read as Markdown")),
        },
        Format::Markdown | Format::Latex | Format::Plain => (text.to_owned(), None),
    };
    let mut document = Document { text, ..Document::default() };
    if let Some(why) = unread {
        document.not_read.push(not_read(&document.text, 1, 0, document.text.len(), why));
    }
    if document.text.len() > limit::size(Limit::File) {
        document.not_read.push(not_read(
            &document.text,
            1,
            0,
            document.text.len(),
            "the text is longer than the limit",
        ));
        return document;
    }
    if format != Format::Plain {
        unquote(&mut document.text);
    }
    if let Some(text) = macros::expand(&document.text) {
        document.text = text;
    }
    blank_binary(&mut document);
    let lines = Lines::new(&document.text);
    let found = region::find(&document.text, format, &lines);
    document.formulas = found.regions.len();
    if document.formulas > limit::size(Limit::Formulas) {
        return refused(document, "the submission has more formulas than the limit, so none is read");
    }
    document.headings = heading::headings(&document.text, &lines, |at| found.covers(at));
    let assembled = assemble::assemble(&document.text, &lines, &found, &document.headings);
    // One claim for every link of a chain.
    if assembled.chains.iter().map(|c| c.pieces.len().saturating_sub(1)).sum::<usize>() > limit::size(Limit::Claims) {
        return refused(document, "the submission has more claims than the limit, so none is read");
    }
    document.headings.extend(assembled.headings);
    document.headings.sort_by_key(|h| h.span.start);
    document.declarations = declare::declarations(&document.text, &assembled.chains);
    document.declarations.extend(assembled.declarations);
    document.declarations.sort_by_key(|d| d.span.start);
    document.chains = assembled.chains;
    document.not_read.extend(assembled.not_read);
    if document.formulas == 0 && document.not_read.is_empty() {
        document.not_read.push(not_read(
            &document.text,
            1,
            0,
            document.text.len(),
            "there is no mathematics in this text",
        ));
    }
    document.not_read.sort_by_key(|n| n.span.start);
    if document.not_read.len() > MAX_NOT_READ {
        document.not_read.truncate(MAX_NOT_READ);
        let why = "there are more places that cannot be read than are listed";
        let from = document.not_read.last().map_or(0, |n| n.span.end as usize);
        document.not_read.push(not_read(&document.text, lines.line(from), from, document.text.len(), why));
    }
    document
}

/// Blanks out the signs before the lines of a quotation, which are no relations: of lines one below another that all
/// begin with `>`.
fn unquote(text: &mut String) {
    if !text.contains('>') {
        return;
    }
    let quoted = |line: &str| line.trim_start().starts_with('>');
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    let mut free = true;
    for line in text.split_inclusive('\n') {
        within = quoted(line) && (within || free);
        free = line.trim().is_empty();
        if within {
            let body = line.trim_start_matches([' ', '\t', '>']);
            out.extend(std::iter::repeat_n(' ', line.len() - body.len()));
            out.push_str(body);
        } else {
            out.push_str(line);
        }
    }
    *text = out;
}

/// A document of which nothing is judged: a part of it might be taken for the whole.
fn refused(mut document: Document, why: &'static str) -> Document {
    document.headings.clear();
    let whole = not_read(&document.text, 1, 0, document.text.len(), why);
    document.not_read.push(whole);
    document
}

/// Blanks out the zero bytes, which no text has, and lists the lines they and replaced bytes stand in; what stands
/// around them is read.
fn blank_binary(document: &mut Document) {
    let binary = |line: &str| line.contains('\0');
    let replaced = |line: &str| line.contains(char::REPLACEMENT_CHARACTER);
    if !binary(&document.text) && !replaced(&document.text) {
        return;
    }
    let blank = document.text.replace('\0', " ");
    let mut start = 0;
    for (n, line) in document.text.split('\n').enumerate() {
        if (binary(line) || replaced(line)) && document.not_read.len() < MAX_NOT_READ {
            let number = u32::try_from(n + 1).unwrap_or(u32::MAX);
            let why =
                if binary(line) { "this is not text but binary data" } else { "bytes in this line are not UTF-8" };
            document.not_read.push(not_read(&blank, number, start, start + line.len(), why));
        }
        start += line.len() + 1;
    }
    document.text = blank;
}

/// A place that was not read, its text shortened to a line or two.
fn not_read(text: &str, line: u32, start: usize, end: usize, why: &'static str) -> NotRead {
    const MAX_SOURCE: usize = 200;
    let mut cut = end.min(start + MAX_SOURCE);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let source = if cut < end { format!("{} …", &text[start..cut]) } else { text[start..end].to_owned() };
    NotRead { line, source, why, span: Span::new(start, end) }
}
