//! Where nodes and edges of a picture stand, by a layered layout of the library `layout-rs`.
//!
//! The library measures texts by a rule of its own and draws pictures of its own; here it is given boxes of known
//! sizes and asked for coordinates alone.

use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point, Position};
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

/// Space between boxes, beside and below each other: wide enough for an edge to come in from the side.
const MARGIN: (f64, f64) = (26.0, 44.0);

/// A place in a picture.
pub(super) type Place = (f64, f64);

/// What was placed.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Placed {
    /// The centres of the boxes.
    pub(super) centres: Vec<Place>,
    /// For each edge its Bézier curve: a start, then two control points and an end for each part.
    pub(super) curves: Vec<Vec<Place>>,
}

/// Places boxes of these sizes, joined by these edges, from top to bottom.
pub(super) fn place(boxes: &[(f64, f64)], edges: &[(usize, usize)]) -> Placed {
    let mut graph = VisualGraph::new(Orientation::TopToBottom);
    let look = StyleAttr::simple();
    let handles: Vec<_> = boxes
        .iter()
        .enumerate()
        .map(|(i, (width, height))| {
            let size = Point::new(*width, *height);
            let shape = ShapeKind::Box(String::new());
            let name = i.to_string();
            let mut element =
                Element::create_with_properties(shape, look.clone(), Orientation::TopToBottom, size, name);
            element.pos = Position::new(Point::zero(), size, Point::zero(), Point::new(MARGIN.0, MARGIN.1));
            graph.add_node(element)
        })
        .collect();
    for (i, (from, to)) in edges.iter().enumerate() {
        if let (Some(a), Some(b)) = (handles.get(*from), handles.get(*to)) {
            graph.add_edge(Arrow::simple_with_properties("", i.to_string()), *a, *b);
        }
    }
    let mut found = Collector(Placed { centres: vec![(0.0, 0.0); boxes.len()], curves: vec![Vec::new(); edges.len()] });
    graph.do_it(false, false, false, &mut found);
    let mut placed = found.0;
    for (curve, (from, to)) in placed.curves.iter_mut().zip(edges) {
        if let (Some(a), Some(b)) = (boxes.get(*from), boxes.get(*to)) {
            let (start, end) = (placed.centres[*from], placed.centres[*to]);
            *curve = curved(curve, (start, *a), (end, *b));
        }
    }
    placed
}

/// A curve that leaves one box at its lower side and comes to the other at its upper side, through the places between
/// which the library found: all of it lies between the rows, so that it crosses no box.
fn curved(found: &[Place], from: (Place, (f64, f64)), to: (Place, (f64, f64))) -> Vec<Place> {
    /// How far from a corner an edge may end.
    const CORNER: f64 = 12.0;
    let between: Vec<Place> = found.iter().skip(3).step_by(3).copied().collect();
    let between = between.split_last().map_or(&[][..], |(_, rest)| rest);
    let along = |(centre, size): (Place, (f64, f64)), x: f64| {
        let reach = (size.0 / 2.0 - CORNER).max(0.0);
        x.clamp(centre.0 - reach, centre.0 + reach)
    };
    let second = between.first().map_or(to.0.0, |p| p.0);
    let start = (along(from, second), from.0.1 + from.1.1 / 2.0);
    let last = between.last().map_or(start.0, |p| p.0);
    let end = (along(to, last), to.0.1 - to.1.1 / 2.0);
    let points: Vec<Place> = std::iter::once(start).chain(between.iter().copied()).chain([end]).collect();
    let mut out = vec![start];
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let bend = (b.1 - a.1) * 0.45;
        out.extend([(a.0, a.1 + bend), (b.0, b.1 - bend), *b]);
    }
    out
}

/// Keeps coordinates instead of drawing.
struct Collector(Placed);

impl RenderBackend for Collector {
    fn draw_rect(&mut self, xy: Point, size: Point, _: &StyleAttr, name: Option<String>, _: Option<ClipHandle>) {
        let place = name.and_then(|n| n.parse::<usize>().ok());
        if let Some(centre) = place.and_then(|i| self.0.centres.get_mut(i)) {
            *centre = (xy.x + size.x / 2.0, xy.y + size.y / 2.0);
        }
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        name: Option<String>,
        _: &str,
    ) {
        let place = name.and_then(|n| n.parse::<usize>().ok());
        let Some(curve) = place.and_then(|i| self.0.curves.get_mut(i)) else { return };
        let at = |p: &Point| (p.x, p.y);
        let [first, second, rest @ ..] = path else { return };
        // The first pair leaves its point, later ones come into theirs; what leaves these is the mirror image.
        let mut all = vec![at(&first.0), at(&first.1), at(&second.0), at(&second.1)];
        for p in rest {
            let (control, end) = (all[all.len() - 2], all[all.len() - 1]);
            all.extend([(2.0 * end.0 - control.0, 2.0 * end.1 - control.1), at(&p.0), at(&p.1)]);
        }
        *curve = all;
    }

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
