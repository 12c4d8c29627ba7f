"""PowerDNS Recursor. Everything is forwarded to the upstream server, so that nothing is ever asked elsewhere."""

import dataclasses
import pathlib
import shutil
import subprocess
import tempfile

from . import environment
from .client import Query
from .host import LOCAL
from .process import Failure
from .server import Server


@dataclasses.dataclass
class Settings:
    """What differs between the recursors of the tests."""

    lua: tuple = ()  # lines of lua-config-file
    options: tuple = ()  # further lines of recursor.conf


class Recursor(Server):
    def __init__(self, directory, upstream, settings=None, name="recursor", host=LOCAL):
        super().__init__(name, directory, host)
        self.upstream = upstream
        self.settings = settings or Settings()
        self._control_directory = None

    @property
    def configuration(self):
        """The program finds it by its directory and its name."""
        return self.directory / f"recursor-{self.name}.conf"

    def prepare(self):
        # The path of a socket must fit 108 octets; those of build directories do not always.
        if self._control_directory is None:
            self._control_directory = pathlib.Path(tempfile.mkdtemp(prefix="recursor-"))
        lua = self.directory / f"{self.name}.lua"
        # No trust anchor: the upstream server's root is another one.
        lua.write_text("\n".join(["clearTA()", *self.settings.lua]) + "\n")
        lines = [
            f"local-address={self.host.address}",
            f"local-port={self.port}",
            f"socket-dir={self._control_directory}",
            "daemon=no",
            "disable-syslog=yes",
            "threads=1",
            "setuid=",
            "setgid=",
            "security-poll-suffix=",  # else it asks the Internet for advisories
            "dont-query=",  # else loopback is never asked
            f"forward-zones={','.join(self._forwarded())}",
            f"lua-config-file={lua}",
            *self.settings.options,
        ]
        self.configuration.write_text("\n".join(lines) + "\n")

    def _forwarded(self):
        """Every zone by itself: behind a delegation that it has seen it would ask the zone's own servers."""
        return (f"{zone}={self.upstream.host.address}:{self.upstream.port}" for zone in self.upstream.zones)

    def command(self):
        return [environment.server("pdns_recursor"), *self._where()]

    def ready(self, client):
        """A name that it answers about itself."""
        client.timeout = 0.5
        return client.udp(Query("version.bind.", "TXT", "CH")).rcode == "NOERROR"

    def stop(self):
        """It has no handler for SIGTERM: its own command ends it in order."""
        if not self.process.running():
            return super().stop()
        command = [environment.servers() / "usr/bin/rec_control", *self._where(), "quit-nicely"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        status = self.process.wait()
        if done.returncode != 0 or status != 0:
            log = self.process.log()[-3000:]
            raise Failure(f"{self.name} exits with status {status}: {done.stderr}{done.stdout}\n{log}")

    def _where(self):
        return f"--config-dir={self.directory}", f"--config-name={self.name}"

    def _kill(self):
        super()._kill()
        if self._control_directory is not None:
            shutil.rmtree(self._control_directory, ignore_errors=True)
            self._control_directory = None
