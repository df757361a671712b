//! The names of properties.

use crate::tensor::Property;

/// Every property with its name in problem files and requests.
pub static PROPERTIES: &[(&str, Property)] = &[
    ("positive", Property::Positive),
    ("nonnegative", Property::NonNegative),
    ("nonzero", Property::NonZero),
    ("integer", Property::Integer),
    ("probability", Property::Probability),
    ("one_hot", Property::OneHot),
    ("sign", Property::Sign),
    ("symmetric", Property::Symmetric),
    ("diagonal", Property::Diagonal),
    ("positive_definite", Property::PositiveDefinite),
    ("positive_semidefinite", Property::PositiveSemidefinite),
    ("orthogonal", Property::Orthogonal),
    ("invertible", Property::Invertible),
];

/// The property of that name; hyphens and spaces count as underscores.
#[must_use]
pub fn parse_property(name: &str) -> Option<Property> {
    let name: String = name.trim().chars().map(|c| if c == '-' || c == ' ' { '_' } else { c }).collect();
    PROPERTIES.iter().find(|p| p.0 == name).map(|p| p.1)
}

/// The name of a property.
#[must_use]
pub fn property_name(property: Property) -> &'static str {
    PROPERTIES.iter().find(|p| p.1 == property).map_or("", |p| p.0)
}
