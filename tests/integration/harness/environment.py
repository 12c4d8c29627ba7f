"""What the build hands over in environment variables; tests/integration/CMakeLists.txt sets them, and for programs that
are no tests take_from_build() does.

Nothing is searched for and nothing is skipped: what is missing is an error that says what to do.
"""

import os
import pathlib
import re
import shutil
import subprocess


class Missing(Exception):
    """The machine or the build lacks something that the test needs."""


def _path(variable):
    value = os.environ.get(variable, "")
    if not value:
        raise Missing(f"{variable} is not set: run the tests through ctest or scripts/test")
    path = pathlib.Path(value)
    if not path.exists():
        raise Missing(f"{variable}: there is no {path}: run scripts/setup and build again")
    return path


def take_from_build(build):
    """Sets the variables from a build directory, as ctest does for the tests."""
    cache = build / "CMakeCache.txt"
    if not cache.exists():
        raise Missing(f"there is no {cache}: run scripts/build")
    entries = dict(re.findall(r"^(\w+):\w+=(.*)$", cache.read_text(), re.MULTILINE))
    os.environ["DA_DADNS"] = str(build / "zones/dadns")
    os.environ["DA_MODULE"] = str(build / "plugin/unbound/unbound-directaccess.so")
    os.environ["DA_BIND_PLUGIN"] = str(build / "plugin/bind/bind-directaccess.so")
    os.environ["DA_UNBOUND"] = entries["UNBOUND_SOURCE_DIR"]
    os.environ["DA_SERVERS"] = entries["DA_SERVERS_DIR"]


def module():
    """The module, built for the Unbound in unbound_tree()."""
    return _path("DA_MODULE")


def module_variant(name):
    """The module as if built for another Unbound: see tests/variants."""
    return _path("DA_VARIANTS") / f"unbound-directaccess-{name}.so"


def module_other():
    """The module, built for the Unbound in unbound_tree_other()."""
    return _path("DA_MODULE_OTHER")


def unbound_tree():
    """A built source tree of the release's Unbound, dynlib enabled."""
    return _path("DA_UNBOUND")


def unbound_tree_other():
    """The same of another release, for what must be refused."""
    return _path("DA_UNBOUND_OTHER")


def bind_plugin():
    """The plugin, built for the distribution's named."""
    return _path("DA_BIND_PLUGIN")


def servers():
    """The root below which the distribution's own servers are unpacked: scripts/servers."""
    return _path("DA_SERVERS")


def server(name):
    """One of their programs, such as "nsd", or "unbound" without dynlib."""
    path = servers() / "usr/sbin" / name
    if not path.exists():
        raise Missing(f"there is no {path}: run scripts/setup")
    return path


def dadns():
    return _path("DA_DADNS")


def sanitizer():
    """ "" or "address": what the module was instrumented with."""
    return os.environ.get("DA_SANITIZER", "")


def preloaded(module):
    """Environment for a server that is not instrumented and loads a module that is: the runtime must be there first."""
    linked = subprocess.run(["ldd", module], capture_output=True, text=True, check=True).stdout
    runtime = re.search(r"=> (\S*asan\S*) ", linked)
    if not runtime:
        raise Missing(f"{module} is not linked with a shared AddressSanitizer")
    return {
        "LD_PRELOAD": runtime[1],
        "ASAN_OPTIONS": "exitcode=99:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "exitcode=99:halt_on_error=1:print_stacktrace=1",
    }


def tool(name, package):
    """A program of the system. package is the Debian package that has it."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise Missing(f"{name} is not installed: Debian package {package}")
    return found


def unshare(*namespaces):
    """A command that runs the rest of its line in namespaces of its own; who is not root needs one of users for that."""
    as_root = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    return (tool("unshare", "util-linux"), *as_root, *namespaces)


def unbound_version(tree):
    """ "1.17.1": the version that the tree's unbound prints."""
    output = subprocess.run([tree / "unbound", "-V"], capture_output=True, text=True, check=True).stdout
    return output.split()[1]
