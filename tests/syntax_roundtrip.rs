//! A printed tree parses to an equal tree, and no input makes the readers panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod drawn;

use drawn::fixed;
use gradmark::operator as ops;
use gradmark::operator::Op;
use gradmark::syntax::{Binder, ExprId, Kind, NameKind, Names, Relation, Syntax, Tree, parse, parse_statement, print};
use gradmark::text::Span;
use proptest::prelude::*;

/// A recipe for a tree: numbers choose the constructs.
#[derive(Clone, Debug)]
enum Recipe {
    Leaf(u8),
    One(u8, Box<Recipe>),
    Two(u8, Box<Recipe>, Box<Recipe>),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = any::<u8>().prop_map(Recipe::Leaf);
    leaf.prop_recursive(5, 24, 2, |inner| {
        prop_oneof![
            (any::<u8>(), inner.clone()).prop_map(|(k, a)| Recipe::One(k, Box::new(a))),
            (any::<u8>(), inner.clone(), inner).prop_map(|(k, a, b)| Recipe::Two(k, Box::new(a), Box::new(b))),
        ]
    })
}

fn names() -> Names {
    let mut names = Names::new();
    for name in ["W", "A", "x", "y", "lambda", "x_hat", "W_1", "Sigma_xy", "SSE"] {
        names.declare(name, NameKind::Symbol);
    }
    names.declare("s", NameKind::Family);
    names.declare("g", NameKind::Function);
    names.declare("n", NameKind::Dimension);
    names
}

/// What fuzzing found to be printed as another formula.
#[test]
fn entrywise_powers_of_e_read_back() {
    let names = Names::new();
    for text in ["he.^ta", "e.^t", "2 e.^(x + 1)"] {
        let tree = parse(text, Syntax::Plain, &names).unwrap();
        for syntax in [Syntax::Plain, Syntax::Latex] {
            let printed = print(&tree, tree.root, syntax);
            let again = parse(&printed, syntax, &names).unwrap();
            assert!(again.same(again.root, &tree, tree.root), "{text} as {printed}");
        }
    }
}

/// The d of `diag` and `det` is no differential's.
#[test]
fn words_that_begin_with_d_are_no_derivatives() {
    let names = names();
    for (text, syntax) in [
        (r"\frac{\operatorname{diag}(A)}{\operatorname{diag}(W)}", Syntax::Latex),
        (r"\frac{det(A)}{det(W)}", Syntax::Latex),
        ("diag(A)/diag(W)", Syntax::Plain),
        ("det(A)/det(W)", Syntax::Plain),
        ("{det(A)}/{det(W)}", Syntax::Plain),
    ] {
        let tree = parse(text, syntax, &names).unwrap();
        assert!(matches!(tree.kind(tree.root), Kind::Apply { operator, .. } if *operator == &ops::DIVIDE), "{text}");
    }
    let tree = parse(r"\frac{dA}{dx}", Syntax::Latex, &names).unwrap();
    assert!(matches!(tree.kind(tree.root), Kind::Derivative { .. }));
}

const UNARY: &[Op] = &[
    &ops::NEGATE,
    &ops::TRANSPOSE,
    &ops::INVERSE,
    &ops::TRACE,
    &ops::DETERMINANT,
    &ops::LOGDET,
    &ops::BARS,
    &ops::NORM,
    &ops::NORM_F,
    &ops::NORM_2,
    &ops::NORM_1,
    &ops::SUM,
    &ops::VEC,
    &ops::DIAG,
    &ops::EXP,
    &ops::LOG,
    &ops::SQRT,
    &ops::SIGN,
    &ops::TANH,
    &ops::SIGMOID,
    &ops::RELU,
    &ops::SOFTMAX,
];

const BINARY: &[Op] = &[
    &ops::ADD,
    &ops::ADD,
    &ops::MULTIPLY,
    &ops::MULTIPLY,
    &ops::MULTIPLY,
    &ops::DIVIDE,
    &ops::HADAMARD,
    &ops::HADAMARD_DIVIDE,
    &ops::KRONECKER,
    &ops::INNER,
];

fn build(recipe: &Recipe, tree: &mut Tree) -> ExprId {
    let at = Span::default();
    let symbol = |tree: &mut Tree, name: &str| tree.push(Kind::Symbol(name.into()), at);
    match recipe {
        Recipe::Leaf(k) => match k % 14 {
            0 => tree.push(Kind::Number((i64::from(*k) % 7).into()), at),
            1 => tree.push(Kind::Number(gradmark::number::Rational::new(1, 2).unwrap()), at),
            2 => symbol(tree, "x_hat"),
            3 => symbol(tree, "W_1"),
            4 => symbol(tree, "lambda"),
            5 => symbol(tree, "Sigma_xy"),
            6 => symbol(tree, "SSE"),
            7 => {
                let size = symbol(tree, "n");
                tree.apply(&ops::IDENTITY, [size], at)
            }
            8 => tree.apply(&ops::ONES, [], at),
            9 => {
                let (base, i) = (symbol(tree, "s"), symbol(tree, "i"));
                tree.push(Kind::Subscript { base, indices: [i].into_iter().collect() }, at)
            }
            10 => {
                let (base, i, j) = (symbol(tree, "W"), symbol(tree, "i"), symbol(tree, "j"));
                tree.push(Kind::Subscript { base, indices: [i, j].into_iter().collect() }, at)
            }
            11 => symbol(tree, "W"),
            12 => symbol(tree, "A"),
            _ => symbol(tree, "x"),
        },
        Recipe::One(k, a) => {
            let id = build(a, tree);
            let k = usize::from(*k) % (UNARY.len() + 7);
            match k.checked_sub(UNARY.len()) {
                // Minus one as an exponent is the inverse, and so is not written as a power.
                None => tree.apply(UNARY[k], [id], at),
                Some(0) => {
                    let i = symbol(tree, "i");
                    if matches!(tree.kind(id), Kind::Subscript { .. }) {
                        return id;
                    }
                    tree.push(Kind::Subscript { base: id, indices: [i].into_iter().collect() }, at)
                }
                Some(1) => {
                    tree.push(Kind::Call { function: "g".into(), order: 1, arguments: [id].into_iter().collect() }, at)
                }
                Some(2) => {
                    let (lower, upper) = (tree.push(Kind::Number(1.into()), at), symbol(tree, "n"));
                    let binder = Binder { lower: Some(lower), upper: Some(upper), ..Binder::over("i".into(), at) };
                    tree.push(Kind::Sum { binders: [binder].into_iter().collect(), body: id }, at)
                }
                Some(5) => {
                    let other = symbol(tree, "n");
                    let compared = Some((Relation::Less, other));
                    let binder = Binder { compared, ..Binder::over("i".into(), at) };
                    tree.push(Kind::Product { binders: [binder].into_iter().collect(), body: id }, at)
                }
                Some(3) => {
                    let x = symbol(tree, "x");
                    let style = gradmark::syntax::DerivativeStyle::Partial;
                    tree.push(Kind::Derivative { of: Some(id), wrt: [x].into_iter().collect(), style }, at)
                }
                Some(4) => {
                    let two = tree.push(Kind::Number(2.into()), at);
                    tree.apply(&ops::POWER, [id, two], at)
                }
                _ => {
                    let n = symbol(tree, "n");
                    let one = tree.push(Kind::Number(1.into()), at);
                    let less = tree.apply(&ops::NEGATE, [one], at);
                    let exponent = tree.apply(&ops::ADD, [n, less], at);
                    tree.apply(&ops::HADAMARD_POWER, [id, exponent], at)
                }
            }
        }
        Recipe::Two(k, a, b) => {
            let (a, b) = (build(a, tree), build(b, tree));
            tree.apply(BINARY[usize::from(*k) % BINARY.len()], [a, b], at)
        }
    }
}

proptest! {
    #![proptest_config(fixed(3000))]

    #[test]
    fn printed_trees_parse_back(recipe in recipe()) {
        let mut tree = Tree::new();
        tree.root = build(&recipe, &mut tree);
        let names = names();
        for syntax in [Syntax::Plain, Syntax::Latex] {
            let text = print(&tree, tree.root, syntax);
            let back = parse(&text, syntax, &names);
            prop_assert!(back.is_ok(), "{text}: {back:?}");
            let back = back.unwrap();
            prop_assert!(
                tree.same(tree.root, &back, back.root),
                "{text} is read as {}",
                print(&back, back.root, syntax)
            );
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in r"([a-zWXI0-9 ()\[\]{}|^_'.,;:&+*/=<>-]|∂|∇|Σ|‖|ᵀ|²|λ|\\frac|\\sum|\\left|\\right|\\partial|\\begin\{bmatrix\}|\\end\{bmatrix\}|\\\\|\\hat|\\mathbf|\\log|\\underbrace|.){0,40}") {
        for names in [Names::new(), names()] {
            for syntax in [Syntax::Plain, Syntax::Latex] {
                if let Err(d) = parse_statement(&text, syntax, &names) {
                    prop_assert!(d.span.end as usize <= text.len(), "{d:?}");
                    prop_assert!(text.is_char_boundary(d.span.start as usize) && text.is_char_boundary(d.span.end as usize), "{d:?}");
                }
            }
        }
        let _ = gradmark::syntax::parse_declared(&text);
    }
}

#[test]
fn deep_and_long_texts_are_refused() {
    let names = Names::new();
    for unit in [
        "(", "[", "{", "-", "\\frac{", "x^{", "x_{", "|", "\\log ", "∂", "\\sqrt{", "2*-", "a+", "a ", "x'", "x^{(",
        "sum_i ", "∇", "\\left|", "<",
    ] {
        for count in [300, 5_000, 60_000 / unit.len()] {
            let text = unit.repeat(count);
            for syntax in [Syntax::Plain, Syntax::Latex] {
                let _ = parse(&text, syntax, &names);
                let _ = parse(&format!("{text}x"), syntax, &names);
            }
        }
    }
    let nested = format!("{}x{}", "(".repeat(150), ")".repeat(150));
    assert!(parse(&nested, Syntax::Plain, &names).is_ok());
    let nested = format!("{}x{}", "(".repeat(250), ")".repeat(250));
    assert_eq!(parse(&nested, Syntax::Plain, &names).unwrap_err().code, gradmark::text::Code::TOO_DEEP);
    let long = "x".repeat(70_000);
    assert_eq!(parse(&long, Syntax::Plain, &names).unwrap_err().code, gradmark::text::Code::TOO_LONG);
}

/// Formulas without a meaning, each once printed otherwise every time it was read: found by fuzzing.
#[test]
fn what_means_nothing_is_printed_the_same_twice() {
    let mut names = Names::new();
    for name in ["W", "A", "x", "y"] {
        names.declare(name, NameKind::Symbol);
    }
    names.declare("s", NameKind::Family);
    names.declare("g", NameKind::Function);
    let texts = [
        (Syntax::Plain, "J_8_W"),
        (Syntax::Plain, "x_(W)"),
        (Syntax::Plain, "s ^ ½"),
        (Syntax::Plain, "d_nn x"),
        (Syntax::Plain, "d exp(x)"),
        (Syntax::Plain, "e^H"),
        (Syntax::Latex, "\\frac{\\partial x}{\\partial \\frac{\\theta}{j}}"),
        (Syntax::Latex, "\\partial \\theta/j"),
        (Syntax::Latex, "\\dot{g}"),
        (Syntax::Latex, "g_{\\mathbf{1}}"),
        (Syntax::Latex, "\\text{pW}\\theta^{[properties]}_0"),
        (Syntax::Latex, "W I I H I I \\mathrm{d}I"),
        (Syntax::Latex, "\\frac{\\partial (x y)}{\\partial 0^{-1}}"),
    ];
    for (syntax, text) in texts {
        let tree = parse(text, syntax, &names).unwrap();
        for to in [Syntax::Plain, Syntax::Latex] {
            let once = print(&tree, tree.root, to);
            let again = parse(&once, to, &names).unwrap();
            let twice = print(&again, again.root, to);
            let third = parse(&twice, to, &names).unwrap();
            assert_eq!(print(&third, third.root, to), twice, "{text}");
        }
    }
}
