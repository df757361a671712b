//! The licences of all dependencies: the page lists exactly what Cargo.lock holds, and only what may be used.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn read(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn rows() -> Vec<[String; 3]> {
    let page = read("docs/licences.md");
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|c| c.trim().to_owned()).collect() };
    let rows = page.lines().filter(|l| l.starts_with("| ")).skip(1).map(cells);
    rows.map(|c| [c[1].clone(), c[2].clone(), c[3].clone()]).collect()
}

#[test]
fn every_package_of_the_lock_file_is_listed() {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).unwrap();
    let of = |p: &toml::Value| (p["name"].as_str().unwrap().to_owned(), p["version"].as_str().unwrap().to_owned());
    let locked: BTreeSet<_> = lock["package"].as_array().unwrap().iter().map(of).collect();
    let locked: BTreeSet<_> = locked.into_iter().filter(|p| p.0 != "gradmark").collect();
    let listed: BTreeSet<_> = rows().into_iter().map(|[name, version, _]| (name, version)).collect();
    assert_eq!(listed, locked, "run docs/licences");
}

#[test]
fn every_licence_is_one_that_may_be_used() {
    let deny: toml::Table = toml::from_str(&read("deny.toml")).unwrap();
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
    for [name, version, licence] in rows() {
        // Each part of a conjunction has to offer one that is allowed.
        for part in licence.split(" AND ") {
            let part = part.trim_matches(['(', ')']);
            let offers = part.split(" OR ").any(|one| allowed.contains(&one.trim()));
            assert!(offers, "{name} {version}: {licence}");
        }
    }
    assert!(!"LGPL-2.1-or-later".split(" OR ").any(|l| allowed.contains(&l)));
}

#[test]
fn nothing_comes_from_elsewhere_than_the_registry() {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).unwrap();
    for p in lock["package"].as_array().unwrap() {
        let source = p.get("source").and_then(|s| s.as_str());
        assert!(source.is_none_or(|s| s.starts_with("registry+https://github.com/rust-lang/crates.io-index")), "{p}");
        assert_eq!(source.is_none(), p["name"].as_str() == Some("gradmark"), "{p}");
    }
}

#[test]
fn unsafe_code_is_forbidden() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}
