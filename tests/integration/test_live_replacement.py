"""A replaced deployment file goes live by itself: no reload, no lost query, no mixed answer, and soon.

Every test runs under load. The file is NLB at first and MULTISITE afterwards: all published addresses and all TTLs
differ, so each reply tells which of the two it came from.
"""

import contextlib
import os
import time

import pytest

from harness.client import Query
from harness.load import Load
from harness.unbound import Unbound, with_module
from table import deployments
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
TRANSITION = Transition(OLD, NEW)
LIVE_SECONDS = 2  # promised: from the replacement until no reply is old
OTHER = Query("host.other.example.")  # a name that passes through


@pytest.fixture
def unbound(request, nsd, directory):
    path = OLD.write(directory).rename(directory / "deployment.yaml")
    with Unbound(directory, nsd, with_module(path, threads=getattr(request, "param", 2))) as server:
        yield server


@contextlib.contextmanager
def load_on(unbound, seconds=30):
    with Load(unbound.port, (*TRANSITION.queries, OTHER), seconds) as load:
        time.sleep(0.5)
        yield load
    assert not load.lost(), f"{len(load.lost())} of {len(load.observations)} queries got no answer"
    assert {entry.reply.answer[0].data for entry in load.observations if entry.query == OTHER} == {"192.0.2.8"}


def sides(load):
    """(sent, received, "old" or "new") of each reply; a reply that is neither fails the test."""
    known = {}
    found = []
    for entry in load.observations:
        if entry.query == OTHER:
            continue
        key = (entry.query, entry.reply)
        if key not in known:
            known[key] = TRANSITION.side(*key)
            assert known[key] in ("old", "new"), f"a reply of neither deployment: {known[key]}"
        found.append((entry.sent, entry.received, known[key]))
    return found


def assert_all_old(load):
    assert {side for _, _, side in sides(load)} == {"old"}


def assert_goes_live(load, since, seconds=LIVE_SECONDS):
    """Old until some moment not before `since` and at most `seconds` after it; new from then on, for every client."""
    entries = sides(load)
    first_new = min((received for _, received, side in entries if side == "new"), default=None)
    last_old = max(sent for sent, _, side in entries if side == "old")
    assert first_new is not None, "no reply is new"
    assert first_new > since, "a reply is new before the file was"
    assert last_old < first_new, f"a query sent {last_old - first_new:.3f} s after a new reply got an old one"
    assert last_old - since < seconds, f"an old reply {last_old - since:.2f} s after the replacement"


def replace(unbound, text):
    """Writes beside and renames, as an editor or a configuration tool does."""
    path = unbound.settings.deployment
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, path)
    return time.monotonic()


def complaints(unbound):
    return unbound.process.log_lines(r"error: .*deployment\.yaml")


@pytest.mark.parametrize("unbound", [1, 2], indirect=True, ids=["1-thread", "2-threads"])
def test_rename(unbound):
    with load_on(unbound) as load:
        since = replace(unbound, NEW.yaml)
        time.sleep(2.5)
    assert_goes_live(load, since)
    assert not complaints(unbound)


def test_rename_of_an_older_file(unbound):
    """A file that keeps its old time stamp, as `cp -p` or `rsync -t` leave it, is as new as any other."""
    path = unbound.settings.deployment
    beside = path.with_suffix(".new")
    beside.write_text(NEW.yaml)
    an_hour_ago = time.time() - 3600
    os.utime(beside, (an_hour_ago, an_hour_ago))
    with load_on(unbound) as load:
        os.replace(beside, path)
        since = time.monotonic()
        time.sleep(2.5)
    assert_goes_live(load, since)


def test_rename_of_a_file_from_the_future(unbound):
    """A clock that is wrong, here or where the file was written, must not keep the file from being taken."""
    path = unbound.settings.deployment
    beside = path.with_suffix(".new")
    beside.write_text(NEW.yaml)
    in_an_hour = time.time() + 3600
    os.utime(beside, (in_an_hour, in_an_hour))
    with load_on(unbound) as load:
        os.replace(beside, path)
        since = time.monotonic()
        time.sleep(2.5)
    assert_goes_live(load, since)


def test_symbolic_link(unbound):
    """The path is a symbolic link that is pointed elsewhere, as orchestrators mount configuration."""
    path = unbound.settings.deployment
    old = path.rename(path.with_name("first.yaml"))
    path.symlink_to(old)
    new = path.with_name("second.yaml")
    new.write_text(NEW.yaml)
    link = path.with_name("link")
    link.symlink_to(new)
    time.sleep(2.5)
    with load_on(unbound) as load:
        os.replace(link, path)
        since = time.monotonic()
        time.sleep(2.5)
    assert_goes_live(load, since)


def test_rewrite_in_place(unbound):
    with load_on(unbound) as load:
        unbound.settings.deployment.write_text(NEW.yaml)
        since = time.monotonic()
        time.sleep(2.5)
    assert_goes_live(load, since)
    assert not complaints(unbound)


def test_slow_writer(unbound):
    """A file that is still being written is left alone until it has been quiet for a second."""
    lines = NEW.yaml.splitlines(keepends=True)
    with load_on(unbound) as load:
        with open(unbound.settings.deployment, "w") as output:
            for line in lines[:8]:
                output.write(line)
                output.flush()
                time.sleep(0.4)
            output.writelines(lines[8:])
        since = time.monotonic()
        time.sleep(2.5)
    assert_goes_live(load, since)
    assert not complaints(unbound)


def test_bad_file(unbound):
    """It is logged once, with file, field and value, and nothing changes; the next good file is taken."""
    with load_on(unbound) as load:
        replace(unbound, OLD.yaml.replace("vip: 10.0.0.10", "vip: 10.0.0.11"))
        time.sleep(3.5)
    assert_all_old(load)
    assert len(complaints(unbound)) == 1, complaints(unbound)
    assert "entry-points[0].load-balancer.vip" in complaints(unbound)[0]
    assert "10.0.0.11" in complaints(unbound)[0]
    with load_on(unbound) as load:
        since = replace(unbound, NEW.yaml)
        time.sleep(2.5)
    assert_goes_live(load, since)
    assert len(complaints(unbound)) == 1, complaints(unbound)


def test_second_bad_file(unbound):
    """Another bad file is another error."""
    with load_on(unbound) as load:
        replace(unbound, OLD.yaml.replace("ttl: 600", "ttl: 0"))
        time.sleep(2.5)
        replace(unbound, OLD.yaml.replace("ttl: 600", "ttl: 86401"))
        time.sleep(2.5)
    assert_all_old(load)
    assert [line.count("86401") for line in complaints(unbound)] == [0, 1], complaints(unbound)


def test_removed_file(unbound):
    """It is logged once and nothing changes; a file that is there again is taken."""
    path = unbound.settings.deployment
    with load_on(unbound) as load:
        path.unlink()
        time.sleep(3.5)
    assert_all_old(load)
    assert len(complaints(unbound)) == 1, complaints(unbound)
    with load_on(unbound) as load:
        since = replace(unbound, NEW.yaml)
        time.sleep(2.5)
    assert_goes_live(load, since)


def test_the_same_file_again(unbound):
    """A removed file that comes back as it was, and one that is touched, change nothing."""
    path = unbound.settings.deployment
    with load_on(unbound) as load:
        path.rename(path.with_suffix(".away"))
        time.sleep(2.5)
        path.with_suffix(".away").rename(path)
        time.sleep(2.5)
        path.touch()
        time.sleep(2.5)
    assert_all_old(load)


def test_restless_file(unbound):
    """Replaced every 0.3 s for a while: every reply is of one or the other, and the last file wins."""
    with load_on(unbound) as load:
        for turn in range(15):
            replace(unbound, (NEW, OLD)[turn % 2].yaml)
            time.sleep(0.3)
        time.sleep(1)
        since = replace(unbound, NEW.yaml)
        time.sleep(2.5)
    late = {side for sent, _, side in sides(load) if sent > since + LIVE_SECONDS}
    assert late == {"new"}


def test_idle(unbound):
    """A file that was replaced while nobody asked is there for the first who asks."""
    with unbound.client() as client:
        query = TRANSITION.queries[0]
        assert TRANSITION.side(query, client.udp(query)) == "old"
        replace(unbound, NEW.yaml)
        time.sleep(LIVE_SECONDS)
        assert TRANSITION.side(query, client.udp(query)) == "new"


def test_cached_before_it_was_ours(unbound):
    """The limit of it: what Unbound has cached for a name that was not ours stays until it expires or is flushed."""
    query = Query("wpad.corp.example.net.")
    with unbound.client() as client:
        assert [record.data for record in client.udp(query).answer] == ["203.0.113.66"]
        replace(unbound, NEW.yaml)
        time.sleep(LIVE_SECONDS + 0.5)
        ours = TRANSITION.queries[0]
        assert TRANSITION.side(ours, client.udp(ours)) == "new"
        assert client.udp(query).rcode == "NOERROR"
        unbound.control("flush", query.name)
        assert client.udp(query).rcode == "NXDOMAIN"
