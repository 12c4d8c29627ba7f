/* windows_time.h - dates and time spans as PowerShell writes them. Private to windows_*.c.
 *
 * A DNS server's time stamp becomes a DateTime in the local time of the machine that exports it. JSON tells the offset,
 * or counts from 1970 in UTC. CSV is text in that machine's culture, which the text does not name: neither the offset,
 * nor always which of two numbers is the month. Such text is read as if it were UTC, and an unknown word for noon as
 * morning: that is less than a day off, where a record becomes stale after fourteen by default. */
#ifndef DA_WINDOWS_TIME_H
#define DA_WINDOWS_TIME_H

#include <stdbool.h>
#include <stdint.h>

enum da_windows_reading {
    DA_WINDOWS_STATIC, /* empty, "0", "static", a date of 1600 or 1601, or of the year 1: no time stamp */
    DA_WINDOWS_TIME,   /* one reading */
    DA_WINDOWS_EITHER, /* two: the day and the month could be exchanged */
    DA_WINDOWS_OTHER,  /* a date, but not one that can be read; one of another calendar, too */
};

/* Which number comes first in dates. */
enum da_windows_order { DA_WINDOWS_MONTH_FIRST, DA_WINDOWS_DAY_FIRST };
#define DA_WINDOWS_ORDERS 2

struct da_windows_time {
    enum da_windows_reading reading;
    int64_t time[DA_WINDOWS_ORDERS]; /* Unix time; EITHER: by order; TIME: both the same; OTHER: both the first day of
                                        the year that is in it, or of 1602 */
    bool proves[DA_WINDOWS_ORDERS];  /* TIME: only that order makes this text a date */
};

/* Reads a Timestamp. */
struct da_windows_time da_windows_time_read(const char *text);

/* Reads a TimeSpan, "00:20:00" or "1.00:00:00", or a number of seconds. False on anything else and beyond 2^31 - 1
 * seconds (RFC 2181 section 8). */
bool da_windows_span_read(const char *text, uint32_t *seconds);

#endif
