"""One measurement: a program on a zone, some times in a row, by bench_audit_measure."""

import dataclasses
import os
import signal
import statistics
import subprocess

import tools
import zones

BLOCK = 512  # octets, of what the system counts as read from disks
COLD = 0.01  # of the zone: more than that, and than programs have themselves, read from a disk
PROGRAM = 8 << 20  # octets
DISTURBED = 0.15  # of the CPU time: a program that takes so much longer has waited for a CPU or a disk
CERTAIN = 0.02  # seconds: of less CPU time, starting takes too much to tell


@dataclasses.dataclass(frozen=True)
class Sample:
    seconds: float  # from start to end, the median of the runs
    peak: int  # octets of memory, of the run with most
    cold: bool
    disturbed: bool


class Failed(Exception):
    """A program could not be run."""


def times(tool, zone):
    """Runs of one measurement."""
    if zone.kind == zones.TINY:
        return 25
    return 1 if tool.slow else 3


def _environment():
    """LC_ALL=C: grep is several times as slow in others."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "DA_", "DIRECTACCESS_"))}
    return kept | {"LC_ALL": "C"}


def _run(command):
    """As subprocess.run(), but what is interrupted ends the program that is measured, too."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=_environment()) as child:
        try:
            output, errors = child.communicate()
        except BaseException:
            child.send_signal(signal.SIGTERM)
            raise
    if child.returncode != 0:
        raise Failed(errors.strip() or f"{command[0]} ends with status {child.returncode}")
    return output


def _check(tool, zone, statuses, output, errors):
    said = "" if tool.silenced else output.read_text(errors="replace")
    fault = tool.fault(zone, said)
    wrong = [status for status in statuses if status != tool.status]
    if wrong:
        fault = f"status {wrong[0]}, expected {tool.status}"
    if fault:
        last = (errors.read_text(errors="replace").strip() or said.strip()).splitlines()[-1:]
        raise tools.Wrong(f"{tool.name} of {zone.path}: {fault}: {' '.join(last)}")


def measure(programs, tool, zone, work):
    """Runs it and returns the Sample; tools.Wrong where the program did not do its work.

    Output goes to a file, not to /dev/null: grep knows that one, and stops at the first match.
    """
    output, errors = work / "output", work / "errors"
    count = times(tool, zone)
    to = "/dev/null" if tool.silenced else output
    printed = _run([programs.measure, str(count), to, errors, *tool.command(zone)])
    rows = [tuple(map(int, line.split())) for line in printed.splitlines()]
    _check(tool, zone, [status for *_, status in rows], output, errors)
    seconds = statistics.median(row[0] for row in rows) / 1e9
    cpu = statistics.median(row[1] for row in rows) / 1e6
    return Sample(
        seconds=seconds,
        peak=max(row[2] for row in rows) * 1024,
        cold=statistics.median(row[3] for row in rows) * BLOCK > COLD * zone.octets + PROGRAM,
        disturbed=cpu > CERTAIN and seconds > cpu * (1 + DISTURBED),
    )
