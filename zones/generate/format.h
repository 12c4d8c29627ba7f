/* format.h - output formats of `dadns generate`: one table, one file a format.
 *
 * A format turns the record set into the configuration of some other program, exactly where that program can express
 * it. What it cannot express is said in the table, from which both the help and the head of each generated file come.
 * Output depends on the record set and the program's version alone: no time, no host, so that equal deployments give
 * equal files. */
#ifndef DA_FORMAT_H
#define DA_FORMAT_H

#include "error.h"
#include "record_set.h"

#include <stdio.h>

struct da_format {
    const char *name;
    const char *purpose;       /* what it is for; also the head's first line */
    const char *loading;       /* how to load it */
    const char *expresses;     /* which verdicts of policy.h it gives */
    const char *const *limits; /* where answers differ from the plugins', ended by NULL */

    /* Writes the record set. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set; out may be flushed or not. */
    enum da_status (*write)(const struct da_format *format, const struct da_record_set *set, FILE *out);
};

/* All formats, and how many there are. */
extern const struct da_format *const da_formats[];
extern const size_t da_format_count;

extern const struct da_format da_format_zone;
extern const struct da_format da_format_unbound;
extern const struct da_format da_format_json;

/* NULL = there is none of that name. */
const struct da_format *da_format_find(const char *name);

/* Writes the comment that heads a file: purpose, origin, fingerprint, loading, limits. mark begins each line, such as
 * "; ". */
void da_format_head(const struct da_format *format, const struct da_record_set *set, const char *mark, FILE *out);

/* Writes the formats as a part of the help. */
void da_format_help(FILE *out);

#endif
