/* report_table.h - what is and what should be, a suffix in a source: the table that reports for people show.
 *
 * A table has the published names, the blocked labels in front of the suffix, and all else in front of or below the
 * suffix that a finding is about; of a resolver of remote clients it has the network location server, which is to be
 * nothing there, and the blocked labels. Its words come from the findings alone, so that a report never says more or
 * less than they do. */
#ifndef DA_REPORT_TABLE_H
#define DA_REPORT_TABLE_H

#include "audit/report_words.h"

/* Findings by source and suffix, and the worst of each suffix. */
struct da_report_index {
    const struct da_audit *audit;
    struct da_report_key {
        size_t source; /* of request.collections; SIZE_MAX = all of them */
        size_t suffix;
        size_t finding;
    } * keys;                /* ascending */
    enum da_severity *worst; /* by suffix */
    size_t right_count;      /* suffixes of which a source tells, and nothing worse than a note */
};

/* Freed with da_report_index_clear(), also after DA_ERR_MEMORY. */
enum da_status da_report_index_make(const struct da_audit *audit, struct da_report_index *index);
void da_report_index_clear(struct da_report_index *index);

/* The findings of a suffix in a source: keys from first on. */
size_t da_report_index_find(const struct da_report_index *index, size_t source, size_t suffix, size_t *first);

/* The worst of them; DA_SEVERITY_SILENT = none. */
enum da_severity da_report_index_worst(const struct da_report_index *index, size_t source, size_t suffix);

/* Tables there could be: pairs of a source and a suffix it covers. Counted up to limit + 1, which says "more". */
size_t da_table_count(const struct da_check_request *request, size_t limit);

#define DA_LINE_WORDS_MAX 200
#define DA_LINE_NAME_MAX  80 /* with the NUL: what is longer is cut */
#define DA_LINE_DATA_MAX  64

/* A line: a record, an address that should be one, or both side by side. */
struct da_line {
    bool first;                    /* of its name */
    char label[DA_LINE_NAME_MAX];  /* the name in front of the suffix */
    char type[DA_WORDS_TYPE_MAX];  /* "" = none is told */
    char is[DA_LINE_DATA_MAX];     /* "-" = nothing; "?" = not known */
    char should[DA_LINE_DATA_MAX]; /* "-" = nothing */
    char words[DA_LINE_WORDS_MAX]; /* "ok", the verdicts of findings, or "" where another line of the name tells */
    bool is_right;                 /* the words are "ok", or "ok, static" where the source tells that */
    enum da_severity severity;     /* the worst of the findings; DA_SEVERITY_SILENT = none */
    size_t more;                   /* lines like this one that are left out behind it */
    uint16_t of_type;              /* private, as what follows */
    const struct da_found *found;
    const uint8_t *expected;
};

struct da_table {
    struct da_line *lines;
    size_t count, room;
    bool *used; /* private: findings that have their line */
    size_t used_room;
};

/* Makes the table. limit: of records of a name and type that are right, so many are shown; SIZE_MAX = all. Returns
 * DA_OK or DA_ERR_MEMORY. The table may be used again for the next; freed with da_table_clear(). */
enum da_status da_table_make(const struct da_report_index *index, size_t source, size_t suffix, size_t limit,
                             struct da_table *table);
void da_table_clear(struct da_table *table);

#endif
