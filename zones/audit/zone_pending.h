/* zone_pending.h - records of a zone file of which something is known only when more of it is read.
 *
 * Whether a file is a Windows export may show late, and so may the SOA that has the TTL of records without one. Records
 * wait here until the end of the file, at most DA_ZONE_PENDING of them: those in front of more are settled with what is
 * known by then. Private to zone_*.c. */
#ifndef DA_ZONE_PENDING_H
#define DA_ZONE_PENDING_H

#include "audit/collection.h"

#define DA_ZONE_PENDING 1024

struct da_pending {
    struct da_found found; /* owner and rdata are copies; DA_AGING_UNKNOWN = there is no stamp */
    bool ttl_missing;      /* neither the record nor anything read so far tells the TTL */
    bool ttl_of_before;    /* it is that of the record before, as it is in files that are not of Windows */
    bool stamp_bad;        /* there is a stamp, which cannot be read */
};

struct da_pending_list {
    struct da_pending *pending;
    size_t count;
    bool left_out; /* a record was: see read_again */
};

/* What is known by now. */
struct da_pending_facts {
    bool windows;     /* a record without stamp is static */
    bool has_minimum; /* a record without TTL has this one */
    uint32_t minimum;
    bool read_again; /* without that, such a record is left out: the file is read once more for it */
};

/* Adds a copy. list is settled before with facts where it is full. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_pending_add(struct da_pending_list *list, const struct da_pending *pending,
                              struct da_collection *collection, const struct da_pending_facts *facts);

/* Gives all that wait to the collection. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_pending_settle(struct da_pending_list *list, struct da_collection *collection,
                                 const struct da_pending_facts *facts);

/* Forgets all but left_out, and frees what the list holds. */
void da_pending_clear(struct da_pending_list *list);

#endif
