"""Aliases that lead to names of ours.

named starts again with an alias's target, and there our hook is asked: the chain ends in our data, whatever the target's
zone says. AA belongs to the first owner of the chain (RFC 1034 section 4.3.1), so it is as named sets it without us.
"""

import pytest

from harness.client import Query, Record
from harness.named import Named, Settings, with_plugin
from harness.upstream import ROGUE
from table import deployments
from table.deployments import CORP, PROBE
from test_bind_answers import zones

DEPLOYMENT = deployments.NLB
SUFFIX = "corp.example.net."
SOA = f"localhost. nobody.invalid. 1 3600 1200 604800 {DEPLOYMENT.negative_ttl}"

# Alias, its target as spelled in the zone.
ALIASES = {
    f"alias-corp.{SUFFIX}": f"{CORP}.{SUFFIX}".lower(),
    f"alias-probe.{SUFFIX}": f"{PROBE}.{SUFFIX}".lower(),
    f"alias-isatap.{SUFFIX}": f"isatap.{SUFFIX}",
    "alias.other.example.": f"{PROBE}.{SUFFIX}".lower(),
}

MODES = {
    "recursive": ({}, False),
    "authoritative": ({"recursive": False, "statements": zones()}, True),
    "both": ({"statements": zones()}, True),
    "alias hosted, target recursive": ({"statements": zones(("other.example",))}, None),
}


@pytest.fixture(scope="module", params=MODES)
def named(request, work, nsd):
    """A client of a named with the plugin, and the first owner's AA: None where it differs by alias."""
    settings, authoritative = MODES[request.param]
    directory = work / request.param.replace(" ", "-")
    with Named(directory, nsd, with_plugin(DEPLOYMENT.write(directory), **settings)) as server:
        with server.client() as client:
            yield client, authoritative


def published(target, kind):
    """The addresses of a target, by type."""
    records = {label.lower(): kinds for label, kinds in DEPLOYMENT.records.items()}
    return records.get(target.split(".")[0], {}).get(kind, [])


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("kind", ["A", "AAAA", "MX"])
@pytest.mark.parametrize("alias", ALIASES)
def test_chain(named, alias, kind, transport):
    client, authoritative = named
    target = ALIASES[alias]
    for query in (Query(alias, kind), Query(alias.swapcase(), kind, do=True, cd=True)):
        for _ in range(2):  # the second time the alias is in the cache
            reply = client.ask(query, transport)
            aliases = [record for record in reply.answer if record.type == "CNAME"]
            data = [record for record in reply.answer if record.type != "CNAME"]
            assert [record.data for record in aliases] == [target]
            assert {record.owner for record in aliases} <= {query.name, alias}
            addresses = published(target, kind)
            assert data == sorted(Record(target, DEPLOYMENT.ttl, "IN", kind, address) for address in addresses)
            assert reply.rcode == ("NXDOMAIN" if target.startswith("isatap") else "NOERROR")
            negative = [record for record in reply.authority if record.type == "SOA"]
            assert negative == ([] if addresses else [Record(SUFFIX, DEPLOYMENT.negative_ttl, "IN", "SOA", SOA)])
            hosted = authoritative if authoritative is not None else alias.endswith("other.example.")
            assert ("AA" in reply.flags, "AD" in reply.flags) == (hosted, False)
            assert not ROGUE & {record.data for record in (*reply.answer, *reply.authority, *reply.additional)}


def test_any_at_alias(named):
    """ANY asks for the alias itself, which is not ours: its target is not looked at."""
    client, _ = named
    reply = client.udp(Query(f"alias-probe.{SUFFIX}", "ANY"))
    assert {record.type for record in reply.answer} == {"CNAME"}


def test_long_chain(directory):
    """Ours at the end of ten aliases, the most that named follows is eleven."""
    links = [f"a{number}" for number in range(10)] + [f"{PROBE}.corp.example.net."]
    zone = directory / "chain.zone"
    directory.mkdir(parents=True, exist_ok=True)
    lines = ["$TTL 60", "@ SOA ns.upstream.example. h.upstream.example. 1 3600 1200 604800 60", "  NS ns.upstream.example."]
    zone.write_text("\n".join(lines + [f"{link} CNAME {after}" for link, after in zip(links, links[1:])]) + "\n")
    statements = (f'zone "chain.example" {{ type primary; file "{zone}"; }};',)
    settings = with_plugin(DEPLOYMENT.write(directory), recursive=False, statements=statements)
    with Named(directory, None, settings) as server, server.client() as client:
        reply = client.udp(Query("a0.chain.example."))
        assert [record.type for record in reply.answer].count("CNAME") == 10
        assert [record.data for record in reply.answer if record.type == "A"] == ["10.0.0.10"]
        assert "AA" in reply.flags


def test_without_the_plugin(nsd, directory):
    """What the plugin keeps out: the same aliases lead to the rogue records."""
    with Named(directory, nsd, Settings()) as server, server.client() as client:
        for alias in ALIASES:
            assert ROGUE & {record.data for record in client.udp(Query(alias)).answer}, alias

