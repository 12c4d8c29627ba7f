"""The same table against every way in, each in a real server beside the same server without us.

Proven for each way in and deployment: every reply is the table's, but for the deviations that table/deviations gives
with their reasons; a deviation that is not there, and one that no longer occurs, both fail. README.md and the manual
show what is measured here.
"""

import pytest

from conformance import examine, markdown, ways
from harness.client import Query
from table import cases, deployments, rows
from table.deviation import Deviation, less_flag, ours

CHOSEN = ways.chosen()
EACH = [pytest.param(way, id=way.name) for way in CHOSEN]
EACH_DEPLOYMENT = [
    pytest.param(way, deployment, id=f"{way.name}-{deployment}") for way in CHOSEN for deployment in deployments.ALL
]


@pytest.fixture(scope="module")
def measured(work, nsd):
    return examine.Measured(work, nsd)


@pytest.mark.parametrize("way, deployment", EACH_DEPLOYMENT)
def test_table(measured, way, deployment):
    outcomes = measured.outcomes(way, deployment)
    assert not any(outcome.wrong for outcome in outcomes), examine.report(outcomes)


@pytest.mark.parametrize("way", EACH)
def test_every_deviation_occurs(measured, way):
    occurred = {deviation for outcome in measured.all_outcomes(way) for deviation in outcome.occurred}
    gone = [deviation.title for deviation in way.deviations if deviation not in occurred]
    assert not gone, f"declared for {way.name}, and nowhere seen: {gone}"


if CHOSEN == ways.WAYS:  # what is not run cannot be shown

    @pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in (markdown.README, markdown.MANUAL)])
    def test_documents_show_it(measured, path):
        table = markdown.Table([markdown.Column(way, measured.all_outcomes(way)) for way in CHOSEN])
        assert markdown.current(path) == markdown.documents(table)[path], "run scripts/conformance --update"


# That the above can fail: a server that does as it is told, asked one query.


class Told:
    """A client whose server gives the same reply to everything."""

    def __init__(self, reply):
        self.reply = reply

    def ask(self, _query, _transport):
        return self.reply

    def close(self):
        pass


NO_AA = Deviation("no AA", "for this test", ours, less_flag("AA"), cases.Question.AA)


def told(reply, *declared):
    row = next(row for row in rows.for_deployment(deployments.SINGLE) if row.verdict == "owner")
    case = cases.Case(deployments.SINGLE, row, "udp", "plain", Query(row.name, "A"))
    way = ways.Way("told", "Told", None, declared)
    return examine.outcome(way, case, Told(reply(case)), Told(examine.NO_REPLY))


def right(case):
    return case.expected(authoritative=False)


def without_aa(case):
    return NO_AA.change(case, right(case))


def test_right_reply_passes():
    assert not told(right).wrong


def test_deviation_that_is_not_declared_fails():
    assert told(without_aa).wrong


def test_declared_deviation_passes():
    outcome = told(without_aa, NO_AA)
    assert not outcome.wrong and outcome.occurred == (NO_AA,)


def test_declared_deviation_that_is_gone_fails():
    assert told(right, NO_AA).wrong
