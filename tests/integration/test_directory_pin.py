"""`dadns pin` in a real directory: what it writes is what it planned, the scavenger spares it, and whatever interrupts it
leaves no name with less than it had."""

import json
import os
import signal
import subprocess
import time

import pytest

from harness import samba
from harness.audit import OK
from harness.proxy import Proxy
from table.deployments import CORP, NLB, NLS, PROBE, ROUTER, SINGLE

A, AAAA, WEB = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1"), ("A", "10.0.0.11")
LABELS = [label + below for label in NLB.records for below in ("", ".emea")]
WISHED = {
    label + below: {(kind, address) for kind, addresses in rrsets.items() for address in addresses}
    for label, rrsets in NLB.records.items()
    for below in ("", ".emea")
}
BYSTANDER = "fileserver"


@pytest.fixture(autouse=True)
def clean():
    samba.remove(*LABELS, BYSTANDER)


@pytest.fixture
def single(directory):
    return SINGLE.write(directory)


@pytest.fixture
def nlb(directory):
    return NLB.write(directory)


def state(labels=LABELS):
    return {label: samba.stored(label) for label in labels}


def assert_pinned(labels=LABELS):
    """All that is wished is there, and static."""
    for label in labels:
        found = samba.stored(label)
        assert not found.tombstoned
        assert {record for record, stamp in found.stamps().items() if stamp == 0} >= WISHED[label], label


# ---- what is planned, and what is written ----


def test_plan_writes_nothing(single):
    samba.register(CORP, "A 127.0.0.1")
    before = state()
    done = samba.pin(single)
    assert done.status == 0 and "Nothing was written" in done.stdout
    assert state() == before


def test_apply(single):
    """Only stamps change; what is missing is added; a second time nothing is written."""
    samba.register(CORP, "A 127.0.0.1", ttl=777)
    (old,) = samba.stored(CORP).values
    done = samba.pin(single, "--apply")
    assert done.status == 0 and done.stderr == ""
    assert samba.stamps(CORP) == {A: 0, AAAA: 0} and samba.stamps(PROBE) == {WEB: 0}
    assert old[:20] + bytes(4) + old[24:] in samba.stored(CORP).values
    assert samba.ask(CORP, "A") == {A[1]} and samba.ask(CORP, "AAAA") == {AAAA[1]} and samba.ask(PROBE, "A") == {WEB[1]}

    before = state()
    done = samba.pin(single, "--apply")
    assert done.status == 0 and state() == before
    done = samba.audit(single)
    assert done.status == OK and not {"record-dynamic", "static-partly"} & done.codes()


def test_log(single, directory):
    """What was written can be undone by it: the whole values, before and after."""
    samba.register(CORP, "A 127.0.0.1")
    (old,) = samba.stored(CORP).values
    log = directory / "pin.log"
    done = samba.pin(single, "--apply", "--log", log)
    assert done.status == 0
    lines = log.read_text().splitlines()
    assert [line for line in lines if f" before A {A[1]} " in line and line.endswith(f"value={old.hex()}")]
    written = {line.split("value=")[1] for line in lines if " after " in line}
    assert written == {value.hex() for label in (CORP, PROBE) for value in samba.stored(label).values}
    assert log.stat().st_mode & 0o777 == 0o600


def test_json(single):
    """The plan, as programs read it."""
    samba.register(CORP, "A 127.0.0.1")
    done = samba.pin(single, "--json")
    report = json.loads(done.stdout)
    assert done.status == 0 and report["apply"] is False
    assert {name["name"] for name in report["names"]} == {f"{CORP}.{samba.ZONE}.", f"{PROBE}.{samba.ZONE}."}


def test_wrong_addresses(single):
    """They stay, and are told, until it is said that they are to go."""
    wrong = ("A", "10.0.0.66")
    samba.register(PROBE, "A 10.0.0.66", "A 10.0.0.11")
    stamp = samba.stamps(PROBE)[wrong]
    done = samba.pin(single, "--apply")
    assert done.status == 0 and wrong[1] in done.stdout
    assert samba.stamps(PROBE) == {WEB: 0, wrong: stamp}
    done = samba.pin(single, "--apply", "--replace")
    assert done.status == 0 and samba.stamps(PROBE) == {WEB: 0}


def test_every_name(nlb):
    """Of two suffixes, one below the other, in one zone."""
    done = samba.pin(nlb, "--apply")
    assert done.status == 0
    assert {label: samba.stored(label).addresses() for label in LABELS} == WISHED
    assert_pinned()


def test_one_suffix(nlb):
    done = samba.pin(nlb, "--apply", "--suffix", f"emea.{samba.ZONE}")
    assert done.status == 0
    assert_pinned([label for label in LABELS if label.endswith(".emea")])
    assert all(samba.stored(label) == samba.ABSENT for label in NLB.records)


# ---- the scavenger ----


def test_scavenger_spares_what_is_pinned(single):
    samba.register(CORP, "A 127.0.0.1", "AAAA fd12:3456:789a:7777::7f00:1")
    samba.register(PROBE, "A 10.0.0.11")
    samba.register(BYSTANDER, "A 10.0.0.99")
    assert samba.pin(single, "--apply").status == 0
    stale = samba.stamps(BYSTANDER)[("A", "10.0.0.99")] + samba.LIMIT

    samba.set_clock(stale - 1)
    samba.scavenge()
    assert samba.ask(BYSTANDER, "A") == {"10.0.0.99"}

    samba.set_clock(stale)
    samba.scavenge()
    assert samba.ask(BYSTANDER, "A") == "NXDOMAIN"
    assert samba.stamps(CORP) == {A: 0, AAAA: 0} and samba.stamps(PROBE) == {WEB: 0}
    assert samba.ask(CORP, "A") == {A[1]} and samba.ask(CORP, "AAAA") == {AAAA[1]} and samba.ask(PROBE, "A") == {WEB[1]}
    assert samba.audit(single).status == OK


def test_lost_and_partly_lost(single):
    """A node that was scavenged is revived, half a node is made whole, and then both stay."""
    samba.register(CORP, "A 127.0.0.1")
    samba.register(PROBE, "A 10.0.0.11")
    samba.jump(100)
    samba.register(CORP, "AAAA fd12:3456:789a:7777::7f00:1")
    samba.set_clock(samba.stamps(PROBE)[WEB] + samba.LIMIT)
    samba.scavenge()
    assert samba.stored(PROBE).tombstoned and set(samba.stamps(CORP)) == {AAAA}

    assert samba.pin(single, "--apply").status == 0
    assert samba.stamps(CORP) == {A: 0, AAAA: 0} and samba.stamps(PROBE) == {WEB: 0}
    assert not samba.stored(PROBE).tombstoned and len(samba.stored(PROBE).values) == 1
    assert samba.ask(PROBE, "A") == {WEB[1]}
    samba.jump(3 * samba.LIMIT)
    samba.scavenge()
    assert samba.ask(CORP, "A") == {A[1]} and samba.ask(CORP, "AAAA") == {AAAA[1]} and samba.ask(PROBE, "A") == {WEB[1]}


# ---- rights ----


def test_without_rights(single):
    """Reads and plans, is told which account may not write, and has written nothing."""
    for label, *records in ((CORP, A), (PROBE, WEB)):
        samba.store(label, *(samba.value(*record, stamp=samba.hour()) for record in records))
    before = state()
    assert samba.pin(single, user=samba.READER).status == 0
    done = samba.pin(single, "--apply", user=samba.READER)
    assert done.status == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 3, done.stderr
    assert all(f"{samba.READER}@" in line and "may not write" in line for line in lines[:-1])
    assert state() == before


# ---- interruptions ----


@pytest.fixture
def worn(nlb):
    """Puts the names into every state that a name may be in; gives the path, and what is good in each."""

    def wear():
        stamp = samba.hour()
        samba.store(CORP, samba.value(*A, stamp=stamp), samba.value(*AAAA, stamp=stamp))
        samba.store(f"{CORP}.emea", samba.value(*A, stamp=stamp))
        samba.store(PROBE, samba.value("A", "10.0.0.10"))
        samba.store(f"{PROBE}.emea", samba.tombstone(), tombstoned=True)
        samba.remove(NLS, f"{NLS}.emea")
        samba.store(ROUTER, *(samba.value("A", f"10.0.0.{last}", stamp=stamp) for last in (10, 11, 99)))
        samba.store(f"{ROUTER}.emea", samba.value("A", "10.0.0.12"), samba.value("A", "10.0.0.11", stamp=stamp))
        return state()

    wear.deployment = nlb
    return wear


def assert_none_poorer(before):
    """Every node is as it was or pinned whole, never in between."""
    for label, now in state().items():
        if now == before[label]:
            continue
        assert not now.tombstoned, label
        assert now.addresses() >= WISHED[label] | before[label].addresses(), label
        assert {stamp for record, stamp in now.stamps().items() if record in WISHED[label]} == {0}, label


def started(deployment, url):
    """pin --apply, running."""
    ticket = samba.login(samba.DNS_ADMIN)
    return subprocess.Popen(
        samba.command("pin", deployment, "--directory", url, "--apply", "--timeout", 5),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ticket,
    )


def finish(worn):
    """What was interrupted is done by the next run."""
    assert samba.pin(worn.deployment, "--apply").status == 0
    assert_pinned()


def through(proxy):
    return f"{samba.LDAP}:{proxy.port}"


def measure(worn):
    """An undisturbed run: how many requests it sends, and octets in both directions."""
    worn()
    with Proxy(samba.ADDRESS, 389) as proxy:
        done = samba.pin(worn.deployment, "--apply", url=through(proxy))
    assert done.status == 0, done.stderr
    assert_pinned()
    return proxy


@pytest.mark.parametrize("when", ("before", "after"))
def test_killed(worn, when):
    """By SIGKILL, just before and just after each of its requests has reached the server."""
    requests = measure(worn).requests
    assert requests > len(LABELS)
    written = set()
    for at in range(1, requests + 1):
        before = worn()
        victim = []

        def kill(request):
            if request == at:
                victim[0].kill()

        with Proxy(samba.ADDRESS, 389, **{when: kill}) as proxy:
            with started(worn.deployment, through(proxy)) as child:
                victim.append(child)
                _, said = child.communicate(timeout=60)
        assert child.returncode in (-signal.SIGKILL, 0), said
        assert_none_poorer(before)
        written.add(sum(now != before[label] for label, now in state().items()))
    # It was killed with nothing written, and with one, two and more nodes written, up to all that are not as they should.
    assert written == set(range(len(written))) and len(written) >= len(LABELS) - 1, written
    finish(worn)


def test_killed_at_any_time(worn):
    began = time.monotonic()
    measure(worn)
    seconds = time.monotonic() - began
    for part in range(25):
        before = worn()
        with started(worn.deployment, samba.LDAP) as child:
            try:
                child.communicate(timeout=seconds * part / 25)
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate(timeout=10)
        assert_none_poorer(before)
    finish(worn)


@pytest.mark.parametrize("way", ("sent", "received"))
def test_cut(worn, way):
    """The connection is reset within, and between, messages of either side. What is not known is not claimed."""
    octets = measure(worn).octets[way]
    failures = 0
    for part in range(1, 41):
        before = worn()
        with Proxy(samba.ADDRESS, 389, **{f"cut_{way}": octets * part // 41}) as proxy:
            with started(worn.deployment, through(proxy)) as child:
                said, complained = child.communicate(timeout=60)
        done = samba.judged(child.returncode, said, complained)
        assert done.status == 1 and done.stderr, done
        failures += "not known" in done.stderr
        assert_none_poorer(before)
    assert failures if way == "received" else True
    finish(worn)


def test_changed_meanwhile(worn):
    """Somebody adds an address just before a request of ours, whichever it is: it is still there, and we are, too."""
    requests = measure(worn).requests
    other = ("A", "10.0.0.200")
    conflicts = 0
    for at in range(1, requests + 1):
        before = worn()

        def interfere(request):
            if request == at:
                for label in (CORP, f"{PROBE}.emea"):
                    node = samba.stored(label)
                    kept = () if node.tombstoned else node.values
                    samba.store(label, *kept, samba.value(*other, stamp=samba.hour()))

        with Proxy(samba.ADDRESS, 389, before=interfere) as proxy:
            done = samba.pin(worn.deployment, "--apply", url=through(proxy))
        conflicts += "it changed meanwhile" in done.stdout
        assert_none_poorer(before)
        for label in (CORP, f"{PROBE}.emea"):
            assert other in samba.stored(label).addresses(), f"{label} at request {at}: {done}"
        assert done.status == 0, done
        assert_pinned()
    assert conflicts >= 2
