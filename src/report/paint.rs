//! Colour, where it is wanted.

/// Paints words for a terminal, or leaves them as they are.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Paint {
    /// Whether there is colour.
    pub colour: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// What is right.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.with("1;32", text)
    }

    /// What is wrong.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// What is open.
    #[must_use]
    pub fn open(self, text: &str) -> String {
        self.with("1;33", text)
    }

    /// What matters most.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What stands beside.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }
}
