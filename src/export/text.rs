//! Python expressions, and when they need brackets.

/// How tightly an expression holds together; later ones hold tighter.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    Sum,
    /// One term with a minus sign.
    Minus,
    /// `*` and `/`.
    Star,
    /// `@`.
    At,
    Power,
    Atom,
}

/// An expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Text {
    pub(super) code: String,
    level: Level,
}

impl Text {
    pub(super) fn atom(code: impl Into<String>) -> Self {
        Self { code: code.into(), level: Level::Atom }
    }

    pub(super) fn power(code: String) -> Self {
        Self { code, level: Level::Power }
    }

    /// A product or quotient entry by entry.
    pub(super) fn product(code: String) -> Self {
        Self { code, level: Level::Star }
    }

    /// A matrix product.
    pub(super) fn matmul(code: String) -> Self {
        Self { code, level: Level::At }
    }

    /// A sum.
    pub(super) fn sum(code: String) -> Self {
        Self { code, level: Level::Sum }
    }

    /// One term with a minus sign, which stands in front.
    pub(super) fn minus(code: String) -> Self {
        Self { code, level: Level::Minus }
    }

    fn bracketed(&self, unless: bool) -> String {
        if unless { self.code.clone() } else { format!("({})", self.code) }
    }

    /// As a term of a sum.
    pub(super) fn term(&self) -> String {
        self.bracketed(self.level > Level::Minus)
    }

    /// As the left operand of `*` and `/`.
    pub(super) fn left_factor(&self) -> String {
        self.bracketed(matches!(self.level, Level::Star | Level::Power | Level::Atom))
    }

    /// As the right operand of `*` and `/`.
    pub(super) fn factor(&self) -> String {
        self.bracketed(self.level > Level::At)
    }

    /// As the left operand of `@`; products are taken from the left.
    pub(super) fn left_matrix(&self) -> String {
        self.bracketed(matches!(self.level, Level::At | Level::Power | Level::Atom))
    }

    /// As the base of a power.
    pub(super) fn base(&self) -> String {
        self.bracketed(self.level == Level::Atom && !self.code.starts_with('-'))
    }

    /// With something behind it: `.T`, an index.
    pub(super) fn with(&self, behind: &str) -> Self {
        let plain = self.level == Level::Atom && !self.code.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        Self::atom(format!("{}{behind}", self.bracketed(plain)))
    }

    /// The negative as an argument.
    pub(super) fn negative(&self) -> String {
        match self.code.strip_prefix('-') {
            Some(rest) if self.level == Level::Minus => rest.to_owned(),
            _ => format!("-{}", self.factor()),
        }
    }

    /// Whether it is a name or a number.
    pub(super) fn is_name(&self) -> bool {
        self.code.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    }
}
