"""A reply against what is expected; every difference is named."""

import dataclasses

from . import rows

TTL_SLACK = 10  # seconds that may lie between two servers' copies of one RRset, on a busy machine
MAX_AGE = 60  # seconds that a record of upstream's may have been in a cache


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
    return question_differences(query, reply) + same_differences(query, reply, without)


def same_differences(query, reply, without, slack=TTL_SLACK):
    """The same, where even the question section and EDNS are only as right as the server without us has them.

    slack: seconds that may lie between the two caches' copies of one RRset.
    """
    found = []
    for field in ("rcode", "question", "edns"):
        got, want = getattr(reply, field), getattr(without, field)
        if got != want:
            found.append(f"{field} {got}, without us {want}")
    if reply.flags != without.flags:
        found.append(f"flags {sorted(reply.flags)}, without us {sorted(without.flags)}")
    for section in ("answer", "authority", "additional"):
        got, want = getattr(reply, section), getattr(without, section)
        if not _same_but_cache(query, got, want, slack):
            found.append(f"{section}{_records(got)}\n      without us{_records(want)}")
    return found


def reply_differences(reply, expected, spelled=True):
    """reply against a whole expected one, harness.client's. spelled: spelling counts."""
    found = []
    for field in ("rcode", "question", "edns"):
        got, want = getattr(reply, field), getattr(expected, field)
        if got != want:
            found.append(f"{field} {got}, expected {want}")
    if reply.flags != expected.flags:
        found.append(f"flags {sorted(reply.flags)}, expected {sorted(expected.flags)}")
    for section in ("answer", "authority", "additional"):
        got, want = getattr(reply, section), getattr(expected, section)
        if not _same_records(got if spelled else _lower(got), want if spelled else _lower(want)):
            found.append(f"{section}{_records(got)}\n      expected{_records(want)}")
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


def _same_but_cache(query, got, want, slack):
    def comparable(records):
        return sorted((_owner(query, record), record.type, record.data.lower(), record.ttl) for record in records)

    return len(got) == len(want) and all(
        ours[:-1] == others[:-1] and abs(ours[-1] - others[-1]) <= slack
        for ours, others in zip(comparable(got), comparable(want))
    )


def _same_records(got, want):
    """Only a CNAME, which is the upstream's, may be older than expected."""

    def comparable(records):
        return sorted((record.owner, record.klass, record.type, record.data, record.ttl) for record in records)

    return len(got) == len(want) and all(
        ours[:-1] == theirs[:-1]
        and (ours[-1] == theirs[-1] or ours[2] == "CNAME" and theirs[-1] - MAX_AGE <= ours[-1] < theirs[-1])
        for ours, theirs in zip(comparable(got), comparable(want))
    )


def _lower(records):
    return tuple(
        sorted(dataclasses.replace(record, owner=record.owner.lower(), data=record.data.lower()) for record in records)
    )


def _owner(query, record):
    return record.owner if record.owner.lower() == query.name.lower() else record.owner.lower()


def _edns(edns):
    return "absent" if edns is None else f"present, flags {sorted(edns)}"


def _records(records):
    if not records:
        return ": empty"
    return "".join(f"\n        {r.owner} {r.ttl} {r.klass} {r.type} {r.data}" for r in records)
