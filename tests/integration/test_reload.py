"""unbound-control reload: the deployment file is read again, and what is wrong with it never ends the service.

Unbound ends itself when a module's start fails during a reload; the module must therefore go on with what it has. Plain
Unbound answers every query of such a load through its reloads (test_without_the_module shows it), so we must too.
"""

import time

import pytest

from harness.client import Query
from harness.load import Load
from harness.unbound import Settings, Unbound, with_module
from table import deployments
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
TRANSITION = Transition(OLD, NEW)
RELOADS = 5
OTHER = Query("host.other.example.")


@pytest.fixture(params=[1, 2], ids=["1-thread", "2-threads"])
def unbound(request, nsd, directory):
    path = OLD.write(directory).rename(directory / "deployment.yaml")
    with Unbound(directory, nsd, with_module(path, threads=request.param)) as server:
        yield server


def reload_under_load(unbound, queries, before_each=lambda turn: None):
    """Reloads a few times under load, and returns the load; none of its queries is lost."""
    with Load(unbound.port, queries, seconds=60) as load:
        time.sleep(0.3)
        for turn in range(RELOADS):
            before_each(turn)
            unbound.reload()
            time.sleep(0.3)
    assert not load.lost(), f"{len(load.lost())} of {len(load.observations)} queries got no answer"
    return load


def assert_sides(load, allowed):
    seen = {(entry.query, entry.reply) for entry in load.observations if entry.query != OTHER}
    found = {TRANSITION.side(*entry) for entry in seen}
    assert found == allowed, found - allowed or found


def side_now(unbound):
    with unbound.client() as client:
        found = {TRANSITION.side(query, client.udp(query)) for query in TRANSITION.queries}
    assert len(found) == 1, found
    return found.pop()


def errors(unbound):
    return unbound.process.log_lines(r"error: .*deployment\.yaml")


@pytest.mark.parametrize("threads", [1, 2])
def test_without_the_module(nsd, directory, threads):
    """What plain Unbound does with the same load: it loses nothing."""
    with Unbound(directory, nsd, Settings(threads=threads)) as plain:
        reload_under_load(plain, [OTHER, Query("isatap.other.example.")])


def test_same_file(unbound):
    load = reload_under_load(unbound, (*TRANSITION.queries, OTHER))
    assert_sides(load, {"old"})
    assert not errors(unbound)


def test_good_file(unbound):
    """The new file is there with the reload, not later."""

    def replace(turn):
        unbound.settings.deployment.write_text((NEW, OLD)[turn % 2].yaml)

    load = reload_under_load(unbound, (*TRANSITION.queries, OTHER), replace)
    assert_sides(load, {"old", "new"})
    unbound.settings.deployment.write_text(NEW.yaml)
    unbound.reload()
    assert side_now(unbound) == "new"
    assert not errors(unbound)


def test_bad_file(unbound):
    """The last good deployment stays, and every reload logs why."""
    bad = OLD.yaml.replace("address: 10.0.0.12", "address: 10.0.0.300")
    unbound.settings.deployment.write_text(bad)
    load = reload_under_load(unbound, (*TRANSITION.queries, OTHER))
    assert_sides(load, {"old"})
    assert len(errors(unbound)) >= RELOADS
    assert all("entry-points[0].servers[1].address" in line and "10.0.0.300" in line for line in errors(unbound))
    unbound.settings.deployment.write_text(NEW.yaml)
    unbound.reload()
    assert side_now(unbound) == "new"


def test_missing_file(unbound):
    unbound.settings.deployment.unlink()
    load = reload_under_load(unbound, (*TRANSITION.queries, OTHER))
    assert_sides(load, {"old"})
    assert len(errors(unbound)) >= RELOADS
    unbound.settings.deployment.write_text(NEW.yaml)
    unbound.reload()
    assert side_now(unbound) == "new"


def test_live_replacement_afterwards(unbound):
    """A reload, with a good or a bad file, does not end the looking at the file."""
    path = unbound.settings.deployment
    unbound.reload()
    path.write_text("suffixes: []\n")
    unbound.reload()
    assert side_now(unbound) == "old"
    path.write_text(NEW.yaml)
    time.sleep(2.5)
    assert side_now(unbound) == "new"


def test_reload_keep_cache(unbound):
    """A reload that keeps the cache keeps none of our answers, for there are none in it."""
    assert side_now(unbound) == "old"
    unbound.settings.deployment.write_text(NEW.yaml)
    unbound.reload("reload_keep_cache")
    assert side_now(unbound) == "new"
