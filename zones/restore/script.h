/* script.h - what is missing as commands of BIND's nsupdate, for updates that dadns cannot sign itself (GSS-TSIG).
 *
 * The commands are those updates that would be sent otherwise (update.h). Output depends on the deployment and on what
 * the server answered alone: no clock. */
#ifndef DA_RESTORE_SCRIPT_H
#define DA_RESTORE_SCRIPT_H

#include "audit/live_endpoint.h"
#include "error.h"
#include "record_set.h"
#include "restore/need.h"

#include <ldns/ldns.h>
#include <stdio.h>

/* What all of it says. Each function returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
struct da_restore_script {
    FILE *out;
    const char *deployment;           /* as messages call it */
    const struct da_endpoint *server; /* the address that answered */
    const struct da_record_set *set;
    size_t updates; /* written so far */
};

enum da_status da_restore_script_begin(const struct da_restore_script *script);

/* Writes the update for the RRset that the cursor is at. */
enum da_status da_restore_script_update(struct da_restore_script *script, const struct da_rrset_cursor *cursor,
                                        const ldns_pkt *update);

/* Says that there is none for it, and why. */
enum da_status da_restore_script_failed(const struct da_restore_script *script, const struct da_rrset_cursor *cursor,
                                        const char *why);

enum da_status da_restore_script_end(const struct da_restore_script *script);

#endif
