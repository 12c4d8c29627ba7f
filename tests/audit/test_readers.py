"""Zone files as the audit reads them, against named-checkzone, ldns and themselves in other packings.

Zones come from zone_maker.py, seeded: a failure names the seed, and the zone is in pytest's directory. Which names an
audit looks at is said here a second time, so that the reader is not asked what it should have found.
"""

import gzip
import os
import pathlib
import re
import shutil
import subprocess

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zonefile
import pytest
from zone_maker import BLOCKED, LABELS, SUFFIXES, ZoneMaker

COLLECT = os.environ["DA_COLLECT"]
DEPLOYMENT = pathlib.Path(__file__).with_name("deployment.yaml")
WITH_RDATA = {"A", "AAAA", "CNAME", "DNAME", "NS", "SOA"}
ABOVE = {".", "net.", "example.net.", "corp.example.net.", "eu.corp.example.net."}
SUFFIX_NAMES = [s + "." for s in SUFFIXES]
SEEDS = range(int(os.environ.get("DA_SEED", "0")), int(os.environ.get("DA_SEED", "0")) + 60)


def is_looked_at(owner, kind):
    """Whether a record is one that an audit looks at; owner is absolute, in lower case, without escapes."""
    label, rest = owner.split(".", 1)
    rest = rest or "."
    if rest in SUFFIX_NAMES and label in [name.lower() for name in LABELS]:
        return True
    if label in BLOCKED and (rest == "." or any(rest == s or rest.endswith("." + s) for s in SUFFIX_NAMES)):
        return True
    if label == "*" and rest in ABOVE:
        return True
    return owner in ABOVE and kind in ("SOA", "NS", "DNAME")


def canonical(kind, rdata):
    return rdata.to_digestable().hex() if kind in WITH_RDATA else "-"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=60, **options)


class Reading:
    """Records as a set of (owner, type, rdata), their TTLs, lines, stamps, and the doubts."""

    def __init__(self):
        self.ttls = {}
        self.lines = {}
        self.doubts = []
        self.failed = None

    def add(self, owner, kind, rdata, ttl, place=None):
        self.ttls.setdefault((owner, kind, rdata), set()).add(ttl)
        self.lines.setdefault((owner, kind, rdata), []).append(place)

    def records(self):
        return set(self.ttls)


def collect(path, *arguments, cwd=None, data=None):
    done = run(COLLECT, DEPLOYMENT, path, *arguments, cwd=cwd, input=data)
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()
    reading = Reading()
    for line in done.stdout.decode(errors="surrogateescape").splitlines():
        if line.startswith("; "):
            reading.doubts.append(line[2:])
        elif line.startswith("failed: "):
            reading.failed = line
        else:
            owner, ttl, kind, rdata, aging, file, number = line.split(" ")
            kind = dns.rdatatype.to_text(int(kind))
            if rdata != "-":
                wire = bytes.fromhex(rdata)
                rdata = canonical(kind, dns.rdata.from_wire("IN", kind, wire, 0, len(wire)))
            owner = dns.name.from_text(owner).canonicalize().to_text()
            reading.add(owner, kind, rdata, None if ttl == "-" else int(ttl), (file, int(number), aging))
    return reading


def parse_master(text):
    """Lines of "owner TTL class type rdata", as named-checkzone and dnssec-signzone write them."""
    reading = Reading()
    for line in text.splitlines():
        if not line or line.startswith(";"):
            continue
        owner, ttl, _, kind, rdata = re.split(r"\s+", line, maxsplit=4)
        owner = dns.name.from_text(owner).canonicalize().to_text()
        if is_looked_at(owner, kind):
            rdata = canonical(kind, dns.rdata.from_text("IN", kind, rdata)) if kind in WITH_RDATA else "-"
            reading.add(owner, kind, rdata, int(ttl))
    return reading


def check_zone(directory, apex, name="zone"):
    done = run("/usr/bin/named-checkzone", "-i", "none", "-k", "ignore", "-m", "ignore", "-n", "ignore", "-r", "ignore",
               "-S", "ignore", "-W", "ignore", "-D", "-o", directory / "dump", apex, name, cwd=directory)
    assert done.returncode == 0, done.stdout.decode()
    return parse_master((directory / "dump").read_text())


def read_with_ldns(directory, apex):
    done = run(COLLECT, DEPLOYMENT, directory / "zone", "--ldns", apex + ".")
    assert done.returncode == 0, done.stderr.decode()
    reading = Reading()
    for line in done.stdout.decode().splitlines():
        owner, ttl, kind, rdata = line.split(" ")
        kind = dns.rdatatype.to_text(int(kind))
        owner = dns.name.from_text(owner).canonicalize().to_text()
        if is_looked_at(owner, kind):
            wire = bytes.fromhex(rdata)
            reading.add(owner, kind, canonical(kind, dns.rdata.from_wire("IN", kind, wire, 0, len(wire))), int(ttl))
    return reading


def write(directory, files):
    for name, text in files.items():
        (directory / name).write_text(text)


def assert_same(ours, theirs):
    """The same records. An RRset in which the file has several TTLs gets one of them from other programs."""
    assert ours.records() == theirs.records()
    rrset_ttls = {}
    for (owner, kind, _), ttls in ours.ttls.items():
        rrset_ttls.setdefault((owner, kind), set()).update(ttls)
    for (owner, kind, _), ttls in theirs.ttls.items():
        assert ttls <= rrset_ttls[owner, kind], (owner, kind, ttls, rrset_ttls[owner, kind])


def test_names_are_those_of_an_audit():
    """What this file says of names is not empty talk."""
    assert is_looked_at("wpad.a.corp.example.net.", "A") and is_looked_at("wpad.", "A")
    assert not is_looked_at("x.wpad.corp.example.net.", "A") and not is_looked_at("corp.example.net.", "A")


@pytest.mark.parametrize("seed", SEEDS)
def test_named_checkzone(tmp_path, seed):
    maker = ZoneMaker(seed)
    write(tmp_path, maker.make(5 + seed % 60 * 4))
    theirs = check_zone(tmp_path, maker.apex)
    ours = collect(tmp_path / "zone", "--origin", maker.apex)
    assert_same(ours, theirs)
    assert not ours.doubts and not ours.failed


@pytest.mark.parametrize("seed", SEEDS)
def test_ldns(tmp_path, seed):
    maker = ZoneMaker(seed, plain=True)
    write(tmp_path, maker.make(5 + seed % 60 * 4))
    ours = collect(tmp_path / "zone", "--origin", maker.apex)
    assert_same(ours, read_with_ldns(tmp_path, maker.apex))
    assert not ours.doubts and not ours.failed


def test_signed_zone(tmp_path):
    maker = ZoneMaker(3, stated=True)
    maker.apex = "corp.example.net"
    write(tmp_path, maker.make(300))
    plain = collect(tmp_path / "zone", "--origin", maker.apex)
    key = run("/usr/bin/dnssec-keygen", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", tmp_path, maker.apex)
    assert key.returncode == 0, key.stderr.decode()
    signed = run("/usr/bin/dnssec-signzone", "-S", "-z", "-P", "-K", tmp_path, "-o", maker.apex, "-f", "signed", "zone",
                 cwd=tmp_path)
    assert signed.returncode == 0, signed.stderr.decode()
    ours = collect(tmp_path / "signed", "--origin", maker.apex)
    assert not ours.doubts
    assert_same(ours, check_zone(tmp_path, maker.apex, "signed"))
    added = {kind for _, kind, _ in ours.records() - plain.records()}
    assert {"RRSIG", "NSEC"} <= added <= {"RRSIG", "NSEC", "DNSKEY", "SOA"}
    assert {kind for _, kind, _ in plain.records() - ours.records()} <= {"SOA"}


def pack_zstd(octets):
    return run("zstd", "-q", "-c", input=octets).stdout


WRITTEN = {
    "gzip": gzip.compress,
    "gzip members": lambda octets: gzip.compress(octets[:500]) + gzip.compress(octets[500:]),
    "zstd": pack_zstd,
    "byte order mark": lambda octets: b"\xef\xbb\xbf" + octets,
    "UTF-16": lambda octets: octets.decode().encode("utf-16"),
    "UTF-16, big-endian": lambda octets: b"\xfe\xff" + octets.decode().encode("utf-16-be"),
    "UTF-16 without mark": lambda octets: octets.decode().encode("utf-16-le"),
    "UTF-16 in gzip": lambda octets: gzip.compress(octets.decode().encode("utf-16")),
    "CR LF": lambda octets: octets.replace(b"\n", b"\r\n"),
    "no line end": lambda octets: octets.rstrip(b"\n"),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_other_writing(tmp_path, way):
    for seed in range(4):
        maker = ZoneMaker(1000 + seed)
        write(tmp_path, maker.make(200))
        plain = collect(tmp_path / "zone", "--origin", maker.apex)
        written = WRITTEN[way]((tmp_path / "zone").read_bytes())
        assert written and written != (tmp_path / "zone").read_bytes()
        (tmp_path / "zone").write_bytes(written)
        other = collect(tmp_path / "zone", "--origin", maker.apex)
        assert (other.ttls, other.lines, other.doubts) == (plain.ttls, plain.lines, plain.doubts)


def test_standard_input(tmp_path):
    """A pipe is read once, and includes are relative to the working directory."""
    maker = ZoneMaker(2000, stated=True)
    write(tmp_path, maker.make(300))
    assert len(maker.files) > 1
    plain = collect(tmp_path / "zone", "--origin", maker.apex)
    piped = collect("-", "--origin", maker.apex, cwd=tmp_path, data=(tmp_path / "zone").read_bytes())
    assert piped.ttls == plain.ttls and not piped.doubts


def test_file_of_many_buffers(tmp_path):
    """Ours far apart, with an RRset that the TTL of the record before it belongs to."""
    filler = "".join(f"host{i} {i % 7 * 100 + 60} A 10.1.{i % 250}.1\n" for i in range(40000))
    text = ("@ 60 SOA ns1 host 1 2 3 4 5\n@ 60 NS ns1.example.org.\nwpad 60 A 10.0.0.1\n" + filler + "isatap A 10.0.0.2\n" + filler
            + "directaccess-NLS 70 A 10.0.0.3\n A 10.0.0.4\n")
    write(tmp_path, {"zone": text})
    assert_same(collect(tmp_path / "zone", "--origin", "corp.example.net"), check_zone(tmp_path, "corp.example.net"))
    ours = collect(tmp_path / "zone", "--origin", "corp.example.net")
    assert {60 + 39999 % 7 * 100} in ours.ttls.values()


OURS = """\
directaccess-corpConnectivityHost 60 A 127.0.0.1
directaccess-corpConnectivityHost 60 AAAA fd12:3456:789a:7777::7f00:1
Directaccess-WebProbeHost.corp.example.net. IN 60 A 10.0.0.11
isatap.sub 60 A ( 10.0.0.9 ) ; x
"""

# A bad record, and whether it makes the reading uncertain for every name.
BAD = {
    "unknown type": (b"bad 60 FOO x", False),
    "bad address": (b"bad 60 A 10.0.0.256", False),
    "no rdata": (b"bad 60 A", False),
    "no type": (b"bad 60", False),
    "owner alone": (b"bad", False),
    "bad TTL": (b"bad 60x A 10.0.0.1", False),
    "other class": (b"bad 60 CH A 10.0.0.1", False),
    "too much": (b"bad 60 A 10.0.0.1 x y z", False),
    "long label": (b"b" * 64 + b" 60 A 10.0.0.1", False),
    "long name": (b"b." * 130 + b" 60 A 10.0.0.1", False),
    "empty label": (b"bad..bad 60 A 10.0.0.1", False),
    "bad escape": (rb"\999 60 A 10.0.0.1", False),
    "not UTF-8": (b"\xff\xfe\x80 60 TXT \x80", False),
    "control octets": (b"\x01\x02\x1b[31m 60 TXT x", False),
    "blank owner": (b"  60 FOO", False),
    "quoted owner": (b'"b a d" 60 A x', False),
    "half a quoted owner": (b'bad"x" 60 A 10.0.0.1', False),
    "stamp": (b"bad [AGE:x] 60 A 10.0.0.1", False),
    "long line": (b"bad 60 TXT " + b"x" * 300000, False),
    "many parentheses": (b"bad 60 TXT " + b"(" * 500 + b"x" + b")" * 500, False),
    "unclosed quote": (b'bad 60 TXT "x', True),
    "unclosed parenthesis": (b"bad 60 TXT ( x", True),
    "closed too often": (b"bad 60 TXT x )", True),
    "octet 0": (b"bad 60 TXT a\0b", True),
    "CR alone": (b"bad 60 TXT a\rb", True),
    "escaped line end": (b"bad 60 TXT a\\", True),
    "unknown directive": (b"$FOO x", True),
    "include of nothing": (b"$INCLUDE absent.zone", True),
    "bad generate": (b"$GENERATE 1-x isatap.$ A 10.0.0.1", True),
}


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_record_hides_none_of_ours(tmp_path, kind):
    bad, uncertain = BAD[kind]
    head = b"@ 60 SOA ns1 host 1 2 3 4 5\n@ 60 NS ns1\n"
    ours = OURS.encode().splitlines(keepends=True)
    (tmp_path / "zone").write_bytes(head + b"".join(ours))
    expected = collect(tmp_path / "zone", "--origin", "corp.example.net").records()
    assert len(expected) == 6
    for place in range(len(ours) + 1):
        (tmp_path / "zone").write_bytes(head + b"".join([*ours[:place], bad, b"\n", *ours[place:]]))
        got = collect(tmp_path / "zone", "--origin", "corp.example.net")
        assert got.records() == expected
        everywhere = [doubt for doubt in got.doubts if re.match(r"\S+ \* ", doubt)]
        assert bool(everywhere) == uncertain, got.doubts
        assert uncertain or kind == "blank owner" or not got.doubts, got.doubts


def test_tools_are_there():
    for tool in ("/usr/bin/named-checkzone", "/usr/bin/dnssec-signzone", "/usr/bin/dnssec-keygen", "zstd"):
        assert shutil.which(tool), tool
