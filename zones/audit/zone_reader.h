/* zone_reader.h - the state of reading one zone file with all that it includes. Private to zone_*.c.
 *
 * A file is read once, fast: only entries that may be of interest are looked at. TTLs are the exception: a record
 * without one may have that of the record before it (RFC 1035 section 5.1), which was not looked at. Where one of ours
 * needs that, the file is read once more, thoroughly, for the records without TTL alone: of those that were found
 * before, the collection takes none twice. */
#ifndef DA_ZONE_READER_H
#define DA_ZONE_READER_H

#include "audit/input.h"
#include "audit/scan.h"
#include "audit/zone_entry.h"
#include "audit/zone_file.h"
#include "audit/zone_pending.h"

/* An owner, and why it matters. */
struct da_zone_owner {
    struct da_name name;
    unsigned interest; /* DA_INTEREST_…; 0 = none, and then the name is of no use */
};

/* A file that is being read. */
struct da_zone_source {
    struct da_zone_source *parent; /* the file that includes it; NULL = none */
    struct da_input *input;
    const char *path; /* "-" is standard input */
    const char *file; /* as places have it */
    unsigned depth;
    struct da_name origin; /* length 0 = none is known */
    struct da_zone_owner owner;
    bool follow;           /* entries without an owner are of interest */
    uint64_t first_record; /* as in struct da_zone_head */
    uint64_t primed;       /* lines that were put in front of the file */
};

/* TTLs of records that state none. */
struct da_zone_ttl {
    bool has_default; /* by $TTL, or by the SOA */
    bool unreadable;  /* a $TTL cannot be read: no TTL is known from there on */
    uint32_t value;   /* of has_default */
    bool stated;      /* some entry that was looked at has a TTL */
    bool has_last;    /* the TTL of the record before is known */
    uint32_t last;
};

struct da_zone_reader {
    const struct da_zone_file *request;
    struct da_collection *collection;
    struct da_scan_filter *filter;
    struct da_zone_source top;     /* the file that was asked for */
    struct da_zone_source *source; /* the innermost */
    struct da_pending_list pending;
    enum da_status status; /* once it is not DA_OK, nothing more is done */
    bool thorough;         /* the second reading */
    bool can_read_again;
    bool windows;
    bool no_origin; /* it was told that there is none */
    struct da_zone_ttl ttl;
    bool has_minimum; /* of an SOA, the last one seen */
    uint32_t minimum;
    uint32_t files;          /* read so far */
    uint64_t generate_steps; /* made so far */
    uint64_t lines;          /* read so far */
};

/* Handles an entry: adds its record where it is of interest. */
void da_zone_record(struct da_zone_reader *reader, const struct da_scan_entry *entry);

/* Where a record of the innermost source stands, with the text that messages quote. */
struct da_zone_at {
    uint64_t line;
    const char *text;
    size_t length;
};

/* Adds the record of an entry whose owner is known. is_suspect: it counts only where all of it reads well, and leaves
 * no trace in the state. */
void da_zone_take(struct da_zone_reader *reader, const struct da_zone_at *at, const struct da_zone_owner *owner,
                  const struct da_entry *entry, bool is_suspect);

/* Reads an owner, and finds out why it matters. Faults are doubts. */
void da_zone_owner(struct da_zone_reader *reader, uint64_t line, const struct da_token *token,
                   struct da_zone_owner *owner);

/* Handles an entry that begins with "$". */
void da_zone_directive(struct da_zone_reader *reader, const struct da_scan_entry *entry);

/* Handles a $GENERATE, whose name has been taken from tokens. */
void da_zone_generate(struct da_zone_reader *reader, const struct da_zone_at *at, struct da_tokens tokens);

/* Reads a file that another one includes. origin is the one it begins with. */
void da_zone_include(struct da_zone_reader *reader, uint64_t line, const char *path, const struct da_name *origin);

/* Reads the source that is the innermost to its end. */
void da_zone_read_source(struct da_zone_reader *reader);

/* Adds a doubt of one name, or of every name where that is NULL. Says nothing in the second reading. */
void da_zone_doubt(struct da_zone_reader *reader, uint64_t line, const struct da_name *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define DA_ZONE_QUOTE_MAX 64 /* octets of text that a doubt quotes, with the quotes and the NUL */

/* Quotes text, cut, up to the end of its first line. Returns quoted. */
const char *da_zone_quote(const char *text, size_t length, char quoted[static DA_ZONE_QUOTE_MAX]);

#endif
