//! From a sheet and the rubrics to marks: each made of items that say why and name the lines they came from.

use super::file::StudentDecisions;
use super::sheet::{Outcome, Sheet, Step};
use super::{decimal, sum};
use crate::grade::ClaimVerdict;
use crate::number::Rational;
use crate::problem::{Question, Rubric};

/// A part of a mark.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// The final answer.
    Answer,
    /// The steps.
    Method,
    /// What is added to reach the floor.
    Floor,
    /// What a person added or took.
    Person,
}

impl Part {
    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Method => "method",
            Self::Floor => "floor",
            Self::Person => "person",
        }
    }
}

/// One item of a mark.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Of which part.
    pub part: Part,
    /// What is given.
    pub points: Rational,
    /// Of how much.
    pub of: Rational,
    /// Why.
    pub why: String,
    /// The lines it came from.
    pub lines: Vec<u32>,
}

/// Points that a person has to decide on.
#[derive(Clone, PartialEq, Debug)]
pub struct Unsettled {
    /// How many.
    pub points: Rational,
    /// Why they are open.
    pub why: String,
    /// The lines that have to be looked at.
    pub lines: Vec<u32>,
}

/// What a question is given.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// The question.
    pub id: String,
    /// What it gives at most.
    pub points: Rational,
    /// What it is given: the sum of the items.
    pub awarded: Rational,
    /// What the program gives.
    pub computed: Rational,
    /// The items.
    pub items: Vec<Item>,
    /// What is open.
    pub unsettled: Vec<Unsettled>,
    /// Whether a person set the mark.
    pub by_person: bool,
    /// What a person says to the student.
    pub comment: Option<String>,
}

impl Mark {
    /// Whether a person has to look before this counts.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        !self.unsettled.is_empty() && !self.by_person
    }

    /// What a person has to look at.
    #[must_use]
    pub fn reason(&self) -> String {
        let reasons: Vec<&str> = self.unsettled.iter().map(|u| u.why.as_str()).collect();
        format!("question {}: {}", self.id, reasons.join("; "))
    }

    /// The points that are open.
    #[must_use]
    pub fn open(&self) -> Rational {
        if !self.is_provisional() {
            return Rational::ZERO;
        }
        // What lifts the mark to the floor is not given once more when the rest is decided.
        let lifted = sum(self.items.iter().filter(|i| i.part == Part::Floor).map(|i| &i.points));
        let left = sum(self.unsettled.iter().map(|u| &u.points));
        (&left - &lifted).min(&self.points - &self.awarded).max(Rational::ZERO)
    }

    /// The lines it came from.
    #[must_use]
    pub fn lines(&self) -> Vec<u32> {
        let of_items = self.items.iter().flat_map(|i| &i.lines);
        let mut lines: Vec<u32> = of_items.chain(self.unsettled.iter().flat_map(|u| &u.lines)).copied().collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// The marks of a sheet, in the order of the questions.
#[must_use]
pub fn marks(sheet: &Sheet, questions: &[&Question], decisions: &StudentDecisions) -> Vec<Mark> {
    questions
        .iter()
        .zip(&sheet.questions)
        .map(|(question, outcome)| {
            let mut mark = computed(sheet, outcome, &question.rubric);
            if let Some(d) = decisions.questions.iter().find(|d| d.id == outcome.id) {
                mark.comment.clone_from(&d.comment);
                if let Some(points) = &d.points {
                    let more = points - &mark.awarded;
                    let why = format!("set to {} by a person", decimal(points));
                    mark.items.push(Item {
                        part: Part::Person,
                        points: more.clone(),
                        of: more,
                        why,
                        lines: Vec::new(),
                    });
                    mark.awarded = points.clone();
                    mark.by_person = true;
                }
            }
            mark
        })
        .collect()
}

/// What the rubric gives.
fn computed(sheet: &Sheet, outcome: &Outcome, rubric: &Rubric) -> Mark {
    let mut mark = Mark {
        id: outcome.id.clone(),
        points: rubric.points.clone(),
        awarded: Rational::ZERO,
        computed: Rational::ZERO,
        items: Vec::new(),
        unsettled: Vec::new(),
        by_person: false,
        comment: None,
    };
    let mut steps: Vec<&Step> = sheet.steps(outcome).into_iter().filter(|s| !s.aside).collect();
    steps.sort_by_key(|s| s.n);
    answer(&mut mark, sheet, outcome, &steps, rubric);
    if !rubric.method.is_zero() {
        method(&mut mark, sheet, outcome, &steps, rubric);
    }
    let given = sum(mark.items.iter().map(|i| &i.points));
    if outcome.verdict.is_some() && given < rubric.floor {
        let why = format!("no answer is given less than {}", decimal(&rubric.floor));
        let points = &rubric.floor - &given;
        mark.items.push(Item { part: Part::Floor, of: points.clone(), points, why, lines: Vec::new() });
    }
    mark.awarded = sum(mark.items.iter().map(|i| &i.points));
    mark.computed = mark.awarded.clone();
    mark
}

/// Points for a wrong answer, and why.
type Credit = (Rational, String, Vec<u32>);

fn answer(mark: &mut Mark, sheet: &Sheet, outcome: &Outcome, steps: &[&Step], rubric: &Rubric) {
    let claim = outcome.answer.and_then(|n| sheet.claim(n));
    let lines: Vec<u32> = claim.map(|c| c.line).into_iter().collect();
    let of = rubric.answer.clone();
    let mut give = |points: Rational, why: String, lines: Vec<u32>| {
        mark.items.push(Item { part: Part::Answer, points, of: of.clone(), why, lines });
    };
    let mut open = None;
    match outcome.verdict {
        Some(ClaimVerdict::Correct | ClaimVerdict::Definition) => {
            give(rubric.answer.clone(), "the final answer is right".to_owned(), lines);
        }
        Some(ClaimVerdict::Incorrect | ClaimVerdict::Carried) => {
            let (points, why, lines) = wrong_answer(sheet, outcome, claim, steps, rubric, lines);
            give(points.clone(), why, lines);
            mark.unsettled.extend(wrong_but_open(sheet, outcome, claim, steps, rubric, &points));
        }
        Some(ClaimVerdict::Unreadable) => open = Some("the final answer could not be read"),
        Some(ClaimVerdict::Undecided) => open = Some("whether the final answer is right could not be decided"),
        None => open = Some("no final answer was found"),
    }
    if let Some(why) = open {
        let lines: Vec<u32> = claim.map(|c| c.line).into_iter().collect();
        give(Rational::ZERO, why.to_owned(), lines.clone());
        mark.unsettled.push(Unsettled { points: rubric.answer.clone(), why: why.to_owned(), lines });
    }
}

/// The most generous of the rules that apply to a wrong answer.
fn wrong_answer(
    sheet: &Sheet,
    outcome: &Outcome,
    claim: Option<&Step>,
    steps: &[&Step],
    rubric: &Rubric,
    lines: Vec<u32>,
) -> Credit {
    let carried =
        claim.is_some_and(|c| c.verdict == ClaimVerdict::Carried) || outcome.verdict == Some(ClaimVerdict::Carried);
    let mistaken = if carried { outcome.first_wrong.and_then(|n| sheet.claim(n)) } else { claim };
    let kinds: Vec<&str> = mistaken.map(|c| c.diagnosis.iter().map(|d| d.kind.as_str()).collect()).unwrap_or_default();
    let mut from: Vec<u32> = lines.iter().copied().chain(mistaken.map(|c| c.line)).collect();
    from.sort_unstable();
    from.dedup();
    let named = |k: &str| k.replace('_', " ");
    let first = kinds.first().map_or_else(String::new, |k| format!(": {}", named(k)));
    let mut credits: Vec<Credit> = vec![if carried {
        (Rational::ZERO, format!("the final answer follows from an earlier mistake{first}"), from.clone())
    } else {
        (Rational::ZERO, format!("the final answer is wrong{first}"), from.clone())
    }];
    // Several kinds are explanations of one mistake; the mildest counts.
    let deduction = rubric.deduct.iter().filter(|d| kinds.contains(&d.0.as_str())).min_by(|a, b| a.1.cmp(&b.1));
    let by_rule = carried.then_some(rubric.carried.as_ref()).flatten();
    if let Some(points) = by_rule {
        let why = format!("the final answer follows from an earlier mistake{first}");
        credits.push((points.clone(), why, from.clone()));
    } else if let Some((kind, loss)) = deduction {
        let points = (&rubric.answer - loss).max(Rational::ZERO);
        let what =
            if carried { "the final answer follows from an earlier mistake" } else { "the final answer is wrong" };
        credits.push((points, format!("{what}: {} costs {}", named(kind), decimal(loss)), from.clone()));
    }
    if kinds.contains(&"layout") && !rubric.other_layout.is_zero() {
        let why = "the final answer is right in the other layout".to_owned();
        credits.push((rubric.other_layout.clone(), why, from.clone()));
    }
    let judged = || steps.iter().filter(|s| s.verdict != ClaimVerdict::Definition);
    if !rubric.last_step.is_zero() && judged().next().is_some() && judged().all(|s| s.verdict == ClaimVerdict::Correct)
    {
        let why = "every step before the final answer is right".to_owned();
        let lines = judged().map(|s| s.line).chain(lines).collect();
        credits.push((rubric.last_step.clone(), why, lines));
    }
    let mut best = credits.remove(0);
    for credit in credits {
        if credit.0 > best.0 || (best.0.is_zero() && credit.0.is_zero()) {
            best = credit;
        }
    }
    best.0 = best.0.rounded_to(&rubric.round).min(rubric.answer.clone());
    best
}

/// What a wrong answer might still be given, once a person has looked at a step that could not be read or decided, or
/// after a person said that the mistake it follows from is none.
fn wrong_but_open(
    sheet: &Sheet,
    outcome: &Outcome,
    claim: Option<&Step>,
    steps: &[&Step],
    rubric: &Rubric,
    given: &Rational,
) -> Option<Unsettled> {
    let is_carried = outcome.verdict == Some(ClaimVerdict::Carried);
    let is_decided = claim.is_some_and(|c| c.computed.is_some());
    if is_carried && outcome.first_wrong.is_none() && !is_decided && sheet.claims.iter().any(|c| c.computed.is_some()) {
        let why = "what the final answer follows from is no mistake any more".to_owned();
        let lines = claim.map(|c| c.line).into_iter().collect();
        return Some(Unsettled { points: &rubric.answer - given, why, lines });
    }
    let is_open = |s: &&&Step| matches!(s.verdict, ClaimVerdict::Unreadable | ClaimVerdict::Undecided);
    let before = |s: &&&Step| claim.is_none_or(|c| s.n < c.n);
    let open: Vec<u32> = steps.iter().filter(before).filter(is_open).map(|s| s.line).collect();
    if open.is_empty() || is_decided {
        return None;
    }
    let is_sound = |s: &&Step| matches!(s.verdict, ClaimVerdict::Correct | ClaimVerdict::Definition) || is_open(&s);
    let by_steps = Some(&rubric.last_step).filter(|_| steps.iter().all(is_sound));
    let by_mistake = rubric.carried.as_ref().filter(|_| !is_carried);
    let most = by_steps.into_iter().chain(by_mistake).max()?;
    let why = "the answer is wrong after steps that could not be read or decided".to_owned();
    (most > given).then(|| Unsettled { points: most - given, why, lines: open })
}

/// Each right step, or one that follows from an earlier mistake, earns its share.
fn method(mark: &mut Mark, sheet: &Sheet, outcome: &Outcome, steps: &[&Step], rubric: &Rubric) {
    let with = |verdicts: &[ClaimVerdict]| -> Vec<u32> {
        steps.iter().filter(|s| verdicts.contains(&s.verdict)).map(|s| s.line).collect()
    };
    let right = with(&[ClaimVerdict::Correct, ClaimVerdict::Carried]);
    let wrong = with(&[ClaimVerdict::Incorrect]);
    let open = with(&[ClaimVerdict::Unreadable, ClaimVerdict::Undecided]);
    let all = right.len() + wrong.len() + open.len();
    let needed = rubric.steps.map_or(all, |n| n as usize);
    let share = |n: usize| {
        let (n, needed) = (i64::try_from(n.min(needed)).unwrap_or(0), i64::try_from(needed).unwrap_or(1));
        let part = Rational::new(n, needed).unwrap_or(Rational::ZERO);
        (&rubric.method * &part).rounded_to(&rubric.round).min(rubric.method.clone())
    };
    let earned = share(right.len());
    let why = if all == 0 {
        "no steps are shown".to_owned()
    } else if rubric.steps.is_some() {
        format!("{} right steps of {needed} that are asked for", right.len())
    } else {
        format!("{} of {all} steps are right", right.len())
    };
    let mut lines: Vec<u32> = right.iter().chain(&wrong).copied().collect();
    lines.sort_unstable();
    let possible = share(right.len() + open.len());
    mark.items.push(Item { part: Part::Method, points: earned.clone(), of: rubric.method.clone(), why, lines });
    if possible > earned {
        let why = "steps that could not be read or decided".to_owned();
        mark.unsettled.push(Unsettled { points: &possible - &earned, why, lines: open });
        return;
    }
    // Where a number of steps is asked for, more of them earn nothing.
    let unread = sheet.unread_of(outcome);
    let counts = rubric.steps.is_none() || all < needed;
    if earned < rubric.method && counts && !unread.is_empty() {
        let why = "steps may stand in what was not read".to_owned();
        mark.unsettled.push(Unsettled { points: &rubric.method - &earned, why, lines: unread });
    }
}
