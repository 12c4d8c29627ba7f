"""The directory of a zone that takes signed updates only: the nodes belong to who registered them, and pinning is the
way around that."""

import pytest

from harness import samba
from harness.audit import CRITICAL, OK
from table.deployments import CORP, PROBE, SINGLE

A, AAAA, WEB = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1"), ("A", "10.0.0.11")
HOLDER = f"CORP\\{samba.COMPUTER}"


@pytest.fixture(autouse=True)
def clean():
    samba.remove(CORP, PROBE)


@pytest.fixture
def single(directory):
    return SINGLE.write(directory)


def lose():
    """The computer registers both names, and the scavenger deletes them."""
    samba.register(CORP, "A 127.0.0.1", "AAAA fd12:3456:789a:7777::7f00:1", user=samba.COMPUTER)
    samba.register(PROBE, "A 10.0.0.11", user=samba.COMPUTER)
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.ask(CORP, "A") == samba.ask(PROBE, "A") == "NXDOMAIN"


def test_updates():
    """The zone is what it is told to be: unsigned updates are refused, and so are other people's."""
    assert "REFUSED" in samba.update(f"add {PROBE}.{samba.ZONE} 1200 A 10.0.0.11")
    samba.register(PROBE, "A 10.0.0.11", user=samba.COMPUTER)
    assert samba.update(f"add {PROBE}.{samba.ZONE} 1200 A 10.0.0.66", user=samba.READER) != ""
    assert samba.stored(PROBE).addresses() == {WEB}


def test_lost_and_held(single):
    """The audit names who holds what was lost; a member of DnsAdmins pins it all the same, and it is still theirs."""
    lose()
    holder = samba.holder(PROBE)
    done = samba.audit(single)
    assert done.status == CRITICAL
    assert {name for _, name, _ in done.findings("node-owner")} == {f"{CORP}.{samba.ZONE}", f"{PROBE}.{samba.ZONE}"}
    assert all(HOLDER in detail for detail in done.details("node-owner"))
    assert samba.update(f"add {PROBE}.{samba.ZONE} 1200 A 10.0.0.11", user=samba.READER) != ""
    assert samba.stored(PROBE).tombstoned

    done = samba.pin(single, "--apply", user=samba.READER)
    assert done.status == 1 and "may not write" in done.stderr and samba.stored(PROBE).tombstoned
    assert samba.pin(single, "--apply").status == 0
    assert samba.stamps(CORP) == {A: 0, AAAA: 0} and samba.stamps(PROBE) == {WEB: 0}
    assert samba.ask(CORP, "A") == {A[1]} and samba.ask(PROBE, "A") == {WEB[1]}
    assert samba.holder(PROBE) == holder
    assert samba.audit(single).status == OK


def test_pinned_by_its_holder(single):
    """The computer itself, with nothing but its keytab."""
    lose()
    done = samba.pin(single, "--apply", "--keytab", samba.KEYTABS / f"{samba.COMPUTER}.keytab", user=None)
    assert done.status == 0, done.stderr
    assert samba.stamps(CORP) == {A: 0, AAAA: 0} and samba.stamps(PROBE) == {WEB: 0}


def test_registered_again(single):
    """What is pinned stays so when the computer registers it once more, and outlasts it."""
    samba.register(PROBE, "A 10.0.0.11", user=samba.COMPUTER)
    assert samba.pin(single, "--apply").status == 0
    samba.jump(200)
    samba.register(PROBE, "A 10.0.0.11", user=samba.COMPUTER)
    assert samba.stamps(PROBE) == {WEB: 0}
    samba.jump(2 * samba.LIMIT)
    samba.scavenge()
    assert samba.ask(PROBE, "A") == {WEB[1]} and samba.audit(single).status == OK
