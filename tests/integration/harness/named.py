"""named, with or without the plugin, recursive or authoritative.

Everything recursive is forwarded to the upstream server, so that nothing is ever asked elsewhere.
"""

import contextlib
import dataclasses
import pathlib
import secrets
import subprocess

from . import environment
from .client import Query
from .host import LOCAL
from .ports import LOOPBACK, free_port
from .process import Failure
from .server import Server

SERVING = "^[^ ]+ [^ ]+ (running|any newly configured zones are now loaded)$"  # up, at the start and after a reload


@dataclasses.dataclass
class Settings:
    """What differs between the named of the tests."""

    recursive: bool = True
    plugins: tuple = ()  # whole plugin statements, for the default view
    threads: int = 1
    options: tuple = ()  # further lines of the options statement
    statements: tuple = ()  # further lines behind it, zones among them
    wrapper: tuple = ()  # a program to run named in, with its arguments
    arguments: tuple = ()  # further ones of named
    environ: dict = dataclasses.field(default_factory=dict)


def plugin(deployment, path=None):
    """A plugin statement. path: None: environment.bind_plugin()."""
    return f'plugin query "{path or environment.bind_plugin()}" {{ deployment "{deployment}"; }};'


def with_plugin(deployment, **others):
    """Settings of a named that has the plugin in its default view."""
    return Settings(**{"plugins": (plugin(deployment),)} | others)


def without_plugin(settings):
    """The same named less the plugin."""
    return dataclasses.replace(settings, plugins=())


@contextlib.contextmanager
def side_by_side(directory, upstream, settings):
    """Gives the named with the plugin, a client of it, and a client of the same named without the plugin."""
    with (
        Named(directory / "with", upstream, settings, "with") as ours,
        Named(directory / "without", upstream, without_plugin(settings), "without") as plain,
        ours.client() as ours_client,
        plain.client() as plain_client,
    ):
        yield ours, ours_client, plain_client


class Named(Server):
    """upstream may be None where nothing is recursive."""

    def __init__(self, directory, upstream, settings=None, name="named", host=LOCAL):
        super().__init__(name, directory, host)
        self.upstream = upstream
        self.settings = settings or Settings()
        self.control_port = None

    @property
    def configuration(self):
        return self.directory / f"{self.name}.conf"

    @property
    def _key(self):
        return self.directory / f"{self.name}.rndc"

    def prepare(self):
        settings = self.settings
        self.control_port = free_port()
        self._key.write_text(
            f'key "rndc" {{ algorithm hmac-sha256; secret "{secrets.token_hex(24)}"; }};\n'
            f'options {{ default-key "rndc"; default-server {LOOPBACK}; default-port {self.control_port}; }};\n'
        )
        key_statement = self._key.read_text().splitlines()[0]
        lines = [
            key_statement,
            f'controls {{ inet {LOOPBACK} port {self.control_port} allow {{ {LOOPBACK}; }} keys {{ "rndc"; }}; }};',
            "options {",
            f'  directory "{self.directory}";',
            f"  listen-on port {self.port} {{ {self.host.address}; }};",
            "  listen-on-v6 { none; };",
            "  pid-file none;",
            "  session-keyfile none;",
            "  dnssec-validation no;",
            "  notify no;",
            *self._recursion(),
            *(f"  {line}" for line in settings.options),
            "};",
            *settings.statements,
            *settings.plugins,
        ]
        self.configuration.write_text("\n".join(lines) + "\n")

    def _recursion(self):
        if not self.settings.recursive:
            return ["  recursion no;"]
        # Zones of RFC 6303 would be answered before upstream is asked.
        forwarders = f"{self.upstream.host.address} port {self.upstream.port}"
        return ["  recursion yes;", "  empty-zones-enable no;", "  forward only;", f"  forwarders {{ {forwarders}; }};"]

    def command(self):
        settings = self.settings
        named = [environment.server("named"), "-g", "-n", settings.threads, "-c", self.configuration]
        return [*settings.wrapper, *named, *settings.arguments]

    def environ(self):
        environ = dict(self.settings.environ)
        if self.settings.plugins and environment.sanitizer() == "address":
            environ |= environment.preloaded(environment.bind_plugin())
        return environ

    def ready(self, client):
        """A name of named's own view: no other view and no plugin is asked."""
        client.timeout = 0.5
        return client.udp(Query("version.bind.", "TXT", "CH")).rcode == "NOERROR"

    def rndc(self, *arguments, seconds=30, check=True):
        """Runs rndc and returns (exit status, what it prints); with check, an error of it is an exception."""
        command = [environment.tool("rndc", "bind9-utils"), "-c", self._key, *arguments]
        done = subprocess.run([*self.host.wrapper, *command], capture_output=True, text=True, timeout=seconds)
        if check and done.returncode != 0:
            raise Failure(f"{self.name}: rndc {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.returncode, done.stdout + done.stderr

    def reload(self, command="reconfig"):
        """Reloads, and waits until it has happened."""
        self.wait_for_reload(lambda: self.rndc(command), SERVING)


def checkconf(path, *arguments):
    """named-checkconf over a file: (exit status, what it prints)."""
    command = [environment.tool("named-checkconf", "bind9-utils"), *arguments, pathlib.Path(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout + done.stderr
