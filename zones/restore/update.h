/* update.h - the dynamic update (RFC 2136) that adds to an RRset what is missing.
 *
 * An update only adds. Its prerequisites guard against what somebody else does between our question and our update:
 *   - no CNAME at the name: beside one, a server ignores what is added, without an error (section 3.4.2.2);
 *   - where the RRset was not there at all, that it is not there still: then somebody else was faster, and what they
 *     have put there is looked at first.
 * An address is never deleted to be added anew: in Active Directory a static record would become dynamic by that. */
#ifndef DA_RESTORE_UPDATE_H
#define DA_RESTORE_UPDATE_H

#include "error.h"
#include "record_set.h"
#include "restore/need.h"

#include <ldns/ldns.h>
#include <stdio.h>

/* Makes the update of a need for addresses. update is set on success only, and freed with ldns_pkt_free(). Returns
 * DA_OK or DA_ERR_MEMORY. */
enum da_status da_update_new(const struct da_record_set *set, const struct da_rrset_cursor *cursor,
                             const struct da_need *need, const struct da_name *zone, ldns_pkt **update);

/* Writes it as commands of BIND's nsupdate, a line each, with "send" behind. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO
 * with errno set. */
enum da_status da_update_print(const ldns_pkt *update, FILE *out);

#endif
