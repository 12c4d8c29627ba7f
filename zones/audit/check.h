/* check.h - what the checks share: where they look, and how they tell. Private to checks.c and check_*.c.
 *
 * One suffix in one source is looked at at a time; findings of it are gathered and then reported in order. Where memory
 * runs out the run's status says so, and checks go on, their findings lost: none of them has to look. */
#ifndef DA_CHECK_H
#define DA_CHECK_H

#include "audit/checks.h"

/* Ranks of names within a suffix: the suffix itself, labels by role, blocked labels as listed, all else. */
enum { CHECK_RANK_SUFFIX = 0, CHECK_RANK_LABEL = 1, CHECK_RANK_BLOCKED = 100, CHECK_RANK_OTHER = 1000 };

struct check_gathered {
    struct da_finding finding;
    size_t rank;
    size_t sequence;
};

/* An address that a mistake is known by. */
enum check_known_kind {
    CHECK_KNOWN_SERVER, /* a balanced entry point's server's own; number: the server's */
    CHECK_KNOWN_LENGTH, /* 127.0.0.1 in an entry point's prefix as if of another length; number: that length */
};

struct check_known {
    enum check_known_kind kind;
    uint8_t length; /* octets of the address */
    uint8_t address[DA_IPV6_LEN];
    const struct da_entry_point *point;
    size_t number;
};

/* One run. */
struct check_run {
    const struct da_check_request *request;
    da_finding_fn *report;
    void *arg;
    enum da_status status;
    struct check_gathered *gathered;
    size_t gathered_count, gathered_room;
    struct check_gathered spare; /* taken where there is no memory for another */
    struct check_known *known;   /* ascending */
    size_t known_count;
    bool *covered;                     /* by suffix: a source says something of it */
    const struct da_found **delegated; /* by suffix: a delegation that leads away from a source; NULL = none */
    const struct da_found *ageless;    /* of the source: a record whose aging it does not tell; NULL = none yet */
};

/* A suffix in a source. */
struct check_suffix {
    struct check_run *run;
    const struct da_collection *collection; /* NULL = all of them */
    size_t index;                           /* DA_NO_SUFFIX = none */
    const struct da_name *suffix;           /* NULL = none */
    bool has_apex;                          /* contents: apex is set */
    struct da_name apex;
    const struct da_found *delegation; /* contents: NS at or above the suffix, below the apex; NULL = none */
    const struct da_found *dname;      /* contents: DNAME at or above the suffix; NULL = none */
};

/* What is, and what is to be, of one type at a name. */
struct check_rrset {
    uint16_t type;
    const struct da_rrset *expected; /* NULL = nothing */
    const struct da_found *found;
    size_t found_count;
    size_t right;  /* of found: expected ones */
    size_t untold; /* of found: those whose address the source does not tell */
};
#define CHECK_RRSETS 2

/* A label in front of a suffix in a source. */
struct check_name {
    const struct check_suffix *at;
    const struct da_label *label;
    struct da_name name;
    const struct da_found *records; /* of every type */
    size_t record_count;
    struct check_rrset rrsets[CHECK_RRSETS]; /* A, AAAA */
    size_t right;                            /* of both */
};

/* ---- telling (checks.c) ---- */

/* Begins a finding; what is not filled in here is the caller's to fill in. name and found may be NULL. Never NULL. */
struct da_finding *check_add(const struct check_suffix *at, size_t rank, const struct da_name *name,
                             enum da_finding_code code, uint16_t type, const struct da_found *found);

/* The same of a label's name. */
struct da_finding *check_name_add(const struct check_name *name, enum da_finding_code code, uint16_t type,
                                  const struct da_found *found);

/* Sets what is special to a finding; what is too long is cut. */
void check_say(struct da_finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A name without its final dot, as in reports. Returns text. */
const char *check_text(const struct da_name *name, char text[static DA_NAME_TEXT_MAX]);

/* ---- where (check_place.c) ---- */

/* Fills in what a source has at and above a suffix. */
void check_suffix_look(const struct da_collection *collection, const struct da_name *suffix, struct check_suffix *at);

/* True where the contents have records of labels in front of the suffix. */
bool check_has_labels(const struct da_collection *collection, const struct da_name *suffix);

/* Why a record of that name and type that was not found need not be absent: text and place are set. False: it is. */
bool check_is_unsure(const struct check_suffix *at, const struct da_name *name, uint16_t type, const char **text,
                     struct da_place *place);

/* The records of the wildcard that stands for a name that is not there: RFC 4592 as far as the collection knows names.
 *
 * sure  set to false where a name in between, which an audit does not look at, would be in the wildcard's way
 * Returns NULL where there is none. */
const struct da_found *check_wildcard(const struct check_suffix *at, const struct da_name *name, size_t *count,
                                      bool *sure);

/* True where the wildcard in front of the suffix has the same record. */
bool check_is_wildcard(const struct check_suffix *at, const struct da_found *found);

/* Begins a finding about a delegation or DNAME that is at the name or above it; says which where it is above. */
struct da_finding *check_add_cut(const struct check_suffix *at, size_t rank, const struct da_name *name,
                                 enum da_finding_code code, const struct da_found *cut);

/* Say which wildcard it is: the one that check_wildcard() found, the one that check_is_wildcard() knew. */
void check_say_covered(struct da_finding *finding, const struct check_suffix *at, const struct da_found *wildcard,
                       bool sure);
void check_say_made(struct da_finding *finding, const struct check_suffix *at);

/* True for a record that leads to an address. */
static inline bool check_leads_on(const struct da_found *found)
{
    return found->type == DA_TYPE_A || found->type == DA_TYPE_AAAA || found->type == DA_TYPE_CNAME;
}

/* ---- known mistakes (check_known.c) ---- */

/* Sets up known and known_count; known is freed by the run. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status check_known_make(struct check_run *run);

/* NULL = the record's address is none. */
const struct check_known *check_known_find(const struct check_run *run, enum check_known_kind kind,
                                           const struct da_found *found);

/* ---- RRsets (check_addresses.c) ---- */

/* Compares what is with what is to be; the rest of name is filled in. */
void check_compare(struct check_name *name);

/* True for a record whose address is one of those. expected: NULL = there are to be none. */
bool check_is_expected(const struct da_rrset *expected, const struct da_found *found);

/* Walks the addresses that are to be there and are not: begin with a zeroed walk; NULL at the end. */
struct check_walk {
    size_t expected, found;
};
const uint8_t *check_next_missing(const struct check_rrset *rrset, struct check_walk *walk);

/* ---- checks ---- */

/* Of a published name in a source. */
bool check_occlusion(const struct check_name *name); /* true: nothing else is to be said of the name */
void check_alias(const struct check_name *name);
void check_addresses(const struct check_name *name);
void check_wildcards(const struct check_name *name);
void check_ttl(const struct check_name *name);
void check_aging(const struct check_name *name);
void check_node(const struct check_name *name);

/* Whether addresses seem to be taken out of what a resolver answers. */
enum check_filter { CHECK_FILTER_NONE, CHECK_FILTER_SUSPECTED, CHECK_FILTER_SEEN };
enum check_filter check_filtered(const struct check_name *name, const struct check_rrset *rrset);

/* Of a name that is not published, or not to be seen. */
void check_isatap_router(const struct check_name *name);
void check_nls_remote(const struct check_name *name);

/* Of a suffix in a source; where at has no suffix, of the bare names. */
void check_blocked(const struct check_suffix *at);
void check_blocked_record(const struct check_suffix *at, size_t rank, const struct da_found *found);
bool check_authority(const struct check_suffix *at); /* false: nothing else is to be said of the suffix */

/* Of a source. */
void check_source(const struct check_suffix *at);
void check_zones(const struct check_suffix *at);
void check_doubt(const struct check_suffix *at, size_t rank, const struct da_doubt *doubt);

/* Of a suffix in all sources. */
void check_coverage(const struct check_suffix *at);
void check_disagreement(const struct check_suffix *at);

#endif
