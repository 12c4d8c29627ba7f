"""dnsmasq: options."""

from ..deviation import Deviation, negative, passes
from .common import DEPTH, alias_passes, all_of, deep, no_aa, no_soa, of_verdict


def _below_published(case, _expected):
    return any(
        case.row.name.endswith(f".{label}.{suffix}.")
        for label in case.deployment.records
        for suffix in case.deployment.suffixes
    )


DNSMASQ = (
    Deviation(
        DEPTH.title,
        DEPTH.reason,
        all_of(deep, lambda case, expected: not _below_published(case, expected)),
        passes,
    ),
    Deviation(
        "Names below a published one do not exist.",
        "local=/NAME/ takes in all that is below NAME, and there is no option for the name alone (domain-match.c).",
        all_of(of_verdict("pass"), _below_published, lambda case, _expected: case.query.klass == "IN"),
        lambda case, _expected: case.refusal(authority=(), aa=False),
    ),
    Deviation(
        "Queries of another class than IN are answered, too: NODATA for a published name, NXDOMAIN for a blocked one.",
        "What is forwarded, and what is not, is decided by name (forward.c, domain-match.c).",
        all_of(of_verdict("owner", "blocked"), lambda case, _expected: case.query.klass != "IN"),
        lambda case, _expected: case.refusal(
            rcode="NOERROR" if case.row.verdict == "owner" else "NXDOMAIN", authority=(), aa=False
        ),
    ),
    alias_passes("What comes from upstream is passed on. With a cache, which the tests leave out, it depends on that."),
    no_aa("It is set with addresses alone (rfc1035.c, setup_reply).", negative),
    no_soa("There is no option for it (rfc1035.c, setup_reply)."),
)
