"""Queries and answers at the wire level.

A Query says everything that is sent; a Reply holds everything that came back, as plain values that compare with ==.
Names are text with their spelling: no comparison here ignores case.
"""

import dataclasses
import functools
import random
import socket
import struct

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from .host import LOCAL

UDP_SIZE = 1232  # what queries with EDNS offer
CACHED = 4096  # messages; of thousands, most are the same but for their ID


class Timeout(Exception):
    """No answer in time."""


@dataclasses.dataclass(frozen=True)
class Query:
    name: str
    type: str = "A"
    klass: str = "IN"
    rd: bool = True
    cd: bool = False
    ad: bool = False
    edns: bool = False
    do: bool = False  # implies edns
    edns_version: int = 0

    def to_wire(self, ident):
        return struct.pack("!H", ident) + self._behind_ident()

    @functools.lru_cache(maxsize=CACHED)
    def _behind_ident(self):
        message = dns.message.Message(id=0)
        message.flags = 0
        for wanted, flag in ((self.rd, dns.flags.RD), (self.cd, dns.flags.CD), (self.ad, dns.flags.AD)):
            if wanted:
                message.flags |= flag
        name = dns.name.from_text(self.name)
        rdclass = dns.rdataclass.from_text(self.klass)
        message.find_rrset(
            message.question, name, rdclass, dns.rdatatype.from_text(self.type), create=True, force_unique=True
        )
        if self.edns or self.do:
            message.use_edns(self.edns_version, dns.flags.DO if self.do else 0, UDP_SIZE)
        return message.to_wire()[2:]

    def __str__(self):
        extra = [word for word in ("cd", "ad", "edns", "do") if getattr(self, word)]
        return " ".join([self.name, self.klass, self.type, *extra, *([] if self.rd else ["norecurse"])])


@dataclasses.dataclass(frozen=True, order=True)
class Record:
    owner: str
    ttl: int
    klass: str
    type: str
    data: str


@dataclasses.dataclass(frozen=True)
class Reply:
    rcode: str
    flags: frozenset  # of "QR", "AA", "TC", "RD", "RA", "AD", "CD"
    question: tuple  # (name, class, type) of each
    answer: tuple  # of Record, sorted: order inside a section means nothing
    authority: tuple
    additional: tuple
    edns: frozenset | None  # of "DO"; None where the reply has no OPT record

    def ttls(self):
        return {record.ttl for record in self.answer + self.authority + self.additional}


def _section(rrsets):
    return tuple(
        sorted(
            Record(
                rrset.name.to_text(),
                rrset.ttl,
                dns.rdataclass.to_text(rrset.rdclass),
                dns.rdatatype.to_text(rrset.rdtype),
                rdata.to_text(),
            )
            for rrset in rrsets
            for rdata in rrset
        )
    )


def parse(wire):
    """A Reply from a message; dns.exception.DNSException where it is not well-formed to its last octet."""
    return _parse(b"\0\0" + wire[2:])


@functools.lru_cache(maxsize=CACHED)
def _parse(wire):
    # Each record is kept by itself: grouped ones would share the spelling of the first.
    message = dns.message.from_wire(wire, one_rr_per_rrset=True)
    return Reply(
        rcode=dns.rcode.to_text(message.rcode()),
        flags=frozenset(dns.flags.to_text(message.flags).split()),
        question=tuple(
            (entry.name.to_text(), dns.rdataclass.to_text(entry.rdclass), dns.rdatatype.to_text(entry.rdtype))
            for entry in message.question
        ),
        answer=_section(message.answer),
        authority=_section(message.authority),
        additional=_section(message.additional),
        edns=None if message.edns < 0 else frozenset(dns.flags.edns_to_text(message.ednsflags).split()),
    )


class Client:
    """One UDP socket and one TCP connection to a server; each is opened when it is first used."""

    def __init__(self, port, timeout=5, host=LOCAL):
        self.port = port
        self.host = host
        self.timeout = timeout
        self._datagram = None
        self._stream = None
        self._random = random.Random(port)

    def udp(self, query):
        return parse(self.udp_wire(query))

    def tcp(self, query):
        return parse(self.tcp_wire(query))

    def ask(self, query, transport):
        return {"udp": self.udp, "tcp": self.tcp}[transport](query)

    def udp_wire(self, query):
        if self._datagram is None:
            self._datagram = self.host.socket(socket.SOCK_DGRAM)
            self._datagram.settimeout(self.timeout)
            self._datagram.connect((self.host.address, self.port))
        ident = self._random.randrange(65536)
        self._datagram.send(query.to_wire(ident))
        while True:
            try:
                wire = self._datagram.recv(65535)
            except socket.timeout:
                raise Timeout(f"no answer over UDP: {query}") from None
            if wire[:2] == struct.pack("!H", ident):
                return wire

    def tcp_wire(self, query):
        try:
            return self._tcp_once(query)
        except (ConnectionError, EOFError):
            # The server may close an idle or long-used connection (RFC 7766 section 6.2.3).
            self._close_stream()
            return self._tcp_once(query)

    def _tcp_once(self, query):
        if self._stream is None:
            self._stream = self._connect()
        ident = self._random.randrange(65536)
        wire = query.to_wire(ident)
        try:
            self._stream.sendall(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", self._read(2))
            answer = self._read(length)
        except socket.timeout:
            self._close_stream()
            raise Timeout(f"no answer over TCP: {query}") from None
        if answer[:2] != struct.pack("!H", ident):
            raise ValueError(f"an answer with another ID over TCP: {query}")
        return answer

    def _connect(self):
        stream = self.host.socket(socket.SOCK_STREAM)
        stream.settimeout(self.timeout)
        try:
            stream.connect((self.host.address, self.port))
        except BaseException:
            stream.close()
            raise
        return stream

    def _read(self, length):
        octets = b""
        while len(octets) < length:
            more = self._stream.recv(length - len(octets))
            if not more:
                raise EOFError("the server closed the connection")
            octets += more
        return octets

    def _close_stream(self):
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def close(self):
        self._close_stream()
        if self._datagram is not None:
            self._datagram.close()
            self._datagram = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
