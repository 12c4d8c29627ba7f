"""Which BIND takes the plugin: the one it was built for. Every other refuses it, with a line that says why.

named's own check of the plugin version cannot tell releases apart whose structures differ: without the plugin's check
named would load it, and crash at the first query.
"""

import re
import subprocess

import pytest

from harness import environment
from harness.named import Named, Settings, plugin, with_plugin
from table import deployments
from test_bind_start import checkconf

DEPLOYMENT = deployments.NLB
ENTRY_POINTS = {"plugin_register", "plugin_check", "plugin_destroy", "plugin_version"}

# Variant → the end of the version that it was built for, of the host's series. See tests/variants.
VARIANTS = {"version": ".0-1-Debian", "layout": ".0"}


def variant(name):
    return environment.module_variant(name).with_name(f"bind-directaccess-{name}.so")


def variant_version(name):
    return ".".join(host_version().split(".")[:2]) + VARIANTS[name]


def host_version():
    """ "9.18.49-1~deb12u3-Debian": the version that named prints, and that the name of its libns has."""
    done = subprocess.run([environment.server("named"), "-v"], capture_output=True, text=True, check=True)
    return done.stdout.split()[1]


@pytest.mark.parametrize("name", VARIANTS)
def test_refused(nsd, directory, name):
    """named does not start, named-checkconf has status 1, neither crashes, and both name both versions."""
    settings = Settings(plugins=(plugin(DEPLOYMENT.write(directory), variant(name)),))
    server = Named(directory, nsd, settings)
    log = server.start_refused()
    status, output = checkconf(server.configuration)
    assert status == 1
    expected = (
        f"{server.configuration}:{len(server.configuration.read_text().splitlines())}: "
        f"directaccess: built for BIND {variant_version(name)}, but this is BIND {host_version()};"
    )
    for text in (log, output):
        (line,) = [line for line in text.splitlines() if "directaccess: " in line]
        assert expected in line, line


def test_refused_at_reconfig(nsd, directory):
    """A plugin of another build, put into a running named's configuration, leaves that as it was."""
    with Named(directory, nsd, with_plugin(DEPLOYMENT.write(directory))) as server:
        text = server.configuration.read_text()
        server.configuration.write_text(text.replace(str(environment.bind_plugin()), str(variant("layout"))))
        status, output = server.rndc("reconfig", check=False)
        assert status != 0 and "failed" in output
        server.configuration.write_text(text)
        server.reload()
    assert len(server.process.log_lines(f"built for BIND {variant_version('layout')}, but this is BIND ")) == 1


def test_exported_symbols():
    """Plugins share one name space: only what named looks up may be visible."""
    lines = _run("nm", "--dynamic", "--defined-only", "--format=posix", environment.bind_plugin())
    visible = {line.split()[0] for line in lines if "asan" not in line}
    assert visible == ENTRY_POINTS


def dynamic_section():
    return "\n".join(_run("readelf", "--dynamic", "--wide", environment.bind_plugin()))


@pytest.mark.parametrize("flag", ["BIND_NOW", "SYMBOLIC"])
def test_link_flags(flag):
    """A symbol that named lacks must fail at load; our own symbols are ours."""
    assert flag in dynamic_section()


def test_no_library_of_bind_is_needed():
    """They are the running named's; a plugin that needs its own would bring a second set into another named."""
    needed = re.findall(r"NEEDED.*\[(\S+)\]", dynamic_section())
    assert needed and not [name for name in needed if re.match(r"lib(ns|dns|isc|isccfg|bind9)\b", name)]


def _run(tool, *arguments):
    command = [environment.tool(tool, "binutils"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
