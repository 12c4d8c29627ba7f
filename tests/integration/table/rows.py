"""The rows: each a name, and what is expected for every type.

for_deployment() gives the rows of a deployment; expectation() the answer for a type and class; STYLES are the ways in
which every query is asked. Bare names and names of other people stand once, the rest under every suffix.

aliases() gives further rows, of names that are not ours but whose CNAME points to ours.
"""

import dataclasses

from harness.client import Query, Record

from .deployments import CORP, NLS, PROBE, ROUTER

TYPES = ("A", "AAAA", "MX", "HTTPS", "ANY", "NS", "SOA", "DS")
OTHER_CLASSES = ("CH", "HS")


@dataclasses.dataclass(frozen=True)
class Pass:
    """Not ours: the reply is the one that the server gives without us."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """Ours. Owners are spelled as in the query; order means nothing."""

    rcode: str
    answer: tuple = ()  # of Record
    authority: tuple = ()  # of Record


PASS = Pass()


@dataclasses.dataclass(frozen=True)
class Row:
    title: str  # as a report names it
    name: str
    verdict: str  # "owner", "blocked", "pass" or "alias"
    soa: str = ""  # owner of the negative answers' SOA: a part of the name, of an alias a part of the target
    records: dict = dataclasses.field(default_factory=dict)  # of an owner: type → addresses
    target: "Row" = None  # of an alias: the row of the name that the CNAME points to


# Title, name under a suffix {s}. Whether a label is an owner depends on the deployment.
OWNERS = (
    ("corpConnectivityHost", CORP),
    ("WebProbeHost", PROBE),
    ("NLS", NLS),
    ("isatap router", ROUTER),
)

# Title, name, and the owner of the SOA. {b} is each blocked label.
BLOCKED = (
    ("{b} in the suffix", "{b}.{s}", "{s}"),
    ("{b} below a name of the suffix", "{b}.sub.{s}", "{s}"),
    ("{b} far below the suffix", "{b}.a.b.c.d.{s}", "{s}"),
    ("below {b}", "x.{b}.{s}", "{s}"),
    ("far below {b}", "a.b.c.{b}.sub.{s}", "{s}"),
    ("{b} below {b}", "{b}.{b}.{s}", "{s}"),
    ("one of our labels below {b}", PROBE + ".{b}.{s}", "{s}"),
    ("{b} below one of our names", "{b}." + PROBE + ".{s}", "{s}"),
)
BLOCKED_BARE = (
    ("{b} bare", "{b}.", "{b}."),
    ("below the bare {b}", "x.{b}.", "{b}."),
)

# Names that look like ours and are not.
PASSING = (
    ("below WebProbeHost", "x." + PROBE + ".{s}"),
    ("WebProbeHost below a name of the suffix", PROBE + ".sub.{s}"),
    ("a label that ends as a blocked one", "xisatap.{s}"),
    ("a label that starts as a blocked one", "isatap-x.{s}"),
    ("a blocked label and a dot in one label", r"isatap\.dot.{s}"),
    ("an unrelated name", "host.{s}"),
    ("an alias of an unrelated name", "alias.{s}"),
    ("a name that does not exist", "nothing.here.{s}"),
    ("the suffix itself", "{s}"),
)
PASSING_ONCE = (
    ("isatap elsewhere", "isatap.other.example."),
    ("below isatap elsewhere", "x.isatap.other.example."),
    ("isatap above the suffix", "isatap.example.net."),
    ("isatap in a top-level domain", "isatap.net."),
    ("corpConnectivityHost elsewhere", CORP + ".other.example."),
    ("WebProbeHost elsewhere", PROBE + ".other.example."),
    ("WebProbeHost above the suffix", PROBE + ".example.net."),
    ("WebProbeHost bare", PROBE + "."),
    ("corpConnectivityHost bare", CORP + "."),
    ("a suffix that only ends as ours", "isatap.xcorp.example.net."),
    ("our names in reverse", "net.example.corp.isatap.other.example."),
    ("an unrelated name elsewhere", "host.other.example."),
    ("the root", "."),
)

# Title, name and target as the zones in upstream/ spell them.
ALIASES = (
    ("an alias of corpConnectivityHost", "alias-corp.{s}", CORP.lower() + ".{s}"),
    ("an alias of WebProbeHost", "alias-probe.{s}", PROBE.lower() + ".{s}"),
    ("an alias of isatap", "alias-isatap.{s}", "isatap.{s}"),
)
ALIASES_ONCE = (("an alias elsewhere of WebProbeHost", "alias.other.example.", PROBE.lower() + ".corp.example.net."),)
ALIAS_TTL = 3600


def for_deployment(deployment):
    rows = []
    for suffix in deployment.suffixes:
        suffix += "."
        for title, label in OWNERS:
            name = f"{label}.{suffix}"
            records = deployment.records.get(label)
            if records is None:
                rows.append(Row(f"{title}, not published", name, "pass"))
            else:
                rows.append(Row(title, name, "owner", suffix, records))
        for title, name, soa in BLOCKED:
            for label in deployment.block:
                rows.append(_blocked(title, name, soa, b=label, s=suffix))
        for title, name in PASSING:
            rows.append(Row(title, name.format(s=suffix), "pass"))
        if "wpad" not in deployment.block:
            rows.append(Row("wpad, not blocked", f"wpad.{suffix}", "pass"))
    for title, name, soa in BLOCKED_BARE:
        for label in deployment.block:
            rows.append(_blocked(title, name, soa, b=label))
    for title, name in PASSING_ONCE:
        rows.append(Row(title, name, "pass"))
    return rows


def aliases(deployment):
    """Rows of a deployment whose names point to ours; alias_expectation() says what they must get."""
    ours = {row.name.lower(): row for row in for_deployment(deployment) if row.verdict != "pass"}
    found = []
    for suffix in deployment.suffixes:
        for title, name, target in ALIASES:
            found.append((title, name.format(s=suffix + "."), target.format(s=suffix + ".")))
    return [
        Row(title, name, "alias", target=ours[target.lower()]) for title, name, target in (*found, *ALIASES_ONCE)
    ]


def _blocked(title, name, soa, **parts):
    return Row(title.format(**parts), name.format(**parts), "blocked", soa.format(**parts))


def expectation(deployment, row, query):
    """What the query must get; query.name is row.name in some spelling."""
    if row.verdict == "pass" or query.klass != "IN":
        return PASS
    if row.verdict == "blocked":
        return Reply("NXDOMAIN", authority=(_soa(deployment, row, query),))
    types = list(row.records) if query.type == "ANY" else [query.type]
    answer = tuple(
        Record(query.name, deployment.ttl, "IN", kind, address)
        for kind in types
        for address in row.records.get(kind, ())
    )
    if not answer:
        return Reply("NOERROR", authority=(_soa(deployment, row, query),))
    return Reply("NOERROR", answer=answer)


def alias_expectation(deployment, row, query):
    """The CNAME, and behind it what its target gets; all names in lower case, as spelling here is the upstream's."""
    target = row.target.name.lower()
    lower = dataclasses.replace(row.target, name=target, soa=row.target.soa.lower())
    behind = expectation(deployment, lower, dataclasses.replace(query, name=target))
    alias = Record(query.name.lower(), ALIAS_TTL, "IN", "CNAME", target)
    return Reply(behind.rcode, (alias, *behind.answer), behind.authority)


def _soa(deployment, row, query):
    """The SOA of a negative answer; its owner is the end of the query's name, spelled as there."""
    assert row.name.endswith(row.soa)
    owner = query.name[len(query.name) - len(row.soa) :]
    ttl = deployment.negative_ttl
    return Record(owner, ttl, "IN", "SOA", f"localhost. nobody.invalid. 1 3600 1200 604800 {ttl}")


def mixed_case(name):
    """Every other letter in capitals, which is no usual spelling of any label here (draft-vixie-dnsext-dns0x20)."""
    letters = 0
    spelled = []
    for octet in name:
        if octet.isalpha():
            letters += 1
            octet = octet.upper() if letters % 2 == 0 else octet.lower()
        spelled.append(octet)
    return "".join(spelled)


# Name of the style → the query for a row's name. "plain" is spelled as in README.md.
STYLES = {
    "plain": lambda name, kind, klass: Query(name, kind, klass),
    "mixed case": lambda name, kind, klass: Query(mixed_case(name), kind, klass),
    "do": lambda name, kind, klass: Query(name.upper(), kind, klass, do=True),
    "cd": lambda name, kind, klass: Query(name.lower(), kind, klass, cd=True),
    "all": lambda name, kind, klass: Query(mixed_case(name).swapcase(), kind, klass, do=True, cd=True, ad=True),
}
TRANSPORTS = ("udp", "tcp")


def queries(row, transports=TRANSPORTS, styles=tuple(STYLES)):
    """(transport, style, Query) of everything that is asked for a row."""
    questions = [(kind, "IN") for kind in TYPES] + [("A", klass) for klass in OTHER_CLASSES]
    for kind, klass in questions:
        for style in styles:
            for transport in transports:
                yield transport, style, STYLES[style](row.name, kind, klass)


def few_queries(row):
    """A fifth of that, for tests whose subject is not the answer alone."""
    return queries(row, transports=("udp",), styles=("mixed case", "all"))
