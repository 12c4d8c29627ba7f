"""Asks everything of a way in, compares, and remembers which deviations occurred."""

import contextlib
import dataclasses
import socket

from harness import upstream
from harness.client import Reply, Timeout
from harness.host import LOCAL
from harness.ports import LOOPBACK, free_port
from table import cases, compare, deployments, rows
from table.deviation import expectation

from .ways import Site

# Whoever waits longer than this for an answer of ours has been let down by the upstream server.
DOWN_SECONDS = 1

NO_REPLY = Reply("no reply", frozenset(), (), (), (), (), None)


@dataclasses.dataclass(frozen=True)
class Outcome:
    case: cases.Case
    shown: tuple  # aspects
    occurred: tuple  # deviations
    wrong: tuple  # texts; empty where the reply is the expected one


class Silent:
    """An upstream server that takes queries and never answers."""

    host = LOCAL
    zones = upstream.PLAIN

    def __enter__(self):
        self.port = free_port()
        self._stack = contextlib.ExitStack()
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            server = self._stack.enter_context(socket.socket(socket.AF_INET, kind))
            server.bind((LOOPBACK, self.port))
            if kind == socket.SOCK_STREAM:
                server.listen()
        return self

    def __exit__(self, *_):
        self._stack.close()


class Measured:
    """The outcomes of every way in and deployment, each asked once, when it is first wanted."""

    def __init__(self, directory, nsd):
        self.directory = directory
        self.nsd = nsd
        self._outcomes = {}

    def outcomes(self, way, deployment):
        key = (way.name, deployment.name)
        if key not in self._outcomes:
            self._outcomes[key] = tuple(self._examine(way, deployment))
        return self._outcomes[key]

    def all_outcomes(self, way):
        return [outcome for deployment in deployments.ALL for outcome in self.outcomes(way, deployment)]

    def _examine(self, way, deployment):
        directory = self.directory / way.name / deployment.name
        with way.start(Site(directory / "up", deployment, self.nsd)) as (ours, plain):
            for case in cases.cases(deployment):
                yield outcome(way, case, ours, plain)
        if way.resolves:
            with Silent() as silent, way.start_ours(Site(directory / "down", deployment, silent)) as ours:
                ours.timeout = DOWN_SECONDS
                for case in cases.cases_down(deployment):
                    # What is resolved as ever has its line in the table already.
                    if expectation(case, not way.resolves, way.deviations)[1] is not rows.PASS:
                        yield outcome(way, case, ours, None)


def outcome(way, case, ours, plain):
    """plain: the client of the server without us; None where no name that passes is asked."""
    ideal, expected, occurred = expectation(case, not way.resolves, way.deviations)
    reply = _ask(ours, case)
    wrong = _wrong(case, reply, expected, plain)
    if occurred and not wrong and not _wrong(case, reply, ideal, plain):
        wrong = [f"this no longer occurs: {', '.join(deviation.title for deviation in occurred)}"]
    return Outcome(case, tuple(cases.shown(case, expected)), occurred, tuple(wrong))


def _wrong(case, reply, expected, plain):
    if expected is rows.PASS:
        return compare.same_differences(case.query, reply, _ask(plain, case), compare.MAX_AGE)
    return compare.reply_differences(reply, expected, _spelled(case))


def _spelled(case):
    """Whether spelling counts: names of an alias and its target are spelled upstream."""
    return case.row.verdict != "alias"


def _ask(client, case):
    try:
        return client.ask(case.query, case.transport)
    except Timeout:
        return NO_REPLY
    finally:
        if case.transport == "tcp":
            client.close()  # each on a connection of its own: dnsmasq 2.90 keeps EDNS from one query for the next


def report(outcomes):
    """The text of a failure: the wrong replies, the same difference once with a few of its queries."""
    same = {}
    for found in outcomes:
        if found.wrong:
            same.setdefault((cases.question(found.case), found.case.query.type), []).append(found)
    lines = [f"{sum(map(len, same.values()))} replies are wrong"]
    for (question, kind), group in list(same.items())[:8]:
        lines.append(f"{question.value}, {kind}: {len(group)}, such as")
        for found in group[:2]:
            lines.append(f"  {found.case}")
            lines += [f"    {text}" for text in found.wrong]
    return "\n".join(lines)
