"""BIND: the plugin and RPZ."""

import dataclasses

from harness.client import Record

from ..cases import Question
from ..deviation import Deviation, changed, ours, positive
from .common import DEPTH, POLICY_ZONE, all_of, no_aa, of_type, of_verdict, policy_soa, with_soa, without_rd

BIND_PLUGIN = ()

NO_AUTH_RECURSIVE = (
    "By default `minimal-responses` is no-auth-recursive: BIND leaves the section out for queries with RD alone."
)


def _policy_ns(case, _expected):
    return (Record(POLICY_ZONE, case.deployment.negative_ttl, "IN", "NS", "localhost."),)


def owners_of_the_file(case, expected):
    """The answer with the owner as the generated file spells it: the suffix is the deployment file's."""
    suffix = case.row.soa.rstrip(".")
    owner = case.row.name[: -len(case.row.soa)] + case.deployment.spelled(suffix) + "."
    return tuple(sorted(dataclasses.replace(record, owner=owner) for record in expected.answer))


def _at_most_five_seconds(_case, expected):
    return tuple(sorted(dataclasses.replace(record, ttl=min(record.ttl, 5)) for record in expected.answer))


BIND_RPZ = (
    DEPTH,
    no_aa("It stays as it was without the policy: BIND is no authority for the name (lib/ns/query.c, query_checkrpz)."),
    Deviation(
        "The TTL of answers to ANY is 5 seconds at most.",
        "A TTL is taken from the one RRset that matches the query's type; for ANY there is none and a built-in value "
        "stands in (lib/ns/query.c, rpz_save_p; DNS_RPZ_TTL_DEFAULT).",
        all_of(positive, of_type("ANY"), of_verdict("owner")),
        changed(answer=_at_most_five_seconds),
        Question.TTL,
    ),
    Deviation(
        "The spelling is that of the file.",
        "Names compare without case (RFC 4343); BIND answers with the owner as it is stored.",
        all_of(positive, of_verdict("owner")),
        changed(answer=owners_of_the_file),
        Question.SPELLING,
    ),
    Deviation(
        "Negative answers have the policy zone's SOA, and in the additional section, where no cache looks for it.",
        "It is there to tell which policy zone it was (`add-soa`, on by default).",
        with_soa,
        changed(authority=(), additional=policy_soa),
        Question.SOA,
    ),
    Deviation(
        "The policy zone's SOA is in the additional section.",
        "`add-soa no` in the response-policy statement leaves it out.",
        all_of(ours, lambda _case, expected: not expected.additional),
        changed(additional=policy_soa),
        Question.EXTRA,
    ),
    Deviation(
        "Without RD, the policy zone's NS is in the authority section.",
        NO_AUTH_RECURSIVE,
        all_of(positive, without_rd, of_verdict("owner")),
        changed(authority=_policy_ns),
        Question.EXTRA,
    ),
)

BIND_PLUGIN_AUTHORITATIVE = (
    Deviation(
        "CD is repeated.",
        "BIND copies it into every reply; RFC 4035 section 3.1.6 would have an authoritative server clear it.",
        all_of(ours, lambda case, _expected: case.query.cd),
        changed(flags=lambda _case, expected: expected.flags | {"CD"}),
        Question.HEADER,
    ),
)
