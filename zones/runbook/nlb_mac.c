#include "runbook/nlb_mac.h"

#include <stdio.h>

/* As "Configure network infrastructure to support the NLB operation mode" (Microsoft, KB 4494444) has it. */
struct da_mac da_nlb_mac(enum da_nlb_mode mode, const struct da_ipv4 *vip)
{
    const uint8_t *octet = vip->octet;

    if (mode == DA_NLB_IGMP_MULTICAST)
        return (struct da_mac){{0x01, 0x00, 0x5e, 0x7f, octet[2], octet[3]}};
    return (struct da_mac){{mode == DA_NLB_UNICAST ? 0x02 : 0x03, 0xbf, octet[0], octet[1], octet[2], octet[3]}};
}

const char *da_mac_to_text(const struct da_mac *mac, enum da_mac_style style, char text[static DA_MAC_TEXT_MAX])
{
    static const char *const formats[] = {
        [DA_MAC_WINDOWS] = "%02x-%02x-%02x-%02x-%02x-%02x",
        [DA_MAC_COLONS] = "%02x:%02x:%02x:%02x:%02x:%02x",
        [DA_MAC_DOTS] = "%02x%02x.%02x%02x.%02x%02x",
    };
    const uint8_t *octet = mac->octet;

    snprintf(text, DA_MAC_TEXT_MAX, formats[style], octet[0], octet[1], octet[2], octet[3], octet[4], octet[5]);
    return text;
}
