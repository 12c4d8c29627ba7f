/* lines.h - the lines of a watch: one a change, each out at once.
 *
 * "TIME SEVERITY CHANGE WHAT", the time in UTC as RFC 3339 has it. Where the stream is the journal itself, as
 * systemd.exec(5) tells by JOURNAL_STREAM, the journal has the time, and gets the priority in front as sd-daemon(3) has
 * it: "<4>SEVERITY CHANGE WHAT". Text of others is made harmless. */
#ifndef DA_LINES_H
#define DA_LINES_H

#include "audit/finding.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct da_lines {
    FILE *out;
    bool journal;
    int64_t now; /* Unix time of the next line, the caller's to set */
};

/* True where value, which is that of JOURNAL_STREAM or NULL, names the file that the descriptor is. */
bool da_lines_is_journal(const char *value, int fd);

/* Writes a line. severity: DA_SEVERITY_SILENT is written "ok". change is a word. A failure shows in ferror(out). */
void da_lines_put(const struct da_lines *lines, enum da_severity severity, const char *change, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
