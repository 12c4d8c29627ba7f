"""A headless Chromium, spoken to in the DevTools protocol over a pipe; standard library alone.

Offline, with a profile of its own that is gone afterwards, and without a sandbox, which root cannot have.
"""

import base64
import contextlib
import fcntl
import json
import os
import pathlib
import select
import subprocess
import tempfile
import time

PATIENCE = 30  # seconds, for one answer

ARGUMENTS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Failure(Exception):
    """The browser does not do what it is told."""


def _pipe():
    """Both ends with numbers out of the way of the two that the browser wants."""
    return [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in os.pipe()]


class Browser:
    """One page of a browser; a context manager."""

    def __init__(self, program):
        self._program = program
        self._next = 0
        self._buffer = b""
        self._session = None
        self.events = []

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        profile = self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()
        # Commands are read from 3 and answers written to 4.
        redirect = 'exec "${@:3}" 3<&"$1" 4>&"$2"'
        command = ["bash", "-c", redirect, "bash", str(theirs_in), str(theirs_out), self._program, *ARGUMENTS]
        self._log = self._stack.enter_context((pathlib.Path(profile) / "log").open("w+b"))
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._attach()
        return self

    def __exit__(self, *exception):
        try:
            with contextlib.suppress(Failure, OSError):
                self._session = None
                self.call("Browser.close")
                self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._in)
            os.close(self._out)
            self._stack.close()

    def _attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _receive(self):
        """The next message."""
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0, end - time.monotonic()))
            octets = os.read(self._in, 1 << 20) if ready else b""
            if not octets:
                self._log.seek(0)
                raise Failure(f"{self._program} does not answer: {self._log.read().decode(errors='replace')[-2000:]}")
            self._buffer += octets
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        """The result of a method; events that come before it are kept."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") != self._next:
                self.events.append(answer)
            elif "error" in answer:
                raise Failure(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def show(self, path, scheme, width):
        """Loads a file in a colour scheme, in a window of that width; events are those since."""
        self.events.clear()
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive())

    def evaluate(self, script):
        """The value of an expression on the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise Failure(f"script: {result['exceptionDetails']}")
        return result["result"].get("value")

    def screenshot(self):
        """The whole page as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def thumbnail(self, width):
        """What is in the window, at a quarter of its size, as a PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": 900, "scale": 0.25}
        return base64.b64decode(self.call("Page.captureScreenshot", clip=clip)["data"])
