"""DNS64 (RFC 6147) makes of our names what it makes of a zone's: the same as in a named that has them as plain data.

The hook comes before named's DNS64, so that the plugin applies it itself.
"""

import socket
import threading

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from harness.client import Query
from harness.host import LOCAL
from harness.named import Named, Settings, plugin, with_plugin
from harness.ports import LOOPBACK
from harness.upstream import ROGUE
from table import deployments
from table.deployments import CORP, NLS, PROBE, ROUTER
from test_bind_server_rules import is_ours

DEPLOYMENT = deployments.NLB
SUFFIX = "corp.example.net."
NEGATIVE = Query(f"isatap.{SUFFIX}", "AAAA")

PREFIX = "dns64 64:ff9b::/96"
STRANGER = "127.0.0.9"

# Title → lines of the options statement.
OPTIONS = {
    "plain": (f"{PREFIX} {{ }};",),
    "other clients": (f"{PREFIX} {{ clients {{ {STRANGER}; }}; }};",),
    "some mapped": (f"{PREFIX} {{ mapped {{ !10.0.0.11; !10.2.0.10; any; }}; }};",),
    "none mapped": (f"{PREFIX} {{ mapped {{ none; }}; }};",),
    "all excluded": (f"{PREFIX} {{ exclude {{ ::/0; }}; }};",),
    "some excluded": (f"{PREFIX} {{ exclude {{ fd12:3456:789a:7777::/96; 2001:db8:1::11; }}; }};",),
    "excluded and none mapped": (f"{PREFIX} {{ exclude {{ ::/0; }}; mapped {{ none; }}; }};",),
    "suffix": ("dns64 64:ff9b:1::/48 { suffix ::1:0:0; };",),
    "two prefixes": (f"{PREFIX} {{ }};", "dns64 2001:db8:64::/96 { mapped { !10.0.0.12; any; }; };"),
    "recursive only": (f"{PREFIX} {{ recursive-only yes; }};",),
    "breaks dnssec": (f"{PREFIX} {{ break-dnssec yes; }};",),
}


def zone_file(deployment, directory, suffix):
    """The deployment as plain data of a zone, from the table: what named itself then makes of it is the model."""
    path = directory / f"{suffix}zone"
    directory.mkdir(parents=True, exist_ok=True)
    negative = deployment.negative_ttl
    lines = [f"@ {negative} SOA localhost. nobody.invalid. 1 3600 1200 604800 {negative}", f"@ {negative} NS localhost."]
    for label, types in deployment.records.items():
        for kind, addresses in types.items():
            lines += [f"{label} {deployment.ttl} {kind} {address}" for address in addresses]
    path.write_text("\n".join(lines) + "\n")
    return f'zone "{suffix}" {{ type primary; file "{path}"; }};'


@pytest.fixture(scope="module", params=[deployments.NLB, deployments.MULTISITE, deployments.NATIVE], ids=str)
def case(request):
    return request.param


@pytest.mark.parametrize("recursive", [True, False], ids=["recursive", "authoritative"])
@pytest.mark.parametrize("title", OPTIONS)
def test_as_plain_data(nsd, directory, case, title, recursive):
    """Every published name and type: the reply of a named that has the deployment as zones, field by field."""
    upstream = nsd if recursive else None
    common = {"recursive": recursive, "options": (*OPTIONS[title], "minimal-responses yes;")}
    model_zones = tuple(zone_file(case, directory / "model", f"{suffix}.") for suffix in case.suffixes)
    ours_settings = Settings(plugins=(plugin(case.write(directory)),), **common)
    model_settings = Settings(statements=model_zones, **common)
    synthesized = 0
    with (
        Named(directory / "ours", upstream, ours_settings) as server,
        Named(directory / "model", upstream, model_settings, "model") as model,
        server.client() as client,
        model.client() as model_client,
    ):
        for label in case.records:
            for kind in ("A", "AAAA", "ANY", "MX", "PTR"):
                for flags in ({}, {"cd": True}, {"do": True}, {"rd": False}):
                    query = Query(f"{label}.{SUFFIX}", kind, **flags)
                    ours, expected = client.udp(query), model_client.udp(query)
                    assert ours == expected, query
                    synthesized += any(record.data.startswith(("64:ff9b:", "2001:db8:64:")) for record in ours.answer)
    if title in ("plain", "suffix", "two prefixes", "breaks dnssec", "all excluded"):
        assert synthesized > 0  # the case is one of synthesis


@pytest.fixture(scope="module")
def dns64(work, nsd):
    directory = work / "dns64"
    with Named(directory, nsd, with_plugin(DEPLOYMENT.write(directory), options=OPTIONS["plain"])) as server:
        with server.client() as client:
            yield client


def addresses(reply):
    return sorted(record.data for record in reply.answer)


def test_synthesizes(dns64):
    """A name with A alone gets a synthesized AAAA; its TTL is no longer than that of a negative answer."""
    for label, synthesized in (
        (PROBE, ["64:ff9b::a00:a"]),
        (NLS, ["64:ff9b::a00:a"]),
        (ROUTER, ["64:ff9b::a00:a", "64:ff9b::a00:b", "64:ff9b::a00:c"]),
    ):
        name = f"{label}.{SUFFIX}".swapcase()
        reply = dns64.udp(Query(name, "AAAA"))
        assert (reply.rcode, addresses(reply)) == ("NOERROR", synthesized)
        assert {record.owner for record in reply.answer} == {name}
        assert {record.ttl for record in reply.answer} == {min(DEPLOYMENT.ttl, DEPLOYMENT.negative_ttl)}
        assert "AD" not in reply.flags


def test_leaves_the_rest(dns64):
    """An AAAA that is there, other types, and blocked names."""
    assert addresses(dns64.udp(Query(f"{CORP}.{SUFFIX}", "AAAA"))) == ["fd12:3456:789a:7777::7f00:1"]
    assert addresses(dns64.udp(Query(f"{PROBE}.{SUFFIX}", "A"))) == ["10.0.0.10"]
    assert dns64.udp(NEGATIVE).rcode == "NXDOMAIN" and is_ours(dns64.udp(NEGATIVE))


def test_alias(dns64):
    """At the end of an alias it is the same, the first time and when the alias is in the cache."""
    for _ in range(3):
        reply = dns64.udp(Query(f"alias-probe.{SUFFIX}", "AAAA"))
        assert [record.data for record in reply.answer if record.type == "AAAA"] == ["64:ff9b::a00:a"]
        assert not ROGUE & {record.data for record in reply.answer}


class Inconsistent(threading.Thread):
    """An upstream server whose alias is an alias for A alone, as one is that changes between two questions."""

    host = LOCAL

    def __init__(self):
        super().__init__()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.port = self.socket.getsockname()[1]

    def run(self):
        while True:
            wire, client = self.socket.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            reply = dns.message.make_response(query, recursion_available=True)
            (question,) = query.question
            if question.rdtype == dns.rdatatype.A:
                target = f"{PROBE}.{SUFFIX}"
                reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", target))
            else:
                soa = "ns.other.example. hostmaster.other.example. 1 3600 1200 604800 60"
                reply.authority.append(dns.rrset.from_text("other.example.", 60, "IN", "SOA", soa))
            self.socket.sendto(reply.to_wire(), client)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", (LOOPBACK, self.port))
        self.join()
        self.socket.close()


def test_alias_that_dns64_finds(directory):
    """named looks for an A where there is no AAAA; the alias that it then meets is still one that AAAA was asked of."""
    settings = with_plugin(DEPLOYMENT.write(directory), options=OPTIONS["plain"])
    with Inconsistent() as upstream, Named(directory, upstream, settings) as server, server.client() as client:
        reply = client.udp(Query("alias.other.example.", "AAAA"))
    assert [record.type for record in reply.answer] == ["CNAME", "AAAA"]
    assert [record.data for record in reply.answer if record.type == "AAAA"] == ["64:ff9b::a00:a"]


def test_largest_rrset(directory, nsd):
    """A synthesized RRset of the largest size that a deployment can have, over TCP."""
    count = 999
    servers = "\n".join(
        f"      - {{name: da{number}, address: 10.0.{number // 250 + 1}.{number % 250 + 1}}}" for number in range(count)
    )
    path = directory / "large.yaml"
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "suffixes: [corp.example.net]\nnetwork: ipv4-only\nisatap-router: isatap-da\nentry-points:\n"
        "  - name: seattle\n    nat64-prefix: fd12:3456:789a:7777::/96\n"
        "    load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: unicast}\n    servers:\n" + servers + "\n"
    )
    with Named(directory, nsd, with_plugin(path, options=OPTIONS["two prefixes"])) as server, server.client() as client:
        reply = client.tcp(Query(f"{ROUTER}.{SUFFIX}", "AAAA"))
    assert len(reply.answer) == 2 * (count + 1) and len(set(addresses(reply))) == len(reply.answer)
