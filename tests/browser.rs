//! The report in a real browser: what it shows, and that it runs and loads nothing. Without Chromium the test says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)] // a test may

#[allow(dead_code)] // other tests use the rest
mod class;

use class::{Folder, PROBLEM, ROSTER, gradmark, ridge, stdout};
use std::io::Write;
use std::process::Command;

const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The first Chromium there is.
fn chromium() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|p| Command::new(p).arg("--version").output().is_ok_and(|o| o.status.success()));
    if found.is_none() {
        // Not by a macro, whose words the test's harness would keep to itself.
        let words = "skipped: there is no Chromium here; `apt-get install chromium` brings it";
        let _ = writeln!(std::io::stderr(), "{words}");
    }
    found
}

/// The page as the browser has it once it is loaded, after a script of ours has looked at it.
fn loaded(browser: &str, folder: &Folder, html: &str) -> String {
    // The page's own policy forbids scripts, ours too: it is asked from a frame around it.
    let page = folder.write("page.html", &html.replace("default-src 'none'; style-src 'unsafe-inline'", "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-probe'")
        .replace("</body>", "<script nonce=\"probe\">\
            const m = [...document.querySelectorAll('.formula math')];\
            const boxes = m.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect());\
            document.documentElement.dataset.seen = JSON.stringify({\
                title: document.title, math: m.length,\
                drawn: boxes.filter(b => b.width > 20 && b.height > 8).length, visible: boxes.length,\
                first: [...document.querySelectorAll('.claim.first .verdict')].map(e => e.textContent),\
                charts: document.querySelectorAll('svg[role=img][aria-label]').length,\
                scripts: document.querySelectorAll('script:not([nonce])').length,\
                images: document.querySelectorAll('img,iframe,object,embed,link').length,\
                handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,\
                wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,\
                text: document.body.textContent});</script></body>"));
    let profile = folder.path("profile");
    let output = Command::new(browser)
        .args(FLAGS)
        .args([&format!("--user-data-dir={profile}"), "--window-size=400,900", "--dump-dom", &format!("file://{page}")])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn seen(dom: &str) -> serde_json::Value {
    let start =
        dom.find("data-seen=\"").unwrap_or_else(|| panic!("the page did not load: {dom}")) + "data-seen=\"".len();
    let end = dom[start..].find('"').unwrap() + start;
    let json = dom[start..end]
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}: {json}"))
}

#[test]
fn the_report_shows_a_class() {
    let Some(browser) = chromium() else { return };
    let folder = Folder::new();
    let html =
        stdout(&ridge(&["--format", "html"])).replace("<details class=\"student\"", "<details open class=\"student\"");
    let seen = seen(&loaded(browser, &folder, &html));
    assert_eq!(seen["title"], "Ridge regression and a linear autoencoder");
    assert!(seen["math"].as_u64().unwrap() >= 8, "{seen}");
    assert_eq!(seen["drawn"], seen["visible"], "every formula is drawn: {seen}");
    assert_eq!(seen["first"].as_array().unwrap().len(), 3, "{seen}");
    assert!(seen["first"][0].as_str().unwrap().contains("the first wrong step"), "{seen}");
    assert_eq!(seen["charts"], 3);
    assert_eq!(
        (seen["scripts"].as_u64(), seen["images"].as_u64(), seen["handlers"].as_u64()),
        (Some(0), Some(0), Some(0))
    );
    assert_eq!(seen["wide"], false, "it can be read on a phone");
    let text = seen["text"].as_str().unwrap();
    for words in
        ["Nowak, Anna", "need a person", "Frequent mistakes", "=cmd|' /C calc'!A0", "15 of 15", "no submission"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn a_hostile_submission_is_only_text() {
    let Some(browser) = chromium() else { return };
    let folder = Folder::new();
    let file = folder.write("class/<b>x.md", "## Problem 1\n$\\nabla_w E = \\text{<script>document.title='owned'</script>} + w$\n\n\
        $\\nabla_w E = \\href{javascript:document.title='owned'}{w} + <img src=x onerror=\"document.title='owned'\">$\n");
    let output = gradmark(&["grade", PROBLEM, &file, "--roster", ROSTER, "--format", "html"]);
    let seen = seen(&loaded(browser, &folder, &stdout(&output)));
    assert_eq!(seen["title"], "Ridge regression and a linear autoencoder");
    assert_eq!(
        (seen["scripts"].as_u64(), seen["images"].as_u64(), seen["handlers"].as_u64()),
        (Some(0), Some(0), Some(0))
    );
    assert!(seen["text"].as_str().unwrap().contains("<b>x"), "{seen}");
}
