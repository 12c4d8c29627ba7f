"""`dadns audit --resolver`: a fleet of resolvers, of which one or another does not give clients what it should."""

import contextlib
import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest

from harness.audit import CRITICAL, OK, UNKNOWN, audit, zone
from harness.named import Named
from harness.nsd import Nsd
from harness.scripted import Scripted
from harness.unbound import Settings as UnboundSettings
from harness.unbound import StockUnbound
from table.deployments import CORP, NLS, PROBE, SINGLE, Deployment

SUFFIX = "corp.example.net"
ROOT = "$TTL 60\n@ SOA . . 1 3600 1200 604800 60\n@ NS ns.root.\n"


def at(server):
    return f"{server.host.address}@{server.port}"


def named_below(directory, text):
    """An authoritative server with the suffix and an empty root: bare names do not exist."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "suffix.zone").write_text(text)
    (directory / "root.zone").write_text(ROOT)
    return Nsd(directory, {SUFFIX: directory / "suffix.zone", ".": directory / "root.zone"})


@pytest.fixture
def upstream(directory):
    with named_below(directory / "upstream", zone(SINGLE)) as server:
        yield server


@contextlib.contextmanager
def fleet(directory, upstream, *settings):
    """Unbounds, one for each tuple of lines of a server clause."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(
                StockUnbound(directory / f"r{number}", upstream, UnboundSettings(server=lines), f"r{number}")
            )
            for number, lines in enumerate(settings, 1)
        ]


def resolvers(*servers):
    return [word for server in servers for word in ("--resolver", at(server))]


def names(done, code):
    return {name.removesuffix(f".{SUFFIX}") for _, name, _ in done.findings(code)}


def test_right(directory, upstream):
    """Unbound and BIND."""
    with fleet(directory, upstream, (), ()) as (one, two), Named(directory / "named", upstream) as three:
        done = audit(SINGLE.write(directory), *resolvers(one, two, three))
        assert (done.status, done.codes(), done.failures()) == (OK, set(), ["", "", ""])


def test_one_answers_wrong(directory, upstream):
    wrong = (f'local-data: "{PROBE}.{SUFFIX}. A 203.0.113.66"',)
    with fleet(directory, upstream, (), wrong, ()) as servers:
        done = audit(SINGLE.write(directory), *resolvers(*servers))
        assert done.status == CRITICAL
        assert done.findings("resolvers-disagree") == {("resolvers-disagree", f"{PROBE}.{SUFFIX}", "A")}
        wrong = [finding for finding in done.report["findings"] if finding["code"] == "wrong-address"]
        assert [finding["source"] for finding in wrong] == [1]


@pytest.mark.parametrize(
    ("prefix", "kind"), (("127.0.0.0/8", "A"), ("fd00::/8", "AAAA")), ids=("loopback", "unique-local")
)
def test_private_addresses_filtered(directory, upstream, prefix, kind):
    with fleet(directory, upstream, (), (f"private-address: {prefix}",)) as servers:
        done = audit(SINGLE.write(directory), *resolvers(*servers))
        assert done.status == CRITICAL
        assert done.findings("private-filtered") == {("private-filtered", f"{CORP}.{SUFFIX}", kind)}
        sources = {f["source"] for f in done.report["findings"] if f["code"] == "private-filtered"}
        assert sources == {1}


def test_one_is_down(directory, upstream):
    """It is told within the time of one question, and the others are judged."""
    with Scripted() as gone:
        address = gone.address
    with fleet(directory, upstream, (), ()) as servers:
        started = time.monotonic()
        done = audit(SINGLE.write(directory), *resolvers(*servers), "--resolver", address, timeout=2)
        assert time.monotonic() - started < 6
    assert done.status == UNKNOWN
    assert done.failures()[:2] == ["", ""] and done.failures()[2] != ""
    assert done.codes() == {"source-failed"}


def test_silent(directory):
    with Scripted() as server:
        started = time.monotonic()
        done = audit(SINGLE.write(directory), "--resolver", server.address, timeout=1)
        assert time.monotonic() - started < 4
    assert done.failures() == ["no reply within 1 s"]
    assert done.status == UNKNOWN and "web-probe-missing" not in done.codes()


@pytest.mark.parametrize("owner", ("isatap.", f"isatap.{SUFFIX}."))
def test_isatap(directory, upstream, owner):
    """One resolver answers for isatap: for no other name anything follows from that."""
    data = (f'local-data: "{owner} A 203.0.113.66"',)
    with fleet(directory, upstream, (), data) as servers:
        done = audit(SINGLE.write(directory), *resolvers(*servers))
        assert done.status == CRITICAL
        assert done.findings("blocked-resolves") == {("blocked-resolves", owner.removesuffix("."), "A")}
        assert done.codes() <= {"blocked-resolves", "resolvers-disagree"}


def test_nls(directory):
    """What the network location server's name is right for inside is wrong for remote clients."""
    published = Deployment(
        name="nls",
        yaml=SINGLE.yaml + "network-location-server: true\n",
        records=SINGLE.records | {NLS: {"A": ["10.0.0.11"]}},
    )
    with named_below(directory / "upstream", zone(published)) as upstream:
        hidden = (f'local-zone: "{NLS}.{SUFFIX}." always_nxdomain',)
        with fleet(directory, upstream, (), hidden) as (inside, outside):
            path = published.write(directory)
            done = audit(path, *resolvers(inside))
            assert (done.status, done.codes()) == (OK, set())
            done = audit(path, "--remote-resolver", at(inside))
            assert done.status == CRITICAL
            assert done.findings("nls-resolvable") == {("nls-resolvable", f"{NLS}.{SUFFIX}", "A")}
            done = audit(path, "--remote-resolver", at(outside))
            assert "nls-resolvable" not in done.codes()


def test_alias(directory):
    """What counts is what a client gets: an alias to the right address is still an alias."""
    text = zone(SINGLE, {(PROBE, "A"): []}, [f"{PROBE} CNAME host", "host CNAME other", "other A 10.0.0.11"])
    with named_below(directory / "upstream", text) as upstream, fleet(directory, upstream, ()) as servers:
        done = audit(SINGLE.write(directory), *resolvers(*servers))
        assert "web-probe-missing" not in done.codes() and "wrong-address" not in done.codes()
        assert done.codes() <= {"alias"}


def test_servfail(directory):
    """A resolver that fails at every question tells nothing."""
    with Scripted(lambda wire: [wire[:2] + bytes((wire[2] | 0x80, 0x82)) + wire[4:]]) as server:
        done = audit(SINGLE.write(directory), "--resolver", server.address, timeout=2)
    assert done.status == UNKNOWN and done.failures()[0] != ""
    assert "web-probe-missing" not in done.codes()


# ---- what libunbound must not do by itself ----


def answers(asked, suffix=SUFFIX):
    """A resolver that is right for SINGLE, and keeps what it was asked."""

    def script(wire):
        question = dns.message.from_wire(wire)
        asked.append(question)
        message = dns.message.make_response(question)
        message.flags |= dns.flags.RA
        name = question.question[0].name
        kind = {1: "A", 28: "AAAA"}.get(question.question[0].rdtype, "")
        records = {
            dns.name.from_text(f"{label}.{suffix}"): rrsets for label, rrsets in SINGLE.records.items()
        }
        if records.get(name, {}).get(kind):
            message.answer.append(dns.rrset.from_text(name, 5, "IN", kind, *records[name][kind]))
        elif name not in records:
            message.set_rcode(dns.rcode.NXDOMAIN)
        return [message.to_wire()]

    return script


@pytest.mark.parametrize("suffix", (SUFFIX, "corp.test", "lab.invalid", "home.arpa", "corp.onion", "a.localhost"))
def test_every_question_is_asked(directory, suffix):
    """Once each, in full, of the resolver itself; those under zones that libunbound has built in, too."""
    asked = []
    path = directory / "deployment.yaml"
    path.write_text(SINGLE.yaml.replace(SUFFIX, suffix))
    with Scripted(answers(asked, suffix)) as server:
        done = audit(path, "--resolver", server.address, timeout=3)
    assert (done.status, done.codes(), done.failures()) == (OK, set(), [""])
    questions = [(str(m.question[0].name).lower(), m.question[0].rdtype) for m in asked]
    labels = (CORP, PROBE, NLS, "isatap")
    wanted = [(f"{label}.{suffix}.".lower(), kind) for label in labels for kind in (1, 28)]
    assert sorted(questions) == sorted([*wanted, ("isatap.", 1), ("isatap.", 28)])
    assert all(m.flags & dns.flags.RD and not m.flags & dns.flags.CD for m in asked)


def test_many(directory):
    """A hundred at once, none of them quick."""

    def slow(wire):
        time.sleep(0.02)
        return answers([])(wire)

    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Scripted(slow)) for _ in range(100)]
        options = [word for server in servers for word in ("--resolver", server.address)]
        done = audit(SINGLE.write(directory), *options, timeout=20)
    assert (done.status, done.codes(), set(done.failures())) == (OK, set(), {""})
