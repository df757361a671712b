//! What somebody meant by a word that is not known: the nearest one that is.

/// Longest word that is compared.
const LONGEST: usize = 40;

/// The candidate that differs least from a word, where that is no more than a slip of the hand: one letter in three.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let most = ((length + 1) / 3).max(1);
    let near = candidates.into_iter().map(|c| (distance(word, c), c)).filter(|(d, _)| *d <= most);
    near.min_by_key(|n| n.0).map(|n| n.1)
}

/// How many letters have to be put in, taken out, changed, or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().take(LONGEST * 2).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(x != y)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|r| r.last()).copied().unwrap_or(0)
}

/// A hint for a message that names first what is not known and then what is, each between back quotes, as those of
/// readers of TOML and JSON do.
#[must_use]
pub fn meant(message: &str) -> Option<String> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (unknown, known) = quoted.split_first()?;
    let is_list = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let found = is_list.then(|| nearest(unknown, known.iter().copied())).flatten()?;
    Some(format!("did you mean `{found}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_nothing_else() {
        let keys = ["title", "symbols", "of", "wrt", "override", "points"];
        let of = |word: &str| nearest(word, keys);
        assert_eq!(of("symbls"), Some("symbols"));
        assert_eq!(of("overrride"), Some("override"));
        assert_eq!(of("wtr"), Some("wrt"));
        assert_eq!(of("off"), Some("of"));
        assert_eq!(of("colour"), None);
        assert_eq!(of("xyz"), None);
        assert_eq!(of(&"o".repeat(100)), None);
    }

    #[test]
    fn messages_of_readers_are_understood() {
        let said = "unknown variant `hesian`, expected one of `gradient`, `jacobian`, `hessian`";
        assert_eq!(meant(said).as_deref(), Some("did you mean `hessian`?"));
        assert_eq!(meant("unknown field `x`, expected `of` or `wrt`"), None);
        assert_eq!(meant("invalid type: string `of`, expected `off`"), None);
        assert_eq!(meant(""), None);
    }
}
