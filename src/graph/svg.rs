//! The graph as a picture: SVG that stands alone, readable in light and in dark, with a title and a description.

use super::layout::{Place, place};
use super::show::{adjoint, edge, kind, pretty, value};
use super::text::text;
use super::{Graph, Vertex};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

const FONT: f64 = 14.0;
/// The width of a letter of a monospaced font, as a share of its size.
const ADVANCE: f64 = 0.605;
const LINE: f64 = 19.0;
const PADDING: f64 = 10.0;
/// Longer lines are broken.
const LONGEST: usize = 46;
const BORDER: f64 = 16.0;

const STYLE: &str = "\
svg{color-scheme:light dark}\
.bg{fill:#fff}.box{fill:#fff;stroke:#4b5563;stroke-width:1.4}.variable .box{fill:#e8f1fd;stroke:#1d5fb4;stroke-width:2}\
.constant .box{fill:#f5f5f5;stroke:#9ca3af;stroke-dasharray:4 3}.objective .box{fill:#e9f7ec;stroke:#1c7c3a;stroke-width:2}\
.edge{fill:none;stroke:#6b7280;stroke-width:1.4}.head{fill:#6b7280}\
text{font-family:'DejaVu Sans Mono','Menlo','Consolas',ui-monospace,monospace;font-size:14px;fill:#111827}\
.shape{fill:#6b7280}.adjoint{fill:#b3261e}.label{fill:#b3261e;font-size:12.5px}.back{fill:#fff}\
@media (prefers-color-scheme:dark){.bg,.back{fill:#14171c}.box{fill:#1c2128;stroke:#9aa4b2}\
.variable .box{fill:#12263f;stroke:#6aa9f7}.constant .box{fill:#1a1d22;stroke:#6b7280}.objective .box{fill:#11291a;stroke:#5fc27e}\
.edge{stroke:#9aa4b2}.head{fill:#9aa4b2}text{fill:#e5e7eb}.shape{fill:#9aa4b2}.adjoint,.label{fill:#ff9d94}}";

/// A line of a box, and how it is drawn.
struct Line {
    class: &'static str,
    text: String,
}

/// The picture.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let nodes: Vec<Vec<Line>> = graph.vertices.iter().map(lines).collect();
    let labels: Vec<(usize, Vec<String>)> =
        (0..graph.edges.len()).map(|e| (e, edge(graph, e))).filter(|(_, l)| !l.is_empty()).collect();
    // A label is a box of its own in the middle of its edge, so that nothing is drawn over it.
    let mut boxes: Vec<(f64, f64)> = nodes.iter().map(|n| size(n.iter().map(|l| l.text.as_str()), FONT)).collect();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    let mut ends: Vec<bool> = Vec::new();
    for (i, e) in graph.edges.iter().enumerate() {
        match labels.iter().position(|l| l.0 == i) {
            None => {
                edges.push((e.from, e.to));
                ends.push(true);
            }
            Some(k) => {
                let (width, height) = size(labels[k].1.iter().map(String::as_str), FONT - 1.5);
                boxes.push((width - PADDING, height - PADDING));
                edges.extend([(e.from, nodes.len() + k), (nodes.len() + k, e.to)]);
                ends.extend([false, true]);
            }
        }
    }
    let placed = place(&boxes, &edges);
    let mut page = Page::default();
    for (curve, end) in placed.curves.iter().zip(&ends) {
        page.curve(curve, *end);
    }
    for (i, (centre, size)) in placed.centres.iter().zip(&boxes).enumerate() {
        match graph.vertices.get(i).zip(nodes.get(i)) {
            Some((v, lines)) => page.node(v, lines, *centre, *size),
            None => {
                if let Some((_, lines)) = labels.get(i - nodes.len()) {
                    page.label(lines, *centre, *size);
                }
            }
        }
    }
    page.finish(graph)
}

fn lines(v: &Vertex) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut push = |class, text: &str| out.extend(broken(text).into_iter().map(|text| Line { class, text }));
    push("value", &value(v));
    push("shape", &v.shape);
    adjoint(v).iter().for_each(|a| push("adjoint", a));
    out
}

/// A text in lines that are not too long, broken at spaces.
fn broken(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for word in text.split(' ') {
        let last = out.len() - 1;
        if !out[last].is_empty() && out[last].width() + 1 + word.width() > LONGEST {
            out.push(format!("  {word}"));
        } else {
            if !out[last].is_empty() {
                out[last].push(' ');
            }
            out[last].push_str(word);
        }
    }
    out
}

fn size<'a>(lines: impl Iterator<Item = &'a str>, font: f64) -> (f64, f64) {
    let (mut width, mut count) = (0, 0);
    for l in lines {
        width = width.max(l.width());
        count += 1;
    }
    (width as f64 * font * ADVANCE + 2.0 * PADDING, f64::from(count) * LINE + 2.0 * PADDING - 4.0)
}

/// The picture so far, and how far it reaches.
struct Page {
    out: String,
    low: Place,
    high: Place,
}

impl Default for Page {
    fn default() -> Self {
        Self { out: String::new(), low: (f64::MAX, f64::MAX), high: (f64::MIN, f64::MIN) }
    }
}

impl Page {
    fn reach(&mut self, p: Place) {
        self.low = (self.low.0.min(p.0), self.low.1.min(p.1));
        self.high = (self.high.0.max(p.0), self.high.1.max(p.1));
    }

    fn curve(&mut self, curve: &[Place], head: bool) {
        let Some((start, parts)) = curve.split_first() else { return };
        curve.iter().for_each(|p| self.reach(*p));
        let mut d = format!("M{:.1} {:.1}", start.0, start.1);
        for part in parts.chunks_exact(3) {
            let [a, b, c] = part else { continue };
            let _ = write!(d, " C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.0, a.1, b.0, b.1, c.0, c.1);
        }
        let marker = if head { " marker-end=\"url(#head)\"" } else { "" };
        let _ = writeln!(self.out, "<path class=\"edge\" d=\"{d}\"{marker}/>");
    }

    fn rectangle(&mut self, class: &str, centre: Place, size: (f64, f64)) {
        let (x, y) = (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0);
        self.reach((x, y));
        self.reach((x + size.0, y + size.1));
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"5\"/>",
            size.0, size.1
        );
    }

    fn node(&mut self, v: &Vertex, lines: &[Line], centre: Place, size: (f64, f64)) {
        let _ = writeln!(self.out, "<g class=\"{}\">", kind(v.kind));
        self.rectangle("box", centre, size);
        let top = centre.1 - size.1 / 2.0 + PADDING + FONT - 3.0;
        let left = centre.0 - size.0 / 2.0 + PADDING;
        for (i, line) in lines.iter().enumerate() {
            let y = top + i as f64 * LINE;
            let _ = writeln!(
                self.out,
                "<text class=\"{}\" x=\"{left:.1}\" y=\"{y:.1}\" xml:space=\"preserve\">{}</text>",
                line.class,
                escaped(&line.text)
            );
        }
        self.out.push_str("</g>\n");
    }

    fn label(&mut self, lines: &[String], centre: Place, size: (f64, f64)) {
        self.rectangle("back", centre, size);
        let top = centre.1 - size.1 / 2.0 + FONT;
        for (i, line) in lines.iter().enumerate() {
            let y = top + i as f64 * LINE;
            let _ = writeln!(
                self.out,
                "<text class=\"label\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
                centre.0,
                escaped(line)
            );
        }
    }

    fn finish(self, graph: &Graph) -> String {
        let (x, y) = (self.low.0 - BORDER, self.low.1 - BORDER);
        let (width, height) = (self.high.0 - x + BORDER, self.high.1 - y + BORDER);
        let title = format!("Computation graph of {}", pretty(&graph.title));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" \
             width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"{x:.1} {y:.1} {width:.1} {height:.1}\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
             <defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto\"><path class=\"head\" d=\"M0 0 L10 5 L0 10 z\"/></marker></defs>\n\
             <rect class=\"bg\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>\n{}</svg>\n",
            escaped(&title),
            escaped(&text(graph)),
            self.out
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_broken() {
        assert_eq!(escaped("a < b & \"c\" > d"), "a &lt; b &amp; &quot;c&quot; &gt; d");
        let long = ["abcdefghij"; 8].join(" ");
        let lines = broken(&long);
        assert!(lines.len() == 2 && lines.iter().all(|l| l.width() <= LONGEST + 2));
    }
}
