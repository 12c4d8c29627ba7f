"""`dadns watch` of a directory whose records age: what it tells while a real scavenger comes nearer and strikes.

Run in tests/testbeds/samba-ad. The watch is on the controller's clock, which moves.
"""

import time

import pytest

from harness import environment, samba
from harness.watch import Watch
from table.deployments import CORP, PROBE, SINGLE

CORP_RECORDS = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1")
SUBJECT = f"{PROBE}.{samba.ZONE} A 10.0.0.11"
KEYTAB = samba.KEYTABS / f"{samba.READER}.keytab"
ABOUT = {"kind": "directory", "name": f"{PROBE}.{samba.ZONE}", "type": "A"}


def on_the_clock():
    """A command that runs the rest of its line on the controller's clock; a sanitizer has to be loaded before that."""
    if environment.sanitizer() != "address":
        return ("with-clock",)
    runtime = environment.preloaded(environment.dadns())["LD_PRELOAD"]
    return ("with-clock", "sh", "-c", f'LD_PRELOAD={runtime}:$LD_PRELOAD exec "$0" "$@"')


@pytest.fixture(autouse=True)
def clean():
    samba.remove(CORP, PROBE)


@pytest.fixture
def watch(directory):
    """Two static records, and a third that was registered and ages; their watch, as a plain user."""
    samba.store(CORP, *(samba.value(kind, data) for kind, data in CORP_RECORDS))
    samba.register(PROBE, "A 10.0.0.11")
    options = ("--directory", samba.LDAP, "--keytab", KEYTAB)
    with Watch(directory, SINGLE.write(directory), *options, wrapper=on_the_clock()) as watch:
        yield watch


def told(watch, after=0):
    return [(line.severity, line.change, line.code) for line in watch.lines()[after:]]


def test_the_way_of_a_record(watch, directory):
    """Days before, hours before, scavenged, restored by an update, pinned: each is a line, and nothing else is."""
    seen = watch.wait_for_first_look()
    assert told(watch)[:-1] == [("warning", "found", "record-dynamic")]
    assert SUBJECT in watch.lines()[0].what
    assert watch.value("directaccess_record_aging", **ABOUT, state="dynamic") == 1
    stale = samba.stamps(PROBE)["A", "10.0.0.11"] + samba.LIMIT
    assert watch.value("directaccess_record_stale_timestamp_seconds", **ABOUT) == samba.unix_time(stale)

    for hours in (72, 24):
        samba.set_clock(stale - hours)
        seen = watch.wait_for("worse", "record-dynamic", SUBJECT, after=seen)
        watch.look()
        assert told(watch, seen) == []

    samba.set_clock(stale)
    deadline = time.monotonic() + 60
    while not samba.stored(PROBE).tombstoned:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    scavenged = time.monotonic()
    seen = watch.wait_for("worse", "web-probe-missing", SUBJECT, after=seen)
    assert time.monotonic() - scavenged < 3  # the interval is a second
    watch.look()
    assert ("new", "record-tombstoned") in [line[1:] for line in told(watch)]
    assert watch.value("directaccess_record_present", **ABOUT) == 0
    assert watch.value("directaccess_record_stale_seconds", **ABOUT) is None
    assert watch.value("directaccess_record_present", kind="directory", name=f"{CORP}.{samba.ZONE}", type="A") == 1

    samba.register(PROBE, "A 10.0.0.11")
    seen = watch.wait_for("better", "record-dynamic", SUBJECT, after=seen)
    watch.wait_for("gone", "record-tombstoned")
    done = samba.pin(directory / f"{SINGLE.name}.yaml", "--apply")
    assert done.status == 0, done.stderr
    watch.wait_for("gone", "record-dynamic", SUBJECT, after=seen)
    watch.look()
    assert watch.value("directaccess_record_aging", **ABOUT, state="static") == 1
    assert watch.value("directaccess_record_right", **ABOUT) == 1
    assert not [line for line in watch.lines() if line.change == "failed"]


def test_aging_is_switched(watch):
    """Off and on again in the zone: how its records age is another matter then."""
    seen = watch.wait_for_first_look()
    samba.samba_tool("dns", "zoneoptions", samba.HOST, samba.ZONE, "--aging=0")
    try:
        seen = watch.wait_for("changed", "zone-aging", "aging is off", after=seen)
        watch.wait_for("better", "record-dynamic", SUBJECT)
        watch.look()
        assert watch.value("directaccess_record_stale_seconds", **ABOUT) is None
        assert watch.value("directaccess_record_aging", **ABOUT, state="dynamic") == 1
    finally:
        samba.samba_tool("dns", "zoneoptions", samba.HOST, samba.ZONE, "--aging=1")
    watch.wait_for("changed", "zone-aging", "aging is on", after=seen)
    watch.wait_for("worse", "record-dynamic", SUBJECT, after=seen)


def test_a_keytab_that_vanishes(directory):
    """A login that fails is a source that fails."""
    keytab = directory / "reader.keytab"
    keytab.write_bytes(KEYTAB.read_bytes())
    keytab.chmod(0o600)
    options = ("--directory", samba.LDAP, "--keytab", keytab)
    # It looks when it is told to: a busy machine may take longer than a second, and that would be a line of its own.
    with Watch(directory, SINGLE.write(directory), *options, interval=60) as watch:
        seen = watch.wait_for_first_look()
        keytab.rename(directory / "elsewhere")
        watch.look()
        seen = watch.wait_for("failed", what="directory ldap://", after=seen)
        watch.look()
        assert told(watch, seen) == []
        assert watch.value("directaccess_source_up") == 0
        (directory / "elsewhere").rename(keytab)
        watch.look()
        seen = watch.wait_for("back", what="directory ldap://", after=seen)
        watch.look()
        assert told(watch, seen) == []
