"""`dadns restore`: real servers that lack records, and what is in them afterwards; servers that refuse, vanish and lie."""

import collections
import contextlib
import dataclasses
import json
import re
import subprocess
import time

import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.tsigkeyring
import pytest

from harness import environment
from harness.audit import zone
from harness.knot import Knot
from harness.knot import Settings as KnotSettings
from harness.named import Named, Settings
from harness.nsd import Nsd
from harness.scripted import CLOSE, Scripted
from table.deployments import CORP, MULTISITE, NATIVE, NLB, NLS, PROBE, ROUTER, SINGLE

SUFFIX = "corp.example.net"
SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
OTHER_KEY = KEY.replace("operator", "stranger")
WRONG_SECRET = KEY.replace(SECRET, "YW5vdGhlciBzZWNyZXQ=")

HEAD = """\
$TTL 600
@ SOA ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60
@ NS ns.upstream.example.
host A 192.0.2.90
"""


def at(server):
    return f"{server.host.address}@{server.port}"


@dataclasses.dataclass(frozen=True)
class Done:
    status: int
    stdout: str
    stderr: str

    def report(self):
        return json.loads(self.stdout)

    def results(self):
        """(relative to the suffix: label, type) → result; under several suffixes the name is whole."""
        rrsets = self.report()["rrsets"]
        one = len({rrset["suffix"] for rrset in rrsets}) == 1
        return {
            (rrset["name"].split(".")[0] if one else rrset["name"], rrset["type"]): rrset["result"] for rrset in rrsets
        }

    def reasons(self):
        return [rrset["reason"] for rrset in self.report()["rrsets"] if "reason" in rrset]


def restore(deployment, server, *options, timeout=5, json_wanted=True):
    """Runs it; server is a text or a running server."""
    where = server if isinstance(server, str) else at(server)
    command = [environment.dadns(), "restore", "--server", where, "--timeout", timeout, *options]
    if json_wanted and "--print" not in options:
        command.append("--json")
    command.append(deployment)
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=20 * timeout)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def named(directory, zones, policy="allow-update { key operator; };", options=()):
    """A named with these zones: name → text."""
    directory.mkdir(parents=True, exist_ok=True)
    statements = [KEY]
    for name, text in zones.items():
        (directory / f"{name}.zone").write_text(text)
        statements.append(f'zone "{name}" {{ type primary; file "{name}.zone"; {policy} }};')
    return Named(directory, None, Settings(recursive=False, options=tuple(options), statements=tuple(statements)))


@pytest.fixture
def key(directory):
    path = directory / "tsig.key"
    path.write_text(KEY)
    path.chmod(0o600)
    return path


def key_of(directory, text):
    path = directory / "other.key"
    path.write_text(text)
    path.chmod(0o600)
    return path


def rrsets(server, suffix=SUFFIX):
    """(owner in lower case and relative, type) → addresses, and the TTLs of each, of the whole zone."""
    found, ttls = collections.defaultdict(set), collections.defaultdict(set)
    for message in dns.query.xfr(server.host.address, suffix, port=server.port, relativize=True):
        for rrset in message.answer:
            if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME, dns.rdatatype.TXT):
                place = (str(rrset.name).lower(), dns.rdatatype.to_text(rrset.rdtype))
                found[place] |= {str(rdata) for rdata in rrset}
                ttls[place].add(rrset.ttl)
    return dict(found), dict(ttls)


def serial(server, suffix=SUFFIX):
    """Knows of every update, as BIND and Knot raise it."""
    answer = dns.query.tcp(dns.message.make_query(suffix, "SOA"), server.host.address, port=server.port, timeout=5)
    return answer.answer[0][0].serial


def wanted(deployment):
    return {
        (label.lower(), kind): set(addresses)
        for label, kinds in deployment.records.items()
        for kind, addresses in kinds.items()
    }


ALL = {(label, kind) for label, kinds in NLB.records.items() for kind in kinds}

# ---- what is missing, and no more ----


@pytest.mark.parametrize("deployment", (SINGLE, NLB, MULTISITE, NATIVE), ids=str)
def test_restores_all(directory, key, deployment):
    with named(directory, {suffix: HEAD for suffix in deployment.suffixes}) as server:
        before = {suffix: serial(server, suffix) for suffix in deployment.suffixes}
        done = restore(deployment.write(directory), server, "--key-file", key)
        assert done.status == 0 and all(": warning: " in line for line in done.stderr.splitlines()), done.stderr
        assert set(done.results().values()) == {"restored"}
        for suffix in deployment.suffixes:
            found, ttls = rrsets(server, suffix)
            assert found == wanted(deployment) | {("host", "A"): {"192.0.2.90"}}
            assert all(ttls[place] == {deployment.ttl} for place in wanted(deployment))
            assert serial(server, suffix) - before[suffix] == len(wanted(deployment))  # an update for each RRset
        senders = {re.search(r"#(\d+)", line)[1] for line in server.process.log_lines("updating zone")}
        assert len(senders) == 1  # all on one connection
        before = {suffix: serial(server, suffix) for suffix in deployment.suffixes}
        again = restore(deployment.write(directory), server, "--key-file", key)
        assert (again.status, set(again.results().values())) == (0, {"already-there"})
        assert before == {suffix: serial(server, suffix) for suffix in deployment.suffixes}


def test_spelling(directory, key):
    """Owners are spelled as the record set has them."""
    with named(directory, {SUFFIX: HEAD}) as server:
        restore(SINGLE.write(directory), server, "--key-file", key)
        names = {
            str(rrset.name)
            for message in dns.query.xfr(server.host.address, SUFFIX, port=server.port)
            for rrset in message.answer
        }
    assert {CORP, PROBE} <= names


def test_leaves_what_is_right(directory, key):
    """Of the update log, only what was missing; what is there keeps its TTL, and the addresses beside get the same."""
    there = zone(NLB, {(CORP, "AAAA"): [], (ROUTER, "A"): ["10.0.0.11"]}).replace("$TTL 600", "$TTL 77")
    with named(directory, {SUFFIX: there}) as server:
        done = restore(NLB.write(directory), server, "--key-file", key, "--suffix", SUFFIX)
        assert done.status == 0
        assert done.results() == {place: "already-there" for place in ALL} | {
            (CORP, "AAAA"): "restored",
            (ROUTER, "A"): "restored",
        }
        restored = {rrset["name"]: rrset["restored"] for rrset in done.report()["rrsets"] if rrset["restored"]}
        assert restored[f"{ROUTER}.{SUFFIX}."] == ["10.0.0.10", "10.0.0.12"]
        found, ttls = rrsets(server)
        added = server.process.log_lines(r"updating zone '[^']*': (adding|deleting)")
    assert found == wanted(NLB)
    assert ttls.pop((CORP.lower(), "AAAA")) == {NLB.ttl}
    assert set().union(*ttls.values()) == {77}
    assert len(added) == 3 and not any("deleting" in line for line in added)


def test_wrong_addresses_stay(directory, key):
    there = zone(NLB, {(PROBE, "A"): ["203.0.113.66"], (NLS, "A"): ["10.0.0.10", "203.0.113.67"]})
    path = NLB.write(directory)
    with named(directory, {SUFFIX: there}) as server:
        options = ("--key-file", key, "--suffix", SUFFIX)
        text = restore(path, server, *options, json_wanted=False)
        assert rrsets(server)[0] == wanted(NLB) | {
            (PROBE.lower(), "A"): {"10.0.0.10", "203.0.113.66"},
            (NLS.lower(), "A"): {"10.0.0.10", "203.0.113.67"},
        }
        assert text.status == 0
        assert f"{PROBE}.{SUFFIX} A: restored: 10.0.0.10; wrong beside it, and left: 203.0.113.66\n" in text.stdout
        assert f"{NLS}.{SUFFIX} A: already there; wrong beside it, and left: 203.0.113.67\n" in text.stdout
        # The command that the text names does print what deletes them.
        named_command = re.search(r"^  dadns (audit .*)$", text.stdout, re.MULTILINE)[1].split()
        fix = subprocess.run([environment.dadns(), *named_command], capture_output=True, text=True, timeout=60).stdout
        assert f"update delete {PROBE}.{SUFFIX}. A 203.0.113.66\n" in fix
        again = restore(path, server, *options)
        assert [rrset["wrong"] for rrset in again.report()["rrsets"] if rrset["wrong"]] == [
            ["203.0.113.66"],
            ["203.0.113.67"],
        ]


def test_many_addresses(directory, key):
    """An RRset that fits no datagram."""
    numbers = range(1, 251)
    path = directory / "many.yaml"
    servers = "".join(f"      - {{name: da{m}x{n}, address: 10.0.{m}.{n}}}\n" for m in (1, 2) for n in numbers)
    path.write_text(
        SINGLE.yaml.replace("      - {name: da1, address: 10.0.0.11}\n", servers)
        + "    load-balancer: {kind: nlb, vip: 10.0.9.1}\nisatap-router: isatap-da\n"
    )
    unlimited = ["max-records-per-type 0;"]
    with named(directory, {SUFFIX: HEAD}, options=unlimited) as server:
        before = serial(server)
        done = restore(path, server, "--key-file", key)
        assert (done.status, set(done.results().values())) == (0, {"restored"}), done
        assert len(rrsets(server)[0][ROUTER, "A"]) == 501
        assert serial(server) - before == 4
        assert restore(path, server, json_wanted=False).stdout.count("already there") == 4 + 1  # and the sum


def test_text(directory, key):
    """What a person reads: a line for each RRset, a sum, and once what becomes of it in Active Directory."""
    started = int(time.time())
    with named(directory, {SUFFIX: zone(SINGLE, {(PROBE, "A"): []})}) as server:
        done = restore(SINGLE.write(directory), server, "--key-file", key, json_wanted=False)
    lines = done.stdout.splitlines()
    assert lines[:5] == [
        f"{CORP}.{SUFFIX} A: already there",
        f"{CORP}.{SUFFIX} AAAA: already there",
        f"{PROBE}.{SUFFIX} A: restored: 10.0.0.11",
        "",
        "1 restored, 2 already there, 0 failed",
    ]
    statement = " ".join(lines[5:])
    assert "dynamic" in statement and '"dadns pin" makes it static.' in statement
    stale = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(started + 14 * 86400))
    later = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(time.time() + 14 * 86400))
    assert f"from {stale} on" in statement or f"from {later} on" in statement


def test_nothing_restored_says_nothing_of_aging(directory):
    with named(directory, {SUFFIX: zone(SINGLE)}) as server:
        done = restore(SINGLE.write(directory), server, json_wanted=False)
        assert restore(SINGLE.write(directory), server).report()["stale-from"] is None
    assert (done.status, done.stderr) == (0, "")
    assert "pin" not in done.stdout and done.stdout.endswith("\n0 restored, 3 already there, 0 failed\n")


# ---- zones ----


def test_zone_above(directory, key):
    """Both suffixes in one zone, two labels above; the lower suffix's name is not there at all."""
    with named(directory, {"example.net": HEAD}) as server:
        done = restore(NLB.write(directory), server, "--key-file", key)
        assert (done.status, set(done.results().values())) == (0, {"restored"})
        found, _ = rrsets(server, "example.net")
    assert found[f"{PROBE.lower()}.emea.corp", "A"] == {"10.0.0.10"}
    assert len(found) == 1 + 2 * len(wanted(NLB))


def test_one_suffix(directory, key):
    with named(directory, {suffix: HEAD for suffix in NLB.suffixes}) as server:
        done = restore(NLB.write(directory), server, "--key-file", key, "--suffix", "EMEA.corp.example.net")
        assert (done.status, len(done.results())) == (0, len(ALL))
        assert rrsets(server)[0] == {("host", "A"): {"192.0.2.90"}}
        bad = restore(NLB.write(directory), server, "--suffix", "other.example")
    assert (bad.status, bad.stdout) == (1, "")
    assert "--suffix \"other.example\": not a suffix of this deployment" in bad.stderr


def test_delegated_suffix(directory, key):
    """The server of the zone above: nothing is put beside the delegation."""
    with named(directory, {SUFFIX: f"{HEAD}emea NS ns.emea\nns.emea A 192.0.2.53\n"}) as server:
        done = restore(NLB.write(directory), server, "--key-file", key)
        assert done.status == 1
        assert {name.split(".")[1]: result for (name, _), result in done.results().items()} == {
            "corp": "restored",
            "emea": "failed",
        }
        assert set(done.reasons()) == {f"the server has delegated emea.{SUFFIX} to others"}
        assert rrsets(server)[0] == wanted(NLB) | {("host", "A"): {"192.0.2.90"}, ("ns.emea", "A"): {"192.0.2.53"}}
    assert done.stderr == f"dadns: {at(server)}: {len(ALL)} of {2 * len(ALL)} RRsets could not be restored\n"


def test_alias(directory, key):
    """Beside a CNAME an update would be ignored."""
    text = zone(SINGLE, {(PROBE, "A"): []}, [f"{PROBE} CNAME host", "host A 192.0.2.90"])
    with named(directory, {SUFFIX: text}) as server:
        before = serial(server)
        done = restore(SINGLE.write(directory), server, "--key-file", key)
        assert (done.status, done.results()[PROBE, "A"]) == (1, "failed")
        assert done.reasons() == [f"it is an alias of host.{SUFFIX}, beside which nothing can be added"]
        assert serial(server) == before


def test_other_zone(directory, key):
    with named(directory, {"other.example": HEAD}) as server:
        done = restore(SINGLE.write(directory), server, "--key-file", key)
    assert (done.status, set(done.results().values())) == (1, {"failed"})
    assert set(done.reasons()) == {"REFUSED"}


def test_update_policy(directory, key):
    """A key that may update some names is told of the others; what it may is done."""
    policy = f"update-policy {{ grant operator name {PROBE}.{SUFFIX}. A; }};"
    with named(directory, {SUFFIX: HEAD}, policy) as server:
        done = restore(SINGLE.write(directory), server, "--key-file", key)
        found, _ = rrsets(server)
    assert done.status == 1
    assert done.results() == {(CORP, "A"): "failed", (CORP, "AAAA"): "failed", (PROBE, "A"): "restored"}
    assert set(done.reasons()) == {"REFUSED (the server does not allow the update)"}
    assert found == {("host", "A"): {"192.0.2.90"}, (PROBE.lower(), "A"): {"10.0.0.11"}}
    assert "2 of 3 RRsets could not be restored" in done.stderr and "GSS-TSIG" not in done.stderr


# ---- keys ----


def test_without_key(directory):
    with named(directory, {SUFFIX: HEAD}, "allow-update { 127.0.0.1; };") as server:
        assert restore(SINGLE.write(directory), server).status == 0
        assert rrsets(server)[0] == wanted(SINGLE) | {("host", "A"): {"192.0.2.90"}}


def test_refused_without_key(directory):
    """An unsigned update that is refused: the zone may be one of Active Directory."""
    with named(directory, {SUFFIX: HEAD}) as server:
        done = restore(SINGLE.write(directory), server)
        assert rrsets(server)[0] == {("host", "A"): {"192.0.2.90"}}
    assert (done.status, set(done.results().values())) == (1, {"failed"})
    assert set(done.reasons()) == {"REFUSED (the server does not allow the update)"}
    assert len(done.stderr.splitlines()) == 1
    assert "3 of 3 RRsets could not be restored; " in done.stderr
    assert "GSS-TSIG" in done.stderr and "--print" in done.stderr and "nsupdate -g" in done.stderr


@pytest.mark.parametrize(
    ("text", "fault", "hint"),
    (
        (OTHER_KEY, "the server does not know the key, or not with this algorithm (TSIG error BADKEY)", True),
        (WRONG_SECRET, "the server finds the signature wrong (TSIG error BADSIG): is the secret the same?", False),
    ),
    ids=("unknown key", "wrong secret"),
)
def test_wrong_key(directory, text, fault, hint):
    with named(directory, {SUFFIX: HEAD}) as server:
        done = restore(SINGLE.write(directory), server, "--key-file", key_of(directory, text))
        assert rrsets(server)[0] == {("host", "A"): {"192.0.2.90"}}
    assert (done.status, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"dadns: {at(server)}: {fault}")
    assert ("GSS-TSIG" in done.stderr and "--print" in done.stderr) == hint


def test_bad_key_file(directory):
    for name, text in (("missing", None), ("empty", ""), ("bad", 'key "operator" { algorithm hmac-nonsense; };')):
        path = directory / name
        if text is not None:
            path.write_text(text)
            path.chmod(0o600)
        done = restore(SINGLE.write(directory), "127.0.0.1@1", "--key-file", path)
        assert (done.status, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
        assert done.stderr.startswith(f"dadns: {path}:")


# ---- other servers ----


def test_knot(directory, key):
    storage = directory / "zone"
    storage.write_text(f"$ORIGIN {SUFFIX}.\n{zone(SINGLE, {(PROBE, 'A'): []})}")
    sections = (
        "key:",
        "  - id: operator",
        "    algorithm: hmac-sha256",
        f"    secret: {SECRET}",
        "acl:",
        "  - id: update",
        "    key: operator",
        "    action: update",
        "  - id: transfer",
        "    address: 127.0.0.1",
        "    action: transfer",
    )
    with Knot(directory / "knot", {SUFFIX: storage}, KnotSettings(sections, ("acl: [update, transfer]",))) as server:
        refused = restore(SINGLE.write(directory), server)
        assert refused.status == 1 and refused.results()[PROBE, "A"] == "failed", refused
        assert "NOTAUTH" in refused.reasons()[0] or "REFUSED" in refused.reasons()[0]
        before = serial(server)
        done = restore(SINGLE.write(directory), server, "--key-file", key)
        assert done.status == 0, done
        assert done.results() == {
            (CORP, "A"): "already-there",
            (CORP, "AAAA"): "already-there",
            (PROBE, "A"): "restored",
        }
        assert rrsets(server)[0] == wanted(SINGLE)
        assert serial(server) - before == 1


def test_nsd(directory):
    """A server that knows no updates."""
    path = directory / "zone"
    path.write_text(zone(SINGLE, {(PROBE, "A"): []}))
    with Nsd(directory / "nsd", {SUFFIX: path}) as server:
        done = restore(SINGLE.write(directory), server)
    assert (done.status, done.results()[PROBE, "A"]) == (1, "failed")
    assert done.reasons() == ["NOTIMPL (the server takes no updates)"]


def test_secondary(directory, key):
    """A secondary that forwards no updates."""
    with named(directory / "primary", {SUFFIX: HEAD}, "allow-transfer { any; };") as primary:
        secondary = Named(
            directory / "secondary",
            None,
            Settings(
                recursive=False,
                statements=(
                    KEY,
                    f'zone "{SUFFIX}" {{ type secondary; primaries {{ 127.0.0.1 port {primary.port}; }}; }};',
                ),
            ),
        )
        with secondary as server:
            server.process.wait_for_log("transferred serial 1|Transfer completed")
            done = restore(SINGLE.write(directory), server, "--key-file", key)
        assert done.status == 1 and set(done.results().values()) == {"failed"}
        assert rrsets(primary)[0] == {("host", "A"): {"192.0.2.90"}}


# ---- servers that are not there, vanish or lie ----


class Zone:
    """A scripted primary: it knows the names of one suffix, and learns addresses by updates."""

    def __init__(self, records=()):
        self.records = {(label.lower(), kind): list(addresses) for (label, kind), addresses in dict(records).items()}
        self.keyring = None
        self.updates = []

    def read(self, wire):
        return dns.message.from_wire(wire, keyring=self.keyring)

    def answer(self, wire):
        """To a question."""
        query = self.read(wire)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
        if kind == "SOA":
            soa = "ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60"
            reply.answer.append(dns.rrset.from_text(name, 600, "IN", "SOA", soa))
        elif addresses := self.records.get((name.labels[0].decode().lower(), kind)):
            reply.answer.append(dns.rrset.from_text(name, 600, "IN", kind, *addresses))
        return reply.to_wire()

    def apply(self, update):
        for rrset in update.authority:
            place = (rrset.name.labels[0].decode().lower(), dns.rdatatype.to_text(rrset.rdtype))
            known = self.records.setdefault(place, [])
            known += [str(rdata) for rdata in rrset if str(rdata) not in known]

    def reply(self, update, rcode="NOERROR"):
        reply = dns.message.make_response(update)
        reply.set_rcode(dns.rcode.from_text(rcode))
        return reply.to_wire()

    def serve(self, on_update):
        """Scripts for UDP and TCP; on_update: from the update's number, from 0 on, and message to what is sent back."""

        def over_udp(wire):
            return [self.answer(wire)]

        def over_tcp(wire):
            message = self.read(wire)
            if message.opcode() != dns.opcode.UPDATE:
                return [self.answer(wire)]
            self.updates.append(message)
            return on_update(len(self.updates) - 1, message)

        return Scripted(over_udp, over_tcp)


def single(**changes):
    """The zone of a server that lacks the web probe host's address."""
    return Zone({(CORP, kind): addresses for kind, addresses in SINGLE.records[CORP].items()} | changes)


def test_message(directory):
    """What is sent: one update, in the zone, with both prerequisites, and not one deletion."""
    zone_ = single()

    def on_update(_, update):
        zone_.apply(update)
        return [zone_.reply(update)]

    with zone_.serve(on_update) as server:
        assert restore(SINGLE.write(directory), server.address).status == 0
    (update,) = zone_.updates
    assert update.flags & ~0x7800 == 0  # no bit but the opcode's: RFC 2136 section 2.2
    assert [(str(zone.name), zone.rdtype) for zone in update.question] == [(f"{SUFFIX}.", dns.rdatatype.SOA)]
    prerequisites = {(str(rrset.name), dns.rdatatype.to_text(rrset.rdtype)) for rrset in update.answer}
    assert prerequisites == {(f"{PROBE}.{SUFFIX}.", "CNAME"), (f"{PROBE}.{SUFFIX}.", "A")}
    assert all(rrset.deleting == dns.rdataclass.NONE and not rrset.ttl for rrset in update.answer)
    assert [rrset.to_text() for rrset in update.authority] == [f"{PROBE}.{SUFFIX}. 1200 IN A 10.0.0.11"]
    assert not update.additional


def test_partial_message(directory):
    """Beside addresses of the RRset: no prerequisite that it be absent, and their TTL."""
    deployment = dataclasses.replace(SINGLE, yaml=MULTISITE.yaml.replace("EMEA.corp.example.net, ", ""), name="one")
    zone_ = Zone({(label, kind): a for label, kinds in MULTISITE.records.items() for kind, a in kinds.items()})
    zone_.records[PROBE.lower(), "A"] = ["10.2.0.10"]

    def on_update(_, update):
        zone_.apply(update)
        return [zone_.reply(update)]

    with zone_.serve(on_update) as server:
        assert restore(deployment.write(directory), server.address).status == 0
    (update,) = zone_.updates
    assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in update.answer] == ["CNAME"]
    added = {(rrset.ttl, str(rdata)) for rrset in update.authority for rdata in rrset}
    assert added == {(600, "10.1.0.10"), (600, "10.3.0.11")}


def test_reply_lost(directory):
    """The update was done, and the connection ends: it is not sent again."""
    zone_ = single()

    def on_update(_, update):
        zone_.apply(update)
        return [CLOSE]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"], len(zone_.updates)) == (0, "restored", 1)


def test_update_lost(directory):
    """The connection ends, and the update was not done: it is sent again, once, on another connection."""
    zone_ = single()

    def on_update(number, update):
        if number == 0:
            return [CLOSE]
        zone_.apply(update)
        return [zone_.reply(update)]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"], len(zone_.updates)) == (0, "restored", 2)
    zone_ = single()
    with zone_.serve(lambda *_: [CLOSE]) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"], len(zone_.updates)) == (1, "failed", 2)
    assert done.reasons() == ["no reply: the server closed the connection"]


def test_closes_after_each(directory):
    """A server that keeps no connection open: each update gets a new one."""
    zone_ = Zone()

    def on_update(_, update):
        zone_.apply(update)
        return [zone_.reply(update), CLOSE]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, set(done.results().values())) == (0, {"restored"})


def test_silent_after_updates(directory):
    """Updates are never answered, nor done: each is tried twice, in bounded time."""
    zone_ = single()
    with zone_.serve(lambda *_: []) as server:
        started = time.monotonic()
        done = restore(SINGLE.write(directory), server.address, timeout=1)
        assert time.monotonic() - started < 4
    assert (done.status, len(zone_.updates), done.reasons()) == (1, 2, ["no reply: timed out"])


def test_accepted_but_not_done(directory):
    zone_ = single()
    with zone_.serve(lambda _, update: [zone_.reply(update)]) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, len(zone_.updates)) == (1, 1)
    assert done.reasons() == ["the server has accepted the update, but does not answer with what was added"]


def test_somebody_was_faster(directory):
    """Between question and update the record came back, or another address: what was missing is added, no more."""
    zone_ = single()

    def on_update(_, update):
        zone_.records[PROBE.lower(), "A"] = ["10.0.0.11"]
        return [zone_.reply(update, "YXRRSET")]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"], len(zone_.updates)) == (0, "already-there", 1)

    zone_ = single()

    def on_first(number, update):
        if number == 0:
            zone_.records[PROBE.lower(), "A"] = ["203.0.113.66"]
            return [zone_.reply(update, "YXRRSET")]
        zone_.apply(update)
        return [zone_.reply(update)]

    with zone_.serve(on_first) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"], len(zone_.updates)) == (0, "restored", 2)
    assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in zone_.updates[1].answer] == ["CNAME"]


def forge(zone_, update):
    """Messages that are no replies to the update, all of which say that it was refused."""
    refusal = zone_.reply(update, "REFUSED")
    other = dns.message.from_wire(refusal)
    other.zone[0].name = dns.name.from_text("evil.example.")
    return [
        b"",
        b"a",
        bytes((refusal[0] ^ 1,)) + refusal[1:],  # another ID
        refusal[:2] + bytes((refusal[2] & ~0x78,)) + refusal[3:],  # a reply to a question
        refusal[:2] + bytes((refusal[2] & ~0x80,)) + refusal[3:],  # no reply
        other.to_wire(),  # another zone
    ]


def test_forged(directory):
    zone_ = single()

    def on_update(_, update):
        zone_.apply(update)
        return [*forge(zone_, update), zone_.reply(update)]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert (done.status, done.results()[PROBE, "A"]) == (0, "restored")
    zone_ = single()
    with zone_.serve(lambda _, update: forge(zone_, update)) as server:
        done = restore(SINGLE.write(directory), server.address, timeout=1)
    assert (done.status, done.reasons()) == (1, ["no reply: timed out"])


def test_empty_zone_section(directory):
    """A reply may leave the zone section out: RFC 2136 section 3.8."""
    zone_ = single()
    with zone_.serve(lambda _, update: [zone_.reply(update, "NOTZONE")[:4] + bytes(8)]) as server:
        done = restore(SINGLE.write(directory), server.address)
    assert done.reasons() == ["NOTZONE"]


@pytest.mark.parametrize("case", ("right", "unsigned", "changed", "refusal unsigned"))
def test_signatures(directory, key, case):
    """A reply whose signature is wrong counts for nothing: what counts is what the server answers, signed."""
    zone_ = single()
    zone_.keyring = dns.tsigkeyring.from_text({"operator.": SECRET})

    def on_update(_, update):
        assert update.had_tsig
        if case == "refusal unsigned":
            return [update.id.to_bytes(2, "big") + b"\xa8\x05" + bytes(8)]
        wire = zone_.reply(update)
        if case == "unsigned":
            return [wire[:2] + b"\xa8\x00" + bytes(8)]
        if case == "changed":
            return [wire[:-7] + bytes((wire[-7] ^ 1,)) + wire[-6:]]
        zone_.apply(update)
        return [wire]

    with zone_.serve(on_update) as server:
        done = restore(SINGLE.write(directory), server.address, "--key-file", key)
    if case == "right":
        assert (done.status, len(zone_.updates)) == (0, 1), done
    elif case == "refusal unsigned":
        assert (done.reasons(), len(zone_.updates)) == (["REFUSED: the reply is not signed"], 1)
    else:
        fault = {"unsigned": "the reply is not signed", "changed": "the signature of the reply is wrong"}[case]
        assert (done.reasons(), len(zone_.updates)) == ([fault], 2)


def test_nobody_there(directory):
    with Scripted() as server:
        address = server.address
    started = time.monotonic()
    done = restore(SINGLE.write(directory), address)
    assert time.monotonic() - started < 2
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr == f"dadns: {address}: no reply over UDP, and over TCP: Connection refused\n"


def test_drops_all(directory):
    with Scripted() as server:
        started = time.monotonic()
        done = restore(NLB.write(directory), server.address, timeout=1)
        assert time.monotonic() - started < 3
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr == f"dadns: {server.address}: no reply over UDP, and over TCP: timed out\n"


def test_no_such_host(directory):
    done = restore(SINGLE.write(directory), "host.invalid")
    assert (done.status, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith("dadns: host.invalid: no address is known: ")


def test_by_name(directory, key):
    with named(directory, {SUFFIX: HEAD}) as server:
        done = restore(SINGLE.write(directory), f"localhost@{server.port}", "--key-file", key)
        assert (done.status, set(done.results().values())) == (0, {"restored"})


def test_name_of_several(directory, key):
    """Nobody listens at the first address of a name: the second one is asked, and updated."""
    hosts = directory / "hosts"
    hosts.write_text("::1 both.test\n127.0.0.1 both.test\n")
    with named(directory, {SUFFIX: HEAD}) as server:
        where = f"both.test@{server.port}"
        words = (environment.dadns(), "restore", "--server", where, "--key-file", key, SINGLE.write(directory))
        inside = f'mount --bind {hosts} /etc/hosts && exec "$@"'
        command = [*environment.unshare("--mount"), "sh", "-c", inside, "sh", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert rrsets(server)[0] == wanted(SINGLE) | {("host", "A"): {"192.0.2.90"}}


def test_killed_half_way(directory):
    """The server ends with the second update: what was restored is told, the rest is not tried in vain."""
    zone_ = Zone()
    with contextlib.ExitStack() as stack:

        def on_update(number, update):
            if number == 1:
                stack.close()  # nobody listens from here on
                return [CLOSE]
            zone_.apply(update)
            return [zone_.reply(update)]

        server = stack.enter_context(zone_.serve(on_update))
        started = time.monotonic()
        done = restore(NLB.write(directory), server.address, "--suffix", SUFFIX, timeout=2)
        assert time.monotonic() - started < 6
    assert done.status == 1
    results = [rrset["result"] for rrset in done.report()["rrsets"]]
    assert results == ["restored", "failed", "failed", "failed", "failed"]
    assert "it is not known whether the update was done" in done.reasons()[0]
    assert set(done.reasons()[1:]) == {"not tried: the server does not answer any more"}


def test_named_killed(directory, key):
    """A named that is killed while hundreds of updates are under way; afterwards the rest is restored."""
    suffixes = ", ".join(f"s{number}.{SUFFIX}" for number in range(400))
    path = directory / "many.yaml"
    path.write_text(SINGLE.yaml.replace("[corp.example.net]", f"[{suffixes}]"))
    server = named(directory, {SUFFIX: HEAD})
    try:
        server.start()
        command = [environment.dadns(), "restore", "--server", at(server), "--key-file", key, "--timeout", "1"]
        child = subprocess.Popen([*map(str, command), path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = child.stdout.readline()
        server.process.kill()
        rest, stderr = child.communicate(timeout=30)
        lines = [line for line in (first + rest).splitlines() if re.match(rf"\S+\.{SUFFIX} A+: ", line)]
        assert child.returncode == 1 and len(lines) == 1200 and len(stderr.splitlines()) == 1
        assert "restored: " in lines[0] and "not tried" in lines[-1]
        server.start()
        done = restore(path, server, "--key-file", key)
        assert done.status == 0
        assert set(done.results().values()) <= {"restored", "already-there"}
        assert restore(path, server, json_wanted=False).stdout.endswith("\n0 restored, 1200 already there, 0 failed\n")
    finally:
        server.process.kill()


# ---- --print ----


def nsupdate(commands, *options):
    command = [environment.tool("nsupdate", "bind9-dnsutils"), *options]
    return subprocess.run(command, input=commands, capture_output=True, text=True, timeout=60)


def test_print(directory, key):
    """Sends nothing; what it prints, run by nsupdate, is what would have been sent."""
    there = zone(NLB, {(CORP, "A"): [], (ROUTER, "A"): ["10.0.0.11"]})
    with named(directory, {SUFFIX: there}) as server:
        before = serial(server)
        options = ("--print", "--suffix", SUFFIX)
        done = restore(NLB.write(directory), server, *options)
        assert (done.status, done.stderr) == (0, "")
        assert done.stdout == restore(NLB.write(directory), server, *options, "--key-file", key).stdout
        assert serial(server) == before
        commands = [line for line in done.stdout.splitlines() if line and not line.startswith(";")]
        assert commands == [
            f"server 127.0.0.1 {server.port}",
            f"zone {SUFFIX}.",
            f"prereq nxrrset {CORP}.{SUFFIX}. CNAME",
            f"prereq nxrrset {CORP}.{SUFFIX}. A",
            f"update add {CORP}.{SUFFIX}. 600 IN A 127.0.0.1",
            "send",
            f"zone {SUFFIX}.",
            f"prereq nxrrset {ROUTER}.{SUFFIX}. CNAME",
            f"update add {ROUTER}.{SUFFIX}. 600 IN A 10.0.0.10",
            f"update add {ROUTER}.{SUFFIX}. 600 IN A 10.0.0.12",
            "send",
        ]
        ran = nsupdate(done.stdout, "-k", str(key))
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        assert rrsets(server)[0] == wanted(NLB)
        assert serial(server) - before == 2
        again = restore(NLB.write(directory), server, *options)
        assert again.status == 0 and "There is nothing to add." in again.stdout and "\nupdate " not in again.stdout
        assert nsupdate(again.stdout, "-k", str(key)).returncode == 0
    comments = [line for line in done.stdout.splitlines() if line.startswith(";") and str(directory) not in line]
    assert all(len(line) <= 78 for line in comments)


def test_print_what_cannot_be(directory):
    text = zone(SINGLE, {(PROBE, "A"): [], (CORP, "A"): []}, [f"{PROBE} CNAME host", "host A 192.0.2.90"])
    with named(directory, {SUFFIX: text}) as server:
        done = restore(SINGLE.write(directory), server, "--print")
    assert done.status == 1 and "1 of 3 RRsets could not be restored" in done.stderr
    assert f"; {PROBE}.{SUFFIX} A: cannot be restored: it is an alias" in done.stdout
    assert done.stdout.count("\nsend\n") == 1


# ---- the command line ----


@pytest.mark.parametrize(
    ("options", "fault"),
    (
        ((), "option --server is missing"),
        (("--server", "10.0.0.1@0"), 'option --server: "10.0.0.1@0": expected an address or a host\'s name'),
        (("--server", "::1", "--timeout", "0"), 'option --timeout: "0": expected 1 to 300 seconds'),
        (("--server", "::1", "--timeout", "5s"), 'option --timeout: "5s": expected 1 to 300 seconds'),
        (("--server", "::1", "--print", "--json"), "options --json and --print: expected one of them"),
    ),
)
def test_usage(options, fault):
    command = [environment.dadns(), "restore", *options, "deployment.yaml"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=10)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert fault in done.stderr


def test_output_full(directory):
    """What cannot be written is an error, not a success."""
    with named(directory, {SUFFIX: zone(SINGLE)}) as server, open("/dev/full", "w") as full:
        command = [environment.dadns(), "restore", "--server", at(server), SINGLE.write(directory)]
        done = subprocess.run([str(word) for word in command], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "standard output: " in done.stderr
