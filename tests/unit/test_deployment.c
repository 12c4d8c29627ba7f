/* Every rule of the deployment file: what is refused, with the exact message, and what is read from a good one. */
#include "unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIXES "suffixes: [corp.example.net]\n"
#define V4       "network: ipv4-only\n"
#define V6       "network: ipv6\n"
#define PREFIX   "nat64-prefix: 'fd12:3456:789a:7777::/96'"
#define POINT    "entry-points: [{name: a, " PREFIX ", servers: [{name: s, address: 10.0.0.11}]}]\n"
#define POINT6   "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11}]}]\n"
#define GOOD     SUFFIXES V4 POINT
/* an entry point's servers and what follows them, in an otherwise good file */
#define SERVERS(text) SUFFIXES V4 "entry-points: [{name: a, " PREFIX ", servers: [" text "}]\n"
#define TWO           "{name: s, address: 10.0.0.11}, {name: t, address: 10.0.0.12}]"
#define ENTRY(text)   SUFFIXES V4 "entry-points: [{" text "}]\n"
#define ONE           "servers: [{name: s, address: 10.0.0.11}]"

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678901"

struct row {
    const char *yaml, *message;
};

static const struct row refused[] = {
    /* not a deployment at all */
    {"", "f: empty; expected a deployment"},
    {"# nothing\n", "f: empty; expected a deployment"},
    {"[a]\n", "f: a list; expected a mapping"},
    {"corp.example.net\n", "f: a single value; expected a mapping"},
    {"suffixes: [a\n", "f:2:1: not YAML: did not find expected ',' or ']'"},
    {"suffixes:\n\t- a\n", "f:2:1: not YAML: found character that cannot start any token"},
    {"suffixes: ['\xff']\n", "f: not YAML: invalid leading UTF-8 octet at octet 12"},
    {"? [a]\n: b\n", "f:1:1: not a deployment; expected a mapping of keys to values"},
    {GOOD "---\nttl: 1\n", "f:4:1: a second document; expected one"},
    {GOOD "ttl: &t 100\nnegative-ttl: *t\n", "f:5:15: an alias; expected the value written out"},
    {GOOD "isatap-router: \"a\\0b\"\n", "f:4:16: a value with a NUL; expected printable text"},

    /* unknown and repeated keys, and what is no list, mapping or value */
    {GOOD "sufixes: [a]\n", "f:4:1: \"sufixes\": unknown key; expected one of suffixes, network, ttl, negative-ttl, "
                            "entry-points, isatap-router, network-location-server, block"},
    {GOOD "TTL: 5\n", "f:4:1: \"TTL\": unknown key; expected one of suffixes, network, ttl, negative-ttl, "
                      "entry-points, isatap-router, network-location-server, block"},
    {ENTRY("name: a, prefix: b"),
     "f:3:26: entry-points[0]: \"prefix\": unknown key; expected one of name, nat64-prefix, servers, load-balancer"},
    {SERVERS("{name: s, adress: 10.0.0.11}]"),
     "f:3:88: entry-points[0].servers[0]: \"adress\": unknown key; expected one of name, address, ipv6-address"},
    {ENTRY("load-balancer: {king: nlb}"),
     "f:3:33: entry-points[0].load-balancer: \"king\": unknown key; expected one of kind, vip, ipv6-vip, nlb-mode"},
    {GOOD "ttl: 5\nttl: 6\n", "f:5:1: ttl: repeated key; expected it once"},
    {ENTRY("name: a, name: b"), "f:3:26: entry-points[0].name: repeated key; expected it once"},
    {"entry-points:\n  - name: a\n    servers:\n      - name: s\n    name: b\n",
     "f:5:5: entry-points[0].name: repeated key; expected it once"},
    {"entry-points:\n  - load-balancer:\n      kind: nlb\n    vip: 10.0.0.10\n",
     "f:4:5: entry-points[0]: \"vip\": unknown key; expected one of name, nat64-prefix, servers, load-balancer"},
    {GOOD "ttl: [5]\n", "f:4:6: ttl: a list; expected a single value"},
    {"suffixes: corp.example.net\n", "f:1:11: suffixes: a single value; expected a list"},
    {"suffixes: {a: b}\n", "f:1:11: suffixes: a mapping; expected a list"},
    {ENTRY("load-balancer: [nlb]"), "f:3:32: entry-points[0].load-balancer: a list; expected a mapping"},

    /* empty lists, missing keys */
    {V4 POINT "suffixes: []\n", "f:3:11: suffixes: empty list; expected at least one entry"},
    {GOOD "block: []\n", "f:4:8: block: empty list; expected at least one entry"},
    {SUFFIXES V4 "entry-points: []\n", "f:3:15: entry-points: empty list; expected at least one entry"},
    {SERVERS("]"), "f:3:77: entry-points[0].servers: empty list; expected at least one entry"},
    {V4 POINT, "f: suffixes: missing; expected a list of DNS suffixes"},
    {SUFFIXES POINT, "f: network: missing; expected ipv4-only or ipv6"},
    {SUFFIXES V4, "f: entry-points: missing; expected a list of entry points"},
    {ENTRY(PREFIX ", " ONE), "f: entry-points[0].name: missing; expected a name of 1 to 63 printable octets"},
    {ENTRY("name: a, " PREFIX), "f: entry-points[0].servers: missing; expected a list of servers"},
    {SERVERS("{address: 10.0.0.11}]"),
     "f: entry-points[0].servers[0].name: missing; expected a name of 1 to 63 printable octets"},
    {SERVERS("{name: s}]"), "f: entry-points[0].servers[0].address: missing; expected a unicast IPv4 address such as "
                            "10.0.0.11, not loopback or link-local"},

    /* network, numbers, booleans */
    {SUFFIXES POINT "network: ipv4\n", "f: network: \"ipv4\": expected ipv4-only or ipv6"},
    {SUFFIXES POINT "network: IPv6\n", "f: network: \"IPv6\": expected ipv4-only or ipv6"},
    {GOOD "ttl: 0\n", "f: ttl: \"0\": expected 1 to 86400 seconds"},
    {GOOD "ttl: 86401\n", "f: ttl: \"86401\": expected 1 to 86400 seconds"},
    {GOOD "ttl: -1\n", "f: ttl: \"-1\": expected 1 to 86400 seconds"},
    {GOOD "ttl: 20m\n", "f: ttl: \"20m\": expected 1 to 86400 seconds"},
    {GOOD "ttl:\n", "f: ttl: \"\": expected 1 to 86400 seconds"},
    {GOOD "ttl: 99999999999999999999\n", "f: ttl: \"99999999999999999999\": expected 1 to 86400 seconds"},
    {GOOD "negative-ttl: 0\n", "f: negative-ttl: \"0\": expected 1 to 10800 seconds"},
    {GOOD "negative-ttl: 10801\n", "f: negative-ttl: \"10801\": expected 1 to 10800 seconds"},
    {GOOD "network-location-server: flase\n", "f: network-location-server: \"flase\": expected true or false"},

    /* suffixes */
    {V4 POINT "suffixes: [corp_x.net]\n",
     "f: suffixes[0]: \"corp_x.net\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: [a.net, -b.net]\n",
     "f: suffixes[1]: \"-b.net\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: ['*.net']\n", "f: suffixes[0]: \"*.net\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: [10.0.0.1]\n", "f: suffixes[0]: \"10.0.0.1\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: ['']\n", "f: suffixes[0]: \"\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: [a." L63 "x]\n",
     "f: suffixes[0]: \"a." L63 "x\": expected a hostname such as corp.example.net"},
    {V4 POINT "suffixes: [.]\n", "f: suffixes[0]: \".\": expected a DNS suffix such as corp.example.net, not the root"},
    {V4 POINT "suffixes: [a.net, b.net, A.Net.]\n", "f: suffixes[2]: \"A.Net.\": expected each suffix once"},
    /* 29 + 3 * 64 + 1 = 222: 34 more octets are one too many */
    {V4 POINT "suffixes: [abcdefghijklmnopqrstuvwxyz12." L63 "." L63 "." L63 "]\n",
     "f: suffixes[0]: \"abcdefghijklmnopqrstuvwxyz12." L63 "." L63 "." L63
     "\": expected a suffix that leaves room for directaccess-corpConnectivityHost within 255 octets"},
    {V4 POINT "suffixes: [" L63 "." L63 "." L63 "." L63 "]\n",
     "f: suffixes[0]: \"" L63 "." L63 "." L63 "." L63
     "\": expected a suffix that leaves room for directaccess-corpConnectivityHost within 255 octets"},
    {V4 POINT "isatap-router: r\nsuffixes: [abcdefghijklmnopqrstuvwxyz12." L63 "." L63 "." L63 "]\n",
     "f: suffixes[0]: \"abcdefghijklmnopqrstuvwxyz12." L63 "." L63 "." L63
     "\": expected a suffix that leaves room for directaccess-corpConnectivityHost within 255 octets"},
    {V4 POINT "isatap-router: " L63 "\nsuffixes: [" L63 "." L63 "." L63 "]\n",
     "f: suffixes[0]: \"" L63 "." L63 "." L63 "\": expected a suffix that leaves room for " L63 " within 255 octets"},
    {V4 POINT "suffixes: [isatap]\n",
     "f: suffixes[0]: \"isatap\": expected a suffix that is not at or below a blocked name"},
    {V4 POINT "suffixes: [x.ISATAP.a.net, a.net]\n",
     "f: suffixes[0]: \"x.ISATAP.a.net\": expected a suffix that is not at or below a blocked name"},

    /* NAT64 prefixes */
    {ENTRY("name: a, " ONE),
     "f: entry-points[0].nat64-prefix: missing; expected an IPv6 prefix such as fd12:3456:789a:7777::/96"},
    {SUFFIXES V6 POINT,
     "f: entry-points[0].nat64-prefix: \"fd12:3456:789a:7777::/96\": expected it only with network: ipv4-only"},
    {ENTRY("name: a, nat64-prefix: 10.0.0.0/8, " ONE),
     "f: entry-points[0].nat64-prefix: \"10.0.0.0/8\": expected an IPv6 prefix such as fd12:3456:789a:7777::/96"},
    {ENTRY("name: a, nat64-prefix: 'fd12::/80', " ONE),
     "f: entry-points[0].nat64-prefix: \"fd12::/80\": expected a length of 32, 40, 48, 56, 64 or 96 bits (RFC 6052)"},
    {ENTRY("name: a, nat64-prefix: 'fd12::1/96', " ONE),
     "f: entry-points[0].nat64-prefix: \"fd12::1/96\": expected no bit set behind the prefix length"},
    {ENTRY("name: a, nat64-prefix: 'fd12:0:0:0:100::/96', " ONE),
     "f: entry-points[0].nat64-prefix: \"fd12:0:0:0:100::/96\": expected bits 64 to 71 to be zero (RFC 6052)"},
    {ENTRY("name: a, nat64-prefix: 'ff02::/96', " ONE),
     "f: entry-points[0].nat64-prefix: \"ff02::/96\": expected a unicast prefix, not ::, link-local or multicast"},

    /* addresses */
    {SERVERS("{name: s, address: 10.0.0.300}]"), "f: entry-points[0].servers[0].address: \"10.0.0.300\": expected a "
                                                 "unicast IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS("{name: s, address: 127.0.0.1}]"), "f: entry-points[0].servers[0].address: \"127.0.0.1\": expected a "
                                                "unicast IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS("{name: s, address: 0.0.0.0}]"), "f: entry-points[0].servers[0].address: \"0.0.0.0\": expected a unicast "
                                              "IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS("{name: s, address: 224.0.0.1}]"), "f: entry-points[0].servers[0].address: \"224.0.0.1\": expected a "
                                                "unicast IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS("{name: s, address: 'fd12::1'}]"), "f: entry-points[0].servers[0].address: \"fd12::1\": expected a "
                                                "unicast IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS("{name: s, address: 10.0.0.11, ipv6-address: 'fd12::1'}]"),
     "f: entry-points[0].servers[0].ipv6-address: \"fd12::1\": expected it only with network: ipv6"},
    {SUFFIXES V6 "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: '::1'}]}]\n",
     "f: entry-points[0].servers[0].ipv6-address: \"::1\": expected a unicast IPv6 address such as "
     "fd12:3456:789a::11, not loopback or link-local"},
    {SERVERS(
         "{name: s, address: 10.0.0.11}, {name: t, address: 10.0.0.11}], load-balancer: {kind: nlb, vip: 10.0.0.10}"),
     "f: entry-points[0].servers[1].address: \"10.0.0.11\": expected each address once, but "
     "entry-points[0].servers[0].address is the same"},
    {SUFFIXES V4 "entry-points:\n"
                 " - {name: a, " PREFIX ", " ONE "}\n"
                 " - {name: b, " PREFIX ", servers: [{name: t, address: 10.0.0.11}]}\n",
     "f: entry-points[1].servers[0].address: \"10.0.0.11\": expected each address once, but "
     "entry-points[0].servers[0].address is the same"},
    {SUFFIXES V6 "entry-points:\n"
                 " - {name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd12::11'}]}\n"
                 " - {name: b, servers: [{name: t, address: 10.0.0.12, ipv6-address: 'fd12:0::11'}]}\n",
     "f: entry-points[1].servers[0].ipv6-address: \"fd12::11\": expected each address once, but "
     "entry-points[0].servers[0].ipv6-address is the same"},

    /* names */
    {SUFFIXES V4 "entry-points:\n"
                 " - {name: Seattle, " PREFIX ", " ONE "}\n"
                 " - {name: seattle, " PREFIX ", servers: [{name: t, address: 10.0.0.12}]}\n",
     "f: entry-points[1].name: \"seattle\": expected a name of its own, not that of entry-points[0].name"},
    {SERVERS(
         "{name: s, address: 10.0.0.11}, {name: S, address: 10.0.0.12}], load-balancer: {kind: nlb, vip: 10.0.0.10}"),
     "f: entry-points[0].servers[1].name: \"S\": expected a name of its own, not that of "
     "entry-points[0].servers[0].name"},
    {SERVERS("{name: \"a\\tb\", address: 10.0.0.11}]"),
     "f: entry-points[0].servers[0].name: \"a\\x09b\": expected a name of 1 to 63 printable octets"},
    {SERVERS("{name: x" L63 ", address: 10.0.0.11}]"),
     "f: entry-points[0].servers[0].name: \"x" L63 "\": expected a name of 1 to 63 printable octets"},

    {SERVERS("{name: '', address: 10.0.0.11}]"),
     "f: entry-points[0].servers[0].name: \"\": expected a name of 1 to 63 printable octets"},
    {SERVERS("{name: \"a\\x7f\", address: 10.0.0.11}]"),
     "f: entry-points[0].servers[0].name: \"a\\x7f\": expected a name of 1 to 63 printable octets"},
    {SUFFIXES V4 "entry-points:\n"
                 " - {name: a, " PREFIX ", " ONE "}\n"
                 " - {name: b, " PREFIX ", servers: [{name: S, address: 10.0.0.12}]}\n",
     "f: entry-points[1].servers[0].name: \"S\": expected a name of its own, not that of "
     "entry-points[0].servers[0].name"},

    /* load balancers */
    {SUFFIXES V4 "entry-points:\n"
                 " - {name: a, " PREFIX ", " ONE ", load-balancer: {kind: nlb, vip: 10.0.0.10}}\n"
                 " - {name: b, " PREFIX ", servers: [{name: t, address: 10.0.0.12}], load-balancer: {kind: nlb, vip: "
                 "10.0.0.10}}\n",
     "f: entry-points[1].load-balancer.vip: \"10.0.0.10\": expected each address once, but "
     "entry-points[0].load-balancer.vip is the same"},
    {SUFFIXES V6 "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd12::11'}], "
                 "load-balancer: {kind: nlb, vip: 10.0.0.10, ipv6-vip: 'fd12::11'}}]\n",
     "f: entry-points[0].load-balancer.ipv6-vip: \"fd12::11\": expected a VIP and a server's address to differ, but "
     "entry-points[0].servers[0].ipv6-address is the same"},
    /* of two repetitions the one that stands first in the file, whatever sorts first */
    {SERVERS("{name: s, address: 10.0.0.12}, {name: t, address: 10.0.0.12}, {name: u, address: 10.0.0.11}, "
             "{name: v, address: 10.0.0.11}], load-balancer: {kind: nlb, vip: 10.0.0.10}"),
     "f: entry-points[0].servers[1].address: \"10.0.0.12\": expected each address once, but "
     "entry-points[0].servers[0].address is the same"},
    {SERVERS(TWO), "f: entry-points[0].load-balancer: missing; expected one with two or more servers"},
    {SERVERS(TWO ", load-balancer: {vip: 10.0.0.10}"),
     "f: entry-points[0].load-balancer.kind: missing; expected nlb or external"},
    {SERVERS(TWO ", load-balancer: {kind: f5, vip: 10.0.0.10}"),
     "f: entry-points[0].load-balancer.kind: \"f5\": expected nlb or external"},
    {SERVERS(TWO ", load-balancer: {kind: nlb}"), "f: entry-points[0].load-balancer.vip: missing; expected a unicast "
                                                  "IPv4 address such as 10.0.0.11, not loopback or link-local"},
    {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.12}"),
     "f: entry-points[0].load-balancer.vip: \"10.0.0.12\": expected a VIP and a server's address to differ, but "
     "entry-points[0].servers[1].address is the same"},
    {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: broadcast}"),
     "f: entry-points[0].load-balancer.nlb-mode: \"broadcast\": expected unicast, multicast or igmp-multicast"},
    {SERVERS(TWO ", load-balancer: {kind: external, vip: 10.0.0.10, nlb-mode: unicast}"),
     "f: entry-points[0].load-balancer.nlb-mode: \"unicast\": expected it only with kind: nlb"},
    {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, ipv6-vip: 'fd12::10'}"),
     "f: entry-points[0].load-balancer.ipv6-vip: \"fd12::10\": expected it only with network: ipv6"},

    /* blocked labels and the ISATAP router */
    {GOOD "block: [isatap, wpad.corp]\n", "f: block[1]: \"wpad.corp\": expected one label such as isatap"},
    {GOOD "block: ['']\n", "f: block[0]: \"\": expected one label such as isatap"},
    {GOOD "block: [isatap, ISATAP]\n", "f: block[1]: \"ISATAP\": expected each label once"},
    {GOOD "block: [DirectAccess-NLS]\n", "f: block[0]: \"DirectAccess-NLS\": expected a name that is not published"},
    {GOOD "block: [directaccess-corpconnectivityhost]\n",
     "f: block[0]: \"directaccess-corpconnectivityhost\": expected a name that is not published"},
    {GOOD "isatap-router: a.b\n", "f: isatap-router: \"a.b\": expected one label such as isatap-da"},
    {GOOD "isatap-router: isatap\n", "f: isatap-router: \"isatap\": expected a name that is not blocked"},
    {GOOD "block: [wpad]\nisatap-router: ISATAP\n",
     "f: isatap-router: \"ISATAP\": expected a name that is not blocked"},
    {GOOD "block: [isatap, wpad]\nisatap-router: WPAD\n",
     "f: isatap-router: \"WPAD\": expected a name that is not blocked"},
    {GOOD "isatap-router: directaccess-webprobehost\n",
     "f: isatap-router: \"directaccess-webprobehost\": expected a name of its own"},
    {SERVERS(TWO ", load-balancer: {kind: external, vip: 10.0.0.10}") "isatap-router: isatap-da\n",
     "f: isatap-router: \"isatap-da\": expected it without an external load balancer (ISATAP does not work with one)"},
    {SUFFIXES V4 "isatap-router: isatap-da\nentry-points:\n"
                 " - {name: a, " PREFIX ", " ONE "}\n"
                 " - {name: b, " PREFIX ", servers: [{name: t, address: 10.0.0.12}]}\n",
     "f: isatap-router: \"isatap-da\": expected it only with one entry point (ISATAP does not work with multisite)"},
};

static enum da_status parse(const char *yaml, size_t length, struct da_error *error)
{
    struct da_deployment *deployment = NULL;
    enum da_status status = da_deployment_parse(yaml, length, &deployment, NULL, NULL, error);

    assert_true((status == DA_OK) == (deployment != NULL));
    da_deployment_free(deployment);
    return status;
}

static void refuses_with_exact_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(refused); i++) {
        struct da_error error = {0};
        char text[DA_ERROR_PRINT_MAX];
        if (parse(refused[i].yaml, strlen(refused[i].yaml), &error) == DA_OK)
            fail_msg("accepted: %s", refused[i].yaml);
        da_error_print(&error, "f", text, sizeof(text));
        if (strcmp(text, refused[i].message) != 0)
            fail_msg("%s\n  says     %s\n  expected %s", refused[i].yaml, text, refused[i].message);
        assert_int_not_equal(parse(refused[i].yaml, strlen(refused[i].yaml), NULL), DA_OK);
    }
}

static const char *const accepted[] = {
    GOOD,
    "\xef\xbb\xbf" GOOD,
    "--- \n" GOOD "...\n",
    "{\"suffixes\": [\"corp.example.net\"], \"network\": \"ipv6\", \"ttl\": 5, \"entry-points\":\n"
    " [{\"name\": \"a\", \"servers\": [{\"name\": \"s\", \"address\": \"10.0.0.11\"}]}]}",
    GOOD "ttl: 1\nnegative-ttl: 1\n",
    GOOD "ttl: 86400\nnegative-ttl: 10800\n",
    GOOD "isatap-router: isatap-da\nblock: [isatap, wpad, x-9]\nnetwork-location-server: true\n",
    /* one octet shorter than the refused one */
    V4 POINT "suffixes: [abcdefghijklmnopqrstuvwxyz1." L63 "." L63 "." L63 "]\n",
    V4 POINT "suffixes: [corp.example.net, sub.corp.example.net, isatap.example.net]\n",
    SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: igmp-multicast}"),
    SERVERS(TWO ", load-balancer: {kind: external, vip: 10.0.0.10}"),
    /* load balancing is enabled on the first server before the second joins */
    SERVERS("{name: s, address: 10.0.0.11}], load-balancer: {kind: nlb, vip: 10.0.0.10}"),
    SUFFIXES V6 POINT6,
    SERVERS("{name: " L63 ", address: 10.0.0.11}]"),
};

static void accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(accepted); i++)
        da_deployment_free(must_parse(accepted[i]));
}

static void reads_every_field(void **state)
{
    struct da_deployment *d =
        must_parse("suffixes: [Corp.Example.net, b.example.]\nnetwork: ipv6\nttl: 600\nnegative-ttl: 60\n"
                   "entry-points:\n"
                   "  - name: Seattle HQ\n"
                   "    servers:\n"
                   "      - {name: da1, address: 10.0.0.11, ipv6-address: '2001:db8::11'}\n"
                   "      - {name: da2, address: 10.0.0.12}\n"
                   "    load-balancer: {kind: nlb, vip: 10.0.0.10, ipv6-vip: '2001:db8::10', nlb-mode: unicast}\n"
                   "isatap-router: isatap-da\nnetwork-location-server: true\nblock: [wpad, Isatap]\n");
    char text[DA_NAME_TEXT_MAX];
    (void)state;

    assert_int_equal(d->network, DA_NETWORK_IPV6);
    assert_int_equal(d->ttl, 600);
    assert_int_equal(d->negative_ttl, 60);
    assert_true(d->network_location_server);
    assert_string_equal(d->isatap_router, "isatap-da");
    assert_int_equal(d->suffix_count, 2);
    assert_string_equal(da_name_to_text(&d->suffixes[0], text), "Corp.Example.net.");
    assert_string_equal(da_name_to_text(&d->suffixes[1], text), "b.example.");
    assert_int_equal(d->block_count, 2);
    assert_string_equal(d->block[1], "Isatap");
    assert_int_equal(d->entry_point_count, 1);
    const struct da_entry_point *point = &d->entry_points[0];
    assert_string_equal(point->name, "Seattle HQ");
    assert_int_equal(point->server_count, 2);
    assert_string_equal(point->servers[1].name, "da2");
    assert_memory_equal(&point->servers[1].address, "\x0a\0\0\x0c", 4);
    assert_true(point->servers[0].has_ipv6);
    assert_false(point->servers[1].has_ipv6);
    assert_int_equal(point->servers[0].ipv6.octet[15], 0x11);
    assert_int_equal(point->balancer.kind, DA_BALANCER_NLB);
    assert_int_equal(point->balancer.nlb_mode, DA_NLB_UNICAST);
    assert_memory_equal(&point->balancer.vip, "\x0a\0\0\x0a", 4);
    assert_true(point->balancer.has_ipv6);
    da_deployment_free(d);
}

static void reads_every_choice(void **state)
{
    static const struct {
        const char *yaml;
        enum da_nlb_mode mode;
    } rows[] = {
        {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: unicast}"), DA_NLB_UNICAST},
        {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: multicast}"), DA_NLB_MULTICAST},
        {SERVERS(TWO ", load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: igmp-multicast}"), DA_NLB_IGMP_MULTICAST},
        {GOOD "network-location-server: false\n", DA_NLB_UNSPECIFIED},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_deployment *d = must_parse(rows[i].yaml);
        assert_int_equal(d->entry_points[0].balancer.nlb_mode, rows[i].mode);
        assert_false(d->network_location_server);
        da_deployment_free(d);
    }
}

static void fills_in_defaults(void **state)
{
    struct da_deployment *d = must_parse(GOOD);
    (void)state;

    assert_int_equal(d->ttl, 1200);
    assert_int_equal(d->negative_ttl, 300);
    assert_false(d->network_location_server);
    assert_string_equal(d->isatap_router, "");
    assert_int_equal(d->block_count, 1);
    assert_string_equal(d->block[0], "isatap");
    assert_int_equal(d->entry_points[0].balancer.kind, DA_BALANCER_NONE);
    assert_int_equal(d->entry_points[0].nat64.length, 96);
    da_deployment_free(d);
}

/* Gathers warnings as "PATH: TEXT\n". */
static void gather(void *arg, const char *path, const char *text)
{
    char *all = arg;
    snprintf(all + strlen(all), 1000 - strlen(all), "%s: %s\n", path, text);
}

static void warns(void **state)
{
    static const struct row rows[] = {
        {GOOD, ""},
        {GOOD "block: [wpad, ISATAP]\n", ""},
        {ENTRY("name: a, nat64-prefix: 'fd12:3456:789a:7777::/64', " ONE),
         "entry-points[0].nat64-prefix: \"fd12:3456:789a:7777::/64\": DirectAccess itself uses a length of 96\n"},
        {GOOD "block: [wpad]\n",
         "block: \"isatap\": not blocked; where it resolves, every IPv6 host brings up a tunnel\n"},
        {SUFFIXES V6 "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd12::11'}], "
                     "load-balancer: {kind: nlb, vip: 10.0.0.10}}]\n",
         "entry-points[0].load-balancer: \"a\": no ipv6-vip, so no AAAA is published although servers have an "
         "ipv6-address\n"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_deployment *deployment = NULL;
        char all[1000] = "";
        assert_int_equal(da_deployment_parse(rows[i].yaml, strlen(rows[i].yaml), &deployment, gather, all, NULL),
                         DA_OK);
        assert_string_equal(all, rows[i].message);
        da_deployment_free(deployment);
    }
}

/* A good file with count suffixes, entry points, servers and blocked labels. */
static char *large_file(size_t suffixes, size_t points, size_t servers, size_t blocks)
{
    size_t size = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    fprintf(out, "network: ipv4-only\nsuffixes:\n");
    for (size_t i = 0; i < suffixes; i++)
        fprintf(out, " - s%zu.example.net\n", i);
    fprintf(out, "block:\n");
    for (size_t i = 0; i < blocks; i++)
        fprintf(out, " - b%zu\n", i);
    fprintf(out, "entry-points:\n");
    for (size_t i = 0; i < points; i++) {
        fprintf(out,
                " - name: p%zu\n   " PREFIX "\n   load-balancer: {kind: external, vip: 11.%zu.%zu.1}\n   servers:\n", i,
                i / 256, i % 256);
        for (size_t j = 0; j < servers; j++)
            fprintf(out, "    - {name: s%zu-%zu, address: %zu.%zu.%zu.%zu}\n", i, j, 12 + i / 256, i % 256, j / 256,
                    j % 256);
    }
    fclose(out);
    return text;
}

static void keeps_its_limits(void **state)
{
    static const struct {
        size_t suffixes, points, servers, blocks;
        const char *message; /* NULL: accepted */
    } rows[] = {
        {10000, 1, 1, 1, NULL},
        {10001, 1, 1, 1, "f:10003:4: suffixes: too many entries; expected at most 10000"},
        {1, 1000, 1, 1, NULL},
        {1, 1001, 1, 1, "f:5007:4: entry-points: too many entries; expected at most 1000"},
        {1, 1, 1000, 1, NULL},
        {1, 1, 1001, 1, "f:1011:7: entry-points[0].servers: too many entries; expected at most 1000"},
        {1, 1, 1, 100, NULL},
        {1, 1, 1, 101, "f:105:4: block: too many entries; expected at most 100"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_error error = {0};
        char text[DA_ERROR_PRINT_MAX];
        char *yaml = large_file(rows[i].suffixes, rows[i].points, rows[i].servers, rows[i].blocks);
        enum da_status status = parse(yaml, strlen(yaml), &error);
        free(yaml);
        if (rows[i].message != NULL)
            assert_string_equal(da_error_print(&error, "f", text, sizeof(text)), rows[i].message);
        assert_int_equal(status, rows[i].message == NULL ? DA_OK : DA_ERR_LIMIT);
    }
}

/* Writes a temporary file; its path is in path. */
static void write_file(char path[static 32], const char *text, size_t length)
{
    strcpy(path, "/tmp/da-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    close(fd);
}

static void loads_files(void **state)
{
    struct da_deployment *deployment = NULL;
    struct da_error error = {0};
    char path[32], text[DA_ERROR_PRINT_MAX];
    (void)state;

    write_file(path, GOOD, strlen(GOOD));
    assert_int_equal(da_deployment_load(path, &deployment, NULL, NULL, &error), DA_OK);
    assert_int_equal(deployment->suffix_count, 1);
    da_deployment_free(deployment);
    unlink(path);
    assert_int_equal(da_deployment_load(path, &deployment, NULL, NULL, &error), DA_ERR_IO);
    assert_string_equal(da_error_print(&error, "f", text, sizeof(text)),
                        "f: cannot be opened: No such file or directory");
    error = (struct da_error){0};
    assert_int_equal(da_deployment_load("/", &deployment, NULL, NULL, &error), DA_ERR_IO);
    assert_string_equal(da_error_print(&error, "f", text, sizeof(text)), "f: cannot be read: Is a directory");
}

static void refuses_huge_files(void **state)
{
    struct da_deployment *deployment = NULL;
    struct da_error error = {0};
    char path[32], text[DA_ERROR_PRINT_MAX];
    (void)state;

    write_file(path, GOOD "#", strlen(GOOD "#"));
    assert_int_equal(truncate(path, DA_MAX_FILE + 1), 0);
    assert_int_equal(da_deployment_load(path, &deployment, NULL, NULL, &error), DA_ERR_LIMIT);
    assert_string_equal(da_error_print(&error, "f", text, sizeof(text)),
                        "f: too large; expected at most 16777216 octets");
    unlink(path);

    /* as large as allowed, nearly all of it a comment */
    char *padded = malloc(DA_MAX_FILE + 1);
    assert_non_null(padded);
    memcpy(padded, GOOD, sizeof(GOOD));
    memset(padded + strlen(GOOD), '#', DA_MAX_FILE + 1 - strlen(GOOD));
    assert_int_equal(parse(padded, DA_MAX_FILE, NULL), DA_OK);
    assert_int_equal(parse(padded, DA_MAX_FILE + 1, NULL), DA_ERR_LIMIT);
    free(padded);
}

/* libyaml's time grows with the square of the depth; a file that is all depth must not keep a server waiting. */
static void refuses_depth_at_once(void **state)
{
    struct da_error error = {0};
    char text[DA_ERROR_PRINT_MAX];
    const size_t length = (size_t)1024 * 1024;
    char *deep = malloc(length);
    (void)state;

    assert_non_null(deep);
    memset(deep, '[', length);
    assert_int_equal(parse(deep, length, &error), DA_ERR_SYNTAX);
    assert_string_equal(da_error_print(&error, "f", text, sizeof(text)),
                        "f:1:9: nested too deeply; expected a deployment");
    free(deep);
}

/* Whatever the damage, an error or a deployment; the sanitizers watch. */
static void survives_damage(void **state)
{
    static const char whole[] = GOOD "ttl: 5\nblock: [isatap, wpad]\nisatap-router: r\n";
    char damaged[sizeof(whole)];
    (void)state;

    for (size_t i = 0; i < sizeof(whole) - 1; i++) {
        parse(whole, i, NULL);
        for (int c = 0; c < 256; c += 5) {
            memcpy(damaged, whole, sizeof(whole));
            damaged[i] = (char)c;
            parse(damaged, sizeof(whole) - 1, NULL);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_exact_message),
        cmocka_unit_test(accepts),
        cmocka_unit_test(reads_every_choice),
        cmocka_unit_test(reads_every_field),
        cmocka_unit_test(fills_in_defaults),
        cmocka_unit_test(warns),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(loads_files),
        cmocka_unit_test(refuses_huge_files),
        cmocka_unit_test(refuses_depth_at_once),
        cmocka_unit_test(survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
