"""The kinds of names that are asked for, and the right answer to each: a wrong server is never measured."""

import dataclasses
import itertools
import time

from harness.client import Query
from harness.upstream import ROGUE

SUFFIX = "corp.example.net"
UNRELATED_ZONE = "unrelated.example"
UNRELATED_ADDRESS = "192.0.2.53"
LOADING_SECONDS = 20

CORP = f"directaccess-corpConnectivityHost.{SUFFIX}."
PROBE = f"directaccess-WebProbeHost.{SUFFIX}."


class Wrong(Exception):
    """A server's answer is not what must be measured."""


@dataclasses.dataclass(frozen=True)
class Question:
    name: str
    type: str = "A"
    addresses: frozenset = frozenset()

    def line(self):
        """As dnsperf reads it."""
        return f"{self.name} {self.type}"


@dataclasses.dataclass(frozen=True)
class Kind:
    """Names that cost a server the same work. Without questions: a name that nobody has asked for yet, each time."""

    title: str
    rcode: str = "NOERROR"
    unrelated: bool = False  # not ours: the server must do as if we were not there
    share: int = 1  # divides the number of queries: these take longer
    outstanding: int = 100  # queries under way: enough to keep a server busy, too few to overflow a socket's buffer
    questions: tuple = ()

    def lines(self, count):
        """So many queries, as dnsperf reads them."""
        if not self.questions:
            return [question.line() for question in itertools.islice(_fresh, count)]
        return [question.line() for question in itertools.islice(itertools.cycle(self.questions), count)]

    def samples(self):
        """What is looked at before anything is measured."""
        return self.questions or tuple(itertools.islice(_fresh, 3))


def _unrelated(labels):
    return tuple(Question(f"{label}.{UNRELATED_ZONE}.", "A", frozenset({UNRELATED_ADDRESS})) for label in labels)


# Six octets, as isatap has them: such a label is looked at twice.
_CACHED = ("www", "mail", "static", "autodiscover", "login", "server", "fileserver-seattle-01", "a.b.images")
_fresh = (_unrelated([f"host-{number:08}"])[0] for number in itertools.count())

POSITIVE = Kind(
    "positive",
    questions=(
        Question(CORP, "A", frozenset({"127.0.0.1"})),
        Question(CORP, "AAAA", frozenset({"fd12:3456:789a:7777::7f00:1"})),
        Question(PROBE, "A", frozenset({"10.0.0.11"})),
    ),
)
NXDOMAIN = Kind("NXDOMAIN", rcode="NXDOMAIN", questions=(Question(f"isatap.{SUFFIX}."), Question(f"wpad.{SUFFIX}.")))
NODATA = Kind("NODATA", questions=(Question(PROBE, "AAAA"), Question(CORP, "HTTPS")))
CACHED = Kind("unrelated, cached", unrelated=True, questions=_unrelated(_CACHED))
# Fewer under way, as each is one more of named's ports: see contenders.BIND_OPTIONS.
FRESH = Kind("unrelated, new", unrelated=True, share=15, outstanding=20)

KINDS = (POSITIVE, NXDOMAIN, NODATA, CACHED, FRESH)


def _check(contender, client, kind, question):
    reply = client.udp(Query(question.name, question.type))
    addresses = {record.data for record in reply.answer}
    if (reply.rcode, addresses) != (kind.rcode, question.addresses):
        raise Wrong(
            f"{contender.name}: {question.line()}: {reply.rcode} {sorted(addresses)}; "
            f"expected {kind.rcode} {sorted(question.addresses)}"
        )


def _check_absent(contender, client):
    """A server without us has to say what upstream says: else something of ours is in it."""
    for question in POSITIVE.questions:
        reply = client.udp(Query(question.name, question.type))
        if not {record.data for record in reply.answer} & ROGUE:
            raise Wrong(f"{contender.name}: {question.line()}: {reply.answer}; expected the upstream server's answer")


def _verify(contender):
    with contender.server.client() as client:
        for kind in KINDS:
            if contender.takes(kind):
                for question in kind.samples():
                    _check(contender, client, kind, question)
        if not contender.has_ours:
            _check_absent(contender, client)


def verify(field):
    """Asks every server one query of each kind; Wrong where an answer is not right, and does not become it soon.

    named answers before it has loaded a large response policy zone.
    """
    for contender in field:
        deadline = time.monotonic() + LOADING_SECONDS
        while True:
            try:
                _verify(contender)
                break
            except Wrong:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


def warm(contender, kind):
    """Has the names in the cache, should others have driven them out."""
    with contender.server.client() as client:
        for question in kind.questions:
            client.udp(Query(question.name, question.type))
