"""One measurement: dnsperf's queries, and the CPU time that they take of a server.

CPU time is that of all threads of the server's processes, user and system, in nanoseconds, as the scheduler counts it
(/proc/PID/task/TID/schedstat). On loopback the kernel delivers a packet in its sender's time: of each query, the server
pays the delivery of the answer.
"""

import dataclasses
import os
import pathlib
import re
import subprocess

from harness import environment

TIMEOUT = 3  # seconds, until dnsperf gives a query up
DISTURBED = 0.05  # of the time: a server that waits longer for its CPU has shared it


class Failed(Exception):
    """The load could not be made, or was not answered as it has to be."""


@dataclasses.dataclass(frozen=True)
class Cpus:
    server: int
    load: int


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one measurement gave."""

    cpu: float  # microseconds of the server's CPU time a query
    qps: float
    busy: float  # the server's CPU time as a part of the time: below 1 it waited for queries
    lost: int
    disturbed: bool  # others took part of the server's CPU


def two_cpus():
    """One CPU for the servers and one for the load; Missing where there are not two."""
    free = sorted(os.sched_getaffinity(0))
    if len(free) < 2:
        raise environment.Missing(f"two CPUs are needed, one of them for the servers; there is {len(free)}")
    return Cpus(server=free[0], load=free[1])


def processes(pid):
    """The process and all that descend from it."""
    found = [pid]
    for each in found:
        for children in pathlib.Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def _scheduled(pid):
    """Nanoseconds (on a CPU, waiting for one) of all threads since their start."""
    ran = waited = 0
    for each in processes(pid):
        for thread in pathlib.Path(f"/proc/{each}/task").glob("*/schedstat"):
            fields = thread.read_text().split()
            ran += int(fields[0])
            waited += int(fields[1])
    return ran, waited


class Load:
    def __init__(self, work, cpus):
        self._work = work
        taskset = environment.tool("taskset", "util-linux")
        self._command = [taskset, "--cpu-list", str(cpus.load), environment.tool("dnsperf", "dnsperf")]

    def measure(self, contender, kind, count):
        """Asks so many queries and returns the Sample."""
        file = self._file(kind, count)
        server = contender.server
        before = _scheduled(server.process.pid)
        report = self._run(server, file, kind.outstanding)
        after = _scheduled(server.process.pid)
        completed, seconds = int(_figure(report, "Queries completed")), float(_figure(report, "Run time (s)"))
        self._check(contender, kind, report, completed)
        ran, waited = ((end - start) / 1e9 for start, end in zip(before, after))
        return Sample(
            cpu=ran * 1e6 / completed,
            qps=completed / seconds,
            busy=ran / seconds,
            lost=int(_figure(report, "Queries lost")),
            disturbed=waited > DISTURBED * seconds,
        )

    def _file(self, kind, count):
        """The queries as dnsperf reads them; a file that says the same each time is written once."""
        file = self._work / f"{kind.title}-{count}"
        if not kind.questions or not file.exists():
            file.write_text("\n".join(kind.lines(count)) + "\n")
        return file

    def _run(self, server, file, outstanding):
        where = ["-s", server.host.address, "-p", str(server.port)]
        what = ["-d", str(file), "-n", "1", "-q", str(outstanding), "-t", str(TIMEOUT)]
        done = subprocess.run([*self._command, *where, *what], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"dnsperf fails: {done.stderr}{done.stdout}")
        return done.stdout

    def _check(self, contender, kind, report, completed):
        codes = _figure(report, "Response codes") if completed else "none"
        if not re.fullmatch(rf"{kind.rcode} \d+ \(100\.00%\)", codes):
            raise Failed(f"{contender.name}: {kind.title}: answers are {codes}; expected all of them {kind.rcode}")


def _figure(report, name):
    """What stands behind a name in dnsperf's report, less what stands in brackets behind a number."""
    found = re.search(rf"^ *{re.escape(name)}: *(.*)$", report, re.MULTILINE)
    if not found:
        raise Failed(f"dnsperf's report has no '{name}':\n{report}")
    text = found[1].strip()
    return text if name == "Response codes" else text.split()[0]
