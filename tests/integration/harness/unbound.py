"""Unbound as the resolver, with or without the module.

The configuration is the default one, less what loopback and a test forbid: every zone of the upstream server is a stub,
so that nothing is ever asked elsewhere.
"""

import contextlib
import dataclasses
import pathlib
import shutil
import subprocess
import tempfile

from . import environment
from .client import Query
from .host import LOCAL
from .server import Server

SERVING = "start of service"  # what Unbound logs when it is up, at the start and after every reload
WITH_MODULE = "dynlib validator iterator"
WITHOUT_MODULE = "validator iterator"

# For Settings.environ where Unbound has no /proc of its own, which LeakSanitizer reads: in a chroot, in a PID namespace.
NO_LEAK_CHECK = {"LSAN_OPTIONS": "detect_leaks=0"}


@dataclasses.dataclass
class Settings:
    """What differs between the resolvers of the tests."""

    tree: pathlib.Path = None  # None: environment.unbound_tree()
    modules: str = WITHOUT_MODULE
    dynlib: tuple = ()  # files, one for each "dynlib" in modules
    deployment: pathlib.Path = None  # DIRECTACCESS_DEPLOYMENT; None: the variable is not set
    threads: int = 1
    server: tuple = ()  # further lines of the server clause
    clauses: tuple = ()  # further lines behind it
    wrapper: tuple = ()  # a program to run Unbound in, with its arguments
    environ: dict = dataclasses.field(default_factory=dict)


def with_module(deployment, **others):
    """Settings of an Unbound that has the module, in its recommended place unless `modules` is given."""
    return Settings(**{"modules": WITH_MODULE, "dynlib": (environment.module(),), "deployment": deployment} | others)


def without_module(settings):
    """The same Unbound less the module."""
    modules = " ".join(module for module in settings.modules.split() if module != "dynlib")
    return dataclasses.replace(settings, modules=modules, dynlib=(), deployment=None)


@contextlib.contextmanager
def side_by_side(directory, upstream, settings):
    """Gives the Unbound with the module, a client of it, and a client of the same Unbound without the module."""
    with (
        Unbound(directory, upstream, settings, "with") as ours,
        Unbound(directory, upstream, without_module(settings), "without") as plain,
        ours.client() as ours_client,
        plain.client() as plain_client,
    ):
        yield ours, ours_client, plain_client


class Unbound(Server):
    def __init__(self, directory, upstream, settings=None, name="unbound", host=LOCAL):
        super().__init__(name, directory, host)
        self.upstream = upstream
        self.settings = settings or Settings()
        self.tree = self.settings.tree or environment.unbound_tree()
        self._control_directory = None

    def prepare(self):
        settings = self.settings
        lines = [
            "server:",
            f'  directory: "{self.directory}"',
            f"  interface: {self.host.address}@{self.port}",
            "  do-ip6: no",
            "  do-daemonize: no",
            '  username: ""',
            '  chroot: ""',
            '  pidfile: ""',
            "  use-syslog: no",
            "  log-time-ascii: yes",
            "  do-not-query-localhost: no",
            f"  num-threads: {settings.threads}",
            f'  module-config: "{settings.modules}"',
            *(f"  {line}" for line in settings.server),
            "remote-control:",
            "  control-enable: yes",
            f'  control-interface: "{self._control_socket()}"',
            "  control-use-cert: no",
        ]
        for zone in self.upstream.zones:
            lines += ["stub-zone:", f'  name: "{zone}"', f"  stub-addr: {self.upstream.host.address}@{self.upstream.port}"]
        for path in settings.dynlib:
            lines += ["dynlib:", f'  dynlib-file: "{path}"']
        lines += settings.clauses
        self.configuration.write_text("\n".join(lines) + "\n")

    @property
    def configuration(self):
        return self.directory / f"{self.name}.conf"

    def command(self):
        return [*self.settings.wrapper, self.tree / "unbound", "-d", "-c", self.configuration]

    def environ(self):
        environ = dict(self.settings.environ)
        if self.settings.deployment is not None:
            environ["DIRECTACCESS_DEPLOYMENT"] = self.settings.deployment
        if self.settings.dynlib and environment.sanitizer() == "address":
            environ |= environment.preloaded(environment.module())
        return environ

    def ready(self, client):
        """A name that Unbound answers from its own configuration: no module is asked."""
        client.timeout = 0.5
        return client.udp(Query("localhost.")).rcode == "NOERROR"

    def control(self, *arguments, seconds=30):
        """Runs unbound-control and returns what it prints; an error of it is an exception."""
        command = [self.tree / "unbound-control", "-c", self.configuration, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds).stdout

    def reload(self, command="reload"):
        """Reloads, and waits for it: unbound-control returns as soon as one thread has taken the order."""
        self.wait_for_reload(lambda: self.control(command), SERVING)

    def statistics(self):
        """Counters since the start."""
        pairs = (line.split("=") for line in self.control("stats_noreset").splitlines())
        return {key: float(value) for key, value in pairs}

    def _control_socket(self):
        # The path of a socket must fit 108 octets; those of build directories do not always.
        if self._control_directory is None:
            self._control_directory = tempfile.mkdtemp(prefix="unbound-")
        return pathlib.Path(self._control_directory) / "control"

    def _kill(self):
        super()._kill()
        if self._control_directory is not None:
            shutil.rmtree(self._control_directory, ignore_errors=True)
            self._control_directory = None


class StockUnbound(Unbound):
    """The distribution's own, which loads no modules; unbound-control is still that of the tree."""

    def command(self):
        return [environment.server("unbound"), "-d", "-c", self.configuration]
