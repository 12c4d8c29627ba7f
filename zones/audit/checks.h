/* checks.h - the audit itself: from collections to findings. Pure: no file, socket, clock or output.
 *
 * A check is a function over finished collections that reports each finding through a callback; they stand in one
 * table. Order of findings: source as given, suffix as in the deployment, then what is of no suffix; name as in the
 * record set, blocked names behind them; type; then as in finding.h. Findings about all sources come last.
 *
 * Who is asked what. Contents of a zone and authoritative servers are judged by what they publish and refuse, resolvers
 * by what they answer. A resolver that remote clients use is judged by two things alone: that it resolves neither the
 * network location server nor a blocked name. A server that is not authoritative for a suffix is judged by nothing. A
 * zone that delegates a suffix away says nothing of it where another source covers the suffix, or where none of our
 * records were left in it. */
#ifndef DA_CHECKS_H
#define DA_CHECKS_H

#include "audit/aging.h"
#include "audit/collection.h"
#include "audit/finding.h"
#include "audit/names.h"
#include "deployment.h"
#include "record_set.h"

/* What is checked. Everything is borrowed. */
struct da_check_request {
    const struct da_deployment *deployment;
    const struct da_record_set *set;
    const struct da_names *names;
    struct da_collection *const *collections; /* finished, in the order of the command line */
    size_t collection_count;
    struct da_intervals intervals;
    int64_t now; /* Unix time */
};

/* Finds. severity of the findings is the table's: overriding and leaving out is the caller's. Returns DA_OK, or
 * DA_ERR_MEMORY with findings missing. */
enum da_status da_checks_run(const struct da_check_request *request, da_finding_fn *report, void *arg);

/* The label of names that owner is, in front of a suffix; NULL = none. */
const struct da_label *da_names_label_of(const struct da_names *names, const struct da_name *owner);

/* What a name of a type in front of a suffix is in one source: for the tables of reports. */
enum da_presence {
    DA_PRESENCE_RECORDS,      /* da_collection_find() has them */
    DA_PRESENCE_ABSENT,       /* certainly */
    DA_PRESENCE_UNDETERMINED, /* not found, but the reading is uncertain, or the question failed */
    DA_PRESENCE_NOT_COVERED,  /* the source says nothing of the suffix */
};
enum da_presence da_presence_of(const struct da_collection *collection, const struct da_name *name, uint16_t type);

/* The intervals that a name's records age by: those of its zone where the source tells them, else the request's. */
const struct da_intervals *da_intervals_of(const struct da_check_request *request,
                                           const struct da_collection *collection, const struct da_name *name);

/* From when on, as Unix time, scavenging may delete a record of a source. False: not as things are, because the record
 * is not dynamic, or because the source tells that its zone has aging off or takes no dynamic updates. */
bool da_stale_at(const struct da_check_request *request, const struct da_collection *collection,
                 const struct da_found *found, int64_t *stale_at);

/* True where the source's zones have the suffix and do not delegate it away, where they have records of our labels in
 * front of it all the same, or where the source is a server or resolver. */
bool da_covers(const struct da_collection *collection, const struct da_name *suffix);

#endif
