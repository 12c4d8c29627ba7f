"""Start: how the plugin is configured, what is logged, and what named and named-checkconf refuse.

named asks only plugin_register(), named-checkconf only plugin_check(): both must say the same.
"""

import os
import re
from unittest import mock

import pytest

from harness import environment, named
from harness.client import Query
from harness.named import Named, Settings, plugin, with_plugin
from table import deployments
from test_start import BAD

DEPLOYMENT = deployments.NLB
PROBE = Query(f"{deployments.PROBE}.corp.example.net.")


def checkconf(path, *arguments):
    """named-checkconf, which is not instrumented and may have to load a plugin that is."""
    instrumented = environment.sanitizer() == "address"
    with mock.patch.dict(os.environ, environment.preloaded(environment.bind_plugin()) if instrumented else {}):
        return named.checkconf(path, *arguments)


def test_log_lines(nsd, directory):
    """One line at start: place in named.conf, version, file, fingerprint, how much is published. One at stop: the
    answers by verdict."""
    path = DEPLOYMENT.write(directory)
    with Named(directory, nsd, with_plugin(path)) as server, server.client() as client:
        for _ in range(3):
            client.udp(PROBE)  # ANSWER
        for kind in ("AAAA", "MX"):
            client.udp(Query(PROBE.name, kind))  # NODATA
        client.udp(Query("isatap.corp.example.net."))  # NXDOMAIN
        for _ in range(4):
            client.udp(Query("host.other.example."))  # PASS
        client.udp(Query("alias-probe.corp.example.net."))  # PASS, and its target is an ANSWER
    lines = server.process.log_lines("directaccess [0-9]")
    assert len(lines) == 2, lines
    start, stop = lines
    place = rf" {re.escape(str(server.configuration))}:{line_of(server.configuration, 'plugin query')}: "
    version = rf"{place}directaccess \d+\.\d+\.\d+: "
    # 4 labels with 5 RRsets and 7 records, under each of 2 suffixes.
    expected = rf"{version}deployment {re.escape(str(path))}, fingerprint [0-9a-f]{{32}}, suffixes 2, records 14$"
    assert re.search(expected, start), start
    assert re.search(rf"{version}stopped; ANSWER 4, NODATA 2, NXDOMAIN 1, PASS 5$", stop), stop
    assert not server.process.log_lines("directaccess: ")


def line_of(path, text):
    """The number of the first line that holds the text."""
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def fingerprint(nsd, directory, deployment):
    with Named(directory, nsd, with_plugin(deployment)) as server:
        pass
    return re.search(r"fingerprint (\w+)", server.process.log())[1]


def test_fingerprint(nsd, directory):
    """The same for the same deployment, another for another."""
    prints = [
        fingerprint(nsd, directory / str(turn), deployment.write(directory))
        for turn, deployment in enumerate((DEPLOYMENT, DEPLOYMENT, deployments.MULTISITE))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_relative_path(nsd, directory):
    """A path that is not absolute is below the option `directory`, for named and for named-checkconf."""
    DEPLOYMENT.write(directory)
    with Named(directory, nsd, with_plugin(f"./{DEPLOYMENT}.yaml")) as server, server.client() as client:
        assert [record.data for record in client.udp(PROBE).answer] == ["10.0.0.10"]
        assert checkconf(server.configuration) == (0, "")


# ---- what is refused ----


def refusal(nsd, directory, settings):
    """What the plugin says to a named.conf with a fault in it. named-checkconf has status 1 and names the same lines as
    named, which does not start."""
    server = Named(directory, nsd, settings)
    log = server.start_refused()
    status, output = checkconf(server.configuration)
    assert status == 1, output
    of_named = [line.partition(" ")[2].partition(" ")[2] for line in log.splitlines() if "directaccess: " in line]
    of_checkconf = [line for line in output.splitlines() if "directaccess: " in line]
    assert of_named == of_checkconf
    assert "loading configuration: " in log
    prefix = f"{server.configuration}:"
    assert all(line.startswith(prefix) for line in of_checkconf), of_checkconf
    return [line.removeprefix(prefix) for line in of_checkconf]


@pytest.mark.parametrize("title", BAD)
def test_bad_file(nsd, directory, title):
    """One line names line of named.conf, file, field, value and what was expected."""
    text, names = BAD[title]
    path = directory / "bad.yaml"
    path.write_text(text)
    settings = with_plugin(path)
    (line,) = refusal(nsd, directory, settings)
    assert line.startswith(f"{line_of(directory / 'named.conf', 'plugin query')}: directaccess: {path}"), line
    for name in names:
        assert name in line, line


def test_missing_file(nsd, directory):
    (line,) = refusal(nsd, directory, with_plugin(directory / "missing.yaml"))
    assert str(directory / "missing.yaml") in line and "No such file" in line, line


def test_directory_as_file(nsd, directory):
    (line,) = refusal(nsd, directory, with_plugin(directory))
    assert str(directory) in line and "directory" in line.lower(), line


def test_pipe_as_file(nsd, directory):
    """To read a pipe would be to wait for its writer."""
    os.mkfifo(directory / "pipe.yaml")
    (line,) = refusal(nsd, directory, with_plugin(directory / "pipe.yaml"))
    assert f"{directory / 'pipe.yaml'}: not a regular file" in line, line


# Title → (text behind the plugin's path, what the plugin says, what named's parser says).
PARAMETERS = {
    "no braces": ("", 'no deployment file; expected { deployment "FILE"; }', ""),
    "empty braces": ("{ }", 'no deployment file; expected { deployment "FILE"; }', ""),
    "empty path": ('{ deployment ""; }', 'no deployment file; expected { deployment "FILE"; }', ""),
    "unknown clause": ('{ deployment "@"; colour "blue"; }', 'expected { deployment "FILE"; }', "unknown option 'colour'"),
    "misspelled clause": ('{ deploiment "@"; }', 'expected { deployment "FILE"; }', "unknown option 'deploiment'"),
    "repeated clause": ('{ deployment "@"; deployment "@"; }', 'expected { deployment "FILE"; }', "redefined"),
    "no quotes": ("{ deployment @; }", 'expected { deployment "FILE"; }', "expected quoted string"),
    "no semicolon": ('{ deployment "@" }', 'expected { deployment "FILE"; }', "missing ';'"),
}


@pytest.mark.parametrize("title", PARAMETERS)
def test_parameters(nsd, directory, title):
    text, ours, of_parser = PARAMETERS[title]
    text = text.replace("@", str(DEPLOYMENT.write(directory)))
    settings = Settings(plugins=(f'plugin query "{environment.bind_plugin()}" {text};',))
    (line,) = refusal(nsd, directory, settings)
    assert line == f"{line_of(directory / 'named.conf', 'plugin query')}: directaccess: {ours}"
    assert of_parser in checkconf(directory / "named.conf")[1]


def test_line_of_a_clause(nsd, directory):
    """Where the statement is spread over lines, with comments, the line is that of the clause."""
    statement = (
        f'plugin query "{environment.bind_plugin()}" {{',
        "  # the deployment",
        "  /* of this",
        "     company */",
        "",
        f'  deployment "{directory}/missing.yaml"; // is missing',
        "};",
    )
    (line,) = refusal(nsd, directory, Settings(plugins=statement))
    assert line.startswith(f"{line_of(directory / 'named.conf', 'missing.yaml')}: directaccess: "), line


def test_warning(nsd, directory):
    """What is doubtful but accepted is logged, and nothing is refused: here a NAT64 prefix other than a /96."""
    with Named(directory, nsd, with_plugin(deployments.MULTISITE.write(directory))) as server:
        status, output = checkconf(server.configuration)
    # named of BIND 9.20 asks plugin_check() as well.
    (line,) = {line.partition(" ")[2].partition(" ")[2] for line in server.process.log_lines("directaccess: ")}
    assert "multisite.yaml: entry-points[1].nat64-prefix: " in line and "fd12:3456:789a:8888::/64" in line
    assert status == 0 and output.rstrip() == line


def test_checkconf_without_plugins(nsd, directory):
    """named-checkconf -c looks at no plugin."""
    server = Named(directory, nsd, with_plugin(directory / "missing.yaml"))
    server.start_refused()
    assert checkconf(server.configuration)[0] == 1
    assert checkconf(server.configuration, "-c") == (0, "")


def test_name_without_a_path(nsd, directory):
    """A bare file name is looked for where named's own plugins are."""
    log = Named(directory, nsd, Settings(plugins=(plugin(DEPLOYMENT.write(directory), "bind-directaccess.so"),)))
    log = log.start_refused()
    assert re.search(r"/bind/bind-directaccess\.so: cannot open shared object file", log), log


def test_suffixes_of_the_largest_deployment(nsd, directory):
    """10,000 suffixes, the limit: named starts soon and answers under the first, the last and one between."""
    count = 10_000
    path = directory / "large.yaml"
    listed = "\n".join(f"  - site{number:05}.example.net" for number in range(count))
    path.write_text(DEPLOYMENT.yaml.replace("  - corp.example.net\n  - emea.corp.example.net", listed))
    with Named(directory, nsd, with_plugin(path)) as server, server.client() as client:
        for number in (0, 4_711, count - 1):
            suffix = f"site{number:05}.example.net."
            reply = client.udp(Query(f"{deployments.PROBE}.{suffix}"))
            assert [record.data for record in reply.answer] == ["10.0.0.10"]
            assert client.udp(Query(f"isatap.{suffix}")).rcode == "NXDOMAIN"
        assert client.udp(Query("host.other.example.")).rcode == "NOERROR"
    assert "suffixes 10000, records 70000" in server.process.log()
