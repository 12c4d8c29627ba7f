"""The zones: the same octets each time, the number of records that was asked for, and the mix that is promised."""

import hashlib
import os
import pathlib
import re
import subprocess

import dns.rdatatype
import dns.zone
import pytest
import zones

GENERATOR = pathlib.Path(os.environ["BENCH_BUILD"]) / "tests/bench/bench_audit_generate"
WRITTEN = (zones.ENTERPRISE, zones.WINDOWS, zones.SIGNED, zones.WORST)


def write(kind, records, path):
    done = subprocess.run([GENERATOR, kind, str(records), path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return path.read_bytes()


def share(octets):
    """Of runs of 64 octets, those with a quote, semicolon, parenthesis or backslash."""
    runs = [octets[at : at + 64] for at in range(0, len(octets), 64)]
    return sum(bool(re.search(rb'[";()\\]', run)) for run in runs) / len(runs)


def blank(lines):
    return sum(line[:1] in (b" ", b"\t") for line in lines) / len(lines)


@pytest.mark.parametrize("kind", WRITTEN)
def test_octets_are_those_that_are_known(kind, tmp_path):
    assert hashlib.sha256(write(kind, 1000, tmp_path / "zone")).hexdigest() == zones.KNOWN[kind, 1000]


@pytest.mark.parametrize("kind", (zones.ENTERPRISE, zones.SIGNED, zones.WORST))
@pytest.mark.parametrize("records", (40, 41, 42, 43, 44, 45, 997, 3000))
def test_number_of_records_is_that_asked_for(kind, records, tmp_path):
    # dnspython does not have a record twice, nor any outside of the zone.
    write(kind, records, tmp_path / "zone")
    zone = dns.zone.from_file(str(tmp_path / "zone"), zones.ORIGIN, relativize=False)
    assert sum(1 for _ in zone.iterate_rdatas()) == records
    assert zones.WRONG_ADDRESS in zone.get_rdataset(f"directaccess-webprobehost.{zones.ORIGIN}.", "A").to_text()


@pytest.mark.parametrize("records", (20, 21, 22, 999))
def test_number_of_records_of_windows(records, tmp_path):
    # What begins neither as a comment nor within the parentheses of SOA and WINS.
    octets = write(zones.WINDOWS, records, tmp_path / "zone")
    assert octets.count(b"\n") == octets.count(b"\r\n")
    text = re.sub(rb"\([^)]*\)", b"", re.sub(rb";[^\r\n]*", b"", octets))
    assert sum(bool(line.strip()) for line in text.split(b"\r\n")) == records


def test_nsec_chain_is_whole(tmp_path):
    write(zones.SIGNED, 1001, tmp_path / "zone")
    zone = dns.zone.from_file(str(tmp_path / "zone"), zones.ORIGIN, relativize=False)
    following = {name: zone.get_rdataset(name, dns.rdatatype.NSEC)[0].next for name in zone}
    names = sorted(zone)
    assert [following[name] for name in names] == [*names[1:], names[0]]


def test_mix_of_the_enterprise_zone(tmp_path):
    octets = write(zones.ENTERPRISE, 100_000, tmp_path / "zone")
    lines = octets.splitlines()
    assert 42 < len(octets) / len(lines) < 46
    assert 0.28 < blank(lines) < 0.31
    assert 0.29 < share(octets) < 0.33


def test_nothing_can_be_skipped_in_the_worst_zone(tmp_path):
    octets = write(zones.WORST, 10_000, tmp_path / "zone")
    assert share(octets) > 0.99


def test_ours_are_in_the_middle_and_near_the_end(tmp_path):
    for kind in (zones.ENTERPRISE, zones.WINDOWS, zones.WORST):
        octets = write(kind, 100_000, tmp_path / "zone")
        assert 0.4 < octets.index(b"directaccess-corp") / len(octets) < 0.6
        assert 0.99 < octets.index(b"directaccess-Web") / len(octets) < 1


def test_known_zone_is_kept_and_a_damaged_one_is_written_again(tmp_path):
    zone = zones.make(GENERATOR, zones.WORST, 1000, tmp_path)
    assert (zone.octets, zone.lines) == (zone.path.stat().st_size, zone.path.read_bytes().count(b"\n"))
    first = zone.path.stat().st_ino
    assert zones.make(GENERATOR, zones.WORST, 1000, tmp_path) == zone and zone.path.stat().st_ino == first
    with open(zone.path, "r+b") as file:
        file.write(b"x")
    assert zones.make(GENERATOR, zones.WORST, 1000, tmp_path) == zone and zone.path.stat().st_ino != first


def test_full_disk():
    done = subprocess.run([GENERATOR, zones.SIGNED, "5000", "/dev/full"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "/dev/full: No space left on device\n")


def test_what_could_not_be_written_is_removed(tmp_path):
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho half >\"$3\"\necho \"$3: No space left on device\" >&2\nexit 1\n")
    failing.chmod(0o755)
    with pytest.raises(zones.Failed, match="No space left on device"):
        zones.make(failing, zones.WORST, 1000, tmp_path)
    assert list((tmp_path / "worst-1000").iterdir()) == []


@pytest.mark.parametrize("arguments", [("worst", "19"), ("signed", "39"), ("worst", "1e3"), ("best", "100"), ()])
def test_wrong_usage(arguments, tmp_path):
    done = subprocess.run([GENERATOR, *arguments, tmp_path / "zone"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("usage: ")
    assert not (tmp_path / "zone").exists()
