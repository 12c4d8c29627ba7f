"""Directory servers that are silent, broken or hostile: each ends in time, with one clear line and status 3."""

import errno
import os
import pathlib
import struct
import subprocess
import time

import pytest

from harness import environment, ldap
from harness.audit import CRITICAL, OK, UNKNOWN, WARNING
from harness.directory import CONNECTIVITY, CONTAINERS, PASSWORD, TIMEOUT, WEB, ZONE, ZONE_DN, Bench
from harness.directory import address, contents, node, zone
from table.deployments import CORP, PROBE, SINGLE

SLACK = 4  # timeouts: what an audit of a server that is silent may take


@pytest.fixture(scope="module")
def certificate(work):
    return ldap.Certificate(work / "certificate")


@pytest.fixture
def bench(directory, certificate):
    return Bench(directory, certificate)


# ---- servers that do not do as they should, at each stage of a connection ----


def silent(connection, _):
    connection.wait()


def closing(connection, _):
    del connection


def resetting(connection, _):
    connection.reset()


def garbage(connection, _):
    connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 20)
    connection.wait()


def half(connection, right):
    """A message that never ends."""
    connection.send(right[: len(right) // 2])
    connection.wait()


def trickling(connection, _):
    """A message of which an octet comes now and then."""
    connection.send(b"\x30\x84\x00\x01\x00\x00")
    while True:
        connection.send(b"\x02")
        time.sleep(TIMEOUT / 5)


def huge(connection, _):
    """A message that says it is of 2 GB, and one that could come."""
    connection.send(b"\x30\x84\x7f\xff\xff\xff" + bytes(100))
    connection.wait()


def other_identifier(connection, right):
    """Replies to nothing that was asked."""
    for _, content in ldap.children(right):
        connection.send(ldap.tlv(0x30, ldap.integer(126) + content[3:]))
    connection.wait()


MISCHIEF = (silent, closing, resetting, garbage, half, trickling, huge, other_identifier)
EXPECTED = {
    silent: "no reply within 1 second",
    closing: "the server closed the connection",
    resetting: ("the connection broke off", "the server closed the connection", "Connection reset by peer"),
    garbage: "what came is no LDAP",
    half: "no reply within 1 second",
    trickling: "no reply within 1 second",
    huge: "what came is no LDAP",
    other_identifier: "no reply within 1 second",
}


def at_bind(mischief):
    def script(connection):
        connection.start_tls()
        mischief(connection, connection.request().answer())

    return script


def at_search(number, mischief):
    """Misbehaves at a search, counted from 1: of the root DSE, of three containers, of nodes."""
    held = contents()

    def script(connection):
        connection.start_tls()
        connection.send(connection.request().answer())
        for count in range(1, 99):
            request = connection.request()
            found = held.get(request.base, [])
            right = request.answer(*(ldap.entry(*one) for one in found))
            if count == number:
                return mischief(connection, right)
            connection.send(right)

    return script


def check(done, elapsed, expected):
    (failure,) = done.failures()
    assert done.status == UNKNOWN and done.codes() <= {"source-failed", "not-covered"}
    assert any(text in failure for text in ((expected,) if isinstance(expected, str) else expected)), failure
    assert "\n" not in failure and PASSWORD not in str(done.report) + done.stderr
    assert elapsed < SLACK * TIMEOUT


@pytest.mark.parametrize("mischief", MISCHIEF, ids=lambda mischief: mischief.__name__)
@pytest.mark.parametrize("stage", ["bind", 1, 2, 5, 6])
def test_mischief(bench, stage, mischief):
    script = at_bind(mischief) if stage == "bind" else at_search(stage, mischief)
    _, done, elapsed = bench.audit(script)
    check(done, elapsed, EXPECTED[mischief])


@pytest.mark.parametrize("mischief", (silent, closing, resetting, garbage, trickling), ids=lambda one: one.__name__)
@pytest.mark.parametrize("scheme", ["ldaps", "ldap"])
def test_mischief_before_tls(bench, scheme, mischief):
    """Instead of a handshake, and instead of the reply to StartTLS. Nothing else is sent in clear."""
    options = ("--start-tls",) if scheme == "ldap" else ()

    def script(connection):
        if scheme == "ldap":
            connection.request()
        mischief(connection, b"")

    server, done, elapsed = bench.audit(script, scheme, *options)
    expected = EXPECTED[mischief]
    if (scheme, mischief) == ("ldaps", garbage):
        expected = "no TLS with"
    elif scheme == "ldaps" and mischief is trickling:
        expected = "no TLS with"
    elif scheme == "ldaps" and mischief is closing:
        expected = (expected, "Connection reset by peer")  # where the client's hello has come, and was not read
    check(done, elapsed, expected)
    assert {request.tag for request in server.requests} <= {ldap.EXTENDED}


def test_lost_while_looking_up_an_owner(bench):
    """A lost connection is not made anew behind our back, where nobody would be logged in."""
    held = contents()
    for _, attributes in held[ZONE_DN]:
        attributes["nTSecurityDescriptor"] = [SYSTEM_OWNED.replace(b"\x12", b"\x13")]

    def script(connection):
        connection.start_tls()
        while (request := connection.request()).tag != ldap.SEARCH or not request.base.startswith("CN=Partitions"):
            connection.send(request.answer(*(ldap.entry(*one) for one in held.get(request.base if request.tag == ldap.SEARCH else None, []))))

    server, done, elapsed = bench.audit(script)
    check(done, elapsed, "the server closed the connection")
    assert server.connections == 1


@pytest.mark.parametrize("code", [1, 2, 52, 53])
def test_start_tls_refused(bench, code):
    """The password stays here."""

    def script(connection):
        connection.send(connection.request().answer(code=code, said="no\x1b[31m TLS"))
        connection.request()

    server, done, elapsed = bench.audit(script, "ldap", "--start-tls")
    check(done, elapsed, "no TLS with")
    assert "\x1b" not in done.failures()[0]
    assert {request.tag for request in server.requests} <= {ldap.EXTENDED, ldap.UNBIND}


def test_flood(bench):
    """Entries without end."""
    flood = ldap.entry("DC=x", {"name": ["x" * 60000]})

    def mischief(connection, right):
        head = ldap.message(right[right.index(b"\x02\x01") + 2], flood)
        while True:
            connection.send(head)

    _, done, elapsed = bench.audit(at_search(2, mischief))
    check(done, elapsed, ("the reply is longer than is read", "no reply within 1 second"))


def test_pages_without_end(bench):
    held = contents()
    held[CONTAINERS["DomainDnsZones"]] = lambda request: request.answer(controls=ldap.page(b"again"))
    _, done, _ = bench.audit(ldap.serve(held))
    assert done.status == UNKNOWN and "more than 2000 pages" in done.failures()[0]


# ---- directories that are strange ----


def test_right(bench):
    """What the strange ones differ from; over several pages, too."""
    server, done, _ = bench.audit(ldap.serve(contents(), PASSWORD))
    assert (done.status, done.failures()) == (OK, [""])

    held, pages = contents(), []

    def in_pages(request):
        pages.append(request)
        return request.answer(
            ldap.entry(*node((CORP, PROBE)[len(pages) % 2], (CONNECTIVITY, WEB)[len(pages) % 2])),
            controls=ldap.page(b"" if len(pages) % 2 == 0 else b"more"),
        )

    held[ZONE_DN] = in_pages
    _, done, _ = bench.audit(ldap.serve(held, PASSWORD))
    assert (done.status, done.failures()) == (OK, [""]) and len(pages) == 4


def test_wrong_password(bench):
    _, done, elapsed = bench.audit(ldap.serve(contents(), "another"))
    check(done, elapsed, "the user's name or the password is wrong")


def test_no_domain_controller(bench):
    _, done, elapsed = bench.audit(ldap.serve({"": [("", {"namingContexts": ["o=other"]})]}))
    check(done, elapsed, "is no domain controller")


def test_no_zone(bench):
    """Neither those of others, nor what only looks like ours."""
    others = [zone(name=name) for name in ("other.example", "..TrustAnchors", "..InProgress-1-corp.example.net")]
    others += [zone(name=f"{ZONE}\nCNF:0b5b0a4e-0000"), zone(name="RootDNSServers"), zone(name="a..b"), zone(name="")]
    _, done, elapsed = bench.audit(ldap.serve(contents(zones=others)))
    check(done, elapsed, "no zone")


@pytest.mark.parametrize("container", CONTAINERS)
def test_container(bench, container):
    """A zone may be in any of them, in any spelling."""
    held = contents(zones=[])
    dn, attributes = zone(container, "Corp.Example.NET")
    held[CONTAINERS[container]] = [(dn, attributes)]
    held[dn] = [node(CORP.upper(), CONNECTIVITY, zone_dn=dn), node(PROBE, WEB, zone_dn=dn)]
    _, done, _ = bench.audit(ldap.serve(held))
    assert (done.status, done.failures()) == (OK, [""])


def test_two_containers(bench):
    held = contents()
    dn, attributes = zone("System")
    held[CONTAINERS["System"]] = [(dn, attributes)]
    held[dn] = [node(PROBE, [address(bytes([203, 0, 113, 66]))], zone_dn=dn)]
    _, done, _ = bench.audit(ldap.serve(held))
    assert done.status == WARNING and done.codes() == {"reading-uncertain", "zone-aging"} & done.codes()
    assert "DomainDnsZones and in System" in str(done.report)
    assert "203.0.113.66" not in str(done.report)


@pytest.mark.parametrize("container", CONTAINERS)
def test_container_not_readable(bench, container):
    held = contents()
    held[CONTAINERS[container]] = lambda request: request.answer(code=ldap.INSUFFICIENT_ACCESS, said="00002098: SecErr")
    _, done, elapsed = bench.audit(ldap.serve(held))
    check(done, elapsed, CONTAINERS[container])


def test_container_elsewhere(bench):
    """No fault where the zone is found all the same."""
    held = contents()
    held[CONTAINERS["ForestDnsZones"]] = lambda request: request.answer(code=ldap.REFERRAL, referral=["ldap://other/"])
    _, done, _ = bench.audit(ldap.serve(held))
    assert (done.status, done.failures()) == (OK, [""])
    held[CONTAINERS["DomainDnsZones"]] = []
    _, done, elapsed = bench.audit(ldap.serve(held))
    check(done, elapsed, "does not hold ForestDnsZones")


MALFORMED = {
    "empty": b"",
    "short": CONNECTIVITY[0][:20],
    "cut": CONNECTIVITY[0][:-1],
    "long": CONNECTIVITY[0] + b"\0",
    "version": CONNECTIVITY[0][:4] + b"\x04" + CONNECTIVITY[0][5:],
    "length": address(b"\x7f\0\0"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_value(bench, case):
    """A value that nobody can read says neither that the record is there nor that it is not."""
    held = contents(nodes=[node(CORP, CONNECTIVITY), node(PROBE, [MALFORMED[case]])])
    _, done, _ = bench.audit(ldap.serve(held))
    assert done.status == UNKNOWN and "web-probe-missing" not in done.codes()
    assert "undetermined" in done.codes() and "dnsRecord is malformed" in str(done.report)


def test_malformed_property(bench):
    held = contents(zones=[zone(properties=[b"\x01\0\0"])])
    _, done, _ = bench.audit(ldap.serve(held))
    assert "dNSProperty is malformed" in str(done.report)


def test_tombstone(bench):
    deleted = struct.pack("<HHBBHI", 8, 0, 5, 0, 0, 1) + bytes(12) + struct.pack("<Q", 134_000_000_000_000_000)
    held = contents(nodes=[node(CORP, CONNECTIVITY), node(PROBE, [deleted], tombstoned=True)])
    _, done, _ = bench.audit(ldap.serve(held))
    assert done.status == CRITICAL and {"web-probe-missing", "record-tombstoned"} <= done.codes()


def test_names_that_cannot_be(bench):
    """Objects whose names no DNS name is like are nobody's; among blocked names they must not be taken for one."""
    strange = ["isatap..x", "isatap.", ".isatap", "isatap." + "x" * 64, "isatap." + "x." * 130 + "x", ""]
    held = contents()
    held[ZONE_DN] += [node(name, WEB) for name in strange]
    _, done, _ = bench.audit(ldap.serve(held))
    assert (done.status, done.failures()) == (OK, [""])
    held[ZONE_DN] += [node("isatap.x", WEB), node("ISATAP.f\u00fc.x", WEB)]
    _, done, _ = bench.audit(ldap.serve(held))
    assert {name for _, name, _ in done.findings("blocked-present")} == {
        f"isatap.x.{ZONE}", f"ISATAP.f\\195\\188.x.{ZONE}",
    }


SYSTEM_OWNED = b"\1\0\4\x80\x14\0\0\0" + bytes(12) + b"\1\1\0\0\0\0\0\5\x12\0\0\0"
OWNERS = {
    "empty": b"",
    "short": b"\1",
    "not self-relative": bytes(20),
    "offset too large": b"\1\0\4\x80" + b"\xff" * 16,
    "SID cut": b"\1\0\4\x80\x14\0\0\0" + bytes(12) + b"\1\xff" + bytes(6),
}


@pytest.mark.parametrize("case", OWNERS)
def test_malformed_owner(bench, case):
    """A security descriptor that cannot be read tells nothing, and spoils nothing."""
    held = contents()
    for _, attributes in held[ZONE_DN]:
        attributes["nTSecurityDescriptor"] = [OWNERS[case]]
    _, done, _ = bench.audit(ldap.serve(held))
    assert (done.status, done.failures()) == (OK, [""])


# ---- pinning ----

SOA = struct.pack("<HHBBHI", 24, 6, 5, 0xF0, 0, 1) + bytes(31) + b"\x05" + bytes(4)


def stamped(value, stamp):
    return value[:20] + struct.pack("<I", stamp) + value[24:]


def pin(bench, modified, out=subprocess.PIPE, stamp=3733307):
    """`dadns pin --apply` of two names; modified: what a request to modify is replied with. Returns also how many were."""
    nodes = [node("@", [SOA])]
    nodes += [node(name, [stamped(one, stamp) for one in old]) for name, old in ((CORP, CONNECTIVITY), (PROBE, WEB))]
    held = contents(nodes=nodes) | {one[0]: [one] for one in nodes}
    behave = ldap.serve(held)

    def script(connection):
        request, send = connection.request, connection.send

        def answered():
            while (one := request()) is not None and one.tag == ldap.MODIFY:
                send(modified(one))
            return one

        connection.request = answered
        behave(connection)

    login = ("--user", "reader", "--password-file", bench.password_file(), "--ca-file", bench.certificate.path)
    with ldap.Server(script, bench.certificate) as server:
        command = [environment.dadns(), "pin", SINGLE.write(bench.directory), "--directory", server.url(), *login]
        command += ["--apply", "--timeout", TIMEOUT]
        done = subprocess.run([str(word) for word in command], stdout=out, stderr=subprocess.PIPE, text=True, timeout=30)
    return done, sum(request.tag == ldap.MODIFY for request in server.requests)


@pytest.mark.parametrize("code", [10, 19, 51, 53])
def test_pin_refused(bench, code):
    """Nothing was written, and that is certain; the next name is tried."""
    done, modified = pin(bench, lambda request: request.answer(code=code, said="no"))
    assert done.returncode == 1 and modified == 2 and done.stderr.count("was not written") == 2
    assert "2 failed, 0 not known, 0 not tried" in done.stdout


def test_pin_reply_malformed(bench):
    """Whether it was written is told by nothing that can be read."""
    done, modified = pin(bench, lambda request: ldap.message(request.identifier, ldap.tlv(ldap.MODIFY_DONE, b"")))
    assert done.returncode == 1 and modified == 1 and "not known whether this was written" in done.stderr
    assert "0 failed, 1 not known, 1 not tried" in done.stdout


@pytest.mark.parametrize("stamp", [3733307, 0], ids=["dynamic", "static"])
def test_pin_output_full(bench, stamp):
    """What cannot be told is not written; and why is said rightly, at the end of a run that wrote nothing, too."""
    with pathlib.Path("/dev/full").open("w") as full:
        done, modified = pin(bench, lambda request: request.answer(), out=full, stamp=stamp)
    assert done.returncode == 1 and modified == 0 and os.strerror(errno.ENOSPC) in done.stderr
