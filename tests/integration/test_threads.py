"""Two threads answer from one policy."""

from harness.unbound import side_by_side, with_module
from table import compare, deployments, rows

DEPLOYMENT = deployments.NLB


def test_both_threads_answer(nsd, directory):
    """The kernel chooses the thread by the client's port: with a new socket for each row both get their share."""
    asked = rows.for_deployment(DEPLOYMENT)
    settings = with_module(DEPLOYMENT.write(directory), threads=2)
    with side_by_side(directory, nsd, settings) as (server, ours, plain):
        found = []
        for row in asked:
            with server.client() as fresh:
                found += compare.wrong_replies(DEPLOYMENT, [row], fresh.ask, plain.ask, rows.few_queries)
        assert not found, compare.report(found)
        counters = server.statistics()
    shares = [counters[f"thread{number}.num.queries"] for number in (0, 1)]
    assert min(shares) > 0.1 * sum(shares), f"queries by thread: {shares}"
