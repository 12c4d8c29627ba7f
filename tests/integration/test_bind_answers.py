"""Every row of the table, in a real named, beside a named without the plugin.

Proven for each deployment, where named is recursive, where it is authoritative for the suffixes, and where it is both:
names of the deployment are answered from it alone, with every flag, TTL and spelling; all other names get the reply that
they get without the plugin.
"""

import dataclasses

import pytest

from harness import environment, upstream
from harness.named import side_by_side, with_plugin
from table import compare, deployments, rows

HOSTED = ("corp.example.net", "emea.corp.example.net", "other.example")


def zones(names=HOSTED):
    """zone statements over the upstream server's files; owners that are no hostnames are allowed, as they are there."""
    return tuple(
        f'zone "{name}" {{ type primary; file "{upstream.PLAIN[name]}"; check-names ignore; }};' for name in names
    )


MODES = {
    "recursive": {},
    "authoritative": {"recursive": False, "statements": zones()},
    "both": {"statements": zones()},
}



def deployments_for(mode):
    """All; under a sanitizer, whose named is slow, the first alone where the subject is who is authoritative."""
    return deployments.ALL[:1] if environment.sanitizer() and mode != "recursive" else deployments.ALL


CASES = [
    pytest.param((mode, deployment), row, id=f"{mode}-{deployment}-{row.name}")
    for mode in MODES
    for deployment in deployments_for(mode)
    for row in rows.for_deployment(deployment)
]


def without_recursion(ask):
    """Asks a server that offers no recursion; in the replies that is corrected to what the table expects."""

    def asking(query, transport):
        reply = ask(query, transport)
        assert "RA" not in reply.flags, query
        return dataclasses.replace(reply, flags=reply.flags | {"RA"})

    return asking


@pytest.fixture(scope="module")
def named(request, work, nsd):
    """A deployment, how to ask a named that has it and one without the plugin, and what to ask."""
    mode, deployment = request.param
    asked = queries if mode == "recursive" and not environment.sanitizer() else few_queries
    directory = work / mode / str(deployment)
    settings = with_plugin(deployment.write(directory), **MODES[mode])
    with side_by_side(directory, nsd, settings) as (_, ours, plain):
        asks = (ours.ask, plain.ask)
        yield deployment, *(map(without_recursion, asks) if mode == "authoritative" else asks), asked


def queries(row):
    """All but those of class CH over UDP: named's built-in view for that class sends three replies a second."""
    return (entry for entry in rows.queries(row) if entry[0] == "tcp" or entry[2].klass != "CH")


def few_queries(row):
    """Where the subject is who is authoritative, or how the plugin treats its memory, not the answer alone."""
    return (entry for entry in rows.few_queries(row) if entry[2].klass != "CH")


@pytest.mark.parametrize("named, row", CASES, indirect=["named"])
def test_row(named, row):
    deployment, ours, plain, asked = named
    found = compare.wrong_replies(deployment, [row], ours, plain, asked)
    assert not found, compare.report(found)
