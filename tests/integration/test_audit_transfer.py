"""`dadns audit --transfer`: what a transfer tells, and that half a transfer, or a forged one, tells nothing."""

import random
import time

import dns.flags
import dns.message
import dns.name
import dns.rrset
import dns.tsig
import pytest

from harness.audit import CRITICAL, OK, UNKNOWN, audit, zone
from harness.knot import Knot
from harness.knot import Settings as KnotSettings
from harness.named import Named, Settings
from harness.nsd import Nsd
from harness.nsd import Settings as NsdSettings
from harness.scripted import CLOSE, Scripted
from table.deployments import NLB, PROBE, SINGLE

SUFFIX = "corp.example.net"
SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
ALGORITHMS = ("hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512")
KEYS = {algorithm: f'key "of-{algorithm}" {{ algorithm {algorithm}; secret "{SECRET}"; }};' for algorithm in ALGORITHMS}


def write_key(directory, text):
    path = directory / "tsig.key"
    path.write_text(text)
    path.chmod(0o600)
    return path


def named_with(directory, zones, allow="any;"):
    """zones: name → text of the zone file."""
    directory.mkdir(parents=True, exist_ok=True)
    statements = list(KEYS.values())
    for name, text in zones.items():
        (directory / f"{name}.zone").write_text(text)
        statements.append(f'zone "{name}" {{ type primary; file "{name}.zone"; allow-transfer {{ {allow} }}; }};')
    return Named(directory, None, Settings(recursive=False, statements=tuple(statements)))


def at(server):
    return f"{server.host.address}@{server.port}"


# ---- real servers ----


def test_right(directory):
    """Each suffix in its own zone, which the server is asked for."""
    with named_with(directory, {suffix: zone(NLB) for suffix in NLB.suffixes}) as server:
        done = audit(NLB.write(directory), "--transfer", at(server))
        assert (done.status, done.codes(), done.failures()) == (OK, set(), [""])
        assert ("aging-unknown", "", "") in done.findings()


def test_zone_above(directory):
    """Both suffixes in a zone above them."""
    lines = []
    for suffix in NLB.suffixes:
        relative = suffix.removesuffix(".example.net")
        for label, rrsets in NLB.records.items():
            lines += [f"{label}.{relative} {kind} {a}" for kind, addresses in rrsets.items() for a in addresses]
    text = zone(SINGLE, {(label, kind): [] for label in SINGLE.records for kind in ("A", "AAAA")}, lines)
    text = text.replace("$TTL 1200", f"$TTL {NLB.ttl}")
    with named_with(directory, {"example.net": text}) as server:
        for options in ((), ("--origin", "example.net")):
            done = audit(NLB.write(directory), "--transfer", at(server), *options)
            assert (done.status, done.codes()) == (OK, set())


def test_wrong(directory):
    text = zone(SINGLE, {(PROBE, "A"): ["203.0.113.66"]}, ["isatap A 203.0.113.66"])
    with named_with(directory, {SUFFIX: text}) as server:
        done = audit(SINGLE.write(directory), "--transfer", at(server))
        assert done.status == CRITICAL
        assert done.findings("blocked-present") == {("blocked-present", f"isatap.{SUFFIX}", "A")}
        assert "wrong-address" in done.codes()


@pytest.mark.parametrize("server", ("nsd", "knot"))
def test_other_servers(directory, server):
    path = directory / "zone"
    path.write_text(zone(SINGLE))
    if server == "nsd":
        xfr = NsdSettings(clauses=("  provide-xfr: 127.0.0.1 NOKEY",))
        running = Nsd(directory, {SUFFIX: path}, settings=xfr)
    else:
        acl = ("acl:", "  - id: any", "    address: 127.0.0.1", "    action: transfer")
        running = Knot(directory, {SUFFIX: path}, KnotSettings(sections=acl, zone=("acl: any",)))
    with running:
        done = audit(SINGLE.write(directory), "--transfer", at(running))
        assert (done.status, done.codes()) == (OK, set())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key(directory, algorithm):
    key = write_key(directory, KEYS[algorithm])
    with named_with(directory, {SUFFIX: zone(SINGLE)}, f'key "of-{algorithm}";') as server:
        done = audit(SINGLE.write(directory), "--transfer", at(server), "--key-file", key)
        assert (done.status, done.codes(), done.stderr) == (OK, set(), "")
        refused = audit(SINGLE.write(directory), "--transfer", at(server))
        assert refused.status == UNKNOWN
        assert refused.failures() == [f"transfer of {SUFFIX}.: REFUSED"]
        assert "source-failed" in refused.codes() and "web-probe-missing" not in refused.codes()


@pytest.mark.parametrize(
    ("key", "failure"),
    (
        (f"unknown:hmac-sha256:{SECRET}", "BADKEY"),
        (f"of-hmac-sha256:hmac-sha512:{SECRET}", "BADKEY"),
        ("of-hmac-sha256:hmac-sha256:YW5vdGhlciBzZWNyZXQ=", "BADSIG"),
    ),
)
@pytest.mark.parametrize("options", ((), ("--origin", SUFFIX)))
def test_wrong_key(directory, key, failure, options):
    path = write_key(directory, key)
    with named_with(directory, {SUFFIX: zone(SINGLE)}) as server:
        done = audit(SINGLE.write(directory), "--transfer", at(server), *options, "--key-file", path)
        assert done.status == UNKNOWN
        assert failure in done.failures()[0]
        assert "missing" not in " ".join(done.codes())


def test_key_file(directory):
    """Who may read the file is looked at; the secret is never shown."""
    path = write_key(directory, KEYS["hmac-sha256"])
    path.chmod(0o644)
    with named_with(directory, {SUFFIX: zone(SINGLE)}) as server:
        done = audit(SINGLE.write(directory), "--transfer", at(server), "--key-file", path)
        assert done.status == OK
        assert "its mode is 0644" in done.stderr and SECRET not in done.stderr


def test_one_zone_of_two(directory):
    """What was read of one zone stays; of what is missing there one cannot be sure."""
    with named_with(directory, {SUFFIX: zone(NLB)}) as server:
        name = NLB.suffixes[1]
        (directory / "refused.zone").write_text(zone(NLB))
        text = server.configuration.read_text()
        text += f'zone "{name}" {{ type primary; file "refused.zone"; allow-transfer {{ none; }}; }};\n'
        server.configuration.write_text(text)
        server.reload()
        done = audit(NLB.write(directory), "--transfer", at(server))
        assert done.status == UNKNOWN and done.failures() == [""]
        assert f"transfer of {name}.: REFUSED" in done.report["sources"][0]["doubts"][0]["text"]
        assert not [code for code in done.codes() if code.endswith("missing")]


def test_killed(directory):
    """The server dies in the middle of a large transfer."""
    hosts = [f"host{number} A 192.0.2.1" for number in range(300000)]
    (directory / "large.zone").write_text(zone(SINGLE, further=hosts))
    xfr = NsdSettings(clauses=("  provide-xfr: 127.0.0.1 NOKEY",))
    with Nsd(directory, {SUFFIX: directory / "large.zone"}, settings=xfr) as server:
        with Scripted(tcp=lambda wire: cut_short(server, wire)) as proxy:
            done = audit(SINGLE.write(directory), "--transfer", proxy.address, "--origin", SUFFIX, timeout=2)
        whole = audit(SINGLE.write(directory), "--transfer", at(server), "--origin", SUFFIX)
    assert (whole.status, whole.codes()) == (OK, set())
    assert done.status == UNKNOWN
    assert done.failures() == [f"transfer of {SUFFIX}.: it broke off: the server closed the connection"]
    assert not [code for code in done.codes() if code.endswith("missing")]


def cut_short(server, wire):
    """Passes the transfer on until some of it has come."""
    with server.host.socket(1) as stream:
        stream.connect((server.host.address, server.port))
        stream.sendall(len(wire).to_bytes(2, "big") + wire)
        for _ in range(50):
            yield bytearray(stream.recv(20000))
    yield CLOSE


# ---- scripted ones ----

SOA = (f"{SUFFIX}.", "SOA", "ns.upstream.example. hostmaster.upstream.example. {} 3600 1200 604800 60")
RECORDS = [
    (f"{label}.{SUFFIX}.", kind, address)
    for label, rrsets in SINGLE.records.items()
    for kind, addresses in rrsets.items()
    for address in addresses
]


def soa(serial=1):
    return SOA[0], SOA[1], SOA[2].format(serial)


def reply(wire, records, ident=None, question=True):
    message = dns.message.make_response(dns.message.from_wire(wire))
    message.flags |= dns.flags.AA
    message.id = message.id if ident is None else ident
    if not question:
        message.question = []
    for owner, kind, data in records:
        message.answer.append(dns.rrset.from_text(owner, SINGLE.ttl, "IN", kind, data))
    return message.to_wire()


def bare(wire, records, count=1, rcode=0):
    """A reply of raw records."""
    return wire[:2] + bytes((0x84, rcode)) + bytes((0, 0, 0, count, 0, 0, 0, 0)) + records


OWNER = dns.name.from_text(SUFFIX).to_wire()
SOA_TYPE = b"\0\6\0\1\0\0\0\0"
A_RECORD = dns.name.from_text(RECORDS[0][0]).to_wire() + b"\0\1\0\1\0\0\0\0"

# What the server sends, and a part of what is said of it.
BROKEN = {
    "cut between messages": (lambda w: [reply(w, [soa(), *RECORDS]), CLOSE], "it broke off: the server closed"),
    "cut in a message": (
        lambda w: [reply(w, [soa(), *RECORDS]), bytearray(b"\0\x50" + reply(w, [soa()])[:20]), CLOSE],
        "it broke off: the server closed",
    ),
    "silent at the end": (lambda w: [reply(w, [soa(), *RECORDS])], "it broke off: timed out"),
    "silent": (lambda w: [], "timed out"),
    "another serial": (
        lambda w: [reply(w, [soa(1), *RECORDS]), reply(w, [soa(2)])],
        "it begins with serial 1 and ends with 2",
    ),
    "another ID": (lambda w: [reply(w, [soa(), *RECORDS, soa()], ident=w[0] ^ 1)], "a message has another ID"),
    "another question": (
        lambda w: [reply(w[:12] + b"\4evil\0\0\xfc\0\1", [soa()])],
        "a message replies to another question",
    ),
    "no SOA first": (lambda w: [reply(w, [*RECORDS, soa()])], "it does not begin with the zone's SOA"),
    "records behind the end": (
        lambda w: [reply(w, [soa(), *RECORDS]), reply(w, [soa(), *RECORDS])],
        "records come behind the SOA",
    ),
    "empty": (lambda w: [reply(w, [])], "the reply is empty"),
    "no octets": (lambda w: [b""], "a message is malformed"),
    "three octets": (lambda w: [b"abc"], "a message is malformed"),
    "refused": (lambda w: [bare(w, b"", 0, rcode=5)], "REFUSED"),
    "unknown code": (lambda w: [bare(w, b"", 0, rcode=14)], "RCODE 14"),
    "compression loop": (lambda w: [bare(w, b"\xc0\x0c" + SOA_TYPE + b"\0\0")], "a message is malformed"),
    "endless name": (lambda w: [bare(w, b"\x3f" + b"a" * 63 + b"\xc0\x0c" + SOA_TYPE + b"\0\0")], "malformed"),
    "rdata behind the end": (lambda w: [bare(w, OWNER + SOA_TYPE + b"\xff\xff")], "a message is malformed"),
    "SOA of two octets": (lambda w: [bare(w, OWNER + SOA_TYPE + b"\0\2\0\0")], "a message is malformed"),
    "fewer records than told": (lambda w: [bare(w, OWNER + SOA_TYPE[:-1], 9)], "a message is malformed"),
    "A of three octets": (lambda w: [reply(w, [soa()]), bare(w, A_RECORD + b"\0\3abc")], "a message is malformed"),
    "A of six octets": (lambda w: [reply(w, [soa()]), bare(w, A_RECORD + b"\0\6abcdef")], "a message is malformed"),
    "A of none": (lambda w: [reply(w, [soa()]), bare(w, A_RECORD + b"\0\0")], "a message is malformed"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken(directory, case):
    script, failure = BROKEN[case]
    with Scripted(tcp=script) as server:
        started = time.monotonic()
        done = audit(SINGLE.write(directory), "--transfer", server.address, "--origin", SUFFIX, timeout=1)
        assert time.monotonic() - started < 5
    assert done.status == UNKNOWN
    assert failure in done.failures()[0] and done.failures()[0].startswith(f"transfer of {SUFFIX}.: ")
    assert not [code for code in done.codes() if "missing" in code or "address" in code]


def test_whole(directory):
    """The same server when it does nothing wrong: in one message, in many, and slowly but never silent for long."""

    def slow(wire):
        for part in ([soa()], *([record] for record in RECORDS), [soa()]):
            time.sleep(0.5)
            yield reply(wire, part, question=False)

    scripts = (
        lambda w: [reply(w, [soa(), *RECORDS]), reply(w, [soa()], question=False)],
        lambda w: [reply(w, [soa(), *RECORDS, ("outside.example.", "A", "192.0.2.1")]), reply(w, [soa()])],
        slow,
    )
    for script in scripts:
        with Scripted(tcp=script) as server:
            done = audit(SINGLE.write(directory), "--transfer", server.address, "--origin", SUFFIX, timeout=1)
        assert (done.status, done.codes()) == (OK, set())


def test_noise(directory):
    """Octets of a right transfer changed at random: dadns ends, without a crash, and says what it may."""
    dice = random.Random(5)

    def script(wire):
        for message in (reply(wire, [soa(), *RECORDS]), reply(wire, [soa()])):
            octets = bytearray(message)
            for _ in range(dice.randrange(1, 8)):
                octets[dice.randrange(2, len(octets))] = dice.choice((0, 1, 0x3F, 0xC0, 0xFF, dice.randrange(256)))
            yield bytes(octets)
        yield CLOSE

    deployment = SINGLE.write(directory)
    with Scripted(tcp=script) as server:
        for _ in range(60):
            done = audit(deployment, "--transfer", server.address, "--origin", SUFFIX, timeout=1)
            assert done.status in (OK, 1, CRITICAL, UNKNOWN)


# ---- signatures ----

KEY = dns.tsig.Key("operator.", SECRET, "hmac-sha256.")


class Signer:
    """Signs the messages of one transfer, or leaves signatures out: RFC 8945 section 5.3.1."""

    def __init__(self, wire, offset=0):
        self.question = dns.message.from_wire(wire, keyring=KEY)
        self.context = None
        self.offset = offset  # seconds that the server's clock is ahead

    def _message(self, records):
        message = dns.message.make_response(self.question)
        message.tsig = None
        for owner, kind, data in records:
            message.answer.append(dns.rrset.from_text(owner, SINGLE.ttl, "IN", kind, data))
        return message.to_wire()

    def signed(self, records):
        wire = self._message(records)
        now = int(time.time()) + self.offset
        mac = self.question.mac if self.context is None else b""
        template = self.question.tsig[0].replace(mac=b"", error=0, other=b"")
        rdata, self.context = dns.tsig.sign(wire, KEY, template, now, mac, self.context, multi=True)
        body = rdata.to_wire(origin=None)
        record = KEY.name.to_wire() + b"\0\xfa\0\xff\0\0\0\0" + len(body).to_bytes(2, "big") + body
        count = int.from_bytes(wire[10:12], "big") + 1
        return wire[:10] + count.to_bytes(2, "big") + wire[12:] + record

    def unsigned(self, records):
        wire = self._message(records)
        if self.context is not None:
            self.context.update(wire)
        return wire


def all_signed(wire):
    signer = Signer(wire)
    return [signer.signed([soa()]), signer.signed(RECORDS), signer.signed([soa()])]


def some_signed(wire):
    signer = Signer(wire)
    first = signer.signed([soa()])
    return [first, *(signer.unsigned([record]) for record in RECORDS), signer.signed([soa()])]


def forged_between(wire):
    """A message that the signatures do not cover."""
    signer = Signer(wire)
    first = signer.signed([soa()])
    forged = Signer(wire).unsigned([(f"isatap.{SUFFIX}.", "A", "203.0.113.66")])
    return [first, forged, signer.signed(RECORDS), signer.signed([soa()])]


def left_out(wire):
    """A message that the signatures cover is missing."""
    signer = Signer(wire)
    first = signer.signed([soa()])
    signer.unsigned(RECORDS)
    return [first, signer.signed([soa()])]


def last_unsigned(wire):
    signer = Signer(wire)
    return [signer.signed([soa(), *RECORDS]), signer.unsigned([soa()])]


def first_unsigned(wire):
    signer = Signer(wire)
    return [signer.unsigned([soa(), *RECORDS]), signer.signed([soa()])]


def too_many_unsigned(wire):
    signer = Signer(wire)
    first = signer.signed([soa()])
    return [first, *(signer.unsigned([RECORDS[0]]) for _ in range(100)), signer.signed([soa()])]


def just_not_too_many(wire):
    signer = Signer(wire)
    first = signer.signed([soa(), *RECORDS])
    return [first, *(signer.unsigned([RECORDS[0]]) for _ in range(99)), signer.signed([soa()])]


def old_clock(wire):
    signer = Signer(wire, offset=-400)
    return [signer.signed([soa(), *RECORDS]), signer.signed([soa()])]


def changed(wire):
    """An address is changed under way."""
    return [message.replace(bytes((10, 0, 0, 11)), bytes((10, 0, 0, 12))) for message in all_signed(wire)]


def none_signed(wire):
    return [Signer(wire).unsigned([soa(), *RECORDS]), Signer(wire).unsigned([soa()])]


SIGNED = {
    all_signed: "",
    some_signed: "",
    just_not_too_many: "",
    forged_between: "the signature of the reply is wrong",
    left_out: "the signature of the reply is wrong",
    last_unsigned: "the last message is not signed",
    first_unsigned: "the reply is not signed",
    too_many_unsigned: "too many messages in a row are not signed",
    old_clock: "the reply was signed at another time",
    changed: "the signature of the reply is wrong",
    none_signed: "the reply is not signed",
}


@pytest.mark.parametrize("script", SIGNED, ids=lambda script: script.__name__)
def test_signatures(directory, script):
    key = write_key(directory, f"operator:hmac-sha256:{SECRET}")
    with Scripted(tcp=script) as server:
        options = ("--transfer", server.address, "--origin", SUFFIX, "--key-file", key)
        done = audit(SINGLE.write(directory), *options, timeout=1)
    if SIGNED[script]:
        assert done.status == UNKNOWN
        assert SIGNED[script] in done.failures()[0]
        assert not [code for code in done.codes() if "missing" in code or "blocked" in code]
    else:
        assert (done.status, done.codes()) == (OK, set())


def test_nobody_there(directory):
    with Scripted() as server:
        address = server.address
    done = audit(SINGLE.write(directory), "--transfer", address, timeout=2)
    assert done.status == UNKNOWN and "Connection refused" in done.failures()[0]
