/* fix.h - the commands that repair exactly what an audit found; printed, never run.
 *
 * Only findings with a remedy (finding.h) that were made in contents of a zone or by asking an authoritative server
 * lead to commands, each repair once, however many sources show it. What commands cannot repair is named in comments.
 */
#ifndef DA_FIX_H
#define DA_FIX_H

#include "audit/report.h"

/* A dialect: "nsupdate", "powershell" or "dnscmd". */
struct da_fix_dialect;

/* NULL = there is none of that name. */
const struct da_fix_dialect *da_fix_find(const char *name);

/* "nsupdate, powershell, dnscmd". Returns text. */
const char *da_fix_names(char *text, size_t size);

/* Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_fix_write(const struct da_fix_dialect *dialect, const struct da_audit *audit, FILE *out);

#endif
