#!/usr/bin/env python3
"""Opens pages of `cargo lab trace` in a real browser and checks them.

    scripts/check_trace_page.py [PAGE.html ...]

Without a page, it makes some: of model answers, and of a server that sends markup. It needs chromium and chromedriver. axe-core, the accessibility checker, comes from npm into
target/checkers. Pages and a screenshot of each view go to target/trace-pages.
"""

import base64
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
AXE = "axe-core@4.10.3"
CHECKERS = ROOT / "target/checkers/npm"
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

# The keys of WebDriver (https://www.w3.org/TR/webdriver2/#keyboard-actions).
ARROW_DOWN = "\ue015"

VIEWS = [(1280, 900, "light"), (1280, 900, "dark"), (360, 740, "light"), (360, 740, "dark")]


class Browser:
    """A headless chromium, by WebDriver over HTTP."""

    def __enter__(self):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        port = next(line for line in self.driver.stdout if "started successfully" in line)
        port = int("".join(sign for sign in port.rsplit("port", 1)[1] if sign.isdigit()))
        self.url = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        wanted = {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        created = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.url += f"/session/{created['sessionId']}"
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.kill()
            self.driver.wait()

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script):
        return self.call("POST", "/execute/async", {"script": script, "args": []})

    def chrome(self, command, **parameters):
        """A command of the Chrome DevTools Protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def press(self, key):
        pressed = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        keyboard = {"type": "key", "id": "keyboard", "actions": pressed}
        self.call("POST", "/actions", {"actions": [keyboard]})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def open(self, page, width, height, scheme):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.chrome("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.chrome("Emulation.setEmulatedMedia", features=[feature])
        self.call("POST", "/url", {"url": page.as_uri()})


def axe_source():
    script = CHECKERS / "node_modules/axe-core/axe.min.js"
    if not script.exists():
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", CHECKERS, AXE]
        subprocess.run(install, check=True)
    return script.read_text()


def check(browser, axe, page, view):
    """The faults of one page in one view."""
    width, height, scheme = view
    browser.log("browser"), browser.log("performance")
    browser.open(page, width, height, scheme)
    faults = [f"message of the browser: {entry['message']}" for entry in browser.log("browser")]
    faults += requests(browser, page)
    faults += overflow(browser, width)
    faults += keyboard(browser)
    browser.run(axe)
    found = browser.run_async("axe.run().then(arguments[0]);")
    faults += [f"axe: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:120]}" for fault in found["violations"]]
    shot = browser.chrome("Page.captureScreenshot", captureBeyondViewport=True)
    name = f"{page.stem}-{width}-{scheme}.png"
    (PAGES / name).write_bytes(base64.b64decode(shot["data"]))
    return faults


def requests(browser, page):
    """Requests for anything except the page itself."""
    events = [json.loads(entry["message"])["message"] for entry in browser.log("performance")]
    sent = [event for event in events if event["method"] == "Network.requestWillBeSent"]
    urls = {event["params"]["request"]["url"] for event in sent}
    return [f"a request to {url}" for url in urls - {page.as_uri()}]


def overflow(browser, width):
    widest = browser.run("return document.documentElement.scrollWidth")
    return [f"the page is {widest} wide in a window of {width}"] if widest > width else []


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
    packages = [word for lab, _ in TESTS for word in ("--package", f"solution{lab}")]
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
    pages = pages or make_pages()
    axe = axe_source()
    faults = 0
    for fault in check_command():
        faults += 1
        print(fault)
    with Browser() as browser:
        for page in map(Path, pages):
            for view in VIEWS:
                for fault in check(browser, axe, page.resolve(), view):
                    faults += 1
                    print(f"{page.name} {view}: {fault}")
    print(f"{len(pages)} pages, {len(VIEWS)} views of each, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
