"""Unbound: the module, the include, and RPZ."""

import dataclasses

from .. import rows
from ..cases import Question
from ..deviation import Deviation, changed, negative, ours, passes, positive
from .common import (
    DEPTH,
    alias,
    alias_passes,
    all_of,
    no_soa,
    of_type,
    of_verdict,
    policy_soa,
    refused_at,
    soa_of_ours,
    spelled,
    without_rd,
)

ANY_OF_LOCAL_DATA = "Local data is found by the query's type (services/localzone.c, local_data_answer)."

UNBOUND_MODULE = (
    Deviation(
        "Queries without RD are refused, unless the client has `allow_snoop`.",
        "Unbound refuses them ahead of all modules, unless local data answers (daemon/worker.c, "
        "worker_handle_request).",
        all_of(ours, without_rd),
        passes,
    ),
    alias_passes("The iterator follows the CNAME, and the module stands in front of it."),
)


def _local_zone(case):
    """The local zone that a query falls into: an owner, or a refused name; "" where none."""
    if case.row.verdict == "owner":
        return case.row.name
    return refused_at(case) if case.row.verdict == "blocked" else ""


def _zone_soa(case, expected):
    zone = spelled(case, _local_zone(case))
    return dataclasses.replace(expected, authority=(soa_of_ours(zone, case.deployment.negative_ttl),))


UNBOUND_INCLUDE = (
    DEPTH,
    Deviation(
        "DS for a published or blocked name is resolved as ever.",
        "DS belongs to the parent's side of a zone cut, so Unbound looks for a local zone above the name "
        "(services/localzone.c, local_zones_tags_lookup).",
        all_of(ours, of_type("DS"), lambda case, _expected: _local_zone(case) == case.row.name),
        passes,
    ),
    Deviation(
        "ANY for a published name is NODATA.",
        ANY_OF_LOCAL_DATA,
        all_of(positive, of_type("ANY"), of_verdict("owner")),
        lambda case, expected: _zone_soa(case, dataclasses.replace(expected, answer=())),
    ),
    Deviation(
        "SOA for a published name is answered, with the SOA of negative answers.",
        "Negative answers take their SOA from the local data at the name of the local zone, where it answers as well.",
        all_of(negative, of_type("SOA"), of_verdict("owner")),
        lambda case, expected: dataclasses.replace(expected, answer=_zone_soa(case, expected).authority, authority=()),
    ),
    Deviation(
        "The owner of the SOA is the published or blocked name, not the suffix.",
        "Each of these names is a local zone of its own: one for the suffix would take in all of its other names.",
        all_of(negative, of_verdict("owner", "blocked")),
        _zone_soa,
        Question.SOA,
    ),
    alias_passes("Local zones are asked for the query's name, ahead of the cache and the modules."),
)


def _followed_once(case, expected):
    """The first query of an alias is resolved; the others find the CNAME in the cache."""
    if case.query.type != "A" or case.transport != "udp":
        return rows.PASS
    followed = dataclasses.replace(expected, flags=expected.flags | {"AA"})
    nodata = expected.rcode == "NOERROR" and not case.published
    return dataclasses.replace(followed, additional=policy_soa(case, expected)) if nodata else followed


def _any_class(case, _expected):
    """The policy's answer in class IN, whatever class is asked for."""
    inside = dataclasses.replace(case, query=dataclasses.replace(case.query, klass="IN"))
    reply = inside.expected(authoritative=False)
    return dataclasses.replace(reply, question=((case.query.name, case.query.klass, case.query.type),))


UNBOUND_RPZ = (
    DEPTH,
    Deviation(
        "Queries of another class than IN are answered, too.",
        "The policy is looked up in class IN whatever is asked for (services/rpz.c, rpz_find_zone).",
        all_of(of_verdict("owner", "blocked"), lambda case, _expected: case.query.klass != "IN"),
        _any_class,
    ),
    Deviation(
        "ANY for a published name is NODATA.",
        ANY_OF_LOCAL_DATA,
        all_of(positive, of_type("ANY"), of_verdict("owner")),
        changed(answer=()),
    ),
    Deviation(
        "An alias is followed to our records when it is resolved, and to upstream's when it comes from the cache.",
        "A policy zone is asked about a CNAME's target when the response that has the CNAME arrives (services/rpz.c, "
        "rpz_callback_from_iterator_cname); a cached CNAME is followed without it.",
        alias,
        _followed_once,
    ),
    no_soa("None is sent with an answer of a policy zone (services/rpz.c, rpz_synthesize_nodata)."),
)
