"""PowerDNS Recursor: RPZ."""

from ..deviation import Deviation, changed
from .common import DEPTH, alias, all_of, no_aa, no_soa

RECURSOR_RPZ = (
    DEPTH,
    no_aa("It is cleared in every answer (pdns_recursor.cc, startDoResolve)."),
    Deviation(
        "An alias of a blocked name is NXDOMAIN without its CNAME.",
        "A policy's verdict replaces the whole answer (pdns_recursor.cc, handlePolicyHit).",
        all_of(alias, lambda case, expected: expected.rcode == "NXDOMAIN"),
        changed(answer=()),
    ),
    no_soa("`includeSOA` is of 4.9 and later, and puts it in the additional section."),
)
