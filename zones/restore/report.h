/* report.h - what came of each RRset, told as soon as it is known: as text for people, or as JSON.
 *
 * packaging/manual/restore.md tells the JSON's schema. A report is begun, hears of each RRset in the set's order, and
 * is ended. Memory does not grow with their number. */
#ifndef DA_RESTORE_REPORT_H
#define DA_RESTORE_REPORT_H

#include "error.h"
#include "record_set.h"
#include "restore/need.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum da_restore_result {
    DA_RESTORE_THERE,    /* nothing was to be done, or somebody else did it meanwhile */
    DA_RESTORE_RESTORED, /* and verified by asking again */
    DA_RESTORE_FAILED,
};
#define DA_RESTORE_RESULTS 3

/* What came of the RRset that the cursor is at. */
struct da_restore_item {
    enum da_restore_result result;
    const struct da_rrset_cursor *cursor;
    const struct da_need *before; /* as it was found */
    const struct da_need *after;  /* as it is now */
    const char *why;              /* DA_RESTORE_FAILED: one line */
};

struct da_restore_report {
    FILE *out;
    bool json;
    const char *deployment; /* as messages call it */
    const char *server;     /* as on the command line */
    const struct da_record_set *set;
    int64_t now; /* Unix time: records that are added now age from here on */
    size_t counts[DA_RESTORE_RESULTS];
    size_t wrong; /* RRsets with addresses that do not belong */
};

/* Each returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_restore_report_begin(struct da_restore_report *report);
enum da_status da_restore_report_item(struct da_restore_report *report, const struct da_restore_item *item);
enum da_status da_restore_report_end(struct da_restore_report *report);

/* Writes the plain statement: what becomes of records in Active Directory that an update adds. first stands before the
 * first line, other before the rest. */
void da_restore_statement(FILE *out, const char *first, const char *other, const char *when);

#endif
