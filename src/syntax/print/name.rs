//! Names in print.

use crate::syntax::letter::{accent_command, greek};

/// A name in plain notation: as it is.
pub(super) fn plain_name(name: &str) -> String {
    name.to_owned()
}

/// A name in LaTeX: Greek letters and accents by their commands, scripts in braces, words upright.
pub(super) fn latex_name(name: &str) -> String {
    let mut parts = name.split('_');
    let base = parts.next().unwrap_or_default();
    let mut out = part(base);
    let mut scripts: Vec<String> = Vec::new();
    for (at, script) in parts.enumerate() {
        match accent_command(script) {
            Some(command) if at == 0 => out = format!("\\{command}{{{out}}}"),
            _ if script == "star" => {
                out.push_str("^*");
            }
            _ => scripts.push(part_of_script(script)),
        }
    }
    match scripts.as_slice() {
        [] => out,
        // Further scripts are read back only as a name that is written out in plain letters.
        _ => format!("{out}_{{{}}}", scripts.join("}_{")),
    }
}

fn part_of_script(script: &str) -> String {
    if greek(script).is_some() { format!("\\{script}") } else { script.to_owned() }
}

fn part(word: &str) -> String {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &word[..word.len() - digits.len()];
    if greek(letters).is_some() {
        return format!("\\{letters}{digits}");
    }
    if letters.chars().count() > 1 { format!("\\mathrm{{{letters}}}{digits}") } else { word.to_owned() }
}

/// Whether an index written behind the name cannot be taken for a part of it: `x`, `x_hat`, `lambda`.
pub(super) fn takes_index(name: &str) -> bool {
    match name.split_once('_') {
        None => name.chars().all(|c| c.is_ascii_alphabetic()),
        Some((base, script)) => base.chars().all(|c| c.is_ascii_alphabetic()) && accent_command(script).is_some(),
    }
}
