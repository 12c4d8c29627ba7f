"""What named's own configuration decides is decided as for plain data: who may ask, how often, how large, in which order.

The hook comes before all of this, so that each rule has to be kept by the plugin.
"""

import itertools
import socket
import time

import dns.edns
import dns.message
import dns.rcode
import pytest

from harness.client import Client, Query, Record, parse
from harness.host import LOCAL
from harness.named import Named, with_plugin
from harness.upstream import PLAIN, ROGUE
from table import deployments
from table.compare import expected_differences
from table.rows import Reply
from test_bind_answers import zones
from test_bind_views import Source
from test_server_rules import LARGE, MANY

PROBE = Query(f"{deployments.PROBE}.corp.example.net.")
BLOCKED = Query("isatap.corp.example.net.")
BARE = Query("isatap.")
NODATA = Query(PROBE.name, "MX")
OURS = (PROBE, BLOCKED, BARE, NODATA)
OTHER = Query("host.other.example.")
ADDRESS = "10.0.0.10"


def named_with(directory, nsd, *options, deployment=deployments.NLB, **settings):
    return Named(directory, nsd, with_plugin(deployment.write(directory), options=options, **settings))


def is_refused(reply):
    return (reply.rcode, reply.answer, reply.authority) == ("REFUSED", (), ())


def is_ours(reply):
    """The plugin's: no address of upstream's, and no SOA but the one that negative answers of ours have."""
    assert not ROGUE & {record.data for record in reply.answer}
    soas = [record.data for record in reply.authority]
    return bool(reply.answer or soas) and all(soa.startswith("localhost. nobody.invalid. ") for soa in soas)


def extended_errors(wire):
    """The codes of extended errors (RFC 8914) in a message."""
    return [option.code for option in dns.message.from_wire(wire).options if option.otype == dns.edns.EDE]


# ---- who may ask ----

STRANGER = Source(source="127.0.0.9")
NOT_STRANGER = "{ !127.0.0.9; any; }"
OTHER_ADDRESS = "{ 127.0.0.7; }"  # named is asked at 127.0.0.1

# Title → (options, recursive, zone, what a stranger gets for (PROBE, BLOCKED, BARE)).
# zone: None, or further lines of corp.example.net's zone statement.
ACCESS = {
    "cache": ([f"allow-query-cache {NOT_STRANGER};"], True, None, "refused refused refused"),
    "cache by address asked": ([f"allow-query-cache-on {OTHER_ADDRESS};"], True, None, "refused refused refused"),
    "recursion": ([f"allow-recursion {NOT_STRANGER};"], True, None, "refused refused refused"),
    "recursion, cache open": (
        [f"allow-recursion {NOT_STRANGER};", "allow-query-cache { any; };"], True, None, "ours ours ours"),
    "query, inherited by the cache": ([f"allow-query {NOT_STRANGER};"], True, None, "refused refused refused"),
    "query, cache open": (
        [f"allow-query {NOT_STRANGER};", "allow-query-cache { any; };"], True, None, "ours ours ours"),
    "query": ([f"allow-query {NOT_STRANGER};"], False, None, "refused refused refused"),
    "query by address asked": ([f"allow-query-on {OTHER_ADDRESS};"], False, None, "refused refused refused"),
    "zone": ([], False, f"allow-query {NOT_STRANGER};", "refused refused ours"),
    "zone by address asked": ([], False, f"allow-query-on {OTHER_ADDRESS};", "refused refused ours"),
    "zone open": ([f"allow-query {NOT_STRANGER};"], False, "allow-query { any; };", "ours ours refused"),
    "zone closed, recursive": ([], True, f"allow-query {NOT_STRANGER};", "refused refused ours"),
    "zone open, cache closed": (["allow-query-cache { none; };"], True, "allow-query { any; };", "ours ours refused"),
    "view of a zone without its own": ([f"allow-query {NOT_STRANGER};"], False, "", "refused refused refused"),
}


def hosted(lines):
    return (f'zone "corp.example.net" {{ type primary; file "{PLAIN["corp.example.net"]}"; check-names ignore; {lines} }};',)


@pytest.mark.parametrize("title", ACCESS)
def test_access(nsd, directory, title):
    """A client gets our names where named would let it see plain data of those names: by the ACLs of the zone around
    them, else of the cache, else of the view. Whoever is refused is refused by named itself, and never gets upstream's
    data."""
    options, recursive, zone, expected = ACCESS[title]
    statements = zones(("other.example",)) if zone is None else hosted(zone)
    settings = {"recursive": recursive, "statements": statements}
    by_address = any("-on " in line for line in (*options, zone or ""))
    server = named_with(directory, nsd, *options, **settings)
    server.ready = lambda client: client.udp(Query("version.bind.", "TXT", "CH")).rcode in ("NOERROR", "REFUSED")
    with server:
        with server.client() as usual, Client(server.port, host=STRANGER) as stranger:
            for query, want in zip((PROBE, BLOCKED, BARE), expected.split()):
                for transport in ("udp", "tcp"):
                    reply = stranger.ask(query, transport)
                    assert is_refused(reply) if want == "refused" else is_ours(reply), (query, reply)
                if not by_address and "{ none; }" not in " ".join(options):
                    assert is_ours(usual.udp(query)), query


def test_refusal_is_named_s_own(nsd, directory):
    """With the extended errors and the log line that named has for other names."""
    with named_with(directory, nsd, f"allow-query-cache {NOT_STRANGER};") as server:
        with Client(server.port, host=STRANGER) as stranger:
            wires = [stranger.udp_wire(Query(query.name, edns=True)) for query in (PROBE, OTHER)]
            assert all(is_refused(parse(wire)) for wire in wires)
            ours, others = map(extended_errors, wires)
            assert ours == others and 18 in ours  # Prohibited
            for query in (PROBE, OTHER):
                assert server.process.log_lines(rf"query \(cache\) '{query.name[:-1]}/A/IN' denied")


def test_refused_target_of_an_alias(nsd, directory):
    """Who may see the alias and not its target gets the alias alone."""
    statements = (*zones(("other.example",)), *hosted(f"allow-query {NOT_STRANGER};"))
    with named_with(directory, nsd, recursive=False, statements=statements) as server:
        with Client(server.port, host=STRANGER) as stranger:
            reply = stranger.udp(Query("alias.other.example."))
    assert [record.type for record in reply.answer] == ["CNAME"] and reply.rcode == "NOERROR"


def test_ds_belongs_to_the_zone_above(nsd, directory):
    """Where a zone begins at a name of ours, DS is decided by the ACL of the zone above it, all else by its own."""
    apex = directory / "apex.zone"
    directory.mkdir(parents=True, exist_ok=True)
    apex.write_text("$TTL 60\n@ SOA localhost. nobody.invalid. 1 3600 1200 604800 60\n NS localhost.\n")
    inner = f'zone "{BLOCKED.name}" {{ type primary; file "{apex}"; allow-query {NOT_STRANGER}; }};'
    with named_with(directory, nsd, recursive=False, statements=(*hosted(""), inner)) as server:
        with Client(server.port, host=STRANGER) as stranger:
            assert is_refused(stranger.udp(BLOCKED))
            assert is_ours(stranger.udp(Query(BLOCKED.name, "DS")))


def test_recursion_not_desired(nsd, directory):
    """Without RD a client reads what named has, and that is what we are."""
    with named_with(directory, nsd) as server, server.client() as client:
        for query in OURS:
            reply = client.udp(Query(query.name, query.type, rd=False))
            assert is_ours(reply) and "RD" not in reply.flags


@pytest.mark.parametrize("kind", ["static-stub", "forward"])
def test_zone_that_points_elsewhere(nsd, directory, kind):
    """The suffix's zone may say where to ask; we answer all the same."""
    where = f"{nsd.host.address} port {nsd.port}"
    body = {
        "static-stub": "server-addresses { 127.0.0.1; };",
        "forward": f"forward only; forwarders {{ {where}; }};",
    }[kind]
    statements = (f'zone "corp.example.net" {{ type {kind}; {body} }};',)
    with named_with(directory, nsd, statements=statements) as server, server.client() as client:
        for query in OURS:
            assert is_ours(client.udp(query))


@pytest.mark.parametrize("kind", ["static-stub", "stub", "delegated"])
def test_stranger_where_the_zone_points_elsewhere(nsd, directory, kind):
    """Where a zone only says whom to ask, named gives data to those who may recurse; so only they get ours."""
    statement = {
        "static-stub": 'zone "corp.example.net" { type static-stub; server-addresses { 127.0.0.1; }; };',
        "stub": f'zone "corp.example.net" {{ type stub; primaries {{ 127.0.0.1 port {nsd.port}; }}; }};',
        "delegated": f'zone "example.net" {{ type primary; file "{PLAIN["example.net"]}"; }};',
    }[kind]
    with named_with(directory, nsd, f"allow-recursion {NOT_STRANGER};", statements=(statement,)) as server:
        with server.client() as usual, Client(server.port, host=STRANGER) as stranger:
            deadline = time.monotonic() + 10
            while (other := stranger.udp(Query("host.corp.example.net."))).rcode == "SERVFAIL":
                assert time.monotonic() < deadline  # until then the stub has not been fetched
                time.sleep(0.05)
            for query in (PROBE, BLOCKED):
                assert is_ours(usual.udp(query)), query
                reply = stranger.udp(query)
                assert (reply.rcode, reply.answer, reply.authority) == (other.rcode, (), other.authority), query


def test_secondary_that_is_not_loaded(nsd, directory):
    """Where plain data is SERVFAIL for want of the zone, our names are answered."""
    zone = 'zone "corp.example.net" { type secondary; primaries { 127.0.0.1 port 1; }; };'
    with named_with(directory, nsd, statements=(zone,)) as server, server.client() as client:
        assert client.udp(Query("host.corp.example.net.")).rcode == "SERVFAIL"
        for query in OURS:
            assert is_ours(client.udp(query))


def test_response_policy(nsd, directory):
    """Our names are answered before a response policy zone is asked; other names are rewritten as ever."""
    policy = directory / "policy.zone"
    directory.mkdir(parents=True, exist_ok=True)
    policy.write_text(
        f"$TTL 60\n@ SOA localhost. nobody.invalid. 1 3600 1200 604800 60\n NS localhost.\n"
        f"{PROBE.name[:-1]} CNAME .\n{OTHER.name[:-1]} CNAME .\n"
    )
    with named_with(
        directory, nsd, 'response-policy { zone "rpz.example"; };',
        statements=(f'zone "rpz.example" {{ type primary; file "{policy}"; }};',),
    ) as server, server.client() as client:
        deadline = time.monotonic() + 10
        while client.udp(OTHER).rcode != "NXDOMAIN":  # named takes the policy some time after it has started
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert [record.data for record in client.udp(PROBE).answer] == [ADDRESS]


def test_check_names(nsd, directory):
    """`check-names response fail` refuses an owner that is no hostname, wherever it is."""
    name = "not_a_host.isatap.corp.example.net."
    with named_with(directory / "default", nsd) as server, server.client() as client:
        assert client.udp(Query(name)).rcode == "NXDOMAIN"
    with named_with(directory / "fail", nsd, "check-names response fail;") as server, server.client() as client:
        assert is_refused(client.udp(Query(name)))
        assert client.udp(Query(name, "TXT")).rcode == "NXDOMAIN"
        assert is_ours(client.udp(BLOCKED))


# ---- cookies ----


def cookie_query(query, cookie):
    message = dns.message.from_wire(query.to_wire(4711))
    message.use_edns(0, payload=1232, options=[dns.edns.GenericOption(dns.edns.OptionType.COOKIE, cookie)])
    return message


def ask_with_cookie(server, query, cookie):
    """(RCODE, reply, server's cookie)"""
    with server.host.socket(socket.SOCK_DGRAM) as datagram:
        datagram.settimeout(2)
        datagram.connect((server.host.address, server.port))
        datagram.send(cookie_query(query, cookie).to_wire())
        reply = dns.message.from_wire(datagram.recv(65535))
    (option,) = [option for option in reply.options if option.otype == dns.edns.OptionType.COOKIE]
    return dns.rcode.to_text(reply.rcode()), reply, option.data


def test_cookie(nsd, directory):
    """A cookie is answered with named's (RFC 7873)."""
    with named_with(directory, nsd) as server:
        for query in OURS:
            rcode, _, cookie = ask_with_cookie(server, query, b"8 octets")
            assert rcode in ("NOERROR", "NXDOMAIN") and cookie.startswith(b"8 octets") and len(cookie) == 24


def test_cookie_is_demanded(nsd, directory):
    """`require-server-cookie`: without a good one BADCOOKIE and no data, with it the answer."""
    with named_with(directory, nsd, "require-server-cookie yes;") as server:
        for query in OURS:
            rcode, reply, cookie = ask_with_cookie(server, query, b"8 octets")
            assert (rcode, reply.answer, reply.authority) == ("BADCOOKIE", [], []), query
            rcode, reply, _ = ask_with_cookie(server, query, cookie)
            assert rcode in ("NOERROR", "NXDOMAIN") and (reply.answer or reply.authority), query
        with server.client() as client:
            assert is_ours(client.udp(PROBE)) and is_ours(client.tcp(PROBE))  # who has no cookies at all


# ---- rate limit ----

LIMIT = "responses-per-second 5; nodata-per-second 5; nxdomains-per-second 5; window 5;"
BURST = 40
MOST = 10  # replies to a burst: it may lie in two seconds


def burst(server, queries):
    """The replies to queries that are sent without waiting."""
    replies = []
    with server.host.socket(socket.SOCK_DGRAM) as datagram:
        datagram.settimeout(0.5)
        datagram.connect((server.host.address, server.port))
        for number, query in enumerate(queries):
            datagram.send(query.to_wire(number))
        while len(replies) < len(queries):
            try:
                replies.append(parse(datagram.recv(65535)))
            except socket.timeout:
                break
    return replies


@pytest.mark.parametrize("query", OURS, ids=str)
def test_rate_limit(nsd, directory, query):
    """`rate-limit` holds for our answers, positive and negative; over TCP there is none."""
    with named_with(directory, nsd, f"rate-limit {{ {LIMIT} slip 0; }};") as server:
        replies = burst(server, [query] * BURST)
        assert 1 <= len(replies) <= MOST and all(map(is_ours, replies))
        with server.client() as client:
            assert all(is_ours(client.tcp(query)) for _ in range(BURST))
    assert server.process.log_lines("limit .*responses to 127.0.0.0/24")


@pytest.mark.parametrize("query", OURS, ids=str)
def test_rate_limit_slips(nsd, directory, query):
    """`slip 1`: instead of being dropped a reply is sent without data, truncated, with AA and its RCODE."""
    with named_with(directory, nsd, f"rate-limit {{ {LIMIT} slip 1; }};") as server:
        replies = burst(server, [query] * BURST)
    truncated = [reply for reply in replies if "TC" in reply.flags]
    assert len(replies) == BURST and len(truncated) >= BURST - MOST
    assert {reply.rcode for reply in truncated} == {"NXDOMAIN" if query in (BLOCKED, BARE) else "NOERROR"}
    assert not any(reply.answer + reply.authority for reply in truncated)
    assert all("AA" in reply.flags for reply in replies)


@pytest.mark.parametrize("limited, kind", [(PROBE, "responses"), (NODATA, "nodata"), (BLOCKED, "nxdomains")])
def test_rate_limit_of_one_kind(nsd, directory, limited, kind):
    """Answers, NODATA and NXDOMAIN are counted each as its own."""
    numbers = {"responses": 0, "nodata": 0, "nxdomains": 0} | {kind: 5}
    limits = " ".join(f"{name}-per-second {number};" for name, number in numbers.items())
    with named_with(directory, nsd, f"rate-limit {{ {limits} slip 0; window 5; }};") as server:
        for query in (PROBE, NODATA, BLOCKED):
            replies = burst(server, [query] * BURST)
            assert len(replies) <= MOST if query == limited else len(replies) == BURST, query


def test_rate_limit_counts_names_of_a_suffix_together(nsd, directory):
    """Random names below a blocked one are one flood, not many names."""
    with named_with(directory, nsd, f"rate-limit {{ {LIMIT} slip 0; }};") as server:
        replies = burst(server, [Query(f"x{number}.isatap.corp.example.net.") for number in range(BURST)])
        assert 1 <= len(replies) <= MOST
        assert len(burst(server, [Query("isatap.emea.corp.example.net.")])) == 1  # another suffix is another


def test_rate_limit_for_the_record(nsd, directory):
    """`log-only`: all is answered, and logged."""
    with named_with(directory, nsd, f"rate-limit {{ {LIMIT} log-only yes; }};") as server:
        assert len(burst(server, [PROBE] * BURST)) == BURST
    assert server.process.log_lines("would limit")


def test_rate_limit_spares_who_has_a_cookie(nsd, directory):
    with named_with(directory, nsd, f"rate-limit {{ {LIMIT} slip 0; }};") as server:
        _, _, cookie = ask_with_cookie(server, OTHER, b"8 octets")
        assert all(ask_with_cookie(server, PROBE, cookie)[0] == "NOERROR" for _ in range(BURST))


# ---- the shape of replies ----


@pytest.mark.parametrize("value", ["no", "yes", "no-auth", "no-auth-recursive"])
def test_minimal_responses(nsd, directory, value):
    """The SOA of a negative answer is never left out, nor is anything put in."""
    with named_with(directory, nsd, f"minimal-responses {value};") as server, server.client() as client:
        for query in (BLOCKED, BARE, NODATA):
            reply = client.udp(query)
            assert [record.type for record in reply.authority] == ["SOA"] and not reply.answer + reply.additional
        assert not client.udp(PROBE).authority


def test_minimal_any(nsd, directory):
    """`minimal-any`: over UDP one RRset is enough (RFC 8482 section 4.1)."""
    query = Query(f"{deployments.CORP}.corp.example.net.", "ANY")
    for value, types in (("no", {"A", "AAAA"}), ("yes", {"A"})):
        with named_with(directory / value, nsd, f"minimal-any {value};") as server, server.client() as client:
            assert {record.type for record in client.udp(query).answer} == types
            assert {record.type for record in client.tcp(query).answer} == {"A", "AAAA"}


def test_edns_version(nsd, directory):
    """A version of EDNS that does not exist is BADVERS (RFC 6891 section 6.1.3)."""
    with named_with(directory, nsd) as server, server.client() as client:
        for query in OURS:
            reply = client.udp(Query(query.name, edns=True, edns_version=1))
            assert (reply.rcode, reply.answer, reply.authority) == ("BADVERS", (), ())


def test_truncation(nsd, directory):
    """A reply that does not fit UDP is cut, with TC; TCP and a larger EDNS size have it all."""
    query = Query(f"{deployments.ROUTER}.corp.example.net.")
    addresses = LARGE.records[deployments.ROUTER]["A"]
    whole = Reply("NOERROR", tuple(Record(query.name, LARGE.ttl, "IN", "A", address) for address in addresses))
    with named_with(directory, nsd, deployment=LARGE) as server, server.client() as client:
        short = client.udp(query)
        assert "TC" in short.flags and len(short.answer) < MANY
        assert not expected_differences(query, client.tcp(query), whole)
        with_edns = Query(query.name, edns=True)
        assert not expected_differences(with_edns, client.udp(with_edns), whole)


def order_of_answers(server):
    """The addresses of an RRset of three, as 30 replies have them."""
    query = Query(f"{deployments.ROUTER}.corp.example.net.")
    with server.client() as client:
        for _ in range(30):
            message = dns.message.from_wire(client.udp_wire(query))
            (rrset,) = message.answer
            yield [rdata.to_text() for rdata in rrset]


def test_rrset_order(nsd, directory):
    """`rrset-order` holds for our RRsets: clients spread over entry points as the administrator has it."""
    fixed = "rrset-order { order none; };"
    with named_with(directory / "none", nsd, fixed) as server:
        assert set(map(tuple, order_of_answers(server))) == {("10.0.0.10", "10.0.0.11", "10.0.0.12")}
    with named_with(directory / "random", nsd, "rrset-order { order random; };") as server:
        assert len(set(map(tuple, order_of_answers(server)))) > 1


class Gone:
    """An upstream server that is not there."""

    host = LOCAL
    port = 1


def test_upstream_is_gone(directory):
    """Our names are answered at once."""
    with named_with(directory, Gone()) as server, server.client() as client:
        started = time.monotonic()
        for query in itertools.chain(OURS, OURS):
            assert is_ours(client.udp(query))
        assert time.monotonic() - started < 2
