"""rndc reconfig and rndc reload: the deployment file is read again with the rest of named.conf.

named makes the new views, and with them our new instances, before it lets go of the old ones, and drops the new where
anything is wrong with them. Plain named answers every query of such a load (test_without_the_plugin shows it), so we
must too.
"""

import time

import pytest

from harness.client import Query
from harness.load import Load
from harness.named import Named, Settings, with_plugin
from table import deployments
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
TRANSITION = Transition(OLD, NEW)
RELOADS = 5
OTHER = Query("host.other.example.")
COMMANDS = ("reconfig", "reload")


class ReloadedNamed(Named):
    """One whose deployment file is at a path that stays the same."""

    @property
    def deployment(self):
        return self.directory / "deployment.yaml"


@pytest.fixture(params=[1, 2], ids=["1-thread", "2-threads"])
def named(request, nsd, directory):
    OLD.write(directory).rename(directory / "deployment.yaml")
    with ReloadedNamed(directory, nsd, with_plugin("deployment.yaml", threads=request.param)) as server:
        yield server


def under_load(named, queries, reload):
    """Calls reload(turn) a few times under load, and returns the load; none of its queries is lost."""
    with Load(named.port, queries, seconds=60) as load:
        time.sleep(0.3)
        for turn in range(RELOADS):
            reload(turn)
            time.sleep(0.3)
    assert not load.lost(), f"{len(load.lost())} of {len(load.observations)} queries got no answer"
    return load


def sides(load):
    seen = {(entry.query, entry.reply) for entry in load.observations if entry.query != OTHER}
    return {TRANSITION.side(*entry) for entry in seen}


def side_now(named):
    with named.client() as client:
        found = {TRANSITION.side(query, client.udp(query)) for query in TRANSITION.queries}
    assert len(found) == 1, found
    return found.pop()


def starts_and_stops(named):
    return len(named.process.log_lines("fingerprint")), len(named.process.log_lines("directaccess .*: stopped;"))


def assert_one_instance(named, started):
    """So many were started, and all but one of them have stopped: each with the last query that used it."""
    deadline = time.monotonic() + 10
    while starts_and_stops(named) != (started, started - 1):
        assert time.monotonic() < deadline, starts_and_stops(named)
        time.sleep(0.05)


@pytest.mark.parametrize("threads", [1, 2])
def test_without_the_plugin(nsd, directory, threads):
    """What plain named does with the same load: it loses nothing."""
    with Named(directory, nsd, Settings(threads=threads)) as plain:
        under_load(plain, [OTHER, Query("isatap.other.example.")], lambda turn: plain.reload(COMMANDS[turn % 2]))


def test_same_file(named):
    load = under_load(named, (*TRANSITION.queries, OTHER), lambda turn: named.reload(COMMANDS[turn % 2]))
    assert sides(load) == {"old"}
    assert_one_instance(named, 1 + RELOADS)


def test_good_file(named):
    """The new file is there with the reload, not before and not later."""

    def replace(turn):
        named.deployment.write_text((NEW, OLD)[turn % 2].yaml)
        named.reload(COMMANDS[turn // 2 % 2])

    load = under_load(named, (*TRANSITION.queries, OTHER), replace)
    assert sides(load) == {"old", "new"}
    named.deployment.write_text(OLD.yaml)
    assert side_now(named) == "new"
    named.reload()
    assert side_now(named) == "old"


BAD = {
    "bad": OLD.yaml.replace("address: 10.0.0.12", "address: 10.0.0.300"),
    "empty": "",
    "missing": None,
}


@pytest.mark.parametrize("title", BAD)
def test_bad_file(named, title):
    """rndc says that it failed, the log says why, and everything stays as it was."""

    def fail(turn):
        status, output = named.rndc(COMMANDS[turn % 2], check=False)
        assert status != 0 and "failed" in output, output

    if BAD[title] is None:
        named.deployment.unlink()
    else:
        named.deployment.write_text(BAD[title])
    load = under_load(named, (*TRANSITION.queries, OTHER), fail)
    assert sides(load) == {"old"}
    errors = named.process.log_lines("directaccess: deployment.yaml:")
    assert len(errors) == RELOADS and len(named.process.log_lines("reloading configuration failed: ")) == RELOADS
    if title == "bad":
        assert all("entry-points[0].servers[1].address" in line and "10.0.0.300" in line for line in errors)
    assert starts_and_stops(named) == (1, 0)
    named.deployment.write_text(NEW.yaml)
    named.reload()
    assert side_now(named) == "new"


def test_fault_elsewhere(named):
    """A fault that named meets after it has made the new instance: the old one stays, and the new one goes."""
    good = named.configuration.read_text()
    named.deployment.write_text(NEW.yaml)
    named.configuration.write_text(good + 'plugin query "/there/is/no/such.so" { };\n')
    load = under_load(named, (*TRANSITION.queries, OTHER), lambda turn: named.rndc("reconfig", check=False))
    assert sides(load) == {"old"} and side_now(named) == "old"
    named.configuration.write_text(good)
    named.reload()
    assert side_now(named) == "new"
    assert_one_instance(named, 2 + RELOADS)


def test_plugin_comes_and_goes(named):
    """A reconfig with the statement taken out, and put back."""
    good = named.configuration.read_text()
    without = "".join(line for line in good.splitlines(True) if not line.startswith("plugin "))
    assert without != good

    def swap(turn):
        named.configuration.write_text((without, good)[turn % 2])
        named.reload()

    under_load(named, (*TRANSITION.queries, OTHER), swap)
    with named.client() as client:
        assert client.udp(Query(f"{deployments.PROBE}.corp.example.net.")).answer[0].data == "203.0.113.66"
    swap(1)
    assert side_now(named) == "old"
