"""One child process: it dies with the test, its output is in a log, and its end is looked at."""

import os
import pathlib
import re
import signal
import subprocess
import time

from . import environment

# What AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer write; none of it is ever expected.
SANITIZER_REPORT = re.compile(r"ERROR: \w+Sanitizer|runtime error:", re.MULTILINE)

# What the caller's environment may hold must not reach a server by accident.
OUR_VARIABLES = ("DIRECTACCESS_", "DA_")

# Every process of this run, for the report of a failed test.
started = []


class Failure(AssertionError):
    """A server did not do what every server must: start, answer, end without a crash."""


class Process:
    """A program that runs until stop(). It gets SIGKILL when this process dies, however that happens."""

    def __init__(self, name, argv, log, environ=None):
        self.name = name
        self.log_path = pathlib.Path(log)
        setpriv = environment.tool("setpriv", "util-linux")
        assign = [f"{key}={value}" for key, value in (environ or {}).items()]
        # setpriv and env replace themselves: the process is the program, and only it sees the variables.
        command = [setpriv, "--pdeathsig", "KILL", "env", *assign, *map(str, argv)]
        with open(self.log_path, "wb") as output:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={key: value for key, value in os.environ.items() if not key.startswith(OUR_VARIABLES)},
            )
        started.append(self)

    @property
    def pid(self):
        return self._child.pid

    def running(self):
        return self._child.poll() is None

    def log(self):
        return self.log_path.read_text(errors="backslashreplace")

    def log_lines(self, pattern):
        return [line for line in self.log().splitlines() if re.search(pattern, line)]

    def wait_for_log(self, pattern, seconds=10):
        """Waits until a line matches, and returns it."""
        deadline = time.monotonic() + seconds
        while True:
            lines = self.log_lines(pattern)
            if lines:
                return lines[0]
            if time.monotonic() > deadline or not self.running():
                raise Failure(f"{self.name}: nothing in {self.log_path} matches {pattern!r}:\n{self.log()[-3000:]}")
            time.sleep(0.02)

    def wait(self, seconds=30):
        """Waits for an end that nobody asked for, and returns the exit status; a signal or a report is a failure."""
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"{self.name} still ran after {seconds} s; see {self.log_path}") from None
        self._require_clean_end()
        return self._child.returncode

    def stop(self, seconds=30):
        """Asks for the end. Fails where the process was gone before, crashed, hung or exits with an error."""
        gone = not self.running()
        if not gone:
            self._child.send_signal(signal.SIGTERM)
        status = self.wait(seconds)
        if gone:
            raise Failure(f"{self.name} ended by itself, with exit status {status}:\n{self.log()[-3000:]}")
        if status != 0:
            raise Failure(f"{self.name} exits with status {status}:\n{self.log()[-3000:]}")

    def kill(self):
        """Ends the process and its children at once. May be called at any time, any number of times."""
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._child.wait()

    def _require_clean_end(self):
        status = self._child.returncode
        if status < 0:
            raise Failure(f"{self.name} died of {signal.Signals(-status).name}:\n{self.log()[-3000:]}")
        if SANITIZER_REPORT.search(self.log()):
            raise Failure(f"{self.name}: a sanitizer reports:\n{self.log()[-6000:]}")
