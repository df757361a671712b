//! Right only under a property that was not declared.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Repair, View};
use crate::diagnosis::rewrite::rewrite;
use crate::lower::Lowering;
use crate::shape::{Body, property_name};
use crate::tensor::{Node, NodeId, Property, Variable};

/// Properties that are often assumed without being said, of matrices and of anything else.
const OF_MATRICES: [Property; 3] = [Property::Symmetric, Property::Orthogonal, Property::Diagonal];
const OF_VECTORS: [Property; 2] = [Property::Probability, Property::Positive];

/// The property under which the candidate would be right; the repair is the truth itself.
pub(in crate::diagnosis) fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Option<Repair> {
    let tree = view.tree();
    bench.given.as_ref()?;
    let node = bench.node_of(tree)?;
    let quantities: Vec<_> = bench
        .posed
        .scope
        .quantities()
        .filter(|(_, q)| matches!(q.body, Body::Variable) && !q.name.starts_with('\u{1}'))
        .map(|(id, q)| (id, q.name.clone(), q.shape.clone()))
        .collect();
    for (id, name, shape) in quantities {
        let mut lowering = Lowering {
            scope: &bench.posed.scope,
            store: &mut bench.posed.store,
            quantities: &mut bench.posed.quantities,
            marked: None,
        };
        let Ok(original) = lowering.tensor(id) else { continue };
        let Node::Variable(v) = *bench.posed.store.node(original) else { continue };
        let variable = bench.posed.store.variable(v).clone();
        let shape = bench.posed.scope.unifier.resolve_shape(&shape);
        let properties: &[Property] =
            if shape.is_matrix() { if shape.rows == shape.cols { &OF_MATRICES } else { &[] } } else { &OF_VECTORS };
        for property in properties {
            // An orthogonal matrix that is definite or diagonal as well is hardly more than the identity.
            let degenerate = *property == Property::Orthogonal
                && variable.properties.iter().any(|p| {
                    matches!(
                        p,
                        Property::Symmetric
                            | Property::Diagonal
                            | Property::PositiveDefinite
                            | Property::PositiveSemidefinite
                    )
                });
            let known = variable.properties.contains(property)
                || *property == Property::Symmetric
                    && variable.properties.iter().any(|p| {
                        matches!(p, Property::PositiveDefinite | Property::PositiveSemidefinite | Property::Diagonal)
                    });
            if degenerate || known || shape.is_scalar() && *property == Property::Probability {
                continue;
            }
            if !holds_under(bench, node, original, &variable, *property) {
                continue;
            }
            let mut draft = Draft::new(tree);
            let truth = draft.graft(&view.truth, view.truth.root);
            let kind = draft.kind(truth);
            draft.set(tree.root, kind);
            let word = property_name(*property).replace('_', " ");
            return Some(Repair {
                patch: draft.finish(),
                kind: "assumption",
                place: tree.root,
                naming: match property {
                    Property::Probability => {
                        format!("This is right only if the entries of {name} add up to one, which is not given.")
                    }
                    _ => format!("This is right only if {name} is {word}, which is not given."),
                },
                pointing: format!("`{}` uses it.", view.source(tree.root)),
                about: format!("{name} {word}"),
            });
        }
    }
    None
}

fn holds_under(bench: &mut Bench<'_>, node: NodeId, original: NodeId, variable: &Variable, property: Property) -> bool {
    let mut properties = variable.properties.clone();
    properties.push(property);
    properties.sort_unstable();
    let special = bench.posed.store.declare(Variable { properties, ..variable.clone() });
    let special = bench.posed.store.variable_node(special);
    let changes = [(original, special)];
    let truth = bench.target.node;
    let (candidate, truth) =
        (rewrite(&mut bench.posed.store, node, &changes), rewrite(&mut bench.posed.store, truth, &changes));
    bench.may_be_equal(candidate, truth)
}
