/* aging.h - time stamps of records in Active Directory DNS, and when scavenging may delete them.
 *
 * A time stamp is whole hours since 1601-01-01 00:00 UTC; 0 is a static record, which never ages. A dynamic record is
 * stale, and may be deleted by any scavenging run, from stamp + no-refresh interval + refresh interval on ("DNS
 * scavenging setup", Microsoft; Samba deletes at equality, too). Hours are 32 bits in the directory: they last for
 * 490,000 years, so that sums here are 64 bits. Nothing allocates; any thread may call. */
#ifndef DA_AGING_H
#define DA_AGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define DA_AGING_INTERVAL_DEFAULT 168   /* hours, of each interval */
#define DA_AGING_INTERVAL_MAX     87600 /* hours: ten years */
#define DA_AGING_TEXT_MAX         32

/* The intervals of a zone, in hours. */
struct da_intervals {
    uint32_t no_refresh;
    uint32_t refresh;
};

/* The hour, as Unix time in seconds, in which a stamp says a record was refreshed. */
int64_t da_aging_time(uint64_t stamp);

/* The hour since 1601 that a Unix time is in. */
uint64_t da_aging_hour(int64_t unix_time);

/* The Unix time from which on a record of that stamp is stale. */
int64_t da_aging_stale(uint32_t stamp, const struct da_intervals *intervals);

/* Writes a Unix time as "2024-08-03T22:00:00Z". Returns text. */
const char *da_aging_text(int64_t unix_time, char text[static DA_AGING_TEXT_MAX]);

/* Writes a duration in words that a person reads at once: "3 days", "17 hours", "40 minutes", rounded down. Returns
 * text. */
const char *da_aging_span(int64_t seconds, char text[static DA_AGING_TEXT_MAX]);

/* Reads "2026-11-23", "2026-11-23T06:00Z", "2026-11-23T06:00:00Z" (UTC always; the Z may be left out) or Unix seconds
 * behind "@". Returns false, and leaves unix_time alone, on anything else. */
bool da_aging_parse_time(const char *text, int64_t *unix_time);

/* Reads hours: "168", "168h" or "7d", 1 to DA_AGING_INTERVAL_MAX. Returns false on anything else. */
bool da_aging_parse_hours(const char *text, uint32_t *hours);

#endif
