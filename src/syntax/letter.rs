//! Letters and their canonical names: Greek by name, accents as a suffix, fonts forgotten.

/// The Greek letters: the name, the lower-case letter, its LaTeX command, and the variant forms.
const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Alpha", 'Α'),
    ("Beta", 'Β'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Epsilon", 'Ε'),
    ("Zeta", 'Ζ'),
    ("Eta", 'Η'),
    ("Theta", 'Θ'),
    ("Iota", 'Ι'),
    ("Kappa", 'Κ'),
    ("Lambda", 'Λ'),
    ("Mu", 'Μ'),
    ("Nu", 'Ν'),
    ("Xi", 'Ξ'),
    ("Omicron", 'Ο'),
    ("Pi", 'Π'),
    ("Rho", 'Ρ'),
    ("Sigma", 'Σ'),
    ("Tau", 'Τ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Chi", 'Χ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
    ("ell", 'ℓ'),
];

/// The Greek letter (or ℓ) of that canonical name.
pub(crate) fn greek(name: &str) -> Option<char> {
    // Names that no entry can have are the common case: single Latin letters.
    if name.len() < 2 || name.len() > 7 {
        return None;
    }
    GREEK.iter().find(|(n, _)| *n == name).map(|(_, c)| *c)
}

/// The canonical name of a Greek letter.
pub(super) fn greek_name(letter: char) -> Option<&'static str> {
    let letter = match letter {
        'ϵ' => 'ε',
        'ϑ' => 'θ',
        'ϕ' => 'φ',
        'ϱ' => 'ρ',
        'ς' => 'σ',
        'ϖ' => 'π',
        'ϰ' => 'κ',
        'µ' => 'μ',
        other => other,
    };
    GREEK.iter().find(|(_, c)| *c == letter).map(|(n, _)| *n)
}

/// The Greek letter behind a LaTeX command such as `lambda` or `varepsilon`.
pub(super) fn greek_command(command: &str) -> Option<char> {
    greek(command).or_else(|| command.strip_prefix("var").and_then(greek))
}

/// A mark over a letter.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) enum Accent {
    #[default]
    None,
    Hat,
    Bar,
    Tilde,
    Dot,
    DoubleDot,
    Check,
    Breve,
    /// `\vec`: a font, not part of the name.
    Vector,
}

/// Accents: the mark, its suffix in names, its LaTeX commands (the first is printed), its combining character.
const ACCENTS: &[(Accent, &str, &[&str], char)] = &[
    (Accent::Hat, "hat", &["hat", "widehat"], '\u{302}'),
    (Accent::Bar, "bar", &["bar", "overline"], '\u{304}'),
    (Accent::Bar, "bar", &[], '\u{305}'),
    (Accent::Tilde, "tilde", &["tilde", "widetilde"], '\u{303}'),
    (Accent::Dot, "dot", &["dot"], '\u{307}'),
    (Accent::DoubleDot, "ddot", &["ddot"], '\u{308}'),
    (Accent::Check, "check", &["check", "widecheck"], '\u{30c}'),
    (Accent::Breve, "breve", &["breve"], '\u{306}'),
    (Accent::Vector, "", &["vec", "overrightarrow"], '\u{20d7}'),
];

impl Accent {
    /// The suffix in a canonical name: `hat`.
    pub(super) fn suffix(self) -> &'static str {
        if self == Self::None {
            return "";
        }
        ACCENTS.iter().find(|(a, ..)| *a == self).map_or("", |(_, s, ..)| s)
    }

    /// The accent of a LaTeX command.
    pub(super) fn of_command(command: &str) -> Option<Self> {
        ACCENTS.iter().find(|(_, _, c, _)| c.contains(&command)).map(|(a, ..)| *a)
    }

    /// The accent of a combining character.
    pub(super) fn of_mark(mark: char) -> Option<Self> {
        ACCENTS.iter().find(|(.., m)| *m == mark).map(|(a, ..)| *a)
    }
}

/// The LaTeX command of an accent's suffix.
pub(super) fn accent_command(suffix: &str) -> Option<&'static str> {
    ACCENTS.iter().find(|(_, s, c, _)| *s == suffix && !s.is_empty() && !c.is_empty()).map(|(_, _, c, _)| c[0])
}

/// One letter of a formula, with what is drawn over it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Letter {
    /// A Latin or Greek letter, or ℓ.
    pub(super) glyph: char,
    /// The mark over it.
    pub(super) accent: Accent,
    /// Whether it stands in upright type, as operators' names do.
    pub(super) upright: bool,
}

impl Letter {
    /// Appends the canonical name.
    pub(super) fn write(self, name: &mut String) {
        if self.glyph.is_ascii() {
            name.push(self.glyph);
        } else {
            match greek_name(self.glyph) {
                Some(greek) => name.push_str(greek),
                None => name.push(self.glyph),
            }
        }
        let suffix = self.accent.suffix();
        if !suffix.is_empty() {
            name.push('_');
            name.push_str(suffix);
        }
    }

    /// Whether it is this ASCII letter without accent.
    pub(super) fn is(self, glyph: char) -> bool {
        self.glyph == glyph && self.accent == Accent::None
    }
}
