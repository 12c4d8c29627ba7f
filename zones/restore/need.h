/* need.h - what an authoritative server lacks of an RRset, as its replies have it.
 *
 * Replies that do not come from the zone itself say nothing: those without the AA bit, referrals, aliases. Pure: no
 * socket, clock or output; nothing allocates. */
#ifndef DA_RESTORE_NEED_H
#define DA_RESTORE_NEED_H

#include "audit/collection.h"
#include "record_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum da_need_kind {
    DA_NEED_NOTHING,   /* every address is there */
    DA_NEED_ADDRESSES, /* some are not */
    DA_NEED_UNKNOWN,   /* it cannot be told, or an update could not help: text says why */
};

#define DA_NEED_TEXT_MAX 200

struct da_need {
    enum da_need_kind kind;
    const struct da_found *found; /* the RRset as it is, the collection's; NULL = it is not there */
    size_t found_count;
    size_t missing; /* addresses */
    size_t wrong;   /* of found: addresses that do not belong */
    uint32_t ttl;   /* what is added gets it: the RRset's, so that what is there stays as it is, else the set's */
    char text[DA_NEED_TEXT_MAX];
};

/* Looks at the reply to the question for the RRset that the cursor is at. collection is finished. */
void da_need_look(const struct da_collection *collection, const struct da_record_set *set,
                  const struct da_rrset_cursor *cursor, struct da_need *need);

/* True for address number index of the RRset where it is not there. */
bool da_need_is_missing(const struct da_need *need, const struct da_rrset *rrset, size_t index);

/* True for found[index] where it does not belong. */
bool da_need_is_wrong(const struct da_need *need, const struct da_rrset *rrset, size_t index);

/* Finds the zone that a suffix is in: the owner of the SOA in the reply for it. Returns NULL, or why it is not known: a
 * phrase. */
const char *da_need_find_zone(const struct da_collection *collection, const struct da_name *suffix,
                              struct da_name *zone);

#endif
