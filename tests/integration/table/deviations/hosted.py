"""Authoritative servers that have the fragment in a zone: BIND, NSD, Knot DNS."""

import dataclasses

from harness.client import Record

from ..cases import Question
from ..deployments import PROBE
from ..deviation import Deviation, changed, ours, passes, positive
from .bind import BIND_PLUGIN_AUTHORITATIVE, NO_AUTH_RECURSIVE, owners_of_the_file
from .common import alias, all_of, of_type, of_verdict, spelled, with_soa, without_rd

ZONE_SOA_DATA = "ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 300"


def _hosted_suffix(case, expected):
    """The longest suffix that the query's name, or the target of the alias, is below."""
    name = (case.row.target or case.row).name.lower()
    return max((s + "." for s in case.deployment.suffixes if name.endswith(f".{s}.")), key=len, default="")


def _wildcard_covers(case, expected):
    return ours(case, expected) and any(
        case.row.name.lower().endswith(f".{PROBE.lower()}.{suffix}.") for suffix in case.deployment.suffixes
    ) and case.row.verdict == "blocked"


def _elsewhere(case, expected):
    """Of an alias in another zone."""
    return alias(case, expected) and not any(case.row.name.endswith(f".{s}.") for s in case.deployment.suffixes)


ZONE_BARE = Deviation(
    "A bare name is in no zone of yours, and refused as such.",
    "A zone file says what is in its zone; the resolvers behind it must refuse the bare name.",
    all_of(ours, of_verdict("blocked"), lambda case, expected: not _hosted_suffix(case, expected)),
    passes,
)
ZONE_WILDCARD = Deviation(
    "A wildcard of the zone covers blocked names, too.",
    "Blocked names are refused by not being in the zone, and RFC 4592 makes a wildcard answer for all that is not. "
    "Here the zone has one below directaccess-WebProbeHost.",
    _wildcard_covers,
    passes,
)


def _apex(case, expected, as_asked):
    suffix = _hosted_suffix(case, expected)
    return spelled(case, suffix) if as_asked and case.row.verdict != "alias" else suffix


def _zone_soa_deviation(as_asked, zero_for_soa=False):
    """zero_for_soa: BIND's zero-no-soa-ttl, on by default."""

    def authority(case, expected):
        zero = zero_for_soa and case.query.type == "SOA" and expected.rcode == "NXDOMAIN"
        return (Record(_apex(case, expected, as_asked), 0 if zero else 300, "IN", "SOA", ZONE_SOA_DATA),)

    return Deviation(
        "The SOA is the zone's own, and so is the time for which negative answers are cached.",
        "RFC 2308: the lesser of the TTL and the minimum of the zone's SOA.",
        with_soa,
        changed(authority=authority),
        Question.SOA,
    )


def _zone_ns(title, reason, as_asked, applies):
    def authority(case, expected):
        return (Record(_apex(case, expected, as_asked), 3600, "IN", "NS", "ns.upstream.example."),)

    return Deviation(
        title,
        reason,
        all_of(positive, applies, lambda _case, expected: not expected.authority),
        changed(authority=authority),
        Question.EXTRA,
    )


def _one_rrset(case, expected):
    first = expected.answer[0].type
    return tuple(record for record in expected.answer if record.type == first)


ZONE_ANY = Deviation(
    "ANY is answered with one RRset.",
    "RFC 8482 section 4.1.",
    all_of(positive, of_type("ANY"), of_verdict("owner")),
    changed(answer=_one_rrset),
)


def _alone(case, expected):
    """The CNAME and nothing of its target."""
    return dataclasses.replace(expected, rcode="NOERROR", answer=expected.answer[:1], authority=())


ZONE_ALIAS = Deviation(
    "An alias in another zone of the server is answered without its target.",
    "A resolver asks for the target itself: RFC 1034 section 4.3.2 lets a server stay in one zone.",
    _elsewhere,
    _alone,
)

BIND_ZONE = (
    ZONE_BARE,
    ZONE_WILDCARD,
    ZONE_ALIAS,
    *BIND_PLUGIN_AUTHORITATIVE,
    Deviation(
        "The spelling is that of the file.",
        "Names compare without case (RFC 4343); BIND answers with the owner as it is stored.",
        all_of(positive, of_verdict("owner")),
        changed(answer=owners_of_the_file),
        Question.SPELLING,
    ),
    _zone_soa_deviation(as_asked=False, zero_for_soa=True),
    _zone_ns(
        "Without RD, the zone's NS is in the authority section.", NO_AUTH_RECURSIVE, False, without_rd
    ),
)


NSD_ZONE = (
    ZONE_BARE,
    ZONE_WILDCARD,
    ZONE_ANY,
    _zone_soa_deviation(as_asked=True),
    _zone_ns(
        "The zone's NS is in the authority section.",
        "NSD adds it unless `minimal-responses: yes` was compiled in (query.c, answer_domain).",
        True,
        lambda case, _expected: case.query.type != "ANY",
    ),
)
KNOT_ZONE = (
    ZONE_BARE,
    ZONE_WILDCARD,
    ZONE_ALIAS,
    ZONE_ANY,
    _zone_soa_deviation(as_asked=True),
)
