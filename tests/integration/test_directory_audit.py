"""`dadns audit --directory` beside Samba's own tools, clock and scavenger: what it reads, foretells, and finds lost."""

import calendar
import socket
import threading
import time

import pytest

from harness import samba
from harness.audit import CRITICAL, OK, UNKNOWN, WARNING
from table.deployments import CORP, NLB, PROBE, SINGLE

A, AAAA, WEB = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1"), ("A", "10.0.0.11")
LABELS = [label + below for label in NLB.records for below in ("", ".emea")]
PASSWORD = ("--user", f"{samba.READER}@{samba.ZONE}", "--password-file", samba.PASSWORD_FILE)


@pytest.fixture(autouse=True)
def clean():
    samba.remove(*LABELS)


@pytest.fixture
def single(directory):
    return SINGLE.write(directory)


def publish(*records, stamp=0):
    """Has (label, record) in the directory and nothing else, all with that time stamp."""
    for label in {label for label, _ in records}:
        samba.store(label, *(samba.value(*record, stamp=stamp) for at, record in records if at == label))


def publish_single(stamp=0):
    publish((CORP, A), (CORP, AAAA), (PROBE, WEB), stamp=stamp)


def hours(text):
    """The time stamp of "2026-11-23T22:00:00Z"; of a record without one 0."""
    if text is None:
        return 0
    return (calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - samba.unix_time(0)) // samba.HOUR


def read_stamps(done):
    """label → (type, data) → time stamp, as the report has it."""
    found = {}
    for record in done.report["records"]:
        label = record["name"].removesuffix(f".{samba.ZONE}.")
        found.setdefault(label, {})[record["type"], record["found"]] = hours(record.get("stamp"))
    return found


# ---- what it reads ----


def test_stamps_are_those_of_the_directory(directory):
    """Dynamic and static ones, of two suffixes in one zone."""
    samba.register(CORP, "A 127.0.0.1")
    samba.register(f"{CORP}.emea", "A 127.0.0.1", "AAAA fd12:3456:789a:7777::7f00:1")
    samba.jump(50)
    samba.register(f"{PROBE}.emea", "A 10.0.0.10")
    samba.store(PROBE, samba.value("A", "10.0.0.10"), samba.value("A", "10.0.0.66", stamp=samba.hour() - 9))
    expected = {label.lower(): samba.stamps(label) for label in (CORP, f"{CORP}.emea", PROBE, f"{PROBE}.emea")}
    done = samba.audit(NLB.write(directory))
    assert {label.lower(): stamps for label, stamps in read_stamps(done).items()} == expected
    assert len({stamp for stamps in expected.values() for stamp in stamps.values()}) == 4


def test_zone(single):
    """Intervals and aging are the zone's."""
    samba.samba_tool("dns", "zoneoptions", samba.HOST, samba.ZONE, "--norefreshinterval=100", "--refreshinterval=20")
    try:
        publish_single(stamp=samba.hour() - 119)
        done = samba.audit(single)
        (zone,) = done.report["sources"][0]["zones"]
        assert (zone["name"], zone["aging"]) == (f"{samba.ZONE}.", True)
        assert (zone["no-refresh"], zone["refresh"]) == (100, 20)
        assert done.codes() == {"record-dynamic", "zone-aging"}
        samba.samba_tool("dns", "zoneoptions", samba.HOST, samba.ZONE, "--aging=0")
        assert samba.audit(single).report["sources"][0]["zones"][0]["aging"] is False
    finally:
        defaults = ("--norefreshinterval=168", "--refreshinterval=168", "--aging=1")
        samba.samba_tool("dns", "zoneoptions", samba.HOST, samba.ZONE, *defaults)


def test_right(single):
    publish_single()
    done = samba.audit(single)
    assert (done.status, done.codes()) == (OK, {"zone-aging"})


# ---- what it foretells, and what comes of it ----


def test_foretold_hour(single):
    """It names the hour at which the scavenger deletes: one hour before all is there, and then it is as foretold."""
    samba.register(CORP, "A 127.0.0.1", "AAAA fd12:3456:789a:7777::7f00:1")
    samba.register(PROBE, "A 10.0.0.11")
    done = samba.audit(single)
    assert done.status == WARNING and done.codes() >= {"record-dynamic"}
    (stale,) = {hours(record["stale-at"]) for record in done.report["records"]}

    samba.set_clock(stale - 1, seconds=samba.HOUR - 120)
    samba.scavenge()
    done = samba.audit(single)
    assert (done.status, len(done.details("record-dynamic"))) == (WARNING, 3)
    assert all(" minute" in detail for detail in done.details("record-dynamic"))
    done = samba.audit(single, at=samba.unix_time(stale))
    assert (done.status, len(done.details("record-stale"))) == (CRITICAL, 3)

    samba.set_clock(stale)
    samba.scavenge()
    done = samba.audit(single)
    assert done.status == CRITICAL
    assert {name for _, name, _ in done.findings("record-tombstoned")} == {f"{CORP}.{samba.ZONE}", f"{PROBE}.{samba.ZONE}"}
    assert {"corp-connectivity-missing", "web-probe-missing"} <= done.codes()
    assert read_stamps(done) == {}


def test_partial_loss(single):
    """A static record beside a dynamic one: foretold, and then half is lost."""
    samba.register(CORP, "A 127.0.0.1")
    stale = samba.stamps(CORP)[A] + samba.LIMIT
    samba.store(CORP, *samba.stored(CORP).values, samba.value(*AAAA))
    publish((PROBE, WEB))
    done = samba.audit(single)
    assert ("static-partly", f"{CORP}.{samba.ZONE}", "") in done.findings()
    assert done.findings("record-dynamic") == {("record-dynamic", f"{CORP}.{samba.ZONE}", "A")}

    samba.set_clock(stale)
    samba.scavenge()
    assert samba.ask(CORP, "A") == set() and samba.ask(CORP, "AAAA") == {AAAA[1]}
    done = samba.audit(single)
    assert done.status == CRITICAL
    assert "corp-connectivity-no-a" in done.codes() and "corp-connectivity-missing" not in done.codes()


# ---- ways in ----

WAYS_IN = {
    "ticket": (samba.LDAP, ()),
    "ticket within TLS": (samba.LDAPS, ("--ca-file", samba.CA)),
    "ticket within StartTLS": (samba.LDAP, ("--start-tls", "--ca-file", samba.CA)),
    "keytab": (samba.LDAP, ("--keytab", samba.KEYTABS / f"{samba.READER}.keytab")),
    "password within TLS": (samba.LDAPS, ("--ca-file", samba.CA, *PASSWORD)),
    "password within StartTLS": (samba.LDAP, ("--start-tls", "--ca-file", samba.CA, *PASSWORD)),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_way_in(single, way):
    publish_single()
    url, options = WAYS_IN[way]
    user = samba.READER if way.startswith("ticket") else None
    done = samba.audit(single, "--directory", url, *options, user=user)
    assert (done.status, done.codes(), done.failures()) == (OK, {"zone-aging"}, [""])


# ---- no way in ----


def wrong_password(directory):
    path = directory / "password"
    path.write_text("not this one\n")
    path.chmod(0o600)
    return ("--user", PASSWORD[1], "--password-file", path)


def other_authority(directory):
    samba.openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=other"),
        *("-keyout", directory / "other.key", "-out", directory / "other.pem"),
    )
    return ("--ca-file", directory / "other.pem")


def unknown_account(directory):
    path = directory / "unknown.keytab"
    path.write_bytes((samba.KEYTABS / f"{samba.DNS_ADMIN}.keytab").read_bytes().replace(b"dnsadmin", b"DNSADMIM"))
    return ("--keytab", path)


class Silent:
    """Accepts connections and says nothing; what it is sent, it keeps."""

    def __init__(self):
        self._listener = socket.create_server((samba.ADDRESS, 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self.octets = b""

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection):
        with connection:
            while octets := connection.recv(4096):
                self.octets += octets


FAILURES = {
    "no ticket": (None, samba.LDAP, lambda d: (), "there is no Kerberos ticket"),
    "unknown account": (None, samba.LDAP, unknown_account, "Kerberos does not know the account of --keytab"),
    "no keytab": (None, samba.LDAP, lambda d: ("--keytab", d / "none"), "none: cannot be opened"),
    "address for a name": (samba.READER, f"ldap://{samba.ADDRESS}", lambda d: (), "Kerberos does not know the server"),
    "wrong password": (
        None,
        samba.LDAPS,
        lambda d: ("--ca-file", samba.CA, *wrong_password(d)),
        "the user's name or the password is wrong",
    ),
    "untrusted certificate": (samba.READER, samba.LDAPS, other_authority, "is not trusted"),
    "untrusted certificate, StartTLS": (
        None,
        samba.LDAP,
        lambda d: ("--start-tls", *other_authority(d), *PASSWORD),
        "is not trusted",
    ),
    "another name's certificate": (
        None,
        f"ldaps://{samba.ADDRESS}",
        lambda d: ("--ca-file", samba.CA, *PASSWORD),
        "is not trusted",
    ),
    "nobody listens": (samba.READER, f"{samba.LDAP}:1", lambda d: (), "Connection refused"),
    "no such host": (samba.READER, f"ldap://dc9.{samba.ZONE}", lambda d: (), f"dc9.{samba.ZONE}"),
    "no LDAP": (samba.READER, f"{samba.LDAP}:88", lambda d: ("--timeout", 2), "no login"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failure(directory, single, case):
    """One line that says it: the audit knows nothing, and pinning writes nothing."""
    user, url, options, says = FAILURES[case]
    options = options(directory)
    publish_single(stamp=samba.hour())
    before = [samba.stored(label) for label in (CORP, PROBE)]

    done = samba.audit(single, "--directory", url, *options, user=user)
    assert done.status == UNKNOWN and says in done.failures()[0]
    assert done.codes() == {"source-failed"}
    done = samba.pin(single, "--apply", *options, user=user, url=url)
    assert done.status == 1 and done.stdout == ""
    assert says in done.stderr and done.stderr.count("\n") == 1 and url in done.stderr
    assert [samba.stored(label) for label in (CORP, PROBE)] == before


def test_silence(single):
    """A server that never replies costs no more than the timeout, here of an operation of which there is one."""
    with Silent() as server:
        url = f"{samba.LDAP}:{server.port}"
        started = time.monotonic()
        done = samba.audit(single, "--directory", url, "--timeout", 1)
        assert done.status == UNKNOWN and "no reply within 1 second" in done.failures()[0]
        done = samba.pin(single, "--apply", "--timeout", 1, url=url)
        assert done.status == 1 and "no reply within 1 second" in done.stderr and done.stderr.count("\n") == 1
        assert time.monotonic() - started < 10


def test_password_is_never_sent_in_clear(single):
    """It is refused before there is a connection."""
    with Silent() as server:
        url = f"{samba.LDAP}:{server.port}"
        audited = samba.dadns("audit", single, "--directory", url, *PASSWORD)
        pinned = samba.pin(single, "--apply", *PASSWORD, url=url, user=None)
        time.sleep(0.2)
        assert (server.connections, server.octets) == (0, b"")
    for done, status in ((audited, UNKNOWN), (pinned, 2)):
        assert done.status == status and done.stdout == ""
        assert "a password is not sent in clear" in done.stderr and done.stderr.count("\n") == 1


def test_password_waits_for_tls(single):
    """StartTLS that does not come about leaves it unsent."""
    with Silent() as server:
        url = f"{samba.LDAP}:{server.port}"
        options = ("--start-tls", "--ca-file", samba.CA, *PASSWORD, "--timeout", 1)
        done = samba.audit(single, "--directory", url, *options, user=None)
        assert done.status == UNKNOWN and done.codes() == {"source-failed"}
        assert server.connections and server.octets
        assert samba.PASSWORD_FILE.read_bytes().strip() not in server.octets


def test_unknown_zone(directory):
    path = directory / "elsewhere.yaml"
    path.write_text(SINGLE.yaml.replace(samba.ZONE, "elsewhere.example"))
    done = samba.audit(path)
    assert done.status == UNKNOWN and "no zone" in done.failures()[0]
    done = samba.pin(path, "--apply")
    assert done.status == 1 and "elsewhere.example" in done.stderr and done.stderr.count("\n") == 1


# ---- values that nobody can read ----

GOOD = samba.value(*A, stamp=0)
MALFORMED = {
    "half a header": GOOD[:12],
    "no data": GOOD[:24],
    "data is shorter than told": GOOD[:-1],
    "data is longer than told": GOOD + b"\0",
    "A of three octets": b"\3\0" + GOOD[2:-1],
    "A of five octets": b"\5\0" + GOOD[2:] + b"\0",
    "AAAA of four octets": GOOD[:2] + b"\x1c\0" + GOOD[4:],
    "another version": GOOD[:4] + b"\6" + GOOD[5:],
    "CNAME without end": b"\4\0\5\0" + GOOD[4:24] + b"\x09\1\x05a",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(single, case):
    """It hides nothing else, and nothing is said, or written, of what it may be."""
    publish((PROBE, WEB), stamp=samba.hour())
    samba.store(CORP, MALFORMED[case], samba.value(*AAAA, stamp=samba.hour()))
    try:
        before = [samba.stored(label) for label in (CORP, PROBE)]
        done = samba.audit(single)
        assert done.status in (UNKNOWN, CRITICAL), done.report
        assert {name for _, name, _ in done.findings("undetermined")} == {f"{CORP}.{samba.ZONE}"}
        assert not [code for code in done.codes() if "missing" in code or code == "corp-connectivity-no-a"]
        assert ("record-dynamic", f"{PROBE}.{samba.ZONE}", "A") in done.findings()
        done = samba.pin(single, "--apply")
        assert done.status == 1 and done.stderr.count("\n") == 1
        assert "malformed dnsRecord value" in done.stderr and CORP.lower() in done.stderr.lower()
        assert [samba.stored(label) for label in (CORP, PROBE)] == before
    finally:
        samba.remove(CORP)
