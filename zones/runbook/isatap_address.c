#include "runbook/isatap_address.h"

#include "runbook/network_text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define IDENTIFIER_AT (DA_ISATAP_PREFIX_LENGTH / 8) /* octets */
#define IPV4_AT       (DA_IPV6_LEN - DA_IPV4_LEN)
#define GLOBAL_BIT    0x02 /* "u", of the identifier's first octet */

static uint32_t to_number(const struct da_ipv4 *address)
{
    const uint8_t *octet = address->octet;

    return (uint32_t)octet[0] << 24 | (uint32_t)octet[1] << 16 | (uint32_t)octet[2] << 8 | octet[3];
}

bool da_ipv4_is_global(const struct da_ipv4 *address)
{
    static const struct {
        uint32_t network;
        unsigned length; /* bits */
    } special[] = {
        {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
        {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0a80000, 16}, {0xc6120000, 15},
        {0xc6336400, 24}, {0xcb007100, 24}, {0xf0000000, 4},
    };
    uint32_t number = to_number(address);

    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
        if ((number ^ special[i].network) >> (32 - special[i].length) == 0)
            return false;
    return true;
}

struct da_ipv6 da_isatap_address(const struct da_prefix *prefix, const struct da_ipv4 *address)
{
    static const uint8_t identifier[] = {0x00, 0x00, 0x5e, 0xfe};
    struct da_ipv6 isatap = prefix->network;

    memcpy(isatap.octet + IDENTIFIER_AT, identifier, sizeof(identifier));
    if (da_ipv4_is_global(address))
        isatap.octet[IDENTIFIER_AT] |= GLOBAL_BIT;
    memcpy(isatap.octet + IPV4_AT, address->octet, DA_IPV4_LEN);
    return isatap;
}

const char *da_isatap_identifier(const struct da_ipv4 *address, char text[static DA_ISATAP_TEXT_MAX])
{
    char ipv4[DA_IPV4_TEXT_MAX];

    snprintf(text, DA_ISATAP_TEXT_MAX, "%s:5efe:%s", da_ipv4_is_global(address) ? "200" : "0",
             da_ipv4_to_text(address, ipv4));
    return text;
}
