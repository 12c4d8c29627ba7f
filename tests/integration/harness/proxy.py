"""A TCP proxy that a test can look through, hold up, and cut."""

import contextlib
import selectors
import socket
import struct
import threading

_CHUNK = 65536
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() resets the connection


class Proxy:
    """Hands connections on, one after the other, from a free port of an address to a port there.

    before(n), after(n)  called around handing on what the client sent for the n-th time, counted from 1; the server's
                         reply waits
    cut_sent, cut_received
                         both connections are reset when so many octets of the client's, or of the server's, were
                         handed on; None: never
    """

    def __init__(self, address, port, before=None, after=None, cut_sent=None, cut_received=None):
        self._target = (address, port)
        self._before, self._after = before, after
        self._left = {"sent": cut_sent, "received": cut_received}
        self.requests = 0
        self.octets = {"sent": 0, "received": 0}
        self._listener = socket.create_server((address, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        assert not self._thread.is_alive(), "a connection through the proxy does not end"

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, socket.create_connection(self._target) as server, contextlib.suppress(OSError):
                    self._hand_on(client, server)

    def _hand_on(self, client, server):
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, ("sent", server))
            selector.register(server, selectors.EVENT_READ, ("received", client))
            while True:
                for key, _ in selector.select():
                    way, other = key.data
                    octets = key.fileobj.recv(_CHUNK)
                    if not octets:
                        return
                    if not self._send(way, octets, other):
                        for end in (client, server):
                            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                        return

    def _send(self, way, octets, other):
        """False where the connections are to be cut."""
        if way == "sent":
            self.requests += 1
            if self._before:
                self._before(self.requests)
        left = self._left[way]
        cut = left is not None and len(octets) >= left
        if cut:
            octets = octets[:left]
        elif left is not None:
            self._left[way] = left - len(octets)
        other.sendall(octets)
        self.octets[way] += len(octets)
        if way == "sent" and self._after:
            self._after(self.requests)
        return not cut
