//! `graph`: computation graphs of objectives that homework asks for, as text and DOT, judged by eye; and what holds of
//! every picture.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use gradmark::check::{RequestText, parse_request};
use gradmark::graph::{Graph, Kind, dot, graph, svg, text};
use serde_json::{Value, json};

/// Ten objectives by name.
fn objectives() -> Vec<(&'static str, Value)> {
    vec![
        (
            "tied-autoencoder",
            json!({ "objective": "1/2 ||W'W x - x||^2", "wrt": ["W"], "symbols": { "W": ["m", "n"], "x": ["n"] } }),
        ),
        (
            "ridge",
            json!({ "objective": "||X w - y||^2 + lambda ||w||^2", "wrt": ["w"], "symbols": { "X": ["N", "n"], "w": ["n"], "y": ["N"], "lambda": [] } }),
        ),
        (
            "logistic",
            json!({ "objective": "sum_{i=1}^{N} log(1 + exp(-y_i theta' x_i))", "wrt": ["theta"], "symbols": {
            "theta": ["n"], "x_i": { "family": "i", "count": "N", "shape": ["n"] }, "y_i": { "family": "i", "count": "N", "shape": [] } } }),
        ),
        (
            "two-layers",
            json!({ "objective": "1/2 ||W_2 tanh(W_1 x + b) - y||^2", "wrt": ["W_1", "b", "W_2"], "symbols": {
            "W_1": ["h", "n"], "W_2": ["m", "h"], "x": ["n"], "b": ["h"], "y": ["m"] } }),
        ),
        (
            "gaussian-process",
            json!({ "objective": "d/2 log det K + 1/2 tr(K^-1 Y Y')", "wrt": ["X"], "symbols": {
            "X": ["n", "q"], "Y": ["n", "d"], "alpha": [], "beta": [] }, "properties": { "alpha": ["positive"], "beta": ["positive"] },
            "definitions": [["K", "alpha X X' + beta^-1 I"]] }),
        ),
        (
            "factorisation",
            json!({ "objective": "||X - W H||^2 + lambda norm1(H)", "wrt": ["W", "H"], "symbols": {
            "X": ["m", "n"], "W": ["m", "k"], "H": ["k", "n"], "lambda": [] } }),
        ),
        (
            "cross-entropy",
            json!({ "objective": "-y' log(softmax(W x))", "wrt": ["W"], "symbols": { "W": ["m", "n"], "x": ["n"], "y": ["m"] } }),
        ),
        (
            "family-sum",
            json!({ "objective": "sum_{i=1}^{N} ||x_i - W s_i||^2 + lambda ||W||^2", "wrt": ["W"], "symbols": {
            "W": ["d", "h"], "x_i": { "family": "i", "count": "N", "shape": ["d"] }, "s_i": { "family": "i", "count": "N", "shape": ["h"] }, "lambda": [] } }),
        ),
        (
            "rayleigh",
            json!({ "objective": "(x' A x) / (x' x)", "wrt": ["x"], "symbols": { "A": ["n", "n"], "x": ["n"] } }),
        ),
        (
            "attention",
            json!({ "objective": "tr(G' softmax(Q K') V)", "wrt": ["Q", "K", "V"], "symbols": {
            "G": ["l", "d"], "Q": ["l", "k"], "K": ["p", "k"], "V": ["p", "d"] } }),
        ),
    ]
}

fn request(r: &Value) -> RequestText {
    parse_request(&r.to_string()).unwrap()
}

fn drawn(r: &Value) -> Graph {
    graph(&request(r), "L").unwrap_or_else(|f| panic!("{r}: {}", f.diagnostic.message))
}

#[test]
fn graphs_of_ten_objectives() {
    for (name, r) in objectives() {
        let graph = drawn(&r);
        assert_eq!(graph.notes, [""; 0], "{name}");
        insta::assert_snapshot!(format!("{name}-text"), text(&graph));
        insta::assert_snapshot!(format!("{name}-dot"), dot(&graph));
    }
}

#[test]
fn what_depends_on_the_variable_has_an_adjoint_and_the_messages_that_make_it() {
    for (name, r) in objectives() {
        let graph = drawn(&r);
        for (i, v) in graph.vertices.iter().enumerate() {
            let from = |e: &&gradmark::graph::Edge| e.from == i;
            match v.kind {
                Kind::Constant => assert!(v.adjoint.is_none(), "{name}: {}", v.name),
                Kind::Objective => assert_eq!(v.adjoint.as_deref(), Some("1")),
                Kind::Variable | Kind::Step => {
                    assert!(v.adjoint.is_some() && v.messages.is_some(), "{name}: {}", v.name);
                    assert!(graph.edges.iter().filter(from).all(|e| e.message.is_some()), "{name}: {}", v.name);
                }
            }
        }
    }
}

#[test]
fn every_use_of_a_variable_is_an_edge_of_its_own() {
    let uses = |objective: &str| {
        let r = json!({ "objective": objective, "wrt": ["W"], "symbols": { "W": ["n", "n"], "x": ["n"] } });
        let graph = drawn(&r);
        let w = graph.vertices.iter().position(|v| v.name == "W").unwrap();
        let edges: Vec<(bool, String)> =
            graph.edges.iter().filter(|e| e.from == w).map(|e| (e.transposed, e.message.clone().unwrap())).collect();
        edges
    };
    assert_eq!(uses("||W' W||^2").len(), 2);
    assert_eq!(uses("x' W' W W x").len(), 3);
    let both = uses("x' (W + W') x");
    assert_eq!(both.iter().map(|e| e.0).collect::<Vec<_>>(), [false, true]);
    assert_ne!(both[0].1, both[1].1);
}

/// The boxes of a picture: left, top, right, bottom.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let number = |line: &str, key: &str| -> f64 {
        let rest = line.split(&format!(" {key}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    svg.lines()
        .filter(|l| l.starts_with("<rect class=\"box\"") || l.starts_with("<rect class=\"back\""))
        .map(|l| {
            let (x, y) = (number(l, "x"), number(l, "y"));
            [x, y, x + number(l, "width"), y + number(l, "height")]
        })
        .collect()
}

/// Points along every edge of a picture.
fn curves(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let paths = svg.lines().filter_map(|l| l.strip_prefix("<path class=\"edge\" d=\"M")?.split('"').next());
    paths
        .map(|d| {
            let numbers: Vec<f64> = d.split([' ', 'C']).filter(|w| !w.is_empty()).map(|w| w.parse().unwrap()).collect();
            let places: Vec<(f64, f64)> = numbers.chunks(2).map(|p| (p[0], p[1])).collect();
            let mut points = Vec::new();
            for part in 0..(places.len() - 1) / 3 {
                let p = &places[3 * part..3 * part + 4];
                for step in 0..=40 {
                    let t = f64::from(step) / 40.0;
                    let u = 1.0 - t;
                    let w = [u * u * u, 3.0 * t * u * u, 3.0 * t * t * u, t * t * t];
                    let sum = |k: fn(&(f64, f64)) -> f64| (0..4).map(|i| w[i] * k(&p[i])).sum::<f64>();
                    points.push((sum(|p| p.0), sum(|p| p.1)));
                }
            }
            points
        })
        .collect()
}

#[test]
fn pictures_are_whole_and_nothing_overlaps() {
    for (name, r) in objectives() {
        let graph = drawn(&r);
        let picture = svg(&graph);
        assert_eq!(picture, svg(&drawn(&r)), "{name}: not the same bytes");
        assert!(picture.contains("role=\"img\"") && picture.contains("<title id=") && picture.contains("<desc id="));
        let boxes = boxes(&picture);
        assert!(boxes.len() >= graph.vertices.len(), "{name}");
        for (i, a) in boxes.iter().enumerate() {
            for b in &boxes[i + 1..] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                assert!(apart, "{name}: {a:?} and {b:?} overlap");
            }
        }
        for curve in curves(&picture) {
            for (x, y) in curve {
                let inside = |b: &&[f64; 4]| x > b[0] + 1.5 && x < b[2] - 1.5 && y > b[1] + 1.5 && y < b[3] - 1.5;
                assert!(!boxes.iter().any(|b| inside(&b)), "{name}: an edge crosses a box at {x}, {y}");
            }
        }
        // Every element is closed, and no text opens one.
        let mut open = Vec::new();
        for tag in picture.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            let word = tag.split([' ', '/']).next().unwrap();
            match tag.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed.to_owned()), "{name}"),
                None if tag.ends_with('/') => {}
                None => open.push(word.to_owned()),
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn what_is_no_scalar_is_drawn_with_jacobians() {
    let graph = drawn(
        &json!({ "objective": "A tanh(B x)", "wrt": ["x"], "symbols": { "A": ["m", "n"], "B": ["n", "p"], "x": ["p"] } }),
    );
    let shown = |name: &str| graph.vertices.iter().find(|v| v.name == name).and_then(|v| v.adjoint.as_deref());
    assert_eq!(shown("x"), Some("A diag(1 - z_2.^2) B"));
    assert_eq!(shown("z_1"), Some("A diag(1 - z_2.^2)"));
    assert_eq!(shown("z_2"), Some("A"));
    assert_eq!((shown("L"), shown("B")), (None, None));
    let local: Vec<&str> = graph.edges.iter().filter_map(|e| e.message.as_deref()).collect();
    assert_eq!(local, ["B", "diag(1 - z_2.^2)", "A"]);
    assert_eq!(graph.vertices.last().unwrap().shape, "m×1");
    assert!(graph.notes[0].contains("no scalar"));
}

#[test]
fn names_that_are_not_there_are_said() {
    let fault =
        graph(&request(&json!({ "objective": "x' x", "wrt": ["y"], "symbols": { "x": ["n"] } })), "L").unwrap_err();
    assert!(fault.diagnostic.message.contains("y does not occur"), "{}", fault.diagnostic.message);
    assert!(graph(&request(&json!({ "objective": "x' x", "symbols": { "x": ["n"] } })), "x").is_err());
}

#[test]
fn a_number_added_to_a_matrix_stays_inside_its_entrywise_operation() {
    let graph =
        drawn(&json!({ "objective": "sum(exp(X) ./ (1 + exp(X)))", "wrt": ["X"], "symbols": { "X": ["m", "n"] } }));
    let formulas: Vec<&str> = graph.vertices.iter().filter_map(|v| v.formula.as_deref()).collect();
    assert_eq!(formulas, ["exp(X)", "z_1 ./ (1 + z_1)", "sum(z_2)"]);
    assert!(graph.vertices.iter().all(|v| v.adjoint.is_some()));
}

#[test]
fn what_no_step_can_name_is_said_in_the_symbols() {
    let graph = drawn(&json!({
        "objective": "vec(X)' (M ⊗ S) vec(X)", "wrt": ["X"],
        "symbols": { "X": ["m", "n"], "M": ["n", "n"], "S": ["m", "m"] }
    }));
    let x = graph.vertices.iter().find(|v| v.name == "X").unwrap();
    assert!(x.adjoint.as_deref().is_some_and(|a| a.contains('M') && a.contains('S')), "{:?}", x.adjoint);
    assert_eq!(x.messages, None);
}
