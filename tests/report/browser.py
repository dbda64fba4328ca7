"""A headless Chromium, spoken to over a pipe as its developer tools do; nothing to install but it.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def chromium() -> str | None:
    """The browser's command, if there is one."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


class Page:
    """One page with all that happened in it: `events` by their names, oldest first."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self.to_browser = to_browser
        self.from_browser = from_browser
        self.buffer = b""
        self.number = 0
        self.session = ""
        self.events: list[tuple[str, dict[str, Any]]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser and wait for its answer."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append((answer.get("method", ""), answer.get("params", {})))

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self.buffer:
            chunk = os.read(self.from_browser, 1 << 16)
            assert chunk, "the browser has gone"
            self.buffer += chunk
        message, _, self.buffer = self.buffer.partition(b"\0")
        received: dict[str, Any] = json.loads(message)
        return received

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file; the events start anew."""
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri() + fragment)
        self.evaluate(
            "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
        )

    def screenshot(self, path: Path, width: int, height: int | None = None) -> None:
        """A picture of the whole page, or of its first `height` pixels."""
        self.size(width)
        if height is None:
            height = int(self.evaluate("document.documentElement.scrollHeight"))
        self.size(width, height)
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def size(self, width: int, height: int = 900) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip

    def media(self, kind: str = "", scheme: str = "light") -> None:
        """What the page is shown on: "print" or a screen, light or dark."""
        self.call("Emulation.setEmulatedMedia", media=kind,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])  # fmt: skip


@contextlib.contextmanager
def browser(command: str, profile: Path) -> Iterator[Page]:
    """A page of a fresh browser that reaches no network."""
    read_by_browser, to_browser = os.pipe()
    from_browser, written_by_browser = os.pipe()

    def third_and_fourth() -> None:
        # The browser listens on descriptor 3 and answers on 4.
        for source, target in ((read_by_browser, 103), (written_by_browser, 104)):
            os.dup2(source, target)
        os.dup2(103, 3)
        os.dup2(104, 4)

    process = subprocess.Popen(
        [
            command, "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
            "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
            "--proxy-server=127.0.0.1:9", f"--user-data-dir={profile}", "about:blank",
        ],
        pass_fds=(3, 4), preexec_fn=third_and_fourth,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(read_by_browser)
    os.close(written_by_browser)
    page = Page(to_browser, from_browser)
    try:
        target = page.call("Target.createTarget", url="about:blank")["targetId"]
        session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page.session = session
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            page.call(f"{domain}.enable")
        yield page
    finally:
        process.kill()
        process.wait()
        os.close(to_browser)
        os.close(from_browser)
