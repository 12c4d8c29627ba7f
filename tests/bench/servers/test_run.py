"""One short run of the program itself, in the build directory that BENCH_BUILD names: that it measures everything and
judges everything, not what it measures."""

import os
import pathlib
import re
import subprocess
import sys

import contenders
import figures
import pytest

PROGRAM = pathlib.Path(__file__).parent


def bench(*arguments):
    command = [sys.executable, PROGRAM, "--build", os.environ["BENCH_BUILD"], *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=200)


def test_everything_is_measured_and_judged():
    done = bench("--rounds", "2", "--queries", "300")
    assert (done.returncode, done.stderr) == (0, "")
    for name in contenders.ALL:
        rows = re.findall(rf"^{name} +(.*)$", done.stdout, re.MULTILINE)
        tables = [row.split() for row in rows if "/" not in row]
        assert [len(cells) for cells in tables] == [5] * 3, rows
        for cells in tables:
            assert all(cell == "-" or float(cell) > 0 for cell in cells), rows
    assert len(re.findall(r" (?:not )?met$", done.stdout, re.MULTILINE)) == len(figures.TARGETS)
    assert "Queries lost: 0." in done.stdout
    assert "Left out" not in done.stdout


def test_check_fails_for_what_cannot_be_judged():
    done = bench("--rounds", "1", "--queries", "300", "--only", "NSD", "--check")
    assert done.returncode == 1, done.stderr
    assert f"Left out, because a server of theirs was not measured: {len(figures.TARGETS)}." in done.stdout


def test_memory():
    done = bench("--memory")
    assert (done.returncode, done.stderr) == (0, "")
    found = dict(re.findall(r"^(.*?)  +([\d.]+ +[\d.]+)$", done.stdout, re.MULTILINE))
    assert list(found) == list(contenders.ALL)
    for cells in found.values():
        few, many = map(float, cells.split())
        assert 1 < few < 1000 and few <= many * 1.1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--rounds", "0"), "--rounds: '0': expected a whole number from 1 on"),
        (("--only", "zzz"), "--only: 'zzz': expected parts of Unbound module, "),
        (("--memory", "--check"), "--check is about the targets"),
        (("--build", "/nonexistent"), "there is no /nonexistent/CMakeCache.txt: run scripts/build"),
    ],
)
def test_wrong_arguments(arguments, message):
    done = bench(*arguments)
    assert done.returncode == (1 if "--build" in arguments else 2)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1
