#!/usr/bin/env python3
"""Opens pages of `cargo lab compare --html` in a real browser and checks them.

    scripts/check_compare_pages.py

The tests of compare make a page with all cases, and one without figures. One program has markup as its
name. It needs chromium and chromedriver. axe-core, the accessibility checker, comes from npm into
target/checkers. Pages go to target/compare-pages, with a screenshot of each view.
"""

import subprocess
import sys
import time

from browser.checks import ROOT, check_all
from browser.driver import ARROW_RIGHT, TAB, Browser

PAGES = ROOT / "target/compare-pages"
WRITER = "pages::pages_of_programs_that_answer_stall_and_fail_are_written"

# More than the widest table needs.
PRESSES = 100

# Seconds that chromium, which animates the scrolling, may take after the last key.
SCROLLING = 10


def make_pages():
    """A page with all cases, and one without figures."""
    command = ["cargo", "test", "--quiet", "--package", "compare", "--test", "compare", "--", "--ignored", WRITER]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return [PAGES / "full.html"], [PAGES / "empty.html"]


def keyboard(browser):
    """Tab leads to the table, and an arrow key shows its last column."""
    browser.press(TAB)
    if not browser.run("return document.activeElement.matches('.wide')"):
        return ["the table cannot be reached by Tab"]
    faults = [] if lines(browser) == [6, 7] else [f"the plots have {lines(browser)} lines"]
    reach = "const wide = document.activeElement; return wide.scrollWidth - wide.clientWidth - wide.scrollLeft"
    for _ in range(PRESSES):
        if browser.run(reach) < 1:
            break
        browser.press(ARROW_RIGHT)
    end = time.monotonic() + SCROLLING
    while (hidden := browser.run(reach)) >= 1:
        if time.monotonic() > end:
            return [f"the keys leave {hidden} pixels of the table hidden"]
    return faults + names_in_sight(browser)


def names_in_sight(browser):
    """When the last column is shown, the names of the rows are, too."""
    shown = browser.run(
        "const left = document.activeElement.getBoundingClientRect().left;"
        "return [...document.querySelectorAll('th[scope=row]')].every(name => name.getBoundingClientRect().left - left < 9)"
    )
    return [] if shown else ["a scrolled table does not show the names of its rows"]


def lines(browser):
    """How many programs each plot shows. One of them has no figures."""
    return browser.run(
        "return [...document.querySelectorAll('svg[role=img]')]"
        ".map(plot => [...plot.querySelectorAll('polyline')].filter(line => line.getBBox().width > 0).length)"
    )


def main():
    full, empty = make_pages()
    with Browser() as browser:
        count = check_all(browser, full, keyboard) + check_all(browser, empty, lambda _: [])
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
