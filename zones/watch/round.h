/* round.h - what one look at the sources saw, as plain data that outlives the audit and goes through a pipe.
 *
 * A round has its sources, in the order of the command line; an item for each finding; and a record for each published
 * name and type in each source. Items have a key that is the same in every round, whatever the clock does to the words:
 * source, owner, type, data and kind of finding. Kinds that are degrees of one thing share a key: a record is dynamic,
 * stale and then missing. That a source failed or cannot tell aging is no item. */
#ifndef DA_ROUND_H
#define DA_ROUND_H

#include "audit/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_ROUND_ALL UINT32_MAX /* source of an item that is about all of them */

/* A record that becomes stale within these, in seconds, is worse than one that has longer. The first is less than the
 * refresh interval of zones that nobody changed: what is refreshed in time does not come near it. */
#define DA_ROUND_SOON INT64_C(259200) /* three days */
#define DA_ROUND_NEXT INT64_C(86400)

/* What becomes of a record, the worse, the higher. */
enum da_round_stage {
    DA_ROUND_AGELESS, /* nothing: its zone is not scavenged; also of every other item */
    DA_ROUND_LATER,
    DA_ROUND_IN_DAYS,
    DA_ROUND_IN_HOURS,
    DA_ROUND_STALE,
    DA_ROUND_MISSING
};

struct da_round_source {
    bool failed;
    char failure[200]; /* why: one line */
};

/* Texts are offsets for da_round_text(). */
struct da_round_item {
    enum da_finding_code code;
    enum da_severity severity;
    enum da_round_stage stage;
    uint32_t source; /* index */
    uint16_t type;   /* 0 = none */
    uint32_t key;
    uint32_t name;   /* in small letters; "" = none */
    uint32_t suffix; /* the same */
    uint32_t value;  /* what else of it is a change when it changes; "" = nothing */
    uint32_t text;   /* for people, without severity */
};

/* A published name and type in a source. */
struct da_round_record {
    enum da_presence presence;
    bool right; /* the addresses that are to be there and no other: nothing that is a warning was found */
    enum da_aging aging;
    int64_t stale_at; /* Unix time, of the first of its records that becomes stale; 0 = none will, or it is not known */
};

struct da_round {
    int64_t now; /* Unix time */
    size_t counts[DA_SEVERITIES];
    enum da_severity worst;
    int exit; /* as da_audit_exit() */
    struct da_round_source *sources;
    size_t source_count;
    struct da_round_item *items; /* ascending by key */
    size_t item_count, item_room;
    struct da_round_record *records; /* for each source, in the order of da_record_set_next() */
    size_t record_count;
    char *pool;
    size_t pool_length, pool_room;
};

/* Takes what an audit found. round is to be given to da_round_clear() whatever is returned. Returns DA_OK or
 * DA_ERR_MEMORY. */
enum da_status da_round_make(const struct da_audit *audit, struct da_round *round);

const char *da_round_text(const struct da_round *round, uint32_t text);

/* Adds a copy of an item of another round, at the end. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_round_keep(struct da_round *round, const struct da_round *other, const struct da_round_item *item);

/* Writes the round to a descriptor, for a process that runs this same program. False: errno says why. */
bool da_round_write(const struct da_round *round, int fd);

/* Makes a round of what da_round_write() wrote. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_SYNTAX where it is not whole.
 */
enum da_status da_round_read(const char *octets, size_t length, struct da_round *round);

void da_round_clear(struct da_round *round);

#endif
