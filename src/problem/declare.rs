//! Symbols, families, functions and stacked matrices into the scope.

use super::dimension::parse_dimension;
use super::file::{DimensionText, ProblemText, SymbolTable, SymbolText};
use crate::dimension::{Poly, Shape};
use crate::shape::{Body, Function, Quantity, Scope, parse_property};
use crate::syntax::{Name, parse_declared};
use crate::tensor::Property;
use crate::text::{Code, Diagnostic, Span};

/// A diagnostic about a declaration: it names the key, whose place the caller may know.
pub(super) fn about(key: &str, mut d: Diagnostic) -> Diagnostic {
    d.source = Some(key.into());
    d
}

fn bad(key: &str, message: impl Into<String>) -> Diagnostic {
    about(key, Diagnostic::new(Code::BAD_DECLARATION, Span::default(), message))
}

/// The base name and letter of a family's key: `x_i` with letter `i` is base `x`.
pub(super) fn family_base(key: &str, letter: &str) -> Result<Name, Diagnostic> {
    let declared = parse_declared(key).map_err(|d| about(key, d))?;
    let suffix = format!("_{letter}");
    Ok(declared.whole.strip_suffix(suffix.as_str()).map_or(declared.whole.clone(), Name::from))
}

pub(super) fn symbols(text: &ProblemText, scope: &mut Scope) -> Result<(), Diagnostic> {
    let mut stacked: Vec<(&str, &str, bool)> = Vec::new();
    for (key, symbol) in &text.symbols {
        match symbol {
            SymbolText::Shape(dims) => {
                let name = parse_declared(key).map_err(|d| about(key, d))?.whole;
                let dims = dimensions(key, dims, scope)?;
                unique(key, &name, 0, scope)?;
                scope.declare_symbol(&name, Shape::from_dimensions(&dims), Vec::new());
            }
            SymbolText::Table(t) => table(key, t, scope, &mut stacked)?,
        }
    }
    for (key, of, rows) in stacked {
        let base = parse_declared(of).map_err(|d| about(key, d))?;
        let family = scope.find(&base.name, 1).or_else(|| scope.find(&base.whole, 1));
        let Some(family) = family else {
            return Err(bad(key, format!("{of} is no declared family")));
        };
        let q = scope.quantity(family);
        let (count, shape) = (q.ranges[0].clone(), q.shape.clone());
        if shape.is_matrix() || shape.tensor.is_some() {
            return Err(bad(key, format!("the members of {of} are no vectors, so they cannot be rows or columns")));
        }
        let length = if shape.rows.is_one() { shape.cols } else { shape.rows };
        let shape = if rows { Shape::matrix(count, length) } else { Shape::matrix(length, count) };
        let name = parse_declared(key).map_err(|d| about(key, d))?.whole;
        unique(key, &name, 0, scope)?;
        scope.declare(Quantity {
            name,
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body: Body::Stacked { family, rows },
        });
    }
    Ok(())
}

fn table<'a>(
    key: &'a str,
    t: &'a SymbolTable,
    scope: &mut Scope,
    stacked: &mut Vec<(&'a str, &'a str, bool)>,
) -> Result<(), Diagnostic> {
    if let Some(kind) = &t.function {
        let function = match kind.as_str() {
            "elementwise" => Function::Elementwise,
            "scalar" => Function::Scalar,
            other => return Err(bad(key, format!("a function is \"elementwise\" or \"scalar\", not {other:?}"))),
        };
        let name = parse_declared(key).map_err(|d| about(key, d))?;
        scope.declare_function(if name.parameters.is_empty() { &name.whole } else { &name.name }, function);
        return Ok(());
    }
    if let Some(of) = t.rows.as_deref().or(t.columns.as_deref()) {
        stacked.push((key, of, t.rows.is_some()));
        return Ok(());
    }
    let Some(letter) = &t.family else {
        return Err(bad(key, "this is no shape, family, function or stacked matrix"));
    };
    let base = family_base(key, letter)?;
    let count = match &t.count {
        Some(c) => dimension(key, c, scope)?,
        None => return Err(bad(key, "a family needs its count, as in count = \"N\"")),
    };
    let dims = dimensions(key, t.shape.as_deref().unwrap_or(&[]), scope)?;
    if dims.len() > 2 {
        return Err(bad(key, "members of a family have at most two dimensions"));
    }
    let quantity = Quantity {
        name: base,
        letters: vec![letter.as_str().into()],
        ranges: vec![count],
        shape: Shape::from_dimensions(&dims),
        properties: Vec::new(),
        body: Body::Variable,
    };
    scope.declare(quantity);
    Ok(())
}

pub(super) fn unique(key: &str, name: &str, indices: usize, scope: &Scope) -> Result<(), Diagnostic> {
    if scope.find(name, indices).is_some() {
        return Err(about(
            key,
            Diagnostic::new(Code::DUPLICATE_NAME, Span::default(), format!("{name} is declared twice")),
        ));
    }
    Ok(())
}

fn dimensions(key: &str, dims: &[DimensionText], scope: &mut Scope) -> Result<Vec<Poly>, Diagnostic> {
    dims.iter().map(|d| dimension(key, d, scope)).collect()
}

fn dimension(key: &str, d: &DimensionText, scope: &mut Scope) -> Result<Poly, Diagnostic> {
    let text = match d {
        DimensionText::Number(n) => n.to_string(),
        DimensionText::Text(t) => t.clone(),
    };
    parse_dimension(&text, &mut |n| scope.declare_dimension(n)).map_err(|mut e| {
        e.span = Span::default();
        about(key, e)
    })
}

/// Properties of symbols, families and definitions; those of definitions are checked once their values are known.
pub(super) fn properties(text: &ProblemText, scope: &mut Scope) -> Result<Vec<(Name, Property)>, Diagnostic> {
    let mut of_others = Vec::new();
    for (key, names) in &text.properties {
        let declared = parse_declared(key).map_err(|d| about(key, d))?;
        let found = scope
            .find(&declared.whole, 0)
            .or_else(|| scope.find(&declared.name, 1).filter(|_| !declared.indices.is_empty()))
            .or_else(|| scope.find(&declared.whole, 1));
        for name in names {
            let Some(property) = parse_property(name) else {
                let known: Vec<&str> = crate::shape::PROPERTIES.iter().map(|p| p.0).collect();
                let d = Diagnostic::new(Code::UNKNOWN_PROPERTY, Span::default(), format!("{name:?} is no property"));
                return Err(about(key, d.hint(format!("use one of {}", known.join(", ")))));
            };
            match found {
                Some(q) => {
                    square_where_needed(key, property, scope, q)?;
                    scope.quantity_mut(q).properties.push(property);
                }
                None => of_others.push((declared.whole.clone(), property)),
            }
        }
    }
    Ok(of_others)
}

fn square_where_needed(
    key: &str,
    property: Property,
    scope: &Scope,
    q: crate::shape::QuantityId,
) -> Result<(), Diagnostic> {
    let shape = &scope.quantity(q).shape;
    if square_needed(property) && shape.rows != shape.cols {
        return Err(bad(
            key,
            format!("this property needs a square matrix, and {key} is {}", scope.unifier.show_shape(shape)),
        ));
    }
    Ok(())
}

/// Whether only a square matrix can have the property.
pub(super) fn square_needed(property: Property) -> bool {
    matches!(
        property,
        Property::Symmetric
            | Property::Diagonal
            | Property::PositiveDefinite
            | Property::PositiveSemidefinite
            | Property::Invertible
    )
}
