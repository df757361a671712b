//! The objectives of `cases/gallery`, as requests.
#![allow(dead_code, clippy::unwrap_used)] // each runner uses its part, and a test may fail

use gradmark::check::{RequestText, parse_request};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The files in order.
pub(crate) fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/gallery");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

/// The entries of a file as requests.
pub(crate) fn requests(file: &Path) -> Vec<RequestText> {
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let all: Value = serde_json::to_value(&table).unwrap();
    let joined = |entry: &Value, key: &str| {
        let mut map = all.get(key).cloned().unwrap_or_else(|| json!({}));
        for (k, v) in entry.get(key).and_then(Value::as_object).into_iter().flatten() {
            map[k] = v.clone();
        }
        map
    };
    let request = |entry: &Value| {
        let mut r = json!({
            "objective": entry["of"], "wrt": entry["wrt"],
            "ask": if entry["wrt"].is_array() { "hessian" } else { "derivative" },
            "symbols": joined(entry, "symbols"), "properties": joined(entry, "properties"),
        });
        for key in ["definitions", "constraints"] {
            if let Some(v) = entry.get(key) {
                r[key] = v.clone();
            }
        }
        parse_request(&r.to_string()).unwrap()
    };
    all["entries"].as_array().unwrap().iter().map(request).collect()
}
