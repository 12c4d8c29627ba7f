/* address.h - IPv4 and IPv6 addresses, and IPv4 inside IPv6 prefixes (RFC 6052 section 2).
 *
 * Addresses are octets in network order. Nothing allocates; every function may be called from any thread. */
#ifndef DA_ADDRESS_H
#define DA_ADDRESS_H

#include "error.h"

#include <stdbool.h>
#include <stdint.h>

#define DA_IPV4_LEN 4
#define DA_IPV6_LEN 16

struct da_ipv4 {
    uint8_t octet[DA_IPV4_LEN];
};

struct da_ipv6 {
    uint8_t octet[DA_IPV6_LEN];
};

/* A NAT64 prefix: length 32, 40, 48, 56, 64 or 96 bits; the bits behind it, and bits 64 to 71, are zero. */
struct da_prefix {
    struct da_ipv6 network;
    uint8_t length; /* bits */
};

/* Why a prefix was refused: each has its own remedy. */
enum da_prefix_fault {
    DA_PREFIX_OK = 0,
    DA_PREFIX_SYNTAX,    /* not ADDRESS/LENGTH */
    DA_PREFIX_LENGTH,    /* a length that RFC 6052 section 2.2 does not list */
    DA_PREFIX_HOST_BITS, /* a bit behind the length is set */
    DA_PREFIX_U_OCTET,   /* a bit of 64 … 71 is set */
    DA_PREFIX_UNICAST,   /* unspecified, link-local or multicast */
};

/* Reads the usual text forms (inet_pton). Returns false, and leaves the address alone, on anything else. */
bool da_ipv4_from_text(const char *text, struct da_ipv4 *address);
bool da_ipv6_from_text(const char *text, struct da_ipv6 *address);

/* True for an address a server can be reached at from another host: not unspecified (0.0.0.0/8, ::), loopback,
 * link-local, multicast, reserved (240.0.0.0/4) or, for IPv6, a mapped or compatible IPv4 address (::/96,
 * ::ffff:0:0/96). */
bool da_ipv4_is_unicast(const struct da_ipv4 *address);
bool da_ipv6_is_unicast(const struct da_ipv6 *address);

/* Reads "fd12:3456:789a:7777::/96". prefix is set on DA_PREFIX_OK only. */
enum da_prefix_fault da_prefix_from_text(const char *text, struct da_prefix *prefix);

/* Embeds an IPv4 address: RFC 6052 section 2.2, octet 8 skipped and left zero. prefix is valid. */
struct da_ipv6 da_prefix_embed(const struct da_prefix *prefix, const struct da_ipv4 *address);

/* Takes the IPv4 address out again (RFC 6052 section 2.3); bits 64 to 71 and the suffix are not looked at. False, and
 * address is left alone, where embedded is not within the prefix. */
bool da_prefix_extract(const struct da_prefix *prefix, const struct da_ipv6 *embedded, struct da_ipv4 *address);

/* Finds the longest prefix within which an IPv6 address is the given IPv4 one. False where there is none; prefix may
 * be changed. */
bool da_prefix_of(const struct da_ipv6 *embedded, const struct da_ipv4 *address, struct da_prefix *prefix);

#endif
