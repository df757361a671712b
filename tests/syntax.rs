//! Reading: every construct in both notations, as a compact dump of the tree.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod syntax_dump;
use gradmark::syntax::{NameKind, Names, Syntax};
use syntax_dump::dump_statement;

/// Names as the cases below declare them: `x` a symbol, `x_i` a family, `g()` a function, `#n` a dimension,
/// `W_1=W^{(1)}` an alias; `!` at the end says that they are complete.
fn names(declared: &str) -> Names {
    let mut names = Names::new();
    for word in declared.split_whitespace() {
        if word == "!" {
            names.set_complete();
        } else if let Some((name, spelling)) = word.split_once('=') {
            names.alias(&spelling.replace('~', " "), name);
        } else if let Some(name) = word.strip_suffix("()") {
            names.declare(name, NameKind::Function);
        } else if let Some(name) = word.strip_prefix('#') {
            names.declare(name, NameKind::Dimension);
        } else if let Some(name) = word.strip_suffix("*") {
            names.declare(name, NameKind::Family);
        } else {
            names.declare(word, NameKind::Symbol);
        }
    }
    names
}

#[track_caller]
fn check(syntax: Syntax, declared: &str, text: &str, expected: &str) {
    assert_eq!(dump_statement(text, syntax, &names(declared)).trim(), expected, "{text}");
}

#[track_caller]
fn plain(declared: &str, text: &str, expected: &str) {
    check(Syntax::Plain, declared, text, expected);
}

#[track_caller]
fn latex(declared: &str, text: &str, expected: &str) {
    check(Syntax::Latex, declared, text, expected);
}

#[test]
fn plain_formulas() {
    plain(
        "",
        "W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ)",
        "(* W (+ (+ (* (* (* (T W) W) x) (T x)) (* (* (* x (T x)) (T W)) W)) (- (* (* 2 x) (T x)))))",
    );
    plain("W x", "W*(W'*W*x*x' - 2*x*x')", "(* W (+ (* (* (* (T W) W) x) (T x)) (- (* (* 2 x) (T x)))))");
    plain("X !", "X^-1'", "(T (inv X))");
    plain("X !", "X^-1[k,i]", "(inv X)[k,i]");
    plain("X !", "A''", "(T (T A))");
    plain("A x b !", "||A x - b||_2^2", "(^ (norm-2 (+ (* A x) (- b))) 2)");
    plain("X W H !", "‖X − WH‖²_F", "(^ (norm-F (+ X (- (* W H)))) 2)");
    plain("K !", "log|K| + |K||K|", "(+ (log (bars K)) (* (bars K) (bars K)))");
    plain("x !", "1/2 x + ½ x - -x", "(+ (+ (* (/ 1 2) x) (* 1/2 x)) (- (- x)))");
    plain("a b !", "-a b * -b", "(- (* (* a b) (- b)))");
    plain("A X !", "tr A X + det A X", "(+ (trace (* A X)) (determinant (* A X)))");
    plain("x y !", "log x y", "(* (log x) y)");
    plain(
        "W x* s* !",
        "sum_{i=1}^{N} (x_i - W s_i) + Σ_i ‖x_i‖²",
        "(+ (Σ {i=1..N} (+ x[i] (- (* W s[i])))) (Σ {i} (^ (norm x[i]) 2)))",
    );
    plain("W !", "w_{jk} W[j,k] δ_{ac} delta(a,c)", "(* (* (* w[j,k] W[j,k]) (delta a c)) (delta a c))");
    plain(
        "X #k !",
        "X^(k - 1) X^k X^{k-1} (X+X)^(-2)",
        "(* (* (* (^ X (+ k (- 1))) (^ X k)) (^ X (+ k (- 1)))) (^ (+ X X) (- 2)))",
    );
    plain("A B !", "<A, B> + A : B", "(+ (inner A B) (inner A B))");
    plain("x !", "diag(x > 0)", "(diag (greater x 0))");
    plain("x !", "1[x > 0] .* (x > 0)", "(.* (indicator (greater x 0)) (greater x 0))");
    plain("g() z !", "g'(z) + g(z)", "(+ (g' z) (g z))");
    plain("f w !", "f'(w)", "(prime1 f / w)");
    plain("L W x !", "∂L/∂W x^T", "(* (∂ L / W) (T x))");
    plain("L W !", "∇_W ½‖W‖²", "(∇1 (* 1/2 (^ (norm W) 2)) / W)");
    plain("X !", "tr(dX' dX)", "(trace (* (d (T X)) (d X)))");
    plain("x W !", "Wxx'W", "(* (* (* W x) (T x)) W)");
    plain("Wx x !", "Wx x", "(* Wx x)");
    plain("", "alpha X X' + 2pi", "(+ (* (* alpha X) (T X)) (* 2 π))");
    plain("x* x_hat* !", "x_i x_i[j] x_hat_i x^(i)", "(* (* (* x[i] x[i,j]) x_hat[i]) x[i])");
    plain("x A !", "x'(A + A')x", "(* (* (T x) (+ A (T A))) x)");
    plain("x #T !", "x^T", "(^ x T)");
    plain("", "= c", "Equal c");
}

#[test]
fn latex_formulas() {
    latex(
        "x* !",
        r#"x^{(i)} + x^{(i)}_j + x_j^{(i)} + x^i + x^{(t)^T} + x^{(i)\top}"#,
        "(+ (+ (+ (+ (+ x[i] x[i,j]) x[i,j]) x[i]) (T x[t])) (T x[i]))",
    );
    latex("W_1 !", r#"W^{[1]} + W^{(1)} + \mathbf{W}_1"#, "(+ (+ W_1 W_1) W_1)");
    latex("y* y_i=y^{(i)} !", "y^{(3)} + y^{(j)} y^{(i)}", "(+ y[3] (* y[j] y[i]))");
    latex(r#"L J=J(\theta) theta !"#, r#"J(\theta) + \theta"#, "(+ J theta)");
    latex(
        "",
        r#"\frac12 x + \frac 1 m y + \frac{-D\alpha}2 z"#,
        "(+ (+ (* (/ 1 2) x) (* (/ 1 m) y)) (* (/ (- (* D alpha)) 2) z))",
    );
    latex("", r#"\tanh^2(Wx) + e^{-z} + \sigma(x)"#, "(+ (+ (.^ (tanh (* W x)) 2) (exp (- z))) (sigmoid x))");
    latex(
        "",
        r#"\log\frac{a}{b} + \log\det K + \log|\Lambda|"#,
        "(+ (+ (log (/ a b)) (log (determinant K))) (log (bars Lambda)))",
    );
    latex(
        "",
        r#"\mathbf 1^\top x + \mathbf{1}_n + \mathbb{1}[x>0] + I(H \geq 0)"#,
        "(+ (+ (+ (* (T ones) x) (ones n)) (indicator (greater x 0))) (indicator (greater-equal H 0)))",
    );
    latex(
        "",
        r#"\frac{\partial^2 L}{\partial x \partial x^\top} + \frac{\partial^2 L}{\partial x^2}"#,
        "(+ (∂ L / x (T x)) (∂ L / x x))",
    );
    latex(
        "",
        r#"\frac{\partial}{\partial w_{jk}} E + \nabla^2 J + \nabla_x^2 f"#,
        "(+ (+ (∂ E / w[j,k]) (∇2 J / )) (∇2 f / x x))",
    );
    latex("", r#"\sum_{j \neq i}^C t_j y_i + \Sigma^m_{i=1} x_i"#, "(+ (Σ {j..C≠i} (* t[j] y[i])) (Σ {i=1..m} x[i]))");
    latex("", r#"[x]_+ + \max(0,x) + \sqrt[3]{x}"#, "(+ (+ (relu x) (relu x)) (^ x (/ 1 3)))");
    latex(
        "",
        r#"X^{-T} + X^{-1\top} + X^{\odot 2} + g^{'}(z)"#,
        "(+ (+ (+ (T (inv X)) (T (inv X))) (.^ X 2)) (* (T g) z))",
    );
    latex("", r#"{\partial \xi}/{\partial z_i} + {a \over b}"#, "(+ (∂ xi / z[i]) (/ a b))");
    latex("", r#"\begin{bmatrix} a & b \\ c & d \end{bmatrix} x"#, "(* [a b; c d] x)");
    latex(
        "",
        r#"\mathrm{d}(X^{-1}) = -X^{-1}\,\mathrm{d}X\,X^{-1}"#,
        "(d (inv X)) Equal (- (* (* (inv X) (d X)) (inv X)))",
    );
    latex("", r#"\left|\left|x\right|\right|^2 + \lVert y \rVert"#, "(+ (^ (norm x) 2) (norm y))");
    latex("", r#" a &= b \\ &= c."#, "a Equal b Equal c");
}

#[test]
fn errors_name_the_place() {
    plain("x !", "x + foo", "E0201 4..7 `foo` is not declared");
    plain("x !", "(x + x", "E0103 0..1 this bracket is not closed: `)` is missing");
    plain("x !", "x + ", "E0102 4..4 an operand is missing after `+`");
    plain("x !", "x)", "E0103 1..2 this bracket is closed but was never opened");
    plain("x !", "x^*", "E0106 2..3 this superscript has no meaning here");
    plain("x !", "max(x, x)", "E0310 0..9 only the maximum of 0 and an expression is known");
    plain("x !", "‖x‖_3", "E0106 7..9 this norm is not known: a norm has the subscript F, 2, 1 or none");
    plain("x !", "x $ x", "E0101 2..3 the character `$` does not belong to a formula");
    latex("x !", r#"\foo x"#, r#"E0104 0..4 the command `\foo` is not known"#);
    plain("x !", "1e-3 x", "E0107 0..3 a number with an exponent cannot be told from a multiple of e");
}

#[test]
fn declared_names() {
    let show = |text: &str| {
        let d = gradmark::syntax::parse_declared(text).unwrap();
        format!("{} = {} [{}] ({})", d.whole, d.name, d.indices.join(","), d.parameters.join(","))
    };
    assert_eq!(show("W"), "W = W [] ()");
    assert_eq!(show(r"\mathbf{W}"), "W = W [] ()");
    assert_eq!(show("λ"), "lambda = lambda [] ()");
    assert_eq!(show(r"\lambda"), "lambda = lambda [] ()");
    assert_eq!(show("x_i"), "x_i = x [i] ()");
    assert_eq!(show(r"\hat{x}_i"), "x_hat_i = x_hat [i] ()");
    assert_eq!(show("x_hat_i"), "x_hat_i = x_hat [i] ()");
    assert_eq!(show("D_{ij}"), "D_ij = D [i,j] ()");
    assert_eq!(show(r"\Sigma_{xy}"), "Sigma_xy = Sigma [x,y] ()");
    assert_eq!(show("h_theta(x)"), "h_theta = h [theta] (x)");
    assert_eq!(show("h(u)"), "h = h [] (u)");
    assert_eq!(show("x_{i,:}"), "x_i = x [i,:] ()");
    assert_eq!(show("W^{(1)}"), "W_1 = W [1] ()");
    assert!(gradmark::syntax::parse_declared("x + y").is_err());
}

#[test]
fn spans_count_bytes_of_the_original() {
    let names = names("W x !");
    let tree = gradmark::syntax::parse("Wᵀ x", Syntax::Plain, &names).unwrap();
    let (_, arguments) = tree.as_apply(tree.root).unwrap();
    let text = "Wᵀ x";
    assert_eq!(&text[tree.span(arguments[0]).range()], "Wᵀ");
    assert_eq!(&text[tree.span(arguments[1]).range()], "x");
}

#[test]
fn an_alias_of_an_indexed_name_does_not_take_a_written_index() {
    latex("L* L_i=L !", "L", "L[i]");
    latex("L* L_i=L !", "L_k", "L[k]");
    latex("phi* w phi_i=\\phi(x^{(i)}) !", "\\phi^T(x^{(k)}) w", "(* (T phi[k]) w)");
    latex("phi* w phi_i=\\phi(x^{(i)}) !", "\\phi^{\\top}(x^{(k)}) w", "(* (T phi[k]) w)");
    latex("phi* w phi_i=\\phi(x^{(i)}) !", "\\phi(x^{(k)})^2", "(^ phi[k] 2)");
}

#[test]
fn a_list_is_a_column_also_where_it_is_written_transposed() {
    let entries = dump_statement("(a, b)", Syntax::Latex, &names("a b !"));
    latex("a b !", "(a, b)^T", entries.trim());
    latex("a b !", "[a, b]^{\\top}", "(T [a b])");
    plain("a b !", "(a, b)'", entries.trim());
    let column = "\\begin{bmatrix} a \\\\ b \\end{bmatrix}";
    let turned = format!("(T {})", dump_statement(column, Syntax::Latex, &names("a b !")).trim());
    latex("a b !", &format!("{column}^T"), &turned);
}

#[test]
fn a_number_belongs_to_a_name_with_and_without_its_underscore() {
    plain("W_1 x !", "W1 x", "(* W_1 x)");
    plain("W1 x !", "W_1 x", "(* W1 x)");
    latex("W1 x !", "W_1 x + W_{1} x", "(+ (* W1 x) (* W1 x))");
    latex("W12 x !", "W_{12} x", "(* W12 x)");
    plain("", "W1 W_1", "(* W_1 W_1)");
    // Where the letter alone is declared, the number is an index.
    plain("x x1 !", "x_1 + x1", "(+ x[1] x1)");
}

#[test]
fn a_transpose_at_the_end_of_an_exponent_is_of_the_base() {
    latex("X !", "X^{-2\\top}", "(T (^ X (- 2)))");
    latex("X #k !", "X^{(k-1)T} + X^{k T}", "(+ (T (^ X (+ k (- 1)))) (T (^ X k)))");
    latex("X T !", "X^{2 T}", "(^ X (* 2 T))");
}

#[test]
fn the_gradient_of_a_function_is_taken_at_its_argument() {
    latex(
        "f() W x !",
        "\\nabla f(W x)",
        dump_statement("\\nabla_{W x} f(W x)", Syntax::Latex, &names("f() W x !")).trim(),
    );
    plain("f() W x !", "∇f(W x)", dump_statement("∇_{W x} f(W x)", Syntax::Plain, &names("f() W x !")).trim());
    plain("f() W x !", "∇² f(W x)", dump_statement("∇_{W x}² f(W x)", Syntax::Plain, &names("f() W x !")).trim());
}
