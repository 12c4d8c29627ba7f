"""The table for every way in: each row's queries, the whole reply to each, and the operator's question that it answers.

test_answers.py asks more of one server; this asks of all servers what an operator chooses between them by.
"""

import dataclasses
import enum

from harness.client import Query, Reply

from . import rows
from .deployments import CORP


class Question(enum.Enum):
    """What an operator asks; the value is the line in the printed table, in its order."""

    ADDRESSES = "A and AAAA of a published name"
    ANY = "ANY for it: all of them"
    NODATA = "its other types: NODATA"
    FRONT = "a blocked name in front of a suffix: NXDOMAIN"
    DEPTH = "a blocked name further below a suffix"
    BARE = "a blocked name alone"
    BELOW = "names below a blocked name"
    ALIAS = "an alias of such a name leads to the same"
    DOWN = "the same while upstream is down"
    NO_RD = "the same to queries without RD"
    TTL = "TTL as configured"
    SOA = "SOA of the suffix with `negative-ttl`"
    AA = "AA is set"
    SPELLING = "the query's spelling"
    EXTRA = "no records beside these"
    HEADER = "EDNS, DO and CD as standards say"
    PASS = "all other names as without us"


# What a reply shows beside its case's own question.
ASPECTS = (Question.TTL, Question.SOA, Question.AA, Question.SPELLING, Question.EXTRA, Question.HEADER)

ADDRESS_TYPES = ("A", "AAAA", "MX")

# How a row is asked: (transport, style, types). The aim is every type, every style and both transports, and not their
# product: test_answers.py has that.
MANNERS = {
    "owner": (
        ("udp", "mixed case", rows.TYPES),
        ("tcp", "plain", ("A", "AAAA", "MX", "ANY")),
        ("udp", "all", ("A", "AAAA", "MX", "ANY")),
        ("tcp", "do", ("A", "ANY")),
        ("udp", "cd", ("A",)),
    ),
    "blocked": (
        ("udp", "mixed case", rows.TYPES),
        ("tcp", "plain", ("A", "MX")),
        ("udp", "all", ("A", "ANY")),
    ),
    "pass": (
        ("udp", "mixed case", rows.TYPES),
        ("tcp", "all", ("A", "MX")),
    ),
    "alias": (
        ("udp", "plain", ADDRESS_TYPES),
        ("tcp", "mixed case", ADDRESS_TYPES),
    ),
}
# PowerDNS answers ANY with what it has cached, and fetches the root's NS when it likes.
UNSETTLED = (".", "ANY")
TYPES_WITHOUT_RD = {"owner": ADDRESS_TYPES, "blocked": ("A", "MX"), "pass": ("A",), "alias": ()}


@dataclasses.dataclass(frozen=True)
class Case:
    deployment: object
    row: rows.Row
    transport: str
    style: str
    query: Query
    down: bool = False  # upstream does not answer

    @property
    def published(self):
        """A type that the owner has, or the target of the alias."""
        row = self.row.target or self.row
        return row.verdict == "owner" and self.query.type in row.records

    def expected(self, authoritative):
        """The whole reply, as harness.client has it, or rows.PASS: the one that the same server gives without us."""
        if self.row.verdict == "alias":
            wanted = rows.alias_expectation(self.deployment, self.row, self.query)
        else:
            wanted = rows.expectation(self.deployment, self.row, self.query)
        if wanted is rows.PASS:
            return wanted
        # RFC 1035 section 4.1.1: AA speaks of the answer's first owner, and a resolver is no authority for an alias.
        aa = authoritative or self.row.verdict != "alias"
        return self._reply(wanted.rcode, wanted.answer, wanted.authority, aa, authoritative)

    def refusal(self, authority, aa, rcode="NXDOMAIN"):
        """A resolver's negative reply."""
        return self._reply(rcode, (), authority, aa, authoritative=False)

    def _reply(self, rcode, answer, authority, aa, authoritative):
        query = self.query
        flags = (
            ("QR", True),
            ("AA", aa),
            ("RD", query.rd),
            ("RA", not authoritative),
            # RFC 4035: a resolver copies it (section 3.2.2), an authoritative server clears it (3.1.6).
            ("CD", query.cd and not authoritative),
        )
        return Reply(
            rcode=rcode,
            flags=frozenset(flag for flag, wanted in flags if wanted),
            question=((query.name, query.klass, query.type),),
            answer=tuple(sorted(answer)),
            authority=tuple(sorted(authority)),
            additional=(),
            edns=frozenset(["DO"] if query.do else []) if query.edns or query.do else None,
        )

    def __str__(self):
        return f"{self.row.title}: {self.query} ({self.transport}{', upstream down' if self.down else ''})"


def cases(deployment):
    """Every case that needs an upstream server, or a zone, that answers."""
    for row in (*rows.for_deployment(deployment), *rows.aliases(deployment)):
        for transport, style, types in MANNERS[row.verdict]:
            for kind in types:
                if (row.name, kind) != UNSETTLED:
                    yield Case(deployment, row, transport, style, rows.STYLES[style](row.name, kind, "IN"))
        for kind in TYPES_WITHOUT_RD[row.verdict]:
            query = dataclasses.replace(rows.STYLES["mixed case"](row.name, kind, "IN"), rd=False)
            yield Case(deployment, row, "udp", "mixed case", query)
        for klass in _other_classes(deployment, row):
            yield Case(deployment, row, "udp", "plain", rows.STYLES["plain"](row.name, "A", klass))


def _other_classes(deployment, row):
    """Only of two rows: BIND's own view of class CH drops what comes faster than thrice a second."""
    return ("CH",) if row.name.lower() in _two_names(deployment) else ()


def _two_names(deployment):
    suffix = deployment.suffixes[0]
    return f"{CORP.lower()}.{suffix}.", f"{deployment.block[0]}.{suffix}."


def cases_down(deployment):
    """Every case that must be answered without an upstream server."""
    for row in rows.for_deployment(deployment):
        if row.verdict != "pass":
            for kind in ("A", "MX"):
                query = rows.STYLES["mixed case"](row.name, kind, "IN")
                yield Case(deployment, row, "udp", "mixed case", query, down=True)


def question(case):
    """The line of the table that the case stands in."""
    row = case.row
    if case.down:
        return Question.DOWN
    if row.verdict == "pass" or case.query.klass != "IN":
        return Question.PASS
    if not case.query.rd:
        return Question.NO_RD
    if row.verdict == "alias":
        return Question.ALIAS
    if row.verdict == "owner":
        return Question.ANY if case.query.type == "ANY" else Question.ADDRESSES if case.published else Question.NODATA
    return _blocked_question(case.deployment, row)


def _blocked_question(deployment, row):
    labels = row.name.lower().split(".")
    blocked = [index for index, label in enumerate(labels) if label in deployment.block]
    if blocked[-1] > 0:
        return Question.BELOW
    if row.soa == row.name:
        return Question.BARE
    return Question.FRONT if row.name == f"{labels[0]}.{row.soa}" else Question.DEPTH


def shown(case, reply):
    """The aspects that an expected reply shows."""
    if reply is rows.PASS or case.row.verdict == "alias":
        return ()
    found = [Question.AA, Question.EXTRA, Question.TTL if reply.answer else Question.SOA]
    if case.style == "mixed case":
        found.append(Question.SPELLING)
    if case.query.cd or case.query.edns or case.query.do:
        found.append(Question.HEADER)
    return found
