/* windows_record.h - from one record of an export, as texts, to the collection. Private to windows_*.c.
 *
 * CSV and JSON differ in how they hold a record; what its members mean is told here, once. Where two things could be
 * meant:
 *   - HostName is relative to the zone that the record itself names (DistinguishedName, else a column ZoneName that
 *     people add), else to the collection's origin; it is absolute where it ends in "." or in the zone's own name
 *   - a Timestamp whose day and month could be exchanged is read as the file's other Timestamps have them. Where none
 *     of these tells, or they disagree, it is the earlier day, and a doubt
 *   - an export without the SOA of its zone, as with -RRType or -Name, is not the whole zone: a doubt of every name
 * Memory is bounded by the limits below. */
#ifndef DA_WINDOWS_RECORD_H
#define DA_WINDOWS_RECORD_H

#include "audit/collection.h"
#include "audit/windows_time.h"

#define DA_WINDOWS_DATA    16   /* members that may hold a record's data */
#define DA_WINDOWS_PENDING 4096 /* records of ours that wait for the order of day and month */
#define DA_WINDOWS_ZONES   1024 /* zones in one export that matter */

/* What a member or column is for, by its name. */
enum da_windows_role {
    DA_WINDOWS_HOST,
    DA_WINDOWS_TYPE,        /* "A" */
    DA_WINDOWS_TYPE_NUMBER, /* "Type": 1; some people's exports have the text here */
    DA_WINDOWS_CLASS,
    DA_WINDOWS_STAMP,
    DA_WINDOWS_TTL,
    DA_WINDOWS_DN,
    DA_WINDOWS_ZONE,
    DA_WINDOWS_RDATA, /* RecordData, and what people call the columns that they add for it */
    DA_WINDOWS_OTHER_ROLE,
};
#define DA_WINDOWS_ROLES 8 /* of which a record has one text: those before RDATA */

/* Names compare without case, and as if they had letters and digits alone. */
enum da_windows_role da_windows_role_of(const char *name, size_t length);

/* One record; texts have no blanks around them. */
struct da_windows_row {
    const char *text[DA_WINDOWS_ROLES]; /* NULL = the export does not tell it */
    const char *data[DA_WINDOWS_DATA];  /* the first that can be read counts */
    size_t data_count;
    bool damaged; /* it does not have as many fields as it should */
    uint64_t line;
};

/* A zone of the export. */
struct da_windows_zone {
    struct da_name name;
    uint64_t line; /* of its first record */
    bool has_soa;
};

struct da_windows_pending;

/* Private but for its functions. */
struct da_windows_reader {
    struct da_collection *collection;
    const char *file;
    uint64_t rows;
    bool proved[DA_WINDOWS_ORDERS];   /* a Timestamp is a date in that order alone */
    char zone_text[DA_NAME_TEXT_MAX]; /* of the record before; "" = none */
    struct da_name zone;              /* the same; length 0 = it is no name */
    struct da_name first_zone;        /* that a record named; length 0 = none */
    struct da_windows_zone *zones;    /* that matter */
    size_t zone_count;
    struct da_windows_pending *pending;
    size_t pending_count;
};

/* To be ended with da_windows_reader_end(). file is from da_collection_file(). */
void da_windows_reader_start(struct da_windows_reader *reader, const char *file, struct da_collection *collection);

/* Takes one record. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_windows_reader_take(struct da_windows_reader *reader, const struct da_windows_row *row);

/* A doubt of every name, at a line. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_windows_reader_doubt(const struct da_windows_reader *reader, uint64_t line, const char *text);

/* Ends a reading: adds what was waiting and what follows from the whole, and frees what the reader holds.
 *
 * status  of the reading so far; where it is not DA_OK, nothing is added
 * lines   of the file
 * Returns status, or DA_ERR_MEMORY. */
enum da_status da_windows_reader_end(struct da_windows_reader *reader, enum da_status status, uint64_t lines);

/* The type by its name or number, Windows' own included; 0 = neither is known. */
uint16_t da_windows_type(const struct da_windows_row *row);

#endif
