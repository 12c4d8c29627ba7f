"""Knot Resolver: the rules of its own, and RPZ."""

from harness.client import Record

from ..cases import Question
from ..deviation import Deviation, changed, negative, ours, passes
from .common import DEPTH, alias_passes, all_of, of_type, without_rd

KRESD_ANY = Deviation(
    "ANY is SERVFAIL, as for every name.",
    "Knot Resolver turns meta-types away before any policy is asked (lib/layer/iterate.c, begin).",
    all_of(ours, of_type("ANY")),
    passes,
)
KRESD_NO_RD = Deviation(
    "Queries without RD have the RCODE REFUSED, beside our records.",
    "The module refuse_nord, which is loaded by default, sets it in the policy's answer.",
    all_of(ours, without_rd),
    changed(rcode="REFUSED"),
)
KRESD_ALIAS = alias_passes("Policies see the client's query alone (kres_modules/policy.lua, policy.layer).")

KRESD_RULES = (KRESD_ANY, KRESD_NO_RD, KRESD_ALIAS)


def _made_up_soa(case, expected):
    ttl = 10800 if case.row.verdict == "blocked" else 1
    name = case.query.name
    return (Record(name, ttl, "IN", "SOA", f"{name} nobody.invalid. 1 3600 1200 604800 10800"),)


KRESD_RPZ = (
    DEPTH,
    KRESD_ANY,
    KRESD_NO_RD,
    KRESD_ALIAS,
    Deviation(
        "The SOA is made up: the owner is the query's name; NODATA is cached for a second, NXDOMAIN for three hours.",
        "The SOA of the policy zone is not looked at (kres_modules/policy.lua, mkauth_soa).",
        negative,
        changed(authority=_made_up_soa),
        Question.SOA,
    ),
)
