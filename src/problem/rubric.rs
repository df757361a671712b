//! How a question's points are split, as written in a problem file and as exact numbers.

use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span, nearest};
use indexmap::IndexMap;
use serde::Deserialize;

/// The kinds of mistakes that a deduction may be stated for.
pub const MISTAKE_KINDS: &[&str] = &[
    "sign",
    "factor",
    "transpose",
    "order",
    "dropped_term",
    "extra_term",
    "missing_path",
    "chain_rule",
    "wrong_symbol",
    "index",
    "elementwise",
    "inverse",
    "layout",
    "assumption",
    "shape",
    "other",
];

/// Most decimals of a number of points.
const DECIMALS: usize = 6;

/// Points as written: a number, a decimal in quotes, or a share of the question's points such as `"40%"`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// A whole number.
    Whole(i64),
    /// A number with decimals.
    Number(f64),
    /// A decimal or a percentage in quotes.
    Text(String),
}

/// A rubric as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RubricText {
    /// Points of the final answer.
    pub answer: Option<Amount>,
    /// Points of the steps.
    pub method: Option<Amount>,
    /// How many right steps earn all points of the method.
    pub steps: Option<u32>,
    /// What a wrong answer loses, by the kind of its mistake.
    pub deduct: IndexMap<String, Amount>,
    /// What an answer is given that follows from an earlier mistake.
    pub carried: Option<Amount>,
    /// What an answer is given that is right in the other layout.
    pub other_layout: Option<Amount>,
    /// What a wrong answer is given whose steps are all right.
    pub last_step: Option<Amount>,
    /// The least that a question with an answer gives.
    pub floor: Option<Amount>,
    /// What points are rounded to.
    pub round: Option<Amount>,
}

/// A rubric in exact points.
#[derive(Clone, PartialEq, Debug)]
pub struct Rubric {
    /// What the question gives at most.
    pub points: Rational,
    /// What a right final answer gives.
    pub answer: Rational,
    /// What the steps give.
    pub method: Rational,
    /// How many right steps earn all of `method`; as many as there are, where it is not said.
    pub steps: Option<u32>,
    /// What a wrong answer loses, by the kind of its mistake; all of it for a kind that is not listed.
    pub deduct: Vec<(String, Rational)>,
    /// What an answer is given that follows from an earlier mistake; otherwise that mistake is deducted.
    pub carried: Option<Rational>,
    /// What an answer is given that is right in the other layout.
    pub other_layout: Rational,
    /// What a wrong answer is given whose steps are all right.
    pub last_step: Rational,
    /// The least that a question with an answer gives.
    pub floor: Rational,
    /// What points are rounded to.
    pub round: Rational,
}

impl Rubric {
    /// All points for the final answer.
    #[must_use]
    pub fn plain(points: Rational) -> Self {
        Self {
            answer: points.clone(),
            points,
            method: Rational::ZERO,
            steps: None,
            deduct: Vec::new(),
            carried: None,
            other_layout: Rational::ZERO,
            last_step: Rational::ZERO,
            floor: Rational::ZERO,
            round: Rational::new(1, 100).unwrap_or(Rational::ONE),
        }
    }

    /// Whether this says more than that all points are for the final answer.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self { round: self.round.clone(), ..Self::plain(self.points.clone()) }
    }
}

/// The most points of one question.
pub(super) const MOST_POINTS: f64 = 1e6;

/// A number of points, exactly as it is written.
#[must_use]
pub fn exact_points(points: f64) -> Option<Rational> {
    // The shortest decimal that reads as the same number is what was written.
    Rational::parse_decimal(&points.to_string())
}

/// The rubric of a question of so many points.
///
/// # Errors
/// Points that cannot be read, that are more than the question has, or whose parts do not add up; unknown kinds.
pub fn rubric(text: Option<&RubricText>, points: f64) -> Result<Rubric, Diagnostic> {
    let points = exact_points(points).ok_or_else(|| bad("the points are no number of at least 0".to_owned()))?;
    let mut rubric = Rubric::plain(points.clone());
    let Some(text) = text else { return Ok(rubric) };
    let read = |key: &str, amount: &Option<Amount>| amount.as_ref().map(|a| resolve(key, a, &points)).transpose();
    let (answer, method) = (read("answer", &text.answer)?, read("method", &text.method)?);
    (rubric.answer, rubric.method) = match (answer, method) {
        (None, None) => (points.clone(), Rational::ZERO),
        (Some(a), None) => (a.clone(), &points - &a),
        (None, Some(m)) => (&points - &m, m),
        (Some(a), Some(m)) => (a, m),
    };
    if &rubric.answer + &rubric.method != points {
        let sum = &rubric.answer + &rubric.method;
        return Err(bad(format!("`answer` and `method` add up to {} of {} points", shown(&sum), shown(&points))));
    }
    if text.steps == Some(0) {
        return Err(bad("`steps` has to be at least 1".to_owned()));
    }
    rubric.steps = text.steps;
    for (kind, amount) in &text.deduct {
        if !MISTAKE_KINDS.contains(&kind.as_str()) {
            let message = format!("`deduct` names {kind:?}, which is no kind of mistake");
            let kinds = format!("the kinds are {}", MISTAKE_KINDS.join(", "));
            let hint = nearest(kind, MISTAKE_KINDS.iter().copied()).map(|n| format!("did you mean `{n}`?"));
            return Err(bad(message).hint(hint.unwrap_or(kinds)));
        }
        rubric.deduct.push((kind.clone(), resolve(kind, amount, &points)?));
    }
    rubric.carried = read("carried", &text.carried)?;
    rubric.other_layout = read("other_layout", &text.other_layout)?.unwrap_or(Rational::ZERO);
    rubric.last_step = read("last_step", &text.last_step)?.unwrap_or(Rational::ZERO);
    rubric.floor = read("floor", &text.floor)?.unwrap_or(Rational::ZERO);
    for (key, part) in [
        ("carried", rubric.carried.as_ref()),
        ("other_layout", Some(&rubric.other_layout)),
        ("last_step", Some(&rubric.last_step)),
    ] {
        if part.is_some_and(|p| *p > rubric.answer) {
            return Err(bad(format!("`{key}` is more than the {} points of the answer", shown(&rubric.answer))));
        }
    }
    if let Some(unit) = read("round", &text.round)? {
        if unit.is_zero() {
            return Err(bad("`round` has to be more than 0".to_owned()));
        }
        rubric.round = unit;
    }
    Ok(rubric)
}

fn bad(message: String) -> Diagnostic {
    Diagnostic::new(Code::BAD_PROBLEM, Span::default(), format!("rubric: {message}"))
        .hint("see docs/marks.md for the keys")
}

/// Points as a decimal.
fn shown(points: &Rational) -> String {
    points.to_decimal().unwrap_or_else(|| points.to_string())
}

fn resolve(key: &str, amount: &Amount, points: &Rational) -> Result<Rational, Diagnostic> {
    let unread = || {
        bad(format!("`{key}` is no number of points"))
            .hint("write a number of at least 0, \"2.5\", or a share such as \"40%\"")
    };
    let value = match amount {
        Amount::Whole(n) => Rational::from(*n),
        Amount::Number(x) => exact_points(*x).ok_or_else(unread)?,
        Amount::Text(t) => {
            let t = t.trim();
            let (number, share) = t.strip_suffix('%').map_or((t, false), |n| (n.trim(), true));
            let decimals = number.split_once('.').map_or(0, |(_, d)| d.len());
            let value = Rational::parse_decimal(number).filter(|_| decimals <= DECIMALS).ok_or_else(unread)?;
            let hundredth = Rational::new(1, 100).unwrap_or(Rational::ONE);
            if share { &(&value * &hundredth) * points } else { value }
        }
    };
    if value.is_negative() {
        return Err(unread());
    }
    if key != "round" && value > *points {
        return Err(bad(format!("`{key}` is {}, and the question has {} points", shown(&value), shown(points))));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str, points: f64) -> Result<Rubric, String> {
        let text: RubricText = toml::from_str(toml).map_err(|e| e.to_string())?;
        rubric(Some(&text), points).map_err(|d| d.message)
    }

    #[test]
    fn what_is_not_said_is_for_the_answer() {
        let r = read("method = \"40%\"\ndeduct = { sign = 0.1, factor = \"1.5\" }", 10.0).unwrap();
        assert_eq!((r.answer, r.method), (Rational::from(6), Rational::from(4)));
        assert_eq!(r.deduct[0].1, Rational::new(1, 10).unwrap());
        assert_eq!(r.deduct[1].1, Rational::new(3, 2).unwrap());
        assert!(read("", 7.25).unwrap().is_plain());
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        for (toml, message) in [
            ("answer = 6\nmethod = 5", "rubric: `answer` and `method` add up to 11 of 10 points"),
            ("deduct = { sing = 1 }", "rubric: `deduct` names \"sing\", which is no kind of mistake"),
            ("answer = 11", "rubric: `answer` is 11, and the question has 10 points"),
            ("floor = \"-1\"", "rubric: `floor` is no number of points"),
            ("round = 0", "rubric: `round` has to be more than 0"),
            ("carried = 8\nmethod = 4", "rubric: `carried` is more than the 6 points of the answer"),
            ("answer = \"1e3\"", "rubric: `answer` is no number of points"),
        ] {
            assert_eq!(read(toml, 10.0), Err(message.to_owned()), "{toml}");
        }
        assert!(read("deduct = { sign = nan }", 10.0).is_err());
        assert!(read("bonus = 1", 10.0).is_err());
    }
}
