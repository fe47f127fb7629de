#!/usr/bin/env python3
"""Opens pages of `cargo lab report` and `cargo lab similar` in a real browser and checks them.

    scripts/check_class_pages.py

The tests of class-report make a class of 300, with a student whose texts are markup. It needs chromium
and chromedriver. axe-core, the accessibility checker, comes from npm into target/checkers. Pages go to
target/class-pages, with a screenshot of each view.
"""

import subprocess
import sys

from browser.checks import ROOT, check_all
from browser.driver import ARROW_DOWN, ARROW_RIGHT, Browser

PAGES = ROOT / "target/class-pages"
WRITER = "class_page::pages_of_a_class_of_300_are_written"


def make_pages():
    """The class page, and the feedback for the hostile student and for another."""
    command = ["cargo", "test", "--quiet", "--package", "class-report", "--test", "report", "--", "--ignored", WRITER]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    hostile = next(page for page in PAGES.glob("feedback/*.html") if not page.stem.startswith("s"))
    return PAGES / "class-01.html", [hostile, PAGES / "feedback/s000.html"]


# Two answers that are equal except for names, with a comment that is markup.
ANSWER = """
pub fn echo(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 512];
    // </pre><script>alert(1)</script>
    while let Ok(count) = stream.read(&mut buffer) {
        if count == 0 { return Ok(()); }
        stream.write_all(&buffer[..count])?;
    }
    Err(io::Error::other("the stream is broken"))
}
"""


def make_similar():
    """The page with all pairs, and that of one pair."""
    for name, text in [("<img src=x>", ANSWER), ("ben", ANSWER.replace("buffer", "memory"))]:
        source = PAGES / "submissions" / name / "src/echo.rs"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
    out = PAGES / "similar"
    command = ["cargo", "lab", "similar", PAGES / "submissions", "--lab", "01", "--out", out]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return [out / "index.html", out / "pair-001.html"]


def keyboard(browser):
    """Sorting, finding and moving by the keyboard alone."""
    return sorting(browser) + finding(browser) + moving(browser)


def sorting(browser):
    points = "return [...table.tBodies[0].rows].map(row => Number(row.cells[1].dataset.sort || -2))"
    for wanted in ("ascending", "descending"):
        browser.run("heads[1].querySelector('button').focus()")
        browser.press(" ")
        state = browser.run("return heads[1].getAttribute('aria-sort')")
        found = browser.run(points)
        if state != wanted or found != sorted(found, reverse=wanted == "descending"):
            return [f"the rows are not {wanted}: {state}, {found[:10]}"]
    return []


def finding(browser):
    browser.run("filter.focus()")
    for key in "student 12":
        browser.press(key)
    shown = browser.run("return [...body.rows].filter(row => !row.hidden).length")
    status = browser.run("return shown.textContent")
    browser.run("filter.value = ''; filter.dispatchEvent(new Event('input'))")
    # Student 12 and 120 to 129. Number 207 and some more were not judged, and have no name.
    wanted = 11
    return [] if (shown, status) == (wanted, f"{wanted} of 300") else [f"{shown} rows are shown, and {status!r}"]


def moving(browser):
    at = "const cell = document.activeElement.closest('td, th'); return [cell?.parentElement.rowIndex, cell?.cellIndex]"
    browser.run("sort(0); body.rows[0].cells[0].querySelector('a').focus()")
    before = browser.run(at)
    browser.press(ARROW_DOWN)
    below = browser.run(at)
    row = browser.run("return [...body.rows].findIndex(row => row.querySelector('td a'))")
    browser.run("body.rows[arguments[0]].cells[0].querySelector('a').focus()", row)
    browser.press(ARROW_RIGHT)
    beside = browser.run(at)
    faults = [] if (before, below) == ([1, 0], [2, 0]) else [f"from {before} the key leads to {below}"]
    return faults if beside[1] and beside[0] == row + 1 else [*faults, f"from row {row + 1} the key leads to {beside}"]


def links(browser, page):
    """Each link leads to a file, and its fragment to an element."""
    browser.open(page, 1280, 900, "light")
    faults = []
    targets = browser.run("return [...document.querySelectorAll('a')].map(link => link.getAttribute('href'))")
    ids = {}
    for target in set(targets):
        name, _, fragment = target.partition("#")
        text = ids.setdefault(name, (page.parent / name).read_text())
        if fragment and f'id="{fragment}"' not in text:
            faults.append(f"{name} has no {fragment}")
    return faults if targets else ["there are no links"]


def main():
    page, others = make_pages()
    others += make_similar()
    with Browser() as browser:
        faults = links(browser, page)
        for fault in faults:
            print(fault)
        count = check_all(browser, [page], keyboard) + check_all(browser, others, lambda _: [])
    return 1 if faults or count else 0


if __name__ == "__main__":
    sys.exit(main())
