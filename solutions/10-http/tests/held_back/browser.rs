//! A real browser loads a page with a style and a picture.

use super::site::{Site, text};
use super::tools::{printed, run};
use testkit::subject;

/// When all is loaded, the page says what it looks like.
const PAGE: &str = r#"<!doctype html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="style.css"><link rel="icon" href="data:,"></head>
<body><p id="text">caf&eacute;</p><img id="picture" src="/pictures/dot%20red.png">
<script>addEventListener("load", () => {
  let style = getComputedStyle(document.getElementById("text")).color;
  let width = document.getElementById("picture").naturalWidth;
  document.title = "color " + style + " width " + width;
});</script></body></html>
"#;

/// A picture of one red pixel.
const PICTURE: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82";

#[test]
fn a_browser_shows_style_and_picture() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("page/index.html", PAGE.as_bytes());
    site.add("page/style.css", b"#text { color: rgb(1, 2, 3); }");
    site.add("pictures/dot red.png", PICTURE);
    let server = site.serve(&lab, &[]);
    let profile = lab.folder();
    let profile = format!("--user-data-dir={}", text(profile.path()));
    let url = format!("http://{}/page", server.address());
    let arguments = [
        "90",
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        &profile,
        "--virtual-time-budget=10000",
        "--dump-dom",
        &url,
    ];
    for (program, option) in [("chromium", "--version"), ("timeout", "--version")] {
        if run(&lab, program, &[option]).is_none() {
            return;
        }
    }
    let Some(page) = printed(&lab, "timeout", &arguments) else { return };
    server.check(
        page.contains("color rgb(1, 2, 3) width 1"),
        &format!("The browser shows {page}"),
        "style-and-picture",
        "Look at the log of the server: which files did the browser ask for, and which codes did it get?",
    );
}
