"""Resident memory of each server just after it has started and answered, with few suffixes and with many."""

import contextlib
import pathlib
import re

import contenders
import load
import questions

SUFFIXES = (1, 10_000)


def resident(pid):
    """Octets, pages that processes share counted once (the proportional set size)."""
    total = 0
    for each in load.processes(pid):
        rollup = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)[1]) * 1024
    return total


def _one(name, deployed, upstream, work, cpus):
    contender = contenders.make(name, deployed, upstream, work, cpus)
    with contender.server:
        questions.verify([contender])
        return resident(contender.server.process.pid)


def measure(names, work, cpus):
    """Name of the server → number of suffixes → octets; one server at a time."""
    with contextlib.ExitStack() as stack:
        upstream = contenders.start_upstream(stack, work, cpus)
        deployed = {size: contenders.deploy(work, size) for size in SUFFIXES}
        return {
            name: {size: _one(name, deployed[size], upstream, work, cpus) for size in SUFFIXES} for name in names
        }
