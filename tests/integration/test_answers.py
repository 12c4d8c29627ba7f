"""Every row of the table, in a real Unbound, beside an Unbound without the module on the same upstream server.

Proven for each deployment: names of the deployment are answered from it alone, with every flag, TTL and spelling; all
other names get the reply that they get without the module.
"""

import pytest

from harness.unbound import side_by_side, with_module
from table import compare, deployments, rows

CASES = [
    pytest.param(deployment, row, id=f"{deployment}-{row.name}")
    for deployment in deployments.ALL
    for row in rows.for_deployment(deployment)
]


@pytest.fixture(scope="module")
def resolvers(request, work, nsd):
    """A deployment, a client of a resolver that has it, and a client of one without the module."""
    deployment = request.param
    directory = work / str(deployment)
    with side_by_side(directory, nsd, with_module(deployment.write(directory))) as (_, ours, plain):
        yield deployment, ours, plain


@pytest.mark.parametrize("resolvers, row", CASES, indirect=["resolvers"])
def test_row(resolvers, row):
    deployment, ours, plain = resolvers
    found = compare.wrong_replies(deployment, [row], ours.ask, plain.ask)
    assert not found, compare.report(found)
