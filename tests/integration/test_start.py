"""Start: which deployment file is read, what is logged, and what keeps Unbound from starting."""

import pathlib
import re
import subprocess
import time

import pytest

from harness import environment
from harness.client import Query
from harness.unbound import NO_LEAK_CHECK, Unbound, with_module
from table import deployments

DEPLOYMENT = deployments.NLB
PROBE = Query(f"{deployments.PROBE}.corp.example.net.")


def test_log_lines(nsd, directory):
    """One line at start: version, file, fingerprint, how much is published. One at stop: the answers by verdict."""
    path = DEPLOYMENT.write(directory)
    with Unbound(directory, nsd, with_module(path)) as server, server.client() as client:
        for _ in range(3):
            client.udp(PROBE)  # ANSWER
        for kind in ("AAAA", "MX"):
            client.udp(Query(PROBE.name, kind))  # NODATA
        client.udp(Query("isatap.corp.example.net."))  # NXDOMAIN
        for _ in range(4):
            client.udp(Query("host.other.example."))  # PASS once: then it is in the cache, and no module is asked
    lines = server.process.log_lines("info: directaccess")
    assert len(lines) == 2, lines
    start, stop = lines
    version = r"directaccess \d+\.\d+\.\d+: "
    # 4 labels with 5 RRsets and 7 records, under each of 2 suffixes.
    expected = rf"{version}deployment {re.escape(str(path))}, fingerprint [0-9a-f]{{32}}, suffixes 2, records 14$"
    assert re.search(expected, start), start
    assert re.search(rf"{version}stopped; ANSWER 3, NODATA 2, NXDOMAIN 1, PASS 1$", stop), stop
    assert not server.process.log_lines("error|warning")


def fingerprint(nsd, directory, deployment):
    with Unbound(directory, nsd, with_module(deployment)) as server:
        pass
    return re.search(r"fingerprint (\w+)", server.process.log())[1]


def test_fingerprint(nsd, directory):
    """The same for the same deployment, another for another."""
    prints = [
        fingerprint(nsd, directory / str(turn), deployment.write(directory))
        for turn, deployment in enumerate((DEPLOYMENT, DEPLOYMENT, deployments.MULTISITE))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_warning(nsd, directory):
    """What is doubtful but accepted is logged, and nothing is refused: here a NAT64 prefix other than a /96."""
    with Unbound(directory, nsd, with_module(deployments.MULTISITE.write(directory))) as server:
        pass
    (line,) = server.process.log_lines("warning: directaccess")
    assert "multisite.yaml: entry-points[1].nat64-prefix: " in line and "fd12:3456:789a:8888::/64" in line


GOOD = DEPLOYMENT.yaml

# Title → (deployment file, what the line in the log must name: field, value and what was expected).
BAD = {
    "unknown key": (GOOD + "colour: blue\n", ["colour"]),
    "no YAML": ("suffixes: [corp.example.net\n", ["bad.yaml:"]),
    "empty file": ("", ["bad.yaml:"]),
    "empty list": (GOOD.replace("servers:\n", "servers: []\n    ignored:\n"), ["servers"]),
    "address": (GOOD.replace("10.0.0.12", "10.0.0.256"), ["entry-points[0].servers[1].address", '"10.0.0.256"']),
    "vip of a server": (
        GOOD.replace("vip: 10.0.0.10", "vip: 10.0.0.12"),
        ["entry-points[0].load-balancer.vip", '"10.0.0.12"'],
    ),
    "prefix length": (
        GOOD.replace("7777::/96", "7777::/80"),
        ["entry-points[0].nat64-prefix", '"fd12:3456:789a:7777::/80"', "96"],
    ),
    "ttl": (GOOD.replace("ttl: 600", "ttl: 86401", 1), ["ttl", '"86401"', "86400"]),
    "repeated suffix": (
        GOOD.replace("emea.corp.example.net", "CORP.example.net."),
        ["suffixes[1]", '"CORP.example.net."'],
    ),
    "router is blocked": (
        GOOD.replace("isatap-router: isatap-da", "isatap-router: ISATAP"),
        ["isatap-router", '"ISATAP"'],
    ),
}


@pytest.mark.parametrize("title", BAD)
def test_bad_file(nsd, directory, title):
    """Unbound does not start; one error line names file, field, value and what was expected."""
    text, names = BAD[title]
    path = directory / "bad.yaml"
    path.write_text(text)
    log = Unbound(directory, nsd, with_module(path)).start_refused()
    (line,) = [line for line in log.splitlines() if "error: directaccess" in line]
    assert str(path) in line, line
    for name in names:
        assert name in line, line
    assert "module init for module dynlib failed" in log, log


def refusal(nsd, directory, path, **settings):
    """The error line of an Unbound that must not start with this deployment file."""
    log = Unbound(directory, nsd, with_module(path, **settings)).start_refused()
    (line,) = [line for line in log.splitlines() if "error: directaccess" in line]
    return line


def test_missing_file(nsd, directory):
    line = refusal(nsd, directory, directory / "missing.yaml")
    assert str(directory / "missing.yaml") in line and "No such file" in line, line


def test_directory_as_file(nsd, directory):
    line = refusal(nsd, directory, directory)
    assert str(directory) in line and "directory" in line.lower(), line


DEFAULT_PATH = pathlib.Path("/etc/unbound/directaccess.yaml")


@pytest.mark.parametrize("environ", [{}, {"DIRECTACCESS_DEPLOYMENT": ""}], ids=["unset", "empty"])
def test_default_path(nsd, directory, environ):
    """Without the variable the file is the one in /etc/unbound, here missing; test_privileges.py has one that is there."""
    hide = environment.unshare("--mount") + ("sh", "-c", 'mount -t tmpfs none /etc && exec "$@"', "sh")
    line = refusal(nsd, directory, None, environ=environ, wrapper=hide if DEFAULT_PATH.exists() else ())
    assert f"{DEFAULT_PATH}: cannot be opened" in line, line


def test_module_twice(nsd, directory):
    """A second instance of the module is refused."""
    modules = "dynlib dynlib validator iterator"
    settings = with_module(DEPLOYMENT.write(directory), modules=modules, dynlib=(environment.module(),) * 2)
    log = Unbound(directory, nsd, settings).start_refused()
    assert re.search("error: directaccess: .*twice", log), log


def test_checkconf(nsd, directory):
    """unbound-checkconf accepts the configuration; it does not load modules."""
    with Unbound(directory, nsd, with_module(DEPLOYMENT.write(directory))) as server:
        command = [server.tree / "unbound-checkconf", server.configuration]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class Daemon(Unbound):
    """Unbound that puts itself into the background, in a PID namespace whose end is the end of it."""

    def command(self):
        until_it_ends = """
            "$@" || exit
            until [ -s "$0" ]; do sleep 0.1; done
            pid=$(cat "$0")
            while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        """
        shell = ("sh", "-c", until_it_ends, self.directory / "pid")
        return [*environment.unshare("--pid", "--fork", "--kill-child"), *shell, self.tree / "unbound", "-c", self.configuration]

    def stop(self):
        self.control("stop")
        assert self.process.wait() == 0


def test_daemon(nsd, directory):
    """The process that stays takes a new deployment, though it was another one, its parent, that read the first."""
    path = DEPLOYMENT.write(directory)
    background = ("do-daemonize: yes", f'pidfile: "{directory}/pid"', f'logfile: "{directory}/daemon.log"')
    settings = with_module(path, server=background, environ=NO_LEAK_CHECK)
    with Daemon(directory, nsd, settings) as server, server.client() as client:
        assert [record.data for record in client.udp(PROBE).answer] == ["10.0.0.10"]
        path.write_text(DEPLOYMENT.yaml.replace("vip: 10.0.0.10", "vip: 10.0.0.13"))
        time.sleep(2.5)
        assert [record.data for record in client.udp(PROBE).answer] == ["10.0.0.13"]
    log = (directory / "daemon.log").read_text()
    assert log.count("info: directaccess") == 3 and "stopped; ANSWER 2, " in log, log


def test_suffixes_of_the_largest_deployment(nsd, directory):
    """10,000 suffixes, the limit: Unbound starts soon and answers under the first, the last and one between."""
    count = 10_000
    path = directory / "large.yaml"
    listed = "\n".join(f"  - site{number:05}.example.net" for number in range(count))
    path.write_text(GOOD.replace("  - corp.example.net\n  - emea.corp.example.net", listed))
    with Unbound(directory, nsd, with_module(path)) as server, server.client() as client:
        for number in (0, 4_711, count - 1):
            suffix = f"site{number:05}.example.net."
            reply = client.udp(Query(f"{deployments.PROBE}.{suffix}"))
            assert [record.data for record in reply.answer] == ["10.0.0.10"]
            assert client.udp(Query(f"isatap.{suffix}")).rcode == "NXDOMAIN"
        assert client.udp(Query("host.other.example.")).rcode == "NOERROR"
    assert "suffixes 10000, records 70000" in server.process.log()
