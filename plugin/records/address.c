#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool da_ipv4_from_text(const char *text, struct da_ipv4 *address)
{
    return inet_pton(AF_INET, text, address->octet) == 1;
}

bool da_ipv6_from_text(const char *text, struct da_ipv6 *address)
{
    return inet_pton(AF_INET6, text, address->octet) == 1;
}

bool da_ipv4_is_unicast(const struct da_ipv4 *address)
{
    const uint8_t *o = address->octet;
    bool link_local = o[0] == 169 && o[1] == 254; /* RFC 3927 */
    return o[0] != 0 && o[0] != 127 && o[0] < 224 && !link_local;
}

/* fe80::/10 or ff00::/8, RFC 4291 sections 2.5.6 and 2.7. */
static bool is_link_local_or_multicast(const struct da_ipv6 *address)
{
    const uint8_t *o = address->octet;
    return o[0] == 0xff || (o[0] == 0xfe && (o[1] & 0xc0) == 0x80);
}

bool da_ipv6_is_unicast(const struct da_ipv6 *address)
{
    static const uint8_t zero[12];
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return !is_link_local_or_multicast(address) && memcmp(address->octet, zero, sizeof(zero)) != 0 &&
           memcmp(address->octet, mapped, sizeof(mapped)) != 0;
}

/* Of NAT64 prefixes: RFC 6052 section 2.2; bits. */
static const uint8_t lengths[] = {96, 64, 56, 48, 40, 32};
#define LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static bool length_listed(unsigned length)
{
    size_t i = 0;

    while (i < LENGTHS && lengths[i] != length)
        i++;
    return i < LENGTHS;
}

/* Reads the decimal digits behind the slash; 0 … 999, or -1. */
static int length_from_text(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[digits] != '\0')
        return -1;
    return (int)strtol(text, NULL, 10);
}

enum da_prefix_fault da_prefix_from_text(const char *text, struct da_prefix *prefix)
{
    char head[INET6_ADDRSTRLEN];
    struct da_prefix read;
    const char *slash = strchr(text, '/');

    if (slash == NULL || (size_t)(slash - text) >= sizeof(head))
        return DA_PREFIX_SYNTAX;
    snprintf(head, sizeof(head), "%.*s", (int)(slash - text), text);
    int length = length_from_text(slash + 1);
    if (length < 0 || !da_ipv6_from_text(head, &read.network))
        return DA_PREFIX_SYNTAX;
    if (!length_listed((unsigned)length))
        return DA_PREFIX_LENGTH;
    read.length = (uint8_t)length;
    for (size_t i = read.length / 8; i < DA_IPV6_LEN; i++)
        if (read.network.octet[i] != 0)
            return DA_PREFIX_HOST_BITS;
    if (read.network.octet[8] != 0)
        return DA_PREFIX_U_OCTET;
    static const uint8_t zero[DA_IPV6_LEN];
    if (is_link_local_or_multicast(&read.network) || memcmp(read.network.octet, zero, sizeof(zero)) == 0)
        return DA_PREFIX_UNICAST;
    *prefix = read;
    return DA_PREFIX_OK;
}

struct da_ipv6 da_prefix_embed(const struct da_prefix *prefix, const struct da_ipv4 *address)
{
    struct da_ipv6 embedded = prefix->network;
    size_t at = prefix->length / 8;

    for (size_t i = 0; i < DA_IPV4_LEN; i++) {
        if (at == 8)
            at++; /* bits 64 … 71 stay zero */
        embedded.octet[at++] = address->octet[i];
    }
    return embedded;
}

bool da_prefix_extract(const struct da_prefix *prefix, const struct da_ipv6 *embedded, struct da_ipv4 *address)
{
    size_t at = prefix->length / 8;

    if (memcmp(embedded->octet, prefix->network.octet, at) != 0)
        return false;
    for (size_t i = 0; i < DA_IPV4_LEN; i++) {
        if (at == 8)
            at++; /* bits 64 … 71 say nothing */
        address->octet[i] = embedded->octet[at++];
    }
    return true;
}

bool da_prefix_of(const struct da_ipv6 *embedded, const struct da_ipv4 *address, struct da_prefix *prefix)
{
    bool found = false;

    for (size_t i = 0; i < LENGTHS && !found; i++) {
        *prefix = (struct da_prefix){.length = lengths[i]};
        memcpy(prefix->network.octet, embedded->octet, lengths[i] / 8);
        struct da_ipv6 again = da_prefix_embed(prefix, address);
        found = prefix->network.octet[8] == 0 && memcmp(&again, embedded, sizeof(again)) == 0;
    }
    return found;
}
