/* format.h - output formats of `dadns generate`: one table, one file a format.
 *
 * A format turns the record set into the configuration of some other program, exactly where that program can express
 * it. What it cannot express is said in the table, from which both the help and the head of each generated file come.
 * Output depends on the request alone: no clock, no host, so that equal deployments give equal files. (A zone's serial
 * is the one exception: see serial.h.) */
#ifndef DA_FORMAT_H
#define DA_FORMAT_H

#include "deployment.h"
#include "error.h"
#include "generate/serial.h"
#include "name.h"
#include "record_set.h"

#include <stdbool.h>
#include <stdio.h>

/* Options of the command line that only some formats take: bits. */
enum {
    DA_FORMAT_RPZ_ZONE = 1,
    DA_FORMAT_SERIAL = 2,
    DA_FORMAT_REPLACE = 4,
    DA_FORMAT_ENTRY_POINT = 8,
};

#define DA_RPZ_ZONE_DEFAULT "directaccess.rpz"

/* What is to be written. Fields of options that the format does not take are not looked at. */
struct da_format_request {
    const struct da_record_set *set;
    const struct da_deployment *deployment;   /* what the set follows from; suffixes are those of the set */
    const struct da_entry_point *entry_point; /* the one asked for; NULL = none was */
    struct da_name rpz_zone;                  /* the zone's name */
    struct da_serial_rule serial;             /* how its serial is chosen */
    uint32_t now;                             /* Unix time, for that */
    const char *replaced;                     /* the file whose place the output takes; NULL where there is none */
    bool replace;                             /* also delete wrong addresses */
    struct da_error *error;                   /* for faults of the request; may be NULL */
};

struct da_format {
    const char *name;
    const char *purpose;       /* what it is for; also the head's first line */
    const char *loading;       /* how to load it */
    const char *const *setup;  /* lines of configuration to go with it, ended by NULL; NULL = none. "ZONE" stands for
                                  the name of the response policy zone */
    const char *expresses;     /* which verdicts of policy.h it gives */
    const char *const *limits; /* where answers differ from the plugins', ended by NULL */
    const char *checked;       /* how this project's tests check it: run in which servers, or only read */
    unsigned options;          /* DA_FORMAT_… that it takes */

    /* Writes it. Returns DA_OK, DA_ERR_MEMORY, DA_ERR_IO with errno set where out could not be written, or what
     * request->error then holds; out may be flushed or not. */
    enum da_status (*write)(const struct da_format *format, const struct da_format_request *request, FILE *out);
};

/* All formats, and how many there are. */
extern const struct da_format *const da_formats[];
extern const size_t da_format_count;

extern const struct da_format da_format_zone;
extern const struct da_format da_format_unbound;
extern const struct da_format da_format_rpz;
extern const struct da_format da_format_knot_resolver;
extern const struct da_format da_format_dnsmasq;
extern const struct da_format da_format_powershell;
extern const struct da_format da_format_dnscmd;
extern const struct da_format da_format_nsupdate;
extern const struct da_format da_format_bind_update_policy;
extern const struct da_format da_format_infoblox_csv;
extern const struct da_format da_format_json;
extern const struct da_format da_format_ncsi_reg;

/* NULL = there is none of that name. */
const struct da_format *da_format_find(const char *name);

/* Writes the comment that heads a file: purpose, origin, fingerprint, loading, limits, checks. mark begins each line,
 * such as "; ". */
void da_format_head(const struct da_format *format, const struct da_format_request *request, const char *mark,
                    FILE *out);

/* Writes the formats as a part of the help. */
void da_format_help(FILE *out);

#endif
