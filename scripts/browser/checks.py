"""Checks of one page in one view: no message, no request, no overflow, axe-core without violations."""

import base64
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = "axe-core@4.10.3"
CHECKERS = ROOT / "target/checkers/npm"

VIEWS = [(1280, 900, "light"), (1280, 900, "dark"), (360, 740, "light"), (360, 740, "dark")]


def axe_source():
    """axe-core, the accessibility checker, from npm."""
    script = CHECKERS / "node_modules/axe-core/axe.min.js"
    if not script.exists():
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", CHECKERS, AXE]
        subprocess.run(install, check=True)
    return script.read_text()


def check(browser, axe, page, view, keyboard):
    """The faults of one page in one view. `keyboard` finds those that need keys. A screenshot is
    written beside the page."""
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
    screenshot(browser, page.with_name(f"{page.stem}-{width}-{scheme}.png"))
    return faults


def screenshot(browser, file):
    """The first part of the page. Chromium cannot draw a picture of any height."""
    width, height = browser.run("return [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, 6000), "scale": 1}
    shot = browser.chrome("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    file.write_bytes(base64.b64decode(shot["data"]))


def requests(browser, page):
    """Requests for anything except the page itself."""
    events = [json.loads(entry["message"])["message"] for entry in browser.log("performance")]
    sent = [event for event in events if event["method"] == "Network.requestWillBeSent"]
    urls = {event["params"]["request"]["url"] for event in sent}
    return [f"a request to {url}" for url in urls - {page.as_uri()}]


def overflow(browser, width):
    widest = browser.run("return document.documentElement.scrollWidth")
    return [f"the page is {widest} wide in a window of {width}"] if widest > width else []


def check_all(browser, pages, keyboard):
    """Prints the faults of all pages in all views, and returns their number."""
    axe = axe_source()
    count = 0
    for page in pages:
        for view in VIEWS:
            for fault in check(browser, axe, page, view, keyboard):
                count += 1
                print(f"{page.name} {view}: {fault}")
    print(f"{len(pages)} pages, {len(VIEWS)} views of each, {count} faults")
    return count
