"""Nothing of ours is in Unbound's cache, and nothing in the cache stands before our answers.

Unbound looks into its message cache before it asks any module. It must therefore never hold what upstream says about
one of our names. Yet Unbound asks upstream for them by itself: as the target of an alias, which it follows without
asking the modules again, and as part of a longer name (QNAME minimisation, RFC 9156). Such an entry would answer those
who set CD, who need no validation, and everyone where there is no validator.
"""

import pytest

from harness import upstream
from harness.client import Query
from harness.unbound import WITH_MODULE, side_by_side, with_module
from table import compare, deployments, rows

DEPLOYMENT = deployments.NLB
SUFFIX = "corp.example.net."
LEADS_TO = (  # a name that is not ours, and the name of ours that Unbound asks for because of it
    ("alias-corp", deployments.CORP),
    ("alias-probe", deployments.PROBE),
    ("alias-isatap", "isatap"),
    (f"x.{deployments.PROBE}", deployments.PROBE),
)
TYPES = ("A", "AAAA", "MX", "ANY")

pytestmark = pytest.mark.parametrize(
    "modules", [WITH_MODULE, "dynlib iterator", "subnetcache dynlib validator iterator"]
)


@pytest.fixture
def resolvers(nsd, directory, modules):
    settings = with_module(DEPLOYMENT.write(directory), modules=modules)
    with side_by_side(directory, nsd, settings) as trio:
        yield trio


def ask_for_ours(ours, label):
    row = next(row for row in rows.for_deployment(DEPLOYMENT) if row.name == f"{label}.{SUFFIX}")
    found = compare.wrong_replies(DEPLOYMENT, [row], ours.ask, None, in_class_in)
    assert not found, compare.report(found)


def in_class_in(row):
    return [entry for entry in rows.queries(row, transports=("udp",)) if entry[2].klass == "IN"]


def ask_for_other(ours, plain, label):
    for kind in TYPES:
        query = Query(f"{label}.{SUFFIX}", kind)
        wrong = compare.pass_differences(query, ours.udp(query), plain.udp(query))
        assert not wrong, f"{query}: {wrong}"


@pytest.mark.parametrize("other, label", LEADS_TO)
def test_other_name_first(resolvers, other, label):
    _, ours, plain = resolvers
    ask_for_other(ours, plain, other)
    ask_for_ours(ours, label)
    ask_for_other(ours, plain, other)
    ask_for_ours(ours, label)


@pytest.mark.parametrize("other, label", LEADS_TO)
def test_our_name_first(resolvers, other, label):
    _, ours, plain = resolvers
    ask_for_ours(ours, label)
    ask_for_other(ours, plain, other)
    ask_for_ours(ours, label)


def test_nothing_is_stored(resolvers):
    server, ours, _ = resolvers
    for row in rows.for_deployment(DEPLOYMENT):
        if row.verdict != "pass":
            for _, _, query in in_class_in(row):
                ours.udp(query)
    ours.udp(Query("host.other.example."))
    dump = server.control("dump_cache")
    assert "host.other.example." in dump
    assert "directaccess" not in dump.lower()
    assert "isatap" not in dump.lower()
    assert not any(address in dump for address in upstream.ROGUE), "one of our names was asked for upstream"
