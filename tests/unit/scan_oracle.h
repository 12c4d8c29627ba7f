/* scan_oracle.h - what da_scan() has to give: the contract of zones/audit/scan.h octet by octet, for a text in memory;
 * and all that a scan told as text, so that two can be compared. Shares nothing with the scanner but its header. */
#ifndef DA_SCAN_ORACLE_H
#define DA_SCAN_ORACLE_H

#include "audit/scan.h"

struct scan_text {
    const char *octets;
    size_t length;
};

void scan_oracle(struct scan_text text, const char *const *labels, size_t label_count,
                 const struct da_scan_handler *handler, uint64_t *lines);

/* What was told, in this order, blanks between:
 *   5[a A 192.0.2.1]   an entry of line 5, "<LF>" and such for control octets; a long one as its first octets, its
 * length and its hash 5S[ 5C[ 5O[        a suspect, one that is cut, one that is open quote@5            a doubt of
 * line 5 =7                 the number of lines */
struct scan_log {
    char *text; /* of malloc(3), NUL-terminated once something is in it */
    size_t length, size;
    bool (*follow)(const struct da_scan_entry *entry); /* what the handler answers */
};

/* A handler that writes the log. */
struct da_scan_handler scan_log_handler(struct scan_log *log);

/* Logs the number of lines. */
void scan_log_lines(struct scan_log *log, uint64_t lines);

#define SCAN_READ_ALL    0        /* octets read at once: all that there is room for */
#define SCAN_READ_RANDOM SIZE_MAX /* another number each time */

/* Scans the text that way, read_size octets read at once, and logs it. Returns what da_scan() does. */
enum da_status scan_log_way(enum da_scan_way way, const struct da_scan_filter *filter, struct scan_text text,
                            size_t read_size, struct scan_log *log);

/* FNV-1a. */
uint64_t scan_hash(const char *octets, size_t length);

#endif
