//! Tasks with right answers in several forms.

/// A task.
pub struct Task {
    /// Symbols with their shapes: `A: m×n, x: n`.
    pub symbols: &'static str,
    /// What is differentiated.
    pub objective: &'static str,
    /// By what.
    pub wrt: &'static str,
    /// Right answers.
    pub right: &'static [&'static str],
}

const fn task(
    symbols: &'static str,
    objective: &'static str,
    wrt: &'static str,
    right: &'static [&'static str],
) -> Task {
    Task { symbols, objective, wrt, right }
}

/// The tasks.
pub const TASKS: &[Task] = &[
    task("X: m×n, y: m, w: n, λ:", "1/2 ||y - X w||^2 + λ/2 w'w", "w", &["X'(X w - y) + λ w", "X'X w - X'y + λ w"]),
    task("A: n×n, x: n, b: n", "x'A x + b'x", "x", &["A x + A'x + b", "(A + A')x + b"]),
    task("V: m×n, W: m×r, H: r×n", "1/2 ||V - W H||^2", "W", &["(W H - V) H'", "W H H' - V H'"]),
    task(
        "V: m×n, W: m×r, H: r×n, λ:",
        "||V - W H||^2 + λ ||H||^2",
        "H",
        &["2 W'(W H - V) + 2 λ H", "-2 W'V + 2 W'W H + 2 λ H"],
    ),
    task(
        "W: m×n, x: n",
        "1/2 ||W'W x - x||^2",
        "W",
        &["W x (W'W x - x)' + W (W'W x - x) x'", "W (W'W x x' + x x'W'W - 2 x x')"],
    ),
    task("A: n×m, B: p×n, X: m×p", "tr(A X B)", "X", &["A'B'", "(B A)'"]),
    task("X: n×n, S: n×n, α:", "α logdet(X) - tr(S X)", "X", &["α X^-1' - S'"]),
    task("A: m×n, x: n, v: m", "v'tanh(A x)", "x", &["A'(v .* (1 - tanh(A x).^2))"]),
    task("a: m, X: m×n, b: n", "sqrt(a'X b)", "X", &["a b'/(2 sqrt(a'X b))"]),
    task("A: n×n, X: n×m, B: m×m", "tr(X'A X B)", "X", &["A X B + A'X B'"]),
    task("g: n, x: n, t: n", "1/2 ||g .* x - t||^2", "g", &["(g .* x - t) .* x", "g .* x .* x - t .* x"]),
    task("A: m×n, x: n, y: m", "y'A x - ones'exp(A x)", "x", &["A'(y - exp(A x))", "A'y - A'exp(A x)"]),
    task("K: n×n, y: n", "1/2 y'K^-1 y + 1/2 logdet(K)", "K", &["1/2 K^-1' - 1/2 K^-1'y y'K^-1'"]),
    task(
        "Q: n×n, x: n, p: n, b: n, α:",
        "1/2 (x + α p)'Q (x + α p) - b'(x + α p)",
        "α",
        &["1/2 p'(Q + Q')(x + α p) - b'p"],
    ),
    task(
        "W: m×n, x: n, t: m",
        "1/2 ||sigmoid(W x) - t||^2",
        "W",
        &["((sigmoid(W x) - t) .* sigmoid(W x) .* (1 - sigmoid(W x))) x'"],
    ),
    task("S: n×n, w: n", "log(w'S w)", "w", &["(S + S') w/(w'S w)"]),
    task("A: n×n, X: n×n, B: n×n", "tr(A X^-1 B)", "X", &["-X^-1'A'B'X^-1'", "-(X^-1 B A X^-1)'"]),
    task("x: n, A: n×n", "exp(x'A x)", "x", &["exp(x'A x) (A + A')x"]),
    task("x: n, c: n", "||x - c||", "x", &["(x - c)/||x - c||"]),
    task("W: m×n, x: n, b: m, t: m", "||W x + b - t||^2", "b", &["2 (W x + b - t)"]),
    task("W: m×n, x: n, b: m, t: m", "||relu(W x + b) - t||^2", "b", &["2 (relu(W x + b) - t) .* (W x + b > 0)"]),
    task("A: m×n, B: n×m", "sum_{i=1}^{m} sum_{j=1}^{n} A[i,j] B[j,i]^2", "A[p,q]", &["B[q,p]^2"]),
    task(
        "W: m×r, H: r×n, X: m×n",
        "1/2 ||X - W H||^2",
        "W[i,k]",
        &["sum_{j=1}^{n} (sum_{l=1}^{r} W[i,l] H[l,j] - X[i,j]) H[k,j]"],
    ),
    task("A: n×n, x: n", "x'A x", "x[k]", &["sum_{j=1}^{n} A[k,j] x[j] + sum_{j=1}^{n} A[j,k] x[j]"]),
    task("a: n, b: n, w: n, λ:, μ:", "λ a'w + μ/2 w'w + b'w", "w", &["λ a + μ w + b"]),
    task("x: n, t: n", "-t'log(softmax(x))", "x", &["(ones't) softmax(x) - t"]),
];
