//! The published JSON Schema of problem files and the parser take the same files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use gradmark::problem::{ProblemText, build, parse_problem_file};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("docs/problem.schema.json")).unwrap()).unwrap()
}

fn resolve<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(path) => resolve(root.pointer(path.strip_prefix('#').unwrap()).unwrap(), root),
        None => schema,
    }
}

/// Whether a value is as a schema says. Only what the published schema uses is known; anything else fails loudly.
fn fits(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    let schema = resolve(schema, root);
    for (key, rule) in schema.as_object().unwrap() {
        let ok = match key.as_str() {
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "number" => value.is_number(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("the type {other} is not known"),
            },
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|v| v >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|v| v <= rule.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|a| a.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|a| a.len() as u64 <= rule.as_u64().unwrap()),
            "anyOf" => rule.as_array().unwrap().iter().any(|s| fits(value, s, root).is_ok()),
            "items" => {
                value.as_array().into_iter().flatten().try_for_each(|v| fits(v, rule, root))?;
                true
            }
            "properties" => {
                for (name, own) in rule.as_object().unwrap() {
                    if let Some(v) = value.get(name) {
                        fits(v, own, root).map_err(|e| format!("{name}: {e}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let empty = Map::new();
                let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
                for (name, v) in value.as_object().unwrap_or(&empty).iter().filter(|e| !known.contains_key(e.0)) {
                    match rule {
                        Value::Bool(false) => return Err(format!("{name} is no key")),
                        own => fits(v, own, root).map_err(|e| format!("{name}: {e}"))?,
                    }
                }
                true
            }
            "title" | "description" | "$schema" | "$defs" => true,
            other => panic!("the keyword {other} is not known"),
        };
        if !ok {
            return Err(format!("{value} does not fit {key} {rule}"));
        }
    }
    Ok(())
}

fn valid(value: &Value, schema: &Value) -> bool {
    fits(value, &json!({"$ref": "#/$defs/problem"}), schema).is_ok()
}

fn parsed(value: &Value) -> Result<ProblemText, String> {
    parse_problem_file(&value.to_string()).map_err(|d| d.message)
}

/// Whether the parser takes a file, its declarations and rubrics included.
fn taken(value: &Value) -> bool {
    parsed(value).is_ok_and(|p| p.each().into_iter().all(|(_, p)| build(p, None).is_ok()))
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.file_name().unwrap() == "problem.toml" {
            out.push(path);
        }
    }
}

#[test]
fn every_problem_file_here_is_valid() {
    let schema = schema();
    let mut all = Vec::new();
    files(&root().join("cases"), &mut all);
    files(&root().join("benches"), &mut all);
    assert!(all.len() >= 6);
    for path in all {
        let value: Value = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let result = fits(&value, &json!({"$ref": "#/$defs/problem"}), &schema);
        assert_eq!(result, Ok(()), "{}", path.display());
        assert!(taken(&value), "{}", path.display());
    }
}

/// A file that uses every key.
fn complete() -> Value {
    json!({
        "title": "t", "constraints": ["m < n"],
        "symbols": {"W": ["m", "n"], "x": ["n"], "k": [], "g": {"function": "elementwise"},
            "x_i": {"family": "i", "count": "N", "shape": ["n"]}, "X": {"rows": "x_i"}, "Z": {"columns": "x_i"}, "v": [3]},
        "properties": {"k": ["positive"]},
        "definitions": [["K", "k W"]], "objectives": {"L": "1/2 ||W'W x - x||^2"}, "aliases": {"L": ["J"]},
        "rubric": {"method": "40%"},
        "questions": [{"id": "1", "heading": "P", "ask": "gradient", "of": "L", "wrt": "W", "points": 10, "layout": "either",
            "structured": false, "answer": "W", "such_that": "x = x",
            "rubric": {"answer": 6, "method": 4, "steps": 2, "deduct": {"sign": 1, "factor": "0.5", "missing_path": 2.5},
                "carried": 3, "other_layout": "5", "last_step": "20%", "floor": 1, "round": "0.25"}},
            {"id": "2", "of": "L", "wrt": "x"}]
    })
}

#[test]
fn the_schema_and_the_parser_agree() {
    let schema = schema();
    let complete = complete();
    assert!(valid(&complete, &schema) && taken(&complete), "{:?}", parsed(&complete).err());
    let question = complete.pointer("/questions/0").unwrap().clone();
    let places = ["", "/questions/0", "/questions/0/rubric", "/questions/0/rubric/deduct", "/symbols/x_i", "/rubric"];
    // A key that neither knows, anywhere.
    for place in places {
        let mut file = complete.clone();
        file.pointer_mut(place).unwrap()["unknown_key"] = json!("1");
        assert!(!valid(&file, &schema) && !taken(&file), "{place}");
    }
    // Every key with a value of another kind.
    for place in places {
        for key in complete.pointer(place).unwrap().as_object().unwrap().keys() {
            for other in [json!(true), json!({"a": {"b": 1}}), json!([[[1]]]), json!(-1)] {
                let mut file = complete.clone();
                file.pointer_mut(place).unwrap()[key] = other.clone();
                assert_eq!(valid(&file, &schema), taken(&file), "{place}/{key}: {other}: {:?}", parsed(&file).err());
            }
        }
    }
    // Words that are not among those that are allowed.
    for (key, value) in [("ask", "gradiant"), ("layout", "both")] {
        let mut file = complete.clone();
        file["questions"] = json!([{"id": "1", "of": "L", "wrt": "W", key: value}]);
        assert!(!valid(&file, &schema) && !taken(&file), "{key}");
    }
    // Points beyond all sense.
    for (points, fits) in [(1e6, true), (1_000_000.5, false), (1e300, false)] {
        let mut file = complete.clone();
        file["questions"] = json!([{"id": "1", "of": "L", "wrt": "W", "points": points}]);
        assert_eq!((valid(&file, &schema), taken(&file)), (fits, fits), "{points}");
    }
    let listed = json!({"title": "all", "problems": [{"symbols": complete["symbols"].clone(),
        "objectives": complete["objectives"].clone(), "questions": [question]}]});
    assert!(valid(&listed, &schema) && taken(&listed));
}

#[test]
fn the_schema_names_what_the_program_knows() {
    let schema = schema();
    let words = |path: &str| -> Vec<String> {
        schema.pointer(path).unwrap().as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let properties: Vec<&str> = gradmark::shape::PROPERTIES.iter().map(|p| p.0).collect();
    assert_eq!(words("/$defs/property/enum"), properties);
    let kinds: Vec<&String> =
        schema.pointer("/$defs/rubric/properties/deduct/properties").unwrap().as_object().unwrap().keys().collect();
    assert_eq!(kinds, gradmark::problem::MISTAKE_KINDS.iter().collect::<Vec<_>>());
}
