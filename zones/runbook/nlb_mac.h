/* nlb_mac.h - the MAC address of a Network Load Balancing cluster, and its spellings. */
#ifndef DA_RUNBOOK_NLB_MAC_H
#define DA_RUNBOOK_NLB_MAC_H

#include "address.h"
#include "deployment.h"

#define DA_MAC_LEN      6
#define DA_MAC_TEXT_MAX 18

struct da_mac {
    uint8_t octet[DA_MAC_LEN];
};

enum da_mac_style {
    DA_MAC_WINDOWS, /* 03-bf-0a-00-00-0a */
    DA_MAC_COLONS,  /* 03:bf:0a:00:00:0a */
    DA_MAC_DOTS,    /* 03bf.0a00.000a */
};

/* mode is not DA_NLB_UNSPECIFIED. */
struct da_mac da_nlb_mac(enum da_nlb_mode mode, const struct da_ipv4 *vip);
const char *da_mac_to_text(const struct da_mac *mac, enum da_mac_style style, char text[static DA_MAC_TEXT_MAX]);

#endif
