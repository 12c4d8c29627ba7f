"""`dadns generate --format unbound`: the same table in a stock Unbound that includes the generated file.

Local data can do less than the module. What it does otherwise is listed in the file's own comment and written out in
expectation(): a deviation that is not listed, and one that is no longer there, both fail.
"""

import contextlib
import subprocess

import pytest

from harness import environment
from harness.unbound import Settings, StockUnbound
from table import compare, deployments, rows


@pytest.fixture(scope="module", params=deployments.ALL, ids=str)
def resolvers(request, work, nsd):
    """A deployment, a client of a resolver that includes what was generated, and a client of one that does not."""
    deployment = request.param
    directory = work / str(deployment)
    include = directory / "directaccess.conf"
    path = deployment.write(directory)
    command = [environment.dadns(), "generate", "--format", "unbound", "--output", include, path]
    subprocess.run(command, check=True)
    with contextlib.ExitStack() as stack:
        servers = [
            StockUnbound(directory, nsd, Settings(clauses=(f'include: "{include}"',)), "with"),
            StockUnbound(directory, nsd, Settings(), "without"),
        ]
        clients = [stack.enter_context(stack.enter_context(server).client()) for server in servers]
        yield deployment, *clients


def refused_at(deployment, row):
    """The blocked name that local data refuses, where row is it or below it; "" where local data does not reach."""
    for parent in ("", *(suffix + "." for suffix in deployment.suffixes)):
        for label in deployment.block:
            name = f"{label}.{parent}"
            if row.name == name or row.name.endswith("." + name):
                return name
    return ""


def expectation(deployment, row, query):
    """The table's, with what is otherwise in local data."""
    expected = rows.expectation(deployment, row, query)
    owner = row.name if row.verdict == "owner" else refused_at(deployment, row)
    # Not directly in front of a suffix, and DS, which belongs to the parent's side of a local zone: resolved as ever.
    if expected is rows.PASS or not owner or (query.type == "DS" and row.name == owner):
        return rows.PASS
    ttl = deployment.negative_ttl
    spelled = query.name[len(query.name) - len(owner) :]
    soa = rows.Record(spelled, ttl, "IN", "SOA", f"localhost. nobody.invalid. 1 3600 1200 604800 {ttl}")
    if row.verdict == "owner" and query.type == "SOA":
        return rows.Reply("NOERROR", answer=(soa,))
    if expected.rcode == "NXDOMAIN" or query.type == "ANY" or not expected.answer:
        return rows.Reply(expected.rcode, authority=(soa,))
    return expected


def test_table(resolvers):
    deployment, ours, plain = resolvers
    found = []
    for row in rows.for_deployment(deployment):
        for transport, style, query in rows.few_queries(row):
            expected = expectation(deployment, row, query)
            reply = ours.ask(query, transport)
            if expected is rows.PASS:
                wrong = compare.pass_differences(query, reply, plain.ask(query, transport))
            else:
                wrong = compare.expected_differences(query, reply, expected)
            if wrong:
                found.append((row.title, transport, style, query, wrong))
    assert not found, compare.report(found)
