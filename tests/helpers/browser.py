"""Chromium without a window, driven by its own protocol through a pipe; no network.

    with Browser(PROFILE-DIRECTORY) as browser:
        page = browser.open(PATH, width=1100, dark=False)    # a file; what came of it is in page
        page.complaints     what the console or the log says, and requests other than for the page
        page.image()        PNG of all of it;  page.pdf()   the same on paper
        page.tree()         its accessibility tree: [(role, name, description, level, depth)]
        page.value(EXPRESSION)   of JavaScript, which the page itself must not have
"""
import base64
import json
import os
import pathlib
import subprocess

OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--disable-extensions", "--disable-dev-shm-usage",
           "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]


class Browser:
    def __init__(self, profile):
        ours, theirs = os.pipe(), os.pipe()     # commands, answers
        # Chromium reads descriptor 3 and writes 4.
        script = 'exec 3<&%d 4>&%d; exec chromium "$@"' % (ours[0], theirs[1])
        self.process = subprocess.Popen(
            ["bash", "-c", script, "chromium", *OPTIONS, f"--user-data-dir={profile}"],
            pass_fds=(ours[0], theirs[1]), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(ours[0])
        os.close(theirs[1])
        self.commands, self.answers = os.fdopen(ours[1], "wb"), os.fdopen(theirs[0], "rb")
        self.last, self.held, self.events = 0, b"", []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.call("Browser.close")
        self.commands.close()
        self.process.wait(timeout=20)

    def receive(self):
        while b"\0" not in self.held:
            more = os.read(self.answers.fileno(), 1 << 20)
            if not more:
                raise SystemExit("chromium ended")
            self.held += more
        message, self.held = self.held.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, path, **settings):
        return Page(self, path, **settings)


class Page:
    def __init__(self, browser, path, width=1100, dark=False, paper=False):
        self.browser, self.width = browser, width
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target,
                                    flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="print" if paper else "screen", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        browser.events.clear()
        self.url = pathlib.Path(path).resolve().as_uri()
        self.call("Page.navigate", url=self.url)
        while not any(e.get("method") == "Page.loadEventFired" for e in browser.events):
            browser.events.append(browser.receive())
        self.value("1")     # what the page set off has been said by then
        self.complaints = [text for e in browser.events for text in self.complaint(e)]

    def complaint(self, event):
        method, p = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            if p["request"]["url"] not in (self.url, "data:,"):
                yield f"request: {p['request']['url'][:200]}"
        elif method == "Log.entryAdded":
            yield f"log: {p['entry']['text'][:200]}"
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            yield f"{method}: {json.dumps(p)[:200]}"
        elif method == "Page.javascriptDialogOpening":
            yield f"dialog: {p['message'][:200]}"

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression,
                         returnByValue=True)["result"].get("value")

    def image(self):
        return base64.b64decode(self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def tree(self):
        nodes = {n["nodeId"]: n for n in self.call("Accessibility.getFullAXTree")["nodes"]}
        found = []

        def text(node, what):
            return node.get(what, {}).get("value", "")

        def walk(node, depth):
            if not node["ignored"]:
                level = next((p["value"]["value"] for p in node.get("properties", [])
                              if p["name"] == "level"), 0)
                found.append((text(node, "role"), text(node, "name"), text(node, "description"),
                              level, depth))
            for child in node.get("childIds", []):
                if child in nodes:
                    walk(nodes[child], depth + 1)

        for node in nodes.values():
            if "parentId" not in node:
                walk(node, 0)
        return found

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
