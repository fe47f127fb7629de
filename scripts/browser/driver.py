"""Chromium, driven by WebDriver. It needs chromium and chromedriver."""

import json
import subprocess
import urllib.request

# The keys of WebDriver (https://www.w3.org/TR/webdriver2/#keyboard-actions).
ARROW_DOWN = "\ue015"
ARROW_RIGHT = "\ue014"
TAB = "\ue004"

# Seconds that a script may take. It only ends a browser that hangs.
PATIENCE = 300


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
            # A busy machine may need minutes for axe-core on a page with thousands of cells.
            "timeouts": {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000},
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
        with urllib.request.urlopen(request, timeout=PATIENCE + 30) as answer:
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
