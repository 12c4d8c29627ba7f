"""What several ways in have in common: conditions, and deviations that more than one of them has."""

from harness.client import Record

from ..cases import Question
from ..deviation import Deviation, changed, less_flag, ours, passes

POLICY_ZONE = "directaccess.rpz."


def all_of(*conditions):
    return lambda case, expected: all(condition(case, expected) for condition in conditions)


def of_verdict(*verdicts):
    return lambda case, _expected: case.row.verdict in verdicts


def of_type(*types):
    return lambda case, _expected: case.query.type in types


def without_rd(case, _expected):
    return not case.query.rd


def with_soa(case, expected):
    """Negative replies, those behind an alias among them."""
    return ours(case, expected) and bool(expected.authority)


def refused_at(case):
    """The blocked name in front of a suffix, or bare, that the row's name is or is below; "" where there is none."""
    for parent in ("", *(suffix + "." for suffix in case.deployment.suffixes)):
        for label in case.deployment.block:
            name = f"{label}.{parent}"
            if case.row.name == name or case.row.name.endswith("." + name):
                return name
    return ""


def deep(case, expected):
    """Blocked by a label that is not directly in front of a suffix."""
    return ours(case, expected) and case.row.verdict == "blocked" and not refused_at(case)


def alias(case, expected):
    return ours(case, expected) and case.row.verdict == "alias"


def spelled(case, name):
    """The end of the query's name that is `name`, in the query's spelling."""
    return case.query.name[len(case.query.name) - len(name) :]


def soa_of_ours(owner, ttl):
    return Record(owner, ttl, "IN", "SOA", f"localhost. nobody.invalid. 1 3600 1200 604800 {ttl}")


DEPTH = Deviation(
    "A blocked label counts only directly in front of a suffix: `isatap.sub.SUFFIX` is resolved as ever.",
    "The format lists names, and none of its patterns means one label at any depth: a wildcard covers what is below a "
    "name.",
    deep,
    passes,
)


def alias_passes(reason):
    return Deviation(
        "An alias in somebody's zone that points to such a name is answered as upstream has it.",
        reason,
        alias,
        passes,
    )


def no_aa(reason, applies=ours):
    applies = all_of(applies, of_verdict("owner", "blocked"))
    return Deviation("AA is not set.", reason, applies, less_flag("AA"), Question.AA)


def no_soa(reason):
    return Deviation(
        "Negative answers have no SOA, so that no cache should keep them (RFC 2308 section 5).",
        reason,
        ours,
        changed(authority=()),
        Question.SOA,
    )


def policy_soa(case, _expected):
    ttl = case.deployment.negative_ttl
    return (Record(POLICY_ZONE, ttl, "IN", "SOA", f"localhost. nobody.invalid. 1 600 120 2419200 {ttl}"),)
