//! The table of limits.

use std::sync::OnceLock;

/// A row of the table.
pub struct Row {
    /// Which limit.
    pub limit: Limit,
    /// What it is called on the command line.
    pub name: &'static str,
    /// Its value where nothing else is said.
    pub default: u64,
    /// What is counted.
    pub unit: &'static str,
    /// What happens past it.
    pub past: &'static str,
    /// What it bounds.
    pub doc: &'static str,
}

macro_rules! limits {
    ($($variant:ident = $name:literal, $default:expr, $unit:literal, $past:literal, $doc:literal;)*) => {
        /// A limit.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Limit { $(#[doc = $doc] $variant,)* }
        /// Every limit, in the order of the way from text to verdict.
        pub static LIMITS: &[Row] = &[
            $(Row { limit: Limit::$variant, name: $name, default: $default, unit: $unit, past: $past, doc: $doc },)*
        ];
    };
}

limits! {
    File = "file", 16 << 20, "bytes", "E0502", "A file or a standard input that is read whole: a problem, a submission, a roster.";
    Line = "line", 1 << 20, "bytes", "E0502", "A line of a batch.";
    Formulas = "formulas", 5_000, "formulas", "listed", "Formulas of one submission.";
    Claims = "claims", 2_000, "claims", "listed", "Claims of one submission.";
    Formula = "formula", 1 << 16, "bytes", "E0502", "The text of one formula.";
    Digits = "digits", 1_000, "digits", "E0502", "Digits of one number.";
    Depth = "depth", 200, "levels", "E0501", "How deeply brackets, scripts and fractions of a formula may be nested.";
    Height = "height", 600, "levels", "E0501", "How high a formula's tree may grow; a sum or product of n terms has n levels.";
    Nodes = "nodes", 200_000, "nodes", "E0503", "Nodes of the graph of one problem with all that is claimed about it.";
    Terms = "terms", 2_000, "terms", "the next evidence", "Terms of one sum while a normal form is multiplied out.";
    Steps = "steps", 20_000, "networks", "the next evidence", "Networks that are built for one normal form.";
    Labellings = "labellings", 400, "labellings", "the next evidence", "Labellings that are tried for one network of a normal form.";
    Network = "network", 160, "labels", "the next evidence", "Labels and factors of one network of a normal form.";
    Entries = "entries", 1 << 18, "entries", "the next evidence", "Entries of one tensor where formulas are evaluated: the product of its dimensions.";
    Operations = "operations", 4_000_000, "multiplications", "the next evidence", "Work of one comparison by numbers; a function value counts as ten.";
    Candidates = "candidates", 1_500, "points", "no counterexample", "Points that the search for a counterexample may look at.";
    Trials = "trials", 3_000, "formulas", "no explanation", "Changed formulas that are tried to explain one mistake.";
    Symbols = "symbols", 20_000, "symbols", "E0503", "Symbols of a derivative that is written out.";
    Work = "work", 50_000_000, "operations", "E0505", "Work of one claim in all: what each step, node and multiplication counts is fixed.";
}

/// The values that are in force.
type Values = [u64; LIMITS.len()];

static IN_FORCE: OnceLock<Values> = OnceLock::new();

const fn defaults() -> Values {
    let mut values = [0; LIMITS.len()];
    let mut i = 0;
    while i < values.len() {
        values[i] = LIMITS[i].default;
        i += 1;
    }
    values
}

/// The value of a limit.
#[must_use]
pub fn of(limit: Limit) -> u64 {
    IN_FORCE.get().map_or_else(|| LIMITS[limit as usize].default, |v| v[limit as usize])
}

/// The value of a limit as a number of things in memory.
#[must_use]
pub fn size(limit: Limit) -> usize {
    usize::try_from(of(limit)).unwrap_or(usize::MAX)
}

/// Reads `name=number`.
///
/// # Errors
/// What is wrong with it.
pub fn set(text: &str) -> Result<(Limit, u64), String> {
    let (name, number) = text.split_once('=').ok_or_else(|| format!("{text}: name=number is expected"))?;
    let (name, number) = (name.trim(), number.trim().replace('_', ""));
    let row = LIMITS.iter().find(|r| r.name == name).ok_or_else(|| {
        let all: Vec<&str> = LIMITS.iter().map(|r| r.name).collect();
        format!("there is no limit {name}; there are {}", all.join(", "))
    })?;
    let most = if matches!(row.limit, Limit::Depth | Limit::Height) { 4 * row.default } else { u64::MAX >> 8 };
    match number.parse::<u64>() {
        Ok(n) if n > 0 && n <= most => Ok((row.limit, n)),
        _ => Err(format!("{text}: a number from 1 to {most} is expected")),
    }
}

/// Puts limits in force for the whole program; it can be done once, before anything is read.
pub fn configure(changes: &[(Limit, u64)]) {
    let mut values = defaults();
    for (limit, n) in changes {
        values[*limit as usize] = *n;
    }
    let _ = IN_FORCE.set(values);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_stand_at_their_own_place() {
        for (i, row) in LIMITS.iter().enumerate() {
            assert_eq!(row.limit as usize, i);
            assert_eq!(of(row.limit), row.default, "{}", row.name);
            assert!(row.doc.ends_with('.') && row.default > 0);
        }
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        assert_eq!(set("terms=20_000"), Ok((Limit::Terms, 20_000)));
        for bad in ["terms", "terms=", "terms=0", "terms=-1", "terms=x", "time=3", "depth=100000", "=1"] {
            assert!(set(bad).is_err(), "{bad}");
        }
    }
}
