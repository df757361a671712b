//! Derivatives in which tied entries of a symmetric or diagonal variable move together.

use crate::number::Rational;
use crate::tensor::{Label, Labels, NodeId, Store};

/// How the entries of a square variable are tied.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Structure {
    /// x_ij = x_ji.
    Symmetric,
    /// x_ij = 0 off the diagonal.
    Diagonal,
}

/// The structured derivative from the one with free entries, `g`, whose last two axes are the variable's.
///
/// Symmetric: G + Gᵀ − G ⊙ I; diagonal: G ⊙ I (The Matrix Cookbook, section 2.8).
pub fn structured(store: &mut Store, g: NodeId, structure: Structure) -> NodeId {
    let axes = store.axes(g).clone();
    let rank = axes.len();
    let all: Labels = (0..rank).map(|i| Label::try_from(i).unwrap_or(0)).collect();
    let mut tied = all.clone();
    if let [.., i, j] = tied.as_mut_slice() {
        *j = *i;
    }
    let diagonal = store.product(&[(g, tied.clone())], &tied, &axes);
    match structure {
        Structure::Diagonal => diagonal,
        Structure::Symmetric => {
            let mut order: Vec<usize> = (0..rank).collect();
            order.swap(rank - 2, rank - 1);
            let transposed = store.permute(g, &order);
            store.sum(&[(Rational::ONE, g), (Rational::ONE, transposed), (Rational::MINUS_ONE, diagonal)])
        }
    }
}
