/* zone_head.h - what the beginning of a zone file tells of the whole. Private to zone_*.c. */
#ifndef DA_ZONE_HEAD_H
#define DA_ZONE_HEAD_H

#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct da_zone_head {
    bool windows;          /* dnscmd wrote it */
    bool listing;          /* it is what dnscmd /EnumRecords prints, of the zone or of a part of it */
    struct da_name zone;   /* length 0 = it does not tell */
    const char *zone_from; /* how zone is known: a phrase */
    uint64_t first_record; /* line of the first entry that is neither $TTL nor $ORIGIN; 0 = not among these octets */
};

/* Reads the head: Windows' "Database file FILE for ZONE zone." in comments, "Returned records:" of dnscmd /EnumRecords,
 * "[AGE:n]" or "[Aging:n]" in any entry, an absolute $ORIGIN in front of all records. */
void da_zone_head_read(const char *text, size_t length, struct da_zone_head *head);

#endif
