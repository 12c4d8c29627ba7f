"""memcheck over a whole life of named: start, queries, reconfigs with good and bad files, stop.

Any invalid access and any use of what was not set makes valgrind exit with an error, and so does any block that is lost.
Of named's own blocks memcheck knows little, since they are jemalloc's; the plugin's are from malloc(). One fault of named's
own is suppressed.
"""

import itertools
import pathlib

from harness.client import Client, Query
from harness.named import Named, Settings, plugin
from table import compare, deployments, rows
from table.transition import Transition
from test_bind_answers import queries
from test_bind_views import Source
from test_valgrind import QUERIES, memcheck

OLD, NEW = deployments.NLB, deployments.MULTISITE
RELOADS = ((NEW.yaml, "new"), (OLD.yaml, "old"), ("suffixes: []\n", "old"))  # file, whose answers then
SUPPRESSIONS = pathlib.Path(__file__).with_suffix(".supp")
BEHIND_DNS64 = "127.0.0.9"
OPTIONS = (
    f"dns64 64:ff9b::/96 {{ clients {{ {BEHIND_DNS64}; }}; exclude {{ 2001:db8:1::/64; ::1; }}; }};",
    "rate-limit { responses-per-second 1000; };",
)


def test_memcheck(nsd, directory):
    path = OLD.write(directory).rename(directory / "deployment.yaml")
    wrapper = (*memcheck(), f"--suppressions={SUPPRESSIONS}")
    settings = Settings(plugins=(plugin(path),), threads=2, options=OPTIONS, wrapper=wrapper)
    transition = Transition(OLD, NEW)
    server = Named(directory, nsd, settings)
    server.START_SECONDS = 120
    with server, server.client() as client, Client(server.port, host=Source(source=BEHIND_DNS64)) as other:
        client.timeout = other.timeout = 30
        ask_table(client, OLD)
        for text, side in RELOADS:
            path.write_text(text)
            status, _ = server.rndc("reconfig", seconds=120, check=False)
            assert (status == 0) == (text in (OLD.yaml, NEW.yaml))
            assert {transition.side(query, client.udp(query)) for query in transition.queries} == {side}
            for label, kind in itertools.product(OLD.records, ("A", "AAAA", "ANY")):
                assert other.udp(Query(f"{label}.corp.example.net.", kind)).rcode == "NOERROR"
            for alias in ("alias-probe", "alias-corp", "alias-isatap"):
                assert client.udp(Query(f"{alias}.corp.example.net.", "AAAA")).answer
    log = server.process.log()
    assert "ERROR SUMMARY: 0 errors" in log, log[-5000:]


def ask_table(client, deployment):
    """QUERIES queries from all over the table; the answers of names that pass are not compared here."""
    everything = [(row, entry) for row in rows.for_deployment(deployment) for entry in queries(row)]
    asked = everything[:: len(everything) // QUERIES]
    assert len(asked) >= QUERIES
    for row, (transport, style, query) in asked:
        reply = client.ask(query, transport)
        expected = rows.expectation(deployment, row, query)
        if expected is not rows.PASS:
            wrong = compare.expected_differences(query, reply, expected)
            assert not wrong, compare.report([(row.title, transport, style, query, wrong)])
