"""memcheck over a whole life: start, queries, reloads, live replacement, stop.

Unbound frees everything at its end, and so must we: any invalid access, any use of what was not set, and any block that
is lost makes valgrind exit with ERROR_EXIT. No suppression is needed for the Unbound of the tests.
"""

import itertools
import time

from harness import environment
from harness.unbound import Unbound, with_module
from table import compare, deployments, rows
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
QUERIES = 1_000
RELOADS = ((NEW.yaml, "new"), (OLD.yaml, "old"), ("suffixes: []\n", "old"))  # file, whose answers then
ERROR_EXIT = 98


def memcheck():
    return (
        environment.tool("valgrind", "valgrind"),
        f"--error-exitcode={ERROR_EXIT}",
        "--leak-check=full",
        "--show-leak-kinds=all",
        "--errors-for-leak-kinds=definite,indirect,possible",
        "--num-callers=30",
    )


def test_memcheck(nsd, directory):
    path = OLD.write(directory).rename(directory / "deployment.yaml")
    settings = with_module(path, threads=2, wrapper=memcheck())
    transition = Transition(OLD, NEW)
    with Unbound(directory, nsd, settings) as server, server.client() as client:
        client.timeout = 30
        ask_table(client)
        for text, side in RELOADS:
            path.write_text(text)
            server.reload()
            assert {transition.side(query, client.udp(query)) for query in transition.queries} == {side}
        path.write_text(NEW.yaml)
        time.sleep(2.5)
        assert {transition.side(query, client.udp(query)) for query in transition.queries} == {"new"}
    log = server.process.log()
    assert "ERROR SUMMARY: 0 errors" in log, log[-5000:]


def ask_table(client):
    """QUERIES queries from all over the table; the answers of names that pass are not compared here."""
    everything = ((row, entry) for row in rows.for_deployment(OLD) for entry in rows.queries(row))
    step = sum(1 for row in rows.for_deployment(OLD) for _ in rows.queries(row)) // QUERIES
    asked = 0
    for row, (transport, style, query) in itertools.islice(everything, 0, None, step):
        reply = client.ask(query, transport)
        expected = rows.expectation(OLD, row, query)
        if expected is not rows.PASS:
            wrong = compare.expected_differences(query, reply, expected)
            assert not wrong, compare.report([(row.title, transport, style, query, wrong)])
        asked += 1
    assert asked >= QUERIES
