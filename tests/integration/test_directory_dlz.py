"""BIND with Samba's DLZ module in front of the directory: transfers work, and tell less than the directory does."""

import pytest

from harness import samba
from harness.audit import CRITICAL, OK, WARNING
from table.deployments import CORP, NLB, PROBE

TRANSFER = ("--transfer", samba.ADDRESS, "--origin", samba.ZONE)
BOTH = ("--directory", samba.LDAP, *TRANSFER)
LABELS = [label + below for label in NLB.records for below in ("", ".emea")]


@pytest.fixture(autouse=True)
def clean():
    samba.remove(*LABELS)


@pytest.fixture
def nlb(directory):
    return NLB.write(directory)


def register_all():
    for label, rrsets in NLB.records.items():
        records = [f"{kind} {address}" for kind, addresses in rrsets.items() for address in addresses]
        for below in ("", ".emea"):
            samba.register(label + below, *records, user=samba.COMPUTER, ttl=NLB.ttl)


def found(done, source):
    return {
        (record["name"].lower(), record["type"], record["found"], record["ttl"])
        for record in done.report["records"]
        if record["source"] == source
    }


def aging(done, source):
    return {record["aging"] for record in done.report["records"] if record["source"] == source}


def test_sources_agree(nlb):
    """On every record; and only the directory knows that all of them age."""
    register_all()
    done = samba.audit(nlb, *BOTH)
    assert done.failures() == ["", ""] and done.status == WARNING
    assert found(done, 0) == found(done, 1) and len(found(done, 0)) == 14
    assert (aging(done, 0), aging(done, 1)) == ({"dynamic"}, {"unknown"})
    assert {code for code in done.codes() if code != "node-owner"} == {"record-dynamic", "zone-aging"}


def test_lost_in_both(nlb):
    """What the scavenger deletes is gone from the transfer, too, and pinning brings it back to both."""
    register_all()
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.ask(PROBE, "A") == "NXDOMAIN"
    done = samba.audit(nlb, *BOTH)
    assert done.status == CRITICAL and found(done, 0) == found(done, 1) == set()
    assert "record-tombstoned" in done.codes()

    assert samba.pin(nlb, "--apply").status == 0
    done = samba.audit(nlb, *BOTH)
    assert done.status == OK and found(done, 0) == found(done, 1) and len(found(done, 0)) == 14
    assert aging(done, 0) == {"static"}
    assert samba.ask(CORP, "A") == {"127.0.0.1"} and samba.ask(f"{PROBE}.emea", "A") == {"10.0.0.10"}

    samba.jump(2 * samba.LIMIT)
    samba.scavenge()
    assert samba.audit(nlb, *BOTH).status == OK


def test_pinned_is_answered(nlb):
    """Straight from the directory: named has nothing to reload."""
    assert samba.ask(PROBE, "A") == "NXDOMAIN"
    assert samba.pin(nlb, "--apply").status == 0
    assert samba.ask(PROBE, "A") == {"10.0.0.10"}
    assert samba.audit(nlb, "--server", samba.ADDRESS).status == OK
