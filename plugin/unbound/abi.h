/* abi.h - whether this Unbound is the one the module was compiled for.
 *
 * Unbound has no module ABI version, and its structures move between versions and with configure options. These checks
 * read only what has not moved since 1.17, so that they are safe in any Unbound. */
#ifndef DA_ABI_H
#define DA_ABI_H

#include <stdbool.h>
#include <stddef.h>

struct module_qstate;

#define DA_ABI_REASON_MAX 256 /* octets of a reason, with the NUL */

/* At init, before any structure is touched: version string, sizes of replies and RRsets, and EDNS client subnet. On
 * false, reason says what differs and names both versions. */
bool da_abi_matches_host(char reason[static DA_ABI_REASON_MAX]);

/* At the first query: whether the query state lies within the mesh state where the headers say. */
bool da_abi_matches_query(const struct module_qstate *qstate);

#endif
