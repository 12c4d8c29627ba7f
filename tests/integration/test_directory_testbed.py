"""The testbed itself: a real directory, a real scavenger, and a clock that moves. No program of ours takes part."""

import pytest

from harness import samba

CONNECTIVITY = "directaccess-corpConnectivityHost"
PROBE = "directaccess-WebProbeHost"
A, AAAA = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1")


@pytest.fixture(autouse=True)
def clean():
    samba.remove(CONNECTIVITY, PROBE, "static")


def test_stamp_is_the_hour():
    before = samba.hour()
    samba.register(CONNECTIVITY, " ".join(A), " ".join(AAAA))
    found = samba.stamps(CONNECTIVITY)
    assert set(found) == {A, AAAA} and set(found.values()) <= {before, samba.hour()}
    assert samba.ask(CONNECTIVITY, "A") == {"127.0.0.1"}


def test_scavenged_at_the_hour():
    """Not one hour before; and a static record never."""
    samba.register(CONNECTIVITY, " ".join(A))
    samba.samba_tool("dns", "add", samba.HOST, samba.ZONE, "static", "A", "10.0.0.77")
    assert samba.stamps("static") == {("A", "10.0.0.77"): 0}
    stale = samba.stamps(CONNECTIVITY)[A] + samba.LIMIT

    samba.set_clock(stale - 1, seconds=samba.HOUR - 120)
    samba.scavenge()
    assert samba.ask(CONNECTIVITY, "A") == {"127.0.0.1"}

    samba.set_clock(stale)
    samba.scavenge()
    assert samba.ask(CONNECTIVITY, "A") == "NXDOMAIN"
    assert samba.stored(CONNECTIVITY).tombstoned and samba.stamps(CONNECTIVITY) == {}
    assert samba.ask("static", "A") == {"10.0.0.77"}


def test_partial_loss():
    """Records of one name are registered, and lost, by themselves: what is left answers NODATA, not NXDOMAIN."""
    samba.register(CONNECTIVITY, " ".join(A))
    samba.jump(100)
    samba.register(CONNECTIVITY, " ".join(AAAA))
    first, second = samba.stamps(CONNECTIVITY)[A], samba.stamps(CONNECTIVITY)[AAAA]
    assert first < second

    samba.set_clock(first + samba.LIMIT)
    samba.scavenge()
    assert samba.ask(CONNECTIVITY, "A") == set()
    assert samba.ask(CONNECTIVITY, "AAAA") == {AAAA[1]}

    samba.set_clock(second + samba.LIMIT)
    samba.scavenge()
    assert samba.ask(CONNECTIVITY, "AAAA") == "NXDOMAIN"


def test_restored_by_update_is_dynamic():
    """Such a record is there again, and lost again."""
    samba.register(PROBE, "A 10.0.0.10")
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.stored(PROBE).tombstoned
    samba.register(PROBE, "A 10.0.0.10")
    assert not samba.stored(PROBE).tombstoned
    assert samba.stamps(PROBE)[("A", "10.0.0.10")] == samba.hour()
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.ask(PROBE, "A") == "NXDOMAIN"
