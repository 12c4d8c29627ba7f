"""`dadns restore` and a domain controller whose zone takes anybody's updates: what is restored ages, and what is static
stays so. Run in tests/testbeds/samba-ad."""

import json

import pytest

from harness import samba
from table.deployments import CORP, MULTISITE, PROBE, SINGLE

A, AAAA = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1")
ADDRESS = ("A", "10.0.0.11")
EVERYTHING = {CORP: {A, AAAA}, PROBE: {ADDRESS}}
KEY = 'key "operator" { algorithm hmac-sha256; secret "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="; };'


@pytest.fixture(autouse=True)
def clean():
    samba.remove(CORP, PROBE)


def restore(directory, *options, deployment=SINGLE):
    """Exit status, (label, type) → result, and reasons."""
    done = samba.dadns("restore", "--server", samba.HOST, "--json", *options, deployment.write(directory))
    report = json.loads(done.stdout)
    results = {(rrset["name"].split(".")[0], rrset["type"]): rrset["result"] for rrset in report["rrsets"]}
    return done.status, results, [rrset["reason"] for rrset in report["rrsets"] if "reason" in rrset]


def without_serial(values):
    """Values of a node less the zone's serial, of which an update gives all of them the current one."""
    return {value[:8] + value[12:] for value in values}


def answered():
    return {label: {(kind, address) for kind, address in samba.stamps(label)} for label in (CORP, PROBE)}


def test_restored_is_dynamic(directory):
    """It is there, it ages, and it is lost again at its hour, as the program says."""
    before = samba.hour()
    assert restore(directory)[:2] == (0, {(CORP, "A"): "restored", (CORP, "AAAA"): "restored", (PROBE, "A"): "restored"})
    assert answered() == EVERYTHING
    stamps = {stamp for label in EVERYTHING for stamp in samba.stamps(label).values()}
    assert stamps <= {before, samba.hour()} and 0 not in stamps
    samba.set_clock(max(stamps) + samba.LIMIT)
    samba.scavenge()
    assert samba.ask(PROBE, "A") == samba.ask(CORP, "A") == "NXDOMAIN"


def test_tombstoned_is_revived(directory):
    samba.register(PROBE, " ".join(ADDRESS))
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.stored(PROBE).tombstoned
    assert restore(directory)[0] == 0
    assert not samba.stored(PROBE).tombstoned and answered() == EVERYTHING
    assert samba.stamps(PROBE)[ADDRESS] == samba.hour()


def test_static_stays_static(directory):
    """A static record is not touched: neither where nothing is missing, nor where the other type of its name is."""
    samba.store(CORP, samba.value(*A), samba.value(*AAAA))
    samba.store(PROBE, samba.value(*ADDRESS))
    before = samba.stored(CORP), samba.stored(PROBE)
    assert set(restore(directory)[1].values()) == {"already-there"}
    assert (samba.stored(CORP), samba.stored(PROBE)) == before

    samba.store(CORP, samba.value(*A))
    assert restore(directory)[:2] == (
        0,
        {(CORP, "A"): "already-there", (CORP, "AAAA"): "restored", (PROBE, "A"): "already-there"},
    )
    assert samba.stamps(CORP)[A] == 0 and samba.stored(PROBE) == before[1]
    samba.jump(samba.LIMIT)
    samba.scavenge()
    assert samba.ask(CORP, "A") == {A[1]} and samba.ask(PROBE, "A") == {ADDRESS[1]}


def test_partial_loss(directory):
    """A was lost, AAAA was not: it is A that is restored, and AAAA keeps its time stamp."""
    stamp = samba.hour() - 10
    samba.store(CORP, samba.value(*AAAA, stamp=stamp))
    assert samba.ask(CORP, "A") == set()
    assert restore(directory)[1] == {
        (CORP, "A"): "restored",
        (CORP, "AAAA"): "already-there",
        (PROBE, "A"): "restored",
    }
    assert samba.stamps(CORP)[AAAA] == stamp and samba.stamps(CORP)[A] == samba.hour()


def test_one_of_several(directory):
    """Of three addresses one is left, static and with a TTL of its own: both stay as they are."""
    before = samba.value("A", "10.2.0.10", ttl=77), samba.value("A", "203.0.113.66", ttl=77)
    samba.store(PROBE, *before)
    status, results, _ = restore(directory, "--suffix", samba.ZONE, deployment=MULTISITE)
    samba.remove("directaccess-NLS")
    assert (status, results[PROBE, "A"]) == (0, "restored")
    stamps = samba.stamps(PROBE)
    assert {address for _, address in stamps} == {"10.1.0.10", "10.2.0.10", "10.3.0.11", "203.0.113.66"}
    assert stamps["A", "10.2.0.10"] == stamps["A", "203.0.113.66"] == 0
    assert without_serial(before) < without_serial(samba.stored(PROBE).values)


def test_alias(directory):
    samba.samba_tool("dns", "add", samba.HOST, samba.ZONE, PROBE, "CNAME", samba.HOST)
    before = samba.stored(PROBE)
    status, results, reasons = restore(directory)
    assert (status, results[PROBE, "A"]) == (1, "failed")
    assert reasons == [f"it is an alias of {samba.HOST}, beside which nothing can be added"]
    assert samba.stored(PROBE) == before


def test_another_key(directory):
    """A key of BIND's kind is none to Active Directory: one clear line, which says what to do."""
    path = directory / "tsig.key"
    path.write_text(KEY)
    path.chmod(0o600)
    done = samba.dadns("restore", "--server", samba.HOST, "--key-file", path, SINGLE.write(directory))
    assert (done.status, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "BADKEY" in done.stderr and "GSS-TSIG" in done.stderr and "--print" in done.stderr
    assert answered() == {CORP: set(), PROBE: set()}
