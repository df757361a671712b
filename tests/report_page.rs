//! The report as a page that everybody can read: headings in order, names for what is drawn, tables with headers, and
//! colours that stand out, in light and in dark.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{ridge, stdout};

fn page() -> String {
    stdout(&ridge(&["--format", "html"]))
}

/// The tags of a page in order, without the slash of those that end an element.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter(|t| !t.starts_with('/')).map(|t| t.split('>').next().unwrap()).collect()
}

fn name(tag: &str) -> &str {
    tag.split([' ', '/']).next().unwrap()
}

fn attribute<'a>(tag: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {key}=\""))?;
    after.split('"').next()
}

#[test]
fn a_screen_reader_finds_its_way() {
    let html = page();
    let tags = tags(&html);
    let all = |n: &str| tags.iter().filter(|t| name(t) == n).collect::<Vec<_>>();
    assert_eq!(attribute(all("html")[0], "lang"), Some("en"));
    assert_eq!((all("main").len(), all("h1").len(), all("title").len()), (1, 1, 1));
    // No heading is more than one level below the one before it.
    let levels: Vec<u8> = tags
        .iter()
        .filter(|t| name(t).len() == 2 && name(t).starts_with('h') && name(t) != "hr")
        .map(|t| name(t)[1..].parse().unwrap())
        .collect();
    assert!(levels.len() > 10 && levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
    // What is drawn says in words what it shows, and its own text is not read once more in pieces.
    assert!(all("svg").len() >= 3);
    for svg in all("svg") {
        assert_eq!(attribute(svg, "role"), Some("img"));
        assert!(attribute(svg, "aria-label").is_some_and(|l| l.len() > 5), "{svg}");
    }
    assert!(all("th").iter().all(|t| ["col", "row"].contains(&attribute(t, "scope").unwrap_or_default())));
    // What can be scrolled can be reached by the keyboard, and has a name.
    let groups = tags.iter().filter(|t| attribute(t, "tabindex").is_some());
    for tag in groups {
        assert!(attribute(tag, "role").is_some() && attribute(tag, "aria-label").is_some(), "{tag}");
    }
    let ids: Vec<&str> = tags.iter().filter_map(|t| attribute(t, "id")).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "every name is given once");
    for link in all("a").iter().filter_map(|t| attribute(t, "href")) {
        assert!(link.strip_prefix('#').is_some_and(|l| ids.contains(&l)), "{link} leads nowhere");
    }
    for label in tags.iter().filter_map(|t| attribute(t, "aria-labelledby")) {
        assert!(ids.contains(&label), "{label}");
    }
}

/// Luminance by the Web Content Accessibility Guidelines.
fn luminance(colour: &str) -> f64 {
    let part = |i: usize| {
        let x = f64::from(u8::from_str_radix(&colour[i..i + 2], 16).unwrap()) / 255.0;
        if x <= 0.03928 { x / 12.92 } else { libm::pow((x + 0.055) / 1.055, 2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn words_stand_out_in_light_and_in_dark() {
    let html = page();
    let palettes: Vec<&str> = html.split(":root {").skip(1).map(|p| p.split('}').next().unwrap()).collect();
    for palette in &palettes[..2] {
        let colour = |key: &str| {
            let (_, after) = palette.split_once(&format!("--{key}: #")).unwrap_or_else(|| panic!("{key}: {palette}"));
            after[..6].to_owned()
        };
        for words in ["ink", "soft", "accent", "good", "bad", "open"] {
            for ground in ["paper", "panel", "bad-paper"] {
                let ratio = contrast(&colour(words), &colour(ground));
                assert!(ratio >= 4.5, "{words} on {ground}: {ratio:.2}");
            }
        }
        assert!(contrast(&colour("bar"), &colour("panel")) >= 3.0);
    }
    assert!(contrast("5b6570", "8a8a8a") < 4.5, "the measure can fail");
}

#[test]
fn charts_say_how_many_marks_there_are_of_each() {
    let html = page();
    // Two final marks of question 1: 2 of 5, and all; of question 2: 8 of 10, and all.
    assert!(
        html.contains(
            "aria-label=\"3 marks of at most 5 points, 3.83 on average: 1 with from 2 to less than 2.5, \
        1 with from 4.5 to less than 5, 1 with all 5 points\""
        ),
        "{html}"
    );
    assert!(html.contains("1 with from 8 to less than 9, 1 with all 10 points"), "{html}");
}
