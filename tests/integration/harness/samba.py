"""The domain controller of tests/testbeds/samba-ad, which runs the tests and tells them where it is.

The oracle here is Samba: what is in the directory is read, and what nobody would write is written, by Samba's own
modules, straight in its database and not over LDAP.
"""

import dataclasses
import ipaddress
import itertools
import json
import os
import pathlib
import subprocess
import time

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from . import environment
from .audit import Audit

if "SAMBA_AD_CONFIGURATION" not in os.environ:
    raise environment.Missing("there is no domain controller: run this through ctest, or tests/testbeds/samba-ad")

# Samba's modules are there in the testbed alone.
import ldb  # noqa: E402
from samba.auth import system_session  # noqa: E402
from samba.dcerpc import dnsp  # noqa: E402
from samba.ndr import ndr_pack, ndr_unpack  # noqa: E402
from samba.param import LoadParm  # noqa: E402
from samba.samdb import SamDB  # noqa: E402
from samba.sd_utils import SDUtils  # noqa: E402

HOST = os.environ["SAMBA_AD_HOST"]
ADDRESS = os.environ["SAMBA_AD_ADDRESS"]
ZONE = os.environ["SAMBA_AD_ZONE"]
CA = pathlib.Path(os.environ["SAMBA_AD_CA"])
PASSWORD_FILE = pathlib.Path(os.environ["SAMBA_AD_PASSWORD_FILE"])
KEYTABS = pathlib.Path(os.environ["SAMBA_AD_KEYTABS"])
IS_SECURE = os.environ["SAMBA_AD_UPDATES"] == "secure"
_WORK = pathlib.Path(os.environ["SAMBA_AD_DIRECTORY"])
_CLOCK = pathlib.Path(os.environ["SAMBA_AD_CLOCK"])

LDAP, LDAPS = f"ldap://{HOST}", f"ldaps://{HOST}"
ADMINISTRATOR, DNS_ADMIN, READER, COMPUTER = "Administrator", "dnsadmin", "reader", "DA1$"

HOUR = 3600  # seconds
LIMIT = 168 + 168  # hours: no-refresh and refresh interval of a zone as it comes
_EPOCH = 11644473600  # seconds from 1601, which time stamps count from, to 1970
_CLIENT_TIMEOUT = 20  # seconds: kinit, nsupdate
_PASS_TIMEOUT = 60  # seconds, of one pass of the scavenger; two are usual

# What Cyrus SASL's GSSAPI leaks within TLS; ldapsearch has the same leak. dadns calls these libraries through it alone.
_SUPPRESSIONS = "leak:libgssapi_krb5.so\nleak:libkrb5.so\n"

_UNVERIFIED = "tsig verify failure"  # what nsupdate says of Samba's signature of a reply, though the update is done


# ---- the clock ----


def now():
    """The controller's time, as Unix time."""
    return time.time() + float(_CLOCK.read_text().rstrip("s\n"))


def unix_time(stamp):
    """The time, as Unix time, at which the hour of a time stamp begins."""
    return stamp * HOUR - _EPOCH


def hour():
    """The time stamp that a record gets now: hours since 1601."""
    return int(now() + _EPOCH) // HOUR


def set_clock(stamp, seconds=60):
    """Moves the controller's clock into the hour of a time stamp. Forward only: timers would wait for the old time."""
    then = unix_time(stamp) + seconds
    if then < now():
        raise ValueError(f"hour {stamp} has been: it is {hour()}")
    beside = _CLOCK.with_suffix(".new")
    beside.write_text(f"+{then - time.time():.0f}s\n")
    beside.rename(_CLOCK)


def jump(hours):
    """Moves the controller's clock on by so many hours."""
    set_clock(hour() + hours)


# ---- the directory ----


@dataclasses.dataclass(frozen=True)
class Stored:
    """A node as it is in the directory."""

    values: frozenset  # of octets
    tombstoned: bool
    written: int  # the number of the last change in the directory: two that are equal say that nothing was written

    def addresses(self):
        """(type, data) of every record that is there."""
        return set() if self.tombstoned else set(self.stamps())

    def stamps(self):
        """(type, data) → time stamp, of addresses."""
        found = {}
        for value in self.values:
            record = ndr_unpack(dnsp.DnssrvRpcRecord, value)
            if record.wType in (dnsp.DNS_TYPE_A, dnsp.DNS_TYPE_AAAA):
                address = ipaddress.ip_address(record.data).compressed
                found[dns.rdatatype.to_text(record.wType), address] = record.dwTimeStamp
        return found


ABSENT = Stored(frozenset(), False, 0)


class _Database:
    """Opened when it is first used."""

    def __init__(self):
        self._database = None
        self.parameters = LoadParm()
        self.parameters.load(os.environ["SAMBA_AD_CONFIGURATION"])

    def __call__(self):
        if self._database is None:
            self._database = SamDB(lp=self.parameters, session_info=system_session())
        return self._database


_database = _Database()


def zone_dn():
    return ldb.Dn(_database(), f"DC={ZONE},CN=MicrosoftDNS,DC=DomainDnsZones,{_database().domain_dn()}")


def node_dn(label):
    return ldb.Dn(_database(), f"DC={label},{zone_dn()}")


def stored(label):
    """The node of a label in front of the zone; ABSENT where there is none."""
    try:
        (node,) = _database().search(node_dn(label), ldb.SCOPE_BASE, attrs=["dnsRecord", "dNSTombstoned", "uSNChanged"])
    except ldb.LdbError as error:
        if error.args[0] != ldb.ERR_NO_SUCH_OBJECT:
            raise
        return ABSENT
    return Stored(
        values=frozenset(map(bytes, node.get("dnsRecord", []))),
        tombstoned=str(node.get("dNSTombstoned", "FALSE")) == "TRUE",
        written=int(str(node["uSNChanged"])),
    )


def stamps(label):
    return stored(label).stamps()


def value(kind, data, stamp=0, ttl=1200):
    """The octets of a record."""
    record = dnsp.DnssrvRpcRecord()
    record.wType = dns.rdatatype.from_text(kind)
    record.rank = dnsp.DNS_RANK_ZONE
    record.dwSerial = 1
    record.dwTtlSeconds = ttl
    record.dwTimeStamp = stamp
    record.data = data
    return ndr_pack(record)


def tombstone():
    """The octets of what a node has that was deleted now."""
    record = dnsp.DnssrvRpcRecord()
    record.wType = dnsp.DNS_TYPE_TOMBSTONE
    record.data = int((now() + _EPOCH) * 10_000_000)  # since 1601, in units of 100 ns
    return ndr_pack(record)


def store(label, *values, tombstoned=False):
    """Makes the node of a label have these values, whatever it was; as somebody may who has the right to."""
    message = ldb.Message(node_dn(label))
    if stored(label) == ABSENT:
        message["objectClass"] = ldb.MessageElement(["top", "dnsNode"], ldb.FLAG_MOD_ADD, "objectClass")
        _put(message, ldb.FLAG_MOD_ADD, values, tombstoned)
        _database().add(message)
    else:
        _put(message, ldb.FLAG_MOD_REPLACE, values, tombstoned)
        _database().modify(message)


def _put(message, how, values, tombstoned):
    message["dnsRecord"] = ldb.MessageElement(list(values), how, "dnsRecord")
    message["dNSTombstoned"] = ldb.MessageElement("TRUE" if tombstoned else "FALSE", how, "dNSTombstoned")


def remove(*labels):
    """Removes nodes, if they are there, tombstones included."""
    for label in labels:
        if stored(label) != ABSENT:
            _database().delete(node_dn(label))


def holder(label):
    """The SID of who owns a node."""
    return str(SDUtils(_database()).read_sd_on_dn(node_dn(label)).owner_sid)


# ---- the scavenger ----

_canaries = itertools.count()


def scavenge():
    """Returns when the scavenger has gone over the whole zone, with the clock as it is now.

    A record that has been stale for centuries tells: the pass that deletes it has begun after it was made, and it has
    ended when a pass deletes the next one.
    """
    for _ in range(2):
        canary = f"canary-{next(_canaries)}"
        store(canary, value("A", "192.0.2.1", stamp=1))
        _wait_until(lambda: stored(canary).tombstoned, _PASS_TIMEOUT, "the scavenger does not pass")
        remove(canary)


def _wait_until(is_so, seconds, otherwise):
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        time.sleep(0.05)


# ---- clients ----


def _run(command, text=None, environ=None, seconds=_CLIENT_TIMEOUT):
    return subprocess.run(
        [str(word) for word in command],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        text=True,
        timeout=seconds,
        env=os.environ | (environ or {}),
    )


def login(user, *wrapper):
    """Gets a ticket; returns the environment of programs that are to use it. Afresh after each move of the clock."""
    cache = _WORK / f"ticket-{user}-{len(wrapper)}"
    done = _run([*wrapper, "kinit", "-c", cache, "-k", "-t", KEYTABS / f"{user}.keytab", user])
    assert done.returncode == 0, done.stderr
    return {"KRB5CCNAME": f"FILE:{cache}"}


def update(*lines, user=None):
    """An update by nsupdate, signed by a user's ticket or by nobody. Returns "" when it is done, else what it says.

    nsupdate is on the controller's clock, which GSS-TSIG compares.
    """
    script = "\n".join([f"server {HOST}", f"zone {ZONE}", *(f"update {line}" for line in lines), "send"]) + "\n"
    if user is None:
        done = _run(["nsupdate"], script)
    else:
        done = _run(["with-clock", "nsupdate", "-g"], script, login(user, "with-clock"))
    said = "\n".join(line for line in done.stderr.splitlines() if _UNVERIFIED not in line)
    assert done.returncode == 0 or done.stderr, "nsupdate failed without a word"
    return said


def register(label, *records, user=None, ttl=1200):
    """Adds records, "A 10.0.0.10", as a host does that registers itself."""
    user = COMPUTER if IS_SECURE and user is None else user
    said = update(*(f"add {label}.{ZONE} {ttl} {record}" for record in records), user=user)
    assert said == "", said
    missing = {tuple(record.split()) for record in records} - set(stamps(label))
    assert not missing, f"registered, but not there: {missing}"


def ask(label, kind):
    """What the controller answers: a set of data, or "NXDOMAIN" and the like."""
    question = dns.message.make_query(f"{label}.{ZONE}.", kind)
    question.flags = 0
    for _ in range(3):
        try:
            reply = dns.query.udp(question, ADDRESS, timeout=3)
            break
        except dns.exception.Timeout:
            continue
    else:
        raise AssertionError(f"no answer for {label} {kind}")
    if reply.rcode() != dns.rcode.NOERROR:
        return dns.rcode.to_text(reply.rcode())
    return {rdata.to_text() for rrset in reply.answer if rrset.rdtype == question.question[0].rdtype for rdata in rrset}


def samba_tool(*arguments):
    """samba-tool, as the administrator."""
    account = f"{ADMINISTRATOR}%{PASSWORD_FILE.read_text().strip()}"
    done = _run(["samba-tool", *arguments, "-s", os.environ["SAMBA_AD_CONFIGURATION"], "-U", account], seconds=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@dataclasses.dataclass(frozen=True)
class Done:
    """How dadns ended."""

    status: int
    stdout: str
    stderr: str


def command(*arguments):
    """A command line of dadns."""
    return [str(word) for word in (environment.dadns(), *arguments)]


def _leaks():
    """What LeakSanitizer is to know, in builds that have it."""
    path = _WORK / "suppressions"
    path.write_text(_SUPPRESSIONS)
    return {"LSAN_OPTIONS": f"suppressions={path}:print_suppressions=0"}


def dadns(*arguments, user=None, seconds=60, environ=None):
    """Runs dadns with the ticket of a user, or without any."""
    ticket = login(user) if user is not None else {"KRB5CCNAME": f"FILE:{_WORK / 'no-ticket'}"}
    done = _run(command(*arguments), environ=ticket | _leaks() | (environ or {}), seconds=seconds)
    return judged(done.returncode, done.stdout, done.stderr)


def judged(status, stdout, stderr):
    """How dadns ended, where it did so by itself."""
    assert "Sanitizer" not in stderr and "runtime error" not in stderr, stderr
    assert status >= 0, f"dadns died of signal {-status}: {stderr}"
    return Done(status, stdout, stderr)


def audit(deployment, *options, user=READER, at=None):
    """`dadns audit` on the controller's clock, or at another time. Options name the sources; none: the directory."""
    when = f"@{now() if at is None else at:.0f}"
    options = options or ("--directory", LDAP)
    done = dadns("audit", deployment, "--json", "--now", when, *options, user=user)
    assert done.stdout, done.stderr
    return Audit(done.status, done.stderr, json.loads(done.stdout))


def pin(deployment, *options, user=DNS_ADMIN, url=LDAP):
    """`dadns pin`."""
    return dadns("pin", deployment, "--directory", url, *options, user=user)


def openssl(*arguments):
    done = _run(["openssl", *arguments])
    assert done.returncode == 0, done.stderr
