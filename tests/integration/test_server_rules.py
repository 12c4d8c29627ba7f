"""What Unbound decides before it asks any module is decided as ever: who may ask, what is configured locally, how large
a reply may be."""

from harness.client import Query, Record
from harness.unbound import Unbound, with_module
from table import deployments
from table.compare import expected_differences
from table.rows import Reply

PROBE = Query(f"{deployments.PROBE}.corp.example.net.")
BLOCKED = Query("isatap.corp.example.net.")


def unbound_with(nsd, directory, deployment=deployments.SINGLE, **settings):
    return Unbound(directory, nsd, with_module(deployment.write(directory), **settings))


def test_access_control(nsd, directory):
    """A client that may not ask gets REFUSED for our names too."""
    server = unbound_with(nsd, directory, server=("access-control: 127.0.0.0/8 refuse",))
    server.ready = lambda client: client.udp(PROBE).rcode == "REFUSED"
    with server, server.client() as client:
        for query in (PROBE, BLOCKED):
            reply = client.udp(query)
            assert (reply.rcode, reply.answer, reply.authority) == ("REFUSED", (), ())


def test_recursion_not_desired(nsd, directory):
    """Without RD a client reads the cache, where we are not; `allow_snoop` lets it through to the modules."""
    query = Query(PROBE.name, rd=False)
    with unbound_with(nsd, directory / "allow") as server, server.client() as client:
        assert client.udp(query).rcode == "REFUSED"
    snoop = ("access-control: 127.0.0.0/8 allow_snoop",)
    with unbound_with(nsd, directory / "snoop", server=snoop) as server, server.client() as client:
        reply = client.udp(query)
        assert (reply.rcode, [record.data for record in reply.answer]) == ("NOERROR", ["10.0.0.11"])
        assert "RD" not in reply.flags


def test_local_data(nsd, directory):
    """The administrator's own local data stands before us."""
    lines = (f'local-data: "{PROBE.name} A 192.0.2.200"', 'local-zone: "isatap.corp.example.net." refuse')
    with unbound_with(nsd, directory, server=lines) as server, server.client() as client:
        assert [record.data for record in client.udp(PROBE).answer] == ["192.0.2.200"]
        assert client.udp(BLOCKED).rcode == "REFUSED"


def test_edns_version(nsd, directory):
    """A version of EDNS that does not exist is BADVERS (RFC 6891 section 6.1.3)."""
    with unbound_with(nsd, directory) as server, server.client() as client:
        for query in (PROBE, BLOCKED):
            reply = client.udp(Query(query.name, edns=True, edns_version=1))
            assert (reply.rcode, reply.answer, reply.authority) == ("BADVERS", (), ())


MANY = 40  # servers: 40 × 16 octets do not fit a reply of 512

LARGE = deployments.Deployment(
    name="large",
    yaml="""\
suffixes: [corp.example.net]
network: ipv4-only
isatap-router: isatap-da
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    load-balancer: {kind: nlb, vip: 10.0.1.0}
    servers:
"""
    + "".join(f"      - {{name: da{number}, address: 10.0.1.{number}}}\n" for number in range(1, MANY)),
    records={deployments.ROUTER: {"A": [f"10.0.1.{number}" for number in range(MANY)]}},
)


def test_truncation(nsd, directory):
    """A reply that does not fit UDP is cut, with TC; TCP and a larger EDNS size have it all."""
    query = Query(f"{deployments.ROUTER}.corp.example.net.")
    whole = Reply(
        "NOERROR",
        tuple(Record(query.name, LARGE.ttl, "IN", "A", address) for address in LARGE.records[deployments.ROUTER]["A"]),
    )
    with unbound_with(nsd, directory, LARGE) as server, server.client() as client:
        short = client.udp(query)
        assert "TC" in short.flags and len(short.answer) < MANY
        assert not expected_differences(query, client.tcp(query), whole)
        with_edns = Query(query.name, edns=True)
        assert not expected_differences(with_edns, client.udp(with_edns), whole)
