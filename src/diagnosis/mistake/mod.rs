//! The mistakes: one table, one entry a mistake, in the order in which they are looked for.
//!
//! To add a mistake: write its file with two examples that trigger it and one near miss, and name it in the table.

mod assumption;
mod chain;
mod diagonal;
mod doubled;
mod elementwise;
mod equated;
mod extra;
mod factor;
mod function;
mod held;
mod index;
mod inverse;
mod kept;
mod layout;
mod merged;
mod misread;
mod missing;
mod order;
mod part;
mod path;
mod power;
mod sign;
mod symbol;
mod term;
mod transpose;

use super::bench::Bench;
use super::repair::{Mistake, Repair, View};

pub(super) use assumption::propose as assumption;
pub(super) use index::lost_sums;
pub(super) use merged::merged;
pub(super) use misread::reread;
pub(super) use sign::each_term;

/// Every mistake, the simplest first: of two explanations that hold, the first is given.
pub static MISTAKES: &[&Mistake] = &[
    &sign::SIGN,
    &doubled::DOUBLED,
    &extra::EXTRA_TERM,
    &factor::FACTOR,
    &layout::LAYOUT,
    &transpose::TRANSPOSED,
    &order::ORDER,
    &held::HELD_FIXED,
    &chain::CHAIN_RULE,
    &term::DROPPED_TERM,
    &index::INDEX,
    &power::EXPONENT,
    &symbol::SYMBOL,
    &function::FUNCTION,
    &inverse::INVERTED,
    &elementwise::ELEMENTWISE,
    &misread::MISREAD,
    &kept::KEPT_FACTOR,
    &merged::MERGED,
    &path::MISSING_PATH,
    &diagonal::ONLY_DIAGONAL,
    &equated::EQUATED,
    &missing::MISSING_FACTOR,
    &part::MISSING_PART,
    &term::DROPPED_INSIDE,
    &term::DROPPED_PART,
    &misread::OVERLOOKED,
];

/// All that explains the mistake that was found, the cause first: the path that a missing term belongs to, the property
/// under which a merged factor would be right.
pub(super) fn explain(bench: &mut Bench<'_>, view: &View<'_>, found: Repair) -> Vec<Repair> {
    match found.kind {
        "dropped_term" => match path::explain(bench, view).filter(|p| p.0.kind == "missing_path") {
            Some((path, inside)) => {
                let path = Repair { patch: found.patch.clone(), pointing: found.pointing.clone(), ..path };
                if inside { vec![path, found] } else { vec![found, path] }
            }
            None => vec![found],
        },
        "factor" if found.about.starts_with("merged") => {
            let property = assumption(bench, view);
            std::iter::once(found).chain(property).collect()
        }
        _ => vec![found],
    }
}
