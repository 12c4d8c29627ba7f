/* collection.h - what one source says of the names that an audit looks at.
 *
 * A source is a zone file, a transfer, a directory, a server or a resolver; each fills one collection, and checks read
 * it. Sources of two natures differ in how a collection says that a record is not there:
 *   - contents of a zone (files, transfers, the directory): what was not found is absent, unless there is a doubt;
 *   - replies (servers, resolvers): each question has an outcome of its own.
 * Memory is bounded: at most DA_COLLECTION_RECORDS records a name, and DA_COLLECTION_UNKNOWN in all of names that
 * are not known beforehand (blocked labels at any depth); what is over that is a doubt. A collection is filled by one
 * thread, then finished, and then read by any number of them. */
#ifndef DA_COLLECTION_H
#define DA_COLLECTION_H

#include "audit/aging.h"
#include "audit/names.h"
#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DA_COLLECTION_RECORDS 4096
#define DA_COLLECTION_UNKNOWN 4096
#define DA_COLLECTION_DOUBTS  256

/* Types that decide something, beside those of record_set.h (RFC 1035 section 3.2.2, RFC 6672). */
#define DA_TYPE_NS    2
#define DA_TYPE_CNAME 5
#define DA_TYPE_DNAME 39

enum da_source_kind {
    DA_SOURCE_ZONE_FILE,
    DA_SOURCE_TRANSFER,
    DA_SOURCE_DIRECTORY,
    DA_SOURCE_SERVER,
    DA_SOURCE_RESOLVER
};

/* Whether scavenging will delete a record: domain knowledge in aging.h. */
enum da_aging { DA_AGING_UNKNOWN, DA_AGING_STATIC, DA_AGING_DYNAMIC };

/* Where something was read. */
struct da_place {
    const char *file; /* borrowed from the collection (da_collection_file()); NULL = it was no file */
    uint64_t line;    /* from 1; 0 = the file has no lines, or none is known */
};

/* A record. Those of A, AAAA, CNAME, NS, DNAME and SOA have rdata; a record of another type says only that it is there.
 */
struct da_found {
    const struct da_name *owner; /* as spelled */
    uint16_t type;
    bool has_ttl; /* false: the source does not tell it */
    uint32_t ttl; /* seconds */
    enum da_aging aging;
    uint32_t stamp;        /* DA_AGING_DYNAMIC: hours since 1601-01-01 00:00 UTC, not 0 */
    uint16_t rdata_length; /* octets; 0 = the source does not tell it */
    const uint8_t *rdata;  /* wire form, names in it not compressed */
    struct da_place place;
};

/* What came of a question to a server. Order: the better, the lower. */
enum da_outcome {
    DA_OUTCOME_ANSWER,   /* records of that type, or a CNAME, were added to the collection */
    DA_OUTCOME_NODATA,   /* the name exists, or something below it */
    DA_OUTCOME_NXDOMAIN, /* it does not */
    DA_OUTCOME_REFERRAL, /* the server names others: a delegation, whose owner is in the reply's at */
    DA_OUTCOME_FAILED,   /* refused, SERVFAIL, no reply in time …: text tells */
};

struct da_reply {
    struct da_name name;
    uint16_t type;
    enum da_outcome outcome;
    bool authoritative; /* the AA bit */
    struct da_name at;  /* DA_OUTCOME_REFERRAL: where the delegation is; length 0 otherwise */
    char text[80];      /* DA_OUTCOME_FAILED: why, as a phrase; "" otherwise */
};

/* What makes the reading of a zone's contents uncertain. */
struct da_doubt {
    bool one_name; /* of that name only; false: of every name */
    struct da_name name;
    struct da_place place;
    char text[160]; /* a phrase, such as "a quoted string has no end on its line" */
};

/* Who may send a zone updates (RFC 2136), as the directory has it. */
enum da_updates { DA_UPDATES_NONE, DA_UPDATES_ANYBODY, DA_UPDATES_SECURE };

/* How the records of a zone age, as the directory has it. */
struct da_zone_aging {
    struct da_name zone;
    bool enabled;
    struct da_intervals intervals;
    int64_t scavenged_from; /* Unix time before which nothing is scavenged; 0 = none is set */
    enum da_updates updates;
};

/* What the directory says of a node of a zone, beside its records. */
struct da_node {
    struct da_name owner;
    bool is_tombstoned; /* deleted, and kept for replication */
    int64_t deleted_at; /* Unix time; 0 = not known */
    char holder[128];   /* who owns the node, and so may update it; "" = not known */
};

struct da_collection {
    enum da_source_kind kind;
    char *title;             /* what reports call it: the path, or the address */
    bool remote;             /* a resolver that remote clients use */
    bool ages;               /* records tell whether they are dynamic: a Windows export, the directory */
    struct da_name origin;   /* contents: the zone that was asked for; length 0 = none was named */
    const char *origin_from; /* how that is known: a phrase for reports; NULL = the source says so itself */
    bool failed;             /* the source as a whole gave nothing */
    char failure[200];       /* why: one line */
    uint64_t lines;          /* of zone files read; 0 = none */

    const struct da_names *names; /* borrowed; the rest is private but for reading */
    struct da_found *records;     /* finished: in canonical order of owner (RFC 4034 section 6.1), type, rdata */
    size_t record_count;
    struct da_reply *replies;
    size_t reply_count;
    struct da_doubt *doubts;
    size_t doubt_count;
    struct da_zone_aging *zones; /* of the directory; finished: in canonical order of zone */
    size_t zone_count;
    struct da_node *nodes; /* of the directory; finished: in canonical order of owner */
    size_t node_count;
    struct da_collection_store *store;
};

/* names lives longer. title is copied. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_collection_new(enum da_source_kind kind, const char *title, const struct da_names *names,
                                 struct da_collection **collection);

/* NULL is allowed. */
void da_collection_free(struct da_collection *collection);

/* A copy of a file's name that lives as long as the collection; NULL = out of memory. */
const char *da_collection_file(struct da_collection *collection, const char *path);

/* Adds a record, of which all is copied but place.file. One whose owner is of no interest (names.h) is left out, as is
 * one that is there already from the same place in all but its line. Records above a suffix and of wildcards are kept
 * where their type decides something: SOA, NS, DNAME above; any type at a wildcard. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_collection_add(struct da_collection *collection, const struct da_found *found);

/* Adds a doubt, a copy of it. One that differs from another in nothing but the place is left out; behind
 * DA_COLLECTION_DOUBTS of them one more, of every name, says that there are more. */
enum da_status da_collection_doubt(struct da_collection *collection, const struct da_doubt *doubt);

/* Adds a doubt of every name. */
enum da_status da_collection_doubt_all(struct da_collection *collection, const struct da_place *place,
                                       const char *text);

/* Adds what came of a question; of two for the same name and type the better is kept. */
enum da_status da_collection_reply(struct da_collection *collection, const struct da_reply *reply);

/* Adds what the directory says of a zone or a node, a copy of it; the first of several for one name is kept. Those
 * whose name the deployment does not tell beforehand (da_names_is_known()) are left out. */
enum da_status da_collection_zone(struct da_collection *collection, const struct da_zone_aging *zone);
enum da_status da_collection_node(struct da_collection *collection, const struct da_node *node);

/* The source as a whole gave nothing. The first reason is kept. */
void da_collection_fail(struct da_collection *collection, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sorts: from now on the functions below may be called, and those above may not. */
void da_collection_finish(struct da_collection *collection);

/* True for contents of zones, false for replies. */
bool da_collection_is_contents(const struct da_collection *collection);

/* The records of a name and type; type 0 = of every type. Returns the first; NULL = none. */
const struct da_found *da_collection_find(const struct da_collection *collection, const struct da_name *owner,
                                          uint16_t type, size_t *count);

/* What came of the question; NULL = it was not asked. */
const struct da_reply *da_collection_reply_to(const struct da_collection *collection, const struct da_name *name,
                                              uint16_t type);

/* The first doubt that a name not found meets; NULL = none. */
const struct da_doubt *da_collection_doubt_of(const struct da_collection *collection, const struct da_name *name);

/* Contents: the apex of the closest zone that the name is in, from SOAs and the directory's zones, else the origin.
 * False: it is in none. */
bool da_collection_apex(const struct da_collection *collection, const struct da_name *name, struct da_name *apex);

/* What the directory says of the zone that a name is in: the closest at or above it; NULL = nothing. */
const struct da_zone_aging *da_collection_zone_of(const struct da_collection *collection, const struct da_name *name);

/* What the directory says of the node of that name; NULL = nothing. */
const struct da_node *da_collection_node_of(const struct da_collection *collection, const struct da_name *owner);

#endif
