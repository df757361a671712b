//! The LaTeX commands that are neither letters nor operators.

use crate::syntax::spelling::relation_command;
use crate::syntax::token::{Bracket, Environment, Side, Tok};

/// What a command does.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) enum Command {
    /// Stands for a token.
    Token(Tok),
    /// Sets the next group, or the next letter, in a font.
    Font {
        upright: bool,
        /// Bold and blackboard digits are vectors.
        bold: bool,
    },
    /// Does nothing.
    Space,
    /// A wide space: parts a formula from what is written beside it.
    Gap,
    /// A box or line around its argument.
    Boxed,
    /// Its argument is dropped.
    Dropped,
    /// Its first argument is dropped, the second kept.
    DroppedFirst,
    /// A mark above or below a relation sign: its first argument is dropped, the second kept.
    Stacked,
    /// Its argument is kept, and a label in a script after it dropped.
    Labelled,
    /// `\left`, `\bigr`, …: makes a bar a left or a right one, and is otherwise nothing.
    Size(Side),
    /// `\operatorname`, `\text`: the argument is a word.
    Word,
    Begin,
    End,
    Frac,
}

const FONT: Command = Command::Font { upright: false, bold: false };
const UPRIGHT: Command = Command::Font { upright: true, bold: false };
const BOLD: Command = Command::Font { upright: false, bold: true };

const COMMANDS: &[(&[&str], Command)] = &[
    (&["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"], Command::Frac),
    (&["over"], Command::Token(Tok::Over)),
    (&["mathbf", "boldsymbol", "bm", "pmb", "mathbb", "mathbbm", "mathds", "textbf", "symbf", "bold"], BOLD),
    (&["mathit", "mathcal", "mathfrak", "mathscr", "mathnormal", "textit", "emph"], FONT),
    (&["mathrm", "mathsf", "rm", "mathtt", "textrm", "textsf", "mathup", "symup"], UPRIGHT),
    (&["operatorname", "text", "mbox", "textnormal", "operatornamewithlimits", "hbox"], Command::Word),
    (&["left", "bigl", "Bigl", "biggl", "Biggl", "mleft"], Command::Size(Side::Left)),
    (&["right", "bigr", "Bigr", "biggr", "Biggr", "mright"], Command::Size(Side::Right)),
    (&["big", "Big", "bigg", "Bigg", "middle", "bigm", "Bigm", "biggm"], Command::Size(Side::Unknown)),
    (
        &[
            "displaystyle",
            "textstyle",
            "scriptstyle",
            "limits",
            "nolimits",
            "nonumber",
            "notag",
            "bf",
            "it",
            "cal",
            "sf",
            "hfill",
            "smallskip",
            "medskip",
            "allowbreak",
            "nobreak",
            "mathstrut",
            "strut",
            "null",
            "large",
            "Large",
            "small",
            "normalsize",
            "thinspace",
            "medspace",
            "enspace",
            "enskip",
            "hline",
            "centering",
            "mathop",
            "mathbin",
            "mathrel",
            "mathord",
            "ensuremath",
            "mathclose",
            "mathopen",
            "smash",
        ],
        Command::Space,
    ),
    (&["quad", "qquad"], Command::Gap),
    (&["boxed", "underline", "fbox", "uline", "framebox", "underbar"], Command::Boxed),
    (
        &["label", "tag", "tag*", "color", "hspace", "vspace", "hspace*", "phantom", "vphantom", "hphantom"],
        Command::Dropped,
    ),
    (&["textcolor", "colorbox"], Command::DroppedFirst),
    (&["stackrel", "overset", "underset"], Command::Stacked),
    (&["underbrace", "overbrace", "underbracket", "overbracket"], Command::Labelled),
    (&["begin"], Command::Begin),
    (&["end"], Command::End),
    (&["top", "intercal", "transp"], Command::Token(Tok::Top)),
    (&["transpose", "trans"], Command::Token(Tok::Function(&crate::operator::TRANSPOSE))),
    (&["prime"], Command::Token(Tok::Prime)),
    (&["dagger", "dag", "ddagger", "bullet"], Command::Token(Tok::Mark)),
    (&["partial"], Command::Token(Tok::Partial)),
    (&["nabla", "triangledown", "bigtriangledown"], Command::Token(Tok::Nabla)),
    (&["sum"], Command::Token(Tok::Sum)),
    (&["prod"], Command::Token(Tok::Product)),
    (&["dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb", "hdots"], Command::Token(Tok::Dots)),
    (&["lvert"], Command::Token(Tok::Bar(Side::Left))),
    (&["rvert"], Command::Token(Tok::Bar(Side::Right))),
    (&["vert", "mid"], Command::Token(Tok::Bar(Side::Unknown))),
    (&["lVert"], Command::Token(Tok::DoubleBar(Side::Left))),
    (&["rVert"], Command::Token(Tok::DoubleBar(Side::Right))),
    (&["Vert", "|", "parallel"], Command::Token(Tok::DoubleBar(Side::Unknown))),
    (&["langle"], Command::Token(Tok::Open(Bracket::Angle))),
    (&["rangle"], Command::Token(Tok::Close(Bracket::Angle))),
    (&["{", "lbrace"], Command::Token(Tok::Open(Bracket::Curly))),
    (&["}", "rbrace"], Command::Token(Tok::Close(Bracket::Curly))),
    (&["lbrack"], Command::Token(Tok::Open(Bracket::Square))),
    (&["rbrack"], Command::Token(Tok::Close(Bracket::Square))),
    (&["lparen"], Command::Token(Tok::Open(Bracket::Round))),
    (&["rparen"], Command::Token(Tok::Close(Bracket::Round))),
    (&["colon"], Command::Token(Tok::Infix(&crate::operator::INNER))),
    (&[",", ";", "!", ":", ">", " ", "/", "-", "(", ")", "\n", "\t", "\r", "@"], Command::Space),
];

/// What the command of that name does.
pub(super) fn command(name: &str) -> Option<Command> {
    static TABLE: std::sync::LazyLock<rustc_hash::FxHashMap<&'static str, Command>> = std::sync::LazyLock::new(|| {
        COMMANDS.iter().flat_map(|(names, command)| names.iter().map(move |n| (*n, *command))).collect()
    });
    TABLE.get(name).copied()
}

/// What `\begin{…}` opens.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Opened {
    /// Makes an array; `columns` says whether the columns are described first.
    Array { environment: Environment, columns: bool },
    /// Aligns lines of formulas: `&` and `\\` in it only part them.
    Lines,
}

/// The environment of that name.
pub(super) fn environment(name: &str) -> Option<Opened> {
    let array = |environment, columns| Some(Opened::Array { environment, columns });
    match name.trim_end_matches('*') {
        "bmatrix" | "pmatrix" | "matrix" | "Bmatrix" | "smallmatrix" | "psmallmatrix" | "bsmallmatrix" => {
            array(Environment::Matrix, false)
        }
        "array" => array(Environment::Matrix, true),
        "vmatrix" => array(Environment::Determinant, false),
        "cases" | "dcases" => array(Environment::Cases, false),
        "aligned" | "align" | "split" | "gathered" | "gather" | "equation" | "flalign" | "multline" | "eqnarray"
        | "displaymath" | "math" | "alignat" | "alignedat" => Some(Opened::Lines),
        _ => None,
    }
}

/// The argument that begins `rest`: a group in braces, or one sign.
pub(super) fn argument(rest: &str) -> &str {
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                continue;
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &rest[..at + c.len_utf8()];
        }
    }
    rest
}

/// Whether the second of two arguments is a relation sign.
pub(super) fn stacked_on_relation(rest: &str) -> bool {
    let first = argument(rest.trim_start());
    let second = rest.trim_start().get(first.len()..).unwrap_or_default().trim_start();
    let sign = argument(second).trim_start_matches('{').trim_end_matches('}').trim();
    match sign.strip_prefix('\\') {
        Some(name) => relation_command(name).is_some(),
        None => matches!(sign, "=" | ":=" | "<" | ">" | "≈" | "≡" | "≤" | "≥" | "→" | "⇒" | "∝"),
    }
}
