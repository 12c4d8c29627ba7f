"""Views: each has an instance of its own, with its own deployment, or none."""

import dataclasses

import pytest

from harness.client import Client, Query
from harness.host import Host
from harness.named import Named, Settings, plugin
from table import compare, deployments, rows

ONE, TWO = deployments.NLB, deployments.MULTISITE


@dataclasses.dataclass(frozen=True)
class Source(Host):
    """Loopback, asked from another address of it than usual."""

    source: str = ""

    def socket(self, kind):
        made = super().socket(kind)
        made.bind((self.source, 0))
        return made


def view(name, source, *lines):
    return f'view "{name}" {{ match-clients {{ {source}; }}; {" ".join(lines)} }};'


@pytest.fixture(scope="module")
def named(work, nsd):
    """named with two views that have a deployment, and beside each one that has none."""
    directory = work / "views"
    views = (
        view("one", "127.0.0.1", plugin(ONE.write(directory))),
        view("two", "127.0.0.2", plugin(TWO.write(directory))),
        view("chaos", "127.0.0.5", plugin(ONE.write(directory))).replace('"chaos"', '"chaos" chaos'),
        view("plain-one", "127.0.0.3"),
        view("plain-two", "127.0.0.4"),
    )
    with Named(directory, nsd, Settings(plugins=views)) as server:
        yield server


@pytest.mark.parametrize(
    "source, without, deployment",
    [("127.0.0.1", "127.0.0.3", ONE), ("127.0.0.2", "127.0.0.4", TWO)],
    ids=["one", "two"],
)
def test_table(named, source, without, deployment):
    """Every row of a view's deployment, and everything else as in the view without the plugin."""
    with (
        Client(named.port, host=Source(source=source)) as ours,
        Client(named.port, host=Source(source=without)) as plain,
    ):
        found = compare.wrong_replies(deployment, rows.for_deployment(deployment), ours.ask, plain.ask, queries)
    assert not found, compare.report(found)


def queries(row):
    return (entry for entry in rows.few_queries(row) if entry[2].klass == "IN")


def test_log_tells_the_views_apart(named):
    """By the line of named.conf at which each statement stands."""
    lines = named.configuration.read_text().splitlines()
    for name, deployment in (("one", ONE), ("two", TWO)):
        (number,) = [number for number, line in enumerate(lines, 1) if f'view "{name}"' in line]
        (line,) = named.process.log_lines(f"{named.configuration}:{number}: directaccess [0-9]")
        assert f"{deployment}.yaml" in line


def test_view_of_another_class(named):
    """Names of ours are of class IN: in a view of class CH, with the plugin or not, there is nothing."""
    for row in rows.for_deployment(ONE):
        if row.verdict != "pass":
            with Client(named.port, host=Source(source="127.0.0.5")) as client:
                assert client.tcp(Query(row.name, klass="CH")).rcode == "REFUSED", row
