//! Whole documents: what is read from each file in `cases/documents`, with its lines, as a snapshot to judge by eye.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use gradmark::document::{Format, link_source, read};
use std::fmt::Write;
use std::path::Path;

/// One line a heading, link, declaration and unread place. `|` ends a chain; `box` and `implied` stand before a side.
fn report(text: &str, format: Format) -> String {
    let document = read(text, format);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    for heading in &document.headings {
        writeln!(out, "{:>3}  {} {}", heading.line, "#".repeat(heading.level.into()), heading.text).unwrap();
    }
    for chain in &document.chains {
        writeln!(
            out,
            "{:>3}  {:?} {} {:?}",
            chain.line,
            chain.display,
            chain.environment.as_deref().unwrap_or("-"),
            chain.lead.map(|(l, _)| l)
        )
        .unwrap();
        for piece in &chain.pieces {
            assert_eq!(piece.text.len(), piece.span.range().len());
            let sign = piece.relation.map_or(String::new(), |(relation, _)| format!("{relation:?} "));
            let marks =
                format!("{}{}", if piece.boxed { "box " } else { "" }, if piece.implied { "implied " } else { "" });
            writeln!(out, "{:>3}      {sign}{marks}{}", piece.line, one_line(&piece.text)).unwrap();
        }
        for link in chain.links() {
            writeln!(out, "       - {}", one_line(link_source(&document, chain, link))).unwrap();
        }
    }
    for declared in &document.declarations {
        writeln!(out, "{:>3}  {:?}: {} is {}", declared.line, declared.kind, declared.name, one_line(&declared.body))
            .unwrap();
    }
    for unread in &document.not_read {
        writeln!(out, "{:>3}  not read, {}: {}", unread.line, unread.why, one_line(&unread.source)).unwrap();
    }
    out
}

#[test]
fn documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/documents");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".snap") && !name.ends_with(".snap.new"))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        let report = report(&text, Format::detect(&name, &text));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), report));
    }
}
