#!/usr/bin/env python3
"""Opens pages of `cargo lab trace` in a real browser and checks them.

    scripts/check_trace_page.py [PAGE.html ...]

Without a page, it makes some: of model answers, and of a server that sends markup. It needs chromium
and chromedriver. axe-core, the accessibility checker, comes from npm into target/checkers. Pages go to
target/trace-pages, with a screenshot of each view.
"""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from browser.checks import ROOT, check_all
from browser.driver import ARROW_DOWN, Browser

PAGES = ROOT / "target/trace-pages"

# Lab, and a part of a test's name. The model answer is judged.
TESTS = [
    ("02", "new_clients_come_in"),
    ("03", "client_and_server_add_up_over_a_bad_line"),
    ("05", "lines_come_back"),
    ("06", "a_line_goes_to_all_others"),
]

# A server for lab 01 that tries to break out of the page, and its test.
HOSTILE = r"""
import socket
listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    client.recv(65536)
    client.sendall(b"</title></pre></script><script>alert(1)</script><img src=x onerror=alert(1)>'\"&\x00\x1b[31m]]>--><!--")
    client.close()
"""


def keyboard(browser):
    """Each message shows its bytes when it has the focus."""
    count = browser.run("return document.querySelectorAll('.row[data-row]').length")
    if count == 0:
        return ["there are no messages"]
    browser.run("document.querySelector('.row').focus()")
    faults, shown = [], 0
    for index in range(count):
        state = browser.run(
            "const row = document.activeElement;"
            "const bytes = messages[row.dataset.row]?.bytes;"
            "return [row.dataset.row, row.getAttribute('aria-label'), bytes,"
            " document.getElementById('row').textContent, document.getElementById('dump').textContent]"
        )
        _, label, sent, heading, dump = state
        if not label or heading != label:
            faults.append(f"the panel is about {heading!r}, and the focus is on {label!r}")
        if sent:
            shown += 1
            if dumped(dump) != base64.b64decode(sent):
                faults.append(f"other bytes than those of {label!r}: {dump!r}")
        browser.press(ARROW_DOWN)
    return faults or ([] if shown else ["no message shows bytes"])


def dumped(text):
    """The bytes of a hex dump."""
    lines = [line for line in text.splitlines() if not line.startswith("…")]
    return b"".join(bytes.fromhex(line[6:].split("  ")[0]) for line in lines)


def make_pages():
    """Traces some tests. Their results do not matter here."""
    PAGES.mkdir(parents=True, exist_ok=True)
    hostile = PAGES / "hostile.py"
    hostile.write_text(HOSTILE)
    # The command itself is tried with lab 01.
    labs = ["01", *(lab for lab, _ in TESTS)]
    packages = [word for lab in labs for word in ("--package", f"solution{lab}")]
    subprocess.run(["cargo", "build", "--quiet", *packages], cwd=ROOT, check=True)
    pages = []
    models = [(lab, test, f"target/debug/solution{lab}") for lab, test in TESTS]
    for lab, test, subject in [*models, ("01", "a_text_comes_back", f"python3 {hostile}")]:
        page = PAGES / f"{lab}-{test}.html"
        command = ["cargo", "run", "--quiet", "--package", "trace", "--", lab, test, "--html", page]
        environment = {**os.environ, "LAB_SUBJECT": subject}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode > 1:
            sys.exit(f"{' '.join(map(str, command))}:\n{done.stderr}")
        pages.append(page)
    return pages


def check_command():
    """The faults of the program itself."""
    opened = PAGES / "opened"
    browser = PAGES / "browser.sh"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}.new" && mv "{opened}.new" "{opened}"\n')
    browser.chmod(0o755)
    environment = {**os.environ, "LAB_SUBJECT": "target/debug/solution01", "BROWSER": str(browser)}

    def run(*words):
        command = ["cargo", "lab", "trace", "01", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    faults = []
    report = json.loads(run("a_text_comes_back", "--format", "json").stdout)["report"]
    if not report["trace"]["packets"]:
        faults.append("the JSON has no packets")
    unknown = run("no_such_test")
    if unknown.returncode != 2 or "has no test `no_such_test`: the nearest" not in unknown.stderr:
        faults.append(f"an unknown test: {unknown}")
    picture = PAGES / "picture.svg"
    run("a_text_comes_back", "--svg", str(picture.relative_to(ROOT)))
    ElementTree.parse(picture)
    opened.unlink(missing_ok=True)
    run("a_text_comes_back", "--open")
    deadline = time.monotonic() + 30
    while not opened.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if not opened.exists() or not Path(opened.read_text()).is_file():
        faults.append("the browser was given no page")
    return faults


def main(pages):
    pages = [Path(page).resolve() for page in pages or make_pages()]
    faults = check_command()
    for fault in faults:
        print(fault)
    with Browser() as browser:
        count = check_all(browser, pages, keyboard)
    return 1 if faults or count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
