"""Knot DNS as an authoritative server: plain zones, or the primary of a fleet."""

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
    """Further sections of the configuration, and further lines for every zone."""

    sections: tuple = ()
    zone: tuple = ()


class Knot(Server):
    """zones: zone name → zone file."""

    def __init__(self, directory, zones, settings=None, name="knot", host=LOCAL):
        super().__init__(name, directory, host)
        self.zones = zones
        self.settings = settings or Settings()
        self._control_directory = None

    @property
    def configuration(self):
        return self.directory / f"{self.name}.conf"

    def prepare(self):
        # The path of a socket must fit 108 octets; those of build directories do not always.
        if self._control_directory is None:
            self._control_directory = pathlib.Path(tempfile.mkdtemp(prefix="knot-"))
        storage = self.directory / "storage"
        storage.mkdir(exist_ok=True)
        lines = [
            "server:",
            f"    listen: {self.host.address}@{self.port}",
            f"    rundir: {self._control_directory}",
            "    udp-workers: 1",
            "    tcp-workers: 1",
            "    background-workers: 1",
            "database:",
            f"    storage: {storage}",
            "log:",
            "  - target: stderr",
            "    any: info",
            *self.settings.sections,
            "zone:",
        ]
        for zone, path in self.zones.items():
            lines += [f"  - domain: {zone}", f"    file: {path}", *(f"    {line}" for line in self.settings.zone)]
        self.configuration.write_text("\n".join(lines) + "\n")

    def command(self):
        return [environment.server("knotd"), "-c", self.configuration]

    def ready(self, client):
        """All zones are loaded."""
        client.timeout = 0.5
        return all(client.udp(Query(zone, "SOA", rd=False)).rcode == "NOERROR" for zone in self.zones)

    def control(self, *arguments, seconds=30):
        """Runs knotc, blocking, and returns what it prints; an error of it is a Failure."""
        command = [environment.server("knotc"), "-b", "-c", self.configuration, *arguments]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=seconds)
        if done.returncode != 0:
            raise Failure(f"{self.name}: knotc {' '.join(map(str, arguments))}: {done.stderr}{done.stdout}")
        return done.stdout

    def _kill(self):
        super()._kill()
        if self._control_directory is not None:
            shutil.rmtree(self._control_directory, ignore_errors=True)
            self._control_directory = None
