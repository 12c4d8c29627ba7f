"""A reply against what is expected; every difference is named."""

from . import rows

TTL_SLACK = 2  # seconds that may lie between two servers' copies of one RRset


def question_differences(query, reply):
    """What every reply must repeat: the question with its spelling, RD, CD, and EDNS with DO where the query has it."""
    found = []
    expected_question = ((query.name, query.klass, query.type),)
    if reply.question != expected_question:
        found.append(f"question {reply.question}, expected {expected_question}")
    for flag, wanted in (("QR", True), ("RD", query.rd), ("CD", query.cd), ("TC", False)):
        if (flag in reply.flags) != wanted:
            found.append(f"flag {flag} is {'missing' if wanted else 'set'}")
    edns = frozenset(["DO"] if query.do else []) if query.edns or query.do else None
    if reply.edns != edns:
        found.append(f"EDNS {_edns(reply.edns)}, expected {_edns(edns)}")
    return found


def expected_differences(query, reply, expected):
    """reply against a rows.Reply: RCODE, AA, RA, AD and the records with owner, TTL and data."""
    found = question_differences(query, reply)
    if reply.rcode != expected.rcode:
        found.append(f"RCODE {reply.rcode}, expected {expected.rcode}")
    for flag, wanted in (("AA", True), ("RA", True), ("AD", False)):
        if (flag in reply.flags) != wanted:
            found.append(f"flag {flag} is {'missing' if wanted else 'set'}")
    for section, got, want in (
        ("answer", reply.answer, expected.answer),
        ("authority", reply.authority, expected.authority),
        ("additional", reply.additional, ()),
    ):
        if got != tuple(sorted(want)):
            found.append(f"{section}{_records(got)}\n      expected{_records(sorted(want))}")
    return found


def pass_differences(query, reply, without):
    """reply against the reply of the same server without us.

    Only what comes from the two caches may differ: the age of an RRset, and the spelling of names other than the
    query's, which is that of whatever query fetched them.
    """
    found = question_differences(query, reply)
    if reply.rcode != without.rcode:
        found.append(f"RCODE {reply.rcode}, without us {without.rcode}")
    if reply.flags != without.flags:
        found.append(f"flags {sorted(reply.flags)}, without us {sorted(without.flags)}")
    for section in ("answer", "authority", "additional"):
        got, want = getattr(reply, section), getattr(without, section)
        if not _same_but_cache(query, got, want):
            found.append(f"{section}{_records(got)}\n      without us{_records(want)}")
    return found


def differences(deployment, row, query, reply, ask_without):
    """reply against the table. ask_without() asks a server without us; it is called for names that pass only."""
    expected = rows.expectation(deployment, row, query)
    if expected is rows.PASS:
        return pass_differences(query, reply, ask_without())
    return expected_differences(query, reply, expected)


def wrong_replies(deployment, asked, ask, ask_without, queries=rows.queries):
    """Asks everything for the rows in asked. Returns (title, transport, style, query, differences) of each wrong reply.

    ask, ask_without  (query, transport) → reply, of the server with us and of the one without
    queries           which of a row's queries: rows.queries or rows.few_queries
    """
    found = []
    for row in asked:
        for transport, style, query in queries(row):
            reply = ask(query, transport)
            wrong = differences(deployment, row, query, reply, lambda: ask_without(query, transport))
            if wrong:
                found.append((row.title, transport, style, query, wrong))
    return found


def report(found):
    """The text of a failure, from what wrong_replies() returns."""
    lines = [f"{len(found)} replies are wrong"]
    for title, transport, style, query, differences_ in found[:10]:
        lines.append(f"  {title}: {query} ({transport}, {style})")
        lines += [f"    {difference}" for difference in differences_]
    if len(found) > 10:
        lines.append("  …")
    return "\n".join(lines)


def _same_but_cache(query, got, want):
    def comparable(records):
        return sorted((_owner(query, record), record.type, record.data.lower(), record.ttl) for record in records)

    return len(got) == len(want) and all(
        ours[:-1] == others[:-1] and abs(ours[-1] - others[-1]) <= TTL_SLACK
        for ours, others in zip(comparable(got), comparable(want))
    )


def _owner(query, record):
    return record.owner if record.owner.lower() == query.name.lower() else record.owner.lower()


def _edns(edns):
    return "absent" if edns is None else f"present, flags {sorted(edns)}"


def _records(records):
    if not records:
        return ": empty"
    return "".join(f"\n        {r.owner} {r.ttl} {r.klass} {r.type} {r.data}" for r in records)
