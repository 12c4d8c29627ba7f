/* abi.h - whether this BIND is the one the plugin was compiled for.
 *
 * NS_PLUGIN_VERSION stayed 1 from 9.14 to 9.18 while structures moved within every series, so that named takes a stale
 * plugin and crashes at the first query. What tells releases apart is the file that libns was loaded from: its name has
 * the exact version, with the distribution's revision. */
#ifndef DA_ABI_H
#define DA_ABI_H

#include <stdbool.h>

#define DA_ABI_REASON_MAX 512 /* octets of a reason, with the NUL */

/* To be asked before anything else. Calls nothing of BIND's. On false, reason names both versions. */
bool da_abi_matches_host(char reason[static DA_ABI_REASON_MAX]);

#endif
