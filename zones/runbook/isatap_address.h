/* isatap_address.h - the IPv6 addresses that hosts give themselves on an ISATAP interface: RFC 5214 section 6.1.
 *
 * The interface identifier is 0:5efe:a.b.c.d, and 200:5efe:a.b.c.d for an IPv4 address known to be globally unique. */
#ifndef DA_RUNBOOK_ISATAP_ADDRESS_H
#define DA_RUNBOOK_ISATAP_ADDRESS_H

#include "address.h"

#include <stdbool.h>

#define DA_ISATAP_PREFIX_LENGTH 64 /* bits; what is behind them is the identifier */
#define DA_ISATAP_TEXT_MAX      30 /* octets of an identifier as text, with its NUL */

/* False for what the IANA IPv4 special-purpose address registry (RFC 6890) calls not global: private, shared,
 * link-local, documentation and benchmark addresses. */
bool da_ipv4_is_global(const struct da_ipv4 *address);

/* prefix has DA_ISATAP_PREFIX_LENGTH. */
struct da_ipv6 da_isatap_address(const struct da_prefix *prefix, const struct da_ipv4 *address);

/* "0:5efe:10.0.0.11". Returns text. */
const char *da_isatap_identifier(const struct da_ipv4 *address, char text[static DA_ISATAP_TEXT_MAX]);

#endif
