"""Where a server runs and where its clients are: this machine's loopback, or a network namespace."""

import dataclasses
import socket

from .ports import LOOPBACK, free_port


@dataclasses.dataclass(frozen=True)
class Host:
    """The default is loopback, with another free port at each start.

    A subclass for a namespace of its own has an address and a port of its own, a command that runs the rest of its line
    inside, and sockets that were made inside.
    """

    address: str = LOOPBACK
    port: int | None = None  # None: a free one
    wrapper: tuple = ()

    def choose_port(self):
        return self.port or free_port()

    def socket(self, kind):
        """A socket (SOCK_DGRAM or SOCK_STREAM) from which the address can be reached."""
        return socket.socket(socket.AF_INET, kind)


LOCAL = Host()
