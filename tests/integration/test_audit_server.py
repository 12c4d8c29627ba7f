"""`dadns audit --server`: an authoritative server asked name by name; what it refuses, refers or leaves unsaid."""

import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rrset
import pytest

from harness.audit import CRITICAL, OK, UNKNOWN, WARNING, audit, zone
from harness.named import Named, Settings
from harness.nsd import Nsd
from harness.scripted import Scripted
from harness.unbound import Settings as UnboundSettings
from harness.unbound import StockUnbound
from table.deployments import CORP, NLB, PROBE, ROUTER, SINGLE

SUFFIX = "corp.example.net"
SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'


def at(server):
    return f"{server.host.address}@{server.port}"


def named_with(directory, zones, options=(), zone_options=""):
    directory.mkdir(parents=True, exist_ok=True)
    statements = [KEY]
    for name, text in zones.items():
        (directory / f"{name}.zone").write_text(text)
        statements.append(f'zone "{name}" {{ type primary; file "{name}.zone"; {zone_options} }};')
    return Named(directory, None, Settings(recursive=False, options=tuple(options), statements=tuple(statements)))


# Case: zone, exit status, all findings as (code, relative name, type).
CASES = {
    "right": (zone(SINGLE), OK, set()),
    "wrong address": (
        zone(SINGLE, {(PROBE, "A"): ["203.0.113.66"]}),
        CRITICAL,
        {("wrong-address", PROBE, "A"), ("web-probe-missing", PROBE, "A")},
    ),
    "extra address": (
        zone(SINGLE, {(PROBE, "A"): ["10.0.0.11", "10.0.0.99"]}),
        WARNING,
        {("extra-address", PROBE, "A")},
    ),
    "no A": (zone(SINGLE, {(CORP, "A"): []}), CRITICAL, {("corp-connectivity-no-a", CORP, "A")}),
    "no AAAA": (zone(SINGLE, {(CORP, "AAAA"): []}), WARNING, {("corp-connectivity-no-aaaa", CORP, "AAAA")}),
    "missing": (zone(SINGLE, {(PROBE, "A"): []}), CRITICAL, {("web-probe-missing", PROBE, "A")}),
    "not allowed": (
        zone(SINGLE, further=[f"{PROBE} AAAA 2001:db8::66"]),
        CRITICAL,
        {("aaaa-not-allowed", PROBE, "AAAA")},
    ),
    "delegation": (
        zone(SINGLE, {(PROBE, "A"): []}, [f"{PROBE} NS ns.upstream.example."]),
        CRITICAL,
        {("occluded", PROBE, "")},
    ),
    "alias": (
        zone(SINGLE, {(PROBE, "A"): []}, [f"{PROBE} CNAME host", "host A 10.0.0.11"]),
        CRITICAL,
        {("alias", PROBE, "CNAME"), ("web-probe-missing", PROBE, "A")},
    ),
    "wildcard": (
        zone(SINGLE, {(PROBE, "A"): []}, ["* A 203.0.113.66"]),
        CRITICAL,
        {("wildcard-answers", PROBE, "A"), ("web-probe-missing", PROBE, "A"), ("blocked-wildcard", "isatap", "A")},
    ),
    "isatap": (zone(SINGLE, further=["isatap A 203.0.113.66"]), CRITICAL, {("blocked-resolves", "isatap", "A")}),
    "TTL": (zone(SINGLE).replace("$TTL 1200", "$TTL 60"), OK, {("ttl-differs", CORP, "A")}),
}


@pytest.mark.parametrize("case", CASES)
def test_named(directory, case):
    text, status, findings = CASES[case]
    with named_with(directory, {SUFFIX: text}) as server:
        done = audit(SINGLE.write(directory), "--server", at(server))
    assert (done.status, done.failures()) == (status, [""])
    found = {finding for finding in done.findings() if finding[0] != "aging-unknown"}
    if case == "TTL":
        found = {finding for finding in found if finding[1:] == (f"{CORP}.{SUFFIX}", "A")}
    assert found == {(code, f"{name}.{SUFFIX}", kind) for code, name, kind in findings}


def test_signed(directory):
    """A zone that only the key may ask for."""
    key = directory / "tsig.key"
    with named_with(directory, {SUFFIX: zone(SINGLE)}, zone_options="allow-query { key operator; };") as server:
        done = audit(SINGLE.write(directory), "--server", at(server))
        assert done.status == UNKNOWN and "REFUSED" in str(done.report)
        key.write_text(KEY)
        key.chmod(0o600)
        done = audit(SINGLE.write(directory), "--server", at(server), "--key-file", key)
        assert (done.status, done.codes(), done.failures()) == (OK, set(), [""])
        key.write_text(KEY.replace(SECRET, "YW5vdGhlciBzZWNyZXQ="))
        done = audit(SINGLE.write(directory), "--server", at(server), "--key-file", key)
        assert done.status == UNKNOWN and "BADSIG" in done.failures()[0]


def test_by_name(directory):
    with named_with(directory, {SUFFIX: zone(SINGLE)}) as server:
        done = audit(SINGLE.write(directory), "--server", f"localhost@{server.port}")
        assert (done.status, done.codes()) == (OK, set())


def test_refused(directory):
    """A server that has another zone."""
    with named_with(directory, {"other.example": zone(SINGLE)}) as server:
        done = audit(SINGLE.write(directory), "--server", at(server))
    assert done.status == UNKNOWN
    assert "web-probe-missing" not in done.codes()
    assert "REFUSED" in str(done.report)


def test_suffix_delegated(directory):
    """A server of the zone above, which refers to others."""
    text = zone(SINGLE, {(label, kind): [] for label in (CORP, PROBE) for kind in ("A", "AAAA")}, ["corp NS ns.corp"])
    with named_with(directory, {"example.net": text}) as server:
        done = audit(SINGLE.write(directory), "--server", at(server))
    assert "not-authoritative" in done.codes() or "occluded" in done.codes()
    assert done.status in (CRITICAL, UNKNOWN) and "web-probe-missing" not in done.codes()


def test_not_authoritative(directory):
    """A resolver, which answers from its cache alone where recursion is not asked for."""
    path = directory / "zone"
    path.write_text(zone(SINGLE))
    with Nsd(directory / "nsd", {SUFFIX: path}) as nsd:
        snoop = UnboundSettings(server=("access-control: 127.0.0.0/8 allow_snoop",))
        with StockUnbound(directory / "unbound", nsd, snoop) as unbound:
            audit(SINGLE.write(directory), "--resolver", at(unbound))  # fills the cache
            done = audit(SINGLE.write(directory), "--server", at(unbound))
            assert "not-authoritative" in done.codes() and done.status == UNKNOWN
        right = audit(SINGLE.write(directory), "--server", at(nsd))
        assert (right.status, right.codes()) == (OK, set())


# ---- UDP, TCP, and servers that misbehave ----

MANY = SINGLE.yaml.replace("address: 10.0.0.11}", "address: 10.0.1.1}") + "".join(
    f"      - {{name: da{number}, address: 10.0.1.{number}}}\n" for number in range(2, 200)
)
MANY += "    load-balancer: {kind: nlb, vip: 10.0.1.250}\nisatap-router: isatap-da\n"


def test_truncated(directory):
    """200 addresses do not fit a datagram."""
    unlimited = ["max-records-per-type 0;"]
    path = directory / "many.yaml"
    path.write_text(MANY)
    routers = [f"{ROUTER} A 10.0.1.{number}" for number in (*range(1, 200), 250)]
    with named_with(directory, {SUFFIX: zone(SINGLE, {(PROBE, "A"): ["10.0.1.250"]}, routers)}, unlimited) as server:
        done = audit(path, "--server", at(server))
        assert (done.status, done.codes()) == (OK, set())
    with named_with(directory, {SUFFIX: zone(SINGLE, {(PROBE, "A"): ["10.0.1.250"]}, routers[:-1])}, unlimited) as server:
        done = audit(path, "--server", at(server))
        assert done.findings("isatap-router-incomplete") == {("isatap-router-incomplete", f"{ROUTER}.{SUFFIX}", "A")}


def test_rate_limited(directory):
    """A server that drops and truncates most of what it replies to one client is asked over TCP."""
    many = directory / "suffixes.yaml"
    names = ", ".join(f"s{number}.{SUFFIX}" for number in range(60))
    many.write_text(SINGLE.yaml.replace("[corp.example.net]", f"[{names}]"))
    lines = [
        f"{label}.s{number} {kind} {address}"
        for number in range(60)
        for label, rrsets in SINGLE.records.items()
        for kind, addresses in rrsets.items()
        for address in addresses
    ]
    limit = "rate-limit { responses-per-second 5; slip 2; };"
    with named_with(directory, {SUFFIX: zone(SINGLE, further=lines)}, [limit]) as server:
        done = audit(many, "--server", at(server))
    assert (done.status, done.codes(), done.failures()) == (OK, set(), [""])


def answer(wire):
    """A reply that is right for SINGLE."""
    question = dns.message.from_wire(wire)
    message = dns.message.make_response(question)
    message.flags |= dns.flags.AA
    name = question.question[0].name
    label = name.labels[0].decode()
    kind = "AAAA" if question.question[0].rdtype == 28 else "A"
    addresses = SINGLE.records.get(label, {}).get(kind, [])
    if question.question[0].rdtype == 6:
        soa = "ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60"
        message.answer.append(dns.rrset.from_text(name, 1200, "IN", "SOA", soa))
    elif addresses:
        message.answer.append(dns.rrset.from_text(name, SINGLE.ttl, "IN", kind, *addresses))
    elif label not in SINGLE.records:
        message.set_rcode(dns.rcode.NXDOMAIN)
    return message


def forged(wire):
    """Wrong ID, wrong question, noise, questions: all in front of the right reply."""
    right = answer(wire).to_wire()
    evil = answer(wire)
    for rrset in evil.answer:
        if rrset.rdtype == 1:
            rrset.clear()
            rrset.add(dns.rdata.from_text("IN", "A", "203.0.113.66"))
    evil = evil.to_wire()
    other = dns.message.from_wire(evil)
    other.question[0].name = dns.name.from_text("evil.example.")
    return [
        b"",
        b"a",
        wire,
        bytes((evil[0] ^ 1,)) + evil[1:],
        other.to_wire(),
        evil[:2] + bytes((evil[2] | 0x08,)) + evil[3:],  # another opcode
        right,
        evil,
    ]


def without_edns(wire):
    """An old server: FORMERR to everything that has an OPT record."""
    question = dns.message.from_wire(wire)
    if question.edns < 0:
        return [answer(wire).to_wire()]
    return [wire[:2] + b"\x80\x01" + bytes(8)]


def lossy():
    """Drops the first two of every question."""
    seen = {}

    def script(wire):
        seen[wire] = seen.get(wire, 0) + 1
        return [answer(wire).to_wire()] if seen[wire] > 2 else []

    return script


def tcp_only(wire):
    question = dns.message.from_wire(wire)
    message = dns.message.make_response(question)
    message.flags |= dns.flags.TC
    return [message.to_wire()]


def no_datagrams(wire):
    return []


SCRIPTS = {
    "right": (lambda wire: [answer(wire).to_wire()], None),
    "forged": (forged, None),
    "without EDNS": (without_edns, None),
    "lossy": (lossy(), None),
    "TCP only": (tcp_only, lambda wire: [answer(wire).to_wire()]),
    "no datagrams": (no_datagrams, lambda wire: [answer(wire).to_wire()]),
    "no datagrams, without EDNS": (no_datagrams, without_edns),
    "malformed over UDP": (lambda wire: [answer(wire).to_wire()[:-5]], lambda wire: [answer(wire).to_wire()]),
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_scripted(directory, case):
    udp, tcp = SCRIPTS[case]
    with Scripted(udp, tcp) as server:
        done = audit(SINGLE.write(directory), "--server", server.address, timeout=3)
    assert (done.status, done.codes(), done.failures()) == (OK, set(), [""]), done.report["findings"]


def test_recursion_not_desired(directory):
    """RD is clear, and bare blocked names are none of an authoritative server's."""
    asked = []

    def script(wire):
        asked.append(dns.message.from_wire(wire))
        return [answer(wire).to_wire()]

    with Scripted(script) as server:
        audit(SINGLE.write(directory), "--server", server.address)
    assert asked and not any(message.flags & dns.flags.RD for message in asked)
    assert all(str(message.question[0].name).endswith(f"{SUFFIX}.") for message in asked)


@pytest.mark.parametrize("seconds", (1, 3))
def test_silent(directory, seconds):
    """A server that never replies is given up in the time of one question."""
    with Scripted() as server:
        started = time.monotonic()
        done = audit(NLB.write(directory), "--server", server.address, timeout=seconds)
        assert time.monotonic() - started < seconds + 2
        assert server.questions["udp"] <= 3 * 12
    assert done.status == UNKNOWN
    assert done.failures() == ["no reply over UDP, and over TCP: timed out"]
    assert "web-probe-missing" not in done.codes()


def drip(wire):
    """A reply whose octets come one by one, each in time."""
    message = answer(wire).to_wire()
    for octet in len(message).to_bytes(2, "big") + message:
        time.sleep(0.4)
        yield bytearray((octet,))


def chatter(wire):
    """Whole messages without end, none of which replies to anything."""
    message = answer(wire).to_wire()
    while True:
        time.sleep(0.1)
        yield bytes((message[0] ^ 1,)) + message[1:]


@pytest.mark.parametrize("tcp", (drip, chatter))
def test_never_done(directory, tcp):
    """A server that always sends something, and never a reply, wins no time by it."""
    with Scripted(tcp=tcp) as server:
        started = time.monotonic()
        done = audit(SINGLE.write(directory), "--server", server.address, timeout=2)
        assert time.monotonic() - started < 2 + 2
    assert done.failures() == ["no reply over UDP, and over TCP: timed out"]


def test_nobody_there(directory):
    with Scripted() as server:
        address = server.address
    started = time.monotonic()
    done = audit(SINGLE.write(directory), "--server", address)
    assert time.monotonic() - started < 2
    assert done.status == UNKNOWN and "Connection refused" in done.failures()[0]


def test_some_silent(directory):
    """One name gets no reply: that name is not known, the others are."""

    def script(wire):
        message = dns.message.from_wire(wire)
        return [] if message.question[0].name.labels[0].decode() == PROBE else [answer(wire).to_wire()]

    with Scripted(script, script) as server:
        done = audit(SINGLE.write(directory), "--server", server.address, timeout=2)
    assert done.status == UNKNOWN
    assert done.codes() == {"undetermined"}
    assert done.findings("undetermined") == {("undetermined", f"{PROBE}.{SUFFIX}", kind) for kind in ("A", "AAAA")}
    assert "no reply within 2 s" in done.details("undetermined")[0]
