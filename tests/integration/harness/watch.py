"""`dadns watch` as a test sees it: its lines as plain values, and its metrics as Prometheus' own client reads them."""

import dataclasses
import os
import pathlib
import signal
import time

from prometheus_client.parser import text_string_to_metric_families

from . import environment
from .process import Failure, Process

# A sanitizer keeps freed memory back, which looks like growth.
_ENVIRON = {"ASAN_OPTIONS": "quarantine_size_mb=1"}


@dataclasses.dataclass(frozen=True)
class Line:
    """TIME SEVERITY CHANGE WHAT, without the time."""

    severity: str
    change: str
    what: str

    @property
    def code(self):
        """Of a finding; "" of all else."""
        return self.what.rpartition("[")[2].removesuffix("]") if self.what.endswith("]") else ""


def line(text):
    stamp, severity, change, what = text.split(" ", 3)
    time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")
    return Line(severity, change, what)


class Watch:
    """Runs from entering to leaving, where SIGTERM must end it with exit status 0 and nothing left behind."""

    def __init__(self, directory, deployment, *options, interval=1, metrics=None, environ=None, wrapper=()):
        self.directory = directory
        self.metrics_path = metrics or directory / "watch.prom"
        self._command = [
            *wrapper,
            *(environment.dadns(), "watch", deployment, "--metrics", self.metrics_path),
            *("--interval", interval, *options),
        ]
        self._environ = _ENVIRON | (environ or {})
        self.process = None

    def __enter__(self):
        self.process = Process("watch", self._command, self.directory / "watch.log", self._environ)
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None and self.process.running():
                self.process.stop(seconds=5)
            if kind is None:
                assert self.nothing_left()
        finally:
            self.process.kill()

    def lines(self):
        return [line(text) for text in self.process.log().splitlines()]

    def wait_for(self, change, code="", what="", after=0, seconds=10):
        """Waits for a line behind the first `after` ones, and returns how many there are then up to it."""
        deadline = time.monotonic() + seconds
        while True:
            lines = self.lines()
            for number, found in enumerate(lines[after:], after + 1):
                if found.change == change and found.code == code and what in found.what:
                    return number
            if time.monotonic() > deadline or not self.process.running():
                raise Failure(f"no line '{change} {what} {code}' behind line {after}:\n{self.process.log()}")
            time.sleep(0.02)

    def wait_for_first_look(self):
        """Waits until it is over; metrics are written behind the lines. Returns how many lines there are."""
        self.wait_for("summary")
        deadline = time.monotonic() + 5
        while not self.metrics_path.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return len(self.lines())

    def signal(self, number):
        os.kill(self.process.pid, number)

    def look(self):
        """Has it look now, and waits until it has."""
        before = self.value("directaccess_watch_rounds_total")
        self.signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while self.value("directaccess_watch_rounds_total") == before:
            if time.monotonic() > deadline:
                raise Failure(f"it does not look on SIGHUP:\n{self.process.log()}")
            time.sleep(0.005)

    def metrics(self):
        return samples(self.metrics_path.read_text())

    def value(self, metric, /, **labels):
        """The one sample that has these labels; None = there is none."""
        samples_of = [(dict(of), value) for (name, of), value in self.metrics().items() if name == metric]
        found = [value for of, value in samples_of if labels.items() <= of.items()]
        assert len(found) <= 1, f"{metric} {labels}: {found}"
        return found[0] if found else None

    def child(self):
        """The process that looks at the sources just now; None = nobody does."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def memory(self):
        """Resident, in KiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def nothing_left(self):
        """True where neither a process of its group nor a temporary file outlives it."""
        for _ in range(100):
            if not _running(self.process.pid):
                return not [path for path in self.directory.iterdir() if path.name.startswith(".dadns-")]
            time.sleep(0.01)
        return False


def _running(group):
    """Processes of a group, without those that only wait for their parent."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = path.read_text().rpartition(") ")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


def samples(text):
    """{(metric, labels): value} of a text in the format of Prometheus; twice the same, or a half line, is an error."""
    assert text.endswith("\n")
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation and family.type in ("gauge", "counter"), family
        for sample in family.samples:
            key = sample.name, tuple(sorted(sample.labels.items()))
            assert key not in found, key
            found[key] = sample.value
    return found
