"""README's chapter on trouble: each of its rows is provoked, and the command of the row says what stands there."""

import contextlib
import pathlib
import re
import shlex
import time

import pytest

from harness import environment
from harness.probe import SUFFIX, VIP, Site, Slow
from harness.unbound import Settings, StockUnbound
from harness.web import Web, page
from table.deployments import CORP, PROBE
from test_probe import A, AAAA, DNS64, EXTERNAL, MULTISITE, MULTISITE_RIGHT, NLB, RIGHT, VIP_WEB, WEB

README = pathlib.Path(__file__).resolve().parent.parent.parent / "README.md"
CHAPTER = "## When clients do not connect"

POLICY = f"""\
CorporateDNSProbeHostAddress   : fd12:3456:aaaa:7777::7f00:1
CorporateDNSProbeHostName      : {CORP}.{SUFFIX}
CorporateSitePrefixList        : {{fd12:3456:789a::/48}}
CorporateWebsiteProbeURL       : http://{PROBE}.{SUFFIX}
DomainLocationDeterminationURL : https://nls.{SUFFIX}/
"""
def export():
    """A zone whose records were registered yesterday, and never again."""
    stamp = (int(time.time()) + 11644473600) // 3600 - 24
    return f"""\
$ORIGIN {SUFFIX}.
@ 3600 SOA ns hostmaster 1 900 600 86400 3600
{CORP} [AGE:{stamp}] 1200 A 127.0.0.1
{PROBE} [AGE:{stamp}] 1200 A {VIP}
"""


def rows():
    """name → (command, pattern of what it says)"""
    text = README.read_text().split(CHAPTER, 1)[1].split("\n## ", 1)[0]
    found = {}
    for line in text.splitlines():
        match = re.match(r"\| <!-- ([\w-]+) -->.*?\| `(dadns [^`]*)` \| `([^`]*)` \|", line)
        if match:
            name, command, says = match.groups()
            found[name] = command, ".*".join(map(re.escape, says.replace("\\|", "|").split("…")))
    return found


@contextlib.contextmanager
def served(site, directory, records=RIGHT, webs=(VIP_WEB,), **others):
    with site.webs(*webs), site.resolver(records, directory=directory, **others) as resolver:
        yield resolver


@contextlib.contextmanager
def answered(site, directory, answer):
    with served(site, directory, webs=()), Web(site["da1"], answer, VIP):
        yield


@contextlib.contextmanager
def one_of_two(site, directory):
    lines = ("access-control: 0.0.0.0/0 allow", f'local-data: "{CORP}.{SUFFIX}. A 203.0.113.66"')
    with served(site, directory) as right:
        with StockUnbound(directory / "da2", right.upstream, Settings(server=lines), "da2", site["da2"]):
            yield


@contextlib.contextmanager
def dropped(site, directory):
    with served(site, directory), site.dropping("da1"):
        yield


@contextlib.contextmanager
def slow(site, directory):
    with served(site, directory), Slow(site["da2"], site["dns"].address, 1.2):
        yield


@contextlib.contextmanager
def files(site, directory):
    (directory / "policy.txt").write_text(POLICY)
    (directory / "corp.dns").write_text(export())
    yield


# name → deployment, what is wrong
PROVOKED = {
    "balancer": (EXTERNAL, lambda *at: served(*at, webs=())),
    "arp": (NLB, dropped),
    "own-address": (NLB, lambda *at: served(*at, A + AAAA + f"{PROBE} A 10.0.0.11\n", ("da1", VIP_WEB))),
    "record-gone": (NLB, lambda *at: served(*at, WEB)),
    "web-probe-gone": (NLB, lambda *at: served(*at, A + AAAA)),
    "prefix": (NLB, lambda *at: served(*at, A + f"{CORP} AAAA fd12:3456:ffff:7777::7f00:1\n" + WEB)),
    "one-resolver": (NLB, one_of_two),
    "one-site": (MULTISITE, lambda *at: served(*at, MULTISITE_RIGHT)),
    "redirected": (NLB, lambda *at: answered(*at, page(302, Location="http://portal.example/login"))),
    "another-page": (NLB, lambda *at: answered(*at, page(body="Log in"))),
    "dns64": (NLB, lambda *at: served(*at, AAAA + WEB, lines=DNS64)),
    "slow": (NLB, slow),
    "isatap": (NLB, lambda *at: served(*at, RIGHT + "isatap A 10.0.0.9\n")),
    "policy": (NLB, files),
    "scavenging": (NLB, files),
}


@pytest.fixture(scope="module")
def site():
    with Site() as site:
        yield site


def test_all_rows_are_provoked():
    assert set(rows()) == set(PROVOKED)


@pytest.mark.parametrize("name", PROVOKED)
def test_row(site, directory, name):
    command, says = rows()[name]
    deployment, provoked = PROVOKED[name]
    (directory / "deployment.yaml").write_text(deployment)
    words = [str(environment.dadns()), *shlex.split(command)[1:]]
    with provoked(site, directory):
        done = site.run(["env", "-C", str(directory), *words])
    assert re.search(says, done.stdout + done.stderr), done.stdout + done.stderr
    assert done.returncode in (1, 2)
