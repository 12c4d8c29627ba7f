"""The module beside Unbound's own modules, in the orders that README.md names."""

import dataclasses

import pytest

from harness import upstream
from harness.client import Query
from harness.nsd import Nsd
from harness.unbound import Unbound, side_by_side, with_module
from table import compare, deployments, rows

DEPLOYMENT = deployments.NLB
IN_SIGNED_ZONE = deployments.Deployment(
    name="signed",
    yaml=deployments.NLB.yaml.replace("  - emea.corp.example.net\n", "").replace(
        "corp.example.net", upstream.SIGNED_ZONE
    ),
    suffixes=(upstream.SIGNED_ZONE,),
    ttl=deployments.NLB.ttl,
    negative_ttl=deployments.NLB.negative_ttl,
    records=deployments.NLB.records,
)


@pytest.mark.parametrize(
    "modules",
    [
        "dynlib iterator",
        "dynlib subnetcache validator iterator",
        "subnetcache dynlib validator iterator",
        "dynlib respip validator iterator",
    ],
)
def test_order(nsd, directory, modules):
    """The whole table holds in these orders."""
    server = ("send-client-subnet: 127.0.0.0/8",) if "subnetcache" in modules else ()
    settings = with_module(DEPLOYMENT.write(directory), modules=modules, server=server)
    with side_by_side(directory, nsd, settings) as (_, ours, plain):
        found = compare.wrong_replies(
            DEPLOYMENT, rows.for_deployment(DEPLOYMENT), ours.ask, plain.ask, rows.few_queries
        )
    assert not found, compare.report(found)


def test_response_ip(nsd, directory):
    """respip right of us rewrites other people's addresses, not ours."""
    settings = with_module(
        DEPLOYMENT.write(directory),
        modules="dynlib respip validator iterator",
        server=(
            "response-ip: 10.0.0.0/8 always_nxdomain",
            "response-ip: 127.0.0.0/8 always_nxdomain",
            "response-ip: 192.0.2.8/32 always_nxdomain",
        ),
    )
    with Unbound(directory, nsd, settings) as server, server.client() as client:
        assert client.udp(Query("host.other.example.")).rcode == "NXDOMAIN"
        for label, kinds in DEPLOYMENT.records.items():
            reply = client.udp(Query(f"{label}.corp.example.net."))
            assert {record.data for record in reply.answer} == set(kinds["A"])


# ---- a signed zone and its trust anchor ----


@pytest.fixture(scope="module")
def signed(work):
    """(upstream server with the signed zone, line with its trust anchor)"""
    zone, anchor = upstream.sign(work / "signed")
    with Nsd(work / "nsd-signed", upstream.PLAIN | {upstream.SIGNED_ZONE: zone}) as server:
        yield server, f'trust-anchor: "{anchor}"'


SIGNED_ORDERS = ["dynlib validator iterator", "dynlib subnetcache validator iterator"]


@pytest.mark.parametrize("modules", SIGNED_ORDERS)
def test_signed_zone(signed, directory, modules):
    """Our answers are unsigned, in a zone that must be signed: they are insecure, and no SERVFAIL, with DO and CD too.
    The zone's other names are validated as ever."""
    server, anchor = signed
    settings = with_module(IN_SIGNED_ZONE.write(directory), modules=modules, server=(anchor,))
    with side_by_side(directory, server, settings) as (_, ours, plain):
        found = compare.wrong_replies(
            IN_SIGNED_ZONE, rows.for_deployment(IN_SIGNED_ZONE), ours.ask, plain.ask, rows.queries
        )
        assert not found, compare.report(found)
        for name, rcode in (("host", "NOERROR"), ("nothing.here", "NXDOMAIN")):
            reply = ours.udp(Query(f"{name}.{upstream.SIGNED_ZONE}.", do=True))
            assert (reply.rcode, "AD" in reply.flags) == (rcode, True), "the validator does not run"


def test_signed_zone_is_validated(signed, directory):
    """With a wrong trust anchor the zone is SERVFAIL, and we are not: so the test above has had a validator."""
    server, anchor = signed
    settings = with_module(IN_SIGNED_ZONE.write(directory), server=(anchor[:-9] + '00000000"',))
    with Unbound(directory, server, settings) as unbound, unbound.client() as client:
        assert client.udp(Query(f"host.{upstream.SIGNED_ZONE}.")).rcode == "SERVFAIL"
        assert client.udp(Query(f"{deployments.PROBE}.{upstream.SIGNED_ZONE}.")).rcode == "NOERROR"
        assert client.udp(Query(f"isatap.{upstream.SIGNED_ZONE}.")).rcode == "NXDOMAIN"


# ---- DNS64 ----

PREFIX = "64:ff9b::/96"


@pytest.fixture(scope="module")
def dns64(work, nsd):
    directory = work / "dns64"
    settings = with_module(
        DEPLOYMENT.write(directory),
        modules="dns64 dynlib validator iterator",
        server=(f"dns64-prefix: {PREFIX}",),
    )
    with side_by_side(directory, nsd, settings) as (_, ours, plain):
        yield ours, plain


def addresses(reply):
    return sorted(record.data for record in reply.answer)


def test_dns64_synthesizes(dns64):
    """A name of ours with A alone gets a synthesized AAAA, as any name behind a DNS64 does (RFC 6147)."""
    ours, _ = dns64
    for label, synthesized in (
        (deployments.PROBE, ["64:ff9b::a00:a"]),
        (deployments.NLS, ["64:ff9b::a00:a"]),
        (deployments.ROUTER, ["64:ff9b::a00:a", "64:ff9b::a00:b", "64:ff9b::a00:c"]),
    ):
        name = f"{label}.corp.example.net."
        reply = ours.udp(Query(name, "AAAA"))
        assert (reply.rcode, addresses(reply)) == ("NOERROR", synthesized)
        assert {record.owner for record in reply.answer} == {name}
        assert "AD" not in reply.flags


def is_synthesized(row, query):
    """DNS64 looks for an A record wherever there is no AAAA, and the reply is its own."""
    return row.verdict != "pass" and (query.type, query.klass, query.cd) == ("AAAA", "IN", False) and not (
        row.records.get("AAAA")
    )


def test_dns64_leaves_the_rest(dns64):
    """The AAAA that corpConnectivityHost has, and every other type and name, are as they are without DNS64.

    Everything is asked for several times: DNS64 caches what passes it, but must not cache what is ours.
    """
    ours, plain = dns64

    def left_alone(row):
        return [entry for entry in rows.queries(row) if not is_synthesized(row, entry[2])]

    found = compare.wrong_replies(DEPLOYMENT, rows.for_deployment(DEPLOYMENT), ours.ask, plain.ask, left_alone)
    assert not found, compare.report(found)


def test_dns64_refuses(dns64):
    """A blocked name has no AAAA either. The reply is our NXDOMAIN for A, handed on by DNS64, which leaves AA out."""
    ours, _ = dns64
    for row in rows.for_deployment(DEPLOYMENT):
        for transport, style, query in rows.queries(row):
            if row.verdict == "blocked" and is_synthesized(row, query):
                reply = ours.ask(query, transport)
                reply = dataclasses.replace(reply, flags=reply.flags | {"AA"})
                wrong = compare.expected_differences(query, reply, rows.expectation(DEPLOYMENT, row, query))
                assert not wrong, compare.report([(row.title, transport, style, query, wrong)])


def test_dns64_reverse(dns64):
    """A PTR query below the prefix is answered with the name of the IPv4 address."""
    ours, plain = dns64
    query = Query("a.0.0.0.2.1.6.c." + "0." * 16 + "b.9.f.f.4.6.0.0.ip6.arpa.", "PTR")
    assert addresses(plain.udp(query))[-1] == "probe.other.example."
    assert not compare.pass_differences(query, ours.udp(query), plain.udp(query))
