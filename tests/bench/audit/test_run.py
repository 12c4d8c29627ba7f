"""Short runs of the program itself, in the build directory that BENCH_BUILD names: that it measures everything and
judges what it can, not what it measures."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest
import tools
import zones

PROGRAM = pathlib.Path(__file__).parent
BUILD = pathlib.Path(os.environ["BENCH_BUILD"])


def command(work, *arguments, build=BUILD):
    return [sys.executable, PROGRAM, "--build", build, "--work", work, *arguments]


def bench(work, *arguments, build=BUILD):
    return subprocess.run(command(work, *arguments, build=build), capture_output=True, text=True, timeout=200)


def tables(output):
    """Title of the zone → name of the tool → cells."""
    found = {}
    for title, rows in re.findall(r"^(\w+, [\d,]+ records): .* lines\n.*MiB\n((?:.+\n)+)", output, re.MULTILINE):
        split = (re.match(r"(.*?)  +(.*)", row) for row in rows.splitlines())
        found[title] = {one[1]: one[2].split() for one in split}
    return found


def test_everything_is_measured(tmp_path):
    done = bench(tmp_path, "--records", "1000,2000", "--rounds", "2", "--slow-rounds", "1")
    assert (done.returncode, done.stderr) == (0, "")
    found = tables(done.stdout)
    assert list(found) == [
        "enterprise, 1,000 records",
        "enterprise, 2,000 records",
        *(f"{kind}, 1,000 records" for kind in (zones.WINDOWS, zones.SIGNED, zones.WORST)),
        "tiny, 20 records",
    ]
    for title, rows in found.items():
        reads_records = not title.startswith((zones.WINDOWS, zones.TINY))
        assert list(rows) == [name for name in tools.FOR_AUDIT if reads_records or name not in tools.PARSERS]
        assert all(len(cells) == 6 and float(cells[0]) > 0 and float(cells[5]) > 0.2 for cells in rows.values()), rows
    assert re.search(r"^dadns audit / grep -ci directaccess, tiny .* met$", done.stdout, re.MULTILINE)
    assert re.search(r"^dadns audit, peak memory, MiB .* met$", done.stdout, re.MULTILINE)
    assert "was not measured: 6." in done.stdout
    assert not list(tmp_path.glob("run-*"))


def test_ways(tmp_path):
    done = bench(tmp_path, "--ways", "--records", "1000", "--rounds", "1", "--zones", "worst,enterprise")
    assert (done.returncode, done.stderr) == (0, "")
    found = tables(done.stdout)
    assert list(found) == ["enterprise, 1,000 records", "worst, 1,000 records"]
    for rows in found.values():
        assert tools.PORTABLE in rows and tools.DADNS not in rows and set(rows) <= set(tools.FOR_WAYS)


def test_check_fails_for_what_was_not_measured(tmp_path):
    done = bench(tmp_path, "--records", "40", "--rounds", "1", "--only", "grep,wc", "--check")
    assert (done.returncode, done.stderr) == (1, "")
    assert set(tables(done.stdout)["enterprise, 40 records"]) == {tools.GREP, tools.WC}


def stand_in(tmp_path, dadns):
    """A build directory with this script as its dadns."""
    build = tmp_path / "build"
    for directory in ("zones", "tests"):
        (build / directory).mkdir(parents=True)
    (build / "CMakeCache.txt").write_text((BUILD / "CMakeCache.txt").read_text())
    (build / "tests/bench").symlink_to(BUILD / "tests/bench")
    program = build / "zones/dadns"
    program.write_text(f"#!/bin/sh\n{dadns}\n")
    program.chmod(0o755)
    return build


@pytest.mark.parametrize(
    "dadns, message",
    [
        ("exit 0", "exit status 0, expected 2"),
        ("""echo '{"findings": []}'; exit 2""", "expected ['blocked-present', 'wrong-address']"),
        ("echo no JSON; exit 2", "--json is not understood"),
    ],
)
def test_wrong_result_is_not_timed(tmp_path, dadns, message):
    done = bench(tmp_path / "work", "--records", "40", "--zones", "enterprise", build=stand_in(tmp_path, dadns))
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_wrong_result_of_another_program_is_an_error(tmp_path):
    zone = tmp_path / "zone"
    zone.write_text("$TTL 1\n@ SOA a b 1 1 1 1 1\n@ TXT \"\n")
    check = (
        "import sys; sys.path[:0] = sys.argv[1:4]; import pathlib, measure, tools, zones; "
        "from harness import environment; "
    )
    run = (
        "environment.take_from_build(pathlib.Path(sys.argv[4])); work = pathlib.Path(sys.argv[5]); "
        "programs = tools.Programs('true', pathlib.Path(sys.argv[4]) / 'tests/bench', None); "
        "(knot,) = tools.make([tools.KNOT], programs); "
        "measure.measure(programs, knot, zones.Zone('worst', 2, work / 'zone', 1, 1), work)"
    )
    paths = [PROGRAM, PROGRAM.parent, PROGRAM.parents[1] / "integration"]
    done = subprocess.run([sys.executable, "-c", check + run, *paths, BUILD, tmp_path], capture_output=True, text=True)
    assert done.returncode == 1
    assert "tools.Wrong: kzonecheck of " in done.stderr and "status 1, expected 0" in done.stderr


def test_missing_program_is_named(tmp_path):
    build = stand_in(tmp_path, "exit 2")
    cache = build / "CMakeCache.txt"
    cache.write_text(re.sub(r"^(DA_SERVERS_DIR:PATH=).*$", rf"\1{tmp_path}", cache.read_text(), flags=re.MULTILINE))
    done = bench(tmp_path / "work", "--records", "40", build=build)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"bench: there is no {tmp_path}/usr/sbin/nsd-checkzone: run scripts/setup\n"


def test_interrupted(tmp_path):
    slow = command(tmp_path, "--records", "300000", "--only", "named", "--zones", "enterprise")
    zone = str(tmp_path / f"enterprise-300000/{zones.ORIGIN}.zone")
    with subprocess.Popen(slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while not readers(zone):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
    assert (running.returncode, errors) == (130, "bench: interrupted\n")
    assert not readers(zone)
    assert not list(tmp_path.glob("run-*"))


def readers(zone):
    """Processes that have the zone in their command line and are no part of the benchmark."""
    found = []
    for each in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_text().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if zone in words and "named-checkzone" in words[0]:
            found.append(words)
    return found


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--rounds", "0"), "--rounds: '0': expected a whole number from 1 on"),
        (("--records", "1000,x"), "--records: '1000,x': expected numbers from 40 to 100000000"),
        (("--records", "39"), "--records: '39': expected numbers from 40"),
        (("--zones", "best"), "--zones: 'best': expected some of enterprise,"),
        (("--only", "zzz"), "--only: 'zzz': expected parts of dadns audit; "),
        (("--ways", "--check"), "--check is about the targets"),
        (("--build", "/nonexistent"), "there is no /nonexistent/CMakeCache.txt: run scripts/build"),
    ],
)
def test_wrong_arguments(arguments, message, tmp_path):
    done = bench(tmp_path / "work", *arguments)
    assert done.returncode == (1 if "--build" in arguments else 2)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_work_directory_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    done = bench(tmp_path / "file", "--records", "40")
    assert (done.returncode, done.stderr) == (1, f"bench: {tmp_path / 'file'}: File exists\n")
