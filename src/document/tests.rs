//! Every construct in a line or two: what is read from it, as `left [=] right`, one chain a line.

use super::*;
use crate::syntax::Relation;

/// Chains as `a [=] b`, `!` after what is boxed, `~` before what is implied; then what was not read, as `? why: source`.
fn dump(text: &str, format: Format) -> String {
    let document = read(text, format);
    let mut out = Vec::new();
    for chain in &document.chains {
        let mut line = match chain.lead {
            Some((Lead::Implies, _)) => "so ".to_owned(),
            Some((Lead::Because, _)) => "because ".to_owned(),
            Some((Lead::ForAll, _)) => "all ".to_owned(),
            None => String::new(),
        };
        for piece in &chain.pieces {
            assert_eq!(piece.text.len(), piece.span.range().len(), "{}", piece.text);
            if let Some((relation, span)) = piece.relation {
                assert!(!document.text[span.range()].is_empty());
                line += &format!(" [{}] ", sign(relation));
            }
            line += if piece.implied { " ~ " } else { "" };
            line += &piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
            line += if piece.boxed { "!" } else { "" };
        }
        out.push(line.trim().to_owned());
    }
    out.extend(document.not_read.iter().map(|n| format!("? {}: {}", n.why, n.source.trim())));
    out.join("\n")
}

fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::Define => ":=",
        Relation::Approximate => "~~",
        Relation::Proportional => "prop",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterEqual => ">=",
        Relation::Semidefinite => "psd",
        Relation::Member => "in",
        Relation::Assign => "<-",
        Relation::Implies => "=>",
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(dump(text, Format::Markdown), expected.join("\n"), "in {text}");
}

#[track_caller]
fn check_as(format: Format, text: &str, expected: &[&str]) {
    assert_eq!(dump(text, format), expected.join("\n"), "in {text}");
}

#[test]
fn delimiters() {
    for text in [
        "so $a = b$ holds",
        "so $ a = b $ holds",
        "$$a = b$$",
        "see $$a = b$$ here",
        "$$\na\n= b\n$$",
        r"so \(a = b\) holds",
        r"\[ a = b \]",
        r"so \\(a = b\\) holds",
        r"\\[ a = b \\]",
        "\\begin{equation}\na = b\n\\end{equation}",
        "\\begin{align*}\na &= b\n\\end{align*}",
        "$$\\begin{aligned} a &= b \\end{aligned}$$",
        "```math\na = b\n```",
        "so $`a = b`$ holds",
        "/// @f[ a = b @f]",
        "so @f$a = b@f$ holds",
        r"\f[ a = b \f]",
        "@f{align*}{ a = b @f}",
        "~~~latex\na = b\n~~~",
        "- $a = b$",
        "> $$a = b$$",
        "\u{feff}$a = b$",
        "$a\u{200b} = b$\u{200b}",
    ] {
        check(text, &["a [=] b"]);
    }
}

#[test]
fn environments() {
    for name in [
        "equation",
        "align",
        "gather",
        "multline",
        "split",
        "eqnarray",
        "alignat",
        "flalign",
        "align*",
        "gather*",
        "multline*",
    ] {
        let argument = if name.starts_with("alignat") { "{2}" } else { "" };
        check(&format!("\\begin{{{name}}}{argument}\na = b\n\\end{{{name}}}"), &["a [=] b"]);
        check(&format!("$$\\begin{{{name}}}{argument} a = b \\end{{{name}}}$$"), &["a [=] b"]);
    }
    check(r"$$\begin{aligned}[t] a &= b \\ &= c \end{aligned}$$", &["a [=] b [=] c"]);
    check(r"$$\begin{array}{rcl} a &=& b \\ &=& c \end{array}$$", &["a [=] b [=] c"]);
    check(r"$$\begin{cases} a = b \\ c = d \end{cases}$$", &["a [=] b", "c [=] d"]);
    check(r"$$\left\{\begin{aligned} a &= b \\ c &= d \end{aligned}\right.$$", &["a [=] b", "c [=] d"]);
    check(
        r"$$f = \begin{cases} 1 & x > 0 \\ 0 & x = 0 \end{cases}$$",
        &[r"f [=] \begin{cases} 1 & x > 0 \\ 0 & x = 0 \end{cases}"],
    );
    check(
        r"$$A = \begin{bmatrix} a & b \\ c & d \end{bmatrix} = B$$",
        &[r"A [=] \begin{bmatrix} a & b \\ c & d \end{bmatrix} [=] B"],
    );
    check(r"$$\begin{aligned} a \end{aligned} = b$$", &["a [=] b"]);
    check(r"$$\begin{aligned} a = b \end{aligned} \begin{aligned} c = d \end{aligned}$$", &["a [=] b", "c [=] d"]);
}

#[test]
fn relations() {
    check(r"$a := b$ $a \triangleq b$ $a \equiv b$ $a ≜ b$", &["a [:=] b"; 4]);
    check(r"$a \stackrel{def}{=} b$ $a \overset{\triangle}{=} b$", &["a [:=] b"; 2]);
    check(r"$a \stackrel{(i)}{=} b$ $a \overset{!}{=} b$ $a \mathrel{=} b$ $a{=}b$", &["a [=] b"; 4]);
    check(r"$a =^{(1)} b$", &["a [=] b"]);
    check(r"$a \approx b$ $a ≈ b$ $a \simeq b$", &["a [~~] b"; 3]);
    check(r"$a \propto b$, $a \neq b$, $a \not= b$, $a != b$", &["a [prop] b", "a [!=] b", "a [!=] b", "a [!=] b"]);
    check(r"$0 < a \leq b$, $c \ge 0$, $A \succeq 0$", &["0 [<] a [<=] b", "c [>=] 0", "A [psd] 0"]);
    check(r"$x &lt; y$ and $a &amp;= b$", &["x [<] y", "a [=] b"]);
    check(r"$W \leftarrow W - \eta G$", &[r"W [<-] W - \eta G"]);
    check(
        r"$x \sim N(0, 1)$ $f \mapsto g$",
        &[r"? a relation that is not judged: x \sim N(0, 1)", r"? a relation that is not judged: f \mapsto g"],
    );
    check(r"$I(t = k) + \sum_{i = 1}^n a_i = b$", &[r"I(t = k) + \sum_{i = 1}^n a_i [=] b"]);
    check(r"$\sum_i=1^n a_i = b$", &[r"\sum_i=1^n a_i [=] b"]);
    check(r"$<a, b> = c$", &["<a, b> [=] c"]);
    check(r"$g(x)(1 - g(x) \ge 0$", &[r"g(x)(1 - g(x) [>=] 0"]);
    check(r"$S = \{ f(1 - g(x), h \} \in T$", &[r"S [=] \{ f(1 - g(x), h \} [in] T"]);
}

#[test]
fn implications_separate() {
    check(r"$$a = b \Rightarrow c = d$$", &["a [=] b", "so c [=] d"]);
    check(r"$$\therefore a = b$$", &["so a [=] b"]);
    check(r"$$\because a = b \therefore c = d$$", &["because a [=] b", "so c [=] d"]);
    check(r"$$a = b \rightarrow \text{as before}$$", &["a [=] b"]);
    check("$$\\begin{aligned} a &= b \\\\ &\\Rightarrow c = d \\end{aligned}$$", &["a [=] b", "so c [=] d"]);
}

#[test]
fn several_statements() {
    check(r"$a = b, c = d$", &["a [=] b", "c [=] d"]);
    check(r"$$a = b, \quad c = d; e = f$$", &["a [=] b", "c [=] d", "e [=] f"]);
    check(r"$$a = b \qquad c = d$$", &["a [=] b", "c [=] d"]);
    check(r"$$a = b \text{ and } c = d$$", &["a [=] b", "c [=] d"]);
    check(r"$x, y \in S$ and $i = 1, \dots, n$", &["x, y [in] S", r"? an index range: i = 1, \dots, n"]);
    check(r"$$a \quad = \quad b \quad + c$$", &[r"a [=] b \quad + c"]);
    check(r"$a = b 其中 c = d$", &["a [=] b", "c [=] d"]);
    check(r"$$x^T A x \ge 0 \quad \forall x \in R$$", &["x^T A x [>=] 0", "all x [in] R"]);
    check(r"$s.t. W \geq 0, H \geq 0$", &["W [>=] 0", "H [>=] 0"]);
}

#[test]
fn rows() {
    let display = |rows: &str| format!("$$\\begin{{aligned}} {rows} \\end{{aligned}}$$");
    check(&display(r"a &= b \\ &= c"), &["a [=] b [=] c"]);
    check(&display(r"a &= b \\ c &= d"), &["a [=] b", "c [=] d"]);
    check(&display(r"a &= b \\ &+ c"), &["a [=] b + c"]);
    check(&display(r"a &= b \\ &- c \\ &= d"), &["a [=] b - c [=] d"]);
    check(&display(r"a &= 0 \\ -b &= c"), &["a [=] 0", "-b [=] c"]);
    check(&display(r"a &= b + \\ &\quad c"), &[r"a [=] b + \quad c"]);
    check(&display(r"a = \\ b"), &["a [=] b"]);
    check(&display(r"a \\ &= b"), &["a [=] b"]);
    check(&display(r"a &= \Big( b \\ & c \Big) \\ &= d"), &[r"a [=] \Big( b c \Big) [=] d"]);
    check(&display(r"a = b \\ c + e \\ d \\ f = 0"), &["a [=] b ~ c + e ~ d", "f [=] 0"]);
    check(&display(r"a &= b \\[0.7em] &= c \\* &= d"), &["a [=] b [=] c [=] d"]);
    check("$$ a = b \\\\ c = d $$", &["a [=] b", "c [=] d"]);
    check("$$a = b \\\\ = c$$", &["a [=] b [=] c"]);
    check(r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}", &["a [=] b [=] c"]);
    check(&display(r"a &= b && \text{since } c = d \\ &= e"), &["a [=] b [=] e", "c [=] d"]);
    check(&display(r"a &= b \quad \forall i \in S \\ &= e"), &["a [=] b [=] e", "all i [in] S"]);
}

#[test]
fn chains_go_on_in_the_next_formula() {
    check("$$a = b$$\n\n$$= c$$", &["a [=] b [=] c"]);
    check("$$a = b$$\n\nwhich is\n\n$$= c = d$$", &["a [=] b [=] c [=] d"]);
    check("# One\n$$a = b$$\n# Two\n$$= c$$", &["a [=] b", "[=] c"]);
    check("$$a = b$$\n$$+ c$$\n$$= d$$", &["a [=] b + c [=] d"]);
    check("$a$ is by the chain rule $= b = c$", &["a [=] b [=] c"]);
    check("$a$ and $b$\n\n\n\n$= c$", &["[=] c"]);
    check("$a = b$\n+ $c$", &["a [=] b + c"]);
    check("$a$ = $b$ + $c$", &["a [=] b + c"]);
    check("$$= b$$", &["[=] b"]);
    check(r"the third, $\nabla f$ becomes $2 x$, of $g$ is $3 x$", &[r"\nabla f ~ 2 x"]);
    check("$$a = b =$$\n$$= c$$", &["a [=] b [=] c"]);
}

#[test]
fn layout_is_left_out() {
    check(r"$$a = b \tag{1}$$ $$a = b \tag 1$$ $$a = b \label{e} \nonumber$$", &["a [=] b"; 3]);
    check(r"$$a = b \quad (1)$$ $$a = b \quad \text{--- (1)}$$ $$a = b \qquad --- (2)$$", &["a [=] b"; 3]);
    check(r"$$a = b \quad \text{< using hint >}$$ $$a = b \quad (\text{by the chain rule})$$", &["a [=] b"; 2]);
    check(r"$$a = b.$$ $$a = b,$$ $$a = b \square$$ $$a = b。$$ $$a = b \;.$$", &["a [=] b"; 5]);
    check(
        r"$$\begin{align} a &= b && \text{by $c = d$ above} \\ &= e & \eqncomment{split into two parts} \end{align}$$",
        &["a [=] b [=] e", "c [=] d"],
    );
    check(r"$$\large \displaystyle a = {\color{red} b}$$", &[r"a [=] {\color{red} b}"]);
    check(r"$$a = \textcolor{red}{b}$$", &["a [=] {b}"]);
    check("$$a = b % = c\n= d$$", &["a [=] b [=] d"]);
    check(r"$$(b) \quad a = b$$ $$c. \quad a = b$$", &["a [=] b"; 2]);
    check(r"$$a = b \quad 2x + 4 + 2$$", &["a [=] b", "? a remark beside a formula: 2x + 4 + 2"]);
}

#[test]
fn boxes() {
    check(r"$$\boxed{a = b}$$", &["a! [=] b!"]);
    check(r"$$a = \boxed{b + c}$$", &["a [=] {b + c}!"]);
    check(r"$$a = \fbox{b} \quad 12$$", &["a [=] {b}!"]);
    check(r"$$\boxed{\begin{aligned} a &= b \\ &= c \end{aligned}}$$", &["a! [=] b! [=] c!"]);
    check(r"$$a = \underline{\underline{b}}$$", &[r"a [=] {\underline{b}}!"]);
    check(r"$$a = \underline{b}$$", &["a [=] {b}"]);
    check(r"$$a = \boxed{b = c}$$", &["a [=] b! [=] c!"]);
    check(r"$$\boxed{a + b}$$", &["{a + b}!"]);
    check(r"$$a = \boxed{b}^2 + c$$", &["a [=] {b}^2 + c"]);
}

#[test]
fn words_in_formulas() {
    check(r"$$\text{tr}(A) = \text{log }|K|$$", &[r"\text{tr}(A) [=] \text{log }|K|"]);
    check(
        r"$$d = \text{cost of one} \quad + \quad \text{cost of two}$$",
        &[r"d [=] \text{cost of one} \quad + \quad \text{cost of two}"],
    );
    check(r"$$\text{subject to } u^T u = 1$$", &["u^T u [=] 1"]);
    check(r"$$a = b \quad \text{if } c > 0$$", &["a [=] b", "c [>] 0"]);
    check(r"$W = W - (\text{step-size}) G$", &[r"W [=] W - (\text{step-size}) G"]);
}

#[test]
fn shape_labels() {
    check(r"$n \times 1$ $c = d - x$", &["c [=] d - x", r"? shape label: n \times 1"]);
    check(
        r"$$\begin{matrix} \text{mxn} & \text{nxm} \end{matrix}$$",
        &[r"? shape label: \begin{matrix} \text{mxn} & \text{nxm} \end{matrix}"],
    );
    check(r"$X \in mxn$", &[r"? shape label: X \in mxn"]);
    check(r"$$a = \underbrace{W x}_{m \times 1}$$", &[r"a [=] \underbrace{W x}_{m \times 1}"]);
    check("scalar\n1x1\n\n$$a = b$$\nmatrix nxm\n", &["a [=] b", "? shape label: 1x1", "? shape label: matrix nxm"]);
    check(
        "for $n = k$ do\nwhile $i < c$\nfor $a = b$ we get",
        &["a [=] b", "? a loop or a condition: n = k", "? a loop or a condition: i < c"],
    );
}

#[test]
fn what_is_no_mathematics() {
    check("It costs $5 and $6, or $7 (10% = more) than $8.\n\n$a = b$", &["a [=] b"]);
    check("```python\nx = $y = 1$\n```\n$a = b$", &["a [=] b"]);
    check("<!-- $x = y$ --> `c = $d$` ![f](a_$b.png) $a = b$", &["a [=] b"]);
    check("| p | q = 1 |\n|---|---|\n| 1 | b = 2 |\n\n$a = b$", &["a [=] b"]);
    check("---\ntitle: x = y\n---\n$a = b$", &["a [=] b"]);
    check_as(Format::Latex, "\\begin{verbatim}$x = y$\\end{verbatim}\n% $x = y$\n50\\% $a = b$", &["a [=] b"]);
    check("```ad-note\n$a = b$\n```\n\n$c = d$", &["a [=] b", "c [=] d"]);
}

#[test]
fn plain_text() {
    let plain = |text, expected: &[&str]| check_as(Format::Plain, text, expected);
    plain("dL/db = -2 X^T y + 2 X^T X b", &["dL/db [=] -2 X^T y + 2 X^T X b"]);
    plain("SSE(b) = e^T e = (y - Xb)^T(y - Xb)", &["SSE(b) [=] e^T e [=] (y - Xb)^T(y - Xb)"]);
    plain("∇_W L = W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ)", &["∇_W L [=] W(WᵀWxxᵀ + xxᵀWᵀW − 2xxᵀ)"]);
    plain("We let z = Wx, where x is the input.", &["z [=] Wx"]);
    plain("The gradient: g = 2 A x", &["g [=] 2 A x"]);
    plain("(a) g = 2 A x  (by the product rule)", &["g [=] 2 A x"]);
    plain("a = b\n= c", &["a [=] b [=] c"]);
    plain("so it = bad", &["? there is no mathematics in this text: so it = bad"]);
    plain("The value is 3 = three", &["? there is no mathematics in this text: The value is 3 = three"]);
    plain("\\frac{\\partial L}{\\partial W} = \\delta x^T", &["\\frac{\\partial L}{\\partial W} [=] \\delta x^T"]);
    plain("beta_hat = (X^T X)^(-1) X^T y.", &["beta_hat [=] (X^T X)^(-1) X^T y"]);
}

#[test]
fn bad_input() {
    check("$$a = b$$\n\n$$c = d\n\n$e = f$", &["a [=] b", "c [=] d", "e [=] f", "? this display is not closed: $$"]);
    check(
        "\\begin{align}\na = b\n\n$e = f$",
        &["a [=] b", "e [=] f", "? this environment is not closed: \\begin{align}"],
    );
    check("$$a = \\frac{b \\\\ c = d$$", &["c [=] d", "? unbalanced braces or environments: a = \\frac{b"]);
    check(
        "a}{\n$$\nso we get\n$$\na = b\n$$\n",
        &["a [=] b", "? this display is closed but was not opened, or not closed: a}{"],
    );
    check(
        "$$\\begin{bmatrix} 1 & 2 \\end{bmatrix}$$",
        &["? a matrix that stands alone: \\begin{bmatrix} 1 & 2 \\end{bmatrix}"],
    );
    check("", &["? there is no mathematics in this text: "]);
    check("no formulas here", &["? there is no mathematics in this text: no formulas here"]);
    check("a\0b\n$c = d$", &["c [=] d", "? this is not text but binary data: a b"]);
    check_as(Format::Notebook, "$a = b$", &["a [=] b", "? this is not a notebook, and was read as Markdown: $a = b$"]);
    check("```\n$a = b$", &["a [=] b", "? this code fence is not closed: ```"]);
    check("so $g = h is open\n\n$a = b$", &["a [=] b", "? this formula is not closed: $g = h is open"]);
}

#[test]
fn limits_hold() {
    let line = format!("$$a = {}c$$\n\n$d = e$", "b + ".repeat(250_000));
    let document = read(&line, Format::Markdown);
    assert_eq!(document.not_read[0].why, "this formula is longer than the limit");
    assert!(document.not_read[0].source.len() < 300);
    assert_eq!(document.chains.len(), 1);
    let many = read(&"so $a = b$\n".repeat(1_500), Format::Markdown);
    assert_eq!((many.chains.len(), many.formulas), (1_500, 1_500));
    let too_many = read(&"so $a = b$\n".repeat(100_000), Format::Markdown);
    assert_eq!((too_many.chains.len(), too_many.not_read.len()), (0, 1), "a part is not judged for the whole");
    let deep = read(&format!("$${}a = b{}$$", "\\boxed{".repeat(5_000), "}".repeat(5_000)), Format::Markdown);
    assert_eq!(deep.formulas, 1);
    let open = read(&"\\begin{align} a = b ".repeat(30_000), Format::Markdown);
    assert!(open.not_read.len() <= MAX_NOT_READ + 1);
}

#[test]
fn places() {
    let text =
        "# T\n\nLet $x = y$.\n\n$$\\begin{aligned}\na &= b \\\\\n  &+ c \\\\\n  &= d.\n\\end{aligned}$$\n\n$$= e$$\n";
    let document = read(text, Format::Markdown);
    let sources: Vec<_> = document
        .chains
        .iter()
        .flat_map(|c| c.links().map(|i| (c.pieces[i].line, link_source(&document, c, i))).collect::<Vec<_>>())
        .collect();
    assert_eq!(sources, [(3, "x = y"), (6, "a &= b \\\\\n  &+ c"), (8, "= d"), (11, "= e")]);
    let piece = &document.chains[1].pieces[1];
    let c = piece.text.find('c').unwrap();
    assert_eq!(&text[piece.place(Span::new(c, c + 1)).range()], "c");
    assert_eq!(document.chains[1].environment.as_deref(), Some("aligned"));
}

#[test]
fn headings_are_found_by_their_beginning() {
    let text = "# Report\n\n**Problem 1.a.**\n\nx\n\n## Problem 10\n\n1.2 intro\n\n1.\n\na.\n\n$$d. \\quad a = b$$\n\nexercise 2: go\n\nQ7 Consider\n";
    let document = read(text, Format::Markdown);
    let line =
        |heading: &str| find_heading(&document, heading, 0).map(|s| text[..s.start as usize].matches('\n').count() + 1);
    assert_eq!(line("Problem 1.a"), Some(3));
    assert_eq!(line("Problem 1"), Some(3));
    assert_eq!(line("Problem 1.a.2"), None);
    assert_eq!(line("problem  10"), Some(7));
    assert_eq!(line("1."), Some(11));
    assert_eq!(line("a."), Some(13));
    assert_eq!(line("d."), Some(15));
    assert_eq!(line("Exercise 2"), Some(17));
    assert_eq!(line("Q7"), Some(19));
    assert_eq!(line("Problem 3"), None);
    assert_eq!(find_heading(&document, "1.", 60), None);
    let levels: Vec<_> = document.headings.iter().map(|h| (h.level, h.text.as_str())).collect();
    assert_eq!(
        levels,
        [
            (1, "Report"),
            (5, "Problem 1.a."),
            (2, "Problem 10"),
            (7, "1."),
            (7, "a."),
            (7, "d."),
            (6, "exercise 2: go"),
            (6, "Q7 Consider")
        ]
    );
}

#[test]
fn declarations() {
    let declared = |text: &str| -> Vec<String> {
        let document = read(text, Format::Markdown);
        document.declarations.iter().map(|d| format!("{:?} {} {}", d.kind, d.name, d.body)).collect()
    };
    assert_eq!(declared(r"$X \in \mathbb{R}^{d \times n}$"), [r"Shape X \mathbb{R}^{d \times n}"]);
    assert_eq!(declared(r"where $V$ is an $n \times m$ matrix"), [r"Shape V n \times m"]);
    assert_eq!(declared("Let $z = W x$."), ["Definition z W x"]);
    assert_eq!(declared("with $r_i = V^T x_i$"), ["Definition r_i V^T x_i"]);
    assert_eq!(declared("so $f(x) = 2 x$"), Vec::<String>::new());
    assert_eq!(declared("where $x^T A x = 2$"), Vec::<String>::new());
    assert_eq!(declared("记$t = X^T z$"), ["Definition t X^T z"]);
    assert_eq!(declared(r"$c \triangleq d - x$"), ["Definition c d - x"]);
}

#[test]
fn formats_are_detected() {
    assert_eq!(Format::detect("a.ipynb", ""), Format::Notebook);
    assert_eq!(Format::detect("a", "{\"cells\": [{\"cell_type\": \"markdown\"}]}"), Format::Notebook);
    assert_eq!(Format::detect("a.tex", ""), Format::Latex);
    assert_eq!(Format::detect("-", "\\documentclass{article}"), Format::Latex);
    assert_eq!(Format::detect("-", "# Title"), Format::Markdown);
    assert_eq!(Format::detect("a.txt", "x = y"), Format::Plain);
}

#[test]
fn notebooks_are_their_markdown_cells() {
    let json = r##"{"cells":[{"cell_type":"markdown","source":["# T\n","$a = b$"]},{"cell_type":"code","source":["x = 1"]},
        {"cell_type":"markdown","source":"$$= c$$"}],"nbformat":4}"##;
    check_as(Format::Notebook, json, &["a [=] b [=] c"]);
    assert_eq!(read(json, Format::Notebook).text, "# T\n$a = b$\n\n$$= c$$\n\n");
}
