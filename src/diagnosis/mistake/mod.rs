//! The mistakes: one table, one entry a mistake, in the order in which they are looked for.
//!
//! To add a mistake: write its file with two examples that trigger it and one near miss, and name it in the table.

mod chain;
mod elementwise;
mod factor;
mod index;
mod inverse;
mod order;
mod path;
mod product;
mod sign;
mod symbol;
mod term;
mod transpose;

use super::repair::Mistake;

/// Every mistake, the simplest first: of two explanations that hold, the first is given.
pub static MISTAKES: &[&Mistake] = &[
    &sign::SIGN,
    &factor::FACTOR,
    &transpose::LAYOUT,
    &transpose::TRANSPOSED,
    &order::ORDER,
    &factor::EXTRA_TERM,
    &term::DROPPED_TERM,
    &symbol::SYMBOL,
    &index::INDEX,
    &inverse::INVERTED,
    &elementwise::ELEMENTWISE,
    &path::MISSING_PATH,
    &chain::CHAIN_RULE,
    &product::KEPT_FACTOR,
    &product::MISSING_FACTOR,
];
