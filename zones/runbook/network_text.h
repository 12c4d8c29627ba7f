/* network_text.h - addresses and names as the network chapters of a runbook write them.
 *
 * Nothing allocates; every function returns the text it was given. */
#ifndef DA_RUNBOOK_NETWORK_TEXT_H
#define DA_RUNBOOK_NETWORK_TEXT_H

#include "address.h"
#include "name.h"

#define DA_IPV4_TEXT_MAX 16
#define DA_IPV6_TEXT_MAX 46

const char *da_ipv4_to_text(const struct da_ipv4 *address, char text[static DA_IPV4_TEXT_MAX]);
const char *da_ipv6_to_text(const struct da_ipv6 *address, char text[static DA_IPV6_TEXT_MAX]);

/* "label.suffix" without the final dot, as Windows and web servers write names; label may be NULL. */
const char *da_host_to_text(const char *label, const struct da_name *suffix, char text[static DA_NAME_TEXT_MAX]);

#endif
