//! `\hat w = \arg\min_w L(w)`: the place of an extremum. What is claimed is only what is made extreme, and what follows
//! in the chain is about that.

use super::labels::group;
use super::result::ClaimVerdict;
use super::side::Hint;
use super::walk::{Side, Walk};

/// Where the body begins of a side that is the extremum of something, or its place: `\arg\min_w`, `\max_{\theta}`,
/// `\operatorname{argmin}`. `\max(0, x)` without anything below is no extremum.
pub(super) fn extremum(text: &str) -> Option<usize> {
    let mut at = skip(text, 0);
    let mut word = String::new();
    let mut below = false;
    if text[at..].starts_with("\\underset") {
        let under = group(text, at + "\\underset".len())?;
        let over = group(text, under.1 + 1)?;
        word.extend(text[over.0..over.1].chars().filter(char::is_ascii_alphabetic));
        at = over.1 + 1;
        below = true;
    } else {
        loop {
            let rest = &text[at..];
            let wrapped = ["\\operatorname*", "\\operatorname", "\\mathop", "\\mathrm", "\\text", "\\textrm"];
            if let Some(w) =
                wrapped.iter().find(|w| rest.starts_with(**w) && rest[w.len()..].trim_start().starts_with('{'))
            {
                let inside = group(text, at + w.len())?;
                word.extend(text[inside.0..inside.1].chars().filter(char::is_ascii_alphabetic));
                at = skip(text, inside.1 + 1);
            } else if let Some(w) =
                ["\\argmin", "\\argmax", "\\arg", "\\min", "\\max", "argmin", "argmax", "arg min", "arg max"]
                    .iter()
                    .find(|w| rest.starts_with(**w))
            {
                word.extend(w.chars().filter(char::is_ascii_alphabetic));
                at = skip(text, at + w.len());
            } else {
                break;
            }
            if word.ends_with("min") || word.ends_with("max") {
                break;
            }
        }
    }
    // The commands around the words (`\arg\,\min`, `\mathop{\arg\min}`) leave nothing else.
    let place = matches!(word.trim_start_matches("operatorname"), "argmin" | "argmax");
    let value = matches!(word.as_str(), "min" | "max");
    if !place && !value {
        return None;
    }
    if let Some(rest) = text[at..].strip_prefix("\\limits") {
        at = skip(text, text.len() - rest.len());
    }
    if text[at..].starts_with('_') {
        below = true;
        at = match group(text, at + 1) {
            Some(inside) => inside.1 + 1,
            None => {
                let sign = text[at + 1..].trim_start();
                let from = text.len() - sign.len();
                let command =
                    sign.strip_prefix('\\').map(|c| 1 + c.find(|l: char| !l.is_ascii_alphabetic()).unwrap_or(c.len()));
                from + command.or_else(|| sign.chars().next().map(char::len_utf8))?
            }
        };
    }
    (place || below).then_some(at).filter(|at| !text[*at..].trim().is_empty())
}

fn skip(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        let space = rest.len() - rest.trim_start().len();
        let thin = ["\\,", "\\!", "\\;", "\\:", "\\ "].iter().find(|t| rest[space..].starts_with(**t));
        at += space + thin.map_or(0, |t| t.len());
        if space == 0 && thin.is_none() {
            return at;
        }
    }
}

impl Walk<'_> {
    /// Lists or records a link whose right side is an extremum; the rest of the chain is about what is made extreme.
    pub(super) fn extreme(&mut self, c: usize, i: usize, at: usize, head: &mut Option<Side>) {
        let piece = &self.document.chains[c].pieces[i];
        let body = piece.text[at..].to_owned();
        let syntax = super::define::notation(piece, super::define::is_plain(&self.document.chains[c]));
        let Ok((tree, readings)) = self.session.side(&body, syntax, &Hint::default()) else {
            return self.not_judged(c, i, "the place of an extremum");
        };
        let objective = self.session.objective.map(|q| self.session.scope.quantity(q).name.clone());
        let equal = objective.is_some_and(|name| {
            let known = self.session.readings(&super::occurrence::symbol(&name), &Hint::default()).0;
            self.session.compare(&known, &readings, ["", &body]).equal == Some(true)
        });
        if equal {
            let meaning = "the place of an extremum of the objective".to_owned();
            self.claim(c, i, ClaimVerdict::Definition, meaning, Vec::new(), Vec::new());
        } else {
            self.not_judged(c, i, "the place of an extremum");
        }
        *head = Some(Side { tree: Some(tree), readings });
    }
}

#[cfg(test)]
mod tests {
    use super::extremum;

    #[track_caller]
    fn check(text: &str, body: Option<&str>) {
        assert_eq!(extremum(text).map(|at| text[at..].trim()), body, "{text}");
    }

    #[test]
    fn bodies_of_extrema() {
        check(r"\arg\min_w \|Xw - y\|^2", Some(r"\|Xw - y\|^2"));
        check(r"\operatorname{argmin}(L)", Some("(L)"));
        check(r"\operatorname*{arg\,min}_{w \in R^d} L", Some("L"));
        check(r"\underset{\theta}{\arg\max}\ \ell(\theta)", Some(r"\ \ell(\theta)"));
        check(r"\max_\theta \ell", Some(r"\ell"));
        check("argmin_w L(w)", Some("L(w)"));
        check(r"\max(0, 1 - z)", None);
        check(r"\min \{a, b\}", None);
        check(r"\arg z", None);
        check(r"\arg\min_w", None);
    }
}
