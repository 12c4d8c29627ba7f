"""An LDAP server (RFC 4511) that does what a test says, wrong things above all; and certificates for it."""

import contextlib
import socket
import ssl
import struct
import subprocess
import threading

from . import environment
from .ports import LOOPBACK

BIND, BIND_DONE = 0x60, 0x61
SEARCH, ENTRY, SEARCH_DONE = 0x63, 0x64, 0x65
MODIFY, MODIFY_DONE = 0x66, 0x67
EXTENDED, EXTENDED_DONE = 0x77, 0x78
UNBIND = 0x42
SUCCESS, REFERRAL, NO_SUCH_OBJECT, INVALID_CREDENTIALS, INSUFFICIENT_ACCESS = 0, 10, 32, 49, 50

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() resets the connection
_PAGED = b"1.2.840.113556.1.4.319"
_NAME_OF_DONE = {BIND: BIND_DONE, SEARCH: SEARCH_DONE, MODIFY: MODIFY_DONE, EXTENDED: EXTENDED_DONE}

# ---- BER (X.690) ----


def tlv(tag, content):
    length = bytes([len(content)]) if len(content) < 128 else b"\x84" + struct.pack("!I", len(content))
    return bytes([tag]) + length + content


def octets(value):
    return tlv(0x04, value.encode() if isinstance(value, str) else value)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def children(content):
    """(tag, content) of what is in a constructed value."""
    while content:
        tag, length, at = content[0], content[1], 2
        if length & 0x80:
            at += length & 0x7F
            length = int.from_bytes(content[2:at], "big")
        yield tag, content[at : at + length]
        content = content[at + length :]


# ---- messages ----


def message(identifier, operation, controls=b""):
    return tlv(0x30, integer(identifier) + operation + (tlv(0xA0, controls) if controls else b""))


def result(tag, code=SUCCESS, said="", referral=()):
    also = tlv(0xA3, b"".join(map(octets, referral))) if referral else b""
    return tlv(tag, tlv(0x0A, bytes([code])) + octets("") + octets(said) + also)


def entry(dn, attributes):
    """attributes: name → values, text or octets."""
    listed = (
        tlv(0x30, octets(name) + tlv(0x31, b"".join(map(octets, values)))) for name, values in attributes.items()
    )
    return tlv(ENTRY, octets(dn) + tlv(0x30, b"".join(listed)))


def page(cookie):
    """The control that says that there is more, or with an empty cookie that there is not."""
    return tlv(0x30, octets(_PAGED) + octets(tlv(0x30, integer(0) + octets(cookie))))


class Request:
    def __init__(self, wire):
        ((_, content),) = children(wire)
        (_, identifier), (self.tag, self.content), *_ = children(content)
        self.identifier = int.from_bytes(identifier, "big")

    @property
    def base(self):
        """Of a search."""
        return next(children(self.content))[1].decode()

    @property
    def password(self):
        """Of a bind."""
        return list(children(self.content))[2][1].decode()

    def answer(self, *operations, code=SUCCESS, said="", referral=(), controls=b""):
        """Octets of the reply that ends with a result, further operations before it."""
        done = result(_NAME_OF_DONE[self.tag], code, said, referral)
        return b"".join(
            [message(self.identifier, operation) for operation in operations]
            + [message(self.identifier, done, controls)]
        )


# ---- the server ----


class Certificate:
    """A certificate that is its own authority."""

    def __init__(self, directory, subject=f"IP:{LOOPBACK},DNS:localhost", days=2):
        directory.mkdir(parents=True, exist_ok=True)
        self.path, self.key = directory / "server.pem", directory / "server.key"
        command = [environment.tool("openssl", "openssl"), "req", "-x509", "-nodes", "-days", str(days)]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=directory"]
        command += ["-addext", f"subjectAltName={subject}", "-keyout", self.key, "-out", self.path]
        subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=30)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path, self.key)


class Connection:
    """What a script has in its hands."""

    def __init__(self, connection, certificate, server):
        self.socket, self._certificate, self._server = connection, certificate, server

    def start_tls(self):
        self.socket = self._certificate.context.wrap_socket(self.socket, server_side=True)

    def send(self, wire):
        self.socket.sendall(wire)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.socket.close()

    def wait(self):
        """Says nothing until the client is gone."""
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass

    def request(self):
        """The next request; None: the client is gone. The server keeps it."""
        head = self._read(2)
        if not head:
            return None
        length = head[1]
        if length & 0x80:
            more = self._read(length & 0x7F)
            head, length = head + more, int.from_bytes(more, "big")
        request = Request(head + self._read(length))
        self._server.requests.append(request)
        return request

    def _read(self, length):
        wire = b""
        while len(wire) < length:
            more = self.socket.recv(length - len(wire))
            if not more:
                return b""
            wire += more
        return wire


class Server:
    """script: called with a Connection for each; TLS is its to begin. requests: all that came, in order."""

    def __init__(self, script, certificate=None):
        self._script, self._certificate = script, certificate
        self.requests = []
        self.connections = 0
        self._listener = socket.create_server((LOOPBACK, 0), backlog=50)
        self.port = self._listener.getsockname()[1]

    def url(self, scheme="ldaps", host=LOOPBACK):
        return f"{scheme}://{host}:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, accepted):
        connection = Connection(accepted, self._certificate, self)
        with contextlib.suppress(OSError, ValueError):
            self._script(connection)
        with contextlib.suppress(OSError):
            connection.socket.close()


def serve(contents, password=None):
    """A script that behaves: TLS, then a directory.

    contents  DN of a search's base → entries (DN, attributes), or octets of a function of the request. The filter is
              not looked at. What is not among them is not there.
    password  the right one; None: any
    """

    def reply(request):
        if request.tag == BIND:
            if password not in (None, request.password):
                said = "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563"
                return request.answer(code=INVALID_CREDENTIALS, said=said)
            return request.answer()
        found = contents.get(request.base)
        if found is None:
            return request.answer(code=NO_SUCH_OBJECT)
        return found(request) if callable(found) else request.answer(*(entry(*one) for one in found))

    def script(connection):
        connection.start_tls()
        while (request := connection.request()) is not None and request.tag in _NAME_OF_DONE:
            connection.send(reply(request))

    return script
